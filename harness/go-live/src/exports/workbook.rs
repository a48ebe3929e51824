//! Workbooks: the sheet with the list found, and its cells turned into text as a person sees it.

use super::delimited::{self, Headings, List};
use super::guard::{self, Package};
use super::place;
use super::rows::{CellKind, Part};
use super::say::{self, Said, Told};
use super::{Form, How, compound};
use calamine::{Data, DataRef, Dimensions, Ods, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One row with something in it.
#[derive(Debug, Default)]
struct GridRow {
    /// From 1.
    number: u32,
    cells: Vec<Cow<'static, str>>,
    kinds: Vec<CellKind>,
}

/// The filled rows of one sheet.
#[derive(Debug, Default)]
struct Grid {
    sheet: String,
    rows: Vec<GridRow>,
    merged: Vec<Dimensions>,
}

/// A workbook, unpacked.
#[derive(Debug, Default)]
struct Book {
    grids: Vec<Grid>,
    hidden: Vec<String>,
    is_1904: bool,
}

/// A packed workbook: XLSX or ODS.
pub(super) fn read_packed(bytes: &[u8], how: &How<'_>, form: &mut Form, told: &mut Told) -> Option<List> {
    let seen = match guard::look_through(bytes, how.limits) {
        Ok(seen) => seen,
        Err(said) => return stop(said, told),
    };
    if seen.has_extras {
        told.file(say::macros());
    }
    let (book, what) = match seen.package {
        Package::Xlsx => (guarded(|| xlsx(bytes)), "Excel workbook"),
        Package::Ods => (guarded(|| ods(bytes)), "OpenDocument spreadsheet"),
    };
    match book {
        Ok(book) => list(book, what, how, form, told),
        Err(said) => stop(said, told),
    }
}

/// An Excel 97 workbook: XLS.
pub(super) fn read_compound(bytes: &[u8], how: &How<'_>, form: &mut Form, told: &mut Told) -> Option<List> {
    let book = compound::look_through(bytes, how.limits).and_then(|()| guarded(|| xls(bytes)));
    match book {
        Ok(book) => list(book, "Excel 97 workbook", how, form, told),
        Err(said) => stop(said, told),
    }
}

fn stop<T>(said: Said, told: &mut Told) -> Option<T> {
    told.file(said);
    None
}

fn damaged() -> Said {
    say::damaged(
        "The workbook cannot be read: a part of it is damaged.",
        "Open it in Excel and save it, or save it as CSV.",
    )
}

/// The parser is somebody else's and the bytes are anybody's: where it panics, the file is damaged.
fn guarded(read: impl FnOnce() -> Result<Book, Said>) -> Result<Book, Said> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged()))
}

fn xlsx(bytes: &[u8]) -> Result<Book, Said> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let sheets = workbook.sheets_metadata().to_vec();
    let mut book = Book { is_1904: workbook.has_1904_epoch(), ..Book::new(&sheets) };
    for name in visible(&sheets) {
        let mut grid = Grid { sheet: name.clone(), ..Grid::default() };
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| damaged())?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| damaged())? {
            let (text, kind) = match (cell.value, cell.formula.is_some()) {
                (DataRef::Empty, true) => (String::new(), CellKind::NoValue),
                (value, _) => text_of(&Data::from(value)),
            };
            grid.put((cell.pos.0, cell.pos.1), text, kind);
        }
        drop(cells);
        grid.merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        book.grids.push(grid.in_order());
    }
    Ok(book)
}

fn ods(bytes: &[u8]) -> Result<Book, Said> {
    let mut workbook = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::OdsError::Password => say::encrypted(),
        _ => damaged(),
    })?;
    let sheets = workbook.sheets_metadata().to_vec();
    let mut book = Book::new(&sheets);
    for name in visible(&sheets) {
        let range = workbook.worksheet_range(&name).map_err(|_| damaged())?;
        let mut grid = Grid::of(&name, &range);
        if let Ok(formulas) = workbook.worksheet_formula(&name) {
            let (row0, column0) = formulas.start().unwrap_or_default();
            for (row, column, _) in formulas.used_cells() {
                let at =
                    (row0 + u32::try_from(row).unwrap_or(0), column0 + u32::try_from(column).unwrap_or(0));
                if range.get_value(at).is_none_or(|value| *value == Data::Empty) {
                    grid.put(at, String::new(), CellKind::NoValue);
                }
            }
        }
        book.grids.push(grid.in_order());
    }
    Ok(book)
}

