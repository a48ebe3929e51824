//! Copies a store while it is in use: one moment of it, whole.

use super::{Checked, StoreError, check, file, look};
use rusqlite::{Connection, OpenFlags, backup::Backup, backup::StepResult};
use std::{io, path::Path, thread, time::Duration};

/// How long is waited for somebody who is just writing.
const WAIT: Duration = Duration::from_millis(20);

/// Copies the store `from` to the file `to`, which must not be there yet. Says what is in the copy, which was checked.
pub fn backup(from: &Path, to: &Path) -> Result<Checked, StoreError> {
    if to.symlink_metadata().is_ok() {
        return Err(StoreError::Io(io::ErrorKind::AlreadyExists.into()));
    }
    file::must_be_ours(from)?;
    let from = look(from)?;
    let mut checked = None;
    file::create(to, |new| {
        copy(&from, new)?;
        // Nothing may be left beside the copy: it is carried elsewhere by itself.
        checked = Some(check(new)?);
        Ok(())
    })?;
    checked.ok_or_else(|| StoreError::Io(io::Error::other("it was not copied")))
}

fn copy(from: &Connection, to: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut to = Connection::open_with_flags(to, flags)?;
    let backup = Backup::new(from, &mut to)?;
    // All at once, so that it is one moment: who writes meanwhile writes into the log and does not wait.
    while !matches!(backup.step(-1)?, StepResult::Done) {
        thread::sleep(WAIT);
    }
    drop(backup);
    // Without a log, the copy is one file and no more.
    to.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    to.close().map_err(|(_, error)| error)?;
    Ok(())
}
