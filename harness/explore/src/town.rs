//! The world of one history while it is being made up: who is where, which visits there are, and the instants at which
//! something can flip. It never asks either system, so a history is known before it is played.

use crate::{
    dials::{Dials, Family, Level, Mishap},
    dice::Dice,
};
use feed::{
    ExternalId, Field, Fields, NearTerm, NhsNumber, System, Text, Timestamp, UpdateKind, VisitId, london,
};
use jiff::{SignedDuration, civil::date};
use scenario::{
    At, Case, Deliveries, Doing, Environment, Fault, FaultKind, Inherited, Moment, Pause, Step, StepKind,
    Where,
};
use std::collections::BTreeSet;

/// Somebody in rostering.
#[derive(Clone, Debug)]
pub(crate) struct Soul {
    pub(crate) environment: u8,
    pub(crate) id: ExternalId,
    pub(crate) fields: Fields,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) environment: u8,
    pub(crate) id: VisitId,
}

pub(crate) struct Town {
    pub(crate) dice: Dice,
    pub(crate) dials: Dials,
    pub(crate) now: Timestamp,
    pub(crate) case: Case,
    pub(crate) souls: Vec<Soul>,
    pub(crate) calls: Vec<Call>,
    /// What records made by hand are called.
    pub(crate) called: Vec<Text>,
    pub(crate) n_ids: usize,
    /// Of Access Care Rostering.
    pub(crate) orders: Vec<Text>,
    pub(crate) n_requirements: usize,
    instants: BTreeSet<Timestamp>,
    pause: SignedDuration,
}

/// Branches by service, without prefix.
const PLACES: [(&str, [&str; 2]); 2] =
    [("Home Care", ["North Leeds", "South Leeds"]), ("Live-in Care", ["Hull", "Wakefield"])];
/// Branches that rostering has and ACP lacks, some of them nearly one that it has.
const UNKNOWN: [&str; 4] = ["Whitby", "north leeds", "North  Leeds", "Hull!"];

pub(crate) const BRANCHES: [&str; 4] = ["North Leeds", "South Leeds", "Hull", "Wakefield"];
const GIVEN: [&str; 6] = ["Ada", "Ben", "Cora", "Dan", "Olive", "Ivy"];
const FAMILY: [&str; 4] = ["Okafor", "Marsh", "Armstrong", "Reed"];
/// Names that systems have been seen to stumble over.
const HARD: [&str; 19] = [
    "Featherstonehaugh",
    "O'Neill",
    "O\u{2019}Neill",
    "de la Cruz",
    "Smith-Jones",
    "Si\u{e2}n",
    "Sia\u{302}n",
    "\u{141}ukasz",
    "\u{674e}",
    "\u{5d0}\u{5d1}",
    "\u{1f600}",
    "=1+1",
    "<script>",
    "'; --",
    "null",
    "NaN",
    "0012",
    "1E5",
    " Reed ",
];
const BIRTHS: [&str; 4] = ["1938-11-04", "1941-04-30", "1964-07-19", "2000-02-29"];
pub(crate) const PHONES: [&str; 4] = ["0113 496 0000", "0113 496 0155", "01904 499 001", ""];

impl Town {
    pub(crate) fn new(seed: u64) -> Town {
        let mut dice = Dice::new(seed);
        let dials = Dials::draw(&mut dice);
        let now = begin(&mut dice);
        let environments = environments(&mut dice, &dials);
        let services = services(&environments);
        let case = Case {
            name: None,
            at: Where::default(),
            clock: now,
            settings: dials.settings,
            inherited: Inherited::default(),
            seed: Some(seed),
            environments,
            services,
            planted: Vec::new(),
            given: Vec::new(),
            faults: Vec::new(),
            steps: Vec::new(),
        };
        Town {
            dice,
            dials,
            now,
            case,
            souls: Vec::new(),
            calls: Vec::new(),
            called: Vec::new(),
            n_ids: 0,
            orders: Vec::new(),
            n_requirements: 0,
            instants: BTreeSet::new(),
            pause: SignedDuration::ZERO,
        }
    }

    // What happens

