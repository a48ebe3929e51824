//! Support's own means: move, merge, datafix. Care data is accounted for item by item, and none is ever lost.

use crate::desk::{Desk, SUPPORT, TENANT, ada, created, fields, matched, person, planted, with_requirements};
use acp::{Account, Action, By, CareKind, KeptContact, Place, RecordId, Status, Tracked};
use feed::{Clause, ExternalId, Field, System, Update, VisitId};

const R1: RecordId = RecordId(1);
const R2: RecordId = RecordId(2);

fn to(branch: &str) -> Place {
    Place { branch: branch.into(), service: None }
}

fn go(branch: &str, leaving: &[CareKind]) -> Action {
    Action::Move { record: R1, to: to(branch), leaving: leaving.to_vec() }
}

/// Ada in North with a note (1), a form (2) and a care plan (3).
fn desk() -> Desk {
    let mut desk = Desk::new();
    created(desk.sync_one(ada(&[])));
    desk.care(1, CareKind::Note, "Note");
    desk.care(1, CareKind::Form, "Form");
    desk.care(1, CareKind::CarePlan, "Plan");
    desk
}

const ALL: [(CareKind, u32); 3] = [(CareKind::Note, 1), (CareKind::Form, 2), (CareKind::CarePlan, 3)];

#[test]
fn a_move_takes_care_data_along_except_the_kinds_that_stay() {
    let mut desk = desk();
    desk.sync_one(ada(&[(Field::Branch, "East")]));
    let done = desk.must(SUPPORT, go("East", &[CareKind::Form]));
    let account = Account { moved: vec![ALL[0], ALL[2]], left: vec![ALL[1]], ..Account::default() };
    assert_eq!(done.account, Some(account));
    assert_eq!(done.changes.len(), 2);
    let record = desk.record(1);
    assert_eq!(
        (record.branch(), record.service(), record.held.as_deref()),
        ("East", "Supported living", None)
    );
    let services: Vec<&str> = record.local.care.iter().map(|item| item.service.as_str()).collect();
    assert_eq!(services, ["Supported living", "Home care", "Supported living"]);
    let set = record.synced.slot(Field::Branch).unwrap().set;
    assert_eq!((set.by, set.clause), (By::Support, Clause::Move1));
}

#[test]
fn a_move_inside_the_service_keeps_everything() {
    let mut desk = desk();
    let done = desk.must(SUPPORT, go("South", &[CareKind::Note]));
    assert_eq!(done.account, Some(Account { kept: ALL.to_vec(), ..Account::default() }));
    assert_eq!(desk.record(1).branch(), "South");
}

#[test]
fn a_move_back_finds_what_was_left_behind() {
    let mut desk = desk();
    desk.must(SUPPORT, go("East", &[CareKind::Form]));
    let done = desk.must(SUPPORT, go("North", &[]));
    let account = Account { moved: vec![ALL[0], ALL[2]], kept: vec![ALL[1]], ..Account::default() };
    assert_eq!(done.account, Some(account));
}

#[test]
fn a_second_move_to_the_same_place_brings_what_was_left_behind() {
    let mut desk = desk();
    desk.must(SUPPORT, go("East", &[CareKind::Form, CareKind::Note]));
    let done = desk.must(SUPPORT, go("East", &[CareKind::Note]));
    let account = Account { moved: vec![ALL[1]], kept: vec![ALL[2]], left: vec![ALL[0]], lost: vec![] };
    assert_eq!((done.account, done.changes), (Some(account), vec![]));
}

#[test]
fn an_empty_plan_of_the_integration_stays_behind_if_plans_are_to() {
    let mut desk = Desk::new();
    let update = Update {
        system: System::CareRostering,
        service_users: vec![with_requirements(ada(&[]), &["R1"])],
        ..desk.update()
    };
    desk.receive(update);
    let done = desk.must(SUPPORT, go("East", &[CareKind::CarePlan]));
    assert_eq!(done.account.unwrap().left, [(CareKind::CarePlan, 1)]);
    assert_eq!(desk.record(1).local.care[0].service, "Home care");
}

