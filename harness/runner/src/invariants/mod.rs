//! What holds in every scenario, whoever answers for ACP. Each invariant is checked from the trace, by code that does
//! not ask the engine: it compares what was sent with what both systems showed before and after.
//!
//! The unit is one cause and all that was seen after it: a delivery, something that a person did, or nothing at all.
//! Codes begin with `I-`, so that nobody takes them for clauses; each names the clauses that it comes from.

mod delivery;
mod late;
mod tenant;

use crate::{Finding, FindingKind, Trace, What};
use acp::{Act, Record, RecordId};
use feed::{Clause, ExternalId, IdentifierMatching, Settings, Text, Timestamp, Update};
use guidance::Sight;
use scenario::Case;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invariant {
    pub code: &'static str,
    pub clauses: &'static [Clause],
    /// What always holds, in one sentence.
    pub says: &'static str,
}

macro_rules! invariants {
    ($($name:ident = $code:literal, [$($clause:ident),+], $says:literal;)+) => {
        $(pub(crate) const $name: Invariant =
            Invariant { code: $code, clauses: &[$(Clause::$clause),+], says: $says };)+
        /// Every invariant that is checked in every scenario.
        pub const INVARIANTS: &[Invariant] = &[$($name),+];
    };
}

invariants! {
    ONE_RECORD = "I-MAT-1", [Sync3, Sync4], "A delivery never makes a second record for an identifier that has one.";
    SAME_RECORD = "I-MAT-2", [Sync4], "An update leaves an identifier with the record that it had: no record is deleted and made again.";
    CAUSE = "I-MAT-4", [Sync3], "A delivery changes only records that the identifiers in it lead to.";
    IDENTIFIER = "I-MAT-12", [Sync2, Sync3], "A delivery never changes the identifier of a record.";
    SHARED = "I-MAT-13", [Dup4], "A delivery writes to neither of two records that hold one identifier.";
    LANDS = "I-CRE-1", [Sync2], "A record that a delivery makes has the name, branch and identifier that were sent.";
    NO_CARE = "I-CRE-3", [Sync5], "A record that a delivery makes has no care history and is of integration origin.";
    FRAME = "I-OWN-1", [Own1, Own8, Pub6], "A delivery writes only fields that it carries and that the integration manages, with the value that was sent.";
    CONTACT = "I-OWN-2", [Own1, Own2, Pub5], "A contact detail or address that somebody set in ACP survives every delivery.";
    ROLES = "I-OWN-4", [Own3], "Role access survives every delivery.";
    CARE = "I-OWN-5", [Own4, Own5], "Care plan content, forms, activities, notes and documents survive every delivery.";
    HELD = "I-BRA-4", [Move1, Move2], "A delivery never moves a record with care data to another service.";
    PLACED = "I-BRA-7", [Branch1], "Every record stands in one service that ACP has.";
    AUTHORITY = "I-DUP-3", [Dup4, Dup6], "A delivery never merges, deactivates, archives, deletes or relinks a record.";
    CONSERVED = "I-DAT-1", [Dup4, Dup6, Move2], "Nothing of care is lost, except by a deletion that somebody asks for.";
    ONE_PARENT = "I-DAT-3", [Dup3], "Every thing of care belongs to exactly one record.";
    VISITS = "I-DAT-4", [Dup3], "A visit that was delivered hangs on the record that its service user's identifier leads to.";
    NOT_BACK = "I-IDM-3", [Sync4], "An older update never overwrites what a newer one wrote.";
    REFUSED = "I-AUT-9", [Move1], "What was refused changes nothing.";
    IN_TIME = "I-TIM-2", [Time1, Time2], "With the link undisturbed, every change that ACP can take in is there by its deadline.";
}

/// What made both systems show something new.
#[derive(Clone, Debug)]
enum Cause {
    SetUp,
    Delivery(Arc<Update>),
    Person(Box<Act>),
    Refused,
    /// Something that ACP cannot know of.
    Nothing,
}

