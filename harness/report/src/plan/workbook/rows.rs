//! The rows of the tables, written into the place that the library leaves for them. It makes everything else: styles, widths,
//! filters, drop-downs, and for each table one empty row that says how its cells look. Millions of cells are not its work: it
//! keeps each in a tree and every text in one list of the whole workbook, on one thread, which took three times as long as
//! the plan. Here a table is written row by row, several tables at once, and packed on the way.
//!
//! A text stands in its own cell ("inline"). **No cell is ever a formula**: this file has no words for one.

use super::sheet::Kind;
use rayon::prelude::*;
use rust_xlsxwriter::XlsxError;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Cursor, Read as _, Seek, Write};
use zip::write::{PreparedZipFile, SimpleFileOptions, ZipFileBuilder};
use zip::{ZipArchive, ZipWriter};

/// Puts down the cells of a row; the first is 0.
type Fill<'a> = Box<dyn Fn(usize, &mut Cells<'_>) + Send + Sync + 'a>;

/// What a table holds below its header.
pub(super) struct Rows<'a> {
    n: u32,
    fill: Fill<'a>,
    kinds: Vec<Kind>,
}

impl<'a> Rows<'a> {
    /// A row for each; `fill` puts its cells down, from the left.
    pub(super) fn new<T: Send + Sync + 'a>(
        each: Vec<T>,
        fill: impl Fn(&T, &mut Cells<'_>) + Send + Sync + 'a,
    ) -> Rows<'a> {
        let n = u32::try_from(each.len()).unwrap_or(u32::MAX);
        Rows { n, fill: Box::new(move |at, cells| fill(&each[at], cells)), kinds: Vec::new() }
    }

    pub(super) fn n(&self) -> u32 {
        self.n
    }

    pub(super) fn under(self, kinds: impl Iterator<Item = Kind>) -> Rows<'a> {
        Rows { kinds: kinds.collect(), ..self }
    }
}

/// The cells of one row, from the left.
pub(super) struct Cells<'a> {
    xml: &'a mut String,
    row: &'a str,
    columns: std::slice::Iter<'a, Column>,
}

impl Cells<'_> {
    pub(super) fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        let text = short(text.as_ref());
        let Some(column) = self.columns.next() else { return self };
        if !text.is_empty() {
            self.begin(column);
            self.xml.push_str(" t=\"inlineStr\"><is>");
            push_text(self.xml, &text);
            self.xml.push_str("</is></c>");
        } else if column.is_drawn_empty {
            self.begin(column);
            self.xml.push_str("/>");
        }
        self
    }

    pub(super) fn number(&mut self, number: usize) -> &mut Self {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let Some(column) = self.columns.next() else { return self };
        self.begin(column);
        // A `String` takes everything.
        let _ = write!(self.xml, "><v>{number}</v></c>");
        self
    }

    fn begin(&mut self, column: &Column) {
        for part in ["<c r=\"", &column.letters, self.row, "\"", &column.look] {
            self.xml.push_str(part);
        }
    }
}

