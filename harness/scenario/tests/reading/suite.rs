//! `suite.yaml`, and scenarios that leave something to it.

use crate::corpus;
use feed::{Clause, ServiceMove, Setting};
use scenario::{Inherited, Redact, Scenario, Seat, SuiteFile, read_in, read_suite};

const EVERYTHING: &str = "\
format: 1
clock: 2026-03-02 09:00 Europe/London
rules: { service_move: needs_support, managed_demographics: [nhs_number] }
seed: 7
jobs: 4
seats: { acp: http://localhost:8080, connector: simulated }
redact: names
required clauses: [MOVE-1, MOVE-2]
";

fn suite() -> SuiteFile {
    read_suite("suite.yaml", EVERYTHING).expect("it is right")
}

fn read(head: &str) -> Scenario {
    let text = format!(
        "scenario: x\nproves: [SYNC-1]\n{head}given:\n  - branches: [Leeds]\n  - the first sync has finished\nsteps:\n  - then: nothing is there\n    acp records: {{ count: 0 }}\n"
    );
    let read = read_in(&suite(), "a.yaml", &text, &mut |_| Err("no worlds".into()));
    read.unwrap_or_else(|mistakes| panic!("{}", mistakes[0].render(&text, false)))
}

#[test]
fn every_bad_suite_is_told_what_is_wrong_with_it() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../bad-suites");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in corpus::names("bad-suites") {
            let mistakes = read_suite(&name, &corpus::text("bad-suites", &name)).expect_err(&name);
            insta::assert_snapshot!(name.trim_end_matches(".yaml"), corpus::told("bad-suites", &mistakes));
        }
    });
}

#[test]
fn everything_that_a_suite_can_say_is_read() {
    let suite = suite();
    assert_eq!(suite.path, "suite.yaml");
    assert_eq!(suite.clock, Some("2026-03-02T09:00:00Z".parse().unwrap()));
    assert_eq!(suite.settings.service_move, ServiceMove::NeedsSupport);
    assert_eq!(suite.set, [Setting::ServiceMove, Setting::ManagedDemographics]);
    assert_eq!((suite.seed, suite.jobs, suite.redact), (Some(7), Some(4), Some(Redact::Names)));
    assert_eq!(suite.seats.acp, Seat::At("http://localhost:8080".into()));
    assert_eq!(suite.seats.connector, Seat::Simulated);
    assert_eq!(suite.required.clauses, [Clause::Move1, Clause::Move2]);
    let all = read_suite("suite.yaml", "format: 1\nrequired clauses: all-article\n").unwrap();
    assert_eq!(all.required.clauses.len(), 36);
}

#[test]
fn a_suite_without_anything_in_it_says_nothing() {
    for text in ["", "# Marks the root.\n", "\u{feff}", "format: 1\n", "format: 1\r\n"] {
        let suite = read_suite("suite.yaml", text).expect(text);
        assert_eq!(SuiteFile { path: String::new(), ..suite }, SuiteFile::default(), "{text:?}");
    }
}

#[test]
fn what_a_scenario_does_not_say_is_as_the_suite_has_it() {
    let case = &read("").cases[0];
    assert_eq!(case.clock, "2026-03-02T09:00:00Z".parse().unwrap());
    assert_eq!(case.settings.service_move, ServiceMove::NeedsSupport);
    assert_eq!(case.seed, None, "the run's seed beats the suite's, so it is not the case's own");
    let inherited = Inherited {
        path: "suite.yaml".into(),
        clock: true,
        settings: vec![Setting::ServiceMove, Setting::ManagedDemographics],
    };
    assert_eq!(case.inherited, inherited);
}

#[test]
fn what_a_scenario_says_beats_the_suite() {
    let case =
        &read("clock: 2026-04-01 10:00\nseed: 3\nrules: { service_move: follows_rostering }\n").cases[0];
    assert_eq!(case.clock, "2026-04-01T09:00:00Z".parse().unwrap());
    assert_eq!(case.settings.service_move, ServiceMove::FollowsRostering);
    assert!(case.settings.managed_demographics.nhs_number, "what it does not say stays");
    assert_eq!(case.seed, Some(3));
    assert_eq!(case.inherited.settings, [Setting::ManagedDemographics]);
    assert!(!case.inherited.clock);
    let all = "clock: 2026-04-01 10:00\nrules: { service_move: follows_rostering, managed_demographics: [date_of_birth] }\n";
    assert_eq!(read(all).cases[0].inherited, Inherited::default(), "nothing is left to the suite");
}

#[test]
fn rows_may_differ_in_what_they_leave_to_the_suite() {
    let rows = "cases:\n  - { name: a, rules: { service_move: follows_rostering } }\n  - { name: b, rules: { near_term: three_calendar_days } }\nrules: ${rules}\n";
    let scenario = read(rows);
    let inherited = |idx: usize| scenario.cases[idx].inherited.settings.as_slice();
    assert_eq!(inherited(0), [Setting::ManagedDemographics]);
    assert_eq!(inherited(1), [Setting::ServiceMove, Setting::ManagedDemographics]);
}

#[test]
fn without_a_suite_a_clock_is_needed() {
    let text = "scenario: x\nproves: [SYNC-1]\nsteps:\n  - then: a\n    acp records: { count: 0 }\n";
    let mistakes = scenario::read("a.yaml", text, &mut |_| Err(String::new())).unwrap_err();
    assert_eq!(mistakes[0].what, "a scenario needs `clock`");
}
