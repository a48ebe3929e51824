//! What an administrator does to service users, and what updates then say of them.

mod common;

use common::{Office, START, ada, at, ben, edit, fields, hours, id, minutes, people_in, start_and, visit};
use common::{visit_id, visits_in};
use feed::{Clause, Field, ManagedDemographics, Settings, System, Text};
use rostering::Command;

#[test]
fn a_full_carries_everybody_in_the_order_of_their_identifiers() {
    let mut office = Office::people_planner();
    office.act(ben());
    office.act(ada());
    assert_eq!(people_in(&office.full()), ["SU-1001", "SU-1002"]);
}

#[test]
fn an_identifier_is_sent_to_the_character() {
    let mut office = Office::people_planner();
    for odd in ["SU-1001 ", "00482", "", "su-1001", "\u{feff}9"] {
        office.act(Command::AddServiceUser { id: id(odd), fields: fields(&[]) });
        assert_eq!(office.sent(odd).external_id.as_str(), odd);
    }
}

#[test]
fn two_service_users_with_one_identifier_are_refused() {
    let mut office = Office::people_planner();
    office.act(ada());
    let refusal = office.refused(ada());
    assert!(refusal.why.contains("\"SU-1001\"") && refusal.why.contains("Access People Planner"));
}

#[test]
fn an_unknown_identifier_is_refused_with_the_nearest_one() {
    let mut office = Office::people_planner();
    assert!(office.refused(edit("SU-1001", &[])).why.contains("no service users yet"));
    office.act(ada());
    office.act(ben());
    let why = office.refused(edit("SU-1020", &[])).why;
    assert_eq!(
        why,
        "There is no service user \"SU-1020\" in Access People Planner. The nearest is \"SU-1002\"."
    );
}

#[test]
fn gender_and_email_are_never_sent_and_the_nhs_number_only_where_managed() {
    let everything =
        [(Field::Gender, "female"), (Field::Email, "a@example.org"), (Field::NhsNumber, "9990000018")];
    for (nhs_number, is_sent) in [(false, None), (true, Some("9990000018"))] {
        let managed_demographics = ManagedDemographics { date_of_birth: false, nhs_number };
        let mut office =
            Office::new(System::PeoplePlanner, Settings { managed_demographics, ..Settings::default() });
        office.act(ada());
        office.act(edit("SU-1001", &everything));
        office.act(edit("SU-1001", &[(Field::DateOfBirth, "1938-11-04")]));
        let sent = office.sent("SU-1001").fields;
        assert_eq!(sent.get(Field::NhsNumber).map(Text::as_str), is_sent);
        assert_eq!((sent.get(Field::Gender), sent.get(Field::Email)), (None, None));
        assert_eq!(sent.text(Field::DateOfBirth), "1938-11-04");
        assert_eq!(office.person("SU-1001").fields.text(Field::Gender), "female");
    }
}

#[test]
fn a_cleared_field_is_sent_as_empty_and_one_that_was_never_filled_in_is_not_sent() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(edit("SU-1001", &[(Field::Phone, "")]));
    let sent = office.sent("SU-1001").fields;
    assert_eq!(sent.get(Field::Phone), Some(&Text::new()));
    assert_eq!(sent.get(Field::SecondPhone), None);
    office.act(Command::StopSending { id: id("SU-1001"), fields: vec![Field::Phone, Field::Title] });
    assert_eq!(office.sent("SU-1001").fields.get(Field::Phone), None);
}

#[test]
fn only_real_changes_count() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.later(minutes(1));
    let nothing = [
        Command::Save { id: id("SU-1001") },
        edit("SU-1001", &[(Field::GivenName, "Ada")]),
        Command::StopSending { id: id("SU-1001"), fields: vec![Field::Email] },
        Command::ChangeId { from: id("SU-1001"), to: id("SU-1001") },
    ];
    for command in nothing {
        assert_eq!(office.act(command), rostering::Happened::default());
    }
    office.act(visit("V-1", "SU-1001", start_and(hours(5))));
    let reason = Text::from("on holiday");
    office.act(Command::Suspend { id: id("SU-1001"), from: office.now, until: None, reason });
    assert_eq!((office.person("SU-1001").version, office.person("SU-1001").changed_at), (1, at(START)));
    let happened = office.act(edit("SU-1001", &[(Field::GivenName, "Ada "), (Field::FamilyName, "Okafor")]));
    assert_eq!(happened.service_users, [id("SU-1001")]);
    assert_eq!((office.person("SU-1001").version, office.person("SU-1001").changed_at), (2, office.now));
}

