//! The deadline once more, in the plainest way, where it is plain: somebody was in step, one thing was changed in rostering,
//! and nothing of theirs has been touched since. Then it can be counted from the visits as they stand. Guidance, which
//! knows of every other way in which a change can come to wait, is not asked.

use super::{Books, Broken, CARRIED, compared};
use acp::{Outcome, Receipt};
use feed::{
    ExternalId, FAR_WINDOW, FULL_HORIZON_DAYS, Field, NEAR_WINDOW, NearTerm, PARTIAL_HORIZON_DAYS, Settings,
    Text, Timestamp, Update, UpdateKind, VisitId, london,
};
use guidance::Sight;
use jiff::{SignedDuration, ToSpan};
use link::after;
use rostering::{Person, PlannedVisit, VisitStatus};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// By environment and identifier as sent.
pub(super) type Who = (u8, ExternalId);

/// A visit that starts so much later makes its service user near-term. TIME-1.
const AHEAD: SignedDuration = SignedDuration::from_hours(72);

/// What rostering shows, and who waits for something.
pub(super) struct Roster<'t> {
    settings: Settings,
    /// Everybody whom rostering has, and when something of theirs last changed.
    pub(super) people: BTreeMap<Who, (&'t Person, Timestamp)>,
    /// The same by identifier as it is compared. Only ever asked for one, never walked.
    by_key: FxHashMap<Text, Vec<Who>>,
    /// Who is meant by the identifier that was typed into an environment.
    by_typed_id: FxHashMap<Who, &'t Person>,
    visits: BTreeMap<(u8, &'t VisitId), &'t PlannedVisit>,
    /// Environments that are switched on.
    pub(super) live: BTreeSet<u8>,
    /// Those of whom ACP shows everything as it was sent.
    in_step: BTreeSet<Who>,
    pub(super) waiting: BTreeMap<Who, Waits>,
    /// Until when a fault keeps, or kept, something away.
    disturbed_until: Option<Timestamp>,
}

/// One change that waits, and nothing else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    pub(super) since: Timestamp,
    pub(super) due: Timestamp,
    /// The link was not what it should be meanwhile.
    pub(super) is_disturbed: bool,
}

