//! `in rostering:`: what a rostering administrator does.

use super::{
    Cx, Map,
    fields::Side,
    known::{Refers, Thing},
    leaf::Leaf,
};
use crate::{
    At, Doing, Moment,
    time::Use,
    tree::Node,
    vocabulary::{
        self as words, Form, IN_ROSTERING_FORMS, WITH_ORDER, WITH_REQUIREMENT, WITH_SERVICE_USER, WITH_VISIT,
        is_edit,
    },
};
use feed::{ExternalId, Text, VisitId};
use rostering::Command;

type Out = Vec<At<Doing>>;

impl<'t> Cx<'t> {
    pub(crate) fn in_rostering(&mut self, node: &'t Node, out: &mut Out) {
        for item in self.list("in rostering", node) {
            let Some(map) = self.map("in rostering", item, &words::IN_ROSTERING) else { continue };
            let Some((subject, value)) = self.subject(&map, IN_ROSTERING_FORMS) else { continue };
            let system = map.get("system");
            match subject {
                "add service user" => self.add_service_user(value, system, out),
                "add visit" => self.add_visit(value, system, out),
                "add service order" => self.add_order(value, system, out),
                "add requirement" => self.add_requirement(value, system, out),
                _ => {
                    let environment = self.environment(system, map.node.spot);
                    if let Some(command) = self.command(&map, subject, value, environment) {
                        out.push(self.at(Doing::Rostering { environment, command }, map.node.spot));
                    }
                }
            }
            let adds = subject.starts_with("add ");
            if adds {
                self.only(&map, subject, &[]);
            }
        }
    }

    /// The one key that says what an action is about.
    pub(crate) fn subject(
        &mut self,
        map: &Map<'t>,
        forms: &'static [Form],
    ) -> Option<(&'static str, &'t Node)> {
        let mut found = map.node.entries().iter().filter_map(|(key, value)| {
            forms.iter().find(|it| it.subject == key.as_text()).map(|form| (form.subject, key, value))
        });
        let first = found.next();
        let second = found.next();
        match (first, second) {
            // Both say which record: `record_of` has a better word for it.
            (
                Some(("service user" | "record", _, value)),
                Some((subject @ ("service user" | "record"), ..)),
            ) => Some((subject, value)),
            (Some((_, first, _)), Some((subject, second, _))) => {
                let what = format!("`{}` and `{subject}` are two actions", first.as_text());
                self.wrong("two-in-one", second.spot, what, "make a list of them, one action an item")
                    .also(first.spot, "the first action");
                None
            }
            (Some((subject, _, value)), None) => Some((subject, value)),
            (None, _) if map.has_strange_keys() => None,
            (None, _) => {
                let what = format!("{} does not say what it is about", map.shape.what);
                let listed = super::suggest::listed(forms.iter().map(|form| form.subject));
                self.wrong("missing-key", map.node.spot, what, "nothing is done here")
                    .help(format!("begin with one of: {listed}"));
                None
            }
        }
    }

