//! Reads the stream of a run and keeps of it what a bundle holds.

use super::{Bundle, FORMAT, Input, Manifest, ScenarioInput, VERSION};
use crate::{
    args::{DEFAULT_SEED, Playing},
    load::{Loaded, Suite},
    play, run,
    select::Selected,
    suite::{self, SUITE_FILE, shown},
};
use report::{
    CaseDocument, CaseDone, Counts, Event, Hidden, Json, Reader, Redaction, RunEnded, RunStarted, StoryCounts,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// What was played so far. Whatever the order in which it was, it is kept in that of the files.
pub(crate) struct Collector<'a> {
    files: &'a [Loaded],
    /// For each selected file: its place among all.
    places: Vec<usize>,
    started: Option<RunStarted>,
    /// By the place of the file and of the case in it.
    played: BTreeMap<(usize, usize), CaseDone>,
    end: Option<Counts>,
}

/// What came of playing, as a bundle holds it.
pub(crate) struct Replayed {
    pub(crate) counts: Counts,
    /// The document of the run.
    pub(crate) run: String,
    /// The story of each file that was played.
    pub(crate) stories: Vec<String>,
    pub(crate) cases: Vec<CaseDocument>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(suite: &'a Suite, selected: &[Selected<'_>]) -> Collector<'a> {
        let by_name: BTreeMap<&str, usize> =
            suite.files.iter().enumerate().map(|(place, file)| (file.name.as_str(), place)).collect();
        let places = selected.iter().map(|selected| by_name[selected.file.name.as_str()]).collect();
        Collector { files: &suite.files, places, started: None, played: BTreeMap::new(), end: None }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) {
        match event {
            Event::RunStarted(run) => self.started = Some(run.clone()),
            Event::CaseDone(case) => {
                let (file, place) = case.place;
                self.played.insert((self.places[file], place), case.clone());
            }
            Event::RunEnded(end) => self.end = Some(end.counts),
            _ => {}
        }
    }

    /// The places of the files that were played.
    fn files_played(&self) -> BTreeSet<usize> {
        self.played.keys().map(|(file, _)| *file).collect()
    }

    /// As if what was played had been all: so it can be played again. `redaction`: what stands in the stories is told so.
    /// None where the run never ended.
    pub(crate) fn replayed(&self, redaction: Redaction) -> Option<Replayed> {
        let files = self.files_played();
        let counts = Counts { n_scenarios: files.len(), n_not_run: 0, n_stories: 0, ..self.end? };
        let mut document = Reader::Json(Json::new(false));
        document.read(Event::RunStarted(self.started.as_ref()?));
        for case in self.played.values() {
            document.read(Event::CaseDone(case));
        }
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
        let run = document.read(Event::RunEnded(&end));
        let stories = files.iter().map(|&file| self.story(file, redaction)).collect();
        let cases = self.played.values().map(|case| case.facts.clone()).collect();
        Some(Replayed { counts, run, stories, cases })
    }

    fn story(&self, file: usize, redaction: Redaction) -> String {
        let Loaded { name, scenario, .. } = &self.files[file];
        let header = report::unstyled(&report::header(name, scenario));
        let hidden = Hidden::of_scenarios(redaction, std::iter::once(scenario));
        let cases = self.played.range((file, 0)..=(file, usize::MAX));
        let cases = cases.filter_map(|(_, case)| case.kept.as_deref());
        cases.fold(hidden.hide(&header).into_owned(), |story, case| story + case)
    }

    /// The bundle of it, with every name. The error is a whole sentence.
    pub(crate) fn bundle(&self, selected: &[Selected<'_>], playing: &Playing) -> Result<Bundle, String> {
        let Some(Replayed { counts, run, stories: told, .. }) = self.replayed(Redaction::None) else {
            return Err("The run did not come to an end.".to_owned());
        };
        if counts.n_cases() == 0 {
            return Err("Nothing was played.".to_owned());
        }
        let places = self.files_played();
        let files = places.iter().map(|&file| &self.files[file]);
        let mut entries = Entries::default();
        let suites = suites(files.clone(), &mut entries)?;
        let worlds = worlds(files.clone(), &mut entries)?;
        let mut scenarios = Vec::new();
        let mut stories = BTreeMap::new();
        for (&place, story) in places.iter().zip(told) {
            let loaded = &self.files[place];
            let input = entries.add(&loaded.scenario.path, &loaded.source);
            let story_entry = entries.free(&format!("stories/{}.txt", plain(&loaded.name)));
            stories.insert(story_entry.clone(), story);
            scenarios.push(ScenarioInput {
                path: input.path,
                entry: input.entry,
                name: loaded.name.clone(),
                in_suite: loaded.in_suite.clone(),
                suite: suites.get(&loaded.home.root.path).map(|suite| suite.entry.clone()),
                cases: self
                    .played
                    .range((place, 0)..=(place, usize::MAX))
                    .map(|((_, case), _)| *case)
                    .collect(),
                story: story_entry,
            });
        }
        let until = |file: &Loaded| file.scenario.skip.as_ref().is_some_and(|skip| skip.until.is_some());
        let seeds: BTreeSet<u64> = files.clone().map(|file| play::seed(file, playing)).collect();
        let mut manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION.to_owned(),
            run: String::new(),
            seed: self.started.as_ref().map_or(DEFAULT_SEED, |run| run.seed),
            own_seeds: seeds.len() > 1,
            now: files.clone().any(until).then(|| play::day(playing).to_string()),
            redacted: false,
            redacted_identifiers: false,
            stopped_early: selected.iter().map(|it| it.cases.len()).sum::<usize>() > counts.n_cases(),
            suites: suites.into_values().collect(),
            scenarios,
            worlds,
        };
        manifest.run = manifest.name(&entries.texts);
        Ok(Bundle { manifest, inputs: entries.texts, stories, run })
    }

    /// The files that were played, in the order of the bundle's scenarios.
    pub(crate) fn played_files(&self) -> Vec<&'a Loaded> {
        self.files_played().into_iter().map(|file| &self.files[file]).collect()
    }
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
