//! `--redact`: no personal value of anybody gets out, whatever fails, wherever it is written.

mod common;

use common::{Ended, FAILS, Folder, PASSES, TWO_CASES};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

fn yaml_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            yaml_below(&path, files);
        } else if path.extension().is_some_and(|it| it == "yaml") {
            files.push(path);
        }
    }
    files.sort();
}

/// The keys of personal fields, as the language writes them; found here without the program's own list.
const KEYS: &[&str] = &[
    "name",
    "given name",
    "family name",
    "date of birth",
    "nhs number",
    "phone",
    "second phone",
    "address",
    "address line 1",
    "address line 2",
    "address line 3",
    "address line 4",
    "county",
    "postcode",
    "email",
    "pin",
    "qr code",
    "key safe",
    "access details",
    "employee",
];

/// Every personal value that a file writes down, read by a small parser of its own: `key: value` inside the braces of
/// service users, records, `set:` and `has:`.
fn personal(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut section = "";
    for line in text.lines() {
        if !line.starts_with([' ', '-', '#']) {
            section = line.split(':').next().unwrap_or_default();
        }
        let is_prose =
            |line: &str| ["- when:", "- then:", "#"].iter().any(|it| line.trim_start().starts_with(it));
        let is_no_person = ["rostering system:", "requirement:"].iter().any(|it| line.contains(it));
        if is_prose(line) || is_no_person || !matches!(section, "given" | "steps") {
            continue;
        }
        for key in KEYS {
            let mut rest = line;
            while let Some(at) = rest.find(&format!("{key}: ")) {
                let before = rest[..at].trim_end();
                let value = &rest[at + key.len() + 2..];
                let is_key = before.is_empty() || before.ends_with(['{', ',', '-']);
                let value = match value.strip_prefix('"') {
                    Some(quoted) => quoted.split('"').next().unwrap_or_default(),
                    None => value.split([',', '}', '{']).next().unwrap_or_default().trim(),
                };
                // Braces hold a value as typed, or a parameter, or a list.
                if is_key
                    && !value.is_empty()
                    && !value.starts_with(['$', '[', '\\'])
                    && value.chars().count() > 2
                {
                    found.insert(value.to_owned());
                }
                rest = &rest[at + key.len() + 2..];
            }
        }
    }
    found
}

/// The same with a millisecond after every such key: over before anything can happen.
fn without_time(text: &str, key: &str) -> String {
    let mut parts = text.split(key);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let n = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let time = if part.starts_with(|c: char| c.is_ascii_digit()) { "1ms" } else { &part[..n] };
        format!("{text}{key}{time}{}", &part[n..])
    })
}

/// A copy of the suite in which every deadline is too near, so that most cases fail. Gives each file with the values that
/// it writes down.
fn failing_copy(folder: &Folder) -> Vec<(String, BTreeSet<String>)> {
    let own = own();
    let mut files = Vec::new();
    yaml_below(&own, &mut files);
    let mut copies = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("a scenario");
        let values = with_other_forms(&personal(&text));
        let text = ["within: ", "window: "].into_iter().fold(text, |text, key| without_time(&text, key));
        let name = format!("scenarios/{}", path.strip_prefix(&own).expect("below").display());
        folder.write(&name, text);
        copies.push((name, values));
    }
    copies
}

/// Whether a value stands in a text as a word of its own.
fn stands_in(value: &str, text: &str) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(value).any(|(at, _)| {
        is_edge(text[..at].chars().next_back()) && is_edge(text[at + value.len()..].chars().next())
    })
}

fn leaked<'a>(values: &'a BTreeSet<String>, text: &str) -> Vec<&'a String> {
    values.iter().filter(|value| stands_in(value, text)).collect()
}

