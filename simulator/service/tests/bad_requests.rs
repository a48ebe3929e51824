//! Every bad request gets an answer that says what is wrong and where, and changes nothing. No input panics.

mod common;

use common::{Answer, Folder, Running, world};
use serde_json::{Value, json};
use service::Limits;
use std::{
    io::{Read as _, Write as _},
    time::{Duration, Instant},
};

/// Everything that can be seen of a world, but for the list of what happened: refusals stand in it.
fn everything(server: &Running, name: &str) -> Vec<String> {
    let systems =
        ["/rostering/office/service-users", "/rostering/office/visits", "/acp/records", "/acp/cases"];
    let paths = systems.iter().chain(&["/clock", "/faults"]);
    paths.map(|path| server.get(&format!("/v1/worlds/{name}{path}")).text).collect()
}

/// A server with a world in which there is something, and a check that it is as it was.
fn unchanged(does: impl FnOnce(&Running)) {
    let server = Running::start();
    server.world("a");
    put_su(
        &server,
        "SU-1",
        &json!({ "given_name": "Ada", "family_name": "Okafor", "branch": "North Leeds" }),
    );
    let before = everything(&server, "a");
    assert!(before.iter().any(|it| it.contains("Okafor")), "{before:?}");
    does(&server);
    assert_eq!(everything(&server, "a"), before);
}

fn put_su(server: &Running, id: &str, fields: &Value) -> Answer {
    server.ask(
        "PUT",
        &format!("/v1/worlds/a/rostering/office/service-users/{id}"),
        &json!({ "fields": fields }),
    )
}

const SERVICE_USERS: &str = "/v1/worlds/a/rostering/office/service-users";

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    unchanged(|server| {
        let bodies: [&[u8]; 9] = [
            b"",
            b"{",
            b"{\"fields\": {},}",
            b"{\"fields\": {}} x",
            b"{\"fields\": NaN}",
            b"\xef\xbb\xbf{\"fields\": {}}",
            b"{\"fields\": {\"given_name\": \"\\ud800\"}}",
            b"\xff\xfe",
            b"{\"fields\": {\"given_name\": \"a\nb\"}}",
        ];
        for body in bodies {
            let answer = server.send("PUT", &format!("{SERVICE_USERS}/SU-2"), &[], body);
            let problem = answer.is_problem(400, "malformed");
            let detail = problem["detail"].as_str().expect("a detail").to_owned();
            assert!(detail.contains("line 1") || detail.contains("line 2"), "{detail}");
        }
        let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();
        server.send("PUT", &format!("{SERVICE_USERS}/SU-2"), &[], &deep).is_problem(422, "wrong-value");
        let deep = format!("{{\"fields\": {}{}}}", "{\"branch\":".repeat(10_000), "}".repeat(10_000));
        let answer = server.send("PUT", &format!("{SERVICE_USERS}/SU-2"), &[], deep.as_bytes());
        assert!([400, 422].contains(&answer.status), "{answer:?}");
    });
}

