//! Plays the selected cases against the reference engine, several at once, and hands each to a reader while its trace
//! is there. Results come in the order of the files whatever the number of threads.

use crate::{
    args::{DEFAULT_SEED, Playing},
    load::Loaded,
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
    /// The place of its file among the selected.
    pub(crate) place: usize,
    pub(crate) file: &'a Loaded,
    pub(crate) case: &'a Case,
    /// None for one that was skipped.
    pub(crate) trace: Option<Trace>,
    pub(crate) verdict: Verdict,
    /// How long that really took.
    pub(crate) real: Duration,
}

impl Played<'_> {
    /// What there is to tell, for a trace of it that was played with the run's `seed`.
    pub(crate) fn told<'t>(&'t self, trace: &'t Trace, seed: u64) -> report::Told<'t> {
        report::Told {
            name: &self.file.name,
            scenario: &self.file.scenario,
            source: &self.file.source,
            case: self.case,
            trace,
            verdict: &self.verdict,
            seed: (seed != DEFAULT_SEED).then_some(seed),
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

/// Plays every selected case and reads it.
pub(crate) fn each<T: Send>(
    selected: &[Selected<'_>],
    playing: &Playing,
    read: impl Fn(Played<'_>) -> T + Sync,
) -> Vec<Told<T>> {
    let mut all = Vec::new();
    in_order(selected, playing, read, |told| {
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
    read: impl Fn(Played<'_>) -> T + Sync,
    mut take: impl FnMut(Told<T>) -> ControlFlow<()>,
) {
    let today = playing.now.unwrap_or_else(today);
    let places: Vec<(usize, usize)> = selected
        .iter()
        .enumerate()
        .flat_map(|(file, selected)| selected.cases.iter().map(move |&case| (file, case)))
        .collect();
    let one = |idx: usize| {
        let (file, case) = places[idx];
        let loaded = selected[file].file;
        let result = (!stop::asked())
            .then(|| read(play_one(file, loaded, &loaded.scenario.cases[case], playing.seed, today)));
        Told { file, result }
    };
    threads::in_order(n_jobs(playing), places.len(), one, &mut take);
}

/// As many as there are cores, unless the flags say.
pub(crate) fn n_jobs(playing: &Playing) -> usize {
    playing.jobs.map_or_else(as_many_as_cores, usize::from)
}

pub(crate) fn as_many_as_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn play_one<'a>(place: usize, file: &'a Loaded, case: &'a Case, seed: u64, today: Date) -> Played<'a> {
    if let Some(skip) = &file.scenario.skip
        && skip.until.is_none_or(|until| today < until)
    {
        let verdict = Verdict::Skipped { reason: skip.reason.clone() };
        return Played { place, file, case, trace: None, verdict, real: Duration::ZERO };
    }
    let began = Instant::now();
    let mut acp = acp::Acp::default();
    let trace = runner::play(case, seed, &mut |now, call| acp.answer(now, call));
    let verdict = runner::judge(&file.scenario, case, &trace);
    Played { place, file, case, trace: Some(trace), verdict, real: began.elapsed() }
}

/// The machine's day, in the United Kingdom. The one place where the date is looked at, for `skip: { until }` alone.
fn today() -> Date {
    date_in_london(Timestamp::now())
}
