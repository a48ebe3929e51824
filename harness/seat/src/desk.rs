//! The support desk: cases that a scenario raises are posted to a stand-in for the Access Digital Assistant, which has a
//! contract of one request, `POST /v1/cases`. What it does with a case changes no verdict: a scenario says itself what
//! Support does.

use crate::client::{Client, Trouble};
use feed::{Clause, Timestamp};
use guidance::CaseDraft;
use reqwest::Method;
use service::wire::{Case, CaseKind, NewCase};

/// Posts cases, in the order in which they were raised. Each is asked once: nobody wants a case twice.
///
/// # Errors
/// Where the desk did not answer as the contract has it, or refuses a case that has everything which the guidance asks
/// for. One that lacks something may be refused: that is the desk's business.
pub fn post<'a>(
    desk: &Client,
    raised: impl Iterator<Item = (Timestamp, &'a CaseDraft)>,
) -> Result<(), Trouble> {
    let worker = desk.worker()?;
    for (at, draft) in raised {
        let case = new_case(draft);
        let request = (Method::POST, &["v1", "cases"][..], &[][..]);
        match desk.ask::<_, Case>(&worker, request, Some(at), Some(&case)) {
            Ok(_) => {}
            Err(Trouble::Problem(problem)) if !draft.missing.is_empty() && is_refusal(problem.status) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    desk.give_back(worker);
    Ok(())
}

/// The case was understood, and is not enough.
fn is_refusal(status: u16) -> bool {
    matches!(status, 403 | 409 | 422)
}

fn new_case(draft: &CaseDraft) -> NewCase {
    let fact = |label: &str| draft.facts.iter().find(|it| it.label == label)?.value.clone();
    let records = fact("record ids").unwrap_or_default();
    NewCase {
        kind: match draft.kind {
            Clause::Case2 => CaseKind::Move,
            Clause::Case3 => CaseKind::Duplicate,
            Clause::Case4 => CaseKind::Unexpected,
            _ => CaseKind::NotUpdated,
        },
        name: fact("name").unwrap_or_default(),
        service: fact("service").unwrap_or_default(),
        external_id: fact("external id"),
        description: fact("description").unwrap_or_default(),
        // "R1 and R2", as people type it.
        records: records.split(|it: char| !it.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect(),
        correct_service: fact("correct service"),
        rostering_system: fact("rostering system"),
    }
}
