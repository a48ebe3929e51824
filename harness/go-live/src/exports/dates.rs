//! Dates as people and programs write them. Knows no file; the year that two digits stand for and the order of day and
//! month are told by the caller.

use jiff::civil::{Date, date};

/// Which of two numbers comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// What the two numbers of a date say of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    DayFirst,
    MonthFirst,
    /// Both are 12 or less and not the same.
    Neither,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    Date(Dated),
    /// Numbers of a date that is not in the calendar: 30 February.
    NotInCalendar,
    NotADate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    pub(super) date: Date,
    pub(super) says: Option<Says>,
    pub(super) has_short_year: bool,
    /// A number of days, as Excel counts them.
    pub(super) is_serial: bool,
    /// It had to be read against the order that the others have.
    pub(super) is_against: bool,
}

/// How to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) order: DateOrder,
    /// The latest year that two digits may stand for: later ones are of the century before.
    pub(super) latest: i16,
    /// Days are counted from 1904 (old Excel for the Macintosh).
    pub(super) is_1904: bool,
}

/// Reads a text. Time of day is left out.
pub(super) fn read(text: &str, how: Reading) -> Read {
    if let &[a, b, sep, c, d, sep2, y1, y2, y3, y4] = text.as_bytes()
        && sep == sep2
        && !sep.is_ascii_alphanumeric()
        && let (Some(a), Some(b), Some(year)) = (digits(&[a, b]), digits(&[c, d]), digits(&[y1, y2, y3, y4]))
    {
        return numbers(a, b, year, false, how);
    }
    if let &[d1, d2, sep, m1, m2, m3, sep2, y1, y2, y3, y4] = text.as_bytes()
        && sep == sep2
        && matches!(sep, b'-' | b'/' | b'.' | b' ')
        && let (Some(day), Some(month), Some(year)) =
            (digits(&[d1, d2]), short_month([m1, m2, m3]), digits(&[y1, y2, y3, y4]))
    {
        return calendar(Some(year), Some(month), Some(day));
    }
    slowly(text, how)
}

fn slowly(text: &str, how: Reading) -> Read {
    let text = without_time(text.trim());
    let mut tokens: Vec<&str> = text
        .split(|c: char| matches!(c, '/' | '-' | '.' | ',') || c.is_whitespace())
        .filter(|it| !it.is_empty())
        .collect();
    if tokens.len() == 4 && is_weekday(tokens[0]) {
        tokens.remove(0);
    }
    match tokens[..] {
        [one] => number(one, how),
        [year, month, day] if year.len() == 4 && digits(year.as_bytes()).is_some() => {
            let month = month_named(month).or_else(|| digits(month.as_bytes()));
            calendar(digits(year.as_bytes()), month, digits(day.as_bytes()))
        }
        [day, month, year] if month_named(month).is_some() => named(day, month, year, how),
        [month, day, year] if month_named(month).is_some() => named(day, month, year, how),
        [first, second, year] if first.len() <= 2 && second.len() <= 2 => {
            match (digits(first.as_bytes()), digits(second.as_bytes()), whole_year(year, how)) {
                (Some(first), Some(second), Some((year, short))) => numbers(first, second, year, short, how),
                _ => Read::NotADate,
            }
        }
        _ => Read::NotADate,
    }
}

/// `1940-03-02T00:00:00`, `02/03/1940 00:00`.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    let cut = text[..colon].rfind(|c: char| c == 'T' || c.is_whitespace());
    cut.map_or(text, |cut| text[..cut].trim_end())
}

/// One to five digits: days as Excel counts them. Eight: a date without anything between.
fn number(text: &str, how: Reading) -> Read {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let part = |range: std::ops::Range<usize>| whole.as_bytes().get(range).and_then(digits);
    match whole.len() {
        8 => match (part(0..4), part(4..6), part(6..8)) {
            (Some(year), Some(month), Some(day)) if (1800..=2200).contains(&year) => {
                calendar(Some(year), Some(month), Some(day))
            }
            _ => match (part(0..2), part(2..4), part(4..8)) {
                (Some(first), Some(second), Some(year)) => numbers(first, second, year, false, how),
                _ => Read::NotADate,
            },
        },
        1..=5 => whole
            .parse()
            .ok()
            .and_then(|days: u32| serial(days, how.is_1904))
            .map_or(Read::NotADate, |date| Read::Date(Dated { is_serial: true, ..plain(date) })),
        _ => Read::NotADate,
    }
}

