//! One HTTP client for a whole run, and workers that ask through it, one for each thread. Time and size have limits,
//! redirects are refused, and only what the contract says may be repeated is asked again; whatever needed that is kept,
//! so that it can be reported.

use crate::Address;
use feed::Timestamp;
use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
};
use serde::{Serialize, de::DeserializeOwned};
use service::{
    Problem,
    wire::{ClockShown, Events, MoveClock, SeatShown},
};
use std::{
    sync::{Mutex, Once, PoisonError},
    time::Duration,
};
use tokio::runtime;

/// What a foreign program may use up.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connect: Duration,
    /// From sending a request until its answer has been read.
    pub answer: Duration,
    /// Bytes of an answer.
    pub body: usize,
    /// How often what may be repeated is asked at most.
    pub tries: u32,
    /// Before the second try; doubled for each after it. A longer `Retry-After` counts, up to [`Limits::longest_wait`].
    pub wait: Duration,
    pub longest_wait: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            body: 64 * 1024 * 1024,
            tries: 3,
            wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(10),
        }
    }
}

/// Why a foreign program could not be asked, or what it did instead of answering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A whole sentence, with the address.
    Asking(String),
    /// It said no, in the way of the contract.
    Problem(Box<Problem>),
}

impl Trouble {
    /// A whole sentence.
    pub fn says(&self) -> String {
        match self {
            Trouble::Asking(why) => why.clone(),
            Trouble::Problem(problem) => format!("It answered {}: {}", problem.status, problem.detail),
        }
    }
}

/// Before any client is made: without a provider of cryptography the library panics.
static PROVIDER: Once = Once::new();

pub struct Client {
    address: Address,
    headers: HeaderMap,
    limits: Limits,
    /// Workers that nobody uses just now.
    idle: Mutex<Vec<Worker>>,
    /// What was asked more than once: whole sentences.
    flaky: Mutex<Vec<String>>,
}

/// Asks from one thread.
pub struct Worker {
    pub(crate) runtime: runtime::Runtime,
    pub(crate) http: reqwest::Client,
}

impl Client {
    /// Asks who sits there.
    ///
    /// # Errors
    /// Where nobody can be reached, or the answer is not of this contract.
    pub fn who(&self) -> Result<SeatShown, Trouble> {
        let worker = self.worker()?;
        let who: SeatShown = self.ask::<(), _>(&worker, (Method::GET, &["v1", "seat"], &[]), None, None)?;
        self.give_back(worker);
        if who.contract == service::CONTRACT {
            return Ok(who);
        }
        let (theirs, ours) = (&who.contract, service::CONTRACT);
        Err(Trouble::Asking(format!(
            "{} speaks the contract {theirs:?}, and this version of rehearse speaks {ours:?}.",
            self.address
        )))
    }

    /// Where the clock of a world stands.
    pub fn clock(&self, world: &str) -> Result<ClockShown, Trouble> {
        let worker = self.worker()?;
        self.ask::<(), _>(&worker, (Method::GET, &["v1", "worlds", world, "clock"], &[]), None, None)
    }

    /// Moves the clock of a world. What happened on the way.
    pub fn move_clock(&self, world: &str, how: &MoveClock) -> Result<Events, Trouble> {
        let worker = self.worker()?;
        self.ask(&worker, (Method::POST, &["v1", "worlds", world, "clock"], &[]), None, Some(how))
    }

    /// What was done in a world, as the scenario that the sandbox makes of it.
    pub fn scenario(&self, world: &str) -> Result<String, Trouble> {
        let worker = self.worker()?;
        let path = ["v1", "worlds", world, "scenario"];
        let request = (Method::GET, &path[..], &[][..]);
        worker.runtime.block_on(self.reading(&worker.http, request, None, None::<&()>, read_yaml))
    }

    /// # Errors
    /// Where the key has characters that no header can hold.
    pub fn new(address: Address, key: Option<&str>, limits: Limits) -> Result<Client, String> {
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            let mut value = HeaderValue::from_str(&format!("Bearer {key}"))
                .map_err(|_| "The key has characters that cannot be sent.".to_owned())?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(Client { address, headers, limits, idle: Mutex::default(), flaky: Mutex::default() })
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What was asked more than once and answered then: whole sentences, in the order of time.
    pub fn flaky(&self) -> Vec<String> {
        self.flaky.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A worker of this thread's own, until it is given back.
    pub(crate) fn worker(&self) -> Result<Worker, Trouble> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.new_worker(), Ok)
    }

