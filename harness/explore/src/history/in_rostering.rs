//! What is done in rostering: people, visits, service orders. Which of it happens next is not decided here.

use crate::town::{Call, PHONES, Soul, Town};
use feed::{ExternalId, Field, Fields, Requirement, Text, VisitId};
use jiff::SignedDuration;
use rostering::Command;
use scenario::{Doing, Moment};

impl Town {
    pub(super) fn command(&mut self, environment: u8, command: Command<Moment>) {
        self.changed();
        self.step(Doing::Rostering { environment, command });
    }

    pub(super) fn add_as(&mut self, environment: u8, id: ExternalId, fields: Fields) {
        self.souls.push(Soul { environment, id: id.clone(), fields: fields.clone() });
        self.command(environment, Command::AddServiceUser { id, fields });
    }

    pub(super) fn add(&mut self) {
        if self.souls.len() > 12 && self.dice.chance(80) {
            return self.edit_name();
        }
        let environment = self.environment();
        let (id, fields) = (self.fresh_id(), self.person());
        self.add_as(environment, id, fields);
        if self.dice.chance(40) {
            let soul = self.souls.len() - 1;
            let doing = self.visit_for(soul);
            self.step(doing);
        }
    }

    pub(super) fn add_near_miss(&mut self) {
        let Some(id) = self.near_id() else { return };
        if self.souls.len() < 16 {
            let (environment, fields) = (self.environment(), self.person());
            self.add_as(environment, id, fields);
        }
    }

    pub(super) fn add_same_person(&mut self) {
        let Some(soul) = self.soul() else { return };
        if self.souls.len() < 16 {
            let (id, fields, environment) =
                (self.fresh_id(), self.souls[soul].fields.clone(), self.environment());
            self.add_as(environment, id, fields);
        }
    }

    pub(super) fn add_twin(&mut self) {
        let Some(soul) = self.soul() else { return };
        if self.souls.len() < 16 {
            let (id, mut fields) = (self.fresh_id(), self.souls[soul].fields.clone());
            fields.set(Field::GivenName, Text::from("Ivy"));
            fields.remove(Field::NhsNumber);
            self.add_as(self.souls[soul].environment, id, fields);
        }
    }

    /// Somebody whom ACP cannot take in: no identifier, or no name.
    pub(super) fn add_blank(&mut self) {
        if self.souls.len() >= 16 {
            return;
        }
        let (environment, mut fields, mut id) = (self.environment(), self.person(), self.fresh_id());
        if self.dice.chance(50) {
            id = ExternalId::new(self.dice.pick(&[" ", "\u{a0}", "  "]));
        } else {
            fields.remove(Field::GivenName);
            fields.set(Field::FamilyName, Text::from(self.dice.pick(&["", " "])));
        }
        self.add_as(environment, id, fields);
    }

    pub(super) fn set(&mut self, field: Field, value: Text) {
        if let Some(soul) = self.soul() {
            self.set_of(soul, field, value);
        }
    }

    pub(super) fn set_of(&mut self, soul: usize, field: Field, value: Text) {
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.souls[soul].fields.set(field, value.clone());
        let set = Fields::from_iter([(field, value)]);
        self.command(environment, Command::Edit { id, set });
    }

    pub(super) fn edit_name(&mut self) {
        let name = self.name();
        let field = self.dice.pick(&[Field::FamilyName, Field::GivenName, Field::Title]);
        self.set(field, name);
    }

    pub(super) fn edit_birth(&mut self) {
        let birth = self.birth();
        self.set(Field::DateOfBirth, birth);
    }

    pub(super) fn edit_number(&mut self) {
        let number = self.nhs_number();
        self.set(Field::NhsNumber, number);
    }

    pub(super) fn edit_contact(&mut self) {
        let field = self.dice.pick(&[
            Field::Phone,
            Field::AddressLine1,
            Field::Postcode,
            Field::KeySafe,
            Field::AccessDetails,
        ]);
        let value = Text::from(self.dice.pick(&PHONES));
        self.set(field, value);
    }

    pub(super) fn edit_branch(&mut self) {
        let branch = self.branch();
        self.set(Field::Branch, branch);
    }

    pub(super) fn stop_sending(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let fields = vec![self.dice.pick(&[Field::Phone, Field::DateOfBirth, Field::Title, Field::Postcode])];
        self.command(environment, Command::StopSending { id, fields });
    }

    pub(super) fn save(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.step(Doing::Rostering { environment, command: Command::Save { id } });
    }

