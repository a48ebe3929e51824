//! The shelf: every planted fault, family by family, each with its name and what it does in one sentence.

mod cases;
mod creation;
mod delivery;
mod duplicates;
mod matching;
mod moves;
mod ownership;
mod permissions;
mod statuses;
mod timing;
mod visits;

use crate::engine::Inside;
use acp::{Act, Receipt, Record, Reply};
use feed::{Settings, Update};
use jiff::SignedDuration;
use runner::Between;

/// What a fault is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Matching,
    Creation,
    Ownership,
    Timing,
    ClockChanges,
    Moves,
    Branches,
    Duplicates,
    Permissions,
    Statuses,
    Visits,
    Cases,
    Delivery,
    Order,
}

impl Family {
    pub const ALL: &'static [Family] = &[
        Family::Matching,
        Family::Creation,
        Family::Ownership,
        Family::Timing,
        Family::ClockChanges,
        Family::Moves,
        Family::Branches,
        Family::Duplicates,
        Family::Permissions,
        Family::Statuses,
        Family::Visits,
        Family::Cases,
        Family::Delivery,
        Family::Order,
    ];

    pub const fn text(self) -> &'static str {
        match self {
            Family::Matching => "matching",
            Family::Creation => "creation",
            Family::Ownership => "ownership",
            Family::Timing => "timing",
            Family::ClockChanges => "clock changes",
            Family::Moves => "moves",
            Family::Branches => "branches",
            Family::Duplicates => "duplicates",
            Family::Permissions => "permissions",
            Family::Statuses => "statuses",
            Family::Visits => "visits",
            Family::Cases => "cases and guidance",
            Family::Delivery => "delivery",
            Family::Order => "order",
        }
    }
}

/// One way of being wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Unique on the shelf; small letters and hyphens.
    pub name: &'static str,
    pub family: Family,
    /// What is wrong, in one sentence.
    pub says: &'static str,
    pub(crate) way: Way,
}

/// Where a fault stands and what it does there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// The engine is set up with another reading than the scenario asks for.
    Reads(fn(&mut Settings)),
    /// An update is not what was sent by the time that the engine hears it.
    Hears(fn(&mut Inside, &mut Update)),
    /// Every update is taken in this much later. The engine looks only when it is asked something.
    Late(SignedDuration),
    /// After an update the engine does something more.
    Adds(fn(&mut Inside, &Update, &Receipt)),
    /// What somebody asks for is taken for something else.
    Asked(fn(&Inside, &mut Act)),
    /// This is answered as done, and not done.
    Ignores(fn(&Act) -> bool),
    /// This is refused although nothing stands against it.
    Refuses(fn(&Act) -> bool),
    /// Where this is refused, it is done all the same.
    DoesAllTheSame(fn(&Act) -> bool),
    /// The answer to an action is not what came of it.
    Answers(fn(&Act, &mut Reply)),
    /// A record is not what it was by the time that somebody looks.
    Shows(fn(&mut Record)),
    /// A rostering system or guidance is wrong.
    Between(Between),
}

impl Fault {
    pub(crate) const fn new(family: Family, name: &'static str, says: &'static str, way: Way) -> Fault {
        Fault { name, family, says, way }
    }

    /// Who stands in between; nobody, where the fault is in the engine.
    pub fn between(&self) -> Between {
        match self.way {
            Way::Between(between) => between,
            _ => Between::default(),
        }
    }
}

/// Nobody in between: what a fault changes one thing of.
pub(crate) const NOBODY: Between =
    Between { sends: None, reads_clock: None, warns: None, advises: None, drafts: None };

const FAMILIES: &[&[Fault]] = &[
    matching::FAULTS,
    creation::FAULTS,
    ownership::FAULTS,
    timing::FAULTS,
    moves::FAULTS,
    duplicates::FAULTS,
    permissions::FAULTS,
    statuses::FAULTS,
    visits::FAULTS,
    cases::FAULTS,
    delivery::FAULTS,
];

/// Every fault, in the order of the shelf.
pub fn shelf() -> impl Iterator<Item = &'static Fault> {
    FAMILIES.iter().copied().flatten()
}

/// By its name.
pub fn find(name: &str) -> Option<&'static Fault> {
    shelf().find(|fault| fault.name == name)
}
