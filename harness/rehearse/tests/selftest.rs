//! `rehearse selftest`, as a shell sees it.

mod common;

use common::{FAILS, Folder, PASSES, TWO_CASES};

fn folder() -> Folder {
    Folder::with(&[("scenarios/new.yaml", PASSES), ("scenarios/promise.yaml", TWO_CASES)])
}

#[test]
fn a_suite_that_notices_every_fault_ends_with_0() {
    let faults = ["--fault", "creates-nobody", "--fault", "names-in-capitals"];
    let ended = folder().rehearse(&[&["selftest"], &faults[..]].concat());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(
        ended.out,
        "creation\n  creates-nobody     new, promise\n  names-in-capitals  new, promise\n\n\
         2 of 2 planted faults noticed by 2 scenarios with 3 cases.\n"
    );
}

#[test]
fn a_fault_that_survives_ends_with_1_and_says_what_it_does() {
    let ended =
        folder().rehearse(&["selftest", "--fault", "a-merge-loses-notes", "--fault", "creates-nobody"]);
    assert_eq!(ended.code, 1);
    for part in [
        "  a-merge-loses-notes  SURVIVES: no scenario notices it\n",
        "SURVIVES a-merge-loses-notes: Notes are gone from a record that another one was merged into.\n",
        "1 of 2 planted faults noticed by 2 scenarios with 3 cases.\n",
    ] {
        assert!(ended.out.contains(part), "{part:?} is missing in:\n{}", ended.out);
    }
}

#[test]
fn a_scenario_that_notices_nothing_is_named() {
    let ended = folder().rehearse(&["selftest", "--fault", "creates-only-in-full-updates"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("One scenario notices none of these faults: new.\n"), "{}", ended.out);
}

#[test]
fn a_case_that_fails_although_nothing_is_wrong_notices_nothing() {
    let folder = folder();
    folder.write("scenarios/stays.yaml", FAILS);
    let ended = folder.rehearse(&["selftest", "--fault", "creates-nobody"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("FAILS although nothing is wrong: stays\n"), "{}", ended.out);
    let ended = folder.rehearse(&["selftest", "scenarios/stays.yaml"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(ended.err.contains("No selected case passes while nothing is wrong"), "{}", ended.err);
}

#[test]
fn the_shelf_can_be_looked_at_and_an_unknown_name_gives_the_nearest() {
    let folder = Folder::new();
    let ended = folder.rehearse(&["selftest", "--list"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("\n  older-updates-overwrite-newer-ones: "), "{}", ended.out);
    let ended = folder.rehearse(&["selftest", "--fault", "create-nobody"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("Nearest: creates-nobody"), "{}", ended.err);
}

#[test]
fn the_table_is_the_same_for_any_number_of_jobs_and_as_json_too() {
    let folder = folder();
    let told = |jobs: &str| folder.rehearse(&["selftest", "--json", "--jobs", jobs]).out;
    let one = told("1");
    assert_eq!(one, told("8"));
    let document: serde_json::Value = serde_json::from_str(&one).expect("JSON");
    let faults = document["faults"].as_array().expect("a list");
    assert_eq!(faults.len(), planted::shelf().count());
    let n_survive = faults.iter().filter(|fault| fault["noticed"] == false).count();
    assert_eq!(document["survivors"].as_array().expect("a list").len(), n_survive);
    assert_eq!(document["exit_code"], 1);
}
