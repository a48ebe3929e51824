//! Decides: the reference ACP sync engine, which behaves as the published guidance says.
//!
//! **`acp` matches on the external identifier and on nothing else.** It never compares names, dates of birth
//! or NHS numbers: finding look-alikes is the go-live planner's job. It does not know the rostering systems
//! (Cargo says so), it has no clock (every call brings its instant), and it never merges, deactivates,
//! archives, deletes or relinks a record by itself.
//!
//! The heart is [`Acp::answer`]: one [`Call`] in, one [`Reply`] out.

mod act;
mod branches;
mod by_hand;
mod call;
mod care;
mod glance;
mod index;
mod ownership;
mod permission;
mod place;
mod placement;
mod plans;
mod receive;
mod record;
mod records;
mod set_up;
mod standing;
mod stretch;
mod support;
mod visits;
mod write;

pub use call::{
    Account, Act, Action, Actor, BranchOutcome, Call, Change, Decision, Done, HandMade, Look, Note, Outcome,
    Place, Planted, Receipt, Refusal, Reply, SetUp, Shown, VisitOutcome,
};
pub use record::{
    Activity, By, CareItem, CareKind, Entry, HeldMove, KeptContact, Local, Origin, Record, RecordId, Slot,
    Stamp, Status, Synced, Tracked, VisitHeld, VisitState,
};

use feed::{Settings, Timestamp};
use std::collections::BTreeMap;

/// One tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acp {
    settings: Settings,
    places: place::Places,
    records: records::Records,
    index: index::Index,
    visits: visits::Visits,
    /// Of a record that several environments write to: the newest update of each but the last. Empty unless two meet on
    /// one identifier.
    elsewhere: BTreeMap<(RecordId, u8), u32>,
    /// The number that the newest thing of care got, and the newest activity; 0 where there is none.
    newest_item: u32,
    newest_activity: u32,
}

impl Acp {
    /// Answers one call, made at `now`. Calls come in the order of time.
    pub fn answer(&mut self, now: Timestamp, call: Call) -> Reply {
        match call {
            Call::SetUp(set_up) => {
                *self = Acp::set_up(now, set_up);
                Reply::Ready
            }
            Call::Receive(update) => Reply::Received(self.receive(now, update)),
            Call::Act(act) => match self.act(now, act) {
                Ok(done) => Reply::Done(done),
                Err(refusal) => Reply::Refused(refusal),
            },
            Call::Look(look) => Reply::Shown(self.look(&look)),
        }
    }

    fn look(&mut self, look: &Look) -> Shown {
        let (records, gone) = match look {
            Look::Everything => (self.records.iter().cloned().collect(), Vec::new()),
            Look::Touched => self.records.take_touched(),
        };
        Shown { records, gone, branches: self.places.branches().to_vec(), parked: self.visits.parked() }
    }
}
