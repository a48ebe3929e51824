//! Invented values in the place of personal ones in the texts of scenario files, so that what is played is the same story
//! of other people. The same value gets the same stand-in wherever it stands and however it is written, and two values
//! never get one: what was equal stays equal, what differed differs.
//!
//! What comes of it is not taken on trust: whoever uses it plays both and compares.

use super::{
    Kind, Redaction, gather,
    matcher::{Matcher, WAYS_OF_A_DATE, words},
    words::Words,
};
use feed::NhsNumber;
use jiff::civil::Date;
use scenario::Scenario;
use std::{collections::BTreeMap, ops::Range};

/// What stands for each value.
#[derive(Debug)]
pub struct StandIns {
    redaction: Redaction,
    /// Of everybody: none of these values stands for anything.
    all: People,
    words: Words,
    dates: BTreeMap<Date, Date>,
    /// By the digits alone.
    numbers: BTreeMap<(Kind, String), String>,
}

/// The personal values of some scenarios.
#[derive(Debug)]
pub struct People {
    matcher: Matcher,
}

impl StandIns {
    /// `texts`: everything in which something will be replaced. No word of it is used as a stand-in.
    pub fn of<'a>(
        redaction: Redaction,
        scenarios: impl Iterator<Item = &'a Scenario>,
        texts: impl Iterator<Item = &'a str>,
    ) -> StandIns {
        let all = People::of(redaction, scenarios);
        let mut taken = Words::default();
        let mut take = |text: &str| taken.take(words(text).into_iter().map(|word| &text[word]));
        texts.for_each(&mut take);
        all.matcher.known().for_each(|(_, value)| take(value));
        StandIns { redaction, all, words: taken, dates: BTreeMap::new(), numbers: BTreeMap::new() }
    }

    /// Some of them.
    pub fn people<'a>(&self, scenarios: impl Iterator<Item = &'a Scenario>) -> People {
        People::of(self.redaction, scenarios)
    }

    /// The text of a file with a stand-in for everything of these people in it. Lines stay where they are.
    pub fn put(&mut self, people: &People, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (range, kind) in people.values(text) {
            out.push_str(&text[from..range.start]);
            out.push_str(&self.stand_in(kind, &text[range.clone()]));
            from = range.end;
        }
        out.push_str(&text[from..]);
        out
    }

    fn stand_in(&mut self, kind: Kind, value: &str) -> String {
        match kind {
            Kind::DateOfBirth => self.date(value).unwrap_or_else(|| self.word_by_word(value)),
            Kind::NhsNumber | Kind::Telephone => self.digits(kind, value),
            _ => self.word_by_word(value),
        }
    }

    fn word_by_word(&mut self, value: &str) -> String {
        let mut out = String::with_capacity(value.len());
        let mut from = 0;
        for word in words(value) {
            out.push_str(&value[from..word.start]);
            out.push_str(&self.words.stand_in(&value[word.clone()]));
            from = word.end;
        }
        out.push_str(&value[from..]);
        out
    }

    /// Another day, written the same way.
    fn date(&mut self, value: &str) -> Option<String> {
        let read = |way: &&&str| {
            Date::strptime(way, value).ok().filter(|date| date.strftime(way).to_string() == value)
        };
        let way = WAYS_OF_A_DATE.iter().find(|way| read(way).is_some())?;
        let date = read(&way)?;
        if let Some(stand_in) = self.dates.get(&date) {
            return Some(stand_in.strftime(way).to_string());
        }
        let is_free = |day: &Date| {
            !self.dates.values().any(|it| it == day)
                && !self.all.matcher.knows(Kind::DateOfBirth, &day.to_string())
        };
        let stand_in = days_like(date).find(is_free)?;
        self.dates.insert(date, stand_in);
        Some(stand_in.strftime(way).to_string())
    }

    /// Other digits in the same places.
    fn digits(&mut self, kind: Kind, value: &str) -> String {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        let key = (kind, digits.clone());
        let stand_in = match self.numbers.get(&key) {
            Some(stand_in) => stand_in.clone(),
            None => self.free_number(kind, &digits),
        };
        self.numbers.insert(key, stand_in.clone());
        let mut digits = stand_in.chars();
        value.chars().map(|c| if c.is_ascii_digit() { digits.next().unwrap_or(c) } else { c }).collect()
    }

    fn free_number(&self, kind: Kind, digits: &str) -> String {
        let is_free = |number: &String| {
            let is_given = self.numbers.iter().any(|((of, _), given)| *of == kind && given == number);
            !is_given && self.all.matcher.values(number).is_empty()
        };
        let all = 0..100_000;
        let number = if kind == Kind::NhsNumber && digits.len() == 10 {
            let is_right = NhsNumber::read(digits).is_ok();
            all.filter_map(|n| nhs_number(n, is_right)).find(is_free)
        } else {
            all.map(|n| telephone(n, digits.len())).find(is_free)
        };
        number.unwrap_or_else(|| digits.to_owned())
    }
}

