//! Finds values in a text by their words, so that line breaks, punctuation and styles between them do not matter.

use super::{Kind, Moved};
use crate::visible::{prose, within};
use std::{borrow::Cow, collections::BTreeMap, ops::Range};

#[derive(Clone, Debug)]
pub(super) struct Matcher {
    /// Identifiers are taken out too.
    with_identifiers: bool,
    /// By all their words, in small letters: several where only capitals differ.
    patterns: BTreeMap<String, Vec<Pattern>>,
    /// How many words the longest pattern has that begins with this one.
    longest: BTreeMap<String, usize>,
    numbers: BTreeMap<(Kind, String), usize>,
    n_of_kind: BTreeMap<Kind, usize>,
}

#[derive(Clone, Debug)]
struct Pattern {
    n_words: usize,
    /// As it was written, to tell apart what differs in capitals alone.
    exact: Vec<String>,
    /// None: the words stay as they are.
    placeholder: Option<String>,
    /// What kind of value it is, where it goes.
    kind: Option<Kind>,
    /// A part of a name: it counts only where it is written like a name.
    is_part: bool,
}

/// A word of a text: its bytes.
pub(super) type Word = Range<usize>;

/// So many bytes may stand between two words of one value: a line break and the indentation after it.
const WIDEST_GAP: usize = 120;

impl Matcher {
    pub(super) fn new(with_identifiers: bool) -> Matcher {
        Matcher {
            with_identifiers,
            patterns: BTreeMap::new(),
            longest: BTreeMap::new(),
            numbers: BTreeMap::new(),
            n_of_kind: BTreeMap::new(),
        }
    }

    /// A value that stays, and nothing in it is touched.
    pub(super) fn keep(&mut self, value: &str) {
        self.pattern(value, None, None, false);
    }

    /// A value that goes. One that is known keeps its number.
    pub(super) fn add(&mut self, kind: Kind, value: &str) {
        if kind == Kind::ExternalId && !self.with_identifiers {
            return self.keep(value);
        }
        if !value.chars().any(char::is_alphanumeric) {
            return;
        }
        let key = (kind, value.to_owned());
        if self.numbers.contains_key(&key) {
            return;
        }
        let number = *self.n_of_kind.entry(kind).and_modify(|n| *n += 1).or_insert(1);
        self.numbers.insert(key, number);
        let placeholder = format!("[{} {number}]", kind.text());
        for form in forms(kind, value) {
            self.pattern(&form, Some(&placeholder), Some(kind), false);
        }
        if kind == Kind::Name {
            self.parts(value, &placeholder);
        }
    }

    /// Whether this is a part of a name that is known.
    pub(super) fn knows_part(&self, part: &str) -> bool {
        let all = words(part);
        let is_part = |word: &Word| {
            let alike = self.patterns.get(&key([&part[word.clone()]].into_iter()));
            alike.is_some_and(|all| all.iter().any(|it| it.is_part && it.exact[0] == part[word.clone()]))
        };
        all.len() == 1 && all.iter().all(is_part)
    }

    /// "Ada" and "Okafor" of "Ada Okafor". A part that others have too is the first one's.
    fn parts(&mut self, name: &str, placeholder: &str) {
        for part in words(name) {
            let part = &name[part];
            if part.chars().count() > 1 {
                self.pattern(part, Some(placeholder), Some(Kind::Name), true);
            }
        }
    }

    fn pattern(&mut self, value: &str, placeholder: Option<&str>, kind: Option<Kind>, is_part: bool) {
        for form in [Cow::Borrowed(value), Cow::Owned(prose(value)), Cow::Owned(within(value))] {
            let exact: Vec<String> = words(&form).into_iter().map(|word| form[word].to_owned()).collect();
            let Some(first) = exact.first().map(|word| word.to_lowercase()) else { continue };
            let n_words = exact.len();
            let longest = self.longest.entry(first).or_default();
            *longest = n_words.max(*longest);
            let alike = self.patterns.entry(key(exact.iter().map(String::as_str))).or_default();
            let is_there = |it: &Pattern| {
                it.exact == exact
                    && it.placeholder.is_some() == placeholder.is_some()
                    && it.is_part <= is_part
            };
            if !alike.iter().any(is_there) {
                let placeholder = placeholder.map(str::to_owned);
                alike.push(Pattern { n_words, exact, placeholder, kind, is_part });
            }
        }
    }