#[test]
fn each_field_remembers_when_it_last_changed() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.later(minutes(10));
    office.act(edit("SU-1001", &[(Field::Branch, "East Leeds")]));
    office.later(minutes(10));
    office.act(edit("SU-1001", &[(Field::Branch, "South Leeds"), (Field::GivenName, "Ada")]));
    let branch_since = office.now;
    office.later(minutes(10));
    office.act(edit("SU-1001", &[(Field::Phone, "0113 496 0009")]));
    let person = office.person("SU-1001");
    assert_eq!(person.field_changed_at(Field::Branch), branch_since);
    assert_eq!(person.field_changed_at(Field::Phone), office.now);
    assert_eq!(person.field_changed_at(Field::GivenName), at(START));
    assert_eq!(person.changed_at, office.now);
}

#[test]
fn the_end_date_is_the_london_date_and_nobody_is_active_from_then_on() {
    let mut office = Office::people_planner();
    office.act(ada());
    // Half past eleven at night UTC is the next day in a British summer.
    office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-06-30T23:30:00Z") });
    assert_eq!(office.sent("SU-1001").fields.text(Field::EndDate), "2026-07-01");
    let person = office.person("SU-1001");
    assert!(person.is_active(at("2026-06-30T22:59:59Z")));
    assert!(!person.is_active(at("2026-06-30T23:00:00Z")));
}

#[test]
fn a_full_carries_the_terminated_without_their_visits() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(visit("V-1", "SU-1001", at("2026-03-03T08:00:00Z")));
    office.act(visit("V-2", "SU-1001", at("2026-03-04T08:00:00Z")));
    let happened = office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-04T08:00:00Z") });
    assert_eq!(happened.visits, [visit_id("V-2")]);
    let full = office.full();
    assert_eq!((people_in(&full), visits_in(&full)), (vec!["SU-1001"], vec!["V-1"]));
}

#[test]
fn after_a_reinstatement_the_end_date_is_sent_as_empty_and_visits_stand_again() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(visit("V-1", "SU-1001", start_and(hours(30))));
    assert_eq!(office.sent("SU-1001").fields.get(Field::EndDate), None);
    office.act(Command::Terminate { id: id("SU-1001"), on: office.now });
    let happened = office.act(Command::Reinstate { id: id("SU-1001") });
    assert_eq!(happened.visits, [visit_id("V-1")]);
    let full = office.full();
    assert_eq!(full.service_users[0].fields.get(Field::EndDate), Some(&Text::new()));
    assert_eq!(visits_in(&full), ["V-1"]);
    let again = office.refused(Command::Reinstate { id: id("SU-1001") });
    assert!(again.why.contains("not terminated"));
}

#[test]
fn a_leaver_is_edited_by_reinstating_editing_and_terminating_again() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-01T12:00:00Z") });
    let rebrand = edit("SU-1001", &[(Field::Branch, "South Leeds")]);
    assert_eq!(office.refused(rebrand.clone()).clause, Some(Clause::Pub12));
    office.act(Command::Reinstate { id: id("SU-1001") });
    office.act(rebrand);
    office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-01T12:00:00Z") });
    let sent = office.sent("SU-1001").fields;
    assert_eq!((sent.text(Field::Branch), sent.text(Field::EndDate)), ("South Leeds", "2026-03-01"));
    assert_eq!(office.person("SU-1001").version, 5, "nothing of it is hidden");
}

