//! TAP 14: a test point for each case, with a YAML block of diagnostics where one is not as it should be.

use super::issue;
use crate::{
    event::{CaseDone, Event, Outcome, RunEnded},
    stories::{StoryFinding, story_block, story_line, story_message},
    visible::prose,
};
use feed::Clause;
use std::fmt::Write as _;

#[derive(Debug, Default)]
pub struct Tap {
    n_done: usize,
}

impl Tap {
    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunStarted(_) => "TAP version 14\n".to_owned(),
            Event::CaseDone(case) => {
                self.n_done += 1;
                point(self.n_done, case)
            }
            Event::StoryUnlike(story) if story.fails => {
                self.n_done += 1;
                of_story(self.n_done, story)
            }
            Event::RunEnded(end) => self.end(end),
            _ => String::new(),
        }
    }

    fn end(&mut self, end: &RunEnded) -> String {
        let mut text = String::new();
        for clause in &end.unproven {
            self.n_done += 1;
            text.push_str(&unproven(self.n_done, *clause, end));
        }
        if let Some(why) = issue::stopped(end) {
            let _ = writeln!(text, "Bail out! {why}");
            return text;
        }
        if let Some(why) = issue::nothing_played(end) {
            self.n_done += 1;
            let _ = writeln!(text, "not ok {} - {why}", self.n_done);
        }
        // Only now is it known how many points there are.
        let _ = writeln!(text, "1..{}", self.n_done);
        text
    }
}

fn unproven(number: usize, clause: Clause, end: &RunEnded) -> String {
    let yaml = format!(
        "message: {}\ncode: {}\nat:\n  file: {}\n  line: 1\n",
        quoted(&format!("Required, and not proven by any case that passed: {}", clause.says())),
        quoted(issue::UNPROVEN),
        quoted(&end.place)
    );
    format!("not ok {number} - required clause {}\n{}", clause.code(), indented(&yaml))
}

fn point(number: usize, case: &CaseDone) -> String {
    let reason = escaped(case.facts.reason.as_deref().unwrap_or_default());
    let (ok, directive) = match case.outcome {
        Outcome::Passed => ("ok", String::new()),
        Outcome::Skipped => ("ok", format!(" # SKIP {reason}")),
        Outcome::FailedAsExpected => ("not ok", format!(" # TODO {reason}")),
        Outcome::Failed | Outcome::PassedUnexpectedly | Outcome::Inconclusive => ("not ok", String::new()),
    };
    let mut text = format!("{ok} {number} - {}{directive}\n", escaped(&case.label));
    if !matches!(case.outcome, Outcome::Passed | Outcome::Skipped) {
        text.push_str(&diagnostics(case));
    }
    text
}

fn of_story(number: usize, story: &StoryFinding) -> String {
    let mut yaml = String::new();
    let _ = writeln!(yaml, "message: {}", quoted(&story_message(story)));
    let _ = writeln!(yaml, "at:\n  file: {}\n  line: {}", quoted(&story.snapshot), story_line(story));
    yaml.push_str(&block_of(&story_block(story)));
    format!("not ok {number} - story of {}\n{}", escaped(&story.name), indented(&yaml))
}

/// A text as it is. Its first line may begin with spaces, so how far it is indented is said.
fn block_of(text: &str) -> String {
    let lines = text.trim_end().lines();
    lines.fold("story: |2\n".to_owned(), |all, line| all + "  " + line + "\n")
}

fn indented(yaml: &str) -> String {
    let lines = yaml.lines().map(|line| format!("  {}\n", line.trim_end()));
    format!("  ---\n{}  ...\n", lines.collect::<String>())
}

/// A text in a line of TAP: neither a directive nor the end of the line.
fn escaped(text: &str) -> String {
    prose(text).replace('\\', "\\\\").replace('#', "\\#")
}

fn diagnostics(case: &CaseDone) -> String {
    let facts = &case.facts;
    let mut yaml = String::new();
    let _ = writeln!(yaml, "title: {}", quoted(&facts.title));
    let _ = writeln!(yaml, "message: {}", quoted(&issue::message(case)));
    let _ = writeln!(yaml, "outcome: {}", quoted(case.outcome.text()));
    let at = facts.findings.first();
    let _ = writeln!(yaml, "at:");
    let _ = writeln!(yaml, "  file: {}", quoted(at.map_or(&facts.file, |it| &it.file)));
    let _ = writeln!(yaml, "  line: {}", at.map_or(facts.line, |it| it.line));
    if let Some(at) = at {
        let _ = writeln!(yaml, "  column: {}\ncode: {}", at.column, quoted(at.code));
    }
    let _ = writeln!(yaml, "proves: [{}]", facts.proves.join(", "));
    if let Some(played) = &facts.played {
        let _ = writeln!(yaml, "simulated_seconds: {}\nseed: {}", played.simulated_seconds, played.seed);
    }
    if let Some(block) = issue::block(case) {
        yaml.push_str(&block_of(&block));
    }
    indented(&yaml)
}

/// JSON's way, which YAML reads too.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text always becomes JSON")
}
