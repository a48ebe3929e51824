//! Faults of visits and care plans: on the wrong record, or not at all.

use super::{Family::Visits, Fault, Way};
use acp::VisitState;
use feed::{UpdateKind, Visit};
use jiff::SignedDuration;

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Visits,
        "visits-without-a-record-are-lost",
        "A visit whose service user has no record is not kept aside.",
        Way::Hears(|inside, update| {
            update.visits.retain(|visit| inside.of(&visit.service_user).is_some());
        }),
    ),
    Fault::new(
        Visits,
        "visits-are-never-withdrawn",
        "A visit that is no longer on the roster stays in ACP.",
        Way::Hears(|_, update| {
            let moment = SignedDuration::from_millis(1);
            update.visits_until = update.sent_at.checked_sub(moment).unwrap_or(update.sent_at);
        }),
    ),
    Fault::new(
        Visits,
        "visits-keep-their-first-time",
        "A visit that was moved on the roster keeps its first time in ACP.",
        Way::Hears(|inside, update| {
            let known: Vec<Visit> =
                inside.records.values().flat_map(|it| &it.visits).map(|it| it.visit.clone()).collect();
            for visit in &mut update.visits {
                if let Some(first) = known.iter().find(|it| it.id == visit.id) {
                    (visit.starts, visit.ends) = (first.starts, first.ends);
                }
            }
        }),
    ),
    Fault::new(
        Visits,
        "visits-stay-with-their-first-person",
        "A visit that was given to somebody else stays on the first record.",
        Way::Hears(|inside, update| {
            for visit in &mut update.visits {
                let mut records = inside.records.values();
                let first = records.find(|record| record.visit(&visit.id).is_some());
                if let Some(id) = first.and_then(|record| record.external_id.clone()) {
                    visit.service_user = id;
                }
            }
        }),
    ),
    Fault::new(
        Visits,
        "visits-go-to-the-record-with-history",
        "Visits hang on the record of the same name that has care data, whatever its identifier.",
        Way::Hears(|inside, update| {
            for visit in &mut update.visits {
                let Some(own) = inside.of(&visit.service_user) else { continue };
                let name = own.synced.full_name();
                let mut same = inside.records.values().filter(|record| {
                    record.id != own.id && record.has_care_data() && record.synced.full_name() == name
                });
                if let Some(id) = same.find_map(|record| record.external_id.clone()) {
                    visit.service_user = id;
                }
            }
        }),
    ),
    Fault::new(
        Visits,
        "partials-bring-no-visits",
        "A partial update's visits are left out.",
        Way::Hears(|_, update| {
            if update.kind == UpdateKind::Partial {
                update.visits.clear();
                update.visits_until =
                    update.sent_at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(update.sent_at);
            }
        }),
    ),
    Fault::new(
        Visits,
        "visits-carried-out-go-with-an-update",
        "A visit that was carried out is gone from its record.",
        Way::Shows(|record| record.visits.retain(|held| held.state == VisitState::Planned)),
    ),
    Fault::new(
        Visits,
        "a-visit-carried-out-leaves-no-history",
        "Carrying a visit out leaves nothing in the visit history.",
        Way::Shows(|record| record.local.care.retain(|item| item.kind != acp::CareKind::VisitHistory)),
    ),
    Fault::new(
        Visits,
        "requirements-are-ignored",
        "Service requirements of Care Rostering make and end no care plans.",
        Way::Hears(|_, update| {
            for user in &mut update.service_users {
                user.requirements.clear();
            }
        }),
    ),
    Fault::new(
        Visits,
        "ended-care-plans-are-gone",
        "A care plan that has ended is no longer in the record.",
        Way::Shows(|record| record.local.care.retain(|item| item.ended.is_none())),
    ),
];
