//! A changes feed: which things changed, each once, in the order of their last change. It never runs out, because a thing
//! that changes again only moves to the end.

use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub(crate) struct Feed<T> {
    order: BTreeMap<u64, T>,
    last: BTreeMap<T, u64>,
    n: u64,
}

impl<T> Default for Feed<T> {
    fn default() -> Feed<T> {
        Feed { order: BTreeMap::new(), last: BTreeMap::new(), n: 0 }
    }
}

impl<T: Ord + Clone> Feed<T> {
    pub(crate) fn note(&mut self, it: T) {
        self.n += 1;
        if let Some(before) = self.last.insert(it.clone(), self.n) {
            self.order.remove(&before);
        }
        self.order.insert(self.n, it);
    }

    /// At most `limit` things that changed after number `after`; the number to go on from; whether there are more.
    pub(crate) fn after(&self, after: u64, limit: usize) -> (Vec<&T>, u64, bool) {
        let mut changed = self.order.range(after.saturating_add(1)..);
        let page: Vec<(&u64, &T)> = changed.by_ref().take(limit).collect();
        let more = changed.next().is_some();
        let next = if more { page.last().map_or(after, |(n, _)| **n) } else { self.n.max(after) };
        (page.into_iter().map(|(_, it)| it).collect(), next, more)
    }

    /// The number of the newest change.
    pub(crate) fn newest(&self) -> u64 {
        self.n
    }
}
