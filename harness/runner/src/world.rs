//! The world of one case: the rostering systems, the link, whoever answers for ACP, and the one clock that jumps from
//! what is due to what is due next.
//!
//! At one instant the order is: deliveries that arrive, updates that are sent (a full update arrives at once), then the
//! step that takes place. So a change that is made at the very instant of an update misses it: the harshest reading.

use crate::{Between, Carrier, Desk, Event, Office, Seats, StepDone, StepEnd, Trace, Unmet, What, check};
use acp::{Call, Look, RecordId, Reply, SetUp, Shown};
use feed::{Clause, ExternalId, Text, Timestamp, UpdateKind};
use guidance::{Advice, EnvironmentSeen, Scene, Sight, Subject};
use jiff::SignedDuration;
use link::{Door, Hit, Link, after};
use rostering::{Command, Happened, Rostering};
use scenario::{About, Case, Check, Fault, Holds, Pause, RecordRef, Step, StepKind};
use std::{collections::BTreeMap, sync::Arc};

/// The smallest step of time.
const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

pub(crate) struct World<'a> {
    pub(crate) case: &'a Case,
    acp: &'a mut dyn FnMut(Timestamp, Call) -> Reply,
    pub(crate) between: Between,
    acp_is_foreign: bool,
    carrier: Option<&'a mut Carrier<'a>>,
    pub(crate) office: Option<&'a mut Office<'a>>,
    /// When a foreign connector wants to be told the time next.
    carrier_due: Option<Timestamp>,
    /// What a foreign connector has not seen of what administrators changed.
    pub(crate) changed: Vec<(u8, Happened)>,
    /// Updates that ACP's door turned a foreign connector away with, by environment and sequence, and their numbers.
    pub(crate) turned_away: BTreeMap<(u8, u32), u32>,
    pub(crate) rosterings: Vec<Rostering>,
    pub(crate) link: Link,
    /// Every fault that began, where it was declared; the link numbers them alike.
    faults: Vec<scenario::At<Fault>>,
    pub(crate) now: Timestamp,
    pub(crate) step: Option<usize>,
    pub(crate) scene: Scene,
    pub(crate) events: Vec<Event>,
    steps: Vec<StepDone>,
    pub(crate) called: BTreeMap<Text, RecordId>,
    /// Which record each identifier led to when the first step began.
    pub(crate) at_first: BTreeMap<ExternalId, RecordId>,
    /// Where the last `when` began in `events`.
    pub(crate) since_when: usize,
    pub(crate) last: Last,
    /// Counts what a check could see differently after it: sights, and visits kept aside.
    n_news: u64,
    /// Counts decisions on service users, which only checks on syncs look at.
    n_decided: usize,
    /// Counts updates that reached ACP, those with nothing to say too.
    n_received: u64,
    /// Visits that ACP keeps aside because their service user has no record.
    pub(crate) parked: Vec<feed::VisitId>,
}

/// What came of the last thing that somebody did.
#[derive(Clone, Debug)]
pub(crate) enum Last {
    Nothing,
    Done(Option<acp::Account>),
    Refused { clause: Option<Clause>, why: String },
}

/// Plays a case to its end, or to the first step that is not as it should be.
pub(crate) fn play<'a>(case: &'a Case, seed: u64, seats: Seats<'a>) -> Trace {
    let mut world = World::new(case, seed, seats);
    world.set_up();
    for doing in &case.given {
        world.act(&doing.it, &doing.at);
    }
    world.begin();
    for (idx, step) in case.steps.iter().enumerate() {
        if !world.take(idx, step) {
            break;
        }
    }
    Trace {
        seed,
        began_at: case.clock,
        ended_at: world.now,
        events: world.events,
        steps: world.steps,
        n_received: world.n_received,
        fired: world.link.faults().map(|(_, fired)| fired).collect(),
        faults: world.faults,
        scene: world.scene,
    }
}