impl People {
    fn of<'a>(redaction: Redaction, scenarios: impl Iterator<Item = &'a Scenario>) -> People {
        let mut matcher = Matcher::new(redaction == Redaction::All);
        // The time zone that the language knows, whoever is called London.
        matcher.keep("Europe/London");
        scenarios.for_each(|scenario| gather::scenario(&mut matcher, scenario));
        People { matcher }
    }

    /// Everything personal in a text. An employee who goes by a number has no name, and a day with a time of day is not one
    /// on which somebody was born.
    fn values(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let mut found = self.matcher.values(text);
        found.retain(|(range, kind)| match kind {
            Kind::Name => has_letters(&text[range.clone()]),
            Kind::DateOfBirth => !begins_with_a_time(&text[range.end..]),
            _ => true,
        });
        found
    }

    /// Whether something of them is still where a scenario keeps it or tells it: one that was written so that it could not
    /// be found, for instance with escapes. `scenario`: read from a text that [`StandIns::put`] made.
    pub fn are_left_in(&self, scenario: &Scenario) -> bool {
        let mut now = Matcher::new(true);
        gather::scenario(&mut now, scenario);
        // Digits that are a part of others, as those of a day, are nobody's.
        let is_left = |value: &str| {
            let found = self.values(value).into_iter();
            found.map(|(range, _)| &value[range]).any(|part| part == value || has_letters(part))
        };
        now.known().any(|(kind, value)| kind != Kind::ExternalId && is_left(value))
            || prose_of(scenario).any(|text| !self.values(text).is_empty())
    }
}

/// ` 09:00`
fn begins_with_a_time(text: &str) -> bool {
    let digits = |at: usize| text.get(at..at + 2).is_some_and(|two| two.bytes().all(|c| c.is_ascii_digit()));
    text.starts_with([' ', 'T']) && digits(1) && text[3..].starts_with(':') && digits(4)
}

fn has_letters(text: &str) -> bool {
    text.contains(char::is_alphabetic)
}

fn prose_of(scenario: &Scenario) -> impl Iterator<Item = &str> {
    let cases = scenario.cases.iter().flat_map(|case| {
        case.name.as_deref().into_iter().chain(case.steps.iter().map(|step| step.label.as_str()))
    });
    [scenario.title.as_str()].into_iter().chain(scenario.tags.iter().map(String::as_str)).chain(cases)
}

/// Other days that are as long in every way of writing them: a month of as many letters, a day of as many digits.
fn days_like(date: Date) -> impl Iterator<Item = Date> {
    let length = |month: i8| {
        Date::constant(2001, 1, 1)
            .with()
            .month(month)
            .build()
            .map_or(0, |day| day.strftime("%B").to_string().len())
    };
    let month = (1..=12).rev().find(|month| *month != date.month() && length(*month) == length(date.month()));
    let month = month.unwrap_or(date.month());
    let days = if date.day() < 10 { 1..=9 } else { 10..=28 };
    // *Assumed*: years in which people who receive care were born.
    (1921..1990).flat_map(move |year| days.clone().filter_map(move |day| Date::new(year, month, day).ok()))
}

