//! Gathers the pairs that are worth comparing. For each key the rows of ACP are laid out by the key's hash, each
//! row of rostering looks itself up, and what the keys found is joined row by row. Nothing is compared here.

use super::card::Card;
use super::keys::Key;
use super::names::Names;
use rayon::prelude::*;

/// Pairs that one key may bring, per row of both files. *Assumed*: ten times what a key brings on populations
/// without a common value.
const PAIRS_PER_ROW: usize = 20;
/// A small file may always bring this many.
const PAIRS_AT_LEAST: usize = 20_000;

/// For each row of one side the rows of the other, of one key.
pub(crate) struct Found {
    /// Where the rows of each left row start in `rows`; one more than left rows.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Found {
    pub(crate) fn of(&self, left: usize) -> &[u32] {
        &self.rows[self.starts[left] as usize..self.starts[left + 1] as usize]
    }
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
    let found: Vec<(Found, Option<TooCommon>)> =
        // One by one: whoever is done takes the next, and nobody waits for another's last three.
        keys.par_iter().with_max_len(1).map(|key| gather_by(*key, left, right, names)).collect();
    let (found, too_common): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut too_common: Vec<TooCommon> = too_common.into_iter().flatten().collect();
    too_common.sort_unstable();
    (found, too_common)
}

fn gather_by(key: Key, left: &[Card], right: &[Card], names: &Names) -> (Found, Option<TooCommon>) {
    let index = Index::new(key, right, names);
    let budget = ((left.len() + right.len()) * PAIRS_PER_ROW).max(PAIRS_AT_LEAST);
    let mut most = key.most_rows();
    loop {
        match index.look_up(key, left, names, most, budget) {
            Ok(found) => {
                let too_common = index.too_common(key, left, names, most);
                return (found, too_common);
            }
            Err(OverBudget) => most = most * 2 / 3,
        }
    }
}

struct OverBudget;

/// Rows of one side by the hash of a key: a table of buckets, sorted within each.
struct Index {
    starts: Vec<u32>,
    /// Hash in the upper half, row in the lower.
    entries: Vec<u64>,
    shift: u32,
    /// The longest run of one hash.
    longest: usize,
}

impl Index {
    fn new(key: Key, cards: &[Card], names: &Names) -> Index {
        let bits = cards.len().next_power_of_two().trailing_zeros().clamp(1, 24);
        let shift = 32 - bits;
        let mut hashed: Vec<u64> = Vec::with_capacity(cards.len());
        for (row, card) in (0_u64..).zip(cards) {
            key.of(card, names, |hash| hashed.push(u64::from(hash) << 32 | row));
        }
        // Each loop does one thing, so that the fetches of one step do not wait for the arithmetic of another.
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for entry in &hashed {
            starts[(entry >> 32 >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![0; hashed.len()];
        for entry in hashed {
            let next = &mut next[(entry >> 32 >> shift) as usize];
            entries[*next as usize] = entry;
            *next += 1;
        }
        let longest = starts
            .windows(2)
            .map(|ends| {
                let bucket = &mut entries[ends[0] as usize..ends[1] as usize];
                bucket.sort_unstable();
                bucket.chunk_by(|a, b| a >> 32 == b >> 32).map(<[u64]>::len).max().unwrap_or(0)
            })
            .max()
            .unwrap_or(0);
        Index { starts, entries, shift, longest }
    }

    /// Where the bucket of a hash starts and ends.
    fn bucket(&self, hash: u32) -> [u32; 2] {
        let bucket = (hash >> self.shift) as usize;
        [self.starts[bucket], self.starts[bucket + 1]]
    }

    /// All entries of a hash, in its bucket.
    fn run(&self, hash: u32, [start, end]: [u32; 2]) -> &[u64] {
        let bucket = &self.entries[start as usize..end as usize];
        let is_other = |entry: &u64| entry >> 32 != u64::from(hash);
        let Some(first) = bucket.iter().position(|entry| !is_other(entry)) else { return &[] };
        let rest = &bucket[first..];
        match rest {
            [_] => rest,
            _ => &rest[..rest.partition_point(|entry| !is_other(entry))],
        }
    }

    fn look_up(
        &self,
        key: Key,
        left: &[Card],
        names: &Names,
        most: usize,
        budget: usize,
    ) -> Result<Found, OverBudget> {
        let mut found = Found { starts: Vec::with_capacity(left.len() + 1), rows: Vec::new() };
        found.starts.push(0);
        let mut batch = Batch::default();
        for cards in left.chunks(BATCH) {
            batch.ask(key, cards, names);
            batch.fetch(self);
            batch.answer(self, most, &mut found);
            if found.rows.len() > budget && most > 1 {
                return Err(OverBudget);
            }
        }
        Ok(found)
    }

    fn too_common(&self, key: Key, left: &[Card], names: &Names, most: usize) -> Option<TooCommon> {
        if self.longest <= most || matches!(key, Key::Names | Key::HouseName) {
            return None;
        }
        let mut hashes: Vec<(u32, u64)> = Vec::new();
        for card in left {
            key.of(card, names, |hash| {
                let n_rows = self.run(hash, self.bucket(hash)).len();
                if n_rows > most {
                    hashes.push((hash, n_rows as u64));
                }
            });
        }
        let n_pairs = hashes.iter().map(|(_, n)| n).sum();
        let n_rows = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        (n_rows > 0).then_some(TooCommon { key, n_values: hashes.len(), n_rows, n_pairs })
    }
}

/// Rows that are looked up together.
const BATCH: usize = 128;

/// The hashes of some rows, on their way through the index step by step: fetches of one step do not wait for each other.
#[derive(Default)]
struct Batch {
    hashes: Vec<u32>,
    /// How many hashes there are up to and with each row.
    ends: Vec<usize>,
    buckets: Vec<[u32; 2]>,
    firsts: Vec<u64>,
}

impl Batch {
    fn ask(&mut self, key: Key, cards: &[Card], names: &Names) {
        self.hashes.clear();
        self.ends.clear();
        for card in cards {
            key.of(card, names, |hash| self.hashes.push(hash));
            self.ends.push(self.hashes.len());
        }
    }

    fn fetch(&mut self, index: &Index) {
        self.buckets.clear();
        self.buckets.extend(self.hashes.iter().map(|hash| index.bucket(*hash)));
        self.firsts.clear();
        let first = |bucket: &[u32; 2]| index.entries.get(bucket[0] as usize).copied().unwrap_or(0);
        self.firsts.extend(self.buckets.iter().map(first));
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower half of an entry is the row")]
    fn answer(&self, index: &Index, most: usize, found: &mut Found) {
        let mut at = 0;
        for &end in &self.ends {
            for (hash, bucket) in self.hashes[at..end].iter().zip(&self.buckets[at..end]) {
                let run = index.run(*hash, *bucket);
                if run.len() <= most {
                    found.rows.extend(run.iter().map(|entry| *entry as u32));
                }
            }
            at = end;
            found.starts.push(u32::try_from(found.rows.len()).expect("the budget is far below four billion"));
        }
    }
}
