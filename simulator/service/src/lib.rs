//! Serves: both systems over HTTP, each world with a clock that moves only when it is told to.
//!
//! The only crate of the simulator with sockets and threads. **It decides nothing about care records**: `rostering`,
//! `link` and `acp` do, and here is only who may ask, how a request is read, and what an answer looks like. It does not
//! know the harness. **Every call that can change a world is a line of its journal first** and goes through
//! [`World::call`] then, so that it can be done again: after a restart, or up to any moment.
//!
//! The contract is `openapi.json` beside this folder: made from the code, and a test fails when it is not.

mod again;
mod cursor;
mod events;
mod feed_of;
mod http;
mod journal;
mod line;
mod local;
mod sandbox;
mod saved;
mod says;
mod scribe;
mod server;
mod stage;
mod store;
mod view;
mod webhook;
pub mod wire;
mod world;

pub use http::{Mistake, Problem, openapi_json};
pub use journal::{Call, Entry};
pub use local::Local;
pub use saved::{Came, Saved, SavedFault, SavedStep, Writes, saved};
pub use server::{Limits, Ready, Serve, serve};
pub use stage::{HandedIn, Scenery, See, Stage, Stages, Wish};
pub use store::{Checked, CheckedWorld, Store, StoreError, backup, check};
pub use webhook::{
    Address, ChangeKind, DeliveryState, Secret, Webhook, WebhookBody, WebhookData, WebhookDelivery,
    WebhookShown, WebhookTry,
};
pub use world::{Environment, Request, Response, SetUp};

/// The contract that this version speaks. A change that breaks a caller is another number.
pub const CONTRACT: &str = "rehearse.seat/1";

/// The largest page of any list. PUB-15.
pub const LARGEST_PAGE: usize = 1000;