    pub(crate) fn give_back(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    fn new_worker(&self) -> Result<Worker, Trouble> {
        let runtime =
            runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(|error| {
                Trouble::Asking(format!("This computer did not give what asking needs: {error}."))
            })?;
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let http = reqwest::Client::builder()
            .default_headers(self.headers.clone())
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.answer)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("rehearse/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                Trouble::Asking(format!("No HTTP client can be made here: {}.", plain(&error)))
            })?;
        Ok(Worker { runtime, http })
    }

    /// Asks once, or as often as the contract allows: GET, PUT and DELETE may be repeated, POST may not.
    pub(crate) fn ask<A: Serialize, B: DeserializeOwned>(
        &self,
        worker: &Worker,
        request: (Method, &[&str], &[(&str, &str)]),
        now: Option<Timestamp>,
        body: Option<&A>,
    ) -> Result<B, Trouble> {
        worker.runtime.block_on(self.asking(&worker.http, request, now, body))
    }

    /// As [`Client::ask`], for who has something else to do meanwhile.
    pub(crate) async fn asking<A: Serialize, B: DeserializeOwned>(
        &self,
        http: &reqwest::Client,
        request: (Method, &[&str], &[(&str, &str)]),
        now: Option<Timestamp>,
        body: Option<&A>,
    ) -> Result<B, Trouble> {
        self.reading(http, request, now, body, read_json).await
    }

    /// As [`Client::asking`]; `read` makes something of an answer that is no problem.
    async fn reading<A: Serialize, B>(
        &self,
        http: &reqwest::Client,
        (method, path, query): (Method, &[&str], &[(&str, &str)]),
        now: Option<Timestamp>,
        body: Option<&A>,
        read: fn(&str, &Answer) -> Result<B, Trouble>,
    ) -> Result<B, Trouble> {
        let url = self.address.at(path, query);
        let what = format!("{method} {url}");
        let body =
            body.map(serde_json::to_vec).transpose().map_err(|error| Trouble::Asking(error.to_string()))?;
        let tries = if method == Method::POST { 1 } else { self.limits.tries };
        let mut failures = Vec::new();
        for n in 1..=tries {
            let mut request = http.request(method.clone(), url.clone());
            if let Some(now) = now {
                request = request.header("Rehearse-Now", now.to_string());
            }
            if let Some(body) = &body {
                request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
            }
            match self.once(request, &what).await {
                Ok(answer) => {
                    self.note_flaky(&what, &failures);
                    let answer = answer?;
                    return if answer.status.is_success() {
                        read(&what, &answer)
                    } else {
                        Err(no(&what, &answer))
                    };
                }
                Err((why, wait)) => {
                    failures.push(why);
                    if n < tries {
                        let wait = wait.unwrap_or_default().max(self.limits.wait * 2_u32.pow(n - 1));
                        tokio::time::sleep(wait.min(self.limits.longest_wait)).await;
                    }
                }
            }
        }
        let times = if tries == 1 { String::new() } else { format!(" {tries} times") };
        let last = failures.pop().unwrap_or_default();
        Err(Trouble::Asking(format!("{what} was asked{times} and not answered: {last}.")))
    }

    fn note_flaky(&self, what: &str, failures: &[String]) {
        if let Some(why) = failures.first() {
            let says = format!("{what} was answered only at try {}; at first: {why}.", failures.len() + 1);
            self.flaky.lock().unwrap_or_else(PoisonError::into_inner).push(says);
        }
    }

    /// The error is one after which it may be tried again, with how long it asks to wait.
    async fn once(
        &self,
        request: reqwest::RequestBuilder,
        what: &str,
    ) -> Result<Result<Answer, Trouble>, (String, Option<Duration>)> {
        let mut response = request.send().await.map_err(|error| (plain(&error), None))?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            let wait = response.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok()?.parse().ok());
            return Err((format!("it answered {status}"), wait.map(Duration::from_secs)));
        }
        if status.is_redirection() {
            return Ok(Err(odd(what, &format!("it answered {status}, and redirects are not followed"))));
        }
        let media_type = media_type(response.headers());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > self.limits.body => {
                    let most = self.limits.body;
                    return Ok(Err(odd(
                        what,
                        &format!("its answer is larger than {most} bytes, so it was not read to the end"),
                    )));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Err((format!("its answer broke off: {}", plain(&error)), None)),
            }
        }
        Ok(Ok(Answer { status, media_type, body }))
    }
}

/// An answer, whole.
struct Answer {
    status: StatusCode,
    media_type: String,
    body: Vec<u8>,
}

/// It said no.
fn no(what: &str, Answer { status, media_type, body }: &Answer) -> Trouble {
    if media_type != "application/problem+json" {
        return odd(what, &format!("it answered {status} without saying why in the way of the contract"));
    }
    match serde_json::from_slice(body) {
        Ok(problem) => Trouble::Problem(Box::new(problem)),
        Err(error) => odd(what, &format!("it answered {status} with problem details that are not: {error}")),
    }
}

fn read_json<B: DeserializeOwned>(what: &str, answer: &Answer) -> Result<B, Trouble> {
    let is_empty = answer.status == StatusCode::NO_CONTENT;
    if !is_empty {
        must_be("application/json", what, answer)?;
    }
    // "No content" reads as null.
    let mut from = serde_json::Deserializer::from_slice(if is_empty { b"null" } else { &answer.body });
    serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let place = error.path().to_string();
        odd(what, &format!("its answer is not as the contract has it, at {place}: {}", error.inner()))
    })
}

fn read_yaml(what: &str, answer: &Answer) -> Result<String, Trouble> {
    must_be("application/yaml", what, answer)?;
    String::from_utf8(answer.body.clone()).map_err(|_| odd(what, "its answer is not UTF-8"))
}

fn must_be(wanted: &str, what: &str, answer: &Answer) -> Result<(), Trouble> {
    let given = answer.media_type.as_str();
    if given == wanted {
        return Ok(());
    }
    let given = if given.is_empty() { "nothing" } else { given };
    Err(odd(what, &format!("its answer says that it is {given:?}, not {wanted}")))
}

/// It answered, but not as the contract has it.
fn odd(what: &str, why: &str) -> Trouble {
    Trouble::Asking(format!("{what} was not answered as the contract has it: {why}."))
}

fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    // It comes out in messages.
    media_type.chars().filter(char::is_ascii_graphic).take(60).collect::<String>().to_ascii_lowercase()
}

/// What went wrong, in words without the address (which the caller says) and without Rust's own.
fn plain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    if error.is_connect() {
        return "nobody could be reached there".to_owned();
    }
    let mut source: &dyn std::error::Error = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    source.to_string()
}
