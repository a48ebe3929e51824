//! Work that is done on several threads and taken in order. Knows nothing of scenarios.

use std::{
    collections::VecDeque,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

/// So many pieces of work a thread may be ahead of the one that everybody waits for: this bounds what is kept.
/// *Assumed*.
const AHEAD: usize = 64;

type Answer<T> = (usize, thread::Result<T>);

/// Does the work numbered 0 to `n`, and gives each result to `take` as soon as all before it were taken. No more is
/// done where `take` breaks. A panic in the work is a panic here.
pub(crate) fn in_order<T: Send>(
    n_threads: usize,
    n: usize,
    work: impl Fn(usize) -> T + Sync,
    take: &mut impl FnMut(T) -> ControlFlow<()>,
) {
    if n_threads.min(n) < 2 || !on_threads(n_threads.min(n), n, &work, take) {
        let _ = (0..n).try_for_each(|idx| take(work(idx)));
    }
}

/// Whether at least one thread could be started.
fn on_threads<T: Send>(
    n_threads: usize,
    n: usize,
    work: &(impl Fn(usize) -> T + Sync),
    take: &mut impl FnMut(T) -> ControlFlow<()>,
) -> bool {
    let (ask, asked) = channel();
    let asked = Mutex::new(asked);
    thread::scope(|scope| {
        // Both ends go when this scope's work is over, however it ends: then the threads end too.
        let (ask, (answer, answers)) = (ask, channel());
        let n_started = (0..n_threads)
            .filter(|_| {
                let (asked, answer) = (&asked, answer.clone());
                thread::Builder::new().spawn_scoped(scope, move || answer_all(asked, &answer, work)).is_ok()
            })
            .count();
        if n_started > 0 {
            take_all(n_started, n, &ask, &answers, take);
        }
        n_started > 0
    })
}

fn answer_all<T>(asked: &Mutex<Receiver<usize>>, answer: &Sender<Answer<T>>, work: &impl Fn(usize) -> T) {
    loop {
        let next = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(idx) = next else { return };
        let done = catch_unwind(AssertUnwindSafe(|| work(idx)));
        if answer.send((idx, done)).is_err() {
            return;
        }
    }
}

fn take_all<T>(
    n_threads: usize,
    n: usize,
    ask: &Sender<usize>,
    answers: &Receiver<Answer<T>>,
    take: &mut impl FnMut(T) -> ControlFlow<()>,
) {
    let mut numbers = 0..n;
    let mut ask_next = || numbers.next().is_some_and(|idx| ask.send(idx).is_ok());
    for _ in 0..n_threads * AHEAD {
        ask_next();
    }
    let mut n_taken = 0;
    let mut early: VecDeque<Option<T>> = VecDeque::new();
    while n_taken < n {
        let Ok((idx, done)) = answers.recv() else { return };
        let done = done.unwrap_or_else(|panic| resume_unwind(panic));
        let place = idx - n_taken;
        if early.len() <= place {
            early.resize_with(place + 1, || None);
        }
        early[place] = Some(done);
        while let Some(done) = early.pop_front_if(|next| next.is_some()).flatten() {
            n_taken += 1;
            ask_next();
            if take(done).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    /// The first piece takes longest.
    fn slow_first(idx: usize) -> usize {
        if idx == 0 {
            thread::sleep(Duration::from_millis(50));
        }
        idx
    }

    #[test]
    fn results_come_in_order_and_nobody_runs_far_ahead() {
        for n_threads in [1, 2, 8] {
            let furthest = AtomicUsize::new(0);
            let mut all = Vec::new();
            let work = |idx| {
                furthest.fetch_max(idx, Ordering::Relaxed);
                slow_first(idx)
            };
            in_order(n_threads, 2000, work, &mut |idx| {
                assert!(furthest.load(Ordering::Relaxed) <= idx + n_threads * AHEAD);
                all.push(idx);
                ControlFlow::Continue(())
            });
            assert!(all.into_iter().eq(0..2000), "{n_threads} threads");
        }
    }

    #[test]
    fn a_break_ends_it_at_the_same_place_for_any_number_of_threads() {
        for n_threads in [1, 2, 8] {
            let mut all = Vec::new();
            in_order(n_threads, 2000, slow_first, &mut |idx| {
                all.push(idx);
                if idx == 700 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert!(all.into_iter().eq(0..=700), "{n_threads} threads");
        }
    }

    #[test]
    fn a_panic_in_the_work_is_a_panic_here() {
        for n_threads in [1, 4] {
            let run = || {
                in_order(n_threads, 900, |idx| assert_ne!(idx, 500), &mut |()| ControlFlow::Continue(()));
            };
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err(), "{n_threads} threads");
        }
    }
}
