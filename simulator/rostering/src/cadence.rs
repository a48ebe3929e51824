//! When updates are due. Knows nothing of what they carry.

use feed::{FULL_EVERY, PARTIAL_EVERY, Timestamp, UpdateKind};
use jiff::SignedDuration;

/// The next partial and the next full. Both stand on one grid that begins when the integration is switched on,
/// in elapsed time: clock changes do not move it. PUB-1.
#[derive(Clone, Debug)]
pub(crate) struct Cadence {
    next_partial: Timestamp,
    next_full: Timestamp,
}

impl Cadence {
    /// A full at once, partials from a quarter of an hour later.
    pub(crate) fn from(now: Timestamp) -> Cadence {
        Cadence { next_partial: later(now, PARTIAL_EVERY, 1), next_full: now }
    }

    pub(crate) fn next_due(&self) -> Timestamp {
        self.next_partial.min(self.next_full)
    }

    /// Takes what is due at `now` off the grid. A full takes the place of a partial.
    pub(crate) fn take(&mut self, now: Timestamp) -> Option<UpdateKind> {
        if now < self.next_due() {
            return None;
        }
        let kind = if self.next_full <= now { UpdateKind::Full } else { UpdateKind::Partial };
        self.next_partial = first_after(now, self.next_partial, PARTIAL_EVERY);
        self.next_full = first_after(now, self.next_full, FULL_EVERY);
        Some(kind)
    }
}

/// The first instant of the grid `due, due + every, …` that is after `now`.
fn first_after(now: Timestamp, due: Timestamp, every: SignedDuration) -> Timestamp {
    if now < due {
        return due;
    }
    let n_missed = now.duration_since(due).as_secs() / every.as_secs();
    later(due, every, n_missed + 1)
}

/// At the end of time (the year 9999) the grid ends.
fn later(from: Timestamp, every: SignedDuration, n_times: i64) -> Timestamp {
    let step = SignedDuration::from_secs(every.as_secs().saturating_mul(n_times));
    from.checked_add(step).unwrap_or(Timestamp::MAX)
}
