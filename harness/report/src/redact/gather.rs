//! Every personal value that a scenario writes down or that a system showed while it ran. One that is added to the
//! language or to a record has to be named here; the compiler asks for most of them.

use super::{Kind, matcher::Matcher};
use acp::{Action, HandMade, Record, Tracked};
use feed::{ExternalId, Field, Fields};
use guidance::Scene;
use rostering::Command;
use scenario::{About, Case, Check, Doing, Has, RecordRef, Scenario, StepKind};

/// What kind of personal data a field holds, if any.
pub(super) const fn kind(field: Field) -> Option<Kind> {
    match field {
        Field::GivenName | Field::FamilyName => Some(Kind::Name),
        Field::DateOfBirth => Some(Kind::DateOfBirth),
        Field::NhsNumber => Some(Kind::NhsNumber),
        Field::Phone | Field::SecondPhone => Some(Kind::Telephone),
        Field::AddressLine1
        | Field::AddressLine2
        | Field::AddressLine3
        | Field::AddressLine4
        | Field::County
        | Field::Postcode => Some(Kind::Address),
        Field::Email => Some(Kind::Email),
        Field::Pin | Field::QrCode | Field::KeySafe | Field::AccessDetails => Some(Kind::Access),
        Field::Title
        | Field::Gender
        | Field::StartDate
        | Field::EndDate
        | Field::Area
        | Field::Branch
        | Field::Service => None,
    }
}

pub(super) fn scenario(to: &mut Matcher, scenario: &Scenario) {
    // Whoever names a file after somebody has told it to the repository already; a path that is changed is no path.
    scenario.files.iter().for_each(|file| to.keep(file));
    scenario.cases.iter().for_each(|it| case(to, it));
}

fn case(to: &mut Matcher, case: &Case) {
    for (called, planted) in &case.planted {
        fields(to, &planted.fields);
        id(to, planted.external_id.as_ref());
        // What a scenario calls a record is its own word, even where it is somebody's name.
        let _ = called;
    }
    case.given.iter().for_each(|it| doing(to, &it.it));
    for step in &case.steps {
        match &step.kind {
            StepKind::When(doings) => doings.iter().for_each(|it| doing(to, &it.it)),
            StepKind::Then { checks, .. } => checks.iter().for_each(|it| check(to, &it.it)),
        }
    }
}

fn doing(to: &mut Matcher, doing: &Doing) {
    match doing {
        Doing::Rostering { command, .. } => in_rostering(to, command),
        Doing::Acp { action, .. } => in_acp(to, action),
        Doing::RaiseCase { about, .. } | Doing::CloseCase { about, .. } | Doing::AskGuidance(about) => {
            whom(to, about);
        }
        Doing::ConfirmDuplicate(one, other) => {
            record(to, one);
            record(to, other);
        }
        Doing::GoLive(_) | Doing::Stop(_) | Doing::FirstSync | Doing::Fault(_) | Doing::Population { .. } => {
        }
    }
}

fn in_rostering<T>(to: &mut Matcher, command: &Command<T>) {
    match command {
        Command::AddServiceUser { id: it, fields: set } | Command::Edit { id: it, set } => {
            fields(to, set);
            id(to, Some(it));
        }
        Command::ChangeId { from, to: other } => {
            id(to, Some(from));
            id(to, Some(other));
        }
        Command::PlanVisit { id, service_user, employee, .. } => {
            to.add(Kind::ExternalId, id.as_str());
            to.add(Kind::ExternalId, service_user.as_str());
            if let Some(employee) = employee {
                to.add(Kind::Name, employee);
            }
        }
        Command::StopSending { id: it, .. }
        | Command::Save { id: it }
        | Command::Terminate { id: it, .. }
        | Command::Reinstate { id: it }
        | Command::Suspend { id: it, .. }
        | Command::EndSuspension { id: it }
        | Command::Delete { id: it }
        | Command::RelinkVisit { to: it, .. }
        | Command::AddOrder { service_user: it, .. } => id(to, Some(it)),
        Command::MoveVisit { .. }
        | Command::CancelVisit { .. }
        | Command::RestoreVisit { .. }
        | Command::DeleteVisit { .. }
        | Command::AddBranch { .. }
        | Command::RenameBranch { .. }
        | Command::SetOrderService { .. }
        | Command::AddRequirement { .. }
        | Command::DeleteOrder { .. }
        | Command::DeleteRequirement { .. } => {}
    }
}

