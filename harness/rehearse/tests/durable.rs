//! `rehearse serve --store` where things end badly: killed in the middle, no room, no right to write. What was answered is
//! there afterwards, each call once, and the file is sound.
//!
//! `REHEARSE_KILL_ROUNDS` says how often it is killed, `REHEARSE_KILL_SEED` when; `REHEARSE_SMALL_DISK` names a folder on a
//! file system of about a megabyte, for the test that fills it.

mod common;

use common::{
    Ended, Folder,
    served::{Served, ready, serve_kept, start},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

/// One connection that is used again and again.
struct Caller<'a> {
    stream: BufReader<TcpStream>,
    key: &'a str,
}

impl Caller<'_> {
    fn new<'a>(address: &str, key: &'a str) -> Option<Caller<'a>> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        Some(Caller { stream: BufReader::new(stream), key })
    }

    /// Status and body, once the answer has come whole; none where it did not.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: \
             application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).ok()?;
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            status = status.or_else(|| line.split(' ').nth(1)?.parse().ok());
            if let Some(n) = line.strip_prefix("content-length: ") {
                length = n.parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some((status?, String::from_utf8(body).ok()?))
    }
}

fn upsert(size: usize) -> String {
    let notes = "x".repeat(size);
    json!({ "fields": { "given_name": "Ada", "branch": "North Leeds", "access_details": notes } }).to_string()
}

/// An update with fifty people at once.
fn batch(round: usize, n: usize) -> (Vec<String>, String) {
    let ids: Vec<String> = (0..50).map(|k| format!("r{round}-batch{n}-{k}")).collect();
    let people: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "external_id": id, "fields": { "given_name": "Kit", "branch": "Bradford" } }))
        .collect();
    let update = json!({
        "kind": "partial", "system": "other", "environment": 9, "sequence": round * 1000 + n + 1,
        "sent_at": "2026-03-02T09:00:00Z", "visits_until": "2026-03-02T08:00:00Z", "service_users": people,
    });
    (ids, update.to_string())
}

/// How often each service user that came from outside stands in the store; the file is sound.
fn in_the_store(file: &Path) -> BTreeMap<String, usize> {
    let db = rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
        .expect("a database");
    let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(sound, "ok");
    let mut select = db.prepare("SELECT entry FROM journal").expect("a journal");
    let entries = select.query_map([], |row| row.get::<_, String>(0)).expect("lines");
    let mut found = BTreeMap::new();
    for entry in entries {
        let entry: Value = serde_json::from_str(&entry.expect("a line")).expect("JSON");
        let one = entry["call"]["upsert"]["external_id"].as_str().map(str::to_owned);
        // A larger update is written as rows, each of which begins with the identifier.
        let many = entry["call"]["receive_rows"]["service_users"].as_array().cloned().unwrap_or_default();
        let many = many.iter().map(|it| it[0].as_str().expect("a text").to_owned());
        for id in one.into_iter().chain(many) {
            *found.entry(id).or_insert(0) += 1;
        }
    }
    found
}

fn holds(file: &Path, answered: &[String], what: &str) {
    let found = in_the_store(file);
    let lost: Vec<&String> = answered.iter().filter(|id| !found.contains_key(*id)).collect();
    assert!(lost.is_empty(), "{what}: of {} answered calls, lost: {lost:?}", answered.len());
    let twice: Vec<&String> = found.iter().filter(|(_, n)| **n > 1).map(|(id, _)| id).collect();
    assert!(twice.is_empty(), "{what}: twice: {twice:?}");
}

/// SplitMix64, of Steele, Lea and Flood.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |it| it.parse().expect("a number"))
}

