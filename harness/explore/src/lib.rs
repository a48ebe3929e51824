//! Searches: plays histories that nobody wrote down, with faults, and looks for one that breaks a rule.
//!
//! A history is a [`scenario::Case`], drawn from one seed before anything is played, so that whatever it finds can be
//! written as a scenario and played again by everybody. **`explore` asks neither system while it makes a history up**, and
//! it judges nothing: the invariants do.

mod dials;
mod dice;
mod history;
mod relations;
mod search;
mod shrink;
mod tally;
mod town;
mod wire;
mod write;

pub use dials::Dials;
pub use history::{History, history};
pub use relations::{Answer, RELATIONS, Relation};
pub use search::{Engine, Outcome, Target, code, reference, search};
pub use shrink::{Shrunk, shrink};
pub use tally::{Armed, Done, Tally};
pub use wire::{ON_THE_WIRE, OnTheWire};
pub use write::{Heading, scenario};
