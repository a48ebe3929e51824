//! Faults of ownership: what rostering controls stays, or what ACP controls goes.

use super::{Family::Ownership, Fault, Way};
use crate::engine::{Inside, reached};
use acp::{Action, Actor, CareKind, Outcome, Receipt, Record, RecordId};
use feed::{AbsentField, ContactDetails, Field, Fields, Text, Update};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Ownership,
        "rosterings-contact-details-win",
        "A telephone number or address that somebody edited in ACP is overwritten.",
        Way::Reads(|settings| settings.contact_details = ContactDetails::AlwaysRostering),
    ),
    Fault::new(
        Ownership,
        "contact-details-are-never-updated",
        "A telephone number or address that came from rostering stays for ever.",
        Way::Reads(|settings| settings.contact_details = ContactDetails::AlwaysAcp),
    ),
    Fault::new(
        Ownership,
        "own-edits-win-whatever-the-setting",
        "ACP's own contact details stay although rostering's are to win.",
        Way::Reads(|settings| settings.contact_details = ContactDetails::AcpKeepsItsOwn),
    ),
    Fault::new(
        Ownership,
        "absent-is-cleared",
        "A field that an update does not carry is taken away.",
        Way::Reads(|settings| settings.absent_field = AbsentField::ClearsValue),
    ),
    Fault::new(
        Ownership,
        "absent-never-clears",
        "A field that an update does not carry stays although it is to be taken away.",
        Way::Reads(|settings| settings.absent_field = AbsentField::LeavesValue),
    ),
    Fault::new(
        Ownership,
        "cleared-counts-as-absent",
        "A field that rostering cleared keeps its value.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                user.fields.retain(|_, value| !value.is_empty());
            }
        }),
    ),
    Fault::new(
        Ownership,
        "date-of-birth-is-never-corrected",
        "A date of birth that rostering manages is not overwritten.",
        Way::Reads(|settings| settings.managed_demographics.date_of_birth = false),
    ),
    Fault::new(
        Ownership,
        "date-of-birth-is-always-written",
        "A date of birth that the integration does not manage is written all the same.",
        Way::Reads(|settings| settings.managed_demographics.date_of_birth = true),
    ),
    Fault::new(
        Ownership,
        "nhs-number-is-never-written",
        "An NHS number that the integration manages is not written.",
        Way::Reads(|settings| settings.managed_demographics.nhs_number = false),
    ),
    Fault::new(
        Ownership,
        "day-and-month-are-swapped",
        "A date of birth is read as day and month the other way round where both can be a month.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                if let Some(swapped) = user.fields.get(Field::DateOfBirth).and_then(|date| swapped(date)) {
                    user.fields.set(Field::DateOfBirth, swapped);
                }
            }
        }),
    ),
    Fault::new(
        Ownership,
        "names-edited-in-acp-stay",
        "A name that somebody changed in ACP is not overwritten any more.",
        Way::Hears(|inside, update| {
            leave_out(inside, update, |record, field| {
                matches!(field, Field::GivenName | Field::FamilyName) && is_set_by_hand(record, field)
            });
        }),
    ),
    Fault::new(
        Ownership,
        "names-are-written-once",
        "A name is taken from rostering when the record is made and never again.",
        Way::Hears(|inside, update| {
            leave_out(inside, update, |_, field| matches!(field, Field::GivenName | Field::FamilyName));
        }),
    ),
    Fault::new(
        Ownership,
        "key-safe-is-written-once",
        "Key safe and access details are taken from rostering when the record is made and never again.",
        Way::Hears(|inside, update| {
            leave_out(inside, update, |_, field| matches!(field, Field::KeySafe | Field::AccessDetails));
        }),
    ),
    Fault::new(
        Ownership,
        "e-mail-is-cleared",
        "An update takes away the e-mail address, which it never carries.",
        Way::Adds(|inside, update, receipt| {
            fix(inside, update, receipt, |record| {
                let has_one = !record.synced.text(Field::Email).is_empty();
                has_one.then(|| Fields::from_iter([(Field::Email, Text::new())]))
            });
        }),
    ),
    Fault::new(
        Ownership,
        "an-empty-telephone-clears-acps-own",
        "A telephone number added in ACP goes when rostering sends none.",
        Way::Adds(|inside, update, receipt| {
            let empty: Vec<RecordId> = reached(update, receipt)
                .filter(|(user, _, _)| user.fields.text(Field::Phone).is_empty())
                .map(|(_, _, record)| record)
                .collect();
            fix(inside, update, receipt, |record| {
                let goes = empty.contains(&record.id) && is_set_by_hand(record, Field::Phone);
                (goes && !record.synced.text(Field::Phone).is_empty())
                    .then(|| Fields::from_iter([(Field::Phone, Text::new())]))
            });
        }),
    ),
    Fault::new(
        Ownership,
        "addresses-are-replaced-whole",
        "Address lines that somebody added in ACP go with every update.",
        Way::Adds(|inside, update, receipt| {
            fix(inside, update, receipt, |record| {
                let lines = [Field::AddressLine2, Field::AddressLine3, Field::AddressLine4, Field::County];
                let own = lines
                    .into_iter()
                    .filter(|line| is_set_by_hand(record, *line) && !record.synced.text(*line).is_empty());
                let set: Fields = own.map(|line| (line, Text::new())).collect();
                (!set.is_empty()).then_some(set)
            });
        }),
    ),
    Fault::new(
        Ownership,
        "role-access-is-reset",
        "Every update that changes something takes all role access away.",
        Way::Adds(|inside, update, receipt| {
            let changed: Vec<RecordId> = reached(update, receipt)
                .filter(|(_, outcome, _)| matches!(outcome, Outcome::Matched { changes, .. } if !changes.is_empty()))
                .map(|(_, _, record)| record)
                .collect();
            revoke_all(inside, &changed);
        }),
    ),
    Fault::new(
        Ownership,
        "role-access-stays-in-the-branch",
        "A record that follows rostering to another branch loses its role access.",
        Way::Adds(|inside, update, receipt| {
            let moved: Vec<RecordId> = reached(update, receipt)
                .filter(|(_, outcome, _)| {
                    matches!(outcome, Outcome::Matched { changes, .. }
                        if changes.iter().any(|change| change.field == Field::Branch))
                })
                .map(|(_, _, record)| record)
                .collect();
            revoke_all(inside, &moved);
        }),
    ),
    Fault::new(
        Ownership,
        "notes-go-with-an-update",
        "Notes are gone from a record that an update has reached.",
        Way::Shows(|record| lose(record, CareKind::Note)),
    ),
    Fault::new(
        Ownership,
        "documents-go-with-an-update",
        "Documents are gone from a record that an update has reached.",
        Way::Shows(|record| lose(record, CareKind::Document)),
    ),
    Fault::new(
        Ownership,
        "forms-go-with-an-update",
        "Forms are gone from a record that an update has reached.",
        Way::Shows(|record| lose(record, CareKind::Form)),
    ),
    Fault::new(
        Ownership,
        "activities-go-with-an-update",
        "The care plans of a record that an update has reached are empty.",
        Way::Shows(|record| {
            if record.newest.is_some() {
                record.local.care.iter_mut().for_each(|item| item.activities.clear());
            }
        }),
    ),
    Fault::new(
        Ownership,
        "one-bad-value-stops-the-rest",
        "A service user with one value that cannot be is not updated at all.",
        Way::Hears(|_, update| {
            update
                .service_users
                .retain(|user| user.fields.iter().all(|(field, value)| field.read(value).is_ok()));
        }),
    ),
    Fault::new(
        Ownership,
        "a-bad-value-clears-the-good-one",
        "A date that cannot be takes away the one that was there.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                user.fields.retain(|field, value| {
                    if field.read(value).is_err() && !value.contains('\0') {
                        value.clear();
                    }
                    true
                });
            }
        }),
    ),
];

