//! The top of a scenario file, and its rows.

use super::{Cx, Rows, case::Parts, leaf::shown, suggest};
use crate::{
    Case, Scenario, Skip, SuiteFile,
    load::Loaded,
    mistake::Mistakes,
    sources::Spot,
    time,
    tree::{Kind, MOST_NODES, Node},
    vocabulary as words,
};
use feed::Text;
use std::collections::BTreeMap;

/// Most values that all rows together are read from: each row reads the whole scenario again. *Assumed.*
const MOST_READ: usize = 10 * MOST_NODES;
/// Most keys of one row. *Assumed.*
const MOST_KEYS: usize = 100;

/// Reads the scenario from its files. What is wrong goes to the second part.
pub(crate) fn scenario(
    loaded: &Loaded<'_>,
    mistakes: Mistakes,
    suite: &SuiteFile,
) -> (Option<Scenario>, Mistakes) {
    let mut cx = Cx::new(&loaded.sources, mistakes, suite);
    for tree in &loaded.trees[1..] {
        if let Some(root) = &tree.root {
            cx.world(root);
        }
    }
    let entries = loaded.given();
    let scenario = match &loaded.trees[0].root {
        Some(root) if matches!(root.kind, Kind::Map(_)) => cx.top(root, &entries, loaded),
        Some(root) if !root.is_nothing() => {
            cx.wrong(
                "not-a-scenario",
                root.spot,
                "this file is not a scenario",
                "it begins with `scenario: ...`",
            );
            None
        }
        _ if !loaded.cuts().is_empty() => None,
        _ => {
            let spot = Spot { file: 0, start: 0, end: 0 };
            cx.wrong(
                "not-a-scenario",
                spot,
                "there is no scenario in this file",
                "it begins with `scenario: ...`",
            );
            None
        }
    };
    (scenario, cx.mistakes)
}

impl<'t> Cx<'t> {
    fn world(&mut self, root: &'t Node) {
        let Some(map) = self.map("world", root, &words::WORLD) else { return };
        if let Some(title) = self.need(&map, "world") {
            self.prose("world", title);
        }
        if let Some(given) = self.need(&map, "given") {
            self.list_only("given", given);
        }
    }

