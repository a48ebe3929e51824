//! Bad text files, row by row of the catalogue of bad input: each is refused or told at its place, and good rows go on.

use super::*;
use go_live::exports::DateOrder;

#[test]
fn c01_an_empty_file_and_one_with_headings_alone() {
    assert_eq!(stops(&rostering("")), ["FILE-1"]);
    assert_eq!(stops(&rostering("\n\n \n")), ["COL-1"]);
    assert_eq!(stops(&rostering(HEAD)), ["FILE-2"]);
    assert_eq!(stops(&rostering("12,13,14\n15,16,17\n")), ["COL-1"], "no headings at all");
}

#[test]
fn c02_missing_unknown_doubled_and_oddly_written_columns() {
    let export =
        rostering("FORENAME;sur-name;Surname;Surnmae2;Shoe size;Brnach\nAda;Okafor;Price;;7;Leeds\n");
    assert_eq!(stops(&export), ["COL-2"]);
    let missing = export.problems.iter().find(|it| it.code == "COL-2").expect("it stops");
    assert!(
        missing.what.contains("FORENAME, sur-name, Surname, Surnmae2, Shoe size, Brnach"),
        "{}",
        missing.what
    );
    assert_eq!(told(&export, &["COL-5"]), ["COL-5 Surname"], "doubled");
    assert_eq!(told(&export, &["COL-7"]), ["COL-7 Brnach"], "one letter swapped");
    assert_eq!(told(&export, &["COL-4"]), ["COL-4 Shoe size", "COL-4 Surname", "COL-4 Surnmae2"]);
    assert_eq!(texts(&export, Column::FamilyName), ["Okafor"], "the first of the two");
    let acp = acp("Surname\nPrice\nOkafor\n");
    let unknown: Vec<String> = told(&acp, &["COL-3"]);
    assert_eq!(
        unknown.len(),
        6,
        "external ID, record ID, branch, care history, status, service: {unknown:?}"
    );
    assert!(acp.is_usable());
}

#[test]
fn c03_rows_with_too_few_or_too_many_cells() {
    let export = rostering(list(
        "1001,Ada,Okafor,02/03/1940,,Leeds\n1002,\"two\nlines\",Price,Leeds\n1003,Kofi,Mensah,14/11/1938,,Leeds,extra\n1004,Rhys,Evans,14/11/1938,,Leeds,,,\n",
    ));
    assert_eq!(told(&export, &["CSV-3", "CSV-4"]), ["CSV-3 3", "CSV-4 5"], "the line where the row begins");
    let few = export.problems.iter().find(|it| it.code == "CSV-3").expect("too few");
    assert_eq!(
        few.what,
        "This row has 4 cells and the headings have 6, so nobody can tell which are missing."
    );
    assert_eq!(
        texts(&export, Column::ExternalId),
        ["1001", "1004"],
        "good rows go on; empty cells too many are none"
    );
    let export = rostering(list(
        "1001,Ada,Okafor,02/03/1940,,Leeds\nBranch: York,,,,,\n1002,Rhys,Evans,14/11/1938,,York\nTotal 2\n",
    ));
    assert_eq!(told(&export, &["CSV-3"]), ["CSV-3 3 [Branch: York]"]);
    assert_eq!(told(&export, &["CSV-5"]), ["CSV-5 5 [Total 2]"], "the foot of the list is no mistake");
}

#[test]
fn c04_a_quotation_mark_that_is_never_closed_costs_its_row_alone() {
    let export = rostering(list("1001,Ada,\"Okafor,02/03/1940,,Leeds\n1002,Rhys,Evans,14/11/1938,,Leeds\n"));
    assert_eq!(told(&export, &["CSV-6"]), ["CSV-6 2"]);
    let problem = export.problems.iter().find(|it| it.code == "CSV-6").expect("never closed");
    assert!(problem.what.contains("cell 3"), "{}", problem.what);
    assert_eq!(texts(&export, Column::ExternalId), ["1002"]);
    // Closed by the opening one of another row.
    let export = rostering(list(
        "1001,Ada,\"Okafor,02/03/1940,,Leeds\n1002,\"Rhys\",Evans,14/11/1938,,Leeds\n1003,Ada,Price,14/11/1938,,Leeds\n",
    ));
    assert_eq!(told(&export, &["CSV-6"]), ["CSV-6 2"]);
    assert_eq!(texts(&export, Column::ExternalId), ["1002", "1003"]);
}

