//! One history from one seed: a world, then actions and faults in any order, then quiet. The alphabet and its weights are
//! here, one line each; what each letter does stands beside.

mod asking;
mod in_acp;
mod in_rostering;

use crate::dials::{Dials, Family};
use crate::town::{Soul, Town};
use acp::{Action, Actor, CareKind, Origin, Planted, Status};
use feed::{ExternalId, Field, Fields, Text};
use jiff::SignedDuration;
use rostering::Command;
use scenario::{Case, Doing};

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
