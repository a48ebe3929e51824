//! Plans: what the first sync will do, and why, from small exports made by hand.

use go_live::exports::{Column, Export, Side};
use go_live::lookalike::Change;
use go_live::plan::{
    CauseKind, Choice, Hold, Only, Outcome, Plan, Refused, SetUp, Settled, Sides, Why, plan,
};
use std::collections::BTreeMap;

const USERS: [Column; 8] = [
    Column::ExternalId,
    Column::GivenName,
    Column::FamilyName,
    Column::DateOfBirth,
    Column::NhsNumber,
    Column::Postcode,
    Column::Branch,
    Column::EndDate,
];

const RECORDS: [Column; 11] = [
    Column::RecordId,
    Column::ExternalId,
    Column::GivenName,
    Column::FamilyName,
    Column::DateOfBirth,
    Column::NhsNumber,
    Column::Postcode,
    Column::Branch,
    Column::Service,
    Column::Status,
    Column::CareHistory,
];

fn set_up() -> SetUp {
    SetUp { first_sync: "2026-03-02T09:00:00Z".parse().expect("an instant"), ..SetUp::default() }
}

fn planned(users: &[&[&str]], records: &[&[&str]]) -> Plan {
    planned_with(users, records, &set_up(), &BTreeMap::new())
}

fn planned_with(
    users: &[&[&str]],
    records: &[&[&str]],
    set_up: &SetUp,
    settled: &BTreeMap<u32, Settled>,
) -> Plan {
    let rostering = Export::of_cells(Side::Rostering, &USERS, users);
    let acp = Export::of_cells(Side::Acp, &RECORDS, records);
    plan(Sides { rostering: &rostering, acp: &acp, set_up }, settled, 2)
}

const DOREEN: &[&str] =
    &["00482", "Doreen", "Okafor", "1938-11-04", "999 000 0018", "LS7 4AB", "Leeds North", ""];
const HAROLD: &[&str] =
    &["00490", "Harold", "Price", "1941-04-11", "999 000 0026", "BD1 2CD", "Bradford", ""];

/// The record of [`DOREEN`] with another identifier.
fn doreen(identifier: &'static str) -> [&'static str; 11] {
    [
        "18804",
        identifier,
        "Doreen",
        "Okafor",
        "1938-11-04",
        "999 000 0018",
        "LS7 4AB",
        "Leeds North",
        "Home Care",
        "Active",
        "Yes",
    ]
}

fn harold(
    identifier: &'static str,
    branch: &'static str,
    service: &'static str,
    care: &'static str,
) -> [&'static str; 11] {
    [
        "18810",
        identifier,
        "Harold",
        "Price",
        "1941-04-11",
        "999 000 0026",
        "BD1 2CD",
        branch,
        service,
        "Active",
        care,
    ]
}

fn outcomes(plan: &Plan) -> Vec<Outcome> {
    plan.rows.iter().map(|row| row.outcome).collect()
}

#[test]
fn who_is_mapped_and_the_same_on_both_sides_is_not_changed() {
    let plan = planned(&[DOREEN], &[&doreen("00482")]);
    assert_eq!(outcomes(&plan), [Outcome::NoChange]);
    assert_eq!(plan.rows[0].record, Some(0));
    assert!(plan.acp_only.is_empty());
}

#[test]
fn an_identifier_that_lost_its_zeros_makes_a_likely_duplicate() {
    let plan = planned(&[DOREEN], &[&doreen("482")]);
    assert_eq!(outcomes(&plan), [Outcome::LikelyDuplicate]);
    assert_eq!(plan.rows[0].why, Why::WillHaveTwoRecords);
    assert_eq!(plan.rows[0].alike.map(|it| it.record), Some(0));
    assert!(plan.acp_only.is_empty(), "the record is told with the service user");
}

/// Prefixes whose letters may stand for digits among them, of which the look-alikes think otherwise.
#[test]
fn whatever_was_done_to_an_identifier_is_told_as_the_cause() {
    for (held, done, put_before) in [
        ("482", Change::Zeros, ""),
        ("PP-00482", Change::Prefix, "PP-"),
        ("LDS-00482", Change::Prefix, "LDS-"),
        ("IL00482", Change::Prefix, "IL"),
        ("OO482", Change::Letters, ""),
    ] {
        let plan = planned(&[DOREEN], &[&doreen(held)]);
        let [cause] = &plan.causes[..] else { panic!("{held}: {:?}", plan.causes) };
        let CauseKind::Identifiers { changes, prefix, .. } = &cause.kind else { panic!("{held}: {cause:?}") };
        assert_eq!((changes.as_slice(), prefix.as_str()), (&[done][..], put_before), "{held}");
        assert_eq!((cause.is_proven, cause.clears.of(Outcome::LikelyDuplicate)), (true, 1), "{held}");
    }
}

