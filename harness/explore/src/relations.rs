//! Relations between two runs: a history and one that differs from it in a way that must not matter. They need no
//! oracle, so they hold somebody else's engine to account as well as ours.

use crate::search::Engine;
use acp::{Action, Call, Record, RecordId, Reply};
use feed::{ContactDetails, ExternalId, Field, IdentifierMatching, Timestamp, london};
use jiff::SignedDuration;
use rostering::Command;
use runner::{Trace, What};
use scenario::{Case, Deliveries, Doing, Fault, FaultKind, Pause, RecordRef, StepKind};

/// One relation. Checked on histories in which it has something to say.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    pub code: &'static str,
    pub says: &'static str,
    check: fn(&Case, Engine<'_>) -> Answer,
}

/// What came of checking a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The history does not have what the relation speaks of.
    NotCalledFor,
    Holds,
    /// What differs, in one sentence.
    Broken(String),
}

/// MR-9 is about promises alone, and stands with them in the tests of guidance.
pub const RELATIONS: &[Relation] = &[
    Relation {
        code: "MR-1",
        says: "What is done to different people at one instant may be done in any order.",
        check: another_order,
    },
    Relation { code: "MR-2", says: "A week later everything happens as it would have.", check: a_week_later },
    Relation {
        code: "MR-3",
        says: "Somebody who has nothing to do with anybody changes nothing.",
        check: a_stranger,
    },
    Relation { code: "MR-4", says: "Other identifiers, the same outcome.", check: other_identifiers },
    Relation { code: "MR-5", says: "Every delivery may arrive twice.", check: everything_twice },
    Relation { code: "MR-6", says: "Saving without changing anything changes nothing.", check: saved_again },
    Relation { code: "MR-7", says: "An update may arrive in two parts.", check: in_two_parts },
    Relation {
        code: "MR-8",
        says: "An engine that starts anew from what it was asked before goes on as if it had not stopped.",
        check: started_anew,
    },
    Relation {
        code: "MR-10",
        says: "What ACP owns can be edited before or after a sync.",
        check: edited_later,
    },
    Relation { code: "MR-11", says: "The names of the rostering systems do not matter.", check: other_names },
    Relation {
        code: "MR-12",
        says: "Where faults are over earlier, nothing comes later than promised.",
        check: healed_earlier,
    },
];

impl Relation {
    pub(crate) fn check(self, case: &Case, engine: Engine<'_>) -> Answer {
        (self.check)(case, engine)
    }
}

fn play(case: &Case, engine: Engine<'_>) -> Trace {
    let mut answer = engine();
    runner::play(case, case.seed.unwrap_or(1), &mut *answer)
}

// What is compared

/// Everything that ACP holds at the end, without what stands for the order of things: numbers and instants.
fn ending(trace: &Trace, leaves_out: impl Fn(Field) -> bool) -> Vec<String> {
    let records = trace.scene.records.values().filter(|seen| seen.gone_at.is_none());
    let mut ending: Vec<String> = records.map(|seen| told(&seen.record, trace, &leaves_out)).collect();
    ending.sort_unstable();
    ending
}

fn told(record: &Record, trace: &Trace, leaves_out: &impl Fn(Field) -> bool) -> String {
    let slots = record.synced.slots().filter(|slot| !leaves_out(slot.field) && !slot.value.is_empty());
    let values: Vec<String> = slots.map(|slot| format!("{}: {:?}", slot.field.text(), slot.value)).collect();
    let mut care: Vec<String> = record
        .local
        .care
        .iter()
        .map(|item| {
            format!(
                "{} in {} with {} {}",
                item.kind.text(),
                item.service,
                item.activities.len(),
                item.ended.is_some()
            )
        })
        .collect();
    care.sort_unstable();
    let mut roles: Vec<&str> = record.local.role_access.iter().map(|(role, _)| role.as_str()).collect();
    roles.sort_unstable();
    let mut visits: Vec<String> =
        record.visits.iter().map(|held| format!("{} {:?}", held.visit.id, held.state)).collect();
    visits.sort_unstable();
    let id = |id: RecordId| trace.scene.records.get(&id).and_then(|seen| seen.record.external_id.clone());
    let held = record.held.as_ref().map(|held| held.to_branch.clone());
    format!(
        "{:?} {:?} {} [{}] care [{}] roles {roles:?} visits {visits:?} held {held:?} merged {:?}",
        record.external_id.as_ref().map(ExternalId::as_str),
        record.aliases,
        record.status.text(),
        values.join(", "),
        care.join(", "),
        record.merged_into.map(id),
    )
}

