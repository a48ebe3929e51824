//! Every situation, from what both systems show: when guidance says it, when not, and what it says.

mod common;

use acp::{Action, Actor, Origin, RecordId, Status};
use common::{Town, ada, at, fields, hours, id, mins, planted, rec, su};
use feed::{
    AbsentField, Clause, ContactDetails, EndDate, Field, IdentifierMatching, ServiceMove, Setting, Settings,
    System, Text,
};
use guidance::{Sight, Situation, Subject};
use rostering::Command;

const ONE: &[(System, Option<&str>)] = &[(System::PeoplePlanner, None)];

fn synced() -> Town {
    let mut town = Town::new();
    town.add_ada();
    town.sync();
    town.pass(mins(30));
    town
}

/// Ada's record by hand with care data is there; then rostering sends her under another identifier.
fn duplicate() -> Town {
    let by_hand = planted(Origin::ByHand, Some("00482"), ada("North Leeds"), 1);
    let mut town = Town::with(Settings::default(), ONE, vec![by_hand]);
    town.add("482", ada("South Leeds"));
    town.sync();
    town.pass(mins(30));
    town
}

// In step, waiting, overdue

#[test]
fn nobody_known_gets_no_advice_and_somebody_known_always_some() {
    let town = synced();
    assert_eq!(town.advise(&su("SU-9")), []);
    assert_eq!(town.advise(&rec(9)), []);
    town.check(&su("SU-1"), &[Situation::InStep]);
    town.check(&rec(1), &[Situation::InStep]);
}

#[test]
fn what_is_waiting_is_told_with_both_values_and_until_when() {
    let mut town = synced();
    town.edit("SU-1", &[("branch", "South Leeds"), ("family name", "Reed")]);
    let advice = town.told(&su("SU-1"), Situation::WaitingForSync);
    assert_eq!(advice.fields, [Field::FamilyName, Field::Branch]);
    let branch = "The branch is \"South Leeds\" in Access People Planner and \"North Leeds\" in ACP.";
    assert!(advice.what.contains(branch), "{}", advice.what);
    assert!(advice.what.contains("9:30am on 3 March 2026"), "{}", advice.what);
    assert!(advice.not_to_do.iter().any(|it| it.contains("Do not change the family name and branch in ACP")));
    assert!(advice.clauses.contains(&Clause::Branch3));
    assert_eq!(advice.case, None);
    assert_eq!(town.situations(&rec(1)), [Situation::WaitingForSync], "the record says it too");
}

#[test]
fn a_wrong_date_of_birth_that_was_corrected_is_waited_for() {
    let mut town = synced();
    town.edit("SU-1", &[("date of birth", "1938-11-05")]);
    assert!(town.told(&su("SU-1"), Situation::WaitingForSync).clauses.contains(&Clause::Own9));
}

#[test]
fn somebody_new_is_not_to_be_created_by_hand_meanwhile() {
    let mut town = Town::new();
    town.add_ada();
    let advice = town.told(&su("SU-1"), Situation::WaitingForSync);
    assert!(advice.clauses.contains(&Clause::Sync5) && advice.clauses.contains(&Clause::Dup7));
    assert!(advice.not_to_do.iter().any(|it| it.contains("Do not create the record by hand")));
}

#[test]
fn what_is_overdue_names_branch_four_only_where_the_branch_is_what_differs() {
    for (field, value, is_branch) in [("branch", "South Leeds", true), ("family name", "Reed", false)] {
        let mut town = synced();
        town.edit("SU-1", &[(field, value)]);
        town.pass(hours(25));
        let advice = town.told(&su("SU-1"), Situation::Overdue);
        assert_eq!(advice.clauses.contains(&Clause::Branch4), is_branch);
        assert!(advice.clauses.contains(&Clause::Time2));
    }
}

#[test]
fn one_field_can_be_overdue_while_another_still_waits() {
    let mut town = synced();
    town.edit("SU-1", &[("family name", "Reed")]);
    town.pass(hours(20));
    town.edit("SU-1", &[("branch", "South Leeds")]);
    town.pass(hours(5));
    town.check(&su("SU-1"), &[Situation::Overdue, Situation::WaitingForSync]);
    assert_eq!(town.told(&su("SU-1"), Situation::Overdue).fields, [Field::FamilyName]);
    assert_eq!(town.told(&su("SU-1"), Situation::WaitingForSync).fields, [Field::Branch]);
}

