//! Sends: the simulated rostering systems. Access People Planner, Access Care Rostering and "another system",
//! each with what differs between them, one [`Rostering`] per environment.
//!
//! **`rostering` cannot see ACP.** Nothing ever comes back to it (PUB-7). It has no clock: [`Rostering::next_due`]
//! says when it wants to be asked, [`Rostering::poll`] is told the instant. How long a delivery takes, and what
//! befalls it on the way, is the link's business, not this crate's.

mod cadence;
mod command;
mod compose;
mod handle;
mod orders;
mod people;
mod person;
mod refusal;
mod visits;

pub use command::{Command, Happened, Refusal};
pub use person::{Order, Person, PlannedVisit, Suspension, VisitStatus};

use cadence::Cadence;
use feed::{ExternalId, Settings, System, Text, Timestamp, Update, UpdateKind, VisitId, is_near_term};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

/// One environment of a rostering system.
#[derive(Clone, Debug)]
pub struct Rostering {
    environment: u8,
    system: System,
    /// Empty where there is none.
    prefix: Text,
    settings: Settings,
    /// Each with its name as sent.
    branches: BTreeMap<Text, Text>,
    people: BTreeMap<ExternalId, Person>,
    visits: BTreeMap<VisitId, PlannedVisit>,
    /// Whose each service order is.
    orders: BTreeMap<Text, ExternalId>,
    /// Whose each requirement is.
    requirements: BTreeMap<Text, ExternalId>,
    /// Service users with a change that no update has carried; kept only where a partial asks for it.
    unsent: BTreeSet<ExternalId>,
    cadence: Option<Cadence>,
    sequence: u32,
    /// When the last update was sent.
    sent_at: Option<Timestamp>,
}

impl Rostering {
    /// An empty environment. `environment` is its place in the scenario's list; `prefix` stands before every
    /// identifier, visit ID and branch name that it sends (PUB-8). Only Access People Planner has prefixes:
    /// another system sends without, whatever is given here.
    pub fn new(environment: u8, system: System, prefix: Option<Text>, settings: Settings) -> Rostering {
        Rostering {
            environment,
            system,
            prefix: prefix.filter(|_| system == System::PeoplePlanner).unwrap_or_default(),
            settings,
            branches: BTreeMap::new(),
            people: BTreeMap::new(),
            visits: BTreeMap::new(),
            orders: BTreeMap::new(),
            requirements: BTreeMap::new(),
            unsent: BTreeSet::new(),
            cadence: None,
            sequence: 0,
            sent_at: None,
        }
    }

    /// Switches the integration on: the first full update is due at `now`, partials every 15 minutes from then.
    /// The same after [`Rostering::stop`]; the sequence counts on.
    pub fn go_live(&mut self, now: Timestamp) {
        self.cadence = Some(Cadence::from(now));
    }

    /// Switches the integration off: nothing is due until it goes live again.
    pub fn stop(&mut self) {
        self.cadence = None;
    }

    pub fn is_live(&self) -> bool {
        self.cadence.is_some()
    }

    /// The settings that it sends by.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// When the next update is due, or none while the integration is off.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.cadence.as_ref().map(Cadence::next_due)
    }

    /// The update that is due at `now`, if one is. Where a full and a partial fall together, the full alone;
    /// who asks late gets one update for all that were missed, a full if one was among them.
    pub fn poll(&mut self, now: Timestamp) -> Option<Update> {
        let kind = self.cadence.as_mut()?.take(now)?;
        Some(self.compose(now, kind))
    }

    pub fn environment(&self) -> u8 {
        self.environment
    }

    pub fn system(&self) -> System {
        self.system
    }

    /// What stands before every identifier, visit ID and branch name as sent; empty where nothing does.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// An identifier, visit ID, branch or employee as this environment sends it (PUB-8).
    pub fn as_sent(&self, name: &str) -> Text {
        let mut sent = self.prefix.clone();
        sent.push_str(name);
        sent
    }

    /// By the identifier that was typed into this environment.
    pub fn person(&self, id: &ExternalId) -> Option<&Person> {
        self.people.get(id)
    }

    /// By the identifier that ACP knows.
    pub fn person_sent_as(&self, sent_id: &ExternalId) -> Option<&Person> {
        self.people.get(&ExternalId::new(sent_id.as_str().strip_prefix(self.prefix.as_str())?))
    }

    /// In the order of their identifiers.
    pub fn people(&self) -> impl ExactSizeIterator<Item = &Person> {
        self.people.values()
    }

    /// Those whose identifier comes after this one; all without one.
    pub fn people_after(&self, after: Option<&ExternalId>) -> impl Iterator<Item = &Person> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.people.range((from, Bound::Unbounded)).map(|(_, person)| person)
    }

    /// Those whose ID comes after this one; all without one.
    pub fn visits_after(&self, after: Option<&VisitId>) -> impl Iterator<Item = &PlannedVisit> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.visits.range((from, Bound::Unbounded)).map(|(_, visit)| visit)
    }

    pub fn visit(&self, id: &VisitId) -> Option<&PlannedVisit> {
        self.visits.get(id)
    }

    /// Cancelled ones too, in the order of their IDs.
    pub fn visits(&self) -> impl ExactSizeIterator<Item = &PlannedVisit> {
        self.visits.values()
    }

    /// Looks at every visit of the environment.
    pub fn visits_of(&self, id: &ExternalId) -> impl Iterator<Item = &PlannedVisit> {
        self.visits.values().filter(move |visit| visit.service_user == *id)
    }

    /// By name, in order, without prefix.
    pub fn branches(&self) -> impl ExactSizeIterator<Item = &Text> {
        self.branches.keys()
    }

    /// Whether a visit stands: planned, and its service user active and not suspended at its start. Only such
    /// a visit is sent, and only such a visit makes its service user near-term.
    pub fn stands(&self, visit: &PlannedVisit) -> bool {
        visit.status == VisitStatus::Planned
            && self
                .people
                .get(&visit.service_user)
                .is_some_and(|person| person.is_active(visit.starts) && !person.is_suspended(visit.starts))
    }

    /// Whether a service user is linked to a visit that makes them near-term at `now`.
    pub fn is_near_term(&self, id: &ExternalId, now: Timestamp) -> bool {
        self.visits_of(id).any(|visit| self.makes_near_term(visit, now))
    }

    fn makes_near_term(&self, visit: &PlannedVisit, now: Timestamp) -> bool {
        is_near_term(visit.starts, now, self.settings.near_term) && self.stands(visit)
    }

    /// Everybody and everything as they stand, as an update of this kind would carry them, with the next
    /// sequence number. What it carries counts as sent. For a full that is sent again after it was refused.
    pub fn compose(&mut self, now: Timestamp, kind: UpdateKind) -> Update {
        self.sequence = self.sequence.saturating_add(1);
        let update = compose::update(self, now, kind);
        match kind {
            UpdateKind::Full => self.unsent.clear(),
            UpdateKind::Partial => compose::forget_sent(self, &update),
        }
        self.sent_at = Some(now);
        update
    }
}