fn same(one: &[String], other: &[String]) -> Answer {
    if one == other {
        return Answer::Holds;
    }
    let only = |a: &[String], b: &[String]| a.iter().find(|it| !b.contains(it)).cloned().unwrap_or_default();
    Answer::Broken(format!("Before: {} After: {}", only(one, other), only(other, one)))
}

fn compare(case: &Case, changed: &Case, engine: Engine<'_>) -> Answer {
    if case == changed {
        return Answer::NotCalledFor;
    }
    same(&ending(&play(case, engine), |_| false), &ending(&play(changed, engine), |_| false))
}

fn doings(case: &Case) -> impl Iterator<Item = &Doing> {
    let steps = case.steps.iter().flat_map(|step| match &step.kind {
        StepKind::When(doings) => doings.as_slice(),
        StepKind::Then { .. } => &[],
    });
    case.given.iter().chain(steps).map(|doing| &doing.it)
}

fn only_doing(kind: &StepKind) -> Option<&Doing> {
    match kind {
        StepKind::When(doings) if doings.len() == 1 => Some(&doings[0].it),
        _ => None,
    }
}

fn faults(case: &Case) -> impl Iterator<Item = &Fault> {
    doings(case).filter_map(|doing| match doing {
        Doing::Fault(fault) => Some(fault),
        _ => None,
    })
}

// The relations

/// The service user whose fields a step edits in rostering.
fn edits(kind: &StepKind) -> Option<&ExternalId> {
    match only_doing(kind)? {
        Doing::Rostering { command: Command::Edit { id, .. }, .. } => Some(id),
        _ => None,
    }
}

fn another_order(case: &Case, engine: Engine<'_>) -> Answer {
    let mut changed = case.clone();
    let mut idx = 0;
    while idx + 1 < changed.steps.len() {
        let (one, next) = (&changed.steps[idx], &changed.steps[idx + 1]);
        let both = (edits(&one.kind), edits(&next.kind));
        let is_pair = next.pause == Pause::None && matches!(both, (Some(a), Some(b)) if a != b);
        if is_pair {
            let (first, second) = (changed.steps[idx].kind.clone(), changed.steps[idx + 1].kind.clone());
            (changed.steps[idx].kind, changed.steps[idx + 1].kind) = (second, first);
            idx += 1;
        }
        idx += 1;
    }
    compare(case, &changed, engine)
}

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

fn a_week_later(case: &Case, engine: Engine<'_>) -> Answer {
    let trace = play(case, engine);
    let later = |at: Timestamp| at.checked_add(WEEK).unwrap_or(at);
    // Ten days more, for visits ahead.
    let instants = [
        trace.began_at,
        trace.ended_at,
        later(trace.began_at),
        later(later(trace.ended_at)),
        trace.began_at.checked_sub(WEEK).unwrap_or(trace.began_at),
        later(later(later(trace.ended_at))),
    ];
    let offsets: Vec<i32> = instants.iter().map(|at| london().to_offset(*at).seconds()).collect();
    let has_dates = doings(case).any(|doing| {
        matches!(doing, Doing::Rostering { command: Command::PlanVisit { starts, .. } | Command::MoveVisit { starts, .. }, .. }
            if !matches!(starts, scenario::Moment::Later { .. }))
    });
    if has_dates || offsets.iter().any(|offset| *offset != offsets[0]) {
        return Answer::NotCalledFor;
    }
    let changed = Case { clock: later(case.clock), ..case.clone() };
    let dates = |field: Field| field == Field::EndDate;
    same(&ending(&trace, dates), &ending(&play(&changed, engine), dates))
}

const STRANGER: &str = "ZZ-stranger";

