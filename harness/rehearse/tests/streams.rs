//! Colours, pipes and streams.

mod common;

use common::{Ended, Folder, PASSES, suite};
use std::process::Stdio;

#[test]
fn a_pipe_gets_no_colours_unless_they_are_asked_for() {
    let folder = suite();
    let escapes = |words: &[&str], variables: &[(&str, &str)]| {
        let ended = Ended::of(folder.command(words).envs(variables.iter().copied()));
        ended.out.contains('\u{1b}') || ended.err.contains('\u{1b}')
    };
    assert!(!escapes(&["run"], &[]));
    assert!(escapes(&["run", "--color", "always"], &[]));
    assert!(escapes(&["run"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&["run", "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&["run"], &[("NO_COLOR", "1")]));
    assert!(!escapes(&["run"], &[("TERM", "dumb")]));
    assert!(!escapes(&["run", "--plain"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&["run", "--json", "-v"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_pipe_that_is_closed_early_is_no_fault() {
    let folder = suite();
    let mut child = folder
        .command(&["run", "-vv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "the verdict stands");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_the_surroundings_fault() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let folder = Folder::with(&[("scenarios/a.yaml", PASSES)]);
    let ended = Ended::of(folder.command(&["run"]).stdout(full).stderr(Stdio::piped()));
    assert_eq!(ended.code, 5);
    assert!(ended.err.starts_with("The results could not be written"), "{}", ended.err);
}

#[test]
fn results_go_to_standard_output_and_mistakes_of_a_run_to_standard_error() {
    let folder = Folder::with(&[("scenarios/a.yaml", "scenario: x\nclokc: y\n")]);
    let ended = folder.rehearse(&["run"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("clokc") && ended.err.ends_with("Nothing was run.\n"), "{}", ended.err);
    let ended = folder.rehearse(&["check"]);
    assert_eq!((ended.code, ended.err.as_str()), (2, ""));
    assert!(ended.out.contains("did you mean `clock`"), "{}", ended.out);
}

#[test]
fn nothing_moves_on_a_short_run() {
    let folder = suite();
    for how in ["bar", "lines", "auto"] {
        let ended = Ended::of(folder.command(&["run", "--progress", how]).env("CI", "1"));
        assert_eq!(ended.err, "", "--progress {how}");
    }
}

#[test]
fn rehearse_alone_says_what_to_try_first() {
    let ended = Folder::new().rehearse(&[]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("Try first:  rehearse try"), "{}", ended.out);
    let ended = Folder::new().rehearse(&["chekc"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("'check'"), "{}", ended.err);
}
