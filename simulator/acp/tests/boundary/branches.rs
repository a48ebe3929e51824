//! Branch names: equal to the character, and what happens to one that ACP lacks.

use crate::desk::{Desk, SUPPORT, TENANT, ada, created, fields, matched, person, refusal, says, set_up};
use acp::{Action, BranchOutcome, Look, Outcome, RecordId, SetUp, Tracked};
use feed::{Clause, Field, NewBranch, Setting, Settings, Text, Update};

fn by_name() -> Desk {
    Desk::with(Settings { new_branch: NewBranch::CreatedByName, ..Settings::default() })
}

fn push(desk: &mut Desk, branches: &[&str]) -> Vec<BranchOutcome> {
    let branches = branches.iter().map(|it| Text::from(*it)).collect();
    let update = Update { branches, ..desk.update() };
    desk.receive(update).branches
}

#[test]
fn a_branch_that_acp_lacks_refuses_the_service_user_and_says_the_nearest() {
    let cases: &[(&str, &[&str])] = &[
        ("NORTH", &["\"NORTH\"", "\"North\"", "capitals or spaces"]),
        ("North ", &["\"North \"", "\"North\"", "capitals or spaces"]),
        ("Nort h", &["capitals or spaces"]),
        ("Norht", &["nearest", "\"North\""]),
        ("Westminster", &["\"Westminster\"", "add the branch"]),
    ];
    for (branch, words) in cases {
        let mut desk = Desk::new();
        let why = refusal(desk.sync_one(ada(&[(Field::Branch, branch)])));
        says(&why, Clause::Pub3, Some(Setting::NewBranch), words);
        assert_eq!(why.why.contains("nearest"), *branch == "Norht", "{}", why.why);
        assert_eq!(desk.records(), []);
    }
}

#[test]
fn of_a_name_one_letter_in_four_may_differ() {
    for (branch, is_near) in [("Harogatte", true), ("Harogattes", false)] {
        let mut desk = Desk::new();
        desk.must(TENANT, Action::AddBranch { branch: "Harrogate".into(), service: "Home care".into() });
        let why = refusal(desk.sync_one(ada(&[(Field::Branch, branch)]))).why;
        assert_eq!(why.contains("\"Harrogate\""), is_near, "{why}");
    }
}

#[test]
fn an_unknown_branch_stops_the_whole_service_user_and_nobody_else() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    let before = desk.record(1);
    let mut outcomes =
        desk.sync(vec![ada(&[(Field::Branch, "West"), (Field::FamilyName, "Bell")]), person("SU-2", &[])]);
    assert!(matches!(outcomes.pop(), Some(Outcome::Created { .. })));
    says(&refusal(outcomes.remove(0)), Clause::Pub3, Some(Setting::NewBranch), &["\"West\""]);
    assert_eq!(desk.record(1), before);
}

#[test]
fn after_a_thousand_unknown_names_the_nearest_is_no_longer_said() {
    let mut desk = Desk::new();
    let far = (0..1000).map(|n| person("SU-1", &[(Field::Branch, &format!("{n} Some Other Place"))]));
    let near = ["0 Some Other Place", "Norht"].map(|branch| person("SU-1", &[(Field::Branch, branch)]));
    let mut whys = desk.sync(far.chain(near).collect()).into_iter().map(|outcome| refusal(outcome).why);
    assert!(whys.next_back().unwrap().starts_with("ACP has no branch \"Norht\". Correct"));
    assert!(whys.next_back() == whys.next());
    let again = refusal(desk.sync_one(ada(&[(Field::Branch, "Norht")])));
    assert!(again.why.contains("\"North\""), "the next update starts anew: {}", again.why);
    refusal(desk.sync_one(ada(&[(Field::Branch, &"x".repeat(100_000))])));
}

#[test]
fn once_the_branch_is_there_the_same_service_user_arrives() {
    let mut desk = Desk::new();
    let west = || ada(&[(Field::Branch, "West")]);
    refusal(desk.sync_one(west()));
    desk.must(TENANT, Action::AddBranch { branch: "West".into(), service: "Supported living".into() });
    created(desk.sync_one(west()));
    assert_eq!(desk.record(1).service(), "Supported living");
}

#[test]
fn pushed_branches_are_ignored_where_they_must_exist() {
    let mut desk = Desk::new();
    assert_eq!(push(&mut desk, &["North", "West", ""]), []);
    assert_eq!(desk.shown(Look::Everything).branches.len(), 3);
}

#[test]
fn a_pushed_branch_is_created_once_in_the_first_service() {
    let mut desk = by_name();
    let outcomes = push(&mut desk, &["North", "West", "West"]);
    assert_eq!(outcomes, [BranchOutcome::Created { branch: "West".into(), service: "Home care".into() }]);
    assert_eq!(push(&mut desk, &["West"]), []);
    assert_eq!(desk.shown(Look::Everything).branches.last().unwrap().0, "West");
}

#[test]
fn a_branch_pushed_with_its_service_user_is_there_in_time() {
    let mut desk = by_name();
    let mut update = desk.update();
    update.branches = vec!["West".into()];
    update.service_users = vec![ada(&[(Field::Branch, "West")])];
    created(desk.receive(update).decisions.remove(0).outcome);
}

