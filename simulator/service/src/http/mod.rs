//! The three APIs over HTTP. What a handler does is three things: find the world, ask it, write the answer. The routes and
//! the contract are one: a handler that is not in `openapi.json` is not routed either.

mod acp;
mod control;
mod guard;
mod mistakes;
mod problem;
mod read;
mod rostering;

pub use mistakes::Mistake;
pub use problem::Problem;

use crate::{
    LARGEST_PAGE, Limits,
    journal::{Call, Done, Entry},
    sandbox::{Sandbox, Worlds, lock},
    saved::Writes,
    stage::Stages,
    view::{BadCursor, Page, View},
    world::Response,
};
use ::acp as engine;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode, Uri},
    middleware,
    response::{IntoResponse as _, Response as HttpResponse},
};
use feed::Timestamp;
use read::Json;
use serde::Deserialize;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::oneshot;
use utoipa::{
    IntoParams, OpenApi,
    openapi::{
        Content, OpenApi as Document, Ref, RefOr, ResponseBuilder,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What every handler has at hand.
pub(crate) struct Server {
    pub(crate) worlds: Worlds,
    /// Worlds that scenarios play.
    pub(crate) stages: Stages,
    pub(crate) key: String,
    pub(crate) scenario: Option<Writes>,
    pub(crate) limits: Limits,
}

impl Server {
    /// A world that is here, as a whole.
    pub(crate) fn world(&self, name: &str) -> Result<Arc<Mutex<Sandbox>>, Problem> {
        if self.stages.get(name).is_some() {
            return Err(Problem::played());
        }
        self.worlds.get(name).ok_or_else(|| Problem::no_world(name))
    }

    /// Reads something of both systems of a world, wherever it is.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        world: &str,
        read: impl FnOnce(&View<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        match self.stages.get(world) {
            Some(stage) => in_turn(stage.see(read)).await?,
            None => read(&lock(&*self.world(world)?).view()?),
        }
    }

    /// Asks a world something that may change it, at the caller's instant or else its own. What is done then stands in the
    /// store. `then` sees what came of it, in the world as it is right after.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        name: &str,
        now: Option<Timestamp>,
        entry: Entry,
        then: impl FnOnce(&Sandbox, Response) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let world = self.world(name)?;
        let (id, journal) = {
            let sandbox = lock(&world);
            if let Entry::Call(_) = entry {
                sandbox.world()?;
            }
            (sandbox.id(), Arc::clone(&sandbox.journal))
        };
        let (tell, told) = oneshot::channel();
        let done: Done = Box::new(move |sandbox, result| {
            let answer = result.map_err(Problem::from).and_then(|response| then(sandbox, response));
            // Whoever went away meanwhile does not want to know.
            let _ = tell.send(answer);
        });
        self.worlds.scribe.write(id, None, journal, now, entry, done).await?;
        drop(lock(&world));
        told.await.unwrap_or_else(|_| Err(confused()))
    }

    /// The same for a call of which only the response matters.
    pub(crate) async fn call(
        &self,
        name: &str,
        now: Option<Timestamp>,
        call: Call,
    ) -> Result<Response, Problem> {
        self.ask(name, now, Entry::Call(call), |_, response| Ok(response)).await
    }
}

/// A world that is played answers while the connector has its turn.
pub(crate) async fn in_turn<T>(answer: impl Future<Output = Option<T>>) -> Result<T, Problem> {
    if let Ok(Some(answer)) = tokio::time::timeout(LONGEST_TURN, answer).await {
        return Ok(answer);
    }
    let detail = "The world is played by a scenario, and it is not this program's turn: ask between being told the time and \
                  answering.";
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-your-turn", "Not your turn", detail))
}

/// *Assumed*: a scenario that has not come to it by then has ended.
const LONGEST_TURN: Duration = Duration::from_secs(20);

/// A fault of ours: a world answered something that the request cannot lead to.
pub(crate) fn confused() -> Problem {
    let detail = "The world answered something else than was asked.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "A fault of ours", detail)
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paging {
    /// `next` of the page before. Left out: from the beginning.
    after: Option<String>,
    /// How many at most: 1 to 1000, else 1000 are given. Default 100.
    limit: Option<usize>,
}

const USUAL_PAGE: usize = 100;

pub(crate) fn page(after: Option<String>, limit: Option<usize>) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(USUAL_PAGE);
    if limit == 0 {
        let detail = format!("A page of 0 holds nothing. Give `limit` as 1 to {LARGEST_PAGE}.");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-query", "Query not understood", detail));
    }
    Ok(Page { after, limit: limit.min(LARGEST_PAGE) })
}

impl From<BadCursor> for Problem {
    fn from(_: BadCursor) -> Problem {
        Problem::bad_cursor()
    }
}

/// The longest name of a world or environment.
const LONGEST_NAME: usize = 64;

/// Names are small letters, digits and hyphens, so that none can mean anything but itself.
pub(crate) fn good_name(name: &str, of: &str) -> Result<(), Problem> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(is_plain) && !name.starts_with('-')
    {
        return Ok(());
    }
    let name = problem::shown(name);
    let detail = format!(
        "{name:?} cannot be the name of {of}: a name is 1 to {LONGEST_NAME} small letters, digits and hyphens, and does \
         not begin with a hyphen."
    );
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-name", "Not a name", detail))
}

