//! Plays the selected cases, several at once, and hands each to a reader while its trace is there. Results come in the order of the files whatever the number of threads.

use crate::{
    args::{DEFAULT_SEED, Playing},
    load::Loaded,
    seats::Seats,
    select::Selected,
    stop, threads,
};
use feed::{Timestamp, date_in_london};
use jiff::civil::Date;
use runner::{Trace, Verdict};
use scenario::Case;
use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

/// A case that was played or skipped.
pub(crate) struct Played<'a> {
    /// The places of its file among the selected, and of itself in its file.
    pub(crate) place: (usize, usize),
    pub(crate) file: &'a Loaded,
    pub(crate) case: &'a Case,
    /// None for one that was skipped.
    pub(crate) trace: Option<Trace>,
    pub(crate) verdict: Verdict,
    /// The run's, where it has to be given to get the same again.
    pub(crate) seed: Option<u64>,
    /// How long that really took.
    pub(crate) real: Duration,
}

impl Played<'_> {
    /// What there is to tell, with its trace.
    pub(crate) fn told<'t>(&'t self, trace: &'t Trace) -> report::Told<'t> {
        report::Told {
            name: &self.file.name,
            scenario: &self.file.scenario,
            source: &self.file.source,
            case: self.case,
            trace,
            verdict: &self.verdict,
            seed: self.seed,
        }
    }
}

/// What a reader made of a case.
pub(crate) struct Told<T> {
    /// The place of its file among the selected.
    pub(crate) file: usize,
    /// None where the run was stopped before.
    pub(crate) result: Option<T>,
}

/// Plays every selected case against the reference engine and reads it.
pub(crate) fn each<T: Send>(
    selected: &[Selected<'_>],
    playing: &Playing,
    read: impl Fn(Played<'_>) -> T + Sync,
) -> Vec<Told<T>> {
    let mut all = Vec::new();
    in_order(selected, playing, &Seats::default(), read, |told| {
        all.push(told);
        ControlFlow::Continue(())
    });
    all
}

/// Plays every selected case, reads it on the thread that played it, and gives what came of it to `take`: in the order
/// of the files, each as soon as everything before it is done. Where `take` breaks, nothing after that is given to it,
/// whatever other threads did meanwhile; so what is told is the same for any number of jobs.
pub(crate) fn in_order<T: Send>(
    selected: &[Selected<'_>],
    playing: &Playing,
    seats: &Seats,
    read: impl Fn(Played<'_>) -> T + Sync,
    mut take: impl FnMut(Told<T>) -> ControlFlow<()>,
) {
    let today = day(playing);
    let places: Vec<(usize, usize)> = selected
        .iter()
        .enumerate()
        .flat_map(|(file, selected)| selected.cases.iter().map(move |&case| (file, case)))
        .collect();
    let one = |idx: usize| {
        let (file, case) = places[idx];
        let loaded = selected[file].file;
        let result = (!stop::asked()).then(|| read(play_one((file, case), loaded, (playing, seats), today)));
        Told { file, result }
    };
    let n_jobs = n_jobs(selected, playing);
    threads::in_order(n_jobs, places.len(), one, &mut take);
}

/// The flag's, else the smallest of what the suites have, else as many as there are cores.
pub(crate) fn n_jobs(selected: &[Selected<'_>], playing: &Playing) -> usize {
    let of_suites = selected.iter().filter_map(|selected| selected.file.home.file.jobs).min();
    playing.jobs.or(of_suites).map_or_else(as_many_as_cores, usize::from)
}

pub(crate) fn as_many_as_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The seed that a run as a whole is said to have: that of its first file.
pub(crate) fn seed_of_all(selected: &[Selected<'_>], playing: &Playing) -> u64 {
    selected.first().map_or(DEFAULT_SEED, |selected| seed(selected.file, playing))
}

/// The seed of a file's cases that fix none themselves: the flag's, else the suite's.
pub(crate) fn seed(file: &Loaded, playing: &Playing) -> u64 {
    playing.seed.or(file.home.file.seed).unwrap_or(DEFAULT_SEED)
}

fn play_one<'a>(
    place: (usize, usize),
    file: &'a Loaded,
    (playing, seats): (&Playing, &Seats),
    today: Date,
) -> Played<'a> {
    let case = &file.scenario.cases[place.1];
    let without_flag = file.home.file.seed.unwrap_or(DEFAULT_SEED);
    let seed = playing.seed.filter(|&seed| seed != without_flag);
    if let Some(skip) = &file.scenario.skip
        && skip.until.is_none_or(|until| today < until)
    {
        let verdict = Verdict::Skipped { reason: skip.reason.clone() };
        return Played { place, file, case, trace: None, verdict, seed, real: Duration::ZERO };
    }
    if let Some(reason) = seats.skips(case) {
        let verdict = Verdict::Skipped { reason };
        return Played { place, file, case, trace: None, verdict, seed, real: Duration::ZERO };
    }
    let began = Instant::now();
    let played = seats.play(case, seed.unwrap_or(without_flag));
    let real = began.elapsed();
    let (trace, verdict) = if let Some(why) = played.trouble {
        (None, Verdict::Inconclusive { why })
    } else {
        let verdict = runner::judge(&file.scenario, case, &played.trace);
        (Some(played.trace), verdict)
    };
    Played { place, file, case, trace, verdict, seed, real }
}

/// The day on which `skip: { until }` is looked at.
pub(crate) fn day(playing: &Playing) -> Date {
    playing.now.unwrap_or_else(today)
}

/// The machine's day, in the United Kingdom. The one place where the date is looked at, for `skip: { until }` alone.
fn today() -> Date {
    date_in_london(Timestamp::now())
}