/// Days as Excel counts them: 1 is 1 January 1900, and 60 the 29 February 1900 that never was; or 0 is 1 January 1904.
pub(super) fn serial(days: u32, is_1904: bool) -> Option<Date> {
    let days = i64::from(days);
    let from = match (is_1904, days) {
        (true, _) => date(1904, 1, 1),
        (false, 1..=59) => date(1899, 12, 31),
        (false, 61..) => date(1899, 12, 30),
        (false, _) => return None,
    };
    from.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

const fn plain(date: Date) -> Dated {
    Dated { date, says: None, has_short_year: false, is_serial: false, is_against: false }
}

fn calendar(year: Option<i16>, month: Option<i16>, day: Option<i16>) -> Read {
    let (Some(year), Some(month), Some(day)) = (year, month, day) else { return Read::NotADate };
    made(year, month, day).map_or(Read::NotInCalendar, |date| Read::Date(plain(date)))
}

fn made(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `2 March 1940`.
fn named(day: &str, month: &str, year: &str, how: Reading) -> Read {
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let Some((year, short)) = whole_year(year, how) else { return Read::NotADate };
    match calendar(Some(year), month_named(month), digits(day.as_bytes())) {
        Read::Date(dated) => Read::Date(Dated { has_short_year: short, ..dated }),
        other => other,
    }
}

fn numbers(first: i16, second: i16, year: i16, has_short_year: bool, how: Reading) -> Read {
    let says = match (first, second) {
        (13.., 1..=12) => Some(Says::DayFirst),
        (1..=12, 13..) => Some(Says::MonthFirst),
        (1..=12, 1..=12) if first != second => Some(Says::Neither),
        _ => None,
    };
    let (day_first, month_first) = (made(year, second, first), made(year, first, second));
    let (expected, other) = match how.order {
        DateOrder::DayFirst => (day_first, month_first),
        DateOrder::MonthFirst => (month_first, day_first),
    };
    let is_against = matches!(
        (says, how.order),
        (Some(Says::MonthFirst), DateOrder::DayFirst) | (Some(Says::DayFirst), DateOrder::MonthFirst)
    );
    let date = if is_against { other } else { expected };
    date.map_or(Read::NotInCalendar, |date| {
        Read::Date(Dated { says, has_short_year, is_against, ..plain(date) })
    })
}

/// Four digits, or two; and whether they were two.
fn whole_year(text: &str, how: Reading) -> Option<(i16, bool)> {
    let text = text.trim_start_matches('\'');
    let year = digits(text.as_bytes())?;
    match text.len() {
        4 => Some((year, false)),
        2 => {
            let century = how.latest / 100 * 100;
            Some((if century + year > how.latest { century + year - 100 } else { century + year }, true))
        }
        _ => None,
    }
}

fn digits(bytes: &[u8]) -> Option<i16> {
    if bytes.is_empty() || bytes.len() > 4 {
        return None;
    }
    bytes
        .iter()
        .try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of a month by its name, or its first three letters or more.
fn month_named(text: &str) -> Option<i16> {
    let is = |month: &str| {
        (text.len() >= 3 && month.get(..text.len()).is_some_and(|it| it.eq_ignore_ascii_case(text)))
            || (month == "september" && text.eq_ignore_ascii_case("sept"))
    };
    (1..).zip(MONTHS).find(|(_, month)| is(month)).map(|(number, _)| number)
}

/// The number of a month by its first three letters.
fn short_month(letters: [u8; 3]) -> Option<i16> {
    const SHORT: [&[u8; 3]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let letters = letters.map(|letter| letter.to_ascii_lowercase());
    (1..).zip(SHORT).find(|(_, month)| **month == letters).map(|(number, _)| number)
}

fn is_weekday(text: &str) -> bool {
    let start = text.get(..3).unwrap_or(text);
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| start.eq_ignore_ascii_case(day))
}

/// Writes a date as rows keep it.
pub(super) fn write_iso(date: Date, to: &mut [u8; 10]) {
    let digit = |n: i16| b'0' + u8::try_from(n % 10).unwrap_or(0);
    let (year, month, day) = (date.year().max(0), i16::from(date.month()), i16::from(date.day()));
    *to = [
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ];
}
