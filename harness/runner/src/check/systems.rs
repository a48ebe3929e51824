//! Checks on what both systems hold: records, visits, histories, service users.

use super::{Looking, Whom};
use crate::{
    moment::resolve,
    words::{list, named, origin_text, quote, same, setter, setter_wanted, text, yes},
};
use acp::{CareKind, Record, RecordId, Tracked, VisitState};
use feed::{ExternalId, Field, Text};
use guidance::Subject;
use scenario::{About, At, Count, Has, HistoryBy, RecordRef, RecordsLike, VisitsLike};
use std::fmt::Write as _;

impl Looking<'_, '_> {
    pub(super) fn find(&mut self, of: &RecordRef) -> Option<&Record> {
        match self.world.record(of) {
            Ok(id) => {
                let seen = self.world.scene.records.get(&id)?;
                if seen.gone_at.is_none() {
                    return Some(&*seen.record);
                }
                let about =
                    Whom { words: format!("record {id}"), subject: Some(Subject::Record(id)), field: None };
                self.here(about, "a record in ACP", "it was deleted");
                None
            }
            Err(why) => {
                let subject = match of {
                    RecordRef::Of(id) => Some(self.world.subject(&About::ServiceUser(id.clone()))),
                    _ => None,
                };
                self.here(Whom { words: named(of), subject, field: None }, "a record in ACP", why);
                None
            }
        }
    }

    pub(super) fn record(&mut self, of: &RecordRef, has: &[At<Has>]) {
        let Some(record) = self.find(of) else { return };
        let record = record.clone();
        for has in has {
            if let Some((words, field, expected, got)) = self.lacks(&record, of, &has.it) {
                let words = format!("{words} of {} in ACP", named(of));
                let about = Whom { words, subject: Some(Subject::Record(record.id)), field };
                self.miss(&has.at, about, expected, got);
            }
        }
    }

