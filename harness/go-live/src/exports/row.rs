//! One row of an export, as plans use it. A column that the file does not have is *unknown*, which is not the same as
//! a cell that is empty.

use super::table::RowText;
use super::{Column, words};
use crate::lookalike::Row;
use feed::{Field, Fields, Text};
use jiff::civil::Date;

/// Whether care has been recorded. Unknown counts as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CareHistory {
    Known(bool),
    /// No column, an empty cell, or a word that says neither yes nor no.
    Unknown,
}

/// Whether somebody is still looked after, in the words of either system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Active,
    /// Terminated in rostering; inactive in ACP.
    Inactive,
    /// Of ACP.
    Archived,
}

/// How a record came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    Integration,
    ByHand,
}

/// A service user of rostering or a record of ACP, as the file has it. Looks into the export; copies nothing.
#[derive(Clone, Copy)]
pub struct ExportRow<'a>(pub(super) RowText<'a>);

impl<'a> ExportRow<'a> {
    /// From 1, as the user sees it: the row of a workbook, the line of a text file.
    pub fn number(self) -> u32 {
        self.0.number
    }

    /// The cell as written, but dates that were understood as `1940-03-02`. None: the file has no such column.
    pub fn text(self, column: Column) -> Option<&'a str> {
        self.0.cell(column)
    }

    /// The cell as written, or "" where there is none or no column.
    pub fn or_empty(self, column: Column) -> &'a str {
        self.0.cell(column).unwrap_or("")
    }

    /// Exactly as written, spaces and zeros included. None: no column, or nothing in the cell.
    pub fn external_id(self) -> Option<&'a str> {
        self.0.cell(Column::ExternalId).filter(|text| !text.is_empty())
    }

    /// ACP's own key. None: no column, or nothing in the cell.
    pub fn record_id(self) -> Option<&'a str> {
        self.0.cell(Column::RecordId).filter(|text| !text.is_empty())
    }

    /// Given and family name with one space between, or whichever there is.
    pub fn full_name(self) -> String {
        let names = [self.or_empty(Column::GivenName), self.or_empty(Column::FamilyName)];
        names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// None: no column, nothing in the cell, or not a date (then [`ExportRow::text`] has what is there).
    pub fn date(self, column: Column) -> Option<Date> {
        words::iso_date(self.0.cell(column)?)
    }

    /// None: no column, an empty cell, or a word that is not known.
    pub fn status(self) -> Option<Status> {
        // Not archived says nothing about active.
        if self.0.facts.is_archived { Some(Status::Archived) } else { self.0.facts.status }
    }

    /// None: no column, an empty cell, or a word that is not known.
    pub fn origin(self) -> Option<Origin> {
        self.0.facts.origin
    }

    pub fn care_history(self) -> CareHistory {
        self.0.facts.care_history
    }

    /// What the row says of fields, as written, in the order of [`Field::ALL`]; empty cells are left out. Columns that are
    /// no field (identifiers, known as, status, origin, care history) are not in it.
    pub fn filled(self) -> impl Iterator<Item = (Field, &'a str)> {
        self.0.cells().filter_map(|(column, cell)| Some((column.field().filter(|_| !cell.is_empty())?, cell)))
    }

    /// A hash of that, worked out while the row was read.
    pub(crate) fn says(self) -> u64 {
        self.0.says
    }

    /// The same, to be kept.
    pub fn fields(self) -> Fields {
        // One more than most have, because a record's branch brings its service.
        let mut fields = Fields::with_capacity(16);
        for (field, cell) in self.filled() {
            fields.set(field, Text::from(cell));
        }
        fields
    }

    /// The row as the look-alike finder takes it.
    pub fn for_lookalikes(self) -> Row<'a> {
        let mut row = Row { born: self.0.facts.born, says: self.0.says, ..Row::default() };
        for (column, cell) in self.0.cells() {
            match column {
                Column::ExternalId => row.identifier = cell,
                Column::RecordId => row.record = cell,
                Column::Title => row.title = cell,
                Column::GivenName => row.given = cell,
                Column::FamilyName => row.family = cell,
                Column::KnownAs => row.known_as = cell,
                Column::NhsNumber => row.nhs = cell,
                Column::Postcode => row.postcode = cell,
                Column::Phone => row.phones[0] = cell,
                Column::SecondPhone => row.phones[1] = cell,
                Column::AddressLine1 => row.address[0] = cell,
                Column::AddressLine2 => row.address[1] = cell,
                Column::AddressLine3 => row.address[2] = cell,
                _ => {}
            }
        }
        row
    }
}

impl std::fmt::Debug for ExportRow<'_> {
    /// Personal data stays out of panics and logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExportRow({})", self.0.number)
    }
}
