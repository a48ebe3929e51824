//! The same suite with others in the seats: the same verdicts and the same stories, or a reason for each case that is
//! left out; and no verdict at all from a program that cannot be asked.

mod common;

use common::{Ended, Folder, served::serve};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project's folder")
}

/// The suite of the project, with these words besides.
fn suite(words: &[&str], key: &str) -> Ended {
    let folder = Folder::new();
    let words: Vec<&str> = ["run", "scenarios", "--json", "-v", "--jobs", "2", "--snapshots", "ignore"]
        .iter()
        .chain(words)
        .copied()
        .collect();
    Ended::of(folder.command(&words).current_dir(root()).env("REHEARSE_SEAT_KEY", key))
}

/// Each case with what came of it; what is real time is left out.
fn cases(ended: &Ended) -> BTreeMap<String, Value> {
    let run: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let cases = run["cases"].as_array().expect("cases");
    let named = cases.iter().map(|case| {
        let mut case = case.clone();
        forget_real(&mut case);
        (format!("{} {}", case["scenario"], case["case"]), case)
    });
    named.collect()
}

fn forget_real(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with("real_"));
            map.values_mut().for_each(forget_real);
        }
        Value::Array(all) => all.iter_mut().for_each(forget_real),
        _ => {}
    }
}

#[test]
fn our_own_engine_in_the_seat_of_acp_tells_the_same_stories() {
    let folder = Folder::new();
    let served = serve(&folder);
    let (here, there) = (suite(&[], ""), suite(&["--acp", &served.url], &served.key));
    let (ours, theirs) = (cases(&here), cases(&there));
    assert!(ours.len() > 100, "{}", ours.len());
    let differ: Vec<&String> = ours.keys().filter(|name| ours[*name] != theirs[*name]).collect();
    assert!(differ.is_empty(), "{} of {}: {differ:#?}", differ.len(), ours.len());
    assert_eq!(here.code, there.code);
    assert_eq!(there.err, "");
    // Every tenant was taken away again.
    assert!(common::served::get(&served, "/v1/worlds").ends_with("[\"sandbox\"]"));
}

#[test]
fn our_own_rostering_systems_in_their_seat_tell_the_same_stories() {
    let folder = Folder::new();
    let served = serve(&folder);
    let (here, there) = (suite(&[], ""), suite(&["--rostering", &served.url], &served.key));
    let (ours, theirs) = (cases(&here), cases(&there));
    let differ: Vec<&String> = ours.keys().filter(|name| ours[*name] != theirs[*name]).collect();
    assert!(differ.is_empty(), "{} of {}: {differ:#?}", differ.len(), ours.len());
    assert_eq!((here.code, there.err.as_str()), (there.code, ""));
}

/// The example connector, with or without a planted fault.
struct Connector {
    child: Child,
    url: String,
}

impl Drop for Connector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// None where there is no Python: then it is said that nothing was tested.
fn connector(fault: Option<&str>) -> Option<Connector> {
    let script = root().join("simulator/service/examples/connector.py");
    let mut command = Command::new("python3");
    command.arg(script).arg("0").args(fault).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        eprintln!("NOT RUN: the example connector, python3 is not here");
        return None;
    };
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("it says where it is");
    let url = line.trim().rsplit(' ').next().expect("an address").to_owned();
    Some(Connector { child, url })
}

/// Verdicts of the suite by case.
fn verdicts(ended: &Ended) -> BTreeMap<String, String> {
    let verdict = |case: &Value| case["verdict"].as_str().expect("a verdict").to_owned();
    cases(ended).iter().map(|(name, case)| (name.clone(), verdict(case))).collect()
}

#[test]
fn the_example_connector_gives_the_same_verdicts() {
    let Some(connector) = connector(None) else { return };
    let (here, there) = (verdicts(&suite(&[], "")), verdicts(&suite(&["--connector", &connector.url], "")));
    let differ: Vec<(&String, &String)> =
        there.iter().filter(|(name, verdict)| here[*name] != **verdict).collect();
    assert!(differ.is_empty(), "{} of {}: {differ:#?}", differ.len(), here.len());
}

#[test]
fn a_fault_that_is_planted_in_the_connector_fails_what_speaks_of_it() {
    for (fault, must_fail) in [
        ("creates-every-time", ["first-sync/the-second-day-changes-nothing", "wrong-branch"]),
        ("matches-on-name", ["first-sync/only-the-identifier-decides", "identifiers/everything-the-same"]),
    ] {
        let Some(connector) = connector(Some(fault)) else { return };
        let ended = suite(&["--connector", &connector.url], "");
        assert_eq!(ended.code, 1, "{fault}");
        let failed: Vec<String> = verdicts(&ended)
            .into_iter()
            .filter(|(_, verdict)| verdict == "failed")
            .map(|(name, _)| name)
            .collect();
        for part in must_fail {
            assert!(
                failed.iter().any(|name| name.contains(part)),
                "{fault} did not fail {part}: {failed:#?}"
            );
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
    let lacks = json!([{ "capability": "visits", "why": "it is for home owners only." }]);
    let server = engine(seat("follows", &lacks)).await;
    let folder = common::suite();
    let ended = folder.rehearse(&["run", "scenarios/timing", "--acp", &server.uri(), "--no-match", "ok"]);
    assert!(ended.out.contains("Other engine has no visits: it is for home owners only."), "{ended:?}");
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
