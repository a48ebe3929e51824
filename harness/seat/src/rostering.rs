//! The seat of the rostering system: somebody else's system, or a small adapter before it, is told what an administrator
//! does and shows who is in it. What it has to say goes to ACP by our own way, every 15 and every 1440 minutes.

use crate::{
    client::{Client, Trouble},
    pace::Pace,
    world::World,
};
use feed::{PartialCarries, Settings, Text, Timestamp, Update, UpdateKind};
use reqwest::Method;
use runner::{OfficeCall, OfficeReply};
use scenario::Environment;
use serde::de::DeserializeOwned;
use service::{
    LARGEST_PAGE, Problem,
    wire::{
        ClockMode, ClockShown, Command, EnvironmentSetUp, EnvironmentShown, Happened, Person,
        RosteringChanges, ServiceUsers, Until, Visits, WorldSetUp,
    },
};
use std::collections::BTreeMap;

/// One case's rostering system.
pub struct RosteringSeat<'c> {
    world: World<'c>,
    environments: Vec<Told>,
    told: Timestamp,
    /// With real time.
    pace: Option<Pace>,
}

/// What is remembered of an environment.
struct Told {
    name: String,
    /// When the last update was made of it.
    sent_at: Option<Timestamp>,
    /// After which its changes have not been sent.
    changes: Option<String>,
    carries: PartialCarries,
}

impl<'c> RosteringSeat<'c> {
    /// `world` is the name of the case's world there, used by nobody else.
    pub fn new(client: &'c Client, world: String, clock: ClockMode) -> RosteringSeat<'c> {
        let (world, told) = (World::new(client, world), Timestamp::UNIX_EPOCH);
        let pace = (clock == ClockMode::RealTime).then(Pace::default);
        RosteringSeat { world, environments: Vec::new(), told, pace }
    }

    /// What kept it from answering, if anything did: then the case says nothing.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.world.trouble()
    }

