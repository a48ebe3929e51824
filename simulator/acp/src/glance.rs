//! Looks ahead over a large update, all cores at once, for the service users who are simple: those whom ACP holds
//! exactly as sent, and those whom it lacks and can keep exactly as sent. Reads only. It decides nothing that `receive`
//! would decide otherwise: whoever is not simple, or no longer as seen when their turn comes, goes the whole way there.

use crate::index::Found;
use crate::ownership::differing;
use crate::receive::{Delivery, matchable, named};
use crate::{Acp, Record, RecordId, Status};
use feed::{EndDate, Field, Fields, ServiceUser, System};
use rayon::prelude::*;

/// Fewer than this and looking ahead costs more than it spares. *Assumed*, from measurement.
#[cfg(not(test))]
pub(crate) const FEWEST: usize = 1024;
/// In tests of this crate's inside, everybody is looked at ahead.
#[cfg(test)]
pub(crate) const FEWEST: usize = 1;

/// Service users that one core looks at in one go.
const STRETCH: usize = 1024;

/// What was seen of one service user in ACP as it was before the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glance {
    /// Nothing simple.
    Unclear,
    /// This record, and no other, has the identifier, and holds all that was sent.
    UpToDate(RecordId),
    /// No record has the identifier, and every value is fit as it stands. Their service was set beside the branch.
    New,
}

impl Acp {
    /// One for each service user, in their order; none where the update is small.
    pub(crate) fn glance(&self, delivery: &Delivery, service_users: &mut [ServiceUser]) -> Vec<Glance> {
        if service_users.len() < FEWEST || delivery.system == System::CareRostering {
            return Vec::new();
        }
        let stretches = service_users.par_chunks_mut(STRETCH).flat_map_iter(|stretch| {
            let mut last_matched = RecordId(0);
            stretch.iter_mut().map(move |it| self.glance_at(delivery, &mut last_matched, it))
        });
        stretches.collect()
    }

    fn glance_at(&self, delivery: &Delivery, last_matched: &mut RecordId, it: &mut ServiceUser) -> Glance {
        let ServiceUser { external_id: id, fields, requirements } = it;
        let id = &*id;
        if matchable(id, fields).is_err() || !requirements.is_empty() {
            return Glance::Unclear;
        }
        match self.find_after(last_matched, id) {
            Found::None if named(id, fields, None).is_ok() && self.can_keep(delivery, fields) => {
                let service = self.places.service_of(fields.text(Field::Branch)).cloned();
                fields.set(Field::Service, service.unwrap_or_default());
                Glance::New
            }
            Found::One(found) => match self.records.get(found) {
                Some(record) if self.holds(delivery, record, fields) => Glance::UpToDate(found),
                _ => Glance::Unclear,
            },
            Found::None | Found::Several(_) => Glance::Unclear,
        }
    }

    /// Whether a new record can take every value as it was sent.
    fn can_keep(&self, delivery: &Delivery, fields: &Fields) -> bool {
        let is_kept = |(field, value): (Field, &feed::Text)| {
            !value.is_empty()
                && !matches!(field, Field::Service | Field::EndDate)
                && field.is_written_by_sync(&delivery.settings)
                && matches!(field.fit(value), Ok(None))
        };
        let branch = fields.get(Field::Branch);
        branch.is_some_and(|branch| self.places.service_of(branch).is_some()) && fields.iter().all(is_kept)
    }

