//! Until when to wait, and from when on something is overdue: both windows, their ends, and what moves them.

mod common;

use common::{MS, Town, at, hours, id, mins, su};
use feed::{Clause, NearTerm, Settings, Timestamp};
use guidance::Situation;
use jiff::SignedDuration;
use rostering::Command;

const SU: &str = "SU-1";

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).expect("an instant of this age")
}

/// Ada is in ACP, and her branch has just been corrected in rostering.
fn corrected(visit: Option<SignedDuration>) -> Town {
    let mut town = Town::new();
    town.add_ada();
    town.sync();
    town.pass(mins(30));
    if let Some(visit) = visit {
        let starts = later(town.now, visit);
        town.visit("V1", SU, starts);
    }
    town.edit(SU, &[("branch", "South Leeds")]);
    town
}

#[test]
fn at_exactly_twenty_minutes_it_is_on_time_and_a_millisecond_later_it_is_overdue() {
    let mut town = corrected(Some(hours(24)));
    let due = later(town.now, mins(20));
    town.check(&su(SU), &[Situation::WaitingForSync]);
    assert_eq!(town.told(&su(SU), Situation::WaitingForSync).wait_until, Some(due));
    town.pass(mins(20));
    town.check(&su(SU), &[Situation::WaitingForSync]);
    assert_eq!(town.due_cases(&su(SU)), []);
    town.pass(MS);
    town.check(&su(SU), &[Situation::Overdue]);
    assert_eq!(town.due_cases(&su(SU)), [Clause::Case1]);
}

#[test]
fn without_a_visit_the_window_is_a_day_end_included() {
    let mut town = corrected(None);
    town.pass(hours(24));
    town.check(&su(SU), &[Situation::WaitingForSync]);
    assert!(town.told(&su(SU), Situation::WaitingForSync).clauses.contains(&Clause::Time2));
    town.pass(MS);
    town.check(&su(SU), &[Situation::Overdue]);
}

#[test]
fn a_visit_exactly_72_hours_ahead_is_near_term_and_one_a_millisecond_further_becomes_so() {
    let town = corrected(Some(hours(72)));
    assert_eq!(town.due(SU), Some(later(town.now, mins(20))));
    let town = corrected(Some(hours(72) + MS));
    assert_eq!(town.due(SU), Some(later(town.now, mins(20) + MS)));
}

#[test]
fn a_visit_that_comes_nearer_brings_its_deadline_with_it() {
    let town = corrected(Some(hours(80)));
    assert_eq!(town.due(SU), Some(later(town.now, hours(8) + mins(20))));
    assert!(town.told(&su(SU), Situation::WaitingForSync).clauses.contains(&Clause::Time1));
}

#[test]
fn a_visit_that_comes_near_after_the_day_changes_nothing() {
    let town = corrected(Some(hours(96)));
    assert_eq!(town.due(SU), Some(later(town.now, hours(24))));
}

#[test]
fn a_visit_planned_later_brings_the_deadline_forward_from_then_on() {
    let mut town = corrected(None);
    let changed_at = town.now;
    town.pass(hours(2));
    let starts = later(town.now, hours(5));
    town.visit("V1", SU, starts);
    assert_eq!(town.due(SU), Some(later(changed_at, hours(2) + mins(20))));
}

#[test]
fn a_near_visit_that_is_cancelled_or_moved_away_in_time_relaxes_the_deadline() {
    let cancel = Command::CancelVisit { id: feed::VisitId::new("V1") };
    let away = Command::MoveVisit { id: feed::VisitId::new("V1"), starts: at("2026-04-20 09:00") };
    let delete = Command::DeleteVisit { id: feed::VisitId::new("V1") };
    for command in [cancel, away, delete] {
        let mut town = corrected(Some(hours(24)));
        let changed_at = town.now;
        town.pass(mins(15));
        town.rostering(command);
        assert_eq!(town.due(SU), Some(later(changed_at, hours(24))));
    }
}

#[test]
fn a_suspension_over_the_visit_relaxes_the_deadline_and_its_end_restores_it() {
    let mut town = corrected(Some(hours(24)));
    let changed_at = town.now;
    town.pass(mins(5));
    let reason = "hospital".into();
    town.rostering(Command::Suspend { id: id(SU), from: town.now, until: None, reason });
    assert_eq!(town.due(SU), Some(later(changed_at, hours(24))));
    town.pass(hours(1));
    town.rostering(Command::EndSuspension { id: id(SU) });
    assert_eq!(town.due(SU), Some(later(town.now, mins(20))));
}

