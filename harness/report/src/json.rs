//! The JSON documents. Their shapes are private: what is promised is the `format` in each. Nothing in them depends on
//! real time, so two runs of the same files with the same seed give the same bytes.

use crate::{
    earlier::{CaseKey, Changes},
    event::{RunEnded, Stopped, reason},
    paint,
    redact::Redaction,
    rules::{Standing, state},
    stories::{StoriesDocument, StoryFinding, stories_document},
    summary::Counts,
};
use feed::{Clause, Timestamp};
use guidance::Subject;
use jiff::SignedDuration;
use runner::{Finding, StepEnd, Trace, Unmet, Verdict};
use scenario::{Case, Mistake, Scenario};
use serde::Serialize;

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Who answers for ACP.

#[derive(Serialize)]
struct RunDocument<'a> {
    format: &'static str,
    version: &'static str,
    verdict: &'static str,
    exit_code: u8,
    target: &'a str,
    seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<&'static str>,
    counts: CountsDocument,
    simulated_seconds: i64,
    stopped_early: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    not_run: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unproven_clauses: Vec<&'static str>,
    cases: &'a [CaseDocument],
    #[serde(skip_serializing_if = "Option::is_none")]
    stories: Option<StoriesDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<&'a Changes>,
}

#[derive(Serialize)]
pub(crate) struct CountsDocument {
    pub(crate) scenarios: usize,
    pub(crate) cases: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) passed_unexpectedly: usize,
    pub(crate) inconclusive: usize,
    pub(crate) failed_as_expected: usize,
    pub(crate) skipped: usize,
    pub(crate) not_run: usize,
    pub(crate) stories_not_accepted: usize,
}

/// One case of a run.
#[derive(Clone, Debug, Serialize)]
pub struct CaseDocument {
    pub(crate) scenario: String,
    pub(crate) case: Option<String>,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) title: String,
    pub(crate) proves: Vec<&'static str>,
    pub(crate) tags: Vec<String>,
    pub(crate) verdict: &'static str,
    /// Why it was skipped, is expected to fail, or is inconclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(flatten)]
    pub(crate) played: Option<PlayedDocument>,
    pub(crate) findings: Vec<FindingDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) story: Option<Vec<String>>,
}

impl CaseDocument {
    /// Every text of it that may hold what people wrote. Paths, codes and times are none.
    pub(crate) fn texts(&mut self, each: &mut dyn FnMut(&mut String)) {
        each(&mut self.title);
        self.tags.iter_mut().for_each(&mut *each);
        [&mut self.case, &mut self.reason].into_iter().flatten().for_each(&mut *each);
        let steps = self.played.iter_mut().flat_map(|played| &mut played.steps);
        steps.for_each(|step| each(&mut step.label));
        for finding in &mut self.findings {
            each(&mut finding.what);
            for unmet in &mut finding.unmet {
                let UnmetDocument { about, expected, got, external_id, .. } = unmet;
                [about, expected, got].into_iter().for_each(&mut *each);
                external_id.iter_mut().for_each(&mut *each);
            }
        }
        self.story.iter_mut().flatten().for_each(&mut *each);
    }

    /// The scenario's name.
    pub fn scenario(&self) -> &str {
        &self.scenario
    }

    /// The row's name.
    pub fn case(&self) -> Option<&str> {
        self.case.as_deref()
    }

    /// What it is known by from run to run.
    pub fn key(&self) -> CaseKey {
        (self.scenario.clone(), self.case.clone())
    }

