//! Reads a store: the file is sound, every line is sealed, none is missing. Writes nothing, and keeps of a line only what
//! the others need to know.

use super::{Reader, Seal, Sealed, StoreError, file, look};
use crate::{
    journal::{Entry, Journal, Kind, Line},
    line,
    sandbox::Sandbox,
};
use feed::Timestamp;
use rusqlite::{Connection, Row};
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, Mutex},
};

pub(super) struct Read {
    pub(super) seals: HashMap<u64, Seal>,
    pub(super) worlds: Vec<(u64, String, Vec<Line>)>,
    pub(super) next: u64,
}

impl Read {
    /// The worlds, the lines of which this reader has.
    pub(super) fn journals(worlds: Vec<(u64, String, Vec<Line>)>, reader: &Reader) -> Worlds {
        let journal = |(id, name, lines)| (id, name, Journal::restored(lines, reader.shelf(id)));
        worlds.into_iter().map(journal).collect()
    }
}

/// Each with its number and name.
type Worlds = Vec<(u64, String, Journal)>;

/// A store that is sound, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub worlds: Vec<CheckedWorld>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedWorld {
    pub name: String,
    /// Lines of its journal.
    pub n_calls: usize,
    /// Where its clock stands.
    pub now: Timestamp,
    /// A line cannot be done again: a fault of ours.
    pub is_broken: bool,
}

/// Whether a store is sound, and which worlds are in it. It may be in use.
pub fn check(path: &Path) -> Result<Checked, StoreError> {
    let worlds = journals(path)?.into_iter().map(|(id, name, journal)| {
        let n_calls = journal.kept().len();
        let now = journal.kept().last().map_or(Timestamp::UNIX_EPOCH, |line| line.at);
        let sandbox = Sandbox::new(name.clone(), id, Arc::new(Mutex::new(journal)), None);
        CheckedWorld { name, n_calls, now, is_broken: sandbox.world().is_err() }
    });
    Ok(Checked { worlds: worlds.collect() })
}

/// The worlds of a store that may be in use.
pub(crate) fn journals(path: &Path) -> Result<Worlds, StoreError> {
    file::must_be_ours(path)?;
    let db = look(path)?;
    let worlds = read(&db)?.worlds;
    Ok(Read::journals(worlds, &Reader::new(db)))
}

/// Everything that is in it, as one moment has it.
pub(super) fn read(db: &Connection) -> Result<Read, StoreError> {
    db.execute_batch("PRAGMA cell_size_check = ON; BEGIN")?;
    must_be_sound(db)?;
    let names = names(db)?;
    let mut lines: BTreeMap<u64, Vec<Line>> = names.keys().map(|id| (*id, Vec::new())).collect();
    let mut seals: HashMap<u64, Seal> = names.iter().map(|(id, name)| (*id, Seal::of_world(name))).collect();
    let mut select =
        db.prepare("SELECT world, number, at, entry, seal FROM journal ORDER BY world, number")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (world, line, seal) = next(row, &lines, &seals, &names)?;
        seals.insert(world, seal);
        lines.entry(world).or_default().push(line);
    }
    drop(rows);
    drop(select);
    let sequence = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'world'";
    let last: i64 = db.query_row(sequence, [], |row| row.get(0))?;
    db.execute_batch("COMMIT")?;
    let worlds = names.into_iter().map(|(id, name)| {
        let lines = lines.remove(&id).unwrap_or_default();
        if lines.is_empty() {
            return Err(StoreError::Damaged(format!("world {name:?} has no beginning")));
        }
        Ok((id, name, lines))
    });
    Ok(Read { seals, worlds: worlds.collect::<Result<_, _>>()?, next: last.unsigned_abs() + 1 })
}

fn must_be_sound(db: &Connection) -> Result<(), StoreError> {
    let found: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found)) }
}

fn names(db: &Connection) -> Result<BTreeMap<u64, String>, StoreError> {
    let mut select = db.prepare("SELECT id, name FROM world")?;
    let rows = select.query_map([], |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The next line of a world, if it is what was written.
fn next(
    row: &Row<'_>,
    lines: &BTreeMap<u64, Vec<Line>>,
    seals: &HashMap<u64, Seal>,
    names: &BTreeMap<u64, String>,
) -> Result<(u64, Line, Seal), StoreError> {
    let world = row.get::<_, i64>(0)?.unsigned_abs();
    let number = usize::try_from(row.get::<_, i64>(1)?).unwrap_or(usize::MAX);
    let Some(name) = names.get(&world) else {
        return Err(StoreError::Damaged(format!("call {number} is of no world")));
    };
    let damaged = |what: &str| StoreError::Damaged(format!("call {number} of world {name:?} {what}"));
    let n_before = lines.get(&world).map_or(0, Vec::len);
    if number != n_before + 1 {
        return Err(damaged("comes where another is missing"));
    }
    let read = |idx| row.get::<_, String>(idx).map_err(|_| damaged("cannot be read"));
    let (at, text) = (read(2)?, Sealed::new(read(3)?));
    let seal = seals.get(&world).copied().unwrap_or_default().then(number, &at, &text);
    if row.get::<_, Vec<u8>>(4).map_err(|_| damaged("cannot be read"))? != seal.0 {
        return Err(damaged("is not what was written"));
    }
    let kind = kind(&text.text).ok_or_else(|| damaged("is not understood"))?;
    let at = at.parse().map_err(|_| damaged("has no instant"))?;
    if number == 1 && kind != Kind::SetUp {
        return Err(damaged("is no beginning"));
    }
    Ok((world, Line { at, kind, entry: None }, seal))
}

/// Nearly every line is a call. What it says is understood when it is done.
fn kind(text: &str) -> Option<Kind> {
    if text.starts_with(line::CALL) {
        return Some(Kind::Call);
    }
    serde_json::from_str::<Entry>(text).ok().map(|entry| Kind::from(&entry))
}
