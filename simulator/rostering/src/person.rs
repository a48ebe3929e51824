//! What a rostering system keeps: service users, their service orders and suspensions, and visits.

use feed::{ExternalId, Field, Fields, Requirement, Text, Timestamp, VisitId, date_in_london};
use jiff::civil::Date;

/// A service user as the rostering system keeps them. Deleted ones are gone: there is no such record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// As typed into this environment, without its prefix.
    pub id: ExternalId,
    /// As it is sent: with the environment's prefix, if there is one (PUB-8).
    pub sent_id: ExternalId,
    /// Everything but the end date, which `ended_on` holds. Branch names are without prefix.
    pub fields: Fields,
    /// Terminated: not active from this date on. It is sent as the end date.
    pub ended_on: Option<Date>,
    /// There was an end date and it was taken away: it is sent as empty, so that ACP learns of it.
    pub end_date_cleared: bool,
    pub suspensions: Vec<Suspension>,
    /// Care Rostering only.
    pub orders: Vec<Order>,
    /// Counts the changes, from 1: of fields (those that are never sent too), end date, identifier, service
    /// orders. A save that changes nothing does not count, nor does a visit or a suspension.
    pub version: u32,
    pub created_at: Timestamp,
    /// When `version` last rose.
    pub changed_at: Timestamp,
    /// Since when they have had this identifier.
    pub id_since: Timestamp,
    /// Fields that changed under this identifier, each with its last time. One that is not here is as it was
    /// when they got the identifier.
    pub edited: Vec<(Field, Timestamp)>,
}

impl Person {
    pub(crate) fn new(id: ExternalId, sent_id: ExternalId, fields: Fields, now: Timestamp) -> Person {
        Person {
            id,
            sent_id,
            fields,
            ended_on: None,
            end_date_cleared: false,
            suspensions: Vec::new(),
            orders: Vec::new(),
            version: 1,
            created_at: now,
            changed_at: now,
            id_since: now,
            edited: Vec::new(),
        }
    }

    /// When a field got the value that it has now, or the identifier that it is sent under, if that was later.
    pub fn field_changed_at(&self, field: Field) -> Timestamp {
        self.edited.iter().find(|(it, _)| *it == field).map_or(self.id_since, |(_, at)| *at)
    }

    /// The service that the newest service order with one names. Care Rostering only.
    pub fn service(&self) -> Option<&Text> {
        self.orders.iter().rev().find_map(|order| order.service.as_ref())
    }

    /// Active: neither terminated nor past the end date. A suspended service user is active.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.ended_on.is_none_or(|ended_on| date_in_london(now) < ended_on)
    }

    pub fn is_suspended(&self, at: Timestamp) -> bool {
        self.suspensions.iter().any(|suspension| suspension.covers(at))
    }

    /// Fills a field in and says whether that changed anything. An end date is one, or empty.
    pub(crate) fn put(&mut self, field: Field, value: Text) -> bool {
        if field == Field::EndDate {
            return self.end(value.parse().ok());
        }
        let changed = self.fields.get(field) != Some(&value);
        self.fields.set(field, value);
        changed
    }

    /// Makes a field as if it had never been filled in.
    pub(crate) fn forget(&mut self, field: Field) -> bool {
        if field == Field::EndDate {
            return std::mem::take(&mut self.end_date_cleared);
        }
        self.fields.remove(field).is_some()
    }

    pub(crate) fn end(&mut self, on: Option<Date>) -> bool {
        let before = (self.ended_on, self.end_date_cleared);
        (self.ended_on, self.end_date_cleared) = (on, on.is_none());
        before != (self.ended_on, self.end_date_cleared)
    }

    pub(crate) fn count_change(&mut self, now: Timestamp, fields: &[Field]) {
        self.version = self.version.saturating_add(1);
        self.changed_at = now;
        self.edited.retain(|(field, _)| !fields.contains(field));
        self.edited.extend(fields.iter().map(|&field| (field, now)));
    }

    pub(crate) fn rename(&mut self, now: Timestamp, id: ExternalId, sent_id: ExternalId) {
        (self.id, self.sent_id) = (id, sent_id);
        self.count_change(now, &[]);
        self.id_since = now;
        self.edited.clear();
    }
}

/// Visits in this span are withdrawn; the record stays (PUB-13). Without an end it lasts until it is ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Suspension {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub reason: Text,
}

impl Suspension {
    pub fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// A service order: a whole package of care. It may name an ACP service, which then takes precedence over the
/// branch's. Article 11065162.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    pub id: Text,
    pub service: Option<Text>,
    pub requirements: Vec<Requirement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VisitStatus {
    Planned,
    Cancelled,
}

/// A visit on the roster. It is sent while it is planned, its service user is active and not suspended at its
/// start, and it lies inside the update's span.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlannedVisit {
    pub id: VisitId,
    /// As it is sent: with the environment's prefix, if there is one.
    pub sent_id: VisitId,
    pub service_user: ExternalId,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub status: VisitStatus,
    pub employee: Option<Text>,
    pub requirement: Option<Text>,
}
