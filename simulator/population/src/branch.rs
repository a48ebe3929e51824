//! Branches: offices, named after towns as they are in life, and which of them looks after whom.

use crate::draw::{About, Draw};
use crate::{Invented, place};
use feed::Text;

/// Parts of a town, for the second branch there and those after it.
const PARTS: &[&str] = &["North", "South", "East", "West", "Central"];

/// `n` branches of a seed, all with different names. A larger `n` begins with those of a smaller one.
pub fn branches(seed: u64, n: u32) -> Vec<Text> {
    let first = first_town(seed);
    (0..n).map(|idx| name(first.wrapping_add(idx) % place::n_towns(), idx / place::n_towns())).collect()
}

/// Which of [`branches`]`(seed, n)` looks after a person: one of their own town if there is one. A household has
/// one branch. None where `n` is 0.
pub fn branch_of(seed: u64, person: &Invented, n: u32) -> Option<u32> {
    if n == 0 {
        return None;
    }
    let n_towns = place::n_towns();
    let of_town = (u32::from(person.town) + n_towns - first_town(seed)) % n_towns;
    if of_town >= n {
        return Some(of_town % n);
    }
    let n_in_town = (n - of_town).div_ceil(n_towns);
    Some(of_town + n_towns * (person.household / 2 % n_in_town))
}

fn first_town(seed: u64) -> u32 {
    Draw::new(seed, About::Seed, 1).below(place::n_towns())
}

/// "Leeds", then "Leeds North" and so on, then "Leeds 6".
fn name(town: u32, nth: u32) -> Text {
    let town = place::town_name(town);
    match nth.checked_sub(1) {
        None => Text::from(town),
        Some(part) => match PARTS.get(part as usize) {
            Some(part) => Text::from(format!("{town} {part}")),
            None => Text::from(format!("{town} {nth}")),
        },
    }
}
