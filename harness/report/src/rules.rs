//! The view from the guidance: each clause, what proves it, and what nothing touches. Whether a scenario holds is
//! told to it.

use crate::{
    paint,
    words::{counted, listed},
};
use feed::Clause;
use scenario::Scenario;
use std::fmt::Write as _;

/// A scenario and how it stands after a run.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub name: &'a str,
    pub scenario: &'a Scenario,
    pub holds: Holding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Every case that ran passed.
    Holds,
    /// At least one case failed, expected or not.
    Broken,
    /// Nothing ran, or nothing certain can be said.
    Unknown,
}

impl Holding {
    /// What stands behind the scenario's name.
    const fn note(self) -> &'static str {
        match self {
            Holding::Holds => "",
            Holding::Broken => "  FAILED",
            Holding::Unknown => "  not run",
        }
    }
}

/// How a clause stands, the worst of its scenarios first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseState {
    Disproven,
    Proven,
    /// Only by scenarios that were skipped or are inconclusive.
    NotShown,
    Untouched,
}

impl ClauseState {
    pub const fn text(self) -> &'static str {
        match self {
            ClauseState::Disproven => "disproven",
            ClauseState::Proven => "proven",
            ClauseState::NotShown => "not shown",
            ClauseState::Untouched => "untouched",
        }
    }
}

/// The scenarios that name a clause, and what they make of it.
pub fn state<'a>(clause: Clause, standings: &'a [Standing<'a>]) -> (ClauseState, Vec<&'a Standing<'a>>) {
    let of_it: Vec<&Standing> =
        standings.iter().filter(|standing| standing.scenario.proves.contains(&clause)).collect();
    let any = |holds| of_it.iter().any(|standing| standing.holds == holds);
    let state = if any(Holding::Broken) {
        ClauseState::Disproven
    } else if any(Holding::Holds) {
        ClauseState::Proven
    } else if of_it.is_empty() {
        ClauseState::Untouched
    } else {
        ClauseState::NotShown
    };
    (state, of_it)
}

/// Every clause with its scenarios, part A and then part B, and the sums.
pub fn rules(standings: &[Standing<'_>]) -> String {
    let mut text = String::new();
    let (part_a, part_b): (Vec<Clause>, Vec<Clause>) =
        Clause::ALL.iter().partition(|clause| clause.is_part_a());
    heading(&mut text, "Article 14300960, Managing service user records created by integration");
    for &clause in &part_a {
        one_clause(&mut text, clause, standings);
    }
    text.push('\n');
    heading(&mut text, "Other public help articles");
    for &clause in &part_b {
        one_clause(&mut text, clause, standings);
    }
    text.push('\n');
    sums(&mut text, "Article 14300960", &part_a, standings);
    sums(&mut text, "Other articles", &part_b, standings);
    text
}

/// The same, one fact a line.
pub fn rules_plain(standings: &[Standing<'_>]) -> String {
    let mut text = String::new();
    for &clause in Clause::ALL {
        let (state, of_it) = state(clause, standings);
        let _ = writeln!(text, "clause: {} {}", clause.code(), state.text());
        let _ = writeln!(text, "  says: {}", clause.says());
        let _ = writeln!(text, "  source: {}", source(clause));
        for standing in of_it {
            let _ = writeln!(text, "  scenario: {}{}", standing.name, standing.holds.note());
        }
    }
    let (part_a, part_b): (Vec<Clause>, Vec<Clause>) =
        Clause::ALL.iter().partition(|clause| clause.is_part_a());
    sums(&mut text, "Article 14300960", &part_a, standings);
    sums(&mut text, "Other articles", &part_b, standings);
    text
}

fn heading(text: &mut String, words: &str) {
    let _ = writeln!(text, "{}", paint::bold(words));
}

fn one_clause(text: &mut String, clause: Clause, standings: &[Standing<'_>]) {
    let (state, of_it) = state(clause, standings);
    let word = match state {
        ClauseState::Proven => paint::good(state.text()),
        ClauseState::Disproven => paint::bad(state.text()),
        ClauseState::NotShown | ClauseState::Untouched => paint::odd(state.text()),
    };
    let pad = " ".repeat(9 - state.text().len());
    let article = if clause.is_part_a() { String::new() } else { format!(" ({})", source(clause)) };
    let _ = writeln!(text, "  {:8}  {word}{pad}  {}{article}", clause.code(), clause.says());
    for standing in of_it {
        let _ = writeln!(text, "            {}{}", standing.name, standing.holds.note());
    }
}

/// "article 12679947", "articles 14498415, 14498412", "developer portal".
pub(crate) fn source(clause: Clause) -> String {
    let article = clause.article();
    if !article.starts_with(|c: char| c.is_ascii_digit()) {
        article.to_owned()
    } else if article.contains(',') {
        format!("articles {article}")
    } else {
        format!("article {article}")
    }
}

fn sums(text: &mut String, title: &str, clauses: &[Clause], standings: &[Standing<'_>]) {
    let in_state = |wanted: ClauseState| -> Vec<&str> {
        clauses
            .iter()
            .filter(|&&clause| state(clause, standings).0 == wanted)
            .map(|clause| clause.code())
            .collect()
    };
    let proven = in_state(ClauseState::Proven).len();
    let _ = write!(text, "{title}: {proven} of {} proven", counted(clauses.len(), "clause", "clauses"));
    for other in [ClauseState::Disproven, ClauseState::NotShown, ClauseState::Untouched] {
        let codes = in_state(other);
        if !codes.is_empty() {
            let _ = write!(text, "; {}: {}", other.text(), listed(&codes));
        }
    }
    let once: Vec<&str> = clauses
        .iter()
        .filter(|&&clause| state(clause, standings).1.len() == 1)
        .map(|clause| clause.code())
        .collect();
    if !once.is_empty() {
        let _ = write!(text, "; with one scenario alone: {}", listed(&once));
    }
    text.push_str(".\n");
}
