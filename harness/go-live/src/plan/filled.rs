//! Reads the workbook that people filled in: rows in any order, filtered, hidden, with columns moved or added. What a
//! row means is worked out in `answers`; here it is only found.

use super::answers::Answer;
use calamine::{Data, Range, Reader as _, Sheets, open_workbook_auto_from_rs};
use std::io::Cursor;

/// The largest workbook that is read, packed, in bytes. *Assumed*: ten times that of 100,000 decisions.
const LARGEST: usize = 64 << 20;
/// The sheet that people fill in.
const SHEET: &str = "Decisions";

/// The columns that are read, by their headings without "(fill in)".
#[derive(Clone, Copy)]
enum Column {
    ExternalId,
    Record,
    Decision,
    RecordToUse,
    By,
    Date,
    Notes,
    Key,
    Check,
}

const COLUMNS: [(Column, &str); 9] = [
    (Column::ExternalId, "external id"),
    (Column::Record, "acp record"),
    (Column::Decision, "your decision"),
    (Column::RecordToUse, "acp record to use"),
    (Column::By, "decided by"),
    (Column::Date, "date"),
    (Column::Notes, "notes"),
    (Column::Key, "row key"),
    (Column::Check, "row check"),
];

/// Every row of the sheet Decisions, or why there is none: whole sentences.
pub fn answers(workbook: &[u8]) -> Result<Vec<Answer>, String> {
    if workbook.len() > LARGEST {
        return Err(format!(
            "The workbook has {} MiB, and at most {} are read.",
            workbook.len() >> 20,
            LARGEST >> 20
        ));
    }
    let mut sheets: Sheets<Cursor<&[u8]>> =
        open_workbook_auto_from_rs(Cursor::new(workbook)).map_err(|_| {
            "It is no workbook that can be read. Save it in Excel as .xlsx, then try again.".to_owned()
        })?;
    let names = sheets.sheet_names().clone();
    let Some(name) = names.iter().find(|name| plain(name) == plain(SHEET)) else {
        return Err(format!(
            "It has no sheet {SHEET:?}; it has {}. Use the workbook that `rehearse plan` wrote.",
            names.join(", ")
        ));
    };
    let range = sheets.worksheet_range(name).map_err(|error| {
        format!("The sheet {SHEET:?} cannot be read: {error}. Save it again in Excel as .xlsx.")
    })?;
    rows(&range)
}

fn rows(range: &Range<Data>) -> Result<Vec<Answer>, String> {
    let Some((header, places)) = header(range) else {
        return Err(format!(
            "The sheet {SHEET:?} has no row with the headings \"Your decision\" and \"Row key\". Use the workbook that `rehearse plan` wrote."
        ));
    };
    let first = range.start().map_or(0, |(row, _)| row as usize);
    let rows = range.rows().enumerate().skip(header + 1);
    Ok(rows.filter_map(|(at, cells)| answer(first + at + 1, cells, &places)).collect())
}

/// The row of the headings and where each column stands.
fn header(range: &Range<Data>) -> Option<(usize, [Option<usize>; COLUMNS.len()])> {
    for (at, cells) in range.rows().enumerate().take(50) {
        let headings: Vec<String> = cells.iter().map(|cell| heading(&text(cell))).collect();
        let places = COLUMNS.map(|(_, name)| headings.iter().position(|it| it == name));
        if places[Column::Decision as usize].is_some() && places[Column::Key as usize].is_some() {
            return Some((at, places));
        }
    }
    None
}

fn heading(text: &str) -> String {
    plain(text.split('(').next().unwrap_or(text))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn answer(row: usize, cells: &[Data], places: &[Option<usize>; COLUMNS.len()]) -> Option<Answer> {
    let of =
        |column: Column| places[column as usize].and_then(|at| cells.get(at)).map(text).unwrap_or_default();
    if cells.iter().all(|cell| text(cell).trim().is_empty()) {
        return None;
    }
    let number = |text: &str| u64::from_str_radix(text.trim(), 16).ok().filter(|_| text.trim().len() == 16);
    let check = of(Column::Check);
    let (user_check, record_check) = check.split_once('-').unwrap_or((&check, ""));
    Some(Answer {
        place: format!("row {row}"),
        key: number(&of(Column::Key)),
        user_check: number(user_check),
        record_check: number(record_check),
        external_id: of(Column::ExternalId),
        choice: of(Column::Decision),
        record: of(Column::RecordToUse),
        asked_about: of(Column::Record),
        by: of(Column::By),
        on: of(Column::Date),
        notes: of(Column::Notes),
    })
}

/// A cell as somebody reads it. A number that Excel made of an identifier has no point at its end; a date is
/// `2026-03-02`.
fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(is) => is.to_string(),
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(_) | Data::Empty => String::new(),
    }
}
