//! One plain sentence for everything that happens in a world.

use crate::{
    wire::snake,
    world::{Event, What, World},
};
use acp::{Outcome, Receipt};
use feed::UpdateKind;
use jiff::SignedDuration;
use link::Hit;

pub(crate) fn sentence(world: &World, event: &Event) -> String {
    match &event.what {
        What::SetUp { n_records } => {
            format!("The world was set up; ACP has {}.", count(*n_records, "record"))
        }
        What::Rostering { environment, command, refused } => {
            let place = place(world, *environment);
            let (what, whom) = command_words(command);
            match refused {
                None => format!("{place}: {what} {whom}."),
                Some(refusal) => format!("{place} refused to {what} {whom}. {}", refusal.why),
            }
        }
        What::Switched { environment, on } => {
            let place = place(world, *environment);
            let how = if *on { "on: a full update is sent at once" } else { "off: nothing is sent any more" };
            format!("The integration of {place} was switched {how}.")
        }
        What::Sent { delivery, environment, kind, n_service_users, n_visits } => format!(
            "{} sent {} update {delivery}: {}, {}.",
            place(world, *environment),
            kind_word(*kind),
            count(*n_service_users, "service user"),
            count(*n_visits, "visit"),
        ),
        What::Fault { delivery, hit } => format!("Update {delivery} {}.", hit_words(hit)),
        What::Arrived { delivery, environment, receipt } => {
            let which = delivery.map_or_else(
                || format!("An update of environment {environment}"),
                |number| format!("Update {number}"),
            );
            format!("{which} reached ACP: {}.", receipt_words(receipt))
        }
        What::Acted { act, refused } => {
            let (who, what) = (act.by.title(), action_words(&act.action));
            match refused {
                None => format!("ACP: {who} did {what}."),
                Some(refusal) => format!("ACP refused {what} to {who}. {} [{}]", refusal.why, refusal.clause),
            }
        }
        What::FaultBegan { number } => format!("Fault {number} began."),
        What::FaultLifted { number } => format!("Fault {number} was switched off."),
        What::CaseRaised { number } => format!("Support case {number} was raised."),
        What::CaseClosed { number } => format!("Support case {number} was closed."),
    }
}

fn place(world: &World, environment: u8) -> String {
    let idx = usize::from(environment);
    match (world.rosterings.get(idx), world.names.get(idx)) {
        (Some(rostering), Some(name)) => format!("{} ({name})", rostering.system().title()),
        _ => format!("Environment {environment}"),
    }
}

const fn kind_word(kind: UpdateKind) -> &'static str {
    match kind {
        UpdateKind::Partial => "partial",
        UpdateKind::Full => "full",
    }
}

pub(crate) fn count(n: usize, of: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {of}{s}")
}

/// So many service users are named in one sentence.
const NAMED: usize = 5;

/// How many of each outcome, and the first few that are not merely up to date.
fn receipt_words(receipt: &Receipt) -> String {
    let mut counts = [0_usize; 6];
    let mut named = Vec::new();
    for decision in &receipt.decisions {
        let id = decision.external_id.as_str();
        let (which, words) = match &decision.outcome {
            Outcome::Created { record, .. } => (0, Some(format!("{id:?} created as {record}"))),
            Outcome::Matched { changes, .. } if changes.is_empty() => (2, None),
            Outcome::Matched { record, .. } => (1, Some(format!("{id:?} changed {record}"))),
            Outcome::Refused(refusal) => (3, Some(format!("{id:?} refused [{}]", refusal.clause))),
            Outcome::Older(_) => (4, Some(format!("{id:?} was older than what ACP has"))),
            Outcome::NotCreated => (5, Some(format!("{id:?} has ended and has no record"))),
        };
        counts[which] += 1;
        named.extend(words);
    }
    let words_for = ["created", "changed", "up to date", "refused", "older", "ended"];
    let mut words: Vec<String> = counts
        .iter()
        .zip(words_for)
        .filter(|(n, _)| **n > 0)
        .map(|(n, name)| format!("{n} {name}"))
        .collect();
    if !receipt.visits.is_empty() {
        words.push(count(receipt.visits.len(), "visit"));
    }
    if words.is_empty() {
        words.push("nothing in it".to_owned());
    }
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    if named.is_empty() { words.join(", ") } else { format!("{} ({})", words.join(", "), named.join("; ")) }
}

