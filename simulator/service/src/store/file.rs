//! The file of a store and the lock beside it: whose it is, who may read it, and how it comes to be there whole.

use super::{APPLICATION, OLDEST, StoreError, VERSION};
use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

/// One process at a time. None: nothing can be written there, so nobody has to be kept out.
pub(super) fn lock(path: &Path) -> Result<Option<File>, StoreError> {
    let place = beside(path, ".lock");
    let mut file = match private(OpenOptions::new().read(true).write(true).create(true)).open(place) {
        Ok(file) => file,
        Err(error) if is_read_only(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut who = String::new();
            // Where it cannot be read, somebody has it all the same.
            let _ = file.read_to_string(&mut who);
            return Err(StoreError::InUse(who.trim().parse().ok()));
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    // Who has it is a courtesy.
    let _ =
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(Some(file))
}

/// Whether it is there. What is no plain file is refused.
pub(super) fn is_there(path: &Path) -> Result<bool, StoreError> {
    match path.symlink_metadata() {
        Ok(there) if there.is_file() => Ok(true),
        Ok(there) if there.is_dir() => Err(StoreError::NotAStore("it is a folder".into())),
        Ok(_) => Err(StoreError::NotAStore("it is no plain file".into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// There whole or not at all: made under another name, then renamed.
pub(super) fn create(
    path: &Path,
    make: impl FnOnce(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let new = beside(path, ".new");
    for left_behind in [new.clone(), beside(&new, "-wal"), beside(&new, "-shm"), beside(&new, "-journal")] {
        match std::fs::remove_file(left_behind) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    private(OpenOptions::new().write(true).create_new(true)).open(&new)?;
    make(&new)?;
    File::open(&new)?.sync_all()?;
    std::fs::rename(&new, path)?;
    sync_folder(path)?;
    Ok(())
}

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Looks at the file's own header, before SQLite does anything with it.
pub(super) fn must_be_ours(path: &Path) -> Result<(), StoreError> {
    if !is_there(path)? {
        return Err(StoreError::Io(io::ErrorKind::NotFound.into()));
    }
    let mut header = Vec::new();
    File::open(path)?.take(100).read_to_end(&mut header)?;
    // Offsets 60 and 68: user version and application ID. SQLite, "Database File Format", 1.3.
    let number = |at: usize| header.get(at..at + 4).and_then(|it| it.try_into().ok()).map(i32::from_be_bytes);
    if header.is_empty() {
        return Err(StoreError::NotAStore("it is empty".into()));
    }
    if !header.starts_with(MAGIC) {
        return Err(StoreError::NotAStore("it does not begin as one".into()));
    }
    if number(68) != Some(APPLICATION) {
        return Err(StoreError::NotAStore("it is another program's database".into()));
    }
    match number(60) {
        Some(found) if found > VERSION => Err(StoreError::Newer { found }),
        Some(found) if found >= OLDEST => Ok(()),
        _ => Err(StoreError::Damaged("its version cannot be read".into())),
    }
}

pub(super) fn can_be_written(path: &Path) -> Result<bool, StoreError> {
    match OpenOptions::new().write(true).open(path) {
        Ok(_) => Ok(true),
        Err(error) if is_read_only(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Lines that are kept may still stand in the log beside it.
pub(super) fn has_log(path: &Path) -> bool {
    beside(path, "-wal").metadata().is_ok_and(|log| log.len() > 0)
}

/// As a name that tells SQLite that nobody writes there.
pub(super) fn unchanging(path: &Path) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?immutable=1")
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(unix)]
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
pub(super) fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(path.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_open_to_others(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// A new name is on disk once its folder is.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
