//! `rehearse lsp`: a language server on standard input and output, for any editor. The loop and the messages; what is
//! said comes from `editor`, from `scenario`, and from the files of the suite.
//!
//! The few messages that it speaks are read from and written as plain JSON: types for the whole protocol would be more
//! code than the server.

use crate::{
    documents::{Document, Documents},
    exit::Exit,
    output::Output,
    places::{Lines, file_of, uri_of},
};
use editor::{Kind, Target};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use scenario::Mistake;
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};

pub(crate) fn serve(output: Output) -> Result<Exit, Exit> {
    let (connection, threads) = Connection::stdio();
    let Ok(params) = connection.initialize(capabilities()) else {
        output.note("The editor ended the conversation before it began.\n");
        return Err(Exit::NotUnderstood);
    };
    let mut server = Server { connection, documents: Documents::new(&params), said: BTreeMap::new() };
    let ended = server.run();
    drop(server);
    let _ = threads.join();
    if ended { Ok(Exit::AsExpected) } else { Err(Exit::NotUnderstood) }
}

/// Positions count UTF-16, as every client can.
fn capabilities() -> Value {
    json!({
        "textDocumentSync": { "openClose": true, "change": 1 },
        "completionProvider": { "triggerCharacters": [" ", "{", "[", ","] },
        "hoverProvider": true,
        "definitionProvider": true,
        "documentFormattingProvider": true,
    })
}

struct Server {
    connection: Connection,
    documents: Documents,
    /// What was said last of each file.
    said: BTreeMap<String, Vec<Mistake>>,
}

impl Server {
    /// Until the editor ends the conversation; false where it broke off.
    fn run(&mut self) -> bool {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => match self.connection.handle_shutdown(&request) {
                    Ok(true) => return true,
                    Ok(false) => self.request(request),
                    Err(_) => return false,
                },
                Message::Notification(notification) => self.notification(&notification),
                Message::Response(_) => {}
            }
        }
        false
    }

    fn send(&self, message: impl Into<Message>) {
        // Where nobody listens any more, `recv` ends the loop.
        let _ = self.connection.sender.send(message.into());
    }

    fn request(&self, request: Request) {
        let Request { id, method, params } = request;
        let answer = match method.as_str() {
            "textDocument/completion" => self.here(&params).map(|(document, at)| completion(document, at)),
            "textDocument/hover" => self.here(&params).map(|(document, at)| hover(document, at)),
            "textDocument/definition" => self.here(&params).map(|(document, at)| definition(document, at)),
            "textDocument/formatting" => self.document(&params).map(formatting),
            _ => {
                self.refuse(id, ErrorCode::MethodNotFound, format!("rehearse does not know {method}"));
                return;
            }
        };
        self.send(Response::new_ok(id, answer.unwrap_or(Value::Null)));
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, what: String) {
        self.send(Response::new_err(id, code as i32, what));
    }

    fn document(&self, params: &Value) -> Option<&Document> {
        self.documents.get(params["textDocument"]["uri"].as_str()?)
    }

    /// The document, and the byte that the cursor is at.
    fn here(&self, params: &Value) -> Option<(&Document, usize)> {
        let document = self.document(params)?;
        let number = |key: &str| params["position"][key].as_u64().and_then(|n| usize::try_from(n).ok());
        Some((document, document.lines.byte(&document.text, number("line")?, number("character")?)))
    }

    fn notification(&mut self, notification: &Notification) {
        let params = &notification.params;
        let Some(uri) = params["textDocument"]["uri"].as_str() else { return };
        let text = match notification.method.as_str() {
            "textDocument/didOpen" => params["textDocument"]["text"].as_str(),
            "textDocument/didChange" => {
                params["contentChanges"].as_array().and_then(|all| all.last()?["text"].as_str())
            }
            "textDocument/didClose" => {
                self.documents.close(uri);
                None
            }
            _ => return,
        };
        if let Some(text) = text {
            self.documents.put(uri, text.to_owned());
        }
        self.check(uri);
    }

    /// Says what is wrong, of each file of which it has changed, and of the one that did.
    fn check(&mut self, changed: &str) {
        let mut now = self.documents.mistakes();
        for uri in self.said.keys() {
            now.entry(uri.clone()).or_default();
        }
        for (uri, mistakes) in &now {
            if uri != changed && self.said.get(uri) == Some(mistakes) {
                continue;
            }
            let text = self.documents.text(uri);
            let lines = Lines::of(&text);
            let diagnostics: Vec<Value> =
                mistakes.iter().map(|mistake| diagnostic(mistake, uri, &text, &lines)).collect();
            let params = json!({ "uri": uri, "diagnostics": diagnostics });
            self.send(Notification::new("textDocument/publishDiagnostics".into(), params));
        }
        now.retain(|uri, mistakes| !mistakes.is_empty() || self.documents.get(uri).is_some());
        self.said = now;
    }
}

