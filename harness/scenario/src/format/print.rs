//! From a layout to text: two spaces for each level, entries of a list below their key, one blank line at most.

use super::{
    flow,
    layout::{Kind, Layout, Piece},
};

/// Spaces for each level.
const STEP: usize = 2;
/// The key whose rows are a table.
const TABLE: &str = "cases";

pub(super) fn print(layout: &Layout<'_>) -> String {
    let mut printer = Printer { layout, out: String::new(), next_comment: 0 };
    let end = layout.source.len();
    if let Some(root) = &layout.root {
        printer.value(root, 0, end, Place::Top);
    }
    printer.comments_before(end, 0);
    printer.out
}

/// What stands before a value on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    /// `key:`, with the column that the key had, and the spaces behind it.
    Key {
        column: usize,
        n_spaces: usize,
    },
    /// `-`
    Dash,
}

struct Printer<'l> {
    layout: &'l Layout<'l>,
    out: String,
    /// Comments before this one are printed.
    next_comment: usize,
}

impl Printer<'_> {
    fn source(&self, piece: &Piece) -> &str {
        &self.layout.source[piece.at.clone()]
    }

    /// The column of a byte on its line.
    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    fn line_start(&self, at: usize) -> usize {
        self.layout.source[..at].rfind('\n').map_or(0, |before| before + 1)
    }

    /// A value behind what is on the line already; it ends with a line break. What comes after it begins at `until`.
    fn value(&mut self, piece: &Piece, indent: usize, until: usize, place: Place) {
        let in_lines = !piece.flow && !matches!(piece.kind, Kind::Text { .. });
        if in_lines {
            self.lines(piece, indent, until, place);
            return;
        }
        if !piece.is_empty() {
            match place {
                Place::Top => {}
                Place::Dash => self.out.push(' '),
                Place::Key { n_spaces, .. } => self.out.push_str(&" ".repeat(n_spaces)),
            }
            self.inline(piece, indent);
        }
        if piece.block {
            self.out.push('\n');
        } else {
            self.end_line(piece.at.end);
        }
    }

    /// A list or mapping in lines.
    fn lines(&mut self, piece: &Piece, indent: usize, until: usize, place: Place) {
        let inside = if place == Place::Top { 0 } else { indent + STEP };
        let first = self.first_of(piece);
        let follows = place == Place::Dash && !self.has_comment_before(first);
        if place != Place::Top && !follows {
            let at =
                if matches!(place, Place::Key { .. }) { first } else { self.dash_before(piece.at.start) };
            self.trailing_comment_before(at.max(first));
            self.out.push('\n');
        }
        if follows {
            self.out.push(' ');
        }
        match &piece.kind {
            Kind::Map(entries) => {
                for (idx, (key, value)) in entries.iter().enumerate() {
                    let until = entries.get(idx + 1).map_or(until, |next| next.0.at.start);
                    if idx > 0 || !follows {
                        self.begin_line(key.at.start, inside);
                    }
                    let text = self.source(key).to_owned();
                    self.out.push_str(&text);
                    self.out.push(':');
                    let place =
                        Place::Key { column: self.column(key.at.start), n_spaces: self.spaces(entries, idx) };
                    self.entry(&text, place, value, inside, until);
                }
            }
            Kind::List(items) => self.items(items, inside, until, follows),
            Kind::Text { .. } => {}
        }
        let column = match place {
            // A list that did not stand further in than its key: what stands at that column is the key's neighbour's.
            Place::Key { column, .. } => self.column(first).max(column + 1),
            _ => self.column(first),
        };
        self.comments_of_block(until, column, inside);
    }

    /// Spaces behind a key: more than one only where its value stands below or above its neighbour's, in a column that
    /// somebody has made.
    fn spaces(&self, entries: &[(Piece, Piece)], idx: usize) -> usize {
        let column = |idx: usize| {
            let (key, value) = entries.get(idx)?;
            let between = &self.layout.source[key.at.end..value.at.start];
            let on_the_line = between.strip_prefix(':').is_some_and(|rest| rest.trim_matches(' ').is_empty());
            on_the_line.then(|| (self.column(value.at.start), between.len() - 1))
        };
        let Some((own, n_spaces)) = column(idx) else { return 1 };
        let neighbours = [idx.checked_sub(1).and_then(column), column(idx + 1)];
        let in_column = neighbours.into_iter().flatten().any(|(other, _)| other == own);
        if in_column { n_spaces.max(1) } else { 1 }
    }

    fn entry(&mut self, key: &str, place: Place, value: &Piece, indent: usize, until: usize) {
        let rows = match &value.kind {
            Kind::List(rows) if key == TABLE && indent == 0 && !value.flow => flow::table(self.layout, rows),
            _ => None,
        };
        match (rows, &value.kind) {
            (Some(rows), Kind::List(items)) => self.table(&rows, items, indent + STEP, until),
            _ => self.value(value, indent, until, place),
        }
    }

    fn table(&mut self, rows: &[String], items: &[Piece], indent: usize, until: usize) {
        let first = self.dash_before(items[0].at.start);
        self.trailing_comment_before(first);
        self.out.push('\n');
        for (row, item) in rows.iter().zip(items) {
            let dash = self.dash_before(item.at.start);
            self.begin_line(dash, indent);
            self.out.push_str("- ");
            self.out.push_str(row);
            self.end_line(item.at.end);
        }
        let column = self.column(first).max(1);
        self.comments_of_block(until, column, indent);
    }

    fn items(&mut self, items: &[Piece], indent: usize, until: usize, follows: bool) {
        for (idx, item) in items.iter().enumerate() {
            let until = items.get(idx + 1).map_or(until, |next| self.dash_before(next.at.start));
            if idx > 0 || !follows {
                let dash = self.dash_before(item.at.start);
                self.begin_line(dash, indent);
            }
            self.out.push('-');
            self.value(item, indent, until, Place::Dash);
        }
    }

    /// Where a list or mapping in lines begins: a list with its first dash.
    fn first_of(&self, piece: &Piece) -> usize {
        if matches!(piece.kind, Kind::List(_)) { self.dash_before(piece.at.start) } else { piece.at.start }
    }

    /// The dash that an item stands behind.
    fn dash_before(&self, item: usize) -> usize {
        let source = self.layout.source;
        let mut at = item;
        loop {
            at = source[..at].trim_end_matches([' ', '\n']).len();
            match self.layout.comments.iter().find(|comment| comment.end == at && comment.start < item) {
                Some(comment) => at = comment.start,
                None => break,
            }
        }
        if source[..at].ends_with('-') { at - 1 } else { item }
    }

    /// A text, or what stands in brackets or braces.
    fn inline(&mut self, piece: &Piece, indent: usize) {
        let text = self.source(piece);
        let lines = if piece.block {
            self.block_text(piece, indent)
        } else if !text.contains('\n') {
            vec![flow::flow(self.layout, piece)]
        } else if piece.flow {
            self.moved(piece, indent)
        } else {
            folded(text, indent + STEP)
        };
        self.out.push_str(&lines.join("\n"));
        // Comments inside went along.
        while self.comment().is_some_and(|comment| comment.start < piece.at.end) {
            self.next_comment += 1;
        }
    }

    /// Brackets over several lines: every line moves as far as the first.
    fn moved(&self, piece: &Piece, indent: usize) -> Vec<String> {
        let before = self.level_of(piece);
        let mut lines = self.source(piece).split('\n');
        let mut out: Vec<String> = lines.next().map(|line| trimmed(line).to_owned()).into_iter().collect();
        out.extend(lines.map(|line| shifted(trimmed(line), before, indent)));
        out
    }

    /// A text begun with `|` or `>`: its lines stand two spaces further in than the key.
    fn block_text(&self, piece: &Piece, indent: usize) -> Vec<String> {
        let source = self.source(piece);
        let mut lines = source.split('\n');
        let head = lines.next().unwrap_or_default().trim_end().to_owned();
        let signs = head.split(' ').next().unwrap_or_default();
        let mut content: Vec<&str> = lines.collect();
        if !signs.contains('+') {
            while content.last().is_some_and(|line| line.trim_start_matches(' ').is_empty()) {
                content.pop();
            }
        } else if content.last().is_some_and(|line| line.is_empty()) {
            content.pop();
        }
        let first = content.iter().find(|line| !line.trim_start_matches(' ').is_empty());
        let found = first.map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
        // A number says how far in it stands, counted from the key's own level.
        let number = signs.bytes().find(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0'));
        let (from, to) = match number {
            Some(number) => (self.level_of(piece) + number, indent + number),
            None => (found, indent + STEP),
        };
        let mut out = vec![head];
        out.extend(content.into_iter().map(|line| shifted(line, from, to)));
        out
    }

    /// The column of the key, or the dash, that a value stands behind.
    fn level_of(&self, piece: &Piece) -> usize {
        let line = &self.layout.source[self.line_start(piece.at.start)..piece.at.start];
        match line.trim_start_matches([' ', '-']) {
            "" => line.rfind('-').unwrap_or(line.len()),
            key => line.len() - key.len(),
        }
    }

    fn comment(&self) -> Option<std::ops::Range<usize>> {
        self.layout.comments.get(self.next_comment).cloned()
    }

    fn has_comment_before(&self, at: usize) -> bool {
        self.comment().is_some_and(|comment| comment.start < at)
    }

    /// The line's last value ends at `at`: puts the comment behind it, if there is one, and ends the line.
    fn end_line(&mut self, at: usize) {
        let end = self.layout.source[at..].find('\n').map_or(self.layout.source.len(), |n| at + n);
        self.trailing_comment_before(end);
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// The next comment, if it stands on the line that is being written: behind something, and before `at`.
    fn trailing_comment_before(&mut self, at: usize) {
        let Some(comment) = self.comment().filter(|comment| comment.start < at) else { return };
        let before = &self.layout.source[self.line_start(comment.start)..comment.start];
        if before.trim_start_matches(' ').is_empty() {
            return;
        }
        let n_spaces = before.len() - before.trim_end_matches(' ').len();
        self.out.push_str(&" ".repeat(n_spaces.max(2)));
        self.push_comment(&comment);
    }

    fn push_comment(&mut self, comment: &std::ops::Range<usize>) {
        self.out.push_str(self.layout.source[comment.clone()].trim_end());
        self.next_comment += 1;
    }

    /// The comments and the blank line before `at`, then the indentation.
    fn begin_line(&mut self, at: usize, indent: usize) {
        self.comments_before(at, indent);
        self.blank_line(at);
        self.out.push_str(&" ".repeat(indent));
    }

    fn comments_before(&mut self, at: usize, indent: usize) {
        while let Some(comment) = self.comment().filter(|comment| comment.start < at) {
            self.own_line(&comment, indent);
        }
    }

    /// Comments behind the last entry of a block that stand as far in as its entries.
    fn comments_of_block(&mut self, until: usize, column: usize, indent: usize) {
        while let Some(comment) = self.comment().filter(|comment| comment.start < until) {
            if self.column(comment.start) < column {
                return;
            }
            self.own_line(&comment, indent);
        }
    }

    fn own_line(&mut self, comment: &std::ops::Range<usize>, indent: usize) {
        self.blank_line(comment.start);
        self.out.push_str(&" ".repeat(indent));
        self.push_comment(comment);
        self.out.push('\n');
    }

    /// One blank line, if there is any before the line of `at`.
    fn blank_line(&mut self, at: usize) {
        let before = &self.layout.source[..self.line_start(at)];
        let line = before.strip_suffix('\n').unwrap_or(before).rsplit('\n').next().unwrap_or_default();
        let is_blank = !before.is_empty() && line.trim_matches(' ').is_empty();
        if is_blank && !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

/// A line without spaces at its end, unless a backslash makes them count.
fn trimmed(line: &str) -> &str {
    let trimmed = line.trim_end_matches(' ');
    if trimmed.ends_with('\\') { line } else { trimmed }
}

/// A line that stood `from` spaces in, as far as it did, and now stands `to` in.
fn shifted(line: &str, from: usize, to: usize) -> String {
    let n = line.len() - line.trim_start_matches(' ').len();
    if n == line.len() && n <= from {
        return String::new();
    }
    format!("{}{}", " ".repeat((n + to).saturating_sub(from)), &line[n..])
}

/// A text over several lines, in quotes or without: the lines after the first stand at `indent`.
fn folded(text: &str, indent: usize) -> Vec<String> {
    let mut lines = text.split('\n');
    let mut out: Vec<String> = lines.next().map(|line| trimmed(line).to_owned()).into_iter().collect();
    out.extend(lines.map(|line| {
        let line = trimmed(line.trim_start_matches(' '));
        if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(indent)) }
    }));
    out
}
