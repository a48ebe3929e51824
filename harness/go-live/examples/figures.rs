//! Prints how well and how fast look-alikes are found on invented exports: `figures SIZE [SEED] [usual|alone|sparse]`.
//! Precision, recall and F1 are of what is found at its own cut, without labels; the first block without identifiers,
//! as other tools are measured, the second with them. Times and memory are of this process only.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "figures for people, of files with fewer than four billion rows"
)]

use go_live::lookalike::{Certainty, Link, Links, Row, Rows, Standing, explain, link, near_misses};
use population::mess::{Exported, Flaw, Flaws, Mess, Shape, acp, origin_of, rostering};
use std::collections::BTreeMap;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let size: u32 = args.get(1).and_then(|it| it.parse().ok()).unwrap_or(10_000);
    let seed: u64 = args.get(2).and_then(|it| it.parse().ok()).unwrap_or(7);
    let shape = match args.get(3).map(String::as_str) {
        Some("alone") => Shape::NoHouseholds,
        Some("sparse") => Shape::Sparse,
        _ => Shape::Usual,
    };
    let jobs = args.get(4).and_then(|it| it.parse().ok()).unwrap_or(2);
    let mess = Mess { people_seed: seed, seed: seed + 1, n_people: size, shape };
    let (a, b): (Vec<Exported>, Vec<Exported>) = (rostering(&mess).collect(), acp(&mess).collect());
    let before = memory();
    println!("{} service users, {} records, seed {seed}, {shape:?}", a.len(), b.len());
    for with_identifiers in [false, true] {
        println!("\n{} identifiers", if with_identifiers { "With" } else { "Without" });
        let (row_a, row_b) =
            (|at: usize| row(&a[at], with_identifiers), |at: usize| row(&b[at], with_identifiers));
        let (users, records) = (Rows { n_rows: a.len(), row: &row_a }, Rows { n_rows: b.len(), row: &row_b });
        let (wall, cpu) = (std::time::Instant::now(), cpu_seconds());
        let links = link(&users, &records, jobs);
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        println!("{cpu:.2} CPU s, {wall:.2} s, peak {} MB of which {before} MB input", memory());
        report(&a, &b, &links, with_identifiers);
        for group in near_misses(&links, &users, &records) {
            let texts: Vec<&str> = group.changes.iter().map(|change| change.text()).collect();
            println!(
                "  {:6} confirmed, {:6} by accident: {}",
                group.confirmed.len(),
                group.by_accident.len(),
                texts.join(", ")
            );
        }
    }
}

fn row(of: &Exported, with_identifiers: bool) -> Row<'_> {
    Row {
        identifier: if with_identifiers { &of.identifier } else { "" },
        record: &of.record,
        title: &of.title,
        given: &of.given,
        family: &of.family,
        known_as: &of.known_as,
        born: of.born,
        nhs: &of.nhs,
        postcode: &of.postcode,
        phones: [&of.phones[0], &of.phones[1]],
        address: [&of.address[0], &of.address[1], &of.address[2]],
        says: 0,
    }
}

fn report(a: &[Exported], b: &[Exported], links: &Links, with_identifiers: bool) {
    println!(
        "{:?}, {} pairs compared, {} times too common",
        links.trust,
        links.n_pairs,
        links.too_common.len()
    );
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    a.iter().enumerate().for_each(|(place, row)| {
        places.insert(row.person, place);
    });
    let truth: Vec<(usize, usize)> = b
        .iter()
        .enumerate()
        .filter_map(|(at, row)| places.get(&row.person).map(|place| (*place, at)))
        .collect();
    if !with_identifiers {
        exact_rules(a, b, truth.len());
    }
    let is_true = |link: &&Link| a[link.a as usize].person == b[link.b as usize].person;
    let score = |what: &str, links: &[&Link]| {
        let right = links.iter().filter(|link| is_true(link)).count();
        let (precision, recall) = (share(right, links.len()), share(right, truth.len()));
        let f1 = 2.0 * precision * recall / (precision + recall);
        println!(
            "{what:<30} P {precision:.5} R {recall:.5} F1 {f1:.5}   ({right} of {}, {} true)",
            links.len(),
            truth.len()
        );
    };
    let all: Vec<&Link> = links.links.iter().collect();
    score("all links", &all);
    score("likely", &all.iter().copied().filter(|it| it.certainty == Certainty::Likely).collect::<Vec<_>>());
    calibration(&all, &|link| is_true(&link));
    let seconds: Vec<_> = all.iter().copied().filter(|it| it.standing == Standing::Second).collect();
    println!(
        "second records: {} of which true {}",
        seconds.len(),
        seconds.iter().filter(|it| is_true(it)).count()
    );
    println!(
        "expected {:.0}, true {}, off by {:+.2} %",
        links.expected,
        truth.len(),
        (links.expected / truth.len() as f64 - 1.0) * 100.0
    );
    if with_identifiers {
        another_person(a, b, links);
    } else {
        by_kind(a, b, links, &truth);
        weights(links);
    }
}

