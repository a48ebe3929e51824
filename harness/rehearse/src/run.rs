//! `rehearse run`: plays the selected scenarios, tells what came of each in the order of the files, and ends with the
//! total and the exit code that agrees with it.

use crate::{
    args::{Progress as How, Run, Show},
    check::without_mistakes,
    exit::Exit,
    load,
    output::Output,
    play::{self, Played, Told},
    progress::Progress,
    select::{self, Selected},
    stop,
};
use jiff::SignedDuration;
use report::{CaseDocument, Counts};
use runner::Verdict;

/// What is kept of a case once its trace is gone.
struct Line {
    verdict: Verdict,
    simulated: SignedDuration,
    /// Its story where that was asked for, its failures where there are some.
    text: String,
    document: Option<CaseDocument>,
}

pub(crate) fn run(args: &Run, how: How, output: Output) -> Result<Exit, Exit> {
    let suite = without_mistakes(load::load(&args.which.paths.paths), "rehearse.run/1", output)?;
    let selected = select::select(&suite, &args.which, output)?;
    let told = play_and_tell(&selected, args, how, output);
    let counts = count(&selected, &told);
    let exit = exit(&counts);
    output.print(&if output.json {
        let documents: Vec<CaseDocument> =
            told.into_iter().filter_map(|told| told.result?.document).collect();
        report::run_json(&counts, &documents, args.playing.seed, exit.code())
    } else {
        text(&selected, &told, &counts, args, output)
    })?;
    Ok(exit)
}

fn play_and_tell(selected: &[Selected<'_>], args: &Run, how: How, output: Output) -> Vec<Told<Line>> {
    let n_cases: usize = selected.iter().map(|selected| selected.cases.len()).sum();
    if n_cases > 1 {
        stop::listen();
    }
    let progress = Progress::start(n_cases, how, output);
    let told = play::each(selected, &args.playing, |played| {
        let line = tell(&played, args, output);
        progress.done(&report::case_label(&played.file.name, played.case), line.verdict.is_failure());
        line
    });
    progress.finish();
    told
}

fn tell(played: &Played<'_>, args: &Run, output: Output) -> Line {
    let trace = played.trace.as_ref();
    let mut text = String::new();
    if let Some(trace) = trace {
        let told = played.told(trace, args.playing.seed);
        if output.verbose > 0 {
            text = report::story(&told, output.telling());
        }
        if played.verdict.is_failure() && !output.json && args.show != Show::None {
            text.push_str(&if output.plain { report::failure_plain(&told) } else { report::failure(&told) });
        }
    }
    let story = (output.verbose > 0).then_some(text.as_str());
    let document = output.json.then(|| {
        let file = played.file;
        report::case_document(&file.name, &file.scenario, played.case, trace, &played.verdict, story)
    });
    Line { verdict: played.verdict.clone(), simulated: report::simulated(trace), text, document }
}

fn count(selected: &[Selected<'_>], told: &[Told<Line>]) -> Counts {
    let mut counts = Counts { n_scenarios: selected.len(), ..Counts::default() };
    for told in told {
        match &told.result {
            Some(line) => counts.add(&line.verdict, line.simulated),
            None => counts.n_not_run += 1,
        }
    }
    counts
}

fn exit(counts: &Counts) -> Exit {
    if counts.n_not_run > 0 {
        Exit::Stopped
    } else if counts.n_failed + counts.n_passed_unexpectedly > 0 {
        Exit::NotMet
    } else if counts.n_inconclusive > 0 {
        Exit::Unreachable
    } else if counts.n_skipped == counts.n_cases() {
        Exit::NothingToDo
    } else {
        Exit::AsExpected
    }
}

fn text(
    selected: &[Selected<'_>],
    told: &[Told<Line>],
    counts: &Counts,
    args: &Run,
    output: Output,
) -> String {
    let show = if output.quiet > 0 && args.show == Show::All { Show::Failed } else { args.show };
    let mut text = String::new();
    if show == Show::All {
        text.push_str(&report::begin(counts, args.playing.seed, output.plain));
    }
    if show != Show::None {
        let width = selected.iter().map(|selected| selected.file.name.chars().count()).max().unwrap_or(0);
        for cases in told.chunk_by(|a, b| a.file == b.file) {
            let file = &selected[cases[0].file];
            text.push_str(&of_file(file, cases, width, show, output));
        }
    }
    if output.plain {
        text.push_str(&report::total_plain(counts, exit(counts).code()));
    } else {
        text.push_str(&report::total(counts));
    }
    text
}

/// One line where every case passed and nobody asked for more, else each case by itself.
fn of_file(
    selected: &Selected<'_>,
    cases: &[Told<Line>],
    width: usize,
    show: Show,
    output: Output,
) -> String {
    let lines: Vec<(&Told<Line>, &Line)> =
        cases.iter().filter_map(|told| Some((told, told.result.as_ref()?))).collect();
    let all_passed =
        lines.len() == cases.len() && lines.iter().all(|(_, line)| line.verdict == Verdict::Passed);
    if all_passed && show == Show::Failed && output.verbose == 0 {
        return String::new();
    }
    if all_passed && !output.plain && output.verbose == 0 {
        let simulated = lines.iter().map(|(_, line)| line.simulated).sum();
        return report::passed_line(&selected.file.name, lines.len(), simulated, width);
    }
    let mut text = String::new();
    if output.verbose > 0 {
        text.push_str(&report::header(&selected.file.name, &selected.file.scenario));
    }
    for (told, line) in lines {
        let label = report::case_label(&selected.file.name, &selected.file.scenario.cases[told.case]);
        // A story says itself how it ended.
        let has_story = output.verbose > 0 && !output.plain && !line.text.is_empty();
        if !has_story && (show == Show::All || line.verdict != Verdict::Passed) {
            text.push_str(&if output.plain {
                report::line_plain(&line.verdict, &label)
            } else {
                report::line(&line.verdict, &label, &report::note(&line.verdict, line.simulated), width)
            });
        }
        text.push_str(&line.text);
    }
    if output.verbose > 0 {
        text.push('\n');
    }
    text
}
