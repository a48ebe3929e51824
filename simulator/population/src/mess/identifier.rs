//! External identifiers: how a rostering system numbers people, and what becomes of the numbers in ACP.

use super::{Exported, Flaw, Mess, Side, draw as stream, number_of};
use crate::draw::Draw;
use crate::{Invented, Kin};

/// As the rostering system has it. Three in four are padded numbers, most others have a letter prefix; two in a
/// hundred are legacy numbers without padding, whose digits are somebody else's padded number.
pub(crate) fn of(mess: &Mess, number: u32) -> String {
    let mut draw = stream(mess, Side::Place, number);
    draw.below(1000);
    match draw.below(100) {
        0..76 => format!("{:08}", 100 + number),
        76..98 => format!("PP-{:06}", 100 + number),
        // Nobody padded has this number themselves, but somebody padded may have the same digits.
        _ => format!("{}", 100 + (number ^ 1)),
    }
}

/// What ACP has for a person: of 1000 records the shares below. *Assumed*: before go-live two in five are mapped.
pub(crate) fn mangle(
    row: &mut Exported,
    person: &Invented,
    mess: &Mess,
    is_in_rostering: bool,
    is_second: bool,
    draw: &mut Draw,
) {
    let own = of(mess, row.person);
    let drawn = draw.below(1000);
    let drawn = if is_second { 520 + drawn * 480 / 1000 } else { drawn };
    row.identifier = match drawn {
        0..395 if is_in_rostering => own,
        395..515 if is_in_rostering => {
            row.flaws.add(Flaw::MangledIdentifier);
            mangled(&own, draw)
        }
        515..518 => {
            row.flaws.add(Flaw::WrongPersonsIdentifier);
            of(mess, somebody_else(person, mess, draw))
        }
        880.. => format!("ACP{}", 5_000_000 + draw.below(4_000_000)),
        _ => String::new(),
    };
}

fn mangled(own: &str, draw: &mut Draw) -> String {
    let without_zeros = |text: &str| {
        let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let (front, rest) = (&text[..text.len() - digits.len()], digits.trim_start_matches('0'));
        format!("{front}{rest}")
    };
    match draw.below(100) {
        0..40 => without_zeros(own),
        40..55 => format!("PP-{}", own.trim_start_matches("PP-")),
        55..65 => own.trim_start_matches("PP-").to_owned(),
        65..75 => format!("{own} "),
        75..80 => format!("{own}\u{a0}"),
        80..87 => own.to_lowercase().replace('-', ""),
        87..95 => own.replacen('0', "O", 1),
        _ => own.replace('-', " "),
    }
}

/// A house-mate, the one next in the list, or anybody.
fn somebody_else(person: &Invented, mess: &Mess, draw: &mut Draw) -> u32 {
    let number = number_of(person);
    match draw.below(100) {
        0..50 if person.kin != Kin::Alone => mate(person, draw),
        0..70 => (number + 1) % mess.n_people.max(1),
        _ => (number + 1 + draw.below(mess.n_people.saturating_sub(1))) % mess.n_people.max(1),
    }
}

/// Somebody who lives with this person, if anybody does.
pub(crate) fn mate(person: &Invented, draw: &mut Draw) -> u32 {
    let n_others = person.kin.size().saturating_sub(1).max(1);
    let other = (u32::from(person.place) + 1 + draw.below(n_others)) % person.kin.size();
    person.household + other
}
