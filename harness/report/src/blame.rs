//! Every value that a field had, in both systems, with when and by whom. Read from what both systems show.

use crate::words::{field_value, moment};
use acp::{By, Record, Tracked};
use feed::{ExternalId, Field, Timestamp};
use guidance::{Scene, Subject};

/// A value and how it came to be, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) at: Timestamp,
    /// "rostering", "ACP R1".
    pub(crate) place: String,
    pub(crate) text: String,
    /// "Tenant Administrator [BRANCH-2]".
    pub(crate) by: String,
}

/// Oldest first; at one instant rostering comes first.
pub(crate) fn of_field(scene: &Scene, subject: &Subject, field: Field) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    if let Subject::ServiceUser { environment, sent_id } = subject {
        values.extend(in_rostering(scene, *environment, sent_id, field));
    }
    for record in records(scene, subject) {
        values.extend(in_acp(record, Tracked::Field(field)));
        if let Some(id) = record.external_id.as_ref().filter(|_| matches!(subject, Subject::Record(_))) {
            for environment in 0..u8::try_from(scene.environments.len()).unwrap_or(u8::MAX) {
                values.extend(in_rostering(scene, environment, id, field));
            }
        }
    }
    values.sort_by_key(|value| (value.at, value.place != "rostering"));
    values
}

/// Of an identifier, a status or role access: ACP's alone.
pub(crate) fn of_tracked(scene: &Scene, subject: &Subject, what: Tracked) -> Vec<Value> {
    let mut values: Vec<Value> =
        records(scene, subject).into_iter().flat_map(|record| in_acp(record, what)).collect();
    values.sort_by_key(|value| value.at);
    values
}

/// The records that are meant: for an identifier those that it leads to, and those that carry it although they are
/// gone or merged.
pub(crate) fn records<'a>(scene: &'a Scene, subject: &Subject) -> Vec<&'a Record> {
    match subject {
        Subject::Record(id) => scene.records.get(id).map(|seen| &*seen.record).into_iter().collect(),
        Subject::ServiceUser { sent_id, .. } => scene
            .records
            .values()
            .map(|seen| &*seen.record)
            .filter(|record| record.external_id.as_ref() == Some(sent_id) || record.aliases.contains(sent_id))
            .collect(),
    }
}

fn in_rostering(scene: &Scene, environment: u8, sent_id: &ExternalId, field: Field) -> Vec<Value> {
    let Some(seen) = scene.people.get(&(environment, sent_id.clone())) else { return Vec::new() };
    let texts = seen.versions.iter().map(|(at, person)| (*at, person.fields.text(field)));
    let mut values: Vec<Value> = Vec::new();
    let mut last = None;
    for (at, text) in texts {
        if last.replace(text) != Some(text) && !(text.is_empty() && values.is_empty()) {
            let by = "rostering administrator".to_owned();
            values.push(Value { at, place: "rostering".to_owned(), text: field_value(field, text), by });
        }
    }
    values
}

fn in_acp(record: &Record, what: Tracked) -> Vec<Value> {
    let text = |value: &str| match what {
        Tracked::Field(field) => field_value(field, value),
        _ => crate::visible::value(value),
    };
    record
        .history(what)
        .iter()
        .map(|entry| Value {
            at: entry.set.at(),
            place: format!("ACP {}", record.id),
            text: text(&entry.value),
            by: format!("{} [{}]", by(entry.set.by), entry.set.clause.code()),
        })
        .collect()
}

fn by(by: By) -> String {
    match by {
        By::Integration { sequence, .. } => format!("integration, update {sequence}"),
        By::TenantAdministrator => "Tenant Administrator".to_owned(),
        By::BranchAdministrator => "Branch Administrator".to_owned(),
        By::CareStaff => "care staff".to_owned(),
        By::Support => "Support".to_owned(),
        By::ImplementationTeam => "implementation team".to_owned(),
    }
}

/// In columns, without line breaks.
pub(crate) fn table(values: &[Value]) -> Vec<String> {
    let rows: Vec<[String; 4]> = values
        .iter()
        .map(|value| [moment(value.at), value.place.clone(), value.text.clone(), value.by.clone()])
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (when, place, text) = (width(0), width(1), width(2));
    rows.iter()
        .map(|row| format!("{:when$}  {:place$}  {:text$}  {}", row[0], row[1], row[2], row[3]))
        .collect()
}

/// "SU-1", "R2".
pub(crate) fn name(subject: &Subject) -> String {
    match subject {
        Subject::ServiceUser { sent_id, .. } => sent_id.as_str().to_owned(),
        Subject::Record(record) => record.to_string(),
    }
}
