//! Annotations for GitHub Actions: beside the failing check on the pull request. Workflow commands, read from the log.

use super::{
    Places,
    issue::{self, Issue, SHOWN, and_more},
};
use crate::event::Event;
use std::fmt::Write as _;

#[derive(Debug)]
pub struct GitHub {
    places: Places,
    shown: Vec<Issue>,
    n_issues: usize,
}

impl GitHub {
    pub fn new(places: Places) -> GitHub {
        GitHub { places, shown: Vec::new(), n_issues: 0 }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunEnded(end) => {
                // Before the cases: what is wrong with the run must not be among those that are only counted.
                let of_the_run = issue::of_end(end);
                self.n_issues += of_the_run.len();
                self.shown.splice(0..0, of_the_run);
                self.shown.truncate(SHOWN);
                self.annotations()
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

    fn annotations(&self) -> String {
        let mut text: String = self.shown.iter().map(|issue| self.annotation(issue)).collect();
        if let Some(more) = and_more(self.n_issues) {
            let message = data(&format!("{more}: see the summary of this step, or its log."));
            let _ = writeln!(text, "::error title={}::{message}", property(&more));
        }
        text
    }

    fn annotation(&self, issue: &Issue) -> String {
        let file = property(&self.places.in_repository(&issue.file));
        let title = property(&format!("{}: {}", issue.label, issue.title));
        let message = data(&issue.message);
        format!("::error file={file},line={},col={},title={title}::{message}\n", issue.line, issue.column)
    }
}

/// As the runner takes text for data: nothing in it ends the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
