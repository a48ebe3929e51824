//! Values of many rows by their hashes, in parts that fit into the cache: whoever looks for equals among millions does so
//! part by part, and fetches nothing from far away. It does not know what the values are.

use super::card::Card;
use rayon::prelude::*;

/// Rows that one part has, about.
const PART: usize = 1 << 12;
/// Parts, at most: as many places to write to at once as fit into the cache. In bits.
const MOST_PART_BITS: u32 = 9;
/// So many entries are looked through one by one.
const FEW: usize = 8;
/// Cards whose values are hashed one kind after the other while they are in the cache.
const CARDS_AT_ONCE: usize = 1 << 8;

/// How many bits of a hash tell the part, for so many rows.
pub(crate) fn part_bits(n_rows: usize) -> u32 {
    (n_rows / PART).next_power_of_two().trailing_zeros().min(MOST_PART_BITS)
}

/// A hash in the upper half, and in the lower the row that has it.
pub(crate) type Entry = u64;

pub(crate) const fn hash(entry: Entry) -> u32 {
    (entry >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is the row")]
pub(crate) const fn row(entry: Entry) -> u32 {
    entry as u32
}

/// The values of one kind that one side has, in parts by the uppermost bits of their hashes.
pub(crate) struct Hashes {
    entries: Vec<Entry>,
    /// Where each part starts; one more than there are parts.
    starts: Vec<usize>,
    pub(crate) part_bits: u32,
}

/// Takes the values of one kind, row after row.
pub(crate) struct Hashed {
    entries: Vec<Entry>,
    /// In place `n + 1` how many there are of part `n`.
    n_of_parts: Vec<usize>,
    part_bits: u32,
    row: u64,
}

impl Hashed {
    /// Of the row whose turn it is.
    pub(crate) fn put(&mut self, hash: u32) {
        self.put_as(hash, self.row);
    }

    /// As one of several values of the row whose turn it is, which are told apart later: the `nth` of `of`.
    pub(crate) fn put_nth(&mut self, hash: u32, nth: u64, of: u64) {
        self.put_as(hash, self.row * of + nth);
    }

    fn put_as(&mut self, hash: u32, row: u64) {
        let entry = u64::from(hash) << 32 | row;
        self.n_of_parts[part(entry, self.part_bits) + 1] += 1;
        self.entries.push(entry);
    }
}

const fn part(entry: Entry, part_bits: u32) -> usize {
    (entry >> 32 >> (32 - part_bits)) as usize
}

impl Hashes {
    /// For each of so many kinds of values; `values` hands in those of one kind that a card has.
    pub(crate) fn of_each(
        n_kinds: usize,
        cards: &[Card],
        part_bits: u32,
        values: impl Fn(usize, &Card, &mut Hashed),
    ) -> Vec<Hashes> {
        let new = |_| Hashed {
            entries: Vec::with_capacity(cards.len()),
            n_of_parts: vec![0; (1 << part_bits) + 1],
            part_bits,
            row: 0,
        };
        let mut all: Vec<Hashed> = (0..n_kinds).map(new).collect();
        for some in cards.chunks(CARDS_AT_ONCE) {
            for (kind, hashed) in all.iter_mut().enumerate() {
                for card in some {
                    values(kind, card, hashed);
                    hashed.row += 1;
                }
            }
        }
        all.into_par_iter().with_max_len(1).map(Hashes::from).collect()
    }

    pub(crate) fn n_parts(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn part(&self, number: usize) -> &[Entry] {
        &self.entries[self.starts[number]..self.starts[number + 1]]
    }
}

impl From<Hashed> for Hashes {
    fn from(hashed: Hashed) -> Hashes {
        let Hashed { entries: in_order, n_of_parts: mut starts, part_bits, .. } = hashed;
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![0; in_order.len()];
        for entry in in_order {
            let next = &mut next[part(entry, part_bits)];
            entries[*next] = entry;
            *next += 1;
        }
        Hashes { entries, starts, part_bits }
    }
}

/// The entries of one part in a table, those of one hash side by side.
#[derive(Default)]
pub(crate) struct Buckets {
    starts: Vec<u32>,
    entries: Vec<Entry>,
    /// How many of a hash's upper bits all entries share, and how many tell the bucket.
    part_bits: u32,
    bits: u32,
}

impl Buckets {
    /// Takes the entries of one part.
    pub(crate) fn fill(&mut self, entries: &[Entry], part_bits: u32) {
        self.part_bits = part_bits;
        self.bits = entries.len().next_power_of_two().trailing_zeros().clamp(1, 32 - part_bits);
        self.starts.clear();
        self.starts.resize((1 << self.bits) + 2, 0);
        // Two places on, so that filling them moves every start to where it belongs.
        for entry in entries {
            let bucket = self.bucket(hash(*entry));
            self.starts[bucket + 2] += 1;
        }
        for at in 2..self.starts.len() {
            self.starts[at] += self.starts[at - 1];
        }
        self.entries.clear();
        self.entries.resize(entries.len(), 0);
        for entry in entries {
            let bucket = self.bucket(hash(*entry));
            let next = &mut self.starts[bucket + 1];
            self.entries[*next as usize] = *entry;
            *next += 1;
        }
        for ends in self.starts.windows(2) {
            if ends[1] - ends[0] > 1 {
                self.entries[ends[0] as usize..ends[1] as usize].sort_unstable();
            }
        }
    }

    fn bucket(&self, hash: u32) -> usize {
        (hash << self.part_bits >> (32 - self.bits)) as usize
    }

    /// All entries of a hash.
    pub(crate) fn run(&self, hash: u32) -> &[Entry] {
        let bucket = self.bucket(hash);
        let entries = &self.entries[self.starts[bucket] as usize..self.starts[bucket + 1] as usize];
        // In order, so that those of one hash stand together.
        let n_before = |entries: &[Entry], is_before: fn(u32, u32) -> bool| {
            let is_before = |entry: &Entry| is_before(self::hash(*entry), hash);
            if entries.len() <= FEW {
                entries.iter().take_while(|entry| is_before(entry)).count()
            } else {
                entries.partition_point(is_before)
            }
        };
        let rest = &entries[n_before(entries, |one, hash| one < hash)..];
        &rest[..n_before(rest, |one, hash| one == hash)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_entries_of_a_hash_are_found_and_no_others() {
        // Three hashes of one bucket with so many entries each, and others elsewhere.
        for n_each in [1_u32, 2, 8, 24] {
            let hashes = [0x4000_0001_u32, 0x4000_0003, 0x4000_0005, 0x4fff_ffff, 0x4800_0000];
            let entries: Vec<Entry> = (0..n_each)
                .flat_map(|row| hashes.map(|hash| u64::from(hash) << 32 | u64::from(row)))
                .collect();
            let mut buckets = Buckets::default();
            buckets.fill(&entries, 4);
            for hash in hashes {
                let found: Vec<u32> = buckets.run(hash).iter().map(|entry| row(*entry)).collect();
                assert_eq!(found, (0..n_each).collect::<Vec<_>>(), "{hash:x}");
            }
            for hash in [0x4000_0000, 0x4000_0002, 0x4000_0004, 0x4000_0006, 0x4abc_0000] {
                assert!(buckets.run(hash).is_empty(), "{hash:x}");
            }
        }
    }
}
