//! Visits: under which record each one hangs, which ones wait for a record, and which ones an update
//! withdraws. A visit follows the external identifier (DUP-3), and nothing else. A visit that was carried out
//! never changes.

use crate::{Acp, Record, RecordId, VisitHeld, VisitOutcome, VisitState};
use feed::{Timestamp, Visit, VisitId};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// Visit IDs are unique in the tenant: environments that share one have theirs prefixed (PUB-8).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Visits {
    known: BTreeMap<VisitId, Known>,
    /// The planned ones among `known`, by environment and start, so that an update finds those in its span.
    planned: BTreeSet<(u8, Timestamp, VisitId)>,
    parked: BTreeMap<VisitId, Parked>,
    /// The number of the newest update of each environment.
    newest: BTreeMap<u8, u32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Known {
    record: RecordId,
    /// Which environment sent it last.
    environment: u8,
    starts: Timestamp,
}

#[derive(Clone, Debug, PartialEq)]
struct Parked {
    environment: u8,
    visit: Visit,
}

impl Visits {
    pub(crate) fn parked(&self) -> Vec<VisitId> {
        self.parked.keys().cloned().collect()
    }

    pub(crate) fn is_parked(&self, id: &VisitId) -> bool {
        self.parked.contains_key(id)
    }

    pub(crate) fn record_of(&self, id: &VisitId) -> Option<RecordId> {
        self.known.get(id).map(|known| known.record)
    }

    /// A visit that was carried out is withdrawn by nothing.
    pub(crate) fn is_done(&mut self, id: &VisitId) {
        if let Some(known) = self.known.get(id) {
            self.planned.remove(&(known.environment, known.starts, id.clone()));
        }
    }

    /// All visits of one record hang under another one now.
    pub(crate) fn hand_over(&mut self, visits: &[VisitHeld], to: RecordId) {
        for held in visits {
            if let Some(known) = self.known.get_mut(&held.visit.id) {
                known.record = to;
            }
        }
    }

    pub(crate) fn forget(&mut self, visits: &[VisitHeld]) {
        for held in visits {
            self.forget_one(&held.visit.id);
        }
    }

    fn forget_one(&mut self, id: &VisitId) {
        if let Some(known) = self.known.remove(id) {
            self.planned.remove(&(known.environment, known.starts, id.clone()));
        }
    }

    fn learn(&mut self, visit: &Visit, record: RecordId, environment: u8) {
        let known = Known { record, environment, starts: visit.starts };
        if self.known.get(&visit.id) == Some(&known) {
            return;
        }
        self.forget_one(&visit.id);
        self.parked.remove(&visit.id);
        self.known.insert(visit.id.clone(), known);
        self.planned.insert((environment, visit.starts, visit.id.clone()));
    }

    /// What ACP has of an environment in a span of starts, ends included: planned visits and parked ones.
    fn in_span(&self, environment: u8, (from, until): (Timestamp, Timestamp)) -> Vec<VisitId> {
        let first = (environment, from, VisitId::new(""));
        let planned = self
            .planned
            .range(first..)
            .take_while(|(its, starts, _)| *its == environment && *starts <= until);
        let parked = self.parked.values().filter(|parked| {
            parked.environment == environment && (from..=until).contains(&parked.visit.starts)
        });
        planned.map(|(_, _, id)| id).chain(parked.map(|parked| &parked.visit.id)).cloned().collect()
    }
}

