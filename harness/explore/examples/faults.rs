//! Which planted faults exploration alone finds, how soon, and how short what is left of the history is:
//!
//! ```text
//! cargo run --release -p explore --example faults [SECONDS A FAULT]
//! ```

use explore::{Target, code, history, search, shrink};
use std::time::{Duration, Instant};

#[allow(clippy::disallowed_methods)] // This measures real time, on purpose.
fn main() {
    let seconds = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(30);
    let wanted: Vec<String> = std::env::args().skip(2).collect();
    let (mut n, mut n_found, mut lengths) = (0, 0, Vec::new());
    for fault in
        planted::shelf().filter(|fault| wanted.is_empty() || wanted.iter().any(|it| it == fault.name))
    {
        n += 1;
        let engine = || -> Box<dyn FnMut(feed::Timestamp, acp::Call) -> acp::Reply> {
            let mut engine = planted::Engine::with(fault);
            Box::new(move |now, call| engine.answer(now, call))
        };
        let target = Target { engine: &engine, between: fault.between() };
        let began = Instant::now();
        let found = (1..).take_while(|_| began.elapsed() < Duration::from_secs(seconds)).find_map(|seed| {
            search(&history(seed), target).findings.into_iter().next().map(|finding| (seed, finding))
        });
        let Some((seed, finding)) = found else {
            println!("{:45} NOT FOUND", fault.name);
            continue;
        };
        n_found += 1;
        let after = began.elapsed();
        let began = Instant::now();
        let shrunk = shrink(&history(seed).case, code(&finding), target);
        let length = shrunk.as_ref().map_or(0, |it| it.case.steps.len());
        lengths.extend(shrunk.is_some().then_some(length));
        println!(
            "{:45} {:8} seed {seed:5} after {after:8.1?}, {length:3} steps left after {:8.1?}",
            fault.name,
            code(&finding),
            began.elapsed()
        );
    }
    lengths.sort_unstable();
    let (median, worst) = (lengths.get(lengths.len() / 2), lengths.last());
    println!("{n_found} of {n} found; steps left: median {median:?}, worst {worst:?}");
}
