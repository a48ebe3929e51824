//! Why a row of a plan has its outcome, and what a cause is, in sentences: what happens, why, what to do, what not to do,
//! the clause last.

use super::shown::Shown;
use crate::{visible, words};
use feed::{Clause, Field};
use go_live::exports::{CareHistory, Column};
use go_live::lookalike::{Change, changes};
use go_live::plan::{Alike, Cause, CauseKind, Choice, Hold, Lacks, Outcome, Plan, Refused, Row, Why};

/// The sentence that stands on every duplicate.
const TOUCH_NEITHER: &str =
    "Do not delete, archive or deactivate either record until Support has reviewed both.";

/// Whole sentences.
pub fn because(shown: Shown<'_>, plan: &Plan, user: u32) -> String {
    because_with(shown, plan, user, &alike_in_words(shown, plan, user).unwrap_or_default())
}

/// How a service user and the record that looks like them compare, in words.
pub(super) fn alike_in_words(shown: Shown<'_>, plan: &Plan, user: u32) -> Option<String> {
    let alike = plan.rows[user as usize].alike?;
    Some(shown.evidence(user, alike.record, alike.pattern))
}

/// [`because`] for who has those words already.
pub(super) fn because_with(shown: Shown<'_>, plan: &Plan, user: u32, evidence: &str) -> String {
    let row = &plan.rows[user as usize];
    let text = reason(shown, plan, user, row, evidence);
    match row.settled {
        Some(choice) => format!("{} {text}", decided(choice)),
        None => text,
    }
}

const fn decided(choice: Choice) -> &'static str {
    match choice {
        Choice::SamePerson => "Decided: same person.",
        Choice::DifferentPeople => "Decided: different people.",
        Choice::NotSure => "Somebody was not sure.",
        Choice::LeaveOut => "Decided: leave out for now.",
    }
}

fn reason(shown: Shown<'_>, plan: &Plan, user: u32, row: &Row, evidence: &str) -> String {
    match &row.why {
        Why::IdentifierOnAnother => another_person(shown, user, row),
        Why::IdentifierOnTwo { other } => format!(
            "{} and {} have one external ID, {}, and read as two people: the later one is written over the earlier. \
             Give one of them an external ID of their own in the rostering system. {}",
            capital(&shown.user_row(user)),
            shown.user_row(*other),
            shown.user(user),
            code(Clause::Sync3)
        ),
        Why::Refused(refused) => refusal(shown, plan, user, refused),
        Why::WillHaveTwoRecords => second_record(shown, user, (row.alike, evidence), "is the same person"),
        Why::MayHaveARecord => second_record(shown, user, (row.alike, evidence), "may be the same person"),
        Why::HasTwoRecords => two_records(shown, user, (row, evidence), "is the same person too"),
        Why::MayHaveTwoRecords => two_records(shown, user, (row, evidence), "may be the same person too"),
        Why::SameIdentifierTwice { other } => format!(
            "{} and {} are one person with one external ID, and do not say the same: what the later one says stands. \
             Take one of them out in the rostering system. {}",
            capital(&shown.user_row(user)),
            shown.user_row(*other),
            code(Clause::Sync3)
        ),
        Why::ListedTwice { other } => format!(
            "The same person is in the rostering system as {} and as {}, so ACP gets a record for each. End one of them in \
             the rostering system. {}",
            shown.user(user),
            shown.user(*other),
            code(Clause::Dup1)
        ),
        Why::RecordNotActive => not_active(shown, row),
        Why::Moves => moves(shown, user, row),
        Why::Created => {
            format!(
                "No ACP record has this external ID, and nobody in ACP looks like them. {}",
                code(Clause::Sync5)
            )
        }
        Why::Updated => updated(row),
        Why::NoChange => kept(row).unwrap_or_else(|| "Both systems agree.".to_owned()),
        Why::HasEnded => ended(shown, user),
        Why::LeftOut => {
            "Nothing is planned for them, as somebody decided. The rostering system sends them all the \
                         same unless they are taken out there."
                .to_owned()
        }
    }
}

fn another_person(shown: Shown<'_>, user: u32, row: &Row) -> String {
    let (Some(record), Some(pattern)) = (row.record, row.joined) else {
        return "The external ID leads to a record that reads as another person.".to_owned();
    };
    let mut text = format!(
        "The external ID {} is on ACP record {} ({}), which reads as another person: {}. The first sync would write over \
         their name and date of birth.",
        shown.user(user),
        shown.record(record),
        shown.name(shown.sides.record(record)),
        lower(shown.evidence(user, record, pattern))
    );
    if let Some(alike) = row.alike {
        text.push_str(&format!(" Record {} is probably theirs.", shown.record(alike.record)));
    }
    format!("{text} Take the external ID off the wrong record before go-live. {}", code(Clause::Sync3))
}

