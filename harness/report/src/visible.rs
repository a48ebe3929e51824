//! Makes text from outside safe and plain to see: what could steer a terminal is written out, and what cannot be seen
//! in an identifier is said in words. Changes nothing that anybody compares; knows only characters.

use std::fmt::Write as _;

/// Text that is shown as prose: titles, labels, sentences. Everything that could steer a terminal or turn the line
/// around is written as `\u{..}`.
pub fn prose(text: &str) -> String {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// A value that somebody may compare: an identifier, a branch, a name. As it is where everything in it can be seen,
/// else in quotes and with words: `"1017 " (one space at the end)`. An empty one is `(none)`.
pub fn value(text: &str) -> String {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let spaces = spaces_in_words(text);
    if spaces.is_empty() { short(text) } else { format!("{} ({})", short(text), spaces.join(", ")) }
}

/// The same without the words, for labels of something that was shown in full before.
pub(crate) fn short(text: &str) -> String {
    if text.is_empty() {
        "(none)".to_owned()
    } else if spaces_in_words(text).is_empty() && !text.chars().any(unseen) {
        prose(text)
    } else {
        format!("\"{}\"", within(text))
    }
}

/// Text of which others made a sentence or put quotes around: nothing stays unseen in it.
pub(crate) fn within(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if unseen(c) || steers(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Only ASCII: our own signs become words or signs that everybody has, everything else `\u{..}`.
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '→' => out.push_str("->"),
            '–' | '—' => out.push('-'),
            '…' => out.push_str("..."),
            '‘' | '’' => out.push('\''),
            '“' | '”' => out.push('"'),
            '·' => out.push('*'),
            // Control characters among them: line ends and styles of our own, foreign ones are written out before.
            _ if c.is_ascii() => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    out
}

/// Control characters, line and paragraph separators, and everything that sets the direction of writing.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Takes up no room or looks like a space that it is not.
fn unseen(c: char) -> bool {
    (c.is_whitespace() && c != ' ')
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2064}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Where plain spaces stand that nobody would see.
fn spaces_in_words(text: &str) -> Vec<String> {
    let inner = text.trim_matches(' ');
    if text.is_empty() {
        return Vec::new();
    }
    if inner.is_empty() {
        return vec![format!("{} and nothing else", spaces(text.len()))];
    }
    let n_start = text.len() - text.trim_start_matches(' ').len();
    let n_end = text.len() - text.trim_end_matches(' ').len();
    let mut words = Vec::new();
    if n_start > 0 {
        words.push(format!("{} at the start", spaces(n_start)));
    }
    if inner.contains("  ") {
        words.push("more than one space in a row".to_owned());
    }
    if n_end > 0 {
        words.push(format!("{} at the end", spaces(n_end)));
    }
    words
}

fn spaces(n: usize) -> String {
    if n == 1 { "one space".to_owned() } else { format!("{n} spaces") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_seen_stays_as_it_is() {
        assert_eq!(value("00482"), "00482");
        assert_eq!(value("Zoë O'Brien-Łukasz"), "Zoë O'Brien-Łukasz");
        assert_eq!(value(""), "(none)");
    }

    #[test]
    fn spaces_that_nobody_sees_are_said_in_words() {
        assert_eq!(value("1017 "), "\"1017 \" (one space at the end)");
        assert_eq!(value("  1017"), "\"  1017\" (2 spaces at the start)");
        assert_eq!(value("Leeds  North"), "\"Leeds  North\" (more than one space in a row)");
        assert_eq!(value("   "), "\"   \" (3 spaces and nothing else)");
    }

    #[test]
    fn invisible_characters_are_written_out() {
        assert_eq!(value("10\u{200b}17"), "\"10\\u{200b}17\"");
        assert_eq!(value("1017\u{a0}"), "\"1017\\u{a0}\"");
        assert_eq!(value("\u{feff}1017 "), "\"\\u{feff}1017 \" (one space at the end)");
    }

    #[test]
    fn nothing_can_steer_a_terminal() {
        assert_eq!(prose("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\\u{a}d");
        assert_eq!(value("a\u{9b}b"), "a\\u{9b}b");
    }

    #[test]
    fn ascii_leaves_nothing_else() {
        assert_eq!(ascii("Zoë: North → South…"), "Zo\\u{eb}: North -> South...");
    }
}
