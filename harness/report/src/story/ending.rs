//! What stands after a story: what guidance has to say to anybody at the end, case drafts that are due, and settings
//! that differ from the default.

use super::{
    known::Known,
    layout::{with_codes, wrap},
};
use crate::{
    visible::{prose, value},
    words::{counted, listed, moment},
};
use feed::{Clause, Timestamp};
use guidance::{Advice, CaseDraft, Scene, Situation, Subject};
use scenario::Case;
use std::fmt::Write as _;

/// So many are told in full; more are counted by situation.
const FULL: usize = 4;

pub(crate) fn advice(known: &Known, scene: &Scene, now: Timestamp) -> String {
    let all = scene.advise_all(now);
    if all.is_empty() {
        return format!("Guidance at {}: nothing is waiting and nothing is wrong.\n", moment(now));
    }
    let mut text = format!("Guidance at {}\n", moment(now));
    for advice in all.iter().take(FULL) {
        one(&mut text, known, advice);
    }
    rest(&mut text, all.get(FULL..).unwrap_or_default());
    text
}

fn one(text: &mut String, known: &Known, advice: &Advice) {
    let mut who = vec![subject(known, &advice.about)];
    who.extend(advice.with.iter().map(|record| known.label(*record)));
    let _ = write!(text, "  ");
    wrap(text, &format!("{}: {}", listed(&who), advice.situation.text().to_uppercase()), 2);
    line(text, &with_codes(&prose(&advice.what), &advice.clauses));
    if !advice.to_do.is_empty() {
        line(text, &format!("Do: {}", prose(&advice.to_do.join(" "))));
    }
    if !advice.not_to_do.is_empty() {
        line(text, &format!("Do not: {}", prose(&without_do_not(&advice.not_to_do))));
    }
    if let Some(case) = &advice.case {
        line(text, &draft(case));
    }
}

fn line(text: &mut String, words: &str) {
    text.push_str("    ");
    wrap(text, words, 4);
}

/// "Do not change it. Do not ..." after a heading that says "Do not" already.
fn without_do_not(sentences: &[String]) -> String {
    let words = sentences.iter().map(|sentence| sentence.strip_prefix("Do not ").unwrap_or(sentence));
    words.collect::<Vec<_>>().join(" ")
}

fn draft(case: &CaseDraft) -> String {
    let missing = missing(case);
    format!("A support case is due: {} ({missing}) [{}]", prose(&case.subject_line), case.kind.code())
}

fn missing(case: &CaseDraft) -> String {
    if case.missing.is_empty() {
        "nothing is missing from it".to_owned()
    } else {
        format!("missing: {}", listed(&case.missing))
    }
}

/// "SU-1: OVERDUE. …", as one line of a story.
pub(crate) fn said(known: &Known, advice: &Advice) -> (String, Vec<Clause>) {
    let mut who = vec![subject(known, &advice.about)];
    who.extend(advice.with.iter().map(|record| known.label(*record)));
    let situation = advice.situation.text().to_uppercase();
    (format!("says of {}: {situation}. {}", listed(&who), prose(&advice.what)), advice.clauses.clone())
}

/// That a case is due, as one line of a story.
pub(crate) fn due(case: &CaseDraft) -> String {
    format!("is due: {} ({})", prose(&case.subject_line), missing(case))
}

/// A case as it is typed in: its subject, what it holds, and what it lacks.
pub(crate) fn case_text(case: &CaseDraft) -> Vec<String> {
    let held = case.facts.iter().filter(|fact| fact.label != "description");
    let held = held.filter_map(|fact| Some(format!("{} {}", fact.label, value(fact.value.as_ref()?))));
    let held: Vec<String> = held.collect();
    let says_why = case.facts.iter().any(|fact| fact.label == "description" && fact.value.is_some());
    let description = says_why.then(|| format!("says: {}", prose(&case.description)));
    let subject = format!("\"{}\": {}", prose(&case.subject_line), held.join("; "));
    std::iter::once(subject).chain(description).collect()
}

fn rest(text: &mut String, more: &[Advice]) {
    for &situation in Situation::ALL {
        let n = more.iter().filter(|advice| advice.situation == situation).count();
        if n > 0 {
            let _ =
                writeln!(text, "  and {}: {}", counted(n, "more", "more"), situation.text().to_uppercase());
        }
    }
}

pub(crate) fn subject(known: &Known, subject: &Subject) -> String {
    match subject {
        Subject::ServiceUser { sent_id, .. } => value(sent_id.as_str()),
        Subject::Record(record) => known.label(*record),
    }
}

/// "Settings that differ: service_move: needs_support (from suite.yaml)", or nothing where all stand at their default;
/// and the clock, where the suite set it.
pub(crate) fn settings(case: &Case) -> String {
    let from = |is_inherited: bool| {
        if is_inherited { format!(" (from {})", prose(&case.inherited.path)) } else { String::new() }
    };
    let changed: Vec<String> = case
        .settings
        .changed()
        .map(|setting| {
            let value = case.settings.text(setting);
            format!("{}: {value}{}", setting.text(), from(case.inherited.settings.contains(&setting)))
        })
        .collect();
    let mut text = String::new();
    if !changed.is_empty() {
        let _ = writeln!(text, "Settings that differ: {}", changed.join(", "));
    }
    if case.inherited.clock {
        let _ = writeln!(text, "The clock begins at {}{}", moment(case.clock), from(true));
    }
    text
}
