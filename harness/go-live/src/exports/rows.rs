//! From the cells of a file to the cells of rows: each is looked at once, kept, and what is odd about it noted.

use super::dates::{self, Read, Says};
use super::layout::{Layout, date_idx};
use super::say::{Findings, Oddity, is_invisible};
use super::table::{Chunk, LONGEST_CELL};
use super::whole::{HashedId, own_id};
use super::{Column, Side};
use feed::NhsNumber;
use std::borrow::Cow;

/// What kind of cell it is. All cells of text files are text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CellKind {
    #[default]
    Text,
    Number,
    Date,
    Error,
    /// A formula that was never worked out.
    NoValue,
}

/// Rows of a part of a file.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) chunk: Chunk,
    pub(super) findings: Findings,
    pub(super) tally: Tally,
    /// Rows with one filled cell after the last whole row: perhaps the foot of the list.
    pub(super) pending: Vec<(u32, usize, String)>,
    /// The IDs of its rows, counted from its first.
    pub(super) ids: Vec<HashedId>,
    /// Whether no cell has control characters, so that nobody needs to look.
    pub(super) is_plain: bool,
}

/// What was counted over rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) dates: [DateTally; 3],
    /// Of external and of record IDs.
    pub(super) ids: [Lengths; 2],
    /// Rows with something in the column, by column.
    pub(super) filled: Filled,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Filled(pub(super) [u32; Column::N]);

impl Default for Filled {
    fn default() -> Filled {
        Filled([0; Column::N])
    }
}

/// How many dates say what of the order of day and month.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DateTally {
    pub(super) day_first: u64,
    pub(super) month_first: u64,
    pub(super) neither: u64,
}

impl DateTally {
    pub(super) fn add(&mut self, says: Option<Says>) {
        match says {
            Some(Says::DayFirst) => self.day_first += 1,
            Some(Says::MonthFirst) => self.month_first += 1,
            Some(Says::Neither) => self.neither += 1,
            None => {}
        }
    }

    pub(super) fn append(&mut self, other: DateTally) {
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.neither += other.neither;
    }
}

/// How many IDs of digits alone have which length.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    pub(super) with_zero: [u32; 24],
    pub(super) without_zero: [u32; 24],
    pub(super) others: u32,
}

impl Tally {
    pub(super) fn append(&mut self, other: &Tally) {
        for (one, other) in self.dates.iter_mut().zip(other.dates) {
            one.append(other);
        }
        for (one, other) in self.ids.iter_mut().zip(&other.ids) {
            let add =
                |one: &mut [u32; 24], other: &[u32; 24]| one.iter_mut().zip(other).for_each(|(a, b)| *a += b);
            add(&mut one.with_zero, &other.with_zero);
            add(&mut one.without_zero, &other.without_zero);
            one.others += other.others;
        }
        for (one, other) in self.filled.0.iter_mut().zip(other.filled.0) {
            *one += other;
        }
    }
}

impl Part {
    pub(super) fn find(&mut self, row: u32, column: Column, oddity: Oddity, value: &str) {
        self.findings.add(row, Some(column), oddity, value);
    }

