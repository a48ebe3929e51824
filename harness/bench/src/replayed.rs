//! The suite with our own engine in ACP's seat over loopback HTTP, and hurl with the same requests against a server of the
//! same kind: what a run asks is written down by something in between, once, and played by hurl from files, one for each
//! world. Both find a server that was just started, and both use all cores.
//!
//! Hurl does less: it compares statuses and follows the cursors of lists, and decides nothing.

use crate::{
    median,
    programs::{find, rehearse},
};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

/// In turn, the median counts. One lasts a minute.
const RUNS: usize = 1;
/// The promise.
const AT_LEAST: f64 = 2.0;

pub(crate) fn print() {
    let scenarios = Path::new("scenarios");
    assert!(scenarios.is_dir(), "start it in the folder of the project");
    let asked = Asked::record(scenarios);
    let hurl = find("hurl");
    let folder = std::env::temp_dir().join(format!("rehearse-bench-hurl-{}", std::process::id()));
    let (mut here, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        here.push(run(scenarios, None));
        let served = Served::start();
        ours.push(run(scenarios, Some((&served.url, &served.key))));
        drop(served);
        if let Some(hurl) = &hurl {
            theirs.push(asked.played(hurl, &folder));
        }
    }
    let _ = fs::remove_dir_all(&folder);
    let (here, ours) = (median(here), median(ours));
    print!(
        "the suite over loopback HTTP: {:.0} ms, {} requests in {} worlds, in process {:.0} ms; ",
        millis(ours),
        asked.n_requests(),
        asked.worlds.len(),
        millis(here)
    );
    if theirs.is_empty() {
        println!("peer missing: hurl, with the same requests");
        return;
    }
    let theirs = median(theirs);
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    let kept = if ratio >= AT_LEAST { "kept" } else { "NOT KEPT" };
    println!(
        "hurl, the same requests: {:.0} ms; ours is {ratio:.1} times as fast (at least {AT_LEAST}: {kept})",
        millis(theirs)
    );
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// How long the suite takes; with a server's address and key, with that server in ACP's seat.
fn run(scenarios: &Path, server: Option<(&str, &str)>) -> Duration {
    let mut command = Command::new(rehearse());
    command.arg("run").arg(scenarios).args(["-qq", "--snapshots", "ignore"]);
    if let Some((url, key)) = server {
        command.args(["--acp", url]).env("REHEARSE_SEAT_KEY", key);
    }
    timed(&mut command)
}

fn timed(command: &mut Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let began = Instant::now();
    let output = command.output().expect("the program starts");
    let took = began.elapsed();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} ended with {}: {says}", output.status);
    took
}

/// `rehearse serve`, ended with this.
struct Served {
    child: Child,
    url: String,
    key: String,
}