/// As people may write them: in groups, in words.
fn with_other_forms(values: &BTreeSet<String>) -> BTreeSet<String> {
    let mut all = values.clone();
    for value in values {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        if digits.len() == 10 && digits.starts_with("999") {
            all.insert(format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..]));
            all.insert(digits);
        }
        if let Ok(date) = value.parse::<jiff::civil::Date>() {
            all.insert(date.strftime("%-d %B %Y").to_string());
        }
        if value.contains(' ') && !value.contains(|c: char| c.is_ascii_digit()) {
            all.insert(value.split_whitespace().next_back().unwrap_or_default().to_owned());
        }
    }
    all.retain(|value| value.chars().count() > 2);
    all
}

const REPORTS: &str = "junit,tap,json,ndjson,github=gh.txt,gitlab,azure=az.txt,markdown";

/// Everything that a run says and writes.
fn everything(folder: &Folder, words: &[&str]) -> Vec<(String, String)> {
    let ended = folder.rehearse(&[&["run", "--report", REPORTS], words].concat());
    let mut all = vec![("standard output".to_owned(), ended.out), ("standard error".to_owned(), ended.err)];
    for file in folder.files().into_iter().filter(|file| !file.starts_with("scenarios/")) {
        let text = fs::read_to_string(folder.path.join(&file)).expect("text");
        all.push((file, text));
    }
    all
}

fn nothing_leaks(values: &BTreeSet<String>, text: &str, place: &str) {
    let leaked = leaked(values, text);
    let around = leaked.first().and_then(|value| text.find(value.as_str())).map(|at| {
        &text[text.floor_char_boundary(at.saturating_sub(300))..text.floor_char_boundary(at + 200)]
    });
    assert!(leaked.is_empty(), "{place}: {leaked:?}\n{}", around.unwrap_or_default());
}

#[test]
fn no_personal_value_of_the_whole_suite_gets_into_any_output_or_report() {
    let folder = Folder::new();
    let copies = failing_copy(&folder);
    // What is a name in one scenario is a town in another; a value of some length is the same thing everywhere.
    let n_digits = |value: &str| value.chars().filter(char::is_ascii_digit).count();
    let is_plain = |value: &&String| value.contains([' ', '@']) || n_digits(value) >= 8;
    let values: BTreeSet<String> =
        copies.iter().flat_map(|(_, values)| values).filter(is_plain).cloned().collect();
    assert!(values.len() > 150, "{}", values.len());
    let open = everything(&folder, &["--redact", "none", "-v"]);
    let seen: usize = open.iter().map(|(_, text)| leaked(&values, text).len()).sum();
    assert!(seen > 500, "the test would find them: {seen}");
    assert!(open[0].1.matches("\nFailed.").count() > 100, "most of it fails");
    for words in [&["--redact", "names", "--json", "-v"][..], &["--redact", "names", "--plain", "-q"]] {
        for (place, text) in everything(&folder, words) {
            nothing_leaks(&values, &text, &format!("{words:?} {place}"));
        }
    }
}

/// To the last short name, one file after the other.
#[test]
fn no_personal_value_of_a_scenario_gets_into_its_story() {
    let folder = Folder::new();
    let mut copies = failing_copy(&folder);
    copies.retain(|(file, _)| !file.contains("/worlds/") && !file.ends_with("suite.yaml"));
    let n_values: usize = copies.iter().map(|(_, values)| values.len()).sum();
    assert!(n_values > 500, "{n_values}");
    let folder = &folder;
    std::thread::scope(|scope| {
        for some in copies.chunks(copies.len().div_ceil(4)) {
            scope.spawn(move || {
                for (file, values) in some {
                    let ended = folder.rehearse(&["run", file, "--redact", "names", "-vv"]);
                    nothing_leaks(values, &ended.out, file);
                }
            });
        }
    });
}