#[test]
fn a_visit_that_has_begun_stays_a_reason_even_if_it_is_cancelled_then() {
    let mut town = corrected(Some(mins(10)));
    let due = later(town.now, mins(20));
    town.pass(mins(11));
    assert_eq!(town.due(SU), Some(due));
    town.rostering(Command::CancelVisit { id: feed::VisitId::new("V1") });
    assert_eq!(town.due(SU), Some(due));
}

#[test]
fn of_two_near_visits_one_can_go_without_moving_the_deadline() {
    let mut town = corrected(Some(hours(24)));
    let due = later(town.now, mins(20));
    let starts = later(town.now, hours(30));
    town.visit("V2", SU, starts);
    town.pass(mins(3));
    town.rostering(Command::CancelVisit { id: feed::VisitId::new("V1") });
    assert_eq!(town.due(SU), Some(due));
}

#[test]
fn a_later_edit_does_not_extend_the_deadline_of_an_earlier_one() {
    let mut town = corrected(None);
    let due = later(town.now, hours(24));
    town.pass(hours(20));
    town.edit(SU, &[("branch", "Hull")]);
    assert_eq!(town.due(SU), Some(due));
}

#[test]
fn taking_the_change_back_leaves_nothing_to_wait_for_and_a_new_change_starts_a_new_clock() {
    let mut town = corrected(None);
    town.pass(hours(20));
    town.edit(SU, &[("branch", "North Leeds")]);
    assert_eq!(town.due(SU), None);
    town.check(&su(SU), &[Situation::InStep]);
    town.pass(hours(1));
    town.edit(SU, &[("branch", "South Leeds")]);
    assert_eq!(town.due(SU), Some(later(town.now, hours(24))));
}

#[test]
fn the_clock_of_a_new_service_user_starts_when_they_are_added() {
    let mut town = Town::new();
    town.pass(mins(7));
    town.add_ada();
    let added_at = town.now;
    town.check(&su(SU), &[Situation::WaitingForSync]);
    town.pass(hours(24) + MS);
    let advice = town.told(&su(SU), Situation::Overdue);
    assert_eq!((advice.since, advice.wait_until), (Some(added_at), Some(later(added_at, hours(24)))));
    assert!(advice.clauses.contains(&Clause::Pub14));
}

#[test]
fn mapping_an_existing_record_does_not_restart_the_clock_of_what_it_does_not_show() {
    let by_hand = common::planted(acp::Origin::ByHand, None, common::ada("Hull"), 0);
    let mut town = Town::with(Settings::default(), &[(feed::System::PeoplePlanner, None)], vec![by_hand]);
    town.pass(hours(1));
    town.add_ada();
    let added_at = town.now;
    town.pass(hours(2));
    let set = acp::Action::SetExternalId { record: acp::RecordId(1), to: Some(id(SU)) };
    town.admin(set);
    assert_eq!(town.due(SU), Some(later(added_at, hours(24))));
}

#[test]
fn before_go_live_nothing_is_promised_and_from_go_live_on_everything() {
    let mut town = Town::off(Settings::default(), &[(feed::System::PeoplePlanner, None)], Vec::new());
    town.add_ada();
    assert_eq!(town.due(SU), None);
    town.check(&su(SU), &[Situation::NotSent]);
    town.pass(hours(100));
    town.go_live(0);
    assert_eq!(town.due(SU), Some(later(town.now, hours(24))));
}

#[test]
fn a_branch_that_acp_lacked_starts_the_clock_when_acp_gets_it() {
    let mut town = Town::new();
    town.add(SU, common::ada("York"));
    town.pass(hours(30));
    town.check(&su(SU), &[Situation::BranchUnknown]);
    assert_eq!(town.due(SU), None);
    town.admin(acp::Action::AddBranch { branch: "York".into(), service: "Home Care".into() });
    assert_eq!(town.due(SU), Some(later(town.now, hours(24))));
}

#[test]
fn a_hand_edit_of_what_rostering_controls_is_put_back_within_a_window_of_the_edit() {
    let mut town = Town::new();
    town.add_ada();
    town.sync();
    town.pass(hours(50));
    town.edit_record(1, &[("branch", "South Leeds")]);
    let edited_at = town.now;
    let advice = town.told(&su(SU), Situation::WillBeOverwritten);
    assert_eq!((advice.since, advice.wait_until), (Some(edited_at), Some(later(edited_at, hours(24)))));
    town.pass(hours(24));
    town.check(&su(SU), &[Situation::WillBeOverwritten]);
    town.pass(MS);
    town.check(&su(SU), &[Situation::Overdue]);
}

