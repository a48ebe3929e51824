//! One world: the rostering systems, the way between, ACP, and a clock that moves only when it is told to.
//!
//! **Every call that can change it is a [`Request`] and goes through [`World::call`]**: the same calls at the same
//! instants make the same world, to the byte. That is what a journal needs and what going back in time is built on.
//! Order at one instant is as everywhere: what arrives, then what is sent, then what is asked.

use crate::{
    events::{Events, Holds},
    feed_of::Feed,
    says,
};
use acp::{Acp, Call, Look, Planted, Receipt, Record, RecordId, Reply, Shown};
use feed::{ExternalId, Settings, System, Text, Timestamp, Update, UpdateKind, VisitId};
use jiff::SignedDuration;
use link::{Door, Fault, Hit, Link};
use rostering::{Command, Happened, Rostering};
use std::{collections::BTreeMap, sync::Arc};

/// How a world begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetUp {
    pub clock: Timestamp,
    /// Decides how long each delivery takes.
    pub seed: u64,
    pub settings: Settings,
    /// Of ACP: (service, branches).
    pub services: Vec<(Text, Vec<Text>)>,
    pub records: Vec<Planted>,
    pub environments: Vec<Environment>,
}

/// A rostering environment at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub name: Text,
    pub system: System,
    pub prefix: Option<Text>,
    pub branches: Vec<Text>,
    pub live: bool,
}

/// Everything that can change a world. Environments go by their place, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Nothing but that time passes.
    Pass,
    Rostering {
        environment: u8,
        command: Command,
    },
    /// Adds a service user, or sets fields of the one that is there. `seen` is the version that the caller knows.
    Put {
        environment: u8,
        id: ExternalId,
        fields: feed::Fields,
        seen: Option<u32>,
    },
    /// The integration of an environment is switched on or off.
    Switch {
        environment: u8,
        on: bool,
    },
    /// An update arrives from outside.
    Receive(Box<Update>),
    /// One service user arrives from outside. Without an environment and a sequence it is the next one made by hand.
    Upsert {
        user: Box<feed::ServiceUser>,
        environment: Option<u8>,
        sequence: Option<u32>,
    },
    Act(Box<acp::Act>),
    Begin(Fault),
    /// Switches a fault off, by its number.
    Lift(usize),
    RaiseCase(crate::wire::NewCase),
    CloseCase(u32),
}

/// What came of a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    Done,
    Rostering(Result<Happened, rostering::Refusal>),
    Put {
        added: bool,
        result: Result<Happened, rostering::Refusal>,
    },
    /// The service user is at this version already; nothing was done.
    Stale(u32),
    Received(Arc<Receipt>),
    Acted(Result<acp::Done, acp::Refusal>),
    /// The number of the fault or case.
    Number(usize),
    /// There is no such environment, fault or case.
    NoSuch,
    /// The instant is before the world's own; nothing was done.
    Past,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: Timestamp,
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    SetUp {
        n_records: usize,
    },
    Rostering {
        environment: u8,
        command: Command,
        refused: Option<rostering::Refusal>,
    },
    Switched {
        environment: u8,
        on: bool,
    },
    Sent {
        delivery: u32,
        environment: u8,
        kind: UpdateKind,
        n_service_users: usize,
        n_visits: usize,
    },
    Fault {
        delivery: u32,
        hit: Hit,
    },
    /// None: it came from outside, so it has no number here.
    Arrived {
        delivery: Option<u32>,
        environment: u8,
        receipt: Arc<Receipt>,
    },
    Acted {
        act: acp::Act,
        refused: Option<acp::Refusal>,
    },
    FaultBegan {
        number: usize,
    },
    FaultLifted {
        number: usize,
    },
    CaseRaised {
        number: u32,
    },
    CaseClosed {
        number: u32,
    },
}

/// A thing of a rostering environment that can change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    ServiceUser(ExternalId),
    Visit(VisitId),
}

/// What ACP shows, as it was last seen. ACP is asked for changes only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) records: BTreeMap<RecordId, Record>,
    pub(crate) branches: Vec<(Text, Text)>,
    pub(crate) parked: Vec<VisitId>,
    pub(crate) changes: Feed<RecordId>,
}

impl Mirror {
    pub(crate) fn saw(&mut self, shown: Shown) {
        self.branches = shown.branches;
        self.parked = shown.parked;
        for id in shown.gone {
            self.records.remove(&id);
            self.changes.note(id);
        }
        for record in shown.records {
            self.changes.note(record.id);
            self.records.insert(record.id, record);
        }
    }
}

pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) names: Vec<Text>,
    pub(crate) rosterings: Vec<Rostering>,
    pub(crate) live_since: Vec<Option<Timestamp>>,
    pub(crate) changes: Vec<Feed<Thing>>,
    pub(crate) link: Link,
    acp: Acp,
    pub(crate) mirror: Mirror,
    pub(crate) events: Events,
    pub(crate) cases: Vec<crate::wire::Case>,
    /// Of updates that are made from single upserts: they count apart from every environment's.
    n_upserts: u32,
}

