//! What people do to records by hand: create, edit, identifiers, roles, status, deletion, care.

use crate::desk::{
    CARE, Desk, SUPPORT, TEAM, TENANT, ada, created, fields, matched, person, planted, says, set_up,
};
use acp::{Account, Action, Actor, By, CareKind, HandMade, Origin, Planted, RecordId, SetUp, Status};
use feed::{Clause, Deletion, ExternalId, Field, Setting, Settings, VisitId};

const R1: RecordId = RecordId(1);

fn edit(record: u32, values: &[(Field, &str)]) -> Action {
    Action::Edit { record: RecordId(record), set: fields(values) }
}

fn identify(record: u32, id: Option<&str>) -> Action {
    Action::SetExternalId { record: RecordId(record), to: id.map(ExternalId::new) }
}

fn hand_made(id: Option<&str>, values: &[(Field, &str)]) -> Action {
    Action::Create(HandMade { external_id: id.map(ExternalId::new), fields: fields(values) })
}

/// Ada has a record, R1.
fn desk() -> Desk {
    let mut desk = Desk::new();
    created(desk.sync_one(ada(&[])));
    desk
}

#[test]
fn a_record_made_by_hand_is_marked_as_such_and_placed_by_its_branch() {
    let mut desk = Desk::new();
    let values = &[(Field::GivenName, "Ada"), (Field::Branch, "East"), (Field::Email, "ada@example.org")];
    let done = desk.must(TEAM, hand_made(Some("SU-1"), values));
    assert_eq!(done.records, [R1]);
    let record = desk.record(1);
    assert_eq!((record.origin, record.service(), record.newest), (Origin::ByHand, "Supported living", None));
    assert_eq!((record.created.by, record.created.clause), (By::ImplementationTeam, Clause::Dup7));
    let clauses: Vec<Clause> = record.synced.slots().map(|slot| slot.set.clause).collect();
    assert_eq!(clauses, [Clause::Own6, Clause::Own1, Clause::Own7, Clause::Own7]);
    matched(desk.sync_one(ada(&[(Field::Branch, "East")])));
}

#[test]
fn a_record_by_hand_needs_a_name_a_branch_and_fit_values() {
    let mut desk = desk();
    let ok: &[(Field, &str)] = &[(Field::GivenName, "Ada"), (Field::Branch, "North")];
    let with = |field, value| [ok, &[(field, value)]].concat();
    let cases = [
        (hand_made(None, &[(Field::Branch, "North")]), Clause::Sync2, "name"),
        (hand_made(None, &with(Field::GivenName, " ")), Clause::Sync2, "name"),
        (hand_made(None, &[(Field::GivenName, "Ada")]), Clause::Pub3, "branch"),
        (hand_made(None, &with(Field::Branch, "Nrth")), Clause::Pub3, "\"North\""),
        (hand_made(None, &with(Field::Service, "Day care")), Clause::Pub3, "\"Day care\""),
        (hand_made(None, &with(Field::DateOfBirth, "4 Nov")), Clause::Own8, "1938-11-04"),
        (hand_made(None, &with(Field::NhsNumber, "9990000019")), Clause::Own8, "check digit"),
        (hand_made(None, &with(Field::Phone, "\0")), Clause::Own1, "NUL"),
        (hand_made(Some(" "), ok), Clause::Sync3, "matched"),
        (hand_made(Some("A\0"), ok), Clause::Sync3, "matched"),
        (hand_made(Some("SU-1"), ok), Clause::Dup8, "R1"),
    ];
    for (action, clause, word) in cases {
        let why = desk.refused(TENANT, action);
        assert_eq!(why.clause, clause, "{}", why.why);
        assert!(why.why.contains(word), "{}", why.why);
    }
    desk.must(TENANT, hand_made(None, ok));
}

#[test]
fn one_name_is_enough_for_every_edit_and_a_record_without_any_can_be_edited_too() {
    let mut desk = Desk::holding(vec![
        planted(None, &[(Field::FamilyName, "")]),
        planted(None, &[(Field::GivenName, ""), (Field::FamilyName, "")]),
    ]);
    desk.edit(TENANT, 1, &[(Field::GivenName, "Adah")]);
    desk.edit(TENANT, 1, &[(Field::Phone, "0113 496 0001")]);
    assert_eq!(desk.refused(TENANT, edit(1, &[(Field::GivenName, " ")])).clause, Clause::Sync2);
    desk.edit(TENANT, 2, &[(Field::Phone, "0113 496 0002")]);
    assert_eq!(desk.text(2, Field::Phone), "0113 496 0002");
}

