//! The files that a scenario is made of, and places in them. A place is kept as bytes; line and column are worked
//! out when somebody asks.

use crate::Where;
use std::{borrow::Cow, ops::Range};

/// A place while reading: which file, and which bytes of it. Files are at most 1 MiB, so `u32` is plenty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) file: u16,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Spot {
    /// Bytes beyond `u32` cannot occur (see the limit in `read`); they would end up at the end.
    pub(crate) fn new(file: u16, bytes: Range<usize>) -> Spot {
        let clip = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Spot { file, start: clip(bytes.start), end: clip(bytes.end) }
    }

    pub(crate) const fn bytes(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One file's text with the beginnings of its lines.
pub(crate) struct Source<'a> {
    pub(crate) path: String,
    pub(crate) text: Cow<'a, str>,
    /// Byte at which each line begins; the first is 0.
    lines: Vec<u32>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(path: String, text: impl Into<Cow<'a, str>>) -> Source<'a> {
        let text = text.into();
        let after_breaks = text.bytes().zip(1..).filter(|&(byte, _)| byte == b'\n').map(|(_, next)| next);
        let lines = std::iter::once(0).chain(after_breaks).collect();
        Source { path, text, lines }
    }

    /// Bytes, line and column of a place. A place that ends before it begins, or outside the text, is clipped.
    pub(crate) fn place(&self, spot: Spot) -> Where {
        let start = floor(&self.text, spot.start as usize);
        let end = floor(&self.text, spot.end as usize).max(start);
        let line = self.lines.partition_point(|&begin| begin as usize <= start);
        let begin = self.lines[line - 1] as usize;
        let before = self.text[begin..start].trim_start_matches('\u{feff}');
        let column = before.chars().count() + 1;
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Where { file: spot.file, bytes: start..end, line: clip(line), column: clip(column) }
    }
}

/// The nearest beginning of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
