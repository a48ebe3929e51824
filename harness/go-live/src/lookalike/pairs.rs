//! All pairs that share a key, each compared once: per row of rostering the rows of ACP and the patterns.

use super::block::{Others, STRETCH, TooCommon, gather};
use super::card::Card;
use super::chance::is_at_home;
use super::compare::compare;
use super::keys::Key;
use super::levels::{N_PATTERNS, Pattern};
use super::names::Names;
use rayon::prelude::*;

/// A row of ACP beside one of rostering, with nearly all that a weight goes by: its card is not fetched again.
#[derive(Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) b: u32,
    /// The pattern, then what else they share, then what the identifiers have in common.
    packed: u32,
}

/// All bits that a pattern may have.
const PATTERN: u32 = (1 << 18) - 1;
const _: () = assert!(PATTERN as usize == N_PATTERNS - 1, "every pattern, and nothing else");

/// Beside the pattern: which of the values that it calls alike are one value.
const SAME_NAMES: u32 = 1 << 20;
const SAME_PLACE: u32 = 1 << 21;
const SECOND_PHONE: u32 = 1 << 22;

impl Pair {
    fn of(b: u32, one: &Card, other: &Card, names: &Names) -> Pair {
        let pattern = compare(one, other, names);
        let mut packed = pattern.0 | (Identifiers::of(one, other) as u32) << 24;
        if one.given == other.given && one.family == other.family {
            packed |= SAME_NAMES;
        }
        if is_at_home(pattern.home()) && one.place() == other.place() && one.place() != 0 {
            packed |= SAME_PLACE;
        }
        if one.phones[0] == 0 || !other.phones.contains(&one.phones[0]) {
            packed |= SECOND_PHONE;
        }
        Pair { b, packed }
    }

    pub(crate) fn pattern(self) -> Pattern {
        Pattern(self.packed & PATTERN)
    }

    pub(crate) fn identifiers(self) -> Identifiers {
        match self.packed >> 24 {
            0 => Identifiers::Other,
            1 => Identifiers::Loosely,
            _ => Identifiers::Exactly,
        }
    }

    /// Whether both have one given and one family name.
    pub(crate) const fn has_same_names(self) -> bool {
        self.packed & SAME_NAMES != 0
    }

    /// Whether both live in one house of one postcode.
    pub(crate) const fn has_same_place(self) -> bool {
        self.packed & SAME_PLACE != 0
    }

    /// Which telephone number of rostering both have, if they have one: 0 or 1.
    pub(crate) const fn shared_phone(self) -> usize {
        (self.packed & SECOND_PHONE != 0) as usize
    }
}

/// What two rows' identifiers have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Identifiers {
    Other,
    Loosely,
    Exactly,
}

impl Identifiers {
    fn of(a: &Card, b: &Card) -> Identifiers {
        if a.identifier != 0 && a.identifier == b.identifier {
            Identifiers::Exactly
        } else if a.identifier_loose != 0 && a.identifier_loose == b.identifier_loose {
            Identifiers::Loosely
        } else {
            Identifiers::Other
        }
    }
}

/// Pairs of a stretch of rows.
pub(crate) struct Chunk {
    /// The first row of the stretch.
    first: usize,
    /// Where the pairs of each row end.
    ends: Vec<u32>,
    pairs: Vec<Pair>,
}

impl Chunk {
    /// Each row of the stretch with its pairs.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, &[Pair])> {
        let mut start = 0;
        (self.first..).zip(&self.ends).map(move |(row, end)| {
            let pairs = &self.pairs[start as usize..*end as usize];
            start = *end;
            (row, pairs)
        })
    }

    pub(crate) fn n_pairs(&self) -> usize {
        self.pairs.len()
    }
}

/// Gathers and compares.
pub(crate) fn compare_all(a: &[Card], b: &[Card], names: &Names) -> (Vec<Chunk>, Vec<TooCommon>) {
    let keys: Vec<Key> = Key::ALL.iter().copied().filter(|key| *key != Key::Postcode).collect();
    let (found, too_common) = gather(&keys, a, b, names);
    let chunks = a
        .par_chunks(STRETCH)
        .enumerate()
        .map(|(stretch, rows)| {
            let mut chunk =
                Chunk { first: stretch * STRETCH, ends: Vec::with_capacity(rows.len()), pairs: Vec::new() };
            let (mut others, mut cards) = (Others::default(), Vec::new());
            others.fill(&found, stretch, rows.len());
            for (at, one) in rows.iter().enumerate() {
                let others = others.of(at);
                // Fetched first and compared then: fetches do not wait for each other.
                cards.clear();
                cards.extend(others.iter().map(|other| b[*other as usize]));
                let pairs = others.iter().zip(&cards);
                chunk.pairs.extend(pairs.map(|(b, other)| Pair::of(*b, one, other, names)));
                chunk.ends.push(u32::try_from(chunk.pairs.len()).expect("a stretch has few pairs"));
            }
            // They wait for all others, and half of their room may be empty.
            chunk.pairs.shrink_to_fit();
            chunk
        })
        .collect();
    (chunks, too_common)
}

/// How often each pattern occurs, in the order of patterns.
pub(crate) fn count(chunks: &[Chunk]) -> Vec<(Pattern, u64)> {
    let per_part = chunks.len().div_ceil(rayon::current_num_threads()).max(1);
    let parts: Vec<Vec<u32>> = chunks
        .par_chunks(per_part)
        .map(|chunks| {
            let mut counts = vec![0_u32; N_PATTERNS];
            for pair in chunks.iter().flat_map(|chunk| &chunk.pairs) {
                counts[pair.pattern().0 as usize] += 1;
            }
            counts
        })
        .collect();
    let n_of = |pattern: usize| parts.iter().map(|part| u64::from(part[pattern])).sum::<u64>();
    (0_u32..)
        .take(N_PATTERNS)
        .map(|code| (Pattern(code), n_of(code as usize)))
        .filter(|(_, n)| *n > 0)
        .collect()
}
