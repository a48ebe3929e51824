//! What unrelated people and people of one household look like, learned from rows that are certainly two people:
//! pairs drawn across the files, and pairs within one file. No label is needed for either.

use super::block::{Others, STRETCH, gather};
use super::card::{Card, Cards};
use super::compare::compare;
use super::counts::chance_of_two_alike;
use super::keys::Key;
use super::levels::{Birth, Family, Given, Home, N_FIELDS, Nhs, Pattern};
use super::model::{Alike, Table, WIDEST, blend, published_household, published_unrelated};
use super::names::Names;
use rayon::prelude::*;

/// How many rows of each file are compared with each other: a quarter of a million pairs.
const ROWS_ACROSS: usize = 500;
/// How many rows of rostering are compared with those that live with them.
const ROWS_WITHIN: usize = 100_000;
/// From how many rows of each file it is learned how often values agree: more than thirty thousand million pairs.
const ROWS_ALIKE: usize = 1 << 18;
/// How many pairs the published tables count for.
const PUBLISHED_PAIRS: f64 = 200.0;

/// How often two people of one customer agree, whoever the customer is: what files of a few rows go by. *Assumed*, from
/// frequencies of names and dates of birth among older people in the United Kingdom.
const ANYWHERE: Alike = Alike { given: 0.005, family: 0.002, birth: 5e-5, postcode: 1e-3, phone: 1e-4 };
/// The number of pairs below which nothing is concluded from a chance not having come up: two files of 500 rows.
const LEAST_PAIRS: f64 = 250_000.0;

pub(crate) struct Chance {
    pub(crate) unrelated: Table,
    pub(crate) household: Table,
    pub(crate) alike: Alike,
    pub(crate) homes: Homes,
}

/// What one file tells about people who live together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Homes {
    /// How many other service users live with one, on average.
    pub(crate) mates: f64,
    /// How many times more often than by chance two of them have alike family names, and the same date of birth:
    /// `[family names alike][born on one day]`. Twins have one family name, so both fields together say more than
    /// each.
    pub(crate) together: [[f64; 2]; 2],
}

pub(crate) fn learn(a: &Cards, b: &Cards, names: &Names) -> Chance {
    let ((household, seen, homes), ((alike, numbers), across)) = rayon::join(
        || within(a, names),
        || {
            let drawn = rayon::join(|| drawn(a, ROWS_ALIKE), || drawn(b, ROWS_ALIKE));
            let alike = || (alike(&drawn.0, &drawn.1, names), alike_numbers(&drawn.0, &drawn.1));
            rayon::join(alike, || across(a, b, names))
        },
    );
    let mut unrelated = blend(&published_unrelated(), PUBLISHED_PAIRS, &across);
    exact(&mut unrelated, &alike, numbers, [a.cards.len(), b.cards.len()], &seen);
    Chance { unrelated, household, alike, homes }
}

/// How often two rows of one file have the same NHS number, a valid one and another one.
fn alike_numbers(a: &[Card], b: &[Card]) -> [f64; 2] {
    [Nhs::Same, Nhs::SameInvalid].map(|level| {
        let of = |side: &[Card]| {
            let is = |nhs: &u64| super::number::is_valid(*nhs) == (level == Nhs::Same);
            chance_of_two_alike(side.iter().map(|card| card.nhs).filter(is).collect(), 0.0)
        };
        of(a).min(of(b))
    })
}

fn alike(a: &[Card], b: &[Card], names: &Names) -> Alike {
    let of = |value: &(dyn Fn(&Card) -> u64 + Sync), anywhere: f64| {
        let of = |side: &[Card]| chance_of_two_alike(side.iter().map(value).collect(), anywhere);
        let (of_a, of_b) = rayon::join(|| of(a), || of(b));
        // A file with a person twice has more alike than there are; one with few values filled in has none.
        if of_a == 0.0 || of_b == 0.0 { of_a.max(of_b) } else { of_a.min(of_b) }
    };
    Alike {
        given: of(&|card| names.letters(card.given), ANYWHERE.given),
        family: of(&|card| names.letters(card.family), ANYWHERE.family),
        birth: of(&|card| card.born.into(), ANYWHERE.birth),
        postcode: of(&|card| card.postcode, ANYWHERE.postcode),
        phone: of(&|card| card.phones[0].into(), ANYWHERE.phone),
    }
}

