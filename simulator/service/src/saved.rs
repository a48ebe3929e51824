//! What was done in a world and what came of it, for whoever writes that down elsewhere. Does everything that stands in the
//! journal once more, on a world of its own.

use crate::{
    again::{Again, Lost},
    events::Holds,
    journal::{Call, hold},
    sandbox::Sandbox,
    store::{StoreError, journals},
    wire::{Fault, WorldSetUp},
    world::{Response, What, World},
};
use acp::{Outcome, Record};
use feed::{Clause, Timestamp};
use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

/// A world with its past: what was undone is not in it.
pub struct Saved {
    pub world: String,
    pub set_up: WorldSetUp,
    pub steps: Vec<SavedStep>,
    /// Where the clock stands.
    pub now: Timestamp,
    /// In the order in which they were made.
    pub records: Vec<Record>,
    /// Every fault that was switched on, in order.
    pub faults: Vec<SavedFault>,
    /// Clauses that decided something on the way.
    pub clauses: BTreeSet<Clause>,
}

/// Something that was asked, and what came of it.
pub struct SavedStep {
    /// Of the call, as /calls has it.
    pub number: usize,
    pub at: Timestamp,
    pub call: Call,
    pub came: Came,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    Done,
    /// A service user was put who was not there yet.
    Added,
    Refused {
        clause: Option<Clause>,
        why: String,
    },
    /// There was nothing to do it to.
    Nothing,
}

pub struct SavedFault {
    pub fault: Fault,
    pub began_at: Timestamp,
    /// When it was switched off by hand.
    pub lifted_at: Option<Timestamp>,
    pub n_fired: u32,
}

/// How a program that knows scenarios writes such a world down, or why it cannot.
pub type Writes = fn(&Saved) -> Result<String, String>;

/// A world of a store, which may be in use. None: it has no such world.
pub fn saved(path: &Path, world: &str) -> Result<Option<Saved>, StoreError> {
    let found = journals(path)?.into_iter().find(|(_, name, _)| name == world);
    let Some((_, name, journal)) = found else { return Ok(None) };
    let broken = || StoreError::Damaged(format!("a call of world {name:?} cannot be done again"));
    done_again(&name, journal.again(journal.kept().len())).map(Some).ok_or_else(broken)
}

pub(crate) fn of_sandbox(sandbox: &Sandbox) -> Option<Saved> {
    // What is written meanwhile does not wait for it.
    let again = {
        let journal = hold(&sandbox.journal);
        journal.again(journal.kept().len())
    };
    done_again(&sandbox.name, again)
}

/// None: a call cannot be done again, which is a fault of ours, or not be read any more.
fn done_again(name: &str, again: Again) -> Option<Saved> {
    catch_unwind(AssertUnwindSafe(|| played(name, again))).ok()?.ok()
}

fn played(name: &str, again: Again) -> Result<Saved, Lost> {
    let set_up = again.set_up()?;
    let mut world = World::holding(set_up.clone().into(), Holds::All);
    let mut clauses = BTreeSet::new();
    let mut faults: Vec<SavedFault> = Vec::new();
    let mut steps = Vec::new();
    again.each(|step, call| {
        let response = world.call(step.at, call.into());
        world.events.take().for_each(|event| decided(&event.what, &mut clauses));
        match call {
            Call::BeginFault(fault) => faults.push(SavedFault {
                fault: fault.clone(),
                began_at: step.at,
                lifted_at: None,
                n_fired: 0,
            }),
            Call::LiftFault(number) => {
                if let Some(fault) = faults.get_mut(*number) {
                    fault.lifted_at.get_or_insert(step.at);
                }
            }
            _ => {}
        }
        steps.push(SavedStep { number: step.number, at: step.at, call: call.clone(), came: came(response) });
    })?;
    for (fault, (_, n_fired)) in faults.iter_mut().zip(world.link.faults()) {
        fault.n_fired = n_fired;
    }
    Ok(Saved {
        world: name.to_owned(),
        set_up,
        steps,
        now: world.now(),
        records: world.mirror.records.values().cloned().collect(),
        faults,
        clauses,
    })
}

fn came(response: Response) -> Came {
    match response {
        Response::Rostering(Err(refusal)) | Response::Put { result: Err(refusal), .. } => {
            Came::Refused { clause: refusal.clause, why: refusal.why }
        }
        Response::Acted(Err(refusal)) => Came::Refused { clause: Some(refusal.clause), why: refusal.why },
        Response::Put { added: true, .. } => Came::Added,
        Response::NoSuch | Response::Stale(_) | Response::Past => Came::Nothing,
        _ => Came::Done,
    }
}

/// SYNC-5 for a record that an update made, SYNC-4 for one that it found, and what decided each change and refusal.
fn decided(what: &What, clauses: &mut BTreeSet<Clause>) {
    match what {
        What::Arrived { receipt, .. } => {
            for decision in &receipt.decisions {
                match &decision.outcome {
                    Outcome::Created { .. } => drop(clauses.insert(Clause::Sync5)),
                    Outcome::Matched { changes, .. } => {
                        clauses.insert(Clause::Sync4);
                        clauses.extend(changes.iter().map(|change| change.clause));
                    }
                    Outcome::Refused(refusal) => drop(clauses.insert(refusal.clause)),
                    Outcome::Older(_) | Outcome::NotCreated => {}
                }
            }
        }
        What::Acted { refused: Some(refusal), .. } => drop(clauses.insert(refusal.clause)),
        _ => {}
    }
}
