//! The deadline once more, in the plainest way: a model that steps through time tick by tick and knows nothing of how
//! guidance works it out, compared with guidance on invented histories.

mod common;

use acp::{Action, RecordId};
use common::{Town, ada, at, fields, id};
use feed::{Timestamp, VisitId};
use jiff::SignedDuration;
use rostering::Command;

/// Five minutes. Both windows and the horizon are whole numbers of them.
const TICK: SignedDuration = SignedDuration::from_mins(5);
const NEAR: i64 = 4;
const FAR: i64 = 24 * 12;
const HORIZON: i64 = 72 * 12;

/// A small generator (Knuth's MMIX constants), so that a history is known by its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let idx = self.below(u64::try_from(from.len()).expect("short"));
        from[usize::try_from(idx).expect("short")]
    }
}

#[derive(Clone, Default)]
struct Visit {
    starts: i64,
    is_planned: bool,
}

/// What is so at one tick.
#[derive(Clone, Default)]
struct State {
    branch: &'static str,
    family: &'static str,
    /// Branch and family name in ACP, once there is a record.
    acp: Option<(&'static str, &'static str)>,
    visits: Vec<Option<Visit>>,
    /// From when, until when.
    suspensions: Vec<(i64, Option<i64>)>,
    /// Since when each of the two has been different in ACP.
    different_since: [Option<i64>; 2],
    /// When rostering, and somebody in ACP, last changed the branch. Where both do at one instant nobody can see who was
    /// first, so that is left out.
    branch_changed: [Option<i64>; 2],
}

impl State {
    fn is_near(&self, tick: i64) -> bool {
        let suspended = |starts: i64| {
            self.suspensions.iter().any(|(from, until)| *from <= starts && until.is_none_or(|it| starts < it))
        };
        self.visits.iter().flatten().any(|visit| {
            visit.is_planned
                && !suspended(visit.starts)
                && visit.starts >= tick
                && visit.starts - tick <= HORIZON
        })
    }

    /// After every single action, for a moment in which both systems agree counts.
    fn compare(&mut self, tick: i64) {
        let different = match self.acp {
            None => [true, true],
            Some((branch, family)) => [branch != self.branch, family != self.family],
        };
        for (since, is_different) in self.different_since.iter_mut().zip(different) {
            *since = is_different.then_some(since.unwrap_or(tick));
        }
    }
}

/// The deadline as of the last state, by looking at every tick from the change on.
fn due(states: &[State]) -> Option<i64> {
    let last = states.last().expect("a story has a beginning");
    let due_of = |since: i64| {
        let mut near_since = None;
        for tick in since..=since + FAR {
            let state =
                |tick: i64| usize::try_from(tick).ok().and_then(|idx| states.get(idx)).unwrap_or(last);
            let (before, now) = (state(tick - 1), state(tick));
            if tick > since && before.is_near(tick) && !now.is_near(tick) {
                near_since = None;
            }
            if near_since.is_none() && now.is_near(tick) {
                near_since = Some(tick);
            }
        }
        near_since.map_or(since + FAR, |near_since| (near_since + NEAR).min(since + FAR))
    };
    last.different_since.iter().flatten().map(|since| due_of(*since)).min()
}

fn instant(start: Timestamp, tick: i64) -> Timestamp {
    let passed = TICK.checked_mul(i32::try_from(tick).expect("short")).expect("short");
    start.checked_add(passed).expect("an instant of this age")
}

const BRANCHES: [&str; 3] = ["North Leeds", "South Leeds", "Hull"];
const FAMILIES: [&str; 3] = ["Okafor", "Okafor-Reed", "Reed"];

