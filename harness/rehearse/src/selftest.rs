//! `rehearse selftest`: would the suite notice if the engine were wrong? Plays every selected case against each planted
//! fault and tells which scenario noticed which. The one command in which a fault can be switched on.

use crate::{
    args::Selftest,
    check::without_mistakes,
    exit::Exit,
    hunt, load,
    output::Output,
    play,
    progress::Progress,
    select::{self, Selected},
    stop, threads,
};
use planted::Fault;
use report::{FaultRow, Hidden, ScenarioRow, SelftestTable};
use scenario::Case;
use std::ops::ControlFlow;

/// One case that passes while nothing is wrong.
struct Sound<'a> {
    /// The place of its file among the selected.
    file: usize,
    selected: &'a Selected<'a>,
    case: &'a Case,
}

pub(crate) fn selftest(args: &Selftest, how: crate::args::Progress, output: Output) -> Result<Exit, Exit> {
    let faults = faults(args, output)?;
    if args.list {
        let rows: Vec<FaultRow<'_>> = faults.iter().map(|fault| row(fault, Vec::new())).collect();
        output.print(&report::shelf(&rows, output.json))?;
        return Ok(Exit::AsExpected);
    }
    if let Some(lasts) = args.explore {
        return hunt::hunt(&faults, lasts, args.playing.jobs.map(usize::from), output);
    }
    let suite = load::load(&args.which.paths.paths);
    let output = output.as_asked_by(&suite.homes);
    let suite = without_mistakes(suite, "rehearse.selftest/1", output)?;
    let selected = select::select(&suite, &args.which, output)?;
    stop::listen();
    let (sound, unsound) = sound(&selected, args);
    if sound.is_empty() {
        output.note("No selected case passes while nothing is wrong, so none can notice anything.\n");
        return Ok(if unsound.is_empty() { Exit::NothingToDo } else { Exit::NotMet });
    }
    let progress = Progress::start(faults.len(), how, output);
    let mut noticed: Vec<Option<Vec<bool>>> = Vec::with_capacity(faults.len());
    let one = |idx: usize| {
        let fault = faults[idx];
        let cases = sound.iter();
        let noticed = cases
            .map(|it| {
                (!stop::asked()).then(|| notices(it, play::seed(it.selected.file, &args.playing), fault))
            })
            .collect();
        progress.done(fault.name, false);
        noticed
    };
    threads::in_order(play::n_jobs(&selected, &args.playing), faults.len(), one, &mut |it| {
        noticed.push(it);
        ControlFlow::Continue(())
    });
    progress.finish();
    let Some(noticed) = noticed.into_iter().collect::<Option<Vec<_>>>() else { return Ok(Exit::Stopped) };
    let table = table(&selected, &sound, unsound, &faults, &noticed);
    let exit = if table.is_met() { Exit::AsExpected } else { Exit::NotMet };
    let text = if output.json {
        report::selftest_json(&table, play::seed_of_all(&selected, &args.playing), exit.code())
    } else {
        report::selftest(&table, output.verbose > 0, output.quiet > 0)
    };
    let scenarios = selected.iter().map(|selected| &selected.file.scenario);
    output.print(&Hidden::of_scenarios(output.redaction, scenarios).hide(&text))?;
    Ok(exit)
}

/// Those that were asked for, or the whole shelf.
fn faults(args: &Selftest, output: Output) -> Result<Vec<&'static Fault>, Exit> {
    if args.faults.is_empty() {
        return Ok(planted::shelf().collect());
    }
    let mut faults = Vec::new();
    for name in &args.faults {
        let Some(fault) = planted::find(name) else {
            let near = crate::nearest::nearest(name, planted::shelf().map(|fault| fault.name), 3);
            let near =
                if near.is_empty() { String::new() } else { format!(" Nearest: {}.", near.join(", ")) };
            output.note(&format!(
                "There is no planted fault {name:?}.{near} See them all: rehearse selftest --list\n"
            ));
            return Err(Exit::NotUnderstood);
        };
        faults.push(fault);
    }
    Ok(faults)
}

/// The cases that pass while nothing is wrong, and the labels of those that do not. What is skipped is neither.
fn sound<'a>(selected: &'a [Selected<'a>], args: &Selftest) -> (Vec<Sound<'a>>, Vec<String>) {
    let played = play::each(selected, &args.playing, |played| {
        played.trace.is_some().then(|| played.verdict.is_failure())
    });
    let places = selected.iter().enumerate().flat_map(|(file, selected)| {
        selected.cases.iter().map(move |&case| (file, selected, &selected.file.scenario.cases[case]))
    });
    let (mut sound, mut unsound) = (Vec::new(), Vec::new());
    for ((file, selected, case), told) in places.zip(played) {
        match told.result.flatten() {
            Some(false) => sound.push(Sound { file, selected, case }),
            Some(true) => unsound.push(report::case_label(&selected.file.name, case)),
            None => {}
        }
    }
    (sound, unsound)
}

fn notices(sound: &Sound<'_>, seed: u64, fault: &'static Fault) -> bool {
    let trace = planted::play(sound.case, seed, fault);
    runner::judge(&sound.selected.file.scenario, sound.case, &trace).is_failure()
}

fn row<'a>(fault: &'static Fault, noticed_by: Vec<&'a str>) -> FaultRow<'a> {
    FaultRow { name: fault.name, family: fault.family.text(), says: fault.says, noticed_by }
}

/// `noticed` has a row for each fault and in it one entry for each sound case.
fn table<'a>(
    selected: &'a [Selected<'a>],
    sound: &[Sound<'a>],
    unsound: Vec<String>,
    faults: &[&'static Fault],
    noticed: &[Vec<bool>],
) -> SelftestTable<'a> {
    let mut scenarios: Vec<ScenarioRow<'a>> = selected
        .iter()
        .map(|selected| ScenarioRow { name: &selected.file.name, n_noticed: 0, n_alone: 0 })
        .collect();
    let mut rows = Vec::with_capacity(faults.len());
    for (fault, noticed) in faults.iter().zip(noticed) {
        let mut files: Vec<usize> =
            sound.iter().zip(noticed).filter(|(_, noticed)| **noticed).map(|(it, _)| it.file).collect();
        files.dedup();
        for &file in &files {
            scenarios[file].n_noticed += 1;
            scenarios[file].n_alone += usize::from(files.len() == 1);
        }
        rows.push(row(fault, files.iter().map(|&file| selected[file].file.name.as_str()).collect()));
    }
    scenarios.retain(|scenario| sound.iter().any(|it| it.selected.file.name == scenario.name));
    SelftestTable { n_cases: sound.len(), faults: rows, scenarios, unsound }
}
