//! The seat of ACP: somebody else's engine answers the calls of a case. Each case has a tenant of its own there, in a
//! world of its own, which is taken away afterwards.

use crate::{
    client::{Client, Trouble},
    pace::Pace,
    world::World,
};
use acp::{Call, Look, Reply, Shown};
use feed::{Clause, Timestamp};
use reqwest::Method;
use service::{
    LARGEST_PAGE, Problem,
    wire::{Act, ClockMode, ClockShown, Done, Receipt, RecordChanges, Until, Update, WorldSetUp},
};

/// One case's engine.
pub struct AcpSeat<'c> {
    world: World<'c>,
    /// After which changes have not been seen.
    cursor: Option<String>,
    /// The instant that it was told last.
    told: Timestamp,
    /// With real time.
    pace: Option<Pace>,
}

impl<'c> AcpSeat<'c> {
    /// `world` is the name of the case's world there, used by nobody else.
    pub fn new(client: &'c Client, world: String, clock: ClockMode) -> AcpSeat<'c> {
        let (world, told) = (World::new(client, world), Timestamp::UNIX_EPOCH);
        let pace = (clock == ClockMode::RealTime).then(Pace::default);
        AcpSeat { world, cursor: None, told, pace }
    }

    /// What kept it from answering, if anything did: then the case says nothing.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.world.trouble()
    }

    /// Answers one call. After trouble the answers mean nothing and nobody is asked any more.
    pub fn answer(&mut self, now: Timestamp, call: Call) -> Reply {
        let nothing = nothing(&call);
        if self.world.trouble().is_some() {
            return nothing;
        }
        if let Some(pace) = &mut self.pace {
            pace.wait(now);
        }
        self.asked(now, call).unwrap_or_else(|trouble| {
            self.world.give_up(trouble);
            nothing
        })
    }

    fn asked(&mut self, now: Timestamp, call: Call) -> Result<Reply, Trouble> {
        match call {
            Call::SetUp(set_up) => {
                let set_up = WorldSetUp { clock: now, ..WorldSetUp::from(set_up) };
                let _: serde_json::Value = self.world.ask(Method::PUT, &[], &[], now, Some(&set_up))?;
                self.told = now;
                Ok(Reply::Ready)
            }
            Call::Receive(update) => {
                self.told = now;
                let receipt: Receipt = self.world.ask(
                    Method::POST,
                    &["acp", "updates"],
                    &[],
                    now,
                    Some(&Update::from(update)),
                )?;
                Ok(Reply::Received(receipt.into()))
            }
            Call::Act(act) => {
                self.told = now;
                match self.world.ask::<_, Done>(
                    Method::POST,
                    &["acp", "actions"],
                    &[],
                    now,
                    Some(&Act::from(act)),
                ) {
                    Ok(done) => Ok(Reply::Done(done.into())),
                    Err(Trouble::Problem(problem)) => refused(*problem).map(Reply::Refused),
                    Err(trouble) => Err(trouble),
                }
            }
            Call::Look(look) => {
                if now > self.told {
                    self.told = now;
                    let _: ClockShown =
                        self.world.ask(Method::PUT, &["clock"], &[], now, Some(&Until { now }))?;
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
                self.world.ask::<(), _>(Method::GET, &["acp", "changes"], &query, now, None)?;
            let more = changes.more;
            let next = changes.next.clone();
            self.cursor = Some(if more { self.world.goes_on(after.as_deref(), next)? } else { next });
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
