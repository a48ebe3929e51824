//! `rehearse replay`: plays what is in a bundle, without looking at any other file, and says whether the same comes of it,
//! to the byte. What the run in it ended with is not judged again: a failure that is the same is the same.

use crate::{
    args::{self, Replay, Typed},
    bundle::{self, Bundle, Collector, Input, VERSION},
    check::without_mistakes,
    exit::Exit,
    load::{self, Home, Suite, Troubles},
    output::Output,
    seats::Seats,
    select::Selected,
    snapshots::Snapshots,
    stream::{self, Ending, Wanted},
    suite::{Found, Root, shown},
};
use clap::Parser as _;
use report::{Difference, Event, Replayed, RunEnded};
use scenario::SuiteFile;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

pub(crate) fn replay(args: &Replay, how: args::Progress, output: Output) -> Result<Exit, Exit> {
    let shown = report::prose(&shown(&args.bundle));
    let refuse = |why: String| {
        output.note(&format!("{shown} {why}. Nothing was played.\n"));
        Exit::NotUnderstood
    };
    let bundle = bundle::open(&args.bundle).map_err(refuse)?;
    let suite = suite(&bundle);
    let output = output.as_asked_by(&suite.homes);
    let suite = without_mistakes(suite, "rehearse.replay/1", output)?;
    let again = play(&bundle, &suite, args.jobs, (how, output)).map_err(|ended| match ended {
        NotPlayed::Damaged(why) => refuse(why.to_owned()),
        NotPlayed::Ended(exit) => exit,
    })?;
    // Whoever must not see names sees none of a bundle that holds them.
    let is_told = !output.hides() || bundle.manifest.redacted;
    let replayed = Replayed {
        run: &bundle.manifest.run,
        made_by: &bundle.manifest.version,
        seed: bundle.manifest.seed,
        redacted: bundle.manifest.redacted,
        is_told,
        counts: again.counts,
        n_stories: again.stories.len(),
        differences: differences(&bundle, &again),
    };
    let exit = if replayed.differences.is_empty() { Exit::AsExpected } else { Exit::NotMet };
    output.print(&if output.json {
        report::replay_json(&replayed, exit.code())
    } else {
        let is_asked_for = output.verbose > 0 && is_told;
        let told = if is_asked_for { again.stories.concat() + "\n" } else { String::new() };
        told + &report::replay_text(&replayed, output.plain)
    })?;
    Ok(exit)
}

