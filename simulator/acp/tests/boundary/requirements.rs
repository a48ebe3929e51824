//! Care plans that come of service requirements (Care Rostering).

use crate::desk::{CARE, Desk, TENANT, ada, created, matched, with_requirements};
use acp::{Action, CareItem, Note, Outcome, RecordId};
use feed::{Clause, Field, ServiceUser, System, Update};

fn order(desk: &mut Desk, service_user: ServiceUser) -> Outcome {
    let update = Update { system: System::CareRostering, service_users: vec![service_user], ..desk.update() };
    desk.receive(update).decisions.remove(0).outcome
}

fn send(desk: &mut Desk, requirements: &[&str]) -> Outcome {
    order(desk, with_requirements(ada(&[]), requirements))
}

/// Requirement, whether it is open, number of activities.
fn plans(desk: &Desk) -> Vec<(String, bool, usize)> {
    let told = |item: &CareItem| {
        let requirement = item.requirement.clone().unwrap_or_default();
        (requirement.to_string(), item.ended.is_none(), item.activities.len())
    };
    desk.record(1).local.care.iter().map(told).collect()
}

fn plan(requirement: &str, is_open: bool, n_activities: usize) -> (String, bool, usize) {
    (requirement.into(), is_open, n_activities)
}

#[test]
fn a_new_service_user_gets_a_plan_without_activities_for_each_requirement() {
    let mut desk = Desk::new();
    let (_, notes) = created(send(&mut desk, &["R1", "R2"]));
    assert_eq!(notes, [Note::CarePlans { ended: vec![], added: vec![1, 2] }]);
    assert_eq!(plans(&desk), [plan("R1", true, 0), plan("R2", true, 0)]);
    let item = &desk.record(1).local.care[0];
    assert_eq!(
        (item.title.as_str(), item.service.as_str(), item.added.clause),
        ("Plan R1", "Home care", Clause::Pub11)
    );
    assert!(!desk.record(1).has_care_data(), "nobody has written anything yet");
}

#[test]
fn a_requirement_that_cannot_be_kept_refuses_the_service_user_whichever_part_it_is() {
    for (id, name) in [("R\0", "Morning call"), ("R1", "Morning\0call")] {
        let mut desk = Desk::new();
        let mut user = ada(&[]);
        user.requirements = vec![feed::Requirement { id: id.into(), name: name.into() }];
        let Outcome::Refused(refusal) = order(&mut desk, user) else { panic!("it was taken in") };
        assert!(refusal.why.contains("service requirement"), "{}", refusal.why);
        assert!(desk.records().is_empty());
    }
}

#[test]
fn a_new_requirement_ends_the_plan_and_begins_one_without_its_activities() {
    let mut desk = Desk::new();
    send(&mut desk, &["R1"]);
    desk.must(CARE, Action::AddActivity { record: RecordId(1), title: "Tea".into() });
    let (_, notes) = matched(send(&mut desk, &["R1", "R2"]));
    assert_eq!(notes, [Note::CarePlans { ended: vec![1], added: vec![2] }]);
    assert_eq!(plans(&desk), [plan("R1", false, 1), plan("R2", true, 0)]);
    assert_eq!(matched(send(&mut desk, &["R1", "R2"])), (vec![], vec![]), "R1 is known and stays ended");
    assert_eq!(matched(send(&mut desk, &["R2"])), (vec![], vec![]), "and does not end twice");
    desk.must(CARE, Action::AddActivity { record: RecordId(1), title: "Lunch".into() });
    assert_eq!(plans(&desk)[1], plan("R2", true, 1));
}

#[test]
fn a_requirement_that_is_no_longer_sent_ends_its_plan_alone() {
    let mut desk = Desk::new();
    send(&mut desk, &["R1", "R2"]);
    let (_, notes) = matched(send(&mut desk, &["R2"]));
    assert_eq!(notes, [Note::CarePlans { ended: vec![1], added: vec![] }]);
    assert_eq!(plans(&desk), [plan("R1", false, 0), plan("R2", true, 0)]);
    matched(send(&mut desk, &["R1", "R2"]));
    assert_eq!(plans(&desk).len(), 2, "the same requirement again begins nothing");
}

#[test]
fn plans_that_people_made_are_never_ended() {
    let mut desk = Desk::new();
    send(&mut desk, &[]);
    desk.care(1, acp::CareKind::CarePlan, "By hand");
    send(&mut desk, &["R1"]);
    send(&mut desk, &[]);
    assert_eq!(plans(&desk), [plan("", true, 0), plan("R1", false, 0)]);
}

#[test]
fn an_activity_never_goes_to_a_plan_that_has_ended() {
    let mut desk = Desk::new();
    let tea = || Action::AddActivity { record: RecordId(1), title: "Tea".into() };
    send(&mut desk, &["R1"]);
    send(&mut desk, &[]);
    assert!(desk.refused(CARE, tea()).why.contains("has not ended"));
    desk.care(1, acp::CareKind::CarePlan, "By hand");
    send(&mut desk, &["R2"]);
    send(&mut desk, &[]);
    desk.must(CARE, tea());
    assert_eq!(plans(&desk), [plan("R1", false, 0), plan("", true, 1), plan("R2", false, 0)]);
}

#[test]
fn one_requirement_twice_in_one_update_begins_one_plan() {
    let mut desk = Desk::new();
    send(&mut desk, &["R1", "R1"]);
    assert_eq!(plans(&desk), [plan("R1", true, 0)]);
}

#[test]
fn other_rostering_systems_begin_and_end_nothing() {
    let mut desk = Desk::new();
    desk.sync_one(with_requirements(ada(&[]), &["R0"]));
    assert_eq!(plans(&desk), []);
    send(&mut desk, &["R1"]);
    desk.sync_one(ada(&[]));
    assert_eq!(plans(&desk), [plan("R1", true, 0)]);
}

#[test]
fn an_empty_plan_moves_along_and_one_with_activities_holds_the_move() {
    let mut desk = Desk::new();
    send(&mut desk, &["R1"]);
    let east = || with_requirements(ada(&[(Field::Branch, "East")]), &["R1"]);
    matched(order(&mut desk, east()));
    assert_eq!(desk.record(1).service(), "Supported living");
    assert_eq!(desk.record(1).local.care[0].service, "Supported living");

    desk.must(CARE, Action::AddActivity { record: RecordId(1), title: "Tea".into() });
    let (_, notes) = matched(send(&mut desk, &["R1"]));
    assert!(matches!(notes[..], [Note::Held { because: Clause::Move1, .. }]));
}

#[test]
fn an_empty_plan_moves_along_by_hand_too() {
    let mut desk = Desk::new();
    send(&mut desk, &["R1"]);
    desk.edit(TENANT, 1, &[(Field::Branch, "East")]);
    assert_eq!(desk.record(1).local.care[0].service, "Supported living");
}

#[test]
fn a_plan_begun_while_a_move_is_held_is_in_the_present_service() {
    let mut desk = Desk::new();
    send(&mut desk, &[]);
    desk.care(1, acp::CareKind::Note, "Note");
    order(&mut desk, with_requirements(ada(&[(Field::Branch, "East")]), &["R1"]));
    assert_eq!(desk.record(1).local.care[1].service, "Home care");
}
