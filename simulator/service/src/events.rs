//! What happened in a world, oldest first. Only the newest are held: older ones are made again from the journal when
//! somebody asks, so that a world that is used for weeks does not grow with everything that ever happened in it.

use crate::world::Event;
use std::{collections::VecDeque, ops::Range};

#[derive(Default)]
pub(crate) struct Events {
    n: usize,
    /// Without gaps.
    held: VecDeque<Event>,
    /// Of the first of those.
    first: usize,
    holds: Holds,
}

/// Which events are held, by their place from 0.
#[derive(Clone, Debug, Default)]
pub(crate) enum Holds {
    #[default]
    Newest,
    These(Range<usize>),
    /// Until they are taken.
    All,
}

/// So many of the newest are held. *Assumed*: whoever follows what happens is never so far behind.
const NEWEST: usize = 10_000;

impl Events {
    pub(crate) fn holding(holds: Holds) -> Events {
        Events { holds, ..Events::default() }
    }

    pub(crate) fn note(&mut self, event: Event) {
        let number = self.n;
        self.n += 1;
        if let Holds::These(range) = &self.holds
            && !range.contains(&number)
        {
            return;
        }
        if self.held.is_empty() {
            self.first = number;
        }
        self.held.push_back(event);
        if matches!(self.holds, Holds::Newest) && self.held.len() > NEWEST {
            self.held.pop_front();
            self.first += 1;
        }
    }

    /// How many there ever were.
    pub(crate) fn len(&self) -> usize {
        self.n
    }

    /// None: not all of them are held.
    pub(crate) fn of(&self, range: Range<usize>) -> Option<impl Iterator<Item = &Event>> {
        let from = if range.is_empty() { 0 } else { range.start.checked_sub(self.first)? };
        (from + range.len() <= self.held.len()).then(|| self.held.range(from..from + range.len()))
    }

    pub(crate) fn take(&mut self) -> impl Iterator<Item = Event> {
        std::mem::take(&mut self.held).into_iter()
    }
}
