//! `run --against`: finds the earlier run (its JSON document, a bundle, or the name of a run whose bundle is in
//! `rehearse-out`), and compares it with this one.

use crate::{
    bundle,
    exit::Exit,
    load::{Loaded, Suite},
    nearest::nearest,
    output::Output,
    suite::shown,
    told,
};
use report::{Absence, CaseKey, Changes, Earlier, EarlierCase, Event, Outcome, Redaction};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Where bundles are written, and looked for.
pub(crate) const OUT: &str = "rehearse-out";

/// An earlier run, and what was seen of this one.
pub(crate) struct Against {
    file: String,
    earlier: Earlier,
    /// With the place of each case in its file.
    now: Vec<(CaseKey, usize, Outcome)>,
}

/// Stands for the name of a row that the suite does not have any more, where names are left out: nobody knows what it
/// says.
const NOT_SHOWN: &str = "[not shown]";

impl Against {
    /// Reads the earlier run before anything is played: where it cannot be used, nothing is.
    pub(crate) fn read(given: &Path, output: Output) -> Result<Against, Exit> {
        let path = find(given);
        let shown = report::prose(&shown(given));
        let earlier = document(&path).and_then(|text| Earlier::read(&text)).map_err(|why| {
            let near = if path.exists() { String::new() } else { near(given) };
            output.note(&format!(
                "--against {shown} {why}.{near} It takes what rehearse run --json wrote, a bundle, or the name of a \
                 bundle in {OUT}. Nothing was run.\n"
            ));
            Exit::NotUnderstood
        })?;
        Ok(Against { file: shown, earlier, now: Vec::new() })
    }

    pub(crate) fn see(&mut self, event: Event<'_>) {
        if let Event::CaseDone(case) = event {
            self.now.push((case.facts.key(), case.place.1, case.outcome));
        }
    }

    pub(crate) fn changes(mut self, suite: &Suite, redaction: Redaction) -> Changes {
        let files: BTreeMap<&str, &Loaded> =
            suite.files.iter().map(|file| (file.name.as_str(), file)).collect();
        let told: BTreeMap<(&str, usize), Option<&str>> = self
            .now
            .iter()
            .map(|((scenario, case), place, _)| ((scenario.as_str(), *place), case.as_deref()))
            .collect();
        let is_known_to_be_told = self.earlier.redaction() >= redaction;
        let mut there = BTreeSet::new();
        for case in self.earlier.cases_mut() {
            let file = files.get(case.scenario.as_str());
            let meant = file.and_then(|file| Some((file, told::meant(file, case.case.as_deref())?)));
            if let Some((file, place)) = meant {
                case.case = match told.get(&(case.scenario.as_str(), place)) {
                    Some(told) => told.map(str::to_owned),
                    None => told::name(file, place, redaction),
                };
                there.insert((case.scenario.clone(), case.case.clone()));
            } else if !is_known_to_be_told && case.case.is_some() {
                case.case = Some(NOT_SHOWN.to_owned());
            }
        }
        let now: Vec<(CaseKey, Outcome)> =
            self.now.iter().map(|(key, _, outcome)| (key.clone(), *outcome)).collect();
        report::changes(&self.file, &self.earlier, &now, &|case| absence(case, &files, &there))
    }
}

/// Gone is what this suite does not have, unless its file is there and was not looked at.
fn absence(case: &EarlierCase, files: &BTreeMap<&str, &Loaded>, there: &BTreeSet<CaseKey>) -> Absence {
    let is_there = if files.contains_key(case.scenario.as_str()) {
        there.contains(&(case.scenario.clone(), case.case.clone()))
    } else {
        Path::new(&case.file).is_file()
    };
    if is_there { Absence::NotPicked } else { Absence::Gone }
}

/// The file itself, or the bundle of a run of that name.
fn find(given: &Path) -> PathBuf {
    let named = Path::new(OUT).join(given).with_extension("zip");
    if !given.exists() && given.components().count() == 1 && named.is_file() {
        return named;
    }
    given.to_owned()
}

/// The error goes on after the file's name: "is not ...".
fn document(path: &Path) -> Result<String, String> {
    let bytes = bundle::bytes(path)?;
    if bytes.starts_with(b"PK") {
        return bundle::run_document(bytes);
    }
    String::from_utf8(bytes).map_err(|_| "is not text in UTF-8, so it is no JSON document".to_owned())
}

/// " The nearest is run.json.", or nothing.
fn near(given: &Path) -> String {
    let folder = given.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let wanted = given.file_name().unwrap_or_default().to_string_lossy();
    let near = nearest(&wanted, names.iter().map(String::as_str), 1);
    near.first().map_or_else(String::new, |name| {
        format!(" The nearest is {}.", report::prose(&shown(&given.with_file_name(name))))
    })
}