    /// Puts what is done on the list, as a step of its own.
    pub(crate) fn step(&mut self, doing: Doing) {
        let pause = std::mem::take(&mut self.pause);
        let pause = if pause.is_zero() { Pause::None } else { Pause::For(pause) };
        let kind = StepKind::When(vec![at(doing)]);
        self.case.steps.push(Step { label: "then".to_owned(), at: Where::default(), pause, kind });
    }

    /// Something that was done before the first step.
    pub(crate) fn given(&mut self, doing: Doing) {
        self.case.given.push(at(doing));
    }

    /// What was changed now is due at these instants.
    pub(crate) fn changed(&mut self) {
        for later in [15, 20, 24 * 60] {
            self.mark(SignedDuration::from_mins(later));
        }
    }

    fn mark(&mut self, later: SignedDuration) {
        self.instants.extend(self.now.checked_add(later));
    }

    // Time

    /// Lets time pass: rather to an instant at which something can flip than to any other.
    pub(crate) fn pass(&mut self) {
        let hour = 3600_i64;
        let by = match self.dice.below(100) {
            0..45 => self.until_an_instant(),
            45..70 => Some(SignedDuration::from_secs(self.dice.between(1, 15 * 60))),
            70..87 => Some(SignedDuration::from_secs(self.dice.between(15 * 60, 3 * hour))),
            87..97 => Some(SignedDuration::from_secs(self.dice.between(3 * hour, 26 * hour))),
            _ => Some(SignedDuration::from_secs(self.dice.between(24 * hour, 14 * 24 * hour))),
        };
        self.pass_by(by.unwrap_or(SignedDuration::from_mins(15)));
    }

    fn until_an_instant(&mut self) -> Option<SignedDuration> {
        let now = self.now;
        self.instants = self.instants.split_off(&now);
        // One of the next few, or else the far ones are never reached.
        let near: Vec<Timestamp> = self.instants.iter().copied().filter(|at| *at > now).take(6).collect();
        let instant = near[self.dice.idx(&near)?];
        let millis = self.dice.pick(&[-1000, -1, 0, 0, 1, 1000, 20 * 60_000, 20 * 60_000 + 1]);
        Some(instant.duration_since(now) + SignedDuration::from_millis(millis))
            .filter(SignedDuration::is_positive)
    }

    pub(crate) fn pass_by(&mut self, by: SignedDuration) {
        self.pause += by;
        self.now = self.now.checked_add(by).unwrap_or(self.now);
    }

    /// When a new visit starts: mostly where 72 hours end.
    pub(crate) fn visit_start(&mut self) -> Moment {
        let by = if self.dice.chance(60) {
            let minute = 60_000;
            let edge = self.dice.pick(&[
                -60 * minute,
                -30 * minute,
                -minute,
                -1000,
                -1,
                0,
                1,
                1000,
                minute,
                30 * minute,
                90 * minute,
                120 * minute,
            ]);
            SignedDuration::from_hours(72) + SignedDuration::from_millis(edge)
        } else {
            SignedDuration::from_mins(self.dice.between(-24 * 60, 240 * 60))
        };
        if let Ok(starts) = self.now.checked_add(by) {
            let near = feed::becomes_near_term(starts, self.dials.settings.near_term);
            self.instants.extend([near, starts]);
            if self.dials.settings.near_term == NearTerm::ThreeCalendarDays {
                self.instants.insert(near);
            }
        }
        Moment::Later { days: 0, elapsed: by, at: None }
    }

    // Who there is

    pub(crate) fn soul(&mut self) -> Option<usize> {
        self.dice.idx(&self.souls)
    }

    /// As ACP knows it.
    pub(crate) fn sent(&self, soul: usize) -> ExternalId {
        let soul = &self.souls[soul];
        ExternalId::new(self.prefixed(soul.environment, soul.id.as_str()))
    }

    pub(crate) fn prefixed(&self, environment: u8, text: &str) -> Text {
        let prefix = self.case.environments[usize::from(environment)].prefix.as_deref().unwrap_or_default();
        Text::from(format!("{prefix}{text}"))
    }

    /// An environment that has service orders.
    pub(crate) fn care_rostering(&self) -> Option<u8> {
        let place = self.case.environments.iter().position(|it| it.system == System::CareRostering)?;
        u8::try_from(place).ok()
    }

