//! Each call as a step. A step is at its own instant, so that what is due then has been done before it, as in the sandbox.

use super::{
    REAL, care_key,
    places::Places,
    yaml::{self, length, map, moment, pair, raw, text, texts},
};
use feed::Field;
use jiff::SignedDuration;
use service::{
    Call, Came, Saved, SavedFault, SavedStep,
    wire::{self, Action, Actor, Command, FaultKind, Fields},
};
use std::fmt::Write as _;

/// The error says what the language has no words for, without full stop.
type Written = Result<String, String>;

const TOO_FINE: &str = "it is finer than a millisecond";

pub(super) fn step(it: &SavedStep, saved: &Saved, places: &mut Places, n_faults: &mut usize) -> Written {
    if it.call == Call::Pass {
        // The next step is at its own instant.
        return Ok(String::new());
    }
    let at = moment(it.at).ok_or(TOO_FINE)?;
    let refused = match &it.came {
        Came::Refused { clause, why } => Some((clause, why)),
        _ => None,
    };
    // Refused in rostering, it says nothing about the integration: it is told and not tried again.
    let is_told = it.came == Came::Nothing || (refused.is_some() && !matches!(it.call, Call::Act(_)));
    let (label, action) = match &it.call {
        _ if is_told => ("something is tried and not done".to_owned(), None),
        Call::Rostering { environment, command } => rostering(*environment, command, places)?,
        Call::PutServiceUser { environment, id, put } => {
            let command = if it.came == Came::Added {
                Command::AddServiceUser { id: id.clone(), fields: put.fields.clone() }
            } else {
                Command::Edit { id: id.clone(), set: put.fields.clone() }
            };
            rostering(*environment, &command, places)?
        }
        Call::Switch { environment, on } => {
            let (how, key) = if *on { ("on", "goes live") } else { ("off", "stops") };
            let name = places.name(*environment);
            let action = format!("integration: {{ {key}: {} }}", text(name));
            (format!("the integration of {name} is switched {how}"), Some(action))
        }
        Call::Act(act) => in_acp(act, places)?,
        Call::BeginFault(_) => {
            *n_faults += 1;
            fault(saved.faults.get(*n_faults - 1), places)?
        }
        Call::LiftFault(_) => ("a fault is switched off".to_owned(), None),
        Call::RaiseCase(case) => (format!("a support case is raised about {}", case.name), None),
        Call::CloseCase(_) => ("a support case is closed".to_owned(), None),
        Call::Pass | Call::Receive(_) | Call::Upsert { .. } => {
            return Err(
                "it came from a program that writes to ACP, and in a scenario only a rostering system does"
                    .to_owned(),
            );
        }
    };
    if matches!(it.call, Call::BeginFault(_)) && is_told {
        *n_faults += 1;
    }
    let mut out = format!("  - when: {}\n    at: {at}\n", text(&label));
    if let Some(action) = action {
        let _ = writeln!(out, "    {action}");
    }
    if let (Some((Some(clause), _)), false) = (refused, is_told) {
        let _ = write!(out, "  - then: ACP refuses it\n    refused: {{ clause: {} }}\n", clause.code());
    }
    Ok(out)
}

type Step = (String, Option<String>);

fn rostering(environment: u8, command: &Command, places: &mut Places) -> Result<Step, String> {
    let (label, mut pairs) = command_pairs(environment, command, places)?;
    if pairs.is_empty() {
        return Ok((label, None));
    }
    pairs.push(pair("system", text(places.name(environment))));
    Ok((label, Some(format!("in rostering: {}", map(&pairs)))))
}

fn set(environment: u8, fields: &Fields, places: &Places) -> Result<Vec<(String, String)>, String> {
    yaml::fields(&fields.0, |field, value| places.is_in_rostering(environment, field, value))
        .ok_or_else(|| REAL.to_owned())
}

