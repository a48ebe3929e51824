//! Bad workbooks, row by row of the catalogue of bad input.

use super::books::{self, compound, head, made, ods_of, ods_table, rows, xls_of, xlsx_of, zipped};
use super::*;
use std::io::Write as _;
use std::time::{Duration, Instant};

const LIST: &[&[&str]] =
    &[&["Client ID", "Surname", "DOB"], &["PP-1", "Price", "14/11/1938"], &["PP-2", "Okafor", "02/03/1940"]];

#[test]
fn a_workbook_is_read_whatever_program_wrote_it() {
    let cells: Vec<(u16, u16, &str)> = (0..)
        .zip(LIST)
        .flat_map(|(row, cells)| (0..).zip(*cells).map(move |(column, text)| (row, column, *text)))
        .collect();
    let files = [
        ("Excel workbook", xlsx_of(&rows(LIST), &[])),
        ("OpenDocument spreadsheet", ods_of(&ods_table("Clients", LIST))),
        ("Excel 97 workbook", xls_of(&cells)),
    ];
    for (what, bytes) in files {
        let export = rostering(&bytes);
        assert_eq!(stops(&export), [""; 0], "{what}: {:?}", export.problems);
        assert_eq!(export.form.what, format!("{what}, sheet \"Clients\""));
        assert_eq!(texts(&export, Column::ExternalId), ["PP-1", "PP-2"], "{what}");
        assert_eq!(texts(&export, Column::DateOfBirth), ["1938-11-14", "1940-03-02"], "{what}");
        assert_eq!((export.row(0).number(), export.row(1).number()), (2, 3), "{what}");
    }
}

#[test]
fn x01_what_is_no_workbook_is_called_what_it_is() {
    let whole = xlsx_of(&rows(LIST), &[]);
    let files = [
        ("damaged", "FILE", whole[..whole.len() / 2].to_vec()),
        (
            "Word document",
            "Word",
            zipped(&[("word/document.xml", b"<w/>"), ("[Content_Types].xml", b"<Types/>")]),
        ),
        (".xlsb", "xlsb", zipped(&[("xl/workbook.bin", b"x")])),
        ("zip archive", "zip", zipped(&[("clients.csv", b"Client ID,Surname\n1,A\n")])),
        ("no workbook", "Office", compound(&[("/Something", b"x")])),
        ("Word document", "Word", compound(&[("/WordDocument", b"x")])),
        ("missing", "[Content_Types]", zipped(&[("[Content_Types].xml", b"<Types/>")])),
        ("damaged", "compound", vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0]),
    ];
    for (word, what, bytes) in files {
        let export = rostering(&bytes);
        assert_eq!(stops(&export).len(), 1, "{what}: {:?}", export.problems);
        assert!(export.problems[0].what.contains(word), "{what}: {}", export.problems[0].what);
    }
    // The name does not decide.
    let choices = Choices::default();
    let csv = How { file: "clients.xlsx", ..how(Side::Rostering, &choices) };
    assert_eq!(read(b"Client ID,Surname\n1,A\n", &csv).n_rows(), 1);
    assert_eq!(told(&read(b"Client ID,Surname\n1,A\n", &csv), &["FILE-7"]), ["FILE-7"]);
    let book = How { file: "clients.csv", ..how(Side::Rostering, &choices) };
    assert_eq!(read(&whole, &book).n_rows(), 2);
}

#[test]
fn x02_a_password_is_said_to_be_one() {
    let locked = compound(&[("/EncryptedPackage", &[0; 5000]), ("/EncryptionInfo", b"x")]);
    assert_eq!(stops(&rostering(&locked)), ["BOOK-2"]);
    // FILEPASS in an XLS: MS-XLS 2.4.117.
    let mut book = vec![
        0x09, 0x08, 16, 0, 0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2f, 0, 6, 0, 1, 0, 1, 0, 1, 0,
    ];
    book.resize(5000, 0);
    assert_eq!(stops(&rostering(compound(&[("/Workbook", &book)]))), ["BOOK-2"]);
    let ods = r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:x"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#;
    let locked = zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"\x01\x02\x03"),
        ("META-INF/manifest.xml", ods.as_bytes()),
    ]);
    assert_eq!(stops(&rostering(&locked)), ["BOOK-2"]);
}

/// Whether this is a process in which nothing but this test runs, so that its memory can be measured. If not, such a
/// process is begun and waited for.
fn is_alone(test: &str) -> bool {
    const ALONE: &str = "REHEARSE_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let myself = std::env::current_exe().expect("a test has a program");
    let name = format!("book_catalogue::{test}");
    let ran = std::process::Command::new(myself)
        .args([&name, "--exact", "--nocapture"])
        .env(ALONE, "")
        .output()
        .expect("a program that runs can be run again");
    let said = String::from_utf8_lossy(&ran.stdout);
    print!("{said}");
    assert!(said.contains("1 passed"), "{}", String::from_utf8_lossy(&ran.stderr));
    false
}

