//! One cell that holds several things, taken apart: whole names and whole addresses.

use super::content::{is_postcode, is_title};

/// A whole name in its parts; each may be empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) title: &'a str,
    pub(super) given: &'a str,
    pub(super) family: &'a str,
}

/// Words that belong to the family name that follows them.
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "da", "do", "dos", "di", "del", "la", "le", "du", "al", "el", "bin",
    "ibn", "ap", "mac", "mc", "o", "st",
];

/// `Mary Jones`, `Jones, Mary`, `Mrs Mary van der Berg`.
pub(super) fn name(text: &str) -> Name<'_> {
    let text = text.trim();
    if let Some((family, rest)) = text.split_once(',') {
        let (title, given) = title_first(rest.trim());
        let (other, family) = title_first(family.trim());
        return Name { title: if title.is_empty() { other } else { title }, given, family };
    }
    let (title, rest) = title_first(text);
    let mut cut = last_word(rest);
    while cut > 0 {
        let before = rest[..cut].trim_end();
        let start = last_word(before);
        let word = &before[start..];
        // The first word is a given name, whatever it looks like.
        if start == 0 || !PARTICLES.iter().any(|it| word.eq_ignore_ascii_case(it)) {
            break;
        }
        cut = start;
    }
    Name { title, given: rest[..cut].trim_end(), family: &rest[cut..] }
}

/// Where the last word begins, in bytes. White space may be longer than one.
fn last_word(text: &str) -> usize {
    let space = text.char_indices().rfind(|(_, c)| c.is_whitespace());
    space.map_or(0, |(at, c)| at + c.len_utf8())
}

fn title_first(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((first, rest)) if is_title(first) => (first, rest.trim_start()),
        _ => ("", text),
    }
}

/// A whole address: so many lines, and the postcode that stands at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) lines: [&'a str; 4],
    pub(super) postcode: &'a str,
}

/// `12 High Street, Leeds, LS1 4AP`. What is more than four lines is left out of them.
pub(super) fn address(text: &str) -> Address<'_> {
    let mut parts: Vec<&str> =
        text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut address = Address::default();
    if let Some(last) = parts.last().copied() {
        if is_postcode(last) {
            address.postcode = last;
            parts.pop();
        } else if let Some(at) = postcode_at_end(last) {
            address.postcode = &last[at..];
            parts.pop();
            parts.push(last[..at].trim_end());
        }
    }
    for (line, part) in address.lines.iter_mut().zip(parts) {
        *line = part;
    }
    address
}

/// `Leeds LS1 4AP`
fn postcode_at_end(text: &str) -> Option<usize> {
    let inward = text.rfind(' ')? + 1;
    let outward = text[..inward - 1].rfind(' ')? + 1;
    is_postcode(&text[outward..]).then_some(outward)
}