#[test]
fn terminating_on_the_same_date_again_changes_nothing_and_on_another_moves_the_end() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-09T08:00:00Z") });
    let same = office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-09T18:00:00Z") });
    assert_eq!(same, rostering::Happened::default());
    office.act(Command::Terminate { id: id("SU-1001"), on: at("2026-03-10T08:00:00Z") });
    assert_eq!(office.sent("SU-1001").fields.text(Field::EndDate), "2026-03-10");
}

#[test]
fn an_end_date_may_be_typed_in_as_a_field_but_has_to_be_a_date() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(edit("SU-1001", &[(Field::EndDate, "2026-03-20")]));
    assert_eq!(office.person("SU-1001").ended_on, Some(jiff::civil::date(2026, 3, 20)));
    let why = office.refused(edit("SU-1001", &[(Field::GivenName, "X"), (Field::EndDate, "20/03/2026")])).why;
    assert!(why.contains("\"20/03/2026\"") && why.contains("not a date"), "{why}");
    let stop = Command::StopSending { id: id("SU-1001"), fields: vec![Field::Phone, Field::EndDate] };
    assert!(office.refused(stop.clone()).why.contains("reinstate"));
    office.act(edit("SU-1001", &[(Field::EndDate, "")]));
    assert_eq!(office.sent("SU-1001").fields.get(Field::EndDate), Some(&Text::new()));
    office.act(stop);
    assert_eq!(office.sent("SU-1001").fields.get(Field::EndDate), None);
}

#[test]
fn a_service_is_not_a_field_of_a_service_user() {
    let mut office = Office::care_rostering();
    office.act(ada());
    assert!(office.refused(edit("SU-1001", &[(Field::Service, "Leeds")])).why.contains("service order"));
}

#[test]
fn a_suspension_withdraws_the_visits_in_its_span_and_keeps_the_person() {
    let mut office = Office::people_planner();
    office.act(ada());
    for (name, hour) in [("V-0", 23), ("V-1", 24), ("V-2", 47), ("V-3", 48)] {
        office.act(visit(name, "SU-1001", start_and(hours(hour))));
    }
    let (from, until) = (start_and(hours(24)), Some(start_and(hours(48))));
    let reason = Text::from("in hospital");
    let happened = office.act(Command::Suspend { id: id("SU-1001"), from, until, reason });
    assert_eq!(happened.visits, [visit_id("V-1"), visit_id("V-2")]);
    let full = office.full();
    assert_eq!((people_in(&full), visits_in(&full)), (vec!["SU-1001"], vec!["V-0", "V-3"]));
    office.later(hours(30));
    assert!(
        office.person("SU-1001").is_suspended(office.now) && office.person("SU-1001").is_active(office.now)
    );
    let happened = office.act(Command::EndSuspension { id: id("SU-1001") });
    assert_eq!(happened.visits, [visit_id("V-2")], "what lay in the past stays withdrawn");
    assert_eq!(visits_in(&office.full()), ["V-2", "V-3"]);
    assert!(office.refused(Command::EndSuspension { id: id("SU-1001") }).why.contains("not suspended"));
}

#[test]
fn a_suspension_that_ends_before_it_begins_is_refused() {
    let mut office = Office::people_planner();
    office.act(ada());
    let (from, until) = (office.now, Some(office.now));
    let refusal =
        office.refused(Command::Suspend { id: id("SU-1001"), from, until, reason: Text::from("holiday") });
    assert!(refusal.why.contains("before it begins"));
}

#[test]
fn a_suspension_that_has_not_begun_can_be_ended() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(visit("V-1", "SU-1001", start_and(hours(30))));
    let (from, reason) = (start_and(hours(24)), Text::from("holiday"));
    office.act(Command::Suspend { id: id("SU-1001"), from, until: None, reason });
    assert!(visits_in(&office.full()).is_empty());
    office.act(Command::EndSuspension { id: id("SU-1001") });
    assert_eq!(visits_in(&office.full()), ["V-1"]);
}

