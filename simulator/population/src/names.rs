//! Names, by where in the world they come from. The mix is that of older people who live in the United Kingdom,
//! roughly; *assumed*, to the percent.
//!
//! Welsh, Italian, Portuguese and Turkish names come from crate `fake`. Its lists do not say whose name a given
//! name is, so these people have neither title nor gender: real exports have such people too.

use crate::draw::Draw;
use crate::family_names as family;
use crate::given_names as given;
use fake::Fake;
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::{CY_GB, IT_IT, PT_PT, TR_TR};
use feed::Text;
use jiff::civil::Date;

/// As written in the field "gender", which is never sent (PUB-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Female,
    Male,
    Unsaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    British,
    Irish,
    Punjabi,
    Gujarati,
    Pakistani,
    Bangladeshi,
    Caribbean,
    WestAfrican,
    Polish,
    Chinese,
    Welsh,
    Italian,
    Portuguese,
    Turkish,
}

/// In how many of 1000 people.
const SHARES: &[(Origin, u32)] = &[
    (Origin::British, 792),
    (Origin::Irish, 35),
    (Origin::Punjabi, 18),
    (Origin::Gujarati, 15),
    (Origin::Pakistani, 20),
    (Origin::Bangladeshi, 6),
    (Origin::Caribbean, 32),
    (Origin::WestAfrican, 18),
    (Origin::Polish, 18),
    (Origin::Chinese, 8),
    (Origin::Welsh, 20),
    (Origin::Italian, 9),
    (Origin::Portuguese, 5),
    (Origin::Turkish, 4),
];

impl Origin {
    pub(crate) fn draw(draw: &mut Draw) -> Origin {
        let mut drawn = draw.below(1000);
        for &(origin, share) in SHARES {
            if drawn < share {
                return origin;
            }
            drawn -= share;
        }
        Origin::British
    }

    /// As far as the lists of this origin tell.
    pub(crate) fn sex(self, sex: Sex) -> Sex {
        match self {
            Origin::Welsh | Origin::Italian | Origin::Portuguese | Origin::Turkish => Sex::Unsaid,
            _ => sex,
        }
    }
}

/// A given name that none of `not` has.
pub(crate) fn given(draw: &mut Draw, origin: Origin, sex: Sex, born: Date, not: &[&str]) -> &'static str {
    (0..64)
        .map(|_| any_given(draw, origin, sex, born))
        .find(|name| !not.contains(name))
        .or_else(|| given::WOMEN.iter().copied().find(|name| !not.contains(name)))
        .unwrap_or("Hilary")
}

fn any_given(draw: &mut Draw, origin: Origin, sex: Sex, born: Date) -> &'static str {
    let is_older = born.year() < 1962;
    let (women, men) = match origin {
        Origin::Welsh => return FirstName(CY_GB).fake_with_rng::<&str, _>(draw.rng()).trim(),
        Origin::Italian => return FirstName(IT_IT).fake_with_rng::<&str, _>(draw.rng()).trim(),
        Origin::Portuguese => return FirstName(PT_PT).fake_with_rng::<&str, _>(draw.rng()).trim(),
        Origin::Turkish => return FirstName(TR_TR).fake_with_rng::<&str, _>(draw.rng()).trim(),
        Origin::British | Origin::Caribbean if !is_older => (given::YOUNGER_WOMEN, given::YOUNGER_MEN),
        Origin::British => (given::WOMEN, given::MEN),
        Origin::Caribbean => (given::CARIBBEAN_WOMEN, given::CARIBBEAN_MEN),
        Origin::Irish => (given::IRISH_WOMEN, given::IRISH_MEN),
        Origin::Punjabi => (given::PUNJABI_WOMEN, given::PUNJABI_MEN),
        Origin::Gujarati => (given::GUJARATI_WOMEN, given::GUJARATI_MEN),
        Origin::Pakistani => (given::PAKISTANI_WOMEN, given::PAKISTANI_MEN),
        Origin::Bangladeshi => (given::BANGLADESHI_WOMEN, given::BANGLADESHI_MEN),
        Origin::WestAfrican => (given::WEST_AFRICAN_WOMEN, given::WEST_AFRICAN_MEN),
        Origin::Polish => (given::POLISH_WOMEN, given::POLISH_MEN),
        Origin::Chinese => (given::CHINESE_WOMEN, given::CHINESE_MEN),
    };
    draw.frequent(if sex == Sex::Male { men } else { women })
}

