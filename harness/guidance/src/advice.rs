//! What guidance says, as data. The words of each situation stand in one place, beside its clauses.

use crate::find::{self, Found};
use crate::{RaisedCase, Scene, Subject, case, words};
use acp::RecordId;
use feed::{Clause, Field, Setting, Timestamp};
use std::collections::BTreeSet;

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Situation {
    /// Nothing is on its way and nothing is wrong.
    InStep,
    /// A change in rostering is on its way, inside its window.
    WaitingForSync,
    /// The window has passed and ACP does not show the change.
    Overdue,
    /// A value that rostering controls was changed in ACP: the next sync puts it back.
    WillBeOverwritten,
    /// A move between services waits for Support.
    MoveHeld,
    /// ACP has no branch of that exact name.
    BranchUnknown,
    IdentifierBlank,
    IdentifierOnTwoRecords,
    /// Two active service users of two environments are sent under one identifier: confusion.
    IdentifierOnTwoPeople,
    LikelyDuplicate,
    ConfirmedDuplicate,
    /// Visits appear on another record than the care plan.
    SplitHistory,
    /// A case is due (CASE-4).
    Orphan,
    /// An identifier without an active service user, because they have left: listed, no case.
    LeaversRecord,
    /// By hand, with an identifier that nobody in rostering has or ever had: mistyped, or ahead of its person.
    IdentifierNotInRostering,
    /// The identifier leads to an inactive or archived record.
    RecordNotActive,
    /// A record by hand without identifier.
    MadeByHand,
    /// The integration is off.
    NotSent,
    /// Terminated in rostering.
    Ended,
}

impl Situation {
    pub const ALL: &'static [Situation] = &[
        Situation::InStep,
        Situation::WaitingForSync,
        Situation::Overdue,
        Situation::WillBeOverwritten,
        Situation::MoveHeld,
        Situation::BranchUnknown,
        Situation::IdentifierBlank,
        Situation::IdentifierOnTwoRecords,
        Situation::IdentifierOnTwoPeople,
        Situation::LikelyDuplicate,
        Situation::ConfirmedDuplicate,
        Situation::SplitHistory,
        Situation::Orphan,
        Situation::LeaversRecord,
        Situation::IdentifierNotInRostering,
        Situation::RecordNotActive,
        Situation::MadeByHand,
        Situation::NotSent,
        Situation::Ended,
    ];

    /// As files and reports write it.
    pub const fn text(self) -> &'static str {
        match self {
            Situation::InStep => "in step",
            Situation::WaitingForSync => "waiting for sync",
            Situation::Overdue => "overdue",
            Situation::WillBeOverwritten => "will be overwritten",
            Situation::MoveHeld => "move held",
            Situation::BranchUnknown => "branch unknown",
            Situation::IdentifierBlank => "identifier blank",
            Situation::IdentifierOnTwoRecords => "identifier on two records",
            Situation::IdentifierOnTwoPeople => "identifier on two people",
            Situation::LikelyDuplicate => "likely duplicate",
            Situation::ConfirmedDuplicate => "confirmed duplicate",
            Situation::SplitHistory => "split history",
            Situation::Orphan => "orphan",
            Situation::LeaversRecord => "leaver's record",
            Situation::IdentifierNotInRostering => "identifier not in rostering",
            Situation::RecordNotActive => "record not active",
            Situation::MadeByHand => "made by hand",
            Situation::NotSent => "not sent",
            Situation::Ended => "ended",
        }
    }
}

/// One thing that guidance has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub situation: Situation,
    pub about: Subject,
    /// Other records that it concerns: the second of a pair.
    pub with: Vec<RecordId>,
    pub fields: Vec<Field>,
    pub clauses: Vec<Clause>,
    /// What is going on, in whole sentences.
    pub what: String,
    /// What to do, one sentence each, in order.
    pub to_do: Vec<String>,
    /// What not to do.
    pub not_to_do: Vec<String>,
    /// Nothing is late before this instant.
    pub wait_until: Option<Timestamp>,
    /// Since when it has been so.
    pub since: Option<Timestamp>,
    /// Due now. Never before its deadline.
    pub case: Option<CaseDraft>,
    /// The settings that this rests on, where another value would change it.
    pub settings: Vec<Setting>,
}

/// A support case as it would be typed into the Access Digital Assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDraft {
    /// CASE-1 to CASE-4.
    pub kind: Clause,
    pub about: Subject,
    pub subject_line: String,
    /// In the order in which they are written.
    pub facts: Vec<CaseFact>,
    pub description: String,
    /// What the guidance asks for and nobody can see: the words of the fact's label.
    pub missing: Vec<String>,
}

/// One line of a case: "ACP service" / "Home Care".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFact {
    /// One of: name, service, external id, description, correct service, rostering system, record ids, other name,
    /// other service.
    pub label: &'static str,
    /// None where it cannot be known.
    pub value: Option<String>,
}

/// Something to be said before somebody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub clause: Clause,
    /// What will happen, when and why; what to do instead.
    pub what: String,
}

