//! What a delivery did in ACP, in words. Remembers what it said of each service user and visit, so that the same answer
//! every quarter of an hour is told once.

use super::{deed, known::Known};
use crate::{
    visible::{prose, value},
    words::{counted, field_value, listed, moment},
};
use acp::{BranchOutcome, Decision, Note, Outcome, Receipt, RecordId, Refusal, VisitOutcome};
use feed::{Clause, ExternalId, Field, Settings, Text, Update, UpdateKind, VisitId};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that a delivery did.
pub(crate) struct Did {
    pub(crate) text: String,
    pub(crate) clauses: Vec<Clause>,
}

/// What was said last of everybody about whom the same may be said again.
#[derive(Default)]
pub(crate) struct Memory {
    users: BTreeMap<(u8, ExternalId), BTreeSet<String>>,
    parked: BTreeSet<VisitId>,
    branches: BTreeMap<Text, String>,
}

/// So many of one kind are told one by one; more are counted.
const FEW: usize = 4;

impl Memory {
    /// What is new in this delivery; empty where it changed nothing and said nothing new.
    pub(crate) fn news(
        &mut self,
        known: &Known,
        settings: &Settings,
        update: &Update,
        receipt: &Receipt,
    ) -> Vec<Did> {
        let mut news = Vec::new();
        self.branches(&receipt.branches, &mut news);
        let (created, others): (Vec<&Decision>, Vec<&Decision>) = receipt
            .decisions
            .iter()
            .partition(|decision| matches!(decision.outcome, Outcome::Created { .. }));
        creations(known, update, receipt, &created, &mut news);
        let mut told = Vec::new();
        for decision in created.into_iter().chain(others) {
            self.decision(known, settings, update.environment, decision, &mut told);
        }
        fold(told, "more service users are dealt with likewise", &mut news);
        let mut told = Vec::new();
        self.visits(known, update, &receipt.visits, &mut told);
        fold(told, "more things happen to visits", &mut news);
        if update.kind == UpdateKind::Full
            && let Some(first) = news.first_mut()
        {
            first.text = format!("full update: {}", first.text);
        }
        news
    }

    fn branches(&mut self, outcomes: &[BranchOutcome], news: &mut Vec<Did>) {
        for outcome in outcomes {
            match outcome {
                BranchOutcome::Created { branch, service } => news.push(Did {
                    text: format!("adds branch {} to service {}", value(branch), value(service)),
                    clauses: vec![Clause::Pub3],
                }),
                BranchOutcome::Refused { branch, refusal } => {
                    let text = format!("does not add branch {}: {}", value(branch), prose(&refusal.why));
                    if self.branches.insert(branch.clone(), text.clone()).as_ref() != Some(&text) {
                        news.push(Did { text, clauses: vec![refusal.clause] });
                    }
                }
            }
        }
    }

    fn decision(
        &mut self,
        known: &Known,
        settings: &Settings,
        environment: u8,
        decision: &Decision,
        news: &mut Vec<Did>,
    ) {
        let id = value(decision.external_id.as_str());
        let mut standing = Vec::new();
        match &decision.outcome {
            Outcome::Created { record, notes } => {
                standing.extend(notes.iter().map(|note| self::note(known, settings, *record, note)));
            }
            Outcome::Matched { record, changes, notes } => {
                if !changes.is_empty() {
                    let text = format!("updates {}: {}", known.label(*record), deed::changes(changes));
                    news.push(Did { text, clauses: changes.iter().map(|change| change.clause).collect() });
                }
                standing.extend(notes.iter().map(|note| self::note(known, settings, *record, note)));
            }
            Outcome::Refused(refusal) => standing.push(refused(settings, &id, refusal)),
            Outcome::Older(record) => {
                let text =
                    format!("changes nothing on {}: something newer was there before", known.label(*record));
                standing.push(Did { text, clauses: Vec::new() });
            }
            Outcome::NotCreated => standing.push(Did {
                text: format!("creates no record for {id}, who has ended"),
                clauses: Vec::new(),
            }),
        }
        let said = self.users.entry((environment, decision.external_id.clone())).or_default();
        let now: BTreeSet<String> = standing.iter().map(|did| did.text.clone()).collect();
        news.extend(standing.into_iter().filter(|did| !said.contains(&did.text)));
        if matches!(decision.outcome, Outcome::Older(_)) {
            said.extend(now);
        } else {
            *said = now;
        }
    }

