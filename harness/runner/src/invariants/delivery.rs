//! What a delivery may do and what it may not.

use super::{
    AUTHORITY, Books, Broken, CARE, CAUSE, CONSERVED, CONTACT, Change, FRAME, HELD, IDENTIFIER, LANDS, Leads,
    MERGED, NO_CARE, NO_LEAVER, NOBODYS, NOT_BACK, ONE_PARENT, ONE_RECORD, REPEATED, ROLES, SAME_RECORD,
    SENT, SHARED, STAMPED, TURNED_AWAY, VISITS, compared, tenant::is_placement,
};
use acp::{By, CareItem, CareKind, Origin, Outcome, Receipt, Record, RecordId, Slot, VisitState};
use feed::{AbsentField, ContactDetails, EndDate, Field, ServiceUser, Update, VisitId, date_in_london};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// One delivery: whom it carried, and where every identifier led before and leads now.
struct Delivered<'a> {
    change: &'a Change<'a>,
    update: &'a Update,
    receipt: &'a Receipt,
    /// By identifier as it is compared: mostly one each. Of several nobody can say whose value stands.
    carried: BTreeMap<&'a str, Vec<&'a ServiceUser>>,
    before: &'a Leads,
    now: &'a Leads,
}

impl Books<'_> {
    pub(super) fn delivery(
        &self,
        change: &Change<'_>,
        update: &Update,
        receipt: &Receipt,
        now: &Leads,
    ) -> Vec<Broken> {
        let settings = &self.settings;
        let mut carried: BTreeMap<&str, Vec<&ServiceUser>> = BTreeMap::new();
        for user in &update.service_users {
            carried.entry(compared(&user.external_id, settings)).or_default().push(user);
        }
        let delivered = Delivered { change, update, receipt, carried, before: &self.leads, now };
        let mut found = Vec::new();
        found.extend(self.one_record_each(&delivered));
        found.extend(self.visits(&delivered));
        found.extend(self.turned_away(&delivered));
        found.extend(self.repeated(&delivered));
        found.extend(change.gone.iter().map(|id| AUTHORITY.broken(format!("{id} is gone."))));
        for record in change.after.values() {
            match change.before.get(&record.id) {
                None => found.extend(self.made(record, &delivered)),
                Some(before) => found.extend(self.written(before, record, &delivered)),
            }
        }
        found
    }

    /// Counts what the delivery calls for, whether it changes anything or not.
    pub(super) fn is_called_for(&self, update: &Update, receipt: &Receipt) {
        let tally = &self.tally;
        let is_again = self.arrived.get(&(update.environment, update.sequence)) == Some(&self.n_acts);
        tally.armed_times(REPEATED, usize::from(is_again));
        tally.armed_times(NOBODYS, usize::from(!self.nobodys.is_empty()));
        tally.armed_times(VISITS, if self.has_newer(update) { 0 } else { update.visits.len() });
        tally.armed_times(ONE_RECORD, update.service_users.len());
        for (user, decision) in update.service_users.iter().zip(&receipt.decisions) {
            let records = self.leads.to(&user.external_id, &self.settings);
            if !records.is_empty() && is_turned_away(&decision.outcome) {
                tally.armed(TURNED_AWAY);
            }
            match records {
                [] => {}
                [record] => self.is_called_for_by(*record, user, update),
                _ => tally.armed(SHARED),
            }
        }
    }

    /// The same for one service user whose identifier leads to one record.
    fn is_called_for_by(&self, id: RecordId, user: &ServiceUser, update: &Update) {
        let tally = &self.tally;
        let Some(record) = self.records.get(&id) else { return };
        for invariant in [SAME_RECORD, IDENTIFIER, AUTHORITY] {
            tally.armed(invariant);
        }
        let is_older = self.newest.get(&(id, update.environment)).is_some_and(|it| *it > update.sequence);
        tally.armed_times(NOT_BACK, usize::from(is_older));
        tally.armed_times(MERGED, usize::from(record.aliases.contains(&user.external_id)));
        tally.armed_times(ROLES, usize::from(!record.local.role_access.is_empty()));
        if !record.local.care.is_empty() {
            tally.armed(CARE);
            tally.armed(CONSERVED);
            tally.armed(ONE_PARENT);
            let wanted = self.branches.iter().find(|(branch, _)| branch == user.fields.text(Field::Branch));
            let is_elsewhere = wanted.is_some_and(|(_, service)| service != record.service());
            tally.armed_times(HELD, usize::from(is_elsewhere && record.has_care_data()));
        }
        if !self.by_hand.is_empty() {
            let own = |field: Field, sent: &str| {
                field.is_contact() && record.synced.text(field) != sent && self.by_hand.contains(&(id, field))
            };
            let n_own = user.fields.iter().filter(|(field, sent)| own(*field, sent)).count();
            tally.armed_times(CONTACT, n_own);
        }
    }

    /// Everybody whom the delivery carries for a record. A merged record may have several.
    fn carried<'a>(&self, record: &Record, delivered: &Delivered<'a>) -> Vec<&'a ServiceUser> {
        let ids = record.external_id.iter().chain(&record.aliases);
        let carried = ids.filter_map(|id| delivered.carried.get(compared(id, &self.settings)));
        carried.flatten().copied().collect()
    }

    /// A record that is new after a delivery.
    fn made(&self, record: &Record, delivered: &Delivered<'_>) -> Option<Broken> {
        let id = record.id;
        for invariant in [LANDS, NO_CARE, CAUSE, NO_LEAVER, SENT] {
            self.tally.armed(invariant);
        }
        if let Some(stranger) = record.external_id.as_ref().filter(|it| !self.sent.contains(*it)) {
            return Some(SENT.broken(format!("{id} came for {stranger}, whom no rostering system has had.")));
        }
        let users = self.carried(record, delivered);
        let [user] = users.as_slice() else {
            let nobody = format!("{id} is new, and nobody in the delivery has its identifier.");
            return users.is_empty().then(|| CAUSE.broken(nobody));
        };
        for field in [Field::GivenName, Field::FamilyName, Field::Branch] {
            let (sent, got) = (user.fields.text(field), record.synced.text(field));
            if sent != got {
                let what =
                    format!("{id} came with the {} \"{got}\" where \"{sent}\" was sent.", field.text());
                return Some(LANDS.broken(what));
            }
        }
        if record.external_id.as_ref() != Some(&user.external_id) {
            return Some(
                LANDS.broken(format!("{id} came with another identifier than {}.", user.external_id)),
            );
        }
        let today = date_in_london(delivered.change.at);
        if user.fields.text(Field::EndDate).parse::<Date>().is_ok_and(|ended| ended <= today) {
            return Some(NO_LEAVER.broken(format!("{id} came for {}, who has left.", user.external_id)));
        }
        let is_bare = record.origin == Origin::Integration && !record.has_care_data();
        (!is_bare).then(|| NO_CARE.broken(format!("{id} did not come bare.")))
    }

    /// A record that was there before a delivery.
    fn written(&self, before: &Record, after: &Record, delivered: &Delivered<'_>) -> Vec<Broken> {
        let id = after.id;
        let mut found = Vec::new();
        if before.external_id != after.external_id {
            found.push(IDENTIFIER.broken(format!("The identifier of {id} changed.")));
        }
        if before.aliases != after.aliases || before.merged_into != after.merged_into {
            found.push(AUTHORITY.broken(format!("{id} was merged or linked anew.")));
        }
        if before.status != after.status && self.settings.end_date == EndDate::KeepsRecordActive {
            found.push(AUTHORITY.broken(format!("{id} became {}.", after.status.text())));
        }
        if before.local.role_access != after.local.role_access {
            found.push(ROLES.broken(format!("The role access of {id} changed.")));
        }
        if before.local != after.local
            && (before.local.also != after.local.also || !is_care_kept(before, after))
        {
            found.push(CARE.broken(format!("What ACP holds for itself in {id} changed.")));
        }
        if before.service() != after.service() && before.has_care_data() {
            let what = format!("{id} moved from \"{}\" to \"{}\".", before.service(), after.service());
            found.push(HELD.broken(what));
        }
        found.extend(self.fields(before, after, delivered));
        found
    }

    fn fields(&self, before: &Record, after: &Record, delivered: &Delivered<'_>) -> Vec<Broken> {
        let id = after.id;
        if before.synced.values() == after.synced.values() {
            return Vec::new();
        }
        let was = |slot: &Slot<'_>| before.synced.text(slot.field) != slot.value.as_str();
        let changed: Vec<Slot<'_>> = after.synced.slots().filter(was).collect();
        if changed.is_empty() {
            return Vec::new();
        }
        self.tally.armed(CAUSE);
        self.tally.armed_times(FRAME, changed.len());
        if is_nobodys(before) {
            return vec![NOBODYS.broken(format!("{id} changed."))];
        }
        let users = self.carried(after, delivered);
        let [user] = users.as_slice() else {
            let nobody = format!("{id} changed, and nobody in the delivery has its identifier.");
            return users.is_empty().then(|| CAUSE.broken(nobody)).into_iter().collect();
        };
        let update = delivered.update;
        let newest = self.newest.get(&(id, update.environment)).copied().unwrap_or_default();
        if update.sequence < newest {
            let what = format!("Update {} changed {id} after update {newest}.", update.sequence);
            return vec![NOT_BACK.broken(what)];
        }
        let mut found: Vec<Broken> =
            changed.iter().filter_map(|slot| self.field(before, *slot, user)).collect();
        found.extend(changed.iter().find_map(|slot| self.stamped(before, after, *slot, update)));
        found
    }

    /// The value names its update, and the one before it stands in the record's past.
    fn stamped(&self, before: &Record, after: &Record, slot: Slot<'_>, update: &Update) -> Option<Broken> {
        self.tally.armed(STAMPED);
        let by = By::Integration { environment: update.environment, sequence: update.sequence };
        let is_kept = before.synced.slot(slot.field).is_none_or(|was| {
            after.past.iter().any(|it| it.what == acp::Tracked::Field(slot.field) && it.value == *was.value)
        });
        (slot.set.by != by || !is_kept).then(|| {
            STAMPED.broken(format!(
                "The {} of {} was written by update {}.",
                slot.field.text(),
                after.id,
                update.sequence
            ))
        })
    }

    /// Whoever was refused, or came too late, left nothing behind.
    fn turned_away(&self, delivered: &Delivered<'_>) -> Option<Broken> {
        for (user, decision) in delivered.update.service_users.iter().zip(&delivered.receipt.decisions) {
            let id = &user.external_id;
            if !is_turned_away(&decision.outcome) {
                continue;
            }
            let records = delivered.now.to(id, &self.settings);
            let is_alone = |id: &&RecordId| {
                delivered.change.now(**id).is_some_and(|record| self.carried(record, delivered).len() == 1)
            };
            let mut records = records.iter().filter(|it| is_rewritten(delivered.change, **it));
            if let Some(record) = records.find(is_alone) {
                return Some(TURNED_AWAY.broken(format!("{record} was written to for {id}.")));
            }
        }
        None
    }

    /// The same update once more: the same values.
    fn repeated(&self, delivered: &Delivered<'_>) -> Option<Broken> {
        let update = delivered.update;
        let n_acts = self.arrived.get(&(update.environment, update.sequence))?;
        if *n_acts != self.n_acts {
            return None;
        }
        let is_last = |id: &RecordId| self.last.get(id) == Some(&(update.environment, update.sequence));
        let is_alone = |id: &RecordId| {
            delivered.change.now(*id).is_some_and(|record| self.carried(record, delivered).len() == 1)
        };
        let mut touched = delivered.change.touched.iter();
        let record =
            touched.find(|id| is_rewritten(delivered.change, **id) && is_last(id) && is_alone(id))?;
        Some(REPEATED.broken(format!("Update {} came again and changed {record}.", update.sequence)))
    }

    fn one_record_each(&self, delivered: &Delivered<'_>) -> Option<Broken> {
        for user in &delivered.update.service_users {
            let id = &user.external_id;
            let (before, now) =
                (delivered.before.to(id, &self.settings), delivered.now.to(id, &self.settings));
            if now.len() > before.len().max(1) {
                return Some(ONE_RECORD.broken(format!("{id} now has {} records.", now.len())));
            }
            if let ([record], false) = (before, now == before) {
                return Some(SAME_RECORD.broken(format!("{id} no longer leads to {record}.")));
            }
            if before.len() < 2 {
                continue;
            }
            // Another identifier may lead to one of them alone.
            let is_for_this = |it: &&RecordId| {
                delivered.change.now(**it).is_some_and(|record| self.carried(record, delivered).len() == 1)
            };
            let mut rewritten = before.iter().filter(|it| is_rewritten(delivered.change, **it));
            if let Some(record) = rewritten.find(is_for_this) {
                return Some(
                    SHARED.broken(format!("{record} was written to, one of {} of them.", before.len())),
                );
            }
        }
        None
    }

    /// Whether a newer update of the same environment had arrived before: it has the last word on the plan.
    pub(super) fn has_newer(&self, update: &Update) -> bool {
        self.newest_of.get(&update.environment).is_some_and(|newest| *newest > update.sequence)
    }

    /// Every visit of the delivery hangs where its service user's identifier leads, if that is one record.
    fn visits(&self, delivered: &Delivered<'_>) -> Option<Broken> {
        if delivered.update.visits.is_empty() || self.has_newer(delivered.update) {
            return None;
        }
        let sent: BTreeSet<&VisitId> = delivered.update.visits.iter().map(|visit| &visit.id).collect();
        let touched = delivered.change.after.values();
        let mut held = touched.flat_map(|record| record.visits.iter().map(move |held| (record, held)));
        held.find_map(|(record, held)| {
            let there = delivered.now.to(&held.visit.service_user, &self.settings);
            let is_elsewhere = held.state == VisitState::Planned
                && matches!(there, [only] if *only != record.id)
                && sent.contains(&held.visit.id);
            is_elsewhere.then(|| VISITS.broken(format!("{} hangs on {}.", held.visit.id, record.id)))
        })
    }

    fn field(&self, before: &Record, slot: Slot<'_>, user: &ServiceUser) -> Option<Broken> {
        let (id, field) = (before.id, slot.field);
        let (name, got) = (field.text(), slot.value.as_str());
        if field.is_contact()
            && self.by_hand.contains(&(id, field))
            && self.settings.contact_details != ContactDetails::AlwaysRostering
        {
            let was = before.synced.text(field);
            return Some(CONTACT.broken(format!("The {name} of {id} went from \"{was}\" to \"{got}\".")));
        }
        if !field.is_written_by_sync(&self.settings) {
            return Some(FRAME.broken(format!("The {name} of {id} became \"{got}\".")));
        }
        let fits = match user.fields.get(field) {
            Some(sent) => field.read(sent).is_ok_and(|sent| sent.as_str() == got),
            None if is_placement(field) => field == Field::Service,
            None => got.is_empty() && self.settings.absent_field == AbsentField::ClearsValue,
        };
        (!fits).then(|| {
            let sent = user.fields.get(field).map_or("nothing".into(), |sent| format!("\"{sent}\""));
            FRAME.broken(format!("The {name} of {id} became \"{got}\" where {sent} was sent."))
        })
    }
}

