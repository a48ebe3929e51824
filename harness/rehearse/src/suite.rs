//! Finds scenario files: which files, in which order, under which name, and how far `use:` may reach. Reads no
//! scenario. Links met on the way are not followed, so a folder never holds more than what lies in it.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Component, Path, PathBuf},
};

/// The file that marks the root of a suite. What stands in it is `load.rs`'s business.
pub(crate) const SUITE_FILE: &str = "suite.yaml";
/// The folder of shared worlds, which are no scenarios.
const WORLDS: &str = "worlds";

/// One scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    /// The path as given, with `/` between its parts: shown in every message.
    pub(crate) shown: String,
    /// Relative to the root of the suite, without extension; where two suites have it twice, the whole path.
    pub(crate) name: String,
    /// Relative to the root of the suite, without extension, always.
    pub(crate) in_suite: String,
    pub(crate) root: Root,
}

/// The top folder of a suite.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Root {
    /// `use:` may not leave it. Canonical.
    pub(crate) path: PathBuf,
    /// As messages show it: seen from where the path was given. Empty is here.
    pub(crate) shown: PathBuf,
    /// Marked by a file, or given as a folder: not merely the folder of a file that was given.
    pub(crate) is_suite: bool,
}

/// Something about a path that keeps it from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathProblem {
    pub(crate) path: String,
    /// A whole sentence.
    pub(crate) what: String,
}

/// What was found, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Finds {
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<PathProblem>,
    /// Links that were not followed.
    pub(crate) links: Vec<String>,
}

/// Whether folders are looked through for worlds, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worlds {
    LeftOut,
    Too,
}

/// Every scenario file under the given paths: in the order given, folders sorted by name, each file once.
pub(crate) fn find(paths: &[PathBuf]) -> Finds {
    found_in(paths, Worlds::LeftOut)
}

/// The same, and every world.
pub(crate) fn find_with_worlds(paths: &[PathBuf]) -> Finds {
    found_in(paths, Worlds::Too)
}

fn found_in(paths: &[PathBuf], worlds: Worlds) -> Finds {
    let mut finds = Finds::default();
    for path in paths {
        find_one(path, worlds, &mut finds);
    }
    let mut seen = BTreeSet::new();
    finds.found.retain(|found| seen.insert(canonical(&found.path)));
    refuse_what_cannot_be_shown(&mut finds);
    tell_same_names_apart(&mut finds.found);
    finds
}

/// A name with control characters in it would come out in every message.
fn refuse_what_cannot_be_shown(finds: &mut Finds) {
    let (good, bad) = std::mem::take(&mut finds.found)
        .into_iter()
        .partition(|found| report::prose(&found.shown) == found.shown);
    finds.found = good;
    let bad: Vec<Found> = bad;
    finds.problems.extend(bad.into_iter().map(|found| PathProblem {
        path: found.shown,
        what: "The name of this file has characters in it that cannot be shown. Rename it.".to_owned(),
    }));
}

fn find_one(path: &Path, worlds: Worlds, finds: &mut Finds) {
    match fs::metadata(path) {
        Err(error) => finds.problems.push(PathProblem { path: shown(path), what: not_there(path, &error) }),
        Ok(meta) if meta.is_dir() => walk(path, &root_of_path(path), worlds, finds),
        Ok(_) => finds.found.push(found(path, &root_of_path(path))),
    }
}

/// The root of the suite to which a folder or a file belongs.
pub(crate) fn root_of_path(path: &Path) -> Root {
    if path.is_dir() {
        return Root { is_suite: true, ..root_of(path) };
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    root_of(folder.unwrap_or(Path::new(".")))
}

fn walk(folder: &Path, root: &Root, worlds: Worlds, finds: &mut Finds) {
    let entries = match sorted_entries(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let what = format!("This folder cannot be read: {}.", reason(&error));
            finds.problems.push(PathProblem { path: shown(folder), what });
            return;
        }
    };
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_symlink() {
            finds.links.push(shown(&path));
        } else if kind.is_dir() {
            if name != WORLDS || worlds == Worlds::Too {
                walk(&path, root, worlds, finds);
            }
        } else if is_yaml(&path) && name != SUITE_FILE {
            finds.found.push(found(&path, root));
        }
    }
}

/// Every file below a folder that could be a scenario, a world or a suite's own.
pub(crate) fn every_yaml(folder: &Path, see: &mut dyn FnMut(PathBuf)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            every_yaml(&entry.path(), see);
        } else if kind.is_file() && is_yaml(&entry.path()) {
            see(entry.path());
        }
    }
}

fn sorted_entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn found(path: &Path, root: &Root) -> Found {
    let whole = canonical(path);
    let name = shown(&whole.strip_prefix(&root.path).unwrap_or(path).with_extension(""));
    Found {
        path: path.to_owned(),
        shown: shown(path),
        name: name.clone(),
        in_suite: name,
        root: root.clone(),
    }
}

