//! One history from one seed: a world, then actions and faults in any order, then quiet. The alphabet and its weights are
//! here, one line each.

use crate::{
    dials::{Dials, Family},
    town::{Call, PHONES, Soul, Town},
};
use acp::{Action, Actor, CareKind, HandMade, Origin, Place, Planted, Status};
use feed::{Clause, Deletion, ExternalId, Field, Fields, Requirement, Text, VisitId};
use jiff::SignedDuration;
use rostering::Command;
use scenario::{About, Case, CasePart, Deliveries, Doing, Fault, FaultKind, Moment, RecordRef};

/// A history and what it was drawn with.
#[derive(Clone, Debug)]
pub struct History {
    pub seed: u64,
    pub dials: Dials,
    pub case: Case,
}

/// After the last fault and change: one window, and what a partial takes.
const QUIET: SignedDuration = SignedDuration::from_mins(24 * 60 + 25);

/// The history of a seed. Always the same one.
pub fn history(seed: u64) -> History {
    let mut town = Town::new(seed);
    town.settle();
    let alphabet: Vec<(Move, usize)> = ALPHABET
        .iter()
        .filter(|(family, ..)| town.may(*family))
        .map(|(_, it, weight)| (*it, *weight))
        .collect();
    for _ in 0..town.dials.n_actions {
        if town.dice.chance(19) {
            town.pass();
        }
        if town.dice.chance(10) {
            if let Some(fault) = town.fault() {
                town.step(Doing::Fault(fault));
            }
        } else {
            let take = town.dice.weighted(&alphabet);
            take(&mut town);
        }
    }
    town.fall_quiet();
    History { seed, dials: town.dials, case: town.case }
}

type Move = fn(&mut Town);

/// What can happen, and how often: ten times the weight of the plan.
const ALPHABET: &[(Family, Move, usize)] = &[
    (Family::Creation, Town::add, 40),
    (Family::NearMisses, Town::add_near_miss, 30),
    (Family::NearMisses, Town::add_same_person, 20),
    (Family::NearMisses, Town::add_twin, 10),
    (Family::NearMisses, Town::add_blank, 4),
    (Family::Edits, Town::edit_name, 60),
    (Family::Edits, Town::edit_birth, 20),
    (Family::Edits, Town::edit_number, 10),
    (Family::Edits, Town::edit_contact, 20),
    (Family::Edits, Town::stop_sending, 10),
    (Family::Edits, Town::save, 10),
    (Family::Edits, Town::there_and_back, 10),
    (Family::Moves, Town::edit_branch, 60),
    (Family::Rekeying, Town::change_id, 10),
    (Family::Rekeying, Town::delete_person, 5),
    (Family::Leaving, Town::terminate, 10),
    (Family::Leaving, Town::reinstate, 10),
    (Family::Leaving, Town::suspend, 6),
    (Family::Leaving, Town::end_suspension, 6),
    (Family::Visits, Town::plan_visit, 60),
    (Family::Visits, Town::move_visit, 40),
    (Family::Visits, Town::cancel_visit, 20),
    (Family::Visits, Town::restore_visit, 8),
    (Family::Visits, Town::relink_visit, 5),
    (Family::Visits, Town::delete_visit, 4),
    (Family::Care, Town::complete_visit, 10),
    (Family::OwnEdits, Town::own_contact, 40),
    (Family::OwnEdits, Town::own_branch, 15),
    (Family::OwnEdits, Town::own_name, 10),
    (Family::OwnEdits, Town::grant_role, 10),
    (Family::OwnEdits, Town::revoke_role, 4),
    (Family::Care, Town::add_care, 30),
    (Family::ByHand, Town::create_by_hand, 15),
    (Family::ByHand, Town::map, 8),
    (Family::PutAway, Town::put_away, 8),
    (Family::PutAway, Town::bring_back, 5),
    (Family::PutAway, Town::delete_record, 6),
    (Family::PutAway, Town::delete_in_vain, 260),
    (Family::OtherRoles, Town::other_role, 84),
    (Family::OtherRoles, Town::any_role, 75),
    (Family::Support, Town::merge, 44),
    (Family::Support, Town::support_move, 28),
    (Family::Support, Town::datafix, 10),
    (Family::Support, Town::confirm, 5),
    (Family::Cases, Town::raise_case, 10),
    (Family::Cases, Town::close_case, 5),
    (Family::Asking, Town::ask, 60),
    (Family::Asking, Town::ask_at_the_edge, 8),
    (Family::Asking, Town::ask_with_the_full, 5),
    (Family::Asking, Town::ask_of_an_edit, 12),
    (Family::Asking, Town::ask_of_a_pair, 32),
    (Family::Asking, Town::ask_of_a_move, 28),
    (Family::Orders, Town::add_order, 20),
    (Family::Orders, Town::set_order_service, 8),
    (Family::Orders, Town::add_requirement, 35),
    (Family::Orders, Town::delete_requirement, 4),
    (Family::Orders, Town::delete_order, 3),
    (Family::Switching, Town::switch, 4),
    (Family::Branches, Town::rename_in_acp, 3),
    (Family::Branches, Town::rename_in_rostering, 3),
    (Family::Branches, Town::add_branch, 5),
    (Family::Branches, Town::add_branch_in_rostering, 5),
];

