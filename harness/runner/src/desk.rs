//! What a foreign connector sees and does while the world stands still for it: it reads the rostering systems and hands
//! updates in at ACP's door. It is told the time and asked when it wants to be told next; it cannot move the clock.

use crate::{What, world::World};
use feed::{Timestamp, Update};
use link::Hit;
use rostering::{Happened, Rostering};
use std::sync::Arc;

/// A foreign connector: it does what is due at the instant at which the desk stands, and says when something is due for
/// it next. None: only once an integration is switched on or off.
pub type Carrier<'c> = dyn FnMut(&mut Desk<'_, '_>) -> Option<Timestamp> + 'c;

/// The world, as a connector may use it.
pub struct Desk<'d, 'w> {
    pub(crate) world: &'d mut World<'w>,
}

/// What ACP's door says to an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// Taken; applied at once or within the minutes that ACP takes.
    Taken,
    /// Turned away with this HTTP status; not to be tried again before `again_at`.
    TurnedAway { status: u16, again_at: Timestamp },
    /// There is no such environment.
    NoSuchEnvironment,
}

/// ACP's door while the link is down: service unavailable.
const DOWN: u16 = 503;

impl Desk<'_, '_> {
    pub fn now(&self) -> Timestamp {
        self.world.now
    }

    pub fn rosterings(&self) -> &[Rostering] {
        &self.world.rosterings
    }

    /// When each environment's integration was switched on; none while it is off.
    pub fn live_since(&self) -> Vec<Option<Timestamp>> {
        self.world.scene.environments.iter().map(|it| it.live_since).collect()
    }

    /// What administrators changed in rostering since this was asked last, in order, by environment.
    pub fn take_changed(&mut self) -> Vec<(u8, Happened)> {
        std::mem::take(&mut self.world.changed)
    }

    /// Hands an update in. It goes the way of every delivery, faults included.
    pub fn hand_in(&mut self, update: Update) -> Handed {
        let world = &mut *self.world;
        if usize::from(update.environment) >= world.rosterings.len() {
            return Handed::NoSuchEnvironment;
        }
        let key = (update.environment, update.sequence);
        let update = Arc::new(update);
        if let Some((fault, hit)) = world.link.knock(world.now, &update) {
            let delivery = if let Some(number) = world.turned_away.get(&key) {
                *number
            } else {
                let delivery = world.link.number();
                world.turned_away.insert(key, delivery);
                world.note(What::Sent { delivery, update });
                delivery
            };
            let handed = match hit {
                Hit::Refused { status, again_at } => Handed::TurnedAway { status, again_at },
                Hit::Down { again_at } => Handed::TurnedAway { status: DOWN, again_at },
                _ => Handed::Taken,
            };
            world.note(What::Fault { fault, delivery, hit });
            return handed;
        }
        let is_again = world.turned_away.remove(&key);
        world.hand_in(is_again, update);
        Handed::Taken
    }
}
