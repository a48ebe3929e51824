//! The private folder of one customer's outputs: what is in it may be read by its owner alone, and says that it holds
//! personal data.

use super::args::Plan;
use crate::{
    atomic::{Draft, Readers},
    exit::Exit,
    output::Output,
    suite::{reason, shown},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    /// What was written, in order, with what to do with it.
    written: Mutex<Vec<PathBuf>>,
}

const MARK: &str = "CONTAINS-PERSONAL-DATA.txt";
const MARKED: &str = "\
The files in this folder are the rehearsal of a go-live. They contain personal data of service users: names, dates of
birth, NHS numbers, addresses, and whether they receive care. Keep them on this computer, share them only with those who
decide about the go-live, and delete them when it is over. rehearse sends nothing anywhere.
";

impl Folder {
    /// The customer's folder; beside the decisions where those are in one and nothing else is said.
    pub(crate) fn of(args: &Plan) -> Folder {
        let beside = args
            .decisions
            .as_ref()
            .and_then(|path| path.parent())
            .filter(|it| it.join("plan.json").is_file());
        let path = match beside {
            Some(beside) if args.exports.is_empty() && args.place.customer.is_empty() => beside.to_owned(),
            _ => args.place.folder(),
        };
        Folder::at(path)
    }

    pub(crate) fn at(path: PathBuf) -> Folder {
        Folder { path, written: Mutex::default() }
    }

    fn written(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Says in the folder what is in it.
    pub(crate) fn mark(&self, output: Output) -> Result<(), Exit> {
        Folder::write_quietly(&self.join(MARK), output, |to| to.write(MARKED.as_bytes()))
    }

    /// Writes a file whole or not at all.
    pub(crate) fn write(
        &self,
        name: &str,
        output: Output,
        write: impl FnOnce(&mut Draft) -> io::Result<()>,
    ) -> Result<(), Exit> {
        let path = self.join(name);
        Folder::write_quietly(&path, output, write)?;
        self.written().push(path);
        Ok(())
    }

    pub(crate) fn write_quietly(
        path: &Path,
        output: Output,
        write: impl FnOnce(&mut Draft) -> io::Result<()>,
    ) -> Result<(), Exit> {
        let written = Draft::new(path, Readers::Owner).and_then(|mut draft| {
            write(&mut draft)?;
            draft.keep()
        });
        written.map_err(|error| {
            let hint = if is_open_elsewhere(&error) { " Close it in Excel, then try again." } else { "" };
            output.note(&format!("{} could not be written: {}.{hint}\n", shown(path), reason(&error)));
            Exit::Environment
        })
    }

    /// Where everything is.
    pub(crate) fn tell(&self) -> String {
        let written = self.written();
        let is = |path: &PathBuf, name: &str| path.file_name().is_some_and(|it| it == name);
        let line = |name: &str, what: &str, then: &str| {
            written.iter().find(|path| is(path, name)).map(|path| format!("{what}  {}{then}\n", shown(path)))
        };
        let lines = [
            line("plan.xlsx", "Workbook", "   fill in the yellow cells"),
            line("plan.json", "Plan    ", ""),
            line("mapping.csv", "Mapping ", "   for those who put external IDs on ACP records"),
            line("plan.xlsx", "Next      rehearse plan --decisions", "")
                .map(|it| it.replace("--decisions  ", "--decisions ")),
        ];
        lines.into_iter().flatten().collect()
    }
}

/// A file that Excel holds open on Windows is refused in this way.
fn is_open_elsewhere(error: &io::Error) -> bool {
    cfg!(windows) && (error.kind() == io::ErrorKind::PermissionDenied || error.raw_os_error() == Some(32))
}