#[test]
fn fields_that_are_not_sent_or_not_managed_are_not_waited_for() {
    let mut town = synced();
    town.edit("SU-1", &[("gender", "female"), ("nhs number", "9990000018"), ("email", "a@example.org")]);
    town.check(&su("SU-1"), &[Situation::InStep]);
}

#[test]
fn contact_details_are_waited_for_by_provenance_under_each_setting() {
    for (contact_details, by_hand, expected) in [
        (ContactDetails::AcpKeepsItsOwn, false, Situation::WaitingForSync),
        (ContactDetails::AcpKeepsItsOwn, true, Situation::InStep),
        (ContactDetails::AlwaysAcp, false, Situation::InStep),
        (ContactDetails::AlwaysAcp, true, Situation::InStep),
        (ContactDetails::AlwaysRostering, false, Situation::WaitingForSync),
        (ContactDetails::AlwaysRostering, true, Situation::WaitingForSync),
    ] {
        let mut town = Town::under(Settings { contact_details, ..Settings::default() });
        town.add_ada();
        town.edit("SU-1", &[("phone", "0113 496 0000")]);
        town.sync();
        town.pass(mins(30));
        if by_hand {
            town.edit_record(1, &[("phone", "0113 496 0001")]);
        }
        town.pass(mins(1));
        town.edit("SU-1", &[("phone", "0113 496 0002")]);
        town.check(&su("SU-1"), &[expected]);
    }
}

#[test]
fn a_value_that_somebody_typed_in_outlives_an_empty_one_from_rostering_under_every_setting() {
    for &contact_details in ContactDetails::ALL {
        let mut town = Town::under(Settings { contact_details, ..Settings::default() });
        town.add_ada();
        town.edit("SU-1", &[("phone", "")]);
        town.sync();
        town.edit_record(1, &[("phone", "0113 496 0001")]);
        town.check(&su("SU-1"), &[Situation::InStep]);
    }
}

#[test]
fn a_field_that_is_not_sent_any_more_is_waited_for_only_where_absent_means_cleared() {
    for (absent_field, expected) in
        [(AbsentField::LeavesValue, Situation::InStep), (AbsentField::ClearsValue, Situation::WaitingForSync)]
    {
        let mut town = Town::under(Settings { absent_field, ..Settings::default() });
        town.add_ada();
        town.edit("SU-1", &[("key safe", "1234")]);
        town.sync();
        town.pass(mins(5));
        town.rostering(Command::StopSending { id: id("SU-1"), fields: vec![Field::KeySafe] });
        town.check(&su("SU-1"), &[expected]);
        town.sync();
        town.check(&su("SU-1"), &[Situation::InStep]);
    }
}

#[test]
fn a_value_that_its_field_cannot_hold_is_not_waited_for() {
    let mut town = synced();
    town.edit("SU-1", &[("date of birth", "yesterday")]);
    town.check(&su("SU-1"), &[Situation::InStep]);
}

#[test]
fn an_end_date_that_was_taken_back_is_waited_for() {
    let mut town = Town::new();
    town.add_ada();
    town.rostering(Command::Terminate { id: id("SU-1"), on: at("2026-04-01 12:00") });
    town.sync();
    town.check(&su("SU-1"), &[Situation::InStep]);
    town.pass(mins(5));
    town.rostering(Command::Reinstate { id: id("SU-1") });
    assert_eq!(town.told(&su("SU-1"), Situation::WaitingForSync).fields, [Field::EndDate]);
    town.sync();
    town.check(&su("SU-1"), &[Situation::InStep]);
}

// Overwritten

#[test]
fn an_edit_of_what_rostering_controls_is_told_with_its_clauses_and_what_comes_back() {
    for (field, value, clause) in [
        ("branch", "South Leeds", Clause::Branch2),
        ("branch", "South Leeds", Clause::Own7),
        ("family name", "Reed", Clause::Own6),
        ("date of birth", "1940-01-01", Clause::Own8),
        ("key safe", "1234", Clause::Sync4),
    ] {
        let mut town = Town::new();
        town.add_ada();
        town.edit("SU-1", &[("key safe", "9999")]);
        town.sync();
        town.pass(mins(30));
        town.edit_record(1, &[(field, value)]);
        let advice = town.told(&su("SU-1"), Situation::WillBeOverwritten);
        assert!(advice.clauses.contains(&clause), "{field}: {:?}", advice.clauses);
        assert!(advice.what.starts_with("A Tenant Administrator changed the "), "{}", advice.what);
        assert!(advice.what.contains("will put its value back by 9:30am on 3 March 2026"), "{}", advice.what);
        town.sync();
        town.check(&su("SU-1"), &[Situation::InStep]);
    }
}

