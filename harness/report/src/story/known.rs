//! What the story has shown so far: how service users, records and branches were when something happened to them.

use crate::visible::{short, value};
use acp::{Record, RecordId};
use feed::{ExternalId, Text};
use guidance::Sight;
use rostering::Person;
use std::collections::BTreeMap;

#[derive(Default)]
pub(crate) struct Known<'a> {
    /// By environment and identifier as typed.
    people: BTreeMap<(u8, &'a ExternalId), &'a Person>,
    records: BTreeMap<RecordId, &'a Record>,
    branches: &'a [(Text, Text)],
}

impl<'a> Known<'a> {
    pub(crate) fn saw(&mut self, sight: &'a Sight) {
        match sight {
            Sight::Person { environment, person } => {
                self.people.insert((*environment, &person.id), person);
            }
            Sight::Record(record) => {
                self.records.insert(record.id, record);
            }
            Sight::Branches(branches) => self.branches = branches,
            _ => {}
        }
    }

    pub(crate) fn person(&self, environment: u8, id: &ExternalId) -> Option<&'a Person> {
        self.people.get(&(environment, id)).copied()
    }

    pub(crate) fn record(&self, id: RecordId) -> Option<&'a Record> {
        self.records.get(&id).copied()
    }

    pub(crate) fn service_of(&self, branch: &str) -> Option<&'a str> {
        self.branches.iter().find(|(name, _)| name == branch).map(|(_, service)| service.as_str())
    }

    /// "R1 (SU-1)", "R2 (Ada Okafor, no identifier)".
    pub(crate) fn label(&self, id: RecordId) -> String {
        let Some(record) = self.record(id) else { return id.to_string() };
        match record.external_id.as_ref().or_else(|| record.aliases.first()) {
            Some(external) => format!("{id} ({})", short(external.as_str())),
            None => format!("{id} ({}, no identifier)", value(&record.synced.full_name())),
        }
    }
}
