//! `rehearse explain`, `list` and `try`, as a shell sees them.

mod common;

use common::{Folder, suite};

#[test]
fn a_scenario_is_told_by_name_by_the_end_of_its_name_and_by_path() {
    let folder = suite();
    let by_path = folder.rehearse(&["explain", "scenarios/wrong/stays.yaml"]);
    assert_eq!(by_path.code, 0, "explaining a failure is no failure");
    assert!(by_path.out.contains("THEN half an hour later she is still there"), "{}", by_path.out);
    assert!(by_path.out.contains("NOT MET: not true at 9:30am"), "{}", by_path.out);
    let by_name = folder.rehearse(&["explain", "wrong/stays"]);
    assert_eq!(by_name.out, by_path.out.replacen("\nstays\n", "\nwrong/stays\n", 1));
    assert_eq!(folder.rehearse(&["explain", "stays"]), by_name);
}

#[test]
fn a_value_is_told_with_everybody_who_set_it() {
    let folder = suite();
    let ended = folder.rehearse(&["explain", "wrong/stays", "SU-1", "branch"]);
    assert_eq!(ended.code, 0);
    assert!(
        ended.out.starts_with("Branch of Ada Okafor (external identifier SU-1, ACP record R1)\n"),
        "{}",
        ended.out
    );
    let setters: Vec<&str> = ended
        .out
        .lines()
        .filter(|line| line.contains("Leeds") && line.starts_with("  "))
        .map(|line| line.rsplit("Leeds").next().unwrap_or_default().trim())
        .collect();
    assert_eq!(setters.len(), 4, "{}", ended.out);
    assert!(setters[2].starts_with("Tenant Administrator"), "{}", ended.out);
}

#[test]
fn somebody_who_is_in_several_scenarios_has_to_be_told_apart() {
    let folder = suite();
    let ended = folder.rehearse(&["explain", "SU-1"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("SU-1 is in 3 scenarios. Say which"), "{}", ended.err);
    let ended = folder.rehearse(&["explain", "SU-1", "--in", "scenarios/wrong"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("North Leeds"), "{}", ended.out);
    let ended = folder.rehearse(&["explain", "wrong/stays", "SU-2"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("Nobody is called SU-2 there. There are R1 and SU-1."), "{}", ended.err);
}

#[test]
fn clauses_codes_and_words_are_explained() {
    let folder = suite();
    for (word, part) in [
        ("branch-2", "A branch changed by hand in ACP is overwritten"),
        ("vacuous", "before time moved"),
        ("I-DAT-1", "Nothing of care is lost"),
        ("move held", "Contact Support before"),
        ("passed unexpectedly", "Exit code 1"),
        ("service_move", "follows_rostering, needs_support"),
        ("story", "not as its snapshot"),
        ("unproven-clause", "rehearse list --rules"),
        ("stopped", "a partial one"),
        ("nothing-run", "Exit code 3"),
    ] {
        let ended = folder.rehearse(&["explain", word]);
        assert_eq!(ended.code, 0, "{word}: {}", ended.err);
        assert!(ended.out.contains(part), "{word}: {}", ended.out);
    }
    let ended = folder.rehearse(&["explain", "missing-key"]);
    assert!(
        ended.out.ends_with(
            "Wrong:\n      - visit: { for: SU-1 }\nRight:\n      - visit: { for: SU-1, starts: +1d }\n"
        ),
        "{}",
        ended.out
    );
    let ended = folder.rehearse(&["explain", "BRANCH-22"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("Nearest: BRANCH-2"), "{}", ended.err);
}

#[test]
fn the_list_names_scenarios_tags_and_clauses_without_one() {
    let folder = suite();
    let ended = folder.rehearse(&["list"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.starts_with("first/new       Somebody new appears"), "{}", ended.out);
    assert!(
        ended.out.contains("\n3 scenarios, 4 cases.\nTags: branch 1, first 1, timing 1\n"),
        "{}",
        ended.out
    );
    let one = folder.rehearse(&["list", "--tag", "timing"]);
    assert!(one.out.contains("\n1 of 3 scenarios, 2 cases.\n"), "{}", one.out);
    let json = folder.rehearse(&["list", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["scenarios"][1]["cases"][1], "later");
}

#[test]
fn rules_are_proven_disproven_or_untouched_and_nothing_is_said_unrun() {
    let folder = suite();
    let ended = folder.rehearse(&["list", "--rules"]);
    assert_eq!(ended.code, 0);
    let state = |code: &str| {
        let line = ended.out.lines().find(|line| line.trim_start().starts_with(&format!("{code} ")));
        line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_default().to_owned()
    };
    assert_eq!(state("SYNC-1"), "proven");
    assert_eq!(state("BRANCH-2"), "disproven");
    assert_eq!(state("MOVE-1"), "untouched");
    assert!(
        ended
            .out
            .contains("Article 14300960: 3 of 36 clauses proven; disproven: BRANCH-2; untouched: SYNC-2"),
        "{}",
        ended.out
    );
}

#[test]
fn the_tour_shows_a_failure_and_ends_with_0() {
    let folder = Folder::new();
    let ended = folder.rehearse(&["try"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("6 scenarios, 8 cases: 7 passed, 1 failed."), "{}", ended.out);
    assert!(ended.out.ends_with("  rehearse run rehearse-demo/6-fails-on-purpose.yaml\n"), "{}", ended.out);
    assert_eq!(folder.files().iter().filter(|path| !path.contains(".rehearse")).count(), 7);
    assert_eq!(folder.rehearse(&["check", "rehearse-demo"]).code, 0);
    let failed = folder.rehearse(&["run", "rehearse-demo", "--failed"]);
    assert!(failed.out.contains("1 scenario, 1 case: 0 passed, 1 failed."), "{}", failed.out);
}

#[test]
fn the_tour_never_writes_over_a_file() {
    let folder = Folder::new();
    assert_eq!(folder.rehearse(&["try"]).code, 0);
    let changed = "scenario: mine\n";
    folder.write("rehearse-demo/2-wrong-branch.yaml", changed);
    let ended = folder.rehearse(&["try"]);
    assert_eq!(ended.code, 2, "what is there is run as it is");
    assert!(ended.out.contains("left as they are: 2-wrong-branch.yaml."), "{}", ended.out);
    let now = std::fs::read_to_string(folder.path.join("rehearse-demo/2-wrong-branch.yaml"));
    assert_eq!(now.expect("still there"), changed);
}

#[test]
fn a_tour_that_cannot_be_written_is_the_surroundings_fault() {
    let folder = Folder::with(&[("rehearse-demo", "a file where the folder would be")]);
    let ended = folder.rehearse(&["try"]);
    assert_eq!((ended.code, ended.out.as_str()), (5, ""));
    assert!(ended.err.contains("rehearse-demo could not be written"), "{}", ended.err);
}