fn xls(bytes: &[u8]) -> Result<Book, Said> {
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsError::Password => say::encrypted(),
        _ => damaged(),
    })?;
    let sheets = workbook.sheets_metadata().to_vec();
    let mut book = Book { is_1904: workbook.has_1904_epoch(), ..Book::new(&sheets) };
    for name in visible(&sheets) {
        let range = workbook.worksheet_range(&name).map_err(|_| damaged())?;
        let mut grid = Grid::of(&name, &range);
        grid.merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        book.grids.push(grid.in_order());
    }
    Ok(book)
}

fn visible(sheets: &[Sheet]) -> Vec<String> {
    let shown =
        sheets.iter().filter(|it| it.typ == SheetType::WorkSheet && it.visible == SheetVisible::Visible);
    shown.map(|it| it.name.clone()).collect()
}

impl Book {
    fn new(sheets: &[Sheet]) -> Book {
        let hidden = sheets.iter().filter(|it| it.visible != SheetVisible::Visible);
        Book { hidden: hidden.map(|it| it.name.clone()).collect(), ..Book::default() }
    }
}

impl Grid {
    fn of(sheet: &str, range: &calamine::Range<Data>) -> Grid {
        let mut grid = Grid { sheet: sheet.to_owned(), ..Grid::default() };
        let (row0, column0) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let at = (row0 + u32::try_from(row).unwrap_or(0), column0 + u32::try_from(column).unwrap_or(0));
            let (text, kind) = text_of(value);
            grid.put(at, text, kind);
        }
        grid
    }

    /// Puts a cell where it is; row and column from 0. Cells mostly come in order.
    fn put(&mut self, (row, column): (u32, u32), text: String, kind: CellKind) {
        if text.is_empty() && kind == CellKind::Text {
            return;
        }
        let number = row.saturating_add(1);
        if self.rows.last().is_none_or(|last| last.number != number) {
            self.rows.push(GridRow { number, ..GridRow::default() });
        }
        let Some(last) = self.rows.last_mut() else { return };
        let column = column as usize;
        if last.cells.len() <= column {
            last.cells.resize(column + 1, Cow::Borrowed(""));
            last.kinds.resize(column + 1, CellKind::Text);
        }
        last.cells[column] = Cow::Owned(text);
        last.kinds[column] = kind;
    }

    /// Rows in ascending order, each once.
    fn in_order(mut self) -> Grid {
        self.rows.sort_by_key(|row| row.number);
        let mut rows: Vec<GridRow> = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            match rows.last_mut() {
                Some(last) if last.number == row.number => last.join(row),
                _ => rows.push(row),
            }
        }
        self.rows = rows;
        self
    }

    fn first_rows(&self) -> Vec<(u32, Vec<String>)> {
        let first = self.rows.iter().take(delimited::PREAMBLE + 200);
        first.map(|row| (row.number, row.cells.iter().map(ToString::to_string).collect())).collect()
    }
}

impl GridRow {
    /// Takes the filled cells of another one of the same number.
    fn join(&mut self, other: GridRow) {
        if self.cells.len() < other.cells.len() {
            self.cells.resize(other.cells.len(), Cow::Borrowed(""));
            self.kinds.resize(other.kinds.len(), CellKind::Text);
        }
        for (idx, (text, kind)) in other.cells.into_iter().zip(other.kinds).enumerate() {
            if !text.is_empty() || kind != CellKind::Text {
                (self.cells[idx], self.kinds[idx]) = (text, kind);
            }
        }
    }
}

