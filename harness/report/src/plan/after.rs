//! After the day: whether the first sync did what was planned, person by person. Compares the plan with ACP's export as it
//! is now; what that export does not say is not judged.

use super::PlanTold;
use crate::words;
use feed::Field;
use go_live::exports::{Column, Export, ExportRow};
use go_live::plan::{Hold, Outcome, Row, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    pub n_as_planned: usize,
    pub n_not: usize,
    /// A line for each service user or record that is not as planned.
    pub text: String,
}

struct Now<'a> {
    export: &'a Export,
    by_id: BTreeMap<&'a str, u32>,
    by_identifier: BTreeMap<&'a str, Vec<u32>>,
    before: BTreeSet<&'a str>,
}

impl<'a> Now<'a> {
    fn of(told: &PlanTold<'a>, export: &'a Export) -> Now<'a> {
        let (mut by_id, mut by_identifier) = (BTreeMap::new(), BTreeMap::<&str, Vec<u32>>::new());
        for (at, row) in (0_u32..).zip(export.rows()) {
            if let Some(id) = row.record_id() {
                by_id.insert(id, at);
            }
            if let Some(identifier) = row.external_id() {
                by_identifier.entry(identifier).or_default().push(at);
            }
        }
        let before = told.sides.acp.rows().filter_map(ExportRow::record_id).collect();
        Now { export, by_id, by_identifier, before }
    }

    fn row(&self, at: u32) -> ExportRow<'a> {
        self.export.row(at as usize)
    }

    fn is_new(&self, at: u32) -> bool {
        self.row(at).record_id().is_none_or(|id| !self.before.contains(id))
    }
}

/// Holds the plan to what ACP exports now.
pub fn plan_after(told: &PlanTold<'_>, export: &Export) -> After {
    let now = Now::of(told, export);
    let mut after = After::default();
    for (user, row) in (0_u32..).zip(&told.plan.rows) {
        match not_as_planned(told, &now, user, row) {
            None => after.n_as_planned += 1,
            Some(what) => {
                after.n_not += 1;
                let _ = writeln!(
                    after.text,
                    "   {:>2}  {}: planned {}; {what}",
                    row.outcome.sign(),
                    told.shown().user(user),
                    row.outcome.text().to_lowercase()
                );
            }
        }
    }
    for only in &told.plan.acp_only {
        let before = told.sides.record(only.record);
        let Some(id) = before.record_id() else { continue };
        let found = now.by_id.get(id).map(|&at| now.row(at));
        let what = match found {
            None => "it is not in ACP's export any more",
            Some(row) if says_the_same(before, row, export) => continue,
            Some(_) => "it was changed, and the integration was not to touch it",
        };
        after.n_not += 1;
        let _ = writeln!(
            after.text,
            "    o  record {}: planned to be left alone; {what}",
            told.shown().record(only.record)
        );
    }
    after
}

/// Why a service user is not as planned.
fn not_as_planned(told: &PlanTold<'_>, now: &Now<'_>, user: u32, row: &Row) -> Option<String> {
    let identifier = told.sides.identifier(user);
    let holders = now.by_identifier.get(identifier.as_ref()).map_or(&[][..], Vec::as_slice);
    let id = |at: u32| now.row(at).record_id().unwrap_or("without an ID").to_owned();
    if let Some(record) = row.record {
        return updated(told, now, user, row, record, holders);
    }
    let is_made = match row.outcome {
        Outcome::CannotBeSent => false,
        _ => !matches!(row.why, Why::HasEnded | Why::LeftOut),
    };
    let new: Vec<u32> = holders.iter().copied().filter(|&at| now.is_new(at)).collect();
    match (is_made, holders, &new[..]) {
        (true, _, [_]) | (false, _, []) => None,
        (true, [], _) => Some("no record in ACP holds their external ID".to_owned()),
        (true, [old], _) => {
            Some(format!("record {}, which was there before, holds their external ID", id(*old)))
        }
        (true, ..) => {
            Some(format!("{} hold their external ID", words::counted(holders.len(), "record", "records")))
        }
        (false, _, [made, ..]) => Some(format!("record {} was made", id(*made))),
    }
}

/// Why a record that was to be updated is not as planned.
fn updated(
    told: &PlanTold<'_>,
    now: &Now<'_>,
    user: u32,
    row: &Row,
    record: u32,
    holders: &[u32],
) -> Option<String> {
    let before = told.sides.record(record);
    let Some(&at) = before.record_id().and_then(|id| now.by_id.get(id)) else {
        return Some("their record is not in ACP's export any more".to_owned());
    };
    if let Some(&made) = holders.iter().find(|&&at| now.is_new(at)) {
        let id = now.row(made).record_id().unwrap_or("without an ID");
        return Some(format!("record {id} was made beside theirs"));
    }
    let (after, sent) = (now.row(at), told.sides.user(user));
    let wrong = |field: &Field| -> bool {
        let Some(column) = Column::of_field(*field).filter(|column| now.export.has(*column)) else {
            return false;
        };
        let is_placement = matches!(field, Field::Branch | Field::Service);
        let is_written = row.changes.has(*field) && !(is_placement && row.hold != Hold::None);
        let told_branch = told.sides.branch(user);
        let expected = match (is_written, *field) {
            (true, Field::Branch) => told_branch.as_ref(),
            // The service follows from the branch, which is looked at.
            (_, Field::Service) => return false,
            (true, _) => sent.or_empty(column),
            (false, _) => before.or_empty(column),
        };
        !is_same_value(*field, expected, after.or_empty(column))
    };
    let fields: Vec<&str> =
        Field::ALL.iter().filter(|field| wrong(field)).map(|field| field.text()).collect();
    (!fields.is_empty()).then(|| {
        format!("{} {} not as planned", words::listed(&fields), if fields.len() == 1 { "is" } else { "are" })
    })
}

/// As ACP keeps it: an NHS number is its digits.
fn is_same_value(field: Field, one: &str, other: &str) -> bool {
    one == other || matches!((field.read(one), field.read(other)), (Ok(one), Ok(other)) if one == other)
}

fn says_the_same(before: ExportRow<'_>, after: ExportRow<'_>, export: &Export) -> bool {
    let is_same = |column: &Column| {
        let Some(field) = column.field() else { return true };
        !export.has(*column) || is_same_value(field, before.or_empty(*column), after.or_empty(*column))
    };
    Column::ALL.iter().all(is_same)
}
