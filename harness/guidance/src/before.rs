//! What to say before somebody acts, in rostering or in ACP: what will happen, when and why, and what to do instead.
//! Warns of what the guidance warns of and of nothing else; never stops anybody.

use crate::parts::{care, in_full, named, owner_clauses, rostering, service_user};
use crate::say::{count, moment, near_miss, quoted, value};
use crate::standing::{Obstacle, Standing};
use crate::words::{SUPPORT_FIRST, TOUCH_NEITHER};
use crate::{PersonSeen, Scene, Warning, find};
use acp::{Act, Action, Actor, By, Record, RecordId, Slot, Stamp};
use feed::{Clause, Deletion, ExternalId, Field, Fields, Text, Timestamp};
use rostering::Command;

fn warning(clause: Clause, what: String) -> Warning {
    Warning { clause, what }
}

impl Scene {
    /// What to say before a rostering administrator does this.
    pub fn before_rostering(&self, environment: u8, command: &Command, now: Timestamp) -> Vec<Warning> {
        let ros = rostering(self, environment);
        match command {
            Command::AddServiceUser { id, fields } => self.before_adding(environment, id, fields),
            Command::Edit { id, set } => self.before_edit_in_rostering(environment, id, set, now),
            Command::ChangeId { from, to } => self.before_new_identifier(environment, from, to),
            Command::Reinstate { id } => {
                let Some(seen) = self.person(environment, id) else { return Vec::new() };
                let who = service_user(seen);
                let what = format!(
                    "From now until they are terminated again, any sync brings {who} back to ACP as active. If this is only \
                     for an edit, edit and terminate again at once."
                );
                vec![warning(Clause::Pub12, what)]
            }
            Command::RenameBranch { from: _, to } => {
                let to = self.as_sent(environment, to);
                self.unknown_branch(&to, &format!("every service user of the branch in {ros}")).into_iter().collect()
            }
            Command::AddRequirement { .. } => vec![warning(
                Clause::Pub11,
                "A new service requirement ends the care plan in ACP and makes a new one without its activities. Copy the \
                 activities first."
                    .into(),
            )],
            Command::AddOrder { service_user, service, .. } => {
                let Some(service) = service.as_ref().filter(|service| !service.is_empty()) else {
                    return Vec::new();
                };
                let seen = self.person(environment, service_user);
                seen.map(|seen| self.before_service(environment, seen, service, now)).unwrap_or_default()
            }
            Command::SetOrderService { order, service } => {
                self.before_order(environment, order, service.as_ref(), now)
            }
            Command::DeleteOrder { order } => {
                let mut warnings = vec![deletes_plan("A service order")];
                warnings.extend(self.before_order(environment, order, None, now));
                warnings
            }
            Command::DeleteRequirement { .. } => vec![deletes_plan("A service requirement")],
            _ => Vec::new(),
        }
    }

    /// By the identifier that was typed into the environment.
    fn person(&self, environment: u8, id: &ExternalId) -> Option<&PersonSeen> {
        let sent_id = ExternalId::new(self.as_sent(environment, id.as_str()));
        self.people.get(&(environment, sent_id)).filter(|seen| seen.deleted_at.is_none())
    }

    fn unknown_branch(&self, sent: &str, who: &str) -> Option<Warning> {
        let is_there = self.service_of(sent).is_some() || self.settings.new_branch.makes(sent);
        if sent.is_empty() || is_there {
            return None;
        }
        let what = format!(
            "ACP has no branch of exactly the name {}, so it takes nothing in for {who} until it has. Check the name \
             against ACP's, to the character.",
            quoted(sent)
        );
        Some(warning(Clause::Pub3, what))
    }

