//! What is wrong with an export, at its place and with the way out. Knows no reader.

use std::{cmp::Ordering, fmt::Write as _};

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row was left out; the whole file where [`Problem::row`] is none.
    CannotBeUsed,
    /// It went on as it stands, and somebody has to look.
    Doubtful,
    /// It was understood; this says how.
    Note,
}

impl Severity {
    pub const fn text(self) -> &'static str {
        match self {
            Severity::CannotBeUsed => "cannot be used",
            Severity::Doubtful => "doubtful",
            Severity::Note => "note",
        }
    }
}

/// One problem of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// Of a workbook.
    pub sheet: Option<String>,
    /// From 1, as the user sees it: the row of a workbook, the line of a text file. None: the whole file or column.
    pub row: Option<u32>,
    /// The heading, or the letters of the column where it has none.
    pub column: Option<String>,
    /// As it stands in the cell, control characters made visible, 40 characters at most. It may be personal data.
    pub value: Option<String>,
    /// Whether `value` may say who somebody is.
    pub is_personal: bool,
    pub severity: Severity,
    /// What is wrong: whole sentences.
    pub what: String,
    /// What to do about it: whole sentences.
    pub fix: String,
    /// For instance `CSV-3`: names the kind of problem, and stays the same between versions.
    pub code: &'static str,
    /// So many more rows have the same problem in the same column and are not listed.
    pub n_more: u32,
}

impl Problem {
    /// `rostering.xlsx, sheet "Clients", row 17, column "D.O.B."`
    pub fn place(&self) -> String {
        let mut place = self.file.clone();
        if let Some(sheet) = &self.sheet {
            let _ = write!(place, ", sheet \"{sheet}\"");
        }
        if let Some(row) = self.row {
            let _ = write!(place, ", {} {row}", if self.sheet.is_some() { "row" } else { "line" });
        }
        if let Some(column) = &self.column {
            let _ = write!(place, ", column \"{column}\"");
        }
        place
    }

    /// The order in which problems are told: what stops most comes first, then by place.
    pub fn order(&self, other: &Problem) -> Ordering {
        let key = |it: &Problem| (it.severity, it.row.is_some(), it.row, it.column.clone(), it.code);
        key(self).cmp(&key(other))
    }
}
