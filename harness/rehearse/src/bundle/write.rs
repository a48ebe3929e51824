//! From a bundle in memory to the bytes of a zip file: the same bundle gives the same bytes on every computer.

use super::{Bundle, MANIFEST, RUN, read};
use crate::atomic::{self, Readers};
use std::{
    io::{self, Cursor, Write as _},
    path::Path,
};
use zip::{CompressionMethod, DateTime, System, ZipWriter, write::SimpleFileOptions};

/// Writes it. Only its owner may read it: scenarios may hold personal data.
pub(crate) fn write(path: &Path, bundle: &Bundle) -> io::Result<()> {
    let bytes = bytes(bundle)?;
    // What cannot be read again is not worth writing.
    read::from_bytes(bytes.clone()).map_err(io::Error::other)?;
    atomic::write(path, &bytes, Readers::Owner)
}

fn bytes(bundle: &Bundle) -> io::Result<Vec<u8>> {
    let mut manifest = serde_json::to_string_pretty(&bundle.manifest)?;
    manifest.push('\n');
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let first = [(MANIFEST, &manifest), (RUN, &bundle.run)];
    let rest = bundle.inputs.iter().chain(&bundle.stories).map(|(entry, text)| (entry.as_str(), text));
    for (entry, text) in first.into_iter().chain(rest) {
        zip.start_file(entry, options())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// No time and no system of this computer.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o600)
}
