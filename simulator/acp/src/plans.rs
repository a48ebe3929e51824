//! Care plans that the integration makes for service requirements (Care Rostering, article 11065162). Never
//! touches what a person wrote: an ended plan stays, with its activities.

use crate::{CareItem, CareKind, Note, Record, Stamp};
use feed::{Clause, Requirement};
use std::collections::BTreeSet;

fn is_open_plan_of_integration(item: &CareItem) -> bool {
    item.kind == CareKind::CarePlan && item.requirement.is_some() && item.ended.is_none()
}

/// Brings the care plans in line with the requirements that were sent. A requirement that the record has
/// never had ends every open plan that the integration made, and begins one without activities (PUB-11);
/// several that come together each begin one. A requirement that is no longer sent ends its plan. None where
/// nothing changed.
pub(crate) fn follow(
    record: &mut Record,
    sent: &[Requirement],
    next_number: &mut u32,
    update: Stamp,
) -> Option<Note> {
    let now = update.under(Clause::Pub11);
    let fresh = unknown_to(record, sent);
    let mut ended = Vec::new();
    for item in record.local.care.iter_mut().filter(|item| is_open_plan_of_integration(item)) {
        let still_sent = sent.iter().any(|it| Some(&it.id) == item.requirement.as_ref());
        if !fresh.is_empty() || !still_sent {
            item.ended = Some(now);
            ended.push(item.number);
        }
    }
    let mut added = Vec::new();
    for requirement in fresh {
        *next_number += 1;
        added.push(*next_number);
        record.local.care.push(plan_for(requirement, *next_number, record.service(), now));
    }
    (!ended.is_empty() || !added.is_empty()).then_some(Note::CarePlans { ended, added })
}

fn unknown_to<'a>(record: &Record, sent: &'a [Requirement]) -> Vec<&'a Requirement> {
    let mut seen: BTreeSet<&str> =
        record.local.care.iter().filter_map(|item| item.requirement.as_deref()).collect();
    let mut fresh = Vec::new();
    for requirement in sent {
        if seen.insert(&requirement.id) {
            fresh.push(requirement);
        }
    }
    fresh
}

fn plan_for(requirement: &Requirement, number: u32, service: &str, added: Stamp) -> CareItem {
    CareItem {
        number,
        kind: CareKind::CarePlan,
        title: requirement.name.clone(),
        service: service.into(),
        added,
        activities: Vec::new(),
        requirement: Some(requirement.id.clone()),
        ended: None,
    }
}
