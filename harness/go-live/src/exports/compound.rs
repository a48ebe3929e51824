//! Looks through a compound file (XLS) before its parser allocates for it, as [`super::guard`] does for packed ones.

use super::Limits;
use super::say::{self, Said};
use std::io::{Cursor, Read};

/// The most that an XLS is laid out to: rows times columns. A parser makes room for all of it, filled or not.
const LAID_OUT: u64 = 4_000_000;

pub(super) fn look_through(bytes: &[u8], limits: Limits) -> Result<(), Said> {
    if bytes.len() as u64 > limits.workbook_bytes {
        let what = format!("The workbook has {} MiB", bytes.len() >> 20);
        return Err(say::too_large(&what, &format!("{} MiB", limits.workbook_bytes >> 20)));
    }
    let damaged = || {
        say::damaged("The file begins as an Excel 97 workbook and is damaged.", "Copy or download it again.")
    };
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    if file.exists("/EncryptedPackage") {
        return Err(say::encrypted());
    }
    let Some(name) = ["/Workbook", "/Book"].into_iter().find(|name| file.exists(name)) else {
        let fix = "Export the list as CSV or as an Excel workbook instead.";
        return Err(if file.exists("/WordDocument") {
            say::other_kind("This is a Word document.", fix)
        } else {
            say::other_kind("This is an Office file and no workbook.", fix)
        });
    };
    let stream = file.open_stream(name).map_err(|_| damaged())?;
    let mut book = Vec::new();
    // A stream cannot be longer than its file, whatever it says.
    stream.take(bytes.len() as u64).read_to_end(&mut book).map_err(|_| damaged())?;
    records(&book, limits)
}

/// Kinds of records: MS-XLS 2.3.
const BOF: u16 = 0x0809;
const END: u16 = 0x000a;
const FILE_PASS: u16 = 0x002f;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const MUL_RK: u16 = 0x00bd;
const CELLS: [u16; 9] = [0x0006, 0x0203, 0x0204, 0x0205, 0x0206, 0x027e, 0x00fd, 0x00d6, MUL_RK];

/// No workbook has more sheets. *Assumed.*
const SHEETS: usize = 256;

/// The records of a stream: kind and data.
struct Records<'b>(&'b [u8]);

impl<'b> Iterator for Records<'b> {
    type Item = (u16, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let [t1, t2, l1, l2, rest @ ..] = self.0 else { return None };
        let (kind, length) = (u16::from_le_bytes([*t1, *t2]), usize::from(u16::from_le_bytes([*l1, *l2])));
        let data = rest.get(..length)?;
        self.0 = &rest[length..];
        Some((kind, data))
    }
}

/// Walks as the parser will: the records of the workbook, and from wherever those say, the records of each sheet.
fn records(book: &[u8], limits: Limits) -> Result<(), Said> {
    let mut sheets: Vec<usize> = Vec::new();
    for (kind, data) in Records(book).take_while(|(kind, _)| *kind != END) {
        match (kind, data) {
            (FILE_PASS, _) => return Err(say::encrypted()),
            (BOUND_SHEET, [a, b, c, d, ..]) => sheets.push(u32::from_le_bytes([*a, *b, *c, *d]) as usize),
            _ => {}
        }
    }
    if sheets.len() > SHEETS {
        return Err(say::too_large("The workbook has too many sheets", &format!("{SHEETS} sheets")));
    }
    let mut n_cells = 0_u64;
    for at in sheets {
        sheet(book.get(at..).unwrap_or(&[]), &mut n_cells, limits)?;
    }
    Ok(())
}

fn sheet(records: &[u8], n_cells: &mut u64, limits: Limits) -> Result<(), Said> {
    let mut extent: Option<Extent> = None;
    let mut depth = 0_u32;
    for (kind, data) in Records(records) {
        match kind {
            BOF => depth += 1,
            END if depth <= 1 => return Ok(()),
            END => depth -= 1,
            // The parser makes room for as many cells as this says.
            DIMENSIONS if stated(data).is_none_or(|n| n > LAID_OUT) => {
                let limit = format!("{} of them, empty ones with them", say::thousands(LAID_OUT));
                return Err(say::too_large("A sheet says that it has more cells", &limit));
            }
            _ if CELLS.contains(&kind) => cell(kind, data, &mut extent, n_cells, limits)?,
            _ => {}
        }
    }
    Ok(())
}

/// Rows times columns of a record of dimensions. None where they make no sense.
fn stated(data: &[u8]) -> Option<u64> {
    let two = |at: usize| data.get(at..at + 2).map(|it| u64::from(u16::from_le_bytes([it[0], it[1]])));
    let four = |at: usize| Some(two(at)? | two(at + 2)? << 16);
    let (rows, columns) = match data.len() {
        10 => ((two(0)?, two(2)?), (two(4)?, two(6)?)),
        _ => ((four(0)?, four(4)?), (two(8)?, two(10)?)),
    };
    Some((rows.1.checked_sub(rows.0)? + 1) * (columns.1.checked_sub(columns.0)? + 1))
}

fn cell(
    kind: u16,
    data: &[u8],
    extent: &mut Option<Extent>,
    n_cells: &mut u64,
    limits: Limits,
) -> Result<(), Said> {
    let [r1, r2, c1, c2, ..] = data else { return Ok(()) };
    let (row, column) = (u16::from_le_bytes([*r1, *r2]), u16::from_le_bytes([*c1, *c2]));
    let last = match data {
        [.., d1, d2] if kind == MUL_RK => u16::from_le_bytes([*d1, *d2]).max(column),
        _ => column,
    };
    *n_cells += u64::from(last - column) + 1;
    let extent = extent.get_or_insert(Extent { rows: (row, row), columns: (column, last) });
    extent.add(row, column, last);
    if extent.area() <= LAID_OUT && *n_cells <= limits.cells && usize::from(last) < limits.columns {
        return Ok(());
    }
    let what =
        format!("Row {}, column {} is filled", u32::from(row) + 1, super::place::letters(usize::from(last)));
    let limit = format!("{} columns and {} cells", limits.columns, say::thousands(limits.cells));
    Err(say::too_large(&what, &limit))
}

/// First and last row and column with something in it.
struct Extent {
    rows: (u16, u16),
    columns: (u16, u16),
}

impl Extent {
    fn add(&mut self, row: u16, first: u16, last: u16) {
        self.rows = (self.rows.0.min(row), self.rows.1.max(row));
        self.columns = (self.columns.0.min(first), self.columns.1.max(last));
    }

    fn area(&self) -> u64 {
        let length = |(first, last): (u16, u16)| u64::from(last - first) + 1;
        length(self.rows) * length(self.columns)
    }
}
