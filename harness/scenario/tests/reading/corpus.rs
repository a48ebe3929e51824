//! The files that the tests read.

#![expect(clippy::disallowed_methods, reason = "a test reads its corpus")]

use scenario::{Mistake, Scenario};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The scenarios of a folder, in the order of their names; worlds are in a folder of their own.
pub(crate) fn names(of: &str) -> Vec<String> {
    let entries = fs::read_dir(folder(of)).expect("the folder is part of the crate");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a readable folder").file_name().into_string().expect("names are ASCII"))
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "yaml"))
        .collect();
    names.sort();
    names
}

pub(crate) fn text(of: &str, name: &str) -> String {
    fs::read_to_string(folder(of).join(name)).expect("a file of the corpus")
}

/// A world of the folder, as the binary would hand it out: nothing from outside.
pub(crate) fn world(of: &str, path: &str) -> Result<String, String> {
    if path.starts_with('/') || path.starts_with("..") {
        return Err("it is outside the suite".into());
    }
    fs::read_to_string(folder(of).join(path)).map_err(|_| "there is no such file".into())
}

pub(crate) fn read(of: &str, name: &str) -> Result<Scenario, Vec<Mistake>> {
    scenario::read(name, &text(of, name), &mut |path| world(of, path))
}

/// All mistakes as people see them.
pub(crate) fn told(of: &str, mistakes: &[Mistake]) -> String {
    let rendered: Vec<String> = mistakes.iter().map(|it| it.render(&text(of, &it.path), false)).collect();
    rendered.join("\n\n")
}