/// A value as text: whole numbers without a point, dates as `1940-03-02`.
fn text_of(value: &Data) -> (String, CellKind) {
    match value {
        Data::Empty => (String::new(), CellKind::Text),
        Data::String(text) => (text.clone(), CellKind::Text),
        Data::Int(number) => (number.to_string(), CellKind::Number),
        // Whole numbers without a point, and no exponent however large.
        Data::Float(number) => (number.to_string(), CellKind::Number),
        Data::Bool(true) => ("Yes".to_owned(), CellKind::Text),
        Data::Bool(false) => ("No".to_owned(), CellKind::Text),
        Data::DateTime(at) if at.is_duration() => (at.as_f64().to_string(), CellKind::Number),
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            (format!("{year:04}-{month:02}-{day:02}"), CellKind::Date)
        }
        Data::DateTimeIso(text) => (text.split('T').next().unwrap_or_default().to_owned(), CellKind::Date),
        Data::DurationIso(text) => (text.clone(), CellKind::Text),
        Data::Error(error) => (error.to_string(), CellKind::Error),
    }
}

/// Chooses the sheet with the list, and reads it.
fn list(mut book: Book, what: &str, how: &How<'_>, form: &mut Form, told: &mut Told) -> Option<List> {
    let names = |names: &[String]| {
        names.iter().map(|name| format!("\"{}\"", say::shown(name))).collect::<Vec<_>>().join(", ")
    };
    if !book.hidden.is_empty() {
        told.file(say::hidden_sheets(&names(&book.hidden)));
    }
    let all: Vec<String> = book.grids.iter().map(|grid| grid.sheet.clone()).collect();
    let Some((idx, headings)) = choose(&book.grids, how) else {
        return stop(say::no_sheet(&names(&all)), told);
    };
    let grid = book.grids.swap_remove(idx);
    let others: Vec<String> =
        book.grids.iter().filter(|it| !it.rows.is_empty()).map(|it| it.sheet.clone()).collect();
    if !others.is_empty() {
        told.file(say::other_sheets(&names(&others)));
    }
    told.sheet = Some(grid.sheet.clone());
    form.what = format!("{what}, sheet \"{}\"", say::shown(&grid.sheet));
    form.sheet = Some(grid.sheet.clone());
    form.headings_row = headings.row;
    if headings.names.len() > how.limits.columns {
        return stop(say::too_many_columns(headings.names.len(), how.limits.columns), told);
    }
    merges(&grid, &headings, told);
    let sample: Vec<Vec<String>> =
        grid.first_rows().into_iter().skip(headings.skip).map(|(_, cells)| cells).collect();
    let (placement, mut layout) = delimited::lay_out(&headings, &sample, how, told);
    // Cells that were never filled are not there.
    layout.n_least = 0;
    layout.is_1904 = book.is_1904;
    let parts = delimited::read_rows(&mut layout, &placement, |layout| {
        let mut part = Part::default();
        for row in grid.rows.iter().skip(headings.skip) {
            part.take(layout, row.number, &row.cells, &row.kinds);
        }
        vec![part]
    });
    Some(List { placement, layout, headings, parts })
}

/// The sheet in whose headings most cells are known; the first of those that are as good.
fn choose(grids: &[Grid], how: &How<'_>) -> Option<(usize, Headings)> {
    let found = grids.iter().enumerate().filter_map(|(idx, grid)| {
        let headings = delimited::find_headings(&grid.first_rows(), how)?;
        Some((place::n_known(&headings.names, how.side, how.choices), idx, headings))
    });
    let best = found.max_by_key(|(n_known, idx, _)| (*n_known, usize::MAX - idx))?;
    Some((best.1, best.2))
}

/// Names merged cells from the headings on; those above are a title.
fn merges(grid: &Grid, headings: &Headings, told: &mut Told) {
    let below = grid.merged.iter().filter(|it| it.end.0 + 1 >= headings.row && it.start != it.end);
    for merged in below.take(20) {
        let name = |(row, column): (u32, u32)| {
            format!("{}{}", place::letters(column as usize), row.saturating_add(1))
        };
        told.file(say::merged(
            merged.start.0.saturating_add(1),
            &format!("{}:{}", name(merged.start), name(merged.end)),
        ));
    }
}
