//! Good files are read as they were meant.

use crate::corpus;
use feed::{Clause, ExternalId, Field, Fields, System, Text, UpdateKind, VisitId};
use jiff::{SignedDuration, civil::Time};
use rostering::Command;
use scenario::{
    About, CasePart, Check, Count, Doing, FaultKind, Has, HistoryBy, Holds, Moment, Pause, RecordRef,
    Scenario, StepKind, SyncOutcome,
};

fn good(name: &str) -> Scenario {
    corpus::read("good", name).unwrap_or_else(|mistakes| panic!("{}", corpus::told("good", &mistakes)))
}

fn id(text: &str) -> ExternalId {
    ExternalId::new(text)
}

fn of(text: &str) -> RecordRef {
    RecordRef::Of(id(text))
}

fn at(text: &str) -> feed::Timestamp {
    text.parse().unwrap()
}

fn checks(scenario: &Scenario, case: usize, step: usize) -> Vec<Check> {
    match &scenario.cases[case].steps[step].kind {
        StepKind::Then { checks, .. } => checks.iter().map(|check| check.it.clone()).collect(),
        StepKind::When(_) => panic!("step {step} is a `when`"),
    }
}

fn doings(scenario: &Scenario, case: usize, step: usize) -> Vec<Doing> {
    match &scenario.cases[case].steps[step].kind {
        StepKind::When(doings) => doings.iter().map(|doing| doing.it.clone()).collect(),
        StepKind::Then { .. } => panic!("step {step} is a `then`"),
    }
}

fn commands(doings: &[Doing]) -> Vec<Command<Moment>> {
    let command = |doing: &Doing| match doing {
        Doing::Rostering { command, .. } => Some(command.clone()),
        _ => None,
    };
    doings.iter().filter_map(command).collect()
}

fn fields(values: &[(Field, &str)]) -> Fields {
    values.iter().map(|(field, value)| (*field, Text::from(*value))).collect()
}

#[test]
fn every_good_file_is_read() {
    for name in corpus::names("good") {
        good(&name);
    }
}

#[test]
fn the_head_of_a_file_is_kept_as_written() {
    let it = good("everything.yaml");
    assert_eq!(it.title, "Everything that the language knows");
    assert_eq!(it.about.as_deref(), Some("Not a story: every key once.\nOn two lines."));
    assert_eq!(it.proves, [Clause::Sync1, Clause::Own2]);
    assert_eq!(it.tags, ["rich"]);
    assert_eq!(it.files, ["everything.yaml", "worlds/leeds.yaml", "worlds/people.yaml"]);
    assert_eq!(it.skip.as_ref().unwrap().until, Some("2099-12-01".parse().unwrap()));
    assert_eq!(it.expect_failure.as_deref(), Some("it is not a story"));
}

#[test]
fn each_row_is_a_case_with_its_own_values() {
    let it = good("everything.yaml");
    let names: Vec<_> = it.cases.iter().map(|case| case.name.as_deref()).collect();
    assert_eq!(names, [Some("one"), Some("two")]);
    assert_eq!(it.cases[0].settings.service_move, feed::ServiceMove::NeedsSupport);
    assert_eq!(it.cases[1].settings.service_move, feed::ServiceMove::FollowsRostering);
    assert_eq!(it.cases[0].steps[0].pause, Pause::For(SignedDuration::from_mins(20)));
    assert_eq!(it.cases[1].steps[0].pause, Pause::For(SignedDuration::from_mins(90)));
    // A list may stand in a row, and a parameter inside prose.
    assert!(checks(&it, 0, 4).contains(&Check::Warned { clauses: vec![Clause::Move1, Clause::Move2] }));
    assert!(checks(&it, 1, 4).contains(&Check::Warned { clauses: vec![Clause::Move3] }));
    assert_eq!(it.cases[1].steps[7].label, "never, 1h30m after");
}

