//! The reference engine with one fault around it. Knows the kinds of fault, not one of them by itself.

use crate::{Fault, shelf::Way};
use acp::{
    Acp, Act, Action, Actor, Call, Decision, Look, Outcome, Receipt, Record, RecordId, Refusal, Reply, Shown,
};
use feed::{Clause, ExternalId, ServiceUser, Text, Timestamp, Update};
use std::collections::{BTreeMap, BTreeSet};

/// Stands behind an identifier that is to lead nowhere although there is a record. No report ever shows it.
const STRANGER: char = '\u{2060}';

pub struct Engine {
    fault: &'static Fault,
    inside: Inside,
    /// Updates that a slow engine has not taken in yet, and when it will.
    waiting: Vec<(Timestamp, Update)>,
}

/// The engine and what a fault may look at.
pub(crate) struct Inside {
    acp: Acp,
    pub(crate) now: Timestamp,
    /// Every record as it was last shown.
    pub(crate) records: BTreeMap<RecordId, Record>,
    leads: BTreeMap<ExternalId, RecordId>,
    /// Branch and service.
    pub(crate) branches: Vec<(Text, Text)>,
    /// Environment and number of every update that came before this one.
    pub(crate) heard: BTreeSet<(u8, u32)>,
    /// Branches that somebody renamed in ACP: from, to.
    pub(crate) renamed: Vec<(Text, Text)>,
}

impl Engine {
    pub fn with(fault: &'static Fault) -> Engine {
        let inside = Inside {
            acp: Acp::default(),
            now: Timestamp::MIN,
            records: BTreeMap::new(),
            leads: BTreeMap::new(),
            branches: Vec::new(),
            heard: BTreeSet::new(),
            renamed: Vec::new(),
        };
        Engine { fault, inside, waiting: Vec::new() }
    }

    /// As [`Acp::answer`], wrong in one way.
    pub fn answer(&mut self, now: Timestamp, call: Call) -> Reply {
        self.take_in_what_waited(now);
        self.inside.now = now;
        let mut reply = match call {
            Call::SetUp(mut set_up) => {
                if let Way::Reads(reads) = self.fault.way {
                    reads(&mut set_up.settings);
                }
                self.inside.acp.answer(now, Call::SetUp(set_up))
            }
            Call::Receive(update) => Reply::Received(self.receive(now, update)),
            Call::Act(act) => self.act(now, act),
            Call::Look(look) => self.inside.acp.answer(now, Call::Look(look)),
        };
        if let Reply::Shown(shown) = &mut reply {
            self.show(shown);
        }
        reply
    }

    fn receive(&mut self, now: Timestamp, update: Update) -> Receipt {
        let number = (update.environment, update.sequence);
        let receipt = match self.fault.way {
            Way::Late(by) => {
                self.waiting.push((now.checked_add(by).unwrap_or(now), update));
                Receipt::default()
            }
            Way::Hears(change) => {
                let mut heard = update;
                change(&mut self.inside, &mut heard);
                self.inside.take_in(heard)
            }
            Way::Adds(adds) => {
                let receipt = self.inside.take_in(update.clone());
                adds(&mut self.inside, &update, &receipt);
                receipt
            }
            _ => self.inside.take_in(update),
        };
        self.inside.heard.insert(number);
        receipt
    }

    fn take_in_what_waited(&mut self, now: Timestamp) {
        for (at, update) in std::mem::take(&mut self.waiting) {
            if at <= now {
                self.inside.take_in(update);
            } else {
                self.waiting.push((at, update));
            }
        }
    }

    fn act(&mut self, now: Timestamp, mut act: Act) -> Reply {
        let asked = act.clone();
        match self.fault.way {
            Way::Asked(changes) => changes(&self.inside, &mut act),
            Way::Ignores(ignores) if ignores(&act) => return Reply::Done(acp::Done::default()),
            Way::Refuses(refuses) if refuses(&act) => return Reply::Refused(refusal()),
            Way::DoesAllTheSame(is_it) if is_it(&act) => {
                let reply = self.inside.acp.answer(now, Call::Act(act.clone()));
                if matches!(reply, Reply::Refused(_)) {
                    self.inside.act(Actor::Support, act.action);
                }
                return reply;
            }
            _ => {}
        }
        if let Action::RenameBranch { from, to } = &act.action {
            self.inside.renamed.push((from.clone(), to.clone()));
        }
        let mut reply = self.inside.acp.answer(now, Call::Act(act));
        if let Way::Answers(answers) = self.fault.way {
            answers(&asked, &mut reply);
        }
        reply
    }

