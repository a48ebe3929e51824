//! `rehearse schema`: the JSON Schema of the scenario files of a suite, for editors.

use crate::{exit::Exit, load, output::Output};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The folder of the suite: where its suite.yaml has a clock, scenarios may do without one
    #[arg(long = "in", value_name = "FOLDER", default_value = "scenarios")]
    folder: PathBuf,
}

pub(crate) fn schema(args: &Schema, output: Output) -> Result<Exit, Exit> {
    let suite = load::suite_file(&args.folder);
    output.print(&scenario::schema(&suite)).map(|()| Exit::AsExpected)
}
