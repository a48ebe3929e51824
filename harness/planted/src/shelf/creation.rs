//! Faults of creation: too many records, too few, or not as they were sent.

use super::{Family::Creation, Fault, Way};
use crate::engine::{Inside, reached, stranger};
use acp::{Action, Actor, Outcome, Receipt, RecordId};
use feed::{Field, Text, Update, UpdateKind};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Creation,
        "creates-nobody",
        "A service user whose identifier has no record is left out without a word.",
        Way::Hears(|inside, update| known_only(inside, update)),
    ),
    Fault::new(
        Creation,
        "creates-only-in-full-updates",
        "A partial update makes no new records, however soon the visit is.",
        Way::Hears(|inside, update| {
            if update.kind == UpdateKind::Partial {
                known_only(inside, update);
            }
        }),
    ),
    Fault::new(
        Creation,
        "creates-two",
        "A service user who is new gets two records.",
        Way::Adds(|inside, update, receipt| {
            let mut again = update.clone();
            again.service_users = created(update, receipt)
                .map(|(user, _)| feed::ServiceUser {
                    external_id: stranger(&user.external_id),
                    ..user.clone()
                })
                .collect();
            again.visits.clear();
            if !again.service_users.is_empty() {
                inside.invent(again);
            }
        }),
    ),
    Fault::new(
        Creation,
        "creates-leavers",
        "Somebody who left before the first sync gets a record.",
        Way::Hears(|inside, update| {
            for user in &mut update.service_users {
                if inside.of(&user.external_id).is_none() {
                    user.fields.remove(Field::EndDate);
                }
            }
        }),
    ),
    Fault::new(
        Creation,
        "creates-without-a-name",
        "A service user without a name gets a record called Unknown.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                if user.fields.full_name().trim().is_empty() {
                    user.fields.set(Field::FamilyName, Text::from("Unknown"));
                }
            }
        }),
    ),
    Fault::new(
        Creation,
        "new-records-are-inactive",
        "A new record is inactive until somebody activates it.",
        Way::Adds(|inside, update, receipt| {
            let new: Vec<RecordId> = created(update, receipt).map(|(_, record)| record).collect();
            for record in new {
                inside.act(Actor::TenantAdministrator, Action::Deactivate { record });
            }
        }),
    ),
    Fault::new(
        Creation,
        "new-records-count-as-made-by-hand",
        "A record that the integration made says that somebody made it by hand.",
        Way::Shows(|record| record.origin = acp::Origin::ByHand),
    ),
    Fault::new(
        Creation,
        "new-records-come-with-a-care-plan",
        "A new record gets an empty care plan with one activity to start from.",
        Way::Adds(|inside, update, receipt| {
            let new: Vec<RecordId> = created(update, receipt).map(|(_, record)| record).collect();
            for record in new {
                let activities = vec![Text::from("Welcome")];
                let (kind, title) = (acp::CareKind::CarePlan, Text::from("Template"));
                inside.act(Actor::CareStaff, Action::AddCare { record, kind, title, activities });
            }
        }),
    ),
    Fault::new(
        Creation,
        "unknown-branches-become-the-first",
        "A service user of a branch that ACP does not have lands in the first branch.",
        Way::Hears(|inside, update| {
            let Some((first, _)) = inside.branches.first().cloned() else { return };
            for user in &mut update.service_users {
                let branch = user.fields.text(Field::Branch);
                if !inside.branches.iter().any(|(name, _)| name == branch) {
                    user.fields.set(Field::Branch, first.clone());
                }
            }
        }),
    ),
    Fault::new(
        Creation,
        "names-in-capitals",
        "Family names are written in capital letters.",
        Way::Hears(|_, update| names(update, str::to_uppercase)),
    ),
    Fault::new(
        Creation,
        "names-lose-their-accents",
        "Letters outside of plain ASCII are left out of names.",
        Way::Hears(|_, update| names(update, |name| name.chars().filter(char::is_ascii).collect())),
    ),
    Fault::new(
        Creation,
        "names-are-tidied",
        "White space at the ends of a name is taken away.",
        Way::Hears(|_, update| names(update, |name| name.trim().to_owned())),
    ),
    Fault::new(
        Creation,
        "names-are-cut-at-twelve",
        "A family name is cut after twelve characters.",
        Way::Hears(|_, update| names(update, |name| name.chars().take(12).collect())),
    ),
    Fault::new(
        Creation,
        "stores-the-tidied-identifier",
        "A new record is kept under the identifier without the white space at its ends.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                if !user.external_id.is_blank() {
                    user.external_id = feed::ExternalId::new(user.external_id.trimmed());
                }
            }
        }),
    ),
];

fn known_only(inside: &Inside, update: &mut Update) {
    update.service_users.retain(|user| inside.of(&user.external_id).is_some());
}

fn created<'a>(
    update: &'a Update,
    receipt: &'a Receipt,
) -> impl Iterator<Item = (&'a feed::ServiceUser, RecordId)> {
    reached(update, receipt)
        .filter(|(_, outcome, _)| matches!(outcome, Outcome::Created { .. }))
        .map(|(user, _, record)| (user, record))
}

fn names(update: &mut Update, change: impl Fn(&str) -> String) {
    for user in &mut update.service_users {
        if let Some(name) = user.fields.get(Field::FamilyName) {
            let name = Text::from(change(name));
            user.fields.set(Field::FamilyName, name);
        }
    }
}