#[test]
fn identifiers_stay_and_carets_stand_under_what_they_mean() {
    let folder = Folder::with(&[(
        "scenarios/a.yaml",
        &FAILS.replace(
            "has: { branch: South Leeds }",
            "has: { given name: Ada, family name: Okaforson, branch: North Leeds }",
        ),
    )]);
    let ended = folder.rehearse(&["run", "--redact", "names"]);
    assert_eq!(ended.code, 1);
    let at = ended.out.find("acp: { service user: SU-1, has: { given name: [name 1], ").expect("the excerpt");
    let mut lines = ended.out[at..].lines();
    let (line, carets) = (lines.next().expect("it"), lines.next().expect("carets"));
    let start = ended.out[..at].rsplit('\n').next().map_or(0, |before| before.chars().count());
    let line = format!("{}{line}", " ".repeat(start));
    let from = carets.find('^').expect("carets");
    let n = carets.matches('^').count();
    assert_eq!(&line[from..from + n], "[name 2]", "{}", ended.out);
    assert!(carets.contains("got \"[name 1]\""), "{carets}");
    for part in ["SU-1", "Expected  \"[name 2]\"", "Got       \"[name 1]\"", "Every value of the family name"]
    {
        assert!(ended.out.contains(part), "{part:?} is missing in:\n{}", ended.out);
    }
    let all = folder.rehearse(&["run", "--redact", "all"]);
    assert!(!all.out.contains("SU-1") && all.out.contains("[external id 1]"), "{}", all.out);
}

#[test]
fn in_a_pipeline_names_are_taken_out_unless_told_otherwise() {
    let folder = Folder::with(&[("scenarios/a.yaml", FAILS)]);
    let with_ci =
        |words: &[&str], ci: &str| Ended::of(folder.command(words).env("CI", ci)).out.contains("Okafor");
    assert!(folder.rehearse(&["run", "-v"]).out.contains("Okafor"));
    assert!(!with_ci(&["run", "-v"], "true"));
    assert!(with_ci(&["run", "-v"], "false"));
    assert!(with_ci(&["run", "-v", "--redact", "none"], "true"));
    for words in
        [&["explain", "scenarios/a.yaml"][..], &["explain", "a", "SU-1"], &["explain", "a", "SU-1", "phone"]]
    {
        assert!(folder.rehearse(words).out.contains("Okafor"), "{words:?}");
        assert!(!with_ci(words, "1"), "{words:?}");
    }
    folder.write("scenarios/b.yaml", FAILS.replace("A branch changed", "Ada Okafor's branch changed"));
    assert!(folder.rehearse(&["list"]).out.contains("Okafor"));
    assert!(!with_ci(&["list"], "true"));
}

#[test]
fn a_mistake_in_a_file_is_shown_without_the_values_beside_it() {
    let own = own();
    let mut files = Vec::new();
    yaml_below(&own, &mut files);
    let mut n_seen = 0;
    for path in files.iter().filter(|path| !path.ends_with("suite.yaml")) {
        let text = fs::read_to_string(path).expect("a scenario");
        let values = with_other_forms(&personal(&text));
        let wrongs = [
            text.replace("name: ", "nmae: "),
            text.replace("date of birth: ", "dateofbirth: "),
            text.replace("phone: ", "telephone: "),
            text.replace("service user: {", "servic user: {"),
            text.replace("branch: ", "branch: x"),
            text.replacen("steps:", "steps: [", 1),
        ];
        let folder = Folder::new();
        for (n, wrong) in wrongs.iter().enumerate() {
            folder.write(&format!("s/{n}.yaml"), wrong);
        }
        n_seen += leaked(&values, &folder.rehearse(&["check", "s"]).out).len();
        for words in
            [&["check", "s", "--redact", "names"][..], &["check", "s", "--redact", "names", "--json"]]
        {
            let ended = folder.rehearse(words);
            let leaked = leaked(&values, &ended.out);
            assert!(leaked.is_empty(), "{}: {leaked:?}\n{}", path.display(), ended.out);
        }
    }
    assert!(n_seen > 200, "the test would find them: {n_seen}");
}

