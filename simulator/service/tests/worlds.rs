//! What a team does with a sandbox over HTTP, from setting it up to going back in time.

mod common;

use common::Running;
use serde_json::{Value, json};
use service::Limits;
use std::{
    io::{Read as _, Write as _},
    time::{Duration, Instant},
};

const OFFICE: &str = "/v1/worlds/a/rostering/office";

fn server() -> Running {
    let server = Running::start();
    server.world("a");
    server
}

fn ok(server: &Running, method: &str, path: &str, body: &Value) -> Value {
    let answer = server.ask(method, path, body);
    assert!((200..300).contains(&answer.status), "{method} {path} {body}: {answer:?}");
    if answer.text.is_empty() { Value::Null } else { answer.json() }
}

fn ada(server: &Running) {
    let fields = json!({ "given_name": "Ada", "family_name": "Okafor", "branch": "North Leeds", "date_of_birth": "1938-11-04" });
    ok(server, "PUT", &format!("{OFFICE}/service-users/SU-1"), &json!({ "fields": fields }));
    let visit = json!({ "plan_visit": { "id": "V-1", "service_user": "SU-1", "starts": "2026-03-03T10:00:00Z", "lasts": "PT30M" } });
    ok(server, "POST", &format!("{OFFICE}/commands"), &visit);
}

fn branch_in_acp(server: &Running) -> String {
    let found = ok(server, "GET", "/v1/worlds/a/acp/records?external_id=SU-1", &Value::Null);
    let values = found["records"][0]["values"].as_array().cloned().unwrap_or_default();
    let slot = values.iter().find(|slot| slot["field"] == "branch");
    slot.map(|slot| slot["value"].as_str().unwrap_or_default().to_owned()).unwrap_or_default()
}

#[test]
fn a_service_user_reaches_acp_by_the_clock_alone() {
    let server = server();
    ada(&server);
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    assert_eq!(branch_in_acp(&server), "North Leeds");
    ok(&server, "PUT", &format!("{OFFICE}/service-users/SU-1"), &json!({ "fields": { "branch": "York" } }));
    assert_eq!(branch_in_acp(&server), "North Leeds");
    let clock = ok(&server, "GET", "/v1/worlds/a/clock", &Value::Null);
    assert_eq!(clock["next"], "2026-03-02T09:15:00Z");
    let happened = ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "by": "PT20M" }));
    assert_eq!(branch_in_acp(&server), "York");
    let says: Vec<&str> =
        happened["events"].as_array().expect("events").iter().filter_map(|it| it["says"].as_str()).collect();
    assert_eq!(says.len(), 2, "{says:?}");
    assert!(
        says[0].contains("Access People Planner (office) sent partial update 2: 1 service user, 1 visit."),
        "{says:?}"
    );
    assert!(says[1].contains("reached ACP: 1 changed"), "{says:?}");
    let history = ok(&server, "GET", "/v1/worlds/a/acp/records/1/history?of=branch", &Value::Null);
    let values: Vec<&Value> =
        history["entries"].as_array().expect("entries").iter().map(|it| &it["value"]).collect();
    assert_eq!(values, ["North Leeds", "York"]);
}

#[test]
fn a_fault_strikes_while_it_is_on() {
    let server = server();
    ada(&server);
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    ok(&server, "PUT", &format!("{OFFICE}/service-users/SU-1"), &json!({ "fields": { "branch": "York" } }));
    ok(&server, "POST", "/v1/worlds/a/faults", &json!({ "kind": "lose", "times": 3 }));
    ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "by": "PT20M" }));
    assert_eq!(branch_in_acp(&server), "North Leeds");
    assert_eq!(ok(&server, "GET", "/v1/worlds/a/faults", &Value::Null)[0]["fired"], 1);
    ok(&server, "DELETE", "/v1/worlds/a/faults/0", &Value::Null);
    ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "by": "PT20M" }));
    assert_eq!(branch_in_acp(&server), "York");
    let faults = ok(&server, "GET", "/v1/worlds/a/faults", &Value::Null);
    assert_eq!((&faults[0]["fired"], &faults[0]["lifted"]), (&json!(1), &json!(true)));
}

