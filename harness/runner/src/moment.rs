//! From a moment as a scenario writes it to an instant. London's clock goes forward and back: a time on the wall may
//! not exist, or exist twice.

use feed::{Timestamp, london};
use jiff::{Span, ToSpan, civil::DateTime, tz::AmbiguousOffset};
use scenario::Moment;

/// The instant, counted from `now` where the moment is relative. An instant past the end of time stays at `now`.
///
/// # Errors
/// For a time on the wall that the clocks jump over: the nearest instant, and a sentence.
pub(crate) fn resolve(moment: Moment, now: Timestamp) -> Result<Timestamp, (Timestamp, String)> {
    match moment {
        Moment::At(at) => Ok(at),
        Moment::Wall(wall) => on_the_wall(wall),
        Moment::Later { days, elapsed, at } => {
            if days == 0 && at.is_none() {
                return Ok(now.checked_add(elapsed).unwrap_or(now));
            }
            let there = now.to_zoned(london().clone());
            let date = there.date().checked_add(Span::new().days(days)).unwrap_or(there.date());
            let instant = on_the_wall(date.to_datetime(at.unwrap_or(there.time())))?;
            Ok(instant.checked_add(elapsed).unwrap_or(instant))
        }
    }
}

/// A time that happens twice counts as its earlier instant: the urgent side. *Assumed.*
fn on_the_wall(wall: DateTime) -> Result<Timestamp, (Timestamp, String)> {
    let ambiguous = london().to_ambiguous_zoned(wall);
    let gap = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    let instant = if gap { ambiguous.clone().later() } else { ambiguous.earlier() };
    let instant = instant.map_or(Timestamp::MAX, |zoned| zoned.timestamp());
    if !gap {
        return Ok(instant);
    }
    let next = wall.checked_add(1.hour()).unwrap_or(wall);
    Err((
        instant,
        format!(
            "{} on {} does not exist: the clocks go forward then. The first time after it is {}.",
            wall.strftime("%-I:%M%P"),
            wall.strftime("%-d %B %Y"),
            next.strftime("%-I:%M%P"),
        ),
    ))
}
