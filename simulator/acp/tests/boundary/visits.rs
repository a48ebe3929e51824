//! Visits: under which record they hang, and what becomes of those that are no longer sent.

use crate::desk::{CARE, Desk, SUPPORT, TEAM, TENANT, ada, created, person, planted};
use acp::{Action, CareKind, Look, RecordId, VisitOutcome, VisitState};
use feed::{ExternalId, Update, Visit, VisitId};
use jiff::SignedDuration;

fn v(id: &str) -> VisitId {
    VisitId::new(id)
}

fn parked(desk: &Desk) -> Vec<VisitId> {
    desk.clone().shown(Look::Everything).parked
}

fn visits_of(desk: &Desk, record: u32) -> Vec<String> {
    desk.record(record).visits.iter().map(|held| held.visit.id.to_string()).collect()
}

fn complete(id: &str) -> Action {
    Action::CompleteVisit { visit: v(id) }
}

/// Ada has a record, R1.
fn desk() -> Desk {
    let mut desk = Desk::new();
    created(desk.sync_one(ada(&[])));
    desk
}

#[test]
fn a_visit_hangs_under_the_record_with_its_service_users_identifier() {
    let mut desk = desk();
    let visits = vec![desk.visit("V2", "SU-1", 30), desk.visit("V1", "SU-1", 5)];
    let receipt = desk.sync_visits(visits.clone());
    let record = RecordId(1);
    let added = |id| VisitOutcome::Added { visit: v(id), record };
    assert_eq!(receipt.visits, [added("V2"), added("V1")]);
    assert_eq!(visits_of(&desk, 1), ["V1", "V2"], "shown by start");
    assert_eq!(desk.record(1).visit(&v("V2")).unwrap().visit, visits[0]);
}

#[test]
fn a_visit_arrives_together_with_its_service_user() {
    let mut desk = Desk::new();
    let update =
        Update { service_users: vec![ada(&[])], visits: vec![desk.visit("V1", "SU-1", 5)], ..desk.update() };
    assert_eq!(desk.receive(update).visits, [VisitOutcome::Added { visit: v("V1"), record: RecordId(1) }]);
}

#[test]
fn a_visit_that_moves_in_time_is_changed_and_the_same_again_is_not() {
    let mut desk = desk();
    let first = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![first.clone()]);
    let record = RecordId(1);
    assert_eq!(
        desk.sync_visits(vec![first.clone()]).visits,
        [VisitOutcome::Unchanged { visit: v("V1"), record }]
    );
    let later = Visit { starts: first.starts + SignedDuration::from_hours(1), ..first };
    assert_eq!(
        desk.sync_visits(vec![later.clone()]).visits,
        [VisitOutcome::Changed { visit: v("V1"), record }]
    );
    let allocated = Visit { employee: Some("E-1".into()), ..later };
    assert_eq!(desk.sync_visits(vec![allocated]).visits, [VisitOutcome::Changed { visit: v("V1"), record }]);
    assert_eq!(visits_of(&desk, 1), ["V1"]);
}

#[test]
fn a_visit_without_a_record_waits_and_arrives_with_it() {
    let mut desk = Desk::new();
    let visit = desk.visit("V1", "SU-1", 5);
    let waits = VisitOutcome::Parked { visit: v("V1"), service_user: ExternalId::new("SU-1") };
    for _ in 0..2 {
        assert_eq!(desk.sync_visits(vec![visit.clone()]).visits, std::slice::from_ref(&waits));
    }
    assert_eq!(parked(&desk), [v("V1")]);
    let update = Update { service_users: vec![ada(&[])], visits: vec![visit], ..desk.update() };
    assert_eq!(desk.receive(update).visits, [VisitOutcome::Added { visit: v("V1"), record: RecordId(1) }]);
    assert_eq!(parked(&desk), []);
}

#[test]
fn a_waiting_visit_beyond_the_span_arrives_without_being_sent_again() {
    let mut desk = Desk::new();
    let visit = desk.visit("V1", "SU-1", 100);
    desk.sync_visits(vec![visit]);
    let short = desk.now + SignedDuration::from_hours(72);
    let update = Update { service_users: vec![ada(&[])], visits_until: short, ..desk.update() };
    assert_eq!(desk.receive(update).visits, [VisitOutcome::Added { visit: v("V1"), record: RecordId(1) }]);
}

