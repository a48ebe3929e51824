//! Webhooks as a receiver sees them, and what is told of those that did not arrive.

mod common;

use common::{Running, world};
use serde_json::{Value, json};
use service::{Address, Secret, Serve, Webhook};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A receiver, and a sandbox that tells it.
struct Both {
    runtime: Runtime,
    receiver: MockServer,
    server: Running,
}

impl Both {
    fn with(answers: impl FnOnce(&MockServer) -> Vec<Mock>) -> Both {
        let runtime = Runtime::new().expect("a runtime");
        let receiver = runtime.block_on(MockServer::start());
        for mock in answers(&receiver) {
            runtime.block_on(mock.mount(&receiver));
        }
        let address = Address::read(&format!("{}/hook", receiver.uri()), false).expect("an address");
        let webhook = Webhook { address, secret: Secret::read(SECRET).expect("a secret") };
        let server = Running::serving(Serve { webhook: Some(webhook), ..Serve::default() });
        Both { runtime, receiver, server }
    }

    fn put(&self, id: &str) {
        let body = json!({ "fields": { "given_name": "Ada", "branch": "York" } });
        let answer =
            self.server.ask("PUT", &format!("/v1/worlds/a/rostering/office/service-users/{id}"), &body);
        assert!((200..300).contains(&answer.status), "{answer:?}");
    }

    /// Once so many have come.
    fn received(&self, n: usize) -> Vec<Request> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let all = self.runtime.block_on(self.receiver.received_requests()).unwrap_or_default();
            if all.len() >= n {
                return all;
            }
            assert!(Instant::now() < until, "{} of {n} came", all.len());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Once the newest delivery is no longer waiting, or has been tried so often.
    fn told(&self, n_tries: usize) -> Value {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let shown = self.server.get("/v1/webhook").json();
            let last = shown["deliveries"].as_array().and_then(|it| it.last()).cloned().unwrap_or_default();
            if last["tries"].as_array().is_some_and(|it| it.len() >= n_tries) {
                return last;
            }
            assert!(Instant::now() < until, "{shown}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn answering(status: u16) -> Mock {
    Mock::given(method("POST")).and(path("/hook")).respond_with(ResponseTemplate::new(status))
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_else(|| panic!("{name}: {request:?}"))
}

#[test]
fn a_change_is_told_signed_and_leads_to_what_changed() {
    let both = Both::with(|_| vec![answering(204)]);
    both.server.world("a");
    both.put("SU-1");
    let received = both.received(2);
    let bodies: Vec<Value> =
        received.iter().map(|it| serde_json::from_slice(&it.body).expect("JSON")).collect();
    assert_eq!(
        (bodies[0]["type"].as_str(), bodies[1]["type"].as_str()),
        (Some("rostering.began_again"), Some("rostering.changed"))
    );
    let (request, body) = (&received[1], &bodies[1]);
    assert_eq!(header(request, "content-type"), "application/json");
    let (id, seconds) = (header(request, "webhook-id"), header(request, "webhook-timestamp"));
    assert_ne!(id, header(&received[0], "webhook-id"));
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    assert!(now.abs_diff(seconds.parse().expect("seconds")) < 60);
    assert_eq!(header(request, "webhook-signature"), signed(id, seconds, &request.body));
    assert_eq!((&body["data"]["world"], &body["data"]["environment"]), (&json!("a"), &json!("office")));
    assert_eq!(body["data"]["now"], "2026-03-02T09:00:00Z");
    let after = body["data"]["after"].as_str().expect("a cursor");
    let changes = both.server.get(&format!("/v1/worlds/a/rostering/office/changes?after={after}")).json();
    assert_eq!(changes["service_users"][0]["id"], "SU-1");
    assert_eq!(both.told(1)["state"], "delivered");
    // What changes nothing in rostering is not told.
    both.server.ask("POST", "/v1/worlds/a/clock", &json!({ "by": "PT1H" }));
    let body = json!({ "fields": { "given_name": "Kit", "branch": "York" } });
    both.server.ask("PUT", "/v1/worlds/a/acp/service-users/X-1", &body);
    both.server.ask("POST", "/v1/worlds/a/clock", &json!({ "back_to_call": 1 }));
    let third: Value = serde_json::from_slice(&both.received(3)[2].body).expect("JSON");
    assert_eq!((&third["type"], &third["data"]["after"]), (&json!("rostering.began_again"), &Value::Null));
}

/// By a way of its own: HMAC of RFC 2104, from the hash alone.
fn signed(id: &str, seconds: &str, body: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest as _, Sha256};
    let mut key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("base64");
    key.resize(64, 0);
    let pad = |with: u8| key.iter().map(|it| it ^ with).collect::<Vec<u8>>();
    let said = [format!("{id}.{seconds}.").as_bytes(), body].concat();
    let inner = Sha256::digest([pad(0x36), said].concat());
    format!("v1,{}", STANDARD.encode(Sha256::digest([pad(0x5c), inner.to_vec()].concat())))
}

#[test]
fn what_does_not_arrive_is_tried_again_under_the_same_id_and_told() {
    let both = Both::with(|_| {
        let first = Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(503).insert_header("Retry-After", "1"))
            .up_to_n_times(1)
            .with_priority(1);
        let redirect = Mock::given(method("POST"))
            .respond_with(
                ResponseTemplate::new(302).insert_header("Location", "http://127.0.0.1:1/elsewhere"),
            )
            .up_to_n_times(1)
            .with_priority(2);
        vec![first, redirect, answering(200)]
    });
    let began = Instant::now();
    both.server.world("a");
    let last = both.told(3);
    let came: Vec<&str> =
        last["tries"].as_array().expect("tries").iter().filter_map(|it| it["came"].as_str()).collect();
    assert_eq!((came, &last["state"]), (vec!["503", "302", "200"], &json!("delivered")));
    assert!(began.elapsed() >= Duration::from_secs(1), "it did not wait as it was asked to");
    let received = both.received(3);
    assert!(received.iter().all(|it| header(it, "webhook-id") == header(&received[0], "webhook-id")));
    assert!(received.iter().all(|it| it.body == received[0].body));
}

#[test]
fn nobody_waits_for_a_receiver_that_is_not_there() {
    let address = Address::read("http://127.0.0.1:1/hook", false).expect("an address");
    let webhook = Webhook { address, secret: Secret::random().expect("randomness") };
    let mut server = Running::serving(Serve { webhook: Some(webhook), ..Serve::default() });
    let began = Instant::now();
    server.world("a");
    assert_eq!(server.ask("PUT", "/v1/worlds/b", &world()).status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let shown = server.get("/v1/webhook").json();
        assert_eq!(shown["deliveries"].as_array().map(Vec::len), Some(2));
        assert_eq!(shown["deliveries"][1]["state"], "waiting");
        if shown["deliveries"][0]["tries"][0]["came"].as_str().is_some_and(|it| it.contains("refused")) {
            break;
        }
        assert!(Instant::now() < until, "{shown}");
        std::thread::sleep(Duration::from_millis(20));
    }
    let began = Instant::now();
    server.stop().expect("it ends well");
    assert!(began.elapsed() < Duration::from_secs(5), "it waits for a receiver when it is to stop");
    Running::start().get("/v1/webhook").is_problem(404, "no-webhook");
}
