//! What holds in every scenario, whoever answers for ACP. Each invariant is checked from the trace, by code that does
//! not ask the engine: it compares what was sent with what both systems showed before and after.
//!
//! The unit is one cause and all that was seen after it: a delivery, something that a person did, or nothing at all.
//! Codes begin with `I-`, so that nobody takes them for clauses; each names the clauses that it comes from.

mod acts;
mod advice;
mod authority;
mod deadline;
mod delivery;
mod late;
mod leads;
mod memory;
mod rest;
mod taken_in;
mod tenant;

use crate::{Event, Finding, FindingKind, Trace, What};
use acp::{Act, Done, Receipt, Record, RecordId};
use deadline::Roster;
use feed::{Clause, ExternalId, IdentifierMatching, Settings, System, Text, Timestamp, Update, VisitId};
use guidance::Sight;
use jiff::SignedDuration;
use leads::Leads;
use rustc_hash::{FxHashMap, FxHashSet};
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
    ANSWERED = "I-IDM-4", [Sync1, Sync4], "Every service user of an update has an answer of their own, in order.";
    REASON = "I-CRE-8", [Sync3, Sync5, Dup1], "A service user is matched where their identifier leads to one record, given a new one where it leads to none, and refused only for a reason.";
    WRITTEN = "I-OWN-3", [Sync4, Own6, Own7, Own8, Branch2], "Whoever is taken in has everything that was sent and that the integration manages.";
    PLANS = "I-PUB-11", [Pub11], "Every service requirement that was sent has its care plan, and no other has an open one.";
    MADE_BRANCH = "I-BRA-6", [Pub3], "An update makes a branch only where that is the reading, by its exact name, and then always.";
    HANGS = "I-DAT-7", [Pub2, Dup3], "Visits hang as they were sent, and those that were left out are gone.";
    CARRIED = "I-PUB-2", [Pub2, Pub13], "An update carries every visit that stands and starts within its days, and no other.";
    ALLOWED = "I-AUT-3", [Own1, Own4, Dup7, Pub9], "Nobody does in ACP what is not for their role.";
    PROMISED = "I-AUT-5", [Own1, Own4, Dup6, Dup8], "What the guidance lets somebody do is not refused to them.";
    DONE = "I-ACT-1", [Dup6, Move2, Pub10], "What was answered as done is there to be seen.";
    ACCOUNTED = "I-DAT-6", [Dup4, Dup6, Move2], "The account of a merge, a move or a deletion tells of every thing of care, once.";
    SEEN = "I-GUI-1", [Branch2, Dup2, Dup3, Case4, Move1], "Guidance names what both systems show: held moves, duplicates, split histories, orphans, unknown branches, and edits that will not last.";
    WAITS = "I-GUI-2", [Time1, Time2, Branch4], "Guidance says to wait until the end of the window, and calls a change late from then on.";
    BEFOREHAND = "I-GUI-3", [Move3, Dup4, Dup7, Branch2], "Guidance warns before what can do harm, and of no move that nobody makes.";
    CASES = "I-CAS-1", [Case1, Case2, Case3, Case4], "A case is due as soon as its reason is there.";
    COMPLETE = "I-CAS-6", [Case5, Branch4, Dup5], "A case holds what it has to, and says what it lacks.";
    PLAIN_TIME = "I-TIM-1", [Time1, Time2], "One change to somebody who was in step is there 20 minutes after they are near-term, and after 24 hours at the latest.";
    IN_TIME = "I-TIM-2", [Time1, Time2], "With the link undisturbed, every change that ACP can take in is there by its deadline.";
}

/// What made both systems show something new.
#[derive(Clone, Copy)]
enum Cause<'a> {
    SetUp,
    Delivery(&'a Arc<Update>, &'a Receipt),
    Person(&'a Act, &'a Done),
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

/// So near to a deadline is at its edge.
const EDGE: SignedDuration = SignedDuration::from_secs(1);

