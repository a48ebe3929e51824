//! Whom a partial carries: the 72 hours, to the millisecond, and what makes a visit not count.

mod common;

use common::{
    Office, START, ada, at, ben, edit, every_change, hours, id, minutes, people_in, start_and, visit,
};
use common::{visit_id, visits_in};
use feed::{Field, NearTerm, Settings, System, Text, Timestamp};
use jiff::SignedDuration;
use rostering::Command;

/// Who is in a partial at `now` when Ada's only visit starts at `starts`.
fn near(settings: Settings, now: &str, starts: Timestamp) -> bool {
    let mut office = Office::new(System::PeoplePlanner, settings);
    office.now = at(now);
    office.act(ada());
    office.act(visit("V-1", "SU-1001", starts));
    let partial = office.partial();
    assert_eq!(visits_in(&partial).len(), partial.service_users.len(), "the visit goes with its person");
    assert_eq!(office.roster.is_near_term(&id("SU-1001"), at(now)), partial.service_users.len() == 1);
    partial.service_users.len() == 1
}

#[test]
fn exactly_72_hours_ahead_is_near_term_and_a_millisecond_more_is_not() {
    let millisecond = SignedDuration::from_millis(1);
    let near = |starts| near(Settings::default(), START, starts);
    assert!(near(start_and(hours(72))));
    assert!(!near(start_and(hours(72) + millisecond)));
    assert!(near(at(START)));
    assert!(!near(start_and(-millisecond)));
}

#[test]
fn over_a_clock_change_72_hours_stay_72_elapsed_hours() {
    let near = |now, starts| near(Settings::default(), now, at(starts));
    // Friday 9am to Monday 10am in London: 72 hours, as Sunday lacks one.
    assert!(near("2026-03-27T09:00:00Z", "2026-03-30T09:00:00Z"));
    assert!(!near("2026-03-27T09:00:00Z", "2026-03-30T09:00:01Z"));
    // Friday 9am to Monday 8am in London: 72 hours, as Sunday has one more.
    assert!(near("2026-10-23T08:00:00Z", "2026-10-26T08:00:00Z"));
    assert!(!near("2026-10-23T08:00:00Z", "2026-10-26T08:00:01Z"));
}

#[test]
fn three_calendar_days_end_at_midnight_in_london() {
    let settings = Settings { near_term: NearTerm::ThreeCalendarDays, ..Settings::default() };
    let near = |now, starts| near(settings, now, at(starts));
    assert!(near("2026-03-02T09:00:00Z", "2026-03-04T23:59:59Z"));
    assert!(!near("2026-03-02T09:00:00Z", "2026-03-05T00:00:00Z"));
    // Summer time from Sunday on: Monday's midnight is 11pm UTC.
    assert!(near("2026-03-27T09:00:00Z", "2026-03-29T22:59:59Z"));
    assert!(!near("2026-03-27T09:00:00Z", "2026-03-29T23:00:00Z"));
}

#[test]
fn the_span_of_a_partial_follows_the_reading_of_near_term() {
    let three_days = Settings { near_term: NearTerm::ThreeCalendarDays, ..Settings::default() };
    let mut office = Office::new(System::PeoplePlanner, three_days);
    assert_eq!(office.partial().visits_until, at("2026-03-04T23:59:59.999999999Z"));
    assert_eq!(office.full().visits_until, start_and(hours(7 * 24)));
    assert_eq!(Office::people_planner().partial().visits_until, start_and(hours(72)));
}

#[test]
fn a_partial_carries_a_near_term_service_user_again_and_again() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(ben());
    office.act(visit("V-1", "SU-1001", start_and(hours(1))));
    for _ in 0..3 {
        assert_eq!(people_in(&office.partial()), ["SU-1001"]);
    }
}

#[test]
fn a_visit_that_comes_nearer_makes_its_service_user_near_term() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(visit("V-1", "SU-1001", start_and(hours(80))));
    assert!(people_in(&office.partial()).is_empty());
    office.later(hours(8));
    assert_eq!(people_in(&office.partial()), ["SU-1001"]);
}

