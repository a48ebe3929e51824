//! Finds what there is to say: the situations of service users, records and pairs of records, as facts. Has no words:
//! those are in `words`. Reports and repairs nothing.

use crate::standing::{Change, Obstacle, Standing, Wanted, active_stretches};
use crate::{PersonSeen, Scene, Situation, Subject};
use acp::{By, CareItem, CareKind, Origin, Record, RecordId, Status};
use feed::{Clause, ExternalId, Field, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// One situation, as facts.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) situation: Situation,
    pub(crate) about: Subject,
    /// With their environment.
    pub(crate) person: Option<(u8, &'a PersonSeen)>,
    pub(crate) record: Option<&'a Record>,
    /// The second of a pair; the further records of one identifier.
    pub(crate) others: Vec<&'a Record>,
    pub(crate) fields: Vec<Field>,
    pub(crate) wanted: Wanted,
    pub(crate) since: Option<Timestamp>,
    pub(crate) wait_until: Option<Timestamp>,
    /// The window is the one of near-term visits.
    pub(crate) by_near_term: bool,
    /// From when the window is counted, where that is not `since`.
    pub(crate) counted_from: Option<Timestamp>,
    pub(crate) obstacle: Option<Obstacle>,
    /// The case that this makes due, raised or not.
    pub(crate) case: Option<Clause>,
}

impl<'a> Found<'a> {
    pub(crate) fn of_record(situation: Situation, record: &'a Record) -> Found<'a> {
        Found {
            situation,
            about: Subject::Record(record.id),
            person: None,
            record: Some(record),
            others: Vec::new(),
            fields: Vec::new(),
            wanted: Wanted::default(),
            since: None,
            wait_until: None,
            by_near_term: false,
            counted_from: None,
            obstacle: None,
            case: None,
        }
    }

    pub(crate) fn of_person(situation: Situation, standing: &Standing<'a>) -> Found<'a> {
        let sent_id = standing.person().sent_id.clone();
        Found {
            situation,
            about: Subject::ServiceUser { environment: standing.environment, sent_id },
            person: Some((standing.environment, standing.seen)),
            record: standing.record(),
            others: Vec::new(),
            fields: Vec::new(),
            wanted: standing.wanted.clone(),
            since: None,
            wait_until: None,
            by_near_term: false,
            counted_from: None,
            obstacle: None,
            case: None,
        }
    }

    /// What makes two findings one: the situation and everybody in it, whoever stands first.
    pub(crate) fn identity(&self) -> (Situation, BTreeSet<Subject>) {
        let others = self.others.iter().map(|other| Subject::Record(other.id));
        (self.situation, others.chain([self.about.clone()]).collect())
    }
}

/// How grave a situation is, the gravest first: what can lose care data, then what is late, then what waits.
pub(crate) fn rank(situation: Situation) -> u8 {
    match situation {
        Situation::ConfirmedDuplicate => 0,
        Situation::MoveHeld => 1,
        Situation::SplitHistory => 2,
        Situation::LikelyDuplicate => 3,
        Situation::IdentifierOnTwoRecords | Situation::IdentifierOnTwoPeople => 4,
        Situation::Overdue => 5,
        Situation::Orphan => 6,
        Situation::BranchUnknown => 7,
        Situation::IdentifierBlank => 8,
        Situation::RecordNotActive => 9,
        Situation::WillBeOverwritten => 10,
        Situation::WaitingForSync => 11,
        Situation::NotSent => 12,
        Situation::MadeByHand => 13,
        Situation::LeaversRecord | Situation::IdentifierNotInRostering => 14,
        Situation::Ended => 15,
        Situation::InStep => 16,
    }
}

/// What there is to say about a service user by themselves.
pub(crate) fn of_person<'a>(standing: &Standing<'a>, now: Timestamp) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> =
        standing.obstacles.iter().filter_map(|&obstacle| of_obstacle(standing, obstacle, now)).collect();
    found.extend(standing.held_since.map(|since| Found {
        since: Some(since),
        fields: vec![Field::Branch, Field::Service],
        case: Some(Clause::Case2),
        ..Found::of_person(Situation::MoveHeld, standing)
    }));
    let (late, in_time): (Vec<Change>, Vec<Change>) =
        standing.changes.iter().partition(|change| now > change.promise.due);
    let (by_hand, waiting): (Vec<Change>, Vec<Change>) = in_time.into_iter().partition(|it| it.by_hand);
    found.extend(of_changes(Situation::Overdue, standing, &late));
    found.extend(of_changes(Situation::WillBeOverwritten, standing, &by_hand));
    found.extend(of_changes(Situation::WaitingForSync, standing, &waiting));
    let is_served = !standing.has(Obstacle::Ended) && !standing.has(Obstacle::Deleted);
    if let Some(record) = standing.record().filter(|record| is_served && record.status != Status::Active) {
        let since = Some(record.status_set.at());
        found.push(Found { since, ..Found::of_person(Situation::RecordNotActive, standing) });
    }
    found
}

fn of_obstacle<'a>(standing: &Standing<'a>, obstacle: Obstacle, now: Timestamp) -> Option<Found<'a>> {
    let is_served = !standing.has(Obstacle::Ended);
    let situation = match obstacle {
        Obstacle::Deleted | Obstacle::Ended => Situation::Ended,
        Obstacle::IdentifierBlank => Situation::IdentifierBlank,
        Obstacle::BranchUnknown | Obstacle::ServiceUnknown if is_served => Situation::BranchUnknown,
        Obstacle::NameBlank | Obstacle::IntegrationOff if is_served => Situation::NotSent,
        Obstacle::SeveralPeople if is_served => Situation::IdentifierOnTwoPeople,
        // Told of the records.
        Obstacle::SeveralRecords => return None,
        _ => return None,
    };
    let since = match obstacle {
        Obstacle::Deleted => standing.seen.deleted_at,
        Obstacle::Ended => active_stretches(standing.seen, now).last().map(|(_, until)| *until),
        _ => None,
    };
    Some(Found { since, obstacle: Some(obstacle), ..Found::of_person(situation, standing) })
}