    fn visits(&mut self, known: &Known, update: &Update, outcomes: &[VisitOutcome], news: &mut Vec<Did>) {
        let on = |record: RecordId| known.label(record);
        let mut parked: BTreeMap<&ExternalId, Vec<&VisitId>> = BTreeMap::new();
        // (what, record), in the order in which they come
        let mut groups: Vec<((&str, RecordId), Vec<&VisitId>)> = Vec::new();
        for outcome in outcomes {
            if let VisitOutcome::Parked { visit, service_user } = outcome {
                if self.parked.insert(visit.clone()) {
                    parked.entry(service_user).or_default().push(visit);
                }
                continue;
            }
            let (what, visit, record) = match outcome {
                VisitOutcome::Added { visit, record } => ("puts", visit, *record),
                VisitOutcome::Withdrawn { visit, record } => ("takes away", visit, *record),
                VisitOutcome::Changed { visit, record } => {
                    news.push(changed(known, update, visit, *record));
                    continue;
                }
                VisitOutcome::Relinked { visit, from, to } => {
                    let text =
                        format!("moves visit {} from {} to {}", value(visit.as_str()), on(*from), on(*to));
                    news.push(Did { text, clauses: vec![Clause::Dup3] });
                    continue;
                }
                _ => continue,
            };
            self.parked.remove(visit);
            match groups.iter_mut().find(|(key, _)| *key == (what, record)) {
                Some((_, visits)) => visits.push(visit),
                None => groups.push(((what, record), vec![visit])),
            }
        }
        for (who, visits) in parked {
            let text = format!(
                "sets {} aside until there is one record for {}",
                named(&visits),
                value(who.as_str())
            );
            news.push(Did { text, clauses: Vec::new() });
        }
        for what in ["puts", "takes away"] {
            let (n_records, n_visits) = groups
                .iter()
                .filter(|((it, _), _)| *it == what)
                .fold((0, 0), |(n_records, n_visits), (_, visits)| (n_records + 1, n_visits + visits.len()));
            if n_records > FEW {
                groups.retain(|((it, _), _)| *it != what);
                let (visits, records) =
                    (counted(n_visits, "visit", "visits"), counted(n_records, "record", "records"));
                let from = if what == "puts" { "on" } else { "from" };
                news.push(Did { text: format!("{what} {visits} {from} {records}"), clauses: Vec::new() });
            }
        }
        for ((what, record), visits) in groups {
            let text = if what == "puts" {
                format!("puts {} on {}", named(&visits), on(record))
            } else {
                format!("takes {} off {}: rostering no longer sends it", named(&visits), on(record))
            };
            news.push(Did { text, clauses: Vec::new() });
        }
    }
}

/// Each by itself where they are few, else all in one line.
fn creations(known: &Known, update: &Update, receipt: &Receipt, created: &[&Decision], news: &mut Vec<Did>) {
    let records = created.iter().filter_map(|decision| match decision.outcome {
        Outcome::Created { record, .. } => Some(record),
        _ => None,
    });
    let clauses = vec![Clause::Sync5];
    if created.len() > FEW {
        let ids: Vec<RecordId> = records.collect();
        let (first, last) = (ids.iter().min(), ids.iter().max());
        let span = first.zip(last).map_or_else(String::new, |(first, last)| format!(", {first} to {last}"));
        news.push(Did {
            text: format!("creates {}{span}", counted(created.len(), "record", "records")),
            clauses,
        });
        return;
    }
    for (decision, record) in created.iter().zip(records) {
        let user = update.service_users.iter().find(|user| user.external_id == decision.external_id);
        let fields = user.map(|user| user.fields.clone()).unwrap_or_default();
        let text = format!(
            "creates record {record} for {}: {} in {}",
            value(decision.external_id.as_str()),
            value(&fields.full_name()),
            place(known, receipt, fields.text(Field::Branch), fields.text(Field::Service))
        );
        news.push(Did { text, clauses: clauses.clone() });
    }
}

