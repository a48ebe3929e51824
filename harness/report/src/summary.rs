//! The lines around the stories: one for each scenario, and the total that stands last.

use crate::{
    event::{Outcome, RunEnded, RunStarted, Stopped},
    paint,
    visible::prose,
    words::{about, counted, listed, number},
};
use jiff::SignedDuration;
use scenario::Case;
use std::fmt::Write as _;

/// How many cases ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub n_scenarios: usize,
    pub n_passed: usize,
    pub n_failed: usize,
    pub n_skipped: usize,
    pub n_failed_as_expected: usize,
    pub n_passed_unexpectedly: usize,
    pub n_inconclusive: usize,
    /// Not reached before somebody stopped the run.
    pub n_not_run: usize,
    /// Stories that are not as accepted and make the run fail.
    pub n_stories: usize,
    /// Simulated time of all cases together.
    pub simulated: SignedDuration,
}

impl Counts {
    pub fn add(&mut self, outcome: Outcome, simulated: SignedDuration) {
        let count = match outcome {
            Outcome::Passed => &mut self.n_passed,
            Outcome::Failed => &mut self.n_failed,
            Outcome::Skipped => &mut self.n_skipped,
            Outcome::FailedAsExpected => &mut self.n_failed_as_expected,
            Outcome::PassedUnexpectedly => &mut self.n_passed_unexpectedly,
            Outcome::Inconclusive => &mut self.n_inconclusive,
        };
        *count += 1;
        self.simulated = self.simulated.saturating_add(simulated);
    }

    pub const fn n_cases(&self) -> usize {
        self.n_passed
            + self.n_failed
            + self.n_skipped
            + self.n_failed_as_expected
            + self.n_passed_unexpectedly
            + self.n_inconclusive
            + self.n_not_run
    }

    /// Cases that fail the run.
    pub const fn n_bad(&self) -> usize {
        self.n_failed + self.n_passed_unexpectedly
    }

    fn parts(&self) -> String {
        let parts = [
            (self.n_passed, "passed"),
            (self.n_failed, "failed"),
            (self.n_passed_unexpectedly, "passed unexpectedly"),
            (self.n_inconclusive, "inconclusive"),
            (self.n_failed_as_expected, "failed as expected"),
            (self.n_skipped, "skipped"),
            (self.n_not_run, "not run"),
        ];
        let said: Vec<String> = parts
            .into_iter()
            .filter(|(n, word)| *n > 0 || *word == "passed")
            .map(|(n, word)| format!("{} {word}", number(n)))
            .collect();
        said.join(", ")
    }
}

/// What stands over a run: enough to get the same bytes again.
pub(crate) fn begin(run: &RunStarted, plain: bool) -> String {
    let n_scenarios = counted(run.n_scenarios, "scenario", "scenarios");
    let n_cases = counted(run.n_cases, "case", "cases");
    let seed = run.seed;
    if plain {
        let target = prose(run.target());
        return format!("run started: {n_scenarios}, {n_cases}, target {target}, seed {seed}\n");
    }
    let against = run
        .seats
        .as_deref()
        .map_or_else(|| "against the reference engine".to_owned(), |it| format!("with {}", prose(it)));
    format!("Running {n_scenarios}, {n_cases}, {against}, seed {seed}\n\n")
}

/// A scenario all of whose cases passed.
pub(crate) fn passed_line(name: &str, n_cases: usize, simulated: SignedDuration, width: usize) -> String {
    let note = format!("{}, simulated {}", counted(n_cases, "case", "cases"), about(simulated));
    line(Outcome::Passed, &prose(name), &note, width)
}

pub(crate) fn line_plain(outcome: Outcome, label: &str) -> String {
    format!("{}: {label}\n", outcome.text())
}

/// Names of cases that a total mentions at most, unless all are asked for.
const MOST_NAMED: usize = 5;

/// What stands last: what was left out at a failure, clauses that were not proven, the total with the gate.
pub(crate) fn ending(end: &RunEnded, all_names: bool) -> String {
    let mut text = String::new();
    if let Some(Stopped::AtFailure(n)) = end.stopped {
        let n_named = if all_names { end.not_run.len() } else { MOST_NAMED.min(end.not_run.len()) };
        let more = end.not_run.len() - n_named;
        let more = (more > 0).then(|| counted(more, "more case", "more cases"));
        let names: Vec<&str> = end.not_run[..n_named].iter().chain(&more).map(String::as_str).collect();
        let failures = counted(n, "failure", "failures");
        let _ = writeln!(text, "Stopped after {failures}. Not run: {}.", listed(&names));
    }
    if !end.unproven.is_empty() {
        let codes: Vec<&str> = end.unproven.iter().map(|clause| clause.code()).collect();
        let _ = writeln!(text, "Required, and not proven by any case that passed: {}.", listed(&codes));
    }
    text.push_str(&total(&end.counts, end.exit_code));
    text
}

