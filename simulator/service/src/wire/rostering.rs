//! What a rostering system is told and shows. Moments are instants; identifiers are as typed into the environment, and
//! `as_sent` is what ACP would be sent.

use super::{FieldName, Fields, Length, Requirement, ServiceUser, System, VisitStatus, each, string, text};
use feed::{ExternalId, Timestamp, VisitId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything that a rostering administrator does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    AddServiceUser {
        id: String,
        fields: Fields,
    },
    /// Sets fields; an empty text clears the value.
    Edit {
        id: String,
        set: Fields,
    },
    /// Forgets that a field was ever filled in: it is no longer sent at all.
    StopSending {
        id: String,
        fields: Vec<FieldName>,
    },
    /// Saves without changing anything.
    Save {
        id: String,
    },
    ChangeId {
        from: String,
        to: String,
    },
    /// Not active from the London date of `on`.
    Terminate {
        id: String,
        on: Timestamp,
    },
    Reinstate {
        id: String,
    },
    Suspend {
        id: String,
        from: Timestamp,
        until: Option<Timestamp>,
        reason: String,
    },
    EndSuspension {
        id: String,
    },
    /// For good, with visits and orders.
    Delete {
        id: String,
    },
    PlanVisit(NewVisit),
    /// The length stays.
    MoveVisit {
        id: String,
        starts: Timestamp,
    },
    CancelVisit {
        id: String,
    },
    RestoreVisit {
        id: String,
    },
    /// Gives the visit to another service user.
    RelinkVisit {
        id: String,
        to: String,
    },
    DeleteVisit {
        id: String,
    },
    AddBranch {
        branch: String,
    },
    RenameBranch {
        from: String,
        to: String,
    },
    /// Access Care Rostering only, as all that follow.
    AddOrder {
        service_user: String,
        order: String,
        service: Option<String>,
    },
    SetOrderService {
        order: String,
        service: Option<String>,
    },
    AddRequirement {
        order: String,
        requirement: Requirement,
    },
    DeleteOrder {
        order: String,
    },
    DeleteRequirement {
        requirement: String,
    },
}

/// A visit to be planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    pub id: String,
    pub service_user: String,
    pub starts: Timestamp,
    pub lasts: Length,
    pub employee: Option<String>,
    pub requirement: Option<String>,
}

/// A service user put by identifier: created if there is none, else these fields are set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPut {
    pub fields: Fields,
    /// The version that the caller saw. An older one than the service user's is refused as stale.
    pub version: Option<u32>,
}

/// What a command did. Empty where everything was so already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    pub service_users: Vec<String>,
    pub visits: Vec<String>,
}

/// A service user as the rostering system keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: String,
    /// Counts the changes, from 1.
    pub version: u32,
    pub fields: Fields,
    /// Not active from this date on.
    #[schema(value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
    pub suspensions: Vec<Suspension>,
    /// Access Care Rostering only.
    pub orders: Vec<Order>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// Since when they have had this identifier. Left out: since they were created.
    pub id_since: Option<Timestamp>,
    /// Fields that changed under this identifier, each with its last time.
    #[serde(default)]
    pub edited: Vec<Edited>,
    /// There was an end date and it was taken away.
    #[serde(default)]
    pub end_date_cleared: bool,
    /// What an update would carry now: with the environment's prefix, and only fields that are sent.
    pub as_sent: ServiceUser,
}

/// A field that changed, and when it did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edited {
    pub field: FieldName,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub reason: String,
}

/// A service order. Access Care Rostering only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub id: String,
    pub service: Option<String>,
    pub requirements: Vec<Requirement>,
}

/// A visit on the rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedVisit {
    pub id: String,
    /// As an update carries it: with the environment's prefix, if there is one.
    pub sent_id: String,
    pub service_user: String,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub status: VisitStatus,
    pub employee: Option<String>,
    pub requirement: Option<String>,
    /// What an update would carry. None: it does not stand (cancelled, or its service user has ended or is suspended).
    pub as_sent: Option<super::Visit>,
}

/// A page of service users, in the order of their identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceUsers {
    pub service_users: Vec<Person>,
    /// Give it as `after` for the next page. None: this was the last.
    pub next: Option<String>,
}

/// A page of visits, in the order of their identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visits {
    pub visits: Vec<PlannedVisit>,
    pub next: Option<String>,
}

/// What changed in an environment after a cursor: each thing once, as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosteringChanges {
    pub service_users: Vec<Person>,
    /// Identifiers that nobody has any more.
    pub service_users_gone: Vec<String>,
    pub visits: Vec<PlannedVisit>,
    pub visits_gone: Vec<String>,
    /// Give it as `after` for what changes from now on.
    pub next: String,
    /// There is more after `next`.
    pub more: bool,
}

/// The branches of an environment, as typed into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchesShown {
    pub branches: Vec<String>,
}

