//! Plays a scenario and judges it.
//!
//! [`play`] moves one clock from one thing that is due to the next and writes down everything that happened: a
//! [`Trace`]. [`judge`] reads the trace and nothing else: a [`Verdict`]. **A run cannot fail, only its verdict can.**
//! Nothing is printed while the world runs, no real time passes, and the world never knows who answered its calls.

mod trace;
mod verdict;

pub use trace::{Event, Hit, StepDone, StepEnd, Trace, Unmet, What};
pub use verdict::{Finding, FindingKind, Verdict};

use acp::{Call, Reply};
use feed::Timestamp;
use scenario::{Case, Scenario};

/// Plays one case. `acp` answers every call that is made of ACP: the reference engine, or somebody else's.
/// `seed` is the run's; the case's own stands before it.
pub fn play(case: &Case, seed: u64, acp: &mut dyn FnMut(Timestamp, Call) -> Reply) -> Trace {
    let _ = (case, seed, acp);
    unimplemented!("written next")
}

/// Judges a trace. `today` decides whether a `skip: { until }` is over; skipped cases need no trace.
pub fn judge(scenario: &Scenario, case: &Case, trace: &Trace) -> Verdict {
    let _ = (scenario, case, trace);
    Verdict::Passed
}
