//! `rehearse new`: a scenario to start from, which passes. Asks on a terminal, in numbered questions; elsewhere the
//! flags say it. It writes over nothing.
//!
//! What the first text is made from is a [`Source`].

use crate::{
    args::{DEFAULT_SEED, New, Playing},
    atomic,
    exit::Exit,
    load,
    output::Output,
    select::pick,
    suite,
};
use seat::{Address, Client, Limits, NotAnAddress, Trouble};
use std::{
    fmt::Write as _,
    fs, io,
    io::{BufRead as _, IsTerminal as _},
    path::{Path, PathBuf},
};

/// A scenario to start from.
struct Template {
    name: &'static str,
    /// As an answer to "What should the scenario show?"
    shows: &'static str,
    text: &'static str,
}

const TEMPLATES: &[Template] = &[
    Template {
        name: "correction-arrives",
        shows: "A correction in rostering reaches ACP",
        text: include_str!("../templates/correction-arrives.yaml"),
    },
    Template {
        name: "kept-in-acp",
        shows: "A change made in ACP is kept",
        text: include_str!("../templates/kept-in-acp.yaml"),
    },
    Template {
        name: "overwritten",
        shows: "A change made in ACP is overwritten",
        text: include_str!("../templates/overwritten.yaml"),
    },
    Template {
        name: "duplicate",
        shows: "A duplicate is created",
        text: include_str!("../templates/duplicate.yaml"),
    },
    Template {
        name: "mapped-before-go-live",
        shows: "A record is mapped before go-live, and no duplicate is created",
        text: include_str!("../templates/mapped-before-go-live.yaml"),
    },
    Template {
        name: "lost-on-the-way",
        shows: "An update is lost on the way",
        text: include_str!("../templates/lost-on-the-way.yaml"),
    },
];

/// The names of the templates, for the command line.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|template| template.name)
}

/// What a new scenario is made from.
enum Source {
    Template(&'static Template),
    /// What was done by hand, written down.
    Sandbox(String),
    /// A service user of a go-live plan, and what the first sync does to them.
    PlanRow(String),
}

impl Source {
    fn text(&self) -> &str {
        match self {
            Source::Template(template) => template.text,
            Source::Sandbox(text) | Source::PlanRow(text) => text,
        }
    }

    fn plan_row(plan: &Path, row: &str, output: Output) -> Result<Source, Exit> {
        let text = crate::plan::scenario_of(plan, row, output)?;
        Ok(Source::PlanRow(scenario::format("the plan", &text).unwrap_or(text)))
    }

    /// A sandbox as a scenario: one that runs, at an address, or the file in which one is kept.
    fn sandbox(from: &Path, world: &str, output: Output) -> Result<Source, Exit> {
        let url = from.to_str().filter(|it| it.starts_with("http://") || it.starts_with("https://"));
        match url {
            Some(url) => Source::running_sandbox(url, world, output),
            None => Source::stored_sandbox(from, world, output),
        }
    }

    fn running_sandbox(url: &str, world: &str, output: Output) -> Result<Source, Exit> {
        let no = |exit: Exit| {
            move |why: String| {
                output.note(&format!("{} Nothing was written.\n", report::prose(&why)));
                exit
            }
        };
        let address = Address::read(url, false).map_err(|NotAnAddress(why)| no(Exit::NotUnderstood)(why))?;
        let key = std::env::var("REHEARSE_KEY").ok();
        let client =
            Client::new(address, key.as_deref(), Limits::default()).map_err(no(Exit::NotUnderstood))?;
        let text = client.scenario(world).map_err(|trouble| match trouble {
            // It was reached, and what it says is about what was asked.
            Trouble::Problem(problem) if problem.status != 401 => no(Exit::NotUnderstood)(problem.detail),
            trouble => no(Exit::Unreachable)(trouble.says()),
        })?;
        Ok(Source::Sandbox(text))
    }

