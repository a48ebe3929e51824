//! Field by field: what an update may write to a record that exists.

use crate::desk::{CARE, Desk, SUPPORT, TENANT, ada, created, matched, planted, refusal, says};
use acp::{Action, CareKind, HeldMove, Note, RecordId, Status};
use feed::{
    AbsentField, Clause, ContactDetails, EndDate, Field, ManagedDemographics, Setting, Settings, Text,
};

const ROSTERING_CONTROLS: [Field; 10] = [
    Field::Title,
    Field::GivenName,
    Field::FamilyName,
    Field::StartDate,
    Field::EndDate,
    Field::Area,
    Field::Pin,
    Field::QrCode,
    Field::KeySafe,
    Field::AccessDetails,
];
const CONTACT: [Field; 8] = [
    Field::AddressLine1,
    Field::AddressLine2,
    Field::AddressLine3,
    Field::AddressLine4,
    Field::County,
    Field::Postcode,
    Field::Phone,
    Field::SecondPhone,
];

/// Three values that are fit for the field.
fn values(field: Field) -> [&'static str; 3] {
    match field {
        Field::DateOfBirth | Field::StartDate | Field::EndDate => ["2027-01-01", "2027-01-02", "2027-01-03"],
        Field::NhsNumber => ["9990000018", "9990000026", "9990000034"],
        _ => ["one", "two", "three"],
    }
}

fn contact(reading: ContactDetails) -> Desk {
    Desk::with(Settings { contact_details: reading, ..Settings::default() })
}

#[test]
fn rostering_overwrites_what_it_controls_whoever_set_it() {
    for field in ROSTERING_CONTROLS {
        let [first, by_hand, second] = values(field);
        let mut desk = Desk::new();
        desk.sync_one(ada(&[(field, first)]));
        desk.edit(TENANT, 1, &[(field, by_hand)]);
        assert_eq!(desk.text(1, field), by_hand);
        matched(desk.sync_one(ada(&[(field, first)])));
        assert_eq!(desk.text(1, field), first, "put back although rostering changed nothing");
        matched(desk.sync_one(ada(&[(field, second)])));
        assert_eq!(desk.text(1, field), second);
    }
}

#[test]
fn the_clause_of_a_change_says_whose_field_it_is() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[(Field::Phone, "1"), (Field::AddressLine1, "1 High St")]));
    let (changes, _) = matched(desk.sync_one(ada(&[
        (Field::Title, "Mrs"),
        (Field::FamilyName, "Bell"),
        (Field::DateOfBirth, "1938-11-04"),
        (Field::Phone, "2"),
        (Field::AddressLine1, "2 High St"),
        (Field::KeySafe, "9"),
        (Field::Branch, "South"),
    ])));
    let expected = [
        (Field::Title, " > Mrs", Clause::Own6),
        (Field::FamilyName, "Okafor > Bell", Clause::Own6),
        (Field::DateOfBirth, " > 1938-11-04", Clause::Own8),
        (Field::AddressLine1, "1 High St > 2 High St", Clause::Pub5),
        (Field::Phone, "1 > 2", Clause::Pub5),
        (Field::KeySafe, " > 9", Clause::Sync4),
        (Field::Branch, "North > South", Clause::Own7),
    ];
    let told: Vec<(Field, &str, Clause)> = changes.iter().map(|(f, c, k)| (*f, c.as_str(), *k)).collect();
    assert_eq!(told, expected);
}

#[test]
fn a_contact_detail_that_a_person_edited_survives_a_hundred_syncs() {
    for field in CONTACT {
        let mut desk = Desk::new();
        desk.sync_one(ada(&[(field, "from rostering")]));
        desk.edit(TENANT, 1, &[(field, "from ACP")]);
        for round in 0..100 {
            let sent = format!("round {round}");
            let (changes, notes) = matched(desk.sync_one(ada(&[(field, &sent)])));
            assert_eq!(changes, []);
            let because =
                if matches!(field, Field::Phone | Field::SecondPhone) { Clause::Own1 } else { Clause::Own2 };
            let setting = Setting::ContactDetails;
            assert_eq!(
                notes,
                [Note::Kept { field, acp: "from ACP".into(), sent: sent.into(), because, setting }]
            );
        }
        assert_eq!(desk.text(1, field), "from ACP");
    }
}

