//! What the terminal shows of a plan: the two files, a line for each outcome, what to put right first, what cannot be told.
//! The total comes before details, and what is not listed is counted.

use super::PlanTold;
use super::why::{because, cause_does, cause_title, clears};
use crate::{visible, words};
use go_live::exports::{CareHistory, Column, Export, Severity};
use go_live::lookalike::Trust;
use go_live::plan::{Hold, Only, Outcome, Refused, Why};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Which rows get a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanShow {
    /// Only those that may overwrite another person, the first ten.
    Summary,
    /// All that stop the go-live or change branch.
    Attention,
    All,
}

/// How many of the worst rows the summary lists.
const WORST: usize = 10;
/// How many causes the summary lists.
const CAUSES: usize = 5;

/// The summary.
pub fn plan_summary(told: &PlanTold<'_>, show: PlanShow) -> String {
    let mut text = files(told);
    let customer = if told.customer.is_empty() {
        String::new()
    } else {
        format!(" for {}", visible::prose(told.customer))
    };
    let _ = writeln!(
        text,
        "\nGo-live plan{customer}, first sync {}\nPlan {}\n",
        words::moment(told.sides.set_up.first_sync),
        told.number
    );
    text.push_str(&outcomes(told));
    text.push_str(&attention(told));
    text.push_str(&worst(told));
    text.push_str(&fixes(told));
    text.push_str(&cautions(told));
    if show != PlanShow::Summary {
        let _ = writeln!(text, "\nService users");
        text.push_str(&rows_text(told, show));
    }
    text
}

fn files(told: &PlanTold<'_>) -> String {
    let sides = told.sides;
    let width = [sides.rostering, sides.acp].map(|it| it.file.chars().count()).into_iter().max().unwrap_or(0);
    let line = |export: &Export, one: &str, many: &str| {
        let problems = problems(export);
        format!(
            "{:width$}  {}, {}{problems}\n",
            visible::prose(&export.file),
            visible::prose(&export.form.what),
            words::counted(export.n_rows(), one, many)
        )
    };
    let mut text = line(sides.rostering, "service user", "service users");
    text.push_str(&line(sides.acp, "record", "records"));
    let changed: Vec<String> = sides
        .set_up
        .settings
        .changed()
        .map(|setting| format!("{}: {}", setting.text(), sides.set_up.settings.text(setting)))
        .collect();
    let rules = if changed.is_empty() { "the defaults".to_owned() } else { changed.join(", ") };
    let exactly = match sides.set_up.settings.identifier_matching {
        feed::IdentifierMatching::Exact => "exactly as written",
        feed::IdentifierMatching::EndsTrimmed => "without blanks at both ends",
    };
    let prefix = &sides.set_up.prefix;
    let prefix = if prefix.is_empty() {
        String::new()
    } else {
        format!(", with the prefix {}", visible::value(prefix))
    };
    let _ = writeln!(text, "Compared on the external ID alone, {exactly}{prefix}. Rules: {rules}.");
    text
}

fn problems(export: &Export) -> String {
    let of = |severity: Severity| -> usize {
        export.problems.iter().filter(|it| it.severity == severity).map(|it| 1 + it.n_more as usize).sum()
    };
    let (left_out, doubtful) = (of(Severity::CannotBeUsed), of(Severity::Doubtful));
    let mut text = String::new();
    if left_out > 0 {
        let _ = write!(text, ", {} left out", words::counted(left_out, "row", "rows"));
    }
    if doubtful > 0 {
        let _ = write!(text, ", {}", words::counted(doubtful, "doubtful value", "doubtful values"));
    }
    text
}