const KINDS: [CareKind; 4] = [CareKind::CarePlan, CareKind::Form, CareKind::Note, CareKind::Document];
const ROLES: [&str; 3] = ["Night team", "Finance", "North office"];

impl Town {
    // The beginning and the end

    fn settle(&mut self) {
        if let Some(n_service_users) = self.dials.crowd {
            let visit = None;
            self.given(Doing::Population { environment: 0, seed: 1, n_service_users, visit });
        }
        for _ in 0..self.dials.n_people {
            let environment = self.environment();
            let (id, fields) = (self.fresh_id(), self.person());
            if self.dice.chance(20) {
                self.plant(environment, &id, &fields);
            }
            if self.dice.chance(8) {
                self.plant_a_stray();
            }
            let soul = Soul { environment, id: id.clone(), fields: fields.clone() };
            self.souls.push(soul);
            let command = Command::AddServiceUser { id, fields };
            self.given(Doing::Rostering { environment, command });
            if self.dice.chance(50) {
                let soul = self.souls.len() - 1;
                let doing = self.visit_for(soul);
                self.given(doing);
            }
        }
        if self.dice.chance(90) {
            self.given(Doing::FirstSync);
        } else {
            self.step(Doing::GoLive(None));
        }
        self.changed();
    }

    /// A record that is there already: often of the same person, now and then mapped.
    fn plant(&mut self, environment: u8, id: &ExternalId, person: &Fields) {
        let mut fields = if self.dice.chance(50) { person.clone() } else { self.person() };
        let branch = self.acp_branch();
        fields.set(Field::Branch, branch);
        let external_id =
            self.dice.chance(40).then(|| ExternalId::new(self.prefixed(environment, id.as_str())));
        let care = if self.dice.chance(50) {
            vec![(self.dice.pick(&KINDS), Text::from("From before"), Vec::new())]
        } else {
            Vec::new()
        };
        let name = Text::from(format!("old-{}", self.called.len()));
        let planted = Planted {
            origin: Origin::ByHand,
            external_id,
            status: Status::Active,
            fields,
            role_access: Vec::new(),
            care,
        };
        if planted.external_id.is_some() && self.dice.chance(20) {
            // Two records hold one identifier from the start.
            self.case.planted.push((None, planted.clone()));
        }
        self.case.planted.push((Some(name.clone()), planted));
        self.called.push(name);
    }

    /// A record that an integration left, and nobody in rostering knows of.
    fn plant_a_stray(&mut self) {
        let mut fields = self.person();
        let branch = self.acp_branch();
        fields.set(Field::Branch, branch);
        let name = Text::from(format!("stray-{}", self.called.len()));
        let planted = Planted {
            origin: Origin::Integration,
            external_id: Some(self.fresh_id()),
            status: Status::Active,
            fields,
            role_access: Vec::new(),
            care: Vec::new(),
        };
        self.case.planted.push((Some(name.clone()), planted));
        self.called.push(name);
    }

