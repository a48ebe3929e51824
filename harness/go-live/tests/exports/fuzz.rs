//! The readers under bytes that nobody meant: kept files, and those files with bytes changed. They never panic, what they
//! say is whole, and the record reader agrees with the `csv` crate.

use super::*;
use std::fs;
use std::path::PathBuf;

/// Numbers from a seed (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n.max(1)).expect("small")).expect("small")
    }
}

/// Files that once did something, or stand for a kind. Add what a longer run finds.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/exports/corpus");
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .expect("the corpus is kept")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            (
                path.file_name().expect("a name").to_string_lossy().into_owned(),
                fs::read(&path).expect("a file"),
            )
        })
        .collect();
    files.sort();
    assert!(files.len() >= 8, "the corpus is kept");
    files
}

/// Reads as both sides and looks at everything that came of it.
fn look_at(name: &str, bytes: &[u8]) {
    for side in [Side::Rostering, Side::Acp] {
        let export = of(side, bytes);
        for row in export.rows() {
            let n_chars: usize =
                Column::ALL.iter().filter_map(|column| row.text(*column)).map(|it| it.chars().count()).sum();
            assert!(row.number() > 0 && n_chars < 10_000_000, "{name}");
            let _ = (row.fields(), row.for_lookalikes(), row.status(), row.care_history(), row.origin());
        }
        assert!(export.is_usable() || !export.problems.is_empty(), "{name}: nothing said");
        for problem in &export.problems {
            let is_whole =
                !problem.what.is_empty() && problem.what.ends_with('.') && problem.fix.ends_with('.');
            assert!(is_whole, "{name}: {problem:?}");
            let shown = [problem.value.as_deref(), problem.column.as_deref(), Some(problem.what.as_str())];
            assert!(
                shown.into_iter().flatten().all(|text| !text.chars().any(char::is_control)),
                "{name}: {problem:?}"
            );
        }
    }
}

/// Changes, takes out, doubles or swaps a few stretches.
fn mutated(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    const TOKENS: &[&[u8]] = &[
        b"\"",
        b",",
        b";",
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\t",
        b"\"\"",
        b"=1+1",
        b"30/02/1940",
        b"1E+09",
        b"4294967295",
        b"-1",
        b"<!DOCTYPE",
        b"PK\x03\x04",
        b"\xe2\x80\xae",
    ];
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(12)).min(bytes.len());
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).expect("a byte"),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let stretch = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, stretch);
            }
            3 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            4 => bytes.truncate(at.max(1)),
            _ => drop(bytes.splice(at..at, TOKENS[dice.below(TOKENS.len())].iter().copied())),
        }
    }
    bytes
}

/// How many changed files of each kept one: more with `FUZZ=100000`.
fn n_rounds() -> usize {
    std::env::var("FUZZ").ok().and_then(|it| it.parse().ok()).unwrap_or(300)
}

#[test]
fn kept_files_and_changed_ones_never_break_the_readers() {
    for (idx, (name, bytes)) in corpus().iter().enumerate() {
        look_at(name, bytes);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ u64::try_from(idx).expect("few"));
        for round in 0..n_rounds() {
            let changed = mutated(bytes, &mut dice);
            let done = std::panic::catch_unwind(|| look_at(name, &changed));
            if done.is_err() {
                let path = std::env::temp_dir().join(format!("export-crash-{name}-{round}"));
                fs::write(&path, &changed).expect("a file");
                panic!("{name}, round {round}: see {}", path.display());
            }
        }
    }
}

