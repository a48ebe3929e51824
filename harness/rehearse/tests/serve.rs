//! `rehearse serve` from outside: what it prints, what it answers, how it ends.

mod common;

use common::{Ended, Folder};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Stdio},
};

struct Served {
    child: Child,
    url: String,
    key: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(folder: &Folder) -> Served {
    let mut command = folder.command(&["serve", "--port", "0", "--json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("it says where it is");
    let ready: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let text = |name: &str| ready[name].as_str().expect("a text").to_owned();
    Served { child, url: text("url"), key: text("key") }
}

fn get(served: &Served, path: &str) -> String {
    let address = served.url.strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        served.key
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn a_sandbox_is_there_at_once_and_ends_well_when_asked() {
    let folder = Folder::new();
    let mut served = serve(&folder);
    assert!(served.url.starts_with("http://127.0.0.1:"), "{}", served.url);
    let world = get(&served, "/v1/worlds/sandbox");
    assert!(world.starts_with("HTTP/1.1 200") && world.contains("2026-03-02T09:00:00Z"), "{world}");
    let key = std::mem::replace(&mut served.key, "another".into());
    assert!(get(&served, "/v1/worlds/sandbox").starts_with("HTTP/1.1 401"));
    served.key = key;
    #[cfg(unix)]
    {
        let id = served.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().expect("kill").success());
        assert_eq!(served.child.wait().expect("it ends").code(), Some(0));
    }
    assert!(folder.files().is_empty(), "{:?}", folder.files());
}

#[test]
fn a_port_that_is_taken_is_said_with_a_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ended = Folder::new().rehearse(&["serve", "--port", &port]);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.err.contains(&port) && ended.err.contains("--port"), "{ended:?}");
    assert_eq!(ended.out, "");
}

#[test]
fn a_key_that_anybody_could_guess_is_refused_and_not_repeated() {
    let folder = Folder::new();
    let ended = Ended::of(folder.command(&["serve", "--port", "0"]).env("REHEARSE_KEY", "hunter2"));
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("at least 32 characters") && !ended.err.contains("hunter2"), "{ended:?}");
}

#[test]
fn a_webhook_that_leaves_this_computer_is_refused_and_no_secret_repeated() {
    let folder = Folder::new();
    let serve = ["serve", "--port", "0", "--webhook"];
    let refused = folder.rehearse(&[&serve[..], &["http://example.com/hook"]].concat());
    assert!(refused.code == 2 && refused.err.contains("example.com is not this computer"), "{refused:?}");
    assert!(refused.err.contains("--allow-remote"), "{refused:?}");
    let wrong = folder.rehearse(&[&serve[..], &["https://127.0.0.1/"]].concat());
    assert!(wrong.code == 2 && wrong.err.contains("plain HTTP"), "{wrong:?}");
    let mut command = folder.command(&[&serve[..], &["http://127.0.0.1:1/"]].concat());
    let short = Ended::of(command.env("REHEARSE_WEBHOOK_SECRET", "whsec_hunter2"));
    assert!(
        short.code == 2 && short.err.contains("whsec_ and the base64") && !short.err.contains("hunter2"),
        "{short:?}"
    );
}