#[test]
fn a_service_user_never_makes_a_branch() {
    let mut desk = by_name();
    refusal(desk.sync_one(ada(&[(Field::Branch, "West")])));
    assert_eq!(desk.shown(Look::Everything).branches.len(), 3);
}

#[test]
fn unusual_characters_stop_a_pushed_branch() {
    let mut desk = by_name();
    for name in
        ["A & B", "North/South", "North\u{2013}South", "O\u{2019}Hara", "A_B", "Tab\t", "A\0", "x@y", "50%"]
    {
        let outcomes = push(&mut desk, &[name]);
        let [BranchOutcome::Refused { branch, refusal }] = &outcomes[..] else {
            panic!("{name}: {outcomes:?}")
        };
        assert_eq!(branch, name);
        says(refusal, Clause::Pub3, Some(Setting::NewBranch), &["unusual", "by hand"]);
    }
    for name in ["St. Mary's (Leeds) - 2", "Ynys M\u{f4}n", "north", "North "] {
        assert!(matches!(push(&mut desk, &[name])[..], [BranchOutcome::Created { .. }]), "{name}");
    }
    assert!(matches!(push(&mut desk, &[" "])[..], [BranchOutcome::Refused { .. }]));
    assert!(matches!(push(&mut desk, &[&"x".repeat(1001)])[..], [BranchOutcome::Refused { .. }]));
}

#[test]
fn without_any_service_no_branch_can_be_created() {
    let settings = Settings { new_branch: NewBranch::CreatedByName, ..Settings::default() };
    let mut desk = Desk::of(SetUp { settings, ..SetUp::default() });
    assert!(matches!(push(&mut desk, &["North"])[..], [BranchOutcome::Refused { .. }]));
}

#[test]
fn a_branch_listed_twice_belongs_to_the_first_service() {
    let mut services = set_up().services;
    services.push(("Third".into(), vec!["North".into()]));
    let mut desk = Desk::of(SetUp { services, ..SetUp::default() });
    desk.sync_one(ada(&[]));
    assert_eq!(desk.record(1).service(), "Home care");
}

#[test]
fn a_renamed_branch_shows_on_every_record_in_it_and_rostering_knows_nothing_of_it() {
    let mut desk = Desk::new();
    desk.sync(vec![ada(&[]), person("SU-2", &[(Field::Branch, "South")]), person("SU-3", &[])]);
    let done = desk.must(TENANT, Action::RenameBranch { from: "North".into(), to: "North Leeds".into() });
    assert_eq!(done.records, [RecordId(1), RecordId(3)]);
    assert_eq!(
        (desk.text(1, Field::Branch), desk.text(2, Field::Branch)),
        ("North Leeds".into(), "South".into())
    );
    let history = desk.record(1).history(Tracked::Field(Field::Branch));
    let told: Vec<(&str, Clause)> = history.iter().map(|it| (it.value.as_str(), it.set.clause)).collect();
    assert_eq!(told, [("North", Clause::Sync2), ("North Leeds", Clause::Pub9)]);

    says(&refusal(desk.sync_one(ada(&[]))), Clause::Pub3, Some(Setting::NewBranch), &["\"North\""]);
    assert_eq!(matched(desk.sync_one(ada(&[(Field::Branch, "North Leeds")]))), (vec![], vec![]));
}

#[test]
fn after_a_rename_a_pushed_branch_comes_back_under_its_old_name() {
    let mut desk = by_name();
    desk.must(TENANT, Action::RenameBranch { from: "North".into(), to: "North Leeds".into() });
    assert_eq!(push(&mut desk, &["North"]).len(), 1);
    assert_eq!(desk.shown(Look::Everything).branches.len(), 4);
}

#[test]
fn a_rename_reaches_a_move_that_is_held() {
    let mut desk = Desk::new();
    desk.sync_one(ada(&[]));
    desk.care(1, acp::CareKind::Note, "Note");
    desk.sync_one(ada(&[(Field::Branch, "East")]));
    desk.must(TENANT, Action::RenameBranch { from: "East".into(), to: "East Leeds".into() });
    assert_eq!(desk.record(1).held.unwrap().to_branch, "East Leeds");
}

#[test]
fn branch_actions_that_make_no_sense_are_refused() {
    let mut desk = Desk::new();
    let rename = |from: &str, to: &str| Action::RenameBranch { from: from.into(), to: to.into() };
    let add =
        |branch: &str, service: &str| Action::AddBranch { branch: branch.into(), service: service.into() };
    for (action, word) in [
        (rename("West", "Far West"), "\"West\""),
        (rename("North", "South"), "already"),
        (rename("North", " "), "name"),
        (rename("North", "A\0"), "NUL"),
        (add("North", "Supported living"), "already"),
        (add("West", "Day care"), "\"Home care\""),
        (add("", "Home care"), "name"),
    ] {
        let why = desk.refused(TENANT, action);
        assert_eq!(why.clause, Clause::Pub3);
        assert!(why.why.contains(word), "{}", why.why);
    }
    assert_eq!(desk.must(SUPPORT, rename("North", "North")).records, []);
    desk.must(TENANT, add("A & B", "Home care"));
    desk.must(
        TENANT,
        Action::Create(acp::HandMade {
            fields: fields(&[(Field::GivenName, "Ada"), (Field::Branch, "A & B")]),
            ..acp::HandMade::default()
        }),
    );
}
