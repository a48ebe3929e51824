//! The plan: what the first sync will do to every service user, from two exports.
//!
//! **The plan is the engine on a copy.** ACP's records are planted into the reference engine, the first full update is
//! delivered, and what it decides is the plan ([`engine`]). Beside that stand the look-alikes, which the engine never
//! sees, because it matches on the identifier alone. Pure data in, pure data out: how a plan reads on a page is
//! somebody else's business, and it keeps no value that an export has.

mod branches;
mod classify;
mod decisions;
mod engine;
mod inputs;
mod keys;
mod listed;
mod outcome;
mod row;
mod sets;

pub use branches::{AcpBranch, Branch, Differs, Near, Places};
pub use decisions::{Choice, Settled};
pub use engine::Refused;
pub use inputs::{SetUp, Sides};
pub use outcome::{Counts, Outcome};
pub use row::{AcpOnly, Alike, Hold, Only, Row, Why};
pub use sets::{FieldSet, SettingSet};

use crate::exports::Status;
use crate::lookalike::{self, Links, Rows, TooCommon, Trust};
use classify::Known;
use inputs::{Overlay, View};
use keys::Keys;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What the first sync will do.
#[derive(Debug)]
pub struct Plan {
    /// One for each service user, in the order of the rostering export.
    pub rows: Vec<Row>,
    /// Records that nobody leads to, in the order of the ACP export.
    pub acp_only: Vec<AcpOnly>,
    pub counts: Counts,
    pub places: Places,
    /// Whether look-alikes may be called likely, and why not.
    pub trust: Trust,
    pub too_common: Vec<TooCommon>,
}

/// Plans. `settled` says by service user what people decided. The same for any number of `jobs`.
pub fn plan(sides: Sides<'_>, settled: &BTreeMap<u32, Settled>, jobs: usize) -> Plan {
    let (row_a, row_b) =
        (|at: usize| sides.rostering.for_lookalikes(at), |at: usize| sides.acp.for_lookalikes(at));
    let users = Rows { n_rows: sides.rostering.n_rows(), row: &row_a };
    let records = Rows { n_rows: sides.acp.n_rows(), row: &row_b };
    let links = lookalike::link(&users, &records, jobs);
    match rayon::ThreadPoolBuilder::new().num_threads(jobs.max(1)).build() {
        Ok(pool) => pool.install(|| plan_here(sides, settled, links)),
        // No new threads to be had: the ones that are there already do.
        Err(_) => plan_here(sides, settled, links),
    }
}

fn plan_here(sides: Sides<'_>, settled: &BTreeMap<u32, Settled>, links: Links) -> Plan {
    let as_it_is = Overlay::default();
    let view = View { sides, overlay: &as_it_is };
    let places = Places::of(sides);
    let listed_twice = listed::listed_twice(sides);
    let nobody = BTreeMap::new();
    let pass = |view: View<'_>, settled: &BTreeMap<u32, Settled>| {
        let (users, records) = (Keys::of_users(view), Keys::of_records(view));
        let is_one = |one: u32, other: u32| {
            engine::is_same_identifier(view, &view.identifier(one), &view.identifier(other))
        };
        let known = Known {
            view,
            places: &places,
            links: &links,
            links_at: &classify::offsets(&links.links, sides.rostering.n_rows()),
            same_identifier: &listed::same_identifier(&users, is_one),
            listed_twice: &listed_twice,
            settled,
        };
        let decided = engine::decide(view, &places, &users, &records);
        let one = |(user, decided): (u32, engine::Decided)| classify::classify(&known, user, &decided);
        let rows: Vec<Row> = (0_u32..u32::MAX).into_par_iter().zip(decided).map(one).collect();
        (rows, records)
    };
    let (mut rows, records) = pass(view, &nobody);
    if !settled.is_empty() {
        let overlay = decisions::overlay(sides, &rows, settled, &records);
        (rows, _) = pass(View { sides, overlay: &overlay }, settled);
    }
    let acp_only = acp_only(sides, &rows);
    let mut counts = Counts::default();
    for row in &rows {
        counts.add(row.outcome, 1);
    }
    counts.add(Outcome::AcpOnly, acp_only.len());
    Plan { rows, acp_only, counts, places, trust: links.trust, too_common: links.too_common }
}

/// The records that no row names.
fn acp_only(sides: Sides<'_>, rows: &[Row]) -> Vec<AcpOnly> {
    let mut is_named = vec![false; sides.acp.n_rows()];
    for row in rows {
        for record in row.record.into_iter().chain(row.alike.map(|alike| alike.record)) {
            is_named[record as usize] = true;
        }
        if let Why::Refused(Refused::Several(records)) = &row.why {
            for &record in records {
                is_named[record as usize] = true;
            }
        }
    }
    let only = |record: u32| {
        let row = sides.record(record);
        let why = match (row.external_id(), row.status()) {
            (_, Some(Status::Inactive | Status::Archived)) => Only::NotInUse,
            (Some(_), _) => Only::Orphan,
            (None, _) => Only::NoIdentifier,
        };
        AcpOnly { record, why }
    };
    (0..).zip(&is_named).filter(|(_, is_named)| !**is_named).map(|(record, _)| only(record)).collect()
}
