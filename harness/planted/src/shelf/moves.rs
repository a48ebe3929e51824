//! Faults of placement: moves that should wait, moves that should not, and branches.

use super::{
    Family::{Branches, Moves},
    Fault, NOBODY, Way,
};
use crate::engine::{Inside, reached};
use acp::{Action, Actor, CareKind, Note, Outcome, Place, Receipt, Record, RecordId};
use feed::{Clause, ExternalId, Field, NewBranch, ServiceMove, Text, Update};
use runner::Between;

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Moves,
        "moves-records-with-care-data",
        "A move to another service is made although there is care data, which stays behind.",
        Way::Adds(|inside, update, receipt| move_held(inside, update, receipt, |_| true)),
    ),
    Fault::new(
        Moves,
        "notes-and-documents-are-no-care",
        "A record with nothing but notes and documents is moved to another service by itself.",
        Way::Adds(|inside, update, receipt| {
            move_held(inside, update, receipt, |kind| matches!(kind, CareKind::Note | CareKind::Document));
        }),
    ),
    Fault::new(
        Moves,
        "visits-carried-out-are-no-care",
        "A record with nothing but visit history is moved to another service by itself.",
        Way::Adds(|inside, update, receipt| {
            move_held(inside, update, receipt, |kind| kind == CareKind::VisitHistory);
        }),
    ),
    Fault::new(
        Moves,
        "forms-are-no-care",
        "A record with nothing but forms is moved to another service by itself.",
        Way::Adds(|inside, update, receipt| {
            move_held(inside, update, receipt, |kind| kind == CareKind::Form);
        }),
    ),
    Fault::new(
        Moves,
        "every-service-move-is-held",
        "A move to another service waits for Support although there is no care data.",
        Way::Reads(|settings| settings.service_move = ServiceMove::NeedsSupport),
    ),
    Fault::new(
        Moves,
        "service-moves-never-need-support",
        "A move to another service follows rostering although it is to wait for Support.",
        Way::Reads(|settings| settings.service_move = ServiceMove::FollowsRostering),
    ),
    Fault::new(
        Moves,
        "holds-moves-inside-one-service",
        "With care data a branch change inside one service is left out too.",
        Way::Hears(|inside, update| {
            leave_branch_out(inside, update, |inside, record, to| {
                record.has_care_data() && inside.service_of(to) == Some(record.service())
            });
        }),
    ),
    Fault::new(
        Moves,
        "a-held-move-holds-everything",
        "While a move waits for Support nothing else of the service user is updated.",
        Way::Hears(|inside, update| {
            update.service_users.retain(|user| {
                let to = user.fields.text(Field::Branch);
                inside.of(&user.external_id).is_none_or(|record| {
                    !record.has_care_data() || inside.service_of(to).is_none_or(|it| it == record.service())
                })
            });
        }),
    ),
    Fault::new(
        Moves,
        "a-service-move-makes-a-new-record",
        "Another service makes a new record instead of moving the one that is there.",
        Way::Hears(|inside, update| {
            inside.estrange(update, |record, user| {
                let to = inside.service_of(user.fields.text(Field::Branch));
                !record.service().is_empty() && to.is_some_and(|to| to != record.service())
            });
        }),
    ),
    Fault::new(
        Moves,
        "support-moves-leave-the-care-plan-behind",
        "When Support moves a record, care plans stay behind in the old service.",
        Way::Asked(|_, act| {
            if let Action::Move { leaving, .. } = &mut act.action {
                leaving.push(CareKind::CarePlan);
            }
        }),
    ),
    Fault::new(
        Moves,
        "support-moves-take-everything-along",
        "When Support moves a record, what was to stay behind goes along.",
        Way::Asked(|_, act| {
            if let Action::Move { leaving, .. } = &mut act.action {
                leaving.clear();
            }
        }),
    ),
    Fault::new(
        Moves,
        "a-move-by-support-does-nothing",
        "Support's move is answered as done and not made.",
        Way::Ignores(|act| matches!(act.action, Action::Move { .. })),
    ),
    Fault::new(
        Moves,
        "held-moves-are-not-shown",
        "A record does not show that a move waits for Support.",
        Way::Shows(|record| record.held = None),
    ),
    Fault::new(
        Moves,
        "the-service-order-is-ignored",
        "In Care Rostering the service follows the branch, whatever the service order says.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                user.fields.remove(Field::Service);
            }
        }),
    ),
    Fault::new(
        Branches,
        "branches-changed-in-acp-stay",
        "A branch that somebody changed in ACP is not overwritten any more.",
        Way::Hears(|inside, update| {
            leave_branch_out(inside, update, |_, record, _| {
                record.synced.slot(Field::Branch).is_some_and(|slot| !slot.set.by.is_integration())
            });
        }),
    ),
    Fault::new(
        Branches,
        "branches-are-written-once",
        "A record stays in the branch that it was made in.",
        Way::Hears(|inside, update| leave_branch_out(inside, update, |_, _, _| true)),
    ),
    Fault::new(
        Branches,
        "branch-names-ignore-case",
        "Capital and small letters of a branch name count as the same.",
        Way::Hears(|inside, update| branch_names(inside, update, str::to_lowercase)),
    ),
    Fault::new(
        Branches,
        "branch-names-ignore-spaces",
        "White space in a branch name does not count.",
        Way::Hears(|inside, update| branch_names(inside, update, |name| name.split_whitespace().collect())),
    ),
    Fault::new(
        Branches,
        "branches-are-always-created",
        "A branch that ACP lacks is made although it has to exist.",
        Way::Reads(|settings| settings.new_branch = NewBranch::CreatedByName),
    ),
    Fault::new(
        Branches,
        "branches-are-never-created",
        "A branch that ACP lacks is not made although it is to be created by name.",
        Way::Reads(|settings| settings.new_branch = NewBranch::MustExist),
    ),
    Fault::new(
        Branches,
        "unusual-branch-names-are-created",
        "A branch is made by itself although its name holds unusual characters.",
        Way::Adds(|inside, update, _| {
            let unknown = |name: &&Text| inside.service_of(name).is_none();
            let new: Vec<Text> = update.branches.iter().filter(unknown).cloned().collect();
            let Some((_, service)) = inside.branches.first().cloned() else { return };
            for branch in new.into_iter().filter(|name| NewBranch::unusual_in(name).is_some()) {
                let action = Action::AddBranch { branch, service: service.clone() };
                inside.act(Actor::TenantAdministrator, action);
            }
        }),
    ),
    Fault::new(
        Branches,
        "renamed-branches-are-remembered",
        "After a branch was renamed in ACP its old name still works.",
        Way::Hears(|inside, update| {
            for user in &mut update.service_users {
                let branch = user.fields.text(Field::Branch);
                if let Some((_, to)) = inside.renamed.iter().rev().find(|(from, _)| from == branch) {
                    user.fields.set(Field::Branch, to.clone());
                }
            }
        }),
    ),
    Fault::new(
        Branches,
        "prefixes-are-left-out",
        "Identifiers are sent without the prefix of their environment.",
        Way::Between(Between {
            sends: Some(|rostering, mut update| {
                let plain = |id: &ExternalId| {
                    ExternalId::new(id.as_str().strip_prefix(rostering.prefix()).unwrap_or(id.as_str()))
                };
                for user in &mut update.service_users {
                    user.external_id = plain(&user.external_id);
                }
                for visit in &mut update.visits {
                    visit.service_user = plain(&visit.service_user);
                }
                Some(update)
            }),
            ..NOBODY
        }),
    ),
];