    pub(super) fn there_and_back(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, fields } = self.souls[soul].clone();
        let (field, before) = (Field::Branch, Text::from(fields.text(Field::Branch)));
        for value in [self.branch(), before] {
            let set = Fields::from_iter([(field, value)]);
            self.command(environment, Command::Edit { id: id.clone(), set });
            self.pass();
        }
    }

    pub(super) fn change_id(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let to = self.fresh_id();
        self.souls[soul].id = to.clone();
        self.command(environment, Command::ChangeId { from: id, to });
    }

    pub(super) fn delete_person(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.command(environment, Command::Delete { id });
    }

    pub(super) fn terminate(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let on = Moment::Later {
            days: i32::try_from(self.dice.between(-3, 3)).unwrap_or(0),
            elapsed: SignedDuration::ZERO,
            at: None,
        };
        self.command(environment, Command::Terminate { id, on });
    }

    pub(super) fn reinstate(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.command(environment, Command::Reinstate { id });
    }

    pub(super) fn suspend(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let later =
            |hours: i64| Moment::Later { days: 0, elapsed: SignedDuration::from_hours(hours), at: None };
        let (from, lasts) = (self.dice.between(0, 60), self.dice.between(1, 100));
        let until = self.dice.chance(70).then(|| later(from + lasts));
        self.command(environment, Command::Suspend { id, from: later(from), until, reason: "away".into() });
    }

    pub(super) fn end_suspension(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.command(environment, Command::EndSuspension { id });
    }

    // Visits

    pub(super) fn visit_for(&mut self, soul: usize) -> Doing {
        let Soul { environment, id: service_user, .. } = self.souls[soul].clone();
        let id = VisitId::new(format!("V{}", self.calls.len() + 1));
        self.calls.push(Call { environment, id: id.clone() });
        let starts = self.visit_start();
        let lasts = SignedDuration::from_mins(30);
        let command =
            Command::PlanVisit { id, service_user, starts, lasts, employee: None, requirement: None };
        Doing::Rostering { environment, command }
    }

    pub(super) fn plan_visit(&mut self) {
        let Some(soul) = self.soul() else { return };
        let doing = self.visit_for(soul);
        self.changed();
        self.step(doing);
    }

    pub(super) fn with_visit(
        &mut self,
        command: impl FnOnce(&mut Self, VisitId, u8) -> Option<Command<Moment>>,
    ) {
        // Rather a late one: the early ones are over.
        let n = self.calls.len();
        let Some(call) = self.calls.get(n.saturating_sub(1 + self.dice.below(n.min(8)))).cloned() else {
            return;
        };
        if let Some(command) = command(self, call.id, call.environment) {
            self.command(call.environment, command);
        }
    }

    pub(super) fn move_visit(&mut self) {
        self.with_visit(|town, id, _| Some(Command::MoveVisit { id, starts: town.visit_start() }));
    }

    pub(super) fn cancel_visit(&mut self) {
        self.with_visit(|_, id, _| Some(Command::CancelVisit { id }));
    }

    pub(super) fn restore_visit(&mut self) {
        self.with_visit(|_, id, _| Some(Command::RestoreVisit { id }));
    }

    pub(super) fn delete_visit(&mut self) {
        self.with_visit(|_, id, _| Some(Command::DeleteVisit { id }));
    }

    pub(super) fn relink_visit(&mut self) {
        self.with_visit(|town, id, environment| {
            let soul = town.soul()?;
            let to = town.souls[soul].id.clone();
            (town.souls[soul].environment == environment).then_some(Command::RelinkVisit { id, to })
        });
    }

    // Service orders

    pub(super) fn with_order(&mut self, command: impl FnOnce(&mut Self, Text) -> Command<Moment>) {
        let Some(environment) = self.care_rostering() else { return };
        let Some(order) = self.dice.idx(&self.orders).map(|idx| self.orders[idx].clone()) else { return };
        let command = command(self, order);
        self.command(environment, command);
    }

    pub(super) fn service(&mut self) -> Option<Text> {
        let services: Vec<Text> = self.case.services.iter().map(|(service, _)| service.clone()).collect();
        self.dice.chance(60).then(|| services[self.dice.below(services.len())].clone())
    }

    pub(super) fn add_order(&mut self) {
        let (Some(environment), Some(soul)) = (self.care_rostering(), self.soul()) else { return };
        if self.souls[soul].environment != environment {
            return;
        }
        let order = Text::from(format!("O{}", self.orders.len() + 1));
        self.orders.push(order.clone());
        let (service_user, service) = (self.souls[soul].id.clone(), self.service());
        self.command(environment, Command::AddOrder { service_user, order, service });
    }

    pub(super) fn set_order_service(&mut self) {
        self.with_order(|town, order| Command::SetOrderService { order, service: town.service() });
    }

    pub(super) fn add_requirement(&mut self) {
        self.with_order(|town, order| {
            town.n_requirements += 1;
            let id = Text::from(format!("Q{}", town.n_requirements));
            Command::AddRequirement { order, requirement: Requirement { id, name: "Evenings".into() } }
        });
    }

    pub(super) fn delete_requirement(&mut self) {
        if self.n_requirements > 0 {
            self.with_order(|town, _| {
                let n = town.dice.below(town.n_requirements) + 1;
                Command::DeleteRequirement { requirement: Text::from(format!("Q{n}")) }
            });
        }
    }

    pub(super) fn delete_order(&mut self) {
        self.with_order(|_, order| Command::DeleteOrder { order });
    }
}
