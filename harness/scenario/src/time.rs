//! Lengths of time and moments, from text. Knows no clock and no case; says in plain words what is wrong.

use crate::Moment;
use feed::{Timestamp, london};
use jiff::{
    SignedDuration,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, Offset},
};

/// Longest that anything may last, and furthest that a moment may be away: ten years. *Assumed*; a rehearsal is
/// about days and weeks, and what is longer is a slip of the keyboard.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 3653);
/// Years that a date may be in where a story takes place. *Assumed.*
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// Why a text is not a time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    /// A whole sentence without full stop, the text quoted.
    pub(crate) what: String,
    /// What would have worked.
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

fn wrong<T>(code: &'static str, what: impl Into<String>, label: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { code, what: what.into(), label: label.into(), help: None })
}

const UNITS: &[(&str, i64, &str)] = &[
    ("d", 86_400_000, "days"),
    ("h", 3_600_000, "hours"),
    ("m", 60_000, "minutes"),
    ("s", 1000, "seconds"),
    ("ms", 1, "milliseconds"),
];

/// Reads `20m`, `24h`, `1h30m`, `15m1s`, `500ms`; `3d` is 72 hours. Never negative, at most [`LONGEST`].
pub(crate) fn duration(raw: &str) -> Result<SignedDuration, Wrong> {
    if raw.trim_start().starts_with('-') {
        return wrong(
            "not-a-duration",
            format!("`{raw}` is less than nothing"),
            "a length of time is never negative",
        );
    }
    let Some(milliseconds) = sum_of_parts(raw) else {
        let what = format!("`{raw}` is not a length of time");
        return wrong("not-a-duration", what, likely_duration(raw));
    };
    let duration = SignedDuration::from_millis(milliseconds);
    if duration > LONGEST {
        return wrong("not-a-duration", format!("`{raw}` is longer than ten years"), "shorten it");
    }
    Ok(duration)
}

/// Milliseconds of `1h30m`, saturating; none where it is not a row of numbers with units.
fn sum_of_parts(raw: &str) -> Option<i64> {
    let mut rest = raw.trim();
    let mut total: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if n_digits == 0 {
            return None;
        }
        let number: i64 = rest[..n_digits].parse().unwrap_or(i64::MAX);
        rest = &rest[n_digits..];
        let n_letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (_, unit, _) = UNITS.iter().find(|(text, ..)| *text == &rest[..n_letters])?;
        total = total.saturating_add(number.saturating_mul(*unit));
        rest = rest[n_letters..].trim_start();
    }
    Some(total)
}

/// What somebody probably meant by "20 minuets" or "90".
fn likely_duration(raw: &str) -> String {
    let raw = raw.trim();
    let n_digits = raw.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = (&raw[..n_digits], raw[n_digits..].trim().to_lowercase());
    let number = if number.is_empty() { number_in_words(raw) } else { Some(number) };
    let Some(number) = number else { return "write for instance `20m`, `24h`, `1h30m` or `3d`".into() };
    let unit = unit.rsplit(' ').next().unwrap_or_default();
    if unit.is_empty() {
        return format!("say of what: `{number}m`, `{number}h` or `{number}d`");
    }
    let near = |name: &str| {
        strsim::osa_distance(unit, name).min(strsim::osa_distance(unit, name.trim_end_matches('s')))
    };
    let also = [("min", "m"), ("mins", "m"), ("hrs", "h"), ("hr", "h"), ("sec", "s"), ("secs", "s")];
    let by_name = UNITS.iter().map(|(text, _, name)| (near(name), *text)).filter(|(far, _)| *far <= 2).min();
    let unit = also
        .iter()
        .find(|(short, _)| *short == unit)
        .map(|(_, text)| *text)
        .or(by_name.map(|(_, text)| text));
    match unit {
        Some(unit) => format!("write `{number}{unit}`"),
        None => "write for instance `20m`, `24h`, `1h30m` or `3d`".into(),
    }
}

fn number_in_words(raw: &str) -> Option<&'static str> {
    let words = [
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("five", "5"),
        ("ten", "10"),
        ("fifteen", "15"),
        ("twenty", "20"),
        ("thirty", "30"),
    ];
    let first = raw.split(' ').next().unwrap_or_default().to_lowercase();
    words.iter().find(|(word, _)| *word == first).map(|(_, number)| *number)
}

