//! What an administrator does to visits, and which of them an update covers. Articles 12679947, 15137258.

mod common;

use common::{Office, ada, ben, hours, id, minutes, people_in, start_and, visit, visit_id, visits_in};
use feed::{Text, Timestamp};
use jiff::SignedDuration;
use rostering::{Command, VisitStatus};

fn office_with_visit(starts: Timestamp) -> Office {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(ben());
    office.act(visit("V-1", "SU-1001", starts));
    office
}

#[test]
fn a_partial_covers_three_days_and_a_full_seven_end_included() {
    let moment = SignedDuration::from_nanos(1);
    for (days, last_in_partial, last_in_full) in [(3, true, true), (7, false, true)] {
        let mut office = office_with_visit(start_and(hours(24 * days)));
        assert_eq!(visits_in(&office.partial()).len(), usize::from(last_in_partial));
        assert_eq!(visits_in(&office.full()).len(), usize::from(last_in_full));
        let mut office = office_with_visit(start_and(hours(24 * days) + moment));
        assert!(visits_in(&office.partial()).is_empty());
        assert_eq!(visits_in(&office.full()).len(), usize::from(days == 3));
    }
}

#[test]
fn a_visit_far_ahead_enters_the_full_as_time_passes() {
    let mut office = office_with_visit(start_and(hours(24 * 10)));
    assert!(visits_in(&office.full()).is_empty());
    office.later(hours(24 * 3));
    assert_eq!(visits_in(&office.full()), ["V-1"]);
}

#[test]
fn a_visit_that_has_begun_is_not_sent() {
    let mut office = office_with_visit(start_and(hours(1)));
    office.later(hours(1));
    assert_eq!(visits_in(&office.full()), ["V-1"]);
    office.later(SignedDuration::from_millis(1));
    assert!(visits_in(&office.full()).is_empty());
}

#[test]
fn a_moved_visit_keeps_its_length() {
    let mut office = office_with_visit(start_and(hours(1)));
    let to = start_and(hours(100));
    assert_eq!(office.act(Command::MoveVisit { id: visit_id("V-1"), starts: to }).visits, [visit_id("V-1")]);
    assert!(visits_in(&office.partial()).is_empty(), "it left the span");
    let sent = &office.full().visits[0];
    assert_eq!((sent.starts, sent.ends), (to, to.checked_add(minutes(30)).expect("near")));
    let again = office.act(Command::MoveVisit { id: visit_id("V-1"), starts: to });
    assert!(again.visits.is_empty());
}

#[test]
fn a_cancelled_visit_is_not_sent_until_it_is_restored() {
    let mut office = office_with_visit(start_and(hours(1)));
    let (cancel, restore) =
        (Command::CancelVisit { id: visit_id("V-1") }, Command::RestoreVisit { id: visit_id("V-1") });
    assert!(office.refused(restore.clone()).why.contains("not cancelled"));
    office.act(cancel.clone());
    assert!(visits_in(&office.full()).is_empty());
    assert_eq!(office.roster.visit(&visit_id("V-1")).map(|it| it.status), Some(VisitStatus::Cancelled));
    assert!(office.refused(cancel).why.contains("cancelled already"));
    office.act(restore);
    assert_eq!(visits_in(&office.full()), ["V-1"]);
}

#[test]
fn a_relinked_visit_is_sent_for_its_new_service_user() {
    let mut office = office_with_visit(start_and(hours(1)));
    office.act(Command::RelinkVisit { id: visit_id("V-1"), to: id("SU-1002") });
    let partial = office.partial();
    assert_eq!(people_in(&partial), ["SU-1002"]);
    assert_eq!(partial.visits[0].service_user, id("SU-1002"));
    let nobody = office.refused(Command::RelinkVisit { id: visit_id("V-1"), to: id("SU-1003") });
    assert!(nobody.why.contains("\"SU-1003\""));
}

#[test]
fn a_deleted_visit_is_gone() {
    let mut office = office_with_visit(start_and(hours(1)));
    office.act(Command::DeleteVisit { id: visit_id("V-1") });
    assert!(visits_in(&office.full()).is_empty());
    assert!(office.refused(Command::DeleteVisit { id: visit_id("V-1") }).why.contains("no visits yet"));
}

#[test]
fn a_visit_of_no_length_is_refused() {
    let mut office = Office::people_planner();
    office.act(ada());
    for lasts in [SignedDuration::ZERO, minutes(-1), SignedDuration::MAX] {
        let Command::PlanVisit { id, service_user, starts, employee, requirement, .. } =
            visit("V-1", "SU-1001", start_and(hours(1)))
        else {
            unreachable!("`visit` plans one")
        };
        let plan = Command::PlanVisit { id, service_user, starts, lasts, employee, requirement };
        let why = office.refused(plan).why;
        assert!(
            why.contains("would not end after it starts") || why.contains("after the year 9999"),
            "{why}"
        );
    }
}

#[test]
fn a_visit_needs_a_service_user_and_an_id_of_its_own() {
    let mut office = office_with_visit(start_and(hours(1)));
    assert!(
        office.refused(visit("V-2", "SU-9", start_and(hours(1)))).why.contains("no service user \"SU-9\"")
    );
    assert!(
        office.refused(visit("V-1", "SU-1002", start_and(hours(2)))).why.contains("already a visit \"V-1\"")
    );
}

#[test]
fn a_prefix_stands_before_identifiers_visit_ids_and_branches_as_sent() {
    let mut office = Office::with_prefix("LDS-");
    office.act(Command::AddBranch { branch: Text::from("North Leeds") });
    office.act(ada());
    let mut plan = visit("V-1", "SU-1001", start_and(hours(1)));
    if let Command::PlanVisit { employee, .. } = &mut plan {
        *employee = Some(Text::from("E-7"));
    }
    office.act(plan);
    let full = office.full();
    assert_eq!((full.environment, full.branches.as_slice()), (1, [Text::from("LDS-North Leeds")].as_slice()));
    assert_eq!(people_in(&full), ["LDS-SU-1001"]);
    assert_eq!(full.service_users[0].fields.text(feed::Field::Branch), "LDS-North Leeds");
    assert_eq!(full.service_users[0].fields.text(feed::Field::GivenName), "Ada");
    let sent = &full.visits[0];
    assert_eq!((sent.id.as_str(), sent.service_user.as_str()), ("LDS-V-1", "LDS-SU-1001"));
    assert_eq!(sent.employee.as_deref(), Some("LDS-E-7"));
    assert_eq!(office.person("SU-1001").fields.text(feed::Field::Branch), "North Leeds");
    assert_eq!(office.roster.person_sent_as(&id("LDS-SU-1001")).map(|it| it.id.as_str()), Some("SU-1001"));
    assert_eq!(office.roster.person_sent_as(&id("SU-1001")), None);
    office.act(common::edit("SU-1001", &[(feed::Field::Branch, "")]));
    assert_eq!(office.sent("LDS-SU-1001").fields.text(feed::Field::Branch), "", "cleared is cleared");
    assert!(office.refused(visit("V-1", "SU-1001", office.now)).why.contains("prefix \"LDS-\""));
}

#[test]
fn only_people_planner_has_prefixes() {
    for system in [feed::System::CareRostering, feed::System::Other] {
        let prefix = Some(Text::from("LDS-"));
        let roster = rostering::Rostering::new(0, system, prefix, feed::Settings::default());
        assert_eq!((roster.prefix(), roster.as_sent("SU-1001").as_str()), ("", "SU-1001"));
    }
}