    fn show(&mut self, shown: &mut Shown) {
        for record in &mut shown.records {
            if let Some(id) = &record.external_id {
                record.external_id = Some(plain(id));
            }
            if let Way::Shows(shows) = self.fault.way {
                shows(record);
            }
        }
        self.inside.saw(shown);
    }
}

fn refusal() -> Refusal {
    Refusal { clause: Clause::Sync3, why: "This was refused.".to_owned(), setting: None }
}

fn plain(id: &ExternalId) -> ExternalId {
    ExternalId::new(id.as_str().trim_end_matches(STRANGER))
}

impl Inside {
    fn take_in(&mut self, update: Update) -> Receipt {
        let Reply::Received(mut receipt) = self.acp.answer(self.now, Call::Receive(update)) else {
            return Receipt::default();
        };
        for Decision { external_id, .. } in &mut receipt.decisions {
            *external_id = plain(external_id);
        }
        receipt
    }

    fn saw(&mut self, shown: &Shown) {
        self.branches.clone_from(&shown.branches);
        for id in &shown.gone {
            self.records.remove(id);
        }
        for record in &shown.records {
            for id in record.external_id.iter().chain(&record.aliases) {
                let known = self.leads.entry(id.clone()).or_insert(record.id);
                if self.records.get(known).is_none_or(|it| it.merged_into.is_some()) {
                    *known = record.id;
                }
            }
            self.records.insert(record.id, record.clone());
        }
    }

    /// The record that an identifier led to when somebody last looked.
    pub(crate) fn of(&self, id: &ExternalId) -> Option<&Record> {
        let record = self.records.get(self.leads.get(id)?)?;
        let has_it = record.external_id.as_ref() == Some(id) || record.aliases.contains(id);
        (has_it && record.merged_into.is_none()).then_some(record)
    }

    /// Whoever has a record is taken for somebody new where `is_new` says so.
    pub(crate) fn estrange(&self, update: &mut Update, is_new: impl Fn(&Record, &ServiceUser) -> bool) {
        for user in &mut update.service_users {
            if self.of(&user.external_id).is_some_and(|record| is_new(record, user)) {
                user.external_id = stranger(&user.external_id);
            }
        }
    }

    /// Whoever has no record is taken for somebody who has, where `same` says so. Visits go along.
    pub(crate) fn confuse(&self, update: &mut Update, same: impl Fn(&Record, &ServiceUser) -> bool) {
        let mut taken_for: BTreeMap<ExternalId, ExternalId> = BTreeMap::new();
        for user in &mut update.service_users {
            if self.of(&user.external_id).is_some() {
                continue;
            }
            let mut live = self.records.values().filter(|record| record.merged_into.is_none());
            let found = live.find(|record| record.external_id.is_some() && same(record, user));
            if let Some(id) = found.and_then(|record| record.external_id.clone()) {
                taken_for.insert(user.external_id.clone(), id.clone());
                user.external_id = id;
            }
        }
        for visit in &mut update.visits {
            if let Some(id) = taken_for.get(&visit.service_user) {
                visit.service_user = id.clone();
            }
        }
    }

    /// Somebody does something behind everybody's back. What is refused is not done.
    pub(crate) fn act(&mut self, by: Actor, action: Action) {
        self.acp.answer(self.now, Call::Act(Act { by, action }));
    }

    /// One record as it is at this instant.
    pub(crate) fn look_at(&mut self, id: RecordId) -> Option<Record> {
        let Reply::Shown(shown) = self.acp.answer(self.now, Call::Look(Look::Everything)) else {
            return None;
        };
        shown.records.into_iter().find(|record| record.id == id)
    }

    /// Takes in an update that nobody sent.
    pub(crate) fn invent(&mut self, update: Update) {
        self.take_in(update);
    }
}

/// An identifier that leads elsewhere, and looks the same.
pub(crate) fn stranger(id: &ExternalId) -> ExternalId {
    ExternalId::new(format!("{id}{STRANGER}"))
}

/// Those whom an update reached, each with the record.
pub(crate) fn reached<'a>(
    update: &'a Update,
    receipt: &'a Receipt,
) -> impl Iterator<Item = (&'a ServiceUser, &'a Outcome, RecordId)> {
    update.service_users.iter().zip(&receipt.decisions).filter_map(|(user, decision)| {
        let record = match decision.outcome {
            Outcome::Created { record, .. } | Outcome::Matched { record, .. } | Outcome::Older(record) => {
                record
            }
            Outcome::Refused(_) | Outcome::NotCreated => return None,
        };
        Some((user, &decision.outcome, record))
    })
}