/// What may stand where a moment is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The one instant that is meant must be plain: `clock`, `at`, `wait until`.
    Instant,
    /// Typed into rostering, which takes a time on the wall that does not exist or exists twice.
    Typed,
    /// The same, and a date alone is midnight.
    TypedDay,
}

/// Reads `2026-03-29 03:00`, `2026-10-25 01:30 +01:00`, `+80h`, `-2h`, `+1d`, `+1d 08:00`, `now`, `today`.
pub(crate) fn moment(raw: &str, usage: Use) -> Result<Moment, Wrong> {
    let text = raw.trim();
    match text.as_bytes().first() {
        Some(b'+' | b'-') => later(text),
        _ if matches!(text, "now" | "today") => {
            Ok(Moment::Later { days: 0, elapsed: SignedDuration::ZERO, at: None })
        }
        _ => absolute(text, usage),
    }
}

/// Reads `2026-03-26 09:00 Europe/London`, with or without zone or offset: always one instant.
pub(crate) fn instant(raw: &str) -> Result<Timestamp, Wrong> {
    match absolute(raw.trim(), Use::Instant)? {
        Moment::At(at) => Ok(at),
        Moment::Wall(_) | Moment::Later { .. } => unreachable!("`Use::Instant` gives nothing but instants"),
    }
}

