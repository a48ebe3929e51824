//! Carries, or fails to: what is in flight between the systems, what the faults do to it, and how often a refused
//! delivery is tried again. **`link` knows neither what a rostering system is nor what ACP makes of an update**, and it
//! has no clock: every call brings its instant.

mod fault;

pub use fault::{Deliveries, Fault, FaultKind, Hit};

use feed::{ExternalId, PARTIAL_TAKES_AT_MOST, ServiceUser, Timestamp, Update, UpdateKind};
use jiff::SignedDuration;
use rand::{Rng, SeedableRng, rngs::ChaCha8Rng};
use std::{collections::BTreeMap, sync::Arc};

/// How long a refused delivery waits before it is tried again: this, doubled each time, up to the longest. Assumed:
/// nothing is published about retries.
const FIRST_RETRY: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_RETRY: SignedDuration = SignedDuration::from_mins(16);

/// One update on its way.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// From 1, in the order of sending.
    pub number: u32,
    pub update: Arc<Update>,
    /// How often it was turned away.
    pub attempts: u32,
    /// Faults of sending are over and done with; those at ACP's door are not.
    hold_back: bool,
    /// ACP's door has let it in already.
    is_in: bool,
}

/// A fault that began, and what is left of it.
#[derive(Clone, Debug)]
struct Armed {
    fault: Fault,
    fired: u32,
    lifted: bool,
    began_at: Timestamp,
}

impl Armed {
    fn is_spent(&self) -> bool {
        self.lifted || self.fired >= self.fault.times
    }

    fn takes(&self, update: &Update) -> bool {
        let on = &self.fault.on;
        let carries = |id: &ExternalId| update.service_users.iter().any(|user| user.external_id == *id);
        on.kind.is_none_or(|kind| kind == update.kind)
            && on.environment.is_none_or(|environment| environment == update.environment)
            && on.carrying.as_ref().is_none_or(carries)
            && match &self.fault.kind {
                FaultKind::Poison(id) => carries(id),
                FaultKind::Cut(n) => update.service_users.len() > *n as usize,
                _ => true,
            }
    }

    fn is_down(&self, now: Timestamp) -> bool {
        match self.fault.kind {
            FaultKind::Down(length) => {
                !self.lifted && self.began_at <= now && now < after(self.began_at, length)
            }
            _ => false,
        }
    }
}

/// What comes of a delivery that stands at ACP's door.
#[derive(Clone, Debug)]
pub enum Door {
    Open(Delivery),
    /// Turned away by this fault; it will be back.
    Shut {
        fault: usize,
        delivery: Delivery,
        hit: Hit,
        again_at: Timestamp,
    },
}

/// One way from rostering to ACP, for all environments of a world.
#[derive(Clone, Debug)]
pub struct Link {
    seed: u64,
    /// By instant of arrival, then in the order in which they were put here.
    in_flight: BTreeMap<(Timestamp, u64), Delivery>,
    n_put: u64,
    n_sent: u32,
    faults: Vec<Armed>,
    held_back: Vec<Delivery>,
}

impl Link {
    /// Nothing is in flight. The seed decides how long each delivery takes.
    pub fn new(seed: u64) -> Link {
        Link {
            seed,
            in_flight: BTreeMap::new(),
            n_put: 0,
            n_sent: 0,
            faults: Vec::new(),
            held_back: Vec::new(),
        }
    }

    /// A fault begins. It is known by its number: faults count from 0.
    pub fn begin(&mut self, fault: Fault, now: Timestamp) {
        self.faults.push(Armed { fault, fired: 0, lifted: false, began_at: now });
    }

    /// Every fault that began, and how often it has fired.
    pub fn faults(&self) -> impl ExactSizeIterator<Item = (&Fault, u32)> {
        self.faults.iter().map(|armed| (&armed.fault, armed.fired))
    }

    /// Switches a fault off; what it did stays done. False: there is no fault of this number.
    pub fn lift(&mut self, number: usize) -> bool {
        let armed = self.faults.get_mut(number);
        armed.map(|armed| armed.lifted = true).is_some()
    }