/// Writes `book`, as the library made it, with the rows of its sheets: the first are those of the first sheet.
pub(super) fn write(book: &[u8], rows: &[Option<Rows<'_>>], to: impl Write + Seek) -> Result<(), XlsxError> {
    let mut book = ZipArchive::new(Cursor::new(book))?;
    let tables: Vec<(String, &Rows<'_>)> = (1..)
        .zip(rows)
        .filter_map(|(number, rows)| Some((format!("xl/worksheets/sheet{number}.xml"), rows.as_ref()?)))
        .filter(|(_, rows)| rows.n > 0)
        .collect();
    let mut packed: BTreeMap<String, PreparedZipFile> = tables
        .par_iter()
        .map(|(name, rows)| Ok((name.clone(), pack(book.clone(), name, rows)?)))
        .collect::<Result<_, XlsxError>>()?;
    let mut zip = ZipWriter::new(to);
    for at in 0..book.len() {
        let file = book.by_index_raw(at)?;
        match packed.remove(file.name()?.as_ref()) {
            Some(packed) => zip.add_prepared_file(packed)?,
            None => zip.raw_copy_file(file)?,
        }
    }
    zip.finish()?;
    Ok(())
}

fn pack(
    mut book: ZipArchive<Cursor<&[u8]>>,
    name: &str,
    rows: &Rows<'_>,
) -> Result<PreparedZipFile, XlsxError> {
    let mut sheet = String::new();
    book.by_name(name)?.read_to_string(&mut sheet)?;
    let no_place = || XlsxError::ParameterError(format!("{name} has no place for its rows"));
    let frame = Frame::of(&sheet, rows).ok_or_else(no_place)?;
    // For a hundred thousand service users a tenth of a second more than 1 and a fifth smaller; half a second less than 6.
    let options = SimpleFileOptions::default()
        .compression_level(Some(2))
        .unix_permissions(0o600)
        .last_modified_time(zip::DateTime::default());
    let mut packed = ZipFileBuilder::new(name, options)?;
    frame.write(rows, &mut packed)?;
    Ok(packed.finish()?)
}

/// What the library made of a sheet.
struct Frame<'a> {
    before: &'a str,
    after: &'a str,
    columns: Vec<Column>,
}

/// What every cell of a column has.
struct Column {
    /// `AB`.
    letters: String,
    /// ` s="3"`.
    look: String,
    is_drawn_empty: bool,
}

/// So much is handed on at once, in bytes.
const AT_ONCE: usize = 1 << 16;

impl<'a> Frame<'a> {
    /// The place of the rows is where the last of them is, empty.
    fn of(sheet: &'a str, rows: &Rows<'_>) -> Option<Frame<'a>> {
        let (before, rest) = sheet.split_once(&format!("<row r=\"{}\"", rows.n + 1))?;
        let (pattern, after) = rest.split_once("</row>")?;
        let cells = pattern.split("<c r=\"").skip(1);
        let columns: Option<Vec<Column>> =
            cells.zip(&rows.kinds).map(|(cell, kind)| Column::of(cell, *kind)).collect();
        columns.filter(|columns| columns.len() == rows.kinds.len()).map(|columns| Frame {
            before,
            after,
            columns,
        })
    }

    fn write(&self, rows: &Rows<'_>, to: &mut impl Write) -> io::Result<()> {
        let mut xml = self.before.to_owned();
        let mut row = String::new();
        for at in 0..rows.n as usize {
            row.clear();
            let _ = write!(row, "{}", at + 2);
            for part in ["<row r=\"", &row, "\">"] {
                xml.push_str(part);
            }
            (rows.fill)(at, &mut Cells { xml: &mut xml, row: &row, columns: self.columns.iter() });
            xml.push_str("</row>");
            if xml.len() >= AT_ONCE {
                to.write_all(xml.as_bytes())?;
                xml.clear();
            }
        }
        xml.push_str(self.after);
        to.write_all(xml.as_bytes())
    }
}

impl Column {
    /// From an empty cell: `AB188" s="3"/>`.
    fn of(cell: &str, kind: Kind) -> Option<Column> {
        let (place, rest) = cell.split_once('"')?;
        let letters = place.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let look = rest.split_once("/>")?.0.to_owned();
        Some(Column { letters, look, is_drawn_empty: kind.is_yellow() })
    }
}

/// The longest text that is written, in characters: a cell holds 32,767.
const LONGEST: usize = 8000;

fn short(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} (cut)", &text[..end]).into(),
        None => text.into(),
    }
}

/// Puts a text down as XML that reads as nothing but this text. What looks like the escape of a character (`_x0041_`) is cut
/// in two runs after its first letter: everybody who reads a workbook puts runs together, and not everybody knows Excel's own
/// way (`_x005F_x0041_`) where a text stands in its cell.
fn push_text(xml: &mut String, text: &str) {
    let mut from = 0;
    for (end, _) in text.match_indices('_').filter(|(at, _)| is_escape(&text[*at..])) {
        push_run(xml, &text[from..=end]);
        from = end + 1;
    }
    if from == 0 {
        push_piece(xml, text);
    } else {
        push_run(xml, &text[from..]);
    }
}

fn push_run(xml: &mut String, text: &str) {
    xml.push_str("<r>");
    push_piece(xml, text);
    xml.push_str("</r>");
}

/// `_x0041_`, or what becomes that: the escape of a character begins as it ends.
fn is_escape(text: &str) -> bool {
    let mut rest = text.chars();
    rest.next() == Some('_')
        && rest.next() == Some('x')
        && rest.by_ref().take(4).filter(char::is_ascii_hexdigit).count() == 4
        && rest.next().is_some_and(|next| next == '_' || is_escaped(next))
}

