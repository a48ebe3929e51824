//! Which cases failed when they were last run. Kept from run to run in the suite's own folder, as
//! `.rehearse/failed.json`, and written only when it changes: a suite in which nothing ever failed has none.
//!
//! A case leaves the list by passing, not by being left out of a run: so what fails stays known while one part of the
//! suite is worked on. What is damaged is told and replaced; what a newer version wrote is told and left alone.

use crate::{
    atomic::{self, Readers},
    exit::Exit,
    load::{Home, Loaded, Suite},
    output::Output,
    suite, told,
};
use report::{CaseDone, Event, Outcome, Redaction};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

const FORMAT: &str = "rehearse.failed/1";
const FOLDER: &str = ".rehearse";
const FILE: &str = "failed.json";
/// More than this is not a list of ours. *Assumed*: a million names.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A scenario's name from the root of its suite, and the row's.
type Entry = (String, Option<String>);

/// What is known of a suite.
enum Memory {
    /// Nothing was ever kept.
    Nothing,
    Known(BTreeSet<Entry>),
    /// Whole sentences for people.
    Damaged(String),
    Newer(String),
}

/// The cases that `--failed` asks for, by root of their suite.
pub(crate) struct Failed {
    by_root: BTreeMap<PathBuf, BTreeSet<Entry>>,
}

impl Failed {
    /// What is known of these suites. Nothing known, or nothing failed, is said, and there is nothing to do.
    pub(crate) fn read(suite: &Suite, output: Output) -> Result<Failed, Exit> {
        let mut by_root = BTreeMap::new();
        for home in &suite.homes {
            match read(&home.root.path) {
                Memory::Nothing => {}
                Memory::Known(failed) => {
                    let there = failed.into_iter().filter(|entry| is_there(&home.root.path, entry)).collect();
                    by_root.insert(home.root.path.clone(), as_written(there, &files_of(suite, home)));
                }
                Memory::Damaged(what) | Memory::Newer(what) => {
                    let path = report::prose(&shown(home));
                    output.note(&format!(
                        "{path}: {what} So it is not known which cases failed. Nothing was run.\n"
                    ));
                    return Err(Exit::Store);
                }
            }
        }
        if by_root.values().all(BTreeSet::is_empty) {
            let why = if by_root.is_empty() {
                "It is not known that any case here failed: either all passed so far, or none was run."
            } else {
                "Nothing failed when it was last run."
            };
            output.note(&format!("{why} Nothing to do for --failed.\n"));
            return Err(Exit::NothingToDo);
        }
        Ok(Failed { by_root })
    }

    pub(crate) fn has(&self, file: &Loaded, case: usize) -> bool {
        let entry = (file.in_suite.clone(), file.scenario.cases[case].name.clone());
        self.by_root.get(&file.home.root.path).is_some_and(|failed| failed.contains(&entry))
    }
}

/// Follows a run and keeps what failed.
pub(crate) struct Keeper<'a> {
    files: BTreeMap<&'a str, &'a Loaded>,
    homes: BTreeMap<&'a Path, Kept<'a>>,
    redaction: Redaction,
}

struct Kept<'a> {
    home: &'a Home,
    /// None where there was none, or a damaged one.
    before: Option<BTreeSet<Entry>>,
    now: BTreeSet<Entry>,
}

impl<'a> Keeper<'a> {
    pub(crate) fn new(suite: &'a Suite, output: Output) -> Keeper<'a> {
        let mut homes = BTreeMap::new();
        for home in suite.homes.iter().filter(|home| home.root.is_suite) {
            let before = match read(&home.root.path) {
                Memory::Nothing => None,
                Memory::Known(failed) => Some(as_written(failed, &files_of(suite, home))),
                Memory::Damaged(what) => {
                    output.note(&format!("{}: {what} It is written anew.\n", report::prose(&shown(home))));
                    None
                }
                Memory::Newer(what) => {
                    output.note(&format!("{}: {what} It is left as it is.\n", report::prose(&shown(home))));
                    continue;
                }
            };
            let now = before.clone().unwrap_or_default();
            homes.insert(home.root.path.as_path(), Kept { home: Arc::as_ref(home), before, now });
        }
        // Names are only looked up where something is kept.
        let files = if homes.is_empty() {
            BTreeMap::new()
        } else {
            suite.files.iter().map(|file| (file.name.as_str(), file)).collect()
        };
        Keeper { files, homes, redaction: output.redaction }
    }

    pub(crate) fn see(&mut self, event: Event<'_>) {
        let Event::CaseDone(case) = event else { return };
        let Some(file) = self.files.get(case.facts.scenario()) else { return };
        let Some(kept) = self.homes.get_mut(file.home.root.path.as_path()) else { return };
        kept.case(file, case);
    }

    /// Writes what changed. That it cannot be written is told and changes nothing else.
    pub(crate) fn keep(self, output: Output) {
        for mut kept in self.homes.into_values() {
            let root = &kept.home.root.path;
            let in_suite: BTreeMap<&str, &Loaded> = self
                .files
                .values()
                .filter(|file| file.home.root.path == *root)
                .map(|file| (file.in_suite.as_str(), *file))
                .collect();
            kept.now.retain(|entry| match in_suite.get(entry.0.as_str()) {
                Some(file) => file.scenario.cases.iter().any(|case| case.name == entry.1),
                None => is_there(root, entry),
            });
            if kept.now == kept.before.clone().unwrap_or_default() {
                continue;
            }
            if let Err(error) = write(root, &as_told(kept.now, &in_suite, self.redaction)) {
                let (path, why) = (report::prose(&shown(kept.home)), suite::reason(&error));
                output.note(&format!(
                    "{path} could not be written: {why}. --failed will not know of this run.\n"
                ));
            }
        }
    }
}

impl Kept<'_> {
    fn case(&mut self, file: &Loaded, case: &CaseDone) {
        let entry = || (file.in_suite.clone(), file.scenario.cases[case.place.1].name.clone());
        match case.outcome {
            Outcome::Failed | Outcome::PassedUnexpectedly | Outcome::Inconclusive => {
                self.now.insert(entry());
            }
            Outcome::Passed | Outcome::FailedAsExpected if !self.now.is_empty() => {
                self.now.remove(&entry());
            }
            Outcome::Passed | Outcome::FailedAsExpected | Outcome::Skipped => {}
        }
    }
}

