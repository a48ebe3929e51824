//! Picks scenarios and cases, and says what would have matched where nothing does. What each flag means is at home in
//! `filter/`, `failed.rs` and `shard.rs`.

use crate::{
    args::{NoMatch, Which},
    exit::Exit,
    failed::Failed,
    filter::{Facts, Filter},
    load::{Loaded, Suite},
    nearest::nearest,
    output::Output,
    shard::{self, Shard},
    suite::shown,
};
use report::Hidden;
use scenario::Mistake;
use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf};

/// A scenario and those of its cases that were asked for: their places, never none.
#[derive(Debug)]
pub(crate) struct Selected<'a> {
    pub(crate) file: &'a Loaded,
    pub(crate) cases: Vec<usize>,
}

impl Which {
    /// Something but the paths keeps cases out.
    pub(crate) fn is_narrow(&self) -> bool {
        self.text.is_some()
            || !self.tags.is_empty()
            || !self.filters.is_empty()
            || self.failed
            || self.shard.is_some()
    }
}

/// What was asked for; or, where nothing matches, how to end.
pub(crate) fn select<'a>(suite: &'a Suite, which: &Which, output: Output) -> Result<Vec<Selected<'a>>, Exit> {
    let filters = filters(suite, which, output)?;
    let failed =
        which.failed.then(|| Failed::read(suite, output)).transpose().map_err(|exit| ended(exit, which))?;
    let mut selected = pick(&suite.files, which.text.as_deref(), &which.tags);
    if !filters.is_empty() {
        keep(&mut selected, |file, case| filters.iter().any(|filter| fits(filter, file, case)));
    }
    if let Some(failed) = failed {
        keep(&mut selected, |file, case| failed.has(file, case));
    }
    if selected.is_empty() {
        let scenarios = suite.files.iter().map(|file| &file.scenario);
        let hidden = Hidden::of_scenarios(output.redaction, scenarios);
        output.note(&hidden.hide(&nothing_matched(suite, which, &filters)));
        return Err(ended(Exit::NothingToDo, which));
    }
    match which.shard {
        Some(shard) => in_shard(selected, shard, output),
        None => Ok(selected),
    }
}

/// Nothing to do is fine where that was said.
const fn ended(exit: Exit, which: &Which) -> Exit {
    match (exit, which.no_match) {
        (Exit::NothingToDo, NoMatch::Ok) => Exit::AsExpected,
        (exit, _) => exit,
    }
}

/// An empty shard is no slip of anybody's: a small suite in many parts leaves some without a case, and the other parts
/// run all of it. A pipeline that splits a suite must not fail for that.
fn in_shard(
    mut selected: Vec<Selected<'_>>,
    shard: Shard,
    output: Output,
) -> Result<Vec<Selected<'_>>, Exit> {
    let n_cases: usize = selected.iter().map(|selected| selected.cases.len()).sum();
    keep(&mut selected, |file, case| shard.has(&file.in_suite, file.scenario.cases[case].name.as_deref()));
    if selected.is_empty() {
        let cases = report::counted(n_cases, "selected case falls", "selected cases fall");
        output.note(&format!("None of the {cases} into shard {shard}: there is nothing to do here. The other shards run them.\n"));
        return Err(Exit::AsExpected);
    }
    Ok(selected)
}

