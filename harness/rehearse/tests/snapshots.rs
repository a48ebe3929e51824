//! `snapshots/` mirrors `scenarios/`: for each file the story that `rehearse` tells of it. A story that changed, a
//! scenario without a snapshot and a snapshot without a scenario all fail. To look at changes and take them over:
//! `cargo insta review`, or without that tool `INSTA_UPDATE=always cargo test -p rehearse --test snapshots`.

use std::{
    collections::BTreeSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project's folder")
}

/// Every file below with this ending: its path from `folder`, without the ending.
fn below(folder: &Path, ending: &str) -> BTreeSet<String> {
    fn walk(folder: &Path, root: &Path, ending: &str, names: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, root, ending, names);
            } else if let Some(name) =
                path.strip_prefix(root).ok().and_then(|path| path.to_str()?.strip_suffix(ending))
            {
                names.insert(name.to_owned());
            }
        }
    }
    let mut names = BTreeSet::new();
    walk(folder, folder, ending, &mut names);
    names
}

fn scenarios() -> BTreeSet<String> {
    let mut names = below(&root().join("scenarios"), ".yaml");
    names.retain(|name| name != "suite" && !name.starts_with("worlds/"));
    names
}

fn story(name: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .args(["explain", &format!("scenarios/{name}.yaml"), "--color", "never", "--redact", "none"])
        .current_dir(root())
        .output()
        .expect("the binary starts");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_scenario_tells_the_story_that_its_snapshot_holds() {
    let mut changed = Vec::new();
    for name in scenarios() {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", &name));
        let snapshot_path = root().join("snapshots").join(folder);
        let compared = catch_unwind(AssertUnwindSafe(|| {
            let story = story(&name);
            insta::with_settings!({
                snapshot_path => snapshot_path,
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(file, story);
            });
        }));
        if compared.is_err() {
            changed.push(name);
        }
    }
    assert!(
        changed.is_empty(),
        "not as their snapshots: {changed:#?}\nLook at them with: cargo run -- review scenarios"
    );
}

#[test]
fn every_snapshot_has_a_scenario() {
    let scenarios = scenarios();
    let without: Vec<String> = below(&root().join("snapshots"), ".snap")
        .into_iter()
        .filter(|name| !scenarios.contains(name))
        .collect();
    assert!(without.is_empty(), "snapshots without a scenario, to be removed: {without:#?}");
}
