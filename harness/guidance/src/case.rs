//! Drafts of support cases, as they would be typed into the Access Digital Assistant: the facts that the guidance asks
//! for, a description in whole sentences, and what is missing, which never blocks (CASE-5).

use crate::find::Found;
use crate::parts::{is_placement, rostering};
use crate::say::moment;
use crate::words::say;
use crate::{CaseDraft, CaseFact, PersonSeen, Scene, Situation, Subject};
use acp::{Record, Status};
use feed::{Clause, Owner, Timestamp};

/// Whom and what a case is about.
struct Matter<'a> {
    person: Option<(u8, &'a PersonSeen)>,
    record: Option<&'a Record>,
    other: Option<&'a Record>,
    correct_service: Option<String>,
    /// The change is one of branch or service (BRANCH-4).
    is_placement: bool,
}

impl Scene {
    /// The draft of a case of this kind about somebody, whether it is due or not: for somebody who raises it too early.
    /// None where the kind is not CASE-1 to CASE-4, or nobody knows the subject.
    pub fn draft(&self, kind: Clause, about: &Subject, now: Timestamp) -> Option<CaseDraft> {
        let fitting: &[Situation] = match kind {
            Clause::Case1 => &[Situation::Overdue, Situation::WillBeOverwritten, Situation::WaitingForSync],
            Clause::Case2 => &[Situation::MoveHeld],
            Clause::Case3 => {
                &[Situation::ConfirmedDuplicate, Situation::LikelyDuplicate, Situation::SplitHistory]
            }
            Clause::Case4 => {
                &[Situation::Orphan, Situation::LeaversRecord, Situation::IdentifierNotInRostering]
            }
            _ => return None,
        };
        let found = self.found(about, now);
        let best = fitting.iter().find_map(|it| found.iter().find(|found| found.situation == *it));
        let found = best.or(found.first())?;
        let mut draft = of_found(self, kind, found, say(self, found).what, now);
        draft.about = about.clone();
        Some(draft)
    }
}

/// `what` is what is going on, in sentences.
pub(crate) fn of_found(
    scene: &Scene,
    kind: Clause,
    found: &Found<'_>,
    what: Vec<String>,
    now: Timestamp,
) -> CaseDraft {
    let matter = matter(scene, found, now);
    let description = description(what, found, &matter);
    let facts = facts(scene, kind, &matter, &description);
    let missing =
        facts.iter().filter(|fact| fact.value.is_none()).map(|fact| fact.label.to_owned()).collect();
    CaseDraft {
        kind,
        about: found.about.clone(),
        subject_line: subject_line(kind, &matter),
        facts,
        description,
        missing,
    }
}

fn matter<'a>(scene: &'a Scene, found: &Found<'a>, now: Timestamp) -> Matter<'a> {
    let behind = || {
        let mut people: Vec<(u8, &PersonSeen)> = scene.people_of(found.record?).collect();
        people.sort_by_key(|(_, seen)| (seen.deleted_at.is_some(), !seen.person.is_active(now)));
        people.first().copied()
    };
    let person = found.person.or_else(behind);
    let wanted = person.map(|(environment, seen)| scene.wanted(environment, &seen.person));
    Matter {
        person,
        record: found.record,
        other: found.others.first().copied(),
        correct_service: wanted.map(|it| it.service.to_string()).filter(|service| !service.is_empty()),
        is_placement: is_placement(&found.fields),
    }
}

fn facts(scene: &Scene, kind: Clause, matter: &Matter<'_>, description: &str) -> Vec<CaseFact> {
    let mut facts = vec![
        fact("name", name(matter)),
        fact("service", matter.record.map(service)),
        fact("external id", external_id(matter)),
        fact("description", Some(description.to_owned())),
    ];
    let system = matter.person.map(|(environment, _)| rostering(scene, environment));
    let (one, other) = (matter.record, matter.other);
    match kind {
        Clause::Case1 if matter.is_placement => facts.extend([
            fact("correct service", matter.correct_service.clone()),
            fact("rostering system", system),
        ]),
        Clause::Case1 => facts.push(fact("rostering system", system)),
        Clause::Case2 => facts.extend([
            fact("correct service", matter.correct_service.clone()),
            fact("rostering system", system),
        ]),
        Clause::Case3 => facts.extend([
            fact("record ids", one.zip(other).map(|(one, other)| format!("{} and {}", one.id, other.id))),
            fact("other name", other.map(|other| other.synced.full_name())),
            fact("other service", other.map(service)),
        ]),
        _ => {}
    }
    facts
}

