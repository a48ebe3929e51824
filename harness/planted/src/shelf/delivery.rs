//! Faults of delivery and order: what comes twice, late, in part, or beside something bad.

use super::{
    Family::{Delivery, Order},
    Fault, Way,
};
use crate::engine::{Inside, stranger};
use feed::{Field, ServiceUser, UpdateKind};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Delivery,
        "a-repeated-update-creates-again",
        "An update that arrives a second time makes its records a second time.",
        Way::Hears(|inside, update| {
            if inside.heard.contains(&(update.environment, update.sequence)) {
                for user in &mut update.service_users {
                    user.external_id = stranger(&user.external_id);
                }
            }
        }),
    ),
    Fault::new(
        Delivery,
        "one-bad-refuses-all",
        "One service user who cannot be taken in keeps all others of the update out.",
        Way::Hears(|inside, update| {
            if update.service_users.iter().any(|user| is_bad(inside, user)) {
                update.service_users.clear();
            }
        }),
    ),
    Fault::new(
        Delivery,
        "the-first-bad-ends-the-update",
        "After one service user who cannot be taken in, the rest of the update is left out.",
        Way::Hears(|inside, update| {
            let bad = update.service_users.iter().position(|user| is_bad(inside, user));
            update.service_users.truncate(bad.map_or(usize::MAX, |idx| idx + 1));
        }),
    ),
    Fault::new(
        Delivery,
        "the-last-of-an-update-is-lost",
        "The last service user of an update of several is left out.",
        Way::Hears(|_, update| {
            if update.service_users.len() > 1 {
                update.service_users.pop();
            }
        }),
    ),
    Fault::new(
        Delivery,
        "an-update-holds-a-thousand",
        "Only the first thousand service users of an update are taken in.",
        Way::Hears(|_, update| update.service_users.truncate(1000)),
    ),
    Fault::new(
        Delivery,
        "only-what-changed-is-taken-in",
        "Of a partial update only service users whose name, branch or telephone rostering changed count, so edits in ACP stay.",
        Way::Hears(|inside, update| {
            update.service_users.retain(|user| {
                inside.of(&user.external_id).is_none_or(|record| {
                    let last = record.synced.slot(Field::Branch);
                    last.is_none_or(|slot| slot.set.by.is_integration())
                })
            });
        }),
    ),
    Fault::new(
        Delivery,
        "full-updates-are-ignored-after-the-first",
        "A full update counts only where nothing came before it.",
        Way::Hears(|inside, update| {
            if update.kind == UpdateKind::Full && !inside.heard.is_empty() {
                update.service_users.clear();
            }
        }),
    ),
    Fault::new(
        Order,
        "older-updates-overwrite-newer-ones",
        "An update that was overtaken overwrites what the newer one wrote.",
        Way::Hears(|inside, update| update.sequence = number_by_arrival(inside)),
    ),
    Fault::new(
        Order,
        "environments-share-one-number",
        "Updates of two environments are put in order by one number, so that one of them counts as old.",
        Way::Hears(|inside, update| {
            update.environment = 0;
            let others = inside.heard.iter().filter(|(environment, _)| *environment != update.environment);
            update.sequence += u32::try_from(others.count()).unwrap_or(0) % 2;
        }),
    ),
    Fault::new(
        Order,
        "only-the-first-update-of-a-record-counts",
        "After the update that made or first matched a record, every other counts as older.",
        Way::Hears(|inside, update| {
            update
                .service_users
                .retain(|user| inside.of(&user.external_id).is_none_or(|record| record.newest.is_none()));
        }),
    ),
];

/// Whether the engine would refuse this service user.
fn is_bad(inside: &Inside, user: &ServiceUser) -> bool {
    let branch = user.fields.text(Field::Branch);
    user.external_id.is_blank()
        || user.fields.full_name().trim().is_empty()
        || user.fields.iter().any(|(_, value)| value.contains('\0'))
        || !inside.branches.iter().any(|(name, _)| name == branch)
}

fn number_by_arrival(inside: &Inside) -> u32 {
    u32::try_from(inside.heard.len()).unwrap_or(u32::MAX).saturating_add(1)
}
