//! The ACP API: updates and upserts in, records, searches, histories and changes out, what people do, support cases.

use super::{
    Answer, Paging, Problem, Server, confused, in_turn, page,
    read::{Asked, Json, Named, Now, Sent},
    refused_by_acp,
};
use crate::{
    journal::{Call, Entry},
    sandbox::lock,
    stage::{HandedIn, Stage},
    view::{Search, View},
    wire::{
        Accepted, Act, Case, CaseKind, Decision, Done, History, HistoryOf, Length, NewCase, Outcome, Receipt,
        Record, RecordChanges, Records, Status, Update, Upsert,
    },
    world::Response,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response as HttpResponse},
};
use feed::{Clause, PARTIAL_TAKES_AT_MOST};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(receive))
        .routes(routes!(upsert))
        .routes(routes!(records))
        .routes(routes!(record))
        .routes(routes!(history))
        .routes(routes!(changes))
        .routes(routes!(act))
        .routes(routes!(cases, raise))
        .routes(routes!(close))
}

/// Takes an update in: at once, or in a world that a scenario plays within the minutes that ACP takes
#[utoipa::path(post, path = "/v1/worlds/{world}/acp/updates", tag = "acp", params(("world" = String, Path)),
    request_body = Update,
    responses((status = 200, body = Receipt), (status = 202, body = Accepted, description = "To be applied later")))]
async fn receive(
    State(server): State<Arc<Server>>,
    Named(world): Named<String>,
    Now(now): Now,
    Sent(update): Sent<Update>,
) -> Result<HttpResponse, Problem> {
    if let Some(idx) = update.visits.iter().position(|visit| visit.ends < visit.starts) {
        let detail = "The visit ends before it starts.";
        let problem =
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", "Not such a value", detail);
        return Err(problem.at(format!("/visits/{idx}/ends")));
    }
    if let Some(stage) = server.stages.get(&world) {
        return hand_in(&stage, update.into()).await.map(IntoResponse::into_response);
    }
    match server.call(&world, now, Call::Receive(update)).await? {
        Response::Received(receipt) => Ok(Json(Receipt::from(Arc::unwrap_or_clone(receipt))).into_response()),
        _ => Err(confused()),
    }
}

/// Hands an update in at the door of an ACP that a scenario plays.
async fn hand_in(stage: &Stage, update: feed::Update) -> Result<(StatusCode, Json<Accepted>), Problem> {
    match in_turn(stage.hand_in(update)).await? {
        HandedIn::Taken => {
            Ok((StatusCode::ACCEPTED, Json(Accepted { within: Length(PARTIAL_TAKES_AT_MOST) })))
        }
        HandedIn::TurnedAway { status, retry_after } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            let detail = format!("ACP does not take this just now. Try again in {retry_after} seconds.");
            let problem = Problem::new(status, "not-now", "Not now", detail);
            Err(Problem { retry_after: Some(retry_after), ..problem })
        }
        HandedIn::NoSuchEnvironment => {
            let detail = "There is no rostering environment of this number in the world.";
            let problem =
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", "Not such a value", detail);
            Err(problem.at("/environment"))
        }
    }
}

/// Updates or creates one service user, by external identifier and nothing else
#[utoipa::path(put, path = "/v1/worlds/{world}/acp/service-users/{external_id}", tag = "acp",
    params(("world" = String, Path), ("external_id" = String, Path)), request_body = Upsert,
    responses((status = 200, body = Decision), (status = 201, body = Decision, description = "A new record")))]
