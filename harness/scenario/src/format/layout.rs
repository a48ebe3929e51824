//! A file as it was laid out: every value with the bytes that it stands in, and every comment.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, options};
use std::ops::Range;

pub(super) struct Layout<'s> {
    /// Lines end with LF.
    pub(super) source: &'s str,
    pub(super) root: Option<Piece>,
    /// From the hash to the end of the line, in order.
    pub(super) comments: Vec<Range<usize>>,
}

#[derive(Debug)]
pub(super) struct Piece {
    /// Of a list or mapping in lines: it begins with its first entry.
    pub(super) at: Range<usize>,
    pub(super) kind: Kind,
    /// In brackets or braces.
    pub(super) flow: bool,
    /// A text that was begun with `|` or `>`.
    pub(super) block: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    Text { text: String, plain: bool },
    List(Vec<Piece>),
    Map(Vec<(Piece, Piece)>),
}

impl Piece {
    /// Nothing was written.
    pub(super) fn is_empty(&self) -> bool {
        self.at.is_empty() && matches!(self.kind, Kind::Text { plain: true, .. })
    }
}

enum Open {
    List(Vec<Piece>),
    Map(Vec<(Piece, Piece)>, Option<Piece>),
}

/// Reads the one document of a text. None where it uses what this language does without, which was told before.
pub(super) fn read(source: &str) -> Option<Layout<'_>> {
    let mut reader = Reader { open: Vec::new(), root: None, comments: Vec::new() };
    let options = options! { max_buffered_comment_events: usize::MAX };
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.ok()?;
        reader.take(event, span.byte_range().unwrap_or(0..0))?;
    }
    reader.comments.sort_by_key(|it| it.start);
    if let Some(root) = &mut reader.root {
        with_heads(root, source, &reader.comments)?;
    }
    Some(Layout { source, root: reader.root, comments: reader.comments })
}

struct Reader {
    open: Vec<(Open, usize, bool)>,
    root: Option<Piece>,
    comments: Vec<Range<usize>>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, at: Range<usize>) -> Option<()> {
        match event {
            Event::Comment(..) => self.comments.push(at),
            Event::Scalar(text, style, ..) => {
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let kind = Kind::Text { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                self.put(Piece { at, kind, flow: false, block });
            }
            Event::SequenceStart(style, ..) => self.begin(Open::List(Vec::new()), at, style),
            Event::MappingStart(style, ..) => self.begin(Open::Map(Vec::new(), None), at, style),
            Event::SequenceEnd | Event::MappingEnd => self.end(&at)?,
            Event::Alias(_) | Event::UnresolvedAlias(_) | Event::Anchor(..) => return None,
            _ => {}
        }
        Some(())
    }

    fn begin(&mut self, open: Open, at: Range<usize>, style: StructureStyle) {
        self.open.push((open, at.start, style == StructureStyle::Flow));
    }

    fn end(&mut self, at: &Range<usize>) -> Option<()> {
        let (open, start, flow) = self.open.pop()?;
        let (kind, first, last) = match open {
            Open::List(items) => {
                let (first, last) = (items.first().map(|it| it.at.start), items.last().map(|it| it.at.end));
                (Kind::List(items), first, last)
            }
            Open::Map(entries, _) => {
                let (first, last) =
                    (entries.first().map(|it| it.0.at.start), entries.last().map(|it| it.1.at.end));
                (Kind::Map(entries), first, last)
            }
        };
        let at = if flow { start..at.end } else { first.unwrap_or(start)..last.unwrap_or(start) };
        self.put(Piece { at, kind, flow, block: false });
        Some(())
    }

    fn put(&mut self, piece: Piece) {
        match self.open.last_mut() {
            None => self.root = Some(piece),
            Some((Open::List(items), ..)) => items.push(piece),
            Some((Open::Map(entries, key), ..)) => match key.take() {
                Some(key) => entries.push((key, piece)),
                None => *key = Some(piece),
            },
        }
    }
}

/// The parser gives a text that was begun with `|` or `>` without that sign: puts it back.
fn with_heads(piece: &mut Piece, source: &str, comments: &[Range<usize>]) -> Option<()> {
    if piece.block {
        piece.at.start = head_of(source, piece.at.start, comments)?;
    }
    match &mut piece.kind {
        Kind::Text { .. } => {}
        Kind::List(items) => items.iter_mut().try_for_each(|item| with_heads(item, source, comments))?,
        Kind::Map(entries) => {
            for (_, value) in entries.iter_mut() {
                with_heads(value, source, comments)?;
            }
        }
    }
    Some(())
}

/// The sign stands at the end of the nearest line above that is not blank, before its comment.
fn head_of(source: &str, content: usize, comments: &[Range<usize>]) -> Option<usize> {
    let line_start = source[..content].rfind('\n').map_or(0, |at| at + 1);
    let above = source[..line_start].trim_end_matches([' ', '\n']).len();
    let comment = comments.iter().find(|comment| comment.end == above);
    let end = comment.map_or(above, |comment| comment.start);
    let sign = source[..end]
        .trim_end_matches(' ')
        .trim_end_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
    sign.ends_with(['|', '>']).then(|| sign.len() - 1)
}
