//! A text that somebody wrote or accepted once, beside one that may be told: what is in both may be told, and of the rest
//! nobody knows whose name it was.

use super::matcher::words;
use std::collections::BTreeSet;

const LEFT_OUT: &str = "[not shown]";

/// The text with only those words of it that stand in another, which may be told. Lines stay lines.
pub(super) fn only_words_of(may_be_told: &str, text: &str) -> String {
    let told: BTreeSet<&str> = words(may_be_told).into_iter().map(|word| &may_be_told[word]).collect();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for word in words(text).into_iter().filter(|word| !told.contains(&text[word.clone()])) {
        let between = &text[from..word.start];
        // What stands side by side is one thing that is left out.
        let goes_on = out.ends_with(LEFT_OUT) && from > 0 && is_within_a_value(between);
        if !goes_on {
            out.push_str(between);
            out.push_str(LEFT_OUT);
        }
        from = word.end;
    }
    out.push_str(&text[from..]);
    out
}

/// A space, a dash, a dot: not the columns of a table, and not the end of a line.
fn is_within_a_value(between: &str) -> bool {
    between.len() == 1 && !between.contains('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_old_text_has_is_left_out() {
        let now = "WHEN [name 1] moves to North Leeds\n9:18am  a sync";
        let old = "WHEN Ivor Price moves to North Leeds\n9:33am  a sync of Ivor-Price, 4 May 1938\n";
        assert_eq!(
            only_words_of(now, old),
            "WHEN [not shown] moves to North Leeds\n9:[not shown]  a sync [not shown], [not shown]\n"
        );
        assert_eq!(only_words_of(old, old), old);
    }
}