/// Why it could not be played.
pub(crate) enum NotPlayed {
    /// Goes on after the file's name: "is damaged: ...".
    Damaged(&'static str),
    /// Said already.
    Ended(Exit),
}

/// Plays the scenarios of a bundle, as [`suite`] read them. What is left out is what the bundle leaves out.
pub(crate) fn play(
    bundle: &Bundle,
    suite: &Suite,
    jobs: Option<u16>,
    (how, output): (args::Progress, Output),
) -> Result<bundle::Replayed, NotPlayed> {
    let output = output.leaving_out(bundle.manifest.redaction());
    let selected = selected(bundle, suite)
        .ok_or(NotPlayed::Damaged("is damaged: it names cases that its files do not have"))?;
    let run = as_run(bundle, jobs).ok_or(NotPlayed::Damaged("is damaged: the day in it is none"))?;
    let mut collector = Collector::new(suite, &selected);
    let snapshots = Snapshots::none(selected.len());
    let wanted = Wanted { kept: true, ..Wanted::default() };
    let ended = stream::stream(
        &selected,
        &run,
        (&Seats::default(), wanted),
        &snapshots,
        (how, output),
        &mut |event| {
            collector.read(event);
            Ok(())
        },
    );
    let Ending { counts, stories, stopped, not_run, .. } = ended.map_err(NotPlayed::Ended)?;
    if counts.n_not_run > 0 {
        output.note("Stopped before everything was played again: nothing can be said.\n");
        return Err(NotPlayed::Ended(Exit::Stopped));
    }
    collector.read(Event::RunEnded(&RunEnded {
        counts,
        stories,
        stopped,
        not_run,
        unproven: Vec::new(),
        place: String::new(),
        exit_code: 0,
    }));
    collector.replayed(output.redaction).ok_or(NotPlayed::Ended(Exit::OurFault))
}

/// The scenarios in it, read from it alone.
pub(crate) fn suite(bundle: &Bundle) -> Suite {
    let text = |entry: &str| bundle.inputs.get(entry).cloned().unwrap_or_default();
    let worlds: BTreeMap<&str, String> =
        bundle.manifest.worlds.iter().map(|world| (world.path.as_str(), text(&world.entry))).collect();
    let mut world =
        |path: &str| worlds.get(path).cloned().ok_or_else(|| format!("{path} is not in the bundle"));
    let mut suite = Suite::default();
    let homes: BTreeMap<&str, Arc<Home>> = bundle
        .manifest
        .suites
        .iter()
        .map(|input| (input.entry.as_str(), home(input, &text(&input.entry), &mut suite.troubles)))
        .collect();
    suite.homes = homes.values().cloned().collect();
    let alone = Arc::new(Home { root: nowhere(), file: SuiteFile::default() });
    for scenario in &bundle.manifest.scenarios {
        let found = Found {
            path: PathBuf::from(&scenario.path),
            shown: scenario.path.clone(),
            name: scenario.name.clone(),
            in_suite: scenario.in_suite.clone(),
            root: nowhere(),
        };
        let home = scenario.suite.as_deref().and_then(|entry| homes.get(entry)).unwrap_or(&alone);
        match load::understand(&found, Arc::clone(home), text(&scenario.entry), &mut world) {
            Ok(loaded) => suite.files.push(loaded),
            Err(troubles) => suite.troubles.add(troubles),
        }
    }
    suite
}

/// What its `suite.yaml` says for all scenarios of a suite.
fn home(input: &Input, text: &str, troubles: &mut Troubles) -> Arc<Home> {
    let file = scenario::read_suite(&input.path, text).unwrap_or_else(|mistakes| {
        let sources = BTreeMap::from([(input.path.clone(), text.to_owned())]);
        troubles.add(Troubles { mistakes, sources, ..Troubles::default() });
        SuiteFile::unread(text)
    });
    Arc::new(Home { root: nowhere(), file })
}

/// Nothing of a bundle lies in a folder.
fn nowhere() -> Root {
    Root { path: PathBuf::new(), shown: PathBuf::new(), is_suite: false }
}

/// The cases that it says were played. None where its files have no such cases.
fn selected<'a>(bundle: &Bundle, suite: &'a Suite) -> Option<Vec<Selected<'a>>> {
    let with_cases = bundle.manifest.scenarios.iter().zip(&suite.files);
    with_cases
        .map(|(scenario, file)| {
            let cases = &scenario.cases;
            let in_order = cases.windows(2).all(|pair| pair[0] < pair[1]);
            let there = cases.last().is_some_and(|&last| last < file.scenario.cases.len());
            (in_order && there).then(|| Selected { file, cases: scenario.cases.clone() })
        })
        .collect()
}

/// As if `rehearse run --seed N --now DATE` had been typed. None where what the bundle has for that is no date.
fn as_run(bundle: &Bundle, jobs: Option<u16>) -> Option<args::Run> {
    let mut words = vec!["rehearse".to_owned(), "run".to_owned()];
    if !bundle.manifest.own_seeds {
        words.push(format!("--seed={}", bundle.manifest.seed));
    }
    words.extend(bundle.manifest.now.iter().map(|now| format!("--now={now}")));
    words.extend(jobs.iter().map(|jobs| format!("--jobs={jobs}")));
    match Typed::try_parse_from(&words).map(|typed| typed.command) {
        Ok(Some(args::Command::Run(run))) => Some(*run),
        _ => None,
    }
}

fn differences(bundle: &Bundle, again: &bundle::Replayed) -> Vec<Difference> {
    let of_stories = bundle.manifest.scenarios.iter().zip(&again.stories).map(|(scenario, now)| {
        let then = bundle.stories.get(&scenario.story).map_or("", String::as_str);
        (scenario.story.as_str(), then, now.as_str())
    });
    // Another version writes another version into the document, which is no difference of what was played.
    let version = |version: &str| format!("\"version\": {version:?}");
    let then = bundle.run.replacen(&version(&bundle.manifest.version), &version(VERSION), 1);
    of_stories
        .chain([("run.json", then.as_str(), again.run.as_str())])
        .filter(|(_, then, now)| then != now)
        .map(|(entry, then, now)| Difference { entry: entry.into(), then: then.into(), now: now.into() })
        .collect()
}