#[test]
fn going_back_undoes_what_was_done_after_and_going_on_is_the_same_again() {
    let server = server();
    ada(&server);
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "by": "PT10M" }));
    let before = server.get("/v1/worlds/a/acp/records").text;
    ok(&server, "PUT", &format!("{OFFICE}/service-users/SU-1"), &json!({ "fields": { "branch": "York" } }));
    ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "to": "2026-03-02T12:00:00Z" }));
    assert_eq!(branch_in_acp(&server), "York");
    ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "back_to": "2026-03-02T09:09:59Z" }));
    assert_eq!(server.get("/v1/worlds/a/acp/records").text, before);
    let clock = ok(&server, "GET", "/v1/worlds/a/clock", &Value::Null);
    assert_eq!(clock["now"], "2026-03-02T09:09:59Z");
    ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "to": "2026-03-02T12:00:00Z" }));
    assert_eq!(branch_in_acp(&server), "North Leeds");
}

#[test]
fn worlds_never_see_each_other() {
    let server = server();
    server.world("b");
    let empty = server.get("/v1/worlds/b/acp/records").text;
    ada(&server);
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "by": "PT24H" }));
    ok(&server, "POST", "/v1/worlds/a/faults", &json!({ "kind": { "down": "PT1H" } }));
    assert_eq!(server.get("/v1/worlds/b/acp/records").text, empty);
    assert_eq!(ok(&server, "GET", "/v1/worlds/b/clock", &Value::Null)["now"], "2026-03-02T09:00:00Z");
    assert_eq!(ok(&server, "GET", "/v1/worlds/b/faults", &Value::Null), json!([]));
    server.get("/v1/worlds/b/rostering/office/service-users/SU-1").is_problem(404, "not-there");
    ok(&server, "DELETE", "/v1/worlds/b", &Value::Null);
    assert_eq!(ok(&server, "GET", "/v1/worlds", &Value::Null), json!(["a"]));
    assert_eq!(branch_in_acp(&server), "North Leeds");
}

#[test]
fn pages_put_together_are_the_whole_list() {
    let server = server();
    for n in 0..25 {
        let fields = json!({ "given_name": format!("N{n}"), "branch": "York" });
        ok(
            &server,
            "PUT",
            &format!("{OFFICE}/service-users/SU%2F{n:02}%20%C3%A9"),
            &json!({ "fields": fields }),
        );
    }
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    let whole = |path: &str, list: &str, size: usize| {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page = ok(&server, "GET", &format!("{path}?limit={size}{after}"), &Value::Null);
            all.extend(page[list].as_array().expect("a list").clone());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return all,
            }
        }
    };
    let service_users = format!("{OFFICE}/service-users");
    for (path, list) in [(service_users.as_str(), "service_users"), ("/v1/worlds/a/acp/records", "records")] {
        let all = whole(path, list, 1000);
        assert_eq!(all.len(), 25);
        for size in [1, 7, 24, 25] {
            assert_eq!(whole(path, list, size), all, "{size}");
        }
    }
}

