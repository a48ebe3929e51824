//! Support cases: what each draft holds, what it says is missing, and that a raised one is not due again.

mod common;

use acp::{Action, Origin, RecordId};
use common::{ONE, Town, ada, at, fact, fields, hours, id, planted, rec, su};
use feed::{Clause, Settings};
use guidance::{CaseDraft, RaisedCase, Sight, Situation, Subject};
use rostering::Command;

fn overdue(field: &str, value: &str) -> Town {
    let mut town = Town::synced();
    town.edit("SU-1", &[(field, value)]);
    town.pass(hours(25));
    town
}

fn pair() -> Town {
    let records = vec![
        planted(Origin::ByHand, None, ada("North Leeds"), 1),
        planted(Origin::Integration, Some("SU-1"), ada("Hull"), 0),
    ];
    let mut town = Town::with(Settings::default(), ONE, records);
    town.add("SU-1", ada("Hull"));
    town
}

#[track_caller]
fn due(town: &Town, about: &Subject) -> CaseDraft {
    let advice = town.advise(about);
    let cases: Vec<&CaseDraft> = advice.iter().filter_map(|it| it.case.as_ref()).collect();
    assert_eq!(cases.len(), 1, "{advice:#?}");
    cases[0].clone()
}

#[track_caller]
fn check(draft: &CaseDraft, facts: &[(&str, Option<&str>)], missing: &[&str]) {
    for (label, value) in facts {
        assert_eq!(fact(draft, label), *value, "{label} of {draft:#?}");
    }
    let mut labels: Vec<&str> = facts.iter().map(|(label, _)| *label).chain(["description"]).collect();
    let mut has: Vec<&str> = draft.facts.iter().map(|fact| fact.label).collect();
    labels.sort_unstable();
    has.sort_unstable();
    assert_eq!(has, labels);
    assert_eq!(draft.missing, missing);
    assert_eq!(fact(draft, "description"), Some(draft.description.as_str()));
}

#[test]
fn a_branch_that_did_not_follow_gives_the_four_facts_and_the_rest() {
    let town = overdue("branch", "Hull");
    let draft = due(&town, &su("SU-1"));
    assert_eq!(draft.kind, Clause::Case1);
    check(
        &draft,
        &[
            ("name", Some("Ada Okafor")),
            ("service", Some("Home Care")),
            ("external id", Some("SU-1")),
            ("correct service", Some("Live-in Care")),
            ("rostering system", Some("Access People Planner")),
        ],
        &[],
    );
    assert_eq!(
        draft.subject_line,
        "Record not updated after the sync window: Ada Okafor, external identifier SU-1"
    );
    for part in [
        "Since 9:30am on 2 March 2026, ACP has not shown Ada Okafor",
        "The branch is \"Hull\" in Access People Planner and \"North Leeds\" in ACP.",
        "It was due by 9:30am on 3 March 2026 and has not come.",
        "We have not edited, archived or deactivated the record.",
    ] {
        assert!(draft.description.contains(part), "{part}: {}", draft.description);
    }
}

#[test]
fn another_field_that_did_not_follow_needs_no_correct_service() {
    let town = overdue("family name", "Reed");
    check(
        &due(&town, &su("SU-1")),
        &[
            ("name", Some("Ada Okafor")),
            ("service", Some("Home Care")),
            ("external id", Some("SU-1")),
            ("rostering system", Some("Access People Planner")),
        ],
        &[],
    );
}

#[test]
fn somebody_whom_acp_never_got_has_no_service_there_and_the_case_says_so() {
    let mut town = Town::new();
    town.add_ada();
    town.pass(hours(25));
    let draft = due(&town, &su("SU-1"));
    check(
        &draft,
        &[
            ("name", Some("Ada Okafor")),
            ("service", None),
            ("external id", Some("SU-1")),
            ("rostering system", Some("Access People Planner")),
        ],
        &["service"],
    );
    assert!(draft.description.contains("We have not created a record by hand in ACP."));
}

#[test]
fn a_held_move_gives_both_services() {
    let mut town = Town::synced();
    town.care_plan(1);
    town.edit("SU-1", &[("branch", "Hull")]);
    let draft = due(&town, &rec(1));
    assert_eq!(draft.kind, Clause::Case2);
    check(
        &draft,
        &[
            ("name", Some("Ada Okafor")),
            ("service", Some("Home Care")),
            ("external id", Some("SU-1")),
            ("correct service", Some("Live-in Care")),
            ("rostering system", Some("Access People Planner")),
        ],
        &[],
    );
    assert!(draft.description.contains("1 care plan"), "{}", draft.description);
}

#[test]
fn a_confirmed_duplicate_gives_names_record_ids_and_services_of_both() {
    let mut town = pair();
    town.saw(Sight::Confirmed(RecordId(1), RecordId(2)));
    let draft = due(&town, &rec(1));
    assert_eq!(draft.kind, Clause::Case3);
    check(
        &draft,
        &[
            ("name", Some("Ada Okafor")),
            ("service", Some("Home Care")),
            ("external id", Some("SU-1")),
            ("record ids", Some("R1 and R2")),
            ("other name", Some("Ada Okafor")),
            ("other service", Some("Live-in Care")),
        ],
        &[],
    );
    assert!(draft.description.contains("We have not edited, archived or deactivated either record."));
}

#[test]
fn an_orphan_gives_what_acp_shows() {
    let with = fields(&[("given name", "Ada"), ("branch", "Hull")]);
    let town =
        Town::with(Settings::default(), ONE, vec![planted(Origin::Integration, Some("SU-7"), with, 0)]);
    let draft = due(&town, &rec(1));
    assert_eq!(draft.kind, Clause::Case4);
    check(
        &draft,
        &[("name", Some("Ada")), ("service", Some("Live-in Care")), ("external id", Some("SU-7"))],
        &[],
    );
}

