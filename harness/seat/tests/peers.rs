//! Programs in a seat that do not behave: slow, cut off, the wrong type, not now, broken, elsewhere, endless. Each is
//! trouble with a sentence that says which and where; none is an answer; only what may be repeated is asked again.

use acp::{Act, Action, Actor, Call, HandMade, Look, Reply};
use feed::{Settings, System, Timestamp, Update, UpdateKind};
use runner::OfficeCall;
use seat::{AcpSeat, Address, Client, ClockMode, Limits, RosteringSeat};
use serde_json::json;
use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::{Duration, Instant},
};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path_regex},
};

fn limits() -> Limits {
    Limits {
        answer: Duration::from_millis(300),
        body: 10_000,
        wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(50),
        ..Limits::default()
    }
}

fn client(url: &str) -> Client {
    let address = Address::read(url, false).expect("an address");
    Client::new(address, Some("s3cret-key"), limits()).expect("a client")
}

/// Looks, away from the runtime of the test.
fn look(url: String) -> (Option<String>, Vec<String>, Reply) {
    let does = move || {
        let client = client(&url);
        let mut seat = AcpSeat::new(&client, "w".into(), ClockMode::Follows);
        let reply = seat.answer(Timestamp::UNIX_EPOCH, Call::Look(Look::Everything));
        let trouble = seat.trouble().map(seat::Trouble::says);
        drop(seat);
        (trouble, client.flaky(), reply)
    };
    std::thread::spawn(does).join().expect("it does not panic")
}

fn nothing() -> serde_json::Value {
    json!({ "records": [], "gone": [], "branches": [], "parked": [], "next": "1", "more": false })
}

/// Says that it goes on, and never does.
fn without_end() -> serde_json::Value {
    json!({ "records": [], "gone": [], "branches": [], "parked": [], "next": "1", "more": true })
}

