//! What happens in a run, as data: the one stream that the text, the JSON document and every report are readers of.
//!
//! Events come in the order of the files, whatever the number of threads. A case comes as soon as everything before it
//! is done, and by then its trace is gone: what is kept of it is here.

use crate::{CaseDocument, Changes, Counts, Redaction, StoryCounts, StoryFinding};
use feed::Clause;
use jiff::SignedDuration;
use runner::Verdict;
use std::time::Duration;

/// Everything that can happen, in this order: a start, scenarios with their cases, an end.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    RunStarted(&'a RunStarted),
    ScenarioStarted(&'a ScenarioStarted),
    CaseDone(&'a CaseDone),
    ScenarioEnded,
    /// Only where a story is not as accepted: after its scenario, or at the end where there is none.
    StoryUnlike(&'a StoryFinding),
    /// Only where there is an earlier run to compare with: right before the end.
    Compared(&'a Changes),
    RunEnded(&'a RunEnded),
}

/// What is known before the first case.
#[derive(Clone, Debug)]
pub struct RunStarted {
    pub n_scenarios: usize,
    pub n_cases: usize,
    pub seed: u64,
    /// Of the longest name of a scenario, in characters.
    pub width: usize,
    /// What is taken out of everything that is told.
    pub redaction: Redaction,
    /// Whose programs sit where, as "Engine 7 in ACP's seat". None: everything is simulated.
    pub seats: Option<String>,
}

impl RunStarted {
    pub(crate) fn target(&self) -> &str {
        self.seats.as_deref().unwrap_or("reference")
    }
}

/// A scenario of which at least one case was done.
#[derive(Clone, Debug)]
pub struct ScenarioStarted {
    pub name: String,
    /// So many of its cases were selected; fewer are done where the run is stopped.
    pub n_cases: usize,
    /// What stands over its stories, where stories were asked for.
    pub header: Option<String>,
}

/// A case that was played or skipped.
#[derive(Clone, Debug)]
pub struct CaseDone {
    /// The places of its file among the selected, and of itself in its file.
    pub place: (usize, usize),
    /// `wrong-branch/corrected [visit tomorrow]`
    pub label: String,
    pub outcome: Outcome,
    pub simulated: SignedDuration,
    /// How long it really took. Nothing that is compared may show it.
    pub real: Duration,
    /// The facts, for machines.
    pub facts: CaseDocument,
    /// Where stories were asked for.
    pub story: Option<String>,
    /// The story as snapshots and bundles hold it, where they need it.
    pub kept: Option<String>,
    /// The whole block of a case that is not as it should be, as the terminal has it.
    pub failure: Option<String>,
    /// The same, one fact a line.
    pub failure_plain: Option<String>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct RunEnded {
    pub counts: Counts,
    pub stories: StoryCounts,
    /// Why some cases were not run, if so.
    pub stopped: Option<Stopped>,
    /// Labels of those cases.
    pub not_run: Vec<String>,
    /// Clauses that had to be proven, and that no case that passed has proven.
    pub unproven: Vec<Clause>,
    /// The file to look at for what is wrong with the run as a whole: the suite's that requires clauses, else what was given.
    pub place: String,
    /// With which the program will end: the gate.
    pub exit_code: u8,
}

/// Why a run ended before its last case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// With Ctrl+C.
    ByHand,
    /// After this many failures, as was asked.
    AtFailure(usize),
}

/// A verdict without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Passed,
    Failed,
    Skipped,
    FailedAsExpected,
    PassedUnexpectedly,
    Inconclusive,
}

impl Outcome {
    pub const fn of(verdict: &Verdict) -> Outcome {
        match verdict {
            Verdict::Passed => Outcome::Passed,
            Verdict::Failed(_) => Outcome::Failed,
            Verdict::Skipped { .. } => Outcome::Skipped,
            Verdict::FailedAsExpected { .. } => Outcome::FailedAsExpected,
            Verdict::PassedUnexpectedly { .. } => Outcome::PassedUnexpectedly,
            Verdict::Inconclusive { .. } => Outcome::Inconclusive,
        }
    }

    pub const fn is_failure(self) -> bool {
        matches!(self, Outcome::Failed | Outcome::PassedUnexpectedly)
    }

    /// As reports write it.
    pub const fn text(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Skipped => "skipped",
            Outcome::FailedAsExpected => "failed as expected",
            Outcome::PassedUnexpectedly => "passed unexpectedly",
            Outcome::Inconclusive => "inconclusive",
        }
    }
}

/// Why a case was skipped, is expected to fail, or is inconclusive.
pub fn reason(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Passed | Verdict::Failed(_) => None,
        Verdict::Skipped { reason }
        | Verdict::FailedAsExpected { reason, .. }
        | Verdict::PassedUnexpectedly { reason } => Some(reason),
        Verdict::Inconclusive { why } => Some(why),
    }
}
