//! What came of `rehearse explore`, and of several searches together. Plays nothing; what was found and counted comes as
//! data.

use crate::{counted, number};
use explore::{Armed, Done, ON_THE_WIRE, Tally};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

/// One search, or several merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exploration {
    /// Seeds of the histories that were played, the end of each range left out.
    pub seeds: Vec<Range<u64>>,
    pub tally: Tally,
    /// One for each invariant that broke, in the order of their codes.
    pub findings: Vec<FoundInvariant>,
    /// Whether it ended before it had looked at all that it was to look at.
    pub stopped_early: bool,
}

/// An invariant that a history broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundInvariant {
    pub invariant: String,
    /// What broke, in whole sentences.
    pub what: String,
    /// The first history in which it broke.
    pub seed: u64,
    /// Histories in which it broke.
    pub histories: u64,
    /// Steps that are left of the history.
    pub steps: usize,
    /// The scenario that shows it; none where it could not be written.
    pub scenario: Option<String>,
}

impl Exploration {
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds what another search found and counted.
    pub fn merge(&mut self, other: Exploration) {
        self.seeds.extend(other.seeds);
        self.seeds.sort_by_key(|range| (range.start, range.end));
        self.tally.add(&other.tally);
        self.stopped_early |= other.stopped_early;
        for found in other.findings {
            match self.findings.iter_mut().find(|it| it.invariant == found.invariant) {
                Some(known) if known.seed <= found.seed => known.histories += found.histories,
                Some(known) => {
                    *known = FoundInvariant { histories: known.histories + found.histories, ..found }
                }
                None => self.findings.push(found),
            }
        }
        self.findings.sort_by(|a, b| a.invariant.cmp(&b.invariant));
    }

    /// Seeds that more than one search looked at: their histories are counted twice.
    pub fn overlaps(&self) -> bool {
        self.seeds.windows(2).any(|pair| pair[1].start < pair[0].end)
    }
}

/// `everything`: every count. Else what was found, and how hard the search looked.
pub fn exploration(exploration: &Exploration, everything: bool, problems_only: bool) -> String {
    let mut text = String::new();
    for found in &exploration.findings {
        let _ = writeln!(
            text,
            "FOUND   {} broke in {}, first with seed {}",
            found.invariant,
            counted(usize::try_from(found.histories).unwrap_or(usize::MAX), "history", "histories"),
            found.seed
        );
        let _ = writeln!(text, "        {}", found.what);
        if let Some(scenario) = &found.scenario {
            let _ = writeln!(
                text,
                "        {} left: rehearse run {scenario} -v",
                counted(found.steps, "step", "steps")
            );
        }
    }
    let tally = &exploration.tally;
    if everything {
        counts(tally, &mut text);
    }
    if !problems_only {
        how_hard(exploration, &mut text);
    }
    let never = tally.never_armed();
    if !never.is_empty() {
        let _ = writeln!(text, "NOT TESTED, because nothing ever called for them: {}.", never.join(", "));
    }
    if everything {
        on_the_wire(&mut text);
    }
    text
}

fn how_hard(exploration: &Exploration, text: &mut String) {
    let tally = &exploration.tally;
    let n = |n: u64| number(usize::try_from(n).unwrap_or(usize::MAX));
    let _ = writeln!(
        text,
        "Looked at {} histories, {} steps, {} kinds of action, {} kinds of fault, {} pairs of both.",
        n(tally.n_histories),
        n(tally.n_steps),
        tally.actions.len(),
        tally.faults.len(),
        tally.pairs.len(),
    );
    let rarest = tally.invariants.iter().min_by_key(|(_, armed)| armed.n_armed);
    if let Some((code, armed)) = rarest {
        let _ = writeln!(
            text,
            "{} invariants were asked; the one with the fewest occasions is {code} with {}.",
            tally.invariants.len(),
            n(armed.n_armed)
        );
    }
    let found = match exploration.findings.len() {
        0 => "Nothing was found.".to_owned(),
        n => format!("{} broken.", counted(n, "invariant was", "invariants were")),
    };
    let seeds: Vec<String> =
        exploration.seeds.iter().map(|it| format!("--seeds {}..{}", it.start, it.end)).collect();
    let _ = writeln!(text, "{found} The same again: rehearse explore {}", seeds.join(" "));
}