    fn before_adding(&self, environment: u8, id: &ExternalId, fields: &Fields) -> Vec<Warning> {
        let sent_id = ExternalId::new(self.as_sent(environment, id.as_str()));
        let name = fields.full_name();
        let branch = self.as_sent(environment, fields.text(Field::Branch));
        let mut warnings: Vec<Warning> = self.unknown_branch(&branch, &name).into_iter().collect();
        if self.records_of(&sent_id).next().is_some() {
            return warnings;
        }
        let marks = crate::person::Marks::of_fields(fields);
        for id in self.index.records_like.same_person(&marks) {
            let Some(record) = self.live_record(*id) else { continue };
            let near = record.external_id.as_ref().and_then(|its| near_miss(its.as_str(), sent_id.as_str()));
            let near = near.map(|how| format!(" Their external identifiers {how}.")).unwrap_or_default();
            let what = format!(
                "Record {} in ACP may be the same person and does not have the external identifier {}, so the next sync makes a \
                 second record.{near} Have the identifier set on the record first.",
                in_full(record),
                quoted(sent_id.as_str())
            );
            warnings.push(warning(Clause::Dup1, what));
        }
        warnings
    }

    fn before_edit_in_rostering(
        &self,
        environment: u8,
        id: &ExternalId,
        set: &Fields,
        now: Timestamp,
    ) -> Vec<Warning> {
        let (Some(seen), Some(branch)) = (self.person(environment, id), set.get(Field::Branch)) else {
            return Vec::new();
        };
        let branch = self.as_sent(environment, branch);
        let mut warnings: Vec<Warning> =
            self.unknown_branch(&branch, &service_user(seen)).into_iter().collect();
        let mut person = seen.person.clone();
        person.fields.set(Field::Branch, set.text(Field::Branch).into());
        let service = self.wanted(environment, &person).service;
        warnings.extend(self.before_service(environment, seen, &service, now));
        warnings
    }

    /// Before an order names another service, or none, or goes.
    fn before_order(
        &self,
        environment: u8,
        order: &Text,
        service: Option<&Text>,
        now: Timestamp,
    ) -> Vec<Warning> {
        let owner = self.people.iter().find(|((its, _), seen)| {
            *its == environment
                && seen.deleted_at.is_none()
                && seen.person.orders.iter().any(|it| it.id == *order)
        });
        let Some((_, seen)) = owner else { return Vec::new() };
        let mut person = seen.person.clone();
        for it in person.orders.iter_mut().filter(|it| it.id == *order) {
            it.service = service.filter(|service| !service.is_empty()).cloned();
        }
        let wanted = self.wanted(environment, &person).service;
        self.before_service(environment, seen, &wanted, now)
    }

    /// Before rostering wants somebody in another service (MOVE-3; PUB-4 where no move follows by itself).
    fn before_service(
        &self,
        environment: u8,
        seen: &PersonSeen,
        service: &str,
        now: Timestamp,
    ) -> Vec<Warning> {
        let standing = self.standing(environment, &seen.person.sent_id, now);
        let Some(record) = standing.as_ref().and_then(Standing::record) else { return Vec::new() };
        self.before_move(record, service)
    }

    fn before_move(&self, record: &Record, service: &str) -> Vec<Warning> {
        if service.is_empty() || service == record.service() || !self.needs_support(record) {
            return Vec::new();
        }
        let (from, to) = (quoted(record.service()), quoted(service));
        if record.has_care_data() {
            let what = format!(
                "This moves {} from the service {from} to {to}. The record holds care data ({}), which does not move by \
                 itself, so ACP holds the move for Support. {SUPPORT_FIRST}",
                named(record),
                care(record)
            );
            return vec![warning(Clause::Move3, what)];
        }
        let what = format!("This moves {} from the service {from} to {to}. {SUPPORT_FIRST}", named(record));
        let why = "A record in the wrong service does not correct itself: the move needs Support.";
        vec![warning(Clause::Move3, what), warning(Clause::Pub4, why.into())]
    }

