//! Dates, times, lengths of time and numbers as people in the United Kingdom write them. Every time is UK time.

use feed::{Field, Timestamp, london};
use jiff::{SignedDuration, Zoned, tz::AmbiguousOffset};

use crate::visible::value;

/// "1 record", "2 records", "1,000 records".
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// With a comma between thousands.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "a", "a and b", "a, b and c".
pub fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}

/// "9:27am", "9:16:42am", "midnight", "midday"; "1:30am BST" in the hour that comes twice. Milliseconds are left out
/// except within a second of a whole minute, where they may decide: "9:20:00.001am".
pub fn time(at: Timestamp) -> String {
    let local = in_london(at);
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    let ms = if matches!(second, 0 | 59) { local.millisecond() } else { 0 };
    let zone = zone_where_needed(&local);
    if (minute, second, ms) == (0, 0, 0) && hour % 12 == 0 {
        return if hour == 0 { "midnight".to_owned() } else { "midday".to_owned() };
    }
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    let seconds = match (second, ms) {
        (0, 0) => String::new(),
        (_, 0) => format!(":{second:02}"),
        (..) => format!(":{second:02}.{ms:03}"),
    };
    format!("{hour}:{minute:02}{seconds}{half}{zone}")
}

/// "26 March 2026".
pub(crate) fn date(at: Timestamp) -> String {
    in_london(at).strftime("%-d %B %Y").to_string()
}

/// "Thursday 26 March 2026".
pub(crate) fn day(at: Timestamp) -> String {
    in_london(at).strftime("%A %-d %B %Y").to_string()
}

/// "9:27am on 26 March 2026".
pub fn moment(at: Timestamp) -> String {
    format!("{} on {}", time(at), date(at))
}

/// A day on which the clocks change: what happens on it.
pub(crate) fn clock_change(at: Timestamp) -> Option<&'static str> {
    let day = in_london(at).start_of_day().ok()?;
    let next = day.tomorrow().ok()?;
    match next.timestamp().duration_since(day.timestamp()).as_hours() {
        23 => Some("the clocks go forward: 23 hours"),
        25 => Some("the clocks go back: 25 hours"),
        _ => None,
    }
}

pub(crate) fn same_day(a: Timestamp, b: Timestamp) -> bool {
    feed::date_in_london(a) == feed::date_in_london(b)
}