/// Levels of pairs drawn across the files. Nearly all are unrelated.
#[expect(clippy::cast_precision_loss, reason = "a quarter of a million")]
fn across(a: &Cards, b: &Cards, names: &Names) -> [[f64; WIDEST]; N_FIELDS] {
    let (left, right) = (drawn(a, ROWS_ACROSS), drawn(b, ROWS_ACROSS));
    let counts: Vec<[[u32; WIDEST]; N_FIELDS]> = left
        .par_iter()
        .map(|one| {
            let mut counts = [[0; WIDEST]; N_FIELDS];
            for other in &right {
                let pattern = compare(one, other, names);
                // The same person among them would count for far too much.
                if !is_one_person(pattern) {
                    count(&mut counts, pattern, 1);
                }
            }
            counts
        })
        .collect();
    let mut sums = [[0_u64; WIDEST]; N_FIELDS];
    for one in counts {
        for (sum, count) in sums.iter_mut().flatten().zip(one.iter().flatten()) {
            *sum += u64::from(*count);
        }
    }
    sums.map(|field| field.map(|n| n as f64))
}

fn count(counts: &mut [[u32; WIDEST]; N_FIELDS], pattern: Pattern, by: u32) {
    for (field, counts) in counts.iter_mut().enumerate() {
        counts[pattern.level(field)] += by;
    }
}

/// About so many cards, those with the lowest hashes: the same ones in whatever order rows come.
fn drawn(side: &Cards, n: usize) -> Vec<Card> {
    drawn_rows(side, n).into_iter().map(|row| side.cards[row]).collect()
}

fn drawn_rows(side: &Cards, n: usize) -> Vec<usize> {
    let rows = 0..side.cards.len();
    if n >= rows.len() {
        return rows.collect();
    }
    let below = u64::MAX / side.cards.len() as u64 * n as u64;
    rows.filter(|row| side.ties[*row] < below).collect()
}

/// Two rows so alike that they are one person twice: no evidence of what two people look like.
fn is_one_person(pattern: Pattern) -> bool {
    let same_given = matches!(
        pattern.given(),
        Given::Same | Given::Form | Given::Initial | Given::Close | Given::Swapped | Given::Missing
    );
    let same_birth =
        matches!(pattern.birth(), Birth::Same | Birth::Swapped | Birth::Slip | Birth::Missing | Birth::Year);
    let same_home = !matches!(pattern.home(), Home::Differs | Home::Missing | Home::Near | Home::OtherPhone);
    (pattern.nhs() == Nhs::Same && (same_given || same_birth)) || (same_given && same_birth && same_home)
}

/// Pairs within rostering that share a home: the table of households, how many pairs each level of home has per
/// pair of rows, and how many mates somebody has.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn within(a: &Cards, names: &Names) -> (Table, [f64; WIDEST], Homes) {
    let rows = drawn_rows(a, ROWS_WITHIN);
    let left: Vec<Card> = rows.iter().map(|row| a.cards[*row]).collect();
    let keys = [Key::Postcode, Key::Phone];
    let (found, _) = gather(&keys, &left, &a.cards, names);
    let mates = left
        .par_chunks(STRETCH)
        .enumerate()
        .fold(
            || (Mates::default(), Others::default()),
            |(mut mates, mut others), (stretch, cards)| {
                others.fill(&found, stretch, cards.len());
                for (at, card) in cards.iter().enumerate() {
                    let itself = rows[stretch * STRETCH + at];
                    let others = others.of(at).iter().map(|other| *other as usize);
                    for other in others.filter(|other| *other != itself) {
                        mates.see(compare(card, &a.cards[other], names));
                    }
                }
                (mates, others)
            },
        )
        .map(|(mates, _)| mates)
        .reduce(Mates::default, |mut one, other| {
            one.add(&other);
            one
        });
    let counts = mates.counts.map(|field| field.map(f64::from));
    let household = guarded(blend(&published_household(), PUBLISHED_PAIRS, &counts));
    let n_pairs = (left.len() * a.cards.len()).max(1) as f64;
    let homes =
        Homes { mates: f64::from(mates.n) / left.len().max(1) as f64, together: together(mates.both) };
    (household, mates.seen.map(|n| f64::from(n) / n_pairs), homes)
}

/// Pairs within one file, counted.
#[derive(Clone, Copy, Default)]
struct Mates {
    /// Pairs of two people by level of home.
    seen: [u32; WIDEST],
    /// Those who live together: how many, their levels, and whether family names and dates of birth agree.
    n: u32,
    counts: [[u32; WIDEST]; N_FIELDS],
    both: [[u32; 2]; 2],
}

