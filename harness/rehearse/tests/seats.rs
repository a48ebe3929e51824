//! Somebody else's program in a seat: what it cannot do is skipped by name, what it does wrong fails, and a program that
//! cannot be asked gives no verdict at all. `four_ways.rs` plays the whole suite.

mod common;

use common::{Ended, connector::connector, served::serve};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

/// What a connector with this fault comes to, scenario by scenario.
fn verdicts_with(fault: &str, folders: &[&str]) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let connector = connector(Some(fault))?;
    let folder = common::Folder::new();
    let usual = ["run", "--json", "--snapshots", "ignore", "--connector", &connector.url];
    let words: Vec<&str> = usual.iter().chain(folders).copied().collect();
    let ended = Ended::of(folder.command(&words).current_dir(common::project()));
    assert_eq!(ended.code, 1, "{fault}: {ended:?}");
    let run: Value = serde_json::from_str(&ended.out).expect("JSON");
    let mut verdicts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in run["cases"].as_array().expect("cases") {
        let text = |key: &str| case[key].as_str().expect("a text").to_owned();
        verdicts.entry(text("scenario")).or_default().insert(text("verdict"));
    }
    Some(verdicts)
}

#[test]
fn a_fault_that_is_planted_in_the_connector_fails_what_speaks_of_it() {
    let folders =
        ["scenarios/first-sync", "scenarios/identifiers", "scenarios/timing/minutes-before-the-visit.yaml"];
    for (fault, fails, passes) in [
        (
            "creates-on-every-update",
            &[
                "first-sync/the-second-day-changes-nothing",
                "identifiers/everything-different-but-the-identifier",
            ][..],
            &["first-sync/go-live-morning", "first-sync/to-the-character"][..],
        ),
        (
            "matches-on-name",
            &["first-sync/only-the-identifier-decides", "identifiers/everything-the-same-but-the-identifier"],
            &["first-sync/the-second-day-changes-nothing", "first-sync/created-and-changed-later"],
        ),
        (
            "gives-up",
            &["first-sync/refused-at-the-door"],
            &[
                "first-sync/the-second-day-changes-nothing",
                "identifiers/everything-the-same-but-the-identifier",
            ],
        ),
        (
            "forgets-who-was-near",
            &["timing/minutes-before-the-visit"],
            &["first-sync/the-second-day-changes-nothing", "first-sync/only-the-identifier-decides"],
        ),
    ] {
        let Some(verdicts) = verdicts_with(fault, &folders) else { return };
        let is = |name: &str, verdict: &str| verdicts[name].contains(verdict);
        for name in fails {
            assert!(is(name, "failed"), "{fault} did not fail {name}: {verdicts:#?}");
        }
        for name in passes {
            assert!(!is(name, "failed") && is(name, "passed"), "{fault} failed {name}: {verdicts:#?}");
        }
    }
}

#[test]
fn nobody_there_ends_the_run_before_it_began() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", taken.local_addr().expect("an address"));
    drop(taken);
    let folder = common::suite();
    for flag in ["--acp", "--connector", "--rostering"] {
        let ended = folder.rehearse(&["run", flag, &url]);
        assert_eq!((ended.code, ended.out.as_str()), (4, ""), "{ended:?}");
        assert!(ended.err.contains(&url) && ended.err.contains("Nothing was run."), "{ended:?}");
    }
}

