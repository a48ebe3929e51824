//! From one text to all files of a scenario: follows `use:` from file to file, keeps the entries of `given` in
//! order. Opens nothing itself; knows nothing of what the entries mean.

use crate::{
    mistake::Mistakes,
    sources::{Source, Spot},
    syntax,
    tree::{self, Kind, Node, Tree},
};

/// Most world files that one scenario may use. *Assumed.*
const MOST_WORLDS: usize = 64;

/// What fetches the text of a world, or says why it cannot.
pub(crate) type Fetch<'f> = &'f mut dyn FnMut(&str) -> Result<String, String>;

/// A scenario and every world that it uses.
pub(crate) struct Loaded<'a> {
    /// The scenario, then worlds in the order of `use:`.
    pub(crate) sources: Vec<Source<'a>>,
    pub(crate) trees: Vec<Tree>,
    /// The entries of `given` without `use:`: file, and place in its list.
    entries: Vec<(usize, usize)>,
}

impl<'a> Loaded<'a> {
    pub(crate) fn given(&self) -> Vec<&Node> {
        let entry = |&(file, idx): &(usize, usize)| self.given_of(file).get(idx);
        self.entries.iter().filter_map(entry).collect()
    }

    fn given_of(&self, file: usize) -> &[Node] {
        self.trees[file].root.as_ref().and_then(|root| root.at("given")).map_or(&[], Node::items)
    }

    /// Where a syntax error or a limit ended files early.
    pub(crate) fn cuts(&self) -> Vec<(u16, u32)> {
        (0..).zip(&self.trees).filter_map(|(file, tree)| Some((file, tree.cut_off_at?))).collect()
    }

    fn add(&mut self, source: Source<'a>, mistakes: &mut Mistakes) -> usize {
        let file = self.trees.len();
        // At most 65 files, see `MOST_WORLDS`.
        let number = u16::try_from(file).unwrap_or(u16::MAX);
        let tree = if syntax::is_readable(number, &source, mistakes) {
            tree::parse(number, &source.text, mistakes)
        } else {
            Tree { root: None, n_nodes: 0, cut_off_at: Some(0) }
        };
        self.sources.push(source);
        self.trees.push(tree);
        file
    }
}

pub(crate) fn load<'a>(path: &str, text: &'a str, fetch: Fetch<'_>, mistakes: &mut Mistakes) -> Loaded<'a> {
    let mut loaded = Loaded { sources: Vec::new(), trees: Vec::new(), entries: Vec::new() };
    loaded.add(Source::new(path.to_owned(), text), mistakes);
    let mut follow = Loader { loaded, fetch, mistakes, chain: vec![normal("", path)], used: Vec::new() };
    follow.gather(0);
    follow.loaded
}

/// One file that uses no other.
pub(crate) fn alone<'a>(path: &str, text: &'a str, mistakes: &mut Mistakes) -> Loaded<'a> {
    let mut loaded = Loaded { sources: Vec::new(), trees: Vec::new(), entries: Vec::new() };
    loaded.add(Source::new(path.to_owned(), text), mistakes);
    loaded
}

struct Loader<'a, 'f> {
    loaded: Loaded<'a>,
    fetch: Fetch<'f>,
    mistakes: &'f mut Mistakes,
    /// From the scenario to the file that is being read.
    chain: Vec<String>,
    /// Worlds that were used, and where.
    used: Vec<(String, Spot)>,
}

impl Loader<'_, '_> {
    /// Takes the entries of a file's `given`, and at each `use:` those of the world, there.
    fn gather(&mut self, file: usize) {
        for idx in 0..self.loaded.given_of(file).len() {
            let worlds = used_by(&self.loaded.given_of(file)[idx], self.mistakes);
            if worlds.is_empty() {
                self.loaded.entries.push((file, idx));
            }
            for (path, spot) in worlds {
                self.world(&path, spot);
            }
        }
    }

    fn world(&mut self, written: &str, spot: Spot) {
        let base = self.chain.last().map_or("", String::as_str);
        let path = normal(base, written);
        if let Some(begin) = self.chain.iter().position(|it| *it == path) {
            let mut circle: Vec<&str> = self.chain[begin..].iter().map(String::as_str).collect();
            circle.push(&path);
            let what = format!("`use` goes in a circle: {}", circle.join(" uses "));
            self.mistakes
                .push("cyclic-use", spot, what, "this closes the circle")
                .help("take one of them out");
            return;
        }
        if let Some((_, first)) = self.used.iter().find(|(it, _)| *it == path) {
            let what = format!("the world `{written}` is used twice");
            self.mistakes
                .push("used-twice", spot, what, "everything in it would be there twice")
                .also(*first, "used here first");
            return;
        }
        if self.used.len() == MOST_WORLDS {
            let what = format!("more than {MOST_WORLDS} worlds are used");
            self.mistakes.push("too-large", spot, what, "put some of them together");
            return;
        }
        self.used.push((path.clone(), spot));
        match (self.fetch)(&path) {
            Err(reason) => {
                let what = format!("the world `{written}` cannot be used");
                self.mistakes.push("no-world", spot, what, reason).help(format!(
                    "looked for `{path}`; the path is read from the folder of the file that says `use`"
                ));
            }
            Ok(text) => {
                let file = self.loaded.add(Source::new(path.clone(), text), self.mistakes);
                self.chain.push(path);
                self.gather(file);
                self.chain.pop();
            }
        }
    }
}

/// The worlds that an entry of `given` uses, as written.
fn used_by(entry: &Node, mistakes: &mut Mistakes) -> Vec<(String, Spot)> {
    let Some(value) = entry.at("use") else { return Vec::new() };
    let items = match &value.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let mut worlds = Vec::new();
    for item in items {
        match &item.kind {
            Kind::Text(scalar) if !item.is_nothing() && !scalar.has_parameter => {
                worlds.push((scalar.text.to_string(), item.spot));
            }
            Kind::Text(scalar) if scalar.has_parameter => {
                let what = "`use` is the same for all rows of `cases`";
                mistakes.push("parameter-here", item.spot, what, "write the path itself");
            }
            Kind::Text(_) => {
                mistakes.push(
                    "empty",
                    item.spot,
                    "`use` is empty",
                    "write the path of a world, as `../worlds/two.yaml`",
                );
            }
            Kind::Unread => {}
            _ => {
                mistakes.push(
                    "wrong-kind",
                    item.spot,
                    "`use` takes a path",
                    "write for instance `../worlds/two.yaml`",
                );
            }
        }
    }
    for (key, _) in entry.entries().iter().filter(|(key, _)| key.as_text() != "use") {
        let what = format!("`{}` stands in the same entry as `use`", key.as_text());
        mistakes.push("two-in-one", key.spot, what, "begin it with `- `, as an entry of its own");
    }
    worlds
}

/// `path` seen from the file `base`, `/` between its parts, without `.` and as far as can be without `..`.
/// Absolute paths stay: whoever fetches refuses them.
fn normal(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    format!("{}{}", if base.starts_with('/') { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn a_path_is_read_from_the_folder_of_the_file_that_uses_it() {
        let check = |base: &str, path: &str, got: &str| assert_eq!(normal(base, path), got);
        check("scenarios/late-sync/a.yaml", "../worlds/two.yaml", "scenarios/worlds/two.yaml");
        check("a.yaml", "./worlds/two.yaml", "worlds/two.yaml");
        check("a.yaml", "../../secrets.yaml", "../../secrets.yaml");
        check("/suite/x/a.yaml", "../two.yaml", "/suite/two.yaml");
        check("x/a.yaml", "/etc/passwd", "/etc/passwd");
    }
}
