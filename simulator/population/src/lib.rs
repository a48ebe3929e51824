//! Invents: service users, branches and visits of the United Kingdom, from a seed.
//!
//! **Nobody here exists.** NHS numbers are from the range that is never issued, telephone numbers from the ranges
//! that Ofcom keeps for drama, postcodes from districts that are not in use. **Person number n of a seed is the
//! same person whoever else is asked for**: everything about them is drawn from streams of their own (ChaCha8,
//! named by seed, subject and number), so that populations of any size and any sub-range agree.
//!
//! It does not know rostering systems nor ACP, and it makes no mistakes: what people mistype is the exports' part.

mod branch;
mod draw;
mod family_names;
mod given_names;
mod household;
pub mod mess;
mod names;
mod person;
mod place;
mod visit;

pub use branch::{branch_of, branches};
pub use household::Kin;
pub use visit::{InventedVisit, visits};

use feed::{ExternalId, Fields};
use household::{Home, PER_BLOCK, homes};
use std::ops::Range;

/// The year that ages are counted to. *Assumed*: a fixed one, so that a seed gives the same people in any year.
pub const THIS_YEAR: i16 = 2026;

/// A person who does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invented {
    /// `SU-000001` for the first; one more digit from the millionth on.
    pub external_id: ExternalId,
    /// What a rostering system might hold, the branch left out (see [`branch_of`]). Not everybody has everything.
    pub fields: Fields,
    /// Who share an address share this: the number of the household's first person.
    pub household: u32,
    /// How those who share the household belong together.
    pub kin: Kin,
    /// Where in the household: parents come before their child, the elder sibling before the younger.
    pub place: u8,
    /// Place in the table of towns, which branches go by.
    town: u16,
}

/// People number `range.start` to `range.end` (not included) of this seed.
///
/// NHS numbers are unique among the first million; one in eleven people has none, as its check digit would be 10.
pub fn people(seed: u64, range: Range<u32>) -> impl Iterator<Item = Invented> {
    let blocks = range.start / PER_BLOCK..range.end.div_ceil(PER_BLOCK);
    blocks
        .flat_map(move |block| homes(seed, block))
        .flat_map(move |home| members(seed, &home))
        .skip((range.start % PER_BLOCK) as usize)
        .take(range.len())
}

fn members(seed: u64, home: &Home) -> Vec<Invented> {
    (0..).zip(&home.members).map(|(place, member)| person::invent(seed, home, member, place)).collect()
}