#[test]
fn a_move_may_name_another_service_than_the_branchs() {
    let mut desk = desk();
    let place = Place { branch: "South".into(), service: Some("Supported living".into()) };
    desk.must(SUPPORT, Action::Move { record: R1, to: place, leaving: vec![] });
    assert_eq!((desk.record(1).branch(), desk.record(1).service()), ("South", "Supported living"));
    let nowhere = Place { branch: "South".into(), service: Some("Day care".into()) };
    desk.refused(SUPPORT, Action::Move { record: R1, to: nowhere, leaving: vec![] });
    desk.refused(SUPPORT, go("Nowhere", &[]));
}

#[test]
fn an_archived_record_can_be_moved_and_put_right_by_support() {
    let mut desk = desk();
    desk.must(TENANT, Action::Deactivate { record: R1 });
    desk.must(TENANT, Action::Archive { record: R1 });
    desk.must(SUPPORT, go("East", &[]));
    desk.must(SUPPORT, Action::Datafix { record: R1, set: fields(&[(Field::FamilyName, "Bell")]) });
    assert_eq!(desk.record(1).status, Status::Archived);
}

#[test]
fn a_datafix_sets_fields_and_leaves_care_data_in_the_old_service() {
    let mut desk = desk();
    let set = fields(&[(Field::FamilyName, "Bell"), (Field::Branch, "East")]);
    let done = desk.must(SUPPORT, Action::Datafix { record: R1, set });
    assert_eq!(done.account, Some(Account { left: ALL.to_vec(), ..Account::default() }));
    assert_eq!(done.changes.len(), 3);
    assert_eq!(desk.record(1).service(), "Supported living");

    let done = desk.must(SUPPORT, Action::Datafix { record: R1, set: fields(&[(Field::Phone, "1")]) });
    assert_eq!(done.account, Some(Account { kept: ALL.to_vec(), ..Account::default() }));
    desk.refused(SUPPORT, Action::Datafix { record: R1, set: fields(&[(Field::DateOfBirth, "x")]) });
    desk.refused(SUPPORT, Action::Datafix { record: R1, set: fields(&[(Field::Branch, "x")]) });
}

/// R1 made by hand with care; R2 from the integration, with a visit and a note (2).
fn duplicate() -> Desk {
    let mut desk = Desk::holding(vec![planted(Some("OLD-1"), &[])]);
    desk.care(1, CareKind::CarePlan, "Plan");
    let update = Update {
        service_users: vec![ada(&[(Field::Phone, "from rostering")])],
        visits: vec![desk.visit("V1", "SU-1", 5)],
        ..desk.update()
    };
    desk.receive(update);
    desk.care(2, CareKind::Note, "Note");
    desk
}

fn merge(survivor: RecordId, loser: RecordId) -> Action {
    Action::Merge { survivor, loser }
}

#[test]
fn a_merge_gives_everything_to_the_survivor_and_nothing_is_lost() {
    let mut desk = duplicate();
    let role = |role: &str, record| Action::GrantRole { record, role: role.into() };
    for action in [role("Night", R1), role("Day", R1), role("Day", R2), role("Weekend", R2)] {
        desk.must(TENANT, action);
    }
    let done = desk.must(SUPPORT, merge(R1, R2));
    let account = Account {
        moved: vec![(CareKind::Note, 2)],
        kept: vec![(CareKind::CarePlan, 1)],
        ..Account::default()
    };
    assert_eq!((done.records, done.account), (vec![R1, R2], Some(account)));
    let (survivor, loser) = (desk.record(1), desk.record(2));
    let titles: Vec<&str> = survivor.local.care.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles, ["Plan", "Note"]);
    let roles: Vec<&str> = survivor.local.role_access.iter().map(|(role, _)| role.as_str()).collect();
    assert_eq!(roles, ["Night", "Day", "Weekend"]);
    assert!(survivor.visit(&VisitId::new("V1")).is_some());
    assert_eq!(survivor.aliases, [ExternalId::new("SU-1")]);
    assert_eq!((loser.merged_into, loser.status), (Some(R1), Status::Inactive));
    assert_eq!(loser.external_id, Some(ExternalId::new("SU-1")), "still shown");
    assert!(loser.local.care.is_empty() && loser.visits.is_empty());
}

