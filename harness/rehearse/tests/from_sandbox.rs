//! What was done by hand in a sandbox, saved as a scenario: it is laid out, it passes, and it fails when the end is another.

mod common;

use common::{
    Ended, Folder,
    served::{Served, serve_kept},
};
use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

struct Sandbox(Served);

impl Sandbox {
    fn start(folder: &Folder) -> Sandbox {
        Sandbox(serve_kept(folder))
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, String) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(self.0.address()).expect("it listens");
        let request = format!(
            "{method} /v1/worlds/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.0.key,
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let status = answer.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a status");
        (status, answer.split_once("\r\n\r\n").expect("a body").1.to_owned())
    }

    fn ok(&self, method: &str, path: &str, body: &Value) -> String {
        let (status, answer) = self.ask(method, path, body);
        assert!((200..300).contains(&status), "{method} {path} {body}: {status} {answer}");
        answer
    }

    fn command(&self, command: &Value) {
        self.ok("POST", "sandbox/rostering/office/commands", command);
    }

    fn put(&self, id: &str, fields: &Value) {
        let path = format!("sandbox/rostering/office/service-users/{id}");
        self.ok("PUT", &path, &json!({ "fields": fields }));
    }

    fn act(&self, by: &Value, action: &Value) -> (u16, String) {
        self.ask("POST", "sandbox/acp/actions", &json!({ "by": by, "action": action }))
    }

    fn clock(&self, how: &Value) {
        self.ok("POST", "sandbox/clock", how);
    }
}

/// Of everything something.
fn by_hand(served: &Sandbox) {
    let ada = json!({ "given_name": "Ada", "family_name": "O'Kafor: \"A\" #1", "branch": "North Leeds",
        "date_of_birth": "1938-11-04", "postcode": "LS1 1AA", "nhs_number": "9990000018", "key_safe": "$5 {a}" });
    served.put("SU-1", &ada);
    served.put("00482", &json!({ "given_name": "Kit", "branch": "Bradford", "date_of_birth": "1938-11-04" }));
    served.put("SU-3", &json!({ "family_name": "Moss", "branch": "Nowhere" }));
    served.command(&json!({ "plan_visit": { "id": "V-1", "service_user": "SU-1", "starts": "2026-03-03T10:00:00Z", "lasts": "PT45M" } }));
    served.command(&json!({ "plan_visit": { "id": "V-2", "service_user": "00482", "starts": "2026-03-02T11:00:00Z", "lasts": "PT30M", "employee": "Joe" } }));
    served.ok("POST", "sandbox/rostering/office/go-live", &Value::Null);
    let tenant = json!("tenant_administrator");
    served.clock(&json!({ "by": "PT7M30S" }));
    served.ok("POST", "sandbox/faults", &json!({ "kind": "lose", "times": 5 }));
    served.put("SU-1", &json!({ "branch": "South Leeds" }));
    served.clock(&json!({ "by": "PT20M" }));
    served.ok("DELETE", "sandbox/faults/0", &Value::Null);
    served.ok("POST", "sandbox/faults", &json!({ "kind": { "down": "PT3H" } }));
    served.clock(&json!("next"));
    served.clock(&json!("next"));
    served.ok("DELETE", "sandbox/faults/1", &Value::Null);
    served.ok("POST", "sandbox/faults", &json!({ "kind": { "poison": "nobody" } }));
    served.clock(&json!({ "by": "PT1H" }));
    for (by, action) in [
        (
            &json!("care_staff"),
            json!({ "add_care": { "record": 1, "kind": "care_plan", "title": "Mornings", "activities": ["Wash", "Dress"] } }),
        ),
        (&json!("care_staff"), json!({ "add_care": { "record": 2, "kind": "note", "title": "Likes tea" } })),
        (
            &tenant,
            json!({ "edit": { "record": 2, "set": { "phone": "0113 496 0001", "branch": "North Leeds" } } }),
        ),
        (&tenant, json!({ "grant_role": { "record": 1, "role": "Night team" } })),
        (
            &tenant,
            json!({ "create": { "external_id": "X-7", "fields": { "given_name": "Kit", "branch": "Bradford" } } }),
        ),
        (&json!({ "branch_administrator": ["Bradford"] }), json!({ "deactivate": { "record": 3 } })),
        (&json!("support"), json!({ "merge": { "survivor": 2, "loser": 3 } })),
    ] {
        let (status, answer) = served.act(by, &action);
        assert!([200, 422].contains(&status), "{action}: {answer}");
    }
    let (status, answer) = served.act(&tenant, &json!({ "merge": { "survivor": 1, "loser": 2 } }));
    assert_eq!(status, 422, "{answer}");
    let (status, _) =
        served.ask("POST", "sandbox/rostering/office/commands", &json!({ "delete": { "id": "nobody" } }));
    assert_eq!(status, 422);
    served.put("SU-1", &json!({ "branch": "Bradford" }));
    served.command(&json!({ "suspend": { "id": "00482", "from": "2026-03-04T00:00:00Z", "until": null, "reason": "hospital" } }));
    served.command(&json!({ "move_visit": { "id": "V-1", "starts": "2026-03-04T10:00:00Z" } }));
    let case = json!({ "kind": "move", "name": "Ada", "service": "Leeds", "description": "went", "correct_service": "Bradford" });
    served.ok("POST", "sandbox/acp/cases", &case);
    served.clock(&json!({ "by": "PT25H" }));
    // What is undone is not in it.
    served.put("SU-9", &json!({ "given_name": "Gone", "branch": "Bradford" }));
    let shown: Value = serde_json::from_str(&served.ok("GET", "sandbox", &Value::Null)).expect("JSON");
    let last = shown["n_calls"].as_u64().expect("a number");
    served.clock(&json!({ "back_to_call": last - 1 }));
}

