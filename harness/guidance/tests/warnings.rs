//! What is said before somebody acts, and that nothing is said before what is harmless.

mod common;

use acp::{Act, Action, Actor, CareKind, HandMade, Origin, Place, RecordId};
use common::{ONE, Town, ada, at, clauses, fields, id, mins, planted};
use feed::{Clause, ContactDetails, ExternalId, ServiceMove, Settings, System, Text};
use guidance::Sight;
use rostering::Command;

const R1: RecordId = RecordId(1);

fn set(pairs: &[(&str, &str)]) -> Command {
    Command::Edit { id: id("SU-1"), set: fields(pairs) }
}

fn by_hand(pairs: &[(&str, &str)]) -> Action {
    Action::Edit { record: R1, set: fields(pairs) }
}

fn to_service(service: Option<&str>) -> Command {
    Command::SetOrderService { order: "O1".into(), service: service.map(Text::from) }
}

// In rostering

#[test]
fn before_a_move_to_another_service_after_care_move_three_is_said() {
    let mut town = Town::synced();
    assert_eq!(town.before(&set(&[("branch", "Hull")])), [], "without care data it follows by itself");
    town.care_plan(1);
    assert_eq!(town.before(&set(&[("branch", "Hull")])), [Clause::Move3]);
    assert_eq!(
        town.before(&set(&[("branch", "South Leeds")])),
        [],
        "inside one service it follows by itself"
    );
    assert_eq!(town.before(&set(&[("family name", "Reed")])), []);
    let said = &town.scene.before_rostering(0, &set(&[("branch", "Hull")]), town.now)[0].what;
    assert!(said.contains("from the service \"Home Care\" to \"Live-in Care\""), "{said}");
    assert!(said.contains("1 care plan") && said.ends_with("Contact Support before making any change."));
}

#[test]
fn where_moves_need_support_it_is_said_without_care_data_too() {
    let mut town = Town::under(Settings { service_move: ServiceMove::NeedsSupport, ..Settings::default() });
    town.add_ada();
    town.sync();
    assert_eq!(town.before(&set(&[("branch", "Hull")])), [Clause::Move3, Clause::Pub4]);
}

#[test]
fn before_a_service_order_names_another_service_after_care_move_three_is_said() {
    let mut town = Town::with(Settings::default(), &[(System::CareRostering, None)], Vec::new());
    town.add_ada();
    town.rostering(Command::AddOrder { service_user: id("SU-1"), order: "O1".into(), service: None });
    town.sync();
    town.care_plan(1);
    assert_eq!(town.before(&to_service(Some("Live-in Care"))), [Clause::Move3]);
    assert_eq!(town.before(&to_service(Some("Home Care"))), []);
    let order = |service: &str| Command::AddOrder {
        service_user: id("SU-1"),
        order: "O2".into(),
        service: Some(service.into()),
    };
    assert_eq!(town.before(&order("Live-in Care")), [Clause::Move3]);
    assert_eq!(town.before(&order("Home Care")), []);
}

#[test]
fn before_an_order_that_placed_somebody_is_deleted_the_move_is_said_too() {
    let mut town = Town::with(Settings::default(), &[(System::CareRostering, None)], Vec::new());
    town.add_ada();
    let service = Some("Live-in Care".into());
    town.rostering(Command::AddOrder { service_user: id("SU-1"), order: "O1".into(), service });
    town.sync();
    town.care_plan(1);
    let delete = Command::DeleteOrder { order: "O1".into() };
    assert_eq!(town.before(&delete), [Clause::Pub11, Clause::Move3]);
}

#[test]
fn before_a_requirement_is_added_or_deleted_the_end_of_the_care_plan_is_said() {
    let town = Town::synced();
    let requirement = feed::Requirement { id: "Q1".into(), name: "Mornings".into() };
    assert_eq!(town.before(&Command::AddRequirement { order: "O1".into(), requirement }), [Clause::Pub11]);
    assert_eq!(town.before(&Command::DeleteRequirement { requirement: "Q1".into() }), [Clause::Pub11]);
}

