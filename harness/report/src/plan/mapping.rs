//! What the implementation team puts on ACP's records before go-live, as a CSV that people on that side can load: external
//! IDs and no names.

use super::PlanTold;
use go_live::exports::Column;
use go_live::plan::Decision;
use std::collections::BTreeMap;

const HEADINGS: [&str; 12] = [
    "acp_record_id",
    "acp_service",
    "acp_branch",
    "has_care_history",
    "roster_system",
    "environment_prefix",
    "roster_external_id",
    "previous_external_id",
    "decision",
    "match_basis",
    "confirmed_by",
    "confirmed_on",
];

/// The file, with a mark at its start by which Excel knows UTF-8, and how many values got an apostrophe in front because
/// a spreadsheet would have taken them for formulas. None where nothing is to be put on any record.
pub fn plan_mapping(told: &PlanTold<'_>, decisions: &[Decision]) -> Option<(String, usize)> {
    let mapping = told.plan.mapping();
    if mapping.is_empty() {
        return None;
    }
    let by_record: BTreeMap<&str, &Decision> = decisions.iter().map(|it| (it.record.as_str(), it)).collect();
    let (mut text, mut n_guarded) = (String::from("\u{feff}"), 0);
    line(&mut text, &HEADINGS.map(str::to_owned), &mut n_guarded);
    for (record, to) in mapping {
        let row = told.sides.record(record);
        let id = row.record_id().unwrap_or("");
        let decision = by_record.get(id);
        let of = |of: fn(&Decision) -> &String| decision.map(|it| of(it).clone()).unwrap_or_default();
        let cells = [
            id.to_owned(),
            row.or_empty(Column::Service).to_owned(),
            row.or_empty(Column::Branch).to_owned(),
            told.shown().care(record).to_lowercase(),
            told.sides.set_up.system.text().to_owned(),
            told.sides.set_up.prefix.clone(),
            to.as_deref().unwrap_or("").to_owned(),
            row.external_id().unwrap_or("").to_owned(),
            if to.is_some() { "map" } else { "take off" }.to_owned(),
            if decision.is_some() { "decided by hand" } else { "held by another record that was decided" }
                .to_owned(),
            of(|it| &it.by),
            of(|it| &it.on),
        ];
        line(&mut text, &cells, &mut n_guarded);
    }
    Some((text, n_guarded))
}

fn line(text: &mut String, cells: &[String], n_guarded: &mut usize) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        *n_guarded += usize::from(is_formula);
        let cell = if is_formula { format!("'{cell}") } else { cell.clone() };
        if cell.contains([',', '"', '\n', '\r']) || cell.trim().len() < cell.len() {
            text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}
