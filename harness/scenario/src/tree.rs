//! YAML text in, a small tree with places out. **Everything that knows YAML is behind this file, `syntax.rs` and
//! `unreadable.rs`.**
//!
//! Every leaf is kept as the text that was written: no number, date or truth value is guessed here. What this
//! language does without (anchors, aliases, tags, merge keys, several documents, tabs, control characters) is
//! refused here, once, so that the lowering never meets it.

use crate::{mistake::Mistakes, sources::Spot, syntax, unreadable};
use feed::Text;
use granit_parser::{Event, Parser, ScalarStyle, Span, options};

/// Deepest nesting of lists and mappings. *Assumed*; the language itself needs seven.
pub(crate) const DEEPEST: usize = 32;
/// Most nodes in one file. *Assumed.*
pub(crate) const MOST_NODES: usize = 100_000;
/// Longest text of one value, in bytes: 64 KiB. *Assumed.*
const LONGEST_TEXT: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Node {
    /// Of a text or `[...]` or `{...}`: all of it. Of a list or mapping in lines: from its first entry to its last.
    pub(crate) spot: Spot,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Text(Scalar),
    List(Vec<Node>),
    /// Keys as written, none twice.
    Map(Vec<(Node, Node)>),
    /// Refused already, or cut off by a syntax error: nothing more is said about it.
    Unread,
}

#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) text: Text,
    /// In quotes, or a block text: then `""`, `null` and `~` are what they say.
    pub(crate) quoted: bool,
    /// Has `${` in it.
    pub(crate) has_parameter: bool,
}

impl Node {
    /// Nothing was written here: no value, `~` or `null` without quotes.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Text(scalar) if !scalar.quoted && matches!(scalar.text.as_str(), "" | "~" | "null"))
    }

    /// The text as written, parameters and all, for keys.
    pub(crate) fn as_text(&self) -> &str {
        match &self.kind {
            Kind::Text(scalar) => &scalar.text,
            _ => "",
        }
    }

    pub(crate) fn entries(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The value under a key.
    pub(crate) fn at(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(it, _)| it.as_text() == key).map(|(_, value)| value)
    }
}

/// A file as far as it could be read.
pub(crate) struct Tree {
    /// None where the file is empty or holds only comments.
    pub(crate) root: Option<Node>,
    pub(crate) n_nodes: usize,
    /// Where reading stopped, if before the end: what is missing after it is nobody's mistake.
    pub(crate) cut_off_at: Option<u32>,
}

/// Reads one file. What is wrong goes to `mistakes`; what could be read comes back all the same.
pub(crate) fn parse(file: u16, source: &str, mistakes: &mut Mistakes) -> Tree {
    let spaces = syntax::without_tabs(file, source, mistakes);
    let had_tabs = spaces.is_some();
    let text = spaces.as_deref().unwrap_or(source);
    let mut builder = Builder::new(file, text, mistakes);
    let options = options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: DEEPEST + 1,
        block_nesting_limit: DEEPEST + 1,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => builder.take(event, &span),
            Err(error) => {
                let at = u32::try_from(error.marker().byte_offset().unwrap_or(0)).unwrap_or(u32::MAX);
                // With tabs read as spaces, the rest may well be askew: the tabs are the mistake.
                if !had_tabs {
                    unreadable::say(file, source, &error, &builder.open, builder.seen, builder.mistakes);
                }
                builder.stopped_at = Some(at);
            }
        }
        if builder.stopped_at.is_some() {
            break;
        }
    }
    builder.finish()
}

/// A list or mapping that is still open.
pub(crate) struct Open {
    pub(crate) spot: Spot,
    pub(crate) flow: bool,
    refused: bool,
    is_map: bool,
    key: Option<Node>,
    items: Vec<Node>,
    entries: Vec<(Node, Node)>,
}