/// "North Leeds (Home Care)": the service that was named, or else the branch's, which this very delivery may have made.
fn place(known: &Known, receipt: &Receipt, branch: &str, named: &str) -> String {
    let made = receipt.branches.iter().find_map(|outcome| match outcome {
        BranchOutcome::Created { branch: made, service } if made == branch => Some(service.as_str()),
        _ => None,
    });
    let named = Some(named).filter(|named| !named.is_empty());
    match named.or_else(|| known.service_of(branch)).or(made) {
        Some(service) => format!("{} ({})", value(branch), value(service)),
        None => value(branch),
    }
}

fn note(known: &Known, settings: &Settings, record: RecordId, note: &Note) -> Did {
    let label = known.label(record);
    match note {
        Note::Held { held, because } => Did {
            text: format!(
                "holds the move of {label} to {} ({}) for Support; it stays where it is",
                value(&held.to_branch),
                value(&held.to_service)
            ),
            clauses: vec![*because],
        },
        Note::Kept { field, acp, sent, because, setting } => Did {
            text: format!(
                "keeps the {} of {label}: ACP has {}, rostering sent {} ({}: {})",
                field.text(),
                field_value(*field, acp),
                field_value(*field, sent),
                setting.text(),
                settings.text(*setting)
            ),
            clauses: vec![*because],
        },
        Note::Unfit { field, sent, why } => Did {
            text: format!("does not take the {} {} for {label}: {}", field.text(), value(sent), prose(why)),
            clauses: Vec::new(),
        },
        Note::NotActive => {
            let status = known.record(record).map_or("not active", |record| record.status.text());
            Did { text: format!("finds {label} {status} and leaves that so"), clauses: vec![Clause::Sync4] }
        }
        Note::EndDateDecided { active } => Did {
            text: format!(
                "makes {label} {} because of the end date (end_date: {})",
                if *active { "active" } else { "inactive" },
                settings.end_date.text()
            ),
            clauses: Vec::new(),
        },
        Note::CarePlans { ended, added } => Did {
            text: format!("on {label}, {}", care_plans(ended.len(), added.len())),
            clauses: vec![Clause::Pub11],
        },
    }
}

/// "ends 1 care plan and makes 1 new one without activities"
fn care_plans(n_ended: usize, n_added: usize) -> String {
    let ended = (n_ended > 0).then(|| format!("ends {}", counted(n_ended, "care plan", "care plans")));
    let added = (n_added > 0)
        .then(|| format!("makes {} without activities", counted(n_added, "new care plan", "new care plans")));
    let both: Vec<String> = ended.into_iter().chain(added).collect();
    listed(&both)
}

fn refused(settings: &Settings, id: &str, refusal: &Refusal) -> Did {
    let setting = setting(settings, refusal);
    Did { text: format!("refuses {id}: {}{setting}", prose(&refusal.why)), clauses: vec![refusal.clause] }
}

/// " (deletion: archive_only)" where a setting decided.
pub(crate) fn setting(settings: &Settings, refusal: &Refusal) -> String {
    refusal
        .setting
        .map_or_else(String::new, |setting| format!(" ({}: {})", setting.text(), settings.text(setting)))
}

fn changed(known: &Known, update: &Update, visit: &VisitId, record: RecordId) -> Did {
    let sent = update.visits.iter().find(|it| it.id == *visit);
    let when = sent.map_or_else(String::new, |it| format!(": it starts at {}", moment(it.starts)));
    let text = format!("changes visit {} on {}{when}", value(visit.as_str()), known.label(record));
    Did { text, clauses: Vec::new() }
}

/// "visit V1", "visits V1, V2 and V3", "12 visits".
fn named(visits: &[&VisitId]) -> String {
    let names: Vec<String> = visits.iter().map(|visit| value(visit.as_str())).collect();
    match names.as_slice() {
        [one] => format!("visit {one}"),
        few if few.len() <= FEW => format!("visits {}", listed(few)),
        many => counted(many.len(), "visit", "visits"),
    }
}

fn fold(mut told: Vec<Did>, more: &str, news: &mut Vec<Did>) {
    let n_more = if told.len() > FEW + 1 { told.len() - FEW } else { 0 };
    told.truncate(told.len() - n_more);
    news.extend(told);
    if n_more > 0 {
        news.push(Did { text: format!("{} {more}", crate::words::number(n_more)), clauses: Vec::new() });
    }
}
