//! `--failed`: what failed when it was last run.

mod common;

use common::{Ended, FAILS, Folder, PASSES, TWO_CASES, suite};
use std::fs;

const KEPT: &str = "scenarios/.rehearse/failed.json";

fn total(ended: &Ended) -> &str {
    ended.out.lines().next_back().unwrap_or_default()
}

/// A scenario with two cases, the second of which fails.
fn half() -> String {
    TWO_CASES.replace("window: 24h", "window: 1m")
}

#[test]
fn what_failed_is_run_again_until_it_passes() {
    let folder = suite();
    folder.write("scenarios/half.yaml", half());
    assert_eq!(folder.rehearse(&["run"]).code, 1);
    let ended = folder.rehearse(&["run", "--failed"]);
    assert!(total(&ended).starts_with("2 scenarios, 2 cases: 0 passed, 2 failed."), "{}", ended.out);
    assert!(folder.rehearse(&["list", "--failed"]).out.contains("\n2 of 4 scenarios"));

    // A run of something else forgets nothing.
    assert_eq!(folder.rehearse(&["run", "scenarios/first"]).code, 0);
    folder.write("scenarios/half.yaml", TWO_CASES);
    let ended = folder.rehearse(&["run", "--failed"]);
    assert!(total(&ended).starts_with("2 scenarios, 2 cases: 1 passed, 1 failed."), "{}", ended.out);
    let ended = folder.rehearse(&["run", "--failed", "-k", "half"]);
    assert_eq!(ended.code, 3, "it passed since: {}", ended.out);

    folder.write("scenarios/wrong/stays.yaml", PASSES);
    assert_eq!(folder.rehearse(&["run", "--failed"]).code, 0);
    let ended = folder.rehearse(&["run", "--failed"]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert_eq!(ended.err, "Nothing failed when it was last run. Nothing to do for --failed.\n");
    assert_eq!(folder.rehearse(&["run", "--failed", "--no-match", "ok"]).code, 0);
}

#[test]
fn where_nothing_is_known_that_is_said_and_nothing_is_written() {
    let folder = Folder::with(&[("scenarios/a.yaml", PASSES)]);
    let ended = folder.rehearse(&["run", "--failed"]);
    assert_eq!(ended.code, 3);
    assert!(ended.err.starts_with("It is not known that any case here failed"), "{}", ended.err);
    assert_eq!(folder.rehearse(&["run"]).code, 0);
    assert_eq!(folder.files(), ["scenarios/a.yaml"], "nothing failed, so nothing is kept");
    // A single file outside any suite leaves nothing beside itself.
    let folder = Folder::with(&[("somewhere/a.yaml", FAILS)]);
    assert_eq!(folder.rehearse(&["run", "somewhere/a.yaml"]).code, 1);
    assert_eq!(folder.files(), ["somewhere/a.yaml"]);
    // In a suite it does not matter from where it is run.
    folder.write("suite.yaml", "");
    assert_eq!(folder.rehearse(&["run", "somewhere/a.yaml"]).code, 1);
    assert_eq!(
        folder.files(),
        [".rehearse/.gitignore", ".rehearse/failed.json", "somewhere/a.yaml", "suite.yaml"]
    );
    assert_eq!(folder.rehearse(&["run", ".", "--failed"]).code, 1);
}

#[test]
fn a_case_or_file_that_is_gone_is_forgotten() {
    let folder = suite();
    folder.write("scenarios/half.yaml", half());
    folder.rehearse(&["run"]);
    fs::remove_file(folder.path.join("scenarios/wrong/stays.yaml")).expect("it is there");
    folder.write("scenarios/half.yaml", half().replace("name: later", "name: much later"));
    let ended = folder.rehearse(&["run", "--failed"]);
    assert_eq!(ended.code, 3, "{}{}", ended.out, ended.err);
    folder.rehearse(&["run"]);
    let kept = fs::read_to_string(folder.path.join(KEPT)).expect("it is kept");
    assert!(kept.contains("much later") && !kept.contains("\"later\"") && !kept.contains("stays"), "{kept}");
}

#[test]
fn a_damaged_list_is_told_and_replaced_and_a_newer_one_is_left_alone() {
    let folder = suite();
    folder.rehearse(&["run"]);
    let good = fs::read(folder.path.join(KEPT)).expect("it is kept");
    for damaged in [
        &good[..good.len() / 2],
        b"",
        b"[]",
        b"\xff\xfe",
        b"{\"format\":\"rehearse.failed/1\",\"failed\":[7]}",
    ] {
        folder.write(KEPT, damaged);
        let ended = folder.rehearse(&["run", "--failed"]);
        assert_eq!((ended.code, ended.out.as_str()), (6, ""));
        assert!(
            ended.err.starts_with("scenarios/.rehearse/failed.json: This file is damaged."),
            "{}",
            ended.err
        );
        let ended = folder.rehearse(&["run"]);
        assert_eq!(ended.code, 1);
        assert!(ended.err.ends_with("This file is damaged. It is written anew.\n"), "{}", ended.err);
        assert_eq!(fs::read(folder.path.join(KEPT)).expect("it is kept"), good);
    }
    let newer = "{\"format\":\"rehearse.failed/2\",\"cases\":{}}";
    folder.write(KEPT, newer);
    assert_eq!(folder.rehearse(&["run", "--failed"]).code, 6);
    let ended = folder.rehearse(&["run"]);
    assert!(
        ended.err.ends_with("written by a newer version of rehearse. It is left as it is.\n"),
        "{}",
        ended.err
    );
    assert_eq!(fs::read_to_string(folder.path.join(KEPT)).expect("it is there"), newer);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_changes_no_verdict() {
    let folder = suite();
    // Nobody can make a folder where a file is, not even an administrator.
    folder.write("scenarios/.rehearse", "in the way");
    let ended = folder.rehearse(&["run"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("3 passed, 1 failed"), "{}", ended.out);
    assert!(ended.err.contains("--failed will not know of this run."), "{}", ended.err);
}
