//! How the stories of a run stand beside the snapshots of their suite: where those lie, which stories are compared, and
//! what is written. As with the crate insta a story that nobody accepted fails the run like one that changed, and in CI
//! nothing is written.
//!
//! A story is compared whole: all cases of its scenario, with the default seed. One of a scenario that failed is not: the
//! failure says more, and a failing story is nothing to accept.

use crate::{
    args::{DEFAULT_SEED, Playing},
    atomic::{self, Readers},
    ci,
    exit::Exit,
    load::{Loaded, Suite},
    output::Output,
    select::Selected,
    snapshot::Snapshot,
    suite::{self, shown},
    tellable::Tellable,
};
use clap::ValueEnum;
use report::{CaseDone, Outcome, Redaction, StoryCounts, StoryFinding, Unlike};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

/// What is done with snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// A story that is not as accepted fails the run
    Compare,
    /// As if there were none
    Ignore,
    /// The stories of this run become the accepted ones
    Update,
}

const FOLDER: &str = "snapshots";
/// A suite in a folder of this name has its snapshots beside that folder.
const SCENARIOS: &str = "scenarios";
pub(crate) const ACCEPTED: &str = ".snap";
pub(crate) const WAITING: &str = ".snap.new";

/// Where the snapshots of a suite belong: beside a folder called `scenarios`, else in the suite's own.
fn belongs(root: &Path) -> PathBuf {
    match root.parent() {
        Some(above) if root.file_name().is_some_and(|name| name == SCENARIOS) => above.join(FOLDER),
        _ => root.join(FOLDER),
    }
}

/// The folder of a suite's snapshots, where it has some.
pub(crate) fn folder(root: &Path) -> Option<PathBuf> {
    [belongs(root), root.join(FOLDER)].into_iter().find(|folder| folder.is_dir())
}

/// The snapshots to which the stories of a run belong.
pub(crate) struct Snapshots {
    mode: Mode,
    is_ci: bool,
    /// For each selected file: the snapshot of its scenario, where it is to be compared.
    places: Vec<Option<PathBuf>>,
    /// Of suites that were given whole: the folder, and the names of all their scenarios.
    whole: BTreeMap<PathBuf, BTreeSet<String>>,
}

impl Snapshots {
    /// Looks where the snapshots are; reads none.
    pub(crate) fn find(
        suite: &Suite,
        paths: &[PathBuf],
        selected: &[Selected<'_>],
        playing: &Playing,
        mode: Mode,
        output: Output,
    ) -> Result<Snapshots, Exit> {
        let is_ci = ci::is_set();
        if mode == Mode::Update && is_ci {
            output.note(
                "--snapshots update writes, and CI is set, where nothing is written. Nothing was run. If this is \
                 no CI, set CI=false.\n",
            );
            return Err(Exit::NotUnderstood);
        }
        let mut snapshots =
            Snapshots { mode, is_ci, places: vec![None; selected.len()], whole: BTreeMap::new() };
        if mode == Mode::Ignore {
            return Ok(snapshots);
        }
        let folders = folders(selected, mode);
        if folders.is_empty() {
            return Ok(snapshots);
        }
        let of_suite = |selected: &Selected<'_>| selected.file.home.file.seed.unwrap_or(DEFAULT_SEED);
        let other = |seed: u64| selected.iter().map(of_suite).find(|of_suite| *of_suite != seed);
        if let Some((seed, kept)) = playing.seed.and_then(|seed| Some((seed, other(seed)?))) {
            output
                .note(&format!("Stories are kept for seed {kept}. With --seed {seed} none was compared.\n"));
            return Ok(snapshots);
        }
        for (place, selected) in snapshots.places.iter_mut().zip(selected) {
            let is_whole = selected.cases.len() == selected.file.scenario.cases.len();
            *place = folders
                .get(&selected.file.home.root.path)
                .filter(|_| is_whole)
                .map(|folder| within(folder, &selected.file.in_suite, ACCEPTED));
        }
        let given: BTreeSet<PathBuf> = paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        for (root, folder) in folders.into_iter().filter(|(root, _)| given.contains(*root)) {
            let of_it = suite.files.iter().filter(|file| file.home.root.path == *root);
            snapshots.whole.insert(folder, of_it.map(|file| file.in_suite.clone()).collect());
        }
        Ok(snapshots)
    }

    /// Of a run whose stories are compared with nothing.
    pub(crate) fn none(n_files: usize) -> Snapshots {
        Snapshots { mode: Mode::Ignore, is_ci: false, places: vec![None; n_files], whole: BTreeMap::new() }
    }

    /// Whether the story of a selected file is compared.
    pub(crate) fn compare(&self, file: usize) -> bool {
        self.places[file].is_some()
    }

    /// For the thread that takes what was told, in the order of the files.
    pub(crate) fn comparing(&self, output: Output) -> Comparing<'_> {
        Comparing { snapshots: self, output, told: Vec::new(), stories: StoryCounts::default() }
    }
}

