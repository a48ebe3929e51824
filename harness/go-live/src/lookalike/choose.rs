//! From weighed pairs to links: who goes with whom, which second records there are, how sure each is.

use super::assign::{Edge, assign};
use super::levels::{Birth, Given, Nhs, Pattern};
use super::links::{Certainty, Joined, Link, Standing};
use super::score::{Scored, SharedIdentifier, narrow};
use super::weigh::{probability, weight};

/// A pair at least this sure settles both its rows before the others are looked at again. In bits.
const SETTLED: f32 = 5.0;
/// The least share of either file that counts as left over. *Assumed*: from less than one row in sixteen nothing more
/// is concluded.
const LEAST_LEFT: f64 = 1.0 / 16.0;
/// A second record of a service user has to be this sure. In bits, *assumed*: about one person in sixty has one.
const SECOND: f32 = 6.0;
/// From here a link is called likely. In bits: 64 to 1, and nearly all are far above it.
const LIKELY: f32 = 6.0;
/// If another choice is closer than this, somebody has to decide. In bits: eight to one.
const CLOSE: f32 = 3.0;

/// How many rows the files have.
#[derive(Clone, Copy)]
pub(crate) struct Rows {
    pub(crate) n_a: usize,
    pub(crate) n_b: usize,
}

pub(crate) struct Choice {
    pub(crate) links: Vec<Link>,
    pub(crate) joined: Vec<Joined>,
    pub(crate) expected: f64,
}

/// Chooses. Nothing is called likely unless `may_be_likely`.
pub(crate) fn choose(mut scored: Scored, rows: Rows, may_be_likely: bool) -> Choice {
    weigh_left_over(&mut scored.edges, &scored.logs, rows);
    let first = assign(&scored.edges, rows.n_a, rows.n_b);
    let (second, rivals) =
        rayon::join(|| second_records(&scored.edges, &first, rows), || Rivals::of(&scored.edges, rows));
    let mut links = Vec::new();
    for (at, (edge, pattern)) in scored.edges.iter().zip(&scored.patterns).enumerate() {
        let standing = match (first[at], second[edge.b as usize] == Some(at)) {
            (true, _) => Standing::First,
            (false, true) => Standing::Second,
            (false, false) => continue,
        };
        links.push(link(edge, *pattern, standing, &rivals, may_be_likely));
    }
    // Nearly in order already, which this sort makes use of.
    links.sort_by_key(|link| (link.a, link.standing, link.b));
    let mut joined: Vec<Joined> = scored.joined.iter().map(|it| join(it, &scored.edges, &rivals)).collect();
    joined.sort_by_key(|it| (it.a, it.b));
    Choice { links, joined, expected: rivals.expected() }
}

