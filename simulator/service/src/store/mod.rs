//! Keeps journals in one SQLite file: every line of every world, sealed. **What was kept is on disk**: write-ahead log,
//! every commit flushed. A file that is damaged, or of a newer version, is refused and left as it is.
//!
//! Knows lines as texts; what they mean is the business of `journal`.

mod backup;
mod file;
mod read;
mod shelf;

pub use backup::backup;
pub(crate) use read::journals;
pub use read::{Checked, CheckedWorld, check};
pub(crate) use shelf::{Reader, Shelf};

use crate::journal::Journal;
use feed::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
    time::Duration,
};

/// Which program's file it is: "rehs", in the header that SQLite has for that.
const APPLICATION: i32 = 0x7265_6873;

/// The format. A change of the tables, or of how a line is written, is another number. 2: larger updates are rows.
const VERSION: i32 = 2;

/// The oldest format that is read. Such a store becomes one of [`VERSION`] once it is opened for writing: every line of
/// format 1 is one of format 2.
const OLDEST: i32 = 1;

const TABLES: &str = "
CREATE TABLE world (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE journal (
    world INTEGER NOT NULL REFERENCES world (id),
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    entry TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (world, number)
) STRICT, WITHOUT ROWID;
";

/// A store that is open. Nobody else has it open for writing.
pub struct Store {
    db: Connection,
    pub(crate) reader: Reader,
    /// Of the last line of each world.
    seals: HashMap<u64, Seal>,
    /// The worlds that are in it, until they are taken.
    pub(crate) there: Vec<(u64, String, Journal)>,
    /// The number of the next world. That of one that was taken away is not used again.
    pub(crate) next: u64,
    path: PathBuf,
    is_read_only: bool,
    is_open_to_others: bool,
    /// Released when it is closed, however that happens.
    _lock: Option<std::fs::File>,
}

/// A line to be written.
pub(crate) struct Row<'a> {
    pub(crate) world: u64,
    /// The name of a world that is new.
    pub(crate) new: Option<&'a str>,
    pub(crate) number: usize,
    pub(crate) at: Timestamp,
    pub(crate) text: &'a Sealed,
}

/// Why something was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The disk, or what the store may take of it, is full.
    Full,
    ReadOnly,
    Failed(String),
}

/// Why a store cannot be opened. It was left as it is.
#[derive(Debug)]
pub enum StoreError {
    /// Some other file.
    NotAStore(String),
    Newer {
        found: i32,
    },
    /// With what is wrong and where.
    Damaged(String),
    /// By this process, where it says so.
    InUse(Option<u32>),
    Io(io::Error),
}

impl StoreError {
    /// It is about what stands in the file, and not about this computer.
    pub fn is_of_the_file(&self) -> bool {
        matches!(self, StoreError::NotAStore(_) | StoreError::Newer { .. } | StoreError::Damaged(_))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::NotAStore(why) => write!(f, "it is not a store of rehearse: {why}"),
            StoreError::Newer { found } => write!(
                f,
                "it was written by a newer version of rehearse (format {found}; this one reads format {VERSION})"
            ),
            StoreError::Damaged(what) => write!(f, "it is damaged: {what}"),
            StoreError::InUse(Some(id)) => write!(f, "process {id} has it open"),
            StoreError::InUse(None) => f.write_str("another process has it open"),
            StoreError::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> StoreError {
        StoreError::Io(error)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(error.to_string()),
            Some(ErrorCode::NotADatabase) => StoreError::NotAStore(error.to_string()),
            _ => StoreError::Io(io::Error::other(error.to_string())),
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::TooBig) => Fault::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Fault::ReadOnly,
            _ => Fault::Failed(error.to_string()),
        }
    }
}