/// One environment of a rostering system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentShown {
    pub name: String,
    /// Its place in the world, from 0: the `environment` of its updates.
    pub number: u8,
    pub system: System,
    /// Stands before every identifier, visit ID and branch name as sent. Empty: nothing does.
    pub prefix: String,
    /// When the integration was switched on. None: it is off, and nothing is to be sent.
    pub live_since: Option<Timestamp>,
    /// Branches as sent.
    pub branches_as_sent: Vec<String>,
    /// The last instant of which a partial update sent now speaks.
    pub partial_visits_until: Timestamp,
    /// The last instant of which a full update sent now speaks.
    pub full_visits_until: Timestamp,
    /// `every_change`: a partial carries, beside near-term service users, everybody with a change.
    pub partial_carries: super::word::PartialCarriesWord,
    pub n_service_users: usize,
    pub n_visits: usize,
}

impl From<Command> for rostering::Command {
    fn from(it: Command) -> rostering::Command {
        use rostering::Command as To;
        let id = |it: String| ExternalId::new(it);
        let visit = |it: String| VisitId::new(it);
        match it {
            Command::AddServiceUser { id: it, fields } => To::AddServiceUser { id: id(it), fields: fields.0 },
            Command::Edit { id: it, set } => To::Edit { id: id(it), set: set.0 },
            Command::StopSending { id: it, fields } => To::StopSending { id: id(it), fields: each(fields) },
            Command::Save { id: it } => To::Save { id: id(it) },
            Command::ChangeId { from, to } => To::ChangeId { from: id(from), to: id(to) },
            Command::Terminate { id: it, on } => To::Terminate { id: id(it), on },
            Command::Reinstate { id: it } => To::Reinstate { id: id(it) },
            Command::Suspend { id: it, from, until, reason } => {
                To::Suspend { id: id(it), from, until, reason: reason.into() }
            }
            Command::EndSuspension { id: it } => To::EndSuspension { id: id(it) },
            Command::Delete { id: it } => To::Delete { id: id(it) },
            Command::PlanVisit(new) => To::PlanVisit {
                id: visit(new.id),
                service_user: id(new.service_user),
                starts: new.starts,
                lasts: new.lasts.0,
                employee: text(new.employee),
                requirement: text(new.requirement),
            },
            Command::MoveVisit { id: it, starts } => To::MoveVisit { id: visit(it), starts },
            Command::CancelVisit { id: it } => To::CancelVisit { id: visit(it) },
            Command::RestoreVisit { id: it } => To::RestoreVisit { id: visit(it) },
            Command::RelinkVisit { id: it, to } => To::RelinkVisit { id: visit(it), to: id(to) },
            Command::DeleteVisit { id: it } => To::DeleteVisit { id: visit(it) },
            Command::AddBranch { branch } => To::AddBranch { branch: branch.into() },
            Command::RenameBranch { from, to } => To::RenameBranch { from: from.into(), to: to.into() },
            Command::AddOrder { service_user, order, service } => {
                To::AddOrder { service_user: id(service_user), order: order.into(), service: text(service) }
            }
            Command::SetOrderService { order, service } => {
                To::SetOrderService { order: order.into(), service: text(service) }
            }
            Command::AddRequirement { order, requirement } => {
                To::AddRequirement { order: order.into(), requirement: requirement.into() }
            }
            Command::DeleteOrder { order } => To::DeleteOrder { order: order.into() },
            Command::DeleteRequirement { requirement } => {
                To::DeleteRequirement { requirement: requirement.into() }
            }
        }
    }
}

impl From<rostering::Command> for Command {
    fn from(it: rostering::Command) -> Command {
        use rostering::Command as From_;
        let id = |it: ExternalId| it.as_str().to_owned();
        let visit = |it: VisitId| it.as_str().to_owned();
        let some = |it: Option<feed::Text>| it.map(String::from);
        match it {
            From_::AddServiceUser { id: it, fields } => {
                Command::AddServiceUser { id: id(it), fields: Fields(fields) }
            }
            From_::Edit { id: it, set } => Command::Edit { id: id(it), set: Fields(set) },
            From_::StopSending { id: it, fields } => {
                Command::StopSending { id: id(it), fields: each(fields) }
            }
            From_::Save { id: it } => Command::Save { id: id(it) },
            From_::ChangeId { from, to } => Command::ChangeId { from: id(from), to: id(to) },
            From_::Terminate { id: it, on } => Command::Terminate { id: id(it), on },
            From_::Reinstate { id: it } => Command::Reinstate { id: id(it) },
            From_::Suspend { id: it, from, until, reason } => {
                Command::Suspend { id: id(it), from, until, reason: reason.into() }
            }
            From_::EndSuspension { id: it } => Command::EndSuspension { id: id(it) },
            From_::Delete { id: it } => Command::Delete { id: id(it) },
            From_::PlanVisit { id: it, service_user, starts, lasts, employee, requirement } => {
                Command::PlanVisit(NewVisit {
                    id: visit(it),
                    service_user: id(service_user),
                    starts,
                    lasts: Length(lasts),
                    employee: some(employee),
                    requirement: some(requirement),
                })
            }
            From_::MoveVisit { id: it, starts } => Command::MoveVisit { id: visit(it), starts },
            From_::CancelVisit { id: it } => Command::CancelVisit { id: visit(it) },
            From_::RestoreVisit { id: it } => Command::RestoreVisit { id: visit(it) },
            From_::RelinkVisit { id: it, to } => Command::RelinkVisit { id: visit(it), to: id(to) },
            From_::DeleteVisit { id: it } => Command::DeleteVisit { id: visit(it) },
            From_::AddBranch { branch } => Command::AddBranch { branch: branch.into() },
            From_::RenameBranch { from, to } => Command::RenameBranch { from: from.into(), to: to.into() },
            From_::AddOrder { service_user, order, service } => Command::AddOrder {
                service_user: id(service_user),
                order: order.into(),
                service: some(service),
            },
            From_::SetOrderService { order, service } => {
                Command::SetOrderService { order: order.into(), service: some(service) }
            }
            From_::AddRequirement { order, requirement } => {
                Command::AddRequirement { order: order.into(), requirement: requirement.into() }
            }
            From_::DeleteOrder { order } => Command::DeleteOrder { order: order.into() },
            From_::DeleteRequirement { requirement } => {
                Command::DeleteRequirement { requirement: requirement.into() }
            }
        }
    }
}

