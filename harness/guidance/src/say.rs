//! How things are written: dates, times, names, quoted values, lists. Knows no situation.

use feed::{Field, NhsNumber, Timestamp, london};
use jiff::civil::DateTime;

/// "9:41am on 2 March 2026", UK time. Seconds where there are any; GMT or BST in the hour that happens twice.
pub(crate) fn moment(at: Timestamp) -> String {
    let zoned = at.to_zoned(london().clone());
    let (wall, is_summer) = (zoned.datetime(), zoned.offset().seconds() != 0);
    let zone = match (london().to_ambiguous_timestamp(wall).is_ambiguous(), is_summer) {
        (false, _) => "",
        (true, true) => " BST",
        (true, false) => " GMT",
    };
    format!("{}{zone} on {}", time(wall), date(wall.date()))
}

/// "2 March 2026"
pub(crate) fn date(date: jiff::civil::Date) -> String {
    format!("{} {} {}", date.day(), feed::month(date), date.year())
}

/// "9:41am"
fn time(wall: DateTime) -> String {
    if wall.time() == jiff::civil::Time::midnight() {
        return "midnight".to_owned();
    }
    if wall.time() == jiff::civil::time(12, 0, 0, 0) {
        return "midday".to_owned();
    }
    let hour = match wall.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if wall.hour() < 12 { "am" } else { "pm" };
    let seconds = match (wall.second(), wall.millisecond()) {
        (0, 0) => String::new(),
        (seconds, 0) => format!(":{seconds:02}"),
        (seconds, millis) => format!(":{seconds:02}.{millis:03}"),
    };
    format!("{hour}:{:02}{seconds}{half}", wall.minute())
}

/// A value in quotation marks, with what cannot be seen made visible. A blank one is "nothing".
pub(crate) fn quoted(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { format!("\"{}\"", visible(value)) }
}

/// The value of a field as people read it: a date in words, an NHS number in groups, anything else quoted.
pub(crate) fn value(field: Field, text: &str) -> String {
    match field {
        Field::DateOfBirth | Field::StartDate | Field::EndDate => {
            text.parse().map_or_else(|_| quoted(text), date)
        }
        Field::NhsNumber => match (NhsNumber::read(text), text.get(..3), text.get(3..6), text.get(6..10)) {
            (Ok(_), Some(a), Some(b), Some(c)) if text.len() == 10 => format!("{a} {b} {c}"),
            _ => quoted(text),
        },
        _ => quoted(text),
    }
}

/// The text itself, unless spaces in it could be missed: then each space is a dot. Invisible characters are written
/// out.
pub(crate) fn visible(text: &str) -> String {
    let hides = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' if hides => shown.push('·'),
            '\t' => shown.push_str("[tab]"),
            '\u{a0}' => shown.push_str("[no-break space]"),
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => shown.push_str("[invisible character]"),
            c if c.is_control() => shown.push_str("[control character]"),
            c if c.is_whitespace() && c != ' ' => shown.push_str("[unusual space]"),
            c => shown.push(c),
        }
    }
    shown
}

/// "a", "a and b", "a, b and c"
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// "1 record", "2 records"
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How two identifiers that are not the same resemble each other, in words; none where they do not, or are the same.
pub(crate) fn near_miss(one: &str, other: &str) -> Option<&'static str> {
    if one == other || one.is_empty() || other.is_empty() {
        return None;
    }
    let (one, other) = (without_spaces(one), without_spaces(other));
    if one == other {
        return Some("differ only in spaces or invisible characters");
    }
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    if one == other {
        return Some("differ only in capital letters");
    }
    let zeroless = |id: &str| id.trim_start_matches('0').to_owned();
    if zeroless(&one) == zeroless(&other) && !zeroless(&one).is_empty() {
        return Some("differ only in zeros at the front");
    }
    let is_prefixed = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|prefix| {
            short.chars().count() >= 2 && prefix.ends_with(|c: char| !c.is_alphanumeric())
        })
    };
    (is_prefixed(&one, &other) || is_prefixed(&other, &one)).then_some("differ only in a prefix")
}

/// Without white space and the invisible characters that an identifier is trimmed of.
fn without_spaces(text: &str) -> String {
    let is_invisible = |c: char| matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}');
    text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
}

/// How close a name is to one that ACP has, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Near {
    Spaces,
    Capitals,
    Letters,
}

impl Near {
    pub(crate) const fn how(self) -> &'static str {
        match self {
            Near::Spaces => "which differs only in spaces or invisible characters",
            Near::Capitals => "which differs only in capital letters or spaces",
            Near::Letters => "which is near",
        }
    }
}

