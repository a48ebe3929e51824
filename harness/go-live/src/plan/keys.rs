//! Which service users and records could meet: those whose identifiers are equal once white space and invisible
//! characters are off both ends. The engine matches on nothing else, so whoever cannot meet can be asked about apart,
//! on as many threads as there are. Whether two do meet is the engine's to say.

use super::inputs::View;
use crate::exports::Export;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::hash::Hasher as _;

/// Rows of one side by a hash of their identifiers: the hash in the upper half, the row in the lower.
#[derive(Debug, Default)]
pub(crate) struct Keys(Vec<u64>);

/// How many service users the engine is asked about at once.
const PART: usize = 4096;

/// A row, and the first service user who has its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Met {
    first: u32,
    /// Among those with the key on its side: service users in the order of what they say.
    nth: u32,
    row: u32,
}

/// A hash of an identifier without blanks at its ends, never 0; none where nothing is left.
pub(crate) fn key(identifier: &str) -> Option<u32> {
    let trimmed = trimmed(identifier);
    if trimmed.is_empty() {
        return None;
    }
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(trimmed.as_bytes());
    u32::try_from(hasher.finish() >> 32).ok().map(|key| key.max(1))
}

/// As `feed::ExternalId::trimmed`, without making one.
pub(crate) fn trimmed(identifier: &str) -> &str {
    let is_blank =
        |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}');
    identifier.trim_matches(is_blank)
}

impl Keys {
    /// Service users; those without an identifier stand together at the start. Two with one key stand in the order of
    /// what they say, not of the file.
    pub(crate) fn of_users(view: View<'_>) -> Keys {
        let n_rows = view.sides.rostering.n_rows();
        let word = |user: u32| {
            (!view.overlay.left_out.contains(&user)).then(|| key(&view.identifier(user)).unwrap_or(0))
        };
        let mut keys = sorted(n_rows, word);
        in_order_of_content(view, &mut keys);
        Keys(keys)
    }

    /// These service users and no others.
    pub(crate) fn of_these_users(view: View<'_>, users: &[u32]) -> Keys {
        let mut keys: Vec<u64> =
            users.iter().map(|&user| pack(key(&view.identifier(user)).unwrap_or(0), user)).collect();
        keys.sort_unstable();
        in_order_of_content(view, &mut keys);
        Keys(keys)
    }

    /// These records, those that hold an identifier, and no others.
    pub(crate) fn of_these_records(view: View<'_>, records: &[u32]) -> Keys {
        let mut keys: Vec<u64> = records
            .iter()
            .filter_map(|&record| Some(pack(key(view.record_identifier(record))?, record)))
            .collect();
        keys.sort_unstable();
        Keys(keys)
    }

    /// Records that hold an identifier.
    pub(crate) fn of_records(view: View<'_>) -> Keys {
        Keys(sorted(view.sides.acp.n_rows(), |record| key(view.record_identifier(record))))
    }

    /// Service users in parts such that nobody meets anybody of another part, and the records of each part. Rows stand in
    /// the order of the rostering export, which is how they lie in memory; records in that of those who meet them.
    pub(crate) fn parts(&self, records: &Keys) -> Vec<(Vec<u32>, Vec<u32>)> {
        let (users, records) = self.met(records);
        let mut parts = Vec::with_capacity(users.len() / PART + 1);
        let (mut from, mut from_record) = (0, 0);
        while from < users.len() {
            let mut to = (from + PART).min(users.len());
            while to < users.len() && users[to].first == users[to - 1].first {
                to += 1;
            }
            let last = users[to - 1].first;
            let to_record = from_record + records[from_record..].partition_point(|it| it.first <= last);
            let rows = |met: &[Met]| met.iter().map(|it| it.row).collect();
            parts.push((rows(&users[from..to]), rows(&records[from_record..to_record])));
            (from, from_record) = (to, to_record);
        }
        parts
    }

    /// Service users, and the records that one of them could meet.
    fn met(&self, records: &Keys) -> (Vec<Met>, Vec<Met>) {
        let (mut users, mut met) = (Vec::with_capacity(self.0.len()), Vec::with_capacity(records.0.len()));
        let mut rest = &records.0[..];
        for same in self.0.chunk_by(|one, other| hash(*one) == hash(*other)) {
            let key = hash(same[0]);
            if key == 0 {
                users.extend(same.iter().map(|it| Met { first: row(*it), nth: 0, row: row(*it) }));
                continue;
            }
            let first = same.iter().map(|it| row(*it)).min().unwrap_or(0);
            let of = |(nth, it): (u32, &u64)| Met { first, nth, row: row(*it) };
            users.extend((0..).zip(same).map(of));
            rest = &rest[rest.iter().take_while(|it| hash(**it) < key).count()..];
            let n_met = rest.iter().take_while(|it| hash(**it) == key).count();
            met.extend((0..).zip(&rest[..n_met]).map(of));
            rest = &rest[n_met..];
        }
        rayon::join(|| users.par_sort_unstable(), || met.par_sort_unstable());
        (users, met)
    }

    /// Rows that share a key, where more than one does.
    pub(crate) fn groups(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        let groups = self.0.chunk_by(|one, other| hash(*one) == hash(*other));
        groups
            .filter(|same| same.len() > 1 && hash(same[0]) != 0)
            .map(|same| same.iter().map(|key| row(*key)).collect())
    }

    /// Everybody with this key.
    pub(crate) fn rows_with(&self, key: u32) -> impl Iterator<Item = u32> + '_ {
        let from = self.0.partition_point(|it| hash(*it) < key);
        self.0[from..].iter().take_while(move |it| hash(**it) == key).map(|it| row(*it))
    }
}

/// Service users with one key, in the order of what they say.
fn in_order_of_content(view: View<'_>, keys: &mut [u64]) {
    let groups = keys.chunk_by_mut(|one, other| hash(*one) == hash(*other));
    for same in groups.filter(|same| same.len() > 1 && hash(same[0]) != 0) {
        same.sort_by(|one, other| by_content(view, row(*one), row(*other)));
    }
}

fn pack(key: u32, row: u32) -> u64 {
    u64::from(key) << 32 | u64::from(row)
}

fn sorted(n_rows: usize, key: impl Fn(u32) -> Option<u32> + Sync) -> Vec<u64> {
    let n_rows = u32::try_from(n_rows).unwrap_or(u32::MAX);
    let packed = |row: u32| Some(pack(key(row)?, row));
    let mut keys: Vec<u64> = (0..n_rows).into_par_iter().filter_map(packed).collect();
    keys.par_sort_unstable();
    keys
}

const fn hash(key: u64) -> u32 {
    (key >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is the row")]
const fn row(key: u64) -> u32 {
    key as u32
}

/// Compares what two service users say, the identifier first.
fn by_content(view: View<'_>, one: u32, other: u32) -> Ordering {
    let export: &Export = view.sides.rostering;
    let texts = |user: u32| export.row(user as usize).filled().map(|(_, text)| text);
    view.identifier(one).cmp(&view.identifier(other)).then_with(|| texts(one).cmp(texts(other)))
}
