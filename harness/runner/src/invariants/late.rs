//! The deadlines of TIME-1 and TIME-2, for everybody, in every scenario. While the link is disturbed nothing is
//! promised; after the last fault everything gets a whole window again.

use super::{Broken, EDGE, IN_TIME, Tally, compared};
use crate::{Trace, What};
use acp::Record;
use feed::{ExternalId, System, Text, Timestamp, date_in_london};
use guidance::{EnvironmentSeen, Scene, Sight};
use jiff::civil::Date;
use scenario::Case;
use std::collections::{BTreeMap, BTreeSet};

/// By environment and identifier as sent.
type Who = (u8, ExternalId);

/// Looks at every step and at the end, as often as anybody could have complained. The first only.
pub(super) fn late(case: &Case, trace: &Trace, tally: &Tally) -> Option<(Timestamp, Option<usize>, Broken)> {
    let mut watch = Watch::new(case, trace);
    for event in &trace.events {
        match &event.what {
            What::Fault { hit, .. } if hit.keeps_away() => {
                // A delivery that is kept away keeps what it carried away until the next that carries it.
                watch.healed(hit.over_at(event.at));
            }
            What::Saw(sight) => watch.saw(event.at, sight),
            What::Step(_) => {
                if let Some(broken) = watch.overdue(event.at, tally) {
                    return Some((event.at, event.step, broken));
                }
            }
            _ => {}
        }
    }
    let last = trace.steps.len().checked_sub(1);
    watch.is_all_new = true;
    Some((trace.ended_at, last, watch.overdue(trace.ended_at, tally)?))
}

/// What is due when, worked out anew only for those of whom something is new.
struct Watch {
    scene: Scene,
    prefixes: Vec<Text>,
    /// Who is sent under an identifier, as it is compared.
    people: BTreeMap<Text, BTreeSet<Who>>,
    dues: BTreeMap<Who, Timestamp>,
    news: BTreeSet<Who>,
    is_all_new: bool,
    /// Whether somebody is active is a matter of the day in London.
    day: Date,
}

impl Watch {
    fn new(case: &Case, trace: &Trace) -> Watch {
        let environments = trace.scene.environments.iter();
        let environments =
            environments.map(|it| EnvironmentSeen { live_since: None, ..it.clone() }).collect();
        let prefix = |it: &scenario::Environment| {
            it.prefix.clone().filter(|_| it.system == System::PeoplePlanner).unwrap_or_default()
        };
        Watch {
            scene: Scene::new(case.settings, environments),
            prefixes: case.environments.iter().map(prefix).collect(),
            people: BTreeMap::new(),
            dues: BTreeMap::new(),
            news: BTreeSet::new(),
            is_all_new: true,
            day: date_in_london(case.clock),
        }
    }

    fn healed(&mut self, at: Timestamp) {
        self.scene.healed_at = self.scene.healed_at.max(Some(at));
        self.is_all_new = true;
    }

    fn saw(&mut self, at: Timestamp, sight: &Sight) {
        match sight {
            Sight::Person { environment, person } => {
                let key = Text::from(compared(&person.sent_id, &self.scene.settings));
                let who = (*environment, person.sent_id.clone());
                self.people.entry(key.clone()).or_default().insert(who);
                self.new_of(&key);
            }
            Sight::PersonDeleted { sent_id, .. } => {
                let key = Text::from(compared(sent_id, &self.scene.settings));
                self.new_of(&key);
            }
            Sight::Visit { environment, visit } => {
                self.new_of_visit(*environment, visit.service_user.as_str());
                let before = self.scene.visits.get(&(*environment, visit.sent_id.clone()));
                if let Some(before) = before.map(|seen| seen.visit.service_user.clone()) {
                    self.new_of_visit(*environment, before.as_str());
                }
            }
            Sight::Record(record) => {
                let before =
                    self.scene.records.get(&record.id).map(|seen| std::sync::Arc::clone(&seen.record));
                if before.as_ref().is_none_or(|before| is_news(before, record)) {
                    if let Some(before) = &before {
                        self.new_of_record(before);
                    }
                    self.new_of_record(record);
                }
            }
            Sight::Confirmed(..) | Sight::CaseRaised(_) | Sight::CaseClosed { .. } => return,
            Sight::VisitDeleted { .. }
            | Sight::RecordGone(_)
            | Sight::Branches(_)
            | Sight::Live { .. }
            | Sight::Stopped { .. } => self.is_all_new = true,
        }
        self.scene.saw(at, sight.clone());
    }

    fn new_of(&mut self, key: &str) {
        self.news.extend(self.people.get(key).into_iter().flatten().cloned());
    }

    fn new_of_visit(&mut self, environment: u8, id: &str) {
        let prefix = &self.prefixes[usize::from(environment)];
        self.news.insert((environment, ExternalId::new(format!("{prefix}{id}"))));
    }

    fn new_of_record(&mut self, record: &Record) {
        for id in record.external_id.iter().chain(&record.aliases) {
            let key = Text::from(compared(id, &self.scene.settings));
            self.new_of(&key);
        }
    }

    /// Whether somebody without a record has left by the deadline: no delivery makes a record for them any more.
    fn lapses(&self, who: &Who, due: Timestamp) -> bool {
        let has_left = self.scene.people.get(who).is_some_and(|seen| !seen.person.is_active(due));
        has_left && self.scene.records_of(&who.1).next().is_none()
    }

    /// Whether somebody else leads to the same record, for instance since Support merged two: then the two overwrite each
    /// other with every update, and nobody can say whose values are due.
    fn shares_a_record(&self, who: &Who) -> bool {
        let key = |id: &ExternalId| compared(id, &self.scene.settings).to_owned();
        let records = self.scene.records_of(&who.1);
        let mut ids = records.flat_map(|record| record.external_id.iter().chain(&record.aliases));
        let is_there = |other: &&Who| {
            *other != who && self.scene.people.get(*other).is_some_and(|seen| seen.deleted_at.is_none())
        };
        ids.any(|id| self.people.get(key(id).as_str()).into_iter().flatten().any(|other| is_there(&other)))
    }

    fn overdue(&mut self, now: Timestamp, tally: &Tally) -> Option<Broken> {
        let day = date_in_london(now);
        self.is_all_new |= day != self.day;
        self.day = day;
        let news: Vec<Who> = if self.is_all_new {
            self.scene.people.keys().cloned().collect()
        } else {
            self.news.iter().cloned().collect()
        };
        (self.is_all_new, self.news) = (false, BTreeSet::new());
        for who in news {
            let due = self.scene.due(who.0, &who.1, now);
            match due.filter(|due| !self.lapses(&who, *due) && !self.shares_a_record(&who)) {
                Some(due) => self.dues.insert(who, due),
                None => self.dues.remove(&who),
            };
        }
        for ((_, sent_id), due) in &self.dues {
            tally.armed(IN_TIME);
            if now.duration_since(*due).abs() <= EDGE {
                tally.at_edge(IN_TIME);
            }
            if now > *due {
                return Some(
                    IN_TIME.broken(format!("What rostering says of {sent_id} was due in ACP by {due}.")),
                );
            }
        }
        None
    }
}

/// Whether a record shows anything that a deadline may hang on. The number of the newest update is nothing of that kind.
fn is_news(before: &Record, now: &Record) -> bool {
    before.synced != now.synced
        || before.external_id != now.external_id
        || before.aliases != now.aliases
        || before.merged_into != now.merged_into
        || before.held != now.held
        || before.status != now.status
        || before.local.care != now.local.care
        || before.past.len() != now.past.len()
}