impl Served {
    fn start() -> Served {
        let mut command = Command::new(rehearse());
        command.args(["serve", "--port", "0", "--json"]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe"))
            .read_line(&mut line)
            .expect("it says where it is");
        let ready: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let text = |name: &str| ready[name].as_str().expect("a text").to_owned();
        Served { child, url: text("url"), key: text("key") }
    }

    fn address(&self) -> SocketAddr {
        self.url.trim_start_matches("http://").parse().expect("an address")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request, as it was asked, and the status of the answer.
struct Request {
    method: String,
    path: String,
    now: Option<String>,
    body: String,
    status: u16,
}

/// What a run asks, world by world.
struct Asked {
    worlds: BTreeMap<String, Vec<Request>>,
}

impl Asked {
    fn record(scenarios: &Path) -> Asked {
        let served = Served::start();
        let (tell, told) = mpsc::channel();
        let between = between(served.address(), &tell);
        drop(tell);
        run(scenarios, Some((&format!("http://{between}"), &served.key)));
        let mut worlds: BTreeMap<String, Vec<Request>> = BTreeMap::new();
        // Whoever asked has gone, so everything has been told.
        for request in told.try_iter() {
            let name = request.path.split('/').nth(3).unwrap_or("seat").to_owned();
            worlds.entry(name).or_default().push(request);
        }
        assert!(worlds.len() > 100, "{} worlds", worlds.len());
        Asked { worlds }
    }

    fn n_requests(&self) -> usize {
        self.worlds.values().map(Vec::len).sum()
    }

    /// How long hurl takes to ask a new server the same.
    fn played(&self, hurl: &Path, folder: &PathBuf) -> Duration {
        let served = Served::start();
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).expect("a folder for requests");
        for (name, requests) in &self.worlds {
            fs::write(folder.join(format!("{name}.hurl")), hurl_file(&served, requests)).expect("a file");
        }
        timed(Command::new(hurl).arg("--test").arg(folder))
    }
}

/// Cursors are a server's own, so they are followed.
fn hurl_file(served: &Served, requests: &[Request]) -> String {
    let mut text = String::new();
    for request in requests {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let query: Vec<&str> = query
            .split('&')
            .map(|pair| if pair.starts_with("after=") { "after={{next}}" } else { pair })
            .collect();
        let mark = if query == [""] { "" } else { "?" };
        let _ = writeln!(text, "{} {}{path}{mark}{}", request.method, served.url, query.join("&"));
        let _ = writeln!(text, "Authorization: Bearer {}", served.key);
        if let Some(now) = &request.now {
            let _ = writeln!(text, "Rehearse-Now: {now}");
        }
        if !request.body.is_empty() {
            let _ = writeln!(text, "Content-Type: application/json\n```raw\n{}\n```", request.body);
        }
        let _ = writeln!(text, "HTTP {}", request.status);
        if request.method == "GET" && path.ends_with("/acp/changes") {
            text.push_str("[Captures]\nnext: jsonpath \"$.next\"\n");
        }
        text.push('\n');
    }
    text
}

/// Stands between a caller and a server, and tells what is asked.
fn between(server: SocketAddr, tell: &mpsc::Sender<Request>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let tell = Arc::new(Mutex::new(tell.clone()));
    thread::spawn(move || {
        for caller in listener.incoming().flatten() {
            let tell = tell.lock().expect("nobody panicked").clone();
            // A connection that ends has served its purpose.
            thread::spawn(move || drop(pass_on(caller, server, &tell)));
        }
    });
    address
}

fn pass_on(caller: TcpStream, server: SocketAddr, tell: &mpsc::Sender<Request>) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    for stream in [&caller, &server] {
        stream.set_nodelay(true)?;
    }
    let (mut caller, mut server) = (BufReader::new(caller), BufReader::new(server));
    while let Some(request) = Message::read(&mut caller)? {
        server.get_mut().write_all(&request.bytes())?;
        let Some(answer) = Message::read(&mut server)? else { return Ok(()) };
        let mut words = request.head.split(' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let status = answer.head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        let (method, path) = (word(), word());
        let now = request.header("rehearse-now").map(str::to_owned);
        let body = String::from_utf8_lossy(&request.body).into_owned();
        // Whoever counts them may have gone.
        let _ = tell.send(Request { method, path, now, body, status });
        caller.get_mut().write_all(&answer.bytes())?;
    }
    Ok(())
}

/// A request or an answer.
struct Message {
    head: String,
    body: Vec<u8>,
}

impl Message {
    /// None: the other side has closed.
    fn read(from: &mut BufReader<TcpStream>) -> io::Result<Option<Message>> {
        let mut message = Message { head: String::new(), body: Vec::new() };
        loop {
            if from.read_line(&mut message.head)? == 0 {
                return Ok(None);
            }
            if message.head.ends_with("\r\n\r\n") {
                break;
            }
        }
        let length = message.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
        message.body.resize(length, 0);
        from.read_exact(&mut message.body)?;
        Ok(Some(message))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.body].concat()
    }
}
