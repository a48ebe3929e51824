//! `run --bundle`, `replay` and `run --against`, as a shell sees them: the same bytes wherever a bundle is played, and a
//! sentence for every file that is none.

mod common;

use common::{Ended, FAILS, Folder, PASSES, TWO_CASES};
use std::{
    fs,
    io::{Cursor, Read as _, Write as _},
    path::Path,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// A suite that uses a world, with a failure in it.
fn suite() -> Folder {
    let uses = PASSES.replace("branches: [North Leeds]", "use: ../worlds/leeds.yaml");
    Folder::with(&[
        ("scenarios/suite.yaml", "# Ours.\n"),
        ("scenarios/worlds/leeds.yaml", "world: Leeds\ngiven:\n  - branches: [North Leeds]\n"),
        ("scenarios/first/new.yaml", &uses),
        ("scenarios/timing/promise.yaml", TWO_CASES),
        ("scenarios/wrong/stays.yaml", FAILS),
    ])
}

/// The one bundle that a run wrote, with its bytes.
fn bundled(folder: &Folder, words: &[&str], code: i32) -> (String, Vec<u8>) {
    let ended = folder.rehearse(&[&["run", "--bundle"], words].concat());
    assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
    let path =
        ended.err.strip_prefix("Bundle: ").and_then(|err| err.split_once(". Play")).expect("its path").0;
    (path.to_owned(), fs::read(folder.path.join(path)).expect("the bundle"))
}

fn json(ended: &Ended) -> serde_json::Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}{}", ended.out, ended.err))
}

#[test]
fn a_bundle_is_played_again_anywhere_to_the_same_bytes() {
    let (name, bytes) = bundled(&suite(), &[], 1);
    assert!(
        name.starts_with("rehearse-out/") && name.len() == "rehearse-out/0123456789ab.zip".len(),
        "{name}"
    );
    let elsewhere = Folder::new();
    elsewhere.write("x.zip", &bytes);
    let ended = elsewhere.rehearse(&["replay", "x.zip"]);
    assert_eq!(
        (ended.code, ended.err.as_str()),
        (0, ""),
        "a failure that is the same is the same: {}",
        ended.out
    );
    let lines: Vec<&str> = ended.out.lines().collect();
    assert!(lines[0].ends_with(", seed 1, played again."), "{}", ended.out);
    assert_eq!(lines[1], "3 scenarios, 4 cases: 3 passed, 1 failed. Simulated 2 days.");
    assert_eq!(lines[2], "The same to the byte: the document of the run and 3 stories.");
    assert_eq!(elsewhere.files(), ["x.zip"], "nothing is unpacked");
    let told = elsewhere.rehearse(&["replay", "x.zip", "-v"]);
    assert!(told.out.contains("WHEN Ada is added in rostering"), "{}", told.out);
    let json = json(&elsewhere.rehearse(&["replay", "x.zip", "--json"]));
    assert_eq!((json["format"].as_str(), json["same"].as_bool()), (Some("rehearse.replay/1"), Some(true)));
}

#[test]
fn the_same_run_gives_the_same_bundle_and_another_run_another_name() {
    let (name, bytes) = bundled(&suite(), &["--jobs", "1"], 1);
    let again = suite();
    let (name_again, bytes_again) = bundled(&again, &["--jobs", "8", "-v", "--report", "junit"], 1);
    assert_eq!((&name, bytes == bytes_again), (&name_again, true));
    let (seven, _) = bundled(&again, &["--seed", "7"], 1);
    let (part, part_bytes) = bundled(&again, &["-k", "tomorrow"], 0);
    again.write("scenarios/worlds/leeds.yaml", "world: Leeds!\ngiven:\n  - branches: [North Leeds]\n");
    let (world, _) = bundled(&again, &[], 1);
    let mut names = vec![name, seven, part, world];
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 4, "{names:?}");
    again.write("part.zip", part_bytes);
    let ended = again.rehearse(&["replay", "part.zip", "--jobs", "2"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("1 scenario, 1 case: 1 passed."), "only what was picked: {}", ended.out);
}