/// Writes until it is killed, and gives what was answered. First it looks whether everything from before is there.
fn load(child: &mut Child, round: usize, before: usize, is_writing: &mpsc::Sender<()>) -> Vec<String> {
    let Some((url, key)) = ready(child) else { return Vec::new() };
    let address = url.replace("http://", "");
    let there =
        Caller::new(&address, &key).and_then(|mut caller| caller.ask("GET", "/v1/worlds/sandbox", ""));
    if let Some((status, world)) = there {
        assert_eq!(status, 200, "{world}");
        let world: Value = serde_json::from_str(&world).expect("JSON");
        assert_eq!(world["n_records"], before, "after a restart, round {round}");
    }
    let answered = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for client in 0..3 {
            let (address, key, answered, is_writing) = (&address, &key, &answered, is_writing.clone());
            scope.spawn(move || {
                let Some(mut caller) = Caller::new(address, key) else { return };
                for n in 0.. {
                    let (ids, done) = if client == 0 {
                        let (ids, body) = batch(round, n);
                        (ids, caller.ask("POST", "/v1/worlds/sandbox/acp/updates", &body))
                    } else {
                        let id = format!("r{round}-c{client}-{n}");
                        let path = format!("/v1/worlds/sandbox/acp/service-users/{id}");
                        (vec![id], caller.ask("PUT", &path, &upsert(40)))
                    };
                    let Some((status, body)) = done else { return };
                    assert!([200, 201].contains(&status), "{status} {body}");
                    // Where the end does not wait for it, nobody listens.
                    let _ = is_writing.send(());
                    answered.lock().expect("nobody panicked").extend(ids);
                }
            });
        }
    });
    answered.into_inner().expect("nobody panicked")
}

/// After so many rounds with one file there is enough in it.
const ROUNDS_PER_FILE: usize = 10;

#[test]
fn nothing_that_was_answered_is_lost_when_it_is_killed() {
    let rounds = usize::try_from(number("REHEARSE_KILL_ROUNDS", 25)).expect("a number");
    let mut seed = number("REHEARSE_KILL_SEED", 4);
    let (mut n_answered, mut n_unready) = (0, 0);
    let began = Instant::now();
    for file in 0..rounds.div_ceil(ROUNDS_PER_FILE) {
        let folder = Folder::new();
        let store = folder.path.join("s");
        let mut answered = Vec::new();
        for round in file * ROUNDS_PER_FILE..rounds.min((file + 1) * ROUNDS_PER_FILE) {
            // A quarter of the times counted from its start: while it reads, or makes, the file, or begins. Else from its
            // first answer, however long a busy computer takes for that.
            let is_early = draw(&mut seed).is_multiple_of(4);
            let life = Duration::from_micros(draw(&mut seed) % if is_early { 160_000 } else { 80_000 });
            let (tell, told) = mpsc::channel();
            let before = if store.exists() { in_the_store(&store).len() } else { 0 };
            let mut command = folder.command(&["serve", "--port", "0", "--json", "--store", "s"]);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
            let id = child.id();
            let killer = thread::spawn(move || {
                if !is_early {
                    let _ = told.recv_timeout(Duration::from_mins(1));
                }
                thread::sleep(life);
                kill(id);
            });
            let new = load(&mut child, round, before, &tell);
            killer.join().expect("it kills");
            child.wait().expect("it ends");
            n_answered += new.len();
            n_unready += usize::from(new.is_empty());
            answered.extend(new);
            if store.exists() {
                holds(
                    &store,
                    &answered,
                    &format!("round {round} of seed {}", number("REHEARSE_KILL_SEED", 4)),
                );
            } else {
                assert!(answered.is_empty());
            }
        }
    }
    println!(
        "gate: killed {rounds} times, {n_answered} answers, all kept; {n_unready} times before the first answer ({:.1} s)",
        began.elapsed().as_secs_f64()
    );
    assert!(
        2 * n_unready <= rounds,
        "{n_answered} answers in {rounds} rounds tell nothing: {n_unready} had none"
    );
}

