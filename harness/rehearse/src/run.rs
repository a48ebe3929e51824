//! `rehearse run`: plays the selected scenarios, tells what came of each in the order of the files, and ends with the
//! total and the exit code that agrees with it. What happens comes as one stream (`stream.rs`); who reads it is decided
//! here.

use crate::{
    args::{Progress, Run, Show},
    check::without_mistakes,
    exit::Exit,
    load,
    output::Output,
    reports::Reports,
    seats::Seats,
    select,
    snapshots::{Mode, Snapshots},
    stream,
    stream::{Stories, Wanted},
};
use report::{Counts, Event, Json, Reader, RunEnded, Text};

pub(crate) fn run(args: &Run, how: Progress, output: Output) -> Result<Exit, Exit> {
    let suite = without_mistakes(load::load(&args.which.paths.paths), "rehearse.run/1", output)?;
    let selected = select::select(&suite, &args.which, output)?;
    let paths = &args.which.paths.paths;
    let seats = Seats::open(&args.seats, output)?;
    // Accepted stories are those of the simulated systems.
    let mode = if seats.are_ours() { args.snapshots } else { Mode::Ignore };
    let snapshots = Snapshots::find(&suite, paths, &selected, &args.playing, mode, output)?;
    let mut reports = Reports::open(args, output)?;
    let wanted = wanted(args, &reports, output);
    let mut shown = on_standard_output(args.show, output);
    let (counts, stories) =
        stream::stream(&selected, args, &seats, wanted, &snapshots, (how, output), &mut |event| {
            reports.read(event, output);
            output.print(&shown.read(event))
        })?;
    seats.note_flaky(output);
    let exit = gate(&counts);
    let end = RunEnded { counts, stories, exit_code: exit.code() };
    let (log, written) = reports.end(&end, output);
    if output.json {
        output.note(&log);
    } else {
        output.print(&log)?;
    }
    // The last line is the gate, and the program ends with it.
    let exit = if written { exit } else { Exit::Environment };
    output.print(&shown.read(Event::RunEnded(&RunEnded { exit_code: exit.code(), ..end })))?;
    Ok(exit)
}

/// What the run as a whole ends with.
fn gate(counts: &Counts) -> Exit {
    if counts.n_not_run > 0 {
        Exit::Stopped
    } else if counts.n_failed + counts.n_passed_unexpectedly + counts.n_stories > 0 {
        Exit::NotMet
    } else if counts.n_inconclusive > 0 {
        Exit::Unreachable
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
