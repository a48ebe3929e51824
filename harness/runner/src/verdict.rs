//! What came of a case, as data. Knows no wording beyond one sentence a finding.

use crate::Unmet;
use feed::{Clause, Timestamp};
use scenario::Where;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// At least one finding.
    Failed(Vec<Finding>),
    Skipped {
        reason: String,
    },
    FailedAsExpected {
        reason: String,
        findings: Vec<Finding>,
    },
    /// It was expected to fail and did not: a failure.
    PassedUnexpectedly {
        reason: String,
    },
    /// The system under test could not be asked, so nothing can be said.
    Inconclusive {
        why: String,
    },
}

impl Verdict {
    pub const fn is_failure(&self) -> bool {
        matches!(self, Verdict::Failed(_) | Verdict::PassedUnexpectedly { .. })
    }

    /// As reports write it.
    pub const fn text(&self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed(_) => "failed",
            Verdict::Skipped { .. } => "skipped",
            Verdict::FailedAsExpected { .. } => "failed as expected",
            Verdict::PassedUnexpectedly { .. } => "passed unexpectedly",
            Verdict::Inconclusive { .. } => "inconclusive",
        }
    }

    pub fn findings(&self) -> &[Finding] {
        match self {
            Verdict::Failed(findings) | Verdict::FailedAsExpected { findings, .. } => findings,
            _ => &[],
        }
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    pub at: Timestamp,
    /// Where in the scenario file.
    pub place: Where,
    /// The step's place in the case's list; none before the first step.
    pub step: Option<usize>,
    /// The clauses that this speaks against, where it is known: those of an invariant; for a check, none, and the
    /// scenario's `proves` says it.
    pub clauses: Vec<Clause>,
    /// A whole sentence.
    pub what: String,
    /// Of an unmet check: all of them, in order.
    pub unmet: Vec<Unmet>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// A check did not hold when it should have.
    NotMet,
    /// A `never` held.
    HeldAlthoughNever,
    /// A `within` was true before time moved.
    Vacuous,
    /// A fault that was declared never fired, or not as often as declared.
    FaultNeverFired,
    /// An action was refused and no check asks about it.
    RefusedUnasked,
    /// An invariant that holds in every scenario was broken; its code, for instance `I-OWN-2`.
    Invariant(&'static str),
}

impl FindingKind {
    /// The code that `explain` knows.
    pub const fn code(self) -> &'static str {
        match self {
            FindingKind::NotMet => "not-met",
            FindingKind::HeldAlthoughNever => "held-although-never",
            FindingKind::Vacuous => "vacuous",
            FindingKind::FaultNeverFired => "fault-never-fired",
            FindingKind::RefusedUnasked => "refused-unasked",
            FindingKind::Invariant(code) => code,
        }
    }
}
