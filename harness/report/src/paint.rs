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

fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