#[test]
fn a_contact_detail_that_nobody_edited_follows_rostering() {
    for field in CONTACT {
        let mut desk = Desk::new();
        desk.sync_one(ada(&[(field, "one")]));
        matched(desk.sync_one(ada(&[(field, "two")])));
        assert_eq!(desk.text(1, field), "two");
        matched(desk.sync_one(ada(&[(field, "")])));
        assert_eq!(desk.text(1, field), "", "cleared by rostering");
    }
}

#[test]
fn a_contact_detail_that_a_person_took_away_stays_away() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[(Field::Phone, "1")]));
    desk.edit(TENANT, 1, &[(Field::Phone, "")]);
    let (_, notes) = matched(desk.sync_one(ada(&[(Field::Phone, "1")])));
    assert!(matches!(&notes[..], [Note::Kept { acp, .. }] if acp.is_empty()));
    assert_eq!(desk.text(1, Field::Phone), "");
}

#[test]
fn rostering_cannot_clear_a_contact_detail_of_acp_under_any_reading() {
    for reading in ContactDetails::ALL {
        let mut desk = contact(*reading);
        desk.sync_one(ada(&[]));
        desk.edit(TENANT, 1, &[(Field::Phone, "from ACP")]);
        matched(desk.sync_one(ada(&[(Field::Phone, "")])));
        assert_eq!(desk.text(1, Field::Phone), "from ACP", "{reading:?}");
    }
}

#[test]
fn under_always_acp_rostering_writes_contact_details_once() {
    let mut desk = contact(ContactDetails::AlwaysAcp);
    created(desk.sync_one(ada(&[(Field::Phone, "1")])));
    let (changes, notes) = matched(desk.sync_one(ada(&[(Field::Phone, "2"), (Field::Postcode, "LS1 1AA")])));
    assert_eq!((changes.len(), notes.len()), (0, 2));
    assert_eq!((desk.text(1, Field::Phone), desk.text(1, Field::Postcode)), ("1".into(), String::new()));
    assert_eq!(matched(desk.sync_one(ada(&[(Field::Phone, "1")]))), (vec![], vec![]));
}

#[test]
fn under_always_rostering_what_is_sent_wins_and_clears_its_own() {
    let mut desk = contact(ContactDetails::AlwaysRostering);
    desk.sync_one(ada(&[(Field::Phone, "1")]));
    desk.edit(TENANT, 1, &[(Field::Phone, "from ACP")]);
    matched(desk.sync_one(ada(&[])));
    assert_eq!(desk.text(1, Field::Phone), "from ACP", "absent is not sent");
    matched(desk.sync_one(ada(&[(Field::Phone, "2")])));
    assert_eq!(desk.text(1, Field::Phone), "2");
    matched(desk.sync_one(ada(&[(Field::Phone, "")])));
    assert_eq!(desk.text(1, Field::Phone), "");
}