fn outcomes(told: &PlanTold<'_>) -> String {
    let counts = &told.plan.counts;
    let width = Outcome::ALL.iter().map(|&it| words::number(counts.of(it)).len()).max().unwrap_or(1);
    let mut text = String::new();
    // ACP only stands before what does not change, which is last.
    let order = Outcome::ALL.iter().filter(|it| **it != Outcome::NoChange).chain([&Outcome::NoChange]);
    for &outcome in order {
        let n = counts.of(outcome);
        let note = if n == 0 { String::new() } else { note(told, outcome) };
        let line =
            format!("  {:>2}  {:<28}  {:>width$}   {note}", outcome.sign(), outcome.text(), words::number(n));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// What else there is to say about the rows of one outcome.
fn note(told: &PlanTold<'_>, outcome: Outcome) -> String {
    let plan = told.plan;
    let rows = || plan.rows.iter().filter(|row| row.outcome == outcome);
    let n = |of: &dyn Fn(&go_live::plan::Row) -> bool| rows().filter(|row| of(row)).count();
    match outcome {
        Outcome::MayOverwrite => {
            let shared = n(&|row| matches!(row.why, Why::IdentifierOnTwo { .. }));
            if shared == 0 {
                "the external ID is on another person's record".to_owned()
            } else {
                format!("{} sharing an external ID with somebody", words::number(shared))
            }
        }
        Outcome::CannotBeSent => refusals(told),
        Outcome::LikelyDuplicate => care(told, outcome),
        Outcome::NeedsDecision => {
            let inactive = n(&|row| row.why == Why::RecordNotActive);
            let listed =
                n(&|row| matches!(row.why, Why::ListedTwice { .. } | Why::SameIdentifierTwice { .. }));
            listed_counts(&[(inactive, "on a record not in use"), (listed, "listed twice in rostering")])
        }
        Outcome::ChangesBranch => listed_counts(&[
            (n(&|row| matches!(row.hold, Hold::Held(_))), "waiting for Support to move them"),
            (n(&|row| matches!(row.hold, Hold::Possibly(_))), "possibly held (the export does not say)"),
        ]),
        Outcome::Updated => {
            let fields: usize = rows().map(|row| row.changes.len()).sum();
            words::counted(fields, "field", "fields")
        }
        Outcome::Created => String::new(),
        Outcome::NoChange => listed_counts(&[
            (n(&|row| row.why == Why::HasEnded), "ended, so no record is made"),
            (n(&|row| row.why == Why::LeftOut), "left out by decision"),
        ]),
        Outcome::AcpOnly => {
            let orphans = plan.acp_only.iter().filter(|it| it.why == Only::Orphan).count();
            let holds = listed_counts(&[(orphans, "with an external ID that no service user has")]);
            if holds.is_empty() { "the integration will not touch these".to_owned() } else { holds }
        }
    }
}

fn refusals(told: &PlanTold<'_>) -> String {
    let mut by_why: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &told.plan.rows {
        if let Why::Refused(refused) = &row.why {
            *by_why.entry(in_short(refused)).or_default() += 1;
        }
    }
    let mut counts: Vec<(usize, &str)> = by_why.into_iter().map(|(why, n)| (n, why)).collect();
    counts.sort_by_key(|it| std::cmp::Reverse(it.0));
    match &counts[..] {
        [(_, why)] => (*why).to_owned(),
        _ => listed_counts(&counts),
    }
}

const fn in_short(refused: &Refused) -> &'static str {
    match refused {
        Refused::NoIdentifier => "no external ID",
        Refused::NoBranch => "no branch",
        Refused::UnknownBranch => "branch name not found in ACP",
        Refused::UnknownService => "service not found in ACP",
        Refused::Several(_) => "external ID on several ACP records",
        Refused::Otherwise(_) => "refused for what was sent",
    }
}

fn care(told: &PlanTold<'_>, outcome: Outcome) -> String {
    let rows = told.plan.rows.iter().filter(|row| row.outcome == outcome);
    let (mut has, mut unknown) = (0, 0);
    for alike in rows.filter_map(|row| row.alike) {
        match told.sides.record(alike.record).care_history() {
            CareHistory::Known(true) => has += 1,
            CareHistory::Known(false) => {}
            CareHistory::Unknown => unknown += 1,
        }
    }
    if told.sides.acp.has(Column::CareHistory) {
        listed_counts(&[(has, "with care history"), (unknown, "perhaps (the export does not say)")])
    } else {
        "care history is not in the ACP export".to_owned()
    }
}

/// `5 have care history, 2 perhaps`; what is 0 is left out.
fn listed_counts(counts: &[(usize, &str)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, text)| format!("{} {text}", words::number(*n)))
        .collect();
    parts.join(", ")
}

