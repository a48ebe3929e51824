//! `rehearse run`, as a shell sees it.

mod common;

use common::{Ended, FAILS, Folder, PASSES, TWO_CASES, suite};

#[test]
fn a_run_in_which_all_is_as_expected_ends_with_0_and_the_total() {
    let folder = Folder::with(&[("scenarios/a.yaml", PASSES), ("scenarios/b.yaml", TWO_CASES)]);
    let ended = folder.rehearse(&["run"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let last = ended.out.lines().next_back();
    assert_eq!(last, Some("2 scenarios, 3 cases: 3 passed. Simulated 2 days. Gate: met."));
    assert_eq!(folder.files(), ["scenarios/a.yaml", "scenarios/b.yaml"], "a run writes nothing");
}

#[test]
fn a_failure_ends_with_1_and_is_told_in_a_fixed_order() {
    let ended = suite().rehearse(&["run", "scenarios"]);
    assert_eq!(ended.code, 1);
    let parts = [
        "FAIL    wrong/stays",
        "A branch changed by hand in ACP stays",
        "scenarios/wrong/stays.yaml line 15",
        "At 9:30am on 2 March 2026",
        "Expected  \"South Leeds\"",
        "Got       \"North Leeds\"",
        "[BRANCH-2]",
        "Every value of the branch",
        "Tenant Administrator",
        "What happened just before",
        "^^^^^^^^^^^ got \"North Leeds\"",
        "rehearse explain scenarios/wrong/stays.yaml",
        "rehearse run scenarios/wrong/stays.yaml",
        "3 scenarios, 4 cases: 3 passed, 1 failed. Simulated 2 days. Gate: not met (exit code 1).",
    ];
    let mut from = 0;
    for part in parts {
        let at = ended.out[from..].find(part);
        from += at.unwrap_or_else(|| panic!("{part:?} is missing after byte {from} of:\n{}", ended.out));
    }
}

#[test]
fn scenarios_and_cases_are_picked_by_text_and_by_tag() {
    let folder = suite();
    let total = |words: &[&str]| {
        let ended = folder.rehearse(&[&["run"], words].concat());
        (ended.code, ended.out.lines().next_back().unwrap_or_default().to_owned())
    };
    assert_eq!(
        total(&["-k", "TOMORROW"]).1,
        "1 scenario, 1 case: 1 passed. Simulated 17 minutes. Gate: met."
    );
    assert!(total(&["-k", "promise"]).1.starts_with("1 scenario, 2 cases: 2 passed."));
    assert!(total(&["--tag", "first", "--tag", "timing"]).1.starts_with("2 scenarios, 3 cases: 3 passed."));
    assert_eq!(total(&["--tag", "branch"]).0, 1);
}

#[test]
fn nothing_selected_is_3_and_names_what_is_near() {
    let folder = suite();
    let ended = folder.rehearse(&["run", "-k", "promiss"]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert!(
        ended.err.starts_with("No scenario matched -k \"promiss\". Nearest: timing/promise."),
        "{}",
        ended.err
    );
    let ended = folder.rehearse(&["run", "--tag", "moves"]);
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("Tags that there are: branch, first and timing."), "{}", ended.err);
    assert_eq!(folder.rehearse(&["run", "-k", "promiss", "--no-match", "ok"]).code, 0);
}

#[test]
fn a_skipped_scenario_runs_again_from_the_day_on() {
    let skipped = PASSES.replace("tags: [first]", "skip: { reason: waits for a fix, until: 2026-12-01 }");
    let folder = Folder::with(&[("scenarios/a.yaml", &skipped)]);
    let before = folder.rehearse(&["run", "--now", "2026-11-30"]);
    assert_eq!(before.code, 3, "all skipped is nothing done");
    assert!(before.out.contains("SKIP    a  skipped: waits for a fix"), "{}", before.out);
    assert_eq!(folder.rehearse(&["run", "--now", "2026-12-01"]).code, 0);
}

#[test]
fn an_expected_failure_passes_and_an_unexpected_pass_fails() {
    let expected = FAILS.replace("tags: [branch]", "expect failure: { reason: ACP does not do that }");
    let folder = Folder::with(&[("scenarios/a.yaml", &expected)]);
    let ended = folder.rehearse(&["run"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("1 failed as expected"), "{}", ended.out);
    folder.write("scenarios/a.yaml", PASSES.replace("tags: [first]", "expect failure: { reason: not yet }"));
    let ended = folder.rehearse(&["run"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("0 passed, 1 passed unexpectedly"), "{}", ended.out);
}

#[test]
fn quiet_says_less_and_verbose_tells_the_story() {
    let folder = suite();
    let quiet = folder.rehearse(&["run", "-q"]);
    assert!(!quiet.out.contains("PASS") && quiet.out.contains("FAIL"), "{}", quiet.out);
    let silent = folder.rehearse(&["run", "-qq"]);
    assert_eq!((silent.code, silent.out.as_str(), silent.err.as_str()), (1, "", ""));
    let none = folder.rehearse(&["run", "--show", "none"]);
    assert_eq!(
        none.out,
        "3 scenarios, 4 cases: 3 passed, 1 failed. Simulated 2 days. Gate: not met (exit code 1).\n"
    );
    let told = folder.rehearse(&["run", "-v", "-k", "tomorrow"]);
    assert!(told.out.contains("WHEN Ada is added in rostering"), "{}", told.out);
    assert!(!told.out.contains("is sent"), "{}", told.out);
    let every = folder.rehearse(&["run", "-vv", "-k", "tomorrow"]);
    assert!(every.out.contains("partial update is sent: 1 service user, 1 visit"), "{}", every.out);
    assert!(every.out.contains("carries SU-1: given name Ada"), "{}", every.out);
}

#[test]
fn plain_is_one_fact_a_line_in_ascii() {
    let folder = suite();
    folder.write("scenarios/first/zoe.yaml", PASSES.replace("Ada Okafor", "Zoë Łukasz"));
    let ended = folder.rehearse(&["run", "--plain", "-v"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.is_ascii(), "{}", ended.out);
    for line in [
        "failed: wrong/stays",
        "  expected: \"South Leeds\"",
        "  got: \"North Leeds\"",
        "gate: not met",
        "exit code: 1",
    ] {
        assert!(ended.out.lines().any(|it| it == line), "{line:?} is missing in:\n{}", ended.out);
    }
}

#[test]
fn json_is_one_document_and_agrees_with_the_exit_code() {
    let folder = suite();
    let ended = folder.rehearse(&["run", "--json"]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    let json: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(json["format"], "rehearse.run/1");
    assert_eq!(json["verdict"], "failed");
    assert_eq!(json["exit_code"], 1);
    assert_eq!(json["counts"]["passed"], 3);
    let failed = &json["cases"][3];
    assert_eq!(failed["scenario"], "wrong/stays");
    assert_eq!(failed["findings"][0]["code"], "not-met");
    assert_eq!(failed["findings"][0]["line"], 15);
    assert_eq!(failed["findings"][0]["at"], "2026-03-02T09:30:00Z");
    assert_eq!(failed["findings"][0]["unmet"][0]["field"], "branch");
    let wrong = folder.rehearse(&["run", "--json", "nowhere"]);
    assert_eq!(wrong.code, 2);
    let json: serde_json::Value = serde_json::from_str(&wrong.out).expect("JSON");
    assert_eq!(json["mistakes"][0]["file"], "nowhere");
}

#[test]
fn any_number_of_jobs_gives_the_same_bytes() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let folder = suite();
    for (paths, how) in [("scenarios", "-vv"), ("scenarios", "--plain"), (own, "--json")] {
        let run = |jobs: &str| folder.rehearse(&["run", paths, how, "--jobs", jobs]);
        let first = run("1");
        for jobs in ["1", "8", "8"] {
            assert!(
                run(jobs) == first,
                "{paths} {how} --jobs {jobs} is not the same as the first with one job"
            );
        }
    }
}

#[test]
fn another_seed_is_named_in_the_commands_that_repeat_it() {
    let ended = suite().rehearse(&["run", "--seed", "7"]);
    assert!(ended.out.starts_with("Running 3 scenarios, 4 cases, against the reference engine, seed 7\n"));
    assert!(ended.out.contains("rehearse run scenarios/wrong/stays.yaml --seed 7"), "{}", ended.out);
}

#[test]
fn scenarios_are_named_from_the_root_of_their_suite() {
    let folder = suite();
    folder.write("scenarios/suite.yaml", "");
    folder.write("scenarios/worlds/leeds.yaml", "world: Leeds\ngiven:\n  - branches: [North Leeds]\n");
    let used = PASSES.replace("branches: [North Leeds]", "use: ../worlds/leeds.yaml");
    folder.write("scenarios/first/used.yaml", &used);
    let ended = folder.rehearse(&["run", "scenarios/first"]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("PASS    first/used"), "{}", ended.out);
    let ended = folder.rehearse(&["run", "scenarios/first/used.yaml", "scenarios/first"]);
    assert!(ended.out.contains("\n2 scenarios, 2 cases"), "each file once: {}", ended.out);
}

#[test]
fn the_same_run_says_the_same_when_it_is_asked_twice() {
    let folder = suite();
    let run = || -> Ended { folder.rehearse(&["run", "-vv"]) };
    assert_eq!(run(), run());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_tells_what_was_done_and_ends_with_130() {
    let rows: Vec<String> = (0..400).map(|n| format!("  - {{ name: n{n}, window: 720h }}")).collect();
    let rows = rows.join("\n");
    let long = format!(
        "scenario: Long\nproves: [SYNC-1]\nclock: 2026-03-02 09:00 Europe/London\ncases:\n{rows}\n\
given:
  - branches: [North Leeds]
  - service user: {{ id: SU-1, name: Ada Okafor, branch: North Leeds }}
  - visit: {{ for: SU-1, starts: +20d }}
  - the first sync has finished
steps:
  - then: nothing changes for a month
    for: ${{window}}
    acp: {{ service user: SU-1, has: {{ branch: North Leeds }} }}
"
    );
    let folder = Folder::with(&[("scenarios/long.yaml", &long)]);
    let mut child = folder
        .command(&["run", "--jobs", "1"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    std::thread::sleep(std::time::Duration::from_millis(400));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let code = child.wait().expect("it ends").code();
    let output = child.wait_with_output().expect("its words");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code, Some(130), "{out}");
    assert!(
        out.ends_with("Stopped early: this is a partial result. Gate: not met (exit code 130).\n"),
        "{out}"
    );
}
