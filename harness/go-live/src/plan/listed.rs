//! The same person listed twice in rostering. One rule and no weights, the one that guidance uses: the same valid NHS
//! number, or the same date of birth and the same folded names; never two different valid NHS numbers. Two rows under
//! two identifiers have to agree in more, as a million people hold namesakes.

use super::inputs::Sides;
use super::keys::Keys;
use crate::lookalike::Row;
use crate::lookalike::fold::fold_into;
use feed::NhsNumber;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::hash::Hasher as _;

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

/// For each service user who is probably listed again under another identifier, the other row.
pub(crate) fn listed_twice(sides: Sides<'_>) -> FxHashMap<u32, u32> {
    let n_rows = u32::try_from(sides.rostering.n_rows()).unwrap_or(u32::MAX);
    let keys = (0..n_rows).into_par_iter().map_init(Default::default, |folded, user| {
        let key = person_key(&sides.rostering.for_lookalikes(user as usize), folded)?;
        Some((key, user))
    });
    let mut keys: Vec<(u64, u32)> = keys.flatten_iter().collect();
    keys.par_sort_unstable();
    let row = |user: u32| sides.rostering.for_lookalikes(user as usize);
    let mut twice = FxHashMap::default();
    for same in
        keys.chunk_by(|one, other| one.0 == other.0).filter(|same| (2..=MOST_ALIKE).contains(&same.len()))
    {
        for &(_, user) in same {
            let is_other = |other: u32| {
                other != user
                    && sides.identifier(user) != sides.identifier(other)
                    && is_one_person(&row(user), &row(other))
                    && agree_in_more(&row(user), &row(other))
            };
            if let Some(&(_, other)) = same.iter().find(|(_, other)| is_other(*other)) {
                twice.insert(user, other);
            }
        }
    }
    twice
}

/// More rows than this with one date of birth and name are a placeholder, not a person. *Assumed*.
const MOST_ALIKE: usize = 50;

/// A hash of names and date of birth; none where one is missing. `folded` is room to fold in.
fn person_key(row: &Row<'_>, folded: &mut Vec<u8>) -> Option<u64> {
    let born = row.born?;
    let mut hasher = rustc_hash::FxHasher::default();
    for name in [row.given, row.family] {
        fold_into(name, folded);
        if folded.is_empty() {
            return None;
        }
        hasher.write(folded);
        hasher.write_u8(0);
    }
    hasher.write_i16(born.year());
    hasher.write_i8(born.month());
    hasher.write_i8(born.day());
    Some(hasher.finish())
}

/// Same NHS number, postcode or telephone.
fn agree_in_more(one: &Row<'_>, other: &Row<'_>) -> bool {
    let plain =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let same = |one: &str, other: &str| !plain(one).is_empty() && plain(one) == plain(other);
    same(one.nhs, other.nhs) || same(one.postcode, other.postcode) || same(one.phones[0], other.phones[0])
}
