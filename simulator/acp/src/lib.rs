//! Decides: the reference ACP sync engine, which behaves as the published guidance says.
//!
//! **`acp` matches on the external identifier and on nothing else.** It never compares names, dates of birth
//! or NHS numbers: finding look-alikes is the go-live planner's job. It does not know the rostering systems
//! (Cargo says so), it has no clock (every call brings its instant), and it never merges, deactivates, archives,
//! deletes or relinks a record by itself.
//!
//! The heart is [`Acp::answer`]: one [`Call`] in, one [`Reply`] out.

mod call;
mod record;

pub use call::{
    Account, Act, Action, Actor, BranchOutcome, Call, Change, Decision, Done, HandMade, Look, Note, Outcome,
    Place, Planted, Receipt, Refusal, Reply, SetUp, Shown, VisitOutcome,
};
pub use record::{
    Activity, By, CareItem, CareKind, Entry, HeldMove, KeptContact, Local, Origin, Record, RecordId, Slot,
    Stamp, Status, Synced, Tracked, VisitHeld, VisitState,
};

use feed::Timestamp;

/// One tenant.
#[derive(Clone, Debug, Default)]
pub struct Acp {}

impl Acp {
    /// Answers one call, made at `now`. Calls come in the order of time.
    pub fn answer(&mut self, now: Timestamp, call: Call) -> Reply {
        let _ = (now, call);
        Reply::Ready
    }
}