#[test]
fn a_record_without_a_name_or_service_is_missing_them_and_the_case_is_due_all_the_same() {
    let nothing = planted(Origin::Integration, Some("SU-7"), fields(&[]), 0);
    let town = Town::with(Settings::default(), ONE, vec![nothing]);
    assert_eq!(due(&town, &rec(1)).missing, ["name", "service"]);
}

#[test]
fn what_somebody_did_by_hand_is_told_to_support() {
    let mut town = Town::synced();
    town.edit_record(1, &[("branch", "South Leeds")]);
    town.pass(hours(25));
    let draft = due(&town, &su("SU-1"));
    assert!(
        draft
            .description
            .contains("The branch of record R1 was set by hand in ACP at 9:30am on 2 March 2026.")
    );
    assert!(!draft.description.contains("We have not edited"));
}

#[test]
fn a_case_that_was_raised_is_not_due_again_until_it_is_closed_with_the_cause_still_there() {
    let mut town = overdue("branch", "South Leeds");
    for about in [su("SU-1"), rec(1)] {
        let mut town = Town {
            rosterings: town.rosterings.clone(),
            acp: acp::Acp::default(),
            scene: town.scene.clone(),
            now: town.now,
        };
        town.raise(Clause::Case1, about.clone());
        town.pass(hours(1));
        let advice = town.told(&su("SU-1"), Situation::Overdue);
        assert_eq!(advice.case, None);
        assert!(
            advice.what.contains("A support case (CASE-1) about this was raised at 10:30am on 3 March 2026."),
            "{}",
            advice.what
        );
        assert!(advice.to_do.contains(&"Wait for Support to answer the case.".to_owned()));
        assert!(!advice.to_do.iter().any(|it| it.contains("Raise a support case")));
        // Whoever closes it may name the other of the two.
        town.saw(Sight::CaseClosed { kind: Clause::Case1, about: rec(1) });
        assert_eq!(town.due_cases(&su("SU-1")), [Clause::Case1]);
        town.raise(Clause::Case1, about);
        assert_eq!(town.due_cases(&su("SU-1")), []);
    }
    town.raise(Clause::Case2, su("SU-1"));
    assert_eq!(town.due_cases(&su("SU-1")), [Clause::Case1], "another kind of case is another matter");
}

#[test]
fn a_raised_case_that_lacks_something_is_to_be_completed() {
    let mut town = overdue("branch", "South Leeds");
    let missing = vec!["correct service".to_owned()];
    town.saw(Sight::CaseRaised(RaisedCase { kind: Clause::Case1, about: su("SU-1"), missing }));
    let advice = town.told(&su("SU-1"), Situation::Overdue);
    assert!(advice.to_do.contains(&"Add to the case what it lacks: correct service.".to_owned()));
}

#[test]
fn a_case_about_either_of_a_pair_is_about_both() {
    let mut town = pair();
    town.saw(Sight::Confirmed(RecordId(1), RecordId(2)));
    town.raise(Clause::Case3, su("SU-1"));
    assert_eq!(town.due_cases(&rec(1)), []);
    assert_eq!(town.due_cases(&rec(2)), []);
}

#[test]
fn a_due_case_clears_when_the_cause_clears() {
    let mut town = overdue("branch", "South Leeds");
    assert_eq!(town.due_cases(&su("SU-1")), [Clause::Case1]);
    town.sync();
    assert_eq!(town.due_cases(&su("SU-1")), []);
}

#[test]
fn a_draft_can_be_had_before_it_is_due() {
    let mut town = Town::synced();
    town.edit("SU-1", &[("branch", "Hull")]);
    let draft = town.scene.draft(Clause::Case1, &su("SU-1"), town.now).expect("a draft of what is waiting");
    assert_eq!(fact(&draft, "correct service"), Some("Live-in Care"));
    assert!(draft.description.contains("It is on time until"), "{}", draft.description);
    let draft = pair().scene.draft(Clause::Case3, &rec(2), town.now).expect("a draft of what is likely");
    assert_eq!((fact(&draft, "record ids"), &draft.missing), (Some("R2 and R1"), &Vec::new()));
}

#[test]
fn a_draft_without_a_reason_says_what_is_missing() {
    let town = Town::synced();
    let draft = town.scene.draft(Clause::Case3, &su("SU-1"), town.now).expect("a draft");
    assert_eq!(draft.missing, ["record ids", "other name", "other service"]);
    let draft = town.scene.draft(Clause::Case4, &rec(1), town.now).expect("a draft");
    assert_eq!(draft.missing, Vec::<String>::new());
}

#[test]
fn there_is_no_draft_about_nobody_or_of_no_kind() {
    let town = Town::synced();
    assert_eq!(town.scene.draft(Clause::Case1, &su("SU-9"), town.now), None);
    assert_eq!(town.scene.draft(Clause::Own1, &su("SU-1"), town.now), None);
}

#[test]
fn a_held_case_stays_raised_over_the_deletion_of_the_service_user() {
    let mut town = Town::synced();
    town.care_plan(1);
    town.edit("SU-1", &[("branch", "Hull")]);
    town.raise(Clause::Case2, rec(1));
    town.rostering(Command::Terminate { id: id("SU-1"), on: at("2026-03-02 12:00") });
    assert_eq!(town.due_cases(&rec(1)), []);
    town.admin(Action::Delete { record: RecordId(1) });
    assert_eq!(town.due_cases(&rec(1)), []);
}
