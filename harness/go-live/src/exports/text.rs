//! From bytes to text: which encoding a text file has. Nothing is ever replaced silently.

use super::say::{self, Told};
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// What the first bytes say that a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A zip: XLSX or ODS, or something else.
    Zip,
    /// A compound file: XLS, or a workbook with a password.
    Compound,
    /// Something that no reader here reads: what it is, and what to do.
    Other(&'static str, &'static str),
}

const SAVE_AS: &str = "Open it in Excel and save it as an Excel workbook (.xlsx), or export it again as CSV.";

pub(super) fn kind_of(bytes: &[u8]) -> Kind {
    let first = bytes.get(..512).unwrap_or(bytes);
    let text = first.trim_ascii_start();
    let starts =
        |mark: &str| text.get(..mark.len()).is_some_and(|it| it.eq_ignore_ascii_case(mark.as_bytes()));
    if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
        Kind::Zip
    } else if first.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Kind::Compound
    } else if first.starts_with(&[0x1f, 0x8b]) {
        Kind::Other("This is a compressed file (gzip).", "Unpack it first, and give the file that is in it.")
    } else if first.starts_with(b"%PDF") {
        Kind::Other("This is a PDF.", "Export the list as CSV or as an Excel workbook instead.")
    } else if starts("<!doctype html") || starts("<html") || starts("<table") {
        Kind::Other("This is a web page, whatever its name says.", SAVE_AS)
    } else if starts("<?xml") || starts("<workbook") {
        Kind::Other("This is an XML file.", SAVE_AS)
    } else if starts("{\\rtf") {
        Kind::Other("This is a word-processor document.", SAVE_AS)
    } else if starts("{") || starts("[{") {
        Kind::Other("This is a JSON file.", "Export the list as CSV or as an Excel workbook instead.")
    } else {
        Kind::Text
    }
}

/// The text, and what its encoding is called.
pub(super) fn decode<'b>(bytes: &'b [u8], told: &mut Told) -> Option<(Cow<'b, str>, &'static str)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || looks_utf_16(bytes) {
        return utf_16(bytes, told).map(|text| (with_line_feeds(Cow::Owned(text)), "UTF-16"));
    }
    let (plain, name) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, "UTF-8 with a byte order mark"),
        None => (bytes, "UTF-8"),
    };
    match std::str::from_utf8(plain) {
        Ok(text) => Some((with_line_feeds(Cow::Borrowed(text)), name)),
        Err(_) => Some((with_line_feeds(Cow::Owned(windows_1252(plain, told))), "Windows-1252")),
    }
}

/// Old Macintosh files end their lines with a carriage return alone.
fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_old =
        memchr::memchr(b'\r', text.as_bytes()).is_some() && memchr::memchr(b'\n', text.as_bytes()).is_none();
    if is_old { Cow::Owned(text.replace('\r', "\n")) } else { text }
}

/// Without a mark: nearly every second byte is zero.
fn looks_utf_16(bytes: &[u8]) -> bool {
    let first = bytes.get(..200).unwrap_or(bytes);
    let zeros = |from: usize| first.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    first.len() >= 8 && zeros(0).abs_diff(zeros(1)) * 4 > first.len()
}

fn utf_16(bytes: &[u8], told: &mut Told) -> Option<String> {
    let zeros = |from: usize| bytes.iter().take(200).skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let is_little =
        bytes.starts_with(&[0xff, 0xfe]) || (!bytes.starts_with(&[0xfe, 0xff]) && zeros(1) > zeros(0));
    let encoding = if is_little { UTF_16LE } else { UTF_16BE };
    let (text, broken) = encoding.decode_with_bom_removal(bytes);
    if broken {
        let line = text.split('\u{fffd}').next().map_or(1, |before| before.matches('\n').count() + 1);
        told.file(say::broken_utf_16(line));
        return None;
    }
    Some(text.into_owned())
}

/// Every byte means something, but five of them mean no letter.
fn windows_1252(bytes: &[u8], told: &mut Told) -> String {
    let first = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    let line_of = |at: usize| memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
    told.file(say::not_utf_8(line_of(first), bytes.get(first).copied().unwrap_or(0)));
    let no_letter = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    if let Some(at) = bytes.iter().position(no_letter) {
        told.file(say::no_letter(line_of(at), bytes[at]));
    }
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// Signs that letters were lost or changed before the file came here.
pub(super) fn look_for_lost_letters(text: &str, told: &mut Told) {
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    if text.is_ascii() {
        return;
    }
    if let Some(at) = memchr::memmem::find(text.as_bytes(), "\u{fffd}".as_bytes()) {
        told.file(say::lost_letter(line_of(at)));
    }
    // All begin with one byte, by which they are found in one go.
    let doubled = ["Ã©", "Ã¨", "Ã¡", "Ã³", "Ã¶", "Ã¼", "Ã§", "Ã±", "â€™", "â€œ", "Â£"];
    let is_doubled =
        |at: &usize| doubled.iter().any(|sign| text.as_bytes()[*at..].starts_with(sign.as_bytes()));
    if let Some(at) = memchr::memchr_iter(0xc3, text.as_bytes()).find(is_doubled) {
        told.file(say::twice_encoded(line_of(at)));
    }
}