#[test]
fn an_edit_of_what_acp_controls_is_nothing_to_talk_about() {
    let mut town = synced();
    town.edit_record(1, &[("phone", "0113 496 0000"), ("email", "a@example.org")]);
    town.admin(Action::GrantRole { record: RecordId(1), role: "Night team".into() });
    town.check(&rec(1), &[Situation::InStep]);
}

#[test]
fn once_rostering_changes_the_field_too_it_is_a_change_on_its_way() {
    let mut town = synced();
    town.edit_record(1, &[("family name", "Reed")]);
    town.pass(mins(1));
    town.edit("SU-1", &[("family name", "Obi")]);
    town.check(&su("SU-1"), &[Situation::WaitingForSync]);
}

// Moves

#[test]
fn a_move_to_another_service_with_care_data_is_held_and_its_case_is_due_at_once() {
    let mut town = synced();
    town.care_plan(1);
    town.pass(mins(1));
    town.edit("SU-1", &[("branch", "Hull")]);
    let moved_at = town.now;
    let advice = town.told(&su("SU-1"), Situation::MoveHeld);
    assert_eq!(advice.since, Some(moved_at));
    for clause in [Clause::Move1, Clause::Move2, Clause::Move3, Clause::Case2] {
        assert!(advice.clauses.contains(&clause));
    }
    assert_eq!(advice.to_do[0], "Contact Support before making any change.");
    assert_eq!(town.due_cases(&su("SU-1")), [Clause::Case2]);
    assert_eq!(town.due("SU-1"), None, "no window runs for what is held");
    town.pass(hours(30));
    town.sync();
    town.check(&su("SU-1"), &[Situation::MoveHeld]);
    assert_eq!(town.told(&rec(1), Situation::MoveHeld).since, Some(moved_at));
}

#[test]
fn a_move_that_care_overtakes_is_held_from_then_on() {
    let mut town = synced();
    town.edit("SU-1", &[("branch", "Hull")]);
    town.check(&su("SU-1"), &[Situation::WaitingForSync]);
    town.pass(mins(10));
    town.care_plan(1);
    assert_eq!(town.told(&su("SU-1"), Situation::MoveHeld).since, Some(town.now));
}

#[test]
fn while_a_move_is_held_other_fields_keep_their_deadline() {
    let mut town = synced();
    town.care_plan(1);
    town.edit("SU-1", &[("branch", "Hull"), ("family name", "Reed")]);
    town.pass(hours(25));
    town.check(&su("SU-1"), &[Situation::MoveHeld, Situation::Overdue]);
    assert_eq!(town.told(&su("SU-1"), Situation::Overdue).fields, [Field::FamilyName]);
}

#[test]
fn a_move_without_care_data_or_inside_one_service_is_only_waited_for() {
    let mut town = synced();
    town.edit("SU-1", &[("branch", "Hull")]);
    town.check(&su("SU-1"), &[Situation::WaitingForSync]);
    let mut town = synced();
    town.care_plan(1);
    town.edit("SU-1", &[("branch", "South Leeds")]);
    town.check(&su("SU-1"), &[Situation::WaitingForSync]);
}

#[test]
fn where_moves_need_support_the_record_need_not_hold_care_data() {
    let mut town = Town::under(Settings { service_move: ServiceMove::NeedsSupport, ..Settings::default() });
    town.add_ada();
    town.sync();
    town.edit("SU-1", &[("branch", "Hull")]);
    let advice = town.told(&su("SU-1"), Situation::MoveHeld);
    assert!(advice.clauses.contains(&Clause::Pub4) && !advice.clauses.contains(&Clause::Move1));
    assert_eq!(advice.settings, [Setting::ServiceMove]);
}

