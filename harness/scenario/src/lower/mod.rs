//! From the tree to the model. Each function reads one thing, says what is wrong with it and carries on, so that
//! all mistakes come at once. Nothing here knows YAML, and nothing here runs anything.

mod acp;
mod care;
mod case;
mod check;
mod fault;
mod fields;
mod given;
mod has;
mod known;
mod leaf;
mod refer;
mod rostering;
mod scenario;
mod step;
mod suggest;
mod suite;
mod things;

pub(crate) use leaf::shown;
pub(crate) use scenario::scenario;
pub(crate) use step::CASE_KINDS;
pub(crate) use suite::suite;
pub use suite::{ALL_ARTICLE, SUITE};

use crate::{
    At, SuiteFile, Where,
    mistake::{Mistakes, Raw},
    sources::{Source, Spot},
    tree::{Kind, Node},
    vocabulary::{self as words, Shape},
};
use known::Known;
use std::collections::BTreeSet;

/// All that reading a case needs and collects.
pub(crate) struct Cx<'t> {
    sources: &'t [Source<'t>],
    pub(crate) mistakes: Mistakes,
    rows: Rows<'t>,
    /// Parameters that something used, over all rows.
    used: BTreeSet<&'t str>,
    known: Known,
    /// Has what the file does not say.
    suite: &'t SuiteFile,
}

/// What `${...}` can stand for.
#[derive(Clone, Copy)]
enum Rows<'t> {
    /// There are no `cases`.
    None,
    /// There are, and what is being read is the same for all of them.
    All,
    /// There are, but none that could be read.
    Unusable,
    /// The values of the row that is being read, and of the first, whose keys all have.
    Row { row: &'t [(Node, Node)], first: &'t [(Node, Node)] },
}

/// Stands in for what could not be read.
static UNREAD: Node = Node { spot: Spot { file: 0, start: 0, end: 0 }, kind: Kind::Unread };

/// A mapping whose keys were checked against its shape.
#[derive(Clone, Copy)]
pub(crate) struct Map<'t> {
    pub(crate) node: &'t Node,
    pub(crate) shape: &'static Shape,
}

impl<'t> Map<'t> {
    pub(crate) fn entry(&self, key: &str) -> Option<&'t (Node, Node)> {
        self.node.entries().iter().find(|(it, _)| it.as_text() == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'t Node> {
        self.entry(key).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// A key that has no place here is nearest to this one.
    fn is_mistyped(&self, key: &str) -> bool {
        let mut strange =
            self.node.entries().iter().map(|(it, _)| it.as_text()).filter(|it| !self.shape.has(it)).take(20);
        strange.any(|it| {
            let without_space = it.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
            without_space || suggest::nearest(it, self.shape.texts()) == Some(key)
        })
    }

    /// Some key has no place here, which was told.
    pub(crate) fn has_strange_keys(&self) -> bool {
        self.node.entries().iter().any(|(key, _)| !self.shape.has(key.as_text()))
    }
}

impl<'t> Cx<'t> {
    pub(crate) fn new(sources: &'t [Source<'t>], mistakes: Mistakes, suite: &'t SuiteFile) -> Cx<'t> {
        Cx { sources, mistakes, rows: Rows::None, used: BTreeSet::new(), known: Known::default(), suite }
    }

