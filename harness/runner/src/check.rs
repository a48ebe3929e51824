//! Whether a check holds right now, and if not, what was expected and what is there instead. Reads what both systems
//! show and what was answered; asks nobody anything.

use crate::{Unmet, What, moment::resolve, world::Last, world::World};
use acp::{By, CareKind, Decision, Note, Outcome, Record, RecordId, Tracked, VisitState};
use feed::{Clause, ExternalId, Field, Text, Timestamp};
use guidance::{Advice, Subject};
use scenario::{
    About, At, CasePart, Check, Count, Has, HistoryBy, RecordRef, RecordsLike, SyncOutcome, VisitsLike, Where,
};
use std::fmt::Write as _;

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
struct Looking<'a, 'w> {
    world: &'a World<'w>,
    base: Timestamp,
    check: usize,
    place: &'a Where,
    found: &'a mut Vec<Unmet>,
}

/// What an unmet value is about.
#[derive(Clone, Default)]
struct Whom {
    words: String,
    subject: Option<Subject>,
    field: Option<Field>,
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

    fn miss(&mut self, place: &Where, about: Whom, expected: impl Into<String>, got: impl Into<String>) {
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

    fn here(&mut self, about: Whom, expected: impl Into<String>, got: impl Into<String>) {
        let place = self.place;
        self.miss(place, about, expected, got);
    }

    // Records

    fn find(&mut self, of: &RecordRef) -> Option<&Record> {
        match self.world.record(of) {
            Ok(id) => {
                let seen = self.world.scene.records.get(&id)?;
                if seen.gone_at.is_none() {
                    return Some(&seen.record);
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

    fn record(&mut self, of: &RecordRef, has: &[At<Has>]) {
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
    fn lacks(
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

    fn no_record(&mut self, of: &RecordRef) {
        let Ok(id) = self.world.record(of) else { return };
        if self.world.scene.records.get(&id).is_some_and(|seen| seen.gone_at.is_some()) {
            return;
        }
        let about = Whom { words: named(of), subject: Some(Subject::Record(id)), field: None };
        self.here(about, "no record in ACP", format!("record {id}"));
    }

    fn records(&mut self, like: &RecordsLike, count: Count) {
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

    fn visits(&mut self, like: &VisitsLike, count: Count) {
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
                .map(|seen| &seen.record);
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

    fn in_rostering(&mut self, environment: u8, id: &ExternalId, has: &[At<Has>]) {
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

    fn history(&mut self, of: &RecordRef, what: Tracked, values: &[Text], by: &[HistoryBy]) {
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

    // What came of actions and deliveries

    fn refused(&mut self, clause: Option<Clause>, says: Option<&str>) {
        let about = Whom { words: "the last action".into(), ..Whom::default() };
        let expected = match (clause, says) {
            (Some(clause), _) => format!("refused, with {clause}"),
            (None, Some(says)) => format!("refused, saying \"{says}\""),
            (None, None) => "refused".into(),
        };
        match self.world.last.clone() {
            Last::Refused { clause: got, why } => {
                let fits = clause.is_none_or(|clause| got == Some(clause))
                    && says.is_none_or(|says| contains(&why, says));
                if !fits {
                    let code = got.map(|clause| format!(" [{clause}]")).unwrap_or_default();
                    self.here(about, expected, format!("refused: {why}{code}"));
                }
            }
            Last::Done(_) => self.here(about, expected, "it was done"),
            Last::Nothing => self.here(about, expected, "nobody has done anything"),
        }
    }

    fn accepted(&mut self) {
        let about = Whom { words: "the last action".into(), ..Whom::default() };
        match self.world.last.clone() {
            Last::Done(_) => {}
            Last::Refused { why, .. } => self.here(about, "done", format!("refused: {why}")),
            Last::Nothing => self.here(about, "done", "nobody has done anything"),
        }
    }

    fn sync(
        &mut self,
        id: &ExternalId,
        outcome: SyncOutcome,
        clause: Option<Clause>,
        says: Option<&str>,
        count: Count,
    ) {
        let decisions =
            self.world.events[self.world.since_when..].iter().filter_map(|event| match &event.what {
                What::Arrived { receipt, .. } => Some(&receipt.decisions),
                _ => None,
            });
        let decisions: Vec<&Decision> = decisions.flatten().filter(|it| it.external_id == *id).collect();
        let n = decisions.iter().filter(|it| is_so(it, outcome, clause, says)).count();
        if count.fits(n) {
            return;
        }
        let mut got = format!("{n} such");
        match decisions.last() {
            Some(last) => {
                let _ = write!(got, "; the last of {} was {}", decisions.len(), came_of(last));
            }
            None => got.push_str("; no update has carried this service user since"),
        }
        let subject = Some(self.world.subject(&About::ServiceUser(id.clone())));
        let expected = format!("{}: {}", outcome_text(outcome), text(count));
        self.here(Whom { words: format!("what syncs did with {id}"), subject, field: None }, expected, got);
    }

    fn account(&mut self, wanted: [(&str, Option<Count>); 4]) {
        let Last::Done(Some(account)) = self.world.last.clone() else {
            let about = Whom { words: "the account of care data".into(), ..Whom::default() };
            self.here(about, "an account", "the last action gave none");
            return;
        };
        let lists = [account.moved.len(), account.kept.len(), account.left.len(), account.lost.len()];
        for ((words, count), n) in wanted.into_iter().zip(lists) {
            if let Some(count) = count.filter(|count| !count.fits(n)) {
                let about = Whom { words: format!("care data {words}"), ..Whom::default() };
                self.here(about, text(count), n.to_string());
            }
        }
    }

    // Guidance

    fn warned(&mut self, clauses: &[Clause]) {
        let warnings =
            self.world.events[self.world.since_when..].iter().filter_map(|event| match &event.what {
                What::Warned(warnings) => Some(warnings),
                _ => None,
            });
        let got: Vec<Clause> = warnings.flatten().map(|warning| warning.clause).collect();
        let fits =
            if clauses.is_empty() { got.is_empty() } else { clauses.iter().all(|it| got.contains(it)) };
        if !fits {
            let about = Whom { words: "guidance given before the action".into(), ..Whom::default() };
            self.here(about, codes(clauses), codes(&got));
        }
    }

    fn advice(&self, about: &About) -> (Subject, Vec<Advice>) {
        let subject = self.world.subject(about);
        let advice = self.world.scene.advise(&subject, self.world.now);
        (subject, advice)
    }

    fn guidance(
        &mut self,
        about: &About,
        situation: Option<&str>,
        says: &[Clause],
        not: &[Clause],
        wait_until: Option<Timestamp>,
    ) {
        let (subject, advice) = self.advice(about);
        let whom =
            |words: &str| Whom { words: words.to_owned(), subject: Some(subject.clone()), field: None };
        let got: Vec<&str> = advice.iter().map(|it| it.situation.text()).collect();
        if let Some(situation) = situation.filter(|it| !got.contains(it)) {
            self.here(whom("guidance"), situation, list(got));
        }
        let clauses: Vec<Clause> = advice.iter().flat_map(|it| it.clauses.iter().copied()).collect();
        if !says.iter().all(|it| clauses.contains(it)) {
            self.here(whom("what guidance says"), codes(says), codes(&clauses));
        }
        if not.iter().any(|it| clauses.contains(it)) {
            self.here(whom("what guidance says"), format!("nothing of {}", codes(not)), codes(&clauses));
        }
        if let Some(wait_until) = wait_until {
            let untils: Vec<Timestamp> = advice.iter().filter_map(|it| it.wait_until).collect();
            if !untils.contains(&wait_until) {
                let got: Vec<String> = untils.iter().map(ToString::to_string).collect();
                self.here(whom("until when to wait"), wait_until.to_string(), list(got));
            }
        }
    }

    fn case(&mut self, about: &About, kind: Clause, due: bool, has: &[CasePart], missing: &[CasePart]) {
        let (subject, advice) = self.advice(about);
        let whom = |words: String| Whom { words, subject: Some(subject.clone()), field: None };
        let found = advice.iter().filter_map(|it| it.case.as_ref()).find(|draft| draft.kind == kind);
        if found.is_some() != due {
            let words = |due: bool| if due { "due" } else { "not due" };
            self.here(whom(format!("a support case {kind}")), words(due), words(!due));
        }
        if has.is_empty() && missing.is_empty() {
            return;
        }
        let Some(draft) = found.cloned().or_else(|| self.world.scene.draft(kind, &subject, self.world.now))
        else {
            self.here(
                whom(format!("the draft of a case {kind}")),
                "a draft",
                "there is nothing to raise it about",
            );
            return;
        };
        let known = |part: &&CasePart| {
            draft.facts.iter().any(|fact| fact.label == part.text() && fact.value.is_some())
        };
        let lacking: Vec<&str> = has.iter().filter(|it| !known(it)).map(|it| it.text()).collect();
        if !lacking.is_empty() {
            self.here(
                whom("what the case holds".into()),
                list(has.iter().map(|it| it.text())),
                format!("no {}", lacking.join(", ")),
            );
        }
        let fits = missing.iter().all(|part| draft.missing.iter().any(|it| it == part.text()));
        if !fits {
            let wanted = list(missing.iter().map(|it| it.text()));
            self.here(whom("what the case says is missing".into()), wanted, list(&draft.missing));
        }
    }
}

// Words

fn is_so(decision: &Decision, outcome: SyncOutcome, clause: Option<Clause>, says: Option<&str>) -> bool {
    let of_kind = match (&decision.outcome, outcome) {
        (Outcome::Created { .. }, SyncOutcome::Created)
        | (Outcome::Refused(_), SyncOutcome::Refused)
        | (Outcome::Older(_), SyncOutcome::Older)
        | (Outcome::NotCreated, SyncOutcome::NotCreated) => true,
        (Outcome::Matched { changes, .. }, SyncOutcome::Updated) => !changes.is_empty(),
        (Outcome::Matched { changes, .. }, SyncOutcome::Unchanged) => changes.is_empty(),
        (Outcome::Matched { notes, .. }, SyncOutcome::Held) => {
            notes.iter().any(|note| matches!(note, Note::Held { .. }))
        }
        _ => false,
    };
    let (clauses, sentence) = match &decision.outcome {
        Outcome::Refused(refusal) => (vec![refusal.clause], refusal.why.as_str()),
        Outcome::Matched { changes, notes, .. } => {
            let held = notes.iter().filter_map(|note| match note {
                Note::Held { because, .. } | Note::Kept { because, .. } => Some(*because),
                _ => None,
            });
            (changes.iter().map(|change| change.clause).chain(held).collect(), "")
        }
        Outcome::Created { .. } => (vec![Clause::Sync5], ""),
        Outcome::Older(_) | Outcome::NotCreated => (Vec::new(), ""),
    };
    of_kind && clause.is_none_or(|it| clauses.contains(&it)) && says.is_none_or(|it| contains(sentence, it))
}

fn came_of(decision: &Decision) -> String {
    match &decision.outcome {
        Outcome::Created { record: id, .. } => format!("created as {id}"),
        Outcome::Matched { record, changes, notes } if changes.is_empty() && notes.is_empty() => {
            format!("unchanged ({record})")
        }
        Outcome::Matched { record, changes, notes } => {
            let held = notes.iter().any(|note| matches!(note, Note::Held { .. }));
            let fields = list(changes.iter().map(|change| change.field.text()));
            format!("{record} matched; changed: {fields}{}", if held { "; a move is held" } else { "" })
        }
        Outcome::Refused(refusal) => format!("refused: {} [{}]", refusal.why, refusal.clause),
        Outcome::Older(id) => format!("older than what {id} has"),
        Outcome::NotCreated => "not created: the service user has ended".into(),
    }
}

/// Whether two values of a field are the same, as the field keeps them.
fn same(field: Field, expected: &str, got: &str) -> bool {
    expected == got || field.read(expected).is_ok_and(|expected| expected == got)
}

fn contains(sentence: &str, part: &str) -> bool {
    sentence.to_lowercase().contains(&part.to_lowercase())
}

fn named(of: &RecordRef) -> String {
    match of {
        RecordRef::Of(id) => id.to_string(),
        RecordRef::Called(name) => format!("\"{name}\""),
        RecordRef::Number(n) => format!("R{n}"),
    }
}

fn quote(text: &str) -> String {
    if text.is_empty() { "no value".into() } else { format!("\"{text}\"") }
}

fn yes(it: bool) -> String {
    if it { "yes" } else { "no" }.into()
}

fn text(count: Count) -> String {
    match count {
        Count::Exactly(n) => n.to_string(),
        Count::AtLeast(n) => format!("at least {n}"),
        Count::AtMost(n) => format!("at most {n}"),
    }
}

/// "a, b, c", or "none".
fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(if item.as_ref().is_empty() { "(no value)" } else { item.as_ref() });
    }
    if text.is_empty() { "none".into() } else { text }
}

fn codes(clauses: &[Clause]) -> String {
    let mut clauses = clauses.to_vec();
    clauses.sort_unstable();
    clauses.dedup();
    list(clauses.iter().map(|clause| clause.code()))
}

const fn origin_text(origin: acp::Origin) -> &'static str {
    match origin {
        acp::Origin::Integration => "integration",
        acp::Origin::ByHand => "by hand",
    }
}

const fn setter(by: By) -> &'static str {
    match by {
        By::Integration { .. } => "integration",
        By::TenantAdministrator => "tenant administrator",
        By::BranchAdministrator => "branch administrator",
        By::CareStaff => "care staff",
        By::Support => "support",
        By::ImplementationTeam => "implementation team",
    }
}

const fn setter_wanted(by: HistoryBy) -> &'static str {
    match by {
        HistoryBy::Integration => "integration",
        HistoryBy::TenantAdministrator => "tenant administrator",
        HistoryBy::BranchAdministrator => "branch administrator",
        HistoryBy::CareStaff => "care staff",
        HistoryBy::Support => "support",
        HistoryBy::ImplementationTeam => "implementation team",
    }
}

const fn outcome_text(outcome: SyncOutcome) -> &'static str {
    match outcome {
        SyncOutcome::Created => "created",
        SyncOutcome::Updated => "updated",
        SyncOutcome::Unchanged => "unchanged",
        SyncOutcome::Held => "held",
        SyncOutcome::Refused => "refused",
        SyncOutcome::Older => "older",
        SyncOutcome::NotCreated => "not created",
    }
}