    fn fall_quiet(&mut self) {
        self.step(Doing::GoLive(None));
        for _ in 0..2 {
            // Nothing is done; what is left is looked at when this step begins.
            let step = scenario::Step {
                label: "all is quiet".to_owned(),
                at: scenario::Where::default(),
                pause: scenario::Pause::For(QUIET),
                kind: scenario::StepKind::When(Vec::new()),
            };
            self.case.steps.push(step);
        }
    }

    // In rostering

    fn command(&mut self, environment: u8, command: Command<Moment>) {
        self.changed();
        self.step(Doing::Rostering { environment, command });
    }

    fn add_as(&mut self, environment: u8, id: ExternalId, fields: Fields) {
        self.souls.push(Soul { environment, id: id.clone(), fields: fields.clone() });
        self.command(environment, Command::AddServiceUser { id, fields });
    }

    fn add(&mut self) {
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

    fn add_near_miss(&mut self) {
        let Some(id) = self.near_id() else { return };
        if self.souls.len() < 16 {
            let (environment, fields) = (self.environment(), self.person());
            self.add_as(environment, id, fields);
        }
    }

    fn add_same_person(&mut self) {
        let Some(soul) = self.soul() else { return };
        if self.souls.len() < 16 {
            let (id, fields, environment) =
                (self.fresh_id(), self.souls[soul].fields.clone(), self.environment());
            self.add_as(environment, id, fields);
        }
    }

    fn add_twin(&mut self) {
        let Some(soul) = self.soul() else { return };
        if self.souls.len() < 16 {
            let (id, mut fields) = (self.fresh_id(), self.souls[soul].fields.clone());
            fields.set(Field::GivenName, Text::from("Ivy"));
            fields.remove(Field::NhsNumber);
            self.add_as(self.souls[soul].environment, id, fields);
        }
    }

    /// Somebody whom ACP cannot take in: no identifier, or no name.
    fn add_blank(&mut self) {
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

    fn set(&mut self, field: Field, value: Text) {
        if let Some(soul) = self.soul() {
            self.set_of(soul, field, value);
        }
    }

    fn set_of(&mut self, soul: usize, field: Field, value: Text) {
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.souls[soul].fields.set(field, value.clone());
        let set = Fields::from_iter([(field, value)]);
        self.command(environment, Command::Edit { id, set });
    }

    fn edit_name(&mut self) {
        let name = self.name();
        let field = self.dice.pick(&[Field::FamilyName, Field::GivenName, Field::Title]);
        self.set(field, name);
    }

    fn edit_birth(&mut self) {
        let birth = self.birth();
        self.set(Field::DateOfBirth, birth);
    }

    fn edit_number(&mut self) {
        let number = self.nhs_number();
        self.set(Field::NhsNumber, number);
    }

    fn edit_contact(&mut self) {
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

    fn edit_branch(&mut self) {
        let branch = self.branch();
        self.set(Field::Branch, branch);
    }

    fn stop_sending(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let fields = vec![self.dice.pick(&[Field::Phone, Field::DateOfBirth, Field::Title, Field::Postcode])];
        self.command(environment, Command::StopSending { id, fields });
    }

    fn save(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.step(Doing::Rostering { environment, command: Command::Save { id } });
    }

    fn there_and_back(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, fields } = self.souls[soul].clone();
        let (field, before) = (Field::Branch, Text::from(fields.text(Field::Branch)));
        for value in [self.branch(), before] {
            let set = Fields::from_iter([(field, value)]);
            self.command(environment, Command::Edit { id: id.clone(), set });
            self.pass();
        }
    }

    fn change_id(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let to = self.fresh_id();
        self.souls[soul].id = to.clone();
        self.command(environment, Command::ChangeId { from: id, to });
    }

    fn delete_person(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.command(environment, Command::Delete { id });
    }

    fn terminate(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let on = Moment::Later {
            days: i32::try_from(self.dice.between(-3, 3)).unwrap_or(0),
            elapsed: SignedDuration::ZERO,
            at: None,
        };
        self.command(environment, Command::Terminate { id, on });
    }

    fn reinstate(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.command(environment, Command::Reinstate { id });
    }

    fn suspend(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        let later =
            |hours: i64| Moment::Later { days: 0, elapsed: SignedDuration::from_hours(hours), at: None };
        let (from, lasts) = (self.dice.between(0, 60), self.dice.between(1, 100));
        let until = self.dice.chance(70).then(|| later(from + lasts));
        self.command(environment, Command::Suspend { id, from: later(from), until, reason: "away".into() });
    }

    fn end_suspension(&mut self) {
        let Some(soul) = self.soul() else { return };
        let Soul { environment, id, .. } = self.souls[soul].clone();
        self.command(environment, Command::EndSuspension { id });
    }

    // Visits

    fn visit_for(&mut self, soul: usize) -> Doing {
        let Soul { environment, id: service_user, .. } = self.souls[soul].clone();
        let id = VisitId::new(format!("V{}", self.calls.len() + 1));
        self.calls.push(Call { environment, id: id.clone() });
        let starts = self.visit_start();
        let lasts = SignedDuration::from_mins(30);
        let command =
            Command::PlanVisit { id, service_user, starts, lasts, employee: None, requirement: None };
        Doing::Rostering { environment, command }
    }

    fn plan_visit(&mut self) {
        let Some(soul) = self.soul() else { return };
        let doing = self.visit_for(soul);
        self.changed();
        self.step(doing);
    }

    fn with_visit(&mut self, command: impl FnOnce(&mut Self, VisitId, u8) -> Option<Command<Moment>>) {
        // Rather a late one: the early ones are over.
        let n = self.calls.len();
        let Some(call) = self.calls.get(n.saturating_sub(1 + self.dice.below(n.min(8)))).cloned() else {
            return;
        };
        if let Some(command) = command(self, call.id, call.environment) {
            self.command(call.environment, command);
        }
    }

    fn move_visit(&mut self) {
        self.with_visit(|town, id, _| Some(Command::MoveVisit { id, starts: town.visit_start() }));
    }

    fn cancel_visit(&mut self) {
        self.with_visit(|_, id, _| Some(Command::CancelVisit { id }));
    }

    fn restore_visit(&mut self) {
        self.with_visit(|_, id, _| Some(Command::RestoreVisit { id }));
    }

    fn delete_visit(&mut self) {
        self.with_visit(|_, id, _| Some(Command::DeleteVisit { id }));
    }

    fn relink_visit(&mut self) {
        self.with_visit(|town, id, environment| {
            let soul = town.soul()?;
            let to = town.souls[soul].id.clone();
            (town.souls[soul].environment == environment).then_some(Command::RelinkVisit { id, to })
        });
    }

    // In ACP

    fn act(&mut self, by: Actor, action: Action<RecordRef>) {
        self.changed();
        self.step(Doing::Acp { by, action, called: None });
    }

    fn record(&mut self) -> Option<RecordRef> {
        if self.dice.chance(15)
            && let Some(idx) = self.dice.idx(&self.called)
        {
            return Some(RecordRef::Called(self.called[idx].clone()));
        }
        let soul = self.soul()?;
        Some(RecordRef::Of(self.sent(soul)))
    }

    fn own(&mut self, field: Field, value: Text) {
        if let Some(record) = self.record() {
            let set = Fields::from_iter([(field, value)]);
            self.act(Actor::TenantAdministrator, Action::Edit { record, set });
        }
    }

    fn own_contact(&mut self) {
        let field = self.dice.pick(&[
            Field::Phone,
            Field::SecondPhone,
            Field::Email,
            Field::AddressLine1,
            Field::AddressLine2,
            Field::Postcode,
        ]);
        let value = self.dice.pick(&["0113 496 0999", "somebody", ""]);
        self.own(field, Text::from(value));
    }

    fn own_branch(&mut self) {
        let branch = self.acp_branch();
        self.own(Field::Branch, branch);
    }

    fn own_name(&mut self) {
        let name = self.name();
        let field =
            self.dice.pick(&[Field::FamilyName, Field::GivenName, Field::FamilyName, Field::DateOfBirth]);
        let value = if field == Field::DateOfBirth { Text::from("1950-05-05") } else { name };
        self.own(field, value);
    }

    fn grant_role(&mut self) {
        let role = Text::from(self.dice.pick(&ROLES));
        if let Some(record) = self.record() {
            self.act(Actor::TenantAdministrator, Action::GrantRole { record, role });
        }
    }

    fn revoke_role(&mut self) {
        let role = Text::from(self.dice.pick(&ROLES));
        if let Some(record) = self.record() {
            self.act(Actor::TenantAdministrator, Action::RevokeRole { record, role });
        }
    }

    fn add_care(&mut self) {
        let Some(record) = self.record() else { return };
        let kind = self.dice.pick(&KINDS);
        let action = if self.dice.chance(20) {
            Action::AddActivity { record, title: "Help with breakfast".into() }
        } else {
            Action::AddCare { record, kind, title: "Written today".into(), activities: Vec::new() }
        };
        self.act(Actor::CareStaff, action);
    }

    fn complete_visit(&mut self) {
        let n = self.calls.len();
        let Some(call) = self.calls.get(n.saturating_sub(1 + self.dice.below(n.min(8)))).cloned() else {
            return;
        };
        let visit = VisitId::new(self.prefixed(call.environment, call.id.as_str()));
        self.act(Actor::CareStaff, Action::CompleteVisit { visit });
    }

    fn create_by_hand(&mut self) {
        let mut fields = match self.soul().filter(|_| self.dice.chance(50)) {
            Some(soul) => self.souls[soul].fields.clone(),
            None => self.person(),
        };
        let branch = self.acp_branch();
        fields.set(Field::Branch, branch);
        if fields.get(Field::DateOfBirth).is_some_and(|birth| Field::DateOfBirth.read(birth).is_err()) {
            fields.remove(Field::DateOfBirth);
        }
        let name = Text::from(format!("hand-{}", self.called.len()));
        let made = HandMade { external_id: None, fields };
        self.called.push(name.clone());
        self.changed();
        self.step(Doing::Acp {
            by: Actor::TenantAdministrator,
            action: Action::Create(made),
            called: Some(name),
        });
    }

    fn map(&mut self) {
        let (Some(idx), Some(soul)) = (self.dice.idx(&self.called), self.soul()) else { return };
        let record = RecordRef::Called(self.called[idx].clone());
        let to = self.dice.chance(85).then(|| self.sent(soul));
        self.act(Actor::ImplementationTeam, Action::SetExternalId { record, to });
    }

    fn put_away(&mut self) {
        let Some(record) = self.record() else { return };
        let action =
            if self.dice.chance(70) { Action::Deactivate { record } } else { Action::Archive { record } };
        self.act(Actor::TenantAdministrator, action);
    }

    fn bring_back(&mut self) {
        let Some(record) = self.record() else { return };
        let action =
            if self.dice.chance(50) { Action::Reactivate { record } } else { Action::Unarchive { record } };
        self.act(Actor::TenantAdministrator, action);
    }

    fn delete_record(&mut self) {
        if let Some(record) = self.record() {
            self.act(Actor::TenantAdministrator, Action::Delete { record });
        }
    }

    /// Where records can only be archived.
    fn delete_in_vain(&mut self) {
        if self.dials.settings.deletion == Deletion::ArchiveOnly {
            self.delete_record();
        }
    }

    /// Somebody who may do this only in part, or not at all.
    fn other_role(&mut self) {
        let Some(record) = self.record() else { return };
        let own = self.acp_branch();
        let by = match self.dice.below(8) {
            0 => Actor::CareStaff,
            1 => Actor::ImplementationTeam,
            2 => Actor::TenantAdministrator,
            _ => Actor::BranchAdministrator(vec![own]),
        };
        let to = Place { branch: self.acp_branch(), service: None };
        let phone = Fields::from_iter([(Field::Phone, Text::from("0113 496 0777"))]);
        let action = match self.dice.below(6) {
            0 => Action::Edit { record, set: phone },
            1 => Action::GrantRole { record, role: ROLES[0].into() },
            2 => Action::Deactivate { record },
            3 if by != Actor::TenantAdministrator => Action::Delete { record },
            4 => Action::Move { record, to, leaving: Vec::new() },
            _ => {
                Action::AddCare { record, kind: CareKind::Note, title: "Seen".into(), activities: Vec::new() }
            }
        };
        self.act(by, action);
    }

    /// Anybody tries anything.
    fn any_role(&mut self) {
        let Some(record) = self.record() else { return };
        let own = self.acp_branch();
        let by = match self.dice.below(10) {
            0..3 => Actor::CareStaff,
            3..5 => Actor::ImplementationTeam,
            5..8 => Actor::BranchAdministrator(vec![own]),
            8 => Actor::TenantAdministrator,
            _ => Actor::Support,
        };
        let mut called = None;
        let action = match self.dice.below(12) {
            0 => {
                let mut fields = self.person();
                let branch = self.acp_branch();
                fields.set(Field::Branch, branch);
                fields.remove(Field::DateOfBirth);
                called = Some(Text::from(format!("hand-{}", self.called.len())));
                let external_id = self.dice.chance(20).then(|| self.fresh_id());
                Action::Create(HandMade { external_id, fields })
            }
            1 => Action::RevokeRole { record, role: ROLES[0].into() },
            2 | 3 => {
                let Some(soul) = self.soul() else { return };
                let to = self.dice.chance(60).then(|| self.sent(soul));
                Action::SetExternalId { record, to }
            }
            4 => {
                let from = self.acp_branch();
                Action::RenameBranch { to: Text::from(format!("{from} 3")), from }
            }
            5 => {
                let service = self.case.services[0].0.clone();
                Action::AddBranch { branch: "Ripon".into(), service }
            }
            6 => {
                let Some(loser) = self.record() else { return };
                Action::Merge { survivor: record, loser }
            }
            7 => Action::Datafix { record, set: Fields::from_iter([(Field::Title, Text::from("Dr"))]) },
            8 => Action::Delete { record },
            9 => Action::AddActivity { record, title: "Help with supper".into() },
            10 => Action::Archive { record },
            _ => Action::Reactivate { record },
        };
        if let (Action::Create(_), Some(name)) = (&action, &called) {
            self.called.push(name.clone());
        }
        self.changed();
        self.step(Doing::Acp { by, action, called });
    }

    fn merge(&mut self) {
        let (Some(survivor), Some(loser)) = (self.record(), self.record()) else { return };
        let by = if self.dice.chance(90) { Actor::Support } else { Actor::TenantAdministrator };
        self.act(by, Action::Merge { survivor, loser });
    }

    fn support_move(&mut self) {
        let Some(record) = self.record() else { return };
        let to = Place { branch: self.acp_branch(), service: None };
        let leaving = if self.dice.chance(30) { vec![self.dice.pick(&KINDS)] } else { Vec::new() };
        self.act(Actor::Support, Action::Move { record, to, leaving });
    }

    fn datafix(&mut self) {
        let branch = self.acp_branch();
        let (field, value) = match self.dice.below(3) {
            0 => (Field::Branch, branch),
            1 => (Field::FamilyName, self.name()),
            _ => (Field::Phone, Text::from("0113 496 0888")),
        };
        if let Some(record) = self.record() {
            self.act(Actor::Support, Action::Datafix { record, set: Fields::from_iter([(field, value)]) });
        }
    }

    fn confirm(&mut self) {
        if let (Some(one), Some(other)) = (self.record(), self.record())
            && one != other
        {
            self.step(Doing::ConfirmDuplicate(one, other));
        }
    }

    fn about(&mut self) -> Option<(Clause, About)> {
        let soul = self.soul()?;
        let kind = self.dice.pick(&[Clause::Case1, Clause::Case2, Clause::Case3, Clause::Case4]);
        Some((kind, About::ServiceUser(self.sent(soul))))
    }

    fn raise_case(&mut self) {
        let Some((kind, about)) = self.about() else { return };
        let leaving_out = if self.dice.chance(30) { vec![self.dice.pick(CasePart::ALL)] } else { Vec::new() };
        self.step(Doing::RaiseCase { kind, about, leaving_out });
    }

    fn close_case(&mut self) {
        if let Some((kind, about)) = self.about() {
            self.step(Doing::CloseCase { kind, about });
        }
    }

    // Guidance

    fn ask(&mut self) {
        let about = match self.dice.idx(&self.called).filter(|_| self.dice.chance(40)) {
            Some(idx) => About::Record(RecordRef::Called(self.called[idx].clone())),
            None => match self.soul() {
                Some(soul) => About::ServiceUser(self.sent(soul)),
                None => return,
            },
        };
        self.step(Doing::AskGuidance(about));
    }

    fn ask_about(&mut self, soul: usize) {
        let about = About::ServiceUser(self.sent(soul));
        self.step(Doing::AskGuidance(about));
    }

    /// Nothing gets through, something is changed, and somebody asks just before a window ends and just after it, and
    /// raises a case too early, in time, or with something left out.
    fn ask_at_the_edge(&mut self) {
        let Some(soul) = self.soul() else { return };
        if self.dice.chance(80) {
            // First everybody is in step.
            self.pass_by(SignedDuration::from_mins(24 * 60 + 10));
        }
        let length = SignedDuration::from_hours(self.dice.pick(&[1, 25]));
        let on = Deliveries::default();
        self.step(Doing::Fault(Fault { kind: FaultKind::Down(length), on, times: 1 }));
        if self.dice.chance(30) {
            let doing = self.visit_for(soul);
            self.step(doing);
        }
        let name = self.name();
        self.changed();
        self.set_of(soul, Field::FamilyName, name);
        let window = SignedDuration::from_mins(self.dice.pick(&[20, 20, 24 * 60]));
        let off = SignedDuration::from_millis(self.dice.pick(&[-1, 0, 0]));
        self.pass_by(window + off);
        self.ask_about(soul);
        if self.dice.chance(20) {
            self.raise_about(soul, Clause::Case1);
        }
        self.pass_by(SignedDuration::from_millis(1));
        self.ask_about(soul);
        if self.dice.chance(20) {
            self.raise_about(soul, Clause::Case1);
        }
    }

    /// A change at the very instant of a full update misses it, and has until the next: somebody asks as that is due.
    fn ask_with_the_full(&mut self) {
        let Some(soul) = self.soul() else { return };
        let day = SignedDuration::from_hours(24);
        let since_live = self.now.duration_since(self.case.clock).as_millis().rem_euclid(day.as_millis());
        self.pass_by(day - SignedDuration::from_millis(i64::try_from(since_live).unwrap_or(0)));
        let name = self.name();
        self.changed();
        self.set_of(soul, Field::FamilyName, name);
        let before = SignedDuration::from_millis(self.dice.pick(&[0, 1, 1, 1000]));
        self.pass_by(day - before);
        self.ask_about(soul);
    }

    fn raise_about(&mut self, soul: usize, kind: Clause) {
        let leaving_out = if self.dice.chance(30) { vec![self.dice.pick(CasePart::ALL)] } else { Vec::new() };
        let about = About::ServiceUser(self.sent(soul));
        self.step(Doing::RaiseCase { kind, about, leaving_out });
    }

    /// Somebody changes in ACP what is rostering's, and asks.
    fn ask_of_an_edit(&mut self) {
        let Some(soul) = self.soul() else { return };
        let record = RecordRef::Of(self.sent(soul));
        let set = if self.dice.chance(50) {
            (Field::Branch, self.acp_branch())
        } else {
            (self.dice.pick(&[Field::FamilyName, Field::GivenName]), self.name())
        };
        self.act(Actor::TenantAdministrator, Action::Edit { record, set: Fields::from_iter([set]) });
        self.ask_about(soul);
    }

    /// Two records of one person, sometimes made sure of, sometimes with a care plan and visits apart.
    fn ask_of_a_pair(&mut self) {
        let Some(soul) = self.soul() else { return };
        let mut fields = self.souls[soul].fields.clone();
        let branch = self.acp_branch();
        fields.set(Field::Branch, branch);
        if fields.get(Field::DateOfBirth).is_none_or(|birth| Field::DateOfBirth.read(birth).is_err()) {
            fields.remove(Field::DateOfBirth);
        }
        let name = Text::from(format!("hand-{}", self.called.len()));
        self.called.push(name.clone());
        self.changed();
        let action = Action::Create(HandMade { external_id: None, fields });
        self.step(Doing::Acp { by: Actor::TenantAdministrator, action, called: Some(name.clone()) });
        let by_hand = RecordRef::Called(name);
        if self.dice.chance(60) {
            let (record, title) = (by_hand.clone(), Text::from("Written before"));
            let action = Action::AddCare { record, kind: CareKind::CarePlan, title, activities: Vec::new() };
            self.act(Actor::CareStaff, action);
        }
        if self.dice.chance(50) {
            self.step(Doing::ConfirmDuplicate(by_hand.clone(), RecordRef::Of(self.sent(soul))));
        }
        if self.dice.chance(50) {
            self.ask_about(soul);
        } else {
            self.step(Doing::AskGuidance(About::Record(by_hand)));
        }
    }

    /// Somebody with care data is to go to another service.
    fn ask_of_a_move(&mut self) {
        let Some(soul) = self.soul() else { return };
        let record = RecordRef::Of(self.sent(soul));
        let kind = self.dice.pick(&KINDS);
        let action = Action::AddCare { record, kind, title: "Written today".into(), activities: Vec::new() };
        self.act(Actor::CareStaff, action);
        let branch = self.branch();
        self.set_of(soul, Field::Branch, branch);
        if self.dice.chance(50) {
            self.pass();
        }
        self.ask_about(soul);
    }

    // Service orders

    fn with_order(&mut self, command: impl FnOnce(&mut Self, Text) -> Command<Moment>) {
        let Some(environment) = self.care_rostering() else { return };
        let Some(order) = self.dice.idx(&self.orders).map(|idx| self.orders[idx].clone()) else { return };
        let command = command(self, order);
        self.command(environment, command);
    }

    fn service(&mut self) -> Option<Text> {
        let services: Vec<Text> = self.case.services.iter().map(|(service, _)| service.clone()).collect();
        self.dice.chance(60).then(|| services[self.dice.below(services.len())].clone())
    }

    fn add_order(&mut self) {
        let (Some(environment), Some(soul)) = (self.care_rostering(), self.soul()) else { return };
        if self.souls[soul].environment != environment {
            return;
        }
        let order = Text::from(format!("O{}", self.orders.len() + 1));
        self.orders.push(order.clone());
        let (service_user, service) = (self.souls[soul].id.clone(), self.service());
        self.command(environment, Command::AddOrder { service_user, order, service });
    }

    fn set_order_service(&mut self) {
        self.with_order(|town, order| Command::SetOrderService { order, service: town.service() });
    }

    fn add_requirement(&mut self) {
        self.with_order(|town, order| {
            town.n_requirements += 1;
            let id = Text::from(format!("Q{}", town.n_requirements));
            Command::AddRequirement { order, requirement: Requirement { id, name: "Evenings".into() } }
        });
    }

    fn delete_requirement(&mut self) {
        if self.n_requirements > 0 {
            self.with_order(|town, _| {
                let n = town.dice.below(town.n_requirements) + 1;
                Command::DeleteRequirement { requirement: Text::from(format!("Q{n}")) }
            });
        }
    }

    fn delete_order(&mut self) {
        self.with_order(|_, order| Command::DeleteOrder { order });
    }

    // Both

    fn switch(&mut self) {
        let environment = self.environment();
        let which = self.dice.chance(50).then_some(environment);
        let doing = if self.dice.chance(40) { Doing::Stop(which) } else { Doing::GoLive(which) };
        self.changed();
        self.step(doing);
    }

    fn rename_in_acp(&mut self) {
        let from = self.acp_branch();
        let to = Text::from(format!("{from} 2"));
        self.act(Actor::TenantAdministrator, Action::RenameBranch { from, to });
    }

    fn rename_in_rostering(&mut self) {
        let (environment, from) = (self.environment(), self.branch());
        let to = Text::from(format!("{from} 2"));
        self.command(environment, Command::RenameBranch { from, to });
    }

    fn add_branch_in_rostering(&mut self) {
        let environment = self.environment();
        let branch = Text::from(self.dice.pick(&["Ripon", "Selby #2", "Ripon & Selby"]));
        self.command(environment, Command::AddBranch { branch: branch.clone() });
        self.set(Field::Branch, branch);
    }

    fn add_branch(&mut self) {
        let environment = self.environment();
        let branch = self.prefixed(environment, "Whitby");
        let service = self.case.services[0].0.clone();
        self.act(Actor::TenantAdministrator, Action::AddBranch { branch, service });
    }
}
