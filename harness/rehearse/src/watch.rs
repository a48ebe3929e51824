//! `rehearse run --watch`: runs everything once, then waits until a file changes and runs the scenarios that the change
//! touches: those in the file, those that reach it by `use:`, and for a `suite.yaml` all of its suite.
//!
//! It looks at the times and sizes of files again and again. That works the same on every system, in containers and on
//! network drives, where notices of changes often do not arrive.

use crate::{
    args::{Progress, Run},
    check::without_mistakes,
    coverage,
    exit::Exit,
    load::{self, Loaded, Suite},
    output::Output,
    run, select, stop,
    suite::{self, SUITE_FILE},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// How long it takes at most until a change is seen, where looking takes no time. *Assumed*: at once, for people.
const EVERY: Duration = Duration::from_millis(150);
/// Looking at a large suite takes at most one part of so many of a processor.
const PART: u32 = 20;
/// Changed files that are named at most. *Assumed.*
const NAMED: usize = 3;
/// Ctrl+C is heard within this.
const BLINK: Duration = Duration::from_millis(25);

/// When each file was changed last, and how long it is. By canonical path.
type Stamps = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

pub(crate) fn watch(args: &Run, how: Progress, output: Output) -> Result<Exit, Exit> {
    stop::listen();
    let mut changed: Option<BTreeSet<PathBuf>> = None;
    let (mut watched, mut stamps) = (Watched::default(), Stamps::new());
    loop {
        let suite = load::load(&args.which.paths.paths);
        let now = Watched::of(args, &suite);
        // What was watched before was looked at before it was read, so that no change in between is lost.
        stamps.extend(now.look().into_iter().filter(|(path, _)| !watched.covers(path)));
        watched = now;
        if run_touched(suite, args, changed.as_ref(), how, output) {
            changed = Some(BTreeSet::new());
        }
        if stop::asked() {
            return Ok(Exit::Stopped);
        }
        output.note("Waiting for a change. Ctrl+C ends.\n");
        let Some(now) = wait(&watched, &stamps) else { return Ok(Exit::Stopped) };
        let news = differing(&stamps, &now);
        output.note(&format!("\n{}\n", say(&news)));
        // Before everything was run once, no part of it is enough.
        if let Some(changed) = &mut changed {
            changed.extend(news);
        }
        stamps = now;
    }
}

/// Runs what is selected and touched; `changed` is none as long as everything is. Whether it was run, or there was
/// nothing to run: while files have mistakes, changes are collected.
fn run_touched(
    suite: Suite,
    args: &Run,
    changed: Option<&BTreeSet<PathBuf>>,
    how: Progress,
    output: Output,
) -> bool {
    let output = output.as_asked_by(&suite.homes);
    let Ok(suite) = without_mistakes(suite, "rehearse.run/1", output) else { return false };
    let Ok(mut selected) = select::select(&suite, &args.which, output) else { return changed.is_some() };
    if let Some(changed) = changed {
        let n_selected = selected.len();
        selected.retain(|selected| is_touched(selected.file, changed));
        if selected.is_empty() {
            let scenarios = report::counted(n_selected, "selected scenario uses", "selected scenarios use");
            output.note(&format!("None of the {scenarios} it. Nothing was run.\n"));
            return true;
        }
    }
    // A part of a suite proves a part of the clauses: they are looked at where all of it is run.
    let required = if changed.is_some() { Vec::new() } else { coverage::required_of(&suite, args, output) };
    // What it ends with was told; the next change may put it right.
    let _ = run::once(&suite, selected, args, &required, how, output);
    true
}

fn is_touched(file: &Loaded, changed: &BTreeSet<PathBuf>) -> bool {
    changed.contains(&file.home.root.path.join(SUITE_FILE))
        || file.scenario.files.iter().any(|path| changed.contains(&suite::canonical(Path::new(path))))
}

/// What is looked at: every file of the suites that could be a scenario, a world or `suite.yaml`, and files beside
/// these that were given or are used.
#[derive(Debug, Default)]
struct Watched {
    folders: BTreeSet<PathBuf>,
    files: BTreeSet<PathBuf>,
}

impl Watched {
    fn of(args: &Run, suite: &Suite) -> Watched {
        let (given_folders, given_files): (Vec<&PathBuf>, Vec<&PathBuf>) =
            args.which.paths.paths.iter().partition(|path| path.is_dir());
        let suites = suite.homes.iter().filter(|home| home.root.is_suite).map(|home| home.root.path.clone());
        let folders: BTreeSet<PathBuf> =
            given_folders.into_iter().map(|path| suite::canonical(path)).chain(suites).collect();
        let used = suite.files.iter().flat_map(|file| &file.scenario.files).map(Path::new);
        let files = given_files.into_iter().map(PathBuf::as_path).chain(used).map(suite::canonical);
        let files = files.filter(|file| !is_below(file, &folders)).collect();
        Watched { folders, files }
    }

    fn covers(&self, path: &Path) -> bool {
        self.files.contains(path) || is_below(path, &self.folders)
    }

    fn look(&self) -> Stamps {
        let mut stamps = Stamps::new();
        for folder in &self.folders {
            suite::every_yaml(folder, &mut |path| stamp(path, &mut stamps));
        }
        for file in &self.files {
            stamp(file.clone(), &mut stamps);
        }
        stamps
    }
}

fn is_below(path: &Path, folders: &BTreeSet<PathBuf>) -> bool {
    path.ancestors().any(|folder| folders.contains(folder))
}

/// A file that is gone, or not there yet, has none.
fn stamp(path: PathBuf, stamps: &mut Stamps) {
    if let Ok(meta) = fs::metadata(&path) {
        stamps.insert(path, (meta.modified().ok(), meta.len()));
    }
}

/// The next state of the files that differs and has come to rest; none where somebody pressed Ctrl+C.
fn wait(watched: &Watched, before: &Stamps) -> Option<Stamps> {
    let mut pause = EVERY;
    let mut last: Option<Stamps> = None;
    loop {
        let began = Instant::now();
        while began.elapsed() < pause {
            if stop::asked() {
                return None;
            }
            thread::sleep(BLINK);
        }
        let began = Instant::now();
        let now = watched.look();
        pause = EVERY.max(began.elapsed() * PART);
        // Editors write a file in several goes: what is still changing is waited for.
        if now == *before {
            last = None;
        } else if last.as_ref() == Some(&now) {
            return Some(now);
        } else {
            last = Some(now);
        }
    }
}

fn differing(before: &Stamps, now: &Stamps) -> BTreeSet<PathBuf> {
    let paths: BTreeSet<&PathBuf> = before.keys().chain(now.keys()).collect();
    paths.into_iter().filter(|path| before.get(*path) != now.get(*path)).cloned().collect()
}

fn say(changed: &BTreeSet<PathBuf>) -> String {
    let here = std::env::current_dir().map(|here| suite::canonical(&here)).unwrap_or_default();
    let shown = |path: &PathBuf| report::prose(&suite::shown(path.strip_prefix(&here).unwrap_or(path)));
    let mut names: Vec<String> = changed.iter().take(NAMED).map(shown).collect();
    if changed.len() > NAMED {
        names.push(report::counted(changed.len() - NAMED, "more file", "more files"));
    }
    format!("{} changed.", report::listed(&names))
}
