//! Messy exports: the truth holds, a seed means the same always, and every mess occurs.

use population::mess::{Exported, Flaw, Mess, Shape, acp, rostering};
use std::collections::{BTreeMap, BTreeSet};

fn mess(n_people: u32, shape: Shape) -> Mess {
    Mess { people_seed: 5, seed: 6, n_people, shape }
}

fn exports(mess: &Mess) -> (Vec<Exported>, Vec<Exported>) {
    (rostering(mess).collect(), acp(mess).collect())
}

#[test]
fn a_larger_export_begins_with_the_smaller() {
    let ((small_a, small_b), (large_a, large_b)) =
        (exports(&mess(320, Shape::Usual)), exports(&mess(640, Shape::Usual)));
    // Identifiers on another person may be those of people that only the larger one has.
    let is_same =
        |one: &Exported, other: &Exported| one == other || one.flaws.has(Flaw::WrongPersonsIdentifier);
    assert!(small_a.iter().zip(&large_a).all(|(one, other)| is_same(one, other)));
    assert!(small_b.iter().zip(&large_b).all(|(one, other)| is_same(one, other)));
}

#[test]
fn another_seed_of_the_mess_leaves_the_people() {
    let (a, _) = exports(&mess(640, Shape::Usual));
    let (other, _) = exports(&Mess { seed: 9, ..mess(640, Shape::Usual) });
    let families = |rows: &[Exported]| {
        rows.iter().map(|row| (row.person, row.family.to_uppercase())).collect::<BTreeMap<_, _>>()
    };
    let (a, other) = (families(&a), families(&other));
    let n_same = a.iter().filter(|(person, family)| other.get(person) == Some(family)).count();
    assert!(n_same * 10 > a.len() * 8 && a != other);
}

#[test]
fn every_flaw_occurs_and_none_is_everywhere() {
    let (a, b) = exports(&mess(8000, Shape::Usual));
    for flaw in Flaw::ALL {
        let n = a.iter().chain(&b).filter(|row| row.flaws.has(*flaw)).count();
        assert!(n > 2 && n * 2 < a.len() + b.len(), "{flaw:?} {n}");
    }
}

#[test]
fn identifiers_in_rostering_are_unique_and_two_in_five_records_have_them() {
    let (a, b) = exports(&mess(8000, Shape::Usual));
    let of: BTreeMap<&str, u32> = a.iter().map(|row| (row.identifier.as_str(), row.person)).collect();
    assert_eq!(of.len(), a.len());
    let joined: Vec<bool> = b
        .iter()
        .filter_map(|row| of.get(row.identifier.as_str()).map(|person| *person == row.person))
        .collect();
    let n_right = joined.iter().filter(|right| **right).count();
    assert!((37..43).contains(&(n_right * 100 / b.len())), "{n_right}");
    assert!(n_right < joined.len() && n_right * 100 > joined.len() * 98);
}

#[test]
fn nine_in_ten_are_in_both_and_a_few_have_two_records() {
    let (a, b) = exports(&mess(8000, Shape::Usual));
    let in_rostering: BTreeSet<u32> = a.iter().map(|row| row.person).collect();
    let in_acp: BTreeSet<u32> = b.iter().map(|row| row.person).collect();
    let n_both = in_rostering.intersection(&in_acp).count();
    assert!((6950..7170).contains(&n_both), "{n_both}");
    assert!((70..140).contains(&(b.len() - in_acp.len())));
    assert_eq!(b.iter().map(|row| &row.record).collect::<BTreeSet<_>>().len(), b.len());
}

#[test]
fn without_households_no_two_share_a_house() {
    let (a, _) = exports(&mess(3000, Shape::NoHouseholds));
    let houses: BTreeSet<(&str, &str)> = a
        .iter()
        .filter(|row| !row.postcode.is_empty() && !row.address[0].is_empty())
        .map(|row| (row.postcode.as_str(), row.address[0].as_str()))
        .collect();
    let n = a.iter().filter(|row| !row.postcode.is_empty() && !row.address[0].is_empty()).count();
    assert!(n - houses.len() < 5);
}