    /// Answers one call. After trouble the answers mean nothing and nobody is asked any more.
    pub fn answer(&mut self, now: Timestamp, call: OfficeCall) -> OfficeReply {
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

    fn asked(&mut self, now: Timestamp, call: OfficeCall) -> Result<OfficeReply, Trouble> {
        Ok(match call {
            OfficeCall::SetUp { environments, settings } => {
                self.set_up(now, &environments, settings)?;
                OfficeReply::Ready
            }
            OfficeCall::Command { environment, command } => {
                self.told = now;
                let path = ["rostering", &self.environment(environment)?.name, "commands"];
                match self.world.ask::<_, Happened>(
                    Method::POST,
                    &path,
                    &[],
                    now,
                    Some(&Command::from(command)),
                ) {
                    Ok(happened) => OfficeReply::Commanded(Ok(happened.into())),
                    Err(Trouble::Problem(problem)) => OfficeReply::Commanded(Err(refused(*problem)?)),
                    Err(trouble) => return Err(trouble),
                }
            }
            OfficeCall::Person { environment, id } => {
                let path = ["rostering", &self.environment(environment)?.name, "service-users"];
                let found: ServiceUsers =
                    self.world.ask::<(), _>(Method::GET, &path, &[("id", id.as_str())], now, None)?;
                OfficeReply::Person(found.service_users.into_iter().next().map(|it| Box::new(it.into())))
            }
            OfficeCall::Visit { environment, id } => {
                let path = ["rostering", &self.environment(environment)?.name, "visits"];
                let found: Visits =
                    self.world.ask::<(), _>(Method::GET, &path, &[("id", id.as_str())], now, None)?;
                OfficeReply::Visit(found.visits.into_iter().next().map(|it| Box::new(it.into())))
            }
            OfficeCall::Fill(update) => OfficeReply::Filled(Box::new(self.fill(now, *update)?)),
        })
    }

    fn set_up(
        &mut self,
        now: Timestamp,
        environments: &[Environment],
        settings: Settings,
    ) -> Result<(), Trouble> {
        let name = |n: usize| format!("environment-{n}");
        let set_up = WorldSetUp {
            clock: now,
            seed: 1,
            settings: settings.into(),
            services: Vec::new(),
            records: Vec::new(),
            environments: environments
                .iter()
                .enumerate()
                .map(|(n, it)| EnvironmentSetUp {
                    name: name(n),
                    system: it.system.into(),
                    prefix: it.prefix.as_ref().map(Text::to_string),
                    branches: it.branches.iter().map(Text::to_string).collect(),
                    live: false,
                })
                .collect(),
        };
        let told =
            |n| Told { name: name(n), sent_at: None, changes: None, carries: settings.partial_carries };
        self.environments = (0..environments.len()).map(told).collect();
        self.told = now;
        let _: serde_json::Value = self.world.ask(Method::PUT, &[], &[], now, Some(&set_up))?;
        Ok(())
    }

    fn environment(&self, number: u8) -> Result<&Told, Trouble> {
        let told = self.environments.get(usize::from(number));
        told.ok_or_else(|| Trouble::Asking(format!("There is no environment {number}.")))
    }

    /// What the system has to say in an update that is due.
    fn fill(&mut self, now: Timestamp, mut update: Update) -> Result<Update, Trouble> {
        if now > self.told {
            self.told = now;
            let _: ClockShown = self.world.ask(Method::PUT, &["clock"], &[], now, Some(&Until { now }))?;
        }
        let told = self.environment(update.environment)?;
        let name = told.name.clone();
        let path = ["rostering", name.as_str()];
        let shown: EnvironmentShown = self.world.ask::<(), _>(Method::GET, &path, &[], now, None)?;
        update.branches = shown.branches_as_sent.into_iter().map(Text::from).collect();
        let since = told.sent_at.unwrap_or(now).to_string();
        let which: Vec<(&str, &str)> = match update.kind {
            UpdateKind::Full => Vec::new(),
            UpdateKind::Partial => vec![("near_term_since", since.as_str())],
        };
        let mut people: BTreeMap<String, Person> = BTreeMap::new();
        let path = ["rostering", name.as_str(), "service-users"];
        self.pages(&path, &which, now, |page: ServiceUsers| {
            people.extend(page.service_users.into_iter().map(|it| (it.id.clone(), it)));
            page.next
        })?;
        if told.carries == PartialCarries::EveryChange {
            let changes = self.changes(&name, told.changes.clone(), now, &mut people)?;
            self.environments[usize::from(update.environment)].changes = changes;
        }
        update.service_users = people.into_values().map(|it| it.as_sent.into()).collect();
        let (from, until) = (now.to_string(), update.visits_until.to_string());
        let span = [("from", from.as_str()), ("until", until.as_str()), ("standing", "true")];
        let path = ["rostering", name.as_str(), "visits"];
        update.visits.clear();
        self.pages(&path, &span, now, |page: Visits| {
            update.visits.extend(page.visits.into_iter().filter_map(|it| Some(it.as_sent?.into())));
            page.next
        })?;
        self.environments[usize::from(update.environment)].sent_at = Some(now);
        Ok(update)
    }

    /// Everybody who changed after the cursor, and the cursor after that.
    fn changes(
        &self,
        name: &str,
        mut after: Option<String>,
        now: Timestamp,
        people: &mut BTreeMap<String, Person>,
    ) -> Result<Option<String>, Trouble> {
        let limit = LARGEST_PAGE.to_string();
        loop {
            let mut query = vec![("limit", limit.as_str())];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let path = ["rostering", name, "changes"];
            let page: RosteringChanges = self.world.ask::<(), _>(Method::GET, &path, &query, now, None)?;
            people.extend(page.service_users.into_iter().map(|it| (it.id.clone(), it)));
            if !page.more {
                return Ok(Some(page.next));
            }
            after = Some(self.world.goes_on(after.as_deref(), page.next)?);
        }
    }

    /// Every page of a list; `take` gives the next cursor.
    fn pages<T: DeserializeOwned>(
        &self,
        path: &[&str],
        which: &[(&str, &str)],
        now: Timestamp,
        mut take: impl FnMut(T) -> Option<String>,
    ) -> Result<(), Trouble> {
        let limit = LARGEST_PAGE.to_string();
        let mut after: Option<String> = None;
        loop {
            let mut query = vec![("limit", limit.as_str())];
            query.extend(which);
            query.extend(after.as_deref().map(|after| ("after", after)));
            let Some(next) = take(self.world.ask::<(), T>(Method::GET, path, &query, now, None)?) else {
                return Ok(());
            };
            after = Some(self.world.goes_on(after.as_deref(), next)?);
        }
    }
}

/// A problem by which the system refuses a command, as the refusal that it is. Any other is trouble.
fn refused(problem: Problem) -> Result<::rostering::Refusal, Trouble> {
    if problem.kind == "urn:rehearse:problem:refused" {
        return Ok(::rostering::Refusal { why: problem.detail, clause: problem.clause.map(Into::into) });
    }
    Err(Trouble::Problem(Box::new(problem)))
}

/// An answer that says nothing.
fn nothing(call: &OfficeCall) -> OfficeReply {
    match call {
        OfficeCall::SetUp { .. } => OfficeReply::Ready,
        OfficeCall::Command { .. } => OfficeReply::Commanded(Ok(::rostering::Happened::default())),
        OfficeCall::Person { .. } => OfficeReply::Person(None),
        OfficeCall::Visit { .. } => OfficeReply::Visit(None),
        OfficeCall::Fill(update) => OfficeReply::Filled(update.clone()),
    }
}
