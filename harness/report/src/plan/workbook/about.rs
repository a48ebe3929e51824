//! What the plan was made from: files, columns, settings, and every problem of the files.

use super::super::PlanTold;
use super::sheet::{Cell, Look, Sheet, number, text};
use crate::{visible, words};
use feed::Setting;
use go_live::exports::{Export, Problem};
use go_live::lookalike::Trust;
use rust_xlsxwriter::{Worksheet, XlsxError};

pub(super) fn about(told: &PlanTold<'_>, look: &Look, footer: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new("About", footer, look)?;
    let columns = [text("About", 22.0), text("What", 34.0), text("Value", 90.0)];
    let mut rows: Vec<[String; 3]> = vec![
        line("This plan", "Number", told.number.to_owned()),
        line("This plan", "Made by", format!("rehearse {}", env!("CARGO_PKG_VERSION"))),
        line("This plan", "Made at", told.made_at.to_string()),
        line("This plan", "First sync", told.sides.set_up.first_sync.to_string()),
        line("This plan", "Rostering system", told.sides.set_up.system.title().to_owned()),
        line("This plan", "Prefix", visible::value(&told.sides.set_up.prefix)),
        line("This plan", "Look-alikes", trust(&told.plan.trust)),
    ];
    for &setting in Setting::ALL {
        let value = told.sides.set_up.settings.text(setting);
        rows.push(line("Settings", setting.text(), format!("{value}   {}", setting.says())));
    }
    for export in [told.sides.rostering, told.sides.acp] {
        rows.extend(file(export));
    }
    sheet.table(&columns, 0, rows.into_iter().map(|row| row.map(Cell::Text).into_iter().collect()))?;
    Ok(sheet.sheet)
}

fn line(about: &str, what: &str, value: String) -> [String; 3] {
    [about.to_owned(), what.to_owned(), value]
}

fn trust(trust: &Trust) -> String {
    match trust {
        Trust::Estimated => "Weights were learned from these files.".to_owned(),
        Trust::Small => "The files are small: fixed weights.".to_owned(),
        Trust::Refused(faults) => {
            format!("Not to be trusted, so none is called likely. {}", faults.join(" "))
        }
    }
}

fn file(export: &Export) -> Vec<[String; 3]> {
    let name = visible::prose(&export.file);
    let hash: String = export.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut rows = vec![
        line(&name, "What it is", visible::prose(&export.form.what)),
        line(
            &name,
            "Size",
            words::counted(usize::try_from(export.n_bytes).unwrap_or(usize::MAX), "byte", "bytes"),
        ),
        line(&name, "SHA-256", hash),
        line(&name, "Rows", words::number(export.n_rows())),
    ];
    for placed in &export.placed {
        rows.push(line(
            &name,
            &format!("Column {}", visible::value(&placed.heading)),
            placed.means.text().to_owned(),
        ));
    }
    for aside in &export.set_aside {
        rows.push(line(
            &name,
            &format!("Column {}", visible::value(&aside.heading)),
            format!("not used: {}", aside.why),
        ));
    }
    rows
}

pub(super) fn problems(told: &PlanTold<'_>, look: &Look, footer: &str) -> Result<Worksheet, XlsxError> {
    let columns = [
        text("File", 22.0),
        text("Sheet", 14.0),
        text("Row", 8.0),
        text("Column", 18.0),
        text("Value", 24.0),
        text("How bad", 14.0),
        text("What is wrong", 60.0),
        text("What to do", 60.0),
        number("More rows with it", 10.0),
        text("Code", 10.0),
    ];
    let mut sheet = Sheet::new("Problems", footer, look)?;
    let hides = told.redact != super::super::Redact::None;
    let row = |it: &Problem| -> Vec<Cell> {
        let value = it.value.clone().unwrap_or_default();
        vec![
            it.file.clone().into(),
            it.sheet.clone().unwrap_or_default().into(),
            it.row.map(|row| row.to_string()).unwrap_or_default().into(),
            it.column.clone().unwrap_or_default().into(),
            if hides && it.is_personal { "(left out)".to_owned() } else { value }.into(),
            it.severity.text().into(),
            it.what.clone().into(),
            it.fix.clone().into(),
            (it.n_more as usize).into(),
            it.code.into(),
        ]
    };
    let problems = told.sides.rostering.problems.iter().chain(&told.sides.acp.problems);
    sheet.table(&columns, 1, problems.take(super::MOST_ROWS).map(row))?;
    Ok(sheet.sheet)
}