#[test]
fn a_branch_administrator_creates_in_an_own_branch_and_without_identifier() {
    let mut desk = desk();
    let of_north = || Actor::BranchAdministrator(vec!["North".into()]);
    let ok: &[(Field, &str)] = &[(Field::GivenName, "Ada"), (Field::Branch, "North")];
    desk.must(of_north(), hand_made(None, ok));
    assert_eq!(desk.refused(of_north(), hand_made(Some("SU-9"), ok)).clause, Clause::Dup8);
    let elsewhere = hand_made(None, &[(Field::GivenName, "Ada"), (Field::Branch, "South")]);
    says(&desk.refused(of_north(), elsewhere), Clause::Own7, None, &["\"South\"", "\"North\""]);
}

#[test]
fn an_edit_sets_all_of_its_fields_or_none() {
    let mut desk = desk();
    let done = desk.edit(
        TENANT,
        1,
        &[(Field::Phone, "1"), (Field::Gender, "female"), (Field::NhsNumber, "999 000 0018")],
    );
    assert_eq!(done.changes.len(), 3);
    assert_eq!(desk.text(1, Field::NhsNumber), "9990000018");
    desk.refused(TENANT, edit(1, &[(Field::Phone, "2"), (Field::DateOfBirth, "never")]));
    desk.refused(TENANT, edit(1, &[(Field::Phone, "2"), (Field::Branch, "Nowhere")]));
    desk.refused(TENANT, edit(1, &[(Field::Phone, "2"), (Field::Branch, "")]));
    desk.refused(TENANT, edit(1, &[(Field::Phone, "2"), (Field::Service, "")]));
    desk.refused(TENANT, edit(1, &[(Field::GivenName, ""), (Field::FamilyName, "")]));
    assert_eq!(desk.edit(TENANT, 1, &[(Field::Phone, "1")]).changes, []);
    assert_eq!(desk.edit(TENANT, 1, &[(Field::GivenName, "")]).changes.len(), 1);
}

#[test]
fn a_move_by_hand_is_refused_once_there_is_care_data() {
    let mut desk = desk();
    desk.edit(TENANT, 1, &[(Field::Branch, "East")]);
    assert_eq!(desk.record(1).service(), "Supported living");
    desk.care(1, CareKind::Form, "Consent");
    for by in [TENANT, SUPPORT, Actor::BranchAdministrator(vec!["North".into(), "East".into()])] {
        for values in [&[(Field::Branch, "North")], &[(Field::Service, "Home care")]] {
            let why = desk.refused(by.clone(), edit(1, values));
            says(&why, Clause::Move1, None, &["R1", "\"Supported living\"", "\"Home care\"", "Support"]);
        }
    }
    desk.must(TENANT, Action::AddBranch { branch: "West".into(), service: "Supported living".into() });
    desk.edit(TENANT, 1, &[(Field::Branch, "West")]);
}

#[test]
fn an_archived_record_is_read_only() {
    let mut desk = desk();
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit]);
    desk.care(1, CareKind::CarePlan, "Plan");
    desk.must(TENANT, Action::GrantRole { record: R1, role: "Team".into() });
    desk.must(TENANT, Action::Deactivate { record: R1 });
    desk.must(TENANT, Action::Archive { record: R1 });
    let care = |kind| Action::AddCare { record: R1, kind, title: "x".into(), activities: vec![] };
    for action in [
        edit(1, &[(Field::Phone, "1")]),
        identify(1, Some("SU-2")),
        Action::GrantRole { record: R1, role: "Other".into() },
        Action::RevokeRole { record: R1, role: "Team".into() },
        care(CareKind::Note),
        Action::AddActivity { record: R1, title: "Tea".into() },
        Action::CompleteVisit { visit: VisitId::new("V1") },
        Action::Deactivate { record: R1 },
        Action::Reactivate { record: R1 },
    ] {
        says(&desk.refused(SUPPORT, action), Clause::Pub10, None, &["R1", "archive"]);
    }
    desk.must(TENANT, Action::Unarchive { record: R1 });
    assert_eq!(desk.record(1).status, Status::Inactive);
    desk.must(CARE, care(CareKind::Note));
}