    /// Takes one row of the file. `kinds` may be shorter than `cells`: the others are text.
    pub(super) fn take(&mut self, layout: &Layout, row: u32, cells: &[Cow<'_, str>], kinds: &[CellKind]) {
        let is_filled = |(idx, cell): &(usize, &Cow<'_, str>)| {
            !cell.trim_ascii().is_empty() || kinds.get(*idx).is_some_and(|kind| *kind != CellKind::Text)
        };
        let mut filled = cells.iter().enumerate().filter(is_filled);
        let Some((_, first)) = filled.next() else { return };
        if filled.next().is_none() && layout.n_cells >= 4 {
            self.pending.push((row, cells.len(), first.to_string()));
            return;
        }
        self.flush_pending(layout.n_cells);
        if cells.len() < layout.n_least {
            let oddity = Oddity::TooFewCells { has: cells.len(), wants: layout.n_cells };
            self.findings.add(row, None, oddity, "");
            return;
        }
        let extra = cells.get(layout.n_cells..).unwrap_or(&[]);
        if extra.iter().any(|cell| !cell.trim_ascii().is_empty()) {
            let oddity = Oddity::TooManyCells { has: cells.len(), wants: layout.n_cells };
            self.findings.add(row, None, oddity, "");
            return;
        }
        if cells.iter().any(|cell| cell.len() > LONGEST_CELL) {
            self.findings.add(row, None, Oddity::TooLong, "");
            return;
        }
        if !self.chunk.begin_row(row) {
            return;
        }
        for (column, source) in &layout.sources {
            let kind = kinds.get(source.at()).copied().unwrap_or_default();
            let text = source.text(cells);
            self.cell(layout, row, *column, &text, kind);
        }
    }

    /// Rows with one filled cell that have a whole row after them.
    pub(super) fn flush_pending(&mut self, wants: usize) {
        for (row, _, value) in std::mem::take(&mut self.pending) {
            self.findings.add(row, None, Oddity::TooFewCells { has: 1, wants }, &value);
        }
    }

    fn cell(&mut self, layout: &Layout, row: u32, column: Column, text: &str, kind: CellKind) {
        if text.is_empty() && kind == CellKind::Text {
            if column == Column::ExternalId && layout.side == Side::Rostering {
                self.find(row, column, Oddity::IdMissing, "");
            }
            self.chunk.push(column, "");
            return;
        }
        if let Some(oddity) = lost(text, column, kind) {
            self.find(row, column, oddity, text);
            self.chunk.push(column, "");
            return;
        }
        self.tally.filled.0[column as usize] += 1;
        if !self.is_plain && !matches!(column, Column::ExternalId | Column::RecordId) {
            self.control(row, column, text);
        }
        match column {
            Column::DateOfBirth | Column::StartDate | Column::EndDate => {
                self.date(layout, row, column, text, kind);
                return;
            }
            Column::ExternalId | Column::RecordId => self.id(layout, row, column, text, kind),
            Column::NhsNumber => {
                if let Some(oddity) = nhs_oddity(text) {
                    self.find(row, column, oddity, text);
                }
            }
            Column::Phone | Column::SecondPhone => {
                if let Some(oddity) = phone_oddity(text) {
                    self.find(row, column, oddity, text);
                }
            }
            _ => {}
        }
        if !self.chunk.push(column, text) && !text.trim().is_empty() {
            self.find(row, column, Oddity::WordUnknown, text);
        }
    }

    fn control(&mut self, row: u32, column: Column, text: &str) {
        if text.contains('\0') {
            self.find(row, column, Oddity::NulCharacter, text);
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            self.find(row, column, Oddity::ControlCharacter, text);
        }
    }

    fn date(&mut self, layout: &Layout, row: u32, column: Column, text: &str, kind: CellKind) {
        let dated = match dates::read(text, layout.reading(column)) {
            Read::Date(dated) => dated,
            Read::NotInCalendar => {
                self.find(row, column, Oddity::NotInCalendar, text);
                self.chunk.push(column, text);
                return;
            }
            Read::NotADate => {
                if !text.trim().is_empty() {
                    self.find(row, column, Oddity::NotADate, text);
                }
                self.chunk.push(column, text);
                return;
            }
        };
        self.tally.dates[date_idx(column)].add(dated.says);
        let is_birth = column == Column::DateOfBirth;
        let oddities = [
            (is_birth && dated.date > layout.today, Oddity::InFuture),
            (dated.date.year() < 1900, Oddity::LongAgo),
            (dated.has_short_year, Oddity::ShortYear),
            (dated.is_serial && kind == CellKind::Text, Oddity::SerialDate),
            (dated.is_serial && kind == CellKind::Number, Oddity::SerialDate),
            (dated.is_against, Oddity::AgainstOrder),
        ];
        for (is_so, oddity) in oddities {
            if is_so {
                self.find(row, column, oddity, text);
            }
        }
        let mut iso = [0; 10];
        dates::write_iso(dated.date, &mut iso);
        self.chunk.push(column, std::str::from_utf8(&iso).unwrap_or_default());
    }

    fn id(&mut self, layout: &Layout, row: u32, column: Column, text: &str, kind: CellKind) {
        if column == own_id(layout.side)
            && let Ok(at) = u32::try_from(self.chunk.n_rows() - 1)
        {
            self.ids.extend(HashedId::new(text, at));
        }
        let lengths = &mut self.tally.ids[usize::from(column == Column::RecordId)];
        let bytes = text.as_bytes();
        let is_digits = bytes.iter().all(u8::is_ascii_digit);
        if is_digits && bytes.len() < 24 {
            let counts = if bytes[0] == b'0' { &mut lengths.with_zero } else { &mut lengths.without_zero };
            counts[bytes.len()] += 1;
        } else {
            lengths.others += 1;
        }
        let oddity = match kind {
            CellKind::Date => Some(Oddity::IdDate),
            CellKind::Number => Some(Oddity::IdNumber),
            _ => None,
        };
        let oddity = if is_digits { rounded(bytes).or(oddity) } else { id_oddity(text).or(oddity) };
        let is_blank = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)).is_empty();
        match oddity {
            _ if is_blank && column == Column::ExternalId && layout.side == Side::Rostering => {
                self.find(row, column, Oddity::IdMissing, text);
            }
            Some(oddity) => self.find(row, column, oddity, text),
            None => {}
        }
    }
}

