//! What is said about a world as a whole: how it begins, its clock, its faults, what happened in it, support cases; and
//! what a seat can do.

use super::{
    Clause, Command, Length, Planted, Receipt, Refusal, Service, Settings, System, UpdateKind,
    record::BranchOf,
};
use feed::{ExternalId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a world begins. Everything that was in it before is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorldSetUp {
    /// Where its clock stands. It moves only when it is told to.
    pub clock: Timestamp,
    /// Decides how long each delivery takes.
    #[serde(default = "one")]
    pub seed: u64,
    #[serde(default)]
    pub settings: Settings,
    /// Of ACP.
    #[serde(default)]
    pub services: Vec<Service>,
    /// That ACP has already.
    #[serde(default)]
    pub records: Vec<Planted>,
    #[serde(default)]
    pub environments: Vec<EnvironmentSetUp>,
}

const fn one() -> u64 {
    1
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentSetUp {
    /// Small letters, digits and hyphens.
    pub name: String,
    pub system: System,
    pub prefix: Option<String>,
    #[serde(default)]
    pub branches: Vec<String>,
    /// The integration is switched on at once.
    #[serde(default)]
    pub live: bool,
}

/// A world as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorldShown {
    pub name: String,
    pub clock: ClockShown,
    pub seed: u64,
    pub settings: Settings,
    pub environments: Vec<String>,
    pub branches: Vec<BranchOf>,
    pub n_records: usize,
    pub n_events: u64,
    /// How often something was asked that could change it: the number of the last line of /calls.
    pub n_calls: u64,
}

/// The clock of a world. It stands still until it is moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockShown {
    pub now: Timestamp,
    /// When something happens by itself next: an update is sent or arrives. None: nothing is due.
    pub next: Option<Timestamp>,
}

/// How the clock is to move. Everything that is due on the way is done before the answer comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MoveClock {
    /// To this instant, which is not before now.
    To(Timestamp),
    /// So much further: ISO 8601, for instance `PT20M`.
    By(Length),
    /// To the next thing that happens.
    Next,
    /// Back to an earlier instant: what was done after it is undone.
    BackTo(Timestamp),
    /// To what the world was after the call of this number, whatever was undone since: GET /calls has them. One less than
    /// the last undoes the last; the number before a going back takes that back.
    BackToCall(u64),
}

/// A line of a world's journal: what was asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallShown {
    /// From 1, without gaps.
    pub number: u64,
    /// The world's own time.
    pub at: Timestamp,
    /// False: it was undone since, and `back_to_call` has it again.
    pub stands: bool,
    pub entry: crate::journal::Entry,
}

/// A page of what was asked of a world, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    pub calls: Vec<CallShown>,
    /// Give it as `after` for what is asked from now on.
    pub next: String,
    pub more: bool,
}

/// The clock bridge: do what is due until then, and answer when it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Until {
    pub now: Timestamp,
}

/// What a connector is told when a scenario begins: `PUT /v1/worlds/{world}` at the connector. From then on it is told the
/// time with `PUT /v1/worlds/{world}/clock`, does what is due, and answers `ClockShown` with the instant at which it wants
/// to be told next. `DELETE /v1/worlds/{world}` ends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectorSetUp {
    /// Where both systems are: `/rostering` and `/acp` follow it.
    pub url: String,
    /// Goes with every request there, as `Authorization: Bearer KEY`.
    pub key: String,
    pub now: Timestamp,
    /// The names of the rostering environments, in order.
    pub environments: Vec<String>,
}

/// Which deliveries a fault takes. What is left out is any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Deliveries {
    pub kind: Option<UpdateKind>,
    pub environment: Option<u8>,
    /// Only those that carry this service user, by external identifier.
    pub carrying: Option<String>,
}

