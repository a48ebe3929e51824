//! The whole suite four ways: in process, and with our own systems in each of the three seats, over HTTP. Verdicts are the
//! same and stories too, but for what a seat cannot take part in: that is a list in the repository, with reasons.
//!
//! With `REHEARSE_WHOLE_SUITE` set, as in `.ci/run`, really the whole; else without the scenarios that last longest, a few
//! of which take more time than all others together. Systems that are in a seat are asked at every update, every 15
//! minutes: that is a thousand requests a case. `REHEARSE_PROGRAM` names the build of `rehearse` that plays, on both sides:
//! an optimised one is five times as fast. Without it, it is the one that was built for the tests.

mod common;

use common::{
    Ended, Folder,
    connector::{Connector, connector},
    served::{get, serve_with},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::LazyLock,
    thread,
};

/// `SEAT | SCENARIO | CASE | REASON`, one a line; `#` begins a remark.
const LEFT_OUT: &str = "harness/seat/left-out.txt";
/// What the project promises.
const AT_MOST: (usize, usize) = (15, 100);
const FAMILIES: [&str; 4] = ["wrong-branch/", "manual-record/", "late-sync/", "orphan-record/"];

/// Days of a case that is left to `REHEARSE_WHOLE_SUITE`.
const LONG: f64 = 4.0;

type Cases = BTreeMap<(String, String), Value>;

/// Plays the project's scenarios in these files, with these words besides.
fn play(files: &[String], words: &[&str], key: &str) -> Ended {
    let folder = Folder::new();
    let usual = ["run", "--json", "-v", "--snapshots", "ignore"];
    let files = files.iter().map(String::as_str);
    let words: Vec<&str> = usual.into_iter().chain(files).chain(words.iter().copied()).collect();
    let mut command = folder.command_of(&program(), &words);
    Ended::of(command.current_dir(common::project()).env("REHEARSE_SEAT_KEY", key))
}

/// The build that plays.
fn program() -> PathBuf {
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_rehearse"));
    std::env::var_os("REHEARSE_PROGRAM").map_or(ours, PathBuf::from)
}

/// The suite, as far as it is played here.
fn suite(words: &[&str], key: &str) -> Ended {
    let files: BTreeSet<&str> = IN_PROCESS.values().filter_map(|case| case["file"].as_str()).collect();
    play(&files.into_iter().map(str::to_owned).collect::<Vec<_>>(), words, key)
}

static IN_PROCESS: LazyLock<Cases> = LazyLock::new(|| {
    let mut all = cases(&play(&["scenarios".to_owned()], &[], ""));
    if std::env::var_os("REHEARSE_WHOLE_SUITE").is_some() {
        return all;
    }
    let is_long = |case: &Value| case["simulated_seconds"].as_f64().is_some_and(|it| it > LONG * 86_400.0);
    let long: BTreeSet<String> =
        all.iter().filter(|(_, case)| is_long(case)).map(|((scenario, _), _)| scenario.clone()).collect();
    eprintln!("NOT RUN: {} scenarios that last longest; REHEARSE_WHOLE_SUITE=1 plays them too", long.len());
    let n_all = all.len();
    all.retain(|(scenario, _), _| !long.contains(scenario));
    assert!(all.len() * 10 > n_all * 8, "{} of {n_all}", all.len());
    all
});

/// Each case with what came of it; what is real time is left out.
fn cases(ended: &Ended) -> Cases {
    let run: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let cases = run["cases"].as_array().expect("cases");
    let named = cases.iter().map(|case| {
        let mut case = case.clone();
        forget_real(&mut case);
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        ((text("scenario"), text("case")), case)
    });
    named.collect()
}

fn forget_real(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with("real_"));
            map.values_mut().for_each(forget_real);
        }
        Value::Array(all) => all.iter_mut().for_each(forget_real),
        _ => {}
    }
}

/// The cases in which a seat cannot take part, with the reason.
fn left_out(seat: &str) -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(common::project().join(LEFT_OUT)).expect(LEFT_OUT);
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let parts = lines.map(|line| line.split(" | ").map(str::trim).collect::<Vec<_>>());
    parts
        .map(|parts| <[&str; 4]>::try_from(parts).expect("four parts"))
        .filter(|[of, ..]| *of == seat)
        .map(|[_, scenario, case, reason]| ((scenario.into(), case.into()), reason.into()))
        .collect()
}

/// A story without who carried and without instants: of what the link did, and of what changed nothing, there is more or
/// less, by when ACP's door was knocked at.
fn but_for_carrying(case: &Value) -> Value {
    let mut case = case.clone();
    for key in ["ended_at", "simulated_seconds"] {
        case[key].take();
    }
    for step in case["steps"].as_array_mut().into_iter().flatten() {
        for key in ["began_at", "ended_at"] {
            step[key].take();
        }
    }
    let story: Vec<Value> = case["story"]
        .as_array()
        .expect("a story")
        .iter()
        .filter_map(Value::as_str)
        .map(without_instants)
        .filter(|line| !is_of_carrying(line))
        .map(Value::from)
        .collect();
    assert!(story.len() > 3, "{case}");
    case["story"] = Value::from(story);
    case
}

