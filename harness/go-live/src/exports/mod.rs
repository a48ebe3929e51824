//! Reads exports: the bytes of a file in, typed rows and every problem out. A pure function of the bytes and of what
//! the user chose about columns; it opens no file, and it decides nothing about anybody.

mod choices;
mod column;
mod compound;
mod content;
mod dates;
mod delimited;
mod guard;
mod headings;
mod layout;
mod meaning;
mod place;
mod problem;
mod records;
mod row;
mod rows;
mod say;
mod split;
mod table;
mod text;
mod whole;
mod words;
mod workbook;

pub use choices::{Choice, Choices, Chosen, Mistake};
pub use column::Column;
pub use dates::DateOrder;
pub use meaning::Meaning;
pub use problem::{Problem, Severity};
pub use row::{CareHistory, ExportRow, Origin, Status};
pub use table::LONGEST_CELL;
pub(crate) use table::said_too;

use crate::lookalike;
use delimited::List;
use jiff::civil::Date;
use place::Placement;
use rows::{Part, Tally};
use say::{Findings, Told};
use sha2::{Digest as _, Sha256};
use table::{Chunk, Table};
use whole::HashedId;

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
    pub means: Meaning,
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
    /// How the dates of a column were read: (place in the file, order).
    pub date_orders: Vec<(usize, DateOrder)>,
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
                chunk.push(columns[*at], row.get(*at).copied().unwrap_or(""));
            }
        }
        let placed = |at: &usize| Placed {
            at: *at,
            heading: columns[*at].text().to_owned(),
            means: columns[*at].into(),
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
            date_orders: Vec::new(),
            problems: Vec::new(),
            table: Table::new(order.iter().map(|at| columns[*at]).collect(), vec![chunk]),
        }
    }
}

/// The most that is read. Beyond it nothing is allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of a text file.
    pub text_bytes: u64,
    /// Of a workbook, packed.
    pub workbook_bytes: u64,
    /// Of a workbook, unpacked: all parts together, counted as they are unpacked.
    pub unpacked_bytes: u64,
    /// How many times larger a part may be unpacked, from the first megabyte on.
    pub unpacked_ratio: u64,
    /// Cells of all sheets, empty ones with them.
    pub cells: u64,
    pub rows: usize,
    pub columns: usize,
}

