//! Fingerprints: of a plan, so that a sign-off names what was signed, and of rows, so that a decision or a sign-off knows
//! whether somebody has changed since. Stored in files, so they are the same for every version and machine.

use super::answers::Decision;
use super::engine::is_same_identifier;
use super::inputs::{Overlay, SetUp, Sides, View};
use super::keys::Keys;
use super::listed;
use crate::exports::{CareHistory, ExportRow, Status, said_too};
use crate::lookalike::fold::hash_bytes;
use feed::Setting;
use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// FNV-1a, 64 bits, of texts with a byte behind each that is in no UTF-8 text.
fn fnv(texts: &[&[u8]]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.iter().chain(&[0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The names of what a row says beside its fields, as they are hashed.
static NAMES: LazyLock<[u64; 2]> = LazyLock::new(|| [hash_bytes(b"status"), hash_bytes(b"care history")]);

/// Everything that a row says, identifiers left out.
fn says(row: ExportRow<'_>) -> u64 {
    let status = match row.status() {
        None => "unknown",
        Some(Status::Active) => "active",
        Some(Status::Inactive) => "inactive",
        Some(Status::Archived) => "archived",
    };
    let care = match row.care_history() {
        CareHistory::Known(true) => "yes",
        CareHistory::Known(false) => "no",
        CareHistory::Unknown => "unknown",
    };
    let [of_status, of_care] = *NAMES;
    said_too(said_too(row.says(), of_status, status), of_care, care)
}

impl Sides<'_> {
    /// What a service user says, their identifier left out.
    pub fn user_check(self, user: u32) -> u64 {
        says(self.user(user))
    }

    /// What a record says, identifiers left out.
    pub fn record_check(self, record: u32) -> u64 {
        says(self.record(record))
    }

    /// Names the row of a service user, wherever it stands in the file. Two rows with one identifier are told apart by what
    /// they say.
    pub fn user_key(self, user: u32, is_shared: bool) -> u64 {
        let identifier = self.identifier(user);
        if is_shared || identifier.trim().is_empty() {
            fnv(&[identifier.as_bytes(), &self.user_check(user).to_be_bytes()])
        } else {
            fnv(&[identifier.as_bytes()])
        }
    }
}

/// The number of a plan, `7f3c-91ab`: the same inputs (as hashes and columns), set-up and decisions have the same one.
pub fn number(inputs: &[String], set_up: &str, decisions: &[Decision]) -> String {
    let mut lines: Vec<String> =
        decisions.iter().map(|it| format!("{} {} {}", it.key, it.decision, it.record)).collect();
    lines.sort();
    let mut hasher = Sha256::new();
    for part in inputs.iter().map(String::as_str).chain([set_up]).chain(lines.iter().map(String::as_str)) {
        hasher.update(part);
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    format!("{:02x}{:02x}-{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3])
}

/// SHA-256 as hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All settings and the rest of the set-up as lines: `service_move: follows_rostering`.
pub fn set_up_text(set_up: &SetUp) -> String {
    let mut text = String::new();
    for &setting in Setting::ALL {
        text.push_str(&format!("{}: {}\n", setting.text(), set_up.settings.text(setting)));
    }
    text.push_str(&format!(
        "system: {}\nprefix: {}\nfirst sync: {}\n",
        set_up.system.text(),
        set_up.prefix,
        set_up.first_sync
    ));
    for (branch, service) in &set_up.more_branches {
        text.push_str(&format!("acp branch: {branch} = {}\n", service.as_deref().unwrap_or("")));
    }
    text
}

/// Service users whose identifier another one has too.
pub fn shared(sides: Sides<'_>) -> FxHashSet<u32> {
    let as_it_is = Overlay::default();
    let view = View { sides, overlay: &as_it_is };
    let is_one =
        |one: u32, other: u32| is_same_identifier(view, &view.identifier(one), &view.identifier(other));
    listed::same_identifier(&Keys::of_users(view), is_one).into_keys().collect()
}
