//! Look-alikes on invented exports: floors on how well they are found, and what must never depend on anything.

use go_live::lookalike::{Certainty, Links, Row, Rows, Trust, link};
use jiff::civil::date;
use population::mess::{Exported, Mess, Shape, acp, rostering};

struct Exports {
    a: Vec<Exported>,
    b: Vec<Exported>,
}

impl Exports {
    fn of(seed: u64, n_people: u32, shape: Shape) -> Exports {
        let mess = Mess { people_seed: seed, seed: seed + 1, n_people, shape };
        Exports { a: rostering(&mess).collect(), b: acp(&mess).collect() }
    }

    fn link(&self, jobs: usize) -> Links {
        linked(&self.a, &self.b, jobs)
    }

    fn is_one_person(&self, a: u32, b: u32) -> bool {
        self.a[a as usize].person == self.b[b as usize].person
    }

    fn n_true(&self) -> usize {
        let mut persons: Vec<u32> = self.a.iter().map(|row| row.person).collect();
        persons.sort_unstable();
        self.b.iter().filter(|row| persons.binary_search(&row.person).is_ok()).count()
    }
}

fn linked(a: &[Exported], b: &[Exported], jobs: usize) -> Links {
    let (row_a, row_b) = (|at: usize| row(&a[at]), |at: usize| row(&b[at]));
    link(&Rows { n_rows: a.len(), row: &row_a }, &Rows { n_rows: b.len(), row: &row_b }, jobs)
}

/// Without the identifier: demographics alone have to do.
fn row(of: &Exported) -> Row<'_> {
    Row {
        identifier: "",
        record: &of.record,
        title: &of.title,
        given: &of.given,
        family: &of.family,
        known_as: &of.known_as,
        born: of.born,
        nhs: &of.nhs,
        postcode: &of.postcode,
        phones: [&of.phones[0], &of.phones[1]],
        address: [&of.address[0], &of.address[1], &of.address[2]],
        says: 0,
    }
}

/// Precision, recall and their mean.
fn quality(exports: &Exports, links: &Links) -> (f64, f64, f64) {
    let right = links.links.iter().filter(|link| exports.is_one_person(link.a, link.b)).count();
    let of = |n: usize| f64::from(u32::try_from(n).expect("small files"));
    let (precision, recall) = (of(right) / of(links.links.len()), of(right) / of(exports.n_true()));
    (precision, recall, 2.0 * precision * recall / (precision + recall))
}

#[test]
fn a_thousand_people_are_found_again_whatever_the_seed_and_shape() {
    for (seed, shape, floor) in [
        (101, Shape::Usual, 0.985),
        (102, Shape::Usual, 0.985),
        (103, Shape::NoHouseholds, 0.985),
        (104, Shape::Sparse, 0.96),
    ] {
        let exports = Exports::of(seed, 1000, shape);
        let links = exports.link(2);
        let (precision, recall, f1) = quality(&exports, &links);
        assert!(f1 >= floor, "{seed} {shape:?}: P {precision:.4} R {recall:.4} F1 {f1:.4}");
    }
}

#[test]
fn two_hundred_people_are_too_few_to_learn_from_and_are_still_found() {
    let exports = Exports::of(105, 200, Shape::Usual);
    let links = exports.link(2);
    assert_eq!(links.trust, Trust::Small);
    let (.., f1) = quality(&exports, &links);
    assert!(f1 >= 0.97, "{f1:.4}");
}

#[test]
fn what_is_called_likely_is_right() {
    let exports = Exports::of(106, 5000, Shape::Usual);
    let links = exports.link(2);
    let likely: Vec<_> = links.links.iter().filter(|link| link.certainty == Certainty::Likely).collect();
    let wrong = likely.iter().filter(|link| !exports.is_one_person(link.a, link.b)).count();
    assert!(wrong * 1000 <= likely.len(), "{wrong} of {}", likely.len());
    assert!(likely.len() * 100 >= exports.n_true() * 95, "{} of {}", likely.len(), exports.n_true());
}

