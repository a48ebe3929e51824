//! From an external identifier to the live records that it leads to. This is all the matching that there is
//! (SYNC-3): no name, date of birth or number ever comes here.

use crate::{Record, RecordId};
use feed::{ExternalId, IdentifierMatching};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

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

    /// A blank identifier leads nowhere: two blanks must not match each other.
    fn add(&mut self, id: &ExternalId, record: RecordId) {
        if id.is_blank() {
            return;
        }
        let key = self.key(id).into_owned();
        match self.first.get(&key) {
            None => {
                self.first.insert(key, record);
            }
            Some(&first) if first == record => {}
            Some(_) => {
                let further = self.further.entry(key).or_default();
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

    /// Forgets a record: nothing leads to it any more.
    pub(crate) fn forget(&mut self, record: &Record) {
        for id in record.external_id.iter().chain(&record.aliases) {
            self.remove(id, record.id);
        }
    }
}
