//! Where the cursor is, from the text before it alone: a file that is being typed is seldom whole, so no parser is
//! asked. Knows the layout of YAML, and nothing of scenarios.

use std::ops::Range;

/// Where the cursor is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Context {
    /// From the top of the file to the cursor. At a key the mapping that it is in comes last.
    pub(crate) path: Vec<Frame>,
    /// What is typed already of the word under the cursor.
    pub(crate) typed: Range<usize>,
    pub(crate) at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Key,
    /// The value of the last mapping's key, or an item of its list.
    Value,
    /// An item of a list in lines: a value, or the first key of a mapping.
    Item,
    /// Inside `${...}`.
    Parameter,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Map {
        /// The key that was written last.
        key: Option<String>,
        /// All that it has so far.
        keys: Vec<String>,
    },
    List,
}

/// A list or mapping in lines, and the column that its entries stand in.
struct Block {
    column: usize,
    frame: Frame,
}

/// Everything that is open.
#[derive(Default)]
struct Scanner {
    blocks: Vec<Block>,
    flows: Vec<Frame>,
    /// A text begun with `|` or `>` goes on for lines that stand further in than this.
    text_below: Option<usize>,
}

/// Where `cursor` is. None inside comments, prose over several lines, and where nothing can be said.
pub(crate) fn context(source: &str, cursor: usize) -> Option<Context> {
    let cursor = source.floor_char_boundary(cursor.min(source.len()));
    let begin = source[..cursor].rfind('\n').map_or(0, |at| at + 1);
    let mut scanner = Scanner::default();
    for line in source[..begin].lines() {
        scanner.line(line);
    }
    let (at, n_typed) = scanner.last_line(&source[begin..cursor])?;
    let mut context = Context { path: scanner.path(), typed: cursor - n_typed..cursor, at };
    let typed = &source[begin..cursor];
    if let Some(open) = typed.rfind("${").filter(|open| !typed[*open..].contains('}')) {
        context.at = At::Parameter;
        context.typed = begin + open + 2..cursor;
    }
    Some(context)
}

impl Scanner {
    fn path(self) -> Vec<Frame> {
        self.blocks.into_iter().map(|block| block.frame).chain(self.flows).collect()
    }

    /// A whole line before the cursor's.
    fn line(&mut self, line: &str) {
        if !self.flows.is_empty() {
            self.flow(line);
            return;
        }
        let n_in = indentation(line);
        let content = line[n_in..].trim_end();
        if content.is_empty() || content.starts_with('#') || self.is_text(n_in) {
            return;
        }
        let (column, rest) = self.dashes(n_in, content);
        if let Some((key, value)) = key_and_value(rest) {
            self.key(column, key);
            self.value(column, value);
        } else {
            self.value(n_in, rest);
        }
    }

    fn is_text(&mut self, n_in: usize) -> bool {
        if self.text_below.is_some_and(|column| n_in > column) {
            return true;
        }
        self.text_below = None;
        false
    }

    /// The line up to the cursor: what is typed there, and how many bytes of it.
    fn last_line(&mut self, line: &str) -> Option<(At, usize)> {
        if !self.flows.is_empty() {
            return self.flow(line).map(|typed| self.in_flow(typed));
        }
        let n_in = indentation(line);
        let content = &line[n_in..];
        if content.starts_with('#') || (self.text_below.is_some() && self.is_text(n_in)) {
            return None;
        }
        let (column, rest) = self.dashes(n_in, content);
        let after_dash = column > n_in;
        if let Some((key, value)) = key_and_value(rest) {
            self.key(column, key);
            let value = value.trim_start_matches(' ');
            if value.starts_with(['|', '>']) || has_comment(value) {
                return None;
            }
            if value.starts_with(['{', '[']) {
                return self.flow(value).map(|typed| self.in_flow(typed));
            }
            return Some((At::Value, value.len()));
        }
        if rest.starts_with(['{', '[']) {
            return self.flow(rest).map(|typed| self.in_flow(typed));
        }
        if after_dash {
            self.blocks.push(Block { column, frame: Frame::Map { key: None, keys: Vec::new() } });
            return Some((At::Item, rest.len()));
        }
        self.level(column);
        if !matches!(self.blocks.last(), Some(Block { column: at, frame: Frame::Map { .. } }) if *at == column)
        {
            self.blocks.push(Block { column, frame: Frame::Map { key: None, keys: Vec::new() } });
        }
        if let Some(Block { frame: Frame::Map { key, .. }, .. }) = self.blocks.last_mut() {
            *key = None;
        }
        Some((At::Key, rest.len()))
    }

