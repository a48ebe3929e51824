//! Ten thousand cases with two reports, as a pipeline would run them: how long, how much memory, and what one case costs
//! beside what one file costs hurl.

use crate::{
    Line,
    programs::{SCENARIO, find, rehearse, time},
};
use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const SCENARIOS: usize = 500;
/// Of each scenario.
const CASES: usize = 20;
/// Hurl has two hundred files.
const TIMES: u32 = 50;
const RUNS: usize = 5;

/// The promise: ten thousand cases with JUnit and NDJSON on two cores.
const AT_MOST: Duration = Duration::from_millis(1500);
const AT_MOST_MIB: u64 = 200;

/// `requests`: the folder of hurl's two hundred files.
pub(crate) fn lines(folder: &Path, requests: &Path) -> Vec<Line> {
    let scenarios = folder.join("many");
    fs::create_dir_all(&scenarios).expect("a folder for scenarios");
    for n in 0..SCENARIOS {
        let mut rows = String::new();
        for row in 0..CASES {
            let _ = writeln!(rows, "  - {{ name: row {row}, window: 20m }}");
        }
        let text = SCENARIO
            .replace("NUMBER", &n.to_string())
            .replace("given:\n", &format!("cases:\n{rows}given:\n"))
            .replace("within: 20m", "within: ${window}");
        fs::write(scenarios.join(format!("s{n:03}.yaml")), text).expect("a scenario");
    }
    let runs: Vec<(Duration, u64)> = (0..RUNS).map(|_| run(&scenarios, &folder.join("out"))).collect();
    let mut times: Vec<Duration> = runs.iter().map(|(took, _)| *took).collect();
    times.sort_unstable();
    let ours = times[RUNS / 2];
    let mib = runs.iter().map(|(_, mib)| *mib).max().unwrap_or_default();
    match mib {
        0 => {
            println!("10,000 cases with JUnit and NDJSON: memory NOT MEASURED, this system does not tell it");
        }
        mib => {
            let kept = if mib <= AT_MOST_MIB { "kept" } else { "NOT KEPT" };
            println!(
                "10,000 cases with JUnit and NDJSON: {mib} MiB at its peak (at most {AT_MOST_MIB}: {kept})"
            );
        }
    }
    let hurl = find("hurl").map(|hurl| time(&hurl, &["--test".as_ref(), requests.as_os_str()]));
    vec![Line {
        what: "10,000 cases with JUnit and NDJSON",
        ours,
        at_most: AT_MOST,
        peer: "hurl --test, 200 files, times fifty",
        theirs: hurl.map(|theirs| theirs * TIMES),
    }]
}

/// One run: how long it took and its peak memory in MiB.
fn run(scenarios: &Path, out: &Path) -> (Duration, u64) {
    let mut command = Command::new(rehearse());
    command.args(["run", "-q", "--report", "junit,ndjson", "--out"]).arg(out).arg(scenarios);
    watched(&mut command)
}

/// Runs a command, which has to end well: how long it took and its peak memory in MiB, 0 where the system does not tell.
pub(crate) fn watched(command: &mut Command) -> (Duration, u64) {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait().expect("it is ours") {
            assert!(status.success(), "it ended with {status}");
            return (began.elapsed(), peak);
        }
        peak = peak_mib(&child).max(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The peak so far, where the system tells (Linux).
fn peak_mib(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
