//! What people do, in words: a verb and the rest, so that it can be told as done ("adds SU-1") or as tried ("tries to
//! add SU-1").

use super::{known::Known, layout::ahead};
use crate::{
    visible::value,
    words::{counted, field_value, length, listed, moment},
};
use acp::{Account, Action, Actor, CareKind, Change, HandMade, RecordId};
use feed::{Field, Fields, Timestamp};
use rostering::Command;
use std::fmt::Write as _;

pub(crate) struct Deed {
    verb: &'static str,
    rest: String,
}

impl Deed {
    fn new(verb: &'static str, rest: impl Into<String>) -> Deed {
        Deed { verb, rest: rest.into() }
    }

    /// "adds SU-1"
    pub(crate) fn does(&self) -> String {
        format!("{} {}", third_person(self.verb), self.rest)
    }

    /// "tries to add SU-1"
    pub(crate) fn tries(&self) -> String {
        format!("tries to {} {}", self.verb, self.rest)
    }

    /// "Tenant Administrator adds SU-1", "care staff add SU-1": care staff are many.
    pub(crate) fn done_by(&self, who: &Actor) -> String {
        match who {
            Actor::CareStaff => format!("{} {} {}", who.title(), self.verb, self.rest),
            _ => format!("{} {}", who.title(), self.does()),
        }
    }

    /// "Tenant Administrator tries to add SU-1", "care staff try to add SU-1"
    pub(crate) fn tried_by(&self, who: &Actor) -> String {
        match who {
            Actor::CareStaff => format!("{} try to {} {}", who.title(), self.verb, self.rest),
            _ => format!("{} {}", who.title(), self.tries()),
        }
    }
}

/// The verbs of this file only: its first word takes the ending.
fn third_person(verb: &str) -> String {
    let (first, rest) = verb.split_once(' ').map_or((verb, ""), |(first, rest)| (first, rest));
    if let Some(stem) = first.strip_suffix("ry") {
        return format!("{stem}ries {rest}").trim_end().to_owned();
    }
    let ending =
        if first.ends_with("sh") || first.ends_with("ch") || first.ends_with('s') { "es" } else { "s" };
    if rest.is_empty() { format!("{first}{ending}") } else { format!("{first}{ending} {rest}") }
}

