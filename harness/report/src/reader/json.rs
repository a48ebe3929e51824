//! The run as one JSON document. Its verdict stands before its cases, so nothing of it is there before the end.

use crate::{
    event::Event,
    json::{CaseDocument, run_json},
};

#[derive(Debug, Default)]
pub struct Json {
    seed: u64,
    cases: Vec<CaseDocument>,
}

impl Json {
    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunStarted(run) => self.seed = run.seed,
            Event::CaseDone(case) => self.cases.push(case.facts.clone()),
            Event::ScenarioStarted(_) | Event::ScenarioEnded => {}
            Event::RunEnded(end) => return run_json(&end.counts, &self.cases, self.seed, end.exit_code),
        }
        String::new()
    }
}
