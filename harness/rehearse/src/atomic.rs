//! Files that are there whole or not at all: written beside their place under another name, then renamed.

use crate::system;
use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the folder's owner lets.
    Anybody,
    /// The owner alone, where the system knows that: it may hold personal data.
    Owner,
}

/// A file that is being written. Dropped before [`Draft::keep`], it was never there.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    /// Where it is written; none for what is no regular file (a pipe, a device): that is written as it comes.
    beside: Option<PathBuf>,
    file: io::BufWriter<fs::File>,
}

impl Draft {
    /// Its folder is made where it is missing. Says at once whether the file can be written at all.
    pub(crate) fn new(path: &Path, readers: Readers) -> io::Result<Draft> {
        let there = fs::metadata(path).ok();
        if there.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if there.is_some_and(|there| !there.is_file()) {
            let file = fs::OpenOptions::new().write(true).open(path)?;
            return Ok(Draft { path: path.to_owned(), beside: None, file: io::BufWriter::new(file) });
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            system::create_folder(folder, readers)?;
        }
        let beside = beside(path);
        let file = io::BufWriter::new(system::create(&beside, readers)?);
        Ok(Draft { path: path.to_owned(), beside: Some(beside), file })
    }

    pub(crate) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.write_all(text)
    }

    /// From now on it is there.
    pub(crate) fn keep(mut self) -> io::Result<()> {
        self.file.flush()?;
        let Some(beside) = &self.beside else { return Ok(()) };
        self.file.get_ref().sync_all()?;
        fs::rename(beside, &self.path)?;
        self.beside = None;
        Ok(())
    }
}

/// Puts a new text in the place of a file that is there, or where a link leads to. Its permissions stay.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let before = fs::metadata(&path)?.permissions();
    let mut draft = Draft::new(&path, Readers::Anybody)?;
    draft.write(text.as_bytes())?;
    draft.keep()?;
    fs::set_permissions(&path, before)
}

/// Writes a file that is not there yet. One that is there stays as it is: that is the error `AlreadyExists`.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut draft = Draft::new(path, Readers::Anybody)?;
    draft.write(text.as_bytes())?;
    draft.file.flush()?;
    draft.file.get_ref().sync_all()?;
    match &draft.beside {
        // Unlike a renaming, a second name never takes the place of a file that has come meanwhile.
        Some(beside) => match fs::hard_link(beside, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => draft.keep(),
            done => done,
        },
        None => Ok(()),
    }
}

impl io::Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            // Where even that fails, the first error says more.
            let _ = fs::remove_file(beside);
        }
    }
}

/// A whole file at once.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut draft = Draft::new(path, readers)?;
    draft.write(bytes)?;
    draft.keep()
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}