/// None where the names are not close. One letter in four may differ. *Assumed.*
pub(crate) fn near_name(name: &str, known: &str) -> Option<Near> {
    let (a, b) = (without_spaces(name), without_spaces(known));
    if a == b {
        return Some(Near::Spaces);
    }
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    if a == b {
        return Some(Near::Capitals);
    }
    let at_most = (a.chars().count() / 4).max(1);
    (n_edits(&a, &b) <= at_most).then_some(Near::Letters)
}

/// The number of letters to put in, take out or exchange to make one text of the other (Levenshtein).
fn n_edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (idx, c) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], idx + 1);
        for (column, d) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(c != *d);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::{Near, list, moment, n_edits, near_miss, near_name, quoted, value};
    use feed::{Field, Timestamp};

    #[track_caller]
    fn check_moment(at: &str, said: &str) {
        assert_eq!(moment(at.parse::<Timestamp>().expect("a timestamp")), said);
    }

    #[test]
    fn moments_are_told_in_uk_time() {
        check_moment("2026-03-02T09:41:00Z", "9:41am on 2 March 2026");
        check_moment("2026-06-01T23:05:00Z", "12:05am on 2 June 2026");
        check_moment("2026-03-02T12:00:07Z", "12:00:07pm on 2 March 2026");
        check_moment("2026-03-02T12:00:07.004Z", "12:00:07.004pm on 2 March 2026");
    }

    #[test]
    fn the_hour_that_happens_twice_says_which_it_is() {
        check_moment("2026-10-25T00:30:00Z", "1:30am BST on 25 October 2026");
        check_moment("2026-10-25T01:30:00Z", "1:30am GMT on 25 October 2026");
        check_moment("2026-10-25T02:30:00Z", "2:30am on 25 October 2026");
    }

    #[test]
    fn what_cannot_be_seen_is_made_visible() {
        assert_eq!(quoted("North Leeds"), "\"North Leeds\"");
        assert_eq!(quoted("North Leeds "), "\"North·Leeds·\"");
        assert_eq!(quoted("SU-1\u{200b}"), "\"SU-1[invisible character]\"");
        assert_eq!(quoted("a\u{a0}b"), "\"a[no-break space]b\"");
        assert_eq!(quoted(""), "nothing");
    }

    #[test]
    fn dates_and_nhs_numbers_are_written_as_people_write_them() {
        assert_eq!(value(Field::DateOfBirth, "1938-11-04"), "4 November 1938");
        assert_eq!(value(Field::DateOfBirth, "long ago"), "\"long ago\"");
        assert_eq!(value(Field::NhsNumber, "9990000018"), "999 000 0018");
        assert_eq!(value(Field::NhsNumber, "9990000019"), "\"9990000019\"");
        assert_eq!(value(Field::Branch, ""), "nothing");
    }

    #[test]
    fn identifiers_that_nearly_match_are_told_apart_in_words() {
        for (one, other, how) in [
            ("482", "00482", Some("differ only in zeros at the front")),
            ("SU-1", "su-1", Some("differ only in capital letters")),
            ("SU-1", "SU-1 ", Some("differ only in spaces or invisible characters")),
            ("SU-1", "SU-1\u{feff}", Some("differ only in spaces or invisible characters")),
            ("N-482", "482", Some("differ only in a prefix")),
            ("1482", "482", None),
            ("SU-1", "SU-1", None),
            ("0", "00", None),
            ("", "1", None),
        ] {
            assert_eq!(near_miss(one, other), how, "{one:?} {other:?}");
            assert_eq!(near_miss(other, one), how, "{other:?} {one:?}");
        }
    }

    #[test]
    fn a_branch_name_is_near_if_one_letter_in_four_differs_at_most() {
        assert_eq!(n_edits("kitten", "sitting"), 3);
        assert_eq!(near_name("Leeds Nth", "Leeds North"), Some(Near::Letters));
        assert_eq!(near_name("LEEDS north", "Leeds North"), Some(Near::Capitals));
        assert_eq!(near_name("LeedsNorth ", "Leeds North"), Some(Near::Spaces));
        assert_eq!(near_name("Hull", "Leeds North"), None);
    }

    #[test]
    fn lists_read_as_people_write_them() {
        let items = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        assert_eq!(list(&items(&["a", "b", "c"])), "a, b and c");
        assert_eq!(list(&items(&["a"])), "a");
    }
}
