//! What came of a step's checks, in words.

use crate::{
    visible::{prose, within},
    words::{elapsed, length, time},
};
use runner::{StepDone, StepEnd, Unmet};
use scenario::{Holds, Step, StepKind};

/// One line for each thing to say; none for a `when`, nor where [`is_plainly_true`].
pub(crate) fn outcome(step: &Step, done: &StepDone) -> Vec<String> {
    let StepKind::Then { holds, .. } = &step.kind else { return Vec::new() };
    match &done.end {
        StepEnd::Acted => Vec::new(),
        StepEnd::Held if *holds == Holds::Now => Vec::new(),
        StepEnd::Held => vec![held(*holds, done)],
        StepEnd::Vacuous => {
            vec!["NOT SHOWN: it was true before time moved, so it shows nothing".to_owned()]
        }
        StepEnd::Unmet { at, unmet } => {
            let what = match holds {
                Holds::Never(_) => "became true, although never expected",
                _ => "not true",
            };
            let mut lines = vec![format!("NOT MET: {what} at {}", time(*at))];
            lines.extend(unmet.iter().map(one_unmet));
            lines
        }
    }
}

/// True at that very moment: a word beside the label says it all.
pub(crate) fn is_plainly_true(step: &Step, done: &StepDone) -> bool {
    matches!(step.kind, StepKind::Then { holds: Holds::Now, .. }) && done.end == StepEnd::Held
}

fn held(holds: Holds, done: &StepDone) -> String {
    match holds {
        Holds::Now => "true".to_owned(),
        Holds::Within(window) => {
            let took = done.ended_at.duration_since(done.began_at);
            let after =
                if took.is_zero() { "at once".to_owned() } else { format!("{} after", elapsed(took)) };
            format!("true at {}, {after} ({} allowed)", time(done.ended_at), length(window))
        }
        Holds::For(window) => format!("stayed true for {}", length(window)),
        Holds::Never(window) => format!("not true at any moment for {}", length(window)),
    }
}

fn one_unmet(unmet: &Unmet) -> String {
    format!("{}: expected {}, got {}", prose(&unmet.about), within(&unmet.expected), within(&unmet.got))
}
