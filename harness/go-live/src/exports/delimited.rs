//! Text files: headings found, columns placed, and all rows read in parallel parts.

use super::dates::{self, DateOrder, Read};
use super::layout::{Layout, date_idx};
use super::place::{self, Placement, Sample};
use super::records::{self, Records};
use super::rows::{CellKind, DateTally, Part};
use super::say::{self, Oddity, Told};
use super::{Column, How, Limits, layout, split, whole};
use rayon::prelude::*;
use std::borrow::Cow;

/// The headings of a file, and where its rows begin.
#[derive(Debug)]
pub(super) struct Headings {
    pub(super) names: Vec<String>,
    /// As the user sees it; 0 where there are none.
    pub(super) row: u32,
    /// The number of the first row, counted from 0 among the rows that were looked at.
    pub(super) skip: usize,
}

/// How many rows may stand above the headings.
pub(super) const PREAMBLE: usize = 30;

/// Finds the headings among the first rows: the row in which most cells are known; else, where no row has one, the first
/// with several cells and no figures in it. `rows`: number as the user sees it, and cells.
pub(super) fn find_headings(rows: &[(u32, Vec<String>)], how: &How<'_>) -> Option<Headings> {
    let known = |cells: &[String]| place::n_known(cells, how.side, how.choices);
    let first = rows.iter().take(PREAMBLE).enumerate();
    let best = first.max_by_key(|(idx, (_, cells))| (known(cells), usize::MAX - idx))?;
    let n_known = known(&best.1.1);
    let found = |idx: usize| {
        let (row, cells) = &rows[idx];
        Some(Headings { names: cells.clone(), row: *row, skip: idx + 1 })
    };
    if n_known >= 2 || (n_known == 1 && best.1.1.len() <= 2) {
        return found(best.0);
    }
    let is_wide = |cells: &[String]| cells.iter().filter(|cell| !cell.trim().is_empty()).count() >= 2;
    let idx = rows.iter().take(PREAMBLE).position(|(_, cells)| is_wide(cells))?;
    let has_figures = rows[idx].1.iter().any(|cell| cell.bytes().any(|byte| byte.is_ascii_digit()));
    if n_known >= 1 || !has_figures {
        return found(if n_known >= 1 { best.0 } else { idx });
    }
    // Rows begin at once.
    Some(Headings { names: vec![String::new(); rows[idx].1.len()], row: 0, skip: idx })
}

/// Everything that was read of one list, whatever file it stood in.
#[derive(Debug)]
pub(super) struct List {
    pub(super) placement: Placement,
    pub(super) layout: Layout,
    pub(super) headings: Headings,
    pub(super) parts: Vec<Part>,
}

/// Places the columns and works out how rows are read from a sample of them.
pub(super) fn lay_out(
    headings: &Headings,
    sample: &[Vec<String>],
    how: &How<'_>,
    told: &mut Told,
) -> (Placement, Layout) {
    let looked_at = Sample { headings: &headings.names, rows: sample };
    let placement = place::place(looked_at, how.side, how.today.year(), how.choices, told);
    let has_titles =
        placement.placed.iter().find(|it| it.means == super::Meaning::FullName).is_some_and(|it| {
            let names = sample.iter().filter_map(|row| row.get(it.at));
            names.filter(|name| !split::name(name).title.is_empty()).count() * 10 > sample.len()
        });
    let mut layout = Layout {
        side: how.side,
        sources: layout::sources(&placement, has_titles),
        n_cells: headings.names.len(),
        n_least: usual_width(sample, headings.names.len()),
        orders: [DateOrder::DayFirst; 3],
        today: how.today,
        is_1904: false,
    };
    layout.orders = orders(&tally_dates(&layout, sample), &layout, &placement);
    (placement, layout)
}

/// The width that most rows have, if it is less than that of the headings: some programs leave empty cells at the end out.
fn usual_width(sample: &[Vec<String>], wants: usize) -> usize {
    let mut widths: Vec<usize> = sample.iter().map(Vec::len).filter(|width| *width < wants).collect();
    if widths.len() * 2 <= sample.len() {
        return wants;
    }
    widths.sort_unstable();
    widths.first().copied().unwrap_or(wants).max(2)
}

fn tally_dates(layout: &Layout, sample: &[Vec<String>]) -> [DateTally; 3] {
    let mut tallies = [DateTally::default(); 3];
    for (column, source) in layout.sources.iter().filter(|(column, _)| column.is_date()) {
        for row in sample {
            if let Read::Date(dated) =
                dates::read(row.get(source.at()).map_or("", String::as_str), layout.reading(*column))
            {
                tallies[date_idx(*column)].add(dated.says);
            }
        }
    }
    tallies
}

/// The order of each date: as told, else as its column says, else as the file says.
fn orders(tallies: &[DateTally; 3], layout: &Layout, placement: &Placement) -> [DateOrder; 3] {
    let mut all = DateTally::default();
    for it in tallies {
        all.append(*it);
    }
    whole::DATES.map(|column| {
        let at = layout.source(column).map(layout::Source::at);
        let told = placement.orders.iter().find(|(it, _)| Some(*it) == at).map(|(_, order)| *order);
        told.unwrap_or_else(|| whole::order_of(tallies[date_idx(column)], all).0)
    })
}