#[test]
fn an_identifier_on_another_person_comes_before_everything_else() {
    let plan = planned(&[DOREEN], &[&harold("00482", "Bradford", "Home Care", "Yes"), &doreen("")]);
    assert_eq!(outcomes(&plan), [Outcome::MayOverwrite]);
    assert_eq!(plan.rows[0].why, Why::IdentifierOnAnother);
    assert_eq!(plan.rows[0].record, Some(0));
    assert_eq!(plan.rows[0].alike.map(|it| it.record), Some(1), "whose record is probably theirs is told");
}

#[test]
fn one_identifier_on_two_people_is_told_for_both() {
    let other: &[&str] = &["00482", "Harold", "Price", "1941-04-11", "", "BD1 2CD", "Bradford", ""];
    let plan = planned(&[DOREEN, other], &[&doreen("00482"), &harold("", "Bradford", "Home Care", "No")]);
    assert_eq!(outcomes(&plan), [Outcome::MayOverwrite, Outcome::MayOverwrite]);
    assert_eq!(plan.rows[0].why, Why::IdentifierOnTwo { other: 1 });
    assert_eq!(plan.rows[1].why, Why::IdentifierOnTwo { other: 0 });
}

#[test]
fn one_person_twice_under_one_identifier_needs_a_decision_unless_both_rows_say_the_same() {
    let other: &[&str] =
        &["00482", "Doreen", "Okafor", "1938-11-04", "999 000 0018", "LS8 1XX", "Leeds North", ""];
    let plan = planned(&[DOREEN, other], &[&doreen("00482")]);
    assert_eq!(outcomes(&plan), [Outcome::NeedsDecision, Outcome::NeedsDecision]);
    let plan = planned(&[DOREEN, DOREEN], &[&doreen("00482")]);
    assert_eq!(outcomes(&plan), [Outcome::NoChange, Outcome::NoChange]);
}

#[test]
fn one_person_under_two_identifiers_in_rostering_needs_a_decision() {
    let again: &[&str] =
        &["A-17", "DOREEN", "O'Kafor", "1938-11-04", "999 000 0018", "ls74ab", "Leeds North", ""];
    let plan = planned(&[DOREEN, again], &[&doreen("00482")]);
    assert_eq!(outcomes(&plan), [Outcome::NoChange, Outcome::NeedsDecision]);
    assert_eq!(plan.rows[1].why, Why::ListedTwice { other: 0 });
}

#[test]
fn what_acp_refuses_cannot_be_sent() {
    let mut north = DOREEN.to_vec();
    north[6] = "Leeds Nth";
    let mut nameless = HAROLD.to_vec();
    nameless[0] = " ";
    let plan = planned(&[&north, &nameless], &[&doreen("00482"), &harold("", "Bradford", "Home Care", "No")]);
    assert_eq!(outcomes(&plan), [Outcome::CannotBeSent, Outcome::CannotBeSent]);
    assert_eq!(plan.rows[0].why, Why::Refused(Refused::UnknownBranch));
    assert_eq!(plan.rows[1].why, Why::Refused(Refused::NoIdentifier));
    let near = plan.places.branches.iter().find(|it| it.name == "Leeds Nth").and_then(|it| it.near.as_ref());
    assert_eq!(near.map(|it| it.name.as_str()), Some("Leeds North"));
}

#[test]
fn two_records_with_one_identifier_are_refused_and_named() {
    let plan = planned(&[DOREEN], &[&doreen("00482"), &harold("00482", "Bradford", "Home Care", "No")]);
    assert_eq!(plan.rows[0].why, Why::Refused(Refused::Several(vec![0, 1])));
}

#[test]
fn a_second_record_in_use_is_a_likely_duplicate_and_an_archived_one_is_not() {
    let mut second = doreen("");
    second[0] = "20431";
    let plan = planned(&[DOREEN], &[&doreen("00482"), &second]);
    assert_eq!(outcomes(&plan), [Outcome::LikelyDuplicate]);
    assert_eq!(plan.rows[0].why, Why::HasTwoRecords);
    second[9] = "Archived";
    let plan = planned(&[DOREEN], &[&doreen("00482"), &second]);
    assert_eq!(outcomes(&plan), [Outcome::NoChange]);
}

