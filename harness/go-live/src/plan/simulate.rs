//! What ACP looks like after the first sync: the engine goes on with a full update a day, and is asked what it holds then.

use super::engine::{deliver, planted, update};
use super::inputs::{Sides, View};
use super::keys::Keys;
use super::{Places, Plan};
use crate::threads;
use acp::{Call, Look, Origin, Outcome, Reply};
use feed::{FULL_EVERY, Field, Text};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// ACP so many hours after the first sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Morning {
    pub n_records_before: usize,
    pub n_records: usize,
    /// Made by the integration.
    pub n_created: usize,
    /// Records with a move that waits for Support.
    pub n_held: usize,
    /// Service users whom each full update refused, and those of whom it changed something, the first one first.
    pub updates: Vec<(usize, usize)>,
    /// Records by branch: before, after.
    pub branches: BTreeMap<Text, (usize, usize)>,
}

/// Goes on for so many hours after the first sync.
pub fn simulate(sides: Sides<'_>, plan: &Plan, hours: u32, jobs: usize) -> Morning {
    threads::on(jobs, || run(sides, plan, hours))
}

fn run(sides: Sides<'_>, plan: &Plan, hours: u32) -> Morning {
    let view = View { sides, overlay: &plan.overlay };
    let (users, records) = (Keys::of_users(view), Keys::of_records(view));
    let mut morning =
        Morning { n_records_before: sides.acp.n_rows(), n_records: sides.acp.n_rows(), ..Morning::default() };
    for row in sides.acp.rows() {
        let counts =
            morning.branches.entry(branch(row.or_empty(crate::exports::Column::Branch))).or_default();
        counts.0 += 1;
        counts.1 += 1;
    }
    let parts = users.parts(&records);
    let parts: Vec<Morning> = parts
        .into_par_iter()
        .map(|(users, records)| part(view, &plan.places, &users, &records, hours))
        .collect();
    for part in parts {
        morning.n_created += part.n_created;
        morning.n_records += part.n_created;
        morning.n_held += part.n_held;
        morning.updates.resize(part.updates.len().max(morning.updates.len()), (0, 0));
        for (all, of_part) in morning.updates.iter_mut().zip(part.updates) {
            all.0 += of_part.0;
            all.1 += of_part.1;
        }
        for (name, (before, after)) in part.branches {
            let counts = morning.branches.entry(name).or_default();
            counts.1 = counts.1 + after - before;
        }
    }
    morning
}

/// Of one part, `branches` holds only its own records.
fn part(view: View<'_>, places: &Places, users: &[u32], records: &[u32], hours: u32) -> Morning {
    let mut morning = Morning::default();
    let mut acp = planted(view, places, records);
    let mut at = view.sides.set_up.first_sync;
    for &record in records {
        let name = view.sides.record(record).or_empty(crate::exports::Column::Branch);
        morning.branches.entry(branch(name)).or_default().0 += 1;
    }
    let n_updates = 1 + i64::from(hours) / FULL_EVERY.as_hours();
    for sequence in 1..=u32::try_from(n_updates).unwrap_or(1) {
        let mut update = update(view, places, users);
        (update.sequence, update.sent_at, update.visits_until) = (sequence, at, at);
        let receipt = deliver(&mut acp, at, update);
        let (mut refused, mut changed) = (0, 0);
        for decision in &receipt.decisions {
            match &decision.outcome {
                Outcome::Refused(_) => refused += 1,
                Outcome::Created { .. } => changed += 1,
                Outcome::Matched { changes, .. } => changed += usize::from(!changes.is_empty()),
                Outcome::Older(_) | Outcome::NotCreated => {}
            }
        }
        morning.updates.push((refused, changed));
        at = at.checked_add(FULL_EVERY).unwrap_or(at);
    }
    let Reply::Shown(shown) = acp.answer(at, Call::Look(Look::Everything)) else { return morning };
    for record in &shown.records {
        morning.branches.entry(branch(record.synced.text(Field::Branch))).or_default().1 += 1;
        morning.n_held += usize::from(record.held.is_some());
    }
    // Planted ones may be of integration origin too.
    let made = shown.records.iter().skip(records.len()).filter(|it| it.origin == Origin::Integration);
    morning.n_created = made.count();
    morning
}

fn branch(name: &str) -> Text {
    if name.trim().is_empty() { Text::from("(no branch)") } else { Text::from(name) }
}
