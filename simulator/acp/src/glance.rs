//! Looks ahead over a large update, all cores at once, for the service users who are simple: those whom ACP holds
//! exactly as sent, and those whom it lacks and can keep exactly as sent. Reads only. It decides nothing that `receive`
//! would decide otherwise: whoever is not simple, or no longer as seen when their turn comes, goes the whole way there.

use crate::index::Found;
use crate::ownership::differing;
use crate::receive::{Delivery, matchable, named};
use crate::{Acp, Record, RecordId, Status};
use feed::{EndDate, Field, Fields, ServiceUser, System, Update};
use rayon::prelude::*;

/// Fewer than this and looking ahead costs more than it spares. *Assumed*, from measurement.
const FEWEST: usize = 1024;

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

/// Whether it is worth it. Care Rostering's requirements are never simple.
pub(crate) fn is_worth_it(update: &Update) -> bool {
    update.service_users.len() >= FEWEST && update.system != System::CareRostering
}

impl Acp {
    /// One for each service user, in their order, in place of what was in `glances`.
    pub(crate) fn glance(
        &self,
        delivery: &Delivery,
        service_users: &mut [ServiceUser],
        glances: &mut Vec<Glance>,
    ) {
        glances.clear();
        glances.resize(service_users.len(), Glance::Unclear);
        let stretches = service_users.par_chunks_mut(STRETCH).zip(glances.par_chunks_mut(STRETCH));
        stretches.for_each(|(stretch, glances)| {
            let mut last_matched = RecordId(0);
            for (it, glance) in stretch.iter_mut().zip(glances) {
                *glance = self.glance_at(delivery, &mut last_matched, it);
            }
        });
    }

