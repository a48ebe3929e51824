//! A bundle of a run in which names are left out: its files with other people in the places of theirs, and what came of
//! playing these. So whoever has it can play it again to the same bytes, and nobody in it is anybody.
//!
//! That the other people have the same story is not taken on trust: each case ends as it did in the run, step by step,
//! or no bundle is made.

use super::{Bundle, Collector, Manifest};
use crate::{
    args::{Playing, Progress},
    load::{Loaded, Suite},
    output::Output,
    replay::{self, NotPlayed},
};
use report::{Redaction, StandIns};
use std::collections::BTreeSet;

/// What could not be done, and what can be done instead.
const INSTEAD: &str =
    "Nothing of it was written. With --redact none a bundle is written with every name in it.";

/// `collected`: the run, of which `bundle` was made. The error is a whole sentence.
pub(crate) fn redacted(
    mut bundle: Bundle,
    collected: &Collector<'_>,
    playing: &Playing,
    output: Output,
) -> Result<Bundle, String> {
    let files = collected.played_files();
    put_others(&mut bundle, &files, output.redaction)?;
    let manifest = &mut bundle.manifest;
    manifest.redacted = true;
    manifest.redacted_identifiers = output.redaction == Redaction::All;
    manifest.run = manifest.name(&bundle.inputs);
    let suite = replay::suite(&bundle);
    let again =
        replay::play(&bundle, &suite, playing.jobs, (Progress::None, output)).map_err(
            |ended| match ended {
                NotPlayed::Damaged(why) => format!("with other names it {why}. {INSTEAD}"),
                NotPlayed::Ended(_) => {
                    format!("playing it with other names did not come to an end. {INSTEAD}")
                }
            },
        )?;
    let ran = collected.replayed(output.redaction).map(|ran| ran.cases).unwrap_or_default();
    let mut pairs = ran.iter().zip(&again.cases);
    if let Some((ran, _)) = pairs.find(|(ran, again)| !report::ended_alike(ran, again)) {
        return Err(format!(
            "with other names {} does not end as it did: something in it depends on what somebody is called, or on a day \
             that is somebody's day of birth. {INSTEAD}",
            report::prose(ran.scenario())
        ));
    }
    let entries = bundle.manifest.scenarios.iter().map(|scenario| scenario.story.clone());
    bundle.stories = entries.zip(again.stories).collect();
    bundle.run = again.run;
    Ok(bundle)
}

/// Other people in every file of it, and no comments.
fn put_others(bundle: &mut Bundle, files: &[&Loaded], redaction: Redaction) -> Result<(), String> {
    for (entry, text) in &mut bundle.inputs {
        let plain = scenario::without_comments(text).ok_or_else(|| {
            format!("the comments of {} could not be left out. {INSTEAD}", report::prose(entry))
        })?;
        *text = plain;
    }
    let scenarios = files.iter().map(|file| &file.scenario);
    let mut others = StandIns::of(redaction, scenarios, bundle.inputs.values().map(String::as_str));
    let groups = groups(files);
    let mut all = Vec::with_capacity(groups.len());
    for group in &groups {
        let people = others.people(group.iter().map(|&place| &files[place].scenario));
        for entry in entries(&bundle.manifest, files, group) {
            if let Some(text) = bundle.inputs.get_mut(&entry) {
                *text = others.put(&people, text);
            }
        }
        all.push(people);
    }
    let suite = replay::suite(bundle);
    if !suite.troubles.is_empty() {
        return Err(unreadable(&suite));
    }
    for (group, people) in groups.iter().zip(&all) {
        let is_left = |place: &&usize| people.are_left_in(&suite.files[**place].scenario);
        if let Some(&place) = group.iter().find(is_left) {
            return Err(format!(
                "something of somebody could not be found in the text of {}: it is put together from parts, or written \
                 with escapes. {INSTEAD}",
                report::prose(&files[place].scenario.path)
            ));
        }
    }
    Ok(())
}

fn unreadable(suite: &Suite) -> String {
    let first = suite.troubles.mistakes.first();
    let place =
        first.map_or_else(String::new, |it| format!("{} line {}", report::prose(&it.path), it.at.line));
    format!(
        "with other names {place} could not be read, perhaps because somebody is called like a word of the language, \
         or was born on a day that the story needs. {INSTEAD}"
    )
}

/// Files that use the same worlds, by their places: who is called what in one goes for all of them. What is a name in one
/// group may be a town in another.
fn groups(files: &[&Loaded]) -> Vec<Vec<usize>> {
    let (linked, alone): (Vec<usize>, Vec<usize>) =
        (0..files.len()).partition(|&place| !files[place].worlds.is_empty());
    let mut groups: Vec<(BTreeSet<&str>, Vec<usize>)> = Vec::new();
    for place in linked {
        let worlds: BTreeSet<&str> = files[place].worlds.keys().map(String::as_str).collect();
        let (near, far): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(others, _)| !others.is_disjoint(&worlds));
        let mut group = (worlds, vec![place]);
        for (worlds, places) in near {
            group.0.extend(worlds);
            group.1.extend(places);
        }
        groups = far;
        groups.push(group);
    }
    alone.into_iter().map(|place| vec![place]).chain(groups.into_iter().map(|(_, places)| places)).collect()
}

/// The entries of these files and of the worlds that they use. Scenarios are in the order of the files.
fn entries(manifest: &Manifest, files: &[&Loaded], group: &[usize]) -> BTreeSet<String> {
    let own = group.iter().map(|&place| manifest.scenarios[place].entry.clone());
    let used: BTreeSet<&str> =
        group.iter().flat_map(|&place| files[place].worlds.keys()).map(String::as_str).collect();
    let worlds = if used.is_empty() { &[][..] } else { &manifest.worlds[..] };
    let worlds = worlds.iter().filter(|world| used.contains(world.path.as_str()));
    own.chain(worlds.map(|world| world.entry.clone())).collect()
}
