//! What has to be so when nothing has happened for a whole window, now and then and at the end: both systems agree.
//! Compares what they show, field by field; knows no deadline but the longest.

use super::{AT_REST, Books, Broken, IN_PLACE};
use crate::{Event, What};
use acp::Record;
use feed::{FAR_WINDOW, Field, Timestamp};
use guidance::Sight;
use link::after;
use rostering::Person;

/// Until when something that happened has to do with a sync, to anybody. None: it has not.
pub(super) fn disturbs_until(event: &Event) -> Option<Timestamp> {
    Some(match &event.what {
        What::Fault { hit, .. } => hit.over_at(event.at),
        What::Rostering { result: Ok(happened), .. } if *happened != rostering::Happened::default() => {
            event.at
        }
        What::Acp { result: Ok(_), .. } | What::Saw(Sight::Live { .. } | Sight::Branches(_)) => event.at,
        _ => return None,
    })
}

impl Books<'_> {
    /// Everybody whom every full update carries, whom ACP can take in, and who is alone on one record.
    pub(super) fn at_rest(&self, now: Timestamp) -> Vec<Broken> {
        // A full update may have left at the very instant of the last change, and missed it.
        if self.disturbed_until.is_none_or(|until| now <= after(until, FAR_WINDOW)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for ((environment, id), (person, _)) in &self.roster.people {
            let [record] = self.leads.to(id, &self.settings) else { continue };
            let Some(record) = self.records.get(record) else { continue };
            // Of two who lead to one record nobody can say whose values stand.
            if self.is_sent(*environment, person, now) && self.people_of(record).count() == 1 {
                found.extend(self.agree(*environment, person, record));
            }
        }
        found
    }

    fn is_sent(&self, environment: u8, person: &Person, now: Timestamp) -> bool {
        let name = person.fields.full_name();
        let has_service_order = person.orders.iter().any(|order| order.service.is_some());
        self.roster.live.contains(&environment)
            && person.is_active(now)
            && !name.trim().is_empty()
            && !name.contains('\0')
            && !has_service_order
            && !person.sent_id.is_blank()
    }

    fn agree(&self, environment: u8, person: &Person, record: &Record) -> Vec<Broken> {
        let mut found = Vec::new();
        let fields = &person.fields;
        let branch = fields.text(Field::Branch);
        let sent = self.as_sent(environment, branch);
        let knows_branch = self.branches.iter().any(|(name, _)| *name == sent);
        if !knows_branch && !branch.is_empty() {
            // Refused as a whole, for as long as ACP lacks the branch.
            return found;
        }
        if !branch.is_empty() {
            self.tally.armed(IN_PLACE);
            if record.branch() != sent.as_str() && record.held.is_none() {
                let what =
                    format!("{} is in \"{}\" where rostering says \"{sent}\".", record.id, record.branch());
                found.push(IN_PLACE.broken(what));
            }
        }
        let managed = self.settings.managed_demographics;
        for field in [Field::Title, Field::GivenName, Field::FamilyName, Field::DateOfBirth, Field::NhsNumber]
        {
            let Some(wanted) = fields.get(field) else { continue };
            let Ok(wanted) = field.read(wanted) else { continue };
            if !managed.manages(field) {
                continue;
            }
            self.tally.armed(AT_REST);
            if record.synced.text(field) != wanted.as_str() {
                let (name, got) = (field.text(), record.synced.text(field));
                found.push(AT_REST.broken(format!(
                    "The {name} of {} is \"{got}\" where rostering says \"{wanted}\".",
                    record.id
                )));
            }
        }
        found
    }
}
