//! Branch and service: followed inside a service, and held for Support once there is care data.

use crate::desk::{Desk, SUPPORT, TENANT, ada, created, matched, person, planted, refusal, says};
use acp::{Action, CareKind, Note, Place, RecordId};
use feed::{Clause, Field, ServiceMove, Settings};

fn needs_support() -> Desk {
    Desk::with(Settings { service_move: ServiceMove::NeedsSupport, ..Settings::default() })
}

fn place(desk: &Desk) -> (String, String) {
    (desk.text(1, Field::Branch), desk.text(1, Field::Service))
}

fn is(branch: &str, service: &str) -> (String, String) {
    (branch.into(), service.into())
}

fn to(branch: &str) -> feed::ServiceUser {
    ada(&[(Field::Branch, branch)])
}

#[test]
fn a_branch_inside_the_service_is_followed_with_and_without_care() {
    for mut desk in [Desk::new(), needs_support()] {
        desk.sync_one(to("North"));
        matched(desk.sync_one(to("South")));
        assert_eq!(place(&desk), is("South", "Home care"));
        desk.care(1, CareKind::CarePlan, "Plan");
        let before = desk.record(1).local;
        let (changes, notes) = matched(desk.sync_one(to("North")));
        assert_eq!((changes.len(), notes), (1, vec![]));
        assert_eq!(place(&desk), is("North", "Home care"));
        assert_eq!(desk.record(1).local, before);
    }
}

#[test]
fn a_branch_changed_by_hand_is_put_back() {
    let mut desk = Desk::new();
    desk.sync_one(to("North"));
    desk.edit(TENANT, 1, &[(Field::Branch, "South")]);
    let (changes, _) = matched(desk.sync_one(to("North")));
    assert_eq!(changes, [(Field::Branch, "South > North".into(), Clause::Own7)]);
}

#[test]
fn without_care_a_move_between_services_follows_rostering_as_one_thing() {
    let mut desk = Desk::new();
    desk.sync_one(to("North"));
    let (changes, notes) = matched(desk.sync_one(to("East")));
    assert_eq!(changes[0], (Field::Branch, "North > East".into(), Clause::Own7));
    assert_eq!(changes[1], (Field::Service, "Home care > Supported living".into(), Clause::Own7));
    assert_eq!((changes.len(), notes), (2, vec![]));
    assert_eq!(desk.records().len(), 1);
}

#[test]
fn with_any_kind_of_care_data_the_move_is_held_and_the_rest_goes_on() {
    for kind in CareKind::ALL {
        for mut desk in [Desk::new(), needs_support()] {
            desk.sync_one(to("North"));
            desk.care(1, *kind, "Written by a person");
            let moved = ada(&[(Field::Branch, "East"), (Field::FamilyName, "Bell")]);
            let (changes, notes) = matched(desk.sync_one(moved));
            assert_eq!(changes, [(Field::FamilyName, "Okafor > Bell".into(), Clause::Own6)]);
            let [Note::Held { held, because: Clause::Move1 }] = &notes[..] else { panic!("{notes:?}") };
            assert_eq!((held.to_branch.as_str(), held.to_service.as_str()), ("East", "Supported living"));
            assert_eq!(place(&desk), is("North", "Home care"));
            assert_eq!(desk.record(1).held.as_deref(), Some(held));
        }
    }
}

#[test]
fn under_needs_support_a_move_is_held_even_without_care() {
    let mut desk = needs_support();
    desk.sync_one(to("North"));
    let (changes, notes) = matched(desk.sync_one(to("East")));
    assert_eq!(changes, []);
    assert!(matches!(notes[..], [Note::Held { because: Clause::Pub4, .. }]));
    desk.care(1, CareKind::Note, "Note");
    let (_, notes) = matched(desk.sync_one(to("East")));
    assert!(matches!(notes[..], [Note::Held { because: Clause::Move1, .. }]));
}

#[test]
fn a_held_move_keeps_its_beginning_until_its_target_changes() {
    let mut desk = needs_support();
    desk.sync_one(to("North"));
    desk.sync_one(to("East"));
    let since = desk.record(1).held.unwrap().since;
    assert_eq!(since.at(), desk.now);
    desk.sync_one(to("East"));
    assert_eq!(desk.record(1).held.unwrap().since, since);
    desk.must(TENANT, Action::AddBranch { branch: "West".into(), service: "Supported living".into() });
    desk.sync_one(to("West"));
    let held = desk.record(1).held.unwrap();
    assert_eq!((held.to_branch.as_str(), held.since.at()), ("West", desk.now));
}

#[test]
fn a_held_move_ends_when_rostering_takes_it_back() {
    for back in ["North", "South"] {
        let mut desk = needs_support();
        desk.sync_one(to("North"));
        desk.sync_one(to("East"));
        matched(desk.sync_one(to(back)));
        assert_eq!(desk.record(1).held, None);
        assert_eq!(place(&desk), is(back, "Home care"));
    }
}

#[test]
fn a_held_move_goes_on_when_somebody_moves_the_record_elsewhere_in_the_same_service() {
    let mut desk = needs_support();
    desk.sync_one(to("North"));
    desk.must(TENANT, Action::AddBranch { branch: "West".into(), service: "Supported living".into() });
    desk.sync_one(to("East"));
    desk.edit(TENANT, 1, &[(Field::Branch, "West")]);
    let held = desk.record(1).held.expect("East is not where it is");
    assert_eq!((held.to_branch.as_str(), held.to_service.as_str()), ("East", "Supported living"));
}

