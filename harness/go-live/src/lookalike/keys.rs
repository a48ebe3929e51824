//! What two rows must share to be compared at all. Each key is tight enough that few pairs share it by chance, and
//! together they miss next to nobody: a person has to differ in most fields to share no key with themselves.

use super::card::{Born, Card, parts};
use super::fold::{scatter, short};
use super::names::{NameId, Names};
use super::postcode::outward;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Identifier,
    IdentifierLoose,
    Nhs,
    Phone,
    /// Only for people within one file: it is far too wide for a pair of files.
    Postcode,
    BirthFamily,
    BirthGiven,
    FamilyMonth,
    PostcodeName,
    NamesTown,
    NamesYear,
    NamesDay,
    Names,
    BirthTown,
    PostcodeYear,
    HouseName,
}

impl Key {
    /// Those with most values to a card first, so that what is left for the last core to be done with is short. Thirteen of
    /// demographics, two of identifiers, and one that is for one file only.
    pub const ALL: &'static [Key] = &[
        Key::HouseName,
        Key::PostcodeName,
        Key::Names,
        Key::NamesTown,
        Key::NamesYear,
        Key::NamesDay,
        Key::FamilyMonth,
        Key::Phone,
        Key::BirthFamily,
        Key::BirthGiven,
        Key::BirthTown,
        Key::PostcodeYear,
        Key::Postcode,
        Key::Nhs,
        Key::Identifier,
        Key::IdentifierLoose,
    ];

    /// Fits after "the same".
    pub const fn text(self) -> &'static str {
        match self {
            Key::Identifier => "external identifier",
            Key::IdentifierLoose => "external identifier without prefix and leading zeros",
            Key::Nhs => "NHS number",
            Key::Phone => "telephone number",
            Key::BirthFamily => "date of birth and beginning of the family name",
            Key::BirthGiven => "date of birth and beginning of the given name",
            Key::FamilyMonth => "family name, beginning of the given name, year and month of birth",
            Key::Postcode => "postcode",
            Key::PostcodeName => "postcode and sound of a name",
            Key::NamesTown => "given name, family name and first half of the postcode",
            Key::NamesYear => "given name, family name and year of birth",
            Key::NamesDay => "given name, family name, day and month of birth",
            Key::Names => "given name and family name",
            Key::BirthTown => "date of birth and first half of the postcode",
            Key::PostcodeYear => "postcode and year of birth",
            Key::HouseName => "house, street and sound of a name",
        }
    }

    /// How many rows of ACP may share one value before pairs by it are left to the other keys. A rare name is
    /// evidence by itself, a common one is not.
    pub(crate) const fn most_rows(self) -> usize {
        match self {
            Key::Names | Key::HouseName => 5,
            Key::Postcode => 50,
            Key::Identifier | Key::IdentifierLoose => 1000,
            _ => 60,
        }
    }

    /// Hands the hashes of all values that the card has for this key to `emit`, none of them 0.
    pub(crate) fn of(self, card: &Card, names: &Names, mut emit: impl FnMut(u32)) {
        let mut put = |parts: [u64; 3]| {
            if parts.iter().all(|part| *part != 0) {
                emit(short(joined(self, parts)));
            }
        };
        let day = whole_birth(card);
        match self {
            Key::Identifier => put([card.identifier.into(), 1, 1]),
            Key::IdentifierLoose => put([card.identifier_loose.into(), 1, 1]),
            Key::Nhs => put([card.nhs, 1, 1]),
            Key::Phone => card.phones.iter().for_each(|phone| put([(*phone).into(), 1, 1])),
            Key::BirthFamily => put([day, names.onset(card.family), 1]),
            Key::BirthGiven => put([day, names.onset(card.given), 1]),
            Key::FamilyMonth => {
                for family in families(card, names) {
                    put([month(card.born), names.letters(family), names.onset(card.given)]);
                }
            }
            Key::Postcode => put([card.postcode, 1, 1]),
            Key::PostcodeName => each_name(card, names, |name| put([card.postcode, name, 1])),
            Key::HouseName => {
                let house = u64::from(card.house) * u64::from(card.street);
                each_name(card, names, |name| put([house, name, 1]));
            }
            Key::BirthTown => put([day, outward(card.postcode), 1]),
            Key::PostcodeYear => put([card.postcode, (card.born >> 9).into(), 1]),
            Key::NamesTown => each_pair(card, names, |pair| put([pair, outward(card.postcode), 1])),
            Key::NamesYear => each_pair(card, names, |pair| put([pair, (card.born >> 9).into(), 1])),
            Key::NamesDay => each_pair(card, names, |pair| put([pair, day & 0x1ff, 1])),
            Key::Names => each_pair(card, names, |pair| put([pair, 1, 1])),
        }
    }
}

/// One hash of all parts. Odd factors spread each of them over the upper bits, without one waiting for the other.
const fn joined(key: Key, [first, second, third]: [u64; 3]) -> u64 {
    let first = first.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let second = second.wrapping_mul(0xc2b2_ae3d_27d4_eb4f).rotate_left(29);
    let third = third.wrapping_mul(0x1656_67b1_9e37_79f9).rotate_left(47);
    scatter(first ^ second ^ third ^ key as u64)
}

/// The date of birth with the smaller of day and month first, so that swapped dates meet. Nothing where only the
/// year means anything.
fn whole_birth(card: &Card) -> u64 {
    if card.born == 0 || card.year_only {
        return 0;
    }
    let (year, month, day) = parts(card.born);
    u64::from(year << 10 | month.min(day) << 5 | month.max(day))
}

fn month(born: Born) -> u64 {
    u64::from(born >> 5)
}

/// The family name, its parts and the former one; 0 where there is none.
fn families(card: &Card, names: &Names) -> [NameId; 4] {
    let [first, last] = names.parts(card.family);
    let former = if card.former == card.family { 0 } else { card.former };
    [card.family, first, last, former]
}

fn given(id: NameId, names: &Names) -> u64 {
    if id == 0 || names.is_initial(id) { 0 } else { names.meaning(id) }
}

/// The sound of each name, given or family: names that have changed places meet.
fn each_name(card: &Card, names: &Names, mut take: impl FnMut(u64)) {
    for name in [card.given, card.also].into_iter().chain(families(card, names)) {
        if name != 0 && !names.is_initial(name) {
            take(names.sound(name) + 1);
        }
    }
    // A nickname sounds like nothing that it stands for.
    let meaning = given(card.given, names);
    if meaning != 0 {
        take(meaning);
    }
}

/// Every given name with every family name, in no order: names that have changed places meet.
fn each_pair(card: &Card, names: &Names, mut take: impl FnMut(u64)) {
    let families = families(card, names);
    for first in [card.given, card.also] {
        if given(first, names) == 0 {
            continue;
        }
        let first = names.scattered_meaning(first);
        for family in families.into_iter().filter(|family| *family != 0) {
            take(first ^ names.scattered_meaning(family) | 1);
        }
    }
}