#[derive(OpenApi)]
#[openapi(
    components(schemas(Problem, Mistake, crate::WebhookBody)),
    info(
        title = "rehearse: the seats",
        description = "Simulated rostering systems and ACP, and the contract for programs that take a seat in a rehearsal. \
        Every request brings the key as `Authorization: Bearer KEY`. A caller that moves the clock tells its instant with \
        each call, as the header `Rehearse-Now`. Webhooks are `WebhookBody`, signed after the Standard Webhooks \
        specification. Every problem is answered as application/problem+json and then nothing \
        was written."
    )
)]
struct Contract;

fn parts() -> (Router<Arc<Server>>, Document) {
    let mut document = Contract::openapi();
    document.info.version = String::from(crate::CONTRACT.rsplit('/').next().unwrap_or_default());
    let (router, mut document) = OpenApiRouter::with_openapi(document)
        .merge(control::routes())
        .merge(rostering::routes())
        .merge(acp::routes())
        .routes(routes!(contract))
        .split_for_parts();
    with_problems(&mut document);
    (router, document)
}

/// Every operation may answer a problem and needs the key.
fn with_problems(document: &mut Document) {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let needs_key = utoipa::openapi::security::SecurityRequirement::new("key", Vec::<String>::new());
    document.security = Some(vec![needs_key]);
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
            let problem = ResponseBuilder::new()
                .description("Not done, and nothing was written: what is wrong and where.")
                .content("application/problem+json", content)
                .build();
            operation.responses.responses.insert("default".to_owned(), RefOr::T(problem));
        }
    }
}

/// The contract as kept in the repository.
pub fn openapi_json() -> String {
    let mut text = parts().1.to_pretty_json().expect("the contract is data");
    text.push('\n');
    text
}

/// This contract
#[utoipa::path(get, path = "/v1/openapi.json", tag = "control", responses((status = 200, description = "OpenAPI 3.1")))]
async fn contract() -> HttpResponse {
    ([(axum::http::header::CONTENT_TYPE, "application/json")], openapi_json()).into_response()
}

pub(crate) fn router(server: Arc<Server>) -> Router {
    parts()
        .0
        .fallback(no_such_path)
        .method_not_allowed_fallback(wrong_method)
        // Bodies are limited where they are read.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(Arc::clone(&server), guard::guard))
        .with_state(server)
}

async fn no_such_path(uri: Uri) -> Problem {
    let path = problem::shown(uri.path());
    let detail = format!("There is nothing at {path:?}. GET /v1/openapi.json lists every path.");
    Problem::new(StatusCode::NOT_FOUND, "no-such-path", "No such path", detail)
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let path = problem::shown(uri.path());
    let detail = format!("{method} is not for {path:?}. The header Allow names what is.");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "Wrong method", detail)
}

pub(crate) type Answer<T> = Result<Json<T>, Problem>;

/// The refusal of ACP, as a problem: who may not do it gets 403, and what cannot be 422.
pub(crate) fn refused_by_acp(refusal: engine::Refusal) -> Problem {
    Problem::refused(refusal.why, Some(refusal.clause), refusal.setting)
}
