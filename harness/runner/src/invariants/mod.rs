//! What holds in every scenario, whoever answers for ACP. Each invariant is checked from the trace, by code that does
//! not ask the engine: it compares what was sent with what both systems showed before and after.
//!
//! The unit is one cause and all that was seen after it: a delivery, something that a person did, or nothing at all.
//! Codes begin with `I-`, so that nobody takes them for clauses; each names the clauses that it comes from.

mod authority;
mod delivery;
mod late;
mod rest;
mod tenant;

use crate::{Finding, FindingKind, Trace, What};
use acp::{Act, Receipt, Record, RecordId};
use feed::{Clause, ExternalId, IdentifierMatching, Settings, Text, Timestamp, Update};
use guidance::Sight;
use scenario::Case;
use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// Its place in [`INVARIANTS`].
    nth: usize,
    pub code: &'static str,
    pub clauses: &'static [Clause],
    /// What always holds, in one sentence.
    pub says: &'static str,
}

macro_rules! invariants {
    ($($name:ident = $code:literal, [$($clause:ident),+], $says:literal;)+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)] // Only to number them.
        enum Nth { $($name),+ }
        $(pub(crate) const $name: Invariant =
            Invariant { nth: Nth::$name as usize, code: $code, clauses: &[$(Clause::$clause),+], says: $says };)+
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
    NOBODYS = "I-MAT-9", [Sync3, Dup1], "A record that was made by hand and has no identifier is changed by no delivery.";
    SENT = "I-CRE-4", [Sync1, Sync5], "Every record that a delivery makes has a service user in rostering who was sent under its identifier.";
    NO_LEAVER = "I-CRE-5", [Sync5, Case4], "A delivery makes no record for somebody whose end date has come.";
    TURNED_AWAY = "I-CRE-7", [Sync2, Sync3], "A service user who was refused, or has something newer, leaves the record as it was.";
    STAMPED = "I-DAT-5", [Sync4], "Every value that a delivery writes says which update wrote it, and the one before it is kept.";
    REPEATED = "I-IDM-1", [Sync4], "An update that arrives again, with nobody having acted since, changes no value.";
    MERGED = "I-DUP-7", [Dup6], "After a merge the identifier of the record that went leads to the one that stayed.";
    SUPPORT_ONLY = "I-AUT-1", [Dup6, Move1], "Merges, moves with care data and datafixes are made by Support alone.";
    NO_DELETION = "I-AUT-4", [Pub10], "Where records can only be archived, none is deleted.";
    OWN_BRANCHES = "I-AUT-6", [Own7], "A Branch Administrator changes records of their own branches only.";
    CARE_ONLY = "I-AUT-7", [Own4, Own5], "Care staff write care, and nothing else.";
    AT_REST = "I-OWN-6", [Own6, Own8, Sync4], "When all has been quiet for a window, names and managed demographics in ACP are those of rostering.";
    IN_PLACE = "I-BRA-1", [Branch1, Branch3, Own7], "When all has been quiet for a window, every record is in the branch that rostering has for it, or its move is held.";
    IN_TIME = "I-TIM-2", [Time1, Time2], "With the link undisturbed, every change that ACP can take in is there by its deadline.";
}

