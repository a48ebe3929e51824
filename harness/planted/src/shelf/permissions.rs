//! Faults of permission: who may do too much, and who may do too little.

use super::{Family::Permissions, Fault, Way};
use acp::{Act, Action, Actor};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Permissions,
        "care-staff-may-edit",
        "Care staff can edit a record.",
        Way::Asked(|_, act| {
            if matches!(act.action, Action::Edit { .. }) && act.by == Actor::CareStaff {
                act.by = Actor::TenantAdministrator;
            }
        }),
    ),
    Fault::new(
        Permissions,
        "care-staff-may-grant-roles",
        "Care staff can grant role access.",
        Way::Asked(|_, act| {
            if matches!(act.action, Action::GrantRole { .. }) && act.by == Actor::CareStaff {
                act.by = Actor::TenantAdministrator;
            }
        }),
    ),
    Fault::new(
        Permissions,
        "care-staff-may-create",
        "Care staff can make a record by hand.",
        Way::Asked(|_, act| {
            if matches!(act.action, Action::Create(_)) && act.by == Actor::CareStaff {
                act.by = Actor::TenantAdministrator;
            }
        }),
    ),
    Fault::new(
        Permissions,
        "anybody-may-merge",
        "A merge does not need Support.",
        Way::Asked(|_, act| as_support(act, |action| matches!(action, Action::Merge { .. }))),
    ),
    Fault::new(
        Permissions,
        "anybody-may-move-care-data",
        "A move with care data does not need Support.",
        Way::Asked(|_, act| as_support(act, |action| matches!(action, Action::Move { .. }))),
    ),
    Fault::new(
        Permissions,
        "anybody-may-datafix",
        "A datafix does not need Support.",
        Way::Asked(|_, act| as_support(act, |action| matches!(action, Action::Datafix { .. }))),
    ),
    Fault::new(
        Permissions,
        "anybody-may-delete",
        "A Branch Administrator, care staff or the implementation team can delete a record.",
        Way::Asked(|_, act| as_support(act, |action| matches!(action, Action::Delete { .. }))),
    ),
    Fault::new(
        Permissions,
        "anybody-may-rename-branches",
        "A branch can be renamed without being a Tenant Administrator.",
        Way::Asked(|_, act| as_support(act, |action| matches!(action, Action::RenameBranch { .. }))),
    ),
    Fault::new(
        Permissions,
        "branch-administrators-may-act-anywhere",
        "A Branch Administrator can work in branches of others.",
        Way::Asked(|inside, act| {
            if let Actor::BranchAdministrator(own) = &mut act.by {
                own.extend(inside.branches.iter().map(|(branch, _)| branch.clone()));
            }
        }),
    ),
    Fault::new(
        Permissions,
        "branch-administrators-may-map",
        "A Branch Administrator can set external identifiers.",
        Way::Asked(|_, act| {
            let is_it = matches!(act.action, Action::SetExternalId { .. });
            if is_it && matches!(act.by, Actor::BranchAdministrator(_)) {
                act.by = Actor::TenantAdministrator;
            }
        }),
    ),
    Fault::new(
        Permissions,
        "tenant-administrators-may-not-edit",
        "A Tenant Administrator is refused an edit that is theirs to make.",
        Way::Refuses(|act| matches!(act.action, Action::Edit { .. }) && act.by == Actor::TenantAdministrator),
    ),
    Fault::new(
        Permissions,
        "care-staff-may-not-write-notes",
        "Care staff are refused an addition to the care data.",
        Way::Refuses(|act| matches!(act.action, Action::AddCare { .. }) && act.by == Actor::CareStaff),
    ),
    Fault::new(
        Permissions,
        "the-implementation-team-may-not-map",
        "The implementation team is refused an external identifier.",
        Way::Refuses(|act| {
            matches!(act.action, Action::SetExternalId { .. }) && act.by == Actor::ImplementationTeam
        }),
    ),
    Fault::new(
        Permissions,
        "support-may-not-merge",
        "Support is refused a merge.",
        Way::Refuses(|act| matches!(act.action, Action::Merge { .. }) && act.by == Actor::Support),
    ),
    Fault::new(
        Permissions,
        "refused-and-done-all-the-same",
        "An edit that is refused is made all the same.",
        Way::DoesAllTheSame(|act| matches!(act.action, Action::Edit { .. })),
    ),
    Fault::new(
        Permissions,
        "a-refused-move-is-made",
        "A move that is refused is made all the same.",
        Way::DoesAllTheSame(|act| matches!(act.action, Action::Move { .. })),
    ),
    Fault::new(
        Permissions,
        "a-refused-deletion-is-made",
        "A deletion that is refused for want of permission is made all the same.",
        Way::DoesAllTheSame(|act| matches!(act.action, Action::Delete { .. })),
    ),
];

fn as_support(act: &mut Act, is_it: fn(&Action) -> bool) {
    if is_it(&act.action) {
        act.by = Actor::Support;
    }
}
