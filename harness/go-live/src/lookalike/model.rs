//! How likely each level of each field is for the three kinds of pairs: the same person, somebody else of the same
//! household, and unrelated people. Numbers and nothing else.

use super::chance::{Homes, family_and_birth};
use super::levels::{Birth, Family, Given, Home, N_FIELDS, N_LEVELS, Nhs, Pattern, Sex};
use super::links::LevelWeight;

/// Room for the levels of a field: as many as the pattern can hold.
pub(crate) const WIDEST: usize = 16;

/// For each field the probability of each level, given that the field can be compared: level 0 is always 1.
pub(crate) type Table = [[f64; WIDEST]; N_FIELDS];

/// The kinds of pairs, in the order of everything that is counted by kind.
pub(crate) const SAME: usize = 0;
pub(crate) const HOUSEHOLD: usize = 1;
pub(crate) const UNRELATED: usize = 2;

#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// By kind.
    pub(crate) tables: [Table; 3],
    /// Of all pairs of one row of each file, which share is of each kind.
    pub(crate) shares: [f64; 3],
    pub(crate) homes: Homes,
    /// The chance that two people agree, for the values whose own frequency is then used instead.
    pub(crate) alike: Alike,
}

/// The chance that two unrelated people have the same value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Alike {
    pub(crate) given: f64,
    pub(crate) family: f64,
    pub(crate) birth: f64,
    pub(crate) postcode: f64,
    pub(crate) phone: f64,
}

impl Model {
    /// Its logarithms, taken once for all patterns.
    pub(crate) fn in_logs(&self) -> Logs {
        let table = |table: &Table| table.map(|field| field.map(f64::log2));
        Logs {
            tables: [SAME, HOUSEHOLD, UNRELATED].map(|kind| table(&self.tables[kind])),
            shares: self.shares.map(f64::log2),
            together: self.homes.together.map(|family| family.map(f64::log2)),
        }
    }

    /// All levels of all fields, for showing.
    pub(crate) fn weights(&self) -> Vec<LevelWeight> {
        let levels = (0..N_FIELDS).flat_map(|field| (1..N_LEVELS[field]).map(move |level| (field, level)));
        let of = |field: usize, level: usize, kind: usize| self.tables[kind][field][level];
        levels
            .map(|(field, level)| LevelWeight {
                field,
                level,
                same: of(field, level, SAME),
                household: of(field, level, HOUSEHOLD),
                unrelated: of(field, level, UNRELATED),
            })
            .collect()
    }
}

/// A model in logarithms (base 2).
pub(crate) struct Logs {
    tables: [Table; 3],
    shares: [f64; 3],
    together: [[f64; 2]; 2],
}

impl Logs {
    /// How likely a pattern is for each kind, share included.
    pub(crate) fn of(&self, pattern: Pattern) -> [f64; 3] {
        let levels: [usize; N_FIELDS] = std::array::from_fn(|field| pattern.level(field));
        let of = |kind: usize| {
            let logs = self.tables[kind].iter().zip(levels).map(|(field, level)| field[level]);
            self.shares[kind] + logs.sum::<f64>()
        };
        let together = family_and_birth(pattern).map_or(0.0, |(family, birth)| self.together[family][birth]);
        [of(SAME), of(HOUSEHOLD) + together, of(UNRELATED)]
    }
}

/// Puts the probabilities of a field's levels, other than "missing", into a row that adds up to 1.
fn row(levels: &[(usize, f64)]) -> [f64; WIDEST] {
    let sum: f64 = levels.iter().map(|(_, share)| share).sum();
    let mut row = [0.0; WIDEST];
    row[0] = 1.0;
    for &(level, share) in levels {
        row[level] = share / sum;
    }
    row
}

/// What the fields look like for one person in two systems. *Assumed*, from published error rates of hospital and
/// registry data (some 10 in 100 names, 5 in 100 dates of birth and 20 in 100 addresses differ); the start of the
/// estimation, and the model itself for files too small to estimate from.
pub(crate) fn published_same() -> Table {
    [
        row(&[
            (Given::Same as usize, 0.83),
            (Given::Form as usize, 0.07),
            (Given::Initial as usize, 0.03),
            (Given::Close as usize, 0.035),
            (Given::Like as usize, 0.01),
            (Given::Differs as usize, 0.015),
            (Given::Swapped as usize, 0.01),
        ]),
        row(&[
            (Family::Same as usize, 0.90),
            (Family::Part as usize, 0.015),
            (Family::Close as usize, 0.04),
            (Family::Like as usize, 0.015),
            (Family::Differs as usize, 0.03),
        ]),
        row(&[
            (Birth::Same as usize, 0.92),
            (Birth::Swapped as usize, 0.012),
            (Birth::Slip as usize, 0.025),
            (Birth::YearOff as usize, 0.01),
            (Birth::Year as usize, 0.018),
            (Birth::TwoOfThree as usize, 0.005),
            (Birth::Differs as usize, 0.01),
        ]),
        row(&[
            (Nhs::Same as usize, 0.96),
            (Nhs::SameInvalid as usize, 0.003),
            (Nhs::Slip as usize, 0.015),
            (Nhs::DiffersInvalid as usize, 0.004),
            (Nhs::Differs as usize, 0.018),
        ]),
        row(&[
            (Home::All as usize, 0.40),
            (Home::House as usize, 0.20),
            (Home::HouseOtherPhone as usize, 0.12),
            (Home::PostcodePhone as usize, 0.03),
            (Home::Postcode as usize, 0.03),
            (Home::NextDoor as usize, 0.02),
            (Home::HouseOnly as usize, 0.05),
            (Home::Phone as usize, 0.04),
            (Home::PostcodeSlip as usize, 0.005),
            (Home::Near as usize, 0.015),
            (Home::OtherPhone as usize, 0.005),
            (Home::Differs as usize, 0.085),
        ]),
        row(&[(Sex::Same as usize, 0.99), (Sex::Differs as usize, 0.01)]),
    ]
}

