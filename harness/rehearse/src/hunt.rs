//! `rehearse selftest --explore LENGTH`: would random histories alone notice that the engine is wrong? Searches against each
//! planted fault until it is found or the time is up, and makes what was found small. No scenario is played.

use crate::{exit::Exit, output::Output, play, stop, threads};
use explore::{Target, code, history, search, shrink};
use planted::Fault;
use report::{HuntRow, Hunted};
use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

type Answer = Box<dyn FnMut(feed::Timestamp, acp::Call) -> acp::Reply>;

/// Each fault is searched for on one core, as many at once as there are cores.
pub(crate) fn hunt(
    faults: &[&'static Fault],
    lasts: Duration,
    jobs: Option<usize>,
    output: Output,
) -> Result<Exit, Exit> {
    stop::listen();
    let mut rows = Vec::with_capacity(faults.len());
    let n_jobs = jobs.unwrap_or_else(play::as_many_as_cores);
    threads::in_order(n_jobs, faults.len(), |idx| found(faults[idx], lasts), &mut |found| {
        let fault = faults[rows.len()];
        rows.push(HuntRow { name: fault.name, family: fault.family.text(), says: fault.says, found });
        if stop::asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let exit = match stop::asked() {
        true => Exit::Stopped,
        false if report::hunt_is_met(&rows) => Exit::AsExpected,
        false => Exit::NotMet,
    };
    output.print(&if output.json {
        report::hunt_json(&rows, exit.code())
    } else {
        report::hunt(&rows, output.verbose > 0)
    })?;
    Ok(exit)
}

fn found(fault: &'static Fault, lasts: Duration) -> Option<Hunted> {
    let engine = || -> Answer {
        let mut engine = planted::Engine::with(fault);
        Box::new(move |now, call| engine.answer(now, call))
    };
    let target = Target { engine: &engine, between: fault.between() };
    let began = Instant::now();
    let (seed, finding) = (1..)
        .take_while(|_| began.elapsed() < lasts && !stop::asked())
        .find_map(|seed| Some((seed, search(&history(seed), target).findings.into_iter().next()?)))?;
    let real_found_ms = began.elapsed().as_millis();
    let began = Instant::now();
    let shrunk = shrink(&history(seed).case, code(&finding), target);
    Some(Hunted {
        invariant: code(&finding),
        seed,
        steps: shrunk.map(|shrunk| shrunk.case.steps.len()),
        real_found_ms,
        real_shrunk_ms: began.elapsed().as_millis(),
    })
}
