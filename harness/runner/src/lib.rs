//! Plays a scenario and judges it.
//!
//! [`play`] moves one clock from one thing that is due to the next and writes down everything that happened: a
//! [`Trace`]. [`judge`] reads the trace and nothing else: a [`Verdict`]. **A run cannot fail, only its verdict can.**
//! Nothing is printed while the world runs, no real time passes, and the world never knows who answered its calls.

mod act;
mod between;
mod check;
mod desk;
mod invariants;
mod judge;
mod moment;
mod names;
mod office;
mod trace;
mod verdict;
mod words;
mod world;

pub use between::Between;
pub use desk::{Carrier, Desk, Handed};
pub use invariants::{Examined, INVARIANTS, Invariant, examine};
pub use judge::{broken, judge};
pub use link::Hit;
pub use office::{Office, OfficeCall, OfficeReply};
pub use trace::{Event, StepDone, StepEnd, Trace, Unmet, What};
pub use verdict::{Finding, FindingKind, Verdict};

use acp::{Call, Reply};
use feed::Timestamp;
use scenario::Case;

/// Who sits in the seats of one case.
pub struct Seats<'a> {
    /// Answers every call that is made of ACP.
    pub acp: &'a mut dyn FnMut(Timestamp, Call) -> Reply,
    /// Who stands between the world and what else it asks.
    pub between: Between,
    /// ACP may do something by itself as time passes, so it is looked at after every jump of the clock.
    pub acp_is_foreign: bool,
    /// Carries updates from rostering to ACP. None: the rostering systems send by themselves.
    pub carrier: Option<&'a mut Carrier<'a>>,
    /// A foreign rostering system. None: the simulated ones.
    pub office: Option<&'a mut Office<'a>>,
}

/// Plays one case. `acp` answers every call that is made of ACP: the reference engine, or somebody else's.
///
/// The same case and seed give the same trace, for the same answers. The case's own seed stands before `seed`, which
/// is the run's. It ends after the last step, or at the first that is not as it should be.
pub fn play(case: &Case, seed: u64, acp: &mut dyn FnMut(Timestamp, Call) -> Reply) -> Trace {
    play_between(case, seed, acp, Between::default())
}

/// As [`play`], with somebody in between.
pub fn play_between(
    case: &Case,
    seed: u64,
    acp: &mut dyn FnMut(Timestamp, Call) -> Reply,
    between: Between,
) -> Trace {
    play_with(case, seed, Seats { acp, between, acp_is_foreign: false, carrier: None, office: None })
}

/// As [`play`], with others in the seats.
pub fn play_with<'a>(case: &'a Case, seed: u64, seats: Seats<'a>) -> Trace {
    world::play(case, case.seed.unwrap_or(seed), seats)
}
