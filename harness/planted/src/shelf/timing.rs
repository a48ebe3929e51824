//! Faults of time: an update too late, too seldom, or for too few. Most are the rostering system's.

use super::{
    Family::{ClockChanges, Timing},
    Fault, NOBODY, Way,
};
use feed::{ServiceUser, Timestamp, Update, UpdateKind, Visit, london};
use jiff::SignedDuration;
use rostering::{PlannedVisit, Rostering};
use runner::Between;

const fn sends(sends: fn(&Rostering, Update) -> Option<Update>) -> Way {
    Way::Between(Between { sends: Some(sends), ..NOBODY })
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Timing,
        "exactly-72-hours-is-too-far",
        "A visit that starts in exactly 72 hours makes nobody near-term.",
        sends(|rostering, update| Some(carry_near(rostering, update, |ahead, _| ahead < hours(72)))),
    ),
    Fault::new(
        Timing,
        "near-term-is-two-days",
        "A visit makes its service user near-term only 48 hours before it starts.",
        sends(|rostering, update| Some(carry_near(rostering, update, |ahead, _| ahead <= hours(48)))),
    ),
    Fault::new(
        Timing,
        "near-term-is-decided-at-the-change",
        "A change made while the visit was further away waits for the full update, however near the visit comes.",
        sends(|rostering, update| {
            let sent_at = update.sent_at;
            Some(carry_who(rostering, update, |visit, changed_at| {
                sent_at <= visit.starts && visit.starts.duration_since(changed_at) <= hours(72)
            }))
        }),
    ),
    Fault::new(
        Timing,
        "only-the-first-visit-counts",
        "Near-term is decided by the earliest visit on the roster, even one that is over.",
        sends(|rostering, mut update| {
            let sent_at = update.sent_at;
            if update.kind == UpdateKind::Full {
                return Some(update);
            }
            update.service_users.retain(|user| {
                let person = rostering.person_sent_as(&user.external_id);
                let visits = person.into_iter().flat_map(|person| rostering.visits_of(&person.id));
                let first = visits.map(|visit| visit.starts).min();
                first.is_some_and(|starts| starts >= sent_at)
            });
            Some(update)
        }),
    ),
    Fault::new(
        Timing,
        "a-partial-every-thirty-minutes",
        "Every second partial update is left out.",
        sends(|_, update| (update.kind == UpdateKind::Full || update.sequence % 2 == 0).then_some(update)),
    ),
    Fault::new(
        Timing,
        "no-partials-at-night",
        "Between eight in the evening and six in the morning no partial update is sent.",
        sends(|_, update| {
            let hour = london().to_datetime(update.sent_at).hour();
            (update.kind == UpdateKind::Full || (6..20).contains(&hour)).then_some(update)
        }),
    ),
    Fault::new(
        Timing,
        "no-updates-at-weekends",
        "On Saturday and Sunday nothing is sent.",
        sends(|_, update| {
            let weekday = london().to_datetime(update.sent_at).weekday();
            (weekday.to_monday_one_offset() < 6).then_some(update)
        }),
    ),
    Fault::new(
        Timing,
        "no-full-update-after-the-first",
        "The full update is sent once and never again.",
        sends(|_, update| (update.kind == UpdateKind::Partial || update.sequence == 1).then_some(update)),
    ),
    Fault::new(
        Timing,
        "a-full-every-second-day",
        "A full update is sent on even days of the month only, after the first.",
        sends(|_, update| {
            let is_even = london().to_datetime(update.sent_at).day() % 2 == 0;
            let goes = update.kind == UpdateKind::Partial || update.sequence == 1 || is_even;
            goes.then_some(update)
        }),
    ),
    Fault::new(
        Timing,
        "a-full-carries-near-term-people-only",
        "A full update leaves out everybody who has no visit within 72 hours, after the first.",
        sends(|rostering, mut update| {
            if update.kind == UpdateKind::Full && update.sequence > 1 {
                let at = update.sent_at;
                update.service_users.retain(|user| {
                    let person = rostering.person_sent_as(&user.external_id);
                    person.is_some_and(|person| rostering.is_near_term(&person.id, at))
                });
            }
            Some(update)
        }),
    ),
    Fault::new(
        Timing,
        "visits-of-one-day-only",
        "A partial update carries the visits of the next 24 hours only.",
        sends(|_, mut update| {
            if update.kind == UpdateKind::Partial {
                update.visits_until = update.sent_at.checked_add(hours(24)).unwrap_or(update.sent_at);
                let until = update.visits_until;
                update.visits.retain(|visit| visit.starts <= until);
            }
            Some(update)
        }),
    ),
    Fault::new(
        Timing,
        "visits-beyond-the-horizon",
        "A full update carries every visit, however far ahead.",
        sends(|rostering, mut update| {
            if update.kind == UpdateKind::Full {
                update.visits_until = Timestamp::MAX;
                let far = rostering.visits().filter(|visit| rostering.stands(visit));
                update.visits = far.filter_map(|visit| as_sent(rostering, visit)).collect();
            }
            Some(update)
        }),
    ),
    Fault::new(
        Timing,
        "suspended-visits-are-sent",
        "A visit in a suspension is sent as if it stood.",
        sends(|rostering, mut update| {
            let span = update.sent_at..=update.visits_until;
            let planned = rostering.visits().filter(|visit| visit.status == rostering::VisitStatus::Planned);
            let sent = planned.filter(|visit| span.contains(&visit.starts));
            update.visits = sent.filter_map(|visit| as_sent(rostering, visit)).collect();
            Some(update)
        }),
    ),
    Fault::new(
        Timing,
        "takes-updates-in-a-quarter-of-an-hour-late",
        "ACP takes every update in 16 minutes after it arrived.",
        Way::Late(SignedDuration::from_mins(16)),
    ),
    Fault::new(
        Timing,
        "takes-updates-in-a-day-late",
        "ACP takes every update in 25 hours after it arrived.",
        Way::Late(SignedDuration::from_hours(25)),
    ),
    Fault::new(
        ClockChanges,
        "near-term-on-the-wall-clock",
        "The 72 hours to a visit are counted on the wall clock, so that an hour is wrong when the clocks change.",
        sends(|rostering, update| {
            Some(carry_near(rostering, update, |ahead, shift| {
                ahead.checked_add(shift).is_some_and(|on_the_wall| on_the_wall <= hours(72))
            }))
        }),
    ),
    Fault::new(
        ClockChanges,
        "no-full-on-the-day-of-the-clock-change",
        "The full update on the day after the clocks have changed is left out.",
        sends(|_, update| {
            let day_before = update.sent_at.checked_sub(hours(24)).unwrap_or(update.sent_at);
            let has_changed = offset(day_before) != offset(update.sent_at);
            (update.kind == UpdateKind::Partial || !has_changed).then_some(update)
        }),
    ),
    Fault::new(
        ClockChanges,
        "visits-an-hour-off-in-summer",
        "The start of a visit in summer time is kept as if it were winter time.",
        Way::Hears(|_, update| {
            for visit in &mut update.visits {
                let (starts, ends) = (visit.starts, visit.ends);
                visit.starts = starts.checked_add(offset(starts)).unwrap_or(starts);
                visit.ends = ends.checked_add(offset(starts)).unwrap_or(ends);
            }
        }),
    ),
    Fault::new(
        ClockChanges,
        "visits-of-the-spring-night-are-lost",
        "A visit on the morning after the clocks have gone forward is left out.",
        sends(|_, mut update| {
            update.visits.retain(|visit| {
                let evening_before = visit.starts.checked_sub(hours(12)).unwrap_or(visit.starts);
                offset(evening_before) >= offset(visit.starts)
            });
            Some(update)
        }),
    ),
];

const fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

/// London's distance from UTC.
fn offset(at: Timestamp) -> SignedDuration {
    SignedDuration::from_secs(i64::from(london().to_offset(at).seconds()))
}

/// Leaves out of a partial update whoever has no visit that `is_near`: given how far ahead it starts, and by how much
/// London's clock goes forward until then.
fn carry_near(
    rostering: &Rostering,
    update: Update,
    is_near: fn(SignedDuration, SignedDuration) -> bool,
) -> Update {
    let at = update.sent_at;
    carry_who(rostering, update, |visit, _| {
        let shift = offset(visit.starts).checked_sub(offset(at)).unwrap_or_default();
        at <= visit.starts && is_near(visit.starts.duration_since(at), shift)
    })
}

/// Leaves out of a partial update whoever has no standing visit of which `counts` says so, given when they last changed.
fn carry_who(
    rostering: &Rostering,
    mut update: Update,
    counts: impl Fn(&PlannedVisit, Timestamp) -> bool,
) -> Update {
    if update.kind == UpdateKind::Full {
        return update;
    }
    let stays = |user: &ServiceUser| {
        let Some(person) = rostering.person_sent_as(&user.external_id) else { return true };
        let mut visits = rostering.visits_of(&person.id).filter(|visit| rostering.stands(visit));
        visits.any(|visit| counts(visit, person.changed_at))
    };
    update.service_users.retain(stays);
    update
}

fn as_sent(rostering: &Rostering, visit: &PlannedVisit) -> Option<Visit> {
    let person = rostering.person(&visit.service_user)?;
    Some(Visit {
        id: visit.sent_id.clone(),
        service_user: person.sent_id.clone(),
        starts: visit.starts,
        ends: visit.ends,
        employee: visit.employee.as_ref().map(|employee| rostering.as_sent(employee)),
        requirement: visit.requirement.clone(),
    })
}