    pub(crate) fn wrong(
        &mut self,
        code: &'static str,
        spot: Spot,
        what: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Raw {
        self.mistakes.push(code, spot, what, label)
    }

    pub(crate) fn place(&self, spot: Spot) -> Where {
        self.sources[usize::from(spot.file)].place(spot)
    }

    pub(crate) fn at<T>(&self, it: T, spot: Spot) -> At<T> {
        At { it, at: self.place(spot) }
    }

    /// The node itself, or the row's value where it is nothing but `${name}`.
    pub(crate) fn resolve(&mut self, node: &'t Node) -> &'t Node {
        let Kind::Text(scalar) = &node.kind else { return node };
        if !scalar.has_parameter {
            return node;
        }
        let inner = scalar.text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        match inner {
            Some(name) if !name.contains("${") && !name.contains('}') => {
                self.parameter(name.trim(), node.spot).unwrap_or(&UNREAD)
            }
            _ => node,
        }
    }

    /// The row's value of a parameter, or a mistake.
    fn parameter(&mut self, name: &str, spot: Spot) -> Option<&'t Node> {
        let what = format!("`${{{}}}` stands for nothing", shown(name));
        let (row, first) = match self.rows {
            Rows::Row { row, first } => (row, first),
            // Told with the rows.
            Rows::Unusable => return None,
            Rows::None => {
                let label = "there are no `cases`, so there are no parameters";
                self.wrong("unknown-parameter", spot, what, label);
                return None;
            }
            Rows::All => {
                let what = "this is the same for all rows of `cases`";
                self.wrong("parameter-here", spot, what, "a parameter cannot stand here");
                return None;
            }
        };
        let of = |row: &'t [(Node, Node)]| row.iter().filter(|(key, _)| key.as_text() != "name");
        if let Some((key, value)) = of(row).find(|(key, _)| key.as_text() == name) {
            self.used.insert(key.as_text());
            return Some(value);
        }
        if of(first).any(|(key, _)| key.as_text() == name) {
            // That this row lacks it was told, and it is used after all.
            self.used.extend(of(first).map(|(key, _)| key.as_text()).filter(|key| *key == name));
            return None;
        }
        let names = of(row).map(|(key, _)| key.as_text());
        let label = suggest::label(name, names.clone(), "the rows of `cases` have no such key");
        let listed = suggest::listed(names);
        self.wrong("unknown-parameter", spot, what, label).help(format!("keys of the rows: {listed}"));
        None
    }

    /// The items of a list; a value alone is a list of one.
    pub(crate) fn list(&mut self, key: &str, node: &'t Node) -> &'t [Node] {
        let node = self.resolve(node);
        match &node.kind {
            Kind::List(items) => items,
            Kind::Unread => &[],
            _ if node.is_nothing() => {
                self.empty(key, node);
                &[]
            }
            _ => std::slice::from_ref(node),
        }
    }

    /// A mapping of this shape. `key` names it in messages; keys that have no place in it are told.
    pub(crate) fn map(&mut self, key: &str, node: &'t Node, shape: &'static Shape) -> Option<Map<'t>> {
        let node = self.resolve(node);
        match &node.kind {
            Kind::Map(entries) => {
                for (entry, value) in entries {
                    let told = shape.what == words::WHEN.what && step::waits(entry.as_text());
                    if !shape.has(entry.as_text()) && !told {
                        self.unknown_key(entry, value, shape);
                    }
                }
                Some(Map { node, shape })
            }
            Kind::Unread => None,
            _ if node.is_nothing() => {
                self.empty(key, node);
                None
            }
            _ => {
                let keys = suggest::listed(shape.texts());
                let kind = kind_of(node);
                self.wrong(
                    "wrong-kind",
                    node.spot,
                    format!("`{key}` takes {{ key: value }}, not {kind}"),
                    "write `{ ... }`",
                )
                .help(format!("keys here: {keys}"));
                None
            }
        }
    }

    /// A value that must be there.
    pub(crate) fn need(&mut self, map: &Map<'t>, key: &str) -> Option<&'t Node> {
        let found = map.get(key);
        if found.is_none() {
            let says = map.shape.keys.iter().find(|word| word.text == key).map_or("", |word| word.says);
            self.missing(map, key, &format!("`{key}`: {says}"));
        }
        found
    }

    /// Says that a key is missing, unless one stands there that is probably it, mistyped: that was told.
    pub(crate) fn missing(&mut self, map: &Map<'t>, key: &str, help: &str) {
        if map.is_mistyped(key) {
            return;
        }
        let what = format!("{} needs `{key}`", map.shape.what);
        self.wrong("missing-key", map.node.spot, what, format!("`{key}` is missing")).help(help);
    }

    pub(crate) fn empty(&mut self, key: &str, node: &Node) {
        let label = if matches!(node.kind, Kind::Text(_)) { "write a value" } else { "write at least one" };
        self.wrong("empty", node.spot, format!("`{key}` is empty"), label);
    }

    pub(crate) fn unknown_key(&mut self, key: &Node, value: &Node, shape: &'static Shape) {
        let text = key.as_text();
        let what = format!("{} has no key `{text}`", shape.what);
        if self.mistakes.is_full() {
            self.wrong("unknown-key", key.spot, what, "unknown");
            return;
        }
        if let Some((before, after)) = text.split_once(':')
            && value.is_nothing()
        {
            let label = format!("write a space after the colon: `{before}: {after}`");
            self.wrong("unknown-key", key.spot, what, label);
            return;
        }
        if let Some(label) = belongs_elsewhere(text, shape) {
            self.wrong("unknown-key", key.spot, what, label);
            return;
        }
        let label = suggest::label(text, shape.texts(), "there is no such key here");
        let keys = suggest::listed(shape.texts());
        let raw = self.wrong("unknown-key", key.spot, what, label);
        raw.help(format!("keys here: {keys}"));
    }
}

/// Where a key would have been right, for the mix-ups that come most often.
fn belongs_elsewhere(key: &str, shape: &Shape) -> Option<String> {
    let is = |other: &Shape| shape.what == other.what;
    let label = if (is(&words::ACP) && words::HAS.has(key))
        || (is(&words::ROSTERING) && words::ROSTERING_HAS.has(key))
    {
        format!("put it into `has: {{ {key}: ... }}`")
    } else if (is(&words::IN_ACP) || is(&words::IN_ROSTERING)) && words::SET.has(key) {
        format!("put it into `set: {{ {key}: ... }}`")
    } else if is(&words::WHEN) && words::THEN.has(key) {
        "it belongs to a `then` step".to_owned()
    } else if is(&words::THEN) && words::WHEN.has(key) {
        "it belongs to a `when` step".to_owned()
    } else if is(&words::SCENARIO) && words::GIVEN.has(key) {
        format!("it belongs into `given`, as `- {key}: ...`")
    } else {
        return None;
    };
    Some(label)
}

/// What a node is, for "takes a text, not ...".
pub(crate) fn kind_of(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Text(_) => "a text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "{ key: value }",
        Kind::Unread => "this",
    }
}