/// Does one thing in both: the town that guidance looks at, and the model.
fn act(dice: &mut Dice, town: &mut Town, state: &mut State, start: Timestamp, tick: i64) {
    let n_visits = state.visits.len();
    let which = usize::try_from(dice.below(n_visits.max(1) as u64)).expect("short");
    let visit_id = VisitId::new(format!("V{which}"));
    // Rather near the edges that matter than anywhere.
    let starts =
        tick + dice.pick(&[0, 2, 50, HORIZON - 1, HORIZON, HORIZON + 1, HORIZON + 30, HORIZON + FAR, 2000]);
    match dice.below(10) {
        0 if state.branch_changed[1] != Some(tick) => {
            state.branch_changed[0] = Some(tick);
            state.branch = dice.pick(&BRANCHES);
            town.edit("SU-1", &[("branch", state.branch)]);
        }
        1 => {
            state.family = dice.pick(&FAMILIES);
            town.edit("SU-1", &[("family name", state.family)]);
        }
        2 => {
            town.sync();
            state.acp = Some((state.branch, state.family));
        }
        3 if state.branch_changed[0] != Some(tick) => {
            if let Some((branch, _)) = &mut state.acp {
                state.branch_changed[1] = Some(tick);
                *branch = dice.pick(&BRANCHES);
                let set = fields(&[("branch", *branch)]);
                town.admin(Action::Edit { record: RecordId(1), set });
            }
        }
        4 | 5 if n_visits < 4 => {
            town.visit(&format!("V{n_visits}"), "SU-1", instant(start, starts));
            state.visits.push(Some(Visit { starts, is_planned: true }));
        }
        4..=6 => {
            if let Some(Some(visit)) = state.visits.get_mut(which) {
                visit.starts = starts;
                town.rostering(Command::MoveVisit { id: visit_id, starts: instant(start, starts) });
            }
        }
        7 => {
            if let Some(Some(visit)) = state.visits.get_mut(which) {
                visit.is_planned = !visit.is_planned;
                town.rostering(if visit.is_planned {
                    Command::RestoreVisit { id: visit_id }
                } else {
                    Command::CancelVisit { id: visit_id }
                });
            }
        }
        8 => {
            if let Some(visit @ Some(_)) = state.visits.get_mut(which) {
                *visit = None;
                town.rostering(Command::DeleteVisit { id: visit_id });
            }
        }
        _ => {
            let is_over = |(_, until): &(i64, Option<i64>)| until.is_some_and(|until| until <= tick);
            if state.suspensions.iter().all(is_over) {
                let until = tick + dice.pick(&[1, 40, HORIZON]);
                state.suspensions.push((tick, Some(until)));
                let (from, until) = (instant(start, tick), Some(instant(start, until)));
                town.rostering(Command::Suspend { id: id("SU-1"), from, until, reason: "away".into() });
            }
        }
    }
    state.compare(tick);
}

#[test]
fn the_deadline_is_the_one_that_stepping_through_time_finds() {
    let start = at("2026-03-24 09:00");
    let (mut n_compared, mut n_near) = (0, 0);
    for seed in 0..80 {
        let mut dice = Dice(seed);
        let mut town = Town::new();
        town.now = start;
        town.go_live(0);
        town.add("SU-1", ada("North Leeds"));
        let mut state = State { branch: "North Leeds", family: "Okafor", ..State::default() };
        state.compare(0);
        let mut states: Vec<State> = Vec::new();
        for tick in 0..200 {
            town.now = instant(start, tick);
            let n_actions = dice.pick(&[0, 0, 0, 0, 0, 0, 1, 1, 2]);
            for _ in 0..n_actions {
                act(&mut dice, &mut town, &mut state, start, tick);
            }
            states.push(state.clone());
            if tick % 7 == 0 || n_actions > 0 {
                let expected = due(&states);
                let expected_at = expected.map(|due| instant(start, due));
                assert_eq!(town.due("SU-1"), expected_at, "seed {seed}, tick {tick}");
                n_compared += 1;
                n_near += u32::from(expected.is_some_and(|due| due < tick + FAR / 2));
            }
        }
    }
    assert!(n_compared > 2_000 && n_near > 200, "{n_compared} deadlines, {n_near} of them near");
}