#[test]
fn a_changes_feed_tells_each_change_once_and_never_forgets() {
    let server = server();
    ada(&server);
    let feed = |after: &str| ok(&server, "GET", &format!("{OFFICE}/changes?after={after}"), &Value::Null);
    let first = ok(&server, "GET", &format!("{OFFICE}/changes"), &Value::Null);
    assert_eq!(
        (first["service_users"][0]["id"].as_str(), first["visits"][0]["id"].as_str()),
        (Some("SU-1"), Some("V-1"))
    );
    let next = first["next"].as_str().expect("a cursor").to_owned();
    let nothing = feed(&next);
    assert_eq!((&nothing["service_users"], &nothing["more"]), (&json!([]), &json!(false)));
    for branch in ["York", "South Leeds"] {
        ok(
            &server,
            "PUT",
            &format!("{OFFICE}/service-users/SU-1"),
            &json!({ "fields": { "branch": branch } }),
        );
    }
    let changed = feed(&next);
    assert_eq!(changed["service_users"].as_array().map(Vec::len), Some(1));
    assert_eq!(changed["service_users"][0]["as_sent"]["fields"]["branch"], "South Leeds");
    ok(&server, "POST", &format!("{OFFICE}/commands"), &json!({ "delete": { "id": "SU-1" } }));
    let gone = feed(&next);
    assert_eq!((&gone["service_users"], &gone["service_users_gone"]), (&json!([]), &json!(["SU-1"])));
    assert_eq!(gone["visits_gone"], json!(["V-1"]));
}

#[test]
fn people_act_in_acp_and_raise_cases() {
    let server = server();
    ada(&server);
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    let act = |by: &str, action: Value| {
        ok(&server, "POST", "/v1/worlds/a/acp/actions", &json!({ "by": by, "action": action }))
    };
    act("tenant_administrator", json!({ "edit": { "record": 1, "set": { "branch": "York" } } }));
    assert_eq!(branch_in_acp(&server), "York");
    let care = json!({ "add_care": { "record": 1, "kind": "note", "title": "Likes tea" } });
    assert_eq!(act("care_staff", care)["records"], json!([1]));
    let made = act(
        "tenant_administrator",
        json!({ "create": { "fields": { "given_name": "Ada", "family_name": "Okafor", "branch": "York" } } }),
    );
    let found = ok(&server, "GET", "/v1/worlds/a/acp/records?name=okaf", &Value::Null);
    assert_eq!(found["records"].as_array().map(Vec::len), Some(2));
    let merged = act("support", json!({ "merge": { "survivor": 1, "loser": made["records"][0] } }));
    assert!(merged["account"].is_object(), "{merged}");
    let twice = json!({ "kind": "duplicate", "name": "Ada Okafor", "service": "Leeds", "description": "Twice", "records": [1, 2] });
    assert_eq!(ok(&server, "POST", "/v1/worlds/a/acp/cases", &twice)["number"], 1);
    ok(&server, "POST", "/v1/worlds/a/acp/cases/1/close", &Value::Null);
    assert!(ok(&server, "GET", "/v1/worlds/a/acp/cases", &Value::Null)[0]["closed_at"].is_string());
}

#[test]
fn an_upsert_is_by_external_identifier_and_nothing_else() {
    let server = server();
    let put = |id: &str, name: &str| {
        let body = json!({ "fields": { "given_name": name, "family_name": "Okafor", "branch": "York" } });
        server.ask("PUT", &format!("/v1/worlds/a/acp/service-users/{id}"), &body)
    };
    let first = put("00482", "Ada");
    assert_eq!((first.status, &first.json()["outcome"]["created"]["record"]), (201, &json!(1)));
    assert_eq!(put("00482", "Adaeze").json()["outcome"]["matched"]["record"], 1);
    assert_eq!(put("482", "Ada").status, 201);
    assert_eq!(put("00482%20", "Ada").status, 201);
    let again = put("00482", "Adaeze");
    assert_eq!((again.status, &again.json()["outcome"]["matched"]["changes"]), (200, &json!([])));
    let nowhere = server.ask(
        "PUT",
        "/v1/worlds/a/acp/service-users/9",
        &json!({ "fields": { "given_name": "B", "branch": "Hull" } }),
    );
    assert!(nowhere.is_problem(422, "refused")["clause"].is_string());
}

