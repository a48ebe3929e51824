//! Invariants that need guidance, a rostering system or Support to be wrong are seen to break here, each by a planted fault
//! that exploration finds. The others have a test of their own in `harness/runner/tests/invariants.rs`.

use acp::{Call, Reply};
use explore::{Target, code, history, search};
use feed::Timestamp;

/// Code, and the fault that breaks it.
const BROKEN_BY: [(&str, &str); 17] = [
    ("I-ACT-1", "archiving-does-nothing"),
    ("I-AUT-3", "anybody-may-rename-branches"),
    ("I-AUT-5", "care-staff-may-not-write-notes"),
    ("I-BRA-6", "branches-are-never-created"),
    ("I-CAS-1", "a-confirmed-duplicate-is-no-case"),
    ("I-CAS-6", "cases-lack-the-name"),
    ("I-CRE-8", "adopts-records-made-by-hand"),
    ("I-DAT-6", "a-merge-tells-nothing"),
    ("I-DAT-7", "partials-bring-no-visits"),
    ("I-GUI-1", "duplicates-are-not-seen"),
    ("I-GUI-2", "says-to-wait-a-day-too-long"),
    ("I-GUI-3", "no-warning-before-a-record-made-by-hand"),
    ("I-IDM-4", "creates-nobody"),
    ("I-OWN-3", "branches-are-written-once"),
    ("I-PUB-11", "requirements-are-ignored"),
    ("I-PUB-2", "suspended-visits-are-sent"),
    ("I-TIM-1", "no-partials-at-night"),
];

/// Debug builds are slow: the long histories are for campaigns.
const MOST_STEPS: usize = 200;

#[test]
fn each_is_broken_by_a_planted_fault() {
    for (wanted, name) in BROKEN_BY {
        let fault = planted::find(name).expect("on the shelf");
        let engine = || -> Box<dyn FnMut(Timestamp, Call) -> Reply> {
            let mut engine = planted::Engine::with(fault);
            Box::new(move |now, call| engine.answer(now, call))
        };
        let target = Target { engine: &engine, between: fault.between() };
        let mut histories = (1..200).map(history).filter(|history| history.case.steps.len() < MOST_STEPS);
        let breaks = histories
            .any(|history| search(&history, target).findings.iter().any(|finding| code(finding) == wanted));
        assert!(breaks, "{name} does not break {wanted}");
    }
}
