//! An earlier run, read from its JSON document, and what changed since. Opens no file; knows of no case more than the two
//! documents hold.

use crate::{
    event::Outcome,
    redact::Redaction,
    visible::prose,
    words::{counted, number},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// The format that is written and read.
const FORMAT: &str = "rehearse.run/1";

/// A case by its scenario's name and its own.
pub type CaseKey = (String, Option<String>);

/// What is known of an earlier run.
#[derive(Clone, Debug, Deserialize)]
pub struct Earlier {
    version: String,
    seed: u64,
    stopped_early: bool,
    /// What was taken out of its texts.
    redacted: Option<String>,
    cases: Vec<EarlierCase>,
}

/// One of its cases.
#[derive(Clone, Debug, Deserialize)]
pub struct EarlierCase {
    pub scenario: String,
    pub case: Option<String>,
    /// The path of its file, as shown then.
    pub file: String,
    verdict: String,
}

#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<String>,
}

impl Earlier {
    /// What was taken out of it. What nobody here knows is taken for nothing.
    pub fn redaction(&self) -> Redaction {
        match self.redacted.as_deref() {
            Some("all") => Redaction::All,
            Some("names") => Redaction::Names,
            _ => Redaction::None,
        }
    }

    pub fn cases_mut(&mut self) -> &mut [EarlierCase] {
        &mut self.cases
    }

    /// Reads a document. The error goes on after the file's name: "is not ...".
    pub fn read(text: &str) -> Result<Earlier, String> {
        let head: Head = serde_json::from_str(text).map_err(|error| {
            format!(
                "is not the JSON document of a run: line {}, column {}: {}",
                error.line(),
                error.column(),
                prose(&without_place(&error.to_string()))
            )
        })?;
        match head.format.as_deref() {
            Some(FORMAT) => {}
            Some(other) => return Err(other_format(other, head.version.as_deref())),
            None => return Err("is JSON, and no document of rehearse: it has no \"format\"".to_owned()),
        }
        serde_json::from_str(text).map_err(|error| {
            let why = prose(&without_place(&error.to_string()));
            format!("is a document of a run that did not take place, or a damaged one: {why}")
        })
    }
}

fn other_format(other: &str, version: Option<&str>) -> String {
    let by = version.map(|version| format!(", written by version {}", prose(version))).unwrap_or_default();
    let other = prose(other);
    if other.starts_with("rehearse.run/") {
        format!("has the format {other}{by}, and this version reads {FORMAT}")
    } else {
        format!("has the format {other}{by}, and a run has {FORMAT}: write it with rehearse run --json")
    }
}

/// serde_json says the place at the end, and we say it in front.
fn without_place(text: &str) -> String {
    text.rsplit_once(" at line ").map_or(text, |(what, _)| what).to_owned()
}

/// Why a case of the earlier run is not in this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// There is no such case any more.
    Gone,
    /// It is there, and this run did not pick it.
    NotPicked,
}

/// What changed since an earlier run. Lists are in the order of this run, what is gone in that of the earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// As it was given.
    file: String,
    version: String,
    seed: u64,
    stopped_early: bool,
    newly_failing: Vec<Change>,
    newly_passing: Vec<Change>,
    /// Neither: skipped now, or inconclusive, and it was not before.
    otherwise: Vec<Change>,
    still_failing: Vec<Change>,
    new: Vec<Change>,
    gone: Vec<Change>,
    unchanged: usize,
    /// Cases of the earlier run that are there and were not picked, or not reached, this time.
    not_picked: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Change {
    scenario: String,
    case: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is: Option<&'static str>,
}

/// Compares. `absence` says why a case that is only in the earlier run is not in this one.
pub fn changes(
    file: &str,
    earlier: &Earlier,
    now: &[(CaseKey, Outcome)],
    absence: &dyn Fn(&EarlierCase) -> Absence,
) -> Changes {
    let before: BTreeMap<(&str, Option<&str>), &str> = earlier
        .cases
        .iter()
        .map(|case| ((case.scenario.as_str(), case.case.as_deref()), case.verdict.as_str()))
        .collect();
    let mut changes = Changes {
        file: file.to_owned(),
        version: earlier.version.clone(),
        seed: earlier.seed,
        stopped_early: earlier.stopped_early,
        ..Changes::default()
    };
    for ((scenario, case), outcome) in now {
        let was = before.get(&(scenario.as_str(), case.as_deref())).copied();
        let change = Change {
            scenario: scenario.clone(),
            case: case.clone(),
            was: was.map(str::to_owned),
            is: Some(outcome.text()),
        };
        changes.sort_in(was, *outcome, change);
    }
    let now: BTreeSet<(&str, Option<&str>)> =
        now.iter().map(|((scenario, case), _)| (scenario.as_str(), case.as_deref())).collect();
    for case in &earlier.cases {
        if now.contains(&(case.scenario.as_str(), case.case.as_deref())) {
            continue;
        }
        match absence(case) {
            Absence::NotPicked => changes.not_picked += 1,
            Absence::Gone => changes.gone.push(Change {
                scenario: case.scenario.clone(),
                case: case.case.clone(),
                was: Some(case.verdict.clone()),
                is: None,
            }),
        }
    }
    changes
}

impl Changes {
    fn sort_in(&mut self, was: Option<&str>, is: Outcome, change: Change) {
        let failed = |word: &str| matches!(word, "failed" | "passed unexpectedly");
        let passed = |word: &str| matches!(word, "passed" | "failed as expected");
        match was {
            None => self.new.push(change),
            Some(was) if failed(was) && failed(is.text()) => self.still_failing.push(change),
            Some(_) if failed(is.text()) => self.newly_failing.push(change),
            Some(was) if passed(is.text()) && !passed(was) => self.newly_passing.push(change),
            Some(was) if was == is.text() || passed(was) && passed(is.text()) => self.unchanged += 1,
            Some(_) => self.otherwise.push(change),
        }
    }

