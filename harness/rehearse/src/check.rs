//! `rehearse check`: every mistake of every file, and nothing is run. The other commands that read scenarios say
//! their mistakes through the same words.

use crate::{
    args::Paths,
    exit::Exit,
    load::{self, Suite, Troubles},
    output::Output,
    select::nothing_there,
};
use report::{Hidden, HiddenSource};
use std::{collections::BTreeMap, fmt::Write as _};

pub(crate) fn check(paths: &Paths, output: Output) -> Result<Exit, Exit> {
    let suite = load::load(&paths.paths);
    let output = output.as_asked_by(&suite.homes);
    let suite = tellable(suite, output);
    note_links(&suite, output);
    let exit = if !suite.troubles.is_empty() {
        Exit::NotUnderstood
    } else if suite.files.is_empty() {
        Exit::NothingToDo
    } else {
        Exit::AsExpected
    };
    if output.json {
        output.print(&as_json("rehearse.check/1", &suite, exit))?;
    } else {
        if exit == Exit::NothingToDo {
            output.note(&nothing_there(&paths.paths));
        }
        let mistakes =
            if suite.troubles.is_empty() { String::new() } else { text(&suite.troubles, output.plain) };
        output.print(&format!("{mistakes}{}", total(&suite)))?;
    }
    Ok(exit)
}

/// The suite, if it is free of mistakes; else they are told and nothing goes on.
pub(crate) fn without_mistakes(suite: Suite, format: &str, output: Output) -> Result<Suite, Exit> {
    note_links(&suite, output);
    if suite.troubles.is_empty() {
        return Ok(suite);
    }
    let suite = tellable(suite, output);
    if output.json {
        output.print(&as_json(format, &suite, Exit::NotUnderstood))?;
    } else {
        output.note(&format!("{}{}Nothing was run.\n", text(&suite.troubles, output.plain), total(&suite)));
    }
    Err(Exit::NotUnderstood)
}

fn note_links(suite: &Suite, output: Output) {
    for link in &suite.links {
        output.note(&format!("{}: a link, not followed.\n", report::prose(link)));
    }
}

fn tellable(suite: Suite, output: Output) -> Suite {
    Suite { troubles: told(suite.troubles, output), ..suite }
}

/// The mistakes and the texts that they are in, as they may be told.
fn told(troubles: Troubles, output: Output) -> Troubles {
    let texts = troubles.sources.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let hidden = Hidden::of_sources(output.redaction, texts);
    if !hidden.is_active() {
        return troubles;
    }
    let sources: BTreeMap<&String, HiddenSource<'_>> =
        troubles.sources.iter().map(|(path, text)| (path, hidden.source(text))).collect();
    let nothing = hidden.source("");
    let mistakes = troubles.mistakes.iter();
    let mistakes = mistakes
        .map(|mistake| hidden.mistake(mistake, sources.get(&mistake.path).unwrap_or(&nothing)))
        .collect();
    let sources = sources.into_iter().map(|(path, it)| (path.clone(), it.text.into_owned())).collect();
    Troubles { paths: troubles.paths, mistakes, sources }
}

fn as_json(format: &str, suite: &Suite, exit: Exit) -> String {
    let paths: Vec<(&str, &str)> =
        suite.troubles.paths.iter().map(|problem| (problem.path.as_str(), problem.what.as_str())).collect();
    report::mistakes_json(format, suite.files.len(), &paths, &suite.troubles.mistakes, exit.code())
}

fn text(troubles: &Troubles, plain: bool) -> String {
    let mut text = String::new();
    for problem in &troubles.paths {
        let _ = writeln!(text, "{}: {}", report::prose(&problem.path), report::prose(&problem.what));
        if !plain {
            text.push('\n');
        }
    }
    for mistake in &troubles.mistakes {
        if plain {
            let _ = writeln!(text, "{}", report::mistake_plain(mistake));
        } else {
            let source = troubles.sources.get(&mistake.path).map_or("", String::as_str);
            let _ = writeln!(text, "{}\n", mistake.render(source, true));
        }
    }
    text
}

fn total(suite: &Suite) -> String {
    let n_mistakes = suite.troubles.mistakes.len() + suite.troubles.paths.len();
    if n_mistakes == 0 {
        let n_cases: usize = suite.files.iter().map(|file| file.scenario.cases.len()).sum();
        return format!(
            "{}, {}: no mistakes.\n",
            report::counted(suite.files.len(), "scenario", "scenarios"),
            report::counted(n_cases, "case", "cases")
        );
    }
    let mut files: Vec<&str> = suite.troubles.mistakes.iter().map(|mistake| mistake.path.as_str()).collect();
    files.extend(suite.troubles.paths.iter().map(|problem| problem.path.as_str()));
    files.sort_unstable();
    files.dedup();
    format!(
        "{} in {}.\n",
        report::counted(n_mistakes, "mistake", "mistakes"),
        report::counted(files.len(), "file", "files")
    )
}
