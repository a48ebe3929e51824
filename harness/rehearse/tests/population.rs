//! `rehearse population`: two exports of people who do not exist, and a truth that holds.

mod common;

use common::Folder;
use feed::NhsNumber;
use go_live::exports::{Choices, Column, Export, How, Limits, Side, read};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const BOOK: &str = "rehearse-out/population/rostering.xlsx";
const TEXT: &str = "rehearse-out/population/acp.csv";
const TRUTH: &str = "rehearse-out/population/truth.csv";

fn made(words: &[&str]) -> Folder {
    let folder = Folder::new();
    let ended = folder.rehearse(&[&["population"], words].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    folder
}

fn export(folder: &Folder, path: &str, side: Side) -> Export {
    let bytes = fs::read(folder.path.join(path)).expect("it was written");
    let choices = Choices::default();
    let file = path.rsplit('/').next().unwrap_or(path);
    let how = How { side, file, today: date(2026, 3, 2), choices: &choices, limits: Limits::default() };
    let export = read(&bytes, &how);
    assert!(export.is_usable(), "{:?}", export.problems);
    export
}

/// Rows of the truth, by heading.
fn truth(folder: &Folder) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(folder.path.join(TRUTH)).expect("it was written");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.expect("as it was written")).collect()
}

#[test]
fn two_exports_and_a_truth_that_our_own_reader_takes_without_a_flag() {
    let folder = made(&["--seed", "7", "--service-users", "500", "--mess"]);
    let (a, b) = (export(&folder, BOOK, Side::Rostering), export(&folder, TEXT, Side::Acp));
    assert_eq!(a.n_rows(), 500);
    assert!((450..560).contains(&b.n_rows()), "{}", b.n_rows());
    assert_eq!(
        (a.set_aside.len(), b.set_aside.len()),
        (0, 0),
        "every column is known: {:?} {:?}",
        a.set_aside,
        b.set_aside
    );
    assert_eq!((a.placed.len(), b.placed.len()), (17, 20));
    let number = |export: &Export| -> BTreeMap<u32, String> {
        export.rows().map(|row| (row.number(), row.or_empty(Column::FamilyName).to_lowercase())).collect()
    };
    let (users, records) = (number(&a), number(&b));
    let (mut n_same, mut n_alike) = (0, 0);
    for line in truth(&folder) {
        let row = |name: &str| line[name].parse::<u32>().ok();
        if line["Same person"] == "yes" {
            let (user, record) = (row("Rostering row").expect("a row"), row("ACP row").expect("a row"));
            n_same += 1;
            n_alike += usize::from(users[&user] == records[&record]);
        } else {
            assert!(row("Rostering row").is_none() || row("ACP row").is_none(), "{line:?}");
        }
    }
    assert!(n_same > 400 && n_alike * 100 > n_same * 85, "{n_alike} of {n_same}");
}

#[test]
fn everything_that_a_plan_has_to_find_is_in_it() {
    let folder = made(&["--seed", "7", "--service-users", "500", "--mess"]);
    let (a, b) = (export(&folder, BOOK, Side::Rostering), export(&folder, TEXT, Side::Acp));
    let branches: BTreeSet<&str> = b.rows().map(|row| row.or_empty(Column::Branch)).collect();
    let unknown = a.rows().filter(|row| !branches.contains(row.or_empty(Column::Branch))).count();
    assert!((1..60).contains(&unknown), "{unknown} in a branch that ACP does not know");
    let said: BTreeMap<String, usize> = truth(&folder).iter().fold(BTreeMap::new(), |mut said, line| {
        for word in line["What differs"].split("; ").chain([line["Same person"].as_str()]) {
            *said.entry(word.to_owned()).or_default() += 1;
        }
        said
    });
    for word in ["branch", "identifier mangled", "second ACP record", "no record", "not in rostering"] {
        assert!(said.get(word).is_some_and(|n| *n > 1), "{word}: {said:?}");
    }
    let with_care =
        b.rows().filter(|row| row.care_history() == go_live::exports::CareHistory::Known(true)).count();
    assert!(with_care * 2 > b.n_rows() && with_care < b.n_rows());
    let problems: BTreeSet<&str> = a.problems.iter().chain(&b.problems).map(|it| it.code).collect();
    assert!(problems.contains("ID-7") || problems.contains("NHS-3"), "{problems:?}");
}

