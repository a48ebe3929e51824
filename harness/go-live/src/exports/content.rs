//! What the cells of a column look like, whatever its heading says.

use super::dates::{self, DateOrder, Read, Reading};
use super::words;
use super::{Column, Meaning};
use feed::NhsNumber;

/// What most cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    Empty,
    Like(Meaning),
    /// Dates, but most of them not so long ago that somebody was born then.
    Dates,
    /// Words such as names have; and whether the cells are mostly different.
    Words {
        is_varied: bool,
    },
    Other,
}

/// Whether a cell is something.
type Test<'a> = &'a dyn Fn(&str) -> bool;

/// So many of a hundred cells have to look alike.
const MOST: usize = 80;

/// What these cells look like; `this_year` tells birth from other dates.
pub(super) fn looks(cells: &[&str], this_year: i16) -> Looks {
    let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    if cells.is_empty() {
        return Looks::Empty;
    }
    let most =
        |is: &dyn Fn(&str) -> bool| cells.iter().filter(|cell| is(cell)).count() * 100 >= cells.len() * MOST;
    let tests: [(Column, Test<'_>); 7] = [
        (Column::Email, &is_email),
        (Column::NhsNumber, &is_nhs),
        (Column::Postcode, &is_postcode),
        (Column::Title, &is_title),
        (Column::Gender, &is_gender),
        (Column::Phone, &is_phone),
        (Column::Status, &is_status),
    ];
    if let Some((column, _)) = tests.iter().find(|(_, is)| most(*is)) {
        return Looks::Like(Meaning::Column(*column));
    }
    let dates: Vec<i16> = cells.iter().filter_map(|cell| year_of(cell, this_year)).collect();
    if dates.len() * 100 >= cells.len() * MOST {
        return of_dates(dates, this_year);
    }
    if most(&is_full_address) {
        return Looks::Like(Meaning::WholeAddress);
    }
    if most(&is_two_names) && is_varied(&cells) {
        return Looks::Like(Meaning::FullName);
    }
    if most(&is_name) { Looks::Words { is_varied: is_varied(&cells) } } else { Looks::Other }
}

/// Somebody who receives care was mostly born 18 years ago or more. *Assumed.*
fn of_dates(mut years: Vec<i16>, this_year: i16) -> Looks {
    years.sort_unstable();
    let middle = years[years.len() / 2];
    if middle <= this_year - 18 { Looks::Like(Meaning::Column(Column::DateOfBirth)) } else { Looks::Dates }
}

/// Serial dates are left out: they look like any number.
fn year_of(cell: &str, this_year: i16) -> Option<i16> {
    let how = Reading { order: DateOrder::DayFirst, latest: this_year, is_1904: false };
    match dates::read(cell, how) {
        Read::Date(dated) if !dated.is_serial && (1850..=this_year + 50).contains(&dated.date.year()) => {
            Some(dated.date.year())
        }
        _ => None,
    }
}

fn is_varied(cells: &[&str]) -> bool {
    let mut sorted = cells.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() * 100 >= cells.len() * 30
}

fn is_email(cell: &str) -> bool {
    cell.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        && !cell.contains(' ')
}

fn is_nhs(cell: &str) -> bool {
    NhsNumber::read(cell).is_ok()
}

pub(super) fn is_postcode(cell: &str) -> bool {
    let squeezed: Vec<u8> = cell
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    if !(5..=7).contains(&squeezed.len()) {
        return false;
    }
    let (outward, inward) = squeezed.split_at(squeezed.len() - 3);
    inward[0].is_ascii_digit()
        && inward[1..].iter().all(u8::is_ascii_uppercase)
        && outward[0].is_ascii_uppercase()
        && outward.iter().any(u8::is_ascii_digit)
        && outward.iter().all(u8::is_ascii_alphanumeric)
}

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "mx",
    "rev",
    "revd",
    "sir",
    "lady",
    "lord",
    "prof",
    "professor",
    "master",
    "dame",
    "fr",
    "sister",
    "father",
    "mr and mrs",
];

pub(super) fn is_title(cell: &str) -> bool {
    let cell = cell.trim_end_matches('.');
    TITLES.iter().any(|title| cell.eq_ignore_ascii_case(title))
}

fn is_gender(cell: &str) -> bool {
    ["m", "f", "male", "female", "man", "woman", "non-binary", "other", "unknown", "u"]
        .iter()
        .any(|it| cell.eq_ignore_ascii_case(it))
}

fn is_phone(cell: &str) -> bool {
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    let plain = cell.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '(' | ')' | '-' | '.'));
    plain
        && match digits.as_bytes() {
            [b'0', b'0', b'4', b'4', ..] => digits.len() >= 13,
            [b'0', b'1'..=b'9', ..] => (10..=11).contains(&digits.len()),
            [b'4', b'4', ..] => cell.starts_with('+') && (11..=13).contains(&digits.len()),
            _ => false,
        }
}

/// Not yes and no: those say little without a heading.
fn is_status(cell: &str) -> bool {
    words::yes_or_no(cell).is_none() && words::status(cell).is_some()
}

fn is_full_address(cell: &str) -> bool {
    let n_parts = cell.split([',', '\n']).filter(|part| !part.trim().is_empty()).count();
    n_parts >= 3 && cell.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_name(cell: &str) -> bool {
    cell.chars().count() >= 2
        && cell.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'))
        && cell.split_whitespace().count() <= 3
}

/// `Mary Jones`, `Jones, Mary`, `Mrs M Jones`.
fn is_two_names(cell: &str) -> bool {
    let n_words = cell.split_whitespace().count();
    (2..=5).contains(&n_words)
        && cell.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.' | ','))
        && cell.chars().filter(|c| *c == ',').count() <= 1
}
