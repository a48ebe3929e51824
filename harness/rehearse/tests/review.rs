//! Snapshots of a team's own suite, as a shell sees them: `rehearse run` compares, `rehearse review` decides.

mod common;

use common::{Ended, FAILS, Folder, PASSES, TWO_CASES};
use std::fs;

const SNAPSHOT: &str = "suite/snapshots/first/new.snap";
const WAITING: &str = "suite/snapshots/first/new.snap.new";

/// A suite with its snapshots inside, all accepted.
fn accepted() -> Folder {
    let folder = Folder::with(&[
        ("suite/suite.yaml", ""),
        ("suite/first/new.yaml", PASSES),
        ("suite/timing/promise.yaml", TWO_CASES),
    ]);
    let ended = folder.rehearse(&["run", "suite", "--snapshots", "update"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert!(ended.out.contains("2 snapshots were written."), "{}", ended.out);
    folder
}

fn read(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.path.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// As the story of Ada, with one line that she did not have.
fn change(folder: &Folder) {
    let text = read(folder, SNAPSHOT).replace("WHEN Ada is added", "WHEN Ivor is added");
    folder.write(SNAPSHOT, text);
}

fn in_ci(folder: &Folder, words: &[&str]) -> Ended {
    Ended::of(folder.command(words).env("CI", "true"))
}

#[test]
fn a_suite_without_a_folder_of_snapshots_is_run_as_ever_and_nothing_is_written() {
    let folder = Folder::with(&[("suite/suite.yaml", ""), ("suite/new.yaml", PASSES)]);
    let ended = folder.rehearse(&["run", "suite"]);
    assert_eq!(ended.code, 0);
    assert!(!ended.out.contains("stor"), "{}", ended.out);
    assert_eq!(folder.files().len(), 2);
}

#[test]
fn stories_as_accepted_pass_and_are_kept_as_insta_keeps_them() {
    let folder = accepted();
    let before = folder.files();
    let ended = folder.rehearse(&["run", "suite"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert_eq!(folder.files(), before);
    let text = read(&folder, SNAPSHOT);
    assert!(text.starts_with("---\nsource: suite/first/new.yaml\n---\nSomebody new appears"), "{text}");
    let json = folder.rehearse(&["run", "suite", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["stories"]["compared"], 2);
}

#[test]
fn a_changed_story_fails_with_its_difference_and_waits_to_be_looked_at() {
    let folder = accepted();
    change(&folder);
    let ended = folder.rehearse(&["run", "suite"]);
    assert_eq!(ended.code, 1);
    for part in [
        "STORY   first/new: the story is not the one that was accepted.",
        "suite/snapshots/first/new.snap",
        "1 line out, 1 in",
        "- ",
        "WHEN Ivor is added",
        "WHEN Ada is added",
        "rehearse review",
    ] {
        assert!(ended.out.contains(part), "{part:?} is missing in:\n{}", ended.out);
    }
    assert!(
        ended.out.ends_with(" 1 story is not as accepted. Gate: not met (exit code 1).\n"),
        "{}",
        ended.out
    );
    let json = folder.rehearse(&["run", "suite", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!((json["exit_code"].as_u64(), json["verdict"].as_str()), (Some(1), Some("failed")));
    assert_eq!(json["stories"]["findings"][0]["standing"], "changed");
    assert!(read(&folder, WAITING).contains("WHEN Ada is added"));
    let plain = folder.rehearse(&["run", "suite", "--plain"]);
    assert!(plain.out.contains("story: first/new: the story is not the one"), "{}", plain.out);
}

#[test]
fn a_story_that_nobody_accepted_fails_and_waits() {
    let folder = accepted();
    folder.write("suite/first/other.yaml", PASSES.replace("Ada Okafor", "Ivor Rees"));
    let ended = folder.rehearse(&["run", "suite"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("first/other: a story that nobody has accepted yet"), "{}", ended.out);
    assert!(folder.files().contains(&"suite/snapshots/first/other.snap.new".to_owned()));
}

#[test]
fn in_ci_nothing_is_written_and_the_verdict_is_the_same() {
    let folder = accepted();
    change(&folder);
    folder.write("suite/first/other.yaml", PASSES);
    let before = folder.files();
    let ended = in_ci(&folder, &["run", "suite"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("No story was written."), "{}", ended.out);
    for words in [&["run", "suite", "--snapshots", "update"][..], &["review", "suite", "--accept-all"]] {
        let ended = in_ci(&folder, words);
        assert_eq!(ended.code, if words[0] == "run" { 2 } else { 0 }, "{}{}", ended.out, ended.err);
    }
    assert_eq!(folder.files(), before);
    folder.rehearse(&["run", "suite"]);
    let ended = in_ci(&folder, &["review", "suite", "--accept-all"]);
    assert_eq!(ended.code, 2, "something waits now");
    assert!(ended.err.contains("CI=false"), "{}", ended.err);
    let azure = Ended::of(folder.command(&["run", "suite", "--snapshots", "update"]).env("TF_BUILD", "True"));
    assert_eq!(azure.code, 2);
    let off = Ended::of(folder.command(&["run", "suite", "--snapshots", "update"]).env("CI", "false"));
    assert_eq!(off.code, 0);
}

#[test]
fn a_snapshot_without_a_scenario_is_told_and_fails_only_in_ci() {
    let folder = accepted();
    folder.write("suite/snapshots/gone.snap", "---\nsource: suite/gone.yaml\n---\nTitle\n");
    let ended = folder.rehearse(&["run", "suite"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("gone: a snapshot without a scenario."), "{}", ended.out);
    assert_eq!(in_ci(&folder, &["run", "suite"]).code, 1);
    let part = in_ci(&folder, &["run", "suite/first"]);
    assert_eq!(part.code, 0, "of a part of the suite nothing can be said: {}", part.out);
    assert_eq!(in_ci(&folder, &["run", "suite", "-k", "new"]).code, 1, "whatever is picked of it");
}

#[test]
fn a_snapshot_that_is_none_is_told_and_can_be_replaced() {
    let folder = accepted();
    for damaged in [&b"Title\n"[..], b"---\nsource: x\n", b"", b"\xff\xfe"] {
        folder.write(SNAPSHOT, damaged);
        let ended = folder.rehearse(&["run", "suite"]);
        assert_eq!(ended.code, 1);
        assert!(ended.out.contains("first/new: its snapshot cannot be read."), "{}", ended.out);
    }
    assert_eq!(folder.rehearse(&["review", "suite", "--accept-all"]).code, 0);
    assert_eq!(folder.rehearse(&["run", "suite"]).code, 0);
}

#[test]
fn only_whole_stories_of_the_usual_seed_that_did_not_fail_are_compared() {
    let folder = accepted();
    change(&folder);
    folder.write("suite/timing/promise.yaml", TWO_CASES.replace("promise holds", "promise breaks"));
    assert!(!folder.rehearse(&["run", "suite", "-k", "tomorrow"]).out.contains("STORY"), "half a story");
    let ended = folder.rehearse(&["run", "suite", "--seed", "7"]);
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("Stories are kept for seed 1. With --seed 7 none was compared."));
    assert_eq!(folder.rehearse(&["run", "suite", "--snapshots", "ignore"]).code, 0);
    folder.write("suite/first/new.yaml", FAILS);
    let ended = folder.rehearse(&["run", "suite/first"]);
    assert!(ended.out.contains("FAIL") && !ended.out.contains("STORY"), "{}", ended.out);
}

#[test]
fn any_number_of_jobs_says_the_same_of_stories() {
    let folder = accepted();
    change(&folder);
    folder.write("suite/first/other.yaml", PASSES);
    let run = |jobs: &str| folder.rehearse(&["run", "suite", "--jobs", jobs]);
    assert_eq!(run("1"), run("8"));
}

#[test]
fn review_lists_what_waits_where_nobody_can_be_asked() {
    let folder = accepted();
    let nothing = folder.rehearse(&["review", "suite"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""));
    assert!(nothing.err.contains("No story of suite waits"), "{}", nothing.err);
    change(&folder);
    folder.write("suite/first/other.yaml", PASSES);
    folder.rehearse(&["run", "suite"]);
    let before = folder.files();
    for words in [&["review", "suite"][..], &["review", "suite", "--no-input"]] {
        let ended = folder.rehearse(words);
        assert_eq!(ended.code, 1, "something is left to decide");
        assert!(ended.out.contains("first/new    changed, 1 line out, 1 in"), "{}", ended.out);
        assert!(ended.out.contains("first/other  new, "), "{}", ended.out);
        assert!(ended.err.contains("--accept-all"), "{}", ended.err);
    }
    let json = folder.rehearse(&["review", "suite", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["waiting"][1]["standing"], "new");
    assert_eq!(folder.files(), before);
    let narrow = folder.rehearse(&["review", "suite/timing"]);
    assert_eq!(narrow.code, 0, "{}", narrow.out);
    assert_eq!(folder.rehearse(&["review", "siute"]).code, 2);
}

#[test]
fn all_can_be_accepted_or_refused_at_once() {
    let folder = accepted();
    let good = read(&folder, SNAPSHOT);
    change(&folder);
    let changed = read(&folder, SNAPSHOT);
    folder.rehearse(&["run", "suite"]);
    let refused = folder.rehearse(&["review", "suite", "--reject-all"]);
    assert_eq!((refused.code, refused.out.as_str()), (0, "0 stories accepted, 1 refused, 0 left.\n"));
    assert_eq!(read(&folder, SNAPSHOT), changed);
    folder.rehearse(&["run", "suite"]);
    let accepted = folder.rehearse(&["review", "suite", "--accept-all"]);
    assert_eq!((accepted.code, accepted.out.as_str()), (0, "1 story accepted, 0 refused, 0 left.\n"));
    assert_eq!(read(&folder, SNAPSHOT), good);
    assert!(!folder.files().iter().any(|file| file.contains(".new") || file.contains(".part")));
    assert_eq!(folder.rehearse(&["run", "suite"]).code, 0);
}

#[test]
fn a_story_that_is_as_accepted_again_waits_no_longer() {
    let folder = accepted();
    let good = read(&folder, SNAPSHOT);
    change(&folder);
    folder.rehearse(&["run", "suite"]);
    folder.write(SNAPSHOT, good);
    assert_eq!(folder.rehearse(&["run", "suite"]).code, 0);
    assert!(!folder.files().contains(&WAITING.to_owned()));
}

#[test]
fn snapshots_beside_a_folder_called_scenarios_are_found_and_keep_their_head() {
    let folder = Folder::with(&[("scenarios/suite.yaml", ""), ("scenarios/new.yaml", PASSES)]);
    assert_eq!(folder.rehearse(&["run", "--snapshots", "update"]).code, 0);
    assert_eq!(folder.files()[2], "snapshots/new.snap");
    let text = read(&folder, "snapshots/new.snap").replace("scenarios/new.yaml", "tests/own.rs");
    folder.write("snapshots/new.snap", text.replace('\n', "\r\n"));
    assert_eq!(folder.rehearse(&["run"]).code, 0, "line ends of Windows make no difference");
    folder.write("scenarios/new.yaml", PASSES.replace("she is in ACP within", "ACP has her within"));
    assert_eq!(folder.rehearse(&["run"]).code, 1);
    assert_eq!(folder.rehearse(&["review", "--accept-all"]).code, 0);
    assert!(read(&folder, "snapshots/new.snap").starts_with("---\nsource: tests/own.rs\n---\n"));
}

#[test]
fn our_own_snapshots_are_the_ones_that_run_compares() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .args(["run", "scenarios", "--json"])
        .env("CI", "true")
        .current_dir(own)
        .output()
        .expect("the binary starts");
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    assert_eq!(json["stories"]["findings"].as_array().map(Vec::len), Some(0), "{}", json["stories"]);
    assert_eq!(json["stories"]["compared"], json["counts"]["scenarios"], "every scenario has one");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_said_and_the_verdict_stands() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = accepted();
    change(&folder);
    let snapshots = folder.path.join("suite/snapshots/first");
    let lock = |mode| fs::set_permissions(&snapshots, fs::Permissions::from_mode(mode)).expect("ours");
    lock(0o500);
    if fs::write(snapshots.join("probe"), "").is_ok() {
        // Whoever runs as root may write everywhere: a folder where the file would be does it too.
        fs::remove_file(snapshots.join("probe")).expect("just written");
        lock(0o700);
        fs::create_dir_all(folder.path.join(WAITING).join("x")).expect("a folder");
    }
    let ended = folder.rehearse(&["run", "suite"]);
    lock(0o700);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("first/new.snap.new could not be written"), "{}", ended.err);
    assert!(!ended.out.contains("Accept or refuse"), "{}", ended.out);
}

/// With a terminal of its own, made by the program `script`.
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &Folder, answers: &str) -> Option<String> {
    use std::{io::Write as _, process::Stdio};
    let binary = env!("CARGO_BIN_EXE_rehearse");
    let mut child = std::process::Command::new("script")
        .args(["-qec", &format!("{binary} review suite --color never"), "/dev/null"])
        .current_dir(&folder.path)
        .env_remove("CI")
        .env_remove("TF_BUILD")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(answers.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_each_story_is_shown_and_decided_by_itself() {
    let folder = accepted();
    change(&folder);
    let text = read(&folder, "suite/snapshots/timing/promise.snap");
    folder.write("suite/snapshots/timing/promise.snap", text.replace("THEN she", "THEN he"));
    folder.write("suite/first/other.yaml", PASSES);
    folder.rehearse(&["run", "suite"]);
    let Some(out) = on_a_terminal(&folder, "o\nn\nx\n1\nr\ns\n") else {
        eprintln!("NOT RUN: the program script of util-linux is not here");
        return;
    };
    for part in [
        "Story 1 of 3: first/new",
        "\"x\" is none of the choices.",
        "Story 2 of 3: first/other",
        "Story 3 of 3: timing/promise",
        "1 story accepted, 1 refused, 1 left.",
    ] {
        assert!(out.contains(part), "{part:?} is missing in:\n{out}");
    }
    let waiting: Vec<String> = folder.files().into_iter().filter(|file| file.contains(".snap.new")).collect();
    assert_eq!(waiting, ["suite/snapshots/timing/promise.snap.new"]);
    assert!(read(&folder, SNAPSHOT).contains("WHEN Ada is added"));
}
