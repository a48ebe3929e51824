//! What only Support can do: move a record with its care data, merge two records, set fields directly. Each
//! tells item by item where the care data went; none ever loses any (DUP-6).

use crate::act::Hand;
use crate::place::TYPED;
use crate::visits::put_in_order;
use crate::write::clause_that_keeps;
use crate::{
    Account, Acp, CareItem, CareKind, Change, Done, KeptContact, Place, Record, RecordId, Refusal, Status,
    placement,
};
use feed::{Clause, Fields, Text};

impl Acp {
    pub(crate) fn move_record(
        &mut self,
        hand: &Hand,
        id: RecordId,
        to: &Place,
        leaving: &[CareKind],
    ) -> Result<Done, Refusal> {
        self.live(hand, id)?;
        let service = to.service.as_deref().unwrap_or_default();
        let to = self.places.find(&to.branch, service, TYPED)?;
        let record = self.write_to(id);
        let account = move_care(record, &to.service, leaving);
        record.held = None;
        let changes = placement::put(record, to, hand.stamp(Clause::Move1)).collect();
        Ok(Done { records: vec![id], changes, account: Some(account) })
    }

    /// Sets fields directly, whatever the record's state. Moving care data is not among it: what is in the
    /// old service is left there (MOVE-2).
    pub(crate) fn datafix(&mut self, hand: &Hand, id: RecordId, set: &Fields) -> Result<Done, Refusal> {
        let record = self.live(hand, id)?;
        let service: Text = record.service().into();
        let placement = self.placement_of(record, set)?;
        let done = self.write_fields(hand, id, set, placement)?;
        let record = self.write_to(id);
        let mut account = Account::default();
        for item in &record.local.care {
            let is_left = item.service == service && item.service != record.service();
            let list = if is_left { &mut account.left } else { &mut account.kept };
            list.push((item.kind, item.number));
        }
        Ok(Done { account: Some(account), ..done })
    }

    /// Everything of the loser goes to the survivor. The loser stays to be seen, inactive, and matches
    /// nothing any more: its identifier leads to the survivor, so the next full update does not bring it
    /// back.
    pub(crate) fn merge(
        &mut self,
        hand: &Hand,
        survivor: RecordId,
        loser: RecordId,
    ) -> Result<Done, Refusal> {
        self.live(hand, survivor)?;
        self.live(hand, loser)?;
        if survivor == loser {
            let why = format!(
                "Record {survivor} cannot be merged into itself. Name the two records of the duplicate."
            );
            return Err(Refusal::new(Clause::Dup6, why));
        }
        let from = self.strip(hand, survivor, loser);
        let record = self.write_to(survivor);
        let kept = numbers(&record.local.care);
        let moved = numbers(&from.local.care);
        let changes = take_over(record, from, hand);
        self.index.learn(&self.records, self.records.get(survivor).expect("a check found it just before"));
        self.retry_parked();
        let account = Account { moved, kept, ..Account::default() };
        Ok(Done { records: vec![survivor, loser], changes, account: Some(account) })
    }

    /// Takes care data, visits and identifiers away from the loser, and gives back the loser as it was.
    fn strip(&mut self, hand: &Hand, survivor: RecordId, loser: RecordId) -> Record {
        let record = self.write_to(loser);
        let before = record.clone();
        record.local.care.clear();
        record.local.also.clear();
        record.visits.clear();
        record.held = None;
        record.merged_into = Some(survivor);
        record.set_status(Status::Inactive, hand.stamp(Clause::Dup6));
        self.index.forget(&before);
        self.visits.hand_over(&before.visits, survivor);
        before
    }
}

fn numbers(care: &[CareItem]) -> Vec<(CareKind, u32)> {
    care.iter().map(|item| (item.kind, item.number)).collect()
}

/// Takes care data along to a service, except the kinds that stay behind. What an earlier move or datafix left
/// elsewhere comes along too.
fn move_care(record: &mut Record, service: &Text, leaving: &[CareKind]) -> Account {
    let mut account = Account::default();
    for item in &mut record.local.care {
        let list = if item.service == *service {
            &mut account.kept
        } else if leaving.contains(&item.kind) {
            &mut account.left
        } else {
            item.service = service.clone();
            &mut account.moved
        };
        list.push((item.kind, item.number));
    }
    account
}

/// Puts everything of a merged record into the survivor.
fn take_over(record: &mut Record, from: Record, hand: &Hand) -> Vec<Change> {
    let service: Text = record.service().into();
    let care = from.local.care.iter().map(|item| CareItem { service: service.clone(), ..item.clone() });
    record.local.care.extend(care);
    for held in from.visits.iter().cloned() {
        put_in_order(record, held);
    }
    unite_roles(record, &from, hand);
    for alias in from.external_id.iter().chain(&from.aliases) {
        if record.external_id.as_ref() != Some(alias) && !record.aliases.contains(alias) {
            record.aliases.push(alias.clone());
        }
    }
    unite_contacts(record, from)
}

fn unite_roles(record: &mut Record, from: &Record, hand: &Hand) {
    let n_roles = record.local.role_access.len();
    for (role, set) in &from.local.role_access {
        if !record.local.role_access.iter().any(|(it, _)| it == role) {
            record.local.role_access.push((role.clone(), *set));
        }
    }
    if record.local.role_access.len() > n_roles {
        record.note_roles(hand.stamp(Clause::Dup6));
    }
}

/// ACP's own contact details of the loser fill what the survivor has empty; what finds its field taken is
/// kept beside it.
fn unite_contacts(record: &mut Record, from: Record) -> Vec<Change> {
    let mut changes = Vec::new();
    for slot in from.synced.slots() {
        let is_own = slot.field.is_contact() && !slot.set.by.is_integration() && !slot.value.is_empty();
        let present = record.synced.text(slot.field);
        if !is_own || present == slot.value.as_str() {
            continue;
        }
        if present.is_empty() {
            let set = slot.set.under(clause_that_keeps(slot.field));
            changes.extend(record.write(slot.field, slot.value.clone(), set));
        } else {
            record.local.also.push(KeptContact {
                field: slot.field,
                value: slot.value.clone(),
                from: from.id,
            });
        }
    }
    record.local.also.extend(from.local.also);
    changes
}