#[test]
fn a_record_is_archived_only_after_it_was_made_inactive() {
    let mut desk = desk();
    says(&desk.refused(TENANT, Action::Archive { record: R1 }), Clause::Pub10, None, &["inactive first"]);
    for (action, status) in [
        (Action::Deactivate { record: R1 }, Status::Inactive),
        (Action::Deactivate { record: R1 }, Status::Inactive),
        (Action::Unarchive { record: R1 }, Status::Inactive),
        (Action::Reactivate { record: R1 }, Status::Active),
        (Action::Reactivate { record: R1 }, Status::Active),
        (Action::Deactivate { record: R1 }, Status::Inactive),
        (Action::Archive { record: R1 }, Status::Archived),
        (Action::Archive { record: R1 }, Status::Archived),
        (Action::Unarchive { record: R1 }, Status::Inactive),
    ] {
        let before = desk.record(1).status;
        let done = desk.must(TENANT, action);
        assert_eq!(desk.record(1).status, status);
        assert_eq!(done.records.is_empty(), before == status, "touched only where it changed");
    }
}

#[test]
fn an_identifier_that_another_live_record_has_is_refused_with_its_id() {
    let mut desk = desk();
    desk.create(None, &[]);
    says(&desk.refused(TEAM, identify(2, Some("SU-1"))), Clause::Dup8, None, &["R1", "\"SU-1\"", "Support"]);
    desk.must(TEAM, identify(2, Some("SU-1 ")));
    for blank in ["", " ", "a\0"] {
        assert_eq!(desk.refused(TEAM, identify(2, Some(blank))).clause, Clause::Sync3);
    }
    desk.must(TENANT, Action::Deactivate { record: R1 });
    assert!(desk.refused(TEAM, identify(2, Some("SU-1"))).why.contains("R1"), "inactive records are live");
}

#[test]
fn identifiers_are_compared_for_the_refusal_as_they_are_for_a_match() {
    let settings =
        Settings { identifier_matching: feed::IdentifierMatching::EndsTrimmed, ..Settings::default() };
    let mut desk = Desk::with(settings);
    desk.sync_one(ada(&[]));
    desk.create(None, &[]);
    desk.refused(TEAM, identify(2, Some(" SU-1 ")));
    desk.must(TEAM, identify(1, Some("SU-1 ")));
    assert!(matches!(desk.sync_one(ada(&[])), acp::Outcome::Matched { .. }));
}

#[test]
fn an_identifier_taken_away_leads_nowhere_and_the_next_sync_makes_a_duplicate() {
    let mut desk = desk();
    desk.must(TENANT, identify(1, None));
    assert_eq!(created(desk.sync_one(ada(&[]))).0, RecordId(2));
    assert!(desk.refused(TENANT, identify(1, Some("SU-1"))).why.contains("R2"));
    assert_eq!(desk.must(TENANT, identify(1, None)).records, []);
}

#[test]
fn roles_are_granted_and_revoked_once() {
    let mut desk = desk();
    let grant = |role: &str| Action::GrantRole { record: R1, role: role.into() };
    let revoke = |role: &str| Action::RevokeRole { record: R1, role: role.into() };
    desk.must(TENANT, grant("Night team"));
    assert_eq!(desk.must(TENANT, grant("Night team")).records, []);
    desk.must(TENANT, grant("Day team"));
    desk.must(TENANT, revoke("Night team"));
    says(&desk.refused(TENANT, revoke("Night team")), Clause::Own3, None, &["\"Night team\"", "R1"]);
    desk.refused(TENANT, grant(" "));
    let roles: Vec<_> = desk.record(1).local.role_access.into_iter().map(|(role, _)| role).collect();
    assert_eq!(roles, ["Day team"]);
}

#[test]
fn deletion_shows_item_by_item_what_is_lost() {
    let mut desk = desk();
    desk.care(1, CareKind::Note, "Note");
    desk.care(1, CareKind::Form, "Form");
    let done = desk.must(TENANT, Action::Delete { record: R1 });
    let lost = vec![(CareKind::Note, 1), (CareKind::Form, 2)];
    assert_eq!(done.account, Some(Account { lost, ..Account::default() }));
    assert_eq!(desk.records(), []);
    assert_eq!(created(desk.sync_one(ada(&[]))).0, RecordId(2), "no record ID is used twice");
}

#[test]
fn where_nothing_can_be_deleted_the_refusal_says_archive() {
    let mut desk = Desk::with(Settings { deletion: Deletion::ArchiveOnly, ..Settings::default() });
    desk.sync_one(ada(&[]));
    for by in [TENANT, SUPPORT] {
        let why = desk.refused(by, Action::Delete { record: R1 });
        says(&why, Clause::Pub10, Some(Setting::Deletion), &["R1", "archive"]);
    }
}

