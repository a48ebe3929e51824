//! Prints how well a plan tells what the first sync does to each service user, and how long it takes, on invented
//! exports: `plan_figures SIZE [SEED] [JOBS]`. Reading files is not in it.
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

use feed::Timestamp;
use go_live::exports::{Column, Export, Side};
use go_live::plan::{Outcome, SetUp, Sides, plan};
use population::mess::{Exported, Mess, Shape, acp, rostering};
use std::collections::BTreeMap;

const COLUMNS: [Column; 14] = [
    Column::ExternalId,
    Column::RecordId,
    Column::Title,
    Column::GivenName,
    Column::FamilyName,
    Column::KnownAs,
    Column::DateOfBirth,
    Column::NhsNumber,
    Column::Postcode,
    Column::Phone,
    Column::SecondPhone,
    Column::AddressLine1,
    Column::AddressLine2,
    Column::Branch,
];

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let size: u32 = args.get(1).and_then(|it| it.parse().ok()).unwrap_or(10_000);
    let seed: u64 = args.get(2).and_then(|it| it.parse().ok()).unwrap_or(7);
    let jobs = args.get(3).and_then(|it| it.parse().ok()).unwrap_or(2);
    let mess = Mess { people_seed: seed, seed: seed + 1, n_people: size, shape: Shape::Usual };
    let (a, b): (Vec<Exported>, Vec<Exported>) = (rostering(&mess).collect(), acp(&mess).collect());
    let (users, records) = (export(Side::Rostering, &a), export(Side::Acp, &b));
    let set_up = SetUp {
        first_sync: Timestamp::from_second(1_772_442_000).expect("2 March 2026"),
        ..SetUp::default()
    };
    let sides = Sides { rostering: &users, acp: &records, set_up: &set_up };
    let began = std::time::Instant::now();
    let plan = plan(sides, &BTreeMap::new(), jobs);
    println!(
        "{} service users, {} records: {:.3} s, peak {} MB",
        a.len(),
        b.len(),
        began.elapsed().as_secs_f64(),
        memory()
    );
    for outcome in Outcome::ALL {
        println!("  {:<30} {:8}", outcome.text(), plan.counts.of(*outcome));
    }
    let truth = truth(&a, &b);
    let mut table: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (row, truth) in plan.rows.iter().zip(&truth) {
        let told = match (row.outcome, row.record) {
            (Outcome::MayOverwrite, _) => "overwrite",
            (Outcome::CannotBeSent, _) => "refused",
            (_, Some(_)) => "update",
            (Outcome::LikelyDuplicate | Outcome::NeedsDecision, None) => "duplicate",
            (_, None) => "create",
        };
        *table.entry((truth, told)).or_default() += 1;
    }
    let right: usize = table.iter().filter(|((truth, told), _)| truth == told).map(|(_, n)| n).sum();
    println!("right: {:.3} % of {}", 100.0 * right as f64 / a.len() as f64, a.len());
    table
        .iter()
        .filter(|((truth, told), _)| truth != told)
        .for_each(|((truth, told), n)| println!("  {n:6} {truth}, told {told}"));
}

fn export(side: Side, rows: &[Exported]) -> Export {
    let born: Vec<String> =
        rows.iter().map(|row| row.born.map(|it| it.to_string()).unwrap_or_default()).collect();
    let cells: Vec<Vec<&str>> = rows
        .iter()
        .zip(&born)
        .map(|(row, born)| {
            vec![
                row.identifier.as_str(),
                &row.record,
                &row.title,
                &row.given,
                &row.family,
                &row.known_as,
                born,
                &row.nhs,
                &row.postcode,
                &row.phones[0],
                &row.phones[1],
                &row.address[0],
                &row.address[1],
                &row.branch,
            ]
        })
        .collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    Export::of_cells(side, &COLUMNS, &cells)
}

fn truth(a: &[Exported], b: &[Exported]) -> Vec<&'static str> {
    let mut by_identifier: BTreeMap<&str, Vec<&Exported>> = BTreeMap::new();
    let mut by_person: BTreeMap<u32, usize> = BTreeMap::new();
    for record in b {
        *by_person.entry(record.person).or_default() += 1;
        if !record.identifier.trim().is_empty() {
            by_identifier.entry(&record.identifier).or_default().push(record);
        }
    }
    let mut users: BTreeMap<&str, Vec<&Exported>> = BTreeMap::new();
    for user in a {
        users.entry(&user.identifier).or_default().push(user);
    }
    let branches: std::collections::BTreeSet<&str> = b.iter().map(|it| it.branch.as_str()).collect();
    let of = |user: &Exported| {
        if user.identifier.trim().is_empty() || !branches.contains(user.branch.as_str()) {
            return "refused";
        }
        let shared = users[user.identifier.as_str()].iter().any(|it| it.person != user.person);
        match by_identifier.get(user.identifier.as_str()).map_or(&[][..], Vec::as_slice) {
            [_, _, ..] => "refused",
            _ if shared => "overwrite",
            [record] if record.person == user.person => "update",
            [_] => "overwrite",
            [] if by_person.contains_key(&user.person) => "duplicate",
            [] => "create",
        }
    };
    a.iter().map(of).collect()
}

/// The most memory that this process has had, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
