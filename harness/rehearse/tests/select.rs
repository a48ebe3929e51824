//! Which cases run: the filter of `-E`, shards, the order, and where a run ends early.

mod common;

use common::{Ended, FAILS, Folder, PASSES, TWO_CASES, suite};
use std::collections::BTreeMap;

fn last(ended: &Ended) -> &str {
    ended.out.lines().next_back().unwrap_or_default()
}

/// Forty scenarios that fail or pass by turns, with two cases each.
fn many() -> Folder {
    let folder = Folder::new();
    for n in 0..20 {
        folder.write(&format!("scenarios/two/n{n}.yaml"), TWO_CASES);
        folder.write(&format!("scenarios/bad/n{n}.yaml"), FAILS);
    }
    folder
}

/// The labels of cases in the order in which they are told, each with what is said of it.
fn cases(ended: &Ended) -> Vec<(String, String)> {
    let json: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
    let label = |case: &serde_json::Value| format!("{}|{}", case["scenario"], case["case"]);
    json["cases"].as_array().expect("cases").iter().map(|case| (label(case), case.to_string())).collect()
}

#[test]
fn a_filter_picks_by_tag_name_case_path_and_clause() {
    let folder = suite();
    let picked = |filter: &str| {
        let ended = folder.rehearse(&["run", "-E", filter, "--json"]);
        let names: Vec<String> = cases(&ended).into_iter().map(|(label, _)| label.replace('"', "")).collect();
        names.join(" ")
    };
    assert_eq!(picked("tag(timing)"), "timing/promise|tomorrow timing/promise|later");
    assert_eq!(picked("tag(timing) and not case(later)"), "timing/promise|tomorrow");
    assert_eq!(picked("proves(SYNC-*) or clause(=BRANCH-2)"), "first/new|null wrong/stays|null");
    assert_eq!(picked("path(scenarios/first)"), "first/new|null");
    assert_eq!(picked("path(#first/*.yaml)"), "first/new|null");
    assert_eq!(picked("not (name(first) | name(#wrong/*)) and !case(=tomorrow)"), "timing/promise|later");
    let ended = folder.rehearse(&["run", "-E", "case(later)", "-E", "tag(first)", "--json"]);
    assert_eq!(cases(&ended).len(), 2, "several filters: any of them");
    let ended = folder.rehearse(&["run", "-E", "tag(timing)", "-k", "later", "--json"]);
    assert_eq!(cases(&ended).len(), 1, "-k and -E: both");
    assert!(folder.rehearse(&["list", "-E", "tag(first)"]).out.starts_with("first/new"));
}