#[test]
fn a_waiting_visit_that_is_no_longer_sent_is_forgotten() {
    let mut desk = Desk::new();
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit]);
    assert_eq!(desk.sync_visits(vec![]).visits, []);
    assert_eq!(parked(&desk), []);
}

#[test]
fn a_mapped_identifier_and_a_record_made_by_hand_let_waiting_visits_in() {
    let mut desk = Desk::holding(vec![planted(None, &[])]);
    let visits = vec![desk.visit("V1", "SU-1", 5), desk.visit("V2", "SU-2", 5)];
    desk.sync_visits(visits);
    desk.must(TEAM, Action::SetExternalId { record: RecordId(1), to: Some(ExternalId::new("SU-1")) });
    assert_eq!((visits_of(&desk, 1), parked(&desk)), (vec!["V1".to_owned()], vec![v("V2")]));
    desk.create(Some("SU-2"), &[]);
    assert_eq!((visits_of(&desk, 2), parked(&desk)), (vec!["V2".to_owned()], vec![]));
}

#[test]
fn a_planned_visit_in_the_span_that_is_not_sent_is_withdrawn_both_ends_included() {
    let mut desk = desk();
    let mut update = desk.update();
    let from = update.sent_at;
    let until = from + SignedDuration::from_hours(72);
    let at = |id: &str, starts| Visit { starts, ends: starts, ..desk.visit(id, "SU-1", 0) };
    let ms = SignedDuration::from_millis(1);
    update.visits =
        vec![at("before", from - ms), at("first", from), at("last", until), at("after", until + ms)];
    desk.receive(update);
    let next = Update { sent_at: from, visits_until: until, ..desk.update() };
    let record = RecordId(1);
    let withdrawn = |id| VisitOutcome::Withdrawn { visit: v(id), record };
    assert_eq!(desk.receive(next).visits, [withdrawn("first"), withdrawn("last")]);
    assert_eq!(visits_of(&desk, 1), ["before", "after"]);
}

#[test]
fn a_withdrawn_visit_comes_back_when_it_is_sent_again() {
    let mut desk = desk();
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit.clone()]);
    desk.sync_visits(vec![]);
    assert_eq!(visits_of(&desk, 1), Vec::<String>::new());
    let back = desk.sync_visits(vec![visit]).visits;
    assert_eq!(back, [VisitOutcome::Added { visit: v("V1"), record: RecordId(1) }]);
}

#[test]
fn one_environment_withdraws_nothing_of_another() {
    let mut desk = desk();
    let theirs = Update { environment: 1, visits: vec![desk.visit("V1", "SU-1", 5)], ..desk.update() };
    desk.receive(theirs);
    assert_eq!(desk.sync_visits(vec![]).visits, []);
    assert_eq!(visits_of(&desk, 1), ["V1"]);
    let theirs = Update { environment: 1, ..desk.update() };
    assert_eq!(desk.receive(theirs).visits.len(), 1);
}

#[test]
fn one_environment_forgets_no_waiting_visit_of_another() {
    let mut desk = Desk::new();
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit]);
    let theirs = Update { environment: 1, ..desk.update() };
    desk.receive(theirs);
    assert_eq!(parked(&desk), [v("V1")]);
}

#[test]
fn an_older_update_that_brings_the_service_user_lets_waiting_visits_in() {
    let mut desk = Desk::new();
    let late = Update { service_users: vec![ada(&[])], ..desk.update() };
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit]);
    assert_eq!(desk.receive(late).visits, [VisitOutcome::Added { visit: v("V1"), record: RecordId(1) }]);
}

#[test]
fn a_visit_belongs_to_the_environment_that_sent_it_last() {
    let mut desk = desk();
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit.clone()]);
    let theirs = Update { environment: 1, visits: vec![visit], ..desk.update() };
    desk.receive(theirs);
    assert_eq!(desk.sync_visits(vec![]).visits, []);
    assert_eq!(visits_of(&desk, 1), ["V1"]);
}

#[test]
fn an_update_older_than_one_before_says_nothing_about_visits() {
    let mut desk = desk();
    let early = desk.visit("V1", "SU-1", 5);
    let late = Update {
        visits: vec![Visit { starts: early.starts - SignedDuration::from_hours(1), ..early.clone() }],
        ..desk.update()
    };
    let empty_and_late = Update { visits: vec![], ..late.clone() };
    desk.sync_visits(vec![early.clone()]);
    assert_eq!(desk.receive(late).visits, []);
    assert_eq!(desk.receive(empty_and_late).visits, []);
    assert_eq!(desk.record(1).visit(&v("V1")).unwrap().visit, early);
}

