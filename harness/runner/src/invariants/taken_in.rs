//! What has to come of a delivery: an answer for everybody in it, for a reason that can be named, and everything that was
//! to be written. The other side of `delivery.rs`, which says what may not come of it.
//!
//! A delivery that changes nothing is looked at in full only now and then: whatever is missing is still missing then.

use super::{ANSWERED, Books, Broken, Change, HANGS, Leads, MADE_BRANCH, PLANS, REASON, WRITTEN};
use acp::{CareKind, Outcome, Receipt, Record, RecordId, Slot, Status, VisitState};
use feed::{
    AbsentField, ContactDetails, EndDate, Field, Fields, NewBranch, Owner, PARTIAL_TAKES_AT_MOST,
    ServiceMove, ServiceUser, System, Text, Update, UpdateKind, date_in_london,
};
use jiff::{SignedDuration, civil::Date};

/// Of deliveries that change nothing, one in so many is looked at in full. *Assumed*, from measurement.
const LOOKED_AT: u32 = 8;

/// After a fault, until everything has been sent anew.
const A_DAY: SignedDuration = SignedDuration::from_hours(25);

/// What ACP is to do with a service user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Refused,
    NotCreated,
    Created,
    /// Something newer came before.
    Older(RecordId),
    Matched(RecordId),
}