/// The nearest folder upward that holds `suite.yaml`, else the folder itself.
fn root_of(folder: &Path) -> Root {
    let whole = canonical(folder);
    let marked = whole.ancestors().enumerate().find(|(_, folder)| folder.join(SUITE_FILE).is_file());
    match marked {
        Some((n_up, path)) => Root { path: path.to_owned(), shown: upward(folder, n_up), is_suite: true },
        None => Root { path: whole, shown: folder.to_owned(), is_suite: false },
    }
}

/// So many folders up from one, written as short as can be.
fn upward(folder: &Path, n_up: usize) -> PathBuf {
    let mut up = folder.to_owned();
    for _ in 0..n_up {
        match up.components().next_back() {
            Some(Component::Normal(_)) => {
                up.pop();
            }
            Some(Component::CurDir) => up = PathBuf::from(".."),
            _ => up.push(".."),
        }
    }
    up
}

/// The root of the suite that a folder is in, or will be in: the folder may not be there yet. As given where it is the
/// root itself.
pub(crate) fn root_above(folder: &Path) -> PathBuf {
    marked_above(folder).unwrap_or_else(|| absolute(folder))
}

/// The nearest folder upward that says that it is the root of a suite.
pub(crate) fn marked_above(folder: &Path) -> Option<PathBuf> {
    let there = folder.ancestors().find(|it| it.is_dir() || it.as_os_str().is_empty());
    let there = there.filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    canonical(there).ancestors().find(|it| it.join(SUITE_FILE).is_file()).map(Path::to_owned)
}

/// What comes after `root` in the path of a folder that may not be there yet.
pub(crate) fn below(root: &Path, folder: &Path) -> Option<PathBuf> {
    absolute(folder).strip_prefix(root).ok().map(Path::to_owned)
}

/// Canonical as far as it is there.
pub(crate) fn absolute(folder: &Path) -> PathBuf {
    match (
        fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }),
        folder.parent(),
        folder.file_name(),
    ) {
        (Ok(whole), ..) => whole,
        (_, Some(parent), Some(name)) => absolute(parent).join(name),
        _ => folder.to_owned(),
    }
}

/// Two files of two suites may have one name: then both go by their path.
fn tell_same_names_apart(found: &mut [Found]) {
    let mut names: Vec<String> = found.iter().map(|found| found.name.clone()).collect();
    names.sort();
    let twice: BTreeSet<String> =
        names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
    for found in found.iter_mut().filter(|found| twice.contains(&found.name)) {
        found.name = shown(&found.path.with_extension(""));
    }
}

/// The text of a world for `use:`, given as the path that the reader made of it. It stays inside `root`.
pub(crate) fn read_world(path: &str, root: &Path) -> Result<String, String> {
    let whole = fs::canonicalize(path).map_err(|error| match nearest_beside(Path::new(path)) {
        Some(near) if error.kind() == io::ErrorKind::NotFound => {
            format!("there is no file {path}; the nearest is {near}")
        }
        _ => format!("{path} cannot be read: {}", reason(&error)),
    })?;
    if !whole.starts_with(root) {
        return Err(format!("{path} lies outside the suite, so it is not read"));
    }
    read_text(&whole).map_err(|what| format!("{path} {what}"))
}

/// The text of one file: a regular one, of a size that a scenario can have, in UTF-8. The error goes on after the
/// file's name: "is not ...".
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    let cannot = |error: io::Error| format!("cannot be read: {}", reason(&error));
    let meta = fs::metadata(path).map_err(cannot)?;
    if !meta.is_file() {
        return Err("is not a regular file, so it was not opened".to_owned());
    }
    if meta.len() > MAX_BYTES {
        return Err(format!(
            "is too large: {} bytes, and a scenario has {} at most, so it was not read",
            number(meta.len()),
            number(MAX_BYTES)
        ));
    }
    String::from_utf8(fs::read(path).map_err(cannot)?).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|&byte| byte == b'\n').count();
        format!("is not text in UTF-8: line {line} has a byte that no text has")
    })
}

/// *Assumed*: a thousand times the size of an ordinary scenario.
const MAX_BYTES: u64 = 1024 * 1024;

pub(crate) fn number(n: u64) -> String {
    report::number(usize::try_from(n).unwrap_or(usize::MAX))
}

fn not_there(path: &Path, error: &io::Error) -> String {
    if error.kind() != io::ErrorKind::NotFound {
        return format!("It cannot be read: {}.", reason(error));
    }
    match nearest_beside(path) {
        Some(near) => format!("There is no such file or folder. The nearest is {near}."),
        None => "There is no such file or folder.".to_owned(),
    }
}

/// The entry of the same folder whose name is most like this one.
fn nearest_beside(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let names: Vec<String> = sorted_entries(folder)
        .ok()?
        .iter()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let near = crate::nearest::nearest(&wanted, names.iter().map(String::as_str), 1);
    near.first().map(|name| shown(&path.with_file_name(name)))
}

/// What the operating system says, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission was denied".to_owned(),
        io::ErrorKind::IsADirectory => "there is a folder of that name".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a part of that path is a file, not a folder".to_owned()
        }
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::FileTooLarge => "it is larger than a file may be here".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written on that disk".to_owned(),
        _ => error.to_string(),
    }
}

pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

pub(crate) fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
