//! Two cards to a pattern. It looks at the two cards and their names, at nothing else, and weighs nothing.

use super::card::{Born, Card, parts};
use super::jaro;
use super::levels::{Birth, Family, Given, Home, Nhs, Pattern, Sex};
use super::names::{Name, NameId, Names};
use super::{number, postcode};

/// Jaro-Winkler similarity from which two names are taken for slips of one. *Assumed*, as Splink's examples have it.
const CLOSE: f32 = 0.92;
/// From which they are alike. *Assumed*, as above.
const LIKE: f32 = 0.80;

pub(crate) fn compare(a: &Card, b: &Card, names: &Names) -> Pattern {
    let (given, family) = match (given(a, b, names), family(a, b, names)) {
        (Given::Differs | Given::Like, Family::Differs | Family::Like) if are_swapped(a, b, names) => {
            (Given::Swapped, Family::Missing)
        }
        levels => levels,
    };
    // Given names tell the sex as titles do: where they are alike, a title adds nothing.
    let sex = match given {
        Given::Missing | Given::Initial | Given::Differs => sex(a, b),
        _ => Sex::Missing,
    };
    Pattern::new(given, family, birth(a, b), nhs(a, b), home(a, b), sex)
}

fn given(a: &Card, b: &Card, names: &Names) -> Given {
    if a.given == 0 || b.given == 0 {
        return Given::Missing;
    }
    if a.given == b.given {
        return if names.is_initial(a.given) { Given::Initial } else { Given::Same };
    }
    if names.are_forms_of_one(a.given, b.given) || is_also(a, b) {
        return Given::Form;
    }
    if names.is_initial(a.given) || names.is_initial(b.given) {
        let fits = names.initial(a.given) == names.initial(b.given);
        return if fits { Given::Initial } else { Given::Differs };
    }
    let (one, other) = (names.get(a.given), names.get(b.given));
    if is_beginning(&one.word, &other.word) {
        return Given::Form;
    }
    match likeness(one, other) {
        Likeness::Same => Given::Same,
        Likeness::Close => Given::Close,
        Likeness::Like => Given::Like,
        Likeness::None if names.sound(a.given) == names.sound(b.given) => Given::Like,
        Likeness::None => Given::Differs,
    }
}

/// The known-as or middle name of one is the given name of the other.
fn is_also(a: &Card, b: &Card) -> bool {
    (a.also != 0 && a.also == b.given) || (b.also != 0 && b.also == a.given)
}

/// `chris` is the beginning of `christabel`. Three letters at least.
fn is_beginning(one: &jaro::Word, other: &jaro::Word) -> bool {
    let n = jaro::len(one).min(jaro::len(other));
    n >= 3 && jaro::n_same_at_first(one, other) >= n
}

fn family(a: &Card, b: &Card, names: &Names) -> Family {
    if a.family == 0 || b.family == 0 {
        return Family::Missing;
    }
    if a.family == b.family {
        return Family::Same;
    }
    let (one, other) = (names.get(a.family), names.get(b.family));
    match likeness(one, other) {
        Likeness::Same => return Family::Same,
        Likeness::Close => return Family::Close,
        Likeness::Like if !is_part(a, b, names) => return Family::Like,
        Likeness::None if names.sound(a.family) == names.sound(b.family) && !is_part(a, b, names) => {
            return Family::Like;
        }
        _ => {}
    }
    if is_part(a, b, names) { Family::Part } else { Family::Differs }
}

fn is_part(a: &Card, b: &Card, names: &Names) -> bool {
    let is_in = |id: NameId, card: &Card| {
        id != 0 && (id == card.former || id == card.family || names.parts(card.family).contains(&id))
    };
    let are_in = |one: &Card, other: &Card| {
        let [first, last] = names.parts(one.family);
        is_in(one.former, other) || is_in(first, other) || is_in(last, other) || is_in(one.family, other)
    };
    are_in(a, b) || are_in(b, a)
}

enum Likeness {
    Same,
    Close,
    Like,
    None,
}

fn likeness(one: &Name, other: &Name) -> Likeness {
    if one.word == other.word {
        return Likeness::Same;
    }
    if !jaro::may_reach(LIKE, (&one.word, one.letters), (&other.word, other.letters)) {
        return Likeness::None;
    }
    let (one, other) = (&one.word, &other.word);
    let similarity = jaro::similarity(one, other);
    if similarity >= CLOSE {
        return Likeness::Close;
    }
    if similarity < LIKE {
        return Likeness::None;
    }
    // One letter of three or fewer is no slip: Jo and Jon, May and Mai are names.
    let is_long = jaro::len(one).max(jaro::len(other)) > 3;
    if is_long && jaro::is_one_slip(one, other) { Likeness::Close } else { Likeness::Like }
}

fn are_swapped(a: &Card, b: &Card, names: &Names) -> bool {
    let is = |one: NameId, other: NameId| {
        one != 0
            && other != 0
            && !matches!(likeness(names.get(one), names.get(other)), Likeness::None | Likeness::Like)
    };
    (a.given == b.family && is(a.family, b.given)) || (a.family == b.given && is(a.given, b.family))
}

