//! Plays a history and asks the invariants, and now and then a relation between two runs. Which engine answers is the
//! caller's business.

use crate::{
    History, Tally,
    relations::{Answer, RELATIONS},
};
use acp::{Acp, Call, Reply};
use feed::Timestamp;
use runner::{Between, Finding, FindingKind, Trace};
use scenario::{Case, Where};

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

/// One history in so many is played a second time with a difference that must not matter.
const WITH_RELATION: u64 = 8;

pub fn search(history: &History, target: Target<'_>) -> Outcome {
    let trace = target.play(&history.case);
    let examined = runner::examine(&history.case, &trace);
    let mut tally = Tally::of(history.case.steps.len(), &trace, &examined);
    let mut findings = examined.findings;
    if history.seed.is_multiple_of(WITH_RELATION) {
        findings.extend(related(history, target, &mut tally));
    }
    Outcome { seed: history.seed, findings, tally }
}

/// The next relation in turn.
fn related(history: &History, target: Target<'_>, tally: &mut Tally) -> Option<Finding> {
    let n = RELATIONS.len() as u64;
    let idx = usize::try_from(history.seed / WITH_RELATION % n).unwrap_or(0);
    let relation = RELATIONS[idx];
    let answer = relation.check(&history.case, target.engine);
    if answer == Answer::NotCalledFor {
        return None;
    }
    tally.invariants.entry(relation.code.to_owned()).or_default().n_armed += 1;
    let Answer::Broken(what) = answer else { return None };
    Some(Finding {
        kind: FindingKind::Invariant(relation.code),
        at: history.case.clock,
        place: Where::default(),
        step: None,
        clauses: Vec::new(),
        what: format!("{} {what}", relation.says),
        unmet: Vec::new(),
    })
}

/// The code of the invariant or relation that a finding is about.
pub fn code(finding: &Finding) -> &'static str {
    finding.kind.code()
}

/// The finding with this code in a case, if it is still there.
pub(crate) fn finds(case: &Case, target: Target<'_>, wanted: &str) -> Option<Finding> {
    let trace = target.play(case);
    runner::broken(case, &trace).into_iter().find(|finding| code(finding) == wanted)
}
