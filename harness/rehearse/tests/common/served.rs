//! `rehearse serve` in a process of its own, and one request at a time to it.

use super::Folder;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Stdio},
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

pub(crate) fn serve(folder: &Folder) -> Served {
    let mut command = folder.command(&["serve", "--port", "0", "--json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("it says where it is");
    let ready: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let text = |name: &str| ready[name].as_str().expect("a text").to_owned();
    Served { child, url: text("url"), key: text("key") }
}

pub(crate) fn get(served: &Served, path: &str) -> String {
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