    pub(crate) fn with_story(mut self, story: &str) -> CaseDocument {
        self.story = Some(story.lines().map(paint::off).collect());
        self
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct PlayedDocument {
    pub(crate) seed: u64,
    pub(crate) began_at: String,
    pub(crate) ended_at: String,
    pub(crate) simulated_seconds: i64,
    pub(crate) steps: Vec<StepDocument>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct StepDocument {
    pub(crate) label: String,
    pub(crate) line: u32,
    pub(crate) began_at: String,
    pub(crate) ended_at: String,
    pub(crate) end: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct FindingDocument {
    pub(crate) code: &'static str,
    pub(crate) at: String,
    /// Relative to where the run was started: the scenario, or a world that it uses.
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) step: Option<usize>,
    pub(crate) clauses: Vec<&'static str>,
    pub(crate) what: String,
    pub(crate) unmet: Vec<UnmetDocument>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct UnmetDocument {
    pub(crate) about: String,
    pub(crate) expected: String,
    pub(crate) got: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) external_id: Option<String>,
    pub(crate) record: Option<String>,
    pub(crate) field: Option<&'static str>,
}

/// One case as the document of a run holds it, without its story.
pub fn case_document(
    name: &str,
    scenario: &Scenario,
    case: &Case,
    trace: Option<&Trace>,
    verdict: &Verdict,
) -> CaseDocument {
    CaseDocument {
        scenario: name.to_owned(),
        case: case.name.clone(),
        file: scenario.path.clone(),
        line: case.at.line,
        title: scenario.title.clone(),
        proves: codes(&scenario.proves),
        tags: scenario.tags.clone(),
        verdict: verdict.text(),
        reason: reason(verdict).map(str::to_owned),
        played: trace.map(|trace| played(case, trace)),
        findings: verdict.findings().iter().map(|it| finding(scenario, it)).collect(),
        story: None,
    }
}

/// Whether two cases went the same way: the same verdict, steps that ended at the same times, and the same things not as
/// they should be at the same lines. What people wrote, and what anybody is called, is not compared.
pub fn ended_alike(one: &CaseDocument, other: &CaseDocument) -> bool {
    let without_texts = |case: &CaseDocument| {
        let mut case = case.clone();
        case.texts(&mut |text| text.clear());
        for finding in &mut case.findings {
            finding.column = 0;
            finding.unmet.iter_mut().for_each(|unmet| unmet.column = 0);
        }
        serde_json::to_string(&case).expect("texts and numbers always become JSON")
    };
    without_texts(one) == without_texts(other)
}

fn played(case: &Case, trace: &Trace) -> PlayedDocument {
    let steps = case.steps.iter().zip(&trace.steps).map(|(step, done)| StepDocument {
        label: step.label.clone(),
        line: step.at.line,
        began_at: instant(done.began_at),
        ended_at: instant(done.ended_at),
        end: match done.end {
            StepEnd::Acted => "acted",
            StepEnd::Held => "held",
            StepEnd::Vacuous => "vacuous",
            StepEnd::Unmet { .. } => "unmet",
        },
    });
    PlayedDocument {
        seed: trace.seed,
        began_at: instant(trace.began_at),
        ended_at: instant(trace.ended_at),
        simulated_seconds: trace.ended_at.duration_since(trace.began_at).as_secs(),
        steps: steps.collect(),
    }
}

fn finding(scenario: &Scenario, finding: &Finding) -> FindingDocument {
    let file = scenario.files.get(usize::from(finding.place.file)).unwrap_or(&scenario.path);
    FindingDocument {
        code: finding.kind.code(),
        at: instant(finding.at),
        file: file.clone(),
        line: finding.place.line,
        column: finding.place.column,
        step: finding.step,
        clauses: codes(&finding.clauses),
        what: finding.what.clone(),
        unmet: finding.unmet.iter().map(unmet).collect(),
    }
}

fn unmet(unmet: &Unmet) -> UnmetDocument {
    let (external_id, record) = match &unmet.subject {
        Some(Subject::ServiceUser { sent_id, .. }) => (Some(sent_id.as_str().to_owned()), None),
        Some(Subject::Record(record)) => (None, Some(record.to_string())),
        None => (None, None),
    };
    UnmetDocument {
        about: unmet.about.clone(),
        expected: unmet.expected.clone(),
        got: unmet.got.clone(),
        line: unmet.at.line,
        column: unmet.at.column,
        external_id,
        record,
        field: unmet.field.map(feed::Field::text),
    }
}

/// What the run as a whole came to, in a word.
pub(crate) fn verdict_of(end: &RunEnded) -> &'static str {
    let counts = &end.counts;
    if end.stopped == Some(Stopped::ByHand) {
        "stopped"
    } else if counts.n_bad() + counts.n_stories > 0 {
        "failed"
    } else if counts.n_inconclusive > 0 {
        "inconclusive"
    } else if !end.unproven.is_empty() {
        "failed"
    } else if counts.n_skipped == counts.n_cases() {
        "skipped"
    } else {
        "passed"
    }
}

impl CountsDocument {
    pub(crate) fn of(counts: &Counts) -> CountsDocument {
        CountsDocument {
            scenarios: counts.n_scenarios,
            cases: counts.n_cases(),
            passed: counts.n_passed,
            failed: counts.n_failed,
            passed_unexpectedly: counts.n_passed_unexpectedly,
            inconclusive: counts.n_inconclusive,
            failed_as_expected: counts.n_failed_as_expected,
            skipped: counts.n_skipped,
            not_run: counts.n_not_run,
            stories_not_accepted: counts.n_stories,
        }
    }
}

/// The document of a run.
pub(crate) fn run_json(
    end: &RunEnded,
    cases: &[CaseDocument],
    stories: &[StoryFinding],
    against: Option<&Changes>,
    (seed, redaction, target): (u64, Redaction, &str),
) -> String {
    let counts = &end.counts;
    to_text(&RunDocument {
        format: "rehearse.run/1",
        version: VERSION,
        verdict: verdict_of(end),
        exit_code: end.exit_code,
        target,
        seed,
        redacted: redaction.text(),
        counts: CountsDocument::of(counts),
        simulated_seconds: counts.simulated.as_secs(),
        stopped_early: counts.n_not_run > 0,
        not_run: &end.not_run,
        unproven_clauses: codes(&end.unproven),
        cases,
        stories: stories_document(end.stories, stories),
        against,
    })
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    format: &'a str,
    version: &'static str,
    verdict: &'static str,
    exit_code: u8,
    scenarios: usize,
    mistakes: Vec<MistakeDocument<'a>>,
}

#[derive(Serialize)]
struct MistakeDocument<'a> {
    code: &'a str,
    file: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    what: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    help: &'a [String],
}

/// The mistakes of all files, or none. `paths` are those that could not be read at all, each with what is wrong;
/// `format` is that of the command that was asked for.
pub fn mistakes_json(
    format: &str,
    n_scenarios: usize,
    paths: &[(&str, &str)],
    mistakes: &[Mistake],
    exit_code: u8,
) -> String {
    let unread = paths.iter().map(|(path, what)| MistakeDocument {
        code: "path",
        file: path,
        line: None,
        column: None,
        what,
        label: "",
        help: &[],
    });
    let in_files = mistakes.iter().map(|mistake| MistakeDocument {
        code: mistake.code,
        file: &mistake.path,
        line: Some(mistake.at.line),
        column: Some(mistake.at.column),
        what: &mistake.what,
        label: &mistake.label,
        help: &mistake.help,
    });
    let mistakes: Vec<MistakeDocument> = unread.chain(in_files).collect();
    let verdict = if mistakes.is_empty() { "understood" } else { "not understood" };
    to_text(&CheckDocument { format, version: VERSION, verdict, exit_code, scenarios: n_scenarios, mistakes })
}

#[derive(Serialize)]
struct ListDocument<'a> {
    format: &'static str,
    version: &'static str,
    scenarios: Vec<ListedDocument<'a>>,
}

