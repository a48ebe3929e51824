//! The JSON Schema and the reader accept and refuse the same files, apart from what a schema cannot see.

#![expect(clippy::disallowed_methods, reason = "a test reads its corpus")]

use crate::{
    corpus,
    editor::{Yaml, parse},
    examples::{TOLD, whole},
};
use jsonschema::Validator;
use scenario::SuiteFile;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What a schema cannot see, by the code that the reader gives it, and why.
const UNSEEN: &[(&str, &str)] = &[
    ("backwards", "the order of time"),
    ("clock-change", "the calendar of London"),
    ("cyclic-use", "other files"),
    ("defined-twice", "names of the whole story"),
    ("never-live", "the whole story"),
    ("no-care-plan", "how many there are, by other keys"),
    ("no-world", "other files"),
    ("not-for-this-system", "which rostering system is meant"),
    ("not-yet", "names of the whole story"),
    ("parameter-here", "whether a place is the same for all rows"),
    ("uneven-rows", "two rows side by side"),
    ("unknown-parameter", "the rows"),
    ("unknown-reference", "names of the whole story"),
    ("unused-parameter", "the whole story"),
    ("used-twice", "other files"),
    ("which-system", "which rostering systems there are"),
    ("wrong-length", "two lists side by side"),
    // Parts of YAML that an editor reads and this language does without.
    ("tab", "YAML itself"),
    ("yaml-anchor", "YAML itself"),
    ("yaml-tag", "YAML itself"),
];

/// Files that an editor lets pass all the same, and why.
const PASS: &[(&str, &str)] = &[
    ("not-a-scenario-world.yaml", "a world is a good file, only none that is run"),
    ("row-value.yaml", "what a row's value may be is decided where it is used"),
    ("yaml-percent.yaml", "what begins with a percent sign is a directive of YAML itself"),
];

fn validator() -> Validator {
    validator_in(&SuiteFile::default())
}

/// Of the files of a suite.
fn validator_in(suite: &SuiteFile) -> Validator {
    let schema = serde_json::from_str(&scenario::schema(suite)).expect("it is JSON");
    jsonschema::draft7::new(&schema).expect("it is a schema")
}

/// Whether an editor with the schema lets a file pass.
fn passes(validator: &Validator, yaml: &Yaml) -> bool {
    yaml.json().is_some_and(|value| validator.is_valid(&value))
}

fn errors(validator: &Validator, yaml: &Yaml) -> String {
    let Some(value) = yaml.json() else { return "a key stands twice".into() };
    validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect::<Vec<_>>()
        .join("\n")
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every scenario and world below a folder.
fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            below(&path, files);
        } else if path.extension().is_some_and(|it| it == "yaml") && !path.ends_with("suite.yaml") {
            files.push(path);
        }
    }
}

#[test]
fn the_schema_is_a_schema() {
    let schema = serde_json::from_str(&scenario::schema(&SuiteFile::default())).expect("it is JSON");
    assert!(jsonschema::draft7::meta::is_valid(&schema));
}

#[test]
fn the_schema_in_the_suite_is_the_one_that_is_printed() {
    let there = fs::read_to_string(top().join("scenarios/scenario.schema.json")).expect("it is checked in");
    assert!(
        there == scenario::schema(&SuiteFile::default()),
        "write it anew: cargo run -- schema > scenarios/scenario.schema.json"
    );
}

#[test]
fn every_good_file_passes() {
    let validator = validator();
    let mut files = Vec::new();
    for folder in ["harness/scenario/tests/good", "scenarios", "harness/rehearse/demo"] {
        below(&top().join(folder), &mut files);
    }
    assert!(files.len() > 100, "{} files", files.len());
    for file in files {
        let yaml = parse(&fs::read_to_string(&file).expect("a file")).expect("it is YAML");
        assert!(passes(&validator, &yaml), "{}\n{}", file.display(), errors(&validator, &yaml));
    }
}

/// Every good file without its clock, in a suite that says nothing, in one with a clock, and in one that cannot be read:
/// schema and reader want a clock, or do not, in the same suites.
#[test]
fn where_the_suite_has_a_clock_neither_schema_nor_reader_wants_one() {
    let with_clock = scenario::read_suite("suite.yaml", "format: 1\nclock: 2026-03-02 09:00 Europe/London\n");
    let with_clock = with_clock.expect("a suite");
    let mut files = Vec::new();
    below(&top().join("scenarios"), &mut files);
    let mut n_seen = 0;
    for (suite, may) in
        [(SuiteFile::default(), false), (with_clock, true), (SuiteFile::unread("format: x"), true)]
    {
        let validator = validator_in(&suite);
        for file in &files {
            let text = fs::read_to_string(file).expect("a file");
            let without: String =
                text.split_inclusive('\n').filter(|line| !line.starts_with("clock:")).collect();
            if without == text {
                continue;
            }
            n_seen += 1;
            let (name, mut world) =
                (file.to_string_lossy(), |path: &str| fs::read_to_string(path).map_err(|it| it.to_string()));
            let read = scenario::read_in(&suite, &name, &without, &mut world);
            let wants = read.is_err_and(|all| all.iter().any(|it| it.what.contains("`clock`")));
            assert_eq!(wants, !may, "{name}: the reader");
            let yaml = parse(&without).expect("it is YAML");
            assert_eq!(passes(&validator, &yaml), may, "{name}: {}", errors(&validator, &yaml));
        }
    }
    assert!(n_seen > 3 * 80, "{n_seen}");
}