async fn upsert(
    State(server): State<Arc<Server>>,
    Named((world, external_id)): Named<(String, String)>,
    Now(now): Now,
    Sent(put): Sent<Upsert>,
) -> Result<(StatusCode, Json<Decision>), Problem> {
    let Response::Received(receipt) = server.call(&world, now, Call::Upsert { external_id, put }).await?
    else {
        return Err(confused());
    };
    let decision = Receipt::from(Arc::unwrap_or_clone(receipt)).decisions.pop().ok_or_else(confused)?;
    match decision.outcome {
        Outcome::Refused(refusal) => Err(refused_by_acp(refusal.into())),
        Outcome::Older { record } => Err(stale(record)),
        Outcome::Created { .. } => Ok((StatusCode::CREATED, Json(decision))),
        Outcome::Matched { .. } | Outcome::NotCreated => Ok((StatusCode::OK, Json(decision))),
    }
}

fn stale(record: u32) -> Problem {
    let detail = format!(
        "Record R{record} has a newer update of this environment already. Read the service user again and send a higher \
         `sequence`."
    );
    Problem::new(StatusCode::CONFLICT, "stale-version", "Stale version", detail).at("/sequence")
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichRecords {
    /// `next` of the page before. Left out: from the beginning.
    after: Option<String>,
    /// How many at most: 1 to 1000. Default 100.
    limit: Option<usize>,
    /// To the character; aliases count.
    external_id: Option<String>,
    /// Part of the full name, whatever the case of its letters.
    name: Option<String>,
    branch: Option<String>,
    service: Option<String>,
    status: Option<Status>,
}

async fn see<T: Send + 'static>(
    server: &Server,
    world: &str,
    read: impl FnOnce(&View<'_>) -> Result<T, Problem> + Send + 'static,
) -> Answer<T> {
    server.read(world, read).await.map(Json)
}

/// Records, in the order in which they were made; all, or those that fit
#[utoipa::path(get, path = "/v1/worlds/{world}/acp/records", tag = "acp", params(("world" = String, Path), WhichRecords),
    responses((status = 200, body = Records)))]
async fn records(
    State(server): State<Arc<Server>>,
    Named(world): Named<String>,
    Asked(which): Asked<WhichRecords>,
) -> Answer<Records> {
    let page = page(which.after, which.limit)?;
    let search = Search {
        external_id: which.external_id,
        name: which.name,
        branch: which.branch,
        service: which.service,
        status: which.status.map(Into::into),
    };
    see(&server, &world, move |view| Ok(view.records(&search, &page)?)).await
}

fn no_record(id: u32) -> Problem {
    Problem::not_there("record", &format!("R{id}"), "GET /acp/records lists those that there are.")
}

/// One record
#[utoipa::path(get, path = "/v1/worlds/{world}/acp/records/{id}", tag = "acp",
    params(("world" = String, Path), ("id" = u32, Path)), responses((status = 200, body = Record)))]
async fn record(
    State(server): State<Arc<Server>>,
    Named((world, id)): Named<(String, u32)>,
) -> Answer<Record> {
    see(&server, &world, move |view| view.record(id).map(Record::from).ok_or_else(|| no_record(id))).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Of {
    /// A field, `external_id`, `status` or `role_access`.
    of: HistoryOf,
}

/// Every value that something of a record had
#[utoipa::path(get, path = "/v1/worlds/{world}/acp/records/{id}/history", tag = "acp",
    params(("world" = String, Path), ("id" = u32, Path), Of), responses((status = 200, body = History)))]
async fn history(
    State(server): State<Arc<Server>>,
    Named((world, id)): Named<(String, u32)>,
    Asked(of): Asked<Of>,
) -> Answer<History> {
    see(&server, &world, move |view| view.history(id, of.of.into()).ok_or_else(|| no_record(id))).await
}

/// What changed, each record once, as it is now
#[utoipa::path(get, path = "/v1/worlds/{world}/acp/changes", tag = "acp", params(("world" = String, Path), Paging),
    responses((status = 200, body = RecordChanges)))]
