//! Syntax errors in plain words, with the place where the trouble began. The parser's own wording is for people
//! who write parsers, and it points at where it gave up. Knows YAML, and nothing of scenarios.

use crate::{mistake::Mistakes, sources::Spot, syntax, tree::Open};
use granit_parser::{ErrorKind, ScanError};
use std::ops::Range;

/// What is said about a syntax error.
struct Told {
    code: &'static str,
    at: Range<usize>,
    what: String,
    label: String,
    also: Option<(Range<usize>, &'static str)>,
    help: Option<String>,
}

fn told(code: &'static str, at: Range<usize>, what: impl Into<String>, label: impl Into<String>) -> Told {
    Told { code, at, what: what.into(), label: label.into(), also: None, help: None }
}

/// The text around the place where the parser gave up.
struct Around<'a> {
    source: &'a str,
    at: usize,
    /// How far it had read before.
    seen: usize,
    open: &'a [Open],
}

/// Says why the parser gave up, once.
pub(crate) fn say(
    file: u16,
    source: &str,
    error: &ScanError,
    open: &[Open],
    seen: u32,
    mistakes: &mut Mistakes,
) {
    let at = source.floor_char_boundary(error.marker().byte_offset().unwrap_or(0).min(source.len()));
    let around = Around { source, at, seen: source.floor_char_boundary(seen as usize), open };
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        syntax::too_deep(Spot::new(file, around.one()), mistakes);
        return;
    }
    let Told { code, at, what, label, also, help } = around.tell(error.kind());
    let raw = mistakes.push(code, Spot::new(file, at), what, label);
    if let Some((also, label)) = also {
        raw.also(Spot::new(file, also), label);
    }
    if let Some(help) = help {
        raw.help(help);
    }
}

const QUOTE_IT: &str = "put the whole text in quotes";
const MARKS: &str = "a text that begins with one of  - ? : , [ ] { } # & * ! | > ' \" % @ `  goes in quotes, and so does one with `: ` or ` #` in it";

