//! Plays the selected cases against the reference engine, several at once, and hands each to a reader while its trace
//! is there. Results come in the order of the files whatever the number of threads.

use crate::{
    args::{DEFAULT_SEED, Playing},
    load::Loaded,
    select::Selected,
    stop,
};
use feed::{Timestamp, date_in_london};
use jiff::civil::Date;
use rayon::prelude::*;
use runner::{Trace, Verdict};
use scenario::Case;

/// A case that was played or skipped.
pub(crate) struct Played<'a> {
    pub(crate) file: &'a Loaded,
    pub(crate) case: &'a Case,
    /// None for one that was skipped.
    pub(crate) trace: Option<Trace>,
    pub(crate) verdict: Verdict,
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
    /// The place of its file among the selected, and of the case in it.
    pub(crate) file: usize,
    pub(crate) case: usize,
    /// None where the run was stopped before.
    pub(crate) result: Option<T>,
}

/// Plays every selected case and reads it.
pub(crate) fn each<T: Send>(
    selected: &[Selected<'_>],
    playing: &Playing,
    read: impl Fn(Played<'_>) -> T + Sync,
) -> Vec<Told<T>> {
    let today = playing.now.unwrap_or_else(today);
    let places: Vec<(usize, usize)> = selected
        .iter()
        .enumerate()
        .flat_map(|(file, selected)| selected.cases.iter().map(move |&case| (file, case)))
        .collect();
    let one = |&(file, case): &(usize, usize)| {
        let loaded = selected[file].file;
        let result = (!stop::asked())
            .then(|| read(play_one(loaded, &loaded.scenario.cases[case], playing.seed, today)));
        Told { file, case, result }
    };
    let n_jobs = playing.jobs.map(usize::from);
    if places.len() < 2 || n_jobs == Some(1) {
        return places.iter().map(one).collect();
    }
    let at_once = || places.par_iter().with_max_len(1).map(one).collect();
    match n_jobs.map(|n_jobs| rayon::ThreadPoolBuilder::new().num_threads(n_jobs).build()) {
        None => at_once(),
        Some(Ok(pool)) => pool.install(at_once),
        // No thread can be started, so this one does all the work.
        Some(Err(_)) => places.iter().map(one).collect(),
    }
}

fn play_one<'a>(file: &'a Loaded, case: &'a Case, seed: u64, today: Date) -> Played<'a> {
    if let Some(skip) = &file.scenario.skip
        && skip.until.is_none_or(|until| today < until)
    {
        let verdict = Verdict::Skipped { reason: skip.reason.clone() };
        return Played { file, case, trace: None, verdict };
    }
    let mut acp = acp::Acp::default();
    let trace = runner::play(case, seed, &mut |now, call| acp.answer(now, call));
    let verdict = runner::judge(&file.scenario, case, &trace);
    Played { file, case, trace: Some(trace), verdict }
}

/// The machine's day, in the United Kingdom. The one place where a clock is looked at, for `skip: { until }` alone.
fn today() -> Date {
    date_in_london(Timestamp::now())
}
