//! From an external identifier to the live records that it leads to. This is all the matching that there is
//! (SYNC-3): no name, date of birth or number ever comes here.

use crate::{Record, RecordId};
use feed::{ExternalId, IdentifierMatching};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

/// The hash map is only ever asked for one key, never walked: its order cannot show.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Index {
    matching: IdentifierMatching,
    first: FxHashMap<ExternalId, RecordId>,
    /// The second and further records of one identifier. Empty in a healthy tenant.
    further: BTreeMap<ExternalId, Vec<RecordId>>,
}

/// The live records that an identifier leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    None,
    One(RecordId),
    /// A duplicate that was there before: writing to either would be a guess (DUP-4). In order of ID.
    Several(Vec<RecordId>),
}

impl Found {
    pub(crate) fn one(&self) -> Option<RecordId> {
        match self {
            Found::One(id) => Some(*id),
            Found::None | Found::Several(_) => None,
        }
    }

    pub(crate) fn all(&self) -> &[RecordId] {
        match self {
            Found::None => &[],
            Found::One(id) => std::slice::from_ref(id),
            Found::Several(ids) => ids,
        }
    }
}

impl Index {
    pub(crate) fn new(matching: IdentifierMatching) -> Index {
        Index { matching, ..Index::default() }
    }

    /// Makes room for a first full update at once, rather than twenty times a little.
    pub(crate) fn reserve_for(&mut self, n_identifiers: usize) {
        self.first.reserve(n_identifiers.saturating_sub(self.first.len()));
    }

    /// The identifier as it is compared.
    fn key<'a>(&self, id: &'a ExternalId) -> Cow<'a, ExternalId> {
        match self.matching {
            IdentifierMatching::EndsTrimmed if id.trimmed().len() < id.as_str().len() => {
                Cow::Owned(ExternalId::new(id.trimmed()))
            }
            IdentifierMatching::Exact | IdentifierMatching::EndsTrimmed => Cow::Borrowed(id),
        }
    }

    pub(crate) fn find(&self, id: &ExternalId) -> Found {
        let key = self.key(id);
        let Some(&first) = self.first.get(key.as_ref()) else { return Found::None };
        match self.further.get(key.as_ref()) {
            None => Found::One(first),
            Some(further) => {
                let mut ids = further.clone();
                ids.push(first);
                ids.sort_unstable();
                Found::Several(ids)
            }
        }
    }

    /// Whether the identifier, to the character, is this record's, and no other's as far as can be told at
    /// once.
    pub(crate) fn leads_only_to(&self, record: &Record, id: &ExternalId) -> bool {
        self.further.is_empty() && record.external_id.as_ref() == Some(id) && record.merged_into.is_none()
    }

    /// A blank identifier leads nowhere: two blanks must not match each other.
    fn add(&mut self, id: &ExternalId, record: RecordId) {
        if id.is_blank() {
            return;
        }
        let key = self.key(id).into_owned();
        match self.first.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(record);
            }
            Entry::Occupied(first) if *first.get() == record => {}
            Entry::Occupied(first) => {
                let further = self.further.entry(first.key().clone()).or_default();
                if !further.contains(&record) {
                    further.push(record);
                }
            }
        }
    }

    fn remove(&mut self, id: &ExternalId, record: RecordId) {
        let key = self.key(id).into_owned();
        let mut left = self.find(id).all().to_vec();
        left.retain(|&it| it != record);
        self.first.remove(&key);
        self.further.remove(&key);
        for record in left {
            self.add(&key, record);
        }
    }

    /// Learns the identifier and the aliases of a live record.
    pub(crate) fn learn(&mut self, record: &Record) {
        for id in record.external_id.iter().chain(&record.aliases) {
            self.add(id, record.id);
        }
    }

    /// Forgets a record: nothing leads to it any more. What leads to others stays.
    pub(crate) fn forget(&mut self, record: &Record) {
        for id in record.external_id.iter().chain(&record.aliases) {
            self.remove(id, record.id);
        }
    }
}