/// "6 minutes 12 seconds", "24 hours", "3 days 2 hours". Exact: nothing is rounded away, down to the millisecond.
/// Up to 72 hours are told in hours, because the guidance does so.
pub fn length(length: SignedDuration) -> String {
    let ms = length.abs().as_millis();
    let hours = ms / 3_600_000;
    let (days, hours) = if hours > 72 { (hours / 24, hours % 24) } else { (0, hours) };
    let parts = [
        (days, "day"),
        (hours, "hour"),
        (ms / 60_000 % 60, "minute"),
        (ms / 1000 % 60, "second"),
        (ms % 1000, "millisecond"),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") })
        .collect();
    if words.is_empty() { "no time".to_owned() } else { words.join(" ") }
}

/// How long it took until something happened: milliseconds are left out except within a second of a whole minute, where
/// they may decide.
pub(crate) fn elapsed(took: SignedDuration) -> String {
    let seconds = took.as_secs() % 60;
    let whole = if matches!(seconds, 0 | 59) { took } else { SignedDuration::from_secs(took.as_secs()) };
    length(whole)
}

/// Roughly: its two largest units.
pub(crate) fn roughly(took: SignedDuration) -> String {
    let minutes = took.as_secs() / 60;
    let whole = match minutes {
        0 => SignedDuration::from_secs(took.as_secs()),
        1..=4320 => SignedDuration::from_mins(minutes),
        _ => SignedDuration::from_hours(minutes / 60),
    };
    length(whole)
}

/// The same, to the largest unit: "61 days", "5 hours", "20 minutes".
pub fn about(length: SignedDuration) -> String {
    let seconds = length.abs().as_secs();
    let (n, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..=172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// A field's value as people read it: a date in words, an NHS number in groups of 3, 3 and 4.
pub(crate) fn field_value(field: Field, text: &str) -> String {
    match field {
        Field::DateOfBirth | Field::StartDate | Field::EndDate => text
            .parse::<jiff::civil::Date>()
            .map_or_else(|_| value(text), |date| date.strftime("%-d %B %Y").to_string()),
        Field::NhsNumber if text.len() == 10 && text.is_ascii() => {
            format!("{} {} {}", &text[..3], &text[3..6], &text[6..])
        }
        _ => value(text),
    }
}

fn in_london(at: Timestamp) -> Zoned {
    at.to_zoned(london().clone())
}

/// " BST" or " GMT" where the time on the wall comes twice.
fn zone_where_needed(local: &Zoned) -> String {
    match london().to_ambiguous_zoned(local.datetime()).offset() {
        AmbiguousOffset::Fold { .. } => local.strftime(" %Z").to_string(),
        AmbiguousOffset::Gap { .. } | AmbiguousOffset::Unambiguous { .. } => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn times_show_seconds_only_where_there_are_some() {
        assert_eq!(time(at("2026-03-26T09:27:00Z")), "9:27am");
        assert_eq!(time(at("2026-03-26T12:00:00Z")), "midday");
        assert_eq!(time(at("2026-03-26T00:00:00Z")), "midnight");
        assert_eq!(time(at("2026-03-26T00:05:00Z")), "12:05am");
        assert_eq!(time(at("2026-03-26T21:20:07Z")), "9:20:07pm");
        assert_eq!(time(at("2026-03-26T09:20:00.001Z")), "9:20:00.001am");
        assert_eq!(time(at("2026-03-26T09:19:59.999Z")), "9:19:59.999am");
        assert_eq!(time(at("2026-03-26T09:16:42.137Z")), "9:16:42am");
    }

    #[test]
    fn the_hour_that_comes_twice_names_its_zone() {
        assert_eq!(time(at("2026-10-25T00:30:00Z")), "1:30am BST");
        assert_eq!(time(at("2026-10-25T01:30:00Z")), "1:30am GMT");
        assert_eq!(time(at("2026-10-25T02:30:00Z")), "2:30am");
    }

    #[test]
    fn summer_time_is_told() {
        assert_eq!(moment(at("2026-07-01T09:27:00Z")), "10:27am on 1 July 2026");
        assert_eq!(clock_change(at("2026-03-29T12:00:00Z")), Some("the clocks go forward: 23 hours"));
        assert_eq!(clock_change(at("2026-10-25T12:00:00Z")), Some("the clocks go back: 25 hours"));
        assert_eq!(clock_change(at("2026-03-28T12:00:00Z")), None);
    }

    #[test]
    fn lengths_lose_nothing() {
        assert_eq!(length(SignedDuration::from_secs(372)), "6 minutes 12 seconds");
        assert_eq!(length(SignedDuration::from_hours(24)), "24 hours");
        assert_eq!(length(SignedDuration::from_hours(72)), "72 hours");
        assert_eq!(length(SignedDuration::from_millis(86_400_001)), "24 hours 1 millisecond");
        assert_eq!(length(SignedDuration::from_hours(24 * 10 + 1)), "10 days 1 hour");
        assert_eq!(length(SignedDuration::ZERO), "no time");
    }

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(counted(1, "record", "records"), "1 record");
        assert_eq!(counted(0, "record", "records"), "0 records");
        assert_eq!(counted(1_000_000, "record", "records"), "1,000,000 records");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn field_values_read_like_text() {
        assert_eq!(field_value(Field::DateOfBirth, "1938-11-04"), "4 November 1938");
        assert_eq!(field_value(Field::NhsNumber, "9990000018"), "999 000 0018");
        assert_eq!(field_value(Field::Phone, ""), "(none)");
    }
}
