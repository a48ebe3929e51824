//! Which service users and records could meet: those whose identifiers are equal once white space and invisible
//! characters are off both ends. The engine matches on nothing else, so whoever cannot meet can be asked about apart,
//! on as many threads as there are. Whether two do meet is the engine's to say.

use super::inputs::View;
use crate::exports::Export;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::hash::Hasher as _;

/// Rows of one side by a hash of their identifiers: the hash in the upper half, the row in the lower.
#[derive(Debug, Default)]
pub(crate) struct Keys(Vec<u64>);

/// How many service users the engine is asked about at once.
const PART: usize = 16_384;

/// A hash of an identifier without blanks at its ends; none where nothing is left.
pub(crate) fn key(identifier: &str) -> Option<u32> {
    let trimmed = trimmed(identifier);
    if trimmed.is_empty() {
        return None;
    }
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(trimmed.as_bytes());
    u32::try_from(hasher.finish() >> 32).ok()
}

/// As `feed::ExternalId::trimmed`, without making one.
pub(crate) fn trimmed(identifier: &str) -> &str {
    let is_blank =
        |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}');
    identifier.trim_matches(is_blank)
}

impl Keys {
    /// Service users; those without an identifier stand together at the start. Two with one key stand in the order of
    /// what they say, not of the file.
    pub(crate) fn of_users(view: View<'_>) -> Keys {
        let n_rows = view.sides.rostering.n_rows();
        let word = |user: u32| {
            (!view.overlay.left_out.contains(&user)).then(|| key(&view.identifier(user)).unwrap_or(0))
        };
        let mut keys = sorted(n_rows, word);
        in_order_of_content(view, &mut keys);
        Keys(keys)
    }

    /// These service users and no others.
    pub(crate) fn of_these_users(view: View<'_>, users: &[u32]) -> Keys {
        let mut keys: Vec<u64> =
            users.iter().map(|&user| pack(key(&view.identifier(user)).unwrap_or(0), user)).collect();
        keys.sort_unstable();
        in_order_of_content(view, &mut keys);
        Keys(keys)
    }

    /// These records, those that hold an identifier, and no others.
    pub(crate) fn of_these_records(view: View<'_>, records: &[u32]) -> Keys {
        let mut keys: Vec<u64> = records
            .iter()
            .filter_map(|&record| Some(pack(key(view.record_identifier(record))?, record)))
            .collect();
        keys.sort_unstable();
        Keys(keys)
    }

    /// Records that hold an identifier.
    pub(crate) fn of_records(view: View<'_>) -> Keys {
        Keys(sorted(view.sides.acp.n_rows(), |record| key(view.record_identifier(record))))
    }

    /// Service users in parts such that nobody meets anybody of another part, and the records of each part.
    pub(crate) fn parts(&self, records: &Keys) -> Vec<(Vec<u32>, Vec<u32>)> {
        let mut parts = Vec::new();
        let (mut from, mut from_record) = (0, 0);
        while from < self.0.len() {
            let mut to = (from + PART).min(self.0.len());
            while to < self.0.len() && hash(self.0[to]) == hash(self.0[to - 1]) {
                to += 1;
            }
            let last = hash(self.0[to - 1]);
            let n_before = records.0[from_record..].partition_point(|key| hash(*key) <= last);
            parts.push((from..to, from_record..from_record + n_before));
            from_record += n_before;
            from = to;
        }
        let rows = |keys: &[u64]| keys.iter().map(|key| row(*key)).collect();
        parts
            .into_iter()
            .map(|(users, of)| (rows(&self.0[users]), meeting(&self.0, &records.0[of])))
            .collect()
    }

    /// Rows that share a key, where more than one does.
    pub(crate) fn groups(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        let groups = self.0.chunk_by(|one, other| hash(*one) == hash(*other));
        groups
            .filter(|same| same.len() > 1 && hash(same[0]) != 0)
            .map(|same| same.iter().map(|key| row(*key)).collect())
    }

    /// Everybody with this key.
    pub(crate) fn rows_with(&self, key: u32) -> impl Iterator<Item = u32> + '_ {
        let from = self.0.partition_point(|it| hash(*it) < key);
        self.0[from..].iter().take_while(move |it| hash(**it) == key).map(|it| row(*it))
    }
}

/// The records that some service user could meet.
fn meeting(users: &[u64], records: &[u64]) -> Vec<u32> {
    let has_user = |key: u32| users.binary_search_by(|it| hash(*it).cmp(&key)).is_ok();
    records.iter().filter(|it| has_user(hash(**it))).map(|it| row(*it)).collect()
}

/// Service users with one key, in the order of what they say.
fn in_order_of_content(view: View<'_>, keys: &mut [u64]) {
    let groups = keys.chunk_by_mut(|one, other| hash(*one) == hash(*other));
    for same in groups.filter(|same| same.len() > 1 && hash(same[0]) != 0) {
        same.sort_by(|one, other| by_content(view, row(*one), row(*other)));
    }
}

fn pack(key: u32, row: u32) -> u64 {
    u64::from(key) << 32 | u64::from(row)
}

fn sorted(n_rows: usize, key: impl Fn(u32) -> Option<u32> + Sync) -> Vec<u64> {
    let n_rows = u32::try_from(n_rows).unwrap_or(u32::MAX);
    let packed = |row: u32| Some(pack(key(row)?, row));
    let mut keys: Vec<u64> = (0..n_rows).into_par_iter().filter_map(packed).collect();
    keys.par_sort_unstable();
    keys
}

const fn hash(key: u64) -> u32 {
    (key >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is the row")]
const fn row(key: u64) -> u32 {
    key as u32
}

/// Compares what two service users say, the identifier first.
fn by_content(view: View<'_>, one: u32, other: u32) -> Ordering {
    let export: &Export = view.sides.rostering;
    let texts = |user: u32| export.row(user as usize).filled().map(|(_, text)| text);
    view.identifier(one).cmp(&view.identifier(other)).then_with(|| texts(one).cmp(texts(other)))
}