/// The most memory that this process has had, in MiB, where the system says so.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Forgets the peak so far, where the system can.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Refused for one reason, in under a second and with less than 64 MiB more than before.
fn refused_at_once(what: &str, bytes: &[u8], code: &str) {
    forget_peak();
    let before = memory();
    let began = Instant::now();
    let export = rostering(bytes);
    let (took, more) = (began.elapsed(), memory().saturating_sub(before));
    println!("{what}: {} bytes, {took:?}, {more} MiB", bytes.len());
    assert_eq!(stops(&export), [code], "{what}: {:?}", export.problems);
    assert!(took < Duration::from_secs(1), "{what} took {took:?}");
    assert!(more < 64, "{what} took {more} MiB");
}

/// So many bytes of the same, packed as tightly as they can be, in a sheet.
fn bomb(n_bytes: usize) -> Vec<u8> {
    let mut zip = zip::write::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(9));
    let small = xlsx_of(&rows(LIST), &[]);
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(small)).expect("ours");
    for idx in 0..from.len() {
        let part = from.by_index(idx).expect("ours");
        if part.name().expect("ours") != "xl/worksheets/sheet1.xml" {
            zip.raw_copy_file(part).expect("memory");
        }
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).expect("memory");
    zip.write_all(b"<worksheet><sheetData>").expect("memory");
    let block = vec![b' '; 1 << 20];
    for _ in 0..n_bytes >> 20 {
        zip.write_all(&block).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

#[test]
fn x03_a_workbook_that_inflates_is_refused_before_it_does() {
    if !is_alone("x03_a_workbook_that_inflates_is_refused_before_it_does") {
        return;
    }
    let bytes = bomb(512 << 20);
    assert!(bytes.len() < 600_000, "{} bytes", bytes.len());
    refused_at_once("512 MiB in one part", &bytes, "FILE-4");
    // Many parts, none of which is too much alone.
    let part = vec![b' '; 900_000];
    let names: Vec<String> = (0..90).map(|n| format!("xl/media/{n}.bin")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &part[..])).collect();
    refused_at_once("90 parts of 900 kB", &xlsx_of(&rows(LIST), &parts), "FILE-4");
    let choices = Choices::default();
    let large =
        How { limits: Limits { workbook_bytes: 100, ..Limits::default() }, ..how(Side::Rostering, &choices) };
    assert_eq!(stops(&read(&xlsx_of(&rows(LIST), &[]), &large)), ["FILE-4"]);
}

#[test]
fn x04_a_cell_in_the_farthest_corner() {
    if !is_alone("x04_a_cell_in_the_farthest_corner") {
        return;
    }
    let far = format!("{}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>", rows(LIST));
    refused_at_once("XFD1048576 in an XLSX", &xlsx_of(&far, &[]), "FILE-4");
    refused_at_once("the last cell of an XLS", &xls_of(&[(0, 0, "Client ID"), (65_535, 255, "x")]), "FILE-4");
    let filled = ods_table("Clients", LIST).replace(
        "</table:table>",
        "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/>\
         <table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>",
    );
    refused_at_once("the last cell of an ODS", &ods_of(&filled), "FILE-4");
    // Empty cells far away are a format that somebody dragged down, and harm nobody.
    let empty = format!("{}<row r=\"1048576\"><c r=\"XFD1048576\" s=\"0\"/></row>", rows(LIST));
    assert_eq!(rostering(xlsx_of(&empty, &[])).n_rows(), 2);
    let empty = ods_table("Clients", LIST).replace(
        "</table:table>",
        "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/>\
         </table:table-row></table:table>",
    );
    assert_eq!(rostering(ods_of(&empty)).n_rows(), 2);
}

#[test]
fn x05_a_count_of_texts_that_is_not_true() {
    if !is_alone("x05_a_count_of_texts_that_is_not_true") {
        return;
    }
    let strings = br#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="4294967295"><si><t>x</t></si></sst>"#;
    refused_at_once("uniqueCount", &xlsx_of(&rows(LIST), &[("xl/sharedStrings.xml", strings)]), "BOOK-3");
    let spaces = "<table:table table:name=\"A\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"4294967295\"/></text:p></table:table-cell></table:table-row></table:table>";
    refused_at_once("four billion spaces", &ods_of(spaces), "BOOK-3");
}

#[test]
fn x06_a_million_empty_cells() {
    if !is_alone("x06_a_million_empty_cells") {
        return;
    }
    let mut data = String::from("<row r=\"1\">");
    for _ in 0..1_000_001 {
        data.push_str("<c/>");
    }
    data.push_str("</row>");
    refused_at_once("a million empty cells", &xlsx_of(&data, &[]), "FILE-4");
    let repeated = "<table:table table:name=\"A\"><table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"200\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>";
    refused_at_once("repeated cells", &ods_of(repeated), "FILE-4");
}