/// Fields of records that are there already and that an update does not reach.
fn leave_out(inside: &Inside, update: &mut Update, is_left_out: impl Fn(&Record, Field) -> bool) {
    for user in &mut update.service_users {
        if let Some(record) = inside.of(&user.external_id) {
            user.fields.retain(|field, _| !is_left_out(record, field));
        }
    }
}

fn is_set_by_hand(record: &Record, field: Field) -> bool {
    record.synced.slot(field).is_some_and(|slot| !slot.set.by.is_integration())
}

/// Writes over what an update left in the records that it reached.
fn fix(inside: &mut Inside, update: &Update, receipt: &Receipt, wrong: impl Fn(&Record) -> Option<Fields>) {
    let fixes: Vec<(RecordId, Fields)> = reached(update, receipt)
        .filter_map(|(_, _, id)| Some((id, wrong(inside.records.get(&id)?)?)))
        .collect();
    for (record, set) in fixes {
        inside.act(Actor::Support, Action::Datafix { record, set });
    }
}

fn revoke_all(inside: &mut Inside, records: &[RecordId]) {
    for &record in records {
        let roles = inside.records.get(&record).map(|record| record.local.role_access.clone());
        for (role, _) in roles.unwrap_or_default() {
            inside.act(Actor::TenantAdministrator, Action::RevokeRole { record, role });
        }
    }
}

fn lose(record: &mut Record, kind: CareKind) {
    if record.newest.is_some() {
        record.local.care.retain(|item| item.kind != kind);
    }
}

fn swapped(date: &str) -> Option<Text> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    (day.parse::<u8>().ok()? <= 12).then(|| Text::from(format!("{year}-{day}-{month}")))
}
