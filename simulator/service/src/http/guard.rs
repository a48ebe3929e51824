//! Who may ask at all: the right key, from this computer, and no web page. A page in a browser is the attacker: it can
//! send requests to this port, and with a name of its own that leads here it could even read the answers.

use super::{Server, problem::Problem};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

const HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];
const KEY_HEADER: &str = "x-rehearse-key";

/// Checks every request before anything else looks at it.
pub(crate) async fn guard(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let checked = host(headers)
        .and_then(|()| origin(headers))
        .and_then(|()| not_in_the_query(request.uri().query()))
        .and_then(|()| key(headers, &server.key));
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn host(headers: &HeaderMap) -> Result<(), Problem> {
    let mut given = headers.get_all(header::HOST).iter();
    let is_ours = match (given.next(), given.next()) {
        (Some(host), None) => host
            .to_str()
            .ok()
            .and_then(|host| host.parse::<Authority>().ok())
            .is_some_and(|host| !host.as_str().contains('@') && is_this_computer(host.host())),
        _ => false,
    };
    if is_ours {
        return Ok(());
    }
    let detail = "The Host of the request is not this computer. Ask 127.0.0.1, localhost or [::1], by one Host header.";
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign-host", "Foreign Host", detail))
}

fn is_this_computer(host: &str) -> bool {
    HOSTS.iter().any(|it| host.eq_ignore_ascii_case(it))
}

fn origin(headers: &HeaderMap) -> Result<(), Problem> {
    let is_ours = |origin: &HeaderValue| {
        let rest = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        rest.and_then(|rest| rest.parse::<Authority>().ok()).is_some_and(|it| is_this_computer(it.host()))
    };
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let is_foreign_site = site.is_some_and(|site| site == b"cross-site" || site == b"same-site");
    if headers.get_all(header::ORIGIN).iter().all(is_ours) && !is_foreign_site {
        return Ok(());
    }
    let detail = "The request comes from a web page of another origin. Web pages may not use this service.";
    Err(Problem::new(StatusCode::FORBIDDEN, "foreign-origin", "Foreign Origin", detail))
}

/// A key in an address ends up in histories and logs.
fn not_in_the_query(query: Option<&str>) -> Result<(), Problem> {
    let names = query.unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    for name in names {
        if ["key", "token", "access_token", "api_key"].iter().any(|it| name.eq_ignore_ascii_case(it)) {
            let detail = "A key does not belong into an address, where it ends up in histories and logs. Send it as \
                          Authorization: Bearer KEY.";
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "key-in-query", "Key in the address", detail));
        }
    }
    Ok(())
}

fn key(headers: &HeaderMap, key: &str) -> Result<(), Problem> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|it| it.as_bytes().split_at_checked(7))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "))
        .map(|(_, key)| key);
    let given = bearer.or_else(|| headers.get(KEY_HEADER).map(HeaderValue::as_bytes));
    if given.is_some_and(|given| same(given, key.as_bytes())) {
        return Ok(());
    }
    let detail = "The request has no key, or a wrong one. `rehearse serve` prints the key when it starts; send it as \
                  Authorization: Bearer KEY, or as X-Rehearse-Key: KEY.";
    Err(Problem::new(StatusCode::UNAUTHORIZED, "no-key", "Missing or wrong key", detail))
}

/// Takes as long for a key that is nearly right as for one that is not.
fn same(given: &[u8], key: &[u8]) -> bool {
    let differ = given.iter().zip(key).fold(0, |differ, (a, b)| differ | (a ^ b));
    given.len() == key.len() && std::hint::black_box(differ) == 0
}
