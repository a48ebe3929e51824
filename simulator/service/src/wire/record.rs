//! A record as ACP shows it: every value with when and by whom it was set, as far as the seat knows.

use super::{CareKind, Clause, FieldName, HeldMove, HistoryOf, Origin, Status, VisitState, each, string};
use acp::RecordId;
use feed::{ExternalId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum By {
    /// With update `sequence` of `environment`.
    Integration {
        environment: u8,
        sequence: u32,
    },
    TenantAdministrator,
    BranchAdministrator,
    CareStaff,
    Support,
    ImplementationTeam,
}

/// When a value was set, by whom, under which clause. Kept to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    pub at: Timestamp,
    pub by: By,
    pub clause: Clause,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    pub field: FieldName,
    /// Empty: it was taken away.
    pub value: String,
    /// A seat that does not know leaves it out: then it counts as set when the record was made.
    pub set: Option<Stamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleAccess {
    pub role: String,
    pub granted: Option<Stamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptContact {
    pub field: FieldName,
    pub value: String,
    pub from: u32,
}

/// One thing of care. Its number stays with it for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CareItem {
    pub number: u32,
    pub kind: CareKind,
    pub title: String,
    /// The ACP service that holds it.
    pub service: String,
    pub added: Option<Stamp>,
    #[serde(default)]
    pub activities: Vec<Activity>,
    pub requirement: Option<String>,
    pub ended: Option<Stamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    pub number: u32,
    pub title: String,
    pub added: Option<Stamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitHeld {
    pub visit: super::Visit,
    pub state: VisitState,
}

/// A value that something had or has. Empty: it was taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub what: HistoryOf,
    pub value: String,
    pub set: Stamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Newest {
    pub environment: u8,
    pub sequence: u32,
}

/// What ACP keeps about one service user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// From 1, in order of creation. Never used again.
    pub id: u32,
    pub origin: Origin,
    pub created: Stamp,
    pub external_id: Option<String>,
    pub external_id_set: Option<Stamp>,
    /// Identifiers of records that were merged into this one.
    #[serde(default)]
    pub aliases: Vec<String>,
    pub status: Status,
    pub status_set: Option<Stamp>,
    pub merged_into: Option<u32>,
    pub values: Vec<Slot>,
    #[serde(default)]
    pub role_access: Vec<RoleAccess>,
    #[serde(default)]
    pub care: Vec<CareItem>,
    /// Contact details that a merge brought and for which the field was taken.
    #[serde(default)]
    pub also: Vec<KeptContact>,
    #[serde(default)]
    pub visits: Vec<VisitHeld>,
    pub held: Option<HeldMove>,
    /// The newest update that was applied.
    pub newest: Option<Newest>,
    /// Earlier values, oldest first.
    #[serde(default)]
    pub past: Vec<Entry>,
}

/// A page of records, in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Records {
    pub records: Vec<Record>,
    /// Give it as `after` for the next page. None: this was the last.
    pub next: Option<String>,
}

/// Every value that a field had, oldest first, the present one last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct History {
    pub entries: Vec<Entry>,
}

/// What changed in ACP after a cursor: each record once, as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordChanges {
    pub records: Vec<Record>,
    /// Deleted.
    pub gone: Vec<u32>,
    /// Every branch with its service, in the order in which they were made.
    pub branches: Vec<BranchOf>,
    /// Visits whose service user has no record.
    pub parked: Vec<String>,
    /// Give it as `after` for what changes from now on.
    pub next: String,
    /// There is more after `next`.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchOf {
    pub branch: String,
    pub service: String,
}

impl From<acp::By> for By {
    fn from(it: acp::By) -> By {
        match it {
            acp::By::Integration { environment, sequence } => By::Integration { environment, sequence },
            acp::By::TenantAdministrator => By::TenantAdministrator,
            acp::By::BranchAdministrator => By::BranchAdministrator,
            acp::By::CareStaff => By::CareStaff,
            acp::By::Support => By::Support,
            acp::By::ImplementationTeam => By::ImplementationTeam,
        }
    }
}

impl From<By> for acp::By {
    fn from(it: By) -> acp::By {
        match it {
            By::Integration { environment, sequence } => acp::By::Integration { environment, sequence },
            By::TenantAdministrator => acp::By::TenantAdministrator,
            By::BranchAdministrator => acp::By::BranchAdministrator,
            By::CareStaff => acp::By::CareStaff,
            By::Support => acp::By::Support,
            By::ImplementationTeam => acp::By::ImplementationTeam,
        }
    }
}

impl From<acp::Stamp> for Stamp {
    fn from(it: acp::Stamp) -> Stamp {
        Stamp { at: it.at(), by: it.by.into(), clause: it.clause.into() }
    }
}

impl From<Stamp> for acp::Stamp {
    fn from(it: Stamp) -> acp::Stamp {
        acp::Stamp::new(it.at, it.by.into(), it.clause.0)
    }
}

impl From<&acp::Entry> for Entry {
    fn from(it: &acp::Entry) -> Entry {
        Entry { what: it.what.into(), value: it.value.to_string(), set: it.set.into() }
    }
}

