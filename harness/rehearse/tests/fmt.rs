//! `rehearse fmt`, as a shell sees it.

mod common;

use common::{Folder, PASSES};

const MESSY: &str = "scenario:   Messy\nproves: [SYNC-1,SYNC-2]\n\n\n\ntags: [ a ]   # why\n";
const NEAT: &str = "scenario: Messy\nproves: [SYNC-1, SYNC-2]\n\ntags: [a]   # why\n";

#[test]
fn check_shows_what_would_change_and_writes_nothing() {
    let folder = Folder::with(&[("scenarios/a.yaml", MESSY), ("scenarios/b.yaml", PASSES)]);
    let ended = folder.rehearse(&["fmt", "--check"]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{}", ended.out);
    assert!(ended.out.contains("-scenario:   Messy\n"), "{}", ended.out);
    assert!(ended.out.contains("+scenario: Messy\n"), "{}", ended.out);
    assert!(
        ended.out.ends_with("1 of 2 files would be laid out anew. Do it: rehearse fmt\n"),
        "{}",
        ended.out
    );
    assert_eq!(folder.read("scenarios/a.yaml"), MESSY);
    let plain = folder.rehearse(&["fmt", "--check", "--plain"]);
    assert!(plain.out.starts_with("scenarios/a.yaml\n1 of 2 files"), "{}", plain.out);
}

#[test]
fn files_and_worlds_are_laid_out_once() {
    let folder = Folder::with(&[
        ("scenarios/a.yaml", MESSY),
        ("scenarios/worlds/w.yaml", "world:  W\ngiven:\n- branches: [X]\n"),
        ("scenarios/suite.yaml", "format:   1\n"),
    ]);
    let ended = folder.rehearse(&["fmt"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(
        ended.out,
        "scenarios/a.yaml: laid out\nscenarios/worlds/w.yaml: laid out\n2 of 2 files laid out.\n"
    );
    assert_eq!(folder.read("scenarios/a.yaml"), NEAT);
    assert_eq!(folder.read("scenarios/worlds/w.yaml"), "world: W\ngiven:\n  - branches: [X]\n");
    assert_eq!(folder.files().len(), 3, "nothing lies about: {:?}", folder.files());
    let again = folder.rehearse(&["fmt", "--check"]);
    assert_eq!((again.code, again.out.as_str()), (0, "2 files: nothing to lay out.\n"));
}

#[test]
fn windows_line_ends_stay() {
    let folder = Folder::with(&[("scenarios/a.yaml", &MESSY.replace('\n', "\r\n"))]);
    assert_eq!(folder.rehearse(&["fmt"]).code, 0);
    assert_eq!(folder.read("scenarios/a.yaml"), NEAT.replace('\n', "\r\n"));
    assert_eq!(folder.rehearse(&["fmt", "--check"]).code, 0);
}

#[test]
fn what_cannot_be_read_is_left_and_the_others_are_laid_out() {
    let broken = "scenario: Broken\ntags: [a,\n";
    let folder = Folder::with(&[("scenarios/a.yaml", broken), ("scenarios/b.yaml", MESSY)]);
    folder.write("scenarios/c.yaml", b"scenario: caf\xe9\n");
    let ended = folder.rehearse(&["fmt"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("error[not-closed]"), "{}", ended.err);
    assert!(ended.err.contains("scenarios/a.yaml was left as it is."), "{}", ended.err);
    assert!(ended.err.contains("scenarios/c.yaml: This file is not text in UTF-8"), "{}", ended.err);
    assert_eq!(
        (folder.read("scenarios/a.yaml").as_str(), folder.read("scenarios/b.yaml").as_str()),
        (broken, NEAT)
    );
    let none = folder.rehearse(&["fmt", "nowhere"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("nowhere: There is no such file or folder."), "{}", none.err);
}
