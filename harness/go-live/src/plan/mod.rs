//! The plan: what the first sync will do to every service user, from two exports.
//!
//! **The plan is the engine on a copy.** ACP's records are planted into the reference engine, the first full update is
//! delivered, and what it decides is the plan ([`engine`]). Beside that stand the look-alikes, which the engine never
//! sees, because it matches on the identifier alone. Pure data in, pure data out: how a plan reads on a page is
//! somebody else's business, and it keeps no value that an export has.

mod answers;
mod branches;
mod causes;
mod check;
mod classify;
mod decisions;
mod engine;
mod filled;
mod inputs;
mod keys;
mod listed;
mod outcome;
mod row;
mod sets;
mod simulate;

pub use answers::{Answer, AnswerProblem, Decision, ProblemKind, Resolved, resolve};
pub use branches::{AcpBranch, Branch, Differs, Near, Places};
pub use causes::{Cause, CauseKind, Lacks};
pub use check::{number, set_up_text, sha256, shared};
pub use decisions::{Choice, Settled};
pub use engine::Refused;
pub use filled::answers;
pub use inputs::{SetUp, Sides};
pub use outcome::{Counts, Outcome};
pub use row::{AcpOnly, Alike, Hold, Only, Row, Why};
pub use sets::{FieldSet, SettingSet};
pub use simulate::{Morning, simulate};

use crate::exports::Status;
use crate::lookalike::{Cleaned, Links, Rows, TooCommon, Trust};
use crate::threads;
use classify::Known;
use feed::Text;
use inputs::{Overlay, View};
use keys::Keys;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// What the first sync will do.
#[derive(Debug)]
pub struct Plan {
    /// One for each service user, in the order of the rostering export.
    pub rows: Vec<Row>,
    /// Records that nobody leads to, in the order of the ACP export.
    pub acp_only: Vec<AcpOnly>,
    pub counts: Counts,
    /// What to put right, the one that clears most first.
    pub causes: Vec<Cause>,
    pub places: Places,
    /// Service users whose identifier another one has too.
    pub shared: FxHashSet<u32>,
    /// Whether look-alikes may be called likely, and why not.
    pub trust: Trust,
    pub too_common: Vec<TooCommon>,
    /// What decisions change in what the first sync meets.
    overlay: Overlay,
    /// Fields that ACP's export does not have: whether they change cannot be told.
    pub unknown: FieldSet,
}

/// Plans. `settled` says by service user what people decided. The same for any number of `jobs`.
pub fn plan(sides: Sides<'_>, settled: &BTreeMap<u32, Settled>, jobs: usize) -> Plan {
    threads::on(jobs, || plan_here(sides, settled))
}

fn plan_here(sides: Sides<'_>, settled: &BTreeMap<u32, Settled>) -> Plan {
    let as_it_is = Overlay::default();
    let view = View { sides, overlay: &as_it_is };
    // Look-alikes and the engine know nothing of each other, and where one has work for a single core the other goes on.
    let (cleaned, places) = rayon::join(|| clean(sides), || Places::of(sides));
    let listed_twice = listed::listed_twice(sides, &cleaned.namesakes());
    let weighed = cleaned.compare().weigh();
    let (links, answered) = rayon::join(|| weighed.choose(), || Answered::of(view, &places));
    let n_users = sides.rostering.n_rows();
    let (links_at, joined_at) = rayon::join(
        || classify::offsets(links.links.iter().map(|it| it.a), n_users),
        || classify::offsets(links.joined.iter().map(|it| it.a), n_users),
    );
    let facts = Facts {
        places: &places,
        links: &links,
        links_at: &links_at,
        joined_at: &joined_at,
        listed_twice: &listed_twice,
    };
    let mut pass = pass(view, &facts, answered, &BTreeMap::new());
    let mut overlay = Overlay::default();
    if !settled.is_empty() {
        overlay = decisions::overlay(sides, &pass.rows, settled, &pass.records);
        let view = View { sides, overlay: &overlay };
        pass = self::pass(view, &facts, Answered::of(view, &places), settled);
    }
    let unknown = engine::unknown_fields(sides.acp);
    let shared = pass.same_identifier.keys().copied().collect();
    let Pass { rows, causes, .. } = pass;
    let (acp_only, mut counts) =
        rayon::join(|| acp_only(View { sides, overlay: &overlay }, &rows), || counted(&rows));
    counts.add(Outcome::AcpOnly, acp_only.len());
    Plan {
        rows,
        acp_only,
        counts,
        causes,
        places,
        shared,
        trust: links.trust,
        too_common: links.too_common,
        unknown,
        overlay,
    }
}

