//! What holds after every cause: nothing of care is lost, everything has one place.

use super::{Books, Broken, CONSERVED, Cause, Change, Leads, MERGED, ONE_PARENT, PLACED};
use acp::{Action, Record};
use feed::Field;

/// So many merges of merged records are followed; a longer chain would be a circle.
const LONGEST_CHAIN: usize = 100;

impl Books<'_> {
    pub(super) fn tenant(&self, change: &Change<'_>, now: &Leads) -> Vec<Broken> {
        let mut found = Vec::new();
        found.extend(self.conserved(change));
        found.extend(self.one_parent(change));
        for record in change.after.values() {
            found.extend(self.placed(record));
            found.extend(self.leads_on(record, change, now));
        }
        found
    }

    /// A record's branch and service are ACP's, unless nobody has placed it yet.
    fn placed(&self, record: &Record) -> Option<Broken> {
        let (branch, service) = (record.branch(), record.service());
        if branch.is_empty() || record.merged_into.is_some() {
            return None;
        }
        self.tally.armed(PLACED);
        let known = self.branches.iter().any(|(name, _)| name == branch)
            && self.branches.iter().any(|(_, name)| name == service);
        (!known).then(|| PLACED.broken(format!("{} stands in \"{branch}\" of \"{service}\".", record.id)))
    }

    /// What a merged record was known by leads to where it went, as long as that is there.
    fn leads_on(&self, record: &Record, change: &Change<'_>, now: &Leads) -> Option<Broken> {
        let mut survivor = change.now(record.merged_into?)?;
        for _ in 0..LONGEST_CHAIN {
            let Some(further) = survivor.merged_into else { break };
            survivor = change.now(further)?;
        }
        let ids = record.external_id.iter().chain(&record.aliases).filter(|id| !id.is_blank());
        for id in ids {
            self.tally.armed(MERGED);
            if !now.to(id, &self.settings).contains(&survivor.id) {
                let what =
                    format!("{id} does not lead to {}, into which {} was merged.", survivor.id, record.id);
                return Some(MERGED.broken(what));
            }
        }
        None
    }

    fn one_parent(&self, change: &Change<'_>) -> Option<Broken> {
        for (id, record) in change.after {
            if record.local.care.is_empty() {
                continue;
            }
            self.tally.armed(ONE_PARENT);
            if change.before.get(id).is_some_and(|before| before.local.care == record.local.care) {
                continue;
            }
            for item in &record.local.care {
                let other = self.parents.get(&item.number).filter(|other| *other != id);
                let keeps = other
                    .and_then(|other| change.now(*other))
                    .is_some_and(|other| other.local.care.iter().any(|it| it.number == item.number));
                if let Some(other) = other.filter(|_| keeps) {
                    return Some(
                        ONE_PARENT.broken(format!("\"{}\" stands in {other} and in {id}.", item.title)),
                    );
                }
            }
        }
        None
    }

    /// Every thing of care that was there before is there after, with its activities, unless somebody deleted its record.
    fn conserved(&self, change: &Change<'_>) -> Option<Broken> {
        let deleted = match change.cause {
            Cause::Person(act, _) => match act.action {
                Action::Delete { record } => Some(record),
                _ => None,
            },
            _ => None,
        };
        for id in change.touched.iter().chain(&change.gone) {
            let Some(before) = change.before.get(id).filter(|it| !it.local.care.is_empty()) else { continue };
            self.tally.armed(CONSERVED);
            let is_same = change.after.get(id).is_some_and(|after| after.local.care == before.local.care);
            if Some(*id) == deleted || is_same {
                continue;
            }
            if let Some(broken) = lost(before, change) {
                return Some(broken);
            }
        }
        None
    }
}

fn lost(before: &Record, change: &Change<'_>) -> Option<Broken> {
    before.local.care.iter().find_map(|item| {
        let mut now = change.after.values().flat_map(|record| &record.local.care);
        let now = now.find(|it| it.number == item.number);
        let kept = now.is_some_and(|now| item.activities.iter().all(|it| now.activities.contains(it)));
        (!kept).then(|| CONSERVED.broken(format!("\"{}\" of {} is gone.", item.title, before.id)))
    })
}

/// Whether a field places the record.
pub(super) const fn is_placement(field: Field) -> bool {
    matches!(field, Field::Branch | Field::Service)
}
