//! Breaks: a shelf of engines that are wrong, each in one small way, to see whether a suite notices.
//!
//! **The engine's own code holds no fault and no switch.** A planted fault stands around it: it changes what the engine is
//! set up with, hears, is asked or shows, what it does beside, what a rostering system sends or what guidance says. So a
//! normal run has neither cost nor trace of it. Nothing here judges: the scenarios do.

mod engine;
mod shelf;

pub use engine::Engine;
pub use shelf::{Family, Fault, find, shelf};

use runner::Trace;
use scenario::Case;

/// Plays one case with one fault in the engine, the rostering systems or guidance. As deterministic as [`runner::play`].
pub fn play(case: &Case, seed: u64, fault: &'static Fault) -> Trace {
    let mut engine = Engine::with(fault);
    let between = fault.between();
    runner::play_between(case, seed, &mut |now, call| engine.answer(now, call), between)
}
