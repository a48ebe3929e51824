//! What is said of a case that is not as it should be. The order never changes: title, where, what was expected and
//! what came, why it was expected, how the value came to be, what happened just before, the place in the file, and
//! what to type next.

use crate::{
    Told,
    blame::{self, Value},
    paint,
    rules::source,
    story::{just_before, wrap},
    summary::case_label,
    visible::{prose, within},
    words::{counted, elapsed, listed, moment},
};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use feed::Clause;
use runner::{Finding, FindingKind, Unmet, Verdict};
use scenario::Where;
use std::fmt::Write as _;

/// So many findings are told in full; the others are named.
const FULL: usize = 3;
/// So many things that happened just before.
const BEFORE: usize = 5;
/// What stands before each line of a block.
pub(crate) const INDENT: &str = "        ";

/// The block of one failed case, without the line that names it.
pub fn failure(told: &Told<'_>) -> String {
    let mut text = String::new();
    if let Verdict::PassedUnexpectedly { reason } = told.verdict {
        let words = format!(
            "It passed, although it is expected to fail: {}. If that is over, take `expect failure` out.",
            prose(reason)
        );
        line(&mut text, 0, &words);
        line(&mut text, 0, &format!("{} line {}", told.scenario.path, told.case.at.line));
        commands(&mut text, told, None);
    }
    let findings = told.verdict.findings();
    for finding in findings.iter().take(FULL) {
        one(&mut text, told, finding);
    }
    if let Some(rest) = findings.get(FULL..).filter(|rest| !rest.is_empty()) {
        line(&mut text, 0, &format!("And {}:", counted(rest.len(), "more finding", "more findings")));
        for finding in rest {
            line(&mut text, 2, &format!("{} [{}]", prose(&finding.what), finding.kind.code()));
        }
        text.push('\n');
    }
    text
}

fn one(text: &mut String, told: &Told<'_>, finding: &Finding) {
    line(text, 0, &paint::bold(&prose(&told.scenario.title)));
    let step = finding.step.and_then(|step| told.case.steps.get(step));
    if let Some(step) = step {
        line(text, 0, &format!("{} {}", word(step), prose(&step.label)));
    }
    line(text, 0, &format!("{} line {}", file(told, &finding.place), finding.place.line));
    text.push('\n');
    what(text, told, finding);
    why(text, told, finding);
    settings(text, told);
    values(text, told, finding);
    before(text, told, finding);
    text.push_str(&excerpt(told, finding));
    text.push('\n');
    commands(text, told, finding.unmet.first());
}

/// The file that a place is in: the scenario, or a world that it uses.
pub(crate) fn file<'a>(told: &Told<'a>, place: &Where) -> &'a str {
    told.scenario.files.get(usize::from(place.file)).unwrap_or(&told.scenario.path)
}

const fn word(step: &scenario::Step) -> &'static str {
    if matches!(step.kind, scenario::StepKind::When(_)) { "when:" } else { "then:" }
}

fn what(text: &mut String, told: &Told<'_>, finding: &Finding) {
    let began = finding.step.and_then(|step| told.trace.steps.get(step)).map(|done| done.began_at);
    let after = began.filter(|began| *began < finding.at).map_or_else(String::new, |began| {
        format!(", {} after the step began", elapsed(finding.at.duration_since(began)))
    });
    line(text, 0, &format!("At {}{after}", moment(finding.at)));
    line(text, 2, &format!("{} [{}]", prose(&finding.what), finding.kind.code()));
    for unmet in &finding.unmet {
        let owner = unmet.field.map_or_else(String::new, |field| format!(" ({})", field.owner().text()));
        line(text, 2, &format!("What      {}{owner}", prose(&unmet.about)));
        line(text, 2, &format!("Expected  {}", within(&unmet.expected)));
        line(text, 2, &format!("Got       {}", within(&unmet.got)));
    }
    text.push('\n');
}

/// The clauses that a finding speaks against: its own, or those that the scenario is to prove.
pub(crate) fn clauses<'a>(told: &Told<'a>, finding: &'a Finding) -> &'a [Clause] {
    if finding.clauses.is_empty() { &told.scenario.proves } else { &finding.clauses }
}

fn why(text: &mut String, told: &Told<'_>, finding: &Finding) {
    let clauses = clauses(told, finding);
    if clauses.is_empty() {
        return;
    }
    if finding.clauses.is_empty() && !is_of_a_check(finding.kind) {
        let codes: Vec<&str> = clauses.iter().map(|clause| clause.code()).collect();
        line(text, 0, &format!("So it shows nothing yet of {}.", listed(&codes)));
        text.push('\n');
        return;
    }
    line(text, 0, "Why it was expected");
    for clause in clauses {
        line(text, 2, &format!("{} ({}) [{}]", clause.says(), source(*clause), clause.code()));
    }
    text.push('\n');
}

/// The readings in force, where they are not the default: another one might have expected something else.
fn settings(text: &mut String, told: &Told<'_>) {
    let settings = crate::story::settings(told.case);
    settings.lines().for_each(|it| line(text, 0, it));
    if !settings.is_empty() {
        text.push('\n');
    }
}

/// Whether the clauses of the scenario are what it speaks against.
const fn is_of_a_check(kind: FindingKind) -> bool {
    matches!(kind, FindingKind::NotMet | FindingKind::HeldAlthoughNever)
}