    /// The one thing that is done with the subject.
    pub(crate) fn verb(
        &mut self,
        map: &Map<'t>,
        subject: &str,
        verbs: &[&'static str],
    ) -> Option<(&'static str, &'t Node)> {
        let mut found = map.node.entries().iter().filter_map(|(key, value)| {
            verbs.iter().find(|it| **it == key.as_text()).map(|verb| (*verb, key, value))
        });
        let first = found.next();
        match (first, found.next()) {
            (Some((verb, first, _)), Some((other, second, _))) if !is_edit(verb, other) => {
                let what = format!("`{verb}` and `{other}` are two actions");
                self.wrong("two-in-one", second.spot, what, "make a list of them, one action an item")
                    .also(first.spot, "the first action");
                None
            }
            (Some((verb, _, value)), _) => Some((verb, value)),
            // A key that has no place here was told, and is probably what is done.
            (None, _) if map.has_strange_keys() => None,
            (None, _) => {
                let what = format!("nothing is done with the {subject}");
                self.wrong("nothing-done", map.node.spot, what, "say what is done")
                    .help(format!("possible here: {}", verbs.join(", ")));
                None
            }
        }
    }

    /// Besides the subject and `system`, only these keys belong here.
    pub(crate) fn only(&mut self, map: &Map<'t>, subject: &str, keys: &[&str]) {
        for (key, _) in map.node.entries() {
            let text = key.as_text();
            let fits = text == subject
                || matches!(text, "system" | "as")
                || keys.contains(&text)
                || !map.shape.has(text);
            if !fits {
                let what = format!("`{text}` does not go with `{subject}`");
                let label = if keys.is_empty() {
                    "take it out".to_owned()
                } else {
                    format!("possible here: {}", keys.join(", "))
                };
                self.wrong("does-not-go", key.spot, what, label);
            }
        }
    }

    fn command(
        &mut self,
        map: &Map<'t>,
        subject: &'static str,
        value: &'t Node,
        env: u8,
    ) -> Option<Command<Moment>> {
        match subject {
            "add branch" => {
                self.only(map, subject, &[]);
                let branch = self.prose("add branch", value)?;
                self.known.rostering_branches.insert((env, branch.text.clone()), branch.spot);
                Some(Command::AddBranch { branch: branch.text })
            }
            "rename branch" => self.rename_in_rostering(map, value, env),
            "service user" => self.with_service_user(map, value, env),
            "visit" => self.with_visit(map, value, env),
            "service order" => self.with_order(map, value, env),
            _ => self.with_requirement(map, value, env),
        }
    }

    fn rename_in_rostering(&mut self, map: &Map<'t>, value: &'t Node, env: u8) -> Option<Command<Moment>> {
        self.only(map, "rename branch", &["to"]);
        let from = self.leaf_or_raw("rename branch", value);
        if let Some(from) = &from {
            self.branch_in_rostering(env, from);
        }
        let to = self.need(map, "to").and_then(|node| self.prose("to", node))?;
        self.known.rostering_branches.insert((env, to.text.clone()), to.spot);
        Some(Command::RenameBranch { from: from?.text, to: to.text })
    }

    fn with_service_user(&mut self, map: &Map<'t>, value: &'t Node, env: u8) -> Option<Command<Moment>> {
        self.only(map, "service user", WITH_SERVICE_USER);
        let leaf = self.leaf_or_raw("service user", value);
        if let Some(leaf) = &leaf {
            self.refer(Thing::ServiceUser, env, leaf, Refers::Act);
        }
        let (verb, node) = self.verb(map, "service user", WITH_SERVICE_USER)?;
        let id = leaf.as_ref().map(|leaf| ExternalId::new(leaf.text.clone()));
        let command = match verb {
            "set" | "clear" => {
                let set = self.edit(map, Side::Rostering(env), &words::SET);
                Command::Edit { id: id?, set }
            }
            "stop sending" => Command::StopSending { fields: self.field_names(verb, node), id: id? },
            "save" => {
                self.confirm("save", node, "nothing changed");
                Command::Save { id: id? }
            }
            "change id to" => {
                let to = self.leaf_or_raw(verb, node)?;
                self.define(Thing::ServiceUser, env, &to);
                let from = leaf?;
                self.forget(Thing::ServiceUser, env, &from.text);
                Command::ChangeId { from: ExternalId::new(from.text), to: ExternalId::new(to.text) }
            }
            "terminate" => Command::Terminate { on: self.moment(verb, node, Use::TypedDay)?, id: id? },
            "reinstate" => {
                self.confirm(verb, node, "yes");
                Command::Reinstate { id: id? }
            }
            "suspend" => return self.suspend(node, id),
            "end suspension" => {
                self.confirm(verb, node, "yes");
                Command::EndSuspension { id: id? }
            }
            _ => {
                self.confirm(verb, node, "for good");
                let leaf = leaf?;
                self.forget(Thing::ServiceUser, env, &leaf.text);
                Command::Delete { id: id? }
            }
        };
        Some(command)
    }

    fn suspend(&mut self, node: &'t Node, id: Option<ExternalId>) -> Option<Command<Moment>> {
        let map = self.map("suspend", node, &words::SUSPEND)?;
        let from = self.need(&map, "from").and_then(|node| self.moment("from", node, Use::TypedDay));
        let until = match map.get("until") {
            Some(node) => Some(self.moment("until", node, Use::TypedDay)?),
            None => None,
        };
        let reason = map.get("reason").and_then(|node| self.leaf("reason", node)).map(|leaf| leaf.text);
        Some(Command::Suspend { id: id?, from: from?, until, reason: reason.unwrap_or_default() })
    }

    fn with_visit(&mut self, map: &Map<'t>, value: &'t Node, env: u8) -> Option<Command<Moment>> {
        self.only(map, "visit", WITH_VISIT);
        let leaf = self.leaf_or_raw("visit", value);
        if let Some(leaf) = &leaf {
            self.refer(Thing::Visit, env, leaf, Refers::Act);
        }
        let (verb, node) = self.verb(map, "visit", WITH_VISIT)?;
        let Leaf { text, .. } = leaf?;
        let id = VisitId::new(text.clone());
        let command = match verb {
            "move to" => Command::MoveVisit { starts: self.moment(verb, node, Use::Typed)?, id },
            "cancel" => {
                self.confirm(verb, node, "yes");
                Command::CancelVisit { id }
            }
            "restore" => {
                self.confirm(verb, node, "yes");
                Command::RestoreVisit { id }
            }
            "give to" => Command::RelinkVisit { to: self.service_user(env, verb, node, Refers::Act)?, id },
            _ => {
                self.confirm(verb, node, "for good");
                self.forget(Thing::Visit, env, &text);
                Command::DeleteVisit { id }
            }
        };
        Some(command)
    }

    fn with_order(&mut self, map: &Map<'t>, value: &'t Node, env: u8) -> Option<Command<Moment>> {
        self.only(map, "service order", WITH_ORDER);
        let order = self.named(Thing::Order, env, "service order", value);
        let (verb, node) = self.verb(map, "service order", WITH_ORDER)?;
        if verb == "delete" {
            self.confirm(verb, node, "for good");
            let order = order?;
            self.forget(Thing::Order, env, &order);
            return Some(Command::DeleteOrder { order });
        }
        let service = if self.is_none(node) { None } else { Some(self.service_name(verb, node)?) };
        Some(Command::SetOrderService { order: order?, service })
    }

    fn with_requirement(&mut self, map: &Map<'t>, value: &'t Node, env: u8) -> Option<Command<Moment>> {
        self.only(map, "requirement", WITH_REQUIREMENT);
        let requirement: Option<Text> = self.named(Thing::Requirement, env, "requirement", value);
        let (verb, node) = self.verb(map, "requirement", WITH_REQUIREMENT)?;
        self.confirm(verb, node, "for good");
        let requirement = requirement?;
        self.forget(Thing::Requirement, env, &requirement);
        Some(Command::DeleteRequirement { requirement })
    }
}
