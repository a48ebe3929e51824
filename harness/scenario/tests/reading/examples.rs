//! The example of each code has that mistake, and put right it has none.

use scenario::{CODES, EXAMPLES};

/// What an example stands in, key by key.
const BASE: &[(&str, &str)] = &[
    ("scenario", "scenario: An example\n"),
    ("proves", "proves: [SYNC-1]\n"),
    ("clock", "clock: 2026-03-02 09:00 Europe/London\n"),
    (
        "given",
        "given:\n  - branches: [North Leeds, South Leeds]\n  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }\n  - the first sync has finished\n",
    ),
    (
        "steps",
        "steps:\n  - then: she is there\n    acp: { service user: { raw: SU-1 }, has: { branch: { raw: North Leeds } } }\n",
    ),
];

/// The example in a scenario: top-level keys take the place of the base's, an entry or step comes behind it.
pub(crate) fn whole(example: &str) -> String {
    let has = |key: &str| example.lines().any(|line| line.starts_with(&format!("{key}:")));
    let is_item = example.starts_with("  - ");
    let is_step = ["  - when:", "  - then:"].iter().any(|start| example.starts_with(start));
    let mut text = String::new();
    for (key, lines) in BASE.iter().filter(|(key, _)| !has(key)) {
        text.push_str(lines);
        if is_item && *key == if is_step { "steps" } else { "given" } {
            text.push_str(example);
            text.push('\n');
        }
    }
    if !is_item {
        text.push_str(example);
        text.push('\n');
    }
    text
}

fn world(path: &str) -> Result<String, String> {
    match path {
        "worlds/leeds.yaml" => Ok("world: Leeds\ngiven:\n  - branches: [North Leeds]\n  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }\n".into()),
        "worlds/that-uses-this-file.yaml" => Ok("world: A circle\ngiven:\n  - use: ../example.yaml\n".into()),
        _ => Err("there is no such file".into()),
    }
}

/// These cannot be shown in a line or two of a scenario; `limits.rs` and `suite.rs` read such files.
pub(crate) const TOLD: &[&str] = &["newer-format", "not-a-scenario", "not-utf8", "too-large"];

fn codes(text: &str) -> Vec<&'static str> {
    let read = scenario::read("example.yaml", text, &mut world);
    read.err().unwrap_or_default().into_iter().map(|it| it.code).collect()
}

#[test]
fn every_code_has_an_example() {
    let codes: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(EXAMPLES.iter().map(|example| example.code).collect::<Vec<_>>(), codes);
}

#[test]
fn wrong_has_the_mistake_and_right_has_none() {
    let mut off = Vec::new();
    for example in EXAMPLES.iter().filter(|example| !TOLD.contains(&example.code)) {
        let (wrong, right) = (codes(&whole(example.wrong)), codes(&whole(example.right)));
        if wrong != [example.code] || !right.is_empty() {
            off.push(format!("{}: wrong {wrong:?}, right {right:?}", example.code));
        }
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
    let empty = EXAMPLES.iter().find(|example| example.code == "not-a-scenario").expect("it has one");
    assert_eq!(codes(empty.wrong), ["not-a-scenario"]);
}