/// Prose, and the action; no action where nothing has to be done.
fn command_pairs(
    environment: u8,
    command: &Command,
    places: &mut Places,
) -> Result<(String, Vec<(String, String)>), String> {
    let on = |id: &String| pair("service user", text(id));
    let visit = |id: &String| pair("visit", text(id));
    let instant = |at| moment(at).ok_or_else(|| TOO_FINE.to_owned());
    let service =
        |it: &Option<String>, none: &str| it.as_ref().map_or_else(|| none.to_owned(), |it| text(it));
    let done = match command {
        Command::AddServiceUser { id, fields } => {
            let mut pairs = vec![pair("id", text(id))];
            pairs.extend(set(environment, fields, places)?);
            for (field, others) in [(Field::FamilyName, &[Field::GivenName][..]), (Field::Branch, &[])] {
                if std::iter::once(&field).chain(others).all(|it| fields.0.get(*it).is_none()) {
                    pairs.push(pair(field.text(), "\"\""));
                }
            }
            places.added_in_rostering(environment, id);
            (format!("{id} is added in rostering"), vec![pair("add service user", map(&pairs))])
        }
        Command::Edit { id, set: fields } if fields.0.is_empty() => {
            (format!("{id} is saved with nothing changed"), vec![on(id), pair("save", "nothing changed")])
        }
        Command::Edit { id, set: fields } => {
            let set = set(environment, fields, places)?;
            (format!("{id} is changed in rostering"), vec![on(id), pair("set", map(&set))])
        }
        Command::StopSending { id, fields } => {
            let fields = texts(fields.iter().map(|it| it.0.text()));
            (format!("fields of {id} are no longer sent"), vec![on(id), pair("stop sending", fields)])
        }
        Command::Save { id } => (format!("{id} is saved"), vec![on(id), pair("save", "nothing changed")]),
        Command::ChangeId { from, to } => {
            places.added_in_rostering(environment, to);
            (format!("{from} becomes {to}"), vec![on(from), pair("change id to", text(to))])
        }
        Command::Terminate { id, on: at } => {
            (format!("{id} is terminated"), vec![on(id), pair("terminate", instant(*at)?)])
        }
        Command::Reinstate { id } => (format!("{id} is reinstated"), vec![on(id), pair("reinstate", "yes")]),
        Command::Suspend { id, from, until, reason } => {
            let mut pairs = vec![pair("from", instant(*from)?)];
            if let Some(until) = until {
                pairs.push(pair("until", instant(*until)?));
            }
            if !reason.is_empty() {
                pairs.push(pair("reason", text(reason)));
            }
            (format!("{id} is suspended"), vec![on(id), pair("suspend", map(&pairs))])
        }
        Command::EndSuspension { id } => {
            (format!("the suspension of {id} ends"), vec![on(id), pair("end suspension", "yes")])
        }
        Command::Delete { id } => {
            (format!("{id} is deleted in rostering"), vec![on(id), pair("delete", "for good")])
        }
        Command::PlanVisit(new) => {
            let mut pairs = vec![
                pair("for", text(&new.service_user)),
                pair("id", text(&new.id)),
                pair("starts", instant(new.starts)?),
                pair("lasts", length(new.lasts.0).ok_or("a visit that lasts no time")?),
            ];
            pairs.extend(new.employee.iter().map(|it| pair("employee", text(it))));
            pairs.extend(new.requirement.iter().map(|it| pair("requirement", text(it))));
            (format!("visit {} is planned", new.id), vec![pair("add visit", map(&pairs))])
        }
        Command::MoveVisit { id, starts } => {
            (format!("visit {id} is moved"), vec![visit(id), pair("move to", instant(*starts)?)])
        }
        Command::CancelVisit { id } => {
            (format!("visit {id} is cancelled"), vec![visit(id), pair("cancel", "yes")])
        }
        Command::RestoreVisit { id } => {
            (format!("visit {id} is restored"), vec![visit(id), pair("restore", "yes")])
        }
        Command::RelinkVisit { id, to } => {
            (format!("visit {id} is given to {to}"), vec![visit(id), pair("give to", text(to))])
        }
        Command::DeleteVisit { id } => {
            (format!("visit {id} is deleted"), vec![visit(id), pair("delete", "for good")])
        }
        Command::AddBranch { branch } => {
            places.branch_in_rostering(environment, branch);
            (format!("branch {branch} is added in rostering"), vec![pair("add branch", text(branch))])
        }
        Command::RenameBranch { from, to } => {
            places.branch_in_rostering(environment, to);
            let pairs = vec![pair("rename branch", text(from)), pair("to", text(to))];
            (format!("branch {from} is renamed in rostering"), pairs)
        }
        Command::AddOrder { service_user, order, service: of } => {
            let mut pairs = vec![pair("for", text(service_user)), pair("id", text(order))];
            pairs.extend(of.iter().map(|it| pair("service", known_service(it, places))));
            (format!("service order {order} is added"), vec![pair("add service order", map(&pairs))])
        }
        Command::SetOrderService { order, service: of } => {
            let to = of.as_ref().map_or_else(|| service(of, "none"), |it| known_service(it, places));
            let pairs = vec![pair("service order", text(order)), pair("set service", to)];
            (format!("the service of order {order} is set"), pairs)
        }
        Command::AddRequirement { order, requirement } => {
            let pairs = [
                pair("order", text(order)),
                pair("id", text(&requirement.id)),
                pair("name", text(&requirement.name)),
            ];
            (format!("a requirement is added to order {order}"), vec![pair("add requirement", map(&pairs))])
        }
        Command::DeleteOrder { order } => (
            format!("order {order} is deleted"),
            vec![pair("service order", text(order)), pair("delete", "for good")],
        ),
        Command::DeleteRequirement { requirement } => (
            format!("requirement {requirement} is deleted"),
            vec![pair("requirement", text(requirement)), pair("delete", "for good")],
        ),
    };
    Ok(done)
}

