//! The seat of ACP: somebody else's engine answers the calls of a case. Each case has a tenant of its own there, in a
//! world of its own, which is taken away afterwards.

use crate::client::{Client, Trouble, Worker};
use acp::{Call, Look, Reply, Shown};
use feed::{Clause, Timestamp};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};
use service::{
    LARGEST_PAGE, Problem,
    wire::{Act, ClockMode, ClockShown, Done, Receipt, RecordChanges, Until, Update, WorldSetUp},
};
use std::time::{Duration, Instant};

/// One case's engine.
pub struct AcpSeat<'c> {
    client: &'c Client,
    /// None once there was trouble: nothing more is asked.
    worker: Option<Worker>,
    world: String,
    /// After which changes have not been seen.
    cursor: Option<String>,
    /// The instant that it was told last.
    told: Timestamp,
    /// With real time: when the case really began, and at which of its own instants.
    real: Option<(Instant, Timestamp)>,
    clock: ClockMode,
    trouble: Option<Trouble>,
}

impl<'c> AcpSeat<'c> {
    /// `world` is the name of the case's world there, used by nobody else.
    pub fn new(client: &'c Client, world: String, clock: ClockMode) -> AcpSeat<'c> {
        let (worker, trouble) = match client.worker() {
            Ok(worker) => (Some(worker), None),
            Err(trouble) => (None, Some(trouble)),
        };
        let told = Timestamp::UNIX_EPOCH;
        AcpSeat { client, worker, world, cursor: None, told, real: None, clock, trouble }
    }

    /// What kept it from answering, if anything did: then the case says nothing.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Answers one call. After trouble the answers mean nothing and nobody is asked any more.
    pub fn answer(&mut self, now: Timestamp, call: Call) -> Reply {
        let nothing = nothing(&call);
        if self.worker.is_none() {
            return nothing;
        }
        self.wait(now);
        self.asked(now, call).unwrap_or_else(|trouble| {
            self.trouble = Some(trouble);
            // What is left of a connection in an unknown state is not used again.
            self.worker = None;
            nothing
        })
    }

    /// A program with real time is given it.
    fn wait(&mut self, now: Timestamp) {
        if self.clock != ClockMode::RealTime {
            return;
        }
        let (began, origin) = *self.real.get_or_insert((Instant::now(), now));
        let until = Duration::try_from(now.duration_since(origin)).unwrap_or_default();
        std::thread::sleep(until.saturating_sub(began.elapsed()));
    }

    fn asked(&mut self, now: Timestamp, call: Call) -> Result<Reply, Trouble> {
        match call {
            Call::SetUp(set_up) => {
                let set_up = WorldSetUp { clock: now, ..WorldSetUp::from(set_up) };
                let _: serde_json::Value = self.ask(Method::PUT, &[], &[], now, Some(&set_up))?;
                self.told = now;
                Ok(Reply::Ready)
            }
            Call::Receive(update) => {
                self.told = now;
                let receipt: Receipt =
                    self.ask(Method::POST, &["acp", "updates"], &[], now, Some(&Update::from(update)))?;
                Ok(Reply::Received(receipt.into()))
            }
            Call::Act(act) => {
                self.told = now;
                match self.ask::<_, Done>(Method::POST, &["acp", "actions"], &[], now, Some(&Act::from(act)))
                {
                    Ok(done) => Ok(Reply::Done(done.into())),
                    Err(Trouble::Problem(problem)) => refused(*problem).map(Reply::Refused),
                    Err(trouble) => Err(trouble),
                }
            }
            Call::Look(look) => {
                if now > self.told {
                    self.told = now;
                    let _: ClockShown = self.ask(Method::PUT, &["clock"], &[], now, Some(&Until { now }))?;
                }
                self.look(now, &look).map(Reply::Shown)
            }
        }
    }

    fn look(&mut self, now: Timestamp, look: &Look) -> Result<Shown, Trouble> {
        if *look == Look::Everything {
            self.cursor = None;
        }
        let limit = LARGEST_PAGE.to_string();
        let mut all = Shown::default();
        loop {
            let mut query = vec![("limit", limit.as_str())];
            let after = self.cursor.clone();
            query.extend(after.as_deref().map(|after| ("after", after)));
            let changes: RecordChanges =
                self.ask::<(), _>(Method::GET, &["acp", "changes"], &query, now, None)?;
            let more = changes.more;
            if more && self.cursor.as_ref() == Some(&changes.next) {
                return Err(Trouble::Asking(format!(
                    "{} says that there are more changes and gives none.",
                    self.client.address()
                )));
            }
            self.cursor = Some(changes.next.clone());
            let shown = changes.shown();
            all.records.extend(shown.records);
            all.gone.extend(shown.gone);
            (all.branches, all.parked) = (shown.branches, shown.parked);
            if !more {
                break;
            }
        }
        all.records.sort_by_key(|record| record.id);
        if *look == Look::Everything {
            all.gone.clear();
        }
        Ok(all)
    }

    fn ask<A: Serialize, B: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        now: Timestamp,
        body: Option<&A>,
    ) -> Result<B, Trouble> {
        let Some(worker) = &self.worker else {
            return Err(Trouble::Asking("nobody is asked any more".into()));
        };
        let path: Vec<&str> = ["v1", "worlds", &self.world].iter().chain(path).copied().collect();
        self.client.ask(worker, (method, &path, query), Some(now), body)
    }
}

impl Drop for AcpSeat<'_> {
    /// The world there has served its purpose. One that cannot be taken away harms nobody.
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            let path = ["v1", "worlds", self.world.as_str()];
            let _ =
                self.client.ask::<(), serde_json::Value>(&worker, (Method::DELETE, &path, &[]), None, None);
            self.client.give_back(worker);
        }
    }
}

/// A problem by which ACP refuses an action, as the refusal that it is. Any other is trouble.
fn refused(problem: Problem) -> Result<acp::Refusal, Trouble> {
    match problem.clause {
        Some(clause) if problem.kind == "urn:rehearse:problem:refused" => {
            let setting = problem.setting.map(Into::into);
            Ok(acp::Refusal { clause: clause.into(), why: problem.detail, setting })
        }
        _ => Err(Trouble::Problem(Box::new(problem))),
    }
}

/// An answer that says nothing.
fn nothing(call: &Call) -> Reply {
    match call {
        Call::SetUp(_) => Reply::Ready,
        Call::Receive(_) => Reply::Received(acp::Receipt::default()),
        Call::Act(_) => Reply::Refused(acp::Refusal {
            clause: Clause::Sync1,
            why: "The program in ACP's seat could not be asked.".into(),
            setting: None,
        }),
        Call::Look(_) => Reply::Shown(Shown::default()),
    }
}