/// What a rostering administrator does at `now`.
pub(crate) fn in_rostering(known: &Known, environment: u8, command: &Command, now: Timestamp) -> Deed {
    match command {
        Command::AddServiceUser { id, fields } => {
            Deed::new("add", format!("{} {}", value(id.as_str()), person(fields)))
        }
        Command::Edit { id, set } => {
            let before = known.person(environment, id);
            let changes = set.iter().map(|(field, to)| {
                let from = before.map_or("", |person| person.fields.text(field));
                change(field, from, to)
            });
            Deed::new("change", format!("{}: {}", value(id.as_str()), changes.collect::<Vec<_>>().join("; ")))
        }
        Command::StopSending { id, fields } => {
            let names: Vec<&str> = fields.iter().map(|field| field.text()).collect();
            Deed::new("stop sending", format!("the {} of {}", listed(&names), value(id.as_str())))
        }
        Command::Save { id } => {
            Deed::new("save", format!("{} without changing anything", value(id.as_str())))
        }
        Command::ChangeId { from, to } => {
            Deed::new("change", format!("the identifier {} to {}", value(from.as_str()), value(to.as_str())))
        }
        Command::Terminate { id, on } => {
            Deed::new("terminate", format!("{} from {}", value(id.as_str()), crate::words::date(*on)))
        }
        Command::Reinstate { id } => Deed::new("reinstate", value(id.as_str())),
        Command::Suspend { id, from, until, reason } => {
            let until =
                until.map_or_else(|| "until it is ended".to_owned(), |at| format!("until {}", moment(at)));
            let text = format!("{} from {} {until}: {}", value(id.as_str()), moment(*from), value(reason));
            Deed::new("suspend", text)
        }
        Command::EndSuspension { id } => {
            Deed::new("end", format!("the suspension of {}", value(id.as_str())))
        }
        Command::Delete { id } => Deed::new("delete", format!("{} for good", value(id.as_str()))),
        Command::PlanVisit { id, service_user, starts, lasts, .. } => {
            let who = value(service_user.as_str());
            let when = format!("{} ({})", moment(*starts), ahead(now, *starts));
            Deed::new("plan", format!("visit {} for {who} at {when}, {}", value(id.as_str()), length(*lasts)))
        }
        Command::MoveVisit { id, starts } => {
            let when = format!("{} ({})", moment(*starts), ahead(now, *starts));
            Deed::new("move", format!("visit {} to {when}", value(id.as_str())))
        }
        Command::CancelVisit { id } => Deed::new("cancel", format!("visit {}", value(id.as_str()))),
        Command::RestoreVisit { id } => Deed::new("restore", format!("visit {}", value(id.as_str()))),
        Command::RelinkVisit { id, to } => {
            Deed::new("give", format!("visit {} to {}", value(id.as_str()), value(to.as_str())))
        }
        Command::DeleteVisit { id } => Deed::new("delete", format!("visit {} for good", value(id.as_str()))),
        Command::AddBranch { branch } => Deed::new("add", format!("branch {}", value(branch))),
        Command::RenameBranch { from, to } => {
            Deed::new("rename", format!("branch {} to {}", value(from), value(to)))
        }
        Command::AddOrder { service_user, order, service } => {
            let service =
                service.as_ref().map_or_else(String::new, |it| format!(" in service {}", value(it)));
            Deed::new(
                "add",
                format!("service order {} for {}{service}", value(order), value(service_user.as_str())),
            )
        }
        Command::SetOrderService { order, service } => {
            let service = service.as_deref().unwrap_or_default();
            Deed::new("set", format!("the service of order {} to {}", value(order), value(service)))
        }
        Command::AddRequirement { order, requirement } => {
            let text = format!("requirement {} ({})", value(&requirement.id), value(&requirement.name));
            Deed::new("add", format!("{text} to order {}", value(order)))
        }
        Command::DeleteOrder { order } => {
            Deed::new("delete", format!("service order {} for good", value(order)))
        }
        Command::DeleteRequirement { requirement } => {
            Deed::new("delete", format!("requirement {} for good", value(requirement)))
        }
    }
}

/// What somebody does in ACP.
pub(crate) fn in_acp(known: &Known, action: &Action) -> Deed {
    let the = |record: &RecordId| known.label(*record);
    match action {
        Action::Create(HandMade { external_id, fields }) => {
            let id = external_id.as_ref().map_or_else(
                || "without external identifier".to_owned(),
                |id| format!("with external identifier {}", value(id.as_str())),
            );
            Deed::new("create", format!("a record by hand for {}, {id}", person(fields)))
        }
        Action::Edit { record, set } => {
            Deed::new("change", format!("{}: {}", the(record), edits(known, *record, set)))
        }
        Action::Datafix { record, set } => {
            Deed::new("correct", format!("{} by datafix: {}", the(record), edits(known, *record, set)))
        }
        Action::SetExternalId { record, to } => {
            let to = to.as_ref().map_or("", |id| id.as_str());
            Deed::new("set", format!("the external identifier of {} to {}", the(record), value(to)))
        }
        Action::GrantRole { record, role } => {
            Deed::new("give", format!("{} access to {}", value(role), the(record)))
        }
        Action::RevokeRole { record, role } => {
            Deed::new("take", format!("access to {} away from {}", the(record), value(role)))
        }
        Action::AddCare { record, kind, title, activities } => {
            let with = match activities.len() {
                0 => String::new(),
                n => format!(" with {}", counted(n, "activity", "activities")),
            };
            Deed::new("add", format!("{} ({}){with} to {}", a_kind(*kind), value(title), the(record)))
        }
        Action::AddActivity { record, title } => {
            Deed::new("add", format!("an activity ({}) to the care plan of {}", value(title), the(record)))
        }
        Action::CompleteVisit { visit } => Deed::new("carry out", format!("visit {}", value(visit.as_str()))),
        Action::AddBranch { branch, service } => {
            Deed::new("add", format!("branch {} to service {}", value(branch), value(service)))
        }
        Action::RenameBranch { from, to } => {
            Deed::new("rename", format!("branch {} to {}", value(from), value(to)))
        }
        Action::Deactivate { record } => Deed::new("make", format!("{} inactive", the(record))),
        Action::Reactivate { record } => Deed::new("make", format!("{} active again", the(record))),
        Action::Archive { record } => Deed::new("archive", the(record)),
        Action::Unarchive { record } => Deed::new("take", format!("{} out of the archive", the(record))),
        Action::Delete { record } => Deed::new("delete", the(record)),
        Action::Move { record, to, leaving } => {
            let kinds: Vec<&str> = leaving.iter().map(|kind| kind.text()).collect();
            let behind = if kinds.is_empty() {
                String::new()
            } else {
                format!(", leaving the {} behind", listed(&kinds))
            };
            Deed::new("move", format!("{} to {}{behind}", the(record), value(&to.branch)))
        }
        Action::Merge { survivor, loser } => {
            Deed::new("merge", format!("{} into {}", the(loser), the(survivor)))
        }
    }
}