/// What made both systems show something new.
#[derive(Clone, Copy)]
enum Cause<'a> {
    SetUp,
    Delivery(&'a Arc<Update>, &'a Receipt),
    Person(&'a Act),
    Refused(&'a Act),
    /// Something that ACP cannot know of.
    Nothing,
}

/// One invariant that did not hold.
struct Broken {
    invariant: Invariant,
    /// A whole sentence: which record, what was there, what came.
    what: String,
}

/// How often the premise of each invariant was true, and how often it stood within a second of its limit.
struct Tally {
    armed: [Cell<u64>; INVARIANTS.len()],
    at_edge: [Cell<u64>; INVARIANTS.len()],
}

impl Tally {
    fn new() -> Tally {
        Tally { armed: [const { Cell::new(0) }; _], at_edge: [const { Cell::new(0) }; _] }
    }

    fn armed(&self, invariant: Invariant) {
        self.armed_times(invariant, 1);
    }

    fn armed_times(&self, invariant: Invariant, n: usize) {
        let count = &self.armed[invariant.nth];
        count.set(count.get() + n as u64);
    }

    fn at_edge(&self, invariant: Invariant) {
        let count = &self.at_edge[invariant.nth];
        count.set(count.get() + 1);
    }
}

/// What came of asking the invariants.
pub struct Examined {
    /// Every invariant that was broken, each at the first instant only.
    pub findings: Vec<Finding>,
    tally: Tally,
}

impl Examined {
    /// For each invariant: its code, how often its premise was true, and how often it stood within a second of its limit.
    pub fn armed(&self) -> impl Iterator<Item = (&'static str, u64, u64)> {
        let counts = self.tally.armed.iter().zip(&self.tally.at_edge);
        INVARIANTS.iter().zip(counts).map(|(it, (armed, at_edge))| (it.code, armed.get(), at_edge.get()))
    }
}

type Records = BTreeMap<RecordId, Arc<Record>>;

/// What the invariants remember. Rebuilt from the trace alone.
struct Books {
    settings: Settings,
    tally: Tally,
    records: Records,
    leads: Leads,
    /// Which record each thing of care belongs to.
    parents: BTreeMap<u32, RecordId>,
    branches: Vec<(Text, Text)>,
    /// Records that no identifier leads to.
    nobodys: BTreeSet<RecordId>,
    /// Fields that a person set last, by record.
    by_hand: BTreeSet<(RecordId, feed::Field)>,
    /// The newest update that was delivered for a record, by environment.
    newest: BTreeMap<(RecordId, u8), u32>,
    /// The last update that was delivered for a record.
    last: BTreeMap<RecordId, (u8, u32)>,
    /// Every identifier that a rostering system has had, as sent.
    sent: BTreeSet<ExternalId>,
    /// Updates that arrived, and how often somebody had acted in ACP by then.
    arrived: BTreeMap<(u8, u32), u32>,
    n_acts: u32,
}

/// Everything that was seen after one cause.
struct Change<'a> {
    cause: Cause<'a>,
    at: Timestamp,
    before: &'a Records,
    after: &'a Records,
    /// Those that differ, in order.
    touched: Vec<RecordId>,
    gone: Vec<RecordId>,
}

/// Every invariant that was broken, each at the first instant only.
pub(crate) fn broken(case: &Case, trace: &Trace) -> Vec<Finding> {
    examine(case, trace).findings
}

