//! Lays a file out: indentation, spaces and blank lines, and nothing else. Texts, quotes, comments, the order of keys
//! and the columns that somebody has made stay as they are. It knows YAML, and nothing of scenarios but that the rows
//! of `cases` are a table.
//!
//! What it made is read again before anybody sees it: it says the same as before, or it is not used.

mod flow;
mod layout;
mod print;

use crate::{Mistake, mistake::Mistakes, sources::Source, syntax, tree};
use layout::{Kind, Layout, Piece};

/// Why a file was not laid out.
#[derive(Debug)]
pub enum NotFormatted {
    /// It cannot be read as YAML.
    Mistakes(Vec<Mistake>),
    /// It would have come out with another meaning: a fault of ours. The file is to be left as it is.
    WouldDiffer,
}

/// The text of a scenario or world, laid out. A file that has its line ends as CRLF keeps them so, a byte order mark
/// goes. `path` is shown in messages. Laying out twice is the same as once.
pub fn format(path: &str, source: &str) -> Result<String, NotFormatted> {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    readable(path, text).map_err(NotFormatted::Mistakes)?;
    let has_crlf = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let before = layout::read(&lines).ok_or(NotFormatted::WouldDiffer)?;
    let out = print::print(&before);
    let after = layout::read(&out).ok_or(NotFormatted::WouldDiffer)?;
    if !says_the_same(&before, &after) {
        return Err(NotFormatted::WouldDiffer);
    }
    Ok(if has_crlf { out.replace('\n', "\r\n") } else { out })
}

/// The same text without what its comments say, and with LF at the end of each line: every value stays on its line, and
/// at its column. None where it cannot be read as YAML.
pub fn without_comments(source: &str) -> Option<String> {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let layout = layout::read(&lines)?;
    let mut out = String::with_capacity(lines.len());
    let mut from = 0;
    for comment in &layout.comments {
        out.push_str(lines[from..comment.start].trim_end_matches([' ', '#']));
        from = comment.end;
    }
    out.push_str(&lines[from..]);
    Some(out)
}

fn readable(path: &str, text: &str) -> Result<(), Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let source = Source::new(path.to_owned(), text);
    if syntax::is_readable(0, &source, &mut mistakes) {
        tree::parse(0, text, &mut mistakes);
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.finish(&[source])) }
}

/// The same values in the same places, and the same comments in the same order.
fn says_the_same(before: &Layout<'_>, after: &Layout<'_>) -> bool {
    let comments = |layout: &Layout<'_>| -> Vec<String> {
        layout.comments.iter().map(|it| layout.source[it.clone()].trim_end().to_owned()).collect()
    };
    let same_root = match (&before.root, &after.root) {
        (Some(before), Some(after)) => same(before, after),
        (None, None) => true,
        _ => false,
    };
    same_root && comments(before) == comments(after)
}

fn same(before: &Piece, after: &Piece) -> bool {
    match (&before.kind, &after.kind) {
        (Kind::Text { text, plain }, Kind::Text { text: other, plain: other_plain }) => {
            text == other && plain == other_plain
        }
        (Kind::List(items), Kind::List(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(a, b)| same(a, b))
        }
        (Kind::Map(entries), Kind::Map(others)) => {
            let pairs = || entries.iter().zip(others);
            entries.len() == others.len() && pairs().all(|(a, b)| same(&a.0, &b.0) && same(&a.1, &b.1))
        }
        _ => false,
    }
}