fn save(folder: &Folder, words: &[&str]) -> Ended {
    folder.rehearse(&[&["new", "--no-input", "--from-sandbox", "s"], words].concat())
}

#[test]
fn what_was_done_by_hand_is_a_scenario_that_passes() {
    let folder = Folder::new();
    let served = Sandbox::start(&folder);
    by_hand(&served);
    let saved = save(&folder, &["--name", "saved/by-hand"]);
    assert!(
        saved.code == 0 && saved.out.contains("It passes."),
        "{saved:?}\n{}",
        folder.read("scenarios/saved/by-hand.yaml")
    );
    let text = folder.read("scenarios/saved/by-hand.yaml");
    for words in [&["check"][..], &["fmt", "--check"], &["run"], &["run", "--seed", "9"]] {
        let ended = folder.rehearse(&[words, &["scenarios"]].concat());
        assert_eq!(ended.code, 0, "{words:?} {ended:?}\n{text}");
    }
    assert!(
        !text.contains("SU-9") && text.contains("times: 1") && text.contains("refused: { clause: "),
        "{text}"
    );
    assert!(text.contains("branch: { raw: Nowhere }") && text.contains("held move: yes"), "{text}");
    // Over HTTP it is the same, but for the line that names the schema.
    let (_, without_schema) = text.split_once('\n').expect("lines");
    assert_eq!(served.ok("GET", "sandbox/scenario", &Value::Null), without_schema);
    // And from one that runs, without its file.
    let from_url = |key: &str, words: &[&str]| {
        let words = [&["new", "--no-input", "--from-sandbox", &served.0.url][..], words].concat();
        Ended::of(folder.command(&words).env("REHEARSE_KEY", key))
    };
    let running = from_url(&served.0.key, &["--name", "saved/running"]);
    assert!(running.code == 0 && running.out.contains("It passes."), "{running:?}");
    assert_eq!(folder.read("scenarios/saved/running.yaml"), text);
    let wrong = from_url("s3cret", &["--name", "a"]);
    assert!(wrong.code == 4 && wrong.err.contains("401") && !wrong.err.contains("s3cret"), "{wrong:?}");
    let none = from_url(&served.0.key, &["--name", "a", "--world", "other"]);
    assert!(none.code == 2 && none.err.contains("no world \"other\""), "{none:?}");
    let remote =
        folder.rehearse(&["new", "--no-input", "--name", "a", "--from-sandbox", "http://sandbox.example"]);
    assert!(remote.code == 2 && remote.err.contains("sandbox.example is not this computer"), "{remote:?}");
    assert!(!folder.path.join("scenarios/a.yaml").exists());
    // The end is really asked for.
    for (right, wrong) in
        [("status: active", "status: archived"), ("count: ", "count: 1"), ("notes: 1", "notes: 2")]
    {
        let at = text.rfind("- then: at the end").expect("an end");
        let other = format!("{}{}", &text[..at], text[at..].replacen(right, wrong, 1));
        assert_ne!(other, text, "{right}");
        folder.write("other/other.yaml", other.replace("scenario.schema.json", "other.json"));
        let ended = folder.rehearse(&["run", "other"]);
        assert_eq!(ended.code, 1, "{wrong}: {ended:?}");
    }
}

#[test]
fn what_a_scenario_has_no_words_for_is_said_by_its_number() {
    let folder = Folder::new();
    let served = Sandbox::start(&folder);
    let nothing = save(&folder, &["--name", "a"]);
    assert!(nothing.code == 2 && nothing.err.contains("Nothing was done"), "{nothing:?}");
    let none = save(&folder, &["--name", "a", "--world", "other"]);
    assert!(none.code == 2 && none.err.contains("no world called") && none.err.contains("other"), "{none:?}");
    let upsert = json!({ "fields": { "given_name": "Ada", "branch": "Bradford" } });
    served.ok("PUT", "sandbox/acp/service-users/X-1", &upsert);
    served.put("SU-1", &json!({ "given_name": "Ada", "branch": "Bradford", "nhs_number": "9434765919" }));
    served.put("SU-1", &json!({ "key_safe": "${x}" }));
    let refused = save(&folder, &["--name", "a"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
    assert!(
        refused.err.contains("Call 2: ") && refused.err.contains("Call 3: its NHS number could be"),
        "{refused:?}"
    );
    assert!(refused.err.contains("Call 4: a text with ${ in it"), "{refused:?}");
    assert!(!folder.path.join("scenarios/a.yaml").exists());
    let (status, answer) = served.ask("GET", "sandbox/scenario", &Value::Null);
    assert!(
        status == 422 && answer.contains("urn:rehearse:problem:no-scenario") && answer.contains("Call 2"),
        "{answer}"
    );
    let both = folder.rehearse(&["new", "--from-sandbox", "s", "--template", "duplicate"]);
    assert_eq!(both.code, 2, "{both:?}");
}