#[test]
fn environments_have_their_branches_and_acp_has_them_with_prefix() {
    let case = &good("everything.yaml").cases[0];
    let north = &case.environments[0];
    assert_eq!(
        (north.name.as_str(), north.system, north.prefix.as_deref()),
        ("North", System::PeoplePlanner, Some("N-"))
    );
    assert_eq!(north.branches, ["North Leeds", "South Leeds", "Hull", "Nowhere", "Selby"]);
    assert_eq!(case.environments[1].system, System::CareRostering);
    assert_eq!(case.environments[1].branches, ["Wakefield"]);
    let services: Vec<(&str, Vec<&str>)> = case
        .services
        .iter()
        .map(|(name, branches)| (name.as_str(), branches.iter().map(Text::as_str).collect()))
        .collect();
    assert_eq!(
        services,
        [
            ("Home Care", vec!["Wakefield", "N-North Leeds", "N-South Leeds", "Old Town", "N-Selby"]),
            ("Live-in Care", vec!["N-Hull"]),
            ("Day Care", vec!["York"]),
        ]
    );
}

#[test]
fn values_are_read_from_their_raw_text() {
    let case = &good("everything.yaml").cases[0];
    let commands = commands(&case.given.iter().map(|doing| doing.it.clone()).collect::<Vec<_>>());
    let Command::AddServiceUser { id: norah, fields: of_norah } = &commands[0] else {
        panic!("{:?}", commands[0])
    };
    assert_eq!(*norah, id("00482"));
    assert_eq!(of_norah.full_name(), "Norah No");
    let Command::AddServiceUser { fields: ada, .. } = &commands[1] else { panic!("{:?}", commands[1]) };
    assert_eq!((ada.text(Field::GivenName), ada.text(Field::FamilyName)), ("Ada Mary", "Okafor"));
    assert_eq!(ada.text(Field::NhsNumber), "9990000018");
    assert_eq!(ada.text(Field::EndDate), "31/02/2040");
    assert_eq!((ada.text(Field::Pin), ada.text(Field::KeySafe)), ("0042", "1.10"));
    assert_eq!(ada.text(Field::AccessDetails), "Ring: twice");
    assert_eq!(ada.text(Field::AddressLine1), "1 High Street");
    let Command::AddServiceUser { fields: bo, .. } = &commands[2] else { panic!("{:?}", commands[2]) };
    assert_eq!(bo.full_name(), "Bo Null");
    let Command::AddServiceUser { id: spaced, fields: no } = &commands[4] else {
        panic!("{:?}", commands[4])
    };
    assert_eq!(
        (spaced, no.text(Field::GivenName), no.text(Field::Branch)),
        (&id("SU-3 "), "NO", "North Leeds ")
    );
    // Its check digit is wrong, which is a fair test.
    assert_eq!(no.text(Field::NhsNumber), "9990000010");
}

#[test]
fn a_leaver_is_added_and_terminated() {
    let case = &good("everything.yaml").cases[0];
    let commands = commands(&case.given.iter().map(|doing| doing.it.clone()).collect::<Vec<_>>());
    let on = Moment::Later { days: -10, elapsed: SignedDuration::ZERO, at: None };
    assert_eq!(commands[3], Command::Terminate { id: id("SU-2"), on });
}

#[test]
fn a_visit_may_be_typed_at_a_time_that_does_not_exist() {
    let case = &good("everything.yaml").cases[0];
    let commands = commands(&case.given.iter().map(|doing| doing.it.clone()).collect::<Vec<_>>());
    let visits: Vec<_> =
        commands.iter().filter(|command| matches!(command, Command::PlanVisit { .. })).collect();
    let Command::PlanVisit { id, starts, lasts, .. } = visits[0] else { unreachable!() };
    let eight = Some(Time::constant(8, 0, 0, 0));
    assert_eq!((id, lasts), (&VisitId::new("V1"), &SignedDuration::from_mins(30)));
    assert_eq!(*starts, Moment::Later { days: 1, elapsed: SignedDuration::ZERO, at: eight });
    let Command::PlanVisit { id, starts, lasts, employee, .. } = visits[1] else { unreachable!() };
    assert_eq!(
        (id, lasts, employee.as_deref()),
        (&VisitId::new("night"), &SignedDuration::from_mins(45), Some("Kit"))
    );
    assert!(matches!(starts, Moment::Wall(_)), "{starts:?}");
    let Command::PlanVisit { id, starts, requirement, .. } = visits[2] else { unreachable!() };
    assert_eq!((id, requirement.as_deref()), (&VisitId::new("V3"), Some("Q1")));
    assert_eq!(*starts, Moment::At(at("2026-04-01T07:00:00Z")));
}

