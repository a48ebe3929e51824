//! What was done in a sandbox, as a scenario: the same beginning, every call that stands at its instant, and at the end
//! what is true then, record by record. What the language has no words for is refused by its number.

mod places;
mod steps;
mod yaml;

use acp::{CareKind, Record, RecordId};
use feed::{Clause, Field, Settings};
use places::Places;
use service::{Call, Saved};
use std::{collections::BTreeMap, fmt::Write as _};
use steps::step;
use yaml::{map, moment, pair, text, texts};

/// The file, laid out. The error is whole sentences: what cannot be said, all of it.
pub(crate) fn scenario(saved: &Saved) -> Result<String, String> {
    if saved.steps.iter().all(|step| step.call == Call::Pass) && saved.records.is_empty() {
        return Err("Nothing was done in this world yet, so there is nothing to save.".to_owned());
    }
    let mut places = Places::of(&saved.set_up);
    let mut cannot: Vec<String> = Vec::new();
    let mut body = head(saved);
    body.push_str(&given(saved, &places, &mut cannot));
    body.push_str("steps:\n");
    for (number, _) in (0..).zip(&saved.set_up.environments).filter(|(_, it)| it.live) {
        let name = text(places.name(number));
        let at = moment(saved.set_up.clock).unwrap_or_default();
        let _ = writeln!(
            body,
            "  - when: {} is on\n    at: {at}\n    integration: {{ goes live: {name} }}",
            of(&places, number)
        );
    }
    let mut n_faults = 0;
    for it in &saved.steps {
        match step(it, saved, &mut places, &mut n_faults) {
            Ok(written) if written.contains(PARAMETER) => {
                cannot
                    .push(format!("Call {}: a text with {PARAMETER} in it would be a parameter.", it.number));
            }
            Ok(written) => body.push_str(&written),
            Err(why) => cannot.push(format!("Call {}: {why}.", it.number)),
        }
    }
    match end(saved, &places) {
        Ok(written) => body.push_str(&written),
        Err(why) => cannot.push(why),
    }
    if !cannot.is_empty() {
        return Err(format!("A scenario has no words for this, so nothing was saved. {}", cannot.join(" ")));
    }
    scenario::format("sandbox.yaml", &body).map_err(|_| {
        "What was done does not make a file that can be laid out, which is a fault of ours.".to_owned()
    })
}

/// How a parameter begins, which cannot be said otherwise.
const PARAMETER: &str = "${";

/// "The integration of office", or of the only one there is.
fn of(places: &Places, environment: u8) -> String {
    text(&format!("the integration of {}", places.name(environment)))
}

fn head(saved: &Saved) -> String {
    let n = saved.steps.len();
    let mut out = format!(
        "scenario: {}\nabout: >-\n  Saved from a sandbox: {}, and at the end what was true then. Care data has the titles that scenarios \
         give, and support cases are told, not raised.\nproves: [{}]\ntags: [sandbox]\nclock: {}\nseed: {}\n",
        text(&format!("What was done in the sandbox {}", saved.world)),
        report::counted(n, "call", "calls"),
        proves(saved).join(", "),
        moment(saved.set_up.clock).unwrap_or_default(),
        saved.set_up.seed
    );
    let settings = Settings::from(saved.set_up.settings.clone());
    let changed: Vec<(String, String)> =
        settings.changed().map(|it| pair(it.text(), settings.text(it))).collect();
    if !changed.is_empty() {
        let _ = writeln!(out, "rules: {}", map(&changed));
    }
    out
}

/// What decided something there; where nothing did, that what is made in ACP stays in ACP.
fn proves(saved: &Saved) -> Vec<String> {
    if saved.clauses.is_empty() {
        return vec![Clause::Pub7.code().to_owned()];
    }
    saved.clauses.iter().map(|clause| clause.code().to_owned()).collect()
}

fn given(saved: &Saved, places: &Places, cannot: &mut Vec<String>) -> String {
    let mut out = String::from("given:\n");
    for it in &saved.set_up.environments {
        let mut pairs = vec![pair("name", text(&it.name)), pair("system", it.system.0.text())];
        pairs.extend(it.prefix.iter().map(|prefix| pair("prefix", text(prefix))));
        let _ = writeln!(out, "  - rostering system: {}", map(&pairs));
    }
    if !saved.set_up.services.is_empty() {
        let services: Vec<(String, String)> =
            saved.set_up.services.iter().map(|it| (text(&it.name), texts(&it.branches))).collect();
        let _ = writeln!(out, "  - acp services: {}", map(&services));
    }
    for it in saved.set_up.environments.iter().filter(|it| !it.branches.is_empty()) {
        let mut branches = it.branches.clone();
        branches.sort();
        branches.dedup();
        let _ = writeln!(out, "  - rostering branches: {}\n    system: {}", texts(&branches), text(&it.name));
    }
    for (idx, it) in saved.set_up.records.iter().enumerate() {
        match record(it, places) {
            Ok(pairs) => {
                let _ = writeln!(out, "  - acp record: {}", map(&pairs));
            }
            Err(why) => cannot.push(format!("Record R{} of the set-up: {why}.", idx + 1)),
        }
    }
    if out == "given:\n" { String::new() } else { out }
}

