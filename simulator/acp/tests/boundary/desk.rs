//! A desk from which the tests talk to one tenant: it counts updates, keeps the time and unpacks replies.

use acp::{
    Acp, Act, Action, Actor, Call, CareKind, Decision, Done, HandMade, Look, Note, Origin, Outcome, Planted,
    Receipt, Record, RecordId, Refusal, Reply, SetUp, Shown, Status,
};
use feed::{
    Clause, ExternalId, Field, Fields, Requirement, ServiceUser, Setting, Settings, System, Text, Timestamp,
    Update, UpdateKind, Visit, VisitId,
};
use jiff::SignedDuration;

pub(crate) const TENANT: Actor = Actor::TenantAdministrator;
pub(crate) const CARE: Actor = Actor::CareStaff;
pub(crate) const SUPPORT: Actor = Actor::Support;
pub(crate) const TEAM: Actor = Actor::ImplementationTeam;

/// Monday, 2 March 2026, 9:00am in London.
pub(crate) const START: &str = "2026-03-02T09:00:00Z";

#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) acp: Acp,
    pub(crate) now: Timestamp,
    /// The newest update of environment 0.
    pub(crate) sequence: u32,
}

/// Two services: home care with North and South, supported living with East.
pub(crate) fn set_up() -> SetUp {
    let services = vec![
        ("Home care".into(), vec!["North".into(), "South".into()]),
        ("Supported living".into(), vec!["East".into()]),
    ];
    SetUp { services, ..SetUp::default() }
}

pub(crate) fn fields(values: &[(Field, &str)]) -> Fields {
    values.iter().map(|(field, value)| (*field, Text::from(*value))).collect()
}

/// Ada Okafor, as rostering sends her, in the branch North, with these fields changed.
pub(crate) fn ada(values: &[(Field, &str)]) -> ServiceUser {
    person("SU-1", values)
}

pub(crate) fn person(id: &str, values: &[(Field, &str)]) -> ServiceUser {
    let mut all =
        fields(&[(Field::GivenName, "Ada"), (Field::FamilyName, "Okafor"), (Field::Branch, "North")]);
    for (field, value) in values {
        all.set(*field, Text::from(*value));
    }
    ServiceUser { external_id: ExternalId::new(id), fields: all, requirements: Vec::new() }
}

pub(crate) fn with_requirements(mut user: ServiceUser, ids: &[&str]) -> ServiceUser {
    user.requirements = ids
        .iter()
        .map(|id| Requirement { id: Text::from(*id), name: Text::from(format!("Plan {id}")) })
        .collect();
    user
}