impl<'t> Roster<'t> {
    pub(super) fn new(settings: Settings) -> Roster<'t> {
        Roster {
            settings,
            people: BTreeMap::new(),
            by_key: FxHashMap::default(),
            by_typed_id: FxHashMap::default(),
            visits: BTreeMap::new(),
            live: BTreeSet::new(),
            in_step: BTreeSet::new(),
            waiting: BTreeMap::new(),
            disturbed_until: None,
        }
    }

    pub(super) fn saw(&mut self, at: Timestamp, sight: &'t Sight) {
        match sight {
            Sight::Person { environment, person } => {
                let who = (*environment, person.sent_id.clone());
                let before = self.come(&who, person, at);
                let was_in_step = self.in_step.remove(&who);
                self.waiting.remove(&who);
                let is_plain = before.is_some_and(|(before, _)| is_plain_change(before, person, at));
                if was_in_step && is_plain && self.live.contains(environment) {
                    let due = self.due(&who, person, at, self.settings.near_term);
                    let is_disturbed = self.disturbed_until.is_some_and(|until| at <= until);
                    self.waiting.insert(who, Waits { since: at, due, is_disturbed });
                }
            }
            Sight::PersonDeleted { environment, sent_id } => {
                let who = (*environment, sent_id.clone());
                self.leave(&who);
                self.forget(&who);
            }
            Sight::Visit { environment, visit } => {
                let before = self.visits.insert((*environment, &visit.sent_id), visit);
                self.forget_owner(*environment, &visit.service_user);
                if let Some(before) = before {
                    self.forget_owner(*environment, &before.service_user);
                }
            }
            Sight::VisitDeleted { environment, sent_id } => {
                if let Some(before) = self.visits.remove(&(*environment, sent_id)) {
                    self.forget_owner(*environment, &before.service_user);
                }
            }
            Sight::Live { environment } => {
                self.live.insert(*environment);
                self.forget_all();
            }
            Sight::Stopped { environment } => {
                self.live.remove(environment);
                self.forget_all();
            }
            Sight::Branches(_) | Sight::RecordGone(_) => self.forget_all(),
            Sight::Record(_) | Sight::Confirmed(..) | Sight::CaseRaised(_) | Sight::CaseClosed { .. } => {}
        }
    }

    fn come(&mut self, who: &Who, person: &'t Person, at: Timestamp) -> Option<(&'t Person, Timestamp)> {
        let before = self.people.insert(who.clone(), (person, at));
        match before {
            None => {
                let key = compared(&who.1, &self.settings);
                self.by_key.entry(key.into()).or_default().push(who.clone());
            }
            Some((before, _)) if before.id != person.id => self.forget_typed_id(who.0, before),
            Some(_) => {}
        }
        self.by_typed_id.insert((who.0, person.id.clone()), person);
        before
    }

    fn leave(&mut self, who: &Who) {
        if let Some((person, _)) = self.people.remove(who) {
            self.forget_typed_id(who.0, person);
            let key = compared(&who.1, &self.settings);
            if let Some(there) = self.by_key.get_mut(key) {
                there.retain(|it| it != who);
            }
        }
    }

    /// Unless somebody else has it by now.
    fn forget_typed_id(&mut self, environment: u8, person: &Person) {
        let typed = (environment, person.id.clone());
        if self.by_typed_id.get(&typed).is_some_and(|it| std::ptr::eq(*it, person)) {
            self.by_typed_id.remove(&typed);
        }
    }

    /// Everybody whose identifier leads where this one leads, in no order that means anything.
    pub(super) fn led_by(&self, id: &ExternalId) -> &[Who] {
        self.by_key.get(compared(id, &self.settings)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn forget(&mut self, who: &Who) {
        self.in_step.remove(who);
        self.waiting.remove(who);
    }

    fn forget_all(&mut self) {
        self.in_step.clear();
        self.waiting.clear();
    }

    /// A visit of theirs changed: they are in step as before, but what waits is no longer plain.
    fn forget_owner(&mut self, environment: u8, id: &ExternalId) {
        let people = &self.people;
        self.waiting.retain(|who, _| {
            who.0 != environment || people.get(who).is_none_or(|(person, _)| person.id != *id)
        });
    }

    pub(super) fn is_disturbed(&mut self, until: Timestamp) {
        self.disturbed_until = self.disturbed_until.max(Some(until));
        self.waiting.values_mut().for_each(|it| it.is_disturbed = true);
    }

    /// The visits of an environment that stand: planned, and their service user active and not suspended at the start.
    fn standing(&self, environment: u8) -> impl Iterator<Item = &PlannedVisit> {
        let own = self.visits.iter().filter(move |((its, _), _)| *its == environment).map(|(_, it)| *it);
        own.filter(move |visit| visit.status == VisitStatus::Planned && self.receives(environment, visit))
    }

    fn receives(&self, environment: u8, visit: &PlannedVisit) -> bool {
        let person = self.by_typed_id.get(&(environment, visit.service_user.clone()));
        person.is_some_and(|person| person.is_active(visit.starts) && !person.is_suspended(visit.starts))
    }

    /// 24 hours after the change, or 20 minutes after the first visit that stands is 72 hours away or less.
    fn due(&self, who: &Who, person: &Person, since: Timestamp, near_term: NearTerm) -> Timestamp {
        let own = self.visits.iter().filter(|((its, _), visit)| {
            *its == who.0
                && visit.service_user == person.id
                && visit.status == VisitStatus::Planned
                && visit.starts >= since
                && person.is_active(visit.starts)
                && !person.is_suspended(visit.starts)
        });
        let near_from = own.map(|(_, visit)| near_from(visit.starts, near_term).max(since)).min();
        let far = after(since, FAR_WINDOW);
        near_from.map_or(far, |near_from| after(near_from, NEAR_WINDOW).min(far))
    }
}

/// From when on a visit is near: 72 hours of elapsed time, or the day before the day before.
fn near_from(starts: Timestamp, near_term: NearTerm) -> Timestamp {
    match near_term {
        NearTerm::Rolling72Hours => starts.checked_sub(AHEAD).unwrap_or(Timestamp::MIN),
        NearTerm::ThreeCalendarDays => {
            let day = london().to_datetime(starts).date().saturating_sub(2.days());
            day.to_zoned(london().clone()).map_or(Timestamp::MIN, |midnight| midnight.timestamp())
        }
    }
}

/// The first instant after the three days, in London.
fn fourth_day(at: Timestamp) -> Timestamp {
    let day = london().to_datetime(at).date().saturating_add(3.days());
    let midnight = day.to_zoned(london().clone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp());
    midnight.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(midnight)
}

/// Names and the like, with values that can be kept, of somebody who is active and stays as they are otherwise.
fn is_plain_change(before: &Person, now: &Person, at: Timestamp) -> bool {
    let is_same_otherwise = before.id == now.id
        && before.ended_on == now.ended_on
        && before.end_date_cleared == now.end_date_cleared
        && before.suspensions == now.suspensions
        && before.orders.is_empty()
        && now.orders.is_empty();
    let is_plain = |field: Field| {
        matches!(field, Field::Title | Field::GivenName | Field::FamilyName | Field::KeySafe)
            && before.fields.get(field).is_some()
            && now.fields.get(field).is_some_and(|value| field.read(value).is_ok())
    };
    let mut changed =
        Field::ALL.iter().filter(|field| before.fields.text(**field) != now.fields.text(**field));
    let has_name = !now.fields.text(Field::GivenName).trim().is_empty()
        && !now.fields.text(Field::FamilyName).trim().is_empty();
    let n_changed = changed.clone().count();
    n_changed > 0
        && changed.all(|field| is_plain(*field))
        && is_same_otherwise
        && has_name
        && now.is_active(at)
}

/// Of partial updates, one in so many is looked at. *Assumed*, from measurement.
const LOOKED_AT: u32 = 4;

impl Books<'_> {
    /// PUB-2: the visits of the next three days, or seven, as they stand when the update is sent.
    pub(super) fn visits_carried(&self, at: Timestamp, update: &Update) -> Option<Broken> {
        let is_full = update.kind == UpdateKind::Full;
        if update.sent_at != at || !(is_full || update.sequence.is_multiple_of(LOOKED_AT)) {
            return None;
        }
        let days = if is_full { FULL_HORIZON_DAYS } else { PARTIAL_HORIZON_DAYS };
        let until = match self.settings.near_term {
            NearTerm::ThreeCalendarDays if !is_full => fourth_day(at),
            _ => after(at, SignedDuration::from_hours(24 * days)),
        };
        self.tally.armed_times(CARRIED, update.visits.len());
        let is_in = |starts: Timestamp| at <= starts && starts <= until;
        let mut n_standing = 0;
        for visit in self.roster.standing(update.environment).filter(|visit| is_in(visit.starts)) {
            n_standing += 1;
            if !update.visits.iter().any(|it| it.id == visit.sent_id && it.starts == visit.starts) {
                let id = &visit.sent_id;
                return Some(CARRIED.broken(format!("The visit {id} is not in update {}.", update.sequence)));
            }
        }
        (update.visits.len() > n_standing).then(|| {
            let n = update.visits.len();
            CARRIED.broken(format!("Update {} carries {n} visits where {n_standing} stand.", update.sequence))
        })
    }

    /// Those whom a delivery left in step: taken in without a note, alone on their record, unchanged since it was sent.
    pub(super) fn note_in_step(&mut self, update: &Update, receipt: &Receipt) {
        for (user, decision) in update.service_users.iter().zip(&receipt.decisions) {
            let (Outcome::Created { record, notes } | Outcome::Matched { record, notes, .. }) =
                &decision.outcome
            else {
                continue;
            };
            let who = (update.environment, user.external_id.clone());
            let is_as_sent =
                self.roster.people.get(&who).is_some_and(|(_, changed_at)| *changed_at < update.sent_at);
            let is_alone = self.records.get(record).is_some_and(|it| it.aliases.is_empty())
                && self.leads.to(&user.external_id, &self.settings).len() == 1
                && self.n_people_of(&user.external_id) == 1;
            if notes.is_empty() && is_as_sent && is_alone {
                self.roster.in_step.insert(who);
            }
        }
    }

    /// How many service users of rostering lead to where an identifier leads.
    pub(super) fn n_people_of(&self, id: &ExternalId) -> usize {
        self.roster.led_by(id).len()
    }

    /// Somebody wrote to a record: whoever leads to it is not plainly waiting any more.
    pub(super) fn record_changed(&mut self, record: &acp::Record) {
        if self.roster.in_step.is_empty() && self.roster.waiting.is_empty() {
            return;
        }
        for id in record.external_id.iter().chain(&record.aliases) {
            let key = compared(id, &self.settings).to_owned();
            let settings = self.settings;
            self.roster.in_step.retain(|(_, it)| compared(it, &settings) != key);
            self.roster.waiting.retain(|(_, it), _| compared(it, &settings) != key);
        }
    }
}
