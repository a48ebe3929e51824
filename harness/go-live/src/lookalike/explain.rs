//! Why two rows are taken for one person, or are not, in words. Made on demand from the two rows and how they
//! compare; nothing is kept for it.

use super::Row;
use super::levels::{Birth, Family, Given, Home, Nhs, Pattern, Sex};
use jiff::civil::Date;
use std::fmt::Write as _;

/// One sentence, without the full stop: `Same NHS number and date of birth; family name differs (Smith / Jones)`. Without
/// rows it names no values.
pub fn explain(pattern: Pattern, rows: Option<[&Row<'_>; 2]>) -> String {
    let mut text = String::with_capacity(160);
    let same = same(pattern);
    if !same.is_empty() {
        text.push_str("same ");
        list(&mut text, &same);
    }
    let mut clause = |clause: Option<&str>, value: fn(&mut String, &Row<'_>)| {
        let Some(clause) = clause else { return };
        next(&mut text, clause);
        if let Some([a, b]) = rows {
            text.push_str(" (");
            value(&mut text, a);
            text.push_str(" / ");
            value(&mut text, b);
            text.push(')');
        }
    };
    clause(given_clause(pattern.given()), |text, row| show(text, row.given));
    clause(family_clause(pattern.family()), |text, row| show(text, row.family));
    clause(birth_clause(pattern.birth()), |text, row| show_date(text, row.born));
    clause(nhs_clause(pattern.nhs()), |text, row| show(text, row.nhs));
    clause(home_clause(pattern.home()), |text, row| show(text, row.postcode));
    let sexes = (pattern.sex() == Sex::Differs).then_some("titles are a man's and a woman's");
    clause(sexes, |text, row| show(text, row.title));
    let missing = missing(pattern);
    if !missing.is_empty() {
        next(&mut text, "");
        list(&mut text, &missing);
        text.push_str(" cannot be compared");
    }
    // Every clause begins with a letter of ASCII.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Begins the next clause.
fn next(text: &mut String, clause: &str) {
    if !text.is_empty() {
        text.push_str("; ");
    }
    text.push_str(clause);
}

/// What is the same, the strongest evidence first.
fn same(pattern: Pattern) -> Vec<&'static str> {
    let mut same = Vec::new();
    let mut add = |is: bool, text: &'static str| same.extend(is.then_some(text));
    add(pattern.nhs() == Nhs::Same, "NHS number");
    add(pattern.birth() == Birth::Same, "date of birth");
    add(pattern.given() == Given::Same, "given name");
    add(pattern.family() == Family::Same, "family name");
    let home = pattern.home();
    add(matches!(home, Home::All | Home::House | Home::HouseOtherPhone | Home::HouseOnly), "address");
    add(matches!(home, Home::PostcodePhone | Home::Postcode), "postcode");
    add(matches!(home, Home::All | Home::PostcodePhone | Home::Phone), "telephone");
    same
}

/// What cannot be compared, as one side or both lack it.
fn missing(pattern: Pattern) -> Vec<&'static str> {
    let mut missing = Vec::new();
    let mut add = |is: bool, text: &'static str| missing.extend(is.then_some(text));
    add(pattern.given() == Given::Missing, "given name");
    add(pattern.family() == Family::Missing && pattern.given() != Given::Swapped, "family name");
    add(pattern.birth() == Birth::Missing, "date of birth");
    add(pattern.nhs() == Nhs::Missing, "NHS number");
    add(matches!(pattern.home(), Home::Missing | Home::OtherPhone), "address");
    missing
}

fn given_clause(level: Given) -> Option<&'static str> {
    match level {
        Given::Missing | Given::Same => None,
        Given::Form => Some("given names are forms of one name"),
        Given::Initial => Some("only an initial of the given name, and it fits"),
        Given::Close => Some("given names differ by a slip"),
        Given::Like => Some("given names are alike"),
        Given::Differs => Some("given name differs"),
        Given::Swapped => Some("given and family name have changed places"),
    }
}

fn family_clause(level: Family) -> Option<&'static str> {
    match level {
        Family::Missing | Family::Same => None,
        Family::Part => Some("one family name is part of the other"),
        Family::Close => Some("family names differ by a slip"),
        Family::Like => Some("family names are alike"),
        Family::Differs => Some("family name differs"),
    }
}

