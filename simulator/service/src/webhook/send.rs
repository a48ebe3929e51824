//! Sends webhooks, one after another, and tries again what did not arrive. Only a status from 200 to 299 is an arrival; a
//! redirect is not followed.

use super::{Change, DeliveryState, Told, Webhook, WebhookBody, WebhookData, WebhookTry};
use axum::http::{Request, StatusCode, header};
use feed::Timestamp;
use http_body_util::Full;
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::{net::TcpStream, sync::mpsc, time::timeout};

/// How long is waited before each further try; then it is given up. *Assumed*: the specification asks for a schedule that
/// grows, over hours; a sandbox's receiver is on the same computer and is started again within a minute.
const WAITS: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(10), Duration::from_secs(30)];

/// How long the other side may take to answer. *Assumed.* Standard Webhooks recommends 15 to 30 seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// The longest wait that the other side can ask for.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Ends when nobody can tell it of changes any more.
pub(crate) async fn run(webhook: Webhook, told: Told, mut changes: mpsc::UnboundedReceiver<Change>) {
    while let Some(change) = changes.recv().await {
        deliver(&webhook, &told, &change).await;
    }
}

async fn deliver(webhook: &Webhook, told: &Told, change: &Change) {
    let body = body(change);
    let mut waits = WAITS.into_iter();
    loop {
        let at = Timestamp::now();
        let answer = timeout(PATIENCE, send(webhook, &change.id, at, &body)).await;
        let (arrived, came, asked) = match answer {
            Err(_) => (false, format!("no answer within {} seconds", PATIENCE.as_secs()), None),
            Ok(Err(why)) => (false, why, None),
            Ok(Ok((status, retry_after))) => (status.is_success(), status.as_u16().to_string(), retry_after),
        };
        let wait = if arrived { None } else { waits.next() };
        let state = match (arrived, wait) {
            (true, _) => DeliveryState::Delivered,
            (false, Some(_)) => DeliveryState::Waiting,
            (false, None) => DeliveryState::GivenUp,
        };
        told.note(&change.id, |delivery| {
            delivery.state = state;
            delivery.tries.push(WebhookTry { at, came });
        });
        let Some(wait) = wait else { return };
        tokio::time::sleep(asked.unwrap_or_default().clamp(wait, LONGEST_WAIT)).await;
    }
}

fn body(change: &Change) -> Vec<u8> {
    let body = WebhookBody {
        kind: change.kind,
        timestamp: Timestamp::now(),
        data: WebhookData {
            world: change.world.clone(),
            environment: change.environment.clone(),
            now: change.now,
            after: change.after.clone(),
        },
    };
    serde_json::to_vec(&body).unwrap_or_default()
}

/// The status, and how long the other side asks to be left alone.
async fn send(
    webhook: &Webhook,
    id: &str,
    at: Timestamp,
    body: &[u8],
) -> Result<(StatusCode, Option<Duration>), String> {
    let seconds = at.as_second();
    let request = Request::post(webhook.address.path())
        .header(header::HOST, webhook.address.authority())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("rehearse/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", webhook.secret.signature(id, seconds, body))
        .body(Full::new(Bytes::copy_from_slice(body)))
        .map_err(|error| error.to_string())?;
    let stream = TcpStream::connect(webhook.address.to_connect()).await.map_err(|error| error.to_string())?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await;
    // What the answer says beside its head is nobody's business.
    connection.abort();
    let answer = answer.map_err(|error| format!("the answer was cut off: {error}"))?;
    let seconds =
        answer.headers().get(header::RETRY_AFTER).and_then(|it| it.to_str().ok()?.trim().parse().ok());
    Ok((answer.status(), seconds.map(Duration::from_secs)))
}
