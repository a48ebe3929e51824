//! Service orders and requirements, which only Access Care Rostering has. Article 11065162.

mod common;

use common::{Office, ada, ben, every_change, hours, id, minutes, people_in, requirement, start_and, visit};
use common::{visit_id, visits_in};
use feed::{Clause, Field, Settings, System, Text};
use rostering::Command;

fn add_order(who: &str, order: &str, service: Option<&str>) -> Command {
    Command::AddOrder { service_user: id(who), order: Text::from(order), service: service.map(Text::from) }
}

fn add_requirement(order: &str, name: &str) -> Command {
    Command::AddRequirement { order: Text::from(order), requirement: requirement(name) }
}

fn set_service(order: &str, service: Option<&str>) -> Command {
    Command::SetOrderService { order: Text::from(order), service: service.map(Text::from) }
}

fn visit_for(name: &str, who: &str, hour: i64, requirement: &str) -> Command {
    let mut plan = visit(name, who, start_and(hours(hour)));
    if let Command::PlanVisit { requirement: it, .. } = &mut plan {
        *it = Some(Text::from(requirement));
    }
    plan
}

fn office() -> Office {
    let mut office = Office::care_rostering();
    office.act(ada());
    office.act(ben());
    office
}

fn requirements(office: &mut Office) -> Vec<Text> {
    office.sent("SU-1001").requirements.into_iter().map(|it| it.id).collect()
}

#[test]
fn other_systems_refuse_orders_and_say_which_system_has_them() {
    let commands = [
        add_order("SU-1001", "O-1", None),
        set_service("O-1", None),
        add_requirement("O-1", "R-1"),
        Command::DeleteOrder { order: Text::from("O-1") },
        Command::DeleteRequirement { requirement: Text::from("R-1") },
        visit_for("V-1", "SU-1001", 1, "R-1"),
    ];
    for system in [System::PeoplePlanner, System::Other] {
        let mut office = Office::new(system, Settings::default());
        office.act(ada());
        for command in &commands {
            let refusal = office.refused(command.clone());
            assert!(refusal.why.contains("only Access Care Rostering has them"), "{}", refusal.why);
            assert_eq!(refusal.clause, Some(Clause::Pub11));
        }
    }
}

#[test]
fn the_newest_order_that_names_a_service_wins() {
    let mut office = office();
    office.act(add_order("SU-1001", "O-1", Some("Leeds Home Care")));
    office.act(add_order("SU-1001", "O-2", Some("Leeds Live-in")));
    office.act(add_order("SU-1001", "O-3", None));
    assert_eq!(office.sent("SU-1001").fields.text(Field::Service), "Leeds Live-in");
    office.act(set_service("O-2", None));
    assert_eq!(office.sent("SU-1001").fields.text(Field::Service), "Leeds Home Care");
    office.act(Command::DeleteOrder { order: Text::from("O-1") });
    assert_eq!(office.sent("SU-1001").fields.get(Field::Service), None);
}

#[test]
fn an_order_counts_as_a_change_and_the_service_remembers_when_it_moved() {
    let mut office = office();
    office.later(minutes(1));
    office.act(add_order("SU-1001", "O-1", None));
    assert_eq!(office.person("SU-1001").version, 2);
    assert_eq!(
        office.person("SU-1001").field_changed_at(Field::Service),
        office.person("SU-1001").created_at
    );
    office.later(minutes(1));
    office.act(set_service("O-1", Some("Leeds Live-in")));
    assert_eq!(office.person("SU-1001").field_changed_at(Field::Service), office.now);
    assert!(office.act(set_service("O-1", Some("Leeds Live-in"))).service_users.is_empty());
    assert_eq!(office.person("SU-1001").version, 3);
}

#[test]
fn requirements_are_sent_in_the_order_in_which_they_were_made() {
    let mut office = office();
    office.act(add_order("SU-1001", "O-2", None));
    office.act(add_order("SU-1001", "O-1", None));
    office.act(add_requirement("O-1", "R-1"));
    office.act(add_requirement("O-2", "R-9"));
    office.act(add_requirement("O-2", "R-2"));
    assert_eq!(requirements(&mut office), ["R-9", "R-2", "R-1"]);
    assert!(office.sent("SU-1002").requirements.is_empty());
}

