//! What stands in brackets or braces on one line, and the columns of a table.

use super::layout::{Kind, Layout, Piece};

/// `{ key: value, ... }` or `[a, b]`, from its first to its last character. Several spaces behind a comma are a
/// column that somebody has made, and stay.
pub(super) fn flow(layout: &Layout<'_>, piece: &Piece) -> String {
    match &piece.kind {
        Kind::Text { .. } => layout.source[piece.at.clone()].to_owned(),
        // `[a: b]` has a mapping without braces.
        Kind::Map(_) if !layout.source[piece.at.clone()].starts_with('{') => {
            layout.source[piece.at.clone()].to_owned()
        }
        Kind::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Kind::Map(_) => format!("{{ {} }}", joined(&cells(layout, piece))),
        Kind::List(_) => format!("[{}]", joined(&cells(layout, piece))),
    }
}

/// One entry, and how many spaces come before it.
struct Cell {
    text: String,
    n_spaces: usize,
}

fn joined(cells: &[Cell]) -> String {
    let mut out = String::new();
    for (idx, cell) in cells.iter().enumerate() {
        if idx > 0 {
            out.push(',');
            out.push_str(&" ".repeat(cell.n_spaces));
        }
        out.push_str(&cell.text);
    }
    out
}

fn cells(layout: &Layout<'_>, piece: &Piece) -> Vec<Cell> {
    let cell = |start: usize, text: String| Cell { text, n_spaces: spaces_before(layout.source, start) };
    match &piece.kind {
        Kind::Map(entries) => {
            let text = |(key, value): &(Piece, Piece)| {
                let key = flow(layout, key);
                if value.is_empty() { format!("{key}:") } else { format!("{key}: {}", flow(layout, value)) }
            };
            entries.iter().map(|entry| cell(entry.0.at.start, text(entry))).collect()
        }
        Kind::List(items) => items.iter().map(|item| cell(item.at.start, flow(layout, item))).collect(),
        Kind::Text { .. } => Vec::new(),
    }
}

/// At least one.
fn spaces_before(source: &str, at: usize) -> usize {
    source[..at].bytes().rev().take_while(|&byte| byte == b' ').count().max(1)
}

/// Rows of one table, each as a whole: if their columns do not line up, they are made to.
pub(super) fn table(layout: &Layout<'_>, rows: &[Piece]) -> Option<Vec<String>> {
    let keys = |row: &Piece| -> Option<Vec<String>> {
        match &row.kind {
            Kind::Map(entries) if row.flow && !layout.source[row.at.clone()].contains('\n') => {
                Some(entries.iter().map(|(key, _)| layout.source[key.at.clone()].to_owned()).collect())
            }
            _ => None,
        }
    };
    let first = keys(rows.first()?)?;
    if rows.len() < 2 || !rows.iter().all(|row| keys(row).as_ref() == Some(&first)) {
        return None;
    }
    let mut rows: Vec<Vec<Cell>> = rows.iter().map(|row| cells(layout, row)).collect();
    if !(1..first.len()).all(|column| lines_up(&rows, column)) {
        for column in 1..first.len() {
            line_up(&mut rows, column);
        }
    }
    Some(rows.iter().map(|row| format!("{{ {} }}", joined(row))).collect())
}

/// Where a cell begins, in characters.
fn begins(row: &[Cell], column: usize) -> usize {
    row[..column].iter().map(|cell| cell.text.chars().count() + 1).sum::<usize>()
        + row[1..=column].iter().map(|cell| cell.n_spaces).sum::<usize>()
}

fn lines_up(rows: &[Vec<Cell>], column: usize) -> bool {
    rows.windows(2).all(|pair| begins(&pair[0], column) == begins(&pair[1], column))
}

fn line_up(rows: &mut [Vec<Cell>], column: usize) {
    for row in rows.iter_mut() {
        row[column].n_spaces = 1;
    }
    let furthest = rows.iter().map(|row| begins(row, column)).max().unwrap_or(0);
    for row in rows.iter_mut() {
        row[column].n_spaces += furthest - begins(row, column);
    }
}
