//! For everything that has a history: every value, when, by whom, under which clause.

use crate::desk::{Desk, SUPPORT, TEAM, TENANT, ada, planted};
use acp::{Action, By, RecordId, Tracked};
use feed::{Clause, ExternalId, Field};

const R1: RecordId = RecordId(1);

/// Value, by whom, clause.
fn told(desk: &Desk, what: Tracked) -> Vec<(String, By, Clause)> {
    let history = desk.record(1).history(what);
    assert!(history.windows(2).all(|pair| pair[0].set.at() <= pair[1].set.at()), "oldest first");
    history.into_iter().map(|it| (it.value.to_string(), it.set.by, it.set.clause)).collect()
}

fn entry(value: &str, by: By, clause: Clause) -> (String, By, Clause) {
    (value.into(), by, clause)
}

fn update(sequence: u32) -> By {
    By::Integration { environment: 0, sequence }
}

#[test]
fn a_field_keeps_every_value_that_it_had() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    desk.edit(TENANT, 1, &[(Field::FamilyName, "Bell")]);
    desk.sync_one(ada(&[]));
    desk.must(
        SUPPORT,
        Action::Datafix { record: R1, set: crate::desk::fields(&[(Field::FamilyName, "Bell")]) },
    );
    desk.sync_one(ada(&[(Field::FamilyName, "")]));
    let expected = [
        entry("Okafor", update(1), Clause::Sync2),
        entry("Bell", By::TenantAdministrator, Clause::Own6),
        entry("Okafor", update(2), Clause::Own6),
        entry("Bell", By::Support, Clause::Own6),
        entry("", update(3), Clause::Own6),
    ];
    assert_eq!(told(&desk, Tracked::Field(Field::FamilyName)), expected);
}

#[test]
fn a_sync_that_changes_nothing_leaves_no_trace_in_the_history() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    for _ in 0..10 {
        desk.sync_one(ada(&[]));
    }
    assert_eq!(desk.record(1).past, []);
}

#[test]
fn a_move_is_one_instant_for_branch_and_service() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    desk.sync_one(ada(&[(Field::Branch, "East")]));
    let record = desk.record(1);
    let branch = record.history(Tracked::Field(Field::Branch));
    let service = record.history(Tracked::Field(Field::Service));
    assert_eq!((branch.len(), service.len()), (2, 2));
    assert_eq!(branch[1].set, service[1].set);
}

#[test]
fn an_identifier_has_a_history_with_gaps() {
    let mut desk = Desk::holding(vec![planted(None, &[])]);
    assert_eq!(told(&desk, Tracked::ExternalId), []);
    for to in [Some("SU-1"), None, Some("SU-2"), None] {
        desk.must(TEAM, Action::SetExternalId { record: R1, to: to.map(ExternalId::new) });
    }
    let team = |value| entry(value, By::ImplementationTeam, Clause::Dup8);
    assert_eq!(told(&desk, Tracked::ExternalId), [team("SU-1"), team(""), team("SU-2"), team("")]);
}

#[test]
fn status_keeps_who_set_it() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    desk.must(TENANT, Action::Deactivate { record: R1 });
    desk.must(SUPPORT, Action::Reactivate { record: R1 });
    let expected = [
        entry("active", update(1), Clause::Sync5),
        entry("inactive", By::TenantAdministrator, Clause::Pub10),
        entry("active", By::Support, Clause::Pub10),
    ];
    assert_eq!(told(&desk, Tracked::Status), expected);
}

#[test]
fn role_access_keeps_the_whole_list_each_time() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let grant = |role: &str| Action::GrantRole { record: R1, role: role.into() };
    desk.must(TENANT, grant("Night"));
    desk.must(TENANT, grant("Day"));
    desk.must(TENANT, Action::RevokeRole { record: R1, role: "Night".into() });
    let mut with_roles = planted(None, &[]);
    with_roles.role_access = vec!["Night".into(), "Day".into()];
    let there_before = Desk::holding(vec![with_roles]);
    assert_eq!(told(&there_before, Tracked::RoleAccess)[0].0, "Night, Day");
    let tenant = |value| entry(value, By::TenantAdministrator, Clause::Own3);
    assert_eq!(told(&desk, Tracked::RoleAccess), [tenant("Night"), tenant("Night, Day"), tenant("Day")]);
}
