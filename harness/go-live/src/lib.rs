//! Plans: from two exports to what the first sync will do.
//!
//! It opens no file and prints nothing.

pub mod exports;
pub mod lookalike;
pub mod plan;
mod threads;
