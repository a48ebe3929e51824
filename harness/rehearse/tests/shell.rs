//! Completions and manual pages, made by the binary from its own flags.

mod common;

use common::Folder;
use std::process::{Command, Stdio};

#[test]
fn every_shell_gets_its_completions() {
    let folder = Folder::new();
    for (shell, part) in [
        ("bash", "complete -F _rehearse"),
        ("zsh", "#compdef rehearse"),
        ("fish", "complete -c rehearse"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName 'rehearse'"),
        ("elvish", "edit:completion:arg-completer[rehearse]"),
    ] {
        let ended = folder.rehearse(&["completions", shell]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{shell}");
        assert!(ended.out.contains(part) && ended.out.contains("max-fail"), "{shell}: {}", ended.out);
    }
    let ended = folder.rehearse(&["completions", "cmd"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("powershell"), "{}", ended.err);
}

#[cfg(unix)]
#[test]
fn bash_completes_flags_and_their_values() {
    let folder = Folder::new();
    folder.write("complete", folder.rehearse(&["completions", "bash"]).out);
    let complete = |words: &str| {
        let n = words.split(' ').count() - 1;
        let line = format!(
            "source ./complete; COMP_WORDS=({words}); COMP_CWORD={n}; _rehearse rehearse \"${{COMP_WORDS[{n}]}}\" \"${{COMP_WORDS[{n}-1]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let output =
            Command::new("bash").args(["-c", &line]).current_dir(&folder.path).stdin(Stdio::null()).output();
        String::from_utf8(output.expect("bash is there").stdout).expect("UTF-8")
    };
    assert_eq!(complete("rehearse comp"), "completions\n");
    assert_eq!(complete("rehearse run --shu"), "--shuffle\n");
    assert_eq!(complete("rehearse run --show f"), "failed\n");
}

#[test]
fn there_is_a_page_for_the_program_and_one_for_each_command() {
    let folder = Folder::new();
    let page = folder.rehearse(&["man"]);
    assert_eq!(page.code, 0);
    for part in [".TH rehearse 1", "rehearse\\-run(1)", "Exit codes"] {
        assert!(page.out.contains(part), "{part:?} is missing in:\n{}", page.out);
    }
    let run = folder.rehearse(&["man", "run"]);
    assert!(run.out.contains(".TH rehearse-run 1") && run.out.contains("\\-\\-max\\-fail"), "{}", run.out);
    let wrong = folder.rehearse(&["man", "rnu"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.starts_with("There is no command rnu. Did you mean run?"), "{}", wrong.err);
    let written = folder.rehearse(&["man", "--to", "pages/man1"]);
    assert_eq!(written.code, 0, "{}", written.err);
    let files = folder.files();
    assert!(
        files.contains(&"pages/man1/rehearse.1".to_owned())
            && files.contains(&"pages/man1/rehearse-run.1".to_owned()),
        "{files:?}"
    );
    assert_eq!(written.out, format!("{} pages written to pages/man1.\n", files.len()));
    folder.write("in-the-way", "");
    assert_eq!(folder.rehearse(&["man", "--to", "in-the-way/man1"]).code, 5);
}