impl Default for Limits {
    /// *Assumed*: ten times the largest care provider, and what two gigabytes of memory can hold.
    fn default() -> Limits {
        Limits {
            text_bytes: 512 << 20,
            workbook_bytes: 10 << 20,
            unpacked_bytes: 64 << 20,
            unpacked_ratio: 100,
            cells: 1_000_000,
            rows: 1_000_000,
            columns: 256,
        }
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    pub side: Side,
    /// As the user named it, without its folder.
    pub file: &'a str,
    /// Nobody is born after it, and two digits of a year go by it.
    pub today: Date,
    /// What the user said of columns, now or the last time.
    pub choices: &'a Choices,
    pub limits: Limits,
}

/// Reads one export, whatever kind of file it is. It never fails: what cannot be used is said in [`Export::problems`].
pub fn read(bytes: &[u8], how: &How<'_>) -> Export {
    let (sha256, export) = rayon::join(|| Sha256::digest(bytes).into(), || read_list(bytes, how));
    Export { sha256, ..export }
}

fn read_list(bytes: &[u8], how: &How<'_>) -> Export {
    let mut told = Told::new(how.file);
    let mut form = Form::default();
    let kind = text::kind_of(bytes);
    let list = match kind {
        text::Kind::Text => read_text(bytes, how, &mut form, &mut told),
        text::Kind::Zip => workbook::read_packed(bytes, how, &mut form, &mut told),
        text::Kind::Compound => workbook::read_compound(bytes, how, &mut form, &mut told),
        text::Kind::Other(what, fix) => {
            told.file(say::other_kind(what, fix));
            None
        }
    };
    misnamed(kind, &form.what, how.file, &mut told);
    finish(bytes.len(), list, form, how, told)
}

/// Says what the file is where its name says something else.
fn misnamed(kind: text::Kind, what: &str, file: &str, told: &mut Told) {
    let Some((_, ending)) = file.rsplit_once('.') else { return };
    let ending = ending.to_ascii_lowercase();
    let is_book = ["xlsx", "xlsm", "xls", "ods"].contains(&ending.as_str());
    let is_text = ["csv", "txt", "tsv"].contains(&ending.as_str());
    let is_other = (kind == text::Kind::Text && is_book)
        || (matches!(kind, text::Kind::Zip | text::Kind::Compound) && is_text);
    // Where nothing was read, that is told already.
    if is_other && !what.is_empty() {
        told.file(say::is_really(what, &format!(".{ending}")));
    }
}

fn read_text(bytes: &[u8], how: &How<'_>, form: &mut Form, told: &mut Told) -> Option<List> {
    if bytes.len() as u64 > how.limits.text_bytes {
        let what = format!("The file has {} MiB", bytes.len() >> 20);
        told.file(say::too_large(&what, &format!("{} MiB", how.limits.text_bytes >> 20)));
        return None;
    }
    if bytes.is_empty() {
        told.file(say::empty_file());
        return None;
    }
    let (text, encoding) = text::decode(bytes, told)?;
    text::look_for_lost_letters(&text, told);
    let (list, delimiter) = delimited::read(&text, how, told)?;
    form.what = format!("CSV, {encoding}, {}", records::delimiter_name(delimiter));
    form.headings_row = list.headings.row;
    Some(list)
}

/// Puts the parts together, and looks at the whole.
fn finish(n_bytes: usize, list: Option<List>, form: Form, how: &How<'_>, mut told: Told) -> Export {
    let mut export = Export {
        side: how.side,
        file: how.file.to_owned(),
        n_bytes: n_bytes as u64,
        sha256: [0; 32],
        form,
        placed: Vec::new(),
        set_aside: Vec::new(),
        date_orders: Vec::new(),
        problems: Vec::new(),
        table: Table::new(Vec::new(), Vec::new()),
    };
    if let Some(List { placement, layout, headings, parts }) = list {
        let Together { chunks, tally, mut findings, ids } =
            together(parts, layout.n_cells, how.limits, layout.sources.len(), &mut told);
        export.table = Table::new(layout.columns(), chunks);
        whole::dates(&tally, &layout, &placement, &mut told);
        whole::columns(&tally, &placement, &mut findings, export.n_rows(), &mut told);
        whole::lost_zeros(&export.table, &tally, &mut findings);
        whole::twice(&export.table, how.side, ids, &mut findings);
        say_columns(&placement, &headings.names, export.n_rows(), how.side, &mut told);
        let heading = |column: Column| {
            let at = layout.source(column)?.at();
            placement.placed.iter().find(|it| it.at == at).map(|it| say::shown(&it.heading))
        };
        told.rows(&findings, &heading);
        let date_of =
            |column: &Column| Some((layout.source(*column)?.at(), layout.orders[layout::date_idx(*column)]));
        export.date_orders = whole::DATES.iter().filter_map(date_of).collect();
        export.placed = placement.placed;
        export.set_aside = placement.set_aside;
    }
    export.problems = told.problems;
    export.problems.sort_by(Problem::order);
    export
}

/// The chunks of all parts, what was counted, what was found, and the IDs, in the order of the file.
struct Together {
    chunks: Vec<Chunk>,
    tally: Tally,
    findings: Findings,
    ids: Vec<HashedId>,
}

fn together(parts: Vec<Part>, n_cells: usize, limits: Limits, n_columns: usize, told: &mut Told) -> Together {
    let (mut chunks, mut tally, mut findings) =
        (Vec::with_capacity(parts.len()), Tally::default(), Findings::default());
    let mut ids = Vec::with_capacity(parts.iter().map(|part| part.ids.len()).sum());
    let (mut n_rows, mut before) = (0, Part::default());
    for mut part in parts {
        if part.chunk.n_rows() > 0 {
            // What seemed to be the foot of the list was not.
            before.flush_pending(n_cells);
            findings.append(std::mem::take(&mut before.findings));
        }
        tally.append(&part.tally);
        findings.append(std::mem::take(&mut part.findings));
        before.pending.append(&mut part.pending);
        let room = limits.rows - n_rows;
        if part.chunk.n_rows() > room {
            let first = part.chunk.number(room).unwrap_or(0);
            told.file(say::too_many_rows(first, limits.rows));
            part.chunk.truncate(room, n_columns);
        }
        let n_kept = part.chunk.n_rows();
        let of_kept = part.ids.iter().filter(|id| (id.at as usize) < n_kept);
        ids.extend(of_kept.map(|id| id.after(n_rows)));
        n_rows += n_kept;
        chunks.push(part.chunk);
    }
    for (row, _, value) in before.pending {
        findings.add(row, None, say::Oddity::Footer, &value);
    }
    Together { chunks, tally, findings, ids }
}

/// What is missing, and what is not used.
fn say_columns(placement: &Placement, headings: &[String], n_rows: usize, side: Side, told: &mut Told) {
    let names: Vec<String> =
        headings.iter().filter(|it| !it.trim().is_empty()).map(|it| say::shown(it.trim())).collect();
    let has_name = placement.has(Meaning::FullName)
        || placement.has(Column::FamilyName)
        || placement.has(Column::GivenName);
    if n_rows == 0 {
        told.file(say::no_rows());
    }
    if !has_name && !placement.has(Column::ExternalId) {
        told.file(if names.is_empty() {
            say::no_headings()
        } else {
            say::no_column("external ID, nor one for names", &names.join(", "))
        });
        return;
    }
    if !placement.has(Column::ExternalId) {
        match side {
            Side::Rostering => told.file(say::no_column("external ID", &names.join(", "))),
            Side::Acp => {
                told.file(say::missing_column("the external ID", "every record counts as one without"));
            }
        }
    }
    if !has_name {
        told.file(say::missing_column("names", "people can only be told apart by other details"));
    }
    let unknown: &[(Column, &str)] = match side {
        Side::Rostering => &[(Column::Branch, "branches are unknown")],
        Side::Acp => &[
            (Column::RecordId, "records are called by their rows"),
            (Column::Branch, "branches are unknown"),
            (
                Column::CareHistory,
                "it is unknown who has care history, and every move counts as possibly held",
            ),
            (Column::Status, "it is unknown which records are active"),
            (Column::Service, "services are unknown"),
        ],
    };
    for (column, so) in unknown {
        let is_there =
            placement.has(*column) || (*column == Column::Status && placement.has(Column::Archived));
        if !is_there {
            told.file(say::missing_column(column.text(), so));
        }
    }
    for aside in &placement.set_aside {
        told.file(say::set_aside(&aside.heading, &aside.why));
    }
}