impl Acp {
    /// Takes in the visits of one update. An update that is older than one of the same environment that came
    /// before says nothing about visits any more.
    pub(crate) fn take_visits(
        &mut self,
        (environment, sequence): (u8, u32),
        span: (Timestamp, Timestamp),
        visits: Vec<Visit>,
    ) -> Vec<VisitOutcome> {
        let newest = self.visits.newest.entry(environment).or_insert(sequence);
        if *newest > sequence {
            return self.retry_parked();
        }
        *newest = sequence;
        let mut not_listed = self.visits.in_span(environment, span);
        if !not_listed.is_empty() {
            let listed: FxHashSet<&VisitId> = visits.iter().map(|visit| &visit.id).collect();
            not_listed.retain(|id| !listed.contains(id));
            not_listed.sort_unstable();
        }
        let mut outcomes = Vec::with_capacity(visits.len());
        outcomes.extend(visits.into_iter().map(|visit| self.attach(visit, environment)));
        outcomes.extend(not_listed.into_iter().filter_map(|visit| self.withdraw(visit)));
        outcomes.append(&mut self.retry_parked());
        outcomes
    }

    /// Tries the parked visits again and attaches those whose identifier leads to one record by now.
    pub(crate) fn retry_parked(&mut self) -> Vec<VisitOutcome> {
        let leads =
            |parked: &Parked| self.index.find(&self.records, &parked.visit.service_user).one().is_some();
        let ready: Vec<Parked> =
            self.visits.parked.values().filter(|parked| leads(parked)).cloned().collect();
        ready.into_iter().map(|parked| self.attach(parked.visit, parked.environment)).collect()
    }

    fn attach(&mut self, visit: Visit, environment: u8) -> VisitOutcome {
        let id = visit.id.clone();
        let from = self.visits.record_of(&id);
        let before = from.and_then(|record| self.records.get(record)?.visit(&id));
        let is_same = before.is_some_and(|held| held.visit == visit);
        if let (Some(record), Some(VisitState::Done)) = (from, before.map(|held| held.state)) {
            return VisitOutcome::StaysDone { visit: id, record };
        }
        let Some(to) = self.index.find(&self.records, &visit.service_user).one() else {
            return self.park(visit, environment);
        };
        self.visits.learn(&visit, to, environment);
        if from == Some(to) && is_same {
            return VisitOutcome::Unchanged { visit: id, record: to };
        }
        if let Some(from) = from {
            self.take_off(from, &id);
        }
        self.hang(to, visit);
        match from {
            Some(from) if from != to => VisitOutcome::Relinked { visit: id, from, to },
            Some(_) => VisitOutcome::Changed { visit: id, record: to },
            None => VisitOutcome::Added { visit: id, record: to },
        }
    }

    /// Keeps a visit aside. A record that it hung under no longer has it: it is somebody else's now.
    fn park(&mut self, visit: Visit, environment: u8) -> VisitOutcome {
        let (id, service_user) = (visit.id.clone(), visit.service_user.clone());
        if let Some(from) = self.visits.record_of(&id) {
            self.take_off(from, &id);
        }
        self.visits.forget_one(&id);
        self.visits.parked.insert(id.clone(), Parked { environment, visit });
        VisitOutcome::Parked { visit: id, service_user }
    }

    /// None for a visit that was only parked: nobody had seen it.
    fn withdraw(&mut self, visit: VisitId) -> Option<VisitOutcome> {
        self.visits.parked.remove(&visit);
        let record = self.visits.record_of(&visit)?;
        self.take_off(record, &visit);
        self.visits.forget_one(&visit);
        Some(VisitOutcome::Withdrawn { visit, record })
    }

    fn take_off(&mut self, record: RecordId, visit: &VisitId) {
        if let Some(record) = self.records.get_mut(record) {
            record.visits.retain(|held| held.visit.id != *visit);
        }
        self.records.touch(record);
    }

    fn hang(&mut self, record: RecordId, visit: Visit) {
        if let Some(record) = self.records.get_mut(record) {
            put_in_order(record, VisitHeld { visit, state: VisitState::Planned });
        }
        self.records.touch(record);
    }
}

/// A record shows its visits by start, then by ID, in whatever order they arrived.
pub(crate) fn put_in_order(record: &mut Record, held: VisitHeld) {
    let place = |it: &VisitHeld| (it.visit.starts, it.visit.id.clone());
    let idx = record.visits.partition_point(|it| place(it) <= place(&held));
    record.visits.insert(idx, held);
}
