//! Paths as a pipeline wants them: from the root of the repository, not from where the run was started.

use std::path::{Path, PathBuf};

/// Where the run was started, and the root of the repository.
#[derive(Clone, Debug, Default)]
pub struct Places {
    started_in: PathBuf,
    root: Option<PathBuf>,
}

impl Places {
    /// Both absolute. Without a root, paths stay as they are.
    pub fn new(started_in: PathBuf, root: Option<PathBuf>) -> Places {
        Places { started_in, root }
    }

    /// From the root, with `/` between its parts; as it is where it lies elsewhere.
    pub(crate) fn in_repository(&self, path: &str) -> String {
        let whole = self.started_in.join(path);
        let inside = self.root.as_ref().and_then(|root| whole.strip_prefix(root).ok());
        inside.map_or_else(|| path.to_owned(), with_slashes)
    }

    pub(crate) fn absolute(&self, path: &str) -> String {
        with_slashes(&self.started_in.join(path))
    }
}

fn with_slashes(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, std::path::Component::CurDir));
    parts.collect::<PathBuf>().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_root_of_the_repository() {
        let places = Places::new("/repo/tests".into(), Some("/repo".into()));
        assert_eq!(places.in_repository("scenarios/a.yaml"), "tests/scenarios/a.yaml");
        assert_eq!(places.in_repository("./scenarios/a.yaml"), "tests/scenarios/a.yaml");
        assert_eq!(places.in_repository("/repo/b.yaml"), "b.yaml");
        assert_eq!(places.in_repository("/elsewhere/b.yaml"), "/elsewhere/b.yaml");
        assert_eq!(places.absolute("a.yaml"), "/repo/tests/a.yaml");
        assert_eq!(Places::default().in_repository("a.yaml"), "a.yaml");
    }
}