fn known_service(it: &str, places: &Places) -> String {
    if places.is_in_acp(Field::Service, it) { text(it) } else { raw(it) }
}

fn in_acp(act: &wire::Act, places: &mut Places) -> Result<Step, String> {
    let (label, mut pairs) = action_pairs(&act.action, places)?;
    let by = match &act.by {
        Actor::TenantAdministrator => None,
        Actor::BranchAdministrator(branches) => {
            Some(format!("{{ branch administrator of: {} }}", known_branches(branches, places)))
        }
        Actor::CareStaff => Some("care staff".to_owned()),
        Actor::Support => Some("support".to_owned()),
        Actor::ImplementationTeam => Some("implementation team".to_owned()),
    };
    pairs.extend(by.map(|by| pair("as", by)));
    Ok((label, Some(format!("in acp: {}", map(&pairs)))))
}

fn known_branch(branch: &str, places: &Places) -> String {
    if places.is_in_acp(Field::Branch, branch) { text(branch) } else { raw(branch) }
}

fn known_branches(branches: &[String], places: &Places) -> String {
    let branches: Vec<String> = branches.iter().map(|it| known_branch(it, places)).collect();
    format!("[{}]", branches.join(", "))
}

fn action_pairs(action: &Action, places: &mut Places) -> Result<(String, Vec<(String, String)>), String> {
    let on = |record: &u32| pair("record", format!("R{record}"));
    let fields = |set: &Fields, places: &Places| {
        yaml::fields(&set.0, |field, value| places.is_in_acp(field, value)).ok_or_else(|| REAL.to_owned())
    };
    let plain = |record: &u32, verb: &str, what: &str| {
        (format!("R{record} is {what}"), vec![on(record), pair(verb, "yes")])
    };
    let done = match action {
        Action::Create { external_id, fields: given } => {
            let mut pairs = fields(given, places)?;
            if let Some(id) = external_id {
                pairs.push(pair("external id", text(id)));
                places.typed_in_acp(id);
            }
            ("a record is made by hand".to_owned(), vec![pair("create record", map(&pairs))])
        }
        Action::Edit { record, set } => (
            format!("R{record} is changed in ACP"),
            vec![on(record), pair("set", map(&fields(set, places)?))],
        ),
        Action::SetExternalId { record, to } => {
            if let Some(to) = to {
                places.typed_in_acp(to);
            }
            let to = to.as_ref().map_or_else(|| "none".to_owned(), |to| text(to));
            (
                format!("the external identifier of R{record} is set"),
                vec![on(record), pair("set external id", to)],
            )
        }
        Action::GrantRole { record, role } => {
            (format!("a role gets access to R{record}"), vec![on(record), pair("grant role", text(role))])
        }
        Action::RevokeRole { record, role } => {
            (format!("a role loses access to R{record}"), vec![on(record), pair("revoke role", text(role))])
        }
        Action::AddCare(care) if care.kind.0 == acp::CareKind::VisitHistory => {
            return Err("visit history written by hand".to_owned());
        }
        Action::AddCare(care) if care.kind.0 != acp::CareKind::CarePlan && !care.activities.is_empty() => {
            return Err("activities outside a care plan".to_owned());
        }
        Action::AddCare(care) => {
            let mut pairs = vec![pair(care_key(care.kind.0), "1")];
            if !care.activities.is_empty() {
                pairs.push(pair("activities", care.activities.len().to_string()));
            }
            (
                format!("care data is written on R{}", care.record),
                vec![on(&care.record), pair("add", map(&pairs))],
            )
        }
        Action::AddActivity { record, .. } => {
            (format!("an activity is added on R{record}"), vec![on(record), pair("add", "{ activities: 1 }")])
        }
        Action::CompleteVisit { visit } => {
            (format!("visit {visit} is carried out"), vec![pair("complete visit", raw(visit))])
        }
        Action::AddBranch { branch, service } => {
            places.branch_in_acp(branch);
            let pairs =
                vec![pair("add branch", text(branch)), pair("service", known_service(service, places))];
            (format!("branch {branch} is added in ACP"), pairs)
        }
        Action::RenameBranch { from, to } => {
            let from = known_branch(from, places);
            places.branch_in_acp(to);
            ("a branch is renamed in ACP".to_owned(), vec![pair("rename branch", from), pair("to", text(to))])
        }
        Action::Deactivate { record } => plain(record, "deactivate", "deactivated"),
        Action::Reactivate { record } => plain(record, "reactivate", "active again"),
        Action::Archive { record } => plain(record, "archive", "archived"),
        Action::Unarchive { record } => plain(record, "unarchive", "taken out of the archive"),
        Action::Delete { record } => {
            (format!("R{record} is deleted"), vec![on(record), pair("delete", "for good")])
        }
        Action::Move { record, to, leaving } => {
            let mut pairs = vec![on(record), pair("move to", known_branch(&to.branch, places))];
            if !leaving.is_empty() {
                let kinds: Vec<&str> = leaving.iter().map(|kind| care_key(kind.0)).collect();
                pairs.push(pair("leaving", format!("[{}]", kinds.join(", "))));
            }
            (format!("Support moves R{record}"), pairs)
        }
        Action::Merge { survivor, loser } => {
            let pairs = vec![pair("merge", format!("R{loser}")), pair("into", format!("R{survivor}"))];
            (format!("R{loser} is merged into R{survivor}"), pairs)
        }
        Action::Datafix { record, set } => (
            format!("Support fixes data of R{record}"),
            vec![on(record), pair("datafix", map(&fields(set, places)?))],
        ),
    };
    Ok(done)
}

