//! `rehearse explore`: histories that nobody wrote down, one seed each, until time or steps are up. What breaks an
//! invariant is made small and written as a scenario. The histories and the judging are other crates' business.

use crate::{
    args::{Explore, Progress as How},
    atomic::{Draft, Readers},
    exit::Exit,
    output::Output,
    play, stop, threads,
};
use explore::{Heading, History, Outcome, Target, code, history, reference, search};
use report::{Exploration, FoundInvariant};
use runner::{Finding, FindingKind};
use std::{
    collections::BTreeMap,
    io,
    ops::{ControlFlow, Range},
    path::Path,
    time::{Duration, Instant},
};

/// Unless the flags say how long or how many.
const USUAL: Duration = Duration::from_secs(30);

pub(crate) fn explore(args: &Explore, how: How, output: Output) -> Result<Exit, Exit> {
    stop::listen();
    let seeds = args.seeds.clone().unwrap_or(args.seed..u64::MAX);
    let lasts = args.lasts.or((args.steps.is_none() && args.seeds.is_none()).then_some(USUAL));
    let mut search = Search::new(seeds.start, how, output);
    search.play(args, &seeds, lasts);
    let first = std::mem::take(&mut search.first);
    let mut exploration = search.exploration;
    for found in first.into_values() {
        exploration.findings.push(written(&found, &args.out, output)?);
    }
    let exit = exit(&exploration);
    output.print(&if output.json {
        report::exploration_json(&exploration, exit.code())
    } else {
        report::exploration(&exploration, output.verbose > 0, output.quiet > 0)
    })?;
    Ok(exit)
}

fn exit(exploration: &Exploration) -> Exit {
    if !exploration.is_clean() {
        Exit::NotMet
    } else if exploration.stopped_early {
        Exit::Stopped
    } else if exploration.tally.n_histories == 0 {
        Exit::NothingToDo
    } else {
        Exit::AsExpected
    }
}

/// The first history that broke an invariant, and in how many it broke.
struct First {
    seed: u64,
    finding: Finding,
    n_histories: u64,
}

struct Search {
    exploration: Exploration,
    first: BTreeMap<&'static str, First>,
    output: Output,
    shows: bool,
    shown_at: Instant,
}

impl Search {
    fn new(from: u64, how: How, output: Output) -> Search {
        let shows = match how {
            How::None => false,
            How::Auto => crate::output::can_redraw() && output.quiet == 0 && !output.plain,
            How::Bar | How::Lines => true,
        };
        let exploration =
            Exploration { seeds: std::iter::once(from..from).collect(), ..Exploration::default() };
        Search { exploration, first: BTreeMap::new(), output, shows, shown_at: Instant::now() }
    }

    /// Takes outcomes in the order of seeds whatever the number of threads, so that a search can be repeated.
    fn play(&mut self, args: &Explore, seeds: &Range<u64>, lasts: Option<Duration>) {
        let began = Instant::now();
        let is_over = || stop::asked() || lasts.is_some_and(|lasts| began.elapsed() >= lasts);
        let n = usize::try_from(seeds.end - seeds.start).unwrap_or(usize::MAX);
        let one = |idx: usize| {
            let seed = seeds.start + idx as u64;
            (!is_over()).then(|| search(&history(seed), Target::new(&reference)))
        };
        let n_jobs = args.jobs.map_or_else(play::as_many_as_cores, usize::from);
        threads::in_order(n_jobs, n, one, &mut |outcome: Option<Outcome>| {
            let Some(outcome) = outcome else { return ControlFlow::Break(()) };
            self.take(outcome);
            let has_enough = args.steps.is_some_and(|steps| self.exploration.tally.n_steps >= steps);
            if has_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        self.exploration.stopped_early = stop::asked();
    }

    fn take(&mut self, outcome: Outcome) {
        if let Some(seeds) = self.exploration.seeds.first_mut() {
            seeds.end = outcome.seed + 1;
        }
        self.exploration.tally.add(&outcome.tally);
        for finding in outcome.findings {
            let first = self.first.entry(code(&finding)).or_insert(First {
                seed: outcome.seed,
                finding,
                n_histories: 0,
            });
            first.n_histories += 1;
        }
        if self.shows && self.shown_at.elapsed() > Duration::from_secs(5) {
            self.shown_at = Instant::now();
            let tally = &self.exploration.tally;
            self.output.note(&format!(
                "{} histories, {} steps, {} found\n",
                tally.n_histories,
                tally.n_steps,
                self.first.len()
            ));
        }
    }
}

/// Makes the history small and writes it into the folder, as a scenario that fails for the same reason.
fn written(first: &First, folder: &Path, output: Output) -> Result<FoundInvariant, Exit> {
    let invariant = code(&first.finding);
    let history = history(first.seed);
    let shrunk = explore::shrink(&history.case, invariant, Target::new(&reference));
    let mut found = FoundInvariant {
        invariant: invariant.to_owned(),
        what: first.finding.what.clone(),
        seed: first.seed,
        histories: first.n_histories,
        steps: 0,
        scenario: None,
    };
    let Some(shrunk) = shrunk else { return Ok(found) };
    found.what.clone_from(&shrunk.finding.what);
    found.steps = shrunk.case.steps.len();
    let text = explore::scenario(&heading(&shrunk.finding, &history), &shrunk.case);
    if !fails_alike(&text, invariant) {
        output.note(&format!(
            "The history of seed {} could not be written as a scenario that fails with {invariant}.\n",
            first.seed
        ));
        return Ok(found);
    }
    let path = folder.join(format!("{}-seed-{}.yaml", invariant.to_lowercase(), first.seed));
    write(&path, &text).map_err(|error| {
        let (path, why) = (crate::suite::shown(&path), crate::suite::reason(&error));
        output.note(&format!("{path} cannot be written: {why}.\n"));
        Exit::Environment
    })?;
    found.scenario = Some(crate::suite::shown(&path));
    Ok(found)
}

fn heading(finding: &Finding, history: &History) -> Heading {
    Heading {
        title: format!("Found by exploration: {}", code(finding)),
        about: format!("{} Seed {}; {}.", finding.what, history.seed, history.dials),
        proves: finding.clauses.clone(),
        tags: vec!["found".to_owned()],
    }
}

/// Whether the file, read and judged as any other, breaks the invariant.
fn fails_alike(text: &str, invariant: &str) -> bool {
    let Ok(scenario) = scenario::read("found.yaml", text, &mut |_| Err("there are no worlds".into())) else {
        return false;
    };
    let case = &scenario.cases[0];
    let mut acp = reference();
    let trace = runner::play(case, crate::args::DEFAULT_SEED, &mut *acp);
    let verdict = runner::judge(&scenario, case, &trace);
    verdict.findings().iter().any(|it| matches!(it.kind, FindingKind::Invariant(code) if code == invariant))
}

/// Whole or not at all. Everybody in it is invented.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut draft = Draft::new(path, Readers::Anybody)?;
    draft.write(text.as_bytes())?;
    draft.keep()
}
