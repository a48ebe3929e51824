//! Every message about an export, with its code: what is wrong and what to do. Values stand beside a message, never in it,
//! so that personal data can be left out. Finds nothing itself.

use super::records::Odd;
use super::{Column, Problem, Severity};
use std::{collections::BTreeMap, fmt::Write as _};

/// One sentence or two on a whole file, a line or a column of it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) row: Option<u32>,
    pub(super) column: Option<String>,
    pub(super) what: String,
    pub(super) fix: String,
}

/// Collects the problems of one file.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) file: String,
    pub(super) sheet: Option<String>,
    pub(super) problems: Vec<Problem>,
}

impl Told {
    pub(super) fn new(file: &str) -> Told {
        Told { file: file.to_owned(), sheet: None, problems: Vec::new() }
    }

    pub(super) fn file(&mut self, said: Said) {
        self.problems.push(Problem {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            row: said.row,
            column: said.column.map(|column| shown(&column)),
            value: None,
            is_personal: false,
            severity: said.severity,
            what: said.what,
            fix: said.fix,
            code: said.code,
            n_more: 0,
        });
    }

    /// Findings of rows, in the order of kinds and columns. `heading` names the column of a finding.
    pub(super) fn rows(&mut self, findings: &Findings, heading: &dyn Fn(Column) -> Option<String>) {
        for ((_, column), list) in &findings.lists {
            for (idx, found) in list.first.iter().enumerate() {
                let n_listed = u32::try_from(list.first.len()).unwrap_or(0);
                let is_last = idx + 1 == list.first.len();
                self.problems.push(Problem {
                    file: self.file.clone(),
                    sheet: self.sheet.clone(),
                    row: Some(found.row),
                    column: column.and_then(heading),
                    value: (!found.value.is_empty()).then(|| found.value.clone()),
                    is_personal: column.is_none_or(Column::is_personal),
                    severity: found.oddity.severity(),
                    what: found.oddity.what(),
                    fix: found.oddity.fix(),
                    code: found.oddity.code(),
                    n_more: if is_last { list.n - n_listed } else { 0 },
                });
            }
        }
    }
}

/// How many rows with one kind of problem in one column are listed; the others are counted.
const N_LISTED: usize = 50;

/// What was found in rows, a bounded number of each kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    lists: BTreeMap<(&'static str, Option<Column>), List>,
}

#[derive(Clone, Debug, Default)]
struct List {
    first: Vec<Found>,
    n: u32,
}

#[derive(Clone, Debug)]
struct Found {
    row: u32,
    oddity: Oddity,
    value: String,
}

impl Findings {
    pub(super) fn add(&mut self, row: u32, column: Option<Column>, oddity: Oddity, value: &str) {
        let list = self.lists.entry((oddity.code(), column)).or_default();
        list.n += 1;
        if list.first.len() < N_LISTED {
            list.first.push(Found { row, oddity, value: shown(value) });
        }
    }

    /// Adds the findings of rows that come later.
    pub(super) fn append(&mut self, later: Findings) {
        for (key, mut more) in later.lists {
            let list = self.lists.entry(key).or_default();
            list.n += more.n;
            more.first.truncate(N_LISTED - list.first.len());
            list.first.append(&mut more.first);
        }
    }

    pub(super) fn count(&self, code: &'static str, column: Column) -> u32 {
        self.lists.get(&(code, Some(column))).map_or(0, |list| list.n)
    }

    pub(super) fn forget(&mut self, code: &'static str, column: Column) {
        self.lists.remove(&(code, Some(column)));
    }
}

/// A value as messages show it: control and invisible characters as their numbers, 40 characters at most.
pub(super) fn shown(value: &str) -> String {
    let mut text = String::new();
    for (idx, c) in value.chars().enumerate() {
        if idx == 40 {
            text.push('…');
            break;
        }
        if c.is_control() || is_invisible(c) {
            let _ = write!(text, "<U+{:04X}>", c as u32);
        } else {
            text.push(c);
        }
    }
    text
}

/// Characters that leave no mark, or turn the direction of writing.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

