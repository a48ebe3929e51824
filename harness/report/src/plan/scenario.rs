//! A decided plan as a scenario that guards it: the same branches, records, identifiers and branches of people, none of
//! their names, and what the first sync did to each. `rehearse run` then says whether it still does.

use super::PlanTold;
use go_live::exports::{CareHistory, Column, Origin, Status};
use go_live::plan::{Hold, Outcome, Row, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// So many service users at most: a scenario is read by people.
const MOST: usize = 50;

/// The scenario, as a file. Those whom somebody decided about and those who are not simply the same come first.
pub fn plan_scenario(told: &PlanTold<'_>) -> String {
    let mut users = chosen(told);
    users.truncate(MOST);
    about(told, &users)
}

/// The scenario of one service user, by their external identifier. The error: the identifiers of all of whom there can be
/// one.
pub fn plan_scenario_of(told: &PlanTold<'_>, identifier: &str) -> Result<String, Vec<String>> {
    let users = chosen(told);
    match users.iter().find(|&&user| told.sides.identifier(user) == identifier) {
        Some(&user) => Ok(about(told, &[user])),
        None => Err(users.iter().map(|&user| told.sides.identifier(user).into_owned()).collect()),
    }
}

fn about(told: &PlanTold<'_>, users: &[u32]) -> String {
    let mut text = head(told, users.len());
    text.push_str("given:\n");
    text.push_str(&places(told, users));
    let records = records(told, users);
    let numbers: BTreeMap<u32, usize> = records.iter().copied().zip(1..).collect();
    for &record in &records {
        text.push_str(&record_line(told, record, numbers[&record]));
    }
    for (number, &user) in (1..).zip(users) {
        text.push_str(&user_line(told, user, number));
    }
    text.push_str("  - the first sync has finished\nsteps:\n");
    for (number, &user) in (1..).zip(users) {
        text.push_str(&expected(told, user, number, &numbers));
    }
    text
}

/// Whom the scenario is about: those who can be told by their identifier, the decided and the worst first.
fn chosen(told: &PlanTold<'_>) -> Vec<u32> {
    let can_be_told = |user: u32, row: &Row| {
        let identifier = told.sides.identifier(user);
        let is_named = !identifier.trim().is_empty() && !told.plan.shared.contains(&user);
        is_named && !matches!(row.why, Why::Refused(_) | Why::LeftOut | Why::HasEnded)
    };
    let mut users: Vec<(bool, Outcome, String, u32)> = (0_u32..)
        .zip(&told.plan.rows)
        .filter(|(user, row)| can_be_told(*user, row))
        .map(|(user, row)| {
            (row.settled.is_none(), row.outcome, told.sides.identifier(user).into_owned(), user)
        })
        .collect();
    users.sort();
    users.into_iter().map(|(.., user)| user).collect()
}

fn head(told: &PlanTold<'_>, n: usize) -> String {
    let sides = told.sides;
    let clock = sides.set_up.first_sync.to_zoned(feed::london().clone());
    let mut text = format!(
        "scenario: Go-live plan {} does what was signed off\nabout: >\n  Made from the plan, for {n} of {} service users. Names are not in it.\n\
         proves: [SYNC-4, SYNC-5, DUP-8]\ntags: [go-live]\nclock: {} Europe/London\n",
        told.number,
        told.plan.rows.len(),
        clock.strftime("%Y-%m-%d %H:%M")
    );
    let changed: Vec<String> = sides
        .set_up
        .settings
        .changed()
        .map(|setting| format!("{}: {}", setting.text(), sides.set_up.settings.text(setting)))
        .collect();
    if !changed.is_empty() {
        let _ = writeln!(text, "rules: {{ {} }}", changed.join(", "));
    }
    text
}

/// The branches that somebody in the scenario is in.
fn places(told: &PlanTold<'_>, users: &[u32]) -> String {
    let mut names: BTreeSet<String> =
        users.iter().map(|&user| told.sides.branch(user).into_owned()).collect();
    names.extend(
        records(told, users)
            .iter()
            .map(|&record| told.sides.record(record).or_empty(Column::Branch).to_owned()),
    );
    let mut by_service: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for branch in told.plan.places.acp.iter().filter(|it| names.contains(it.name.as_str())) {
        let service = match branch.services.first() {
            Some((service, _)) => service.to_string(),
            None => format!("Service of {}", branch.name),
        };
        by_service.entry(service).or_default().push(quoted(&branch.name));
    }
    let services: Vec<String> = by_service
        .into_iter()
        .map(|(service, branches)| format!("{}: [{}]", quoted(&service), branches.join(", ")))
        .collect();
    format!("  - services: {{ {} }}\n", services.join(", "))
}

/// The records that the service users lead to or look like.
fn records(told: &PlanTold<'_>, users: &[u32]) -> Vec<u32> {
    let rows = users.iter().map(|&user| &told.plan.rows[user as usize]);
    let records: BTreeSet<u32> =
        rows.flat_map(|row| row.record.into_iter().chain(row.alike.map(|alike| alike.record))).collect();
    records.into_iter().collect()
}

fn record_line(told: &PlanTold<'_>, record: u32, number: usize) -> String {
    let row = told.sides.record(record);
    let held = told.plan.holds(told.sides, record);
    let identifier =
        if held.trim().is_empty() { String::new() } else { format!(", external id: {}", quoted(&held)) };
    let branch = row.or_empty(Column::Branch);
    let branch = if branch.is_empty() { String::new() } else { format!(", branch: {}", quoted(branch)) };
    let care = if row.care_history() == CareHistory::Known(false) { "" } else { ", notes: 1" };
    let origin = if row.origin() == Some(Origin::Integration) { "integration" } else { "hand" };
    let status = match row.status() {
        Some(Status::Inactive) => ", status: inactive",
        Some(Status::Archived) => ", status: archived",
        Some(Status::Active) | None => "",
    };
    format!(
        "  - acp record: {{ called: record {number}, name: Record {number}{branch}{identifier}, made by: {origin}{status}{care} }}\n"
    )
}

fn user_line(told: &PlanTold<'_>, user: u32, number: usize) -> String {
    let branch = told.sides.branch(user);
    format!(
        "  - service user: {{ id: {}, name: Person {number}, branch: {} }}\n",
        quoted(&told.sides.identifier(user)),
        quoted(&branch)
    )
}

/// What the plan says of one service user.
fn expected(told: &PlanTold<'_>, user: u32, number: usize, numbers: &BTreeMap<u32, usize>) -> String {
    let row = &told.plan.rows[user as usize];
    let identifier = quoted(&told.sides.identifier(user));
    let branch = quoted(&told.sides.branch(user));
    let (says, has) = match row.record {
        Some(record) => {
            let record_number = numbers[&record];
            let held = row.hold != Hold::None;
            let has = if held {
                format!(
                    "record: record {record_number}, has: {{ external id: {identifier}, held move: yes }}"
                )
            } else {
                format!(
                    "record: record {record_number}, has: {{ external id: {identifier}, branch: {branch} }}"
                )
            };
            (
                format!(
                    "record {record_number} is updated{}",
                    if held { ", and its move is held" } else { "" }
                ),
                has,
            )
        }
        None => (
            "a new record is made".to_owned(),
            format!("service user: {identifier}, has: {{ origin: integration, branch: {branch} }}"),
        ),
    };
    format!("  - then: \"Person {number}: {says}\"\n    acp: {{ {has} }}\n")
}

/// A value as YAML takes it, whatever is in it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
