//! What an update carries. Reads the environment and changes nothing in it.

use crate::{Person, PlannedVisit, Rostering};
use feed::{
    ExternalId, FULL_HORIZON_DAYS, Field, Fields, NearTerm, PARTIAL_HORIZON_DAYS, PartialCarries,
    ServiceUser, System, Text, Timestamp, Update, UpdateKind, Visit, VisitId, becomes_near_term,
    date_in_london, london,
};
use jiff::SignedDuration;
use std::collections::BTreeSet;

impl Rostering {
    /// A service user as an update would carry them now: with the prefix, and only what is sent.
    pub fn service_user(&self, person: &Person) -> ServiceUser {
        service_user(self, person)
    }

    /// A visit as an update would carry it, if it stands.
    pub fn visit_as_sent(&self, visit: &PlannedVisit) -> Option<Visit> {
        self.stands(visit).then(|| Some(as_sent(self, visit, self.people.get(&visit.service_user)?)))?
    }

    /// Every service user who is near-term at `now`, or was at any moment from `since` on: somebody whose visit has begun
    /// in the meantime was promised 20 minutes all the same. In the order of their identifiers.
    pub fn near_term_since(&self, since: Timestamp, now: Timestamp) -> impl Iterator<Item = &Person> {
        near_term_ids(self, since, now).into_iter().filter_map(|id| self.people.get(id))
    }

    /// The last instant of the span of visits that an update of this kind, sent at `now`, speaks of.
    pub fn visits_until(&self, now: Timestamp, kind: UpdateKind) -> Timestamp {
        visits_until(self, now, kind)
    }
}

pub(crate) fn update(from: &Rostering, now: Timestamp, kind: UpdateKind) -> Update {
    let visits_until = visits_until(from, now, kind);
    Update {
        kind,
        system: from.system,
        environment: from.environment,
        sequence: from.sequence,
        sent_at: now,
        branches: from.branches.values().cloned().collect(),
        service_users: match kind {
            UpdateKind::Full => from.people.values().map(|person| service_user(from, person)).collect(),
            UpdateKind::Partial => in_partial(from, now).map(|person| service_user(from, person)).collect(),
        },
        visits: from
            .visits
            .values()
            .filter(|visit| now <= visit.starts && visit.starts <= visits_until && from.stands(visit))
            .filter_map(|visit| Some(as_sent(from, visit, from.people.get(&visit.service_user)?)))
            .collect(),
        visits_until,
    }
}

/// Takes those whom a partial carried off the list of changes that have not been sent, and those who are gone.
pub(crate) fn forget_sent(from: &mut Rostering, update: &Update) {
    if from.unsent.is_empty() {
        return;
    }
    let sent: BTreeSet<&ExternalId> = update.service_users.iter().map(|it| &it.external_id).collect();
    from.unsent.retain(|id| from.people.get(id).is_some_and(|person| !sent.contains(&person.sent_id)));
}

/// Whom [`Rostering::near_term_since`] the last update names. With `partial_carries: every_change` also every other with a
/// change that has not been sent.
fn in_partial(from: &Rostering, now: Timestamp) -> impl Iterator<Item = &Person> {
    let mut ids = near_term_ids(from, from.sent_at.unwrap_or(now), now);
    if from.settings.partial_carries == PartialCarries::EveryChange {
        ids.extend(&from.unsent);
        in_order(&mut ids);
    }
    ids.into_iter().filter_map(|id| from.people.get(id))
}

/// In order, each once.
fn near_term_ids(from: &Rostering, since: Timestamp, now: Timestamp) -> Vec<&ExternalId> {
    let is_near_term = |visit: &&PlannedVisit| {
        visit.starts >= since
            && becomes_near_term(visit.starts, from.settings.near_term) <= now
            && from.stands(visit)
    };
    let mut ids: Vec<&ExternalId> =
        from.visits.values().filter(is_near_term).map(|visit| &visit.service_user).collect();
    in_order(&mut ids);
    ids
}

fn in_order(ids: &mut Vec<&ExternalId>) {
    ids.sort_unstable();
    ids.dedup();
}

/// The last instant of the span of visits that an update covers, itself included. Days are elapsed days of
/// 24 hours, so that a partial covers exactly the near-term visits; *assumed*, as PUB-2 says "days" and no more.
fn visits_until(from: &Rostering, now: Timestamp, kind: UpdateKind) -> Timestamp {
    let n_days = match (kind, from.settings.near_term) {
        (UpdateKind::Partial, NearTerm::ThreeCalendarDays) => return end_of_third_day(now),
        (UpdateKind::Partial, NearTerm::Rolling72Hours) => PARTIAL_HORIZON_DAYS,
        (UpdateKind::Full, _) => FULL_HORIZON_DAYS,
    };
    now.checked_add(SignedDuration::from_hours(24 * n_days)).unwrap_or(Timestamp::MAX)
}

/// The last nanosecond of the day after tomorrow, in London.
fn end_of_third_day(now: Timestamp) -> Timestamp {
    let fourth = date_in_london(now).saturating_add(jiff::Span::new().days(PARTIAL_HORIZON_DAYS));
    fourth
        .to_zoned(london().clone())
        .and_then(|midnight| midnight.timestamp().checked_sub(SignedDuration::from_nanos(1)))
        .unwrap_or(Timestamp::MAX)
}

fn service_user(from: &Rostering, person: &Person) -> ServiceUser {
    ServiceUser {
        external_id: person.sent_id.clone(),
        fields: fields(from, person),
        requirements: person.orders.iter().flat_map(|order| order.requirements.iter().cloned()).collect(),
    }
}

/// What was ever filled in and is on the list of fields that are sent. The end date goes too once there was
/// one, and the service where a service order names it.
fn fields(from: &Rostering, person: &Person) -> Fields {
    let mut fields = Fields::with_capacity(person.fields.len() + 2);
    for (field, value) in person.fields.iter() {
        if field == Field::Branch && !from.prefix.is_empty() && !value.is_empty() {
            fields.set(field, from.as_sent(value));
        } else if is_sent(from, field) {
            fields.set(field, value.clone());
        }
    }
    if let Some(ended_on) = person.ended_on {
        fields.set(Field::EndDate, Text::from(ended_on.to_string()));
    } else if person.end_date_cleared {
        fields.set(Field::EndDate, Text::new());
    }
    if from.system == System::CareRostering
        && let Some(service) = person.service()
    {
        fields.set(Field::Service, service.clone());
    }
    fields
}

/// The date of birth is on the published list whether or not ACP lets rostering manage it; the NHS number is
/// not, so it goes only where the integration manages it. Articles 12008687, 14300960.
fn is_sent(from: &Rostering, field: Field) -> bool {
    field.is_sent() && (field != Field::NhsNumber || from.settings.managed_demographics.nhs_number)
}

fn as_sent(from: &Rostering, visit: &PlannedVisit, person: &Person) -> Visit {
    Visit {
        id: VisitId::clone(&visit.sent_id),
        service_user: person.sent_id.clone(),
        starts: visit.starts,
        ends: visit.ends,
        employee: visit.employee.as_ref().map(|employee| from.as_sent(employee)),
        requirement: visit.requirement.clone(),
    }
}
