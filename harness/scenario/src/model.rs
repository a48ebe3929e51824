//! A scenario as the rest of the program sees it: everything resolved, every step with exactly one meaning, every
//! clause and field typed. How it was written is `tree.rs`'s and `lower/`'s business and nobody else's.

use crate::Inherited;
use acp::{Action, Actor, CareKind, Origin, Planted, Status, Tracked};
use feed::{Clause, ExternalId, Field, Settings, System, Text, Timestamp, VisitId};
use jiff::{
    SignedDuration,
    civil::{Date, DateTime, Time},
};
use link::Fault;
use std::ops::Range;

/// A place in a file: bytes, and the line and column (both from 1, columns in characters) where it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Where {
    /// Which of [`Scenario::files`], from 0: the scenario itself, then worlds.
    pub file: u16,
    pub bytes: Range<usize>,
    pub line: u32,
    pub column: u32,
}

/// Something and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    pub it: T,
    pub at: Where,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The path as the reader was given it, with `/` between its parts.
    pub path: String,
    pub title: String,
    pub about: Option<String>,
    pub proves: Vec<Clause>,
    pub tags: Vec<String>,
    pub skip: Option<Skip>,
    /// Why it is expected to fail: a pass is then a failure.
    pub expect_failure: Option<String>,
    /// At least one. The whole scenario runs once per case.
    pub cases: Vec<Case>,
    /// Every file that went into it: itself, then worlds in the order of `use:`.
    pub files: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    pub reason: String,
    /// Runs again from this day on.
    pub until: Option<Date>,
}

/// One row of `cases:`, or the only one of a scenario without rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The row's `name`; none where the scenario has no rows.
    pub name: Option<String>,
    pub at: Where,
    pub clock: Timestamp,
    pub settings: Settings,
    /// What of it comes from the suite.
    pub inherited: Inherited,
    /// Fixed by the file; else the run's.
    pub seed: Option<u64>,
    /// At least one.
    pub environments: Vec<Environment>,
    pub services: Vec<(Text, Vec<Text>)>,
    /// Records that are there already, and what the scenario calls them.
    pub planted: Vec<(Option<Text>, Planted)>,
    /// What has been done before the first step, in order, all at `clock`.
    pub given: Vec<At<Doing>>,
    pub faults: Vec<At<Fault>>,
    pub steps: Vec<Step>,
}

/// One environment of a rostering system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub name: Text,
    pub system: System,
    pub prefix: Option<Text>,
    /// Branches that it has, without prefix.
    pub branches: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The prose after `when:` or `then:`; shown everywhere, never interpreted.
    pub label: String,
    /// The label's place.
    pub at: Where,
    /// Time that passes first.
    pub pause: Pause,
    pub kind: StepKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pause {
    None,
    /// `after: 20m`
    For(SignedDuration),
    /// `at: 2026-03-29 03:00`. Never before the instant of an earlier `at`.
    Until(Timestamp),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    When(Vec<At<Doing>>),
    /// All checks together.
    Then {
        holds: Holds,
        checks: Vec<At<Check>>,
    },
}

/// When the checks of a `then` have to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// At this very instant (bare, or after a pause).
    Now,
    /// At some instant up to this much later, end included; the clock stops at the first. True at once is vacuous.
    Within(SignedDuration),
    /// At every instant from now to this much later.
    For(SignedDuration),
    /// At no instant from now to this much later.
    Never(SignedDuration),
}

/// A moment that may depend on when its step takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// With its offset, or unambiguous.
    At(Timestamp),
    /// As somebody types it into a rostering system: London wall time, which may not exist or exist twice.
    Wall(DateTime),
    /// `+80h`, `+1d`, `-2h`, `+1d 08:00`: calendar days in London, then elapsed time or the time on the wall.
    Later { days: i32, elapsed: SignedDuration, at: Option<Time> },
}

/// How a scenario names a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordRef {
    /// The record that this identifier leads to (as sent: with prefix), at that moment.
    Of(ExternalId),
    /// By the name that `given` or `create record` gave it.
    Called(Text),
    /// `R2`: the second record that ACP ever had.
    Number(u32),
}

/// One thing that somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    Rostering {
        environment: u8,
        command: rostering::Command<Moment>,
    },
    Acp {
        by: Actor,
        action: Action<RecordRef>,
        /// A name for the record that `Create` makes.
        called: Option<Text>,
    },
    /// Go-live: the first full update is due. All environments, or one.
    GoLive(Option<u8>),
    /// The integration is switched off.
    Stop(Option<u8>),
    /// `the first sync has finished`: go-live and the first full update, before anything else.
    FirstSync,
    /// Somebody has made sure that two records are one person.
    ConfirmDuplicate(RecordRef, RecordRef),
    /// A Tenant Administrator raises a case through the Access Digital Assistant, from the draft, without these parts.
    RaiseCase {
        kind: Clause,
        about: About,
        leaving_out: Vec<CasePart>,
    },
    /// Support closes it.
    CloseCase {
        kind: Clause,
        about: About,
    },
    /// Somebody asks guidance. Nothing is expected of the answer.
    AskGuidance(About),
    /// A fault of the link begins.
    Fault(Fault),
    /// Invented service users, added in rostering. `each with a visit` at this moment, if any.
    Population {
        environment: u8,
        seed: u64,
        n_service_users: u32,
        visit: Option<Moment>,
    },
}

