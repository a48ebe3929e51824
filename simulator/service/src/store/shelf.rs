//! Reads lines that are kept, while others are written: what a world was asked long ago is not held in memory.

use crate::again::Lost;
use rusqlite::{Connection, params};
use std::sync::{Arc, Mutex, PoisonError};

/// The lines of one world.
#[derive(Clone)]
pub(crate) struct Shelf {
    reader: Reader,
    world: u64,
}

/// Shared by all worlds of a store.
#[derive(Clone)]
pub(crate) struct Reader(Arc<Mutex<Connection>>);

impl Reader {
    pub(crate) fn new(db: Connection) -> Reader {
        Reader(Arc::new(Mutex::new(db)))
    }

    pub(crate) fn shelf(&self, world: u64) -> Shelf {
        Shelf { reader: self.clone(), world }
    }
}

/// Lines are read until they make up so many bytes. *Assumed*: little beside a world, much beside a line.
const PART: usize = 1024 * 1024;

const BETWEEN: &str =
    "SELECT number, entry FROM journal WHERE world = ?1 AND number BETWEEN ?2 AND ?3 ORDER BY number";

impl Shelf {
    /// What the first of these lines say: one at least, and as many as make up a part. Numbers go up.
    pub(crate) fn texts(&self, numbers: &[usize]) -> Result<Vec<String>, Lost> {
        self.read(numbers).map_err(|error| Lost(error.to_string()))
    }

    fn read(&self, numbers: &[usize]) -> rusqlite::Result<Vec<String>> {
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Ok(Vec::new()) };
        let signed = |number: &usize| super::signed(*number as u64);
        let db = self.reader.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut select = db.prepare_cached(BETWEEN)?;
        let mut rows = select.query(params![super::signed(self.world), signed(first), signed(last)])?;
        let (mut texts, mut n_bytes) = (Vec::new(), 0);
        for number in numbers.iter().map(signed) {
            let row = loop {
                let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
                if row.get::<_, i64>(0)? == number {
                    break row;
                }
            };
            let text: String = row.get(1)?;
            n_bytes += text.len();
            texts.push(text);
            if n_bytes > PART {
                break;
            }
        }
        Ok(texts)
    }
}