async fn changes(
    State(server): State<Arc<Server>>,
    Named(world): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Answer<RecordChanges> {
    let page = page(paging.after, paging.limit)?;
    see(&server, &world, move |view| Ok(view.record_changes(&page)?)).await
}

/// Does what people do in ACP, as one of them
#[utoipa::path(post, path = "/v1/worlds/{world}/acp/actions", tag = "acp", params(("world" = String, Path)),
    request_body = Act, responses((status = 200, body = Done)))]
async fn act(
    State(server): State<Arc<Server>>,
    Named(world): Named<String>,
    Now(now): Now,
    Sent(act): Sent<Act>,
) -> Answer<Done> {
    match server.call(&world, now, Call::Act(act)).await? {
        Response::Acted(Ok(done)) => Ok(Json(done.into())),
        Response::Acted(Err(refusal)) => Err(refused_by_acp(refusal)),
        _ => Err(confused()),
    }
}

/// Support cases, oldest first
#[utoipa::path(get, path = "/v1/worlds/{world}/acp/cases", tag = "acp", params(("world" = String, Path)),
    responses((status = 200, body = Vec<Case>)))]
async fn cases(State(server): State<Arc<Server>>, Named(world): Named<String>) -> Answer<Vec<Case>> {
    let world = server.world(&world)?;
    let sandbox = lock(&world);
    Ok(Json(sandbox.world()?.cases.clone()))
}

/// Raises a support case
#[utoipa::path(post, path = "/v1/worlds/{world}/acp/cases", tag = "acp", params(("world" = String, Path)),
    request_body = NewCase, responses((status = 201, body = Case)))]
async fn raise(
    State(server): State<Arc<Server>>,
    Named(world): Named<String>,
    Now(now): Now,
    Sent(case): Sent<NewCase>,
) -> Result<(StatusCode, Json<Case>), Problem> {
    complete(&case)?;
    server
        .ask(&world, now, Entry::Call(Call::RaiseCase(case)), |sandbox, response| {
            let Response::Number(number) = response else { return Err(confused()) };
            let case = sandbox.world()?.cases.get(number - 1).cloned().ok_or_else(confused)?;
            Ok((StatusCode::CREATED, Json(case)))
        })
        .await
}

/// Every case has a name, a service and a description (CASE-5); some kinds need more.
fn complete(case: &NewCase) -> Result<(), Problem> {
    let lacks = |what: &str, pointer: &str, clause: Clause| {
        let why = format!("The case has no {what}, and Support cannot act on it without.");
        Err(Problem::refused(why, Some(clause), None).at(pointer))
    };
    let texts = [
        ("name", &case.name, "/name"),
        ("ACP service", &case.service, "/service"),
        ("description", &case.description, "/description"),
    ];
    for (what, text, pointer) in texts {
        if text.trim().is_empty() {
            return lacks(what, pointer, Clause::Case5);
        }
    }
    match case.kind {
        CaseKind::Duplicate if case.records.len() < 2 => {
            lacks("IDs of both records", "/records", Clause::Dup5)
        }
        CaseKind::Move if case.correct_service.is_none() => {
            lacks("correct service", "/correct_service", Clause::Branch4)
        }
        _ => Ok(()),
    }
}

/// Closes a support case
#[utoipa::path(post, path = "/v1/worlds/{world}/acp/cases/{number}/close", tag = "acp",
    params(("world" = String, Path), ("number" = u32, Path)), responses((status = 204)))]
async fn close(
    State(server): State<Arc<Server>>,
    Named((world, number)): Named<(String, u32)>,
    Now(now): Now,
) -> Result<StatusCode, Problem> {
    let none = || Problem::not_there("open case", &number.to_string(), "GET /acp/cases lists them.");
    let is_open = |case: &Case| case.number == number && case.closed_at.is_none();
    if !lock(&*server.world(&world)?).world()?.cases.iter().any(is_open) {
        return Err(none());
    }
    match server.call(&world, now, Call::CloseCase(number)).await? {
        Response::Done => Ok(StatusCode::NO_CONTENT),
        _ => Err(none()),
    }
}
