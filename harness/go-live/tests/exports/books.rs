//! Workbooks made here, byte by byte where no program would make them.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use std::io::{Cursor, Write as _};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip of these parts.
pub(crate) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9));
    for (name, bytes) in parts {
        zip.start_file(*name, options).expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">PR<sheets><sheet name="Clients" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// An XLSX with this sheet data, and other parts that take the place of those with the same name.
pub(crate) fn xlsx_of(sheet_data: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let book = BOOK.replace("PR", "");
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet_data}</sheetData></worksheet>"#
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    for (name, bytes) in others {
        match parts.iter_mut().find(|(it, _)| it == name) {
            Some(part) => part.1 = bytes,
            None => parts.push((name, bytes)),
        }
    }
    zipped(&parts)
}

/// The workbook part, with dates that count from 1904.
pub(crate) fn book_from_1904() -> String {
    BOOK.replace("PR", r#"<workbookPr date1904="1"/>"#)
}

/// Rows of inline text.
pub(crate) fn rows(rows: &[&[&str]]) -> String {
    let mut data = String::new();
    for (number, row) in (1..).zip(rows) {
        data.push_str(&format!("<row r=\"{number}\">"));
        for (letter, text) in ('A'..).zip(*row) {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            data.push_str(&format!("<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"));
        }
        data.push_str("</row>");
    }
    data
}

/// An ODS with this content of its body.
pub(crate) fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    let manifest = r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"#;
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ])
}

/// A table of an ODS with rows of text.
pub(crate) fn ods_table(name: &str, rows: &[&[&str]]) -> String {
    let mut table = format!("<table:table table:name=\"{name}\">");
    for row in rows {
        table.push_str("<table:table-row>");
        for text in *row {
            table.push_str(&format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
            ));
        }
        table.push_str("</table:table-row>");
    }
    table + "</table:table>"
}

/// An XLS (BIFF8) with one sheet of text cells: (row, column, text), from 0.
pub(crate) fn xls_of(cells: &[(u16, u16, &str)]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("a short record");
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    };
    let bof = |kind: u16| {
        record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes()[..], &[0; 12]].concat())
    };
    let name = [&[7, 0][..], b"Clients"].concat();
    let bound = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0], &name[..]].concat());
    let start = bof(5).len() + bound(0).len() + record(0x000a, &[]).len();
    let mut book = [bof(5), bound(u32::try_from(start).expect("short")), record(0x000a, &[])].concat();
    book.extend(bof(0x10));
    for (row, column, text) in cells {
        let length = u16::try_from(text.len()).expect("short");
        let data = [
            &row.to_le_bytes()[..],
            &column.to_le_bytes()[..],
            &[0, 0],
            &length.to_le_bytes()[..],
            &[0],
            text.as_bytes(),
        ];
        book.extend(record(0x0204, &data.concat()));
    }
    book.extend(record(0x000a, &[]));
    // Streams below 4096 bytes live elsewhere; both are fine, but real ones are long.
    book.resize(book.len().max(5000), 0);
    compound(&[("/Workbook", &book)])
}

/// A compound file with these streams.
pub(crate) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).expect("memory");
    for (name, bytes) in streams {
        file.create_stream(name).expect("a name").write_all(bytes).expect("memory");
    }
    file.flush().expect("memory");
    file.into_inner().into_inner()
}

/// A workbook as Excel would write it.
pub(crate) fn made(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().expect("memory")
}

pub(crate) fn head(sheet: &mut Worksheet, row: u32, headings: &[&str]) {
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string(row, column, *heading).expect("a cell");
    }
}

pub(crate) fn day(year: u16, month: u8, day: u8) -> ExcelDateTime {
    ExcelDateTime::from_ymd(year, month, day).expect("a day")
}

pub(crate) fn date_format() -> Format {
    Format::new().set_num_format("dd/mm/yyyy")
}
