//! `suite.yaml`: what holds for every scenario of a suite that does not say otherwise.

mod common;

use common::{FAILS, Folder, PASSES, TWO_CASES};

fn with(suite: &str) -> Folder {
    Folder::with(&[
        ("scenarios/suite.yaml", suite),
        ("scenarios/a.yaml", PASSES),
        ("scenarios/b.yaml", TWO_CASES),
    ])
}

#[test]
fn a_suite_gives_clock_and_settings_and_it_is_shown_where_they_come_from() {
    let folder =
        with("format: 1\nclock: 2026-05-04 08:00 Europe/London\nrules: { service_move: needs_support }\n");
    folder.write("scenarios/a.yaml", PASSES.replace("clock: 2026-03-02 09:00 Europe/London\n", ""));
    let own = "rules: { near_term: three_calendar_days }\ngiven:";
    folder.write("scenarios/b.yaml", TWO_CASES.replace("given:", own));
    let told = folder.rehearse(&["run", "-v"]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    assert!(
        told.out.contains("Settings that differ: service_move: needs_support (from scenarios/suite.yaml)\n"),
        "{}",
        told.out
    );
    assert!(
        told.out.contains("The clock begins at 8:00am on 4 May 2026 (from scenarios/suite.yaml)\n"),
        "{}",
        told.out
    );
    let both = "service_move: needs_support (from scenarios/suite.yaml), near_term: three_calendar_days\n";
    assert!(told.out.contains(both), "{}", told.out);
    let explained = folder.rehearse(&["explain", "a"]);
    assert!(explained.out.contains("needs_support (from scenarios/suite.yaml)"), "{}", explained.out);
    // The same from another folder, and for one file.
    let file = folder.rehearse(&["run", "-v", "scenarios/a.yaml"]);
    assert!(file.out.contains("(from scenarios/suite.yaml)"), "{}", file.out);
}

#[test]
fn what_a_scenario_says_beats_the_suite() {
    let folder =
        with("format: 1\nclock: 2026-05-04 08:00 Europe/London\nrules: { service_move: needs_support }\n");
    let own = "rules: { service_move: follows_rostering }\ngiven:";
    folder.write("scenarios/a.yaml", PASSES.replace("given:", own));
    let told = folder.rehearse(&["run", "-v", "scenarios/a.yaml"]);
    assert!(!told.out.contains("suite.yaml"), "{}", told.out);
    assert!(told.out.contains("2 March 2026"), "{}", told.out);
}

#[test]
fn the_seed_of_a_scenario_beats_the_flag_and_the_flag_beats_the_suite() {
    let folder = with("format: 1\nseed: 7\n");
    folder.write("scenarios/b.yaml", TWO_CASES.replace("given:", "seed: 3\ngiven:"));
    folder.write("scenarios/c.yaml", FAILS);
    let seeds = |words: &[&str]| {
        let json = folder.rehearse(&[&["run", "--json"], words].concat()).out;
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let seed = |case: &serde_json::Value| case["seed"].as_u64().expect("a seed");
        let cases: Vec<u64> = json["cases"].as_array().expect("cases").iter().map(seed).collect();
        (json["seed"].as_u64().expect("a seed"), cases)
    };
    assert_eq!(seeds(&[]), (7, vec![7, 3, 3, 7]));
    assert_eq!(seeds(&["--seed", "9"]), (9, vec![9, 3, 3, 9]));
    let ended = folder.rehearse(&["run"]);
    assert!(ended.out.contains("rehearse run scenarios/c.yaml\n"), "the suite gives the seed: {}", ended.out);
    let ended = folder.rehearse(&["run", "--seed", "9"]);
    assert!(ended.out.contains("rehearse run scenarios/c.yaml --seed 9\n"), "{}", ended.out);
    let ended = folder.rehearse(&["run", "--seed", "7"]);
    assert!(ended.out.contains("rehearse run scenarios/c.yaml\n"), "{}", ended.out);
}

#[test]
fn the_mistakes_of_a_suite_come_with_those_of_its_scenarios() {
    let folder = with("format: 1\nrules: { service_mvoe: needs_support }\nseed: x\n");
    folder.write("scenarios/a.yaml", PASSES.replace("tags:", "tgas:"));
    folder.write("scenarios/b.yaml", TWO_CASES.replace("clock: 2026-03-02 09:00 Europe/London\n", ""));
    let ended = folder.rehearse(&["run"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    for part in [
        "scenarios/suite.yaml:2:10",
        "did you mean `service_move`?",
        "scenarios/suite.yaml:3:7",
        "scenarios/a.yaml:3:1",
    ] {
        assert!(ended.err.contains(part), "{part:?} is missing in:\n{}", ended.err);
    }
    assert!(!ended.err.contains("b.yaml"), "the suite may have had a clock: {}", ended.err);
    assert!(ended.err.contains("3 mistakes in 2 files."), "{}", ended.err);
    let checked = folder.rehearse(&["check", "--json"]);
    assert!(checked.out.contains("\"scenarios/suite.yaml\""), "{}", checked.out);
}

#[test]
fn a_suite_of_a_newer_format_is_refused_in_one_sentence() {
    let folder = with("format: 2\nsomething: new\n");
    let ended = folder.rehearse(&["run"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("this suite was written for a newer version of rehearse"), "{}", ended.err);
    assert!(ended.err.contains("1 mistake in 1 file."), "{}", ended.err);
    assert!(folder.rehearse(&["explain", "newer-format"]).out.contains("Update rehearse"));
}

#[test]
fn who_sits_in_a_seat_may_stand_in_the_suite_and_a_flag_beats_it() {
    let folder = with("format: 1\nseats: { acp: http://127.0.0.1:1 }\n");
    let ended = folder.rehearse(&["run"]);
    assert_eq!((ended.code, ended.out.as_str()), (4, ""));
    let said = "scenarios/suite.yaml, seats, acp http://127.0.0.1:1: ";
    assert!(ended.err.starts_with(said) && ended.err.ends_with("Nothing was run.\n"), "{}", ended.err);
    assert_eq!(folder.rehearse(&["run", "--acp", "simulated"]).code, 0);
    assert_eq!(with("format: 1\nseats: { acp: simulated }\n").rehearse(&["run"]).code, 0);
}

#[test]
fn clauses_that_no_case_proves_fail_the_run_and_are_named() {
    let folder = with("");
    let ended = folder.rehearse(&["run", "--require-clauses", "TIME-1, MOVE-1,MOVE-2"]);
    assert_eq!(ended.code, 1);
    let end = "Required, and not proven by any case that passed: MOVE-1 and MOVE-2.\n2 scenarios, 3 cases: 3 passed. Simulated 2 days. Gate: not met (exit code 1).\n";
    assert!(ended.out.ends_with(end), "{}", ended.out);
    assert_eq!(folder.rehearse(&["run", "--require-clauses", "TIME-1,SYNC-1"]).code, 0);
    let plain = folder.rehearse(&["run", "--plain", "--require-clauses", "all-article"]);
    assert_eq!(plain.out.matches("required clause not proven: ").count(), 33);
    let json = folder.rehearse(&["run", "--json", "--require-clauses", "MOVE-1"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["verdict"], &json["unproven_clauses"][0]), (&"failed".into(), &"MOVE-1".into()));
    // What fails, is skipped or is expected to fail proves nothing.
    folder.write("scenarios/c.yaml", FAILS.replace("tags: [branch]", "expect failure: { reason: known }"));
    let ended = folder.rehearse(&["run", "--require-clauses", "BRANCH-2"]);
    assert_eq!(ended.code, 1, "{}", ended.out);
    let wrong = folder.rehearse(&["run", "--require-clauses", "MOVE-99,,SINC-1"]);
    assert_eq!(wrong.code, 2);
    for part in ["MOVE-99 is no clause", "SINC-1 is no clause (did you mean SYNC-1?)", "all-article"] {
        assert!(wrong.err.contains(part), "{part:?} is missing in:\n{}", wrong.err);
    }
}

#[test]
fn a_suite_says_what_is_left_out_and_a_flag_says_otherwise() {
    let folder = with("format: 1\nredact: names\n");
    let ci = |words: &[&str]| common::Ended::of(folder.command(words).env("CI", "true")).out;
    assert!(!folder.rehearse(&["run", "-v"]).out.contains("Okafor"));
    assert!(!folder.rehearse(&["run", "scenarios/a.yaml", "-v"]).out.contains("Okafor"));
    assert!(folder.rehearse(&["run", "-v", "--redact", "none"]).out.contains("Okafor"));
    folder.write("scenarios/suite.yaml", "format: 1\nredact: all\n");
    assert!(!folder.rehearse(&["run", "-v"]).out.contains("SU-1"));
    folder.write("scenarios/suite.yaml", "format: 1\nredact: none\n");
    assert!(ci(&["run", "-v"]).contains("Okafor"), "who writes it down means it");
    assert!(!ci(&["run", "-v", "--redact", "names"]).contains("Okafor"));
    folder.write("scenarios/suite.yaml", "format: 1\n");
    assert!(!ci(&["run", "-v"]).contains("Okafor"));
    // Of two suites the one that asks for more.
    folder.write("other/suite.yaml", "format: 1\nredact: names\n");
    folder.write("other/x.yaml", PASSES);
    assert!(!folder.rehearse(&["run", "scenarios", "other", "-v"]).out.contains("Okafor"));
}

#[test]
fn what_a_suite_requires_is_looked_at_where_all_of_it_is_run() {
    let folder = with("format: 1\nrequired clauses: [TIME-1, MOVE-1]\n");
    let ended = folder.rehearse(&["run"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("not proven by any case that passed: MOVE-1.\n"), "{}", ended.out);
    for part in [
        &["run", "scenarios/a.yaml"][..],
        &["run", "-k", "a"],
        &["run", "--shard", "hash:1/1"],
        &["run", "-E", "all()"],
    ] {
        let ended = folder.rehearse(part);
        assert_eq!(ended.code, 0, "{part:?}");
        assert!(
            ended.err.starts_with(
                "Only a part of the suite is run, so the clauses that scenarios/suite.yaml requires"
            ),
            "{}",
            ended.err
        );
    }
    let flag = folder.rehearse(&["run", "-k", "promise", "--require-clauses", "SYNC-1"]);
    assert_eq!((flag.code, flag.err.as_str()), (1, ""), "the flag holds for whatever is run");
}

#[test]
fn windows_line_ends_change_no_verdict_and_no_place() {
    let own = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios"));
    let bad = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../scenario/tests/bad"));
    let as_they_are = Folder::new();
    let windows = Folder::new();
    for (from, to) in [(own, "scenarios"), (bad, "bad")] {
        copy(from, &mut |path, text| {
            as_they_are.write(&format!("{to}/{path}"), text);
            windows.write(&format!("{to}/{path}"), text.replace("\r\n", "\n").replace('\n', "\r\n"));
        });
    }
    for words in [&["run", "--json"][..], &["check"]] {
        let (a, b) = (as_they_are.rehearse(words), windows.rehearse(words));
        assert!(a == b, "{words:?} says something else:\n{}{}\n{}{}", b.out, b.err, a.out, a.err);
    }
    let (a, b) = (as_they_are.rehearse(&["check", "bad"]), windows.rehearse(&["check", "bad"]));
    assert_eq!((a.code, b.code), (2, 2));
    // A tab or odd character may be shown as it is; the lines of the file end otherwise, and nothing else differs.
    assert_eq!(a.out, b.out.replace('\r', ""));
}

/// Every text in a folder: its path with `/`, and what is in it.
fn copy(folder: &std::path::Path, give: &mut dyn FnMut(&str, &str)) {
    fn below(folder: &std::path::Path, at: &str, give: &mut dyn FnMut(&str, &str)) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let name = format!("{at}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                below(&entry.path(), &format!("{name}/"), give);
            } else if entry.path().extension().is_some_and(|extension| extension == "yaml") {
                give(&name, &std::fs::read_to_string(entry.path()).expect("text"));
            }
        }
    }
    below(folder, "", give);
}
