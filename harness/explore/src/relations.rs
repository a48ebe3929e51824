//! Relations between two runs: a history and one that differs from it in a way that must not matter. They need no
//! oracle, so they hold somebody else's engine to account as well as ours.

use crate::search::Engine;
use acp::{Action, Actor, Call, Record, RecordId, Reply};
use feed::{ContactDetails, ExternalId, Field, IdentifierMatching, Timestamp, UpdateKind, london};
use jiff::SignedDuration;
use rostering::Command;
use runner::Trace;
use scenario::{Case, Deliveries, Doing, Fault, FaultKind, Pause, RecordRef, StepKind};
use std::cell::OnceCell;

/// One relation. Checked on histories in which it has something to say.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    pub code: &'static str,
    pub says: &'static str,
    check: fn(&Base<'_>) -> Answer,
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
    Relation { code: "MR-9", says: "A visit that is nearer makes nothing later.", check: a_nearer_visit },
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
    pub(crate) fn check(self, base: &Base<'_>) -> Answer {
        (self.check)(base)
    }
}

/// A history that others are compared with. It is played once, however many relations ask.
pub(crate) struct Base<'a> {
    case: &'a Case,
    engine: Engine<'a>,
    played: OnceCell<Trace>,
}

impl<'a> Base<'a> {
    pub(crate) const fn new(case: &'a Case, engine: Engine<'a>) -> Base<'a> {
        Base { case, engine, played: OnceCell::new() }
    }

    fn trace(&self) -> &Trace {
        self.played.get_or_init(|| play(self.case, self.engine))
    }

    fn ending(&self) -> Vec<String> {
        ending(self.trace(), |_| false)
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

fn compare(base: &Base<'_>, changed: &Case) -> Answer {
    if base.case == changed {
        return Answer::NotCalledFor;
    }
    same(&base.ending(), &ending(&play(changed, base.engine), |_| false))
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

/// Whoever is added somewhere in the history, with their environment.
fn people(case: &Case) -> Vec<(u8, ExternalId)> {
    let added = doings(case).filter_map(|doing| match doing {
        Doing::Rostering { environment, command: Command::AddServiceUser { id, .. } } => {
            Some((*environment, id.clone()))
        }
        _ => None,
    });
    added.collect()
}

fn edit(environment: u8, id: &ExternalId, family_name: &str) -> Doing {
    let set = [(Field::FamilyName, family_name.into())].into_iter().collect();
    Doing::Rostering { environment, command: Command::Edit { id: id.clone(), set } }
}

/// Two people are edited at one instant, in the middle of the history: in one order, and in the other.
fn another_order(base: &Base<'_>) -> Answer {
    let case = base.case;
    let people = people(case);
    let [(one_environment, one), .., (other_environment, other)] = people.as_slice() else {
        return Answer::NotCalledFor;
    };
    if one == other || case.steps.is_empty() {
        return Answer::NotCalledFor;
    }
    let with = |doings: [Doing; 2]| {
        let mut changed = case.clone();
        let idx = changed.steps.len() / 2;
        if let StepKind::When(there) = &mut changed.steps[idx].kind {
            there.splice(0..0, doings.map(|it| scenario::At { it, at: case.at.clone() }));
        }
        changed
    };
    let (first, second) = (edit(*one_environment, one, "First"), edit(*other_environment, other, "Second"));
    let before = with([first.clone(), second.clone()]);
    compare(&Base::new(&before, base.engine), &with([second, first]))
}

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// So many weeks the history is put off where the clocks change near it.
const WEEKS_AWAY: i32 = 7;

fn a_week_later(base: &Base<'_>) -> Answer {
    let case = base.case;
    let lasts: SignedDuration = case
        .steps
        .iter()
        .filter_map(|step| match step.pause {
            Pause::For(by) => Some(by),
            Pause::None | Pause::Until(_) => None,
        })
        .sum();
    let later = |at: Timestamp, weeks: i32| at.checked_add(WEEK * weeks).unwrap_or(at);
    // From a week before to the last visit that may be planned, a week later.
    let is_plain = |clock: Timestamp| {
        let offset = |weeks: i32| london().to_offset(later(clock + lasts, weeks)).seconds();
        let first = london().to_offset(later(clock, -1)).seconds();
        (0..=4).all(|weeks| offset(weeks) == first)
    };
    let has_dates = doings(case).any(|doing| {
        matches!(doing, Doing::Rostering { command: Command::PlanVisit { starts, .. } | Command::MoveVisit { starts, .. }, .. }
            if !matches!(starts, scenario::Moment::Later { .. }))
    });
    let clock = [case.clock, later(case.clock, WEEKS_AWAY)].into_iter().find(|clock| is_plain(*clock));
    let Some(clock) = clock.filter(|_| !has_dates) else { return Answer::NotCalledFor };
    let before = Case { clock, ..case.clone() };
    let changed = Case { clock: later(clock, 1), ..case.clone() };
    let dates = |field: Field| field == Field::EndDate;
    same(&ending(&play(&before, base.engine), dates), &ending(&play(&changed, base.engine), dates))
}

const STRANGER: &str = "ZZ-stranger";

fn a_stranger(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
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
    let before = base.ending();
    let mut after = ending(&play(&changed, engine), |_| false);
    after.retain(|record| !record.contains(STRANGER));
    same(&before, &after)
}

fn other_identifiers(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
    let has_prefix = case.environments.iter().any(|it| it.prefix.is_some());
    let has_crowd = doings(case).any(|doing| matches!(doing, Doing::Population { .. }));
    if has_prefix || has_crowd || case.settings.identifier_matching != IdentifierMatching::Exact {
        return Answer::NotCalledFor;
    }
    let mut changed = case.clone();
    crate::shrink::each_id_of(&mut changed, &mut |id| {
        if !id.is_blank() {
            *id = ExternalId::new(format!("Q{id}"));
        }
    });
    let mut before = base.ending();
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

const A_DAY: SignedDuration = SignedDuration::from_hours(24);

fn everything_twice(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
    // Of two who meet on one record nobody can say whose values stand.
    let may_meet = case.environments.len() > 1 && case.environments.iter().any(|it| it.prefix.is_none());
    if may_meet || case.settings.identifier_matching != IdentifierMatching::Exact {
        return Answer::NotCalledFor;
    }
    let plain = without_faults(case);
    let plain_base = Base::new(&plain, engine);
    let base = if plain == *case { base } else { &plain_base };
    let mut changed = plain.clone();
    // A full that comes again carries everybody as they stand then, so it may be early: only a day makes that even.
    let is_a_day = |step: &scenario::Step| matches!(step.pause, Pause::For(by) if by > A_DAY);
    let kind = (!case.steps.last().is_some_and(is_a_day)).then_some(UpdateKind::Partial);
    let on = Deliveries { kind, ..Deliveries::default() };
    let fault = Fault { kind: FaultKind::Repeat(SignedDuration::ZERO), on, times: 10_000 };
    changed.faults.push(scenario::At { it: fault, at: case.at.clone() });
    compare(base, &changed)
}

fn saved_again(base: &Base<'_>) -> Answer {
    let case = base.case;
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
    compare(base, &changed)
}

fn in_two_parts(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
    let whole = base.ending();
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
const ANEW_EVERY: usize = 15;

fn started_anew(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
    let whole = base.ending();
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

const FOUR_DAYS: SignedDuration = SignedDuration::from_hours(4 * 24);

/// Somebody's name is changed, and a visit planned for them: once as in the history, once at half the distance. Up to that
/// instant both are one history, so what is promised can be compared; then a day passes, in which it has to be kept.
fn a_nearer_visit(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
    let plans = |step: &scenario::Step| match only_doing(&step.kind) {
        Some(Doing::Rostering {
            environment,
            command:
                Command::PlanVisit {
                    service_user,
                    starts: scenario::Moment::Later { days: 0, elapsed, at: None },
                    ..
                },
        }) if elapsed.is_positive() => Some((*environment, service_user.clone(), *elapsed)),
        _ => None,
    };
    let found = case.steps.iter().enumerate().rev().find_map(|(idx, step)| Some((idx, plans(step)?)));
    let mut far = case.clone();
    let (environment, id, elapsed) = if let Some((idx, planned)) = found {
        far.steps.truncate(idx + 1);
        planned
    } else {
        let Some((environment, service_user)) = people(case).pop() else { return Answer::NotCalledFor };
        let command = Command::PlanVisit {
            id: feed::VisitId::new("nearer"),
            service_user: service_user.clone(),
            starts: scenario::Moment::Later { days: 0, elapsed: FOUR_DAYS, at: None },
            lasts: SignedDuration::from_mins(30),
            employee: None,
            requirement: None,
        };
        let plan = scenario::At { it: Doing::Rostering { environment, command }, at: case.at.clone() };
        far.steps.push(scenario::Step {
            label: "a visit is planned".to_owned(),
            at: case.at.clone(),
            pause: Pause::None,
            kind: StepKind::When(vec![plan]),
        });
        (environment, service_user, FOUR_DAYS)
    };
    let idx = far.steps.len() - 1;
    if let StepKind::When(doings) = &mut far.steps[idx].kind {
        doings.insert(0, scenario::At { it: edit(environment, &id, "Nearer"), at: case.at.clone() });
    }
    let mut near = far.clone();
    if let StepKind::When(doings) = &mut near.steps[idx].kind
        && let Some(Doing::Rostering { command: Command::PlanVisit { starts, .. }, .. }) =
            doings.last_mut().map(|doing| &mut doing.it)
    {
        *starts = scenario::Moment::Later { days: 0, elapsed: elapsed / 2, at: None };
    }
    let due = |trace: &Trace| {
        let mut people = trace.scene.people.iter().filter(|((its, _), seen)| {
            *its == environment && seen.person.id == id && seen.deleted_at.is_none()
        });
        let ((_, sent_id), _) = people.next()?;
        trace.scene.due(environment, sent_id, trace.ended_at)
    };
    let played = play(&far, engine);
    // A visit that is nearer may fall into a suspension, or come before somebody is back.
    let is_away = |person: &rostering::Person| !person.suspensions.is_empty() || person.ended_on.is_some();
    let mut people = played.scene.people.iter();
    if people.any(|((its, _), seen)| *its == environment && seen.person.id == id && is_away(&seen.person)) {
        return Answer::NotCalledFor;
    }
    let Some(before) = due(&played) else { return Answer::NotCalledFor };
    let Some(after) = due(&play(&near, engine)) else {
        return Answer::Broken("With the visit nearer nothing was due any more.".to_owned());
    };
    if after > before {
        return Answer::Broken(format!("It was due by {before}, and with the visit nearer by {after}."));
    }
    let step = scenario::Step {
        label: "a day passes".to_owned(),
        at: case.at.clone(),
        pause: Pause::For(SignedDuration::from_mins(24 * 60 + 25)),
        kind: StepKind::When(Vec::new()),
    };
    near.steps.push(step);
    match runner::broken(&near, &play(&near, engine)).first() {
        None => Answer::Holds,
        Some(finding) => Answer::Broken(finding.what.clone()),
    }
}

/// An e-mail address, which no update carries, is set by hand: just before something is changed in rostering, or just
/// after.
fn edited_later(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
    if case.settings.contact_details != ContactDetails::AcpKeepsItsOwn {
        return Answer::NotCalledFor;
    }
    let mut with_one = case.clone();
    if !case.steps.iter().any(|step| edits(&step.kind).is_some())
        && let (Some((environment, id)), false) = (people(case).pop(), case.steps.is_empty())
    {
        let doing = scenario::At { it: edit(environment, &id, "Later"), at: case.at.clone() };
        with_one.steps[0].kind = StepKind::When(vec![doing]);
    }
    let with_edits = |is_before: bool| {
        let mut changed = with_one.clone();
        for step in &mut changed.steps {
            let Some(id) = edits(&step.kind).cloned() else { continue };
            let set = [(Field::Email, "ada@example.org".into())].into_iter().collect();
            let action = Action::Edit { record: RecordRef::Of(id), set };
            let own = Doing::Acp { by: Actor::TenantAdministrator, action, called: None };
            if let StepKind::When(doings) = &mut step.kind {
                let place = if is_before { 0 } else { doings.len() };
                doings.insert(place, scenario::At { it: own, at: step.at.clone() });
            }
        }
        changed
    };
    let before = with_edits(true);
    if before == with_one {
        return Answer::NotCalledFor;
    }
    compare(&Base::new(&before, engine), &with_edits(false))
}

fn other_names(base: &Base<'_>) -> Answer {
    let case = base.case;
    let mut changed = case.clone();
    match changed.environments.as_mut_slice() {
        [one, other] => std::mem::swap(&mut one.name, &mut other.name),
        others => others.iter_mut().for_each(|it| it.name = "another".into()),
    }
    compare(base, &changed)
}

fn healed_earlier(base: &Base<'_>) -> Answer {
    let (case, engine) = (base.case, base.engine);
    let mut changed = case.clone();
    if !faults(case).any(|fault| matches!(fault.kind, FaultKind::Down(_) | FaultKind::Delay(_))) {
        // Where nothing is kept away by itself: ten minutes in place of twenty.
        let kind = FaultKind::Down(SignedDuration::from_mins(20));
        let fault = Fault { kind, on: Deliveries::default(), times: 1 };
        if let Some(StepKind::When(doings)) = changed.steps.first_mut().map(|step| &mut step.kind) {
            doings.insert(0, scenario::At { it: Doing::Fault(fault), at: case.at.clone() });
        }
    }
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