/// What the invariants remember. Rebuilt from the trace alone.
struct Books<'t> {
    settings: Settings,
    /// System and prefix of each environment.
    environments: Vec<(System, Option<Text>)>,
    /// Those that ACP has.
    services: Vec<Text>,
    roster: Roster<'t>,
    /// Pairs of records that somebody made sure are one person, and when.
    confirmed: Vec<(RecordId, RecordId, Timestamp)>,
    /// Kinds of cases that were ever raised.
    raised: BTreeSet<Clause>,
    /// Records of integration origin that came while somebody was active under their identifier.
    expected: BTreeSet<RecordId>,
    /// Records of whom that cannot be said: something happened in rostering at the very instant.
    murky: BTreeSet<RecordId>,
    /// The newest update of each environment.
    newest_of: BTreeMap<u8, u32>,
    /// Which environment sent a visit last.
    sent_by: FxHashMap<VisitId, u8>,
    /// Visits that were carried out.
    done: FxHashSet<VisitId>,
    /// Until when something happened that a sync could have to do with.
    disturbed_until: Option<Timestamp>,
    /// Until when a fault of the link strikes, or struck.
    struck_until: Option<Timestamp>,
    /// What was said before the next thing that is done.
    warned: Vec<Clause>,
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
    newest: FxHashMap<(RecordId, u8), u32>,
    /// The last update that was delivered for a record.
    last: FxHashMap<RecordId, (u8, u32)>,
    /// Every identifier that a rostering system has had, as sent.
    sent: FxHashSet<ExternalId>,
    /// Updates that arrived, and how often somebody had acted in ACP by then.
    arrived: FxHashMap<(u8, u32), u32>,
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
    let mut found_beside = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    let mut because = Cause::SetUp;
    let mut sights: Vec<&Sight> = Vec::new();
    let mut found_at = (case.clock, None);
    for event in &trace.events {
        let disturbs_until = rest::disturbs_until(event);
        books.disturbed_until = books.disturbed_until.max(disturbs_until);
        if matches!(event.what, What::Fault { .. }) {
            books.struck_until = books.struck_until.max(disturbs_until);
        }
        let next = match &event.what {
            What::Saw(sight) => {
                sights.push(sight);
                found_at = (event.at, event.step);
                continue;
            }
            What::Arrived { update, receipt, .. } => Cause::Delivery(update, receipt),
            What::Acp { act, result: Ok(done) } => Cause::Person(act, done),
            What::Acp { act, result: Err(_) } => Cause::Refused(act),
            _ => Cause::Nothing,
        };
        let found = books.take_in(because, found_at.0, &sights);
        sights.clear();
        note(&mut findings, found, found_at, case);
        found_at = (event.at, event.step);
        because = next;
        books.beside(event, &mut found_beside);
        if !found_beside.is_empty() {
            note(&mut findings, std::mem::take(&mut found_beside), found_at, case);
        }
    }
    let found = books.take_in(because, found_at.0, &sights);
    note(&mut findings, found, found_at, case);
    let last = trace.steps.len().checked_sub(1);
    note(
        &mut findings,
        books.plainly_late(trace.ended_at).into_iter().collect(),
        (trace.ended_at, last),
        case,
    );
    if let Some((at, step, found)) = late::late(case, trace, &books.tally) {
        note(&mut findings, vec![found], (at, step), case);
    }
    note(&mut findings, books.at_rest(trace.ended_at), (trace.ended_at, last), case);
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

