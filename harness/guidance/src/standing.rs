//! How one service user stands with ACP: what rostering wants, what ACP shows, since when the two differ, and by when
//! ACP is to follow. Compares what both systems show; knows no reason of any engine and no words.

use crate::due::{Planned, Promise, promise};
use crate::{PersonSeen, Scene};
use acp::{Record, Slot, Tracked};
use feed::{
    AbsentField, ContactDetails, ExternalId, Field, Owner, ServiceMove, System, Text, Timestamp,
    date_in_london,
};
use rostering::{Person, PlannedVisit, VisitStatus};
use std::cell::LazyCell;

/// Where rostering wants somebody: branch as sent, service as it follows from that. Empty: it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) branch: Text,
    pub(crate) service: Text,
}

/// Why ACP is not going to take anything in, whatever time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    Deleted,
    Ended,
    IdentifierBlank,
    NameBlank,
    /// ACP has no branch of that exact name.
    BranchUnknown,
    /// A service order names a service that ACP does not show.
    ServiceUnknown,
    SeveralRecords,
    /// Another environment sends somebody else under the same identifier.
    SeveralPeople,
    IntegrationOff,
}

/// One thing that ACP does not show as rostering has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// None: there is no record at all.
    pub(crate) field: Option<Field>,
    /// Somebody set ACP's value, and rostering has not changed its own since.
    pub(crate) by_hand: bool,
    pub(crate) promise: Promise,
}

#[derive(Clone, Debug)]
pub(crate) struct Standing<'a> {
    pub(crate) environment: u8,
    pub(crate) seen: &'a PersonSeen,
    pub(crate) records: Vec<&'a Record>,
    pub(crate) wanted: Wanted,
    pub(crate) obstacles: Vec<Obstacle>,
    /// Since when a move between services waits for Support.
    pub(crate) held_since: Option<Timestamp>,
    /// What ACP is to follow by itself, in the order of the fields.
    pub(crate) changes: Vec<Change>,
}

impl<'a> Standing<'a> {
    pub(crate) fn person(&self) -> &'a Person {
        &self.seen.person
    }

    pub(crate) fn has(&self, obstacle: Obstacle) -> bool {
        self.obstacles.contains(&obstacle)
    }

    /// The record, where there is exactly one.
    pub(crate) fn record(&self) -> Option<&'a Record> {
        match self.records.as_slice() {
            &[record] => Some(record),
            _ => None,
        }
    }
}

