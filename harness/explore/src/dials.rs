//! What a run may do at all and how often things go wrong in it: drawn before anything happens, and printed.

use crate::dice::Dice;
use feed::{
    AbsentField, ContactDetails, Deletion, EndDate, IdentifierMatching, ManagedDemographics, NearTerm,
    NewBranch, PartialCarries, ServiceMove, Settings,
};
use std::fmt;

/// What people do, and what goes wrong. A run without some of them finds what a run with all of them hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    /// Always on, as visits and time are.
    Creation,
    NearMisses,
    Edits,
    Moves,
    Visits,
    Leaving,
    Rekeying,
    OwnEdits,
    Care,
    ByHand,
    PutAway,
    OtherRoles,
    Support,
    Cases,
    Asking,
    Orders,
    Switching,
    Branches,
}

impl Family {
    pub(crate) const ALL: &'static [Family] = &[
        Family::Creation,
        Family::NearMisses,
        Family::Edits,
        Family::Moves,
        Family::Visits,
        Family::Leaving,
        Family::Rekeying,
        Family::OwnEdits,
        Family::Care,
        Family::ByHand,
        Family::PutAway,
        Family::OtherRoles,
        Family::Support,
        Family::Cases,
        Family::Asking,
        Family::Orders,
        Family::Switching,
        Family::Branches,
    ];

    const fn text(self) -> &'static str {
        match self {
            Family::Creation => "creation",
            Family::NearMisses => "near misses",
            Family::Edits => "edits",
            Family::Moves => "moves",
            Family::Visits => "visits",
            Family::Leaving => "leaving",
            Family::Rekeying => "new identifiers",
            Family::OwnEdits => "edits in ACP",
            Family::Care => "care",
            Family::ByHand => "records by hand",
            Family::PutAway => "records put away",
            Family::OtherRoles => "other roles",
            Family::Support => "Support",
            Family::Cases => "cases",
            Family::Asking => "asking guidance",
            Family::Orders => "service orders",
            Family::Switching => "switching off and on",
            Family::Branches => "branches",
        }
    }
}

/// How often a fault of the link strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Off,
    Light,
    Heavy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mishap {
    Lose,
    Delay,
    Repeat,
    Reorder,
    Cut,
    Down,
    Refuse,
    Poison,
}

impl Mishap {
    pub(crate) const ALL: &'static [Mishap] = &[
        Mishap::Lose,
        Mishap::Delay,
        Mishap::Repeat,
        Mishap::Reorder,
        Mishap::Cut,
        Mishap::Down,
        Mishap::Refuse,
        Mishap::Poison,
    ];

    const fn text(self) -> &'static str {
        match self {
            Mishap::Lose => "lose",
            Mishap::Delay => "delay",
            Mishap::Repeat => "repeat",
            Mishap::Reorder => "reorder",
            Mishap::Cut => "cut",
            Mishap::Down => "down",
            Mishap::Refuse => "refuse",
            Mishap::Poison => "poison",
        }
    }
}

/// The dials of one run.
#[derive(Clone, Debug)]
pub struct Dials {
    pub(crate) families: Vec<Family>,
    pub(crate) mishaps: Vec<(Mishap, Level)>,
    pub(crate) settings: Settings,
    pub(crate) n_environments: usize,
    pub(crate) n_people: usize,
    pub(crate) n_actions: usize,
    /// So many more who are there from the start, and to whom nothing happens.
    pub(crate) crowd: Option<u32>,
}

/// One history in so many is crowded. *Assumed*: it is slow.
const CROWDED: usize = 500;
/// More than a page of the public interface holds. PUB-15.
const CROWD: u32 = 1005;

impl Dials {
    pub(crate) fn draw(dice: &mut Dice) -> Dials {
        let is_swarm = dice.chance(50);
        let always = [Family::Creation, Family::Visits];
        let families =
            Family::ALL.iter().copied().filter(|it| always.contains(it) || !is_swarm || dice.chance(60));
        let families = families.collect();
        let level = [(Level::Off, 40), (Level::Light, 40), (Level::Heavy, 20)];
        let mishaps = Mishap::ALL.iter().map(|it| (*it, dice.weighted(&level))).collect();
        let crowd = (dice.below(CROWDED) == 0).then_some(CROWD);
        Dials {
            families,
            mishaps,
            settings: settings(dice),
            n_environments: if dice.chance(25) { 2 } else { 1 },
            n_people: dice.below(6),
            n_actions: if crowd.is_some() {
                10
            } else {
                dice.weighted(&[(60, 3), (120, 3), (250, 2), (600, 1)])
            },
            crowd,
        }
    }

    pub(crate) fn has(&self, family: Family) -> bool {
        self.families.contains(&family)
    }

    pub(crate) fn level(&self, mishap: Mishap) -> Level {
        self.mishaps.iter().find(|(it, _)| *it == mishap).map_or(Level::Off, |(_, level)| *level)
    }
}

/// The defaults in half of the runs, any permitted reading in the others.
fn settings(dice: &mut Dice) -> Settings {
    if dice.chance(50) {
        return Settings::default();
    }
    Settings {
        identifier_matching: dice.pick(IdentifierMatching::ALL),
        partial_carries: dice.pick(PartialCarries::ALL),
        new_branch: dice.pick(NewBranch::ALL),
        service_move: dice.pick(ServiceMove::ALL),
        contact_details: dice.pick(ContactDetails::ALL),
        managed_demographics: ManagedDemographics {
            date_of_birth: dice.chance(70),
            nhs_number: dice.chance(50),
        },
        near_term: dice.pick(NearTerm::ALL),
        deletion: dice.pick(Deletion::ALL),
        end_date: dice.pick(EndDate::ALL),
        absent_field: dice.pick(AbsentField::ALL),
    }
}

impl fmt::Display for Dials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let off: Vec<&str> =
            Family::ALL.iter().filter(|it| !self.has(**it)).map(|family| family.text()).collect();
        let off = if off.is_empty() { "nothing".to_owned() } else { off.join(", ") };
        write!(f, "left out: {off}; faults:")?;
        for (mishap, level) in &self.mishaps {
            let level = match level {
                Level::Off => "off",
                Level::Light => "light",
                Level::Heavy => "heavy",
            };
            write!(f, " {} {level},", mishap.text())?;
        }
        write!(
            f,
            " {} environments, {} people, {} actions",
            self.n_environments, self.n_people, self.n_actions
        )?;
        for setting in self.settings.changed() {
            write!(f, ", {}: {}", setting.text(), self.settings.text(setting))?;
        }
        Ok(())
    }
}
