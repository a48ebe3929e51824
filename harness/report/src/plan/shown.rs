//! What is shown of service users and records: everything, or nothing that says who somebody is.

use crate::{visible, words};
use go_live::exports::{CareHistory, Column, ExportRow};
use go_live::lookalike::{Pattern, explain};
use go_live::plan::Sides;
use std::borrow::Cow;

/// How much of people is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redact {
    #[default]
    None,
    /// Names, dates of birth, NHS numbers, telephones and addresses. Identifiers stay.
    Names,
    /// Identifiers too: rows are named by their place in the file.
    All,
}

/// Looks values up and leaves out what has to be.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub sides: Sides<'a>,
    pub redact: Redact,
}

const LEFT_OUT: &str = "(left out)";

impl<'a> Shown<'a> {
    /// The identifier as it is sent; the row where identifiers are left out or there is none.
    pub fn user(&self, user: u32) -> String {
        let identifier = self.sides.identifier(user);
        if self.redact == Redact::All || identifier.trim().is_empty() {
            self.user_row(user)
        } else {
            visible::value(&identifier)
        }
    }

    /// `row 17 of rostering.csv`.
    pub fn user_row(&self, user: u32) -> String {
        let row = self.sides.user(user).number();
        format!("row {row} of {}", visible::prose(&self.sides.rostering.file))
    }

    /// ACP's own ID of a record; the row where it has none or identifiers are left out.
    pub fn record(&self, record: u32) -> String {
        match self.sides.record(record).record_id() {
            Some(id) if self.redact != Redact::All => visible::value(id),
            _ => {
                let row = self.sides.record(record).number();
                format!("in row {row} of {}", visible::prose(&self.sides.acp.file))
            }
        }
    }

    /// The identifier that a record holds.
    pub fn held(&self, record: u32) -> String {
        let held = self.sides.record(record).external_id().unwrap_or("");
        if self.redact == Redact::All { LEFT_OUT.to_owned() } else { visible::value(held) }
    }

    pub fn name(&self, row: ExportRow<'_>) -> String {
        let name = row.full_name();
        if self.redact != Redact::None {
            LEFT_OUT.to_owned()
        } else if name.trim().is_empty() {
            "(no name)".to_owned()
        } else {
            visible::prose(&name)
        }
    }

    /// A cell as people read it: dates in words, NHS numbers in groups.
    pub fn cell(&self, row: ExportRow<'_>, column: Column) -> String {
        let text = row.or_empty(column);
        if text.is_empty() {
            String::new()
        } else if self.redact != Redact::None && column.is_personal() {
            LEFT_OUT.to_owned()
        } else {
            column.field().map_or_else(|| visible::prose(text), |field| words::field_value(field, text))
        }
    }

    /// The value of a field on either side, exactly as in the file; for cells that are compared and not read aloud.
    pub fn raw(&self, row: ExportRow<'a>, column: Column) -> Cow<'a, str> {
        let text = row.or_empty(column);
        let is_left_out = !text.is_empty() && self.redact != Redact::None && column.is_personal();
        Cow::Borrowed(if is_left_out { LEFT_OUT } else { text })
    }

    /// How a service user and a record compare, in words; without values where they are left out.
    pub fn evidence(&self, user: u32, record: u32, pattern: Pattern) -> String {
        let (a, b) = (
            self.sides.rostering.for_lookalikes(user as usize),
            self.sides.acp.for_lookalikes(record as usize),
        );
        let rows = (self.redact == Redact::None).then_some([&a, &b]);
        visible::prose(&explain(pattern, rows))
    }

    pub fn care(&self, record: u32) -> &'static str {
        match self.sides.record(record).care_history() {
            CareHistory::Known(true) => "Yes",
            CareHistory::Known(false) => "No",
            CareHistory::Unknown => "Unknown",
        }
    }
}