#[test]
fn once_support_has_moved_the_record_nothing_is_held() {
    let mut town = synced();
    town.care_plan(1);
    town.edit("SU-1", &[("branch", "Hull")]);
    let to = acp::Place { branch: "Hull".into(), service: None };
    town.acp(Actor::Support, Action::Move { record: RecordId(1), to, leaving: Vec::new() });
    town.check(&su("SU-1"), &[Situation::InStep]);
}

#[test]
fn a_service_order_that_names_a_service_takes_precedence_over_the_branch() {
    let mut town = Town::with(Settings::default(), &[(System::CareRostering, None)], Vec::new());
    town.add_ada();
    town.sync();
    town.care_plan(1);
    town.pass(mins(1));
    let service = Some(Text::from("Live-in Care"));
    town.rostering(Command::AddOrder { service_user: id("SU-1"), order: "O1".into(), service });
    let advice = town.told(&su("SU-1"), Situation::MoveHeld);
    assert_eq!(
        advice.case.and_then(|it| common::fact(&it, "correct service").map(str::to_owned)).as_deref(),
        Some("Live-in Care")
    );
    town.rostering(Command::SetOrderService { order: "O1".into(), service: None });
    town.check(&su("SU-1"), &[Situation::InStep]);
}

// What ACP cannot take in

#[test]
fn an_unknown_branch_is_told_with_the_nearest_names_and_how_they_differ() {
    for (branch, said) in [
        ("north leeds", "ACP has \"North Leeds\": it differs only in capital letters or spaces."),
        ("North Leeds ", "ACP has \"North Leeds\": it differs only in spaces or invisible characters."),
        ("North Leds", "ACP has \"North Leeds\": it is the nearest name."),
        ("York", "ACP has no branch of exactly that name."),
    ] {
        let mut town = Town::new();
        town.add("SU-1", ada(branch));
        let advice = town.told(&su("SU-1"), Situation::BranchUnknown);
        assert!(advice.what.contains(said), "{}", advice.what);
        assert_eq!(advice.clauses, [Clause::Pub3, Clause::Pub14]);
        town.pass(hours(100));
        assert_eq!(town.due_cases(&su("SU-1")), [], "it is for rostering to correct, not for Support");
    }
    let mut town = Town::new();
    town.add("SU-1", ada("North Leeds "));
    let advice = town.told(&su("SU-1"), Situation::BranchUnknown);
    assert!(advice.what.contains("\"North·Leeds·\""), "spaces are made visible: {}", advice.what);
}

#[test]
fn an_environment_with_a_prefix_needs_the_branch_with_the_prefix() {
    let mut town = Town::with(Settings::default(), &[(System::PeoplePlanner, Some("N-"))], Vec::new());
    town.add_ada();
    let advice = town.told(&su("N-SU-1"), Situation::BranchUnknown);
    assert!(advice.what.contains("\"N-North Leeds\""), "{}", advice.what);
}

#[test]
fn a_blank_identifier_is_never_sent_anywhere() {
    let mut town = Town::new();
    town.add(" ", ada("North Leeds"));
    town.pass(hours(100));
    town.check(&su(" "), &[Situation::IdentifierBlank]);
}

#[test]
fn somebody_without_any_name_cannot_be_taken_in() {
    let mut town = Town::new();
    town.add("SU-1", fields(&[("given name", " "), ("branch", "Hull")]));
    town.pass(hours(100));
    let advice = town.told(&su("SU-1"), Situation::NotSent);
    assert!(advice.to_do.contains(&"Fill in the name in Access People Planner.".to_owned()));
    assert_eq!(town.due_cases(&su("SU-1")), []);
}

#[test]
fn a_record_of_the_integration_that_lost_its_identifier_is_told_of() {
    let mut town = synced();
    town.admin(Action::SetExternalId { record: RecordId(1), to: None });
    let advice = town.told(&rec(1), Situation::IdentifierBlank);
    assert!(advice.clauses.contains(&Clause::Dup1));
    assert!(town.situations(&su("SU-1")).contains(&Situation::WaitingForSync), "a new record is on its way");
}

