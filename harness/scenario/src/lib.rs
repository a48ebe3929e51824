//! Reads: YAML text in, a [`Scenario`] out, with every mistake at once.
//!
//! **`scenario` runs nothing and opens no file.** The binary hands it texts, and a function that fetches the worlds
//! that `use:` names. What a scenario means is the runner's business.
//!
//! `tree.rs`, `syntax.rs` and `unreadable.rs` know YAML and nothing else does; `load.rs` follows `use:`; `lower/` reads the tree into
//! the model, one function for each thing that can be written; `vocabulary/` is the language as data, and `schema.rs` makes
//! the JSON Schema from it. `format/` lays files out.

mod codes;
mod encoding;
mod examples;
mod format;
mod load;
mod lower;
mod mistake;
mod model;
mod outline;
mod schema;
mod sources;
mod suite;
mod syntax;
mod time;
mod tree;
mod unreadable;
pub mod vocabulary;

pub use codes::CODES;
pub use examples::{EXAMPLES, Example, example};
pub use format::{NotFormatted, format, without_comments};
pub use link::{Deliveries, Fault, FaultKind};
pub use lower::{ALL_ARTICLE, SUITE};
pub use mistake::Mistake;
pub use model::{
    About, At, Case, CasePart, Check, Count, Doing, Environment, Has, HistoryBy, Holds, Moment, Pause,
    RecordRef, RecordsLike, Scenario, Skip, Step, StepKind, SyncOutcome, VisitsLike, Where,
};
pub use outline::{Is, Part, outline};
pub use schema::schema;
pub use suite::{Inherited, Redact, Required, Seat, Seats, SuiteFile};

use mistake::Mistakes;

/// Reads one scenario file. `path` is shown in messages; `world` gives the text of a file named by `use:` (the path
/// resolved against the file that names it, `/` between its parts) or says why it cannot.
///
/// All mistakes come at once, in the order of the file; a scenario comes only without any.
pub fn read(
    path: &str,
    source: &str,
    world: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Scenario, Vec<Mistake>> {
    read_in(&SuiteFile::default(), path, source, world)
}

/// Reads one scenario file of a suite: [`read`], and what the file does not say is as the suite has it.
pub fn read_in(
    suite: &SuiteFile,
    path: &str,
    source: &str,
    world: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Scenario, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let loaded = load::load(path, source, world, &mut mistakes);
    mistakes.text_is_read();
    let (scenario, mut mistakes) = lower::scenario(&loaded, mistakes, suite);
    let cuts = loaded.cuts();
    if !cuts.is_empty() {
        mistakes.forget_missing(&cuts);
    }
    match scenario {
        Some(scenario) if mistakes.is_empty() => Ok(scenario),
        _ => Err(mistakes.finish(&loaded.sources)),
    }
}

/// Reads a `suite.yaml`. All mistakes come at once; where the file is of a newer format, that is the only one. A file
/// without anything in it is fine and says nothing.
pub fn read_suite(path: &str, source: &str) -> Result<SuiteFile, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let loaded = load::alone(path, source, &mut mistakes);
    mistakes.text_is_read();
    lower::suite(&loaded, mistakes)
}

/// Reads one scenario file that is not known to be text: [`read`] after checking that it is UTF-8. A byte order mark
/// at its start is accepted.
pub fn read_bytes(
    path: &str,
    bytes: &[u8],
    world: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Scenario, Vec<Mistake>> {
    match encoding::utf8(path, bytes) {
        Ok(source) => read(path, source, world),
        Err(mistake) => Err(vec![*mistake]),
    }
}
