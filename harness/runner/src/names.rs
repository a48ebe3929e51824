//! From an action as a scenario names its records to one that names them by ID.

use acp::{Action, RecordId};
use scenario::RecordRef;

/// # Errors
/// Where a record is meant that is not there: the sentence that `id` gives.
pub(crate) fn with_ids(
    action: &Action<RecordRef>,
    id: impl Fn(&RecordRef) -> Result<RecordId, String>,
) -> Result<Action, String> {
    Ok(match action {
        Action::Create(made) => Action::Create(made.clone()),
        Action::Edit { record, set } => Action::Edit { record: id(record)?, set: set.clone() },
        Action::SetExternalId { record, to } => Action::SetExternalId { record: id(record)?, to: to.clone() },
        Action::GrantRole { record, role } => Action::GrantRole { record: id(record)?, role: role.clone() },
        Action::RevokeRole { record, role } => Action::RevokeRole { record: id(record)?, role: role.clone() },
        Action::AddCare { record, kind, title, activities } => Action::AddCare {
            record: id(record)?,
            kind: *kind,
            title: title.clone(),
            activities: activities.clone(),
        },
        Action::AddActivity { record, title } => {
            Action::AddActivity { record: id(record)?, title: title.clone() }
        }
        Action::CompleteVisit { visit } => Action::CompleteVisit { visit: visit.clone() },
        Action::AddBranch { branch, service } => {
            Action::AddBranch { branch: branch.clone(), service: service.clone() }
        }
        Action::RenameBranch { from, to } => Action::RenameBranch { from: from.clone(), to: to.clone() },
        Action::Deactivate { record } => Action::Deactivate { record: id(record)? },
        Action::Reactivate { record } => Action::Reactivate { record: id(record)? },
        Action::Archive { record } => Action::Archive { record: id(record)? },
        Action::Unarchive { record } => Action::Unarchive { record: id(record)? },
        Action::Delete { record } => Action::Delete { record: id(record)? },
        Action::Move { record, to, leaving } => {
            Action::Move { record: id(record)?, to: to.clone(), leaving: leaving.clone() }
        }
        Action::Merge { survivor, loser } => Action::Merge { survivor: id(survivor)?, loser: id(loser)? },
        Action::Datafix { record, set } => Action::Datafix { record: id(record)?, set: set.clone() },
    })
}
