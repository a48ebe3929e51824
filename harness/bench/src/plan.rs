//! A go-live plan from two files to `plan.json`, and to the workbook, on messy invented exports of three sizes: how long,
//! how much memory, and how the cost grows.

use crate::{many::watched, median, millis, programs::rehearse};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// What is promised of one size, on two cores with nothing else to do.
struct Promise {
    n_service_users: u32,
    at_most: Duration,
    runs: usize,
}

const PROMISES: [Promise; 3] = [
    Promise { n_service_users: 10_000, at_most: Duration::from_millis(100), runs: 9 },
    Promise { n_service_users: 100_000, at_most: Duration::from_millis(600), runs: 5 },
    Promise { n_service_users: 1_000_000, at_most: Duration::from_secs(6), runs: 3 },
];
/// With the workbook, as many times that.
const WORKBOOK_TIMES: u32 = 3;
/// Of the largest size, without the workbook.
const AT_MOST_MIB: u64 = 1024;
/// People whom nothing was tuned on.
const SEED: &str = "51";

pub(crate) fn print() {
    let folder = std::env::temp_dir().join(format!("rehearse-bench-plan-{}", std::process::id()));
    let mut last: Option<Duration> = None;
    for promise in &PROMISES {
        let took = measure(promise, &folder);
        if let Some(last) = last {
            println!("  {:.1} times as long for ten times as many", took.as_secs_f64() / last.as_secs_f64());
        }
        last = Some(took);
    }
    // What is left behind is in the system's own folder for such things.
    let _ = fs::remove_dir_all(&folder);
}

/// Prints one size; returns how long it took without the workbook.
fn measure(promise: &Promise, folder: &Path) -> Duration {
    let folder = folder.join(promise.n_service_users.to_string());
    watched(Command::new(rehearse()).args(population(promise.n_service_users)).arg(&folder));
    let of = |more: &[&str]| {
        let runs = (0..promise.runs).map(|_| watched(plan(&folder).args(more)));
        let (times, peaks): (Vec<Duration>, Vec<u64>) = runs.unzip();
        (median(times), peaks.into_iter().max().unwrap_or_default())
    };
    let (took, mib) = of(&["--no-workbook"]);
    let (with_workbook, mib_of_all) = of(&[]);
    let memory = if promise.n_service_users == 1_000_000 {
        format!("{mib} MiB (at most {AT_MOST_MIB}: {})", kept(mib <= AT_MOST_MIB))
    } else {
        format!("{mib} MiB")
    };
    println!(
        "a plan of {} service users: {}, {memory}",
        promise.n_service_users,
        held(took, promise.at_most)
    );
    println!(
        "  with the workbook: {}, {:.1} times that, {mib_of_all} MiB",
        held(with_workbook, promise.at_most * WORKBOOK_TIMES),
        with_workbook.as_secs_f64() / took.as_secs_f64()
    );
    took
}

fn population(n_service_users: u32) -> Vec<String> {
    let n = n_service_users.to_string();
    ["population", "--seed", SEED, "--service-users", &n, "--mess", "--files", "csv", "--out"]
        .map(str::to_owned)
        .to_vec()
}

fn plan(folder: &Path) -> Command {
    let mut command = Command::new(rehearse());
    let files: [PathBuf; 2] = ["rostering.csv", "acp.csv"].map(|it| folder.join(it));
    command
        .arg("plan")
        .args(files)
        .arg("--out")
        .arg(folder.join("plan"))
        .args(["--now", "2026-02-27T09:00:00Z"]);
    command
}

fn held(took: Duration, at_most: Duration) -> String {
    format!("{} (at most {}: {})", millis(took), millis(at_most), kept(took <= at_most))
}

const fn kept(is_kept: bool) -> &'static str {
    if is_kept { "kept" } else { "NOT KEPT" }
}
