//! What is done otherwise on Unix than elsewhere: who may read a file, and a limit on its size. No other module asks on
//! which system it runs.

use crate::atomic::Readers;
use std::{fs, io, path::Path};

/// Opens a file that is not there yet, to be written. One that an earlier process left under that name goes.
pub(crate) fn create(path: &Path, readers: Readers) -> io::Result<fs::File> {
    let _ = fs::remove_file(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    let_read(&mut options, readers);
    options.open(path)
}

/// Makes a folder and those above it.
pub(crate) fn create_folder(path: &Path, readers: Readers) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    let_in(&mut builder, readers);
    builder.create(path)
}

#[cfg(unix)]
fn let_read(options: &mut fs::OpenOptions, readers: Readers) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(if readers == Readers::Owner { 0o600 } else { 0o666 });
}

/// Elsewhere a file is as its folder is.
#[cfg(not(unix))]
fn let_read(_: &mut fs::OpenOptions, _: Readers) {}

#[cfg(unix)]
fn let_in(builder: &mut fs::DirBuilder, readers: Readers) {
    use std::os::unix::fs::DirBuilderExt as _;
    builder.mode(if readers == Readers::Owner { 0o700 } else { 0o777 });
}

#[cfg(not(unix))]
fn let_in(_: &mut fs::DirBuilder, _: Readers) {}

/// A file that grows past the limit of this process is an error that can be told, not the end of the process.
#[cfg(unix)]
pub(crate) fn survive_file_size_limit() {
    // A handler that does nothing: the write itself then fails and says why.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub(crate) fn survive_file_size_limit() {}