#[test]
fn c05_quotation_marks_inside_cells() {
    let export = rostering(list(
        "1001,Ada \"Nan\",Okafor,02/03/1940,,Leeds\n1002,\"Rhys\"x,Evans,14/11/1938,,Leeds\n1003,\"A \"\"B\"\"\",Price,14/11/1938,,Leeds\n",
    ));
    assert_eq!(texts(&export, Column::GivenName), ["Ada \"Nan\"", "Rhysx", "A \"B\""]);
    assert_eq!(told(&export, &["CSV-7", "CSV-8"]), ["CSV-7 3", "CSV-8 2"]);
    let bare = export.problems.iter().find(|it| it.code == "CSV-8").expect("bare");
    assert!(bare.what.starts_with("Cell 2 "), "{}", bare.what);
}

#[test]
fn c06_line_breaks_in_quotation_marks_do_not_disturb_later_line_numbers() {
    let export = rostering(list(
        "1001,Ada,Okafor,02/03/1940,,\"Leeds\r\nNorth\"\n1002,Rhys,Evans,30/02/1938,,Leeds\n",
    ));
    assert_eq!(texts(&export, Column::Branch), ["Leeds\r\nNorth", "Leeds"]);
    assert_eq!(told(&export, &["DATE-2"]), ["DATE-2 4 Date of Birth [30/02/1938]"]);
}

#[test]
fn c07_every_delimiter_is_found_and_a_stated_one_is_believed() {
    for (delimiter, name) in [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
        let text = list("1001,Ada,Okafor,02/03/1940,,Leeds\n1002,Rhys,Evans,14/11/1938,,York\n")
            .replace(',', delimiter);
        for text in [text.clone(), format!("sep={delimiter}\r\n{text}")] {
            let export = rostering(&text);
            assert_eq!(export.form.what, format!("CSV, UTF-8, {name}"));
            assert_eq!(texts(&export, Column::Branch), ["Leeds", "York"]);
            assert_eq!(export.row(0).number(), if text.starts_with("sep") { 3 } else { 2 });
        }
    }
    // Commas in cells do not win over semicolons between them.
    let export =
        rostering("Client ID;Surname;Address\n1;Price;\"1, High St, Leeds\"\n2;Evans;2, Low St, York\n");
    assert_eq!(export.form.what, "CSV, UTF-8, semicolons");
    assert_eq!(texts(&export, Column::AddressLine2), ["High St", "Low St"]);
}

#[test]
fn c08_every_end_of_line_is_taken() {
    for end in ["\n", "\r\n", "\r"] {
        for last in ["", end] {
            let text =
                format!("Client ID,Surname{end}1001,Price{end}{end}1002,\"O{end}K\"{end}1003,Evans{last}");
            let export = rostering(&text);
            assert_eq!(texts(&export, Column::ExternalId), ["1001", "1002", "1003"], "{end:?} {last:?}");
            assert_eq!(export.row(2).number(), 6, "{end:?}");
        }
    }
    let mixed = rostering("Client ID,Surname\r\n1001,Price\n1002,Evans\r\n1003,Okafor");
    assert_eq!(texts(&mixed, Column::FamilyName), ["Price", "Evans", "Okafor"]);
}

