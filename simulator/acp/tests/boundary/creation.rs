//! When an update makes a record, what stands in it, and when it makes none.

use crate::desk::{Desk, START, ada, created, matched, person, refusal, says};
use acp::{By, Note, Origin, Outcome, Status, Tracked};
use feed::{Clause, Field, ManagedDemographics, Setting, Settings};

#[test]
fn a_new_record_has_what_rostering_sent_and_no_care_history() {
    let mut desk = Desk::new();
    let (id, notes) = created(desk.sync_one(ada(&[
        (Field::Title, "Mrs"),
        (Field::DateOfBirth, "1938-11-04"),
        (Field::Phone, "0113 496 0000"),
        (Field::KeySafe, "1234"),
    ])));
    let record = desk.record(id.0);
    assert_eq!(notes, []);
    assert_eq!((record.origin, record.status), (Origin::Integration, Status::Active));
    assert_eq!(record.external_id.as_ref().unwrap().as_str(), "SU-1");
    assert_eq!((record.branch(), record.service()), ("North", "Home care"));
    assert!(record.local.care.is_empty() && record.local.role_access.is_empty() && record.visits.is_empty());
    let clauses: Vec<(Field, Clause)> =
        record.synced.slots().map(|slot| (slot.field, slot.set.clause)).collect();
    let expected = [
        (Field::Title, Clause::Sync5),
        (Field::GivenName, Clause::Sync2),
        (Field::FamilyName, Clause::Sync2),
        (Field::DateOfBirth, Clause::Own8),
        (Field::Phone, Clause::Pub5),
        (Field::KeySafe, Clause::Sync5),
        (Field::Branch, Clause::Sync2),
        (Field::Service, Clause::Sync2),
    ];
    assert_eq!(clauses, expected);
    assert_eq!(record.created.by, By::Integration { environment: 0, sequence: 1 });
    assert_eq!(record.created.at(), desk.now);
}

#[test]
fn stamps_keep_the_instant_before_and_after_1970() {
    for text in ["1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", START, "2106-02-07T06:28:16.001Z"] {
        let at = text.parse().unwrap();
        assert_eq!(acp::Stamp::new(at, By::Support, Clause::Dup6).at(), at);
    }
}

#[test]
fn names_and_addresses_are_kept_byte_for_byte() {
    let name = " de la Cruz-O\u{2019}Neill \u{202e}\u{1f600}Łukasz ";
    let mut desk = Desk::new();
    desk.sync_one(ada(&[(Field::FamilyName, name), (Field::AddressLine1, "1 & <b>High</b> St")]));
    assert_eq!(desk.text(1, Field::FamilyName), name);
    assert_eq!(desk.text(1, Field::AddressLine1), "1 & <b>High</b> St");
}

#[test]
fn an_unfit_date_of_birth_is_left_out_and_everything_else_arrives() {
    for bad in ["1938-02-30", "04/11/1938", "soon", "1938-1-4"] {
        let mut desk = Desk::new();
        let (id, notes) = created(desk.sync_one(ada(&[(Field::DateOfBirth, bad), (Field::Phone, "1")])));
        assert!(matches!(&notes[..], [Note::Unfit { field: Field::DateOfBirth, sent, why }]
            if sent == bad && why.contains(bad)));
        let record = desk.record(id.0);
        assert_eq!(record.synced.slot(Field::DateOfBirth), None);
        assert_eq!(record.synced.text(Field::Phone), "1");
    }
}

#[test]
fn what_is_sent_empty_is_not_there_at_all() {
    let mut desk = Desk::new();
    created(desk.sync_one(ada(&[(Field::Phone, "")])));
    assert!(desk.record(1).synced.slot(Field::Phone).is_none());
}

#[test]
fn what_the_integration_does_not_manage_is_kept_out_whether_it_is_fit_or_not() {
    for nhs in ["999 000 0018", "12"] {
        let mut desk = Desk::new();
        let (_, notes) = created(desk.sync_one(ada(&[(Field::NhsNumber, nhs)])));
        let [Note::Kept { field: Field::NhsNumber, sent, .. }] = &notes[..] else { panic!("{notes:?}") };
        assert_eq!(sent.as_str(), nhs);
    }
}

#[test]
fn leap_days_are_dates_only_in_leap_years() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[(Field::DateOfBirth, "1936-02-29")]));
    assert_eq!(desk.text(1, Field::DateOfBirth), "1936-02-29");
    desk.sync_one(person("SU-2", &[(Field::DateOfBirth, "1938-02-29")]));
    assert_eq!(desk.text(2, Field::DateOfBirth), "");
}