/// Whether a service user was not taken in.
pub(super) const fn is_turned_away(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(_) | Outcome::Older(_) | Outcome::NotCreated)
}

/// A record that no identifier leads to.
pub(super) fn is_nobodys(record: &Record) -> bool {
    record.external_id.is_none() && record.aliases.is_empty()
}

fn is_rewritten(change: &Change<'_>, id: RecordId) -> bool {
    let (Some(before), Some(after)) = (change.before.get(&id), change.after.get(&id)) else { return false };
    before.synced.values() != after.synced.values()
}

/// Everything that people put there is as it was. A care plan that the integration made may end, and one may come.
fn is_care_kept(before: &Record, after: &Record) -> bool {
    let is_ours = |item: &&CareItem| item.kind == CareKind::CarePlan && item.added.by.is_integration();
    let content = |item: &CareItem| {
        // An empty plan of the integration goes along to another service.
        let service = item.is_care_data().then(|| item.service.clone());
        (item.number, item.kind, item.title.clone(), service, item.activities.clone())
    };
    let kept =
        before.local.care.iter().all(|item| after.local.care.iter().any(|it| content(it) == content(item)));
    let n_people = |record: &Record| record.local.care.iter().filter(|item| !is_ours(item)).count();
    kept && n_people(before) == n_people(after)
}
