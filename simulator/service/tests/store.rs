//! A sandbox that loses nothing: what was answered is there after a restart, going back is itself undone, and a file that
//! is damaged, newer or in use is refused and left as it is.

mod common;

use common::{Folder, Running};
use serde_json::{Value, json};
use service::{Store, StoreError};
use std::{fs, path::Path};

const OFFICE: &str = "/v1/worlds/a/rostering/office";

fn ok(server: &Running, method: &str, path: &str, body: &Value) -> Value {
    let answer = server.ask(method, path, body);
    assert!((200..300).contains(&answer.status), "{method} {path} {body}: {answer:?}");
    if answer.text.is_empty() { Value::Null } else { answer.json() }
}

fn put(server: &Running, id: &str, branch: &str) {
    let fields = json!({ "given_name": "Ada", "family_name": "Okafor", "branch": branch });
    ok(server, "PUT", &format!("{OFFICE}/service-users/{id}"), &json!({ "fields": fields }));
}

fn clock(server: &Running, body: &Value) {
    ok(server, "POST", "/v1/worlds/a/clock", body);
}

/// Everything that can be seen of a world, cursors included.
fn everything(server: &Running, world: &str) -> Vec<String> {
    let paths = [
        "",
        "/rostering",
        "/rostering/office/service-users",
        "/rostering/office/visits",
        "/rostering/office/changes",
        "/acp/records",
        "/acp/changes",
        "/acp/cases",
        "/clock",
        "/faults",
        "/events?limit=1000",
        "/calls?limit=1000",
    ];
    paths.iter().map(|path| server.get(&format!("/v1/worlds/{world}{path}")).text).collect()
}

/// A world in which something of everything happened.
fn busy(server: &Running) {
    server.world("a");
    put(server, "SU-1", "North Leeds");
    put(server, "SU%2F2%20%C3%A9", "York");
    let visit =
        json!({ "id": "V-1", "service_user": "SU-1", "starts": "2026-03-03T10:00:00Z", "lasts": "PT30M" });
    ok(server, "POST", &format!("{OFFICE}/commands"), &json!({ "plan_visit": visit }));
    ok(server, "POST", "/v1/worlds/a/faults", &json!({ "kind": { "delay": "PT5M" }, "times": 2 }));
    ok(server, "POST", &format!("{OFFICE}/go-live"), &Value::Null);
    clock(server, &json!({ "by": "PT40M" }));
    let upsert = json!({ "fields": { "given_name": "Kit", "family_name": "Moss", "branch": "York" } });
    ok(server, "PUT", "/v1/worlds/a/acp/service-users/X-9", &upsert);
    let care = json!({ "record": 1, "kind": "note", "title": "Likes tea" });
    ok(
        server,
        "POST",
        "/v1/worlds/a/acp/actions",
        &json!({ "by": "care_staff", "action": { "add_care": care } }),
    );
    let refused = json!({ "by": "care_staff", "action": { "merge": { "survivor": 1, "loser": 2 } } });
    assert_eq!(server.ask("POST", "/v1/worlds/a/acp/actions", &refused).status, 422);
    let unexpected = json!({ "kind": "unexpected", "name": "Kit", "service": "York", "description": "who" });
    ok(server, "POST", "/v1/worlds/a/acp/cases", &unexpected);
    clock(server, &json!("next"));
}

#[test]
fn after_a_restart_everything_is_as_it_was() {
    let folder = Folder::new();
    let file = folder.file("sandbox.db");
    let mut server = Running::keeping(&file, None);
    busy(&server);
    server.world("b");
    let before = (everything(&server, "a"), everything(&server, "b"));
    assert!(before.0.iter().all(|it| !it.contains("urn:rehearse:problem")), "{before:?}");
    server.stop().expect("it ends well");
    let mut server = Running::keeping(&file, None);
    assert_eq!((everything(&server, "a"), everything(&server, "b")), before);
    // And it goes on as if nothing had been.
    clock(&server, &json!({ "by": "PT24H" }));
    let after = everything(&server, "a");
    server.stop().expect("it ends well");
    let server = Running::keeping(&file, None);
    assert_eq!(everything(&server, "a"), after);
}

#[test]
fn the_same_calls_make_the_same_world_with_a_store_and_without() {
    let folder = Folder::new();
    let (kept, in_memory) = (Running::keeping(&folder.file("s"), None), Running::start());
    busy(&kept);
    busy(&in_memory);
    assert_eq!(everything(&kept, "a"), everything(&in_memory, "a"));
}

