//! Reads the scenario files that were found and the suites that they belong to, and keeps every mistake of every file.
//! Nothing is run while one is left.

use crate::suite::{self, Found, PathProblem, Root, SUITE_FILE};
use rayon::prelude::*;
use scenario::{Mistake, Scenario, SuiteFile};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A suite: where it is, and what holds for all of it.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) root: Root,
    pub(crate) file: SuiteFile,
}

/// One scenario file, read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) name: String,
    /// Its name from the root of its suite, whatever else is looked at: what is kept or worked out from a name goes by it.
    pub(crate) in_suite: String,
    pub(crate) home: Arc<Home>,
    pub(crate) source: String,
    /// The text of every world that it uses, by the path that the reader made of it.
    pub(crate) worlds: BTreeMap<String, String>,
    pub(crate) scenario: Scenario,
}

impl Loaded {
    /// Of its file, with the dot.
    pub(crate) fn extension(&self) -> &str {
        self.scenario.path.rfind('.').map_or("", |at| &self.scenario.path[at..])
    }
}

/// Everything that keeps a suite from being run.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    pub(crate) paths: Vec<PathProblem>,
    /// With the text of each file that has some.
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) sources: BTreeMap<String, String>,
}

impl Troubles {
    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.mistakes.is_empty()
    }

    pub(crate) fn add(&mut self, other: Troubles) {
        self.paths.extend(other.paths);
        // A mistake in a world comes once, however many scenarios use it.
        for mistake in other.mistakes {
            if !self.mistakes.contains(&mistake) {
                self.mistakes.push(mistake);
            }
        }
        self.sources.extend(other.sources);
    }
}

/// What came of reading.
#[derive(Debug, Default)]
pub(crate) struct Suite {
    pub(crate) files: Vec<Loaded>,
    /// The suites that the files belong to, in the order of their paths.
    pub(crate) homes: Vec<Arc<Home>>,
    pub(crate) troubles: Troubles,
    pub(crate) links: Vec<String>,
}

/// So few files are read before threads have started.
const FEW: usize = 8;

/// Finds and reads everything under the given paths.
pub(crate) fn load(paths: &[PathBuf]) -> Suite {
    let finds = suite::find(paths);
    let mut troubles = Troubles { paths: finds.problems, ..Troubles::default() };
    let homes = homes(&finds.found, &mut troubles);
    let home = |found: &Found| Arc::clone(&homes[&found.root.path]);
    let read: Vec<Result<Loaded, Troubles>> = if finds.found.len() > FEW {
        finds.found.par_iter().map(|found| read_one(found, home(found))).collect()
    } else {
        finds.found.iter().map(|found| read_one(found, home(found))).collect()
    };
    let mut files = Vec::with_capacity(read.len());
    for result in read {
        match result {
            Ok(loaded) => files.push(loaded),
            Err(trouble) => troubles.add(trouble),
        }
    }
    Suite { files, homes: homes.into_values().collect(), troubles, links: finds.links }
}

/// The suites of the files that were found, by their roots.
pub(crate) fn homes(found: &[Found], troubles: &mut Troubles) -> BTreeMap<PathBuf, Arc<Home>> {
    let mut roots: BTreeMap<&PathBuf, Root> = BTreeMap::new();
    for found in found {
        let root = roots.entry(&found.root.path).or_insert_with(|| found.root.clone());
        root.is_suite |= found.root.is_suite;
    }
    let mut read = |(path, root): (&PathBuf, Root)| {
        let file = read_suite(&root).unwrap_or_else(|trouble| {
            let source = trouble.sources.values().next().map_or("", String::as_str);
            let unread = SuiteFile::unread(source);
            troubles.add(trouble);
            unread
        });
        (path.clone(), Arc::new(Home { root, file }))
    };
    roots.into_iter().map(&mut read).collect()
}

/// What the suite says to which a folder belongs, or will belong.
pub(crate) fn suite_file(folder: &Path) -> SuiteFile {
    let root = Root { path: suite::root_above(folder), shown: folder.to_owned(), is_suite: true };
    read_suite(&root).unwrap_or_else(|_| SuiteFile::unread(""))
}

fn read_suite(root: &Root) -> Result<SuiteFile, Troubles> {
    let path = root.path.join(SUITE_FILE);
    if !path.is_file() {
        return Ok(SuiteFile::default());
    }
    let shown = suite::shown(&root.shown.join(SUITE_FILE));
    let source = suite::read_text(&path).map_err(|what| Troubles {
        paths: vec![PathProblem { path: shown.clone(), what: format!("This file {what}.") }],
        ..Troubles::default()
    })?;
    scenario::read_suite(&shown, &source).map_err(|mistakes| Troubles {
        mistakes,
        sources: BTreeMap::from([(shown, source)]),
        ..Troubles::default()
    })
}

fn read_one(found: &Found, home: Arc<Home>) -> Result<Loaded, Troubles> {
    let source = suite::read_text(&found.path).map_err(|what| Troubles {
        paths: vec![PathProblem { path: found.shown.clone(), what: format!("This file {what}.") }],
        ..Troubles::default()
    })?;
    understand(found, home, source, &mut |path| suite::read_world(path, &found.root.path))
}

/// What a text says that was found there; `fetch` gives the worlds that it uses.
pub(crate) fn understand(
    found: &Found,
    home: Arc<Home>,
    source: String,
    fetch: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Loaded, Troubles> {
    let mut worlds = BTreeMap::new();
    let mut world = |path: &str| {
        let text = fetch(path)?;
        worlds.insert(path.to_owned(), text.clone());
        Ok(text)
    };
    match scenario::read_in(&home.file, &found.shown, &source, &mut world) {
        Ok(scenario) => Ok(Loaded {
            name: found.name.clone(),
            in_suite: found.in_suite.clone(),
            home,
            source,
            worlds,
            scenario,
        }),
        Err(mistakes) => {
            worlds.insert(found.shown.clone(), source);
            Err(Troubles { mistakes, sources: worlds, ..Troubles::default() })
        }
    }
}
