//! Sights for the tests of guidance: a rostering environment or two, an ACP, and a scene that sees what both show.
//! Nothing is delivered unless a test says so, so that every lateness can be staged.
#![allow(dead_code)]

use acp::{
    Acp, Act, Action, Actor, Call, CareKind, HandMade, Look, Origin, Planted, RecordId, Reply, SetUp, Status,
};
use feed::{Clause, ExternalId, Field, Fields, Settings, System, Text, Timestamp, UpdateKind, VisitId};
use guidance::{Advice, CaseDraft, EnvironmentSeen, RaisedCase, Scene, Sight, Situation, Subject, Warning};
use jiff::SignedDuration;
use rostering::{Command, Rostering};

pub(crate) fn id(text: &str) -> ExternalId {
    ExternalId::new(text)
}

pub(crate) fn su(sent_id: &str) -> Subject {
    Subject::ServiceUser { environment: 0, sent_id: id(sent_id) }
}

pub(crate) fn rec(n: u32) -> Subject {
    Subject::Record(RecordId(n))
}

/// An instant in UTC, as `2026-03-02 09:00` or to the millisecond.
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{}Z", text.replacen(' ', "T", 1)).parse().expect("a date and time")
}

pub(crate) fn mins(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

pub(crate) fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

pub(crate) const MS: SignedDuration = SignedDuration::from_millis(1);

/// Fields by their names in files.
pub(crate) fn fields(pairs: &[(&str, &str)]) -> Fields {
    let field = |name: &str| Field::from_text(name).expect("the name of a field");
    pairs.iter().map(|(name, value)| (field(name), Text::from(*value))).collect()
}

pub(crate) fn ada(branch: &str) -> Fields {
    fields(&[
        ("given name", "Ada"),
        ("family name", "Okafor"),
        ("date of birth", "1938-11-04"),
        ("branch", branch),
    ])
}

/// One Access People Planner without a prefix.
pub(crate) const ONE: &[(System, Option<&str>)] = &[(System::PeoplePlanner, None)];

pub(crate) struct Town {
    pub(crate) now: Timestamp,
    pub(crate) rosterings: Vec<Rostering>,
    pub(crate) acp: Acp,
    pub(crate) scene: Scene,
}

impl Town {
    /// One Access People Planner that is live; services Home Care (North Leeds, South Leeds) and Live-in Care (Hull).
    pub(crate) fn new() -> Town {
        Town::with(Settings::default(), ONE, Vec::new())
    }

    pub(crate) fn under(settings: Settings) -> Town {
        Town::with(settings, ONE, Vec::new())
    }

    pub(crate) fn with(
        settings: Settings,
        systems: &[(System, Option<&str>)],
        records: Vec<Planted>,
    ) -> Town {
        let mut town = Town::off(settings, systems, records);
        for environment in 0..systems.len() {
            town.go_live(u8::try_from(environment).expect("few"));
        }
        town
    }

    /// The same with the integration off.
    pub(crate) fn off(settings: Settings, systems: &[(System, Option<&str>)], records: Vec<Planted>) -> Town {
        let now = at("2026-03-02 09:00");
        let environments = systems.iter().map(|(system, prefix)| EnvironmentSeen {
            name: prefix.unwrap_or("rostering").into(),
            system: *system,
            prefix: prefix.map(Text::from),
            live_since: None,
        });
        let scene = Scene::new(settings, environments.collect());
        let rosterings = (0..)
            .zip(systems)
            .map(|(idx, (system, prefix))| Rostering::new(idx, *system, prefix.map(Text::from), settings))
            .collect();
        let mut town = Town { now, rosterings, acp: Acp::default(), scene };
        town.plant(records);
        town
    }

    /// Ada is in ACP as SU-1, and half an hour has passed.
    pub(crate) fn synced() -> Town {
        let mut town = Town::new();
        town.add_ada();
        town.sync();
        town.pass(mins(30));
        town
    }

    /// Ada's record by hand with care data is R1, external identifier 00482; then rostering sent her as 482, which made R2.
    pub(crate) fn duplicate() -> Town {
        let by_hand = planted(Origin::ByHand, Some("00482"), ada("North Leeds"), 1);
        let mut town = Town::with(Settings::default(), ONE, vec![by_hand]);
        town.add("482", ada("South Leeds"));
        town.sync();
        town.pass(mins(30));
        town
    }

    pub(crate) fn go_live(&mut self, environment: u8) {
        self.rosterings[usize::from(environment)].go_live(self.now);
        self.saw(Sight::Live { environment });
    }

    pub(crate) fn saw(&mut self, sight: Sight) {
        self.scene.saw(self.now, sight);
    }

    pub(crate) fn pass(&mut self, length: SignedDuration) -> &mut Town {
        self.now = self.now.checked_add(length).expect("an instant of this age");
        self
    }

    pub(crate) fn at(&mut self, text: &str) -> &mut Town {
        self.now = at(text);
        self
    }

    // Rostering

    pub(crate) fn rostering(&mut self, command: Command) {
        self.rostering_in(0, command);
    }

    pub(crate) fn rostering_in(&mut self, environment: u8, command: Command) {
        let rostering = &mut self.rosterings[usize::from(environment)];
        let renamed = match &command {
            Command::ChangeId { from, .. } => Some(from.clone()),
            _ => None,
        };
        let happened = rostering.handle(self.now, command).expect("a command that rostering takes");
        for id in renamed.into_iter().chain(happened.service_users) {
            let rostering = &self.rosterings[usize::from(environment)];
            let sight = match rostering.person(&id) {
                Some(person) => Sight::Person { environment, person: person.clone() },
                None => Sight::PersonDeleted {
                    environment,
                    sent_id: ExternalId::new(rostering.as_sent(id.as_str())),
                },
            };
            self.saw(sight);
        }
        for id in happened.visits {
            let rostering = &self.rosterings[usize::from(environment)];
            let sight = match rostering.visit(&id) {
                Some(visit) => Sight::Visit { environment, visit: visit.clone() },
                None => {
                    Sight::VisitDeleted { environment, sent_id: VisitId::new(rostering.as_sent(id.as_str())) }
                }
            };
            self.saw(sight);
        }
    }

    pub(crate) fn add(&mut self, name: &str, with: Fields) {
        self.rostering(Command::AddServiceUser { id: id(name), fields: with });
    }

    /// Ada Okafor, SU-1, North Leeds.
    pub(crate) fn add_ada(&mut self) {
        self.add("SU-1", ada("North Leeds"));
    }

    pub(crate) fn edit(&mut self, name: &str, set: &[(&str, &str)]) {
        self.rostering(Command::Edit { id: id(name), set: fields(set) });
    }

    pub(crate) fn visit(&mut self, visit: &str, name: &str, starts: Timestamp) {
        self.rostering(plan(visit, name, starts));
    }

    /// A full update is sent and arrives.
    pub(crate) fn sync(&mut self) {
        self.sync_from(0);
    }

    pub(crate) fn sync_from(&mut self, environment: u8) {
        let update = self.rosterings[usize::from(environment)].compose(self.now, UpdateKind::Full);
        self.acp.answer(self.now, Call::Receive(update));
        self.look(Look::Touched);
    }

    // ACP

    /// An ACP that has these records from now on, in place of the one there was.
    pub(crate) fn plant(&mut self, records: Vec<Planted>) {
        let services = vec![
            (Text::from("Home Care"), vec![Text::from("North Leeds"), Text::from("South Leeds")]),
            (Text::from("Live-in Care"), vec![Text::from("Hull")]),
        ];
        let settings = self.scene.settings;
        self.acp = Acp::default();
        self.acp.answer(self.now, Call::SetUp(SetUp { settings, services, records }));
        self.look(Look::Everything);
        self.acp.answer(self.now, Call::Look(Look::Touched));
    }

    fn look(&mut self, look: Look) {
        let Reply::Shown(shown) = self.acp.answer(self.now, Call::Look(look)) else { return };
        self.saw(Sight::Branches(shown.branches));
        for id in shown.gone {
            self.saw(Sight::RecordGone(id));
        }
        for record in shown.records {
            self.saw(Sight::Record(record.into()));
        }
    }

    pub(crate) fn acp(&mut self, by: Actor, action: Action) {
        let reply = self.acp.answer(self.now, Call::Act(Act { by, action }));
        assert!(matches!(reply, Reply::Done(_)), "ACP did not do that: {reply:?}");
        self.look(Look::Touched);
    }

    pub(crate) fn admin(&mut self, action: Action) {
        self.acp(Actor::TenantAdministrator, action);
    }

    pub(crate) fn edit_record(&mut self, n: u32, set: &[(&str, &str)]) {
        self.admin(Action::Edit { record: RecordId(n), set: fields(set) });
    }

    /// A care plan with one activity.
    pub(crate) fn care_plan(&mut self, n: u32) {
        let action = Action::AddCare {
            record: RecordId(n),
            kind: CareKind::CarePlan,
            title: "Mornings".into(),
            activities: vec!["Wash".into()],
        };
        self.acp(Actor::CareStaff, action);
    }

    pub(crate) fn create_by_hand(&mut self, external_id: Option<&str>, with: Fields) {
        self.admin(Action::Create(HandMade { external_id: external_id.map(id), fields: with }));
    }

    // Guidance

    pub(crate) fn advise(&self, about: &Subject) -> Vec<Advice> {
        self.scene.advise(about, self.now)
    }

    pub(crate) fn situations(&self, about: &Subject) -> Vec<Situation> {
        self.advise(about).iter().map(|advice| advice.situation).collect()
    }

    /// What guidance says in one situation. Fails if it does not say it.
    #[track_caller]
    pub(crate) fn told(&self, about: &Subject, situation: Situation) -> Advice {
        let advice = self.advise(about);
        let found = advice.iter().find(|it| it.situation == situation);
        found.unwrap_or_else(|| panic!("not {}, but {advice:#?}", situation.text())).clone()
    }

    #[track_caller]
    pub(crate) fn check(&self, about: &Subject, situations: &[Situation]) {
        assert_eq!(self.situations(about), situations, "{:#?}", self.advise(about));
    }

    pub(crate) fn due_cases(&self, about: &Subject) -> Vec<Clause> {
        self.advise(about).iter().filter_map(|it| it.case.as_ref()).map(|case| case.kind).collect()
    }

    pub(crate) fn due(&self, name: &str) -> Option<Timestamp> {
        self.scene.due(0, &id(name), self.now)
    }

    pub(crate) fn before(&self, command: &Command) -> Vec<Clause> {
        clauses(&self.scene.before_rostering(0, command, self.now))
    }

    pub(crate) fn before_admin(&self, action: Action) -> Vec<Clause> {
        clauses(&self.scene.before_acp(&Act { by: Actor::TenantAdministrator, action }, self.now))
    }

    pub(crate) fn raise(&mut self, kind: Clause, about: Subject) {
        self.saw(Sight::CaseRaised(RaisedCase { kind, about, missing: Vec::new() }));
    }
}

pub(crate) fn clauses(warnings: &[Warning]) -> Vec<Clause> {
    warnings.iter().map(|warning| warning.clause).collect()
}

pub(crate) fn plan(visit: &str, name: &str, starts: Timestamp) -> Command {
    Command::PlanVisit {
        id: VisitId::new(visit),
        service_user: id(name),
        starts,
        lasts: mins(30),
        employee: None,
        requirement: None,
    }
}

pub(crate) fn planted(
    origin: Origin,
    external_id: Option<&str>,
    with: Fields,
    n_care_plans: usize,
) -> Planted {
    let care = (0..n_care_plans).map(|_| (CareKind::CarePlan, Text::from("Mornings"), vec!["Wash".into()]));
    Planted {
        origin,
        external_id: external_id.map(id),
        status: Status::Active,
        fields: with,
        role_access: Vec::new(),
        care: care.collect(),
    }
}

/// The value of a fact of a case.
pub(crate) fn fact<'a>(draft: &'a CaseDraft, label: &str) -> Option<&'a str> {
    draft.facts.iter().find(|fact| fact.label == label)?.value.as_deref()
}
