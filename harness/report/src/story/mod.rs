//! The story of a case, as a customer can read it: what happened, when, where, under which clause, and what guidance
//! says at the end. Snapshots hold it, so it is the same for ever as long as nothing changes.

mod crowd;
mod deed;
mod ending;
mod known;
mod layout;
mod link;
mod steps;
mod sync;

use crate::{
    Told, paint,
    visible::{prose, value},
    words::{about, counted, listed},
};
use acp::{Act, Action, Done, Record};
use crowd::{Alike, Crowd};
pub(crate) use deed::counted_kind;
pub(crate) use ending::settings;
use feed::{Clause, Timestamp};
use guidance::{Advice, Sight, Warning};
use known::Known;
pub(crate) use layout::wrap;
use layout::{Kind, Line, lay_out, lay_out_plain};
use link::Tries;
use runner::{Event, Trace, Verdict, What};
use scenario::{Case, Scenario, StepKind};
use std::fmt::Write as _;

/// What stands over the stories of a scenario's cases: title, name, what is proven, and why.
pub fn header(name: &str, scenario: &Scenario) -> String {
    let mut text = format!("{}\n{}\n", paint::bold(&prose(&scenario.title)), prose(name));
    if let Some(about) = &scenario.about {
        wrap(&mut text, &prose(&about.split_whitespace().collect::<Vec<_>>().join(" ")), 0);
    }
    for (idx, clause) in scenario.proves.iter().enumerate() {
        let _ = write!(text, "{}  {:9} ", if idx == 0 { "Proves\n" } else { "" }, clause.code());
        wrap(&mut text, clause.says(), 12);
    }
    text
}

/// How much of a story is told, and how it is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// What was sent and received too, and nothing folded.
    pub every_message: bool,
    /// One fact a line.
    pub plain: bool,
}

/// One case.
pub fn story(told: &Told<'_>, telling: Telling) -> String {
    let mut teller = Teller::new(told, telling.every_message);
    teller.tell();
    let mut text = format!("\n{}\n", case_line(told));
    text.push_str(&if telling.plain { lay_out_plain(&teller.lines) } else { lay_out(&teller.lines) });
    let n_left = told.case.steps.len().saturating_sub(told.trace.steps.len());
    if n_left > 0 {
        let _ = writeln!(text, "  {} not reached", counted(n_left, "step was", "steps were"));
    }
    text.push('\n');
    text.push_str(&ending::advice(&teller.known, &told.trace.scene, told.trace.ended_at));
    text.push_str(&ending::settings(told.case));
    text.push_str(&verdict(told));
    text
}

fn case_line(told: &Told<'_>) -> String {
    let simulated = about(told.trace.ended_at.duration_since(told.trace.began_at));
    match &told.case.name {
        Some(name) => paint::bold(&format!("Case: {} (simulated {simulated})", prose(name))),
        None => paint::bold(&format!("Simulated {simulated}")),
    }
}

fn verdict(told: &Told<'_>) -> String {
    let word = match told.verdict {
        Verdict::Passed => paint::good("Passed"),
        Verdict::Failed(_) => paint::bad("Failed"),
        Verdict::PassedUnexpectedly { .. } => paint::bad("Passed unexpectedly"),
        Verdict::FailedAsExpected { .. } => paint::odd("Failed as expected"),
        Verdict::Skipped { .. } => paint::odd("Skipped"),
        Verdict::Inconclusive { .. } => paint::odd("Inconclusive"),
    };
    let mut text = match told.verdict {
        Verdict::Skipped { reason }
        | Verdict::FailedAsExpected { reason, .. }
        | Verdict::PassedUnexpectedly { reason }
        | Verdict::Inconclusive { why: reason } => format!("{word}: {}\n", prose(reason)),
        Verdict::Passed | Verdict::Failed(_) => format!("{word}.\n"),
    };
    for finding in told.verdict.findings() {
        text.push_str("  ");
        wrap(&mut text, &format!("{} [{}]", prose(&finding.what), finding.kind.code()), 2);
    }
    text
}

/// The lines of a case's timeline up to an instant: the last `n` of them, for "what happened just before".
pub(crate) fn just_before(told: &Told<'_>, until: Timestamp, n: usize) -> String {
    let mut teller = Teller::new(told, false);
    teller.tell();
    let mut lines: Vec<Line> = teller.lines;
    lines.retain(|line| line.at <= until && !matches!(line.kind, Kind::Outcome(_)));
    let facts: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| matches!(line.kind, Kind::Fact { .. }))
        .map(|(idx, _)| idx)
        .collect();
    let from = facts.len().checked_sub(n).map_or(0, |first| facts[first]);
    lay_out(&lines[from..])
}

/// Turns events into lines, in order.
struct Teller<'a> {
    case: &'a Case,
    trace: &'a Trace,
    every_message: bool,
    known: Known<'a>,
    memory: sync::Memory,
    tries: Tries,
    lines: Vec<Line>,
    /// Records that are there from the start and have not been told yet.
    n_planted: usize,
    /// The step whose outcome has to be told before the next one begins.
    step: Option<usize>,
    /// What the same kind of thing was done to, one after the other, before it is told.
    crowd: Crowd,
}