/// What the files say, whatever is decided.
struct Facts<'a> {
    places: &'a Places,
    links: &'a Links,
    links_at: &'a [u32],
    joined_at: &'a [u32],
    listed_twice: &'a FxHashMap<u32, u32>,
}

/// Everybody's outcome under one view.
struct Pass {
    rows: Vec<Row>,
    causes: Vec<Cause>,
    records: Keys,
    same_identifier: FxHashMap<u32, u32>,
}

/// What the engine does with everybody under one view.
struct Answered {
    users: Keys,
    records: Keys,
    same_identifier: FxHashMap<u32, u32>,
    decided: Vec<engine::Decided>,
}

impl Answered {
    fn of(view: View<'_>, places: &Places) -> Answered {
        let (users, records) = rayon::join(|| Keys::of_users(view), || Keys::of_records(view));
        let is_one = |one: u32, other: u32| {
            engine::is_same_identifier(view, &view.identifier(one), &view.identifier(other))
        };
        let same_identifier = listed::same_identifier(&users, is_one);
        let decided = engine::decide(view, places, &users, &records);
        Answered { users, records, same_identifier, decided }
    }
}

fn pass(view: View<'_>, facts: &Facts<'_>, answered: Answered, settled: &BTreeMap<u32, Settled>) -> Pass {
    let Answered { users, records, same_identifier, decided } = answered;
    let known = Known {
        view,
        places: facts.places,
        links: facts.links,
        links_at: facts.links_at,
        joined_at: facts.joined_at,
        same_identifier: &same_identifier,
        listed_twice: facts.listed_twice,
        settled,
    };
    let one = |(user, decided): (u32, engine::Decided)| classify::classify(&known, user, &decided);
    let rows: Vec<Row> = (0_u32..u32::MAX).into_par_iter().zip(decided).map(one).collect();
    let causes = causes::causes(&known, &rows, &users, &records);
    Pass { rows, causes, records, same_identifier }
}

/// The rows of both files as look-alikes are found among them.
fn clean(sides: Sides<'_>) -> Cleaned {
    let user = |at: usize| sides.rostering.for_lookalikes(at);
    let record = |at: usize| sides.acp.for_lookalikes(at);
    let (users, records) = (
        Rows { n_rows: sides.rostering.n_rows(), row: &user },
        Rows { n_rows: sides.acp.n_rows(), row: &record },
    );
    Cleaned::of(&users, &records)
}

impl Plan {
    /// Names the row of a service user, wherever it stands in the file.
    pub fn key(&self, sides: Sides<'_>, user: u32) -> u64 {
        sides.user_key(user, self.shared.contains(&user))
    }

    /// External IDs that the implementation team puts on records before go-live, as decided: record, and the identifier that
    /// it is to hold; none takes the one away that it holds. In the order of the ACP export.
    pub fn mapping(&self) -> Vec<(u32, Option<Text>)> {
        let mut mapping: Vec<(u32, Option<Text>)> =
            self.overlay.record_identifiers.iter().map(|(record, to)| (*record, to.clone())).collect();
        mapping.sort_unstable();
        mapping
    }

    /// The identifier that a record holds once the decisions are carried out.
    pub fn holds(&self, sides: Sides<'_>, record: u32) -> String {
        View { sides, overlay: &self.overlay }.record_identifier(record).to_owned()
    }
}

fn counted(rows: &[Row]) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        counts.add(row.outcome, 1);
    }
    counts
}

/// The records that no row names.
fn acp_only(view: View<'_>, rows: &[Row]) -> Vec<AcpOnly> {
    let mut is_named = vec![false; view.sides.acp.n_rows()];
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
        let status = view.sides.record(record).status();
        let why = match (view.record_identifier(record), status) {
            (_, Some(Status::Inactive | Status::Archived)) => Only::NotInUse,
            ("", _) => Only::NoIdentifier,
            _ => Only::Orphan,
        };
        AcpOnly { record, why }
    };
    (0..).zip(&is_named).filter(|(_, is_named)| !**is_named).map(|(record, _)| only(record)).collect()
}