#[test]
fn c09_what_is_not_utf_8_is_told_with_its_place_and_never_replaced() {
    let mut bytes = list("1001,Ada,Okafor,02/03/1940,,Leeds\n1002,Zo").into_bytes();
    bytes.extend([0xeb, b',', b'P', b'r', 0x81, b'i', b'c', b'e', b',', b',', b',', b'\n']);
    let export = rostering(&bytes);
    assert_eq!(told(&export, &["TEXT-1", "TEXT-2"]), ["TEXT-2 3", "TEXT-1 3"]);
    let note = export.problems.iter().find(|it| it.code == "TEXT-1").expect("a note");
    assert!(note.what.contains("byte EB"), "{}", note.what);
    assert_eq!(export.row(1).text(Column::GivenName), Some("Zoë"));
    assert!(export.rows().all(|row| !row.full_name().contains('\u{fffd}')));
    // Half a pair of UTF-16.
    let mut utf_16: Vec<u8> = vec![0xff, 0xfe];
    utf_16.extend("Client ID,Surname\n1,Pr".encode_utf16().flat_map(u16::to_le_bytes));
    utf_16.extend([0x00, 0xd8, b'x', 0]);
    assert_eq!(stops(&rostering(&utf_16)), ["TEXT-3"]);
    let lost = rostering("Client ID,Surname\n1,Pr\u{fffd}ce\n2,JosÃ©\n");
    assert_eq!(told(&lost, &["TEXT-4", "TEXT-5"]), ["TEXT-4 2", "TEXT-5 3"]);
}

#[test]
fn c10_ids_that_a_spreadsheet_changed() {
    let export = rostering(
        "Client ID,Surname\n1.23E+15,A\n1-Feb,B\nFeb-01,C\n01/02/2026,D\n1234567890123450000,E\n########,F\n00001234,G\n00001235,H\n00001236,I\n00001237,J\n00001238,K\n1239,L\n",
    );
    let codes = ["ID-2", "ID-3", "ID-4", "ID-5", "CELL-3"];
    let mut found = told(&export, &codes);
    found.sort();
    assert_eq!(
        found,
        [
            "CELL-3 7 Client ID [########]",
            "ID-2 2 Client ID [1.23E+15]",
            "ID-3 3 Client ID [1-Feb]",
            "ID-3 4 Client ID [Feb-01]",
            "ID-3 5 Client ID [01/02/2026]",
            "ID-4 6 Client ID [1234567890123450000]",
            "ID-5 13 Client ID [1239]",
        ]
    );
    assert_eq!(export.n_rows(), 12, "they all go on");
    // Numbers that were never padded lost nothing.
    let plain = rostering("Client ID,Surname\n9,A\n10,B\n99,C\n100,D\n1000,E\n1001,F\n10000,G\n");
    assert_eq!(told(&plain, &codes), [""; 0]);
}

#[test]
fn c11_ids_with_characters_that_nobody_sees_are_kept_and_told() {
    let export = rostering(
        "Client ID,Surname\nPP-1\u{a0},A\n\u{200b}PP-2,B\nPP\t3,C\nPP-4 ,D\nPP-5,E\n\u{feff} ,F\n,G\n",
    );
    assert_eq!(
        texts(&export, Column::ExternalId)[..5],
        ["PP-1\u{a0}", "\u{200b}PP-2", "PP\t3", "PP-4 ", "PP-5"]
    );
    assert_eq!(
        told(&export, &["ID-7", "ID-8", "ID-1"]),
        [
            "ID-7 2 Client ID [PP-1<U+00A0>]",
            "ID-7 3 Client ID [<U+200B>PP-2]",
            "ID-8 4 Client ID [PP<U+0009>3]",
            "ID-7 5 Client ID [PP-4 ]",
            "ID-1 7 Client ID [<U+FEFF> ]",
            "ID-1 8 Client ID",
        ]
    );
}

#[test]
fn c12_an_id_that_stands_twice_names_both_rows() {
    let export = rostering("Client ID,Surname\nPP-1,A\nPP-2,B\nPP-1,C\npp-2 ,D\n");
    assert_eq!(told(&export, &["ID-9", "ID-10"]), ["ID-9 4 Client ID [PP-1]", "ID-10 5 Client ID [pp-2 ]"]);
    let twice = export.problems.iter().find(|it| it.code == "ID-9").expect("twice");
    assert_eq!(twice.what, "Row 2 has the same ID.");
    assert_eq!(
        told(&acp("Record ID,External ID,Surname\n7,PP-1,A\n7,PP-1,B\n"), &["ID-9"]),
        ["ID-9 3 Record ID [7]"]
    );
}