#[test]
fn as_many_are_found_as_are_expected() {
    let exports = Exports::of(107, 5000, Shape::Usual);
    let n_true = f64::from(u32::try_from(exports.n_true()).expect("small files"));
    let expected = exports.link(2).expected;
    assert!((expected / n_true - 1.0).abs() < 0.01, "{expected} of {n_true}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let exports = Exports::of(108, 3000, Shape::Usual);
    let told = |links: &Links| {
        format!("{:?} {:?} {} {:?}", links.links, links.joined, links.expected, links.weights)
    };
    assert_eq!(told(&exports.link(1)), told(&exports.link(4)));
}

#[test]
fn the_order_of_rows_changes_nothing_but_their_numbers() {
    let exports = Exports::of(109, 3000, Shape::Usual);
    let mut turned = Exports { a: exports.a.clone(), b: exports.b.clone() };
    turned.a.reverse();
    turned.b.rotate_left(1234);
    let told = |exports: &Exports, links: &Links| {
        let mut told: Vec<String> = links
            .links
            .iter()
            .map(|link| {
                let (a, b) = (&exports.a[link.a as usize], &exports.b[link.b as usize]);
                format!(
                    "{} {} {:?}",
                    a.person,
                    b.record,
                    (link.weight, link.standing, link.certainty, link.ahead_by)
                )
            })
            .collect();
        told.sort();
        (told, format!("{:?} {:?}", links.expected, links.weights))
    };
    assert_eq!(told(&exports, &exports.link(2)), told(&turned, &turned.link(2)));
}

#[test]
fn an_identifier_on_another_person_is_seen_and_one_on_the_same_person_is_not() {
    let Exports { mut a, mut b } = Exports::of(110, 2000, Shape::Usual);
    for row in a.iter_mut().chain(&mut b) {
        row.identifier = format!("{:07}", row.person);
    }
    // Two records that have changed identifiers.
    let (one, other) = (b[100].identifier.clone(), b[900].identifier.clone());
    (b[100].identifier, b[900].identifier) = (other, one);
    let row_of = |row: &Exported| -> Row<'static> { leaked(row) };
    let (row_a, row_b) = (|at: usize| row_of(&a[at]), |at: usize| row_of(&b[at]));
    let links = link(&Rows { n_rows: a.len(), row: &row_a }, &Rows { n_rows: b.len(), row: &row_b }, 2);
    let told: Vec<u32> = links.joined.iter().filter(|it| it.may_be_another_person()).map(|it| it.b).collect();
    let expected: Vec<u32> =
        [100, 900].into_iter().filter(|b_at| links.joined.iter().any(|it| it.b == *b_at)).collect();
    assert!(!expected.is_empty() && expected.iter().all(|it| told.contains(it)), "{told:?}");
    assert!(told.len() <= expected.len() + 2, "{told:?}");
}

/// Rows of a test live as long as it.
fn leaked(row: &Exported) -> Row<'static> {
    let of: &'static Exported = Box::leak(Box::new(row.clone()));
    Row { identifier: &of.identifier, ..self::row(of) }
}

#[test]
fn ten_thousand_rows_of_one_date_one_name_and_one_postcode_do_not_explode() {
    let given: Vec<String> = (0..10_000).map(|at| format!("Name{at}")).collect();
    let row = |at: usize| Row {
        given: &given[at],
        family: "Smith",
        born: Some(date(1940, 5, 6)),
        postcode: "LS1 1AA",
        phones: ["0113 496 0000", ""],
        address: ["1 High Street", "", ""],
        ..Row::default()
    };
    let rows = Rows { n_rows: given.len(), row: &row };
    let links = link(&rows, &rows, 2);
    assert!(links.n_pairs < 2_000_000, "{}", links.n_pairs);
    assert!(!links.too_common.is_empty());
}

#[test]
fn empty_files_and_empty_rows_are_no_trouble() {
    let row = |_: usize| Row::default();
    for (n_a, n_b) in [(0, 0), (0, 5), (5, 0), (600, 600)] {
        let links = link(&Rows { n_rows: n_a, row: &row }, &Rows { n_rows: n_b, row: &row }, 2);
        assert!(links.links.is_empty() && links.joined.is_empty());
    }
}

#[test]
fn files_of_strangers_are_not_linked() {
    let (one, other) = (Exports::of(111, 2000, Shape::Usual), Exports::of(999, 2000, Shape::Usual));
    let links = linked(&one.a, &other.b, 2);
    assert!(
        links.links.len() < 10,
        "{} links, expected {}, {:?}",
        links.links.len(),
        links.expected,
        links.trust
    );
}