    /// `given` and `steps` are lists even where they have one entry.
    fn list_only(&mut self, key: &str, node: &'t Node) -> &'t [Node] {
        match &node.kind {
            Kind::List(items) => items,
            Kind::Unread => &[],
            _ if node.is_nothing() => {
                self.empty(key, node);
                &[]
            }
            _ => {
                self.wrong(
                    "wrong-kind",
                    node.spot,
                    format!("`{key}` takes a list"),
                    "begin each entry with `- `",
                );
                &[]
            }
        }
    }

    fn top(&mut self, root: &'t Node, entries: &'t [&'t Node], loaded: &Loaded<'_>) -> Option<Scenario> {
        if let Some((key, _)) = root.entries().iter().find(|(key, _)| key.as_text() == "world") {
            let what = "this is a world: scenarios use it, and it is not run by itself";
            self.wrong("not-a-scenario", key.spot, what, "a scenario begins with `scenario: ...`");
            return None;
        }
        let map = self.map("scenario", root, &words::SCENARIO)?;
        if map.has("cases") {
            self.rows = Rows::All;
        }
        let title = self.need(&map, "scenario").and_then(|node| self.prose("scenario", node));
        let about = map.get("about").and_then(|node| self.prose("about", node));
        let proves = self.proves(map.get("proves"), root);
        let tags = map.get("tags").map(|node| self.texts("tags", node)).unwrap_or_default();
        if self.suite.clock.is_none() && !self.suite.is_unread {
            self.need(&map, "clock");
        }
        let skip = map.get("skip").and_then(|node| self.skip(node));
        let expect_failure = map.get("expect failure").and_then(|node| self.expect_failure(node));
        if let Some(given) = map.get("given") {
            self.list_only("given", given);
        }
        let steps = self.need(&map, "steps").map(|node| (self.list_only("steps", node), node));
        if let Some((_, node)) =
            steps.filter(|(steps, node)| steps.is_empty() && matches!(node.kind, Kind::List(_)))
        {
            self.wrong("empty", node.spot, "there are no steps", "add `- when: ...` and `- then: ...`");
        }
        let parts = Parts { root, entries, steps: steps.map_or(&[], |(steps, _)| steps) };
        let cases = self.cases(map.get("cases"), parts, loaded);
        Some(Scenario {
            path: self.sources[0].path.clone(),
            title: title?.text.trim().to_owned(),
            about: about.map(|leaf| leaf.text.trim().to_owned()),
            proves,
            tags: tags.into_iter().map(|leaf| leaf.text.to_string()).collect(),
            skip,
            expect_failure,
            cases,
            files: self.sources.iter().map(|source| source.path.clone()).collect(),
        })
    }

    fn proves(&mut self, node: Option<&'t Node>, root: &'t Node) -> Vec<feed::Clause> {
        let Some(node) = node else {
            self.wrong(
                "proves-nothing",
                root.spot,
                "the scenario does not say what it proves",
                "add `proves: [SYNC-1]`, with at least one clause",
            )
            .help("`rehearse list --rules` shows every clause");
            return Vec::new();
        };
        if matches!(&node.kind, Kind::List(items) if items.is_empty()) {
            self.wrong(
                "proves-nothing",
                node.spot,
                "the scenario proves nothing",
                "name at least one clause, as `[SYNC-1]`",
            )
            .help("`rehearse list --rules` shows every clause");
        }
        let mut clauses = Vec::new();
        for item in self.list("proves", node) {
            let Some(clause) = self.clause("proves", item) else { continue };
            if clauses.contains(&clause) {
                self.wrong("defined-twice", item.spot, format!("{clause} is named twice"), "a second time");
            } else {
                clauses.push(clause);
            }
        }
        clauses
    }

    fn skip(&mut self, node: &'t Node) -> Option<Skip> {
        let map = self.map("skip", node, &words::SKIP)?;
        let reason = self.need(&map, "reason").and_then(|node| self.prose("reason", node));
        let until = match map.get("until").and_then(|node| self.leaf("until", node)) {
            None => None,
            Some(leaf) => {
                let date = time::date(&leaf.text);
                if date.is_none() {
                    let what = format!("`until`: `{}` is not a day", shown(&leaf.text));
                    self.wrong("not-a-moment", leaf.spot, what, "write for instance `2026-12-01`");
                }
                date
            }
        };
        Some(Skip { reason: reason?.text.trim().to_owned(), until })
    }

    fn expect_failure(&mut self, node: &'t Node) -> Option<String> {
        let map = self.map("expect failure", node, &words::EXPECT_FAILURE)?;
        let reason = self.need(&map, "reason").and_then(|node| self.prose("reason", node))?;
        Some(reason.text.trim().to_owned())
    }

    fn cases(&mut self, rows: Option<&'t Node>, parts: Parts<'t>, loaded: &Loaded<'_>) -> Vec<Case> {
        let Some(rows) = rows else { return vec![self.case(parts, None, parts.root.spot)] };
        let rows = self.list_only("cases", rows);
        let n_nodes: usize = loaded.trees.iter().map(|tree| tree.n_nodes).sum();
        if rows.len().saturating_mul(n_nodes) > MOST_READ {
            let what = format!(
                "{} rows of a scenario with {n_nodes} values are more than this reader takes",
                rows.len()
            );
            self.wrong("too-large", rows[0].spot, what, "make several files of it");
            return Vec::new();
        }
        let names = self.rows(rows);
        let Some(first) = rows.iter().find(|row| is_row(row)) else {
            // The rest is worth checking all the same.
            self.rows = Rows::Unusable;
            return vec![self.case(parts, None, parts.root.spot)];
        };
        let mut cases = Vec::new();
        for (row, name) in rows.iter().zip(names).filter(|(row, _)| is_row(row)) {
            self.rows = Rows::Row { row: row.entries(), first: first.entries() };
            cases.push(self.case(parts, name, row.spot));
            self.mistakes.forget_doubles();
        }
        self.unused_parameters(first);
        cases
    }

    /// Checks the rows themselves, and gives their names.
    fn rows(&mut self, rows: &'t [Node]) -> Vec<Option<Text>> {
        let mut names: BTreeMap<Text, Spot> = BTreeMap::new();
        let first = rows.iter().find(|row| is_row(row));
        let mut all = Vec::new();
        for row in rows {
            let Kind::Map(entries) = &row.kind else {
                if !matches!(row.kind, Kind::Unread) {
                    self.wrong(
                        "wrong-kind",
                        row.spot,
                        "a row of `cases` takes { key: value }",
                        "write `- { name: ..., window: 20m }`",
                    );
                }
                all.push(None);
                continue;
            };
            if entries.len() > MOST_KEYS {
                let what = format!("a row has more than {MOST_KEYS} keys");
                self.wrong("too-large", row.spot, what, "take some out");
                all.push(None);
                continue;
            }
            for (_, value) in entries {
                if matches!(&value.kind, Kind::Text(scalar) if scalar.has_parameter) {
                    self.wrong(
                        "parameter-here",
                        value.spot,
                        "a row's value cannot refer to another",
                        "write the value itself",
                    );
                }
            }
            if let Some(first) = first {
                self.same_keys(first, row);
            }
            let name = row.at("name").and_then(|node| self.prose("name", node));
            if let Some(name) = &name
                && let Some(first) = names.insert(name.text.clone(), name.spot)
            {
                let what = format!("two rows are called `{}`", shown(&name.text));
                self.wrong("defined-twice", name.spot, what, "a second time").also(first, "first here");
            }
            if row.at("name").is_none() {
                self.wrong("missing-key", row.spot, "a row of `cases` needs `name`", "`name` is missing");
            }
            all.push(name.map(|leaf| leaf.text));
        }
        all
    }

    /// Every row has the keys of the first.
    fn same_keys(&mut self, first: &'t Node, row: &'t Node) {
        if std::ptr::eq(first, row) {
            return;
        }
        let keys = |node: &'t Node| node.entries().iter().map(|(key, _)| key);
        let extra: Vec<&str> =
            keys(row).map(Node::as_text).filter(|key| first.at(key).is_none() && *key != "name").collect();
        for key in keys(first).filter(|key| row.at(key.as_text()).is_none() && key.as_text() != "name") {
            if suggest::nearest(key.as_text(), extra.iter().copied()).is_some() {
                continue;
            }
            let what = format!("this row has no `{}`", key.as_text());
            self.wrong("uneven-rows", row.spot, what, "every row has the same keys")
                .also(key.spot, "as in this row");
        }
        for key in keys(row).filter(|key| first.at(key.as_text()).is_none() && key.as_text() != "name") {
            let what = format!("the first row has no `{}`", key.as_text());
            let label =
                suggest::label(key.as_text(), keys(first).map(Node::as_text), "every row has the same keys");
            self.wrong("uneven-rows", key.spot, what, label).also(first.spot, "the first row");
        }
    }

    fn unused_parameters(&mut self, first: &'t Node) {
        for (key, _) in first.entries() {
            let text = key.as_text();
            if text != "name" && !text.is_empty() && !self.used.contains(text) {
                let what = format!("nothing uses `{text}`");
                self.wrong(
                    "unused-parameter",
                    key.spot,
                    what,
                    format!("write `${{{text}}}` where it belongs, or take it out"),
                );
            }
        }
    }
}

/// It can be read as a row.
fn is_row(node: &Node) -> bool {
    matches!(&node.kind, Kind::Map(entries) if entries.len() <= MOST_KEYS)
}
