//! Durable upserts in batches of a thousand: our sandbox with everything kept in a store, and SQLite with the same rows, one
//! transaction a batch, both in this process, both with a write-ahead log that every commit flushes. Ours decides, keeps
//! histories and explains; SQLite's is an upsert and no more. What the same costs over HTTP is told beside it.

use crate::first_sync::{BRANCHES, COLUMNS, people};
use feed::{Field, ServiceUser};
use rusqlite::{Connection, params_from_iter};
use serde_json::json;
use service::{Call, Environment, Local, Ready, Response, Serve, SetUp, Store};
use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

const BATCH: usize = 1000;
const BATCHES: usize = 60;
/// Each service user comes in two batches: made by the first, changed or left as they are by the second.
const PEOPLE: usize = BATCH * BATCHES / 2;
/// So many batches are on their way at once, so that none of the two cores waits for the disk.
const CLIENTS: usize = 4;
/// Of what SQLite does in the same time.
const AT_LEAST: f64 = 0.7;
const ROUNDS: usize = 5;

pub(crate) fn print() {
    let folder = std::env::temp_dir().join(format!("rehearse-bench-durable-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for temporary files");
    let batches = batches();
    let file = |name: &str, n: usize| folder.join(format!("{name}-{n}"));
    let mut rounds: Vec<(f64, f64, f64)> = (0..ROUNDS)
        .map(|n| {
            let ours = ours(&batches, &file("ours", n)).as_secs_f64();
            let theirs = theirs(&batches, &file("theirs", n)).as_secs_f64();
            (ours, theirs, over_http(&batches, &file("http", n)).as_secs_f64())
        })
        .collect();
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (ours, theirs, http) = rounds[ROUNDS / 2];
    let _ = fs::remove_dir_all(&folder);
    let n = f64::from(u32::try_from(BATCH * BATCHES).expect("not so many"));
    let ratio = theirs / ours;
    let kept = if ratio >= AT_LEAST { "kept" } else { "NOT KEPT" };
    println!(
        "durable upserts in batches of {BATCH}: {:.0} a second; SQLite, the same rows, as durable: {:.0} a second; ours is \
         {ratio:.2} times as fast (at least {AT_LEAST}: {kept}); over HTTP {:.0} a second ({:.2} times)",
        n / ours,
        n / theirs,
        n / http,
        theirs / http
    );
}

fn batches() -> Vec<Vec<ServiceUser>> {
    let n = u32::try_from(PEOPLE).expect("not so many");
    let all = people(n, false).into_iter().chain(people(n, true));
    let mut all = all.peekable();
    let mut batches = Vec::new();
    while all.peek().is_some() {
        batches.push(all.by_ref().take(BATCH).collect());
    }
    batches
}

fn body(n: usize, batch: &[ServiceUser]) -> Vec<u8> {
    let people: Vec<_> = batch
        .iter()
        .map(|it| {
            let fields: serde_json::Map<String, serde_json::Value> = it
                .fields
                .iter()
                .map(|(field, value)| (field.text().replace(' ', "_"), json!(value.as_str())))
                .collect();
            json!({ "external_id": it.external_id.as_str(), "fields": fields })
        })
        .collect();
    let update = json!({
        "kind": "partial", "system": "other", "environment": 1, "sequence": n + 1, "sent_at": "2026-03-02T09:00:00Z",
        "visits_until": "2026-03-02T08:00:00Z", "service_users": people,
    });
    update.to_string().into_bytes()
}

/// How long it takes from the first call until the last answer.
fn ours(batches: &[Vec<ServiceUser>], file: &Path) -> Duration {
    let local = Local::open(Some(Store::open(file, None).expect("a store"))).expect("a thread");
    local.set_up("bench", world()).expect("a world");
    let calls: Vec<Call> =
        (0..).zip(batches).map(|(n, batch)| Call::Receive(update(n, batch).into())).collect();
    let mut calls: Vec<Vec<Call>> = calls.into_iter().enumerate().fold(
        (0..CLIENTS).map(|_| Vec::new()).collect(),
        |mut clients: Vec<Vec<Call>>, (n, call)| {
            clients[n % CLIENTS].push(call);
            clients
        },
    );
    let began = Instant::now();
    thread::scope(|scope| {
        for mine in calls.drain(..) {
            let local = &local;
            // Named, so that a profile can tell them apart.
            let client = thread::Builder::new().name("client".to_owned());
            let spawned = client.spawn_scoped(scope, move || {
                for call in mine {
                    let Ok(Response::Received(receipt)) = local.call("bench", None, call) else {
                        panic!("not received")
                    };
                    assert_eq!(receipt.decisions.len(), BATCH);
                }
            });
            spawned.expect("a thread");
        }
    });
    began.elapsed()
}

fn update(n: u32, batch: &[ServiceUser]) -> feed::Update {
    let at = "2026-03-02T09:00:00Z".parse().expect("an instant");
    feed::Update {
        kind: feed::UpdateKind::Partial,
        system: feed::System::Other,
        environment: 1,
        sequence: n + 1,
        sent_at: at,
        branches: Vec::new(),
        service_users: batch.to_vec(),
        visits: Vec::new(),
        visits_until: "2026-03-02T08:00:00Z".parse().expect("an instant"),
    }
}

/// How long it takes from the first request until the last answer.
fn over_http(batches: &[Vec<ServiceUser>], file: &Path) -> Duration {
    let bodies: Vec<Vec<u8>> = (0..).zip(batches).map(|(n, batch)| body(n, batch)).collect();
    let stop = Arc::new(AtomicBool::new(false));
    let (tell, told) = mpsc::channel();
    let store = Store::open(file, None).expect("a store");
    let what = Serve { worlds: vec![("bench".into(), world())], store: Some(store), ..Serve::default() };
    let server = thread::spawn({
        let stop = Arc::clone(&stop);
        move || service::serve(what, |ready| tell.send(ready.clone()).expect("somebody listens"), &stop)
    });
    let ready = told.recv().expect("it listens");
    let began = Instant::now();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let mine = bodies.iter().skip(client).step_by(CLIENTS);
            let ready = &ready;
            scope.spawn(move || send(ready, mine));
        }
    });
    let took = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    server.join().expect("it does not panic").expect("it ends well");
    took
}

