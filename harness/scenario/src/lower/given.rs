//! `given:`: the world before the clock starts.

use super::{
    Cx, Map,
    fields::Side,
    known::{Refers, Thing, record_number},
    leaf::{Leaf, shown},
    suggest,
};
use crate::{
    At, Case, Doing, Environment, RecordRef,
    sources::Spot,
    time::Use,
    tree::{Kind, Node},
    vocabulary as words,
};
use acp::{Action, Actor, CareKind, Origin, Planted, Status};
use feed::{ExternalId, Field, Requirement, System, Text, VisitId};
use jiff::SignedDuration;
use rostering::Command;

/// Most rostering environments in one scenario. *Assumed.*
const MOST_ENVIRONMENTS: usize = 16;
/// The service that `branches:` puts its branches into.
const HOME_CARE: &str = "Home Care";
/// How long a visit lasts unless it says so. *Assumed.*
const VISIT_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// Most items of one kind of care data that one entry makes. *Assumed.*
const MOST_CARE: u32 = 10_000;

pub(crate) const FIRST_SYNC: &str = "the first sync has finished";

/// What an entry may be, apart from `use:` (which `load.rs` has followed) and `system:`.
type Out = Vec<At<Doing>>;

impl<'t> Cx<'t> {
    /// The rostering systems come first: all else needs to know them.
    pub(crate) fn environments(&mut self, entries: &[&'t Node]) {
        for entry in entries {
            if let Some(node) = entry.at("rostering system")
                && let Some(environment) = self.rostering_system(node)
            {
                self.known.environments.push(environment);
            }
        }
        if self.known.environments.is_empty() {
            self.known.environments.push(Environment {
                name: Text::from("rostering"),
                system: System::PeoplePlanner,
                prefix: None,
                branches: Vec::new(),
            });
        }
    }

    fn rostering_system(&mut self, node: &'t Node) -> Option<Environment> {
        let map = self.map("rostering system", node, &words::ROSTERING_SYSTEM)?;
        if self.known.environments.len() == MOST_ENVIRONMENTS {
            let what = format!("more than {MOST_ENVIRONMENTS} rostering systems");
            self.wrong("too-large", map.node.spot, what, "take some out");
            return None;
        }
        let name = self.need(&map, "name").and_then(|node| self.prose("name", node))?;
        if self.known.environments.iter().any(|it| it.name == name.text) {
            let what = format!("two rostering systems are called `{}`", shown(&name.text));
            self.wrong("defined-twice", name.spot, what, "a second time");
            return None;
        }
        let all: Vec<(&'static str, System)> =
            System::ALL.iter().map(|&system| (system.text(), system)).collect();
        let system =
            map.get("system").map_or(Some(System::default()), |node| self.choice("system", node, &all));
        let system = system.unwrap_or_default();
        let prefix = map.get("prefix").and_then(|node| self.leaf("prefix", node));
        if let Some(prefix) = &prefix
            && system != System::PeoplePlanner
        {
            let what = format!("{} puts no prefix before what it sends", system.title());
            self.wrong("not-for-this-system", prefix.spot, what, "only People Planner does [PUB-8]");
        }
        let prefix = prefix.map(|leaf| leaf.text).filter(|text| !text.is_empty());
        Some(Environment { name: name.text, system, prefix, branches: Vec::new() })
    }

    pub(crate) fn given(&mut self, entries: &[&'t Node], case: &mut Case) {
        // Branches first, so that a record may name one that comes after it in the file.
        for entry in entries {
            self.places(entry, case);
        }
        for entry in entries {
            let mut out = Vec::new();
            self.entry(entry, case, &mut out);
            case.given.append(&mut out);
        }
        for (env, environment) in self.known.environments.iter().enumerate() {
            let of_this = |(at, _): &&(u8, Text)| usize::from(*at) == env;
            let mut branches: Vec<(&Text, Spot)> = self
                .known
                .rostering_branches
                .iter()
                .filter(|(key, _)| of_this(key))
                .map(|((_, name), spot)| (name, *spot))
                .collect();
            branches.sort_by_key(|(_, spot)| *spot);
            let branches = branches.into_iter().map(|(name, _)| name.clone()).collect();
            case.environments.push(Environment { branches, ..environment.clone() });
        }
    }

    /// The key of an entry that says what it is, with the value and the entry's `system:`.
    fn main_key(&mut self, entry: &'t Node) -> Option<(&'t Node, &'t Node, Option<&'t Node>)> {
        let entries = entry.entries();
        let system = entries.iter().find(|(key, _)| key.as_text() == "system").map(|(_, value)| value);
        let mut main = entries.iter().filter(|(key, _)| key.as_text() != "system");
        main.next().map(|(key, value)| (key, value, system))
    }

    /// Branches and services, on both sides.
    fn places(&mut self, entry: &'t Node, case: &mut Case) {
        let Some((key, value, system)) = self.main_key(entry) else { return };
        let (in_rostering, in_acp) = match key.as_text() {
            "branches" | "services" => (true, true),
            "acp branches" | "acp services" => (false, true),
            "rostering branches" => (true, false),
            _ => return,
        };
        let env = if in_rostering { Some(self.environment(system, key.spot)) } else { None };
        for (service, branch) in self.branches_of(key.as_text(), value) {
            if let Some(env) = env {
                self.branch_of_rostering(env, &branch);
            }
            let name = env.map_or(branch.text.clone(), |env| self.known.sent(env, &branch.text));
            if in_acp {
                self.branch_of_acp(&service, &Leaf { text: name, ..branch }, case);
            }
        }
    }

    /// Service and branch, one by one.
    fn branches_of(&mut self, key: &str, node: &'t Node) -> Vec<(Text, Leaf)> {
        let mut found = Vec::new();
        if key.ends_with("branches") {
            let texts = self.texts(key, node);
            found.extend(texts.into_iter().map(|leaf| (Text::from(HOME_CARE), leaf)));
            return found;
        }
        let node = self.resolve(node);
        if node.entries().is_empty() && !matches!(node.kind, Kind::Unread) {
            let what = format!("`{key}` takes services with their branches");
            self.wrong("wrong-kind", node.spot, what, "write `{ Home Care: [North Leeds] }`");
        }
        for (service, branches) in node.entries() {
            let name = Text::from(service.as_text());
            self.known.services.insert(name.clone());
            let empty = matches!(&branches.kind, Kind::List(items) if items.is_empty());
            let texts = if empty { Vec::new() } else { self.texts(service.as_text(), branches) };
            found.extend(texts.into_iter().map(|leaf| (name.clone(), leaf)));
        }
        found
    }

    fn branch_of_rostering(&mut self, env: u8, leaf: &Leaf) {
        let before = self.known.rostering_branches.insert((env, leaf.text.clone()), leaf.spot);
        if let Some(first) = before {
            let what = format!("the branch `{}` is named twice", shown(&leaf.text));
            self.wrong("defined-twice", leaf.spot, what, "a second time").also(first, "first here");
        }
    }

    fn branch_of_acp(&mut self, service: &Text, leaf: &Leaf, case: &mut Case) {
        self.known.services.insert(service.clone());
        let place = case.services.iter().position(|(it, _)| it == service).unwrap_or_else(|| {
            case.services.push((service.clone(), Vec::new()));
            case.services.len() - 1
        });
        match self.known.acp_branches.get(&leaf.text) {
            // Two environments without prefix may share a branch; that is one branch in ACP.
            Some((same, first)) if same == service && first.file == leaf.spot.file => {}
            Some((other, first)) if other != service => {
                let (first, other) = (*first, other.clone());
                let what = format!("the branch `{}` is in two services", shown(&leaf.text));
                let label = format!("here in {service}; a branch belongs to one service");
                self.wrong("defined-twice", leaf.spot, what, label).also(first, format!("here in {other}"));
            }
            Some(_) => {}
            None => {
                self.known.acp_branches.insert(leaf.text.clone(), (service.clone(), leaf.spot));
                case.services[place].1.push(leaf.text.clone());
            }
        }
    }

    fn entry(&mut self, entry: &'t Node, case: &mut Case, out: &mut Out) {
        let entry = self.resolve(entry);
        match &entry.kind {
            Kind::Map(_) => self.entry_with_key(entry, case, out),
            Kind::Unread => {}
            _ => {
                let Some(leaf) = self.leaf("given", entry) else { return };
                if leaf.text == FIRST_SYNC {
                    out.push(self.at(Doing::FirstSync, leaf.spot));
                } else {
                    let keys = words::GIVEN.texts().chain([FIRST_SYNC]);
                    let label = suggest::label(&leaf.text, keys.clone(), "this is no entry of `given`");
                    let listed = suggest::listed(keys);
                    let what = format!("`given` knows no `{}`", shown(&leaf.text));
                    self.wrong("unknown-key", leaf.spot, what, label)
                        .help(format!("possible here: {listed}"));
                }
            }
        }
    }

    fn entry_with_key(&mut self, entry: &'t Node, case: &mut Case, out: &mut Out) {
        self.map("given", entry, &words::GIVEN);
        let Some((key, value, system)) = self.main_key(entry) else { return };
        let also = entry.entries().iter().filter(|(it, _)| it.as_text() != "system" && it.spot != key.spot);
        for (second, _) in also.filter(|(it, _)| words::GIVEN.has(it.as_text())) {
            let what = format!("`{}` stands in the same entry as `{}`", second.as_text(), key.as_text());
            self.wrong("two-in-one", second.spot, what, "begin it with `- `, as an entry of its own");
        }
        match key.as_text() {
            "service user" => self.each(key, value, |cx, node| cx.add_service_user(node, system, out)),
            "visit" => self.each(key, value, |cx, node| cx.add_visit(node, system, out)),
            "service order" => self.each(key, value, |cx, node| cx.add_order(node, system, out)),
            "requirement" => self.each(key, value, |cx, node| cx.add_requirement(node, system, out)),
            "acp record" => self.each(key, value, |cx, node| cx.planted(node, case)),
            "care" => self.each(key, value, |cx, node| cx.care_entry(node, out)),
            "population" => self.population(key, value, system, out),
            _ => {}
        }
    }

    /// A list does several.
    fn each(&mut self, key: &'t Node, value: &'t Node, mut one: impl FnMut(&mut Self, &'t Node)) {
        for item in self.list(key.as_text(), value) {
            one(self, item);
        }
    }

    /// The environment of an entry: its own `system:`, or the one beside it.
    fn env_of(&mut self, map: &Map<'t>, beside: Option<&'t Node>) -> u8 {
        self.environment(map.get("system").or(beside), map.node.spot)
    }

    pub(crate) fn add_service_user(&mut self, node: &'t Node, beside: Option<&'t Node>, out: &mut Out) {
        let Some(map) = self.map("service user", node, &words::SERVICE_USER) else { return };
        let environment = self.env_of(&map, beside);
        let id = self.need(&map, "id").and_then(|node| self.leaf_or_raw("id", node));
        let mut fields = self.fields(&map, Side::Rostering(environment));
        if !["name", "given name", "family name"].iter().any(|key| map.has(key)) {
            self.wrong("missing-key", map.node.spot, "a service user needs `name`", "`name` is missing")
                .help("`given name` or `family name` will do; where none is the point, write `family name: \"\"`");
        }
        self.need_branch(&map);
        fields_without_blanks(&mut fields);
        let terminated =
            map.get("terminated").and_then(|node| self.moment("terminated", node, Use::TypedDay));
        let Some(id) = id else { return };
        self.define(Thing::ServiceUser, environment, &id);
        let spot = id.spot;
        let id = ExternalId::new(id.text);
        let command = Command::AddServiceUser { id: id.clone(), fields };
        out.push(self.at(Doing::Rostering { environment, command }, spot));
        if let Some(on) = terminated {
            let command = Command::Terminate { id, on };
            out.push(self.at(Doing::Rostering { environment, command }, spot));
        }
    }

    fn need_branch(&mut self, map: &Map<'t>) {
        if !map.has("branch") {
            self.wrong("missing-key", map.node.spot, "a service user needs `branch`", "`branch` is missing")
                .help("where none is the point, write `branch: \"\"`");
        }
    }

    pub(crate) fn add_visit(&mut self, node: &'t Node, beside: Option<&'t Node>, out: &mut Out) {
        self.known.n_visits += 1;
        let number = self.known.n_visits;
        let Some(map) = self.map("visit", node, &words::VISIT) else { return };
        let environment = self.env_of(&map, beside);
        let service_user =
            self.need(&map, "for").and_then(|node| self.service_user(environment, "for", node, Refers::Act));
        let starts = self.need(&map, "starts").and_then(|node| self.moment("starts", node, Use::Typed));
        let lasts = map.get("lasts").map_or(Some(VISIT_LASTS), |node| self.some_time("lasts", node));
        let employee = map.get("employee").and_then(|node| self.leaf("employee", node)).map(|leaf| leaf.text);
        let requirement = map
            .get("requirement")
            .and_then(|node| self.named(Thing::Requirement, environment, "requirement", node));
        let id = match map.get("id") {
            Some(node) => self.leaf_or_raw("id", node),
            None => Some(Leaf { text: Text::from(format!("V{number}")), spot: map.node.spot, raw: false }),
        };
        let Some(id) = id else { return };
        self.define(Thing::Visit, environment, &id);
        let (Some(service_user), Some(starts), Some(lasts)) = (service_user, starts, lasts) else { return };
        let spot = id.spot;
        let id = VisitId::new(id.text);
        let command = Command::PlanVisit { id, service_user, starts, lasts, employee, requirement };
        out.push(self.at(Doing::Rostering { environment, command }, spot));
    }

    pub(crate) fn add_order(&mut self, node: &'t Node, beside: Option<&'t Node>, out: &mut Out) {
        let Some(map) = self.map("service order", node, &words::SERVICE_ORDER) else { return };
        let environment = self.env_of(&map, beside);
        self.only_care_rostering(environment, "service orders", map.node.spot);
        let service_user =
            self.need(&map, "for").and_then(|node| self.service_user(environment, "for", node, Refers::Act));
        let id = self.need(&map, "id").and_then(|node| self.prose("id", node));
        let service = map.get("service").and_then(|node| self.service_name("service", node));
        let Some(id) = id else { return };
        self.define(Thing::Order, environment, &id);
        let Some(service_user) = service_user else { return };
        let command = Command::AddOrder { service_user, order: id.text, service };
        out.push(self.at(Doing::Rostering { environment, command }, id.spot));
    }

    pub(crate) fn add_requirement(&mut self, node: &'t Node, beside: Option<&'t Node>, out: &mut Out) {
        let Some(map) = self.map("requirement", node, &words::REQUIREMENT) else { return };
        let environment = self.env_of(&map, beside);
        self.only_care_rostering(environment, "requirements", map.node.spot);
        let order =
            self.need(&map, "order").and_then(|node| self.named(Thing::Order, environment, "order", node));
        let id = self.need(&map, "id").and_then(|node| self.prose("id", node));
        let name = self.need(&map, "name").and_then(|node| self.prose("name", node));
        let Some(id) = id else { return };
        self.define(Thing::Requirement, environment, &id);
        let (Some(order), Some(name)) = (order, name) else { return };
        let requirement = Requirement { id: id.text, name: name.text };
        let command = Command::AddRequirement { order, requirement };
        out.push(self.at(Doing::Rostering { environment, command }, id.spot));
    }

    pub(crate) fn only_care_rostering(&mut self, env: u8, what: &str, spot: Spot) {
        let environment = &self.known.environments[usize::from(env)];
        if environment.system != System::CareRostering {
            let title = environment.system.title();
            let what = format!("{title} has no {what}");
            self.wrong("not-for-this-system", spot, what, "only Access Care Rostering has them")
                .help("say `rostering system: { name: rostering, system: care rostering }` first");
        }
    }

    pub(crate) fn service_name(&mut self, key: &str, node: &'t Node) -> Option<Text> {
        let leaf = self.leaf_or_raw(key, node)?;
        self.service(&leaf);
        Some(leaf.text)
    }

    fn planted(&mut self, node: &'t Node, case: &mut Case) {
        let Some(map) = self.map("acp record", node, &words::ACP_RECORD) else { return };
        let called = self.called(&map);
        let fields = self.fields(&map, Side::Acp);
        if !map.has("branch") && !map.has("service") {
            self.wrong("missing-key", map.node.spot, "a record needs `branch`", "`branch` is missing");
        }
        let origins = [("hand", Origin::ByHand), ("integration", Origin::Integration)];
        let origin =
            map.get("made by").map_or(Some(Origin::ByHand), |node| self.choice("made by", node, &origins));
        let status =
            map.get("status").map_or(Some(Status::Active), |node| self.choice("status", node, STATUSES));
        let external_id = map.get("external id").and_then(|node| self.new_external_id("external id", node));
        let role_access =
            map.get("role access").map(|node| self.texts("role access", node)).unwrap_or_default();
        let care = self.planted_care(&map);
        let planted = Planted {
            origin: origin.unwrap_or(Origin::ByHand),
            external_id,
            status: status.unwrap_or(Status::Active),
            fields,
            role_access: role_access.into_iter().map(|leaf| leaf.text).collect(),
            care,
        };
        case.planted.push((called, planted));
    }

    /// `called: hers`, noted as the name of a record.
    pub(crate) fn called(&mut self, map: &Map<'t>) -> Option<Text> {
        let leaf = map.get("called").and_then(|node| self.prose("called", node))?;
        if record_number(&leaf.text).is_some() {
            let what = format!("a record cannot be called `{}`", leaf.text);
            self.wrong("not-a-name", leaf.spot, what, "R and a number is how ACP itself numbers records");
            return None;
        }
        self.define(Thing::Record, 0, &leaf);
        Some(leaf.text)
    }

    /// An identifier that somebody types in ACP: it need not exist in rostering.
    pub(crate) fn new_external_id(&mut self, key: &str, node: &'t Node) -> Option<ExternalId> {
        let leaf = self.leaf_or_raw(key, node)?;
        let key = (Thing::AcpId, 0, leaf.text.clone());
        self.note(key, leaf.spot);
        Some(ExternalId::new(leaf.text))
    }

    fn planted_care(&mut self, map: &Map<'t>) -> Vec<(CareKind, Text, Vec<Text>)> {
        let mut care = Vec::new();
        for &kind in CareKind::ALL {
            for _ in 0..self.n_care(map, kind.text()) {
                care.push((kind, self.care_title(kind.text()), Vec::new()));
            }
        }
        let n_activities = self.n_care(map, "activities");
        let activities: Vec<Text> = (0..n_activities).map(|_| self.care_title("activities")).collect();
        let newest_plan = care.iter_mut().rev().find(|(kind, ..)| *kind == CareKind::CarePlan);
        match newest_plan {
            Some((_, _, of_plan)) => *of_plan = activities,
            None if n_activities > 0 => {
                let spot = map.entry("activities").map_or(map.node.spot, |(key, _)| key.spot);
                self.wrong(
                    "no-care-plan",
                    spot,
                    "activities go into a care plan, and there is none",
                    "add `care plans: 1`",
                );
            }
            None => {}
        }
        care
    }

    pub(crate) fn n_care(&mut self, map: &Map<'t>, key: &str) -> u32 {
        map.get(key).and_then(|node| self.whole_u32(key, node, 0..=MOST_CARE)).unwrap_or(0)
    }

    /// "Form 2": numbered through the case, so that items can be told apart.
    pub(crate) fn care_title(&mut self, key: &str) -> Text {
        let singular = match key {
            "care plans" => "Care plan",
            "activities" => "Activity",
            "forms" => "Form",
            "notes" => "Note",
            "documents" => "Document",
            _ => "Visit",
        };
        let number = self.known.n_care.entry(singular).or_default();
        *number += 1;
        Text::from(format!("{singular} {number}"))
    }

    fn care_entry(&mut self, node: &'t Node, out: &mut Out) {
        let Some(map) = self.map("care", node, &words::CARE) else { return };
        let Some(record) = self.record_of(&map, Refers::Act) else { return };
        self.add_care(&map, &record, &Actor::CareStaff, out);
    }

    /// Care plans, forms and so on, one action each; activities go into the newest care plan.
    pub(crate) fn add_care(&mut self, map: &Map<'t>, record: &RecordRef, by: &Actor, out: &mut Out) {
        let spot = map.node.spot;
        let n_before = out.len();
        let mut n_activities = self.n_care(map, "activities");
        for kind in [CareKind::CarePlan, CareKind::Form, CareKind::Note, CareKind::Document] {
            let n = self.n_care(map, kind.text());
            for idx in 0..n {
                let is_newest_plan = kind == CareKind::CarePlan && idx + 1 == n;
                let n_inside = if is_newest_plan { std::mem::take(&mut n_activities) } else { 0 };
                let title = self.care_title(kind.text());
                let activities = (0..n_inside).map(|_| self.care_title("activities")).collect();
                let action = Action::AddCare { record: record.clone(), kind, title, activities };
                out.push(self.at(Doing::Acp { by: by.clone(), action, called: None }, spot));
            }
        }
        for _ in 0..n_activities {
            let action = Action::AddActivity { record: record.clone(), title: self.care_title("activities") };
            out.push(self.at(Doing::Acp { by: by.clone(), action, called: None }, spot));
        }
        if out.len() == n_before {
            self.wrong("nothing-done", spot, "no care data is added", "say how many: `care plans: 1`");
        }
    }

    fn population(&mut self, key: &'t Node, value: &'t Node, beside: Option<&'t Node>, out: &mut Out) {
        let Some(map) = self.map("population", value, &words::POPULATION) else { return };
        let environment = self.env_of(&map, beside);
        let n = self
            .need(&map, "service users")
            .and_then(|node| self.whole_u32("service users", node, 1..=1_000_000));
        let seed = map.get("seed").map_or(Some(0), |node| self.whole("seed", node, 0..=u64::MAX));
        let visit = map.get("visit").and_then(|node| self.moment("visit", node, Use::Typed));
        self.known.populate(environment);
        if !self.known.rostering_branches.keys().any(|(env, _)| *env == environment) {
            self.wrong(
                "missing-key",
                key.spot,
                "the invented service users have no branch to be in",
                "name `branches` too",
            );
        }
        let (Some(n_service_users), Some(seed)) = (n, seed) else { return };
        out.push(self.at(Doing::Population { environment, seed, n_service_users, visit }, key.spot));
    }

    /// The record that `service user:` or `record:` names.
    pub(crate) fn record_of(&mut self, map: &Map<'t>, refers: Refers) -> Option<RecordRef> {
        let system = map.get("system").and_then(|node| self.system(node));
        match (map.entry("service user"), map.entry("record")) {
            (Some((_, node)), None) => self.sent_id(system, "service user", node, refers).map(RecordRef::Of),
            (None, Some((_, node))) => self.record("record", node, refers),
            (Some((first, _)), Some((second, _))) => {
                self.wrong(
                    "two-in-one",
                    second.spot,
                    "a service user and a record are both named",
                    "keep one of them",
                )
                .also(first.spot, "this says which record, too");
                None
            }
            (None, None) => {
                let what = format!("{} needs `service user` or `record`", map.shape.what);
                self.wrong("missing-key", map.node.spot, what, "say which record, as `service user: SU-1`");
                None
            }
        }
    }
}

pub(crate) const STATUSES: &[(&str, Status)] =
    &[("active", Status::Active), ("inactive", Status::Inactive), ("archived", Status::Archived)];

/// `""` in a new service user is a field that was never filled in.
fn fields_without_blanks(fields: &mut feed::Fields) {
    for field in Field::ALL {
        if fields.get(*field).is_some_and(|value| value.is_empty()) {
            fields.remove(*field);
        }
    }
}
