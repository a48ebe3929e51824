//! Reads by many clients at once.

use ::service::{Environment, Ready, Serve, SetUp};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// Who asks at once, and for how long: what the project promises. `REHEARSE_BENCH_SECONDS` shortens it.
const N_CLIENTS: usize = 64;
const SECONDS: u64 = 60;
const P99_AT_MOST: Duration = Duration::from_millis(20);
const N_SERVICE_USERS: u32 = 2000;

pub(crate) fn print() {
    let seconds =
        std::env::var("REHEARSE_BENCH_SECONDS").ok().and_then(|it| it.parse().ok()).unwrap_or(SECONDS);
    let stop = Arc::new(AtomicBool::new(false));
    let (tell, told) = mpsc::channel();
    let server = std::thread::spawn({
        let stop = Arc::clone(&stop);
        let what = Serve { worlds: vec![("bench".to_owned(), world())], ..Serve::default() };
        move || ::service::serve(what, |ready| tell.send(ready.clone()).expect("somebody listens"), &stop)
    });
    let ready = told.recv().expect("it listens");
    let until = Instant::now() + Duration::from_secs(seconds);
    let clients: Vec<_> = (0..N_CLIENTS)
        .map(|n| {
            let ready = ready.clone();
            std::thread::spawn(move || client(&ready, n, until))
        })
        .collect();
    let (mut times, mut n_errors) = (Vec::new(), 0);
    for client in clients {
        let (mut its_times, its_errors) = client.join().expect("a client does not panic");
        times.append(&mut its_times);
        n_errors += its_errors;
    }
    stop.store(true, Ordering::Relaxed);
    let _ = server.join();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let (n, p50, p99) = (times.len(), at(50), at(99));
    let kept = if p99 <= P99_AT_MOST && n_errors == 0 && n > 0 { "kept" } else { "NOT KEPT" };
    println!(
        "reads by {N_CLIENTS} clients at once for {seconds} s: {n} answers, {n_errors} errors, median {:.1} ms, p99 {:.1} ms \
         (at most {} ms: {kept})",
        p50.as_secs_f64() * 1000.0,
        p99.as_secs_f64() * 1000.0,
        P99_AT_MOST.as_millis()
    );
}

/// An office of [`N_SERVICE_USERS`] whose first full update ACP has taken in.
fn world() -> SetUp {
    let branch = feed::Text::from("Leeds");
    let planted = population::people(1, 0..N_SERVICE_USERS).map(|invented| {
        let mut fields = invented.fields;
        fields.set(feed::Field::Branch, branch.clone());
        acp::Planted {
            origin: acp::Origin::Integration,
            external_id: Some(invented.external_id),
            status: acp::Status::Active,
            fields,
            role_access: Vec::new(),
            care: Vec::new(),
        }
    });
    SetUp {
        clock: "2026-03-02T09:00:00Z".parse().expect("an instant"),
        seed: 1,
        settings: feed::Settings::default(),
        services: vec![("Leeds".into(), vec![branch.clone()])],
        records: planted.collect(),
        environments: vec![Environment {
            name: "office".into(),
            system: feed::System::PeoplePlanner,
            prefix: None,
            branches: vec![branch],
            live: false,
        }],
    }
}

/// How long each answer took, and how many were none.
fn client(ready: &Ready, n: usize, until: Instant) -> (Vec<Duration>, usize) {
    let mut stream = TcpStream::connect(ready.address).expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    let (mut times, mut n_errors, mut k) = (Vec::new(), 0, n);
    while Instant::now() < until {
        k += N_CLIENTS;
        let id = k % N_SERVICE_USERS as usize + 1;
        let path = match k % 3 {
            0 => format!("/v1/worlds/bench/acp/records/{id}"),
            1 => format!("/v1/worlds/bench/acp/records/{id}/history?of=branch"),
            _ => "/v1/worlds/bench/acp/records?limit=10".to_owned(),
        };
        let began = Instant::now();
        let is_well = ask(&mut stream, ready, &path);
        times.push(began.elapsed());
        n_errors += usize::from(!is_well);
    }
    (times, n_errors)
}

fn ask(stream: &mut TcpStream, ready: &Ready, path: &str) -> bool {
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
        ready.address, ready.key
    );
    if stream.write_all(head.as_bytes()).is_err() {
        return false;
    }
    let (mut answer, mut part) = (Vec::new(), [0; 16384]);
    loop {
        match stream.read(&mut part) {
            Ok(n) if n > 0 => answer.extend_from_slice(&part[..n]),
            _ => return false,
        }
        let Some(end) = answer.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        let length = head
            .split("content-length: ")
            .nth(1)
            .and_then(|it| it.split("\r\n").next()?.parse::<usize>().ok());
        if answer.len() >= end + 4 + length.unwrap_or(0) {
            return head.starts_with("http/1.1 200");
        }
    }
}
