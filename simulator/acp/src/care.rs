//! What care staff write: care plans with activities, forms, notes, documents, visits carried out. All of it
//! is ACP's own, and no update reaches it (OWN-4, OWN-5).

use crate::act::Hand;
use crate::by_hand::plain;
use crate::{Acp, Activity, CareItem, CareKind, Done, RecordId, Refusal, VisitState};
use feed::{Clause, Text, VisitId, london};

/// The clause under which care data of a kind survives.
const fn clause_of(kind: CareKind) -> Clause {
    match kind {
        CareKind::CarePlan | CareKind::Form | CareKind::VisitHistory => Clause::Own4,
        CareKind::Note | CareKind::Document => Clause::Own5,
    }
}

impl Acp {
    pub(crate) fn add_care(
        &mut self,
        hand: &Hand,
        id: RecordId,
        kind: CareKind,
        title: Text,
        activities: Vec<Text>,
    ) -> Result<Done, Refusal> {
        self.open(hand, id)?;
        plain(&title)?;
        activities.iter().try_for_each(plain)?;
        if kind != CareKind::CarePlan && !activities.is_empty() {
            let why = format!("Only a care plan has activities; {title:?} is among the {}.", kind.text());
            return Err(Refusal::new(Clause::Own4, why));
        }
        let item = self.new_item(hand.stamp(clause_of(kind)), kind, title, activities);
        self.put_item(id, item);
        Ok(Done::touched(id))
    }

    /// A thing of care with the next number, in no service yet.
    pub(crate) fn new_item(
        &mut self,
        added: crate::Stamp,
        kind: CareKind,
        title: Text,
        activities: Vec<Text>,
    ) -> CareItem {
        self.newest_item += 1;
        let number = self.newest_item;
        let activities = activities.into_iter().map(|title| self.new_activity(added, title)).collect();
        CareItem {
            number,
            kind,
            title,
            service: Text::new(),
            added,
            activities,
            requirement: None,
            ended: None,
        }
    }

    fn new_activity(&mut self, added: crate::Stamp, title: Text) -> Activity {
        self.newest_activity += 1;
        Activity { number: self.newest_activity, title, added }
    }

    /// Adds a thing of care to a record, in the record's service.
    fn put_item(&mut self, id: RecordId, item: CareItem) {
        let record = self.write_to(id);
        let service = record.service().into();
        record.local.care.push(CareItem { service, ..item });
    }

    pub(crate) fn add_activity(&mut self, hand: &Hand, id: RecordId, title: Text) -> Result<Done, Refusal> {
        plain(&title)?;
        let care = &self.open(hand, id)?.local.care;
        let open = |item: &&CareItem| item.kind == CareKind::CarePlan && item.ended.is_none();
        let Some(plan) = care.iter().filter(open).map(|item| item.number).max() else {
            let why = format!(
                "Record {id} has no care plan that has not ended, so the activity {title:?} has no place. \
                 Add a care plan first."
            );
            return Err(Refusal::new(Clause::Own4, why));
        };
        let activity = self.new_activity(hand.stamp(Clause::Own4), title);
        let care = &mut self.write_to(id).local.care;
        care.iter_mut()
            .filter(|item| item.number == plan)
            .for_each(|item| item.activities.push(activity.clone()));
        Ok(Done::touched(id))
    }

    /// A planned visit becomes visit history. Both stay: the visit as done, and the thing of care.
    pub(crate) fn complete_visit(&mut self, hand: &Hand, visit: &VisitId) -> Result<Done, Refusal> {
        let Some(id) = self.visits.record_of(visit) else {
            let name = visit.as_str();
            let why = if self.visits.is_parked(visit) {
                format!("The visit {name:?} waits for its service user, who has no single record in ACP yet.")
            } else {
                format!("ACP has no visit {name:?}. It may lie beyond what is sent, or have been withdrawn.")
            };
            return Err(Refusal::new(Clause::Pub2, why));
        };
        let record = self.open(hand, id)?;
        let starts = match record.visit(visit) {
            Some(held) if held.state == VisitState::Planned => held.visit.starts,
            _ => {
                let why = format!("The visit {:?} was carried out already.", visit.as_str());
                return Err(Refusal::new(Clause::Own4, why));
            }
        };
        let title = format!("Visit {visit} on {}", london().to_datetime(starts).strftime("%-d %B %Y"));
        let item = self.new_item(hand.stamp(Clause::Own4), CareKind::VisitHistory, title.into(), Vec::new());
        self.put_item(id, item);
        self.visits.is_done(visit);
        let visits = &mut self.write_to(id).visits;
        visits
            .iter_mut()
            .filter(|held| held.visit.id == *visit)
            .for_each(|held| held.state = VisitState::Done);
        Ok(Done::touched(id))
    }
}