#[test]
fn care_data_is_counted_out_and_activities_go_into_the_newest_care_plan() {
    let case = &good("everything.yaml").cases[0];
    let (called, planted) = &case.planted[0];
    assert_eq!(called.as_deref(), Some("hers"));
    assert_eq!(planted.external_id, Some(id("OLD-1")));
    assert_eq!(planted.role_access, ["Night team", "Day team"]);
    let n_activities: Vec<usize> = planted.care.iter().map(|(.., activities)| activities.len()).collect();
    assert_eq!(n_activities, [0, 3, 0, 0, 0, 0, 0]);
    assert_eq!(case.planted[1].1.origin, acp::Origin::Integration);
    let sync = case.given.iter().position(|doing| doing.it == Doing::FirstSync).unwrap();
    let after: Vec<&Doing> = case.given[sync + 1..].iter().map(|doing| &doing.it).collect();
    assert_eq!(after.len(), 1 + 2 + 1 + 1 + 1);
    let Doing::Acp { by, action: acp::Action::AddCare { record, activities, .. }, .. } = after[0] else {
        panic!("{after:?}")
    };
    assert_eq!((by, record, activities.len()), (&acp::Actor::CareStaff, &of("N-SU-1"), 2));
}

#[test]
fn faults_have_their_deliveries() {
    let case = &good("everything.yaml").cases[0];
    let kinds: Vec<FaultKind> = case.faults.iter().map(|fault| fault.it.kind.clone()).collect();
    assert_eq!(
        kinds,
        [
            FaultKind::Lose,
            FaultKind::Delay(SignedDuration::from_mins(10)),
            FaultKind::Repeat(SignedDuration::from_hours(2)),
            FaultKind::Reorder,
            FaultKind::Cut(1),
            FaultKind::Down(SignedDuration::from_mins(90)),
            FaultKind::Refuse { status: 503, retry_after: Some(SignedDuration::from_mins(10)) },
            FaultKind::Refuse { status: 429, retry_after: None },
            FaultKind::Poison(id("N-SU-2")),
        ]
    );
    let on: Vec<_> =
        case.faults.iter().map(|fault| (fault.it.on.kind, fault.it.on.environment, fault.it.times)).collect();
    assert_eq!(on[0], (Some(UpdateKind::Partial), None, 2));
    assert_eq!(on[1], (Some(UpdateKind::Full), Some(0), 1));
    assert_eq!(case.faults[4].it.on.carrying, Some(id("N-SU-1")));
}

#[test]
fn a_rostering_administrator_can_do_everything() {
    let it = good("everything.yaml");
    let commands = commands(&doings(&it, 0, 0));
    assert_eq!(commands.len(), 24);
    let set = fields(&[
        (Field::GivenName, ""),
        (Field::FamilyName, ""),
        (Field::Phone, "0113 496 0009"),
        (Field::NhsNumber, "12"),
        (Field::Email, ""),
    ]);
    assert_eq!(commands[1], Command::Edit { id: id("SU-4"), set });
    assert_eq!(commands[2], Command::StopSending { id: id("SU-4"), fields: vec![Field::Phone] });
    assert_eq!(commands[4], Command::ChangeId { from: id("SU-4"), to: id("SU-9") });
    let Command::Suspend { until, reason, .. } = &commands[7] else { panic!("{:?}", commands[7]) };
    assert_eq!((*until, reason.as_str()), (Some(Moment::At(at("2026-04-08T23:00:00Z"))), "hospital"));
    assert_eq!(commands[14], Command::RelinkVisit { id: VisitId::new("V9"), to: id("SU-2") });
    assert_eq!(commands[20], Command::SetOrderService { order: "O2".into(), service: None });
}

