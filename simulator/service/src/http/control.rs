//! Worlds as a whole: set up, clock, faults, what happened; and what this program is when it sits in a seat.

use super::{
    Answer, Paging, Problem, Server, confused, good_name, page,
    read::{Asked, Json, Named, Now, Sent},
};
use crate::{
    CONTRACT, WebhookShown,
    cursor::List,
    journal::{Call, Entry, hold},
    sandbox::{Cannot, NotSetUp, Sandbox, lock},
    saved,
    wire::{
        CallShown, Calls, ClockMode, ClockShown, Event, Events, Fault, FaultShown, MoveClock, RecordChanges,
        SeatShown, Until, WorldSetUp, WorldShown, strings,
    },
    world::{Event as Happened, Response, What, World},
};
use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response as HttpResponse},
};
use feed::Timestamp;
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(seat))
        .routes(routes!(worlds))
        .routes(routes!(world, set_up, remove))
        .routes(routes!(reset))
        .routes(routes!(clock, told, move_clock))
        .routes(routes!(faults, begin_fault))
        .routes(routes!(lift_fault))
        .routes(routes!(events))
        .routes(routes!(calls))
        .routes(routes!(scenario))
        .routes(routes!(webhooks))
}

/// So many worlds at once. *Assumed*: many more than a team needs, few enough for a laptop.
const MOST_WORLDS: usize = 10_000;

/// What this program is and can do
#[utoipa::path(get, path = "/v1/seat", tag = "control", responses((status = 200, body = SeatShown)))]
async fn seat() -> Json<SeatShown> {
    Json(SeatShown {
        contract: CONTRACT.to_owned(),
        name: "rehearse".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        clock: ClockMode::Follows,
        lacks: Vec::new(),
    })
}

/// The names of all worlds
#[utoipa::path(get, path = "/v1/worlds", tag = "control", responses((status = 200, body = Vec<String>)))]
async fn worlds(State(server): State<Arc<Server>>) -> Json<Vec<String>> {
    Json(server.worlds.names())
}

/// A world as it stands
#[utoipa::path(get, path = "/v1/worlds/{world}", tag = "control", params(("world" = String, Path)),
    responses((status = 200, body = WorldShown)))]
async fn world(State(server): State<Arc<Server>>, Named(name): Named<String>) -> Answer<WorldShown> {
    Ok(Json(shown(&lock(&*server.world(&name)?))?))
}

fn shown(sandbox: &Sandbox) -> Result<WorldShown, Problem> {
    let (world, set_up) = (sandbox.world()?, sandbox.set_up());
    Ok(WorldShown {
        name: sandbox.name.clone(),
        clock: ClockShown { now: world.now(), next: world.next_due() },
        seed: set_up.seed,
        settings: set_up.settings.into(),
        environments: strings(&world.names),
        branches: RecordChanges::branches(&world.mirror.branches),
        n_records: world.mirror.records.len(),
        n_events: world.events.len() as u64,
        n_calls: sandbox.n_calls() as u64,
    })
}

/// Sets a world up, in the place of one of the same name
#[utoipa::path(put, path = "/v1/worlds/{world}", tag = "control", params(("world" = String, Path)),
    request_body = WorldSetUp, responses((status = 200, body = WorldShown)))]
async fn set_up(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
    Sent(given): Sent<WorldSetUp>,
) -> Answer<WorldShown> {
    good_name(&name, "a world")?;
    check(&given)?;
    match server.worlds.set_up(&name, given, MOST_WORLDS).await {
        Ok(sandbox) => shown(&lock(&sandbox)).map(Json),
        Err(NotSetUp::Not(error)) => Err(error.into()),
        Err(NotSetUp::TooMany) => {
            let detail = format!(
                "There are {MOST_WORLDS} worlds already, which is the most. DELETE one that is done with."
            );
            Err(Problem::new(StatusCode::CONFLICT, "too-many-worlds", "Too many worlds", detail))
        }
    }
}

fn check(given: &WorldSetUp) -> Result<(), Problem> {
    for (idx, it) in given.environments.iter().enumerate() {
        good_name(&it.name, "an environment")
            .map_err(|problem| problem.at(format!("/environments/{idx}/name")))?;
        let is_there = given.environments[..idx].iter().any(|other| other.name == it.name);
        if is_there || idx >= usize::from(u8::MAX) {
            let detail = format!(
                "Environment {:?} is one too many: names differ, and there are 255 at most.",
                it.name
            );
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-name", "Not a name", detail);
            return Err(problem.at(format!("/environments/{idx}/name")));
        }
    }
    Ok(())
}