/// A fault takes as many deliveries as it took; one that took none, or was never switched on, is told and no more.
fn fault(it: Option<&SavedFault>, places: &Places) -> Result<Step, String> {
    let Some(it) = it.filter(|it| it.n_fired > 0) else {
        return Ok(("a fault is switched on and takes nothing".to_owned(), None));
    };
    let long =
        |length: &wire::Length| yaml::length(length.0).ok_or_else(|| "a fault that lasts no time".to_owned());
    let mut is_counted = true;
    let (name, mut pairs) = match &it.fault.kind {
        FaultKind::Lose => ("lose", Vec::new()),
        FaultKind::Delay(by) => ("delay", vec![pair("by", long(by)?)]),
        FaultKind::Repeat(later) => ("repeat", vec![pair("again after", long(later)?)]),
        FaultKind::Reorder => ("reorder", Vec::new()),
        FaultKind::Cut(n) => ("cut", vec![pair("after", n.to_string())]),
        FaultKind::Down(length) => {
            is_counted = false;
            // What came at the very instant at which it was switched off came before that.
            let lifted =
                it.lifted_at.map(|at| at.duration_since(it.began_at) + SignedDuration::from_millis(1));
            let length = lifted.map_or(length.0, |lifted| lifted.min(length.0));
            ("down", vec![pair("for", long(&wire::Length(length))?)])
        }
        FaultKind::Refuse { status, retry_after } => {
            let mut pairs = vec![pair("answer", status.to_string())];
            if let Some(after) = retry_after {
                pairs.push(pair("retry after", long(after)?));
            }
            ("refuse", pairs)
        }
        FaultKind::Poison(id) => ("poison", vec![pair("service user", places.sent(id))]),
    };
    let on = &it.fault.on;
    pairs.extend(on.kind.map(|kind| pair("update", kind.text())));
    pairs.extend(on.environment.map(|environment| pair("from", text(places.name(environment)))));
    pairs.extend(on.carrying.iter().map(|id| pair("carrying", places.sent(id))));
    if is_counted {
        pairs.push(pair("times", it.n_fired.to_string()));
    }
    Ok((format!("a fault is switched on: {name}"), Some(format!("fault: {{ {name}: {} }}", map(&pairs)))))
}
