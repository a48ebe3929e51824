//! Ways into the scene: from an identifier to records and people, from a person's marks to records and people like
//! them, from a service user to their visits. Kept in step by the scene, so that no question walks all of it.

use crate::person::{BirthAndName, Marks};
use acp::{Record, RecordId};
use feed::{ExternalId, IdentifierMatching, NhsNumber, Text, Timestamp, VisitId};
use std::collections::{BTreeMap, BTreeSet};

/// Environment and identifier as sent.
pub(crate) type PersonKey = (u8, ExternalId);

#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// The live records that an identifier leads to, each with since when, in order of ID.
    leads: BTreeMap<Text, Vec<(RecordId, Timestamp)>>,
    /// When an identifier last stopped leading to a record.
    left: BTreeMap<Text, Timestamp>,
    /// When an identifier that led to several records last came to lead to one: until then nothing could be taken in.
    alone: BTreeMap<Text, Timestamp>,
    people: BTreeMap<Text, BTreeSet<PersonKey>>,
    pub(crate) records_like: Likeness<RecordId>,
    pub(crate) people_like: Likeness<PersonKey>,
    /// By environment and the service user's own identifier: every visit that was ever theirs.
    visits: BTreeMap<(u8, ExternalId), BTreeSet<VisitId>>,
    /// ACP's branches: their service, and since when ACP has them.
    branches: BTreeMap<Text, (Text, Timestamp)>,
    /// Every service that a branch belonged to or a record was in.
    services: BTreeSet<Text>,
}

/// The identifier as records are matched on it. None for a blank one, which leads nowhere.
fn key(matching: IdentifierMatching, id: &ExternalId) -> Option<&str> {
    (!id.is_blank()).then(|| match matching {
        IdentifierMatching::Exact => id.as_str(),
        IdentifierMatching::EndsTrimmed => id.trimmed(),
    })
}

/// What leads to a record: its identifier and the aliases that merges brought. Nothing leads to a merged one.
fn leading(record: &Record) -> impl Iterator<Item = &ExternalId> {
    let is_live = record.merged_into.is_none();
    record.external_id.iter().chain(&record.aliases).filter(move |_| is_live)
}

impl Index {
    /// Takes in that a record is now `after` and was `before`; none is: not there.
    pub(crate) fn saw_record(
        &mut self,
        at: Timestamp,
        matching: IdentifierMatching,
        before: Option<&Record>,
        after: Option<&Record>,
    ) {
        if let (Some(before), Some(after)) = (before, after)
            && before.external_id == after.external_id
            && before.aliases == after.aliases
            && before.merged_into == after.merged_into
            && before.synced.values() == after.synced.values()
        {
            return;
        }
        let keys = |record: Option<&Record>| -> BTreeSet<Text> {
            record.into_iter().flat_map(leading).filter_map(|id| key(matching, id)).map(Text::from).collect()
        };
        let (old, new) = (keys(before), keys(after));
        for key in old.difference(&new) {
            if let Some(records) = self.leads.get_mut(key) {
                records.retain(|(id, _)| before.is_none_or(|record| record.id != *id));
                if records.len() == 1 {
                    self.alone.insert(key.clone(), at);
                }
            }
            self.left.insert(key.clone(), at);
        }
        for (key, record) in new.difference(&old).zip(after.iter().cycle()) {
            let own = record.external_id.as_ref().and_then(|id| self::key(matching, id));
            let since = if own == Some(key.as_str()) { record.external_id_set.at().min(at) } else { at };
            let records = self.leads.entry(key.clone()).or_default();
            records.push((record.id, since));
            records.sort_unstable();
        }
        if let Some(record) = after.or(before) {
            if !self.services.contains(record.service()) {
                self.services.insert(record.service().into());
            }
            let live = after.filter(|record| record.merged_into.is_none());
            self.records_like.set(&record.id, live.map(Marks::of_record).unwrap_or_default());
        }
    }

    pub(crate) fn saw_person(&mut self, matching: IdentifierMatching, person: PersonKey, marks: Marks) {
        self.people_like.set(&person, marks);
        if let Some(key) = key(matching, &person.1) {
            self.people.entry(key.into()).or_default().insert(person);
        }
    }

    pub(crate) fn saw_visit(&mut self, environment: u8, service_user: &ExternalId, visit: &VisitId) {
        self.visits.entry((environment, service_user.clone())).or_default().insert(visit.clone());
    }

    pub(crate) fn saw_branches(&mut self, at: Timestamp, branches: &[(Text, Text)]) {
        let before = std::mem::take(&mut self.branches);
        for (branch, service) in branches {
            let since = before.get(branch).map_or(at, |(_, since)| *since);
            self.services.insert(service.clone());
            self.branches.entry(branch.clone()).or_insert_with(|| (service.clone(), since));
        }
    }

