//! Readers of the stream: each turns events into the text of one output, and none knows of another.

mod json;
mod text;

use crate::event::Event;
pub use json::Json;
pub use text::{Show, Text};

/// One output of a run.
#[derive(Debug)]
pub enum Reader {
    Text(Text),
    Json(Json),
}

impl Reader {
    /// What this event adds to the output.
    pub fn read(&mut self, event: Event<'_>) -> String {
        match self {
            Reader::Text(text) => text.read(event),
            Reader::Json(json) => json.read(event),
        }
    }
}