impl Around<'_> {
    fn tell(&self, kind: &ErrorKind) -> Told {
        use ErrorKind as E;
        match kind {
            E::MappingValueNotAllowed => self.colon(),
            E::ExpectedFlowMappingSeparator
            | E::ExpectedFlowSequenceSeparator
            | E::InvalidColonPlacement
            | E::BlockEntryInFlowCollection
            | E::UnexpectedEofImplicitFlowMapping
            | E::InvalidFlowScalarIndent
            | E::UnexpectedEofFlowSequence
            | E::UnexpectedEofFlowMapping => self.inside_braces(),
            E::UnclosedFlowCollection { .. } => self.never_closed(self.at, None),
            E::MismatchedFlowCollectionEnd { open, close } => {
                let what = format!("a `{open}` is closed by a `{close}`");
                let closer = if *open == '[' { ']' } else { '}' };
                told("not-closed", self.one(), what, format!("opened here; close it with `{closer}`"))
            }
            E::MisplacedFlowCollectionEnd => told(
                "not-closed",
                self.one(),
                format!("this `{}` closes nothing", self.char()),
                "take it out, or open it before",
            ),
            E::InvalidQuotedScalarIndent | E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => {
                self.quote()
            }
            E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
                self.after_quote(kind)
            }
            E::UnknownQuotedScalarEscape
            | E::InvalidQuotedScalarHexEscape
            | E::InvalidUnicodeEscape
            | E::InvalidLowSurrogate
            | E::InvalidLowSurrogateHexEscape
            | E::MissingLowSurrogate
            | E::UnpairedLowSurrogate => self.escape(),
            E::ExpectedBlockMappingKey | E::ExpectedBlockSequenceEntry | E::InvalidIndentation => {
                self.indentation()
            }
            E::SimpleKeyExpected | E::InvalidSimpleKey => self.no_colon(),
            E::BlockSequenceEntryNotAllowed => {
                let help = "or write it in the same line, as `[North Leeds, South Leeds]`";
                let what = "a list cannot begin behind a key in the same line";
                Told {
                    help: Some(help.into()),
                    ..told("yaml", self.one(), what, "begin it in the next line")
                }
            }
            E::DirectiveDisallowed => {
                told("yaml", self.rest(), "lines that begin with `%` are not used here", "take it out")
            }
            E::UnexpectedCharacter { character } => self.mark(*character),
            E::MissingAnchorOrAliasName | E::InvalidBlockScalarHeader | E::ExpectedNodeContent => {
                self.mark(self.char())
            }
            E::CommentNotSeparated => {
                told("yaml", self.one(), "a comment needs a space before its `#`", "put a space before it")
            }
            E::BomInsideDocument => told(
                "yaml",
                self.one(),
                "there is an invisible character (a byte order mark) at the start of this line",
                "take it out",
            ),
            _ => self.anything(),
        }
    }

    fn char(&self) -> char {
        self.source[self.at..].chars().next().unwrap_or(' ')
    }

    /// The character at which the parser gave up.
    fn one(&self) -> Range<usize> {
        self.at..self.at + self.char().len_utf8().min(self.source.len() - self.at)
    }

    fn line_start(&self, at: usize) -> usize {
        self.source[..at].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        self.source[at..].find(['\n', '\r']).map_or(self.source.len(), |n| at + n)
    }

    fn line_number(&self, at: usize) -> usize {
        self.source[..at].matches('\n').count() + 1
    }

    /// From the place to the end of its line, without comment.
    fn rest(&self) -> Range<usize> {
        let line = &self.source[self.at..self.line_end(self.at)];
        let line = line.split(" #").next().unwrap_or_default().trim_end();
        self.at..self.at + line.len().max(1).min(self.source.len() - self.at)
    }

    /// Columns of spaces before a line's first character.
    fn indent(&self, line_start: usize) -> usize {
        self.source[line_start..].bytes().take_while(|&byte| byte == b' ').count()
    }

    /// A colon where no key can be: either in prose, or in a line that is too far right.
    fn colon(&self) -> Told {
        let start = self.line_start(self.at);
        let before = &self.source[start..self.at];
        if let Some(first) = before.find(": ") {
            return self.colon_in_text(start, first);
        }
        let number = self.line_number(self.at);
        let begin = start + self.indent(start);
        if number == 1 {
            return self.anything();
        }
        let key = before.trim().trim_start_matches("- ");
        let what =
            format!("line {number} starts further right than the line above it, and so belongs to its text");
        let label =
            format!("move `{}` to the left, below the key that it goes with", crate::lower::shown(key));
        told("indentation", begin..self.at, what, label)
    }

    fn colon_in_text(&self, line: usize, first: usize) -> Told {
        let key = self.source[line..line + first].trim().trim_start_matches("- ").trim();
        let begin = line + first + 2;
        let end = self.line_end(self.at);
        let value = self.source[begin..end].split(" #").next().unwrap_or_default().trim();
        let quote = if value.contains('"') { '\'' } else { '"' };
        let value = if quote == '\'' { value.replace('\'', "''") } else { value.replace('\\', "\\\\") };
        let what = "there is a colon in this text, and a colon with a space after it makes a key";
        let short = key.len() + value.len() < 200;
        let help = short.then(|| format!("write `{key}: {quote}{value}{quote}`"));
        Told { help, ..told("colon-in-text", self.one(), what, QUOTE_IT) }
    }

    /// Trouble between `{` and `}` or `[` and `]`.
    fn inside_braces(&self) -> Told {
        let Some(open) = self.open.iter().rev().find(|open| open.flow) else { return self.anything() };
        let begin = open.spot.start as usize;
        let line = self.line_start(self.at);
        let opened_in = self.line_start(begin);
        // A later line no further right than the one that opened it is the next entry: nobody meant it to be inside.
        if line > opened_in && self.indent(line) <= self.indent(opened_in) {
            return self.never_closed(begin, Some(line + self.indent(line)..self.line_end(line)));
        }
        let before = self.source[..self.at].chars().next_back();
        match self.char() {
            '{' if before == Some('$') => self.parameter(),
            '[' | '{' => Told {
                also: Some((begin..begin + 1, "inside this")),
                ..told(
                    "text-in-braces",
                    self.one(),
                    format!("inside {{ }} or [ ] a text cannot have a `{}` in it", self.char()),
                    QUOTE_IT,
                )
            },
            ':' if line == opened_in => Told {
                also: Some((begin..begin + 1, "inside this")),
                ..told(
                    "text-in-braces",
                    self.one(),
                    "there is a second colon here",
                    "put a comma before this key, or the whole text in quotes",
                )
            },
            ':' => Told {
                also: Some((begin..begin + 1, "inside this")),
                ..told(
                    "text-in-braces",
                    line + self.indent(line)..self.at,
                    "a comma is missing before this line",
                    "put it at the end of the line above",
                )
            },
            ',' => told(
                "text-in-braces",
                self.one(),
                "there is nothing before this comma",
                "take it out, or write a value before it",
            ),
            _ if self.source[line..self.at].trim_end().ends_with('-') => told(
                "text-in-braces",
                self.one(),
                "inside [ ] the entries of a list have no `-`",
                "write `[one, two]`",
            ),
            _ => {
                let what = "something is missing here, probably a comma";
                let label = "put a comma before it, or the text in quotes";
                Told {
                    also: Some((begin..begin + 1, "inside this")),
                    ..told("text-in-braces", self.one(), what, label)
                }
            }
        }
    }

    fn parameter(&self) -> Told {
        let begin = self.at - 1;
        let end = self.source[self.at..].find('}').map_or(self.at + 1, |n| self.at + n + 1);
        let written = &self.source[begin..end];
        let what = format!("inside {{ }} or [ ] `{}` needs quotes", crate::lower::shown(written));
        told("text-in-braces", begin..end, what, format!("write `\"{}\"`", crate::lower::shown(written)))
    }

    fn never_closed(&self, begin: usize, next: Option<Range<usize>>) -> Told {
        let open = self.source[begin..].chars().next().unwrap_or('{');
        let close = if open == '[' { ']' } else { '}' };
        let at = begin..begin + open.len_utf8().min(self.source.len() - begin);
        Told {
            also: next.map(|next| (next, "this would still be inside it")),
            ..told(
                "not-closed",
                at,
                format!("this `{open}` is never closed"),
                format!("the `{close}` is missing"),
            )
        }
    }

    /// The quote that opened a text which does not end.
    fn quote(&self) -> Told {
        let is_quote = |at: usize| self.source[at..].starts_with(['"', '\'']);
        let begin = if is_quote(self.at) { self.at } else { self.next_quote() };
        let mark = self.source[begin..].chars().next().unwrap_or('"');
        let mut told = told(
            "not-closed",
            begin..begin + 1,
            format!("this {mark} is never closed"),
            format!("the second {mark} is missing"),
        );
        if self.line_start(begin) != self.line_start(self.at) {
            told.also = Some((self.at..self.line_end(self.at), "this would still be inside it"));
        }
        told
    }

    /// The first quote after what was read, comments apart.
    fn next_quote(&self) -> usize {
        let mut in_comment = false;
        for (n, c) in self.source[self.seen..].char_indices() {
            match c {
                '\n' => in_comment = false,
                '#' => in_comment = true,
                '"' | '\'' if !in_comment => return self.seen + n,
                _ => {}
            }
        }
        self.at.min(self.source.len().saturating_sub(1))
    }

    fn after_quote(&self, kind: &ErrorKind) -> Told {
        let rest = &self.source[self.rest()];
        let comma = self.open.last().is_some_and(|open| open.flow)
            && (rest.contains(':') || rest.starts_with(['"', '\'']));
        if comma {
            return told(
                "text-in-braces",
                self.one(),
                "something stands right after a text in quotes",
                "put a comma before it",
            );
        }
        let help = match kind {
            ErrorKind::InvalidTrailingSingleQuotedScalar => {
                "inside '...' an apostrophe is written twice; inside \"...\" once"
            }
            _ => "inside \"...\" a quote is written \\\"; inside '...' it stands as it is",
        };
        let told = told("not-closed", self.rest(), "there is more after the closing quote", QUOTE_IT);
        Told { help: Some(help.into()), ..told }
    }

    fn escape(&self) -> Told {
        let begin = self.source[self.at..].find('\\').map_or(self.at, |n| self.at + n);
        let end = self.source[begin..].char_indices().nth(2).map_or(self.source.len(), |(n, _)| begin + n);
        let what =
            format!("`{}` means nothing inside \"...\"", crate::lower::shown(&self.source[begin..end]));
        let label = "write `\\\\` for a backslash, or use '...' around the text";
        told("yaml", begin..end, what, label)
    }

    /// A line that starts where nothing began.
    fn indentation(&self) -> Told {
        let line = self.line_start(self.at);
        let number = self.line_number(self.at);
        let column = self.indent(line);
        let is_entry = self.source[line + column..].starts_with("- ");
        let begun = self.begun_before(line);
        let at = line + column..self.rest().end.max(line + column + 1).min(self.source.len());
        if let Some((_, above)) = begun.iter().find(|(it, _)| *it == column) {
            let (what, label) = if is_entry {
                (
                    format!("line {number} is a list entry, but line {above} is a `key: value`"),
                    "take the `- ` out, or move the line",
                )
            } else {
                (
                    format!("line {number} is a `key: value`, but line {above} is a list entry"),
                    "put a `- ` before it, or move the line",
                )
            };
            return told("indentation", at, what, label);
        }
        let left = begun.iter().filter(|(it, _)| *it < column).max();
        let right = begun.iter().filter(|(it, _)| *it > column).min();
        let (what, label) = match (left, right) {
            (Some((left, above)), Some((right, below))) => (
                format!(
                    "line {number} starts further left than line {below}, but not as far left as line {above}"
                ),
                format!(
                    "move it {} to the right, or {} to the left",
                    spaces(right - column),
                    spaces(column - left)
                ),
            ),
            (Some((left, above)), None) => (
                format!("line {number} starts further right than line {above}, which has ended already"),
                format!("move it {} to the left", spaces(column - left)),
            ),
            _ => (
                format!("line {number} starts further left than anything before it"),
                "move it to the right".to_owned(),
            ),
        };
        told("indentation", at, what, label)
    }

    /// Where the lines before began that this one could go with: column and line number, nearest first.
    fn begun_before(&self, line: usize) -> Vec<(usize, usize)> {
        let mut begun: Vec<(usize, usize)> = Vec::new();
        let mut least = usize::MAX;
        let mut end = line;
        while end > 0 && least > 0 {
            let start = self.line_start(end - 1);
            let text = self.source[start..end].trim();
            let column = self.indent(start);
            if !text.is_empty() && !text.starts_with('#') && column < least {
                let number = self.line_number(start);
                let dash = text.bytes().take_while(|&byte| byte == b'-' || byte == b' ').count();
                if text.starts_with("- ") && column + dash < least {
                    begun.push((column + dash, number));
                }
                begun.push((column, number));
                least = column;
            }
            end = start;
        }
        begun
    }

    fn no_colon(&self) -> Told {
        let what = "there is no `: ` in this line";
        let label = "write `key: value`; or, if it goes on with the text above, move it to the right";
        told("yaml", self.rest(), what, label)
    }

    /// A text that begins with a mark that means something in YAML.
    fn mark(&self, mark: char) -> Told {
        if mark.is_whitespace() || mark.is_alphanumeric() {
            return self.anything();
        }
        let told = told("yaml", self.one(), format!("a text cannot begin with `{mark}`"), QUOTE_IT);
        Told { help: Some(MARKS.into()), ..told }
    }

    fn anything(&self) -> Told {
        let told = told("yaml", self.rest(), "this cannot be read", "reading stopped here");
        Told { help: Some(MARKS.into()), ..told }
    }
}

fn spaces(n: usize) -> String {
    if n == 1 { "1 space".to_owned() } else { format!("{n} spaces") }
}