fn birth_clause(level: Birth) -> Option<&'static str> {
    match level {
        Birth::Missing | Birth::Same => None,
        Birth::Swapped => Some("day and month of birth have changed places"),
        Birth::Slip => Some("dates of birth differ by a slip"),
        Birth::YearOff => Some("years of birth are one or ten apart"),
        Birth::Year => Some("one date of birth stands for its year only, and the year is the same"),
        Birth::TwoOfThree => Some("two of day, month and year of birth are the same"),
        Birth::Differs => Some("date of birth differs"),
    }
}

fn nhs_clause(level: Nhs) -> Option<&'static str> {
    match level {
        Nhs::Missing | Nhs::Same => None,
        Nhs::SameInvalid => Some("same digits as NHS number, with a wrong check digit"),
        Nhs::Slip => Some("NHS numbers differ by a slip, and a check digit is wrong"),
        Nhs::DiffersInvalid => Some("NHS numbers differ, and a check digit is wrong"),
        Nhs::Differs => Some("two different valid NHS numbers"),
    }
}

fn home_clause(level: Home) -> Option<&'static str> {
    match level {
        Home::HouseOtherPhone => Some("telephone differs"),
        Home::NextDoor => Some("same postcode, another house"),
        Home::PostcodeSlip => Some("postcodes differ by a slip"),
        Home::HouseOnly => Some("postcode differs"),
        Home::Near => Some("same part of town, another address"),
        Home::Differs | Home::Phone => Some("address differs"),
        _ => None,
    }
}

fn show(text: &mut String, value: &str) {
    let value = value.trim();
    text.push_str(if value.is_empty() { "empty" } else { value });
}

/// `2 March 1940`.
fn show_date(text: &mut String, date: Option<Date>) {
    let Some(date) = date else { return text.push_str("empty") };
    let _ = write!(text, "{} {} {:04}", date.day(), feed::month(date), date.year());
}

/// `a`, `a and b`, `a, b and c`.
fn list(text: &mut String, items: &[&str]) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(if at + 1 == items.len() { " and " } else { ", " });
        }
        text.push_str(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_pair_says_what_is_the_same_and_then_what_differs() {
        let a = Row { given: "Ann", family: "Smith", born: Some(date(1940, 4, 3)), ..Row::default() };
        let b = Row { family: "Jones", ..a };
        let pattern =
            Pattern::new(Given::Same, Family::Differs, Birth::Same, Nhs::Same, Home::All, Sex::Missing);
        assert_eq!(
            explain(pattern, Some([&a, &b])),
            "Same NHS number, date of birth, given name, address and telephone; family name differs (Smith / Jones)"
        );
    }

    #[test]
    fn dates_are_written_out_and_what_is_empty_is_said() {
        let a = Row { given: "", born: Some(date(1940, 4, 3)), ..Row::default() };
        let b = Row { given: "Ann", born: Some(date(1940, 3, 4)), ..Row::default() };
        let pattern = Pattern::new(
            Given::Missing,
            Family::Same,
            Birth::Swapped,
            Nhs::Missing,
            Home::Differs,
            Sex::Missing,
        );
        assert_eq!(
            explain(pattern, Some([&a, &b])),
            "Same family name; day and month of birth have changed places (3 April 1940 / 4 March 1940); address \
             differs (empty / empty); given name and NHS number cannot be compared"
        );
    }

    #[test]
    fn without_rows_no_value_is_named() {
        let pattern =
            Pattern::new(Given::Differs, Family::Same, Birth::Missing, Nhs::Differs, Home::All, Sex::Differs);
        let text = explain(pattern, None);
        assert!(!text.contains('('), "{text}");
        assert!(text.contains("two different valid NHS numbers"), "{text}");
    }

    #[test]
    fn every_pattern_has_words() {
        for &given in Given::ALL {
            for &birth in Birth::ALL {
                for &home in Home::ALL {
                    let pattern =
                        Pattern::new(given, Family::Missing, birth, Nhs::Missing, home, Sex::Missing);
                    assert!(!explain(pattern, None).is_empty());
                }
            }
        }
    }
}
