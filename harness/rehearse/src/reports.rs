//! Which reports a run writes, and where each goes: asked for with `--report`, or chosen because of the pipeline that
//! the run is in. What stands in them is the readers' business.

use crate::{
    args::{Report, ReportKind, Run},
    atomic::{Draft, Readers},
    exit::Exit,
    output::Output,
    suite::{reason, shown},
    system::survive_file_size_limit,
};
use report::{Azure, Event, GitHub, GitLab, Json, Markdown, Places, Reader, RunEnded, Tap};
use std::{
    collections::BTreeSet,
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Every report of one run.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    to_files: Vec<ToFile>,
    /// What a pipeline reads from the log; printed when the run has ended.
    to_log: Vec<Reader>,
    /// GitHub's step summary, which is added to.
    summary: Option<(Reader, PathBuf)>,
}

#[derive(Debug)]
struct ToFile {
    kind: ReportKind,
    path: PathBuf,
    reader: Reader,
    /// Gone once it could not be written.
    draft: Option<Draft>,
}

impl Reports {
    /// Opens every file, so that what cannot be written is known before anything is run.
    pub(crate) fn open(args: &Run, output: Output) -> Result<Reports, Exit> {
        let wanted = if args.reports.is_empty() { of_the_pipeline() } else { args.reports.clone() };
        if wanted.is_empty() {
            return Ok(Reports::default());
        }
        survive_file_size_limit();
        let places = places();
        let mut reports = Reports::default();
        let mut paths = BTreeSet::new();
        for Report { kind, path } in wanted {
            let Some(reader) = reader(kind, &places) else { continue };
            let usual = || kind.file_name().map(|name| args.out.join(name));
            let Some(path) = path.or_else(usual) else {
                reports.to_log.push(reader);
                if kind == ReportKind::Github {
                    reports.summary = step_summary(&places);
                }
                continue;
            };
            if !paths.insert(path.clone()) {
                let path = shown(&path);
                output.note(&format!(
                    "Two reports would be written to {path}. Give one of them another path.\n"
                ));
                return Err(Exit::NotUnderstood);
            }
            let draft = Some(Draft::new(&path, Readers::Owner).map_err(|error| {
                output.note(&format!("{} Nothing was run.\n", cannot_write(kind, &path, &error)));
                Exit::Environment
            })?);
            reports.to_files.push(ToFile { kind, path, reader, draft });
        }
        Ok(reports)
    }

    /// Whether any of them tells the block of a failed case, or its story.
    pub(crate) fn want_failures(&self) -> bool {
        !self.to_files.is_empty() || self.summary.is_some()
    }

    pub(crate) fn want_stories_of_failures(&self) -> bool {
        self.to_files.iter().any(|it| it.kind == ReportKind::Junit)
    }

    /// Gives an event to every report.
    pub(crate) fn read(&mut self, event: Event<'_>, output: Output) {
        for it in &mut self.to_files {
            it.read(event, output);
        }
        for reader in self.to_log.iter_mut().chain(self.summary.iter_mut().map(|(reader, _)| reader)) {
            reader.read(event);
        }
    }

    /// The run has ended: what a pipeline reads from the log, and whether every report was written.
    pub(crate) fn end(mut self, end: &RunEnded, output: Output) -> (String, bool) {
        let event = Event::RunEnded(end);
        let log = self.to_log.iter_mut().map(|reader| reader.read(event)).collect();
        let summary = self.summary.iter_mut().all(|(reader, path)| add_to(path, &reader.read(event), output));
        let mut all_kept = summary;
        for it in &mut self.to_files {
            it.read(event, output);
            all_kept &= it.keep(output);
        }
        (log, all_kept)
    }
}

impl ToFile {
    fn read(&mut self, event: Event<'_>, output: Output) {
        let text = self.reader.read(event);
        let Some(draft) = &mut self.draft else { return };
        if let Err(error) = draft.write(text.as_bytes()) {
            self.failed(&error, output);
        }
    }

    /// Whether it is there now.
    fn keep(&mut self, output: Output) -> bool {
        match self.draft.take().map(Draft::keep) {
            None => false,
            Some(Ok(())) => true,
            Some(Err(error)) => {
                self.failed(&error, output);
                false
            }
        }
    }

    fn failed(&mut self, error: &io::Error, output: Output) {
        self.draft = None;
        let words = cannot_write(self.kind, &self.path, error);
        output.note(&format!("{words} Nothing of it was left there; the run and the other reports stand.\n"));
    }
}

fn cannot_write(kind: ReportKind, path: &Path, error: &io::Error) -> String {
    format!(
        "The {} report cannot be written to {}: {}.",
        kind.text(),
        report::prose(&shown(path)),
        reason(error)
    )
}

fn reader(kind: ReportKind, places: &Places) -> Option<Reader> {
    Some(match kind {
        ReportKind::Junit => Reader::JUnit(Box::default()),
        ReportKind::Tap => Reader::Tap(Tap::default()),
        ReportKind::Json => Reader::Json(Json::new(false)),
        ReportKind::Ndjson => Reader::Ndjson,
        ReportKind::Github => Reader::GitHub(GitHub::new(places.clone())),
        ReportKind::Gitlab => Reader::GitLab(GitLab::new(places.clone())),
        ReportKind::Azure => Reader::Azure(Azure::new(places.clone())),
        ReportKind::Markdown => Reader::Markdown(Markdown::new(places.clone(), 0)),
        ReportKind::None => return None,
    })
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty() && value != "false")
}

/// What stands in the log of a pipeline, so that nothing in it is taken for a command: a scenario's title may say
/// `::set-output`.
pub(crate) fn in_log(text: String) -> String {
    if !(is_set("GITHUB_ACTIONS") || is_set("TF_BUILD")) || !(text.contains("::") || text.contains("##")) {
        return text;
    }
    let lines = text.split_inclusive('\n').map(|line| {
        // What styles stand before it may be taken off on the way out.
        if report::unstyled(line).trim_start().starts_with("::") {
            line.replacen("::", ": :", 1)
        } else {
            line.to_owned()
        }
    });
    lines.collect::<String>().replace("##[", "# #[").replace("##vso[", "# #vso[")
}

/// What suits the pipeline that this runs in.
fn of_the_pipeline() -> Vec<Report> {
    let kinds: &[ReportKind] = if is_set("GITHUB_ACTIONS") {
        &[ReportKind::Github]
    } else if is_set("GITLAB_CI") {
        &[ReportKind::Junit, ReportKind::Gitlab]
    } else if is_set("TF_BUILD") {
        &[ReportKind::Junit, ReportKind::Azure]
    } else {
        &[]
    };
    kinds.iter().map(|&kind| Report { kind, path: None }).collect()
}

/// The root of the repository, as the pipeline names it.
fn places() -> Places {
    let root =
        ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"].into_iter().find_map(env::var_os);
    Places::new(env::current_dir().unwrap_or_default(), root.map(PathBuf::from))
}

fn step_summary(places: &Places) -> Option<(Reader, PathBuf)> {
    let path = PathBuf::from(env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())?);
    let n_there = fs::metadata(&path).map_or(0, |meta| usize::try_from(meta.len()).unwrap_or(usize::MAX));
    Some((Reader::Markdown(Markdown::new(places.clone(), n_there)), path))
}

/// Whether that could be done. The file is GitHub's own; earlier commands of the step may have written to it.
fn add_to(path: &Path, text: &str, output: Output) -> bool {
    let file = fs::OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    if let Err(error) = &written {
        output.note(&format!("The summary cannot be written to {}: {}.\n", shown(path), reason(error)));
    }
    written.is_ok()
}
