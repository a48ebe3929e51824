//! Invented branches and visits.

use feed::{VisitId, london};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use population::{InventedVisit, branch_of, branches, people, visits};
use std::collections::{BTreeMap, BTreeSet};

const SEED: u64 = 7;
const MONDAY: Date = date(2026, 3, 2);

fn day_of(visit: &InventedVisit) -> Date {
    london().to_datetime(visit.starts).date()
}

#[test]
fn branches_have_different_names_and_a_larger_set_begins_with_the_smaller() {
    let many = branches(SEED, 400);
    assert_eq!(many.iter().collect::<BTreeSet<_>>().len(), 400);
    assert_eq!(branches(SEED, 12), many[..12]);
    assert!(branches(SEED, 0).is_empty());
    assert_ne!(branches(SEED, 5), branches(SEED + 1, 5));
}

#[test]
fn a_household_has_one_branch_and_every_branch_somebody() {
    for n in [1, 12, 46, 100] {
        let mut homes: BTreeMap<u32, u32> = BTreeMap::new();
        for person in people(SEED, 0..20_000) {
            let branch = branch_of(SEED, &person, n).expect("there are branches");
            assert_eq!(*homes.entry(person.household).or_insert(branch), branch);
        }
        assert_eq!(homes.values().collect::<BTreeSet<_>>().len(), n as usize, "of {n}");
        assert!(homes.values().all(|branch| *branch < n));
    }
}

#[test]
fn without_branches_nobody_has_one() {
    let person = people(SEED, 0..1).next().expect("one was asked for");
    assert_eq!(branch_of(SEED, &person, 0), None);
}

#[test]
fn with_enough_branches_everybody_is_looked_after_in_their_own_town() {
    let names = branches(SEED, 100);
    for person in people(SEED, 0..2000) {
        let branch = branch_of(SEED, &person, 100).expect("there are branches");
        let town = person.fields.text(feed::Field::AddressLine3);
        assert!(names[branch as usize].starts_with(town), "{town}: {}", names[branch as usize]);
    }
}

#[test]
fn visits_depend_on_nobody_else_and_on_no_other_day() {
    let all: Vec<InventedVisit> = visits(SEED, 0..40, MONDAY, 7).collect();
    let one: Vec<InventedVisit> = visits(SEED, 17..18, MONDAY, 7).collect();
    let of_one = |visit: &&InventedVisit| visit.service_user.as_str() == "SU-000018";
    assert!(!one.is_empty());
    assert_eq!(one, all.iter().filter(of_one).cloned().collect::<Vec<_>>());
    let wednesday = date(2026, 3, 4);
    let on_wednesday: Vec<InventedVisit> = visits(SEED, 0..40, wednesday, 1).collect();
    assert_eq!(on_wednesday, all.into_iter().filter(|it| day_of(it) == wednesday).collect::<Vec<_>>());
}

#[test]
fn visit_ids_are_unique_and_say_who_and_when() {
    let ids: Vec<VisitId> = visits(SEED, 0..500, MONDAY, 14).map(|visit| visit.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(ids.iter().any(|id| id.as_str() == "V-000001-20260302-1"), "{:?}", &ids[..3]);
}

#[test]
fn everybody_has_a_visit_within_a_week_and_at_most_four_a_day() {
    let mut per_day: BTreeMap<(String, Date), usize> = BTreeMap::new();
    for visit in visits(SEED, 0..500, MONDAY, 7) {
        *per_day.entry((visit.service_user.to_string(), day_of(&visit))).or_default() += 1;
    }
    assert!(per_day.values().all(|n| (1..=4).contains(n)));
    assert_eq!(per_day.keys().map(|(who, _)| who).collect::<BTreeSet<_>>().len(), 500);
}

#[test]
fn some_are_visited_once_or_three_times_a_week_and_most_every_day() {
    let mut per_person: BTreeMap<String, BTreeSet<Date>> = BTreeMap::new();
    for visit in visits(SEED, 0..500, MONDAY, 7) {
        per_person.entry(visit.service_user.to_string()).or_default().insert(day_of(&visit));
    }
    let n_with = |n_days| per_person.values().filter(|days| days.len() == n_days).count();
    assert_eq!(n_with(1) + n_with(3) + n_with(7), 500);
    assert!(n_with(1) > 20 && n_with(3) > 20 && n_with(7) > 350);
    let three = per_person.values().find(|days| days.len() == 3).expect("there are some");
    assert!(three.iter().eq([MONDAY, date(2026, 3, 4), date(2026, 3, 6)].iter()));
}

#[test]
fn a_visit_keeps_its_time_on_the_wall_over_a_clock_change() {
    let before: Vec<InventedVisit> = visits(SEED, 0..100, date(2026, 3, 21), 1).collect();
    let after: Vec<InventedVisit> = visits(SEED, 0..100, date(2026, 3, 28), 8).collect();
    let time = |visit: &InventedVisit| london().to_datetime(visit.starts).time();
    for visit in &before {
        let later = after.iter().rfind(|it| it.service_user == visit.service_user && time(it) == time(visit));
        let later = later.expect("the week repeats");
        assert!(later.starts.duration_since(visit.starts) <= SignedDuration::from_hours(14 * 24 - 1));
    }
    assert!(after.iter().all(|visit| visit.lasts > SignedDuration::ZERO && !visit.employee.is_empty()));
}