    fn glance_at(&self, delivery: &Delivery, last_matched: &mut RecordId, it: &mut ServiceUser) -> Glance {
        let ServiceUser { external_id: id, fields, requirements } = it;
        let id = &*id;
        if matchable(id, fields).is_err() || !requirements.is_empty() {
            return Glance::Unclear;
        }
        match self.find_after(last_matched, id) {
            Found::None if named(id, fields, None).is_ok() && can_keep(delivery, fields) => {
                match self.places.service_of(fields.text(Field::Branch)) {
                    Some(service) => {
                        fields.set(Field::Service, service.clone());
                        Glance::New
                    }
                    None => Glance::Unclear,
                }
            }
            Found::One(found) => match self.records.get(found) {
                Some(record) if self.holds(delivery, record, fields) => Glance::UpToDate(found),
                _ => Glance::Unclear,
            },
            Found::None | Found::Several(_) => Glance::Unclear,
        }
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

/// Whether a new record can take every value as it was sent.
fn can_keep(delivery: &Delivery, fields: &Fields) -> bool {
    fields.iter().all(|(field, value)| {
        !value.is_empty()
            && !matches!(field, Field::Service | Field::EndDate)
            && field.is_written_by_sync(&delivery.settings)
            && matches!(field.fit(value), Ok(None))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Call, Decision, SetUp};
    use feed::{
        AbsentField, ExternalId, IdentifierMatching, NewBranch, Settings, Text, Timestamp, UpdateKind,
    };

    /// A linear congruential generator (constants of Knuth's MMIX).
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }

        fn pick<T: Copy>(&mut self, all: &[T]) -> T {
            all[self.roll(all.len())]
        }
    }

    fn at(second: u32) -> Timestamp {
        Timestamp::from_second(1_772_442_000 + i64::from(second)).unwrap()
    }

    fn person(id: &str, values: &[(Field, &str)]) -> ServiceUser {
        let fields = values.iter().map(|&(field, value)| (field, Text::from(value))).collect();
        ServiceUser { external_id: ExternalId::new(id), fields, requirements: Vec::new() }
    }

    fn update(environment: u8, sequence: u32, service_users: Vec<ServiceUser>) -> Update {
        let sent_at = at(sequence);
        Update {
            kind: UpdateKind::Full,
            system: System::PeoplePlanner,
            environment,
            sequence,
            sent_at,
            branches: Vec::new(),
            service_users,
            visits: Vec::new(),
            visits_until: sent_at,
        }
    }

    fn tenant(settings: Settings) -> Acp {
        let mut acp = Acp::default();
        let services = vec![("Home care".into(), vec!["North".into(), "South".into()])];
        acp.answer(at(0), Call::SetUp(SetUp { settings, services, ..SetUp::default() }));
        acp
    }

    fn take(acp: &mut Acp, looks_ahead: bool, update: Update) -> Vec<Decision> {
        let mut delivery = Delivery::new(update.sent_at, &update, acp.settings);
        delivery.looks_ahead = looks_ahead;
        acp.decide_all(&mut delivery, update.service_users)
    }

    /// People who are mostly simple, and mostly the same; the one in the middle of a run who is not, and the one who
    /// comes twice, are what may go wrong.
    fn somebody(dice: &mut Dice) -> ServiceUser {
        const FAMILY: [&str; 4] = ["Okafor", "Okafor", "Novak", ""];
        const BRANCH: [&str; 6] = ["North", "North", "North", "South", "South", "Nowhere"];
        const BORN: [&str; 4] = ["1938-11-04", "1938-11-04", "1938-11-4", "a\0"];
        let id = format!("SU-{:02}", dice.roll(40));
        let id = if dice.roll(12) == 0 { format!(" {id}") } else { id };
        let mut values = vec![(Field::FamilyName, dice.pick(&FAMILY)), (Field::Branch, dice.pick(&BRANCH))];
        if dice.roll(3) == 0 {
            values.push((Field::DateOfBirth, dice.pick(&BORN)));
        }
        if dice.roll(8) == 0 {
            values.push((Field::EndDate, dice.pick(&["2026-01-01", "2030-01-01", ""])));
        }
        person(&id, &values)
    }

    /// Looking ahead spares time and changes nothing: the same decisions, the same records, the same index.
    #[test]
    fn who_is_looked_at_ahead_is_decided_as_in_their_turn() {
        let (mut n_created, mut n_up_to_date) = (0, 0);
        for seed in 1..=400 {
            let mut dice = Dice(seed);
            let settings = Settings {
                identifier_matching: dice.pick(IdentifierMatching::ALL),
                new_branch: dice.pick(NewBranch::ALL),
                end_date: dice.pick(EndDate::ALL),
                absent_field: dice.pick(AbsentField::ALL),
                ..Settings::default()
            };
            let (mut ahead, mut in_turn) = (tenant(settings), tenant(settings));
            for round in 1..=6 {
                let people: Vec<ServiceUser> = (0..dice.roll(60)).map(|_| somebody(&mut dice)).collect();
                // Now and then an old update comes late, or another environment has the same people.
                let sequence = if dice.roll(4) == 0 { round.max(3) - 2 } else { round };
                let update = update(u8::from(dice.roll(5) == 0), sequence, people);
                let seen = take(&mut ahead, true, update.clone());
                assert_eq!(seen, take(&mut in_turn, false, update), "seed {seed}, round {round}");
                assert_eq!(ahead, in_turn, "seed {seed}, round {round}");
                n_created +=
                    seen.iter().filter(|it| matches!(it.outcome, crate::Outcome::Created { .. })).count();
                n_up_to_date += seen.iter().filter(|it| is_up_to_date(it)).count();
            }
        }
        assert!(n_created > 4_000 && n_up_to_date > 4_000, "{n_created} created, {n_up_to_date} up to date");
    }

    fn is_up_to_date(decision: &Decision) -> bool {
        matches!(&decision.outcome, crate::Outcome::Matched { changes, .. } if changes.is_empty())
    }

    #[test]
    fn simple_people_are_seen_as_such_and_others_are_not() {
        const ADA: [(Field, &str); 2] = [(Field::FamilyName, "Okafor"), (Field::Branch, "North")];
        let mut acp = tenant(Settings::default());
        take(&mut acp, false, update(0, 1, vec![person("A", &ADA)]));
        let held = acp.records.iter().find(|record| record.external_id.is_some()).unwrap().id;
        let update = update(0, 2, Vec::new());
        let delivery = Delivery::new(at(2), &update, acp.settings);
        let odd = [(Field::FamilyName, "Okafor"), (Field::Branch, "North"), (Field::DateOfBirth, "4/11/38")];
        let mut people = [
            person("A", &ADA),
            person("A", &[(Field::FamilyName, "Okafor"), (Field::Branch, "South")]),
            person("B", &ADA),
            person("B", &odd),
            person("B", &[(Field::FamilyName, "Okafor"), (Field::Branch, "Nowhere")]),
            person("B", &[(Field::Branch, "North")]),
            person(" ", &ADA),
        ];
        let mut seen = Vec::new();
        acp.glance(&delivery, &mut people, &mut seen);
        let mut wanted = vec![Glance::UpToDate(held), Glance::Unclear, Glance::New];
        wanted.resize(people.len(), Glance::Unclear);
        assert_eq!(seen, wanted);
    }
}