#[test]
fn a_wrong_value_is_refused_with_a_json_pointer() {
    unchanged(|server| {
        let su = format!("{SERVICE_USERS}/SU-1");
        let cases = [
            (
                "PUT",
                su.as_str(),
                json!({ "fields": { "brunch": "Leeds" } }),
                "unknown-field",
                "/fields/brunch",
            ),
            ("PUT", su.as_str(), json!({ "fields": { "branch": 3 } }), "wrong-value", "/fields/branch"),
            ("PUT", su.as_str(), json!({ "fields": { "branch": null } }), "wrong-value", "/fields/branch"),
            ("PUT", su.as_str(), json!({ "felds": {} }), "unknown-field", "/felds"),
            ("PUT", su.as_str(), json!({}), "missing-field", ""),
            ("PUT", su.as_str(), json!([]), "wrong-value", ""),
            (
                "POST",
                "/v1/worlds/a/acp/updates",
                json!({ "kind": "partial", "system": "people_planner", "environment": 0, "sequence": 1,
                    "sent_at": "2026-03-02T09:00:00Z", "visits_until": "2026-03-02T09:00:00Z",
                    "service_users": [{ "external_id": "a", "fields": {} }, { "external_id": 12, "fields": {} }] }),
                "wrong-value",
                "/service_users/1/external_id",
            ),
            (
                "POST",
                "/v1/worlds/a/acp/actions",
                json!({ "by": "support", "action": { "edit": { "record": "R1", "set": {} } } }),
                "wrong-value",
                "/action/edit/record",
            ),
            (
                "POST",
                "/v1/worlds/a/acp/actions",
                json!({ "by": "nobody", "action": { "deactivate": { "record": 1 } } }),
                "wrong-value",
                "/by",
            ),
            (
                "POST",
                "/v1/worlds/a/acp/actions",
                json!({ "by": "support", "action": {} }),
                "wrong-value",
                "/action",
            ),
            (
                "POST",
                "/v1/worlds/a/rostering/office/commands",
                json!({ "plan_visit": { "id": "V", "service_user": "SU-1", "starts": "2026-03-03 10:00", "lasts": "PT30M" } }),
                "wrong-value",
                "/plan_visit/starts",
            ),
            ("POST", "/v1/worlds/a/clock", json!({ "by": "20 fortnights" }), "wrong-value", "/by"),
            (
                "POST",
                "/v1/worlds/a/faults",
                json!({ "kind": { "refuse": { "status": 404 } } }),
                "wrong-value",
                "/kind/refuse/status",
            ),
        ];
        for (method, path, body, kind, pointer) in cases {
            let answer = server.ask(method, path, &body);
            let problem = answer.is_problem(422, kind);
            assert_eq!(problem["pointer"], pointer, "{method} {path} {body}: {problem}");
        }
    });
}

