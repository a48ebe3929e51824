//! Serves: both systems over HTTP, each world with a clock that moves only when it is told to.
//!
//! The only crate of the simulator with sockets and threads. **It decides nothing about care records**: `rostering`,
//! `link` and `acp` do, and here is only who may ask, how a request is read, and what an answer looks like. It does not
//! know the harness. **Every call that can change a world goes through [`World::call`]**, as data, so that it can be
//! written down and done again.
//!
//! The contract is `openapi.json` beside this folder: made from the code, and a test fails when it is not.

mod cursor;
mod feed_of;
mod http;
mod sandbox;
mod says;
mod server;
mod stage;
mod view;
pub mod wire;
mod world;

pub use http::{Problem, openapi_json};
pub use server::{Limits, Ready, Serve, serve};
pub use stage::{HandedIn, Scenery, See, Stage, Stages, Wish};
pub use world::{Environment, Event, Request, Response, SetUp, World};

/// The contract that this version speaks. A change that breaks a caller is another number.
pub const CONTRACT: &str = "rehearse.seat/1";

/// The largest page of any list. PUB-15.
pub const LARGEST_PAGE: usize = 1000;
