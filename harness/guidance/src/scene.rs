//! What both systems show, gathered from sights in the order of time. It remembers since when things are as they are,
//! because every promise of the guidance is counted from a moment. Knows no engine and no reason for anything.

use crate::{index::Index, person::Marks};
use acp::{Record, RecordId};
use feed::{Clause, ExternalId, Settings, System, Text, Timestamp, VisitId};
use rostering::{Person, PlannedVisit, VisitStatus};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One thing that somebody could see happen, or could see the result of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// How the rostering system shows a service user after a change.
    Person {
        environment: u8,
        person: Person,
    },
    PersonDeleted {
        environment: u8,
        sent_id: ExternalId,
    },
    Visit {
        environment: u8,
        visit: PlannedVisit,
    },
    VisitDeleted {
        environment: u8,
        sent_id: VisitId,
    },
    /// How ACP shows a record after a change.
    Record(Arc<Record>),
    RecordGone(RecordId),
    /// ACP's branches and their services, all of them.
    Branches(Vec<(Text, Text)>),
    /// The integration of an environment was switched on.
    Live {
        environment: u8,
    },
    Stopped {
        environment: u8,
    },
    /// Somebody made sure that two records are one person.
    Confirmed(RecordId, RecordId),
    CaseRaised(RaisedCase),
    CaseClosed {
        kind: Clause,
        about: Subject,
    },
}

/// A case that a Tenant Administrator raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaisedCase {
    pub kind: Clause,
    pub about: Subject,
    /// What the guidance asks for and the case does not hold, as words.
    pub missing: Vec<String>,
}