fn on_the_wire(text: &mut String) {
    text.push_str("\nNot to be seen in process, and played against the services by other tests:\n");
    for it in ON_THE_WIRE {
        let tests: Vec<String> = it.tested.iter().map(|(file, test)| format!("{file} {test}")).collect();
        let tests = if tests.is_empty() { String::new() } else { format!(" {}", tests.join(", ")) };
        let _ = writeln!(text, "{:10}{}{tests}", it.code, it.says);
    }
}

fn counts(tally: &Tally, text: &mut String) {
    let _ = writeln!(text, "{:28}{:>12}{:>12}", "action", "done", "refused");
    for (name, done) in &tally.actions {
        let _ = writeln!(text, "{name:28}{:>12}{:>12}", done.n_done, done.n_refused);
    }
    let _ = writeln!(text, "\n{:28}{:>12}", "fault", "deliveries");
    for (name, n) in &tally.faults {
        let _ = writeln!(text, "{name:28}{n:>12}");
    }
    let _ = writeln!(text, "\n{:28}{:>12}{:>12}", "invariant", "armed", "at its edge");
    for (code, armed) in &tally.invariants {
        let _ = writeln!(text, "{code:28}{:>12}{:>12}", armed.n_armed, armed.n_at_edge);
    }
    text.push('\n');
}

// The document. Its shape is private but for `format`.

const FORMAT: &str = "rehearse.explore/1";

#[derive(Serialize, Deserialize)]
struct Document {
    format: String,
    version: String,
    verdict: String,
    exit_code: u8,
    seeds: Vec<(u64, u64)>,
    histories: u64,
    steps: u64,
    stopped_early: bool,
    findings: Vec<FoundInvariant>,
    not_tested: Vec<String>,
    actions: BTreeMap<String, DoneDocument>,
    faults: BTreeMap<String, u64>,
    pairs: BTreeMap<String, u64>,
    invariants: BTreeMap<String, ArmedDocument>,
}

#[derive(Serialize, Deserialize)]
struct DoneDocument {
    done: u64,
    refused: u64,
}

#[derive(Serialize, Deserialize)]
struct ArmedDocument {
    armed: u64,
    at_edge: u64,
}

pub fn exploration_json(exploration: &Exploration, exit_code: u8) -> String {
    let tally = &exploration.tally;
    let done = |done: &Done| DoneDocument { done: done.n_done, refused: done.n_refused };
    let armed = |armed: &Armed| ArmedDocument { armed: armed.n_armed, at_edge: armed.n_at_edge };
    let document = Document {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        verdict: if exploration.is_clean() { "passed" } else { "failed" }.to_owned(),
        exit_code,
        seeds: exploration.seeds.iter().map(|range| (range.start, range.end)).collect(),
        histories: tally.n_histories,
        steps: tally.n_steps,
        stopped_early: exploration.stopped_early,
        findings: exploration.findings.clone(),
        not_tested: tally.never_armed().into_iter().map(str::to_owned).collect(),
        actions: tally.actions.iter().map(|(name, it)| (name.clone(), done(it))).collect(),
        faults: tally.faults.clone(),
        pairs: tally.pairs.clone(),
        invariants: tally.invariants.iter().map(|(code, it)| (code.clone(), armed(it))).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads what [`exploration_json`] wrote.
///
/// # Errors
/// Where the text is something else: what it is, to go on after the file's name.
pub fn read_exploration(text: &str) -> Result<Exploration, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        format!("is not a JSON document: line {}, column {}", error.line(), error.column())
    })?;
    let format = value.get("format").and_then(serde_json::Value::as_str).unwrap_or_default();
    if format != FORMAT {
        return Err(if format.is_empty() {
            "does not come from `rehearse explore --json`".to_owned()
        } else {
            format!("is a document of another kind: {}", crate::prose(format))
        });
    }
    let document: Document = serde_json::from_value(value)
        .map_err(|error| format!("is a damaged result of `rehearse explore --json`: {error}"))?;
    let done = |it: DoneDocument| Done { n_done: it.done, n_refused: it.refused };
    let armed = |it: ArmedDocument| Armed { n_armed: it.armed, n_at_edge: it.at_edge };
    Ok(Exploration {
        seeds: document.seeds.into_iter().map(|(from, to)| from..to).collect(),
        tally: Tally {
            n_histories: document.histories,
            n_steps: document.steps,
            actions: document.actions.into_iter().map(|(name, it)| (name, done(it))).collect(),
            faults: document.faults,
            pairs: document.pairs,
            invariants: document.invariants.into_iter().map(|(code, it)| (code, armed(it))).collect(),
        },
        findings: document.findings,
        stopped_early: document.stopped_early,
    })
}
