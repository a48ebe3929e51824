//! The list of scenarios: names, titles, tags, and how much of the guidance they touch.

use crate::{
    story::wrap,
    visible::prose,
    words::{counted, listed},
};
use feed::Clause;
use scenario::Scenario;
use std::{collections::BTreeMap, fmt::Write as _};

/// A line for each scenario that was selected, then the sums. `n_all` is how many there are in all.
pub fn list(files: &[(&str, &Scenario)], n_all: usize) -> String {
    let width = files.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, scenario) in files {
        let _ = writeln!(text, "{name:width$}  {}", prose(&scenario.title));
    }
    let n_cases: usize = files.iter().map(|(_, scenario)| scenario.cases.len()).sum();
    let _ = writeln!(text, "\n{}.", sum(files.len(), n_all, n_cases));
    let tags = tags(files);
    if !tags.is_empty() {
        text.push_str("Tags: ");
        wrap(&mut text, &tags.join(", "), 6);
    }
    if files.len() == n_all {
        let _ = writeln!(text, "{}", touched(files));
    }
    text
}

/// The same, one fact a line.
pub fn list_plain(files: &[(&str, &Scenario)], n_all: usize) -> String {
    let mut text = String::new();
    for (name, scenario) in files {
        let _ = writeln!(text, "scenario: {}", prose(name));
        let _ = writeln!(text, "  title: {}", prose(&scenario.title));
        let _ = writeln!(text, "  cases: {}", scenario.cases.len());
        let codes: Vec<&str> = scenario.proves.iter().map(|clause| clause.code()).collect();
        let _ = writeln!(text, "  proves: {}", codes.join(", "));
        let _ = writeln!(text, "  tags: {}", scenario.tags.join(", "));
    }
    let n_cases: usize = files.iter().map(|(_, scenario)| scenario.cases.len()).sum();
    let _ = writeln!(text, "{}", sum(files.len(), n_all, n_cases));
    text
}

fn sum(n: usize, n_all: usize, n_cases: usize) -> String {
    let of = if n == n_all { String::new() } else { format!("{n} of ") };
    format!("{of}{}, {}", counted(n_all, "scenario", "scenarios"), counted(n_cases, "case", "cases"))
}

fn tags(files: &[(&str, &Scenario)]) -> Vec<String> {
    let mut counts = BTreeMap::new();
    for tag in files.iter().flat_map(|(_, scenario)| &scenario.tags) {
        *counts.entry(tag.as_str()).or_insert(0_usize) += 1;
    }
    counts.into_iter().map(|(tag, n)| format!("{} {n}", prose(tag))).collect()
}

fn touched(files: &[(&str, &Scenario)]) -> String {
    let untouched: Vec<&str> = Clause::ALL
        .iter()
        .filter(|clause| clause.is_part_a())
        .filter(|clause| !files.iter().any(|(_, scenario)| scenario.proves.contains(clause)))
        .map(|clause| clause.code())
        .collect();
    if untouched.is_empty() {
        return "Every clause of article 14300960 has a scenario. See: rehearse list --rules".to_owned();
    }
    format!(
        "Clauses of article 14300960 without a scenario: {}. See: rehearse list --rules",
        listed(&untouched)
    )
}
