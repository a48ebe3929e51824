//! Takes an update in: for every service user whom it matches, and whether it is created, updated or refused.
//! What an update may write to a field is decided in `ownership`, where a record stands in `placement`. A
//! refused service user leaves nothing behind.

use crate::call::not_fit;
use crate::glance::{self, Glance};
use crate::index::Found;
use crate::ownership::{Told, differing, overwrite};
use crate::place::{Advice, Placement};
use crate::{Acp, By, Decision, Note, Origin, Outcome, Receipt, Record, RecordId, Refusal, Stamp};
use crate::{Status, placement, plans};
use feed::{
    Clause, EndDate, ExternalId, Field, Fields, Requirement, ServiceUser, Setting, Settings, System, Text,
    Timestamp, Update, date_in_london,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::mem;
use thin_vec::ThinVec;

/// So many different names of branches that ACP lacks are compared, in one update, with those that it has.
/// Where there are more, a wrong column was exported, and a near name would be chance. *Assumed.*
const MOST_COMPARED: usize = 1000;

/// So many service users are looked at ahead before they are decided. *Assumed*, from measurement.
const BLOCK: usize = 8192;

/// What all service users of one update have in common.
pub(crate) struct Delivery {
    pub(crate) settings: Settings,
    /// When and by whom; each value brings its own clause.
    stamp: Stamp,
    /// Environment and number of the update.
    pub(crate) sequence: (u8, u32),
    pub(crate) system: System,
    /// In London.
    today: Date,
    pub(crate) looks_ahead: bool,
    /// 0 while there is none.
    pub(crate) last_matched: RecordId,
    /// Refusals for branches that ACP lacks, so that a name which half a million people share is compared
    /// once; [`MOST_COMPARED`] of them.
    unknown: BTreeMap<Text, Refusal>,
}

impl Delivery {
    pub(crate) fn new(now: Timestamp, update: &Update, settings: Settings) -> Delivery {
        let (environment, sequence) = (update.environment, update.sequence);
        Delivery {
            settings,
            stamp: Stamp::new(now, By::Integration { environment, sequence }, Clause::Sync4),
            sequence: (environment, sequence),
            system: update.system,
            today: date_in_london(now),
            looks_ahead: glance::is_worth_it(update),
            last_matched: RecordId(0),
            unknown: BTreeMap::new(),
        }
    }

    pub(crate) fn stamp(&self, clause: Clause) -> Stamp {
        self.stamp.under(clause)
    }

    /// As an update makes it: with the values that are fit, and nothing else yet.
    pub(crate) fn new_record(&self, id: RecordId, external_id: &ExternalId, values: Fields) -> Record {
        let external_id = (Some(external_id.clone()), self.stamp(Clause::Sync2));
        let origin = (Origin::Integration, self.stamp(Clause::Sync5));
        let mut record = Record::new(id, origin, external_id, values);
        record.newest = Some(self.sequence);
        record
    }

    fn advice(&self) -> Advice {
        Advice { fix_in: "in the rostering system", names_nearest: self.unknown.len() < MOST_COMPARED }
    }

    /// Whether an end date has come. What is no date has not.
    fn has_ended(&self, end_date: &str) -> bool {
        !end_date.is_empty() && end_date.parse::<Date>().is_ok_and(|ends| ends <= self.today)
    }
}

impl Acp {
    pub(crate) fn receive(&mut self, now: Timestamp, update: Update) -> Receipt {
        let mut delivery = Delivery::new(now, &update, self.settings);
        let branches =
            update.branches.iter().filter_map(|branch| self.places.push(branch, &self.settings)).collect();
        let n_service_users = update.service_users.len();
        self.index.reserve_for(n_service_users);
        self.records.reserve_for(n_service_users);
        let service_users = update.service_users;
        let decisions = if delivery.looks_ahead {
            // On a thread of the pool, so that it finds near in memory what it looked at ahead.
            rayon::scope(|_| self.decide_all(&mut delivery, service_users))
        } else {
            self.decide_all(&mut delivery, service_users)
        };
        let span = (update.sent_at, update.visits_until);
        let visits = self.take_visits(delivery.sequence, span, update.visits);
        Receipt { decisions, visits, branches }
    }

    pub(crate) fn decide_all(
        &mut self,
        delivery: &mut Delivery,
        mut service_users: Vec<ServiceUser>,
    ) -> Vec<Decision> {
        let mut decisions = Vec::with_capacity(service_users.len());
        let (mut glances, mut settled) = (Vec::new(), Vec::new());
        for block in service_users.chunks_mut(BLOCK) {
            if delivery.looks_ahead {
                self.glance(delivery, block, &mut glances);
            }
            let mut n_decided = 0;
            while n_decided < block.len() {
                let (rest, seen) = (&mut block[n_decided..], glances.get(n_decided..).unwrap_or_default());
                n_decided += self.take_simple(delivery, (rest, seen), &mut settled, &mut decisions);
                if let Some(it) = block.get_mut(n_decided) {
                    decisions.push(self.decide(delivery, glances.get(n_decided).copied(), it));
                    n_decided += 1;
                }
            }
            let spent = block.iter_mut().filter(|it| !it.fields.is_empty());
            let spent: Vec<Fields> = spent.map(|it| mem::take(&mut it.fields)).collect();
            if !spent.is_empty() {
                rayon::spawn(|| drop(spent));
            }
        }
        decisions
    }

    /// Whether a newer update of the same environment was applied to the record before.
    pub(crate) fn is_overtaken(&self, delivery: &Delivery, record: &Record) -> bool {
        let (environment, sequence) = delivery.sequence;
        let newest = match record.newest {
            Some((its, newest)) if its == environment => Some(newest),
            Some(_) => self.elsewhere.get(&(record.id, environment)).copied(),
            None => None,
        };
        newest.is_some_and(|newest| newest > sequence)
    }

    /// Notes the update as the newest of its environment. False where it was the last one already, and where there is no
    /// such record.
    pub(crate) fn follow(&mut self, delivery: &Delivery, found: RecordId) -> bool {
        let Some(record) = self.records.get_mut(found) else { return false };
        let last = record.newest.replace(delivery.sequence);
        if let Some((environment, newest)) = last.filter(|(its, _)| *its != delivery.sequence.0) {
            self.elsewhere.insert((found, environment), newest);
        }
        last != Some(delivery.sequence)
    }

    fn decide(&mut self, delivery: &mut Delivery, glance: Option<Glance>, it: &mut ServiceUser) -> Decision {
        let mut fields = mem::take(&mut it.fields);
        if glance == Some(Glance::New) {
            // It was set by the look ahead, not sent.
            fields.remove(Field::Service);
        }
        let outcome = self.take_in(delivery, &it.external_id, fields, &it.requirements);
        Decision { outcome: outcome.unwrap_or_else(Outcome::Refused), external_id: take_id(it) }
    }

    fn take_in(
        &mut self,
        delivery: &mut Delivery,
        id: &ExternalId,
        fields: Fields,
        requirements: &[Requirement],
    ) -> Result<Outcome, Refusal> {
        matchable(id, &fields)?;
        if requirements.iter().any(|it| has_nul(&it.id) || has_nul(&it.name)) {
            return Err(not_to_the_character(id, "service requirement"));
        }
        match self.find_after(&mut delivery.last_matched, id) {
            Found::None if delivery.has_ended(fields.text(Field::EndDate)) => Ok(Outcome::NotCreated),
            Found::None => self.create(delivery, id, fields, requirements),
            Found::One(record) => self.update(delivery, (id, record), &fields, requirements),
            Found::Several(records) => Err(held_by_several(id, &records)),
        }
    }

    /// A full update comes in the order of the last one, so mostly the record after the one matched before is
    /// the one: asking it first spares a million walks through the index, and cannot give another answer.
    pub(crate) fn find_after(&self, last_matched: &mut RecordId, id: &ExternalId) -> Found {
        let guess = RecordId(last_matched.0 + 1);
        let is_it = self.records.get(guess).is_some_and(|record| self.index.leads_only_to(record, id));
        let found = if is_it { Found::One(guess) } else { self.index.find(&self.records, id) };
        *last_matched = found.one().unwrap_or(*last_matched);
        found
    }

    fn create(
        &mut self,
        delivery: &mut Delivery,
        id: &ExternalId,
        fields: Fields,
        requirements: &[Requirement],
    ) -> Result<Outcome, Refusal> {
        named(id, &fields, None)?;
        let branch = fields.get(Field::Branch).cloned().unwrap_or_default();
        let placement = self.wanted(delivery, &branch, fields.text(Field::Service))?;
        let (values, mut notes) = first_values(id, delivery, fields, placement)?;
        let mut record = delivery.new_record(self.records.next_id(), id, values);
        if delivery.system == System::CareRostering {
            let created = record.created;
            notes.extend(plans::follow(&mut record, requirements, &mut self.newest_item, created));
        }
        self.index.learn(&self.records, &record);
        Ok(Outcome::Created { record: self.records.add(record), notes })
    }

    fn update(
        &mut self,
        delivery: &mut Delivery,
        (id, found): (&ExternalId, RecordId),
        fields: &Fields,
        requirements: &[Requirement],
    ) -> Result<Outcome, Refusal> {
        let record = self.records.get(found).expect("the index leads to records that exist");
        if self.is_overtaken(delivery, record) {
            return Ok(Outcome::Older(found));
        }
        named(id, fields, Some(record))?;
        let target = self.wanted_of(delivery, record, fields)?;
        let differing = differing(&record.synced, fields, &self.settings);
        if let Some((field, _)) = differing.iter().find(|(_, sent)| has_nul(sent)) {
            return Err(not_to_the_character(id, field.text()));
        }

        let mut is_touched = self.follow(delivery, found);
        let record = self.records.get_mut(found).expect("it was there a moment ago");
        let mut told = Told::default();
        overwrite((&mut record.synced, &mut record.past), differing, delivery, &mut told);
        if let Some(target) = target {
            is_touched |= placement::settle(record, target, delivery, &mut told);
        }
        let status_follows = follow_end_date(record, delivery);
        is_touched |= status_follows.is_some();
        if delivery.system == System::CareRostering {
            let note = plans::follow(record, requirements, &mut self.newest_item, delivery.stamp);
            is_touched |= note.is_some();
            told.notes.extend(note);
        }
        if record.status != Status::Active && status_follows.is_none() {
            told.notes.push(Note::NotActive);
        }
        told.notes.extend(status_follows);
        if is_touched || !told.changes.is_empty() {
            self.records.touch(found);
        }
        Ok(Outcome::Matched { record: found, changes: told.changes, notes: told.notes })
    }

    /// The placement that an update asks for an existing record; none where it says nothing about it.
    fn wanted_of(
        &self,
        delivery: &mut Delivery,
        record: &Record,
        fields: &Fields,
    ) -> Result<Option<Placement>, Refusal> {
        let service = fields.text(Field::Service);
        match fields.get(Field::Branch) {
            Some(branch) => self.wanted(delivery, branch, service).map(Some),
            None if service.is_empty() => Ok(None),
            None => {
                self.places.known_service(service, delivery.advice())?;
                Ok(Some(Placement { branch: record.branch().into(), service: service.into() }))
            }
        }
    }

    fn wanted(&self, delivery: &mut Delivery, branch: &Text, service: &str) -> Result<Placement, Refusal> {
        if let Some(refusal) = delivery.unknown.get(branch) {
            return Err(refusal.clone());
        }
        let advice = delivery.advice();
        let found = self.places.find(branch, service, advice);
        if let Err(refusal) = &found
            && advice.names_nearest
            && self.places.service_of(branch).is_none()
        {
            delivery.unknown.insert(branch.clone(), refusal.clone());
        }
        found
    }
}

/// The identifier, for the decision on a service user who is done with.
pub(crate) fn take_id(it: &mut ServiceUser) -> ExternalId {
    mem::replace(&mut it.external_id, ExternalId::new(Text::new()))
}

/// Refuses an identifier that nothing can be matched on.
pub(crate) fn matchable(id: &ExternalId, fields: &Fields) -> Result<(), Refusal> {
    if id.is_blank() {
        let why = format!(
            "The service user {:?} came without an external identifier, so there is nothing to match on. \
             Give them one in the rostering system.",
            fields.full_name()
        );
        return Err(Refusal::new(Clause::Sync3, why));
    }
    if has_nul(id.as_str()) {
        return Err(not_to_the_character(id, "external identifier"));
    }
    Ok(())
}

fn has_nul(text: &str) -> bool {
    text.as_bytes().contains(&0)
}

fn not_to_the_character(id: &ExternalId, place: &str) -> Refusal {
    let why = format!(
        "The service user {:?} has a NUL character in the {place}, which ACP cannot keep, so nothing of them \
         was taken in. Take it out in the rostering system.",
        id.as_str()
    );
    Refusal::new(Clause::Sync2, why)
}

/// Refuses a service user who would be left without a given and a family name.
pub(crate) fn named(id: &ExternalId, fields: &Fields, record: Option<&Record>) -> Result<(), Refusal> {
    let is_blank = |field: Field| match fields.get(field) {
        Some(sent) if has_nul(sent) || field.fit(sent).is_ok() => sent.trim().is_empty(),
        _ => record.is_none_or(|record| record.synced.text(field).trim().is_empty()),
    };
    if is_blank(Field::GivenName) && is_blank(Field::FamilyName) {
        let why = format!(
            "The service user {:?} came without a given and a family name. Fill in one of them in the rostering \
             system.",
            id.as_str()
        );
        return Err(Refusal::new(Clause::Sync2, why));
    }
    Ok(())
}

fn held_by_several(id: &ExternalId, records: &[RecordId]) -> Refusal {
    let names: Vec<String> = records.iter().map(RecordId::to_string).collect();
    let why = format!(
        "{} records in ACP have the external identifier {:?}: {}. None of them was changed, because choosing \
         one would be a guess. Delete none of them: ask Support to review them all.",
        records.len(),
        id.as_str(),
        names.join(", ")
    );
    Refusal::new(Clause::Dup4, why)
}

/// The values of a new record: those that were sent, moved in as they are. What is not fit for its field is left
/// out, and said.
fn first_values(
    id: &ExternalId,
    delivery: &Delivery,
    mut fields: Fields,
    placement: Placement,
) -> Result<(Fields, ThinVec<Note>), Refusal> {
    let mut notes = ThinVec::new();
    let mut unreadable = None;
    fields.retain(|field, value| {
        if matches!(field, Field::Branch | Field::Service) || value.is_empty() {
            return false;
        }
        let is_managed = delivery.settings.managed_demographics.manages(field);
        match field.fit(value) {
            // Nearly every value ends here, as it came.
            Ok(None) if is_managed && field.is_sent() => return true,
            Ok(Some(kept)) if is_managed && field.is_sent() => {
                *value = kept;
                return true;
            }
            Err(_) if has_nul(value) => unreadable = Some(field),
            _ if !field.is_sent() => {}
            Err(unfit) if is_managed => {
                let why = not_fit(field, value, &unfit);
                notes.push(Note::Unfit { field, sent: value.clone(), why });
            }
            _ => {
                let (acp, because, setting) = (Text::new(), Clause::Own8, Setting::ManagedDemographics);
                notes.push(Note::Kept { field, acp, sent: value.clone(), because, setting });
            }
        }
        false
    });
    if let Some(field) = unreadable {
        return Err(not_to_the_character(id, field.text()));
    }
    fields.set(Field::Branch, placement.branch);
    fields.set(Field::Service, placement.service);
    Ok((fields, notes))
}

/// Under `end_date: deactivates`, the status follows whether the end date has come, unless a person decided
/// it: the status that a record was made with is nobody's decision. Archived is always a person's. *Assumed.*
fn follow_end_date(record: &mut Record, delivery: &Delivery) -> Option<Note> {
    if delivery.settings.end_date != EndDate::Deactivates {
        return None;
    }
    let is_untouched = record.status == Status::Active && record.status_set == record.created;
    if !(record.status_set.by.is_integration() || is_untouched) {
        return None;
    }
    let active = !delivery.has_ended(record.synced.text(Field::EndDate));
    let status = if active { Status::Active } else { Status::Inactive };
    record.set_status(status, delivery.stamp(Clause::Sync4)).then_some(Note::EndDateDecided { active })
}
