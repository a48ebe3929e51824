//! How hard a search looked: what took place, what went wrong on the way, and how often each invariant had something to
//! say. Counts and judges nothing.

use crate::relations::RELATIONS;
use acp::Action;
use rostering::Command;
use runner::{Examined, Hit, INVARIANTS, Trace, What};
use std::collections::{BTreeMap, BTreeSet};

/// Adds up: of one history, of a search, of several searches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub n_histories: u64,
    /// A step is one action or one delivery.
    pub n_steps: u64,
    /// By what was done: how often it took place, and how often it was refused.
    pub actions: BTreeMap<String, Done>,
    /// By fault of the link: how many deliveries it struck.
    pub faults: BTreeMap<String, u64>,
    /// By action and fault: histories in which both took place.
    pub pairs: BTreeMap<String, u64>,
    /// By code of an invariant.
    pub invariants: BTreeMap<String, Armed>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub n_done: u64,
    pub n_refused: u64,
}

/// How often the premise of an invariant was true, and how often it stood within a second of its limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Armed {
    pub n_armed: u64,
    pub n_at_edge: u64,
}

impl Tally {
    /// Of one history.
    pub(crate) fn of(n_actions: usize, trace: &Trace, examined: &Examined) -> Tally {
        let n_actions = u64::try_from(n_actions).unwrap_or(u64::MAX);
        let mut tally = Tally { n_histories: 1, n_steps: n_actions + trace.n_received, ..Tally::default() };
        for event in &trace.events {
            let (name, is_done) = match &event.what {
                What::Rostering { command, result, .. } => (command_name(command), result.is_ok()),
                What::Acp { act, result } => (action_name(&act.action), result.is_ok()),
                What::Fault { hit, .. } => {
                    *tally.faults.entry(hit_name(hit).to_owned()).or_default() += 1;
                    continue;
                }
                _ => continue,
            };
            let done = match tally.actions.get_mut(name) {
                Some(done) => done,
                None => tally.actions.entry(name.to_owned()).or_default(),
            };
            done.n_done += u64::from(is_done);
            done.n_refused += u64::from(!is_done);
        }
        let faults: BTreeSet<&String> = tally.faults.keys().collect();
        for action in tally.actions.iter().filter(|(_, done)| done.n_done > 0).map(|(name, _)| name) {
            for fault in &faults {
                tally.pairs.insert(format!("{action} + {fault}"), 1);
            }
        }
        for (code, n_armed, n_at_edge) in examined.armed() {
            tally.invariants.insert(code.to_owned(), Armed { n_armed, n_at_edge });
        }
        tally
    }

    pub fn add(&mut self, other: &Tally) {
        self.n_histories += other.n_histories;
        self.n_steps += other.n_steps;
        for (name, done) in &other.actions {
            let sum = self.actions.entry(name.clone()).or_default();
            sum.n_done += done.n_done;
            sum.n_refused += done.n_refused;
        }
        add(&mut self.faults, &other.faults);
        add(&mut self.pairs, &other.pairs);
        for (code, armed) in &other.invariants {
            let sum = self.invariants.entry(code.clone()).or_default();
            sum.n_armed += armed.n_armed;
            sum.n_at_edge += armed.n_at_edge;
        }
    }

    /// Codes of invariants that never had anything to say: nothing is known of them.
    pub fn never_armed(&self) -> Vec<&'static str> {
        let is_armed = |code: &str| self.invariants.get(code).is_some_and(|armed| armed.n_armed > 0);
        let codes = INVARIANTS.iter().map(|it| it.code).chain(RELATIONS.iter().map(|it| it.code));
        codes.filter(|code| !is_armed(code)).collect()
    }
}

fn add(sums: &mut BTreeMap<String, u64>, others: &BTreeMap<String, u64>) {
    for (name, n) in others {
        *sums.entry(name.clone()).or_default() += n;
    }
}

const fn command_name(command: &Command) -> &'static str {
    match command {
        Command::AddServiceUser { .. } => "add service user",
        Command::Edit { .. } => "edit in rostering",
        Command::StopSending { .. } => "stop sending",
        Command::Save { .. } => "save nothing changed",
        Command::ChangeId { .. } => "change id",
        Command::Terminate { .. } => "terminate",
        Command::Reinstate { .. } => "reinstate",
        Command::Suspend { .. } => "suspend",
        Command::EndSuspension { .. } => "end suspension",
        Command::Delete { .. } => "delete service user",
        Command::PlanVisit { .. } => "plan visit",
        Command::MoveVisit { .. } => "move visit",
        Command::CancelVisit { .. } => "cancel visit",
        Command::RestoreVisit { .. } => "restore visit",
        Command::RelinkVisit { .. } => "give visit away",
        Command::DeleteVisit { .. } => "delete visit",
        Command::AddBranch { .. } => "add branch in rostering",
        Command::RenameBranch { .. } => "rename branch in rostering",
        Command::AddOrder { .. } => "add service order",
        Command::SetOrderService { .. } => "set service of order",
        Command::AddRequirement { .. } => "add requirement",
        Command::DeleteOrder { .. } => "delete service order",
        Command::DeleteRequirement { .. } => "delete requirement",
    }
}

const fn action_name(action: &Action) -> &'static str {
    match action {
        Action::Create(_) => "create record",
        Action::Edit { .. } => "edit in ACP",
        Action::SetExternalId { .. } => "set external id",
        Action::GrantRole { .. } => "grant role",
        Action::RevokeRole { .. } => "revoke role",
        Action::AddCare { .. } => "add care",
        Action::AddActivity { .. } => "add activity",
        Action::CompleteVisit { .. } => "complete visit",
        Action::AddBranch { .. } => "add branch in ACP",
        Action::RenameBranch { .. } => "rename branch in ACP",
        Action::Deactivate { .. } => "deactivate",
        Action::Reactivate { .. } => "reactivate",
        Action::Archive { .. } => "archive",
        Action::Unarchive { .. } => "unarchive",
        Action::Delete { .. } => "delete record",
        Action::Move { .. } => "move",
        Action::Merge { .. } => "merge",
        Action::Datafix { .. } => "datafix",
    }
}

const fn hit_name(hit: &Hit) -> &'static str {
    match hit {
        Hit::Lost => "lose",
        Hit::Delayed(_) => "delay",
        Hit::Repeated { .. } => "repeat",
        Hit::HeldBack => "reorder",
        Hit::Cut { .. } => "cut",
        Hit::Down { .. } => "down",
        Hit::Refused { .. } => "refuse",
        Hit::Poisoned => "poison",
    }
}