#[test]
fn an_address_that_leads_elsewhere_needs_a_word() {
    let folder = common::suite();
    let ended = folder.rehearse(&["run", "--acp", "http://engine.example"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("engine.example") && ended.err.contains("--allow-remote"), "{ended:?}");
    let ended = folder.rehearse(&["run", "--acp", "http://me:s3cret@127.0.0.1"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(!ended.err.contains("s3cret"), "{ended:?}");
}

#[test]
fn a_wrong_key_is_said_and_never_shown() {
    let folder = common::suite();
    let served = serve(&folder);
    let mut command = folder.command(&["run", "--acp", &served.url]);
    let ended = Ended::of(command.env("REHEARSE_SEAT_KEY", "s3cret-s3cret-s3cret-s3cret-s3cret"));
    assert_eq!((ended.code, ended.out.as_str()), (4, ""), "{ended:?}");
    assert!(ended.err.contains("401") && !ended.err.contains("s3cret"), "{ended:?}");
}

fn seat(clock: &str, lacks: &Value) -> Value {
    json!({ "contract": service::CONTRACT, "name": "Other engine", "version": "7", "clock": clock, "lacks": lacks })
}

async fn engine(who: Value) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(who);
    Mock::given(method("GET")).and(path("/v1/seat")).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_cannot_do_is_skipped_by_name_with_its_reason() {
    let lacks = json!([{ "capability": "care_data", "why": "it is not built yet." }]);
    let server = engine(seat("follows", &lacks)).await;
    let folder = common::Folder::new();
    let words = ["run", "scenarios/moves-after-care/held-for-support.yaml", "--acp", &server.uri()];
    let ended = Ended::of(folder.command(&words).current_dir(common::project()));
    let words = ["moves-after-care/held-for-support", "Other engine has no care data: it is not built yet."];
    assert!(words.iter().all(|it| ended.out.contains(it)), "{ended:?}");
    assert!(ended.out.contains("with Other engine 7 in ACP's seat, seed 1"), "{ended:?}");
    assert_eq!(ended.code, 3, "{ended:?}");
    let asked = server.received_requests().await.expect("requests");
    assert_eq!(asked.len(), 1, "nobody plays what is skipped");
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_of_real_time_are_not_waited_for_unless_somebody_says_so() {
    let server = engine(seat("real_time", &json!([]))).await;
    let folder = common::suite();
    let ended = folder.rehearse(&["run", "scenarios/first", "--acp", &server.uri()]);
    assert!(ended.out.contains("24h") && ended.out.contains("--real-time"), "{ended:?}");
    assert_eq!(ended.code, 3, "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_of_another_contract_is_not_asked_further() {
    let mut who = seat("follows", &json!([]));
    who["contract"] = json!("rehearse.seat/99");
    let server = engine(who).await;
    let ended = common::suite().rehearse(&["run", "--acp", &server.uri()]);
    assert_eq!((ended.code, ended.out.as_str()), (4, ""), "{ended:?}");
    assert!(ended.err.contains("rehearse.seat/99"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_breaks_down_leaves_the_case_open() {
    let server = engine(seat("follows", &json!([]))).await;
    let ended = common::suite().rehearse(&["run", "scenarios/first", "--acp", &server.uri()]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.out.contains("In ACP's seat") && ended.out.contains(&server.uri()), "{ended:?}");
    assert!(!ended.out.to_lowercase().contains("failed"), "{ended:?}");
}

const RAISES: &str = "scenarios/support-cases/case-1-raised-too-early.yaml";

/// Plays a scenario that raises cases, with this desk.
fn with_desk(desk: &MockServer) -> Ended {
    let folder = common::Folder::new();
    let words = ["run", RAISES, "--desk", &desk.uri()];
    Ended::of(folder.command(&words).current_dir(common::project()))
}

async fn desk(answer: ResponseTemplate) -> MockServer {
    let desk = engine(seat("follows", &json!([]))).await;
    Mock::given(method("POST")).and(path("/v1/cases")).respond_with(answer).mount(&desk).await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_raised_reaches_the_support_desk_once_with_all_that_the_guidance_asks_for() {
    let case = json!({ "kind": "not_updated", "name": "-", "service": "-", "description": "-" });
    let taken = json!({ "number": 1, "raised_at": "2026-03-02T09:00:00Z", "closed_at": null, "case": case });
    let desk = desk(ResponseTemplate::new(201).set_body_json(taken)).await;
    let ended = with_desk(&desk);
    assert_eq!(ended.code, 0, "{ended:?}");
    let requests = desk.received_requests().await.expect("requests");
    let posted: Vec<_> = requests.iter().filter(|it| it.method.as_str() == "POST").collect();
    assert!(!posted.is_empty(), "{ended:?}");
    for request in posted {
        let case: Value = request.body_json().expect("JSON");
        assert_eq!(case["kind"], "not_updated");
        for part in ["name", "service", "external_id", "description"] {
            assert!(case[part].as_str().is_some_and(|it| !it.is_empty()), "{part}: {case}");
        }
        assert!(request.headers.contains_key("rehearse-now"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_breaks_down_or_refuses_a_whole_case_leaves_it_open() {
    let problem = json!({
        "type": "urn:rehearse:problem:refused", "title": "Refused", "status": 422,
        "detail": "The desk is closed.", "unaffected": "Nothing was changed."
    });
    let refusal = serde_json::to_vec(&problem).expect("JSON");
    for (answer, why) in [
        (ResponseTemplate::new(503), "503"),
        (ResponseTemplate::new(422).set_body_raw(refusal, "application/problem+json"), "The desk is closed."),
    ] {
        let desk = desk(answer).await;
        let ended = with_desk(&desk);
        assert_eq!(ended.code, 4, "{ended:?}");
        assert!(ended.out.contains("At the support desk") && ended.out.contains(why), "{ended:?}");
    }
}

/// Seconds, so that they can be waited for.
const IN_SECONDS: &str = "\
scenario: Somebody new is carried over when the integration goes live
proves: [SYNC-1]
clock: 2026-03-02 09:00 Europe/London
given:
  - branches: [North Leeds]
steps:
  - when: Ada is added in rostering, and the integration goes live
    in rostering: { add service user: { id: SU-1, name: Ada Okafor, branch: North Leeds } }
    integration: goes live
  - then: she is in ACP
    within: 30s
    acp: { service user: SU-1, has: { name: Ada Okafor, branch: North Leeds } }
  - then: and stays there
    for: 3s
    acp: { service user: SU-1, has: { name: Ada Okafor, branch: North Leeds } }
";

#[test]
fn a_connector_with_a_clock_of_its_own_is_given_the_time_it_takes() {
    let Some(connector) = connector(Some("keeps-its-own-time")) else { return };
    let folder = common::Folder::with(&[("scenarios/live/seconds.yaml", IN_SECONDS)]);
    folder.write("scenarios/live/hours.yaml", common::PASSES);
    let began = std::time::Instant::now();
    let ended = folder.rehearse(&["run", "--json", "--connector", &connector.url]);
    let run: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let verdict = |scenario: &str| {
        let mut cases = run["cases"].as_array().expect("cases").iter();
        cases.find(|case| case["scenario"] == scenario).expect("the case").clone()
    };
    assert_eq!(verdict("live/seconds")["verdict"], "passed", "{run:#}");
    assert!(began.elapsed() > std::time::Duration::from_secs(3), "{:?}", began.elapsed());
    // What takes hours is not waited for.
    assert_eq!(verdict("live/hours")["verdict"], "skipped", "{run:#}");
    assert!(verdict("live/hours")["reason"].as_str().is_some_and(|it| it.contains("--real-time")), "{run:#}");
}
