//! GitLab's code quality report: an array of issues, each with a fingerprint by which two runs are compared.

use super::{
    Places,
    issue::{self, Issue},
};
use crate::event::Event;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct GitLab {
    places: Places,
    issues: Vec<Issue>,
}

#[derive(Serialize)]
struct Quality<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

impl GitLab {
    pub fn new(places: Places) -> GitLab {
        GitLab { places, issues: Vec::new() }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::RunEnded(end) => {
                self.issues.extend(issue::of_end(end));
                return self.report();
            }
            event => self.issues.extend(issue::of_event(event)),
        }
        String::new()
    }

    fn report(&self) -> String {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let all: Vec<Quality<'_>> = self.issues.iter().map(|issue| self.quality(issue, &mut seen)).collect();
        let mut text = serde_json::to_string_pretty(&all).expect("texts and numbers always become JSON");
        text.push('\n');
        text
    }

    fn quality<'a>(&self, issue: &'a Issue, seen: &mut BTreeMap<String, u32>) -> Quality<'a> {
        // Without the line: an issue that only moved is the same one.
        let what = format!("{} {}", issue.label, issue.code);
        let n = seen.entry(what.clone()).and_modify(|n| *n += 1).or_default();
        Quality {
            description: format!("{}: {}", issue.label, issue.message),
            check_name: issue.code,
            fingerprint: format!(
                "{:016x}{:016x}",
                fnv(what.as_bytes()),
                fnv(format!("{what} {n}").as_bytes())
            ),
            severity: "major",
            location: Location {
                path: self.places.in_repository(&issue.file),
                lines: Lines { begin: issue.line.max(1) },
            },
        }
    }
}

/// FNV-1a, 64 bits: the same for ever, which the standard library does not promise of its own.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
