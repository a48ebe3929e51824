//! How a line of a journal is written down in a store: JSON, as the contract has an [`Entry`], but for one thing. **A larger
//! update is written as rows**: the names of the fields once, then the values of each service user in that order. That is a
//! third of the bytes, and bytes are what a flush costs.
//!
//! Stores of format 1 know no rows.

use crate::{
    journal::{Call, Entry},
    wire::{FieldName, Fields, OfText, Requirement, ServiceUser, System, Update, UpdateKind, Visit},
};
use feed::{Field, Timestamp};
use serde::{Deserialize, Serialize, Serializer};

/// From so many service users on it is worth it. *Assumed.*
const FEWEST: usize = 8;

/// What every line of a call begins with.
pub(crate) const CALL: &str = "{\"call\":";

pub(crate) fn written(entry: &Entry) -> serde_json::Result<String> {
    match entry {
        Entry::Call(Call::Receive(update)) if update.service_users.len() >= FEWEST => {
            let fields = columns(update);
            serde_json::to_string(&Rows::Call(RowsCall::ReceiveRows(rows(update, &fields))))
        }
        entry => serde_json::to_string(entry),
    }
}

pub(crate) fn read(text: &str) -> serde_json::Result<Entry> {
    if text.starts_with("{\"call\":{\"receive_rows\":") {
        let Rows::Call(RowsCall::ReceiveRows(rows)) = serde_json::from_str::<Rows<Row, Visits>>(text)?;
        return Ok(Entry::Call(Call::Receive(rows.into())));
    }
    serde_json::from_str(text)
}

type Visits = Vec<Visit>;

/// A line with rows, in the place of the entry and call that it is.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rows<R, V> {
    Call(RowsCall<R, V>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RowsCall<R, V> {
    ReceiveRows(UpdateRows<R, V>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateRows<R, V> {
    kind: UpdateKind,
    system: System,
    environment: u8,
    sequence: u32,
    sent_at: Timestamp,
    branches: Vec<String>,
    /// The columns.
    fields: Vec<FieldName>,
    service_users: Vec<R>,
    /// Of those who have any, by their place from 0.
    requirements: Vec<(usize, Vec<Requirement>)>,
    visits: V,
    visits_until: Timestamp,
}

/// External identifier, and a value for each column; null where the update says nothing of the field.
#[derive(Deserialize)]
struct Row(String, Vec<Option<OfText>>);

struct RowOf<'a> {
    it: &'a ServiceUser,
    fields: &'a [FieldName],
}

impl Serialize for RowOf<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (self.it.external_id.as_str(), Values(self)).serialize(to)
    }
}

struct Values<'a>(&'a RowOf<'a>);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let RowOf { it, fields } = self.0;
        to.collect_seq(fields.iter().map(|field| it.fields.0.get(field.0).map(feed::Text::as_str)))
    }
}

fn columns(update: &Update) -> Vec<FieldName> {
    let is_told = |field: &Field| update.service_users.iter().any(|it| it.fields.0.get(*field).is_some());
    Field::ALL.iter().copied().filter(is_told).map(FieldName).collect()
}

fn rows<'a>(update: &'a Update, fields: &'a [FieldName]) -> UpdateRows<RowOf<'a>, &'a [Visit]> {
    let needs = |(idx, it): (usize, &ServiceUser)| {
        (!it.requirements.is_empty()).then(|| (idx, it.requirements.clone()))
    };
    UpdateRows {
        kind: update.kind,
        system: update.system,
        environment: update.environment,
        sequence: update.sequence,
        sent_at: update.sent_at,
        branches: update.branches.clone(),
        fields: fields.to_vec(),
        service_users: update.service_users.iter().map(|it| RowOf { it, fields }).collect(),
        requirements: update.service_users.iter().enumerate().filter_map(needs).collect(),
        visits: &update.visits,
        visits_until: update.visits_until,
    }
}

impl From<UpdateRows<Row, Visits>> for Update {
    fn from(it: UpdateRows<Row, Visits>) -> Update {
        let service_user = |Row(external_id, values): Row| {
            let told = it.fields.iter().zip(values).filter_map(|(field, value)| Some((field.0, value?.0)));
            ServiceUser { external_id, fields: Fields(told.collect()), requirements: Vec::new() }
        };
        let mut service_users: Vec<ServiceUser> = it.service_users.into_iter().map(service_user).collect();
        for (idx, requirements) in it.requirements {
            if let Some(it) = service_users.get_mut(idx) {
                it.requirements = requirements;
            }
        }
        Update {
            kind: it.kind,
            system: it.system,
            environment: it.environment,
            sequence: it.sequence,
            sent_at: it.sent_at,
            branches: it.branches,
            service_users,
            visits: it.visits,
            visits_until: it.visits_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As stores of format 2 hold it: one that is read otherwise makes them unreadable.
    const ROWS: &str = r#"{"call":{"receive_rows":{"kind":"partial","system":"care_rostering","environment":1,"sequence":4,"sent_at":"2026-03-02T09:00:00.5Z","branches":["Hull"],"fields":["given_name","branch"],"service_users":[[" 7",["Ada \"é\"",null]],["1",["",null]],["2",[null,null]],["3",["Kit","Hull"]],["4",["Kit","Hull"]],["4",["Kit","Hull"]],["5",["Kit","Hull"]],["6",["Kit",""]]],"requirements":[[1,[{"id":"Q1","name":"Mornings"}]]],"visits":[{"id":"V","service_user":" 7","starts":"2026-03-03T10:00:00Z","ends":"2026-03-03T10:30:00Z","employee":"Joe","requirement":null}],"visits_until":"2026-03-05T09:00:00Z"}}}"#;

    #[test]
    fn a_large_update_is_written_as_rows_and_read_as_it_was() {
        let entry = read(ROWS).expect("a line");
        assert_eq!(written(&entry).expect("JSON"), ROWS);
        let plain = serde_json::to_string(&entry).expect("JSON");
        assert!(
            plain.contains(r#"{"external_id":"1","fields":{"given_name":""},"requirements":[{"id":"Q1""#)
        );
        assert!(plain.contains(r#"{"external_id":"2","fields":{},"requirements":[]}"#), "{plain}");
        assert_eq!(read(&plain).expect("a line of format 1"), entry);
    }

    #[test]
    fn what_is_no_update_or_a_small_one_is_written_as_the_contract_has_it() {
        let Entry::Call(Call::Receive(mut update)) = read(ROWS).expect("a line") else {
            panic!("another call")
        };
        update.service_users.truncate(FEWEST - 1);
        for entry in [Entry::Call(Call::Receive(update)), Entry::Reset, Entry::Call(Call::Pass)] {
            assert_eq!(written(&entry).expect("JSON"), serde_json::to_string(&entry).expect("JSON"));
            assert_eq!(read(&written(&entry).expect("JSON")).expect("a line"), entry);
        }
    }
}