/// One invariant that did not hold.
struct Broken {
    invariant: Invariant,
    /// A whole sentence: which record, what was there, what came.
    what: String,
}

/// What the invariants remember. Rebuilt from the trace alone.
struct Books {
    settings: Settings,
    records: BTreeMap<RecordId, Record>,
    branches: Vec<(Text, Text)>,
    /// Fields that a person set last, by record.
    by_hand: BTreeSet<(RecordId, feed::Field)>,
    /// The newest update that was delivered for a record, by environment.
    newest: BTreeMap<(RecordId, u8), u32>,
}

/// Everything that was seen after one cause.
struct Change<'a> {
    cause: &'a Cause,
    before: &'a BTreeMap<RecordId, Record>,
    after: &'a BTreeMap<RecordId, Record>,
    /// Those that differ, in order.
    touched: Vec<RecordId>,
    gone: Vec<RecordId>,
}

/// Every invariant that was broken, each at the first instant only.
pub(crate) fn broken(case: &Case, trace: &Trace) -> Vec<Finding> {
    let mut books = Books::new(case);
    let mut findings: Vec<Finding> = Vec::new();
    let mut because = Cause::SetUp;
    let mut sights: Vec<&Sight> = Vec::new();
    let mut found_at = (case.clock, None);
    for event in &trace.events {
        let next = match &event.what {
            What::Saw(sight) => {
                sights.push(sight);
                found_at = (event.at, event.step);
                continue;
            }
            What::Arrived { update, .. } => Cause::Delivery(Arc::clone(update)),
            What::Acp { act, result: Ok(_) } => Cause::Person(Box::new(act.clone())),
            What::Acp { result: Err(_), .. } => Cause::Refused,
            _ => Cause::Nothing,
        };
        let found = books.take_in(&because, &std::mem::take(&mut sights));
        note(&mut findings, found, found_at, case);
        found_at = (event.at, event.step);
        because = next;
    }
    let found = books.take_in(&because, &sights);
    note(&mut findings, found, found_at, case);
    if let Some((at, step, found)) = late::late(case, trace) {
        note(&mut findings, vec![found], (at, step), case);
    }
    findings
}

fn note(
    findings: &mut Vec<Finding>,
    found: Vec<Broken>,
    (at, step): (Timestamp, Option<usize>),
    case: &Case,
) {
    for broken in found {
        let kind = FindingKind::Invariant(broken.invariant.code);
        if findings.iter().any(|finding| finding.kind == kind) {
            continue;
        }
        let place = step.and_then(|idx| case.steps.get(idx)).map_or(&case.at, |step| &step.at).clone();
        let clauses = broken.invariant.clauses.to_vec();
        findings.push(Finding { kind, at, place, step, clauses, what: broken.what, unmet: Vec::new() });
    }
}

impl Books {
    fn new(case: &Case) -> Books {
        Books {
            settings: case.settings,
            records: BTreeMap::new(),
            branches: Vec::new(),
            by_hand: BTreeSet::new(),
            newest: BTreeMap::new(),
        }
    }

    /// Checks one cause and what was seen after it, and remembers it.
    fn take_in(&mut self, cause: &Cause, sights: &[&Sight]) -> Vec<Broken> {
        let mut after = BTreeMap::new();
        let mut gone = Vec::new();
        let mut touched = Vec::new();
        for sight in sights {
            match sight {
                Sight::Record(record) => {
                    touched.push(record.id);
                    after.insert(record.id, (**record).clone());
                }
                Sight::RecordGone(id) => gone.push(*id),
                Sight::Branches(branches) => self.branches.clone_from(branches),
                _ => {}
            }
        }
        if touched.is_empty() && gone.is_empty() {
            return Vec::new();
        }
        touched.sort_unstable();
        touched.dedup();
        let change = Change { cause, before: &self.records, after: &after, touched, gone };
        let mut found = self.tenant(&change);
        match cause {
            Cause::Delivery(update) => found.extend(self.delivery(&change, update)),
            Cause::Refused => found.push(REFUSED.broken(format!("{} changed all the same.", change.names()))),
            Cause::SetUp | Cause::Person(_) | Cause::Nothing => {}
        }
        let (touched, gone) = (change.touched, change.gone);
        self.remember(cause, &touched, &after);
        self.records.extend(after);
        for id in gone {
            self.records.remove(&id);
        }
        found
    }

