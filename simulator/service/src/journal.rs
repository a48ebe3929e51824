//! What was asked of one world, in order, and nothing else: **a world is what the lines of its journal make of it**. A line
//! is never changed. Going back is a line too, so what was undone can be had again by its number.
//!
//! What a line says is held in memory only until it is done, where a store has it too: a sandbox of many weeks takes 32
//! bytes for a call. Knows nothing of files: what keeps the lines is the business of `store`.

use crate::{
    again::Again,
    sandbox::{Cannot, Sandbox},
    store::Shelf,
    wire::{Act, Command, Fault, NewCase, PersonPut, Update, Upsert, WorldSetUp},
    world::{Request, Response},
};
use feed::{ExternalId, Timestamp};
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use utoipa::ToSchema;

/// One line: what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// The world began, in the place of what was there before.
    SetUp(WorldSetUp),
    /// It began again as it was set up.
    Reset,
    /// Everything that was done after this instant was undone.
    BackTo(Timestamp),
    /// It became what it was after this line, whatever was undone since.
    BackToCall(u64),
    Call(Call),
}

/// What can change a world, as the wire has it. Environments go by their place, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Call {
    /// Nothing but that time passed.
    Pass,
    Rostering {
        environment: u8,
        command: Command,
    },
    PutServiceUser {
        environment: u8,
        id: String,
        put: PersonPut,
    },
    /// The integration was switched on or off.
    Switch {
        environment: u8,
        on: bool,
    },
    Receive(Update),
    Upsert {
        external_id: String,
        put: Upsert,
    },
    Act(Act),
    BeginFault(Fault),
    LiftFault(usize),
    RaiseCase(NewCase),
    CloseCase(u32),
}

impl From<Call> for Request {
    fn from(it: Call) -> Request {
        match it {
            Call::Pass => Request::Pass,
            Call::Rostering { environment, command } => {
                Request::Rostering { environment, command: command.into() }
            }
            Call::PutServiceUser { environment, id, put } => {
                Request::Put { environment, id: ExternalId::new(id), fields: put.fields.0, seen: put.version }
            }
            Call::Switch { environment, on } => Request::Switch { environment, on },
            Call::Receive(update) => Request::Receive(Box::new(update.into())),
            Call::Upsert { external_id, put } => {
                let user = crate::wire::ServiceUser {
                    external_id,
                    fields: put.fields,
                    requirements: put.requirements,
                };
                Request::Upsert {
                    user: Box::new(user.into()),
                    environment: put.environment,
                    sequence: put.sequence,
                }
            }
            Call::Act(act) => Request::Act(Box::new(act.into())),
            Call::BeginFault(fault) => Request::Begin(fault.into()),
            Call::LiftFault(number) => Request::Lift(number),
            Call::RaiseCase(case) => Request::RaiseCase(case),
            Call::CloseCase(number) => Request::CloseCase(number),
        }
    }
}

impl From<&Call> for Request {
    fn from(it: &Call) -> Request {
        match it {
            // It may be long, so its texts are not copied on the way.
            Call::Receive(update) => Request::Receive(Box::new(update.into())),
            it => it.clone().into(),
        }
    }
}

/// What a line does, as far as the others need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SetUp,
    Reset,
    /// To the instant of the line.
    BackTo,
    BackToCall(u32),
    Call,
}

impl From<&Entry> for Kind {
    fn from(it: &Entry) -> Kind {
        match it {
            Entry::SetUp(_) => Kind::SetUp,
            Entry::Reset => Kind::Reset,
            Entry::BackTo(_) => Kind::BackTo,
            Entry::BackToCall(number) => Kind::BackToCall(u32::try_from(*number).unwrap_or(u32::MAX)),
            Entry::Call(_) => Kind::Call,
        }
    }
}

/// A line, with the instant at which the world stood when it was done.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) kind: Kind,
    /// None: the store has it, and nobody has to wait for it.
    pub(crate) entry: Option<Arc<Entry>>,
}

/// A line that is to be done now, and who waits for it.
pub(crate) struct Next {
    pub(crate) at: Timestamp,
    pub(crate) entry: Arc<Entry>,
    pub(crate) done: Option<Done>,
}

/// Told when the line was done, with the world as it then is and before anything else is done in it.
pub(crate) type Done = Box<dyn FnOnce(&Sandbox, Result<Response, Cannot>) + Send>;

/// The lines of one world. Numbers of lines count from 1, without gaps.
#[derive(Default)]
pub(crate) struct Journal {
    lines: Vec<Line>,
    /// So many lines are kept; those after them are being written and may yet be taken back.
    kept: usize,
    /// The world was taken away.
    gone: bool,
    /// Who waits for which line, in order.
    waiting: VecDeque<(usize, Done)>,
    /// Where lines that were done can be read. None: they are all held here.
    shelf: Option<Shelf>,
}

impl Journal {
    pub(crate) fn new(shelf: Option<Shelf>) -> Journal {
        Journal { shelf, ..Journal::default() }
    }

    pub(crate) fn restored(lines: Vec<Line>, shelf: Shelf) -> Journal {
        Journal { kept: lines.len(), lines, ..Journal::new(Some(shelf)) }
    }

