//! What has to be so at the end, when nothing has happened for a whole window: both systems agree. Compares what they
//! show, field by field; knows no deadline but the longest.

use super::{AT_REST, Broken, IN_PLACE, Tally, compared};
use crate::{Hit, Trace, What};
use acp::{Record, RecordId};
use feed::{FAR_WINDOW, Field, System, Text, Timestamp};
use guidance::{PersonSeen, Scene, Sight};
use link::after;
use scenario::Case;
use std::collections::BTreeMap;

/// When something last happened that a sync could have to do with, to anybody.
fn last_disturbance(trace: &Trace) -> Timestamp {
    let mut last = trace.began_at;
    for event in &trace.events {
        let until = match &event.what {
            What::Fault { hit, .. } => match hit {
                Hit::Delayed(by) => after(event.at, *by),
                Hit::Repeated { again_at } | Hit::Down { again_at } | Hit::Refused { again_at, .. } => {
                    *again_at
                }
                _ => event.at,
            },
            What::Rostering { result: Ok(happened), .. } if *happened != rostering::Happened::default() => {
                event.at
            }
            What::Acp { result: Ok(_), .. } | What::Saw(Sight::Live { .. } | Sight::Branches(_)) => event.at,
            _ => continue,
        };
        last = last.max(until);
    }
    last
}

pub(super) fn at_rest(case: &Case, trace: &Trace, tally: &Tally) -> Vec<Broken> {
    // A full update may have left at the very instant of the last change, and missed it.
    if trace.ended_at <= after(last_disturbance(trace), FAR_WINDOW) {
        return Vec::new();
    }
    let scene = &trace.scene;
    let mut leads: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in scene.live_records() {
        for id in record.external_id.iter().chain(&record.aliases) {
            leads.entry(compared(id, &case.settings)).or_default().push(record);
        }
    }
    // Of two who lead to one record nobody can say whose values stand.
    let mut n_people: BTreeMap<RecordId, usize> = BTreeMap::new();
    for ((_, sent_id), _) in scene.people.iter().filter(|(_, seen)| seen.deleted_at.is_none()) {
        for record in leads.get(compared(sent_id, &case.settings)).into_iter().flatten() {
            *n_people.entry(record.id).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for ((environment, sent_id), seen) in &scene.people {
        let records = leads.get(compared(sent_id, &case.settings)).map_or(&[][..], Vec::as_slice);
        if let [record] = records
            && n_people.get(&record.id) == Some(&1)
            && is_sent(scene, *environment, seen, trace.ended_at)
        {
            found.extend(agree(case, scene, (*environment, seen), record, tally));
        }
    }
    found
}

/// Somebody whom every full update carries and ACP can take in.
fn is_sent(scene: &Scene, environment: u8, seen: &PersonSeen, now: Timestamp) -> bool {
    let person = &seen.person;
    let is_live = scene.environments[usize::from(environment)].live_since.is_some();
    let has_service_order = person.orders.iter().any(|order| order.service.is_some());
    let is_named = !person.fields.full_name().trim().is_empty() && !person.fields.full_name().contains('\0');
    seen.deleted_at.is_none()
        && is_live
        && person.is_active(now)
        && is_named
        && !has_service_order
        && !person.sent_id.is_blank()
}

fn agree(
    case: &Case,
    scene: &Scene,
    (environment, seen): (u8, &PersonSeen),
    record: &Record,
    tally: &Tally,
) -> Vec<Broken> {
    let environment = &case.environments[usize::from(environment)];
    let prefix = environment.prefix.as_deref().filter(|_| environment.system == System::PeoplePlanner);
    let mut found = Vec::new();
    let fields = &seen.person.fields;
    let branch = fields.text(Field::Branch);
    let sent = Text::from(format!("{}{branch}", prefix.unwrap_or_default()));
    let knows_branch = scene.branches.iter().any(|(name, _)| *name == sent);
    if !knows_branch && !branch.is_empty() {
        // Refused as a whole, for as long as ACP lacks the branch.
        return found;
    }
    if !branch.is_empty() {
        tally.armed(IN_PLACE);
        if record.branch() != sent.as_str() && record.held.is_none() {
            let what =
                format!("{} is in \"{}\" where rostering says \"{sent}\".", record.id, record.branch());
            found.push(IN_PLACE.broken(what));
        }
    }
    let managed = case.settings.managed_demographics;
    for field in [Field::Title, Field::GivenName, Field::FamilyName, Field::DateOfBirth, Field::NhsNumber] {
        let Some(wanted) = fields.get(field) else { continue };
        let Ok(wanted) = field.read(wanted) else { continue };
        if !managed.manages(field) {
            continue;
        }
        tally.armed(AT_REST);
        if record.synced.text(field) != wanted.as_str() {
            let (name, got) = (field.text(), record.synced.text(field));
            found.push(AT_REST.broken(format!(
                "The {name} of {} is \"{got}\" where rostering says \"{wanted}\".",
                record.id
            )));
        }
    }
    found
}