impl<'a> Teller<'a> {
    fn new(told: &Told<'a>, every_message: bool) -> Teller<'a> {
        Teller {
            case: told.case,
            trace: told.trace,
            every_message,
            known: Known::default(),
            memory: sync::Memory::default(),
            tries: Tries::default(),
            lines: Vec::new(),
            n_planted: told.case.planted.len(),
            step: None,
            crowd: Crowd::default(),
        }
    }

    fn tell(&mut self) {
        let trace = self.trace;
        for event in &trace.events {
            self.event(event);
        }
        self.end_crowd();
        self.end_step();
    }

    fn event(&mut self, event: &'a Event) {
        let at = event.at;
        // The pause before a step belongs to it: the one before is over.
        if self.step.is_some_and(|step| event.step != Some(step)) {
            self.end_step();
        }
        if let What::Saw(sight) = &event.what {
            self.saw(at, sight);
            return;
        }
        let alike = Alike::of(&event.what);
        if alike.is_none_or(|alike| !self.crowd.takes(at, alike)) {
            self.end_crowd();
        }
        match &event.what {
            What::Step(idx) => self.begin_step(at, *idx),
            What::Warned(warnings) => self.warned(at, warnings),
            What::Rostering { environment, command, result } => {
                let deed = deed::in_rostering(&self.known, *environment, command, at);
                let (text, clauses) = match result {
                    Ok(_) => (deed.does(), Vec::new()),
                    Err(refusal) => (
                        format!("{}: REFUSED. {}", deed.tries(), prose(&refusal.why)),
                        refusal.clause.into_iter().collect(),
                    ),
                };
                let text = self.in_environment(*environment, text);
                match alike {
                    Some(alike) => self.crowd.lines.push((alike, fact(at, alike.place(), text, clauses))),
                    None => self.say(at, "rostering", text, clauses),
                }
            }
            What::Acp { act, result } => self.acted(at, act, result),
            What::NotDone { why } => self.say(at, "nobody", format!("NOT DONE: {}", prose(why)), Vec::new()),
            What::Advised { advice, .. } => self.advised(at, advice),
            What::Drafted(draft) => {
                for text in ending::case_text(draft) {
                    self.say(at, "case", text, Vec::new());
                }
            }
            What::Sent { delivery, update } => {
                if self.every_message {
                    self.say(at, &format!("sync {delivery}"), link::sent(update), Vec::new());
                }
            }
            What::Fault { fault, delivery, hit } => {
                if self.tries.is_news(*fault, hit) || self.every_message {
                    self.say(at, "link", link::fault(*delivery, hit), Vec::new());
                } else {
                    self.lines.push(Line { at, kind: Kind::TriedAgain });
                }
            }
            What::Arrived { delivery, update, receipt } => {
                if self.every_message {
                    for line in link::carried(update) {
                        self.say(at, &format!("sync {delivery}"), line, Vec::new());
                    }
                }
                let settings = &self.case.settings;
                // Records that this very delivery makes are seen only after it.
                let news = self.memory.news(&self.known, settings, update, receipt);
                if news.is_empty() {
                    self.lines.push(Line { at, kind: Kind::Quiet });
                }
                for did in news {
                    let text = self.in_environment(update.environment, did.text);
                    self.say(at, &format!("sync {delivery}"), text, did.clauses);
                }
            }
            What::Saw(_) => {}
        }
    }

    fn say(&mut self, at: Timestamp, place: &str, text: String, clauses: Vec<Clause>) {
        self.lines.push(fact(at, place, text, clauses));
    }

    /// The environment's name before the text, where there are several.
    fn in_environment(&self, environment: u8, text: String) -> String {
        match self.case.environments.get(usize::from(environment)) {
            Some(it) if self.case.environments.len() > 1 => format!("{}: {text}", value(&it.name)),
            _ => text,
        }
    }

    fn end_crowd(&mut self) {
        self.lines.extend(std::mem::take(&mut self.crowd).told(self.every_message));
    }

    fn begin_step(&mut self, at: Timestamp, idx: usize) {
        self.end_step();
        let Some(step) = self.case.steps.get(idx) else { return };
        let word = if matches!(step.kind, StepKind::When(_)) { "WHEN" } else { "THEN" };
        let held = self.trace.steps.get(idx).is_some_and(|done| steps::is_plainly_true(step, done));
        let label = format!("{}{}", prose(&step.label), if held { " (true)" } else { "" });
        self.lines.push(Line { at, kind: Kind::Step { word, label } });
        self.step = Some(idx);
    }

    fn end_step(&mut self) {
        let Some(idx) = self.step.take() else { return };
        if let (Some(step), Some(done)) = (self.case.steps.get(idx), self.trace.steps.get(idx)) {
            let outcomes = steps::outcome(step, done).into_iter();
            self.lines.extend(outcomes.map(|text| Line { at: done.ended_at, kind: Kind::Outcome(text) }));
        }
    }

    /// The same words under several clauses are said once.
    fn warned(&mut self, at: Timestamp, warnings: &[Warning]) {
        for (idx, warning) in warnings.iter().enumerate() {
            if warnings[..idx].iter().any(|earlier| earlier.what == warning.what) {
                continue;
            }
            let same = warnings.iter().filter(|it| it.what == warning.what);
            let clauses = same.map(|it| it.clause).collect();
            self.say(at, "guidance", format!("warns: {}", prose(&warning.what)), clauses);
        }
    }

    fn advised(&mut self, at: Timestamp, advice: &[Advice]) {
        for it in advice {
            let (text, clauses) = ending::said(&self.known, it);
            self.say(at, "guidance", text, clauses);
            if let Some(case) = &it.case {
                self.say(at, "case", ending::due(case), vec![case.kind]);
            }
        }
    }

    fn acted(&mut self, at: Timestamp, act: &Act, result: &Result<Done, acp::Refusal>) {
        let deed = deed::in_acp(&self.known, &act.action);
        match result {
            Ok(_) if matches!(act.action, Action::AddCare { .. }) => {
                let line = fact(at, Alike::Care.place(), deed.done_by(&act.by), Vec::new());
                self.crowd.lines.push((Alike::Care, line));
            }
            Ok(done) => {
                let made = match (&act.action, done.records.first()) {
                    (Action::Create(_), Some(record)) => format!(": {record}"),
                    _ => String::new(),
                };
                let clauses = done.changes.iter().map(|change| change.clause).collect();
                self.say(at, "ACP", format!("{}{made}", deed.done_by(&act.by)), clauses);
                if let Some(account) = &done.account {
                    let from = done.records.first().and_then(|record| self.known.record(*record));
                    let text = deed::account(account, from.map(Record::service));
                    self.say(at, "ACP", text, Vec::new());
                }
            }
            Err(refusal) => {
                let setting = sync::setting(&self.case.settings, refusal);
                let text = format!("{}: REFUSED. {}{setting}", deed.tried_by(&act.by), prose(&refusal.why));
                self.say(at, "ACP", text, vec![refusal.clause]);
            }
        }
    }

    fn saw(&mut self, at: Timestamp, sight: &'a Sight) {
        self.known.saw(sight);
        if let Sight::Record(record) = sight
            && self.n_planted > 0
        {
            self.n_planted -= 1;
            self.say(at, "ACP", planted(record), Vec::new());
            return;
        }
        let (place, text, clauses) = match sight {
            Sight::Live { environment } => (
                "rostering",
                self.in_environment(*environment, "the integration goes live".to_owned()),
                Vec::new(),
            ),
            Sight::Stopped { environment } => (
                "rostering",
                self.in_environment(*environment, "the integration is switched off".to_owned()),
                Vec::new(),
            ),
            Sight::Confirmed(one, other) => {
                let text = format!(
                    "somebody confirms that {} and {} are one person",
                    self.known.label(*one),
                    self.known.label(*other)
                );
                ("ACP", text, Vec::new())
            }
            Sight::CaseRaised(case) => {
                let missing = if case.missing.is_empty() {
                    String::new()
                } else {
                    format!("; missing from it: {}", listed(&case.missing))
                };
                let text = format!("is raised about {}{missing}", ending::subject(&self.known, &case.about));
                ("case", text, vec![case.kind])
            }
            Sight::CaseClosed { kind, about } => (
                "case",
                format!("about {} is closed by Support", ending::subject(&self.known, about)),
                vec![*kind],
            ),
            _ => return,
        };
        self.end_crowd();
        self.say(at, place, text, clauses);
    }
}

fn fact(at: Timestamp, place: &str, text: String, clauses: Vec<Clause>) -> Line {
    Line { at, kind: Kind::Fact { place: place.to_owned(), text, clauses } }
}

/// A record that is there from the start.
fn planted(record: &Record) -> String {
    let origin = match record.origin {
        acp::Origin::ByHand => "made by hand",
        acp::Origin::Integration => "made by an earlier integration",
    };
    let id = record.external_id.as_ref().map_or_else(
        || "no external identifier".to_owned(),
        |id| format!("external identifier {}", value(id.as_str())),
    );
    let care: Vec<String> = acp::CareKind::ALL
        .iter()
        .filter(|&&kind| record.count(kind) > 0)
        .map(|&kind| deed::counted_kind(record.count(kind), kind))
        .collect();
    let care = if care.is_empty() { String::new() } else { format!(", with {}", listed(&care)) };
    let status = if record.status == acp::Status::Active {
        String::new()
    } else {
        format!(", {}", record.status.text())
    };
    format!(
        "has {}, {origin}: {}, {id}, in {} ({}){status}{care}",
        record.id,
        value(&record.synced.full_name()),
        value(record.branch()),
        value(record.service()),
    )
}