impl Scene {
    pub(crate) fn standing(
        &self,
        environment: u8,
        sent_id: &ExternalId,
        now: Timestamp,
    ) -> Option<Standing<'_>> {
        let seen = self.people.get(&(environment, sent_id.clone()))?;
        let records: Vec<&Record> = self.records_of(sent_id).collect();
        let wanted = self.wanted(environment, &seen.person);
        let mut standing = Standing {
            environment,
            seen,
            obstacles: self.obstacles(environment, seen, &records, &wanted, now),
            wanted,
            records,
            held_since: None,
            changes: Vec::new(),
        };
        // A window that has begun runs on although the end date has come meanwhile.
        let has_ended_meanwhile = standing.obstacles == [Obstacle::Ended];
        if (standing.obstacles.is_empty() || has_ended_meanwhile)
            && let Some(able_since) = self.able_since(environment, seen, standing.record())
        {
            self.compare(&mut standing, able_since);
        }
        Some(standing)
    }

    /// The active service user of another environment who is sent under the same identifier, and that environment.
    pub(crate) fn namesake(
        &self,
        environment: u8,
        person: &Person,
        now: Timestamp,
    ) -> Option<(u8, &PersonSeen)> {
        let others = (0..self.environments.len()).filter_map(|it| u8::try_from(it).ok());
        others.filter(|other| *other != environment).find_map(|other| {
            let seen = self.people.get(&(other, person.sent_id.clone()))?;
            (seen.deleted_at.is_none() && seen.person.is_active(now)).then_some((other, seen))
        })
    }

    fn obstacles(
        &self,
        environment: u8,
        seen: &PersonSeen,
        records: &[&Record],
        wanted: &Wanted,
        now: Timestamp,
    ) -> Vec<Obstacle> {
        if seen.deleted_at.is_some() {
            return vec![Obstacle::Deleted];
        }
        let person = &seen.person;
        let is_off = self.live_since(environment).is_none();
        let lacks_branch = if wanted.branch.is_empty() {
            records.is_empty() || person.fields.get(Field::Branch).is_some()
        } else {
            self.service_of(&wanted.branch).is_none() && !self.settings.new_branch.makes(&wanted.branch)
        };
        [
            (!person.is_active(now), Obstacle::Ended),
            (person.sent_id.is_blank(), Obstacle::IdentifierBlank),
            (is_nameless(person), Obstacle::NameBlank),
            (lacks_branch, Obstacle::BranchUnknown),
            (!self.index.shows_service(&wanted.service), Obstacle::ServiceUnknown),
            (records.len() > 1, Obstacle::SeveralRecords),
            (self.namesake(environment, person, now).is_some(), Obstacle::SeveralPeople),
            (is_off, Obstacle::IntegrationOff),
        ]
        .into_iter()
        .filter_map(|(is_so, obstacle)| is_so.then_some(obstacle))
        .collect()
    }

    pub(crate) fn live_since(&self, environment: u8) -> Option<Timestamp> {
        self.environments.get(usize::from(environment))?.live_since
    }

    /// A text as the environment sends it (PUB-8: only People Planner has prefixes). An empty one stays empty.
    pub(crate) fn as_sent(&self, environment: u8, text: &str) -> Text {
        let seen = self.environments.get(usize::from(environment));
        let prefix = seen.filter(|it| it.system == System::PeoplePlanner).and_then(|it| it.prefix.as_deref());
        match prefix {
            Some(prefix) if !text.is_empty() => Text::from(format!("{prefix}{text}")),
            _ => text.into(),
        }
    }

    /// The service of the newest service order that names one (Care Rostering only), else the branch's.
    pub(crate) fn wanted(&self, environment: u8, person: &Person) -> Wanted {
        let branch = self.as_sent(environment, person.fields.text(Field::Branch));
        let system = self.environments.get(usize::from(environment)).map(|it| it.system);
        let ordered = (system == Some(System::CareRostering))
            .then(|| person.orders.iter().rev().find_map(|order| order.service.clone()))
            .flatten();
        let service = ordered.or_else(|| self.service_of(&branch).cloned()).unwrap_or_default();
        Wanted { branch, service }
    }

    /// Since when ACP has been able to take the service user in, without a break until now: switched on, active when
    /// last changed, with a name and a branch that ACP has, its identifier on one record at most. A promise is counted
    /// from there at the earliest.
    fn able_since(&self, environment: u8, seen: &PersonSeen, record: Option<&Record>) -> Option<Timestamp> {
        let live_since = self.live_since(environment)?;
        let (mut able_since, mut next) = (None, None);
        for (at, person) in seen.versions.iter().rev() {
            let had_left = next.is_some_and(|next| !person.is_active(next));
            if !person.is_active(*at) || had_left || is_nameless(person) {
                break;
            }
            next = Some(*at);
            let branch = self.as_sent(environment, person.fields.text(Field::Branch));
            let known_since = match self.index.branch(&branch) {
                Some((_, since)) => *since,
                // A record keeps its place where nothing is said of it; nobody is made without one.
                None if person.fields.get(Field::Branch).is_none() => match record {
                    Some(record) => self.led_since(record, seen),
                    None => break,
                },
                None => break,
            };
            able_since = Some(known_since.max(*at));
            if known_since > *at || seen.absences.iter().any(|(_, until)| until == at) {
                break;
            }
        }
        let alone_since = self.index.alone_since(self.settings.identifier_matching, &seen.person.sent_id);
        Some(able_since?.max(live_since).max(alone_since.unwrap_or(live_since)))
    }

    /// What would be promised of a change whose clock starts at `now`.
    pub(crate) fn promise_from(&self, standing: &Standing<'_>, now: Timestamp) -> Promise {
        let planned = self.planned_visits(standing.environment, standing.seen);
        promise(now, &planned, self.settings.near_term, None)
    }

    fn compare(&self, standing: &mut Standing<'_>, able_since: Timestamp) {
        let (environment, seen) = (standing.environment, standing.seen);
        let planned = LazyCell::new(|| self.planned_visits(environment, seen));
        let promise_from = |since: Timestamp| {
            promise(since.max(able_since), &planned, self.settings.near_term, self.healed_at)
        };
        let Some(record) = standing.record() else {
            let promise = promise_from(self.missing_since(standing.seen));
            // No update makes a record for somebody whose end date has come (SYNC-5): from then on there is nothing to wait for.
            let has_left = standing.has(Obstacle::Ended) && !standing.person().is_active(promise.due);
            if !has_left {
                standing.changes.push(Change { field: None, by_hand: false, promise });
            }
            return;
        };
        let differing: Vec<Field> = Field::ALL
            .iter()
            .copied()
            .filter(|&field| self.differs(standing.environment, &standing.seen.person, record, field))
            .collect();
        let is_held = differing.contains(&Field::Service) && self.needs_support(record);
        for field in differing {
            let since = self.differs_since(standing.environment, standing.seen, record, field, is_held);
            let slot = record.synced.slot(field);
            let by_hand = slot.is_some_and(|slot| self.is_by_hand(standing.environment, standing.seen, slot));
            if is_held && matches!(field, Field::Branch | Field::Service) {
                let since = since.max(able_since).max(self.bound_since(record).unwrap_or(since));
                standing.held_since = Some(standing.held_since.map_or(since, |held| held.min(since)));
            } else {
                standing.changes.push(Change { field: Some(field), by_hand, promise: promise_from(since) });
            }
        }
    }

    /// Whether a move of this record to another service waits for Support (MOVE-1; setting `service_move`). A record
    /// in no service yet is placed, not moved.
    pub(crate) fn needs_support(&self, record: &Record) -> bool {
        !record.service().is_empty()
            && (record.has_care_data() || self.settings.service_move == ServiceMove::NeedsSupport)
    }

    /// Whether what rostering wanted of somebody was a move that Support makes, from the place that ACP showed.
    fn was_for_support(
        &self,
        environment: u8,
        person: &Person,
        record: &Record,
        shown: Option<Slot<'_>>,
        at: Timestamp,
    ) -> bool {
        let wanted = self.wanted(environment, person).service;
        let shown = match shown {
            Some(slot) if slot.field == Field::Service => slot.value.as_str(),
            Some(slot) => service_at(record, at.max(slot.set.at()))
                .or_else(|| self.service_of(slot.value))
                .map_or(record.service(), Text::as_str),
            None => record.service(),
        };
        !wanted.is_empty() && !shown.is_empty() && wanted != shown && self.needs_support(record)
    }

    /// Since when it has needed Support: since care began, unless every move does.
    fn bound_since(&self, record: &Record) -> Option<Timestamp> {
        let care = record.local.care.iter().filter(|item| item.is_care_data());
        let care_since = care.map(|item| item.added.at()).min();
        care_since.filter(|_| self.settings.service_move == ServiceMove::FollowsRostering)
    }

    /// Since when an identifier has led to no record.
    fn missing_since(&self, seen: &PersonSeen) -> Timestamp {
        let added = seen.absences.last().map_or(seen.first_seen, |(_, until)| *until);
        let left = self.index.left_at(self.settings.identifier_matching, &seen.person.sent_id);
        left.map_or(added, |left| left.max(added))
    }

    /// What rostering sends for a field. None: nothing, so ACP keeps what it has.
    pub(crate) fn sent(&self, environment: u8, person: &Person, field: Field) -> Option<Text> {
        let value = match field {
            Field::Branch => person.fields.get(field).map(|_| self.wanted(environment, person).branch),
            Field::Service => {
                Some(self.wanted(environment, person).service).filter(|service| !service.is_empty())
            }
            Field::EndDate => match person.ended_on {
                Some(date) => Some(Text::from(date.to_string())),
                None => person.end_date_cleared.then(Text::new),
            },
            _ => person.fields.get(field).cloned(),
        };
        let is_cleared = self.settings.absent_field == AbsentField::ClearsValue
            && !matches!(field, Field::GivenName | Field::FamilyName | Field::Branch | Field::Service);
        if is_cleared { Some(value.unwrap_or_default()) } else { value }
    }

    /// Whether ACP is to take over rostering's value of a field and shows another one. A value that is not fit for its
    /// field is not taken over.
    pub(crate) fn differs(&self, environment: u8, person: &Person, record: &Record, field: Field) -> bool {
        self.sent(environment, person, field)
            .is_some_and(|sent| self.is_to_follow(field, record.synced.slot(field), &sent))
    }

    /// The same for a value that ACP shows or showed.
    pub(crate) fn is_to_follow(&self, field: Field, shown: Option<Slot<'_>>, sent: &str) -> bool {
        if !field.is_written_by_sync(&self.settings) {
            return false;
        }
        let by_person = shown.is_some_and(|slot| !slot.set.by.is_integration());
        let keeps_its_own = field.owner() == Owner::StartsFromRostering
            && match self.settings.contact_details {
                ContactDetails::AcpKeepsItsOwn => by_person,
                ContactDetails::AlwaysAcp => true,
                ContactDetails::AlwaysRostering => by_person && sent.is_empty(),
            };
        let shown = shown.map_or("", |slot| slot.value.as_str());
        !keeps_its_own && shown != sent && field.read(sent).is_ok_and(|kept| kept != shown)
    }

    /// Whether somebody's edit in ACP made the difference: they set the value, and rostering has not changed its own
    /// since.
    fn is_by_hand(&self, environment: u8, seen: &PersonSeen, slot: Slot<'_>) -> bool {
        let sent_now = self.sent(environment, &seen.person, slot.field);
        let edited_at = slot.set.at();
        let in_force = seen.versions.iter().rposition(|(at, _)| *at <= edited_at).unwrap_or(0);
        !slot.set.by.is_integration()
            && seen.versions[in_force..]
                .iter()
                .all(|(_, person)| self.sent(environment, person, slot.field) == sent_now)
    }

    /// Since when, without a break until now, ACP shows another value of a field than rostering has. Where ACP shows
    /// no earlier value, what was before counts as equal, and so does a moment in which both had the same: nothing is
    /// to be called late too early.
    /// Nor does a stretch count in which rostering wanted a move that Support had to make, unless it still does; nor what
    /// came before an update that brought a value which rostering had until then: it was on time, or late, by itself.
    fn differs_since(
        &self,
        environment: u8,
        seen: &PersonSeen,
        record: &Record,
        field: Field,
        is_held: bool,
    ) -> Timestamp {
        let shown = record.history(Tracked::Field(field));
        let led_since = self.led_since(record, seen);
        let differs = |version: usize, entry: Option<usize>| {
            let entry = entry.map(|idx| &shown[idx]);
            let slot = entry.map(|entry| Slot { field, value: &entry.value, set: entry.set });
            let person = &seen.versions[version].1;
            let was_held = !is_held
                && matches!(field, Field::Branch | Field::Service)
                && self.was_for_support(environment, person, record, slot, seen.versions[version].0);
            let sent = self.sent(environment, person, field);
            !was_held && sent.is_some_and(|sent| self.is_to_follow(field, slot, &sent))
        };
        let in_rostering = |version: usize| seen.versions[version].0;
        let in_acp = |entry: Option<usize>| entry.map_or(record.created.at(), |idx| shown[idx].set.at());
        let before = |idx: usize| idx.checked_sub(1);
        // When rostering gave up the value that an update brought later.
        let given_up_at = |version: usize, entry: Option<usize>| {
            let brought = entry.filter(|&idx| shown[idx].set.by.is_integration());
            let had = brought.and_then(|_| (0..version).rev().find(|&it| !differs(it, entry)));
            had.map(|it| in_rostering(it + 1))
        };
        // Nothing was asked of this record before, nor of any for somebody who had left.
        let asked_since = if seen.person.is_active(led_since) {
            self.missing_since(seen).min(led_since)
        } else {
            led_since
        };
        let (mut version, mut entry) = (seen.versions.len() - 1, before(shown.len()));
        let (mut since, mut caught_up) = (seen.first_seen, None);
        while differs(version, entry) {
            caught_up = caught_up.max(given_up_at(version, entry));
            let (rostering_since, acp_since) = (in_rostering(version), in_acp(entry));
            since = rostering_since.max(acp_since);
            let (older_version, older_entry) = (before(version), entry.and_then(before));
            let met = rostering_since == acp_since
                && (older_version.is_some_and(|it| !differs(it, entry)) || !differs(version, older_entry));
            if met {
                break;
            }
            let is_first_led = since <= led_since
                && older_version.is_none_or(|it| in_rostering(it) < since)
                && older_entry.is_none_or(|it| in_acp(Some(it)) < led_since);
            if is_first_led {
                // Before that the identifier led to no record, and so to no value.
                since = asked_since;
                break;
            }
            if acp_since >= rostering_since {
                if older_entry.is_none() {
                    break;
                }
                entry = older_entry;
            }
            if rostering_since >= acp_since {
                let Some(older_version) = older_version else { break };
                version = older_version;
            }
        }
        since.max(asked_since).max(caught_up.unwrap_or(asked_since))
    }

    fn led_since(&self, record: &Record, seen: &PersonSeen) -> Timestamp {
        let led = self.index.records_of(self.settings.identifier_matching, &seen.person.sent_id);
        led.iter().find(|(id, _)| *id == record.id).map_or(record.created.at(), |(_, since)| *since)
    }

    /// The stretches in which each visit of a service user stood on the roster.
    fn planned_visits(&self, environment: u8, seen: &PersonSeen) -> Vec<Planned> {
        let own_id = &seen.person.id;
        let mut planned = Vec::new();
        for id in self.index.visits_of(environment, own_id) {
            let Some(visit) = self.visits.get(&(environment, id.clone())) else { continue };
            for (idx, (from, version)) in visit.versions.iter().enumerate() {
                let until = visit.versions.get(idx + 1).map(|(until, _)| *until);
                if version.status == VisitStatus::Planned && version.service_user == *own_id {
                    planned.extend(while_receiving(seen, version, *from, until));
                }
            }
        }
        planned
    }
}

