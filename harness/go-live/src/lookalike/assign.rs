//! Who goes with whom: of all pairs that may be the same person the choice with the greatest sum of weights in which
//! nobody is chosen twice. Solved exactly, group by group of rows that hang together; never greedily.

/// One pair that may be the same person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) a: u32,
    pub(crate) b: u32,
    /// In bits.
    pub(crate) weight: f32,
    /// The order among equals, from what the rows say.
    pub(crate) tie: u64,
}

/// A group of more rows than this on its smaller side is cut at its weakest pairs first. *Assumed*: a household, a
/// scheme or a name in fashion never hangs together so far.
const LARGEST: usize = 60;

/// Which edges are chosen, by place in `edges`. Edges of weight 0 or less are never chosen.
pub(crate) fn assign(edges: &[Edge], n_a: usize, n_b: usize) -> Vec<bool> {
    let mut chosen = vec![false; edges.len()];
    let (mut of_a, mut of_b) = (vec![0_u8; n_a], vec![0_u8; n_b]);
    for edge in edges.iter().filter(|edge| edge.weight > 0.0) {
        of_a[edge.a as usize] = of_a[edge.a as usize].saturating_add(1);
        of_b[edge.b as usize] = of_b[edge.b as usize].saturating_add(1);
    }
    // Most pairs have no rival on either side.
    let mut contested: Vec<u32> = Vec::new();
    for (at, edge) in (0..).zip(edges).filter(|(_, edge)| edge.weight > 0.0) {
        if of_a[edge.a as usize] == 1 && of_b[edge.b as usize] == 1 {
            chosen[at as usize] = true;
        } else {
            contested.push(at);
        }
    }
    let mut groups = Groups::new(n_a, n_b);
    for group in groups.of(edges, contested) {
        settle(edges, group, &mut groups, &mut chosen);
    }
    chosen
}

fn settle(edges: &[Edge], mut group: Vec<u32>, groups: &mut Groups, chosen: &mut [bool]) {
    if let [only] = group[..] {
        chosen[only as usize] = true;
        return;
    }
    let mut rows: Vec<u32> = group.iter().map(|at| edges[*at as usize].a).collect();
    let mut columns: Vec<u32> = group.iter().map(|at| edges[*at as usize].b).collect();
    sort(&mut rows);
    sort(&mut columns);
    if rows.len().min(columns.len()) > LARGEST {
        // The weaker half goes; what is left falls into smaller groups.
        group.sort_unstable_by(|one, other| heavier(&edges[*one as usize], &edges[*other as usize]));
        group.truncate(group.len().div_ceil(2));
        for smaller in groups.of(edges, group) {
            settle(edges, smaller, groups, chosen);
        }
        return;
    }
    group.sort_unstable_by(|one, other| heavier(&edges[*one as usize], &edges[*other as usize]));
    for at in heaviest(edges, &group) {
        chosen[at as usize] = true;
    }
}

fn sort(rows: &mut Vec<u32>) {
    rows.sort_unstable();
    rows.dedup();
}

/// Heavier first; equals by what the rows say.
fn heavier(one: &Edge, other: &Edge) -> std::cmp::Ordering {
    other
        .weight
        .total_cmp(&one.weight)
        .then(one.tie.cmp(&other.tie))
        .then((one.a, one.b).cmp(&(other.a, other.b)))
}

/// Rows that hang together, by union and find over the rows of both sides.
struct Groups {
    parent: Vec<u32>,
    n_a: u32,
}

impl Groups {
    fn new(n_a: usize, n_b: usize) -> Groups {
        let n = u32::try_from(n_a + n_b).expect("the limit on rows keeps both files below four billion");
        Groups { parent: (0..n).collect(), n_a: u32::try_from(n_a).expect("fewer than both files") }
    }

    fn root(&mut self, mut row: u32) -> u32 {
        while self.parent[row as usize] != row {
            let up = self.parent[self.parent[row as usize] as usize];
            self.parent[row as usize] = up;
            row = up;
        }
        row
    }

    /// Splits edges into groups; in the order of the first edge of each.
    fn of(&mut self, edges: &[Edge], these: Vec<u32>) -> Vec<Vec<u32>> {
        for at in &these {
            let edge = edges[*at as usize];
            self.parent[edge.a as usize] = edge.a;
            self.parent[(edge.b + self.n_a) as usize] = edge.b + self.n_a;
        }
        for at in &these {
            let edge = edges[*at as usize];
            let (one, other) = (self.root(edge.a), self.root(edge.b + self.n_a));
            self.parent[one.max(other) as usize] = one.min(other);
        }
        let mut rooted: Vec<(u32, u32)> =
            these.into_iter().map(|at| (self.root(edges[at as usize].a), at)).collect();
        rooted.sort_unstable();
        rooted
            .chunk_by(|one, other| one.0 == other.0)
            .map(|group| group.iter().map(|(_, at)| *at).collect())
            .collect()
    }
}