#[test]
fn a_hand_edit_does_not_delay_a_change_that_was_waiting_already() {
    let mut town = corrected(None);
    let due = later(town.now, hours(24));
    town.pass(hours(5));
    town.edit_record(1, &[("branch", "Hull")]);
    assert_eq!(town.due(SU), Some(due));
}

#[test]
fn after_the_last_delivery_that_was_kept_away_the_window_begins_anew() {
    let mut town = corrected(Some(hours(24)));
    town.pass(hours(2));
    town.scene.healed_at = Some(town.now);
    let due = later(town.now, mins(20));
    assert_eq!(town.due(SU), Some(due));
    town.pass(mins(20));
    town.check(&su(SU), &[Situation::WaitingForSync]);
    town.pass(MS);
    town.check(&su(SU), &[Situation::Overdue]);
}

#[test]
fn after_a_fault_a_far_change_has_a_day_again() {
    let mut town = corrected(None);
    town.pass(hours(3));
    town.scene.healed_at = Some(town.now);
    assert_eq!(town.due(SU), Some(later(town.now, hours(24))));
}

#[test]
fn a_fault_that_was_over_before_the_change_does_not_matter() {
    let mut town = Town::new();
    town.add_ada();
    town.sync();
    town.scene.healed_at = Some(town.now);
    town.pass(mins(1));
    town.edit(SU, &[("family name", "Okafor-Reed")]);
    assert_eq!(town.due(SU), Some(later(town.now, hours(24))));
}

#[test]
fn a_change_that_was_waiting_when_the_service_ended_is_still_promised() {
    let mut town = corrected(None);
    let due = later(town.now, hours(24));
    town.rostering(Command::Terminate { id: id(SU), on: at("2026-03-03 12:00") });
    town.at("2026-03-03 05:00");
    assert_eq!(town.due(SU), Some(due));
    town.check(&su(SU), &[Situation::WaitingForSync, Situation::LeaversRecord, Situation::Ended]);
}

#[test]
fn one_who_was_terminated_at_once_is_promised_nothing() {
    let mut town = corrected(None);
    town.rostering(Command::Terminate { id: id(SU), on: town.now });
    assert_eq!(town.due(SU), None);
}

/// The vectors of the clock changes: a visit's start against an instant, in elapsed time.
#[test]
fn near_term_is_counted_in_elapsed_time_over_the_clock_changes() {
    for (name, now, starts, due_after) in [
        ("V1", "2026-03-27 12:00", "2026-03-30 12:00", mins(20)),
        ("V2", "2026-03-27 12:00", "2026-03-30 11:30", mins(20)),
        ("V3", "2026-03-27 12:00", "2026-03-30 12:00:01", mins(20) + SignedDuration::from_secs(1)),
        ("V4", "2026-10-23 11:00", "2026-10-26 11:00", mins(20)),
        ("V5", "2026-10-23 11:00", "2026-10-26 11:30", mins(50)),
        ("V6", "2026-10-22 00:30", "2026-10-25 00:30", mins(20)),
        ("V7", "2026-10-22 00:30", "2026-10-25 01:30", mins(80)),
        ("V8", "2026-06-01 08:00", "2026-06-04 07:00", mins(20)),
    ] {
        let mut town = Town::new();
        town.at(now);
        town.add_ada();
        town.visit("V1", SU, at(starts));
        assert_eq!(town.due(SU), Some(later(at(now), due_after)), "{name}");
    }
}

#[test]
fn a_day_is_24_elapsed_hours_when_the_clocks_change() {
    for now in ["2026-03-28 12:00", "2026-10-24 11:00"] {
        let mut town = Town::new();
        town.at(now);
        town.add_ada();
        assert_eq!(town.due(SU), Some(later(at(now), hours(24))));
    }
}

#[test]
fn under_three_calendar_days_a_visit_becomes_near_term_at_a_midnight_in_london() {
    let mut town = Town::under(Settings { near_term: NearTerm::ThreeCalendarDays, ..Settings::default() });
    town.at("2026-03-28 09:00");
    town.add_ada();
    // The visit is on the 31st in London, so the 29th is the first of the three days.
    town.visit("V1", SU, at("2026-03-31 20:00"));
    assert_eq!(town.due(SU), Some(at("2026-03-29 00:20")));
}
