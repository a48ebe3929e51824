//! Which record an update finds: by the external identifier, and by nothing else.

use crate::desk::{Desk, TENANT, ada, created, matched, person, planted, refusal, says, set_up};
use acp::{Action, Look, Note, Origin, Outcome, Planted, RecordId, SetUp, Status};
use feed::{Clause, ExternalId, Field, IdentifierMatching, Settings, Update};

fn trimmed() -> Settings {
    Settings { identifier_matching: IdentifierMatching::EndsTrimmed, ..Settings::default() }
}

#[test]
fn the_identifier_alone_makes_the_match() {
    let same_person = &[
        (Field::DateOfBirth, "1938-11-04"),
        (Field::NhsNumber, "9990000018"),
        (Field::Phone, "0113 496 0000"),
    ];
    let mut desk = Desk::holding(vec![planted(Some("OLD-7"), same_person)]);
    let outcome = desk.sync_one(person("SU-1", same_person));
    assert_eq!(created(outcome).0, RecordId(2));

    let other_person = person(
        "OLD-7",
        &[(Field::GivenName, "Grace"), (Field::FamilyName, "Price"), (Field::DateOfBirth, "1950-01-01")],
    );
    let (changes, _) = matched(desk.sync_one(other_person));
    assert_eq!(changes.len(), 3);
    assert_eq!(desk.record(1).synced.full_name(), "Grace Price");
}

#[test]
fn a_match_keeps_the_record_and_its_id() {
    let mut desk = Desk::new();
    created(desk.sync_one(ada(&[])));
    let outcome = desk.sync_one(ada(&[(Field::FamilyName, "Okafor-Bell")]));
    assert!(matches!(outcome, Outcome::Matched { record: RecordId(1), .. }));
    assert_eq!(desk.records().len(), 1);
}

#[test]
fn identifiers_that_look_alike_are_different_to_the_character() {
    let ids = [
        "00123",
        "123",
        "ab1",
        "AB1",
        "1E5",
        "100000",
        "12.0",
        "12",
        "SU-1",
        "SU-1 ",
        " SU-1",
        "SU-1\u{a0}",
        "\u{feff}SU-1",
        "caf\u{e9}",
        "cafe\u{301}",
        "9007199254740992",
        "9007199254740993",
        "a-very-long-identifier-of-forty-letters1",
        "a-very-long-identifier-of-forty-letters2",
    ];
    let mut desk = Desk::new();
    for (idx, id) in ids.iter().enumerate() {
        assert_eq!(created(desk.sync_one(person(id, &[]))).0, RecordId(u32::try_from(idx).unwrap() + 1));
    }
    for (idx, id) in ids.iter().enumerate() {
        let record = desk.record(u32::try_from(idx).unwrap() + 1);
        assert_eq!(record.external_id.unwrap().as_str(), *id, "kept to the character");
    }
}

#[test]
fn trimmed_ends_match_but_case_and_zeros_do_not() {
    let mut desk = Desk::with(trimmed());
    created(desk.sync_one(person(" 007a", &[])));
    for same in ["007a", "007a ", "\t007a", "\u{feff}007a\u{200b}", "\u{a0}007a\u{2060}"] {
        assert!(matches!(desk.sync_one(person(same, &[])), Outcome::Matched { .. }), "{same:?}");
    }
    for other in ["7a", "007A", "00 7a", "007-a"] {
        created(desk.sync_one(person(other, &[])));
    }
    assert_eq!(desk.record(1).external_id.unwrap().as_str(), " 007a", "kept as first sent");
}

#[test]
fn a_blank_identifier_is_refused_and_matches_no_other_blank() {
    for settings in [Settings::default(), trimmed()] {
        let mut desk = Desk::of(SetUp { settings, records: vec![planted(Some(" "), &[])], ..set_up() });
        for blank in ["", " ", "\t\u{a0}", "\u{feff}\u{200b}"] {
            says(
                &refusal(desk.sync_one(person(blank, &[]))),
                Clause::Sync3,
                None,
                &["Ada Okafor", "rostering"],
            );
        }
        assert_eq!(desk.records().len(), 1);
    }
}

