//! When a change that ACP does not show yet is due at the latest. Pure arithmetic on instants: knows no service user,
//! no field and no record.
//!
//! In elapsed time throughout, so that clock changes move nothing. The rule: 24 hours after the change, or 20 minutes
//! after the service user became near-term while the change was waiting, whichever is sooner (TIME-1, TIME-2).

use feed::{FAR_WINDOW, NEAR_WINDOW, NearTerm, Timestamp, becomes_near_term};
use jiff::SignedDuration;

/// A stretch of time in which rostering shows a visit as planned, its service user active and not suspended then.
/// From `from` (included) until `until` (left out; none is: still).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) from: Timestamp,
    pub(crate) until: Option<Timestamp>,
    pub(crate) starts: Timestamp,
}

impl Planned {
    fn stands_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Whether it would have stood at `at` but for what was done at that very instant.
    fn stood_until(&self, at: Timestamp) -> bool {
        self.from < at && self.until.is_none_or(|until| at <= until)
    }
}

/// What is promised of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Promise {
    /// When its clock started.
    pub(crate) since: Timestamp,
    /// From when the window is counted: later than that for a visit that comes near later, or after a fault.
    pub(crate) counted_from: Timestamp,
    /// On time up to and including this instant.
    pub(crate) due: Timestamp,
    /// Whether it is due then because of a near-term visit (TIME-1), not because a day has passed (TIME-2).
    pub(crate) by_near_term: bool,
}

/// The promise of a change whose clock started at `since` and that has been waiting from then on, as things stand:
/// a visit that will come nearer is looked ahead to.
///
/// Deliveries that were kept away stop the clock: after the last of it, at `healed_at`, the window begins anew.
pub(crate) fn promise(
    since: Timestamp,
    visits: &[Planned],
    near_term: NearTerm,
    healed_at: Option<Timestamp>,
) -> Promise {
    let counted = |start: Timestamp| {
        let far = later(start, FAR_WINDOW);
        match near_since(start, visits, near_term) {
            Some(near_from) if later(near_from, NEAR_WINDOW) <= far => {
                let due = later(near_from, NEAR_WINDOW);
                Promise { since, counted_from: near_from, due, by_near_term: true }
            }
            _ => Promise { since, counted_from: start, due: far, by_near_term: false },
        }
    };
    let promise = counted(since);
    // A visit that has begun by then makes nobody near-term again.
    healed_at.map(|at| counted(at.max(since))).filter(|healed| healed.due > promise.due).unwrap_or(promise)
}

/// The first instant from `since` on at which a visit makes the service user near-term. It is forgotten, and looked for
/// again, when something that is done in rostering takes near-term away before the visit was to start; that a visit
/// begins does not take it away. *Assumed* in detail (the article gives the two windows, not what a change of plan does).
fn near_since(since: Timestamp, visits: &[Planned], near_term: NearTerm) -> Option<Timestamp> {
    let mut found = None;
    let mut from = since;
    for until in edges(since, visits).into_iter().map(Some).chain([None]) {
        found = found.or_else(|| first_near(visits, from, until, near_term));
        let Some(until) = until else { break };
        let near = |stands: fn(&Planned, Timestamp) -> bool| {
            visits.iter().any(|it| stands(it, until) && feed::is_near_term(it.starts, until, near_term))
        };
        if near(Planned::stood_until) && !near(Planned::stands_at) {
            found = None;
        }
        from = until;
    }
    found
}

/// The instants after `since` at which the plan changed, in order.
fn edges(since: Timestamp, visits: &[Planned]) -> Vec<Timestamp> {
    let mut edges: Vec<Timestamp> = visits
        .iter()
        .flat_map(|it| [Some(it.from), it.until])
        .flatten()
        .filter(|edge| *edge > since)
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The first near-term instant from `from` on, before `until`, while the plan stays as it is at `from`.
fn first_near(
    visits: &[Planned],
    from: Timestamp,
    until: Option<Timestamp>,
    near_term: NearTerm,
) -> Option<Timestamp> {
    visits
        .iter()
        .filter(|it| it.stands_at(from))
        .filter_map(|it| {
            let at = becomes_near_term(it.starts, near_term).max(from);
            (at <= it.starts && until.is_none_or(|until| at < until)).then_some(at)
        })
        .min()
}

/// At the end of time (the year 9999) a window ends too.
pub(crate) fn later(from: Timestamp, window: SignedDuration) -> Timestamp {
    from.checked_add(window).unwrap_or(Timestamp::MAX)
}
