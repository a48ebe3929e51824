//! Every random choice of a history, from one seed. Knows nothing of what is chosen.

use rand::{Rng, SeedableRng, rngs::ChaCha8Rng};

pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 0 where `n` is 0. That small numbers come up very slightly more often does not matter here.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.0.next_u64() % n).unwrap_or(0)
    }

    /// From `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        let n = to.saturating_sub(from).saturating_add(1).max(1).unsigned_abs();
        from.saturating_add_unsigned(self.0.next_u64() % n)
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub(crate) fn idx<T>(&mut self, of: &[T]) -> Option<usize> {
        (!of.is_empty()).then(|| self.below(of.len()))
    }

    /// One of these, each as often as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, from: &[(T, usize)]) -> T {
        let mut left = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (it, weight) in from {
            if left < *weight {
                return *it;
            }
            left -= weight;
        }
        from[0].0
    }
}
