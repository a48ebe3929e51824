//! Weighs all pairs that were compared and keeps those that may matter.

use super::assign::Edge;
use super::card::{Card, Cards};
use super::em::shares_among;
use super::levels::{N_PATTERNS, Pattern};
use super::model::{HOUSEHOLD, Model, SAME, UNRELATED};
use super::names::Names;
use super::pairs::Chunk;
use super::weigh::{Frequencies, adjust, weight};
use rayon::prelude::*;

/// Pairs below this weight are forgotten. In bits: four in a million. *Assumed*: what is left over later gains no
/// more than 8 bits.
const LEAST: f64 = -18.0;
/// The values of a pair add less than this to its pattern's weight: three rare names, in bits.
const RAREST: f64 = 30.0;

/// Pairs that may be one person.
pub(crate) struct Scored {
    pub(crate) edges: Vec<Edge>,
    /// For each edge how it compares, and the logarithms of how likely that is by kind.
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) logs: Vec<[f32; 3]>,
    /// Pairs that share an identifier, whatever their weight.
    pub(crate) joined: Vec<SharedIdentifier>,
}

pub(crate) struct SharedIdentifier {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) exactly: bool,
    pub(crate) weight: f32,
    pub(crate) pattern: Pattern,
    /// Its place among the edges, if it is one.
    pub(crate) edge: Option<usize>,
}

/// What two rows' identifiers have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identifiers {
    Other,
    Loosely,
    Exactly,
}

impl Identifiers {
    fn of(a: &Card, b: &Card) -> Identifiers {
        if a.identifier != 0 && a.identifier == b.identifier {
            Identifiers::Exactly
        } else if a.identifier_loose != 0 && a.identifier_loose == b.identifier_loose {
            Identifiers::Loosely
        } else {
            Identifiers::Other
        }
    }
}

struct Weighed {
    a: u32,
    b: u32,
    pattern: Pattern,
    identifiers: Identifiers,
    logs: [f64; 3],
}

pub(crate) fn score(a: &Cards, b: &Cards, names: &Names, chunks: &[Chunk], model: &Model) -> Scored {
    let frequencies = Frequencies::of(a, b, names);
    let table: Vec<[f64; 3]> = (0_u32..).take(N_PATTERNS).map(|code| model.logs(Pattern(code))).collect();
    let worth_it: Vec<bool> = table.iter().map(|logs| weight(*logs) >= LEAST - RAREST).collect();
    let weighed: Vec<Vec<Weighed>> = chunks
        .par_iter()
        .map(|chunk| {
            let mut weighed = Vec::new();
            for (row, pairs) in chunk.rows() {
                let one = &a.cards[row];
                let row = u32::try_from(row).expect("the limit on rows keeps them below four billion");
                for pair in pairs {
                    let other = &b.cards[pair.b as usize];
                    let (code, identifiers) = (pair.pattern.0 as usize, Identifiers::of(one, other));
                    if identifiers == Identifiers::Other && !worth_it[code] {
                        continue;
                    }
                    let logs = adjust(table[code], pair.pattern, [one, other], model, &frequencies, names);
                    if identifiers != Identifiers::Other || weight(logs) >= LEAST {
                        weighed.push(Weighed { a: row, b: pair.b, pattern: pair.pattern, identifiers, logs });
                    }
                }
            }
            weighed
        })
        .collect();
    with_identifiers(a, b, &weighed, model)
}

/// Sharing an identifier makes one person far more likely, by as much as these files show.
fn with_identifiers(a: &Cards, b: &Cards, weighed: &[Vec<Weighed>], model: &Model) -> Scored {
    let all = || weighed.iter().flatten();
    let among = |kind: Identifiers| {
        let logs: Vec<[f64; 3]> = all().filter(|it| it.identifiers == kind).map(|it| it.logs).collect();
        shares_among(model, &logs)
    };
    let (exactly, loosely) = (among(Identifiers::Exactly), among(Identifiers::Loosely));
    let mut scored = Scored { edges: Vec::new(), patterns: Vec::new(), logs: Vec::new(), joined: Vec::new() };
    for it in all() {
        let logs = match it.identifiers {
            Identifiers::Other => it.logs,
            Identifiers::Exactly => with_shares(it.logs, model, &exactly),
            Identifiers::Loosely => with_shares(it.logs, model, &loosely),
        };
        let bits = narrow(weight(logs));
        if it.identifiers != Identifiers::Other {
            let exactly = it.identifiers == Identifiers::Exactly;
            let edge = (f64::from(bits) >= LEAST).then_some(scored.edges.len());
            let (a, b, pattern) = (it.a, it.b, it.pattern);
            scored.joined.push(SharedIdentifier { a, b, exactly, weight: bits, pattern, edge });
        }
        if f64::from(bits) >= LEAST {
            let tie = a.ties[it.a as usize] ^ b.ties[it.b as usize].rotate_left(17);
            scored.edges.push(Edge { a: it.a, b: it.b, weight: bits, tie });
            scored.patterns.push(it.pattern);
            scored.logs.push(logs.map(narrow));
        }
    }
    scored
}

fn with_shares(logs: [f64; 3], model: &Model, shares: &[f64; 3]) -> [f64; 3] {
    let of = |kind: usize| logs[kind] - model.shares[kind].log2() + shares[kind].log2();
    [of(SAME), of(HOUSEHOLD), of(UNRELATED)]
}

/// Bits: three digits behind the point are plenty.
#[expect(clippy::cast_possible_truncation, reason = "precision is what goes")]
pub(crate) fn narrow(bits: f64) -> f32 {
    bits as f32
}