#[test]
fn people_in_acp_can_do_everything() {
    let it = good("everything.yaml");
    let all = doings(&it, 0, 1);
    let actions: Vec<(acp::Actor, acp::Action<RecordRef>)> = all
        .iter()
        .filter_map(|doing| match doing {
            Doing::Acp { by, action, .. } => Some((by.clone(), action.clone())),
            _ => None,
        })
        .collect();
    // Seventeen single actions, and four items of care data.
    assert_eq!(actions.len(), 17 + 4);
    let set = fields(&[(Field::Phone, ""), (Field::Email, ""), (Field::Branch, "Old Town")]);
    assert_eq!(
        actions[0],
        (acp::Actor::TenantAdministrator, acp::Action::Edit { record: of("N-SU-1"), set })
    );
    let Doing::Acp { called, .. } = &all[1] else { panic!("{:?}", all[1]) };
    assert_eq!(called.as_deref(), Some("his"));
    let branches = vec!["Old Town".into(), "York".into()];
    assert_eq!(actions[5].0, acp::Actor::BranchAdministrator(branches));
    let to = acp::Place { branch: "N-Hull".into(), service: None };
    let leaving = vec![acp::CareKind::Document];
    assert_eq!(actions[18], (acp::Actor::Support, acp::Action::Move { record: of("N-SU-1"), to, leaving }));
    let merge =
        acp::Action::Merge { survivor: RecordRef::Called("hers".into()), loser: RecordRef::Number(2) };
    assert_eq!(actions[19].1, merge);
    assert!(all.contains(&Doing::Stop(Some(1))));
    assert!(all.contains(&Doing::ConfirmDuplicate(RecordRef::Called("hers".into()), of("N-SU-1"))));
    assert!(all.contains(&Doing::RaiseCase {
        kind: Clause::Case1,
        about: About::ServiceUser(id("N-SU-1")),
        leaving_out: vec![CasePart::Description],
    }));
    assert_eq!(it.cases[0].steps[1].pause, Pause::Until(at("2026-03-29T02:00:00Z")));
    assert_eq!(doings(&it, 0, 2), [Doing::GoLive(None)]);
    assert!(doings(&it, 0, 3).is_empty());
}

#[test]
fn everything_can_be_looked_at() {
    let it = good("everything.yaml");
    let all = checks(&it, 0, 4);
    let Check::Record { of: record, has } = &all[0] else { panic!("{:?}", all[0]) };
    assert_eq!(*record, of("N-SU-1"));
    let has: Vec<Has> = has.iter().map(|has| has.it.clone()).collect();
    assert_eq!(has.len(), 22 + 1 + 2);
    for expected in [
        Has::Name("Ada Mary Okafor".into()),
        Has::Field(Field::AddressLine1, "1 High Street".into()),
        Has::RecordId(RecordRef::Number(1)),
        Has::Care(acp::CareKind::CarePlan, Count::AtLeast(1)),
        Has::OpenCarePlans(Count::AtMost(3)),
        Has::HeldMove(Some("N-Hull".into())),
        Has::Aliases(vec![id("OLD-1")]),
        Has::Field(Field::SecondPhone, Text::new()),
        Has::Field(Field::FamilyName, Text::new()),
    ] {
        assert!(has.contains(&expected), "{expected:?} is not among {has:?}");
    }
    assert_eq!(all[2], Check::NoRecord { of: of("OLD-1") });
    let Check::History { by, values, .. } = &all[9] else { panic!("{:?}", all[9]) };
    assert_eq!(by, &[HistoryBy::Integration, HistoryBy::TenantAdministrator]);
    assert_eq!(values, &["", "N-North Leeds"]);
    assert!(all.contains(&Check::Refused {
        clause: Some(Clause::Move1),
        says: Some("part of the sentence".into())
    }));
    assert!(all.contains(&Check::Sync {
        id: id("N-SU-1"),
        outcome: SyncOutcome::NotCreated,
        clause: Some(Clause::Sync5),
        says: Some("ended".into()),
        count: Count::Exactly(1),
    }));
    let Some(Check::Guidance { situation, wait_until, .. }) =
        all.iter().find(|it| matches!(it, Check::Guidance { .. }))
    else {
        panic!("no guidance in {all:?}")
    };
    assert_eq!(situation.as_deref(), Some("leaver's record"));
    let soon = Moment::Later { days: 0, elapsed: SignedDuration::from_mins(20), at: None };
    assert_eq!(*wait_until, Some(soon));
}