/// No XML holds these, or it loses them.
fn is_escaped(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

fn push_piece(xml: &mut String, text: &str) {
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n');
    xml.push_str(if text.starts_with(is_blank) || text.ends_with(is_blank) {
        "<t xml:space=\"preserve\">"
    } else {
        "<t>"
    });
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let instead: Cow<'_, str> = match c {
            '&' => "&amp;".into(),
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            c if is_escaped(c) => format!("_x{:04X}_", u32::from(c)).into(),
            _ => continue,
        };
        xml.push_str(&text[from..at]);
        xml.push_str(&instead);
        from = at + c.len_utf8();
    }
    xml.push_str(&text[from..]);
    xml.push_str("</t>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::workbook::sheet::{Look, Sheet, number, text, yellow};
    use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
    use rust_xlsxwriter::Workbook;

    const HOSTILE: [&str; 33] = [
        "=cmd|' /C calc'!A0",
        "=HYPERLINK(\"https://example.com\")",
        "+1",
        "-1",
        "@x",
        "00482",
        "TRUE",
        "#REF!",
        "<script>alert(1)</script>",
        "<r><t>rich</t></r>",
        "</t></is></c></row>",
        "&amp; &lt; &#10; &",
        "<![CDATA[x]]>",
        "]]>",
        "'\"",
        " before and after ",
        "\ttab\t",
        "\nlines\n\nof text\n",
        "one\r\ntwo\rthree",
        "\0\u{1}\u{8}\u{b}\u{c}\u{1f}\u{7f}\u{85}",
        "_x0041_",
        "_x0041__x0042_x0043_ _x004_ _x00G1_ _x",
        "_x005F_x0041_",
        "_x0041\u{b}",
        "\u{b}x0041_",
        " _x0041_ ",
        "_xD83D__xDE00_",
        "\u{feff}\u{fffd}\u{fffe}\u{ffff}",
        "\u{1f469}\u{200d}\u{1f4bb} Zo\u{eb} \u{10ffff}",
        "\u{202e}gnp.exe",
        "\u{a0}\u{3000}",
        "_",
        " ",
    ];

    /// A workbook with these texts in a plain column and in one to fill in, and their numbers.
    fn written(texts: &[String]) -> Cursor<Vec<u8>> {
        let look = Look::new();
        let mut sheet = Sheet::new("Texts", "", &look).expect("a name");
        let rows = Rows::new(texts.iter().enumerate().collect(), |(at, text), cells| {
            cells.text(text).text(text).number(*at);
        });
        sheet.table(&[text("Text", 9.0), yellow("Text", 9.0), number("No.", 9.0)], 1, rows).expect("a table");
        let mut workbook = Workbook::new();
        workbook.push_worksheet(sheet.page);
        let book = workbook.save_to_buffer().expect("a workbook");
        let mut written = Cursor::new(Vec::new());
        write(&book, &[sheet.rows], &mut written).expect("a workbook");
        written
    }

    /// The same, read by somebody else.
    fn read_back(texts: &[String]) -> Vec<Vec<Data>> {
        let mut read: Xlsx<_> = open_workbook_from_rs(written(texts)).expect("a workbook");
        let formulas = read.worksheet_formula("Texts").expect("a sheet");
        assert!(formulas.rows().flatten().all(String::is_empty), "a formula");
        let range = read.worksheet_range("Texts").expect("a sheet");
        range.rows().skip(1).map(<[Data]>::to_vec).collect()
    }

    fn assert_comes_back(texts: &[String]) {
        let rows = read_back(texts);
        assert_eq!(rows.len(), texts.len());
        for ((at, text), row) in (0_u32..).zip(texts).zip(rows) {
            let text = Data::String(text.clone());
            assert_eq!(row, [text.clone(), text, Data::Float(f64::from(at))]);
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_comes_back(&HOSTILE.map(str::to_owned));
    }

    #[test]
    fn every_two_of_them_stay_text_beside_each_other() {
        let pairs = HOSTILE.iter().flat_map(|one| HOSTILE.map(|two| format!("{one}{two}")));
        assert_comes_back(&pairs.collect::<Vec<_>>());
    }

    #[test]
    fn a_text_is_cut_at_eight_thousand_characters() {
        let [fits, cut] = [LONGEST, LONGEST + 1].map(|n| "\u{1f469}".repeat(n));
        assert_comes_back(std::slice::from_ref(&fits));
        assert_eq!(read_back(&[cut])[0][0], Data::String(format!("{fits} (cut)")));
    }

    #[test]
    fn nothing_is_written_where_nobody_writes_but_what_is_filled_in_looks_so() {
        assert!(read_back(&[]).is_empty());
        let mut written = ZipArchive::new(written(&[String::new()])).expect("a workbook");
        let mut sheet = String::new();
        let mut file = written.by_name("xl/worksheets/sheet1.xml").expect("a sheet");
        file.read_to_string(&mut sheet).expect("UTF-8");
        let row = "<row r=\"2\"><c r=\"B2\" s=\"3\"/><c r=\"C2\" s=\"4\"><v>0</v></c></row></sheetData>";
        assert!(sheet.contains(row), "{sheet}");
    }
}
