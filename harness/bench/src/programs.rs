//! Whole programs, from start to exit: `rehearse` on one scenario and on two hundred, hurl on as many requests against a
//! server that answers at once.

use crate::{Line, median, typing};
use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const RUNS: usize = 31;

/// The wrong-branch story: two syncs, an edit by hand, two checks that wait.
pub(crate) const SCENARIO: &str = "\
scenario: A branch changed by hand in ACP goes back, number NUMBER
proves: [BRANCH-2, OWN-1]
clock: 2026-03-26 09:00 Europe/London
given:
  - branches: [North Leeds, South Leeds]
  - service user: { id: SU-1001, name: Ada Okafor, branch: North Leeds }
  - visit: { for: SU-1001, starts: +1d }
  - the first sync has finished
steps:
  - when: an administrator moves Ada by hand in ACP
    in acp: { service user: SU-1001, set: { branch: South Leeds, phone: 0113 496 0000 } }
  - then: the next sync puts the branch back, and leaves the phone number alone
    within: 20m
    acp: { service user: SU-1001, has: { branch: North Leeds, phone: 0113 496 0000 } }
  - when: the branch is corrected in the rostering system
    in rostering: { service user: SU-1001, set: { branch: South Leeds } }
  - then: ACP moves her inside the promised window, and makes no second record
    within: 20m
    acp: { service user: SU-1001, has: { branch: South Leeds } }
    acp records: { external id: SU-1001, count: 1 }
";

pub(crate) fn lines() -> Vec<Line> {
    let folder = std::env::temp_dir().join(format!("rehearse-bench-{}", std::process::id()));
    let scenarios = folder.join("scenarios");
    let requests = folder.join("requests");
    fs::create_dir_all(&scenarios).expect("a folder for scenarios");
    fs::create_dir_all(&requests).expect("a folder for requests");
    let server = answer_everything();
    for n in 0..200 {
        let scenario = SCENARIO.replace("NUMBER", &n.to_string());
        fs::write(scenarios.join(format!("s{n:03}.yaml")), scenario).expect("a scenario");
        let request = format!("GET http://{server}/{n}\nHTTP 200\n");
        fs::write(requests.join(format!("r{n:03}.hurl")), request).expect("a request");
    }
    let ours = rehearse();
    let run = |path: &Path| time(&ours, &["run".as_ref(), "-q".as_ref(), path.as_os_str()]);
    let hurl = |path: &Path| find("hurl").map(|hurl| time(&hurl, &["--test".as_ref(), path.as_os_str()]));
    let mut lines = vec![
        Line {
            what: "start and one scenario",
            ours: run(&scenarios.join("s000.yaml")),
            at_most: Duration::from_millis(3),
            peer: "hurl --test, one file",
            theirs: hurl(&requests.join("r000.hurl")),
        },
        Line {
            what: "200 cases",
            ours: run(&scenarios),
            at_most: Duration::from_millis(30),
            peer: "hurl --test, 200 files",
            theirs: hurl(&requests),
        },
        typing::line(&ours, find("yaml-language-server").as_deref()),
    ];
    lines.extend(crate::many::lines(&folder, &requests));
    // What is left behind is in the system's own folder for such things.
    let _ = fs::remove_dir_all(&folder);
    lines
}

/// The program beside this one.
pub(crate) fn rehearse() -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    let path = this.with_file_name(format!("rehearse{}", std::env::consts::EXE_SUFFIX));
    assert!(path.is_file(), "build it first: cargo build --release");
    path
}

pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The median of several runs, each of which has to end well.
pub(crate) fn time(program: &Path, args: &[&std::ffi::OsStr]) -> Duration {
    let run = |_| {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let status = command.status().expect("the program starts");
        let took = began.elapsed();
        assert!(status.success(), "{} ended with {status}", program.display());
        took
    };
    median((0..RUNS).map(run).collect())
}

/// A server on this computer that says yes to every request.
fn answer_everything() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(mut stream: TcpStream) {
    let mut request = [0; 4096];
    while stream.read(&mut request).is_ok_and(|n| n > 0) {
        if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").is_err() {
            return;
        }
    }
}
