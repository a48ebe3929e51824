//! What goes to ACP: updates, single upserts, and what a tenant begins with.

use super::{
    CareKind, Fields, Origin, Status, System, UpdateKind, each, string, strings, text, texts,
    word::{
        AbsentFieldWord, ContactDetailsWord, DeletionWord, EndDateWord, FieldName, IdentifierMatchingWord,
        NearTermWord, NewBranchWord, PartialCarriesWord, ServiceMoveWord,
    },
};
use feed::{ExternalId, Field, Text, Timestamp, VisitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The readings in force. One that is left out has its default, which is the first of its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub identifier_matching: Option<IdentifierMatchingWord>,
    pub partial_carries: Option<PartialCarriesWord>,
    pub new_branch: Option<NewBranchWord>,
    pub service_move: Option<ServiceMoveWord>,
    pub contact_details: Option<ContactDetailsWord>,
    /// Of `date_of_birth` and `nhs_number`, those that the integration manages. Default: the first.
    pub managed_demographics: Option<Vec<FieldName>>,
    pub near_term: Option<NearTermWord>,
    pub deletion: Option<DeletionWord>,
    pub end_date: Option<EndDateWord>,
    pub absent_field: Option<AbsentFieldWord>,
}

impl From<feed::Settings> for Settings {
    fn from(it: feed::Settings) -> Settings {
        let managed = it.managed_demographics;
        let managed = [(Field::DateOfBirth, managed.date_of_birth), (Field::NhsNumber, managed.nhs_number)];
        Settings {
            identifier_matching: Some(it.identifier_matching.into()),
            partial_carries: Some(it.partial_carries.into()),
            new_branch: Some(it.new_branch.into()),
            service_move: Some(it.service_move.into()),
            contact_details: Some(it.contact_details.into()),
            managed_demographics: Some(
                managed.into_iter().filter(|(_, is)| *is).map(|(field, _)| FieldName(field)).collect(),
            ),
            near_term: Some(it.near_term.into()),
            deletion: Some(it.deletion.into()),
            end_date: Some(it.end_date.into()),
            absent_field: Some(it.absent_field.into()),
        }
    }
}

impl From<Settings> for feed::Settings {
    fn from(it: Settings) -> feed::Settings {
        let default = feed::Settings::default();
        let managed = it.managed_demographics.map(|fields| feed::ManagedDemographics {
            date_of_birth: fields.contains(&FieldName(Field::DateOfBirth)),
            nhs_number: fields.contains(&FieldName(Field::NhsNumber)),
        });
        feed::Settings {
            identifier_matching: it.identifier_matching.map_or(default.identifier_matching, Into::into),
            partial_carries: it.partial_carries.map_or(default.partial_carries, Into::into),
            new_branch: it.new_branch.map_or(default.new_branch, Into::into),
            service_move: it.service_move.map_or(default.service_move, Into::into),
            contact_details: it.contact_details.map_or(default.contact_details, Into::into),
            managed_demographics: managed.unwrap_or(default.managed_demographics),
            near_term: it.near_term.map_or(default.near_term, Into::into),
            deletion: it.deletion.map_or(default.deletion, Into::into),
            end_date: it.end_date.map_or(default.end_date, Into::into),
            absent_field: it.absent_field.map_or(default.absent_field, Into::into),
        }
    }
}

/// An ACP service and its branches. A branch belongs to one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub name: String,
    #[serde(default)]
    pub branches: Vec<String>,
}

impl From<(Text, Vec<Text>)> for Service {
    fn from((name, branches): (Text, Vec<Text>)) -> Service {
        Service { name: name.into(), branches: strings(&branches) }
    }
}

impl From<Service> for (Text, Vec<Text>) {
    fn from(it: Service) -> (Text, Vec<Text>) {
        (it.name.into(), texts(it.branches))
    }
}

/// A record that is there before anything happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Planted {
    pub origin: Origin,
    pub external_id: Option<String>,
    pub status: Status,
    pub fields: Fields,
    #[serde(default)]
    pub role_access: Vec<String>,
    #[serde(default)]
    pub care: Vec<PlantedCare>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlantedCare {
    pub kind: CareKind,
    pub title: String,
    /// Of a care plan.
    #[serde(default)]
    pub activities: Vec<String>,
}

impl From<acp::Planted> for Planted {
    fn from(it: acp::Planted) -> Planted {
        let care = it.care.into_iter().map(|(kind, title, activities)| PlantedCare {
            kind: kind.into(),
            title: title.into(),
            activities: strings(&activities),
        });
        Planted {
            origin: it.origin.into(),
            external_id: it.external_id.map(|id| id.as_str().to_owned()),
            status: it.status.into(),
            fields: Fields(it.fields),
            role_access: strings(&it.role_access),
            care: care.collect(),
        }
    }
}

impl From<Planted> for acp::Planted {
    fn from(it: Planted) -> acp::Planted {
        let care = it.care.into_iter().map(|it| (it.kind.0, it.title.into(), texts(it.activities)));
        acp::Planted {
            origin: it.origin.0,
            external_id: it.external_id.map(ExternalId::new),
            status: it.status.0,
            fields: it.fields.0,
            role_access: texts(it.role_access),
            care: care.collect(),
        }
    }
}

