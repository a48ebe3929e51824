//! A row after cleaning, in 64 bytes: what the comparisons look at and nothing else. 0 is "not there" in every field.

use super::fold::{fold_into, hash_bytes, scatter, short};
use super::names::{NameId, Names};
use super::number::{self, Nhs};
use super::person::{Person, Sex};
use super::postcode::{self, Postcode};
use super::{Row, Rows, address, identifier};
use jiff::civil::Date;
use rayon::prelude::*;

/// A date of birth: year, month, day from the upper bits down (`year << 9 | month << 5 | day`).
pub(crate) type Born = u32;

#[derive(Clone, Copy, Default)]
#[repr(align(64))]
pub(crate) struct Card {
    pub(crate) nhs: Nhs,
    pub(crate) postcode: Postcode,
    pub(crate) born: Born,
    pub(crate) given: NameId,
    /// What they are also called: known as, or a middle name.
    pub(crate) also: NameId,
    pub(crate) family: NameId,
    pub(crate) former: NameId,
    pub(crate) phones: [u32; 2],
    pub(crate) house: u32,
    pub(crate) street: u32,
    /// The identifier as it is, and after all that people do to identifiers is undone.
    pub(crate) identifier: u32,
    pub(crate) identifier_loose: u32,
    /// As [`Sex`]: 0, 1, 2.
    pub(crate) sex: u8,
    /// Only the year of the date of birth means anything: its day and month are what somebody types who does not
    /// know them.
    pub(crate) year_only: bool,
}

impl Card {
    /// A hash of the house, or where there is none the street, and the postcode; 0 where one is missing.
    pub(crate) fn place(&self) -> u64 {
        let within = if self.house == 0 { self.street } else { self.house };
        if self.postcode == 0 || within == 0 { 0 } else { scatter(self.postcode ^ u64::from(within) << 30) }
    }
}

/// All rows of one file, cleaned.
pub(crate) struct Cards {
    pub(crate) cards: Vec<Card>,
    /// A hash of all text of the row: ties are broken by it, so the order of rows does not matter.
    pub(crate) ties: Vec<u64>,
}

/// Rows that are cleaned in one go. Fixed, so that numbers of names do not depend on the number of threads.
const AT_ONCE: usize = 1 << 12;

/// Cleans both files, names numbered in one table.
pub(crate) fn clean(a: &Rows<'_>, b: &Rows<'_>) -> (Cards, Cards, Names) {
    let n_parts = |rows: &Rows<'_>| rows.n_rows.div_ceil(AT_ONCE);
    let part = |number: usize| match number.checked_sub(n_parts(a)) {
        None => Part::clean(a, number),
        Some(number) => Part::clean(b, number),
    };
    let mut parts: Vec<Part> = (0..n_parts(a) + n_parts(b)).into_par_iter().map(part).collect();
    let (names, here) = all_names(&parts);
    let each = parts.par_iter_mut().zip(&here);
    each.for_each(|(part, here)| part.cards.iter_mut().for_each(|card| *card = renumber(*card, here)));
    let of_b = parts.split_off(n_parts(a));
    let (a, b) = rayon::join(|| Cards::of(parts), || Cards::of(of_b));
    (a, b, names)
}

/// The names of all parts in one table, and for each part what its numbers are there.
fn all_names(parts: &[Part]) -> (Names, Vec<Vec<NameId>>) {
    let table = |parts: &[Part]| {
        let mut names = Names::new();
        let here: Vec<Vec<NameId>> = parts.iter().map(|part| names.absorb(&part.names)).collect();
        (names, here)
    };
    // Two halves at once: the second has mostly names that the first has too, and brings its few others.
    let (first, second) = parts.split_at(parts.len() / 2);
    let ((mut names, mut here), (others, of_second)) = rayon::join(|| table(first), || table(second));
    let moved = names.absorb(&others);
    let again = |ids: Vec<NameId>| ids.into_iter().map(|id| moved[id as usize]).collect::<Vec<_>>();
    here.extend(of_second.into_iter().map(again));
    (names, here)
}