#[test]
fn c13_a_date_that_may_be_read_two_ways_is_asked_about() {
    let ambiguous = "Client ID,Surname,Date of Birth\n1,A,03/04/1940\n2,B,05/06/1950\n";
    let export = rostering(ambiguous);
    assert_eq!(told(&export, &["DATE-8"]), ["DATE-8 Date of Birth"]);
    assert_eq!(
        texts(&export, Column::DateOfBirth),
        ["1940-04-03", "1950-06-05"],
        "days first, as in the United Kingdom"
    );
    // One date that can only be read in one way settles it, in whichever column it stands.
    let month = rostering(
        "Client ID,Surname,Date of Birth,Start Date\n1,A,03/04/1940,12/31/2025\n2,B,05/06/1950,01/02/2026\n",
    );
    assert_eq!(told(&month, &["DATE-8"]), [""; 0]);
    assert_eq!(texts(&month, Column::DateOfBirth), ["1940-03-04", "1950-05-06"]);
    // So does the user, and the heading.
    let choices =
        Choices::read("rehearse columns 1\n[rostering]\n\"Date of Birth\" = date of birth, month first\n")
            .expect("a choice");
    let chosen = read(ambiguous.as_bytes(), &how(Side::Rostering, &choices));
    assert_eq!(texts(&chosen, Column::DateOfBirth), ["1940-03-04", "1950-05-06"]);
    assert_eq!(told(&chosen, &["DATE-8"]), [""; 0]);
    assert_eq!(chosen.date_orders, [(2, DateOrder::MonthFirst)]);
    let heading = rostering("Client ID,Surname,DOB (mm/dd/yyyy)\n1,A,03/04/1940\n");
    assert_eq!(texts(&heading, Column::DateOfBirth), ["1940-03-04"]);
    // Both orders in one column: Excel was there.
    let mixed = rostering("Client ID,Surname,DOB\n1,A,13/04/1940\n2,B,14/06/1950\n3,C,06/15/1950\n");
    assert_eq!(told(&mixed, &["DATE-9", "DATE-7"]), ["DATE-9 DOB", "DATE-7 4 DOB [06/15/1950]"]);
    assert_eq!(texts(&mixed, Column::DateOfBirth)[2], "1950-06-15");
}

#[test]
fn c13_the_order_of_a_date_far_down_the_file_counts_too() {
    let mut text = String::from("Client ID,Surname,DOB\n");
    for n in 0..5000 {
        text.push_str(&format!("{n},Price,0{}/0{}/19{}0\n", n % 9 + 1, n % 7 + 1, n % 5 + 3));
    }
    text.push_str("5000,Okafor,02/28/1940\n");
    let export = rostering(&text);
    assert_eq!(export.row(0).date(Column::DateOfBirth), Some(date(1930, 1, 1)));
    assert_eq!(export.row(1).text(Column::DateOfBirth), Some("1940-02-02"));
    assert_eq!(export.row(8).text(Column::DateOfBirth), Some("1960-09-02"), "09/02: month first");
    assert_eq!(told(&export, &["DATE-7", "DATE-8", "DATE-9"]), [""; 0]);
}

