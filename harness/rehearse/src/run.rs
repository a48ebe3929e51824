//! `rehearse run`: plays the selected scenarios, tells what came of each, and ends with the total and the exit code that
//! agrees with it. What happens comes as one stream (`stream.rs`); who reads it is decided here.

use crate::{
    against::Against,
    args::{Progress, Run, Show},
    bundle::{self, Collector},
    check::without_mistakes,
    coverage,
    exit::Exit,
    failed::Keeper,
    load::{self, Suite},
    output::Output,
    reports::{Reports, in_log},
    seats::Seats,
    select::{self, Selected},
    snapshots::{Mode, Snapshots},
    stream,
    stream::{Ending, Stories, Wanted},
    suite::{self, shown},
    watch,
};
use feed::Clause;
use report::{Event, Json, Reader, RunEnded, Stopped, Text};
use std::hash::{BuildHasher as _, RandomState};

pub(crate) fn run(args: &Run, how: Progress, output: Output) -> Result<Exit, Exit> {
    if args.watch && args.bundle.is_some() {
        output.note(
            "--watch runs again at every change, and a bundle is of one run. Leave one of the two out. Nothing was run.\n",
        );
        return Err(Exit::NotUnderstood);
    }
    if args.watch {
        return watch::watch(args, how, output);
    }
    let suite = load::load(&args.which.paths.paths);
    let output = output.as_asked_by(&suite.homes);
    let suite = without_mistakes(suite, "rehearse.run/1", output)?;
    let selected = select::select(&suite, &args.which, output)?;
    let required = coverage::required_of(&suite, args, output);
    once(&suite, selected, args, &required, how, output)
}

/// Runs these. `required`: the clauses that they have to prove.
pub(crate) fn once(
    suite: &Suite,
    mut selected: Vec<Selected<'_>>,
    args: &Run,
    required: &[Clause],
    how: Progress,
    output: Output,
) -> Result<Exit, Exit> {
    shuffle(&mut selected, args, output);
    let paths = &args.which.paths.paths;
    let seats = Seats::open(&args.seats, suite, output)?;
    if args.bundle.is_some() && seats.told().is_some() {
        output.note("--bundle: a program in a seat cannot be put into a file. Nothing was run.\n");
        return Err(Exit::NotUnderstood);
    }
    // Accepted stories are those of the simulated systems.
    let mode = if seats.are_ours() { args.snapshots } else { Mode::Ignore };
    let snapshots = Snapshots::find(suite, paths, &selected, &args.playing, mode, output)?;
    let mut against = args.against.as_deref().map(|path| Against::read(path, output)).transpose()?;
    let mut bundle = args.bundle.as_ref().map(|_| Collector::new(suite, &selected));
    let mut reports = Reports::open(args, output)?;
    let wanted = wanted(args, &reports, output);
    let mut shown = on_standard_output(args.show, output);
    let mut keeper = Keeper::new(suite, output);
    let ended = stream::stream(&selected, args, (&seats, wanted), &snapshots, (how, output), &mut |event| {
        keeper.see(event);
        if let Some(against) = &mut against {
            against.see(event);
        }
        if let Some(bundle) = &mut bundle {
            bundle.read(event);
        }
        reports.read(event, output);
        let text = shown.read(event);
        output.print(&if output.json { text } else { in_log(text) })
    });
    seats.note_flaky(output);
    keeper.keep(output);
    let Ending { counts, stories, stopped, not_run, proven } = ended?;
    if let Some(against) = against {
        let changes = against.changes(suite, output.redaction);
        reports.read(Event::Compared(&changes), output);
        let text = shown.read(Event::Compared(&changes));
        output.print(&if output.json { text } else { in_log(text) })?;
    }
    let unproven = required.iter().copied().filter(|clause| !proven.contains(clause)).collect();
    let place = coverage::place(suite, args);
    let mut end = RunEnded { counts, stories, stopped, not_run, unproven, place, exit_code: 0 };
    let exit = gate(&end);
    end.exit_code = exit.code();
    let bundled = bundle.is_none_or(|mut bundle| {
        bundle.read(Event::RunEnded(&end));
        write_bundle(&bundle, &selected, args, output)
    });
    let (log, written) = reports.end(&end, output);
    if output.json {
        output.note(&log);
    } else {
        output.print(&log)?;
    }
    // The last line is the gate, and the program ends with it.
    let exit = if written && bundled { exit } else { Exit::Environment };
    end.exit_code = exit.code();
    output.print(&shown.read(Event::RunEnded(&end)))?;
    Ok(exit)
}

/// A seed that was not given is drawn, and told so that the order can be had again.
fn shuffle(selected: &mut [Selected<'_>], args: &Run, output: Output) {
    let Some(seed) = args.shuffle else { return };
    // Few digits, for people who type them; what is drawn decides nothing but the order.
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0) % 1_000_000);
    select::shuffle(selected, seed);
    output.note(&format!("Shuffled. The same order again: --shuffle {seed}\n"));
}

/// Whether the bundle was written. Where it lies is a notice: results have the gate as their last line.
fn write_bundle(bundle: &Collector<'_>, selected: &[Selected<'_>], args: &Run, output: Output) -> bool {
    let whole = bundle.bundle(selected, &args.playing);
    let made = whole.and_then(|whole| {
        if output.hides() { bundle::redacted(whole, bundle, &args.playing, output) } else { Ok(whole) }
    });
    let written = made.and_then(|bundle| {
        let path = bundle::path(args.bundle.as_ref().and_then(Option::as_deref), &args.out, &bundle);
        let written = bundle::write(&path, &bundle);
        written.map(|()| path).map_err(|error| format!("{}.", suite::reason(&error)))
    });
    match written {
        Ok(path) => {
            let path = report::prose(&self::shown(&path));
            output.note(&format!("Bundle: {path}. Play it again anywhere: rehearse replay {path}\n"));
            true
        }
        Err(why) => {
            output.note(&format!("The bundle was not written: {why}\n"));
            false
        }
    }
}

/// What the run as a whole ends with.
pub(crate) fn gate(end: &RunEnded) -> Exit {
    let counts = &end.counts;
    if end.stopped == Some(Stopped::ByHand) {
        Exit::Stopped
    } else if counts.n_bad() + counts.n_stories > 0 {
        Exit::NotMet
    } else if counts.n_inconclusive > 0 {
        Exit::Unreachable
    } else if !end.unproven.is_empty() {
        Exit::NotMet
    } else if counts.n_skipped == counts.n_cases() {
        Exit::NothingToDo
    } else {
        Exit::AsExpected
    }
}

fn wanted(args: &Run, reports: &Reports, output: Output) -> Wanted {
    let shows = !output.json && args.show != Show::None;
    Wanted {
        stories: match (output.verbose > 0, reports.want_stories_of_failures()) {
            (true, _) => Stories::All,
            (false, true) => Stories::OfFailures,
            (false, false) => Stories::None,
        },
        failures: (shows && !output.plain) || reports.want_failures(),
        failures_plain: shows && output.plain,
        // Where names are left out, other people's stories are what a bundle holds.
        kept: args.bundle.is_some() && !output.hides(),
    }
}

fn on_standard_output(show: Show, output: Output) -> Reader {
    if output.json {
        return Reader::Json(Json::new(output.verbose > 0));
    }
    let show = match show {
        Show::All if output.quiet > 0 => report::Show::Failed,
        Show::All => report::Show::All,
        Show::Failed => report::Show::Failed,
        Show::None => report::Show::None,
    };
    Reader::Text(Text::new(show, output.plain, output.verbose > 0))
}
