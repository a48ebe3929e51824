//! Makes a history that breaks an invariant small and plain, so that a person can read it, by delta debugging over the
//! history itself: the same invariant has to break after every cut. Knows no engine.

use crate::search::{Target, finds};
use feed::{ExternalId, Field, Fields, Settings, Text, Timestamp};
use jiff::SignedDuration;
use rostering::Command;
use runner::Finding;
use scenario::{About, Case, Doing, Moment, Pause, RecordRef, Step, StepKind};

/// A case in which the invariant breaks, and how it does.
#[derive(Clone, Debug)]
pub struct Shrunk {
    pub case: Case,
    pub finding: Finding,
    /// How often a smaller case was tried.
    pub n_tried: u32,
}

/// So many smaller cases are tried at most. *Assumed*: seconds.
const MOST_TRIED: u32 = 4000;
/// So many actions and deliveries are played for it at most, whatever the computer. *Assumed*: less than ten seconds.
const MOST_PLAYED: u64 = 400_000;

/// One window, and what a partial takes.
const A_DAY: SignedDuration = SignedDuration::from_mins(24 * 60 + 25);

/// The smallest that was found. None where the case does not break the invariant of this code.
pub fn shrink(case: &Case, wanted: &str, target: Target<'_>) -> Option<Shrunk> {
    let finding = finds(case, target, wanted).0?;
    let mut shrinker = Shrinker { case: case.clone(), finding, wanted, target, n_tried: 0, n_played: 0 };
    shrinker.cut_the_tail();
    loop {
        let before = shrinker.case.clone();
        shrinker.shorten_pauses();
        shrinker.drop_steps();
        shrinker.drop_given();
        shrinker.plain_settings();
        shrinker.one_environment();
        shrinker.plain_times();
        shrinker.plain_values();
        if shrinker.case == before || shrinker.is_spent() {
            break;
        }
    }
    shrinker.plain_seed();
    Some(Shrunk { case: shrinker.case, finding: shrinker.finding, n_tried: shrinker.n_tried })
}

struct Shrinker<'a> {
    case: Case,
    finding: Finding,
    wanted: &'a str,
    target: Target<'a>,
    n_tried: u32,
    n_played: u64,
}