#[test]
fn what_was_undone_can_be_had_again_even_after_a_restart() {
    let folder = Folder::new();
    let file = folder.file("s");
    let mut server = Running::keeping(&file, None);
    busy(&server);
    let records = |server: &Running| server.get("/v1/worlds/a/acp/records").text;
    let number = |server: &Running| ok(server, "GET", "/v1/worlds/a", &Value::Null)["n_calls"].as_u64();
    let (whole, last) = (records(&server), number(&server).expect("a number"));
    clock(&server, &json!({ "back_to": "2026-03-02T09:10:00Z" }));
    let early = records(&server);
    assert_ne!(early, whole);
    put(&server, "SU-3", "York");
    clock(&server, &json!({ "by": "PT3H" }));
    let branch = records(&server);
    let stands: Vec<bool> = ok(&server, "GET", "/v1/worlds/a/calls", &Value::Null)["calls"]
        .as_array()
        .expect("calls")
        .iter()
        .map(|call| call["stands"].as_bool().expect("yes or no"))
        .collect();
    assert_eq!(stands.len() as u64, number(&server).expect("a number"));
    // The set-up and five calls at 9:00am stand, what came after them does not, and then the going back and two more.
    assert_eq!(stands.iter().filter(|stands| **stands).count(), 6 + 3, "{stands:?}");
    clock(&server, &json!({ "back_to_call": last }));
    assert_eq!(records(&server), whole);
    server.stop().expect("it ends well");
    let server = Running::keeping(&file, None);
    assert_eq!(records(&server), whole);
    clock(&server, &json!({ "back_to_call": last + 3 }));
    assert_eq!(records(&server), branch);
    clock(&server, &json!({ "back_to_call": last + 1 }));
    assert_eq!(records(&server), early);
    // One call less: the last thing is undone although the clock stood still.
    put(&server, "SU-4", "York");
    let people = |server: &Running| server.get(&format!("{OFFICE}/service-users")).text;
    assert!(people(&server).contains("SU-4"));
    let last = number(&server).expect("a number");
    clock(&server, &json!({ "back_to_call": last - 1 }));
    assert!(!people(&server).contains("SU-4"));
    for wrong in [json!(0), json!(last + 2)] {
        let answer = server.ask("POST", "/v1/worlds/a/clock", &json!({ "back_to_call": wrong }));
        answer.is_problem(422, "no-such-call");
    }
}

#[test]
fn beginning_again_is_undone_like_anything_else() {
    let server = Running::start();
    busy(&server);
    let seen = |server: &Running| server.get("/v1/worlds/a/acp/records").text;
    let before = seen(&server);
    let last = ok(&server, "GET", "/v1/worlds/a", &Value::Null)["n_calls"].as_u64().expect("a number");
    ok(&server, "POST", "/v1/worlds/a/reset", &Value::Null);
    assert_ne!(seen(&server), before);
    let mut other = common::world();
    other["clock"] = json!("2026-05-01T00:00:00Z");
    ok(&server, "PUT", "/v1/worlds/a", &other);
    ok(&server, "POST", "/v1/worlds/a/reset", &Value::Null);
    assert_eq!(ok(&server, "GET", "/v1/worlds/a/clock", &Value::Null)["now"], "2026-05-01T00:00:00Z");
    clock(&server, &json!({ "back_to_call": last }));
    assert_eq!(seen(&server), before);
    ok(&server, "POST", "/v1/worlds/a/reset", &Value::Null);
    assert_eq!(ok(&server, "GET", "/v1/worlds/a/clock", &Value::Null)["now"], "2026-03-02T09:00:00Z");
}

#[test]
fn a_world_that_was_taken_away_leaves_nothing_in_the_file() {
    let folder = Folder::new();
    let file = folder.file("s");
    let mut server = Running::keeping(&file, None);
    busy(&server);
    server.world("b");
    let cursor = server.get("/v1/worlds/a/events").json()["next"].clone();
    ok(&server, "DELETE", "/v1/worlds/a", &Value::Null);
    let written = |name: &str| fs::read(folder.file(name)).unwrap_or_default();
    for name in ["s", "s-wal"] {
        assert!(!written(name).windows(6).any(|it| it == b"Okafor"), "{name}");
    }
    server.world("a");
    let cursor = cursor.as_str().expect("a cursor");
    server.get(&format!("/v1/worlds/a/events?after={cursor}")).is_problem(400, "bad-cursor");
    server.stop().expect("it ends well");
    let server = Running::keeping(&file, None);
    assert_eq!(ok(&server, "GET", "/v1/worlds", &Value::Null), json!(["a", "b"]));
    assert_eq!(ok(&server, "GET", "/v1/worlds/a", &Value::Null)["n_calls"], 1);
}

