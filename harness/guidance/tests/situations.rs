//! Every situation, from what both systems show: when guidance says it, when not, and what it says.

mod common;

use acp::{Action, Actor, Origin, RecordId};
use common::{ONE, Town, ada, at, fields, hours, id, mins, planted, rec, su};
use feed::{
    AbsentField, Clause, ContactDetails, Field, IdentifierMatching, ServiceMove, Setting, Settings, System,
    Text,
};
use guidance::{Sight, Situation, Subject};
use rostering::Command;

// In step, waiting, overdue

#[test]
fn nobody_known_gets_no_advice_and_somebody_known_always_some() {
    let town = Town::synced();
    assert_eq!(town.advise(&su("SU-9")), []);
    assert_eq!(town.advise(&rec(9)), []);
    town.check(&su("SU-1"), &[Situation::InStep]);
    town.check(&rec(1), &[Situation::InStep]);
}

#[test]
fn what_is_waiting_is_told_with_both_values_and_until_when() {
    let mut town = Town::synced();
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
    let mut town = Town::synced();
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
        let mut town = Town::synced();
        town.edit("SU-1", &[(field, value)]);
        town.pass(hours(25));
        let advice = town.told(&su("SU-1"), Situation::Overdue);
        assert_eq!(advice.clauses.contains(&Clause::Branch4), is_branch);
        assert!(advice.clauses.contains(&Clause::Time2));
    }
}

#[test]
fn one_field_can_be_overdue_while_another_still_waits() {
    let mut town = Town::synced();
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
    let mut town = Town::synced();
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
    let mut town = Town::synced();
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
    let mut town = Town::synced();
    town.edit_record(1, &[("phone", "0113 496 0000"), ("email", "a@example.org")]);
    town.admin(Action::GrantRole { record: RecordId(1), role: "Night team".into() });
    town.check(&rec(1), &[Situation::InStep]);
}

#[test]
fn once_rostering_changes_the_field_too_it_is_a_change_on_its_way() {
    let mut town = Town::synced();
    town.edit_record(1, &[("family name", "Reed")]);
    town.pass(mins(1));
    town.edit("SU-1", &[("family name", "Obi")]);
    town.check(&su("SU-1"), &[Situation::WaitingForSync]);
}

// Moves

#[test]
fn a_move_to_another_service_with_care_data_is_held_and_its_case_is_due_at_once() {
    let mut town = Town::synced();
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
    let mut town = Town::synced();
    town.edit("SU-1", &[("branch", "Hull")]);
    town.check(&su("SU-1"), &[Situation::WaitingForSync]);
    town.pass(mins(10));
    town.care_plan(1);
    assert_eq!(town.told(&su("SU-1"), Situation::MoveHeld).since, Some(town.now));
}

#[test]
fn while_a_move_is_held_other_fields_keep_their_deadline() {
    let mut town = Town::synced();
    town.care_plan(1);
    town.edit("SU-1", &[("branch", "Hull"), ("family name", "Reed")]);
    town.pass(hours(25));
    town.check(&su("SU-1"), &[Situation::MoveHeld, Situation::Overdue]);
    assert_eq!(town.told(&su("SU-1"), Situation::Overdue).fields, [Field::FamilyName]);
}

#[test]
fn a_move_without_care_data_or_inside_one_service_is_only_waited_for() {
    let mut town = Town::synced();
    town.edit("SU-1", &[("branch", "Hull")]);
    town.check(&su("SU-1"), &[Situation::WaitingForSync]);
    let mut town = Town::synced();
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
    let mut town = Town::synced();
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
        ("north leeds", "ACP has \"North Leeds\", which differs only in capital letters or spaces."),
        ("North Leeds ", "ACP has \"North Leeds\", which differs only in spaces or invisible characters."),
        ("North Leds", "ACP has \"North Leeds\", which is near"),
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
    let mut town = Town::synced();
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
    let mut town = Town::synced();
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
    assert!(
        advice
            .to_do
            .iter()
            .any(|it| it.starts_with("If R1 is the same person, have the external identifier \"SU-1\" set"))
    );
    let advice = town.told(&rec(1), Situation::MadeByHand);
    assert!(
        advice.what.contains("Ada Okafor (external identifier SU-1) in rostering may be the same person")
    );
}

// Everything

#[test]
fn scenarios_name_the_situations_as_guidance_does() {
    let texts: Vec<&str> = Situation::ALL.iter().map(|situation| situation.text()).collect();
    let words: Vec<&str> = scenario::vocabulary::SITUATIONS.iter().map(|word| word.text).collect();
    assert_eq!(texts, words);
}

#[test]
fn the_gravest_comes_first_and_twice_asked_is_twice_the_same() {
    let mut town = Town::duplicate();
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
        advice
            .what
            .contains("Access People Planner (S-) has had Ada Okafor (external identifier S-1) to send"),
        "{}",
        advice.what
    );
    town.sync_from(1);
    town.check(&subject, &[Situation::InStep]);
}

#[test]
fn every_sentence_is_whole_and_uses_the_projects_words() {
    let mut all = Vec::new();
    for mut town in [Town::duplicate(), Town::synced()] {
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
