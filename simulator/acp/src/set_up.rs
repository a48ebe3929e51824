//! A new tenant: settings, services with branches, and records that are there before the story begins. Takes
//! everything as it is given: a planted record may be as untidy as a real one.

use crate::index::Index;
use crate::place::Places;
use crate::write::clause_of;
use crate::{Acp, By, Local, Origin, Planted, Record, SetUp, Slot, Stamp, Status, Synced};
use feed::{Clause, Field, Fields, Text, Timestamp};

impl Acp {
    pub(crate) fn set_up(at: Timestamp, set_up: SetUp) -> Acp {
        let SetUp { settings, services, records } = set_up;
        let index = Index::new(settings.identifier_matching);
        let mut acp = Acp { settings, places: Places::new(services), index, ..Acp::default() };
        for planted in records {
            acp.plant(at, planted);
        }
        acp
    }

    fn plant(&mut self, at: Timestamp, planted: Planted) {
        let by = match planted.origin {
            // Number 0: older than any update that can come.
            Origin::Integration => By::Integration { environment: 0, sequence: 0 },
            Origin::ByHand => By::TenantAdministrator,
        };
        let stamp = |clause: Clause| Stamp::new(at, by, clause);
        let created = stamp(if by.is_integration() { Clause::Sync5 } else { Clause::Dup7 });
        let mut record = Record {
            id: self.records.next_id(),
            origin: planted.origin,
            created,
            external_id: planted.external_id,
            external_id_set: stamp(if by.is_integration() { Clause::Sync2 } else { Clause::Dup8 }),
            aliases: Vec::new(),
            status: planted.status,
            status_set: match planted.status {
                Status::Active => created,
                // Somebody decided that, so an end date does not.
                Status::Inactive | Status::Archived => Stamp::new(at, By::TenantAdministrator, Clause::Pub10),
            },
            merged_into: None,
            synced: self.planted_values(planted.fields, &stamp, by),
            local: Local::default(),
            visits: Vec::new(),
            held: None,
            newest: None,
            past: Vec::new(),
        };
        let granted = Stamp::new(at, By::TenantAdministrator, Clause::Own3);
        record.local.role_access = planted.role_access.into_iter().map(|role| (role, granted)).collect();
        if !record.local.role_access.is_empty() {
            record.note_roles(granted);
        }
        for (kind, title, activities) in planted.care {
            let added = Stamp::new(at, By::CareStaff, Clause::Own4);
            let mut item = self.new_item(added, kind, title, activities);
            item.service = record.service().into();
            record.local.care.push(item);
        }
        self.index.learn(&record);
        self.records.add(record);
    }

    /// Values as their fields keep them, or as given where they are not fit. The service follows from the branch
    /// unless it is given.
    fn planted_values(&self, mut fields: Fields, stamp: &dyn Fn(Clause) -> Stamp, by: By) -> Synced {
        if fields.text(Field::Service).is_empty()
            && let Some(service) = self.places.service_of(fields.text(Field::Branch))
        {
            fields.set(Field::Service, service.clone());
        }
        let kept = |field: Field, value: Text| field.keep(value.clone()).unwrap_or(value);
        let slots = fields.into_iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| Slot {
            field,
            value: kept(field, value),
            set: stamp(clause_of(field, by)),
        });
        Synced(slots.collect())
    }
}
