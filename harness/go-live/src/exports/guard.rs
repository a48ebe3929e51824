//! Looks through a packed workbook before any parser allocates for it: how large its parts really are once unpacked, how
//! many cells they have and where, and whether there is anything in it that no spreadsheet program writes. Sizes that the
//! file states of itself are never believed.

use super::Limits;
use super::say::{self, Said};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::io::{self, BufReader, Cursor, Read};
use zip::ZipArchive;

/// What the package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Package {
    Xlsx,
    Ods,
}

/// What was seen on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) package: Package,
    /// Macros, links to other files, embedded objects.
    pub(super) has_extras: bool,
}

/// Sizes below which a ratio says nothing.
const SMALL: u64 = 1 << 20;

/// More repeated spaces than this in one cell of an ODS are no text. *Assumed.*
const SPACES: u64 = 10_000;

pub(super) fn look_through(bytes: &[u8], limits: Limits) -> Result<Seen, Said> {
    if bytes.len() as u64 > limits.workbook_bytes {
        let what = format!("The workbook has {} MiB", bytes.len() >> 20);
        return Err(say::too_large(&what, &format!("{} MiB", limits.workbook_bytes >> 20)));
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        say::damaged(
            "The file begins as a workbook and its end is missing or damaged.",
            "Copy or download it again.",
        )
    })?;
    if zip.has_duplicate_names() {
        return Err(say::hostile("Two parts of the workbook have the same name."));
    }
    let names = names(&mut zip)?;
    let package = package_of(&names)?;
    let mut counts = Counts { limits, unpacked: 0, cells: 0 };
    for (idx, name) in names.iter().enumerate() {
        look_at(&mut zip, idx, name, package, &mut counts)?;
    }
    let marks = ["vbaProject", "externalLinks/", "embeddings/", "activeX/", "ObjectReplacements/"];
    let has_extras = names.iter().any(|name| marks.iter().any(|mark| name.contains(mark)));
    Ok(Seen { package, has_extras })
}

/// The names of all parts, none of which is read yet.
fn names(zip: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<String>, Said> {
    let mut names = Vec::with_capacity(zip.len().min(10_000));
    for idx in 0..zip.len() {
        let part = zip.by_index_raw(idx).map_err(|_| unreadable())?;
        let name =
            part.name().map_err(|_| say::hostile("A part of the workbook has a name that is no text."))?;
        let climbs = part.enclosed_name().is_none() || name.split(['/', '\\']).any(|step| step == "..");
        if climbs || name.starts_with('/') || name.contains('\\') || name.contains(':') {
            return Err(say::hostile("The name of a part of the workbook leads outside of it."));
        }
        if part.is_symlink() {
            return Err(say::hostile("A part of the workbook is a link to a file."));
        }
        if part.encrypted() {
            return Err(say::encrypted());
        }
        names.push(name.into_owned());
    }
    Ok(names)
}

fn unreadable() -> Said {
    say::damaged(
        "A part of the workbook cannot be unpacked.",
        "Copy or download it again, or open it in Excel and save it.",
    )
}

fn package_of(names: &[String]) -> Result<Package, Said> {
    let has = |name: &str| names.iter().any(|it| it.eq_ignore_ascii_case(name));
    let begins = |start: &str| names.iter().any(|it| it.starts_with(start));
    let save_as_xlsx = "Open it in Excel and save it as an Excel workbook (.xlsx).";
    if has("xl/workbook.xml") {
        Ok(Package::Xlsx)
    } else if has("xl/workbook.bin") {
        Err(say::other_kind("This is a binary workbook (.xlsb).", save_as_xlsx))
    } else if has("mimetype") && has("content.xml") {
        Ok(Package::Ods)
    } else if begins("word/") {
        Err(say::other_kind(
            "This is a Word document.",
            "Export the list as CSV or as an Excel workbook instead.",
        ))
    } else if begins("Index/") || has("Index.zip") {
        Err(say::other_kind(
            "This is a Numbers document.",
            "Export it from Numbers as CSV or as an Excel workbook.",
        ))
    } else if begins("xl/") || has("[Content_Types].xml") {
        Err(say::damaged("The list of sheets is missing in this workbook.", "Open it in Excel and save it."))
    } else {
        Err(say::other_kind(
            "This is a zip archive and no workbook.",
            "Unpack it, and give the file that is in it.",
        ))
    }
}

struct Counts {
    limits: Limits,
    /// Bytes, of all parts so far.
    unpacked: u64,
    cells: u64,
}

impl Counts {
    fn too_many_cells(&self) -> Said {
        say::too_large(
            "The workbook has too many cells, empty ones with them",
            &format!("{} of them", say::thousands(self.limits.cells)),
        )
    }

    fn add_cells(&mut self, n: u64) -> Result<(), Said> {
        self.cells = self.cells.saturating_add(n);
        if self.cells > self.limits.cells { Err(self.too_many_cells()) } else { Ok(()) }
    }
}

/// Counts what comes out, and stops where it is too much.
struct Counted<R> {
    inner: R,
    packed: u64,
    here: u64,
    before: u64,
    limits: Limits,
    is_too_much: bool,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.here += n as u64;
        let ratio = self.here / self.packed.max(1);
        self.is_too_much = self.before + self.here > self.limits.unpacked_bytes
            || (self.here > SMALL && ratio > self.limits.unpacked_ratio);
        if self.is_too_much { Err(io::Error::other("too much")) } else { Ok(n) }
    }
}

