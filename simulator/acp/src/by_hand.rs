//! What people type into a record, and what they do to it as a whole: create, edit, identifier, roles, status,
//! deletion, branches. Support's own means are in `support`.

use crate::act::Hand;
use crate::call::not_fit;
use crate::place::{Placement, TYPED};
use crate::write::clause_of;
use crate::{
    Account, Acp, Change, Done, HandMade, Origin, Record, RecordId, Refusal, Slot, Status, VisitOutcome,
    permission, placement,
};
use feed::{Clause, Deletion, ExternalId, Field, Fields, Setting, Text};

impl Acp {
    pub(crate) fn create_by_hand(&mut self, hand: &Hand, made: HandMade) -> Result<Done, Refusal> {
        let mut fields = fit(&made.fields)?;
        if fields.full_name().trim().is_empty() {
            let why = "A record needs a given or a family name. Type in one of them.";
            return Err(Refusal::new(Clause::Sync2, why));
        }
        let branch = fields.get(Field::Branch).cloned().unwrap_or_default();
        let placement = self.places.find(&branch, fields.text(Field::Service), TYPED)?;
        permission::check_branch(&hand.actor, &placement.branch)?;
        if let Some(id) = &made.external_id {
            self.free_identifier(hand, id, None)?;
        }
        fields.set(Field::Service, placement.service);
        let by = hand.by();
        let slots = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let slots = slots.map(|(field, value)| Slot { field, value, set: hand.stamp(clause_of(field, by)) });
        let external_id = (made.external_id, hand.stamp(Clause::Dup8));
        let origin = (Origin::ByHand, hand.stamp(Clause::Dup7));
        let record = Record::new(self.records.next_id(), origin, external_id, slots.collect());
        let id = record.id;
        self.index.learn(&record);
        self.records.add(record);
        self.retry_parked();
        Ok(Done::touched(id))
    }

    pub(crate) fn edit(&mut self, hand: &Hand, id: RecordId, set: &Fields) -> Result<Done, Refusal> {
        let record = self.open(hand, id)?;
        let placement = self.placement_of(record, set)?;
        if let Some(to) = &placement {
            permission::check_branch(&hand.actor, &to.branch)?;
            if record.has_care_data() && !record.service().is_empty() && to.service != record.service() {
                return Err(moves_with_support(record, to));
            }
        }
        let from = Text::from(record.service());
        let done = self.write_fields(hand, id, set, placement)?;
        placement::take_empty_plans(self.write_to(id), &from);
        Ok(done)
    }

    /// Checks all values, then writes all of them.
    pub(crate) fn write_fields(
        &mut self,
        hand: &Hand,
        id: RecordId,
        set: &Fields,
        placement: Option<Placement>,
    ) -> Result<Done, Refusal> {
        let fields = fit(set)?;
        self.keeps_a_name(id, &fields)?;
        let record = self.write_to(id);
        let mut changes: Vec<Change> = Vec::new();
        for (field, value) in fields {
            if !matches!(field, Field::Branch | Field::Service) {
                changes.extend(record.write(field, value, hand.stamp(clause_of(field, hand.by()))));
            }
        }
        if let Some(to) = placement {
            changes.extend(placement::put(record, to, hand.stamp(Clause::Own7)));
            placement::release(record);
        }
        Ok(Done { changes, ..Done::touched(id) })
    }

    fn keeps_a_name(&self, id: RecordId, fields: &Fields) -> Result<(), Refusal> {
        let is_blank = |field: Field| {
            let acp = || self.records.get(id).map_or("", |record| record.synced.text(field));
            fields.get(field).map_or_else(acp, Text::as_str).trim().is_empty()
        };
        let touches_name = fields.get(Field::GivenName).or(fields.get(Field::FamilyName)).is_some();
        if touches_name && is_blank(Field::GivenName) && is_blank(Field::FamilyName) {
            let why = format!("Record {id} would be left without a name. Keep a given or a family name.");
            return Err(Refusal::new(Clause::Sync2, why));
        }
        Ok(())
    }

