//! Who lives with whom. People are laid out in blocks of sixteen; a block falls into households of one to three,
//! so that the household of anybody is found without looking at those before.

use crate::THIS_YEAR;
use crate::draw::{About, Draw};
use crate::names::{self, Origin, Sex};
use crate::place::{self, Address};
use feed::Text;
use jiff::civil::Date;

/// People in a block. Part of what a seed means, like every share in this file.
pub(crate) const PER_BLOCK: u32 = 16;

/// How those who share a household belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kin {
    Alone,
    Couple,
    /// Born on one day, one family name, two given names.
    Twins,
    /// One family name, and often one given name.
    FatherAndSon,
    MotherAndDaughter,
    Siblings,
    CoupleAndChild,
    /// Three people who are no relations, as in supported living.
    Sharers,
}

/// In how many of 1000 households. *Assumed*: twins and namesakes are more frequent than in life, because they
/// are what goes wrong.
const SHARES: &[(Kin, u32)] = &[
    (Kin::Alone, 700),
    (Kin::Couple, 190),
    (Kin::Twins, 10),
    (Kin::FatherAndSon, 15),
    (Kin::MotherAndDaughter, 15),
    (Kin::Siblings, 20),
    (Kin::CoupleAndChild, 20),
    (Kin::Sharers, 30),
];

impl Kin {
    /// How many people.
    pub const fn size(self) -> u32 {
        match self {
            Kin::Alone => 1,
            Kin::Couple | Kin::Twins | Kin::FatherAndSon | Kin::MotherAndDaughter | Kin::Siblings => 2,
            Kin::CoupleAndChild | Kin::Sharers => 3,
        }
    }
}

/// One household, with what its members share and who they are.
pub(crate) struct Home {
    /// The number of the first member.
    pub(crate) first: u32,
    pub(crate) kin: Kin,
    pub(crate) address: Address,
    pub(crate) landline: Option<Text>,
    pub(crate) members: Vec<Member>,
}

pub(crate) struct Member {
    origin: Origin,
    pub(crate) sex: Sex,
    pub(crate) given: &'static str,
    pub(crate) family: Text,
    pub(crate) born: Date,
}

/// The households of a block, in order. In one block of twenty they are the flats of one scheme.
pub(crate) fn homes(seed: u64, block: u32) -> Vec<Home> {
    let mut about_block = Draw::new(seed, About::Block, block);
    let scheme = about_block.percent(5).then(|| place::scheme(&mut about_block));
    let mut homes = Vec::with_capacity(PER_BLOCK as usize);
    let mut n_placed = 0;
    while n_placed < PER_BLOCK {
        let kin = kin(&mut about_block, PER_BLOCK - n_placed);
        let first = block * PER_BLOCK + n_placed;
        let flat = homes.len() + 1;
        homes.push(home(seed, first, kin, scheme.as_ref().map(|scheme| scheme.flat(flat))));
        n_placed += kin.size();
    }
    homes
}

fn kin(draw: &mut Draw, n_left: u32) -> Kin {
    let mut drawn = draw.below(SHARES.iter().map(|(_, share)| share).sum());
    for &(kin, share) in SHARES {
        if drawn < share {
            return if kin.size() <= n_left { kin } else { Kin::Alone };
        }
        drawn -= share;
    }
    Kin::Alone
}

fn home(seed: u64, first: u32, kin: Kin, flat: Option<Address>) -> Home {
    let mut draw = Draw::new(seed, About::Household, first);
    let members = members(&mut draw, kin);
    let address = flat.unwrap_or_else(|| place::address(&mut draw));
    let landline = draw.percent(85).then(|| place::landline(&mut draw, address.town));
    Home { first, kin, address, landline, members }
}

