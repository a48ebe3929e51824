//! What people type into a record: creating one and editing one. What they do to a record as a whole is in
//! `standing`, Support's own means in `support`.

use crate::act::Hand;
use crate::call::not_fit;
use crate::place::{Placement, TYPED};
use crate::write::clause_of;
use crate::{Acp, Change, Done, HandMade, Origin, Record, RecordId, Refusal, permission, placement};
use feed::{Clause, Field, Fields, Text};

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
        fields.retain(|_, value| !value.is_empty());
        let external_id = (made.external_id, hand.stamp(Clause::Dup8));
        let origin = (Origin::ByHand, hand.stamp(Clause::Dup7));
        let record = Record::new(self.records.next_id(), origin, external_id, fields);
        let id = record.id;
        self.index.learn(&self.records, &record);
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
        "Record {} has care data in the service {:?}, which would not go along to {:?}. Change nothing; ask \
         Support to move the record with its care data.",
        record.id,
        record.service(),
        to.service
    );
    Refusal::new(Clause::Move1, why)
}
