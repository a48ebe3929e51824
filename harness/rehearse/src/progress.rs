//! What is shown on standard error while a run takes long: one line that is written over on a terminal, a line for each
//! tenth elsewhere. Nothing in the first half second. No colour and no escape codes, whatever the terminal can do.

use crate::{
    args::Progress as How,
    output::{Output, can_redraw},
};
use std::{
    io::{self, Write as _},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

const QUIET_AT_FIRST: Duration = Duration::from_millis(500);
const EVERY: Duration = Duration::from_millis(100);

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
    let mut wait = QUIET_AT_FIRST;
    let mut n_tenths = 0;
    let mut state = shared.state();
    loop {
        (state, _) = shared.over.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            break;
        }
        wait = EVERY;
        if is_bar {
            let whole =
                format!("  {} of {n_cases}   {} failed   last: {}", state.n_done, state.n_failed, state.now);
            let line: String = whole.chars().take(WIDEST).collect();
            let gap = " ".repeat(usize::saturating_sub(state.n_shown, line.chars().count()));
            state.n_shown = line.chars().count();
            let _ = write!(io::stderr(), "\r{line}{gap}");
        } else if state.n_done * 10 / n_cases > n_tenths {
            n_tenths = state.n_done * 10 / n_cases;
            let _ = writeln!(io::stderr(), "progress: {} of {n_cases}", state.n_done);
        }
    }
    state.take_away();
}
