//! From a case to the text of a scenario: what exploration hands back. Every value is written as it can be read again;
//! what a scenario would take for a slip is written `{ raw: ... }`. Knows the language, not what a case means.

use crate::shrink::each_record;
use acp::{Action, Actor, CareKind, Origin, Planted};
use feed::{Clause, ExternalId, Field, Fields, Setting, Settings, Text, Timestamp, UpdateKind, london};
use jiff::SignedDuration;
use rostering::Command;
use scenario::{About, Case, Doing, Fault, FaultKind, Moment, Pause, RecordRef, StepKind};
use std::{collections::BTreeSet, fmt::Write as _};

/// What stands above the case.
#[derive(Clone, Debug)]
pub struct Heading {
    pub title: String,
    pub about: String,
    pub proves: Vec<Clause>,
    pub tags: Vec<String>,
}

/// The whole file. It ends with a check that always holds, because a scenario has at least one.
pub fn scenario(heading: &Heading, case: &Case) -> String {
    let case = &without_strangers(case);
    let mut text = String::new();
    let _ = writeln!(text, "scenario: {}", scalar(&heading.title));
    text.push_str("about: >-\n");
    for line in wrapped(&heading.about, 110) {
        let _ = writeln!(text, "  {line}");
    }
    let proves: Vec<&str> = heading.proves.iter().map(|clause| clause.code()).collect();
    let _ = writeln!(text, "proves: [{}]", proves.join(", "));
    let _ = writeln!(text, "tags: [{}]", heading.tags.join(", "));
    let _ = writeln!(text, "clock: {}", clock(case.clock));
    if let Some(seed) = case.seed {
        let _ = writeln!(text, "seed: {seed}");
    }
    rules(&case.settings, &mut text);
    let page = Page { case, defined: defined(case) };
    page.given(&mut text);
    page.faults(&mut text);
    page.steps(&mut text);
    text
}

/// Without what is done to records that are called what no record is called: nothing comes of it but the time that passes.
fn without_strangers(case: &Case) -> Case {
    let mut case = case.clone();
    let mut called: Vec<Text> = case.planted.iter().filter_map(|(called, _)| called.clone()).collect();
    for step in &mut case.steps {
        let StepKind::When(doings) = &mut step.kind else { continue };
        doings.retain_mut(|doing| {
            let mut is_known = true;
            each_record(&mut doing.it, &mut |record| {
                is_known &= !matches!(record, RecordRef::Called(name) if !called.contains(name));
            });
            if let Doing::Acp { called: Some(name), .. } = &doing.it {
                called.push(name.clone());
            }
            is_known
        });
    }
    case.steps.retain(|step| {
        step.pause != Pause::None || !matches!(&step.kind, StepKind::When(it) if it.is_empty())
    });
    case
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a first one");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn clock(at: Timestamp) -> String {
    let there = at.to_zoned(london().clone());
    let seconds = if there.second() == 0 { "" } else { ":%S" };
    let offset = there.offset().seconds() / 3600;
    let format = format!("%Y-%m-%d %H:%M{seconds} +0{offset}:00");
    there.strftime(&format).to_string()
}

fn rules(settings: &Settings, text: &mut String) {
    let changed: Vec<String> = settings
        .changed()
        .map(|setting: Setting| format!("{}: {}", setting.text(), settings.text(setting)))
        .collect();
    if !changed.is_empty() {
        let _ = writeln!(text, "rules: {{ {} }}", changed.join(", "));
    }
}

struct Page<'a> {
    case: &'a Case,
    /// Identifiers, visits and names of records that the reader will know throughout.
    defined: BTreeSet<String>,
}

/// What the case defines and never takes back, as typed and as sent.
fn defined(case: &Case) -> BTreeSet<String> {
    let (mut known, mut taken_back) = (BTreeSet::new(), BTreeSet::new());
    let doings = case.steps.iter().flat_map(|step| match &step.kind {
        StepKind::When(doings) => doings.as_slice(),
        StepKind::Then { .. } => &[],
    });
    for doing in case.given.iter().chain(doings) {
        let Doing::Rostering { environment, command } = &doing.it else { continue };
        let prefix = case.environments[usize::from(*environment)].prefix.as_deref().unwrap_or_default();
        let both = |id: &str| [id.to_owned(), format!("{prefix}{id}")];
        match command {
            Command::AddServiceUser { id, .. } => known.extend(both(id.as_str())),
            Command::PlanVisit { id, .. } => known.extend(both(id.as_str())),
            Command::ChangeId { from, to } => {
                taken_back.extend(both(from.as_str()));
                known.extend(both(to.as_str()));
            }
            Command::Delete { id } => taken_back.extend(both(id.as_str())),
            Command::DeleteVisit { id } => taken_back.extend(both(id.as_str())),
            _ => {}
        }
    }
    known.retain(|id| !taken_back.contains(id));
    known
}