/// The comparison, scenario by scenario.
pub(crate) struct Comparing<'a> {
    snapshots: &'a Snapshots,
    output: Output,
    /// Of the scenario whose cases come now.
    told: Vec<(usize, Outcome, String)>,
    pub(crate) stories: StoryCounts,
}

impl Comparing<'_> {
    /// `place`: the case's in its file. They may come in another order.
    pub(crate) fn add(&mut self, place: usize, case: &CaseDone) {
        self.told.push((place, case.outcome, case.kept.clone().unwrap_or_default()));
    }

    /// Compares the scenario whose cases were added since the last time, and writes what the mode allows.
    pub(crate) fn close(
        &mut self,
        place: usize,
        selected: &Selected<'_>,
    ) -> Result<Option<StoryFinding>, Exit> {
        let mut told = std::mem::take(&mut self.told);
        told.sort_by_key(|(case, ..)| *case);
        let Some(path) = &self.snapshots.places[place] else { return Ok(None) };
        let as_expected = |outcome| matches!(outcome, Outcome::Passed | Outcome::FailedAsExpected);
        if told.len() < selected.cases.len() || !told.iter().all(|(_, outcome, _)| as_expected(*outcome)) {
            return Ok(None);
        }
        let file = selected.file;
        let mut story = report::unstyled(&report::header(&file.in_suite, &file.scenario));
        story.extend(told.into_iter().map(|(.., story)| story));
        self.stories.n_compared += 1;
        let standing = standing(path, &story, &source(file));
        let standing = if matches!(standing, Standing::Same) { standing } else { self.told(standing, file) };
        let Some(unlike) = self.settle(path, standing)? else { return Ok(None) };
        self.stories.n_open += 1;
        let snapshot = shown(&nearer(path));
        Ok(Some(StoryFinding { name: file.name.clone(), snapshot, unlike, fails: true }))
    }

    /// Where names are left out the story is kept without them. One that was kept so is the same story, whether they are
    /// left out now or not.
    fn told(&self, standing: Standing, file: &Loaded) -> Standing {
        let redaction = self.output.redaction;
        if let Standing::Changed { before, .. } = &standing
            && before.story.contains('[')
            && [Redaction::Names, Redaction::All]
                .into_iter()
                .any(|way| before.holds(&Tellable::of(Some(file), way).told))
        {
            return Standing::Same;
        }
        if redaction == Redaction::None {
            return standing;
        }
        let told = Tellable::of(Some(file), redaction).told;
        match standing {
            Standing::Same => Standing::Same,
            Standing::Changed { before, now } => Standing::Changed { before, now: now.with_story(&told) },
            Standing::New(now) => Standing::New(now.with_story(&told)),
            Standing::Damaged { why, now } => Standing::Damaged { why, now: now.with_story(&told) },
        }
    }

    fn settle(&mut self, path: &Path, standing: Standing) -> Result<Option<Unlike>, Exit> {
        let Snapshots { mode, is_ci, .. } = *self.snapshots;
        let (unlike, now) = match standing {
            Standing::Same => {
                if !is_ci {
                    // A story that waited and is the accepted one again. Mostly there is none.
                    let _ = fs::remove_file(waiting(path));
                }
                return Ok(None);
            }
            Standing::Changed { before, now } => {
                (Unlike::Changed { old: before.story, new: now.story.clone() }, now)
            }
            Standing::New(now) => (Unlike::New { lines: now.story.lines().count() }, now),
            Standing::Damaged { why, now } => (Unlike::Damaged(why), now),
        };
        if mode == Mode::Update {
            accept(path, &now).map_err(|error| cannot_write(path, &error, self.output))?;
            self.stories.n_updated += 1;
            return Ok(None);
        }
        if !is_ci {
            let waiting = waiting(path);
            match atomic::write(&waiting, now.accepted().as_bytes(), Readers::Anybody) {
                Ok(()) => self.stories.n_waiting += 1,
                // The run has its verdict all the same.
                Err(error) => _ = cannot_write(&waiting, &error, self.output),
            }
        }
        Ok(Some(unlike))
    }

    /// Snapshots without a scenario. They fail in CI, where a rename is over; before, it may be under way.
    pub(crate) fn unreferenced(&self) -> Vec<StoryFinding> {
        let mut findings = Vec::new();
        for (folder, names) in &self.snapshots.whole {
            let there = below(folder, ACCEPTED);
            for name in there.into_iter().filter(|name| !names.contains(name)) {
                let snapshot = shown(&nearer(&within(folder, &name, ACCEPTED)));
                let fails = self.snapshots.is_ci;
                findings.push(StoryFinding { name, snapshot, unlike: Unlike::Unreferenced, fails });
            }
        }
        findings
    }
}

