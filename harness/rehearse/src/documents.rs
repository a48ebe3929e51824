//! The documents that an editor has open, and the files behind them: what is open counts, whatever the disk says.

use crate::{
    places::{Lines, file_of, uri_of},
    suite,
};
use scenario::{Mistake, Part};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
};

/// A document as the editor has it.
pub(crate) struct Document {
    pub(crate) uri: String,
    /// As messages name it: the whole path where it is a file.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) lines: Lines,
    shared: Rc<Shared>,
}

/// What every document has to know of the others.
#[derive(Default)]
struct Shared {
    /// Texts of the worlds that are open.
    worlds: BTreeMap<PathBuf, String>,
    /// The folder that the editor works in.
    workspace: Option<PathBuf>,
}

impl Shared {
    /// How far `use:` may reach from a folder: as for `check`, whose folder is here the editor's.
    fn root(&self, folder: &Path) -> PathBuf {
        let folder = suite::absolute(folder);
        let workspace = self.workspace.as_ref().filter(|root| folder.starts_with(root));
        suite::marked_above(&folder).or_else(|| workspace.cloned()).unwrap_or(folder)
    }
}

/// The worlds that a document uses, path and text.
pub(crate) struct Worlds(Vec<(String, String)>);

impl Worlds {
    pub(crate) fn outlines(&self) -> Vec<Vec<Part>> {
        self.0.iter().map(|(_, text)| scenario::outline(text)).collect()
    }

    pub(crate) fn get(&self, idx: usize) -> Option<(&str, &str)> {
        self.0.get(idx).map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

impl Document {
    pub(crate) fn outline(&self) -> Vec<Part> {
        scenario::outline(&self.text)
    }

    /// Every world that it uses, and those that they use.
    pub(crate) fn worlds(&self) -> Worlds {
        let mut worlds = Vec::new();
        // Reading follows `use:`; what it says is told elsewhere.
        self.read(&mut |path, text| worlds.push((path.to_owned(), text.to_owned())));
        Worlds(worlds)
    }

    /// Its mistakes; every world that was read is given to `seen`.
    fn read(&self, seen: &mut dyn FnMut(&str, &str)) -> Vec<Mistake> {
        let file = file_of(&self.uri);
        let folder = file.as_deref().and_then(Path::parent).map(Path::to_owned);
        let root = folder.as_deref().map(|folder| self.shared.root(folder));
        let mut world = |path: &str| {
            let Some(root) = &root else {
                return Err("the document has not been saved, so it is not known from where".to_owned());
            };
            let text = match self.shared.worlds.get(Path::new(path)) {
                Some(text) => text.clone(),
                None => suite::read_world(path, root)?,
            };
            seen(path, &text);
            Ok(text)
        };
        editor::mistakes(&self.path, &self.text, &mut world)
    }
}

pub(crate) struct Documents {
    all: BTreeMap<String, Document>,
    workspace: Option<PathBuf>,
}

impl Documents {
    /// `params` are what the editor says of itself at first.
    pub(crate) fn new(params: &serde_json::Value) -> Documents {
        let folder = params["workspaceFolders"][0]["uri"].as_str().or(params["rootUri"].as_str());
        let workspace = folder.and_then(file_of).map(|folder| suite::absolute(&folder));
        Documents { all: BTreeMap::new(), workspace }
    }

    pub(crate) fn get(&self, uri: &str) -> Option<&Document> {
        self.all.get(uri)
    }

    pub(crate) fn put(&mut self, uri: &str, text: String) {
        let path = file_of(uri).map_or_else(|| uri.to_owned(), |path| suite::shown(&path));
        let lines = Lines::of(&text);
        let document = Document { uri: uri.to_owned(), path, text, lines, shared: Rc::default() };
        self.all.insert(uri.to_owned(), document);
        self.opened();
    }

    pub(crate) fn close(&mut self, uri: &str) {
        self.all.remove(uri);
        self.opened();
    }

    /// Worlds that are open are read as they are shown; a scenario is no world, so its text need not be kept twice.
    fn opened(&mut self) {
        let is_world = |document: &&Document| document.text.lines().any(|line| line.starts_with("world:"));
        let worlds = self.all.values().filter(is_world);
        let worlds = worlds.map(|document| (PathBuf::from(&document.path), document.text.clone())).collect();
        let shared = Rc::new(Shared { worlds, workspace: self.workspace.clone() });
        for document in self.all.values_mut() {
            document.shared = Rc::clone(&shared);
        }
    }

    /// The mistakes of all that is open, by the file that each is in, worlds too. Every open document is there, without
    /// mistakes too.
    pub(crate) fn mistakes(&self) -> BTreeMap<String, Vec<Mistake>> {
        let mut found: BTreeMap<String, Vec<Mistake>> = BTreeMap::new();
        for document in self.all.values() {
            found.entry(document.uri.clone()).or_default();
            for mistake in document.read(&mut |_, _| {}) {
                let of_file = found.entry(self.uri_of(&mistake.path)).or_default();
                // Several scenarios may use one world.
                if !of_file.contains(&mistake) {
                    of_file.push(mistake);
                }
            }
        }
        found
    }

    fn uri_of(&self, path: &str) -> String {
        let open = self.all.values().find(|document| document.path == path);
        open.map_or_else(|| uri_of(Path::new(path)), |document| document.uri.clone())
    }

    /// The text of a file: as it is open, else as it is on the disk.
    pub(crate) fn text(&self, uri: &str) -> String {
        match (self.all.get(uri), file_of(uri)) {
            (Some(document), _) => document.text.clone(),
            (None, Some(path)) => suite::read_text(&path).unwrap_or_default(),
            (None, None) => String::new(),
        }
    }
}