/// How many links of each stretch of weights are true, and how many the weights expect.
fn calibration(links: &[&Link], is_true: &dyn Fn(&Link) -> bool) {
    let mut stretches: BTreeMap<i32, (usize, usize, f64)> = BTreeMap::new();
    for link in links {
        let stretch = stretches.entry((link.weight as i32).min(12) / 3 * 3).or_default();
        stretch.0 += usize::from(is_true(link));
        stretch.1 += 1;
        stretch.2 += 1.0 / (1.0 + f64::from(-link.weight).exp2());
    }
    for (from, (right, n, expected)) in stretches {
        println!(
            "  from {from:2} bits: {n:7} links, true {:.4}, expected {:.4}",
            share(right, n),
            expected / n as f64
        );
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What everybody tries first: the same NHS number, or names and date of birth, or names and postcode.
fn exact_rules(a: &[Exported], b: &[Exported], n_true: usize) {
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "");
    let keys = |row: &Exported| {
        let names = format!("{} {}", plain(&row.given), plain(&row.family));
        let born = row.born.map(|born| format!("{names} {born}")).unwrap_or_default();
        let home =
            if row.postcode.is_empty() { String::new() } else { format!("{names} {}", plain(&row.postcode)) };
        [plain(&row.nhs), born, home]
    };
    let mut index: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in b.iter().enumerate() {
        keys(row)
            .into_iter()
            .filter(|key| !key.is_empty())
            .for_each(|key| index.entry(key).or_default().push(at));
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, row) in a.iter().enumerate() {
        pairs.extend(keys(row).iter().filter_map(|key| index.get(key)).flatten().map(|other| (at, *other)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let right = pairs.iter().filter(|(one, other)| a[*one].person == b[*other].person).count();
    println!(
        "exact rules                    P {:.4} R {:.4}",
        share(right, pairs.len()),
        share(right, n_true)
    );
    let joined = |loose: bool| {
        let key = |row: &Exported| {
            if loose {
                row.identifier
                    .to_lowercase()
                    .replace("pp-", "")
                    .replace([' ', '-', '\u{a0}'], "")
                    .replace('o', "0")
                    .trim_start_matches(|c: char| c == '0' || c.is_alphabetic())
                    .to_owned()
            } else {
                row.identifier.clone()
            }
        };
        let mut index: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        b.iter()
            .filter(|row| !row.identifier.is_empty())
            .for_each(|row| index.entry(key(row)).or_default().push(row.person));
        let (mut n, mut right) = (0, 0);
        for row in a {
            for person in index.get(&key(row)).into_iter().flatten() {
                n += 1;
                right += usize::from(*person == row.person);
            }
        }
        println!(
            "identifiers, loose {loose:<5}       P {:.4} R {:.4}",
            share(right, n),
            share(right, n_true)
        );
    };
    joined(false);
    joined(true);
}

fn another_person(a: &[Exported], b: &[Exported], links: &Links) {
    let wrong = |it: &&go_live::lookalike::Joined| a[it.a as usize].person != b[it.b as usize].person;
    let exact: Vec<_> = links.joined.iter().filter(|it| it.exactly).collect();
    let n_wrong = exact.iter().filter(|it| wrong(it)).count();
    let told: Vec<_> = exact.iter().filter(|it| it.may_be_another_person()).collect();
    let right = told.iter().filter(|it| wrong(it)).count();
    println!(
        "identifier on another person: R {:.4} P {:.4}   ({right} of {n_wrong}, {} told, {} joined)",
        share(right, n_wrong),
        share(right, told.len()),
        told.len(),
        exact.len()
    );
    for it in exact.iter().filter(|it| wrong(it) && !it.may_be_another_person()).take(10) {
        println!("  missed: {:.3} {}", it.same_person, explain(it.pattern, None));
    }
    let mut narrow: Vec<_> = told.iter().filter(|it| wrong(it)).collect();
    narrow.sort_by(|one, other| other.same_person.total_cmp(&one.same_person));
    for it in narrow.iter().take(5) {
        println!("  narrowly told: {:.3} {}", it.same_person, explain(it.pattern, None));
    }
    for it in told.iter().filter(|it| !wrong(it)).take(5) {
        println!("  needlessly told: {:.3} {}", it.same_person, explain(it.pattern, None));
    }
    let loose: Vec<_> = links.joined.iter().filter(|it| !it.exactly).collect();
    let n_true = loose.iter().filter(|it| !wrong(it)).count();
    let told: Vec<_> = loose.iter().filter(|it| it.same_person >= 0.5).collect();
    println!(
        "identifier nearly the same: {} pairs, {n_true} true; confirmed {} of which true {}",
        loose.len(),
        told.len(),
        told.iter().filter(|it| !wrong(it)).count()
    );
}

fn by_kind(a: &[Exported], b: &[Exported], links: &Links, truth: &[(usize, usize)]) {
    let mut found: BTreeMap<u32, u32> = BTreeMap::new();
    links.links.iter().for_each(|link| {
        found.insert(link.b, link.a);
    });
    let is_found = |pair: &&(usize, usize)| found.get(&(pair.1 as u32)) == Some(&(pair.0 as u32));
    let flaws = |pair: &(usize, usize)| -> Flaws { a[pair.0].flaws.or(b[pair.1].flaws) };
    let line = |what: &str, pairs: Vec<&(usize, usize)>| {
        let n = pairs.len();
        let r = pairs.iter().filter(|it| is_found(it)).count();
        if n > 0 {
            println!("  {what:<36} {:.4}  ({r} of {n})", share(r, n));
        }
    };
    println!("recall by kind");
    for n in 0..5 {
        line(
            &format!("{n}{} differences", if n == 4 { " or more" } else { "" }),
            truth.iter().filter(|it| flaws(it).n_differences().min(4) == n).collect(),
        );
    }
    for flaw in Flaw::ALL {
        line(flaw.text(), truth.iter().filter(|it| flaws(it).has(*flaw)).collect());
    }
    println!("recall by name origin");
    let mut origins: BTreeMap<&str, Vec<&(usize, usize)>> = BTreeMap::new();
    for pair in truth {
        origins.entry(origin_of(&a[pair.0].family)).or_default().push(pair);
    }
    for (origin, pairs) in origins {
        line(origin, pairs);
    }
    let persons: BTreeMap<u32, usize> = truth.iter().map(|(at, b_at)| (b[*b_at].person, *at)).collect();
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    for link in links.links.iter().filter(|it| a[it.a as usize].person != b[it.b as usize].person) {
        let (one, other) = (a[link.a as usize].person, b[link.b as usize].person);
        let near = if one.abs_diff(other) < 3 { "near" } else { "far" };
        let has = if persons.contains_key(&other) { "b has another" } else { "b is acp only" };
        *wrong.entry(format!("{near} {has} {:?}", link.standing)).or_default() += 1;
    }
    println!("false links {wrong:?}");
}

fn weights(links: &Links) {
    println!("weights: field, level, share among one person, household, strangers, bits");
    for it in &links.weights {
        let bits = (it.same / it.unrelated).log2();
        println!(
            "  {} {:2} {:.5} {:.5} {:.8} {bits:+.1}",
            it.field, it.level, it.same, it.household, it.unrelated
        );
    }
}

/// The most memory that this process has had, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// User and system time of this process.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|it| it.parse().ok())
        .collect();
    fields.iter().sum::<f64>() / 100.0
}