fn of_changes<'a>(situation: Situation, standing: &Standing<'a>, changes: &[Change]) -> Option<Found<'a>> {
    let first = changes.iter().map(|change| change.promise).min_by_key(|promise| promise.due)?;
    Some(Found {
        since: changes.iter().map(|change| change.promise.since).min(),
        wait_until: Some(first.due),
        by_near_term: first.by_near_term,
        counted_from: Some(first.counted_from).filter(|from| *from > first.since),
        fields: changes.iter().filter_map(|change| change.field).collect(),
        case: (situation == Situation::Overdue).then_some(Clause::Case1),
        ..Found::of_person(situation, standing)
    })
}

/// What there is to say about a live record by itself.
pub(crate) fn of_record<'a>(scene: &'a Scene, record: &'a Record, now: Timestamp) -> Vec<Found<'a>> {
    let Some(id) = identifier(record) else {
        let situation = match record.origin {
            Origin::ByHand if record.external_id.is_none() => Situation::MadeByHand,
            _ => Situation::IdentifierBlank,
        };
        let since = Some(record.external_id_set.at());
        return vec![Found { since, ..Found::of_record(situation, record) }];
    };
    let mut found = Vec::new();
    let others: Vec<&Record> = scene.records_of(id).filter(|other| other.id != record.id).collect();
    if !others.is_empty() {
        let since = others.iter().chain([&record]).map(|record| record.external_id_set.at()).max();
        found.push(Found { others, since, ..Found::of_record(Situation::IdentifierOnTwoRecords, record) });
    }
    found.extend(without_active(scene, record, now));
    found
}

/// The identifier that leads to the record: its own, or the one that a merge brought.
pub(crate) fn identifier(record: &Record) -> Option<&ExternalId> {
    record.external_id.iter().chain(&record.aliases).find(|id| !id.is_blank())
}