#[test]
fn all_mistakes_of_a_body_come_at_once_with_what_would_have_worked() {
    unchanged(|server| {
        let cases = [
            (
                "PUT",
                format!("{SERVICE_USERS}/SU-1"),
                json!({ "felds": {}, "version": "3", "colour": "red" }),
                vec![
                    ("/felds", "unknown-field", "Did you mean `fields`?"),
                    ("/colour", "unknown-field", "Possible here: fields."),
                    ("/version", "wrong-value", "This is \"3\", and a whole number is needed."),
                ],
            ),
            (
                "PUT",
                format!("{SERVICE_USERS}/SU-1"),
                json!({ "fields": { "brunch": "x", "given_name": 3, "phone": null, "zzz": "" } }),
                vec![
                    ("/fields/brunch", "unknown-field", "Did you mean `branch`?"),
                    (
                        "/fields/given_name",
                        "wrong-value",
                        "This is the number 3, and a text in quotes is needed.",
                    ),
                    ("/fields/phone", "wrong-value", "Leave the field out"),
                    ("/fields/zzz", "unknown-field", "Possible here: "),
                ],
            ),
            (
                "POST",
                "/v1/worlds/a/acp/updates".to_owned(),
                json!({ "kind": "partail", "system": "people_planner", "environment": 900, "sequence": 0,
                    "sent_at": "yesterday", "service_users": [{ "external_id": 12, "fields": {} }, { "fields": [] }], "visits": {} }),
                vec![
                    ("", "missing-field", "The field `visits_until` is missing"),
                    ("/kind", "wrong-value", "Did you mean `partial`?"),
                    ("/sent_at", "wrong-value", "an instant as 2026-03-02T09:00:00Z"),
                    ("/sequence", "wrong-value", "at least 1"),
                    ("/service_users/0/external_id", "wrong-value", "a text in quotes"),
                    ("/service_users/1", "missing-field", "`external_id`"),
                    ("/service_users/1/fields", "wrong-value", "This is a list, and an object is needed."),
                    ("/visits", "wrong-value", "a list is needed"),
                ],
            ),
            (
                "POST",
                "/v1/worlds/a/acp/actions".to_owned(),
                json!({ "by": "tenant_admin", "action": { "edt": { "record": 1 } } }),
                vec![
                    ("/by", "wrong-value", "Did you mean `tenant_administrator`?"),
                    ("/action/edt", "wrong-value", "Did you mean `edit`?"),
                ],
            ),
            (
                "POST",
                "/v1/worlds/a/acp/actions".to_owned(),
                json!({ "by": { "branch_administrator": [1] }, "action": { "edit": { "record": -1, "st": {} } } }),
                vec![
                    ("/by/branch_administrator/0", "wrong-value", "a text in quotes"),
                    ("/action/edit/record", "wrong-value", "at least 0"),
                    ("/action/edit/st", "unknown-field", "Did you mean `set`?"),
                ],
            ),
            (
                "PUT",
                "/v1/worlds/b".to_owned(),
                json!({ "clock": "2026-03-02", "settings": { "deletion": "sometimes", "near_turn": "x" },
                    "environments": [{ "name": "x", "system": "people planner" }, 7] }),
                vec![
                    ("/clock", "wrong-value", "an instant"),
                    ("/environments/0/system", "wrong-value", "Did you mean `people_planner`?"),
                    ("/environments/1", "wrong-value", "an object is needed"),
                    ("/settings/deletion", "wrong-value", "Possible here: \"possible\", \"archive_only\"."),
                    ("/settings/near_turn", "unknown-field", "Did you mean `near_term`?"),
                ],
            ),
        ];
        for (method, path, body, expected) in cases {
            let problem: Value = server.ask(method, &path, &body).json();
            assert_eq!(problem["status"], 422, "{problem}");
            let told = problem["mistakes"].as_array().expect("mistakes").clone();
            for (pointer, kind, says) in &expected {
                let found = told.iter().any(|it| {
                    it["pointer"] == *pointer
                        && it["kind"] == *kind
                        && it["detail"].as_str().is_some_and(|it| it.contains(says))
                });
                assert!(found, "{pointer} {kind} {says}: {problem:#}");
            }
            // What the schema cannot know of, the reader has stopped at: a number that is too large.
            let extra = usize::from(body["environment"] == 900 && told[0]["pointer"] == "/environment");
            assert_eq!(told.len(), expected.len() + extra, "{problem:#}");
            let first = &told[0];
            assert_eq!(problem["pointer"], first["pointer"]);
            assert_eq!(
                problem["type"],
                format!("urn:rehearse:problem:{}", first["kind"].as_str().expect("a kind"))
            );
        }
        let many = json!({ "fields": (0..500).map(|n| (format!("f{n}"), json!(1))).collect::<serde_json::Map<_, _>>() });
        let problem = server.ask("PUT", &format!("{SERVICE_USERS}/SU-1"), &many).json();
        assert!(problem["mistakes"].as_array().is_some_and(|it| it.len() <= 51), "{problem}");
    });
}

#[test]
fn a_field_given_twice_is_refused() {
    unchanged(|server| {
        for body in [
            r#"{"fields": {"branch": "York", "branch": "North Leeds"}}"#,
            r#"{"fields": {}, "fields": {"branch": "York"}}"#,
        ] {
            let answer = server.send("PUT", &format!("{SERVICE_USERS}/SU-1"), &[], body.as_bytes());
            answer.is_problem(422, "duplicate-field");
        }
    });
}

#[test]
fn what_is_not_sent_as_plain_json_is_refused() {
    unchanged(|server| {
        let path = format!("{SERVICE_USERS}/SU-1");
        let body = br#"{"fields": {"branch": "York"}}"#;
        for content_type in
            ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
        {
            server.send("PUT", &path, &[("Content-Type", content_type)], body).is_problem(415, "not-json");
        }
        server.send("PUT", &path, &[("Content-Encoding", "gzip")], body).is_problem(415, "not-json");
    });
}

