//! Reads: YAML text in, a [`Scenario`] out, with every mistake at once.
//!
//! **`scenario` runs nothing and opens no file.** The binary hands it texts, and a function that fetches the worlds
//! that `use:` names. What a scenario means is the runner's business.

mod model;

pub use model::{
    About, At, Case, CasePart, Check, Count, Deliveries, Doing, Environment, Fault, FaultKind, Has,
    HistoryBy, Holds, Moment, Pause, RecordRef, RecordsLike, Scenario, Skip, Step, StepKind, SyncOutcome,
    VisitsLike, Where,
};

/// Reads one scenario file. `path` is shown in messages; `world` gives the text of a file named by `use:` (the path
/// resolved against the file that names it, `/` between its parts) or says why it cannot.
///
/// All mistakes come at once, in the order of the file; a scenario comes only without any.
pub fn read(
    path: &str,
    source: &str,
    world: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Scenario, Vec<Mistake>> {
    let _ = (path, source, world);
    Err(Vec::new())
}

/// One mistake in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Stays the same for ever, for instance `unknown-key`. `rehearse explain` knows it.
    pub code: &'static str,
    /// The file that it is in: a scenario or a world.
    pub path: String,
    pub at: Where,
    /// What is wrong, one sentence without full stop.
    pub what: String,
    /// Beside the carets: what would have worked.
    pub label: String,
    /// A second place that explains it: where a key stood first, what a step is.
    pub also: Option<(Where, String)>,
    pub help: Vec<String>,
}