#[test]
fn an_nhs_number_arrives_only_where_the_integration_manages_it() {
    let nhs = &[(Field::NhsNumber, "999 000 0018")];
    let mut desk = Desk::new();
    let (_, notes) = created(desk.sync_one(ada(nhs)));
    assert_eq!(desk.text(1, Field::NhsNumber), "");
    assert!(matches!(notes[..], [Note::Kept { setting: Setting::ManagedDemographics, .. }]));

    let managed_demographics = ManagedDemographics { date_of_birth: true, nhs_number: true };
    let mut desk = Desk::with(Settings { managed_demographics, ..Settings::default() });
    created(desk.sync_one(ada(nhs)));
    assert_eq!(desk.text(1, Field::NhsNumber), "9990000018");
    assert_eq!(matched(desk.sync_one(ada(nhs))), (vec![], vec![]), "spaces make no change");
}

#[test]
fn gender_and_email_never_arrive() {
    let mut desk = Desk::new();
    let sent = ada(&[(Field::Gender, "female"), (Field::Email, "ada@example.org")]);
    assert_eq!(created(desk.sync_one(sent.clone())).1, [], "they are not sent, so nothing is kept from ACP");
    desk.sync_one(sent);
    let record = desk.record(1);
    assert_eq!((record.synced.slot(Field::Gender), record.synced.slot(Field::Email)), (None, None));
}

#[test]
fn a_service_user_who_has_ended_is_not_created() {
    let mut desk = Desk::new();
    for (end_date, is_created) in [("2026-03-01", false), ("2026-03-02", false), ("2026-03-03", true)] {
        let outcome = desk.sync_one(person(end_date, &[(Field::EndDate, end_date)]));
        assert_eq!(outcome != Outcome::NotCreated, is_created, "{end_date}");
    }
}

#[test]
fn the_end_date_comes_at_midnight_in_london() {
    let mut desk = Desk::new();
    desk.now = "2026-07-01T22:58:30Z".parse().unwrap();
    let leaver = |id| person(id, &[(Field::EndDate, "2026-07-02")]);
    created(desk.sync_one(leaver("just before")));
    assert_eq!(desk.sync_one(leaver("just after")), Outcome::NotCreated);
}

#[test]
fn an_end_date_that_is_no_date_ends_nothing() {
    let mut desk = Desk::new();
    let (_, notes) = created(desk.sync_one(ada(&[(Field::EndDate, "yesterday")])));
    assert!(matches!(notes[..], [Note::Unfit { field: Field::EndDate, .. }]));
}

#[test]
fn nobody_is_created_without_a_name() {
    let too_long = "x".repeat(1001);
    for (given, family) in [("", ""), (" ", "\t"), (&*too_long, "")] {
        let mut desk = Desk::new();
        let outcome = desk.sync_one(ada(&[(Field::GivenName, given), (Field::FamilyName, family)]));
        says(&refusal(outcome), Clause::Sync2, None, &["name", "rostering"]);
        assert_eq!(desk.records(), []);
    }
    let mut desk = Desk::new();
    created(desk.sync_one(person("SU-1", &[(Field::GivenName, "")])));
    created(desk.sync_one(person("SU-2", &[(Field::FamilyName, "")])));
}

#[test]
fn a_creation_without_a_branch_is_refused() {
    let mut desk = Desk::new();
    let mut nowhere = ada(&[]);
    nowhere.fields.remove(Field::Branch);
    says(&refusal(desk.sync_one(nowhere)), Clause::Pub3, Some(Setting::NewBranch), &["branch", "rostering"]);
    says(&refusal(desk.sync_one(ada(&[(Field::Branch, "")]))), Clause::Pub3, Some(Setting::NewBranch), &[]);
    assert_eq!(desk.records(), []);
}

#[test]
fn the_first_values_are_the_beginning_of_the_history() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let record = desk.record(1);
    for (what, value) in
        [(Tracked::Field(Field::Branch), "North"), (Tracked::ExternalId, "SU-1"), (Tracked::Status, "active")]
    {
        let entries = record.history(what);
        assert_eq!((entries.len(), entries[0].value.as_str()), (1, value));
    }
    assert_eq!(record.history(Tracked::RoleAccess), []);
    assert_eq!(record.history(Tracked::Field(Field::Phone)), []);
}
