//! `rehearse explain`: works out what a word means (a scenario, somebody in it, a clause, a code) and has it told.

use crate::{
    args::Explain,
    check::without_mistakes,
    exit::Exit,
    filter,
    load::{self, Loaded, Suite},
    nearest::nearest,
    output::Output,
    play::{self, Played},
    select::{Selected, pick},
};
use acp::Tracked;
use report::{Hidden, Outcome};
use scenario::Scenario;
use std::path::{Path, PathBuf};

pub(crate) fn explain(args: &Explain, output: Output) -> Result<Exit, Exit> {
    let (what, rest) = args.what.split_first().ok_or(Exit::NotUnderstood)?;
    if args.what == ["filter"] {
        return tell(filter::HELP, output);
    }
    if Path::new(what).is_file() {
        let suite = load::load(&[PathBuf::from(what)]);
        let output = output.as_asked_by(&suite.homes);
        let suite = without_mistakes(suite, "rehearse.explain/1", output)?;
        return of_scenario(&suite.files, rest, args, output);
    }
    let there: Vec<PathBuf> = args.paths.iter().filter(|path| path.exists()).cloned().collect();
    let suite = load::load(&there);
    let output = output.as_asked_by(&suite.homes);
    let known: Vec<(&str, &Scenario)> =
        suite.files.iter().map(|file| (file.name.as_str(), &file.scenario)).collect();
    if let Some(text) = report::word(&args.what.join(" "), &known) {
        let scenarios = suite.files.iter().map(|file| &file.scenario);
        return tell(&Hidden::of_scenarios(output.redaction, scenarios).hide(&text), output);
    }
    let suite = without_mistakes(suite, "rehearse.explain/1", output)?;
    let wanted = what.trim_end_matches(".yaml").trim_end_matches(".yml");
    let is_it = |file: &&Loaded| {
        file.name == wanted || file.name.ends_with(&format!("/{wanted}")) || file.scenario.path == *what
    };
    match suite.files.iter().filter(is_it).collect::<Vec<_>>().as_slice() {
        [] => of_somebody(&suite, args, output),
        [file] => of_scenario(std::slice::from_ref(*file), rest, args, output),
        several => {
            let names: Vec<&str> = several.iter().map(|file| file.name.as_str()).collect();
            output.note(&format!("{what} could be {}. Give the whole name.\n", report::listed(&names)));
            Err(Exit::NotUnderstood)
        }
    }
}

/// A scenario alone, or somebody in it, or one value of somebody.
fn of_scenario(files: &[Loaded], rest: &[String], args: &Explain, output: Output) -> Result<Exit, Exit> {
    let selected = pick(files, args.text.as_deref(), &[]);
    if selected.is_empty() {
        output.note("No case matched -k. See them: rehearse list --plain\n");
        return Err(Exit::NothingToDo);
    }
    let Some((who, field)) = rest.split_first() else {
        return stories(&selected, args, output);
    };
    let what = field.first().map(|field| tracked(field, output)).transpose()?;
    let told = play::each(&selected, &args.playing, |played| {
        let hidden = hidden(&played, output);
        somebody(&played, who, what)
            .map(|text| hidden.hide(&text).into_owned())
            .map_err(|there| there.iter().map(|who| hidden.hide(who).into_owned()).collect::<Vec<_>>())
    });
    let mut text = String::new();
    let mut others = Vec::new();
    for result in told.into_iter().filter_map(|told| told.result) {
        match result {
            Ok(said) => {
                text.push_str(&said);
                text.push('\n');
            }
            Err(there) => others.extend(there),
        }
    }
    if text.is_empty() {
        output.note(&nobody(who, &others));
        return Err(Exit::NotUnderstood);
    }
    tell(&text, output)
}

