//! Parts of sentences, and the clauses and settings that go with fields: what several situations, cases and warnings say
//! in the same words. Knows no situation.

use crate::find::Found;
use crate::say::{Near, count, list, moment, near_miss, near_name, quoted, value, visible};
use crate::words::Said;
use crate::{PersonSeen, Scene};
use acp::{By, CareKind, Origin, Record, Status};
use feed::{Clause, Field, Owner, Setting, System};
use std::collections::BTreeSet;

/// "Ada Okafor (external identifier SU-1)"
pub(crate) fn service_user(seen: &PersonSeen) -> String {
    let name = seen.person.fields.full_name();
    let id = visible(seen.person.sent_id.as_str());
    match (name.trim().is_empty(), seen.person.sent_id.is_blank()) {
        (true, true) => "a service user without name and external identifier".to_owned(),
        (true, false) => format!("the service user with the external identifier {id}"),
        (false, true) => format!("{name} (no external identifier)"),
        (false, false) => format!("{name} (external identifier {id})"),
    }
}

/// "Access People Planner"; with its name where there are several environments or the product has none.
pub(crate) fn rostering(scene: &Scene, environment: u8) -> String {
    let Some(seen) = scene.environments.get(usize::from(environment)) else {
        return "the rostering system".to_owned();
    };
    match seen.system {
        System::Other => format!("the rostering system {}", quoted(&seen.name)),
        system if scene.environments.len() > 1 => format!("{} ({})", system.title(), seen.name),
        system => system.title().to_owned(),
    }
}

/// "R1 (Ada Okafor)"
pub(crate) fn named(record: &Record) -> String {
    match record.synced.full_name() {
        name if name.trim().is_empty() => record.id.to_string(),
        name => format!("{} ({name})", record.id),
    }
}

/// "R1 (Ada Okafor, service "Home Care", made by hand, has care history: 1 care plan)"
pub(crate) fn in_full(record: &Record) -> String {
    let mut facts = vec![record.synced.full_name()];
    facts.retain(|name| !name.trim().is_empty());
    if !record.service().is_empty() {
        facts.push(format!("service {}", quoted(record.service())));
    }
    facts.push(match record.origin {
        Origin::Integration => "made by the integration".to_owned(),
        Origin::ByHand => "made by hand".to_owned(),
    });
    if record.status != Status::Active {
        facts.push(record.status.text().to_owned());
    }
    facts.push(if record.has_care_data() {
        format!("care history: {}", care(record))
    } else {
        "no care history".to_owned()
    });
    format!("{} ({})", record.id, facts.join(", "))
}

/// "1 care plan, 2 notes"
pub(crate) fn care(record: &Record) -> String {
    let items = CareKind::ALL.iter().filter_map(|&kind| {
        let (one, many) = match kind {
            CareKind::CarePlan => ("care plan", "care plans"),
            CareKind::Form => ("form", "forms"),
            CareKind::Note => ("note", "notes"),
            CareKind::Document => ("document", "documents"),
            CareKind::VisitHistory => ("visit carried out", "visits carried out"),
        };
        let n_items =
            record.local.care.iter().filter(|item| item.kind == kind && item.is_care_data()).count();
        (n_items > 0).then(|| count(n_items, one, many))
    });
    items.collect::<Vec<_>>().join(", ")
}

pub(crate) const fn actor(by: By) -> &'static str {
    match by {
        By::Integration { .. } => "The integration",
        By::TenantAdministrator => "A Tenant Administrator",
        By::BranchAdministrator => "A Branch Administrator",
        By::CareStaff => "Care staff",
        By::Support => "Support",
        By::ImplementationTeam => "The implementation team",
    }
}

pub(crate) fn pair<'a>(found: &Found<'a>) -> Option<(&'a Record, &'a Record)> {
    Some((found.record?, found.others.first()?))
}

/// One with care history, the other new from the integration and without (DUP-2).
pub(crate) fn is_sign_of_duplicate(with: &Record, without: &Record) -> bool {
    with.has_care_data() && !without.has_care_data() && without.origin == Origin::Integration
}

/// What is worth knowing about the identifiers of a pair.
pub(crate) fn identifiers(one: &Record, other: &Record) -> Option<String> {
    let id = |record: &'_ Record| record.external_id.as_ref().map(|id| id.as_str().to_owned());
    match (id(one), id(other)) {
        (Some(a), Some(b)) => {
            let how = near_miss(&a, &b).map(|how| format!(", which {how}")).unwrap_or_default();
            Some(format!("Their external identifiers are {} and {}{how}.", quoted(&a), quoted(&b)))
        }
        (Some(_), None) => Some(format!("Record {} has no external identifier.", other.id)),
        (None, Some(_)) => Some(format!("Record {} has no external identifier.", one.id)),
        (None, None) => None,
    }
}

/// What changed where and when.
pub(crate) fn change(scene: &Scene, found: &Found<'_>) -> String {
    let Some((environment, seen)) = found.person else { return String::new() };
    let (who, ros) = (service_user(seen), rostering(scene, environment));
    let since = found.since.map_or_else(String::new, |since| format!("Since {}, ", moment(since)));
    if found.fields.is_empty() {
        return format!("{since}{ros} has had {who} to send, and ACP has no record of them.");
    }
    let values = values(scene, found).join(" ");
    format!("{since}ACP has not shown {who} as {ros} does. {values}")
}