fn send<'a>(ready: &Ready, bodies: impl Iterator<Item = &'a Vec<u8>>) {
    let stream = TcpStream::connect(ready.address).expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    let mut stream = BufReader::new(stream);
    for body in bodies {
        let head = format!(
            "POST /v1/worlds/bench/acp/updates HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: \
             application/json\r\nContent-Length: {}\r\n\r\n",
            ready.key,
            body.len()
        );
        stream.get_mut().write_all(head.as_bytes()).expect("it reads");
        stream.get_mut().write_all(body).expect("it reads");
        let mut length = 0;
        for n in 0.. {
            let mut line = String::new();
            stream.read_line(&mut line).expect("it answers");
            assert!(n > 0 || line.contains(" 200 "), "{line}");
            if let Some(n) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = n.trim().parse().expect("a number");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer).expect("a whole answer");
    }
}

pub(crate) fn world() -> SetUp {
    SetUp {
        clock: "2026-03-02T09:00:00Z".parse().expect("an instant"),
        seed: 1,
        settings: feed::Settings::default(),
        services: vec![("Home Care".into(), BRANCHES.iter().map(|&name| name.into()).collect())],
        records: Vec::new(),
        environments: Vec::<Environment>::new(),
    }
}

fn theirs(batches: &[Vec<ServiceUser>], file: &PathBuf) -> Duration {
    let names: Vec<String> = COLUMNS.iter().map(|field: &Field| field.text().replace(' ', "_")).collect();
    let mut db = Connection::open(file).expect("a database");
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).expect("a log");
    let table = format!("CREATE TABLE record (external_id TEXT PRIMARY KEY, {} TEXT)", names.join(" TEXT, "));
    db.execute_batch(&format!("PRAGMA synchronous = FULL; {table}")).expect("a table");
    let sets: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let marks = vec!["?"; names.len() + 1].join(", ");
    let sql = format!(
        "INSERT INTO record (external_id, {}) VALUES ({marks}) ON CONFLICT (external_id) DO UPDATE SET {}",
        names.join(", "),
        sets.join(", ")
    );
    let began = Instant::now();
    for batch in batches {
        let transaction = db.transaction().expect("a transaction");
        {
            let mut upsert = transaction.prepare_cached(&sql).expect("a statement");
            for it in batch {
                let values = COLUMNS.iter().map(|&field| it.fields.text(field));
                upsert
                    .execute(params_from_iter(std::iter::once(it.external_id.as_str()).chain(values)))
                    .expect("an upsert");
            }
        }
        transaction.commit().expect("a commit");
    }
    began.elapsed()
}
