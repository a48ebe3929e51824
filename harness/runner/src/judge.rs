//! From a trace to a verdict. Reads what was written down; asks neither the engine nor the world.

use crate::{Finding, FindingKind, StepDone, StepEnd, Trace, Verdict, What, invariants};
use feed::Clause;
use scenario::{Case, Check, FaultKind, Holds, Scenario, Step, StepKind, Where};

/// Judges one played case. Whether a case is skipped is decided before it is played.
pub fn judge(scenario: &Scenario, case: &Case, trace: &Trace) -> Verdict {
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(refused_before_the_first_step(case, trace));
    for (idx, (step, done)) in case.steps.iter().zip(&trace.steps).enumerate() {
        findings.extend(of_step(idx, step, done));
        findings.extend(refused_unasked(idx, case, trace));
    }
    // A story that broke off says nothing about faults that had no time to fire.
    if trace.steps.len() == case.steps.len() && findings.is_empty() {
        findings.extend(faults_that_never_fired(trace));
    }
    findings.extend(invariants::broken(case, trace));
    match (&scenario.expect_failure, findings.is_empty()) {
        (None, true) => Verdict::Passed,
        (None, false) => Verdict::Failed(findings),
        (Some(reason), true) => Verdict::PassedUnexpectedly { reason: reason.clone() },
        (Some(reason), false) => Verdict::FailedAsExpected { reason: reason.clone(), findings },
    }
}

/// The invariants that do not hold, and nothing else: what is asked of a history that expects nothing.
pub fn broken(case: &Case, trace: &Trace) -> Vec<Finding> {
    invariants::broken(case, trace)
}

fn of_step(idx: usize, step: &Step, done: &StepDone) -> Option<Finding> {
    let (kind, at, what, unmet) = match &done.end {
        StepEnd::Acted | StepEnd::Held => return None,
        StepEnd::Vacuous => (
            FindingKind::Vacuous,
            done.began_at,
            "This was true before time moved, so it shows nothing. Check something that the steps before it change, or \
             write `for:` if it is meant to stay as it is."
                .to_owned(),
            Vec::new(),
        ),
        StepEnd::Unmet { at, unmet } => {
            let (kind, what) = match &step.kind {
                StepKind::Then { holds: Holds::Within(_), .. } => {
                    (FindingKind::NotMet, "This did not become true in time.")
                }
                StepKind::Then { holds: Holds::For(_), .. } => (FindingKind::NotMet, "This did not stay true."),
                StepKind::Then { holds: Holds::Never(_), .. } => {
                    (FindingKind::HeldAlthoughNever, "This was never to be true, and it became true.")
                }
                _ => (FindingKind::NotMet, "This is not true."),
            };
            (kind, *at, what.to_owned(), unmet.clone())
        }
    };
    let place = unmet.first().map_or_else(|| step.at.clone(), |unmet| unmet.at.clone());
    Some(Finding { kind, at, place, step: Some(idx), clauses: Vec::new(), what, unmet })
}

/// A refusal that no check asks about would otherwise pass unseen.
fn refused_unasked(idx: usize, case: &Case, trace: &Trace) -> Vec<Finding> {
    if !matches!(case.steps[idx].kind, StepKind::When(_)) || is_asked_about(&case.steps[idx + 1..]) {
        return Vec::new();
    }
    refusals(trace, Some(idx), &case.steps[idx].at)
}

/// Whether a `then` before the next `when` looks at how the action ended.
fn is_asked_about(following: &[Step]) -> bool {
    following
        .iter()
        .map_while(|step| match &step.kind {
            StepKind::Then { checks, .. } => Some(checks),
            StepKind::When(_) => None,
        })
        .flatten()
        .any(|check| matches!(check.it, Check::Refused { .. } | Check::Accepted))
}

fn refused_before_the_first_step(case: &Case, trace: &Trace) -> Vec<Finding> {
    refusals(trace, None, &case.at)
}

fn refusals(trace: &Trace, step: Option<usize>, place: &Where) -> Vec<Finding> {
    let events = trace.events.iter().filter(|event| event.step == step);
    events
        .filter_map(|event| {
            let (why, clause): (&str, Option<Clause>) = match &event.what {
                What::Rostering { result: Err(refusal), .. } => (&refusal.why, refusal.clause),
                What::Acp { result: Err(refusal), .. } => (&refusal.why, Some(refusal.clause)),
                What::NotDone { why } => (why, None),
                _ => return None,
            };
            Some(Finding {
                kind: FindingKind::RefusedUnasked,
                at: event.at,
                place: place.clone(),
                step,
                clauses: clause.into_iter().collect(),
                what: format!("This was refused, and no check asks about it: {why}"),
                unmet: Vec::new(),
            })
        })
        .collect()
}

fn faults_that_never_fired(trace: &Trace) -> Vec<Finding> {
    let declared = trace.faults.iter().zip(&trace.fired);
    declared
        .filter_map(|(fault, &fired)| {
            let wanted = if matches!(fault.it.kind, FaultKind::Down(_)) { 1 } else { fault.it.times };
            if fired >= wanted {
                return None;
            }
            let what = format!(
                "This fault was declared to fire {} and fired {}. No delivery fitted it while the scenario ran.",
                times(wanted),
                times(fired)
            );
            Some(Finding {
                kind: FindingKind::FaultNeverFired,
                at: trace.ended_at,
                place: fault.at.clone(),
                step: None,
                clauses: Vec::new(),
                what,
                unmet: Vec::new(),
            })
        })
        .collect()
}

fn times(n: u32) -> String {
    match n {
        0 => "never".into(),
        1 => "once".into(),
        2 => "twice".into(),
        n => format!("{n} times"),
    }
}