/// What they look like for two people of one household. *Assumed*, as above: couples mostly, some parents with
/// children, few twins, and people in schemes who are no relations.
pub(crate) fn published_household() -> Table {
    [
        row(&[
            (Given::Same as usize, 0.03),
            (Given::Form as usize, 0.01),
            (Given::Initial as usize, 0.01),
            (Given::Close as usize, 0.01),
            (Given::Like as usize, 0.03),
            (Given::Differs as usize, 0.909),
            (Given::Swapped as usize, 0.001),
        ]),
        row(&[
            (Family::Same as usize, 0.60),
            (Family::Part as usize, 0.02),
            (Family::Close as usize, 0.02),
            (Family::Like as usize, 0.02),
            (Family::Differs as usize, 0.34),
        ]),
        row(&[
            (Birth::Same as usize, 0.03),
            (Birth::Swapped as usize, 0.002),
            (Birth::Slip as usize, 0.01),
            (Birth::YearOff as usize, 0.003),
            (Birth::Year as usize, 0.01),
            (Birth::TwoOfThree as usize, 0.02),
            (Birth::Differs as usize, 0.925),
        ]),
        row(&[
            (Nhs::Same as usize, 0.01),
            (Nhs::SameInvalid as usize, 0.000_1),
            (Nhs::Slip as usize, 0.000_1),
            (Nhs::DiffersInvalid as usize, 0.02),
            (Nhs::Differs as usize, 0.97),
        ]),
        row(&[
            (Home::All as usize, 0.45),
            (Home::House as usize, 0.20),
            (Home::HouseOtherPhone as usize, 0.17),
            (Home::PostcodePhone as usize, 0.05),
            (Home::Postcode as usize, 0.03),
            (Home::NextDoor as usize, 0.03),
            (Home::HouseOnly as usize, 0.03),
            (Home::Phone as usize, 0.03),
            (Home::PostcodeSlip as usize, 0.001),
            (Home::Near as usize, 0.004),
            (Home::OtherPhone as usize, 0.001),
            (Home::Differs as usize, 0.004),
        ]),
        row(&[(Sex::Same as usize, 0.3), (Sex::Differs as usize, 0.7)]),
    ]
}

/// What they look like for two people who have nothing to do with each other, before any file is seen. *Assumed*.
pub(crate) fn published_unrelated() -> Table {
    [
        row(&[
            (Given::Same as usize, 0.008),
            (Given::Form as usize, 0.006),
            (Given::Initial as usize, 0.003),
            (Given::Close as usize, 0.003),
            (Given::Like as usize, 0.02),
            (Given::Differs as usize, 0.96),
            (Given::Swapped as usize, 0.000_01),
        ]),
        row(&[
            (Family::Same as usize, 0.002),
            (Family::Part as usize, 0.000_3),
            (Family::Close as usize, 0.001_5),
            (Family::Like as usize, 0.012),
            (Family::Differs as usize, 0.984),
        ]),
        row(&[
            (Birth::Same as usize, 0.000_06),
            (Birth::Swapped as usize, 0.000_02),
            (Birth::Slip as usize, 0.002_5),
            (Birth::YearOff as usize, 0.000_2),
            (Birth::Year as usize, 0.000_8),
            (Birth::TwoOfThree as usize, 0.004),
            (Birth::Differs as usize, 0.992),
        ]),
        row(&[
            (Nhs::Same as usize, 0.000_000_1),
            (Nhs::SameInvalid as usize, 0.000_000_1),
            (Nhs::Slip as usize, 0.000_001),
            (Nhs::DiffersInvalid as usize, 0.03),
            (Nhs::Differs as usize, 0.97),
        ]),
        row(&[
            (Home::All as usize, 0.000_000_2),
            (Home::House as usize, 0.000_000_2),
            (Home::HouseOtherPhone as usize, 0.000_000_2),
            (Home::PostcodePhone as usize, 0.000_000_5),
            (Home::Postcode as usize, 0.000_003),
            (Home::NextDoor as usize, 0.000_01),
            (Home::HouseOnly as usize, 0.000_01),
            (Home::Phone as usize, 0.000_01),
            (Home::PostcodeSlip as usize, 0.000_05),
            (Home::Near as usize, 0.02),
            (Home::OtherPhone as usize, 0.03),
            (Home::Differs as usize, 0.95),
        ]),
        row(&[(Sex::Same as usize, 0.52), (Sex::Differs as usize, 0.48)]),
    ]
}

/// Moves a table towards counts: as if `weight` pairs had been seen as the table says, per field.
pub(crate) fn blend(table: &Table, weight: f64, counts: &[[f64; WIDEST]; N_FIELDS]) -> Table {
    let mut blended = *table;
    for field in 0..N_FIELDS {
        let levels = 1..N_LEVELS[field];
        let n: f64 = counts[field][levels.clone()].iter().sum();
        for level in levels {
            blended[field][level] = (table[field][level] * weight + counts[field][level]) / (weight + n);
        }
    }
    blended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_published_tables_adds_up_to_one_and_has_no_zero() {
        for table in [published_same(), published_household(), published_unrelated()] {
            for field in 0..N_FIELDS {
                let levels = &table[field][1..N_LEVELS[field]];
                assert!((levels.iter().sum::<f64>() - 1.0).abs() < 1e-9, "field {field}");
                assert!(levels.iter().all(|share| *share > 0.0), "field {field}");
            }
        }
    }
}
