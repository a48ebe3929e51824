//! Tells which stories are not as they were accepted. Compares nothing itself: it is handed what differs.

use crate::{
    diff::{diff, diff_size},
    paint,
    visible::prose,
    words::counted,
};
use serde::Serialize;
use std::fmt::Write as _;

/// How a story, or the snapshot that is to hold it, is not as accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// Another story than the accepted one.
    Changed { old: String, new: String },
    /// A story that nobody has accepted yet.
    New { lines: usize },
    /// The snapshot is there and cannot be read: why, as a whole sentence.
    Damaged(String),
    /// A snapshot, and no scenario of that name.
    Unreferenced,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryFinding {
    /// Of the scenario, as lists show it.
    pub name: String,
    /// The path of the snapshot, as shown.
    pub snapshot: String,
    pub unlike: Unlike,
    /// Whether it makes the run fail.
    pub fails: bool,
}

/// What came of comparing the stories of a run with their snapshots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoryCounts {
    pub n_compared: usize,
    /// Not as accepted, or not to be read: for [`Unlike::Unreferenced`] there is nothing to review.
    pub n_open: usize,
    /// So many of them were written beside their snapshots, to be looked at.
    pub n_waiting: usize,
    /// Snapshots that were written because somebody asked for it.
    pub n_updated: usize,
}

/// Most lines of one difference under a run. *Assumed*; `rehearse review` shows all of it.
const MOST_LINES: usize = 60;

/// One finding, with its difference.
pub(crate) fn story_finding(finding: &StoryFinding, plain: bool) -> String {
    if plain { finding_plain(finding) } else { finding_block(finding) }
}

fn finding_block(finding: &StoryFinding) -> String {
    let word = if finding.fails { paint::bad("STORY") } else { paint::odd("STORY") };
    let mut text = format!("  {word}   {}: {}\n", prose(&finding.name), says(&finding.unlike));
    let _ = writeln!(text, "          {}", prose(&finding.snapshot));
    if let Unlike::Changed { old, new } = &finding.unlike {
        let _ = writeln!(text, "          {}: - as accepted, + as told now\n", diff_size(old, new));
        for line in diff(old, new, MOST_LINES, false).lines() {
            let _ = writeln!(text, "        {line}");
        }
    }
    text.push('\n');
    text
}

fn finding_plain(finding: &StoryFinding) -> String {
    let mut text = format!("story: {}: {}\n", prose(&finding.name), says(&finding.unlike));
    let _ = writeln!(text, "  snapshot: {}", prose(&finding.snapshot));
    if let Unlike::Changed { old, new } = &finding.unlike {
        text.push_str(&diff(old, new, MOST_LINES, true));
    }
    text
}

fn says(unlike: &Unlike) -> String {
    match unlike {
        Unlike::Changed { .. } => "the story is not the one that was accepted.".to_owned(),
        Unlike::New { lines } => {
            format!("a story that nobody has accepted yet ({}).", counted(*lines, "line", "lines"))
        }
        Unlike::Damaged(why) => format!("its snapshot cannot be read. {}", prose(why)),
        Unlike::Unreferenced => {
            "a snapshot without a scenario. Remove it, or give the scenario its name again.".to_owned()
        }
    }
}

/// What to do about all of them; nothing where there is nothing to do.
pub(crate) fn stories_advice(stories: StoryCounts, plain: bool) -> String {
    let advice = match stories {
        StoryCounts { n_updated: n, .. } if n > 0 => {
            format!("{} written.", counted(n, "snapshot was", "snapshots were"))
        }
        StoryCounts { n_waiting: n, .. } if n > 0 => {
            "Accept or refuse changed and new stories one at a time: rehearse review".to_owned()
        }
        StoryCounts { n_open: n, .. } if n > 0 => {
            "No story was written. Run this where CI is not set, and then: rehearse review".to_owned()
        }
        _ => return String::new(),
    };
    format!("{advice}\n{}", if plain { "" } else { "\n" })
}

/// The same for machines.
#[derive(Debug, Serialize)]
pub(crate) struct StoriesDocument {
    compared: usize,
    waiting: usize,
    updated: usize,
    findings: Vec<StoryDocument>,
}

#[derive(Debug, Serialize)]
pub(crate) struct StoryDocument {
    scenario: String,
    snapshot: String,
    standing: &'static str,
    fails: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diff: Vec<String>,
}

/// None where no story was compared.
pub(crate) fn stories_document(stories: StoryCounts, findings: &[StoryFinding]) -> Option<StoriesDocument> {
    if stories == StoryCounts::default() && findings.is_empty() {
        return None;
    }
    Some(StoriesDocument {
        compared: stories.n_compared,
        waiting: stories.n_waiting,
        updated: stories.n_updated,
        findings: findings.iter().map(story_document).collect(),
    })
}

pub(crate) fn story_document(finding: &StoryFinding) -> StoryDocument {
    let (standing, why, diff) = match &finding.unlike {
        Unlike::Changed { old, new } => ("changed", None, diff(old, new, usize::MAX, true)),
        Unlike::New { .. } => ("new", None, String::new()),
        Unlike::Damaged(why) => ("damaged", Some(why.clone()), String::new()),
        Unlike::Unreferenced => ("unreferenced", None, String::new()),
    };
    StoryDocument {
        scenario: finding.name.clone(),
        snapshot: finding.snapshot.clone(),
        standing,
        fails: finding.fails,
        why,
        diff: diff.lines().map(|line| line.trim_start().to_owned()).collect(),
    }
}

/// What pipelines show of one that fails the run.
pub(crate) fn story_message(finding: &StoryFinding) -> String {
    let size = match &finding.unlike {
        Unlike::Changed { old, new } => format!(" {}.", diff_size(old, new)),
        _ => String::new(),
    };
    format!("{}{size}", says(&finding.unlike))
}

/// All that there is to tell of it, without colours.
pub(crate) fn story_block(finding: &StoryFinding) -> String {
    paint::off(&finding_block(finding))
}

/// The line of the snapshot where the first difference is.
pub(crate) fn story_line(finding: &StoryFinding) -> u32 {
    let Unlike::Changed { old, new } = &finding.unlike else { return 1 };
    let n_same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    u32::try_from(n_same + 1).unwrap_or(u32::MAX)
}