    /// Whether an active record has every value as it was sent and stands where it should.
    fn holds(&self, delivery: &Delivery, record: &Record, fields: &Fields) -> bool {
        record.status == Status::Active
            && record.held.is_none()
            && !self.is_overtaken(delivery, record)
            && delivery.settings.end_date != EndDate::Deactivates
            && fields.get(Field::Service).is_none()
            && fields.get(Field::Branch).is_some_and(|branch| {
                branch == record.branch()
                    && self.places.service_of(branch).is_some_and(|service| service == record.service())
            })
            && !record.synced.text(Field::FamilyName).trim().is_empty()
            && differing(&record.synced, fields, &delivery.settings).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Call, Outcome, Reply, SetUp};
    use feed::{ExternalId, Text, Timestamp, Update, UpdateKind};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_442_000 + second).unwrap()
    }

    fn person(id: &str, values: &[(Field, &str)]) -> ServiceUser {
        let fields = values.iter().map(|&(field, value)| (field, Text::from(value))).collect();
        ServiceUser { external_id: ExternalId::new(id), fields, requirements: Vec::new() }
    }

    fn receive(acp: &mut Acp, sequence: u32, service_users: Vec<ServiceUser>) -> Vec<Outcome> {
        let sent_at = at(i64::from(sequence));
        let update = Update {
            kind: UpdateKind::Full,
            system: System::PeoplePlanner,
            environment: 0,
            sequence,
            sent_at,
            branches: Vec::new(),
            service_users,
            visits: Vec::new(),
            visits_until: sent_at,
        };
        match acp.answer(sent_at, Call::Receive(update)) {
            Reply::Received(receipt) => receipt.decisions.into_iter().map(|it| it.outcome).collect(),
            other => panic!("not received: {other:?}"),
        }
    }

    fn desk() -> Acp {
        let mut acp = Acp::default();
        let services = vec![("Home care".into(), vec!["North".into(), "South".into()])];
        acp.answer(at(0), Call::SetUp(SetUp { services, ..SetUp::default() }));
        acp
    }

    const ADA: [(Field, &str); 2] = [(Field::FamilyName, "Okafor"), (Field::Branch, "North")];
    const MOVED: [(Field, &str); 2] = [(Field::FamilyName, "Okafor"), (Field::Branch, "South")];

    /// Everybody of one update at once, or one after the other as parts of it: the same.
    #[test]
    fn whoever_comes_twice_in_one_update_is_seen_as_they_are_by_then() {
        let people = || vec![person("A", &ADA), person("B", &ADA), person("A", &ADA), person("A", &MOVED)];
        let mut at_once = desk();
        let outcomes = receive(&mut at_once, 1, people());
        let mut in_turn = desk();
        let one_by_one: Vec<Outcome> =
            people().into_iter().flat_map(|it| receive(&mut in_turn, 1, vec![it])).collect();
        assert_eq!(outcomes, one_by_one);
        assert_eq!(at_once.records, in_turn.records);
        assert!(matches!(outcomes[2], Outcome::Matched { .. }), "{outcomes:?}");
        assert!(
            matches!(&outcomes[3], Outcome::Matched { changes, .. } if changes.len() == 1),
            "{outcomes:?}"
        );
    }

    #[test]
    fn simple_people_are_seen_as_such_and_others_are_not() {
        let mut acp = desk();
        receive(&mut acp, 1, vec![person("A", &ADA)]);
        let held = acp.records.iter().find(|record| record.external_id.is_some()).unwrap().id;
        let update = Update {
            kind: UpdateKind::Full,
            system: System::PeoplePlanner,
            environment: 0,
            sequence: 2,
            sent_at: at(2),
            branches: Vec::new(),
            service_users: Vec::new(),
            visits: Vec::new(),
            visits_until: at(2),
        };
        let delivery = Delivery::new(at(2), &update, acp.settings);
        let odd = [(Field::FamilyName, "Okafor"), (Field::Branch, "North"), (Field::DateOfBirth, "4/11/38")];
        let mut people = [
            person("A", &ADA),
            person("A", &MOVED),
            person("B", &ADA),
            person("B", &odd),
            person("B", &[(Field::FamilyName, "Okafor"), (Field::Branch, "Nowhere")]),
            person("B", &[(Field::Branch, "North")]),
            person(" ", &ADA),
        ];
        let seen = acp.glance(&delivery, &mut people);
        let mut wanted = vec![Glance::UpToDate(held), Glance::Unclear, Glance::New];
        wanted.resize(people.len(), Glance::Unclear);
        assert_eq!(seen, wanted);
    }
}
