//! `rehearse clock`: moves the clock of a sandbox from a script, and tells what happened on the way. What moving means is
//! the sandbox's business; here is only how people write it.

use crate::{exit::Exit, output::Output};
use clap::Args;
use feed::{Timestamp, london};
use jiff::{
    SignedDuration,
    civil::{DateTime, Time},
};
use seat::{Address, Client, ClockShown, Events, Limits, MoveClock, NotAnAddress};
use std::fmt::Write as _;

#[derive(Debug, Args)]
pub(crate) struct Clock {
    /// next, +20m, to 9:41am, back to 9:00am, or with a date: to 2026-03-03 08:00. Nothing: where it stands
    #[arg(value_name = "HOW")]
    how: Vec<String>,
    /// Where the sandbox is
    #[arg(long, env = "REHEARSE_URL", value_name = "URL", default_value = "http://127.0.0.1:4170")]
    url: String,
    /// Which world of it
    #[arg(long, value_name = "NAME", default_value = "sandbox")]
    world: String,
}

/// How the clock is to move, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How<'a> {
    Not,
    Next,
    By(SignedDuration),
    To(&'a str),
    BackTo(&'a str),
}

pub(crate) fn clock(args: &Clock, output: Output) -> Result<Exit, Exit> {
    let typed = args.how.join(" ");
    let not_understood = |why: String| {
        output.note(&why);
        Exit::NotUnderstood
    };
    let how = how(&typed).ok_or_else(|| not_understood(format!(
        "The clock cannot go {typed:?}. Say next, +20m, to 9:41am, back to 9:00am, or with a date: to 2026-03-03 08:00.\n"
    )))?;
    let address =
        Address::read(&args.url, false).map_err(|NotAnAddress(why)| not_understood(format!("{why}\n")))?;
    let key = std::env::var("REHEARSE_KEY").ok();
    let client = Client::new(address, key.as_deref(), Limits::default())
        .map_err(|why| not_understood(format!("{why}\n")))?;
    let no_answer = |trouble: seat::Trouble| {
        output.note(&format!("{}\n", report::prose(&trouble.says())));
        Exit::Unreachable
    };
    let before = client.clock(&args.world).map_err(no_answer)?;
    let moves = match moved(how, before.now) {
        Ok(moves) => moves,
        Err(typed) => {
            return Err(not_understood(format!(
                "{typed:?} is no time. Write 9:41am, or 2026-03-03 08:00.\n"
            )));
        }
    };
    let happened =
        moves.map(|moves| client.move_clock(&args.world, &moves)).transpose().map_err(no_answer)?;
    let after = if happened.is_some() { client.clock(&args.world).map_err(no_answer)? } else { before };
    output.print(&says(happened.as_ref(), &after, output))?;
    Ok(Exit::AsExpected)
}

fn how(typed: &str) -> Option<How<'_>> {
    match typed.split_once(' ').unwrap_or((typed, "")) {
        ("", "") => Some(How::Not),
        ("next", "") => Some(How::Next),
        ("to", rest) if !rest.is_empty() => Some(How::To(rest)),
        ("back", rest) => rest.strip_prefix("to ").map(How::BackTo),
        _ => typed.strip_prefix('+')?.trim().parse().ok().map(How::By),
    }
}

/// The error is what is no time.
fn moved(how: How<'_>, now: Timestamp) -> Result<Option<MoveClock>, &str> {
    Ok(match how {
        How::Not => None,
        How::Next => Some(MoveClock::Next),
        How::By(length) => Some(MoveClock::By(length.into())),
        How::To(typed) => Some(MoveClock::To(moment(typed, now).ok_or(typed)?)),
        How::BackTo(typed) => Some(MoveClock::BackTo(moment(typed, now).ok_or(typed)?)),
    })
}

/// With a date, or on the day on which the clock stands; London time unless it has an offset.
fn moment(typed: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(instant) = typed.parse() {
        return Some(instant);
    }
    let today = feed::date_in_london(now);
    let on_the_wall = typed.parse::<DateTime>().ok().or_else(|| {
        let time = Time::strptime("%I:%M%p", typed).or_else(|_| Time::strptime("%H:%M", typed)).ok()?;
        Some(today.to_datetime(time))
    })?;
    Some(on_the_wall.to_zoned(london().clone()).ok()?.timestamp())
}

fn says(happened: Option<&Events>, clock: &ClockShown, output: Output) -> String {
    if output.json {
        let events = happened.map(|it| &it.events);
        return format!("{}\n", serde_json::json!({ "clock": clock, "events": events }));
    }
    let mut text = String::new();
    for event in happened.into_iter().flat_map(|it| &it.events) {
        let _ = writeln!(text, "{}  {}", words(event.at), report::prose(&event.says));
    }
    let next =
        clock.next.map_or_else(|| "Nothing is due.".to_owned(), |next| format!("Next: {}.", words(next)));
    let _ = writeln!(text, "Clock: {}. {next}", words(clock.now));
    text
}

/// "Mon 2 March 2026, 9:41am".
fn words(at: Timestamp) -> String {
    at.to_zoned(london().clone()).strftime("%a %-d %B %Y, %-I:%M%P").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_moved_in_the_words_of_people() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().expect("an instant");
        let moves = |typed: &'static str| how(typed).and_then(|how| moved(how, now).ok());
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        assert_eq!(moves(""), Some(None));
        assert_eq!(moves("next"), Some(Some(MoveClock::Next)));
        assert_eq!(moves("+20m"), Some(Some(MoveClock::By(SignedDuration::from_mins(20).into()))));
        assert_eq!(moves("to 9:41am"), Some(Some(MoveClock::To(at("2026-03-02T09:41:00Z")))));
        assert_eq!(moves("to 17:00"), Some(Some(MoveClock::To(at("2026-03-02T17:00:00Z")))));
        assert_eq!(moves("to 2026-06-01 08:00"), Some(Some(MoveClock::To(at("2026-06-01T07:00:00Z")))));
        assert_eq!(
            moves("back to 2026-03-02T08:00:00Z"),
            Some(Some(MoveClock::BackTo(at("2026-03-02T08:00:00Z"))))
        );
        for typed in ["20m", "+", "+soon", "to", "back", "back to", "to noonish", "sideways"] {
            assert_eq!(moves(typed), None, "{typed}");
        }
    }
}
