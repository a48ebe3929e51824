//! What is shown on standard error while a run takes long: one line that is written over on a terminal, a line for each
//! tenth elsewhere. Nothing in the first half second. No colour and no escape codes, whatever the terminal can do.

use crate::{
    args::Progress as How,
    output::{Output, can_redraw},
};
use jiff::SignedDuration;
use std::{
    io::{self, Write as _},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

const QUIET_AT_FIRST: Duration = Duration::from_millis(500);
const EVERY: Duration = Duration::from_millis(100);

/// What is left is told only after this: before, it is a guess. *Assumed.*
const ENOUGH_TO_TELL: Duration = Duration::from_secs(1);

/// A line that is longer than the terminal could not be written over.
const WIDEST: usize = 78;

pub(crate) struct Progress {
    shared: Arc<Shared>,
    shower: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    over: Condvar,
}

#[derive(Default)]
struct State {
    n_done: usize,
    n_failed: usize,
    now: String,
    is_over: bool,
    /// So many characters stand on the terminal's last line.
    n_shown: usize,
}

impl State {
    fn take_away(&mut self) {
        if self.n_shown > 0 {
            let _ = write!(io::stderr(), "\r{}\r", " ".repeat(self.n_shown));
            self.n_shown = 0;
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress {
    /// `how` as the flags have it; a single case shows none.
    pub(crate) fn start(n_cases: usize, how: How, output: Output) -> Progress {
        let shared = Arc::<Shared>::default();
        let how = if output.quiet > 0 || n_cases < 2 { How::None } else { resolved(how, output) };
        let shower = match how {
            How::None | How::Auto => None,
            How::Bar | How::Lines => {
                let shared = Arc::clone(&shared);
                std::thread::Builder::new().spawn(move || show(&shared, n_cases, how == How::Bar)).ok()
            }
        };
        Progress { shared, shower }
    }

    pub(crate) fn done(&self, case: &str, failed: bool) {
        if self.shower.is_none() {
            return;
        }
        let mut state = self.shared.state();
        state.n_done += 1;
        state.n_failed += usize::from(failed);
        case.clone_into(&mut state.now);
    }

    /// Does something that may print: the line is taken away first, and comes back by itself.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.shower.is_none() {
            return work();
        }
        let mut state = self.shared.state();
        state.take_away();
        work()
    }

    /// Takes the line away.
    pub(crate) fn finish(mut self) {
        self.shared.state().is_over = true;
        self.shared.over.notify_all();
        if let Some(shower) = self.shower.take() {
            // It only ever writes to standard error; if that went wrong, nothing is lost.
            let _ = shower.join();
        }
    }
}

fn resolved(how: How, output: Output) -> How {
    match how {
        How::Auto if output.plain => How::Lines,
        How::Auto if can_redraw() => How::Bar,
        How::Auto if std::env::var_os("CI").is_some() => How::Lines,
        How::Auto => How::None,
        how => how,
    }
}

fn show(shared: &Shared, n_cases: usize, is_bar: bool) {
    let began = Instant::now();
    let mut wait = QUIET_AT_FIRST;
    let mut n_tenths = 0;
    let mut state = shared.state();
    loop {
        (state, _) = shared.over.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            break;
        }
        wait = EVERY;
        let State { n_done, n_failed, now, .. } = &*state;
        let left = left(began.elapsed(), *n_done, n_cases);
        if is_bar {
            let whole = format!("  {n_done} of {n_cases}   {n_failed} failed{left}   last: {now}");
            let line: String = whole.chars().take(WIDEST).collect();
            let gap = " ".repeat(usize::saturating_sub(state.n_shown, line.chars().count()));
            state.n_shown = line.chars().count();
            let _ = write!(io::stderr(), "\r{line}{gap}");
        } else if n_done * 10 / n_cases > n_tenths {
            n_tenths = n_done * 10 / n_cases;
            let _ = writeln!(io::stderr(), "progress: {n_done} of {n_cases}{left}");
        }
    }
    state.take_away();
}

/// "   about 20 seconds left", once enough was done to say it.
fn left(took: Duration, n_done: usize, n_cases: usize) -> String {
    if n_done == 0 || took < ENOUGH_TO_TELL {
        return String::new();
    }
    let n_left = u32::try_from(n_cases.saturating_sub(n_done)).unwrap_or(u32::MAX);
    let left = took.saturating_mul(n_left) / u32::try_from(n_done).unwrap_or(u32::MAX);
    let left = SignedDuration::try_from(left).unwrap_or(SignedDuration::MAX);
    format!("   about {} left", report::about(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_goes_by_what_was_done() {
        assert_eq!(left(Duration::from_millis(900), 500, 10_000), "");
        assert_eq!(left(Duration::from_secs(2), 1_000, 10_000), "   about 18 seconds left");
        assert_eq!(left(Duration::from_mins(1), 1_000, 10_000), "   about 9 minutes left");
        assert_eq!(left(Duration::from_secs(2), 0, 10_000), "");
    }
}
