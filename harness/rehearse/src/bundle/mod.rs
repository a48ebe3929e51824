//! A run in one file: the scenario files and worlds as they were read, the seed, the versions, the stories and the
//! document of the run. What is in it is enough to play the run again, anywhere, to the same bytes.
//!
//! A bundle holds what was played. How stories stand beside snapshots, and what changed since an earlier run, depends on
//! other files and is not in it.

mod collect;
mod read;
mod redact;
mod write;

pub(crate) use collect::{Collector, Replayed};
pub(crate) use read::{bytes, open, run_document};
pub(crate) use redact::redacted;
pub(crate) use write::write;

use report::Redaction;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

pub(crate) const FORMAT: &str = "rehearse.bundle/1";
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The entry that says what the others are.
const MANIFEST: &str = "bundle.json";
/// The entry with the document of the run.
const RUN: &str = "run.json";

/// What stands in [`MANIFEST`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "fields of a document")]
pub(crate) struct Manifest {
    pub(crate) format: String,
    /// Of rehearse.
    pub(crate) version: String,
    /// The name of the run: decided by everything that decides its bytes.
    pub(crate) run: String,
    pub(crate) seed: u64,
    /// The day on which `skip: { until }` was looked at; none where no scenario asks for it.
    pub(crate) now: Option<String>,
    /// Whether no suite's own seed was to be overridden, and several have different ones: then each has its own again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) own_seeds: bool,
    /// Whether names and the like are others than in the files that were read, and left out of stories and document.
    pub(crate) redacted: bool,
    /// Whether external identifiers are, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) redacted_identifiers: bool,
    /// Whether the run ended before everything that was picked was played: what is here was.
    pub(crate) stopped_early: bool,
    /// `suite.yaml` of each suite that has one.
    pub(crate) suites: Vec<Input>,
    pub(crate) scenarios: Vec<ScenarioInput>,
    pub(crate) worlds: Vec<Input>,
}

/// A file that was read, and the entry that holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    /// As it was shown.
    pub(crate) path: String,
    pub(crate) entry: String,
}

/// A scenario that was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioInput {
    pub(crate) path: String,
    pub(crate) entry: String,
    /// As lists show it.
    pub(crate) name: String,
    pub(crate) in_suite: String,
    /// The entry of its suite's `suite.yaml`, where there is one.
    pub(crate) suite: Option<String>,
    /// The places of the cases that were played.
    pub(crate) cases: Vec<usize>,
    /// The entry with its story.
    pub(crate) story: String,
}

/// A whole bundle in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bundle {
    pub(crate) manifest: Manifest,
    /// The text of every input by its entry.
    pub(crate) inputs: BTreeMap<String, String>,
    /// The text of every story by its entry.
    pub(crate) stories: BTreeMap<String, String>,
    /// The document of the run.
    pub(crate) run: String,
}

/// Where a bundle is written: the file that was given, one in the folder that was given, else in the folder of reports.
pub(crate) fn path(given: Option<&Path>, out: &Path, bundle: &Bundle) -> PathBuf {
    let named = format!("{}.zip", bundle.manifest.run);
    match given {
        None => out.join(named),
        Some(folder) if folder.is_dir() => folder.join(named),
        Some(file) => file.to_owned(),
    }
}

impl Manifest {
    /// What is left out of its stories and its document.
    pub(crate) const fn redaction(&self) -> Redaction {
        match (self.redacted, self.redacted_identifiers) {
            (_, true) => Redaction::All,
            (true, false) => Redaction::Names,
            (false, false) => Redaction::None,
        }
    }

    /// The entries that hold inputs, and the path of each.
    fn inputs(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.suites.iter().chain(&self.worlds).map(|it| (it.entry.as_str(), it.path.as_str()));
        files.chain(self.scenarios.iter().map(|it| (it.entry.as_str(), it.path.as_str())))
    }

    /// A name made of everything that decides what comes of playing: twelve digits of a SHA-256. Each part is preceded
    /// by its length, so that no two lists of parts are one text.
    fn name(&self, inputs: &BTreeMap<String, String>) -> String {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        for text in [&self.format, &self.version, &self.seed.to_string()] {
            part(text);
        }
        part(self.now.as_deref().unwrap_or_default());
        for (is_so, text) in [
            (self.own_seeds, "own seeds"),
            (self.redacted, "redacted"),
            (self.redacted_identifiers, "redacted identifiers"),
        ] {
            if is_so {
                part(text);
            }
        }
        for (entry, path) in self.inputs() {
            part(path);
            part(inputs.get(entry).map_or("", String::as_str));
        }
        for scenario in &self.scenarios {
            part(&scenario.name);
            part(&format!("{:?}", scenario.cases));
        }
        hash.finalize().iter().take(6).fold(String::new(), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
    }
}
