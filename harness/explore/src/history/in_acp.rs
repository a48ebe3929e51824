//! What is done in ACP, by every role. Which of it happens next is not decided here.

use super::{KINDS, ROLES};
use crate::town::Town;
use acp::{Action, Actor, CareKind, HandMade, Place};
use feed::{Clause, Deletion, Field, Fields, Text, VisitId};
use scenario::{About, CasePart, Doing, RecordRef};

impl Town {
    pub(super) fn act(&mut self, by: Actor, action: Action<RecordRef>) {
        self.changed();
        self.step(Doing::Acp { by, action, called: None });
    }

    pub(super) fn record(&mut self) -> Option<RecordRef> {
        if self.dice.chance(15)
            && let Some(idx) = self.dice.idx(&self.called)
        {
            return Some(RecordRef::Called(self.called[idx].clone()));
        }
        let soul = self.soul()?;
        Some(RecordRef::Of(self.sent(soul)))
    }

    pub(super) fn own(&mut self, field: Field, value: Text) {
        if let Some(record) = self.record() {
            let set = Fields::from_iter([(field, value)]);
            self.act(Actor::TenantAdministrator, Action::Edit { record, set });
        }
    }

    pub(super) fn own_contact(&mut self) {
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

    pub(super) fn own_branch(&mut self) {
        let branch = self.acp_branch();
        self.own(Field::Branch, branch);
    }

    pub(super) fn own_name(&mut self) {
        let name = self.name();
        let field =
            self.dice.pick(&[Field::FamilyName, Field::GivenName, Field::FamilyName, Field::DateOfBirth]);
        let value = if field == Field::DateOfBirth { Text::from("1950-05-05") } else { name };
        self.own(field, value);
    }

    pub(super) fn grant_role(&mut self) {
        let role = Text::from(self.dice.pick(&ROLES));
        if let Some(record) = self.record() {
            self.act(Actor::TenantAdministrator, Action::GrantRole { record, role });
        }
    }

    pub(super) fn revoke_role(&mut self) {
        let role = Text::from(self.dice.pick(&ROLES));
        if let Some(record) = self.record() {
            self.act(Actor::TenantAdministrator, Action::RevokeRole { record, role });
        }
    }

    pub(super) fn add_care(&mut self) {
        let Some(record) = self.record() else { return };
        let kind = self.dice.pick(&KINDS);
        let action = if self.dice.chance(20) {
            Action::AddActivity { record, title: "Help with breakfast".into() }
        } else {
            Action::AddCare { record, kind, title: "Written today".into(), activities: Vec::new() }
        };
        self.act(Actor::CareStaff, action);
    }

    pub(super) fn complete_visit(&mut self) {
        let n = self.calls.len();
        let Some(call) = self.calls.get(n.saturating_sub(1 + self.dice.below(n.min(8)))).cloned() else {
            return;
        };
        let visit = VisitId::new(self.prefixed(call.environment, call.id.as_str()));
        self.act(Actor::CareStaff, Action::CompleteVisit { visit });
    }

    pub(super) fn create_by_hand(&mut self) {
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

    pub(super) fn map(&mut self) {
        let (Some(idx), Some(soul)) = (self.dice.idx(&self.called), self.soul()) else { return };
        let record = RecordRef::Called(self.called[idx].clone());
        let to = self.dice.chance(85).then(|| self.sent(soul));
        self.act(Actor::ImplementationTeam, Action::SetExternalId { record, to });
    }

    pub(super) fn put_away(&mut self) {
        let Some(record) = self.record() else { return };
        let action =
            if self.dice.chance(70) { Action::Deactivate { record } } else { Action::Archive { record } };
        self.act(Actor::TenantAdministrator, action);
    }

    pub(super) fn bring_back(&mut self) {
        let Some(record) = self.record() else { return };
        let action =
            if self.dice.chance(50) { Action::Reactivate { record } } else { Action::Unarchive { record } };
        self.act(Actor::TenantAdministrator, action);
    }

    pub(super) fn delete_record(&mut self) {
        if let Some(record) = self.record() {
            self.act(Actor::TenantAdministrator, Action::Delete { record });
        }
    }

    /// Where records can only be archived.
    pub(super) fn delete_in_vain(&mut self) {
        if self.dials.settings.deletion == Deletion::ArchiveOnly {
            self.delete_record();
        }
    }

    /// Somebody who may do this only in part, or not at all.
    pub(super) fn other_role(&mut self) {
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
    pub(super) fn any_role(&mut self) {
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

    pub(super) fn merge(&mut self) {
        let (Some(survivor), Some(loser)) = (self.record(), self.record()) else { return };
        let by = if self.dice.chance(90) { Actor::Support } else { Actor::TenantAdministrator };
        self.act(by, Action::Merge { survivor, loser });
    }

    pub(super) fn support_move(&mut self) {
        let Some(record) = self.record() else { return };
        let to = Place { branch: self.acp_branch(), service: None };
        let leaving = if self.dice.chance(30) { vec![self.dice.pick(&KINDS)] } else { Vec::new() };
        self.act(Actor::Support, Action::Move { record, to, leaving });
    }

    pub(super) fn datafix(&mut self) {
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

    pub(super) fn confirm(&mut self) {
        if let (Some(one), Some(other)) = (self.record(), self.record())
            && one != other
        {
            self.step(Doing::ConfirmDuplicate(one, other));
        }
    }

    pub(super) fn about(&mut self) -> Option<(Clause, About)> {
        let soul = self.soul()?;
        let kind = self.dice.pick(&[Clause::Case1, Clause::Case2, Clause::Case3, Clause::Case4]);
        Some((kind, About::ServiceUser(self.sent(soul))))
    }

    pub(super) fn raise_case(&mut self) {
        let Some((kind, about)) = self.about() else { return };
        let leaving_out = if self.dice.chance(30) { vec![self.dice.pick(CasePart::ALL)] } else { Vec::new() };
        self.step(Doing::RaiseCase { kind, about, leaving_out });
    }

    pub(super) fn close_case(&mut self) {
        if let Some((kind, about)) = self.about() {
            self.step(Doing::CloseCase { kind, about });
        }
    }
}