#[test]
fn demographics_follow_rostering_exactly_where_they_are_managed() {
    for (date_of_birth, nhs_number) in [(true, false), (false, true), (true, true), (false, false)] {
        let managed_demographics = ManagedDemographics { date_of_birth, nhs_number };
        for (field, is_managed) in [(Field::DateOfBirth, date_of_birth), (Field::NhsNumber, nhs_number)] {
            let mut desk = Desk::with(Settings { managed_demographics, ..Settings::default() });
            desk.sync_one(ada(&[]));
            let [first, by_hand, second] = values(field);
            desk.edit(TENANT, 1, &[(field, by_hand)]);
            let (changes, notes) = matched(desk.sync_one(ada(&[(field, second)])));
            assert_eq!(desk.text(1, field), if is_managed { second } else { by_hand });
            assert_eq!((changes.len(), notes.len()), if is_managed { (1, 0) } else { (0, 1) });
            matched(desk.sync_one(ada(&[(field, "")])));
            assert_eq!(desk.text(1, field), if is_managed { "" } else { by_hand });
            matched(desk.sync_one(ada(&[(field, first)])));
            assert_eq!(desk.text(1, field), if is_managed { first } else { by_hand });
        }
    }
}

#[test]
fn acps_own_value_written_differently_is_not_worth_a_note() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    desk.edit(TENANT, 1, &[(Field::NhsNumber, "9990000018")]);
    assert_eq!(matched(desk.sync_one(ada(&[(Field::NhsNumber, "999 000 0018")]))), (vec![], vec![]));
    assert_eq!(matched(desk.sync_one(ada(&[(Field::NhsNumber, "9990000026")]))).1.len(), 1);
}

#[test]
fn taking_away_what_is_not_there_makes_nothing_acps_own() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    assert_eq!(desk.edit(TENANT, 1, &[(Field::Phone, "")]).changes, []);
    matched(desk.sync_one(ada(&[(Field::Phone, "1")])));
    assert_eq!(desk.text(1, Field::Phone), "1");
}

#[test]
fn an_unfit_value_leaves_the_old_one_and_lets_everything_else_in() {
    let mut desk = Desk::new();
    let too_long = "x".repeat(1001);
    desk.sync_one(ada(&[(Field::DateOfBirth, "1938-11-04"), (Field::Area, "A")]));
    let (changes, notes) = matched(desk.sync_one(ada(&[
        (Field::DateOfBirth, "1938-11-31"),
        (Field::Area, &too_long),
        (Field::GivenName, &too_long),
        (Field::FamilyName, "Bell"),
    ])));
    assert_eq!(changes, [(Field::FamilyName, "Okafor > Bell".into(), Clause::Own6)]);
    let unfit: Vec<Field> = notes
        .iter()
        .filter_map(|note| match note {
            Note::Unfit { field, .. } => Some(*field),
            _ => None,
        })
        .collect();
    assert_eq!(unfit, [Field::GivenName, Field::DateOfBirth, Field::Area]);
    assert_eq!(desk.text(1, Field::DateOfBirth), "1938-11-04");
    assert_eq!(desk.record(1).synced.full_name(), "Ada Bell");
}

#[test]
fn a_text_of_a_thousand_letters_is_fit_and_one_more_is_not() {
    let mut desk = Desk::new();
    let (fits, too_long) = ("\u{e9}".repeat(1000), "\u{e9}".repeat(1001));
    desk.sync_one(ada(&[(Field::Area, &fits)]));
    matched(desk.sync_one(ada(&[(Field::Area, &too_long)])));
    assert_eq!(desk.text(1, Field::Area), fits);
}

#[test]
fn a_service_user_whose_name_would_be_empty_is_refused_whole() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let before = desk.record(1);
    let nameless = ada(&[(Field::GivenName, ""), (Field::FamilyName, " "), (Field::Phone, "1")]);
    says(&refusal(desk.sync_one(nameless)), Clause::Sync2, None, &["name"]);
    assert_eq!(desk.record(1), before);

    matched(desk.sync_one(ada(&[(Field::GivenName, "")])));
    let mut without_given = ada(&[(Field::FamilyName, "")]);
    without_given.fields.remove(Field::GivenName);
    refusal(desk.sync_one(without_given));
    assert_eq!(desk.record(1).synced.full_name(), "Okafor");
}

