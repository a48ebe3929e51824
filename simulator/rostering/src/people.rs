//! What an administrator does to service users: add, edit, terminate, suspend, delete. Visits and service
//! orders follow their service user; nothing here sends anything.

use crate::refusal::{no_service_user, place, refused, refused_by, taken};
use crate::{Happened, Person, Refusal, Rostering, Suspension};
use feed::{Clause, ExternalId, Field, Fields, Text, Timestamp, VisitId, date_in_london};

impl Rostering {
    pub(crate) fn existing(&mut self, id: &ExternalId) -> Result<&mut Person, Refusal> {
        if self.people.contains_key(id) {
            return Ok(self.people.get_mut(id).expect("it was found a line above"));
        }
        Err(no_service_user(self, id))
    }

    /// A terminated service user is reinstated before an edit and terminated again after it. PUB-12.
    fn editable(&mut self, now: Timestamp, id: &ExternalId) -> Result<&mut Person, Refusal> {
        if !self.existing(id)?.is_active(now) {
            let place = place(self);
            let id = id.as_str();
            let why = format!(
                "Service user {id:?} is terminated in {place}, so it cannot be edited. Reinstate it, edit it, \
                 then terminate it again. An update in between brings the leaver back for a while."
            );
            return Err(refused_by(Clause::Pub12, &why));
        }
        self.existing(id)
    }

    pub(crate) fn add_service_user(
        &mut self,
        now: Timestamp,
        id: ExternalId,
        mut fields: Fields,
    ) -> Result<Happened, Refusal> {
        if self.people.contains_key(&id) {
            let (place, id) = (place(self), id.as_str());
            return Err(refused(format!(
                "There is already a service user {id:?} in {place}, and an identifier stands for one person. \
                 Give the new one another identifier, or edit the one that is there."
            )));
        }
        self.check_fit(&fields)?;
        let ended_on = fields.remove(Field::EndDate);
        let mut person = Person::new(id.clone(), ExternalId::new(self.as_sent(id.as_str())), fields, now);
        if let Some(ended_on) = ended_on {
            person.put(Field::EndDate, ended_on);
        }
        self.people.insert(id.clone(), person);
        self.mark_unsent(&id);
        Ok(Happened::one(id))
    }

    pub(crate) fn edit(
        &mut self,
        now: Timestamp,
        id: &ExternalId,
        set: &Fields,
    ) -> Result<Happened, Refusal> {
        self.check_fit(set)?;
        let person = self.editable(now, id)?;
        let changed: Vec<Field> = set
            .iter()
            .filter(|(field, value)| person.put(*field, Text::clone(value)))
            .map(|(field, _)| field)
            .collect();
        Ok(self.fields_changed(now, id, &changed))
    }

    pub(crate) fn stop_sending(
        &mut self,
        now: Timestamp,
        id: &ExternalId,
        fields: &[Field],
    ) -> Result<Happened, Refusal> {
        let person = self.editable(now, id)?;
        if fields.contains(&Field::EndDate) && person.ended_on.is_some() {
            let (place, id) = (place(self), id.as_str());
            return Err(refused(format!(
                "Service user {id:?} has an end date in {place}, and an end date is always sent. \
                 To take it away, reinstate the service user."
            )));
        }
        let changed: Vec<Field> = fields.iter().copied().filter(|&field| person.forget(field)).collect();
        Ok(self.fields_changed(now, id, &changed))
    }

    fn fields_changed(&mut self, now: Timestamp, id: &ExternalId, fields: &[Field]) -> Happened {
        if fields.is_empty() {
            return Happened::default();
        }
        self.count_change(now, id, fields);
        Happened::one(id.clone())
    }

    /// The end date has to be one. Everything else is kept as typed: wrong at source is to arrive wrong.
    fn check_fit(&self, set: &Fields) -> Result<(), Refusal> {
        let place = place(self);
        if set.get(Field::Service).is_some() {
            return Err(refused(format!(
                "In {place} the service is not a field of a service user: it follows from the branch, and in \
                 Access Care Rostering from a service order where one names it. Set the branch or the order."
            )));
        }
        let ended_on = set.text(Field::EndDate);
        Field::EndDate.read(ended_on).map(|_| ()).map_err(|unfit| {
            refused(format!("The end date {ended_on:?} in {place} is {}: {}.", unfit.what, unfit.instead))
        })
    }

