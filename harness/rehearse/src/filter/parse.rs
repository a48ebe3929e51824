//! From text to an expression, with every mistake at once and its place. Goes on after each mistake with what was most
//! likely meant.
//!
//! ```text
//! any   := both (("or" | "|") both)*
//! both  := one (("and" | "&") one)*
//! one   := ("not" | "!")* ( "(" any ")" | PART "(" TEXT ")" | "all()" | "none()" )
//! TEXT  := ("=" | "~" | "#")? and anything; \( \) and \\ stand for ( ) and \
//! ```

use super::{Expr, How, Part, Predicate, mistake};
use crate::nearest::nearest;
use feed::Clause;
use scenario::Mistake;
use std::ops::Range;

/// Deepest nesting of brackets. *Assumed*: nobody reads more.
const DEEPEST: usize = 50;
/// After so many mistakes reading ends. *Assumed*: nobody reads further.
const MOST: usize = 20;

/// What could be read, and what is wrong with the rest.
pub(super) fn parse(source: &str) -> (Expr, Vec<Mistake>) {
    let mut parser = Parser { source, at: 0, depth: 0, mistakes: Vec::new() };
    (parser.whole(), parser.mistakes)
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
    depth: usize,
    mistakes: Vec<Mistake>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Not,
}

impl Operator {
    const WORDS: &'static [(&'static str, Operator)] = &[
        ("and", Operator::And),
        ("or", Operator::Or),
        ("not", Operator::Not),
        ("&&", Operator::And),
        ("&", Operator::And),
        ("||", Operator::Or),
        ("|", Operator::Or),
        ("!", Operator::Not),
    ];
}

