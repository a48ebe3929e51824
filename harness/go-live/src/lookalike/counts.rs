//! How often a value occurs in both files, in fixed space. A count may come out too high, one time in twenty by
//! one or two, and never too low.

use super::fold::scatter;

pub(crate) struct Counts {
    one: Vec<u16>,
    other: Vec<u16>,
    mask: usize,
}

impl Counts {
    /// Counts hashes, 0 left out.
    pub(crate) fn of(hashes: impl Iterator<Item = u64>, n_rows: usize) -> Counts {
        let n_slots = (n_rows * 3 / 2).next_power_of_two().max(64);
        let mut counts = Counts { one: vec![0; n_slots], other: vec![0; n_slots], mask: n_slots - 1 };
        for hash in hashes.filter(|hash| *hash != 0) {
            let (one, other) = counts.slots(hash);
            counts.one[one] = counts.one[one].saturating_add(1);
            counts.other[other] = counts.other[other].saturating_add(1);
        }
        counts
    }

    pub(crate) fn get(&self, hash: u64) -> u32 {
        let (one, other) = self.slots(hash);
        u32::from(self.one[one].min(self.other[other]))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the mask takes the lower bits")]
    fn slots(&self, hash: u64) -> (usize, usize) {
        let mixed = scatter(hash);
        (mixed as usize & self.mask, (mixed >> 32) as usize & self.mask)
    }
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

    #[test]
    fn counts_are_never_too_low_and_seldom_too_high() {
        let hashes = (0..10_000_u64)
            .flat_map(|n| std::iter::repeat_n(scatter(n) | 1, if n % 10 == 0 { 5 } else { 1 }));
        let counts = Counts::of(hashes, 14_000);
        let mut n_wrong = 0;
        for n in 0..10_000_u64 {
            let (expected, got) = (if n % 10 == 0 { 5 } else { 1 }, counts.get(scatter(n) | 1));
            assert!(got >= expected);
            n_wrong += u32::from(got > expected);
        }
        assert!(n_wrong < 800, "{n_wrong} of 10,000");
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