#[test]
fn a_bundle_goes_where_it_is_told_and_only_its_owner_may_read_it() {
    let folder = suite();
    assert_eq!(folder.rehearse(&["run", "--bundle=x/mine.zip"]).code, 1);
    assert_eq!(folder.rehearse(&["replay", "x/mine.zip"]).code, 0);
    assert_eq!(folder.rehearse(&["run", "--bundle=x"]).code, 1);
    assert_eq!(folder.files().iter().filter(|file| file.starts_with("x/")).count(), 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.path.join("x/mine.zip")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    folder.write("file", "");
    let ended = folder.rehearse(&["run", "--bundle=file/x.zip"]);
    assert_eq!(ended.code, 5, "{}", ended.err);
    assert!(ended.err.starts_with("The bundle was not written"), "{}", ended.err);
    assert!(ended.out.ends_with("Gate: not met (exit code 5).\n"), "{}", ended.out);
}

/// Everything in a bundle, as one text.
fn whole(bytes: &[u8]) -> String {
    entries(bytes).into_iter().map(|(name, text)| name + "\n" + &text).collect()
}

fn in_ci(folder: &Folder, words: &[&str]) -> (String, Vec<u8>) {
    let ended = Ended::of(folder.command(&[&["run", "--bundle"], words].concat()).env("CI", "true"));
    let path = ended.err.strip_prefix("Bundle: ").and_then(|err| err.split_once(". Play"));
    let path = path.unwrap_or_else(|| panic!("no bundle: {}", ended.err)).0;
    (path.to_owned(), fs::read(folder.path.join(path)).expect("the bundle"))
}

#[test]
fn where_names_are_left_out_a_bundle_holds_other_people_with_the_same_stories() {
    let folder = suite();
    let full = "{ id: SU-1, name: Ada Okafor, date of birth: 1938-11-04, nhs number: 999 000 0018, \
                phone: 0113 496 0155, address line 1: 12 Mill Lane, postcode: LS1 4AP, branch: North Leeds }";
    let text = PASSES
        .replace("{ id: SU-1, name: Ada Okafor, branch: North Leeds }", full)
        .replace("when: Ada is", "when: Ada, born 4 November 1938, is # Okafor told us, 0113 496 0155")
        .replace("steps:", "# ask Zebedee Quill\nsteps:");
    folder.write("scenarios/first/full.yaml", text);
    folder.write("scenarios/suite.yaml", "# Zebedee Quill's\nformat: 1\n");
    let before = folder.rehearse(&["run", "--json", "--redact", "names"]);
    let (name, bytes) = in_ci(&folder, &[]);
    let text = whole(&bytes);
    for value in [
        "Ada",
        "Okafor",
        "Zebedee",
        "Quill",
        "1938",
        "999 000 0018",
        "9990000018",
        "0113",
        "Mill Lane",
        "LS1 4AP",
    ] {
        assert!(!text.contains(value), "{value} is in {text}");
    }
    assert!(text.contains("SU-1") && text.contains("North Leeds") && text.contains("[name 1]"), "{text}");
    let elsewhere = Folder::new();
    elsewhere.write("x.zip", &bytes);
    let ended = elsewhere.rehearse(&["replay", "x.zip", "-v"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert!(ended.out.contains("names and the like replaced, played again."), "{}", ended.out);
    assert!(
        ended.out.contains("The same to the byte: the document of the run and 4 stories."),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("WHEN [name 1], born [date of birth 1], is"), "{}", ended.out);
    let again = Ended::of(elsewhere.command(&["replay", "x.zip"]).env("CI", "true"));
    assert_eq!(again.code, 0);
    // The same run, whoever the people are: what it is compared with says so.
    folder.write("before.json", &before.out);
    let against = folder.rehearse(&["run", "--redact", "names", "--against", &name]);
    assert!(against.out.contains("1 fails as before, 4 as before"), "{}", against.out);
    // The same bytes for the same run.
    assert!(in_ci(&folder, &["--jobs", "1"]).1 == bytes);
    let all = in_ci(&folder, &["--redact", "all"]);
    assert!(!whole(&all.1).contains("SU-1"), "{}", whole(&all.1));
    assert_ne!(all.0, name);
    assert_eq!(folder.rehearse(&["replay", &all.0]).code, 0);
}

#[test]
fn rows_and_names_that_are_alike_stay_so() {
    let folder = Folder::with(&[("scenarios/a.yaml", "\
scenario: Whoever has the same name and day of birth may be one person, Adaeze apart
proves: [DUP-2]
clock: 2026-03-02 09:00 Europe/London
cases:
  - { name: Ada as she is, given: Ada, family: Okafor }
  - { name: Ada in capitals, given: ADA, family: OKÁFOR }
given:
  - branches: [North Leeds]
  - acp record: { called: by hand, name: \"${given} ${family}\", date of birth: 1938-11-04, branch: North Leeds }
  - the first sync has finished
steps:
  - when: Ada is added in rostering
    in rostering: { add service user: { id: SU-1, name: Ada Okafor, date of birth: 1938-11-04, branch: North Leeds } }
  - then: two records are one person
    within: 24h
    guidance: { record: by hand, situation: likely duplicate, says: DUP-1 }
")]);
    let open = folder.rehearse(&["run"]);
    assert_eq!(open.code, 0, "{}{}", open.out, open.err);
    let (name, bytes) = in_ci(&folder, &[]);
    let text = whole(&bytes);
    for value in ["Ada ", "ADA", "Okafor", "OKÁFOR", "1938-11-04"] {
        assert!(!text.contains(value), "{value} is in {text}");
    }
    assert!(text.contains("Adaeze apart"), "no part of a word: {text}");
    assert_eq!(folder.rehearse(&["replay", &name]).code, 0);
}

#[test]
fn a_bundle_that_would_tell_somebody_or_another_story_is_not_written() {
    for (from, to, part) in [
        (
            "name: Ada Okafor, branch",
            "name: \"\\u0041da Okafor\", branch",
            "something of somebody could not be found",
        ),
        (
            "name: Ada Okafor, branch",
            "name: Ada within, branch",
            "could not be read, perhaps because somebody is called",
        ),
        (
            "branch: North Leeds } }",
            "branch: North Leeds, date of birth: 2026-03-20, end date: 2026-03-20 } }",
            "does not end as it did",
        ),
    ] {
        let text = PASSES.replace("has: { name: Ada Okafor, ", "has: { ").replacen(from, to, 1);
        let folder = Folder::with(&[("scenarios/a.yaml", &text)]);
        assert_eq!(folder.rehearse(&["run"]).code, 0, "{to}");
        let ended = folder.rehearse(&["run", "--bundle", "--redact", "names"]);
        assert_eq!(ended.code, 5, "{to}: {}", ended.err);
        assert!(
            ended.err.starts_with("The bundle was not written: ") && ended.err.contains(part),
            "{}",
            ended.err
        );
        assert!(!ended.err.contains("Ada") && ended.err.contains("--redact none"), "{}", ended.err);
        assert!(ended.out.ends_with("Gate: not met (exit code 5).\n"), "{}", ended.out);
        assert_eq!(folder.files(), ["scenarios/a.yaml"]);
    }
}

#[test]
fn whoever_must_not_see_names_sees_none_of_a_bundle_that_holds_them() {
    let folder = suite();
    let (_, bytes) = bundled(&folder, &[], 1);
    folder.write("x.zip", &bytes);
    let same = folder.rehearse(&["replay", "x.zip", "-v", "--redact", "names"]);
    assert_eq!(same.code, 0, "what is compared is whole: {}", same.out);
    assert!(!same.out.contains("Ada"), "{}", same.out);
    folder
        .write("y.zip", changed(&bytes, |it| replace(it, "stories/first/new.txt", "WHEN Ada", "WHEN Ivor")));
    let other = folder.rehearse(&["replay", "y.zip", "--redact", "names"]);
    assert_eq!(other.code, 1);
    assert!(other.out.contains("1 line out, 1 in") && !other.out.contains("Ada"), "{}", other.out);
}

#[test]
fn a_bundle_of_our_own_suite_holds_nobody_and_plays_the_same() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let folder = Folder::new();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .args(["run", "scenarios", "-q", "--redact", "names"])
        .arg(format!("--bundle={}", folder.path.join("x.zip").display()))
        .env("CI", "true")
        .current_dir(own)
        .output()
        .expect("the binary starts");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let ended = folder.rehearse(&["replay", "x.zip"]);
    assert_eq!(ended.code, 0, "{}", ended.out);
}

#[test]
fn the_order_of_a_run_makes_no_other_bundle() {
    let folder = suite();
    let (name, bytes) = bundled(&folder, &[], 1);
    let ended = folder.rehearse(&["run", "--bundle", "--shuffle", "7"]);
    assert!(ended.err.starts_with("Shuffled.") && ended.err.contains(&name), "{}", ended.err);
    assert!(fs::read(folder.path.join(&name)).expect("it is there") == bytes);
    let ended = folder.rehearse(&["run", "--bundle", "--watch"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(
        ended.err.starts_with("--watch runs again at every change, and a bundle is of one run."),
        "{}",
        ended.err
    );
}

#[test]
fn what_a_suite_says_goes_into_the_bundle() {
    let no_clock = |text: &str| text.replace("clock: 2026-03-02 09:00 Europe/London\n", "");
    let folder = Folder::with(&[
        (
            "one/suite.yaml",
            "format: 1\nclock: 2026-05-04 08:00 Europe/London\nseed: 7\nrules: { service_move: needs_support }\n",
        ),
        ("one/a.yaml", &no_clock(PASSES)),
        ("two/suite.yaml", "format: 1\nclock: 2026-06-01 10:00 Europe/London\nseed: 9\nredact: names\n"),
        ("two/b.yaml", &no_clock(TWO_CASES)),
    ]);
    let ended = folder.rehearse(&["run", "one", "two", "--bundle=x.zip", "--redact", "none"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let elsewhere = Folder::new();
    elsewhere.write("x.zip", fs::read(folder.path.join("x.zip")).expect("it is there"));
    let told = elsewhere.rehearse(&["replay", "x.zip", "-v", "--redact", "none"]);
    assert_eq!(told.code, 0, "{}", told.out);
    for part in ["4 May 2026", "1 June 2026", "service_move: needs_support (from one/suite.yaml)", "Ada"] {
        assert!(told.out.contains(part), "{part:?} is missing in:\n{}", told.out);
    }
    let told = elsewhere.rehearse(&["replay", "x.zip", "-v"]);
    assert!(told.code == 0 && !told.out.contains("Ada"), "one of its suites says so: {}", told.out);
    let text = whole(&fs::read(folder.path.join("x.zip")).expect("it is there"));
    assert!(text.contains("\"seed\": 7") && text.contains("\"seed\": 9"), "{text}");
    let ended = folder.rehearse(&["run", "one", "two", "--bundle=y.zip"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(folder.rehearse(&["replay", "y.zip"]).code, 0);
    let ended = folder.rehearse(&["run", "one", "two", "--seed", "3", "--bundle=z.zip"]);
    assert_eq!((ended.code, folder.rehearse(&["replay", "z.zip"]).code), (0, 0), "{}", ended.err);
}

#[test]
fn an_expected_day_is_kept_where_a_scenario_asks_for_it() {
    let skipped = PASSES.replace("tags: [first]", "skip: { reason: waits for a fix, until: 2026-12-01 }");
    let folder = Folder::with(&[("scenarios/a.yaml", &skipped), ("scenarios/b.yaml", PASSES)]);
    let (name, _) = bundled(&folder, &["--now", "2026-11-30"], 0);
    let ended = folder.rehearse(&["replay", &name]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("1 passed, 1 skipped."), "{}", ended.out);
}

/// The entries of a bundle, each as text.
fn entries(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let names: Vec<String> = zip.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let mut text = |name: &String| {
        let mut text = String::new();
        zip.by_name(name).expect("it is there").read_to_string(&mut text).expect("text");
        text
    };
    names.iter().map(|name| (name.clone(), text(name))).collect()
}

fn zip_of(entries: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(name, SimpleFileOptions::default()).expect("a new entry");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// Replays these bytes: they must be refused with this sentence, and nothing may be written.
fn refused(bytes: &[u8], part: &str) {
    let folder = Folder::new();
    folder.write("x.zip", bytes);
    let ended = folder.rehearse(&["replay", "x.zip"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{part}: {}", ended.err);
    assert!(ended.err.starts_with("x.zip ") && ended.err.contains(part), "{part:?} is not in: {}", ended.err);
    assert_eq!(folder.files(), ["x.zip"]);
}

fn changed(bytes: &[u8], change: impl Fn(&mut Vec<(String, String)>)) -> Vec<u8> {
    let mut entries = entries(bytes);
    change(&mut entries);
    zip_of(&entries)
}

fn replace(entries: &mut [(String, String)], name: &str, from: &str, to: &str) {
    let entry = entries.iter_mut().find(|(it, _)| it == name).unwrap_or_else(|| panic!("{name} is there"));
    assert!(entry.1.contains(from), "{from:?} is not in {}", entry.1);
    entry.1 = entry.1.replacen(from, to, 1);
}

#[test]
fn what_is_not_the_same_is_shown_and_ends_with_1() {
    let (_, bytes) = bundled(&suite(), &[], 1);
    let bytes = changed(&bytes, |entries| {
        replace(entries, "stories/first/new.txt", "WHEN Ada", "WHEN Ivor");
        replace(entries, "run.json", "\"passed\": 3", "\"passed\": 4");
    });
    let folder = Folder::new();
    folder.write("x.zip", bytes);
    let ended = folder.rehearse(&["replay", "x.zip"]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    for part in ["stories/first/new.txt differs: 1 line out, 1 in", "WHEN Ivor", "\"passed\": 4"] {
        assert!(ended.out.contains(part), "{part:?} is missing in:\n{}", ended.out);
    }
    assert!(ended.out.ends_with("Not the same: stories/first/new.txt and run.json.\n"), "{}", ended.out);
    let json = json(&folder.rehearse(&["replay", "x.zip", "--json"]));
    assert_eq!(json["differences"].as_array().map(Vec::len), Some(2));
}

#[test]
fn files_that_are_no_bundle_are_refused_with_a_sentence() {
    let (_, bytes) = bundled(&suite(), &[], 1);
    refused(b"", "does not begin like one");
    refused(b"{}", "does not begin like one");
    refused(&zip_of(&[("x".into(), "y".into())]), "it has no bundle.json");
    refused(
        &changed(&bytes, |it| replace(it, "bundle.json", "rehearse.bundle/1", "rehearse.bundle/2")),
        "has the format rehearse.bundle/2, written by version 0.1.0, and this version",
    );
    refused(&changed(&bytes, |it| replace(it, "bundle.json", "{", "")), "bundle.json in it cannot be read");
    refused(
        &changed(&bytes, |it| replace(it, "bundle.json", "\"seed\": 1", "\"seed\": 2")),
        "was changed after",
    );
    refused(
        &changed(&bytes, |it| replace(it, "inputs/scenarios/first/new.yaml", "Ada", "Eve")),
        "was changed after",
    );
    refused(&changed(&bytes, |it| it.retain(|(name, _)| name != "run.json")), "run.json is missing");
    refused(
        &changed(&bytes, |it| it.push(("more.txt".into(), String::new()))),
        "holds more.txt, which no bundle",
    );
    let folder = Folder::new();
    let ended = folder.rehearse(&["replay", "nowhere.zip"]);
    assert_eq!(ended.code, 2);
    assert_eq!(ended.err, "nowhere.zip cannot be read: there is no such file. Nothing was played.\n");
    assert_eq!(folder.rehearse(&["replay", "."]).code, 2);
    assert_eq!(folder.rehearse(&["replay"]).code, 2);
}

#[test]
fn names_that_lead_out_and_entries_that_are_no_files_are_refused() {
    let (_, bytes) = bundled(&suite(), &[], 1);
    let entry = "inputs/scenarios/first/new.yaml";
    for evil in ["../../x.yaml", "/etc/x.yaml", "inputs/../../x.yaml", "C:\\x.yaml"] {
        let json = serde_json::to_string(evil).expect("text");
        let bytes = changed(&bytes, |it| {
            replace(it, "bundle.json", &format!("\"{entry}\""), &json);
            it.iter_mut().filter(|(name, _)| name == entry).for_each(|(name, _)| *name = evil.to_owned());
        });
        refused(&bytes, "");
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("bundle.json", "/etc/passwd", SimpleFileOptions::default()).expect("memory");
    refused(&zip.finish().expect("memory").into_inner(), "which is no plain file");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_directory("bundle.json", SimpleFileOptions::default()).expect("memory");
    refused(&zip.finish().expect("memory").into_inner(), "");
}

#[test]
fn a_bomb_is_refused_before_it_grows() {
    let (_, bytes) = bundled(&suite(), &[], 1);
    for entry in ["bundle.json", "run.json", "inputs/scenarios/first/new.yaml", "stories/first/new.txt"] {
        let bomb = changed(&bytes, |it| {
            let (_, text) = it.iter_mut().find(|(name, _)| name == entry).expect("it is there");
            *text = " ".repeat(300 * 1024 * 1024);
        });
        assert!(bomb.len() < 1024 * 1024, "{} bytes", bomb.len());
        refused(&bomb, &format!("{entry} in it grows beyond"));
    }
}

/// Numbers that look random and are the same every time.
fn noise(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    }
}

#[test]
fn a_bundle_that_was_cut_short_or_has_a_wrong_byte_is_refused_or_the_same() {
    let (_, bytes) = bundled(&Folder::with(&[("scenarios/a.yaml", PASSES)]), &[], 0);
    let folder = Folder::new();
    let mut draw = noise(1);
    for _ in 0..25 {
        refused(&bytes[..draw(bytes.len())], "");
        let mut wrong = bytes.clone();
        let place = draw(wrong.len());
        wrong[place] ^= 1 << draw(8);
        folder.write("x.zip", wrong);
        let ended = folder.rehearse(&["replay", "x.zip"]);
        assert!(ended.code == 2 || ended.code == 0, "byte {place}: {}{}", ended.out, ended.err);
    }
    refused(&[&bytes[..], b"more"].concat(), "");
    refused(&[b"PK more", &bytes[..]].concat(), "");
}

/// An earlier run as `--json` writes it, under this name.
fn earlier(folder: &Folder, name: &str) {
    let ended = folder.rehearse(&["run", "--json"]);
    folder.write(name, ended.out);
}

#[test]
fn what_changed_since_an_earlier_run_is_named() {
    let folder = suite();
    folder.write("scenarios/old.yaml", PASSES);
    earlier(&folder, "before.json");
    fs::remove_file(folder.path.join("scenarios/old.yaml")).expect("it is there");
    folder.write("scenarios/first/other.yaml", PASSES);
    folder.write("scenarios/first/new.yaml", FAILS);
    folder.write("scenarios/wrong/stays.yaml", PASSES);
    folder.write("scenarios/timing/promise.yaml", TWO_CASES.replace("name: later", "name: much later"));
    let ended = folder.rehearse(&["run", "--against", "before.json"]);
    assert_eq!(ended.code, 1, "the verdict is that of this run");
    for line in [
        "Since before.json: 1 newly fails, 1 newly passes, 2 new, 2 gone, 1 as before.",
        "  newly fails      first/new",
        "  newly passes     wrong/stays  (was failed, is passed)",
        "  new              first/other  (passed)",
        "  new              timing/promise [much later]  (passed)",
        "  gone             old",
        "  gone             timing/promise [later]",
    ] {
        assert!(ended.out.lines().any(|it| it == line), "{line:?} is missing in:\n{}", ended.out);
    }
    assert!(ended.out.ends_with("Gate: not met (exit code 1).\n"), "{}", ended.out);
    let json = json(&folder.rehearse(&["run", "--against", "before.json", "--json"]));
    assert_eq!(json["against"]["newly_failing"][0]["scenario"], "first/new");
    assert_eq!(json["against"]["gone"].as_array().map(Vec::len), Some(2));
    let schema = include_str!("../../report/report.schema.json");
    let schema = serde_json::from_str(schema).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    assert!(
        schema.is_valid(&json),
        "{:?}",
        schema.iter_errors(&json).map(|it| it.to_string()).collect::<Vec<_>>()
    );
    folder.rehearse(&["run", "--against", "before.json", "--report", "ndjson,markdown"]);
    let lines = fs::read_to_string(folder.path.join("rehearse-out/run.ndjson")).expect("a report");
    assert!(lines.lines().all(|line| schema.is_valid(&serde_json::from_str(line).expect("JSON"))), "{lines}");
    let summary = fs::read_to_string(folder.path.join("rehearse-out/summary.md")).expect("a report");
    assert!(summary.contains("Since before.json&#58; 1 newly fails, 1 newly passes"), "{summary}");
    let plain = folder.rehearse(&["run", "--against", "before.json", "--plain"]);
    assert!(plain.out.contains("\nnewly fails: first/new\n"), "{}", plain.out);
}

#[test]
fn what_was_not_picked_is_not_gone() {
    let folder = suite();
    earlier(&folder, "before.json");
    let ended = folder.rehearse(&["run", "scenarios/first", "--against", "before.json"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("Since before.json: 3 not picked this time, 1 as before."), "{}", ended.out);
    let ended = folder.rehearse(&["run", "-k", "tomorrow", "--against", "before.json"]);
    assert!(ended.out.contains("Since before.json: 3 not picked this time, 1 as before."), "{}", ended.out);
}

#[test]
fn a_run_is_compared_with_a_bundle_or_with_the_name_of_one() {
    let folder = suite();
    let (path, _) = bundled(&folder, &[], 1);
    let run = Path::new(&path).file_stem().and_then(|name| name.to_str()).expect("its name");
    folder.write("scenarios/wrong/stays.yaml", PASSES);
    for given in [path.as_str(), run] {
        let ended = folder.rehearse(&["run", "--against", given]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.out.contains(&format!("Since {given}: 1 newly passes, 3 as before.")), "{}", ended.out);
    }
    let seven = folder.rehearse(&["run", "--seed", "7", "--against", run]);
    assert!(seven.out.contains("The earlier run had seed 1, this one has 7."), "{}", seven.out);
}

#[test]
fn an_earlier_run_that_cannot_be_read_keeps_everything_from_being_run() {
    let folder = suite();
    earlier(&folder, "before.json");
    let text = fs::read_to_string(folder.path.join("before.json")).expect("just written");
    folder.write("newer.json", text.replace("rehearse.run/1", "rehearse.run/2"));
    folder.write("cut.json", &text[..text.len() / 2]);
    folder.write("list.json", folder.rehearse(&["list", "--json"]).out);
    folder.write("mistakes.json", folder.rehearse(&["run", "nowhere", "--json"]).out);
    folder.write("binary.json", b"\xff\xfe");
    folder.write("cut.zip", b"PK\x03\x04");
    let before = folder.files();
    for (file, part) in [
        ("newer.json", "has the format rehearse.run/2, written by version 0.1.0, and this version reads"),
        ("cut.json", "is not the JSON document of a run: line "),
        ("list.json", "has the format rehearse.list/1"),
        ("mistakes.json", "is a document of a run that did not take place"),
        ("binary.json", "is not text in UTF-8"),
        ("cut.zip", "is damaged, or was cut short"),
        ("befor.json", "cannot be read: there is no such file. The nearest is before.json."),
        ("scenarios", "is not a regular file"),
    ] {
        let ended = folder.rehearse(&["run", "--against", file]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{file}: {}", ended.err);
        let begin = format!("--against {file} {part}");
        assert!(ended.err.starts_with(&begin), "{begin:?} is not in front of: {}", ended.err);
        assert!(ended.err.ends_with("Nothing was run.\n"), "{}", ended.err);
    }
    assert_eq!(folder.files(), before);
}
