//! Plans: from two exports to what the first sync will do.
//!
//! It reads no file and prints nothing.

pub mod lookalike;