/// A suite with accepted stories, in one of which somebody stands whom no scenario names any more.
fn with_an_old_name() -> Folder {
    let folder = Folder::with(&[
        ("suite/suite.yaml", ""),
        ("suite/first/new.yaml", PASSES),
        ("suite/timing/promise.yaml", &TWO_CASES.replace("name: later", "name: Ada comes later")),
    ]);
    assert_eq!(folder.rehearse(&["run", "suite", "--snapshots", "update"]).code, 0);
    let path = "suite/snapshots/first/new.snap";
    let old = folder.read(path).replace("WHEN Ada is added", "WHEN Zebedee Quill, 0113 496 0777, is added");
    folder.write(path, old);
    folder
}

const OLD: &[&str] = &["Zebedee", "Quill", "0777", "Ada", "Okafor"];

fn none_of_them(text: &str, place: &str) {
    for value in OLD {
        assert!(!text.contains(value), "{place} tells {value}:\n{text}");
    }
}

#[test]
fn what_stands_in_an_old_snapshot_alone_is_not_told() {
    let folder = with_an_old_name();
    let open = folder.rehearse(&["run", "suite", "--redact", "none"]);
    assert!(open.out.contains("Zebedee Quill, 0113 496 0777,"), "the test would see it: {}", open.out);
    let before = folder.files();
    for words in [&["-v"][..], &["--json"], &["--plain"]] {
        let reports = &["run", "suite", "--report", REPORTS][..];
        let ended = Ended::of(folder.command(&[reports, words].concat()).env("CI", "true"));
        assert_eq!(ended.code, 1);
        none_of_them(&ended.out, "standard output");
        none_of_them(&ended.err, "standard error");
        assert!(ended.out.contains("[not shown]"), "{}", ended.out);
        for file in folder.files().into_iter().filter(|file| !before.contains(file)) {
            none_of_them(&folder.read(&file), &file);
        }
    }
    // What waits was written with names, as nobody said otherwise; looking at it in a pipeline tells none.
    for words in [&["review", "suite"][..], &["review", "suite", "--json"]] {
        let ended = Ended::of(folder.command(words).env("CI", "true"));
        assert_eq!(ended.code, 1);
        none_of_them(&(ended.out + &ended.err), "review");
    }
    let json = folder.rehearse(&["review", "suite", "--json", "--redact", "names"]).out;
    none_of_them(&json, "review --json");
    assert!(json.contains("[not shown]") && json.contains("[name 1] is added"), "{json}");
    std::fs::remove_file(folder.path.join("suite/first/new.yaml")).expect("it is there");
    let json = folder.rehearse(&["review", "suite", "--json", "--redact", "names"]).out;
    none_of_them(&json, "review without the scenario");
}

#[test]
fn stories_that_are_kept_without_names_are_the_same_stories() {
    let folder = with_an_old_name();
    folder.write("suite/suite.yaml", "format: 1\nredact: names\n");
    let ended = folder.rehearse(&["run", "suite"]);
    assert_eq!(ended.code, 1);
    none_of_them(&ended.out, "run");
    none_of_them(&folder.read("suite/snapshots/first/new.snap.new"), "what waits");
    assert_eq!(folder.rehearse(&["review", "suite", "--accept-all"]).code, 0);
    none_of_them(&folder.read("suite/snapshots/first/new.snap"), "the snapshot");
    for words in [&[][..], &["--redact", "none"], &["--redact", "all"], &["--shuffle", "3"]] {
        let ended = folder.rehearse(&[&["run", "suite"], words].concat());
        assert_eq!(ended.code, 0, "{words:?}: {}", ended.out);
    }
}

