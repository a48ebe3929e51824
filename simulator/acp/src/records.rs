//! All records of the tenant, by ID, and which of them were touched since somebody last looked. Knows nothing
//! of what is in a record.

use crate::{Record, RecordId};
use rayon::prelude::*;

/// So many at least go to one core together. *Assumed*, from measurement.
pub(crate) const FEWEST_A_CORE: usize = 256;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Records {
    /// Record ID 1 stands first. A deleted record leaves its place empty, so that no ID is used twice.
    all: Vec<Option<Record>>,
    touched: Vec<RecordId>,
    /// Beside `all`: whether the record is in `touched` already.
    is_touched: Vec<bool>,
    gone: Vec<RecordId>,
}

fn place(id: RecordId) -> Option<usize> {
    usize::try_from(id.0).ok()?.checked_sub(1)
}

impl Records {
    /// The ID that the next record gets.
    pub(crate) fn next_id(&self) -> RecordId {
        RecordId(1).plus(self.all.len())
    }

    /// Makes room for an update that names so many service users, all of whom may be new.
    pub(crate) fn reserve_for(&mut self, n_service_users: usize) {
        self.all.reserve(n_service_users.saturating_sub(self.all.len()));
    }

    /// Takes in a record whose ID is [`Records::next_id`].
    pub(crate) fn add(&mut self, record: Record) -> RecordId {
        debug_assert_eq!(record.id, self.next_id());
        let id = record.id;
        self.all.push(Some(record));
        self.is_touched.push(false);
        self.touch(id);
        id
    }

    /// Takes in records, the first with [`Records::next_id`] and so on, made from their seeds on all cores.
    pub(crate) fn add_all<T: Send>(&mut self, seeds: Vec<T>, make: impl Fn(RecordId, T) -> Record + Sync) {
        let first = self.next_id();
        let ids = (0..seeds.len()).map(|idx| first.plus(idx));
        self.touched.extend(ids);
        self.is_touched.resize(self.all.len() + seeds.len(), true);
        let in_order = seeds.into_par_iter().enumerate().with_min_len(FEWEST_A_CORE);
        self.all.par_extend(in_order.map(|(idx, seed)| Some(make(first.plus(idx), seed))));
    }

    pub(crate) fn get(&self, id: RecordId) -> Option<&Record> {
        self.all.get(place(id)?)?.as_ref()
    }

    /// To change it: whoever does also says so with [`Records::touch`].
    pub(crate) fn get_mut(&mut self, id: RecordId) -> Option<&mut Record> {
        self.all.get_mut(place(id)?)?.as_mut()
    }

    pub(crate) fn remove(&mut self, id: RecordId) -> Option<Record> {
        let record = self.all.get_mut(place(id)?)?.take()?;
        self.gone.push(id);
        Some(record)
    }

    pub(crate) fn touch(&mut self, id: RecordId) {
        let Some(flag) = place(id).and_then(|idx| self.is_touched.get_mut(idx)) else { return };
        if !*flag {
            *flag = true;
            self.touched.push(id);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Record> {
        self.all.iter().flatten()
    }

    /// The touched records in order of ID, and the IDs of the deleted ones; from here on nothing is touched.
    pub(crate) fn take_touched(&mut self) -> (Vec<Record>, Vec<RecordId>) {
        let mut ids = std::mem::take(&mut self.touched);
        ids.sort_unstable();
        for idx in ids.iter().filter_map(|&id| place(id)) {
            self.is_touched[idx] = false;
        }
        let records = ids.iter().filter_map(|&id| self.get(id).cloned()).collect();
        (records, std::mem::take(&mut self.gone))
    }
}
