//! `suite.yaml`: what holds for every scenario of a suite unless the scenario says otherwise. Knows no scenario.

use super::{Cx, Map, leaf::shown, suggest};
use crate::{
    Mistake, SuiteFile,
    load::Loaded,
    mistake::Mistakes,
    sources::Spot,
    suite::{Redact, Required, Seat, Seats},
    tree::{Kind, Node},
    vocabulary::{FieldsHere, Key, Shape, Takes},
};
use feed::{Clause, Setting};

/// The newest format that this version reads.
const FORMAT: u64 = 1;
/// Most cases that may run at once; the same as for `--jobs`. *Assumed.*
const MOST_JOBS: u64 = 1024;

const fn key(text: &'static str, says: &'static str, takes: Takes) -> Key {
    Key { text, says, takes }
}

/// What may stand in `suite.yaml`.
pub const SUITE: Shape = Shape {
    name: "SUITE",
    what: "a suite",
    keys: &[
        key("format", "The format of this file: 1.", Takes::Number(1, 1)),
        key("clock", "When the story of a scenario begins that does not say.", Takes::Instant),
        key("rules", "Settings that differ from the default, for every scenario.", Takes::Settings),
        key("seed", "Fixes what is drawn, unless a scenario or --seed does.", Takes::Seed),
        key("jobs", "How many cases run at once, unless --jobs says.", Takes::Number(1, 1024)),
        key("seats", "Programs that take the place of a simulated system.", Takes::Map(&SEATS)),
        key("redact", "What is left out of every output: none, names or all.", Takes::Text),
        key(
            "required clauses",
            "Clauses that a run of the whole suite must prove, or all-article.",
            Takes::Clauses,
        ),
    ],
    fields: FieldsHere::No,
    needs: &[],
    apart: &[],
};

/// The systems whose place somebody's program can take.
const SEATS: Shape = Shape {
    name: "SEATS",
    what: "`seats`",
    keys: &[
        key("acp", "The engine that receives updates: simulated, or its address.", Takes::Text),
        key("connector", "What carries service users across: simulated, or its address.", Takes::Text),
        key("rostering", "The rostering system: simulated, or its address.", Takes::Text),
    ],
    fields: FieldsHere::No,
    needs: &[],
    apart: &[],
};

/// Reads a suite from its file; an empty one says nothing.
pub(crate) fn suite(loaded: &Loaded<'_>, mistakes: Mistakes) -> Result<SuiteFile, Vec<Mistake>> {
    let nothing = SuiteFile::default();
    let mut cx = Cx::new(&loaded.sources, mistakes, &nothing);
    let read = match &loaded.trees[0].root {
        Some(root) if !root.is_nothing() => cx.suite(root),
        _ => Some(SuiteFile::default()),
    };
    let cuts = loaded.cuts();
    if !cuts.is_empty() {
        cx.mistakes.forget_missing(&cuts);
    }
    match read {
        Some(read) if cx.mistakes.is_empty() => {
            Ok(SuiteFile { path: loaded.sources[0].path.clone(), ..read })
        }
        _ => Err(cx.mistakes.finish(&loaded.sources)),
    }
}

impl<'t> Cx<'t> {
    fn suite(&mut self, root: &'t Node) -> Option<SuiteFile> {
        if let Some(spot) = newer(root) {
            // What a newer version means by the rest cannot be known.
            self.mistakes.back_to(0);
            let what = "this suite was written for a newer version of rehearse";
            self.wrong("newer-format", spot, what, format!("this version reads format {FORMAT}"))
                .help("update rehearse; nothing of this suite was run");
            return None;
        }
        let map = self.map("suite.yaml", root, &SUITE)?;
        if let Some(node) = self.need(&map, "format") {
            self.whole("format", node, 1..=FORMAT);
        }
        let mut read = SuiteFile::default();
        if let Some(node) = map.get("clock") {
            read.clock = self.instant("clock", node).map(|(instant, _)| instant);
        }
        if let Some(node) = map.get("rules") {
            read.settings = self.settings(node);
            read.set = named(node);
        }
        read.seed = map.get("seed").and_then(|node| self.whole("seed", node, 0..=u64::MAX));
        let jobs = map.get("jobs").and_then(|node| self.whole("jobs", node, 1..=MOST_JOBS));
        read.jobs = jobs.and_then(|jobs| u16::try_from(jobs).ok());
        read.redact = map.get("redact").and_then(|node| self.choice("redact", node, Redact::ALL));
        if let Some(node) = map.get("seats") {
            read.seats = self.seats(node);
        }
        read.required = map.get("required clauses").map(|node| self.required(node)).unwrap_or_default();
        Some(read)
    }

    fn seats(&mut self, node: &'t Node) -> Seats {
        let Some(map) = self.map("seats", node, &SEATS) else { return Seats::default() };
        if matches!(&node.kind, Kind::Map(entries) if entries.is_empty()) {
            self.empty("seats", node);
        }
        Seats {
            acp: self.seat(&map, "acp"),
            connector: self.seat(&map, "connector"),
            rostering: self.seat(&map, "rostering"),
        }
    }

    fn seat(&mut self, map: &Map<'t>, key: &str) -> Seat {
        let Some(leaf) = map.get(key).and_then(|node| self.leaf(key, node)) else { return Seat::Simulated };
        let text = leaf.text.as_str();
        let host = text.strip_prefix("http://").or(text.strip_prefix("https://"));
        if text == "simulated" {
            return Seat::Simulated;
        }
        if host
            .is_none_or(|host| host.is_empty() || host.starts_with('/') || host.contains(char::is_whitespace))
        {
            let what = format!("`{key}` cannot be `{}`", shown(text));
            let label = suggest::label(text, ["simulated"].into_iter(), "write `simulated` or an address");
            self.wrong("not-a-choice", leaf.spot, what, label)
                .help("an address is as `http://localhost:8080`");
        }
        Seat::At(text.to_owned())
    }

    /// A list of clauses; `all-article` stands for all of article 14300960.
    fn required(&mut self, node: &'t Node) -> Required {
        if node.as_text() == ALL_ARTICLE {
            return Required::all_article();
        }
        if matches!(&node.kind, Kind::List(items) if items.is_empty()) {
            self.empty("required clauses", node);
        }
        let mut clauses: Vec<Clause> = Vec::new();
        for item in self.list("required clauses", node) {
            if item.as_text() == ALL_ARTICLE {
                let label = format!("write `required clauses: {ALL_ARTICLE}` alone");
                self.wrong("does-not-go", item.spot, format!("`{ALL_ARTICLE}` stands in a list"), label);
                continue;
            }
            let Some(clause) = self.clause("required clauses", item) else { continue };
            if clauses.contains(&clause) {
                self.wrong("defined-twice", item.spot, format!("{clause} is named twice"), "a second time");
            } else {
                clauses.push(clause);
            }
        }
        Required { clauses }
    }
}

/// Stands for every clause of article 14300960.
pub const ALL_ARTICLE: &str = "all-article";

/// Where a format is named that is newer than this version.
fn newer(root: &Node) -> Option<Spot> {
    let format = root.at("format")?;
    let text = format.as_text().trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than a number can have are a newer format, too.
    (is_number && text.parse().unwrap_or(u64::MAX) > FORMAT).then_some(format.spot)
}

/// The settings that a mapping names.
pub(crate) fn named(node: &Node) -> Vec<Setting> {
    let is_named = |setting: &Setting| node.at(setting.text()).is_some();
    Setting::ALL.iter().copied().filter(is_named).collect()
}