#[test]
fn many_at_once_are_all_kept_and_each_once() {
    let folder = Folder::new();
    let file = folder.file("s");
    let mut server = Running::keeping(&file, None);
    server.world("a");
    server.world("b");
    std::thread::scope(|scope| {
        for client in 0..8 {
            let server = &server;
            scope.spawn(move || {
                for n in 0..25 {
                    let world = if n % 2 == 0 { "a" } else { "b" };
                    let body = json!({ "fields": { "given_name": "Ada", "branch": "York" } });
                    let path = format!("/v1/worlds/{world}/acp/service-users/{client}-{n}");
                    assert_eq!(server.ask("PUT", &path, &body).status, 201);
                }
            });
        }
    });
    let before = (everything(&server, "a"), everything(&server, "b"));
    server.stop().expect("it ends well");
    let checked = service::check(&file).expect("a sound store");
    let n_calls: Vec<usize> = checked.worlds.iter().map(|it| it.n_calls).collect();
    assert_eq!(n_calls, [1 + 8 * 13, 1 + 8 * 12]);
    let server = Running::keeping(&file, None);
    assert_eq!((everything(&server, "a"), everything(&server, "b")), before);
}

#[test]
fn a_full_store_refuses_and_goes_on_and_loses_nothing() {
    let folder = Folder::new();
    let file = folder.file("s");
    let mut server = Running::keeping(&file, Some(200 * 1024));
    server.world("a");
    let body = |n: usize| json!({ "fields": { "given_name": "Ada", "branch": "York", "access_details": "x".repeat(n) } });
    let put = |n: usize, size: usize| {
        server.ask("PUT", &format!("/v1/worlds/a/acp/service-users/{n}"), &body(size))
    };
    let mut n_kept = 0;
    let refused = loop {
        let answer = put(n_kept, 3000);
        if answer.status != 201 {
            break answer;
        }
        n_kept += 1;
        assert!(n_kept < 200, "it never fills");
    };
    let problem = refused.is_problem(507, "store-full");
    assert!(problem["detail"].as_str().is_some_and(|it| it.contains("no room")), "{problem}");
    assert!(n_kept > 10);
    let seen = everything(&server, "a");
    // What is too large for the room that is left is refused, what fits is taken.
    put(n_kept, 300_000).is_problem(507, "store-full");
    assert_eq!(everything(&server, "a"), seen);
    server.world_is_refused("b");
    assert_eq!(server.get("/v1/worlds").json(), json!(["a"]));
    server.stop().expect("it ends well");
    let mut server = Running::keeping(&file, None);
    assert_eq!(everything(&server, "a"), seen);
    assert_eq!(server.ask("PUT", "/v1/worlds/a/acp/service-users/now", &body(3000)).status, 201);
    server.stop().expect("it ends well");
    assert_eq!(service::check(&file).expect("a sound store").worlds[0].n_calls, 1 + n_kept + 1);
}

#[test]
fn a_store_whose_file_was_taken_away_takes_nothing_more() {
    let folder = Folder::new();
    let file = folder.file("s");
    let server = Running::keeping(&file, None);
    server.world("a");
    fs::rename(&file, folder.file("elsewhere")).expect("it can be moved");
    let body = json!({ "fields": { "given_name": "Ada", "branch": "York" } });
    let answer = server.ask("PUT", "/v1/worlds/a/acp/service-users/X-1", &body);
    let problem = answer.is_problem(503, "store-failed");
    assert!(problem["detail"].as_str().is_some_and(|it| it.contains("no longer where it was")), "{problem}");
    assert_eq!(server.get("/v1/worlds/a").json()["n_records"], 0);
    fs::rename(folder.file("elsewhere"), &file).expect("it can be moved back");
    assert_eq!(server.ask("PUT", "/v1/worlds/a/acp/service-users/X-1", &body).status, 201);
}

