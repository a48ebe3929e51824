//! A suite as the rest of the program sees it: what holds for all its scenarios unless one of them says otherwise. How
//! that is written is `lower/suite.rs`'s business.

use feed::{Clause, Setting, Settings, Timestamp};

/// What `suite.yaml` says; the default says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuiteFile {
    /// Its path, as the reader was given it; empty where there is no file.
    pub path: String,
    /// There is a file and it could not be read: then nobody knows what scenarios may leave to it.
    pub is_unread: bool,
    /// Begins the story of a scenario that has no `clock`.
    pub clock: Option<Timestamp>,
    /// In force for every scenario, but for what the scenario sets itself.
    pub settings: Settings,
    /// Those of `settings` that the file names.
    pub set: Vec<Setting>,
    pub seed: Option<u64>,
    /// How many cases run at once, from 1.
    pub jobs: Option<u16>,
    pub seats: Seats,
    pub redact: Option<Redact>,
    pub required: Required,
}

impl SuiteFile {
    /// Stands in for a file that could not be read. Where it has a word about redacting, nobody knows which: then names
    /// are left out.
    pub fn unread(source: &str) -> SuiteFile {
        let redact = source.contains("redact").then_some(Redact::Names);
        SuiteFile { is_unread: true, redact, ..SuiteFile::default() }
    }
}

/// Who sits where: a simulated system, or somebody's program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    pub acp: Seat,
    pub connector: Seat,
    pub rostering: Seat,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    #[default]
    Simulated,
    /// At this address: `http://...` or `https://...`.
    At(String),
}

/// What is left out of every output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redact {
    None,
    Names,
    All,
}

impl Redact {
    pub const ALL: &'static [(&'static str, Redact)] =
        &[("none", Redact::None), ("names", Redact::Names), ("all", Redact::All)];
}

/// Clauses that have to be proven by cases that pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Required {
    /// Each once.
    pub clauses: Vec<Clause>,
}

impl Required {
    /// Every clause of article 14300960.
    pub fn all_article() -> Required {
        Required { clauses: Clause::ALL.iter().copied().filter(|clause| clause.is_part_a()).collect() }
    }
}

/// What a case has from its suite because its file does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inherited {
    /// The suite's file; empty where nothing is inherited.
    pub path: String,
    pub clock: bool,
    /// In the order of [`Setting::ALL`].
    pub settings: Vec<Setting>,
}