struct Builder<'a> {
    file: u16,
    source: &'a str,
    mistakes: &'a mut Mistakes,
    open: Vec<Open>,
    root: Option<Node>,
    n_documents: usize,
    n_nodes: usize,
    /// How far the parser has come, for the messages of syntax errors.
    seen: u32,
    stopped_at: Option<u32>,
}

impl<'a> Builder<'a> {
    fn new(file: u16, source: &'a str, mistakes: &'a mut Mistakes) -> Builder<'a> {
        Builder {
            file,
            source,
            mistakes,
            open: Vec::new(),
            root: None,
            n_documents: 0,
            n_nodes: 0,
            seen: 0,
            stopped_at: None,
        }
    }

    fn spot(&self, span: &Span) -> Spot {
        let range = span.byte_range().unwrap_or(0..0);
        Spot::new(self.file, range)
    }

    fn take(&mut self, event: Event<'_>, span: &Span) {
        let spot = self.spot(span);
        self.seen = self.seen.max(spot.end);
        if let Some(tag) = event.tag().and_then(|_| span.tag_span()) {
            let tag = self.spot(&tag);
            self.mistakes.refuse_yaml("tag", tag, self.source);
        }
        match event {
            Event::DocumentStart(..) => self.document(spot),
            Event::Scalar(text, style, _, _) => self.scalar(&text, style, spot),
            Event::SequenceStart(style, ..) => self.begin(spot, false, style),
            Event::MappingStart(style, ..) => self.begin(spot, true, style),
            Event::SequenceEnd | Event::MappingEnd => self.end(spot),
            Event::Anchor(..) => self.mistakes.refuse_yaml("anchor", spot, self.source),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.mistakes.refuse_yaml("alias", spot, self.source);
                self.put(Node { spot, kind: Kind::Unread });
            }
            _ => {}
        }
    }

    fn document(&mut self, spot: Spot) {
        self.n_documents += 1;
        if self.n_documents == 2 {
            self.mistakes.refuse_yaml("document", spot, self.source);
            self.stopped_at = Some(spot.start);
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, spot: Spot) {
        let quoted = style != ScalarStyle::Plain;
        let kind = if text.len() > LONGEST_TEXT {
            self.mistakes
                .push(
                    "too-large",
                    spot,
                    format!("a text of {} KiB is longer than this reader takes", text.len() / 1024),
                    "the longest is 64 KiB",
                )
                .help("a scenario needs names and sentences; what is this long is probably data");
            Kind::Unread
        } else if let Some(c) = text.chars().find(|&c| c.is_control() && c != '\n' && c != '\t') {
            syntax::control_character(c, spot, self.mistakes);
            Kind::Unread
        } else {
            Kind::Text(Scalar { text: Text::from(text), quoted, has_parameter: text.contains("${") })
        };
        self.put(Node { spot, kind });
    }

    fn begin(&mut self, spot: Spot, is_map: bool, style: granit_parser::StructureStyle) {
        if self.open.len() >= DEEPEST {
            syntax::too_deep(spot, self.mistakes);
            self.stopped_at = Some(spot.start);
            return;
        }
        self.open.push(Open {
            spot,
            flow: style == granit_parser::StructureStyle::Flow,
            refused: false,
            is_map,
            key: None,
            items: Vec::new(),
            entries: Vec::new(),
        });
    }

    fn end(&mut self, spot: Spot) {
        let Some(open) = self.open.pop() else { return };
        let last = open.items.last().or(open.entries.last().map(|(_, value)| value));
        let end = if open.flow { spot.end } else { last.map_or(spot.end, |node| node.spot.end) };
        let spot = Spot { end: end.max(open.spot.end), ..open.spot };
        let kind = match (open.refused, open.is_map) {
            (true, _) => Kind::Unread,
            (_, true) => Kind::Map(open.entries),
            (_, false) => Kind::List(open.items),
        };
        self.put(Node { spot, kind });
    }

    /// Hangs a finished node where it belongs: as item, key, value or root.
    fn put(&mut self, node: Node) {
        self.n_nodes += 1;
        if self.n_nodes == MOST_NODES {
            syntax::too_many(node.spot, self.mistakes);
            self.stopped_at = Some(node.spot.start);
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(open) if !open.is_map => open.items.push(node),
            Some(open) => match open.key.take() {
                None => {
                    open.key = Some(node);
                    self.check_key();
                }
                Some(key) => open.entries.push((key, node)),
            },
        }
    }

    /// A key must be a text, and no merge key.
    fn check_key(&mut self) {
        let Some(Open { key: Some(key), .. }) = self.open.last() else { return };
        let spot = key.spot;
        match &key.kind {
            Kind::Text(scalar) if scalar.text == "<<" && !scalar.quoted => {
                self.mistakes.refuse_yaml("merge", spot, self.source);
            }
            Kind::List(_) | Kind::Map(_) => self.mistakes.refuse_yaml("key", spot, self.source),
            _ => return,
        }
        if let Some(open) = self.open.last_mut() {
            open.refused = true;
            open.key = Some(Node { spot, kind: Kind::Unread });
        }
    }

    /// Closes what a syntax error left open.
    fn finish(mut self) -> Tree {
        while let Some(open) = self.open.last_mut() {
            if let Some(key) = open.key.take() {
                let spot = key.spot;
                open.entries.push((key, Node { spot, kind: Kind::Unread }));
            }
            let end = self.stopped_at.unwrap_or_default();
            self.end(Spot { file: self.file, start: end, end });
        }
        let Builder { mut root, n_nodes, stopped_at, mistakes, .. } = self;
        if let Some(root) = &mut root {
            forget_second_keys(root, mistakes);
        }
        Tree { root, n_nodes, cut_off_at: stopped_at }
    }
}