#[test]
fn c14_dates_that_cannot_be() {
    let export = rostering(
        "Client ID,Surname,DOB,End Date\n1,A,30/02/1940,\n2,B,31/12/2026,31/12/2026\n3,C,01/01/1850,\n4,D,unknown,\n5,E,29/02/1940,\n6,F,29/02/1941,\n7,G,2 March 1940,\n8,H,02-Mar-40,\n9,I,14672,\n10,J,1940-03-02T00:00:00,\n11,K,19400302,\n12,L,Sat 2 Mar 1940 00:00,\n",
    );
    let codes = ["DATE-1", "DATE-2", "DATE-3", "DATE-4", "DATE-5", "DATE-6"];
    let mut found = told(&export, &codes);
    found.sort();
    assert_eq!(
        found,
        [
            "DATE-1 5 DOB [unknown]",
            "DATE-2 2 DOB [30/02/1940]",
            "DATE-2 7 DOB [29/02/1941]",
            "DATE-3 3 DOB [31/12/2026]",
            "DATE-4 4 DOB [01/01/1850]",
            "DATE-5 9 DOB [02-Mar-40]",
            "DATE-6 10 DOB [14672]",
        ]
    );
    let dates: Vec<_> = export.rows().skip(6).map(|row| row.date(Column::DateOfBirth)).collect();
    assert_eq!(dates, [Some(date(1940, 3, 2)); 6]);
    assert_eq!(export.row(0).date(Column::DateOfBirth), None);
    assert_eq!(export.row(0).text(Column::DateOfBirth), Some("30/02/1940"), "as written");
}

#[test]
fn c15_every_fault_of_an_nhs_number_has_its_own_words() {
    let rows = [
        ("999000001", "NHS-1"),
        ("99900000180", "NHS-1"),
        ("999 00A 0018", "NHS-2"),
        ("9990000019", "NHS-3"),
        ("9990000000", "NHS-4"),
        ("9.99E+09", "NHS-5"),
    ];
    // Enough good ones that it is a column of NHS numbers; spaces and hyphens are fine.
    let mut text = list("");
    for number in
        ["9990000018", "999 000 0026", "999-000-0034", " 9990000042 ", "9990000050", "9990000069", ""]
    {
        text.push_str(&format!("1,Ada,Okafor,02/03/1940,{number},Leeds\n"));
    }
    for (number, _) in rows {
        text.push_str(&format!("1,Ada,Okafor,02/03/1940,{number},Leeds\n"));
    }
    let export = rostering(&text);
    let mut found = told(&export, &["NHS-1", "NHS-2", "NHS-3", "NHS-4", "NHS-5", "NHS-6"]);
    found.sort();
    let mut expected: Vec<String> =
        (9..).zip(rows).map(|(row, (number, code))| format!("{code} {row} NHS Number [{number}]")).collect();
    expected.sort();
    assert_eq!(found, expected);
    let words: std::collections::BTreeSet<&str> =
        export.problems.iter().filter(|it| it.code.starts_with("NHS")).map(|it| it.what.as_str()).collect();
    assert_eq!(words.len(), 6, "9 and 11 digits differ too: {words:?}");
    assert!(export.problems.iter().filter(|it| it.code.starts_with("NHS")).all(|it| it.is_personal));
}

#[test]
fn c15_a_column_of_other_numbers_is_one_problem_and_not_a_thousand() {
    let mut text = list("");
    for n in 0..1000 {
        text.push_str(&format!("{n},Ada,Okafor,02/03/1940,AB{n:06}C,Leeds\n"));
    }
    let export = rostering(&text);
    assert_eq!(told(&export, &["NHS-1", "NHS-2", "NHS-6"]), ["NHS-6 NHS Number"]);
}

#[test]
fn c17_what_looks_like_a_formula_is_text() {
    let hostile = ["=1+1", "+447700900123", "-1", "@SUM(A1)", "\tTab", "=HYPERLINK(\"x\")"];
    let mut text = String::from("Client ID,Surname\n");
    for (n, value) in hostile.iter().enumerate() {
        text.push_str(&format!("{n},\"{}\"\n", value.replace('"', "\"\"")));
    }
    assert_eq!(texts(&rostering(&text), Column::FamilyName), hostile);
}

