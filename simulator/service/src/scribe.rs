//! Writes journals. Without a store a line is kept at once, in memory. With one, a single thread writes what waits, all of
//! it in one transaction, and **says that a line is kept only once it is on disk**: who asks at the same time shares a
//! flush. What the disk does not take was never there.

use crate::{
    journal::{Done, Entry, Journal, hold},
    line,
    sandbox::Cannot,
    store::{Fault, Reader, Row, Sealed, Shelf, Store},
};
use feed::Timestamp;
use std::{
    io,
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
};
use tokio::sync::oneshot;

pub(crate) enum Scribe {
    Memory,
    Store(mpsc::Sender<Order>, Reader),
}

/// Why a line was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotKept {
    Cannot(Cannot),
    Store(Fault),
}

impl NotKept {
    pub(crate) fn is_read_only(&self) -> bool {
        matches!(self, NotKept::Store(Fault::ReadOnly))
    }
}

pub(crate) struct Order {
    world: u64,
    journal: Arc<Mutex<Journal>>,
    what: What,
    turn: oneshot::Sender<Result<(), NotKept>>,
}

impl Order {
    /// In bytes that are to be written.
    fn size(&self) -> usize {
        match &self.what {
            What::Write { text, .. } => text.len(),
            What::Remove => 0,
        }
    }
}

enum What {
    Write {
        /// The name of a world that is new.
        new: Option<String>,
        now: Option<Timestamp>,
        entry: Arc<Entry>,
        text: Sealed,
        done: Done,
    },
    Remove,
}

impl Scribe {
    /// The store's thread ends when this is dropped.
    pub(crate) fn with(store: Store) -> io::Result<(Scribe, JoinHandle<()>)> {
        let (orders, come) = mpsc::channel();
        let reader = store.reader.clone();
        let thread = thread::Builder::new().name("store".to_owned()).spawn(move || keep_all(store, &come))?;
        Ok((Scribe::Store(orders, reader), thread))
    }

    /// Where the lines of a world can be read once they are kept. None: nowhere but in its journal.
    pub(crate) fn shelf(&self, world: u64) -> Option<Shelf> {
        match self {
            Scribe::Memory => None,
            Scribe::Store(_, reader) => Some(reader.shelf(world)),
        }
    }

    /// Writes a line into the journal of a world. `done` is called when whoever locks the world next has done it.
    pub(crate) async fn write(
        &self,
        world: u64,
        new: Option<String>,
        journal: Arc<Mutex<Journal>>,
        now: Option<Timestamp>,
        entry: Entry,
        done: Done,
    ) -> Result<(), NotKept> {
        let entry = Arc::new(entry);
        let Scribe::Store(orders, _) = self else {
            let mut journal = hold(&journal);
            let at = journal.admit(now, &entry).map_err(NotKept::Cannot)?;
            let number = journal.write(at, entry);
            journal.keep(number, done);
            return Ok(());
        };
        let text = line::written(&entry).map_err(|error| failed(&error.to_string()))?;
        let text = Sealed::new(text);
        order(orders, world, journal, What::Write { new, now, entry, text, done }).await
    }

    /// Takes a world away, with everything that was asked of it.
    pub(crate) async fn remove(&self, world: u64, journal: Arc<Mutex<Journal>>) -> Result<(), NotKept> {
        let Scribe::Store(orders, _) = self else {
            hold(&journal).go();
            return Ok(());
        };
        order(orders, world, journal, What::Remove).await
    }
}

async fn order(
    orders: &mpsc::Sender<Order>,
    world: u64,
    journal: Arc<Mutex<Journal>>,
    what: What,
) -> Result<(), NotKept> {
    let (turn, told) = oneshot::channel();
    let gone = |()| failed("the store was closed");
    orders.send(Order { world, journal, what, turn }).map_err(|_| gone(()))?;
    told.await.map_err(|_| gone(()))?
}

fn failed(why: &str) -> NotKept {
    NotKept::Store(Fault::Failed(why.to_owned()))
}

/// As many as wait while the disk is busy are written at once, up to this. *Assumed*: more would wait too long for the first.
const MOST_AT_ONCE: usize = 512;

/// Nor more than so many bytes and the last of them, so that what is kept is done while the next is written. *Assumed*, from
/// measurement.
const MOST_BYTES_AT_ONCE: usize = 192 * 1024;

fn keep_all(mut store: Store, orders: &mpsc::Receiver<Order>) {
    while let Ok(first) = orders.recv() {
        let mut batch = vec![first];
        let mut n_bytes = batch[0].size();
        while batch.len() < MOST_AT_ONCE && n_bytes < MOST_BYTES_AT_ONCE {
            let Ok(next) = orders.try_recv() else { break };
            n_bytes += next.size();
            batch.push(next);
        }
        let mut writes = Vec::new();
        for order in batch {
            match order.what {
                What::Write { .. } => writes.push(order),
                What::Remove => {
                    keep(&mut store, std::mem::take(&mut writes));
                    remove(&mut store, order);
                }
            }
        }
        keep(&mut store, writes);
    }
}

/// Writes these lines in one transaction. If the disk does not take them all, each has a try of its own, so that one that
/// is too large does not keep the others out.
fn keep(store: &mut Store, orders: Vec<Order>) {
    let mut admitted = Vec::new();
    for order in orders {
        let What::Write { now, entry, .. } = &order.what else { continue };
        let mut journal = hold(&order.journal);
        match journal.admit(*now, entry) {
            Ok(at) => {
                let number = journal.write(at, Arc::clone(entry));
                drop(journal);
                admitted.push((number, at, order));
            }
            Err(cannot) => {
                drop(journal);
                tell(order.turn, Err(NotKept::Cannot(cannot)));
            }
        }
    }
    if admitted.is_empty() {
        return;
    }
    let rows: Vec<Row<'_>> =
        admitted.iter().filter_map(|(number, at, order)| row(*number, *at, order)).collect();
    match store.keep(&rows) {
        Ok(()) => admitted.into_iter().for_each(|(number, _, order)| is_kept(number, order)),
        Err(fault) => {
            drop(rows);
            for (.., order) in &admitted {
                hold(&order.journal).take_back();
            }
            let is_alone = admitted.len() == 1;
            for (.., order) in admitted {
                if is_alone {
                    tell(order.turn, Err(NotKept::Store(fault.clone())));
                } else {
                    keep(store, vec![order]);
                }
            }
        }
    }
}

fn row(number: usize, at: Timestamp, order: &Order) -> Option<Row<'_>> {
    match &order.what {
        What::Write { new, text, .. } => {
            Some(Row { world: order.world, new: new.as_deref(), number, at, text })
        }
        What::Remove => None,
    }
}

fn is_kept(number: usize, order: Order) {
    if let What::Write { done, entry, .. } = order.what {
        // Whoever does it has it alone then, and need not copy it.
        drop(entry);
        hold(&order.journal).keep(number, done);
    }
    tell(order.turn, Ok(()));
}

fn remove(store: &mut Store, order: Order) {
    let removed = store.remove(order.world);
    if removed.is_ok() {
        hold(&order.journal).go();
    }
    tell(order.turn, removed.map_err(NotKept::Store));
}

fn tell(turn: oneshot::Sender<Result<(), NotKept>>, result: Result<(), NotKept>) {
    // Whoever went away meanwhile does not want to know.
    let _ = turn.send(result);
}