#[test]
fn a_cancelled_visit_makes_nobody_near_term_and_a_restored_one_does() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(visit("V-1", "SU-1001", start_and(hours(1))));
    office.act(Command::CancelVisit { id: visit_id("V-1") });
    assert!(people_in(&office.partial()).is_empty());
    office.act(Command::RestoreVisit { id: visit_id("V-1") });
    assert_eq!(people_in(&office.partial()), ["SU-1001"]);
}

#[test]
fn a_visit_under_a_suspension_makes_nobody_near_term() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(visit("V-1", "SU-1001", start_and(hours(1))));
    let reason = Text::from("in hospital");
    office.act(Command::Suspend { id: id("SU-1001"), from: office.now, until: None, reason });
    let partial = office.partial();
    assert!(partial.service_users.is_empty() && partial.visits.is_empty());
}

#[test]
fn visits_after_the_end_date_make_nobody_near_term() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(visit("V-1", "SU-1001", at("2026-03-03T08:00:00Z")));
    office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-03T20:00:00Z") });
    assert!(people_in(&office.partial()).is_empty());
    office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-04T00:00:00Z") });
    assert_eq!(people_in(&office.partial()), ["SU-1001"]);
}

#[test]
fn under_every_change_a_partial_also_carries_what_was_not_sent_yet_and_only_once() {
    let mut office = Office::new(System::PeoplePlanner, every_change());
    office.act(ada());
    office.act(ben());
    assert_eq!(people_in(&office.partial()), ["SU-1001", "SU-1002"]);
    assert!(people_in(&office.partial()).is_empty());
    office.act(edit("SU-1002", &[(Field::Phone, "0113 496 0002")]));
    assert_eq!(people_in(&office.partial()), ["SU-1002"]);
    office.act(edit("SU-1001", &[(Field::Phone, "0113 496 0003")]));
    office.full();
    assert!(people_in(&office.partial()).is_empty(), "the full carried it");
}

#[test]
fn under_every_change_what_changes_nothing_is_not_sent() {
    let mut office = Office::new(System::PeoplePlanner, every_change());
    office.act(ada());
    office.full();
    office.act(Command::Save { id: id("SU-1001") });
    office.act(edit("SU-1001", &[(Field::GivenName, "Ada")]));
    office.act(visit("V-1", "SU-1001", start_and(hours(100))));
    assert!(people_in(&office.partial()).is_empty());
}

#[test]
fn under_every_change_a_deleted_service_user_leaves_nothing_to_send() {
    let mut office = Office::new(System::PeoplePlanner, every_change());
    office.act(ada());
    office.act(Command::Delete { id: id("SU-1001") });
    assert!(people_in(&office.partial()).is_empty());
}

#[test]
fn under_every_change_a_new_identifier_is_sent_by_the_next_partial() {
    let mut office = Office::new(System::PeoplePlanner, every_change());
    office.act(ada());
    office.full();
    office.act(Command::ChangeId { from: id("SU-1001"), to: id("LDS-7") });
    assert_eq!(people_in(&office.partial()), ["LDS-7"]);
}

#[test]
fn otherwise_a_change_of_a_far_service_user_waits_for_the_full() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.later(minutes(15));
    assert!(people_in(&office.partial()).is_empty());
    assert_eq!(people_in(&office.full()), ["SU-1001"]);
}

#[test]
fn a_partial_carries_whose_visit_has_begun_since_the_last_update() {
    let mut office = Office::new(System::PeoplePlanner, Settings::default());
    office.act(ada());
    office.act(visit("V-1", "SU-1001", start_and(minutes(10))));
    office.roster.go_live(at(START));
    office.roster.poll(at(START)).expect("the first full");
    let first = office.roster.poll(start_and(minutes(15))).expect("a partial");
    assert_eq!(first.service_users.len(), 1, "near-term after five minutes, so promised after 25");
    assert!(first.visits.is_empty(), "the visit itself has begun");
    let second = office.roster.poll(start_and(minutes(30))).expect("a partial");
    assert!(second.service_users.is_empty(), "it began before the last update");
}
