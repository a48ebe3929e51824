//! Branch and service of a matched record, as one thing: followed, or held for Support. Knows what is asked,
//! not how it came to be asked.

use crate::ownership::Told;
use crate::place::Placement;
use crate::receive::Delivery;
use crate::{Change, HeldMove, Note, Record, Stamp};
use feed::{Clause, Field, ServiceMove, Text};

/// Moves the record to where rostering wants it, or holds the move. Changes of its fields are told; says whether a move that
/// waits came, went or is another now.
pub(crate) fn settle(record: &mut Record, target: Placement, delivery: &Delivery, told: &mut Told) -> bool {
    if record.held.is_none() && record.branch() == target.branch && record.service() == target.service {
        return false;
    }
    let Some(because) = needs_support(record, &target, delivery.settings.service_move) else {
        let from = Text::from(record.service());
        told.changes.extend(put(record, target, delivery.stamp(Clause::Own7)));
        take_empty_plans(record, &from);
        return record.held.take().is_some();
    };
    let before = record.held.take();
    let is_same = |held: &&HeldMove| held.to_branch == target.branch && held.to_service == target.service;
    let since = before.as_deref().filter(is_same).map_or_else(|| delivery.stamp(because), |held| held.since);
    let held = HeldMove { to_branch: target.branch, to_service: target.service, since };
    record.held = Some(Box::new(held.clone()));
    told.notes.push(Note::Held { held, because });
    record.held != before
}

/// Why a move waits for Support; none where the record follows rostering. A record in no service yet is
/// placed, not moved.
fn needs_support(record: &Record, target: &Placement, reading: ServiceMove) -> Option<Clause> {
    if record.service().is_empty() || record.service() == target.service {
        None
    } else if record.has_care_data() {
        Some(Clause::Move1)
    } else {
        (reading == ServiceMove::NeedsSupport).then_some(Clause::Pub4)
    }
}

/// Writes branch and service.
pub(crate) fn put(record: &mut Record, to: Placement, set: Stamp) -> impl Iterator<Item = Change> {
    let branch = record.write(Field::Branch, to.branch, set);
    let service = record.write(Field::Service, to.service, set);
    branch.into_iter().chain(service)
}

/// Takes along, out of the service that the record was in, the care plans that the integration made and
/// nobody wrote in. Whatever a person wrote stays where it is. *Assumed.*
pub(crate) fn take_empty_plans(record: &mut Record, from: &str) {
    let service = Text::from(record.service());
    for item in record.local.care.iter_mut().filter(|item| item.service == from && !item.is_care_data()) {
        item.service = service.clone();
    }
}

/// Forgets a held move that somebody has made by hand.
pub(crate) fn release(record: &mut Record) {
    let is_there = |held: &mut Box<HeldMove>| {
        held.to_branch == record.synced.text(Field::Branch)
            && held.to_service == record.synced.text(Field::Service)
    };
    record.held.take_if(is_there);
}
