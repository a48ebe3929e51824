//! Random draws, each subject from a stream of its own. The sums here are ours, so that a new release of `rand`
//! that draws ranges in another way changes nobody.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// What a stream is about. The numbers are part of what a seed means: add, never renumber.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum About {
    Block = 0,
    Household = 1,
    Person = 2,
    Visits = 3,
    Carer = 4,
    Seed = 5,
}

pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    pub(crate) fn new(seed: u64, about: About, number: u32) -> Draw {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(u64::from(about as u8) << 32 | u64::from(number));
        Draw(rng)
    }

    /// For crate `fake`, which draws by itself.
    pub(crate) fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.0
    }

    /// 0 to `n` - 1, each as likely as the next but for one part in 2^32 / n. 0 for no choice.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(n);
        u32::try_from(wide >> 32).expect("32 of 64 bits are left")
    }

    /// 0 to `n` - 1, for sums with years and days.
    pub(crate) fn years(&mut self, n: u16) -> i16 {
        i16::try_from(self.below(u32::from(n))).unwrap_or(i16::MAX)
    }

    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// `table` is never empty: all are written in this crate.
    pub(crate) fn pick<T: Copy>(&mut self, table: &[T]) -> T {
        table[self.below(u32::try_from(table.len()).unwrap_or(u32::MAX)) as usize]
    }

    /// One of a table that begins with the most frequent. With x from 0 to 1, x to the power of 1.5 says how far
    /// down: the first of 250 comes up 2.5 times in 100. *Assumed*: about as steep as British names.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "tables are short, and x is neither negative nor 1"
    )]
    pub(crate) fn frequent<T: Copy>(&mut self, table: &[T]) -> T {
        // Only multiplication and square root: both are exact to the last bit on every machine.
        let x = f64::from(self.0.next_u32()) / 4_294_967_296.0;
        table[(x * x.sqrt() * table.len() as f64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_reaches_both_ends_and_no_further() {
        let mut draw = Draw::new(1, About::Seed, 0);
        let drawn: Vec<u32> = (0..1000).map(|_| draw.below(7)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&0), Some(&6)));
        assert_eq!(draw.below(0), 0);
    }

    #[test]
    fn streams_of_two_subjects_differ() {
        let first = |about, number| Draw::new(1, about, number).below(u32::MAX);
        assert_ne!(first(About::Person, 1), first(About::Person, 2));
        assert_ne!(first(About::Person, 1), first(About::Household, 1));
    }
}
