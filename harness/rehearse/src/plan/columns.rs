//! Which column is taken for what, with its first values, and where to change that.

use super::{folder::Folder, inputs::Inputs};
use crate::{exit::Exit, output::Output, suite::shown};
use go_live::exports::{Because, Column, Export};
use std::fmt::Write as _;

/// How many values are shown.
const VALUES: usize = 3;

pub(crate) fn show(inputs: &Inputs, folder: &Folder, output: Output) -> Result<Exit, Exit> {
    let mut text = String::from("Which column is which?\n");
    for export in [&inputs.rostering, &inputs.acp] {
        text.push_str(&of_export(export));
    }
    folder.mark(output)?;
    folder.write("columns.txt", output, |to| to.write(inputs.columns_text().as_bytes()))?;
    let _ = writeln!(
        text,
        "\nTo change it: write what a column means, or \"set aside\", in {}, then plan again.",
        shown(&folder.join("columns.txt"))
    );
    inputs.tell_problems(output);
    output.print(&text)?;
    Ok(if inputs.are_usable() { Exit::AsExpected } else { Exit::NotUnderstood })
}

fn of_export(export: &Export) -> String {
    let mut text = format!(
        "\n{}   {}, {}, headings in row {}\n",
        report::prose(&export.file),
        report::prose(&export.form.what),
        report::counted(export.n_rows(), export.side.row(), &format!("{}s", export.side.row())),
        export.form.headings_row
    );
    let width = export.placed.iter().map(|it| it.heading.chars().count()).max().unwrap_or(0).min(40);
    for placed in &export.placed {
        let because = match placed.because {
            Because::Heading => "by its heading",
            Because::Content => "by what is in it",
            Because::Chosen => "chosen",
        };
        let values =
            Column::from_text(placed.means.text()).map_or_else(String::new, |column| values(export, column));
        let _ = writeln!(
            text,
            "  {:width$}  means {} ({because}){values}",
            report::prose(&placed.heading),
            placed.means.text()
        );
    }
    for aside in &export.set_aside {
        let _ = writeln!(
            text,
            "  {:width$}  is not used: {}",
            report::prose(&aside.heading),
            report::prose(&aside.why)
        );
    }
    text
}

fn values(export: &Export, column: Column) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for row in export.rows().take(1000) {
        let value = row.or_empty(column);
        if !value.is_empty() && !seen.contains(&value) {
            seen.push(value);
        }
        if seen.len() == VALUES {
            break;
        }
    }
    let seen: Vec<String> = seen.into_iter().map(report::value).collect();
    if seen.is_empty() { ": empty".to_owned() } else { format!(": {}", seen.join(", ")) }
}
