//! A new tenant: settings, services with branches, and records that are there before the story begins. Takes
//! everything as it is given: a planted record may be as untidy as a real one.

use crate::index::Index;
use crate::place::Places;
use crate::{Acp, By, Origin, Planted, Record, SetUp, Stamp, Status};
use feed::{Clause, Field, Fields, Timestamp};

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
        let (made, identified) = match planted.origin {
            Origin::Integration => (Clause::Sync5, Clause::Sync2),
            Origin::ByHand => (Clause::Dup7, Clause::Dup8),
        };
        let values = self.planted_values(planted.fields);
        let origin = (planted.origin, stamp(made));
        let external_id = (planted.external_id, stamp(identified));
        let mut record = Record::new(self.records.next_id(), origin, external_id, values);
        if planted.status != Status::Active {
            // Somebody decided that, so no end date does.
            record.status = planted.status;
            record.status_set = Stamp::new(at, By::TenantAdministrator, Clause::Pub10);
        }
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
        self.index.learn(&self.records, &record);
        self.records.add(record);
    }

    /// Values as their fields keep them, or as given where they are not fit. The service follows from the
    /// branch unless it is given.
    fn planted_values(&self, mut fields: Fields) -> Fields {
        if fields.text(Field::Service).is_empty()
            && let Some(service) = self.places.service_of(fields.text(Field::Branch))
        {
            fields.set(Field::Service, service.clone());
        }
        fields.retain(|field, value| {
            if let Ok(Some(kept)) = field.fit(value) {
                *value = kept;
            }
            !value.is_empty()
        });
        fields
    }
}