/// The order of a seed, for scenarios and for the cases of each. It depends on their names alone.
pub(crate) fn shuffle(selected: &mut [Selected<'_>], seed: u64) {
    selected.sort_by_cached_key(|it| (shard::number(seed, &it.file.in_suite, None), &it.file.name));
    for Selected { file, cases } in selected {
        cases.sort_by_cached_key(|&case| {
            (shard::number(seed, &file.in_suite, file.scenario.cases[case].name.as_deref()), case)
        });
    }
}

fn keep(selected: &mut Vec<Selected<'_>>, asked: impl Fn(&Loaded, usize) -> bool) {
    for Selected { file, cases } in selected.iter_mut() {
        cases.retain(|&case| asked(file, case));
    }
    selected.retain(|selected| !selected.cases.is_empty());
}

fn fits(filter: &Filter, file: &Loaded, case: usize) -> bool {
    let in_suite = format!("{}{}", file.in_suite, file.extension());
    filter.fits(&Facts {
        name: &file.name,
        case: file.scenario.cases[case].name.as_deref(),
        paths: [&file.scenario.path, &in_suite],
        tags: &file.scenario.tags,
        proves: &file.scenario.proves,
    })
}

/// The expressions, if they are free of mistakes; else these are told. A tag that no scenario here has is one, too: a
/// misspelt one after `not` would otherwise let everything through.
fn filters(suite: &Suite, which: &Which, output: Output) -> Result<Vec<Filter>, Exit> {
    let tags = tags(suite);
    let mut filters = Vec::new();
    let mut told = String::new();
    for source in &which.filters {
        match Filter::read(source, (which.no_match == NoMatch::Fails).then_some(&tags)) {
            Ok(filter) => filters.push(filter),
            Err(mistakes) => told.extend(mistakes.iter().map(|mistake| shown_at(mistake, source, output))),
        }
    }
    if told.is_empty() {
        return Ok(filters);
    }
    output.note(&format!("{told}Nothing was run. How filters are written: rehearse explain filter\n"));
    Err(Exit::NotUnderstood)
}

fn shown_at(mistake: &Mistake, source: &str, output: Output) -> String {
    if output.plain {
        format!("{}\n", report::mistake_plain(mistake))
    } else {
        format!("{}\n\n", mistake.render(source, true))
    }
}

fn tags(suite: &Suite) -> BTreeSet<&str> {
    suite.files.iter().flat_map(|file| &file.scenario.tags).map(String::as_str).collect()
}

/// By text in the scenario's name or title (then all its cases) or in a case's name; and by any of the tags.
pub(crate) fn pick<'a>(files: &'a [Loaded], text: Option<&str>, tags: &[String]) -> Vec<Selected<'a>> {
    let text = text.map(str::to_lowercase);
    files
        .iter()
        .filter(|file| tags.is_empty() || file.scenario.tags.iter().any(|tag| tags.contains(tag)))
        .map(|file| Selected { file, cases: cases(file, text.as_deref()) })
        .filter(|selected| !selected.cases.is_empty())
        .collect()
}

fn cases(file: &Loaded, text: Option<&str>) -> Vec<usize> {
    let all = 0..file.scenario.cases.len();
    let Some(text) = text else { return all.collect() };
    let in_it = |whole: &str| whole.to_lowercase().contains(text);
    if in_it(&file.name) || in_it(&file.scenario.title) {
        return all.collect();
    }
    let label = |idx: usize| report::case_label(&file.name, &file.scenario.cases[idx]);
    all.filter(|&idx| in_it(&label(idx))).collect()
}

/// What to say of paths under which there is no scenario.
pub(crate) fn nothing_there(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| shown(path)).collect();
    format!(
        "There is no scenario in {}. A scenario is a file whose name ends in .yaml; those in folders called \
         \"worlds\" do not count.\n",
        report::listed(&paths)
    )
}

fn nothing_matched(suite: &Suite, which: &Which, filters: &[Filter]) -> String {
    if suite.files.is_empty() {
        return nothing_there(&which.paths.paths);
    }
    let mut text = String::from("No scenario matched");
    let flags = which.text.iter().map(|text| ("-k", text));
    let flags = flags.chain(which.tags.iter().map(|tag| ("--tag", tag)));
    for (flag, wanted) in flags.chain(which.filters.iter().map(|filter| ("-E", filter))) {
        let _ = write!(text, " {flag} {wanted:?}");
    }
    text.push_str(if which.failed { " --failed." } else { "." });
    if let Some(star) = filters.iter().find_map(Filter::star_as_text) {
        let _ = write!(
            text,
            " Names and paths are searched for {star:?} as it stands; for a pattern write #{}.",
            report::prose(star)
        );
    }
    let near = nearest_names(suite, which, filters);
    if !near.is_empty() {
        let _ = write!(text, " Nearest: {}.", near.join(", "));
    }
    if !which.tags.is_empty() {
        let tags: Vec<&str> = tags(suite).into_iter().collect();
        let _ = write!(text, " Tags that there are: {}.", report::listed(&tags));
    }
    text.push_str(" See them all: rehearse list\n");
    text
}

/// Of scenarios and rows, nearest to what was looked for.
fn nearest_names<'a>(suite: &'a Suite, which: &Which, filters: &[Filter]) -> Vec<&'a str> {
    let of_rows =
        suite.files.iter().flat_map(|file| &file.scenario.cases).filter_map(|case| case.name.as_deref());
    let names = || suite.files.iter().map(|file| file.name.as_str()).chain(of_rows.clone());
    let wanted = which.text.as_deref().into_iter().chain(filters.iter().flat_map(Filter::names));
    let mut near: Vec<&str> =
        wanted.flat_map(|wanted| nearest(wanted.trim_end_matches(".yaml"), names(), 3)).collect();
    let mut seen = BTreeSet::new();
    near.retain(|name| seen.insert(*name));
    near.truncate(5);
    near
}