impl Shrinker<'_> {
    const fn is_spent(&self) -> bool {
        self.n_tried >= MOST_TRIED || self.n_played >= MOST_PLAYED
    }

    /// Takes the candidate over if the same invariant breaks in it.
    fn try_case(&mut self, candidate: Case) -> bool {
        if self.is_spent() || candidate == self.case {
            return false;
        }
        self.n_tried += 1;
        let (finding, n_played) = finds(&candidate, self.target, self.wanted);
        self.n_played += n_played;
        let Some(finding) = finding else { return false };
        (self.case, self.finding) = (candidate, finding);
        true
    }

    fn try_change(&mut self, change: impl FnOnce(&mut Case)) -> bool {
        let mut candidate = self.case.clone();
        change(&mut candidate);
        self.try_case(candidate)
    }

    /// Nothing after the step in which it broke.
    fn cut_the_tail(&mut self) {
        let last = self.finding.step.map_or(0, |step| step + 1);
        for n in [last, last + 1] {
            if n < self.case.steps.len() && self.try_change(|case| case.steps.truncate(n)) {
                return;
            }
        }
    }

    /// A day at most between two steps, all at once or one by one: what takes long to play takes long to make small.
    fn shorten_pauses(&mut self) {
        let is_long = |step: &Step| pause(step) > A_DAY;
        let shorten = |step: &mut Step| step.pause = Pause::For(A_DAY);
        if self.try_change(|case| case.steps.iter_mut().filter(|it| is_long(it)).for_each(shorten)) {
            return;
        }
        for idx in (0..self.case.steps.len()).rev() {
            if self.case.steps.get(idx).is_some_and(is_long) {
                self.try_change(|case| shorten(&mut case.steps[idx]));
            }
        }
    }

    /// Ever smaller pieces of the list of steps, back to front. The time that a step waited for passes all the same, or,
    /// where that will do, does not.
    fn drop_steps(&mut self) {
        let mut size = self.case.steps.len().div_ceil(2).max(1);
        loop {
            let mut end = self.case.steps.len();
            while end > 0 {
                let from = end.saturating_sub(size);
                if !self.try_change(|case| drop_range(&mut case.steps, from, end, true)) {
                    self.try_change(|case| drop_range(&mut case.steps, from, end, false));
                }
                end = from.min(self.case.steps.len());
            }
            if size == 1 {
                return;
            }
            size = size.div_ceil(2);
        }
    }

    fn drop_given(&mut self) {
        for idx in (0..self.case.given.len()).rev() {
            self.try_change(|case| drop(case.given.remove(idx)));
        }
        for idx in (0..self.case.planted.len()).rev() {
            if !self.try_change(|case| drop(case.planted.remove(idx))) {
                self.try_change(|case| case.planted[idx].1.care.clear());
                self.try_change(|case| case.planted[idx].1.external_id = None);
            }
        }
    }

    fn plain_settings(&mut self) {
        if self.try_change(|case| case.settings = Settings::default()) {
            return;
        }
        let plain = Settings::default();
        self.try_change(|case| case.settings.identifier_matching = plain.identifier_matching);
        self.try_change(|case| case.settings.partial_carries = plain.partial_carries);
        self.try_change(|case| case.settings.new_branch = plain.new_branch);
        self.try_change(|case| case.settings.service_move = plain.service_move);
        self.try_change(|case| case.settings.contact_details = plain.contact_details);
        self.try_change(|case| case.settings.managed_demographics = plain.managed_demographics);
        self.try_change(|case| case.settings.near_term = plain.near_term);
        self.try_change(|case| case.settings.deletion = plain.deletion);
        self.try_change(|case| case.settings.end_date = plain.end_date);
        self.try_change(|case| case.settings.absent_field = plain.absent_field);
    }

    fn one_environment(&mut self) {
        if self.case.environments.len() > 1 && doings(&self.case).all(|doing| environment(doing) != Some(1)) {
            self.try_change(|case| case.environments.truncate(1));
        }
        if self.case.environments.len() == 1 {
            self.try_change(|case| {
                let environment = &mut case.environments[0];
                environment.system = feed::System::PeoplePlanner;
                environment.name = Text::from("rostering");
            });
        }
        self.drop_branches();
    }

    /// Branches that nobody is in any more.
    fn drop_branches(&mut self) {
        for environment in 0..self.case.environments.len() {
            for idx in (0..self.case.environments[environment].branches.len()).rev() {
                self.try_change(|case| drop(case.environments[environment].branches.remove(idx)));
            }
        }
        for service in (0..self.case.services.len()).rev() {
            if self.try_change(|case| drop(case.services.remove(service))) {
                continue;
            }
            // A service without branches cannot be written.
            for idx in (0..self.case.services[service].1.len()).rev() {
                if self.case.services[service].1.len() > 1 {
                    self.try_change(|case| drop(case.services[service].1.remove(idx)));
                }
            }
        }
    }

    // Times

    fn plain_times(&mut self) {
        for idx in 0..self.case.steps.len() {
            let Pause::For(by) = self.case.steps[idx].pause else { continue };
            let set = |by: SignedDuration| {
                move |case: &mut Case| {
                    case.steps[idx].pause = if by.is_zero() { Pause::None } else { Pause::For(by) };
                }
            };
            self.plainer(by, |shrinker, by| shrinker.try_change(set(by)));
        }
        for place in 0..doings(&self.case).count() {
            let starts = doings(&self.case).nth(place).and_then(starts);
            if let Some(Moment::Later { elapsed, .. }) = starts {
                self.plainer(elapsed, |shrinker, by| {
                    shrinker.try_change(|case| {
                        if let Some(doing) = doings_mut(case).nth(place) {
                            set_starts(doing, Moment::Later { days: 0, elapsed: by, at: None });
                        }
                    })
                });
            }
        }
        let clock = self.case.clock;
        for to in plain_instants(clock) {
            if self.try_change(|case| case.clock = to) {
                break;
            }
        }
    }

    /// Nothing, or else whole days, hours, quarters, minutes, seconds: the first that will do, a little less or more.
    fn plainer(&mut self, by: SignedDuration, mut try_it: impl FnMut(&mut Self, SignedDuration) -> bool) {
        let seconds = by.as_secs();
        if by.is_zero() || try_it(self, SignedDuration::ZERO) {
            return;
        }
        for unit in [86_400, 3600, 900, 60, 1] {
            let is_plain_already = by.as_millis() % (i128::from(unit) * 1000) == 0;
            if is_plain_already {
                return;
            }
            let down = seconds.div_euclid(unit) * unit;
            for whole in [down, down + unit] {
                if whole != 0 && try_it(self, SignedDuration::from_secs(whole)) {
                    return;
                }
            }
        }
    }

    // Values

    fn plain_values(&mut self) {
        self.drop_fields();
        self.plain_names();
        self.plain_ids();
    }

    /// Fields of people that do not matter.
    fn drop_fields(&mut self) {
        for place in 0..doings(&self.case).count() {
            let fields: Vec<Field> = doings(&self.case)
                .nth(place)
                .and_then(fields_of)
                .map(|fields| fields.iter().map(|(field, _)| field).collect())
                .unwrap_or_default();
            if fields.len() < 2 {
                continue;
            }
            for field in fields {
                self.try_change(|case| {
                    if let Some(fields) = doings_mut(case).nth(place).and_then(fields_mut) {
                        fields.remove(field);
                    }
                });
            }
        }
    }

    fn plain_names(&mut self) {
        const PLAIN: [(Field, &str); 4] = [
            (Field::GivenName, "Ada"),
            (Field::FamilyName, "Okafor"),
            (Field::DateOfBirth, "1938-11-04"),
            (Field::Branch, "North Leeds"),
        ];
        for place in 0..doings(&self.case).count() {
            for (field, plain) in PLAIN {
                let now = doings(&self.case).nth(place).and_then(fields_of).and_then(|it| it.get(field));
                if now.is_none_or(|now| now == plain) {
                    continue;
                }
                self.try_change(|case| {
                    if let Some(fields) = doings_mut(case).nth(place).and_then(fields_mut) {
                        fields.set(field, Text::from(plain));
                    }
                });
            }
        }
    }

    /// SU-1, SU-2 and so on for whoever is called otherwise.
    fn plain_ids(&mut self) {
        let added: Vec<ExternalId> = doings(&self.case)
            .filter_map(|doing| match doing {
                Doing::Rostering { command: Command::AddServiceUser { id, .. }, .. } => Some(id.clone()),
                _ => None,
            })
            .collect();
        for (idx, id) in added.into_iter().enumerate() {
            let plain = ExternalId::new(format!("SU-{}", idx + 1));
            if id != plain && !doings(&self.case).any(|doing| names(doing, &plain)) {
                self.try_change(|case| {
                    doings_mut(case).for_each(|doing| rename(doing, &id, &plain));
                    for (_, planted) in &mut case.planted {
                        if planted.external_id.as_ref() == Some(&id) {
                            planted.external_id = Some(plain.clone());
                        }
                    }
                });
            }
        }
    }

    /// The seed of every run, if that will do.
    fn plain_seed(&mut self) {
        self.n_tried = self.n_tried.min(MOST_TRIED - 1);
        self.n_played = 0;
        self.try_change(|case| case.seed = None);
    }
}