    pub fn n_newly_failing(&self) -> usize {
        self.newly_failing.len()
    }

    /// "Since run.json: 1 newly fails, 2 newly pass, 3 as before."
    pub(crate) fn sum(&self) -> String {
        let parts = [
            (self.newly_failing.len(), "newly fails", "newly fail"),
            (self.newly_passing.len(), "newly passes", "newly pass"),
            (self.otherwise.len(), "changed otherwise", "changed otherwise"),
            (self.still_failing.len(), "fails as before", "fail as before"),
            (self.new.len(), "new", "new"),
            (self.gone.len(), "gone", "gone"),
            (self.not_picked, "not picked this time", "not picked this time"),
        ];
        let said: Vec<String> =
            parts.iter().filter(|(n, ..)| *n > 0).map(|&(n, one, many)| counted(n, one, many)).collect();
        let file = prose(&self.file);
        if said.is_empty() {
            return format!("Since {file}: nothing changed, {}.", counted(self.unchanged, "case", "cases"));
        }
        format!("Since {file}: {}, {} as before.", said.join(", "), number(self.unchanged))
    }
}

/// Most names of one list on a terminal. *Assumed*; the JSON document has all.
const MOST: usize = 40;

/// The changes as text: the sum, then names.
pub(crate) fn changes_text(changes: &Changes, seed: u64, plain: bool) -> String {
    let mut text = changes.sum() + "\n";
    if changes.stopped_early {
        text.push_str("  The earlier run was stopped early: what it did not reach counts as new here.\n");
    }
    if changes.seed != seed {
        let _ = writeln!(text, "  The earlier run had seed {}, this one has {seed}.", changes.seed);
    }
    for (word, list) in [
        ("newly fails", &changes.newly_failing),
        ("newly passes", &changes.newly_passing),
        ("changed", &changes.otherwise),
        ("fails as before", &changes.still_failing),
        ("new", &changes.new),
        ("gone", &changes.gone),
    ] {
        for change in list.iter().take(MOST) {
            let line = line(word, change);
            let _ =
                if plain { writeln!(text, "{word}: {line}") } else { writeln!(text, "  {word:15}  {line}") };
        }
        if list.len() > MOST {
            let _ = writeln!(text, "  {word:15}  and {} more", number(list.len() - MOST));
        }
    }
    if !plain {
        text.push('\n');
    }
    text
}

fn line(word: &str, change: &Change) -> String {
    let name = match &change.case {
        Some(case) => format!("{} [{}]", prose(&change.scenario), prose(case)),
        None => prose(&change.scenario),
    };
    let was = prose(change.was.as_deref().unwrap_or_default());
    match (word, change.is) {
        ("changed" | "newly passes", Some(is)) => format!("{name}  (was {was}, is {is})"),
        ("new", Some(is)) => format!("{name}  ({is})"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn earlier(cases: &[(&str, &str)]) -> Earlier {
        let cases: Vec<String> = cases
            .iter()
            .map(|(name, verdict)| {
                format!(r#"{{"scenario":"{name}","case":null,"file":"{name}.yaml","verdict":"{verdict}"}}"#)
            })
            .collect();
        let text = format!(
            r#"{{"format":"rehearse.run/1","version":"0.1.0","seed":1,"stopped_early":false,"cases":[{}],"x":2}}"#,
            cases.join(",")
        );
        Earlier::read(&text).expect("a document")
    }

    #[test]
    fn each_case_is_in_one_list() {
        let earlier = earlier(&[
            ("a", "passed"),
            ("b", "failed"),
            ("c", "failed"),
            ("d", "passed"),
            ("e", "passed"),
            ("f", "passed"),
            ("g", "skipped"),
        ]);
        let now = [
            ("a", Outcome::Failed),
            ("b", Outcome::Passed),
            ("c", Outcome::PassedUnexpectedly),
            ("d", Outcome::Skipped),
            ("e", Outcome::FailedAsExpected),
            ("h", Outcome::Failed),
        ];
        let now: Vec<_> = now.iter().map(|&(name, outcome)| ((name.to_owned(), None), outcome)).collect();
        let absence = |case: &EarlierCase| {
            if case.scenario == "f" { Absence::Gone } else { Absence::NotPicked }
        };
        let changes = changes("run.json", &earlier, &now, &absence);
        assert_eq!(
            changes.sum(),
            "Since run.json: 1 newly fails, 1 newly passes, 1 changed otherwise, 1 fails as before, 1 new, 1 gone, \
             1 not picked this time, 1 as before."
        );
    }

    #[test]
    fn what_is_no_run_is_refused_with_its_reason() {
        for (text, part) in [
            ("{", "is not the JSON document of a run: line 1"),
            ("[]", "is not the JSON document of a run"),
            ("{}", "no document of rehearse"),
            (r#"{"format":"rehearse.run/2","version":"9.0.0"}"#, "rehearse.run/2, written by version 9.0.0"),
            (r#"{"format":"rehearse.run/0"}"#, "this version reads rehearse.run/1"),
            (r#"{"format":"rehearse.list/1"}"#, "rehearse run --json"),
            (r#"{"format":"rehearse.run/1","version":"0.1.0"}"#, "did not take place"),
        ] {
            let why = Earlier::read(text).expect_err(text);
            assert!(why.contains(part), "{text}: {why}");
        }
    }
}
