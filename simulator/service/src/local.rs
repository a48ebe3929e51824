//! Worlds without HTTP, for a program that has them in its own process: the same journal, the same store, the same answers.

use crate::{
    http::{Problem, Server},
    journal::{Call, Entry},
    sandbox::{NotSetUp, Worlds},
    scribe::Scribe,
    server::Limits,
    stage::Stages,
    store::Store,
    webhook::Told,
    world::{Response, SetUp},
};
use feed::Timestamp;
use std::{io, thread::JoinHandle};
use tokio::runtime::{self, Runtime};

/// Ends the store well when it is dropped.
pub struct Local {
    /// None: it is being dropped.
    server: Option<Server>,
    store: Option<JoinHandle<()>>,
    runtime: Runtime,
}

impl Local {
    /// None: in memory.
    pub fn open(store: Option<Store>) -> io::Result<Local> {
        let (worlds, store) = opened(store, None)?;
        let server = Server {
            worlds,
            stages: Stages::default(),
            key: String::new(),
            scenario: None,
            limits: Limits::default(),
        };
        let runtime = runtime::Builder::new_multi_thread().worker_threads(1).build()?;
        Ok(Local { server: Some(server), store, runtime })
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("it is there until it is dropped")
    }

    /// Sets a world up, in the place of one of the same name.
    pub fn set_up(&self, world: &str, set_up: SetUp) -> Result<(), Problem> {
        let set_up = self.server().worlds.set_up(world, set_up.into(), usize::MAX);
        match self.runtime.block_on(set_up) {
            Ok(_) | Err(NotSetUp::TooMany) => Ok(()),
            Err(NotSetUp::Not(error)) => Err(error.into()),
        }
    }

    /// Asks a world something, and answers once that is kept. `now` is the caller's instant; without one it is the world's
    /// own.
    pub fn call(&self, world: &str, now: Option<Timestamp>, call: Call) -> Result<Response, Problem> {
        self.runtime.block_on(self.server().ask(world, now, Entry::Call(call), |_, response| Ok(response)))
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        drop(self.server.take());
        if let Some(store) = self.store.take() {
            let _ = store.join();
        }
    }
}

/// The worlds of a store, and the thread that keeps them.
pub(crate) fn opened(
    store: Option<Store>,
    told: Option<Told>,
) -> io::Result<(Worlds, Option<JoinHandle<()>>)> {
    let Some(mut store) = store else { return Ok((Worlds::new(Scribe::Memory, Vec::new(), 1, told), None)) };
    let (there, next) = (std::mem::take(&mut store.there), store.next);
    let (scribe, thread) = Scribe::with(store)?;
    Ok((Worlds::new(scribe, there, next, told), Some(thread)))
}