    /// What of this the record does not have: (what, field, expected, got).
    pub(super) fn lacks(
        &self,
        record: &Record,
        of: &RecordRef,
        has: &Has,
    ) -> Option<(String, Option<Field>, String, String)> {
        let unless = |fits: bool, words: &str, expected: String, got: String| {
            (!fits).then(|| (words.to_owned(), None, expected, got))
        };
        let count =
            |words: &str, count: Count, n: usize| unless(count.fits(n), words, text(count), n.to_string());
        let care = &record.local.care;
        match has {
            Has::Field(field, value) => {
                let got = record.synced.text(*field);
                let fits = same(*field, value, got);
                (!fits).then(|| (field.text().to_owned(), Some(*field), quote(value), quote(got)))
            }
            Has::Name(name) => {
                let got = record.synced.full_name();
                let fits = got == name.as_str();
                (!fits).then(|| ("name".to_owned(), Some(Field::FamilyName), quote(name), quote(&got)))
            }
            Has::ExternalId(id) => {
                let words =
                    |id: &Option<ExternalId>| id.as_ref().map_or("none".into(), |id| quote(id.as_str()));
                unless(
                    record.external_id == *id,
                    "external identifier",
                    words(id),
                    words(&record.external_id),
                )
            }
            Has::RecordId(wanted) => {
                let wanted = self.world.record(wanted);
                let expected = wanted.as_ref().map_or_else(Clone::clone, RecordId::to_string);
                unless(wanted == Ok(record.id), "record ID", expected, record.id.to_string())
            }
            Has::SameRecord => {
                let first = match of {
                    RecordRef::Of(id) => self.world.at_first.get(id).copied(),
                    _ => Some(record.id),
                };
                let expected =
                    first.map_or("a record that was there at the first step".into(), |id| id.to_string());
                unless(first == Some(record.id), "record ID", expected, record.id.to_string())
            }
            Has::Status(status) => {
                unless(record.status == *status, "status", status.text().into(), record.status.text().into())
            }
            Has::Origin(origin) => unless(
                record.origin == *origin,
                "origin",
                origin_text(*origin).into(),
                origin_text(record.origin).into(),
            ),
            Has::RoleAccess(roles) => {
                let got: Vec<&Text> = record.local.role_access.iter().map(|(role, _)| role).collect();
                let fits = got.len() == roles.len() && roles.iter().all(|role| got.contains(&role));
                unless(fits, "role access", list(roles.iter()), list(got))
            }
            Has::Care(kind, n) => count(kind.text(), *n, record.count(*kind)),
            Has::Activities(n) => count("activities", *n, record.n_activities()),
            Has::OpenCarePlans(n) => {
                let open = care
                    .iter()
                    .filter(|item| item.kind == CareKind::CarePlan && item.ended.is_none())
                    .count();
                count("open care plans", *n, open)
            }
            Has::CareHistory(wanted) => unless(
                record.has_care_data() == *wanted,
                "care history",
                yes(*wanted),
                yes(record.has_care_data()),
            ),
            Has::Visits(n) => count("visits", *n, record.visits.len()),
            Has::HeldMove(to) => {
                let got =
                    record.held.as_ref().map_or("no move is held".into(), |held| quote(&held.to_branch));
                let fits = record
                    .held
                    .as_ref()
                    .is_some_and(|held| to.as_ref().is_none_or(|to| *to == held.to_branch));
                unless(
                    fits,
                    "held move",
                    to.as_ref().map_or("a move that is held".into(), |to| quote(to)),
                    got,
                )
            }
            Has::NoHeldMove => {
                let got = record.held.as_ref().map_or(String::new(), |held| quote(&held.to_branch));
                unless(record.held.is_none(), "held move", "none".into(), got)
            }
            Has::MergedInto(survivor) => {
                let wanted = self.world.record(survivor).ok();
                let got = record.merged_into.map_or("not merged".into(), |id| id.to_string());
                let fits = wanted.is_some() && record.merged_into == wanted;
                unless(fits, "merged into", named(survivor), got)
            }
            Has::Aliases(ids) => {
                let texts = |ids: &[ExternalId]| list(ids.iter().map(ExternalId::as_str));
                unless(record.aliases == *ids, "aliases", texts(ids), texts(&record.aliases))
            }
            Has::Active(wanted) => {
                let got = record.status == acp::Status::Active;
                unless(got == *wanted, "active", yes(*wanted), yes(got))
            }
        }
    }

    pub(super) fn no_record(&mut self, of: &RecordRef) {
        let Ok(id) = self.world.record(of) else { return };
        if self.world.scene.records.get(&id).is_some_and(|seen| seen.gone_at.is_some()) {
            return;
        }
        let about = Whom { words: named(of), subject: Some(Subject::Record(id)), field: None };
        self.here(about, "no record in ACP", format!("record {id}"));
    }

    pub(super) fn records(&mut self, like: &RecordsLike, count: Count) {
        let fits = |record: &&Record| {
            like.external_id.as_ref().is_none_or(|id| record.external_id.as_ref() == Some(id))
                && like.name.as_ref().is_none_or(|name| record.synced.full_name() == name.as_str())
                && like.branch.as_ref().is_none_or(|branch| record.branch() == branch.as_str())
                && like.service.as_ref().is_none_or(|service| record.service() == service.as_str())
                && like.origin.is_none_or(|origin| record.origin == origin)
                && like.status.is_none_or(|status| record.status == status)
                && like.care_history.is_none_or(|care| record.has_care_data() == care)
        };
        let found: Vec<&Record> = self.world.scene.live_records().filter(fits).collect();
        if count.fits(found.len()) {
            return;
        }
        let mut got = found.len().to_string();
        for (idx, record) in found.iter().take(5).enumerate() {
            let _ = write!(got, "{} {}", if idx == 0 { ":" } else { "," }, record.id);
        }
        let subject = found.first().map(|record| Subject::Record(record.id));
        self.here(Whom { words: "records in ACP like this".into(), subject, field: None }, text(count), got);
    }

