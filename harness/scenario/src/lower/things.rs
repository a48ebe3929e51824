//! What is added in rostering, by `given` and by `in rostering` alike: service users, visits, service orders and
//! requirements.

use super::{
    Cx, Map,
    fields::Side,
    known::{Refers, Thing},
    leaf::Leaf,
};
use crate::{At, Doing, sources::Spot, time::Use, tree::Node, vocabulary as words};
use feed::{ExternalId, Field, Requirement, System, Text, VisitId};
use jiff::SignedDuration;
use rostering::Command;

/// How long a visit lasts unless it says so. *Assumed.*
const VISIT_LASTS: SignedDuration = SignedDuration::from_mins(30);

type Out = Vec<At<Doing>>;

impl<'t> Cx<'t> {
    /// The environment of an entry: its own `system:`, or the one beside it.
    pub(crate) fn env_of(&mut self, map: &Map<'t>, beside: Option<&'t Node>) -> u8 {
        self.environment(map.get("system").or(beside), map.node.spot)
    }

    pub(crate) fn add_service_user(&mut self, node: &'t Node, beside: Option<&'t Node>, out: &mut Out) {
        let Some(map) = self.map("service user", node, &words::SERVICE_USER) else { return };
        let environment = self.env_of(&map, beside);
        let id = self.need(&map, "id").and_then(|node| self.leaf_or_raw("id", node));
        let mut fields = self.fields(&map, Side::Rostering(environment));
        if !["name", "given name", "family name"].iter().any(|key| map.has(key)) {
            let help =
                "`given name` or `family name` will do; where none is the point, write `family name: \"\"`";
            self.missing(&map, "name", help);
        }
        if !map.has("branch") {
            self.missing(&map, "branch", "where none is the point, write `branch: \"\"`");
        }
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
}

/// `""` in a new service user is a field that was never filled in.
fn fields_without_blanks(fields: &mut feed::Fields) {
    for field in Field::ALL {
        if fields.get(*field).is_some_and(Text::is_empty) {
            fields.remove(*field);
        }
    }
}