impl Inside {
    fn service_of(&self, branch: &str) -> Option<&str> {
        self.branches.iter().find(|(name, _)| name == branch).map(|(_, service)| service.as_str())
    }
}

/// Support's own move, without the care data, where a move was held because of care of these kinds only.
fn move_held(inside: &mut Inside, update: &Update, receipt: &Receipt, counts: fn(CareKind) -> bool) {
    let held: Vec<(RecordId, Place)> = reached(update, receipt)
        .filter_map(|(_, outcome, record)| Some((record, held_place(outcome)?)))
        .collect();
    for (record, to) in held {
        let care = inside.look_at(record).map(|record| record.local.care).unwrap_or_default();
        if care.iter().all(|item| counts(item.kind)) {
            let leaving = CareKind::ALL.to_vec();
            inside.act(Actor::Support, Action::Move { record, to, leaving });
        }
    }
}

fn held_place(outcome: &Outcome) -> Option<Place> {
    let Outcome::Matched { notes, .. } = outcome else { return None };
    notes.iter().find_map(|note| match note {
        Note::Held { held, because: Clause::Move1 } => {
            Some(Place { branch: held.to_branch.clone(), service: Some(held.to_service.clone()) })
        }
        _ => None,
    })
}

fn leave_branch_out(
    inside: &Inside,
    update: &mut Update,
    is_left_out: impl Fn(&Inside, &Record, &str) -> bool,
) {
    for user in &mut update.service_users {
        let Some(record) = inside.of(&user.external_id) else { continue };
        let to = user.fields.text(Field::Branch);
        if record.branch() != to && is_left_out(inside, record, to) {
            user.fields.remove(Field::Branch);
        }
    }
}

/// A branch name that ACP lacks becomes the one that it has and that is the same by `key`.
fn branch_names(inside: &Inside, update: &mut Update, key: impl Fn(&str) -> String) {
    for user in &mut update.service_users {
        let branch = user.fields.text(Field::Branch);
        if inside.service_of(branch).is_some() {
            continue;
        }
        let wanted = key(branch);
        if let Some((name, _)) = inside.branches.iter().find(|(name, _)| key(name) == wanted) {
            user.fields.set(Field::Branch, name.clone());
        }
    }
}
