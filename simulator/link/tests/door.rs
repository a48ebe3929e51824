//! What stands at ACP's door, and in which order.

use feed::{System, Timestamp, Update, UpdateKind};
use jiff::SignedDuration;
use link::{Deliveries, Door, Fault, FaultKind, Link};
use std::sync::Arc;

fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("an instant")
}

fn later(minutes: i64, milliseconds: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minutes) + SignedDuration::from_millis(milliseconds)
}

/// A full update, which arrives at once.
fn update(sequence: u32) -> Arc<Update> {
    Arc::new(Update {
        kind: UpdateKind::Full,
        system: System::PeoplePlanner,
        environment: 0,
        sequence,
        sent_at: start(),
        branches: Vec::new(),
        service_users: Vec::new(),
        visits: Vec::new(),
        visits_until: start(),
    })
}

fn down_for_ten_minutes() -> Link {
    let mut link = Link::new(1);
    let kind = FaultKind::Down(SignedDuration::from_mins(10));
    link.begin(Fault { kind, on: Deliveries::default(), times: 1 }, start());
    link
}

#[test]
fn a_link_is_down_from_its_first_instant_up_to_its_last_and_not_at_it() {
    for (at, is_down) in [(later(0, 0), true), (later(9, 59_999), true), (later(10, 0), false)] {
        assert_eq!(down_for_ten_minutes().knock(at, &update(1)).is_some(), is_down, "{at}");
    }
}

#[test]
fn a_fault_that_is_lifted_is_over() {
    let mut link = down_for_ten_minutes();
    assert!(link.lift(0) && link.is_lifted(0));
    assert!(link.knock(later(5, 0), &update(1)).is_none());
    assert!(!link.lift(1), "there is no second fault");
}

#[test]
fn what_arrives_at_one_instant_arrives_in_the_order_of_sending_and_nothing_is_lost() {
    let mut link = Link::new(1);
    let numbers: Vec<u32> = (1..=3).map(|sequence| link.send(start(), update(sequence)).0).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let mut arrived = Vec::new();
    while let Some(Door::Open(delivery)) = link.arrive(start()) {
        arrived.push((delivery.number, delivery.update.sequence));
    }
    assert_eq!(arrived, [(1, 1), (2, 2), (3, 3)]);
}
