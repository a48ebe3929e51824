//! What ACP did with an update, service user by service user and visit by visit.

use super::{Clause, FieldName, Length, Refusal, SettingName, Stamp, each};
use acp::RecordId;
use feed::{ExternalId, VisitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One update taken in: a decision for each service user and an outcome for each visit and branch, in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub decisions: Vec<Decision>,
    #[serde(default)]
    pub visits: Vec<VisitOutcome>,
    #[serde(default)]
    pub branches: Vec<BranchOutcome>,
}

/// An update that ACP has taken and will apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// How long that takes at most, of the world's own time.
    pub within: Length,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub external_id: String,
    pub outcome: Outcome,
}

/// What ACP did with one service user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// No record had this identifier, so there is a new one.
    Created {
        record: u32,
        #[serde(default)]
        notes: Vec<Note>,
    },
    /// A record had this identifier. No changes and no notes: it was up to date.
    Matched {
        record: u32,
        #[serde(default)]
        changes: Vec<Change>,
        #[serde(default)]
        notes: Vec<Note>,
    },
    /// Not taken in, and nothing written.
    Refused(Refusal),
    /// Something newer was applied to this record before: nothing written.
    Older { record: u32 },
    /// The service user has ended and has no record: none is made.
    NotCreated,
}

/// One field that was changed. An empty text is no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub field: FieldName,
    pub from: String,
    pub to: String,
    pub clause: Clause,
}

/// A move between services that waits for Support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldMove {
    pub to_branch: String,
    pub to_service: String,
    pub since: Stamp,
}

