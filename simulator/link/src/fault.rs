//! What can befall deliveries, as data. Who declares a fault, and where, is not known here.

use feed::{ExternalId, Timestamp};
use jiff::SignedDuration;

/// One fault of the link. It begins when it is declared (at the first step, for the scenario's own) and takes the
/// deliveries that fit, oldest first, `times` of them. One that never fires fails the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub on: Deliveries,
    pub times: u32,
}

/// Which deliveries a fault takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Partial or full; none is either.
    pub kind: Option<feed::UpdateKind>,
    pub environment: Option<u8>,
    /// Only those that carry this service user (as sent).
    pub carrying: Option<ExternalId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Never arrives.
    Lose,
    /// Arrives this much later than it would have.
    Delay(SignedDuration),
    /// Arrives, and again this much later.
    Repeat(SignedDuration),
    /// Waits until the next delivery of the environment has arrived.
    Reorder,
    /// Only the first `n` service users arrive, and no visits.
    Cut(u32),
    /// The link is down from the moment that the fault begins. Deliveries fail and are tried again.
    Down(SignedDuration),
    /// ACP's door answers with this HTTP status (429 or 5xx); tried again, not before `retry_after` if given.
    Refuse { status: u16, retry_after: Option<SignedDuration> },
    /// This one service user (as sent) is damaged on the way, so ACP must refuse it; the others are not.
    Poison(ExternalId),
}

/// What a fault did to one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    Lost,
    Delayed(SignedDuration),
    /// It will arrive a second time.
    Repeated {
        again_at: Timestamp,
    },
    /// It waits for the next one to go past.
    HeldBack,
    /// So many of its service users, and its visits, never arrive.
    Cut {
        n_lost: usize,
    },
    /// The link is down; tried again.
    Down {
        again_at: Timestamp,
    },
    /// ACP's door refused it; tried again.
    Refused {
        status: u16,
        again_at: Timestamp,
    },
    /// One service user was damaged on the way.
    Poisoned,
}

impl Hit {
    /// Whether it kept anything away from ACP, for good or for a while.
    pub const fn keeps_away(&self) -> bool {
        !matches!(self, Hit::Repeated { .. })
    }

    /// When what it did to a delivery at an instant is over: that is on its way again, or for the second time.
    pub fn over_at(&self, at: Timestamp) -> Timestamp {
        match self {
            Hit::Delayed(by) => crate::after(at, *by),
            Hit::Repeated { again_at } | Hit::Down { again_at } | Hit::Refused { again_at, .. } => *again_at,
            Hit::Lost | Hit::HeldBack | Hit::Cut { .. } | Hit::Poisoned => at,
        }
    }
}
