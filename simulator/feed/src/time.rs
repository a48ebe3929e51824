//! The figures of time that the guidance gives, and what "near-term" means. Knows no clock: every question
//! takes the instant it is asked for.

use crate::NearTerm;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::sync::OnceLock;

/// How often a partial update is sent: every 15 minutes. Article 12679947.
pub const PARTIAL_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// How often a full update is sent: every 1440 elapsed minutes, whatever the clocks do. Article 12679947.
pub const FULL_EVERY: SignedDuration = SignedDuration::from_mins(1440);
/// The longest that a partial update is on its way. Assumed: 15 minutes and this make the 20 minutes of
/// article 14300960.
pub const PARTIAL_TAKES_AT_MOST: SignedDuration = SignedDuration::from_mins(5);
/// The promised delay for near-term records: 20 minutes, end included. Article 14300960.
pub const NEAR_WINDOW: SignedDuration = SignedDuration::from_mins(20);
/// The promised delay for all others: 24 elapsed hours, end included. Article 14300960.
pub const FAR_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// A visit that starts at most this far ahead makes its service user near-term: 72 elapsed hours, end
/// included. Article 14300960; that the end is included is assumed.
pub const NEAR_TERM: SignedDuration = SignedDuration::from_hours(72);
/// Days of visits in a partial update. Article 12679947.
pub const PARTIAL_HORIZON_DAYS: i64 = 3;
/// Days of visits in a full update. Article 12679947.
pub const FULL_HORIZON_DAYS: i64 = 7;

/// Europe/London, from the zone data inside the binary: the same on every machine.
pub fn london() -> &'static TimeZone {
    static LONDON: OnceLock<TimeZone> = OnceLock::new();
    LONDON.get_or_init(|| TimeZone::get("Europe/London").expect("the zone data is inside the binary"))
}

/// The date on the wall in the United Kingdom.
pub fn date_in_london(at: Timestamp) -> Date {
    let there = TimeZone::UTC.to_datetime(at);
    // Since 1972 London is at most an hour ahead, so for most of the day the date is the same.
    if there.year() >= 1972 && there.hour() < 23 { there.date() } else { london().to_datetime(at).date() }
}

/// The month of a date in words: "March".
pub fn month(date: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// Whether a visit that starts at `starts` makes its service user near-term at `now`. A visit that starts
/// right now counts; one that has begun does not.
pub fn is_near_term(starts: Timestamp, now: Timestamp, reading: NearTerm) -> bool {
    starts >= now && becomes_near_term(starts, reading) <= now
}

/// The first instant at which a visit that starts at `starts` counts as near-term.
///
/// Under `three_calendar_days` that is midnight in London two days before the visit's date: today, tomorrow
/// and the day after are the three days. *Assumed* (the article says "3 days" and no more).
pub fn becomes_near_term(starts: Timestamp, reading: NearTerm) -> Timestamp {
    match reading {
        NearTerm::Rolling72Hours => starts.saturating_sub(NEAR_TERM).expect("a plain duration"),
        NearTerm::ThreeCalendarDays => {
            let first = date_in_london(starts).saturating_sub(jiff::Span::new().days(2));
            first.to_zoned(london().clone()).map_or(starts, |midnight| midnight.timestamp())
        }
    }
}