#[derive(Serialize)]
struct ListedDocument<'a> {
    scenario: &'a str,
    file: &'a str,
    title: &'a str,
    cases: Vec<Option<&'a str>>,
    proves: Vec<&'static str>,
    tags: &'a [String],
}

pub fn list_json(files: &[(&str, &Scenario)]) -> String {
    let scenarios = files.iter().map(|(name, scenario)| ListedDocument {
        scenario: name,
        file: &scenario.path,
        title: &scenario.title,
        cases: scenario.cases.iter().map(|case| case.name.as_deref()).collect(),
        proves: codes(&scenario.proves),
        tags: &scenario.tags,
    });
    to_text(&ListDocument { format: "rehearse.list/1", version: VERSION, scenarios: scenarios.collect() })
}

#[derive(Serialize)]
struct RulesDocument<'a> {
    format: &'static str,
    version: &'static str,
    clauses: Vec<ClauseDocument<'a>>,
}

#[derive(Serialize)]
struct ClauseDocument<'a> {
    code: &'static str,
    article: &'static str,
    says: &'static str,
    state: &'static str,
    scenarios: Vec<&'a str>,
}

pub fn rules_json(standings: &[Standing<'_>]) -> String {
    let clauses = Clause::ALL.iter().map(|&clause| {
        let (state, of_it) = state(clause, standings);
        ClauseDocument {
            code: clause.code(),
            article: clause.article(),
            says: clause.says(),
            state: state.text(),
            scenarios: of_it.iter().map(|standing| standing.name).collect(),
        }
    });
    to_text(&RulesDocument { format: "rehearse.rules/1", version: VERSION, clauses: clauses.collect() })
}

#[derive(Serialize)]
struct ExplainDocument {
    format: &'static str,
    version: &'static str,
    lines: Vec<String>,
}

/// An explanation: text that people read, line by line.
pub fn explain_json(text: &str) -> String {
    let lines = text.lines().map(paint::off).collect();
    to_text(&ExplainDocument { format: "rehearse.explain/1", version: VERSION, lines })
}

pub(crate) fn codes(clauses: &[Clause]) -> Vec<&'static str> {
    clauses.iter().map(|clause| clause.code()).collect()
}

/// ISO 8601 in UTC, as machines like it.
fn instant(at: Timestamp) -> String {
    at.to_string()
}

pub(crate) fn to_text(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("texts and numbers always become JSON");
    text.push('\n');
    text
}

/// The simulated length of a case, none for one that was skipped.
pub fn simulated(trace: Option<&Trace>) -> SignedDuration {
    trace.map_or(SignedDuration::ZERO, |trace| trace.ended_at.duration_since(trace.began_at))
}
