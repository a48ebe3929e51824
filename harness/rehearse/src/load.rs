//! Reads the scenario files that were found, and keeps every mistake of every file. Nothing is run while one is left.

use crate::suite::{self, Found, PathProblem};
use rayon::prelude::*;
use scenario::{Mistake, Scenario};
use std::{collections::BTreeMap, path::PathBuf};

/// One scenario file, read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) name: String,
    /// As [`Found`] has them.
    pub(crate) in_suite: String,
    pub(crate) root: PathBuf,
    pub(crate) source: String,
    /// The text of every world that it uses, by the path that the reader made of it.
    pub(crate) worlds: BTreeMap<String, String>,
    pub(crate) scenario: Scenario,
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
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) files: Vec<Loaded>,
    pub(crate) troubles: Troubles,
    pub(crate) links: Vec<String>,
}

/// So few files are read before threads have started.
const FEW: usize = 8;

/// Finds and reads everything under the given paths.
pub(crate) fn load(paths: &[PathBuf]) -> Suite {
    let finds = suite::find(paths);
    let read: Vec<Result<Loaded, Troubles>> = if finds.found.len() > FEW {
        finds.found.par_iter().map(read_one).collect()
    } else {
        finds.found.iter().map(read_one).collect()
    };
    let mut troubles = Troubles { paths: finds.problems, ..Troubles::default() };
    let mut files = Vec::with_capacity(read.len());
    for result in read {
        match result {
            Ok(loaded) => files.push(loaded),
            Err(trouble) => troubles.add(trouble),
        }
    }
    Suite { files, troubles, links: finds.links }
}

fn read_one(found: &Found) -> Result<Loaded, Troubles> {
    let source = suite::read_text(&found.path).map_err(|what| Troubles {
        paths: vec![PathProblem { path: found.shown.clone(), what: format!("This file {what}.") }],
        ..Troubles::default()
    })?;
    understand(found, source, &mut |path| suite::read_world(path, &found.root))
}

/// What a text says that was found there; `fetch` gives the worlds that it uses.
pub(crate) fn understand(
    found: &Found,
    source: String,
    fetch: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Loaded, Troubles> {
    let mut worlds = BTreeMap::new();
    let mut world = |path: &str| {
        let text = fetch(path)?;
        worlds.insert(path.to_owned(), text.clone());
        Ok(text)
    };
    match scenario::read(&found.shown, &source, &mut world) {
        Ok(scenario) => Ok(Loaded {
            name: found.name.clone(),
            in_suite: found.in_suite.clone(),
            root: found.root.clone(),
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
