//! Tells: from a scenario, its trace and its verdict to text and JSON.
//!
//! **`report` prints nothing and opens no file.** It turns data into strings; where they go, and whether colour is
//! wanted, is the binary's business. It works nothing out that a trace, a verdict or guidance does not hold.

mod blame;
mod diff;
mod earlier;
mod event;
mod explain;
mod exploration;
mod failure;
mod hunt;
mod json;
mod list;
mod mistake;
mod paint;
mod plan;
mod reader;
mod redact;
mod replay;
mod review;
mod rules;
mod selftest;
mod stories;
mod story;
mod subject;
mod summary;
mod told;
mod visible;
mod words;

pub use earlier::{Absence, CaseKey, Changes, Earlier, EarlierCase, changes};
pub use event::{CaseDone, Event, Outcome, RunEnded, RunStarted, ScenarioStarted, Stopped, reason};
pub use explain::{known_words, word};
pub use exploration::{Exploration, FoundInvariant, exploration, exploration_json, read_exploration};
pub use failure::{failure, failure_plain};
pub use hunt::{HuntRow, Hunted, hunt, hunt_is_met, hunt_json};
pub use json::{
    CaseDocument, case_document, ended_alike, explain_json, list_json, mistakes_json, rules_json, simulated,
};
pub use list::{list, list_plain};
pub use mistake::mistake_plain;
pub use paint::off as unstyled;
pub use plan::*;
pub use reader::{Azure, GitHub, GitLab, JUnit, Json, Markdown, Places, Reader, Show, Tap, Text};
pub use redact::{Hidden, HiddenSource, People, Redaction, StandIns};
pub use replay::{Difference, Replayed, replay_json, replay_text};
pub use review::{
    Looking, REVIEW_CHOICES, Reviewed, review_heading, review_json, review_list, review_look, review_total,
};
pub use rules::{ClauseState, Holding, Standing, rules, rules_plain, state};
pub use selftest::{FaultRow, ScenarioRow, SelftestTable, selftest, selftest_json, shelf};
pub use stories::{StoryCounts, StoryFinding, Unlike};
pub use story::{Telling, header, story};
pub use subject::{about as about_subject, about_value, subject, subjects, tracked, tracked_names};
pub use summary::{Counts, case_label, note};
pub use told::Told;
pub use visible::{ascii, prose, value};
pub use words::{about, counted, length, listed, moment, number, time};
