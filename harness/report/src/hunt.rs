//! What came of `rehearse selftest --explore`: which planted fault random histories alone find, how soon, and how short the
//! history that shows it is. Plays nothing.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// One planted fault, and what exploration made of it.
#[derive(Clone, Debug)]
pub struct HuntRow<'a> {
    pub name: &'a str,
    pub family: &'a str,
    /// What is wrong, in one sentence.
    pub says: &'a str,
    pub found: Option<Hunted>,
}

/// A fault that was found.
#[derive(Clone, Debug)]
pub struct Hunted {
    /// The invariant that broke.
    pub invariant: &'static str,
    pub seed: u64,
    /// Steps that are left of the history; none where it could not be made smaller.
    pub steps: Option<usize>,
    /// Real time, in milliseconds: until it was found, and until it was small.
    pub real_found_ms: u128,
    pub real_shrunk_ms: u128,
}

/// So many of ten have to be found.
const OF_TEN: usize = 9;

pub fn hunt_is_met(rows: &[HuntRow<'_>]) -> bool {
    n_found(rows) * 10 >= rows.len() * OF_TEN
}

fn n_found(rows: &[HuntRow<'_>]) -> usize {
    rows.iter().filter(|row| row.found.is_some()).count()
}

/// `everything`: each fault that was found, too.
pub fn hunt(rows: &[HuntRow<'_>], everything: bool) -> String {
    let mut text = String::new();
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    for row in rows {
        match &row.found {
            None => {
                let _ = writeln!(text, "NOT FOUND {}: {}", row.name, row.says);
            }
            Some(found) if everything => {
                let _ = writeln!(
                    text,
                    "found     {:width$}  {:9} seed {:6} after {:6} ms, {:3} steps left after {:6} ms more",
                    row.name,
                    found.invariant,
                    found.seed,
                    found.real_found_ms,
                    found.steps.unwrap_or(0),
                    found.real_shrunk_ms,
                );
            }
            Some(_) => {}
        }
    }
    let found = || rows.iter().filter_map(|row| row.found.as_ref());
    let mut lengths: Vec<usize> = found().filter_map(|found| found.steps).collect();
    lengths.sort_unstable();
    let _ = writeln!(text, "Exploration alone found {} of {} planted faults.", n_found(rows), rows.len());
    if let (Some(median), Some(worst)) = (lengths.get(lengths.len() / 2), lengths.last()) {
        let slowest = found().map(|found| found.real_shrunk_ms).max().unwrap_or(0);
        let _ = writeln!(
            text,
            "Steps left of their histories: median {median}, worst {worst}. The slowest to make small took {slowest} ms."
        );
    }
    text
}

pub fn hunt_json(rows: &[HuntRow<'_>], exit_code: u8) -> String {
    let of = |row: &HuntRow<'_>| {
        let found = row.found.as_ref().map(|found| {
            json!({
                "invariant": found.invariant,
                "seed": found.seed,
                "steps": found.steps,
                "real_found_ms": found.real_found_ms,
                "real_shrunk_ms": found.real_shrunk_ms,
            })
        });
        json!({ "name": row.name, "family": row.family, "found": found })
    };
    let faults: Vec<Value> = rows.iter().map(of).collect();
    let document = json!({
        "format": "rehearse.selftest-explore/1",
        "version": env!("CARGO_PKG_VERSION"),
        "exit_code": exit_code,
        "found": n_found(rows),
        "of": rows.len(),
        "faults": faults,
    });
    format!("{document:#}\n")
}
