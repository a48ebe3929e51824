//! What the binary says of itself to shells and to `man`: completions and manual pages, made from the same description
//! of the command line that reads it.

use crate::{args::Typed, exit::Exit, output::Output, suite};
use clap::CommandFactory as _;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// For which shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// Only the page of this command
    #[arg(value_name = "COMMAND")]
    of: Option<String>,
    /// Write all pages into this folder, one file each, instead of to standard output
    #[arg(long, value_name = "FOLDER", conflicts_with = "of")]
    to: Option<PathBuf>,
}

/// Prints the script that a shell reads to complete commands, flags and their values.
pub(crate) fn completions(args: &Completions, output: Output) -> Result<Exit, Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Typed::command(), "rehearse", &mut script);
    output.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::AsExpected)
}

/// Prints one manual page, or writes all of them.
pub(crate) fn man(args: &Man, output: Output) -> Result<Exit, Exit> {
    let whole = whole();
    if let Some(folder) = &args.to {
        return write_all(&whole, folder, output);
    }
    let Some(name) = &args.of else {
        output.print(&page(whole))?;
        return Ok(Exit::AsExpected);
    };
    let Some(command) = whole.get_subcommands().find(|command| command.get_name() == name.as_str()) else {
        output.note(&no_command(name, &whole));
        return Err(Exit::NotUnderstood);
    };
    output.print(&page(command.clone()))?;
    Ok(Exit::AsExpected)
}

fn no_command(name: &str, whole: &clap::Command) -> String {
    let names: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
    let near = crate::nearest::nearest(name, names.iter().copied(), 1);
    let near = near.first().map_or(String::new(), |near| format!(" Did you mean {near}?"));
    format!("There is no command {}.{near} Commands: {}.\n", report::prose(name), report::listed(&names))
}

/// The command line with the flags that work everywhere in every command, and a name of its own for each page.
fn whole() -> clap::Command {
    let mut whole = Typed::command().disable_help_subcommand(true);
    whole.build();
    whole
}

fn page(command: clap::Command) -> String {
    let source = concat!("rehearse ", env!("CARGO_PKG_VERSION"));
    let mut page = Vec::new();
    // A vector takes everything.
    let _ = clap_mangen::Man::new(command).source(source).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

fn write_all(whole: &clap::Command, folder: &Path, output: Output) -> Result<Exit, Exit> {
    let pages = std::iter::once(whole).chain(whole.get_subcommands());
    let mut n_pages = 0;
    for command in pages {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let path = folder.join(format!("{name}.1"));
        crate::atomic::write(&path, page(command.clone()).as_bytes(), crate::atomic::Readers::Anybody)
            .map_err(|error| {
                let path = suite::shown(&path);
                output.note(&format!(
                    "{} could not be written: {}.\n",
                    report::prose(&path),
                    suite::reason(&error)
                ));
                Exit::Environment
            })?;
        n_pages += 1;
    }
    let folder = suite::shown(folder);
    output.print(&format!(
        "{} written to {}.\n",
        report::counted(n_pages, "page", "pages"),
        report::prose(&folder)
    ))?;
    Ok(Exit::AsExpected)
}
