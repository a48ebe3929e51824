//! The same person listed twice in rostering. One rule and no weights, the one that guidance uses: the same valid NHS
//! number, or the same date of birth and the same folded names; never two different valid NHS numbers. Two rows under
//! two identifiers have to agree in more, as a million people hold namesakes.

use super::inputs::Sides;
use super::keys::Keys;
use crate::lookalike::Row;
use crate::lookalike::fold::fold_into;
use feed::NhsNumber;
use rustc_hash::FxHashMap;

/// Whether two rows describe one person, by the rule.
pub(crate) fn is_one_person(one: &Row<'_>, other: &Row<'_>) -> bool {
    let numbers = [NhsNumber::read(one.nhs).ok(), NhsNumber::read(other.nhs).ok()];
    match numbers {
        [Some(one), Some(other)] => one == other,
        _ => one.born.is_some() && one.born == other.born && names(one) == names(other),
    }
}

fn names(row: &Row<'_>) -> [Vec<u8>; 2] {
    [row.given, row.family].map(|name| {
        let mut folded = Vec::new();
        fold_into(name, &mut folded);
        folded
    })
}

/// For each service user whose identifier another one has too, one of the others.
pub(crate) fn same_identifier(users: &Keys, is_one: impl Fn(u32, u32) -> bool) -> FxHashMap<u32, u32> {
    let mut partners = FxHashMap::default();
    for same in users.groups() {
        for &user in &same {
            if let Some(&other) = same.iter().find(|&&other| other != user && is_one(user, other)) {
                partners.insert(user, other);
            }
        }
    }
    partners
}

/// For each service user who is probably listed again under another identifier, the other row. `namesakes` are those with
/// one date of birth and one name.
pub(crate) fn listed_twice(sides: Sides<'_>, namesakes: &[Vec<u32>]) -> FxHashMap<u32, u32> {
    let row = |user: u32| sides.rostering.for_lookalikes(user as usize);
    let mut twice = FxHashMap::default();
    for same in namesakes.iter().filter(|same| same.len() <= MOST_ALIKE) {
        for &user in same {
            let is_other = |other: u32| {
                other != user
                    && sides.identifier(user) != sides.identifier(other)
                    && is_one_person(&row(user), &row(other))
                    && agree_in_more(&row(user), &row(other))
            };
            if let Some(&other) = same.iter().find(|other| is_other(**other)) {
                twice.insert(user, other);
            }
        }
    }
    twice
}

/// More rows than this with one date of birth and name are a placeholder, not a person. *Assumed*.
const MOST_ALIKE: usize = 50;

/// Same NHS number, postcode or telephone.
fn agree_in_more(one: &Row<'_>, other: &Row<'_>) -> bool {
    let plain =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let same = |one: &str, other: &str| !plain(one).is_empty() && plain(one) == plain(other);
    same(one.nhs, other.nhs) || same(one.postcode, other.postcode) || same(one.phones[0], other.phones[0])
}