#[test]
fn a_missing_or_wrong_key_is_refused_in_the_same_words() {
    unchanged(|server| {
        let path = format!("{SERVICE_USERS}/SU-1");
        let nearly = format!("Bearer {}0", &server.ready.key[1..]);
        let basic = format!("Basic {}", server.ready.key);
        let answers: Vec<Answer> =
            ["", "Bearer", "Bearer ", "Bearer wrong", nearly.as_str(), basic.as_str(), "ünicode"]
                .iter()
                .map(|key| server.send("GET", &path, &[("Authorization", key)], b""))
                .collect();
        for answer in &answers {
            answer.is_problem(401, "no-key");
            assert!(answer.head.contains("www-authenticate: bearer"), "{answer:?}");
            assert_eq!(answer.text, answers[0].text);
        }
        let in_query = format!("{path}?key={}", server.ready.key);
        server.send("GET", &in_query, &[], b"").is_problem(401, "key-in-query");
        let other_header = [("Authorization", ""), ("X-Rehearse-Key", server.ready.key.as_str())];
        assert_eq!(server.send("GET", &path, &other_header, b"").status, 200);
    });
}

#[test]
fn a_foreign_host_or_origin_is_refused_everywhere() {
    unchanged(|server| {
        let port = server.ready.address.port();
        for path in ["/v1/seat", SERVICE_USERS, "/nothing/here", "/v1/openapi.json"] {
            for host in
                ["evil.example", "", "127.0.0.1.evil.example", "localhost@evil.example", "127.0.0.2", "[::2]"]
            {
                server.send("GET", path, &[("Host", host)], b"").is_problem(421, "foreign-host");
            }
            for origin in
                ["http://evil.example", "null", "https://localhost", "http://localhost.evil.example"]
            {
                let answer = server.send("GET", path, &[("Origin", origin)], b"");
                answer.is_problem(403, "foreign-origin");
                assert!(!answer.head.contains("access-control"), "{answer:?}");
            }
            server
                .send("GET", path, &[("Sec-Fetch-Site", "cross-site")], b"")
                .is_problem(403, "foreign-origin");
        }
        for host in [format!("localhost:{port}"), format!("[::1]:{port}"), "127.0.0.1".to_owned()] {
            assert_eq!(server.send("GET", "/v1/seat", &[("Host", &host)], b"").status, 200, "{host}");
        }
        let ours = format!("http://127.0.0.1:{port}");
        assert_eq!(server.send("GET", "/v1/seat", &[("Origin", &ours)], b"").status, 200);
        let preflight = [("Origin", ours.as_str()), ("Access-Control-Request-Method", "PUT")];
        let answer = server.send("OPTIONS", SERVICE_USERS, &preflight, b"");
        answer.is_problem(405, "wrong-method");
        assert!(!answer.head.contains("access-control"), "{answer:?}");
        let two = format!(
            "GET /v1/seat HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
            server.ready.key
        );
        let answer = server.raw(two.as_bytes());
        assert!([400, 421].contains(&answer.status), "{answer:?}");
    });
}