    pub fn is_lifted(&self, number: usize) -> bool {
        self.faults.get(number).is_some_and(|armed| armed.lifted)
    }

    /// When the next delivery arrives, if one is in flight.
    pub fn next_arrival(&self) -> Option<Timestamp> {
        self.in_flight.keys().next().map(|(at, _)| *at)
    }

    fn put(&mut self, at: Timestamp, delivery: Delivery) {
        self.n_put += 1;
        self.in_flight.insert((at, self.n_put), delivery);
    }

    /// The delay of one partial update: 0 to 5 minutes, to the millisecond, from the seed and the update's own place,
    /// so that nothing else in the scenario can shift it.
    fn delay(&self, update: &Update) -> SignedDuration {
        if update.kind == UpdateKind::Full {
            return SignedDuration::ZERO;
        }
        let place = (u64::from(update.environment) << 32) | u64::from(update.sequence);
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let longest = u64::try_from(PARTIAL_TAKES_AT_MOST.as_millis()).expect("five minutes");
        SignedDuration::from_millis(
            i64::try_from(rng.next_u64() % (longest + 1)).expect("at most five minutes"),
        )
    }

    /// Takes an update that was sent at `now`. Gives its number and the fault that took it.
    pub fn send(&mut self, now: Timestamp, update: Arc<Update>) -> (u32, Option<(usize, Hit)>) {
        let number = self.number();
        self.take_on(now, Delivery { number, update, attempts: 0, hold_back: false, is_in: false })
    }

    /// The number of the next delivery, for one that is turned away before it is on its way.
    pub fn number(&mut self) -> u32 {
        self.n_sent += 1;
        self.n_sent
    }

    /// Whether ACP's door turns this update away at `now`: the fault, and when it may be tried again.
    pub fn knock(&mut self, now: Timestamp, update: &Update) -> Option<(usize, Hit)> {
        let fault = self.shuts(now, update)?;
        Some((fault, self.turn_away(fault, now, FIRST_RETRY).0))
    }

    /// As [`Link::send`], for an update that ACP's door has let in: nothing turns it away any more. It has the number that
    /// it was given when it was turned away before, if it was.
    pub fn let_in(
        &mut self,
        now: Timestamp,
        number: Option<u32>,
        update: Arc<Update>,
    ) -> (u32, Option<(usize, Hit)>) {
        let number = number.unwrap_or_else(|| self.number());
        self.take_on(now, Delivery { number, update, attempts: 0, hold_back: false, is_in: true })
    }

    fn take_on(&mut self, now: Timestamp, mut delivery: Delivery) -> (u32, Option<(usize, Hit)>) {
        let number = delivery.number;
        let arrives_at = after(now, self.delay(&delivery.update));
        let taken = self.faults.iter().position(|armed| {
            !armed.is_spent() && is_of_sending(&armed.fault.kind) && armed.takes(&delivery.update)
        });
        let Some(fault) = taken else {
            self.put(arrives_at, delivery);
            return (number, None);
        };
        self.faults[fault].fired += 1;
        let kind = self.faults[fault].fault.kind.clone();
        let hit = match kind {
            FaultKind::Lose => Hit::Lost,
            FaultKind::Delay(by) => {
                self.put(after(arrives_at, by), delivery);
                Hit::Delayed(by)
            }
            FaultKind::Repeat(later) => {
                let again_at = after(arrives_at, later);
                self.put(arrives_at, delivery.clone());
                self.put(again_at, delivery);
                Hit::Repeated { again_at }
            }
            FaultKind::Reorder => {
                delivery.hold_back = true;
                self.put(arrives_at, delivery);
                Hit::HeldBack
            }
            FaultKind::Cut(n) => {
                let mut cut = (*delivery.update).clone();
                let n_lost = cut.service_users.len().saturating_sub(n as usize);
                cut.service_users.truncate(n as usize);
                // Without its end nobody can say which visits it left out, so it speaks of none.
                cut.visits.clear();
                cut.visits_until =
                    cut.sent_at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(cut.sent_at);
                delivery.update = Arc::new(cut);
                self.put(arrives_at, delivery);
                Hit::Cut { n_lost }
            }
            FaultKind::Poison(id) => {
                let mut poisoned = (*delivery.update).clone();
                poisoned.service_users.iter_mut().filter(|user| user.external_id == id).for_each(poison);
                delivery.update = Arc::new(poisoned);
                self.put(arrives_at, delivery);
                Hit::Poisoned
            }
            FaultKind::Down(_) | FaultKind::Refuse { .. } => unreachable!("not faults of sending"),
        };
        (number, Some((fault, hit)))
    }