#[test]
fn a_record_that_is_not_in_use_and_holds_a_live_identifier_needs_a_decision() {
    let mut record = doreen("00482");
    record[9] = "Archived";
    let plan = planned(&[DOREEN], &[&record]);
    assert_eq!(plan.rows[0].why, Why::RecordNotActive);
    assert_eq!(outcomes(&plan), [Outcome::NeedsDecision]);
}

#[test]
fn a_move_to_another_service_is_held_with_care_history_and_possibly_held_where_nobody_knows() {
    let elsewhere = harold("", "Bradford", "Live-in Care", "No");
    for (care, expected) in [
        ("Yes", Hold::Held(feed::Clause::Move1)),
        ("", Hold::Possibly(feed::Clause::Move1)),
        ("No", Hold::None),
    ] {
        let mut person = HAROLD.to_vec();
        person[6] = "Leeds North";
        let mut of_north = doreen("");
        of_north[0] = "1";
        let record = harold("00490", "Bradford", "Live-in Care", care);
        let plan = planned(&[&person], &[&record, &of_north]);
        assert_eq!(outcomes(&plan), [Outcome::ChangesBranch], "{care}");
        assert_eq!(plan.rows[0].hold, expected, "{care}");
    }
    assert_eq!(elsewhere[8], "Live-in Care");
}

#[test]
fn without_a_column_for_services_no_move_is_certain() {
    let mut person = HAROLD.to_vec();
    person[6] = "Leeds North";
    let columns: Vec<Column> = RECORDS.iter().copied().filter(|it| *it != Column::Service).collect();
    let cut = |row: [&'static str; 11]| {
        let mut row = row.to_vec();
        row.remove(8);
        row
    };
    let (record, of_north) = (cut(harold("00490", "Bradford", "", "Yes")), cut(doreen("")));
    let rostering = Export::of_cells(Side::Rostering, &USERS, &[&person]);
    let acp = Export::of_cells(Side::Acp, &columns, &[&record, &of_north]);
    let plan = plan(Sides { rostering: &rostering, acp: &acp, set_up: &set_up() }, &BTreeMap::new(), 1);
    assert_eq!(plan.rows[0].hold, Hold::Possibly(feed::Clause::Move1));
}

#[test]
fn new_changed_and_ended_service_users_are_told_apart() {
    let new: &[&str] = &["00500", "Rhys", "Evans", "1950-01-17", "", "CF1 1AA", "Bradford", ""];
    let ended: &[&str] = &["00501", "Olive", "Marsh", "1931-07-20", "", "HX1 1BB", "Bradford", "2026-01-14"];
    let mut renamed = HAROLD.to_vec();
    renamed[1] = "Harry";
    let record = harold("00490", "Bradford", "Home Care", "No");
    let plan = planned(&[new, ended, &renamed], &[&record]);
    assert_eq!(outcomes(&plan), [Outcome::Created, Outcome::NoChange, Outcome::Updated]);
    assert_eq!(plan.rows[1].why, Why::HasEnded);
    assert!(plan.rows[2].changes.iter().eq([feed::Field::GivenName]));
}

#[test]
fn contact_details_typed_in_acp_stay_and_the_setting_is_named() {
    let mut moved = DOREEN.to_vec();
    moved[5] = "LS9 9ZZ";
    let plan = planned(&[&moved], &[&doreen("00482")]);
    assert_eq!(outcomes(&plan), [Outcome::NoChange]);
    assert!(plan.rows[0].kept.iter().eq([feed::Field::Postcode]));
    assert!(plan.rows[0].settings.iter().eq([feed::Setting::ContactDetails]));
}

#[test]
fn records_that_nobody_leads_to_are_acp_only() {
    let mut leaver = harold("PP-9", "Bradford", "Home Care", "Yes");
    leaver[9] = "Inactive";
    let mut unknown = harold("", "Bradford", "Home Care", "No");
    unknown[2] = "Zoltan";
    unknown[4] = "1990-10-10";
    unknown[5] = "";
    let orphan =
        ["7", "PP-10", "Iris", "Bell", "1922-02-02", "", "YO1 1AA", "Bradford", "Home Care", "Active", "No"];
    let plan = planned(&[DOREEN], &[&doreen("00482"), &leaver, &unknown, &orphan]);
    let why: Vec<(u32, Only)> = plan.acp_only.iter().map(|it| (it.record, it.why)).collect();
    assert_eq!(why, [(1, Only::NotInUse), (2, Only::NoIdentifier), (3, Only::Orphan)]);
}

