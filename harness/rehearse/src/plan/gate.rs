//! Whether a plan may go through: how many service users have an outcome, and how many may.

use super::args::Gate;
use go_live::plan::Counts;

/// How a gate ended.
pub(crate) struct Held {
    pub(crate) is_met: bool,
    /// The last line.
    pub(crate) text: String,
}

pub(crate) fn held(gate: &Gate, counts: &Counts) -> Held {
    let over: Vec<String> = gate
        .0
        .iter()
        .filter_map(|&(outcome, limit)| Some((outcome, counts.of(outcome), limit?)))
        .filter(|(_, n, limit)| n > limit)
        .map(|(outcome, n, limit)| format!("{} {n}, at most {limit}", outcome.code()))
        .collect();
    let text = if over.is_empty() {
        "gate: met\n".to_owned()
    } else {
        format!("gate: not met: {}\n", over.join("; "))
    };
    Held { is_met: over.is_empty(), text }
}
