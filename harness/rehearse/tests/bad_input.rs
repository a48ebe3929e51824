//! What is given and cannot be understood: each a clear error with its place, exit code 2 (3 where nothing is
//! selected), and nothing written.

mod common;

use common::{Ended, Folder, PASSES};
use std::fmt::Write as _;

/// Runs and checks the folder: both must end so, name the place, and write nothing.
fn refused(folder: &Folder, paths: &[&str], code: i32, parts: &[&str]) -> Ended {
    let before = folder.files();
    let checked = folder.rehearse(&[&["check"], paths].concat());
    assert_eq!(checked.code, code, "check: {}{}", checked.out, checked.err);
    let run = folder.rehearse(&[&["run"], paths].concat());
    assert_eq!(run.code, code, "run: {}{}", run.out, run.err);
    for part in parts {
        assert!(checked.out.contains(part), "check: {part:?} is missing in:\n{}{}", checked.out, checked.err);
        assert!(run.err.contains(part), "run: {part:?} is missing in:\n{}", run.err);
    }
    assert_eq!(folder.files(), before, "nothing is written");
    run
}

fn with(text: &str) -> Folder {
    Folder::with(&[("scenarios/good.yaml", PASSES), ("scenarios/odd.yaml", text)])
}

#[test]
fn a_path_that_is_not_there_names_the_nearest() {
    let folder = with("");
    refused(
        &folder,
        &["scenarois"],
        2,
        &["scenarois: There is no such file or folder. The nearest is scenarios."],
    );
    refused(&folder, &["scenarios/god.yaml"], 2, &["The nearest is scenarios/good.yaml."]);
}