fn hit_words(hit: &Hit) -> String {
    let length = |it: &SignedDuration| format!("{it:#}");
    match hit {
        Hit::Lost => "was lost on the way".to_owned(),
        Hit::Delayed(by) => format!("is delayed by {}", length(by)),
        Hit::Repeated { again_at } => format!("will arrive a second time, at {again_at}"),
        Hit::HeldBack => "waits for the next one to go past".to_owned(),
        Hit::Cut { n_lost } => {
            format!("was cut: {} and all visits never arrive", count(*n_lost, "service user"))
        }
        Hit::Down { again_at } => {
            format!("could not be delivered: the link is down; tried again at {again_at}")
        }
        Hit::Refused { status, again_at } => {
            format!("was turned away by ACP with status {status}; tried again at {again_at}")
        }
        Hit::Poisoned => "carries a service user who was damaged on the way".to_owned(),
    }
}

fn command_words(command: &rostering::Command) -> (String, String) {
    use rostering::Command as It;
    let (what, whom) = match command {
        It::AddServiceUser { id, .. } => ("add service user", id.as_str()),
        It::Edit { id, .. } => ("edit", id.as_str()),
        It::StopSending { id, .. } => ("stop sending fields of", id.as_str()),
        It::Save { id } => ("save", id.as_str()),
        It::ChangeId { from, .. } => ("change the identifier of", from.as_str()),
        It::Terminate { id, .. } => ("terminate", id.as_str()),
        It::Reinstate { id } => ("reinstate", id.as_str()),
        It::Suspend { id, .. } => ("suspend", id.as_str()),
        It::EndSuspension { id } => ("end the suspension of", id.as_str()),
        It::Delete { id } => ("delete", id.as_str()),
        It::PlanVisit { id, .. } => ("plan visit", id.as_str()),
        It::MoveVisit { id, .. } => ("move visit", id.as_str()),
        It::CancelVisit { id } => ("cancel visit", id.as_str()),
        It::RestoreVisit { id } => ("restore visit", id.as_str()),
        It::RelinkVisit { id, .. } => ("relink visit", id.as_str()),
        It::DeleteVisit { id } => ("delete visit", id.as_str()),
        It::AddBranch { branch } => ("add branch", branch.as_str()),
        It::RenameBranch { from, .. } => ("rename branch", from.as_str()),
        It::AddOrder { order, .. } => ("add service order", order.as_str()),
        It::SetOrderService { order, .. } => ("set the service of order", order.as_str()),
        It::AddRequirement { order, .. } => ("add a requirement to order", order.as_str()),
        It::DeleteOrder { order } => ("delete service order", order.as_str()),
        It::DeleteRequirement { requirement } => ("delete requirement", requirement.as_str()),
    };
    (what.to_owned(), format!("{whom:?}"))
}

fn action_words(action: &acp::Action) -> String {
    use acp::Action as It;
    match action {
        It::Create(made) => format!("create a record for {:?}", made.fields.full_name()),
        It::Edit { record, .. } => format!("edit {record}"),
        It::SetExternalId { record, to } => match to {
            Some(to) => format!("set the external identifier of {record} to {:?}", to.as_str()),
            None => format!("take the external identifier of {record} away"),
        },
        It::GrantRole { record, role } => format!("grant {role:?} on {record}"),
        It::RevokeRole { record, role } => format!("revoke {role:?} on {record}"),
        It::AddCare { record, kind, .. } => format!("add to the {} of {record}", snake(kind.text())),
        It::AddActivity { record, .. } => format!("add an activity to {record}"),
        It::CompleteVisit { visit } => format!("carry out visit {:?}", visit.as_str()),
        It::AddBranch { branch, .. } => format!("add branch {branch:?}"),
        It::RenameBranch { from, to } => format!("rename branch {from:?} to {to:?}"),
        It::Deactivate { record } => format!("deactivate {record}"),
        It::Reactivate { record } => format!("reactivate {record}"),
        It::Archive { record } => format!("archive {record}"),
        It::Unarchive { record } => format!("unarchive {record}"),
        It::Delete { record } => format!("delete {record}"),
        It::Move { record, to, .. } => format!("move {record} to {:?}", to.branch.as_str()),
        It::Merge { survivor, loser } => format!("merge {loser} into {survivor}"),
        It::Datafix { record, .. } => format!("a datafix of {record}"),
    }
}
