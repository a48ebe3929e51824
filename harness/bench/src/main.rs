//! Measures what the project promises about speed, each beside a named peer in the same run, and prints ratios:
//!
//! ```text
//! cargo build --release && cargo run --release -p bench
//! ```
//!
//! Nothing here is a test: a slow machine fails nothing. A peer that is not installed is called missing, and no ratio
//! is printed for it.

mod durable;
mod exploration;
mod first_sync;
mod many;
mod opening;
mod plan;
mod programs;
mod replayed;
mod service;
mod typing;

use std::{process::Command, time::Duration};

/// How often the first sync is run, in turn with its peer; the median counts.
const PAIRS: usize = 7;

/// What was promised, what was measured, and the peer in the same run.
struct Line {
    what: &'static str,
    ours: Duration,
    at_most: Duration,
    peer: &'static str,
    theirs: Option<Duration>,
}

fn main() {
    // Each part runs in a process of its own, so that its peak memory is its own.
    match std::env::args().nth(1).as_deref() {
        Some("first-sync-ours") => first_sync::ours(),
        Some("first-sync-sqlite") => first_sync::sqlite(),
        Some("exploration") => exploration::print(),
        Some("durable") => durable::print(),
        Some("plan") => plan::print(),
        Some("opening") => opening::print(),
        Some("reads") => service::print(),
        Some("replayed") => replayed::print(),
        Some("service") => {
            service::print();
            replayed::print();
        }
        _ => everything(),
    }
}

fn everything() {
    let mut lines = programs::lines();
    // In turn, because what a page of fresh memory costs drifts from one moment to the next.
    let pairs: Vec<_> = (0..PAIRS).map(|_| (part("first-sync-ours"), part("first-sync-sqlite"))).collect();
    let ours = median(pairs.iter().map(|(ours, _)| ours.0).collect());
    let theirs = median(pairs.iter().map(|(_, theirs)| theirs.0).collect());
    let ours_mib = pairs.iter().map(|(ours, _)| ours.1).max().unwrap_or_default();
    let theirs_mib = pairs.iter().map(|(_, theirs)| theirs.1).max().unwrap_or_default();
    lines.push(Line {
        what: "first sync of 1,000,000 into half of them",
        ours,
        at_most: Duration::from_secs(1),
        peer: "SQLite in memory, prepared upsert, one transaction",
        theirs: Some(theirs),
    });
    for line in &lines {
        line.print();
    }
    exploration::print();
    durable::print();
    opening::print();
    println!("memory at its peak: {ours_mib} MiB (at most 1536), SQLite {theirs_mib} MiB");
    service::print();
    plan::print();
    replayed::print();
}

/// Runs one part of this program by itself: how long it took and its peak memory in MiB.
fn part(name: &str) -> (Duration, u64) {
    let this = std::env::current_exe().expect("this program has a path");
    let output = Command::new(this).arg(name).output().expect("this program can start itself");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().filter_map(|it| it.parse::<u64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(micros), Some(mib)) => (Duration::from_micros(micros), mib),
        _ => panic!("{name} did not end well: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

impl Line {
    fn print(&self) {
        let kept = if self.ours <= self.at_most { "kept" } else { "NOT KEPT" };
        print!("{}: {} (at most {}: {kept}); ", self.what, millis(self.ours), millis(self.at_most));
        match self.theirs {
            None => println!("peer missing: {}", self.peer),
            Some(theirs) => {
                let ratio = theirs.as_secs_f64() / self.ours.as_secs_f64();
                println!("{}: {}; ours is {ratio:.1} times as fast", self.peer, millis(theirs));
            }
        }
    }
}

fn millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

/// The middle one.
fn median(mut runs: Vec<Duration>) -> Duration {
    runs.sort_unstable();
    runs[runs.len() / 2]
}