    /// Who set which contact detail last, and which update was the newest for each record.
    fn remember(&mut self, cause: &Cause, touched: &[RecordId], after: &BTreeMap<RecordId, Record>) {
        for id in touched {
            let (now, before) = (&after[id], self.records.get(id));
            for slot in now.synced.slots() {
                let was = before.map_or("", |before| before.synced.text(slot.field));
                if was == slot.value.as_str() {
                    continue;
                }
                let by_integration = match cause {
                    Cause::Delivery(_) => true,
                    Cause::SetUp => now.origin == acp::Origin::Integration,
                    _ => false,
                };
                if by_integration {
                    self.by_hand.remove(&(*id, slot.field));
                } else {
                    self.by_hand.insert((*id, slot.field));
                }
            }
        }
        // What somebody set in a merged record is theirs in the survivor too; an edit to the same text counts as an edit.
        if let Cause::Person(act) = cause
            && let acp::Action::Edit { record, set } | acp::Action::Datafix { record, set } = &act.action
        {
            self.by_hand.extend(set.iter().map(|(field, _)| (*record, field)));
        }
        if let Cause::Delivery(update) = cause {
            let leads = Leads::of(after.values(), &self.settings);
            for id in update.service_users.iter().flat_map(|user| leads.to(&user.external_id)) {
                let newest = self.newest.entry((*id, update.environment)).or_default();
                *newest = update.sequence.max(*newest);
            }
        }
    }
}

impl Invariant {
    fn broken(self, what: impl std::fmt::Display) -> Broken {
        Broken { invariant: self, what: format!("{what} {}", self.says) }
    }
}

impl Change<'_> {
    /// "R1 and R2".
    fn names(&self) -> String {
        let names: Vec<String> = self.touched.iter().chain(&self.gone).map(ToString::to_string).collect();
        names.join(" and ")
    }
}

/// An identifier as it is compared.
fn compared<'a>(id: &'a ExternalId, settings: &Settings) -> &'a str {
    match settings.identifier_matching {
        IdentifierMatching::Exact => id.as_str(),
        IdentifierMatching::EndsTrimmed => id.trimmed(),
    }
}

/// Which records each identifier leads to by itself or as an alias, those that were merged away left out.
struct Leads<'a> {
    settings: &'a Settings,
    to: BTreeMap<&'a str, Vec<RecordId>>,
}

impl<'a> Leads<'a> {
    fn of(records: impl Iterator<Item = &'a Record>, settings: &'a Settings) -> Leads<'a> {
        let mut to: BTreeMap<&str, Vec<RecordId>> = BTreeMap::new();
        for record in records.filter(|record| record.merged_into.is_none()) {
            for id in record.external_id.iter().chain(&record.aliases) {
                let records = to.entry(compared(id, settings)).or_default();
                if !records.contains(&record.id) {
                    records.push(record.id);
                }
            }
        }
        Leads { settings, to }
    }

    /// In the order of their IDs.
    fn to(&self, id: &ExternalId) -> &[RecordId] {
        self.to.get(compared(id, self.settings)).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Change<'a> {
    /// Every record as it is now, in the order of their IDs.
    fn now(&self) -> impl Iterator<Item = &'a Record> {
        let (before, after) = (self.before, self.after);
        let ids: BTreeSet<RecordId> = before.keys().chain(after.keys()).copied().collect();
        ids.into_iter().filter_map(move |id| after.get(&id).or_else(|| before.get(&id)))
    }
}