/// Takes a world away for good
#[utoipa::path(delete, path = "/v1/worlds/{world}", tag = "control", params(("world" = String, Path)),
    responses((status = 204)))]
async fn remove(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
) -> Result<StatusCode, Problem> {
    if server.worlds.remove(&name).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::no_world(&name))
    }
}

/// Begins a world again, as it was set up
#[utoipa::path(post, path = "/v1/worlds/{world}/reset", tag = "control", params(("world" = String, Path)),
    responses((status = 200, body = WorldShown)))]
async fn reset(State(server): State<Arc<Server>>, Named(name): Named<String>) -> Answer<WorldShown> {
    server.ask(&name, None, Entry::Reset, |sandbox, _| shown(sandbox).map(Json)).await
}

/// Where the clock stands, and when something happens by itself next
#[utoipa::path(get, path = "/v1/worlds/{world}/clock", tag = "control", params(("world" = String, Path)),
    responses((status = 200, body = ClockShown)))]
async fn clock(State(server): State<Arc<Server>>, Named(name): Named<String>) -> Answer<ClockShown> {
    Ok(Json(clock_of(&lock(&*server.world(&name)?))?))
}

fn clock_of(sandbox: &Sandbox) -> Result<ClockShown, Problem> {
    let world = sandbox.world()?;
    Ok(ClockShown { now: world.now(), next: world.next_due() })
}

/// The clock bridge: told the time, it does what is due until then and answers when that is done
#[utoipa::path(put, path = "/v1/worlds/{world}/clock", tag = "control", params(("world" = String, Path)),
    request_body = Until, responses((status = 200, body = ClockShown)))]
async fn told(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
    Sent(until): Sent<Until>,
) -> Answer<ClockShown> {
    let pass = Entry::Call(Call::Pass);
    let clock = |sandbox: &Sandbox, _| clock_of(sandbox).map(Json);
    server.ask(&name, Some(until.now), pass, clock).await.map_err(|problem| problem.at("/now"))
}

/// The longest jump at once. *Assumed*: a year of 15-minute updates is 35,040 of them.
const LONGEST_JUMP: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 366);

/// Moves the clock and tells what happened on the way
#[utoipa::path(post, path = "/v1/worlds/{world}/clock", tag = "control", params(("world" = String, Path)),
    request_body = MoveClock, responses((status = 200, body = Events)))]
async fn move_clock(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
    Sent(how): Sent<MoveClock>,
) -> Answer<Events> {
    let (now, next) = {
        let world = server.world(&name)?;
        let sandbox = lock(&world);
        match how {
            // A world that is broken can still go back.
            MoveClock::BackTo(_) | MoveClock::BackToCall(_) => (Timestamp::UNIX_EPOCH, None),
            _ => (sandbox.world()?.now(), sandbox.world()?.next_due()),
        }
    };
    let went_back = |sandbox: &Sandbox, _| events_from(sandbox, usize::MAX, 0).map(Json);
    let to = match how {
        MoveClock::BackTo(to) => return server.ask(&name, None, Entry::BackTo(to), went_back).await,
        MoveClock::BackToCall(number) => {
            return server.ask(&name, None, Entry::BackToCall(number), went_back).await;
        }
        MoveClock::To(to) => to,
        MoveClock::By(length) if length.0.is_negative() => {
            let detail = "The length of time is negative. To undo what was done, use `back_to`.";
            return Err(wrong_time(detail).at("/by"));
        }
        MoveClock::By(length) => {
            now.checked_add(length.0).map_err(|_| wrong_time("That is after the end of time.").at("/by"))?
        }
        MoveClock::Next => next
            .ok_or_else(|| wrong_time("Nothing is due: no integration is on, and nothing is on its way."))?,
    };
    if to.duration_since(now) > LONGEST_JUMP {
        return Err(wrong_time("That is more than 366 days away. Go there in steps."));
    }
    let on_the_way =
        |sandbox: &Sandbox, _| events_from(sandbox, sandbox.n_events_before, crate::LARGEST_PAGE).map(Json);
    server.ask(&name, Some(to), Entry::Call(Call::Pass), on_the_way).await
}

