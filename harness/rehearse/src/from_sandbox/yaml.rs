//! Values as a scenario takes them, whatever is in them. Knows YAML and the language's ways of writing a value, and no
//! sandbox.

use feed::{Field, Fields, NhsNumber, Timestamp, london};
use jiff::SignedDuration;
use std::fmt::Write as _;

/// A text, in quotes where it could be read as something else.
pub(super) fn text(it: &str) -> String {
    if is_plain(it) {
        return it.to_owned();
    }
    let mut out = String::from("\"");
    for c in it.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Letters, digits, single spaces and hyphens, and no word that means something.
fn is_plain(it: &str) -> bool {
    const MEAN: [&str; 8] = ["none", "yes", "no", "now", "today", "null", "true", "false"];
    it.starts_with(|c: char| c.is_ascii_alphabetic())
        && it.ends_with(|c: char| c.is_ascii_alphanumeric())
        && it.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
        && !MEAN.contains(&it.to_lowercase().as_str())
}

/// A value that the language would not take as it is.
pub(super) fn raw(it: &str) -> String {
    format!("{{ raw: {} }}", text(it))
}

/// A list of texts.
pub(super) fn texts<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = all.into_iter().map(|it| text(it.as_ref())).collect();
    format!("[{}]", all.join(", "))
}

/// `key: value` pairs between braces.
pub(super) fn map(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{ {} }}", pairs.join(", "))
}

pub(super) fn pair(key: &str, value: impl Into<String>) -> (String, String) {
    (key.to_owned(), value.into())
}

/// London's time, to the millisecond where that is needed, and with its offset where the clock shows it twice. None: the
/// language cannot say it so finely.
pub(super) fn moment(at: Timestamp) -> Option<String> {
    let there = at.to_zoned(london().clone());
    let format = match (there.subsec_nanosecond(), there.second()) {
        (0, 0) => "%Y-%m-%d %H:%M",
        (0, _) => "%Y-%m-%d %H:%M:%S",
        (nanos, _) if nanos % 1_000_000 == 0 => "%Y-%m-%d %H:%M:%S.%3f",
        _ => return None,
    };
    let is_twice = london().to_ambiguous_timestamp(there.datetime()).is_ambiguous();
    Some(if is_twice {
        there.strftime(&format!("{format} %:z")).to_string()
    } else {
        there.strftime(format).to_string()
    })
}

/// None: the language cannot say it so finely.
pub(super) fn length(it: SignedDuration) -> Option<String> {
    let millis = it.as_millis();
    if it.is_negative() || SignedDuration::from_millis(i64::try_from(millis).ok()?) != it {
        return None;
    }
    let parts = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")];
    // The largest unit that leaves nothing over reads best.
    parts
        .into_iter()
        .find(|(of, _)| millis > 0 && millis % of == 0)
        .map(|(of, unit)| format!("{}{unit}", millis / of))
}

/// A field with its value. None: it could be a real person's NHS number, which a scenario never holds.
pub(super) fn field(
    field: Field,
    value: &str,
    is_known: impl Fn(Field, &str) -> bool,
) -> Option<(String, String)> {
    let as_it_is = match field {
        _ if value.is_empty() => true,
        Field::NhsNumber => {
            let digits: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
            if NhsNumber::read(&digits).is_ok() && !digits.starts_with("999") {
                return None;
            }
            digits == value && digits.len() == 10 && digits.starts_with("999")
        }
        Field::Branch | Field::Service => is_known(field, value),
        _ => field.read(value).is_ok_and(|kept| kept == value),
    };
    Some(pair(field.text(), if as_it_is { text(value) } else { raw(value) }))
}

pub(super) fn fields(
    fields: &Fields,
    is_known: impl Fn(Field, &str) -> bool,
) -> Option<Vec<(String, String)>> {
    fields.iter().map(|(it, value)| field(it, value, &is_known)).collect()
}
