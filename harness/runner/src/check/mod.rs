//! Whether a check holds right now, and if not, what was expected and what is there instead. Reads what both systems
//! show and what was answered; asks nobody anything.

mod answers;
mod systems;

use crate::{Unmet, moment::resolve, world::World};
use feed::{Field, Timestamp};
use guidance::Subject;
use scenario::{At, Check, Where};

/// Everything that is not as these checks want it, at this instant. `base` is when their step began: relative moments
/// count from it.
pub(crate) fn unmet(world: &World<'_>, base: Timestamp, checks: &[At<Check>]) -> Vec<Unmet> {
    let mut found = Vec::new();
    for (idx, check) in checks.iter().enumerate() {
        let mut looking = Looking { world, base, check: idx, place: &check.at, found: &mut found };
        looking.at(&check.it);
    }
    found
}

/// For a `never` that held: every check, as the thing that should not have been.
pub(crate) fn held(checks: &[At<Check>]) -> Vec<Unmet> {
    let unmet = |(check, it): (usize, &At<Check>)| Unmet {
        check,
        at: it.at.clone(),
        about: "what must never be".into(),
        expected: "not so at any moment".into(),
        got: "it is so now".into(),
        subject: None,
        field: None,
    };
    checks.iter().enumerate().map(unmet).collect()
}

/// One look at one check.
pub(super) struct Looking<'a, 'w> {
    pub(super) world: &'a World<'w>,
    pub(super) base: Timestamp,
    check: usize,
    pub(super) place: &'a Where,
    found: &'a mut Vec<Unmet>,
}

/// What an unmet value is about.
#[derive(Clone, Default)]
pub(super) struct Whom {
    pub(super) words: String,
    pub(super) subject: Option<Subject>,
    pub(super) field: Option<Field>,
}

impl Looking<'_, '_> {
    fn at(&mut self, check: &Check) {
        match check {
            Check::Record { of, has } => self.record(of, has),
            Check::NoRecord { of } => self.no_record(of),
            Check::Records { like, count } => self.records(like, *count),
            Check::Visits { like, count } => self.visits(like, *count),
            Check::InRostering { environment, id, has } => self.in_rostering(*environment, id, has),
            Check::History { of, what, values, by } => self.history(of, *what, values, by),
            Check::Refused { clause, says } => self.refused(*clause, says.as_deref()),
            Check::Accepted => self.accepted(),
            Check::Sync { id, outcome, clause, says, count } => {
                self.sync(id, *outcome, *clause, says.as_deref(), *count);
            }
            Check::Account { moved, kept, left, lost } => {
                self.account([("moved", *moved), ("kept", *kept), ("left", *left), ("lost", *lost)]);
            }
            Check::Warned { clauses } => self.warned(clauses),
            Check::Guidance { about, situation, says, not, wait_until } => {
                let wait_until =
                    wait_until.map(|moment| resolve(moment, self.base).unwrap_or_else(|(at, _)| at));
                self.guidance(about, situation.as_deref(), says, not, wait_until);
            }
            Check::Case { about, kind, due, has, missing } => self.case(about, *kind, *due, has, missing),
        }
    }

    pub(super) fn miss(
        &mut self,
        place: &Where,
        about: Whom,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) {
        self.found.push(Unmet {
            check: self.check,
            at: place.clone(),
            about: about.words,
            expected: expected.into(),
            got: got.into(),
            subject: about.subject,
            field: about.field,
        });
    }

    pub(super) fn here(&mut self, about: Whom, expected: impl Into<String>, got: impl Into<String>) {
        let place = self.place;
        self.miss(place, about, expected, got);
    }
}