#[test]
fn a_store_has_one_owner_at_a_time_and_says_who() {
    let folder = Folder::new();
    let file = folder.file("s");
    let first = Store::open(&file, None).expect("a store");
    match Store::open(&file, None) {
        Err(StoreError::InUse(Some(id))) => assert_eq!(id, std::process::id()),
        other => panic!("{:?}", other.err()),
    }
    drop(first);
    assert!(Store::open(&file, None).is_ok());
}

#[cfg(unix)]
#[test]
fn a_store_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let file = folder.file("s");
    let server = Running::keeping(&file, None);
    server.world("a");
    let names = fs::read_dir(&folder.0).expect("a folder").map(|it| it.expect("a file"));
    let modes: Vec<(String, u32)> = names
        .map(|it| {
            (
                it.file_name().to_string_lossy().into_owned(),
                it.metadata().expect("data").permissions().mode() & 0o777,
            )
        })
        .collect();
    assert!(modes.len() >= 3 && modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}

/// Opens it, expects a refusal, and that not a byte of it changed.
fn is_refused(path: &Path) -> StoreError {
    let before = fs::read(path).expect("a file");
    let Err(error) = Store::open(path, None) else { panic!("{} was taken", path.display()) };
    assert!(service::check(path).is_err(), "{error}");
    assert_eq!(fs::read(path).expect("a file"), before, "{error}");
    error
}

/// A store with something in it, closed.
fn closed(folder: &Folder) -> std::path::PathBuf {
    let file = folder.file("closed");
    let mut server = Running::keeping(&file, None);
    busy(&server);
    server.stop().expect("it ends well");
    file
}

/// Every line in it, read by nothing of ours.
fn lines(file: &Path) -> Vec<(i64, i64, String, String)> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = rusqlite::Connection::open_with_flags(file, flags).expect("a database");
    let mut select = db.prepare("SELECT world, number, at, entry FROM journal").expect("a journal");
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    rows.expect("lines").map(|row| row.expect("a line")).collect()
}

#[test]
fn what_is_no_store_is_left_as_it_is() {
    let folder = Folder::new();
    for (name, content) in [("empty", ""), ("text", "dear diary\n"), ("short", "SQLite format 3\0")] {
        fs::write(folder.file(name), content).expect("a file");
        assert!(matches!(is_refused(&folder.file(name)), StoreError::NotAStore(_)), "{name}");
    }
    let other = folder.file("other.db");
    rusqlite::Connection::open(&other)
        .and_then(|db| db.execute_batch("CREATE TABLE cats (name TEXT)"))
        .expect("another database");
    assert!(matches!(is_refused(&other), StoreError::NotAStore(_)));
    assert!(matches!(Store::open(&folder.0, None), Err(StoreError::NotAStore(_))));
    assert!(matches!(Store::open(&folder.file("none/s"), None), Err(StoreError::Io(_))));
    assert!(matches!(service::check(&folder.file("none")), Err(StoreError::Io(_))));
}

#[test]
fn a_newer_store_is_refused() {
    let folder = Folder::new();
    let file = closed(&folder);
    rusqlite::Connection::open(&file)
        .and_then(|db| db.execute_batch("PRAGMA user_version = 3"))
        .expect("a change");
    // Its log is empty again, so that the file alone says what it is.
    match is_refused(&file) {
        StoreError::Newer { found } => assert_eq!(found, 3),
        other => panic!("{other}"),
    }
}