#[test]
fn one_identifier_on_two_records_is_told_once_and_nothing_is_waited_for() {
    let records = vec![
        planted(Origin::ByHand, Some("SU-1"), ada("North Leeds"), 1),
        planted(Origin::Integration, Some("SU-1"), fields(&[("given name", "Ida"), ("branch", "Hull")]), 0),
    ];
    let mut town = Town::with(Settings::default(), ONE, records);
    town.add_ada();
    town.check(&su("SU-1"), &[Situation::IdentifierOnTwoRecords]);
    town.check(&rec(2), &[Situation::IdentifierOnTwoRecords]);
    assert_eq!(town.due("SU-1"), None);
    let all = town.scene.advise_all(town.now);
    assert_eq!(all.len(), 1, "{all:#?}");
}

#[test]
fn ends_count_or_do_not_by_the_setting() {
    for (identifier_matching, expected) in [
        (IdentifierMatching::Exact, Situation::WaitingForSync),
        (IdentifierMatching::EndsTrimmed, Situation::InStep),
    ] {
        let settings = Settings { identifier_matching, ..Settings::default() };
        let other = fields(&[("given name", "Ada"), ("family name", "Okafor"), ("branch", "North Leeds")]);
        let mut town =
            Town::with(settings, ONE, vec![planted(Origin::ByHand, Some("SU-1 "), other.clone(), 0)]);
        town.add("SU-1", other);
        assert_eq!(town.situations(&su("SU-1")), [expected]);
    }
}

#[test]
fn while_the_integration_is_off_nothing_is_sent() {
    let mut town = synced();
    town.saw(Sight::Stopped { environment: 0 });
    town.edit("SU-1", &[("family name", "Reed")]);
    town.pass(hours(100));
    town.check(&su("SU-1"), &[Situation::NotSent]);
}

#[test]
fn before_go_live_a_record_by_hand_that_may_be_the_person_is_named_with_what_to_map() {
    let by_hand = planted(Origin::ByHand, None, ada("North Leeds"), 1);
    let mut town = Town::off(Settings::default(), ONE, vec![by_hand]);
    town.add_ada();
    let advice = town.told(&su("SU-1"), Situation::NotSent);
    assert!(advice.clauses.contains(&Clause::Dup8) && advice.clauses.contains(&Clause::Dup1));
    assert!(advice.to_do.iter().any(|it| it.contains("have the external ID \"SU-1\" set on record R1")));
    let advice = town.told(&rec(1), Situation::MadeByHand);
    assert!(advice.what.contains("Ada Okafor (external ID SU-1) in rostering may be the same person"));
}

// Duplicates

#[test]
fn a_likely_duplicate_is_told_with_the_facts_of_both_and_no_case_yet() {
    let town = duplicate();
    for subject in [su("482"), rec(1), rec(2)] {
        let advice = town.told(&subject, Situation::LikelyDuplicate);
        assert!(advice.clauses.contains(&Clause::Dup1) && advice.clauses.contains(&Clause::Dup2));
        assert!(
            advice
                .what
                .contains("R1 (Ada Okafor, service \"Home Care\", made by hand, care history: 1 care plan)")
        );
        assert!(
            advice
                .what
                .contains("R2 (Ada Okafor, service \"Home Care\", made by the integration, no care history)")
        );
        assert!(advice.what.contains("differ only in zeros at the front"), "{}", advice.what);
        assert_eq!(
            advice.not_to_do,
            ["Do not delete, archive or deactivate either record until Support has reviewed both."]
        );
        assert_eq!(advice.case, None);
    }
}

#[test]
fn a_pair_comes_once_in_the_list_of_all() {
    let town = duplicate();
    let all = town.scene.advise_all(town.now);
    let pairs: Vec<_> = all.iter().filter(|it| it.situation == Situation::LikelyDuplicate).collect();
    assert_eq!(pairs.len(), 1);
    assert_eq!((&pairs[0].about, pairs[0].with.as_slice()), (&rec(1), [RecordId(2)].as_slice()));
}

#[test]
fn twins_and_people_with_different_nhs_numbers_are_no_duplicates() {
    let mut town = Town::new();
    town.add_ada();
    town.add(
        "SU-2",
        fields(&[
            ("given name", "Ida"),
            ("family name", "Okafor"),
            ("date of birth", "1938-11-04"),
            ("branch", "Hull"),
        ]),
    );
    town.sync();
    assert_eq!(town.scene.advise_all(town.now), []);
    for (numbers, n_pairs) in
        [(["9990000018", "9990000026"], 0), (["9990000018", "9990000018"], 1), (["9990000018", ""], 1)]
    {
        let records = numbers.map(|number| {
            let mut with = ada("Hull");
            with.set(Field::NhsNumber, number.into());
            planted(Origin::ByHand, None, with, 0)
        });
        let town = Town::with(Settings::default(), ONE, records.to_vec());
        let all = town.scene.advise_all(town.now);
        let n_found = all.iter().filter(|it| it.situation == Situation::LikelyDuplicate).count();
        assert_eq!(n_found, n_pairs, "{numbers:?}");
    }
}

