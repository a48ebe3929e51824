//! What ACP looks like some hours after the first sync, as the engine has it.

use super::PlanTold;
use crate::{visible, words};
use go_live::plan::Morning;
use std::fmt::Write as _;

pub fn plan_morning(told: &PlanTold<'_>, morning: &Morning, hours: u32) -> String {
    let at = told.sides.set_up.first_sync;
    let then = at.checked_add(jiff::SignedDuration::from_hours(i64::from(hours))).unwrap_or(at);
    let mut text = format!(
        "\nACP at {}, {} after the first sync\n",
        words::moment(then),
        words::counted(hours as usize, "hour", "hours")
    );
    let _ = writeln!(
        text,
        "  {}: {} before, and {} made by the integration",
        words::counted(morning.n_records, "record", "records"),
        words::number(morning.n_records_before),
        words::number(morning.n_created)
    );
    if morning.n_held > 0 {
        let _ = writeln!(
            text,
            "  {} for Support to move the record",
            words::counted(morning.n_held, "move waits", "moves wait")
        );
    }
    for (at, (refused, changed)) in morning.updates.iter().enumerate() {
        let which =
            if at == 0 { "The first full update".to_owned() } else { format!("Full update {}", at + 1) };
        let _ = writeln!(
            text,
            "  {which} made or changed {} and was refused for {}",
            words::counted(*changed, "record", "records"),
            words::counted(*refused, "service user", "service users")
        );
    }
    let width = morning.branches.keys().map(|it| it.chars().count()).max().unwrap_or(0).min(40);
    let changed = morning.branches.iter().filter(|(_, (before, after))| before != after);
    for (name, (before, after)) in changed {
        let _ = writeln!(
            text,
            "  {:width$}  {} records before, {} after",
            visible::prose(name),
            words::number(*before),
            words::number(*after)
        );
    }
    text
}
