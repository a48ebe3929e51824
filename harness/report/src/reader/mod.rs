//! Readers of the stream: each turns events into the text of one output, and none knows of another.

mod azure;
mod github;
mod gitlab;
mod issue;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod places;
mod tap;
mod text;

use crate::event::Event;
pub use azure::Azure;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use json::Json;
pub use junit::JUnit;
pub use markdown::Markdown;
pub use places::Places;
pub use tap::Tap;
pub use text::{Show, Text};

/// One output of a run.
#[derive(Debug)]
pub enum Reader {
    Text(Text),
    Json(Json),
    Ndjson,
    JUnit(Box<JUnit>),
    Tap(Tap),
    GitHub(GitHub),
    GitLab(GitLab),
    Azure(Azure),
    Markdown(Markdown),
}

impl Reader {
    /// What this event adds to the output.
    pub fn read(&mut self, event: Event<'_>) -> String {
        match self {
            Reader::Text(text) => text.read(event),
            Reader::Json(json) => json.read(event),
            Reader::Ndjson => ndjson::line(event),
            Reader::JUnit(junit) => junit.read(event),
            Reader::Tap(tap) => tap.read(event),
            Reader::GitHub(github) => github.read(event),
            Reader::GitLab(gitlab) => gitlab.read(event),
            Reader::Azure(azure) => azure.read(event),
            Reader::Markdown(markdown) => markdown.read(event),
        }
    }
}