#[test]
fn without_mess_everybody_is_in_both_under_one_identifier() {
    let folder = made(&["--service-users", "300", "--files", "csv"]);
    let a = export(&folder, "rehearse-out/population/rostering.csv", Side::Rostering);
    let b = export(&folder, TEXT, Side::Acp);
    assert_eq!((a.n_rows(), b.n_rows()), (300, 300));
    for (user, record) in a.rows().zip(b.rows()) {
        assert_eq!((user.external_id(), user.full_name()), (record.external_id(), record.full_name()));
        assert_eq!(user.date(Column::DateOfBirth), record.date(Column::DateOfBirth));
    }
    assert!(
        truth(&folder).iter().all(|line| line["Same person"] == "yes" && line["What differs"].is_empty())
    );
}

#[test]
fn one_seed_gives_the_same_bytes_and_another_seed_others() {
    let read = |folder: &Folder| {
        [BOOK, TEXT, TRUTH].map(|path| fs::read(folder.path.join(path)).expect("it was written"))
    };
    let words = |seed| ["--seed", seed, "--service-users", "200", "--mess"];
    let (one, same, other) = (made(&words("7")), made(&words("7")), made(&words("8")));
    assert_eq!(read(&one), read(&same));
    assert!(read(&one).iter().zip(read(&other)).all(|(one, other)| *one != other));
}

#[test]
fn nothing_is_written_over_and_nobody_else_may_read_it() {
    let folder = made(&["--service-users", "20"]);
    let before = fs::read(folder.path.join(TEXT)).expect("it was written");
    let again = folder.rehearse(&["population", "--service-users", "30", "--seed", "9"]);
    assert_eq!(again.code, 2);
    assert!(
        again.out.is_empty() && again.err.contains("acp.csv") && again.err.contains("--out"),
        "{}",
        again.err
    );
    assert_eq!(fs::read(folder.path.join(TEXT)).expect("it is there"), before);
    assert_eq!(folder.rehearse(&["population", "--out", "elsewhere"]).code, 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &str| {
            fs::metadata(folder.path.join(path)).expect("it is there").permissions().mode() & 0o777
        };
        assert_eq!([BOOK, TEXT, TRUTH].map(mode), [0o600; 3]);
        assert_eq!(mode("rehearse-out/population"), 0o700);
    }
    for words in [["--service-users", "0"], ["--service-users", "1000001"], ["--files", "pdf"]] {
        assert_eq!(folder.rehearse(&[&["population"], &words[..]].concat()).code, 2);
    }
}

#[test]
fn nobody_in_it_can_be_a_real_person() {
    let folder = made(&["--seed", "3", "--service-users", "2000", "--mess"]);
    for (path, side) in [(BOOK, Side::Rostering), (TEXT, Side::Acp)] {
        let export = export(&folder, path, side);
        let numbers: Vec<&str> =
            export.rows().map(|row| row.or_empty(Column::NhsNumber)).filter(|it| !it.is_empty()).collect();
        assert!(numbers.len() > 1000);
        // A mistyped number has a wrong check digit; every right one is from the range that is never issued.
        let real = numbers.iter().filter(|it| NhsNumber::read(it).is_ok_and(|it| !it.is_synthetic())).count();
        assert_eq!(real, 0);
    }
}

#[test]
fn what_was_made_is_said_for_people_and_for_programs() {
    let folder = Folder::new();
    let ended = folder.rehearse(&["population", "--seed", "7", "--service-users", "40", "--mess"]);
    assert!(ended.out.contains("40 service users"), "{}", ended.out);
    assert!(
        ended
            .out
            .contains("rehearse plan rehearse-out/population/rostering.xlsx rehearse-out/population/acp.csv")
    );
    let ended = folder.rehearse(&["population", "--service-users", "40", "--json", "--out", "b"]);
    let document: serde_json::Value = serde_json::from_str(&ended.out).expect("one document");
    assert_eq!(
        (&document["format"], &document["rostering"]["service_users"]),
        (&"rehearse.population/1".into(), &40.into())
    );
}
