//! The problems of an export, told on the terminal: each kind once, with the way out and the places where it is. Knows
//! nothing of what a problem is.

use crate::output::Output;
use go_live::exports::{Export, Problem, Severity};
use report::Redact;
use std::fmt::Write as _;

/// So many kinds are told of each file, and so many places of each kind; the others are counted.
const KINDS: usize = 25;
const PLACES: usize = 6;

/// Tells what is wrong with a file. `-v` tells every place, and what is only a note.
pub(super) fn tell(export: &Export, redact: Redact, output: Output) {
    let tells_all = output.verbose > 0;
    let worth_telling = |it: &&Problem| it.severity != Severity::Note || tells_all;
    let kinds = by_kind(export.problems.iter().filter(worth_telling));
    let (n_kinds, n_places) = if tells_all { (usize::MAX, usize::MAX) } else { (KINDS, PLACES) };
    for kind in kinds.iter().take(n_kinds) {
        output.note(&kind_text(kind, n_places, redact));
    }
    if kinds.len() > n_kinds {
        let n = report::number(kinds.len() - n_kinds);
        output.note(&format!(
            "{} has {n} more kinds of problems; -v tells all.\n",
            report::prose(&export.file)
        ));
    }
}

/// Problems of one kind in one column, in the order of the first of each.
fn by_kind<'a>(problems: impl Iterator<Item = &'a Problem>) -> Vec<Vec<&'a Problem>> {
    let mut kinds: Vec<Vec<&Problem>> = Vec::new();
    for problem in problems {
        let is_it = |kind: &&mut Vec<&Problem>| {
            let first = kind[0];
            (first.code, &first.sheet, &first.column, &first.fix, first.severity)
                == (problem.code, &problem.sheet, &problem.column, &problem.fix, problem.severity)
        };
        match kinds.iter_mut().find(is_it) {
            Some(kind) => kind.push(problem),
            None => kinds.push(vec![problem]),
        }
    }
    kinds
}

/// `acp.csv, line 5, column "NHS Number": "8996517268"`, what is wrong, what to do, and where else.
fn kind_text(kind: &[&Problem], n_places: usize, redact: Redact) -> String {
    let (first, others) = (kind[0], &kind[1..]);
    let value =
        |it: &Problem| it.value.as_ref().filter(|_| may_show(it, redact)).map(|value| format!("{value:?}"));
    let colon = value(first).map_or_else(String::new, |value| format!(": {value}"));
    let mut text = format!(
        "{}{colon}\n  {} {} [{}]\n",
        report::prose(&first.place()),
        first.what,
        first.fix,
        first.code
    );
    let place = |it: &&Problem| {
        let row = it.row?;
        Some(value(it).map_or_else(|| row.to_string(), |value| format!("{row} ({value})")))
    };
    let listed: Vec<String> = others.iter().take(n_places).filter_map(place).collect();
    let n_unlisted: usize = kind.iter().map(|it| it.n_more as usize).sum();
    let n_more = others.len() - listed.len() + n_unlisted;
    let unit = if first.sheet.is_some() { "row" } else { "line" };
    let _ = match (listed.is_empty(), n_more) {
        (true, 0) => Ok(()),
        (true, n) => {
            writeln!(text, "  Also on {} more {unit}{}.", report::number(n), if n == 1 { "" } else { "s" })
        }
        (false, 0) => writeln!(text, "  Also on {unit} {}.", listed.join(", ")),
        (false, n) => {
            writeln!(text, "  Also on {unit} {} and {} more.", listed.join(", "), report::number(n))
        }
    };
    text
}

/// Whether a value may be seen: external IDs and branches stay where only names are left out.
fn may_show(problem: &Problem, redact: Redact) -> bool {
    match redact {
        Redact::None => true,
        Redact::Names => !problem.is_personal,
        Redact::All => false,
    }
}