fn attention(told: &PlanTold<'_>) -> String {
    let (stopping, all) = (told.plan.counts.n_stopping(), told.plan.rows.len());
    if stopping == 0 {
        return format!(
            "\nNone of {} needs attention before go-live.\n",
            words::counted(all, "service user", "service users")
        );
    }
    let need = if stopping == 1 { "needs" } else { "need" };
    format!(
        "\n{} of {} {need} attention before go-live.\n",
        words::number(stopping),
        words::counted(all, "service user", "service users")
    )
}

/// Those whose record may be written over with another person: by name, before everything else.
fn worst(told: &PlanTold<'_>) -> String {
    let worst = || (0_u32..).zip(&told.plan.rows).filter(|(_, row)| row.outcome == Outcome::MayOverwrite);
    let n = worst().count();
    if n == 0 {
        return String::new();
    }
    let mut text = String::from("\nMay overwrite another person: look at these before anything else\n");
    for (user, _) in worst().take(WORST) {
        text.push_str(&one_row(told, user));
    }
    if n > WORST {
        let _ = writeln!(
            text,
            "  and {} more: they are the first in the workbook, and with --show attention",
            words::number(n - WORST)
        );
    }
    text
}

fn fixes(told: &PlanTold<'_>) -> String {
    let plan = told.plan;
    let cleared: usize = plan.causes.iter().map(|it| it.clears.n_for_people()).sum();
    let for_people: usize =
        Outcome::ALL.iter().filter(|it| it.is_for_a_person()).map(|&it| plan.counts.of(it)).sum();
    let by_hand = for_people.saturating_sub(cleared);
    if plan.causes.is_empty() && by_hand == 0 {
        return String::new();
    }
    let mut text = String::from("\nFix these first\n");
    let width =
        plan.causes.iter().take(CAUSES).map(|it| cause_title(it).chars().count()).max().unwrap_or(0).max(16);
    let mut number = 0;
    for cause in plan.causes.iter().take(CAUSES) {
        number += 1;
        let _ = writeln!(
            text,
            "  {number:>2}  {:width$}  {}",
            cause_title(cause),
            cause_does(told.shown(), cause)
        );
        let _ = writeln!(text, "      {:width$}  {}", "", clears(plan, cause));
    }
    if plan.causes.len() > CAUSES {
        let _ = writeln!(
            text,
            "      and {} in the workbook, on the sheet Fix first",
            words::counted(plan.causes.len() - CAUSES, "more cause", "more causes")
        );
    }
    if by_hand > 0 {
        let _ = writeln!(
            text,
            "  {:>2}  {:width$}  {}",
            number + 1,
            format!("Decide {} by hand", words::number(by_hand)),
            minutes(by_hand)
        );
    }
    text
}

/// *Assumed*: somebody who knows the people needs 50 seconds for one.
fn minutes(n: usize) -> String {
    let minutes = (n * 50).div_ceil(60).max(1);
    if minutes >= 120 {
        format!("about {} hours", words::number(minutes.div_ceil(60)))
    } else {
        format!("about {}", words::counted(minutes, "minute", "minutes"))
    }
}

