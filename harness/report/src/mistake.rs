//! Mistakes in scenario files. With carets they render themselves; here they are set for a terminal and for `--plain`.

use crate::visible::prose;
use scenario::Mistake;
use std::fmt::Write as _;

/// With the excerpt and carets. `source` is the text of the file that it is in.
pub fn mistake(mistake: &Mistake, source: &str) -> String {
    let line = usize::try_from(mistake.at.line).unwrap_or(usize::MAX).saturating_sub(1);
    let excerpt = prose(source.lines().nth(line).unwrap_or_default());
    let mut text = format!(
        "error[{}]: {}\n --> {}:{}:{}\n  {excerpt}\n  {}",
        mistake.code,
        prose(&mistake.what),
        mistake.path,
        mistake.at.line,
        mistake.at.column,
        prose(&mistake.label)
    );
    for help in &mistake.help {
        let _ = write!(text, "\nhelp: {}", prose(help));
    }
    text
}

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
