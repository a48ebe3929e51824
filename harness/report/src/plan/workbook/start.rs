//! The first sheet, which says what to do, and the one that is signed. The only formulas of the workbook are here: they
//! count decisions, and their result is stored too, because a mailed file opens where nothing is worked out.

use super::super::PlanTold;
use super::decisions::{Asked, DECISION, DECISIONS, progress};
use super::sheet::{Look, Sheet};
use crate::{visible, words};
use go_live::plan::{Choice, Outcome};
use rust_xlsxwriter::{Formula, XlsxError};

/// What people do with the workbook.
const STEPS: [&str; 5] = [
    "Look at the sheet Fix first: each row there clears many others.",
    "Fill in the yellow cells of the sheet Decisions. Sort and filter as you like; add columns if you want.",
    "If you are not sure, choose Not sure and say in Notes whom to ask. Nobody has to guess.",
    "Save the workbook, and plan again: rehearse plan --decisions plan.xlsx",
    "Do not delete, archive or deactivate any record in ACP meanwhile. This is a rehearsal: nothing has been changed.",
];

/// Writes lines of two columns from the top.
struct Lines<'a> {
    sheet: Sheet<'a>,
    row: u32,
}

impl Lines<'_> {
    fn line(&mut self, label: &str, text: &str) -> Result<(), XlsxError> {
        let look = self.sheet.look;
        self.sheet.page.write_string_with_format(self.row, 0, label, &look.label)?;
        self.sheet.page.write_string_with_format(self.row, 1, text, look.of(super::sheet::Kind::Text))?;
        self.row += 1;
        Ok(())
    }

    fn count(&mut self, label: &str, n: usize) -> Result<(), XlsxError> {
        self.line(label, &words::number(n))
    }

    fn yellow(&mut self, label: &str) -> Result<(), XlsxError> {
        let look = self.sheet.look;
        self.sheet.page.write_string_with_format(self.row, 0, format!("{label} (fill in)"), &look.label)?;
        self.sheet.page.write_blank(self.row, 1, look.of(super::sheet::Kind::Yellow))?;
        self.sheet.page.set_row_height(self.row, 24)?;
        self.row += 1;
        Ok(())
    }

    /// A count of the decisions that are made; the text beside it says of how many.
    fn decided(&mut self, asked: &[Asked<'_>]) -> Result<(), XlsxError> {
        let (decided, all) = progress(asked);
        let look = self.sheet.look;
        self.sheet.page.write_string_with_format(
            self.row,
            0,
            format!("Decided, of {}", words::number(all)),
            &look.label,
        )?;
        let column = column_name(DECISION);
        let last = asked.len().max(1) + 1;
        let count =
            |choice: &Choice| format!("COUNTIF({DECISIONS}!{column}2:{column}{last},\"{}\")", choice.text());
        let counts: Vec<String> = Choice::ALL.iter().filter(|it| it.settles()).map(count).collect();
        let formula = Formula::new(format!("={}", counts.join("+"))).set_result(decided.to_string());
        self.sheet.page.write_formula_with_format(
            self.row,
            1,
            formula,
            look.of(super::sheet::Kind::Number),
        )?;
        self.row += 1;
        Ok(())
    }
}

fn column_name(column: u16) -> char {
    char::from(b'A' + u8::try_from(column).unwrap_or(0))
}

fn titled<'a>(name: &str, title: &str, look: &'a Look, footer: &str) -> Result<Lines<'a>, XlsxError> {
    let mut sheet = Sheet::new(name, footer, look)?;
    // A4, upright, one page.
    sheet.page.set_portrait().set_paper_size(9).set_print_fit_to_pages(1, 1);
    sheet.page.set_column_width(0, 34)?.set_column_width(1, 90)?;
    sheet.page.write_string_with_format(0, 0, title, &look.title)?;
    Ok(Lines { sheet, row: 1 })
}

pub(super) fn start<'a>(
    told: &PlanTold<'_>,
    asked: &[Asked<'_>],
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
    let customer = visible::prose(told.customer);
    let title =
        if customer.is_empty() { "Go-live plan".to_owned() } else { format!("Go-live plan for {customer}") };
    let mut lines = titled("Start here", &title, look, footer)?;
    lines.line("Plan", told.number)?;
    lines.line("Made", &format!("{}, UK time", words::moment(told.made_at)))?;
    lines.line("First sync", &format!("{}, UK time", words::moment(told.sides.set_up.first_sync)))?;
    lines.line("Contains personal data", "Share it only with those who decide about this go-live.")?;
    lines.row += 1;
    for (number, step) in (1..).zip(STEPS) {
        lines.line(&format!("Step {number}"), step)?;
    }
    lines.row += 1;
    lines.decided(asked)?;
    lines.count("Need attention before go-live", told.plan.counts.n_stopping())?;
    lines.count("Service users in all", told.plan.rows.len())?;
    lines.row += 1;
    for &outcome in Outcome::ALL {
        let n = words::number(told.plan.counts.of(outcome));
        lines.line(outcome.text(), &format!("{n}   {}", outcome.says()))?;
    }
    lines.row += 1;
    lines.line(
        "Colours",
        "Yellow cells are yours to fill in; nothing else is yellow. Outcomes have the colour of their word.",
    )?;
    if told.plan.rows.len() > super::MOST_ROWS {
        lines.line(
            "Not in this workbook",
            "There are too many service users for all of them: the sheets hold those that need attention, at most 100,000 \
             rows each. All are in plan.json.",
        )?;
    }
    Ok(lines.sheet)
}

pub(super) fn sign_off<'a>(
    told: &PlanTold<'_>,
    asked: &[Asked<'_>],
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
    let mut lines = titled("Sign-off", "Sign-off", look, footer)?;
    lines.line("Plan", told.number)?;
    for export in [told.sides.rostering, told.sides.acp] {
        let hash: String = export.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        lines.line(
            &visible::prose(&export.file),
            &format!("{} rows, SHA-256 {hash}", words::number(export.n_rows())),
        )?;
    }
    lines.row += 1;
    for &outcome in Outcome::ALL {
        lines.count(outcome.text(), told.plan.counts.of(outcome))?;
    }
    lines.decided(asked)?;
    lines.row += 1;
    lines.line(
        "Statement",
        "I have looked at the causes and decisions of this plan. The first sync may do what it says. If an export, a setting \
         or a decision changes, this sign-off no longer holds.",
    )?;
    for who in ["First approver", "Second approver"] {
        lines.row += 1;
        lines.line(who, "")?;
        for label in ["Name", "Role", "Date", "Signature"] {
            lines.yellow(label)?;
        }
    }
    Ok(lines.sheet)
}