fn birth(a: &Card, b: &Card) -> Birth {
    if a.born == 0 || b.born == 0 {
        return Birth::Missing;
    }
    if a.born == b.born {
        return Birth::Same;
    }
    let ((year, month, day), (other_year, other_month, other_day)) = (parts(a.born), parts(b.born));
    if a.year_only || b.year_only {
        return if year == other_year { Birth::Year } else { Birth::Differs };
    }
    if year == other_year && month == other_day && day == other_month {
        return Birth::Swapped;
    }
    let (same_day, same_month) = (day == other_day, month == other_month);
    if same_day && same_month && matches!(year.abs_diff(other_year), 1 | 10) {
        return Birth::YearOff;
    }
    if is_one_slip(a.born, b.born) {
        return Birth::Slip;
    }
    let n_same = u8::from(same_day) + u8::from(same_month) + u8::from(year == other_year);
    if n_same == 2 { Birth::TwoOfThree } else { Birth::Differs }
}

/// One digit of `ddmmyyyy` differs, or two neighbours in one part have changed places.
fn is_one_slip(one: Born, other: Born) -> bool {
    let ((year, month, day), (other_year, other_month, other_day)) = (parts(one), parts(other));
    match (year == other_year, month == other_month, day == other_day) {
        (false, true, true) => slips(year, other_year) == 1,
        (true, false, true) => slips(month, other_month) == 1,
        (true, true, false) => slips(day, other_day) == 1,
        _ => false,
    }
}

/// How many slips apart two numbers are: 0, 1, or more (told as 2).
fn slips(one: u32, other: u32) -> u32 {
    if one == other {
        return 0;
    }
    let digits = |n: u32| [n / 1000, n / 100 % 10, n / 10 % 10, n % 10];
    let (one, other) = (digits(one), digits(other));
    let first = one.iter().zip(&other).position(|(a, b)| a != b).unwrap_or(0);
    let after = (first + 1).min(4);
    let is_swap = after < 4
        && one[first] == other[after]
        && one[after] == other[first]
        && one[after + 1..] == other[after + 1..];
    if one[after..] == other[after..] || is_swap { 1 } else { 2 }
}

fn nhs(a: &Card, b: &Card) -> Nhs {
    if a.nhs == 0 || b.nhs == 0 {
        return Nhs::Missing;
    }
    if a.nhs == b.nhs {
        return if number::is_valid(a.nhs) { Nhs::Same } else { Nhs::SameInvalid };
    }
    if number::is_valid(a.nhs) && number::is_valid(b.nhs) {
        return Nhs::Differs;
    }
    if number::is_one_slip(a.nhs, b.nhs) { Nhs::Slip } else { Nhs::DiffersInvalid }
}

/// Two values of which each may be missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Missing,
    Same,
    Differs,
}

fn home(a: &Card, b: &Card) -> Home {
    let phone = phone(a, b);
    if a.postcode != 0 && a.postcode == b.postcode {
        return match (house(a, b, true), phone) {
            (Part::Same, Part::Same) => Home::All,
            (Part::Same, Part::Missing) => Home::House,
            (Part::Same, Part::Differs) => Home::HouseOtherPhone,
            (_, Part::Same) => Home::PostcodePhone,
            (Part::Missing, _) => Home::Postcode,
            (Part::Differs, _) => Home::NextDoor,
        };
    }
    let house = house(a, b, false);
    if house == Part::Same {
        return Home::HouseOnly;
    }
    if phone == Part::Same {
        return Home::Phone;
    }
    if a.postcode == 0 || b.postcode == 0 {
        return match (house, phone) {
            (Part::Missing, Part::Missing) => Home::Missing,
            (Part::Missing, _) => Home::OtherPhone,
            _ => Home::Differs,
        };
    }
    if postcode::is_one_slip(a.postcode, b.postcode) {
        return Home::PostcodeSlip;
    }
    if postcode::outward(a.postcode) == postcode::outward(b.postcode) { Home::Near } else { Home::Differs }
}

/// Where the postcode is the same, the house number says it; elsewhere the street has to be the same too.
fn house(a: &Card, b: &Card, same_postcode: bool) -> Part {
    if a.house != 0 && b.house != 0 {
        let same_street = same_postcode || (a.street != 0 && a.street == b.street);
        return if a.house == b.house && same_street { Part::Same } else { Part::Differs };
    }
    if a.street == 0 || b.street == 0 {
        return Part::Missing;
    }
    match a.street == b.street {
        // Neither has a number: a farm, a cottage, a home with a name.
        true if a.house == b.house && same_postcode => Part::Same,
        true => Part::Missing,
        false => Part::Differs,
    }
}

fn phone(a: &Card, b: &Card) -> Part {
    let [first, second] = a.phones;
    let has = |phone: u32| phone != 0 && b.phones.contains(&phone);
    if has(first) || has(second) {
        return Part::Same;
    }
    if first | second == 0 || b.phones == [0, 0] { Part::Missing } else { Part::Differs }
}

fn sex(a: &Card, b: &Card) -> Sex {
    match (a.sex, b.sex) {
        (0, _) | (_, 0) => Sex::Missing,
        (one, other) if one == other => Sex::Same,
        _ => Sex::Differs,
    }
}
