//! The weight of one pair: how likely it is the same person, with the frequency of the very values that agree. Rare
//! names count for more than common ones, and two people at one address for what the address holds.

use super::card::{Born, Card, Cards};
use super::counts::{Value, rows_with_same};
use super::em::kinds;
use super::fold::scatter;
use super::levels::{Birth, Family, Given, Home, Pattern};
use super::model::{HOUSEHOLD, Model, SAME, UNRELATED};
use super::names::{NameId, Names};
use super::pairs::Pair;
use super::score::narrow;
use std::cell::OnceCell;

/// A value that turns up once in each of two files of a few rows is not therefore common: as many rows as two files have
/// that are just too small to estimate from.
const FEWEST: f64 = 1000.0;

/// How often values occur in both files together.
pub(crate) struct Frequencies {
    /// By number of a name.
    given: Vec<u32>,
    family: Vec<u32>,
    /// What a given name that differs says for two people, by number of the name, in bits.
    other_given: Vec<f32>,
    /// By date of birth, as [`Born`] has it.
    birth: Vec<u32>,
    /// By row of rostering: how many rows have its values. Two telephone numbers each.
    names: Vec<u16>,
    postcode: Vec<u16>,
    place: Vec<u16>,
    phones: Vec<u16>,
    n_rows: f64,
}

impl Frequencies {
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than four billion")]
    pub(crate) fn of(a: &Cards, b: &Cards, all: &Names) -> Frequencies {
        let names: Value<'_> = &|card| pair_of(card, all);
        let postcode: Value<'_> = &|card| card.postcode;
        let place: Value<'_> = &Card::place;
        let phones: [Value<'_>; 2] = [&|card| card.phones[0].into(), &|card| card.phones[1].into()];
        let (by_row, (given, family, birth)) = rayon::join(
            || rows_with_same(&a.cards, &b.cards, &[&[names], &[postcode], &[place], &phones]),
            || by_number(a, b, all.len()),
        );
        let [names, postcode, place, phones] =
            by_row.try_into().unwrap_or_else(|_| unreachable!("as many as were asked for"));
        let n_given = given.iter().skip(1).filter(|n| **n > 0).count().max(1) as f64;
        let n_rows = ((a.cards.len() + b.cards.len()) as f64).max(FEWEST);
        let other = |n: &u32| narrow((0.5 * (chance(*n, n_rows) * n_given).log2()).clamp(-2.0, 4.0));
        let other_given = given.iter().map(other).collect();
        Frequencies { given, family, other_given, birth, names, postcode, place, phones, n_rows }
    }

    fn chance(&self, count: u32) -> f64 {
        chance(count, self.n_rows)
    }

    /// What two given names that differ say for two people. A slip or an unheard-of nickname is any name, and seldom a
    /// common one; two people have common names, both. Half of what follows from that, as slips are not drawn evenly.
    fn bits_of_two_names(&self, one: NameId, other: NameId) -> f64 {
        self.other_given[one as usize].min(self.other_given[other as usize]).into()
    }

    /// The most that the values of a pair can add to its pattern's weight: as if all that agree were as rare as can be.
    pub(crate) fn most_bits(&self, pattern: Pattern, model: &Model) -> f64 {
        let rarest = |is: bool, alike: f64| {
            if is && alike > 0.0 { (alike / self.chance(0)).log2().max(0.0) } else { 0.0 }
        };
        let (of, home) = (&model.alike, pattern.home());
        rarest(pattern.given() == Given::Same, of.given)
            + rarest(pattern.family() == Family::Same, of.family)
            + rarest(pattern.birth() == Birth::Same, of.birth)
            + rarest(has_postcode(home), of.postcode)
            + rarest(matches!(home, Home::Phone | Home::PostcodePhone), of.phone)
            // Nobody else at the address, and an odd name.
            + 8.0
    }

    /// The chance that somebody else has both names. They go together more often than chance has it where names come
    /// from one part of the world, so what the files show counts too: as one more row of evidence.
    fn chance_of_names(&self, a: &Card, n_with_both: u16) -> f64 {
        let apart = self.chance(self.given[a.given as usize]) * self.chance(self.family[a.family as usize]);
        let others = (f64::from(n_with_both) - 2.0).max(0.0);
        (others + 1.0) / (self.n_rows + 1.0 / apart)
    }
}

/// How many rows have each given name, each family name, and each date of birth.
fn by_number(a: &Cards, b: &Cards, n_names: usize) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let all = || a.cards.iter().chain(&b.cards);
    let last: Born = all().map(|card| card.born).max().unwrap_or(0);
    let (mut given, mut family, mut birth) = (vec![0; n_names], vec![0; n_names], vec![0; last as usize + 1]);
    for card in all() {
        given[card.given as usize] += 1;
        family[card.family as usize] += 1;
        birth[card.born as usize] += 1;
    }
    (given, family, birth)
}

/// The chance that somebody else has a value that so many rows have. One row less, for the person themselves.
fn chance(count: u32, n_rows: f64) -> f64 {
    (f64::from(count) - 1.5).max(0.5) / n_rows
}