#[test]
fn a_then_says_when_it_must_hold() {
    let it = good("everything.yaml");
    let holds: Vec<Holds> = it.cases[0]
        .steps
        .iter()
        .filter_map(|step| match &step.kind {
            StepKind::Then { holds, .. } => Some(*holds),
            StepKind::When(_) => None,
        })
        .collect();
    let day = SignedDuration::from_hours(24);
    assert_eq!(
        holds,
        [Holds::Now, Holds::Within(SignedDuration::from_mins(20)), Holds::For(day), Holds::Never(day)]
    );
}

#[test]
fn places_are_lines_and_columns_of_the_file_that_they_are_in() {
    let it = good("wrong-branch.yaml");
    let case = &it.cases[1];
    assert_eq!((case.at.line, case.at.column), (9, 5));
    assert_eq!((case.steps[1].at.line, case.steps[1].at.column), (21, 11));
    let StepKind::Then { checks, .. } = &case.steps[1].kind else { panic!("step 1 is a `then`") };
    let Check::Record { has, .. } = &checks[0].it else { panic!("{checks:?}") };
    assert_eq!((has[0].at.line, has[0].at.column), (23, 50));
    // Of a value that a row gives: in the row.
    let rich = &good("everything.yaml").cases[0];
    assert_eq!(rich.given[0].at.file, 2);
    assert_eq!(rich.given[0].at.line, 5);
}

#[test]
fn windows_line_ends_a_byte_order_mark_and_comments_change_nothing_but_places() {
    let text = corpus::text("good", "wrong-branch.yaml");
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let read =
        |text: &str| scenario::read_bytes("a.yaml", text.as_bytes(), &mut |_| Err(String::new())).unwrap();
    let (unix, windows) = (read(&text), read(&windows));
    assert_eq!(unix.title, windows.title);
    for (ours, theirs) in unix.cases.iter().zip(&windows.cases) {
        assert_eq!(ours.steps.len(), theirs.steps.len());
        for (one, other) in ours.steps.iter().zip(&theirs.steps) {
            assert_eq!((&one.label, &one.pause), (&other.label, &other.pause));
            assert_eq!((one.at.line, one.at.column), (other.at.line, other.at.column));
        }
    }
}

#[test]
fn an_identifier_that_nobody_invented_may_be_used_beside_a_population() {
    let text = "scenario: A crowd\nproves: [SYNC-1]\nclock: 2026-03-02 09:00\ngiven:\n  - branches: [Leeds]\n  - population: { service users: 20 }\n  - the first sync has finished\nsteps:\n  - then: one of them is there\n    acp: { service user: SU-000020, has: { branch: Leeds } }\n";
    assert!(scenario::read("a.yaml", text, &mut |_| Err(String::new())).is_ok());
    let one_too_many = text.replace("SU-000020", "SU-000021");
    let mistakes = scenario::read("a.yaml", &one_too_many, &mut |_| Err(String::new())).unwrap_err();
    assert_eq!(mistakes[0].code, "unknown-reference");
}

#[test]
fn a_record_made_without_identifier_has_none() {
    const SOURCE: &str = "\
scenario: Nobody gave her an identifier
proves: [DUP-1]
clock: 2026-03-02 09:00 Europe/London
given:
  - branches: [Leeds]
  - acp record: { name: Ada Okafor, branch: Leeds, external id: none }
  - acp record: { name: Ben Marsh, branch: Leeds, external id: \"none\" }
steps:
  - when: she is entered once more
    in acp: { create record: { name: Ada Okafor, branch: Leeds, external id: none } }
  - then: there are two of her
    acp records: { name: Ada Okafor, count: 2 }
";
    let scenario = scenario::read("none.yaml", SOURCE, &mut |_| Err("there are no worlds".into())).unwrap();
    let planted: Vec<_> = scenario.cases[0].planted.iter().map(|(_, it)| it.external_id.clone()).collect();
    assert_eq!(planted, [None, Some(id("none"))]);
    let Doing::Acp { action: acp::Action::Create(made), .. } = &doings(&scenario, 0, 0)[0] else { panic!() };
    assert_eq!(made.external_id, None);
}
