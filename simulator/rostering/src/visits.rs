//! What an administrator does to visits. A change of a visit is no change of its service user's data.

use crate::refusal::{no_requirement, no_service_user, no_visit, place, refused, taken};
use crate::{Happened, PlannedVisit, Refusal, Rostering, VisitStatus};
use feed::{ExternalId, Text, Timestamp, VisitId};
use jiff::SignedDuration;

impl Rostering {
    pub(crate) fn plan_visit(
        &mut self,
        id: VisitId,
        service_user: ExternalId,
        starts: Timestamp,
        lasts: SignedDuration,
        employee: Option<Text>,
        requirement: Option<Text>,
    ) -> Result<Happened, Refusal> {
        if self.visits.contains_key(&id) {
            return Err(taken(self, "visit", id.as_str()));
        }
        if !self.people.contains_key(&service_user) {
            return Err(no_service_user(self, &service_user));
        }
        if lasts <= SignedDuration::ZERO {
            let (place, id) = (place(self), id.as_str());
            return Err(refused(format!(
                "Visit {id:?} in {place} would not end after it starts. Give it a length above zero."
            )));
        }
        if let Some(requirement) = &requirement {
            self.needs_orders()?;
            if self.requirements.get(requirement) != Some(&service_user) {
                return Err(no_requirement(self, requirement));
            }
        }
        let ends = self.end_of(&id, starts, lasts)?;
        let sent_id = VisitId::new(self.as_sent(id.as_str()));
        let status = VisitStatus::Planned;
        let visit = PlannedVisit {
            id: id.clone(),
            sent_id,
            service_user,
            starts,
            ends,
            status,
            employee,
            requirement,
        };
        self.visits.insert(id.clone(), visit);
        Ok(Happened::one_visit(id))
    }

    pub(crate) fn move_visit(&mut self, id: &VisitId, starts: Timestamp) -> Result<Happened, Refusal> {
        let visit = self.existing_visit(id)?;
        if visit.starts == starts {
            return Ok(Happened::default());
        }
        let lasts = visit.ends.duration_since(visit.starts);
        let ends = self.end_of(id, starts, lasts)?;
        let visit = self.existing_visit(id)?;
        (visit.starts, visit.ends) = (starts, ends);
        Ok(Happened::one_visit(id.clone()))
    }

    pub(crate) fn cancel_visit(&mut self, id: &VisitId) -> Result<Happened, Refusal> {
        self.set_status(id, VisitStatus::Cancelled, "cancelled already")
    }

    pub(crate) fn restore_visit(&mut self, id: &VisitId) -> Result<Happened, Refusal> {
        self.set_status(id, VisitStatus::Planned, "not cancelled, so there is nothing to restore")
    }

    fn set_status(&mut self, id: &VisitId, status: VisitStatus, is: &str) -> Result<Happened, Refusal> {
        let visit = self.existing_visit(id)?;
        if visit.status == status {
            return Err(refused(format!("Visit {:?} in {} is {is}.", id.as_str(), place(self))));
        }
        visit.status = status;
        Ok(Happened::one_visit(id.clone()))
    }

    /// A requirement belongs to one service user, so the visit lets go of it.
    pub(crate) fn relink_visit(&mut self, id: &VisitId, to: &ExternalId) -> Result<Happened, Refusal> {
        self.existing(to)?;
        let visit = self.existing_visit(id)?;
        if visit.service_user == *to {
            return Ok(Happened::default());
        }
        visit.service_user = to.clone();
        visit.requirement = None;
        Ok(Happened::one_visit(id.clone()))
    }

    pub(crate) fn delete_visit(&mut self, id: &VisitId) -> Result<Happened, Refusal> {
        self.existing_visit(id)?;
        self.visits.remove(id);
        Ok(Happened::one_visit(id.clone()))
    }

    fn existing_visit(&mut self, id: &VisitId) -> Result<&mut PlannedVisit, Refusal> {
        if self.visits.contains_key(id) {
            return Ok(self.visits.get_mut(id).expect("it was found a line above"));
        }
        Err(no_visit(self, id))
    }

    fn end_of(&self, id: &VisitId, starts: Timestamp, lasts: SignedDuration) -> Result<Timestamp, Refusal> {
        starts.checked_add(lasts).map_err(|_| {
            let (place, id) = (place(self), id.as_str());
            refused(format!(
                "Visit {id:?} in {place} would end after the year 9999. Start it earlier, or make it shorter."
            ))
        })
    }
}
