//! What came of `rehearse selftest`: which planted fault was noticed by which scenario. Knows no fault and plays nothing.

use crate::{counted, number};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// One planted fault.
#[derive(Clone, Debug)]
pub struct FaultRow<'a> {
    pub name: &'a str,
    pub family: &'a str,
    /// What is wrong, in one sentence.
    pub says: &'a str,
    /// Names of scenarios, in the order of the files.
    pub noticed_by: Vec<&'a str>,
}

/// One scenario that passes while nothing is wrong.
#[derive(Clone, Debug)]
pub struct ScenarioRow<'a> {
    pub name: &'a str,
    pub n_noticed: usize,
    /// Of those, the faults that no other scenario noticed.
    pub n_alone: usize,
}

#[derive(Clone, Debug)]
pub struct SelftestTable<'a> {
    pub n_cases: usize,
    /// Family by family.
    pub faults: Vec<FaultRow<'a>>,
    pub scenarios: Vec<ScenarioRow<'a>>,
    /// Labels of cases that fail although nothing is wrong. They notice nothing.
    pub unsound: Vec<String>,
}

/// Of many scenarios, so many are named.
const NAMED: usize = 3;

impl SelftestTable<'_> {
    /// Whether every fault was noticed, by a suite that passes while nothing is wrong.
    pub fn is_met(&self) -> bool {
        self.unsound.is_empty() && self.survivors().next().is_none()
    }

    fn survivors(&self) -> impl Iterator<Item = &FaultRow<'_>> {
        self.faults.iter().filter(|fault| fault.noticed_by.is_empty())
    }

    fn idle(&self) -> impl Iterator<Item = &ScenarioRow<'_>> {
        self.scenarios.iter().filter(|scenario| scenario.n_noticed == 0)
    }
}

/// The shelf itself: every fault and what it does.
pub fn shelf(faults: &[FaultRow<'_>], is_json: bool) -> String {
    if is_json {
        let faults: Vec<Value> = faults
            .iter()
            .map(|fault| json!({ "name": fault.name, "family": fault.family, "says": fault.says }))
            .collect();
        return format!("{:#}\n", json!({ "format": "rehearse.faults/1", "faults": faults }));
    }
    let mut text = String::new();
    for family in faults.chunk_by(|a, b| a.family == b.family) {
        let _ = writeln!(text, "{}", family[0].family);
        for fault in family {
            let _ = writeln!(text, "  {}: {}", fault.name, fault.says);
        }
    }
    text
}

/// `everything`: every scenario that noticed a fault, and every scenario's own count. `problems_only`: what survives.
pub fn selftest(table: &SelftestTable<'_>, everything: bool, problems_only: bool) -> String {
    let mut text = String::new();
    if !problems_only {
        families(table, everything, &mut text);
    }
    if everything {
        scenarios(table, &mut text);
    }
    for label in &table.unsound {
        let _ = writeln!(text, "FAILS although nothing is wrong: {label}");
    }
    for fault in table.survivors() {
        let _ = writeln!(text, "SURVIVES {}: {}", fault.name, fault.says);
    }
    let idle: Vec<&str> = table.idle().map(|scenario| scenario.name).collect();
    if !idle.is_empty() && !problems_only {
        let _ = writeln!(
            text,
            "{} of these faults: {}.",
            if idle.len() == 1 { "One scenario notices none" } else { "These scenarios notice none" },
            idle.join(", ")
        );
    }
    total(table, &mut text);
    text
}

fn families(table: &SelftestTable<'_>, everything: bool, text: &mut String) {
    let width = table.faults.iter().map(|fault| fault.name.len()).max().unwrap_or(0);
    for family in table.faults.chunk_by(|a, b| a.family == b.family) {
        let _ = writeln!(text, "{}", family[0].family);
        for fault in family {
            let n_named = if everything { usize::MAX } else { NAMED };
            let _ = writeln!(text, "  {:width$}  {}", fault.name, noticed_by(&fault.noticed_by, n_named));
        }
        text.push('\n');
    }
}

fn noticed_by(names: &[&str], n_named: usize) -> String {
    if names.is_empty() {
        return "SURVIVES: no scenario notices it".to_owned();
    }
    let mut text = names.iter().take(n_named).copied().collect::<Vec<_>>().join(", ");
    if let Some(n_more @ 1..) = names.len().checked_sub(n_named) {
        let _ = write!(text, " and {n_more} more");
    }
    text
}

fn scenarios(table: &SelftestTable<'_>, text: &mut String) {
    let width = table.scenarios.iter().map(|scenario| scenario.name.chars().count()).max().unwrap_or(0);
    for scenario in &table.scenarios {
        let alone = match scenario.n_alone {
            0 => String::new(),
            n => format!(", {} of them alone", number(n)),
        };
        let _ = writeln!(
            text,
            "{:width$}  notices {}{alone}",
            scenario.name,
            counted(scenario.n_noticed, "fault", "faults")
        );
    }
    text.push('\n');
}

fn total(table: &SelftestTable<'_>, text: &mut String) {
    let n_noticed = table.faults.len() - table.survivors().count();
    let _ = writeln!(
        text,
        "{} of {} noticed by {} with {}.",
        number(n_noticed),
        counted(table.faults.len(), "planted fault", "planted faults"),
        counted(table.scenarios.len(), "scenario", "scenarios"),
        counted(table.n_cases, "case", "cases"),
    );
}

pub fn selftest_json(table: &SelftestTable<'_>, seed: u64, exit_code: u8) -> String {
    let faults: Vec<Value> = table
        .faults
        .iter()
        .map(|fault| {
            json!({
                "name": fault.name,
                "family": fault.family,
                "says": fault.says,
                "noticed": !fault.noticed_by.is_empty(),
                "noticed_by": fault.noticed_by,
            })
        })
        .collect();
    let scenarios: Vec<Value> = table
        .scenarios
        .iter()
        .map(|it| json!({ "name": it.name, "n_noticed": it.n_noticed, "n_alone": it.n_alone }))
        .collect();
    let survivors: Vec<&str> = table.survivors().map(|fault| fault.name).collect();
    let document = json!({
        "format": "rehearse.selftest/1",
        "version": env!("CARGO_PKG_VERSION"),
        "verdict": if table.is_met() { "passed" } else { "failed" },
        "seed": seed,
        "exit_code": exit_code,
        "n_cases": table.n_cases,
        "faults": faults,
        "survivors": survivors,
        "scenarios": scenarios,
        "fail_without_a_fault": table.unsound,
    });
    format!("{document:#}\n")
}
