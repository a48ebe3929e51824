//! Look-alikes: the same person under two identifiers, found over the whole of two exports. A pure function of the
//! rows: no file, no clock, no randomness, no labels, nothing tuned for a customer.
//!
//! 1. **Clean** ([`Row`] to a card of 64 bytes). Accents, titles, notes in brackets, `Mac` and `Mc`, particles and
//!    double barrels, telephone numbers to national digits, postcodes with letters typed for digits, NHS numbers with
//!    their check digit. What stands for "not known" is found by how often it occurs. Empty is never evidence.
//! 2. **Gather** the pairs that share one of 13 tight keys of demographics, and every pair that shares an identifier,
//!    exactly or nearly ([`Key`]). A value that far too many rows share is left to the other keys, and told
//!    ([`TooCommon`]).
//! 3. **Compare** each pair once, field by field, to a [`Pattern`]: one of a few levels for given name, family name, date
//!    of birth, NHS number, home (address, postcode and telephone together, as they change together) and sex.
//! 4. **Learn** how likely each level is for three kinds of pairs: one person, two people of one household, and two
//!    strangers. Strangers are learned from pairs drawn across the files, households from people of one file who share
//!    an address (they are certainly two), and the same person by expectation and maximisation over the counts of
//!    patterns, which is Fellegi and Sunter's model (1969) with Winkler's latent classes. The third kind is what keeps
//!    couples, twins, and father and son apart. It is guarded: it may not agree on more than few people do, and it may
//!    not be larger than one file alone lets expect.
//! 5. **Weigh**: the odds of one person against the other two kinds together, with the frequency of the very values that
//!    agree, and of names as pairs, since they go together by origin.
//! 6. **Choose** who goes with whom: the greatest sum of weights in which nobody is taken twice, solved exactly. Then
//!    weigh again what is left over: where most rows are settled, few strangers compete for the rest, and weak evidence
//!    says more. Then second records of one person, at a higher bar. A close runner-up is for a human.
//! 7. **Check** the model. Where it cannot be right, say so, use fixed weights, and call nothing likely. Files of fewer
//!    than 500 rows get fixed weights at once.
//!
//! Pairs that share an identifier are always weighed, whatever the keys say: an identifier on another person is the worst
//! that can happen, because the first sync then writes over somebody ([`Joined`]).
//!
//! It does not know branches, services, or what the sync will do, and it never decides anything: a planner does.

mod address;
mod assign;
mod block;
mod card;
mod chance;
mod check;
mod choose;
mod compare;
mod counts;
mod em;
mod explain;
pub(crate) mod fold;
mod hashes;
mod identifier;
mod jaro;
mod keys;
mod levels;
mod links;
mod model;
mod names;
mod number;
mod pairs;
mod person;
mod placeholder;
mod postcode;
mod row;
mod score;
mod weigh;

pub use block::TooCommon;
pub use explain::explain;
pub use identifier::{Change, NearMiss, changes, near_misses};
pub use keys::Key;
pub use levels::{Birth, Family, Given, Home, Nhs, Pattern, Sex};
pub use links::{Certainty, Joined, LevelWeight, Link, Links, Standing, Trust};
pub use row::{Row, Rows};

use crate::threads;
use card::Cards;
use chance::Chance;
use choose::Choice;
use em::{PatternCounts, Sizes};
use model::Model;
use names::Names;
use pairs::Chunk;

/// Rows on either side below which weights cannot be estimated. *Assumed*: with fewer, single odd rows move them.
const SMALL: f64 = 500.0;

/// Finds the same person in two exports: `a` of the rostering system, `b` of ACP, with so many threads. The answer is the
/// same for any number of threads and, but for the numbers of rows, for any order of rows.
pub fn link(a: &Rows<'_>, b: &Rows<'_>, jobs: usize) -> Links {
    threads::on(jobs, || Cleaned::of(a, b).compare().weigh().choose())
}

/// Step 1 is done, but for what stands for "not known".
pub(crate) struct Cleaned {
    a: Cards,
    b: Cards,
    names: Names,
}

/// Steps 1 to 3 are done, and strangers and households are known.
pub(crate) struct Compared {
    a: Cards,
    b: Cards,
    names: Names,
    chunks: Vec<Chunk>,
    too_common: Vec<TooCommon>,
    chance: Chance,
}

/// Steps 4 and 5 are done. What is left is mostly for one core: whoever has something else to do does it beside.
pub(crate) struct Weighed {
    a: Cards,
    b: Cards,
    pairs: Vec<Vec<score::WeighedPair>>,
    model: Model,
    trust: Trust,
    too_common: Vec<TooCommon>,
    n_pairs: u64,
}

impl Cleaned {
    pub(crate) fn of(a: &Rows<'_>, b: &Rows<'_>) -> Cleaned {
        let (a, b, names) = card::clean(a, b);
        Cleaned { a, b, names }
    }

    /// Rows of `a` with one date of birth, one given and one family name, where more than one has them; a few that have not
    /// may be among them.
    pub(crate) fn namesakes(&self) -> Vec<Vec<u32>> {
        card::namesakes(&self.a.cards)
    }

    pub(crate) fn compare(self) -> Compared {
        let Cleaned { mut a, mut b, names } = self;
        rayon::join(|| placeholder::clear(&mut a.cards), || placeholder::clear(&mut b.cards));
        let ((chunks, too_common), chance) =
            rayon::join(|| pairs::compare_all(&a.cards, &b.cards, &names), || chance::learn(&a, &b, &names));
        Compared { a, b, names, chunks, too_common, chance }
    }
}

impl Compared {
    pub(crate) fn weigh(self) -> Weighed {
        let Compared { a, b, names, chunks, too_common, chance } = self;
        let counts = pairs::count(&chunks);
        let (model, trust) = learn(Sizes::of(a.cards.len(), b.cards.len()), &chance, &counts);
        let n_pairs = chunks.iter().map(|chunk| chunk.n_pairs() as u64).sum();
        let pairs = score::weigh([&a, &b], &names, chunks, &counts, &model);
        Weighed { a, b, pairs, model, trust, too_common, n_pairs }
    }
}

impl Weighed {
    pub(crate) fn choose(self) -> Links {
        let Weighed { a, b, pairs, model, trust, too_common, n_pairs } = self;
        let scored = score::with_identifiers(&a, &b, pairs, &model);
        let rows = choose::Rows { n_a: a.cards.len(), n_b: b.cards.len() };
        let may_be_likely = !matches!(trust, Trust::Refused(_));
        let Choice { links, joined, expected } = choose::choose(scored, rows, may_be_likely);
        Links { links, joined, expected, trust, too_common, n_pairs, weights: model.weights() }
    }
}

/// Estimates the model, or falls back on fixed weights where that cannot be done or went wrong.
fn learn(sizes: Sizes, chance: &Chance, counts: &PatternCounts) -> (Model, Trust) {
    let start = em::published(chance, sizes);
    let estimate = |only_shares: bool| em::estimate(&start, chance, counts, sizes, only_shares);
    if sizes.smaller() < SMALL {
        return (estimate(true), Trust::Small);
    }
    let model = estimate(false);
    let faults = check::faults(&model, sizes);
    if faults.is_empty() { (model, Trust::Estimated) } else { (estimate(true), Trust::Refused(faults)) }
}
