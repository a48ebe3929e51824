//! A foreign rostering system: what it is asked while a scenario runs, as data. The rostering systems of the world stay
//! as they are for when updates are due and under which numbers; who is in them and what they say of them is then the
//! foreign system's, and theirs stay empty.

use crate::world::World;
use feed::{ExternalId, Settings, Timestamp, Update, VisitId};
use rostering::{Command, Happened, Person, PlannedVisit, Refusal};
use scenario::Environment;

/// One thing that a foreign rostering system is asked. Environments go by their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfficeCall {
    /// Empty environments, whose branches follow as commands.
    SetUp {
        environments: Vec<Environment>,
        settings: Settings,
    },
    Command {
        environment: u8,
        command: Command,
    },
    Person {
        environment: u8,
        id: ExternalId,
    },
    Visit {
        environment: u8,
        id: VisitId,
    },
    /// An update of this kind, number and span is due: what does the system have to say in it?
    Fill(Box<Update>),
}

/// What answers an [`OfficeCall`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfficeReply {
    Ready,
    Commanded(Result<Happened, Refusal>),
    Person(Option<Box<Person>>),
    Visit(Option<Box<PlannedVisit>>),
    Filled(Box<Update>),
}

/// A foreign rostering system.
pub type Office<'c> = dyn FnMut(Timestamp, OfficeCall) -> OfficeReply + 'c;

impl World<'_> {
    fn ask_office(&mut self, call: OfficeCall) -> Option<OfficeReply> {
        let now = self.now;
        self.office.as_mut().map(|office| office(now, call))
    }

    pub(crate) fn set_up_office(&mut self) {
        if self.office.is_some() {
            let environments =
                self.case.environments.iter().map(|it| Environment { branches: Vec::new(), ..it.clone() });
            let (environments, settings) = (environments.collect(), self.case.settings);
            self.ask_office(OfficeCall::SetUp { environments, settings });
        }
    }

    pub(crate) fn command(&mut self, environment: u8, command: Command) -> Result<Happened, Refusal> {
        if self.office.is_none() {
            return self.rosterings[usize::from(environment)].handle(self.now, command);
        }
        match self.ask_office(OfficeCall::Command { environment, command }) {
            Some(OfficeReply::Commanded(result)) => result,
            _ => Ok(Happened::default()),
        }
    }

    pub(crate) fn person(&mut self, environment: u8, id: &ExternalId) -> Option<Person> {
        if self.office.is_none() {
            return self.rosterings[usize::from(environment)].person(id).cloned();
        }
        match self.ask_office(OfficeCall::Person { environment, id: id.clone() }) {
            Some(OfficeReply::Person(person)) => person.map(|it| *it),
            _ => None,
        }
    }

    pub(crate) fn visit(&mut self, environment: u8, id: &VisitId) -> Option<PlannedVisit> {
        if self.office.is_none() {
            return self.rosterings[usize::from(environment)].visit(id).cloned();
        }
        match self.ask_office(OfficeCall::Visit { environment, id: id.clone() }) {
            Some(OfficeReply::Visit(visit)) => visit.map(|it| *it),
            _ => None,
        }
    }

    /// The update with what the foreign system has to say, where there is one.
    pub(crate) fn filled(&mut self, update: Update) -> Update {
        if self.office.is_none() {
            return update;
        }
        match self.ask_office(OfficeCall::Fill(Box::new(update.clone()))) {
            Some(OfficeReply::Filled(update)) => *update,
            _ => update,
        }
    }
}
