//! Listens on this computer and nowhere else, with a limit on everything that a caller can make long, large or many, and
//! stops without cutting anybody off.

use crate::{
    http::{self, Server},
    local::opened,
    sandbox::{NotSetUp, Worlds},
    saved::Writes,
    stage::Stages,
    store::Store,
    webhook::{self, Told, Webhook},
    world::SetUp,
};
use axum::Router;
use feed::Timestamp;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::{
    fmt::Write as _,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};
use tokio::{net::TcpListener, runtime, sync::Semaphore};

/// What a caller may use up. All *assumed*: far beyond what an integration needs.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    pub body_time: Duration,
    /// Until the head of a request has arrived; also how long a connection may say nothing.
    pub head_time: Duration,
    /// Bytes of a request's head.
    pub head: usize,
    pub headers: usize,
    pub connections: usize,
    /// How long the last answers may take once it is told to stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 16 * 1024 * 1024,
            body_time: Duration::from_secs(30),
            head_time: Duration::from_mins(1),
            head: 32 * 1024,
            headers: 64,
            connections: 256,
            stop_time: Duration::from_secs(10),
        }
    }
}

/// What is to be served.
pub struct Serve {
    /// 0: one that is free.
    pub port: u16,
    /// None: a random one.
    pub key: Option<String>,
    /// Worlds that are there from the beginning. One that the store has already stays as it is.
    pub worlds: Vec<(String, SetUp)>,
    /// Where everything is kept. None: in memory, until it stops.
    pub store: Option<Store>,
    /// Who is told of changes in rostering.
    pub webhook: Option<Webhook>,
    /// Writes a world down as a scenario. None: this program knows no scenarios.
    pub scenario: Option<Writes>,
    /// Worlds that are played elsewhere.
    pub stages: Stages,
    pub limits: Limits,
    pub threads: usize,
}

impl Default for Serve {
    fn default() -> Serve {
        Serve {
            port: 0,
            key: None,
            worlds: Vec::new(),
            store: None,
            webhook: None,
            scenario: None,
            stages: Stages::default(),
            limits: Limits::default(),
            threads: 2,
        }
    }
}

/// It listens.
#[derive(Clone, Debug)]
pub struct Ready {
    pub address: SocketAddr,
    /// Goes with every request.
    pub key: String,
    /// Every world, and where its clock stands. None: a fault of ours broke it.
    pub worlds: Vec<(String, Option<Timestamp>)>,
}

/// Serves until `stop` is set. Blocks; `ready` is called once it listens.
///
/// # Errors
/// Where the port cannot be had or no thread can be started.
pub fn serve(what: Serve, ready: impl FnOnce(&Ready), stop: &AtomicBool) -> io::Result<()> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(what.threads.max(1))
        .enable_io()
        .enable_time()
        .build()?;
    let key = match what.key {
        Some(key) => key,
        None => random_key()?,
    };
    let told = what.webhook.as_ref().map(Told::new);
    let (worlds, store) = opened(what.store, told.as_ref().map(|(told, _)| told.clone()))?;
    let server = Arc::new(Server {
        worlds,
        stages: what.stages,
        key: key.clone(),
        scenario: what.scenario,
        limits: what.limits,
    });
    let result = runtime.block_on(async {
        if let (Some(webhook), Some((told, changes))) = (what.webhook, told) {
            tokio::spawn(webhook::run(webhook, told, changes));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, what.port)).await?;
        begin(&server.worlds, what.worlds).await?;
        ready(&Ready { address: listener.local_addr()?, key, worlds: server.worlds.clocks() });
        accept(listener, http::router(server), what.limits, stop).await;
        Ok(())
    });
    // Everybody who could still write is gone with the runtime; then the store closes.
    drop(runtime);
    if let Some(Err(_)) = store.map(JoinHandle::join) {
        return Err(io::Error::other("a fault of ours in the store"));
    }
    result
}

/// Sets up the worlds that are not there yet. A store that can only be read stays without them.
async fn begin(worlds: &Worlds, wanted: Vec<(String, SetUp)>) -> io::Result<()> {
    for (name, set_up) in wanted {
        if worlds.get(&name).is_none()
            && let Err(NotSetUp::Not(error)) = worlds.set_up(&name, set_up.into(), usize::MAX).await
            && !error.is_read_only()
        {
            return Err(io::Error::other(format!("world {name} could not be set up: {error:?}")));
        }
    }
    Ok(())
}

/// How often it is looked whether to stop.
const LOOKS: Duration = Duration::from_millis(50);

async fn accept(listener: TcpListener, router: Router, limits: Limits, stop: &AtomicBool) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head)
        .max_headers(limits.headers)
        .half_close(false);
    while !stop.load(Ordering::Relaxed) {
        let Ok(accepted) = tokio::time::timeout(LOOKS, listener.accept()).await else { continue };
        // Whoever went away before they were let in is nobody's loss.
        let Ok((stream, _)) = accepted else { continue };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // How a connection ended is the caller's business.
            let _ = connection.await;
            drop(place);
        });
    }
    let _ = tokio::time::timeout(limits.stop_time, graceful.shutdown()).await;
}

/// 256 random bits, in hexadecimal.
fn random_key() -> io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().fold(String::new(), |mut key, byte| {
        let _ = write!(key, "{byte:02x}");
        key
    }))
}
