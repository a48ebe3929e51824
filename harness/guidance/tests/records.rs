//! Records and pairs of them: duplicates, split histories, orphans, leavers' records, records that are not active.

mod common;

use acp::{Action, Actor, Origin, RecordId, Status};
use common::{ONE, Town, ada, at, fields, hours, id, mins, planted, rec, su};
use feed::{Clause, EndDate, Field, Settings};
use guidance::{Sight, Situation};
use rostering::Command;

#[test]
fn a_likely_duplicate_is_told_with_the_facts_of_both_and_no_case_yet() {
    let town = Town::duplicate();
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
    let town = Town::duplicate();
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
    let mut town = Town::duplicate();
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
        let mut town = Town::duplicate();
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
    let mut town = Town::duplicate();
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
    let mut town = Town::duplicate();
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
fn a_record_that_was_made_the_instant_before_they_left_is_no_orphan() {
    let terminate = Command::Terminate { id: id("SU-1"), on: at("2026-03-02 12:00") };
    for leave in [terminate, Command::Delete { id: id("SU-1") }] {
        let mut town = Town::new();
        town.add_ada();
        town.sync();
        town.rostering(leave);
        town.pass(hours(1));
        assert_eq!(town.situations(&rec(1))[0], Situation::LeaversRecord);
    }
}

#[test]
fn a_record_beside_somebody_who_was_entered_as_a_leaver_is_an_orphan() {
    let records = vec![planted(Origin::Integration, Some("SU-1"), ada("Hull"), 0)];
    let mut town = Town::with(Settings::default(), ONE, records);
    town.add_ada();
    town.rostering(Command::Terminate { id: id("SU-1"), on: at("2026-02-20 12:00") });
    town.check(&rec(1), &[Situation::Orphan, Situation::Ended]);
}

#[test]
fn a_leavers_old_record_is_listed_since_they_left_and_is_no_case() {
    for delete in [false, true] {
        let mut town = Town::synced();
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
    let mut town = Town::synced();
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
    town.check(&rec(1), &[Situation::IdentifierNotInRostering]);
    assert_eq!(town.due_cases(&rec(1)), []);
}

#[test]
fn a_record_by_hand_is_reached_by_syncs_once_support_merged_an_identifier_into_it() {
    let records = vec![planted(Origin::ByHand, None, ada("North Leeds"), 1)];
    let mut town = Town::with(Settings::default(), ONE, records);
    town.add_ada();
    town.sync();
    town.acp(Actor::Support, Action::Merge { survivor: RecordId(1), loser: RecordId(2) });
    town.check(&rec(1), &[Situation::InStep]);
}

#[test]
fn no_window_runs_while_an_identifier_stands_on_two_records() {
    let record = || planted(Origin::Integration, Some("SU-1"), ada("Hull"), 0);
    let mut town = Town::with(Settings::default(), ONE, vec![record(), record()]);
    town.add_ada();
    town.pass(hours(72));
    town.acp(Actor::Support, Action::Merge { survivor: RecordId(1), loser: RecordId(2) });
    let merged_at = town.now;
    let advice = town.told(&su("SU-1"), Situation::WaitingForSync);
    assert_eq!(advice.wait_until, merged_at.checked_add(hours(24)).ok());
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
    let mut town = Town::synced();
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
    let mut town = Town::synced();
    town.pass(hours(100));
    town.admin(Action::Delete { record: RecordId(1) });
    let advice = town.told(&su("SU-1"), Situation::WaitingForSync);
    assert_eq!(advice.since, Some(town.now));
    assert!(town.advise(&rec(1))[0].what.contains("Record R1 was deleted in ACP"));
}

#[test]
fn after_a_merge_the_losers_identifier_leads_to_the_survivor() {
    let mut town = Town::duplicate();
    town.acp(Actor::Support, Action::Merge { survivor: RecordId(1), loser: RecordId(2) });
    town.sync();
    town.pass(hours(30));
    town.check(&su("482"), &[Situation::InStep]);
    town.check(&rec(1), &[Situation::InStep]);
}