    fn before_new_identifier(&self, environment: u8, from: &ExternalId, to: &ExternalId) -> Vec<Warning> {
        let sent = |id: &ExternalId| ExternalId::new(self.as_sent(environment, id.as_str()));
        let (from, to) = (sent(from), sent(to));
        let Some(record) = self.records_of(&from).next().filter(|_| from != to) else { return Vec::new() };
        if self.records_of(&to).next().is_some() {
            return Vec::new();
        }
        let near =
            near_miss(from.as_str(), to.as_str()).map(|how| format!(" The two {how}; that is enough."));
        let what = format!(
            "No record in ACP has the external identifier {}, so the next sync makes a second record beside {}.{} Keep {}, or have \
             the identifier of the record set in ACP first.",
            quoted(to.as_str()),
            in_full(record),
            near.unwrap_or_default(),
            quoted(from.as_str())
        );
        vec![warning(Clause::Dup1, what)]
    }

    /// What to say before somebody does this in ACP.
    pub fn before_acp(&self, act: &Act, now: Timestamp) -> Vec<Warning> {
        let is_support = act.by == Actor::Support;
        match &act.action {
            Action::Create(_) => vec![warning(
                Clause::Dup7,
                "Create new service users in the rostering system, not in ACP. A record made here has another identifier or \
                 none, and the first sync makes a second record beside it."
                    .into(),
            )],
            Action::Edit { record, set } => self.before_edit_in_acp(*record, set, is_support, now),
            Action::Datafix { record, set } => self.before_edit_in_acp(*record, set, true, now),
            Action::Move { record, to, .. } => {
                let mut set = Fields::new();
                set.set(Field::Branch, to.branch.clone());
                if let Some(service) = &to.service {
                    set.set(Field::Service, service.clone());
                }
                self.before_edit_in_acp(*record, &set, true, now)
            }
            Action::SetExternalId { record, to } => self.before_identifier(*record, to.as_ref(), now),
            Action::RenameBranch { from, to } => self.before_rename(from, to),
            Action::Deactivate { record } if !is_support => {
                self.before_losing(*record, "Deactivating", "hides")
            }
            Action::Archive { record } if !is_support => self.before_losing(*record, "Archiving", "hides"),
            Action::Delete { record } if !is_support && self.settings.deletion == Deletion::Possible => {
                self.before_losing(*record, "Deleting", "removes for good")
            }
            _ => Vec::new(),
        }
    }

    fn before_edit_in_acp(
        &self,
        id: RecordId,
        set: &Fields,
        is_support: bool,
        now: Timestamp,
    ) -> Vec<Warning> {
        let Some(record) = self.live_record(id) else { return Vec::new() };
        let service = match set.text(Field::Service) {
            "" => {
                set.get(Field::Branch).and_then(|branch| self.service_of(branch)).cloned().unwrap_or_default()
            }
            service => service.into(),
        };
        let mut warnings = if is_support { Vec::new() } else { self.before_move(record, &service) };
        let is_to_be_held = !service.is_empty() && service != record.service() && self.needs_support(record);
        for (environment, seen) in self.people_of(record) {
            let Some(standing) = self.standing(environment, &seen.person.sent_id, now) else { continue };
            warnings.extend(self.put_back(&standing, set, is_to_be_held, now));
        }
        warnings
    }