pub(crate) fn planted(id: Option<&str>, values: &[(Field, &str)]) -> Planted {
    Planted {
        origin: Origin::ByHand,
        external_id: id.map(ExternalId::new),
        status: Status::Active,
        fields: person("", values).fields,
        role_access: Vec::new(),
        care: Vec::new(),
    }
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk::of(set_up())
    }

    pub(crate) fn with(settings: Settings) -> Desk {
        Desk::of(SetUp { settings, ..set_up() })
    }

    pub(crate) fn holding(records: Vec<Planted>) -> Desk {
        Desk::of(SetUp { records, ..set_up() })
    }

    pub(crate) fn of(set_up: SetUp) -> Desk {
        let now = START.parse().unwrap();
        let mut desk = Desk { acp: Acp::default(), now, sequence: 0 };
        assert_eq!(desk.acp.answer(now, Call::SetUp(set_up)), Reply::Ready);
        desk
    }

    pub(crate) fn wait(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
    }

    /// The next update of environment 0, a minute later, with nothing in it. Its span is the next seven days.
    pub(crate) fn update(&mut self) -> Update {
        self.wait(1);
        self.sequence += 1;
        Update {
            kind: UpdateKind::Full,
            system: System::PeoplePlanner,
            environment: 0,
            sequence: self.sequence,
            sent_at: self.now,
            branches: Vec::new(),
            service_users: Vec::new(),
            visits: Vec::new(),
            visits_until: self.now + SignedDuration::from_hours(7 * 24),
        }
    }

    pub(crate) fn receive(&mut self, update: Update) -> Receipt {
        match self.acp.answer(self.now, Call::Receive(update)) {
            Reply::Received(receipt) => receipt,
            other => panic!("an update was answered with {other:?}"),
        }
    }

    /// Delivers these service users with the next update.
    pub(crate) fn sync(&mut self, service_users: Vec<ServiceUser>) -> Vec<Outcome> {
        let update = Update { service_users, ..self.update() };
        self.receive(update).decisions.into_iter().map(|Decision { outcome, .. }| outcome).collect()
    }

    pub(crate) fn sync_one(&mut self, service_user: ServiceUser) -> Outcome {
        self.sync(vec![service_user]).remove(0)
    }

    pub(crate) fn sync_visits(&mut self, visits: Vec<Visit>) -> Receipt {
        let update = Update { visits, ..self.update() };
        self.receive(update)
    }

    pub(crate) fn act(&mut self, by: Actor, action: Action) -> Result<Done, Refusal> {
        self.wait(1);
        match self.acp.answer(self.now, Call::Act(Act { by, action })) {
            Reply::Done(done) => Ok(done),
            Reply::Refused(refusal) => Err(refusal),
            other => panic!("an action was answered with {other:?}"),
        }
    }

    /// Does what must be allowed.
    pub(crate) fn must(&mut self, by: Actor, action: Action) -> Done {
        self.act(by, action).unwrap_or_else(|refusal| panic!("refused: {}", refusal.why))
    }

    /// Asks for what must be refused, and sees to it that nothing changed.
    pub(crate) fn refused(&mut self, by: Actor, action: Action) -> Refusal {
        let before = self.acp.clone();
        let refusal = self.act(by, action).expect_err("it should have been refused");
        assert_eq!(self.acp, before, "a refused action changed something");
        refusal
    }

    pub(crate) fn edit(&mut self, by: Actor, record: u32, values: &[(Field, &str)]) -> Done {
        self.must(by, Action::Edit { record: RecordId(record), set: fields(values) })
    }

    pub(crate) fn create(&mut self, id: Option<&str>, values: &[(Field, &str)]) -> RecordId {
        let made = HandMade { external_id: id.map(ExternalId::new), fields: person("", values).fields };
        self.must(TENANT, Action::Create(made)).records[0]
    }

    pub(crate) fn care(&mut self, record: u32, kind: CareKind, title: &str) {
        let action = Action::AddCare {
            record: RecordId(record),
            kind,
            title: Text::from(title),
            activities: Vec::new(),
        };
        self.must(CARE, action);
    }

    pub(crate) fn shown(&mut self, look: Look) -> Shown {
        match self.acp.answer(self.now, Call::Look(look)) {
            Reply::Shown(shown) => shown,
            other => panic!("a look was answered with {other:?}"),
        }
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        self.clone().shown(Look::Everything).records
    }

    pub(crate) fn record(&self, id: u32) -> Record {
        self.records().into_iter().find(|record| record.id == RecordId(id)).expect("there is such a record")
    }

    pub(crate) fn text(&self, id: u32, field: Field) -> String {
        self.record(id).synced.text(field).to_owned()
    }

    /// A visit in so many hours from now, half an hour long.
    pub(crate) fn visit(&self, id: &str, service_user: &str, in_hours: i64) -> Visit {
        let starts = self.now + SignedDuration::from_hours(in_hours);
        Visit {
            id: VisitId::new(id),
            service_user: ExternalId::new(service_user),
            starts,
            ends: starts + SignedDuration::from_mins(30),
            employee: None,
            requirement: None,
        }
    }
}

/// The changes and notes of a service user who was matched.
pub(crate) fn matched(outcome: Outcome) -> (Vec<(Field, String, Clause)>, Vec<Note>) {
    match outcome {
        Outcome::Matched { changes, notes, .. } => {
            let changes =
                changes.into_iter().map(|it| (it.field, format!("{} > {}", it.from, it.to), it.clause));
            (changes.collect(), notes.into_iter().collect())
        }
        other => panic!("not matched: {other:?}"),
    }
}

pub(crate) fn created(outcome: Outcome) -> (RecordId, Vec<Note>) {
    match outcome {
        Outcome::Created { record, notes } => (record, notes.into_iter().collect()),
        other => panic!("not created: {other:?}"),
    }
}

pub(crate) fn refusal(outcome: Outcome) -> Refusal {
    match outcome {
        Outcome::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// A refusal with this clause and setting, whose sentence has all these words.
pub(crate) fn says(refusal: &Refusal, clause: Clause, setting: Option<Setting>, words: &[&str]) {
    assert_eq!((refusal.clause, refusal.setting), (clause, setting), "{}", refusal.why);
    for word in words {
        assert!(refusal.why.contains(word), "{:?} is not in: {}", word, refusal.why);
    }
}