pub(crate) fn family(draw: &mut Draw, origin: Origin) -> Text {
    let table = match origin {
        Origin::British => return british(draw),
        Origin::Welsh => return from_fake(LastName(CY_GB).fake_with_rng(draw.rng())),
        Origin::Italian => return from_fake(LastName(IT_IT).fake_with_rng(draw.rng())),
        Origin::Portuguese => return from_fake(LastName(PT_PT).fake_with_rng(draw.rng())),
        Origin::Turkish => return from_fake(LastName(TR_TR).fake_with_rng(draw.rng())),
        Origin::Irish => family::IRISH,
        Origin::Punjabi => family::PUNJABI,
        Origin::Gujarati => family::GUJARATI,
        Origin::Pakistani => family::PAKISTANI,
        Origin::Bangladeshi => family::BANGLADESHI,
        Origin::Caribbean => family::CARIBBEAN,
        Origin::WestAfrican => family::WEST_AFRICAN,
        Origin::Polish => family::POLISH,
        Origin::Chinese => family::CHINESE,
    };
    Text::from(draw.frequent(table))
}

/// What the family name says, for counting; `British` where no list has it.
pub(crate) fn origin_of(family_name: &str) -> &'static str {
    let lists: [(&str, &[&str]); 8] = [
        ("Irish", family::IRISH),
        ("Punjabi", family::PUNJABI),
        ("Gujarati", family::GUJARATI),
        ("Pakistani", family::PAKISTANI),
        ("Bangladeshi", family::BANGLADESHI),
        ("West African", family::WEST_AFRICAN),
        ("Polish", family::POLISH),
        ("Chinese", family::CHINESE),
    ];
    let is_listed = |(_, list): &&(&str, &[&str])| list.contains(&family_name);
    lists.iter().find(is_listed).map_or("British", |(origin, _)| origin)
}

/// One of the lists of `fake` has a tab behind a name.
fn from_fake(name: &str) -> Text {
    Text::from(name.trim())
}

/// Half from the frequent ones; the long tail is made as English place names are; a few are double-barrelled.
fn british(draw: &mut Draw) -> Text {
    if draw.percent(2) {
        let (one, other) = (draw.frequent(family::BRITISH), draw.frequent(family::BRITISH));
        return Text::from(format!("{one}-{other}"));
    }
    if draw.percent(35) {
        let mut name = Text::from(draw.pick(family::BEGINNINGS));
        name.push_str(draw.pick(family::ENDINGS));
        return name;
    }
    Text::from(draw.frequent(family::BRITISH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_shares_make_a_thousand() {
        assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<u32>(), 1000);
    }

    #[test]
    fn no_table_has_a_name_twice_or_white_space_at_its_ends() {
        let tables = [
            family::BRITISH,
            family::BEGINNINGS,
            family::ENDINGS,
            family::IRISH,
            family::PUNJABI,
            family::GUJARATI,
            family::PAKISTANI,
            family::BANGLADESHI,
            family::CARIBBEAN,
            family::WEST_AFRICAN,
            family::POLISH,
            family::CHINESE,
            given::WOMEN,
            given::MEN,
            given::YOUNGER_WOMEN,
            given::YOUNGER_MEN,
            given::IRISH_WOMEN,
            given::IRISH_MEN,
            given::PUNJABI_WOMEN,
            given::PUNJABI_MEN,
            given::GUJARATI_WOMEN,
            given::GUJARATI_MEN,
            given::PAKISTANI_WOMEN,
            given::PAKISTANI_MEN,
            given::BANGLADESHI_WOMEN,
            given::BANGLADESHI_MEN,
            given::CARIBBEAN_WOMEN,
            given::CARIBBEAN_MEN,
            given::WEST_AFRICAN_WOMEN,
            given::WEST_AFRICAN_MEN,
            given::POLISH_WOMEN,
            given::POLISH_MEN,
            given::CHINESE_WOMEN,
            given::CHINESE_MEN,
        ];
        for table in tables {
            assert_eq!(table.iter().collect::<BTreeSet<_>>().len(), table.len(), "{:?}", &table[..3]);
            assert!(table.iter().all(|name| name.trim() == *name && !name.is_empty()));
        }
    }
}
