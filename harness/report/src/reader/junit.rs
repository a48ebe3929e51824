//! JUnit XML as Jenkins, GitLab, Azure and GitHub's actions read it: a suite for each scenario, a test case for each case,
//! one failure each. `time` is real; virtual time stands in properties.

use super::issue;
use crate::{
    event::{CaseDone, Event, Outcome, RunEnded},
    stories::{StoryFinding, story_block, story_line, story_message},
};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::{collections::BTreeSet, time::Duration};

/// GitLab refuses files of more than 30 MB. So many bytes of stories are written; then failures have their message alone.
const MOST_BYTES_OF_STORIES: usize = 20_000_000;

#[derive(Debug)]
pub struct JUnit {
    report: Report,
    suite: Option<TestSuite>,
    /// GitLab leaves out a second test of the same name.
    names: BTreeSet<String>,
    /// Stories that are not as accepted.
    stories: Vec<TestCase>,
    n_story_bytes: usize,
}

impl Default for JUnit {
    fn default() -> JUnit {
        JUnit {
            report: Report::new("rehearse"),
            suite: None,
            names: BTreeSet::new(),
            stories: Vec::new(),
            n_story_bytes: 0,
        }
    }
}

impl JUnit {
    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunStarted(_) | Event::Compared(_) => {}
            Event::ScenarioStarted(scenario) => self.suite = Some(TestSuite::new(&scenario.name)),
            Event::CaseDone(case) => {
                let case = self.case(case);
                if let Some(suite) = &mut self.suite {
                    suite.add_test_case(case);
                }
            }
            Event::ScenarioEnded => self.close(),
            Event::StoryUnlike(story) => self.stories.extend(story.fails.then(|| of_story(story))),
            Event::RunEnded(end) => return self.finish(end),
        }
        String::new()
    }

    fn close(&mut self) {
        let Some(mut suite) = self.suite.take() else { return };
        suite.set_time(suite.test_cases.iter().filter_map(|case| case.time).sum());
        self.report.add_test_suite(suite);
    }

    fn finish(&mut self, end: &RunEnded) -> String {
        self.close();
        let real: Duration = self.report.test_suites.iter().filter_map(|suite| suite.time).sum();
        self.report.set_time(real);
        if !self.stories.is_empty() {
            let mut suite = TestSuite::new("snapshots");
            suite.add_test_cases(std::mem::take(&mut self.stories));
            self.report.add_test_suite(suite);
        }
        if !end.unproven.is_empty() {
            self.report.add_test_suite(required(end));
        }
        for (name, why) in
            [("the run was stopped", issue::stopped(end)), ("something was run", issue::nothing_played(end))]
        {
            self.report.add_test_suites(why.map(|why| of_the_run(name, why)));
        }
        self.report.to_string().expect("a text takes everything, and its parts are clean XML")
    }

    fn case(&mut self, case: &CaseDone) -> TestCase {
        let facts = &case.facts;
        let (folder, file) = facts.scenario.rsplit_once('/').unwrap_or(("scenarios", &facts.scenario));
        let class = folder.replace('/', ".");
        let name = facts.case.as_ref().map_or_else(|| file.to_owned(), |case| format!("{file} [{case}]"));
        let name = self.unique(&class, &name);
        let mut test = TestCase::new(name, self.status(case));
        test.set_classname(class).set_time(case.real);
        test.extra.insert("file".into(), facts.file.as_str().into());
        let line = facts.findings.first().filter(|it| it.file == facts.file).map_or(facts.line, |it| it.line);
        test.extra.insert("line".into(), line.to_string().into());
        test.add_property(("title", facts.title.as_str()));
        test.add_property(("outcome", case.outcome.text()));
        test.add_property(("proves", facts.proves.join(" ").as_str()));
        if let Some(played) = &facts.played {
            test.add_property(("simulated_seconds", played.simulated_seconds.to_string().as_str()));
            test.add_property(("began_at", played.began_at.as_str()));
            test.add_property(("ended_at", played.ended_at.as_str()));
            test.add_property(("seed", played.seed.to_string().as_str()));
        }
        test
    }

    /// Two cases whose names became one, for instance because people's names were taken out, are counted.
    fn unique(&mut self, class: &str, name: &str) -> String {
        let numbered = |n: u32| if n == 1 { name.to_owned() } else { format!("{name} ({n})") };
        let free = (1..=u32::MAX).map(numbered).find(|name| self.names.insert(format!("{class}/{name}")));
        free.unwrap_or_else(|| name.to_owned())
    }

    fn status(&mut self, case: &CaseDone) -> TestCaseStatus {
        let reason = case.facts.reason.as_deref().unwrap_or_default();
        let mut status = match case.outcome {
            Outcome::Passed => return TestCaseStatus::success(),
            Outcome::Skipped => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(reason);
                return status;
            }
            Outcome::FailedAsExpected => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(format!("failed as expected: {reason}"));
                return status;
            }
            Outcome::Failed | Outcome::PassedUnexpectedly => {
                TestCaseStatus::non_success(NonSuccessKind::Failure)
            }
            Outcome::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
        };
        let code = case.facts.findings.first().map_or(case.outcome.text(), |finding| finding.code);
        status.set_type(code).set_message(format!("{}: {}", case.facts.title, issue::message(case)));
        let story =
            [case.failure.as_deref(), case.story.as_deref()].into_iter().flatten().collect::<String>();
        self.n_story_bytes += story.len();
        if story.is_empty() {
            status.set_description(issue::message(case));
        } else if self.n_story_bytes <= MOST_BYTES_OF_STORIES {
            status.set_description(format!("\n{story}"));
        } else {
            status.set_description("The stories before this one fill the file; this one is in the log.");
        }
        status
    }
}

fn of_story(story: &StoryFinding) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let message = story_message(story);
    status.set_type("story").set_message(message).set_description(format!("\n{}", story_block(story)));
    let mut test = TestCase::new(story.name.as_str(), status);
    test.set_classname("snapshots").set_time(Duration::ZERO);
    test.extra.insert("file".into(), story.snapshot.as_str().into());
    test.extra.insert("line".into(), story_line(story).to_string().into());
    test
}

/// Clauses that the run had to prove and did not: a failure each.
fn required(end: &RunEnded) -> TestSuite {
    let mut suite = TestSuite::new("required clauses");
    suite.add_test_cases(end.unproven.iter().map(|clause| {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status
            .set_type(issue::UNPROVEN)
            .set_message("Required, and not proven by any case that passed.")
            .set_description(clause.says());
        let mut test = TestCase::new(clause.code(), status);
        test.set_classname("required clauses").set_time(Duration::ZERO);
        test.extra.insert("file".into(), end.place.as_str().into());
        test.extra.insert("line".into(), "1".into());
        test
    }));
    suite
}

/// Readers of JUnit have no word for a run that was stopped, or that ran nothing, so it is an error that cannot be
/// overlooked.
fn of_the_run(name: &str, why: String) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type("run").set_message(why);
    let mut suite = TestSuite::new("the run");
    let mut test = TestCase::new(name, status);
    test.set_classname("rehearse").set_time(Duration::ZERO);
    suite.add_test_case(test);
    suite
}