    fn stored_sandbox(store: &Path, world: &str, output: Output) -> Result<Source, Exit> {
        let saved =
            service::saved(store, world).map_err(|error| crate::serve::cannot_open(store, &error, output))?;
        let Some(saved) = saved else {
            output.note(&format!(
                "{} has no world called {}. Those that it has: rehearse store check {0}. Nothing was written.\n",
                suite::shown(store),
                report::value(world)
            ));
            return Err(Exit::NotUnderstood);
        };
        crate::from_sandbox::scenario(&saved).map(Source::Sandbox).map_err(|why| {
            output.note(&format!("{why}\n"));
            Exit::NotUnderstood
        })
    }
}

pub(crate) fn new(args: &New, output: Output) -> Result<Exit, Exit> {
    let may_ask = !args.no_input && io::stdin().is_terminal();
    let from_plan = args.from_plan.as_deref().zip(args.row.as_deref());
    let source = match (&args.from_sandbox, from_plan, &args.template) {
        (Some(store), ..) => Source::sandbox(store, &args.world, output)?,
        (None, Some((plan, row)), _) => Source::plan_row(plan, row, output)?,
        (None, None, Some(name)) => named(name),
        (None, None, None) if may_ask => which(output)?,
        (None, None, None) => {
            return Err(missing("--template", &names().collect::<Vec<_>>().join(", "), output));
        }
    };
    let name = match &args.name {
        Some(name) => name.clone(),
        None if may_ask => {
            ask("What is the file to be called? For instance wrong-branch/back-again", output)?
        }
        None => return Err(missing("--name", "for instance wrong-branch/back-again", output)),
    };
    let path = place(&args.folder, &name, output)?;
    let schema = schema_for(&args.folder, &path, output)?;
    let text = with_title(source.text(), args.title.as_deref());
    let text = format!("# yaml-language-server: $schema={schema}\n{text}");
    written(&path, &text, output)?;
    said(&path, &text, output)
}

fn named(name: &str) -> Source {
    let found = TEMPLATES.iter().find(|template| template.name == name);
    Source::Template(found.expect("the command line takes no other names"))
}

fn missing(flag: &str, values: &str, output: Output) -> Exit {
    output.note(&format!(
        "Nothing can be asked here, so say it with {flag}: {values}.\nNothing was written. See: rehearse new --help\n"
    ));
    Exit::NotUnderstood
}

/// The numbered question.
fn which(output: Output) -> Result<Source, Exit> {
    let mut question = String::from("What should the scenario show?\n");
    for (idx, template) in TEMPLATES.iter().enumerate() {
        let _ = writeln!(question, "  {} {}", idx + 1, template.shows);
    }
    output.note(&question);
    loop {
        let answer = ask("Type a number", output)?;
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match number.and_then(|idx| TEMPLATES.get(idx)) {
            Some(template) => return Ok(Source::Template(template)),
            None => output.note(&format!("A number from 1 to {} is needed.\n", TEMPLATES.len())),
        }
    }
}

/// One line that is typed. Questions go to standard error, like all that is no result.
fn ask(question: &str, output: Output) -> Result<String, Exit> {
    loop {
        output.note(&format!("{question}: "));
        let mut answer = String::new();
        let n_bytes = io::stdin().lock().read_line(&mut answer).unwrap_or(0);
        if n_bytes == 0 {
            output.note("\nNothing was written.\n");
            return Err(Exit::Stopped);
        }
        if !answer.trim().is_empty() {
            return Ok(answer.trim().to_owned());
        }
    }
}

/// Where the file goes: below the folder, with `.yaml` at its end.
fn place(folder: &Path, name: &str, output: Output) -> Result<PathBuf, Exit> {
    let name = name.trim().trim_end_matches(".yaml").trim_end_matches(".yml");
    let parts: Vec<&str> = name.split(['/', '\\']).collect();
    let fits = |part: &&str| {
        !part.is_empty()
            && !part.starts_with('.')
            && report::prose(part) == **part
            && !part.contains([':', '*', '?', '"', '<', '>', '|'])
    };
    if !parts.iter().all(fits) {
        output.note(&format!(
            "{} cannot be the name of a scenario: letters, digits and dashes, with / between folders, for instance \
             wrong-branch/back-again. Nothing was written.\n",
            report::value(name)
        ));
        return Err(Exit::NotUnderstood);
    }
    let mut path = folder.to_owned();
    path.extend(&parts);
    path.set_file_name(format!("{}.yaml", parts.last().copied().unwrap_or_default()));
    if path.exists() {
        return Err(there_already(&path, output));
    }
    Ok(path)
}

fn there_already(path: &Path, output: Output) -> Exit {
    output.note(&format!(
        "{} is there already and was left as it is. Give another --name.\n",
        suite::shown(path)
    ));
    Exit::NotUnderstood
}

/// The schema as the file names it, from its own folder. It is written into the suite if the suite has none.
fn schema_for(folder: &Path, path: &Path, output: Output) -> Result<String, Exit> {
    let root = suite::root_above(folder);
    let own = root.join("scenario.schema.json");
    let schema = if own.is_file() { own } else { root.join(".rehearse").join("scenario.schema.json") };
    let text = scenario::schema(&load::suite_file(folder));
    if fs::read_to_string(&schema).ok().as_deref() != Some(&text)
        && schema.parent().is_some_and(|folder| folder.ends_with(".rehearse"))
    {
        let done = fs::create_dir_all(schema.parent().unwrap_or(&root)).and_then(|()| {
            if schema.exists() { atomic::replace(&schema, &text) } else { atomic::create(&schema, &text) }
        });
        done.map_err(|error| cannot(&schema, &error, output))?;
    }
    let n_up = path
        .parent()
        .and_then(|parent| suite::below(&root, parent))
        .map_or(0, |below| below.components().count());
    let from_root = schema.strip_prefix(&root).unwrap_or(&schema);
    let up = if n_up == 0 { "./".to_owned() } else { "../".repeat(n_up) };
    Ok(format!("{up}{}", suite::shown(from_root)))
}

fn cannot(path: &Path, error: &io::Error, output: Output) -> Exit {
    let (path, reason) = (suite::shown(path), suite::reason(error));
    output.note(&format!("{path} could not be written: {reason}. There is no new scenario.\n"));
    Exit::Environment
}

/// The same scenario under another title.
fn with_title(text: &str, title: Option<&str>) -> String {
    let Some(title) = title else { return text.to_owned() };
    let (_, rest) = text.split_once('\n').unwrap_or(("", text));
    let plain = title.starts_with(|c: char| c.is_alphabetic())
        && title.chars().all(|c| c.is_alphanumeric() || " ,.-'()".contains(c))
        && title.trim() == title;
    let title = if plain { title.to_owned() } else { serde_json::Value::from(title).to_string() };
    format!("scenario: {title}\n{rest}")
}

fn written(path: &Path, text: &str, output: Output) -> Result<(), Exit> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).and_then(|()| atomic::create(path, text)).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists if path.is_file() => there_already(path, output),
        _ => cannot(path, &error, output),
    })
}

/// As `rehearse run` does without flags.
const PLAYING: Playing = Playing { jobs: None, seed: Some(DEFAULT_SEED), now: None };

/// Runs it, and says so.
fn said(path: &Path, text: &str, output: Output) -> Result<Exit, Exit> {
    let suite = load::load(&[path.to_owned()]);
    let output = output.as_asked_by(&suite.homes);
    let suite = crate::check::without_mistakes(suite, "rehearse.new/1", output)?;
    let selected = pick(&suite.files, None, &[]);
    let told = crate::play::each(&selected, &PLAYING, |played| !played.verdict.is_failure());
    let passes = told.iter().all(|case| case.result == Some(true));
    let shown = suite::shown(path);
    let lines = report::counted(text.lines().count(), "line", "lines");
    let how = if passes { "It passes." } else { "It does not pass." };
    output.print(&format!(
        "Wrote {shown} ({lines}). {how}\nChange it until it says what you want, then make it fail once.\nRun it:  rehearse run {shown}\n"
    ))?;
    Ok(if passes { Exit::AsExpected } else { Exit::NotMet })
}