impl Scene {
    /// Everything that there is to say about somebody at `now`, the gravest first. Never empty for somebody known:
    /// then it says `InStep`. On a service user it gives also what concerns the records that they lead to, on a record
    /// what concerns the service user behind it.
    pub fn advise(&self, about: &Subject, now: Timestamp) -> Vec<Advice> {
        in_order(self.found(about, now)).iter().map(|found| self.advice(found, now)).collect()
    }

    /// Everything that there is to say about anybody at `now`, `InStep` left out, the gravest first, then by subject. A
    /// pair of records comes once.
    pub fn advise_all(&self, now: Timestamp) -> Vec<Advice> {
        let mut all = Vec::new();
        for (environment, sent_id) in self.people.keys() {
            if let Some(standing) = self.standing(*environment, sent_id, now) {
                all.extend(find::of_person(&standing, now));
            }
        }
        for record in self.live_records() {
            let is_first = |found: &Found<'_>| found.others.iter().all(|other| record.id < other.id);
            all.extend(find::of_record(self, record, now).into_iter().filter(is_first));
            all.extend(find::pairs(self, record).into_iter().filter(is_first));
        }
        in_order(all).iter().map(|found| self.advice(found, now)).collect()
    }

    /// When the oldest change of a service user that ACP does not show is due at the latest, as things stand: 20 minutes
    /// after it became near-term, at most 24 hours after the change. None where nothing is pending that ACP follows
    /// by itself. While deliveries are kept away it moves along with `now`.
    pub fn due(&self, environment: u8, sent_id: &feed::ExternalId, now: Timestamp) -> Option<Timestamp> {
        let standing = self.standing(environment, sent_id, now)?;
        standing.changes.iter().map(|change| change.promise.due).min()
    }

    /// What there is about somebody, as facts: each thing once.
    pub(crate) fn found(&self, about: &Subject, now: Timestamp) -> Vec<Found<'_>> {
        let mut found = match about {
            Subject::ServiceUser { environment, sent_id } => {
                let Some(standing) = self.standing(*environment, sent_id, now) else { return Vec::new() };
                let mut found = find::of_person(&standing, now);
                for record in &standing.records {
                    found.extend(find::of_record(self, record, now));
                    found.extend(find::pairs(self, record));
                }
                if found.is_empty() {
                    found.push(Found::of_person(Situation::InStep, &standing));
                }
                found
            }
            Subject::Record(id) => {
                let Some(seen) = self.records.get(id) else { return Vec::new() };
                let mut found = Vec::new();
                if let Some(record) = self.live_record(*id) {
                    found.extend(find::of_record(self, record, now));
                    found.extend(find::pairs(self, record));
                    let people = self.people_of(record).filter(|(_, seen)| seen.deleted_at.is_none());
                    for (environment, seen) in people {
                        let standing = self.standing(environment, &seen.person.sent_id, now);
                        found.extend(standing.iter().flat_map(|standing| find::of_person(standing, now)));
                    }
                }
                if found.is_empty() {
                    found.push(Found::of_record(Situation::InStep, &seen.record));
                }
                found
            }
        };
        let mut known = BTreeSet::new();
        found.retain(|found| known.insert(found.identity()));
        found
    }

    /// Puts one finding into words, with the case that it makes due unless one is open.
    fn advice(&self, found: &Found<'_>, now: Timestamp) -> Advice {
        let mut said = words::say(self, found);
        let open = found.case.and_then(|kind| self.open_case_on(kind, found));
        let mut case = None;
        match (open, found.case) {
            (Some((at, raised)), _) => words::say_raised(at, raised, &mut said),
            (None, Some(kind)) => {
                said.to_do.extend(said.raise.map(str::to_owned));
                case = Some(case::of_found(self, kind, found, said.what.clone(), now));
            }
            (None, None) => {}
        }
        Advice {
            situation: found.situation,
            about: found.about.clone(),
            with: found.others.iter().map(|other| other.id).collect(),
            fields: found.fields.clone(),
            clauses: in_order_once(said.clauses),
            what: said.what.join(" "),
            to_do: said.to_do,
            not_to_do: said.not_to_do,
            wait_until: found.wait_until,
            since: found.since,
            case,
            settings: in_order_once(said.settings),
        }
    }

    /// Whether a case about anybody in the finding is open.
    fn open_case_on(&self, kind: Clause, found: &Found<'_>) -> Option<(Timestamp, &RaisedCase)> {
        let others = found.others.iter().map(|other| Subject::Record(other.id));
        let subjects = std::iter::once(found.about.clone()).chain(others);
        subjects.filter_map(|about| self.open_case(kind, &about)).max_by_key(|(at, _)| *at)
    }
}

/// The gravest first, then by whom it is about. Written down, so that two runs say the same.
fn in_order(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    found.sort_by_cached_key(|it| {
        let others: Vec<RecordId> = it.others.iter().map(|other| other.id).collect();
        (find::rank(it.situation), it.about.clone(), others)
    });
    found
}

fn in_order_once<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}