/// The same, one fact a line.
pub(crate) fn ending_plain(end: &RunEnded) -> String {
    let mut text = String::new();
    if let Some(Stopped::AtFailure(n)) = end.stopped {
        let _ = writeln!(text, "stopped after failures: {n}");
        end.not_run.iter().for_each(|label| {
            let _ = writeln!(text, "not run: {label}");
        });
    }
    for clause in &end.unproven {
        let _ = writeln!(text, "required clause not proven: {}", clause.code());
    }
    text.push_str(&total_plain(&end.counts, end.exit_code));
    text
}

/// The total, one fact a line, and the gate.
fn total_plain(counts: &Counts, exit_code: u8) -> String {
    let gate = if exit_code == 0 { "met" } else { "not met" };
    format!("run finished: {}\ngate: {gate}\nexit code: {exit_code}\n", sum(counts))
}

/// The last line: "42 scenarios, 96 cases: 95 passed, 1 failed. Simulated 61 days. Gate: not met (exit code 1)."
fn total(counts: &Counts, exit_code: u8) -> String {
    format!("{} {}\n", sum(counts), gate(exit_code))
}

/// What a pipeline goes by; it says the same as the exit code.
pub(crate) fn gate(exit_code: u8) -> String {
    if exit_code == 0 { "Gate: met.".to_owned() } else { format!("Gate: not met (exit code {exit_code}).") }
}

/// "42 scenarios, 96 cases: 95 passed, 1 failed. Simulated 61 days."
pub(crate) fn sum(counts: &Counts) -> String {
    let mut text = format!(
        "{}, {}: {}. Simulated {}.",
        counted(counts.n_scenarios, "scenario", "scenarios"),
        counted(counts.n_cases(), "case", "cases"),
        counts.parts(),
        about(counts.simulated),
    );
    if counts.n_stories > 0 {
        let stories = counted(counts.n_stories, "story is", "stories are");
        text.extend([" ", &stories, " not as accepted."]);
    }
    if counts.n_not_run > 0 {
        text.push_str(" Stopped early: this is a partial result.");
    }
    text
}

/// How a case is called everywhere: `wrong-branch/corrected [visit tomorrow]`.
pub fn case_label(name: &str, case: &Case) -> String {
    match &case.name {
        Some(case) => format!("{} [{}]", prose(name), prose(case)),
        None => prose(name),
    }
}

/// One line of a run: a word, a name, and what there is to add.
pub(crate) fn line(outcome: Outcome, name: &str, note: &str, width: usize) -> String {
    let word = match outcome {
        Outcome::Passed => paint::good("PASS"),
        Outcome::Failed | Outcome::PassedUnexpectedly => paint::bad("FAIL"),
        Outcome::Skipped => paint::odd("SKIP"),
        Outcome::FailedAsExpected => paint::odd("KNOWN"),
        Outcome::Inconclusive => paint::odd("UNSURE"),
    };
    let pad = " ".repeat(6_usize.saturating_sub(word_length(outcome)));
    let gap = " ".repeat(width.saturating_sub(name.chars().count()));
    let mut text = format!("  {word}{pad}  {name}{gap}  {note}");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

const fn word_length(outcome: Outcome) -> usize {
    match outcome {
        Outcome::FailedAsExpected => 5,
        Outcome::Inconclusive => 6,
        _ => 4,
    }
}

/// What a line says of a case beside its outcome. `reason`: why it is not plainly passed or failed.
pub fn note(outcome: Outcome, reason: Option<&str>, simulated: SignedDuration) -> String {
    let reason = prose(reason.unwrap_or_default());
    match outcome {
        Outcome::Passed | Outcome::Failed => format!("simulated {}", about(simulated)),
        Outcome::Skipped => format!("skipped: {reason}"),
        Outcome::FailedAsExpected => format!("failed as expected: {reason}"),
        Outcome::PassedUnexpectedly => format!("passed, although it is expected to fail: {reason}"),
        Outcome::Inconclusive => format!("inconclusive: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_names_only_what_there_is() {
        let mut counts = Counts { n_scenarios: 1, ..Counts::default() };
        counts.add(Outcome::Passed, SignedDuration::from_hours(240));
        assert_eq!(total(&counts, 0), "1 scenario, 1 case: 1 passed. Simulated 10 days. Gate: met.\n");
        counts.add(Outcome::Failed, SignedDuration::from_hours(24));
        assert_eq!(sum(&counts), "1 scenario, 2 cases: 1 passed, 1 failed. Simulated 11 days.");
        assert!(total(&counts, 1).ends_with("11 days. Gate: not met (exit code 1).\n"));
    }

    #[test]
    fn a_stopped_run_says_so() {
        let counts = Counts { n_scenarios: 2, n_passed: 1, n_not_run: 1, ..Counts::default() };
        assert!(
            sum(&counts).ends_with(
                "1 passed, 1 not run. Simulated 0 seconds. Stopped early: this is a partial result."
            )
        );
    }
}