    pub(crate) fn environment(&mut self) -> u8 {
        u8::try_from(self.dice.below(self.case.environments.len())).unwrap_or(0)
    }

    /// A branch of rostering: now and then one that ACP lacks.
    pub(crate) fn branch(&mut self) -> Text {
        Text::from(if self.dice.chance(4) { self.dice.pick(&UNKNOWN) } else { self.dice.pick(&BRANCHES) })
    }

    /// A branch that ACP has.
    pub(crate) fn acp_branch(&mut self) -> Text {
        let branches: Vec<Text> =
            self.case.services.iter().flat_map(|(_, branches)| branches.iter().cloned()).collect();
        branches[self.dice.below(branches.len())].clone()
    }

    pub(crate) fn name(&mut self) -> Text {
        Text::from(if self.dice.chance(8) { self.dice.pick(&HARD) } else { self.dice.pick(&FAMILY) })
    }

    pub(crate) fn nhs_number(&mut self) -> Text {
        let n = self.dice.below(6);
        let mut nine = [9, 9, 9, 0, 0, 0, 0, 0, 1];
        nine[7] = u8::try_from(n).unwrap_or(0);
        let check = (0..10).find_map(|last| {
            nine[8] = last;
            NhsNumber::check_digit(&nine)
        });
        nine.iter().chain(check.iter()).map(|digit| char::from(b'0' + digit)).collect()
    }

    /// Somebody new, correlated with those who are there: half of the time one of few names and birthdays.
    pub(crate) fn person(&mut self) -> Fields {
        let mut fields = Fields::new();
        fields.set(Field::GivenName, Text::from(self.dice.pick(&GIVEN)));
        fields.set(Field::FamilyName, self.name());
        if self.dice.chance(60) {
            fields.set(Field::DateOfBirth, Text::from(self.dice.pick(&BIRTHS)));
        }
        if self.dice.chance(30) {
            let number = self.nhs_number();
            fields.set(Field::NhsNumber, number);
        }
        if self.dice.chance(20) {
            fields.set(Field::KeySafe, Text::from("by the door"));
        }
        if self.dice.chance(40) {
            fields.set(Field::Phone, Text::from(self.dice.pick(&PHONES)));
        }
        let branch = self.branch();
        fields.set(Field::Branch, branch);
        fields
    }

    pub(crate) fn birth(&mut self) -> Text {
        Text::from(if self.dice.chance(10) { "31/02/1940" } else { self.dice.pick(&BIRTHS) })
    }

    pub(crate) fn fresh_id(&mut self) -> ExternalId {
        self.n_ids += 1;
        let n = self.n_ids;
        ExternalId::new(match self.dice.below(6) {
            0 => format!("{n:05}"),
            1 => format!("ab{n}"),
            2 => format!("SU-000000000000000000000000000000000000{n}"),
            _ => format!("SU-{n}"),
        })
    }

    /// Almost the identifier of somebody who is there.
    pub(crate) fn near_id(&mut self) -> Option<ExternalId> {
        let soul = self.soul()?;
        let id = self.souls[soul].id.as_str().to_owned();
        let near = match self.dice.below(9) {
            0 => format!("{id} "),
            1 => format!("{id}\u{a0}"),
            2 => format!("\u{feff}{id}"),
            3 => id.to_lowercase(),
            4 => id.to_uppercase(),
            5 => id.trim_start_matches('0').to_owned(),
            6 => format!("0{id}"),
            7 => id.replace('-', ""),
            _ => format!("{}x", id.chars().take(id.chars().count().saturating_sub(1)).collect::<String>()),
        };
        Some(ExternalId::new(near))
    }

    // Faults