    /// One warning a clause for the fields that rostering would put back.
    fn put_back(
        &self,
        standing: &Standing<'_>,
        set: &Fields,
        is_to_be_held: bool,
        now: Timestamp,
    ) -> Vec<Warning> {
        let stops = [Obstacle::Deleted, Obstacle::Ended, Obstacle::IntegrationOff, Obstacle::SeveralRecords];
        if stops.iter().any(|&obstacle| standing.has(obstacle)) {
            return Vec::new();
        }
        let due = if standing.obstacles.is_empty() {
            format!(" by {}", moment(self.promise_from(standing, now).due))
        } else {
            String::new()
        };
        let (ros, who) = (rostering(self, standing.environment), service_user(standing.seen));
        let stamp = Stamp::new(now, By::TenantAdministrator, Clause::Own7);
        let mut warnings: Vec<Warning> = Vec::new();
        for (field, typed) in set.iter() {
            if is_to_be_held && matches!(field, Field::Branch | Field::Service) {
                continue;
            }
            let edited = Slot { field, value: typed, set: stamp };
            let theirs = self.sent(standing.environment, standing.person(), field);
            let Some(theirs) = theirs.filter(|it| self.is_to_follow(field, Some(edited), it)) else {
                continue;
            };
            for clause in owner_clauses(field) {
                if warnings.iter().any(|it| it.clause == clause) {
                    continue;
                }
                let what = match clause {
                    Clause::Own7 => {
                        format!("Branch and service of {who} belong to {ros}; ACP's own do not last.")
                    }
                    Clause::Own9 => format!(
                        "If the {} is wrong, correct it in {ros}, and ACP follows within the sync window.",
                        field.text()
                    ),
                    _ => format!(
                        "{ros} controls the {}: a sync will put {} back{due}. If it is wrong, correct it in {ros} and wait.",
                        field.text(),
                        value(field, &theirs)
                    ),
                };
                warnings.push(warning(clause, what));
            }
        }
        warnings
    }

    fn before_identifier(&self, id: RecordId, to: Option<&ExternalId>, now: Timestamp) -> Vec<Warning> {
        let Some(record) = self.live_record(id) else { return Vec::new() };
        if record.external_id.as_ref() == to {
            return Vec::new();
        }
        let led = self.people_of(record).find(|(_, seen)| {
            seen.deleted_at.is_none()
                && seen.person.is_active(now)
                && Some(&seen.person.sent_id) == record.external_id.as_ref()
        });
        let Some((environment, seen)) = led else { return Vec::new() };
        let what = format!(
            "{} is in {} under {}. Once the record has another external identifier, the next sync makes a second record for them.",
            service_user(seen),
            rostering(self, environment),
            quoted(seen.person.sent_id.as_str())
        );
        vec![warning(Clause::Dup1, what)]
    }

    fn before_rename(&self, from: &Text, to: &Text) -> Vec<Warning> {
        let n_named = self
            .people
            .iter()
            .filter(|((environment, _), seen)| {
                seen.deleted_at.is_none() && self.wanted(*environment, &seen.person).branch == *from
            })
            .count();
        if n_named == 0 || from == to {
            return Vec::new();
        }
        let who = count(n_named, "service user", "service users");
        let verb = if n_named == 1 { "is" } else { "are" };
        let named =
            format!("{who} in rostering {verb} in the branch {}, by exactly that name.", quoted(from));
        let then = "Branch names have to be equal to the character: after the change ACP takes nothing in for them until the \
                    branch is renamed in rostering too.";
        vec![warning(Clause::Pub9, named), warning(Clause::Pub3, then.into())]
    }

    /// Before a record goes out of sight: one of a pair, or with care data (DUP-4).
    fn before_losing(&self, id: RecordId, doing: &str, does: &str) -> Vec<Warning> {
        let Some(record) = self.live_record(id) else { return Vec::new() };
        let mut reasons = Vec::new();
        let pairs = find::pairs(self, record);
        reasons.extend(pairs.first().and_then(|pair| pair.others.first()).map(|other| {
            format!(
                "Record {} may be the same person as record {}. {TOUCH_NEITHER}",
                named(record),
                in_full(other)
            )
        }));
        if record.has_care_data() {
            let (record, care) = (named(record), care(record));
            reasons.push(format!("{doing} record {record} {does} its care data: {care}. Ask Support first."));
        }
        if reasons.is_empty() { Vec::new() } else { vec![warning(Clause::Dup4, reasons.join(" "))] }
    }
}

fn deletes_plan(what: &str) -> Warning {
    let what = format!(
        "{what} is deleted for good, with its future visits, and its care plan in ACP ends. To keep the history, end it \
         instead."
    );
    warning(Clause::Pub11, what)
}