impl Books<'_> {
    /// `before` are the branches as they were.
    pub(super) fn taken_in(
        &self,
        change: &Change<'_>,
        (update, receipt): (&Update, &Receipt),
        now: &Leads,
        before: Option<&[(Text, Text)]>,
    ) -> Vec<Broken> {
        let mut found = Vec::new();
        let n_users = update.service_users.len();
        self.tally.armed_times(ANSWERED, usize::from(n_users > 0));
        if receipt.decisions.len() != n_users {
            let n = receipt.decisions.len();
            return vec![ANSWERED.broken(format!("{n} of {n_users} service users have an answer."))];
        }
        found.extend(self.made_branches(update, before));
        let is_quiet = change.touched.is_empty() && change.gone.is_empty();
        let is_looked_at =
            !is_quiet || update.kind == UpdateKind::Full || update.sequence.is_multiple_of(LOOKED_AT);
        for (user, decision) in update.service_users.iter().zip(&receipt.decisions) {
            if decision.external_id != user.external_id {
                let what = format!("{} has the answer for {}.", user.external_id, decision.external_id);
                found.push(ANSWERED.broken(what));
                continue;
            }
            let is_plain =
                matches!(&decision.outcome, Outcome::Matched { changes, .. } if changes.is_empty());
            if (is_looked_at || !is_plain) && self.is_alone(user, update) {
                found.extend(self.decided(change, update, user, &decision.outcome));
            }
        }
        if is_looked_at {
            found.extend(self.visits_hang(change, update, receipt, now));
        }
        found
    }

    /// Whether nobody else of the update leads to the same record.
    fn is_alone(&self, user: &ServiceUser, update: &Update) -> bool {
        let records = self.leads.to(&user.external_id, &self.settings);
        let has_aliases = |id: &RecordId| self.records.get(id).is_some_and(|it| !it.aliases.is_empty());
        if self.settings.identifier_matching == feed::IdentifierMatching::Exact
            && !records.iter().any(has_aliases)
        {
            return true;
        }
        let same = |other: &&ServiceUser| {
            super::compared(&other.external_id, &self.settings)
                == super::compared(&user.external_id, &self.settings)
                || self
                    .leads
                    .to(&other.external_id, &self.settings)
                    .iter()
                    .any(|record| records.contains(record))
        };
        update.service_users.iter().filter(same).count() == 1
    }

    fn decided(
        &self,
        change: &Change<'_>,
        update: &Update,
        user: &ServiceUser,
        outcome: &Outcome,
    ) -> Option<Broken> {
        self.tally.armed(REASON);
        let wanted = self.wanted(change, update, user);
        let (is_so, record) = match (wanted, outcome) {
            (Wanted::Refused, Outcome::Refused(_)) | (Wanted::NotCreated, Outcome::NotCreated) => {
                (true, None)
            }
            (Wanted::Created, Outcome::Created { record, .. }) => (true, Some(record)),
            (Wanted::Matched(id), Outcome::Matched { record, .. }) => (id == *record, Some(record)),
            // That an update is too old need not be said, as long as it changes nothing.
            (Wanted::Older(id), Outcome::Matched { record, changes, .. }) => {
                (id == *record && changes.is_empty(), None)
            }
            (Wanted::Older(id), Outcome::Older(record)) => (id == *record, None),
            // A text that ACP cannot keep may be a reason anywhere.
            (_, Outcome::Refused(_)) => (has_nul(user), None),
            _ => (false, None),
        };
        if !is_so {
            let what = format!("{} was {}, and {}.", user.external_id, told(outcome), said(wanted));
            return Some(REASON.broken(what));
        }
        let after = change.now(*record?)?;
        let before = self.records.get(&after.id).map(|record| &**record);
        self.whole(before, after, user, update, change)
    }

    /// By the rules, in the order in which they apply.
    fn wanted(&self, change: &Change<'_>, update: &Update, user: &ServiceUser) -> Wanted {
        let id = &user.external_id;
        if id.is_blank() || id.as_str().contains('\0') {
            return Wanted::Refused;
        }
        let record = match self.leads.to(id, &self.settings) {
            [] => None,
            [record] => self.records.get(record),
            _ => return Wanted::Refused,
        };
        let today = date_in_london(change.at);
        let Some(record) = record else {
            return if has_ended(user.fields.text(Field::EndDate), today) {
                Wanted::NotCreated
            } else if is_nameless(&user.fields, None) || self.place(user, None).is_none() {
                Wanted::Refused
            } else {
                Wanted::Created
            };
        };
        let newest = self.newest.get(&(record.id, update.environment));
        if newest.is_some_and(|newest| *newest > update.sequence) {
            Wanted::Older(record.id)
        } else if is_nameless(&user.fields, Some(record)) || self.place(user, Some(record)).is_none() {
            Wanted::Refused
        } else {
            Wanted::Matched(record.id)
        }
    }

    /// Where an update wants somebody: branch and service. None: ACP does not have one of them.
    fn place<'a>(&'a self, user: &'a ServiceUser, record: Option<&'a Record>) -> Option<(&'a str, &'a str)> {
        let ordered = user.fields.text(Field::Service);
        let (branch, service) = match (user.fields.get(Field::Branch), record) {
            (None, Some(record)) => (record.branch(), record.service()),
            (branch, _) => {
                let branch = branch.map_or("", Text::as_str);
                let (_, service) = self.branches.iter().find(|(name, _)| name == branch)?;
                (branch, service.as_str())
            }
        };
        if ordered.is_empty() {
            return Some((branch, service));
        }
        self.services.iter().any(|it| it == ordered).then_some((branch, ordered))
    }

    /// Everything that was sent and that the integration manages is there.
    fn whole(
        &self,
        before: Option<&Record>,
        after: &Record,
        user: &ServiceUser,
        update: &Update,
        change: &Change<'_>,
    ) -> Option<Broken> {
        self.tally.armed(WRITTEN);
        let id = after.id;
        for (field, sent) in user.fields.iter() {
            if let Some(lacks) = self.lacks_value(before, after, field, sent) {
                return Some(WRITTEN.broken(lacks));
            }
        }
        if self.settings.absent_field == AbsentField::ClearsValue {
            let never = [Field::GivenName, Field::FamilyName, Field::Branch, Field::Service];
            let absent = |slot: &Slot<'_>| {
                !slot.value.is_empty()
                    && user.fields.get(slot.field).is_none()
                    && !never.contains(&slot.field)
            };
            for slot in after.synced.slots().filter(absent) {
                if let Some(lacks) = self.lacks_value(before, after, slot.field, &Text::new()) {
                    return Some(WRITTEN.broken(lacks));
                }
            }
        }
        self.placed_as_sent(before, after, user)
            .or_else(|| self.status_follows(before, after, change))
            .map(|lacks| WRITTEN.broken(format!("{id} {lacks}.")))
            .or_else(|| self.plans(after, user, update))
    }

    fn lacks_value(
        &self,
        before: Option<&Record>,
        after: &Record,
        field: Field,
        sent: &Text,
    ) -> Option<String> {
        let got = after.synced.text(field);
        if got == sent.as_str() || matches!(field, Field::Branch | Field::Service) {
            return None;
        }
        if !field.is_written_by_sync(&self.settings) {
            return None;
        }
        let set_by_person = before
            .and_then(|record| record.synced.slot(field))
            .is_some_and(|slot| !slot.set.by.is_integration());
        let is_kept = before.is_some()
            && field.owner() == Owner::StartsFromRostering
            && match self.settings.contact_details {
                ContactDetails::AcpKeepsItsOwn => set_by_person,
                ContactDetails::AlwaysAcp => true,
                ContactDetails::AlwaysRostering => set_by_person && sent.is_empty(),
            };
        let wanted = field.read(sent).ok()?;
        (!is_kept && wanted != got)
            .then(|| format!("The {} of {} is \"{got}\" where \"{sent}\" was sent.", field.text(), after.id))
    }

    /// In the branch and service that were sent, or held for Support.
    fn placed_as_sent(&self, before: Option<&Record>, after: &Record, user: &ServiceUser) -> Option<String> {
        if user.fields.get(Field::Branch).is_none() && user.fields.text(Field::Service).is_empty() {
            return None;
        }
        let before = before.filter(|before| !before.service().is_empty());
        let (branch, service) = self.place(user, before)?;
        let waits = before.is_some_and(|before| {
            service != before.service()
                && (before.has_care_data() || self.settings.service_move == ServiceMove::NeedsSupport)
        });
        if waits {
            let shows = after.held.as_ref();
            let is_shown = shows.is_some_and(|it| it.to_branch == branch && it.to_service == service);
            return (!is_shown).then(|| "does not show that its move waits for Support".to_owned());
        }
        if after.branch() != branch || after.service() != service {
            let (its, there) = (after.branch(), after.service());
            return Some(format!(
                "is in \"{its}\" of \"{there}\" where \"{branch}\" of \"{service}\" was sent"
            ));
        }
        after.held.is_some().then(|| "shows a move that was made as one that waits".to_owned())
    }

    /// Under `end_date: deactivates` the status follows the end date, unless a person set it.
    fn status_follows(&self, before: Option<&Record>, after: &Record, change: &Change<'_>) -> Option<String> {
        let Some(before) = before else {
            return (after.status != Status::Active).then(|| format!("came {}", after.status.text()));
        };
        let is_untouched = before.status == Status::Active && before.status_set == before.created;
        let follows = self.settings.end_date == EndDate::Deactivates
            && (before.status_set.by.is_integration() || is_untouched);
        let has_left = has_ended(after.synced.text(Field::EndDate), date_in_london(change.at));
        let wanted = match (follows, has_left) {
            (false, _) => before.status,
            (true, true) => Status::Inactive,
            (true, false) => Status::Active,
        };
        (after.status != wanted).then(|| format!("is {} and not {}", after.status.text(), wanted.text()))
    }

    /// PUB-11: each requirement that was sent has its care plan, and no other has an open one.
    fn plans(&self, after: &Record, user: &ServiceUser, update: &Update) -> Option<Broken> {
        if update.system != System::CareRostering {
            return None;
        }
        self.tally.armed_times(PLANS, user.requirements.len());
        let plans = after.local.care.iter().filter(|item| item.kind == CareKind::CarePlan);
        let is_sent = |id: &Text| user.requirements.iter().any(|it| it.id == *id);
        let is_left = |id: &Text| !is_sent(id);
        let open = plans.clone().filter(|item| item.ended.is_none());
        if let Some(id) = open.filter_map(|item| item.requirement.as_ref()).find(|id| is_left(id)) {
            return Some(
                PLANS.broken(format!("{} has an open care plan for {id}, which is gone.", after.id)),
            );
        }
        let lacks = |id: &Text| !plans.clone().any(|item| item.requirement.as_ref() == Some(id));
        let lacking = user.requirements.iter().find(|it| lacks(&it.id))?;
        Some(PLANS.broken(format!("{} has no care plan for {}.", after.id, lacking.id)))
    }

    /// PUB-3: a branch comes with an update only where that is the reading, by its exact name, if that is a usual one.
    fn made_branches(&self, update: &Update, before: Option<&[(Text, Text)]>) -> Option<Broken> {
        let is_there = |name: &Text, branches: &[(Text, Text)]| branches.iter().any(|(it, _)| it == name);
        let before = before.unwrap_or(&self.branches);
        for (name, _) in self.branches.iter().filter(|(name, _)| !is_there(name, before)) {
            let is_due = self.settings.new_branch == NewBranch::CreatedByName
                && update.branches.contains(name)
                && NewBranch::unusual_in(name).is_none();
            if !is_due {
                return Some(MADE_BRANCH.broken(format!("ACP has the branch \"{name}\" since an update.")));
            }
        }
        if self.settings.new_branch == NewBranch::MustExist {
            self.tally.armed_times(
                MADE_BRANCH,
                usize::from(update.branches.iter().any(|name| !is_there(name, before))),
            );
            return None;
        }
        self.tally.armed(MADE_BRANCH);
        let lacks = |name: &&Text| {
            !is_there(name, &self.branches)
                && !name.trim().is_empty()
                && NewBranch::unusual_in(name).is_none()
                && Field::Branch.read(name).is_ok()
        };
        let lacking = update.branches.iter().find(lacks).filter(|_| !self.services.is_empty())?;
        Some(MADE_BRANCH.broken(format!("ACP does not have the branch \"{lacking}\", which was sent.")))
    }

    /// PUB-2, DUP-3: every visit that was sent hangs as it was sent, and none that was left out is still there.
    fn visits_hang(
        &self,
        change: &Change<'_>,
        update: &Update,
        receipt: &Receipt,
        now: &Leads,
    ) -> Option<Broken> {
        // It may have been overtaken by one that had nothing to say, which nobody sees: if it was long on its way, or a
        // fault has struck since yesterday.
        let struck_at = self.struck_until.map(|until| link::after(until, A_DAY));
        let is_late = change.at.duration_since(update.sent_at) > PARTIAL_TAKES_AT_MOST
            || struck_at.is_some_and(|until| change.at <= until);
        if self.has_newer(update) || is_late {
            return None;
        }
        self.tally.armed_times(HANGS, update.visits.len());
        if receipt.visits.len() < update.visits.len() {
            let (n, all) = (receipt.visits.len(), update.visits.len());
            return Some(HANGS.broken(format!("{n} of {all} visits have an answer.")));
        }
        for visit in &update.visits {
            let [id] = now.to(&visit.service_user, &self.settings) else { continue };
            let Some(record) = change.now(*id) else { continue };
            let hangs = record
                .visit(&visit.id)
                .is_some_and(|held| held.state == VisitState::Done || held.visit == *visit);
            if !hangs && !self.done.contains(&visit.id) {
                return Some(HANGS.broken(format!("{id} does not show the visit {} as sent.", visit.id)));
            }
        }
        let span = update.sent_at..=update.visits_until;
        let untouched = change.before.values().filter(|it| !change.after.contains_key(&it.id));
        let records = change.after.values().chain(untouched.filter(|it| !change.gone.contains(&it.id)));
        let left = |held: &&acp::VisitHeld| {
            held.state == VisitState::Planned
                && span.contains(&held.visit.starts)
                && self.sent_by.get(&held.visit.id) == Some(&update.environment)
                && !update.visits.iter().any(|visit| visit.id == held.visit.id)
        };
        let mut held = records.flat_map(|record| record.visits.iter());
        let held = held.find(left)?;
        Some(HANGS.broken(format!("The visit {} is still there, and was left out.", held.visit.id)))
    }
}

