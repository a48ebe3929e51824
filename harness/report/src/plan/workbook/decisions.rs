//! The sheet that people fill in: who needs somebody to decide, how the two rows compare, and what happens if nobody does.

use super::super::{PlanTold, why::because};
use super::rows::{Cells, Rows};
use super::sheet::{Column, Kind, Look, Sheet, text, yellow};
use go_live::exports;
use go_live::plan::{Choice, Decision, Row, Why};
use rayon::prelude::*;
use rust_xlsxwriter::{Color, ConditionalFormatDuplicate, Format, XlsxError};
use std::collections::{BTreeMap, BTreeSet};

/// The name of the sheet, by which it is found again.
pub const DECISIONS: &str = "Decisions";

const COLUMNS: [Column; 19] = [
    text("Outcome", 22.0),
    text("External ID", 14.0),
    text("Rostering name", 22.0),
    text("Rostering date of birth", 17.0),
    text("Rostering branch", 18.0),
    text("ACP record", 12.0),
    text("ACP name", 22.0),
    text("ACP date of birth", 17.0),
    text("ACP branch", 18.0),
    text("Care history", 10.0),
    text("How they compare", 46.0),
    text("If you do nothing", 46.0),
    yellow("Your decision", 18.0),
    yellow("ACP record to use", 14.0),
    yellow("Decided by", 16.0),
    Column { heading: "Date", width: 13.0, kind: Kind::YellowDate },
    yellow("Notes", 30.0),
    Column { heading: "Row key", width: 18.0, kind: Kind::Hidden },
    Column { heading: "Row check", width: 36.0, kind: Kind::Hidden },
];

/// The decision's column.
pub(super) const DECISION: u16 = 12;
const RECORD_TO_USE: u16 = 13;

/// One row of the sheet.
pub(super) struct Asked<'a> {
    user: u32,
    row: &'a Row,
    key: String,
    decision: Option<&'a InForce<'a>>,
}

impl Asked<'_> {
    fn is_decided(&self) -> bool {
        let choice = self.decision.and_then(|it| Choice::from_text(&it.decision.decision));
        choice.is_some_and(Choice::settles)
    }
}

/// The record that a row asks about.
pub fn asked_about(row: &Row) -> Option<u32> {
    match row.why {
        Why::IdentifierOnAnother | Why::IdentifierOnTwo { .. } | Why::RecordNotActive => row.record,
        _ => row.alike.map(|alike| alike.record).or(row.record),
    }
}

/// Everybody about whom somebody has to decide, or has, in this order.
pub(super) fn asked<'a>(told: &PlanTold<'a>, order: &[u32], filled: &'a Filled<'a>) -> Vec<Asked<'a>> {
    let is_asked = |row: &Row| row.outcome.is_for_a_person() || row.settled.is_some();
    let rows = order.par_iter().map(|&user| (user, &told.plan.rows[user as usize]));
    let mut rows: Vec<(u32, &Row)> = rows.filter(|(_, row)| is_asked(row)).collect();
    rows.truncate(super::MOST_ROWS);
    let asked = |(user, row)| {
        let key = format!("{:016x}", told.plan.key(told.sides, user));
        let decision = filled.get(key.as_str());
        Asked { user, row, key, decision }
    };
    rows.into_par_iter().map(asked).collect()
}

/// A decision in force, and the record that it is about.
pub(super) struct InForce<'a> {
    decision: &'a Decision,
    record: Option<u32>,
}

/// Decisions in force by the key of their service user.
pub(super) type Filled<'a> = BTreeMap<&'a str, InForce<'a>>;

pub(super) fn filled<'a>(told: &PlanTold<'a>, decisions: &'a [Decision]) -> Filled<'a> {
    let records = records(told, decisions);
    let record = |it: &Decision| records.get(it.record.as_str()).copied();
    decisions.iter().map(|it| (it.key.as_str(), InForce { decision: it, record: record(it) })).collect()
}

