//! The sheet that people fill in: who needs somebody to decide, how the two rows compare, and what happens if nobody does.

use super::super::{PlanTold, why::because};
use super::sheet::{Cell, Column, Kind, Look, Sheet, text, yellow};
use go_live::exports;
use go_live::plan::{Choice, Decision, Row, Why};
use rust_xlsxwriter::{Color, ConditionalFormatDuplicate, Format, Worksheet, XlsxError};
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
pub(super) struct Asked {
    cells: [String; 12],
    /// Decision, record to use, by, on, notes.
    filled: [String; 5],
    key: String,
    check: String,
}

impl Asked {
    pub(super) fn is_decided(&self) -> bool {
        Choice::from_text(&self.filled[0]).is_some_and(Choice::settles)
    }
}

/// The record that a row asks about.
pub fn asked_about(row: &Row) -> Option<u32> {
    match row.why {
        Why::IdentifierOnAnother | Why::IdentifierOnTwo { .. } | Why::RecordNotActive => row.record,
        _ => row.alike.map(|alike| alike.record).or(row.record),
    }
}

/// Everybody about whom somebody has to decide, or has: the worst first, then by identifier.
pub(super) fn rows(told: &PlanTold<'_>, decisions: &[Decision]) -> Vec<Asked> {
    let records = records(told, decisions);
    let decided = |it: &'_ Decision| (it.key.clone(), (it.clone(), records.get(it.record.as_str()).copied()));
    let filled: Filled = decisions.iter().map(decided).collect();
    let is_asked = |row: &Row| row.outcome.is_for_a_person() || row.settled.is_some();
    let mut users: Vec<(u32, &Row)> =
        (0_u32..).zip(&told.plan.rows).filter(|(_, row)| is_asked(row)).collect();
    users.sort_by_cached_key(|(user, row)| (row.outcome, told.sides.identifier(*user), *user));
    users.truncate(super::MOST_ROWS);
    users.into_iter().map(|(user, row)| asked(told, user, row, &filled)).collect()
}

/// Decisions in force by the key of their service user, each with the record that it is about.
type Filled = BTreeMap<String, (Decision, Option<u32>)>;

/// The records that decisions name.
fn records<'a>(told: &PlanTold<'a>, decisions: &[Decision]) -> BTreeMap<&'a str, u32> {
    let named: BTreeSet<&str> =
        decisions.iter().map(|it| it.record.as_str()).filter(|id| !id.is_empty()).collect();
    if named.is_empty() {
        return BTreeMap::new();
    }
    let ids =
        (0_u32..).zip(told.sides.acp.rows()).filter_map(|(record, row)| Some((row.record_id()?, record)));
    ids.filter(|(id, _)| named.contains(id)).collect()
}

fn asked<'a>(told: &PlanTold<'a>, user: u32, row: &Row, filled: &Filled) -> Asked {
    use exports::Column::{Branch, DateOfBirth};
    let (shown, sides) = (told.shown(), told.sides);
    let key = format!("{:016x}", told.plan.key(sides, user));
    let decision = filled.get(&key);
    // What was decided is about the record that was asked about then.
    let record = decision.and_then(|(_, record)| *record).or_else(|| asked_about(row));
    let of_record = |text: &dyn Fn(exports::ExportRow<'a>) -> String| {
        record.map_or_else(String::new, |record| text(sides.record(record)))
    };
    let compare = match (record, row.record == record, row.joined, row.alike) {
        (Some(record), true, Some(pattern), _) => shown.evidence(user, record, pattern),
        (Some(record), _, _, Some(alike)) if alike.record == record => {
            shown.evidence(user, record, alike.pattern)
        }
        _ => String::new(),
    };
    let check = format!(
        "{:016x}-{}",
        sides.user_check(user),
        record.map_or_else(String::new, |record| format!("{:016x}", sides.record_check(record)))
    );
    let cells = [
        row.outcome.text().to_owned(),
        identifier(told, user),
        shown.name(sides.user(user)),
        shown.cell(sides.user(user), DateOfBirth),
        shown.raw(sides.user(user), Branch).into_owned(),
        record.map_or_else(String::new, |record| record_id(told, record)),
        of_record(&|row| shown.name(row)),
        of_record(&|row| shown.cell(row, DateOfBirth)),
        of_record(&|row| shown.raw(row, Branch).into_owned()),
        record.map_or("", |record| shown.care(record)).to_owned(),
        compare,
        because(shown, told.plan, user),
    ];
    let filled = decision.map_or_else(Default::default, |(it, _)| {
        [it.decision.clone(), String::new(), it.by.clone(), it.on.clone(), it.notes.clone()]
    });
    Asked { cells, filled, key, check }
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

pub(super) fn sheet(rows: &[Asked], look: &Look, footer: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new(DECISIONS, footer, look)?;
    let cells = rows.iter().map(|row| {
        let texts = row.cells.iter().chain(&row.filled).chain([&row.key, &row.check]);
        texts.map(|text| Cell::Text(text.clone())).collect()
    });
    let n_rows = sheet.table(&COLUMNS, 3, cells)?;
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
    sheet.sheet.add_conditional_format(1, RECORD_TO_USE, n_rows.max(1), RECORD_TO_USE, &twice)?;
    Ok(sheet.sheet)
}

/// How many rows are decided, and how many there are.
pub(super) fn progress(rows: &[Asked]) -> (usize, usize) {
    (rows.iter().filter(|row| row.is_decided()).count(), rows.len())
}