fn edits(known: &Known, record: RecordId, set: &Fields) -> String {
    let of = |field| known.record(record).map_or("", |record| record.synced.text(field));
    set.iter().map(|(field, to)| change(field, of(field), to)).collect::<Vec<_>>().join("; ")
}

/// "Ada Okafor in North Leeds, date of birth 4 November 1938"
fn person(fields: &Fields) -> String {
    let mut text = value(&fields.full_name());
    if !fields.text(Field::Branch).is_empty() {
        let _ = write!(text, " in {}", value(fields.text(Field::Branch)));
    }
    if !fields.text(Field::Service).is_empty() {
        let _ = write!(text, " ({})", value(fields.text(Field::Service)));
    }
    text
}

/// "branch North Leeds → South Leeds"
pub(crate) fn change(field: Field, from: &str, to: &str) -> String {
    format!("{} {} → {}", field.text(), field_value(field, from), field_value(field, to))
}

/// "branch North Leeds → South Leeds; phone (none) → 0113 496 0000"
pub(crate) fn changes(changes: &[Change]) -> String {
    let words: Vec<String> = changes.iter().map(|it| change(it.field, &it.from, &it.to)).collect();
    words.join("; ")
}

/// "care data: 2 forms moved, 1 document left in Home Care"
pub(crate) fn account(account: &Account, left_in: Option<&str>) -> String {
    let left =
        left_in.map_or_else(|| "left behind".to_owned(), |service| format!("left in {}", value(service)));
    let lists = [
        (&account.moved, "moved"),
        (&account.kept, "kept"),
        (&account.left, left.as_str()),
        (&account.lost, "LOST"),
    ];
    let mut words: Vec<String> = Vec::new();
    for (items, how) in lists {
        for &kind in CareKind::ALL {
            let n = items.iter().filter(|(it, _)| *it == kind).count();
            if n > 0 {
                words.push(format!("{} {how}", counted_kind(n, kind)));
            }
        }
    }
    if words.is_empty() {
        return "care data: there was none".to_owned();
    }
    let nothing_lost = if account.lost.is_empty() { ", nothing lost" } else { "" };
    format!("care data: {}{nothing_lost}", words.join(", "))
}

pub(crate) fn counted_kind(n: usize, kind: CareKind) -> String {
    match kind {
        CareKind::CarePlan => counted(n, "care plan", "care plans"),
        CareKind::Form => counted(n, "form", "forms"),
        CareKind::Note => counted(n, "note", "notes"),
        CareKind::Document => counted(n, "document", "documents"),
        CareKind::VisitHistory => counted(n, "visit carried out", "visits carried out"),
    }
}

const fn a_kind(kind: CareKind) -> &'static str {
    match kind {
        CareKind::CarePlan => "a care plan",
        CareKind::Form => "a form",
        CareKind::Note => "a note",
        CareKind::Document => "a document",
        CareKind::VisitHistory => "a visit",
    }
}
