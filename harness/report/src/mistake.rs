//! Mistakes in scenario files on one line, for `--plain`. With carets they render themselves.

use crate::visible::prose;
use scenario::Mistake;
use std::fmt::Write as _;

/// On one line.
pub fn mistake_plain(mistake: &Mistake) -> String {
    let mut text = format!(
        "mistake: {} line {} column {}: {}",
        prose(&mistake.path),
        mistake.at.line,
        mistake.at.column,
        prose(&mistake.what)
    );
    for words in std::iter::once(&mistake.label).chain(&mistake.help).filter(|words| !words.is_empty()) {
        let _ = write!(text, "; {}", prose(words));
    }
    let _ = write!(text, " [{}]", mistake.code);
    text
}