/// Without these steps. The next one waits as long as they did together, where `keeps_time`.
fn drop_range(steps: &mut Vec<Step>, from: usize, to: usize, keeps_time: bool) {
    let dropped: SignedDuration = steps.drain(from..to).map(|step| pause(&step)).sum();
    if let Some(next) = steps.get_mut(from).filter(|_| keeps_time && !dropped.is_zero()) {
        next.pause = Pause::For(pause(next) + dropped);
    }
}

const fn pause(step: &Step) -> SignedDuration {
    match step.pause {
        Pause::For(by) => by,
        Pause::None | Pause::Until(_) => SignedDuration::ZERO,
    }
}

fn doings(case: &Case) -> impl Iterator<Item = &Doing> {
    let steps = case.steps.iter().flat_map(|step| match &step.kind {
        StepKind::When(doings) => doings.as_slice(),
        StepKind::Then { .. } => &[],
    });
    case.given.iter().chain(steps).map(|doing| &doing.it)
}

fn doings_mut(case: &mut Case) -> impl Iterator<Item = &mut Doing> {
    let steps = case.steps.iter_mut().flat_map(|step| match &mut step.kind {
        StepKind::When(doings) => doings.as_mut_slice(),
        StepKind::Then { .. } => &mut [],
    });
    case.given.iter_mut().chain(steps).map(|doing| &mut doing.it)
}

const fn environment(doing: &Doing) -> Option<u8> {
    match doing {
        Doing::Rostering { environment, .. } => Some(*environment),
        Doing::GoLive(which) | Doing::Stop(which) => *which,
        Doing::Fault(fault) => fault.on.environment,
        _ => None,
    }
}

const fn starts(doing: &Doing) -> Option<Moment> {
    match doing {
        Doing::Rostering {
            command: Command::PlanVisit { starts, .. } | Command::MoveVisit { starts, .. },
            ..
        } => Some(*starts),
        _ => None,
    }
}

fn set_starts(doing: &mut Doing, to: Moment) {
    if let Doing::Rostering {
        command: Command::PlanVisit { starts, .. } | Command::MoveVisit { starts, .. },
        ..
    } = doing
    {
        *starts = to;
    }
}

const fn fields_of(doing: &Doing) -> Option<&Fields> {
    match doing {
        Doing::Rostering { command: Command::AddServiceUser { fields, .. }, .. } => Some(fields),
        Doing::Rostering { command: Command::Edit { set, .. }, .. } => Some(set),
        Doing::Acp { action: acp::Action::Create(made), .. } => Some(&made.fields),
        _ => None,
    }
}

const fn fields_mut(doing: &mut Doing) -> Option<&mut Fields> {
    match doing {
        Doing::Rostering { command: Command::AddServiceUser { fields, .. }, .. } => Some(fields),
        Doing::Rostering { command: Command::Edit { set, .. }, .. } => Some(set),
        Doing::Acp { action: acp::Action::Create(made), .. } => Some(&mut made.fields),
        _ => None,
    }
}

