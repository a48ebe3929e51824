//! What comes of what people do in ACP: who is let do it, who may not be turned away, and that what was answered as done
//! is there to be seen. Reads the action, the answer and the records before and after; knows no rule of syncs.

use super::{ACCOUNTED, ALLOWED, Books, Broken, Change, DONE, PROMISED};
use acp::{
    Account, Act, Action, Actor, CareItem, CareKind, Done, Origin, Record, RecordId, Status, VisitState,
};
use feed::{Deletion, Field, Fields, Text};

/// Whether a role is for this kind of action at all, role by role. That Support moves, merges and sets data right, and
/// what a Tenant Administrator changes: article 14300960. The rest is *assumed*, as in ACP.
fn is_for(by: &Actor, action: &Action) -> bool {
    let is_for_support =
        matches!(action, Action::Merge { .. } | Action::Move { .. } | Action::Datafix { .. });
    match by {
        Actor::Support => true,
        Actor::TenantAdministrator => !is_for_support,
        Actor::BranchAdministrator(_) => {
            let is_of_the_tenant = matches!(
                action,
                Action::SetExternalId { .. }
                    | Action::AddBranch { .. }
                    | Action::RenameBranch { .. }
                    | Action::Delete { .. }
            );
            !is_for_support && !is_of_the_tenant
        }
        Actor::CareStaff => matches!(
            action,
            Action::AddCare { .. } | Action::AddActivity { .. } | Action::CompleteVisit { .. }
        ),
        Actor::ImplementationTeam => {
            matches!(action, Action::Create(_) | Action::SetExternalId { .. } | Action::AddBranch { .. })
        }
    }
}