    /// The next delivery that arrives at `now`, if any, and whether ACP's door is open to it.
    pub fn arrive(&mut self, now: Timestamp) -> Option<Door> {
        let entry = self.in_flight.first_entry()?;
        if entry.key().0 > now {
            return None;
        }
        let mut delivery = entry.remove();
        if delivery.hold_back {
            delivery.hold_back = false;
            self.held_back.push(delivery);
            return self.arrive(now);
        }
        let shut = if delivery.is_in { None } else { self.shuts(now, &delivery.update) };
        let Some(fault) = shut else {
            self.let_go(now, delivery.update.environment);
            return Some(Door::Open(delivery));
        };
        delivery.attempts += 1;
        let doubled = 2_i32.saturating_pow(delivery.attempts - 1);
        let backoff = FIRST_RETRY.checked_mul(doubled).map_or(LONGEST_RETRY, |wait| wait.min(LONGEST_RETRY));
        let (hit, again_at) = self.turn_away(fault, now, backoff);
        Some(Door::Shut { fault, delivery, hit, again_at })
    }

    /// The fault that keeps ACP's door shut to this update.
    fn shuts(&self, now: Timestamp, update: &Update) -> Option<usize> {
        self.faults.iter().position(|armed| {
            let is_shut = match armed.fault.kind {
                FaultKind::Down(_) => armed.is_down(now),
                FaultKind::Refuse { .. } => !armed.is_spent(),
                _ => false,
            };
            is_shut && armed.takes(update)
        })
    }

    /// What the fault at the door does, and when it may be tried again.
    fn turn_away(&mut self, fault: usize, now: Timestamp, backoff: SignedDuration) -> (Hit, Timestamp) {
        self.faults[fault].fired += 1;
        if let FaultKind::Refuse { status, retry_after } = self.faults[fault].fault.kind {
            let again_at = after(now, backoff.max(retry_after.unwrap_or(SignedDuration::ZERO)));
            return (Hit::Refused { status, again_at }, again_at);
        }
        let again_at = after(now, backoff);
        (Hit::Down { again_at }, again_at)
    }

    /// Sends a delivery on its way again.
    pub fn again(&mut self, at: Timestamp, delivery: Delivery) {
        self.put(at, delivery);
    }

    /// Something of this environment has gone past: what was held back follows at once.
    fn let_go(&mut self, now: Timestamp, environment: u8) {
        let (go, stay) =
            self.held_back.drain(..).partition(|delivery| delivery.update.environment == environment);
        self.held_back = stay;
        let go: Vec<Delivery> = go;
        for delivery in go {
            self.put(now, delivery);
        }
    }
}

/// Faults that take a delivery when it is sent; the others stand at ACP's door.
const fn is_of_sending(kind: &FaultKind) -> bool {
    !matches!(kind, FaultKind::Down(_) | FaultKind::Refuse { .. })
}

/// A name that no system can keep: the damage is plain to see, so ACP has to refuse this one service user.
fn poison(user: &mut ServiceUser) {
    user.fields.set(feed::Field::FamilyName, feed::Text::from("\0"));
}

/// `at` and `length` later, or the end of time.
pub fn after(at: Timestamp, length: SignedDuration) -> Timestamp {
    at.checked_add(length).unwrap_or(Timestamp::MAX)
}
