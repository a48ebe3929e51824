//! What a code or a word of a report means, in a few sentences. The clauses, the invariants and the codes of mistakes
//! come from where they are at home; the rest stands here.

use crate::{rules::source, story::wrap};
use feed::{Clause, Setting, Settings};
use guidance::Situation;
use scenario::{Scenario, vocabulary::SITUATIONS};
use std::fmt::Write as _;

/// What a word means, or nothing if it is none of ours. Not told apart by capital letters. `files` are looked through
/// for scenarios of a clause.
pub fn word(text: &str, files: &[(&str, &Scenario)]) -> Option<String> {
    let wanted = text.to_lowercase();
    clause(&wanted, files)
        .or_else(|| setting(&wanted))
        .or_else(|| invariant(&wanted))
        .or_else(|| from_table(&wanted, FINDINGS, "A finding"))
        .or_else(|| mistake(&wanted))
        .or_else(|| situation(&wanted))
        .or_else(|| from_table(&wanted, VERDICTS, "A verdict"))
}

/// Every word that [`word`] knows.
pub fn known_words() -> Vec<&'static str> {
    let tables = [FINDINGS, scenario::CODES, VERDICTS];
    let mut words: Vec<&str> = Clause::ALL.iter().map(|clause| clause.code()).collect();
    words.extend(Setting::ALL.iter().map(|setting| setting.text()));
    words.extend(runner::INVARIANTS.iter().map(|invariant| invariant.code));
    words.extend(tables.iter().flat_map(|table| table.iter().map(|(word, _)| *word)));
    words.extend(Situation::ALL.iter().map(|situation| situation.text()));
    words
}

fn clause(wanted: &str, files: &[(&str, &Scenario)]) -> Option<String> {
    let clause = Clause::from_code(&wanted.to_uppercase())?;
    let mut text = format!("{}, a clause of the published guidance ({})\n", clause.code(), source(clause));
    wrapped(&mut text, clause.says());
    let of_it: Vec<&(&str, &Scenario)> =
        files.iter().filter(|(_, scenario)| scenario.proves.contains(&clause)).collect();
    if of_it.is_empty() {
        wrapped(&mut text, "No scenario here proves it.");
    } else {
        text.push_str("Scenarios:\n");
    }
    for (name, scenario) in of_it {
        let _ = writeln!(text, "  {name}  {}", crate::visible::prose(&scenario.title));
    }
    let invariants = runner::INVARIANTS.iter().filter(|invariant| invariant.clauses.contains(&clause));
    for (idx, invariant) in invariants.enumerate() {
        if idx == 0 {
            text.push_str("Held to in every scenario:\n");
        }
        let _ = writeln!(text, "  {}  {}", invariant.code, invariant.says);
    }
    Some(text)
}

fn setting(wanted: &str) -> Option<String> {
    let setting = Setting::ALL.iter().copied().find(|setting| setting.text() == wanted)?;
    let mut text = format!("{}, a setting: the published sources leave room here\n", setting.text());
    wrapped(&mut text, setting.says());
    let values = setting.values().join(", ");
    wrapped(&mut text, &format!("Values: {values}. Default: {}.", Settings::default().text(setting)));
    wrapped(&mut text, &format!("A scenario chooses with `rules: {{ {}: ... }}`.", setting.text()));
    Some(text)
}

fn invariant(wanted: &str) -> Option<String> {
    let invariant = runner::INVARIANTS.iter().find(|invariant| invariant.code.to_lowercase() == wanted)?;
    let mut text =
        format!("{}, an invariant: it holds in every scenario, whatever that checks\n", invariant.code);
    wrapped(&mut text, invariant.says);
    for clause in invariant.clauses {
        wrapped(&mut text, &format!("{} ({}) [{}]", clause.says(), source(*clause), clause.code()));
    }
    Some(text)
}

fn from_table(wanted: &str, table: &[(&str, &str)], kind: &str) -> Option<String> {
    let (word, says) = table.iter().find(|(word, _)| *word == wanted)?;
    let mut text = format!("{kind}: {word}\n");
    wrapped(&mut text, says);
    Some(text)
}

fn mistake(wanted: &str) -> Option<String> {
    let mut text = from_table(wanted, scenario::CODES, "A mistake in a scenario file")?;
    if let Some(example) = scenario::example(wanted) {
        for (word, lines) in [("Wrong", example.wrong), ("Right", example.right)] {
            let _ = writeln!(text, "{word}:");
            for line in lines.lines() {
                let _ = writeln!(text, "    {}", crate::visible::prose(line));
            }
        }
    }
    Some(text)
}

fn situation(wanted: &str) -> Option<String> {
    let situation = Situation::ALL.iter().copied().find(|situation| situation.text() == wanted)?;
    let mut text = format!("A situation that guidance names: {}\n", situation.text());
    let word = SITUATIONS.iter().find(|word| word.text == situation.text())?;
    wrapped(&mut text, word.says);
    Some(text)
}

fn wrapped(text: &mut String, words: &str) {
    text.push_str("  ");
    wrap(text, words, 2);
}

const FINDINGS: &[(&str, &str)] = &[
    (
        "not-met",
        "A check of a `then` was not true when it had to be. What was expected, what came and every value that it had stand in the report.",
    ),
    (
        "held-although-never",
        "A check under `never:` became true. The report says at which moment, and what made it so.",
    ),
    (
        "vacuous",
        "A `within:` was true before time moved, so it would have passed if nothing had worked. Check something that the steps before it change, or write `for:` if it is meant to stay as it is.",
    ),
    (
        "fault-never-fired",
        "A fault was declared and took fewer deliveries than it says. The scenario shows nothing about it: make it fit a delivery that takes place, or take it out.",
    ),
    (
        "refused-unasked",
        "An action was refused and no check asks about it, so the story went on without it. Put it right, or follow it with `refused:` if the refusal is the point.",
    ),
    (
        "story",
        "A story is not as its snapshot, or has none. `rehearse review` shows both and takes the new one over or throws it away.",
    ),
    (
        "unproven-clause",
        "`--require-clauses`, or `required clauses` of suite.yaml, names a clause that no case of this run proved by passing. Play the scenarios that prove it (`rehearse list --rules`), or write one.",
    ),
    (
        "stopped",
        "The run ended before its last case: somebody stopped it, or `--max-fail` did. Cases that were not run are counted, and the result is a partial one.",
    ),
    (
        "nothing-run",
        "Every case was skipped, so the run shows nothing. The reasons stand beside the cases. Exit code 3.",
    ),
];

const VERDICTS: &[(&str, &str)] = &[
    (
        "passed",
        "Every check was as it should be, every fault fired, nothing was refused unasked, and every invariant held.",
    ),
    ("failed", "At least one finding: something was not as it should be. Exit code 1."),
    (
        "skipped",
        "It has `skip:` with a reason and was not played. From the day of `until` on it runs again. If all are skipped the exit code is 3.",
    ),
    (
        "failed as expected",
        "It has `expect failure:` with a reason, and it failed. That counts as fine; a pass would not.",
    ),
    (
        "passed unexpectedly",
        "It has `expect failure:` and did not fail. That is a failure: what was expected to be wrong is right now, so take the line out. Exit code 1.",
    ),
    ("inconclusive", "The system under test could not be asked, so nothing can be said. Exit code 4."),
];
