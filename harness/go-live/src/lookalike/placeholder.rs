//! Values that stand for "not known", found by how often they occur: a list of them would never be complete.

use super::card::{Card, parts};
use super::fold::{scatter, short};

/// A day of the year that so many times more rows have than chance gives it is what people type who know the year
/// only. *Assumed*.
const DAY_TIMES: usize = 2;
/// A whole date that so many times more rows have than the mean date of the file is no date of birth. *Assumed*: an
/// ordinary date in an ordinary file is never 30 times as frequent as the mean one.
const DATE_TIMES: usize = 30;
/// An NHS number in so many rows is nobody's. *Assumed*.
const NHS_ROWS: usize = 5;
/// Fewer rows with one value never make a placeholder.
const ROWS_AT_LEAST: usize = 8;

/// Takes placeholders out of one file.
pub(crate) fn clear(cards: &mut [Card]) {
    clear_dates(cards);
    clear_nhs(cards);
}

fn clear_dates(cards: &mut [Card]) {
    let born = |card: &Card| card.born as usize;
    let mut rows_of = vec![0; cards.iter().map(born).max().unwrap_or(0) + 1];
    for card in cards.iter().filter(|card| card.born != 0) {
        rows_of[born(card)] += 1;
    }
    let n: usize = rows_of.iter().sum();
    let mean = n / rows_of.iter().filter(|rows| **rows > 0).count().max(1);
    let is_no_date = |rows: usize| rows >= ROWS_AT_LEAST.max(n / 200) && rows > mean * DATE_TIMES;
    let mut days = [0; 1 << 9];
    for (born, rows) in rows_of.iter().enumerate().filter(|(_, rows)| !is_no_date(**rows)) {
        days[born & 0x1ff] += rows;
    }
    let is_no_day = |rows: usize| rows >= ROWS_AT_LEAST && rows * 365 > n * DAY_TIMES;
    for card in cards.iter_mut().filter(|card| card.born != 0) {
        if is_no_date(rows_of[born(card)]) {
            card.born = 0;
        } else if is_no_day(days[born(card) & 0x1ff]) {
            card.year_only = true;
        }
    }
    // 1900 and earlier: nobody is that old; it is what software fills in.
    cards
        .iter_mut()
        .filter(|card| card.born != 0 && parts(card.born).0 <= 1900)
        .for_each(|card| card.born = 0);
}

fn clear_nhs(cards: &mut [Card]) {
    // Few numbers share a slot with so many others that they have to be looked at.
    let mut slots = vec![0_u8; cards.len().next_power_of_two()];
    let last = slots.len() - 1;
    let slot = |nhs: u64| short(scatter(nhs)) as usize & last;
    for card in cards.iter().filter(|card| card.nhs != 0) {
        let n = &mut slots[slot(card.nhs)];
        *n = n.saturating_add(1);
    }
    let is_in_many = |nhs: &u64| *nhs != 0 && usize::from(slots[slot(*nhs)]) > NHS_ROWS;
    let mut numbers: Vec<u64> = cards.iter().map(|card| card.nhs).filter(is_in_many).collect();
    numbers.sort_unstable();
    let nobodys: Vec<u64> =
        numbers.chunk_by(|a, b| a == b).filter(|run| run.len() > NHS_ROWS).map(|run| run[0]).collect();
    if nobodys.is_empty() {
        return;
    }
    for card in cards.iter_mut().filter(|card| nobodys.binary_search(&card.nhs).is_ok()) {
        card.nhs = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookalike::card::pack_date;
    use jiff::civil::date;

    /// Dates of birth spread over 50 years, then the same one many times.
    fn cards(often: jiff::civil::Date, times: usize) -> Vec<Card> {
        let spread = (0..1000_i16).map(|n| {
            date(1930 + n % 50, 1, 1).saturating_add(jiff::Span::new().days(i64::from(n * 7 % 365)))
        });
        spread
            .chain(std::iter::repeat_n(often, times))
            .map(|born| Card { born: pack_date(born), ..Card::default() })
            .collect()
    }

    #[test]
    fn a_date_that_far_too_many_have_is_no_date_of_birth() {
        let mut cards = cards(date(1955, 7, 7), 100);
        clear(&mut cards);
        assert!(cards[1000..].iter().all(|card| card.born == 0));
        assert!(cards[..1000].iter().filter(|card| card.born == 0).count() < 5);
    }

    #[test]
    fn a_day_that_too_many_have_leaves_the_year() {
        let mut cards = cards(date(1955, 7, 7), 0);
        for year in 1930..1960 {
            cards.push(Card { born: pack_date(date(year, 1, 1)), ..Card::default() });
        }
        clear(&mut cards);
        assert!(cards[1000..].iter().all(|card| card.born != 0 && card.year_only));
        assert!(cards[..1000].iter().filter(|card| card.year_only).count() < 20);
    }

    #[test]
    fn an_nhs_number_in_many_rows_is_nobodys_and_one_in_two_rows_stays() {
        let mut cards: Vec<Card> =
            [7, 7, 7, 7, 7, 7, 8, 8].map(|nhs| Card { nhs, ..Card::default() }).to_vec();
        clear(&mut cards);
        assert_eq!(cards.iter().map(|card| card.nhs).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 8, 8]);
    }

    #[test]
    fn software_fills_in_1900() {
        let mut cards = vec![Card { born: pack_date(date(1900, 1, 1)), ..Card::default() }];
        clear(&mut cards);
        assert_eq!(cards[0].born, 0);
    }
}