type Pairs = Vec<(String, String)>;

fn pair(key: &str, value: impl Into<String>) -> (String, String) {
    (key.to_owned(), value.into())
}

fn flow(pairs: &[(String, String)]) -> String {
    let parts: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{ {} }}", parts.join(", "))
}

fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(scalar).collect();
    format!("[{}]", texts.join(", "))
}

impl Page<'_> {
    fn has_several(&self) -> bool {
        self.case.environments.len() > 1
    }

    /// `system: North`, where it has to be said.
    fn system(&self, environment: u8, pairs: &mut Pairs) {
        if self.has_several() {
            let environment = &self.case.environments[usize::from(environment)];
            pairs.push(pair("system", scalar(&environment.name)));
        }
    }

    // given

    fn given(&self, text: &mut String) {
        text.push_str("\ngiven:\n");
        let is_plain = |it: &scenario::Environment| {
            it.system == feed::System::PeoplePlanner && it.prefix.is_none() && !self.has_several()
        };
        for environment in self.case.environments.iter().filter(|it| !is_plain(it)) {
            let mut pairs = vec![
                pair("name", scalar(&environment.name)),
                pair("system", scalar(environment.system.text())),
            ];
            pairs.extend(environment.prefix.as_deref().map(|prefix| pair("prefix", scalar(prefix))));
            let _ = writeln!(text, "  - rostering system: {}", flow(&pairs));
        }
        let services: Pairs = self
            .case
            .services
            .iter()
            .map(|(service, branches)| (service.to_string(), list(branches.iter().map(Text::as_str))))
            .collect();
        let _ = writeln!(text, "  - acp services: {}", flow(&services));
        for (number, environment) in (0..).zip(&self.case.environments) {
            if environment.branches.is_empty() {
                continue;
            }
            let _ = writeln!(
                text,
                "  - rostering branches: {}",
                list(environment.branches.iter().map(Text::as_str))
            );
            let mut pairs = Pairs::new();
            self.system(number, &mut pairs);
            for (key, value) in pairs {
                let _ = writeln!(text, "    {key}: {value}");
            }
        }
        for (called, planted) in &self.case.planted {
            let _ = writeln!(text, "  - acp record: {}", flow(&self.planted(called.as_ref(), planted)));
        }
        for doing in &self.case.given {
            let _ = writeln!(text, "  - {}", self.entry(&doing.it));
        }
    }

    fn planted(&self, called: Option<&Text>, planted: &Planted) -> Pairs {
        let mut pairs = Pairs::new();
        pairs.extend(called.map(|called| pair("called", scalar(called))));
        self.fields(&planted.fields, Side::Acp, &mut pairs);
        pairs
            .extend(planted.external_id.as_ref().map(|id| pair("external id", self.identifier(id.as_str()))));
        if planted.origin == Origin::Integration {
            pairs.push(pair("made by", "integration"));
        }
        for kind in CareKind::ALL {
            let n = planted.care.iter().filter(|(it, ..)| it == kind).count();
            if n > 0 {
                pairs.push(pair(kind.text(), n.to_string()));
            }
        }
        pairs
    }

    /// What was done before the first step. Only what `given` knows comes here; see [`crate::shrink`].
    fn entry(&self, doing: &Doing) -> String {
        match doing {
            Doing::Rostering { environment, command: Command::AddServiceUser { id, fields } } => {
                let mut pairs = self.service_user(id, fields);
                self.system(*environment, &mut pairs);
                format!("service user: {}", flow(&pairs))
            }
            Doing::Rostering { environment, command: command @ Command::PlanVisit { .. } } => {
                let mut pairs = self.visit(command);
                self.system(*environment, &mut pairs);
                format!("visit: {}", flow(&pairs))
            }
            _ => "the first sync has finished".to_owned(),
        }
    }

    fn service_user(&self, id: &ExternalId, fields: &Fields) -> Pairs {
        let mut pairs = vec![pair("id", self.identifier(id.as_str()))];
        self.fields(fields, Side::Rostering, &mut pairs);
        let is_named = |field: Field| fields.get(field).is_some();
        if !is_named(Field::GivenName) && !is_named(Field::FamilyName) {
            pairs.push(pair("family name", "\"\""));
        }
        if !is_named(Field::Branch) {
            pairs.push(pair("branch", "\"\""));
        }
        pairs
    }

    fn fields(&self, fields: &Fields, side: Side, pairs: &mut Pairs) {
        let (given, family) = (fields.text(Field::GivenName), fields.text(Field::FamilyName));
        let whole = format!("{given} {family}");
        let splits_again = !given.is_empty()
            && !family.is_empty()
            && whole.trim_end().rsplit_once(' ') == Some((given, family))
            && !family.ends_with(' ');
        if splits_again {
            pairs.push(pair("name", scalar(&whole)));
        }
        for (field, value) in fields.iter() {
            if !(splits_again && matches!(field, Field::GivenName | Field::FamilyName)) {
                pairs.push(pair(field.text(), self.value(field, value, side)));
            }
        }
    }

    fn value(&self, field: Field, value: &str, side: Side) -> String {
        let is_plain = match field {
            Field::Branch => self.has_branch(value, side),
            _ => field.read(value).is_ok_and(|read| read == value),
        };
        if is_plain || value.is_empty() { scalar(value) } else { raw(value) }
    }

    fn has_branch(&self, name: &str, side: Side) -> bool {
        match side {
            Side::Acp => self.case.services.iter().any(|(_, branches)| branches.iter().any(|it| it == name)),
            Side::Rostering => {
                self.case.environments.iter().all(|it| it.branches.iter().any(|it| it == name))
            }
        }
    }

    fn branch(&self, name: &str, side: Side) -> String {
        if self.has_branch(name, side) { scalar(name) } else { raw(name) }
    }

    // faults and steps

    fn faults(&self, text: &mut String) {
        if !self.case.faults.is_empty() {
            text.push_str("\nfaults:\n");
        }
        for fault in &self.case.faults {
            let _ = writeln!(text, "  - {}", self.fault(&fault.it));
        }
    }

    fn fault(&self, fault: &Fault) -> String {
        let mut pairs = Pairs::new();
        let name = match &fault.kind {
            FaultKind::Lose => "lose",
            FaultKind::Delay(by) => {
                pairs.push(pair("by", length(*by)));
                "delay"
            }
            FaultKind::Repeat(later) => {
                pairs.push(pair("again after", length(*later)));
                "repeat"
            }
            FaultKind::Reorder => "reorder",
            FaultKind::Cut(n) => {
                pairs.push(pair("after", n.to_string()));
                "cut"
            }
            FaultKind::Down(lasts) => {
                pairs.push(pair("for", length(*lasts)));
                "down"
            }
            FaultKind::Refuse { status, retry_after } => {
                pairs.push(pair("answer", status.to_string()));
                pairs.extend(retry_after.map(|wait| pair("retry after", length(wait))));
                "refuse"
            }
            FaultKind::Poison(id) => {
                pairs.push(pair("service user", self.identifier(id.as_str())));
                "poison"
            }
        };
        let kind = match fault.on.kind {
            None => "any",
            Some(UpdateKind::Partial) => "partial",
            Some(UpdateKind::Full) => "full",
        };
        pairs.push(pair("update", kind));
        if let Some(environment) = fault.on.environment {
            let name = &self.case.environments[usize::from(environment)].name;
            pairs.push(pair("from", scalar(name)));
        }
        pairs.extend(fault.on.carrying.as_ref().map(|id| pair("carrying", self.identifier(id.as_str()))));
        if fault.times != 1 {
            pairs.push(pair("times", fault.times.to_string()));
        }
        format!("{name}: {}", flow(&pairs))
    }

    fn steps(&self, text: &mut String) {
        text.push_str("\nsteps:\n");
        for step in &self.case.steps {
            let StepKind::When(doings) = &step.kind else { continue };
            let what = doings.first().map_or("time passes".to_owned(), |doing| says(&doing.it));
            let _ = writeln!(text, "  - when: {what}");
            match step.pause {
                Pause::None => {}
                Pause::For(by) => {
                    let _ = writeln!(text, "    after: {}", length(by));
                }
                Pause::Until(at) => {
                    let _ = writeln!(text, "    at: {}", clock(at));
                }
            }
            for doing in doings {
                let (key, value) = self.doing(&doing.it);
                let _ = writeln!(text, "    {key}: {value}");
            }
        }
        text.push_str("  - then: every rule that holds in all scenarios holds here too\n");
        text.push_str("    acp records: { count: at most 1000 }\n");
    }

    fn doing(&self, doing: &Doing) -> (String, String) {
        match doing {
            Doing::Rostering { environment, command } => {
                let mut pairs = self.command(command);
                self.system(*environment, &mut pairs);
                pair("in rostering", flow(&pairs))
            }
            Doing::Acp { by, action, called } => {
                pair("in acp", flow(&self.action(by, action, called.as_ref())))
            }
            Doing::GoLive(which) => pair("integration", self.switch("goes live", *which)),
            Doing::Stop(which) => pair("integration", self.switch("stops", *which)),
            Doing::ConfirmDuplicate(one, other) => {
                pair("confirm duplicate", format!("[{}, {}]", self.any_record(one), self.any_record(other)))
            }
            Doing::RaiseCase { kind, about, leaving_out } => {
                let mut pairs = self.case_of(*kind, about);
                if !leaving_out.is_empty() {
                    pairs.push(pair("leaving out", list(leaving_out.iter().map(|part| part.text()))));
                }
                pair("raise case", flow(&pairs))
            }
            Doing::CloseCase { kind, about } => pair("close case", flow(&self.case_of(*kind, about))),
            Doing::AskGuidance(about) => pair("ask guidance", flow(&[self.about(about)])),
            Doing::Fault(fault) => pair("fault", format!("{{ {} }}", self.fault(fault))),
            // These stand in `given` only.
            Doing::FirstSync | Doing::Population { .. } => pair("integration", "goes live"),
        }
    }

    fn switch(&self, what: &str, which: Option<u8>) -> String {
        match which {
            Some(environment) if self.has_several() => {
                format!("{{ {what}: {} }}", scalar(&self.case.environments[usize::from(environment)].name))
            }
            _ => what.to_owned(),
        }
    }

    fn command(&self, command: &Command<Moment>) -> Pairs {
        let service_user = |id: &ExternalId| pair("service user", self.identifier(id.as_str()));
        let visit_of = |id: &feed::VisitId| pair("visit", self.identifier(id.as_str()));
        match command {
            Command::AddServiceUser { id, fields } => {
                vec![pair("add service user", flow(&self.service_user(id, fields)))]
            }
            Command::Edit { id, set } => {
                let mut pairs = vec![service_user(id)];
                self.edit(set, Side::Rostering, &mut pairs);
                pairs
            }
            Command::StopSending { id, fields } => {
                vec![service_user(id), pair("stop sending", list(fields.iter().map(|field| field.text())))]
            }
            Command::Save { id } => vec![service_user(id), pair("save", "nothing changed")],
            Command::ChangeId { from, to } => {
                vec![service_user(from), pair("change id to", self.identifier(to.as_str()))]
            }
            Command::Terminate { id, on } => vec![service_user(id), pair("terminate", moment(*on))],
            Command::Reinstate { id } => vec![service_user(id), pair("reinstate", "yes")],
            Command::Suspend { id, from, until, reason } => {
                let mut pairs = vec![pair("from", moment(*from))];
                pairs.extend(until.map(|until| pair("until", moment(until))));
                if !reason.is_empty() {
                    pairs.push(pair("reason", scalar(reason)));
                }
                vec![service_user(id), pair("suspend", flow(&pairs))]
            }
            Command::EndSuspension { id } => vec![service_user(id), pair("end suspension", "yes")],
            Command::Delete { id } => vec![service_user(id), pair("delete", "for good")],
            Command::PlanVisit { .. } => vec![pair("add visit", flow(&self.visit(command)))],
            Command::MoveVisit { id, starts } => vec![visit_of(id), pair("move to", moment(*starts))],
            Command::CancelVisit { id } => vec![visit_of(id), pair("cancel", "yes")],
            Command::RestoreVisit { id } => vec![visit_of(id), pair("restore", "yes")],
            Command::RelinkVisit { id, to } => {
                vec![visit_of(id), pair("give to", self.identifier(to.as_str()))]
            }
            Command::DeleteVisit { id } => vec![visit_of(id), pair("delete", "for good")],
            Command::AddBranch { branch } => vec![pair("add branch", scalar(branch))],
            Command::RenameBranch { from, to } => {
                vec![pair("rename branch", self.branch(from, Side::Rostering)), pair("to", scalar(to))]
            }
            Command::AddOrder { service_user, order, service } => {
                let mut pairs =
                    vec![pair("for", self.identifier(service_user.as_str())), pair("id", scalar(order))];
                pairs.extend(service.as_ref().map(|service| pair("service", scalar(service))));
                vec![pair("add service order", flow(&pairs))]
            }
            Command::SetOrderService { order, service } => {
                let service = service.as_ref().map_or("none".to_owned(), |service| scalar(service));
                vec![pair("service order", self.identifier(order)), pair("set service", service)]
            }
            Command::AddRequirement { order, requirement } => {
                let pairs = vec![
                    pair("order", self.identifier(order)),
                    pair("id", scalar(&requirement.id)),
                    pair("name", scalar(&requirement.name)),
                ];
                vec![pair("add requirement", flow(&pairs))]
            }
            Command::DeleteOrder { order } => {
                vec![pair("service order", self.identifier(order)), pair("delete", "for good")]
            }
            Command::DeleteRequirement { requirement } => {
                vec![pair("requirement", self.identifier(requirement)), pair("delete", "for good")]
            }
        }
    }

    fn edit(&self, set: &Fields, side: Side, pairs: &mut Pairs) {
        let values: Pairs = set
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| pair(field.text(), self.value(field, value, side)))
            .collect();
        if !values.is_empty() {
            pairs.push(pair("set", flow(&values)));
        }
        let cleared: Vec<&str> =
            set.iter().filter(|(_, value)| value.is_empty()).map(|(field, _)| field.text()).collect();
        if !cleared.is_empty() {
            pairs.push(pair("clear", list(cleared)));
        }
    }

    fn action(&self, by: &Actor, action: &Action<RecordRef>, called: Option<&Text>) -> Pairs {
        let mut pairs = Pairs::new();
        match by {
            Actor::TenantAdministrator => {}
            Actor::BranchAdministrator(branches) => {
                let branches: Vec<String> =
                    branches.iter().map(|branch| self.branch(branch, Side::Acp)).collect();
                let branches = format!("[{}]", branches.join(", "));
                pairs.push(pair("as", format!("{{ branch administrator of: {branches} }}")));
            }
            Actor::CareStaff => pairs.push(pair("as", "care staff")),
            Actor::Support => pairs.push(pair("as", "support")),
            Actor::ImplementationTeam => pairs.push(pair("as", "implementation team")),
        }
        let (subject, more) = self.deed(action, called);
        pairs.extend(subject);
        pairs.extend(more);
        pairs
    }

    fn deed(&self, action: &Action<RecordRef>, called: Option<&Text>) -> (Pairs, Pairs) {
        let on = |of: &RecordRef, key: &str, value: String| (vec![self.record(of)], vec![pair(key, value)]);
        match action {
            Action::Create(made) => {
                let mut pairs = Pairs::new();
                pairs.extend(called.map(|called| pair("called", scalar(called))));
                self.fields(&made.fields, Side::Acp, &mut pairs);
                pairs.extend(
                    made.external_id.as_ref().map(|id| pair("external id", self.identifier(id.as_str()))),
                );
                (vec![pair("create record", flow(&pairs))], Pairs::new())
            }
            Action::Edit { record: of, set } => {
                let mut pairs = Pairs::new();
                self.edit(set, Side::Acp, &mut pairs);
                (vec![self.record(of)], pairs)
            }
            Action::SetExternalId { record, to } => {
                let to = to.as_ref().map_or("none".to_owned(), |id| self.identifier(id.as_str()));
                on(record, "set external id", to)
            }
            Action::GrantRole { record, role } => on(record, "grant role", scalar(role)),
            Action::RevokeRole { record, role } => on(record, "revoke role", scalar(role)),
            Action::AddCare { record, kind, activities, .. } => {
                let mut pairs = vec![pair(kind.text(), "1")];
                if !activities.is_empty() {
                    pairs.push(pair("activities", activities.len().to_string()));
                }
                on(record, "add", flow(&pairs))
            }
            Action::AddActivity { record, .. } => on(record, "add", flow(&[pair("activities", "1")])),
            Action::CompleteVisit { visit } => {
                (vec![pair("complete visit", self.identifier(visit.as_str()))], Pairs::new())
            }
            Action::AddBranch { branch, service } => {
                (vec![pair("add branch", scalar(branch)), pair("service", scalar(service))], Pairs::new())
            }
            Action::RenameBranch { from, to } => (
                vec![pair("rename branch", self.branch(from, Side::Acp)), pair("to", scalar(to))],
                Pairs::new(),
            ),
            Action::Deactivate { record } => on(record, "deactivate", "yes".to_owned()),
            Action::Reactivate { record } => on(record, "reactivate", "yes".to_owned()),
            Action::Archive { record } => on(record, "archive", "yes".to_owned()),
            Action::Unarchive { record } => on(record, "unarchive", "yes".to_owned()),
            Action::Delete { record } => on(record, "delete", "for good".to_owned()),
            Action::Move { record, to, leaving } => {
                let (subject, mut more) = on(record, "move to", self.branch(&to.branch, Side::Acp));
                if !leaving.is_empty() {
                    more.push(pair("leaving", list(leaving.iter().map(|kind| kind.text()))));
                }
                (subject, more)
            }
            Action::Merge { survivor, loser } => (
                vec![pair("merge", self.any_record(loser)), pair("into", self.any_record(survivor))],
                Pairs::new(),
            ),
            Action::Datafix { record, set } => {
                let values: Pairs = set
                    .iter()
                    .map(|(field, value)| pair(field.text(), self.value(field, value, Side::Acp)))
                    .collect();
                on(record, "datafix", flow(&values))
            }
        }
    }

    fn visit(&self, command: &Command<Moment>) -> Pairs {
        let Command::PlanVisit { id, service_user, starts, lasts, employee, .. } = command else {
            return Pairs::new();
        };
        let mut pairs = vec![
            pair("for", self.identifier(service_user.as_str())),
            pair("id", scalar(id.as_str())),
            pair("starts", moment(*starts)),
        ];
        if *lasts != SignedDuration::from_mins(30) {
            pairs.push(pair("lasts", length(*lasts)));
        }
        pairs.extend(employee.as_ref().map(|employee| pair("employee", scalar(employee))));
        pairs
    }

    fn record(&self, of: &RecordRef) -> (String, String) {
        match of {
            RecordRef::Of(id) => pair("service user", self.identifier(id.as_str())),
            RecordRef::Called(name) => pair("record", scalar(name)),
            RecordRef::Number(n) => pair("record", format!("R{n}")),
        }
    }

    fn any_record(&self, of: &RecordRef) -> String {
        self.record(of).1
    }

    fn case_of(&self, kind: Clause, about: &About) -> Pairs {
        vec![pair("kind", kind.code()), self.about(about)]
    }

    fn about(&self, about: &About) -> (String, String) {
        match about {
            About::ServiceUser(id) => pair("service user", self.identifier(id.as_str())),
            About::Record(of) => self.record(of),
        }
    }

    /// An identifier: raw where the reader would take it for a slip.
    fn identifier(&self, id: &str) -> String {
        if is_plain(id) && self.defined.contains(id) { id.to_owned() } else { raw(id) }
    }
}