impl<'t> Books<'t> {
    fn new(case: &Case) -> Books<'t> {
        let environments = case.environments.iter().map(|it| (it.system, it.prefix.clone()));
        Books {
            settings: case.settings,
            environments: environments.collect(),
            services: case.services.iter().map(|(service, _)| service.clone()).collect(),
            roster: Roster::new(case.settings),
            confirmed: Vec::new(),
            raised: BTreeSet::new(),
            expected: BTreeSet::new(),
            murky: BTreeSet::new(),
            newest_of: BTreeMap::new(),
            sent_by: FxHashMap::default(),
            done: FxHashSet::default(),
            disturbed_until: Some(case.clock),
            struck_until: None,
            warned: Vec::new(),
            tally: Tally::new(),
            records: BTreeMap::new(),
            leads: Leads::default(),
            parents: BTreeMap::new(),
            branches: Vec::new(),
            nobodys: BTreeSet::new(),
            by_hand: BTreeSet::new(),
            newest: FxHashMap::default(),
            last: FxHashMap::default(),
            sent: FxHashSet::default(),
            arrived: FxHashMap::default(),
            n_acts: 0,
        }
    }

    /// What an event calls for that changes nothing in ACP: warnings, advice, cases, and the time.
    fn beside(&mut self, event: &'t Event, found: &mut Vec<Broken>) {
        match &event.what {
            What::Warned(warnings) => {
                self.warned.extend(warnings.iter().map(|warning| warning.clause));
                return;
            }
            What::Acp { act, .. } if event.step.is_some() => {
                found.extend(self.said_before_act(event.at, act, &self.warned));
            }
            What::Rostering { environment, command, .. } if event.step.is_some() => {
                found.extend(self.said_before_command(event.at, *environment, command, &self.warned));
            }
            What::Advised { about, advice } => found.extend(self.advised(event.at, about, advice)),
            What::Drafted(draft) => found.extend(self.complete(draft)),
            What::Fault { hit, .. } if hit.keeps_away() => {
                self.roster.is_disturbed(hit.over_at(event.at));
            }
            What::Sent { update, .. } => found.extend(self.visits_carried(event.at, update)),
            What::Step(_) => {
                found.extend(self.plainly_late(event.at));
                found.extend(self.at_rest(event.at));
            }
            _ => {}
        }
        self.warned.clear();
    }

    fn plainly_late(&self, now: Timestamp) -> Option<Broken> {
        for ((_, id), waits) in self.roster.waiting.iter().filter(|(_, waits)| !waits.is_disturbed) {
            self.tally.armed(PLAIN_TIME);
            if now.duration_since(waits.due).abs() <= EDGE {
                self.tally.at_edge(PLAIN_TIME);
            }
            if now > waits.due {
                let (since, due) = (waits.since, waits.due);
                return Some(
                    PLAIN_TIME.broken(format!("What was changed of {id} at {since} was due by {due}.")),
                );
            }
        }
        None
    }

    /// Checks one cause and what was seen after it, and remembers it.
    fn take_in(&mut self, cause: Cause<'_>, at: Timestamp, sights: &[&'t Sight]) -> Vec<Broken> {
        let mut after = BTreeMap::new();
        let mut gone = Vec::new();
        let mut touched = Vec::new();
        let mut branches_before = None;
        for sight in sights {
            self.roster.saw(at, sight);
            match sight {
                Sight::Record(record) => {
                    touched.push(record.id);
                    after.insert(record.id, Arc::clone(record));
                }
                Sight::RecordGone(id) => gone.push(*id),
                Sight::Branches(branches) => {
                    branches_before = Some(std::mem::replace(&mut self.branches, branches.clone()));
                }
                Sight::Person { person, .. } => {
                    self.sent.insert(person.sent_id.clone());
                    self.is_murky(at, &person.sent_id);
                }
                Sight::PersonDeleted { sent_id, .. } => self.is_murky(at, sent_id),
                Sight::Confirmed(one, other) => self.confirmed.push((*one, *other, at)),
                Sight::CaseRaised(raised) => {
                    self.raised.insert(raised.kind);
                }
                _ => {}
            }
        }
        match cause {
            Cause::Refused(act) => {
                self.tally.armed(REFUSED);
                self.authority_is_called_for(act);
            }
            Cause::Person(act, _) => {
                self.n_acts += 1;
                self.authority_is_called_for(act);
            }
            Cause::Delivery(update, receipt) => self.is_called_for(update, receipt),
            Cause::SetUp | Cause::Nothing => {}
        }
        let is_quiet = touched.is_empty() && gone.is_empty();
        if is_quiet && matches!(cause, Cause::SetUp | Cause::Nothing) {
            return Vec::new();
        }
        touched.sort_unstable();
        touched.dedup();
        let now =
            if is_quiet { None } else { self.leads.after(&self.records, &after, &gone, &self.settings) };
        let change = Change { cause, at, before: &self.records, after: &after, touched, gone };
        let leads = now.as_ref().unwrap_or(&self.leads);
        let mut found = if is_quiet { Vec::new() } else { self.tenant(&change, leads) };
        match cause {
            Cause::Delivery(update, receipt) => {
                if !is_quiet {
                    found.extend(self.delivery(&change, update, receipt, leads));
                }
                found.extend(self.taken_in(&change, (update, receipt), leads, branches_before.as_deref()));
            }
            Cause::Refused(act) => {
                found.extend(self.turned_down(act));
                if !is_quiet {
                    found.push(REFUSED.broken(format!("{} changed all the same.", change.names())));
                }
            }
            Cause::Person(act, done) => {
                found.extend(self.authority(act));
                found.extend(self.done(&change, act, done));
            }
            Cause::SetUp | Cause::Nothing => {}
        }
        let (touched, gone) = (change.touched, change.gone);
        self.leads = now.unwrap_or(std::mem::take(&mut self.leads));
        self.remember(cause, at, &touched, &after);
        self.records.extend(after);
        for id in gone {
            self.records.remove(&id);
            self.nobodys.remove(&id);
        }
        if let Cause::Delivery(update, receipt) = cause {
            self.note_in_step(update, receipt);
        }
        found
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

impl<'a> Change<'a> {
    /// A record as it is now.
    fn now(&self, id: RecordId) -> Option<&'a Arc<Record>> {
        self.after.get(&id).or_else(|| self.before.get(&id).filter(|_| !self.gone.contains(&id)))
    }
}
