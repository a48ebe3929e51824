//! Weighs all pairs that were compared and keeps those that may matter.

use super::assign::Edge;
use super::card::Cards;
use super::em::{PatternCounts, shares_among};
use super::levels::{N_PATTERNS, Pattern};
use super::model::{HOUSEHOLD, Model, SAME, UNRELATED};
use super::names::{NameId, Names};
use super::pairs::{Chunk, Identifiers};
use super::weigh::{Frequencies, Said, adjust, weight};
use rayon::prelude::*;

/// Pairs below this weight are forgotten. In bits: four in a million. *Assumed*: what is left over later gains no
/// more than 8 bits.
const LEAST: f64 = -18.0;

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

/// A pair that may matter, without what its identifiers say.
pub(crate) struct WeighedPair {
    a: u32,
    b: u32,
    pattern: Pattern,
    identifiers: Identifiers,
    logs: [f32; 3],
    /// Without what the identifiers say.
    weight: f32,
}

pub(crate) fn weigh(
    [a, b]: [&Cards; 2],
    names: &Names,
    chunks: Vec<Chunk>,
    counts: &PatternCounts,
    model: &Model,
) -> Vec<Vec<WeighedPair>> {
    let frequencies = Frequencies::of(a, b, names);
    let (mut table, mut worth_it) = (vec![[0.0; 3]; N_PATTERNS], vec![false; N_PATTERNS]);
    let of_patterns = model.in_logs();
    // Side by side they stay near; whole cards would have to be fetched from afar.
    let givens: Vec<NameId> = b.cards.iter().map(|card| card.given).collect();
    for &(pattern, _) in counts {
        let logs = of_patterns.of(pattern);
        table[pattern.0 as usize] = logs;
        // What no values can lift over the least is not looked at again.
        worth_it[pattern.0 as usize] = weight(logs) + frequencies.most_bits(pattern, model) >= LEAST;
    }
    // Pairs go as they are weighed: those of a million rows take a tenth of what a computer may have.
    chunks
        .into_par_iter()
        .map(|chunk| {
            let mut weighed = Vec::new();
            for (row, pairs) in chunk.rows() {
                let said = Said::of(a, row, model, &frequencies);
                let row = u32::try_from(row).expect("the limit on rows keeps them below four billion");
                for pair in pairs {
                    let (pattern, identifiers) = (pair.pattern(), pair.identifiers());
                    if identifiers == Identifiers::Other && !worth_it[pattern.0 as usize] {
                        continue;
                    }
                    let logs = adjust(table[pattern.0 as usize], &said, (*pair, givens[pair.b as usize]));
                    let weight = weight(logs);
                    if identifiers != Identifiers::Other || weight >= LEAST {
                        let (logs, weight) = (logs.map(narrow), narrow(weight));
                        weighed.push(WeighedPair { a: row, b: pair.b, pattern, identifiers, logs, weight });
                    }
                }
            }
            weighed
        })
        .collect()
}

/// Sharing an identifier makes one person far more likely, by as much as these files show.
pub(crate) fn with_identifiers(
    a: &Cards,
    b: &Cards,
    weighed: Vec<Vec<WeighedPair>>,
    model: &Model,
) -> Scored {
    let among = |kind: Identifiers| {
        let of_kind = weighed.iter().flatten().filter(|it| it.identifiers == kind);
        let logs: Vec<[f64; 3]> = of_kind.map(|it| it.logs.map(f64::from)).collect();
        shares_among(model, &logs)
    };
    let (exactly, loosely) = rayon::join(|| among(Identifiers::Exactly), || among(Identifiers::Loosely));
    let n = weighed.iter().map(Vec::len).sum();
    let mut scored = Scored {
        edges: Vec::with_capacity(n),
        patterns: Vec::with_capacity(n),
        logs: Vec::with_capacity(n),
        joined: Vec::new(),
    };
    for it in weighed.into_iter().flatten() {
        let logs = match it.identifiers {
            Identifiers::Other => it.logs,
            Identifiers::Exactly => with_shares(it.logs, model, &exactly),
            Identifiers::Loosely => with_shares(it.logs, model, &loosely),
        };
        let bits = match it.identifiers {
            Identifiers::Other => it.weight,
            _ => narrow(weight(logs.map(f64::from))),
        };
        let is_edge = f64::from(bits) >= LEAST;
        if it.identifiers != Identifiers::Other {
            scored.joined.push(SharedIdentifier {
                a: it.a,
                b: it.b,
                exactly: it.identifiers == Identifiers::Exactly,
                weight: bits,
                pattern: it.pattern,
                edge: is_edge.then_some(scored.edges.len()),
            });
        }
        if is_edge {
            let tie = a.ties[it.a as usize] ^ b.ties[it.b as usize].rotate_left(17);
            scored.edges.push(Edge { a: it.a, b: it.b, weight: bits, tie });
            scored.patterns.push(it.pattern);
            scored.logs.push(logs);
        }
    }
    scored
}

fn with_shares(logs: [f32; 3], model: &Model, shares: &[f64; 3]) -> [f32; 3] {
    let of = |kind: usize| narrow(f64::from(logs[kind]) - model.shares[kind].log2() + shares[kind].log2());
    [of(SAME), of(HOUSEHOLD), of(UNRELATED)]
}

/// Bits: three digits behind the point are plenty.
#[expect(clippy::cast_possible_truncation, reason = "precision is what goes")]
pub(crate) fn narrow(bits: f64) -> f32 {
    bits as f32
}
