//! A server of its own for each test, on a free port, and callers that speak HTTP/1.1 over a socket: what a stranger's
//! program would see, down to the bytes.

#![allow(dead_code)] // Each test file uses a part of this.

use serde_json::{Value, json};
use service::{Limits, Ready, Serve, Store, serve};
use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::Duration,
};

pub(crate) struct Running {
    pub(crate) ready: Ready,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Running {
    pub(crate) fn start() -> Running {
        Running::with(Limits::default())
    }

    pub(crate) fn with(limits: Limits) -> Running {
        Running::serving(Serve { limits, ..Serve::default() })
    }

    /// With everything kept in this file, of at most so many bytes.
    pub(crate) fn keeping(path: &Path, room: Option<u64>) -> Running {
        let store = Store::open(path, room).expect("a store");
        Running::serving(Serve { store: Some(store), ..Serve::default() })
    }

    pub(crate) fn serving(what: Serve) -> Running {
        let stop = Arc::new(AtomicBool::new(false));
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn({
            let stop = Arc::clone(&stop);
            move || serve(what, |ready| tell.send(ready.clone()).expect("somebody listens"), &stop)
        });
        let ready = told.recv_timeout(Duration::from_secs(30)).expect("it listens");
        Running { ready, stop, thread: Some(thread) }
    }

    pub(crate) fn stop(&mut self) -> std::io::Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().expect("it runs").join().expect("it does not panic")
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.ready.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
        stream
    }

    /// Sends these bytes and reads until the other side closes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // It may close before it has read everything.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::of(&answer)
    }

    /// A good request but for what `headers` say.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        let has = |name: &str| headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        let usual = [
            ("Host", self.ready.address.to_string()),
            ("Authorization", format!("Bearer {}", self.ready.key)),
            ("Content-Type", "application/json".to_owned()),
            ("Content-Length", body.len().to_string()),
        ];
        for (name, value) in usual.iter().filter(|(name, _)| !has(name)) {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let mut bytes = format!("{head}\r\n").into_bytes();
        bytes.extend_from_slice(body);
        self.raw(&bytes)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(method, path, &[], &body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &Value::Null)
    }

    /// A world with one environment, `office`, and two services; its integration is off.
    pub(crate) fn world(&self, name: &str) {
        let answer = self.ask("PUT", &format!("/v1/worlds/{name}"), &world());
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

impl Running {
    /// There is no room for another world.
    pub(crate) fn world_is_refused(&self, name: &str) {
        let mut large = world();
        large["services"][0]["branches"] =
            json!((0..9000).map(|n| format!("Branch {n}")).collect::<Vec<_>>());
        self.ask("PUT", &format!("/v1/worlds/{name}"), &large).is_problem(507, "store-full");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn world() -> Value {
    json!({
        "clock": "2026-03-02T09:00:00Z",
        "services": [{ "name": "Leeds", "branches": ["North Leeds", "South Leeds"] }, { "name": "York", "branches": ["York"] }],
        "environments": [{ "name": "office", "system": "people_planner", "branches": ["North Leeds", "South Leeds", "York"] }],
    })
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Answer {
    fn of(bytes: &[u8]) -> Answer {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_ascii_lowercase(), text: body.to_owned() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// It is a problem of this kind, well told: a status that agrees, whole sentences, what was not affected.
    pub(crate) fn is_problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert!(self.head.contains("content-type: application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:rehearse:problem:{kind}"), "{self:?}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["unaffected"], "Nothing was written.");
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.ends_with(['.', '?']) && detail.contains(' '), "{detail}");
        problem
    }
}

/// A folder of its own, which goes with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static N: AtomicU32 = AtomicU32::new(0);
        let name = format!("rehearse-service-{}-{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Folder(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