/// What is not a value at all.
fn lost(text: &str, column: Column, kind: CellKind) -> Option<Oddity> {
    const ERRORS: &[&str] =
        &["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];
    match kind {
        CellKind::Error => return Some(Oddity::FormulaError),
        CellKind::NoValue => return Some(Oddity::NoStoredValue),
        _ => {}
    }
    let trimmed = text.as_bytes().trim_ascii();
    match trimmed.first() {
        Some(b'#') if trimmed.len() > 2 && trimmed.iter().all(|byte| *byte == b'#') => Some(Oddity::Hashes),
        Some(b'#') if ERRORS.iter().any(|it| it.as_bytes() == trimmed) => Some(Oddity::FormulaError),
        Some(b'N') if trimmed == b"NULL" && !matches!(column, Column::GivenName | Column::FamilyName) => {
            Some(Oddity::NullWord)
        }
        Some(b'(') if trimmed.eq_ignore_ascii_case(b"(null)") => Some(Oddity::NullWord),
        Some(b'\\') if trimmed == b"\\N" => Some(Oddity::NullWord),
        _ => None,
    }
}

/// More than 15 digits, and from the 16th on only zeros.
fn rounded(digits: &[u8]) -> Option<Oddity> {
    let kept = digits.get(15..)?;
    (!kept.is_empty() && kept.iter().all(|digit| *digit == b'0')).then_some(Oddity::IdRounded)
}

/// `1.23E+15`
fn is_exponent(text: &str) -> bool {
    let text = text.trim();
    let Some(at) = text.as_bytes().windows(2).position(|pair| pair == b"E+") else { return false };
    let (number, exponent) = (&text[..at], &text[at + 2..]);
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    are_digits(number) && are_digits(exponent)
}

/// `1-Feb`, `Feb-01`, `01/02/2026`.
fn is_made_date(text: &str) -> bool {
    const MONTHS: &[&str] =
        &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_month = |text: &str| MONTHS.iter().any(|month| text.eq_ignore_ascii_case(month));
    let is_day = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('/');
    if let (Some(day), Some(month), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    {
        return is_day(day)
            && is_day(month)
            && year.len() == 4
            && year.bytes().all(|byte| byte.is_ascii_digit());
    }
    match text.split_once('-') {
        Some((one, other)) => (is_day(one) && is_month(other)) || (is_month(one) && is_day(other)),
        None => false,
    }
}

fn id_oddity(text: &str) -> Option<Oddity> {
    let is_edge = |c: char| c.is_whitespace() || is_invisible(c);
    let inner = text.trim_matches(is_edge);
    if is_exponent(inner) {
        Some(Oddity::IdExponent)
    } else if is_made_date(inner) {
        Some(Oddity::IdDate)
    } else if inner.chars().any(|c| c.is_control() || is_invisible(c)) {
        Some(Oddity::IdControl)
    } else if inner.len() != text.len() {
        Some(Oddity::IdInvisible)
    } else {
        None
    }
}

/// Spaces and hyphens between digits are fine.
fn nhs_oddity(text: &str) -> Option<Oddity> {
    let (mut digits, mut n_digits) = ([0; 10], 0);
    for byte in text.trim().bytes() {
        match byte {
            b'0'..=b'9' => {
                if n_digits < 10 {
                    digits[n_digits] = byte - b'0';
                }
                n_digits += 1;
            }
            b' ' | b'-' => {}
            _ if is_exponent(text) => return Some(Oddity::NhsExponent),
            _ => return Some(Oddity::NhsLetters),
        }
    }
    if n_digits != 10 {
        return (n_digits > 0).then_some(Oddity::NhsDigits { has: n_digits });
    }
    match NhsNumber::check_digit(&digits[..9]) {
        None => Some(Oddity::NhsNoCheck),
        Some(digit) if digit != digits[9] => Some(Oddity::NhsCheck),
        Some(_) => None,
    }
}

/// National numbers have 10 or 11 digits with the 0 in front, so 9 or 10 that begin with another digit have lost it.
fn phone_oddity(text: &str) -> Option<Oddity> {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'1'..=b'9') if bytes.iter().all(u8::is_ascii_digit) => {
            (bytes.len() == 10).then_some(Oddity::PhoneZero)
        }
        Some(b'1'..=b'9') if is_exponent(text) => Some(Oddity::PhoneExponent),
        _ => None,
    }
}
