//! Branch and service of a matched record, as one thing: followed, or held for Support. Knows what is asked, not
//! how it came to be asked.

use crate::ownership::Told;
use crate::place::Placement;
use crate::receive::Delivery;
use crate::{HeldMove, Note, Record, Stamp};
use feed::{Clause, Field, ServiceMove};

/// Moves the record to where rostering wants it, or holds the move; says whether anything about it is another now.
pub(crate) fn settle(record: &mut Record, target: Placement, delivery: &Delivery, told: &mut Told) -> bool {
    let Some(because) = needs_support(record, &target, delivery.settings.service_move) else {
        let n_changes = told.changes.len();
        told.changes.extend(put(record, target, delivery.stamp(Clause::Own7)));
        return record.held.take().is_some() || told.changes.len() > n_changes;
    };
    let before = record.held.take();
    let held = match before.clone() {
        Some(held) if held.to_branch == target.branch && held.to_service == target.service => held,
        _ => {
            HeldMove { to_branch: target.branch, to_service: target.service, since: delivery.stamp(because) }
        }
    };
    record.held = Some(held.clone());
    told.notes.push(Note::Held { held, because });
    record.held != before
}

/// Why a move waits for Support; none where the record follows rostering. A record in no service yet is placed,
/// not moved.
fn needs_support(record: &Record, target: &Placement, reading: ServiceMove) -> Option<Clause> {
    if record.service().is_empty() || record.service() == target.service {
        None
    } else if record.has_care_data() {
        Some(Clause::Move1)
    } else {
        (reading == ServiceMove::NeedsSupport).then_some(Clause::Pub4)
    }
}

/// Writes branch and service. Care plans that the integration made and nobody wrote in go along; whatever a
/// person wrote stays in the service where it is. *Assumed.*
pub(crate) fn put(record: &mut Record, to: Placement, set: Stamp) -> impl Iterator<Item = crate::Change> {
    for item in record.local.care.iter_mut().filter(|item| !item.is_care_data()) {
        item.service = to.service.clone();
    }
    let branch = record.write(Field::Branch, to.branch, set);
    let service = record.write(Field::Service, to.service, set);
    branch.into_iter().chain(service)
}

/// Forgets a held move that somebody has made by hand.
pub(crate) fn release(record: &mut Record) {
    let is_there = |held: &mut HeldMove| {
        held.to_branch == record.synced.text(Field::Branch)
            && held.to_service == record.synced.text(Field::Service)
    };
    record.held.take_if(is_there);
}
