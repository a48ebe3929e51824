//! How fast exploration looks: histories drawn, played and judged on one core, invariants on.

use explore::{Target, history, reference, search};
use std::time::{Duration, Instant};

/// Steps a second. A step is one action or one delivery.
const AT_LEAST: u128 = 200_000;
const LASTS: Duration = Duration::from_secs(10);

pub(crate) fn print() {
    let began = Instant::now();
    let (mut n_steps, mut n_histories, mut n_found) = (0_u128, 0, 0);
    for seed in (1..).take_while(|_| began.elapsed() < LASTS) {
        let outcome = search(&history(seed), Target::new(&reference));
        n_steps += u128::from(outcome.tally.n_steps);
        n_found += outcome.findings.len();
        n_histories += 1;
    }
    let a_second = n_steps * 1000 / began.elapsed().as_millis().max(1);
    let kept = if a_second >= AT_LEAST { "kept" } else { "NOT KEPT" };
    println!(
        "exploration on one core, invariants on: {a_second} steps a second (at least {AT_LEAST}: {kept}); \
         {n_histories} histories, {n_found} findings"
    );
}