fn refusal(shown: Shown<'_>, plan: &Plan, user: u32, refused: &Refused) -> String {
    match refused {
        Refused::NoIdentifier => format!(
            "No external ID in the rostering system, so there is nothing to match on. Give them one there. {}",
            code(Clause::Sync3)
        ),
        Refused::NoBranch => {
            format!(
                "No branch in the rostering system, so ACP cannot place the record. Set one there. {}",
                code(Clause::Pub3)
            )
        }
        Refused::UnknownBranch => unknown_branch(shown, plan, user),
        Refused::UnknownService => format!(
            "ACP has no service {}, which the rostering system names. Correct it there. {}",
            quoted(&shown.cell(shown.sides.user(user), Column::Service)),
            code(Clause::Pub3)
        ),
        Refused::Several(records) => {
            let records: Vec<String> = records.iter().map(|&record| shown.record(record)).collect();
            format!(
                "ACP records {} all have the external ID {}, so ACP changes none of them. {} {}",
                words::listed(&records),
                shown.user(user),
                TOUCH_NEITHER.replace("either record", "any of these records").replace("both", "them"),
                code(Clause::Dup4)
            )
        }
        Refused::Otherwise(why) => visible::prose(why),
    }
}

fn unknown_branch(shown: Shown<'_>, plan: &Plan, user: u32) -> String {
    let name = shown.sides.branch(user);
    let near = plan.places.branch(&name).and_then(|branch| branch.near.as_ref());
    let nearest = match near {
        Some(near) => format!(
            "The nearest is {}, which differs {}.",
            quoted(&visible::value(&near.name)),
            near.differs.text()
        ),
        None => "None is nearly called so.".to_owned(),
    };
    let name = quoted(&visible::value(&name));
    format!(
        "{name} is not a branch in ACP. Names must match exactly. {nearest} Correct it in the rostering system. {}",
        code(Clause::Pub3)
    )
}

fn second_record(shown: Shown<'_>, user: u32, (alike, evidence): (Option<Alike>, &str), is: &str) -> String {
    let Some(alike) = alike else { return "A second record.".to_owned() };
    let record = shown.record(alike.record);
    let held = shown.sides.record(alike.record).external_id();
    let sent = shown.sides.identifier(user);
    let differs = held.and_then(|held| changes(&sent, held)).map_or_else(String::new, |changes| {
        format!(" It has {}: they differ in {}.", shown.held(alike.record), differ_in(&changes))
    });
    format!(
        "No ACP record has the external ID {}, so the first sync creates a new one. Record {record} {is}: {}.{differs}{} {} {}",
        shown.user(user),
        lower(evidence),
        split_care(shown, alike.record),
        TOUCH_NEITHER,
        code(Clause::Dup1)
    )
}

/// What becomes of care data beside a new record.
fn split_care(shown: Shown<'_>, record: u32) -> String {
    match shown.sides.record(record).care_history() {
        CareHistory::Known(true) => {
            " It has care history: visits would appear on the new record, with no care plan.".to_owned()
        }
        CareHistory::Known(false) => String::new(),
        CareHistory::Unknown => " Whether it has care history is not in the export.".to_owned(),
    }
}

fn two_records(shown: Shown<'_>, user: u32, (row, evidence): (&Row, &str), is: &str) -> String {
    let (Some(record), Some(alike)) = (row.record, row.alike) else { return "Two records.".to_owned() };
    format!(
        "ACP record {} has the external ID {}. Record {} {is}: {}. {TOUCH_NEITHER} {}",
        shown.record(record),
        shown.user(user),
        shown.record(alike.record),
        lower(evidence),
        code(Clause::Dup1)
    )
}

fn not_active(shown: Shown<'_>, row: &Row) -> String {
    let Some(record) = row.record else { return "The record is not active.".to_owned() };
    let status = shown.cell(shown.sides.record(record), Column::Status);
    format!(
        "ACP record {}, which has this external ID, is not in use (status: {status}). The first sync updates it and it stays \
         so: nobody works with it. Make it active again in ACP, or put the external ID on the record in use. {}",
        shown.record(record),
        code(Clause::Pub10)
    )
}