const REAL: &str = "its NHS number could be a real person's, and those have no place in a scenario";

fn record(it: &service::wire::Planted, places: &Places) -> Result<Vec<(String, String)>, String> {
    let mut pairs = yaml::fields(&it.fields.0, |field, value| places.is_in_acp(field, value)).ok_or(REAL)?;
    if it.fields.0.get(Field::Branch).is_none() && it.fields.0.get(Field::Service).is_none() {
        pairs.push(pair("branch", "\"\""));
    }
    pairs.extend(it.external_id.iter().map(|id| pair("external id", text(id))));
    pairs.push(pair("made by", if it.origin.0 == acp::Origin::ByHand { "hand" } else { "integration" }));
    pairs.push(pair("status", it.status.0.text()));
    if !it.role_access.is_empty() {
        pairs.push(pair("role access", texts(&it.role_access)));
    }
    let mut n_of: BTreeMap<&str, usize> = BTreeMap::new();
    for item in &it.care {
        *n_of.entry(care_key(item.kind.0)).or_default() += 1;
        *n_of.entry("activities").or_default() += item.activities.len();
    }
    pairs.extend(n_of.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| pair(key, n.to_string())));
    Ok(pairs)
}

/// As the language counts them.
pub(super) const fn care_key(kind: CareKind) -> &'static str {
    match kind {
        CareKind::CarePlan => "care plans",
        CareKind::Form => "forms",
        CareKind::Note => "notes",
        CareKind::Document => "documents",
        CareKind::VisitHistory => "visit history",
    }
}

fn end(saved: &Saved, places: &Places) -> Result<String, String> {
    let at = moment(saved.now).ok_or("The clock stands between two milliseconds.")?;
    let n = saved.records.iter().filter(|it| it.merged_into.is_none()).count();
    let mut out = format!(
        "  - then: {}\n    at: {at}\n    acp records: {{ count: {n} }}\n",
        text(&format!("at the end ACP has {}", report::counted(n, "record", "records")))
    );
    let there: Vec<RecordId> = saved.records.iter().map(|it| it.id).collect();
    let last = there.iter().map(|id| id.0).max().unwrap_or_default();
    let gone: Vec<u32> = (1..=last).filter(|id| !there.contains(&RecordId(*id))).collect();
    if !there.is_empty() {
        out.push_str("    acp:\n");
    }
    for it in &saved.records {
        let _ = writeln!(out, "      - {{ record: {}, has: {} }}", it.id, map(&has(it, places)));
    }
    for id in gone {
        let _ = writeln!(out, "      - {{ record: R{id}, is: absent }}");
    }
    Ok(out)
}

/// What is worth asking of a record at the end.
fn has(it: &Record, places: &Places) -> Vec<(String, String)> {
    let values = it.synced.values();
    let place = |field: Field| {
        let value = values.text(field);
        let value =
            if value.is_empty() || places.is_in_acp(field, value) { text(value) } else { yaml::raw(value) };
        pair(field.text(), value)
    };
    let id = it.external_id.as_ref().map_or_else(|| "none".to_owned(), |id| places.sent(id.as_str()));
    let mut pairs = vec![
        pair("name", text(&values.full_name())),
        place(Field::Branch),
        place(Field::Service),
        pair("external id", id),
        pair("status", it.status.text()),
        pair("origin", if it.origin == acp::Origin::ByHand { "by hand" } else { "integration" }),
    ];
    for kind in CareKind::ALL {
        let n = it.local.care.iter().filter(|item| item.kind == *kind).count();
        if n > 0 || !it.local.care.is_empty() {
            pairs.push(pair(care_key(*kind), n.to_string()));
        }
    }
    if it.local.care.is_empty() {
        pairs.push(pair("care history", "no"));
    }
    pairs.push(pair("visits", it.visits.len().to_string()));
    if !it.local.role_access.is_empty() {
        pairs.push(pair("role access", texts(it.local.role_access.iter().map(|(role, _)| role))));
    }
    pairs.push(pair("held move", if it.held.is_some() { "yes" } else { "none" }));
    pairs.extend(it.merged_into.map(|into| pair("merged into", into.to_string())));
    pairs
}