/// "The branch is "North Leeds" in Access People Planner and "South Leeds" in ACP.", the first few.
pub(crate) fn values(scene: &Scene, found: &Found<'_>) -> Vec<String> {
    /// More would not be read.
    const SHOWN: usize = 4;
    let (Some(record), Some((environment, seen))) = (found.record, found.person) else { return Vec::new() };
    let ros = rostering(scene, environment);
    let sentence = |field: Field| {
        let sent = scene.sent(environment, &seen.person, field).unwrap_or_default();
        let (sent, shown) = (value(field, &sent), value(field, record.synced.text(field)));
        match field {
            // It follows from the branch or from a service order.
            Field::Service => format!("By that the service is to be {sent}, and it is {shown} in ACP."),
            _ => format!("The {} is {sent} in {ros} and {shown} in ACP.", field.text()),
        }
    };
    let mut said: Vec<String> = found.fields.iter().take(SHOWN).map(|&field| sentence(field)).collect();
    if found.fields.len() > SHOWN {
        let n_more = found.fields.len() - SHOWN;
        said.push(format!("{}.", count(n_more, "more field differs", "more fields differ")));
    }
    said
}

pub(crate) fn names(fields: &[Field]) -> String {
    list(&fields.iter().map(|field| field.text().to_owned()).collect::<Vec<_>>())
}

pub(crate) fn window(found: &Found<'_>) -> String {
    let (why, window) = match (found.by_near_term, found.counted_from) {
        (true, None) => ("A visit starts within 72 hours", "20 minutes"),
        (true, Some(_)) => ("A visit comes within 72 hours", "20 minutes"),
        (false, _) => ("No visit within 72 hours makes it sooner", "24 hours"),
    };
    let from = found.counted_from.map(|from| format!(", counted from {}", moment(from))).unwrap_or_default();
    format!("{why}, so ACP is to follow within {window}{from}.")
}

pub(crate) const fn window_clause(found: &Found<'_>) -> Clause {
    if found.by_near_term { Clause::Time1 } else { Clause::Time2 }
}

pub(crate) fn is_placement(fields: &[Field]) -> bool {
    fields.iter().any(|field| matches!(field, Field::Branch | Field::Service))
}

/// The clauses that say ACP follows a correction in rostering.
pub(crate) fn follow_clauses(fields: &[Field]) -> Vec<Clause> {
    let mut clauses = Vec::new();
    if is_placement(fields) {
        clauses.push(Clause::Branch3);
    }
    if fields.contains(&Field::DateOfBirth) {
        clauses.push(Clause::Own9);
    }
    clauses
}

/// The clauses that say who controls a field. That dates, area, PIN, QR code, key safe and access details come under
/// the plain "the record is updated" is *assumed*.
pub(crate) fn owner_clauses(field: Field) -> Vec<Clause> {
    match field {
        Field::Title | Field::GivenName | Field::FamilyName => vec![Clause::Own6],
        Field::Branch | Field::Service => vec![Clause::Branch2, Clause::Own7],
        Field::DateOfBirth | Field::NhsNumber => vec![Clause::Own8, Clause::Own9],
        _ if field.owner() == Owner::StartsFromRostering => vec![Clause::Pub5],
        _ => vec![Clause::Sync4],
    }
}

pub(crate) fn field_settings(fields: &[Field]) -> Vec<Setting> {
    let mut settings = Vec::new();
    if fields.iter().any(|field| field.owner() == Owner::WhereManaged) {
        settings.push(Setting::ManagedDemographics);
    }
    if fields.iter().any(|field| field.owner() == Owner::StartsFromRostering) {
        settings.push(Setting::ContactDetails);
    }
    if fields.contains(&Field::Service) {
        settings.push(Setting::ServiceMove);
    }
    settings
}

/// The names that ACP has and that come nearest, with how they differ.
pub(crate) fn nearest(scene: &Scene, kind: &str, name: &str) -> Option<String> {
    let known: BTreeSet<&str> = scene
        .branches
        .iter()
        .map(|(branch, service)| if kind == "branch" { branch.as_str() } else { service.as_str() })
        .collect();
    let mut near: Vec<(Near, &str)> =
        known.into_iter().filter_map(|known| Some((near_name(name, known)?, known))).collect();
    near.sort_unstable();
    let (nearest, _) = *near.first()?;
    let names = near
        .iter()
        .filter(|(it, _)| *it == nearest)
        .map(|(near, known)| format!("{}, {}", quoted(known), near.how()));
    Some(format!("ACP has {}.", list(&names.collect::<Vec<_>>())))
}

/// Records that may be this service user and that their identifier does not lead to (DUP-1, DUP-8).
pub(crate) fn look_alikes_of_person(scene: &Scene, found: &Found<'_>, said: &mut Said) {
    let Some((_, seen)) = found.person else { return };
    if found.record.is_some() {
        return;
    }
    let id = seen.person.sent_id.as_str();
    let mut records = Vec::new();
    for record in scene.records_like_person(seen) {
        said.clauses.extend([Clause::Dup1, Clause::Dup8]);
        let has = match &record.external_id {
            None => "has no external identifier".to_owned(),
            Some(its) => {
                let how =
                    near_miss(id, its.as_str()).map(|how| format!("; the two {how}")).unwrap_or_default();
                format!("has the external identifier {}{how}", quoted(its.as_str()))
            }
        };
        said.what.push(format!("Record {} may be the same person and {has}.", in_full(record)));
        records.push(record.id.to_string());
    }
    if !records.is_empty() {
        said.what.push(format!("The first sync that carries {} will create a second record.", quoted(id)));
        said.to_do.push(format!(
            "If {} is the same person, have the external identifier {} set on that record before the next sync.",
            records.join(" or "),
            quoted(id),
        ));
    }
}