/// From the range that is never issued; right, or wrong as the one for which it stands.
fn nhs_number(n: u32, is_right: bool) -> Option<String> {
    let nine: Vec<u8> = format!("999{n:06}").bytes().map(|digit| digit - b'0').collect();
    let check = NhsNumber::check_digit(&nine)?;
    Some(format!("999{n:06}{}", if is_right { check } else { (check + 1) % 10 }))
}

/// From the range that Ofcom keeps for drama, 01632 960000 to 960999, as far as there are digits for it.
fn telephone(n: u32, n_digits: usize) -> String {
    match n_digits.checked_sub(8) {
        Some(rest @ 3..) if n < 1000 => format!("01632960{n:0rest$}"),
        _ => {
            let number = format!("{:0n_digits$}", u64::from(n) * 7 + 1);
            number[number.len() - n_digits..].to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts stand-ins for these values.
    fn putting(values: &[(Kind, &str)]) -> impl FnMut(&str) -> String {
        let mut stand_ins = StandIns::of(Redaction::Names, std::iter::empty(), std::iter::empty());
        let mut people = stand_ins.people(std::iter::empty());
        for (kind, value) in values {
            people.matcher.add(*kind, value);
            stand_ins.all.matcher.add(*kind, value);
        }
        move |text| stand_ins.put(&people, text)
    }

    #[test]
    fn a_value_gets_one_stand_in_in_every_form() {
        let mut put = putting(&[
            (Kind::Name, "Ada Okafor"),
            (Kind::DateOfBirth, "1938-11-04"),
            (Kind::NhsNumber, "9990000018"),
            (Kind::Telephone, "0113 496 0155"),
            (Kind::Address, "12 Mill Lane"),
        ]);
        let text = "Ada Okafor, Ada, OKAFOR\nborn 1938-11-04, 4 November 1938 or 04/11/1938\n999 000 0018 9990000018\n\
                    0113 496 0155 01134960155\n12 Mill Lane, near another mill lane";
        let told = put(text);
        assert_eq!(told.lines().count(), text.lines().count());
        assert_eq!(told.chars().count(), text.chars().count(), "{told}");
        for value in ["Ada", "Okafor", "OKAFOR", "1938", "November", "0018", "0155", "Mill"] {
            assert!(!told.contains(value), "{value} is in {told}");
        }
        let names = told.lines().next().expect("a line");
        let words: Vec<&str> = names.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        assert_eq!((words[0], words[1].to_uppercase().as_str()), (words[2], words[3]));
        let numbers = told.lines().nth(2).expect("a line");
        let (one, other) = numbers.rsplit_once(' ').expect("two");
        assert_eq!(one.replace(' ', ""), other);
        assert!(NhsNumber::read(other).is_ok());
        assert!(told.lines().nth(3).expect("a line").starts_with("0163 296 0"), "{told}");
        assert_eq!(put(text), told);
    }

    #[test]
    fn the_time_zone_stays_and_parts_of_words_too() {
        let mut put = putting(&[(Kind::Name, "Jack London"), (Kind::Name, "Bo Li")]);
        assert_eq!(put("clock: 2026-03-02 09:00 Europe/London"), "clock: 2026-03-02 09:00 Europe/London");
        assert!(!put("London moves").contains("London"));
        assert_eq!(put("Listed in Boston"), "Listed in Boston");
    }

    #[test]
    fn a_wrong_nhs_number_stays_wrong() {
        let mut put = putting(&[(Kind::NhsNumber, "9990000019")]);
        assert!(NhsNumber::read("9990000019").is_err());
        assert!(NhsNumber::read(&put("9990000019")).is_err());
    }

    #[test]
    fn different_values_get_different_ones() {
        let dates: Vec<String> = (1..=28).map(|day| format!("1940-02-{day:02}")).collect();
        let values: Vec<(Kind, &str)> = dates.iter().map(|date| (Kind::DateOfBirth, date.as_str())).collect();
        let mut put = putting(&values);
        let told: std::collections::BTreeSet<String> = dates.iter().map(|date| put(date)).collect();
        assert_eq!(told.len(), dates.len());
        assert!(told.iter().all(|date| !dates.contains(date)));
    }
}
