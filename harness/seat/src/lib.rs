//! Asks: other people's programs in the seats, over HTTP, by the contract that `service` publishes.
//!
//! **A foreign answer is never trusted**: how long it may take, how large it may be, what type it has and what it says
//! are all checked, and what is wrong is said with the address. A program that cannot be asked makes a case
//! inconclusive; it never passes one, and never fails one. Knows no verdict and prints nothing.

mod acp;
mod address;
mod client;
mod connector;
pub mod desk;
mod needs;
mod pace;
mod rostering;
mod world;

pub use acp::AcpSeat;
pub use address::{Address, NotAnAddress};
pub use client::{Client, Limits, Trouble, Worker};
pub use connector::{ConnectorSeat, Ends, saw};
pub use needs::{longest_real, missing, needs};
pub use rostering::RosteringSeat;
pub use service::wire::{ClockMode, ClockShown, Events, MoveClock, SeatShown};
