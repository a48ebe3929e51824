//! Tells whether a run that was played again was the same. Compares nothing: it is handed what differs.

use crate::{
    Counts,
    diff::{diff, diff_size},
    json::{VERSION, to_text},
    summary::sum,
    visible::prose,
    words::{counted, listed},
};
use serde::Serialize;
use std::fmt::Write as _;

/// An entry of a bundle that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub entry: String,
    pub then: String,
    pub now: String,
}

/// What came of playing a bundle again.
#[derive(Clone, Debug)]
pub struct Replayed<'a> {
    /// The name of the run.
    pub run: &'a str,
    /// The version of rehearse that wrote the bundle.
    pub made_by: &'a str,
    pub seed: u64,
    pub redacted: bool,
    pub counts: Counts,
    pub n_stories: usize,
    pub differences: Vec<Difference>,
}

/// Most lines of one difference. *Assumed*.
const MOST_LINES: usize = 60;

pub fn replay_text(replayed: &Replayed<'_>, plain: bool) -> String {
    let mut text = format!(
        "Run {} of version {}, seed {}{}, played again.\n{}\n",
        prose(replayed.run),
        prose(replayed.made_by),
        replayed.seed,
        if replayed.redacted { ", names and the like replaced" } else { "" },
        sum(&replayed.counts)
    );
    if replayed.differences.is_empty() {
        let stories = counted(replayed.n_stories, "story", "stories");
        let _ = writeln!(text, "The same to the byte: the document of the run and {stories}.");
        return text;
    }
    for difference in &replayed.differences {
        let entry = prose(&difference.entry);
        let (then, now) = (&difference.then, &difference.now);
        let _ = writeln!(text, "{entry} differs: {}{}", diff_size(then, now), if plain { "" } else { "\n" });
        text.push_str(&diff(then, now, MOST_LINES, plain));
        if !plain {
            text.push('\n');
        }
    }
    if replayed.made_by != VERSION {
        let _ = writeln!(
            text,
            "The bundle was written by version {}, and this is {VERSION}. The same bytes are promised for the same \
             version.",
            prose(replayed.made_by)
        );
    }
    let names: Vec<String> = replayed.differences.iter().map(|it| prose(&it.entry)).take(5).collect();
    let more = replayed.differences.len() - names.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let _ = writeln!(text, "Not the same: {}{more}.", listed(&names));
    text
}

#[derive(Serialize)]
struct ReplayDocument<'a> {
    format: &'static str,
    version: &'static str,
    run: &'a str,
    made_by: &'a str,
    seed: u64,
    redacted: bool,
    same: bool,
    exit_code: u8,
    cases: usize,
    stories: usize,
    differences: Vec<DifferenceDocument<'a>>,
}

#[derive(Serialize)]
struct DifferenceDocument<'a> {
    entry: &'a str,
    diff: Vec<String>,
}

pub fn replay_json(replayed: &Replayed<'_>, exit_code: u8) -> String {
    let differences = replayed.differences.iter().map(|difference| {
        let lines = diff(&difference.then, &difference.now, usize::MAX, true);
        let lines = lines.lines().map(|line| line.trim_start().to_owned()).collect();
        DifferenceDocument { entry: &difference.entry, diff: lines }
    });
    to_text(&ReplayDocument {
        format: "rehearse.replay/1",
        version: VERSION,
        run: replayed.run,
        made_by: replayed.made_by,
        seed: replayed.seed,
        redacted: replayed.redacted,
        same: replayed.differences.is_empty(),
        exit_code,
        cases: replayed.counts.n_cases(),
        stories: replayed.n_stories,
        differences: differences.collect(),
    })
}
