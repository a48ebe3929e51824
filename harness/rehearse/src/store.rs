//! `rehearse store`: looks at the file in which `rehearse serve --store` keeps sandboxes, and copies it. It may be in use.

use crate::{
    exit::Exit,
    output::Output,
    serve::{cannot_open, why},
    suite,
};
use clap::{Args, Subcommand};
use serde_json::json;
use service::{Checked, CheckedWorld, StoreError};
use std::{
    io,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say whether a store is sound, which worlds are in it, and where their clocks stand
    Check {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Copy a store as it is at one moment, while it is in use
    Backup {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The copy, which must not be there yet
        #[arg(value_name = "TO")]
        to: PathBuf,
    },
}

pub(crate) fn store(args: &Store, output: Output) -> Result<Exit, Exit> {
    match &args.what {
        What::Check { file } => {
            let checked = service::check(file).map_err(|error| cannot_open(file, &error, output))?;
            said(file, &checked, "is sound", "store", output)
        }
        What::Backup { file, to } => {
            let checked = service::backup(file, to).map_err(|error| not_copied(file, to, &error, output))?;
            said(to, &checked, "is a sound copy", "backup", output)
        }
    }
}

fn not_copied(from: &Path, to: &Path, error: &StoreError, output: Output) -> Exit {
    let (from_name, to_name) = (suite::shown(from), suite::shown(to));
    match error {
        StoreError::Io(io) if io.kind() == io::ErrorKind::AlreadyExists => {
            output.note(&format!("{to_name} is there already and was left as it is. Give another name.\n"));
            Exit::NotUnderstood
        }
        StoreError::Io(_) if from.is_file() => {
            output.note(&format!(
                "{to_name} could not be written: {}. There is no copy, and {from_name} was left as it is.\n",
                why(error)
            ));
            Exit::Environment
        }
        error => cannot_open(from, error, output),
    }
}

fn said(path: &Path, checked: &Checked, is: &str, what: &str, output: Output) -> Result<Exit, Exit> {
    let name = suite::shown(path);
    let is_whole = checked.worlds.iter().all(|world| !world.is_broken);
    if output.json {
        let worlds: Vec<_> = checked.worlds.iter().map(world_json).collect();
        let document =
            json!({ "format": format!("rehearse.{what}/1"), "file": name, "sound": true, "worlds": worlds });
        output.print(&format!("{document}\n"))?;
    } else {
        let n_calls = checked.worlds.iter().map(|world| world.n_calls).sum();
        let mut text = format!(
            "{name} {is}: {}, {}.\n",
            report::counted(checked.worlds.len(), "world", "worlds"),
            report::counted(n_calls, "call", "calls")
        );
        checked.worlds.iter().for_each(|world| text.push_str(&line(world)));
        output.print(&text)?;
    }
    Ok(if is_whole { Exit::AsExpected } else { Exit::NotMet })
}

fn line(world: &CheckedWorld) -> String {
    let broken = if world.is_broken {
        ". A call of it cannot be done again, which is a fault of ours; all others are not affected"
    } else {
        ""
    };
    let calls = report::counted(world.n_calls, "call", "calls");
    format!("  {:?}: {calls}; its clock stands at {}{broken}.\n", world.name, report::moment(world.now))
}

fn world_json(world: &CheckedWorld) -> serde_json::Value {
    json!({
        "name": world.name,
        "calls": world.n_calls,
        "clock": world.now.to_string(),
        "broken": world.is_broken,
    })
}
