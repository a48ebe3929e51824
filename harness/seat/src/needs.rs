//! What a case needs of the program in ACP's seat, and for how long. A case that needs what the program lacks is skipped,
//! by name, with the program's own reason.

use acp::Action;
use feed::Settings;
use jiff::SignedDuration;
use scenario::{Case, Check, Doing, Holds, Pause, RecordRef, StepKind};
use service::wire::{Capability, SeatShown};
use std::collections::BTreeSet;

/// The reason why a case is not played with this program, if there is one.
pub fn missing(case: &Case, who: &SeatShown) -> Option<String> {
    let needed = needs(case);
    let lack = who.lacks.iter().find(|it| needed.contains(&it.capability))?;
    let capability = serde_json::to_value(lack.capability).ok()?;
    let capability = capability.as_str()?.replace('_', " ");
    Some(format!("{} has no {capability}: {}", who.name, lack.why))
}

/// Everything that the case needs.
pub fn needs(case: &Case) -> BTreeSet<Capability> {
    let mut needs = BTreeSet::new();
    if !case.planted.is_empty() {
        needs.insert(Capability::RecordsToBeginWith);
        let has_care = case.planted.iter().any(|(_, planted)| !planted.care.is_empty());
        let has_roles = case.planted.iter().any(|(_, planted)| !planted.role_access.is_empty());
        needs.extend(has_care.then_some(Capability::CareData));
        needs.extend(has_roles.then_some(Capability::RoleAccess));
    }
    needs.extend((case.settings != Settings::default()).then_some(Capability::OtherSettings));
    needs.extend((case.environments.len() > 1).then_some(Capability::SeveralEnvironments));
    let steps = case.steps.iter().filter_map(|step| match &step.kind {
        StepKind::When(doings) => Some(doings),
        StepKind::Then { .. } => None,
    });
    for doing in case.given.iter().chain(steps.flatten()) {
        needs.extend(of_doing(&doing.it));
    }
    for step in &case.steps {
        if let StepKind::Then { checks, .. } = &step.kind {
            needs.extend(checks.iter().filter_map(|check| of_check(&check.it)));
        }
    }
    needs
}

fn of_doing(doing: &Doing) -> Option<Capability> {
    match doing {
        Doing::Acp { action, .. } => Some(of_action(action)),
        Doing::Rostering { command, .. } => of_command(command),
        Doing::Population { visit, .. } => visit.map(|_| Capability::Visits),
        _ => None,
    }
}

fn of_command(command: &::rostering::Command<scenario::Moment>) -> Option<Capability> {
    use ::rostering::Command as It;
    match command {
        It::AddOrder { .. }
        | It::SetOrderService { .. }
        | It::AddRequirement { .. }
        | It::DeleteOrder { .. }
        | It::DeleteRequirement { .. } => Some(Capability::ServiceOrders),
        _ => None,
    }
}

fn of_action(action: &Action<RecordRef>) -> Capability {
    match action {
        Action::SetExternalId { .. } => Capability::Mapping,
        Action::GrantRole { .. } | Action::RevokeRole { .. } => Capability::RoleAccess,
        Action::AddCare { .. } | Action::AddActivity { .. } => Capability::CareData,
        Action::CompleteVisit { .. } => Capability::Visits,
        Action::AddBranch { .. } | Action::RenameBranch { .. } => Capability::Branches,
        Action::Delete { .. } => Capability::Deletion,
        Action::Move { .. } | Action::Merge { .. } | Action::Datafix { .. } => Capability::Support,
        _ => Capability::ActionsByHand,
    }
}

fn of_check(check: &Check) -> Option<Capability> {
    match check {
        Check::History { .. } | Check::Guidance { .. } | Check::Case { .. } => Some(Capability::History),
        Check::Visits { .. } => Some(Capability::Visits),
        _ => None,
    }
}

/// How long a case lasts at most, from its first step to its last: what it takes where time is real.
pub fn longest_real(case: &Case) -> SignedDuration {
    case.steps
        .iter()
        .fold((SignedDuration::ZERO, case.clock), |(total, from), step| {
            let pause = match step.pause {
                Pause::None => SignedDuration::ZERO,
                Pause::For(length) => length,
                Pause::Until(at) => at.duration_since(from).max(SignedDuration::ZERO),
            };
            let holds = match &step.kind {
                StepKind::Then { holds: Holds::Within(it) | Holds::For(it) | Holds::Never(it), .. } => *it,
                _ => SignedDuration::ZERO,
            };
            let length = pause.saturating_add(holds);
            (total.saturating_add(length), from.checked_add(length).unwrap_or(from))
        })
        .0
}