fn members(draw: &mut Draw, kin: Kin) -> Vec<Member> {
    let sex = if draw.percent(62) { Sex::Female } else { Sex::Male };
    match kin {
        Kin::Alone => vec![somebody(draw, sex)],
        Kin::Sharers => (0..3).map(|_| somebody(draw, sex)).collect(),
        Kin::Couple => couple(draw),
        Kin::Twins => {
            let (one, sex) = (somebody(draw, sex), either(draw));
            let other = relative(draw, &one, sex, one.born, &[one.given]);
            vec![one, other]
        }
        Kin::Siblings => {
            let (one, sex) = (elder(draw, sex), either(draw));
            let born = birthday(draw, one.born.year() + 1, 6);
            let other = relative(draw, &one, sex, born, &[one.given]);
            vec![one, other]
        }
        Kin::FatherAndSon => {
            let father = elder(draw, Sex::Male);
            let mut son = child(draw, &father, Sex::Male, &[]);
            if draw.percent(60) {
                son.given = father.given;
            }
            vec![father, son]
        }
        Kin::MotherAndDaughter => {
            let mother = elder(draw, Sex::Female);
            let daughter = child(draw, &mother, Sex::Female, &[mother.given]);
            vec![mother, daughter]
        }
        Kin::CoupleAndChild => {
            let (mut family, sex) = (couple(draw), either(draw));
            let given: Vec<&str> = family.iter().map(|member| member.given).collect();
            let child = child(draw, &family[0], sex, &given);
            family.push(child);
            family
        }
    }
}

fn either(draw: &mut Draw) -> Sex {
    if draw.percent(50) { Sex::Female } else { Sex::Male }
}

fn somebody(draw: &mut Draw, sex: Sex) -> Member {
    // Home care is for older people mostly: ages 65 to 99 around 82, and one in seven from 19 to 64.
    let age = if draw.percent(86) { 65 + draw.years(18) + draw.years(18) } else { 19 + draw.years(46) };
    member(draw, sex, age)
}

/// Old enough to have a grown-up child.
fn elder(draw: &mut Draw, sex: Sex) -> Member {
    let age = 72 + draw.years(14) + draw.years(14);
    member(draw, sex, age)
}

fn member(draw: &mut Draw, sex: Sex, age: i16) -> Member {
    let born = birthday(draw, THIS_YEAR - age, 1);
    let origin = Origin::draw(draw);
    let sex = origin.sex(sex);
    let given = names::given(draw, origin, sex, born, &[]);
    Member { origin, sex, given, family: names::family(draw, origin), born }
}

/// Elders both; nine in ten have one family name.
fn couple(draw: &mut Draw) -> Vec<Member> {
    let one = elder(draw, Sex::Male);
    let born = birthday(draw, one.born.year() - 2, 8);
    let sex = if draw.percent(96) { Sex::Female } else { Sex::Male };
    let mut other = relative(draw, &one, sex, born, &[one.given]);
    if draw.percent(10) {
        let origin = Origin::draw(draw);
        other.family = names::family(draw, origin);
    }
    vec![one, other]
}

fn child(draw: &mut Draw, parent: &Member, sex: Sex, not: &[&str]) -> Member {
    // The younger parent of a couple is at most five years younger than the one who is asked here.
    let born = birthday(draw, parent.born.year() + 24, 14);
    relative(draw, parent, sex, born, not)
}

/// Somebody of the same family name, and of the same origin as far as names tell.
fn relative(draw: &mut Draw, of: &Member, sex: Sex, born: Date, not: &[&str]) -> Member {
    let sex = of.origin.sex(sex);
    let given = names::given(draw, of.origin, sex, born, not);
    Member { origin: of.origin, sex, given, family: of.family.clone(), born }
}

/// Any day of one of `n_years` years.
fn birthday(draw: &mut Draw, from_year: i16, n_years: u16) -> Date {
    let first = jiff::civil::date(from_year + draw.years(n_years), 1, 1);
    let day = draw.years(if first.in_leap_year() { 366 } else { 365 });
    first.saturating_add(jiff::Span::new().days(day))
}