#[test]
fn decisions_change_what_the_first_sync_meets() {
    let settled = |choice| BTreeMap::from([(0, Settled { choice, record: Some(0) })]);
    let decided = |users: &[&[&str]], records: &[&[&str]], choice| {
        outcomes(&planned_with(users, records, &set_up(), &settled(choice)))
    };
    let records: &[&[&str]] = &[&doreen("482")];
    assert_eq!(decided(&[DOREEN], records, Choice::SamePerson), [Outcome::NoChange]);
    assert_eq!(decided(&[DOREEN], records, Choice::DifferentPeople), [Outcome::Created]);
    assert_eq!(decided(&[DOREEN], records, Choice::NotSure), [Outcome::LikelyDuplicate]);
    assert_eq!(decided(&[DOREEN], records, Choice::LeaveOut), [Outcome::NoChange]);
    let wrong = harold("00482", "Leeds North", "Home Care", "Yes");
    assert_eq!(decided(&[DOREEN], &[&wrong], Choice::DifferentPeople), [Outcome::Created]);
    assert_eq!(decided(&[DOREEN], &[&wrong], Choice::SamePerson), [Outcome::Updated]);
}

#[test]
fn a_prefix_goes_before_identifiers_and_branches() {
    let set_up = SetUp { prefix: "N-".to_owned(), ..set_up() };
    let mut record = doreen("N-00482");
    record[7] = "N-Leeds North";
    let plan = planned_with(&[DOREEN], &[&record], &set_up, &BTreeMap::new());
    assert_eq!(outcomes(&plan), [Outcome::NoChange]);
}

/// Two invented exports in another order of rows, planned with another number of threads.
#[test]
fn a_plan_is_the_same_for_any_order_of_rows_and_any_number_of_threads() {
    use population::mess::{Exported, Mess, Shape, acp, rostering};
    let mess = Mess { people_seed: 3, seed: 4, n_people: 700, shape: Shape::Usual };
    let (users, records): (Vec<Exported>, Vec<Exported>) = (rostering(&mess).collect(), acp(&mess).collect());
    let told = |users: &[&Exported], records: &[&Exported], jobs: usize| {
        let (rostering, acp) = (invented(Side::Rostering, users), invented(Side::Acp, records));
        let set_up = set_up();
        let sides = Sides { rostering: &rostering, acp: &acp, set_up: &set_up };
        let plan = plan(sides, &BTreeMap::new(), jobs);
        let record = |at: Option<u32>| at.map(|at| records[at as usize].record.clone());
        let mut told: Vec<_> = (plan.rows.iter().zip(users))
            .map(|(row, user)| {
                let alike = row.alike.map(|it| it.record);
                (user.person, row.outcome, record(row.record), record(alike), row.changes, row.kept)
            })
            .collect();
        told.sort_by_key(|it| it.0);
        told
    };
    let (users, records): (Vec<&Exported>, Vec<&Exported>) =
        (users.iter().collect(), records.iter().collect());
    let one = told(&users, &records, 1);
    assert_eq!(one, told(&users, &records, 3));
    let (mut turned, mut shuffled) = (users.clone(), records.clone());
    turned.reverse();
    shuffled.sort_by_key(|it| (it.person.wrapping_mul(2_654_435_761), &it.record));
    assert!(one == told(&turned, &shuffled, 2), "another order of rows");
}

fn invented(side: Side, rows: &[&population::mess::Exported]) -> Export {
    let columns = [
        Column::ExternalId,
        Column::RecordId,
        Column::GivenName,
        Column::FamilyName,
        Column::DateOfBirth,
        Column::NhsNumber,
        Column::Postcode,
        Column::Branch,
    ];
    let born: Vec<String> =
        rows.iter().map(|it| it.born.map(|it| it.to_string()).unwrap_or_default()).collect();
    let cells: Vec<Vec<&str>> = (rows.iter().zip(&born))
        .map(|(row, born)| {
            let cells = [
                &row.identifier,
                &row.record,
                &row.given,
                &row.family,
                born,
                &row.nhs,
                &row.postcode,
                &row.branch,
            ];
            cells.map(String::as_str).to_vec()
        })
        .collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    Export::of_cells(side, &columns, &cells)
}