fn a_stranger(case: &Case, engine: Engine<'_>) -> Answer {
    let counts = |fault: &Fault| matches!(fault.kind, FaultKind::Cut(_));
    if faults(case).any(counts) {
        return Answer::NotCalledFor;
    }
    let mut changed = case.clone();
    let fields =
        [(Field::FamilyName, "Zzyzx".into()), (Field::Branch, "North Leeds".into())].into_iter().collect();
    let command = Command::AddServiceUser { id: ExternalId::new(STRANGER), fields };
    changed
        .given
        .insert(0, scenario::At { it: Doing::Rostering { environment: 0, command }, at: case.at.clone() });
    let before = ending(&play(case, engine), |_| false);
    let mut after = ending(&play(&changed, engine), |_| false);
    after.retain(|record| !record.contains(STRANGER));
    same(&before, &after)
}

fn other_identifiers(case: &Case, engine: Engine<'_>) -> Answer {
    let has_prefix = case.environments.iter().any(|it| it.prefix.is_some());
    if has_prefix || case.settings.identifier_matching != IdentifierMatching::Exact {
        return Answer::NotCalledFor;
    }
    let mut changed = case.clone();
    crate::shrink::each_id_of(&mut changed, &mut |id| *id = ExternalId::new(format!("Q{id}")));
    let mut before = ending(&play(case, engine), |_| false);
    for record in &mut before {
        *record = record.replace("Some(\"", "Some(\"Q").replace("ExternalId(\"", "ExternalId(\"Q");
        // A held move names a branch, not somebody.
        *record = record.replace("held Some(\"Q", "held Some(\"");
    }
    before.sort_unstable();
    same(&before, &ending(&play(&changed, engine), |_| false))
}

fn without_faults(case: &Case) -> Case {
    let mut plain = case.clone();
    for step in &mut plain.steps {
        if let StepKind::When(doings) = &mut step.kind {
            doings.retain(|doing| !matches!(doing.it, Doing::Fault(_)));
        }
    }
    plain
}

fn everything_twice(case: &Case, engine: Engine<'_>) -> Answer {
    let plain = without_faults(case);
    let mut changed = plain.clone();
    let fault =
        Fault { kind: FaultKind::Repeat(SignedDuration::ZERO), on: Deliveries::default(), times: 10_000 };
    changed.faults.push(scenario::At { it: fault, at: case.at.clone() });
    compare(&plain, &changed, engine)
}

fn saved_again(case: &Case, engine: Engine<'_>) -> Answer {
    let mut changed = case.clone();
    for step in &mut changed.steps {
        let StepKind::When(doings) = &mut step.kind else { continue };
        let saves: Vec<_> = doings
            .iter()
            .filter_map(|doing| match &doing.it {
                Doing::Rostering { environment, command: Command::Edit { id, .. } } => {
                    let command = Command::Save { id: id.clone() };
                    Some(scenario::At {
                        it: Doing::Rostering { environment: *environment, command },
                        at: doing.at.clone(),
                    })
                }
                _ => None,
            })
            .collect();
        doings.extend(saves);
    }
    compare(case, &changed, engine)
}

fn in_two_parts(case: &Case, engine: Engine<'_>) -> Answer {
    let whole = ending(&play(case, engine), |_| false);
    let mut answer = engine();
    let mut n_split = 0;
    let trace = runner::play(case, case.seed.unwrap_or(1), &mut |now, call| {
        let Call::Receive(update) = call else { return answer(now, call) };
        let n = update.service_users.len();
        if n < 2 {
            return answer(now, Call::Receive(update));
        }
        n_split += 1;
        let (mut first, mut second) = (update.clone(), update);
        first.service_users.truncate(n / 2);
        second.service_users.drain(..n / 2);
        // Without its end it speaks of no visits.
        first.visits.clear();
        first.visits_until =
            first.sent_at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(first.sent_at);
        let one = answer(now, Call::Receive(first));
        match (one, answer(now, Call::Receive(second))) {
            (Reply::Received(mut receipt), Reply::Received(rest)) => {
                receipt.decisions.extend(rest.decisions);
                receipt.visits.extend(rest.visits);
                receipt.branches.extend(rest.branches);
                Reply::Received(receipt)
            }
            (_, other) => other,
        }
    });
    if n_split == 0 { Answer::NotCalledFor } else { same(&whole, &ending(&trace, |_| false)) }
}

