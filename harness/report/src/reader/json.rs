//! The run as one JSON document. Its verdict stands before its cases, so nothing of it is there before the end.

use crate::{
    earlier::Changes,
    event::Event,
    json::{CaseDocument, run_json},
    redact::Redaction,
    stories::StoryFinding,
};

#[derive(Debug)]
pub struct Json {
    stories: bool,
    seed: u64,
    redaction: Redaction,
    target: String,
    cases: Vec<CaseDocument>,
    unlike: Vec<StoryFinding>,
    against: Option<Changes>,
}

impl Json {
    pub const fn new(stories: bool) -> Json {
        Json {
            stories,
            seed: 0,
            redaction: Redaction::None,
            target: String::new(),
            cases: Vec::new(),
            unlike: Vec::new(),
            against: None,
        }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunStarted(run) => {
                self.seed = run.seed;
                self.redaction = run.redaction;
                run.target().clone_into(&mut self.target);
            }
            Event::CaseDone(case) => {
                let facts = case.facts.clone();
                self.cases.push(match case.story.as_deref().filter(|_| self.stories) {
                    Some(story) => facts.with_story(story),
                    None => facts,
                });
            }
            Event::ScenarioStarted(_) | Event::ScenarioEnded => {}
            Event::StoryUnlike(story) => self.unlike.push(story.clone()),
            Event::Compared(changes) => self.against = Some(changes.clone()),
            Event::RunEnded(end) => {
                let played = (self.seed, self.redaction, self.target.as_str());
                return run_json(end, &self.cases, &self.unlike, self.against.as_ref(), played);
            }
        }
        String::new()
    }
}
