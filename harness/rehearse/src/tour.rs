//! `rehearse try`: writes six small scenarios, runs them, and says what is to be seen. It needs no file, no network and
//! no answer, and it never writes over anything.

use crate::{
    args::{self, Run, Typed},
    exit::Exit,
    output::Output,
    run, suite,
};
use clap::Parser as _;
use std::{
    fmt::Write as _,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

const FOLDER: &str = "rehearse-demo";

const FILES: &[(&str, &str)] = &[
    ("suite.yaml", "# Marks the root of this suite.\n"),
    ("1-a-new-service-user.yaml", include_str!("../demo/1-a-new-service-user.yaml")),
    ("2-wrong-branch.yaml", include_str!("../demo/2-wrong-branch.yaml")),
    ("3-made-by-hand-first.yaml", include_str!("../demo/3-made-by-hand-first.yaml")),
    ("4-lost-on-the-way.yaml", include_str!("../demo/4-lost-on-the-way.yaml")),
    ("5-move-after-care.yaml", include_str!("../demo/5-move-after-care.yaml")),
    ("6-fails-on-purpose.yaml", include_str!("../demo/6-fails-on-purpose.yaml")),
];

pub(crate) fn tour(output: Output) -> Result<Exit, Exit> {
    let folder = PathBuf::from(FOLDER);
    let changed = write(&folder).map_err(|error| {
        let why = suite::reason(&error);
        output
            .note(&format!("The folder {FOLDER} could not be written here: {why}. Nothing else was done.\n"));
        Exit::Environment
    })?;
    say(&before(&changed), output)?;
    run::run(&everything(&folder), args::Progress::None, output)?;
    say(AFTER, output)?;
    Ok(Exit::AsExpected)
}

/// Beside a JSON document nothing else may stand.
fn say(text: &str, output: Output) -> Result<(), Exit> {
    if output.json {
        output.note(text);
        return Ok(());
    }
    output.print(text)
}

/// As if `rehearse run rehearse-demo` had been typed.
fn everything(folder: &Path) -> Run {
    let words = ["rehearse".as_ref(), "run".as_ref(), folder.as_os_str()];
    match Typed::parse_from(words).command {
        Some(args::Command::Run(run)) => *run,
        _ => unreachable!("the words above are a run"),
    }
}

/// Writes what is not there yet. Gives the files that are there and differ: they are left as they are.
fn write(folder: &Path) -> io::Result<Vec<&'static str>> {
    fs::create_dir_all(folder)?;
    let mut changed = Vec::new();
    for &(name, text) in FILES {
        let path = folder.join(name);
        match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => file.write_all(text.as_bytes())?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
                    changed.push(name);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(changed)
}

fn before(changed: &[&str]) -> String {
    let mut text = format!(
        "Six scenarios are in {FOLDER}/. All people in them are made up, and nothing outside this folder is touched.\n"
    );
    if !changed.is_empty() {
        let names = report::listed(changed);
        let _ = writeln!(text, "Changed since they were written, and left as they are: {names}.");
    }
    text.push_str("Now they are run: days of simulated time, one clock each, two simulated systems.\n\n");
    text
}

const AFTER: &str = "
What you saw
  PASS  what the guidance promises came true on the simulated clock, and nothing else went wrong.
  FAIL  an expectation was not met. The last scenario expects the opposite of the guidance on purpose: read its block
        from the top. What was expected, what came, which clause says so, how the value came to be, where in the file.
  A run with a failure ends with exit code 1; this tour ends with 0.

Next
  rehearse explain rehearse-demo/2-wrong-branch.yaml
  rehearse run rehearse-demo/6-fails-on-purpose.yaml
";
