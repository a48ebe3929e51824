//! A change of a scenario of 2,000 lines in an editor: from the keystroke until its mistakes are shown, by
//! `rehearse lsp`, and by the YAML language server with our schema.

use crate::{Line, median};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

const CHANGES: usize = 31;
const LINES: usize = 2000;

const HEAD: &str = "\
scenario: A very long story
proves: [SYNC-1]
clock: 2026-03-02 09:00 Europe/London
given:
  - branches: [North Leeds, South Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - the first sync has finished
steps:
";
const STEP: &str = "  - then: she is still there
    after: 1m
    acp: { service user: SU-1, has: { branch: North Leeds } }
";

pub(crate) fn line(rehearse: &Path, peer: Option<&Path>) -> Line {
    let folder = std::env::temp_dir().join(format!("rehearse-bench-typing-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the schema");
    let schema = Command::new(rehearse).arg("schema").output().expect("the program starts").stdout;
    fs::write(folder.join("schema.json"), schema).expect("the schema");
    let line = Line {
        what: "2,000 lines, from a change in the editor until the mistakes are shown",
        ours: change(Command::new(rehearse).arg("lsp"), &folder),
        at_most: Duration::from_millis(50),
        peer: "yaml-language-server with the schema",
        theirs: peer.map(|peer| change(Command::new(peer).arg("--stdio"), &folder)),
    };
    // What is left behind is in the system's own folder for such things.
    let _ = fs::remove_dir_all(&folder);
    line
}

/// The median over several changes, each of which makes one mistake more.
fn change(command: &mut Command, folder: &Path) -> Duration {
    let mut editor = Editor::start(command, folder);
    let mut text = format!("# yaml-language-server: $schema=./schema.json\n{HEAD}");
    while text.lines().count() < LINES {
        text.push_str(STEP);
    }
    editor.tell(
        "textDocument/didOpen",
        &format!(
            r#"{{"textDocument":{{"uri":{:?},"languageId":"yaml","version":1,"text":{text:?}}}}}"#,
            editor.uri
        ),
    );
    editor.wait_for("publishDiagnostics");
    let mut run = |version: usize| {
        let text = text.replacen("after: 1m", "aftr: 1m", version);
        let params = format!(
            r#"{{"textDocument":{{"uri":{:?},"version":{}}},"contentChanges":[{{"text":{text:?}}}]}}"#,
            editor.uri,
            version + 1
        );
        let began = Instant::now();
        editor.tell("textDocument/didChange", &params);
        editor.wait_for("publishDiagnostics");
        began.elapsed()
    };
    median((1..=CHANGES).map(&mut run).collect())
}

/// The other end of a language server's pipes.
struct Editor {
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    uri: String,
}

impl Editor {
    fn start(command: &mut Command, folder: &Path) -> Editor {
        let mut server = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let to = server.stdin.take().expect("a pipe");
        let from = BufReader::new(server.stdout.take().expect("a pipe"));
        let uri = format!("file://{}/a.yaml", folder.display());
        let mut editor = Editor { server, to, from, uri };
        editor.send(r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}"#);
        editor.wait_for("\"capabilities\"");
        editor.tell("initialized", "{}");
        editor
    }

    fn send(&mut self, message: &str) {
        write!(self.to, "Content-Length: {}\r\n\r\n{message}", message.len()).expect("the server listens");
        self.to.flush().expect("the server listens");
    }

    fn tell(&mut self, method: &str, params: &str) {
        self.send(&format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{params}}}"#));
    }

    /// Reads messages until one has these words in it.
    fn wait_for(&mut self, words: &str) {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                assert!(self.from.read_line(&mut line).expect("the server speaks") > 0, "the server is gone");
                match line.trim().split_once(": ") {
                    Some(("Content-Length", n)) => length = n.parse().expect("a number"),
                    Some(_) => {}
                    None => break,
                }
            }
            let mut message = vec![0; length];
            self.from.read_exact(&mut message).expect("a whole message");
            if String::from_utf8_lossy(&message).contains(words) {
                return;
            }
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
