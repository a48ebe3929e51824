//! What holds for every invented person, and how they hang together.

use feed::{Field, NhsNumber};
use population::{Invented, Kin, THIS_YEAR, people};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

const SEED: u64 = 20_260_302;
const MANY: u32 = 20_000;

fn many() -> &'static [Invented] {
    static ALL: OnceLock<Vec<Invented>> = OnceLock::new();
    ALL.get_or_init(|| people(SEED, 0..MANY).collect())
}

fn households(people: &[Invented]) -> BTreeMap<u32, Vec<&Invented>> {
    let mut households: BTreeMap<u32, Vec<&Invented>> = BTreeMap::new();
    for person in people {
        households.entry(person.household).or_default().push(person);
    }
    households
}

fn of_kin(people: &[Invented], kin: Kin) -> Vec<Vec<&Invented>> {
    let of_kin = |household: &Vec<&Invented>| household[0].kin == kin && household.len() > 1;
    households(people).into_values().filter(of_kin).collect()
}

fn text(person: &Invented, field: Field) -> &str {
    person.fields.text(field)
}

fn born(person: &Invented) -> jiff::civil::Date {
    text(person, Field::DateOfBirth).parse().expect("it is written as a date")
}

#[test]
fn a_person_is_the_same_whoever_else_is_asked_for() {
    let all: Vec<Invented> = people(SEED, 0..600).collect();
    for range in [0..1, 1..2, 15..17, 16..32, 30..31, 599..600, 7..600, 33..33] {
        let some: Vec<Invented> = people(SEED, range.clone()).collect();
        assert_eq!(some, all[range.start as usize..range.end as usize], "{range:?}");
    }
}

#[test]
fn the_last_people_that_a_number_can_name_can_be_asked_for() {
    let last: Vec<Invented> = people(SEED, u32::MAX - 3..u32::MAX).collect();
    let ids: Vec<&str> = last.iter().map(|person| person.external_id.as_str()).collect();
    assert_eq!(ids, ["SU-4294967293", "SU-4294967294", "SU-4294967295"]);
}

/// What seed 1 means: number, name, date of birth and NHS number, address and telephone. A change here changes
/// every scenario that has a population.
const SOME_OF_SEED_1: &[(u32, &str, &str, &str)] = &[
    (0, "Krystyna Wieczorek", "1946-07-03 9999187447", "37 High Lane, London, SE68 5ZX, 020 7946 0449"),
    (14, "Bolesław Zając", "1931-09-05 9995712067", "46 Moorside Road, Leeds, LS67 7ZU, 0113 496 0938"),
    (27, "Cecil Price", "1944-04-27 ", "Flat 27, Buttermere Gardens, Liverpool, L57 9YB, "),
    (51, "Talaith Griffiths", "1950-09-16 9994384279", "26 New Road, Swansea, SA57 4LT, 01632 960433"),
    (
        999_999,
        "Bertram Foster",
        "1933-05-03 9993007110",
        "20 Balmoral Court, Reading, RG68 5BZ, 07700 900141",
    ),
];

#[test]
fn a_seed_gives_the_same_people_on_every_machine_and_in_every_release() {
    for &(number, name, numbers, address) in SOME_OF_SEED_1 {
        let person = people(1, number..number + 1).next().expect("one was asked for");
        let text = |field| person.fields.text(field);
        let told = [Field::AddressLine1, Field::AddressLine3, Field::Postcode, Field::Phone].map(text);
        assert_eq!(person.fields.full_name(), name);
        assert_eq!(format!("{} {}", text(Field::DateOfBirth), text(Field::NhsNumber)), numbers);
        assert_eq!(told.join(", "), address);
    }
}

#[test]
fn another_seed_gives_other_people() {
    let names = |seed| people(seed, 0..50).map(|person| person.fields.full_name()).collect::<Vec<_>>();
    assert_ne!(names(1), names(2));
}

#[test]
fn identifiers_are_unique() {
    let ids: BTreeSet<String> = many().iter().map(|person| person.external_id.to_string()).collect();
    assert_eq!(ids.len(), MANY as usize);
}