/// What was asked of the world, oldest first: every line of its journal, those that were undone too
#[utoipa::path(get, path = "/v1/worlds/{world}/calls", tag = "control", params(("world" = String, Path), Paging),
    responses((status = 200, body = Calls)))]
async fn calls(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Answer<Calls> {
    let world = server.world(&name)?;
    let sandbox = lock(&world);
    let page = page(paging.after, paging.limit)?;
    // A line has its number for ever, so going back does not spoil the list.
    let list = List { world: &sandbox.name, incarnation: sandbox.id(), name: "calls" };
    let after = match &page.after {
        None => 0,
        Some(cursor) => list.number(cursor).ok_or_else(Problem::bad_cursor)?,
    };
    let after = usize::try_from(after).unwrap_or(usize::MAX);
    let calls = calls_after(&sandbox, after, page.limit)?;
    let n_lines = sandbox.n_calls();
    let end = after.min(n_lines) + calls.len();
    Ok(Json(Calls { calls, next: list.cursor(&end.to_string()), more: end < n_lines }))
}

fn calls_after(sandbox: &Sandbox, after: usize, limit: usize) -> Result<Vec<CallShown>, Problem> {
    let (shelf, wanted, ats, stand) = {
        let journal = hold(&sandbox.journal);
        let numbers = after.saturating_add(1)..=after.saturating_add(limit).min(sandbox.n_calls());
        let wanted: Vec<_> = numbers.clone().zip(journal.held(numbers.clone())).collect();
        let ats: Vec<Timestamp> = numbers.map(|number| journal.kept()[number - 1].at).collect();
        (journal.shelf(), wanted, ats, journal.past(sandbox.n_calls()).numbers())
    };
    let mut entries = Vec::new();
    while entries.len() < wanted.len() {
        let part = crate::again::entries(shelf.as_ref(), &wanted[entries.len()..]).map_err(Cannot::from)?;
        entries.extend(part);
    }
    let shown = wanted.iter().zip(ats).zip(entries).map(|(((number, _), at), entry)| CallShown {
        number: *number as u64,
        at,
        stands: stand.binary_search(number).is_ok(),
        entry: Arc::unwrap_or_clone(entry),
    });
    Ok(shown.collect())
}

fn wrong_time(detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-time", "The clock cannot go there", detail)
}

/// Every fault that was switched on
#[utoipa::path(get, path = "/v1/worlds/{world}/faults", tag = "control", params(("world" = String, Path)),
    responses((status = 200, body = Vec<FaultShown>)))]
async fn faults(State(server): State<Arc<Server>>, Named(name): Named<String>) -> Answer<Vec<FaultShown>> {
    let world = server.world(&name)?;
    let sandbox = lock(&world);
    let link = &sandbox.world()?.link;
    let faults = link.faults().enumerate().map(|(number, (fault, fired))| FaultShown {
        number,
        fault: fault.clone().into(),
        fired,
        lifted: link.is_lifted(number),
    });
    Ok(Json(faults.collect()))
}

/// Switches a fault on. It strikes deliveries that are sent, or stand at ACP's door, from now on
#[utoipa::path(post, path = "/v1/worlds/{world}/faults", tag = "control", params(("world" = String, Path)),
    request_body = Fault, responses((status = 201, body = FaultShown)))]
async fn begin_fault(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
    Now(now): Now,
    Sent(fault): Sent<Fault>,
) -> Result<(StatusCode, Json<FaultShown>), Problem> {
    if let crate::wire::FaultKind::Refuse { status, .. } = fault.kind
        && status != 429
        && !(500..600).contains(&status)
    {
        let detail = format!("ACP's door answers 429 or 500 to 599, not {status}.");
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "wrong-value",
            "Not such a value",
            detail,
        )
        .at("/kind/refuse/status"));
    }
    match server.call(&name, now, Call::BeginFault(fault.clone())).await? {
        Response::Number(number) => {
            Ok((StatusCode::CREATED, Json(FaultShown { number, fault, fired: 0, lifted: false })))
        }
        _ => Err(confused()),
    }
}

/// Switches a fault off; what it did stays done
#[utoipa::path(delete, path = "/v1/worlds/{world}/faults/{number}", tag = "control",
    params(("world" = String, Path), ("number" = usize, Path)), responses((status = 204)))]
