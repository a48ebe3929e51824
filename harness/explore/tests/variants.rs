//! Whoever does what is permitted in another way than we do raises no alarm: every value of every setting, carriers that
//! are early, carriers whose lanes run at other minutes, engines that work in another order or say less.

use acp::{Acp, Call, Note, Outcome as Decided, Reply};
use explore::history;
use feed::{Setting, Timestamp, Update, UpdateKind};
use jiff::SignedDuration;
use rostering::Rostering;
use runner::{Between, Carrier, Desk, Handed, Seats, broken, play_with};
use scenario::Case;

/// Debug builds are slow: the long histories are for campaigns.
fn short_histories(seeds: std::ops::Range<u64>) -> impl Iterator<Item = (u64, Case)> {
    seeds.map(|seed| (seed, history(seed).case)).filter(|(_, case)| case.steps.len() < 200)
}

fn plays_clean<'a>(what: &str, seed: u64, case: &'a Case, seats: Seats<'a>) {
    let trace = play_with(case, seed, seats);
    let findings = broken(case, &trace);
    assert!(findings.is_empty(), "{what}, seed {seed}: {findings:?}");
}

fn carried<'a>(
    acp: &'a mut dyn FnMut(Timestamp, Call) -> Reply,
    between: Between,
    carrier: Option<&'a mut Carrier<'a>>,
) -> Seats<'a> {
    Seats { acp, between, acp_is_foreign: false, carrier, office: None }
}

#[test]
fn every_value_of_every_setting_is_permitted() {
    let mut n_played = 0;
    for setting in Setting::ALL {
        for (idx, value) in setting.values().into_iter().enumerate() {
            let first = idx as u64 * 7 + 1;
            for (seed, mut case) in short_histories(first..first + 4) {
                assert!(case.settings.set(*setting, value), "{} {value}", setting.text());
                let mut acp = Acp::default();
                let mut answer = |now, call| acp.answer(now, call);
                let what = format!("{}: {value}", setting.text());
                plays_clean(&what, seed, &case, carried(&mut answer, Between::default(), None));
                n_played += 1;
            }
        }
    }
    assert!(n_played > 40, "{n_played} histories");
}

/// Everybody in every update.
#[allow(clippy::unnecessary_wraps)] // Its shape is the seat's.
fn everybody(from: &Rostering, mut update: Update) -> Option<Update> {
    update.service_users = from.people().map(|person| from.service_user(person)).collect();
    Some(update)
}

#[test]
fn everything_may_come_early() {
    for (seed, case) in short_histories(1..30) {
        let mut acp = Acp::default();
        let mut answer = |now, call| acp.answer(now, call);
        let between = Between { sends: Some(everybody), ..Between::default() };
        plays_clean("everybody in every update", seed, &case, carried(&mut answer, between, None));
    }
}

/// One environment's lanes: when each is due, and the number of the last update.
#[derive(Default)]
struct Lanes {
    live_since: Option<Timestamp>,
    full_at: Option<Timestamp>,
    partial_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    sequence: u32,
}

/// A carrier whose partials run at other minutes than ours: the first so long after go-live, then so often.
struct OtherLanes {
    phase: SignedDuration,
    every: SignedDuration,
    lanes: Vec<Lanes>,
}

impl OtherLanes {
    fn carry(&mut self, desk: &mut Desk<'_, '_>) -> Option<Timestamp> {
        let (now, live) = (desk.now(), desk.live_since());
        self.lanes.resize_with(live.len(), Lanes::default);
        for (environment, live_since) in live.into_iter().enumerate() {
            let lanes = &mut self.lanes[environment];
            if lanes.live_since != live_since {
                lanes.live_since = live_since;
                lanes.full_at = live_since;
                lanes.partial_at = live_since.map(|at| at + self.phase);
            }
            if lanes.full_at.is_some_and(|at| at <= now) {
                lanes.full_at = Some(hand_in(desk, environment, lanes, UpdateKind::Full));
            } else if lanes.partial_at.is_some_and(|at| at <= now) {
                let again_at = hand_in(desk, environment, lanes, UpdateKind::Partial);
                lanes.partial_at = Some(again_at.min(now + self.every));
            }
        }
        self.lanes.iter().flat_map(|it| [it.full_at, it.partial_at]).flatten().min()
    }
}