/// The parts of a stretch in which the service user was to be active, and not suspended, when the visit starts.
fn while_receiving<'a>(
    seen: &'a PersonSeen,
    visit: &'a PlannedVisit,
    from: Timestamp,
    until: Option<Timestamp>,
) -> impl Iterator<Item = Planned> + 'a {
    let starts = visit.starts;
    seen.versions.iter().enumerate().filter_map(move |(idx, (since, person))| {
        let next = seen.versions.get(idx + 1).map(|(next, _)| *next);
        let from = if idx == 0 { from } else { from.max(*since) };
        let until = [until, next].into_iter().flatten().min();
        let is_there = until.is_none_or(|until| from < until);
        (is_there && person.is_active(starts) && !person.is_suspended(starts)).then_some(Planned {
            from,
            until,
            starts,
        })
    })
}

/// The service that the record showed at an instant: a service order may name another than the branch's.
fn service_at(record: &Record, at: Timestamp) -> Option<&Text> {
    let is_service = |what: Tracked| what == Tracked::Field(Field::Service);
    let past =
        record.past.iter().filter(|entry| is_service(entry.what)).map(|entry| (&entry.value, entry.set));
    let mut shown = past.chain(record.synced.slot(Field::Service).map(|slot| (slot.value, slot.set)));
    shown.rfind(|(_, set)| set.at() <= at).map(|(value, _)| value)
}