impl From<Entry> for acp::Entry {
    fn from(it: Entry) -> acp::Entry {
        acp::Entry { what: it.what.0, value: it.value.into(), set: it.set.into() }
    }
}

impl From<&acp::CareItem> for CareItem {
    fn from(it: &acp::CareItem) -> CareItem {
        let activities = it.activities.iter().map(|it| Activity {
            number: it.number,
            title: it.title.to_string(),
            added: Some(it.added.into()),
        });
        CareItem {
            number: it.number,
            kind: it.kind.into(),
            title: it.title.to_string(),
            service: it.service.to_string(),
            added: Some(it.added.into()),
            activities: activities.collect(),
            requirement: string(it.requirement.as_ref()),
            ended: it.ended.map(Into::into),
        }
    }
}

impl From<&acp::Record> for Record {
    fn from(it: &acp::Record) -> Record {
        let values = it.synced.slots().map(|slot| Slot {
            field: slot.field.into(),
            value: slot.value.to_string(),
            set: Some(slot.set.into()),
        });
        let roles = it
            .local
            .role_access
            .iter()
            .map(|(role, granted)| RoleAccess { role: role.to_string(), granted: Some((*granted).into()) });
        let also = it.local.also.iter().map(|it| KeptContact {
            field: it.field.into(),
            value: it.value.to_string(),
            from: it.from.0,
        });
        let visits =
            it.visits.iter().map(|it| VisitHeld { visit: it.visit.clone().into(), state: it.state.into() });
        Record {
            id: it.id.0,
            origin: it.origin.into(),
            created: it.created.into(),
            external_id: it.external_id.as_ref().map(|id| id.as_str().to_owned()),
            external_id_set: Some(it.external_id_set.into()),
            aliases: it.aliases.iter().map(|id| id.as_str().to_owned()).collect(),
            status: it.status.into(),
            status_set: Some(it.status_set.into()),
            merged_into: it.merged_into.map(|id| id.0),
            values: values.collect(),
            role_access: roles.collect(),
            care: it.local.care.iter().map(CareItem::from).collect(),
            also: also.collect(),
            visits: visits.collect(),
            held: it.held.as_deref().cloned().map(Into::into),
            newest: it.newest.map(|(environment, sequence)| Newest { environment, sequence }),
            past: it.past.iter().map(Entry::from).collect(),
        }
    }
}

impl From<Record> for acp::Record {
    fn from(it: Record) -> acp::Record {
        let created: acp::Stamp = it.created.into();
        let stamp = |set: Option<Stamp>| set.map_or(created, Into::into);
        let slots = it.values.into_iter().map(|slot| (slot.field.0, Text::from(slot.value), stamp(slot.set)));
        let care = it.care.into_iter().map(|item| acp::CareItem {
            number: item.number,
            kind: item.kind.0,
            title: item.title.into(),
            service: item.service.into(),
            added: stamp(item.added),
            activities: item
                .activities
                .into_iter()
                .map(|it| acp::Activity { number: it.number, title: it.title.into(), added: stamp(it.added) })
                .collect(),
            requirement: item.requirement.map(Into::into),
            ended: item.ended.map(Into::into),
        });
        let also = it.also.into_iter().map(|it| acp::KeptContact {
            field: it.field.0,
            value: it.value.into(),
            from: RecordId(it.from),
        });
        let visits =
            it.visits.into_iter().map(|it| acp::VisitHeld { visit: it.visit.into(), state: it.state.0 });
        acp::Record {
            id: RecordId(it.id),
            origin: it.origin.0,
            created,
            external_id: it.external_id.map(ExternalId::new),
            external_id_set: stamp(it.external_id_set),
            aliases: it.aliases.into_iter().map(ExternalId::new).collect(),
            status: it.status.0,
            status_set: stamp(it.status_set),
            merged_into: it.merged_into.map(RecordId),
            synced: acp::Synced::from_slots(created, slots),
            local: acp::Local {
                role_access: it
                    .role_access
                    .into_iter()
                    .map(|it| (it.role.into(), stamp(it.granted)))
                    .collect(),
                care: care.collect(),
                also: also.collect(),
            },
            visits: visits.collect(),
            held: it.held.map(|held| Box::new(held.into())),
            newest: it.newest.map(|it| (it.environment, it.sequence)),
            past: each(it.past),
        }
    }
}

impl RecordChanges {
    /// What it shows, as the domain has it; the cursor is the caller's business.
    pub fn shown(self) -> acp::Shown {
        acp::Shown {
            records: each(self.records),
            gone: self.gone.into_iter().map(RecordId).collect(),
            branches: self.branches.into_iter().map(|it| (it.branch.into(), it.service.into())).collect(),
            parked: self.parked.into_iter().map(feed::VisitId::new).collect(),
        }
    }

    pub(crate) fn branches(all: &[(Text, Text)]) -> Vec<BranchOf> {
        let of = |(branch, service): &(Text, Text)| BranchOf {
            branch: branch.to_string(),
            service: service.to_string(),
        };
        all.iter().map(of).collect()
    }
}
