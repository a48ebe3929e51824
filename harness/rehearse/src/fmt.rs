//! `rehearse fmt`: lays scenario files out, worlds too. A file is written whole or not at all, and only if it changes.

use crate::{
    args::Fmt,
    atomic,
    exit::Exit,
    load,
    output::Output,
    select::nothing_there,
    suite::{self, Found},
};
use report::Hidden;
use scenario::{Mistake, NotFormatted};
use similar::TextDiff;
use std::fmt::Write as _;

/// What became of one file.
enum Outcome {
    AsItWas,
    /// Before and after.
    Changes(String, String),
    Mistakes(Vec<Mistake>, String),
    /// A sentence that goes on after its name.
    Cannot(String),
    OurFault,
}

pub(crate) fn fmt(args: &Fmt, output: Output) -> Result<Exit, Exit> {
    let finds = suite::find_with_worlds(&args.paths.paths);
    let suites = load::homes(&finds.found, &mut load::Troubles::default());
    let output = output.as_asked_by(&suites.into_values().collect::<Vec<_>>());
    for problem in &finds.problems {
        output.note(&format!("{}: {}\n", report::prose(&problem.path), report::prose(&problem.what)));
    }
    if finds.found.is_empty() && finds.problems.is_empty() {
        output.note(&nothing_there(&args.paths.paths));
        return Ok(Exit::NothingToDo);
    }
    let mut exit = if finds.problems.is_empty() { Exit::AsExpected } else { Exit::NotUnderstood };
    let mut n_changed = 0;
    let mut text = String::new();
    for found in &finds.found {
        let name = report::prose(&found.shown);
        match outcome(found) {
            Outcome::AsItWas => {}
            Outcome::Changes(before, after) => {
                n_changed += 1;
                if args.check {
                    exit = graver(exit, Exit::NotMet);
                    let hidden =
                        Hidden::of_sources(output.redaction, [(name.as_str(), before.as_str())].into_iter());
                    told(&mut text, &name, (&before, &after), &hidden, output);
                } else if let Err(error) = atomic::replace(&found.path, &after) {
                    let reason = suite::reason(&error);
                    output.note(&format!("{name} could not be written: {reason}. It is as it was.\n"));
                    exit = graver(exit, Exit::Environment);
                } else {
                    let _ = writeln!(text, "{name}: laid out");
                }
            }
            Outcome::Mistakes(mistakes, source) => {
                exit = graver(exit, Exit::NotUnderstood);
                let hidden =
                    Hidden::of_sources(output.redaction, [(name.as_str(), source.as_str())].into_iter());
                let source = hidden.source(&source);
                for mistake in mistakes {
                    let mistake = hidden.mistake(&mistake, &source);
                    output.note(&format!("{}\n\n", mistake.render(&source.text, true)));
                }
                output.note(&format!("{name} was left as it is.\n"));
            }
            Outcome::Cannot(what) => {
                exit = graver(exit, Exit::NotUnderstood);
                output.note(&format!("{name}: This file {what}.\n"));
            }
            Outcome::OurFault => {
                exit = Exit::OurFault;
                output.note(&format!(
                    "{name} would have come out with another meaning, which is a fault of rehearse. It was left as it is.\n"
                ));
            }
        }
    }
    text.push_str(&total(finds.found.len(), n_changed, args.check));
    output.print(&text)?;
    Ok(exit)
}

fn outcome(found: &Found) -> Outcome {
    let before = match suite::read_text(&found.path) {
        Ok(text) => text,
        Err(what) => return Outcome::Cannot(what),
    };
    match scenario::format(&found.shown, &before) {
        Ok(after) if after == before => Outcome::AsItWas,
        Ok(after) => Outcome::Changes(before, after),
        Err(NotFormatted::Mistakes(mistakes)) => Outcome::Mistakes(mistakes, before),
        Err(NotFormatted::WouldDiffer) => Outcome::OurFault,
    }
}

/// With `--plain` the name alone, else what would change.
fn told(text: &mut String, name: &str, (before, after): (&str, &str), hidden: &Hidden, output: Output) {
    if output.plain {
        let _ = writeln!(text, "{name}");
        return;
    }
    let (before, after) = (hidden.source(before), hidden.source(after));
    let diff = TextDiff::from_lines(before.text.as_ref(), after.text.as_ref());
    let shown = diff.unified_diff().context_radius(2).header(name, "laid out").to_string();
    for line in shown.lines() {
        let _ = writeln!(text, "{}", report::prose(line));
    }
    text.push('\n');
}

fn total(n_files: usize, n_changed: usize, check: bool) -> String {
    let files = report::counted(n_files, "file", "files");
    match (n_changed, check) {
        (0, _) => format!("{files}: nothing to lay out.\n"),
        (n, true) => format!("{n} of {files} would be laid out anew. Do it: rehearse fmt\n"),
        (n, false) => format!("{n} of {files} laid out.\n"),
    }
}

/// What could not be understood outweighs what would change.
fn graver(a: Exit, b: Exit) -> Exit {
    if a.code() > b.code() { a } else { b }
}