fn stories(selected: &[Selected<'_>], args: &Explain, output: Output) -> Result<Exit, Exit> {
    let told = play::each(selected, &args.playing, |played| {
        let story = if let Some(trace) = &played.trace {
            report::story(&played.told(trace), output.telling())
        } else {
            let (outcome, reason) = (Outcome::of(&played.verdict), report::reason(&played.verdict));
            format!("\n{}\n", report::note(outcome, reason, jiff::SignedDuration::ZERO))
        };
        hidden(&played, output).hide(&story).into_owned()
    });
    let mut text = String::new();
    for cases in told.chunk_by(|a, b| a.file == b.file) {
        let file = selected[cases[0].file].file;
        let hidden = Hidden::of_scenarios(output.redaction, std::iter::once(&file.scenario));
        text.push_str(&hidden.hide(&report::header(&file.name, &file.scenario)));
        text.extend(cases.iter().filter_map(|case| case.result.as_deref()));
    }
    tell(&text, output)
}

/// The personal data of a case.
fn hidden(played: &Played<'_>, output: Output) -> Hidden {
    let scene = played.trace.as_ref().map(|trace| &trace.scene);
    Hidden::of_case(output.redaction, &played.file.scenario, scene)
}

/// What there is to say of somebody in one case; else who is there.
fn somebody(played: &Played<'_>, who: &str, what: Option<Tracked>) -> Result<String, Vec<String>> {
    let Some(trace) = &played.trace else { return Err(Vec::new()) };
    let Some(subject) = report::subject(&trace.scene, who) else {
        return Err(report::subjects(&trace.scene));
    };
    let told = played.told(trace);
    Ok(match what {
        Some(what) => report::about_value(&told, &subject, what),
        None => report::about_subject(&told, &subject),
    })
}

/// An identifier without a scenario: it is told if only one has it.
fn of_somebody(suite: &Suite, args: &Explain, output: Output) -> Result<Exit, Exit> {
    let who = args.what.first().ok_or(Exit::NotUnderstood)?;
    let selected = pick(&suite.files, args.text.as_deref(), &[]);
    let with_it = play::each(&selected, &args.playing, |played| {
        let scene = played.trace.as_ref().map(|trace| &trace.scene);
        scene.is_some_and(|scene| report::subject(scene, who).is_some())
    });
    let mut files: Vec<&Loaded> = with_it
        .iter()
        .filter(|told| told.result == Some(true))
        .map(|told| selected[told.file].file)
        .collect();
    files.dedup_by_key(|file| &file.name);
    match files.as_slice() {
        [] => {
            output.note(&unknown(suite, who, args));
            Err(Exit::NotUnderstood)
        }
        [file] => of_scenario(std::slice::from_ref(*file), &args.what, args, output),
        several => {
            let names: Vec<&str> = several.iter().take(5).map(|file| file.name.as_str()).collect();
            output.note(&format!(
                "{} is in {}. Say which, for instance: rehearse explain {} {}\n",
                report::value(who),
                report::counted(several.len(), "scenario", "scenarios"),
                names[0],
                args.what.join(" ")
            ));
            Err(Exit::NotUnderstood)
        }
    }
}

fn tracked(field: &str, output: Output) -> Result<Tracked, Exit> {
    report::tracked(field).ok_or_else(|| {
        let names = report::tracked_names();
        let near = match nearest(field, names.iter().copied(), 1).first() {
            Some(near) => format!(" Did you mean \"{near}\"?"),
            None => String::new(),
        };
        output.note(&format!("There is no field called {field:?}.{near} Fields: {}.\n", names.join(", ")));
        Exit::NotUnderstood
    })
}

fn nobody(who: &str, others: &[String]) -> String {
    let mut there: Vec<&str> = others.iter().map(String::as_str).collect();
    there.sort_unstable();
    there.dedup();
    there.truncate(20);
    let shown: Vec<String> = there.into_iter().map(report::value).collect();
    format!("Nobody is called {} there. There are {}.\n", report::value(who), report::listed(&shown))
}

fn unknown(suite: &Suite, what: &str, args: &Explain) -> String {
    let mut names: Vec<&str> = suite.files.iter().map(|file| file.name.as_str()).collect();
    names.extend(report::known_words());
    let near = nearest(what, names.into_iter(), 3);
    let near = if near.is_empty() { String::new() } else { format!(" Nearest: {}.", near.join(", ")) };
    let paths: Vec<String> = args.paths.iter().map(|path| crate::suite::shown(path)).collect();
    format!(
        "{} is no scenario, identifier, record, clause or word that is known in {}.{near} See them all: rehearse list, \
         rehearse list --rules\n",
        report::value(what),
        report::listed(&paths)
    )
}

fn tell(text: &str, output: Output) -> Result<Exit, Exit> {
    let text = if output.json { report::explain_json(text) } else { text.to_owned() };
    output.print(&text)?;
    Ok(Exit::AsExpected)
}