impl World {
    pub(crate) fn new(set_up: SetUp) -> World {
        World::holding(set_up, Holds::default())
    }

    /// Of what happens, it holds these.
    pub(crate) fn holding(set_up: SetUp, holds: Holds) -> World {
        let now = set_up.clock;
        let mut acp = Acp::default();
        let n_records = set_up.records.len();
        acp.answer(
            now,
            Call::SetUp(acp::SetUp {
                settings: set_up.settings,
                services: set_up.services,
                records: set_up.records,
            }),
        );
        let rostering = |(number, it): (u8, &Environment)| {
            Rostering::new(number, it.system, it.prefix.clone(), set_up.settings)
        };
        let mut world = World {
            now,
            names: set_up.environments.iter().map(|it| it.name.clone()).collect(),
            rosterings: (0..).zip(&set_up.environments).map(rostering).collect(),
            live_since: vec![None; set_up.environments.len()],
            changes: vec![Feed::default(); set_up.environments.len()],
            link: Link::new(set_up.seed),
            acp,
            mirror: Mirror::default(),
            events: Events::holding(holds),
            cases: Vec::new(),
            n_upserts: 0,
        };
        world.look(Look::Everything);
        // What was there before is no news.
        world.acp.answer(now, Call::Look(Look::Touched));
        world.note(What::SetUp { n_records });
        for (number, it) in (0..).zip(set_up.environments) {
            for branch in it.branches {
                // A branch that is named twice is there after the first.
                let _ = world.rosterings[usize::from(number)].handle(now, Command::AddBranch { branch });
            }
            if it.live {
                world.switch(number, true);
            }
        }
        world
    }

