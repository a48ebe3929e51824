//! The summary of a run as Markdown: for GitHub's step summary, a merge request or a wiki. What comes from a scenario is
//! text there and nothing else: no markup, no link, no mention.

use super::{
    issue::{self, Issue},
    places::Places,
};
use crate::{
    event::{Event, RunEnded},
    stories::story_block,
    summary::{gate, sum},
    words::{counted, listed, number},
};
use std::fmt::Write as _;

/// GitHub drops a summary of more than 1 MiB, sometimes without a word.
const MOST_BYTES: usize = 900_000;

/// So much is left for the end.
const FOR_THE_END: usize = 2_000;

#[derive(Debug)]
pub struct Markdown {
    places: Places,
    most_bytes: usize,
    /// What changed since an earlier run, in a sentence.
    changes: String,
    rows: String,
    blocks: String,
    n_issues: usize,
    n_rows: usize,
    n_blocks: usize,
}

impl Markdown {
    /// `n_there`: so many bytes stand there already.
    pub fn new(places: Places, n_there: usize) -> Markdown {
        Markdown {
            places,
            most_bytes: MOST_BYTES.saturating_sub(n_there + FOR_THE_END),
            changes: String::new(),
            rows: String::new(),
            blocks: String::new(),
            n_issues: 0,
            n_rows: 0,
            n_blocks: 0,
        }
    }

    pub(crate) fn read(&mut self, event: Event<'_>) -> String {
        match event {
            Event::CaseDone(case) => {
                if let Some(issue) = issue::of(case) {
                    self.add(&issue, issue::block(case).as_deref());
                }
                String::new()
            }
            Event::StoryUnlike(story) => {
                if let Some(issue) = issue::of_story(story) {
                    self.add(&issue, Some(&story_block(story)));
                }
                String::new()
            }
            Event::Compared(changes) => {
                self.changes = escaped(&changes.sum());
                String::new()
            }
            Event::RunEnded(end) => self.summary(end),
            _ => String::new(),
        }
    }

    fn add(&mut self, issue: &Issue, story: Option<&str>) {
        self.n_issues += 1;
        let row = self.row(issue);
        // Rows before blocks: every failure gets its line before any gets its story.
        if self.rows.len() + row.len() <= self.most_bytes / 2 {
            self.rows.push_str(&row);
            self.n_rows += 1;
        }
        let block = block(issue, story);
        if self.blocks.len() + block.len() <= self.most_bytes / 2 {
            self.blocks.push_str(&block);
            self.n_blocks += 1;
        }
    }

    fn row(&self, issue: &Issue) -> String {
        let unmet = issue.unmet.clone();
        let [what, expected, got] =
            unmet.unwrap_or_else(|| [issue.message.clone(), String::new(), String::new()]);
        let place = format!("{} line {}", self.places.in_repository(&issue.file), issue.line);
        let clauses = issue.clauses.join(", ");
        let cells = [&issue.label, &what, &expected, &got, &clauses, &place];
        let cells: Vec<String> = cells.into_iter().map(|cell| escaped(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    }

    fn summary(&self, end: &RunEnded) -> String {
        let counts = &end.counts;
        let heading = if self.n_issues == 0 {
            "Rehearsal".to_owned()
        } else {
            format!(
                "{} of {} not as they should be",
                number(self.n_issues),
                counted(counts.n_cases(), "case", "cases")
            )
        };
        let mut text = format!("### {heading}\n\n{} {}\n", sum(counts), gate(end.exit_code));
        for issue in issue::of_end(end).iter().filter(|issue| issue.code != "stopped") {
            let _ = writeln!(text, "\n{}", escaped(&issue.message));
        }
        if !self.changes.is_empty() {
            let _ = writeln!(text, "\n{}", self.changes);
        }
        if self.n_rows > 0 {
            text.push_str("\n| Case | What | Expected | Got | Clause | Place |\n");
            text.push_str("| --- | --- | --- | --- | --- | --- |\n");
            text.push_str(&self.rows);
        }
        let mut left_out = Vec::new();
        for (n, what) in [(self.n_issues - self.n_rows, "rows"), (self.n_issues - self.n_blocks, "stories")] {
            left_out.extend((n > 0).then(|| format!("{} {what}", number(n))));
        }
        if !left_out.is_empty() {
            let _ = writeln!(text, "\nLeft out for length: {}. The log has them.", listed(&left_out));
        }
        if self.n_blocks > 0 {
            let _ = write!(text, "\n{}", self.blocks);
        }
        text
    }
}

fn block(issue: &Issue, story: Option<&str>) -> String {
    let Some(story) = story else { return String::new() };
    let longest = story.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!(
        "<details><summary>{}: {}</summary>\n\n{fence}text\n{}\n{fence}\n\n</details>\n\n",
        html(&issue.label),
        html(&issue.title),
        story
    )
}

/// Text in a cell of a table.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '(' | ')' => {
                out.push('\\');
                out.push(c);
            }
            _ => push_html(&mut out, c),
        }
    }
    out
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // In a summary Markdown is read too.
            '*' | '_' | '`' | '[' | ']' | '~' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            _ => push_html(&mut out, c),
        }
    }
    out
}

fn push_html(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        // No mention of anybody, no link.
        '@' => out.push_str("&#64;"),
        ':' => out.push_str("&#58;"),
        c if c.is_control() => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}
