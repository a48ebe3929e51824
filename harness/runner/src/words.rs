//! Expected and got, in words: the small texts that checks are made of.

use acp::{By, Decision, Note, Outcome};
use feed::{Clause, Field};
use scenario::{Count, HistoryBy, RecordRef, SyncOutcome};

pub(crate) fn is_so(
    decision: &Decision,
    outcome: SyncOutcome,
    clause: Option<Clause>,
    says: Option<&str>,
) -> bool {
    let of_kind = match (&decision.outcome, outcome) {
        (Outcome::Created { .. }, SyncOutcome::Created)
        | (Outcome::Refused(_), SyncOutcome::Refused)
        | (Outcome::Older(_), SyncOutcome::Older)
        | (Outcome::NotCreated, SyncOutcome::NotCreated) => true,
        (Outcome::Matched { changes, .. }, SyncOutcome::Updated) => !changes.is_empty(),
        (Outcome::Matched { changes, .. }, SyncOutcome::Unchanged) => changes.is_empty(),
        (Outcome::Matched { notes, .. }, SyncOutcome::Held) => {
            notes.iter().any(|note| matches!(note, Note::Held { .. }))
        }
        _ => false,
    };
    let (clauses, sentence) = match &decision.outcome {
        Outcome::Refused(refusal) => (vec![refusal.clause], refusal.why.as_str()),
        Outcome::Matched { changes, notes, .. } => {
            let held = notes.iter().filter_map(|note| match note {
                Note::Held { because, .. } | Note::Kept { because, .. } => Some(*because),
                _ => None,
            });
            (changes.iter().map(|change| change.clause).chain(held).collect(), "")
        }
        Outcome::Created { .. } => (vec![Clause::Sync5], ""),
        Outcome::Older(_) | Outcome::NotCreated => (Vec::new(), ""),
    };
    of_kind && clause.is_none_or(|it| clauses.contains(&it)) && says.is_none_or(|it| contains(sentence, it))
}

pub(crate) fn came_of(decision: &Decision) -> String {
    match &decision.outcome {
        Outcome::Created { record: id, .. } => format!("created as {id}"),
        Outcome::Matched { record, changes, notes } if changes.is_empty() && notes.is_empty() => {
            format!("unchanged ({record})")
        }
        Outcome::Matched { record, changes, notes } => {
            let held = notes.iter().any(|note| matches!(note, Note::Held { .. }));
            let fields = list(changes.iter().map(|change| change.field.text()));
            format!("{record} matched; changed: {fields}{}", if held { "; a move is held" } else { "" })
        }
        Outcome::Refused(refusal) => format!("refused: {} [{}]", refusal.why, refusal.clause),
        Outcome::Older(id) => format!("older than what {id} has"),
        Outcome::NotCreated => "not created: the service user has ended".into(),
    }
}

/// Whether two values of a field are the same, as the field keeps them.
pub(crate) fn same(field: Field, expected: &str, got: &str) -> bool {
    expected == got || field.read(expected).is_ok_and(|expected| expected == got)
}

pub(crate) fn contains(sentence: &str, part: &str) -> bool {
    sentence.to_lowercase().contains(&part.to_lowercase())
}

pub(crate) fn named(of: &RecordRef) -> String {
    match of {
        RecordRef::Of(id) => id.to_string(),
        RecordRef::Called(name) => format!("\"{name}\""),
        RecordRef::Number(n) => format!("R{n}"),
    }
}

pub(crate) fn quote(text: &str) -> String {
    if text.is_empty() { "no value".into() } else { format!("\"{text}\"") }
}

pub(crate) fn yes(it: bool) -> String {
    if it { "yes" } else { "no" }.into()
}

pub(crate) fn text(count: Count) -> String {
    match count {
        Count::Exactly(n) => n.to_string(),
        Count::AtLeast(n) => format!("at least {n}"),
        Count::AtMost(n) => format!("at most {n}"),
    }
}

/// "a, b, c", or "none".
pub(crate) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(if item.as_ref().is_empty() { "(no value)" } else { item.as_ref() });
    }
    if text.is_empty() { "none".into() } else { text }
}

pub(crate) fn codes(clauses: &[Clause]) -> String {
    let mut clauses = clauses.to_vec();
    clauses.sort_unstable();
    clauses.dedup();
    list(clauses.iter().map(|clause| clause.code()))
}

pub(crate) const fn origin_text(origin: acp::Origin) -> &'static str {
    match origin {
        acp::Origin::Integration => "integration",
        acp::Origin::ByHand => "by hand",
    }
}

pub(crate) const fn setter(by: By) -> &'static str {
    match by {
        By::Integration { .. } => "integration",
        By::TenantAdministrator => "tenant administrator",
        By::BranchAdministrator => "branch administrator",
        By::CareStaff => "care staff",
        By::Support => "support",
        By::ImplementationTeam => "implementation team",
    }
}

pub(crate) const fn setter_wanted(by: HistoryBy) -> &'static str {
    match by {
        HistoryBy::Integration => "integration",
        HistoryBy::TenantAdministrator => "tenant administrator",
        HistoryBy::BranchAdministrator => "branch administrator",
        HistoryBy::CareStaff => "care staff",
        HistoryBy::Support => "support",
        HistoryBy::ImplementationTeam => "implementation team",
    }
}

pub(crate) const fn outcome_text(outcome: SyncOutcome) -> &'static str {
    match outcome {
        SyncOutcome::Created => "created",
        SyncOutcome::Updated => "updated",
        SyncOutcome::Unchanged => "unchanged",
        SyncOutcome::Held => "held",
        SyncOutcome::Refused => "refused",
        SyncOutcome::Older => "older",
        SyncOutcome::NotCreated => "not created",
    }
}