/// Says which keys stand twice in one mapping, and forgets the second: "the last one wins" hides mistakes. Keys
/// that were refused go too.
fn forget_second_keys(node: &mut Node, mistakes: &mut Mistakes) {
    match &mut node.kind {
        Kind::List(items) => {
            for item in items {
                forget_second_keys(item, mistakes);
            }
        }
        Kind::Map(entries) => {
            let doomed = second_keys(entries, mistakes);
            if !doomed.is_empty() {
                let mut idx = 0;
                entries.retain(|_| {
                    idx += 1;
                    doomed.binary_search(&(idx - 1)).is_err()
                });
            }
            for (_, value) in entries {
                forget_second_keys(value, mistakes);
            }
        }
        Kind::Text(_) | Kind::Unread => {}
    }
}

/// Which entries to forget, by place, in order.
fn second_keys(entries: &[(Node, Node)], mistakes: &mut Mistakes) -> Vec<usize> {
    let mut doomed = Vec::new();
    // Sorted for large mappings; most have fewer than eight keys, and then comparing each with each is quicker.
    let mut first_of = std::collections::BTreeMap::new();
    for (idx, (key, _)) in entries.iter().enumerate() {
        let Kind::Text(scalar) = &key.kind else {
            doomed.push(idx);
            continue;
        };
        let first = if entries.len() <= 8 {
            entries[..idx].iter().find(|(it, _)| matches!(&it.kind, Kind::Text(it) if it.text == scalar.text))
        } else {
            match first_of.entry(scalar.text.as_str()) {
                std::collections::btree_map::Entry::Vacant(vacant) => {
                    vacant.insert(idx);
                    None
                }
                std::collections::btree_map::Entry::Occupied(first) => entries.get(*first.get()),
            }
        };
        if let Some((first, _)) = first {
            mistakes
                .push(
                    "duplicate-key",
                    key.spot,
                    format!("`{}` stands twice here", scalar.text),
                    "a second time",
                )
                .also(first.spot, "first here")
                .help("keep one of them: it would be a guess which one counts");
            doomed.push(idx);
        }
    }
    doomed
}