#[test]
fn care_data_is_numbered_through_the_whole_tenant() {
    let mut desk = desk();
    desk.sync_one(person("SU-2", &[]));
    let plan = Action::AddCare {
        record: R1,
        kind: CareKind::CarePlan,
        title: "Plan".into(),
        activities: vec!["Wash".into(), "Tea".into()],
    };
    desk.must(CARE, plan);
    desk.care(2, CareKind::Document, "Scan");
    desk.care(1, CareKind::Note, "Note");
    desk.must(CARE, Action::AddActivity { record: R1, title: "Lunch".into() });
    let numbers: Vec<u32> = desk.records().iter().flat_map(|it| &it.local.care).map(|it| it.number).collect();
    assert_eq!(numbers, [1, 3, 2]);
    let item = desk.record(1).local.care.remove(0);
    assert_eq!(item.activities.iter().map(|it| it.number).collect::<Vec<u32>>(), [1, 2, 3]);
    assert_eq!(
        (item.service.as_str(), item.added.by, item.added.clause),
        ("Home care", By::CareStaff, Clause::Own4)
    );
    assert_eq!(desk.record(1).local.care[1].added.clause, Clause::Own5);
}

#[test]
fn an_activity_goes_to_the_newest_care_plan_and_needs_one() {
    let mut desk = desk();
    let tea = || Action::AddActivity { record: R1, title: "Tea".into() };
    says(&desk.refused(CARE, tea()), Clause::Own4, None, &["care plan", "\"Tea\""]);
    desk.care(1, CareKind::CarePlan, "Old");
    desk.care(1, CareKind::CarePlan, "New");
    desk.care(1, CareKind::Note, "Note");
    desk.must(CARE, tea());
    let counts: Vec<usize> = desk.record(1).local.care.iter().map(|it| it.activities.len()).collect();
    assert_eq!(counts, [0, 1, 0]);
}

#[test]
fn care_data_that_makes_no_sense_is_refused() {
    let mut desk = desk();
    let add = |kind, title: &str, activity: Option<&str>| Action::AddCare {
        record: R1,
        kind,
        title: title.into(),
        activities: activity.map(Into::into).into_iter().collect(),
    };
    desk.refused(CARE, add(CareKind::Note, "", None));
    desk.refused(CARE, add(CareKind::Note, "a\0", None));
    desk.refused(CARE, add(CareKind::Note, "Note", Some("Tea")));
    desk.refused(CARE, add(CareKind::CarePlan, "Plan", Some("")));
    desk.refused(CARE, Action::AddActivity { record: R1, title: "\0".into() });
}

#[test]
fn a_record_that_does_not_exist_is_said_to() {
    let mut desk = desk();
    for id in [0, 2, u32::MAX] {
        let record = RecordId(id);
        let care = Action::AddCare { record, kind: CareKind::Note, title: "x".into(), activities: vec![] };
        for action in [edit(id, &[]), identify(id, None), care, Action::Delete { record }] {
            assert!(desk.refused(SUPPORT, action).why.contains(&format!("no record R{id}")));
        }
        desk.refused(SUPPORT, Action::Merge { survivor: R1, loser: record });
        desk.refused(SUPPORT, Action::Merge { survivor: record, loser: R1 });
    }
}

#[test]
fn setting_up_again_starts_an_empty_tenant() {
    let mut desk = desk();
    desk.acp.answer(desk.now, acp::Call::SetUp(set_up()));
    let fresh = Desk::new();
    assert_eq!(desk.acp, fresh.acp);
}

#[test]
fn planted_records_are_as_given_with_numbered_care_and_roles() {
    let record = Planted {
        origin: Origin::Integration,
        role_access: vec!["Night team".into(), "Day team".into()],
        care: vec![
            (CareKind::CarePlan, "Plan".into(), vec!["Tea".into()]),
            (CareKind::Note, "Note".into(), vec![]),
        ],
        ..planted(Some("SU-1"), &[(Field::DateOfBirth, "not known"), (Field::NhsNumber, "999 000 0018")])
    };
    let mut desk = Desk::of(SetUp { records: vec![record], ..set_up() });
    let record = desk.record(1);
    assert_eq!((record.service(), record.local.role_access.len()), ("Home care", 2));
    assert_eq!(record.synced.text(Field::DateOfBirth), "not known");
    assert_eq!(record.synced.text(Field::NhsNumber), "9990000018");
    assert_eq!((record.local.care[0].service.as_str(), record.n_activities()), ("Home care", 1));
    assert!(record.has_care_data() && record.created.by.is_integration());
    let (changes, _) = matched(desk.sync_one(ada(&[(Field::DateOfBirth, "1938-11-04")])));
    assert_eq!(changes, [(Field::DateOfBirth, "not known > 1938-11-04".into(), Clause::Own8)]);
}
