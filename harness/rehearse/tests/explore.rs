//! `rehearse explore` and `rehearse report --merge`, as a shell sees them.

mod common;

use common::Folder;

#[test]
fn a_search_that_finds_nothing_ends_with_0_and_says_how_hard_it_looked() {
    let folder = Folder::new();
    let ended = folder.rehearse(&["explore", "--seeds", "1..4"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert!(ended.out.starts_with("Looked at 3 histories, "), "{}", ended.out);
    assert!(
        ended.out.contains("Nothing was found. The same again: rehearse explore --seeds 1..4\n"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("NOT TESTED, because nothing ever called for them: "), "{}", ended.out);
    assert_eq!(folder.files(), [] as [String; 0], "nothing was found, so nothing is written");
}

#[test]
fn a_search_is_the_same_for_any_number_of_jobs() {
    let folder = Folder::new();
    let told = |jobs: &str| folder.rehearse(&["explore", "--seeds", "1..9", "--json", "--jobs", jobs]);
    let one = told("1");
    assert_eq!(one.code, 0);
    assert_eq!(one, told("8"));
}

/// The same bytes in debug, here, and in release, in `.ci/run`. Where histories or invariants were changed on purpose, write it
/// anew: `cargo run --release -- explore --seeds 1..7 --json > harness/rehearse/tests/campaign.json`
#[test]
fn a_small_campaign_is_to_the_byte_what_it_was() {
    let folder = Folder::new();
    for jobs in ["1", "8"] {
        let ended = folder.rehearse(&["explore", "--seeds", "1..7", "--json", "--jobs", jobs]);
        assert!(ended.out == include_str!("campaign.json"), "with {jobs} jobs:\n{}", ended.out);
    }
}

#[test]
fn steps_end_a_search_at_the_same_history_for_any_number_of_jobs() {
    let folder = Folder::new();
    let told = |jobs: &str| folder.rehearse(&["explore", "--steps", "3000", "--json", "--jobs", jobs]).out;
    let one = told("1");
    assert_eq!(one, told("4"));
    let document: serde_json::Value = serde_json::from_str(&one).expect("JSON");
    assert!(document["steps"].as_u64().expect("a number") >= 3000);
}

#[test]
fn parts_of_a_search_make_the_whole() {
    let folder = Folder::new();
    let part = |name: &str, seeds: &str| {
        let ended = folder.rehearse(&["explore", "--seeds", seeds, "--json"]);
        folder.write(name, &ended.out);
    };
    part("a.json", "1..3");
    part("b.json", "3..6");
    let document = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let merged = document(&folder.rehearse(&["report", "--json", "--merge", "b.json", "a.json"]).out);
    let whole = document(&folder.rehearse(&["explore", "--seeds", "1..6", "--json"]).out);
    assert_eq!(merged["seeds"], serde_json::json!([[1, 3], [3, 6]]));
    for key in ["histories", "steps", "actions", "faults", "pairs", "invariants", "findings", "not_tested"] {
        assert_eq!(merged[key], whole[key], "{key}");
    }
    let twice = folder.rehearse(&["report", "--merge", "a.json", "a.json"]);
    assert!(twice.err.contains("counted more than once"), "{}", twice.err);
}

#[test]
fn what_is_no_result_of_a_search_is_refused_by_name() {
    let folder = Folder::with(&[("run.json", "{\"format\": \"rehearse.run/1\"}"), ("text.json", "hello")]);
    let ended = folder.rehearse(&["report", "--merge", "run.json", "text.json", "gone.json"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    for part in [
        "run.json is a document of another kind: rehearse.run/1.",
        "text.json is not a JSON document: line 1, column 1.",
        "gone.json cannot be read: there is no such file.",
    ] {
        assert!(ended.err.contains(part), "{part:?} is missing in:\n{}", ended.err);
    }
}

#[test]
fn a_search_for_nothing_is_not_understood() {
    let folder = Folder::new();
    for words in [["explore", "--seeds", "5..5"], ["explore", "--seeds", "many"], ["explore", "--for", "0s"]]
    {
        assert_eq!(folder.rehearse(&words).code, 2, "{words:?}");
    }
}
