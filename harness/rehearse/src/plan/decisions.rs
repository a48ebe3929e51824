//! Decisions that come back: from the workbook that people filled in, or from an earlier plan. What cannot be used is told,
//! each with its row, and everything else goes on.

use crate::{
    exit::Exit,
    output::Output,
    suite::{reason, shown},
};
use go_live::plan::{Answer, Plan, ProblemKind, Resolved, Sides, answers, resolve};
use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

/// Reads the workbook and works out what of it can be used.
pub(crate) fn read(path: &Path, sides: Sides<'_>, output: Output) -> Result<Resolved, Exit> {
    let refuse = |why: &str| {
        output.note(&format!("The decisions in {} could not be read. {why}\n", shown(path)));
        Exit::NotUnderstood
    };
    let bytes = fs::read(path).map_err(|error| {
        let hint = if cfg!(windows) { " If it is open in Excel, close it, then try again." } else { "" };
        refuse(&format!("{}.{hint}", reason(&error)))
    })?;
    let filled: Vec<Answer> = answers(&bytes).map_err(|why| refuse(&report::prose(&why)))?;
    Ok(resolve(sides, &filled))
}

/// What came of them, and what is still to do.
pub(crate) fn tell(resolved: &Resolved, plan: &Plan, sides: Sides<'_>) -> String {
    let n = |kind: ProblemKind| resolved.problems.iter().filter(|it| it.kind == kind).count();
    let n_decided = resolved.settled.values().filter(|it| it.choice.settles()).count();
    let mut parts = vec![format!("{n_decided} decided")];
    for kind in [ProblemKind::NotSure, ProblemKind::Blank] {
        if n(kind) > 0 {
            parts.push(format!("{} {}", n(kind), kind.text()));
        }
    }
    let mut text = format!(
        "\nRead {}, those that a filter hides among them: {}.\n",
        report::counted(resolved.n_read, "row", "rows"),
        parts.join(", ")
    );
    for problem in resolved.problems.iter().filter(|it| it.kind != ProblemKind::Blank) {
        let _ = writeln!(
            text,
            "   {}  {}  {}",
            problem.place,
            report::value(&problem.external_id),
            report::prose(&problem.what)
        );
    }
    let missing = missing(resolved, plan, sides);
    if !missing.is_empty() {
        let _ = writeln!(
            text,
            "   {} a decision and {} not in the workbook (deleted there, or new since it was made): {}",
            if missing.len() == 1 {
                "One service user needs".to_owned()
            } else {
                format!("{} service users need", report::number(missing.len()))
            },
            if missing.len() == 1 { "is" } else { "are" },
            some_of(&missing)
        );
    }
    let mut left: BTreeMap<ProblemKind, usize> = BTreeMap::new();
    for problem in &resolved.problems {
        *left.entry(problem.kind).or_default() += 1;
    }
    let mut left: Vec<String> = left.into_iter().map(|(kind, n)| format!("{n} {}", kind.text())).collect();
    if !missing.is_empty() {
        left.push(format!("{} not asked", missing.len()));
    }
    if !left.is_empty() {
        let _ = writeln!(text, "Not ready to sign off: {}.", left.join(", "));
    }
    text
}

/// Those who need somebody to decide and about whom the workbook has no row.
fn missing(resolved: &Resolved, plan: &Plan, sides: Sides<'_>) -> Vec<String> {
    let rows = (0_u32..).zip(&plan.rows);
    rows.filter(|(_, row)| row.outcome.is_for_a_person() && row.settled.is_none())
        .filter(|(user, _)| !resolved.asked.contains(&plan.key(sides, *user)))
        .map(|(user, _)| report::value(&sides.identifier(user)))
        .collect()
}

fn some_of(texts: &[String]) -> String {
    let first: Vec<&str> = texts.iter().take(10).map(String::as_str).collect();
    if texts.len() > first.len() {
        format!("{} and {} more", first.join(", "), texts.len() - first.len())
    } else {
        report::listed(&first)
    }
}
