//! Faults around duplicates: an engine that repairs by itself, and a Support desk that loses something.

use super::{Family::Duplicates, Fault, Way};
use crate::engine::{Inside, reached};
use acp::{Account, Action, Actor, CareKind, Origin, Outcome, RecordId, Reply};
use feed::{Deletion, Field, Update, UpdateKind};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Duplicates,
        "merges-look-alikes-by-itself",
        "Two records of one name are merged after an update, without anybody's review.",
        Way::Adds(|inside, update, _| {
            if let Some((survivor, loser)) = look_alikes(inside, update) {
                inside.act(Actor::Support, Action::Merge { survivor, loser });
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "puts-the-older-look-alike-away",
        "When a record of the same name is made, the one made by hand becomes inactive.",
        Way::Adds(|inside, update, receipt| {
            let by_hand: Vec<RecordId> = reached(update, receipt)
                .filter(|(_, outcome, _)| matches!(outcome, Outcome::Created { .. }))
                .filter_map(|(user, _, _)| {
                    let name = user.fields.full_name();
                    let mut others = inside.records.values().filter(|it| it.origin == Origin::ByHand);
                    others.find(|it| it.synced.full_name() == name).map(|record| record.id)
                })
                .collect();
            for record in by_hand {
                inside.act(Actor::TenantAdministrator, Action::Deactivate { record });
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "not-in-the-full-update-means-deleted",
        "A record that a full update does not carry is deleted.",
        Way::Adds(|inside, update, _| {
            for record in absent(inside, update) {
                inside.act(Actor::TenantAdministrator, Action::Delete { record });
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "not-in-the-full-update-means-inactive",
        "A record that a full update does not carry becomes inactive.",
        Way::Adds(|inside, update, _| {
            for record in absent(inside, update) {
                inside.act(Actor::TenantAdministrator, Action::Deactivate { record });
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "merges-the-wrong-way-round",
        "A merge keeps the record that was to go.",
        Way::Asked(|_, act| {
            if let Action::Merge { survivor, loser } = &mut act.action {
                std::mem::swap(survivor, loser);
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "a-merge-loses-notes",
        "Notes are gone from a record that another one was merged into.",
        Way::Shows(|record| {
            if !record.aliases.is_empty() {
                record.local.care.retain(|item| item.kind != CareKind::Note);
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "a-merge-loses-role-access",
        "A record that another one was merged into shows no role access.",
        Way::Shows(|record| {
            if !record.aliases.is_empty() {
                record.local.role_access.clear();
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "a-merge-leaves-visits-behind",
        "A record that another one was merged into shows no visits.",
        Way::Shows(|record| {
            if !record.aliases.is_empty() {
                record.visits.clear();
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "a-merged-record-stays-in-sight",
        "The record that went in a merge looks as if nothing had happened.",
        Way::Shows(|record| record.merged_into = None),
    ),
    Fault::new(
        Duplicates,
        "a-merge-does-nothing",
        "A merge is answered as done and not made.",
        Way::Ignores(|act| matches!(act.action, Action::Merge { .. })),
    ),
    Fault::new(
        Duplicates,
        "a-deletion-says-nothing-is-lost",
        "A deletion does not tell which care data went with it.",
        Way::Answers(|act, reply| {
            if let (Action::Delete { .. }, Reply::Done(done)) = (&act.action, reply) {
                done.account = Some(Account::default());
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "a-merge-tells-nothing",
        "A merge does not tell where the care data went.",
        Way::Answers(|act, reply| {
            if let (Action::Merge { .. }, Reply::Done(done)) = (&act.action, reply) {
                done.account = Some(Account::default());
            }
        }),
    ),
    Fault::new(
        Duplicates,
        "deletes-where-records-can-only-be-archived",
        "A record can be deleted although it may only be archived.",
        Way::Reads(|settings| settings.deletion = Deletion::Possible),
    ),
    Fault::new(
        Duplicates,
        "nothing-can-be-deleted",
        "A deletion is refused although it is possible.",
        Way::Reads(|settings| settings.deletion = Deletion::ArchiveOnly),
    ),
    Fault::new(
        Duplicates,
        "mapping-does-nothing",
        "An external identifier that somebody sets is answered as done and not kept.",
        Way::Ignores(|act| matches!(act.action, Action::SetExternalId { .. })),
    ),
];

/// Two live records of one full name and date of birth, of which the update carries one: the older first.
fn look_alikes(inside: &Inside, update: &Update) -> Option<(RecordId, RecordId)> {
    for user in &update.service_users {
        let (name, birth) = (user.fields.full_name(), user.fields.text(Field::DateOfBirth));
        let mut same = inside.records.values().filter(|record| {
            record.merged_into.is_none()
                && record.synced.full_name() == name
                && record.synced.text(Field::DateOfBirth) == birth
        });
        if let (Some(older), Some(newer)) = (same.next(), same.next()) {
            return Some((older.id, newer.id));
        }
    }
    None
}

/// Records of integration origin that a full update does not carry, although there is only one environment.
fn absent(inside: &Inside, update: &Update) -> Vec<RecordId> {
    let one_environment = inside.heard.iter().all(|(environment, _)| *environment == update.environment);
    if update.kind != UpdateKind::Full || !one_environment {
        return Vec::new();
    }
    let carried = |id: &feed::ExternalId| update.service_users.iter().any(|user| user.external_id == *id);
    let ours = inside.records.values().filter(|record| record.origin == Origin::Integration);
    ours.filter(|record| !record.external_id.iter().chain(&record.aliases).any(carried))
        .map(|record| record.id)
        .collect()
}