#[test]
fn a_store_of_format_1_is_taken_over() {
    let folder = Folder::new();
    let file = closed(&folder);
    let lines_before = lines(&file);
    rusqlite::Connection::open(&file)
        .and_then(|db| db.execute_batch("PRAGMA user_version = 1"))
        .expect("a change");
    // Looking at it changes nothing.
    assert_eq!(service::check(&file).expect("a sound store").worlds.len(), 1);
    let version = |file: &Path| fs::read(file).expect("a file")[63];
    assert_eq!(version(&file), 1);
    let mut server = Running::keeping(&file, None);
    // Whoever knows format 1 alone is told at once.
    assert_eq!(version(&file), 2);
    let update = |sequence: u32, n: usize| {
        let people: Vec<Value> = (0..n)
            .map(|n| json!({ "external_id": format!("R-{n}"), "fields": { "branch": "York" } }))
            .collect();
        json!({ "kind": "partial", "system": "other", "environment": 9, "sequence": sequence,
            "sent_at": "2026-03-02T09:00:00Z", "visits_until": "2026-03-02T08:00:00Z", "service_users": people })
    };
    ok(&server, "POST", "/v1/worlds/a/acp/updates", &update(1, 3));
    ok(&server, "POST", "/v1/worlds/a/acp/updates", &update(2, 30));
    let before = everything(&server, "a");
    assert!(
        before
            .last()
            .is_some_and(|calls| calls.contains(r#""external_id":"R-29","fields":{"branch":"York"}"#))
    );
    server.stop().expect("it ends well");
    let after = lines(&file);
    assert_eq!(after[..lines_before.len()], lines_before);
    let is_in_rows: Vec<bool> =
        after[lines_before.len()..].iter().map(|(.., entry)| entry.contains("receive_rows")).collect();
    assert_eq!(is_in_rows, [false, true]);
    let server = Running::keeping(&file, None);
    assert_eq!(everything(&server, "a"), before);
}

#[test]
fn a_damaged_store_is_refused_wherever_it_is_damaged() {
    let folder = Folder::new();
    let file = closed(&folder);
    let good = fs::read(&file).expect("a file");
    let as_it_was = lines(&file);
    let copy = folder.file("copy");
    let (mut n_refused, mut n_taken) = (0, 0);
    for (n, at) in (0..good.len()).step_by(61).enumerate() {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (n % 8);
        fs::write(&copy, &bytes).expect("a file");
        match service::check(&copy) {
            // A part that is not in use, or a number that nobody reads.
            Ok(_) => {
                n_taken += 1;
                assert_eq!(lines(&copy), as_it_was, "byte {at}");
            }
            Err(error) => {
                n_refused += 1;
                assert!(error.is_of_the_file(), "byte {at}: {error}");
            }
        }
        for left in ["copy-wal", "copy-shm"] {
            let _ = fs::remove_file(folder.file(left));
        }
    }
    assert!(n_refused > 50, "{n_refused} were noticed, {n_taken} did not matter");
    for at in (0..good.len()).step_by(good.len() / 20 + 1) {
        fs::write(&copy, &good[..at]).expect("a file");
        assert!(is_refused(&copy).is_of_the_file(), "cut at {at}");
    }
}

#[test]
fn lines_that_were_changed_by_another_program_are_noticed() {
    let folder = Folder::new();
    let file = closed(&folder);
    let good = fs::read(&file).expect("a file");
    for change in [
        "UPDATE journal SET entry = replace(entry, 'Okafor', 'Okafar')",
        "UPDATE journal SET at = '2026-03-02T09:00:01Z' WHERE number = 2",
        "DELETE FROM journal WHERE number = 3",
        "DELETE FROM journal",
        "UPDATE world SET name = 'b'",
        "DELETE FROM world",
    ] {
        fs::write(&file, &good).expect("a file");
        let db = rusqlite::Connection::open(&file).expect("a database");
        db.execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE; {change}"))
            .expect("a change");
        drop(db);
        assert!(matches!(is_refused(&file), StoreError::Damaged(_)), "{change}");
    }
}

#[test]
fn a_backup_is_one_moment_of_a_store_in_use() {
    let folder = Folder::new();
    let (file, copy) = (folder.file("s"), folder.file("copy"));
    let server = Running::keeping(&file, None);
    busy(&server);
    let before = everything(&server, "a");
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| (0..40).for_each(|n| put(&server, &format!("N-{n}"), "York")));
        let checked = service::backup(&file, &copy).expect("a backup");
        assert!(checked.worlds[0].n_calls >= 12, "{checked:?}");
        writing.join().expect("it writes");
    });
    assert!(matches!(service::backup(&file, &copy), Err(StoreError::Io(_))), "it writes over a backup");
    let names: Vec<_> =
        fs::read_dir(&folder.0).expect("a folder").flatten().map(|it| it.file_name()).collect();
    assert!(!names.iter().any(|it| it.to_string_lossy().starts_with("copy-")), "{names:?}");
    let again = Running::keeping(&copy, None);
    let calls = |server: &Running| server.get("/v1/worlds/a/calls?limit=1000").json()["calls"].clone();
    let (all, some) = (calls(&server), calls(&again));
    let (all, some) = (all.as_array().expect("calls"), some.as_array().expect("calls"));
    assert_eq!(&all[..some.len()], &some[..]);
    clock(&again, &json!({ "back_to_call": 12 }));
    assert_eq!(again.get("/v1/worlds/a/acp/records").text, before[5]);
}