impl Books<'_> {
    /// Something that was refused although the guidance says that it can be done.
    pub(super) fn turned_down(&self, act: &Act) -> Option<Broken> {
        if !is_for(&act.by, &act.action) || !self.is_promised(act) {
            return None;
        }
        self.tally.armed(PROMISED);
        Some(PROMISED.broken(format!("This was refused: {}, by {}.", verb(&act.action), act.by.title())))
    }

    /// Only what the guidance names, where nothing stands against it.
    fn is_promised(&self, act: &Act) -> bool {
        let is_open = |id: &RecordId| {
            self.records
                .get(id)
                .is_some_and(|record| record.merged_into.is_none() && record.status != Status::Archived)
        };
        let is_live = |id: &RecordId| self.records.get(id).is_some_and(|it| it.merged_into.is_none());
        match &act.action {
            Action::Edit { record, set } => {
                let fits = |(field, value): (Field, &Text)| field.is_contact() && field.read(value).is_ok();
                act.by == Actor::TenantAdministrator && is_open(record) && set.iter().all(fits)
            }
            Action::AddCare { record, kind, title, activities } => {
                let is_plain = !title.trim().is_empty() && !title.contains('\0');
                let has_place = activities.is_empty() || *kind == CareKind::CarePlan;
                act.by == Actor::CareStaff && is_open(record) && is_plain && has_place
            }
            Action::SetExternalId { record, to } => {
                let is_free = to.as_ref().is_none_or(|to| {
                    let fits = !to.is_blank() && !to.as_str().contains('\0');
                    fits && self.leads.to(to, &self.settings).iter().all(|it| it == record)
                });
                act.by == Actor::ImplementationTeam && is_open(record) && is_free
            }
            Action::Merge { survivor, loser } => survivor != loser && is_live(survivor) && is_live(loser),
            Action::Delete { record } => {
                self.settings.deletion == Deletion::Possible && self.records.contains_key(record)
            }
            _ => false,
        }
    }

    /// Something that was done: by somebody who may, with everything that it was to bring, and fully accounted for.
    pub(super) fn done(&self, change: &Change<'_>, act: &Act, done: &Done) -> Vec<Broken> {
        let mut found = Vec::new();
        self.tally.armed(ALLOWED);
        if !is_for(&act.by, &act.action) {
            found.push(ALLOWED.broken(format!("{} by {}.", verb(&act.action), act.by.title())));
        }
        if self.is_promised(act) {
            self.tally.armed(PROMISED);
        }
        self.tally.armed(DONE);
        if let Some(lacks) = self.not_brought(change, act, done) {
            found.push(DONE.broken(format!("{} was done: {lacks}.", verb(&act.action))));
        }
        found.extend(self.accounted(&act.action, done));
        found
    }

    /// What an action was to bring and did not.
    fn not_brought(&self, change: &Change<'_>, act: &Act, done: &Done) -> Option<String> {
        let now = |id: &RecordId| change.now(*id);
        let was = |id: &RecordId| self.records.get(id);
        match &act.action {
            Action::Create(made) => {
                let record = done.records.first().and_then(now);
                let Some(record) = record else { return Some("there is no new record".to_owned()) };
                if record.origin != Origin::ByHand || record.external_id != made.external_id {
                    return Some(format!("{} does not say where it comes from", record.id));
                }
                self.lacks_a_value(record, &made.fields)
            }
            Action::Edit { record, set } | Action::Datafix { record, set } => {
                self.lacks_a_value(now(record)?, set)
            }
            Action::SetExternalId { record, to } => {
                let it = now(record)?;
                (it.external_id != *to).then(|| format!("{record} does not have the identifier"))
            }
            Action::GrantRole { record, role } => {
                let has_it = now(record)?.local.role_access.iter().any(|(it, _)| it == role);
                (!has_it).then(|| format!("{record} does not show the role access"))
            }
            Action::RevokeRole { record, role } => {
                let has_it = now(record)?.local.role_access.iter().any(|(it, _)| it == role);
                has_it.then(|| format!("{record} still shows the role access"))
            }
            Action::AddCare { record, kind, title, activities } => {
                let n = |record: &Record| {
                    let same = |it: &&CareItem| it.kind == *kind && it.title == *title;
                    record.local.care.iter().filter(same).count()
                };
                let n_activities = |record: &Record| record.n_activities();
                let (before, after) = (was(record)?, now(record)?);
                let is_there = n(after) == n(before) + 1
                    && n_activities(after) == n_activities(before) + activities.len();
                (!is_there).then(|| format!("{record} does not hold it"))
            }
            Action::AddActivity { record, .. } => {
                let (before, after) = (was(record)?, now(record)?);
                (after.n_activities() != before.n_activities() + 1)
                    .then(|| format!("{record} does not hold it"))
            }
            Action::CompleteVisit { visit } => {
                let id = done.records.first()?;
                let (before, after) = (was(id)?, now(id)?);
                let is_done = after.visit(visit).is_some_and(|held| held.state == VisitState::Done);
                let n = |record: &Record| record.count(CareKind::VisitHistory);
                (!is_done || n(after) != n(before) + 1)
                    .then(|| format!("{id} does not show the visit in its history"))
            }
            Action::AddBranch { branch, service } => {
                let is_there = self.branches.iter().any(|it| it.0 == *branch && it.1 == *service);
                (!is_there).then(|| format!("ACP has no branch \"{branch}\""))
            }
            Action::RenameBranch { from, to } => {
                let has = |name: &Text| self.branches.iter().any(|(it, _)| it == name);
                let is_so = has(to) && (from == to || !has(from));
                (!is_so).then(|| format!("ACP still has the branch \"{from}\""))
            }
            Action::Deactivate { record } => is_not(now(record)?, Status::Inactive),
            Action::Reactivate { record } => is_not(now(record)?, Status::Active),
            Action::Archive { record } => is_not(now(record)?, Status::Archived),
            Action::Unarchive { record } => {
                (now(record)?.status == Status::Archived).then(|| format!("{record} is still archived"))
            }
            Action::Delete { record } => now(record).map(|_| format!("{record} is still there")),
            Action::Move { record, to, leaving } => {
                let (before, after) = (was(record)?, now(record)?);
                if after.branch() != to.branch.as_str() {
                    return Some(format!("{record} is in \"{}\"", after.branch()));
                }
                before.local.care.iter().find_map(|item| left_wrongly(item, after, leaving))
            }
            Action::Merge { survivor, loser } => {
                lacks_of_merge(now(survivor)?, (was(survivor)?, was(loser)?), now(loser)?)
            }
        }
    }

    /// The first value that does not stand as it was typed.
    fn lacks_a_value(&self, record: &Record, set: &Fields) -> Option<String> {
        let service_of = |branch: &str| self.branches.iter().find(|(it, _)| it == branch).map(|(_, it)| it);
        let has_service = !set.text(Field::Service).is_empty();
        if let Some(branch) = set.get(Field::Branch).filter(|_| !has_service)
            && service_of(branch).is_none_or(|service| service != record.service())
        {
            return Some(format!("{} is in the service \"{}\"", record.id, record.service()));
        }
        set.iter().find_map(|(field, typed)| {
            if field == Field::Service && typed.is_empty() {
                return None;
            }
            let stands = field.read(typed).is_ok_and(|kept| kept == record.synced.text(field));
            (!stands).then(|| format!("the {} of {} is another", field.text(), record.id))
        })
    }

    /// Every thing of care of every record involved, in one list each.
    fn accounted(&self, action: &Action, done: &Done) -> Option<Broken> {
        let care = |id: &RecordId| {
            let items = self.records.get(id).map(|record| &record.local.care[..]).unwrap_or_default();
            items.iter().map(|item| (item.kind, item.number)).collect::<Vec<_>>()
        };
        let account = done.account.clone().unwrap_or_default();
        let is_so = match action {
            Action::Merge { survivor, loser } => {
                is_same(account.moved, care(loser)) && is_same(account.kept, care(survivor))
            }
            Action::Delete { record } => is_same(account.lost, care(record)),
            Action::Move { record, .. } | Action::Datafix { record, .. } => {
                is_same(all(&account), care(record))
            }
            _ => return None,
        };
        self.tally.armed(ACCOUNTED);
        (!is_so).then(|| ACCOUNTED.broken(format!("{} was done.", verb(action))))
    }
}

