//! From text to records: RFC 4180 with any of four delimiters, in parallel parts.
//!
//! Why not a library: the place of a quotation mark that is never closed, rows that go on after it, and cells that are
//! looked at where they stand. The tests hold it against the `csv` crate.

use memchr::{memchr, memchr_iter};
use std::{borrow::Cow, ops::Range};

/// What is odd about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// A quotation mark that opens a cell is never closed. The record ends with its line. Cell, from 0.
    NeverClosed(usize),
    /// Something stands between a closing quotation mark and the next delimiter. Cell, from 0.
    AfterClosing(usize),
    /// A quotation mark inside a cell that does not begin with one; it is text. Cell, from 0.
    Bare(usize),
}

/// The records of a part of a text.
#[derive(Debug)]
pub(super) struct Records<'t> {
    text: &'t str,
    /// In bytes, from the start of the text.
    at: usize,
    end: usize,
    delimiter: u8,
    /// Of the record that comes next, from 1.
    line: u32,
}

/// One record. Its cells are where the caller wanted them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// On which line it begins, from 1.
    pub(super) line: u32,
    pub(super) odd: Option<Odd>,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, part: Range<usize>, delimiter: u8, line: u32) -> Records<'t> {
        Records { text, at: part.start, end: part.end, delimiter, line }
    }

    /// Where the next record begins, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The line of the next record, from 1.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// The next record that begins in this part; empty lines are none.
    pub(super) fn next(&mut self, cells: &mut Vec<Cow<'t, str>>) -> Option<Record> {
        cells.clear();
        loop {
            if self.at >= self.end {
                return None;
            }
            let rest = &self.text.as_bytes()[self.at..];
            let length = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &self.text[self.at..self.at + length];
            if line.trim_end_matches('\r').is_empty() {
                self.skip(length);
                continue;
            }
            let number = self.line;
            if memchr(b'"', line.as_bytes()).is_none() {
                let line = line.strip_suffix('\r').unwrap_or(line);
                split(line, self.delimiter, cells);
                self.skip(length);
                return Some(Record { line: number, odd: None });
            }
            let odd = self.quoted(length, cells);
            return Some(Record { line: number, odd });
        }
    }

    /// Goes past a line of so many bytes and its end.
    fn skip(&mut self, length: usize) {
        self.at += length + 1;
        self.line += 1;
    }

    /// A record with quotation marks. `length` is that of its first line.
    fn quoted(&mut self, length: usize, cells: &mut Vec<Cow<'t, str>>) -> Option<Odd> {
        let mut odd = None;
        let mut at = self.at;
        loop {
            let rest = &self.text[at..];
            let is_enclosed = rest.as_bytes().first() == Some(&b'"');
            let cell = if is_enclosed { enclosed(rest) } else { Some(self.open(rest)) };
            let Some((cell, used)) = cell else {
                // The rest of its line is lost, and rows go on after it.
                self.skip(length);
                return Some(Odd::NeverClosed(cells.len()));
            };
            let after = self.text.as_bytes().get(at + used).copied();
            if after.is_none_or(|byte| matches!(byte, b'\n' | b'\r') || byte == self.delimiter) {
                if !is_enclosed && cell.as_bytes().contains(&b'"') {
                    odd = odd.or(Some(Odd::Bare(cells.len())));
                }
                cells.push(cell);
                at += used;
            } else if memchr(b'\n', cell.as_bytes()).is_some() {
                // It closed on another line, so it was most likely meant to close on its own.
                self.skip(length);
                return Some(Odd::NeverClosed(cells.len()));
            } else {
                odd = odd.or(Some(Odd::AfterClosing(cells.len())));
                let (tail, more) = self.open(&self.text[at + used..]);
                cells.push(Cow::Owned(format!("{cell}{tail}")));
                at += used + more;
            }
            if self.text.as_bytes().get(at).copied() == Some(self.delimiter) {
                at += 1;
                continue;
            }
            self.end_at(at);
            return odd;
        }
    }

    /// The record ends here: goes past the end of its line.
    fn end_at(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let n_lines = memchr_iter(b'\n', &bytes[self.at..at]).count();
        let mut at = at;
        while bytes.get(at) == Some(&b'\r') {
            at += 1;
        }
        self.at = at + 1;
        self.line += u32::try_from(n_lines).unwrap_or(0) + 1;
        if bytes.get(at).is_some_and(|byte| *byte != b'\n') {
            // A lone carriage return ends a record too.
            self.at = at;
            self.line -= 1;
        }
    }

    /// A cell without quotation marks around it, and how many bytes it takes.
    fn open(&self, rest: &'t str) -> (Cow<'t, str>, usize) {
        let bytes = rest.as_bytes();
        let is_end = |byte: &u8| *byte == self.delimiter || *byte == b'\n';
        let mut used = bytes.iter().position(is_end).unwrap_or(bytes.len());
        if bytes.get(used) != Some(&self.delimiter) && bytes[..used].last() == Some(&b'\r') {
            used -= 1;
        }
        (Cow::Borrowed(&rest[..used]), used)
    }
}

