//! Real time, for a program that has no clock but the computer's: an instant of the case has come once as much time has
//! really passed since the case began.

use feed::Timestamp;
use std::time::{Duration, Instant};

/// When the case really began, and at which of its own instants.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace(Option<(Instant, Timestamp)>);

impl Pace {
    /// How long it really takes until this instant has come. The first instant that is asked for has come.
    pub(crate) fn left(&mut self, until: Timestamp) -> Duration {
        let (began, origin) = *self.0.get_or_insert((Instant::now(), until));
        let whole = Duration::try_from(until.duration_since(origin)).unwrap_or_default();
        whole.saturating_sub(began.elapsed())
    }

    pub(crate) fn wait(&mut self, until: Timestamp) {
        std::thread::sleep(self.left(until));
    }
}