/// The records that decisions name.
fn records<'a>(told: &PlanTold<'a>, decisions: &'a [Decision]) -> BTreeMap<&'a str, u32> {
    let named: BTreeSet<&str> =
        decisions.iter().map(|it| it.record.as_str()).filter(|id| !id.is_empty()).collect();
    if named.is_empty() {
        return BTreeMap::new();
    }
    let ids =
        (0_u32..).zip(told.sides.acp.rows()).filter_map(|(record, row)| Some((row.record_id()?, record)));
    ids.filter(|(id, _)| named.contains(id)).collect()
}

fn fill(told: &PlanTold<'_>, asked: &Asked<'_>, cells: &mut Cells<'_>) {
    use exports::Column::{Branch, DateOfBirth};
    let (shown, sides) = (told.shown(), told.sides);
    let &Asked { user, row, .. } = asked;
    // What was decided is about the record that was asked about then.
    let record = asked.decision.and_then(|it| it.record).or_else(|| asked_about(row));
    let compare = match (record, row.record == record, row.joined, row.alike) {
        (Some(record), true, Some(pattern), _) => shown.evidence(user, record, pattern),
        (Some(record), _, _, Some(alike)) if alike.record == record => {
            shown.evidence(user, record, alike.pattern)
        }
        _ => String::new(),
    };
    cells
        .text(row.outcome.text())
        .text(identifier(told, user))
        .text(shown.name(sides.user(user)))
        .text(shown.cell(sides.user(user), DateOfBirth))
        .text(shown.raw(sides.user(user), Branch));
    match record {
        Some(record) => cells
            .text(record_id(told, record))
            .text(shown.name(sides.record(record)))
            .text(shown.cell(sides.record(record), DateOfBirth))
            .text(shown.raw(sides.record(record), Branch))
            .text(shown.care(record)),
        None => cells.text("").text("").text("").text("").text(""),
    };
    cells.text(compare).text(because(shown, told.plan, user));
    match asked.decision.map(|it| it.decision) {
        Some(it) => cells.text(&it.decision).text("").text(&it.by).text(&it.on).text(&it.notes),
        None => cells.text("").text("").text("").text("").text(""),
    };
    let of_record = record.map_or_else(String::new, |record| format!("{:016x}", sides.record_check(record)));
    cells.text(&asked.key).text(format!("{:016x}-{of_record}", sides.user_check(user)));
}

/// Exactly as sent; nothing is put around it, so that it can be copied.
pub(super) fn identifier(told: &PlanTold<'_>, user: u32) -> String {
    match told.redact {
        super::super::Redact::All => told.shown().user(user),
        _ => told.sides.identifier(user).into_owned(),
    }
}

/// ACP's own ID, exactly.
pub(super) fn record_id(told: &PlanTold<'_>, record: u32) -> String {
    match (told.redact, told.sides.record(record).record_id()) {
        (super::super::Redact::All, _) | (_, None) => told.shown().record(record),
        (_, Some(id)) => id.to_owned(),
    }
}

pub(super) fn sheet<'a>(
    told: &'a PlanTold<'a>,
    asked: &'a [Asked<'a>],
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
    let mut sheet = Sheet::new(DECISIONS, footer, look)?;
    let rows = Rows::new(asked.iter().collect(), |asked, cells| fill(told, asked, cells));
    let n_rows = sheet.table(&COLUMNS, 3, rows)?;
    sheet.colour_outcomes(0, n_rows)?;
    let choices: Vec<&str> = Choice::ALL.iter().map(|it| it.text()).collect();
    sheet.choices(
        DECISION,
        n_rows,
        &choices,
        "If you are not sure, choose Not sure and say why in Notes.",
    )?;
    // One record cannot be two people's.
    let red =
        Format::new().set_font_color(Color::RGB(0x008A_1C10)).set_background_color(Color::RGB(0x00FD_E7E4));
    let twice = ConditionalFormatDuplicate::new().set_format(red);
    sheet.page.add_conditional_format(1, RECORD_TO_USE, n_rows.max(1), RECORD_TO_USE, &twice)?;
    Ok(sheet)
}

/// How many rows are decided, and how many there are.
pub(super) fn progress(asked: &[Asked<'_>]) -> (usize, usize) {
    (asked.iter().filter(|it| it.is_decided()).count(), asked.len())
}
