//! The few colours there are. Words carry the meaning, colour comes last; the stream takes it away where it is not
//! wanted.

use anstyle::{AnsiColor, Style};

pub(crate) fn good(text: &str) -> String {
    painted(AnsiColor::Green.on_default().bold(), text)
}

pub(crate) fn bad(text: &str) -> String {
    painted(AnsiColor::Red.on_default().bold(), text)
}

pub(crate) fn odd(text: &str) -> String {
    painted(AnsiColor::Yellow.on_default().bold(), text)
}

pub(crate) fn bold(text: &str) -> String {
    painted(Style::new().bold(), text)
}

/// A line that is gone.
pub(crate) fn gone(text: &str) -> String {
    painted(AnsiColor::Red.on_default(), text)
}

/// A line that came.
pub(crate) fn came(text: &str) -> String {
    painted(AnsiColor::Green.on_default(), text)
}

fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Without our own styles, which end with an `m`; foreign control characters are written out long before.
pub fn off(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default();
    parts.fold(first.to_owned(), |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}
