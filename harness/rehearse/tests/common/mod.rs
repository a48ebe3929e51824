//! A folder of its own for each test, and the binary started in it. Nothing is asked of the binary but what a shell
//! would see: exit code, standard output, standard error, files.

#![allow(dead_code)] // Each test file uses a part of this.

pub(crate) mod connector;
pub(crate) mod served;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// A new folder, removed when the test is over.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        static N: AtomicU32 = AtomicU32::new(0);
        let n = N.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rehearse-test-{}-{n}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for temporary files");
        Folder { path }
    }

    /// With these files: path and text.
    pub(crate) fn with(files: &[(&str, &str)]) -> Folder {
        let folder = Folder::new();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path.join(path)).expect("a file of UTF-8")
    }

    /// `rehearse` with these words, in this folder, with nothing of the surroundings that changes output.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_rehearse")), words)
    }

    /// The same with another build of `rehearse`.
    pub(crate) fn command_of(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(&self.path).stdin(Stdio::null());
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "TERM",
            "CI",
            "COLORTERM",
            "GITHUB_ACTIONS",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_WORKSPACE",
            "GITLAB_CI",
            "CI_PROJECT_DIR",
            "TF_BUILD",
            "BUILD_SOURCESDIRECTORY",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn rehearse(&self, words: &[&str]) -> Ended {
        Ended::of(&mut self.command(words))
    }

    /// Every file below, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        below(&self.path, &self.path, &mut files);
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn below(folder: &Path, root: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            below(&path, root, files);
        } else {
            files.push(path.strip_prefix(root).expect("below").to_string_lossy().into_owned());
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn of(command: &mut Command) -> Ended {
        let output = command.output().expect("the binary starts");
        Ended {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

/// A scenario that passes.
pub(crate) const PASSES: &str = "\
scenario: Somebody new appears in ACP by themselves
proves: [SYNC-1]
tags: [first]
clock: 2026-03-02 09:00 Europe/London
given:
  - branches: [North Leeds]
  - the first sync has finished
steps:
  - when: Ada is added in rostering
    in rostering: { add service user: { id: SU-1, name: Ada Okafor, branch: North Leeds } }
  - then: she is in ACP within a day
    within: 24h
    acp: { service user: SU-1, has: { name: Ada Okafor, branch: North Leeds } }
";

/// The same, with two cases.
pub(crate) const TWO_CASES: &str = "\
scenario: The promise holds near and far
proves: [TIME-1, TIME-2]
tags: [timing]
clock: 2026-03-02 09:00 Europe/London
cases:
  - { name: tomorrow, first visit: +1d, window: 20m }
  - { name: later, first visit: +10d, window: 24h }
given:
  - branches: [North Leeds]
  - the first sync has finished
steps:
  - when: Ada is added in rostering
    in rostering:
      - add service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
      - add visit: { for: SU-1, starts: \"${first visit}\" }
  - then: she is in ACP in time
    within: ${window}
    acp: { service user: SU-1, has: { name: Ada Okafor } }
";

/// One that fails: the guidance says the opposite.
pub(crate) const FAILS: &str = "\
scenario: A branch changed by hand in ACP stays
proves: [BRANCH-2]
tags: [branch]
clock: 2026-03-02 09:00 Europe/London
given:
  - branches: [North Leeds, South Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - visit: { for: SU-1, starts: +1d }
  - the first sync has finished
steps:
  - when: somebody moves her by hand
    in acp: { service user: SU-1, set: { branch: South Leeds } }
  - then: half an hour later she is still there
    after: 30m
    acp: { service user: SU-1, has: { branch: South Leeds } }
";

/// The folder of the project.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project's folder")
}

/// The suite that most tests need.
pub(crate) fn suite() -> Folder {
    Folder::with(&[
        ("scenarios/first/new.yaml", PASSES),
        ("scenarios/timing/promise.yaml", TWO_CASES),
        ("scenarios/wrong/stays.yaml", FAILS),
    ])
}
