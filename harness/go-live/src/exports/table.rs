//! The rows of an export in little memory: all cells of a part of the file in one text, with their lengths beside it, and
//! what their words were found to say. A million rows of twenty columns take no more than their text and 80 bytes a row.

use super::row::{CareHistory, Origin, Status};
use super::{Column, words};
use crate::lookalike::fold::{hash_bytes, scatter};
use feed::Field;
use jiff::civil::Date;
use std::sync::LazyLock;

/// The longest cell, in bytes; readers refuse longer ones.
pub const LONGEST_CELL: usize = u16::MAX as usize;

/// Rows whose placed cells stand one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    text: String,
    /// As many for each row as there are placed columns.
    lengths: Vec<u16>,
    rows: Vec<At>,
}

#[derive(Clone, Copy, Debug)]
struct At {
    /// Which chunk it is in, and which of its rows it is.
    chunk: u32,
    within: u32,
    starts: u32,
    /// As the user sees it.
    number: u32,
    /// A hash of what the cells say that are fields.
    says: u64,
    facts: Facts,
}

/// What cells say that stand for something else than their text. Found once, as a row is asked many times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) born: Option<Date>,
    pub(super) status: Option<Status>,
    pub(super) is_archived: bool,
    pub(super) origin: Option<Origin>,
    pub(super) care_history: CareHistory,
}

impl Facts {
    const NONE: Facts = Facts {
        born: None,
        status: None,
        is_archived: false,
        origin: None,
        care_history: CareHistory::Unknown,
    };

    /// Takes what a cell says. False where it is no word that is known.
    fn take(&mut self, column: Column, cell: &str) -> bool {
        match column {
            Column::DateOfBirth => self.born = words::iso_date(cell),
            Column::Status => {
                self.status = words::status(cell);
                return self.status.is_some();
            }
            Column::Archived => {
                let said = words::yes_or_no(cell);
                self.is_archived = said == Some(true);
                return said.is_some();
            }
            Column::Origin => {
                self.origin = words::origin(cell);
                return self.origin.is_some();
            }
            Column::CareHistory => {
                let said = words::care_history(cell);
                self.care_history = said.map_or(CareHistory::Unknown, CareHistory::Known);
                return said.is_some();
            }
            _ => {}
        }
        true
    }
}

impl Chunk {
    /// Begins a row, whose cells are pushed next. False where the chunk is full and takes no more.
    pub(super) fn begin_row(&mut self, number: u32) -> bool {
        match (u32::try_from(self.text.len()), u32::try_from(self.rows.len())) {
            (Ok(starts), Ok(within)) => {
                self.rows.push(At { chunk: 0, within, starts, number, says: 0, facts: Facts::NONE });
                true
            }
            _ => false,
        }
    }

    /// The next cell of the row that was begun last, cut where it is longer than [`LONGEST_CELL`]. False where the column
    /// is one of words and this is none that is known.
    pub(super) fn push(&mut self, column: Column, cell: &str) -> bool {
        let mut end = cell.len().min(LONGEST_CELL);
        while !cell.is_char_boundary(end) {
            end -= 1;
        }
        let cell = &cell[..end];
        self.text.push_str(cell);
        self.lengths.push(u16::try_from(end).unwrap_or(u16::MAX));
        self.rows.last_mut().is_none_or(|row| {
            if let Some(field) = column.field().filter(|_| !cell.is_empty()) {
                row.says = said_too(row.says, field_name(field), cell);
            }
            row.facts.take(column, cell)
        })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Makes room for so many bytes of text.
    pub(super) fn reserve(&mut self, n_bytes: usize) {
        self.text.reserve(n_bytes);
    }

    /// Gives back the room that was not needed.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.lengths.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    /// The number of a row as the user sees it.
    pub(super) fn number(&self, at: usize) -> Option<u32> {
        self.rows.get(at).map(|row| row.number)
    }

    /// Forgets all rows but the first so many.
    pub(super) fn truncate(&mut self, n_rows: usize, n_columns: usize) {
        self.rows.truncate(n_rows);
        self.lengths.truncate(n_rows * n_columns);
    }
}

/// The hash of what a row says, and of one thing more: what it is called, and what it is. Eight bytes at a time, as every
/// cell of both files is asked; for telling rows apart, not for secrecy.
pub(crate) fn said_too(says: u64, name: u64, text: &str) -> u64 {
    scatter(says ^ name ^ hash_bytes(text.as_bytes()).rotate_left(32))
}

static FIELD_NAMES: LazyLock<Vec<u64>> =
    LazyLock::new(|| Field::ALL.iter().map(|field| hash_bytes(field.text().as_bytes())).collect());

fn field_name(field: Field) -> u64 {
    FIELD_NAMES[field as usize]
}

/// All rows, in the order of the file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// In ascending order, each once.
    columns: Vec<Column>,
    /// Place of each column among `columns`.
    slots: [Option<u8>; Column::N],
    /// Without their rows, which stand in `rows`.
    chunks: Vec<Chunk>,
    rows: Vec<At>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, mut chunks: Vec<Chunk>) -> Table {
        debug_assert!(columns.is_sorted_by(|a, b| a < b), "each column once, in order");
        let mut slots = [None; Column::N];
        for (slot, column) in (0..).zip(&columns) {
            slots[*column as usize] = Some(slot);
        }
        let mut rows = Vec::with_capacity(chunks.iter().map(Chunk::n_rows).sum());
        for (number, chunk) in (0..).zip(&mut chunks) {
            rows.extend(std::mem::take(&mut chunk.rows).into_iter().map(|row| At { chunk: number, ..row }));
        }
        Table { columns, slots, chunks, rows }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.slots[column as usize].is_some()
    }

    pub(super) fn row(&self, at: usize) -> RowText<'_> {
        let At { chunk, within, starts, number, says, facts } = self.rows[at];
        let (chunk, within, n) = (&self.chunks[chunk as usize], within as usize, self.columns.len());
        RowText {
            table: self,
            number,
            says,
            facts,
            text: &chunk.text,
            starts: starts as usize,
            lengths: &chunk.lengths[within * n..(within + 1) * n],
        }
    }
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(super) struct RowText<'a> {
    table: &'a Table,
    pub(super) number: u32,
    pub(super) says: u64,
    pub(super) facts: Facts,
    /// Of the whole chunk: who asks for no cell touches none.
    text: &'a str,
    starts: usize,
    lengths: &'a [u16],
}

impl<'a> RowText<'a> {
    pub(super) fn cell(self, column: Column) -> Option<&'a str> {
        let slot = usize::from(self.table.slots[column as usize]?);
        let before: usize = self.lengths[..slot].iter().map(|length| usize::from(*length)).sum();
        let starts = self.starts + before;
        Some(&self.text[starts..starts + usize::from(self.lengths[slot])])
    }

    pub(super) fn cells(self) -> impl Iterator<Item = (Column, &'a str)> {
        let mut starts = self.starts;
        self.table.columns.iter().zip(self.lengths).map(move |(column, length)| {
            let cell = &self.text[starts..starts + usize::from(*length)];
            starts += cell.len();
            (*column, cell)
        })
    }
}