#[test]
fn a_suspension_that_is_ended_at_the_very_instant_at_which_it_begins_was_never_there() {
    let mut office = Office::people_planner();
    office.act(ada());
    let (from, reason) = (office.now, Text::from("by mistake"));
    office.act(Command::Suspend { id: id("SU-1001"), from, until: None, reason });
    office.act(Command::EndSuspension { id: id("SU-1001") });
    assert!(office.person("SU-1001").suspensions.is_empty());
}

#[test]
fn deletion_takes_the_visits_along_and_nothing_is_sent_any_more() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(ben());
    office.act(visit("V-1", "SU-1001", start_and(hours(1))));
    office.act(visit("V-2", "SU-1002", start_and(hours(1))));
    let happened = office.act(Command::Delete { id: id("SU-1001") });
    assert_eq!((happened.service_users, happened.visits), (vec![id("SU-1001")], vec![visit_id("V-1")]));
    let full = office.full();
    assert_eq!((people_in(&full), visits_in(&full)), (vec!["SU-1002"], vec!["V-2"]));
    office.act(ada());
    assert_eq!(office.person("SU-1001").version, 1);
}

#[test]
fn after_a_new_identifier_the_next_update_knows_nothing_of_the_old_one() {
    let mut office = Office::people_planner();
    office.act(ada());
    office.act(ben());
    office.act(visit("V-1", "SU-1001", start_and(hours(1))));
    office.act(edit("SU-1001", &[(Field::GivenName, "Adah")]));
    office.later(minutes(5));
    assert!(
        office.refused(Command::ChangeId { from: id("SU-1001"), to: id("SU-1002") }).why.contains("already")
    );
    let happened = office.act(Command::ChangeId { from: id("SU-1001"), to: id("LDS-7") });
    assert_eq!(
        (happened.service_users, happened.visits),
        (vec![id("SU-1001"), id("LDS-7")], vec![visit_id("V-1")])
    );
    let full = office.full();
    assert_eq!(people_in(&full), ["LDS-7", "SU-1002"]);
    assert_eq!(full.visits[0].service_user, id("LDS-7"));
    assert_eq!(office.roster.person(&id("SU-1001")), None);
    let person = office.person("LDS-7");
    assert_eq!((person.version, person.id_since, person.created_at), (3, office.now, at(START)));
    assert_eq!(
        person.field_changed_at(Field::GivenName),
        office.now,
        "all of it is news under this identifier"
    );
}

#[test]
fn a_renamed_branch_changes_everybody_in_it_and_nobody_else() {
    let mut office = Office::people_planner();
    office.act(Command::AddBranch { branch: Text::from("South Leeds") });
    office.act(Command::AddBranch { branch: Text::from("North Leeds") });
    assert!(office.refused(Command::AddBranch { branch: Text::from("North Leeds") }).why.contains("already"));
    office.act(ada());
    office.act(ben());
    let rename = |from, to| Command::RenameBranch { from: Text::from(from), to: Text::from(to) };
    assert!(office.refused(rename("North Leds", "X")).why.contains("\"North Leeds\""));
    office.refused(rename("North Leeds", "South Leeds"));
    office.later(minutes(1));
    let happened = office.act(rename("North Leeds", "Leeds & York"));
    assert_eq!(happened.service_users, [id("SU-1001")]);
    let full = office.full();
    assert_eq!(full.branches, ["Leeds & York", "South Leeds"]);
    assert_eq!(full.service_users[0].fields.text(Field::Branch), "Leeds & York");
    assert_eq!(office.person("SU-1001").field_changed_at(Field::Branch), office.now);
    assert_eq!(office.person("SU-1002").version, 1);
}

#[test]
fn an_update_describes_the_instant_at_which_it_was_composed() {
    let mut office = Office::people_planner();
    office.act(ada());
    let before = office.full();
    office.act(edit("SU-1001", &[(Field::GivenName, "Adah")]));
    let after = office.full();
    assert_eq!(before.service_users[0].fields.text(Field::GivenName), "Ada");
    assert_eq!(after.service_users[0].fields.text(Field::GivenName), "Adah");
    assert!(before.sequence < after.sequence);
}
