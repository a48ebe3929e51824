//! One table to a sheet: a frozen header, a filter, widths, text as text, yellow cells for people. **No cell is ever a
//! formula made from data**: everything from outside is written as a string.

use go_live::plan::Outcome;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format, FormatAlign,
    FormatBorder, IgnoreError, Worksheet, XlsxError,
};
use std::borrow::Cow;

/// One column of a table.
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) width: f64,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    /// For people to fill in.
    Yellow,
    YellowDate,
    /// For reading the workbook back.
    Hidden,
}

pub(super) const fn text(heading: &'static str, width: f64) -> Column {
    Column { heading, width, kind: Kind::Text }
}

pub(super) const fn number(heading: &'static str, width: f64) -> Column {
    Column { heading, width, kind: Kind::Number }
}

pub(super) const fn yellow(heading: &'static str, width: f64) -> Column {
    Column { heading, width, kind: Kind::Yellow }
}

/// A value of one cell.
pub(super) enum Cell {
    Text(String),
    Number(usize),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<Cow<'_, str>> for Cell {
    fn from(text: Cow<'_, str>) -> Cell {
        Cell::Text(text.into_owned())
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Cell {
        Cell::Number(number)
    }
}

/// How cells look, made once for a workbook.
pub(super) struct Look {
    header: Format,
    text: Format,
    number: Format,
    yellow: Format,
    yellow_date: Format,
    pub(super) title: Format,
    pub(super) label: Format,
    outcomes: Vec<(Outcome, Format)>,
}

/// What people fill in. Nothing else has this colour.
const YELLOW: u32 = 0x00FF_F9DB;

impl Look {
    pub(super) fn new() -> Look {
        let base = || Format::new().set_align(FormatAlign::Top);
        let filled = || base().set_background_color(Color::RGB(YELLOW)).set_border(FormatBorder::Thin);
        let outcome = |outcome: &Outcome| {
            let (ink, paper) = colours(*outcome);
            let format =
                Format::new().set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(paper));
            (*outcome, format)
        };
        Look {
            header: base()
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(0x00EE_F0F2))
                .set_border(FormatBorder::Thin),
            text: base().set_num_format("@").set_text_wrap(),
            number: base().set_num_format("#,##0"),
            yellow: filled().set_num_format("@").set_text_wrap(),
            yellow_date: filled().set_num_format("d mmm yyyy"),
            title: Format::new().set_bold().set_font_size(16),
            label: base().set_bold(),
            outcomes: Outcome::ALL.iter().map(outcome).collect(),
        }
    }

    pub(super) fn of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Text | Kind::Hidden => &self.text,
            Kind::Number => &self.number,
            Kind::Yellow => &self.yellow,
            Kind::YellowDate => &self.yellow_date,
        }
    }
}

/// Ink and paper of an outcome; contrast at least 7 to 1. The word is always there too.
const fn colours(outcome: Outcome) -> (u32, u32) {
    match outcome {
        Outcome::MayOverwrite => (0x00FF_FFFF, 0x008A_1C10),
        Outcome::CannotBeSent => (0x00FF_FFFF, 0x001B_1F24),
        Outcome::LikelyDuplicate => (0x008A_1C10, 0x00FD_E7E4),
        Outcome::NeedsDecision => (0x004B_2185, 0x00EF_E7FB),
        Outcome::ChangesBranch => (0x006B_4300, 0x00FF_F1D6),
        Outcome::Created => (0x0014_532D, 0x00E2_F3E6),
        Outcome::Updated => (0x000B_3D7A, 0x00E3_EEFB),
        Outcome::NoChange => (0x003A_424B, 0x00EE_F0F2),
        Outcome::AcpOnly => (0x003A_424B, 0x00FF_FFFF),
    }
}

/// The longest text that is written, in characters: a cell holds 32,767.
const LONGEST: usize = 8000;

