//! Picks scenarios and cases by name and tag, and says what would have matched where nothing does.

use crate::{
    args::{NoMatch, Which},
    exit::Exit,
    load::{Loaded, Suite},
    nearest::nearest,
    output::Output,
    suite::shown,
};
use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf};

/// A scenario and those of its cases that were asked for: their places, never none.
#[derive(Debug)]
pub(crate) struct Selected<'a> {
    pub(crate) file: &'a Loaded,
    pub(crate) cases: Vec<usize>,
}

/// What was asked for; or, where nothing matches, how to end.
pub(crate) fn select<'a>(suite: &'a Suite, which: &Which, output: Output) -> Result<Vec<Selected<'a>>, Exit> {
    let selected = pick(&suite.files, which.text.as_deref(), &which.tags);
    if !selected.is_empty() {
        return Ok(selected);
    }
    output.note(&nothing_matched(suite, which));
    Err(match which.no_match {
        NoMatch::Fails => Exit::NothingToDo,
        NoMatch::Ok => Exit::AsExpected,
    })
}

/// By text in the scenario's name or title (then all its cases) or in a case's name; and by any of the tags.
pub(crate) fn pick<'a>(files: &'a [Loaded], text: Option<&str>, tags: &[String]) -> Vec<Selected<'a>> {
    let text = text.map(str::to_lowercase);
    files
        .iter()
        .filter(|file| tags.is_empty() || file.scenario.tags.iter().any(|tag| tags.contains(tag)))
        .map(|file| Selected { file, cases: cases(file, text.as_deref()) })
        .filter(|selected| !selected.cases.is_empty())
        .collect()
}

fn cases(file: &Loaded, text: Option<&str>) -> Vec<usize> {
    let all = 0..file.scenario.cases.len();
    let Some(text) = text else { return all.collect() };
    let in_it = |whole: &str| whole.to_lowercase().contains(text);
    if in_it(&file.name) || in_it(&file.scenario.title) {
        return all.collect();
    }
    let label = |idx: usize| report::case_label(&file.name, &file.scenario.cases[idx]);
    all.filter(|&idx| in_it(&label(idx))).collect()
}

/// What to say of paths under which there is no scenario.
pub(crate) fn nothing_there(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| shown(path)).collect();
    format!(
        "There is no scenario in {}. A scenario is a file whose name ends in .yaml; those in folders called \
         \"worlds\" do not count.\n",
        report::listed(&paths)
    )
}

fn nothing_matched(suite: &Suite, which: &Which) -> String {
    if suite.files.is_empty() {
        return nothing_there(&which.paths.paths);
    }
    let mut text = String::from("No scenario matched");
    for (flag, wanted) in
        which.text.iter().map(|text| ("-k", text)).chain(which.tags.iter().map(|tag| ("--tag", tag)))
    {
        let _ = write!(text, " {flag} {wanted:?}");
    }
    text.push('.');
    if let Some(wanted) = &which.text {
        let near = nearest(wanted, suite.files.iter().map(|file| file.name.as_str()), 3);
        if !near.is_empty() {
            let _ = write!(text, " Nearest: {}.", near.join(", "));
        }
    }
    if !which.tags.is_empty() {
        let tags: BTreeSet<&str> =
            suite.files.iter().flat_map(|file| &file.scenario.tags).map(String::as_str).collect();
        let tags: Vec<&str> = tags.into_iter().collect();
        let _ = write!(text, " Tags that there are: {}.", report::listed(&tags));
    }
    text.push_str(" See them all: rehearse list\n");
    text
}