/// Parts inside a package are changed too, so that more than the package is tried.
#[test]
fn changed_parts_of_workbooks_never_break_the_readers() {
    let whole = [
        super::books::xlsx_of(&super::books::rows(&[&["Client ID", "Surname"], &["1", "Price"]]), &[]),
        super::books::ods_of(&super::books::ods_table("A", &[&["Client ID", "Surname"], &["1", "Price"]])),
    ];
    for (idx, bytes) in whole.iter().enumerate() {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes.as_slice())).expect("ours");
        let parts: Vec<(String, Vec<u8>)> = (0..zip.len())
            .map(|idx| {
                let mut part = zip.by_index(idx).expect("ours");
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut part, &mut bytes).expect("ours");
                (part.name().expect("ours").into_owned(), bytes)
            })
            .collect();
        let mut dice = Dice(77 + u64::try_from(idx).expect("few"));
        for round in 0..n_rounds() {
            let at = dice.below(parts.len());
            let changed: Vec<(&str, Vec<u8>)> = parts
                .iter()
                .enumerate()
                .map(|(idx, (name, bytes))| {
                    (name.as_str(), if idx == at { mutated(bytes, &mut dice) } else { bytes.clone() })
                })
                .collect();
            let parts: Vec<(&str, &[u8])> =
                changed.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
            look_at(&format!("part {at}, round {round}"), &super::books::zipped(&parts));
        }
    }
}

#[test]
fn records_are_those_of_the_csv_crate() {
    let mut dice = Dice(4711);
    let pieces = ["a", "b c", "\"", "\"\"", ",", ";", "\n", "\r\n", "é", "12", " "];
    let mut n_compared = 0;
    for _ in 0..20_000 {
        let text: String = (0..dice.below(40)).map(|_| pieces[dice.below(pieces.len())]).collect();
        let text = format!("Client ID,Surname,Forename,Branch,Email,Area\n{text}\n");
        let export = rostering(&text);
        // Where quotation marks are not in order, the crate guesses and we say so.
        if export.problems.iter().any(|it| it.code.starts_with("CSV-"))
            || !export.form.what.ends_with("commas")
        {
            continue;
        }
        let mut expected: Vec<Vec<String>> = Vec::new();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(text.as_bytes());
        for record in reader.records() {
            let cells: Vec<String> = record.expect("text").iter().map(str::to_owned).collect();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                expected.push(cells);
            }
        }
        let columns = [
            Column::ExternalId,
            Column::FamilyName,
            Column::GivenName,
            Column::Branch,
            Column::Email,
            Column::Area,
        ];
        let read: Vec<Vec<String>> = export
            .rows()
            .map(|row| columns.iter().map(|column| row.or_empty(*column).to_owned()).collect())
            .collect();
        let expected: Vec<Vec<String>> = expected
            .into_iter()
            .map(|mut cells| {
                cells.resize(6, String::new());
                cells
            })
            .collect();
        assert_eq!(read, expected, "{text:?}");
        n_compared += usize::from(!read.is_empty());
    }
    println!("{n_compared} texts compared");
    assert!(n_compared > 100, "{n_compared}");
}

#[test]
fn parts_of_a_large_file_give_the_same_rows_as_one() {
    let mut text = String::from(HEAD);
    let mut dice = Dice(99);
    for n in 0..40_000 {
        let branch = ["Leeds", "\"Leeds,\nNorth\"", "\"He said \"\"no\"\"\"", "York"][dice.below(4)];
        text.push_str(&format!("{n},Ada,Okafor,14/11/1938,,{branch}\n"));
    }
    let check = |text: &str, n_rows: usize| {
        let export = rostering(text);
        assert_eq!(export.n_rows(), n_rows);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for (row, record) in export.rows().zip(reader.records()) {
            let record = record.expect("text");
            assert_eq!(u64::from(row.number()), record.position().expect("a place").line());
            assert_eq!((row.external_id(), row.text(Column::Branch)), (record.get(0), record.get(5)));
        }
    };
    assert!(text.len() > 1 << 20, "more than one part");
    check(&text, 40_000);
    // A quotation mark inside a cell puts every part after it out of step.
    let broken = text.replacen("\n7,Ada,", "\n7,Ada \"Nan,", 1);
    check(&broken, 40_000);
}