    /// One fault of the link, as the dials have it.
    pub(crate) fn fault(&mut self) -> Option<Fault> {
        let on: Vec<Mishap> =
            Mishap::ALL.iter().copied().filter(|it| self.dials.level(*it) != Level::Off).collect();
        let mishap = on[self.dice.idx(&on)?];
        let is_heavy = self.dials.level(mishap) == Level::Heavy;
        let kind = match mishap {
            Mishap::Lose => FaultKind::Lose,
            Mishap::Delay if is_heavy => FaultKind::Delay(self.minutes(1, 180)),
            Mishap::Delay => FaultKind::Delay(SignedDuration::from_secs(self.dice.between(1, 60))),
            Mishap::Repeat if is_heavy => FaultKind::Repeat(self.minutes(0, 26 * 60)),
            Mishap::Repeat => FaultKind::Repeat(self.minutes(0, 5)),
            Mishap::Reorder => FaultKind::Reorder,
            Mishap::Cut => FaultKind::Cut(u32::try_from(self.dice.below(4)).unwrap_or(0)),
            Mishap::Down => FaultKind::Down(self.minutes(1, if is_heavy { 90 } else { 10 })),
            Mishap::Refuse => FaultKind::Refuse {
                status: self.dice.pick(&[429, 500, 503]),
                retry_after: if self.dice.chance(50) { Some(self.minutes(1, 40)) } else { None },
            },
            Mishap::Poison => {
                let soul = self.soul()?;
                FaultKind::Poison(self.sent(soul))
            }
        };
        let kind_of_update = self.dice.pick(&[None, Some(UpdateKind::Partial), Some(UpdateKind::Full)]);
        let environment = self.environment();
        let on = Deliveries {
            kind: kind_of_update,
            environment: self.dice.chance(30).then_some(environment),
            carrying: None,
        };
        let times = if mishap == Mishap::Repeat {
            u32::try_from(self.dice.between(2, 9)).unwrap_or(1)
        } else if is_heavy {
            u32::try_from(self.dice.between(1, 4)).unwrap_or(1)
        } else {
            1
        };
        Some(Fault { kind, on, times })
    }

    fn minutes(&mut self, from: i64, to: i64) -> SignedDuration {
        SignedDuration::from_mins(self.dice.between(from, to)).max(SignedDuration::from_secs(1))
    }

    pub(crate) fn may(&self, family: Family) -> bool {
        self.dials.has(family)
    }
}

pub(crate) fn at<T>(it: T) -> At<T> {
    At { it, at: Where::default() }
}

/// Half of all stories begin within four days of a change of clocks, some at the ends of years and Februaries.
fn begin(dice: &mut Dice) -> Timestamp {
    let day = match dice.below(10) {
        0..5 => {
            let change =
                dice.pick(&[date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]);
            change.saturating_add(jiff::Span::new().days(dice.between(-4, 1)))
        }
        5 => dice.pick(&[date(2026, 12, 30), date(2027, 2, 27), date(2028, 2, 27)]),
        _ => date(2026, 1, 5).saturating_add(jiff::Span::new().days(dice.between(0, 700))),
    };
    let minute = i8::try_from(dice.between(0, 59)).unwrap_or(0);
    let hour = i8::try_from(dice.between(5, 22)).unwrap_or(9);
    let wall = day.at(hour, minute, 0, 0);
    wall.to_zoned(london().clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

fn environments(dice: &mut Dice, dials: &Dials) -> Vec<Environment> {
    let branches: Vec<Text> = BRANCHES.iter().chain(&UNKNOWN).map(|it| Text::from(*it)).collect();
    let one = |name: &str, system: System, prefix: Option<&str>| Environment {
        name: Text::from(name),
        system,
        prefix: prefix.map(Text::from),
        branches: branches.clone(),
    };
    let system = dice.weighted(&[(System::PeoplePlanner, 3), (System::CareRostering, 1), (System::Other, 1)]);
    if dials.n_environments == 1 {
        return vec![one("Roster", system, None)];
    }
    // With prefixes, or as two that can meet on one identifier.
    let prefix = (system == System::PeoplePlanner && dice.chance(60)).then_some(["N-", "S-"]);
    vec![one("North", system, prefix.map(|it| it[0])), one("South", system, prefix.map(|it| it[1]))]
}

/// ACP's services and branches, named as they are sent.
fn services(environments: &[Environment]) -> Vec<(Text, Vec<Text>)> {
    let prefixes: BTreeSet<&str> =
        environments.iter().map(|it| it.prefix.as_deref().unwrap_or_default()).collect();
    PLACES
        .iter()
        .map(|(service, branches)| {
            let sent =
                prefixes.iter().flat_map(|prefix| branches.iter().map(move |it| format!("{prefix}{it}")));
            (Text::from(*service), sent.map(Text::from).collect())
        })
        .collect()
}
