//! A world that somebody else plays: a scenario, whose connector is a foreign program. That program asks here over HTTP;
//! what it asks goes as data to the thread that plays, which answers while the world stands still.

use crate::{
    feed_of::Feed,
    view::View,
    world::{Mirror, Thing},
};
use acp::Shown;
use feed::{Text, Timestamp, Update};
use rostering::{Happened, Rostering};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::{mpsc, oneshot};

/// What is asked of a world that is played.
pub enum Wish {
    /// To see both systems.
    See(See),
    /// To hand an update in at ACP's door.
    HandIn(Box<Update>, oneshot::Sender<HandedIn>),
}

/// Looks at both systems, and answers by itself.
pub struct See(Box<dyn FnOnce(&View<'_>) + Send>);

/// What came of an update at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedIn {
    Taken,
    /// With this status; to be tried again after so many seconds of the world's own time.
    TurnedAway {
        status: u16,
        retry_after: u64,
    },
    NoSuchEnvironment,
}

/// Where the wishes of one world go.
#[derive(Clone)]
pub struct Stage {
    wishes: mpsc::UnboundedSender<Wish>,
}

impl Stage {
    pub fn new() -> (Stage, mpsc::UnboundedReceiver<Wish>) {
        let (wishes, come) = mpsc::unbounded_channel();
        (Stage { wishes }, come)
    }

    /// None: nobody plays any more.
    pub(crate) async fn see<T: Send + 'static>(
        &self,
        see: impl FnOnce(&View<'_>) -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = oneshot::channel();
        let see = See(Box::new(move |view| {
            // Whoever went away does not want to know.
            let _ = tell.send(see(view));
        }));
        self.wishes.send(Wish::See(see)).ok()?;
        told.await.ok()
    }

    pub(crate) async fn hand_in(&self, update: Update) -> Option<HandedIn> {
        let (tell, told) = oneshot::channel();
        self.wishes.send(Wish::HandIn(Box::new(update), tell)).ok()?;
        told.await.ok()
    }
}

/// The worlds of a server that are played, for those who play.
#[derive(Clone, Default)]
pub struct Stages(Arc<RwLock<BTreeMap<String, Stage>>>);

impl Stages {
    pub fn open(&self, name: &str, stage: Stage) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), stage);
    }

    pub fn close(&self, name: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    pub(crate) fn get(&self, name: &str) -> Option<Stage> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// What can be seen of a world that is played, beside its rostering systems: kept by whoever plays.
pub struct Scenery {
    name: String,
    names: Vec<Text>,
    changes: Vec<Feed<Thing>>,
    mirror: Mirror,
}

impl Scenery {
    /// `environments` are their names, in order.
    pub fn new(name: String, environments: Vec<Text>) -> Scenery {
        let changes = vec![Feed::default(); environments.len()];
        Scenery { name, names: environments, changes, mirror: Mirror::default() }
    }

    /// ACP showed this.
    pub fn saw(&mut self, shown: &Shown) {
        self.mirror.saw(shown.clone());
    }

    /// An administrator changed this in an environment.
    pub fn happened(&mut self, environment: u8, happened: &Happened) {
        let Some(changes) = self.changes.get_mut(usize::from(environment)) else { return };
        happened.service_users.iter().for_each(|id| changes.note(Thing::ServiceUser(id.clone())));
        happened.visits.iter().for_each(|id| changes.note(Thing::Visit(id.clone())));
    }

    /// Lets somebody look.
    pub fn show(&self, see: See, now: Timestamp, rosterings: &[Rostering], live_since: &[Option<Timestamp>]) {
        (see.0)(&View {
            name: &self.name,
            incarnation: 1,
            now,
            names: &self.names,
            rosterings,
            live_since,
            changes: &self.changes,
            mirror: &self.mirror,
        });
    }
}