/// At once and for good.
fn kill(id: u32) {
    #[cfg(unix)]
    let mut command = Command::new("kill");
    #[cfg(unix)]
    command.args(["-KILL", &id.to_string()]);
    #[cfg(not(unix))]
    let mut command = Command::new("taskkill");
    #[cfg(not(unix))]
    command.args(["/F", "/PID", &id.to_string()]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it can be killed");
}

/// Puts people until one is refused. Gives those that were taken, and the refusal; none where it ended instead.
fn fill(served: &Served) -> (Vec<String>, Option<Value>) {
    let mut answered = Vec::new();
    let mut caller = Caller::new(served.address(), &served.key).expect("it listens");
    for n in 0..5000 {
        let path = format!("/v1/worlds/sandbox/acp/service-users/{n}");
        match caller.ask("PUT", &path, &upsert(3000)) {
            Some((201, _)) => answered.push(n.to_string()),
            Some((_, body)) => return (answered, Some(serde_json::from_str(&body).expect("JSON"))),
            None => return (answered, None),
        }
    }
    panic!("it never fills");
}

/// The refusal is clear, reading goes on, and after a restart with room everything that was answered is there.
fn is_full_and_well(served: Served, folder: &Folder, store: &Path) {
    let (answered, refusal) = fill(&served);
    let refusal = refusal.expect("an answer");
    let kind = refusal["type"].as_str().expect("a type");
    assert!(["store-full", "store-failed"].iter().any(|it| kind.ends_with(it)), "{refusal}");
    assert_eq!(refusal["unaffected"], "Nothing was written.");
    assert!(answered.len() > 5, "{answered:?}");
    let mut caller = Caller::new(served.address(), &served.key).expect("it listens");
    let (status, world) = caller.ask("GET", "/v1/worlds/sandbox", "").expect("an answer");
    let world: Value = serde_json::from_str(&world).expect("JSON");
    assert_eq!((status, &world["n_records"]), (200, &json!(answered.len())));
    drop(served);
    holds(store, &answered, "full");
    let checked = folder.rehearse(&["store", "check", &store.to_string_lossy()]);
    assert_eq!(checked.code, 0, "{checked:?}");
}

#[cfg(unix)]
fn with_limit(folder: &Folder, before: &str) -> Served {
    let script = format!("{before}ulimit -f 600; exec \"$0\" serve --port 0 --json --store s");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_rehearse")]).current_dir(&folder.path);
    start(&mut command)
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_any_more_loses_nothing() {
    let folder = Folder::new();
    let served = with_limit(&folder, "trap '' XFSZ; ");
    is_full_and_well(served, &folder, &folder.path.join("s"));
    // Where nobody catches the signal of the limit, it ends the program: that is like being killed.
    let folder = Folder::new();
    let served = with_limit(&folder, "");
    let (answered, _) = fill(&served);
    drop(served);
    assert!(answered.len() > 5, "{answered:?}");
    holds(&folder.path.join("s"), &answered, "ended by the limit");
    let again = serve_kept(&folder);
    let mut caller = Caller::new(again.address(), &again.key).expect("it listens");
    assert_eq!(
        caller.ask("PUT", "/v1/worlds/sandbox/acp/service-users/new", &upsert(9)).map(|it| it.0),
        Some(201)
    );
}

#[test]
fn a_store_with_a_limit_loses_nothing() {
    let folder = Folder::new();
    let words = ["serve", "--port", "0", "--json", "--store", "s", "--store-limit", "1"];
    is_full_and_well(start(&mut folder.command(&words)), &folder, &folder.path.join("s"));
}

#[test]
#[ignore = "needs REHEARSE_SMALL_DISK, a folder on a file system of about a megabyte"]
fn a_full_disk_loses_nothing() {
    let small = std::env::var("REHEARSE_SMALL_DISK").expect("REHEARSE_SMALL_DISK names a folder");
    let folder = Folder::new();
    let store = Path::new(&small).join("s");
    let path = store.to_string_lossy();
    let served = start(&mut folder.command(&["serve", "--port", "0", "--json", "--store", &path]));
    is_full_and_well(served, &folder, &store);
}

#[cfg(unix)]
#[test]
fn a_store_that_can_only_be_read_is_shown_and_not_changed() {
    use std::os::unix::{fs::PermissionsExt as _, process::CommandExt as _};
    let folder = Folder::new();
    let served = serve_kept(&folder);
    let mut caller = Caller::new(served.address(), &served.key).expect("it listens");
    assert_eq!(
        caller.ask("PUT", "/v1/worlds/sandbox/acp/service-users/1", &upsert(9)).map(|it| it.0),
        Some(201)
    );
    interrupt(served);
    let file = folder.path.join("s");
    let before = fs::read(&file).expect("a store");
    let may = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    // Whoever may do everything has to be somebody else for this. The copy is for those who may not look where ours is.
    let program = folder.path.join("program");
    fs::copy(env!("CARGO_BIN_EXE_rehearse"), &program).expect("a copy");
    let _ = fs::remove_file(folder.path.join("s.lock"));
    may(&file, 0o444);
    may(&program, 0o555);
    may(&folder.path, 0o555);
    let mut command = Command::new(&program);
    command.args(["serve", "--port", "0", "--json", "--store", "s"]).current_dir(&folder.path);
    if fs::OpenOptions::new().write(true).open(&file).is_ok() {
        command.uid(65534);
    }
    let served = start(&mut command);
    let mut caller = Caller::new(served.address(), &served.key).expect("it listens");
    let (status, body) =
        caller.ask("PUT", "/v1/worlds/sandbox/acp/service-users/2", &upsert(9)).expect("an answer");
    assert!(status == 503 && body.contains("store-read-only"), "{status} {body}");
    let (status, body) = caller.ask("GET", "/v1/worlds/sandbox", "").expect("an answer");
    assert!(status == 200 && body.contains("\"n_records\":1"), "{status} {body}");
    drop(served);
    may(&folder.path, 0o755);
    assert_eq!(fs::read(&file).expect("a store"), before);
}

#[cfg(unix)]
fn interrupt(mut served: Served) {
    let id = served.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill").success());
    assert_eq!(served.child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_second_server_is_told_who_has_the_store() {
    let folder = Folder::new();
    let first = serve_kept(&folder);
    let second = folder.rehearse(&["serve", "--port", "0", "--store", "s"]);
    assert_eq!(second.code, 5, "{second:?}");
    assert!(
        second.err.contains(&first.child.id().to_string()) && second.err.contains("one process"),
        "{second:?}"
    );
    // Looking and copying need no turn.
    let checked = folder.rehearse(&["store", "check", "s"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{checked:?}");
    assert_eq!(
        checked.out,
        "s is sound: 1 world, 1 call.\n  \"sandbox\": 1 call; its clock stands at 9:00am on 2 March 2026.\n"
    );
    let copied = folder.rehearse(&["store", "backup", "s", "copy"]);
    assert_eq!((copied.code, copied.err.as_str()), (0, ""), "{copied:?}");
    assert!(copied.out.starts_with("copy is a sound copy: 1 world, 1 call."), "{copied:?}");
    let again = folder.rehearse(&["store", "backup", "s", "copy"]);
    assert!(again.code == 2 && again.err.contains("copy is there already"), "{again:?}");
    let json = folder.rehearse(&["store", "check", "copy", "--json"]);
    let json: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["worlds"][0]["calls"], 1);
}

fn says(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{ended:?}");
    assert!(words.iter().all(|it| ended.err.contains(it)), "{ended:?}");
}

#[test]
fn a_store_that_cannot_be_used_is_said_with_its_exit_code() {
    let folder = Folder::with(&[("text", "dear diary\n")]);
    for command in [&["serve", "--port", "0", "--store"][..], &["store", "check"]] {
        let run = |file: &str| folder.rehearse(&[command, &[file]].concat());
        says(&run("text"), 6, &["text cannot be opened", "not a store", "left as it is"]);
        says(&run("none/s"), 5, &["none/s cannot be opened"]);
    }
    assert_eq!(folder.read("text"), "dear diary\n");
    serve_kept(&folder);
    rusqlite::Connection::open(folder.path.join("s"))
        .and_then(|db| db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA user_version = 9"))
        .expect("a change");
    says(&folder.rehearse(&["store", "check", "s"]), 6, &["newer version of rehearse (format 9"]);
    says(
        &folder.rehearse(&["serve", "--port", "0", "--store", "s"]),
        6,
        &["newer version of rehearse (format 9"],
    );
    says(&folder.rehearse(&["store", "backup", "s", "t"]), 6, &["newer version of rehearse (format 9"]);
    assert!(!folder.path.join("t").exists());
}