    fn in_flow(&self, n_typed: usize) -> (At, usize) {
        match self.flows.last() {
            Some(Frame::Map { key: None, .. }) => (At::Key, n_typed),
            _ => (At::Value, n_typed),
        }
    }

    /// Takes the dashes at the beginning of a line: the column after them, and the rest.
    fn dashes<'l>(&mut self, n_in: usize, content: &'l str) -> (usize, &'l str) {
        let (mut column, mut rest) = (n_in, content);
        while rest == "-" || rest.starts_with("- ") {
            self.blocks.retain(|block| block.column <= column);
            let is_list = |block: &Block| block.column == column && block.frame == Frame::List;
            if !self.blocks.last().is_some_and(is_list) {
                self.blocks.push(Block { column, frame: Frame::List });
            }
            let after = rest[1..].trim_start_matches(' ');
            // At the cursor there may be nothing behind the dash yet.
            column += (rest.len() - after.len()).max(2);
            rest = after;
        }
        (column, rest)
    }

    /// Leaves what stands further in than `column`, and a list at that column.
    fn level(&mut self, column: usize) {
        while self.blocks.last().is_some_and(|block| {
            block.column > column || (block.column == column && block.frame == Frame::List)
        }) {
            self.blocks.pop();
        }
    }

    fn key(&mut self, column: usize, text: String) {
        self.level(column);
        if self.blocks.last().is_none_or(|block| block.column != column) {
            self.blocks.push(Block { column, frame: Frame::Map { key: None, keys: Vec::new() } });
        }
        if let Some(Block { frame: Frame::Map { key, keys }, .. }) = self.blocks.last_mut() {
            keys.push(text.clone());
            *key = Some(text);
        }
    }

    fn value(&mut self, column: usize, value: &str) {
        let value = value.trim_start_matches(' ');
        if value.starts_with(['|', '>']) {
            self.text_below = Some(column);
        } else if value.starts_with(['{', '[']) {
            self.flow(value);
        }
    }

    /// Reads what stands in brackets or braces up to the end of the line. Gives the length of the word that is being
    /// typed there; none in a comment.
    fn flow(&mut self, line: &str) -> Option<usize> {
        let mut word = 0;
        let mut quote = None;
        let mut before = ' ';
        for (at, c) in line.char_indices() {
            let after = at + c.len_utf8();
            match (quote, c) {
                (Some(mark), c) if c == mark && before != '\\' => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if line[word..at].trim().is_empty() => quote = Some(c),
                (None, '#') if before == ' ' => return None,
                (None, '{') if !line[..at].ends_with('$') => {
                    self.flows.push(Frame::Map { key: None, keys: Vec::new() });
                    word = after;
                }
                (None, '{') => quote = Some('}'),
                (None, '[') => {
                    self.flows.push(Frame::List);
                    word = after;
                }
                (None, '}' | ']') => {
                    self.flows.pop();
                    word = after;
                }
                (None, ',') => {
                    if let Some(Frame::Map { key, .. }) = self.flows.last_mut() {
                        *key = None;
                    }
                    word = after;
                }
                (None, ':') if line[after..].starts_with([' ', '}', ',']) || after == line.len() => {
                    if let Some(Frame::Map { key, keys }) = self.flows.last_mut()
                        && key.is_none()
                    {
                        let text = unquoted(&line[word..at]);
                        keys.push(text.clone());
                        *key = Some(text);
                        word = after;
                    }
                }
                _ => {}
            }
            before = c;
        }
        Some(line[word..].trim_start_matches(' ').len())
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn has_comment(value: &str) -> bool {
    value.starts_with('#') || value.contains(" #")
}

/// `key: value`, if the text has a key. The key is without its quotes.
fn key_and_value(text: &str) -> Option<(String, &str)> {
    if let Some(mark) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = text[1..].find(mark)? + 1;
        let rest = text[end + 1..].trim_start_matches(' ').strip_prefix(':')?;
        return Some((text[1..end].to_owned(), rest));
    }
    if text.starts_with(['{', '[', '#']) {
        return None;
    }
    let at = text.match_indices(':').find(|(at, _)| {
        let after = &text[at + 1..];
        after.is_empty() || after.starts_with(' ')
    })?;
    Some((text[..at.0].trim_end().to_owned(), &text[at.0 + 1..]))
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys on the way, and what is typed; `|` is the cursor.
    fn at(text: &str) -> Option<(String, At, String)> {
        let cursor = text.find('|').expect("a cursor");
        let source = text.replacen('|', "", 1);
        let context = context(&source, cursor)?;
        let path: Vec<String> = context
            .path
            .iter()
            .map(|frame| match frame {
                Frame::Map { key: Some(key), .. } => key.clone(),
                Frame::Map { keys, .. } => format!("{{{}}}", keys.join(",")),
                Frame::List => "-".into(),
            })
            .collect();
        Some((path.join(" "), context.at, source[context.typed].to_owned()))
    }

    #[test]
    fn the_way_to_the_cursor_is_found_in_unfinished_text() {
        let check = |text: &str, path: &str, place: At, typed: &str| {
            assert_eq!(at(text), Some((path.to_owned(), place, typed.to_owned())), "{text}");
        };
        check("|", "{}", At::Key, "");
        check("scenario: A\npro|", "{scenario}", At::Key, "pro");
        check("proves: [SYNC-1, BR|", "proves -", At::Value, "BR");
        check("rules: { service_move: |", "rules service_move", At::Value, "");
        check("given:\n  - |", "given - {}", At::Item, "");
        check("given:\n- visit: { for: SU-1, st|", "given - visit {for}", At::Key, "st");
        check("given:\n  - visit:\n      for: SU-1\n      |", "given - visit {for}", At::Key, "");
        check("steps:\n  - when: it is\n    |", "steps - {when}", At::Key, "");
        check("steps:\n- when: it is\n  in acp: { as: |}", "steps - in acp as", At::Value, "");
        check(
            "steps:\n  - when: a\n    in acp:\n      - { merge: R1 }\n      - { |",
            "steps - in acp - {}",
            At::Key,
            "",
        );
        check("steps:\n  - then: a\n    acp: [{ has: {\n      br|", "steps - acp - has {}", At::Key, "br");
        check("a: { b: \"x, {\", c|", "a {b}", At::Key, "c");
        check("a: ${win|", "a", At::Parameter, "win");
        check("a: { b: \"${|\" }", "a b", At::Parameter, "");
        check("a: { b: ${x}, c|", "a {b}", At::Key, "c");
        check("a:\n  b: 1\nc|", "{a}", At::Key, "c");
        check("about: >-\n  prose: here\ntags|", "{about}", At::Key, "tags");
        check("proves:\n  - SYNC-1\n  - |", "proves - {}", At::Item, "");
    }

    #[test]
    fn there_is_nothing_to_say_in_prose_and_comments() {
        assert_eq!(at("about: >-\n  prose|"), None);
        assert_eq!(at("# comm|"), None);
        assert_eq!(at("a: { b: 1 # com|"), None);
        assert_eq!(at("a: 1 # com|"), None);
    }
}
