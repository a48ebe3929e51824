//! Does what stands in a journal once more. What the store has is read and understood on a thread of its own, ahead of whoever
//! does it, so that both cores have work.
//!
//! **There are no snapshots of a world beside its journal.** What a world is made of (the engine's records, index and
//! branches, the rostering systems, what is on its way, the changes feeds) is a hundred types in four crates that know
//! nothing of files; written down they would be a second truth that can differ from the first, for ever after to be read by
//! newer versions. Doing it again costs little instead: `bench opening` says how much for 100,000 calls.

use crate::{
    journal::{Call, Entry, Past, Step},
    line,
    store::Shelf,
    wire::WorldSetUp,
};
use std::{
    fmt,
    sync::{Arc, mpsc},
    thread,
};

/// Lines that stand, to be done once more.
pub(crate) struct Again {
    pub(crate) past: Past,
    /// What the set-up says, where that is held in memory.
    pub(crate) began: Option<Arc<Entry>>,
    /// What each step says, where that is held in memory.
    pub(crate) held: Vec<Option<Arc<Entry>>>,
    pub(crate) shelf: Option<Shelf>,
}

/// A line that was kept cannot be read any more: whole sentences, without an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost(pub(crate) String);

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// So many parts are read ahead, of so many lines at most. *Assumed*, from measurement.
const AHEAD: usize = 4;
const LINES_A_PART: usize = 512;

impl Again {
    pub(crate) fn set_up(&self) -> Result<WorldSetUp, Lost> {
        let number = self.past.began.number;
        let entry = entries(self.shelf.as_ref(), &[(number, self.began.clone())])?.pop();
        match entry.as_deref() {
            Some(Entry::SetUp(set_up)) => Ok(set_up.clone()),
            _ => Err(Lost(format!("call {number} sets nothing up"))),
        }
    }

    /// Does each step, in order.
    pub(crate) fn each(self, mut does: impl FnMut(Step, &Call)) -> Result<(), Lost> {
        let Again { past, held, shelf: store, .. } = self;
        let Some(store) = store else {
            let steps = past.steps.iter().zip(&held);
            steps.for_each(|(step, entry)| does(*step, called(entry.as_deref())));
            return Ok(());
        };
        let (tell, told) = mpsc::sync_channel(AHEAD);
        thread::scope(|scope| {
            scope.spawn(move || read_ahead(&store, &past.steps, &held, &tell));
            for part in told {
                part?.iter().for_each(|(step, entry)| does(*step, called(Some(entry))));
            }
            Ok(())
        })
    }
}

/// A line that is no call lets time pass, and no more.
fn called(entry: Option<&Entry>) -> &Call {
    match entry {
        Some(Entry::Call(call)) => call,
        _ => &Call::Pass,
    }
}

type Part = Result<Vec<(Step, Arc<Entry>)>, Lost>;

/// Reads until everything was read, or nobody listens any more.
fn read_ahead(shelf: &Shelf, steps: &[Step], held: &[Option<Arc<Entry>>], tell: &mpsc::SyncSender<Part>) {
    let mut n_read = 0;
    while n_read < steps.len() {
        let next = steps[n_read..].iter().zip(&held[n_read..]).take(LINES_A_PART);
        let wanted: Vec<_> = next.map(|(step, held)| (step.number, held.clone())).collect();
        let part = entries(Some(shelf), &wanted)
            .map(|entries| steps[n_read..].iter().copied().zip(entries).collect::<Vec<_>>());
        n_read += part.as_ref().map_or(steps.len(), Vec::len);
        if tell.send(part).is_err() {
            return;
        }
    }
}

/// What the first of these lines say: one at least, and as many as make up a part. Numbers go up.
pub(crate) fn entries(
    shelf: Option<&Shelf>,
    wanted: &[(usize, Option<Arc<Entry>>)],
) -> Result<Vec<Arc<Entry>>, Lost> {
    let n_held = wanted.iter().take_while(|(_, held)| held.is_some()).count();
    if n_held > 0 {
        return Ok(wanted[..n_held].iter().filter_map(|(_, held)| held.clone()).collect());
    }
    let n_missing = wanted.iter().take_while(|(_, held)| held.is_none()).count();
    let numbers: Vec<usize> = wanted[..n_missing].iter().map(|(number, _)| *number).collect();
    let Some(shelf) = shelf else { return Err(Lost("a line is not where it was".to_owned())) };
    let texts = shelf.texts(&numbers)?;
    let read = |(number, text): (&usize, String)| {
        line::read(&text).map(Arc::new).map_err(|_| Lost(format!("call {number} is not understood")))
    };
    numbers.iter().zip(texts).map(read).collect()
}
