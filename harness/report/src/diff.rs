//! Where two texts differ, line by line, with a few lines around. Knows nothing of what stands in them.

use crate::{
    paint,
    visible::prose,
    words::{counted, number},
};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write as _;

/// Lines that are the same, shown before and after each difference.
const AROUND: usize = 3;

/// One line of a difference.
struct Line<'a> {
    tag: ChangeTag,
    /// Its place, from 1: in the old text where it stands only there, else in the new one.
    number: usize,
    text: &'a str,
}

/// The difference from `old` to `new`: `-` for what is gone, `+` for what came, each with its line. At most `most` lines;
/// how many more there are is said. Nothing where the two are the same.
pub(crate) fn diff(old: &str, new: &str, most: usize, plain: bool) -> String {
    let compared = TextDiff::from_lines(old, new);
    let groups: Vec<Vec<Line>> = compared
        .grouped_ops(if plain { 0 } else { AROUND })
        .iter()
        .map(|ops| ops.iter().flat_map(|op| compared.iter_changes(op)).map(|change| line(&change)).collect())
        .collect();
    let last = groups.iter().flatten().map(|line| line.number).max().unwrap_or(0);
    let width = last.to_string().len();
    let mut text = String::new();
    let mut n_left = most;
    for (idx, group) in groups.iter().enumerate() {
        if idx > 0 && !plain && n_left > 0 {
            let _ = writeln!(text, "  {:width$} ...", "");
        }
        for line in group.iter().take(n_left) {
            text.push_str(&if plain { shown_plain(line) } else { shown(line, width) });
        }
        n_left = n_left.saturating_sub(group.len());
    }
    let n_hidden = groups.iter().map(Vec::len).sum::<usize>().saturating_sub(most);
    if n_hidden > 0 {
        let _ = writeln!(text, "  and {}", counted(n_hidden, "more line", "more lines"));
    }
    text
}

/// How many lines are gone and how many came: "2 lines out, 3 in".
pub(crate) fn diff_size(old: &str, new: &str) -> String {
    let compared = TextDiff::from_lines(old, new);
    let count = |tag| compared.iter_all_changes().filter(|change| change.tag() == tag).count();
    let n_out = count(ChangeTag::Delete);
    format!("{} out, {} in", counted(n_out, "line", "lines"), number(count(ChangeTag::Insert)))
}

fn line<'a>(change: &similar::Change<&'a str>) -> Line<'a> {
    let place = if change.tag() == ChangeTag::Delete { change.old_index() } else { change.new_index() };
    Line {
        tag: change.tag(),
        number: place.unwrap_or(0) + 1,
        text: change.value().trim_end_matches(['\n', '\r']),
    }
}

fn shown(line: &Line<'_>, width: usize) -> String {
    let text = prose(line.text);
    let (sign, text) = match line.tag {
        ChangeTag::Equal => (" ".to_owned(), text),
        ChangeTag::Delete => (paint::bad("-"), paint::gone(&text)),
        ChangeTag::Insert => (paint::good("+"), paint::came(&text)),
    };
    format!("  {:width$} {sign} {text}\n", line.number)
}

fn shown_plain(line: &Line<'_>) -> String {
    let word = if line.tag == ChangeTag::Delete { "old" } else { "new" };
    format!("  {word} line {}: {}\n", line.number, prose(line.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::off as unstyled;

    const OLD: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";

    #[test]
    fn each_difference_stands_between_the_lines_around_it() {
        let new = OLD.replace("two\n", "2\n").replace("ten\n", "");
        let text = unstyled(&diff(OLD, &new, 100, false));
        assert_eq!(
            text,
            "   1   one\n   2 - two\n   2 + 2\n   3   three\n   4   four\n   5   five\n     ...\n   7   seven\n   8   eight\n   9   nine\n  10 - ten\n"
        );
    }

    #[test]
    fn a_long_one_is_cut_and_says_by_how_much() {
        let text = unstyled(&diff("", OLD, 4, false));
        assert!(text.ends_with("   4 + four\n  and 6 more lines\n"), "{text}");
        assert_eq!(diff(OLD, OLD, 4, false), "");
        assert_eq!(diff_size(OLD, &OLD.replace("two\n", "2\n2b\n")), "1 line out, 2 in");
    }

    #[test]
    fn plain_is_one_fact_a_line_and_nothing_steers_a_terminal() {
        let text = diff("a\nb\n", "a\n\u{1b}[2J\n", 9, true);
        assert_eq!(text, "  old line 2: b\n  new line 2: \\u{1b}[2J\n");
    }
}