fn moves(shown: Shown<'_>, user: u32, row: &Row) -> String {
    let Some(record) = row.record else { return "The branch changes.".to_owned() };
    let from = shown.cell(shown.sides.record(record), Column::Branch);
    let to = visible::value(&shown.sides.branch(user));
    let from = if from.is_empty() { "no branch".to_owned() } else { quoted(&from) };
    let to = quoted(&to);
    match row.hold {
        Hold::None => format!("From {from} to {to}, at the first sync. {}", code(Clause::Branch3)),
        Hold::Held(because) if because == Clause::Move1 => format!(
            "From {from} to {to}, which is another service, and the record has care history: it waits for Support to move \
             it, and the care data does not go along by itself. Contact Support before making any change. {}",
            code(because)
        ),
        Hold::Held(because) => {
            format!(
                "From {from} to {to}, which is another service: only Support moves it (setting service_move). {}",
                code(because)
            )
        }
        Hold::Possibly(because) => format!(
            "From {from} to {to}. Possibly held: the export does not say all of care history and services. If the record \
             has care history and the service changes, Support must move it. Contact Support before making any change. {}",
            code(because)
        ),
    }
}

fn updated(row: &Row) -> String {
    let names: Vec<&str> = row.changes.iter().map(Field::text).collect();
    let count = words::counted(names.len(), "field is", "fields are");
    let kept = kept(row).map(|text| format!(" {text}")).unwrap_or_default();
    let unfit = unfit(row);
    format!("{count} overwritten: {}.{kept}{unfit} {}", words::listed(&names), code(Clause::Sync4))
}

fn unfit(row: &Row) -> String {
    let names: Vec<&str> = row.unfit.iter().map(Field::text).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(" Not fit, so left as in ACP: {}.", words::listed(&names))
}

fn kept(row: &Row) -> Option<String> {
    let names: Vec<&str> = row.kept.iter().map(Field::text).collect();
    let settings: Vec<&str> = row.settings.iter().map(feed::Setting::text).collect();
    let because =
        if settings.is_empty() { String::new() } else { format!(" ({})", words::listed(&settings)) };
    (!names.is_empty()).then(|| format!("ACP keeps its own: {}{because}.", words::listed(&names)))
}

fn ended(shown: Shown<'_>, user: u32) -> String {
    let date = shown.cell(shown.sides.user(user), Column::EndDate);
    let when = if date.is_empty() { String::new() } else { format!(" on {date}") };
    format!("Ended{when}, and ACP has no record of them: none is made.")
}

fn differ_in(changes: &[Change]) -> String {
    let texts: Vec<&str> = changes.iter().map(|it| it.text()).collect();
    words::listed(&texts)
}

/// What to put right, in a few words: `Rename one branch`.
pub fn cause_title(cause: &Cause) -> String {
    let n = cause.users.len();
    match &cause.kind {
        CauseKind::RenameBranch { .. } => "Rename one branch".to_owned(),
        CauseKind::AddBranch { .. } => "Add or correct one branch".to_owned(),
        CauseKind::WrongColumn { .. } => "Check the branch column".to_owned(),
        CauseKind::Identifiers { changes, lacks, .. } => identifiers_title(changes, *lacks),
        CauseKind::NoIdentifier => format!("Give {} an external ID", words::counted(n, "person", "people")),
        CauseKind::NoBranch => format!("Give {} a branch", words::counted(n, "person", "people")),
        CauseKind::NoService => "Correct the service".to_owned(),
        CauseKind::SharedByRecords => "Ask Support about shared IDs".to_owned(),
        CauseKind::SharedByUsers => "Give each person their own ID".to_owned(),
        CauseKind::Otherwise => "Correct what ACP refuses".to_owned(),
    }
}

fn identifiers_title(changes: &[Change], lacks: Lacks) -> String {
    match (changes, lacks) {
        ([Change::Zeros], _) => "Restore leading zeros".to_owned(),
        ([Change::Prefix], _) => "Agree on the prefix".to_owned(),
        ([Change::Ends], _) => "Take blanks off the ends".to_owned(),
        ([Change::Case], _) => "Agree on capital letters".to_owned(),
        ([Change::Marks], _) => "Agree on spaces and hyphens".to_owned(),
        ([Change::Letters], _) => "Write digits for letters".to_owned(),
        _ => "Agree on external IDs".to_owned(),
    }
}

