//! Helps while a scenario is being written: what may be typed here, what a word means, where a name comes from. Texts
//! and bytes in, words out: it opens no file and knows no protocol.
//!
//! Everything that it says comes from `scenario::vocabulary` and from the clauses of the guidance.

mod complete;
mod context;
mod definition;
mod hover;
mod mistakes;

pub use complete::{Kind, Offer, complete};
pub use definition::{Target, definition};
pub use hover::{Hover, hover};
pub use mistakes::mistakes;
