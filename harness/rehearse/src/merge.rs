//! `rehearse report --merge`: the results of several searches as one. All files are read before anything is said.

use crate::{args::Merge, exit::Exit, output::Output, suite};
use report::Exploration;

pub(crate) fn merge(args: &Merge, output: Output) -> Result<Exit, Exit> {
    let mut merged = Exploration::default();
    let mut problems = Vec::new();
    for path in &args.files {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot be read: {}", suite::reason(&error)));
        match text.and_then(|text| report::read_exploration(&text)) {
            Ok(exploration) => merged.merge(exploration),
            Err(what) => problems.push(format!("{} {what}.\n", suite::shown(path))),
        }
    }
    if !problems.is_empty() {
        output.note(&problems.concat());
        return Err(Exit::NotUnderstood);
    }
    if merged.overlaps() {
        output.note(
            "Some histories were looked at by more than one search: they are counted more than once.\n",
        );
    }
    let exit = if merged.is_clean() { Exit::AsExpected } else { Exit::NotMet };
    output.print(&if output.json {
        report::exploration_json(&merged, exit.code())
    } else {
        report::exploration(&merged, output.verbose > 0, output.quiet > 0)
    })?;
    Ok(exit)
}
