//! Sends: the simulated rostering systems. Access People Planner, Access Care Rostering and "another system",
//! each with what differs between them, one [`Rostering`] per environment.
//!
//! **`rostering` cannot see ACP.** Nothing ever comes back to it (PUB-7). It has no clock: [`Rostering::next_due`]
//! says when it wants to be asked, [`Rostering::poll`] is told the instant. How long a delivery takes, and what
//! befalls it on the way, is the link's business, not this crate's.

mod command;
mod person;

pub use command::{Command, Happened, Refusal};
pub use person::{Order, Person, PlannedVisit, Suspension, VisitStatus};

use feed::{Settings, System, Text, Timestamp, Update, UpdateKind};

/// One environment of a rostering system.
#[derive(Clone, Debug)]
pub struct Rostering {
    environment: u8,
}

impl Rostering {
    /// An empty environment. `environment` is its place in the scenario's list; `prefix` stands before every
    /// identifier, visit ID and branch name that it sends (PUB-8).
    pub fn new(environment: u8, system: System, prefix: Option<Text>, settings: Settings) -> Rostering {
        let _ = (system, prefix, settings);
        Rostering { environment }
    }

    /// Does what a rostering administrator asks, at `now`, or says why not and changes nothing.
    pub fn handle(&mut self, now: Timestamp, command: Command) -> Result<Happened, Refusal> {
        let _ = (now, command, self.environment);
        Ok(Happened::default())
    }

    /// Switches the integration on: the first full update is due at `now`, partials every 15 minutes from then.
    pub fn go_live(&mut self, now: Timestamp) {
        let _ = now;
    }

    /// When the next update is due, or none while the integration is off.
    pub fn next_due(&self) -> Option<Timestamp> {
        None
    }

    /// Which updates are due at `now`; where a full and a partial fall together, the full alone.
    pub fn poll(&mut self, now: Timestamp) -> Option<Update> {
        let _ = now;
        None
    }

    /// Everybody and everything as they stand, as an update of this kind would carry them, with the next
    /// sequence number. For a full that is sent again after it was refused.
    pub fn compose(&mut self, now: Timestamp, kind: UpdateKind) -> Update {
        let _ = (now, kind);
        unimplemented!("written by the crate's author")
    }
}