impl<'s> Parser<'s> {
    fn wrong(
        &mut self,
        span: Range<usize>,
        what: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Mistake {
        if self.mistakes.len() >= MOST {
            self.at = self.source.len();
            self.mistakes.pop();
        }
        self.mistakes.push(mistake(self.source, span, what.into(), label.into(), Vec::new()));
        self.mistakes.last_mut().expect("pushed the line before")
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// The character here, after white space.
    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.rest().chars().next()
    }

    fn whole(&mut self) -> Expr {
        if self.source.trim().is_empty() {
            self.wrong(0..0, "the expression is empty", "write for instance `tag(late-sync)`");
            return Expr::All;
        }
        let expr = self.any();
        while self.peek() == Some(')') {
            self.at += 1;
            self.wrong(
                self.at - 1..self.at,
                "this bracket closes nothing",
                "take it out, or open one before it",
            );
            if matches!(self.operator(), Some((Operator::And | Operator::Or, _))) {
                self.take_operator();
            }
            // Read for its mistakes alone.
            if self.peek().is_some_and(|it| it != ')') {
                self.any();
            }
        }
        expr
    }

    fn any(&mut self) -> Expr {
        let mut parts = vec![self.both()];
        while let Some((Operator::Or, _)) = self.operator() {
            self.take_operator();
            parts.push(self.both());
        }
        one_or(parts, Expr::Or)
    }

    fn both(&mut self) -> Expr {
        let mut parts = vec![self.one()];
        loop {
            match (self.operator(), self.peek()) {
                (Some((Operator::Or, _)), _) | (_, None | Some(')')) => return one_or(parts, Expr::And),
                (Some((Operator::And, _)), _) => {
                    self.take_operator();
                }
                (_, Some(_)) if self.is_nonsense() => {
                    self.skip_nonsense();
                    continue;
                }
                _ => {
                    let end = self.at + self.rest().chars().next().map_or(0, char::len_utf8);
                    self.wrong(
                        self.at..end,
                        "two conditions stand side by side",
                        "write `and` or `or` before this",
                    );
                }
            }
            parts.push(self.one());
        }
    }

    fn one(&mut self) -> Expr {
        let mut is_not = false;
        loop {
            if let Some((Operator::Not, _)) = self.operator() {
                self.take_operator();
                is_not = !is_not;
            } else if self.is_nonsense() {
                self.skip_nonsense();
            } else {
                break;
            }
        }
        let expr = self.alone();
        if is_not { Expr::Not(Box::new(expr)) } else { expr }
    }

    fn alone(&mut self) -> Expr {
        if let Some((Operator::And | Operator::Or, span)) = self.operator() {
            let word = &self.source[span.clone()];
            self.wrong(span, format!("nothing stands before `{word}`"), "a condition is missing here");
            return Expr::All;
        }
        match self.peek() {
            None | Some(')') => {
                let at = self.at;
                let end = (at + 1).min(self.source.len());
                self.wrong(
                    at.min(end)..end,
                    "a condition is missing here",
                    "write for instance `tag(late-sync)`",
                );
                Expr::All
            }
            Some('(') => self.bracket(),
            Some(_) => self.predicate(),
        }
    }

    fn bracket(&mut self) -> Expr {
        let open = self.at;
        if self.depth == DEEPEST {
            self.wrong(
                open..open + 1,
                format!("more than {DEEPEST} brackets are nested"),
                "write it more simply",
            );
            self.at = self.source.len();
            return Expr::All;
        }
        self.at += 1;
        self.depth += 1;
        let expr = self.any();
        self.depth -= 1;
        if self.peek() == Some(')') {
            self.at += 1;
        } else if !self.mistakes.iter().any(|it| it.what.starts_with("more than")) {
            self.wrong(open..open + 1, "this bracket is not closed", "it is opened here");
        }
        expr
    }

    /// The operator here, and its place; in capital letters, too.
    fn operator(&mut self) -> Option<(Operator, Range<usize>)> {
        self.skip_space();
        let rest = self.rest();
        let n_letters = word_at(rest);
        let word = &rest[..n_letters];
        let found = Operator::WORDS.iter().find(|(text, _)| match n_letters {
            0 => rest.starts_with(text),
            _ => word.eq_ignore_ascii_case(text),
        });
        found.map(|(text, operator)| (*operator, self.at..self.at + text.len()))
    }

    fn take_operator(&mut self) {
        let Some((_, span)) = self.operator() else { return };
        let written = &self.source[span.clone()];
        let small = written.to_lowercase();
        self.at = span.end;
        if written != small {
            self.wrong(span, format!("`{written}` is written in small letters"), format!("write `{small}`"));
        }
    }

    /// Neither a word nor a bracket nor an operator begins here.
    fn is_nonsense(&mut self) -> bool {
        let is_start = |it: char| it == '(' || it == ')' || it.is_alphanumeric();
        self.operator().is_none() && self.peek().is_some_and(|it| !is_start(it))
    }

    fn skip_nonsense(&mut self) {
        let start = self.at;
        let is_it = |it: char| !(it.is_alphanumeric() || it.is_whitespace() || "()&|!".contains(it));
        self.at += self.rest().find(|it: char| !is_it(it)).unwrap_or(self.rest().len());
        let written = report::prose(&self.source[start..self.at]);
        let end = self.at;
        self.wrong(start..end, format!("`{written}` has no meaning here"), "take it out")
            .help
            .push("conditions are joined with `and`, `or` and `not`".to_owned());
    }

    fn predicate(&mut self) -> Expr {
        let start = self.at;
        self.at += word_at(self.rest());
        let word = &self.source[start..self.at];
        if !self.rest().trim_start().starts_with('(') {
            let shown = report::prose(word);
            let what = format!("`{shown}` alone does not say what it is compared with");
            self.wrong(start..start + word.len(), what, format!("write `tag({shown})` or `name({shown})`"))
                .help
                .push(known());
            return Expr::All;
        }
        self.skip_space();
        let open = self.at;
        self.at += 1;
        let (text, span) = self.value(word, open);
        if let Some((_, part)) = Part::ALL.iter().find(|(name, _)| *name == word) {
            return self.compared(word, *part, &text, span);
        }
        match word {
            "all" | "none" => {
                if !text.is_empty() {
                    let what = format!("nothing goes into the brackets of `{word}`");
                    self.wrong(span, what, format!("write `{word}()`"));
                }
                if word == "all" { Expr::All } else { Expr::None }
            }
            _ => self.unknown_word(word, start),
        }
    }

    fn unknown_word(&mut self, word: &str, start: usize) -> Expr {
        let names = Part::ALL.iter().map(|(name, _)| *name).chain(["all", "none"]);
        let near = nearest(word, names, 1);
        let label =
            near.first().map_or("there is no such word".to_owned(), |near| format!("did you mean `{near}`?"));
        let what = format!("nothing of a case is called `{}`", report::prose(word));
        self.wrong(start..start + word.len(), what, label).help.push(known());
        Expr::All
    }

    /// The text in the brackets of a predicate without white space at its ends, and its place.
    fn value(&mut self, word: &str, open: usize) -> (String, Range<usize>) {
        let begin = self.at;
        let mut text = String::new();
        let mut depth = 0;
        let mut chars = self.rest().char_indices();
        while let Some((idx, it)) = chars.next() {
            let here = begin + idx;
            match it {
                ')' if depth == 0 => {
                    self.at = here + 1;
                    return (text.trim().to_owned(), trimmed(self.source, begin..here));
                }
                ')' => depth -= 1,
                '(' => {
                    depth += 1;
                    let label =
                        format!("close `{word}(` before it, or write `\\(` if it belongs to the text");
                    self.wrong(here..here + 1, format!("a bracket is opened inside `{word}(...)`"), label);
                }
                '\\' => match chars.next() {
                    Some((_, it @ ('(' | ')' | '\\'))) => text.push(it),
                    Some((_, it)) => text.extend(['\\', it]),
                    None => text.push('\\'),
                },
                _ => text.push(it),
            }
        }
        self.at = self.source.len();
        self.wrong(open..open + 1, format!("the bracket of `{word}(` is not closed"), "it is opened here");
        (text.trim().to_owned(), trimmed(self.source, begin..self.source.len()))
    }

    fn compared(&mut self, word: &str, part: Part, text: &str, span: Range<usize>) -> Expr {
        let marks = [('=', How::Equals), ('~', How::Contains), ('#', How::Glob)];
        let marked = marks.iter().find(|(mark, _)| text.starts_with(*mark));
        let (how, text) = marked.map_or((part.usual(), text), |(_, how)| (*how, text[1..].trim_start()));
        let n_mistakes = self.mistakes.len();
        if text.is_empty() {
            let place = if span.is_empty() { span.start - 1..span.end + 1 } else { span.clone() };
            let place = place.start..place.end.min(self.source.len());
            self.wrong(
                place,
                format!("`{word}` has nothing to compare with"),
                format!("write it into the brackets: `{word}(...)`"),
            );
        } else if let Some(rest) = text.strip_prefix('!') {
            self.wrong(
                span.clone(),
                "`!` does not stand inside brackets",
                format!("write `not {word}({rest})`"),
            );
        } else if text.len() > 1 && text.starts_with('/') && text.ends_with('/') {
            let label = "write a part of the text, or a pattern with `*` as `#*-sync`";
            self.wrong(span.clone(), "regular expressions are not read here", label);
        } else if how == How::Glob
            && let Err(error) = fast_glob::validate(text)
        {
            self.wrong(span.clone(), "this pattern cannot be read", pattern_trouble(error.kind));
        }
        let text = if how == How::Equals { text.to_owned() } else { text.to_lowercase() };
        let predicate = Predicate { part, how, text, span };
        if self.mistakes.len() == n_mistakes && part == Part::Proves {
            self.known_clause(&predicate);
        }
        Expr::Is(predicate)
    }

    /// Clauses are a closed list, so what fits none of them is a slip.
    fn known_clause(&mut self, predicate: &Predicate) {
        let codes = || Clause::ALL.iter().map(|clause| clause.code());
        if codes().any(|code| predicate.compares(code)) {
            return;
        }
        let near = nearest(&predicate.text, codes(), 1);
        let label = near
            .first()
            .map_or("there is no such clause".to_owned(), |near| format!("did you mean `{near}`?"));
        let written = report::prose(&self.source[predicate.span.clone()]);
        self.wrong(predicate.span.clone(), format!("`{written}` is no clause of the guidance"), label)
            .help
            .push("`rehearse list --rules` shows every clause".to_owned());
    }
}

fn one_or(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() > 1 { join(parts) } else { parts.pop().unwrap_or(Expr::All) }
}

/// Length of the word at the start: letters, digits and what names are made of.
fn word_at(text: &str) -> usize {
    text.find(|it: char| !(it.is_alphanumeric() || matches!(it, '-' | '_' | '/' | '.'))).unwrap_or(text.len())
}

fn trimmed(source: &str, span: Range<usize>) -> Range<usize> {
    let text = &source[span.clone()];
    let start = span.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

fn known() -> String {
    "conditions: tag(...), name(...), case(...), path(...), proves(...), all(), none()".to_owned()
}

fn pattern_trouble(kind: fast_glob::ErrorKind) -> &'static str {
    match kind {
        fast_glob::ErrorKind::UnclosedBrace => "a `{` is not closed",
        fast_glob::ErrorKind::UnclosedBracket => "a `[` is not closed",
        fast_glob::ErrorKind::TrailingBackslash => "nothing stands behind the last `\\`",
        _ => "it has too many `{ }`: write several conditions with `or`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each mistake as its bytes, what is wrong and what would have worked.
    fn wrong(source: &str) -> Vec<(Range<usize>, String, String)> {
        let (_, mut mistakes) = parse(source);
        mistakes.sort_by_key(|it| it.at.bytes.start);
        mistakes.into_iter().map(|it| (it.at.bytes, it.what, it.label)).collect()
    }

    #[track_caller]
    fn check(source: &str, expected: &[(Range<usize>, &str)]) {
        let wrong = wrong(source);
        let got: Vec<(Range<usize>, &str)> =
            wrong.iter().map(|(span, what, _)| (span.clone(), what.as_str())).collect();
        assert_eq!(got, expected, "{source}");
    }

    #[test]
    fn every_mistake_has_its_place() {
        check("", &[(0..0, "the expression is empty")]);
        check("tag(a) tag(b)", &[(7..8, "two conditions stand side by side")]);
        check("tag(a) and", &[(10..10, "a condition is missing here")]);
        check("or tag(a)", &[(0..2, "nothing stands before `or`")]);
        check("tag(a) and or tag(b)", &[(11..13, "nothing stands before `or`")]);
        check("(tag(a)", &[(0..1, "this bracket is not closed")]);
        check("tag(a))", &[(6..7, "this bracket closes nothing")]);
        check("tag(a", &[(3..4, "the bracket of `tag(` is not closed")]);
        check("()", &[(1..2, "a condition is missing here")]);
        check("tag()", &[(3..5, "`tag` has nothing to compare with")]);
        check("tag(=)", &[(4..5, "`tag` has nothing to compare with")]);
        check("late-sync", &[(0..9, "`late-sync` alone does not say what it is compared with")]);
        check("tagg(a)", &[(0..4, "nothing of a case is called `tagg`")]);
        check("tag(a) AND tag(b)", &[(7..10, "`AND` is written in small letters")]);
        check(
            "tag(a), tag(b)",
            &[(6..7, "`,` has no meaning here"), (8..9, "two conditions stand side by side")],
        );
        check(
            "tag(a and proves(MOVE-1)",
            &[
                (3..4, "the bracket of `tag(` is not closed"),
                (16..17, "a bracket is opened inside `tag(...)`"),
            ],
        );
        check("all(x)", &[(4..5, "nothing goes into the brackets of `all`")]);
        check("tag(!slow)", &[(4..9, "`!` does not stand inside brackets")]);
        check("name(/a.*b/)", &[(5..11, "regular expressions are not read here")]);
        check("name(#a[b)", &[(5..9, "this pattern cannot be read")]);
        check("proves(MOVE-99)", &[(7..14, "`MOVE-99` is no clause of the guidance")]);
        check("proves(MVOE-*)", &[(7..13, "`MVOE-*` is no clause of the guidance")]);
    }

    #[test]
    fn all_mistakes_come_at_once() {
        check(
            "tagg(a) and (proves(MOVE-99) or) and tag()",
            &[
                (0..4, "nothing of a case is called `tagg`"),
                (20..27, "`MOVE-99` is no clause of the guidance"),
                (31..32, "a condition is missing here"),
                (40..42, "`tag` has nothing to compare with"),
            ],
        );
    }

    #[test]
    fn what_would_have_worked_is_said() {
        assert_eq!(wrong("tagg(a)")[0].2, "did you mean `tag`?");
        assert_eq!(wrong("proves(MVOE-1)")[0].2, "did you mean `MOVE-1`?");
        assert_eq!(wrong("tag(!slow)")[0].2, "write `not tag(slow)`");
    }

    #[test]
    fn rubbish_ends_in_mistakes_and_never_in_a_panic() {
        let pieces = [
            "(", ")", "tag(", "x", "and", " ", "or", "not", "!", "\\", "é", "#[", "=", "all()", ",",
            "\u{202e}", "\n",
        ];
        // Every row of three, and long rows of one.
        for n in 0..pieces.len().pow(3) {
            let piece = |of: u32| pieces[n / pieces.len().pow(of) % pieces.len()];
            let text = format!("{}{}{}", piece(0), piece(1), piece(2));
            for mistake in parse(&text).1 {
                assert!(text.get(mistake.at.bytes.clone()).is_some(), "{text:?}: {mistake:?}");
                mistake.render(&text, false);
            }
        }
        for piece in pieces {
            let _ = parse(&piece.repeat(10_000));
        }
    }
}
