//! Gathers the pairs that are worth comparing: for each key the rows of rostering look themselves up among those of ACP,
//! part by part, and what they find is laid out by stretches of rows. Nothing is compared here.

use super::card::Card;
use super::hashes::{Buckets, Hashes, hash, part_bits, row};
use super::keys::Key;
use super::names::Names;
use rayon::prelude::*;
use std::ops::Range;

/// Pairs that one key may bring, per row of both files. *Assumed*: ten times what a key brings on populations
/// without a common value.
const PAIRS_PER_ROW: usize = 20;
/// A small file may always bring this many.
const PAIRS_AT_LEAST: usize = 20_000;
/// Rows of the left side whose pairs stand together.
pub(crate) const STRETCH: usize = 1 << 11;
/// Keys whose hashes are worked out together, so that cards are fetched once for all of them.
const KEYS_AT_ONCE: usize = 3;

/// The pairs of one key, stretch by stretch of the left side.
pub(crate) struct Found {
    /// Where each stretch starts; one more than there are stretches.
    starts: Vec<u32>,
    /// Of each pair the left row, counted from the first of its stretch, and the right row.
    lefts: Vec<u16>,
    rights: Vec<u32>,
}

/// A value that so many rows share that pairs by it were not gathered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TooCommon {
    pub key: Key,
    /// How many values that is, how many rows of rostering have one of them, and how many pairs that would be.
    pub n_values: usize,
    pub n_rows: usize,
    pub n_pairs: u64,
}

/// Gathers by every key.
pub(crate) fn gather(
    keys: &[Key],
    left: &[Card],
    right: &[Card],
    names: &Names,
) -> (Vec<Found>, Vec<TooCommon>) {
    let part_bits = part_bits(right.len());
    let budget = ((left.len() + right.len()) * PAIRS_PER_ROW).max(PAIRS_AT_LEAST);
    let found: Vec<(Found, Option<TooCommon>)> = keys
        .par_chunks(KEYS_AT_ONCE)
        .with_max_len(1)
        .flat_map_iter(|keys| {
            let of = |cards: &[Card]| {
                Hashes::of_each(keys.len(), cards, part_bits, |nth, card, hashed| {
                    keys[nth].of(card, names, |hash| hashed.put(hash));
                })
            };
            let (left_hashes, right_hashes) = rayon::join(|| of(left), || of(right));
            let sides = left_hashes.into_par_iter().zip(right_hashes).map(<[Hashes; 2]>::from);
            let met = keys.par_iter().zip(sides).with_max_len(1);
            met.map(|(key, sides)| gather_by(*key, &sides, left.len(), budget)).collect::<Vec<_>>()
        })
        .collect();
    let (found, too_common): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut too_common: Vec<TooCommon> = too_common.into_iter().flatten().collect();
    too_common.sort_unstable();
    (found, too_common)
}

fn gather_by(key: Key, sides: &[Hashes; 2], n_left: usize, budget: usize) -> (Found, Option<TooCommon>) {
    let mut most = key.most_rows();
    // That names are common, and that many live in one street, is nothing to tell anybody.
    let tells = !matches!(key, Key::Names | Key::HouseName);
    loop {
        match meet(sides, most, budget, tells) {
            Ok(Met { pairs, left_out }) => {
                return (Found::of(&pairs, n_left), TooCommon::of(key, left_out));
            }
            Err(OverBudget) => most = most * 2 / 3,
        }
    }
}

struct OverBudget;

/// What both sides have in common.
#[derive(Default)]
struct Met {
    /// The left row in the upper half, the right one in the lower.
    pairs: Vec<u64>,
    /// For each left value that too many right rows share, the hash and how many they are, if that is to be told.
    left_out: Vec<(u32, u64)>,
}

fn meet([left, right]: &[Hashes; 2], most: usize, budget: usize, tells: bool) -> Result<Met, OverBudget> {
    let (mut met, mut buckets) = (Met::default(), Buckets::default());
    for number in 0..right.n_parts() {
        buckets.fill(right.part(number), right.part_bits);
        for entry in left.part(number) {
            let same = buckets.run(hash(*entry));
            if same.len() <= most {
                let left = u64::from(row(*entry)) << 32;
                met.pairs.extend(same.iter().map(|entry| left | u64::from(row(*entry))));
            } else if tells {
                met.left_out.push((hash(*entry), same.len() as u64));
            }
        }
        if met.pairs.len() > budget && most > 1 {
            return Err(OverBudget);
        }
    }
    Ok(met)
}

impl Found {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a stretch has few rows, and the lower half is a row"
    )]
    fn of(pairs: &[u64], n_left: usize) -> Found {
        let stretch = |pair: u64| (pair >> 32) as usize / STRETCH;
        let mut starts = vec![0_u32; n_left.div_ceil(STRETCH) + 1];
        for pair in pairs {
            starts[stretch(*pair) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let (mut lefts, mut rights) = (vec![0; pairs.len()], vec![0; pairs.len()]);
        for pair in pairs {
            let next = &mut next[stretch(*pair)];
            lefts[*next as usize] = ((pair >> 32) as usize % STRETCH) as u16;
            rights[*next as usize] = *pair as u32;
            *next += 1;
        }
        Found { starts, lefts, rights }
    }

    fn range(&self, stretch: usize) -> Range<usize> {
        self.starts[stretch] as usize..self.starts[stretch + 1] as usize
    }
}

impl TooCommon {
    fn of(key: Key, mut left_out: Vec<(u32, u64)>) -> Option<TooCommon> {
        if left_out.is_empty() {
            return None;
        }
        let n_pairs = left_out.iter().map(|(_, n)| n).sum();
        let n_rows = left_out.len();
        left_out.sort_unstable();
        left_out.dedup();
        Some(TooCommon { key, n_values: left_out.len(), n_rows, n_pairs })
    }
}

/// What all keys found for the rows of one stretch. Its room is used again for the next.
#[derive(Default)]
pub(crate) struct Others {
    /// Where the others of each row start; two more than rows.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Others {
    /// Takes the pairs of a stretch of so many rows.
    pub(crate) fn fill(&mut self, found: &[Found], stretch: usize, n_rows: usize) {
        self.starts.clear();
        self.starts.resize(n_rows + 2, 0);
        for by_key in found {
            for left in &by_key.lefts[by_key.range(stretch)] {
                self.starts[usize::from(*left) + 2] += 1;
            }
        }
        for at in 2..self.starts.len() {
            self.starts[at] += self.starts[at - 1];
        }
        self.rows.clear();
        self.rows.resize(self.starts[n_rows + 1] as usize, 0);
        for by_key in found {
            let range = by_key.range(stretch);
            for (left, right) in by_key.lefts[range.clone()].iter().zip(&by_key.rights[range]) {
                let next = &mut self.starts[usize::from(*left) + 1];
                self.rows[*next as usize] = *right;
                *next += 1;
            }
        }
    }

    /// The others of a row of the stretch, each once, in ascending order.
    pub(crate) fn of(&mut self, row: usize) -> &[u32] {
        let others = &mut self.rows[self.starts[row] as usize..self.starts[row + 1] as usize];
        others.sort_unstable();
        let mut n_different = 0;
        for at in 0..others.len() {
            if n_different == 0 || others[n_different - 1] != others[at] {
                others[n_different] = others[at];
                n_different += 1;
            }
        }
        &others[..n_different]
    }
}
