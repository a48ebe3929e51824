//! What both systems show, gathered from sights in the order of time. It remembers since when things are as they are,
//! because every promise of the guidance is counted from a moment. Knows no engine and no reason for anything.

use acp::{Record, RecordId};
use feed::{Clause, ExternalId, Settings, System, Text, Timestamp, VisitId};
use rostering::{Person, PlannedVisit};
use std::collections::{BTreeMap, BTreeSet};

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
    Record(Box<Record>),
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
    /// A fault of the link began that keeps deliveries away or damages them: promises are not counted while it lasts.
    Disturbed,
    /// The last such fault is over.
    Healed,
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
    pub deleted_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitSeen {
    pub visit: PlannedVisit,
    /// Every time that it changed, oldest first. Never empty.
    pub versions: Vec<(Timestamp, PlannedVisit)>,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSeen {
    pub record: Record,
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
    pub disturbed: bool,
    /// When the last fault was over.
    pub healed_at: Option<Timestamp>,
    pub confirmed: Vec<Confirmed>,
    pub cases: Vec<(Timestamp, RaisedCase)>,
    pub closed: BTreeSet<(Clause, Subject)>,
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
                }
            }
            Sight::Record(record) => {
                let seen = self.records.entry(record.id).or_insert_with(|| RecordSeen {
                    record: (*record).clone(),
                    first_seen: at,
                    gone_at: None,
                });
                seen.record = *record;
            }
            Sight::RecordGone(id) => {
                if let Some(seen) = self.records.get_mut(&id) {
                    seen.gone_at = Some(at);
                }
            }
            Sight::Branches(branches) => self.branches = branches,
            Sight::Live { environment } => self.set_live(environment, Some(at)),
            Sight::Stopped { environment } => self.set_live(environment, None),
            Sight::Disturbed => self.disturbed = true,
            Sight::Healed => {
                self.disturbed = false;
                self.healed_at = Some(at);
            }
            Sight::Confirmed(a, b) => self.confirmed.push(Confirmed { at, pair: (a.min(b), a.max(b)) }),
            Sight::CaseRaised(case) => {
                self.closed.remove(&(case.kind, case.about.clone()));
                self.cases.push((at, case));
            }
            Sight::CaseClosed { kind, about } => {
                self.closed.insert((kind, about));
            }
        }
    }

    fn set_live(&mut self, environment: u8, since: Option<Timestamp>) {
        if let Some(seen) = self.environments.get_mut(usize::from(environment)) {
            seen.live_since = since;
        }
    }

    fn saw_person(&mut self, at: Timestamp, environment: u8, person: Person) {
        let key = (environment, person.sent_id.clone());
        let seen = self.people.entry(key).or_insert_with(|| PersonSeen {
            person: person.clone(),
            first_seen: at,
            versions: Vec::new(),
            deleted_at: None,
        });
        seen.versions.push((at, person.clone()));
        seen.person = person;
        seen.deleted_at = None;
    }

    fn saw_visit(&mut self, at: Timestamp, environment: u8, visit: PlannedVisit) {
        let key = (environment, visit.sent_id.clone());
        let seen = self.visits.entry(key).or_insert_with(|| VisitSeen {
            visit: visit.clone(),
            versions: Vec::new(),
            deleted_at: None,
        });
        seen.versions.push((at, visit.clone()));
        seen.visit = visit;
        seen.deleted_at = None;
    }

    /// The records that an identifier, as sent, leads to by itself or as an alias: not merged away, not deleted.
    /// More than one is a confusion.
    pub fn records_of(&self, id: &ExternalId) -> impl Iterator<Item = &Record> {
        let (exact, id) = (self.settings.identifier_matching == feed::IdentifierMatching::Exact, id.clone());
        self.live_records().filter(move |record| {
            let same =
                |other: &ExternalId| if exact { *other == id } else { other.trimmed() == id.trimmed() };
            record.external_id.as_ref().is_some_and(same) || record.aliases.iter().any(same)
        })
    }

    /// Neither merged away nor deleted.
    pub fn live_records(&self) -> impl Iterator<Item = &Record> {
        self.records
            .values()
            .filter(|seen| seen.gone_at.is_none() && seen.record.merged_into.is_none())
            .map(|seen| &seen.record)
    }

    /// The service of a branch in ACP, by exact name.
    pub fn service_of(&self, branch: &str) -> Option<&Text> {
        self.branches.iter().find(|(name, _)| name == branch).map(|(_, service)| service)
    }
}