/// What a rostering environment delivers to ACP at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Update {
    pub kind: UpdateKind,
    pub system: System,
    /// Which environment sends it, from 0.
    pub environment: u8,
    /// Counts the updates of one environment, from 1, strictly upwards. An older one changes nothing.
    #[schema(minimum = 1)]
    pub sequence: u32,
    pub sent_at: Timestamp,
    /// Branches that rostering has. ACP makes the ones it lacks only under `new_branch: created_by_name`.
    #[serde(default)]
    pub branches: Vec<String>,
    #[serde(default)]
    pub service_users: Vec<ServiceUser>,
    /// Every planned visit that starts from `sent_at` to `visits_until`: what ACP holds in that span and is not here
    /// is withdrawn.
    #[serde(default)]
    pub visits: Vec<Visit>,
    /// Before `sent_at`: the update says nothing about visits that it does not carry.
    pub visits_until: Timestamp,
}

/// A service user as one update describes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceUser {
    /// Kept to the character: spaces, zeros and case.
    pub external_id: String,
    pub fields: Fields,
    /// Access Care Rostering only.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
}

/// A service requirement: ACP keeps a care plan for each. Access Care Rostering only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub id: String,
    pub name: String,
}

/// One planned visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    pub id: String,
    /// External identifier.
    pub service_user: String,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub employee: Option<String>,
    pub requirement: Option<String>,
}

/// One service user, updated or created by external identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Upsert {
    pub fields: Fields,
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// Whose numbers `sequence` counts in. Left out: those of calls made by hand.
    pub environment: Option<u8>,
    /// One that is lower than the record's is refused as stale. Left out: the next one.
    #[schema(minimum = 1)]
    pub sequence: Option<u32>,
}

impl From<feed::Requirement> for Requirement {
    fn from(it: feed::Requirement) -> Requirement {
        Requirement { id: it.id.into(), name: it.name.into() }
    }
}

impl From<Requirement> for feed::Requirement {
    fn from(it: Requirement) -> feed::Requirement {
        feed::Requirement { id: it.id.into(), name: it.name.into() }
    }
}

impl From<feed::ServiceUser> for ServiceUser {
    fn from(it: feed::ServiceUser) -> ServiceUser {
        ServiceUser {
            external_id: it.external_id.as_str().to_owned(),
            fields: Fields(it.fields),
            requirements: each(it.requirements),
        }
    }
}

impl From<ServiceUser> for feed::ServiceUser {
    fn from(it: ServiceUser) -> feed::ServiceUser {
        feed::ServiceUser {
            external_id: ExternalId::new(it.external_id),
            fields: it.fields.0,
            requirements: each(it.requirements),
        }
    }
}

impl From<feed::Visit> for Visit {
    fn from(it: feed::Visit) -> Visit {
        Visit {
            id: it.id.as_str().to_owned(),
            service_user: it.service_user.as_str().to_owned(),
            starts: it.starts,
            ends: it.ends,
            employee: string(it.employee.as_ref()),
            requirement: string(it.requirement.as_ref()),
        }
    }
}

impl From<Visit> for feed::Visit {
    fn from(it: Visit) -> feed::Visit {
        feed::Visit {
            id: VisitId::new(it.id),
            service_user: ExternalId::new(it.service_user),
            starts: it.starts,
            ends: it.ends,
            employee: text(it.employee),
            requirement: text(it.requirement),
        }
    }
}

impl From<feed::Update> for Update {
    fn from(it: feed::Update) -> Update {
        Update {
            kind: it.kind.into(),
            system: it.system.into(),
            environment: it.environment,
            sequence: it.sequence,
            sent_at: it.sent_at,
            branches: strings(&it.branches),
            service_users: each(it.service_users),
            visits: each(it.visits),
            visits_until: it.visits_until,
        }
    }
}

impl From<&Update> for feed::Update {
    fn from(it: &Update) -> feed::Update {
        let service_users = it.service_users.iter().map(|it| feed::ServiceUser {
            external_id: ExternalId::new(it.external_id.as_str()),
            fields: it.fields.0.clone(),
            requirements: each(it.requirements.iter().cloned()),
        });
        feed::Update {
            kind: it.kind.0,
            system: it.system.0,
            environment: it.environment,
            sequence: it.sequence,
            sent_at: it.sent_at,
            branches: texts(it.branches.clone()),
            service_users: service_users.collect(),
            visits: each(it.visits.iter().cloned()),
            visits_until: it.visits_until,
        }
    }
}

impl From<Update> for feed::Update {
    fn from(it: Update) -> feed::Update {
        feed::Update {
            kind: it.kind.0,
            system: it.system.0,
            environment: it.environment,
            sequence: it.sequence,
            sent_at: it.sent_at,
            branches: texts(it.branches),
            service_users: each(it.service_users),
            visits: each(it.visits),
            visits_until: it.visits_until,
        }
    }
}
