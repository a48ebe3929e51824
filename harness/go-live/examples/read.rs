//! Prints how fast an export is read: `read FILE rostering|acp`, or `read SIZE`, which invents both exports of so many
//! people. Times and memory are of this process only.

use go_live::exports::{Choices, Export, How, Limits, Side, read};
use jiff::civil::date;
use population::mess::{Exported, Mess, Shape, acp, rostering};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let first = args.get(1).expect("usage: read FILE rostering|acp, or: read SIZE");
    if let Ok(n_people) = first.parse() {
        let mess = Mess { people_seed: 7, seed: 8, n_people, shape: Shape::Usual };
        let exports = [
            (Side::Rostering, csv("Client ID", rostering(&mess), false)),
            (Side::Acp, csv("External ID", acp(&mess), true)),
        ];
        let before = memory();
        let began = std::time::Instant::now();
        let read: Vec<Export> = exports.into_iter().map(|(side, text)| one(side, text.as_bytes())).collect();
        println!("{:.3} s for both, peak {} MB, {before} MB before", began.elapsed().as_secs_f64(), memory());
        read.iter().for_each(tell);
    } else {
        let side = if args.get(2).is_some_and(|it| it == "acp") { Side::Acp } else { Side::Rostering };
        let bytes = std::fs::read(first).expect("a file that can be read");
        let began = std::time::Instant::now();
        let export = one(side, &bytes);
        println!("{:.3} s, peak {} MB", began.elapsed().as_secs_f64(), memory());
        tell(&export);
    }
}

fn one(side: Side, bytes: &[u8]) -> Export {
    let choices = Choices::default();
    let how =
        How { side, file: "export", today: date(2026, 3, 2), choices: &choices, limits: Limits::default() };
    read(bytes, &how)
}

fn tell(export: &Export) {
    println!("{} bytes, {}, {} rows", export.n_bytes, export.form.what, export.n_rows());
    for placed in &export.placed {
        println!("  {:<24} {} {}", placed.heading, placed.means.text(), placed.because.text());
    }
    for problem in &export.problems {
        println!(
            "  {:<14} {} {} {:?} {}",
            problem.severity.text(),
            problem.code,
            problem.place(),
            problem.value,
            problem.what
        );
    }
}

fn csv(key: &str, rows: impl Iterator<Item = Exported>, has_record: bool) -> String {
    let record = if has_record { "Record ID," } else { "" };
    let mut text = format!(
        "{record}{key},Title,Forename,Surname,Known As,Date of Birth,NHS Number,Address 1,Address 2,Address 3,Postcode,Telephone,Mobile,Branch\n"
    );
    for row in rows {
        let born = row.born.map_or(String::new(), |born| born.strftime("%d/%m/%Y").to_string());
        let cells = [
            &row.identifier,
            &row.title,
            &row.given,
            &row.family,
            &row.known_as,
            &born,
            &row.nhs,
            &row.address[0],
            &row.address[1],
            &row.address[2],
            &row.postcode,
            &row.phones[0],
            &row.phones[1],
            &row.branch,
        ];
        if has_record {
            text.push_str(&row.record);
            text.push(',');
        }
        for (idx, cell) in cells.into_iter().enumerate() {
            if idx > 0 {
                text.push(',');
            }
            if cell.contains([',', '"', '\n']) {
                text.push_str(&quoted(cell));
            } else {
                text.push_str(cell);
            }
        }
        text.push('\n');
    }
    text
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// The most memory that this process has had, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