/// What it is about, and where it is put right.
pub fn cause_does(shown: Shown<'_>, cause: &Cause) -> String {
    let n = cause.users.len();
    match &cause.kind {
        CauseKind::RenameBranch { from, to } => {
            format!("{} in rostering, {} in ACP", quoted(&visible::value(from)), quoted(&visible::value(to)))
        }
        CauseKind::AddBranch { name } => {
            format!(
                "{} is in rostering and not in ACP, nor is one that is nearly called so",
                quoted(&visible::value(name))
            )
        }
        CauseKind::WrongColumn { n_names } => format!(
            "ACP has none of {} of rostering: another column may hold the branch",
            words::counted(*n_names, "branch name", "branch names")
        ),
        CauseKind::Identifiers { changes, lacks, prefix, example: (sent, held) } => {
            let ids = words::counted(n, "external ID", "external IDs");
            let example = if shown.redact == super::Redact::All {
                String::new()
            } else {
                format!(", {} in rostering is {} in ACP", visible::value(sent), visible::value(held))
            };
            let where_to = match lacks {
                Lacks::Rostering => {
                    "The rostering export lacks them: if the rostering system has them, export it again as \
                                     text; else put its IDs on the ACP records"
                }
                Lacks::Acp => "Put rostering's IDs on the ACP records",
                Lacks::Neither => {
                    "Put rostering's IDs on the ACP records, or correct them in the rostering system"
                }
            };
            let what = if prefix.is_empty() {
                differ_in(changes)
            } else {
                format!("{} {}", differ_in(changes), visible::value(prefix))
            };
            format!("{ids} ({what}){example}. {where_to}")
        }
        CauseKind::NoIdentifier => {
            "in the rostering system: without one there is nothing to match on".to_owned()
        }
        CauseKind::NoBranch => "in the rostering system: without one ACP cannot place the record".to_owned(),
        CauseKind::NoService => "ACP does not have the service that the rostering system names".to_owned(),
        CauseKind::SharedByRecords => {
            format!(
                "{} external IDs are each on several ACP records; delete, archive or deactivate none of them",
                words::number(n)
            )
        }
        CauseKind::SharedByUsers => {
            format!("{} rows of the rostering export share external IDs with other people", words::number(n))
        }
        CauseKind::Otherwise => "each row says why".to_owned(),
    }
}

/// `clears 14 of 14 that cannot be sent`, and what it makes worse; empty where nothing was proven.
pub fn clears(plan: &Plan, cause: &Cause) -> String {
    if !cause.is_proven {
        return "to be put right one by one".to_owned();
    }
    let parts = |counts: &go_live::plan::Counts| -> Vec<(Outcome, usize)> {
        Outcome::ALL.iter().map(|&it| (it, counts.of(it))).filter(|(_, n)| *n > 0).collect()
    };
    let cleared: Vec<String> = parts(&cause.clears)
        .into_iter()
        .map(|(outcome, n)| {
            format!(
                "{} of {} {}",
                words::number(n),
                words::number(plan.counts.of(outcome)),
                of_outcome(outcome)
            )
        })
        .collect();
    let mut text = if cleared.is_empty() {
        "clears none".to_owned()
    } else {
        format!("clears {}", words::listed(&cleared))
    };
    let made: Vec<String> = parts(&cause.makes)
        .into_iter()
        .map(|(outcome, n)| format!("{} more {}", words::number(n), of_outcome(outcome)))
        .collect();
    if !made.is_empty() {
        text.push_str(&format!(", but makes {}", words::listed(&made)));
    }
    text
}

const fn of_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::MayOverwrite => "that may overwrite another person",
        Outcome::CannotBeSent => "that cannot be sent",
        Outcome::LikelyDuplicate => "likely duplicates",
        Outcome::NeedsDecision => "that need a decision",
        Outcome::ChangesBranch => "that will change branch",
        Outcome::Created => "that will be created",
        Outcome::Updated => "that will be updated",
        Outcome::NoChange => "with no change",
        Outcome::AcpOnly => "in ACP only",
    }
}

fn quoted(text: &str) -> String {
    // Quoted by itself where something cannot be seen.
    if text.starts_with('"') || text == "(none)" { text.to_owned() } else { format!("\"{text}\"") }
}

fn code(clause: Clause) -> String {
    format!("[{}]", clause.code())
}

fn lower(text: impl Into<String>) -> String {
    let mut text = text.into();
    // `NHS number` stays as it is.
    if let [b'A'..=b'Z', b'a'..=b'z', ..] = text.as_bytes() {
        text[..1].make_ascii_lowercase();
    }
    text
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
