//! Everything that a rostering administrator does, as one closed enum.

use feed::{Clause, ExternalId, Fields, Requirement, Text, Timestamp, VisitId};
use jiff::SignedDuration;

/// `T` is how a moment is named: an instant here, "+1d 08:00" in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<T = Timestamp> {
    AddServiceUser {
        id: ExternalId,
        fields: Fields,
    },
    /// Sets fields; an empty text clears the value. The end date may be among them; a service may not.
    Edit {
        id: ExternalId,
        set: Fields,
    },
    /// Forgets that a field was ever filled in: it is no longer sent at all. Absent is not the same as cleared.
    StopSending {
        id: ExternalId,
        fields: Vec<feed::Field>,
    },
    /// Saves without changing anything.
    Save {
        id: ExternalId,
    },
    ChangeId {
        from: ExternalId,
        to: ExternalId,
    },
    /// Ends the service. Not active from the London date of `on`, which is sent as the end date.
    Terminate {
        id: ExternalId,
        on: T,
    },
    Reinstate {
        id: ExternalId,
    },
    Suspend {
        id: ExternalId,
        from: T,
        until: Option<T>,
        reason: Text,
    },
    /// Ends what is in force and drops what has not begun.
    EndSuspension {
        id: ExternalId,
    },
    /// For good: with visits and orders. Nothing is sent about it any more.
    Delete {
        id: ExternalId,
    },
    PlanVisit {
        id: VisitId,
        service_user: ExternalId,
        starts: T,
        lasts: SignedDuration,
        employee: Option<Text>,
        requirement: Option<Text>,
    },
    /// The length stays.
    MoveVisit {
        id: VisitId,
        starts: T,
    },
    CancelVisit {
        id: VisitId,
    },
    RestoreVisit {
        id: VisitId,
    },
    /// Gives the visit to another service user.
    RelinkVisit {
        id: VisitId,
        to: ExternalId,
    },
    DeleteVisit {
        id: VisitId,
    },
    AddBranch {
        branch: Text,
    },
    /// Every service user of the branch is sent with the new name.
    RenameBranch {
        from: Text,
        to: Text,
    },
    /// Care Rostering only, as all that follow.
    AddOrder {
        service_user: ExternalId,
        order: Text,
        service: Option<Text>,
    },
    SetOrderService {
        order: Text,
        service: Option<Text>,
    },
    AddRequirement {
        order: Text,
        requirement: Requirement,
    },
    /// For good, with its requirements and their future visits. Article 11065162.
    DeleteOrder {
        order: Text,
    },
    /// For good, with its future visits.
    DeleteRequirement {
        requirement: Text,
    },
}

/// What a command did. Empty where everything was so already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Service users who were added, changed, suspended or deleted, in order, by their own id; after
    /// `ChangeId` the old one, which nobody has any more, then the new one.
    pub service_users: Vec<ExternalId>,
    /// Visits that were planned, changed or deleted, or that stand or no longer stand because of the command.
    pub visits: Vec<VisitId>,
}

impl Happened {
    pub(crate) fn one(id: ExternalId) -> Happened {
        Happened { service_users: vec![id], visits: Vec::new() }
    }

    pub(crate) fn one_visit(id: VisitId) -> Happened {
        Happened { service_users: Vec::new(), visits: vec![id] }
    }
}

/// Why a rostering system did not do what it was told. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub why: String,
    pub clause: Option<Clause>,
}

impl<T> Command<T> {
    /// The same command with its moments named another way.
    pub fn map_moments<U>(self, mut f: impl FnMut(T) -> U) -> Command<U> {
        match self {
            Command::AddServiceUser { id, fields } => Command::AddServiceUser { id, fields },
            Command::Edit { id, set } => Command::Edit { id, set },
            Command::StopSending { id, fields } => Command::StopSending { id, fields },
            Command::Save { id } => Command::Save { id },
            Command::ChangeId { from, to } => Command::ChangeId { from, to },
            Command::Terminate { id, on } => Command::Terminate { id, on: f(on) },
            Command::Reinstate { id } => Command::Reinstate { id },
            Command::Suspend { id, from, until, reason } => {
                Command::Suspend { id, from: f(from), until: until.map(f), reason }
            }
            Command::EndSuspension { id } => Command::EndSuspension { id },
            Command::Delete { id } => Command::Delete { id },
            Command::PlanVisit { id, service_user, starts, lasts, employee, requirement } => {
                Command::PlanVisit { id, service_user, starts: f(starts), lasts, employee, requirement }
            }
            Command::MoveVisit { id, starts } => Command::MoveVisit { id, starts: f(starts) },
            Command::CancelVisit { id } => Command::CancelVisit { id },
            Command::RestoreVisit { id } => Command::RestoreVisit { id },
            Command::RelinkVisit { id, to } => Command::RelinkVisit { id, to },
            Command::DeleteVisit { id } => Command::DeleteVisit { id },
            Command::AddBranch { branch } => Command::AddBranch { branch },
            Command::RenameBranch { from, to } => Command::RenameBranch { from, to },
            Command::AddOrder { service_user, order, service } => {
                Command::AddOrder { service_user, order, service }
            }
            Command::SetOrderService { order, service } => Command::SetOrderService { order, service },
            Command::AddRequirement { order, requirement } => Command::AddRequirement { order, requirement },
            Command::DeleteOrder { order } => Command::DeleteOrder { order },
            Command::DeleteRequirement { requirement } => Command::DeleteRequirement { requirement },
        }
    }
}