/// A fault of the way between the systems. It begins now and takes so many deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub kind: FaultKind,
    #[serde(default)]
    pub on: Deliveries,
    #[serde(default = "once")]
    #[schema(minimum = 1)]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Never arrives.
    Lose,
    /// Arrives so much later.
    Delay(Length),
    /// Arrives, and again so much later.
    Repeat(Length),
    /// Waits until the next delivery of the environment has arrived.
    Reorder,
    /// Only so many of its service users arrive, and no visits.
    Cut(u32),
    /// Nothing gets through for so long; tried again.
    Down(Length),
    /// ACP answers with this HTTP status, 429 or 5xx; tried again.
    Refuse { status: u16, retry_after: Option<Length> },
    /// This service user is damaged on the way.
    Poison(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultShown {
    /// From 0, in the order in which they began.
    pub number: usize,
    pub fault: Fault,
    pub fired: u32,
    /// Switched off by hand.
    pub lifted: bool,
}

/// Something that happened, with its number: from 1, without gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub number: u64,
    pub at: Timestamp,
    /// One plain sentence.
    pub says: String,
    /// What ACP did with the update, where one arrived.
    pub receipt: Option<Receipt>,
    /// What a rostering administrator did, where that is what happened.
    pub command: Option<Command>,
    /// Why it was not done, where it was refused.
    pub refusal: Option<Refusal>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Events {
    pub events: Vec<Event>,
    /// Give it as `after` for what happens from now on.
    pub next: String,
    pub more: bool,
}

/// Why a support case is raised. CASE-1 to CASE-4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CaseKind {
    /// Not updated after the window although it was corrected in rostering.
    NotUpdated,
    /// Has to move between services after care and data exist.
    Move,
    /// Two records are confirmed to be one person.
    Duplicate,
    /// No active service user in rostering stands behind it.
    Unexpected,
}

/// A case for Support, through the Access Digital Assistant. Every case needs a name, the ACP service, the external
/// identifier if it is known, and a description (CASE-5). `rehearse run --desk URL` posts it to `/v1/cases` there, and is
/// answered a `Case`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    pub kind: CaseKind,
    pub name: String,
    pub service: String,
    pub external_id: Option<String>,
    pub description: String,
    /// Of a duplicate: the two records.
    #[serde(default)]
    pub records: Vec<u32>,
    /// Of a wrong service: the correct one.
    pub correct_service: Option<String>,
    /// Of a wrong service: which rostering system.
    pub rostering_system: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// From 1.
    pub number: u32,
    pub raised_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub case: NewCase,
}

/// What a program in a seat is and can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatShown {
    /// The contract that it speaks: `rehearse.seat/1`.
    pub contract: String,
    /// What the program calls itself, and its version.
    pub name: String,
    pub version: String,
    pub clock: ClockMode,
    /// What it cannot do, each with the reason. Scenarios that need it are skipped by name.
    #[serde(default)]
    pub lacks: Vec<Lacks>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lacks {
    pub capability: Capability,
    pub why: String,
}

/// Whether it can follow a simulated clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClockMode {
    /// It is told the time with every call, and on every jump.
    Follows,
    /// It has the machine's time and no other.
    RealTime,
}

/// What a scenario may need of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Capability {
    /// Begins with records that are there already.
    RecordsToBeginWith,
    /// Settings other than the default.
    OtherSettings,
    /// Records made, edited and put away by people.
    ActionsByHand,
    /// Identifiers mapped by people.
    Mapping,
    RoleAccess,
    /// Care plans, forms, notes, documents.
    CareData,
    /// Visits under records.
    Visits,
    /// Branches made and renamed in ACP.
    Branches,
    /// Move, merge and datafix by Support.
    Support,
    Deletion,
    /// Who set which value, and when.
    History,
    /// Service orders and requirements of Access Care Rostering.
    ServiceOrders,
    /// Several environments with prefixes.
    SeveralEnvironments,
    /// Deliveries that are lost, late, twice, out of order, cut or damaged on the way.
    FaultsOnTheWay,
    /// A door that is closed for a while or answers 429 or 5xx.
    FaultsAtTheDoor,
}

