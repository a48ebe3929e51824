//! `rehearse serve` in a process of its own, and one request at a time to it.

use super::Folder;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A sandbox, ended when the test is over.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) url: String,
    pub(crate) key: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    /// `127.0.0.1:8080`
    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").expect("plain HTTP")
    }
}

/// A sandbox in memory alone.
pub(crate) fn serve(folder: &Folder) -> Served {
    serve_with(folder, Path::new(env!("CARGO_BIN_EXE_rehearse")))
}

/// The same with another build of `rehearse`.
pub(crate) fn serve_with(folder: &Folder, program: &Path) -> Served {
    start(&mut folder.command_of(program, &["serve", "--port", "0", "--json"]))
}

/// One that keeps everything in the file `s`.
pub(crate) fn serve_kept(folder: &Folder) -> Served {
    start(&mut folder.command(&["serve", "--port", "0", "--json", "--store", "s"]))
}

pub(crate) fn start(command: &mut Command) -> Served {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
    let (url, key) = ready(&mut child).expect("it says where it is");
    Served { child, url, key }
}

/// URL and key, which it prints when it is ready; none if it ended before that.
pub(crate) fn ready(child: &mut Child) -> Option<(String, String)> {
    let mut line = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
    let ready: serde_json::Value = serde_json::from_str(&line).ok()?;
    let text = |name: &str| Some(ready[name].as_str()?.to_owned());
    Some((text("url")?, text("key")?))
}

pub(crate) fn get(served: &Served, path: &str) -> String {
    let address = served.address();
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