/// Whom guidance or a case is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// As sent: with prefix.
    ServiceUser(ExternalId),
    Record(RecordRef),
}

/// What a support case has to hold. Articles 14300960 (CASE-5, BRANCH-4, DUP-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CasePart {
    Name,
    Service,
    ExternalId,
    Description,
    CorrectService,
    RosteringSystem,
    RecordIds,
    OtherName,
    OtherService,
}

impl CasePart {
    pub const ALL: &'static [CasePart] = &[
        CasePart::Name,
        CasePart::Service,
        CasePart::ExternalId,
        CasePart::Description,
        CasePart::CorrectService,
        CasePart::RosteringSystem,
        CasePart::RecordIds,
        CasePart::OtherName,
        CasePart::OtherService,
    ];

    pub const fn text(self) -> &'static str {
        match self {
            CasePart::Name => "name",
            CasePart::Service => "service",
            CasePart::ExternalId => "external id",
            CasePart::Description => "description",
            CasePart::CorrectService => "correct service",
            CasePart::RosteringSystem => "rostering system",
            CasePart::RecordIds => "record ids",
            CasePart::OtherName => "other name",
            CasePart::OtherService => "other service",
        }
    }
}

/// One thing that can be looked at and be true or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// There is such a record and it has all this.
    Record { of: RecordRef, has: Vec<At<Has>> },
    /// There is no such record (for an identifier: none that it leads to).
    NoRecord { of: RecordRef },
    /// So many records fit. A merged record does not count.
    Records { like: RecordsLike, count: Count },
    /// So many visits fit.
    Visits { like: VisitsLike, count: Count },
    /// The rostering system has this service user with these values (PUB-7).
    InRostering { environment: u8, id: ExternalId, has: Vec<At<Has>> },
    /// The values that something had, oldest first, the present one last; "" is no value.
    History { of: RecordRef, what: Tracked, values: Vec<Text>, by: Vec<HistoryBy> },
    /// The last action was refused.
    Refused { clause: Option<Clause>, says: Option<Text> },
    /// The last action was done.
    Accepted,
    /// What syncs have done with a service user since the step before the last `when`… since the last `when`.
    Sync { id: ExternalId, outcome: SyncOutcome, clause: Option<Clause>, says: Option<Text>, count: Count },
    /// The account of care data that the last action gave. Lists that are not named are not looked at.
    Account { moved: Option<Count>, kept: Option<Count>, left: Option<Count>, lost: Option<Count> },
    /// Guidance that was given before the last action named all these clauses; an empty list says there was none.
    Warned { clauses: Vec<Clause> },
    /// What guidance says now.
    Guidance {
        about: About,
        situation: Option<Text>,
        says: Vec<Clause>,
        not: Vec<Clause>,
        wait_until: Option<Moment>,
    },
    /// Whether a support case of this kind is due, and what its draft holds and lacks.
    Case { about: About, kind: Clause, due: bool, has: Vec<CasePart>, missing: Vec<CasePart> },
}

/// Who set a value, in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HistoryBy {
    Integration,
    TenantAdministrator,
    BranchAdministrator,
    CareStaff,
    Support,
    ImplementationTeam,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyncOutcome {
    Created,
    /// Matched, with at least one change.
    Updated,
    /// Matched, nothing changed.
    Unchanged,
    /// Matched, the move held.
    Held,
    Refused,
    Older,
    NotCreated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Exactly(u32),
    AtLeast(u32),
    AtMost(u32),
}

impl Count {
    pub fn fits(self, n: usize) -> bool {
        match self {
            Count::Exactly(count) => n == count as usize,
            Count::AtLeast(count) => n >= count as usize,
            Count::AtMost(count) => n <= count as usize,
        }
    }
}

/// One thing that a record (or, for fields, a service user in rostering) has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Has {
    /// A field with this value; "" is no value. Compared as the field keeps it.
    Field(Field, Text),
    /// Given and family name with a space between.
    Name(Text),
    ExternalId(Option<ExternalId>),
    RecordId(RecordRef),
    /// The same record as the one that this identifier led to at the first step.
    SameRecord,
    Status(Status),
    Origin(Origin),
    RoleAccess(Vec<Text>),
    Care(CareKind, Count),
    Activities(Count),
    /// Care plans that have not ended.
    OpenCarePlans(Count),
    /// Any care data in the sense of MOVE-1.
    CareHistory(bool),
    Visits(Count),
    /// A move that waits for Support, to this branch if named.
    HeldMove(Option<Text>),
    NoHeldMove,
    /// Support merged it into this one.
    MergedInto(RecordRef),
    Aliases(Vec<ExternalId>),
    /// In rostering only.
    Active(bool),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordsLike {
    pub external_id: Option<ExternalId>,
    pub name: Option<Text>,
    pub branch: Option<Text>,
    pub service: Option<Text>,
    pub origin: Option<Origin>,
    pub status: Option<Status>,
    pub care_history: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitsLike {
    pub id: Option<VisitId>,
    pub on: Option<RecordRef>,
    pub done: Option<bool>,
    pub starts: Option<Moment>,
    /// Kept aside because their service user has no record.
    pub parked: bool,
}
