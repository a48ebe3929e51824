//! Everything that there is to tell of one case.

use runner::{Trace, Verdict};
use scenario::{Case, Scenario};

#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Of the scenario, as lists show it.
    pub name: &'a str,
    pub scenario: &'a Scenario,
    /// The text of its file.
    pub source: &'a str,
    pub case: &'a Case,
    pub trace: &'a Trace,
    pub verdict: &'a Verdict,
    /// The run's seed where it is not the default: commands that are suggested then name it.
    pub seed: Option<u64>,
}