macro_rules! oddities {
    ($($(#[$doc:meta])* $name:ident $({ $($part:ident: $type:ty),+ })? = $severity:ident $code:literal, $what:expr, $fix:expr;)+) => {
        /// What can be odd about one row or cell.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(super) enum Oddity { $($(#[$doc])* $name $({ $($part: $type),+ })?),+ }
        impl Oddity {
            pub(super) const fn severity(&self) -> Severity { match self { $(Oddity::$name { .. } => Severity::$severity),+ } }
            pub(super) const fn code(&self) -> &'static str { match self { $(Oddity::$name { .. } => $code),+ } }
            fn what(&self) -> String { match self { $(Oddity::$name $({ $($part),+ })? => $what.to_string()),+ } }
            fn fix(&self) -> String { match self { $(Oddity::$name { .. } => $fix.to_owned()),+ } }
        }
    };
}

const FORMAT_AS_TEXT: &str = "Export again, and do not open the file in Excel in between; or format the column as text before the values go in.";
const EXPORT_AGAIN: &str = "Correct it in the system that it comes from, and export again.";

oddities! {
    TooFewCells { has: usize, wants: usize } = CannotBeUsed "CSV-3",
        if *has == 1 {
            format!("Only one cell of this row is filled, and the headings have {wants}.")
        } else {
            format!("This row has {has} cells and the headings have {wants}, so nobody can tell which are missing.")
        },
        "Look for a line break or a delimiter that is not in quotation marks. The other rows were used.";
    TooManyCells { has: usize, wants: usize } = CannotBeUsed "CSV-4",
        format!("This row has {has} cells and the headings have {wants}."),
        "A comma or other delimiter inside a cell has to be in quotation marks. The other rows were used.";
    Footer = Note "CSV-5", "This line stands under the rows and is none of them.", "Nothing to do.";
    NeverClosed { cell: usize } = CannotBeUsed "CSV-6",
        format!("The quotation mark that opens cell {} of this row is never closed.", cell + 1),
        "Close it, or take it out. The rows after it were used.";
    AfterClosing { cell: usize } = Doubtful "CSV-7",
        format!("In cell {} there is text after the closing quotation mark; it was kept.", cell + 1),
        "A quotation mark inside a cell has to be doubled.";
    BareQuote { cell: usize } = Note "CSV-8",
        format!("Cell {} has a quotation mark inside; it was taken as text.", cell + 1), "Nothing to do if it belongs there.";
    TooLong = CannotBeUsed "CSV-9", "A cell of this row is longer than 65,535 bytes.",
        "Shorten it, or leave its column out of the export. The other rows were used.";
    NulCharacter = Doubtful "CELL-1", "There is a NUL character in this cell. The system that receives it would refuse it.",
        EXPORT_AGAIN;
    ControlCharacter = Doubtful "CELL-2", "There is a control character in this cell that nobody can see.", EXPORT_AGAIN;
    Hashes = Doubtful "CELL-3", "Only # signs: the column was too narrow in Excel when this was saved, and the value is lost.",
        "Make the column wider in Excel and save again, or export again.";
    FormulaError = Doubtful "CELL-4", "This cell holds an error of a formula and no value.",
        "Correct the formula, or put the value itself there.";
    NoStoredValue = Doubtful "CELL-5", "This formula has no stored value, so there is nothing to read.",
        "Open the workbook in Excel and save it, or put the value itself there.";
    NullWord = Note "CELL-6", "The cell says NULL, which databases write for nothing; it was read as empty.", "Nothing to do.";
    WordUnknown = Doubtful "CELL-7", "This word is not known in this column, so it counts as unknown.",
        "Tell us what it means, or use words such as Active, Inactive, Archived, Yes and No.";
    IdMissing = Doubtful "ID-1", "This row has no external ID, so the service user cannot be sent.", EXPORT_AGAIN;
    IdExponent = Doubtful "ID-2", "This looks like an ID that Excel turned into a number with an exponent; its last digits are lost.",
        FORMAT_AS_TEXT;
    IdDate = Doubtful "ID-3", "This looks like an ID that Excel turned into a date.", FORMAT_AS_TEXT;
    IdRounded = Doubtful "ID-4", "Excel keeps 15 digits. This ID has more and ends in zeros, so its last digits may be lost.",
        FORMAT_AS_TEXT;
    IdShort { has: usize, others: usize } = Doubtful "ID-5",
        format!("This ID has {has} digits where the others have {others}. Excel may have removed the zeros in front."),
        FORMAT_AS_TEXT;
    IdNumber = Note "ID-6", "The ID is stored as a number, so zeros in front of it would be lost.",
        "Format the column as text in the workbook, or check that no ID begins with 0.";
    IdInvisible = Doubtful "ID-7", "There is a space or an invisible character at an end of this ID. It was kept, as IDs have to be \
         equal to the last character.", "Take it out in the system that it comes from, unless the other system has it too.";
    IdControl = Doubtful "ID-8", "There is a line break, a tab or an invisible character inside this ID.", EXPORT_AGAIN;
    IdTwice { first: u32 } = Doubtful "ID-9", format!("Row {first} has the same ID."),
        "Find out which of the two has it by right, and correct the other where it comes from.";
    IdAlike { first: u32 } = Doubtful "ID-10", format!("Row {first} has the same ID but for capital letters or a space at an end."),
        "If they are two people, nothing needs doing as long as ACP compares IDs exactly; else correct one of them.";
    NotADate = Doubtful "DATE-1", "This is not a date.", EXPORT_AGAIN;
    NotInCalendar = Doubtful "DATE-2", "There is no such day in the calendar.", EXPORT_AGAIN;
    InFuture = Doubtful "DATE-3", "This date of birth is in the future.", EXPORT_AGAIN;
    LongAgo = Doubtful "DATE-4", "This date is before 1900.", EXPORT_AGAIN;
    ShortYear = Note "DATE-5", "The year has two digits. It was read as the latest such year that is not in the future.",
        "Export with years of four digits if somebody may be older than 100.";
    SerialDate = Note "DATE-6", "This is a number of days, as Excel counts dates; it was read as the date that Excel shows.",
        "Format the column as a date if it should look like one.";
    AgainstOrder = Doubtful "DATE-7", "This date has day and month the other way round than the column.", FORMAT_AS_TEXT;
    NhsDigits { has: usize } = Doubtful "NHS-1", format!("An NHS number has 10 digits; this has {has}."), EXPORT_AGAIN;
    NhsLetters = Doubtful "NHS-2", "There is something other than digits in this NHS number.", EXPORT_AGAIN;
    NhsCheck = Doubtful "NHS-3", "The check digit of this NHS number is wrong: a digit is wrong or two are swapped.", EXPORT_AGAIN;
    NhsNoCheck = Doubtful "NHS-4", "No NHS number begins with these nine digits: their check digit would be 10.", EXPORT_AGAIN;
    NhsExponent = Doubtful "NHS-5", "This looks like an NHS number that Excel turned into a number with an exponent.",
        FORMAT_AS_TEXT;
    PhoneZero = Note "PHONE-1", "This telephone number seems to have lost the 0 in front.", FORMAT_AS_TEXT;
    PhoneExponent = Doubtful "PHONE-2", "This looks like a telephone number that Excel turned into a number with an exponent.",
        FORMAT_AS_TEXT;
}

impl From<Odd> for Oddity {
    fn from(odd: Odd) -> Oddity {
        match odd {
            Odd::NeverClosed(cell) => Oddity::NeverClosed { cell },
            Odd::AfterClosing(cell) => Oddity::AfterClosing { cell },
            Odd::Bare(cell) => Oddity::BareQuote { cell },
        }
    }
}

fn said(severity: Severity, code: &'static str, what: impl Into<String>, fix: impl Into<String>) -> Said {
    Said { severity, code, row: None, column: None, what: what.into(), fix: fix.into() }
}

fn on_line(line: usize, said: Said) -> Said {
    Said { row: u32::try_from(line).ok(), ..said }
}

fn on_column(column: &str, said: Said) -> Said {
    Said { column: Some(column.to_owned()), ..said }
}

use Severity::{CannotBeUsed, Doubtful, Note};

pub(super) fn empty_file() -> Said {
    said(CannotBeUsed, "FILE-1", "The file is empty: there are no headings and no rows.", "Export it again.")
}

pub(super) fn no_rows() -> Said {
    said(
        CannotBeUsed,
        "FILE-2",
        "There are headings and no rows under them.",
        "Check the filter of the export, and export again.",
    )
}

pub(super) fn other_kind(what: &str, fix: &str) -> Said {
    said(CannotBeUsed, "FILE-3", what, fix)
}

pub(super) fn too_large(what: &str, limit: &str) -> Said {
    said(
        CannotBeUsed,
        "FILE-4",
        format!("{what}; the most that is read is {limit}. Nothing of it was read."),
        "Export fewer columns, or only service users; a list of service users is far smaller.",
    )
}

pub(super) fn too_many_rows(row: u32, limit: usize) -> Said {
    let limit = thousands(limit as u64);
    on_line(
        row as usize,
        said(
            CannotBeUsed,
            "FILE-5",
            format!(
                "There are more than {limit} rows. This is the first one too many, and it and those after it were not read."
            ),
            "Export service users only, or one branch at a time.",
        ),
    )
}

pub(super) fn too_many_columns(n_columns: usize, limit: usize) -> Said {
    said(
        CannotBeUsed,
        "FILE-6",
        format!("The headings have {n_columns} cells; the most that is read is {limit}."),
        "Export fewer columns, or delete what stands to the right of the list.",
    )
}

pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn not_utf_8(line: usize, byte: u8) -> Said {
    on_line(
        line,
        said(
            Note,
            "TEXT-1",
            format!(
                "The file is not UTF-8: byte {byte:02X} on this line is the first that cannot be. It was read \
        as Windows-1252, which Excel in the United Kingdom writes."
            ),
            "Nothing to do if names look right. Otherwise save it as \"CSV UTF-8\".",
        ),
    )
}

pub(super) fn no_letter(line: usize, byte: u8) -> Said {
    on_line(
        line,
        said(
            Doubtful,
            "TEXT-2",
            format!(
                "Byte {byte:02X} on this line is no letter in UTF-8 nor in Windows-1252, so the text around it \
        may be wrong."
            ),
            "Save the file as \"CSV UTF-8\" in the program that it comes from.",
        ),
    )
}

pub(super) fn broken_utf_16(line: usize) -> Said {
    let what =
        format!("The file begins as UTF-16 and has something else on line {line}, so letters would be lost.");
    said(CannotBeUsed, "TEXT-3", what, "Save it as \"CSV UTF-8\" in the program that it comes from.")
}

pub(super) fn lost_letter(line: usize) -> Said {
    on_line(
        line,
        said(
            Doubtful,
            "TEXT-4",
            "There is a replacement character on this line: a letter was lost before the file came here.",
            "Export it again, as \"CSV UTF-8\".",
        ),
    )
}

pub(super) fn twice_encoded(line: usize) -> Said {
    on_line(
        line,
        said(
            Doubtful,
            "TEXT-5",
            "Letters with accents on this line seem to have been encoded twice, as in \"JosÃ©\".",
            "Export it again, as \"CSV UTF-8\", and do not open it in between.",
        ),
    )
}

pub(super) fn no_headings() -> Said {
    said(
        CannotBeUsed,
        "COL-1",
        "No row has headings that are known, such as External ID, Surname or Date of birth.",
        "Give the columns headings, or say what each column is with --columns.",
    )
}

pub(super) fn no_column(column: &str, headings: &str) -> Said {
    said(
        CannotBeUsed,
        "COL-2",
        format!("No column is known to hold the {column}. These are the columns: {headings}."),
        "Say which one it is with --columns.",
    )
}

pub(super) fn missing_column(column: &str, so: &str) -> Said {
    said(
        Doubtful,
        "COL-3",
        format!("There is no column for {column}, so {so}."),
        "Add it to the export if the system has it.",
    )
}

pub(super) fn set_aside(heading: &str, why: &str) -> Said {
    on_column(
        heading,
        said(
            Note,
            "COL-4",
            format!("This column is not used: {why}."),
            "Say what it is with --columns if that is wrong.",
        ),
    )
}

pub(super) fn twice(heading: &str, column: &str, other: &str) -> Said {
    let other = shown(other);
    on_column(
        heading,
        said(
            Doubtful,
            "COL-5",
            format!("Both this column and \"{other}\" seem to be the {column}. Only \"{other}\" is used."),
            "Say which one it is with --columns.",
        ),
    )
}

pub(super) fn by_content(heading: &str, column: &str) -> Said {
    on_column(
        heading,
        said(
            Note,
            "COL-6",
            format!("The heading is not known. The cells look like {column}, so it was taken as that."),
            "Say what it is with --columns if that is wrong.",
        ),
    )
}

pub(super) fn nearly(heading: &str, column: &str) -> Said {
    on_column(
        heading,
        said(
            Note,
            "COL-7",
            format!("The heading is nearly {column}, and was taken as that."),
            "Say what it is with --columns if that is wrong.",
        ),
    )
}

pub(super) fn not_there(heading: &str) -> Said {
    said(
        Doubtful,
        "COL-8",
        format!(
            "The remembered choice for a column \"{}\" is not used: there is no such column now.",
            shown(heading)
        ),
        "Check that the export is the same one as last time.",
    )
}

pub(super) fn not_so(heading: &str, column: &str) -> Said {
    on_column(
        heading,
        said(
            Doubtful,
            "COL-9",
            format!("By its heading this is the {column}, and hardly any cell looks like one."),
            "Say what it is with --columns.",
        ),
    )
}

pub(super) fn which_first(heading: &str) -> Said {
    on_column(
        heading,
        said(
            Doubtful,
            "DATE-8",
            "Every day is 12 or less, so we cannot tell day from month: which is it? Days were taken to come \
        first, as is usual in the United Kingdom.",
            "If months come first, write \"month first\" beside the column in the file for --columns.",
        ),
    )
}

pub(super) fn mixed_order(heading: &str, n_day_first: u64, n_month_first: u64) -> Said {
    on_column(
        heading,
        said(
            Doubtful,
            "DATE-9",
            format!(
                "{n_day_first} dates can only be day first and {n_month_first} only month first. Excel may have \
        swapped days and months, and where both are 12 or less nobody can tell."
            ),
            FORMAT_AS_TEXT,
        ),
    )
}

pub(super) fn hardly_nhs(heading: &str, n_bad: u32, n: u64) -> Said {
    on_column(
        heading,
        said(
            Doubtful,
            "NHS-6",
            format!("{n_bad} of {n} numbers are no valid NHS numbers, so this may be another number."),
            "Say what it is with --columns, or set it aside.",
        ),
    )
}

pub(super) fn empty_column(heading: &str, column: &str) -> Said {
    on_column(
        heading,
        said(Doubtful, "COL-10", format!("Not one row has a {column} in this column."), "Check the export."),
    )
}

pub(super) fn damaged(what: &str, fix: &str) -> Said {
    said(CannotBeUsed, "BOOK-1", what, fix)
}

pub(super) fn encrypted() -> Said {
    said(
        CannotBeUsed,
        "BOOK-2",
        "The workbook has a password.",
        "Open it in Excel, save it without a password, and give that file.",
    )
}

pub(super) fn hostile(what: &str) -> Said {
    said(
        CannotBeUsed,
        "BOOK-3",
        format!("{what} No workbook that Excel writes has that, so nothing of it was read."),
        "Export it again; if that does not help, save it as CSV.",
    )
}

pub(super) fn hidden_sheets(names: &str) -> Said {
    said(
        Note,
        "BOOK-4",
        format!("There are hidden sheets, which were not read: {names}."),
        "Show the sheet in Excel if the list is on it.",
    )
}

pub(super) fn other_sheets(names: &str) -> Said {
    said(
        Note,
        "BOOK-5",
        format!("There are other sheets, which were not read: {names}."),
        "Give the sheet a workbook of its own if the list is on it.",
    )
}

pub(super) fn merged(row: u32, range: &str) -> Said {
    let what = format!("Cells {range} are merged: only the first of them has a value, the others are empty.");
    let fix = "Take the merge away in Excel (Merge & Center), and fill in the cells.";
    on_line(row as usize, said(Doubtful, "BOOK-6", what, fix))
}

pub(super) fn macros() -> Said {
    said(
        Note,
        "BOOK-7",
        "There are macros, links to other files or embedded objects in the workbook. They were left alone, and nothing was fetched.",
        "Nothing to do.",
    )
}

pub(super) fn no_sheet(names: &str) -> Said {
    said(
        CannotBeUsed,
        "BOOK-8",
        format!("No sheet has a list with headings that are known. Sheets: {names}."),
        "Give the columns headings such as External ID, Surname and Date of birth, or say what each is with --columns.",
    )
}

pub(super) fn is_really(what: &str, name: &str) -> Said {
    said(
        Note,
        "FILE-7",
        format!("The name ends in \"{name}\", and the file is something else: {what}."),
        "Nothing to do.",
    )
}
