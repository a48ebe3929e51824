//! The rows of an export in little memory: all cells of a part of the file in one text, with their lengths beside it.
//! A million rows of twenty columns take no more than their text and 50 bytes a row.

use super::Column;

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
    starts: u32,
    /// As the user sees it.
    number: u32,
}

impl Chunk {
    /// Ends the row whose cells were pushed. False where the chunk is full and takes no more.
    pub(super) fn begin_row(&mut self, number: u32) -> bool {
        match u32::try_from(self.text.len()) {
            Ok(starts) => {
                self.rows.push(At { starts, number });
                true
            }
            Err(_) => false,
        }
    }

    /// The next cell of the row that was begun last, cut where it is longer than [`LONGEST_CELL`].
    pub(super) fn push(&mut self, cell: &str) {
        let mut end = cell.len().min(LONGEST_CELL);
        while !cell.is_char_boundary(end) {
            end -= 1;
        }
        self.text.push_str(&cell[..end]);
        self.lengths.push(u16::try_from(end).unwrap_or(u16::MAX));
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

/// All rows, in the order of the file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// In ascending order, each once.
    columns: Vec<Column>,
    /// Place of each column among `columns`.
    slots: [Option<u8>; Column::N],
    chunks: Vec<Chunk>,
    /// The number of the first row of each chunk, and of all rows at the end.
    firsts: Vec<usize>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, chunks: Vec<Chunk>) -> Table {
        debug_assert!(columns.is_sorted_by(|a, b| a < b), "each column once, in order");
        let mut slots = [None; Column::N];
        for (slot, column) in (0..).zip(&columns) {
            slots[*column as usize] = Some(slot);
        }
        let mut firsts = vec![0];
        let mut n_rows = 0;
        for chunk in &chunks {
            n_rows += chunk.n_rows();
            firsts.push(n_rows);
        }
        Table { columns, slots, chunks, firsts }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.firsts.last().copied().unwrap_or(0)
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.slots[column as usize].is_some()
    }

    pub(super) fn row(&self, at: usize) -> RowText<'_> {
        let idx = self.firsts.partition_point(|first| *first <= at) - 1;
        let (chunk, within) = (&self.chunks[idx], at - self.firsts[idx]);
        let n = self.columns.len();
        let starts = chunk.rows[within].starts as usize;
        RowText {
            table: self,
            number: chunk.rows[within].number,
            text: &chunk.text[starts..],
            lengths: &chunk.lengths[within * n..(within + 1) * n],
        }
    }
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(super) struct RowText<'a> {
    table: &'a Table,
    pub(super) number: u32,
    /// From the start of the row on.
    text: &'a str,
    lengths: &'a [u16],
}

impl<'a> RowText<'a> {
    pub(super) fn cell(self, column: Column) -> Option<&'a str> {
        let slot = usize::from(self.table.slots[column as usize]?);
        let starts: usize = self.lengths[..slot].iter().map(|length| usize::from(*length)).sum();
        Some(&self.text[starts..starts + usize::from(self.lengths[slot])])
    }

    pub(super) fn cells(self) -> impl Iterator<Item = (Column, &'a str)> {
        let mut starts = 0;
        self.table.columns.iter().zip(self.lengths).map(move |(column, length)| {
            let cell = &self.text[starts..starts + usize::from(*length)];
            starts += cell.len();
            (*column, cell)
        })
    }
}
