//! One service user in a plan: what will happen, why, to which record, and what it rests on. Values are not kept: they
//! stand in the exports.

use super::decisions::Choice;
use super::engine::Refused;
use super::outcome::Outcome;
use super::sets::{FieldSet, SettingSet};
use crate::lookalike::{Certainty, Pattern};
use feed::Clause;

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub outcome: Outcome,
    pub why: Why,
    /// The record of the ACP export that the identifier leads to.
    pub record: Option<u32>,
    /// How the service user compares with that record.
    pub joined: Option<Pattern>,
    /// Another record that is, or may be, the same person.
    pub alike: Option<Alike>,
    pub hold: Hold,
    /// Fields that the first sync writes over.
    pub changes: FieldSet,
    /// Fields where ACP's own value stands, although rostering sends another.
    pub kept: FieldSet,
    /// Fields whose value is not fit: they are left as they are.
    pub unfit: FieldSet,
    /// Which readings decided something here.
    pub settings: SettingSet,
    /// What somebody decided.
    pub settled: Option<Choice>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike {
    pub record: u32,
    /// Odds in bits.
    pub weight: f32,
    pub pattern: Pattern,
    pub certainty: Certainty,
}

/// Whether a move waits for Support, under which clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    None,
    Held(Clause),
    /// The export does not say whether there is care history, or which service a branch is in.
    Possibly(Clause),
}

/// Why a row has its outcome. `other` is another service user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The record that holds the identifier reads as another person.
    IdentifierOnAnother,
    /// Two service users, who read as two people, have one identifier: the later one writes over the earlier.
    IdentifierOnTwo {
        other: u32,
    },
    Refused(Refused),
    /// No record holds the identifier, and one under another identifier is the same person.
    WillHaveTwoRecords,
    /// The same, less surely.
    MayHaveARecord,
    /// The record is right, and another one is the same person too.
    HasTwoRecords,
    MayHaveTwoRecords,
    /// One person, one identifier, two rows that do not say the same.
    SameIdentifierTwice {
        other: u32,
    },
    /// One person under two identifiers in rostering.
    ListedTwice {
        other: u32,
    },
    /// The record is inactive or archived, and the service user is not.
    RecordNotActive,
    Moves,
    Created,
    Updated,
    NoChange,
    /// Ended, and ACP has no record: none is made.
    HasEnded,
    /// Not sent, as somebody decided.
    LeftOut,
}

/// A record that no service user leads to, and that is nobody's look-alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcpOnly {
    pub record: u32,
    pub why: Only,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Only {
    /// It holds an identifier that no service user has (CASE-4).
    Orphan,
    /// It holds none.
    NoIdentifier,
    /// It is inactive or archived.
    NotInUse,
}
