//! Single values: texts, choices, numbers, times, clauses. Every one is read from its raw text.

use super::{Cx, kind_of, suggest};
use crate::{
    Count, Moment,
    sources::Spot,
    time::{self, Use, Wrong},
    tree::{Kind, Node},
};
use feed::{Clause, Text, Timestamp};
use jiff::SignedDuration;
use std::ops::RangeInclusive;

/// A text with parameters put in, and the place to point at: its own, or the row's.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub(crate) text: Text,
    pub(crate) spot: Spot,
    /// Written as `{ raw: ... }`: taken as it is.
    pub(crate) raw: bool,
}

impl<'t> Cx<'t> {
    /// A text that is there; `""` is one.
    pub(crate) fn leaf(&mut self, key: &str, node: &'t Node) -> Option<Leaf> {
        let node = self.resolve(node);
        match &node.kind {
            Kind::Text(_) if node.is_nothing() => {
                self.empty(key, node);
                None
            }
            Kind::Text(scalar) if scalar.has_parameter => {
                let text = self.put_in(&scalar.text, node.spot)?;
                Some(Leaf { text, spot: node.spot, raw: false })
            }
            Kind::Text(scalar) => Some(Leaf { text: scalar.text.clone(), spot: node.spot, raw: false }),
            Kind::Unread => None,
            Kind::List(_) | Kind::Map(_) => {
                let what = format!("`{key}` takes a text, not {}", kind_of(node));
                self.wrong("wrong-kind", node.spot, what, "write one value");
                None
            }
        }
    }

    /// A text, or `{ raw: ... }`.
    pub(crate) fn leaf_or_raw(&mut self, key: &str, node: &'t Node) -> Option<Leaf> {
        let node = self.resolve(node);
        let is_raw =
            matches!(&node.kind, Kind::Map(entries) if entries.iter().any(|(key, _)| key.as_text() == "raw"));
        if !is_raw {
            return self.leaf(key, node);
        }
        let map = self.map(key, node, &crate::vocabulary::RAW)?;
        let raw = self.need(&map, "raw")?;
        let leaf = self.leaf("raw", raw)?;
        Some(Leaf { raw: true, ..leaf })
    }

    /// A text with something in it that can be seen.
    pub(crate) fn prose(&mut self, key: &str, node: &'t Node) -> Option<Leaf> {
        let leaf = self.leaf(key, node)?;
        if leaf.text.trim().is_empty() {
            self.wrong("empty", leaf.spot, format!("`{key}` is empty"), "write a sentence");
            return None;
        }
        Some(leaf)
    }

