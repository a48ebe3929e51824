//! Everything that happened in one case, in order. Written once by the world, read by the judge, the invariants and
//! every report.

use acp::{Act, Done, Receipt};
use feed::{Timestamp, Update};
use guidance::{Advice, CaseDraft, Scene, Sight, Subject, Warning};
use link::Hit;
use rostering::Happened;
use std::sync::Arc;

/// One case, played to its end.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Enough, with the files and the version, to get the same bytes again.
    pub seed: u64,
    pub began_at: Timestamp,
    pub ended_at: Timestamp,
    pub events: Vec<Event>,
    /// One for each step that was reached, in order.
    pub steps: Vec<StepDone>,
    /// How many updates reached ACP, those with nothing to say too.
    pub n_received: u64,
    /// How often each fault of the case fired, in the order of [`Trace::faults`].
    pub fired: Vec<u32>,
    /// Every fault that was declared: the scenario's own first, then those that began in a step.
    pub faults: Vec<scenario::At<scenario::Fault>>,
    /// What both systems show at the end.
    pub scene: Scene,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    /// The step during which it happened; none before the first.
    pub step: Option<usize>,
    pub what: What,
}

/// Everything that can happen, on one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A step began: its place in the case's list.
    Step(usize),
    /// What guidance said before the action that follows.
    Warned(Vec<Warning>),
    /// A rostering administrator did something, or was refused.
    Rostering { environment: u8, command: rostering::Command, result: Result<Happened, rostering::Refusal> },
    /// Somebody did something in ACP, or was refused.
    Acp { act: Act, result: Result<Done, acp::Refusal> },
    /// Something that was to be done could not be, because what it names is not there.
    NotDone { why: String },
    /// A rostering system sent an update; `delivery` counts from 1 in the case. None: it had nothing to carry and
    /// is left out of stories.
    Sent { delivery: u32, update: Arc<Update> },
    /// A fault of the link took a delivery. `fault` is its place in [`Trace::faults`].
    Fault { fault: usize, delivery: u32, hit: Hit },
    /// An update reached ACP. `update` is what arrived, which a fault may have changed.
    Arrived { delivery: u32, update: Arc<Update>, receipt: Receipt },
    /// What guidance says of those whom somebody asks about, or the checks of a `then` at the instant at which it ended.
    /// Each thing once, whoever of them it came for.
    Advised { about: Vec<Subject>, advice: Vec<Advice> },
    /// The support case that is raised next, as it is typed in: without what was left out.
    Drafted(CaseDraft),
    /// Either system shows something new.
    Saw(Sight),
}

/// One step and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDone {
    /// When it began, after its pause.
    pub began_at: Timestamp,
    /// For `within`: the instant at which everything held.
    pub ended_at: Timestamp,
    pub end: StepEnd,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepEnd {
    /// The actions of a `when` were done or refused.
    Acted,
    /// The checks held as they should.
    Held,
    /// A `within` was true before time moved, so it showed nothing.
    Vacuous,
    /// Not as it should be: what was unmet, at the instant that decided.
    Unmet { at: Timestamp, unmet: Vec<Unmet> },
}

/// One check that was not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The check's place in its step.
    pub check: usize,
    /// The most exact place in the file: the value, or else the check.
    pub at: scenario::Where,
    /// Whose value, in words: "branch of SU-1 in ACP".
    pub about: String,
    pub expected: String,
    pub got: String,
    /// The service user or record that it is about, for the story of that value.
    pub subject: Option<guidance::Subject>,
    pub field: Option<feed::Field>,
}
