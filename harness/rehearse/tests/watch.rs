//! `run --watch`, as somebody at a terminal has it: a process that goes on until Ctrl+C.
#![cfg(unix)]

mod common;

use common::{FAILS, Folder, PASSES, TWO_CASES};
use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// A process whose words are collected while it goes on; ended when the test is over, however that ends.
struct Watching {
    child: Child,
    out: Arc<Mutex<String>>,
    err: Arc<Mutex<String>>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let all = Arc::new(Mutex::new(String::new()));
    let into = Arc::clone(&all);
    thread::spawn(move || {
        let mut lines = BufReader::new(from);
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
            into.lock().expect("nobody panics with it").push_str(&std::mem::take(&mut line));
        }
    });
    all
}

impl Watching {
    fn start(folder: &Folder, words: &[&str]) -> Watching {
        let mut command = folder.command(&[&["run", "--watch"], words].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let out = collect(child.stdout.take().expect("it is piped"));
        let err = collect(child.stderr.take().expect("it is piped"));
        let watching = Watching { child, out, err };
        watching.waits();
        watching
    }

    /// What it said on both streams up to when it waits for a change; what comes after is for the next time.
    #[track_caller]
    fn waits(&self) -> (String, String) {
        const WAITS: &str = "Waiting for a change. Ctrl+C ends.\n";
        let began = Instant::now();
        loop {
            let mut err = self.err.lock().expect("nobody panics with it");
            if let Some(at) = err.find(WAITS) {
                let said: String = err.drain(..at + WAITS.len()).collect();
                drop(err);
                // Standard output is written before that line; its last words may be on their way here.
                thread::sleep(Duration::from_millis(50));
                return (std::mem::take(&mut *self.out.lock().expect("nobody panics with it")), said);
            }
            assert!(began.elapsed() < Duration::from_secs(30), "it does not wait; it said:\n{err}");
            drop(err);
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn interrupt(mut self) -> Option<i32> {
        let killed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(killed.expect("kill is there").success());
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(10) {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

fn folder() -> Folder {
    let used = PASSES.replace("branches: [North Leeds]", "use: worlds/leeds.yaml");
    Folder::with(&[
        ("scenarios/suite.yaml", ""),
        ("scenarios/worlds/leeds.yaml", "world: Leeds\ngiven:\n  - use: more.yaml\n"),
        ("scenarios/worlds/more.yaml", "world: More\ngiven:\n  - branches: [North Leeds]\n"),
        ("scenarios/uses.yaml", &used),
        ("scenarios/alone.yaml", TWO_CASES),
    ])
}

#[test]
fn a_change_runs_what_it_touches_and_ctrl_c_ends_it() {
    let folder = folder();
    let watching = Watching::start(&folder, &[]);

    folder.write("scenarios/alone.yaml", TWO_CASES.replace("near and far", "far and near"));
    let (out, err) = watching.waits();
    assert!(err.starts_with("\nscenarios/alone.yaml changed.\n"), "{err}");
    assert!(
        out.ends_with("1 scenario, 2 cases: 2 passed. Simulated 24 hours. Gate: met.\n")
            || out.contains("1 scenario, 2 cases: 2 passed."),
        "{out}"
    );
    assert!(!out.contains("uses"), "{out}");

    // A world that a world uses.
    folder.write("scenarios/worlds/more.yaml", "world: More\ngiven:\n  - branches: [North Leeds, Hull]\n");
    let (out, _) = watching.waits();
    assert!(out.contains("PASS    uses") && !out.contains("alone"), "{out}");

    // A new file, and one that fails.
    folder.write("scenarios/new.yaml", FAILS);
    let (out, _) = watching.waits();
    assert!(out.contains("FAIL    new") && out.contains("1 scenario, 1 case: 0 passed, 1 failed."), "{out}");

    // What holds for the whole suite touches all of it.
    folder.write("scenarios/suite.yaml", "format: 1\nrules: { service_move: needs_support }\n");
    let (out, err) = watching.waits();
    assert!(out.contains("3 scenarios, 4 cases: 3 passed, 1 failed."), "{out}{err}");

    // A world that nothing uses, and a file that is gone, touch nothing.
    folder.write("scenarios/worlds/unused.yaml", "world: x\ngiven: []\n");
    let (out, err) = watching.waits();
    assert!(out.is_empty() && err.contains("None of the 3 selected scenarios use it."), "{out}{err}");
    std::fs::remove_file(folder.path.join("scenarios/new.yaml")).expect("it is there");
    let (out, err) = watching.waits();
    assert!(out.is_empty() && err.starts_with("\nscenarios/new.yaml changed.\n"), "{out}{err}");

    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn while_a_file_has_mistakes_changes_are_collected() {
    let folder = folder();
    let watching = Watching::start(&folder, &["-q"]);
    folder.write("scenarios/alone.yaml", TWO_CASES.replace("clock:", "clokc:"));
    let (out, err) = watching.waits();
    assert!(out.is_empty() && err.contains("did you mean `clock`?"), "{out}{err}");
    folder.write("scenarios/uses.yaml", PASSES);
    let (out, err) = watching.waits();
    assert!(out.is_empty() && err.contains("scenarios/alone.yaml:4:1"), "{out}{err}");
    folder.write("scenarios/alone.yaml", TWO_CASES);
    let (out, _) = watching.waits();
    assert!(out.starts_with("2 scenarios, 3 cases: 3 passed."), "{out}");
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn mistakes_and_an_empty_folder_at_the_start_are_waited_out() {
    let folder = folder();
    folder.write("scenarios/alone.yaml", "rubbish");
    let watching = Watching::start(&folder, &["-k", "anything"]);
    folder.write("scenarios/alone.yaml", TWO_CASES);
    let (out, err) = watching.waits();
    assert!(out.is_empty() && err.contains("No scenario matched -k \"anything\"."), "{out}{err}");
    folder.write("scenarios/anything.yaml", PASSES);
    let (out, _) = watching.waits();
    assert!(out.contains("1 scenario, 1 case: 1 passed."), "{out}");
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn one_document_cannot_hold_many_runs() {
    assert_eq!(folder().rehearse(&["run", "--watch", "--json"]).code, 2);
}