#[test]
fn a_merge_is_in_the_history_of_roles_only_if_it_brings_one() {
    for (role, n_more) in [("Day", 0), ("Weekend", 1)] {
        let mut desk = duplicate();
        desk.must(TENANT, Action::GrantRole { record: R1, role: "Day".into() });
        desk.must(TENANT, Action::GrantRole { record: R2, role: role.into() });
        let n_entries = |desk: &Desk| desk.record(1).history(Tracked::RoleAccess).len();
        let before = n_entries(&desk);
        desk.must(SUPPORT, merge(R1, R2));
        assert_eq!(n_entries(&desk), before + n_more, "{role}");
    }
}

#[test]
fn after_a_merge_the_losers_identifier_leads_to_the_survivor_for_ever() {
    let mut desk = duplicate();
    desk.must(SUPPORT, merge(R1, R2));
    for round in 0..3 {
        let name = format!("Okafor {round}");
        let mut update = desk.update();
        update.service_users = vec![ada(&[(Field::FamilyName, &name)])];
        update.visits = vec![desk.visit("V1", "SU-1", 5)];
        let receipt = desk.receive(update);
        assert!(matches!(receipt.decisions[0].outcome, acp::Outcome::Matched { record: R1, .. }));
        assert_eq!(desk.text(1, Field::FamilyName), name);
    }
    assert_eq!(desk.records().len(), 2);
    assert!(desk.record(2).synced.text(Field::FamilyName) == "Okafor");
    let old = desk.sync_one(person("OLD-1", &[]));
    assert!(matches!(old, acp::Outcome::Matched { record: R1, .. }));
}

#[test]
fn merging_a_survivor_again_takes_its_aliases_along() {
    let mut desk = duplicate();
    desk.must(SUPPORT, merge(R1, R2));
    desk.sync_one(person("SU-3", &[]));
    desk.must(SUPPORT, merge(RecordId(3), R1));
    assert_eq!(desk.record(3).aliases, [ExternalId::new("OLD-1"), ExternalId::new("SU-1")]);
    for id in ["OLD-1", "SU-1", "SU-3"] {
        assert!(matches!(desk.sync_one(person(id, &[])), acp::Outcome::Matched { record: RecordId(3), .. }));
    }
    assert_eq!(desk.record(2).merged_into, Some(R1), "the path stays to be seen");
}

#[test]
fn acps_own_contact_details_of_the_loser_fill_gaps_or_are_kept_beside() {
    let mut desk = duplicate();
    desk.edit(
        TENANT,
        1,
        &[(Field::Email, "one@example.org"), (Field::County, "same"), (Field::Postcode, "")],
    );
    let own = &[
        (Field::Email, "two@example.org"),
        (Field::SecondPhone, "own"),
        (Field::County, "same"),
        (Field::Gender, "female"),
    ];
    desk.edit(TENANT, 2, own);
    desk.must(SUPPORT, merge(R1, R2));
    let record = desk.record(1);
    assert_eq!(record.synced.text(Field::Email), "one@example.org");
    let kept = KeptContact { field: Field::Email, value: "two@example.org".into(), from: R2 };
    assert_eq!(record.local.also, [kept]);
    assert_eq!(record.synced.text(Field::SecondPhone), "own");
    assert_eq!(record.synced.text(Field::Phone), "", "from rostering, so not ACP's own");
    assert_eq!(record.synced.text(Field::Gender), "", "no contact detail");
    matched(desk.sync_one(ada(&[(Field::SecondPhone, "from rostering")])));
    assert_eq!(desk.text(1, Field::SecondPhone), "own", "still ACP's own");
}

