//! Reads the stream of a run and keeps of it what a bundle holds.

use super::{Bundle, FORMAT, Input, Manifest, ScenarioInput, VERSION};
use crate::{
    args::Playing,
    load::Loaded,
    play, run,
    select::Selected,
    suite::{self, SUITE_FILE, shown},
};
use report::{Counts, Event, Json, Reader, RunEnded, StoryCounts};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// What was played so far.
pub(crate) struct Collector {
    document: Reader,
    /// By place of the file: the places of its cases, and their stories one after the other.
    played: BTreeMap<usize, (Vec<usize>, String)>,
    end: Option<(Counts, String)>,
}

impl Collector {
    pub(crate) fn new() -> Collector {
        Collector { document: Reader::Json(Json::new(false)), played: BTreeMap::new(), end: None }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) {
        match event {
            Event::RunStarted(_) => _ = self.document.read(event),
            Event::CaseDone(case) => {
                let (file, place) = case.place;
                let (cases, story) = self.played.entry(file).or_default();
                cases.push(place);
                story.push_str(case.kept.as_deref().unwrap_or_default());
                self.document.read(event);
            }
            Event::RunEnded(end) => self.ended(end.counts),
            _ => {}
        }
    }

    /// As if what was played had been all: so it can be played again.
    fn ended(&mut self, counts: Counts) {
        let counts = Counts { n_scenarios: self.played.len(), n_not_run: 0, n_stories: 0, ..counts };
        let mut end = RunEnded {
            counts,
            stories: StoryCounts::default(),
            stopped: None,
            not_run: Vec::new(),
            unproven: Vec::new(),
            place: String::new(),
            exit_code: 0,
        };
        end.exit_code = run::gate(&end).code();
        self.end = Some((counts, self.document.read(Event::RunEnded(&end))));
    }

    /// The counts and the document of what was played, and each story by the name of its scenario. None where the run
    /// never ended.
    pub(crate) fn replayed(self, selected: &[Selected<'_>]) -> Option<(Counts, String, Vec<String>)> {
        let stories = self.played.iter().map(|(&file, (_, cases))| whole(selected[file].file, cases));
        let stories = stories.collect();
        self.end.map(|(counts, run)| (counts, run, stories))
    }

    /// The bundle of it. The error is a whole sentence.
    pub(crate) fn bundle(self, selected: &[Selected<'_>], playing: &Playing) -> Result<Bundle, String> {
        let Some((counts, run)) = self.end else {
            return Err("The run did not come to an end.".to_owned());
        };
        if counts.n_cases() == 0 {
            return Err("Nothing was played.".to_owned());
        }
        let files = self.played.keys().map(|&file| selected[file].file);
        let mut entries = Entries::default();
        let suites = suites(files.clone(), &mut entries)?;
        let worlds = worlds(files.clone(), &mut entries)?;
        let mut scenarios = Vec::new();
        let mut stories = BTreeMap::new();
        for (&file, (cases, story)) in &self.played {
            let loaded = selected[file].file;
            let input = entries.add(&loaded.scenario.path, &loaded.source);
            let story_entry = entries.free(&format!("stories/{}.txt", plain(&loaded.name)));
            stories.insert(story_entry.clone(), whole(loaded, story));
            scenarios.push(ScenarioInput {
                path: input.path,
                entry: input.entry,
                name: loaded.name.clone(),
                in_suite: loaded.in_suite.clone(),
                suite: suites.get(&loaded.home.root.path).map(|suite| suite.entry.clone()),
                cases: cases.clone(),
                story: story_entry,
            });
        }
        let until = |file: &Loaded| file.scenario.skip.as_ref().is_some_and(|skip| skip.until.is_some());
        let mut manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION.to_owned(),
            run: String::new(),
            seed: play::seed_of_all(selected, playing),
            now: files.clone().any(until).then(|| play::day(playing).to_string()),
            redacted: false,
            stopped_early: selected.iter().map(|it| it.cases.len()).sum::<usize>() > counts.n_cases(),
            suites: suites.into_values().collect(),
            scenarios,
            worlds,
        };
        manifest.run = manifest.name(&entries.texts);
        Ok(Bundle { manifest, inputs: entries.texts, stories, run })
    }
}

fn whole(file: &Loaded, cases: &str) -> String {
    report::unstyled(&report::header(&file.name, &file.scenario)) + cases
}

/// The `suite.yaml` of each suite that has one, by its root.
fn suites<'a>(
    files: impl Iterator<Item = &'a Loaded>,
    entries: &mut Entries,
) -> Result<BTreeMap<PathBuf, Input>, String> {
    let roots: BTreeSet<&PathBuf> = files.map(|file| &file.home.root.path).collect();
    let mut suites = BTreeMap::new();
    for root in roots {
        let path = root.join(SUITE_FILE);
        if path.is_file() {
            let text = suite::read_text(&path).map_err(|what| format!("{} {what}.", shown(&path)))?;
            let folder = root.file_name().unwrap_or_default().to_string_lossy();
            suites.insert(root.clone(), entries.add(&format!("{folder}/{SUITE_FILE}"), &text));
        }
    }
    Ok(suites)
}

fn worlds<'a>(files: impl Iterator<Item = &'a Loaded>, entries: &mut Entries) -> Result<Vec<Input>, String> {
    let mut worlds: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, text) in files.flat_map(|file| &file.worlds) {
        if worlds.insert(path, text).is_some_and(|before| before != text) {
            return Err(format!("{path} was changed while it was read."));
        }
    }
    Ok(worlds.into_iter().map(|(path, text)| entries.add(path, text)).collect())
}

/// The entries that inputs get, each once.
#[derive(Default)]
struct Entries {
    taken: BTreeSet<String>,
    texts: BTreeMap<String, String>,
}

impl Entries {
    fn add(&mut self, path: &str, text: &str) -> Input {
        let entry = self.free(&format!("inputs/{}", plain(path)));
        self.texts.insert(entry.clone(), text.to_owned());
        Input { path: path.to_owned(), entry }
    }

    /// The name, or the first with a number before its ending that nobody has. Case does not tell two apart everywhere.
    fn free(&mut self, name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let numbered = (2..).map(|n| format!("{stem}-{n}.{ending}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| self.taken.insert(name.to_lowercase())).unwrap_or_default()
    }
}

/// A path that stays inside whatever folder it is unpacked in, on every system.
fn plain(path: &str) -> String {
    let part = |part: &str| match part {
        ".." => "_up".to_owned(),
        part => part
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' })
            .collect(),
    };
    let parts: Vec<String> = path.split('/').filter(|part| !matches!(*part, "" | ".")).map(part).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_inside_and_differ() {
        assert_eq!(plain("../a/./b c.yaml"), "_up/a/b c.yaml");
        assert_eq!(plain("/etc/C:/x\\y"), "etc/C_/x_y");
        let mut entries = Entries::default();
        let added: Vec<String> =
            ["/a.yaml", "a.yaml", "A.yaml"].iter().map(|path| entries.add(path, path).entry).collect();
        assert_eq!(added, ["inputs/a.yaml", "inputs/a-2.yaml", "inputs/A-3.yaml"]);
    }
}
