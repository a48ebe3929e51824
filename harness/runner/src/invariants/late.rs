//! The deadlines of TIME-1 and TIME-2, for everybody, in every scenario. While the link is disturbed nothing is
//! promised; after the last fault everything gets a whole window again.

use super::{Broken, IN_TIME};
use crate::{Hit, Trace, What, link::after};
use feed::{FAR_WINDOW, Timestamp};
use guidance::{EnvironmentSeen, Scene};
use scenario::Case;

/// Looks at every step and at the end, as often as anybody could have complained. The first only.
pub(super) fn late(case: &Case, trace: &Trace) -> Option<(Timestamp, Option<usize>, Broken)> {
    let environments = trace.scene.environments.iter();
    let environments = environments.map(|it| EnvironmentSeen { live_since: None, ..it.clone() }).collect();
    let mut scene = Scene::new(case.settings, environments);
    let mut healed_at = None;
    let mut stopped = false;
    for event in &trace.events {
        match &event.what {
            What::Fault { hit, .. } if hit.keeps_away() => {
                // A delivery that is kept away keeps what it carried away until the next that carries it.
                let over = match hit {
                    Hit::Delayed(by) => after(event.at, *by),
                    Hit::Down { again_at } | Hit::Refused { again_at, .. } => *again_at,
                    _ => event.at,
                };
                healed_at = healed_at.max(Some(over));
            }
            What::Saw(sight) => {
                stopped |= matches!(sight, guidance::Sight::Stopped { .. });
                scene.saw(event.at, sight.clone());
            }
            What::Step(_) if !stopped => {
                if let Some(broken) = overdue(&scene, event.at, healed_at) {
                    return Some((event.at, event.step, broken));
                }
            }
            _ => {}
        }
    }
    let last = trace.steps.len().checked_sub(1);
    let broken = overdue(&scene, trace.ended_at, healed_at).filter(|_| !stopped)?;
    Some((trace.ended_at, last, broken))
}

fn overdue(scene: &Scene, now: Timestamp, healed_at: Option<Timestamp>) -> Option<Broken> {
    for (environment, sent_id) in scene.people.keys() {
        let Some(due) = scene.due(*environment, sent_id, now) else { continue };
        let allowed = healed_at.map_or(due, |healed| due.max(after(healed, FAR_WINDOW)));
        if now > allowed {
            return Some(
                IN_TIME.broken(format!("What rostering says of {sent_id} was due in ACP by {due}.")),
            );
        }
    }
    None
}
