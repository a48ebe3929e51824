//! How often values occur in both files.

use super::card::Card;
use super::fold::{scatter, short};
use super::hashes::{Buckets, Hashes, hash, part_bits, row};
use rayon::prelude::*;

/// A value of a card; 0 is none.
pub(crate) type Value<'a> = &'a (dyn Fn(&Card) -> u64 + Sync);

/// For each kind of value how many rows of both files have that of each row of `a`, 65,535 at most. A kind may have several
/// values: then there are as many counts for each row. Where there is no value the count is 0.
pub(crate) fn rows_with_same(a: &[Card], b: &[Card], kinds: &[&[Value<'_>]]) -> Vec<Vec<u16>> {
    let part_bits = part_bits(b.len());
    let of = |cards: &[Card]| {
        Hashes::of_each(kinds.len(), cards, part_bits, |kind, card, hashed| {
            let values = kinds[kind];
            for (nth, value) in (0..).zip(values) {
                let value = value(card);
                if value != 0 {
                    hashed.put_nth(short(scatter(value)), nth, values.len() as u64);
                }
            }
        })
    };
    let (of_a, of_b) = rayon::join(|| of(a), || of(b));
    let sides = kinds.par_iter().zip(of_a.into_par_iter().zip(of_b)).with_max_len(1);
    sides.map(|(values, (of_a, of_b))| counted(&of_a, &of_b, a.len() * values.len())).collect()
}

fn counted(a: &Hashes, b: &Hashes, n: usize) -> Vec<u16> {
    let mut counts = vec![0; n];
    let (mut among_a, mut among_b) = (Buckets::default(), Buckets::default());
    for number in 0..a.n_parts() {
        among_a.fill(a.part(number), a.part_bits);
        among_b.fill(b.part(number), b.part_bits);
        for entry in a.part(number) {
            let n_rows = among_a.run(hash(*entry)).len() + among_b.run(hash(*entry)).len();
            counts[row(*entry) as usize] = u16::try_from(n_rows).unwrap_or(u16::MAX);
        }
    }
    counts
}

/// Of all pairs of two rows of one file, how many have the same value (0 left out): the chance that two people agree. As
/// if [`ANYWHERE_PAIRS`] pairs more had been seen that agree as often as they do anywhere; 0 where there is no value.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn chance_of_two_alike(mut values: Vec<u64>, anywhere: f64) -> f64 {
    values.retain(|value| *value != 0);
    let n = values.len() as f64;
    if values.is_empty() {
        return 0.0;
    }
    values.sort_unstable();
    let alike: u64 =
        values.chunk_by(|a, b| a == b).map(|run| (run.len() as u64) * (run.len() as u64 - 1)).sum();
    (alike as f64 + ANYWHERE_PAIRS * anywhere) / (n * (n - 1.0) + ANYWHERE_PAIRS)
}

/// *Assumed*: as many as a file of a hundred rows has, so that it weighs nothing in files of thousands.
const ANYWHERE_PAIRS: f64 = 10_000.0;

#[cfg(test)]
mod tests {
    use super::*;
    use rustc_hash::FxHashMap;

    #[test]
    fn rows_with_the_same_value_are_counted_on_both_sides() {
        let cards = |values: &[u64]| -> Vec<Card> {
            values.iter().map(|postcode| Card { postcode: *postcode, ..Card::default() }).collect()
        };
        let (a, b) = (cards(&[7, 8, 0, 7]), cards(&[7, 9, 0]));
        let postcode: Value<'_> = &|card| card.postcode;
        let next: Value<'_> = &|card| if card.postcode == 8 { 9 } else { 0 };
        assert_eq!(
            rows_with_same(&a, &b, &[&[postcode], &[postcode, next]]),
            [
                vec![3, 1, 0, 3],
                // The one row of `a` that has 8 has 9 too, and so has one of `b`, as the first of its values.
                vec![3, 0, 1, 2, 0, 0, 3, 0],
            ]
        );
    }

    /// Far more rows than one part holds.
    #[test]
    fn rows_of_many_parts_are_counted_as_one_by_one() {
        let cards = |n: u64, every: u64| -> Vec<Card> {
            (0..n).map(|at| Card { postcode: (at * at) % every, ..Card::default() }).collect()
        };
        let (a, b) = (cards(30_000, 7_001), cards(40_000, 9_973));
        assert!(part_bits(b.len()) > 2, "several parts");
        let mut expected: FxHashMap<u64, u16> = FxHashMap::default();
        for card in a.iter().chain(&b) {
            *expected.entry(card.postcode).or_default() += 1;
        }
        let postcode: Value<'_> = &|card| card.postcode;
        let counts = rows_with_same(&a, &b, &[&[postcode]]).remove(0);
        for (card, n_rows) in a.iter().zip(counts) {
            let expected = if card.postcode == 0 { 0 } else { expected[&card.postcode] };
            assert_eq!(n_rows, expected, "{}", card.postcode);
        }
    }

    #[test]
    fn the_chance_of_two_alike_counts_pairs() {
        // Of 3 rows, 1 pair of 3 is alike; counted both ways that is 2 of 6.
        let expected = (2.0 + ANYWHERE_PAIRS * 0.25) / (6.0 + ANYWHERE_PAIRS);
        assert!((chance_of_two_alike(vec![1, 1, 2, 0, 0], 0.25) - expected).abs() < 1e-12);
    }

    #[test]
    fn few_rows_go_by_what_is_so_anywhere() {
        assert!((chance_of_two_alike(vec![7], 0.005) - 0.005).abs() < 1e-12);
        assert!(chance_of_two_alike(vec![1, 1], 0.005) < 0.006);
        assert!(chance_of_two_alike(vec![0], 0.005).abs() < 1e-12);
    }
}
