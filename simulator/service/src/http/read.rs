//! Reads requests: JSON bodies and queries into the wire's types, with the place of whatever is wrong in them.

use super::{
    Server,
    mistakes::{Mistake, mistakes},
    problem::Problem,
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use feed::Timestamp;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Serialize, de::DeserializeOwned};
use serde_path_to_error::Segment;
use std::{fmt::Write as _, sync::Arc};
use utoipa::ToSchema;

/// An answer as JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => {
                let detail = format!("The answer could not be written: {error}.");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "A fault of ours", detail)
                    .into_response()
            }
        }
    }
}

/// A request's body, read.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned + ToSchema> FromRequest<Arc<Server>> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Sent<T>, Problem> {
        must_be_json(request.headers())?;
        let body = read_body(request.into_body(), server).await?;
        read(&body).map(Sent)
    }
}

fn must_be_json(headers: &axum::http::HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    let is_encoded = headers.contains_key(header::CONTENT_ENCODING);
    if media_type.eq_ignore_ascii_case("application/json") && !is_encoded {
        return Ok(());
    }
    let detail = if is_encoded {
        "The body is compressed, and only plain JSON is read. Send it without Content-Encoding.".to_owned()
    } else if given.is_empty() {
        "The request has no Content-Type. Send JSON with Content-Type: application/json.".to_owned()
    } else {
        let given = super::problem::shown(given);
        format!("The Content-Type is {given:?}. Send JSON with Content-Type: application/json.")
    };
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", "Not JSON", detail))
}

async fn read_body(body: Body, server: &Server) -> Result<Bytes, Problem> {
    let at_most = server.limits.body;
    let whole = tokio::time::timeout(server.limits.body_time, Limited::new(body, at_most).collect());
    match whole.await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            let detail = format!(
                "The body is larger than {at_most} bytes, which is the most that is read. Send it in parts."
            );
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail))
        }
        Ok(Err(_)) => {
            let detail = "The body ended before it was complete.";
            Err(Problem::new(StatusCode::BAD_REQUEST, "cut-off", "Cut off", detail))
        }
        Err(_) => {
            let detail =
                format!("The body did not arrive within {} seconds.", server.limits.body_time.as_secs());
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "Too slow", detail))
        }
    }
}

/// JSON as one of the wire's types.
pub(crate) fn read<T: DeserializeOwned + ToSchema>(body: &[u8]) -> Result<T, Problem> {
    // Nearly every body is good, and keeping the place in mind makes reading twice as slow.
    if let Ok(read) = serde_json::from_slice(body) {
        return Ok(read);
    }
    let mut from = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let pointer = pointer(error.path());
        not_understood(body, &T::name(), &pointer, error.inner())
    })?;
    from.end().map_err(|error| not_understood(body, &T::name(), "", &error))?;
    Ok(read)
}

/// What the reader stopped at, and whatever else is wrong by the schema of this name.
fn not_understood(body: &[u8], schema: &str, pointer: &str, error: &serde_json::Error) -> Problem {
    let stopped_at = stopped_at(body, pointer, error);
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else { return stopped_at };
    let mut all = mistakes(schema, &body);
    let first = Mistake {
        kind: stopped_at.kind.rsplit(':').next().unwrap_or_default().to_owned(),
        pointer: stopped_at.pointer.clone().unwrap_or_default(),
        detail: stopped_at.detail.clone(),
    };
    // The schema says it in better words, where it knows of it: there, or at what stands in it.
    let is_told = |it: &Mistake| {
        let below = it.pointer.strip_prefix(first.pointer.as_str());
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    if !all.iter().any(is_told) {
        all.insert(0, first);
    }
    Problem::mistakes(all)
}

fn stopped_at(body: &[u8], pointer: &str, error: &serde_json::Error) -> Problem {
    let mut says = error.to_string();
    if let Some(at) = says.rfind(" at line ") {
        says.truncate(at);
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    // An action `{}` is JSON, and an enum without its one key: serde_json calls both a mistake of syntax.
    if !error.is_data() && serde_json::from_slice::<serde_json::Value>(body).is_err() {
        let detail = format!("The body is not JSON: {says}, at {place}.");
        return Problem::new(StatusCode::BAD_REQUEST, "malformed", "Not JSON", detail);
    }
    let mut pointer = pointer.to_owned();
    let (kind, title) = match says.split('`').nth(1) {
        Some(name) if says.starts_with("unknown field") => {
            let name = escaped(name);
            if !pointer.ends_with(&format!("/{name}")) {
                let _ = write!(pointer, "/{name}");
            }
            ("unknown-field", "Unknown field")
        }
        Some(_) if says.starts_with("missing field") => ("missing-field", "Missing field"),
        Some(_) if says.starts_with("duplicate field") => ("duplicate-field", "Duplicate field"),
        _ => ("wrong-value", "Not such a value"),
    };
    let where_ = if pointer.is_empty() { "the body as a whole".to_owned() } else { pointer.clone() };
    let detail = format!("At {where_} ({place}): {says}.");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, kind, title, detail).at(pointer)
}

/// RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        let _ = match segment {
            Segment::Seq { index } => write!(pointer, "/{index}"),
            Segment::Map { key } => write!(pointer, "/{}", escaped(key)),
            Segment::Enum { variant } => write!(pointer, "/{}", escaped(variant)),
            Segment::Unknown => Ok(()),
        };
    }
    pointer
}

pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A request's query, read.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked<T>, Problem> {
        let Query(read) = Query::<T>::try_from_uri(&parts.uri).map_err(|rejection| {
            let says = rejection.body_text();
            let says = says.strip_prefix("Failed to deserialize query string: ").unwrap_or(&says);
            let detail = format!("The query after ? was not understood: {says}.");
            Problem::new(StatusCode::BAD_REQUEST, "bad-query", "Query not understood", detail)
        })?;
        Ok(Asked(read))
    }
}

/// The instant at which a call is made, where the caller has a clock of its own.
pub(crate) struct Now(pub(crate) Option<Timestamp>);

/// Told with every call by whoever moves the clock.
pub(crate) const NOW: &str = "rehearse-now";

impl<S: Sync> FromRequestParts<S> for Now {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Now, Problem> {
        let Some(given) = parts.headers.get(NOW) else { return Ok(Now(None)) };
        let read = given.to_str().ok().and_then(|it| it.parse().ok());
        read.map(|now| Now(Some(now))).ok_or_else(|| {
            let detail = "The header Rehearse-Now is not an instant. Write it as 2026-03-02T09:00:00Z.";
            Problem::new(StatusCode::BAD_REQUEST, "bad-clock", "Not an instant", detail)
        })
    }
}

/// The parts of the path that are names: decoded, and checked to be text.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(read)) => Ok(Named(read)),
            Err(rejection) => {
                let detail = format!("The path was not understood: {}.", rejection.body_text());
                Err(Problem::new(StatusCode::BAD_REQUEST, "bad-path", "Path not understood", detail))
            }
        }
    }
}