impl<'a> World<'a> {
    fn new(case: &'a Case, seed: u64, seats: Seats<'a>) -> World<'a> {
        let environments = case
            .environments
            .iter()
            .map(|it| EnvironmentSeen {
                name: it.name.clone(),
                system: it.system,
                prefix: it.prefix.clone(),
                live_since: None,
            })
            .collect();
        let rosterings = (0..)
            .zip(&case.environments)
            .map(|(environment, it)| Rostering::new(environment, it.system, it.prefix.clone(), case.settings))
            .collect();
        World {
            case,
            acp: seats.acp,
            between: seats.between,
            acp_is_foreign: seats.acp_is_foreign,
            carrier: seats.carrier,
            office: seats.office,
            carrier_due: None,
            changed: Vec::new(),
            turned_away: BTreeMap::new(),
            rosterings,
            link: Link::new(seed),
            faults: Vec::new(),
            now: case.clock,
            step: None,
            scene: Scene::new(case.settings, environments),
            events: Vec::new(),
            steps: Vec::new(),
            called: BTreeMap::new(),
            at_first: BTreeMap::new(),
            since_when: 0,
            last: Last::Nothing,
            n_news: 0,
            n_decided: 0,
            n_received: 0,
            parked: Vec::new(),
        }
    }

    pub(crate) fn note(&mut self, what: What) {
        self.events.push(Event { at: self.now, step: self.step, what });
    }

    pub(crate) fn saw(&mut self, sight: Sight) {
        self.n_news += 1;
        self.scene.saw(self.now, sight.clone());
        self.note(What::Saw(sight));
    }

    pub(crate) fn ask(&mut self, call: Call) -> Reply {
        (self.acp)(self.now, call)
    }

    /// A new tenant with what is there already, and the branches of each rostering system.
    fn set_up(&mut self) {
        let records = self.case.planted.iter().map(|(_, planted)| planted.clone()).collect();
        self.ask(Call::SetUp(SetUp {
            settings: self.case.settings,
            services: self.case.services.clone(),
            records,
        }));
        self.look();
        let ids: Vec<RecordId> = self.scene.records.keys().copied().collect();
        for (id, (called, _)) in ids.into_iter().zip(&self.case.planted) {
            if let Some(called) = called {
                self.called.insert(called.clone(), id);
            }
        }
        self.set_up_office();
        for (number, environment) in (0..).zip(&self.case.environments) {
            for branch in &environment.branches {
                // A branch that is named twice is there after the first.
                let _ = self.command(number, Command::AddBranch { branch: branch.clone() });
            }
        }
    }

    /// The first step is next: from here on faults may strike.
    fn begin(&mut self) {
        for fault in &self.case.faults {
            self.begin_fault(fault.clone());
        }
        for record in self.scene.live_records() {
            for id in record.external_id.iter().chain(&record.aliases) {
                self.at_first.entry(id.clone()).or_insert(record.id);
            }
        }
        self.since_when = self.events.len();
    }

    pub(crate) fn begin_fault(&mut self, fault: scenario::At<Fault>) {
        self.link.begin(fault.it.clone(), self.now);
        self.faults.push(fault);
    }

    /// Takes one step. False ends the story.
    fn take(&mut self, idx: usize, step: &Step) -> bool {
        self.step = Some(idx);
        match step.pause {
            Pause::None => {}
            Pause::For(length) => self.pass_until(after(self.now, length)),
            Pause::Until(at) => self.pass_until(at),
        }
        self.note(What::Step(idx));
        let began_at = self.now;
        let end = match &step.kind {
            StepKind::When(doings) => {
                self.since_when = self.events.len();
                self.last = Last::Nothing;
                for doing in doings {
                    self.act(&doing.it, &doing.at);
                }
                StepEnd::Acted
            }
            StepKind::Then { holds, checks } => {
                let end = self.check(*holds, checks);
                self.note_advice(checks);
                end
            }
        };
        let goes_on = matches!(end, StepEnd::Acted | StepEnd::Held);
        self.steps.push(StepDone { began_at, ended_at: self.now, end });
        goes_on
    }

    /// What guidance says right now of those whom the checks ask about, each of them once.
    fn note_advice(&mut self, checks: &[scenario::At<Check>]) {
        let mut about: Vec<Subject> = Vec::new();
        for check in checks {
            if let Check::Guidance { about: of, .. } | Check::Case { about: of, .. } = &check.it {
                let subject = self.subject(of);
                if !about.contains(&subject) {
                    about.push(subject);
                }
            }
        }
        self.ask_guidance(about);
    }

    /// Notes what guidance says of them, if it says anything.
    pub(crate) fn ask_guidance(&mut self, about: Vec<Subject>) {
        let mut advice: Vec<Advice> = Vec::new();
        for subject in &about {
            for it in self.between.advise(&self.scene, subject, self.now) {
                if !advice.contains(&it) {
                    advice.push(it);
                }
            }
        }
        if !advice.is_empty() {
            self.note(What::Advised { about, advice });
        }
    }

    fn check(&mut self, holds: Holds, checks: &[scenario::At<Check>]) -> StepEnd {
        let base = self.now;
        let all = |world: &World<'_>| check::unmet(world, base, checks);
        let unmet_now = |world: &World<'_>, unmet: Vec<Unmet>| StepEnd::Unmet { at: world.now, unmet };
        match holds {
            Holds::Now => match all(self) {
                unmet if unmet.is_empty() => StepEnd::Held,
                unmet => unmet_now(self, unmet),
            },
            Holds::Within(length) => {
                if all(self).is_empty() {
                    return StepEnd::Vacuous;
                }
                if self.pass_while(after(base, length), checks, |world| !all(world).is_empty()) {
                    return unmet_now(self, all(self));
                }
                StepEnd::Held
            }
            Holds::For(length) => {
                if self.pass_while(after(base, length), checks, |world| all(world).is_empty()) {
                    return StepEnd::Held;
                }
                unmet_now(self, all(self))
            }
            Holds::Never(length) => {
                if self.pass_while(after(base, length), checks, |world| !all(world).is_empty()) {
                    return StepEnd::Held;
                }
                unmet_now(self, check::held(checks))
            }
        }
    }

    // Time

    /// Lets time pass up to and including `until`.
    pub(crate) fn pass_until(&mut self, until: Timestamp) {
        self.pass_while(until, &[], |_| true);
    }

    /// Lets time pass up to and including `until`, as long as `goes_on` says so; it is asked at once, at the end, and
    /// whenever there is news in between. True: it said so to the end.
    fn pass_while(
        &mut self,
        until: Timestamp,
        checks: &[scenario::At<Check>],
        goes_on: impl Fn(&World<'_>) -> bool,
    ) -> bool {
        if !goes_on(self) {
            return false;
        }
        let asks_of_syncs = checks.iter().any(|check| matches!(check.it, Check::Sync { .. }));
        // A look at an instant at which something is due takes place after all of that.
        let mut waits: Option<Timestamp> = None;
        loop {
            let due = self.next_due().filter(|at| *at <= until);
            let look = waits.or_else(|| self.next_look(checks)).filter(|at| *at <= until);
            let Some(next) = due.into_iter().chain(look).min() else { break };
            self.now = self.now.max(next);
            let before = (self.n_news, self.n_decided);
            if due == Some(next) {
                self.happen();
            }
            let is_more_due = self.next_due().is_some_and(|due| due <= self.now);
            waits = look.filter(|at| *at == next && is_more_due);
            let is_look = look == Some(next) && !is_more_due;
            let is_news = is_look || self.n_news > before.0 || (asks_of_syncs && self.n_decided > before.1);
            if is_news && !goes_on(self) {
                return false;
            }
        }
        self.now = self.now.max(until);
        self.tell_the_time();
        goes_on(self)
    }

    /// The clock has jumped: a foreign connector may have something to do, and a foreign engine may have done something.
    fn tell_the_time(&mut self) {
        if self.carrier.is_some() {
            self.ask_carrier();
            while self.next_due().is_some_and(|due| due <= self.now) {
                self.happen();
            }
        }
        if self.acp_is_foreign {
            self.look_at_what_changed();
        }
    }

    fn ask_carrier(&mut self) {
        let Some(carrier) = self.carrier.take() else { return };
        let now = self.now;
        let next = carrier(&mut Desk { world: self });
        self.carrier = Some(carrier);
        // One that wants to be told again at once would never let time pass.
        self.carrier_due = next.map(|next| next.max(after(now, MILLISECOND)));
    }

    pub(crate) fn has_carrier(&self) -> bool {
        self.carrier.is_some()
    }

    /// An integration was switched on or off: a foreign connector learns of it at this instant.
    pub(crate) fn carrier_is_due(&mut self) {
        self.carrier_due = self.carrier.is_some().then_some(self.now);
    }

    /// When something happens next: a delivery arrives or an update is sent.
    fn next_due(&self) -> Option<Timestamp> {
        let carried = self.carrier.is_none().then(|| self.rosterings.iter().filter_map(Rostering::next_due));
        carried.into_iter().flatten().chain(self.carrier_due).chain(self.link.next_arrival()).min()
    }

    /// When guidance may next change its mind with nothing happening: a millisecond after a deadline, or with a new day in
    /// London. Asked only for checks on guidance and cases.
    fn next_look(&self, checks: &[scenario::At<Check>]) -> Option<Timestamp> {
        let about = checks.iter().filter_map(|check| match &check.it {
            Check::Guidance { about, .. } | Check::Case { about, .. } => Some(self.subject(about)),
            _ => None,
        });
        let looks = about.flat_map(|subject| {
            let due = match subject {
                Subject::ServiceUser { environment, sent_id } => {
                    self.scene.due(environment, &sent_id, self.now)
                }
                Subject::Record(id) => self.due_of_record(id),
            };
            [due.map(|due| after(due, MILLISECOND)), midnight_after(self.now)]
        });
        looks.flatten().filter(|at| *at > self.now).min()
    }

    fn due_of_record(&self, id: RecordId) -> Option<Timestamp> {
        let sent_id = self.scene.records.get(&id)?.record.external_id.clone()?;
        let (environment, _) = self.scene.people.keys().find(|(_, it)| *it == sent_id)?;
        self.scene.due(*environment, &sent_id, self.now)
    }

    /// The one next thing that is due now: an arrival before a send.
    fn happen(&mut self) {
        if let Some(door) = self.link.arrive(self.now) {
            self.arrive(door);
            return;
        }
        if self.carrier.is_some() {
            self.ask_carrier();
            return;
        }
        let due = self.rosterings.iter_mut().find(|it| it.next_due().is_some_and(|at| at <= self.now));
        let Some(rostering) = due else { return };
        let update = rostering.poll(self.now).and_then(|update| self.between.send(rostering, update));
        if let Some(update) = update {
            let update = self.filled(update);
            self.send(Arc::new(update));
        }
    }

    fn send(&mut self, update: Arc<feed::Update>) {
        let (delivery, taken) = self.link.send(self.now, Arc::clone(&update));
        self.note_sent(delivery, update, taken);
    }

    /// A foreign connector's update is let in at ACP's door. With a number: it was turned away before.
    pub(crate) fn hand_in(&mut self, number: Option<u32>, update: Arc<feed::Update>) {
        let (delivery, taken) = self.link.let_in(self.now, number, Arc::clone(&update));
        if number.is_none() {
            self.note_sent(delivery, update, taken);
        } else if let Some((fault, hit)) = taken {
            self.note(What::Fault { fault, delivery, hit });
        }
    }

    fn note_sent(&mut self, delivery: u32, update: Arc<feed::Update>, taken: Option<(usize, Hit)>) {
        let says_something = !(update.service_users.is_empty() && update.visits.is_empty());
        if says_something || taken.is_some() {
            self.note(What::Sent { delivery, update });
        }
        if let Some((fault, hit)) = taken {
            self.note(What::Fault { fault, delivery, hit });
        }
    }

    fn arrive(&mut self, door: Door) {
        match door {
            Door::Open(mut delivery) => {
                if delivery.attempts > 0 && delivery.update.kind == UpdateKind::Full {
                    // A full update carries everybody as they stand when it is applied, so it is composed anew.
                    let environment = usize::from(delivery.update.environment);
                    let update = self.rosterings[environment].compose(self.now, UpdateKind::Full);
                    delivery.update = Arc::new(self.filled(update));
                }
                self.receive(delivery.number, delivery.update);
            }
            Door::Shut { fault, delivery, hit, again_at } => {
                self.note(What::Fault { fault, delivery: delivery.number, hit });
                self.link.again(again_at, delivery);
            }
        }
    }

    fn receive(&mut self, delivery: u32, update: Arc<feed::Update>) {
        let Reply::Received(receipt) = self.ask(Call::Receive((*update).clone())) else {
            return;
        };
        self.n_received += 1;
        self.n_decided += receipt.decisions.len();
        let Reply::Shown(shown) = self.ask(Call::Look(Look::Touched)) else {
            return;
        };
        let carried = !(update.service_users.is_empty() && update.visits.is_empty());
        let did = receipt.decisions.len() + receipt.visits.len() + receipt.branches.len() > 0;
        if carried || did || !shown.records.is_empty() || !shown.gone.is_empty() {
            self.note(What::Arrived { delivery, update, receipt });
        }
        self.show(shown);
    }

    // Looking

    fn look(&mut self) {
        if let Reply::Shown(shown) = self.ask(Call::Look(Look::Everything)) {
            self.show(shown);
        }
        // What was there before is not news.
        self.ask(Call::Look(Look::Touched));
    }

    pub(crate) fn look_at_what_changed(&mut self) {
        if let Reply::Shown(shown) = self.ask(Call::Look(Look::Touched)) {
            self.show(shown);
        }
    }

    fn show(&mut self, shown: Shown) {
        if self.parked != shown.parked {
            self.n_news += 1;
            self.parked = shown.parked;
        }
        if shown.branches != self.scene.branches {
            self.saw(Sight::Branches(shown.branches));
        }
        for id in shown.gone {
            self.saw(Sight::RecordGone(id));
        }
        for mut record in shown.records {
            // That an update was the newest, and said nothing new, is nothing that anybody sees.
            let newest = record.newest;
            let same = self.scene.records.get(&record.id).is_some_and(|seen| {
                record.newest = seen.record.newest;
                *seen.record == record
            });
            if !same {
                record.newest = newest;
                self.saw(Sight::Record(Arc::new(record)));
            }
        }
    }

    // Names

    /// Whom the scenario means, whether they exist or not.
    pub(crate) fn subject(&self, about: &About) -> Subject {
        match about {
            About::ServiceUser(id) => self.service_user(id),
            About::Record(RecordRef::Of(id)) => self
                .record(&RecordRef::Of(id.clone()))
                .map_or_else(|_| self.service_user(id), Subject::Record),
            About::Record(of) => Subject::Record(self.record(of).unwrap_or(RecordId(0))),
        }
    }

    fn service_user(&self, id: &ExternalId) -> Subject {
        let environment =
            self.scene.people.keys().find(|(_, sent_id)| sent_id == id).map_or(0, |(it, _)| *it);
        Subject::ServiceUser { environment, sent_id: id.clone() }
    }

    /// The record that is meant now. Where an identifier stands on two, the older one.
    pub(crate) fn record(&self, of: &RecordRef) -> Result<RecordId, String> {
        match of {
            RecordRef::Of(id) => self
                .scene
                .records_of(id)
                .next()
                .map(|record| record.id)
                .ok_or_else(|| format!("ACP has no record with the external identifier \"{id}\"")),
            RecordRef::Called(name) => {
                self.called.get(name).copied().ok_or_else(|| format!("no record called \"{name}\" was made"))
            }
            RecordRef::Number(n) => {
                let id = RecordId(*n);
                let there = self.scene.records.contains_key(&id);
                if there { Ok(id) } else { Err(format!("ACP never had a record {id}")) }
            }
        }
    }
}

fn midnight_after(now: Timestamp) -> Option<Timestamp> {
    let tomorrow = feed::date_in_london(now).tomorrow().ok()?;
    Some(tomorrow.to_zoned(feed::london().clone()).ok()?.timestamp())
}
