//! Good files are read as they were meant.

#![expect(clippy::disallowed_methods, reason = "a test reads its corpus")]

use scenario::{Mistake, Scenario};
use std::{fs, path::Path};

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/good"))
}

fn read(name: &str) -> Result<Scenario, Vec<Mistake>> {
    let text = fs::read_to_string(folder().join(name)).unwrap();
    let mut world = |path: &str| fs::read_to_string(folder().join(path)).map_err(|error| error.to_string());
    scenario::read(name, &text, &mut world)
}

fn good(name: &str) -> Scenario {
    read(name).unwrap_or_else(|mistakes| {
        let text = |path: &str| fs::read_to_string(folder().join(path)).unwrap();
        let told: Vec<String> = mistakes.iter().map(|it| it.render(&text(&it.path), false)).collect();
        panic!("{}", told.join("\n\n"))
    })
}

#[test]
fn x() {
    let it = good("wrong-branch.yaml");
    println!("{it:#?}");
    good("everything.yaml");
}