#[test]
fn reading_changes_nothing() {
    let server = server();
    ada(&server);
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    let contract: Value = serde_json::from_str(&service::openapi_json()).expect("JSON");
    let everything = || -> Vec<String> {
        let paths = contract["paths"].as_object().expect("paths");
        // This server knows no scenarios and sends no webhooks.
        let has = |path: &str| !path.ends_with("/scenario") && path != "/v1/webhook";
        let gets = paths.iter().filter(|(path, methods)| methods["get"].is_object() && has(path));
        gets.map(|(path, _)| {
            let id = if path.contains("/visits/") {
                "V-1"
            } else if path.contains("records") {
                "1"
            } else {
                "SU-1"
            };
            let path = path.replace("{world}", "a").replace("{environment}", "office").replace("{id}", id);
            let query = if path.ends_with("history") { "?of=branch" } else { "" };
            let answer = server.get(&format!("{path}{query}"));
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            answer.text
        })
        .collect()
    };
    assert_eq!(everything(), everything());
}

#[test]
fn it_stops_when_told_and_finishes_what_it_began() {
    // Were it cut off in the end, that would take longer than this test may.
    let limits = Limits { stop_time: Duration::from_mins(10), ..Limits::default() };
    let mut server = Running::with(limits);
    server.world("a");
    let mut open = server.connect();
    let head = format!(
        "PUT {OFFICE}/service-users/SU-1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: \
         application/json\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n",
        server.ready.key
    );
    open.write_all(head.as_bytes()).expect("it takes that");
    // It says so when it has begun to read.
    let mut goes_on = [0; 25];
    open.read_exact(&mut goes_on).expect("it begins");
    assert_eq!(&goes_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let body = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        open.write_all(b"{\"fields\": {}}").expect("it still listens");
        let mut answer = String::new();
        let _ = open.read_to_string(&mut answer);
        answer
    });
    let began = Instant::now();
    server.stop().expect("it ends well");
    assert!(began.elapsed() < Duration::from_mins(5));
    let answer = body.join().expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(std::net::TcpStream::connect(server.ready.address).is_err());
}

#[test]
fn only_this_computer_can_reach_it() {
    let server = server();
    assert!(server.ready.address.ip().is_loopback());
    assert_eq!(server.ready.key.len(), 64);
    assert_ne!(server.ready.key, Running::start().ready.key);
}

/// Only the newest are held in memory; those before are made again when somebody asks.
#[test]
fn what_happened_long_ago_is_told_as_it_was() {
    let server = server();
    ada(&server);
    ok(&server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    let page = |after: Option<&str>| {
        let after = after.map_or_else(String::new, |after| format!("&after={after}"));
        ok(&server, "GET", &format!("/v1/worlds/a/events?limit=3{after}"), &Value::Null)
    };
    let first = page(None);
    let second = page(first["next"].as_str());
    // A visit a day from now keeps her near-term: two events every 15 minutes for as long as there are visits.
    for day in 0..59 {
        let starts = format!("2026-0{}-{:02}T10:00:00Z", 3 + (day + 2) / 31, (day + 2) % 31 + 1);
        let visit = json!({ "plan_visit": { "id": format!("V-{day}x"), "service_user": "SU-1", "starts": starts, "lasts": "PT30M" } });
        server.ask("POST", &format!("{OFFICE}/commands"), &visit);
    }
    let moved = ok(&server, "POST", "/v1/worlds/a/clock", &json!({ "by": "PT1440H" }));
    let n_events = ok(&server, "GET", "/v1/worlds/a", &Value::Null)["n_events"].as_u64().expect("a number");
    assert!(n_events > 10_010, "{n_events}");
    // What happened on the way is told from its beginning, though that is no longer held.
    let on_the_way = moved["events"].as_array().expect("events");
    assert_eq!((on_the_way.len(), &moved["more"]), (1000, &json!(true)));
    let number = |event: &Value| event["number"].as_u64().expect("a number");
    assert!(number(&on_the_way[0]) < n_events - 10_000, "{}", on_the_way[0]);
    let (same, then) = (page(None), page(first["next"].as_str()));
    assert_eq!((&same["events"], &then["events"][0]), (&first["events"], &second["events"][0]));
    let newest = page(moved["next"].as_str());
    assert_eq!(number(&newest["events"][0]), number(&on_the_way[999]) + 1);
}
