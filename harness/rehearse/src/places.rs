//! Between the bytes of our texts and the positions of editors, which count lines and UTF-16; and between files and
//! the addresses that editors give them.

use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    ops::Range,
    path::{Path, PathBuf},
};

/// Where each line of a text begins.
#[derive(Clone, Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &str) -> Lines {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Lines(std::iter::once(0).chain(after).collect())
    }

    /// The byte of a position; one behind the end of its line is the end.
    pub(crate) fn byte(&self, text: &str, line: usize, utf16: usize) -> usize {
        let Some(&begin) = self.0.get(line) else { return text.len() };
        let end = self.0.get(line + 1).map_or(text.len(), |next| next - 1);
        let mut left = utf16;
        for (at, c) in text[begin..end].char_indices() {
            if left == 0 || c == '\r' {
                return begin + at;
            }
            left = left.saturating_sub(c.len_utf16());
        }
        end
    }

    /// A range as editors want it.
    pub(crate) fn range(&self, text: &str, bytes: &Range<usize>) -> Value {
        json!({ "start": self.position(text, bytes.start), "end": self.position(text, bytes.end) })
    }

    fn position(&self, text: &str, at: usize) -> Value {
        let at = text.floor_char_boundary(at);
        let line = self.0.partition_point(|&begin| begin <= at) - 1;
        let n_units: usize = text[self.0[line]..at].chars().map(char::len_utf16).sum();
        json!({ "line": line, "character": n_units })
    }
}

/// The file that an address leads to; none for what is not on this computer.
pub(crate) fn file_of(uri: &str) -> Option<PathBuf> {
    let path = uri.strip_prefix("file://")?;
    let path = decoded(path)?;
    // On Windows: /C:/suite/a.yaml.
    let drive = path.as_bytes().get(2) == Some(&b':') && path.starts_with('/');
    Some(PathBuf::from(if drive { path[1..].to_owned() } else { path }))
}

pub(crate) fn uri_of(path: &Path) -> String {
    let path = crate::suite::shown(path);
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_utf_16() {
        let text = "a\n£😀b\r\nc";
        let lines = Lines::of(text);
        let at = text.find('b').expect("it is there");
        assert_eq!(lines.position(text, at), json!({ "line": 1, "character": 3 }));
        assert_eq!(lines.byte(text, 1, 3), at);
        assert_eq!(lines.byte(text, 1, 99), at + 1);
        assert_eq!(lines.byte(text, 9, 0), text.len());
    }

    #[test]
    fn files_and_addresses_go_both_ways() {
        for path in ["/suite/a b.yaml", "/suite/Siân/100%.yaml"] {
            assert_eq!(file_of(&uri_of(Path::new(path))), Some(PathBuf::from(path)));
        }
        assert_eq!(file_of("file:///c%3A/suite/a.yaml"), Some(PathBuf::from("c:/suite/a.yaml")));
        assert_eq!(uri_of(Path::new("c:/a.yaml")), "file:///c%3A/a.yaml");
        assert_eq!((file_of("untitled:Untitled-1"), file_of("file:///%zz")), (None, None));
    }
}