    /// Where an edit puts a record; none where it says nothing about that.
    pub(crate) fn placement_of(&self, record: &Record, set: &Fields) -> Result<Option<Placement>, Refusal> {
        let service = set.text(Field::Service);
        match (set.get(Field::Branch), set.get(Field::Service)) {
            (None, None) => Ok(None),
            (Some(branch), _) => self.places.find(branch, service, TYPED).map(Some),
            (None, Some(_)) => {
                self.places.known_service(service, TYPED)?;
                Ok(Some(Placement { branch: record.branch().into(), service: service.into() }))
            }
        }
    }

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
        self.index.learn(self.records.get(id).expect("a check found it just before"));
        self.retry_parked();
        Ok(Done::touched(id))
    }

    /// Refuses an identifier that nothing can be matched on, or that another live record has.
    fn free_identifier(&self, hand: &Hand, id: &ExternalId, own: Option<RecordId>) -> Result<(), Refusal> {
        if matches!(hand.actor, crate::Actor::BranchAdministrator(_)) {
            let why = "A Branch Administrator may not set an external identifier in ACP. Leave it empty, or ask a \
                       Tenant Administrator or the implementation team.";
            return Err(Refusal::new(Clause::Dup8, why));
        }
        if id.is_blank() || id.as_str().contains('\0') {
            let why = format!(
                "The external identifier {:?} cannot be matched on. Copy it from the rostering system, to the character.",
                id.as_str()
            );
            return Err(Refusal::new(Clause::Sync3, why));
        }
        let holders = self.index.find(id);
        let Some(holder) = holders.all().iter().find(|&&it| Some(it) != own) else { return Ok(()) };
        let why = format!(
            "Record {holder} has the external identifier {:?} already, and two records with one identifier would be \
             a duplicate. Check which record is meant; if both are one person, ask Support to merge them.",
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
        if record.merged_into.is_none() {
            self.index.forget(&record);
        }
        self.visits.forget(&record.visits);
        let lost = record.local.care.iter().map(|item| (item.kind, item.number)).collect();
        let mut records = vec![id];
        records.extend(self.retry_parked().iter().filter_map(VisitOutcome::record));
        let account = Some(Account { lost, ..Account::default() });
        Ok(Done { records, account, ..Done::default() })
    }

    pub(crate) fn add_branch(&mut self, branch: Text, service: Text) -> Result<Done, Refusal> {
        self.free_branch_name(&branch)?;
        self.places.known_service(&service, TYPED)?;
        self.places.add(branch, service);
        Ok(Done::default())
    }

    /// Every record in the branch shows the new name from here on; the rostering system knows nothing of it
    /// (PUB-9, PUB-7).
    pub(crate) fn rename_branch(&mut self, hand: &Hand, from: &Text, to: &Text) -> Result<Done, Refusal> {
        if self.places.service_of(from).is_none() {
            return Err(self.places.unknown_branch(from, TYPED));
        }
        if from == to {
            return Ok(Done::default());
        }
        self.free_branch_name(to)?;
        self.places.rename(from, to);
        let concerned = |record: &&Record| {
            record.branch() == from || record.held.as_ref().is_some_and(|held| held.to_branch == *from)
        };
        let records: Vec<RecordId> = self.records.iter().filter(concerned).map(|record| record.id).collect();
        let set = hand.stamp(Clause::Pub9);
        for &id in &records {
            let record = self.write_to(id);
            if record.branch() == from {
                record.write(Field::Branch, to.clone(), set);
            }
            if let Some(held) = record.held.as_mut().filter(|held| held.to_branch == *from) {
                held.to_branch = to.clone();
            }
        }
        let change =
            Change { field: Field::Branch, from: from.clone(), to: to.clone(), clause: Clause::Pub9 };
        Ok(Done { records, changes: vec![change], account: None })
    }

    fn free_branch_name(&self, branch: &Text) -> Result<(), Refusal> {
        let why = if branch.trim().is_empty() {
            "A branch needs a name. Type in the one that the rostering system uses, to the character."
                .to_owned()
        } else if let Err(unfit) = Field::Branch.read(branch) {
            not_fit(Field::Branch, branch, &unfit)
        } else if self.places.service_of(branch).is_some() {
            format!("ACP has a branch {branch:?} already. Use it, or choose another name.")
        } else {
            return Ok(());
        };
        Err(Refusal::new(Clause::Pub3, why))
    }
}

/// All values as the fields keep them, or the refusal for the first that is not fit.
fn fit(set: &Fields) -> Result<Fields, Refusal> {
    let mut fields = Fields::with_capacity(set.len() + 1);
    for (field, value) in set.iter() {
        match field.keep(value.clone()) {
            Ok(value) => fields.set(field, value),
            Err(unfit) => {
                let clause = clause_of(field, crate::By::TenantAdministrator);
                return Err(Refusal::new(clause, not_fit(field, value, &unfit)));
            }
        }
    }
    Ok(fields)
}

/// Refuses a text that ACP cannot keep.
pub(crate) fn plain(text: &Text) -> Result<(), Refusal> {
    if text.trim().is_empty() || text.contains('\0') {
        let why = format!("The text {text:?} is empty or has a NUL character in it. Type it in anew.");
        return Err(Refusal::new(Clause::Own5, why));
    }
    Ok(())
}

fn moves_with_support(record: &Record, to: &Placement) -> Refusal {
    let why = format!(
        "Record {} has care data in the service {:?}, which would not go along to {:?}. Change nothing; ask Support to \
         move the record with its care data.",
        record.id,
        record.service(),
        to.service
    );
    Refusal::new(Clause::Move1, why)
}
