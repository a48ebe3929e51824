//! The seat of the connector: somebody else's program carries updates from our rostering systems to our ACP. It is told
//! the time, does what is due, and while it does so it asks our server, whose wishes are answered here, by the thread
//! that plays. One that has no clock but the computer's is not told the time: it is given it, second by second, and what it
//! hands in has happened at the end of its second.

use crate::{
    client::{Client, Trouble},
    pace::Pace,
    world::World,
};
use acp::Reply;
use feed::{Text, Timestamp};
use jiff::SignedDuration;
use reqwest::Method;
use runner::{Desk, Handed};
use serde::{Serialize, de::DeserializeOwned};
use service::{
    HandedIn, Scenery, Stage, Stages, Wish,
    wire::{ClockMode, ClockShown, ConnectorSetUp, Until},
};
use std::{cell::RefCell, rc::Rc, time::Duration};
use tokio::sync::mpsc::UnboundedReceiver;

/// Where our own server is, and the worlds that it shows.
#[derive(Clone)]
pub struct Ends {
    /// Of the server, without a path.
    pub url: String,
    pub key: String,
    pub stages: Stages,
}

/// One case's connector.
pub struct ConnectorSeat<'c> {
    ends: &'c Ends,
    world: World<'c>,
    environments: Vec<Text>,
    is_set_up: bool,
    scenery: Rc<RefCell<Scenery>>,
    wishes: UnboundedReceiver<Wish>,
    /// With real time.
    pace: Option<Pace>,
    /// Which integrations were on, and since when, when it was left alone last.
    live: Vec<Option<Timestamp>>,
}

/// How long a connector with real time is left to itself. *Assumed*: short beside a promise of minutes.
const TURN: SignedDuration = SignedDuration::from_secs(1);

impl<'c> ConnectorSeat<'c> {
    /// `world` is the name of the case's world, here and there, used by nobody else.
    pub fn new(
        client: &'c Client,
        ends: &'c Ends,
        (world, clock): (String, ClockMode),
        environments: Vec<Text>,
    ) -> ConnectorSeat<'c> {
        let (stage, wishes) = Stage::new();
        ends.stages.open(&world, stage);
        let scenery = Rc::new(RefCell::new(Scenery::new(world.clone(), environments.clone())));
        ConnectorSeat {
            ends,
            world: World::new(client, world),
            environments,
            is_set_up: false,
            scenery,
            wishes,
            pace: (clock == ClockMode::RealTime).then(Pace::default),
            live: Vec::new(),
        }
    }

    /// What kept it from doing its work, if anything did: then the case says nothing.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.world.trouble()
    }

    /// Tells it the time and lets it do what is due. When it wants to be told next.
    pub fn carry(&mut self, desk: &mut Desk<'_, '_>) -> Option<Timestamp> {
        let now = desk.now();
        for (environment, happened) in desk.take_changed() {
            self.scenery.borrow_mut().happened(environment, &happened);
        }
        self.told(now, desk).unwrap_or_else(|trouble| {
            self.world.give_up(trouble);
            None
        })
    }

    fn told(&mut self, now: Timestamp, desk: &mut Desk<'_, '_>) -> Result<Option<Timestamp>, Trouble> {
        if !self.is_set_up {
            let set_up = ConnectorSetUp {
                url: format!("{}/v1/worlds/{}", self.ends.url, self.world.name()),
                key: self.ends.key.clone(),
                now,
                environments: self.environments.iter().map(Text::to_string).collect(),
            };
            let _: serde_json::Value = self.ask(desk, &[], now, &set_up)?;
            self.is_set_up = true;
        }
        if self.pace.is_some() {
            self.leave_alone(desk, now)?;
            return Ok(now.checked_add(TURN).ok());
        }
        let shown: ClockShown = self.ask(desk, &["clock"], now, &Until { now })?;
        Ok(shown.next)
    }

    /// Answers whatever it asks until this instant has really come.
    fn leave_alone(&mut self, desk: &mut Desk<'_, '_>, until: Timestamp) -> Result<(), Trouble> {
        let mut left = self.pace.as_mut().map_or(Duration::ZERO, |pace| pace.left(until));
        if self.live != desk.live_since() {
            self.live = desk.live_since();
            // The first full update is due at this very instant, and it has to have noticed.
            left = left.max(TURN.unsigned_abs());
        }
        let (wishes, scenery) = (&mut self.wishes, &self.scenery);
        self.world.worker()?.runtime.block_on(async {
            let has_come = tokio::time::sleep(left);
            tokio::pin!(has_come);
            loop {
                tokio::select! {
                    () = &mut has_come => return,
                    Some(wish) = wishes.recv() => grant(wish, desk, &scenery.borrow()),
                }
            }
        });
        Ok(())
    }

    /// Asks it, and answers whatever it asks meanwhile.
    fn ask<A: Serialize, B: DeserializeOwned>(
        &mut self,
        desk: &mut Desk<'_, '_>,
        path: &[&str],
        now: Timestamp,
        body: &A,
    ) -> Result<B, Trouble> {
        let asking = self.world.asking(Method::PUT, path, &[], now, Some(body));
        let (wishes, scenery) = (&mut self.wishes, &self.scenery);
        self.world.worker()?.runtime.block_on(async {
            tokio::pin!(asking);
            loop {
                tokio::select! {
                    answer = &mut asking => return answer,
                    Some(wish) = wishes.recv() => grant(wish, desk, &scenery.borrow()),
                }
            }
        })
    }

    /// What else it can see; [`saw`] has to be told what ACP shows.
    pub fn scenery(&self) -> Rc<RefCell<Scenery>> {
        Rc::clone(&self.scenery)
    }
}

/// ACP answered this: a connector sees from now on what it shows.
pub fn saw(scenery: &RefCell<Scenery>, reply: &Reply) {
    if let Reply::Shown(shown) = reply {
        scenery.borrow_mut().saw(shown);
    }
}

fn grant(wish: Wish, desk: &mut Desk<'_, '_>, scenery: &Scenery) {
    match wish {
        Wish::See(see) => scenery.show(see, desk.now(), desk.rosterings(), &desk.live_since()),
        Wish::HandIn(update, tell) => {
            let handed = match desk.hand_in(*update) {
                Handed::Taken => HandedIn::Taken,
                Handed::TurnedAway { status, again_at } => {
                    let wait = again_at.duration_since(desk.now()).as_secs_f64().ceil();
                    HandedIn::TurnedAway { status, retry_after: seconds(wait) }
                }
                Handed::NoSuchEnvironment => HandedIn::NoSuchEnvironment,
            };
            // Whoever went away does not want to know.
            let _ = tell.send(handed);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole seconds, none of them negative"
)]
fn seconds(wait: f64) -> u64 {
    wait.max(0.0) as u64
}

impl Drop for ConnectorSeat<'_> {
    fn drop(&mut self) {
        self.ends.stages.close(self.world.name());
    }
}
