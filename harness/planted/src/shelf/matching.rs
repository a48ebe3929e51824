//! Faults of matching: the wrong record, or none.

use super::{Family::Matching, Fault, Way};
use crate::engine::Inside;
use acp::{Action, Actor, Record, Status};
use feed::{ExternalId, Field, IdentifierMatching, ServiceUser, Text, Update};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Matching,
        "trims-identifiers",
        "Identifiers are compared without the white space at their ends although they are to be compared to the character.",
        Way::Reads(|settings| settings.identifier_matching = IdentifierMatching::EndsTrimmed),
    ),
    Fault::new(
        Matching,
        "never-trims-identifiers",
        "Identifiers are compared to the character although white space at their ends is not to count.",
        Way::Reads(|settings| settings.identifier_matching = IdentifierMatching::Exact),
    ),
    Fault::new(
        Matching,
        "identifiers-ignore-case",
        "Capital and small letters of an identifier count as the same.",
        Way::Hears(|inside, update| {
            inside.confuse(update, |record, user| by_key(record, user, str::to_lowercase));
        }),
    ),
    Fault::new(
        Matching,
        "identifiers-are-numbers",
        "Zeros at the start of an identifier do not count.",
        Way::Hears(|inside, update| {
            inside.confuse(update, |record, user| by_key(record, user, without_zeros));
        }),
    ),
    Fault::new(
        Matching,
        "identifiers-lose-punctuation",
        "Hyphens, dots and spaces inside an identifier do not count.",
        Way::Hears(|inside, update| {
            inside.confuse(update, |record, user| by_key(record, user, without_punctuation));
        }),
    ),
    Fault::new(
        Matching,
        "identifiers-are-cut-at-six",
        "Only the first six characters of an identifier are compared.",
        Way::Hears(|inside, update| {
            inside.confuse(update, |record, user| by_key(record, user, |id| id.chars().take(6).collect()));
        }),
    ),
    Fault::new(
        Matching,
        "matches-on-name-and-birth",
        "A service user whose identifier has no record is matched on name and date of birth.",
        Way::Hears(|inside, update| inside.confuse(update, is_same_name_and_birth)),
    ),
    Fault::new(
        Matching,
        "adopts-records-made-by-hand",
        "A record made by hand with the same name is given the identifier instead of a new record being made.",
        Way::Hears(adopt),
    ),
    Fault::new(
        Matching,
        "matches-on-nhs-number",
        "A service user whose identifier has no record is matched on the NHS number.",
        Way::Hears(|inside, update| {
            inside.confuse(update, |record, user| {
                let number = user.fields.text(Field::NhsNumber);
                !number.is_empty() && record.synced.text(Field::NhsNumber) == number.replace([' ', '-'], "")
            });
        }),
    ),
    Fault::new(
        Matching,
        "another-name-is-another-person",
        "Under a known identifier another name makes a new record instead of updating the one that is there.",
        Way::Hears(|inside, update| {
            inside.estrange(update, |record, user| {
                record.synced.text(Field::FamilyName) != user.fields.text(Field::FamilyName)
                    && record.synced.text(Field::GivenName) != user.fields.text(Field::GivenName)
            });
        }),
    ),
    Fault::new(
        Matching,
        "forgets-merged-identifiers",
        "After Support has merged two records, the identifier of the one that went leads nowhere.",
        Way::Hears(|inside, update| {
            inside.estrange(update, |record, user| record.aliases.contains(&user.external_id));
        }),
    ),
    Fault::new(
        Matching,
        "put-away-records-do-not-match",
        "A record that is inactive or archived is not found, and a second one is made.",
        Way::Hears(|inside, update| inside.estrange(update, |record, _| record.status != Status::Active)),
    ),
    Fault::new(
        Matching,
        "records-made-by-hand-do-not-match",
        "A record that somebody made by hand is not found although it has the identifier.",
        Way::Hears(|inside, update| {
            inside.estrange(update, |record, _| record.origin == acp::Origin::ByHand);
        }),
    ),
    Fault::new(
        Matching,
        "one-of-two-is-chosen",
        "Where two records hold one identifier, the older one is written to.",
        Way::Adds(|inside, update, receipt| {
            for (user, decision) in update.service_users.iter().zip(&receipt.decisions) {
                if let acp::Outcome::Refused(refusal) = &decision.outcome
                    && refusal.clause == feed::Clause::Dup4
                    && let Some(record) = inside.of(&user.external_id).map(|record| record.id)
                {
                    let mut set = user.fields.clone();
                    set.retain(|field, _| {
                        matches!(field, Field::GivenName | Field::FamilyName | Field::Phone)
                    });
                    inside.act(Actor::Support, Action::Datafix { record, set });
                }
            }
        }),
    ),
    Fault::new(
        Matching,
        "blank-identifiers-match-each-other",
        "Service users without an identifier all lead to one record.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                if user.external_id.is_blank() {
                    user.external_id = ExternalId::new("UNKNOWN");
                }
            }
        }),
    ),
];

fn by_key(record: &Record, user: &ServiceUser, key: impl Fn(&str) -> String) -> bool {
    let wanted = key(user.external_id.as_str());
    !user.external_id.is_blank() && record.external_id.as_ref().is_some_and(|id| key(id.as_str()) == wanted)
}

fn without_zeros(id: &str) -> String {
    id.trim_start_matches('0').to_owned()
}

fn without_punctuation(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is_same_name_and_birth(record: &Record, user: &ServiceUser) -> bool {
    let fields = [Field::GivenName, Field::FamilyName, Field::DateOfBirth];
    !user.external_id.is_blank()
        && fields.iter().all(|field| {
            let text = user.fields.text(*field);
            !text.is_empty() && record.synced.text(*field) == text
        })
}

fn adopt(inside: &mut Inside, update: &mut Update) {
    for user in &update.service_users {
        let name = user.fields.full_name();
        if inside.of(&user.external_id).is_some() || user.external_id.is_blank() {
            continue;
        }
        let mut by_hand = inside.records.values().filter(|record| record.external_id.is_none());
        let found = by_hand.find(|record| record.synced.full_name() == name && record.merged_into.is_none());
        if let Some(record) = found.map(|record| record.id) {
            let to = Some(ExternalId::new(Text::from(user.external_id.as_str())));
            inside.act(Actor::ImplementationTeam, Action::SetExternalId { record, to });
        }
    }
}