/// The full hour, and nine in the morning of an ordinary Monday.
fn plain_instants(clock: Timestamp) -> Vec<Timestamp> {
    let monday = "2026-02-16T09:00:00Z".parse().ok();
    let hour = Timestamp::from_second(clock.as_second().div_euclid(3600) * 3600).ok();
    [monday, hour].into_iter().flatten().collect()
}

// Identifiers

fn names(doing: &Doing, wanted: &ExternalId) -> bool {
    let mut found = false;
    each_id(&mut doing.clone(), &mut |id| found |= id == wanted);
    found
}

fn rename(doing: &mut Doing, from: &ExternalId, to: &ExternalId) {
    each_id(doing, &mut |id| {
        if id == from {
            *id = to.clone();
        }
    });
}

/// Every identifier of a service user in a case.
pub(crate) fn each_id_of(case: &mut Case, f: &mut impl FnMut(&mut ExternalId)) {
    doings_mut(case).for_each(|doing| each_id(doing, f));
    case.planted.iter_mut().flat_map(|(_, planted)| &mut planted.external_id).for_each(f);
}

/// Every identifier of a service user. With a prefix, what ACP is told has another one, and stays.
fn each_id(doing: &mut Doing, f: &mut impl FnMut(&mut ExternalId)) {
    match doing {
        Doing::Rostering { command, .. } => match command {
            Command::AddServiceUser { id, .. }
            | Command::Edit { id, .. }
            | Command::StopSending { id, .. }
            | Command::Save { id }
            | Command::Terminate { id, .. }
            | Command::Reinstate { id }
            | Command::Suspend { id, .. }
            | Command::EndSuspension { id }
            | Command::Delete { id }
            | Command::PlanVisit { service_user: id, .. }
            | Command::AddOrder { service_user: id, .. }
            | Command::RelinkVisit { to: id, .. } => f(id),
            Command::ChangeId { from, to } => {
                f(from);
                f(to);
            }
            _ => {}
        },
        Doing::Acp { action, .. } => {
            match action {
                acp::Action::SetExternalId { to, .. } => to.iter_mut().for_each(&mut *f),
                acp::Action::Create(made) => made.external_id.iter_mut().for_each(&mut *f),
                _ => {}
            }
            each_record(doing, &mut |record| of_record(record, f));
        }
        Doing::RaiseCase { about: About::ServiceUser(id), .. }
        | Doing::CloseCase { about: About::ServiceUser(id), .. }
        | Doing::AskGuidance(About::ServiceUser(id)) => f(id),
        Doing::ConfirmDuplicate(..)
        | Doing::RaiseCase { .. }
        | Doing::CloseCase { .. }
        | Doing::AskGuidance(_) => {
            each_record(doing, &mut |record| of_record(record, f));
        }
        Doing::Fault(fault) => {
            if let scenario::FaultKind::Poison(id) = &mut fault.kind {
                f(id);
            }
            fault.on.carrying.iter_mut().for_each(f);
        }
        Doing::GoLive(_) | Doing::Stop(_) | Doing::FirstSync | Doing::Population { .. } => {}
    }
}

/// Every record that is named in ACP or in a case.
pub(crate) fn each_record(doing: &mut Doing, f: &mut impl FnMut(&mut RecordRef)) {
    match doing {
        Doing::Acp { action, .. } => match action {
            acp::Action::SetExternalId { record, .. }
            | acp::Action::Edit { record, .. }
            | acp::Action::GrantRole { record, .. }
            | acp::Action::RevokeRole { record, .. }
            | acp::Action::AddCare { record, .. }
            | acp::Action::AddActivity { record, .. }
            | acp::Action::Deactivate { record }
            | acp::Action::Reactivate { record }
            | acp::Action::Archive { record }
            | acp::Action::Unarchive { record }
            | acp::Action::Delete { record }
            | acp::Action::Move { record, .. }
            | acp::Action::Datafix { record, .. } => f(record),
            acp::Action::Merge { survivor, loser } => {
                f(survivor);
                f(loser);
            }
            acp::Action::Create(_)
            | acp::Action::CompleteVisit { .. }
            | acp::Action::AddBranch { .. }
            | acp::Action::RenameBranch { .. } => {}
        },
        Doing::ConfirmDuplicate(one, other) => {
            f(one);
            f(other);
        }
        Doing::RaiseCase { about: About::Record(record), .. }
        | Doing::CloseCase { about: About::Record(record), .. }
        | Doing::AskGuidance(About::Record(record)) => f(record),
        _ => {}
    }
}

fn of_record(record: &mut RecordRef, f: &mut impl FnMut(&mut ExternalId)) {
    if let RecordRef::Of(id) = record {
        f(id);
    }
}