/// The choice of one small group: the Hungarian method with potentials, on costs of minus the weight. A row may also
/// stay alone, at no cost.
fn heaviest(edges: &[Edge], group: &[u32]) -> Vec<u32> {
    let (rows, columns) =
        (numbered(group, |at| edges[at as usize].a), numbered(group, |at| edges[at as usize].b));
    let (n, m) = (rows.len(), columns.len() + rows.len());
    let mut costs = vec![0.0_f64; n * m];
    let mut edge_at = vec![u32::MAX; n * m];
    for &at in group {
        let edge = edges[at as usize];
        let place = place_of(&rows, edge.a) * m + place_of(&columns, edge.b);
        costs[place] = -f64::from(edge.weight);
        edge_at[place] = at;
    }
    let of_column = hungarian(&costs, n, m);
    let chosen =
        of_column.iter().enumerate().filter_map(|(column, row)| row.map(|row| edge_at[row * m + column]));
    chosen.filter(|at| *at != u32::MAX).collect()
}

/// Rows in the order of the heaviest edge that each has.
fn numbered(group: &[u32], row: impl Fn(u32) -> u32) -> Vec<(u32, usize)> {
    let mut rows: Vec<(u32, usize)> = Vec::new();
    for at in group {
        let row = row(*at);
        if rows.iter().all(|(known, _)| *known != row) {
            rows.push((row, rows.len()));
        }
    }
    rows
}

fn place_of(rows: &[(u32, usize)], row: u32) -> usize {
    rows.iter().find(|(known, _)| *known == row).map_or(0, |(_, place)| *place)
}

/// The cheapest assignment of each of `n` rows to one of `m` columns, `n <= m`: by column, the row. The method of
/// Kuhn and Munkres with potentials, n² · m steps.
fn hungarian(costs: &[f64], n: usize, m: usize) -> Vec<Option<usize>> {
    let (mut of_row, mut of_column) = (vec![0.0; n + 1], vec![0.0; m + 1]);
    let (mut row_of, mut way) = (vec![0_usize; m + 1], vec![0_usize; m + 1]);
    for row in 1..=n {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; m + 1];
        let mut used = vec![false; m + 1];
        loop {
            used[column] = true;
            let (from, mut delta, mut next) = (row_of[column], f64::INFINITY, 0);
            for other in 1..=m {
                if used[other] {
                    continue;
                }
                let cost = costs[(from - 1) * m + other - 1] - of_row[from] - of_column[other];
                if cost < least[other] {
                    least[other] = cost;
                    way[other] = column;
                }
                if least[other] < delta {
                    delta = least[other];
                    next = other;
                }
            }
            for other in 0..=m {
                if used[other] {
                    of_row[row_of[other]] += delta;
                    of_column[other] -= delta;
                } else {
                    least[other] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    row_of[1..].iter().map(|row| row.checked_sub(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(of: &[(u32, u32, f32)]) -> Vec<Edge> {
        of.iter().map(|&(a, b, weight)| Edge { a, b, weight, tie: u64::from(a * 31 + b) }).collect()
    }

    fn chosen(of: &[(u32, u32, f32)]) -> Vec<(u32, u32)> {
        let edges = edges(of);
        let chosen = assign(&edges, 100, 100);
        edges.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(edge, _)| (edge.a, edge.b)).collect()
    }

    #[test]
    fn the_greatest_sum_wins_over_the_greatest_pair() {
        // Greedy would take 0-0 and leave 1 with nobody.
        assert_eq!(chosen(&[(0, 0, 10.0), (0, 1, 9.0), (1, 0, 9.0)]), [(0, 1), (1, 0)]);
        assert_eq!(chosen(&[(0, 0, 20.0), (0, 1, 9.0), (1, 0, 9.0)]), [(0, 0)]);
    }

    #[test]
    fn nobody_is_chosen_twice_and_nothing_below_even_odds() {
        assert_eq!(chosen(&[(0, 0, 5.0), (0, 1, 4.0), (2, 3, -1.0)]), [(0, 0)]);
        assert!(chosen(&[]).is_empty());
    }

    #[test]
    fn a_choice_of_three_by_three_is_the_best_of_all_six() {
        let weights = [[7.0, 5.0, 11.0], [5.0, 4.0, 1.0], [9.0, 3.0, 2.0]];
        let all: Vec<(u32, u32, f32)> =
            (0..3).flat_map(|a| (0..3).map(move |b| (a, b, weights[a as usize][b as usize]))).collect();
        let mut best = chosen(&all);
        best.sort_unstable();
        assert_eq!(best, [(0, 2), (1, 1), (2, 0)]);
    }

    #[test]
    fn a_group_that_hangs_together_far_too_widely_is_still_settled() {
        let all: Vec<(u32, u32, f32)> = (0..100_u16)
            .flat_map(|a| (0..100_u16).map(move |b| (a.into(), b.into(), if a == b { 9.0 } else { 1.0 })))
            .collect();
        let chosen = chosen(&all);
        assert_eq!(chosen.len(), 100);
        assert!(chosen.iter().all(|(a, b)| a == b));
    }
}
