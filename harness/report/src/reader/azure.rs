//! Logging commands for Azure Pipelines: what failed, on the page of the run. Read from the log.

use super::{
    Places,
    issue::{self, Issue, SHOWN, and_more},
};
use crate::event::Event;
use std::fmt::Write as _;

#[derive(Debug)]
pub struct Azure {
    places: Places,
    shown: Vec<Issue>,
    n_issues: usize,
}

impl Azure {
    pub fn new(places: Places) -> Azure {
        Azure { places, shown: Vec::new(), n_issues: 0 }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunEnded(end) => {
                // Before the cases: what is wrong with the run must not be among those that are only counted.
                let of_the_run = issue::of_end(end);
                self.n_issues += of_the_run.len();
                self.shown.splice(0..0, of_the_run);
                self.shown.truncate(SHOWN);
                self.issues()
            }
            event => {
                if let Some(issue) = issue::of_event(event) {
                    self.n_issues += 1;
                    self.shown.extend((self.shown.len() < SHOWN).then_some(issue));
                }
                String::new()
            }
        }
    }

    fn issues(&self) -> String {
        let mut text: String = self.shown.iter().map(|issue| self.issue(issue)).collect();
        if let Some(more) = and_more(self.n_issues) {
            let _ = writeln!(text, "##vso[task.logissue type=error;]{more}: see the log of this step.");
        }
        text
    }

    fn issue(&self, issue: &Issue) -> String {
        let path = property(&self.places.absolute(&issue.file));
        let message = data(&format!("{}: {}", issue.label, issue.message));
        let (line, column, code) = (issue.line, issue.column, property(issue.code));
        format!(
            "##vso[task.logissue type=error;sourcepath={path};linenumber={line};columnnumber={column};code={code};]\
             {message}\n"
        )
    }
}

/// As the agent takes text for data.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}