    /// Every value in the text, with its pattern.
    fn found<'m>(&'m self, text: &str, is_fit: impl Fn(&str) -> bool) -> Vec<(Range<usize>, &'m Pattern)> {
        let all = words(text);
        let mut found = Vec::new();
        let mut idx = 0;
        while idx < all.len() {
            match self.longest(text, &all[idx..], &is_fit) {
                None => idx += 1,
                Some(pattern) => {
                    let n_words = pattern.n_words;
                    found.push((all[idx].start..all[idx + n_words - 1].end, pattern));
                    idx += n_words;
                }
            }
        }
        found
    }

    fn longest<'m>(
        &'m self,
        text: &str,
        rest: &[Word],
        is_fit: &impl Fn(&str) -> bool,
    ) -> Option<&'m Pattern> {
        let most = *self.longest.get(&text[rest.first()?.clone()].to_lowercase())?;
        let gaps = rest.windows(2).map(|pair| &text[pair[0].end..pair[1].start]);
        let n_near = 1 + gaps.take_while(|gap| gap.len() <= WIDEST_GAP && is_fit(gap)).take(most).count();
        (1..=most.min(n_near)).rev().find_map(|n_words| self.best(text, &rest[..n_words]))
    }

    /// Of patterns that differ in capitals alone: the exact one, else the first that was added.
    fn best<'m>(&'m self, text: &str, words: &[Word]) -> Option<&'m Pattern> {
        let alike = self.patterns.get(&key(words.iter().map(|word| &text[word.clone()])))?;
        let is_exact =
            |pattern: &Pattern| pattern.exact.iter().zip(words).all(|(it, word)| *it == text[word.clone()]);
        let fits =
            alike.iter().filter(|pattern| !pattern.is_part || pattern.is_written_in(&text[words[0].clone()]));
        fits.max_by_key(|pattern| {
            let first = std::cmp::Reverse(pattern.number());
            (pattern.placeholder.is_some(), is_exact(pattern), !pattern.is_part, first)
        })
    }

    /// Everything in the text that is to go, with what kind of value it is.
    pub(super) fn values(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let found = self.found(text, |_| true).into_iter();
        found.filter_map(|(range, pattern)| Some((range, pattern.kind?))).collect()
    }

    /// Every whole value that goes, with its kind.
    pub(super) fn known(&self) -> impl Iterator<Item = (Kind, &str)> {
        self.numbers.keys().map(|(kind, value)| (*kind, value.as_str()))
    }

    pub(super) fn knows(&self, kind: Kind, value: &str) -> bool {
        self.numbers.contains_key(&(kind, value.to_owned()))
    }

    pub(super) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.found(text, |_| true);
        if found.iter().all(|(_, pattern)| pattern.placeholder.is_none()) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (range, pattern) in found {
            let Some(placeholder) = &pattern.placeholder else { continue };
            out.push_str(&text[from..range.start]);
            out.push_str(placeholder);
            from = range.end;
            let value = &text[range];
            if !value.contains('\n') {
                from += in_column(&mut out, &text[from..], width(value), width(placeholder));
            }
        }
        out.push_str(&text[from..]);
        Cow::Owned(out)
    }

    /// Values that go on over the end of a line are taken out line by line, so that lines stay where they are.
    pub(super) fn hide_lines(&self, text: &str) -> (String, Vec<Moved>) {
        let mut out = String::with_capacity(text.len());
        let mut moved = Vec::new();
        let mut from = 0;
        for (range, pattern) in self.found(text, |gap| !gap.contains('\n')) {
            let Some(placeholder) = &pattern.placeholder else { continue };
            out.push_str(&text[from..range.start]);
            moved.push(Moved { from: range.clone(), to: out.len()..out.len() + placeholder.len() });
            out.push_str(placeholder);
            from = range.end;
        }
        out.push_str(&text[from..]);
        (out, moved)
    }
}

impl Pattern {
    /// "May" may be somebody, "may" is not.
    fn is_written_in(&self, word: &str) -> bool {
        let mut chars = word.chars();
        word == self.exact[0]
            || (chars.next().is_some_and(char::is_uppercase)
                && !chars.as_str().chars().any(char::is_uppercase))
    }

    fn number(&self) -> usize {
        let digits =
            self.placeholder.as_deref().and_then(|text| text.trim_end_matches(']').rsplit(' ').next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }
}

/// Spaces after a value that stood in a column: as many fewer or more as the placeholder is longer or shorter. Gives how
/// many spaces of the rest are thereby told.
fn in_column(out: &mut String, rest: &str, was: usize, is: usize) -> usize {
    let n_spaces = rest.len() - rest.trim_start_matches(' ').len();
    // One space is between words; at the end of a line nothing is in line with it.
    if n_spaces < 2 || rest[n_spaces..].starts_with('\n') || n_spaces == rest.len() {
        return 0;
    }
    out.push_str(&" ".repeat((n_spaces + was).saturating_sub(is).max(2)));
    n_spaces
}

fn key<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut key = String::new();
    for word in words {
        key.extend(word.chars().flat_map(char::to_lowercase));
        key.push(' ');
    }
    key
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// The words of a text: letters and digits in a row. Our own styles are no words.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_style = false;
    for (at, c) in text.char_indices() {
        if c == '\u{1b}' || is_style {
            is_style = c != 'm';
            continue;
        }
        if !c.is_alphanumeric() {
            continue;
        }
        match words.last_mut() {
            Some(last) if last.end == at => last.end += c.len_utf8(),
            _ => words.push(at..at + c.len_utf8()),
        }
    }
    words
}

pub(super) const WAYS_OF_A_DATE: &[&str] =
    &["%Y-%m-%d", "%-d %B %Y", "%d %B %Y", "%B %-d, %Y", "%-d %b %Y", "%d/%m/%Y", "%-d/%-m/%Y", "%Y%m%d"];

/// As people and reports write a value.
fn forms(kind: Kind, value: &str) -> Vec<String> {
    let mut forms = vec![value.to_owned()];
    let digits: String = value.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    match kind {
        Kind::DateOfBirth => {
            if let Ok(date) = value.trim().parse::<jiff::civil::Date>() {
                forms.extend(WAYS_OF_A_DATE.iter().map(|way| date.strftime(way).to_string()));
            }
        }
        Kind::NhsNumber if digits.len() == 10 && digits.is_ascii() => {
            forms.push(format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..]));
            forms.push(digits);
        }
        Kind::Telephone | Kind::NhsNumber => forms.push(digits),
        Kind::Address if value.split_whitespace().count() == 2 => {
            forms.push(value.split_whitespace().collect());
        }
        _ => {}
    }
    forms
}