    /// For ACP this is somebody new: the next update carries the new identifier and says nothing of the old.
    pub(crate) fn change_id(
        &mut self,
        now: Timestamp,
        from: &ExternalId,
        to: ExternalId,
    ) -> Result<Happened, Refusal> {
        self.editable(now, from)?;
        if *from == to {
            return Ok(Happened::default());
        }
        if self.people.contains_key(&to) {
            return Err(taken(self, "service user", to.as_str()));
        }
        let mut person = self.people.remove(from).expect("`editable` found it");
        person.rename(now, to.clone(), ExternalId::new(self.as_sent(to.as_str())));
        for order in &person.orders {
            self.orders.insert(order.id.clone(), to.clone());
            for requirement in &order.requirements {
                self.requirements.insert(requirement.id.clone(), to.clone());
            }
        }
        self.people.insert(to.clone(), person);
        self.mark_unsent(&to);
        let mut visits = Vec::new();
        for visit in self.visits.values_mut().filter(|visit| visit.service_user == *from) {
            visit.service_user = to.clone();
            visits.push(visit.id.clone());
        }
        // That nobody has the old identifier any more can be seen too.
        Ok(Happened { service_users: vec![from.clone(), to], visits })
    }

    pub(crate) fn terminate(
        &mut self,
        now: Timestamp,
        id: &ExternalId,
        on: Timestamp,
    ) -> Result<Happened, Refusal> {
        let standing = self.standing(id);
        if !self.existing(id)?.end(Some(date_in_london(on))) {
            return Ok(Happened::default());
        }
        self.count_change(now, id, &[Field::EndDate]);
        Ok(self.with_visits_that_changed(id, &standing))
    }

    pub(crate) fn reinstate(&mut self, now: Timestamp, id: &ExternalId) -> Result<Happened, Refusal> {
        let standing = self.standing(id);
        let person = self.existing(id)?;
        if person.ended_on.is_none() {
            let (place, id) = (place(self), id.as_str());
            return Err(refused(format!(
                "Service user {id:?} is not terminated in {place}, so there is nothing to reinstate."
            )));
        }
        person.end(None);
        self.count_change(now, id, &[Field::EndDate]);
        Ok(self.with_visits_that_changed(id, &standing))
    }

    /// Changes visits, not data: the record in ACP stays as it is. PUB-13.
    pub(crate) fn suspend(
        &mut self,
        id: &ExternalId,
        from: Timestamp,
        until: Option<Timestamp>,
        reason: Text,
    ) -> Result<Happened, Refusal> {
        let standing = self.standing(id);
        self.existing(id)?;
        if until.is_some_and(|until| until <= from) {
            let (place, id) = (place(self), id.as_str());
            return Err(refused(format!(
                "The suspension of service user {id:?} in {place} would end before it begins. \
                 Give it a later end, or none."
            )));
        }
        self.existing(id)?.suspensions.push(Suspension { from, until, reason });
        Ok(self.with_visits_that_changed(id, &standing))
    }

    /// A suspension in force ends at `now`; one that has not begun is dropped.
    pub(crate) fn end_suspension(&mut self, now: Timestamp, id: &ExternalId) -> Result<Happened, Refusal> {
        let standing = self.standing(id);
        let person = self.existing(id)?;
        if person.suspensions.iter().all(|suspension| suspension.is_over(now)) {
            let (place, id) = (place(self), id.as_str());
            return Err(refused(format!(
                "Service user {id:?} is not suspended in {place}, so there is no suspension to end."
            )));
        }
        person.suspensions.retain(|suspension| suspension.from < now);
        for suspension in person.suspensions.iter_mut().filter(|suspension| suspension.covers(now)) {
            suspension.until = Some(now);
        }
        Ok(self.with_visits_that_changed(id, &standing))
    }

    pub(crate) fn delete(&mut self, id: &ExternalId) -> Result<Happened, Refusal> {
        self.existing(id)?;
        let visits: Vec<VisitId> = self.visits_of(id).map(|visit| visit.id.clone()).collect();
        self.visits.retain(|_, visit| visit.service_user != *id);
        self.orders.retain(|_, owner| owner != id);
        self.requirements.retain(|_, owner| owner != id);
        self.people.remove(id);
        Ok(Happened { service_users: vec![id.clone()], visits })
    }

    /// Every visit of a service user, and whether it stands.
    fn standing(&self, id: &ExternalId) -> Vec<(VisitId, bool)> {
        self.visits_of(id).map(|visit| (visit.id.clone(), self.stands(visit))).collect()
    }

    fn with_visits_that_changed(&self, id: &ExternalId, before: &[(VisitId, bool)]) -> Happened {
        let after = self.standing(id);
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after);
        Happened {
            service_users: vec![id.clone()],
            visits: changed.map(|((visit, _), _)| visit.clone()).collect(),
        }
    }
}
