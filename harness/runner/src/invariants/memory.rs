//! What the invariants keep in mind of one cause and all that was seen after it: who set which value, which update was the
//! newest for whom, whose record came while somebody was there for it. Judges nothing.

use super::{Books, Cause, Records, delivery};
use acp::RecordId;
use feed::{ExternalId, Timestamp};

impl Books<'_> {
    /// Something happened in rostering to whoever a record came for, at the instant at which it came.
    pub(super) fn is_murky(&mut self, at: Timestamp, id: &ExternalId) {
        let records = self.leads.to(id, &self.settings);
        let made_now = |it: &&RecordId| self.records.get(*it).is_some_and(|it| it.created.at() == at);
        self.murky.extend(records.iter().filter(made_now));
    }

    /// Who set which contact detail last, and which update was the newest for each record.
    pub(super) fn remember(
        &mut self,
        cause: Cause<'_>,
        at: Timestamp,
        touched: &[RecordId],
        after: &Records,
    ) {
        for id in touched {
            self.record_changed(&after[id]);
            if let Some(before) = self.records.get(id).cloned() {
                self.record_changed(&before);
                if before.external_id != after[id].external_id {
                    // It goes by another identifier now, under which somebody else may have been there.
                    self.murky.insert(*id);
                }
            }
            let (now, before) = (&after[id], self.records.get(id));
            let done = now.visits.iter().filter(|held| held.state == acp::VisitState::Done);
            self.done.extend(done.map(|held| held.visit.id.clone()));
            if before.is_none()
                && let Some(id) = &now.external_id
            {
                let is_active =
                    |who| self.roster.people.get(who).is_some_and(|(person, _)| person.is_active(at));
                if self.roster.led_by(id).iter().any(is_active) {
                    self.expected.insert(now.id);
                }
            }
            if delivery::is_nobodys(now) {
                self.nobodys.insert(*id);
            } else {
                self.nobodys.remove(id);
            }
            if before.is_none_or(|before| before.local.care != now.local.care) {
                self.parents.extend(now.local.care.iter().map(|item| (item.number, *id)));
            }
            if before.is_some_and(|before| before.synced.values() == now.synced.values()) {
                continue;
            }
            for slot in now.synced.slots() {
                let was = before.map_or("", |before| before.synced.text(slot.field));
                if was == slot.value.as_str() {
                    continue;
                }
                let by_integration = match cause {
                    Cause::Delivery(..) => true,
                    Cause::SetUp => now.origin == acp::Origin::Integration,
                    _ => false,
                };
                if by_integration {
                    self.by_hand.remove(&(*id, slot.field));
                } else {
                    self.by_hand.insert((*id, slot.field));
                }
            }
        }
        // What somebody set in a merged record is theirs in the survivor too; an edit to the same text counts as an edit.
        if let Cause::Person(act, _) = cause
            && let acp::Action::Edit { record, set } | acp::Action::Datafix { record, set } = &act.action
        {
            // To empty what was empty is no edit.
            let was_there =
                |field| self.records.get(record).is_some_and(|it| !it.synced.text(field).is_empty());
            let edited = set.iter().filter(|(field, typed)| !typed.is_empty() || was_there(*field));
            self.by_hand.extend(edited.map(|(field, _)| (*record, field)));
        }
        self.remember_delivery(cause);
    }

    /// Which update was the last, and the newest of its environment, for each record that it was taken into.
    fn remember_delivery(&mut self, cause: Cause<'_>) {
        let Cause::Delivery(update, receipt) = cause else { return };
        let this = (update.environment, update.sequence);
        self.arrived.insert(this, self.n_acts);
        let newest = self.newest_of.entry(update.environment).or_default();
        if *newest <= update.sequence {
            *newest = update.sequence;
            for visit in &update.visits {
                if self.sent_by.get(&visit.id) != Some(&update.environment) {
                    self.sent_by.insert(visit.id.clone(), update.environment);
                }
            }
        }
        for (user, decision) in update.service_users.iter().zip(&receipt.decisions) {
            if delivery::is_turned_away(&decision.outcome) {
                continue;
            }
            for id in self.leads.to(&user.external_id, &self.settings) {
                let newest = self.newest.entry((*id, update.environment)).or_default();
                *newest = update.sequence.max(*newest);
                self.last.insert(*id, this);
            }
        }
    }
}
