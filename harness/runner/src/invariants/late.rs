//! The deadlines of TIME-1 and TIME-2, for everybody, in every scenario. While the link is disturbed nothing is
//! promised; after the last fault everything gets a whole window again.

use super::{Broken, IN_TIME};
use crate::{Hit, Trace, What};
use feed::Timestamp;
use guidance::{EnvironmentSeen, Scene};
use link::after;
use scenario::Case;

/// Looks at every step and at the end, as often as anybody could have complained. The first only.
pub(super) fn late(case: &Case, trace: &Trace) -> Option<(Timestamp, Option<usize>, Broken)> {
    let environments = trace.scene.environments.iter();
    let environments = environments.map(|it| EnvironmentSeen { live_since: None, ..it.clone() }).collect();
    let mut scene = Scene::new(case.settings, environments);
    for event in &trace.events {
        match &event.what {
            What::Fault { hit, .. } if hit.keeps_away() => {
                // A delivery that is kept away keeps what it carried away until the next that carries it.
                let over = match hit {
                    Hit::Delayed(by) => after(event.at, *by),
                    Hit::Down { again_at } | Hit::Refused { again_at, .. } => *again_at,
                    _ => event.at,
                };
                scene.healed_at = scene.healed_at.max(Some(over));
            }
            What::Saw(sight) => scene.saw(event.at, sight.clone()),
            What::Step(_) => {
                if let Some(broken) = overdue(&scene, event.at) {
                    return Some((event.at, event.step, broken));
                }
            }
            _ => {}
        }
    }
    let last = trace.steps.len().checked_sub(1);
    Some((trace.ended_at, last, overdue(&scene, trace.ended_at)?))
}

fn overdue(scene: &Scene, now: Timestamp) -> Option<Broken> {
    scene.people.keys().find_map(|(environment, sent_id)| {
        let due = scene.due(*environment, sent_id, now).filter(|due| now > *due)?;
        Some(IN_TIME.broken(format!("What rostering says of {sent_id} was due in ACP by {due}.")))
    })
}