#[test]
fn details_kept_beside_go_on_to_the_next_survivor() {
    let mut desk = duplicate();
    desk.edit(TENANT, 1, &[(Field::Email, "one@example.org")]);
    desk.edit(TENANT, 2, &[(Field::Email, "two@example.org")]);
    desk.must(SUPPORT, merge(R1, R2));
    desk.create(None, &[(Field::Email, "three@example.org")]);
    desk.must(SUPPORT, merge(RecordId(3), R1));
    let also = desk.record(3).local.also;
    let told: Vec<(&str, RecordId)> = also.iter().map(|it| (it.value.as_str(), it.from)).collect();
    assert_eq!(told, [("one@example.org", R1), ("two@example.org", R2)]);
    assert_eq!(desk.record(1).local.also, []);
}

#[test]
fn an_alias_is_kept_once() {
    let records = [Some("A"), Some("SU-1"), Some("SU-1")].map(|id| planted(id, &[]));
    let mut desk = Desk::holding(records.into());
    desk.must(SUPPORT, merge(R1, R2));
    desk.must(SUPPORT, merge(R1, RecordId(3)));
    assert_eq!(desk.record(1).aliases, [ExternalId::new("SU-1")]);
}

#[test]
fn merged_care_stands_in_the_survivors_service() {
    let mut desk = duplicate();
    desk.must(SUPPORT, Action::Move { record: R2, to: to("East"), leaving: vec![] });
    desk.must(SUPPORT, merge(R1, R2));
    assert!(desk.record(1).local.care.iter().all(|item| item.service == "Home care"));
}

#[test]
fn merges_that_make_no_sense_are_refused() {
    let mut desk = duplicate();
    desk.refused(SUPPORT, merge(R1, R1));
    desk.must(SUPPORT, merge(R1, R2));
    for action in [merge(R1, R2), merge(R2, R1)] {
        assert_eq!(desk.refused(SUPPORT, action).clause, Clause::Dup6);
    }
    let phone = || fields(&[(Field::Phone, "1")]);
    for action in [
        Action::Edit { record: R2, set: phone() },
        Action::Datafix { record: R2, set: phone() },
        Action::Reactivate { record: R2 },
        Action::SetExternalId { record: R2, to: None },
        Action::Move { record: R2, to: to("East"), leaving: vec![] },
    ] {
        let why = desk.refused(SUPPORT, action);
        assert!(why.why.contains("into R1"), "{}", why.why);
    }
}

#[test]
fn an_alias_cannot_be_given_to_another_record() {
    let mut desk = duplicate();
    desk.must(SUPPORT, merge(R1, R2));
    desk.create(None, &[]);
    let take = |record| Action::SetExternalId { record, to: Some(ExternalId::new("SU-1")) };
    assert!(desk.refused(TENANT, take(RecordId(3))).why.contains("R1"));
    desk.must(TENANT, take(R1));
    assert!(matches!(desk.sync_one(ada(&[])), acp::Outcome::Matched { record: R1, .. }));
    assert_eq!(created(desk.sync_one(person("OLD-1", &[]))).0, RecordId(4), "its old identifier is free");
}

#[test]
fn merging_two_records_with_one_identifier_ends_the_duplicate() {
    let mut desk = Desk::holding(vec![planted(Some("SU-1"), &[]), planted(Some("SU-1"), &[])]);
    desk.must(SUPPORT, merge(R2, R1));
    assert_eq!(desk.record(2).aliases, []);
    assert!(matches!(desk.sync_one(ada(&[])), acp::Outcome::Matched { record: R2, .. }));
}

#[test]
fn a_deleted_loser_loses_nothing_and_the_survivor_keeps_its_alias() {
    let mut desk = duplicate();
    desk.must(SUPPORT, merge(R1, R2));
    let done = desk.must(TENANT, Action::Delete { record: R2 });
    assert_eq!(done.account, Some(Account::default()));
    assert!(matches!(desk.sync_one(ada(&[])), acp::Outcome::Matched { record: R1, .. }));
}

#[test]
fn a_merge_is_in_the_history_of_the_loser() {
    let mut desk = duplicate();
    desk.must(SUPPORT, merge(R1, R2));
    let history = desk.record(2).history(Tracked::Status);
    let told: Vec<(&str, Clause)> = history.iter().map(|it| (it.value.as_str(), it.set.clause)).collect();
    assert_eq!(told, [("active", Clause::Sync5), ("inactive", Clause::Dup6)]);
}