#[test]
fn without_the_sign_of_care_history_the_pair_is_told_without_its_clause() {
    let records = vec![
        planted(Origin::ByHand, Some("A"), ada("Hull"), 0),
        planted(Origin::ByHand, Some("B"), ada("Hull"), 1),
    ];
    let town = Town::with(Settings::default(), ONE, records);
    assert!(!town.told(&rec(1), Situation::LikelyDuplicate).clauses.contains(&Clause::Dup2));
}

#[test]
fn a_confirmed_duplicate_is_due_at_once_and_ends_with_the_merge() {
    let mut town = duplicate();
    town.saw(Sight::Confirmed(RecordId(2), RecordId(1)));
    assert_eq!(town.due_cases(&rec(1)), [Clause::Case3]);
    assert_eq!(town.due_cases(&rec(2)), [Clause::Case3]);
    assert!(!town.situations(&rec(1)).contains(&Situation::LikelyDuplicate), "it is one thing, not two");
    town.acp(Actor::Support, Action::Merge { survivor: RecordId(1), loser: RecordId(2) });
    assert_eq!(town.due_cases(&rec(1)), []);
    town.check(&rec(2), &[Situation::InStep]);
    assert!(town.advise(&rec(2))[0].what.contains("Support merged record R2 into record R1"));
}

#[test]
fn a_confirmed_duplicate_ends_when_support_makes_one_inactive_but_not_when_somebody_else_does() {
    for (by, ends) in [(Actor::Support, true), (Actor::TenantAdministrator, false)] {
        let mut town = duplicate();
        town.saw(Sight::Confirmed(RecordId(1), RecordId(2)));
        town.pass(mins(1));
        let reply = town.acp.answer(
            town.now,
            acp::Call::Act(acp::Act { by, action: Action::Deactivate { record: RecordId(2) } }),
        );
        assert!(matches!(reply, acp::Reply::Done(_)), "{reply:?}");
        town.sync();
        assert_eq!(town.due_cases(&rec(1)).is_empty(), ends);
    }
}

#[test]
fn two_records_can_be_confirmed_although_nothing_makes_them_alike() {
    let records = vec![
        planted(Origin::ByHand, Some("A"), fields(&[("given name", "A"), ("branch", "Hull")]), 0),
        planted(Origin::ByHand, Some("B"), fields(&[("given name", "B"), ("branch", "Hull")]), 0),
    ];
    let mut town = Town::with(Settings::default(), ONE, records);
    town.saw(Sight::Confirmed(RecordId(1), RecordId(2)));
    assert_eq!(town.due_cases(&rec(2)), [Clause::Case3]);
}

#[test]
fn visits_on_another_record_than_the_care_plan_are_a_split_history() {
    let mut town = duplicate();
    assert!(!town.situations(&rec(1)).contains(&Situation::SplitHistory));
    let starts = at("2026-03-03 08:00");
    town.visit("V1", "482", starts);
    town.sync();
    let advice = town.told(&rec(1), Situation::SplitHistory);
    assert!(advice.clauses.contains(&Clause::Dup3));
    assert!(
        advice
            .what
            .contains("The care plan is on record R1 (Ada Okafor), and 1 visit is on record R2 (Ada Okafor)"),
        "{}",
        advice.what
    );
    assert_eq!(town.situations(&su("482"))[..2], [Situation::SplitHistory, Situation::LikelyDuplicate]);
}

#[test]
fn two_care_plans_are_no_split_history() {
    let mut town = duplicate();
    town.visit("V1", "482", at("2026-03-03 08:00"));
    town.sync();
    town.care_plan(2);
    assert!(!town.situations(&rec(1)).contains(&Situation::SplitHistory));
}

// Orphans, leavers, records that are not active

