//! What people decided about rows, and what that changes in what the first sync meets. Knows no workbook.

use super::engine::is_same_identifier;
use super::inputs::{Overlay, Sides, View};
use super::keys::{Keys, key};
use super::outcome::Outcome;
use super::row::{Row, Why};
use feed::Text;
use std::collections::BTreeMap;

/// What can be decided about a service user and a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    SamePerson,
    DifferentPeople,
    NotSure,
    LeaveOut,
}

impl Choice {
    pub const ALL: &'static [Choice] =
        &[Choice::SamePerson, Choice::DifferentPeople, Choice::NotSure, Choice::LeaveOut];

    /// As workbooks have it.
    pub const fn text(self) -> &'static str {
        match self {
            Choice::SamePerson => "Same person",
            Choice::DifferentPeople => "Different people",
            Choice::NotSure => "Not sure",
            Choice::LeaveOut => "Leave out for now",
        }
    }

    /// Case, and spaces around and between, do not matter.
    pub fn from_text(text: &str) -> Option<Choice> {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        Choice::ALL.iter().copied().find(|choice| plain(choice.text()) == plain(text))
    }

    /// Whether nothing is left to decide.
    pub const fn settles(self) -> bool {
        !matches!(self, Choice::NotSure)
    }
}

/// A decision about one service user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    pub choice: Choice,
    /// The record of the export that is the same person, or that is not.
    pub record: Option<u32>,
}

impl Settled {
    pub(crate) fn rejects(&self, record: u32) -> bool {
        self.choice == Choice::DifferentPeople && self.record.is_none_or(|it| it == record)
    }
}

/// What the decisions change: identifiers that the implementation team puts on records or takes off them, and service
/// users who are not sent.
pub(crate) fn overlay(
    sides: Sides<'_>,
    rows: &[Row],
    settled: &BTreeMap<u32, Settled>,
    records: &Keys,
) -> Overlay {
    let none = Overlay::default();
    let view = View { sides, overlay: &none };
    let mut overlay = Overlay::default();
    for (&user, it) in settled {
        let identifier = sides.identifier(user);
        let holders = || {
            let found = key(&identifier).into_iter().flat_map(|key| records.rows_with(key));
            found.filter(|&record| is_same_identifier(view, view.record_identifier(record), &identifier))
        };
        let row = &rows[user as usize];
        match it.choice {
            Choice::SamePerson => {
                let Some(record) = it.record.or(row.record).or(row.alike.map(|alike| alike.record)) else {
                    continue;
                };
                for other in holders().filter(|&other| other != record) {
                    overlay.record_identifiers.entry(other).or_insert(None);
                }
                if !holders().any(|holder| holder == record) {
                    overlay.record_identifiers.insert(record, Some(Text::from(identifier.as_ref())));
                }
            }
            Choice::DifferentPeople
                if row.outcome == Outcome::MayOverwrite && row.why == Why::IdentifierOnAnother =>
            {
                for holder in holders() {
                    overlay.record_identifiers.entry(holder).or_insert(None);
                }
            }
            Choice::LeaveOut => {
                overlay.left_out.insert(user);
            }
            Choice::DifferentPeople | Choice::NotSure => {}
        }
    }
    overlay
}
