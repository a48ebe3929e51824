//! Who asks guidance, and when: mostly where an answer is about to change. What is right to answer is not known here.

use super::KINDS;
use crate::town::Town;
use acp::{Action, Actor, CareKind, HandMade};
use feed::{Clause, Field, Fields, Text};
use jiff::SignedDuration;
use scenario::{About, CasePart, Deliveries, Doing, Fault, FaultKind, RecordRef};

impl Town {
    pub(super) fn ask(&mut self) {
        let about = match self.dice.idx(&self.called).filter(|_| self.dice.chance(40)) {
            Some(idx) => About::Record(RecordRef::Called(self.called[idx].clone())),
            None => match self.soul() {
                Some(soul) => About::ServiceUser(self.sent(soul)),
                None => return,
            },
        };
        self.step(Doing::AskGuidance(about));
    }

    pub(super) fn ask_about(&mut self, soul: usize) {
        let about = About::ServiceUser(self.sent(soul));
        self.step(Doing::AskGuidance(about));
    }

    /// Nothing gets through, something is changed, and somebody asks just before a window ends and just after it, and
    /// raises a case too early, in time, or with something left out.
    pub(super) fn ask_at_the_edge(&mut self) {
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
    pub(super) fn ask_with_the_full(&mut self) {
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

    pub(super) fn raise_about(&mut self, soul: usize, kind: Clause) {
        let leaving_out = if self.dice.chance(30) { vec![self.dice.pick(CasePart::ALL)] } else { Vec::new() };
        let about = About::ServiceUser(self.sent(soul));
        self.step(Doing::RaiseCase { kind, about, leaving_out });
    }

    /// Somebody changes in ACP what is rostering's, and asks.
    pub(super) fn ask_of_an_edit(&mut self) {
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
    pub(super) fn ask_of_a_pair(&mut self) {
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
    pub(super) fn ask_of_a_move(&mut self) {
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
}
