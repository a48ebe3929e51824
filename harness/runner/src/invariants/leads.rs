//! Which record an identifier leads to, worked out from what ACP shows. Knows nothing of what was sent.

use super::{Records, compared};
use acp::{Record, RecordId};
use feed::{ExternalId, Settings, Text};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Which records each identifier leads to by itself or as an alias, those that were merged away left out.
#[derive(Clone, Default)]
pub(super) struct Leads {
    to: FxHashMap<Text, Vec<RecordId>>,
}

impl Leads {
    /// As it is after a change; none where no identifier leads elsewhere than before.
    pub(super) fn after(
        &self,
        before: &Records,
        after: &Records,
        gone: &[RecordId],
        settings: &Settings,
    ) -> Option<Leads> {
        let leads_elsewhere = |(id, now): (&RecordId, &Arc<Record>)| {
            before.get(id).is_none_or(|was| {
                was.external_id != now.external_id
                    || was.aliases != now.aliases
                    || was.merged_into.is_some() != now.merged_into.is_some()
            })
        };
        if gone.is_empty() && !after.iter().any(leads_elsewhere) {
            return None;
        }
        let mut leads = self.clone();
        for id in after.keys().chain(gone) {
            if let Some(record) = before.get(id) {
                leads.take_out(record, settings);
            }
        }
        for record in after.values() {
            leads.put_in(record, settings);
        }
        Some(leads)
    }

    fn put_in(&mut self, record: &Record, settings: &Settings) {
        if record.merged_into.is_some() {
            return;
        }
        for id in record.external_id.iter().chain(&record.aliases) {
            let records = self.to.entry(compared(id, settings).into()).or_default();
            if !records.contains(&record.id) {
                records.push(record.id);
                records.sort_unstable();
            }
        }
    }

    fn take_out(&mut self, record: &Record, settings: &Settings) {
        for id in record.external_id.iter().chain(&record.aliases) {
            if let Some(records) = self.to.get_mut(compared(id, settings)) {
                records.retain(|it| *it != record.id);
            }
        }
    }

    /// In the order of their IDs.
    pub(super) fn to(&self, id: &ExternalId, settings: &Settings) -> &[RecordId] {
        self.to.get(compared(id, settings)).map_or(&[], Vec::as_slice)
    }
}