#[test]
fn c18_nul_bytes_long_cells_too_many_rows_and_columns() {
    let export =
        rostering(list("1001,A\0da,Okafor,02/03/1940,,Leeds\n1002,R\u{7}hys,Evans,14/11/1938,,Leeds\n"));
    assert_eq!(
        told(&export, &["CELL-1", "CELL-2"]),
        ["CELL-1 2 Forename [A<U+0000>da]", "CELL-2 3 Forename [R<U+0007>hys]"]
    );
    let long =
        list(&format!("1001,{},Okafor,,,Leeds\n1002,Rhys,Evans,14/11/1938,,Leeds\n", "x".repeat(65_536)));
    let export = rostering(&long);
    assert_eq!(
        (told(&export, &["CSV-9"]), texts(&export, Column::ExternalId)),
        (vec!["CSV-9 2".to_owned()], vec!["1002"])
    );
    let choices = Choices::default();
    let few = How {
        limits: Limits { rows: 3, columns: 4, text_bytes: 100, ..Limits::default() },
        ..how(Side::Rostering, &choices)
    };
    let export = read(b"Client ID,Surname\n1,A\n2,B\n3,C\n4,D\n5,E\n", &few);
    assert_eq!((told(&export, &["FILE-5"]), export.n_rows()), (vec!["FILE-5 5".to_owned()], 3));
    assert_eq!(stops(&read(b"Client ID,Surname,a,b,c\n1,A,,,\n", &few)), ["FILE-6"]);
    assert_eq!(stops(&read("x".repeat(101).as_bytes(), &few)), ["FILE-4"]);
    let wide = format!("Client ID,Surname{}\n1,A\n", ",x".repeat(299));
    assert_eq!(stops(&rostering(&wide)), ["FILE-6"]);
    assert_eq!(Limits::default().rows, 1_000_000);
}

#[test]
fn c18_a_million_rows_and_one_are_one_too_many() {
    let mut text = String::from("Client ID,Surname\n");
    for _ in 0..1_000_001 {
        text.push_str("1,A\n");
    }
    let export = rostering(&text);
    assert_eq!((told(&export, &["FILE-5"]), export.n_rows()), (vec!["FILE-5 1000002".to_owned()], 1_000_000));
}

#[test]
fn c22_files_that_are_something_else_say_what() {
    let files: [(&[u8], &str); 8] = [
        (&[0x1f, 0x8b, 8, 0, 0, 0], "gzip"),
        (b"%PDF-1.7\n", "PDF"),
        (b"  <!DOCTYPE html><html><table>", "web page"),
        (b"<html><body>", "web page"),
        (b"<?xml version=\"1.0\"?><Workbook/>", "XML"),
        (b"{\\rtf1\\ansi", "word-processor"),
        (b"[{\"id\": 1}]", "JSON"),
        (b"PK\x03\x04 no more", "workbook"),
    ];
    for (bytes, word) in files {
        let export = rostering(bytes);
        assert_eq!(stops(&export).len(), 1, "{word}");
        assert!(export.problems[0].what.contains(word), "{word}: {}", export.problems[0].what);
        assert!(!export.problems[0].fix.is_empty());
    }
}

#[test]
fn a_preamble_is_left_above_and_its_rows_are_counted() {
    let export = rostering(format!(
        "Calder Valley Care\nClients by branch,,,\nRun on 2 March 2026\n\n{HEAD}1001,Ada,Okafor,30/02/1940,,Leeds\n"
    ));
    assert_eq!(export.form.headings_row, 5);
    assert_eq!(told(&export, &["DATE-2"]), ["DATE-2 6 Date of Birth [30/02/1940]"]);
}

#[test]
fn problems_are_listed_to_fifty_of_a_kind_and_the_rest_are_counted() {
    let mut text = list("");
    for n in 0..200 {
        text.push_str(&format!("{n},Ada,Okafor,31/02/1940,,Leeds\n"));
    }
    let export = rostering(&text);
    let bad: Vec<_> = export.problems.iter().filter(|it| it.code == "DATE-2").collect();
    assert_eq!((bad.len(), bad.iter().map(|it| it.n_more).sum::<u32>()), (50, 150));
    assert_eq!(
        bad.first().map(|it| it.place()),
        Some("list.csv, line 2, column \"Date of Birth\"".to_owned())
    );
}
