//! Webhooks of the rostering API: one address is told that something changed in an environment, so that a connector need
//! not ask all the time. After the Standard Webhooks specification (standardwebhooks.com): signed, with an ID that stays
//! the same, tried again. **A webhook is a nudge**: the changes feed has everything, and a stop of this program forgets
//! what was not delivered yet.

mod address;
mod send;
mod sign;

pub use address::Address;
pub(crate) use send::run;
pub use sign::Secret;

use feed::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::mpsc;
use utoipa::ToSchema;

/// Who is told, and how they know that it is us.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub address: Address,
    pub secret: Secret,
}

/// Something changed in a rostering environment.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The same for every try, and for the same change of the same world.
    pub(crate) id: String,
    pub(crate) kind: ChangeKind,
    pub(crate) world: String,
    pub(crate) environment: String,
    pub(crate) now: Timestamp,
    pub(crate) after: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ChangeKind {
    /// Service users or visits changed.
    #[serde(rename = "rostering.changed")]
    Changed,
    /// The world was set up or reset, or went back: cursors from before are of no use.
    #[serde(rename = "rostering.began_again")]
    BeganAgain,
}

/// What is sent, as the body of a POST with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookBody {
    #[serde(rename = "type")]
    pub kind: ChangeKind,
    /// When it was sent first, by this computer's clock.
    pub timestamp: Timestamp,
    pub data: WebhookData,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookData {
    pub world: String,
    pub environment: String,
    /// The world's own time.
    pub now: Timestamp,
    /// Give it as `after` to the environment's /changes to get what changed. None: begin without `after`.
    pub after: Option<String>,
}

/// What became of the webhooks, the newest last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookShown {
    pub url: String,
    pub deliveries: Vec<WebhookDelivery>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookDelivery {
    pub id: String,
    pub kind: ChangeKind,
    pub world: String,
    pub environment: String,
    pub state: DeliveryState,
    /// Every try, with what came of it.
    pub tries: Vec<WebhookTry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Waiting,
    Delivered,
    /// After the last try. The changes feed still has it.
    GivenUp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookTry {
    /// By this computer's clock.
    pub at: Timestamp,
    /// The HTTP status, or why there was none.
    pub came: String,
}

/// So many are remembered. *Assumed*: enough to see what went wrong.
const REMEMBERED: usize = 200;

/// Takes changes in, and remembers what became of them.
#[derive(Clone)]
pub(crate) struct Told {
    changes: mpsc::UnboundedSender<Change>,
    deliveries: Arc<Mutex<VecDeque<WebhookDelivery>>>,
    pub(crate) url: String,
}

impl Told {
    pub(crate) fn new(webhook: &Webhook) -> (Told, mpsc::UnboundedReceiver<Change>) {
        let (changes, come) = mpsc::unbounded_channel();
        let url = webhook.address.to_string();
        (Told { changes, deliveries: Arc::default(), url }, come)
    }

    pub(crate) fn tell(&self, change: Change) {
        let mut deliveries = self.deliveries();
        if deliveries.len() == REMEMBERED {
            deliveries.pop_front();
        }
        deliveries.push_back(WebhookDelivery {
            id: change.id.clone(),
            kind: change.kind,
            world: change.world.clone(),
            environment: change.environment.clone(),
            state: DeliveryState::Waiting,
            tries: Vec::new(),
        });
        drop(deliveries);
        // It stops: nobody sends any more.
        let _ = self.changes.send(change);
    }

    pub(crate) fn shown(&self) -> WebhookShown {
        WebhookShown { url: self.url.clone(), deliveries: self.deliveries().iter().cloned().collect() }
    }

    fn note(&self, id: &str, does: impl FnOnce(&mut WebhookDelivery)) {
        // One that is no longer remembered is not noted.
        if let Some(delivery) = self.deliveries().iter_mut().rev().find(|it| it.id == id) {
            does(delivery);
        }
    }

    fn deliveries(&self) -> MutexGuard<'_, VecDeque<WebhookDelivery>> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
