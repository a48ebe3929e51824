//! The two exports, read, and the set-up: as typed, and where something is not said as in the customer's last plan.

use super::{
    args::{Plan, SetUpTyped, set},
    folder::Folder,
    problems, redact,
};
use crate::{
    exit::Exit,
    output::Output,
    suite::{reason, shown},
};
use feed::{Settings, Text, Timestamp, date_in_london, london};
use go_live::exports::{Choices, Export, How, Limits, Side, read};
use go_live::plan::{Decision, SetUp};
use jiff::ToSpan as _;
use report::PlanDocument;
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) struct Inputs {
    pub(crate) rostering: Export,
    pub(crate) acp: Export,
    pub(crate) set_up: SetUp,
    pub(crate) customer: String,
    /// As typed, to be planned again without typing.
    pub(crate) paths: Vec<String>,
    /// Of the customer's last plan, where that is planned again.
    pub(crate) decisions: Option<Vec<Decision>>,
}

impl Inputs {
    pub(crate) fn read(args: &Plan, folder: &Folder, output: Output) -> Result<Inputs, Exit> {
        let last = if args.exports.len() == 2 { None } else { Some(last_plan(folder, args, output)?) };
        let paths: Vec<PathBuf> = match &last {
            Some(last) => last.paths.iter().map(PathBuf::from).collect(),
            None => args.exports.clone(),
        };
        let customer =
            last.as_ref().map_or_else(|| args.place.customer.clone(), |last| last.customer.clone());
        let now = args.making.now();
        let set_up = set_up(&args.set_up, last.as_ref(), now, output)?;
        let choices = choices(folder, output)?;
        let [rostering, acp] = read_both([&paths[0], &paths[1]], &choices, now, output)?;
        let paths = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let decisions = last.map(|last| last.decisions);
        Ok(Inputs { rostering, acp, set_up, customer, paths, decisions })
    }

    pub(crate) fn are_usable(&self) -> bool {
        self.rostering.is_usable() && self.acp.is_usable()
    }

    /// Tells every problem of both files; goes on where there is something to go on with.
    pub(crate) fn usable(&self, output: Output) -> Result<(), Exit> {
        self.tell_problems(output);
        if self.are_usable() {
            return Ok(());
        }
        output.note("Nothing was planned, and nothing has been changed anywhere.\n");
        Err(Exit::NotUnderstood)
    }

    pub(crate) fn tell_problems(&self, output: Output) {
        for export in [&self.rostering, &self.acp] {
            problems::tell(export, redact(output), output);
        }
    }

    pub(crate) fn columns_text(&self) -> String {
        Choices::remember([&self.rostering, &self.acp]).write()
    }
}

/// The customer's last plan, which says what is not typed again.
fn last_plan(folder: &Folder, args: &Plan, output: Output) -> Result<PlanDocument, Exit> {
    if args.exports.len() == 1 {
        output.note("A plan needs two exports: the rostering system's, then ACP's.\n");
        return Err(Exit::NotUnderstood);
    }
    let path = folder.join("plan.json");
    let document = read_document(&path, output)?;
    if document.paths.len() != 2 {
        output.note(&format!("{} does not say which exports it was made from. Name them.\n", shown(&path)));
        return Err(Exit::NotUnderstood);
    }
    Ok(document)
}

pub(crate) fn read_document(path: &Path, output: Output) -> Result<PlanDocument, Exit> {
    let text = fs::read(path).map_err(|error| {
        output.note(&format!(
            "The plan {} could not be read: {}. Make one: rehearse plan ROSTERING-EXPORT ACP-EXPORT\n",
            shown(path),
            reason(&error)
        ));
        Exit::NotUnderstood
    })?;
    report::read_plan(&text).map_err(|why| {
        output.note(&format!("{}: {}\n", shown(path), report::prose(&why)));
        Exit::NotUnderstood
    })
}

