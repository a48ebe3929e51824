//! What people do to a record as a whole: its external identifier, who may see it, its status, its deletion.
//! Knows nothing of its fields.

use crate::act::Hand;
use crate::by_hand::plain;
use crate::{Account, Acp, Actor, Done, RecordId, Refusal, Status, VisitOutcome};
use feed::{Clause, Deletion, ExternalId, Setting, Text};

impl Acp {
    pub(crate) fn set_external_id(
        &mut self,
        hand: &Hand,
        id: RecordId,
        to: Option<ExternalId>,
    ) -> Result<Done, Refusal> {
        let record = self.open(hand, id)?;
        if record.external_id == to {
            return Ok(Done::default());
        }
        if let Some(to) = &to {
            self.free_identifier(hand, to, Some(id))?;
        }
        self.index.forget(self.records.get(id).expect("a check found it just before"));
        let record = self.write_to(id);
        record.set_external_id(to, hand.stamp(Clause::Dup8));
        self.index.learn(&self.records, self.records.get(id).expect("a check found it just before"));
        self.retry_parked();
        Ok(Done::touched(id))
    }

    /// Refuses an identifier that nothing can be matched on, or that another live record has.
    pub(crate) fn free_identifier(
        &self,
        hand: &Hand,
        id: &ExternalId,
        own: Option<RecordId>,
    ) -> Result<(), Refusal> {
        if matches!(hand.actor, Actor::BranchAdministrator(_)) {
            let why = "A Branch Administrator may not set an external identifier in ACP. Leave it empty, or \
                       ask a Tenant Administrator or the implementation team.";
            return Err(Refusal::new(Clause::Dup8, why));
        }
        if id.is_blank() || id.as_str().contains('\0') {
            let why = format!(
                "The external identifier {:?} cannot be matched on. Copy it from the rostering system, to the \
                 character.",
                id.as_str()
            );
            return Err(Refusal::new(Clause::Sync3, why));
        }
        let holders = self.index.find(&self.records, id);
        let Some(holder) = holders.all().iter().find(|&&it| Some(it) != own) else { return Ok(()) };
        let why = format!(
            "Record {holder} has the external identifier {:?} already, and two records with one identifier \
             would be a duplicate. Check which record is meant; if both are one person, ask Support to merge them.",
            id.as_str()
        );
        Err(Refusal::new(Clause::Dup8, why))
    }

    pub(crate) fn grant_role(&mut self, hand: &Hand, id: RecordId, role: Text) -> Result<Done, Refusal> {
        plain(&role)?;
        let record = self.open(hand, id)?;
        if record.local.role_access.iter().any(|(it, _)| *it == role) {
            return Ok(Done::default());
        }
        let set = hand.stamp(Clause::Own3);
        let record = self.write_to(id);
        record.local.role_access.push((role, set));
        record.note_roles(set);
        Ok(Done::touched(id))
    }

    pub(crate) fn revoke_role(&mut self, hand: &Hand, id: RecordId, role: &Text) -> Result<Done, Refusal> {
        let record = self.open(hand, id)?;
        if !record.local.role_access.iter().any(|(it, _)| it == role) {
            let why = format!("Record {id} has no role access {role:?}, so there is nothing to revoke.");
            return Err(Refusal::new(Clause::Own3, why));
        }
        let record = self.write_to(id);
        record.local.role_access.retain(|(it, _)| it != role);
        record.note_roles(hand.stamp(Clause::Own3));
        Ok(Done::touched(id))
    }

    /// Active or inactive, and archived once it is inactive. Article 11905026.
    pub(crate) fn set_status(&mut self, hand: &Hand, id: RecordId, to: Status) -> Result<Done, Refusal> {
        let record = self.live(hand, id)?;
        let why = match (record.status, to) {
            (before, to) if before == to => return Ok(Done::default()),
            (Status::Archived, _) => {
                format!("Record {id} is archived and so read-only. Take it out of the archive first.")
            }
            (Status::Active, Status::Archived) => {
                format!("Record {id} is active. Make it inactive first, then archive it.")
            }
            _ => {
                self.write_to(id).set_status(to, hand.stamp(Clause::Pub10));
                return Ok(Done::touched(id));
            }
        };
        Err(Refusal::new(Clause::Pub10, why))
    }

    /// Out of the archive a record is inactive.
    pub(crate) fn unarchive(&mut self, hand: &Hand, id: RecordId) -> Result<Done, Refusal> {
        if self.live(hand, id)?.status != Status::Archived {
            return Ok(Done::default());
        }
        self.write_to(id).set_status(Status::Inactive, hand.stamp(Clause::Pub10));
        Ok(Done::touched(id))
    }

    /// The one way in which care data can be lost: each thing that goes is told (DUP-4).
    pub(crate) fn delete(&mut self, hand: &Hand, id: RecordId) -> Result<Done, Refusal> {
        self.known(hand, id)?;
        if self.settings.deletion == Deletion::ArchiveOnly {
            let why =
                format!("Record {id} cannot be deleted in ACP. Make it inactive and archive it instead.");
            return Err(Refusal::new(Clause::Pub10, why).decided_by(Setting::Deletion));
        }
        let record = self.records.remove(id).expect("a check found it just before");
        self.index.forget(&record);
        self.visits.forget(&record.visits);
        let lost = record.local.care.iter().map(|item| (item.kind, item.number)).collect();
        let mut records = vec![id];
        records.extend(self.retry_parked().iter().filter_map(VisitOutcome::record));
        let account = Some(Account { lost, ..Account::default() });
        Ok(Done { records, account, ..Done::default() })
    }
}