#[test]
fn a_folder_without_scenarios_is_nothing_to_do() {
    let folder = Folder::with(&[("empty/notes.txt", "x"), ("empty/worlds/w.yaml", "world: w\ngiven: []\n")]);
    let ended = folder.rehearse(&["run", "empty"]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert!(ended.err.starts_with("There is no scenario in empty."), "{}", ended.err);
    assert_eq!(folder.rehearse(&["check", "empty"]).code, 3);
    assert_eq!(folder.rehearse(&["list", "empty"]).code, 3);
}

#[test]
fn one_bad_file_keeps_everything_from_being_run() {
    let folder = with("scenario: x\nclokc: y\n");
    folder.write("scenarios/worse.yaml", "scenario: x\nprovse: [SYNC-1]\n");
    let ended = refused(&folder, &[], 2, &["scenarios/odd.yaml:2:1", "scenarios/worse.yaml:2:1"]);
    assert_eq!(ended.out, "");
}

#[test]
fn a_binary_file_is_no_text() {
    let folder = Folder::new();
    folder.write("scenarios/odd.yaml", [b'\n', 0xff, 0xfe, 0, 1, 2]);
    refused(&folder, &[], 2, &["scenarios/odd.yaml: This file is not text in UTF-8: line 2"]);
    folder.write("scenarios/odd.yaml", "scenario: \0\0\0\n");
    refused(&folder, &[], 2, &["scenarios/odd.yaml:1:"]);
}

#[test]
fn a_hundred_megabytes_are_refused_before_they_are_read() {
    let folder = Folder::new();
    folder.write("scenarios/odd.yaml", "");
    let file = std::fs::OpenOptions::new().write(true).open(folder.path.join("scenarios/odd.yaml"));
    file.expect("it was just written").set_len(100 * 1024 * 1024).expect("a file with a hole");
    refused(&folder, &[], 2, &["scenarios/odd.yaml: This file is too large: 104,857,600 bytes"]);
}

#[test]
fn ten_thousand_levels_of_nesting_end_in_an_error() {
    let deep = format!("scenario: x\ngiven: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    refused(&with(&deep), &[], 2, &["scenarios/odd.yaml:2:"]);
    let mut deep = String::from("scenario: x\ngiven:\n");
    for level in 0..10_000 {
        let _ = writeln!(deep, "{}-", " ".repeat(level % 40));
    }
    refused(&with(&deep), &[], 2, &["scenarios/odd.yaml:"]);
}

#[test]
fn a_clause_that_nobody_knows_is_named() {
    let text = PASSES.replace("SYNC-1", "SINC-1");
    refused(&with(&text), &[], 2, &["SINC-1", "SYNC-1", "scenarios/odd.yaml:2:10"]);
}

#[test]
fn a_branch_or_service_user_that_nothing_defines_is_named() {
    let text = PASSES.replace("branch: North Leeds } }\n  - then", "branch: Hull } }\n  - then");
    refused(&with(&text), &[], 2, &["Hull", "scenarios/odd.yaml:10:"]);
    let text = PASSES.replace("acp: { service user: SU-1,", "acp: { service user: SU-9,");
    refused(&with(&text), &[], 2, &["SU-9", "scenarios/odd.yaml:13:"]);
}

#[test]
fn time_does_not_go_backwards() {
    let text = PASSES.replace("    within: 24h\n", "    at: 2026-03-01 09:00\n");
    refused(&with(&text), &[], 2, &["scenarios/odd.yaml:12:"]);
}

#[test]
fn worlds_that_use_each_other_are_told() {
    let folder = with(&PASSES.replace("branches: [North Leeds]", "use: worlds/a.yaml"));
    folder.write("scenarios/worlds/a.yaml", "world: a\ngiven:\n  - use: b.yaml\n");
    folder.write("scenarios/worlds/b.yaml", "world: b\ngiven:\n  - use: a.yaml\n");
    refused(&folder, &[], 2, &["worlds/b.yaml:3:"]);
}

#[test]
fn a_world_outside_the_suite_is_not_read() {
    let folder = with(&PASSES.replace("branches: [North Leeds]", "use: ../secret.yaml"));
    folder.write("secret.yaml", "world: s\ngiven:\n  - branches: [North Leeds]\n");
    refused(&folder, &[], 2, &["outside the suite", "scenarios/odd.yaml:6:"]);
}

#[test]
fn a_nul_in_a_name_is_refused() {
    let text = PASSES.replace(
        "name: Ada Okafor, branch: North Leeds } }\n  - then",
        "name: \"Ada\\0Okafor\", branch: North Leeds } }\n  - then",
    );
    assert_ne!(text, PASSES);
    refused(&with(&text), &[], 2, &["scenarios/odd.yaml:10:"]);
}

#[test]
fn two_service_users_with_one_identifier_are_told() {
    let text = PASSES.replace(
        "  - the first sync",
        "  - service user: { id: SU-7, name: Ada Okafor, branch: North Leeds }\n  - service user: { id: SU-7, name: Ivor Rees, branch: North Leeds }\n  - the first sync",
    );
    refused(&with(&text), &[], 2, &["SU-7", "scenarios/odd.yaml:8:"]);
}

#[cfg(unix)]
#[test]
fn links_met_on_the_way_are_not_followed_and_that_is_said() {
    let folder = Folder::with(&[("scenarios/good.yaml", PASSES), ("outside/x.yaml", "rubbish: yes\n")]);
    std::os::unix::fs::symlink(folder.path.join("outside"), folder.path.join("scenarios/linked"))
        .expect("a link");
    std::os::unix::fs::symlink(folder.path.join("scenarios"), folder.path.join("scenarios/round"))
        .expect("a link");
    let ended = folder.rehearse(&["run"]);
    assert_eq!(ended.code, 0);
    assert_eq!(
        ended.err,
        "scenarios/linked: a link, not followed.\nscenarios/round: a link, not followed.\n"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_name_cannot_steer_a_terminal() {
    let folder = with(PASSES);
    folder.write("scenarios/\u{1b}[2Jx.yaml", PASSES);
    refused(&folder, &[], 2, &["scenarios/\\u{1b}[2Jx.yaml: The name of this file has characters"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_regular_file_is_not_opened() {
    refused(
        &with(PASSES),
        &["/dev/zero"],
        2,
        &["/dev/zero: This file is not a regular file, so it was not opened."],
    );
}

#[test]
fn flags_that_nobody_knows_are_2() {
    let folder = with(PASSES);
    for words in [&["run", "--sede", "1"][..], &["run", "--seed", "x"], &["run", "--jobs", "0"], &["explain"]]
    {
        assert_eq!(folder.rehearse(words).code, 2, "{words:?}");
    }
}