/// A cell in quotation marks, without them, and how many bytes it takes with them.
fn enclosed(rest: &str) -> Option<(Cow<'_, str>, usize)> {
    let bytes = rest.as_bytes();
    let mut text: Option<String> = None;
    let mut from = 1;
    loop {
        let at = from + memchr(b'"', &bytes[from..])?;
        let is_doubled = bytes.get(at + 1) == Some(&b'"');
        match (&mut text, is_doubled) {
            (Some(text), _) => text.push_str(&rest[from..at + usize::from(is_doubled)]),
            (None, true) => text = Some(rest[1..=at].to_owned()),
            (None, false) => return Some((Cow::Borrowed(&rest[1..at]), at + 1)),
        }
        if !is_doubled {
            return Some((Cow::Owned(text.unwrap_or_default()), at + 1));
        }
        from = at + 2;
    }
}

/// The cells of a line in which nothing is quoted.
fn split<'t>(line: &'t str, delimiter: u8, cells: &mut Vec<Cow<'t, str>>) {
    let (words, rest) = line.as_bytes().as_chunks::<8>();
    let mut from = 0;
    let mut cell_to = |at: usize| {
        cells.push(Cow::Borrowed(&line[from..at]));
        from = at + 1;
    };
    // Eight bytes at once: cells are too short for a search of more to be worth its beginning.
    for (starts, word) in (0..).step_by(8).zip(words) {
        let mut found = equal_bytes(u64::from_le_bytes(*word), delimiter);
        while found != 0 {
            cell_to(starts + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
    }
    let begins = line.len() - rest.len();
    rest.iter().enumerate().filter(|(_, byte)| **byte == delimiter).for_each(|(at, _)| cell_to(begins + at));
    cell_to(line.len());
}

/// The highest bit of each byte that is this one; every other bit is 0.
const fn equal_bytes(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let differs = word ^ (byte as u64 * 0x0101_0101_0101_0101);
    // A byte other than 0 has a bit among its low seven, which carry into the highest, or the highest itself.
    !(((differs & LOW) + LOW) | differs | LOW)
}

/// A part of a text that begins where a record begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    /// The line on which it begins, from 1.
    pub(super) line: u32,
}

/// Cuts the text from byte `from`, which is on line `line`, into parts of about `size` bytes. Every part begins with a
/// record if quotation marks come in pairs; the reader of a part can tell whether they did, as it ends where the next
/// one begins.
pub(super) fn parts(text: &str, from: usize, line: u32, size: usize) -> Vec<Part> {
    use rayon::prelude::*;
    let bytes = text.as_bytes();
    let cuts: Vec<usize> = (from..bytes.len()).step_by(size.max(1)).collect();
    let end_of = |idx: usize| cuts.get(idx + 1).copied().unwrap_or(bytes.len());
    let counts: Vec<(usize, usize)> = (0..cuts.len())
        .into_par_iter()
        .map(|idx| {
            let part = &bytes[cuts[idx]..end_of(idx)];
            (memchr_iter(b'"', part).count(), memchr_iter(b'\n', part).count())
        })
        .collect();
    let mut parts: Vec<Part> = Vec::new();
    let (mut n_quotes, mut n_lines) = (0, 0);
    for (idx, cut) in cuts.iter().enumerate() {
        let starts = if idx == 0 { Some((*cut, 0)) } else { record_start(bytes, *cut, n_quotes % 2 == 1) };
        if let Some((start, more)) = starts
            && parts.last().is_none_or(|last| last.range.start < start)
        {
            if let Some(last) = parts.last_mut() {
                last.range.end = start;
            }
            let line = line + u32::try_from(n_lines + more).unwrap_or(0);
            parts.push(Part { range: start..bytes.len(), line });
        }
        n_quotes += counts[idx].0;
        n_lines += counts[idx].1;
    }
    parts
}

/// The first start of a record after `cut`, and how many lines end between.
fn record_start(bytes: &[u8], cut: usize, mut is_quoted: bool) -> Option<(usize, usize)> {
    let mut n_lines = 0;
    for at in memchr::memchr2_iter(b'"', b'\n', &bytes[cut..]) {
        if bytes[cut + at] == b'"' {
            is_quoted = !is_quoted;
            continue;
        }
        n_lines += 1;
        if !is_quoted {
            return Some((cut + at + 1, n_lines)).filter(|(start, _)| *start < bytes.len());
        }
    }
    None
}

/// The delimiter that makes the first records most alike, and has most cells.
pub(super) fn delimiter_of(text: &str) -> u8 {
    let mut sample_end = text.len().min(200_000);
    while !text.is_char_boundary(sample_end) {
        sample_end -= 1;
    }
    let score = |delimiter: u8| {
        let mut records = Records::new(&text[..sample_end], 0..sample_end, delimiter, 1);
        let (mut cells, mut counts) = (Vec::new(), [0_usize; 257]);
        let mut n_records = 0;
        while n_records < 100 && records.next(&mut cells).is_some() {
            counts[cells.len().min(256)] += 1;
            n_records += 1;
        }
        let widest = |counts: &[usize]| (2..=256).max_by_key(|n| counts[*n] * (*n - 1)).unwrap_or(0);
        let width = widest(&counts);
        if counts[width] == 0 { 0 } else { counts[width] * counts[width] * (width - 1) }
    };
    // Ties go to the first.
    let mut best = (b',', 0);
    for delimiter in [b',', b';', b'\t', b'|'] {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

pub(super) const fn delimiter_name(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolons",
        b'\t' => "tabs",
        b'|' => "bars",
        _ => "commas",
    }
}