    /// The instant at which the world stands.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// When something happens by itself next.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let sends = self.rosterings.iter().filter_map(Rostering::next_due);
        sends.chain(self.link.next_arrival()).min()
    }

    /// Lets time pass until `now`, doing what is due on the way, and then does what is asked.
    pub(crate) fn call(&mut self, now: Timestamp, request: Request) -> Response {
        if now < self.now {
            return Response::Past;
        }
        while let Some(due) = self.next_due().filter(|due| *due <= now) {
            self.now = self.now.max(due);
            self.happen();
        }
        self.now = now;
        self.answer(request)
    }

    fn answer(&mut self, request: Request) -> Response {
        match request {
            Request::Pass => Response::Done,
            Request::Rostering { environment, command } => match self.command(environment, command) {
                Some(result) => Response::Rostering(result),
                None => Response::NoSuch,
            },
            Request::Put { environment, id, fields, seen } => self.put(environment, id, fields, seen),
            Request::Switch { environment, on } => {
                let is_there = usize::from(environment) < self.rosterings.len();
                if !is_there {
                    return Response::NoSuch;
                }
                self.switch(environment, on);
                // The first full update is due at this very instant.
                while self.next_due().is_some_and(|due| due <= self.now) {
                    self.happen();
                }
                Response::Done
            }
            Request::Receive(update) => Response::Received(self.receive(None, *update)),
            Request::Upsert { user, environment, sequence } => {
                let update = self.upsert(*user, environment, sequence);
                Response::Received(self.receive(None, update))
            }
            Request::Act(act) => Response::Acted(self.act(*act)),
            Request::Begin(fault) => {
                let number = self.link.faults().len();
                self.link.begin(fault, self.now);
                self.note(What::FaultBegan { number });
                Response::Number(number)
            }
            Request::Lift(number) => {
                if !self.link.lift(number) {
                    return Response::NoSuch;
                }
                self.note(What::FaultLifted { number });
                Response::Done
            }
            Request::RaiseCase(case) => {
                let number = self.cases.len() + 1;
                let number_32 = u32::try_from(number).unwrap_or(u32::MAX);
                let raised_at = self.now;
                self.cases.push(crate::wire::Case { number: number_32, raised_at, closed_at: None, case });
                self.note(What::CaseRaised { number: number_32 });
                Response::Number(number)
            }
            Request::CloseCase(number) => {
                let now = self.now;
                let open = self.cases.iter_mut().find(|it| it.number == number && it.closed_at.is_none());
                let Some(case) = open else { return Response::NoSuch };
                case.closed_at = Some(now);
                self.note(What::CaseClosed { number });
                Response::Done
            }
        }
    }

    fn note(&mut self, what: What) {
        self.events.note(Event { at: self.now, what });
    }

    /// The one next thing that is due now: an arrival before a send.
    fn happen(&mut self) {
        match self.link.arrive(self.now) {
            Some(Door::Open(mut delivery)) => {
                if delivery.attempts > 0 && delivery.update.kind == UpdateKind::Full {
                    // A full update carries everybody as they stand when it is applied.
                    let environment = usize::from(delivery.update.environment);
                    delivery.update =
                        Arc::new(self.rosterings[environment].compose(self.now, UpdateKind::Full));
                }
                self.receive(Some(delivery.number), (*delivery.update).clone());
            }
            Some(Door::Shut { delivery, hit, again_at, .. }) => {
                self.note(What::Fault { delivery: delivery.number, hit });
                self.link.again(again_at, delivery);
            }
            None => self.send(),
        }
    }

    fn send(&mut self) {
        let due = self.rosterings.iter_mut().find(|it| it.next_due().is_some_and(|at| at <= self.now));
        let Some(update) = due.and_then(|rostering| rostering.poll(self.now)) else { return };
        let update = Arc::new(update);
        let (delivery, taken) = self.link.send(self.now, Arc::clone(&update));
        let says_something = !(update.service_users.is_empty() && update.visits.is_empty());
        if says_something || taken.is_some() {
            self.note(What::Sent {
                delivery,
                environment: update.environment,
                kind: update.kind,
                n_service_users: update.service_users.len(),
                n_visits: update.visits.len(),
            });
        }
        if let Some((_, hit)) = taken {
            self.note(What::Fault { delivery, hit });
        }
    }

    fn receive(&mut self, delivery: Option<u32>, update: Update) -> Arc<Receipt> {
        let environment = update.environment;
        if environment == self.upserts() {
            self.n_upserts = self.n_upserts.max(update.sequence);
        }
        let Reply::Received(receipt) = self.acp.answer(self.now, Call::Receive(update)) else {
            unreachable!("an update is always answered with a receipt")
        };
        let receipt = Arc::new(receipt);
        let did = receipt.decisions.len() + receipt.visits.len() + receipt.branches.len() > 0;
        if did || delivery.is_none() {
            self.note(What::Arrived { delivery, environment, receipt: Arc::clone(&receipt) });
        }
        self.look(Look::Touched);
        receipt
    }

    fn act(&mut self, act: acp::Act) -> Result<acp::Done, acp::Refusal> {
        let result = match self.acp.answer(self.now, Call::Act(act.clone())) {
            Reply::Done(done) => Ok(done),
            Reply::Refused(refusal) => Err(refusal),
            _ => unreachable!("an action is done or refused"),
        };
        self.note(What::Acted { act, refused: result.as_ref().err().cloned() });
        self.look(Look::Touched);
        result
    }

    fn look(&mut self, look: Look) {
        if let Reply::Shown(shown) = self.acp.answer(self.now, Call::Look(look)) {
            self.mirror.saw(shown);
        }
    }

    /// None: there is no such environment.
    fn command(&mut self, environment: u8, command: Command) -> Option<Result<Happened, rostering::Refusal>> {
        let rostering = self.rosterings.get_mut(usize::from(environment))?;
        let result = rostering.handle(self.now, command.clone());
        if let Ok(happened) = &result {
            let changes = &mut self.changes[usize::from(environment)];
            happened.service_users.iter().for_each(|id| changes.note(Thing::ServiceUser(id.clone())));
            happened.visits.iter().for_each(|id| changes.note(Thing::Visit(id.clone())));
        }
        self.note(What::Rostering { environment, command, refused: result.as_ref().err().cloned() });
        Some(result)
    }

    fn put(&mut self, environment: u8, id: ExternalId, fields: feed::Fields, seen: Option<u32>) -> Response {
        let version = self.version(environment, &id);
        if let (Some(seen), Some(version)) = (seen, version)
            && seen < version
        {
            return Response::Stale(version);
        }
        let command = match version {
            Some(_) => Command::Edit { id, set: fields },
            None => Command::AddServiceUser { id, fields },
        };
        match self.command(environment, command) {
            Some(result) => Response::Put { added: version.is_none(), result },
            None => Response::NoSuch,
        }
    }

    /// Of a service user of this environment.
    pub(crate) fn version(&self, environment: u8, id: &ExternalId) -> Option<u32> {
        Some(self.rosterings.get(usize::from(environment))?.person(id)?.version)
    }

    fn switch(&mut self, environment: u8, on: bool) {
        let rostering = &mut self.rosterings[usize::from(environment)];
        if on {
            rostering.go_live(self.now);
        } else {
            rostering.stop();
        }
        self.live_since[usize::from(environment)] = on.then_some(self.now);
        self.note(What::Switched { environment, on });
    }

    /// An update with one service user, which says nothing about visits.
    fn upsert(&self, user: feed::ServiceUser, environment: Option<u8>, sequence: Option<u32>) -> Update {
        let environment = environment.unwrap_or(self.upserts());
        let there = self.rosterings.get(usize::from(environment));
        Update {
            kind: UpdateKind::Partial,
            system: there.map_or(System::Other, Rostering::system),
            environment,
            sequence: sequence.unwrap_or(self.n_upserts.saturating_add(1)),
            sent_at: self.now,
            branches: Vec::new(),
            service_users: vec![user],
            visits: Vec::new(),
            visits_until: self.now.checked_sub(SignedDuration::from_millis(1)).unwrap_or(self.now),
        }
    }

    fn upserts(&self) -> u8 {
        u8::try_from(self.rosterings.len()).unwrap_or(u8::MAX)
    }

    pub(crate) fn says(&self, event: &Event) -> String {
        says::sentence(self, event)
    }
}