#[derive(Clone, Copy)]
enum Side {
    Rostering,
    Acp,
}

/// What is done, in prose.
fn says(doing: &Doing) -> String {
    match doing {
        Doing::Rostering { command, .. } => match command {
            Command::AddServiceUser { .. } => "somebody is added in rostering",
            Command::Edit { .. } => "rostering changes a value",
            Command::StopSending { .. } => "rostering stops sending a value",
            Command::Save { .. } => "somebody saves and changes nothing",
            Command::ChangeId { .. } => "rostering changes an identifier",
            Command::Terminate { .. } => "somebody leaves",
            Command::Reinstate { .. } => "somebody comes back",
            Command::Suspend { .. } => "somebody is away for a while",
            Command::EndSuspension { .. } => "somebody is back",
            Command::Delete { .. } => "somebody is deleted in rostering",
            Command::PlanVisit { .. } => "a visit is planned",
            Command::MoveVisit { .. } => "a visit is moved",
            Command::CancelVisit { .. } => "a visit is cancelled",
            Command::RestoreVisit { .. } => "a visit stands again",
            Command::RelinkVisit { .. } => "a visit is given to somebody else",
            Command::DeleteVisit { .. } => "a visit is deleted",
            Command::AddBranch { .. } => "rostering adds a branch",
            Command::RenameBranch { .. } => "rostering renames a branch",
            _ => "service orders change",
        },
        Doing::Acp { action, .. } => match action {
            Action::Create(_) => "somebody makes a record by hand",
            Action::Edit { .. } => "somebody edits a record in ACP",
            Action::SetExternalId { .. } => "a record is mapped",
            Action::GrantRole { .. } => "somebody is given access",
            Action::RevokeRole { .. } => "somebody loses access",
            Action::AddCare { .. } | Action::AddActivity { .. } => "care is written down",
            Action::CompleteVisit { .. } => "a visit is carried out",
            Action::AddBranch { .. } => "ACP gets a branch",
            Action::RenameBranch { .. } => "a branch is renamed in ACP",
            Action::Deactivate { .. } | Action::Archive { .. } => "a record is put away",
            Action::Reactivate { .. } | Action::Unarchive { .. } => "a record is brought back",
            Action::Delete { .. } => "somebody tries to delete a record",
            Action::Move { .. } => "a record is to be moved",
            Action::Merge { .. } => "two records are to be merged",
            Action::Datafix { .. } => "Support fixes a value",
        },
        Doing::GoLive(_) | Doing::FirstSync => "the integration is switched on",
        Doing::Stop(_) => "the integration is switched off",
        Doing::ConfirmDuplicate(..) => "two records are found to be one person",
        Doing::RaiseCase { .. } => "a case is raised",
        Doing::CloseCase { .. } => "a case is closed",
        Doing::AskGuidance(_) => "somebody asks what is going on",
        Doing::Fault(_) => "something goes wrong on the way",
        Doing::Population { .. } => "many are added",
    }
    .to_owned()
}