async fn lift_fault(
    State(server): State<Arc<Server>>,
    Named((name, number)): Named<(String, usize)>,
    Now(now): Now,
) -> Result<StatusCode, Problem> {
    let none = || Problem::not_there("fault", &number.to_string(), "GET its /faults to see them.");
    if number >= lock(&*server.world(&name)?).world()?.link.faults().count() {
        return Err(none());
    }
    match server.call(&name, now, Call::LiftFault(number)).await? {
        Response::Done => Ok(StatusCode::NO_CONTENT),
        _ => Err(none()),
    }
}

/// What became of the webhooks that were to be sent, with every try
#[utoipa::path(get, path = "/v1/webhook", tag = "control", responses((status = 200, body = WebhookShown)))]
async fn webhooks(State(server): State<Arc<Server>>) -> Answer<WebhookShown> {
    let Some(told) = &server.worlds.told else {
        let detail = "No webhooks are sent. `rehearse serve --webhook URL` sends them.";
        return Err(Problem::new(StatusCode::NOT_FOUND, "no-webhook", "No webhook", detail));
    };
    Ok(Json(told.shown()))
}

/// What was done in the world, as a scenario that passes: what stands, and at the end what is true now
#[utoipa::path(get, path = "/v1/worlds/{world}/scenario", tag = "control", params(("world" = String, Path)),
    responses((status = 200, description = "A scenario file", content_type = "application/yaml")))]
async fn scenario(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
) -> Result<HttpResponse, Problem> {
    let Some(writes) = server.scenario else {
        let detail = "This program serves worlds and knows no scenarios. `rehearse serve` does.";
        let title = "No scenarios here";
        return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "no-scenarios", title, detail));
    };
    let world = server.world(&name)?;
    let saved = saved::of_sandbox(&lock(&world)).ok_or(Cannot::Broken)?;
    match writes(&saved) {
        Ok(text) => Ok(([(CONTENT_TYPE, "application/yaml")], text).into_response()),
        Err(why) => {
            let title = "Not to be said in a scenario";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-scenario", title, why))
        }
    }
}

/// What happened, oldest first
#[utoipa::path(get, path = "/v1/worlds/{world}/events", tag = "control", params(("world" = String, Path), Paging),
    responses((status = 200, body = Events)))]
async fn events(
    State(server): State<Arc<Server>>,
    Named(name): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Answer<Events> {
    let world = server.world(&name)?;
    let sandbox = lock(&world);
    let page = page(paging.after, paging.limit)?;
    let after = match &page.after {
        None => 0,
        Some(cursor) => list(&sandbox).number(cursor).ok_or_else(Problem::bad_cursor)?,
    };
    Ok(Json(events_from(&sandbox, usize::try_from(after).unwrap_or(usize::MAX), page.limit)?))
}

fn list(sandbox: &Sandbox) -> List<'_> {
    List { world: &sandbox.name, incarnation: sandbox.incarnation, name: "events" }
}

/// At most `limit` events after the first `after`.
fn events_from(sandbox: &Sandbox, after: usize, limit: usize) -> Result<Events, Problem> {
    let world = sandbox.world()?;
    let n_events = world.events.len();
    let range = after.min(n_events)..after.saturating_add(limit).min(n_events);
    let shown = |world: &World| {
        let numbered = (range.start as u64 + 1..).zip(world.events.of(range.clone())?);
        Some(numbered.map(|(number, it)| event(world, number, it)).collect())
    };
    let events: Vec<Event> = match shown(world) {
        Some(events) => events,
        None => shown(&sandbox.again_for(range.clone())?).ok_or_else(confused)?,
    };
    let next = list(sandbox).cursor(&range.end.to_string());
    Ok(Events { more: range.end < n_events && limit > 0, events, next })
}

fn event(world: &World, number: u64, it: &Happened) -> Event {
    let (mut receipt, mut command, mut refusal) = (None, None, None);
    match &it.what {
        What::Arrived { receipt: got, .. } => receipt = Some((**got).clone().into()),
        What::Rostering { command: given, .. } => command = Some(given.clone().into()),
        What::Acted { refused, .. } => refusal = refused.clone().map(Into::into),
        _ => {}
    }
    Event { number, at: it.at, says: world.says(it), receipt, command, refusal }
}
