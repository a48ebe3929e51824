//! The workbook of a plan: a form for consultants, not a dump. Text is text, yellow is for people, every sheet is one table,
//! and the same plan made at the same time gives the same bytes. What is filled in comes back through `Answer`.

mod about;
mod decisions;
mod lists;
mod sheet;
mod start;

pub use decisions::{DECISIONS, asked_about};

use super::PlanTold;
use go_live::plan::Decision;
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use sheet::Look;

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

type Make<'a> = dyn Fn() -> Result<Worksheet, XlsxError> + Sync + 'a;

fn write(
    told: &PlanTold<'_>,
    decisions: &[Decision],
    to: impl std::io::Write + std::io::Seek + Send,
) -> Result<(), XlsxError> {
    let look = Look::new();
    let footer = format!("&LPlan {}&CPage &P of &N&RContains personal data", told.number);
    let rows = decisions::rows(told, decisions);
    let makers: [&Make<'_>; 9] = [
        &|| start::start(told, &rows, &look, &footer),
        &|| lists::fix_first(told, &look, &footer),
        &|| decisions::sheet(&rows, &look, &footer),
        &|| lists::everybody(told, &look, &footer),
        &|| lists::changes(told, &look, &footer),
        &|| lists::branches(told, &look, &footer),
        &|| start::sign_off(told, &rows, &look, &footer),
        &|| about::problems(told, &look, &footer),
        &|| about::about(told, &look, &footer),
    ];
    let sheets: Vec<Result<Worksheet, XlsxError>> = makers.into_par_iter().map(|make| make()).collect();
    let mut workbook = Workbook::new();
    // Half a second for a hundred thousand service users rather than two, and a file a quarter larger.
    workbook.set_zip_compression_level(1);
    workbook.set_properties(&properties(told));
    for sheet in sheets {
        workbook.push_worksheet(sheet?);
    }
    workbook.save_to_writer(to)?;
    // Millions of cells: whoever waits for the workbook need not wait for that.
    rayon::spawn(|| drop(workbook));
    Ok(())
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
