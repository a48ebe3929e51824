//! People who are nearly one, and one person who is nearly two, among a hundred strangers: pairs that a matcher is judged
//! by in the field.

use go_live::lookalike::{Certainty, Link, Row, Rows, link};
use jiff::civil::date;
use population::mess::{Exported, Mess, Shape, acp, rostering};

const ANN: Row<'static> = Row {
    identifier: "",
    record: "",
    title: "Mrs",
    given: "Ann",
    family: "Fothergill",
    known_as: "",
    born: Some(date(1941, 4, 23)),
    nhs: "",
    postcode: "LS68 2AB",
    phones: ["0113 496 0123", ""],
    address: ["12 Church Lane", "Leeds", ""],
    says: 0,
};

/// Valid by their check digits, and never issued.
const NHS: [&str; 2] = ["9990000018", "9990000026"];

/// Links the rows among strangers, the rows first.
fn links(a: &[Row<'_>], b: &[Row<'_>]) -> Vec<Link> {
    let mess = Mess { people_seed: 77, seed: 78, n_people: 110, shape: Shape::Usual };
    let others: (Vec<Exported>, Vec<Exported>) = (rostering(&mess).collect(), acp(&mess).collect());
    let (row_a, row_b) = (|at: usize| row(a, &others.0, at), |at: usize| row(b, &others.1, at));
    let users = Rows { n_rows: a.len() + others.0.len(), row: &row_a };
    let records = Rows { n_rows: b.len() + others.1.len(), row: &row_b };
    let ours = |link: &Link| (link.a as usize) < a.len() || (link.b as usize) < b.len();
    link(&users, &records, 1).links.into_iter().filter(ours).collect()
}

fn row<'a>(first: &[Row<'a>], others: &'a [Exported], at: usize) -> Row<'a> {
    if let Some(row) = first.get(at) {
        return *row;
    }
    let of = &others[at - first.len()];
    Row {
        title: &of.title,
        given: &of.given,
        family: &of.family,
        born: of.born,
        nhs: &of.nhs,
        postcode: &of.postcode,
        phones: [&of.phones[0], &of.phones[1]],
        address: [&of.address[0], &of.address[1], &of.address[2]],
        ..Row::default()
    }
}

#[track_caller]
fn are_one(a: Row<'_>, b: Row<'_>) {
    let links = links(&[a], &[b]);
    assert!(matches!(links[..], [Link { a: 0, b: 0, .. }]), "{links:?}");
}

/// Nobody is told that they are likely one. Where neither has a counterpart, somebody may be asked.
#[track_caller]
fn are_two(a: Row<'_>, b: Row<'_>) {
    let links = links(&[a], &[b]);
    assert!(links.iter().all(|link| link.certainty != Certainty::Likely), "{links:?}");
}

#[test]
fn one_person_is_found_in_spite_of_a_slip() {
    are_one(ANN, ANN);
    are_one(ANN, Row { given: "Anne", ..ANN });
    are_one(ANN, Row { given: "Nan", ..ANN });
    are_one(ANN, Row { given: "A", ..ANN });
    are_one(ANN, Row { family: "FOTHERGIL", ..ANN });
    are_one(ANN, Row { family: "Fothergill-Smith", ..ANN });
    are_one(ANN, Row { given: "Fothergill", family: "Ann", ..ANN });
    are_one(ANN, Row { given: "", family: "Fothergill, Ann", ..ANN });
    are_one(ANN, Row { family: "Postlethwaite", ..ANN });
}

#[test]
fn one_person_is_found_under_a_date_of_birth_that_is_off() {
    are_one(Row { born: Some(date(1941, 4, 3)), ..ANN }, Row { born: Some(date(1941, 3, 4)), ..ANN });
    are_one(ANN, Row { born: Some(date(1941, 4, 28)), ..ANN });
    are_one(ANN, Row { born: Some(date(1940, 4, 23)), ..ANN });
    are_one(ANN, Row { born: Some(date(1931, 4, 23)), ..ANN });
    are_one(ANN, Row { born: None, ..ANN });
}

#[test]
fn one_person_is_found_after_a_move() {
    let moved =
        Row { postcode: "BD68 7XY", phones: ["", ""], address: ["3 Mill Road", "Bradford", ""], ..ANN };
    are_one(ANN, moved);
    are_one(ANN, Row { postcode: "", ..ANN });
    are_one(ANN, Row { postcode: "LS68 2AD", ..ANN });
}

#[test]
fn twins_are_two() {
    are_two(ANN, Row { given: "Beryl", ..ANN });
    are_two(Row { nhs: NHS[0], ..ANN }, Row { given: "Beryl", nhs: NHS[1], ..ANN });
    let (one, other) = (ANN, Row { given: "Beryl", ..ANN });
    let links = links(&[one, other], &[other, one]);
    let pairs: Vec<(u32, u32)> = links.iter().map(|link| (link.a, link.b)).collect();
    assert_eq!(pairs, [(0, 1), (1, 0)]);
}

#[test]
fn father_and_son_of_one_name_are_two() {
    let father = Row { title: "Mr", given: "John", born: Some(date(1931, 2, 11)), ..ANN };
    let son = Row { born: Some(date(1962, 9, 5)), ..father };
    are_two(father, son);
    let links = links(&[father, son], &[son, father]);
    let pairs: Vec<(u32, u32)> = links.iter().map(|link| (link.a, link.b)).collect();
    assert_eq!(pairs, [(0, 1), (1, 0)]);
}

#[test]
fn a_couple_is_two_even_if_a_date_of_birth_is_missing() {
    let husband = Row { title: "Mr", given: "George", born: Some(date(1938, 11, 30)), ..ANN };
    are_two(ANN, husband);
    are_two(ANN, Row { born: None, ..husband });
    are_two(Row { born: None, ..ANN }, Row { born: None, ..husband });
}

#[test]
fn two_valid_nhs_numbers_are_never_likely_one_person() {
    let elsewhere = Row { postcode: "BD68 7XY", phones: ["", ""], address: ["3 Mill Road", "", ""], ..ANN };
    are_two(Row { nhs: NHS[0], ..ANN }, Row { nhs: NHS[1], ..elsewhere });
    are_two(Row { nhs: NHS[0], ..ANN }, Row { nhs: NHS[1], ..ANN });
}

#[test]
fn an_nhs_number_says_more_than_a_changed_name_and_address() {
    let changed =
        Row { family: "Postlethwaite", postcode: "BD68 7XY", phones: ["", ""], address: ["", "", ""], ..ANN };
    are_one(Row { nhs: NHS[0], ..ANN }, Row { nhs: NHS[0], ..changed });
}

#[test]
fn a_second_record_of_one_person_is_found_beside_the_first() {
    let links = links(&[ANN], &[ANN, Row { given: "Annie", ..ANN }]);
    assert_eq!(links.len(), 2, "{links:?}");
}

#[test]
fn house_mates_are_two() {
    are_two(ANN, Row { given: "Ivy", family: "Zablocki", born: Some(date(1952, 8, 8)), ..ANN });
    are_two(ANN, Row { given: "Ivy", family: "Zablocki", born: None, ..ANN });
}