/// As `check` says it: the sentence, what would have worked, the help; the second place beside it.
fn diagnostic(mistake: &Mistake, uri: &str, text: &str, lines: &Lines) -> Value {
    let mut message = format!("{}: {}", mistake.what, mistake.label);
    for help in &mistake.help {
        message.push('\n');
        message.push_str(help);
    }
    let mut diagnostic = json!({
        "range": lines.range(text, &mistake.at.bytes),
        "severity": 1,
        "code": mistake.code,
        "source": "rehearse",
        "message": message,
    });
    if let Some((at, label)) = &mistake.also {
        diagnostic["relatedInformation"] = json!([{
            "location": { "uri": uri, "range": lines.range(text, &at.bytes) },
            "message": label,
        }]);
    }
    diagnostic
}

fn completion(document: &Document, at: usize) -> Value {
    let worlds = document.worlds();
    let offers = editor::complete(&document.text, at, &document.outline(), &worlds.outlines());
    let items: Vec<Value> = offers
        .iter()
        .enumerate()
        .map(|(idx, offer)| {
            json!({
                "label": offer.text,
                "kind": match offer.kind { Kind::Key => 10, Kind::Choice => 20, Kind::Name => 6 },
                "documentation": offer.says,
                "filterText": offer.text,
                "sortText": format!("{idx:04}"),
                "textEdit": {
                    "range": document.lines.range(&document.text, &offer.replaces),
                    "newText": offer.insert,
                },
            })
        })
        .collect();
    json!(items)
}

fn hover(document: &Document, at: usize) -> Value {
    editor::hover(at, &document.outline()).map_or(Value::Null, |hover| {
        json!({
            "contents": { "kind": "plaintext", "value": hover.text },
            "range": document.lines.range(&document.text, &hover.bytes),
        })
    })
}

fn definition(document: &Document, at: usize) -> Value {
    let worlds = document.worlds();
    let place = |uri: &str, text: &str, lines: &Lines, bytes: &std::ops::Range<usize>| json!({ "uri": uri, "range": lines.range(text, bytes) });
    match editor::definition(at, &document.outline(), &worlds.outlines()) {
        None => Value::Null,
        Some(Target::Here(bytes)) => place(&document.uri, &document.text, &document.lines, &bytes),
        Some(Target::There(idx, bytes)) => match worlds.get(idx) {
            Some((path, text)) => place(&uri_of(Path::new(path)), text, &Lines::of(text), &bytes),
            None => Value::Null,
        },
        Some(Target::World(written)) => {
            match file_of(&document.uri).and_then(|file| Some(file.parent()?.join(&written))) {
                Some(path) if path.is_file() => place(&uri_of(&path), "", &Lines::of(""), &(0..0)),
                _ => Value::Null,
            }
        }
    }
}

/// One edit over the whole document; none where nothing changes or the file cannot be read.
fn formatting(document: &Document) -> Value {
    match scenario::format(&document.path, &document.text) {
        Ok(text) if text != document.text => {
            let all = document.lines.range(&document.text, &(0..document.text.len()));
            json!([{ "range": all, "newText": text }])
        }
        _ => json!([]),
    }
}