#[test]
fn an_absent_field_leaves_the_value_and_an_empty_one_clears_it() {
    for field in ROSTERING_CONTROLS.into_iter().chain(CONTACT).chain([Field::DateOfBirth]) {
        if matches!(field, Field::GivenName | Field::FamilyName) {
            continue;
        }
        let mut desk = Desk::new();
        desk.sync_one(ada(&[(field, values(field)[0])]));
        assert_eq!(matched(desk.sync_one(ada(&[]))), (vec![], vec![]), "{field:?}");
        matched(desk.sync_one(ada(&[(field, "")])));
        assert_eq!(desk.text(1, field), "", "{field:?}");
        assert!(desk.record(1).synced.slot(field).unwrap().set.by.is_integration());
    }
}

#[test]
fn under_clears_value_an_absent_field_is_as_if_sent_empty() {
    let settings = Settings { absent_field: AbsentField::ClearsValue, ..Settings::default() };
    for field in ROSTERING_CONTROLS.into_iter().chain(CONTACT).chain([Field::DateOfBirth]) {
        let mut desk = Desk::with(settings);
        desk.sync_one(ada(&[(field, values(field)[0])]));
        let mut absent = ada(&[]);
        absent.fields.remove(field);
        matched(desk.sync_one(absent));
        let stays = matches!(field, Field::GivenName | Field::FamilyName);
        assert_eq!(desk.text(1, field).is_empty(), !stays, "{field:?}");
    }
}

#[test]
fn under_clears_value_name_branch_service_and_acps_own_stay() {
    let mut desk = Desk::with(Settings { absent_field: AbsentField::ClearsValue, ..Settings::default() });
    desk.sync_one(ada(&[(Field::Pin, "1")]));
    let own = &[
        (Field::Phone, "own"),
        (Field::Email, "own"),
        (Field::Gender, "own"),
        (Field::NhsNumber, "9990000018"),
    ];
    desk.edit(TENANT, 1, own);
    let mut nothing = ada(&[]);
    nothing.fields = feed::Fields::new();
    let (changes, notes) = matched(desk.sync_one(nothing));
    assert_eq!(changes, [(Field::Pin, "1 > ".into(), Clause::Sync4)]);
    assert!(matches!(notes[..], [Note::Kept { field: Field::Phone, .. }]), "{notes:?}");
    let record = desk.record(1);
    assert_eq!(
        (record.synced.full_name().as_str(), record.branch(), record.service()),
        ("Ada Okafor", "North", "Home care")
    );
    for (field, value) in own {
        assert_eq!(record.synced.text(*field), *value);
    }
}

#[test]
fn what_acp_controls_is_the_same_after_a_hundred_syncs() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let id = RecordId(1);
    for kind in CareKind::ALL {
        desk.care(1, *kind, "Written in ACP");
    }
    desk.must(CARE, Action::AddActivity { record: id, title: "Tea".into() });
    desk.must(TENANT, Action::GrantRole { record: id, role: "Night team".into() });
    desk.edit(TENANT, 1, &[(Field::Email, "ada@example.org"), (Field::Gender, "female")]);
    let before = desk.record(1);
    for round in 0..100 {
        let name = format!("Okafor {round}");
        let branch = if round % 2 == 0 { "South" } else { "North" };
        desk.sync_one(ada(&[
            (Field::FamilyName, &name),
            (Field::Branch, branch),
            (Field::Email, ""),
            (Field::Gender, ""),
        ]));
    }
    let after = desk.record(1);
    assert_eq!(after.local, before.local);
    for field in [Field::Email, Field::Gender] {
        assert_eq!(after.synced.slot(field), before.synced.slot(field));
    }
}

#[test]
fn an_edit_to_what_rostering_would_send_changes_nothing_later() {
    let mut desk = Desk::holding(vec![planted(Some("SU-1"), &[(Field::Phone, "1")])]);
    assert_eq!(matched(desk.sync_one(ada(&[(Field::Phone, "1")]))), (vec![], vec![]));
    matched(desk.sync_one(ada(&[(Field::Phone, "2")])));
    assert_eq!(desk.text(1, Field::Phone), "1", "typed in by hand, so ACP's own");
}

