//! What is different between a plan and the one that was signed off: person by person, and nothing that is the same.

use super::json::{Check, record_check, row_document};
use super::{PlanDocument, PlanTold, RowDocument};
use crate::{visible, words};
use go_live::plan::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    pub n_changes: usize,
    /// A line for each change; empty where there is none.
    pub text: String,
}

impl Since {
    fn tell(&mut self, sign: &str, text: &str) {
        self.n_changes += 1;
        let _ = writeln!(self.text, "   {sign:>2}  {text}");
    }
}

/// Compares a plan with an earlier one.
pub fn plan_since(earlier: &PlanDocument, told: &PlanTold<'_>) -> Since {
    let mut since = Since::default();
    let rows: Vec<RowDocument<'_>> =
        (0_u32..).zip(&told.plan.rows).map(|(user, row)| row_document(told, user, row)).collect();
    let before: BTreeMap<Check, &RowDocument<'_>> = earlier.rows.iter().map(|row| (row.key, row)).collect();
    let now: BTreeMap<Check, &RowDocument<'_>> = rows.iter().map(|row| (row.key, row)).collect();
    let gone: Vec<&RowDocument<'_>> =
        before.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, row)| *row).collect();
    let added: Vec<&RowDocument<'_>> =
        now.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(_, row)| *row).collect();
    let renamed = renamed(&gone, &added);
    for (from, to) in &renamed {
        since.tell("~", &format!("external ID {} is now {}: {}", shown(from), shown(to), becomes(from, to)));
    }
    let keys: BTreeSet<Check> = renamed.iter().flat_map(|(from, to)| [from.key, to.key]).collect();
    for row in added.iter().filter(|row| !keys.contains(&row.key)) {
        since.tell("+", &format!("{} is new in rostering: {}", shown(row), outcome(&row.outcome)));
    }
    for row in gone.iter().filter(|row| !keys.contains(&row.key)) {
        since.tell("-", &format!("{} is no longer in rostering; was: {}", shown(row), outcome(&row.outcome)));
    }
    for (key, row) in &now {
        if let Some(earlier) = before.get(key) {
            let what = what_changed(earlier, row);
            if !what.is_empty() {
                since.tell("~", &format!("{}: {}", shown(row), what.join(", ")));
            }
        }
    }
    records(&mut since, earlier, told);
    if since.n_changes == 0 && told.number != earlier.number {
        // Nobody is touched, and yet the files are not the same.
        since.tell("~", &other_inputs(earlier, told));
    }
    since
}

/// The same person under another identifier: what they say is the same to the letter, and nobody else says it.
fn renamed<'a>(
    gone: &[&'a RowDocument<'a>],
    added: &[&'a RowDocument<'a>],
) -> Vec<(&'a RowDocument<'a>, &'a RowDocument<'a>)> {
    let of = |row: &&&RowDocument<'_>| row.check;
    let mut pairs = Vec::new();
    for from in gone {
        let same: Vec<&&RowDocument<'_>> = added.iter().filter(|row| of(row) == from.check).collect();
        let n_from = gone.iter().filter(|row| of(row) == from.check).count();
        if let ([to], 1) = (&same[..], n_from) {
            pairs.push((*from, **to));
        }
    }
    pairs
}

fn what_changed(earlier: &RowDocument<'_>, row: &RowDocument<'_>) -> Vec<String> {
    let mut what = Vec::new();
    if earlier.check != row.check {
        what.push("changed in rostering".to_owned());
    }
    let ids = |row: &RowDocument<'_>| row.record.as_ref().map(|it| it.id.clone());
    match (&earlier.record, &row.record) {
        (Some(before), Some(now)) if before.id == now.id && before.check != now.check => {
            what.push(format!("record {} changed in ACP", now.id));
        }
        _ if ids(earlier) != ids(row) => {
            let id = |id: Option<String>| id.unwrap_or_else(|| "none".to_owned());
            what.push(format!("its record was {}, is {}", id(ids(earlier)), id(ids(row))));
        }
        _ => {}
    }
    let alike = |row: &RowDocument<'_>| row.alike.as_ref().map(|it| (it.record.clone(), it.check));
    if alike(earlier) != alike(row) {
        what.push("the record that looks like them changed in ACP".to_owned());
    }
    if earlier.outcome != row.outcome {
        what.push(becomes(earlier, row));
    }
    what
}

fn becomes(from: &RowDocument<'_>, to: &RowDocument<'_>) -> String {
    if from.outcome == to.outcome {
        format!("still {}", outcome(&to.outcome))
    } else {
        format!("was {}, is {}", outcome(&from.outcome), outcome(&to.outcome))
    }
}

/// Records that nobody leads to.
fn records(since: &mut Since, earlier: &PlanDocument, told: &PlanTold<'_>) {
    let shown = told.shown();
    let before: BTreeMap<&str, Check> =
        earlier.acp_only.iter().map(|it| (it.record.as_str(), it.check)).collect();
    let now: BTreeMap<String, Check> = told
        .plan
        .acp_only
        .iter()
        .map(|it| (shown.record(it.record), record_check(told, it.record)))
        .collect();
    for (id, check) in &now {
        match before.get(id.as_str()) {
            None => since.tell("o", &format!("record {id} is in ACP only, and was not")),
            Some(earlier) if earlier != check => {
                since.tell("o", &format!("record {id}, in ACP only, changed in ACP"));
            }
            Some(_) => {}
        }
    }
    for id in before.keys().filter(|id| !now.contains_key(**id)) {
        since.tell("o", &format!("record {id} was in ACP only, and is not any more"));
    }
}

fn other_inputs(earlier: &PlanDocument, told: &PlanTold<'_>) -> String {
    let sha =
        |side: &str| earlier.inputs.iter().find(|it| it.side == side).map_or("", |it| it.sha256.as_str());
    let now = |export: &go_live::exports::Export| {
        export.sha256.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let changed: Vec<&str> = [("rostering", told.sides.rostering), ("acp", told.sides.acp)]
        .into_iter()
        .filter(|(side, export)| sha(side) != now(export))
        .map(|(_, export)| export.file.as_str())
        .collect();
    if changed.is_empty() {
        "a setting, a decision or the meaning of a column is another one; nobody is touched by it".to_owned()
    } else {
        format!(
            "{} has other bytes, in something that no plan goes by: nobody is touched by it",
            words::listed(&changed)
        )
    }
}

fn shown(row: &RowDocument<'_>) -> String {
    row.external_id.as_deref().map_or_else(|| format!("the service user in row {}", row.row), visible::value)
}

fn outcome(code: &str) -> String {
    Outcome::from_code(code).map_or_else(|| visible::prose(code), |it| it.text().to_lowercase())
}
