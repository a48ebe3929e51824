//! The run as people read it on a terminal or in a log: a line for each scenario, blocks for what failed, the gate last.

use crate::{
    earlier::changes_text,
    event::{CaseDone, Event, Outcome, RunEnded, ScenarioStarted},
    stories::{stories_advice, story_finding},
    summary::{begin, ending, ending_plain, line, line_plain, note, passed_line},
};

/// Which scenarios get a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    Failed,
    All,
    /// The last line alone.
    None,
}

#[derive(Debug)]
pub struct Text {
    show: Show,
    plain: bool,
    /// Stories were asked for.
    stories: bool,
    width: usize,
    seed: u64,
    scenario: Option<ScenarioStarted>,
    cases: Vec<CaseDone>,
}

impl Text {
    pub fn new(show: Show, plain: bool, stories: bool) -> Text {
        Text { show, plain, stories, width: 0, seed: 0, scenario: None, cases: Vec::new() }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunStarted(run) => {
                self.width = run.width;
                self.seed = run.seed;
                if self.show == Show::All {
                    return begin(run, self.plain);
                }
            }
            Event::ScenarioStarted(scenario) => self.scenario = Some(scenario.clone()),
            Event::CaseDone(case) if self.show != Show::None => self.cases.push(case.clone()),
            Event::CaseDone(_) => {}
            Event::ScenarioEnded => {
                let cases = std::mem::take(&mut self.cases);
                if let Some(scenario) = self.scenario.take().filter(|_| self.show != Show::None) {
                    return self.of_scenario(&scenario, &cases);
                }
            }
            Event::StoryUnlike(story) if self.show != Show::None => return story_finding(story, self.plain),
            Event::StoryUnlike(_) => {}
            Event::Compared(changes) if self.show != Show::None => {
                return changes_text(changes, self.seed, self.plain);
            }
            Event::Compared(_) => {}
            Event::RunEnded(end) => return self.end(end),
        }
        String::new()
    }

    fn end(&self, end: &RunEnded) -> String {
        let advice =
            if self.show == Show::None { String::new() } else { stories_advice(end.stories, self.plain) };
        advice + &if self.plain { ending_plain(end) } else { ending(end, self.stories) }
    }

    /// One line where every case passed and nobody asked for more, else each case by itself.
    fn of_scenario(&self, scenario: &ScenarioStarted, cases: &[CaseDone]) -> String {
        let all_passed =
            cases.len() == scenario.n_cases && cases.iter().all(|case| case.outcome == Outcome::Passed);
        if all_passed && self.show == Show::Failed && !self.stories {
            return String::new();
        }
        if all_passed && !self.plain && !self.stories {
            let simulated = cases.iter().map(|case| case.simulated).sum();
            return passed_line(&scenario.name, cases.len(), simulated, self.width);
        }
        let mut text = scenario.header.clone().unwrap_or_default();
        for case in cases {
            text.push_str(&self.of_case(case));
        }
        if self.stories {
            text.push('\n');
        }
        text
    }

    fn of_case(&self, case: &CaseDone) -> String {
        let story = case.story.as_deref().filter(|_| self.stories).unwrap_or_default();
        // A story says itself how it ended.
        let has_line = self.plain || story.is_empty();
        let mut text = String::new();
        if has_line && (self.show == Show::All || case.outcome != Outcome::Passed) {
            text.push_str(&if self.plain {
                line_plain(case.outcome, &case.label)
            } else {
                let note = note(case.outcome, case.facts.reason.as_deref(), case.simulated);
                line(case.outcome, &case.label, &note, self.width)
            });
        }
        text.push_str(story);
        let failure = if self.plain { &case.failure_plain } else { &case.failure };
        text.push_str(failure.as_deref().unwrap_or_default());
        text
    }
}
