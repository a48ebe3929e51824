//! One table to a sheet: a frozen header, a filter, widths, text as text, yellow cells for people. What stands in the rows is
//! not written here.

use super::rows::Rows;
use go_live::plan::Outcome;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format, FormatAlign,
    FormatBorder, IgnoreError, Worksheet, XlsxError,
};

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

impl Kind {
    /// Whether it is drawn where nothing is in it, too.
    pub(super) fn is_yellow(self) -> bool {
        matches!(self, Kind::Yellow | Kind::YellowDate)
    }
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

/// A sheet being filled.
pub(super) struct Sheet<'a> {
    pub(super) page: Worksheet,
    pub(super) look: &'a Look,
    pub(super) rows: Option<Rows<'a>>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(name: &str, footer: &str, look: &'a Look) -> Result<Sheet<'a>, XlsxError> {
        let mut page = Worksheet::new();
        page.set_name(name)?.set_footer(footer).set_landscape();
        // A3.
        page.set_paper_size(8).set_print_fit_to_pages(1, 0);
        Ok(Sheet { page, look, rows: None })
    }

    /// Makes a table from A1 and returns how many rows it has below the header.
    pub(super) fn table(
        &mut self,
        columns: &[Column],
        frozen_columns: u16,
        rows: Rows<'a>,
    ) -> Result<u32, XlsxError> {
        let n_rows = rows.n();
        for (at, column) in (0..).zip(columns) {
            let look = self.look.of(column.kind);
            let is_yellow = column.kind.is_yellow();
            let heading =
                if is_yellow { format!("{} (fill in)", column.heading) } else { column.heading.to_owned() };
            self.page.write_string_with_format(0, at, heading, &self.look.header)?;
            self.page.set_column_width(at, column.width)?;
            if !is_yellow {
                self.page.set_column_format(at, look)?;
            }
            if column.kind == Kind::Hidden {
                self.page.set_column_hidden(at)?;
            }
            if n_rows > 0 {
                // In the last row, so that the library knows how large the table is.
                self.page.write_blank(n_rows, at, look)?;
            }
        }
        self.rows = Some(rows.under(columns.iter().map(|column| column.kind)));
        let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.page.autofilter(0, 0, n_rows.max(1), last)?;
        self.page.set_freeze_panes(1, frozen_columns)?;
        self.page.set_repeat_rows(0, 0)?;
        // Identifiers and NHS numbers are text, and nobody wants a green triangle on each.
        self.page.ignore_error_range(0, 0, n_rows.max(1), last, IgnoreError::NumberStoredAsText)?;
        Ok(n_rows)
    }

    /// Colours outcomes by their word, so that sorting keeps the colours.
    pub(super) fn colour_outcomes(&mut self, column: u16, n_rows: u32) -> Result<(), XlsxError> {
        for (outcome, format) in &self.look.outcomes {
            let rule = ConditionalFormatCellRule::EqualTo(outcome.text());
            let format = ConditionalFormatCell::new().set_rule(rule).set_format(format);
            self.page.add_conditional_format(1, column, n_rows.max(1), column, &format)?;
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
        self.page.add_data_validation(1, column, n_rows.max(1), column, &validation)?;
        Ok(())
    }
}