fn set_up(
    typed: &SetUpTyped,
    last: Option<&PlanDocument>,
    now: Timestamp,
    output: Output,
) -> Result<SetUp, Exit> {
    let mut set_up = match last {
        Some(last) => of_document(last, output)?,
        None => SetUp { first_sync: tomorrow_at_nine(now), ..SetUp::default() },
    };
    set_up.first_sync = typed.first_sync.unwrap_or(set_up.first_sync);
    set_up.system = typed.system.map_or(set_up.system, Into::into);
    if let Some(prefix) = &typed.prefix {
        set_up.prefix.clone_from(prefix);
    }
    for (setting, value) in &typed.rules {
        // It was tried when it was typed.
        let _ = set(&mut set_up.settings, *setting, value);
    }
    set_up.more_branches.extend(typed.acp_branches.iter().cloned());
    Ok(set_up)
}

/// The set-up that a plan was made with.
pub(crate) fn of_document(document: &PlanDocument, output: Output) -> Result<SetUp, Exit> {
    let mut settings = Settings::default();
    for &setting in feed::Setting::ALL {
        let value = document.settings.get(setting.text()).map_or("", String::as_str);
        set(&mut settings, setting, value).map_err(|why| {
            output.note(&format!("The plan {} has a setting that is none: {why}.\n", document.number));
            Exit::NotUnderstood
        })?;
    }
    let first_sync = document.first_sync.parse::<Timestamp>().map_err(|_| {
        output.note(&format!("The plan {} does not say when the first sync is.\n", document.number));
        Exit::NotUnderstood
    })?;
    let system =
        feed::System::ALL.iter().copied().find(|it| it.text() == document.system).unwrap_or_default();
    let branch =
        |(name, service): &(String, Option<String>)| (Text::from(name), service.as_deref().map(Text::from));
    let more_branches = document.acp_branches.iter().map(branch).collect();
    Ok(SetUp { settings, system, prefix: document.prefix.clone(), first_sync, more_branches })
}

fn tomorrow_at_nine(now: Timestamp) -> Timestamp {
    let day = date_in_london(now).saturating_add(1.day());
    day.at(9, 0, 0, 0).to_zoned(london().clone()).map_or(now, |it| it.timestamp())
}

/// What is remembered of the customer's columns.
pub(crate) fn choices(folder: &Folder, output: Output) -> Result<Choices, Exit> {
    let path = folder.join("columns.txt");
    let Ok(text) = fs::read_to_string(&path) else { return Ok(Choices::default()) };
    Choices::read(&text).map_err(|mistakes| {
        for mistake in mistakes {
            output.note(&format!(
                "{}, line {}: {} {}\n",
                shown(&path),
                mistake.line,
                report::prose(&mistake.what),
                mistake.fix
            ));
        }
        Exit::NotUnderstood
    })
}

/// Reads both files; what cannot be opened is told for both.
pub(crate) fn read_both(
    paths: [&Path; 2],
    choices: &Choices,
    now: Timestamp,
    output: Output,
) -> Result<[Export; 2], Exit> {
    let one = |side: Side, path: &Path| read_one(side, path, choices, now, output);
    let (rostering, acp) = rayon::join(|| one(Side::Rostering, paths[0]), || one(Side::Acp, paths[1]));
    Ok([rostering?, acp?])
}

/// Reads an export of ACP by itself.
pub(crate) fn read_acp(
    path: &Path,
    choices: &Choices,
    now: Timestamp,
    output: Output,
) -> Result<Export, Exit> {
    let export = read_one(Side::Acp, path, choices, now, output)?;
    if export.is_usable() {
        return Ok(export);
    }
    problems::tell(&export, redact(output), output);
    Err(Exit::NotUnderstood)
}

fn read_one(
    side: Side,
    path: &Path,
    choices: &Choices,
    now: Timestamp,
    output: Output,
) -> Result<Export, Exit> {
    let bytes = fs::read(path).map_err(|error| {
        output.note(&format!("The export {} could not be read: {}.\n", shown(path), reason(&error)));
        Exit::NotUnderstood
    })?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let today = date_in_london(now);
    Ok(read(&bytes, &How { side, file: &file, today, choices, limits: Limits::default() }))
}