#[test]
fn before_an_identifier_changes_the_second_record_is_said() {
    let town = Town::synced();
    let change = |to: &str| Command::ChangeId { from: id("SU-1"), to: id(to) };
    assert_eq!(town.before(&change("SU-9")), [Clause::Dup1]);
    assert_eq!(town.before(&change("SU-1")), []);
    let said = &town.scene.before_rostering(0, &change("su-1"), town.now)[0].what;
    assert!(said.contains("differ only in capital letters"), "{said}");
}

#[test]
fn before_an_unknown_branch_is_named_it_is_said() {
    let town = Town::synced();
    assert_eq!(town.before(&set(&[("branch", "Leeds")])), [Clause::Pub3]);
    assert_eq!(
        town.before(&Command::AddServiceUser { id: id("SU-2"), fields: ada("Leeds") })[0],
        Clause::Pub3
    );
    let rename = |to: &str| Command::RenameBranch { from: "North Leeds".into(), to: to.into() };
    assert_eq!(town.before(&rename("Leeds North")), [Clause::Pub3]);
    assert_eq!(town.before(&rename("South Leeds")), []);
}

#[test]
fn before_somebody_is_added_whose_record_is_there_under_another_identifier_it_is_said() {
    let records = vec![planted(Origin::ByHand, Some("00482"), ada("North Leeds"), 1)];
    let town = Town::with(Settings::default(), ONE, records);
    let add = |id: &str| Command::AddServiceUser { id: ExternalId::new(id), fields: ada("North Leeds") };
    assert_eq!(town.before(&add("482")), [Clause::Dup1]);
    assert_eq!(town.before(&add("00482")), []);
}

#[test]
fn before_a_leaver_is_reinstated_the_return_is_said() {
    let mut town = Town::synced();
    town.rostering(Command::Terminate { id: id("SU-1"), on: town.now });
    assert_eq!(town.before(&Command::Reinstate { id: id("SU-1") }), [Clause::Pub12]);
}

#[test]
fn before_what_is_harmless_in_rostering_nothing_is_said() {
    let mut town = Town::synced();
    town.care_plan(1);
    let now = town.now;
    for command in [
        Command::Save { id: id("SU-1") },
        Command::Terminate { id: id("SU-1"), on: now },
        Command::Suspend { id: id("SU-1"), from: now, until: None, reason: "away".into() },
        common::plan("V1", "SU-1", at("2026-03-05 09:00")),
        Command::AddBranch { branch: "York".into() },
        set(&[("branch", "North Leeds"), ("phone", "0113 496 0000")]),
    ] {
        assert_eq!(town.before(&command), [], "{command:?}");
    }
}

// In ACP

#[test]
fn before_an_edit_of_what_rostering_controls_its_return_is_said_with_the_instant() {
    let mut town = Town::new();
    town.add_ada();
    town.edit("SU-1", &[("pin", "1111")]);
    town.sync();
    town.pass(mins(30));
    for (field, value, expected) in [
        ("branch", "South Leeds", vec![Clause::Branch2, Clause::Own7]),
        ("family name", "Reed", vec![Clause::Own6]),
        ("date of birth", "1940-01-01", vec![Clause::Own8, Clause::Own9]),
        ("pin", "2222", vec![Clause::Sync4]),
        ("nhs number", "9990000018", vec![]),
        ("phone", "0113 496 0000", vec![]),
        ("email", "ada@example.org", vec![]),
        ("branch", "North Leeds", vec![]),
    ] {
        assert_eq!(town.before_admin(by_hand(&[(field, value)])), expected, "{field}");
    }
    let act = Act { by: Actor::TenantAdministrator, action: by_hand(&[("branch", "South Leeds")]) };
    let said = &town.scene.before_acp(&act, town.now)[0].what;
    assert!(said.contains("a sync will put \"North Leeds\" back by 9:30am on 3 March 2026"), "{said}");
    town.visit("V1", "SU-1", at("2026-03-03 08:00"));
    let said = &town.scene.before_acp(&act, town.now)[0].what;
    assert!(said.contains("back by 9:50am on 2 March 2026"), "a visit is near: {said}");
}

#[test]
fn where_rostering_owns_contact_details_their_return_is_said_too() {
    let mut town =
        Town::under(Settings { contact_details: ContactDetails::AlwaysRostering, ..Settings::default() });
    town.add_ada();
    town.edit("SU-1", &[("phone", "0113 496 0000")]);
    town.sync();
    assert_eq!(town.before_admin(by_hand(&[("phone", "0113 496 0001")])), [Clause::Pub5]);
}

