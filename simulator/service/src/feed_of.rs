//! A changes feed: which things changed, each once, in the order of their last change. It never runs out, because a thing
//! that changes again only moves to the end.

use std::collections::{BTreeMap, VecDeque};

#[derive(Clone, Debug)]
pub(crate) struct Feed<T> {
    /// Every change with its number, in order. One whose thing has changed again since is passed over.
    order: VecDeque<(u64, T)>,
    /// The number of each thing's last change.
    last: BTreeMap<T, u64>,
    n: u64,
}

impl<T> Default for Feed<T> {
    fn default() -> Feed<T> {
        Feed { order: VecDeque::new(), last: BTreeMap::new(), n: 0 }
    }
}

/// As many changes that are passed over are kept beside one for each thing.
const SLACK: usize = 1000;

impl<T: Ord + Clone> Feed<T> {
    pub(crate) fn note(&mut self, it: T) {
        self.n += 1;
        self.last.insert(it.clone(), self.n);
        self.order.push_back((self.n, it));
        if self.order.len() > 2 * self.last.len() + SLACK {
            let last = &self.last;
            self.order.retain(|(n, it)| last.get(it) == Some(n));
        }
    }

    /// At most `limit` things that changed after number `after`; the number to go on from; whether there are more.
    pub(crate) fn after(&self, after: u64, limit: usize) -> (Vec<&T>, u64, bool) {
        let from = self.order.partition_point(|(n, _)| *n <= after);
        let mut changed = self.order.range(from..).filter(|(n, it)| self.last.get(it) == Some(n));
        let page: Vec<&(u64, T)> = changed.by_ref().take(limit).collect();
        let more = changed.next().is_some();
        let next = if more { page.last().map_or(after, |(n, _)| *n) } else { self.n.max(after) };
        (page.into_iter().map(|(_, it)| it).collect(), next, more)
    }

    /// The number of the newest change.
    pub(crate) fn newest(&self) -> u64 {
        self.n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The simplest feed that could be right: everything is looked at every time.
    fn brute(noted: &[u8], after: u64, limit: usize) -> (Vec<u8>, u64, bool) {
        let numbered = || (1_u64..).zip(noted);
        let is_last = |n: u64, it: u8| !numbered().any(|(other, that)| *that == it && other > n);
        let all: Vec<(u64, u8)> =
            numbered().filter(|(n, it)| *n > after && is_last(*n, **it)).map(|(n, it)| (n, *it)).collect();
        let more = all.len() > limit;
        let page = &all[..all.len().min(limit)];
        let next = if more { page.last().map_or(after, |(n, _)| *n) } else { after.max(noted.len() as u64) };
        (page.iter().map(|(_, it)| *it).collect(), next, more)
    }

    #[test]
    fn each_thing_is_told_once_in_the_order_of_its_last_change() {
        let (mut feed, mut noted, mut seed) = (Feed::default(), Vec::new(), 7_u32);
        for n in 0..3000_u64 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let it = (seed >> 27) as u8;
            feed.note(it);
            noted.push(it);
            if n % 250 == 0 || n > 2990 {
                for after in [0, n / 2, n.saturating_sub(3), n, n + 1, n + 9] {
                    for limit in [0, 1, 5, 40] {
                        let (things, next, more) = feed.after(after, limit);
                        let things = things.into_iter().copied().collect();
                        assert_eq!((things, next, more), brute(&noted, after, limit), "{n} {after} {limit}");
                    }
                }
            }
        }
    }
}
