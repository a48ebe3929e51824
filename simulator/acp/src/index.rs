//! From an external identifier to the live records that it leads to. This is all the matching that there is
//! (SYNC-3): no name, date of birth or number ever comes here.

use crate::records::Records;
use crate::{Record, RecordId};
use feed::{ExternalId, IdentifierMatching};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher as _;

/// An odd number without a pattern: the golden ratio in 32 bits (Knuth, The Art of Computer Programming 3, 6.4).
const MIX: u64 = 0x9E37_79B9;

/// The table is only ever asked for one identifier, never walked: its order cannot show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    matching: IdentifierMatching,
    /// The first record of each identifier. Which identifiers those are is written in the records, so that a million
    /// of them stay near: eight bytes each.
    first: HashTable<Lead>,
    /// The second and further records of one identifier. Empty in a healthy tenant.
    further: BTreeMap<ExternalId, Vec<RecordId>>,
}

/// Where an identifier leads: half of its hash, and a record that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lead {
    hash: u32,
    record: RecordId,
}

impl Lead {
    #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
    fn new(key: &ExternalId, record: RecordId) -> Lead {
        let bytes = key.as_str().as_bytes();
        let (last, rest) = bytes.split_last().unwrap_or((&0, bytes));
        let hash = FxBuildHasher.hash_one(rest) as u32;
        // Identifiers are mostly given out in a row: ten that differ in their last digit stand side by side, where one
        // look into memory finds them all.
        Lead { hash: hash.wrapping_add(u32::from(*last)), record }
    }

    /// As the table wants it: the lowest bits are the place, the highest seven tell neighbours apart.
    fn whole_hash(self) -> u64 {
        u64::from(self.hash).wrapping_mul(MIX) << 32 | u64::from(self.hash)
    }
}

/// The records say it all: an index is made from them.
impl PartialEq for Index {
    fn eq(&self, other: &Index) -> bool {
        self.matching == other.matching
            && self.further == other.further
            && self.first.len() == other.first.len()
    }
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

/// The identifier as it is compared.
fn key(matching: IdentifierMatching, id: &ExternalId) -> Cow<'_, ExternalId> {
    match matching {
        IdentifierMatching::EndsTrimmed if id.trimmed().len() < id.as_str().len() => {
            Cow::Owned(ExternalId::new(id.trimmed()))
        }
        IdentifierMatching::Exact | IdentifierMatching::EndsTrimmed => Cow::Borrowed(id),
    }
}

/// Whether a record has the identifier, as it is compared.
fn has(matching: IdentifierMatching, record: &Record, wanted: &ExternalId) -> bool {
    record.external_id.iter().chain(&record.aliases).any(|id| *key(matching, id) == *wanted)
}

impl Index {
    pub(crate) fn new(matching: IdentifierMatching) -> Index {
        Index { matching, ..Index::default() }
    }

    /// Makes room for a first full update at once, rather than twenty times a little.
    pub(crate) fn reserve_for(&mut self, n_identifiers: usize) {
        self.first.reserve(n_identifiers.saturating_sub(self.first.len()), |lead| lead.whole_hash());
    }

    pub(crate) fn find(&self, records: &Records, id: &ExternalId) -> Found {
        let key = key(self.matching, id);
        let wanted = Lead::new(&key, RecordId(0));
        let is_it = |lead: &Lead| {
            lead.hash == wanted.hash
                && records.get(lead.record).is_some_and(|record| has(self.matching, record, &key))
        };
        let Some(&first) = self.first.find(wanted.whole_hash(), is_it) else { return Found::None };
        match self.further.get(key.as_ref()) {
            None => Found::One(first.record),
            Some(further) => {
                let mut ids = further.clone();
                ids.push(first.record);
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

    /// Lets an identifier lead to a record, beside those that it leads to already; `records` may lack it as yet. A
    /// blank identifier leads nowhere: two blanks must not match each other.
    fn add(&mut self, records: &Records, id: &ExternalId, record: RecordId) {
        if id.is_blank() {
            return;
        }
        let key = key(self.matching, id).into_owned();
        let first = match self.claim(records, |_| None, &key, record) {
            Ok(()) => return,
            Err(first) => first,
        };
        if first != record {
            let further = self.further.entry(key).or_default();
            if !further.contains(&record) {
                further.push(record);
            }
        }
    }

    /// Lets an identifier that is not blank lead to a record, if it leads nowhere yet; else the error is where it leads.
    /// `to_come` has the identifiers of those that `records` lacks as yet.
    pub(crate) fn claim<'a>(
        &mut self,
        records: &Records,
        to_come: impl Fn(RecordId) -> Option<&'a ExternalId>,
        id: &ExternalId,
        record: RecordId,
    ) -> Result<(), RecordId> {
        let key = key(self.matching, id);
        let wanted = Lead::new(&key, record);
        let matching = self.matching;
        let has = |id: RecordId| match records.get(id) {
            Some(record) => has(matching, record, &key),
            None => to_come(id).is_some_and(|it| *self::key(matching, it) == *key),
        };
        let is_it = |lead: &Lead| lead.hash == wanted.hash && (lead.record == record || has(lead.record));
        match self.first.entry(wanted.whole_hash(), is_it, |lead| lead.whole_hash()) {
            Entry::Vacant(vacant) => {
                vacant.insert(wanted);
                Ok(())
            }
            Entry::Occupied(first) => Err(first.get().record),
        }
    }

    fn remove(&mut self, id: &ExternalId, record: RecordId) {
        let key = key(self.matching, id).into_owned();
        let mut further = self.further.remove(&key).unwrap_or_default();
        let gone = Lead::new(&key, record);
        if let Ok(first) = self.first.find_entry(gone.whole_hash(), |lead| *lead == gone) {
            let (_, place) = first.remove();
            if !further.is_empty() {
                place.insert(Lead { record: further.remove(0), ..gone });
            }
        }
        further.retain(|&it| it != record);
        if !further.is_empty() {
            self.further.insert(key, further);
        }
    }

    /// Learns the identifier and the aliases of a live record.
    pub(crate) fn learn(&mut self, records: &Records, record: &Record) {
        for id in record.external_id.iter().chain(&record.aliases) {
            self.add(records, id, record.id);
        }
    }

    /// Forgets a record: nothing leads to it any more. What leads to others stays.
    pub(crate) fn forget(&mut self, record: &Record) {
        for id in record.external_id.iter().chain(&record.aliases) {
            self.remove(id, record.id);
        }
    }
}
