//! Both systems as anybody can see them: pages, searches, histories, changes. Reads, and changes nothing.

use crate::{
    cursor::List,
    feed_of::Feed,
    wire::{
        Entry, EnvironmentShown, History, Person, PlannedVisit, Record, RecordChanges, Records,
        RosteringChanges, ServiceUsers, Visits, strings,
    },
    world::{Mirror, Thing},
};
use acp::{RecordId, Status, Tracked};
use feed::{ExternalId, Field, Text, Timestamp, UpdateKind, VisitId};
use rostering::Rostering;
use std::ops::Bound;

#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) name: &'a str,
    pub(crate) incarnation: u64,
    pub(crate) now: Timestamp,
    pub(crate) names: &'a [Text],
    pub(crate) rosterings: &'a [Rostering],
    pub(crate) live_since: &'a [Option<Timestamp>],
    pub(crate) changes: &'a [Feed<Thing>],
    pub(crate) mirror: &'a Mirror,
}

/// What was handed in as a cursor is none of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadCursor;

/// Which page of a list.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) after: Option<String>,
    pub(crate) limit: usize,
}

/// Which records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    pub(crate) external_id: Option<String>,
    /// Part of the full name, whatever the case of its letters.
    pub(crate) name: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) status: Option<Status>,
}

impl View<'_> {
    fn list<'b>(&'b self, name: &'b str) -> List<'b> {
        List { world: self.name, incarnation: self.incarnation, name }
    }

    /// Its place among the environments.
    pub(crate) fn environment(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|it| it == name)
    }

    pub(crate) fn environment_shown(&self, idx: usize) -> EnvironmentShown {
        let it = &self.rosterings[idx];
        EnvironmentShown {
            name: self.names[idx].to_string(),
            number: it.environment(),
            system: it.system().into(),
            prefix: it.prefix().to_owned(),
            live_since: self.live_since[idx],
            branches_as_sent: it.branches().map(|branch| it.as_sent(branch).to_string()).collect(),
            partial_visits_until: it.visits_until(self.now, UpdateKind::Partial),
            full_visits_until: it.visits_until(self.now, UpdateKind::Full),
            partial_carries: it.settings().partial_carries.into(),
            n_service_users: it.people().len(),
            n_visits: it.visits().len(),
        }
    }

    pub(crate) fn branches(&self, idx: usize) -> Vec<String> {
        strings(self.rosterings[idx].branches())
    }

    /// `near_term_since`: only those who are near-term now or were at any moment since.
    pub(crate) fn service_users(
        &self,
        idx: usize,
        near_term_since: Option<Timestamp>,
        page: &Page,
    ) -> Result<ServiceUsers, BadCursor> {
        let rostering = &self.rosterings[idx];
        let name = format!("service users of {}", self.names[idx]);
        let list = self.list(&name);
        let after = place(&list, page)?.map(ExternalId::new);
        let all: Vec<&rostering::Person> = match near_term_since {
            Some(since) => rostering
                .near_term_since(since, self.now)
                .filter(|person| after.as_ref().is_none_or(|after| person.id > *after))
                .take(page.limit + 1)
                .collect(),
            None => rostering.people_after(after.as_ref()).take(page.limit + 1).collect(),
        };
        let next = next_of(&list, &all, page, |person| person.id.as_str().to_owned());
        let page = all.into_iter().take(page.limit).map(|person| Person::of(rostering, person)).collect();
        Ok(ServiceUsers { service_users: page, next })
    }

    pub(crate) fn service_user(&self, idx: usize, id: &str) -> Option<Person> {
        let rostering = &self.rosterings[idx];
        Some(Person::of(rostering, rostering.person(&ExternalId::new(id))?))
    }

    /// Those that start from `from` to `until`, both included. `standing`: only those that an update would carry.
    pub(crate) fn visits(
        &self,
        idx: usize,
        (from, until): (Option<Timestamp>, Option<Timestamp>),
        standing: bool,
        page: &Page,
    ) -> Result<Visits, BadCursor> {
        let rostering = &self.rosterings[idx];
        let name = format!("visits of {}", self.names[idx]);
        let list = self.list(&name);
        let after = place(&list, page)?.map(VisitId::new);
        let all: Vec<&rostering::PlannedVisit> = rostering
            .visits_after(after.as_ref())
            .filter(|visit| from.is_none_or(|from| from <= visit.starts))
            .filter(|visit| until.is_none_or(|until| visit.starts <= until))
            .filter(|visit| !standing || rostering.stands(visit))
            .take(page.limit + 1)
            .collect();
        let next = next_of(&list, &all, page, |visit| visit.id.as_str().to_owned());
        let page = all.into_iter().take(page.limit).map(|visit| PlannedVisit::of(rostering, visit)).collect();
        Ok(Visits { visits: page, next })
    }

    pub(crate) fn visit(&self, idx: usize, id: &str) -> Option<PlannedVisit> {
        let rostering = &self.rosterings[idx];
        Some(PlannedVisit::of(rostering, rostering.visit(&VisitId::new(id))?))
    }

    /// A place in the changes of an environment, as /changes takes it.
    pub(crate) fn changes_cursor(&self, idx: usize, n: u64) -> String {
        self.list(&format!("changes of {}", self.names[idx])).cursor(&n.to_string())
    }

    pub(crate) fn rostering_changes(&self, idx: usize, page: &Page) -> Result<RosteringChanges, BadCursor> {
        let rostering = &self.rosterings[idx];
        let name = format!("changes of {}", self.names[idx]);
        let list = self.list(&name);
        let changes = &self.changes[idx];
        let (things, next, more) = changes.after(number(&list, page, changes.newest())?, page.limit);
        let mut shown =
            RosteringChanges { next: list.cursor(&next.to_string()), more, ..RosteringChanges::default() };
        for thing in things {
            match thing {
                Thing::ServiceUser(id) => match rostering.person(id) {
                    Some(person) => shown.service_users.push(Person::of(rostering, person)),
                    None => shown.service_users_gone.push(id.as_str().to_owned()),
                },
                Thing::Visit(id) => match rostering.visit(id) {
                    Some(visit) => shown.visits.push(PlannedVisit::of(rostering, visit)),
                    None => shown.visits_gone.push(id.as_str().to_owned()),
                },
            }
        }
        Ok(shown)
    }

    pub(crate) fn records(&self, search: &Search, page: &Page) -> Result<Records, BadCursor> {
        let list = self.list("records");
        let after = match place(&list, page)? {
            Some(place) => Bound::Excluded(RecordId(place.parse().map_err(|_| BadCursor)?)),
            None => Bound::Unbounded,
        };
        let all: Vec<&acp::Record> = self
            .mirror
            .records
            .range((after, Bound::Unbounded))
            .map(|(_, record)| record)
            .filter(|record| search.fits(record))
            .take(page.limit + 1)
            .collect();
        let next = next_of(&list, &all, page, |record| record.id.0.to_string());
        Ok(Records { records: all.into_iter().take(page.limit).map(Record::from).collect(), next })
    }

    pub(crate) fn record(&self, id: u32) -> Option<&acp::Record> {
        self.mirror.records.get(&RecordId(id))
    }

    pub(crate) fn history(&self, id: u32, what: Tracked) -> Option<History> {
        let entries = self.record(id)?.history(what);
        Some(History { entries: entries.iter().map(Entry::from).collect() })
    }

    pub(crate) fn record_changes(&self, page: &Page) -> Result<RecordChanges, BadCursor> {
        let list = self.list("changes of acp");
        let changes = &self.mirror.changes;
        let (ids, next, more) = changes.after(number(&list, page, changes.newest())?, page.limit);
        let (there, gone): (Vec<&RecordId>, Vec<&RecordId>) =
            ids.into_iter().partition(|id| self.mirror.records.contains_key(id));
        let mut there: Vec<&acp::Record> =
            there.iter().filter_map(|id| self.mirror.records.get(id)).collect();
        there.sort_by_key(|record| record.id);
        Ok(RecordChanges {
            records: there.into_iter().map(Record::from).collect(),
            gone: gone.into_iter().map(|id| id.0).collect(),
            branches: RecordChanges::branches(&self.mirror.branches),
            parked: self.mirror.parked.iter().map(|id| id.as_str().to_owned()).collect(),
            next: list.cursor(&next.to_string()),
            more,
        })
    }
}

