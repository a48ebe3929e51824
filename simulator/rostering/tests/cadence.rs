//! When updates are due: every 15 and every 1440 elapsed minutes. Article 12679947.

mod common;

use common::{Office, START, at, hours, minutes, start_and};
use feed::UpdateKind;
use jiff::SignedDuration;

#[test]
fn nothing_is_due_before_it_goes_live() {
    let mut office = Office::people_planner();
    assert_eq!(office.roster.next_due(), None);
    assert_eq!(office.roster.poll(office.now), None);
    assert!(!office.roster.is_live());
}

#[test]
fn a_full_is_due_when_it_goes_live_and_a_partial_every_quarter_of_an_hour_after_it() {
    let mut office = Office::people_planner();
    office.roster.go_live(at(START));
    let first = office.roster.poll(at(START)).expect("due at once");
    assert_eq!((first.kind, first.sequence, first.sent_at), (UpdateKind::Full, 1, at(START)));
    for n in 1..96 {
        let due = start_and(minutes(15 * n));
        assert_eq!(office.roster.next_due(), Some(due));
        let partial = office.roster.poll(due).expect("due");
        assert_eq!((partial.kind, i64::from(partial.sequence)), (UpdateKind::Partial, n + 1));
    }
}

#[test]
fn a_full_takes_the_place_of_the_partial_due_at_the_same_instant() {
    let mut office = Office::people_planner();
    office.roster.go_live(at(START));
    for n in 0..96 {
        office.roster.poll(start_and(minutes(15 * n)));
    }
    let full = office.roster.poll(start_and(minutes(1440))).expect("due");
    assert_eq!((full.kind, full.sequence), (UpdateKind::Full, 97));
    assert_eq!(office.roster.poll(start_and(minutes(1440))), None);
    assert_eq!(office.roster.next_due(), Some(start_and(minutes(1455))));
}

#[test]
fn a_millisecond_too_early_nothing_is_due() {
    let mut office = Office::people_planner();
    office.roster.go_live(at(START));
    office.roster.poll(at(START));
    let millisecond = SignedDuration::from_millis(1);
    assert_eq!(office.roster.poll(start_and(minutes(15) - millisecond)), None);
    assert!(office.roster.poll(start_and(minutes(15))).is_some());
}

#[test]
fn clock_changes_do_not_move_the_full() {
    for start in ["2026-03-28T09:00:00Z", "2026-10-24T08:00:00Z"] {
        let mut office = Office::people_planner();
        office.roster.go_live(at(start));
        office.roster.poll(at(start));
        let updates = (0..96).map(|_| {
            let due = office.roster.next_due().expect("live");
            office.roster.poll(due).expect("due")
        });
        let last = updates.last().expect("there are 96");
        assert_eq!((last.kind, last.sent_at.duration_since(at(start))), (UpdateKind::Full, hours(24)));
    }
}

#[test]
fn who_asks_late_gets_one_update_for_all_and_the_grid_stays() {
    let mut office = Office::people_planner();
    office.roster.go_live(at(START));
    office.roster.poll(at(START));
    let late = office.roster.poll(start_and(minutes(50))).expect("three are due");
    assert_eq!((late.kind, late.sequence, late.sent_at), (UpdateKind::Partial, 2, start_and(minutes(50))));
    assert_eq!(office.roster.next_due(), Some(start_and(minutes(60))));
    let later = office.roster.poll(start_and(minutes(1450))).expect("a full among others");
    assert_eq!(later.kind, UpdateKind::Full);
    assert_eq!(office.roster.next_due(), Some(start_and(minutes(1455))));
}

#[test]
fn switched_off_nothing_is_due_and_on_again_a_full_is_due_at_once() {
    let mut office = Office::people_planner();
    office.roster.go_live(at(START));
    office.roster.poll(at(START));
    office.roster.stop();
    assert_eq!((office.roster.next_due(), office.roster.is_live()), (None, false));
    assert_eq!(office.roster.poll(start_and(hours(24))), None);
    let again = start_and(hours(30) + minutes(7));
    office.roster.go_live(again);
    let full = office.roster.poll(again).expect("due at once");
    assert_eq!((full.kind, full.sequence), (UpdateKind::Full, 2));
    assert_eq!(office.roster.next_due(), again.checked_add(minutes(15)).ok());
}

#[test]
fn an_update_composed_by_hand_has_the_next_number_and_leaves_the_grid_alone() {
    let mut office = Office::people_planner();
    office.roster.go_live(at(START));
    office.roster.poll(at(START));
    office.later(minutes(3));
    assert_eq!(office.full().sequence, 2);
    assert_eq!(office.roster.next_due(), Some(start_and(minutes(15))));
    assert_eq!(office.roster.poll(start_and(minutes(15))).map(|it| it.sequence), Some(3));
}

#[test]
fn at_the_end_of_time_nothing_panics() {
    let mut office = Office::people_planner();
    office.roster.go_live(feed::Timestamp::MAX);
    assert!(office.roster.poll(feed::Timestamp::MAX).is_some());
    office.now = feed::Timestamp::MAX;
    assert_eq!(office.full().visits_until, feed::Timestamp::MAX);
}