/// Hands one in, and says when the next of its kind is due: a day after a full, or when the door opens again.
fn hand_in(desk: &mut Desk<'_, '_>, environment: usize, lanes: &mut Lanes, kind: UpdateKind) -> Timestamp {
    let now = desk.now();
    let mut rostering = desk.rosterings()[environment].clone();
    let since = lanes.sent_at.unwrap_or(now);
    let near = rostering.near_term_since(since, now).map(|person| rostering.service_user(person)).collect();
    let mut update = rostering.compose(now, kind);
    if kind == UpdateKind::Partial {
        update.service_users = near;
    }
    lanes.sequence += 1;
    update.sequence = lanes.sequence;
    match desk.hand_in(update) {
        Handed::TurnedAway { again_at, .. } => again_at,
        Handed::Taken | Handed::NoSuchEnvironment => {
            lanes.sent_at = Some(now);
            now + SignedDuration::from_hours(24)
        }
    }
}

#[test]
fn lanes_may_run_at_other_minutes() {
    for (phase, every) in [(7, 15), (15, 15), (1, 5), (14, 10)] {
        for (seed, case) in short_histories(1..20) {
            let mut acp = Acp::default();
            let mut answer = |now, call| acp.answer(now, call);
            let (phase, every) = (SignedDuration::from_mins(phase), SignedDuration::from_mins(every));
            let mut other = OtherLanes { phase, every, lanes: Vec::new() };
            let mut carrier = |desk: &mut Desk<'_, '_>| other.carry(desk);
            let seats = carried(&mut answer, Between::default(), Some(&mut carrier));
            plays_clean(&format!("lanes of {phase} and {every}"), seed, &case, seats);
        }
    }
}

/// Takes people in the other order.
fn other_order(acp: &mut Acp, now: Timestamp, call: Call) -> Reply {
    let Call::Receive(mut update) = call else { return acp.answer(now, call) };
    update.service_users.reverse();
    update.visits.reverse();
    let reply = acp.answer(now, Call::Receive(update));
    let Reply::Received(mut receipt) = reply else { return reply };
    receipt.decisions.reverse();
    Reply::Received(receipt)
}

/// Says nothing of what it notes, but for moves that wait.
fn taciturn(acp: &mut Acp, now: Timestamp, call: Call) -> Reply {
    let mut reply = acp.answer(now, call);
    if let Reply::Received(receipt) = &mut reply {
        for decision in &mut receipt.decisions {
            if let Decided::Matched { notes, .. } | Decided::Created { notes, .. } = &mut decision.outcome {
                notes.retain(|note| matches!(note, Note::Held { .. }));
            }
        }
    }
    reply
}

/// Does not say that an update is older than what came before: it leaves everything as it is.
fn answers_older_as_unchanged(acp: &mut Acp, now: Timestamp, call: Call) -> Reply {
    let mut reply = acp.answer(now, call);
    if let Reply::Received(receipt) = &mut reply {
        for decision in &mut receipt.decisions {
            if let Decided::Older(record) = decision.outcome {
                let (changes, notes) = Default::default();
                decision.outcome = Decided::Matched { record, changes, notes };
            }
        }
    }
    reply
}

#[test]
fn engines_that_are_right_in_another_way_raise_no_alarm() {
    type Way = fn(&mut Acp, Timestamp, Call) -> Reply;
    let ways: [(&str, Way); 3] = [
        ("another order", other_order),
        ("without notes", taciturn),
        ("nothing is called old", answers_older_as_unchanged),
    ];
    for (what, way) in ways {
        for (seed, case) in short_histories(1..40) {
            let mut acp = Acp::default();
            let mut answer = |now, call| way(&mut acp, now, call);
            plays_clean(what, seed, &case, carried(&mut answer, Between::default(), None));
        }
    }
}