#[test]
fn a_nul_anywhere_refuses_the_service_user_and_nobody_else() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let before = desk.record(1);
    let spoilt = vec![
        person("SU\0-1", &[]),
        ada(&[(Field::Phone, "0113\0")]),
        ada(&[(Field::Email, "a\0@example.org"), (Field::FamilyName, "Other")]),
        person("SU-9", &[(Field::Gender, "\0")]),
        person("SU-9", &[(Field::GivenName, "\0"), (Field::FamilyName, "")]),
        crate::desk::with_requirements(person("SU-9", &[]), &["R\0"]),
        person("SU-2", &[]),
    ];
    let mut outcomes = desk.sync(spoilt);
    assert!(matches!(outcomes.pop(), Some(Outcome::Created { .. })));
    for outcome in outcomes {
        says(&refusal(outcome), Clause::Sync2, None, &["NUL"]);
    }
    assert_eq!(desk.record(1), before);
    assert_eq!(desk.records().len(), 2);
}

#[test]
fn inactive_and_archived_records_are_found_and_stay_as_they_are() {
    for status in [Status::Inactive, Status::Archived] {
        let mut desk = Desk::holding(vec![Planted { status, ..planted(Some("SU-1"), &[]) }]);
        let (changes, notes) = matched(desk.sync_one(ada(&[(Field::FamilyName, "Bell")])));
        assert_eq!(changes, [(Field::FamilyName, "Okafor > Bell".into(), Clause::Own6)]);
        assert_eq!(notes, [Note::NotActive]);
        assert_eq!(desk.record(1).status, status);
        assert_eq!(desk.records().len(), 1);
    }
}

#[test]
fn two_records_under_one_identifier_are_both_left_alone() {
    let mut desk = Desk::holding(vec![planted(Some("SU-1"), &[]), planted(Some("SU-1"), &[])]);
    let before = desk.records();
    let why = refusal(desk.sync_one(ada(&[(Field::FamilyName, "Bell")])));
    says(&why, Clause::Dup4, None, &["2 records", "R1, R2", "\"SU-1\"", "Support"]);
    assert_eq!(desk.records(), before);

    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit]);
    let done = desk.must(TENANT, Action::Delete { record: RecordId(1) });
    assert_eq!(done.records, [RecordId(1), RecordId(2)], "the visit that waited hangs under the other one");
    assert!(matches!(desk.sync_one(ada(&[])), Outcome::Matched { record: RecordId(2), .. }));
}

#[test]
fn a_record_made_by_hand_without_an_identifier_is_never_touched() {
    let mut desk = Desk::holding(vec![planted(None, &[])]);
    let before = desk.record(1);
    desk.sync(vec![ada(&[]), person("", &[]), person("SU-2", &[])]);
    assert_eq!(desk.record(1), before);
}

#[test]
fn a_mapped_record_is_updated_by_the_first_sync() {
    let mut desk = Desk::holding(vec![planted(None, &[(Field::FamilyName, "Okafour")])]);
    desk.must(
        crate::desk::TEAM,
        Action::SetExternalId { record: RecordId(1), to: Some(ExternalId::new("SU-1")) },
    );
    matched(desk.sync_one(ada(&[])));
    let record = desk.record(1);
    assert_eq!((record.origin, record.synced.text(Field::FamilyName)), (Origin::ByHand, "Okafor"));
    assert_eq!(desk.records().len(), 1);
}

#[test]
fn an_older_update_of_the_same_environment_changes_nothing() {
    let mut desk = Desk::new();
    let late = Update { service_users: vec![ada(&[(Field::FamilyName, "Late")])], ..desk.update() };
    desk.sync_one(ada(&[]));
    let before = desk.record(1);
    assert_eq!(desk.receive(late.clone()).decisions[0].outcome, Outcome::Older(RecordId(1)));
    assert_eq!(desk.record(1), before);

    let other_environment = Update { environment: 1, ..late };
    matched(desk.receive(other_environment).decisions.remove(0).outcome);
    assert_eq!(desk.record(1).newest, Some((1, 1)));
}

#[test]
fn an_older_update_stays_older_although_another_environment_came_in_between() {
    let mut desk = Desk::new();
    let late = Update { service_users: vec![ada(&[(Field::FamilyName, "Late")])], ..desk.update() };
    desk.sync_one(ada(&[]));
    let elsewhere = Update { environment: 1, service_users: vec![ada(&[])], ..desk.update() };
    matched(desk.receive(elsewhere).decisions.remove(0).outcome);
    assert_eq!(desk.receive(late).decisions[0].outcome, Outcome::Older(RecordId(1)));
    assert_ne!(desk.text(1, Field::FamilyName), "Late");
}

#[test]
fn an_older_update_still_reaches_whom_the_newer_one_did_not_carry() {
    let mut desk = Desk::new();
    desk.sync(vec![ada(&[]), person("SU-2", &[])]);
    let late =
        Update { service_users: vec![person("SU-2", &[(Field::FamilyName, "Bell")])], ..desk.update() };
    desk.sync_one(ada(&[]));
    matched(desk.receive(late).decisions.remove(0).outcome);
    assert_eq!(desk.text(2, Field::FamilyName), "Bell");
}