/// Rows with one date of birth, given and family name, by a hash of all three.
pub(crate) fn namesakes(cards: &[Card]) -> Vec<Vec<u32>> {
    let key = |(row, card): (u32, &Card)| {
        let names = u64::from(card.given) << 32 | u64::from(card.family);
        let all = u64::from(short(scatter(scatter(names) ^ u64::from(card.born)))) << 32 | u64::from(row);
        (card.born != 0 && card.given != 0 && card.family != 0).then_some(all)
    };
    let mut keys: Vec<u64> = (0_u32..u32::MAX).into_par_iter().zip(cards).filter_map(key).collect();
    keys.par_sort_unstable();
    let groups = keys.chunk_by(|one, other| one >> 32 == other >> 32).filter(|same| same.len() > 1);
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is the row")]
    groups.map(|same| same.iter().map(|key| *key as u32).collect()).collect()
}

/// Some rows, cleaned, their names numbered among themselves.
struct Part {
    cards: Vec<Card>,
    ties: Vec<u64>,
    names: Names,
}

impl Cards {
    fn of(parts: Vec<Part>) -> Cards {
        let n_rows = parts.iter().map(|part| part.cards.len()).sum();
        let mut all = Cards { cards: Vec::with_capacity(n_rows), ties: Vec::with_capacity(n_rows) };
        for part in parts {
            all.cards.extend_from_slice(&part.cards);
            all.ties.extend_from_slice(&part.ties);
        }
        all
    }
}

fn renumber(card: Card, here: &[NameId]) -> Card {
    let at = |id: NameId| here[id as usize];
    Card {
        given: at(card.given),
        also: at(card.also),
        family: at(card.family),
        former: at(card.former),
        ..card
    }
}

impl Part {
    fn clean(rows: &Rows<'_>, number: usize) -> Part {
        let range = number * AT_ONCE..rows.n_rows.min((number + 1) * AT_ONCE);
        let n_rows = range.len();
        let mut part =
            Part { cards: Vec::with_capacity(n_rows), ties: Vec::with_capacity(n_rows), names: Names::new() };
        let (mut person, mut spare) = (Person::default(), Vec::new());
        for number in range {
            let row = (rows.row)(number);
            part.cards.push(clean_row(&row, &mut part.names, &mut person, &mut spare));
            part.ties.push(tie_of(&row));
        }
        part
    }
}

fn clean_row(row: &Row<'_>, names: &mut Names, person: &mut Person, spare: &mut Vec<u8>) -> Card {
    person.read(row.title, row.given, row.family, row.known_as);
    let place = address::read(&row.address, spare);
    fold_into(row.identifier, spare);
    Card {
        nhs: number::read_nhs(row.nhs),
        postcode: postcode::read(row.postcode),
        born: row.born.map_or(0, pack_date),
        given: names.number(person.given()),
        also: names.number(person.also()),
        family: names.number(person.family()),
        former: names.number(person.former()),
        phones: row.phones.map(number::read_phone),
        house: place.house,
        street: place.street,
        identifier: hash_or_none(row.identifier.as_bytes()),
        identifier_loose: hash_or_none(identifier::loose(spare)),
        sex: match person.sex {
            Sex::Unknown => 0,
            Sex::Male => 1,
            Sex::Female => 2,
        },
        year_only: false,
    }
}

fn hash_or_none(text: &[u8]) -> u32 {
    if text.is_empty() { 0 } else { short(hash_bytes(text)) }
}

pub(crate) fn pack_date(date: Date) -> Born {
    let year = u32::from(date.year().unsigned_abs());
    year << 9 | u32::from(date.month().unsigned_abs()) << 5 | u32::from(date.day().unsigned_abs())
}

/// Year, month and day.
pub(crate) fn parts(born: Born) -> (u32, u32, u32) {
    (born >> 9, born >> 5 & 15, born & 31)
}

fn tie_of(row: &Row<'_>) -> u64 {
    let [phone, second] = row.phones;
    let [line1, line2, line3] = row.address;
    let named = [row.identifier, row.record, row.known_as];
    let others =
        [row.title, row.given, row.family, row.nhs, row.postcode, phone, second, line1, line2, line3];
    let with = |tie: u64, text: &&str| scatter(tie ^ hash_bytes(text.as_bytes()));
    let says =
        if row.says == 0 { others.iter().fold(row.born.map_or(0, pack_date).into(), with) } else { row.says };
    named.iter().fold(says, with)
}