#[test]
fn a_deleted_requirement_takes_its_future_visits_along() {
    let mut office = office();
    office.act(add_order("SU-1001", "O-1", None));
    for name in ["R-1", "R-2"] {
        office.act(add_requirement("O-1", name));
    }
    office.act(visit_for("V-0", "SU-1001", 1, "R-1"));
    office.act(visit_for("V-1", "SU-1001", 2, "R-1"));
    office.act(visit_for("V-2", "SU-1001", 20, "R-2"));
    office.later(hours(2));
    let happened = office.act(Command::DeleteRequirement { requirement: Text::from("R-1") });
    assert_eq!((happened.service_users, happened.visits), (vec![id("SU-1001")], vec![visit_id("V-1")]));
    assert_eq!(requirements(&mut office), ["R-2"]);
    assert_eq!(visits_in(&office.full()), ["V-2"]);
    assert!(office.roster.visit(&visit_id("V-0")).is_some(), "it has begun: it stays");
}

#[test]
fn a_deleted_order_takes_its_requirements_and_their_future_visits_along() {
    let mut office = office();
    office.act(add_order("SU-1001", "O-1", None));
    office.act(add_order("SU-1001", "O-2", None));
    office.act(add_requirement("O-1", "R-1"));
    office.act(add_requirement("O-2", "R-2"));
    office.act(visit_for("V-1", "SU-1001", 20, "R-1"));
    office.act(visit_for("V-2", "SU-1001", 20, "R-2"));
    office.act(visit("V-3", "SU-1001", start_and(hours(20))));
    let happened = office.act(Command::DeleteOrder { order: Text::from("O-1") });
    assert_eq!(happened.visits, [visit_id("V-1")]);
    assert_eq!(requirements(&mut office), ["R-2"]);
    assert_eq!(visits_in(&office.full()), ["V-2", "V-3"]);
    office.act(add_order("SU-1002", "O-1", None));
    office.act(add_requirement("O-1", "R-1"));
}

#[test]
fn unknown_and_taken_names_are_refused() {
    let mut office = office();
    office.act(add_order("SU-1001", "O-1", None));
    office.act(add_requirement("O-1", "R-1"));
    for (command, part) in [
        (add_order("SU-1002", "O-1", None), "already a service order \"O-1\""),
        (add_order("SU-9", "O-2", None), "no service user \"SU-9\""),
        (add_requirement("O-1", "R-1"), "already a service requirement \"R-1\""),
        (add_requirement("O-9", "R-2"), "The nearest is \"O-1\""),
        (set_service("O-9", None), "no service order \"O-9\""),
        (Command::DeleteOrder { order: Text::from("O-9") }, "no service order"),
        (Command::DeleteRequirement { requirement: Text::from("R-9") }, "The nearest is \"R-1\""),
        (visit_for("V-1", "SU-1002", 1, "R-1"), "no service requirement \"R-1\""),
    ] {
        let why = office.refused(command).why;
        assert!(why.contains(part), "{why}");
    }
}

#[test]
fn a_relinked_visit_lets_go_of_its_requirement() {
    let mut office = office();
    office.act(add_order("SU-1001", "O-1", None));
    office.act(add_requirement("O-1", "R-1"));
    office.act(visit_for("V-1", "SU-1001", 1, "R-1"));
    assert_eq!(office.full().visits[0].requirement.as_deref(), Some("R-1"));
    office.act(Command::RelinkVisit { id: visit_id("V-1"), to: id("SU-1002") });
    assert_eq!(office.full().visits[0].requirement, None);
}

#[test]
fn orders_follow_a_new_identifier_and_go_with_a_deletion() {
    let mut office = office();
    office.act(add_order("SU-1001", "O-1", Some("Leeds Live-in")));
    office.act(add_requirement("O-1", "R-1"));
    office.act(Command::ChangeId { from: id("SU-1001"), to: id("SU-7") });
    office.act(add_requirement("O-1", "R-2"));
    office.act(visit_for("V-1", "SU-7", 1, "R-1"));
    assert_eq!(office.sent("SU-7").requirements.len(), 2);
    office.act(Command::Delete { id: id("SU-7") });
    office.act(add_order("SU-1002", "O-1", None));
    office.act(add_requirement("O-1", "R-1"));
    assert_eq!(office.sent("SU-1002").requirements.len(), 1);
}

#[test]
fn under_every_change_a_new_requirement_is_sent_by_the_next_partial() {
    let mut office = Office::new(System::CareRostering, every_change());
    office.act(ada());
    office.act(add_order("SU-1001", "O-1", None));
    office.partial();
    office.act(add_requirement("O-1", "R-1"));
    assert_eq!(people_in(&office.partial()), ["SU-1001"]);
}
