//! Reads exports: the bytes of a file in, typed rows and every problem out. A pure function of the bytes and of what
//! the user chose about columns; it opens no file, and it decides nothing about anybody.

mod column;
mod problem;
mod row;
mod table;
mod words;

pub use column::Column;
pub use problem::{Problem, Severity};
pub use row::{CareHistory, ExportRow, Origin, Status};
pub use table::LONGEST_CELL;

use crate::lookalike;
use table::{Chunk, Table};

/// Which system an export is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Rostering,
    Acp,
}

impl Side {
    /// What one row of it is.
    pub const fn row(self) -> &'static str {
        match self {
            Side::Rostering => "service user",
            Side::Acp => "record",
        }
    }
}

/// How a column came to stand for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Because {
    /// The heading says so.
    Heading,
    /// What stands in the cells says so.
    Content,
    /// The user said so, now or the last time.
    Chosen,
}

/// A column of the file that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// From 0.
    pub at: usize,
    pub heading: String,
    pub column: Column,
    pub because: Because,
}

/// A column of the file that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// From 0.
    pub at: usize,
    pub heading: String,
    /// For instance "nothing that is compared or sent".
    pub why: String,
}

/// What the bytes were found to be, for people: `CSV, UTF-8, commas`, `Excel workbook, sheet "Clients"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub what: String,
    pub sheet: Option<String>,
    /// The row of the headings, from 1, as the user sees it.
    pub headings_row: u32,
}

/// One export, read.
#[derive(Clone, Debug)]
pub struct Export {
    pub side: Side,
    /// As the user named it, without its folder.
    pub file: String,
    pub n_bytes: u64,
    pub sha256: [u8; 32],
    pub form: Form,
    pub placed: Vec<Placed>,
    pub set_aside: Vec<SetAside>,
    /// In the order in which they are told: what stops most first, then by place.
    pub problems: Vec<Problem>,
    table: Table,
}

impl Export {
    /// Whether there is something to go on with; else a problem says why not.
    pub fn is_usable(&self) -> bool {
        !self.problems.iter().any(|it| it.severity == Severity::CannotBeUsed && it.row.is_none())
    }

    pub fn n_rows(&self) -> usize {
        self.table.n_rows()
    }

    /// Row number `at`, from 0, in the order of the file. Rows that cannot be used are not among them.
    pub fn row(&self, at: usize) -> ExportRow<'_> {
        ExportRow(self.table.row(at))
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = ExportRow<'_>> {
        (0..self.n_rows()).map(|at| self.row(at))
    }

    /// Whether the file has such a column. Where it has not, its values are unknown, never none.
    pub fn has(&self, column: Column) -> bool {
        self.table.has(column)
    }

    /// Row `at` as the look-alike finder takes it: `Rows { n_rows: export.n_rows(), row: &|at| export.for_lookalikes(at) }`.
    pub fn for_lookalikes(&self, at: usize) -> lookalike::Row<'_> {
        self.row(at).for_lookalikes()
    }

    /// An export that was in no file: rows as lists of cells, in the order of `columns`, numbered from 2 as if a heading
    /// stood above. Cells are taken as they are; dates have to be `1940-03-02`.
    pub fn of_cells(side: Side, columns: &[Column], rows: &[&[&str]]) -> Export {
        let mut order: Vec<usize> = (0..columns.len()).collect();
        order.sort_by_key(|at| columns[*at]);
        order.dedup_by_key(|at| columns[*at]);
        let mut chunk = Chunk::default();
        for (number, row) in (2..).zip(rows) {
            chunk.begin_row(number);
            for at in &order {
                chunk.push(row.get(*at).copied().unwrap_or(""));
            }
        }
        let placed = |at: &usize| Placed {
            at: *at,
            heading: columns[*at].text().to_owned(),
            column: columns[*at],
            because: Because::Chosen,
        };
        Export {
            side,
            file: format!("{}.csv", if side == Side::Rostering { "rostering" } else { "acp" }),
            n_bytes: 0,
            sha256: [0; 32],
            form: Form { what: "no file".to_owned(), sheet: None, headings_row: 1 },
            placed: order.iter().map(placed).collect(),
            set_aside: Vec::new(),
            problems: Vec::new(),
            table: Table::new(order.iter().map(|at| columns[*at]).collect(), vec![chunk]),
        }
    }
}