    /// The instant at which the line would be done, or why it cannot be. Nothing is written.
    pub(crate) fn admit(&self, now: Option<Timestamp>, entry: &Entry) -> Result<Timestamp, Cannot> {
        if self.gone {
            return Err(Cannot::Gone);
        }
        let last = self.lines.last().map(|line| line.at);
        match (entry, last) {
            (Entry::SetUp(set_up), _) => Ok(set_up.clock),
            (_, None) => Err(Cannot::Gone),
            (Entry::Reset, Some(_)) => Ok(self.past(self.lines.len()).began.at),
            (Entry::BackTo(to), Some(_)) if *to < self.past(self.lines.len()).began.at => {
                Err(Cannot::BeforeItBegan)
            }
            (Entry::BackTo(to), Some(last)) if *to > last => Err(Cannot::NotYet),
            (Entry::BackTo(to), Some(_)) => Ok(*to),
            (Entry::BackToCall(number), Some(_)) => usize::try_from(*number)
                .ok()
                .and_then(|number| self.lines.get(number.checked_sub(1)?))
                .map(|line| line.at)
                .ok_or(Cannot::NoSuchCall(self.lines.len())),
            (Entry::Call(_), Some(last)) => {
                let now = now.unwrap_or(last);
                if now < last { Err(Cannot::Past(last)) } else { Ok(now) }
            }
        }
    }

    /// Writes a line that may still be taken back. Gives its number.
    pub(crate) fn write(&mut self, at: Timestamp, entry: Arc<Entry>) -> usize {
        self.lines.push(Line { at, kind: Kind::from(&*entry), entry: Some(entry) });
        self.lines.len()
    }

    /// The line of this number, and those before it, will stay.
    pub(crate) fn keep(&mut self, number: usize, done: Done) {
        self.kept = number;
        self.waiting.push_back((number, done));
    }

    /// Takes back what was written and not kept.
    pub(crate) fn take_back(&mut self) {
        self.lines.truncate(self.kept);
    }

    pub(crate) fn go(&mut self) {
        self.gone = true;
    }

    /// The line after the first `n_done`, if it is kept, and who waits for it.
    pub(crate) fn next(&mut self, n_done: usize) -> Option<Next> {
        let line = self.lines[..self.kept].get_mut(n_done)?;
        let entry = if self.shelf.is_some() { line.entry.take() } else { line.entry.clone() };
        let at = line.at;
        let is_next = self.waiting.front().is_some_and(|(number, _)| *number == n_done + 1);
        let done = if is_next { self.waiting.pop_front() } else { None };
        let entry = entry.expect("a line is held until it is done");
        Some(Next { at, entry, done: done.map(|(_, done)| done) })
    }

    /// The lines that are kept.
    pub(crate) fn kept(&self) -> &[Line] {
        &self.lines[..self.kept]
    }

    /// How the world came to be what it is after the first `n` lines.
    pub(crate) fn past(&self, n: usize) -> Past {
        past(&self.lines, n)
    }

    /// The same, to be done once more.
    pub(crate) fn again(&self, n: usize) -> Again {
        let past = self.past(n);
        let held = self.held(past.steps.iter().map(|step| step.number));
        let began = self.held(std::iter::once(past.began.number)).pop().flatten();
        Again { past, began, held, shelf: self.shelf.clone() }
    }

    /// What these lines say, where that is held here.
    pub(crate) fn held(&self, numbers: impl Iterator<Item = usize>) -> Vec<Option<Arc<Entry>>> {
        numbers.map(|number| self.lines.get(number - 1)?.entry.clone()).collect()
    }

    pub(crate) fn shelf(&self) -> Option<Shelf> {
        self.shelf.clone()
    }
}

/// One line that made a world what it is: a call, or else time passed and no more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// The number of the line.
    pub(crate) number: usize,
    pub(crate) at: Timestamp,
}

/// A set-up and what was done since, without what was undone. Numbers go up.
pub(crate) struct Past {
    pub(crate) began: Step,
    pub(crate) steps: Vec<Step>,
}

impl Past {
    /// Of the lines that stand, in order.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        std::iter::once(&self.began).chain(&self.steps).map(|step| step.number).collect()
    }
}

/// Goes through the lines backwards from the n-th: a line that goes back to another leads on from there, and one that
/// goes back to an instant leaves out what came after that instant.
///
/// # Panics
/// For no lines at all: the first line of every journal sets the world up.
fn past(lines: &[Line], n: usize) -> Past {
    let mut steps = Vec::new();
    let mut n = n.min(lines.len());
    let (mut until, mut is_reset) = (Timestamp::MAX, false);
    let began = loop {
        let line = n.checked_sub(1).and_then(|idx| lines.get(idx)).expect("the first line sets the world up");
        let counts = !is_reset && line.at <= until;
        let step = Step { number: n, at: line.at };
        n -= 1;
        match line.kind {
            Kind::SetUp => break step,
            Kind::Reset => is_reset = true,
            Kind::BackToCall(number) => n = usize::try_from(number).unwrap_or(0).min(n),
            Kind::BackTo | Kind::Call => {
                steps.extend(counts.then_some(step));
                if line.kind == Kind::BackTo {
                    until = until.min(line.at);
                }
            }
        }
    };
    steps.reverse();
    Past { began, steps }
}

/// A panic elsewhere does no harm to a journal: each change of it is one step.
pub(crate) fn hold(journal: &Mutex<Journal>) -> std::sync::MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