#[test]
fn the_same_update_again_changes_nothing_and_touches_nobody() {
    let mut desk = Desk::new();
    let mut update = desk.update();
    update.service_users = vec![ada(&[(Field::Phone, "0113 496 0000")]), person("SU-2", &[])];
    update.visits = vec![desk.visit("V1", "SU-1", 5)];
    desk.receive(update.clone());
    desk.shown(Look::Touched);
    let before = desk.acp.clone();
    let again = desk.receive(update);
    for decision in again.decisions {
        assert_eq!(matched(decision.outcome), (vec![], vec![]));
    }
    assert_eq!(desk.acp, before);
    assert_eq!(desk.shown(Look::Touched).records, []);
}

#[test]
fn a_newer_update_touches_a_record_even_if_it_changes_no_value() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    desk.shown(Look::Touched);
    assert_eq!(matched(desk.sync_one(ada(&[]))), (vec![], vec![]));
    let touched = desk.shown(Look::Touched).records;
    assert_eq!(touched.iter().map(|record| record.newest).collect::<Vec<_>>(), [Some((0, 2))]);
}

#[test]
fn the_rest_of_an_update_that_was_cut_off_is_taken_in_under_the_same_number() {
    let mut desk = Desk::new();
    let update = Update { system: feed::System::CareRostering, sequence: 9, ..desk.update() };
    desk.sync_one(ada(&[]));
    desk.care(1, acp::CareKind::Note, "Note");
    desk.shown(Look::Touched);
    let mut n_touched = |service_user| {
        desk.receive(Update { service_users: vec![service_user], ..update.clone() });
        desk.shown(Look::Touched).records.len()
    };
    let east = || ada(&[(Field::Branch, "East")]);
    assert_eq!((n_touched(east()), n_touched(east())), (1, 0));
    assert_eq!(n_touched(ada(&[])), 1, "the move is no longer held");
    assert_eq!(n_touched(crate::desk::with_requirements(ada(&[]), &["R1"])), 1, "a plan began");
}

#[test]
fn one_identifier_twice_in_one_update_makes_one_record() {
    let mut desk = Desk::new();
    let outcomes = desk.sync(vec![ada(&[]), ada(&[(Field::FamilyName, "Bell")])]);
    assert!(matches!(outcomes[1], Outcome::Matched { record: RecordId(1), .. }));
    assert_eq!(desk.text(1, Field::FamilyName), "Bell");
}

#[test]
fn records_are_found_whatever_order_the_update_has() {
    let ids: Vec<String> = (0..50).map(|n| format!("SU-{n}")).collect();
    let mut desk = Desk::new();
    desk.sync(ids.iter().map(|id| person(id, &[])).collect());
    let mut mixed: Vec<&String> = ids.iter().collect();
    for step in [1, 7, 13, 29] {
        mixed.rotate_left(step);
        mixed.swap(3, step);
        let outcomes = desk.sync(mixed.iter().map(|id| person(id, &[(Field::Pin, id)])).collect());
        for (id, outcome) in mixed.iter().zip(outcomes) {
            let Outcome::Matched { record, .. } = outcome else { panic!("{id} was not matched") };
            assert_eq!(desk.record(record.0).external_id, Some(ExternalId::new(id.as_str())));
        }
    }
    assert_eq!(desk.records().len(), 50);
}

#[test]
fn a_look_shows_what_was_touched_since_the_last_one() {
    let mut desk = Desk::holding(vec![planted(None, &[])]);
    assert_eq!(desk.shown(Look::Touched).records.len(), 1);
    desk.sync(vec![ada(&[]), person("SU-2", &[])]);
    desk.sync_one(ada(&[(Field::Phone, "1")]));
    let ids: Vec<u32> = desk.shown(Look::Touched).records.iter().map(|record| record.id.0).collect();
    assert_eq!(ids, [2, 3]);
    desk.must(TENANT, Action::Deactivate { record: RecordId(3) });
    desk.must(TENANT, Action::Deactivate { record: RecordId(1) });
    desk.must(TENANT, Action::Delete { record: RecordId(2) });
    let shown = desk.shown(Look::Touched);
    let ids: Vec<u32> = shown.records.iter().map(|record| record.id.0).collect();
    assert_eq!((ids, shown.gone), (vec![1, 3], vec![RecordId(2)]), "by ID, and again those of before");
    assert_eq!(desk.shown(Look::Touched), desk.shown(Look::Touched));
    assert_eq!(desk.shown(Look::Everything).records.len(), 2);
}