    /// `inside ${window}` with the row's values.
    fn put_in(&mut self, text: &str, spot: Spot) -> Option<Text> {
        let mut out = Text::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                self.wrong("unknown-parameter", spot, "a `${` is not closed", "write `${name}`");
                return None;
            };
            let value = self.parameter(name.trim(), spot)?;
            if let Kind::Text(scalar) = &value.kind {
                out.push_str(&scalar.text);
            } else {
                let what =
                    format!("`${{{name}}}` is {} in this row and cannot stand inside a text", kind_of(value));
                self.wrong("wrong-kind", value.spot, what, "write one value");
                return None;
            }
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }

    /// One of a closed list.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &str,
        node: &'t Node,
        all: &[(&'static str, T)],
    ) -> Option<T> {
        let leaf = self.leaf(key, node)?;
        let found = all.iter().find(|(text, _)| *text == leaf.text).map(|(_, value)| *value);
        if found.is_none() {
            self.not_a_choice(key, &leaf, all.iter().map(|(text, _)| *text));
        }
        found
    }

    pub(crate) fn not_a_choice<'w>(
        &mut self,
        key: &str,
        leaf: &Leaf,
        words: impl Iterator<Item = &'w str> + Clone,
    ) {
        let what = format!("`{key}` cannot be `{}`", shown(&leaf.text));
        let label = suggest::label(&leaf.text, words.clone(), "this is not possible here");
        let listed = suggest::listed(words);
        self.wrong("not-a-choice", leaf.spot, what, label).help(format!("possible here: {listed}"));
    }

    pub(crate) fn yes_or_no(&mut self, key: &str, node: &'t Node) -> Option<bool> {
        let leaf = self.leaf(key, node)?;
        match leaf.text.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            "true" | "false" => {
                let word = if leaf.text == "true" { "yes" } else { "no" };
                self.wrong(
                    "not-a-choice",
                    leaf.spot,
                    format!("`{key}` is yes or no"),
                    format!("write `{word}`"),
                );
                None
            }
            _ => {
                self.not_a_choice(key, &leaf, ["yes", "no"].into_iter());
                None
            }
        }
    }

    /// `deactivate: yes` and its like: the key says it, the value only confirms.
    pub(crate) fn confirm(&mut self, key: &str, node: &'t Node, word: &'static str) {
        let Some(leaf) = self.leaf(key, node) else { return };
        if leaf.text != word && leaf.text != "yes" {
            let what = format!("`{key}` cannot be `{}`", shown(&leaf.text));
            self.wrong(
                "not-a-choice",
                leaf.spot,
                what,
                format!("write `{key}: {word}`, or leave the key out"),
            );
        }
    }

    /// A whole number.
    pub(crate) fn whole(&mut self, key: &str, node: &'t Node, range: RangeInclusive<u64>) -> Option<u64> {
        let leaf = self.leaf(key, node)?;
        let digits = !leaf.text.is_empty() && leaf.text.bytes().all(|byte| byte.is_ascii_digit());
        let (first, last) = (*range.start(), *range.end());
        match leaf.text.parse::<u64>() {
            Ok(number) if digits && range.contains(&number) => Some(number),
            Ok(_) | Err(_) if digits => {
                let what = format!("`{key}` cannot be {}", shown(&leaf.text));
                self.wrong("not-a-number", leaf.spot, what, format!("from {first} to {last} works"));
                None
            }
            _ => {
                let label = in_digits(&leaf.text)
                    .map_or("write it in digits".to_owned(), |number| format!("write `{number}`"));
                let what = format!("`{}` is not a whole number", shown(&leaf.text));
                self.wrong("not-a-number", leaf.spot, what, label);
                None
            }
        }
    }

    pub(crate) fn whole_u32(&mut self, key: &str, node: &'t Node, range: RangeInclusive<u32>) -> Option<u32> {
        let number = self.whole(key, node, u64::from(*range.start())..=u64::from(*range.end()))?;
        u32::try_from(number).ok()
    }

    /// `2`, `at least 2` or `at most 2`.
    pub(crate) fn count(&mut self, key: &str, node: &'t Node) -> Option<Count> {
        let leaf = self.leaf(key, node)?;
        let text = leaf.text.trim();
        let (make, number): (fn(u32) -> Count, &str) =
            match (text.strip_prefix("at least "), text.strip_prefix("at most ")) {
                (Some(number), _) => (Count::AtLeast, number),
                (_, Some(number)) => (Count::AtMost, number),
                _ => (Count::Exactly, text),
            };
        let number = number.trim();
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        match number.parse::<u32>() {
            Ok(number) if digits => Some(make(number)),
            _ => {
                let hint = in_digits(number)
                    .map_or("write `2`, `at least 2` or `at most 2`".to_owned(), |number| {
                        format!("write `{number}`")
                    });
                self.wrong("not-a-count", leaf.spot, format!("`{}` is not a count", shown(text)), hint);
                None
            }
        }
    }

    pub(crate) fn duration(&mut self, key: &str, node: &'t Node) -> Option<SignedDuration> {
        let leaf = self.leaf(key, node)?;
        let read = time::duration(&leaf.text);
        self.timed(key, &leaf, read)
    }

    /// A length of time that is not nothing.
    pub(crate) fn some_time(&mut self, key: &str, node: &'t Node) -> Option<SignedDuration> {
        let duration = self.duration(key, node)?;
        if duration.is_zero() {
            let leaf = self.leaf(key, node)?;
            let what = format!("`{key}: {}` leaves no time at all", shown(&leaf.text));
            self.wrong("no-time", leaf.spot, what, format!("give it some time, or leave `{key}` out"));
            return None;
        }
        Some(duration)
    }

    pub(crate) fn moment(&mut self, key: &str, node: &'t Node, usage: Use) -> Option<Moment> {
        let leaf = self.leaf(key, node)?;
        let read = time::moment(&leaf.text, usage);
        self.timed(key, &leaf, read)
    }

    /// One instant, with the place where it was written.
    pub(crate) fn instant(&mut self, key: &str, node: &'t Node) -> Option<(Timestamp, Spot)> {
        let leaf = self.leaf(key, node)?;
        let read = time::instant(&leaf.text);
        self.timed(key, &leaf, read).map(|at| (at, leaf.spot))
    }

    fn timed<T>(&mut self, key: &str, leaf: &Leaf, read: Result<T, Wrong>) -> Option<T> {
        match read {
            Ok(it) => Some(it),
            Err(Wrong { code, what, label, help }) => {
                let raw = self.wrong(code, leaf.spot, format!("`{key}`: {what}"), label);
                if let Some(help) = help {
                    raw.help(help);
                }
                None
            }
        }
    }

    pub(crate) fn clause(&mut self, key: &str, node: &'t Node) -> Option<Clause> {
        let leaf = self.leaf(key, node)?;
        let found = Clause::from_code(&leaf.text);
        if found.is_none() {
            let codes = Clause::ALL.iter().map(|clause| clause.code());
            let label = suggest::label(&leaf.text, codes, "there is no such clause");
            let what = format!("`{}` is not a clause of the guidance", shown(&leaf.text));
            self.wrong("unknown-clause", leaf.spot, what, label)
                .help("`rehearse list --rules` shows every clause");
        }
        found
    }

    pub(crate) fn clauses(&mut self, key: &str, node: &'t Node) -> Vec<Clause> {
        self.list(key, node).iter().filter_map(|item| self.clause(key, item)).collect()
    }

    pub(crate) fn texts(&mut self, key: &str, node: &'t Node) -> Vec<Leaf> {
        self.list(key, node).iter().filter_map(|item| self.leaf(key, item)).collect()
    }
}

fn in_digits(text: &str) -> Option<&'static str> {
    let words = [
        ("none", "0"),
        ("no", "0"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("ten", "10"),
    ];
    words.iter().find(|(word, _)| *word == text.to_lowercase()).map(|(_, number)| *number)
}

/// A text inside a sentence: no control characters, at most 40 characters.
pub(crate) fn shown(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(40)
        .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
        .collect();
    if text.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}
