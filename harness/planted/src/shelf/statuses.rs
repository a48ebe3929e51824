//! Faults of status: what becomes of leavers, and of records that somebody put away.

use super::{Family::Statuses, Fault, Way};
use crate::engine::reached;
use acp::{Action, Actor, Note, Outcome, RecordId};
use feed::{EndDate, Field};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Statuses,
        "leavers-become-inactive",
        "A record becomes inactive with the end date although it is to stay active.",
        Way::Reads(|settings| settings.end_date = EndDate::Deactivates),
    ),
    Fault::new(
        Statuses,
        "leavers-stay-active",
        "A record stays active after the end date although it is to become inactive.",
        Way::Reads(|settings| settings.end_date = EndDate::KeepsRecordActive),
    ),
    Fault::new(
        Statuses,
        "an-update-brings-records-back",
        "A record that somebody made inactive is active again after an update.",
        Way::Adds(|inside, update, receipt| {
            let put_away: Vec<RecordId> = reached(update, receipt)
                .filter(|(_, outcome, _)| {
                    matches!(outcome, Outcome::Matched { notes, .. } if notes.contains(&Note::NotActive))
                })
                .map(|(_, _, record)| record)
                .collect();
            for record in put_away {
                inside.act(Actor::TenantAdministrator, Action::Unarchive { record });
                inside.act(Actor::TenantAdministrator, Action::Reactivate { record });
            }
        }),
    ),
    Fault::new(
        Statuses,
        "put-away-records-are-not-updated",
        "A record that is not active is left out of updates.",
        Way::Hears(|inside, update| {
            update.service_users.retain(|user| {
                inside.of(&user.external_id).is_none_or(|record| record.status == acp::Status::Active)
            });
        }),
    ),
    Fault::new(
        Statuses,
        "leavers-are-not-updated",
        "Somebody who has left is left out of updates.",
        Way::Hears(|_, update| {
            update.service_users.retain(|user| user.fields.text(Field::EndDate).is_empty());
        }),
    ),
    Fault::new(
        Statuses,
        "the-end-date-is-not-kept",
        "An end date never reaches a record that is there.",
        Way::Hears(|inside, update| {
            for user in &mut update.service_users {
                if inside.of(&user.external_id).is_some() {
                    user.fields.remove(Field::EndDate);
                }
            }
        }),
    ),
    Fault::new(
        Statuses,
        "leavers-never-come-back",
        "An end date that was taken away in rostering stays in ACP.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                if user.fields.get(Field::EndDate).is_some_and(feed::Text::is_empty) {
                    user.fields.remove(Field::EndDate);
                }
            }
        }),
    ),
    Fault::new(
        Statuses,
        "archiving-does-nothing",
        "A record that somebody archives is answered as done and stays as it is.",
        Way::Ignores(|act| matches!(act.action, Action::Archive { .. })),
    ),
];
