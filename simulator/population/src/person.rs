//! One person of a household, with everything that a rostering system might hold about them.

use crate::draw::{About, Draw};
use crate::household::{Home, Member};
use crate::names::Sex;
use crate::{Invented, THIS_YEAR, place};
use feed::{ExternalId, Field, Fields, NhsNumber, Text};
use jiff::civil::date;

const ACCESS: &[&str] = &[
    "Ring the bell and wait",
    "Key safe to the left of the front door",
    "Use the back door, the front is not in use",
    "Intercom at the main entrance, press the flat number",
    "Hard of hearing: knock loudly",
    "Dog in the kitchen, friendly",
    "Park on the street, not in the drive",
    "Call before you come in",
];

pub(crate) fn invent(seed: u64, home: &Home, member: &Member, place: u8) -> Invented {
    let number = home.first + u32::from(place);
    let mut draw = Draw::new(seed, About::Person, number);
    Invented {
        external_id: external_id(number),
        fields: fields(seed, number, &mut draw, home, member),
        household: home.first,
        kin: home.kin,
        place,
        town: home.address.town,
    }
}

pub(crate) fn external_id(number: u32) -> ExternalId {
    ExternalId::new(Text::from(format!("SU-{:06}", u64::from(number) + 1)))
}

fn fields(seed: u64, number: u32, draw: &mut Draw, home: &Home, member: &Member) -> Fields {
    // In the order of `Field::ALL`, so that each goes to the end.
    let mut fields = Fields::with_capacity(20);
    if let Some(title) = title(draw, member.sex) {
        fields.set(Field::Title, Text::from(title));
    }
    fields.set(Field::GivenName, Text::from(member.given));
    fields.set(Field::FamilyName, member.family.clone());
    fields.set(Field::DateOfBirth, Text::from(member.born.to_string()));
    if let Some(number) = nhs_number(seed, number) {
        fields.set(Field::NhsNumber, number.digits());
    }
    match member.sex {
        Sex::Female => fields.set(Field::Gender, Text::from("female")),
        Sex::Male => fields.set(Field::Gender, Text::from("male")),
        Sex::Unsaid => {}
    }
    let started = date(THIS_YEAR - 6, 1, 1).saturating_add(jiff::Span::new().days(draw.below(6 * 365)));
    fields.set(Field::StartDate, Text::from(started.to_string()));
    home.address.write(&mut fields);
    phones(draw, home, &mut fields);
    fields.set(Field::Area, Text::from(home.address.quarter));
    fields.set(Field::Pin, digits(draw));
    if draw.percent(45) {
        fields.set(Field::KeySafe, digits(draw));
    }
    if draw.percent(30) {
        fields.set(Field::AccessDetails, Text::from(draw.pick(ACCESS)));
    }
    fields
}

fn title(draw: &mut Draw, sex: Sex) -> Option<&'static str> {
    match (sex, draw.below(100)) {
        (Sex::Unsaid, _) | (_, 0..6) => None,
        (_, 6..8) => Some("Dr"),
        (Sex::Female, 8..24) => Some("Miss"),
        (Sex::Female, 24..40) => Some("Ms"),
        (Sex::Female, _) => Some("Mrs"),
        (Sex::Male, 8) => Some("Rev"),
        (Sex::Male, _) => Some("Mr"),
    }
}

/// The household's line and a mobile, or whichever there is.
fn phones(draw: &mut Draw, home: &Home, fields: &mut Fields) {
    let mobile = draw.percent(40).then(|| place::mobile(draw));
    let mut numbers = home.landline.iter().cloned().chain(mobile);
    for field in [Field::Phone, Field::SecondPhone] {
        if let Some(number) = numbers.next() {
            fields.set(field, number);
        }
    }
}

fn digits(draw: &mut Draw) -> Text {
    Text::from(format!("{:04}", draw.below(10_000)))
}

/// One of the 909,091 or so valid numbers from 999 000 0000 to 999 999 9999, which are never issued; no two of
/// the first million people have the same. None where the check digit would be 10.
fn nhs_number(seed: u64, number: u32) -> Option<NhsNumber> {
    // Multiplication by a number that shares no factor with a million visits each of its remainders once.
    let start = u64::from(Draw::new(seed, About::Seed, 0).below(1_000_000));
    let middle = (start + u64::from(number) * 618_033) % 1_000_000;
    let mut nine = [9; 9];
    for (idx, digit) in nine.iter_mut().rev().take(6).enumerate() {
        let power = 10_u64.pow(u32::try_from(idx).unwrap_or(0));
        *digit = u8::try_from(middle / power % 10).unwrap_or(0);
    }
    let check = NhsNumber::check_digit(&nine)?;
    NhsNumber::read(&format!("999{middle:06}{check}")).ok()
}