async fn answering(answer: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path_regex("^/v1/worlds/w/acp/changes$"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

async fn asked(server: &MockServer) -> usize {
    let all = server.received_requests().await.expect("requests");
    all.iter().filter(|request| request.method.as_str() != "DELETE").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_misbehaviour_is_trouble_with_its_reason() {
    let ok = || ResponseTemplate::new(200);
    let odd = [
        (ok().set_body_json(nothing()).set_delay(Duration::from_secs(2)), "it took too long", 3),
        (ok().set_body_raw("<html>", "text/html"), "\"text/html\", not application/json", 1),
        (ok(), "not application/json", 1),
        (ok().set_body_raw("{\"records\": [", "application/json"), "not as the contract has it", 1),
        (ok().set_body_json(json!({ "records": 3 })), "at records", 1),
        (ok().set_body_raw(vec![b' '; 20_000], "application/json"), "larger than 10000 bytes", 1),
        (ResponseTemplate::new(503), "503", 3),
        (ResponseTemplate::new(429).insert_header("Retry-After", "1"), "429", 3),
        (
            ResponseTemplate::new(302).insert_header("Location", "http://169.254.169.254/"),
            "redirects are not followed",
            1,
        ),
        (ResponseTemplate::new(404), "404", 1),
        (ResponseTemplate::new(400).set_body_raw("{}", "application/problem+json"), "problem details", 1),
        (ok().set_body_json(without_end()), "there is more and gives none", 2),
    ];
    for (answer, why, times) in odd {
        let server = answering(answer).await;
        let (trouble, _, reply) = look(server.uri());
        let trouble = trouble.unwrap_or_else(|| panic!("no trouble: {why}"));
        assert!(trouble.contains(why) && trouble.contains(&server.uri()), "{trouble}");
        assert!(!trouble.contains("s3cret") && trouble.ends_with('.'), "{trouble}");
        assert_eq!(reply, Reply::Shown(acp::Shown::default()));
        assert_eq!(asked(&server).await, times, "{why}");
    }
}

/// Answers well from the third time on.
struct AtLast(std::sync::atomic::AtomicU32);

impl Respond for AtLast {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        match self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => ResponseTemplate::new(500),
            1 => ResponseTemplate::new(503).insert_header("Retry-After", "0"),
            _ => ResponseTemplate::new(200).set_body_json(nothing()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_only_at_the_third_try_is_flaky() {
    let server = answering(AtLast(0.into())).await;
    let (trouble, flaky, _) = look(server.uri());
    assert_eq!(trouble, None);
    assert_eq!(flaky.len(), 1);
    assert!(flaky[0].contains("only at try 3") && flaky[0].contains("500"), "{flaky:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_repeated_is_asked_once() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).mount(&server).await;
    let url = server.uri();
    let does = move || {
        let client = client(&url);
        let mut seat = AcpSeat::new(&client, "w".into(), ClockMode::Follows);
        let action = Action::Create(HandMade::default());
        seat.answer(
            Timestamp::UNIX_EPOCH,
            Call::Act(Act { by: Actor::TenantAdministrator, action: action.clone() }),
        );
        assert!(seat.trouble().is_some());
        // After trouble nobody is asked any more.
        seat.answer(Timestamp::UNIX_EPOCH, Call::Act(Act { by: Actor::TenantAdministrator, action }));
    };
    std::thread::spawn(does).join().expect("it does not panic");
    assert_eq!(asked(&server).await, 1);
}

/// Whoever it holds back would be missed in ACP, and the case would fail for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_rostering_system_whose_list_goes_nowhere_is_trouble() {
    let server = MockServer::start().await;
    let office = json!({ "name": "environment-0", "number": 0, "system": "people_planner", "prefix": "", "live_since": null,
        "branches_as_sent": [], "partial_visits_until": "1970-01-02T00:00:00Z", "full_visits_until": "1970-01-02T00:00:00Z",
        "partial_carries": "near_term_people", "n_service_users": 0, "n_visits": 0 });
    let list = json!({ "service_users": [], "next": "SU-1" });
    for (verb, path, answer) in
        [("PUT", "/w$", json!({})), ("GET", "/environment-0$", office), ("GET", "/service-users$", list)]
    {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        Mock::given(method(verb)).and(path_regex(path)).respond_with(answer).mount(&server).await;
    }
    let url = server.uri();
    let does = move || {
        let client = client(&url);
        let mut seat = RosteringSeat::new(&client, "w".into(), ClockMode::Follows);
        let (now, settings) = (Timestamp::UNIX_EPOCH, Settings::default());
        let environments = vec![scenario::Environment {
            name: "office".into(),
            system: System::PeoplePlanner,
            prefix: None,
            branches: Vec::new(),
        }];
        seat.answer(now, OfficeCall::SetUp { environments, settings });
        assert_eq!(seat.trouble(), None);
        let update = Update {
            kind: UpdateKind::Full,
            system: System::PeoplePlanner,
            environment: 0,
            sequence: 1,
            sent_at: now,
            branches: Vec::new(),
            service_users: Vec::new(),
            visits: Vec::new(),
            visits_until: now,
        };
        seat.answer(now, OfficeCall::Fill(Box::new(update)));
        seat.trouble().map(seat::Trouble::says)
    };
    let trouble = std::thread::spawn(does).join().expect("it does not panic").expect("trouble");
    assert!(trouble.contains("there is more and gives none"), "{trouble}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_is_told_with_every_call_and_on_a_jump() {
    let server = answering(ResponseTemplate::new(200).set_body_json(nothing())).await;
    let clock = json!({ "now": "1970-01-01T00:20:00Z", "next": null });
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(200).set_body_json(clock))
        .mount(&server)
        .await;
    let url = server.uri();
    let does = move || {
        let client = client(&url);
        let mut seat = AcpSeat::new(&client, "w".into(), ClockMode::Follows);
        let later = Timestamp::from_second(1200).expect("an instant");
        for now in [Timestamp::UNIX_EPOCH, later, later] {
            seat.answer(now, Call::Look(Look::Touched));
        }
        assert_eq!(seat.trouble(), None);
    };
    std::thread::spawn(does).join().expect("it does not panic");
    let requests = server.received_requests().await.expect("requests");
    let seen: Vec<(&str, &str)> = requests
        .iter()
        .filter(|it| it.method.as_str() != "DELETE")
        .map(|it| (it.method.as_str(), it.headers["rehearse-now"].to_str().expect("text")))
        .collect();
    let (then, later) = ("1970-01-01T00:00:00Z", "1970-01-01T00:20:00Z");
    assert_eq!(seen, [("GET", then), ("PUT", later), ("GET", later), ("GET", later)]);
    assert_eq!(requests[0].headers["authorization"], "Bearer s3cret-key");
}

#[test]
fn an_answer_that_breaks_off_or_never_ends_is_trouble() {
    for (answer, endless) in [
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"rec", false),
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", true),
        ("garbage\r\n\r\n", false),
        ("", false),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer.as_bytes());
                while endless && stream.write_all(b"4\r\n    \r\n").is_ok() {}
            }
        });
        let began = Instant::now();
        let (trouble, _, _) = look(url.clone());
        let trouble = trouble.unwrap_or_else(|| panic!("no trouble: {answer:?}"));
        assert!(trouble.contains(&url), "{trouble}");
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rostering_system_with_real_time_is_given_it() {
    let server = MockServer::start().await;
    let list = json!({ "service_users": [], "next": null });
    let answer = ResponseTemplate::new(200).set_body_json(list);
    Mock::given(method("GET")).and(path_regex("/service-users$")).respond_with(answer).mount(&server).await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({}));
    Mock::given(method("PUT")).and(path_regex("/w$")).respond_with(answer).mount(&server).await;
    let url = server.uri();
    let does = move |clock| {
        let client = client(&url);
        let mut seat = RosteringSeat::new(&client, "w".into(), clock);
        let environments = vec![scenario::Environment {
            name: "office".into(),
            system: System::PeoplePlanner,
            prefix: None,
            branches: Vec::new(),
        }];
        let now = Timestamp::UNIX_EPOCH;
        seat.answer(now, OfficeCall::SetUp { environments, settings: Settings::default() });
        let began = Instant::now();
        let later = "1970-01-01T00:00:02Z".parse().expect("an instant");
        seat.answer(later, OfficeCall::Person { environment: 0, id: feed::ExternalId::new("SU-1") });
        assert_eq!(seat.trouble(), None);
        began.elapsed()
    };
    let (real, follows) = std::thread::spawn(move || (does(ClockMode::RealTime), does(ClockMode::Follows)))
        .join()
        .expect("it does not panic");
    assert!(real > Duration::from_millis(1500), "{real:?}");
    assert!(follows < real, "{follows:?} {real:?}");
}
