//! The lines around the stories: one for each scenario, and the total that stands last.

use crate::{
    paint,
    visible::prose,
    words::{about, counted, number},
};
use jiff::SignedDuration;
use runner::Verdict;
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
    /// Simulated time of all cases together.
    pub simulated: SignedDuration,
}

impl Counts {
    pub fn add(&mut self, verdict: &Verdict, simulated: SignedDuration) {
        let count = match verdict {
            Verdict::Passed => &mut self.n_passed,
            Verdict::Failed(_) => &mut self.n_failed,
            Verdict::Skipped { .. } => &mut self.n_skipped,
            Verdict::FailedAsExpected { .. } => &mut self.n_failed_as_expected,
            Verdict::PassedUnexpectedly { .. } => &mut self.n_passed_unexpectedly,
            Verdict::Inconclusive { .. } => &mut self.n_inconclusive,
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
pub fn begin(counts: &Counts, seed: u64, plain: bool) -> String {
    let n_scenarios = counted(counts.n_scenarios, "scenario", "scenarios");
    let n_cases = counted(counts.n_cases(), "case", "cases");
    if plain {
        return format!("run started: {n_scenarios}, {n_cases}, target reference, seed {seed}\n");
    }
    format!("Running {n_scenarios}, {n_cases}, against the reference engine, seed {seed}\n\n")
}

/// A scenario all of whose cases passed.
pub fn passed_line(name: &str, n_cases: usize, simulated: SignedDuration, width: usize) -> String {
    let note = format!("{}, simulated {}", counted(n_cases, "case", "cases"), about(simulated));
    line(&Verdict::Passed, &prose(name), &note, width)
}

pub fn line_plain(verdict: &Verdict, label: &str) -> String {
    format!("{}: {label}\n", verdict.text())
}

/// The total, one fact a line, and the exit code.
pub fn total_plain(counts: &Counts, exit_code: u8) -> String {
    format!("run finished: {}exit code: {exit_code}\n", total(counts))
}

/// "42 scenarios, 96 cases: 95 passed, 1 failed. Simulated 61 days."
pub fn total(counts: &Counts) -> String {
    let mut text = format!(
        "{}, {}: {}. Simulated {}.",
        counted(counts.n_scenarios, "scenario", "scenarios"),
        counted(counts.n_cases(), "case", "cases"),
        counts.parts(),
        about(counts.simulated),
    );
    if counts.n_not_run > 0 {
        text.push_str(" Stopped early: this is a partial result.");
    }
    text.push('\n');
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
pub fn line(verdict: &Verdict, name: &str, note: &str, width: usize) -> String {
    let word = match verdict {
        Verdict::Passed => paint::good("PASS"),
        Verdict::Failed(_) | Verdict::PassedUnexpectedly { .. } => paint::bad("FAIL"),
        Verdict::Skipped { .. } => paint::odd("SKIP"),
        Verdict::FailedAsExpected { .. } => paint::odd("KNOWN"),
        Verdict::Inconclusive { .. } => paint::odd("UNSURE"),
    };
    let pad = " ".repeat(6_usize.saturating_sub(word_length(verdict)));
    let gap = " ".repeat(width.saturating_sub(name.chars().count()));
    let mut text = format!("  {word}{pad}  {name}{gap}  {note}");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

const fn word_length(verdict: &Verdict) -> usize {
    match verdict {
        Verdict::FailedAsExpected { .. } => 5,
        Verdict::Inconclusive { .. } => 6,
        _ => 4,
    }
}

/// What a line says of a case beside its verdict.
pub fn note(verdict: &Verdict, simulated: SignedDuration) -> String {
    let mut text = String::new();
    match verdict {
        Verdict::Passed | Verdict::Failed(_) => {
            let _ = write!(text, "simulated {}", about(simulated));
        }
        Verdict::Skipped { reason } => {
            let _ = write!(text, "skipped: {}", prose(reason));
        }
        Verdict::FailedAsExpected { reason, .. } => {
            let _ = write!(text, "failed as expected: {}", prose(reason));
        }
        Verdict::PassedUnexpectedly { reason } => {
            let _ = write!(text, "passed, although it is expected to fail: {}", prose(reason));
        }
        Verdict::Inconclusive { why } => {
            let _ = write!(text, "inconclusive: {}", prose(why));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_names_only_what_there_is() {
        let mut counts = Counts { n_scenarios: 1, ..Counts::default() };
        counts.add(&Verdict::Passed, SignedDuration::from_hours(240));
        assert_eq!(total(&counts), "1 scenario, 1 case: 1 passed. Simulated 10 days.\n");
        counts.add(&Verdict::Failed(Vec::new()), SignedDuration::from_hours(24));
        assert_eq!(total(&counts), "1 scenario, 2 cases: 1 passed, 1 failed. Simulated 11 days.\n");
    }

    #[test]
    fn a_stopped_run_says_so() {
        let counts = Counts { n_scenarios: 2, n_passed: 1, n_not_run: 1, ..Counts::default() };
        assert!(total(&counts).ends_with(
            "1 passed, 1 not run. Simulated 0 seconds. Stopped early: this is a partial result.\n"
        ));
    }
}