#[test]
fn an_edit_that_no_sync_reaches_is_not_warned_of() {
    let records = vec![planted(Origin::ByHand, None, ada("North Leeds"), 0)];
    let mut town = Town::with(Settings::default(), ONE, records);
    assert_eq!(town.before_admin(by_hand(&[("family name", "Reed")])), []);
    town = Town::synced();
    town.saw(Sight::Stopped { environment: 0 });
    assert_eq!(town.before_admin(by_hand(&[("family name", "Reed")])), [], "the integration is off");
}

#[test]
fn before_a_move_by_hand_after_care_support_is_named_first() {
    let mut town = Town::synced();
    town.care_plan(1);
    assert_eq!(town.before_admin(by_hand(&[("branch", "Hull")])), [Clause::Move3]);
    assert_eq!(town.before_admin(by_hand(&[("service", "Live-in Care")])), [Clause::Move3]);
    let to = Place { branch: "Hull".into(), service: None };
    let act = Act { by: Actor::Support, action: Action::Move { record: R1, to, leaving: Vec::new() } };
    assert_eq!(clauses(&town.scene.before_acp(&act, town.now)), [], "Support is who does it");
}

#[test]
fn before_a_record_of_a_pair_or_with_care_data_goes_dup_four_is_said() {
    let mut town = Town::synced();
    let acts = |record: RecordId| {
        [Action::Delete { record }, Action::Deactivate { record }, Action::Archive { record }]
    };
    for action in acts(R1) {
        assert_eq!(town.before_admin(action), [], "one record, no care data");
    }
    town.care_plan(1);
    for action in acts(R1) {
        let act = Act { by: Actor::Support, action: action.clone() };
        assert_eq!(clauses(&town.scene.before_acp(&act, town.now)), [], "Support has reviewed it");
        assert_eq!(town.before_admin(action), [Clause::Dup4]);
    }
    town.create_by_hand(None, ada("Hull"));
    for action in acts(RecordId(2)) {
        assert_eq!(town.before_admin(action), [Clause::Dup4], "the second of a likely pair");
    }
    let act = Act { by: Actor::TenantAdministrator, action: Action::Delete { record: R1 } };
    let said = &town.scene.before_acp(&act, town.now)[0].what;
    assert!(
        said.contains("Do not delete, archive or deactivate either record until Support has reviewed both.")
    );
    assert!(said.contains("removes for good its care data: 1 care plan"), "{said}");
}

#[test]
fn before_a_record_is_created_by_hand_dup_seven_is_said() {
    let town = Town::synced();
    assert_eq!(town.before_admin(Action::Create(HandMade::default())), [Clause::Dup7]);
}

#[test]
fn before_a_branch_that_rostering_names_is_renamed_it_is_said() {
    let town = Town::synced();
    let rename = |from: &str| Action::RenameBranch { from: from.into(), to: "Leeds".into() };
    assert_eq!(town.before_admin(rename("North Leeds")), [Clause::Pub9, Clause::Pub3]);
    assert_eq!(town.before_admin(rename("Hull")), []);
}

#[test]
fn before_a_record_loses_the_identifier_that_rostering_uses_the_second_record_is_said() {
    let town = Town::synced();
    let to = |to: Option<&str>| Action::SetExternalId { record: R1, to: to.map(id) };
    assert_eq!(town.before_admin(to(None)), [Clause::Dup1]);
    assert_eq!(town.before_admin(to(Some("SU-9"))), [Clause::Dup1]);
    assert_eq!(town.before_admin(to(Some("SU-1"))), []);
}

#[test]
fn before_the_right_identifier_is_mapped_nothing_is_said() {
    let records = vec![planted(Origin::ByHand, None, ada("North Leeds"), 1)];
    let mut town = Town::off(Settings::default(), ONE, records);
    town.add_ada();
    assert_eq!(town.before_admin(Action::SetExternalId { record: R1, to: Some(id("SU-1")) }), []);
}

#[test]
fn before_care_is_written_nothing_is_said() {
    let town = Town::synced();
    let (kind, title) = (CareKind::Note, "Ate well".into());
    assert_eq!(town.before_admin(Action::AddCare { record: R1, kind, title, activities: Vec::new() }), []);
}