#[test]
fn every_value_is_fit_for_its_field_and_nothing_is_empty() {
    for person in many() {
        for (field, value) in person.fields.iter() {
            assert_eq!(field.read(value).as_ref(), Ok(value), "{field:?}");
            assert!(!value.is_empty() && value.trim() == value, "{field:?} {value:?}");
        }
        for field in
            [Field::GivenName, Field::FamilyName, Field::DateOfBirth, Field::Postcode, Field::AddressLine1]
        {
            assert!(person.fields.get(field).is_some(), "{} has no {}", person.external_id, field.text());
        }
        for field in [Field::Branch, Field::Service, Field::EndDate] {
            assert_eq!(person.fields.get(field), None);
        }
    }
}

#[test]
fn nhs_numbers_are_valid_never_issued_and_unique_and_nine_in_ten_have_one() {
    let numbers: Vec<NhsNumber> = many()
        .iter()
        .filter_map(|person| person.fields.get(Field::NhsNumber))
        .map(|number| NhsNumber::read(number).expect("it is valid"))
        .collect();
    assert!(numbers.iter().all(|number| number.is_synthetic()));
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    let per_mille = numbers.len() * 1000 / MANY as usize;
    assert!((890..930).contains(&per_mille), "{per_mille}");
}

#[test]
fn nhs_numbers_stay_unique_up_to_a_million_people() {
    let far = people(SEED, 990_000..1_000_000).chain(people(SEED, 0..10_000));
    let numbers: Vec<String> =
        far.filter_map(|person| person.fields.get(Field::NhsNumber).map(ToString::to_string)).collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
}

/// `A9 9AA`, `A99 9AA`, `AA9 9AA` or `AA99 9AA`; the last two letters without C, I, K, M, O and V.
fn is_well_formed(postcode: &str) -> bool {
    let Some((outward, inward)) = postcode.split_once(' ') else { return false };
    let n_letters = outward.chars().take_while(char::is_ascii_uppercase).count();
    let district = &outward[n_letters..];
    let letters = |text: &str| text.chars().all(|c| c.is_ascii_uppercase() && !"CIKMOV".contains(c));
    (1..=2).contains(&n_letters)
        && (1..=2).contains(&district.len())
        && district.bytes().all(|c| c.is_ascii_digit())
        && inward.len() == 3
        && inward.as_bytes()[0].is_ascii_digit()
        && letters(&inward[1..])
}

#[test]
fn postcodes_are_well_formed() {
    for person in many() {
        assert!(is_well_formed(text(person, Field::Postcode)), "{}", text(person, Field::Postcode));
    }
    assert!(!is_well_formed("LS6 1CA") && !is_well_formed("LS61AB") && !is_well_formed("LS166 1AB"));
}

/// Ofcom's numbers for drama, each range of 1000 by its beginning.
const DRAMA: &[&str] = &[
    "0113 496 0",
    "0114 496 0",
    "0115 496 0",
    "0116 496 0",
    "0117 496 0",
    "0118 496 0",
    "0121 496 0",
    "0131 496 0",
    "0141 496 0",
    "0151 496 0",
    "0161 496 0",
    "020 7946 0",
    "0191 498 0",
    "028 9649 6",
    "029 2018 0",
    "01632 960",
    "07700 900",
];

#[test]
fn telephone_numbers_are_ofcoms_for_drama_and_of_the_right_town() {
    for person in many() {
        for field in [Field::Phone, Field::SecondPhone] {
            let Some(number) = person.fields.get(field) else { continue };
            let begins = DRAMA.iter().find_map(|begins| number.strip_prefix(begins));
            let rest = begins.unwrap_or_else(|| panic!("{number} is of no range for drama"));
            assert!(rest.len() == 3 && rest.bytes().all(|c| c.is_ascii_digit()), "{number}");
            if number.starts_with("0113") {
                assert_eq!(text(person, Field::AddressLine3), "Leeds");
                assert!(text(person, Field::Postcode).starts_with("LS"));
            }
        }
    }
}