/// In calls.
const ANEW_EVERY: usize = 500;

fn started_anew(case: &Case, engine: Engine<'_>) -> Answer {
    let whole = ending(&play(case, engine), |_| false);
    let mut answer = engine();
    let mut journal: Vec<(Timestamp, Call)> = Vec::new();
    let trace = runner::play(case, case.seed.unwrap_or(1), &mut |now, call| {
        journal.push((now, call.clone()));
        if journal.len().is_multiple_of(ANEW_EVERY) {
            answer = engine();
            for (at, call) in &journal[..journal.len() - 1] {
                answer(*at, call.clone());
            }
        }
        answer(now, call)
    });
    if journal.len() < ANEW_EVERY { Answer::NotCalledFor } else { same(&whole, &ending(&trace, |_| false)) }
}

/// A telephone number or e-mail that no update carries, edited when the next thing has been done in rostering.
fn edited_later(case: &Case, engine: Engine<'_>) -> Answer {
    if case.settings.contact_details != ContactDetails::AcpKeepsItsOwn {
        return Answer::NotCalledFor;
    }
    let trace = play(case, engine);
    let was_done = |step: usize| {
        trace
            .events
            .iter()
            .any(|it| it.step == Some(step) && matches!(it.what, What::Acp { result: Ok(_), .. }))
    };
    let is_own = |kind: &StepKind| {
        matches!(only_doing(kind), Some(Doing::Acp { action: Action::Edit { record: RecordRef::Of(_), set }, .. })
            if set.iter().all(|(field, _)| field == Field::Email))
    };
    let is_elsewhere = |kind: &StepKind| edits(kind).is_some();
    let mut changed = case.clone();
    for idx in 0..case.steps.len().saturating_sub(1) {
        let (own, next) = (&case.steps[idx], &case.steps[idx + 1]);
        if !is_own(&own.kind) || !is_elsewhere(&next.kind) || !was_done(idx) {
            continue;
        }
        // Both at the instant of the second: the first waits for it.
        let (Some(first), Some(second)) = (length(&own.pause), length(&next.pause)) else { continue };
        changed.steps[idx] = scenario::Step { pause: pause(first + second), ..next.clone() };
        changed.steps[idx + 1] = scenario::Step { pause: Pause::None, ..own.clone() };
    }
    if changed == *case {
        return Answer::NotCalledFor;
    }
    same(&ending(&trace, |_| false), &ending(&play(&changed, engine), |_| false))
}

const fn length(pause: &Pause) -> Option<SignedDuration> {
    match pause {
        Pause::None => Some(SignedDuration::ZERO),
        Pause::For(by) => Some(*by),
        Pause::Until(_) => None,
    }
}

const fn pause(by: SignedDuration) -> Pause {
    if by.is_zero() { Pause::None } else { Pause::For(by) }
}

fn other_names(case: &Case, engine: Engine<'_>) -> Answer {
    let mut changed = case.clone();
    if let [one, other] = changed.environments.as_mut_slice() {
        std::mem::swap(&mut one.name, &mut other.name);
    }
    compare(case, &changed, engine)
}

fn healed_earlier(case: &Case, engine: Engine<'_>) -> Answer {
    let mut changed = case.clone();
    for step in &mut changed.steps {
        let StepKind::When(doings) = &mut step.kind else { continue };
        for doing in doings {
            if let Doing::Fault(Fault { kind: FaultKind::Down(by) | FaultKind::Delay(by), .. }) =
                &mut doing.it
            {
                *by = (*by / 2).max(SignedDuration::from_secs(1));
            }
        }
    }
    if changed == *case {
        return Answer::NotCalledFor;
    }
    let trace = play(&changed, engine);
    match runner::broken(&changed, &trace).first() {
        None => Answer::Holds,
        Some(finding) => Answer::Broken(finding.what.clone()),
    }
}