/// Whom something is about. Identifiers are as sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    ServiceUser { environment: u8, sent_id: ExternalId },
    Record(RecordId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentSeen {
    pub name: Text,
    pub system: System,
    pub prefix: Option<Text>,
    /// Since when the integration has been on; none while it is off.
    pub live_since: Option<Timestamp>,
}

/// A service user as rostering shows them, and what is still on its way to ACP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonSeen {
    pub person: Person,
    pub first_seen: Timestamp,
    /// Every time that something about the person changed, with how they were then, oldest first. Never empty.
    pub versions: Vec<(Timestamp, Person)>,
    /// Since when rostering has nobody of this identifier; none while it has.
    pub deleted_at: Option<Timestamp>,
    /// Earlier stretches without: deleted, and added again. Oldest first.
    pub absences: Vec<(Timestamp, Timestamp)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitSeen {
    pub visit: PlannedVisit,
    /// Every time that it changed, oldest first. Never empty. A deletion stands here as a cancellation.
    pub versions: Vec<(Timestamp, PlannedVisit)>,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSeen {
    pub record: Arc<Record>,
    pub first_seen: Timestamp,
    pub gone_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub at: Timestamp,
    pub pair: (RecordId, RecordId),
}

/// Everything that can be seen, and since when.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub settings: Settings,
    pub environments: Vec<EnvironmentSeen>,
    /// By environment and identifier as sent.
    pub people: BTreeMap<(u8, ExternalId), PersonSeen>,
    pub visits: BTreeMap<(u8, VisitId), VisitSeen>,
    pub records: BTreeMap<RecordId, RecordSeen>,
    /// ACP's branches and their services.
    pub branches: Vec<(Text, Text)>,
    /// When the link let go of the last delivery that a fault had kept away: from then on the window begins anew. Only
    /// who sees the link can say it, so for people it stays empty: to them what is late is late.
    pub healed_at: Option<Timestamp>,
    pub confirmed: Vec<Confirmed>,
    pub cases: Vec<(Timestamp, RaisedCase)>,
    /// Cases that were closed and not raised again since, as they were raised.
    pub closed: BTreeSet<(Clause, Subject)>,
    pub(crate) index: Index,
}

impl Scene {
    pub fn new(settings: Settings, environments: Vec<EnvironmentSeen>) -> Scene {
        Scene { settings, environments, ..Scene::default() }
    }

    /// Takes in one sight. Sights come in the order of time.
    pub fn saw(&mut self, at: Timestamp, sight: Sight) {
        match sight {
            Sight::Person { environment, person } => self.saw_person(at, environment, person),
            Sight::PersonDeleted { environment, sent_id } => {
                if let Some(seen) = self.people.get_mut(&(environment, sent_id)) {
                    seen.deleted_at = Some(at);
                }
            }
            Sight::Visit { environment, visit } => self.saw_visit(at, environment, visit),
            Sight::VisitDeleted { environment, sent_id } => {
                if let Some(seen) = self.visits.get_mut(&(environment, sent_id)) {
                    seen.deleted_at = Some(at);
                    let cancelled = PlannedVisit { status: VisitStatus::Cancelled, ..seen.visit.clone() };
                    seen.versions.push((at, cancelled));
                }
            }
            Sight::Record(record) => self.saw_record(at, record),
            Sight::RecordGone(id) => {
                if let Some(seen) = self.records.get_mut(&id) {
                    seen.gone_at = Some(at);
                    self.index.saw_record(at, self.settings.identifier_matching, Some(&*seen.record), None);
                }
            }
            Sight::Branches(branches) => {
                self.index.saw_branches(at, &branches);
                self.branches = branches;
            }
            Sight::Live { environment } => self.set_live(environment, Some(at)),
            Sight::Stopped { environment } => self.set_live(environment, None),
            Sight::Confirmed(a, b) => self.confirmed.push(Confirmed { at, pair: (a.min(b), a.max(b)) }),
            Sight::CaseRaised(case) => {
                self.closed.remove(&(case.kind, case.about.clone()));
                self.cases.push((at, case));
            }
            Sight::CaseClosed { kind, about } => self.close(kind, &about),
        }
    }

    fn set_live(&mut self, environment: u8, since: Option<Timestamp>) {
        if let Some(seen) = self.environments.get_mut(usize::from(environment)) {
            seen.live_since = since;
        }
    }

    fn saw_person(&mut self, at: Timestamp, environment: u8, person: Person) {
        let key = (environment, person.sent_id.clone());
        self.index.saw_person(
            self.settings.identifier_matching,
            key.clone(),
            Marks::of_fields(&person.fields),
        );
        let seen = self.people.entry(key).or_insert_with(|| PersonSeen {
            person: person.clone(),
            first_seen: at,
            versions: Vec::new(),
            deleted_at: None,
            absences: Vec::new(),
        });
        seen.versions.push((at, person.clone()));
        seen.person = person;
        seen.absences.extend(seen.deleted_at.take().map(|from| (from, at)));
    }

    fn saw_record(&mut self, at: Timestamp, record: Arc<Record>) {
        let matching = self.settings.identifier_matching;
        if let Some(seen) = self.records.get_mut(&record.id) {
            let before = seen.gone_at.is_none().then_some(&*seen.record);
            self.index.saw_record(at, matching, before, Some(&record));
            (seen.record, seen.gone_at) = (record, None);
        } else {
            self.index.saw_record(at, matching, None, Some(&record));
            self.records.insert(record.id, RecordSeen { record, first_seen: at, gone_at: None });
        }
    }

    fn saw_visit(&mut self, at: Timestamp, environment: u8, visit: PlannedVisit) {
        let key = (environment, visit.sent_id.clone());
        self.index.saw_visit(environment, &visit.service_user, &visit.sent_id);
        let seen = self.visits.entry(key).or_insert_with(|| VisitSeen {
            visit: visit.clone(),
            versions: Vec::new(),
            deleted_at: None,
        });
        seen.versions.push((at, visit.clone()));
        seen.visit = visit;
        seen.deleted_at = None;
    }

    /// Closes every open case of this kind about the same person, whichever of their names it was raised under.
    fn close(&mut self, kind: Clause, about: &Subject) {
        let same: Vec<(Clause, Subject)> = self
            .cases
            .iter()
            .filter(|(_, case)| case.kind == kind && self.is_same_matter(&case.about, about))
            .map(|(_, case)| (kind, case.about.clone()))
            .collect();
        self.closed.extend(same);
    }

    /// When a case of this kind about the same person was raised, if it has not been closed since. The latest, where
    /// there are several.
    pub fn open_case(&self, kind: Clause, about: &Subject) -> Option<(Timestamp, &RaisedCase)> {
        self.cases
            .iter()
            .rev()
            .filter(|(_, case)| case.kind == kind && !self.closed.contains(&(kind, case.about.clone())))
            .find(|(_, case)| self.is_same_matter(&case.about, about))
            .map(|(at, case)| (*at, case))
    }

    /// Whether two subjects are one matter: the same, or a service user and a record that they lead to.
    fn is_same_matter(&self, one: &Subject, other: &Subject) -> bool {
        match (one, other) {
            (Subject::ServiceUser { sent_id, .. }, Subject::Record(id))
            | (Subject::Record(id), Subject::ServiceUser { sent_id, .. }) => {
                self.records_of(sent_id).any(|record| record.id == *id)
            }
            _ => one == other,
        }
    }

    /// The records that an identifier, as sent, leads to by itself or as an alias, in order of ID: not merged away, not
    /// deleted. More than one is a confusion.
    pub fn records_of(&self, id: &ExternalId) -> impl Iterator<Item = &Record> {
        let led = self.index.records_of(self.settings.identifier_matching, id);
        led.iter().filter_map(|(id, _)| self.records.get(id)).map(|seen| &*seen.record)
    }

    /// Everybody whom rostering has, or had, under what leads to the record, with their environment.
    pub(crate) fn people_of(&self, record: &Record) -> impl Iterator<Item = (u8, &PersonSeen)> {
        let keys = self.index.people_of(self.settings.identifier_matching, record);
        keys.into_iter().filter_map(|key| Some((key.0, self.people.get(key)?)))
    }

    /// Live records that may be this service user, of a crowd only the first ones.
    pub(crate) fn records_like_person(&self, seen: &PersonSeen) -> impl Iterator<Item = &Record> {
        let alike = self.index.records_like.same_person(&Marks::of_fields(&seen.person.fields));
        alike.into_iter().filter_map(|id| self.live_record(*id))
    }

    /// Service users in rostering who may be the person of this record, with their environment; of a crowd only the
    /// first ones.
    pub(crate) fn people_like_record(&self, record: &Record) -> impl Iterator<Item = (u8, &PersonSeen)> {
        let alike = self.index.people_like.same_person(&Marks::of_record(record));
        let seen = alike.into_iter().filter_map(|key| Some((key.0, self.people.get(key)?)));
        seen.filter(|(_, seen)| seen.deleted_at.is_none())
    }

    /// The other records that somebody made sure are the same person, and when, the latest last.
    pub(crate) fn confirmed_with(&self, id: RecordId) -> impl Iterator<Item = (RecordId, Timestamp)> {
        self.confirmed.iter().filter_map(move |it| match it.pair {
            (one, other) if one == id => Some((other, it.at)),
            (one, other) if other == id => Some((one, it.at)),
            _ => None,
        })
    }

    /// Neither merged away nor deleted.
    pub fn live_records(&self) -> impl Iterator<Item = &Record> {
        self.records
            .values()
            .filter(|seen| seen.gone_at.is_none() && seen.record.merged_into.is_none())
            .map(|seen| &*seen.record)
    }

    /// A record that is neither merged away nor deleted.
    pub fn live_record(&self, id: RecordId) -> Option<&Record> {
        let seen = self.records.get(&id)?;
        (seen.gone_at.is_none() && seen.record.merged_into.is_none()).then_some(&*seen.record)
    }

    /// The service of a branch in ACP, by exact name.
    pub fn service_of(&self, branch: &str) -> Option<&Text> {
        self.index.branch(branch).map(|(service, _)| service)
    }
}