#[test]
fn a_household_shares_address_and_line_and_is_as_large_as_its_kin_says() {
    let people = many();
    let mut last = None;
    for (household, members) in households(people) {
        if household + members[0].kin.size() > MANY {
            continue;
        }
        assert_eq!(members.len(), members[0].kin.size() as usize);
        assert_eq!(
            members.iter().map(|it| usize::from(it.place)).collect::<Vec<_>>(),
            (0..members.len()).collect::<Vec<_>>()
        );
        for field in
            [Field::AddressLine1, Field::AddressLine2, Field::AddressLine3, Field::County, Field::Postcode]
        {
            assert!(members.iter().all(|it| text(it, field) == text(members[0], field)));
        }
        last = last.max(Some(members.len()));
    }
    assert_eq!(last, Some(3));
}

#[test]
fn every_kin_occurs() {
    let kin: BTreeSet<Kin> = many().iter().map(|person| person.kin).collect();
    assert_eq!(kin.len(), 8);
}

#[test]
fn twins_share_birthday_family_name_and_address_but_neither_given_name_nor_nhs_number() {
    let people = many();
    let twins = of_kin(people, Kin::Twins);
    assert!(twins.len() > 20);
    for pair in twins {
        let [one, other] = pair[..] else { panic!("twins are two") };
        for field in [Field::DateOfBirth, Field::FamilyName, Field::AddressLine1, Field::Postcode] {
            assert_eq!(text(one, field), text(other, field));
        }
        assert_ne!(text(one, Field::GivenName), text(other, Field::GivenName));
        let (one, other) = (one.fields.get(Field::NhsNumber), other.fields.get(Field::NhsNumber));
        assert!(one.is_none() || one != other);
    }
}

#[test]
fn a_son_is_a_generation_younger_and_often_has_his_fathers_whole_name() {
    let people = many();
    let pairs = of_kin(people, Kin::FatherAndSon);
    let mut n_namesakes = 0;
    for pair in &pairs {
        let (father, son) = (pair[0], pair[1]);
        assert!((24..=38).contains(&(born(son).year() - born(father).year())));
        assert_eq!(text(father, Field::FamilyName), text(son, Field::FamilyName));
        n_namesakes += usize::from(father.fields.full_name() == son.fields.full_name());
    }
    assert!(n_namesakes * 10 > pairs.len() * 4 && n_namesakes < pairs.len());
}

#[test]
fn nearly_all_couples_share_a_family_name_and_some_do_not() {
    let people = many();
    let couples = of_kin(people, Kin::Couple);
    let n_shared =
        couples.iter().filter(|it| text(it[0], Field::FamilyName) == text(it[1], Field::FamilyName)).count();
    assert!(n_shared * 100 > couples.len() * 85 && n_shared < couples.len());
}

#[test]
fn people_are_adults_and_old_mostly() {
    let ages: Vec<i16> = many().iter().map(|person| THIS_YEAR - born(person).year()).collect();
    assert!(ages.iter().all(|age| (18..=106).contains(age)));
    let n_older = ages.iter().filter(|age| **age >= 65).count();
    assert!((80..92).contains(&(n_older * 100 / ages.len())));
}

#[test]
fn names_are_of_many_origins_and_no_family_name_is_everywhere() {
    let people = many();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for person in people {
        *counts.entry(text(person, Field::FamilyName)).or_default() += 1;
    }
    for name in ["Smith", "Patel", "Khan", "Kaur", "Okafor", "Nowak", "Wong", "O'Brien", "Begum"] {
        assert!(counts.contains_key(name), "{name}");
    }
    assert!(counts.len() > 2500, "{} family names", counts.len());
    let most = counts.values().max().copied().unwrap_or(0);
    assert!((100..400).contains(&most), "the most frequent occurs {most} times in {MANY}");
    assert!(people.iter().any(|person| !text(person, Field::FamilyName).is_ascii()));
}

#[test]
fn a_scheme_is_one_building_with_many_flats() {
    let people = many();
    let mut flats: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for person in people.iter().filter(|it| it.fields.get(Field::AddressLine2).is_some()) {
        let building = (text(person, Field::AddressLine2), text(person, Field::Postcode));
        flats.entry(building).or_default().insert(text(person, Field::AddressLine1));
    }
    assert!(flats.values().any(|flats| flats.len() >= 10));
}
