//! Which command goes where. What each does is in `people`, `visits` and `orders`.

use crate::refusal::{no_branch, taken};
use crate::{Command, Happened, Refusal, Rostering};
use feed::{ExternalId, Field, PartialCarries, Text, Timestamp};

impl Rostering {
    /// Does what a rostering administrator asks, at `now`, or says why not and changes nothing.
    pub fn handle(&mut self, now: Timestamp, command: Command) -> Result<Happened, Refusal> {
        match command {
            Command::AddServiceUser { id, fields } => self.add_service_user(now, id, fields),
            Command::Edit { id, set } => self.edit(now, &id, &set),
            Command::StopSending { id, fields } => self.stop_sending(now, &id, &fields),
            Command::Save { id } => self.existing(&id).map(|_| Happened::default()),
            Command::ChangeId { from, to } => self.change_id(now, &from, to),
            Command::Terminate { id, on } => self.terminate(now, &id, on),
            Command::Reinstate { id } => self.reinstate(now, &id),
            Command::Suspend { id, from, until, reason } => self.suspend(&id, from, until, reason),
            Command::EndSuspension { id } => self.end_suspension(now, &id),
            Command::Delete { id } => self.delete(&id),
            Command::PlanVisit { id, service_user, starts, lasts, employee, requirement } => {
                self.plan_visit(id, service_user, starts, lasts, employee, requirement)
            }
            Command::MoveVisit { id, starts } => self.move_visit(&id, starts),
            Command::CancelVisit { id } => self.cancel_visit(&id),
            Command::RestoreVisit { id } => self.restore_visit(&id),
            Command::RelinkVisit { id, to } => self.relink_visit(&id, &to),
            Command::DeleteVisit { id } => self.delete_visit(&id),
            Command::AddBranch { branch } => self.add_branch(branch),
            Command::RenameBranch { from, to } => self.rename_branch(now, &from, to),
            Command::AddOrder { service_user, order, service } => {
                self.add_order(now, &service_user, order, service)
            }
            Command::SetOrderService { order, service } => self.set_order_service(now, &order, service),
            Command::AddRequirement { order, requirement } => self.add_requirement(now, &order, requirement),
            Command::DeleteOrder { order } => self.delete_order(now, &order),
            Command::DeleteRequirement { requirement } => self.delete_requirement(now, &requirement),
        }
    }

    /// Counts a change of one service user's data, of these fields among others.
    pub(crate) fn count_change(&mut self, now: Timestamp, id: &ExternalId, fields: &[Field]) {
        if let Some(person) = self.people.get_mut(id) {
            person.count_change(now, fields);
            self.mark_unsent(id);
        }
    }

    pub(crate) fn mark_unsent(&mut self, id: &ExternalId) {
        if self.settings.partial_carries == PartialCarries::EveryChange {
            self.unsent.insert(id.clone());
        }
    }

    fn add_branch(&mut self, branch: Text) -> Result<Happened, Refusal> {
        if self.branches.contains_key(&branch) {
            return Err(taken(self, "branch", &branch));
        }
        let sent = self.as_sent(&branch);
        self.branches.insert(branch, sent);
        Ok(Happened::default())
    }

    /// Changes everybody in the branch, terminated service users too.
    fn rename_branch(&mut self, now: Timestamp, from: &Text, to: Text) -> Result<Happened, Refusal> {
        if !self.branches.contains_key(from) {
            return Err(no_branch(self, from));
        }
        if self.branches.contains_key(&to) {
            return Err(taken(self, "branch", &to));
        }
        let in_branch = self.people.values_mut().filter(|it| it.fields.get(Field::Branch) == Some(from));
        let service_users: Vec<ExternalId> = in_branch
            .map(|person| {
                person.fields.set(Field::Branch, to.clone());
                person.id.clone()
            })
            .collect();
        for id in &service_users {
            self.count_change(now, id, &[Field::Branch]);
        }
        self.branches.remove(from);
        let sent = self.as_sent(&to);
        self.branches.insert(to, sent);
        Ok(Happened { service_users, visits: Vec::new() })
    }
}
