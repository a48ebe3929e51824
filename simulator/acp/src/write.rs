//! The only ways in which a record's values change: each keeps the earlier value in the record's past. Knows
//! nothing of who may do it.

use crate::{By, Change, Entry, Record, Stamp, Status, Synced, Tracked};
use feed::{Clause, ExternalId, Field, Owner, Text};
use thin_vec::ThinVec;

impl Synced {
    /// Sets a field, which is fit for the value, and keeps the earlier one. None where it has that value
    /// already.
    pub(crate) fn write(
        &mut self,
        past: &mut ThinVec<Entry>,
        field: Field,
        value: Text,
        set: Stamp,
    ) -> Option<Change> {
        let from = match self.slot(field) {
            Some(slot) if *slot.value == value => return None,
            Some(slot) => {
                let from = slot.value.clone();
                make_room(past);
                past.push(Entry { what: Tracked::Field(field), value: from.clone(), set: slot.set });
                from
            }
            None if value.is_empty() => return None,
            None => Text::new(),
        };
        self.values.set(field, value.clone());
        match self.later.binary_search_by_key(&field, |(it, _)| *it) {
            Ok(idx) => self.later[idx].1 = set,
            Err(idx) => {
                make_room(&mut self.later);
                self.later.insert(idx, (field, set));
            }
        }
        Some(Change { field, from, to: value, clause: set.clause })
    }
}

/// For one more at first: most records see one change of one field in years.
fn make_room<T>(list: &mut ThinVec<T>) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
}

impl Record {
    pub(crate) fn write(&mut self, field: Field, value: Text, set: Stamp) -> Option<Change> {
        self.synced.write(&mut self.past, field, value, set)
    }

    /// Whether it was another one before.
    pub(crate) fn set_status(&mut self, status: Status, set: Stamp) -> bool {
        if self.status == status {
            return false;
        }
        let value = self.status.text().into();
        self.past.push(Entry { what: Tracked::Status, value, set: self.status_set });
        self.status = status;
        self.status_set = set;
        true
    }

    pub(crate) fn set_external_id(&mut self, to: Option<ExternalId>, set: Stamp) {
        let before = self.external_id.take();
        let had_one = self.past.iter().any(|entry| entry.what == Tracked::ExternalId);
        if before.is_some() || had_one {
            let value = before.map_or_else(Text::new, |id| id.as_str().into());
            self.past.push(Entry { what: Tracked::ExternalId, value, set: self.external_id_set });
        }
        self.external_id = to;
        self.external_id_set = set;
    }

    /// Keeps the list of roles as it is from now on.
    pub(crate) fn note_roles(&mut self, set: Stamp) {
        let roles: Vec<&str> = self.local.role_access.iter().map(|(role, _)| role.as_str()).collect();
        self.past.push(Entry { what: Tracked::RoleAccess, value: roles.join(", ").into(), set });
    }
}

/// The clause under which a field of an existing record is written. Title counts as name; that dates, area,
/// PIN, QR code, key safe and access details come under the plain "the record is updated" is *assumed*.
pub(crate) const fn clause_of(field: Field, by: By) -> Clause {
    match field {
        Field::Title | Field::GivenName | Field::FamilyName => Clause::Own6,
        Field::Branch | Field::Service => Clause::Own7,
        Field::DateOfBirth | Field::NhsNumber | Field::Gender => Clause::Own8,
        _ if !field.is_contact() => Clause::Sync4,
        _ if by.is_integration() => Clause::Pub5,
        _ => clause_that_keeps(field),
    }
}

/// The clause under which a field of a new record is written.
pub(crate) const fn clause_of_first(field: Field, by: By) -> Clause {
    match field {
        _ if !by.is_integration() => clause_of(field, by),
        Field::GivenName | Field::FamilyName | Field::Branch | Field::Service => Clause::Sync2,
        _ => match clause_of(field, by) {
            Clause::Sync4 | Clause::Own6 => Clause::Sync5,
            clause => clause,
        },
    }
}

/// The clause by which ACP's value stands.
pub(crate) const fn clause_that_keeps(field: Field) -> Clause {
    match field.owner() {
        Owner::WhereManaged => Clause::Own8,
        _ if matches!(field, Field::Phone | Field::SecondPhone | Field::Email) => Clause::Own1,
        _ => Clause::Own2,
    }
}
