//! Files that are there whole or not at all: written beside their place under another name, then renamed.

use crate::system;
use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    thread::JoinHandle,
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
    /// Bytes that nobody has begun to bring to the disk.
    n_loose: usize,
    settling: Option<JoinHandle<io::Result<()>>>,
}

/// So much is brought to the disk at once while the rest is still being made. *Assumed*, from measurement: a file of
/// hundreds of megabytes is then nearly all there when it ends.
const SETTLES: usize = 8 << 20;

impl Draft {
    /// Its folder is made where it is missing. Says at once whether the file can be written at all.
    pub(crate) fn new(path: &Path, readers: Readers) -> io::Result<Draft> {
        let there = fs::metadata(path).ok();
        if there.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if there.is_some_and(|there| !there.is_file()) {
            let file = fs::OpenOptions::new().write(true).open(path)?;
            return Ok(Draft::of(path, None, file));
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            system::create_folder(folder, readers)?;
        }
        let beside = beside(path);
        let file = system::create(&beside, readers)?;
        Ok(Draft::of(path, Some(beside), file))
    }

    fn of(path: &Path, beside: Option<PathBuf>, file: fs::File) -> Draft {
        let file = io::BufWriter::new(file);
        Draft { path: path.to_owned(), beside, file, n_loose: 0, settling: None }
    }

    pub(crate) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.write_all(text)
    }

    /// Begins to bring what was written to the disk, unless the last such piece is still on its way.
    fn settle(&mut self) -> io::Result<()> {
        if self.beside.is_none() || self.settling.as_ref().is_some_and(|it| !it.is_finished()) {
            return Ok(());
        }
        self.settled()?;
        self.file.flush()?;
        let file = self.file.get_ref().try_clone()?;
        self.n_loose = 0;
        // Where there is no thread to be had, it is done at the end.
        self.settling = std::thread::Builder::new().spawn(move || file.sync_data()).ok();
        Ok(())
    }

    /// What came of the last piece. An error is told once only, so it must not be lost.
    fn settled(&mut self) -> io::Result<()> {
        self.settling
            .take()
            .map_or(Ok(()), |it| it.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
    }

    /// All of it is on the disk.
    fn finish(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.settled()?;
        if self.beside.is_some() { self.file.get_ref().sync_all() } else { Ok(()) }
    }

    /// From now on it is there.
    pub(crate) fn keep(mut self) -> io::Result<()> {
        self.finish()?;
        let Some(beside) = &self.beside else { return Ok(()) };
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
    draft.finish()?;
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
        let n = self.file.write(bytes)?;
        self.n_loose += n;
        if self.n_loose >= SETTLES {
            self.settle()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            let _ = self.settling.take().map(JoinHandle::join);
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