fn is_nameless(person: &Person) -> bool {
    let is_blank = |field| person.fields.text(field).trim().is_empty();
    is_blank(Field::GivenName) && is_blank(Field::FamilyName)
}

/// The stretches in which an identifier had an active service user, oldest first: from when, until when. One that was
/// over in its first instant counts, unless they were entered as somebody who had left on an earlier day.
pub(crate) fn active_stretches(seen: &PersonSeen, now: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let absences: Vec<Timestamp> =
        seen.absences.iter().map(|(from, _)| *from).chain(seen.deleted_at).collect();
    let mut stretches = Vec::new();
    for (idx, (from, person)) in seen.versions.iter().enumerate() {
        let next = seen.versions.get(idx + 1);
        let replaced = next.map_or(now, |(next, _)| *next);
        let gone =
            absences.iter().copied().find(|gone| gone >= from).map_or(replaced, |gone| gone.min(replaced));
        let until = person.ended_on.map_or(gone, |ended_on| midnight(ended_on, gone).min(gone));
        let had_left = next.is_some_and(|(at, next)| {
            at == from && next.ended_on.is_some_and(|ended_on| ended_on < date_in_london(*at))
        });
        if *from < until || (*from == until && person.is_active(*from) && !had_left) {
            stretches.push((*from, until));
        }
    }
    stretches
}

/// When a day begins in London; `otherwise` at the end of time.
fn midnight(date: jiff::civil::Date, otherwise: Timestamp) -> Timestamp {
    date.to_zoned(feed::london().clone()).map_or(otherwise, |midnight| midnight.timestamp())
}
