//! The engine at its boundary: calls in, replies and records out. Nothing here knows how it works inside.

mod branches;
mod creation;
mod desk;
mod history;
mod matching;
mod ownership;
mod people;
mod permissions;
mod placement;
mod random;
mod requirements;
mod support;
mod visits;
