//! Learns how the same person looks in two files from the pairs themselves, without labels: expectation and
//! maximisation over counts of patterns. What unrelated people look like stays as it was learned beforehand, and so,
//! mostly, does what a household looks like.

use super::chance::{Chance, guarded};
use super::levels::{N_FIELDS, Pattern};
use super::model::{HOUSEHOLD, Model, SAME, Table, UNRELATED, WIDEST, blend, published_same};

/// Rounds of estimation, at most. It settles in 10 to 30.
const ROUNDS: usize = 60;
/// The change in the expected number of pairs, relative, at which it has settled.
const SETTLED: f64 = 1e-6;
/// How many pairs the published table counts for.
const PUBLISHED_PAIRS: f64 = 100.0;
/// How many pairs the table of households counts for, beside those expected: it came from known pairs.
const HOUSEHOLD_PAIRS: f64 = 1000.0;

/// How often each pattern occurs, in the order of patterns.
pub(crate) type PatternCounts = [(Pattern, u64)];

/// Which pairs of all there are: how many rows the files have.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) a: f64,
    pub(crate) b: f64,
}

impl Sizes {
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than four billion")]
    pub(crate) fn of(n_a: usize, n_b: usize) -> Sizes {
        Sizes { a: n_a as f64, b: n_b as f64 }
    }

    pub(crate) fn smaller(self) -> f64 {
        self.a.min(self.b)
    }

    fn n_pairs(self) -> f64 {
        (self.a * self.b).max(1.0)
    }
}

/// The model before any pair is looked at. *Assumed*: half of the smaller file is in the other.
pub(crate) fn published(chance: &Chance, sizes: Sizes) -> Model {
    let same = (0.5 * sizes.a.min(sizes.b)).max(1.0) / sizes.n_pairs();
    let household = (sizes.a * chance.homes.mates * 0.5).max(0.5) / sizes.n_pairs();
    let (same, household) = (same.min(0.5), household.min(0.25));
    Model {
        tables: [published_same(), chance.household, chance.unrelated],
        shares: [same, household, 1.0 - same - household],
        homes: chance.homes,
        alike: chance.alike,
    }
}

/// Estimates the model. With `only_shares` the tables stay as they are: few rows cannot tell more.
pub(crate) fn estimate(
    start: &Model,
    chance: &Chance,
    counts: &PatternCounts,
    sizes: Sizes,
    only_shares: bool,
) -> Model {
    let mut model = start.clone();
    let mut before = 0.0;
    for _ in 0..ROUNDS {
        let expected = expect(&model, counts);
        let n_same = expected.n[SAME];
        if (n_same - before).abs() <= SETTLED * n_same {
            break;
        }
        before = n_same;
        if !only_shares {
            model.tables[SAME] = blend(&published_same(), PUBLISHED_PAIRS, &expected.levels[SAME]);
            let weight = HOUSEHOLD_PAIRS + expected.n[HOUSEHOLD];
            model.tables[HOUSEHOLD] = guarded(blend(&chance.household, weight, &expected.levels[HOUSEHOLD]));
        }
        model.shares = shares(&expected.n, chance, sizes);
    }
    model
}

/// As many household pairs as one file alone lets expect count as much as those found: without that the kind grows
/// on whatever fits nothing else.
fn shares(expected: &[f64; 3], chance: &Chance, sizes: Sizes) -> [f64; 3] {
    let found_again = expected[SAME] / sizes.a.max(1.0);
    let foreseen = sizes.a * chance.homes.mates * found_again;
    let n_household = 0.5 * (expected[HOUSEHOLD] + foreseen);
    let same = (expected[SAME].max(0.5) / sizes.n_pairs()).min(0.9);
    let household = (n_household.max(0.5) / sizes.n_pairs()).min(0.09);
    [same, household, 1.0 - same - household]
}

struct Expected {
    /// Pairs by kind.
    n: [f64; 3],
    /// Levels by kind; those of unrelated people are not counted.
    levels: [[[f64; WIDEST]; N_FIELDS]; 2],
}

fn expect(model: &Model, counts: &PatternCounts) -> Expected {
    let mut expected = Expected { n: [0.0; 3], levels: [[[0.0; WIDEST]; N_FIELDS]; 2] };
    let logs = model.in_logs();
    for &(pattern, n) in counts {
        let shares = kinds(logs.of(pattern));
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let n = n as f64;
        for kind in [SAME, HOUSEHOLD, UNRELATED] {
            expected.n[kind] += n * shares[kind];
        }
        for kind in [SAME, HOUSEHOLD] {
            add(&mut expected.levels[kind], pattern, n * shares[kind]);
        }
    }
    expected
}

fn add(levels: &mut Table, pattern: Pattern, n: f64) {
    for (field, levels) in levels.iter_mut().enumerate() {
        levels[pattern.level(field)] += n;
    }
    // Level 0 is no level.
    for levels in levels {
        levels[0] = 0.0;
    }
}

/// From logarithms to shares that add up to 1.
pub(crate) fn kinds(logs: [f64; 3]) -> [f64; 3] {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers = logs.map(|log| (log - most).exp2());
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// Of pairs that share an identifier, which share is of each kind: the tables stay, only the shares are learned. As if
/// one pair of each of the two wrong kinds had been seen.
pub(crate) fn shares_among(model: &Model, logs: &[[f64; 3]]) -> [f64; 3] {
    let mut shares = [0.9, 0.05, 0.05_f64];
    for _ in 0..ROUNDS {
        let more: [f64; 3] = std::array::from_fn(|kind| shares[kind].log2() - model.shares[kind].log2());
        let mut sums = [1.0; 3];
        for logs in logs {
            let kinds = kinds(std::array::from_fn(|kind| logs[kind] + more[kind]));
            sums.iter_mut().zip(kinds).for_each(|(sum, kind)| *sum += kind);
        }
        let n: f64 = sums.iter().sum();
        let before = shares;
        shares = sums.map(|sum| sum / n);
        if (shares[SAME] - before[SAME]).abs() < 1e-9 {
            break;
        }
    }
    shares
}