enum Standing {
    Same,
    Changed { before: Snapshot, now: Snapshot },
    New(Snapshot),
    Damaged { why: String, now: Snapshot },
}

fn standing(path: &Path, story: &str, source: &str) -> Standing {
    if !path.exists() {
        return Standing::New(Snapshot::of(story, None, source));
    }
    match read(path) {
        Err(why) => Standing::Damaged { why, now: Snapshot::of(story, None, source) },
        Ok(before) => {
            let now = Snapshot::of(story, Some(&before), source);
            if now.story == before.story { Standing::Same } else { Standing::Changed { before, now } }
        }
    }
}

/// The scenario's file, from the suite's folder on: the same wherever the run was started.
fn source(file: &Loaded) -> String {
    let suite = file.home.root.path.file_name().unwrap_or_default().to_string_lossy();
    let ending = Path::new(&file.scenario.path).extension().unwrap_or_default().to_string_lossy();
    format!("{suite}/{}.{ending}", file.in_suite)
}

/// The error is a whole sentence.
pub(crate) fn read(path: &Path) -> Result<Snapshot, String> {
    let cannot = |error: io::Error| format!("It cannot be read: {}.", suite::reason(&error));
    let meta = fs::metadata(path).map_err(cannot)?;
    if !meta.is_file() || meta.len() > MAX_BYTES {
        return Err("It is not a regular file of a size that a snapshot has, so it was not read.".to_owned());
    }
    let text = String::from_utf8(fs::read(path).map_err(cannot)?);
    Snapshot::read(&text.map_err(|_| "It is not text in UTF-8.".to_owned())?)
}

/// *Assumed*: a thousand times the size of an ordinary story.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Makes it the accepted one; a story that waits beside it is done with.
pub(crate) fn accept(path: &Path, now: &Snapshot) -> io::Result<()> {
    atomic::write(path, now.accepted().as_bytes(), Readers::Anybody)?;
    refuse(&waiting(path))
}

/// Takes a waiting story away.
pub(crate) fn refuse(waiting: &Path) -> io::Result<()> {
    match fs::remove_file(waiting) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn cannot_write(path: &Path, error: &io::Error, output: Output) -> Exit {
    let path = shown(&nearer(path));
    output.note(&format!("{path} could not be written: {}.\n", suite::reason(error)));
    Exit::Environment
}

/// By root of the suite. With [`Mode::Update`] also those that are still to be made.
fn folders<'a>(selected: &'a [Selected<'_>], mode: Mode) -> BTreeMap<&'a PathBuf, PathBuf> {
    let roots: BTreeSet<&PathBuf> = selected.iter().map(|selected| &selected.file.home.root.path).collect();
    let to_be = |root: &PathBuf| (mode == Mode::Update).then(|| belongs(root));
    roots.into_iter().filter_map(|root| Some((root, folder(root).or_else(|| to_be(root))?))).collect()
}

/// Every file below with this ending: its path from `folder` with `/`, without the ending, sorted. Links are not
/// followed.
pub(crate) fn below(folder: &Path, ending: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                todo.push(path);
            } else if let Ok(name) = path.strip_prefix(folder)
                && kind.is_file()
                && let Some(name) = shown(name).strip_suffix(ending)
            {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

/// The file of a name as [`below`] gives it, part by part: a long Windows path takes no `/`.
pub(crate) fn within(folder: &Path, name: &str, ending: &str) -> PathBuf {
    let mut path = folder.to_owned();
    path.extend(format!("{name}{ending}").split('/'));
    path
}

/// The waiting file of a snapshot.
fn waiting(accepted: &Path) -> PathBuf {
    let mut name = accepted.file_name().unwrap_or_default().to_owned();
    name.push(&WAITING[ACCEPTED.len()..]);
    accepted.with_file_name(name)
}

/// Seen from the working folder, where it lies below.
pub(crate) fn nearer(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    here.ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned)).unwrap_or(path.to_owned())
}
