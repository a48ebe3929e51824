//! Why a command was not done, in sentences for the people who gave it. Decides nothing.

use crate::{Refusal, Rostering};
use feed::{Clause, ExternalId, System, Text, VisitId};

/// Which product, and which environment of it where prefixes tell them apart.
pub(crate) fn place(rostering: &Rostering) -> String {
    let system = match rostering.system {
        System::Other => "the other rostering system",
        system => system.title(),
    };
    if rostering.prefix.is_empty() {
        system.to_owned()
    } else {
        format!("{system} (prefix {:?})", rostering.prefix)
    }
}

pub(crate) fn refused(why: String) -> Refusal {
    Refusal { why, clause: None }
}

pub(crate) fn refused_by(clause: Clause, why: &str) -> Refusal {
    Refusal { why: format!("{why} [{clause}]"), clause: Some(clause) }
}

pub(crate) fn no_service_user(rostering: &Rostering, id: &ExternalId) -> Refusal {
    let known = rostering.people.keys().map(ExternalId::as_str);
    unknown(rostering, "service user", id.as_str(), known)
}

pub(crate) fn no_visit(rostering: &Rostering, id: &VisitId) -> Refusal {
    unknown(rostering, "visit", id.as_str(), rostering.visits.keys().map(VisitId::as_str))
}

pub(crate) fn no_branch(rostering: &Rostering, name: &str) -> Refusal {
    unknown(rostering, "branch", name, rostering.branches.keys().map(Text::as_str))
}

pub(crate) fn no_order(rostering: &Rostering, id: &str) -> Refusal {
    unknown(rostering, "service order", id, rostering.orders.keys().map(Text::as_str))
}

pub(crate) fn no_requirement(rostering: &Rostering, id: &str) -> Refusal {
    unknown(rostering, "service requirement", id, rostering.requirements.keys().map(Text::as_str))
}

/// Nothing has this name; says what comes nearest to it.
fn unknown<'a>(
    rostering: &Rostering,
    what: &str,
    wanted: &str,
    known: impl Iterator<Item = &'a str>,
) -> Refusal {
    let place = place(rostering);
    let nearest = known.min_by_key(|name| strsim::damerau_levenshtein(name, wanted));
    refused(match nearest {
        Some(nearest) => format!("There is no {what} {wanted:?} in {place}. The nearest is {nearest:?}."),
        None => format!("There is no {what} {wanted:?} in {place}: it has no {what}s yet."),
    })
}

/// The name is in use already.
pub(crate) fn taken(rostering: &Rostering, what: &str, name: &str) -> Refusal {
    let place = place(rostering);
    let why = format!("There is already a {what} {name:?} in {place}. Choose another for the new one.");
    refused(why)
}