/// The codes of the mistakes in the file itself, as the reader gives them.
fn codes(name: &str, text: &str) -> Vec<&'static str> {
    let folder = if corpus::names("bad").iter().any(|it| it == name) { "bad" } else { "good" };
    let read = scenario::read(name, text, &mut |path| corpus::world(folder, path));
    let mistakes = read.err().unwrap_or_default();
    mistakes.into_iter().filter(|it| it.path == name).map(|it| it.code).collect()
}

fn is_unseen(code: &str) -> bool {
    UNSEEN.iter().any(|(unseen, _)| *unseen == code)
}

fn may_pass(name: &str) -> bool {
    PASS.iter().any(|(file, _)| *file == name)
}

#[test]
fn every_bad_file_is_refused_unless_a_schema_cannot_see_what_is_wrong() {
    let validator = validator();
    for name in corpus::names("bad") {
        let text = corpus::text("bad", &name);
        let codes = codes(&name, &text);
        // What is no YAML is refused by every editor.
        let passes = parse(&text).is_some_and(|yaml| passes(&validator, &yaml));
        let seen: Vec<_> = codes.iter().filter(|code| !is_unseen(code)).collect();
        assert!(seen.is_empty() || !passes || may_pass(&name), "{name} passes with {seen:?}");
    }
}

#[test]
fn of_the_examples_the_right_ones_pass_and_the_wrong_ones_unless_a_schema_cannot_see_it() {
    let validator = validator();
    let passes = |text: &str| parse(text).is_some_and(|yaml| passes(&validator, &yaml));
    let examples = || scenario::EXAMPLES.iter().filter(|example| !TOLD.contains(&example.code));
    for example in examples() {
        assert!(passes(&whole(example.right)), "{}", example.right);
    }
    // No entry stands in the list without need, and none is missing.
    let off: Vec<_> = examples().filter(|it| passes(&whole(it.wrong)) != is_unseen(it.code)).collect();
    assert!(off.is_empty(), "{off:?}");
}

/// Every place spoilt: without it or with another key, and with a value that fits nowhere, each in turn.
fn spoilt(yaml: &Yaml, n_before: usize) -> Vec<Yaml> {
    let mut all = Vec::new();
    match yaml {
        Yaml::Leaf { .. } => {}
        Yaml::List(items) => {
            for (idx, item) in items.iter().enumerate() {
                for worse in spoilt(item, n_before + all.len()) {
                    let mut items = items.clone();
                    items[idx] = worse;
                    all.push(Yaml::List(items));
                }
            }
        }
        Yaml::Map(entries) => {
            for (idx, (key, value)) in entries.iter().enumerate() {
                // What a row's value may be is decided where it is used.
                if key == "cases" {
                    continue;
                }
                all.push(with(entries, |it| {
                    if idx % 2 == 0 {
                        it.remove(idx);
                    } else {
                        it[idx].0 = "xyzzy".into();
                    }
                }));
                let wrong = (n_before + all.len()) % 8 / 2;
                // `Null` is a name, and an editor cannot tell it from nothing.
                let wrong = if wrong == 0 && key.ends_with(" name") { 1 } else { wrong };
                all.push(with(entries, |it| it[idx].1 = fits_nowhere(wrong)));
                for worse in spoilt(value, n_before + all.len()) {
                    all.push(with(entries, |it| it[idx] = (key.clone(), worse)));
                }
            }
        }
    }
    all
}

type Entries = Vec<(String, Yaml)>;

fn with(entries: &[(String, Yaml)], change: impl FnOnce(&mut Entries)) -> Yaml {
    let mut entries = entries.to_vec();
    change(&mut entries);
    Yaml::Map(entries)
}

fn fits_nowhere(which: usize) -> Yaml {
    match which {
        0 => leaf(""),
        1 => leaf("?!"),
        2 => Yaml::List(vec![Yaml::List(vec![leaf("a b")])]),
        _ => Yaml::Map(vec![("xyzzy".into(), leaf("1"))]),
    }
}

fn leaf(text: &str) -> Yaml {
    Yaml::Leaf { text: text.into(), plain: true }
}

/// Everything that the language knows, spoilt in every place.
#[test]
fn schema_and_reader_agree_on_every_spoilt_place() {
    let validator = validator();
    let yaml = parse(&corpus::text("good", "everything.yaml")).expect("it is YAML");
    let good = yaml.text();
    let all = spoilt(&yaml, 0);
    assert!(all.len() > 800, "{}", all.len());
    let disagreement = |worse: &Yaml| {
        let text = worse.text();
        let codes = codes("everything.yaml", &text);
        let passes = passes(&validator, worse);
        let seen: Vec<_> = codes.iter().filter(|code| !is_unseen(code)).collect();
        let disagree = if passes { !seen.is_empty() } else { codes.is_empty() };
        disagree.then(|| format!("passes: {passes}, reader: {codes:?}: {}", differs(&good, &text)))
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let halves = all.chunks(all.len().div_ceil(2));
        let found: Vec<_> = halves
            .map(|half| scope.spawn(|| half.iter().filter_map(disagreement).collect::<Vec<_>>()))
            .collect();
        found.into_iter().flat_map(|half| half.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

/// Where two texts differ.
fn differs(good: &str, bad: &str) -> String {
    let at = good.bytes().zip(bad.bytes()).take_while(|(a, b)| a == b).count();
    let from = bad.floor_char_boundary(at.saturating_sub(60));
    let to = bad.floor_char_boundary((at + 60).min(bad.len()));
    bad[from..to].to_owned()
}
