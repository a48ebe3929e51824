//! What the first sync does to a service user, as one word each, the worst first. A row has the first that applies.
//! Only words: what makes a row have one is decided in `classify`.

/// One of nine. The order is the order on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// The identifier leads to a record that is probably somebody else's.
    MayOverwrite,
    /// ACP refuses the service user.
    CannotBeSent,
    /// A second record for somebody who has one.
    LikelyDuplicate,
    /// Only somebody who knows the person can say.
    NeedsDecision,
    /// Another branch or service in ACP, at once or once Support has moved the record.
    ChangesBranch,
    Created,
    Updated,
    NoChange,
    /// A record that no service user leads to. The integration does not touch it.
    AcpOnly,
}

impl Outcome {
    pub const ALL: &'static [Outcome] = &[
        Outcome::MayOverwrite,
        Outcome::CannotBeSent,
        Outcome::LikelyDuplicate,
        Outcome::NeedsDecision,
        Outcome::ChangesBranch,
        Outcome::Created,
        Outcome::Updated,
        Outcome::NoChange,
        Outcome::AcpOnly,
    ];

    /// As people read it.
    pub const fn text(self) -> &'static str {
        match self {
            Outcome::MayOverwrite => "May overwrite another person",
            Outcome::CannotBeSent => "Cannot be sent",
            Outcome::LikelyDuplicate => "Likely duplicate",
            Outcome::NeedsDecision => "Needs a decision",
            Outcome::ChangesBranch => "Will change branch",
            Outcome::Created => "Will be created",
            Outcome::Updated => "Will be updated",
            Outcome::NoChange => "No change",
            Outcome::AcpOnly => "ACP only",
        }
    }

    /// As `--gate` and JSON write it: the same words in small letters with hyphens.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::MayOverwrite => "may-overwrite-another-person",
            Outcome::CannotBeSent => "cannot-be-sent",
            Outcome::LikelyDuplicate => "likely-duplicate",
            Outcome::NeedsDecision => "needs-a-decision",
            Outcome::ChangesBranch => "will-change-branch",
            Outcome::Created => "will-be-created",
            Outcome::Updated => "will-be-updated",
            Outcome::NoChange => "no-change",
            Outcome::AcpOnly => "acp-only",
        }
    }

    pub fn from_code(code: &str) -> Option<Outcome> {
        Outcome::ALL.iter().copied().find(|it| it.code() == code)
    }

    /// At most two signs of ASCII, beside the word and never instead of it.
    pub const fn sign(self) -> &'static str {
        match self {
            Outcome::MayOverwrite => "!!",
            Outcome::CannotBeSent => "x",
            Outcome::LikelyDuplicate => "!",
            Outcome::NeedsDecision => "?",
            Outcome::ChangesBranch => ">",
            Outcome::Created => "+",
            Outcome::Updated => "~",
            Outcome::NoChange => "=",
            Outcome::AcpOnly => "o",
        }
    }

    /// What it means, as one sentence.
    pub const fn says(self) -> &'static str {
        match self {
            Outcome::MayOverwrite => {
                "The external ID leads to a record that is probably another person's; the first sync would write over \
                 their name and date of birth."
            }
            Outcome::CannotBeSent => "ACP refuses the service user, and nothing of them arrives.",
            Outcome::LikelyDuplicate => "The same person has, or will have, two records in ACP.",
            Outcome::NeedsDecision => {
                "Only somebody who knows the person can say whether two rows are one person."
            }
            Outcome::ChangesBranch => "The record goes to another branch, or waits for Support to move it.",
            Outcome::Created => "ACP has no record of this person: the first sync makes one.",
            Outcome::Updated => "Fields that rostering controls get rostering's values.",
            Outcome::NoChange => "Both systems agree.",
            Outcome::AcpOnly => "No service user leads to this record; the integration does not touch it.",
        }
    }

    /// Whether somebody has to do something before go-live. These four are what `--gate` asks about by itself.
    pub const fn stops_go_live(self) -> bool {
        matches!(
            self,
            Outcome::MayOverwrite | Outcome::CannotBeSent | Outcome::LikelyDuplicate | Outcome::NeedsDecision
        )
    }

    /// Whether a person can settle it by saying who is who. What ACP refuses is put right in a system instead.
    pub const fn is_for_a_person(self) -> bool {
        matches!(self, Outcome::MayOverwrite | Outcome::LikelyDuplicate | Outcome::NeedsDecision)
    }
}

/// How many rows have each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([usize; Outcome::ALL.len()]);

impl Counts {
    pub fn add(&mut self, outcome: Outcome, n: usize) {
        self.0[outcome as usize] += n;
    }

    pub const fn of(&self, outcome: Outcome) -> usize {
        self.0[outcome as usize]
    }

    /// Service users whom only a person can settle.
    pub fn n_for_people(&self) -> usize {
        Outcome::ALL.iter().filter(|it| it.is_for_a_person()).map(|&it| self.of(it)).sum()
    }

    /// Service users who stop the go-live.
    pub fn n_stopping(&self) -> usize {
        Outcome::ALL.iter().filter(|it| it.stops_go_live()).map(|&it| self.of(it)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_worst_first_and_every_code_is_its_text() {
        for (at, outcome) in Outcome::ALL.iter().enumerate() {
            assert_eq!(*outcome as usize, at);
            assert_eq!(outcome.code(), outcome.text().to_lowercase().replace(' ', "-"));
            assert_eq!(Outcome::from_code(outcome.code()), Some(*outcome));
        }
    }
}