impl From<&rostering::Happened> for Happened {
    fn from(it: &rostering::Happened) -> Happened {
        Happened {
            service_users: it.service_users.iter().map(|id| id.as_str().to_owned()).collect(),
            visits: it.visits.iter().map(|id| id.as_str().to_owned()).collect(),
        }
    }
}

impl Person {
    pub(crate) fn of(from: &rostering::Rostering, it: &rostering::Person) -> Person {
        let suspensions = it.suspensions.iter().map(|it| Suspension {
            from: it.from,
            until: it.until,
            reason: it.reason.to_string(),
        });
        let orders = it.orders.iter().map(|it| Order {
            id: it.id.to_string(),
            service: string(it.service.as_ref()),
            requirements: each(it.requirements.iter().cloned()),
        });
        Person {
            id: it.id.as_str().to_owned(),
            version: it.version,
            fields: Fields(it.fields.clone()),
            ended_on: it.ended_on,
            suspensions: suspensions.collect(),
            orders: orders.collect(),
            created_at: it.created_at,
            changed_at: it.changed_at,
            id_since: Some(it.id_since),
            edited: it.edited.iter().map(|&(field, at)| Edited { field: field.into(), at }).collect(),
            end_date_cleared: it.end_date_cleared,
            as_sent: from.service_user(it).into(),
        }
    }
}

impl PlannedVisit {
    pub(crate) fn of(from: &rostering::Rostering, it: &rostering::PlannedVisit) -> PlannedVisit {
        PlannedVisit {
            id: it.id.as_str().to_owned(),
            sent_id: it.sent_id.as_str().to_owned(),
            service_user: it.service_user.as_str().to_owned(),
            starts: it.starts,
            ends: it.ends,
            status: it.status.into(),
            employee: string(it.employee.as_ref()),
            requirement: string(it.requirement.as_ref()),
            as_sent: from.visit_as_sent(it).map(Into::into),
        }
    }
}

impl From<Person> for rostering::Person {
    fn from(it: Person) -> rostering::Person {
        let suspensions = it.suspensions.into_iter().map(|it| rostering::Suspension {
            from: it.from,
            until: it.until,
            reason: it.reason.into(),
        });
        let orders = it.orders.into_iter().map(|it| rostering::Order {
            id: it.id.into(),
            service: text(it.service),
            requirements: each(it.requirements),
        });
        rostering::Person {
            id: ExternalId::new(it.id),
            sent_id: ExternalId::new(it.as_sent.external_id),
            fields: it.fields.0,
            ended_on: it.ended_on,
            end_date_cleared: it.end_date_cleared,
            suspensions: suspensions.collect(),
            orders: orders.collect(),
            version: it.version,
            created_at: it.created_at,
            changed_at: it.changed_at,
            id_since: it.id_since.unwrap_or(it.created_at),
            edited: it.edited.into_iter().map(|it| (it.field.0, it.at)).collect(),
        }
    }
}

impl From<PlannedVisit> for rostering::PlannedVisit {
    fn from(it: PlannedVisit) -> rostering::PlannedVisit {
        rostering::PlannedVisit {
            id: VisitId::new(it.id),
            sent_id: VisitId::new(it.sent_id),
            service_user: ExternalId::new(it.service_user),
            starts: it.starts,
            ends: it.ends,
            status: it.status.0,
            employee: text(it.employee),
            requirement: text(it.requirement),
        }
    }
}

impl From<Happened> for rostering::Happened {
    fn from(it: Happened) -> rostering::Happened {
        rostering::Happened {
            service_users: it.service_users.into_iter().map(ExternalId::new).collect(),
            visits: it.visits.into_iter().map(VisitId::new).collect(),
        }
    }
}
