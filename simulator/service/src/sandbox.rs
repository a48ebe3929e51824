//! A named world that is served: the world, how it began, and every call since, so that it can go back in time. Worlds
//! never see each other: each has its own lock and nothing in common.

use crate::{
    stage::Stage,
    view::View,
    world::{Request, Response, SetUp, World},
};
use feed::Timestamp;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

/// One named world.
pub(crate) struct Sandbox {
    pub(crate) name: String,
    /// Counts how often it was set up, so that cursors from before are noticed.
    pub(crate) incarnation: u64,
    set_up: SetUp,
    /// Every call that may have changed something, in order.
    journal: Vec<(Timestamp, Request)>,
    world: World,
    /// A call ended in a fault of ours, so nobody knows what stands in it.
    broken: bool,
}

/// What a sandbox cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cannot {
    /// A fault of ours left it in no known state. It has to be reset.
    Broken,
    /// Back to before it began.
    BeforeItBegan,
    /// Back to what has not happened yet.
    NotYet,
}

impl Sandbox {
    fn new(name: String, incarnation: u64, set_up: SetUp) -> Sandbox {
        let world = World::new(set_up.clone());
        Sandbox { name, incarnation, set_up, journal: Vec::new(), world, broken: false }
    }

    /// Both systems as they stand.
    pub(crate) fn view(&self) -> Result<View<'_>, Cannot> {
        let world = self.world()?;
        Ok(View {
            name: &self.name,
            incarnation: self.incarnation,
            now: world.now,
            names: &world.names,
            rosterings: &world.rosterings,
            live_since: &world.live_since,
            changes: &world.changes,
            mirror: &world.mirror,
        })
    }

    pub(crate) fn world(&self) -> Result<&World, Cannot> {
        if self.broken { Err(Cannot::Broken) } else { Ok(&self.world) }
    }

    pub(crate) fn set_up(&self) -> &SetUp {
        &self.set_up
    }

    /// `now` is the caller's instant; without one it is the world's own.
    pub(crate) fn call(&mut self, now: Option<Timestamp>, request: Request) -> Result<Response, Cannot> {
        if self.broken {
            return Err(Cannot::Broken);
        }
        let now = now.unwrap_or(self.world.now());
        self.broken = true;
        let response = self.world.call(now, request.clone());
        self.broken = false;
        if !matches!(response, Response::Past) {
            self.journal.push((now, request));
        }
        Ok(response)
    }

    pub(crate) fn reset(&mut self) {
        *self = Sandbox::new(std::mem::take(&mut self.name), self.incarnation + 1, self.set_up.clone());
    }

    /// Undoes everything that was done after `to`, and whatever happened by itself since.
    pub(crate) fn back_to(&mut self, to: Timestamp) -> Result<(), Cannot> {
        if to < self.set_up.clock {
            return Err(Cannot::BeforeItBegan);
        }
        if to > self.world.now() {
            return Err(Cannot::NotYet);
        }
        let mut journal = std::mem::take(&mut self.journal);
        journal.retain(|(at, _)| *at <= to);
        self.reset();
        for (at, request) in journal {
            self.call(Some(at), request)?;
        }
        self.call(Some(to), Request::Pass)?;
        Ok(())
    }
}

/// Where a named world is.
#[derive(Clone)]
pub(crate) enum Held {
    Here(Arc<Mutex<Sandbox>>),
    /// A scenario plays it: what is asked of it goes to whoever does.
    Played(Stage),
}

/// All worlds of a server, by name.
#[derive(Default)]
pub(crate) struct Worlds {
    all: RwLock<BTreeMap<String, Held>>,
}

impl Worlds {
    pub(crate) fn get(&self, name: &str) -> Option<Held> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Sets a world up, in the place of one of the same name. False: there are as many as there may be, or a scenario
    /// plays one of this name.
    pub(crate) fn set_up(&self, name: &str, set_up: SetUp, at_most: usize) -> bool {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let before = match all.get(name) {
            Some(Held::Here(sandbox)) => Some(lock(sandbox).incarnation),
            Some(Held::Played(_)) => return false,
            None if all.len() >= at_most => return false,
            None => None,
        };
        let sandbox = Sandbox::new(name.to_owned(), before.map_or(1, |n| n + 1), set_up);
        all.insert(name.to_owned(), Held::Here(Arc::new(Mutex::new(sandbox))));
        true
    }

    pub(crate) fn play(&self, name: &str, stage: Stage) {
        self.all.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), Held::Played(stage));
    }

    pub(crate) fn remove(&self, name: &str) -> bool {
        self.all.write().unwrap_or_else(PoisonError::into_inner).remove(name).is_some()
    }
}

/// A panic while it was held is known by [`Sandbox::broken`], so the lock itself may be used again.
pub(crate) fn lock(sandbox: &Mutex<Sandbox>) -> std::sync::MutexGuard<'_, Sandbox> {
    sandbox.lock().unwrap_or_else(PoisonError::into_inner)
}
