//! Exploration as a whole: it finds what is wrong, finds nothing where nothing is wrong, and hands back something that a
//! person can read and play again.

use acp::{Acp, Call, Reply};
use explore::{Heading, ON_THE_WIRE, Tally, Target, code, history, reference, search, shrink};
use feed::Timestamp;
use planted::Fault;
use runner::FindingKind;

type Answer = Box<dyn FnMut(Timestamp, Call) -> Reply>;

fn broken(fault: &'static Fault) -> impl Fn() -> Answer + Sync {
    move || {
        let mut engine = planted::Engine::with(fault);
        Box::new(move |now, call| engine.answer(now, call))
    }
}

#[test]
fn one_seed_is_one_history_and_one_outcome() {
    for seed in [1, 2, 40] {
        let (one, other) = (history(seed), history(seed));
        assert_eq!(one.case, other.case);
        assert_eq!(one.dials.to_string(), other.dials.to_string());
        let told = || format!("{:?}", search(&one, Target::new(&reference)));
        assert_eq!(told(), told());
    }
    assert_ne!(history(1).case, history(2).case);
}

#[test]
fn the_reference_engine_breaks_nothing_and_everything_is_asked() {
    let mut tally = Tally::default();
    for seed in 0..60 {
        // Debug builds are slow: the long histories are for campaigns.
        let history = history(seed);
        if history.case.steps.len() < 200 {
            let outcome = search(&history, Target::new(&reference));
            assert!(outcome.findings.is_empty(), "seed {seed}: {:?}", outcome.findings);
            tally.add(&outcome.tally);
        }
    }
    assert!(tally.n_steps > 10_000, "{}", tally.n_steps);
    assert!(tally.never_armed().len() < 8, "{:?}", tally.never_armed());
}

/// The first finding against a planted fault, made small, written, read and played again.
fn found_and_written(name: &str) -> usize {
    let fault = planted::find(name).expect("on the shelf");
    let engine = broken(fault);
    let target = Target { engine: &engine, between: fault.between() };
    let (seed, finding) = (1..300)
        .find_map(|seed| Some((seed, search(&history(seed), target).findings.into_iter().next()?)))
        .unwrap_or_else(|| panic!("{name} was not found"));
    let wanted = code(&finding);
    let shrunk = shrink(&history(seed).case, wanted, target).expect("it was found a moment ago");
    let heading = Heading {
        title: format!("Found by exploration: {wanted}"),
        about: shrunk.finding.what.clone(),
        proves: shrunk.finding.clauses.clone(),
        tags: vec!["found".to_owned()],
    };
    let text = explore::scenario(&heading, &shrunk.case);
    let read = scenario::read("found.yaml", &text, &mut |_| Err("there are no worlds".into()))
        .unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{text}"));
    let trace = planted::play(&read.cases[0], 1, fault);
    let verdict = runner::judge(&read, &read.cases[0], &trace);
    let fails_alike = verdict.findings().iter().any(|it| it.kind == FindingKind::Invariant(wanted));
    assert!(fails_alike, "{verdict:?}\n{text}");
    let mut acp = Acp::default();
    let honest = runner::play(&read.cases[0], 1, &mut |now, call| acp.answer(now, call));
    assert!(runner::broken(&read.cases[0], &honest).is_empty(), "the reference engine is innocent\n{text}");
    shrunk.case.steps.len()
}

#[test]
fn what_is_found_is_handed_back_as_a_short_scenario_that_fails_for_the_same_reason() {
    for name in [
        "creates-two",
        "rosterings-contact-details-win",
        "moves-records-with-care-data",
        "older-updates-overwrite-newer-ones",
        "no-full-update-after-the-first",
    ] {
        let n_steps = found_and_written(name);
        assert!(n_steps <= 20, "{name}: {n_steps} steps are left");
    }
}

/// What cannot be seen in process is played elsewhere, by tests that are there.
#[test]
#[allow(clippy::disallowed_methods)] // It reads other tests.
fn what_needs_the_wire_is_tested_with_the_services() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for it in ON_THE_WIRE {
        for (file, test) in it.tested {
            let text =
                std::fs::read_to_string(top.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(text.contains(&format!("fn {test}(")), "{}: {file} has no test {test}", it.code);
        }
    }
}
