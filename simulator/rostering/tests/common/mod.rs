//! A rostering environment in few words, for the tests.
#![allow(dead_code, unreachable_pub, reason = "each test file is a crate and uses its part of it")]

use feed::{
    ExternalId, Field, Fields, PartialCarries, Requirement, ServiceUser, Settings, System, Text, Timestamp,
    Update, UpdateKind, VisitId,
};
use jiff::SignedDuration;
use rostering::{Command, Happened, Person, Refusal, Rostering};

pub const START: &str = "2026-03-02T09:00:00Z";

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("the tests write instants well")
}

/// So long after [`START`].
pub fn start_and(later: SignedDuration) -> Timestamp {
    at(START).checked_add(later).expect("the tests stay in this century")
}

pub fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

pub fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

pub fn id(text: &str) -> ExternalId {
    ExternalId::new(text)
}

pub fn visit_id(text: &str) -> VisitId {
    VisitId::new(text)
}

pub fn fields(pairs: &[(Field, &str)]) -> Fields {
    pairs.iter().map(|(field, value)| (*field, Text::from(*value))).collect()
}

/// Ada of North Leeds.
pub fn ada() -> Command {
    Command::AddServiceUser {
        id: id("SU-1001"),
        fields: fields(&[
            (Field::GivenName, "Ada"),
            (Field::FamilyName, "Okafor"),
            (Field::Phone, "0113 496 0001"),
            (Field::Branch, "North Leeds"),
        ]),
    }
}

pub fn ben() -> Command {
    Command::AddServiceUser { id: id("SU-1002"), fields: fields(&[(Field::GivenName, "Ben")]) }
}

pub fn edit(who: &str, pairs: &[(Field, &str)]) -> Command {
    Command::Edit { id: id(who), set: fields(pairs) }
}

pub fn visit(name: &str, who: &str, starts: Timestamp) -> Command {
    Command::PlanVisit {
        id: visit_id(name),
        service_user: id(who),
        starts,
        lasts: minutes(30),
        employee: None,
        requirement: None,
    }
}

pub fn requirement(name: &str) -> Requirement {
    Requirement { id: Text::from(name), name: Text::from("Morning call") }
}

pub fn every_change() -> Settings {
    Settings { partial_carries: PartialCarries::EveryChange, ..Settings::default() }
}

/// An environment, and the instant at which it is acted on.
pub struct Office {
    pub roster: Rostering,
    pub now: Timestamp,
}

impl Office {
    pub fn new(system: System, settings: Settings) -> Office {
        Office { roster: Rostering::new(0, system, None, settings), now: at(START) }
    }

    pub fn people_planner() -> Office {
        Office::new(System::PeoplePlanner, Settings::default())
    }

    pub fn with_prefix(prefix: &str) -> Office {
        let prefix = Some(Text::from(prefix));
        let roster = Rostering::new(1, System::PeoplePlanner, prefix, Settings::default());
        Office { roster, now: at(START) }
    }

    pub fn care_rostering() -> Office {
        Office::new(System::CareRostering, Settings::default())
    }

    pub fn act(&mut self, command: Command) -> Happened {
        self.roster.handle(self.now, command).unwrap_or_else(|refusal| panic!("{}", refusal.why))
    }

    /// Expects a refusal that changes nothing.
    pub fn refused(&mut self, command: Command) -> Refusal {
        let before = format!("{:?}", self.roster);
        let refusal = self.roster.handle(self.now, command).expect_err("this is to be refused");
        assert_eq!(format!("{:?}", self.roster), before, "a refused command changes nothing");
        refusal
    }

    pub fn later(&mut self, by: SignedDuration) {
        self.now = self.now.checked_add(by).expect("the tests stay in this century");
    }

    pub fn full(&mut self) -> Update {
        self.roster.compose(self.now, UpdateKind::Full)
    }

    pub fn partial(&mut self) -> Update {
        self.roster.compose(self.now, UpdateKind::Partial)
    }

    /// The one service user that a full would carry under this identifier.
    pub fn sent(&mut self, who: &str) -> ServiceUser {
        let full = self.full();
        full.service_users.into_iter().find(|it| it.external_id == id(who)).expect("a full carries everybody")
    }

    pub fn person(&self, who: &str) -> &Person {
        self.roster.person(&id(who)).expect("the test added them")
    }
}

pub fn people_in(update: &Update) -> Vec<&str> {
    update.service_users.iter().map(|it| it.external_id.as_str()).collect()
}

pub fn visits_in(update: &Update) -> Vec<&str> {
    update.visits.iter().map(|it| it.id.as_str()).collect()
}
