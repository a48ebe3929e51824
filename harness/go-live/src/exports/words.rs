//! What the words of a cell mean: yes and no, statuses, origins, dates as rows keep them.

use super::{Origin, Status};
use jiff::civil::Date;

/// `1940-03-02`.
pub(super) fn iso_date(text: &str) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
    };
    let (month, day) = (number(&[m1, m2])?, number(&[d1, d2])?);
    Date::new(number(&[y1, y2, y3, y4])?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Spaces and full stops at the ends do not matter.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '.')
}

/// Neither does case.
fn is_one_of(bare: &str, words: &[&str]) -> bool {
    words.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    let text = bare(text);
    if is_one_of(text, &["yes", "y", "true", "1", "-1", "x", "✓"]) {
        Some(true)
    } else if is_one_of(text, &["no", "n", "false", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// Of `Status`, `Is Active?` and the like. Somebody on hold is still looked after.
pub(super) fn status(text: &str) -> Option<Status> {
    let active = ["active", "live", "current", "open", "on hold", "suspended", "reinstated", "in hospital"];
    let inactive = [
        "inactive",
        "ended",
        "terminated",
        "closed",
        "left",
        "leaver",
        "former",
        "deceased",
        "deactivated",
        "discharged",
        "not active",
        "cancelled",
    ];
    let text = bare(text);
    match yes_or_no(text) {
        Some(true) => Some(Status::Active),
        Some(false) => Some(Status::Inactive),
        None if is_one_of(text, &active) => Some(Status::Active),
        None if is_one_of(text, &inactive) => Some(Status::Inactive),
        None if is_one_of(text, &["archived", "archive"]) => Some(Status::Archived),
        None => None,
    }
}

pub(super) fn origin(text: &str) -> Option<Origin> {
    let text = bare(text);
    if is_one_of(text, &["integration", "integrated", "sync", "automatic", "rostering", "imported"]) {
        Some(Origin::Integration)
    } else if is_one_of(text, &["manual", "manually", "by hand", "hand", "user", "acp"]) {
        Some(Origin::ByHand)
    } else {
        None
    }
}

/// Yes, no, or how many things of care there are.
pub(super) fn care_history(text: &str) -> Option<bool> {
    let text = bare(text);
    let count = text.parse::<u64>().ok().map(|count| count > 0);
    count.or_else(|| yes_or_no(text)).or_else(|| is_one_of(text, &["none", "nothing"]).then_some(false))
}