/// A row whose counterpart is settled is nobody else's. So where both rows of a pair are left over, far fewer strangers
/// compete for them than in the whole files, and weak evidence says more.
fn weigh_left_over(edges: &mut [Edge], logs: &[[f32; 3]], rows: Rows) {
    let first = assign(edges, rows.n_a, rows.n_b);
    let (mut settled_a, mut settled_b) = (vec![false; rows.n_a], vec![false; rows.n_b]);
    for (edge, _) in edges.iter().zip(&first).filter(|(edge, first)| **first && edge.weight >= SETTLED) {
        settled_a[edge.a as usize] = true;
        settled_b[edge.b as usize] = true;
    }
    let fewer = (share_left(&settled_a) * share_left(&settled_b)).log2();
    for (edge, logs) in edges.iter_mut().zip(logs) {
        if !settled_a[edge.a as usize] && !settled_b[edge.b as usize] {
            let [same, household, unrelated] = logs.map(f64::from);
            // People of one household come and go together, so two of them are left over more often than chance has it:
            // as if one of them were.
            edge.weight = narrow(weight([same, household + fewer / 2.0, unrelated + fewer]));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows are fewer than four billion")]
fn share_left(settled: &[bool]) -> f64 {
    let n_left = settled.iter().filter(|settled| !**settled).count();
    (n_left as f64 / settled.len().max(1) as f64).max(LEAST_LEFT)
}

/// For each record that is nobody's first the edge to the service user whose second record it is, if that is sure.
fn second_records(edges: &[Edge], first: &[bool], rows: Rows) -> Vec<Option<usize>> {
    let (mut has_a, mut has_b) = (vec![false; rows.n_a], vec![false; rows.n_b]);
    for (edge, _) in edges.iter().zip(first).filter(|(_, first)| **first) {
        has_a[edge.a as usize] = true;
        has_b[edge.b as usize] = true;
    }
    let mut best: Vec<Option<usize>> = vec![None; rows.n_b];
    for (at, edge) in edges.iter().enumerate() {
        if edge.weight < SECOND || has_b[edge.b as usize] || !has_a[edge.a as usize] {
            continue;
        }
        let best = &mut best[edge.b as usize];
        let is_better = |best: usize| (edge.weight, edges[best].tie) > (edges[best].weight, edge.tie);
        if best.is_none_or(is_better) {
            *best = Some(at);
        }
    }
    best
}

fn link(edge: &Edge, pattern: Pattern, standing: Standing, rivals: &Rivals, may_be_likely: bool) -> Link {
    let ahead_by = rivals.ahead_by(edge, standing);
    let is_close = ahead_by.is_some_and(|ahead| ahead < CLOSE);
    let mut link = Link {
        a: edge.a,
        b: edge.b,
        weight: edge.weight,
        pattern,
        standing,
        certainty: Certainty::Doubtful,
        ahead_by,
    };
    if may_be_likely && link.is_strong() && !is_close {
        link.certainty = Certainty::Likely;
    }
    link
}

impl Link {
    /// Whether the two rows by themselves are as sure as exports can say, whoever else might be meant.
    pub fn is_strong(&self) -> bool {
        self.weight >= LIKELY && !is_contradicted(self.pattern)
    }
}

/// What only a human should overrule, however much else agrees: two valid NHS numbers; or another given name or another
/// date of birth, with no NHS number to say that it is one person all the same.
fn is_contradicted(pattern: Pattern) -> bool {
    let differs = pattern.given() == Given::Differs || pattern.birth() == Birth::Differs;
    pattern.nhs() == Nhs::Differs || (differs && pattern.nhs() != Nhs::Same)
}

/// How likely a pair that shares an identifier is one person, when others might have a better claim to the record.
fn join(it: &SharedIdentifier, edges: &[Edge], rivals: &Rivals) -> Joined {
    // That few others are left over is no evidence here: whoever it belongs to may be in neither file.
    let odds = f64::from(it.weight).exp2();
    let own = it.edge.map_or(f32::NEG_INFINITY, |edge| edges[edge].weight);
    let others = (rivals.odds_b[it.b as usize] - f64::from(own).exp2()).max(0.0);
    // Who has a record of their own that fits has, most likely, no second one.
    let [best, next] = rivals.a[it.a as usize];
    let other_record = if own >= best { next } else { best };
    let odds = if other_record >= SETTLED { odds / f64::from(SETTLED).exp2() } else { odds };
    let same_person = narrow(probability((odds / (1.0 + others)).log2()));
    Joined { a: it.a, b: it.b, exactly: it.exactly, same_person, pattern: it.pattern }
}

/// The two best weights of every row of each side, and the sum of the odds of every record.
struct Rivals {
    a: Vec<[f32; 2]>,
    b: Vec<[f32; 2]>,
    odds_b: Vec<f64>,
}

impl Rivals {
    fn of(edges: &[Edge], rows: Rows) -> Rivals {
        let none = [f32::NEG_INFINITY; 2];
        let mut rivals =
            Rivals { a: vec![none; rows.n_a], b: vec![none; rows.n_b], odds_b: vec![0.0; rows.n_b] };
        for edge in edges {
            enter(&mut rivals.a[edge.a as usize], edge.weight);
            enter(&mut rivals.b[edge.b as usize], edge.weight);
            rivals.odds_b[edge.b as usize] += f64::from(edge.weight).exp2();
        }
        rivals
    }

    /// A record belongs to one service user only, while a service user may have a second record.
    fn ahead_by(&self, edge: &Edge, standing: Standing) -> Option<f32> {
        let rival = |best: [f32; 2]| if edge.weight >= best[0] { best[1] } else { best[0] };
        let of_b = rival(self.b[edge.b as usize]);
        let rival = match standing {
            Standing::First => of_b.max(rival(self.a[edge.a as usize])),
            Standing::Second => of_b,
        };
        rival.is_finite().then_some(edge.weight - rival)
    }

    /// How many records are somebody's in rostering. Rounded to a millionth each, so that the order of rows does not
    /// matter.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a probability times a million, and a sum of those"
    )]
    fn expected(&self) -> f64 {
        let millionths: u64 = self.odds_b.iter().map(|odds| (odds / (1.0 + odds) * 1e6).round() as u64).sum();
        millionths as f64 / 1e6
    }
}

fn enter(best: &mut [f32; 2], weight: f32) {
    if weight > best[0] {
        *best = [weight, best[0]];
    } else if weight > best[1] {
        best[1] = weight;
    }
}
