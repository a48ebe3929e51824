//! What a delivery may do and what it may not.

use super::{
    AUTHORITY, Books, Broken, CARE, CAUSE, CONTACT, Change, FRAME, HELD, IDENTIFIER, LANDS, Leads, NO_CARE,
    NOT_BACK, ONE_RECORD, ROLES, SAME_RECORD, SHARED, VISITS, compared, tenant::is_placement,
};
use acp::{CareItem, CareKind, Origin, Record, Slot, VisitState};
use feed::{AbsentField, ContactDetails, EndDate, Field, ServiceUser, Update, VisitId};
use std::collections::{BTreeMap, BTreeSet};

/// One delivery: whom it carried, and where every identifier led before and leads now.
struct Delivered<'a> {
    change: &'a Change<'a>,
    update: &'a Update,
    /// Where one identifier was carried twice, the last is what stands.
    carried: BTreeMap<&'a str, &'a ServiceUser>,
    before: Leads<'a>,
    now: Leads<'a>,
}

impl Books {
    pub(super) fn delivery(&self, change: &Change<'_>, update: &Update) -> Vec<Broken> {
        let settings = &self.settings;
        let carried = update.service_users.iter().map(|user| (compared(&user.external_id, settings), user));
        let delivered = Delivered {
            change,
            update,
            carried: carried.collect(),
            before: Leads::of(change.before.values(), settings),
            now: Leads::of(change.now(), settings),
        };
        let mut found = Vec::new();
        found.extend(one_record_each(&delivered));
        found.extend(visits(&delivered));
        found.extend(change.gone.iter().map(|id| AUTHORITY.broken(format!("{id} is gone."))));
        for record in change.after.values() {
            match change.before.get(&record.id) {
                None => found.extend(self.made(record, &delivered)),
                Some(before) => found.extend(self.written(before, record, &delivered)),
            }
        }
        found
    }

    fn carried<'a>(&self, record: &Record, delivered: &Delivered<'a>) -> Option<&'a ServiceUser> {
        let mut ids = record.external_id.iter().chain(&record.aliases);
        ids.find_map(|id| delivered.carried.get(compared(id, &self.settings)).copied())
    }

    /// A record that is new after a delivery.
    fn made(&self, record: &Record, delivered: &Delivered<'_>) -> Option<Broken> {
        let id = record.id;
        let Some(user) = self.carried(record, delivered) else {
            return Some(
                CAUSE.broken(format!("{id} is new, and nobody in the delivery has its identifier.")),
            );
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
        if before.local.also != after.local.also || !is_care_kept(before, after) {
            found.push(CARE.broken(format!("What ACP holds for itself in {id} changed.")));
        }
        if before.has_care_data() && before.service() != after.service() {
            let what = format!("{id} moved from \"{}\" to \"{}\".", before.service(), after.service());
            found.push(HELD.broken(what));
        }
        found.extend(self.fields(before, after, delivered));
        found
    }

    fn fields(&self, before: &Record, after: &Record, delivered: &Delivered<'_>) -> Vec<Broken> {
        let id = after.id;
        let was = |slot: &Slot<'_>| before.synced.text(slot.field) != slot.value.as_str();
        let changed: Vec<Slot<'_>> = after.synced.slots().filter(was).collect();
        if changed.is_empty() {
            return Vec::new();
        }
        let Some(user) = self.carried(after, delivered) else {
            return vec![
                CAUSE.broken(format!("{id} changed, and nobody in the delivery has its identifier.")),
            ];
        };
        let update = delivered.update;
        let newest = self.newest.get(&(id, update.environment)).copied().unwrap_or_default();
        if update.sequence < newest {
            let what = format!("Update {} changed {id} after update {newest}.", update.sequence);
            return vec![NOT_BACK.broken(what)];
        }
        changed.into_iter().filter_map(|slot| self.field(before, slot, user)).collect()
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

fn one_record_each(delivered: &Delivered<'_>) -> Option<Broken> {
    for user in &delivered.update.service_users {
        let id = &user.external_id;
        let (before, now) = (delivered.before.to(id), delivered.now.to(id));
        if now.len() > before.len().max(1) {
            return Some(ONE_RECORD.broken(format!("{id} now has {} records.", now.len())));
        }
        if let ([record], false) = (before, now == before) {
            return Some(SAME_RECORD.broken(format!("{id} no longer leads to {record}.")));
        }
        if let Some(record) =
            before.iter().find(|it| before.len() > 1 && is_rewritten(delivered.change, **it))
        {
            return Some(SHARED.broken(format!("{record} was written to, one of {} of them.", before.len())));
        }
    }
    None
}

/// Every visit of the delivery hangs where its service user's identifier leads, if that is one record.
fn visits(delivered: &Delivered<'_>) -> Option<Broken> {
    let sent: BTreeSet<&VisitId> = delivered.update.visits.iter().map(|visit| &visit.id).collect();
    let touched = delivered.change.after.values();
    let mut held = touched.flat_map(|record| record.visits.iter().map(move |held| (record, held)));
    held.find_map(|(record, held)| {
        let there = delivered.now.to(&held.visit.service_user);
        let is_elsewhere = sent.contains(&held.visit.id)
            && held.state == VisitState::Planned
            && matches!(there, [only] if *only != record.id);
        is_elsewhere.then(|| VISITS.broken(format!("{} hangs on {}.", held.visit.id, record.id)))
    })
}

fn is_rewritten(change: &Change<'_>, id: acp::RecordId) -> bool {
    let (Some(before), Some(after)) = (change.before.get(&id), change.after.get(&id)) else { return false };
    before.synced != after.synced
}

/// Everything that people put there is as it was. A care plan that the integration made may end, and one may come.
fn is_care_kept(before: &Record, after: &Record) -> bool {
    let is_ours = |item: &&CareItem| item.kind == CareKind::CarePlan && item.added.by.is_integration();
    let content = |item: &CareItem| {
        (item.number, item.kind, item.title.clone(), item.service.clone(), item.activities.clone())
    };
    let kept =
        before.local.care.iter().all(|item| after.local.care.iter().any(|it| content(it) == content(item)));
    let n_people = |record: &Record| record.local.care.iter().filter(|item| !is_ours(item)).count();
    kept && n_people(before) == n_people(after)
}
