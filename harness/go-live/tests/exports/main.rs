//! Exports: bytes in, typed rows and every problem out.

#![allow(clippy::format_push_string, reason = "tests may copy")]

mod book_catalogue;
mod books;
mod columns;
mod csv_catalogue;
mod fuzz;

use go_live::exports::{
    CareHistory, Choices, Column, Export, ExportRow, How, Limits, Severity, Side, Status, read,
};
use jiff::civil::date;

fn how(side: Side, choices: &Choices) -> How<'_> {
    How { side, file: "list.csv", today: date(2026, 3, 2), choices, limits: Limits::default() }
}

fn of(side: Side, bytes: impl AsRef<[u8]>) -> Export {
    read(bytes.as_ref(), &how(side, &Choices::default()))
}

fn rostering(bytes: impl AsRef<[u8]>) -> Export {
    of(Side::Rostering, bytes)
}

fn acp(bytes: impl AsRef<[u8]>) -> Export {
    of(Side::Acp, bytes)
}

/// The problems with these codes, as `CODE row column value`.
fn told(export: &Export, codes: &[&str]) -> Vec<String> {
    let with_code = export.problems.iter().filter(|it| codes.contains(&it.code));
    with_code
        .map(|it| {
            let row = it.row.map_or(String::new(), |row| format!(" {row}"));
            let column = it.column.as_deref().map_or(String::new(), |column| format!(" {column}"));
            let value = it.value.as_deref().map_or(String::new(), |value| format!(" [{value}]"));
            format!("{}{row}{column}{value}", it.code)
        })
        .collect()
}

/// What stops the file.
fn stops(export: &Export) -> Vec<&'static str> {
    let whole = export.problems.iter().filter(|it| it.severity == Severity::CannotBeUsed && it.row.is_none());
    assert_eq!(export.is_usable(), whole.clone().count() == 0);
    whole.map(|it| it.code).collect()
}

fn texts(export: &Export, column: Column) -> Vec<&str> {
    export.rows().map(|row| row.text(column).unwrap_or("(no column)")).collect()
}

const HEAD: &str = "Client ID,Forename,Surname,Date of Birth,NHS Number,Branch\n";

fn list(rows: &str) -> String {
    format!("{HEAD}{rows}")
}

#[test]
fn a_column_that_is_not_there_is_unknown_and_an_empty_cell_is_empty() {
    use Column::{ExternalId, FamilyName, RecordId, Status as State};
    let columns = [FamilyName, ExternalId, RecordId, State];
    let rows: [&[&str]; 2] = [&["Price", "00482 ", "18804", "Active"], &["Okafor", "", "18805", "archived"]];
    let export = Export::of_cells(Side::Acp, &columns, &rows);
    let (one, other) = (export.row(0), export.row(1));
    assert_eq!((one.number(), other.number()), (2, 3));
    assert_eq!((one.external_id(), other.external_id()), (Some("00482 "), None));
    assert_eq!((one.text(FamilyName), one.text(Column::Branch)), (Some("Price"), None));
    assert_eq!((one.status(), other.status()), (Some(Status::Active), Some(Status::Archived)));
    assert_eq!(one.care_history(), CareHistory::Unknown);
    assert_eq!(one.fields().len(), 1);
    assert_eq!(one.for_lookalikes().identifier, "00482 ");
}

#[test]
fn a_plain_file_is_read_as_it_stands() {
    let export = rostering(list(
        "PP-00482,Harold,Price,02/03/1940,999 000 0018,Leeds North\nPP-00483,\"Ada \"\"Nan\"\"\",\"Okafor\",14/11/1938,,\"Leeds,\nSouth\"\n",
    ));
    assert_eq!(stops(&export), [""; 0]);
    assert_eq!(export.form.what, "CSV, UTF-8, commas");
    let (one, other) = (export.row(0), export.row(1));
    assert_eq!(one.external_id(), Some("PP-00482"));
    assert_eq!(one.date(Column::DateOfBirth), Some(date(1940, 3, 2)));
    assert_eq!(one.text(Column::DateOfBirth), Some("1940-03-02"));
    assert_eq!(one.text(Column::NhsNumber), Some("999 000 0018"));
    assert_eq!(other.text(Column::GivenName), Some("Ada \"Nan\""));
    assert_eq!(other.text(Column::Branch), Some("Leeds,\nSouth"));
    assert_eq!((one.number(), other.number()), (2, 3));
    assert_eq!(one.status(), None);
}

#[test]
fn a_record_has_a_status_and_a_care_history_only_where_the_file_says_so() {
    let export = acp(
        "Record ID\tExternal ID\tName\tStatus\tArchived\tCare history\n1\tPP-1\tMrs Ada van der Berg\tActive\tNo\t12\n2\t\tJones, Mary\tActive\tYes\tnone\n3\tPP-3\tKofi Mensah\tElsewhere\t\t\n",
    );
    assert_eq!(export.form.what, "CSV, UTF-8, tabs");
    assert_eq!(texts(&export, Column::FamilyName), ["van der Berg", "Jones", "Mensah"]);
    assert_eq!(texts(&export, Column::GivenName), ["Ada", "Mary", "Kofi"]);
    let statuses: Vec<_> = export.rows().map(ExportRow::status).collect();
    assert_eq!(statuses, [Some(Status::Active), Some(Status::Archived), None]);
    let care: Vec<_> = export.rows().map(ExportRow::care_history).collect();
    assert_eq!(care, [CareHistory::Known(true), CareHistory::Known(false), CareHistory::Unknown]);
    assert_eq!(told(&export, &["CELL-7"]), ["CELL-7 4 Status [Elsewhere]"]);
}

#[test]
fn every_encoding_is_told_and_gives_the_same_rows() {
    let text = list("1001,Siân,Ó Néill,02/03/1940,,Ynys Môn – £1\n1002,Zoë,Price,14/11/1938,,Leeds\n");
    let utf_16 = |swap: bool| -> Vec<u8> {
        let bytes = |unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let with = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            '–' => 0x96,
            c => u8::try_from(u32::from(c)).expect("a letter of Windows-1252"),
        })
        .collect();
    let files: [(&str, Vec<u8>); 7] = [
        ("UTF-8", text.clone().into_bytes()),
        ("UTF-8 with a byte order mark", with(&[0xef, 0xbb, 0xbf], text.as_bytes())),
        ("UTF-16", with(&[0xff, 0xfe], &utf_16(false))),
        ("UTF-16", with(&[0xfe, 0xff], &utf_16(true))),
        ("UTF-16", utf_16(false)),
        ("UTF-16", utf_16(true)),
        ("Windows-1252", windows),
    ];
    for (name, bytes) in files {
        let export = rostering(&bytes);
        assert_eq!(export.form.what, format!("CSV, {name}, commas"));
        assert_eq!(texts(&export, Column::FamilyName), ["Ó Néill", "Price"], "{name}");
        assert_eq!(texts(&export, Column::Branch), ["Ynys Môn – £1", "Leeds"], "{name}");
        let expected: &[&str] = if name == "Windows-1252" { &["TEXT-1 2"] } else { &[] };
        assert_eq!(told(&export, &["TEXT-1", "TEXT-2", "TEXT-3"]), expected, "{name}");
    }
}
