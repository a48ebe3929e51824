//! What guidance has to say, worked out from what both systems showed by code that does not ask it: a second statement of
//! the plain cases of each rule. What guidance may say beside that is not looked at.

use super::{BEFOREHAND, Books, Broken, CASES, COMPLETE, SEEN, WAITS, deadline::Who};
use acp::{Act, Action, Actor, By, CareItem, CareKind, Origin, Record, RecordId, Status};
use feed::{
    Clause, Deletion, ExternalId, FAR_WINDOW, Field, NhsNumber, ServiceMove, System, Text, Timestamp,
};
use guidance::{Advice, CaseDraft, Situation, Subject, fold};
use link::after;
use rostering::{Command, Person};
use std::collections::BTreeSet;

/// One thing that guidance has to say about somebody.
struct Due {
    situation: Situation,
    case: Option<Clause>,
    /// The other one, where it is about two.
    with: Option<RecordId>,
}

impl Books<'_> {
    /// What guidance said when somebody asked about these.
    pub(super) fn advised(&self, at: Timestamp, about: &[Subject], advice: &[Advice]) -> Vec<Broken> {
        let mut found = Vec::new();
        for subject in about {
            let records = self.records_behind(subject);
            let people = self.people_behind(subject);
            for person in &people {
                found.extend(self.deadline_kept(at, person, advice));
                found.extend(self.of_person(at, person, advice));
            }
            for &record in &records {
                found.extend(self.of_record(at, record, advice));
                for other in self.records.values().filter(|it| it.id != record.id) {
                    found.extend(self.of_pair(record, other, advice));
                }
            }
        }
        self.tally.armed_times(WAITS, advice.len());
        let latest = after(at, FAR_WINDOW);
        let too_long = advice.iter().find(|it| it.wait_until.is_some_and(|until| until > latest));
        found.extend(too_long.map(|it| WAITS.broken(format!("\"{}\" lasts too long.", it.situation.text()))));
        found.extend(advice.iter().filter_map(|it| self.complete(it.case.as_ref()?)));
        found
    }

    /// What a case says that it lacks is what it lacks, and it lacks nothing that anybody could see.
    pub(super) fn complete(&self, draft: &CaseDraft) -> Option<Broken> {
        self.tally.armed(COMPLETE);
        let is_told = |label: &str| draft.missing.iter().any(|it| it == label);
        let untold = draft.facts.iter().find(|fact| fact.value.is_none() != is_told(fact.label));
        if let Some(fact) = untold {
            return Some(COMPLETE.broken(format!("A {} does not say its {}.", draft.kind, fact.label)));
        }
        let wanted: &[&str] = match draft.kind {
            Clause::Case2 => &["correct service", "rostering system"],
            Clause::Case1 => &["rostering system"],
            Clause::Case3 => &["record ids", "other name", "other service"],
            _ => &[],
        };
        let always = ["name", "service", "external id", "description"];
        let has = |label: &&str| draft.facts.iter().any(|fact| fact.label == *label);
        let lacking = always.iter().chain(wanted).find(|label| !has(label))?;
        Some(COMPLETE.broken(format!("A {} has no {lacking}.", draft.kind)))
    }

    // Whom it concerns

    /// Live records that a subject leads to.
    fn records_behind(&self, subject: &Subject) -> Vec<&Record> {
        let ids: &[RecordId] = match subject {
            Subject::ServiceUser { environment, sent_id } => {
                if !self.roster.people.contains_key(&(*environment, sent_id.clone())) {
                    return Vec::new();
                }
                self.leads.to(sent_id, &self.settings)
            }
            Subject::Record(id) => std::slice::from_ref(id),
        };
        let records = ids.iter().filter_map(|id| self.records.get(id)).map(|record| &**record);
        records.filter(|record| record.merged_into.is_none()).collect()
    }

    fn people_behind(&self, subject: &Subject) -> Vec<Who> {
        match subject {
            Subject::ServiceUser { environment, sent_id } => vec![(*environment, sent_id.clone())],
            Subject::Record(id) => {
                let Some(record) = self.records.get(id).filter(|it| it.merged_into.is_none()) else {
                    return Vec::new();
                };
                self.people_of(record).map(|(who, _)| who.clone()).collect()
            }
        }
    }

    /// Everybody in rostering who leads to a record.
    pub(super) fn people_of<'a>(&'a self, record: &'a Record) -> impl Iterator<Item = (&'a Who, &'a Person)> {
        let ids = record.external_id.iter().chain(&record.aliases);
        let people: BTreeSet<&Who> = ids.flat_map(|id| self.roster.led_by(id)).collect();
        people.into_iter().filter_map(|who| Some((who, self.roster.people.get(who)?.0)))
    }

    /// The only record of somebody whom ACP takes in, and who leads to it alone.
    fn plain<'a>(&'a self, at: Timestamp, who: &'a Who) -> Option<(&'a Person, &'a Record)> {
        let (person, _) = self.roster.people.get(who)?;
        let [record] = self.leads.to(&who.1, &self.settings) else { return None };
        let record = self.records.get(record)?;
        let is_named = !person.fields.text(Field::GivenName).trim().is_empty()
            || !person.fields.text(Field::FamilyName).trim().is_empty();
        let is_plain = person.is_active(at)
            && is_named
            && !who.1.is_blank()
            && self.roster.live.contains(&who.0)
            && self.people_of(record).count() == 1;
        is_plain.then_some((person, &**record))
    }

    /// Branch and service that rostering wants, if ACP has both.
    fn wanted_place(&self, environment: u8, person: &Person) -> Option<(Text, Text)> {
        let branch = self.as_sent(environment, person.fields.text(Field::Branch));
        let service = self.branches.iter().find(|(name, _)| *name == branch).map(|(_, service)| service)?;
        let ordered = person.orders.iter().rev().find_map(|order| order.service.clone());
        if ordered.as_ref().is_some_and(|it| !self.services.contains(it)) {
            return None;
        }
        Some((branch, ordered.unwrap_or_else(|| service.clone())))
    }

    pub(super) fn as_sent(&self, environment: u8, text: &str) -> Text {
        let (system, prefix) = &self.environments[usize::from(environment)];
        match prefix {
            Some(prefix) if *system == System::PeoplePlanner && !text.is_empty() => {
                Text::from(format!("{prefix}{text}"))
            }
            _ => Text::from(text),
        }
    }

    // What is to be said

    /// Before the deadline it is waited for until then; after it, it is overdue and a case.
    fn deadline_kept(&self, at: Timestamp, who: &Who, advice: &[Advice]) -> Option<Broken> {
        let waits = self.roster.waiting.get(who)?;
        let mine = |it: &&Advice| matches!(&it.about, Subject::ServiceUser { environment, sent_id } if (*environment, sent_id) == (who.0, &who.1));
        let says = |situation: Situation| advice.iter().filter(mine).find(|it| it.situation == situation);
        self.tally.armed(WAITS);
        if at.duration_since(waits.due).abs() <= super::EDGE {
            self.tally.at_edge(WAITS);
            self.tally.at_edge(CASES);
        }
        let (due, id) = (waits.due, &who.1);
        if at <= due {
            let is_said = says(Situation::WaitingForSync).is_some_and(|it| it.wait_until == Some(due));
            if !is_said || says(Situation::Overdue).is_some() {
                return Some(WAITS.broken(format!("At {at} the change of {id} has until {due}.")));
            }
            return None;
        }
        let Some(late) = says(Situation::Overdue) else {
            return Some(WAITS.broken(format!("At {at} the change of {id} was due by {due}.")));
        };
        self.tally.armed(CASES);
        let is_raised = self.is_raised(Clause::Case1);
        (late.case.is_none() && !is_raised)
            .then(|| CASES.broken(format!("{} is due for {id}.", Clause::Case1)))
    }

    /// Whether a case of the kind was ever raised: then it may be open.
    fn is_raised(&self, kind: Clause) -> bool {
        self.raised.contains(&kind)
    }

    fn of_person(&self, at: Timestamp, who: &Who, advice: &[Advice]) -> Vec<Broken> {
        let mut found = Vec::new();
        if let Some((person, _)) = self.roster.people.get(who) {
            let branch = self.as_sent(who.0, person.fields.text(Field::Branch));
            let is_unknown = person.is_active(at)
                && !person.fields.text(Field::Branch).is_empty()
                && !self.settings.new_branch.makes(&branch)
                && !self.branches.iter().any(|(name, _)| *name == branch);
            if is_unknown {
                found.extend(self.says(&Due::plain(Situation::BranchUnknown), advice, &who.1));
            }
        }
        let Some((person, record)) = self.plain(at, who) else { return found };
        let Some((branch, service)) = self.wanted_place(who.0, person) else { return found };
        let is_elsewhere = !record.service().is_empty() && service != record.service();
        let waits = is_elsewhere
            && (record.has_care_data() || self.settings.service_move == ServiceMove::NeedsSupport);
        if waits {
            let due = Due { case: Some(Clause::Case2), ..Due::plain(Situation::MoveHeld) };
            found.extend(self.says(&due, advice, &who.1));
        }
        found.extend(self.will_go(who, person, record, (&branch, waits), advice));
        found
    }

    /// An edit in ACP of what rostering controls, after rostering last said anything.
    fn will_go(
        &self,
        who: &Who,
        person: &Person,
        record: &Record,
        (branch, waits): (&Text, bool),
        advice: &[Advice],
    ) -> Option<Broken> {
        let last_said = self.roster.people.get(who)?.1;
        for field in [Field::GivenName, Field::FamilyName, Field::Branch] {
            let Some(slot) = record.synced.slot(field) else { continue };
            let theirs = if field == Field::Branch { Some(branch) } else { person.fields.get(field) };
            let Some(theirs) = theirs else { continue };
            let is_edit = !slot.set.by.is_integration()
                && slot.set.at() > last_said
                && slot.set.at() > record.created.at()
                && slot.value != theirs
                && field.read(theirs).is_ok_and(|kept| kept == *theirs);
            if !is_edit || (field == Field::Branch && waits) {
                continue;
            }
            self.tally.armed(SEEN);
            let is_it = |it: &Advice| {
                matches!(it.situation, Situation::WillBeOverwritten | Situation::Overdue)
                    && it.fields.contains(&field)
            };
            if !advice.iter().any(is_it) {
                let what = format!("The {} of {} will be overwritten.", field.text(), record.id);
                return Some(SEEN.broken(what));
            }
        }
        None
    }

    /// CASE-4: made by the integration for somebody whom rostering did not have then, and has not now.
    fn of_record(&self, at: Timestamp, record: &Record, advice: &[Advice]) -> Option<Broken> {
        let id = record.external_id.as_ref().filter(|id| !id.is_blank())?;
        let is_murky = !record.aliases.is_empty() || self.murky.contains(&record.id);
        let has_somebody = self.people_of(record).any(|(_, person)| person.is_active(at));
        let is_reviewed = record.status != Status::Active && record.status_set.by == By::Support;
        let is_about = |it: &&Advice| it.about == Subject::Record(record.id);
        let is_called_orphan = advice.iter().filter(is_about).any(|it| it.situation == Situation::Orphan);
        if record.origin != Origin::Integration || is_murky || has_somebody || is_reviewed {
            return None;
        }
        let is_orphan = !self.expected.contains(&record.id);
        if !is_orphan {
            self.tally.armed(SEEN);
            let what = format!("{} is a leaver's record, not an orphan.", record.id);
            return is_called_orphan.then(|| SEEN.broken(what));
        }
        let due = Due { case: Some(Clause::Case4), ..Due::plain(Situation::Orphan) };
        self.says(&due, advice, id)
    }

    /// Two records of one person.
    fn of_pair(&self, record: &Record, other: &Record, advice: &[Advice]) -> Vec<Broken> {
        let reviewed_at = |it: &Record| {
            (it.status != Status::Active && it.status_set.by == By::Support).then(|| it.status_set.at())
        };
        let confirmed = self.confirmed.iter().filter(|(one, two, _)| {
            (*one, *two) == (record.id, other.id) || (*two, *one) == (record.id, other.id)
        });
        let confirmed = confirmed.map(|(_, _, at)| *at).max();
        let is_done = [record, other].into_iter().any(|it| reviewed_at(it).is_some());
        if other.merged_into.is_some() || is_done || (confirmed.is_none() && !is_one_person(record, other)) {
            return Vec::new();
        }
        let pair = |situation, case| Due { case, with: Some(other.id), ..Due::plain(situation) };
        let mut dues = vec![match confirmed {
            Some(_) => pair(Situation::ConfirmedDuplicate, Some(Clause::Case3)),
            None => pair(Situation::LikelyDuplicate, None),
        }];
        let has_plan = |it: &Record| {
            let is_plan = |item: &&CareItem| item.kind == CareKind::CarePlan && item.is_care_data();
            it.local.care.iter().any(|item| is_plan(&item))
        };
        let is_split = |a: &Record, b: &Record| has_plan(a) && !has_plan(b) && !b.visits.is_empty();
        if is_split(record, other) || is_split(other, record) {
            dues.push(pair(Situation::SplitHistory, None));
        }
        let id = Text::from(format!("{} and {}", record.id, other.id));
        dues.iter().filter_map(|due| self.says(due, advice, &id)).collect()
    }

    fn says(&self, due: &Due, advice: &[Advice], whom: &dyn std::fmt::Display) -> Option<Broken> {
        self.tally.armed(SEEN);
        let is_it = |it: &&Advice| {
            let is_with =
                due.with.is_none_or(|with| it.about == Subject::Record(with) || it.with.contains(&with));
            it.situation == due.situation && is_with
        };
        let Some(said) = advice.iter().find(is_it) else {
            let what = format!("Nothing says \"{}\" of {whom}.", due.situation.text());
            return Some(SEEN.broken(what));
        };
        let kind = due.case?;
        self.tally.armed(CASES);
        let is_due = said.case.as_ref().is_some_and(|case| case.kind == kind);
        (!is_due && !self.is_raised(kind)).then(|| CASES.broken(format!("{kind} is due for {whom}.")))
    }

    // Beforehand

    /// What was said before something was done in rostering.
    pub(super) fn said_before_command(
        &self,
        at: Timestamp,
        environment: u8,
        command: &Command,
        said: &[Clause],
    ) -> Option<Broken> {
        self.tally.armed(BEFOREHAND);
        let may_move = matches!(
            command,
            Command::Edit { .. }
                | Command::AddOrder { .. }
                | Command::SetOrderService { .. }
                | Command::DeleteOrder { .. }
        );
        if said.contains(&Clause::Move3) && !may_move {
            return Some(BEFOREHAND.broken("A move was warned of that nobody was about to make."));
        }
        let Command::Edit { id, set } = command else { return None };
        let branch = set.get(Field::Branch).filter(|branch| !branch.is_empty())?;
        let who = (environment, ExternalId::new(self.as_sent(environment, id.as_str())));
        let (person, record) = self.plain(at, &who)?;
        let sent = self.as_sent(environment, branch);
        let (_, service) = self.branches.iter().find(|(name, _)| *name == sent)?;
        let is_move = person.orders.is_empty()
            && !record.service().is_empty()
            && service != record.service()
            && record.has_care_data();
        (is_move && !said.contains(&Clause::Move3))
            .then(|| BEFOREHAND.broken(format!("{} was about to be moved with its care data.", record.id)))
    }

    /// What was said before somebody did something in ACP.
    pub(super) fn said_before_act(&self, at: Timestamp, act: &Act, said: &[Clause]) -> Option<Broken> {
        self.tally.armed(BEFOREHAND);
        let is_support = act.by == Actor::Support;
        let may_move = matches!(&act.action, Action::Edit { set, .. }
            if set.get(Field::Branch).is_some() || set.get(Field::Service).is_some());
        if said.contains(&Clause::Move3) && !may_move {
            return Some(BEFOREHAND.broken("A move was warned of that nobody was about to make."));
        }
        let (clause, what) = match &act.action {
            Action::Create(_) => (Clause::Dup7, "a record was about to be made by hand".to_owned()),
            Action::Delete { record } | Action::Deactivate { record } | Action::Archive { record } => {
                let record = self.records.get(record).filter(|it| it.merged_into.is_none())?;
                let is_there = !matches!(act.action, Action::Delete { .. })
                    || self.settings.deletion == Deletion::Possible;
                if is_support || !record.has_care_data() || !is_there {
                    return None;
                }
                (Clause::Dup4, format!("{} was about to go out of sight with its care data", record.id))
            }
            Action::Edit { record, set } if !is_support => {
                // Nobody can work on a record that was merged away.
                let record = self.records.get(record).filter(|it| it.merged_into.is_none())?;
                let typed = set.get(Field::Branch)?;
                let who = self.people_of(record).next()?.0.clone();
                let (person, record) = self.plain(at, &who)?;
                let (branch, _) = self.wanted_place(who.0, person)?;
                let service = self.branches.iter().find(|(name, _)| name == typed).map(|(_, it)| it)?;
                let is_held = service != record.service()
                    && (record.has_care_data() || self.settings.service_move == ServiceMove::NeedsSupport);
                if branch == *typed || is_held || !person.orders.is_empty() {
                    return None;
                }
                (Clause::Branch2, format!("the branch of {} was about to be changed", record.id))
            }
            _ => return None,
        };
        (!said.contains(&clause)).then(|| BEFOREHAND.broken(format!("Nothing was said, and {what}.")))
    }
}

impl Due {
    const fn plain(situation: Situation) -> Due {
        Due { situation, case: None, with: None }
    }
}

/// The same valid NHS number; or the same date of birth and names. Two different valid NHS numbers: never.
fn is_one_person(one: &Record, other: &Record) -> bool {
    let number = |record: &Record| NhsNumber::read(record.synced.text(Field::NhsNumber)).ok();
    if let (Some(one), Some(other)) = (number(one), number(other)) {
        return one == other;
    }
    let marks = |record: &Record| {
        let text = |field: Field| record.synced.text(field);
        (text(Field::DateOfBirth).to_owned(), fold(text(Field::GivenName)), fold(text(Field::FamilyName)))
    };
    let (born, given, family) = marks(one);
    let is_known = Field::DateOfBirth.read(&born).is_ok();
    let is_whole = is_known && !born.is_empty() && !given.is_empty() && !family.is_empty();
    is_whole && (born, given, family) == marks(other)
}
