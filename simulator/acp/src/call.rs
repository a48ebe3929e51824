//! Everything that is asked of ACP and everything that it answers, as one closed pair of enums. In process it
//! is a function call; over HTTP it is the contract; in a sandbox it is the journal. Knows no engine.

use crate::{CareKind, HeldMove, Origin, Record, RecordId, Status};
use feed::{Clause, ExternalId, Field, Fields, Setting, Settings, Text, Unfit, Update, VisitId};
use thin_vec::ThinVec;

/// One thing that is asked of ACP. The instant comes beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A new, empty tenant. Everything that was there before is gone.
    SetUp(SetUp),
    /// An update arrives from a rostering system.
    Receive(Update),
    /// A person does something.
    Act(Act),
    /// Somebody looks. Changes nothing.
    Look(Look),
}

/// What answers one [`Call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Ready,
    Received(Receipt),
    Done(Done),
    /// The action was refused and nothing was changed.
    Refused(Refusal),
    Shown(Shown),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetUp {
    pub settings: Settings,
    /// Services and their branches: (service, branches), both in order. A branch belongs to one service. The
    /// first service takes branches that are created by name.
    pub services: Vec<(Text, Vec<Text>)>,
    /// Records that are there already.
    pub records: Vec<Planted>,
}

/// A record that is there when the story begins, made by hand or left by an earlier integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    pub origin: Origin,
    pub external_id: Option<ExternalId>,
    pub status: Status,
    /// With branch; the service follows from it unless given.
    pub fields: Fields,
    pub role_access: Vec<Text>,
    /// Kind, title and, for a care plan, activities.
    pub care: Vec<(CareKind, Text, Vec<Text>)>,
}

/// One update taken in: a decision for each service user, an outcome for each visit and branch, in the order
/// sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    pub decisions: Vec<Decision>,
    pub visits: Vec<VisitOutcome>,
    pub branches: Vec<BranchOutcome>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub external_id: ExternalId,
    pub outcome: Outcome,
}

/// What ACP did with one service user of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No record had this identifier, so there is a new one (SYNC-5). Notes say what was left out of it.
    Created { record: RecordId, notes: ThinVec<Note> },
    /// A record had this identifier (SYNC-4). Both lists empty: it was up to date.
    Matched { record: RecordId, changes: ThinVec<Change>, notes: ThinVec<Note> },
    /// Not taken in, and nothing written.
    Refused(Refusal),
    /// Something newer was applied to the record before: nothing written.
    Older(RecordId),
    /// No record had this identifier, and the service user has ended: none is created. *Assumed.*
    NotCreated,
}

/// One field that an update or a person changed. An empty text is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: Field,
    pub from: Text,
    pub to: Text,
    pub clause: Clause,
}