#[test]
fn a_held_move_ends_when_somebody_makes_it_by_hand() {
    let mut desk = needs_support();
    desk.sync_one(to("North"));
    desk.sync_one(to("East"));
    desk.edit(TENANT, 1, &[(Field::Branch, "East")]);
    assert_eq!(desk.record(1).held, None);
    assert_eq!(matched(desk.sync_one(to("East"))), (vec![], vec![]));
}

#[test]
fn after_support_moved_the_record_the_old_branch_is_held_not_followed() {
    let mut desk = Desk::new();
    desk.sync_one(to("North"));
    desk.care(1, CareKind::Note, "Note");
    desk.sync_one(to("East"));
    let east = Place { branch: "East".into(), service: None };
    desk.must(SUPPORT, Action::Move { record: RecordId(1), to: east, leaving: vec![] });
    assert_eq!(matched(desk.sync_one(to("East"))), (vec![], vec![]));
    let (_, notes) = matched(desk.sync_one(to("North")));
    assert!(matches!(notes[..], [Note::Held { because: Clause::Move1, .. }]));
    assert_eq!(place(&desk), is("East", "Supported living"));
}

#[test]
fn an_order_that_names_a_service_takes_precedence_over_the_branch() {
    let mut desk = Desk::new();
    created(desk.sync_one(ada(&[(Field::Service, "Supported living")])));
    assert_eq!(place(&desk), is("North", "Supported living"));
    matched(desk.sync_one(ada(&[(Field::Service, "")])));
    assert_eq!(place(&desk), is("North", "Home care"), "the branch's again");
    matched(desk.sync_one(ada(&[(Field::Service, "Supported living")])));
    desk.care(1, CareKind::Note, "Note");
    let (_, notes) = matched(desk.sync_one(to("North")));
    assert!(matches!(notes[..], [Note::Held { because: Clause::Move1, .. }]), "changing it is a move");
}

#[test]
fn an_order_that_names_an_unknown_service_refuses_the_service_user() {
    let mut desk = Desk::new();
    let lost = || ada(&[(Field::Service, "Day care")]);
    says(
        &refusal(desk.sync_one(lost())),
        Clause::Pub3,
        None,
        &["\"Day care\"", "\"Home care\", \"Supported living\""],
    );
    desk.sync_one(ada(&[]));
    refusal(desk.sync_one(lost()));
    let mut without_branch = lost();
    without_branch.fields.remove(Field::Branch);
    refusal(desk.sync_one(without_branch));
    assert_eq!(place(&desk), is("North", "Home care"));
}

#[test]
fn without_a_branch_the_record_stays_or_follows_the_order_alone() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let mut user = ada(&[(Field::Service, "Supported living")]);
    user.fields.remove(Field::Branch);
    matched(desk.sync_one(user.clone()));
    assert_eq!(place(&desk), is("North", "Supported living"));
    user.fields.remove(Field::Service);
    assert_eq!(matched(desk.sync_one(user)), (vec![], vec![]));
}

#[test]
fn a_record_that_is_in_no_service_yet_is_placed_whatever_it_holds() {
    let mut record = planted(Some("SU-1"), &[(Field::Branch, "Closed long ago")]);
    record.care = vec![(CareKind::Note, "Note".into(), vec![])];
    let mut desk = Desk::holding(vec![record]);
    assert_eq!(place(&desk), is("Closed long ago", ""));
    matched(desk.sync_one(to("East")));
    assert_eq!(place(&desk), is("East", "Supported living"));
    assert_eq!(desk.record(1).local.care[0].service, "", "what a person wrote stays where it is");
}

#[test]
fn branch_changes_there_and_back_end_at_the_last() {
    let mut desk = Desk::new();
    for branch in ["North", "South", "North", "East", "South"] {
        desk.sync_one(to(branch));
    }
    assert_eq!(place(&desk), is("South", "Home care"));
}

/// So many that the engine looks ahead: it must not take somebody for up to date who only has the same values.
#[test]
fn in_a_crowd_an_inactive_record_is_told_and_a_held_move_that_is_taken_back_ends() {
    let everybody = |branch_of_the_first: &str| -> Vec<feed::ServiceUser> {
        let one = |n: u32| {
            let branch = if n == 1 { branch_of_the_first } else { "North" };
            person(&format!("SU-{n}"), &[(Field::Branch, branch)])
        };
        (1..=1500).map(one).collect()
    };
    let mut desk = needs_support();
    desk.sync(everybody("North"));
    desk.sync(everybody("East"));
    assert!(desk.record(1).held.is_some());
    desk.must(TENANT, Action::Deactivate { record: RecordId(2) });
    let mut outcomes = desk.sync(everybody("North")).into_iter();
    matched(outcomes.next().expect("the first"));
    assert_eq!(desk.record(1).held, None);
    assert_eq!(matched(outcomes.next().expect("the second")), (vec![], vec![Note::NotActive]));
    assert_eq!(matched(outcomes.next().expect("the third")), (vec![], vec![]));
}