/// The scenarios of a suite, by their names in it.
fn files_of<'a>(suite: &'a Suite, home: &Home) -> BTreeMap<&'a str, &'a Loaded> {
    let of_it = suite.files.iter().filter(|file| file.home.root.path == home.root.path);
    of_it.map(|file| (file.in_suite.as_str(), file)).collect()
}

/// Rows by the names that their files give them, where names were left out when they were kept.
fn as_written(kept: BTreeSet<Entry>, files: &BTreeMap<&str, &Loaded>) -> BTreeSet<Entry> {
    let written = |(scenario, case): Entry| {
        let file = files.get(scenario.as_str());
        let meant = file.and_then(|file| Some((file, told::meant(file, case.as_deref())?)));
        let case = meant.map_or(case, |(file, idx)| file.scenario.cases[idx].name.clone());
        (scenario, case)
    };
    kept.into_iter().map(written).collect()
}

/// Rows by names that may be kept.
fn as_told(
    failed: BTreeSet<Entry>,
    files: &BTreeMap<&str, &Loaded>,
    redaction: Redaction,
) -> BTreeSet<Entry> {
    if redaction == Redaction::None {
        return failed;
    }
    let told = |(scenario, case): Entry| {
        let file = files.get(scenario.as_str());
        let meant = file.and_then(|file| told::name(file, told::meant(file, case.as_deref())?, redaction));
        (scenario, meant.or(case))
    };
    failed.into_iter().map(told).collect()
}

/// Its file is still there.
fn is_there(root: &Path, entry: &Entry) -> bool {
    ["yaml", "yml"].iter().any(|extension| root.join(format!("{}.{extension}", entry.0)).is_file())
}

fn path(root: &Path) -> PathBuf {
    root.join(FOLDER).join(FILE)
}

fn shown(home: &Home) -> String {
    suite::shown(&path(&home.root.shown))
}

fn read(root: &Path) -> Memory {
    let path = path(root);
    match fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Memory::Nothing,
        Ok(meta) if meta.is_file() && meta.len() <= MAX_BYTES => {}
        Ok(_) => {
            return Memory::Damaged("This is not the list of failed cases that was kept here.".to_owned());
        }
        Err(error) => {
            return Memory::Damaged(format!("This file cannot be read: {}.", suite::reason(&error)));
        }
    }
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) => {
            return Memory::Damaged(format!("This file cannot be read: {}.", suite::reason(&error)));
        }
    };
    understood(&text).unwrap_or_else(|| Memory::Damaged("This file is damaged.".to_owned()))
}

/// None where it is not what [`write`] writes.
fn understood(text: &[u8]) -> Option<Memory> {
    let document: Value = serde_json::from_slice(text).ok()?;
    let version: u64 = document.get("format")?.as_str()?.strip_prefix("rehearse.failed/")?.parse().ok()?;
    if version > 1 {
        return Some(Memory::Newer("This file was written by a newer version of rehearse.".to_owned()));
    }
    let entry = |it: &Value| {
        let case = match it.get("case") {
            None | Some(Value::Null) => None,
            Some(case) => Some(case.as_str()?.to_owned()),
        };
        Some((it.get("scenario")?.as_str()?.to_owned(), case))
    };
    document.get("failed")?.as_array()?.iter().map(entry).collect::<Option<_>>().map(Memory::Known)
}

fn write(root: &Path, failed: &BTreeSet<Entry>) -> io::Result<()> {
    let folder = root.join(FOLDER);
    let failed: Vec<Value> =
        failed.iter().map(|(scenario, case)| json!({ "scenario": scenario, "case": case })).collect();
    let document = json!({ "format": FORMAT, "failed": failed });
    fs::create_dir_all(&folder)?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        // What is kept here is this computer's business.
        fs::write(&ignore, "*\n")?;
    }
    atomic::write(&path(root), format!("{document:#}\n").as_bytes(), Readers::Anybody)
}
