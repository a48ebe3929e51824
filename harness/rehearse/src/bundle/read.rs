//! From the bytes of a file to a bundle, or to a sentence about what is wrong with it. The file may come from anybody:
//! nothing of it is written to disk, no name in it is trusted, and no more is inflated than a bundle can hold.

use super::{Bundle, FORMAT, MANIFEST, Manifest, RUN};
use crate::suite;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Read as _},
    path::Path,
};
use zip::{ZipArchive, result::ZipError};

type Archive = ZipArchive<Cursor<Vec<u8>>>;

/// *Assumed*, like all limits here: far more than ten thousand cases need.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
const MOST_ENTRIES: usize = 65_000;
/// Inflated, all entries together.
const MOST_INFLATED: u64 = 512 * 1024 * 1024;
/// One scenario file or world, as `suite.rs` has it.
const MOST_INPUT: u64 = 1024 * 1024;
/// Deflate reaches about 1,000; stories of cases that are nearly the same reach about 100.
const MOST_TIMES: u64 = 300;
/// Below this, how far an entry inflates is not looked at.
const SMALL: u64 = 1024 * 1024;

#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<String>,
}

/// Reads a bundle. The error goes on after the file's name: "is not ...".
pub(crate) fn open(path: &Path) -> Result<Bundle, String> {
    from_bytes(bytes(path)?)
}

/// The document of the run alone.
pub(crate) fn run_document(bytes: Vec<u8>) -> Result<String, String> {
    let mut archive = archive(bytes)?;
    manifest(&mut archive)?;
    entry(&mut archive, RUN, MOST_INFLATED)
}

pub(super) fn from_bytes(bytes: Vec<u8>) -> Result<Bundle, String> {
    let mut archive = archive(bytes)?;
    let manifest = manifest(&mut archive)?;
    same_entries(&archive, &manifest)?;
    let mut left = MOST_INFLATED;
    let mut take = |archive: &mut Archive, name: &str, most: u64| {
        let text = entry(archive, name, most.min(left))?;
        left -= text.len() as u64;
        Ok::<_, String>((name.to_owned(), text))
    };
    let run = take(&mut archive, RUN, MOST_INFLATED)?.1;
    let mut inputs = BTreeMap::new();
    for (name, _) in manifest.inputs() {
        inputs.extend([take(&mut archive, name, MOST_INPUT)?]);
    }
    let mut stories = BTreeMap::new();
    for scenario in &manifest.scenarios {
        stories.extend([take(&mut archive, &scenario.story, MOST_INFLATED)?]);
    }
    if manifest.name(&inputs) != manifest.run {
        return Err(
            "was changed after it was written: its files are not those that its name stands for".into()
        );
    }
    Ok(Bundle { manifest, inputs, stories, run })
}

/// Of a regular file of a size that a bundle has.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("cannot be read: {}", suite::reason(&error));
    let meta = fs::metadata(path).map_err(cannot)?;
    if !meta.is_file() {
        return Err("is not a regular file, so it was not opened".to_owned());
    }
    if meta.len() > MOST_BYTES {
        return Err(format!(
            "is too large: {} bytes, and a bundle has {} at most, so it was not read",
            suite::number(meta.len()),
            suite::number(MOST_BYTES)
        ));
    }
    fs::read(path).map_err(cannot)
}

fn archive(bytes: Vec<u8>) -> Result<Archive, String> {
    if !bytes.starts_with(b"PK") {
        return Err("is not a bundle: a bundle is a zip file, and this does not begin like one".to_owned());
    }
    // The last record of a zip file without a comment: its mark, and 18 bytes.
    let ends_there = bytes.len().checked_sub(22).is_some_and(|at| bytes[at..].starts_with(b"PK\x05\x06"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > MOST_ENTRIES {
        return Err(format!(
            "holds {} entries, and a bundle has {MOST_ENTRIES} at most",
            report::number(archive.len())
        ));
    }
    archive.validate_header_consistency().map_err(|error| damaged(&error))?;
    if archive.offset() != 0 || !archive.comment().is_empty() || !ends_there {
        return Err("has something before or after it that no bundle has".to_owned());
    }
    Ok(archive)
}

fn damaged(error: &ZipError) -> String {
    format!("is damaged, or was cut short ({})", report::prose(&error.to_string()))
}

fn manifest(archive: &mut Archive) -> Result<Manifest, String> {
    if archive.index_for_name(MANIFEST).is_none() {
        return Err(format!("is a zip file and no bundle: it has no {MANIFEST}"));
    }
    let text = entry(archive, MANIFEST, MOST_BYTES)?;
    let not_json = |error: serde_json::Error| {
        format!("is damaged: {MANIFEST} in it cannot be read ({})", report::prose(&error.to_string()))
    };
    let head: Head = serde_json::from_str(&text).map_err(not_json)?;
    match head.format.as_deref() {
        Some(FORMAT) => serde_json::from_str(&text).map_err(not_json),
        Some(other) => Err(format!(
            "has the format {}, written by version {}, and this version ({}) reads {FORMAT}",
            report::prose(other),
            report::prose(head.version.as_deref().unwrap_or("unknown")),
            super::VERSION
        )),
        None => Err(format!("is damaged: {MANIFEST} in it names no format")),
    }
}

/// Nothing is missing, nothing is there twice, and nothing is there that the manifest does not name.
fn same_entries(archive: &Archive, manifest: &Manifest) -> Result<(), String> {
    let mut named: BTreeSet<&str> = BTreeSet::from([MANIFEST, RUN]);
    let stories = manifest.scenarios.iter().map(|scenario| scenario.story.as_str());
    for name in manifest.inputs().map(|(entry, _)| entry).chain(stories) {
        if !is_plain(name) {
            return Err(format!("names {}, which leads out of it, so it was not read", report::value(name)));
        }
        if !named.insert(name) {
            return Err(format!("is damaged: it names {} twice", report::value(name)));
        }
    }
    for name in archive.file_names() {
        let name = name.map_err(|error| damaged(&error))?;
        if !named.remove(name.as_ref()) {
            return Err(format!("holds {}, which no bundle has", report::value(&name)));
        }
    }
    match named.first() {
        Some(name) => Err(format!("is damaged: {} is missing in it", report::value(name))),
        None => Ok(()),
    }
}

/// A path of the kind that `collect.rs` makes: it stays inside on every system.
fn is_plain(name: &str) -> bool {
    let is_ours = name.starts_with("inputs/") || name.starts_with("stories/");
    is_ours && !name.contains(['\\', ':']) && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The text of one entry, of `most` bytes at most.
fn entry(archive: &mut Archive, name: &str, most: u64) -> Result<String, String> {
    let shown = report::value(name);
    let entry = archive.by_name(name).map_err(|error| damaged(&error))?;
    let is_odd = entry.encrypted() || entry.is_symlink() || entry.is_dir() || entry.enclosed_name().is_none();
    if is_odd {
        return Err(format!("holds {shown}, which is no plain file inside it, so it was not read"));
    }
    let n_packed = entry.compressed_size();
    let most = most.min(n_packed.saturating_mul(MOST_TIMES).max(SMALL));
    let mut bytes = Vec::new();
    entry
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("is damaged: {shown} in it cannot be read ({error})"))?;
    if bytes.len() as u64 > most {
        return Err(format!(
            "is refused: {shown} in it grows beyond {} bytes, which no bundle needs",
            suite::number(most)
        ));
    }
    String::from_utf8(bytes).map_err(|_| format!("is damaged: {shown} in it is not text in UTF-8"))
}