/// Levels whose chance goes by how many rows have the postcode.
fn has_postcode(home: Home) -> bool {
    matches!(home, Home::All | Home::House | Home::HouseOtherPhone | Home::Postcode | Home::NextDoor)
}

fn pair_of(card: &Card, names: &Names) -> u64 {
    if card.given == 0 || card.family == 0 {
        0
    } else {
        scatter(names.letters(card.given)) ^ names.letters(card.family)
    }
}

/// What the values of one row of rostering say where they agree, in bits. Each is worked out when the first pair of the row
/// asks for it.
pub(crate) struct Said<'a> {
    card: &'a Card,
    row: usize,
    model: &'a Model,
    of: &'a Frequencies,
    names: OnceCell<f64>,
    given: OnceCell<f64>,
    family: OnceCell<f64>,
    birth: OnceCell<f64>,
    postcode: OnceCell<f64>,
    place: OnceCell<f64>,
}

impl<'a> Said<'a> {
    pub(crate) fn of(a: &'a Cards, row: usize, model: &'a Model, of: &'a Frequencies) -> Said<'a> {
        let not_asked = OnceCell::new;
        Said {
            card: &a.cards[row],
            row,
            model,
            of,
            names: not_asked(),
            given: not_asked(),
            family: not_asked(),
            birth: not_asked(),
            postcode: not_asked(),
            place: not_asked(),
        }
    }

    fn names(&self) -> f64 {
        let alike = self.model.alike.given * self.model.alike.family;
        *self.names.get_or_init(|| ratio(self.of.chance_of_names(self.card, self.of.names[self.row]), alike))
    }

    fn given(&self) -> f64 {
        let n = || self.of.given[self.card.given as usize];
        *self.given.get_or_init(|| ratio(self.of.chance(n()), self.model.alike.given))
    }

    fn family(&self) -> f64 {
        let n = || self.of.family[self.card.family as usize];
        *self.family.get_or_init(|| ratio(self.of.chance(n()), self.model.alike.family))
    }

    fn birth(&self) -> f64 {
        let n = || self.of.birth[self.card.born as usize];
        *self.birth.get_or_init(|| ratio(self.of.chance(n()), self.model.alike.birth))
    }

    fn postcode(&self) -> f64 {
        let n = self.of.postcode[self.row].into();
        *self.postcode.get_or_init(|| ratio(self.of.chance(n), self.model.alike.postcode))
    }

    fn phone(&self, pair: Pair) -> f64 {
        let n = self.of.phones[2 * self.row + pair.shared_phone()];
        ratio(self.of.chance(n.into()), self.model.alike.phone)
    }

    /// Of a household: who else lives there.
    fn place(&self) -> f64 {
        let bits = || {
            // Both files count, so somebody who is in both and lives alone counts for two.
            let others = (f64::from(self.of.place[self.row]) / 2.0 - 1.0).max(0.0);
            ((others + 0.3) / (self.model.homes.mates + 0.3)).log2()
        };
        *self.place.get_or_init(bits)
    }
}

fn ratio(chance: f64, alike: f64) -> f64 {
    if alike > 0.0 { (chance / alike).log2() } else { 0.0 }
}

/// What the values of one pair add to its pattern's logarithms: to unrelated people, and to a household.
pub(crate) fn adjust(mut logs: [f64; 3], a: &Said<'_>, (pair, given_of_b): (Pair, NameId)) -> [f64; 3] {
    let (pattern, unrelated) = (pair.pattern(), &mut logs[UNRELATED]);
    let (same_given, same_family) = (pattern.given() == Given::Same, pattern.family() == Family::Same);
    if same_given && same_family && pair.has_same_names() {
        *unrelated += a.names();
    } else if same_given {
        *unrelated += a.given();
    } else if same_family {
        *unrelated += a.family();
    }
    if pattern.given() == Given::Differs {
        let bits = a.of.bits_of_two_names(a.card.given, given_of_b);
        *unrelated += bits;
        logs[HOUSEHOLD] += bits;
    }
    let unrelated = &mut logs[UNRELATED];
    if pattern.birth() == Birth::Same {
        *unrelated += a.birth();
    }
    match pattern.home() {
        home if has_postcode(home) => *unrelated += a.postcode(),
        Home::Phone | Home::PostcodePhone => *unrelated += a.phone(pair),
        _ => {}
    }
    if pair.has_same_place() {
        logs[HOUSEHOLD] += a.place();
    }
    logs
}

/// The weight in bits: the logarithm of the odds that it is the same person.
pub(crate) fn weight(logs: [f64; 3]) -> f64 {
    let [same, household, unrelated] = kinds(logs);
    if household + unrelated < 1e-12 {
        let most = logs[HOUSEHOLD].max(logs[UNRELATED]);
        let rest = ((logs[HOUSEHOLD] - most).exp2() + (logs[UNRELATED] - most).exp2()).log2();
        return logs[SAME] - most - rest;
    }
    (same / (household + unrelated)).log2()
}

/// Odds in bits as a probability.
pub(crate) fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}