#[test]
fn what_stands_in_an_old_run_alone_is_not_told_and_rows_are_found_again() {
    let folder = with_an_old_name();
    folder.rehearse(&["run", "suite", "--snapshots", "update"]);
    let old =
        TWO_CASES.replace("name: later", "name: Zebedee Quill comes").replace("Ada Okafor", "Zebedee Quill");
    folder.write("suite/old.yaml", old);
    folder.write("before.json", folder.rehearse(&["run", "suite", "--json"]).out);
    folder.write("hidden.json", folder.rehearse(&["run", "suite", "--json", "--redact", "names"]).out);
    folder.write("suite/old.yaml", TWO_CASES.replace("name: later", "name: much later"));
    let open = folder.rehearse(&["run", "suite", "--against", "before.json"]);
    assert!(open.out.contains("gone             old [Zebedee Quill comes]"), "{}", open.out);
    for before in ["before.json", "hidden.json"] {
        for redact in ["names", "none"] {
            let words = ["run", "suite", "--snapshots", "ignore", "--against", before, "--redact", redact];
            let ended = folder.rehearse(&words);
            assert!(ended.out.contains("1 new, 1 gone, 4 as before"), "{before} {redact}: {}", ended.out);
            if redact == "names" {
                none_of_them(&ended.out, before);
            }
        }
    }
    let ended = folder.rehearse(&["run", "suite", "--against", "before.json", "--redact", "names"]);
    assert!(ended.out.contains("gone             old [[not shown]]"), "{}", ended.out);
}

#[test]
fn rows_that_were_not_run_or_not_found_or_failed_are_named_without_names() {
    let row = |text: &str| text.replace("name: later", "name: Ada Okafor comes later");
    let folder = Folder::with(&[
        ("scenarios/suite.yaml", "format: 1\nredact: names\n"),
        ("scenarios/a.yaml", FAILS),
        ("scenarios/b.yaml", &row(TWO_CASES)),
        ("scenarios/c.yaml", &row(TWO_CASES).replace("window: 24h }", "window: 1ms }")),
    ]);
    let told = |words: &[&str]| {
        let ended = folder.rehearse(words);
        none_of_them(&ended.out, &words.join(" "));
        none_of_them(&ended.err, &words.join(" "));
        ended
    };
    assert!(
        told(&["run", "--max-fail", "1"]).out.contains("Not run: b [tomorrow], b [[name 1] comes later]")
    );
    assert!(told(&["run", "-k", "Okafo comes latr"]).err.contains("Nearest"));
    assert_eq!(told(&["selftest", "-k", "c"]).code, 1);
    assert_eq!(told(&["list"]).code, 0);
    assert_eq!(told(&["explain", "c"]).code, 0);
    assert_eq!(told(&["run"]).code, 1);
    let kept = folder.read("scenarios/.rehearse/failed.json");
    none_of_them(&kept, "the list of failed cases");
    let again = told(&["run", "--failed"]);
    assert!(again.out.contains("2 scenarios, 2 cases: 0 passed, 2 failed."), "{}", again.out);
    let open = folder.rehearse(&["run", "--failed", "--redact", "none"]);
    assert!(open.out.contains("c [Ada Okafor comes later]"), "{}", open.out);
    let again = told(&["run", "--failed"]);
    assert!(again.out.contains("2 failed."), "{}", again.out);
    folder.write("scenarios/b.yaml", row(TWO_CASES).replace("window: 24h }", "window: 24h }   "));
    let ended = told(&["fmt", "--check"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("[value 1]"), "{}", ended.out);
    folder.write("scenarios/b.yaml", row(TWO_CASES).replace("steps:", "steps: ["));
    assert_eq!(told(&["fmt", "--check"]).code, 2);
    assert_eq!(told(&["check"]).code, 2);
    // Where the suite's file cannot be read, nobody knows what it says of names.
    folder.write("scenarios/suite.yaml", "format: 1\nredact: nmaes\n");
    let ended = told(&["check"]);
    assert!(ended.out.contains("[name 1]") || ended.out.contains("[value 1]"), "{}", ended.out);
}