#[test]
fn a_bad_cursor_or_query_is_refused() {
    unchanged(|server| {
        server.world("b");
        for id in ["SU-2", "SU-3"] {
            put_su(server, id, &json!({ "branch": "York" }));
        }
        let next = server.get(&format!("{SERVICE_USERS}?limit=1")).json()["next"]
            .as_str()
            .expect("a next page")
            .to_owned();
        let list = |world: &str, what: &str| format!("/v1/worlds/{world}/{what}?after={next}");
        for path in [
            list("b", "rostering/office/service-users"),
            list("a", "rostering/office/visits"),
            list("a", "acp/records"),
            list("a", "acp/changes"),
            list("a", "rostering/office/changes"),
            list("a", "events"),
            format!("{SERVICE_USERS}?after=forged"),
            format!("{SERVICE_USERS}?after="),
        ] {
            server.get(&path).is_problem(400, "bad-cursor");
        }
        assert_eq!(server.get(&list("a", "rostering/office/service-users")).status, 200);
        for query in [
            "limit=-1",
            "limit=0",
            "limit=x",
            "limit=99999999999999999999",
            "colour=red",
            "near_term_since=tomorrow",
            "limit=1&limit=2",
        ] {
            server.get(&format!("{SERVICE_USERS}?{query}")).is_problem(400, "bad-query");
        }
        assert_eq!(server.get(&format!("{SERVICE_USERS}?limit=1000000")).status, 200);
        server.ask("DELETE", "/v1/worlds/b", &Value::Null);
        for id in ["SU-2", "SU-3"] {
            server.ask("POST", "/v1/worlds/a/rostering/office/commands", &json!({ "delete": { "id": id } }));
        }
        server.ask("POST", "/v1/worlds/a/reset", &Value::Null);
        server.get(&list("a", "rostering/office/service-users")).is_problem(400, "bad-cursor");
        put_su(
            server,
            "SU-1",
            &json!({ "given_name": "Ada", "family_name": "Okafor", "branch": "North Leeds" }),
        );
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    unchanged(|server| {
        for path in [
            "/v1/worlds/b",
            "/v1/worlds/b/acp/records",
            "/v1/worlds/A/clock",
            "/v1/worlds/..%2f..%2fetc%2fpasswd",
            "/v1/worlds/%00/clock",
        ] {
            server.get(path).is_problem(404, "unknown-world");
        }
        for path in [
            format!("{SERVICE_USERS}/none"),
            "/v1/worlds/a/acp/records/9".into(),
            "/v1/worlds/a/rostering/other".into(),
        ] {
            server.get(&path).is_problem(404, "not-there");
        }
        for path in [
            "/",
            "/v1",
            "/v1/worlds/",
            "/v1//worlds",
            "/v1/worlds/a/../../etc",
            "/etc/passwd",
            "/v1/%2e%2e/worlds",
        ] {
            server.get(path).is_problem(404, "no-such-path");
        }
        for path in ["/v1/worlds/a/acp/records/x", "/v1/worlds/a/acp/records/-1", "/v1/worlds/%ff%fe"] {
            server.get(path).is_problem(400, "bad-path");
        }
        let answer = server.ask("DELETE", SERVICE_USERS, &Value::Null);
        answer.is_problem(405, "wrong-method");
        assert!(answer.head.contains("allow: get"), "{answer:?}");
    });
}

#[test]
fn names_that_could_mean_something_else_are_refused() {
    unchanged(|server| {
        let long = "a".repeat(65);
        for name in ["..%2f..%2fx", "%2e%2e", "A", "a%20b", "a.b", "-a", "%C3%A9", "a%00", long.as_str()] {
            server.ask("PUT", &format!("/v1/worlds/{name}"), &world()).is_problem(422, "bad-name");
        }
        let mut bad = world();
        bad["environments"][0]["name"] = json!("../x");
        let problem = server.ask("PUT", "/v1/worlds/b", &bad).is_problem(422, "bad-name");
        assert_eq!(problem["pointer"], "/environments/0/name");
        assert_eq!(server.get("/v1/worlds").json(), json!(["a"]));
    });
}

#[test]
fn a_stale_version_is_refused() {
    unchanged(|server| {
        let path = format!("{SERVICE_USERS}/SU-1");
        let put = json!({ "fields": { "branch": "York" }, "version": 0 });
        let problem = server.ask("PUT", &path, &put).is_problem(409, "stale-version");
        assert_eq!(problem["pointer"], "/version");
    });
    let server = Running::start();
    server.world("a");
    let put = |sequence: u32, branch: &str| {
        let body = json!({ "fields": { "given_name": "Ada", "branch": branch }, "environment": 7, "sequence": sequence });
        server.ask("PUT", "/v1/worlds/a/acp/service-users/SU-1", &body)
    };
    assert_eq!(put(5, "York").status, 201);
    let before = everything(&server, "a")[2].clone();
    put(4, "North Leeds").is_problem(409, "stale-version");
    assert_eq!(everything(&server, "a")[2], before);
    assert_eq!(put(6, "North Leeds").status, 200);
}

#[test]
fn the_systems_own_refusals_name_the_clause() {
    unchanged(|server| {
        let action =
            json!({ "by": "tenant_administrator", "action": { "merge": { "survivor": 1, "loser": 2 } } });
        let problem = server.ask("POST", "/v1/worlds/a/acp/actions", &action).is_problem(422, "refused");
        assert!(problem["clause"].is_string(), "{problem}");
        let command = json!({ "rename_branch": { "from": "Hull", "to": "Goole" } });
        server.ask("POST", "/v1/worlds/a/rostering/office/commands", &command).is_problem(422, "refused");
        let command = json!({ "plan_visit": { "id": "V-1", "service_user": "none", "starts": "2026-03-03T10:00:00Z", "lasts": "PT30M" } });
        server.ask("POST", "/v1/worlds/a/rostering/office/commands", &command).is_problem(422, "refused");
        let case = json!({ "kind": "duplicate", "name": "Ada", "service": "Leeds", "description": "twice" });
        let problem = server.ask("POST", "/v1/worlds/a/acp/cases", &case).is_problem(422, "refused");
        assert_eq!((&problem["pointer"], &problem["clause"]), (&json!("/records"), &json!("DUP-5")));
        let case = json!({ "kind": "unexpected", "name": " ", "service": "Leeds", "description": "who" });
        let problem = server.ask("POST", "/v1/worlds/a/acp/cases", &case).is_problem(422, "refused");
        assert_eq!(problem["clause"], "CASE-5");
        server.ask("POST", "/v1/worlds/a/acp/cases/1/close", &Value::Null).is_problem(404, "not-there");
    });
}

#[test]
fn the_clock_does_not_go_where_it_cannot() {
    unchanged(|server| {
        let clock = "/v1/worlds/a/clock";
        server
            .ask("PUT", clock, &json!({ "now": "2026-03-02T08:59:59Z" }))
            .is_problem(409, "clock-went-back");
        server
            .ask("POST", clock, &json!({ "to": "2026-03-02T08:59:59Z" }))
            .is_problem(409, "clock-went-back");
        server.ask("POST", clock, &json!({ "back_to": "2026-03-02T10:00:00Z" })).is_problem(422, "not-yet");
        server
            .ask("POST", clock, &json!({ "back_to": "2026-03-01T10:00:00Z" }))
            .is_problem(422, "before-it-began");
        for body in [
            json!({ "to": "9999-12-30T00:00:00Z" }),
            json!({ "by": "-PT1M" }),
            json!("next"),
            json!({ "by": "P9000Y" }),
        ] {
            let answer = server.ask("POST", clock, &body);
            assert_eq!(answer.status, 422, "{body}: {answer:?}");
        }
        let stale = [("Rehearse-Now", "2026-03-02T08:00:00Z")];
        let put = br#"{"fields": {"branch": "York"}}"#;
        server.send("PUT", &format!("{SERVICE_USERS}/SU-1"), &stale, put).is_problem(409, "clock-went-back");
        server
            .send("PUT", &format!("{SERVICE_USERS}/SU-1"), &[("Rehearse-Now", "noon")], put)
            .is_problem(400, "bad-clock");
    });
}

#[test]
fn what_is_too_large_or_too_many_is_refused() {
    let limits = Limits { body: 10_000, ..Limits::default() };
    let server = Running::with(limits);
    server.world("a");
    let large = json!({ "fields": { "access_details": "x".repeat(20_000) } }).to_string();
    let path = format!("{SERVICE_USERS}/SU-1");
    server.send("PUT", &path, &[], large.as_bytes()).is_problem(413, "too-large");
    let chunked = format!(
        "PUT {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Type: \
         application/json\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
        server.ready.key,
        format!("3e8\r\n{}\r\n", "x".repeat(1000)).repeat(20)
    );
    server.raw(chunked.as_bytes()).is_problem(413, "too-large");
    let many: Vec<(String, String)> = (0..100).map(|n| (format!("X-{n}"), "1".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(server.send("GET", "/v1/seat", &many, b"").status, 431);
    assert_eq!(server.send("GET", "/v1/seat", &[("X-Long", &"x".repeat(100_000))], b"").status, 431);
    assert!(!everything(&server, "a").concat().contains("SU-1"));
}

#[test]
fn who_is_slow_is_sent_away_and_the_others_are_served() {
    let limits = Limits {
        head_time: Duration::from_millis(300),
        body_time: Duration::from_millis(300),
        ..Limits::default()
    };
    let server = Running::with(limits);
    server.world("a");
    let began = Instant::now();
    let mut slow_head = server.connect();
    slow_head.write_all(b"GET /v1/seat HTTP/1.1\r\nHost: loc").expect("it takes that");
    let mut slow_body = server.connect();
    let head = format!(
        "PUT {SERVICE_USERS}/SU-1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: \
         application/json\r\nContent-Length: 1000\r\n\r\n{{",
        server.ready.key
    );
    slow_body.write_all(head.as_bytes()).expect("it takes that");
    assert_eq!(server.get("/v1/seat").status, 200);
    let mut answer = String::new();
    let _ = slow_head.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    let mut answer = [0; 12];
    slow_body.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn garbage_instead_of_http_harms_nobody() {
    let server = Running::with(Limits { head_time: Duration::from_millis(500), ..Limits::default() });
    for bytes in [
        &b"\x00\x01\x02\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n\r\n",
        &vec![b'A'; 70_000],
    ] {
        let answer = server.raw(bytes);
        assert!([0, 400, 414, 431, 505].contains(&answer.status), "{answer:?}");
    }
    let both = b"POST /v1/worlds HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_ne!(server.raw(both).status, 200);
    assert_eq!(server.get("/v1/seat").status, 200);
}

/// A bad request: method, path, headers, body; and the status and kind of the answer.
type Bad<'a> = (&'a str, String, Vec<(&'a str, &'a str)>, String, u16, &'a str);

fn each_kind<'a>(key: &'a str, large: &str, cursor: &str) -> Vec<Bad<'a>> {
    let su = format!("{SERVICE_USERS}/SU-1");
    let york = r#"{"fields": {"branch": "York"}}"#;
    let with = |fields: &str| format!(r#"{{"fields": {{{fields}}}}}"#);
    let wrong_key =
        vec![("Authorization", "Bearer 0000000000000000000000000000000000000000000000000000000000000000")];
    let records = "/v1/worlds/a/acp/records";
    let upsert = "/v1/worlds/a/acp/service-users/SU-1";
    vec![
        ("PUT", su.clone(), vec![], "{\"fields\": {".into(), 400, "malformed"),
        ("PUT", upsert.into(), vec![], "]".into(), 400, "malformed"),
        ("PUT", su.clone(), vec![], with(r#""branch": 7"#), 422, "wrong-value"),
        ("PUT", upsert.into(), vec![], with(r#""branch": ["York"]"#), 422, "wrong-value"),
        ("PUT", su.clone(), vec![], with(r#""brunch": "York""#), 422, "unknown-field"),
        ("PUT", upsert.into(), vec![], r#"{"fields": {}, "dry_run": true}"#.into(), 422, "unknown-field"),
        ("PUT", su.clone(), vec![], with(&format!(r#""access_details": "{large}""#)), 413, "too-large"),
        ("PUT", upsert.into(), vec![], with(&format!(r#""access_details": "{large}""#)), 413, "too-large"),
        ("GET", format!("{records}?after=0-0"), vec![], String::new(), 400, "bad-cursor"),
        ("GET", format!("{records}?after={cursor}"), vec![], String::new(), 400, "bad-cursor"),
        (
            "PUT",
            su.clone(),
            vec![],
            r#"{"fields": {"branch": "York"}, "version": 0}"#.into(),
            409,
            "stale-version",
        ),
        ("PUT", su.replace("/a/", "/b/"), vec![], york.into(), 404, "unknown-world"),
        ("PUT", upsert.replace("/a/", "/b/"), vec![], york.into(), 404, "unknown-world"),
        ("POST", "/v1/worlds/b/reset".into(), vec![], String::new(), 404, "unknown-world"),
        ("DELETE", "/v1/worlds/b".into(), vec![], String::new(), 404, "unknown-world"),
        ("PUT", su.clone(), vec![("Authorization", "")], york.into(), 401, "no-key"),
        ("PUT", su.clone(), wrong_key.clone(), york.into(), 401, "no-key"),
        ("DELETE", "/v1/worlds/a".into(), wrong_key, String::new(), 401, "no-key"),
        ("PUT", format!("{su}?key={key}"), vec![], york.into(), 401, "key-in-query"),
        ("PUT", su.clone(), vec![("Host", "evil.example")], york.into(), 421, "foreign-host"),
        ("DELETE", "/v1/worlds/a".into(), vec![("Host", "a.localhost")], String::new(), 421, "foreign-host"),
        ("PUT", "/v1/worlds/..%2f..%2fa".into(), vec![], world().to_string(), 422, "bad-name"),
        ("PUT", "/v1/worlds/%2e%2e%2fs".into(), vec![], world().to_string(), 422, "bad-name"),
        ("DELETE", "/v1/worlds/..%2fa".into(), vec![], String::new(), 404, "unknown-world"),
        ("PUT", "/v1/worlds/a/../../s".into(), vec![], world().to_string(), 404, "no-such-path"),
        (
            "PUT",
            "/v1/worlds/a/rostering/..%2foffice/service-users/X".into(),
            vec![],
            york.into(),
            404,
            "not-there",
        ),
    ]
}

/// Each kind once more, where everything is kept: nothing is added to the journal, nothing is seen of it, and after a
/// restart all is as it was.
#[test]
fn no_bad_request_writes_anything_into_a_store() {
    let folder = Folder::new();
    let file = folder.file("s");
    let limits = Limits { body: 20_000, ..Limits::default() };
    let keeping = || {
        let store = Some(service::Store::open(&file, None).expect("a store"));
        Running::serving(service::Serve { limits, store, ..service::Serve::default() })
    };
    let mut server = keeping();
    server.world("a");
    for id in ["SU-1", "SU-2"] {
        let fields = json!({ "given_name": "Ada", "family_name": "Okafor", "branch": "North Leeds" });
        assert_eq!(put_su(&server, id, &fields).status, 201);
    }
    let seen = |server: &Running| {
        let mut all = everything(server, "a");
        let more = ["", "/calls", "/events", "/rostering/office/changes", "/acp/changes"];
        all.extend(more.iter().map(|path| server.get(&format!("/v1/worlds/a{path}")).text));
        all.push(server.get("/v1/worlds").text);
        all
    };
    let before = seen(&server);
    let names = |folder: &Folder| std::fs::read_dir(&folder.0).expect("a folder").count();
    let n_files = names(&folder);
    let cursor =
        server.get(&format!("{SERVICE_USERS}?limit=1")).json()["next"].as_str().expect("a cursor").to_owned();
    let (large, key) = ("x".repeat(30_000), server.ready.key.clone());
    for (method, path, headers, body, status, kind) in each_kind(&key, &large, &cursor) {
        let answer = server.send(method, &path, &headers, body.as_bytes());
        answer.is_problem(status, kind);
        assert!(!answer.text.contains(&key), "{method} {path}");
        assert_eq!(seen(&server), before, "{method} {path} {kind}");
    }
    assert_eq!(names(&folder), n_files);
    server.stop().expect("it ends well");
    let checked = service::check(&file).expect("a sound store");
    assert_eq!(checked.worlds.iter().map(|it| it.n_calls).collect::<Vec<_>>(), [3]);
    assert_eq!(seen(&keeping()), before);
}
