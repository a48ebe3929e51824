//! What is said when a request is not done: RFC 9457 problem details, always with what is wrong, where, what would have
//! worked, and that nothing was written.

use super::mistakes::Mistake;
use crate::{
    sandbox::Cannot,
    scribe::NotKept,
    store::Fault,
    wire::{Clause, SettingName},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Problem details, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Which problem: stable, to be compared.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Whole sentences: what is wrong and what would have worked.
    pub detail: String,
    /// Where in the request's body, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Everything that is wrong with the request's body, where that is the problem: what stands above is the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<Mistake>,
    /// The clause of the guidance that decides, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<Clause>,
    /// The setting that decided, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<SettingName>,
    /// Not to be tried again before so many seconds, of the world's own time, have passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// What was not affected.
    pub unaffected: String,
}

const UNAFFECTED: &str = "Nothing was written.";

impl Problem {
    /// `kind` is its short name, `title` a few words that are the same every time.
    pub(crate) fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("urn:rehearse:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            pointer: None,
            mistakes: Vec::new(),
            clause: None,
            setting: None,
            retry_after: None,
            unaffected: UNAFFECTED.to_owned(),
        }
    }

    pub(crate) fn at(self, pointer: impl Into<String>) -> Problem {
        Problem { pointer: Some(pointer.into()), ..self }
    }

    /// A body with these mistakes, of which there is at least one.
    pub(crate) fn mistakes(all: Vec<Mistake>) -> Problem {
        let first = all.first().cloned().unwrap_or_else(|| Mistake {
            kind: "wrong-value".to_owned(),
            pointer: String::new(),
            detail: "The body was not understood.".to_owned(),
        });
        let title = match first.kind.as_str() {
            "unknown-field" => "Unknown field",
            "missing-field" => "Missing field",
            "duplicate-field" => "Duplicate field",
            _ => "Not such a value",
        };
        let more = match all.len() - 1 {
            0 => String::new(),
            1 => " One more mistake stands in `mistakes`.".to_owned(),
            n => format!(" {n} more mistakes stand in `mistakes`."),
        };
        let place = if first.pointer.is_empty() { "the body as a whole" } else { &first.pointer };
        let detail = if first.detail.starts_with("At ") {
            format!("{}{more}", first.detail)
        } else {
            format!("At {place}: {}{more}", first.detail)
        };
        let problem =
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, &first.kind, title, detail).at(first.pointer);
        Problem { mistakes: all, ..problem }
    }

    pub(crate) fn no_world(name: &str) -> Problem {
        let detail = format!(
            "There is no world {:?} here. GET /v1/worlds lists those that there are; PUT /v1/worlds/NAME sets one up.",
            shown(name)
        );
        Problem::new(StatusCode::NOT_FOUND, "unknown-world", "Unknown world", detail)
    }

    pub(crate) fn played() -> Problem {
        let detail = "A scenario plays this world: its clock, its faults and what people do in it are the scenario's. A \
                      connector reads both systems and hands updates in at ACP's door.";
        Problem::new(StatusCode::FORBIDDEN, "played", "Not the connector's", detail)
    }

    pub(crate) fn not_there(what: &str, name: &str, instead: &str) -> Problem {
        let detail = format!("There is no {what} {:?} in this world. {instead}", shown(name));
        Problem::new(StatusCode::NOT_FOUND, "not-there", "Not there", detail)
    }

    pub(crate) fn bad_cursor() -> Problem {
        let detail = "What stands in `after` is no cursor of this list in this world as it is since it was last set up. \
                      Begin again without `after`, and use `next` of each answer as it is.";
        Problem::new(StatusCode::BAD_REQUEST, "bad-cursor", "Not a cursor of this list", detail)
    }

    pub(crate) fn past(now: feed::Timestamp) -> Problem {
        let detail = format!(
            "The world stands at {now}, and its clock does not go back by itself. Give that instant or a later one; \
             to undo what was done, POST {{\"back_to\": ...}} to its clock."
        );
        Problem::new(StatusCode::CONFLICT, "clock-went-back", "The clock does not go back", detail)
    }

    /// The rostering system, or ACP, said no.
    pub(crate) fn refused(
        why: impl Into<String>,
        clause: Option<feed::Clause>,
        setting: Option<feed::Setting>,
    ) -> Problem {
        Problem {
            clause: clause.map(Into::into),
            setting: setting.map(Into::into),
            ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", "Refused", why)
        }
    }
}

/// A text of the caller in a message: at most forty characters, nothing that a terminal would obey.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

impl From<NotKept> for Problem {
    fn from(it: NotKept) -> Problem {
        let fault = match it {
            NotKept::Cannot(cannot) => return cannot.into(),
            NotKept::Store(fault) => fault,
        };
        let (status, kind, title, detail) = match fault {
            Fault::Full => (
                StatusCode::INSUFFICIENT_STORAGE,
                "store-full",
                "The store is full",
                "The store has no room for this: the disk, or what the store may take of it, is full. Everything that was \
                 answered before is kept and can be read. Make room, or DELETE a world that is done with, and send it again."
                    .to_owned(),
            ),
            Fault::ReadOnly => (
                StatusCode::SERVICE_UNAVAILABLE,
                "store-read-only",
                "The store can only be read",
                "The store's file cannot be written, so nothing can be changed; everything in it can be read. Give the user \
                 who runs this the right to write the file and its folder, and start again."
                    .to_owned(),
            ),
            Fault::Failed(why) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "store-failed",
                "The store could not be written",
                format!(
                    "The store could not be written ({why}). Everything that was answered before can be read. Send it again; \
                     if that fails too, look at the disk."
                ),
            ),
        };
        Problem::new(status, kind, title, detail)
    }
}

impl From<Cannot> for Problem {
    fn from(it: Cannot) -> Problem {
        match it {
            Cannot::Past(now) => Problem::past(now),
            Cannot::NoSuchCall(n_calls) => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "no-such-call",
                "No such call",
                format!("The world has no call of that number: they go from 1 to {n_calls}. GET its /calls to see them."),
            )
            .at("/back_to_call"),
            Cannot::Gone => Problem::new(
                StatusCode::NOT_FOUND,
                "unknown-world",
                "Unknown world",
                "The world was taken away meanwhile. GET /v1/worlds lists those that there are.",
            ),
            Cannot::Lost(why) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "store-failed",
                "The store could not be read",
                format!(
                    "What was asked of the world before could not be read from the store ({why}). Stop, look at the disk, \
                     and go on from a backup if rehearse store check says that the file is damaged."
                ),
            ),
            Cannot::Broken => Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "broken-world",
                "A fault of ours",
                "A fault of ours left this world in no known state, so it answers nothing any more. POST \
                 {\"back_to_call\": ...} to its clock to have it as it was before, or to its /reset to begin it \
                 again; other worlds are not affected.",
            ),
            Cannot::BeforeItBegan => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "before-it-began",
                "Before the world began",
                "The world had not begun then. Give an instant from its beginning to now.",
            )
            .at("/back_to"),
            Cannot::NotYet => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "not-yet",
                "Not in the past",
                "That instant is still to come. To go forward, use `to`.",
            )
            .at("/back_to"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let content_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
