//! What people do in both systems, one [`Doing`] at a time: first what guidance says to it, then the deed, then what
//! both systems show.

use crate::{
    What,
    moment::resolve,
    names::with_ids,
    world::{Last, World},
};
use acp::{Act, Action, Actor, Call, Reply};
use feed::{Clause, ExternalId, Field, Text, Timestamp, VisitId};
use guidance::{RaisedCase, Sight};
use jiff::SignedDuration;
use rostering::Command;
use scenario::{About, Doing, Moment, RecordRef};

/// Of an invented service user's visit.
const VISIT_LASTS: SignedDuration = SignedDuration::from_mins(30);

impl World<'_> {
    pub(crate) fn act(&mut self, doing: &Doing, place: &scenario::Where) {
        match doing {
            Doing::Rostering { environment, command } => self.act_in_rostering(*environment, command),
            Doing::Acp { by, action, called } => self.act_in_acp(by, action, called.as_ref()),
            Doing::GoLive(which) => self.switch(*which, true),
            Doing::Stop(which) => self.switch(*which, false),
            Doing::FirstSync => {
                self.switch(None, true);
                self.pass_until(self.now);
            }
            Doing::ConfirmDuplicate(one, other) => match (self.record(one), self.record(other)) {
                (Ok(one), Ok(other)) => {
                    self.saw(Sight::Confirmed(one, other));
                    self.last = Last::Done(None);
                }
                (Err(why), _) | (_, Err(why)) => self.cannot(why),
            },
            Doing::RaiseCase { kind, about, leaving_out } => self.raise_case(*kind, about, leaving_out),
            Doing::CloseCase { kind, about } => {
                let about = self.subject(about);
                self.saw(Sight::CaseClosed { kind: *kind, about });
                self.last = Last::Done(None);
            }
            Doing::AskGuidance(about) => {
                let subject = self.subject(about);
                self.ask_guidance(vec![subject]);
                self.last = Last::Done(None);
            }
            Doing::Fault(fault) => {
                self.begin_fault(scenario::At { it: fault.clone(), at: place.clone() });
            }
            Doing::Population { environment, seed, n_service_users, visit } => {
                self.populate(*environment, *seed, *n_service_users, *visit);
            }
        }
    }

    /// What was to be done names something that is not there.
    fn cannot(&mut self, why: String) {
        self.note(What::NotDone { why: why.clone() });
        self.last = Last::Refused { clause: None, why };
    }

    fn switch(&mut self, which: Option<u8>, on: bool) {
        for environment in 0..self.case.environments.len() {
            let environment = u8::try_from(environment).expect("the reader allows fewer");
            if which.is_some_and(|it| it != environment) {
                continue;
            }
            let rostering = &mut self.rosterings[usize::from(environment)];
            if on {
                rostering.go_live(self.now);
                self.saw(Sight::Live { environment });
            } else {
                rostering.stop();
                self.saw(Sight::Stopped { environment });
            }
        }
        self.carrier_is_due();
        self.last = Last::Done(None);
    }

    fn act_in_rostering(&mut self, environment: u8, command: &Command<Moment>) {
        let (command, impossible) = at_instants(command, self.now);
        let warnings = self.between.before_rostering(&self.scene, environment, &command, self.now);
        if !warnings.is_empty() && self.step.is_some() {
            self.note(What::Warned(warnings));
        }
        let result = match impossible {
            Some(why) => Err(rostering::Refusal { why, clause: None }),
            None => self.command(environment, command.clone()),
        };
        self.last = match &result {
            Ok(_) => Last::Done(None),
            Err(refusal) => Last::Refused { clause: refusal.clause, why: refusal.why.clone() },
        };
        let happened = result.as_ref().ok().cloned().unwrap_or_default();
        self.note(What::Rostering { environment, command, result });
        if self.has_carrier() {
            self.changed.push((environment, happened.clone()));
        }
        for id in happened.service_users {
            self.show_person(environment, &id);
        }
        for id in happened.visits {
            self.show_visit(environment, &id);
        }
    }

    fn show_person(&mut self, environment: u8, id: &ExternalId) {
        let sight = if let Some(person) = self.person(environment, id) {
            Sight::Person { environment, person }
        } else {
            let sent = self.rosterings[usize::from(environment)].as_sent(id.as_str());
            Sight::PersonDeleted { environment, sent_id: ExternalId::new(sent) }
        };
        self.saw(sight);
    }

    fn show_visit(&mut self, environment: u8, id: &VisitId) {
        let sight = if let Some(visit) = self.visit(environment, id) {
            Sight::Visit { environment, visit }
        } else {
            let sent = self.rosterings[usize::from(environment)].as_sent(id.as_str());
            Sight::VisitDeleted { environment, sent_id: VisitId::new(sent) }
        };
        self.saw(sight);
    }

    fn act_in_acp(&mut self, by: &Actor, action: &Action<RecordRef>, called: Option<&Text>) {
        let action = match with_ids(action, |of| self.record(of)) {
            Ok(action) => action,
            Err(why) => {
                self.cannot(why);
                return;
            }
        };
        let act = Act { by: by.clone(), action };
        let warnings = self.between.before_acp(&self.scene, &act, self.now);
        if !warnings.is_empty() && self.step.is_some() {
            self.note(What::Warned(warnings));
        }
        let result = match self.ask(Call::Act(act.clone())) {
            Reply::Done(done) => Ok(done),
            Reply::Refused(refusal) => Err(refusal),
            _ => {
                self.cannot("ACP did not answer what came of it".into());
                return;
            }
        };
        match &result {
            Ok(done) => {
                if let (Some(called), Some(id)) = (called, done.records.first()) {
                    self.called.insert(called.clone(), *id);
                }
                self.last = Last::Done(done.account.clone());
            }
            Err(refusal) => {
                self.last = Last::Refused { clause: Some(refusal.clause), why: refusal.why.clone() };
            }
        }
        self.note(What::Acp { act, result });
        self.look_at_what_changed();
    }

    fn raise_case(&mut self, kind: Clause, about: &About, leaving_out: &[scenario::CasePart]) {
        let about = self.subject(about);
        let Some(mut draft) = self.between.draft(&self.scene, kind, &about, self.now) else {
            self.cannot(format!("there is nothing that a case {kind} could be raised about"));
            return;
        };
        for fact in &mut draft.facts {
            fact.value =
                fact.value.take().filter(|_| leaving_out.iter().all(|part| part.text() != fact.label));
        }
        let mut missing = draft.missing.clone();
        for part in leaving_out {
            if !missing.iter().any(|label| label == part.text()) {
                missing.push(part.text().to_owned());
            }
        }
        draft.missing.clone_from(&missing);
        self.note(What::Drafted(draft));
        self.saw(Sight::CaseRaised(RaisedCase { kind, about, missing }));
        self.last = Last::Done(None);
    }

    /// Invented service users over the environment's branches in turn, each with one visit where that is asked for.
    fn populate(&mut self, environment: u8, seed: u64, n_service_users: u32, visit: Option<Moment>) {
        let branches = self.case.environments[usize::from(environment)].branches.clone();
        let mut branches = branches.iter().cycle();
        for invented in population::people(seed, 0..n_service_users) {
            let (id, mut fields) = (invented.external_id, invented.fields);
            if let Some(branch) = branches.next() {
                fields.set(Field::Branch, branch.clone());
            }
            self.act_in_rostering(environment, &Command::AddServiceUser { id: id.clone(), fields });
            if let Some(starts) = visit {
                let command = Command::PlanVisit {
                    id: VisitId::new(format!("{id}-V")),
                    service_user: id,
                    starts,
                    lasts: VISIT_LASTS,
                    employee: None,
                    requirement: None,
                };
                self.act_in_rostering(environment, &command);
            }
        }
    }
}

/// The command at instants, and why it cannot be: a time on the wall that the clocks jump over.
fn at_instants(command: &Command<Moment>, now: Timestamp) -> (Command, Option<String>) {
    let mut impossible = None;
    let mut instant = |moment: Moment| {
        resolve(moment, now).unwrap_or_else(|(nearest, why)| {
            impossible = Some(why);
            nearest
        })
    };
    let command = command.clone().map_moments(&mut instant);
    (command, impossible)
}