#[test]
fn x07_entities_and_document_types() {
    if !is_alone("x07_entities_and_document_types") {
        return;
    }
    let sheet = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"#;
    refused_at_once("entities", &xlsx_of("", &[("xl/worksheets/sheet1.xml", sheet.as_bytes())]), "BOOK-3");
    let outside = r#"<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><sst uniqueCount="0"/>"#;
    refused_at_once(
        "external",
        &xlsx_of(&rows(LIST), &[("xl/sharedStrings.xml", outside.as_bytes())]),
        "BOOK-3",
    );
}

#[test]
fn x08_parts_whose_names_lead_elsewhere() {
    if !is_alone("x08_parts_whose_names_lead_elsewhere") {
        return;
    }
    for name in ["../../x.xml", "/etc/passwd", "xl/../../x", "C:/x.xml", "xl\\..\\x"] {
        refused_at_once(name, &xlsx_of(&rows(LIST), &[(name, b"x")]), "BOOK-3");
    }
    // The same name twice: no library writes it, so one of two names of the same length is changed.
    let mut bytes = xlsx_of(&rows(LIST), &[("xl/one.xml", b"<a/>"), ("xl/two.xml", b"<a/>")]);
    for at in 0..bytes.len() - 10 {
        if &bytes[at..at + 10] == b"xl/two.xml" {
            bytes[at..at + 10].copy_from_slice(b"xl/one.xml");
        }
    }
    refused_at_once("twice", &bytes, "BOOK-3");
    let mut zip = zip::write::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.add_symlink("xl/workbook.xml", "/etc/passwd", zip::write::SimpleFileOptions::default())
        .expect("memory");
    refused_at_once("a link", &zip.finish().expect("memory").into_inner(), "BOOK-3");
}

#[test]
fn x09_formulas_without_a_value_and_errors() {
    let data = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Client ID</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Surname</t></is></c></row>\
                <row r=\"2\"><c r=\"A2\"><f>A1&amp;\"x\"</f></c><c r=\"B2\" t=\"str\"><f>UPPER(\"price\")</f><v>PRICE</v></c></row>\
                <row r=\"3\"><c r=\"A3\" t=\"e\"><v>#REF!</v></c><c r=\"B3\" t=\"e\"><v>#N/A</v></c></row>";
    let export = rostering(xlsx_of(data, &[]));
    let mut found = told(&export, &["CELL-4", "CELL-5"]);
    found.sort();
    assert_eq!(found, ["CELL-4 3 Client ID [#REF!]", "CELL-4 3 Surname [#N/A]", "CELL-5 2 Client ID"]);
    assert_eq!(texts(&export, Column::FamilyName), ["PRICE", ""], "a stored value is a value");
    assert_eq!(told(&rostering("Client ID,Surname\n1,#N/A\n"), &["CELL-4"]), ["CELL-4 2 Surname [#N/A]"]);
}

#[test]
fn x10_an_id_that_is_stored_as_a_number() {
    let bytes = made(|workbook| {
        let sheet = workbook.add_worksheet();
        head(sheet, 0, &["Client ID", "Surname", "Telephone", "NHS No"]);
        sheet.write_number(1, 0, 123).expect("a cell");
        sheet.write_string(1, 1, "Price").expect("a cell");
        sheet.write_number(1, 2, 7_700_900_123_f64).expect("a cell");
        sheet.write_number(1, 3, 9_990_000_018_f64).expect("a cell");
        sheet.write_string(2, 0, "00124").expect("a cell");
        sheet.write_string(2, 1, "Evans").expect("a cell");
        sheet.write_number(3, 0, 1.234_567_890_123_45e18).expect("a cell");
        sheet.write_string(3, 1, "Okafor").expect("a cell");
    });
    let export = rostering(&bytes);
    assert_eq!(
        told(&export, &["ID-6", "ID-4", "PHONE-1"]),
        [
            "ID-4 4 Client ID [1234567890123450000]",
            "ID-6 2 Client ID [123]",
            "PHONE-1 2 Telephone [7700900123]"
        ]
    );
    assert_eq!(texts(&export, Column::ExternalId), ["123", "00124", "1234567890123450000"]);
    assert_eq!(export.row(0).text(Column::NhsNumber), Some("9990000018"));
}

