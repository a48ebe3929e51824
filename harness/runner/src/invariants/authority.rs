//! Who may do what, asked of what was done: the table of ACP once more, in the plainest way.

use super::{Books, Broken, CARE_ONLY, NO_DELETION, OWN_BRANCHES, SUPPORT_ONLY};
use acp::{Act, Action, Actor, RecordId};
use feed::Deletion;

impl Books<'_> {
    /// Counts what somebody tried to do, whether it was refused or not.
    pub(super) fn authority_is_called_for(&self, act: &Act) {
        let is_for_support =
            matches!(act.action, Action::Merge { .. } | Action::Move { .. } | Action::Datafix { .. });
        let is_care_staff = act.by == Actor::CareStaff;
        let is_own = matches!(act.by, Actor::BranchAdministrator(_)) && record_of(&act.action).is_some();
        let is_deletion =
            matches!(act.action, Action::Delete { .. }) && self.settings.deletion == Deletion::ArchiveOnly;
        self.tally.armed_times(SUPPORT_ONLY, usize::from(is_for_support));
        self.tally.armed_times(CARE_ONLY, usize::from(is_care_staff));
        self.tally.armed_times(OWN_BRANCHES, usize::from(is_own));
        self.tally.armed_times(NO_DELETION, usize::from(is_deletion));
    }

    /// Something that was done and not refused.
    pub(super) fn authority(&self, act: &Act) -> Vec<Broken> {
        let mut found = Vec::new();
        let who = act.by.title();
        let is_for_support =
            matches!(act.action, Action::Merge { .. } | Action::Move { .. } | Action::Datafix { .. });
        if is_for_support && act.by != Actor::Support {
            found.push(SUPPORT_ONLY.broken(format!("This was done by: {who}.")));
        }
        if matches!(act.action, Action::Delete { .. }) && self.settings.deletion == Deletion::ArchiveOnly {
            found.push(NO_DELETION.broken(format!("A record was deleted by: {who}.")));
        }
        if act.by == Actor::CareStaff {
            let is_care = matches!(
                act.action,
                Action::AddCare { .. } | Action::AddActivity { .. } | Action::CompleteVisit { .. }
            );
            if !is_care {
                found.push(CARE_ONLY.broken("Care staff did something else."));
            }
        }
        if let Actor::BranchAdministrator(own) = &act.by
            && let Some(record) = record_of(&act.action).and_then(|id| self.records.get(&id))
            && !own.iter().any(|branch| branch == record.branch())
        {
            let what = format!("{} stands in \"{}\".", record.id, record.branch());
            found.push(OWN_BRANCHES.broken(what));
        }
        found
    }
}

/// The record that an action is about, where it is about one.
const fn record_of(action: &Action) -> Option<RecordId> {
    match action {
        Action::Edit { record, .. }
        | Action::SetExternalId { record, .. }
        | Action::GrantRole { record, .. }
        | Action::RevokeRole { record, .. }
        | Action::AddCare { record, .. }
        | Action::AddActivity { record, .. }
        | Action::Deactivate { record }
        | Action::Reactivate { record }
        | Action::Archive { record }
        | Action::Unarchive { record }
        | Action::Delete { record }
        | Action::Move { record, .. }
        | Action::Datafix { record, .. } => Some(*record),
        Action::Create(_)
        | Action::CompleteVisit { .. }
        | Action::AddBranch { .. }
        | Action::RenameBranch { .. }
        | Action::Merge { .. } => None,
    }
}
