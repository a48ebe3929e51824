//! What failed, short: a place in a file and a sentence. What pipelines show beside the line is made of these.

use crate::{
    event::{CaseDone, Event, Outcome, RunEnded, Stopped},
    failure::INDENT as MARGIN,
    json::FindingDocument,
    paint,
    stories::{StoryFinding, story_line, story_message},
    visible::within,
    words::{counted, listed},
};

#[derive(Clone, Debug)]
pub(crate) struct Issue {
    /// `wrong-branch/corrected [visit tomorrow]`
    pub(crate) label: String,
    pub(crate) title: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// `not-met`
    pub(crate) code: &'static str,
    pub(crate) clauses: Vec<&'static str>,
    /// One line.
    pub(crate) message: String,
    /// What was looked at, what was expected and what came, of the first unmet check.
    pub(crate) unmet: Option<[String; 3]>,
}

/// One for each failed case, at its first finding; none for a case that is as it should be.
pub(crate) fn of(case: &CaseDone) -> Option<Issue> {
    let facts = &case.facts;
    let first = facts.findings.first().filter(|_| case.outcome == Outcome::Failed);
    if first.is_none() && !matches!(case.outcome, Outcome::PassedUnexpectedly | Outcome::Inconclusive) {
        return None;
    }
    Some(Issue {
        label: case.label.clone(),
        title: facts.title.clone(),
        file: first.map_or_else(|| facts.file.clone(), |it| it.file.clone()),
        line: first.map_or(facts.line, |it| it.line),
        column: first.map_or(1, |it| it.column),
        code: first.map_or(case.outcome.text(), |it| it.code),
        clauses: first.map_or_else(Vec::new, |it| clauses(&facts.proves, it)),
        message: message(case),
        unmet: first
            .and_then(|it| it.unmet.first())
            .map(|unmet| [&unmet.about, &unmet.expected, &unmet.got].map(|text| within(text))),
    })
}

/// One for a story that fails the run, at the first line of its snapshot that differs.
pub(crate) fn of_story(story: &StoryFinding) -> Option<Issue> {
    story.fails.then(|| Issue {
        label: story.name.clone(),
        title: "Its story".to_owned(),
        file: story.snapshot.clone(),
        line: story_line(story),
        column: 1,
        code: "story",
        clauses: Vec::new(),
        message: story_message(story),
        unmet: None,
    })
}

/// One for each event that is one.
pub(crate) fn of_event(event: Event<'_>) -> Option<Issue> {
    match event {
        Event::CaseDone(case) => of(case),
        Event::StoryUnlike(story) => of_story(story),
        _ => None,
    }
}

/// What is wrong with the run as a whole, whatever its cases came to: why its gate is not met where no case says it.
pub(crate) fn of_end(end: &RunEnded) -> Vec<Issue> {
    let whole = |code, title: &str, message: String| Issue {
        label: "the run".to_owned(),
        title: title.to_owned(),
        file: end.place.clone(),
        line: 1,
        column: 1,
        code,
        clauses: Vec::new(),
        message,
        unmet: None,
    };
    let mut issues = Vec::new();
    if !end.unproven.is_empty() {
        let codes: Vec<&str> = end.unproven.iter().map(|clause| clause.code()).collect();
        let message = format!("Required, and not proven by any case that passed: {}.", listed(&codes));
        let issue = whole(UNPROVEN, "Required clauses", message);
        issues.push(Issue { clauses: codes_of(end), ..issue });
    }
    if let Some(why) = stopped(end) {
        issues.push(whole("stopped", "Stopped early", why));
    }
    if let Some(why) = nothing_played(end) {
        issues.push(whole("nothing-run", "Nothing was run", why));
    }
    issues
}

/// The code of a required clause that nothing proves.
pub(crate) const UNPROVEN: &str = "unproven-clause";

fn codes_of(end: &RunEnded) -> Vec<&'static str> {
    end.unproven.iter().map(|clause| clause.code()).collect()
}

/// Why this is a partial result, if it is one.
pub(crate) fn stopped(end: &RunEnded) -> Option<String> {
    let why = match end.stopped? {
        Stopped::ByHand => "Stopped early".to_owned(),
        Stopped::AtFailure(n) => format!("Stopped after {}", counted(n, "failure", "failures")),
    };
    let cases = counted(end.not_run.len(), "case was", "cases were");
    Some(format!("{why}: this is a partial result, {cases} not run."))
}

/// A run in which every case was skipped shows nothing.
pub(crate) fn nothing_played(end: &RunEnded) -> Option<String> {
    let n_cases = end.counts.n_cases();
    (end.counts.n_skipped == n_cases)
        .then(|| format!("Nothing was run: {} skipped.", counted(n_cases, "case was", "cases were")))
}

fn clauses(proves: &[&'static str], finding: &FindingDocument) -> Vec<&'static str> {
    if finding.clauses.is_empty() { proves.to_vec() } else { finding.clauses.clone() }
}

/// What is wrong with a case, on one line: "branch of SU-1 in ACP: expected South Leeds, got North Leeds".
pub(crate) fn message(case: &CaseDone) -> String {
    let reason = case.facts.reason.as_deref().unwrap_or_default();
    match case.outcome {
        Outcome::PassedUnexpectedly => {
            format!("It passed, although it is expected to fail: {}", within(reason))
        }
        Outcome::Inconclusive => format!("Nothing certain can be said: {}", within(reason)),
        _ => case.facts.findings.first().map_or_else(String::new, of_finding),
    }
}

fn of_finding(finding: &FindingDocument) -> String {
    let Some(unmet) = finding.unmet.first() else { return within(&finding.what) };
    let (about, expected, got) = (within(&unmet.about), within(&unmet.expected), within(&unmet.got));
    format!("{about}: expected {expected}, got {got}. {}", within(&finding.what))
}

/// The block of a failed case without the styles and the margin that it has on a terminal.
pub(crate) fn block(case: &CaseDone) -> Option<String> {
    let block = paint::off(case.failure.as_deref()?);
    let lines = block.trim_end().lines().map(|line| line.strip_prefix(MARGIN).unwrap_or(line));
    let block = lines.collect::<Vec<_>>().join("\n");
    (!block.is_empty()).then_some(block)
}

/// So many are shown one by one; then comes how many there are besides. GitHub shows ten a step.
pub(crate) const SHOWN: usize = 9;

/// "And 31 more".
pub(crate) fn and_more(n: usize) -> Option<String> {
    let n_more = n.checked_sub(SHOWN).filter(|n_more| *n_more > 0)?;
    Some(format!("And {} more", crate::words::number(n_more)))
}
