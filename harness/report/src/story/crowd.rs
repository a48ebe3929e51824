//! When a world is set up the same thing happens many times at one instant: two of them are told, the others counted.

use super::{fact, layout::Line};
use crate::words::{counted, listed};
use acp::{Act, Action};
use feed::Timestamp;
use rostering::Command;
use runner::What;

/// Many alike at one instant and place, one after the other: told as one.
#[derive(Default)]
pub(super) struct Crowd {
    /// Each with what there is one more of.
    pub(super) lines: Vec<(Alike, Line)>,
}

/// What comes in crowds when a world is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    ServiceUser,
    Visit,
    Care,
}

impl Alike {
    pub(super) fn of(what: &What) -> Option<Alike> {
        match what {
            What::Rostering { command: Command::AddServiceUser { .. }, result: Ok(_), .. } => {
                Some(Alike::ServiceUser)
            }
            What::Rostering { command: Command::PlanVisit { .. }, result: Ok(_), .. } => Some(Alike::Visit),
            What::Acp { act: Act { action: Action::AddCare { .. }, .. }, result: Ok(_) } => Some(Alike::Care),
            _ => None,
        }
    }

    pub(super) const fn place(self) -> &'static str {
        match self {
            Alike::ServiceUser | Alike::Visit => "rostering",
            Alike::Care => "ACP",
        }
    }

    fn counted(self, n: usize) -> String {
        match self {
            Alike::ServiceUser => counted(n, "service user", "service users"),
            Alike::Visit => counted(n, "visit", "visits"),
            Alike::Care => counted(n, "thing of care", "things of care"),
        }
    }
}

impl Crowd {
    pub(super) fn takes(&self, at: Timestamp, alike: Alike) -> bool {
        self.lines.first().is_none_or(|(first, line)| line.at == at && first.place() == alike.place())
    }

    /// One by one where they are few, else two of them and the numbers of the others.
    pub(super) fn told(self, one_by_one: bool) -> Vec<Line> {
        let Some((alike, at)) = self.lines.first().map(|(alike, line)| (*alike, line.at)) else {
            return Vec::new();
        };
        if one_by_one || self.lines.len() <= FEW {
            return self.lines.into_iter().map(|(_, line)| line).collect();
        }
        let more: Vec<String> = [Alike::ServiceUser, Alike::Visit, Alike::Care]
            .into_iter()
            .map(|alike| (alike, self.lines.iter().skip(2).filter(|(it, _)| *it == alike).count()))
            .filter(|(_, n)| *n > 0)
            .map(|(alike, n)| alike.counted(n))
            .collect();
        let mut lines: Vec<Line> = self.lines.into_iter().take(2).map(|(_, line)| line).collect();
        lines.push(fact(at, alike.place(), format!("and likewise {} more", listed(&more)), Vec::new()));
        lines
    }
}

/// So many alike are told one by one.
const FEW: usize = 10;