/// Something about a matched service user that is worth saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The move waits for Support; the record stays where it is (MOVE-1, or setting `service_move`).
    Held { held: HeldMove, because: Clause },
    /// ACP's value stands although rostering sent another one.
    Kept { field: Field, acp: Text, sent: Text, because: Clause, setting: Setting },
    /// The value was not fit for its field; the old one stands and everything else was applied.
    Unfit { field: Field, sent: Text, why: String },
    /// The record is not active and was updated all the same; its status stays.
    NotActive,
    /// Status changed by the end date (setting `end_date: deactivates`).
    EndDateDecided { active: bool },
    /// Care plans that the integration ended and made because service requirements changed (PUB-11), by
    /// number.
    CarePlans { ended: Vec<u32>, added: Vec<u32> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitOutcome {
    Added {
        visit: VisitId,
        record: RecordId,
    },
    Changed {
        visit: VisitId,
        record: RecordId,
    },
    Unchanged {
        visit: VisitId,
        record: RecordId,
    },
    /// Moved from the record of another service user.
    Relinked {
        visit: VisitId,
        from: RecordId,
        to: RecordId,
    },
    /// No record for its service user yet, or more than one: kept aside and tried again whenever that
    /// changes. *Assumed.*
    Parked {
        visit: VisitId,
        service_user: ExternalId,
    },
    /// No longer sent, although it starts inside the span of the update.
    Withdrawn {
        visit: VisitId,
        record: RecordId,
    },
    /// Already carried out: stays as it is.
    StaysDone {
        visit: VisitId,
        record: RecordId,
    },
}

impl VisitOutcome {
    /// The record under which the visit hangs from then on; none while it is parked and after it was
    /// withdrawn.
    pub fn record(&self) -> Option<RecordId> {
        match self {
            VisitOutcome::Added { record, .. }
            | VisitOutcome::Changed { record, .. }
            | VisitOutcome::Unchanged { record, .. }
            | VisitOutcome::StaysDone { record, .. } => Some(*record),
            VisitOutcome::Relinked { to, .. } => Some(*to),
            VisitOutcome::Parked { .. } | VisitOutcome::Withdrawn { .. } => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchOutcome {
    Created { branch: Text, service: Text },
    Refused { branch: Text, refusal: Refusal },
}

/// Who acts in ACP. The integration is not among them: it only delivers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    TenantAdministrator,
    /// Of these branches only.
    BranchAdministrator(Vec<Text>),
    CareStaff,
    Support,
    /// Maps external identifiers before go-live.
    ImplementationTeam,
}

impl Actor {
    pub const fn title(&self) -> &'static str {
        match self {
            Actor::TenantAdministrator => "Tenant Administrator",
            Actor::BranchAdministrator(_) => "Branch Administrator",
            Actor::CareStaff => "care staff",
            Actor::Support => "Support",
            Actor::ImplementationTeam => "implementation team",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub by: Actor,
    pub action: Action,
}

/// Everything that people do in ACP. `R` is how a record is named: by its ID here, by what a scenario calls
/// it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<R = RecordId> {
    /// Creates a record by hand. `branch` and `service` come in `fields`; a branch alone names its service.
    Create(HandMade),
    /// Sets fields; an empty text takes the value away. Branch and service are a move by hand.
    Edit {
        record: R,
        set: Fields,
    },
    /// Sets the external identifier, or takes it away. Before go-live (DUP-8).
    SetExternalId {
        record: R,
        to: Option<ExternalId>,
    },
    GrantRole {
        record: R,
        role: Text,
    },
    RevokeRole {
        record: R,
        role: Text,
    },
    /// Adds one thing of care. For a care plan, `activities` are its first ones.
    AddCare {
        record: R,
        kind: CareKind,
        title: Text,
        activities: Vec<Text>,
    },
    /// Adds an activity to the record's newest care plan that has not ended.
    AddActivity {
        record: R,
        title: Text,
    },
    /// Carries a planned visit out: it becomes visit history.
    CompleteVisit {
        visit: VisitId,
    },
    AddBranch {
        branch: Text,
        service: Text,
    },
    RenameBranch {
        from: Text,
        to: Text,
    },
    Deactivate {
        record: R,
    },
    Reactivate {
        record: R,
    },
    Archive {
        record: R,
    },
    Unarchive {
        record: R,
    },
    Delete {
        record: R,
    },
    /// Support only: moves a record to a branch (and so to its service) with its care data, except the kinds
    /// that stay behind in the old service.
    Move {
        record: R,
        to: Place,
        leaving: Vec<CareKind>,
    },
    /// Support only: everything of `loser` goes to `survivor`, whose aliases take the loser's identifier.
    Merge {
        survivor: R,
        loser: R,
    },
    /// Support only: sets any field directly.
    Datafix {
        record: R,
        set: Fields,
    },
}

/// A branch, and its service unless the branch says it all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub branch: Text,
    pub service: Option<Text>,
}

/// A record made by hand, as typed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandMade {
    pub external_id: Option<ExternalId>,
    pub fields: Fields,
}

/// What an action did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Every record that it touched, in order.
    pub records: Vec<RecordId>,
    pub changes: Vec<Change>,
    /// Care data item by item; present for Support's actions and deletion.
    pub account: Option<Account>,
}

/// Where each thing of care went, by number. Every item of every record involved stands in exactly one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// To another record or service.
    pub moved: Vec<(CareKind, u32)>,
    /// Where it was, and still with its record.
    pub kept: Vec<(CareKind, u32)>,
    /// Behind in the old service.
    pub left: Vec<(CareKind, u32)>,
    /// Gone. Only by the deletion that DUP-4 warns of.
    pub lost: Vec<(CareKind, u32)>,
}

/// Why something was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub clause: Clause,
    /// A whole sentence: what, and what would have worked.
    pub why: String,
    /// The setting that decided, where one did.
    pub setting: Option<Setting>,
}

impl Refusal {
    pub(crate) fn new(clause: Clause, why: impl Into<String>) -> Refusal {
        Refusal { clause, why: why.into(), setting: None }
    }

    pub(crate) fn decided_by(self, setting: Setting) -> Refusal {
        Refusal { setting: Some(setting), ..self }
    }
}

/// What to say of a value that is not fit for its field.
pub(crate) fn not_fit(field: Field, sent: &str, unfit: &Unfit) -> String {
    format!("The {} {sent:?} is {}: {}.", field.text(), unfit.what, unfit.instead)
}

/// What somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// All records and branches.
    Everything,
    /// The records that were created, changed or deleted since the last such look.
    Touched,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub records: Vec<Record>,
    /// Deleted since the last look. Only for [`Look::Touched`].
    pub gone: Vec<RecordId>,
    /// (branch, service), in order of creation.
    pub branches: Vec<(Text, Text)>,
    /// Visits whose service user has no record.
    pub parked: Vec<VisitId>,
}