impl From<link::Fault> for Fault {
    fn from(it: link::Fault) -> Fault {
        use link::FaultKind as From_;
        let kind = match it.kind {
            From_::Lose => FaultKind::Lose,
            From_::Delay(by) => FaultKind::Delay(Length(by)),
            From_::Repeat(later) => FaultKind::Repeat(Length(later)),
            From_::Reorder => FaultKind::Reorder,
            From_::Cut(n) => FaultKind::Cut(n),
            From_::Down(length) => FaultKind::Down(Length(length)),
            From_::Refuse { status, retry_after } => {
                FaultKind::Refuse { status, retry_after: retry_after.map(Length) }
            }
            From_::Poison(id) => FaultKind::Poison(id.as_str().to_owned()),
        };
        let on = Deliveries {
            kind: it.on.kind.map(Into::into),
            environment: it.on.environment,
            carrying: it.on.carrying.map(|id| id.as_str().to_owned()),
        };
        Fault { kind, on, times: it.times }
    }
}

impl From<Fault> for link::Fault {
    fn from(it: Fault) -> link::Fault {
        use link::FaultKind as To;
        let kind = match it.kind {
            FaultKind::Lose => To::Lose,
            FaultKind::Delay(by) => To::Delay(by.0),
            FaultKind::Repeat(later) => To::Repeat(later.0),
            FaultKind::Reorder => To::Reorder,
            FaultKind::Cut(n) => To::Cut(n),
            FaultKind::Down(length) => To::Down(length.0),
            FaultKind::Refuse { status, retry_after } => {
                To::Refuse { status, retry_after: retry_after.map(|it| it.0) }
            }
            FaultKind::Poison(id) => To::Poison(ExternalId::new(id)),
        };
        let on = link::Deliveries {
            kind: it.on.kind.map(Into::into),
            environment: it.on.environment,
            carrying: it.on.carrying.map(ExternalId::new),
        };
        link::Fault { kind, on, times: it.times }
    }
}

impl From<crate::SetUp> for WorldSetUp {
    fn from(it: crate::SetUp) -> WorldSetUp {
        WorldSetUp {
            clock: it.clock,
            seed: it.seed,
            settings: it.settings.into(),
            services: super::each(it.services),
            records: super::each(it.records),
            environments: super::each(it.environments),
        }
    }
}

impl From<WorldSetUp> for crate::SetUp {
    fn from(it: WorldSetUp) -> crate::SetUp {
        crate::SetUp {
            clock: it.clock,
            seed: it.seed,
            settings: it.settings.into(),
            services: super::each(it.services),
            records: super::each(it.records),
            environments: super::each(it.environments),
        }
    }
}

impl From<crate::Environment> for EnvironmentSetUp {
    fn from(it: crate::Environment) -> EnvironmentSetUp {
        EnvironmentSetUp {
            name: it.name.into(),
            system: it.system.into(),
            prefix: it.prefix.map(Into::into),
            branches: super::strings(&it.branches),
            live: it.live,
        }
    }
}

impl From<EnvironmentSetUp> for crate::Environment {
    fn from(it: EnvironmentSetUp) -> crate::Environment {
        crate::Environment {
            name: it.name.into(),
            system: it.system.0,
            prefix: super::text(it.prefix),
            branches: super::texts(it.branches),
            live: it.live,
        }
    }
}

impl From<acp::SetUp> for WorldSetUp {
    /// A tenant without rostering systems; the clock is the caller's.
    fn from(it: acp::SetUp) -> WorldSetUp {
        WorldSetUp {
            clock: Timestamp::UNIX_EPOCH,
            seed: 1,
            settings: it.settings.into(),
            services: super::each(it.services),
            records: super::each(it.records),
            environments: Vec::new(),
        }
    }
}

impl CaseKind {
    /// The clause under which such a case is due.
    pub const fn clause(self) -> Clause {
        use feed::Clause as It;
        Clause(match self {
            CaseKind::NotUpdated => It::Case1,
            CaseKind::Move => It::Case2,
            CaseKind::Duplicate => It::Case3,
            CaseKind::Unexpected => It::Case4,
        })
    }
}
