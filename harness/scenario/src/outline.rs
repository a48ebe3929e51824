//! A file word by word, for editors: what each key and value is, and where things get their names. As far as the file
//! can be read; nothing here is a mistake.

use crate::{
    mistake::Mistakes,
    tree::{self, Kind, Node},
    vocabulary::{self as words, Key, Shape, Takes, Thing},
};
use feed::Setting;
use std::ops::Range;

/// A key or value, and what it is.
#[derive(Clone, Debug)]
pub struct Part {
    /// Of a text in quotes: with them.
    pub bytes: Range<usize>,
    /// The text that it stands for.
    pub text: String,
    pub is: Is,
}

#[derive(Clone, Copy, Debug)]
pub enum Is {
    Key(Key),
    /// What stands behind such a key, or in its list.
    Value(Takes),
    /// The place where something gets its name. Besides that it is a value.
    Name(Thing),
    /// A key of the rows of `cases`.
    Parameter,
    Setting(Setting),
}

/// Every key and value of a file that has a place in the language, in the order of the file.
pub fn outline(source: &str) -> Vec<Part> {
    let tree = tree::parse(0, source, &mut Mistakes::default());
    let mut outline = Outline { parts: Vec::new() };
    if let Some(root) = &tree.root {
        let is_world = root.at("world").is_some();
        outline.map(root, if is_world { &words::WORLD } else { &words::SCENARIO });
    }
    outline.parts.sort_by_key(|part| part.bytes.start);
    outline.parts
}

struct Outline {
    parts: Vec<Part>,
}

impl Outline {
    fn push(&mut self, node: &Node, is: Is) {
        if matches!(node.kind, Kind::Text(_)) {
            self.parts.push(Part { bytes: node.spot.bytes(), text: node.as_text().to_owned(), is });
        }
    }

    fn map(&mut self, node: &Node, shape: &Shape) {
        for (key, value) in node.entries() {
            let Some(known) = shape.key(key.as_text()) else { continue };
            self.push(key, Is::Key(known));
            if let Some(thing) = words::names(shape, known.text) {
                self.names(value, thing);
            }
            self.value(value, known.takes);
        }
    }

    /// A text or a list of them that gives names.
    fn names(&mut self, node: &Node, thing: Thing) {
        for item in items(node) {
            self.push(item, Is::Name(thing));
            if let Some(raw) = item.at("raw") {
                self.push(raw, Is::Name(thing));
            }
        }
    }

    fn value(&mut self, node: &Node, takes: Takes) {
        for item in items(node) {
            match (&item.kind, takes) {
                (Kind::Map(_), Takes::Rows) => self.row(item),
                (Kind::Map(_), Takes::Settings) => self.settings(item),
                (Kind::Map(_), Takes::Services) => {
                    for (service, branches) in item.entries() {
                        self.push(service, Is::Name(Thing::Service));
                        self.names(branches, Thing::Branch);
                    }
                }
                (Kind::Map(_), _) => {
                    let keys: Vec<&str> = item.entries().iter().map(|(key, _)| key.as_text()).collect();
                    if let Some(shape) = words::shape_of(takes, &keys) {
                        self.map(item, shape);
                    }
                }
                (Kind::List(_), _) => self.value(item, takes),
                _ => self.push(item, Is::Value(takes)),
            }
        }
    }

    fn row(&mut self, row: &Node) {
        for (key, _) in row.entries().iter().filter(|(key, _)| key.as_text() != "name") {
            self.push(key, Is::Parameter);
        }
    }

    fn settings(&mut self, node: &Node) {
        for (key, _) in node.entries() {
            if let Some(setting) = Setting::ALL.iter().find(|setting| setting.text() == key.as_text()) {
                self.push(key, Is::Setting(*setting));
            }
        }
    }
}

/// The items of a list; anything else alone.
fn items(node: &Node) -> &[Node] {
    match &node.kind {
        Kind::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}