    /// The live records that an identifier leads to, each with since when, in order of ID.
    pub(crate) fn records_of(
        &self,
        matching: IdentifierMatching,
        id: &ExternalId,
    ) -> &[(RecordId, Timestamp)] {
        key(matching, id).and_then(|key| self.leads.get(key)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn left_at(&self, matching: IdentifierMatching, id: &ExternalId) -> Option<Timestamp> {
        self.left.get(key(matching, id)?).copied()
    }

    pub(crate) fn alone_since(&self, matching: IdentifierMatching, id: &ExternalId) -> Option<Timestamp> {
        self.alone.get(key(matching, id)?).copied()
    }

    /// Everybody whom rostering has or had under what leads to the record.
    pub(crate) fn people_of(&self, matching: IdentifierMatching, record: &Record) -> BTreeSet<&PersonKey> {
        leading(record)
            .filter_map(|id| self.people.get(key(matching, id)?))
            .flat_map(BTreeSet::iter)
            .collect()
    }

    pub(crate) fn visits_of(&self, environment: u8, own_id: &ExternalId) -> impl Iterator<Item = &VisitId> {
        self.visits.get(&(environment, own_id.clone())).into_iter().flatten()
    }

    /// Whether ACP has shown a service of this exact name. One that no branch belongs to and no record was in cannot be
    /// seen. No service is fine.
    pub(crate) fn shows_service(&self, service: &str) -> bool {
        service.is_empty() || self.services.contains(service)
    }

    /// The service of a branch, by exact name, and since when ACP has the branch.
    pub(crate) fn branch(&self, name: &str) -> Option<&(Text, Timestamp)> {
        self.branches.get(name)
    }
}

/// By the marks of the one-person rule. Marks may come to be shared by many: who asks compares.
#[derive(Clone, Debug)]
pub(crate) struct Likeness<K> {
    marks: BTreeMap<K, Marks>,
    by_nhs_number: BTreeMap<NhsNumber, BTreeSet<K>>,
    by_birth_and_name: BTreeMap<BirthAndName, BTreeSet<K>>,
}

impl<K> Default for Likeness<K> {
    fn default() -> Self {
        Likeness {
            marks: BTreeMap::new(),
            by_nhs_number: BTreeMap::new(),
            by_birth_and_name: BTreeMap::new(),
        }
    }
}

/// Of many that share a mark, only the first so many are compared with, so that ten thousand records with one name and
/// date of birth do not make fifty million pairs. *Assumed.*
const COMPARED: usize = 20;

impl<K: Ord + Clone> Likeness<K> {
    fn set(&mut self, key: &K, marks: Marks) {
        let before = self.marks.get(key).cloned().unwrap_or_default();
        if before == marks {
            return;
        }
        take_out(&mut self.by_nhs_number, before.nhs_number.as_ref(), key);
        take_out(&mut self.by_birth_and_name, before.birth_and_name.as_ref(), key);
        if let Some(number) = marks.nhs_number {
            self.by_nhs_number.entry(number).or_default().insert(key.clone());
        }
        if let Some(mark) = &marks.birth_and_name {
            self.by_birth_and_name.entry(mark.clone()).or_default().insert(key.clone());
        }
        self.marks.insert(key.clone(), marks);
    }

    /// Those that count as the same person as these marks, in order; of a crowd only the first ones.
    pub(crate) fn same_person(&self, marks: &Marks) -> BTreeSet<&K> {
        let by_number = marks.nhs_number.and_then(|number| self.by_nhs_number.get(&number));
        let by_name = marks.birth_and_name.as_ref().and_then(|mark| self.by_birth_and_name.get(mark));
        let candidates =
            [by_number, by_name].into_iter().flatten().flat_map(|keys| keys.iter().take(COMPARED));
        candidates.filter(|key| self.marks.get(key).is_some_and(|it| it.is_same_person(marks))).collect()
    }

    /// The others that count as the same person as this one, in order; of a crowd only the first ones.
    pub(crate) fn others(&self, key: &K) -> BTreeSet<&K> {
        let mut same = self.marks.get(key).map(|marks| self.same_person(marks)).unwrap_or_default();
        same.remove(key);
        same
    }
}

fn take_out<M: Ord, K: Ord>(by: &mut BTreeMap<M, BTreeSet<K>>, mark: Option<&M>, key: &K) {
    let Some(mark) = mark else { return };
    if let Some(keys) = by.get_mut(mark) {
        keys.remove(key);
        if keys.is_empty() {
            by.remove(mark);
        }
    }
}
