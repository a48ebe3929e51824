//! Tells the stories that wait to be accepted or refused: one with its difference, or all in a list. Decides nothing.

use crate::{
    diff::{diff, diff_size},
    paint,
    visible::prose,
    words::counted,
};
use serde::Serialize;
use std::fmt::Write as _;

/// A story that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// Of the scenario.
    pub name: String,
    /// The path of the snapshot, as shown.
    pub snapshot: String,
    /// The accepted story, where there is one.
    pub old: Option<String>,
    /// The story that waits; the error, a whole sentence, says why it cannot be read.
    pub new: Result<String, String>,
}

/// What is shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    Difference,
    Old,
    New,
}

pub const REVIEW_CHOICES: &str = "
  a  1  accept: from now on this is the story     o  4  show the accepted story
  r  2  refuse: throw the new story away          n  5  show the new story
  s  3  skip: decide later                        d  6  show the difference
  q  7  stop here
A capital A, R or S does it for all that are left. Type a letter or a number, then Enter: ";

pub fn review_heading(reviewed: &Reviewed, number: usize, of: usize) -> String {
    format!(
        "Story {number} of {of}: {}\n  {} ({})\n\n",
        paint::bold(&prose(&reviewed.name)),
        prose(&reviewed.snapshot),
        standing(reviewed)
    )
}

/// The whole of what was asked for: nothing is cut here.
pub fn review_look((old, new): (&str, &str), looking: Looking) -> String {
    let whole = |text: &str, none: &str| {
        if text.is_empty() {
            return format!("  {none}\n");
        }
        text.lines().fold(String::new(), |all, line| all + "  " + &prose(line) + "\n")
    };
    match looking {
        Looking::Old => whole(old, "Nothing was accepted yet."),
        Looking::New => whole(new, "There is nothing to be shown."),
        Looking::Difference if old == new => "  There is no difference any more.\n".to_owned(),
        Looking::Difference => diff(old, new, usize::MAX, false),
    }
}

pub fn review_list(waiting: &[&Reviewed], plain: bool) -> String {
    let mut text = String::new();
    let width = waiting.iter().map(|it| it.name.chars().count()).max().unwrap_or(0);
    for it in waiting {
        let name = prose(&it.name);
        if plain {
            let _ = writeln!(text, "waits: {name}: {}", standing(it));
        } else {
            let _ = writeln!(text, "{name:width$}  {}", standing(it));
        }
    }
    let _ = writeln!(text, "{}.", counted(waiting.len(), "story waits", "stories wait"));
    text
}

pub fn review_total(n_accepted: usize, n_refused: usize, n_left: usize) -> String {
    format!("{} accepted, {n_refused} refused, {n_left} left.\n", counted(n_accepted, "story", "stories"))
}

fn standing(reviewed: &Reviewed) -> String {
    match (&reviewed.old, &reviewed.new) {
        (_, Err(why)) => format!("cannot be accepted. {}", prose(why)),
        (None, Ok(new)) => format!("new, {}", counted(new.lines().count(), "line", "lines")),
        (Some(old), Ok(new)) if old == new => "as accepted".to_owned(),
        (Some(old), Ok(new)) => format!("changed, {}", diff_size(old, new)),
    }
}

#[derive(Serialize)]
struct ReviewDocument<'a> {
    format: &'static str,
    version: &'static str,
    waiting: Vec<WaitingDocument<'a>>,
}

#[derive(Serialize)]
struct WaitingDocument<'a> {
    scenario: &'a str,
    snapshot: &'a str,
    standing: &'static str,
    diff: Vec<String>,
}

pub fn review_json(waiting: &[&Reviewed]) -> String {
    let waiting = waiting.iter().map(|it| {
        let new = it.new.as_deref().unwrap_or("");
        let diff = diff(it.old.as_deref().unwrap_or(""), new, usize::MAX, true);
        WaitingDocument {
            scenario: &it.name,
            snapshot: &it.snapshot,
            standing: match (&it.old, &it.new) {
                (_, Err(_)) => "damaged",
                (None, Ok(_)) => "new",
                (Some(_), Ok(_)) => "changed",
            },
            diff: diff.lines().map(|line| line.trim_start().to_owned()).collect(),
        }
    });
    crate::json::to_text(&ReviewDocument {
        format: "rehearse.review/1",
        version: crate::json::VERSION,
        waiting: waiting.collect(),
    })
}