/// Asks every invariant, and counts how often each had something to say.
pub fn examine(case: &Case, trace: &Trace) -> Examined {
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
            What::Arrived { update, receipt, .. } => Cause::Delivery(update, receipt),
            What::Acp { act, result: Ok(_) } => Cause::Person(act),
            What::Acp { act, result: Err(_) } => Cause::Refused(act),
            _ => Cause::Nothing,
        };
        let found = books.take_in(because, found_at.0, &sights);
        sights.clear();
        note(&mut findings, found, found_at, case);
        found_at = (event.at, event.step);
        because = next;
    }
    let found = books.take_in(because, found_at.0, &sights);
    note(&mut findings, found, found_at, case);
    if let Some((at, step, found)) = late::late(case, trace, &books.tally) {
        note(&mut findings, vec![found], (at, step), case);
    }
    let last = trace.steps.len().checked_sub(1);
    note(&mut findings, rest::at_rest(case, trace, &books.tally), (trace.ended_at, last), case);
    Examined { findings, tally: books.tally }
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
            tally: Tally::new(),
            records: BTreeMap::new(),
            leads: Leads::default(),
            parents: BTreeMap::new(),
            branches: Vec::new(),
            nobodys: BTreeSet::new(),
            by_hand: BTreeSet::new(),
            newest: BTreeMap::new(),
            last: BTreeMap::new(),
            sent: BTreeSet::new(),
            arrived: BTreeMap::new(),
            n_acts: 0,
        }
    }

    /// Checks one cause and what was seen after it, and remembers it.
    fn take_in(&mut self, cause: Cause<'_>, at: Timestamp, sights: &[&Sight]) -> Vec<Broken> {
        let mut after = BTreeMap::new();
        let mut gone = Vec::new();
        let mut touched = Vec::new();
        for sight in sights {
            match sight {
                Sight::Record(record) => {
                    touched.push(record.id);
                    after.insert(record.id, Arc::clone(record));
                }
                Sight::RecordGone(id) => gone.push(*id),
                Sight::Branches(branches) => self.branches.clone_from(branches),
                Sight::Person { person, .. } => {
                    self.sent.insert(person.sent_id.clone());
                }
                _ => {}
            }
        }
        match cause {
            Cause::Refused(act) => {
                self.tally.armed(REFUSED);
                self.authority_is_called_for(act);
            }
            Cause::Person(act) => {
                self.n_acts += 1;
                self.authority_is_called_for(act);
            }
            Cause::Delivery(update, receipt) => self.is_called_for(update, receipt),
            Cause::SetUp | Cause::Nothing => {}
        }
        if touched.is_empty() && gone.is_empty() {
            let found = if let Cause::Person(act) = cause { self.authority(act) } else { Vec::new() };
            self.remember_delivery(cause);
            return found;
        }
        touched.sort_unstable();
        touched.dedup();
        let now = self.leads.after(&self.records, &after, &gone, &self.settings);
        let change = Change { cause, at, before: &self.records, after: &after, touched, gone };
        let mut found = self.tenant(&change, now.as_ref().unwrap_or(&self.leads));
        match cause {
            Cause::Delivery(update, receipt) => {
                found.extend(self.delivery(&change, update, receipt, now.as_ref().unwrap_or(&self.leads)));
            }
            Cause::Refused(_) => {
                found.push(REFUSED.broken(format!("{} changed all the same.", change.names())));
            }
            Cause::Person(act) => found.extend(self.authority(act)),
            Cause::SetUp | Cause::Nothing => {}
        }
        let (touched, gone) = (change.touched, change.gone);
        self.leads = now.unwrap_or(std::mem::take(&mut self.leads));
        self.remember(cause, &touched, &after);
        self.records.extend(after);
        for id in gone {
            self.records.remove(&id);
            self.nobodys.remove(&id);
        }
        found
    }

    /// Who set which contact detail last, and which update was the newest for each record.
    fn remember(&mut self, cause: Cause<'_>, touched: &[RecordId], after: &Records) {
        for id in touched {
            let (now, before) = (&after[id], self.records.get(id));
            if delivery::is_nobodys(now) {
                self.nobodys.insert(*id);
            } else {
                self.nobodys.remove(id);
            }
            if before.is_none_or(|before| before.local.care != now.local.care) {
                self.parents.extend(now.local.care.iter().map(|item| (item.number, *id)));
            }
            if before.is_some_and(|before| before.synced.values() == now.synced.values()) {
                continue;
            }
            for slot in now.synced.slots() {
                let was = before.map_or("", |before| before.synced.text(slot.field));
                if was == slot.value.as_str() {
                    continue;
                }
                let by_integration = match cause {
                    Cause::Delivery(..) => true,
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
        self.remember_delivery(cause);
    }

    /// Which update was the last, and the newest of its environment, for each record that it was taken into.
    fn remember_delivery(&mut self, cause: Cause<'_>) {
        let Cause::Delivery(update, receipt) = cause else { return };
        let this = (update.environment, update.sequence);
        self.arrived.insert(this, self.n_acts);
        for (user, decision) in update.service_users.iter().zip(&receipt.decisions) {
            if delivery::is_turned_away(&decision.outcome) {
                continue;
            }
            for id in self.leads.to(&user.external_id, &self.settings) {
                let newest = self.newest.entry((*id, update.environment)).or_default();
                *newest = update.sequence.max(*newest);
                self.last.insert(*id, this);
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
#[derive(Clone, Default)]
struct Leads {
    to: BTreeMap<Text, Vec<RecordId>>,
}

impl Leads {
    /// As it is after a change; none where no identifier leads elsewhere than before.
    fn after(
        &self,
        before: &Records,
        after: &Records,
        gone: &[RecordId],
        settings: &Settings,
    ) -> Option<Leads> {
        let leads_elsewhere = |(id, now): (&RecordId, &Arc<Record>)| {
            before.get(id).is_none_or(|was| {
                was.external_id != now.external_id
                    || was.aliases != now.aliases
                    || was.merged_into.is_some() != now.merged_into.is_some()
            })
        };
        if gone.is_empty() && !after.iter().any(leads_elsewhere) {
            return None;
        }
        let mut leads = self.clone();
        for id in after.keys().chain(gone) {
            if let Some(record) = before.get(id) {
                leads.take_out(record, settings);
            }
        }
        for record in after.values() {
            leads.put_in(record, settings);
        }
        Some(leads)
    }

    fn put_in(&mut self, record: &Record, settings: &Settings) {
        if record.merged_into.is_some() {
            return;
        }
        for id in record.external_id.iter().chain(&record.aliases) {
            let records = self.to.entry(compared(id, settings).into()).or_default();
            if !records.contains(&record.id) {
                records.push(record.id);
                records.sort_unstable();
            }
        }
    }

    fn take_out(&mut self, record: &Record, settings: &Settings) {
        for id in record.external_id.iter().chain(&record.aliases) {
            if let Some(records) = self.to.get_mut(compared(id, settings)) {
                records.retain(|it| *it != record.id);
            }
        }
    }

    /// In the order of their IDs.
    fn to(&self, id: &ExternalId, settings: &Settings) -> &[RecordId] {
        self.to.get(compared(id, settings)).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Change<'a> {
    /// A record as it is now.
    fn now(&self, id: RecordId) -> Option<&'a Arc<Record>> {
        self.after.get(&id).or_else(|| self.before.get(&id).filter(|_| !self.gone.contains(&id)))
    }
}