impl Store {
    /// Opens the store at `path`, and makes it where there is none. `room`: how many bytes it may take, but for what is
    /// being written.
    pub fn open(path: &Path, room: Option<u64>) -> Result<Store, StoreError> {
        if file::is_there(path)? {
            file::must_be_ours(path)?;
        }
        let lock = file::lock(path)?;
        if !file::is_there(path)? {
            file::create(path, make)?;
        }
        let is_read_only = lock.is_none() || !file::can_be_written(path)?;
        let looked = look(path)?;
        let read = read::read(&looked)?;
        let (db, reader) =
            if is_read_only { (looked, look(path)?) } else { (connect(path, room)?, connect_to_read(path)?) };
        let reader = Reader::new(reader);
        Ok(Store {
            db,
            seals: read.seals,
            there: read::Read::journals(read.worlds, &reader),
            reader,
            next: read.next,
            path: path.to_owned(),
            is_read_only,
            is_open_to_others: file::is_open_to_others(path)?,
            _lock: lock,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// It can be looked at, and nothing can be written.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Other users of this computer may read the file.
    pub fn is_open_to_others(&self) -> bool {
        self.is_open_to_others
    }

    /// Writes these lines, all or none, and returns once they are on disk.
    pub(crate) fn keep(&mut self, rows: &[Row<'_>]) -> Result<(), Fault> {
        self.can_write()?;
        let mut seals: HashMap<u64, Seal> = HashMap::new();
        let written = self.write(rows, &mut seals);
        if let Err(error) = written {
            // After some errors SQLite has rolled back by itself, and then there is nothing left to undo.
            let _ = self.db.execute_batch("ROLLBACK");
            return Err(error.into());
        }
        self.seals.extend(seals);
        Ok(())
    }

    /// A file that was taken away while it was open would still take what is written, and lose it.
    fn can_write(&self) -> Result<(), Fault> {
        match file::is_there(&self.path) {
            _ if self.is_read_only => Err(Fault::ReadOnly),
            Ok(true) => Ok(()),
            _ => Err(Fault::Failed("its file is no longer where it was".to_owned())),
        }
    }

    fn write(&self, rows: &[Row<'_>], seals: &mut HashMap<u64, Seal>) -> rusqlite::Result<()> {
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        for row in rows {
            if let Some(name) = row.new {
                let mut insert = self.db.prepare_cached("INSERT INTO world (id, name) VALUES (?1, ?2)")?;
                insert.execute(params![signed(row.world), name])?;
                seals.insert(row.world, Seal::of_world(name));
            }
            let before = seals.get(&row.world).or_else(|| self.seals.get(&row.world)).copied();
            let at = row.at.to_string();
            let seal = before.unwrap_or_default().then(row.number, &at, row.text);
            let mut insert = self.db.prepare_cached(
                "INSERT INTO journal (world, number, at, entry, seal) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            insert.execute(params![
                signed(row.world),
                signed(row.number as u64),
                at,
                row.text.text,
                seal.0
            ])?;
            seals.insert(row.world, seal);
        }
        self.db.execute_batch("COMMIT")
    }

    /// Takes everything of a world out, so that not even the file's unused parts have it.
    pub(crate) fn remove(&mut self, world: u64) -> Result<(), Fault> {
        self.can_write()?;
        let remove = || {
            self.db.execute_batch("BEGIN IMMEDIATE")?;
            self.db.execute("DELETE FROM journal WHERE world = ?1", [signed(world)])?;
            self.db.execute("DELETE FROM world WHERE id = ?1", [signed(world)])?;
            self.db.execute_batch("COMMIT")
        };
        if let Err(error) = remove() {
            let _ = self.db.execute_batch("ROLLBACK");
            return Err(error.into());
        }
        self.seals.remove(&world);
        // The log still has it. Where it cannot be emptied now, closing the store does.
        let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(())
    }
}

/// Vouches for a line and for every line before it, so that none can be changed, left out or put elsewhere unnoticed.
/// SHA-256. It guards against broken disks, not against malice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seal([u8; 32]);

impl Seal {
    fn of_world(name: &str) -> Seal {
        Seal(Sha256::digest(name.as_bytes()).into())
    }

    fn then(self, number: usize, at: &str, line: &Sealed) -> Seal {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update((number as u64).to_le_bytes());
        hash.update(at.as_bytes());
        hash.update(line.hash);
        Seal(hash.finalize().into())
    }
}

/// The text of a line with its hash, which whoever asks makes, so that the one who writes need not.
pub(crate) struct Sealed {
    text: String,
    hash: [u8; 32],
}

impl Sealed {
    pub(crate) fn new(text: String) -> Sealed {
        let hash = Sha256::digest(text.as_bytes()).into();
        Sealed { text, hash }
    }

    /// In bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }
}

/// SQLite's whole numbers are signed.
fn signed(it: u64) -> i64 {
    i64::try_from(it).unwrap_or(i64::MAX)
}

/// *Assumed*: whoever looks at the store at the same time is done by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// So long may the log grow before it is taken into the file: 16 MiB. *Assumed*: four times as long as usual, because a
/// journal only grows at its end and what is taken over is never written twice.
const LOG_PAGES: u32 = 4000;

/// For reading alone: the file stays as it is, to the byte.
fn look(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match Connection::open_with_flags(path, flags).and_then(|db| first_look(&db).map(|()| db)) {
        // Where beside the file nothing can be written, and nothing is there that would have to be read with it.
        Err(error) if is_for_lack_of_rights(&error) && !file::has_log(path) => {
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(file::unchanging(path), flags)?
        }
        opened => opened?,
    };
    db.busy_timeout(PATIENCE)?;
    Ok(db)
}

/// Even a reader makes files beside a store with a log.
fn is_for_lack_of_rights(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

fn first_look(db: &Connection) -> rusqlite::Result<()> {
    db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

fn connect(path: &Path, room: Option<u64>) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    db.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    db.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    db.query_row(&format!("PRAGMA wal_autocheckpoint = {LOG_PAGES}"), [], |_| Ok(()))?;
    renew(&db)?;
    if let Some(room) = room {
        let page: i64 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let n_pages = (signed(room) / page.max(1)).max(1);
        db.query_row(&format!("PRAGMA max_page_count = {n_pages}"), [], |_| Ok(()))?;
    }
    Ok(db)
}

/// Takes over a store of an older format. The file itself says so before anything else is written.
fn renew(db: &Connection) -> Result<(), StoreError> {
    let found: i32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found < VERSION {
        db.execute_batch(&format!("PRAGMA user_version = {VERSION}"))?;
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Writes nothing, but may, so that it can end the log if it is closed last.
fn connect_to_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    db.execute_batch("PRAGMA query_only = ON")?;
    Ok(db)
}

/// An empty store in a file that is there and empty.
fn make(path: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; BEGIN; \
         {TABLES} COMMIT;"
    ))?;
    db.close().map_err(|(_, error)| error)?;
    Ok(())
}
