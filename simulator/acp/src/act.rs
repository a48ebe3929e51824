//! What people do in ACP: who does it, to which record, and whether the record lets them. What each action
//! does stands in `by_hand`, `standing`, `branches`, `care` and `support`. Everything is checked before
//! anything is written: a refused action changes nothing.

use crate::{Acp, Act, Action, Actor, By, Done, Record, RecordId, Refusal, Stamp, Status, permission};
use feed::{Clause, Timestamp};

/// Somebody at work: who, and when.
pub(crate) struct Hand {
    pub(crate) at: Timestamp,
    pub(crate) actor: Actor,
}

impl Hand {
    pub(crate) fn stamp(&self, clause: Clause) -> Stamp {
        Stamp::new(self.at, self.by(), clause)
    }

    pub(crate) const fn by(&self) -> By {
        match self.actor {
            Actor::TenantAdministrator => By::TenantAdministrator,
            Actor::BranchAdministrator(_) => By::BranchAdministrator,
            Actor::CareStaff => By::CareStaff,
            Actor::Support => By::Support,
            Actor::ImplementationTeam => By::ImplementationTeam,
        }
    }
}

impl Done {
    pub(crate) fn touched(record: RecordId) -> Done {
        Done { records: vec![record], ..Done::default() }
    }
}

impl Acp {
    pub(crate) fn act(&mut self, at: Timestamp, Act { by, action }: Act) -> Result<Done, Refusal> {
        permission::check(&by, &action)?;
        let hand = Hand { at, actor: by };
        match action {
            Action::Create(made) => self.create_by_hand(&hand, made),
            Action::Edit { record, set } => self.edit(&hand, record, &set),
            Action::SetExternalId { record, to } => self.set_external_id(&hand, record, to),
            Action::GrantRole { record, role } => self.grant_role(&hand, record, role),
            Action::RevokeRole { record, role } => self.revoke_role(&hand, record, &role),
            Action::AddCare { record, kind, title, activities } => {
                self.add_care(&hand, record, kind, title, activities)
            }
            Action::AddActivity { record, title } => self.add_activity(&hand, record, title),
            Action::CompleteVisit { visit } => self.complete_visit(&hand, &visit),
            Action::AddBranch { branch, service } => self.add_branch(branch, service),
            Action::RenameBranch { from, to } => self.rename_branch(&hand, &from, &to),
            Action::Deactivate { record } => self.set_status(&hand, record, Status::Inactive),
            Action::Reactivate { record } => self.set_status(&hand, record, Status::Active),
            Action::Archive { record } => self.set_status(&hand, record, Status::Archived),
            Action::Unarchive { record } => self.unarchive(&hand, record),
            Action::Delete { record } => self.delete(&hand, record),
            Action::Move { record, to, leaving } => self.move_record(&hand, record, &to, &leaving),
            Action::Merge { survivor, loser } => self.merge(&hand, survivor, loser),
            Action::Datafix { record, set } => self.datafix(&hand, record, &set),
        }
    }

    /// A record that exists, in a branch of the actor's.
    pub(crate) fn known(&self, hand: &Hand, id: RecordId) -> Result<&Record, Refusal> {
        let record = self.records.get(id).ok_or_else(|| {
            let why = format!("ACP has no record {id}. Look up the record ID in ACP.");
            Refusal::new(Clause::Sync3, why)
        })?;
        permission::check_branch(&hand.actor, record.branch())?;
        Ok(record)
    }

    /// A record that exists and was not merged into another one.
    pub(crate) fn live(&self, hand: &Hand, id: RecordId) -> Result<&Record, Refusal> {
        let record = self.known(hand, id)?;
        match record.merged_into {
            None => Ok(record),
            Some(into) => {
                let why = format!("Support merged record {id} into {into}. Work on {into} instead.");
                Err(Refusal::new(Clause::Dup6, why))
            }
        }
    }

    /// A live record that is not archived: an archived one is read-only.
    pub(crate) fn open(&self, hand: &Hand, id: RecordId) -> Result<&Record, Refusal> {
        let record = self.live(hand, id)?;
        if record.status == Status::Archived {
            let why = format!("Record {id} is archived and so read-only. Take it out of the archive first.");
            return Err(Refusal::new(Clause::Pub10, why));
        }
        Ok(record)
    }

    /// The record, to write to it, after one of the checks above has found it.
    pub(crate) fn write_to(&mut self, id: RecordId) -> &mut Record {
        self.records.touch(id);
        self.records.get_mut(id).expect("a check found it just before")
    }
}