    pub(super) fn visits(&mut self, like: &VisitsLike, count: Count) {
        let starts = like.starts.map(|moment| resolve(moment, self.base).unwrap_or_else(|(at, _)| at));
        let n = if like.parked {
            self.world.parked.iter().filter(|id| like.id.as_ref().is_none_or(|wanted| wanted == *id)).count()
        } else {
            let on = like.on.as_ref().map(|of| self.world.record(of));
            let mine = |record: &&Record| on.as_ref().is_none_or(|on| *on == Ok(record.id));
            let shown = self
                .world
                .scene
                .records
                .values()
                .filter(|seen| seen.gone_at.is_none())
                .map(|seen| &*seen.record);
            shown
                .filter(mine)
                .flat_map(|record| &record.visits)
                .filter(|held| like.id.as_ref().is_none_or(|id| held.visit.id == *id))
                .filter(|held| like.done.is_none_or(|done| (held.state == VisitState::Done) == done))
                .filter(|held| starts.is_none_or(|starts| held.visit.starts == starts))
                .count()
        };
        if !count.fits(n) {
            self.here(
                Whom { words: "visits in ACP like this".into(), ..Whom::default() },
                text(count),
                n.to_string(),
            );
        }
    }

    pub(super) fn in_rostering(&mut self, environment: u8, id: &ExternalId, has: &[At<Has>]) {
        let people = &self.world.scene.people;
        let seen = people
            .iter()
            .find(|((it, sent_id), seen)| *it == environment && (sent_id == id || seen.person.id == *id))
            .map(|(_, seen)| seen)
            .filter(|seen| seen.deleted_at.is_none());
        let Some(seen) = seen.cloned() else {
            let about = Whom { words: format!("{id} in rostering"), ..Whom::default() };
            self.here(about, "a service user", "the rostering system has none with this identifier");
            return;
        };
        let person = seen.person;
        for has in has {
            let ended_on = person.ended_on.map(|date| date.to_string()).unwrap_or_default();
            let (words, field, expected, got) = match &has.it {
                Has::Field(Field::EndDate, value) => {
                    ("end date", Some(Field::EndDate), value.to_string(), ended_on)
                }
                Has::Field(field, value) => {
                    let got = person.fields.text(*field);
                    let got = if same(*field, value, got) { value.as_str() } else { got };
                    (field.text(), Some(*field), value.to_string(), got.to_owned())
                }
                Has::Name(name) => {
                    ("name", Some(Field::FamilyName), name.to_string(), person.fields.full_name())
                }
                Has::ExternalId(id) => {
                    let wanted = id.as_ref().map(ToString::to_string).unwrap_or_default();
                    ("external identifier", None, wanted, person.id.to_string())
                }
                Has::Active(wanted) => ("active", None, yes(*wanted), yes(person.is_active(self.world.now))),
                _ => continue,
            };
            if expected != got {
                let subject = Subject::ServiceUser { environment, sent_id: person.sent_id.clone() };
                let words = format!("{words} of {id} in rostering");
                self.miss(
                    &has.at,
                    Whom { words, subject: Some(subject), field },
                    quote(&expected),
                    quote(&got),
                );
            }
        }
    }

    pub(super) fn history(&mut self, of: &RecordRef, what: Tracked, values: &[Text], by: &[HistoryBy]) {
        let Some(record) = self.find(of) else { return };
        let (id, entries) = (record.id, record.history(what));
        let field = match what {
            Tracked::Field(field) => Some(field),
            _ => None,
        };
        let about = |words: &str| Whom {
            words: format!("{words} of the {} of {}", what.text(), named(of)),
            subject: Some(Subject::Record(id)),
            field,
        };
        let got: Vec<&Text> = entries.iter().map(|entry| &entry.value).collect();
        if !values.is_empty() && !values.iter().eq(got.iter().copied()) {
            self.here(about("history"), list(values), list(got));
        }
        let setters: Vec<&str> = entries.iter().map(|entry| setter(entry.set.by)).collect();
        let wanted: Vec<&str> = by.iter().map(|by| setter_wanted(*by)).collect();
        if !by.is_empty() && wanted != setters {
            self.here(about("who set the values"), list(wanted), list(setters));
        }
    }
}