#[test]
fn x11_dates_are_right_or_refused() {
    let bytes = made(|workbook| {
        let sheet = workbook.add_worksheet();
        head(sheet, 0, &["Client ID", "Surname", "DOB"]);
        for row in 1..=4 {
            sheet.write_string(row, 0, format!("PP-{row}")).expect("a cell");
            sheet.write_string(row, 1, "Price").expect("a cell");
        }
        sheet.write_with_format(1, 2, books::day(1940, 3, 2), &books::date_format()).expect("a cell");
        sheet.write_string(2, 2, "02/03/1940").expect("a cell");
        sheet.write_number(3, 2, 14_672).expect("a cell");
        sheet.write_number_with_format(4, 2, 60, &books::date_format()).expect("a cell");
    });
    let export = rostering(&bytes);
    let dates: Vec<_> = export.rows().map(|row| row.date(Column::DateOfBirth)).collect();
    assert_eq!(dates, [Some(date(1940, 3, 2)), Some(date(1940, 3, 2)), Some(date(1940, 3, 2)), None]);
    assert_eq!(told(&export, &["DATE-2", "DATE-6"]), ["DATE-2 5 DOB [1900-02-29]", "DATE-6 4 DOB [14672]"]);
    // From 1904 the same day has 1462 less.
    let data = rows(&[&["Client ID", "Surname", "DOB"]])
        + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>PP-1</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>Price</t></is></c><c r=\"C2\"><v>13210</v></c></row>";
    let export = rostering(xlsx_of(&data, &[("xl/workbook.xml", books::book_from_1904().as_bytes())]));
    assert_eq!(export.row(0).date(Column::DateOfBirth), Some(date(1940, 3, 2)));
}

#[test]
fn x12_hidden_sheets_several_sheets_merged_cells_and_gaps() {
    let bytes = made(|workbook| {
        let cover = workbook.add_worksheet().set_name("Cover").expect("a name");
        cover.write_string(0, 0, "Calder Valley Care").expect("a cell");
        let sheet = workbook.add_worksheet().set_name("Clients").expect("a name");
        sheet.merge_range(0, 0, 0, 2, "All clients", &rust_xlsxwriter::Format::new()).expect("cells");
        head(sheet, 2, &["Client ID", "Surname", "Branch"]);
        sheet.write_string(3, 0, "PP-1").expect("a cell");
        sheet.write_string(3, 1, "Price").expect("a cell");
        sheet.merge_range(3, 2, 6, 2, "Leeds", &rust_xlsxwriter::Format::new()).expect("cells");
        sheet.write_string(6, 0, "PP-2").expect("a cell");
        sheet.write_string(6, 1, "Evans").expect("a cell");
        let hidden = workbook.add_worksheet().set_name("Old").expect("a name");
        head(hidden, 0, &["Client ID", "Surname", "Branch", "Postcode"]);
        hidden.set_hidden(true);
    });
    let export = rostering(&bytes);
    assert_eq!(export.form.sheet.as_deref(), Some("Clients"));
    assert_eq!(export.form.headings_row, 3);
    assert_eq!(texts(&export, Column::ExternalId), ["PP-1", "PP-2"]);
    assert_eq!(export.row(1).number(), 7, "empty rows count");
    assert_eq!(told(&export, &["BOOK-4", "BOOK-5", "BOOK-6"]), ["BOOK-6 4", "BOOK-4", "BOOK-5"]);
    let merged = export.problems.iter().find(|it| it.code == "BOOK-6").expect("merged");
    assert!(merged.what.contains("C4:C7"), "{}", merged.what);
    assert_eq!(merged.place(), "list.csv, sheet \"Clients\", row 4");
    let hidden = export.problems.iter().find(|it| it.code == "BOOK-4").expect("hidden");
    assert!(hidden.what.contains("\"Old\""), "{}", hidden.what);
}

#[test]
fn x13_macros_and_links_are_left_alone() {
    let extras: [(&str, &[u8]); 2] =
        [("xl/vbaProject.bin", b"macro"), ("xl/externalLinks/externalLink1.xml", b"<externalLink/>")];
    let export = rostering(xlsx_of(&rows(LIST), &extras));
    assert_eq!((told(&export, &["BOOK-7"]), export.n_rows()), (vec!["BOOK-7".to_owned()], 2));
}

#[test]
fn x14_no_sheet_with_a_list_gives_the_sheets_there_are() {
    let long = "A sheet with a name of 40 characters....";
    let bytes = ods_of(&(ods_table(long, &[&["Hello"]]) + &ods_table("Notes", &[&["1", "2"]])));
    let export = rostering(&bytes);
    assert!(!export.is_usable());
    let problem = &export.problems[0];
    assert!(problem.what.contains("Notes") || problem.code == "COL-1", "{problem:?}");
    let export = rostering(ods_of(&(ods_table(long, &[&["Hello"]]) + &ods_table("Notes", &[&["World"]]))));
    assert_eq!(stops(&export), ["BOOK-8"]);
    assert!(export.problems[0].what.contains(long) && export.problems[0].what.contains("\"Notes\""));
}
