//! `rehearse list`: the scenarios, or the guidance clause by clause with what proves it.

use crate::{args::List, check::without_mistakes, exit::Exit, load, output::Output, play, select};
use report::{Holding, Standing};
use runner::Verdict;
use scenario::Scenario;

pub(crate) fn list(args: &List, output: Output) -> Result<Exit, Exit> {
    let suite = load::load(&args.which.paths.paths);
    let output = output.as_asked_by(&suite.homes);
    let suite = without_mistakes(suite, "rehearse.list/1", output)?;
    let selected = select::select(&suite, &args.which, output)?;
    let files: Vec<(&str, &Scenario)> =
        selected.iter().map(|selected| (selected.file.name.as_str(), &selected.file.scenario)).collect();
    let text = if args.rules {
        rules(&selected, args, output)
    } else if output.json {
        report::list_json(&files)
    } else if output.plain {
        report::list_plain(&files, suite.files.len())
    } else {
        report::list(&files, suite.files.len())
    };
    let scenarios = selected.iter().map(|selected| &selected.file.scenario);
    let hidden = report::Hidden::of_scenarios(output.redaction, scenarios);
    output.print(&hidden.hide(&text))?;
    Ok(Exit::AsExpected)
}

/// "Proven" is said only of what was run just now.
fn rules(selected: &[select::Selected<'_>], args: &List, output: Output) -> String {
    let verdicts = play::each(selected, &args.playing, |played| played.verdict);
    let standings: Vec<Standing> = selected
        .iter()
        .zip(verdicts.chunk_by(|a, b| a.file == b.file))
        .map(|(selected, cases)| Standing {
            name: &selected.file.name,
            scenario: &selected.file.scenario,
            holds: holding(cases.iter().map(|case| case.result.as_ref())),
        })
        .collect();
    if output.json {
        report::rules_json(&standings)
    } else if output.plain {
        report::rules_plain(&standings)
    } else {
        report::rules(&standings)
    }
}

fn holding<'a>(verdicts: impl Iterator<Item = Option<&'a Verdict>>) -> Holding {
    verdicts.fold(Holding::Unknown, |so_far, verdict| match verdict {
        Some(Verdict::Passed) if so_far == Holding::Unknown => Holding::Holds,
        Some(Verdict::Failed(_) | Verdict::FailedAsExpected { .. } | Verdict::PassedUnexpectedly { .. }) => {
            Holding::Broken
        }
        _ => so_far,
    })
}