/// CASE-4: a record whose identifier no active service user has. It is unexpected if the integration made it and nobody
/// was active under its identifier then; else it is a leaver's, or its identifier is wrong or waits for somebody to come.
fn without_active<'a>(scene: &'a Scene, record: &'a Record, now: Timestamp) -> Option<Found<'a>> {
    let people: Vec<(u8, &PersonSeen)> = scene.people_of(record).collect();
    if people.iter().any(|(_, seen)| seen.deleted_at.is_none() && seen.person.is_active(now)) {
        return None;
    }
    let stretches: Vec<(Timestamp, Timestamp)> =
        people.iter().flat_map(|(_, seen)| active_stretches(seen, now)).collect();
    let created = record.created.at();
    let was_expected = stretches
        .iter()
        .any(|(from, until)| *from <= created && (created < *until || (from == until && created == *until)));
    let is_orphan = record.origin == Origin::Integration && !was_expected && reviewed_at(record).is_none();
    let ended = stretches.iter().map(|(_, until)| *until).max();
    let since = match ended {
        Some(ended) => ended.max(created),
        None => record.external_id_set.at().max(created),
    };
    let situation = match record.origin {
        _ if is_orphan => Situation::Orphan,
        Origin::ByHand if people.is_empty() => Situation::IdentifierNotInRostering,
        _ => Situation::LeaversRecord,
    };
    Some(Found {
        since: Some(since),
        case: is_orphan.then_some(Clause::Case4),
        // The last that rostering knew of them, if it ever did.
        person: people.first().copied(),
        ..Found::of_record(situation, record)
    })
}

/// What there is to say about a live record and each other that may be the same person.
pub(crate) fn pairs<'a>(scene: &'a Scene, record: &'a Record) -> Vec<Found<'a>> {
    let confirmed: BTreeMap<RecordId, Timestamp> = scene.confirmed_with(record.id).collect();
    let alike = scene.index.records_like.others(&record.id).into_iter().copied();
    let others: BTreeSet<RecordId> = alike.chain(confirmed.keys().copied()).collect();
    others
        .into_iter()
        .filter_map(|id| scene.live_record(id))
        .flat_map(|other| of_pair(record, other, confirmed.get(&other.id).copied()))
        .collect()
}

fn of_pair<'a>(record: &'a Record, other: &'a Record, confirmed_at: Option<Timestamp>) -> Vec<Found<'a>> {
    // What Support looked at before somebody confirmed the pair was not the end of it.
    let is_done =
        |record: &Record| reviewed_at(record).is_some_and(|at| confirmed_at.is_none_or(|it| at >= it));
    if is_done(record) || is_done(other) {
        return Vec::new();
    }
    let pair = |situation| Found {
        others: vec![other],
        since: Some(alike_since(record, other)),
        ..Found::of_record(situation, record)
    };
    let mut found = vec![match confirmed_at {
        Some(_) => {
            let case = Some(Clause::Case3);
            Found { since: confirmed_at, case, ..pair(Situation::ConfirmedDuplicate) }
        }
        None => pair(Situation::LikelyDuplicate),
    }];
    if is_split(record, other) || is_split(other, record) {
        found.push(pair(Situation::SplitHistory));
    }
    found
}

/// When Support made the record inactive: then it has been looked at (DUP-6).
fn reviewed_at(record: &Record) -> Option<Timestamp> {
    (record.status != Status::Active && record.status_set.by == By::Support).then(|| record.status_set.at())
}

/// When both were there, and with the marks that make them alike.
fn alike_since(one: &Record, other: &Record) -> Timestamp {
    let marks = [Field::GivenName, Field::FamilyName, Field::DateOfBirth, Field::NhsNumber];
    let slots = [one, other].into_iter().flat_map(|record| marks.map(|field| record.synced.slot(field)));
    slots.flatten().map(|slot| slot.set.at()).fold(one.created.at().max(other.created.at()), Timestamp::max)
}

/// DUP-3: the care plan is on one record and visits are on the other, which has none.
pub(crate) fn is_split(with_plan: &Record, with_visits: &Record) -> bool {
    has_care_plan(with_plan) && !has_care_plan(with_visits) && !with_visits.visits.is_empty()
}

fn has_care_plan(record: &Record) -> bool {
    record.local.care.iter().any(|item| item.kind == CareKind::CarePlan && CareItem::is_care_data(item))
}