/// The same things, in whatever order.
fn is_same(mut one: Vec<(CareKind, u32)>, mut other: Vec<(CareKind, u32)>) -> bool {
    one.sort_unstable();
    other.sort_unstable();
    one == other
}

fn all(account: &Account) -> Vec<(CareKind, u32)> {
    [&account.moved, &account.kept, &account.left, &account.lost].into_iter().flatten().copied().collect()
}

fn is_not(record: &Record, wanted: Status) -> Option<String> {
    (record.status != wanted).then(|| format!("{} is {}", record.id, record.status.text()))
}

/// A thing of care that Support was to take along, or to leave behind, and did not.
fn left_wrongly(before: &CareItem, after: &Record, leaving: &[CareKind]) -> Option<String> {
    let item = after.local.care.iter().find(|it| it.number == before.number)?;
    let was_there = before.service == after.service();
    let wanted =
        if leaving.contains(&before.kind) && !was_there { before.service.as_str() } else { after.service() };
    (item.service != wanted).then(|| format!("\"{}\" is in the service \"{}\"", item.title, item.service))
}

/// Identifiers, role access and visits of the two, in the one that stays.
fn lacks_of_merge(now: &Record, (was, went): (&Record, &Record), gone: &Record) -> Option<String> {
    if now.merged_into.is_some() || gone.merged_into != Some(now.id) {
        return Some(format!("{} does not show that it went into {}", gone.id, now.id));
    }
    let mut ids = went.external_id.iter().chain(&went.aliases);
    if let Some(id) = ids.find(|id| !now.aliases.contains(id) && now.external_id.as_ref() != Some(id)) {
        return Some(format!("{id} does not lead to {}", now.id));
    }
    let has_role = |role: &Text| now.local.role_access.iter().any(|(it, _)| it == role);
    let mut roles = was.local.role_access.iter().chain(&went.local.role_access);
    if let Some((role, _)) = roles.find(|(role, _)| !has_role(role)) {
        return Some(format!("{} has lost the role access \"{role}\"", now.id));
    }
    let mut visits = was.visits.iter().chain(&went.visits);
    let lost = visits.find(|held| now.visit(&held.visit.id).is_none_or(|it| it.state != held.state))?;
    Some(format!("{} does not show the visit {}", now.id, lost.visit.id))
}

/// What was done, as a sentence begins.
const fn verb(action: &Action) -> &'static str {
    match action {
        Action::Create(_) => "A record made by hand",
        Action::Edit { .. } => "An edit",
        Action::SetExternalId { .. } => "A new external identifier",
        Action::GrantRole { .. } => "A grant of role access",
        Action::RevokeRole { .. } => "An end of role access",
        Action::AddCare { .. } => "An addition to the care data",
        Action::AddActivity { .. } => "An addition of an activity",
        Action::CompleteVisit { .. } => "A visit carried out",
        Action::AddBranch { .. } => "A new branch",
        Action::RenameBranch { .. } => "A new name for a branch",
        Action::Deactivate { .. } => "A deactivation",
        Action::Reactivate { .. } => "A reactivation",
        Action::Archive { .. } => "An archiving",
        Action::Unarchive { .. } => "A return from the archive",
        Action::Delete { .. } => "A deletion",
        Action::Move { .. } => "A move",
        Action::Merge { .. } => "A merge",
        Action::Datafix { .. } => "A datafix",
    }
}