fn look_at(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    idx: usize,
    name: &str,
    package: Package,
    counts: &mut Counts,
) -> Result<(), Said> {
    let part = zip.by_index(idx).map_err(|_| unreadable())?;
    let packed = part.compressed_size();
    let mut counted = Counted {
        inner: part,
        packed,
        here: 0,
        before: counts.unpacked,
        limits: counts.limits,
        is_too_much: false,
    };
    let is_xml = [".xml", ".rels", ".vml"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    // Relationships may call any part a sheet, so each is read as one; where a picture stops being XML, its parser stops too.
    let looked = look_at_xml(BufReader::with_capacity(1 << 16, &mut counted), package, counts);
    let looked = match looked {
        Err(Stop::NotXml) if !is_xml => {
            io::copy(&mut counted, &mut io::sink()).map(|_| ()).map_err(|_| unreadable())
        }
        Err(Stop::NotXml) => Err(unreadable()),
        Err(Stop::Said(said)) => Err(said),
        Ok(()) => Ok(()),
    };
    if counted.is_too_much {
        return Err(say::too_large(
            "A part of the workbook is far larger once it is unpacked",
            &format!(
                "{} MiB, or {} times its packed size",
                counts.limits.unpacked_bytes >> 20,
                counts.limits.unpacked_ratio
            ),
        ));
    }
    counts.unpacked += counted.here;
    looked
}

/// Why a part was not looked at to its end.
enum Stop {
    NotXml,
    Said(Said),
}

impl From<Said> for Stop {
    fn from(said: Said) -> Stop {
        Stop::Said(said)
    }
}

fn look_at_xml(from: impl io::BufRead, package: Package, counts: &mut Counts) -> Result<(), Stop> {
    let mut reader = Reader::from_reader(from);
    let (mut buffer, mut sheet, mut depth) = (Vec::new(), SheetCells::default(), 0_u32);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| Stop::NotXml)?;
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.checked_sub(1).ok_or(Stop::NotXml)?,
            // The parser of ODS waits for ends that never come.
            Event::Eof if depth > 0 => return Err(Stop::NotXml),
            _ => {}
        }
        match event {
            Event::DocType(_) => {
                return Err(say::hostile("There is a document type with entities in the workbook.").into());
            }
            Event::Eof => return Ok(()),
            Event::Start(tag) => look_at_tag(&tag, package, &mut sheet, counts, false)?,
            Event::Empty(tag) => look_at_tag(&tag, package, &mut sheet, counts, true)?,
            Event::End(tag) if package == Package::Ods => sheet.end(tag.local_name().as_ref(), counts)?,
            Event::Text(text) if package == Package::Ods && !text.is_empty() => sheet.is_filled = true,
            _ => {}
        }
    }
}