/// A blank value is none.
fn fact(label: &'static str, value: Option<String>) -> CaseFact {
    CaseFact { label, value: value.filter(|value| !value.trim().is_empty()) }
}

/// As ACP shows it, for Support looks there; else as rostering has it.
fn name(matter: &Matter<'_>) -> Option<String> {
    let shown = matter.record.map(|record| record.synced.full_name()).filter(|name| !name.trim().is_empty());
    shown.or_else(|| Some(matter.person?.1.person.fields.full_name()))
}

fn service(record: &Record) -> String {
    record.service().to_owned()
}

fn external_id(matter: &Matter<'_>) -> Option<String> {
    let of_record = matter.record.and_then(|record| record.external_id.as_ref());
    let of_person = matter.person.map(|(_, seen)| &seen.person.sent_id);
    // Of a pair often only one has an identifier: that is the one that rostering knows.
    let of_other = matter.other.and_then(|other| other.external_id.as_ref());
    let id = of_record.or(of_person).or(of_other)?;
    (!id.is_blank()).then(|| id.as_str().to_owned())
}

fn subject_line(kind: Clause, matter: &Matter<'_>) -> String {
    let about = match (name(matter), external_id(matter)) {
        (Some(name), Some(id)) => format!("{name}, external identifier {id}"),
        (Some(name), None) => name,
        (None, Some(id)) => format!("external identifier {id}"),
        (None, None) => "name not known".to_owned(),
    };
    let what = match kind {
        Clause::Case1 => "Record not updated after the sync window",
        Clause::Case2 if matter.record.is_some_and(Record::has_care_data) => {
            "Record has to move to another service and holds care data"
        }
        Clause::Case2 => "Record has to move to another service",
        Clause::Case3 => "Two records for one person, to be merged or deactivated",
        _ => "Unexpected record without an active service user in rostering",
    };
    format!("{what}: {about}")
}

/// What was seen, since when, and what has not been done.
fn description(what: Vec<String>, found: &Found<'_>, matter: &Matter<'_>) -> String {
    let mut sentences = what;
    let records: Vec<&Record> = matter.record.into_iter().chain(matter.other).collect();
    if let Some(since) = found.since.filter(|_| found.situation == Situation::LikelyDuplicate) {
        sentences.push(format!("Both have been there since {}.", moment(since)));
    }
    sentences.extend(records.iter().flat_map(|record| touched(record)));
    let is_untouched = records.iter().all(|record| touched(record).is_empty());
    sentences.extend(match (records.len(), is_untouched) {
        (0, _) => Some("We have not created a record by hand in ACP.".to_owned()),
        (1, true) => Some("We have not edited, archived or deactivated the record.".to_owned()),
        (_, true) => Some("We have not edited, archived or deactivated either record.".to_owned()),
        (_, false) => None,
    });
    sentences.join(" ")
}

/// What people have done to a record that Support should know: its status, and fields that rostering controls.
fn touched(record: &Record) -> Vec<String> {
    let mut touched = Vec::new();
    if record.status != Status::Active {
        let (status, at) = (record.status.text(), moment(record.status_set.at()));
        touched.push(format!("Record {} has been {status} since {at}.", record.id));
    }
    for slot in record.synced.slots() {
        let is_controlled = matches!(slot.field.owner(), Owner::Rostering | Owner::WhereManaged);
        let is_edit = !slot.set.by.is_integration() && slot.set.at() > record.created.at();
        if is_controlled && is_edit {
            let (field, at) = (slot.field.text(), moment(slot.set.at()));
            touched.push(format!("The {field} of record {} was set by hand in ACP at {at}.", record.id));
        }
    }
    touched
}
