//! Clauses that a run has to prove: which, and which of them no case that passed has proven.

use crate::{args::Run, load::Suite, nearest::nearest, output::Output, suite};
use feed::Clause;
use scenario::{ALL_ARTICLE, Required};
use std::{collections::BTreeSet, fs};

/// Reads `MOVE-1,MOVE-2` or `all-article`. Every code that nobody knows is named, with the nearest.
pub(crate) fn required(text: &str) -> Result<Required, String> {
    if text.trim() == ALL_ARTICLE {
        return Ok(Required::all_article());
    }
    let mut clauses = BTreeSet::new();
    let mut unknown = Vec::new();
    for code in text.split(',').map(str::trim) {
        match Clause::from_code(code) {
            Some(clause) => {
                clauses.insert(clause);
            }
            None if code.is_empty() => {
                unknown.push("between two commas, or at an end, nothing stands".to_owned());
            }
            None => unknown.push(no_clause(code)),
        }
    }
    if unknown.is_empty() {
        return Ok(Required { clauses: clauses.into_iter().collect() });
    }
    Err(format!(
        "{}. Write codes with commas between them, or {ALL_ARTICLE}; they are listed by: rehearse list --rules",
        unknown.join("; ")
    ))
}

fn no_clause(code: &str) -> String {
    let codes = Clause::ALL.iter().map(|clause| clause.code()).chain([ALL_ARTICLE]);
    let near = nearest(code, codes, 1);
    let near = near.first().map_or(String::new(), |near| format!(" (did you mean {near}?)"));
    format!("{} is no clause{near}", report::prose(code))
}

/// What this run has to prove: what the flag says, else, where whole suites are run, what these say.
pub(crate) fn required_of(suite: &Suite, args: &Run, output: Output) -> Vec<Clause> {
    if let Some(required) = &args.require_clauses {
        return required.clauses.clone();
    }
    let mut clauses = BTreeSet::new();
    for home in suite.homes.iter().filter(|home| !home.file.required.clauses.is_empty()) {
        let is_given = args
            .which
            .paths
            .paths
            .iter()
            .any(|path| fs::canonicalize(path).is_ok_and(|path| path == home.root.path));
        if is_given && !args.which.is_narrow() {
            clauses.extend(home.file.required.clauses.iter().copied());
        } else {
            output.note(&format!(
                "Only a part of the suite is run, so the clauses that {} requires are not looked at.\n",
                report::prose(&suite::shown(&home.root.shown.join(suite::SUITE_FILE)))
            ));
        }
    }
    clauses.into_iter().collect()
}

/// Where to look for what is wrong with a run as a whole: the file of the suite that requires clauses, where it is that
/// one's word which holds; else what was given.
pub(crate) fn place(suite: &Suite, args: &Run) -> String {
    let requires = suite.homes.iter().find(|home| !home.file.required.clauses.is_empty());
    match requires.filter(|_| args.require_clauses.is_none()) {
        Some(home) => home.file.path.clone(),
        None => args.which.paths.paths.first().map_or_else(String::new, |path| suite::shown(path)),
    }
}