fn in_acp(to: &mut Matcher, action: &Action<RecordRef>) {
    match action {
        Action::Create(HandMade { external_id, fields: set }) => {
            fields(to, set);
            id(to, external_id.as_ref());
        }
        Action::Edit { record: of, set } | Action::Datafix { record: of, set } => {
            fields(to, set);
            record(to, of);
        }
        Action::SetExternalId { record: of, to: external_id } => {
            record(to, of);
            id(to, external_id.as_ref());
        }
        // Everything else names records, branches, roles and care, by words of the scenario's own.
        _ => {}
    }
}

fn check(to: &mut Matcher, check: &Check) {
    match check {
        Check::Record { of, has: all } => {
            record(to, of);
            for it in all {
                has(to, &it.it);
            }
        }
        Check::InRostering { id: it, has: all, .. } => {
            id(to, Some(it));
            for it in all {
                has(to, &it.it);
            }
        }
        Check::Records { like, .. } => {
            id(to, like.external_id.as_ref());
            if let Some(name) = &like.name {
                to.add(Kind::Name, name);
            }
        }
        Check::History { of, what, values, .. } => {
            record(to, of);
            for value in values {
                match what {
                    Tracked::Field(field) => {
                        if let Some(kind) = kind(*field) {
                            add_part(to, kind, value);
                        }
                    }
                    Tracked::ExternalId => to.add(Kind::ExternalId, value),
                    Tracked::Status | Tracked::RoleAccess => {}
                }
            }
        }
        Check::Sync { id: it, .. } => id(to, Some(it)),
        Check::Guidance { about, .. } | Check::Case { about, .. } => whom(to, about),
        Check::NoRecord { of } => record(to, of),
        Check::Visits { .. }
        | Check::Refused { .. }
        | Check::Accepted
        | Check::Account { .. }
        | Check::Warned { .. } => {}
    }
}

fn has(to: &mut Matcher, has: &Has) {
    match has {
        Has::Field(field, value) => {
            if let Some(kind) = kind(*field) {
                add_part(to, kind, value);
            }
        }
        Has::Name(name) => to.add(Kind::Name, name),
        Has::ExternalId(it) => id(to, it.as_ref()),
        Has::Aliases(all) => all.iter().for_each(|it| id(to, Some(it))),
        _ => {}
    }
}

fn whom(to: &mut Matcher, about: &About) {
    match about {
        About::ServiceUser(it) => id(to, Some(it)),
        About::Record(of) => record(to, of),
    }
}

fn record(to: &mut Matcher, of: &RecordRef) {
    if let RecordRef::Of(it) = of {
        id(to, Some(it));
    }
}

fn id(to: &mut Matcher, id: Option<&ExternalId>) {
    if let Some(id) = id {
        to.add(Kind::ExternalId, id.as_str());
    }
}

/// The whole name first, so that its parts go by its number.
fn fields(to: &mut Matcher, fields: &Fields) {
    to.add(Kind::Name, &fields.full_name());
    for (field, value) in fields.iter() {
        if let Some(kind) = kind(field) {
            add_part(to, kind, value);
        }
    }
}

/// Parts of names that are known already need no number of their own.
fn add_part(to: &mut Matcher, kind: Kind, value: &str) {
    if kind != Kind::Name || !to.knows_part(value) {
        to.add(kind, value);
    }
}

/// What both systems showed, from beginning to end.
pub(super) fn scene(to: &mut Matcher, scene: &Scene) {
    for ((_, sent_id), seen) in &scene.people {
        id(to, Some(sent_id));
        for (_, person) in &seen.versions {
            id(to, Some(&person.id));
            fields(to, &person.fields);
        }
    }
    for ((_, visit), seen) in &scene.visits {
        to.add(Kind::ExternalId, visit.as_str());
        to.add(Kind::ExternalId, seen.visit.id.as_str());
        for (_, version) in &seen.versions {
            if let Some(employee) = &version.employee {
                to.add(Kind::Name, employee);
            }
        }
    }
    scene.records.values().for_each(|seen| of_record(to, &seen.record));
}

fn of_record(to: &mut Matcher, record: &Record) {
    id(to, record.external_id.as_ref());
    record.aliases.iter().for_each(|alias| id(to, Some(alias)));
    fields(to, record.synced.values());
    for &field in Field::ALL {
        let Some(kind) = kind(field) else { continue };
        for entry in record.history(Tracked::Field(field)) {
            add_part(to, kind, &entry.value);
        }
    }
    for kept in &record.local.also {
        if let Some(kind) = kind(kept.field) {
            to.add(kind, &kept.value);
        }
    }
}
