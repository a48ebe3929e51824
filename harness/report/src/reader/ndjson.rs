//! The stream as it is: one event a line, as JSON. The shape is `report.schema.json` beside this crate.

use crate::{
    earlier::Changes,
    event::{CaseDone, Event},
    json::{CaseDocument, CountsDocument, VERSION, codes, verdict_of},
    stories::{StoryDocument, story_document},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    RunStarted {
        format: &'static str,
        version: &'static str,
        target: &'a str,
        seed: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        redacted: Option<&'static str>,
        scenarios: usize,
        cases: usize,
    },
    ScenarioStarted {
        scenario: &'a str,
        cases: usize,
    },
    CaseDone {
        #[serde(flatten)]
        facts: &'a CaseDocument,
        real_seconds: f64,
    },
    StoryUnlike(StoryDocument),
    Compared(&'a Changes),
    RunEnded {
        verdict: &'static str,
        exit_code: u8,
        counts: CountsDocument,
        simulated_seconds: i64,
        stopped_early: bool,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        not_run: &'a [String],
        #[serde(skip_serializing_if = "Vec::is_empty")]
        unproven_clauses: Vec<&'static str>,
    },
}

pub(crate) fn line(event: Event<'_>) -> String {
    let line = match event {
        Event::RunStarted(run) => Line::RunStarted {
            format: "rehearse.events/1",
            version: VERSION,
            target: run.target(),
            seed: run.seed,
            redacted: run.redaction.text(),
            scenarios: run.n_scenarios,
            cases: run.n_cases,
        },
        Event::ScenarioStarted(it) => Line::ScenarioStarted { scenario: &it.name, cases: it.n_cases },
        Event::CaseDone(CaseDone { facts, real, .. }) => {
            Line::CaseDone { facts, real_seconds: real.as_secs_f64() }
        }
        Event::ScenarioEnded => return String::new(),
        Event::Compared(changes) => Line::Compared(changes),
        Event::StoryUnlike(story) => Line::StoryUnlike(story_document(story)),
        Event::RunEnded(end) => Line::RunEnded {
            verdict: verdict_of(end),
            exit_code: end.exit_code,
            counts: CountsDocument::of(&end.counts),
            simulated_seconds: end.counts.simulated.as_secs(),
            stopped_early: end.counts.n_not_run > 0,
            not_run: &end.not_run,
            unproven_clauses: codes(&end.unproven),
        },
    };
    let mut text = serde_json::to_string(&line).expect("texts and numbers always become JSON");
    text.push('\n');
    text
}