fn look_at_tag(
    tag: &BytesStart<'_>,
    package: Package,
    sheet: &mut SheetCells,
    counts: &mut Counts,
    is_empty: bool,
) -> Result<(), Said> {
    match (package, tag.local_name().as_ref()) {
        (Package::Xlsx, "sst") => {
            let stated = number(tag, "uniqueCount").unwrap_or(0).max(number(tag, "count").unwrap_or(0));
            // Stated for the parser to make room; one cell may use a text many times, so only the first is a limit.
            if number(tag, "uniqueCount").unwrap_or(0) > counts.limits.cells {
                return Err(say::hostile(&format!(
                    "The list of texts says that it has {} of them.",
                    say::thousands(stated)
                )));
            }
            Ok(())
        }
        (Package::Xlsx, "c") => {
            sheet.cell = attribute(tag, "r");
            counts.add_cells(1)
        }
        (Package::Xlsx, "v" | "is") => too_far(sheet.cell.take(), counts.limits),
        (Package::Ods, "table-row") => {
            sheet.begin_row(number(tag, "number-rows-repeated").unwrap_or(1));
            if is_empty { sheet.end("table-row", counts) } else { Ok(()) }
        }
        (Package::Ods, "table-cell" | "covered-table-cell") => {
            sheet.begin_cell(number(tag, "number-columns-repeated").unwrap_or(1), tag);
            if is_empty { sheet.end("table-cell", counts) } else { Ok(()) }
        }
        (Package::Ods, "s") if number(tag, "c").is_some_and(|n| n > SPACES) => {
            Err(say::hostile("A cell of the workbook has more spaces than any text."))
        }
        (Package::Ods, "table") => {
            *sheet = SheetCells::default();
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Refuses a filled cell to the right of everything that is read.
fn too_far(cell: Option<String>, limits: Limits) -> Result<(), Said> {
    let Some(cell) = cell else { return Ok(()) };
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.fold(0_usize, |sum, letter| {
        sum.saturating_mul(26).saturating_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    if column <= limits.columns {
        return Ok(());
    }
    Err(say::too_large(
        &format!("Cell {} is filled", say::shown(&cell)),
        &format!("{} columns", limits.columns),
    ))
}

/// The cells of one sheet of an ODS, as its parser would lay them out.
#[derive(Debug, Default)]
struct SheetCells {
    /// Of an XLSX: where the cell is that was begun last.
    cell: Option<String>,
    /// How often the row and the cell stand there.
    row_repeats: u64,
    cell_repeats: u64,
    is_filled: bool,
    /// Of this row: cells up to the last filled one, and all.
    width: u64,
    at: u64,
    /// Rows without anything since the last filled one.
    empty_rows: u64,
    widest: u64,
}

impl SheetCells {
    fn begin_row(&mut self, repeats: u64) {
        (self.row_repeats, self.width, self.at) = (repeats, 0, 0);
    }

    fn begin_cell(&mut self, repeats: u64, tag: &BytesStart<'_>) {
        self.cell_repeats = repeats;
        let is_value = |key: &str| key.ends_with("value") || key.ends_with("formula");
        self.is_filled = tag.attributes().with_checks(false).flatten().any(|it| is_value(it.key.as_ref()));
    }

    /// Ends a cell or a row.
    fn end(&mut self, name: &str, counts: &mut Counts) -> Result<(), Said> {
        match name {
            "table-cell" | "covered-table-cell" => {
                self.at = self.at.saturating_add(self.cell_repeats);
                if self.is_filled {
                    self.width = self.at;
                }
                self.is_filled = false;
                if self.width > counts.limits.columns as u64 {
                    let what = format!("A row has {} cells", say::thousands(self.width));
                    return Err(say::too_large(&what, &format!("{} columns", counts.limits.columns)));
                }
                Ok(())
            }
            "table-row" if self.width == 0 => {
                self.empty_rows = self.empty_rows.saturating_add(self.row_repeats);
                Ok(())
            }
            "table-row" => {
                self.widest = self.widest.max(self.width);
                // Empty rows in between are laid out as wide as the others.
                let rows = self.row_repeats.saturating_add(std::mem::take(&mut self.empty_rows));
                counts.add_cells(rows.saturating_mul(self.widest))
            }
            _ => Ok(()),
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found = all.with_checks(false).flatten().find(|it| it.key.local_name().as_ref() == name);
    found.map(|it| it.value.into_owned())
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u64> {
    // What is too large for a number is as large as it gets.
    attribute(tag, name).map(|text| text.trim().parse().unwrap_or(u64::MAX))
}