fn later(text: &str) -> Result<Moment, Wrong> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (length, wall) = match text[1..].trim_start().split_once(' ') {
        Some((length, wall)) => (length, Some(wall.trim())),
        None => (text[1..].trim_start(), None),
    };
    let (days, rest) = match length.split_once('d') {
        Some((days, rest)) => (days, rest),
        None => ("0", length),
    };
    let hint = "write for instance `+80h`, `-2h`, `+1d` or `+1d 08:00`";
    let not_a_moment = || Wrong {
        code: "not-a-moment",
        what: format!("`{text}` is not a moment"),
        label: hint.into(),
        help: None,
    };
    let days: i32 = match days.parse::<u16>() {
        Ok(days) if days <= 3653 => sign * i32::from(days),
        Ok(_) => {
            return wrong("not-a-moment", format!("`{text}` is more than ten years away"), "bring it nearer");
        }
        Err(_) => return Err(not_a_moment()),
    };
    let elapsed =
        if rest.is_empty() { SignedDuration::ZERO } else { duration(rest).map_err(|_| not_a_moment())? };
    let at = wall.map(|wall| time(wall).ok_or_else(not_a_moment)).transpose()?;
    if at.is_some() && !elapsed.is_zero() {
        return wrong(
            "not-a-moment",
            format!("`{text}` says both how long and what o'clock"),
            "write `+1d 08:00` or `+1d8h`",
        );
    }
    Ok(Moment::Later { days, elapsed: if sign < 0 { -elapsed } else { elapsed }, at })
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.mmm`.
fn time(text: &str) -> Option<Time> {
    let colons = text.bytes().filter(|&byte| byte == b':').count();
    if !(5..=12).contains(&text.len())
        || colons == 0
        || !text.bytes().all(|b| b.is_ascii_digit() || b":.".contains(&b))
    {
        return None;
    }
    text.parse().ok()
}

/// `1938-11-04`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let shape =
        text.len() == 10 && text.bytes().enumerate().all(|(idx, b)| (b == b'-') == matches!(idx, 4 | 7));
    shape.then(|| text.parse().ok()).flatten()
}

fn absolute(text: &str, usage: Use) -> Result<Moment, Wrong> {
    let mut words = text.split_ascii_whitespace();
    let (day, wall) = match words.next().unwrap_or_default().split_once('T') {
        Some((day, wall)) => (day, Some(wall)),
        None => (text.split_ascii_whitespace().next().unwrap_or_default(), words.next()),
    };
    let Some(date) = date(day) else { return Err(not_a_day(text, day)) };
    if !YEARS.contains(&date.year()) {
        let what = format!("`{day}` is not a day on which a story can take place");
        return wrong("not-a-moment", what, format!("years from {} to {} work", YEARS.start(), YEARS.end()));
    }
    let Some(wall) = wall else {
        if usage == Use::TypedDay {
            return Ok(wall_clock(date.to_datetime(Time::midnight())));
        }
        return wrong(
            "not-a-moment",
            format!("`{text}` says the day but not the time"),
            format!("write for instance `{day} 09:00`"),
        );
    };
    let Some(time) = time(wall) else {
        return wrong(
            "not-a-moment",
            format!("`{wall}` is not a time of day"),
            "write it with 24 hours, as `09:00`",
        );
    };
    let local = date.to_datetime(time);
    let zones: Vec<&str> = words.collect();
    match zones.as_slice() {
        [] | ["Europe/London"] if usage == Use::Instant => only_instant(local),
        [] | ["Europe/London"] => Ok(wall_clock(local)),
        [zone] | [zone, "Europe/London"] => offset(zone, text, local),
        _ => wrong(
            "not-a-moment",
            format!("`{text}` says more than a moment"),
            "write for instance `2026-03-26 09:00`",
        ),
    }
}

fn not_a_day(text: &str, day: &str) -> Wrong {
    let looks_like_a_date = day.len() == 10 && day.matches('-').count() == 2;
    let meant = [("tomorrow", "+1d"), ("yesterday", "-1d")].into_iter().find(|(word, _)| *word == day);
    let label = if let Some((_, meant)) = meant {
        format!("write `{meant}`, or `{meant} 09:00`")
    } else if looks_like_a_date {
        "there is no such day in the calendar".to_owned()
    } else {
        "write for instance `2026-03-26 09:00`, or `+1d` from the step's own moment".to_owned()
    };
    Wrong { code: "not-a-moment", what: format!("`{text}` is not a moment"), label, help: None }
}

/// An instant where the wall clock in London leaves no doubt, else the wall clock itself.
fn wall_clock(local: DateTime) -> Moment {
    match london().to_ambiguous_timestamp(local).unambiguous() {
        Ok(at) => Moment::At(at),
        Err(_) => Moment::Wall(local),
    }
}

fn only_instant(local: DateTime) -> Result<Moment, Wrong> {
    let written = local.strftime("%Y-%m-%d %H:%M");
    let ambiguous = london().to_ambiguous_timestamp(local);
    let (what, label) = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => match ambiguous.unambiguous() {
            Ok(at) => return Ok(Moment::At(at)),
            Err(_) => (format!("`{written}` is out of range"), "choose a day nearer to today".to_owned()),
        },
        AmbiguousOffset::Gap { .. } => (
            format!("`{written}` does not exist in London: the clocks go forward over it"),
            format!(
                "write `{} 02:{}`, or say the offset, as `{written} +00:00`",
                local.date(),
                local.strftime("%M")
            ),
        ),
        AmbiguousOffset::Fold { .. } => (
            format!("`{written}` comes twice in London: the clocks go back"),
            format!("write `{written} +01:00` for the first or `{written} +00:00` for the second"),
        ),
    };
    wrong("clock-change", what, label)
}

/// A zone after the time: `+01:00` and nothing else.
fn offset(zone: &str, text: &str, local: DateTime) -> Result<Moment, Wrong> {
    let Some(offset) = read_offset(zone) else { return Err(unknown_zone(zone)) };
    match offset.to_timestamp(local) {
        Ok(at) => Ok(Moment::At(at)),
        Err(_) => wrong("not-a-moment", format!("`{text}` is out of range"), "choose a day nearer to today"),
    }
}

fn read_offset(zone: &str) -> Option<Offset> {
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn unknown_zone(zone: &str) -> Wrong {
    let abbreviation = zone.len() <= 5 && zone.bytes().all(|byte| byte.is_ascii_uppercase());
    let near = strsim::osa_distance(&zone.to_lowercase(), "europe/london") <= 4;
    let (what, label) = if abbreviation {
        (
            format!("`{zone}` is an abbreviation, and those stand for different zones in different places"),
            "write `Europe/London`, or an offset such as `+01:00`",
        )
    } else if near {
        (format!("there is no time zone `{zone}`"), "did you mean `Europe/London`?")
    } else {
        (
            format!("`{zone}` is not a time zone of these stories"),
            "write `Europe/London`, or an offset such as `+01:00`",
        )
    };
    Wrong {
        code: "unknown-zone",
        what,
        label: label.into(),
        help: Some("both systems keep London time; an offset says exactly which instant is meant".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_add_their_parts() {
        let check = |raw: &str, milliseconds: i64| {
            assert_eq!(duration(raw), Ok(SignedDuration::from_millis(milliseconds)), "{raw}");
        };
        check("20m", 1_200_000);
        check("24h", 86_400_000);
        check("1h30m", 5_400_000);
        check("15m1s", 901_000);
        check("500ms", 500);
        check("3d", 72 * 3_600_000);
        check("1h 30m", 5_400_000);
    }

    #[test]
    fn a_wrong_length_of_time_is_told_what_would_have_worked() {
        let check = |raw: &str, label: &str| assert_eq!(duration(raw).unwrap_err().label, label, "{raw}");
        check("20 minuets", "write `20m`");
        check("twenty minutes", "write `20m`");
        check("24hrs", "write `24h`");
        check("90", "say of what: `90m`, `90h` or `90d`");
        check("-5m", "a length of time is never negative");
        check("1e400h", "write for instance `20m`, `24h`, `1h30m` or `3d`");
        check("99999999999999999999h", "shorten it");
        check("soon", "write for instance `20m`, `24h`, `1h30m` or `3d`");
    }

    #[test]
    fn a_time_that_comes_twice_or_never_needs_its_offset() {
        assert_eq!(instant("2026-03-29 01:30").unwrap_err().code, "clock-change");
        assert_eq!(instant("2026-10-25 01:30").unwrap_err().code, "clock-change");
        let first = instant("2026-10-25 01:30 +01:00").unwrap();
        let second = instant("2026-10-25 01:30 +00:00").unwrap();
        assert_eq!(second.duration_since(first), SignedDuration::from_hours(1));
    }

    #[test]
    fn what_is_typed_into_rostering_may_be_a_time_that_does_not_exist() {
        let typed = moment("2026-03-29 01:30", Use::Typed).unwrap();
        assert!(matches!(typed, Moment::Wall(_)));
        assert!(matches!(moment("2026-03-29 03:30", Use::Typed), Ok(Moment::At(_))));
    }

    #[test]
    fn moments_from_the_step_keep_days_and_hours_apart() {
        let check = |raw: &str, days: i32, minutes: i64| {
            let elapsed = SignedDuration::from_mins(minutes);
            assert_eq!(moment(raw, Use::Typed), Ok(Moment::Later { days, elapsed, at: None }), "{raw}");
        };
        check("+80h", 0, 80 * 60);
        check("-2h", 0, -120);
        check("+1d", 1, 0);
        check("+1d2h", 1, 120);
        check("-10d", -10, 0);
        check("today", 0, 0);
        let eight = Time::constant(8, 0, 0, 0);
        let later = Moment::Later { days: 1, elapsed: SignedDuration::ZERO, at: Some(eight) };
        assert_eq!(moment("+1d 08:00", Use::Typed), Ok(later));
    }

    #[test]
    fn days_and_times_that_do_not_exist_are_refused() {
        for raw in [
            "2026-02-30 09:00",
            "2026-03-26 25:00",
            "26/03/2026 09:00",
            "2026-03-26",
            "+1x",
            "+9999d",
            "9999-12-31 09:00",
        ] {
            assert_eq!(moment(raw, Use::Typed).unwrap_err().code, "not-a-moment", "{raw}");
        }
    }

    #[test]
    fn only_london_and_offsets_are_zones() {
        for raw in ["2026-06-01 09:00 BST", "2026-06-01 09:00 Europe/Lodnon", "2026-06-01 09:00 Europe/Paris"]
        {
            assert_eq!(instant(raw).unwrap_err().code, "unknown-zone", "{raw}");
        }
        assert_eq!(instant("2026-06-01 09:00 Europe/London"), instant("2026-06-01 09:00 +01:00"));
    }
}