#[test]
fn a_record_of_the_integration_that_rostering_never_knew_is_an_orphan_and_its_case_is_due() {
    let records = vec![planted(Origin::Integration, Some("SU-7"), ada("Hull"), 0)];
    let town = Town::with(Settings::default(), ONE, records);
    town.check(&rec(1), &[Situation::Orphan]);
    assert_eq!(town.due_cases(&rec(1)), [Clause::Case4]);
    assert_eq!(town.advise(&rec(1))[0].since, Some(town.now));
}

#[test]
fn a_record_that_was_made_after_its_service_user_had_left_is_an_orphan() {
    let mut town = Town::new();
    town.add_ada();
    town.pass(hours(100));
    let left_at = town.now;
    town.rostering(Command::Delete { id: id("SU-1") });
    town.pass(hours(1));
    town.plant(vec![planted(Origin::Integration, Some("SU-1"), ada("Hull"), 0)]);
    town.pass(hours(1));
    town.check(&rec(1), &[Situation::Orphan]);
    let advice = town.told(&rec(1), Situation::Orphan);
    assert!(advice.since > Some(left_at), "there was no record before it was made");
    assert!(advice.what.contains("had \"Ada Okafor\" under it"), "{}", advice.what);
}

#[test]
fn a_leavers_old_record_is_listed_since_they_left_and_is_no_case() {
    for delete in [false, true] {
        let mut town = synced();
        town.pass(hours(10));
        let left_at = town.now;
        town.rostering(if delete {
            Command::Delete { id: id("SU-1") }
        } else {
            Command::Terminate { id: id("SU-1"), on: left_at }
        });
        town.pass(hours(5));
        let advice = town.told(&rec(1), Situation::LeaversRecord);
        assert_eq!((advice.since, advice.case), (Some(left_at), None));
        assert!(!advice.clauses.contains(&Clause::Case4));
    }
}

#[test]
fn somebody_who_was_added_a_moment_ago_makes_no_orphan() {
    let mut town = Town::new();
    town.add_ada();
    town.sync();
    town.check(&rec(1), &[Situation::InStep]);
}

#[test]
fn an_end_date_in_the_future_makes_nobody_a_leaver_before_it_comes() {
    let mut town = synced();
    town.rostering(Command::Terminate { id: id("SU-1"), on: at("2026-03-05 12:00") });
    town.sync();
    town.at("2026-03-04 23:59");
    town.check(&rec(1), &[Situation::InStep]);
    town.at("2026-03-05 00:00");
    town.check(&rec(1), &[Situation::LeaversRecord, Situation::Ended]);
    assert_eq!(town.told(&rec(1), Situation::LeaversRecord).since, Some(at("2026-03-05 00:00")));
}

#[test]
fn a_record_by_hand_with_an_identifier_nobody_has_is_listed_and_no_case() {
    let records = vec![planted(Origin::ByHand, Some("SU-7"), ada("Hull"), 0)];
    let town = Town::with(Settings::default(), ONE, records);
    town.check(&rec(1), &[Situation::LeaversRecord]);
    assert_eq!(town.due_cases(&rec(1)), []);
}

#[test]
fn a_record_by_hand_without_identifier_is_neither_orphan_nor_leaver() {
    let records = vec![planted(Origin::ByHand, None, ada("Hull"), 0)];
    let town = Town::with(Settings::default(), ONE, records);
    town.check(&rec(1), &[Situation::MadeByHand]);
}

#[test]
fn an_orphan_that_support_made_inactive_is_none_any_more() {
    let records = vec![planted(Origin::Integration, Some("SU-7"), ada("Hull"), 0)];
    let mut town = Town::with(Settings::default(), ONE, records);
    town.acp(Actor::Support, Action::Deactivate { record: RecordId(1) });
    town.check(&rec(1), &[Situation::LeaversRecord]);
}

#[test]
fn after_a_change_of_identifier_the_old_record_is_left_behind_and_a_second_is_coming() {
    let mut town = synced();
    town.rostering(Command::ChangeId { from: id("SU-1"), to: id("SU-2") });
    town.check(&rec(1), &[Situation::LeaversRecord]);
    let advice = town.told(&su("SU-2"), Situation::WaitingForSync);
    assert!(advice.clauses.contains(&Clause::Dup1), "{:#?}", advice.clauses);
    town.sync();
    assert!(town.situations(&rec(1)).contains(&Situation::LikelyDuplicate));
}