/// A sheet being filled.
pub(super) struct Sheet<'a> {
    pub(super) sheet: Worksheet,
    pub(super) look: &'a Look,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(name: &str, footer: &str, look: &'a Look) -> Result<Sheet<'a>, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_footer(footer).set_landscape();
        // A3.
        sheet.set_paper_size(8).set_print_fit_to_pages(1, 0);
        Ok(Sheet { sheet, look })
    }

    /// Writes a table from A1 and returns how many rows it has below the header.
    pub(super) fn table(
        &mut self,
        columns: &[Column],
        frozen_columns: u16,
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Result<u32, XlsxError> {
        for (at, column) in (0..).zip(columns) {
            let is_yellow = matches!(column.kind, Kind::Yellow | Kind::YellowDate);
            let heading =
                if is_yellow { format!("{} (fill in)", column.heading) } else { column.heading.to_owned() };
            self.sheet.write_string_with_format(0, at, heading, &self.look.header)?;
            self.sheet.set_column_width(at, column.width)?;
            if !is_yellow {
                self.sheet.set_column_format(at, self.look.of(column.kind))?;
            }
            if column.kind == Kind::Hidden {
                self.sheet.set_column_hidden(at)?;
            }
        }
        let mut n_rows = 0;
        for cells in rows {
            n_rows += 1;
            for ((at, column), cell) in (0..).zip(columns).zip(cells) {
                self.cell(n_rows, at, cell, column.kind)?;
            }
        }
        let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.sheet.autofilter(0, 0, n_rows.max(1), last)?;
        self.sheet.set_freeze_panes(1, frozen_columns)?;
        self.sheet.set_repeat_rows(0, 0)?;
        // Identifiers and NHS numbers are text, and nobody wants a green triangle on each.
        self.sheet.ignore_error_range(0, 0, n_rows.max(1), last, IgnoreError::NumberStoredAsText)?;
        Ok(n_rows)
    }

    fn cell(&mut self, row: u32, column: u16, cell: Cell, kind: Kind) -> Result<(), XlsxError> {
        if matches!(kind, Kind::Yellow | Kind::YellowDate) {
            return self.yellow_cell(row, column, cell, self.look.of(kind));
        }
        // They look as their column does.
        match cell {
            // Nothing is drawn where nobody writes.
            Cell::Text(text) if text.is_empty() => {}
            Cell::Text(text) => {
                self.sheet.write_string(row, column, short(text))?;
            }
            Cell::Number(number) => {
                self.sheet.write_number(row, column, u32::try_from(number).unwrap_or(u32::MAX))?;
            }
        }
        Ok(())
    }

    fn yellow_cell(&mut self, row: u32, column: u16, cell: Cell, look: &Format) -> Result<(), XlsxError> {
        match cell {
            Cell::Text(text) if text.is_empty() => self.sheet.write_blank(row, column, look)?,
            Cell::Text(text) => self.sheet.write_string_with_format(row, column, short(text), look)?,
            Cell::Number(number) => {
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                self.sheet.write_number_with_format(row, column, number, look)?
            }
        };
        Ok(())
    }

    /// Colours outcomes by their word, so that sorting keeps the colours.
    pub(super) fn colour_outcomes(&mut self, column: u16, n_rows: u32) -> Result<(), XlsxError> {
        for (outcome, format) in &self.look.outcomes {
            let rule = ConditionalFormatCellRule::EqualTo(outcome.text());
            let format = ConditionalFormatCell::new().set_rule(rule).set_format(format);
            self.sheet.add_conditional_format(1, column, n_rows.max(1), column, &format)?;
        }
        Ok(())
    }

    /// A drop-down with a message.
    pub(super) fn choices(
        &mut self,
        column: u16,
        n_rows: u32,
        choices: &[&str],
        message: &str,
    ) -> Result<(), XlsxError> {
        let validation = DataValidation::new()
            .allow_list_strings(choices)?
            .set_input_title("Choose one")?
            .set_input_message(message)?
            .set_error_title("Not one of the choices")?
            .set_error_message(format!("Choose one of: {}.", choices.join(", ")))?;
        self.sheet.add_data_validation(1, column, n_rows.max(1), column, &validation)?;
        Ok(())
    }
}

fn short(text: String) -> String {
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST).collect();
    format!("{cut} (cut)")
}