/// Something about a matched service user that is worth saying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Note {
    /// The move waits for Support; the record stays where it is.
    Held {
        held: HeldMove,
        because: Clause,
    },
    /// ACP's value stands although rostering sent another one.
    Kept {
        field: FieldName,
        acp: String,
        sent: String,
        because: Clause,
        setting: SettingName,
    },
    /// The value was not fit for its field: the old one stands and everything else was applied.
    Unfit {
        field: FieldName,
        sent: String,
        why: String,
    },
    /// The record is not active and was updated all the same.
    NotActive,
    EndDateDecided {
        active: bool,
    },
    /// Care plans that the integration ended and made because service requirements changed, by number.
    CarePlans {
        ended: Vec<u32>,
        added: Vec<u32>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum VisitOutcome {
    Added {
        visit: String,
        record: u32,
    },
    Changed {
        visit: String,
        record: u32,
    },
    Unchanged {
        visit: String,
        record: u32,
    },
    Relinked {
        visit: String,
        from: u32,
        to: u32,
    },
    /// No record for its service user yet: kept aside and tried again.
    Parked {
        visit: String,
        service_user: String,
    },
    Withdrawn {
        visit: String,
        record: u32,
    },
    /// Carried out already, so it stays as it is.
    StaysDone {
        visit: String,
        record: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BranchOutcome {
    Created { branch: String, service: String },
    Refused { branch: String, refusal: Refusal },
}

impl From<acp::Change> for Change {
    fn from(it: acp::Change) -> Change {
        Change { field: it.field.into(), from: it.from.into(), to: it.to.into(), clause: it.clause.into() }
    }
}

impl From<Change> for acp::Change {
    fn from(it: Change) -> acp::Change {
        acp::Change { field: it.field.0, from: it.from.into(), to: it.to.into(), clause: it.clause.0 }
    }
}

impl From<acp::HeldMove> for HeldMove {
    fn from(it: acp::HeldMove) -> HeldMove {
        HeldMove { to_branch: it.to_branch.into(), to_service: it.to_service.into(), since: it.since.into() }
    }
}

impl From<HeldMove> for acp::HeldMove {
    fn from(it: HeldMove) -> acp::HeldMove {
        acp::HeldMove {
            to_branch: it.to_branch.into(),
            to_service: it.to_service.into(),
            since: it.since.into(),
        }
    }
}

impl From<acp::Note> for Note {
    fn from(it: acp::Note) -> Note {
        match it {
            acp::Note::Held { held, because } => Note::Held { held: held.into(), because: because.into() },
            acp::Note::Kept { field, acp, sent, because, setting } => Note::Kept {
                field: field.into(),
                acp: acp.into(),
                sent: sent.into(),
                because: because.into(),
                setting: setting.into(),
            },
            acp::Note::Unfit { field, sent, why } => {
                Note::Unfit { field: field.into(), sent: sent.into(), why }
            }
            acp::Note::NotActive => Note::NotActive,
            acp::Note::EndDateDecided { active } => Note::EndDateDecided { active },
            acp::Note::CarePlans { ended, added } => Note::CarePlans { ended, added },
        }
    }
}

impl From<Note> for acp::Note {
    fn from(it: Note) -> acp::Note {
        match it {
            Note::Held { held, because } => acp::Note::Held { held: held.into(), because: because.0 },
            Note::Kept { field, acp, sent, because, setting } => acp::Note::Kept {
                field: field.0,
                acp: acp.into(),
                sent: sent.into(),
                because: because.0,
                setting: setting.0,
            },
            Note::Unfit { field, sent, why } => acp::Note::Unfit { field: field.0, sent: sent.into(), why },
            Note::NotActive => acp::Note::NotActive,
            Note::EndDateDecided { active } => acp::Note::EndDateDecided { active },
            Note::CarePlans { ended, added } => acp::Note::CarePlans { ended, added },
        }
    }
}

impl From<acp::Outcome> for Outcome {
    fn from(it: acp::Outcome) -> Outcome {
        match it {
            acp::Outcome::Created { record, notes } => {
                Outcome::Created { record: record.0, notes: each(notes) }
            }
            acp::Outcome::Matched { record, changes, notes } => {
                Outcome::Matched { record: record.0, changes: each(changes), notes: each(notes) }
            }
            acp::Outcome::Refused(refusal) => Outcome::Refused(refusal.into()),
            acp::Outcome::Older(record) => Outcome::Older { record: record.0 },
            acp::Outcome::NotCreated => Outcome::NotCreated,
        }
    }
}

impl From<Outcome> for acp::Outcome {
    fn from(it: Outcome) -> acp::Outcome {
        match it {
            Outcome::Created { record, notes } => {
                acp::Outcome::Created { record: RecordId(record), notes: each(notes) }
            }
            Outcome::Matched { record, changes, notes } => {
                acp::Outcome::Matched { record: RecordId(record), changes: each(changes), notes: each(notes) }
            }
            Outcome::Refused(refusal) => acp::Outcome::Refused(refusal.into()),
            Outcome::Older { record } => acp::Outcome::Older(RecordId(record)),
            Outcome::NotCreated => acp::Outcome::NotCreated,
        }
    }
}

impl From<acp::VisitOutcome> for VisitOutcome {
    fn from(it: acp::VisitOutcome) -> VisitOutcome {
        use acp::VisitOutcome as From_;
        let id = |visit: VisitId| visit.as_str().to_owned();
        match it {
            From_::Added { visit, record } => VisitOutcome::Added { visit: id(visit), record: record.0 },
            From_::Changed { visit, record } => VisitOutcome::Changed { visit: id(visit), record: record.0 },
            From_::Unchanged { visit, record } => {
                VisitOutcome::Unchanged { visit: id(visit), record: record.0 }
            }
            From_::Relinked { visit, from, to } => {
                VisitOutcome::Relinked { visit: id(visit), from: from.0, to: to.0 }
            }
            From_::Parked { visit, service_user } => {
                VisitOutcome::Parked { visit: id(visit), service_user: service_user.as_str().to_owned() }
            }
            From_::Withdrawn { visit, record } => {
                VisitOutcome::Withdrawn { visit: id(visit), record: record.0 }
            }
            From_::StaysDone { visit, record } => {
                VisitOutcome::StaysDone { visit: id(visit), record: record.0 }
            }
        }
    }
}

impl From<VisitOutcome> for acp::VisitOutcome {
    fn from(it: VisitOutcome) -> acp::VisitOutcome {
        use acp::VisitOutcome as To;
        match it {
            VisitOutcome::Added { visit, record } => {
                To::Added { visit: VisitId::new(visit), record: RecordId(record) }
            }
            VisitOutcome::Changed { visit, record } => {
                To::Changed { visit: VisitId::new(visit), record: RecordId(record) }
            }
            VisitOutcome::Unchanged { visit, record } => {
                To::Unchanged { visit: VisitId::new(visit), record: RecordId(record) }
            }
            VisitOutcome::Relinked { visit, from, to } => {
                To::Relinked { visit: VisitId::new(visit), from: RecordId(from), to: RecordId(to) }
            }
            VisitOutcome::Parked { visit, service_user } => {
                To::Parked { visit: VisitId::new(visit), service_user: ExternalId::new(service_user) }
            }
            VisitOutcome::Withdrawn { visit, record } => {
                To::Withdrawn { visit: VisitId::new(visit), record: RecordId(record) }
            }
            VisitOutcome::StaysDone { visit, record } => {
                To::StaysDone { visit: VisitId::new(visit), record: RecordId(record) }
            }
        }
    }
}

impl From<acp::BranchOutcome> for BranchOutcome {
    fn from(it: acp::BranchOutcome) -> BranchOutcome {
        match it {
            acp::BranchOutcome::Created { branch, service } => {
                BranchOutcome::Created { branch: branch.into(), service: service.into() }
            }
            acp::BranchOutcome::Refused { branch, refusal } => {
                BranchOutcome::Refused { branch: branch.into(), refusal: refusal.into() }
            }
        }
    }
}

impl From<BranchOutcome> for acp::BranchOutcome {
    fn from(it: BranchOutcome) -> acp::BranchOutcome {
        match it {
            BranchOutcome::Created { branch, service } => {
                acp::BranchOutcome::Created { branch: branch.into(), service: service.into() }
            }
            BranchOutcome::Refused { branch, refusal } => {
                acp::BranchOutcome::Refused { branch: branch.into(), refusal: refusal.into() }
            }
        }
    }
}

impl From<acp::Receipt> for Receipt {
    fn from(it: acp::Receipt) -> Receipt {
        let decisions = it.decisions.into_iter().map(|it| Decision {
            external_id: it.external_id.as_str().to_owned(),
            outcome: it.outcome.into(),
        });
        Receipt { decisions: decisions.collect(), visits: each(it.visits), branches: each(it.branches) }
    }
}

impl From<Receipt> for acp::Receipt {
    fn from(it: Receipt) -> acp::Receipt {
        let decisions = it.decisions.into_iter().map(|it| acp::Decision {
            external_id: ExternalId::new(it.external_id),
            outcome: it.outcome.into(),
        });
        acp::Receipt { decisions: decisions.collect(), visits: each(it.visits), branches: each(it.branches) }
    }
}
