//! A case's own world in somebody else's program: asked while nothing went wrong, and taken away afterwards. Knows no seat.

use crate::client::{Client, Trouble, Worker};
use feed::Timestamp;
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

pub(crate) struct World<'c> {
    client: &'c Client,
    /// Used by no other case.
    name: String,
    /// Or what went wrong: then nothing more is asked.
    worker: Result<Worker, Trouble>,
}

impl<'c> World<'c> {
    pub(crate) fn new(client: &'c Client, name: String) -> World<'c> {
        World { client, name, worker: client.worker() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn trouble(&self) -> Option<&Trouble> {
        self.worker.as_ref().err()
    }

    /// Ends the asking. What is left of a connection in an unknown state is not used again.
    pub(crate) fn give_up(&mut self, trouble: Trouble) {
        self.worker = Err(trouble);
    }

    /// `path` goes on from the world's own.
    pub(crate) fn ask<A: Serialize, B: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        now: Timestamp,
        body: Option<&A>,
    ) -> Result<B, Trouble> {
        self.worker()?.runtime.block_on(self.asking(method, path, query, now, body))
    }

    /// As [`World::ask`], for who has something else to do meanwhile.
    pub(crate) async fn asking<A: Serialize, B: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        now: Timestamp,
        body: Option<&A>,
    ) -> Result<B, Trouble> {
        let path: Vec<&str> = self.path().into_iter().chain(path.iter().copied()).collect();
        self.client.asking(&self.worker()?.http, (method, &path, query), Some(now), body).await
    }

    pub(crate) fn worker(&self) -> Result<&Worker, Trouble> {
        self.worker.as_ref().map_err(Clone::clone)
    }

    /// The next cursor of a list that says it goes on, which has to be another one: else what it holds back would be
    /// missed, and the case would say something wrong.
    pub(crate) fn goes_on(&self, after: Option<&str>, next: String) -> Result<String, Trouble> {
        if after == Some(next.as_str()) {
            let address = self.client.address();
            return Err(Trouble::Asking(format!("{address} says that there is more and gives none.")));
        }
        Ok(next)
    }

    fn path(&self) -> [&str; 3] {
        ["v1", "worlds", &self.name]
    }
}

impl Drop for World<'_> {
    /// It has served its purpose. One that cannot be taken away harms nobody.
    fn drop(&mut self) {
        let gone = Trouble::Asking("its world was taken away".into());
        if let Ok(worker) = std::mem::replace(&mut self.worker, Err(gone)) {
            let request = (Method::DELETE, &self.path()[..], &[][..]);
            let _ = self.client.ask::<(), serde_json::Value>(&worker, request, None, None);
            self.client.give_back(worker);
        }
    }
}
