//! The rostering API: what an office does with its rostering system, and what a connector reads from it.

use super::{
    Answer, Paging, Problem, Server, confused, page,
    read::{Asked, Json, Named, Now, Sent},
};
use crate::{
    journal::{Call, Entry},
    sandbox::{Sandbox, lock},
    view::View,
    wire::{
        self, BranchesShown, Command, EnvironmentShown, Happened, Person, PersonPut, PlannedVisit,
        RosteringChanges, ServiceUsers, Visits,
    },
    world::Response,
};
use axum::{extract::State, http::StatusCode};
use feed::{ExternalId, Timestamp};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(environments))
        .routes(routes!(environment))
        .routes(routes!(branches))
        .routes(routes!(service_users))
        .routes(routes!(service_user, put_service_user))
        .routes(routes!(visits))
        .routes(routes!(visit))
        .routes(routes!(changes))
        .routes(routes!(command))
        .routes(routes!(go_live))
        .routes(routes!(stop))
}

fn place(view: &View<'_>, environment: &str) -> Result<usize, Problem> {
    view.environment(environment).ok_or_else(|| {
        Problem::not_there(
            "environment",
            environment,
            "GET the world's /rostering lists those that there are.",
        )
    })
}

/// Asks for something of one environment.
async fn see<T: Send + 'static>(
    server: &Server,
    (world, environment): (String, String),
    read: impl FnOnce(&View<'_>, usize) -> Result<T, Problem> + Send + 'static,
) -> Answer<T> {
    server.read(&world, move |view| read(view, place(view, &environment)?)).await.map(Json)
}

/// Every environment of the world
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering", tag = "rostering", params(("world" = String, Path)),
    responses((status = 200, body = Vec<EnvironmentShown>)))]
async fn environments(
    State(server): State<Arc<Server>>,
    Named(world): Named<String>,
) -> Answer<Vec<EnvironmentShown>> {
    let all = |view: &View<'_>| Ok((0..view.names.len()).map(|idx| view.environment_shown(idx)).collect());
    server.read(&world, all).await.map(Json)
}

/// One environment
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering/{environment}", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path)), responses((status = 200, body = EnvironmentShown)))]
async fn environment(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
) -> Answer<EnvironmentShown> {
    see(&server, (world, name), move |view, idx| Ok(view.environment_shown(idx))).await
}

/// Branches, as typed in
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering/{environment}/branches", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path)), responses((status = 200, body = BranchesShown)))]
async fn branches(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
) -> Answer<BranchesShown> {
    see(&server, (world, name), move |view, idx| Ok(BranchesShown { branches: view.branches(idx) })).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichServiceUsers {
    /// `next` of the page before. Left out: from the beginning.
    after: Option<String>,
    /// How many at most: 1 to 1000. Default 100.
    limit: Option<usize>,
    /// Only those who are near-term now, or were at any moment since.
    near_term_since: Option<Timestamp>,
    /// Only the one with this identifier, as typed in: for identifiers that no path can hold.
    id: Option<String>,
}

/// Service users, in the order of their identifiers
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering/{environment}/service-users", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path), WhichServiceUsers),
    responses((status = 200, body = ServiceUsers)))]
async fn service_users(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
    Asked(which): Asked<WhichServiceUsers>,
) -> Answer<ServiceUsers> {
    let page = page(which.after, which.limit)?;
    see(&server, (world, name), move |view, idx| match &which.id {
        Some(id) => {
            Ok(ServiceUsers { service_users: view.service_user(idx, id).into_iter().collect(), next: None })
        }
        None => Ok(view.service_users(idx, which.near_term_since, &page)?),
    })
    .await
}

fn no_service_user(id: &str) -> Problem {
    Problem::not_there("service user", id, "PUT one with its fields to add them.")
}

/// One service user, by the identifier that was typed in
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering/{environment}/service-users/{id}", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Person)))]
async fn service_user(
    State(server): State<Arc<Server>>,
    Named((world, name, id)): Named<(String, String, String)>,
) -> Answer<Person> {
    see(&server, (world, name), move |view, idx| {
        view.service_user(idx, &id).ok_or_else(|| no_service_user(&id))
    })
    .await
}

/// Adds a service user, or sets fields of the one that is there
#[utoipa::path(put, path = "/v1/worlds/{world}/rostering/{environment}/service-users/{id}", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path), ("id" = String, Path)),
    request_body = PersonPut,
    responses((status = 200, body = Person), (status = 201, body = Person, description = "Added")))]
async fn put_service_user(
    State(server): State<Arc<Server>>,
    Named((world, name, id)): Named<(String, String, String)>,
    Now(now): Now,
    Sent(put): Sent<PersonPut>,
) -> Result<(StatusCode, Json<Person>), Problem> {
    let environment = number(&server, &world, &name)?;
    let seen = put.version;
    let version = lock(&*server.world(&world)?).world()?.version(environment, &ExternalId::new(id.as_str()));
    if let (Some(seen), Some(version)) = (seen, version)
        && seen < version
    {
        return Err(stale(version, seen));
    }
    let call = Call::PutServiceUser { environment, id: id.clone(), put };
    server
        .ask(&world, now, Entry::Call(call), move |sandbox, response| {
            let added = match response {
                Response::Put { added, result: Ok(_) } => added,
                Response::Put { result: Err(refusal), .. } => return Err(refused(refusal)),
                // Somebody else was quicker.
                Response::Stale(version) => return Err(stale(version, seen.unwrap_or_default())),
                _ => return Err(confused()),
            };
            let status = if added { StatusCode::CREATED } else { StatusCode::OK };
            let person = sandbox.view()?.service_user(usize::from(environment), &id).ok_or_else(confused)?;
            Ok((status, Json(person)))
        })
        .await
}

