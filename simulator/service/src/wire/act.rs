//! What people do in ACP, what came of it, and why it was not done.

use super::{CareKind, Change, Clause, Fields, SettingName, each, strings, text, texts};
use acp::{HandMade, RecordId};
use feed::{ExternalId, VisitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who acts. The integration is not among them: it only delivers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Actor {
    TenantAdministrator,
    /// Of these branches only.
    BranchAdministrator(Vec<String>),
    CareStaff,
    Support,
    ImplementationTeam,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Act {
    pub by: Actor,
    pub action: Action,
}

/// Everything that people do in ACP. Records go by their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Creates a record by hand.
    Create {
        external_id: Option<String>,
        fields: Fields,
    },
    /// Sets fields; an empty text takes the value away.
    Edit {
        record: u32,
        set: Fields,
    },
    /// Sets the external identifier, or takes it away.
    SetExternalId {
        record: u32,
        to: Option<String>,
    },
    GrantRole {
        record: u32,
        role: String,
    },
    RevokeRole {
        record: u32,
        role: String,
    },
    AddCare(NewCare),
    /// To the record's newest care plan that has not ended.
    AddActivity {
        record: u32,
        title: String,
    },
    CompleteVisit {
        visit: String,
    },
    AddBranch {
        branch: String,
        service: String,
    },
    RenameBranch {
        from: String,
        to: String,
    },
    Deactivate {
        record: u32,
    },
    Reactivate {
        record: u32,
    },
    Archive {
        record: u32,
    },
    Unarchive {
        record: u32,
    },
    Delete {
        record: u32,
    },
    /// Support only: with its care data, except the kinds that stay behind.
    Move {
        record: u32,
        to: Place,
        #[serde(default)]
        leaving: Vec<CareKind>,
    },
    /// Support only: everything of `loser` goes to `survivor`.
    Merge {
        survivor: u32,
        loser: u32,
    },
    /// Support only: sets any field directly.
    Datafix {
        record: u32,
        set: Fields,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCare {
    pub record: u32,
    pub kind: CareKind,
    pub title: String,
    #[serde(default)]
    pub activities: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub branch: String,
    pub service: Option<String>,
}

/// What an action did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// Every record that it touched, in order.
    pub records: Vec<u32>,
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Care data item by item; for Support's actions and deletion.
    pub account: Option<Account>,
}

/// Where each thing of care went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub moved: Vec<CareNumber>,
    pub kept: Vec<CareNumber>,
    pub left: Vec<CareNumber>,
    pub lost: Vec<CareNumber>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CareNumber {
    pub kind: CareKind,
    pub number: u32,
}

/// Why something was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub clause: Clause,
    /// A whole sentence: what, and what would have worked.
    pub why: String,
    /// The setting that decided, where one did.
    pub setting: Option<SettingName>,
}

impl From<acp::Refusal> for Refusal {
    fn from(it: acp::Refusal) -> Refusal {
        Refusal { clause: it.clause.into(), why: it.why, setting: it.setting.map(Into::into) }
    }
}

impl From<Refusal> for acp::Refusal {
    fn from(it: Refusal) -> acp::Refusal {
        acp::Refusal { clause: it.clause.0, why: it.why, setting: it.setting.map(Into::into) }
    }
}

impl From<(acp::CareKind, u32)> for CareNumber {
    fn from((kind, number): (acp::CareKind, u32)) -> CareNumber {
        CareNumber { kind: kind.into(), number }
    }
}

impl From<CareNumber> for (acp::CareKind, u32) {
    fn from(it: CareNumber) -> (acp::CareKind, u32) {
        (it.kind.0, it.number)
    }
}

impl From<acp::Done> for Done {
    fn from(it: acp::Done) -> Done {
        Done {
            records: it.records.into_iter().map(|id| id.0).collect(),
            changes: each(it.changes),
            account: it.account.map(|it| Account {
                moved: each(it.moved),
                kept: each(it.kept),
                left: each(it.left),
                lost: each(it.lost),
            }),
        }
    }
}

impl From<Done> for acp::Done {
    fn from(it: Done) -> acp::Done {
        acp::Done {
            records: it.records.into_iter().map(RecordId).collect(),
            changes: each(it.changes),
            account: it.account.map(|it| acp::Account {
                moved: each(it.moved),
                kept: each(it.kept),
                left: each(it.left),
                lost: each(it.lost),
            }),
        }
    }
}

impl From<acp::Actor> for Actor {
    fn from(it: acp::Actor) -> Actor {
        match it {
            acp::Actor::TenantAdministrator => Actor::TenantAdministrator,
            acp::Actor::BranchAdministrator(branches) => Actor::BranchAdministrator(strings(&branches)),
            acp::Actor::CareStaff => Actor::CareStaff,
            acp::Actor::Support => Actor::Support,
            acp::Actor::ImplementationTeam => Actor::ImplementationTeam,
        }
    }
}

impl From<Actor> for acp::Actor {
    fn from(it: Actor) -> acp::Actor {
        match it {
            Actor::TenantAdministrator => acp::Actor::TenantAdministrator,
            Actor::BranchAdministrator(branches) => acp::Actor::BranchAdministrator(texts(branches)),
            Actor::CareStaff => acp::Actor::CareStaff,
            Actor::Support => acp::Actor::Support,
            Actor::ImplementationTeam => acp::Actor::ImplementationTeam,
        }
    }
}

impl From<acp::Act> for Act {
    fn from(it: acp::Act) -> Act {
        Act { by: it.by.into(), action: it.action.into() }
    }
}

impl From<Act> for acp::Act {
    fn from(it: Act) -> acp::Act {
        acp::Act { by: it.by.into(), action: it.action.into() }
    }
}

impl From<acp::Action> for Action {
    fn from(it: acp::Action) -> Action {
        use acp::Action as From_;
        match it {
            From_::Create(HandMade { external_id, fields }) => Action::Create {
                external_id: external_id.map(|id| id.as_str().to_owned()),
                fields: Fields(fields),
            },
            From_::Edit { record, set } => Action::Edit { record: record.0, set: Fields(set) },
            From_::SetExternalId { record, to } => {
                Action::SetExternalId { record: record.0, to: to.map(|id| id.as_str().to_owned()) }
            }
            From_::GrantRole { record, role } => Action::GrantRole { record: record.0, role: role.into() },
            From_::RevokeRole { record, role } => Action::RevokeRole { record: record.0, role: role.into() },
            From_::AddCare { record, kind, title, activities } => Action::AddCare(NewCare {
                record: record.0,
                kind: kind.into(),
                title: title.into(),
                activities: strings(&activities),
            }),
            From_::AddActivity { record, title } => {
                Action::AddActivity { record: record.0, title: title.into() }
            }
            From_::CompleteVisit { visit } => Action::CompleteVisit { visit: visit.as_str().to_owned() },
            From_::AddBranch { branch, service } => {
                Action::AddBranch { branch: branch.into(), service: service.into() }
            }
            From_::RenameBranch { from, to } => Action::RenameBranch { from: from.into(), to: to.into() },
            From_::Deactivate { record } => Action::Deactivate { record: record.0 },
            From_::Reactivate { record } => Action::Reactivate { record: record.0 },
            From_::Archive { record } => Action::Archive { record: record.0 },
            From_::Unarchive { record } => Action::Unarchive { record: record.0 },
            From_::Delete { record } => Action::Delete { record: record.0 },
            From_::Move { record, to, leaving } => Action::Move {
                record: record.0,
                to: Place { branch: to.branch.into(), service: to.service.map(Into::into) },
                leaving: each(leaving),
            },
            From_::Merge { survivor, loser } => Action::Merge { survivor: survivor.0, loser: loser.0 },
            From_::Datafix { record, set } => Action::Datafix { record: record.0, set: Fields(set) },
        }
    }
}

impl From<Action> for acp::Action {
    fn from(it: Action) -> acp::Action {
        use acp::Action as To;
        match it {
            Action::Create { external_id, fields } => {
                To::Create(HandMade { external_id: external_id.map(ExternalId::new), fields: fields.0 })
            }
            Action::Edit { record, set } => To::Edit { record: RecordId(record), set: set.0 },
            Action::SetExternalId { record, to } => {
                To::SetExternalId { record: RecordId(record), to: to.map(ExternalId::new) }
            }
            Action::GrantRole { record, role } => {
                To::GrantRole { record: RecordId(record), role: role.into() }
            }
            Action::RevokeRole { record, role } => {
                To::RevokeRole { record: RecordId(record), role: role.into() }
            }
            Action::AddCare(NewCare { record, kind, title, activities }) => To::AddCare {
                record: RecordId(record),
                kind: kind.0,
                title: title.into(),
                activities: texts(activities),
            },
            Action::AddActivity { record, title } => {
                To::AddActivity { record: RecordId(record), title: title.into() }
            }
            Action::CompleteVisit { visit } => To::CompleteVisit { visit: VisitId::new(visit) },
            Action::AddBranch { branch, service } => {
                To::AddBranch { branch: branch.into(), service: service.into() }
            }
            Action::RenameBranch { from, to } => To::RenameBranch { from: from.into(), to: to.into() },
            Action::Deactivate { record } => To::Deactivate { record: RecordId(record) },
            Action::Reactivate { record } => To::Reactivate { record: RecordId(record) },
            Action::Archive { record } => To::Archive { record: RecordId(record) },
            Action::Unarchive { record } => To::Unarchive { record: RecordId(record) },
            Action::Delete { record } => To::Delete { record: RecordId(record) },
            Action::Move { record, to, leaving } => To::Move {
                record: RecordId(record),
                to: acp::Place { branch: to.branch.into(), service: text(to.service) },
                leaving: each(leaving),
            },
            Action::Merge { survivor, loser } => {
                To::Merge { survivor: RecordId(survivor), loser: RecordId(loser) }
            }
            Action::Datafix { record, set } => To::Datafix { record: RecordId(record), set: set.0 },
        }
    }
}