#[test]
fn a_visit_given_to_another_service_user_changes_records() {
    let mut desk = desk();
    desk.sync_one(person("SU-2", &[]));
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit.clone()]);
    let theirs = Visit { service_user: ExternalId::new("SU-2"), ..visit.clone() };
    let (from, to) = (RecordId(1), RecordId(2));
    assert_eq!(desk.sync_visits(vec![theirs]).visits, [VisitOutcome::Relinked { visit: v("V1"), from, to }]);
    assert_eq!((visits_of(&desk, 1).len(), visits_of(&desk, 2).len()), (0, 1));
    let nobodys = Visit { service_user: ExternalId::new("SU-9"), ..visit };
    assert!(matches!(desk.sync_visits(vec![nobodys]).visits[..], [VisitOutcome::Parked { .. }]));
    assert_eq!(visits_of(&desk, 2).len(), 0);
}

#[test]
fn a_visit_of_a_duplicate_identifier_waits_until_one_record_is_left() {
    let mut desk = Desk::holding(vec![planted(Some("SU-1"), &[]), planted(Some("SU-1"), &[])]);
    let visit = desk.visit("V1", "SU-1", 5);
    assert!(matches!(desk.sync_visits(vec![visit]).visits[..], [VisitOutcome::Parked { .. }]));
    desk.must(SUPPORT, Action::Merge { survivor: RecordId(2), loser: RecordId(1) });
    assert_eq!((visits_of(&desk, 2), parked(&desk)), (vec!["V1".to_owned()], vec![]));
}

#[test]
fn a_visit_without_an_identifier_belongs_to_nobody() {
    let mut desk = Desk::holding(vec![planted(Some(" "), &[])]);
    let visit = desk.visit("V1", " ", 5);
    assert!(matches!(desk.sync_visits(vec![visit]).visits[..], [VisitOutcome::Parked { .. }]));
}

#[test]
fn a_visit_carried_out_becomes_history_and_never_changes_again() {
    let mut desk = desk();
    desk.sync_one(person("SU-2", &[]));
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit.clone()]);
    assert_eq!(desk.must(CARE, complete("V1")).records, [RecordId(1)]);
    let record = desk.record(1);
    assert_eq!(record.visit(&v("V1")).unwrap().state, VisitState::Done);
    assert_eq!(record.count(CareKind::VisitHistory), 1);
    assert_eq!(record.local.care[0].title, "Visit V1 on 2 March 2026");
    assert!(record.has_care_data());

    let stays = [VisitOutcome::StaysDone { visit: v("V1"), record: RecordId(1) }];
    let later = Visit { starts: visit.starts + SignedDuration::from_hours(1), ..visit.clone() };
    let theirs = Visit { service_user: ExternalId::new("SU-2"), ..visit.clone() };
    for sent in [visit, later, theirs] {
        assert_eq!(desk.sync_visits(vec![sent]).visits, stays);
    }
    assert_eq!(desk.sync_visits(vec![]).visits, []);
    assert_eq!(desk.record(1), record);
    assert!(desk.refused(CARE, complete("V1")).why.contains("already"));
}

#[test]
fn a_visit_that_acp_does_not_have_cannot_be_carried_out() {
    let mut desk = Desk::new();
    assert!(desk.refused(CARE, complete("V1")).why.contains("ACP has no visit \"V1\""));
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit]);
    assert!(desk.refused(CARE, complete("V1")).why.contains("waits"));
}

#[test]
fn a_deleted_record_takes_its_visits_along_and_the_next_update_starts_anew() {
    let mut desk = desk();
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit.clone()]);
    desk.must(TENANT, Action::Delete { record: RecordId(1) });
    let update = Update { service_users: vec![ada(&[])], visits: vec![visit], ..desk.update() };
    assert_eq!(desk.receive(update).visits, [VisitOutcome::Added { visit: v("V1"), record: RecordId(2) }]);
}

#[test]
fn visits_appear_on_the_new_record_when_the_identifier_matches_no_old_one() {
    let mut desk = Desk::holding(vec![planted(Some("OLD-1"), &[])]);
    desk.care(1, CareKind::CarePlan, "Plan");
    let update =
        Update { service_users: vec![ada(&[])], visits: vec![desk.visit("V1", "SU-1", 5)], ..desk.update() };
    desk.receive(update);
    assert_eq!((visits_of(&desk, 1).len(), visits_of(&desk, 2).len()), (0, 1));
}
