//! One list as a workbook. Every cell is text: nothing is a number, a date or a formula, whatever it looks like.

use population::mess::EXPORTED_ON;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::io;

/// A workbook with one sheet. The same rows give the same bytes.
pub(super) fn book(
    name: &str,
    title: &[String],
    headings: &[&str],
    rows: &[Vec<String>],
) -> io::Result<Vec<u8>> {
    written(name, title, headings, rows).map_err(io::Error::other)
}

fn written(
    name: &str,
    title: &[String],
    headings: &[&str],
    rows: &[Vec<String>],
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (year, month, day) = (EXPORTED_ON.year(), EXPORTED_ON.month(), EXPORTED_ON.day());
    let made = ExcelDateTime::from_ymd(year.unsigned_abs(), month.unsigned_abs(), day.unsigned_abs())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let (text, bold) = (Format::new().set_num_format("@"), Format::new().set_bold());
    let sheet = workbook.add_worksheet().set_name(name)?;
    for (row, line) in (0..).zip(title) {
        sheet.write_string(row, 0, line)?;
    }
    let first = u32::try_from(title.len()).unwrap_or(0);
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(first, column, *heading, &bold)?;
        sheet.set_column_width(column, 14)?;
    }
    sheet.set_freeze_panes(first + 1, 0)?;
    for (row, cells) in (first + 1..).zip(rows) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string_with_format(row, column, cell, &text)?;
        }
    }
    workbook.save_to_buffer()
}
