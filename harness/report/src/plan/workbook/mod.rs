//! The workbook of a plan: a form for consultants, not a dump. Text is text, yellow is for people, every sheet is one table,
//! and the same plan made at the same time gives the same bytes. What is filled in comes back through `Answer`.

mod about;
mod decisions;
mod lists;
mod rows;
mod sheet;
mod start;

pub use decisions::{DECISIONS, asked_about};

use super::PlanTold;
use go_live::plan::Decision;
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sheet::{Look, Sheet};

/// So many rows the sheets have at most: a workbook with more helps nobody, and Excel ends at 1,048,576. *Assumed*.
const MOST_ROWS: usize = 100_000;

/// Writes the workbook. `decisions` are those in force, which are filled in again.
pub fn plan_workbook(
    told: &PlanTold<'_>,
    decisions: &[Decision],
    to: impl std::io::Write + std::io::Seek + Send,
) -> Result<(), String> {
    write(told, decisions, to).map_err(|error| error.to_string())
}

type Make<'a> = dyn Fn() -> Result<Sheet<'a>, XlsxError> + 'a;

fn write(
    told: &PlanTold<'_>,
    decisions: &[Decision],
    to: impl std::io::Write + std::io::Seek + Send,
) -> Result<(), XlsxError> {
    let look = Look::new();
    let footer = format!("&LPlan {}&CPage &P of &N&RContains personal data", told.number);
    let order = order(told);
    let filled = decisions::filled(told, decisions);
    let asked = decisions::asked(told, &order, &filled);
    let makers: [&Make<'_>; 9] = [
        &|| start::start(told, &asked, &look, &footer),
        &|| lists::fix_first(told, &look, &footer),
        &|| decisions::sheet(told, &asked, &look, &footer),
        &|| lists::everybody(told, &order, &look, &footer),
        &|| lists::changes(told, &order, &look, &footer),
        &|| lists::branches(told, &look, &footer),
        &|| start::sign_off(told, &asked, &look, &footer),
        &|| about::problems(told, &look, &footer),
        &|| about::about(told, &look, &footer),
    ];
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(told));
    let mut tables = Vec::new();
    for make in makers {
        let sheet = make()?;
        workbook.push_worksheet(sheet.page);
        tables.push(sheet.rows);
    }
    rows::write(&workbook.save_to_buffer()?, &tables, to)
}

/// Service users, the worst first, then by identifier.
fn order(told: &PlanTold<'_>) -> Vec<u32> {
    let rows = &told.plan.rows;
    let mut users: Vec<u32> = (0_u32..).take(rows.len()).collect();
    users.par_sort_by_cached_key(|&user| (rows[user as usize].outcome, told.sides.identifier(user), user));
    users
}

fn properties(told: &PlanTold<'_>) -> DocProperties {
    let properties = DocProperties::new()
        .set_title(format!("Go-live plan {}", told.number))
        .set_comment("Contains personal data. A rehearsal: nothing was changed anywhere.");
    match ExcelDateTime::from_timestamp(told.made_at.as_second()) {
        Ok(made) => properties.set_creation_datetime(&made),
        Err(_) => properties,
    }
}
