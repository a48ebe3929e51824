//! What guidance says, as data. The words of each situation stand in one place, beside its clauses.

use crate::{Scene, Subject};
use acp::RecordId;
use feed::{Clause, Field, Setting, Timestamp};

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Situation {
    /// Nothing is on its way and nothing is wrong.
    InStep,
    /// A change in rostering is on its way, inside its window.
    WaitingForSync,
    /// The window has passed and ACP does not show the change.
    Overdue,
    /// A value that rostering controls was changed in ACP: the next sync puts it back.
    WillBeOverwritten,
    /// A move between services waits for Support.
    MoveHeld,
    /// ACP has no branch of that exact name.
    BranchUnknown,
    IdentifierBlank,
    IdentifierOnTwoRecords,
    LikelyDuplicate,
    ConfirmedDuplicate,
    /// Visits appear on another record than the care plan.
    SplitHistory,
    /// A case is due (CASE-4).
    Orphan,
    /// An identifier without an active service user, because they have left: listed, no case.
    LeaversRecord,
    /// The identifier leads to an inactive or archived record.
    RecordNotActive,
    /// A record by hand without identifier.
    MadeByHand,
    /// The integration is off.
    NotSent,
    /// Terminated in rostering.
    Ended,
}

impl Situation {
    pub const ALL: &'static [Situation] = &[
        Situation::InStep,
        Situation::WaitingForSync,
        Situation::Overdue,
        Situation::WillBeOverwritten,
        Situation::MoveHeld,
        Situation::BranchUnknown,
        Situation::IdentifierBlank,
        Situation::IdentifierOnTwoRecords,
        Situation::LikelyDuplicate,
        Situation::ConfirmedDuplicate,
        Situation::SplitHistory,
        Situation::Orphan,
        Situation::LeaversRecord,
        Situation::RecordNotActive,
        Situation::MadeByHand,
        Situation::NotSent,
        Situation::Ended,
    ];

    /// As files and reports write it.
    pub const fn text(self) -> &'static str {
        match self {
            Situation::InStep => "in step",
            Situation::WaitingForSync => "waiting for sync",
            Situation::Overdue => "overdue",
            Situation::WillBeOverwritten => "will be overwritten",
            Situation::MoveHeld => "move held",
            Situation::BranchUnknown => "branch unknown",
            Situation::IdentifierBlank => "identifier blank",
            Situation::IdentifierOnTwoRecords => "identifier on two records",
            Situation::LikelyDuplicate => "likely duplicate",
            Situation::ConfirmedDuplicate => "confirmed duplicate",
            Situation::SplitHistory => "split history",
            Situation::Orphan => "orphan",
            Situation::LeaversRecord => "leaver's record",
            Situation::RecordNotActive => "record not active",
            Situation::MadeByHand => "made by hand",
            Situation::NotSent => "not sent",
            Situation::Ended => "ended",
        }
    }
}

/// One thing that guidance has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub situation: Situation,
    pub about: Subject,
    /// Other records that it concerns: the second of a pair.
    pub with: Vec<RecordId>,
    pub fields: Vec<Field>,
    pub clauses: Vec<Clause>,
    /// What is going on, in whole sentences.
    pub what: String,
    /// What to do, one sentence each, in order.
    pub to_do: Vec<String>,
    /// What not to do.
    pub not_to_do: Vec<String>,
    /// Nothing is late before this instant.
    pub wait_until: Option<Timestamp>,
    /// Since when it has been so.
    pub since: Option<Timestamp>,
    /// Due now. Never before its deadline.
    pub case: Option<CaseDraft>,
    /// The settings that this rests on, where another value would change it.
    pub settings: Vec<Setting>,
}

/// A support case as it would be typed into the Access Digital Assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDraft {
    /// CASE-1 to CASE-4.
    pub kind: Clause,
    pub about: Subject,
    pub subject_line: String,
    /// In the order in which they are written.
    pub facts: Vec<CaseFact>,
    pub description: String,
    /// What the guidance asks for and nobody can see: the words of the fact's label.
    pub missing: Vec<String>,
}

/// One line of a case: "ACP service" / "Home Care".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFact {
    /// One of: name, service, external id, description, correct service, rostering system, record ids, other name,
    /// other service.
    pub label: &'static str,
    /// None where it cannot be known.
    pub value: Option<String>,
}

/// Something to be said before somebody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub clause: Clause,
    /// What will happen, when and why; what to do instead.
    pub what: String,
}

impl Scene {
    /// Everything that there is to say about somebody at `now`, the gravest first. Never empty for somebody known:
    /// then it says `InStep`.
    pub fn advise(&self, about: &Subject, now: Timestamp) -> Vec<Advice> {
        let _ = (about, now);
        Vec::new()
    }

    /// Everything that there is to say about anybody at `now`, `InStep` left out, in a fixed order.
    pub fn advise_all(&self, now: Timestamp) -> Vec<Advice> {
        let _ = now;
        Vec::new()
    }

    /// What to say before a rostering administrator does this.
    pub fn before_rostering(
        &self,
        environment: u8,
        command: &rostering::Command,
        now: Timestamp,
    ) -> Vec<Warning> {
        let _ = (environment, command, now);
        Vec::new()
    }

    /// What to say before somebody does this in ACP.
    pub fn before_acp(&self, act: &acp::Act, now: Timestamp) -> Vec<Warning> {
        let _ = (act, now);
        Vec::new()
    }

    /// When the oldest change of a service user that ACP does not show is due at the latest, as things stand: 20 minutes
    /// after it became near-term, at most 24 hours after the change. None where nothing is pending.
    pub fn due(&self, environment: u8, sent_id: &feed::ExternalId, now: Timestamp) -> Option<Timestamp> {
        let _ = (environment, sent_id, now);
        None
    }

    /// The draft of a case of this kind about somebody, whether it is due or not: for somebody who raises it too early.
    pub fn draft(&self, kind: Clause, about: &Subject, now: Timestamp) -> Option<CaseDraft> {
        let _ = (kind, about, now);
        None
    }
}
