//! Listens on this computer and nowhere else, with a limit on everything that a caller can make long, large or many, and
//! stops without cutting anybody off.

use crate::{
    http::{self, Server},
    stage::Stages,
    world::SetUp,
};
use axum::Router;
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
    /// Worlds that are there from the beginning.
    pub worlds: Vec<(String, SetUp)>,
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
    let server = Arc::new(Server { worlds: what.stages.0, key: key.clone(), limits: what.limits });
    for (name, set_up) in what.worlds {
        server.worlds.set_up(&name, set_up, usize::MAX);
    }
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, what.port)).await?;
        ready(&Ready { address: listener.local_addr()?, key });
        accept(listener, http::router(server), what.limits, stop).await;
        Ok(())
    })
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
