//! What the plan was made from: files, columns, settings, and every problem of the files.

use super::super::PlanTold;
use super::rows::Rows;
use super::sheet::{Look, Sheet, number, text};
use crate::{visible, words};
use feed::Setting;
use go_live::exports::{Export, Problem};
use go_live::lookalike::Trust;
use rust_xlsxwriter::XlsxError;

pub(super) fn about<'a>(told: &PlanTold<'_>, look: &'a Look, footer: &str) -> Result<Sheet<'a>, XlsxError> {
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
    let rows = Rows::new(rows, |[about, what, value], cells| {
        cells.text(about).text(what).text(value);
    });
    sheet.table(&columns, 0, rows)?;
    Ok(sheet)
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

pub(super) fn problems<'a>(
    told: &'a PlanTold<'_>,
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
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
    let problems = told.sides.rostering.problems.iter().chain(&told.sides.acp.problems);
    let problems: Vec<&Problem> = problems.take(super::MOST_ROWS).collect();
    let rows = Rows::new(problems, move |it, cells| {
        cells
            .text(&it.file)
            .text(it.sheet.as_deref().unwrap_or_default())
            .text(it.row.map(|row| row.to_string()).unwrap_or_default())
            .text(it.column.as_deref().unwrap_or_default())
            .text(if hides && it.is_personal {
                "(left out)"
            } else {
                it.value.as_deref().unwrap_or_default()
            })
            .text(it.severity.text())
            .text(&it.what)
            .text(&it.fix)
            .number(it.n_more as usize)
            .text(it.code);
    });
    sheet.table(&columns, 1, rows)?;
    Ok(sheet)
}