fn stale(version: u32, seen: u32) -> Problem {
    let detail = format!(
        "The service user is at version {version}, and the request was made from version {seen}. GET them again."
    );
    Problem::new(StatusCode::CONFLICT, "stale-version", "Stale version", detail).at("/version")
}

fn refused(refusal: ::rostering::Refusal) -> Problem {
    Problem::refused(refusal.why, refusal.clause, None)
}

/// The place of an environment in its world.
fn number(server: &Server, world: &str, environment: &str) -> Result<u8, Problem> {
    let world = server.world(world)?;
    let sandbox = lock(&world);
    u8::try_from(place(&sandbox.view()?, environment)?).map_err(|_| confused())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichVisits {
    /// `next` of the page before. Left out: from the beginning.
    after: Option<String>,
    /// How many at most: 1 to 1000. Default 100.
    limit: Option<usize>,
    /// That start at this instant or later.
    from: Option<Timestamp>,
    /// That start at this instant or earlier.
    until: Option<Timestamp>,
    /// Only the one with this ID, as typed in: for IDs that no path can hold.
    id: Option<String>,
    /// Only those that stand: an update would carry them.
    #[serde(default)]
    #[param(required = false)]
    standing: bool,
}

/// Visits, in the order of their identifiers
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering/{environment}/visits", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path), WhichVisits),
    responses((status = 200, body = Visits)))]
async fn visits(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
    Asked(which): Asked<WhichVisits>,
) -> Answer<Visits> {
    let page = page(which.after, which.limit)?;
    let span = (which.from, which.until);
    see(&server, (world, name), move |view, idx| match &which.id {
        Some(id) => Ok(Visits { visits: view.visit(idx, id).into_iter().collect(), next: None }),
        None => Ok(view.visits(idx, span, which.standing, &page)?),
    })
    .await
}

/// One visit
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering/{environment}/visits/{id}", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = PlannedVisit)))]
async fn visit(
    State(server): State<Arc<Server>>,
    Named((world, name, id)): Named<(String, String, String)>,
) -> Answer<PlannedVisit> {
    let none = move |id: &str| {
        Problem::not_there("visit", id, "POST {\"plan_visit\": ...} to /commands to plan one.")
    };
    see(&server, (world, name), move |view, idx| view.visit(idx, &id).ok_or_else(|| none(&id))).await
}

/// What changed, each thing once, as it is now
#[utoipa::path(get, path = "/v1/worlds/{world}/rostering/{environment}/changes", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path), Paging),
    responses((status = 200, body = RosteringChanges)))]
async fn changes(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
    Asked(paging): Asked<Paging>,
) -> Answer<RosteringChanges> {
    let page = page(paging.after, paging.limit)?;
    see(&server, (world, name), move |view, idx| Ok(view.rostering_changes(idx, &page)?)).await
}

/// Does what a rostering administrator does
#[utoipa::path(post, path = "/v1/worlds/{world}/rostering/{environment}/commands", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path)), request_body = Command,
    responses((status = 200, body = Happened)))]
async fn command(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
    Now(now): Now,
    Sent(command): Sent<Command>,
) -> Answer<Happened> {
    let environment = number(&server, &world, &name)?;
    match server.call(&world, now, Call::Rostering { environment, command }).await? {
        Response::Rostering(Ok(happened)) => Ok(Json(Happened::from(&happened))),
        Response::Rostering(Err(refusal)) => Err(refused(refusal)),
        _ => Err(confused()),
    }
}

/// Switches the integration on: a full update is sent at once, a partial every 15 minutes from then
#[utoipa::path(post, path = "/v1/worlds/{world}/rostering/{environment}/go-live", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path)), responses((status = 200, body = EnvironmentShown)))]
async fn go_live(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
    Now(now): Now,
) -> Answer<EnvironmentShown> {
    switch(&server, (&world, &name), now, true).await
}

/// Switches the integration off
#[utoipa::path(post, path = "/v1/worlds/{world}/rostering/{environment}/stop", tag = "rostering",
    params(("world" = String, Path), ("environment" = String, Path)), responses((status = 200, body = EnvironmentShown)))]
async fn stop(
    State(server): State<Arc<Server>>,
    Named((world, name)): Named<(String, String)>,
    Now(now): Now,
) -> Answer<EnvironmentShown> {
    switch(&server, (&world, &name), now, false).await
}

async fn switch(
    server: &Server,
    (world, name): (&str, &str),
    now: Option<Timestamp>,
    on: bool,
) -> Answer<wire::EnvironmentShown> {
    let environment = number(server, world, name)?;
    let shown =
        move |sandbox: &Sandbox, _| Ok(Json(sandbox.view()?.environment_shown(usize::from(environment))));
    server.ask(world, now, Entry::Call(Call::Switch { environment, on }), shown).await
}