/// Whether an end date has come. What is no date has not.
fn has_ended(end_date: &str, today: Date) -> bool {
    !end_date.is_empty() && end_date.parse::<Date>().is_ok_and(|ends| ends <= today)
}

/// Whether neither name would be left.
fn is_nameless(fields: &Fields, record: Option<&Record>) -> bool {
    [Field::GivenName, Field::FamilyName].into_iter().all(|field| match fields.get(field) {
        Some(sent) if sent.contains('\0') || field.read(sent).is_ok() => sent.trim().is_empty(),
        _ => record.is_none_or(|record| record.synced.text(field).trim().is_empty()),
    })
}

fn has_nul(user: &ServiceUser) -> bool {
    let in_requirement = user.requirements.iter().any(|it| it.id.contains('\0') || it.name.contains('\0'));
    in_requirement || user.fields.iter().any(|(_, value)| value.contains('\0'))
}

const fn told(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Created { .. } => "given a new record",
        Outcome::Matched { .. } => "matched",
        Outcome::Refused(_) => "refused",
        Outcome::Older(_) => "told to be older than what came before",
        Outcome::NotCreated => "left out as somebody who has left",
    }
}

fn said(wanted: Wanted) -> String {
    match wanted {
        Wanted::Refused => "cannot be taken in".to_owned(),
        Wanted::NotCreated => "has left and has no record".to_owned(),
        Wanted::Created => "has no record yet".to_owned(),
        Wanted::Older(record) => format!("something newer came for {record} before"),
        Wanted::Matched(record) => format!("has {record}"),
    }
}
