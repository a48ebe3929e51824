//! Plays a history and asks the invariants, and now and then a relation between two runs. Which engine answers is the
//! caller's business.

use crate::{
    History, Tally,
    relations::{Answer, Base, RELATIONS},
};
use acp::{Acp, Call, Reply};
use feed::Timestamp;
use jiff::SignedDuration;
use runner::{Between, Finding, FindingKind, Trace};
use scenario::{Case, Pause, Step, StepKind, Where};

/// A new engine, with nothing in it. What it answers hangs on what it is asked and on nothing else.
pub type Engine<'a> = &'a (dyn Fn() -> Box<dyn FnMut(Timestamp, Call) -> Reply> + Sync);

/// What is searched: an engine, and whoever stands in between.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    pub engine: Engine<'a>,
    pub between: Between,
}

impl<'a> Target<'a> {
    pub fn new(engine: Engine<'a>) -> Target<'a> {
        Target { engine, between: Between::default() }
    }

    pub(crate) fn play(self, case: &Case) -> Trace {
        let mut answer = (self.engine)();
        runner::play_between(case, case.seed.unwrap_or(USUAL_SEED), &mut *answer, self.between)
    }
}

/// The seed of a run that names none.
const USUAL_SEED: u64 = 1;

/// The reference engine.
pub fn reference() -> Box<dyn FnMut(Timestamp, Call) -> Reply> {
    let mut acp = Acp::default();
    Box::new(move |now, call| acp.answer(now, call))
}

/// What came of one history.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub seed: u64,
    /// Invariants that it broke, the first instant of each; and relations.
    pub findings: Vec<Finding>,
    pub tally: Tally,
}

/// Of every history the beginning is played again, with every difference that must not matter. So much of it:
/// relations are about what is there, not about what is rare. *Assumed*, from measurement.
const BEGINNING: usize = 30;
const BEGINNING_LASTS: SignedDuration = SignedDuration::from_hours(3);
const QUIET: SignedDuration = SignedDuration::from_mins(40);
/// Of one history in so many, a whole day of it and the day after.
const LONG: u64 = 16;
const LONG_BEGINNING_LASTS: SignedDuration = SignedDuration::from_hours(30);
const LONG_QUIET: SignedDuration = SignedDuration::from_mins(24 * 60 + 25);

/// The first steps of a history, and the quiet after it.
fn beginning(history: &History) -> Case {
    let is_long = history.seed.is_multiple_of(LONG);
    let (mut left, quiet) =
        if is_long { (LONG_BEGINNING_LASTS, LONG_QUIET) } else { (BEGINNING_LASTS, QUIET) };
    let fits = |step: &&Step| {
        if let Pause::For(by) = step.pause {
            left -= by;
        }
        !left.is_negative()
    };
    let mut steps: Vec<Step> = history.case.steps.iter().take(BEGINNING).take_while(fits).cloned().collect();
    steps.push(Step {
        label: "all is quiet".to_owned(),
        at: Where::default(),
        pause: Pause::For(quiet),
        kind: StepKind::When(Vec::new()),
    });
    Case { steps, ..history.case.clone() }
}

pub fn search(history: &History, target: Target<'_>) -> Outcome {
    let trace = target.play(&history.case);
    let examined = runner::examine(&history.case, &trace);
    let mut tally = Tally::of(history.case.steps.len(), &trace, &examined);
    let mut findings = examined.findings;
    findings.extend(related(history, target, &mut tally));
    Outcome { seed: history.seed, findings, tally }
}

/// Every relation that has something to say.
fn related(history: &History, target: Target<'_>, tally: &mut Tally) -> Vec<Finding> {
    let case = beginning(history);
    let base = Base::new(&case, target.engine);
    let mut findings = Vec::new();
    for relation in RELATIONS {
        let answer = relation.check(&base);
        if answer == Answer::NotCalledFor {
            continue;
        }
        tally.invariants.entry(relation.code.to_owned()).or_default().n_armed += 1;
        let Answer::Broken(what) = answer else { continue };
        findings.push(Finding {
            kind: FindingKind::Invariant(relation.code),
            at: case.clock,
            place: Where::default(),
            step: None,
            clauses: Vec::new(),
            what: format!("{} {what}", relation.says),
            unmet: Vec::new(),
        });
    }
    findings
}

/// The code of the invariant or relation that a finding is about.
pub fn code(finding: &Finding) -> &'static str {
    finding.kind.code()
}

/// The finding with this code in a case, if it is still there, and how many actions and deliveries were played for it.
pub(crate) fn finds(case: &Case, target: Target<'_>, wanted: &str) -> (Option<Finding>, u64) {
    let trace = target.play(case);
    let n_steps = case.steps.len() as u64 + trace.n_received;
    let mut findings = runner::broken(case, &trace).into_iter();
    (findings.find(|finding| code(finding) == wanted), n_steps)
}