/// Reads rows, and once more if all of them say another order of dates than the sample did.
pub(super) fn read_rows(
    layout: &mut Layout,
    placement: &Placement,
    read: impl Fn(&Layout) -> Vec<Part>,
) -> Vec<Part> {
    let parts = read(layout);
    let mut tallies = [DateTally::default(); 3];
    for part in &parts {
        tallies.iter_mut().zip(part.tally.dates).for_each(|(one, other)| one.append(other));
    }
    let orders = orders(&tallies, layout, placement);
    let has = |column: Column| layout.source(column).is_some();
    let is_same =
        whole::DATES.iter().all(|it| !has(*it) || orders[date_idx(*it)] == layout.orders[date_idx(*it)]);
    if is_same {
        return parts;
    }
    layout.orders = orders;
    drop(parts);
    read(layout)
}

/// A text file, decoded. None: a problem says why.
pub(super) fn read(text: &str, how: &How<'_>, told: &mut Told) -> Option<(List, u8)> {
    let (text, stated) = stated_delimiter(text);
    let delimiter = stated.unwrap_or_else(|| records::delimiter_of(text));
    let first_line = 1 + u32::from(stated.is_some());
    let mut records = Records::new(text, 0..text.len(), delimiter, first_line);
    let (mut first, mut starts, mut cells) = (Vec::new(), vec![(records.at(), first_line)], Vec::new());
    while first.len() < PREAMBLE + 200
        && let Some(record) = records.next(&mut cells)
    {
        first.push((record.line, cells.iter().map(ToString::to_string).collect::<Vec<_>>()));
        starts.push((records.at(), records.line()));
    }
    if first.is_empty() {
        told.file(say::empty_file());
        return None;
    }
    let Some(headings) = find_headings(&first, how) else {
        told.file(say::no_headings());
        return None;
    };
    if headings.names.len() > how.limits.columns {
        told.file(say::too_many_columns(headings.names.len(), how.limits.columns));
        return None;
    }
    let (from, line) = starts[headings.skip];
    let mut sample: Vec<Vec<String>> =
        first.split_off(headings.skip).into_iter().map(|(_, cells)| cells).collect();
    sample.extend(sample_further(text, from, delimiter));
    let (placement, mut layout) = lay_out(&headings, &sample, how, told);
    let parts = read_rows(&mut layout, &placement, |layout| {
        read_parts(text, (from, line), delimiter, layout, how.limits)
    });
    Some((List { placement, layout, headings, parts }, delimiter))
}

/// `sep=;` in the first line, which Excel writes and reads.
fn stated_delimiter(text: &str) -> (&str, Option<u8>) {
    let Some((line, rest)) = text.split_once('\n') else { return (text, None) };
    match line.trim_end_matches('\r').trim_matches('"').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ (b',' | b';' | b'\t' | b'|')] => {
            (rest, Some(*delimiter))
        }
        _ => (text, None),
    }
}

/// Some rows from further down: the first two hundred may all be of one branch or one year.
fn sample_further(text: &str, from: usize, delimiter: u8) -> Vec<Vec<String>> {
    let size = (text.len() - from.min(text.len())) / 8;
    if size < 20_000 {
        return Vec::new();
    }
    let mut sample = Vec::new();
    for part in records::parts(text, from, 1, size).into_iter().skip(1) {
        let (mut records, mut cells) = (Records::new(text, part.range, delimiter, 1), Vec::new());
        for _ in 0..40 {
            if records.next(&mut cells).is_some() {
                sample.push(cells.iter().map(ToString::to_string).collect());
            }
        }
    }
    sample
}

/// Bytes of a part. Enough that threads are worth it, and few enough that all of them have work.
const PART: usize = 1 << 18;

fn read_parts(
    text: &str,
    (from, line): (usize, u32),
    delimiter: u8,
    layout: &Layout,
    limits: Limits,
) -> Vec<Part> {
    let ranges = records::parts(text, from, line, PART);
    let read = |range: &records::Part| read_part(text, range, delimiter, layout);
    let done: Vec<(Part, (usize, u32))> = ranges.par_iter().map(read).collect();
    let mut parts = Vec::with_capacity(done.len());
    let (mut at, mut n_rows) = ((from, line), 0);
    for (range, (part, end)) in ranges.iter().zip(done) {
        if range.range.start != at.0 {
            // Quotation marks are not in pairs, so this part began inside a cell: read the rest in one go.
            let rest = records::Part { range: at.0..text.len(), line: at.1 };
            parts.push(read(&rest).0);
            break;
        }
        n_rows += part.chunk.n_rows();
        parts.push(part);
        at = end;
        if n_rows > limits.rows {
            break;
        }
    }
    parts
}

/// Reads the records that begin in this part; and where the next one begins.
fn read_part(text: &str, range: &records::Part, delimiter: u8, layout: &Layout) -> (Part, (usize, u32)) {
    let mut part = Part::default();
    let bytes = &text.as_bytes()[range.range.clone()];
    let is_odd = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Without an end at the first: many bytes at once.
    part.is_plain = !bytes.chunks(4096).any(|some| some.iter().fold(false, |odd, byte| odd | is_odd(byte)));
    part.chunk.reserve(bytes.len());
    let mut records = Records::new(text, range.range.clone(), delimiter, range.line);
    let mut cells: Vec<Cow<'_, str>> = Vec::new();
    while let Some(record) = records.next(&mut cells) {
        if let Some(odd) = record.odd {
            let oddity = Oddity::from(odd);
            let is_lost = matches!(oddity, Oddity::NeverClosed { .. });
            part.findings.add(record.line, None, oddity, "");
            if is_lost {
                continue;
            }
        }
        part.take(layout, record.line, &cells, NONE);
    }
    part.chunk.shrink();
    (part, (records.at(), records.line()))
}

const NONE: &[CellKind] = &[];