#[test]
fn every_mistake_of_a_filter_is_pointed_at_and_nothing_runs() {
    let ended = suite().rehearse(&["run", "-E", "tag(frist) and (proves(MOVE-99) or nmae(x)"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    let parts = [
        "there is no tag `frist` among these scenarios\n --> -E:1:5",
        "|     ^^^^^ did you mean `first`?",
        "help: tags that there are: branch, first and timing",
        "this bracket is not closed\n --> -E:1:16",
        "`MOVE-99` is no clause of the guidance\n --> -E:1:24",
        "nothing of a case is called `nmae`\n --> -E:1:36",
        "did you mean `name`?",
        "Nothing was run.",
    ];
    let mut from = 0;
    for part in parts {
        let at = ended.err[from..].find(part);
        from += at.unwrap_or_else(|| panic!("{part:?} is missing after byte {from} of:\n{}", ended.err));
    }
    let plain = suite().rehearse(&["run", "--plain", "-E", "tag(frist)"]);
    assert!(plain.err.starts_with("mistake: -E line 1 column 5: "), "{}", plain.err);
}

#[test]
fn hostile_text_in_a_filter_stays_text() {
    let ended = suite().rehearse(&["run", "-E", "tag(\u{1b}[2J\u{202e}x) \u{7} and"]);
    assert_eq!(ended.code, 2);
    let is_odd = |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    assert!(!ended.err.contains(is_odd), "{:?}", ended.err);
}

#[test]
fn a_filter_that_matches_nothing_is_3_with_the_nearest_names() {
    let folder = suite();
    let ended = folder.rehearse(&["run", "-E", "name(promis-) or case(tomorow)"]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert!(ended.err.contains("Nearest: timing/promise, tomorrow."), "{}", ended.err);
    assert_eq!(folder.rehearse(&["run", "-E", "name(x)", "--no-match", "ok"]).code, 0);
    assert_eq!(
        folder.rehearse(&["run", "-E", "tag(x)", "--no-match", "ok"]).code,
        0,
        "a tag of another suite"
    );
    let star = folder.rehearse(&["run", "-E", "name(first/*)"]);
    assert!(star.err.contains("for a pattern write #first/*."), "{}", star.err);
    let words = folder.rehearse(&["explain", "filter"]);
    assert!(words.out.contains("tag(late-sync)"), "{}", words.out);
}

#[test]
fn shards_together_run_everything_once_and_a_new_scenario_moves_no_other() {
    let folder = many();
    let shards = || -> BTreeMap<String, u32> {
        let mut shard_of = BTreeMap::new();
        for shard in 1..=3 {
            let ended = folder.rehearse(&["run", "--json", "--shard", &format!("hash:{shard}/3")]);
            for (label, _) in cases(&ended) {
                assert_eq!(shard_of.insert(label.clone(), shard), None, "{label} is in two shards");
            }
        }
        shard_of
    };
    let before = shards();
    assert_eq!(before.len(), 60);
    folder.write("scenarios/aaa/first-of-all.yaml", TWO_CASES);
    let after = shards();
    assert_eq!(after.len(), 62);
    assert!(before.iter().all(|(label, shard)| after[label] == *shard));
    // Nor does another folder to start from: names go from the root of the suite.
    folder.write("scenarios/suite.yaml", "");
    let ended = folder.rehearse(&["run", "--json", "scenarios/two", "--shard", "hash:1/3"]);
    assert!(cases(&ended).iter().all(|(label, _)| after[label] == 1));
}

#[test]
fn a_shard_that_is_none_is_2_and_one_that_is_empty_by_luck_is_no_failure() {
    let folder = Folder::with(&[("scenarios/a.yaml", PASSES)]);
    for (shard, says) in [
        ("hash:0/5", "there is no shard 0 of 5"),
        ("hash:6/5", "there is no shard 6 of 5"),
        ("hash:1/0", "nothing can be split into 0 shards"),
        ("2/5", "write hash:2/5"),
        ("hash:x", "write hash:2/5"),
    ] {
        let ended = folder.rehearse(&["run", "--shard", shard]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{shard}");
        assert!(ended.err.contains(says), "{}", ended.err);
    }
    let ends: Vec<Ended> =
        (1..=4).map(|n| folder.rehearse(&["run", "--shard", &format!("hash:{n}/4")])).collect();
    assert!(ends.iter().all(|ended| ended.code == 0));
    assert_eq!(
        ends.iter().filter(|ended| last(ended).starts_with("1 scenario, 1 case: 1 passed.")).count(),
        1
    );
    let empty = "None of the 1 selected case falls into shard";
    assert_eq!(ends.iter().filter(|ended| ended.err.starts_with(empty)).count(), 3);
    assert_eq!(
        folder.rehearse(&["run", "-k", "x", "--shard", "hash:1/4"]).code,
        3,
        "nothing was selected at all"
    );
}

#[test]
fn another_order_changes_the_order_and_nothing_else() {
    let folder = many();
    let run = |words: &[&str]| folder.rehearse(&[&["run", "--json"], words].concat());
    let usual = cases(&run(&[]));
    let seven = cases(&run(&["--shuffle", "7", "--jobs", "1"]));
    let again = run(&["--shuffle=7", "--jobs", "8"]);
    assert_eq!(again.err, "Shuffled. The same order again: --shuffle 7\n");
    assert_eq!(seven, cases(&again), "one seed, one order");
    assert_ne!(seven, cases(&run(&["--shuffle", "8"])));
    assert_ne!(seven, usual);
    let sorted = |mut cases: Vec<(String, String)>| {
        cases.sort();
        cases
    };
    assert_eq!(sorted(seven), sorted(usual), "each case says the same");
    let drawn = run(&["--shuffle"]);
    let seed = drawn.err.trim_end().rsplit(' ').next().expect("a seed").to_owned();
    assert_eq!(cases(&run(&["--shuffle", &seed])), cases(&drawn));
    let wrong = folder.rehearse(&["run", "--shuffle", "scenarios"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("paths go before --shuffle"), "{}", wrong.err);
}

#[test]
fn a_run_ends_after_so_many_failures_and_says_what_was_not_run() {
    let folder = many();
    let one = folder.rehearse(&["run", "--max-fail", "3", "--jobs", "1"]);
    assert_eq!(one.code, 1);
    assert!(one.out.contains("\nStopped after 3 failures. Not run: bad/n11, "), "{}", one.out);
    assert!(last(&one).contains("60 cases: 0 passed, 3 failed, 57 not run."), "{}", last(&one));
    assert!(one.out.contains(" and 52 more cases.\n"), "{}", one.out);
    for jobs in ["2", "8"] {
        assert_eq!(folder.rehearse(&["run", "--max-fail", "3", "--jobs", jobs]), one, "--jobs {jobs}");
    }
    let plain = folder.rehearse(&["run", "--max-fail", "3", "--plain"]);
    assert_eq!(plain.out.lines().filter(|line| line.starts_with("not run: ")).count(), 57);
    let json: serde_json::Value =
        serde_json::from_str(&folder.rehearse(&["run", "--max-fail", "3", "--json"]).out).expect("JSON");
    assert_eq!(json["not_run"].as_array().map(Vec::len), Some(57));
    assert_eq!((&json["verdict"], &json["exit_code"]), (&"failed".into(), &1.into()));
    let all = folder.rehearse(&["run", "--max-fail", "20", "-E", "name(bad)"]);
    assert!(!all.out.contains("Stopped"), "the last failure was the last case: {}", all.out);
    assert_eq!(folder.rehearse(&["run", "--max-fail", "0"]).code, 2);
}