fn moment(moment: Moment) -> String {
    match moment {
        Moment::At(at) => clock(at),
        Moment::Wall(wall) => wall.strftime("%Y-%m-%d %H:%M").to_string(),
        Moment::Later { days: 0, elapsed, at: None } if elapsed.is_zero() => "now".to_owned(),
        Moment::Later { days: 0, elapsed, at: None } => {
            let sign = if elapsed.is_negative() { '-' } else { '+' };
            format!("{sign}{}", length(elapsed.abs()))
        }
        Moment::Later { days, at: None, .. } => format!("{days:+}d"),
        Moment::Later { days, at: Some(at), .. } => format!("{days:+}d {}", at.strftime("%H:%M")),
    }
}

/// `1h30m`, `20m1ms`. Never in days, which some keys take for days on the calendar.
fn length(length: SignedDuration) -> String {
    let mut left = length.as_millis();
    let mut text = String::new();
    for (unit, millis) in [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        if left / millis > 0 {
            let _ = write!(text, "{}{unit}", left / millis);
        }
        left %= millis;
    }
    if text.is_empty() { "0m".to_owned() } else { text }
}

fn raw(value: &str) -> String {
    format!("{{ raw: {} }}", scalar(value))
}

/// Plain where that reads as the same text everywhere, else in quotes.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let begins_plainly = text.chars().next().is_some_and(char::is_alphanumeric);
    let ends_plainly =
        text.chars().last().is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ')' | '\''));
    let is_word =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '\'' | '/' | '(' | ')' | '_');
    let is_reserved = matches!(text, "none" | "null" | "yes" | "no" | "any");
    begins_plainly && ends_plainly && text.chars().all(is_word) && !is_reserved && !text.contains(" -")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            ' '..='~' => quoted.push(c),
            c if c.is_alphanumeric() => quoted.push(c),
            c if u32::from(c) <= 0xffff => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}