impl Search {
    fn fits(&self, record: &acp::Record) -> bool {
        let ids = || record.external_id.iter().chain(&record.aliases);
        let is = |wanted: &Option<String>, has: &str| wanted.as_deref().is_none_or(|wanted| wanted == has);
        let named =
            |part: &String| record.synced.values().full_name().to_lowercase().contains(&part.to_lowercase());
        self.external_id.as_ref().is_none_or(|wanted| ids().any(|id| id.as_str() == wanted))
            && self.name.as_ref().is_none_or(named)
            && is(&self.branch, record.synced.text(Field::Branch))
            && is(&self.service, record.synced.text(Field::Service))
            && self.status.is_none_or(|status| status == record.status)
    }
}

fn place(list: &List<'_>, page: &Page) -> Result<Option<String>, BadCursor> {
    page.after.as_deref().map(|cursor| list.place(cursor).ok_or(BadCursor)).transpose()
}

fn number(list: &List<'_>, page: &Page, newest: u64) -> Result<u64, BadCursor> {
    let Some(cursor) = page.after.as_deref() else { return Ok(0) };
    list.number(cursor).filter(|n| *n <= newest).ok_or(BadCursor)
}

/// The cursor of the next page, where one more than the page was found.
fn next_of<T>(list: &List<'_>, all: &[T], page: &Page, key: impl Fn(&T) -> String) -> Option<String> {
    (all.len() > page.limit).then(|| list.cursor(&key(&all[page.limit - 1])))
}