fn deactivates() -> Desk {
    Desk::with(Settings { end_date: EndDate::Deactivates, ..Settings::default() })
}

#[test]
fn by_default_an_end_date_leaves_the_record_active() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let (changes, notes) = matched(desk.sync_one(ada(&[(Field::EndDate, "2026-02-01")])));
    assert_eq!((changes.len(), notes), (1, vec![]));
    assert_eq!(desk.record(1).status, Status::Active);
}

#[test]
fn under_deactivates_status_follows_the_end_date_both_ways() {
    let mut desk = deactivates();
    desk.sync_one(ada(&[(Field::EndDate, "2026-03-03")]));
    assert_eq!(desk.record(1).status, Status::Active, "not come yet");
    desk.wait(24 * 60);
    let (_, notes) = matched(desk.sync_one(ada(&[(Field::EndDate, "2026-03-03")])));
    assert_eq!(notes, [Note::EndDateDecided { active: false }]);
    assert_eq!(desk.record(1).status, Status::Inactive);
    let (_, notes) = matched(desk.sync_one(ada(&[(Field::EndDate, "2026-03-03")])));
    assert_eq!(notes, [Note::NotActive]);
    let (_, notes) = matched(desk.sync_one(ada(&[(Field::EndDate, "")])));
    assert_eq!(notes, [Note::EndDateDecided { active: true }]);
    let statuses: Vec<Text> =
        desk.record(1).history(acp::Tracked::Status).into_iter().map(|it| it.value).collect();
    assert_eq!(statuses, ["active", "inactive", "active"]);
}

#[test]
fn under_deactivates_what_a_person_decided_stays() {
    let mut desk = deactivates();
    desk.sync_one(ada(&[]));
    desk.must(TENANT, Action::Deactivate { record: RecordId(1) });
    matched(desk.sync_one(ada(&[(Field::EndDate, "")])));
    assert_eq!(desk.record(1).status, Status::Inactive);

    desk.must(TENANT, Action::Reactivate { record: RecordId(1) });
    matched(desk.sync_one(ada(&[(Field::EndDate, "2026-02-01")])));
    assert_eq!(desk.record(1).status, Status::Active);
}

#[test]
fn under_deactivates_a_mapped_record_follows_until_somebody_decides() {
    let mut desk = deactivates();
    desk.create(Some("SU-1"), &[]);
    matched(desk.sync_one(ada(&[(Field::EndDate, "2026-02-01")])));
    assert_eq!(desk.record(1).status, Status::Inactive);
}

#[test]
fn under_deactivates_a_record_planted_inactive_stays_so() {
    for origin in [acp::Origin::ByHand, acp::Origin::Integration] {
        let settings = Settings { end_date: EndDate::Deactivates, ..Settings::default() };
        let record = acp::Planted { origin, status: Status::Inactive, ..planted(Some("SU-1"), &[]) };
        let mut desk = Desk::of(acp::SetUp { settings, records: vec![record], ..crate::desk::set_up() });
        matched(desk.sync_one(ada(&[])));
        assert_eq!(desk.record(1).status, Status::Inactive);
    }
}

#[test]
fn edits_never_hold_up_what_rostering_controls() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    desk.care(1, CareKind::Form, "Consent");
    matched(desk.sync_one(ada(&[(Field::Branch, "East")])));
    desk.must(SUPPORT, Action::Deactivate { record: RecordId(1) });
    let (changes, _) = matched(desk.sync_one(ada(&[(Field::Branch, "East"), (Field::FamilyName, "Bell")])));
    assert_eq!(changes, [(Field::FamilyName, "Okafor > Bell".into(), Clause::Own6)]);
    assert!(matches!(desk.record(1).held.as_deref(), Some(HeldMove { .. })));
}