fn values(text: &mut String, told: &Told<'_>, finding: &Finding) {
    let mut asked = Vec::new();
    for unmet in &finding.unmet {
        let (Some(subject), Some(field)) = (&unmet.subject, unmet.field) else { continue };
        if asked.contains(&(subject, field)) {
            continue;
        }
        asked.push((subject, field));
        let values = blame::of_field(&told.trace.scene, subject, field);
        if values.is_empty() {
            continue;
        }
        line(text, 0, &format!("Every value of the {}", field.text()));
        for line in blame::table(&values) {
            let _ = writeln!(text, "{INDENT}  {line}");
        }
        text.push('\n');
    }
}

fn before(text: &mut String, told: &Told<'_>, finding: &Finding) {
    let story = just_before(told, finding.at, BEFORE);
    if story.is_empty() {
        return;
    }
    line(text, 0, "What happened just before");
    for line in story.lines().filter(|line| !line.is_empty()) {
        let _ = writeln!(text, "{INDENT}  {line}");
    }
    text.push('\n');
}

/// The lines of the file around the place, with carets under it. None for a place in another file.
fn excerpt(told: &Told<'_>, finding: &Finding) -> String {
    let source = told.source;
    let mut snippet = Snippet::source(source).path(told.scenario.path.as_str()).fold(true);
    for (place, label) in labels(finding) {
        let Some(span) = span(source, place) else { continue };
        snippet = snippet.annotation(AnnotationKind::Primary.span(span).label(label));
    }
    let group = Group::with_level(Level::ERROR).element(snippet);
    let rendered = Renderer::styled().render(&[group]);
    rendered.lines().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{INDENT}{line}");
        text
    })
}

/// What stands beside the carets: one label for each place.
fn labels(finding: &Finding) -> Vec<(&Where, String)> {
    let mut labels: Vec<(&Where, Vec<String>)> = Vec::new();
    for unmet in &finding.unmet {
        let is_alone = finding.unmet.iter().filter(|other| other.at == unmet.at).count() == 1;
        let about = if is_alone { String::new() } else { format!("{}: ", prose(&unmet.about)) };
        let words = format!("{about}got {}", within(&unmet.got));
        match labels.iter_mut().find(|(place, _)| **place == unmet.at) {
            Some((_, labels)) => labels.push(words),
            None => labels.push((&unmet.at, vec![words])),
        }
    }
    if labels.is_empty() {
        labels.push((&finding.place, vec!["here".to_owned()]));
    }
    labels.into_iter().map(|(place, words)| (place, words.join("; "))).collect()
}

/// On its first line, inside the text; none for a place in another file.
fn span(source: &str, place: &Where) -> Option<std::ops::Range<usize>> {
    let (start, end) = (place.bytes.start, place.bytes.end);
    if place.file > 0 {
        return None;
    }
    let line_end = source.get(start..)?.find('\n').map_or(source.len(), |n| start + n);
    let end = end.min(line_end);
    source.get(start..end).map(|_| start..end)
}

fn commands(text: &mut String, told: &Told<'_>, unmet: Option<&Unmet>) {
    let path = quoted(&told.scenario.path);
    let case = told.case.name.as_ref().map_or_else(String::new, |name| format!(" -k {}", quoted(name)));
    let seed = told.seed.map_or_else(String::new, |seed| format!(" --seed {seed}"));
    line(text, 0, &format!("See every step:  rehearse explain {path}{case}{seed}"));
    if let Some(Unmet { subject: Some(subject), field: Some(field), .. }) = unmet {
        let who = quoted(&blame::name(subject));
        let command = format!("rehearse explain {path} {who} {}{case}{seed}", quoted(field.text()));
        line(text, 0, &format!("See that value:  {command}"));
    }
    line(text, 0, &format!("Run only this:   rehearse run {path}{case}{seed}"));
    text.push('\n');
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", prose(word).replace('\'', "'\\''"))
    }
}

fn line(text: &mut String, indent: usize, words: &str) {
    let indent = INDENT.len() + indent;
    text.push_str(&" ".repeat(indent));
    wrap(text, words, indent);
}

/// One fact a line.
pub fn failure_plain(told: &Told<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  title: {}", prose(&told.scenario.title));
    for finding in told.verdict.findings() {
        let _ = writeln!(text, "  finding: {} [{}]", prose(&finding.what), finding.kind.code());
        let _ = writeln!(text, "  file: {} line {}", prose(file(told, &finding.place)), finding.place.line);
        let _ = writeln!(text, "  at: {}", moment(finding.at));
        for unmet in &finding.unmet {
            let _ = writeln!(text, "  what: {}", prose(&unmet.about));
            let _ = writeln!(text, "  expected: {}", within(&unmet.expected));
            let _ = writeln!(text, "  got: {}", within(&unmet.got));
            if let (Some(subject), Some(field)) = (&unmet.subject, unmet.field) {
                for Value { at, place, text: value, by } in blame::of_field(&told.trace.scene, subject, field)
                {
                    let _ = writeln!(text, "  value: {}, {place}: {value}, {by}", moment(at));
                }
            }
        }
        for clause in clauses(told, finding) {
            let _ = writeln!(text, "  clause: {} {}", clause.code(), clause.says());
        }
    }
    let _ = writeln!(text, "  case: {}", case_label(told.name, told.case));
    text
}