impl Mates {
    fn see(&mut self, pattern: Pattern) {
        if is_one_person(pattern) {
            return;
        }
        self.seen[pattern.level(4)] += 1;
        if is_at_home(pattern.home()) {
            self.n += 1;
            count(&mut self.counts, pattern, 1);
            if let Some((family, birth)) = family_and_birth(pattern) {
                self.both[family][birth] += 1;
            }
        }
    }

    fn add(&mut self, other: &Mates) {
        let add = |one: &mut u32, other: &u32| *one += other;
        self.seen.iter_mut().zip(&other.seen).for_each(|(one, other)| add(one, other));
        self.n += other.n;
        let (counts, others) = (self.counts.iter_mut().flatten(), other.counts.iter().flatten());
        counts.zip(others).for_each(|(one, other)| add(one, other));
        let (both, others) = (self.both.iter_mut().flatten(), other.both.iter().flatten());
        both.zip(others).for_each(|(one, other)| add(one, other));
    }
}

/// Whether family names are alike, and whether the dates of birth are the same, as 0 and 1; nothing if either cannot
/// be compared.
pub(crate) fn family_and_birth(pattern: Pattern) -> Option<(usize, usize)> {
    if pattern.family() == Family::Missing || pattern.birth() == Birth::Missing {
        return None;
    }
    let alike = matches!(pattern.family(), Family::Same | Family::Part | Family::Close);
    Some((usize::from(alike), usize::from(pattern.birth() == Birth::Same)))
}

/// How many times more often than by chance, as if one pair more had been seen than chance has it.
fn together(both: [[u32; 2]; 2]) -> [[f64; 2]; 2] {
    let n = f64::from(both.iter().flatten().sum::<u32>()).max(1.0);
    let of_family = both.map(|row| f64::from(row[0] + row[1]) / n);
    let of_birth = [0, 1].map(|birth| f64::from(both[0][birth] + both[1][birth]) / n);
    let of = |family: usize, birth: usize| {
        let by_chance = of_family[family] * of_birth[birth] * n;
        (f64::from(both[family][birth]) + 1.0) / (by_chance + 1.0)
    };
    [[of(0, 0), of(0, 1)], [of(1, 0), of(1, 1)]]
}

pub(crate) fn is_at_home(home: Home) -> bool {
    matches!(home, Home::All | Home::House | Home::HouseOtherPhone | Home::PostcodePhone)
}

/// The most that people of one household may agree: beyond that the kind would swallow the same person. *Assumed*.
const MOST_ALIKE: [(usize, usize, f64); 3] =
    [(0, Given::Same as usize, 0.08), (2, Birth::Same as usize, 0.10), (3, Nhs::Same as usize, 0.03)];

/// Takes what is over the most off, and gives it to "differs".
pub(crate) fn guarded(mut table: Table) -> Table {
    for (field, level, most) in MOST_ALIKE {
        let over = table[field][level] - most;
        if over > 0.0 {
            let differs = [Given::Differs as usize, 0, Birth::Differs as usize, Nhs::Differs as usize][field];
            table[field][level] = most;
            table[field][differs] += over;
        }
    }
    table
}

/// Puts the chances in that are too small for a sample: it holds none of them.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn exact(table: &mut Table, alike: &Alike, numbers: [f64; 2], [n_a, n_b]: [usize; 2], seen: &[f64; WIDEST]) {
    let n_pairs = ((n_a * n_b) as f64).max(LEAST_PAIRS);
    // One pair in all that there are is the least that can be said.
    let at_least = |chance: f64, least: f64| chance.max(0.3 / n_pairs).max(least);
    table[0][Given::Same as usize] = at_least(alike.given, 1e-5);
    table[1][Family::Same as usize] = at_least(alike.family, 1e-5);
    table[2][Birth::Same as usize] = at_least(alike.birth, 1e-6);
    for (level, alike) in [Nhs::Same, Nhs::SameInvalid].into_iter().zip(numbers) {
        table[3][level as usize] = at_least(alike, 1e-9);
    }
    for home in Home::ALL.iter().skip(1).filter(|home| **home < Home::Near) {
        let seen = seen[*home as usize];
        // People at one address are the household's kind.
        let share = if is_at_home(*home) { 0.02 } else { 0.8 };
        if *home != Home::PostcodeSlip && *home != Home::HouseOnly {
            table[4][*home as usize] = at_least(seen * share, 1e-8);
        }
    }
}
