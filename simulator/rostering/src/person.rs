//! What a rostering system keeps: service users, their service orders and suspensions, and visits.

use feed::{ExternalId, Fields, Requirement, Text, Timestamp, VisitId, date_in_london};
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
    pub suspensions: Vec<Suspension>,
    /// Care Rostering only.
    pub orders: Vec<Order>,
    /// Counts the changes, from 1. An administrator's save that changes nothing does not count.
    pub version: u32,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

impl Person {
    /// Active: neither terminated nor past the end date. A suspended service user is active.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.ended_on.is_none_or(|ended_on| date_in_london(now) < ended_on)
    }

    pub fn is_suspended(&self, at: Timestamp) -> bool {
        self.suspensions.iter().any(|suspension| suspension.covers(at))
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
