//! The plan as a document, `rehearse.plan/2`: what a sign-off is made on and what later exports are compared with. Rows are
//! made on all cores and written a block at a time, so that a million of them take no memory. Rows that need no attention
//! hold no name.

use super::PlanTold;
use super::row_text::write_row;
use super::shown::{Redact, Shown};
use super::why::{alike_in_words, because_with, cause_does, cause_title, clears};
use go_live::exports::{Column, Export, ExportRow};
use go_live::lookalike::{Certainty, Trust};
use go_live::plan::{AcpOnly, Counts, Decision, Hold, Only, Outcome, Row, SetUp, Sides, number, set_up_text};
use rayon::prelude::*;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

const FORMAT: &str = "rehearse.plan/2";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A plan as a file holds it. `R` is its rows, `O` the records that nobody leads to.
#[derive(Debug, Serialize, Deserialize)]
pub struct PlanDocument<R = Vec<RowDocument<'static>>, O = Vec<OnlyDocument<'static>>> {
    pub format: String,
    pub version: String,
    pub contains: String,
    pub number: String,
    pub customer: String,
    pub made_at: String,
    pub first_sync: String,
    pub system: String,
    pub prefix: String,
    pub acp_branches: Vec<(String, Option<String>)>,
    pub settings: BTreeMap<String, String>,
    pub redacted: String,
    /// Where the exports were, as typed.
    pub paths: Vec<String>,
    pub inputs: Vec<InputDocument>,
    pub trust: Vec<String>,
    pub service_users: usize,
    pub need_attention: usize,
    pub counts: BTreeMap<String, usize>,
    pub causes: Vec<CauseDocument>,
    pub branches: Vec<BranchDocument>,
    pub decisions: Vec<Decision>,
    pub rows: R,
    pub acp_only: O,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InputDocument {
    pub side: String,
    pub file: String,
    pub form: String,
    pub bytes: u64,
    pub sha256: String,
    pub rows: usize,
    pub columns: Vec<(String, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct CauseDocument {
    pub title: String,
    pub what: String,
    pub clears: String,
    pub is_proven: bool,
    pub n_clears: BTreeMap<String, usize>,
    pub n_makes: BTreeMap<String, usize>,
    pub service_users: usize,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct BranchDocument {
    pub name: String,
    pub service_users: usize,
    pub acp_service: Option<String>,
    pub nearest: Option<String>,
}

/// A fingerprint, written as sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Check(u64);

impl Check {
    pub(super) fn digits(self) -> impl AsRef<str> {
        let digit = |at: usize| b"0123456789abcdef"[(self.0 >> (60 - 4 * at) & 15) as usize];
        Digits(std::array::from_fn(digit))
    }

    #[cfg(test)]
    pub(super) fn new(value: u64) -> Check {
        Check(value)
    }
}

struct Digits([u8; 16]);

impl AsRef<str> for Digits {
    fn as_ref(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.digits().as_ref())
    }
}

impl<'de> Deserialize<'de> for Check {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Check, D::Error> {
        let digits = Cow::<str>::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16).map(Check).map_err(D::Error::custom)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct RowDocument<'a> {
    pub row: u32,
    pub external_id: Option<Cow<'a, str>>,
    pub outcome: Cow<'a, str>,
    /// Names the service user; the same as long as their identifier is.
    pub key: Check,
    /// Changes as soon as anything in their row does.
    pub check: Check,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
    /// The record that the identifier leads to, and whether that has changed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record: Option<RecordDocument>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alike: Option<AlikeDocument<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<ChangeDocument<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub kept: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub held: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub settings: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub decision: Option<Cow<'a, str>>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDocument {
    pub id: String,
    pub check: Check,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct AlikeDocument<'a> {
    pub record: String,
    pub check: Check,
    pub certainty: Cow<'a, str>,
    pub evidence: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeDocument<'a> {
    pub field: Cow<'a, str>,
    pub controlled_by: Cow<'a, str>,
    pub from: Cow<'a, str>,
    pub to: Cow<'a, str>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct OnlyDocument<'a> {
    pub row: u32,
    pub record: String,
    pub why: Cow<'a, str>,
    pub check: Check,
}

/// Writes the document.
pub fn plan_document(
    told: &PlanTold<'_>,
    decisions: &[Decision],
    paths: &[String],
    mut to: impl Write + Send,
) -> io::Result<()> {
    let set_up = told.sides.set_up;
    let document = PlanDocument {
        format: FORMAT.to_owned(),
        version: VERSION.to_owned(),
        contains: if told.redact == Redact::All { "no personal data" } else { "personal data" }.to_owned(),
        number: told.number.to_owned(),
        customer: told.customer.to_owned(),
        made_at: told.made_at.to_string(),
        first_sync: set_up.first_sync.to_string(),
        system: set_up.system.text().to_owned(),
        prefix: set_up.prefix.clone(),
        acp_branches: set_up
            .more_branches
            .iter()
            .map(|(branch, service)| (branch.to_string(), service.as_ref().map(ToString::to_string)))
            .collect(),
        settings: feed::Setting::ALL
            .iter()
            .map(|&it| (it.text().to_owned(), set_up.settings.text(it)))
            .collect(),
        redacted: match told.redact {
            Redact::None => "none",
            Redact::Names => "names",
            Redact::All => "all",
        }
        .to_owned(),
        paths: paths.to_vec(),
        inputs: vec![input("rostering", told.sides.rostering), input("acp", told.sides.acp)],
        trust: match &told.plan.trust {
            Trust::Estimated => Vec::new(),
            Trust::Small => vec!["fixed weights: the files are small".to_owned()],
            Trust::Refused(faults) => faults.clone(),
        },
        service_users: told.plan.rows.len(),
        need_attention: told.plan.counts.n_stopping(),
        counts: counts(&told.plan.counts, true),
        causes: causes(told),
        branches: branches(told),
        decisions: decisions.to_vec(),
        rows: NONE,
        acp_only: NONE,
    };
    let text = serde_json::to_string(&document)?;
    // Rows come last, so that nothing stands behind them but what closes the document.
    let head = text.strip_suffix(r#"[],"acp_only":[]}"#).ok_or(io::ErrorKind::InvalidData)?;
    to.write_all(head.as_bytes())?;
    let row = |user: usize, row: &Row| row_document(told, u32::try_from(user).unwrap_or(u32::MAX), row);
    write_list(&told.plan.rows, &mut to, |at, it, text| {
        write_row(&row(at, it), text);
        Ok(())
    })?;
    to.write_all(br#","acp_only":"#)?;
    write_list(&told.plan.acp_only, &mut to, |_, it, text| {
        Ok(serde_json::to_writer(text, &only_document(told, *it))?)
    })?;
    to.write_all(b"}\n")
}

/// In the place of rows that are written by themselves.
const NONE: [(); 0] = [];

/// The number of a plan, `7f3c-91ab`.
pub fn plan_number(sides: Sides<'_>, decisions: &[Decision]) -> String {
    let inputs = [input("rostering", sides.rostering), input("acp", sides.acp)];
    number(&input_lines(&inputs), &set_up_text(sides.set_up), decisions)
}

/// What of the inputs decides the number: the bytes of both files, and which column was taken for what.
fn input_lines(inputs: &[InputDocument]) -> Vec<String> {
    let columns = |it: &InputDocument| {
        it.columns.iter().map(|(heading, means)| format!("{heading} = {means}")).collect::<Vec<_>>()
    };
    inputs.iter().flat_map(|it| [vec![it.sha256.clone()], columns(it)].concat()).collect()
}

impl PlanDocument {
    /// The number that follows from what the document says; another one than `number` where somebody altered it.
    pub fn number_again(&self, set_up: &SetUp) -> String {
        number(&input_lines(&self.inputs), &set_up_text(set_up), &self.decisions)
    }
}

/// Reads the document back; what is wrong with it as a sentence.
pub fn read_plan(text: &[u8]) -> Result<PlanDocument, String> {
    let document: PlanDocument = serde_json::from_slice(text).map_err(|error| {
        format!("It is no plan of this version: {error}. Make the plan again with `rehearse plan`.")
    })?;
    if document.format != FORMAT {
        return Err(format!(
            "It is a document of format {:?}, and this version reads {FORMAT:?}. Make the plan again.",
            document.format
        ));
    }
    Ok(document)
}

fn input(side: &str, export: &Export) -> InputDocument {
    InputDocument {
        side: side.to_owned(),
        file: export.file.clone(),
        form: export.form.what.clone(),
        bytes: export.n_bytes,
        sha256: export.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        rows: export.n_rows(),
        columns: export.placed.iter().map(|it| (it.heading.clone(), it.means.text().to_owned())).collect(),
    }
}

fn counts(counts: &Counts, with_zeros: bool) -> BTreeMap<String, usize> {
    let all = Outcome::ALL.iter().map(|&it| (it.code().to_owned(), counts.of(it)));
    all.filter(|(_, n)| with_zeros || *n > 0).collect()
}

fn causes(told: &PlanTold<'_>) -> Vec<CauseDocument> {
    let cause = |cause: &go_live::plan::Cause| CauseDocument {
        title: cause_title(cause),
        what: cause_does(told.shown(), cause),
        clears: clears(told.plan, cause),
        is_proven: cause.is_proven,
        n_clears: counts(&cause.clears, false),
        n_makes: counts(&cause.makes, false),
        service_users: cause.users.len(),
    };
    told.plan.causes.iter().map(cause).collect()
}

fn branches(told: &PlanTold<'_>) -> Vec<BranchDocument> {
    let branch = |branch: &go_live::plan::Branch| BranchDocument {
        name: branch.name.to_string(),
        service_users: branch.n_users,
        acp_service: branch
            .service
            .as_ref()
            .filter(|_| told.plan.places.services_are_known)
            .map(ToString::to_string),
        nearest: branch.near.as_ref().map(|near| near.name.to_string()),
    };
    told.plan.places.branches.iter().map(branch).collect()
}

/// So many rows one core makes at once, and so many blocks are made before they are written. *Assumed*, from measurement.
const BLOCK: usize = 512;
const BLOCKS: usize = 32;

/// Writes what `make` writes of each, in their order; what comes next is made while the last is written.
fn write_list<T: Sync>(
    all: &[T],
    to: &mut (impl Write + Send),
    make: impl Fn(usize, &T, &mut Vec<u8>) -> io::Result<()> + Sync,
) -> io::Result<()> {
    let fill = |text: &mut Vec<u8>, first: usize, block: &[T]| -> io::Result<()> {
        text.clear();
        for (at, it) in (first..).zip(block) {
            text.push(if at == 0 { b'[' } else { b',' });
            make(at, it, text)?;
        }
        Ok(())
    };
    // Room that is used again: fresh memory costs as much as what is written into it.
    let (mut last, mut spare): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
    for (blocks, first) in all.chunks(BLOCK * BLOCKS).zip((0..).step_by(BLOCK * BLOCKS)) {
        spare.resize_with(blocks.len().div_ceil(BLOCK), Vec::new);
        let each = spare.par_iter_mut().zip(blocks.par_chunks(BLOCK)).enumerate();
        let next = || each.try_for_each(|(nth, (text, block))| fill(text, first + nth * BLOCK, block));
        let (written, filled) = rayon::join(|| write_blocks(&last, to), next);
        written?;
        filled?;
        std::mem::swap(&mut last, &mut spare);
    }
    write_blocks(&last, to)?;
    to.write_all(if all.is_empty() { b"[]" } else { b"]" })
}

fn write_blocks(blocks: &[Vec<u8>], to: &mut impl Write) -> io::Result<()> {
    blocks.iter().try_for_each(|block| to.write_all(block))
}

fn only_document(told: &PlanTold<'_>, it: AcpOnly) -> OnlyDocument<'static> {
    OnlyDocument {
        row: told.sides.record(it.record).number(),
        record: told.shown().record(it.record),
        why: only_text(it.why).into(),
        check: record_check(told, it.record),
    }
}

pub(super) fn record_check(told: &PlanTold<'_>, record: u32) -> Check {
    Check(told.sides.record_check(record))
}

pub(crate) const fn only_text(why: Only) -> &'static str {
    match why {
        Only::Orphan => "holds an external ID that no service user has",
        Only::NoIdentifier => "holds no external ID",
        Only::NotInUse => "is inactive or archived",
    }
}

pub(super) fn row_document<'a>(told: &PlanTold<'a>, user: u32, row: &Row) -> RowDocument<'a> {
    let (shown, sides) = (told.shown(), told.sides);
    let needs_words = row.outcome <= Outcome::ChangesBranch || row.settled.is_some();
    let evidence = if needs_words { alike_in_words(shown, told.plan, user) } else { None };
    let why = || because_with(shown, told.plan, user, evidence.as_deref().unwrap_or_default());
    RowDocument {
        row: sides.user(user).number(),
        external_id: Some(sides.identifier(user)).filter(|it| told.redact != Redact::All && !it.is_empty()),
        outcome: row.outcome.code().into(),
        key: Check(told.plan.key(sides, user)),
        check: Check(sides.user_check(user)),
        name: (needs_words && told.redact == Redact::None).then(|| sides.user(user).full_name()),
        why: needs_words.then(why),
        record: row
            .record
            .map(|record| RecordDocument { id: shown.record(record), check: record_check(told, record) }),
        alike: row.alike.zip(evidence).map(|(alike, evidence)| AlikeDocument {
            record: shown.record(alike.record),
            check: record_check(told, alike.record),
            certainty: if alike.certainty == Certainty::Likely { "likely" } else { "doubtful" }.into(),
            evidence,
        }),
        changes: changes(shown, user, row),
        kept: row.kept.iter().map(|field| field.text().into()).collect(),
        held: match row.hold {
            Hold::None => None,
            Hold::Held(_) => Some("held for Support".into()),
            Hold::Possibly(_) => Some("possibly held for Support".into()),
        },
        settings: row.settings.iter().map(|setting| setting.text().into()).collect(),
        decision: row.settled.map(|choice| choice.text().into()),
    }
}

fn changes<'a>(shown: Shown<'a>, user: u32, row: &Row) -> Vec<ChangeDocument<'a>> {
    let Some(record) = row.record else { return Vec::new() };
    let value = |row: ExportRow<'a>, field| {
        Column::of_field(field).map_or(Cow::Borrowed(""), |column| shown.raw(row, column))
    };
    let change = |field: feed::Field| ChangeDocument {
        field: field.text().into(),
        controlled_by: field.owner().text().into(),
        from: value(shown.sides.record(record), field),
        to: value(shown.sides.user(user), field),
    };
    row.changes.iter().map(change).collect()
}
