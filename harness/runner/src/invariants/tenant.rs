//! What holds after every cause: nothing of care is lost, everything has one place.

use super::{Books, Broken, CONSERVED, Cause, Change, ONE_PARENT, PLACED};
use acp::{Action, Record, RecordId};
use feed::Field;
use std::collections::BTreeMap;

impl Books {
    pub(super) fn tenant(&self, change: &Change<'_>) -> Vec<Broken> {
        let mut found = Vec::new();
        found.extend(conserved(change));
        found.extend(self.one_parent(change));
        found.extend(change.after.values().filter_map(|record| self.placed(record)));
        found
    }

    /// A record's branch and service are ACP's, unless nobody has placed it yet.
    fn placed(&self, record: &Record) -> Option<Broken> {
        let (branch, service) = (record.branch(), record.service());
        if branch.is_empty() || record.merged_into.is_some() {
            return None;
        }
        let known = self.branches.iter().any(|(name, _)| name == branch)
            && self.branches.iter().any(|(_, name)| name == service);
        (!known).then(|| PLACED.broken(format!("{} stands in \"{branch}\" of \"{service}\".", record.id)))
    }

    fn one_parent(&self, change: &Change<'_>) -> Option<Broken> {
        let mut parents: BTreeMap<u32, RecordId> = BTreeMap::new();
        let unchanged =
            self.records.iter().filter(|(id, _)| !change.after.contains_key(id) && !change.gone.contains(id));
        for (id, record) in unchanged.chain(change.after) {
            for item in &record.local.care {
                if let Some(other) = parents.insert(item.number, *id) {
                    return Some(
                        ONE_PARENT.broken(format!("\"{}\" stands in {other} and in {id}.", item.title)),
                    );
                }
            }
        }
        None
    }
}

/// Every thing of care that was there before is there after, with its activities, unless somebody deleted its record.
fn conserved(change: &Change<'_>) -> Option<Broken> {
    let deleted = match change.cause {
        Cause::Person(act) => match act.action {
            Action::Delete { record } => Some(record),
            _ => None,
        },
        _ => None,
    };
    let is_involved = |id: &RecordId| change.after.contains_key(id) || change.gone.contains(id);
    for (id, before) in change.before.iter().filter(|(id, _)| is_involved(id)) {
        if Some(*id) == deleted {
            continue;
        }
        for item in &before.local.care {
            let now = change
                .after
                .values()
                .flat_map(|record| &record.local.care)
                .find(|it| it.number == item.number);
            let kept = now.is_some_and(|now| item.activities.iter().all(|it| now.activities.contains(it)));
            if !kept {
                return Some(CONSERVED.broken(format!("\"{}\" of {id} is gone.", item.title)));
            }
        }
    }
    None
}

/// Whether a field places the record.
pub(super) const fn is_placement(field: Field) -> bool {
    matches!(field, Field::Branch | Field::Service)
}
