//! What the search for look-alikes found. Rows are numbered as they were given, from 0.

use super::block::TooCommon;
use super::chance::is_at_home;
use super::levels::{Birth, Family, Given, Home, Nhs, Pattern};

/// Two rows that are, or may be, one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The service user in rostering.
    pub a: u32,
    /// The record in ACP.
    pub b: u32,
    /// The logarithm (base 2) of the odds that it is one person: 0 is even odds, 10 is a thousand to one.
    pub weight: f32,
    /// How the fields compare; [`super::explain`] puts it in words.
    pub pattern: Pattern,
    pub standing: Standing,
    pub certainty: Certainty,
    /// How many bits the next best choice of either row is behind, if there is one.
    pub ahead_by: Option<f32>,
}

/// Which of possibly several records of a service user it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The record that fits best.
    First,
    /// A further record of a service user who has one already.
    Second,
}

/// What may be done with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// One person, as sure as exports can say. Under two identifiers it is a likely duplicate.
    Likely,
    /// More likely one person than two; somebody who knows them has to decide.
    Doubtful,
}

/// A service user and a record with the same identifier, or nearly the same: always compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joined {
    pub a: u32,
    pub b: u32,
    /// To the character, so that the first sync updates this record.
    pub exactly: bool,
    /// How likely it is one person, given that they share the identifier: 0 to 1.
    pub same_person: f32,
    pub pattern: Pattern,
}

impl Joined {
    /// The first sync may write one person's details over another's.
    pub fn may_be_another_person(&self) -> bool {
        self.exactly && self.reads_as_another_person()
    }

    /// The same, wherever the identifiers are taken for one.
    pub fn reads_as_another_person(&self) -> bool {
        let of = self.pattern;
        let is_contradicted = of.nhs() == Nhs::Differs && of.given() == Given::Differs;
        let may_be_twins =
            of.given() == Given::Differs && of.birth() == Birth::Same && of.nhs() == Nhs::Missing;
        let below = if is_at_home(of.home()) {
            ANOTHER_AT_HOME_BELOW
        } else if may_be_twins {
            ANOTHER_TWIN_BELOW
        } else {
            ANOTHER_BELOW
        };
        is_contradicted || self.is_a_namesake() || self.same_person < below
    }

    /// Only names speak for one person beside the identifier, and not even both of them: nothing personal agrees.
    fn is_a_namesake(&self) -> bool {
        let of = self.pattern;
        let shares_a_home = !matches!(of.home(), Home::Missing | Home::OtherPhone | Home::Differs);
        let is_silent = matches!(of.birth(), Birth::Missing | Birth::Differs) && of.nhs() == Nhs::Missing;
        let differs_in_names =
            of.given() == Given::Differs || (of.family() != Family::Same && of.birth() == Birth::Differs);
        differs_in_names && is_silent && !shares_a_home
    }
}

/// Below this an identifier may be on another person. High, because overwriting somebody is the worst that can happen:
/// it is meant to name every one of them, and one in ten needlessly. *Assumed*.
const ANOTHER_BELOW: f32 = 0.95;
/// The same for those who may be twins: born on one day, with another given name, and no NHS number to say who is who.
/// *Assumed*, as above.
const ANOTHER_TWIN_BELOW: f32 = 0.99;
/// The same where both live in one house or have one telephone number. *Assumed*, from invented populations: of the
/// identifiers on another person of one house, none in seven thousand looked more like one person than 0.74.
const ANOTHER_AT_HOME_BELOW: f32 = 0.85;

/// Everything that was found.
#[derive(Debug)]
pub struct Links {
    /// In the order of service users, the first record before the second.
    pub links: Vec<Link>,
    /// In the order of service users, then of records.
    pub joined: Vec<Joined>,
    /// How many of the rows of ACP are service users of rostering, as far as the weights tell.
    pub expected: f64,
    pub trust: Trust,
    /// Values that too many rows share to be compared by them, by key.
    pub too_common: Vec<TooCommon>,
    /// How many pairs were compared.
    pub n_pairs: u64,
    pub weights: Vec<LevelWeight>,
}

/// Where the weights come from, and whether they may be used without a human.
#[derive(Clone, Debug, PartialEq)]
pub enum Trust {
    /// Estimated from these files, and the checks hold.
    Estimated,
    /// The files are too small to estimate from: fixed weights.
    Small,
    /// Estimated weights failed these checks, so fixed ones were used and nothing is called likely. Each is a whole
    /// sentence.
    Refused(Vec<String>),
}

/// How much one level of one field says, for a table that shows the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelWeight {
    /// From 0, in the order given name, family name, date of birth, NHS number, home, sex.
    pub field: usize,
    /// From 1, in the order of the field's levels.
    pub level: usize,
    /// The probability of the level for one person, two of one household, two unrelated people.
    pub same: f64,
    pub household: f64,
    pub unrelated: f64,
}

#[cfg(test)]
mod tests {
    use super::super::levels::Sex;
    use super::*;

    fn joined(given: Given, family: Family, birth: Birth, home: Home, same_person: f32) -> Joined {
        let pattern = Pattern::new(given, family, birth, Nhs::Missing, home, Sex::Missing);
        Joined { a: 0, b: 0, exactly: true, same_person, pattern }
    }

    #[test]
    fn how_sure_it_has_to_be_goes_by_what_speaks_for_one_person() {
        let is_told = |it: Joined| it.may_be_another_person();
        let at_home = |sure| joined(Given::Same, Family::Same, Birth::Missing, Home::House, sure);
        assert!(is_told(at_home(0.84)) && !is_told(at_home(0.86)), "in one house");
        let twins = |sure| joined(Given::Differs, Family::Same, Birth::Same, Home::Differs, sure);
        assert!(is_told(twins(0.98)) && !is_told(twins(0.995)), "twins who live apart");
        let others = |sure| joined(Given::Same, Family::Same, Birth::Same, Home::Differs, sure);
        assert!(is_told(others(0.94)) && !is_told(others(0.96)), "anybody else");
    }

    #[test]
    fn somebody_of_whom_nothing_but_a_name_agrees_is_told_however_sure_it_seems() {
        for (given, family, birth, is_told) in [
            (Given::Differs, Family::Same, Birth::Missing, true),
            (Given::Same, Family::Close, Birth::Differs, true),
            (Given::Same, Family::Same, Birth::Differs, false),
            (Given::Same, Family::Close, Birth::Missing, false),
        ] {
            let it = joined(given, family, birth, Home::Differs, 0.999);
            assert_eq!(it.may_be_another_person(), is_told, "{given:?} {family:?} {birth:?}");
            let in_one_house = joined(given, family, birth, Home::House, 0.999);
            assert!(!in_one_house.may_be_another_person(), "{given:?} {family:?} {birth:?}");
        }
    }
}