/// What the exports do not say, and how far the look-alikes can be trusted.
fn cautions(told: &PlanTold<'_>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let missing: Vec<&str> =
        [(Column::CareHistory, "care history"), (Column::Service, "service"), (Column::Status, "status")]
            .into_iter()
            .filter(|(column, _)| !told.sides.acp.has(*column))
            .map(|(_, text)| text)
            .collect();
    if !missing.is_empty() {
        lines.push(format!(
            "The ACP export has no column for {}: unknown, which is not none. Moves count as possibly held.",
            words::listed(&missing)
        ));
    }
    let unknown: Vec<&str> = told.plan.unknown.iter().map(feed::Field::text).collect();
    let sent = |field: &&str| {
        feed::Field::from_text(field)
            .and_then(Column::of_field)
            .is_some_and(|column| told.sides.rostering.has(column))
    };
    let unknown: Vec<&str> = unknown.into_iter().filter(sent).collect();
    if !unknown.is_empty() {
        lines.push(format!(
            "The ACP export has no {}: whether the first sync changes them cannot be told.",
            words::listed(&unknown)
        ));
    }
    match &told.plan.trust {
        Trust::Estimated => {}
        Trust::Small => lines.push(
            "The files are small: look-alikes are judged by fixed weights, not by weights learned from them."
                .to_owned(),
        ),
        Trust::Refused(faults) => {
            lines.push(
                "Look-alikes could not be judged from these files, so none is called likely:".to_owned(),
            );
            lines.extend(faults.iter().cloned());
        }
    }
    let split = told.plan.places.acp.iter().filter(|branch| branch.services.len() > 1).count();
    if split > 0 {
        lines.push(format!(
            "{} in more than one service: a branch belongs to one, the one with most records.",
            if split == 1 {
                "One branch of ACP is".to_owned()
            } else {
                format!("{} branches of ACP are", words::number(split))
            }
        ));
    }
    if told.plan.places.branches.iter().any(|branch| branch.service.is_none()) {
        lines.push("Branches of ACP are those that its records are in. Name one that has none yet with --acp-branch.".to_owned());
    }
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.into_iter().map(|line| format!("  {line}\n")).collect();
    format!("\nWhat cannot be told\n{}", lines.concat())
}

/// A line for each row, the worst first, and then in the order of identifiers.
pub fn rows_text(told: &PlanTold<'_>, show: PlanShow) -> String {
    let mut users: Vec<u32> = (0_u32..)
        .zip(&told.plan.rows)
        .filter(|(_, row)| show == PlanShow::All || row.outcome <= Outcome::ChangesBranch)
        .map(|(user, _)| user)
        .collect();
    users.sort_by_cached_key(|&user| {
        (told.plan.rows[user as usize].outcome, told.sides.identifier(user).into_owned(), user)
    });
    users.into_iter().map(|user| one_row(told, user)).collect()
}

fn one_row(told: &PlanTold<'_>, user: u32) -> String {
    let (shown, row) = (told.shown(), &told.plan.rows[user as usize]);
    format!(
        "  {:>2}  {}  {}  {}: {}\n",
        row.outcome.sign(),
        shown.user(user),
        shown.name(told.sides.user(user)),
        row.outcome.text(),
        because(shown, told.plan, user)
    )
}

/// One fact a line, for pipes and screen readers.
pub fn plan_plain(told: &PlanTold<'_>, show: PlanShow) -> String {
    let plan = told.plan;
    let mut text = String::new();
    let _ = writeln!(text, "plan {}", told.number);
    let _ = writeln!(text, "first sync {}", told.sides.set_up.first_sync);
    for export in [told.sides.rostering, told.sides.acp] {
        let _ = writeln!(
            text,
            "file {} with {}",
            visible::prose(&export.file),
            words::counted(export.n_rows(), "row", "rows")
        );
    }
    for &outcome in Outcome::ALL {
        let _ = writeln!(text, "outcome {} {}", outcome.code(), plan.counts.of(outcome));
    }
    let _ = writeln!(text, "attention {} of {}", plan.counts.n_stopping(), plan.rows.len());
    for cause in &plan.causes {
        let _ = writeln!(
            text,
            "cause {}: {}; {}",
            cause_title(cause),
            cause_does(told.shown(), cause),
            clears(plan, cause)
        );
    }
    if show != PlanShow::Summary {
        for line in rows_text(told, show).lines() {
            let _ = writeln!(text, "row {}", line.trim_start());
        }
    }
    text
}