#[test]
fn an_identifier_that_leads_to_an_inactive_record_is_told_of() {
    let mut record = planted(Origin::ByHand, Some("SU-1"), ada("North Leeds"), 0);
    record.status = Status::Archived;
    let mut town = Town::with(Settings::default(), ONE, vec![record]);
    town.add_ada();
    let advice = town.told(&su("SU-1"), Situation::RecordNotActive);
    assert!(advice.what.contains("is archived in ACP"), "{}", advice.what);
    assert_eq!(advice.case, None);
}

#[test]
fn a_record_that_the_end_date_made_inactive_is_nothing_but_ended() {
    let mut town = Town::under(Settings { end_date: EndDate::Deactivates, ..Settings::default() });
    town.add_ada();
    town.sync();
    town.pass(hours(1));
    town.rostering(Command::Terminate { id: id("SU-1"), on: town.now });
    town.sync();
    town.check(&su("SU-1"), &[Situation::LeaversRecord, Situation::Ended]);
}

#[test]
fn a_deleted_record_is_on_its_way_back_as_a_new_one() {
    let mut town = synced();
    town.pass(hours(100));
    town.admin(Action::Delete { record: RecordId(1) });
    let advice = town.told(&su("SU-1"), Situation::WaitingForSync);
    assert_eq!(advice.since, Some(town.now));
    assert!(town.advise(&rec(1))[0].what.contains("Record R1 was deleted in ACP"));
}

#[test]
fn after_a_merge_the_losers_identifier_leads_to_the_survivor() {
    let mut town = duplicate();
    town.acp(Actor::Support, Action::Merge { survivor: RecordId(1), loser: RecordId(2) });
    town.sync();
    town.pass(hours(30));
    town.check(&su("482"), &[Situation::InStep]);
    town.check(&rec(1), &[Situation::InStep]);
}

// Everything

#[test]
fn scenarios_name_the_situations_as_guidance_does() {
    let texts: Vec<&str> = Situation::ALL.iter().map(|situation| situation.text()).collect();
    assert_eq!(texts, scenario::vocabulary::SITUATIONS);
}

#[test]
fn the_gravest_comes_first_and_twice_asked_is_twice_the_same() {
    let mut town = duplicate();
    town.edit("482", &[("family name", "Okafor-Reed")]);
    town.saw(Sight::Confirmed(RecordId(1), RecordId(2)));
    town.pass(hours(25));
    let situations = town.situations(&su("482"));
    assert_eq!(situations, [Situation::ConfirmedDuplicate, Situation::Overdue]);
    assert_eq!(town.scene.advise_all(town.now), town.scene.clone().advise_all(town.now));
}

#[test]
fn two_environments_with_prefixes_are_told_apart() {
    let systems = &[(System::PeoplePlanner, Some("N-")), (System::PeoplePlanner, Some("S-"))];
    let mut town = Town::with(Settings::default(), systems, Vec::new());
    town.admin(Action::AddBranch { branch: "S-Hull".into(), service: "Home Care".into() });
    town.rostering_in(1, Command::AddServiceUser { id: id("1"), fields: ada("Hull") });
    let subject = Subject::ServiceUser { environment: 1, sent_id: id("S-1") };
    let advice = town.told(&subject, Situation::WaitingForSync);
    assert!(
        advice.what.contains("Access People Planner (S-) has had Ada Okafor (external ID S-1)"),
        "{}",
        advice.what
    );
    town.sync_from(1);
    town.check(&subject, &[Situation::InStep]);
}

#[test]
fn every_sentence_is_whole_and_uses_the_projects_words() {
    let mut all = Vec::new();
    for mut town in [duplicate(), synced()] {
        town.edit_record(1, &[("branch", "South Leeds")]);
        town.pass(hours(25));
        all.extend(town.scene.advise_all(town.now));
    }
    assert!(all.len() > 2);
    for sentence in all.iter().flat_map(|it| [&it.what].into_iter().chain(&it.to_do).chain(&it.not_to_do)) {
        assert!(sentence.ends_with('.'), "{sentence}");
        assert!(!sentence.contains("  "), "{sentence}");
        for word in ["client", "patient", "dupe", "entity", "please", "sorry", "!", "upsert", "ticket"] {
            assert!(!sentence.to_lowercase().contains(word), "{word}: {sentence}");
        }
    }
}
