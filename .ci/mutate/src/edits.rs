//! Writes a file with every change in it. A part of the text may hold changes that lie in it: they are written from the
//! inside out. Every change begins a line of its own with its number, so that what the compiler says of it can be traced.

use crate::find::{How, Mutant};
use std::{collections::BTreeMap, ops::Range};

pub fn apply(source: &str, mutants: &[&Mutant]) -> String {
    Writer::new(source, mutants).text(0..source.len())
}

struct Writer<'a> {
    source: &'a str,
    /// Expressions that are changed as a whole, outermost first, by where they begin and how far they go.
    wholes: BTreeMap<(usize, std::cmp::Reverse<usize>), Vec<&'a Mutant>>,
    arms: BTreeMap<usize, Vec<&'a Mutant>>,
    bodies: BTreeMap<usize, Vec<&'a Mutant>>,
}

impl<'a> Writer<'a> {
    fn new(source: &'a str, mutants: &[&'a Mutant]) -> Writer<'a> {
        let mut writer =
            Writer { source, wholes: BTreeMap::new(), arms: BTreeMap::new(), bodies: BTreeMap::new() };
        for it in mutants {
            match &it.how {
                How::Binary { whole, .. } | How::Unary { whole, .. } | How::Constant { whole, .. } => {
                    writer.wholes.entry((whole.start, std::cmp::Reverse(whole.end))).or_default().push(it);
                }
                How::Arm { after_pattern, .. } => writer.arms.entry(*after_pattern).or_default().push(it),
                How::Body { at, .. } => writer.bodies.entry(*at).or_default().push(it),
            }
        }
        writer
    }

    /// The text of a part, changes in it included; an expression that is the whole part too.
    fn text(&self, part: Range<usize>) -> String {
        self.within(part, None)
    }

    /// The same; an expression of exactly `but` is left for the caller.
    fn within(&self, part: Range<usize>, but: Option<&Range<usize>>) -> String {
        let mut out = String::new();
        let mut at = part.start;
        // Arms before this are written.
        let mut arms_from = part.start;
        while at < part.end {
            let whole = self.wholes.range((at, std::cmp::Reverse(usize::MAX))..).find(|((start, end), _)| {
                end.0 <= part.end && but.is_none_or(|but| (*start, end.0) != (but.start, but.end))
            });
            let next_whole = whole.map_or(usize::MAX, |((start, _), _)| *start);
            let next_arm =
                self.arms.range(arms_from.max(at)..part.end).next().map_or(usize::MAX, |(at, _)| *at);
            let next_body = self.bodies.range(at..part.end).next().map_or(usize::MAX, |(at, _)| *at);
            let next = next_whole.min(next_arm).min(next_body);
            if next >= part.end {
                break;
            }
            out.push_str(&self.source[at..next]);
            if next == next_arm {
                arms_from = next + 1;
                at = self.arm(next, &mut out);
            } else if next == next_body {
                self.body(next, &mut out);
                at = next + 1;
                out.push_str(&self.source[next..at]);
            } else if let Some(((start, end), mutants)) = whole {
                out.push_str(&self.whole(*start..end.0, mutants));
                at = end.0;
            }
        }
        out.push_str(&self.source[at.min(part.end)..part.end]);
        out
    }

    fn whole(&self, part: Range<usize>, mutants: &[&Mutant]) -> String {
        match &mutants[0].how {
            How::Binary { left, right, op, .. } => self.binary(mutants, left, right, op),
            How::Unary { inner, op, .. } => {
                let inner = self.text(inner.clone());
                let number = mutants[0].number;
                match *op {
                    "!" => format!("(\n/*M{number}*/ ::feed::mutant::is({number}) ^ !({inner}))"),
                    _ => format!(
                        "(if ::feed::mutant::is({number}) {{\n/*M{number}*/ {inner} }} else {{ -({inner}) }})"
                    ),
                }
            }
            How::Constant { whole, more, kind } => {
                let name = &self.source[whole.clone()];
                format!("::feed::mutant::{kind}({more}, {name})")
            }
            How::Arm { .. } | How::Body { .. } => self.within(part.clone(), Some(&part)),
        }
    }

    fn binary(&self, mutants: &[&Mutant], left: &Range<usize>, right: &Range<usize>, op: &str) -> String {
        let (left, right) = (self.text(left.clone()), self.text(right.clone()));
        let is_comparison = matches!(op, "<" | "<=" | ">" | ">=" | "==" | "!=");
        let said = |op: &str| {
            if is_comparison { format!("__l {op} __r") } else { format!("({left}) {op} ({right})") }
        };
        let mut choice = String::new();
        for it in mutants {
            let How::Binary { instead, .. } = &it.how else { continue };
            let said = if op.ends_with('=') && !is_comparison {
                format!("{left} {instead} {right}")
            } else {
                said(instead)
            };
            choice.push_str(&format!(
                "if ::feed::mutant::is({}) {{\n/*M{}*/ {said}\n}} else ",
                it.number, it.number
            ));
        }
        let usual =
            if op.ends_with('=') && !is_comparison { format!("{left} {op} {right}") } else { said(op) };
        choice.push_str(&format!("{{ {usual} }}"));
        if is_comparison {
            format!("(match (&({left}), &({right})) {{ (__l, __r) => {choice} }})")
        } else if op.ends_with('=') {
            choice
        } else {
            format!("({choice})")
        }
    }

    /// Writes the guard of an arm; answers where the text goes on.
    fn arm(&self, at: usize, out: &mut String) -> usize {
        let mutants = &self.arms[&at];
        let mut guard_at = None;
        let mut said = String::new();
        for it in mutants {
            if let How::Arm { guard: Some(guard), .. } = &it.how {
                guard_at = Some(guard.clone());
            }
        }
        if let Some(guard) = &guard_at {
            said = format!("({})", self.text(guard.clone()));
        }
        for it in mutants {
            let How::Arm { always, .. } = &it.how else { continue };
            let number = it.number;
            said = match (*always, said.is_empty()) {
                (true, _) => format!("(\n/*M{number}*/ ::feed::mutant::is({number}) || {said})"),
                (false, true) => format!("\n/*M{number}*/ !::feed::mutant::is({number})"),
                (false, false) => format!("(\n/*M{number}*/ !::feed::mutant::is({number}) && {said})"),
            };
        }
        out.push_str(" if ");
        out.push_str(&said);
        guard_at.map_or(at, |guard| guard.end)
    }

    fn body(&self, at: usize, out: &mut String) {
        for it in &self.bodies[&at] {
            let How::Body { answer, .. } = &it.how else { continue };
            out.push_str(&format!(
                "\nif ::feed::mutant::is({}) {{\n/*M{}*/ return {answer};\n}}\n",
                it.number, it.number
            ));
        }
    }
}