fn is_of_carrying(line: &str) -> bool {
    line.starts_with("... ") || line.starts_with("link FAULT") || line.contains(" changes nothing on ")
}

/// Words, but for times and the numbers of deliveries.
fn without_instants(line: &str) -> String {
    let mut after_sync = false;
    let words = line.split_whitespace().filter(|word| {
        let number = std::mem::replace(&mut after_sync, *word == "sync");
        let time = word.trim_end_matches([',', '.', ':']);
        let is_time = (time.ends_with("am") || time.ends_with("pm"))
            && time.starts_with(|it: char| it.is_ascii_digit());
        !is_time && !number
    });
    let line = words.collect::<Vec<_>>().join(" ");
    // How long it took, or lasted.
    let ends = ["true at", "stayed true for", "(simulated"];
    let end = ends.iter().filter_map(|end| line.find(end)).min().unwrap_or(line.len());
    line[..end].to_owned()
}

/// Holds what somebody in a seat came to against what came of it in process.
fn same(seat: &str, ended: &[Ended]) {
    let (ours, theirs): (_, Cases) = (&*IN_PROCESS, ended.iter().flat_map(cases).collect());
    assert!(ours.len() > 100, "{}", ours.len());
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    let skipped = |case: &Value| case["verdict"] == "skipped";
    let left_out = left_out(seat);
    let newly: BTreeMap<_, String> = theirs
        .iter()
        .filter(|(name, case)| skipped(case) && !skipped(&ours[*name]))
        .map(|(name, case)| (name.clone(), case["reason"].as_str().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(newly, left_out, "{LEFT_OUT} is the whole list of what the seat {seat} cannot take part in");
    let differ: Vec<_> =
        ours.keys().filter(|name| !left_out.contains_key(*name) && ours[*name] != theirs[*name]).collect();
    for name in &differ {
        assert_eq!(seat, "connector", "{name:?}");
        assert_eq!(but_for_carrying(&ours[*name]), but_for_carrying(&theirs[*name]), "{name:?}");
    }
    // Nearly all are the same to the byte.
    assert!(differ.len() * 20 < ours.len(), "{seat}: {} of {}: {differ:#?}", differ.len(), ours.len());
    let n_most = ours.len() * AT_MOST.0 / AT_MOST.1;
    assert!(left_out.len() < n_most, "{} of {}", left_out.len(), ours.len());
    for family in FAMILIES {
        let of_family: BTreeSet<_> =
            ours.keys().filter(|(scenario, _)| scenario.starts_with(family)).collect();
        assert!(of_family.iter().any(|name| !left_out.contains_key(*name)), "{family}");
    }
    assert!(ended.iter().all(|ended| ended.err.is_empty()), "{ended:?}");
}

#[test]
fn our_own_engine_in_the_seat_of_acp() {
    let folder = Folder::new();
    let served = serve_with(&folder, &program());
    same("acp", &[suite(&["--acp", &served.url], &served.key)]);
    // Every tenant was taken away again.
    assert!(get(&served, "/v1/worlds").ends_with("[\"sandbox\"]"));
}

#[test]
fn our_own_rostering_systems_in_their_seat() {
    let folder = Folder::new();
    let served = serve_with(&folder, &program());
    same("rostering", &[suite(&["--rostering", &served.url], &served.key)]);
}

/// Two connectors share the suite, because Python uses one core.
#[test]
fn the_example_connector_in_its_seat() {
    let halves = halves();
    let played = |files: &Vec<String>| {
        let Connector { url, .. } = &connector(None)?;
        Some(play(files, &["--jobs", "1", "--connector", url], ""))
    };
    let ended: Option<Vec<Ended>> = thread::scope(|scope| {
        let threads: Vec<_> = halves.iter().map(|files| scope.spawn(|| played(files))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    // Where there is no Python, that was said.
    if let Some(ended) = ended {
        same("connector", &ended);
    }
}

/// The files in two parts that last about as long as each other, simulated.
fn halves() -> [Vec<String>; 2] {
    let mut files: BTreeMap<&str, f64> = BTreeMap::new();
    for case in IN_PROCESS.values() {
        let seconds = case["simulated_seconds"].as_f64().unwrap_or_default();
        *files.entry(case["file"].as_str().expect("a file")).or_default() += seconds;
    }
    let mut files: Vec<(&str, f64)> = files.into_iter().collect();
    files.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let mut halves: [(f64, Vec<String>); 2] = Default::default();
    for (file, seconds) in files {
        let half = usize::from(halves[1].0 < halves[0].0);
        halves[half].0 += seconds;
        halves[half].1.push(file.to_owned());
    }
    halves.map(|(_, files)| files)
}
