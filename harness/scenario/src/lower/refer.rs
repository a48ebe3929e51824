//! Reading names of things that are defined elsewhere: in rostering as typed, in ACP as sent.

use super::{
    Cx,
    known::{Known, Refers, Thing},
    leaf::{Leaf, shown},
    suggest,
};
use crate::{
    RecordRef,
    sources::Spot,
    tree::{Kind, Node},
};
use feed::{ExternalId, Text, VisitId};

impl<'t> Cx<'t> {
    /// A service user in rostering, by the identifier as typed there.
    pub(crate) fn service_user(
        &mut self,
        env: u8,
        key: &str,
        node: &'t Node,
        refers: Refers,
    ) -> Option<ExternalId> {
        let leaf = self.leaf_or_raw(key, node)?;
        self.refer(Thing::ServiceUser, env, &leaf, refers);
        Some(ExternalId::new(leaf.text))
    }

    /// A name that only rostering uses: an order or requirement.
    pub(crate) fn named(&mut self, thing: Thing, env: u8, key: &str, node: &'t Node) -> Option<Text> {
        let leaf = self.leaf(key, node)?;
        self.refer(thing, env, &leaf, Refers::Act);
        Some(leaf.text)
    }

    /// A service user or visit as ACP knows it: with prefix. It may be written as it is sent, or, where that leaves
    /// no doubt, as it was typed into rostering.
    pub(crate) fn sent_name(
        &mut self,
        thing: Thing,
        system: Option<u8>,
        leaf: &Leaf,
        refers: Refers,
    ) -> Text {
        if leaf.raw {
            return leaf.text.clone();
        }
        if let Some(env) = system {
            self.refer(thing, env, leaf, refers);
            return self.known.sent(env, &leaf.text);
        }
        let now = self.sent_forms(&self.known, thing, leaf);
        let forms = match (&now[..], &self.known.anywhere) {
            ([], Some(anywhere)) => self.sent_forms(anywhere, thing, leaf),
            _ => now,
        };
        match &forms[..] {
            [] => {
                self.unknown_sent(thing, leaf);
                leaf.text.clone()
            }
            [form] => form.clone(),
            forms => {
                let written: Vec<String> = forms.iter().map(|form| format!("`{form}`")).collect();
                let what = format!("`{}` is in several rostering environments", shown(&leaf.text));
                let label = format!("write it as it is sent: {}", written.join(" or "));
                self.wrong("which-system", leaf.spot, what, label);
                leaf.text.clone()
            }
        }
    }

    /// How ACP may know it: exactly as written, else as each environment that has it would send it.
    fn sent_forms(&self, known: &Known, thing: Thing, leaf: &Leaf) -> Vec<Text> {
        let is_there = |env: u8, own: &Text| {
            known.has(thing, env, own) || (thing == Thing::ServiceUser && known.is_invented(env, own))
        };
        let sent_by = |env: u8| {
            let own = leaf.text.strip_prefix(self.known.prefix(env));
            own.is_some_and(|own| is_there(env, &Text::from(own)))
        };
        let typed_in_acp = thing == Thing::ServiceUser && known.has(Thing::AcpId, 0, &leaf.text);
        if typed_in_acp || self.known.envs().any(sent_by) {
            return vec![leaf.text.clone()];
        }
        self.known
            .envs()
            .filter(|&env| is_there(env, &leaf.text))
            .map(|env| self.known.sent(env, &leaf.text))
            .collect()
    }

    fn unknown_sent(&mut self, thing: Thing, leaf: &Leaf) {
        let Some(anywhere) = &self.known.anywhere else {
            self.known.is_unresolved = true;
            return;
        };
        let mut names: Vec<String> = Vec::new();
        for env in self.known.envs() {
            names.extend(anywhere.names(thing, env).map(|name| self.known.sent(env, name).to_string()));
        }
        if thing == Thing::ServiceUser {
            names.extend(anywhere.names(Thing::AcpId, 0).map(str::to_owned));
        }
        names.sort();
        names.dedup();
        let label = suggest::label(&leaf.text, names.iter().map(String::as_str), "nothing here defines it");
        let what = format!("there is no {} `{}`", thing.text(), shown(&leaf.text));
        self.say_unknown("unknown-reference", leaf, what, label, &names);
    }

    pub(crate) fn sent_id(
        &mut self,
        system: Option<u8>,
        key: &str,
        node: &'t Node,
        refers: Refers,
    ) -> Option<ExternalId> {
        let leaf = self.leaf_or_raw(key, node)?;
        Some(ExternalId::new(self.sent_name(Thing::ServiceUser, system, &leaf, refers)))
    }

    pub(crate) fn sent_visit(
        &mut self,
        system: Option<u8>,
        key: &str,
        node: &'t Node,
        refers: Refers,
    ) -> Option<VisitId> {
        let leaf = self.leaf_or_raw(key, node)?;
        Some(VisitId::new(self.sent_name(Thing::Visit, system, &leaf, refers)))
    }

    /// A record by `R2` or by what the scenario calls it.
    pub(crate) fn record(&mut self, key: &str, node: &'t Node, refers: Refers) -> Option<RecordRef> {
        let leaf = self.leaf(key, node)?;
        if let Some(number) = record_number(&leaf.text) {
            return Some(RecordRef::Number(number));
        }
        let is_service_user =
            self.known.envs().any(|env| self.known.has(Thing::ServiceUser, env, &leaf.text));
        if is_service_user && !self.known.has(Thing::Record, 0, &leaf.text) {
            let what = format!("`{}` is an identifier, not the name of a record", shown(&leaf.text));
            self.wrong("unknown-reference", leaf.spot, what, format!("write `service user: {}`", leaf.text));
            return None;
        }
        self.refer(Thing::Record, 0, &leaf, refers);
        Some(RecordRef::Called(leaf.text))
    }

    /// A record by `R2`, by what the scenario calls it, or by an identifier that leads to it.
    pub(crate) fn any_record(
        &mut self,
        system: Option<u8>,
        key: &str,
        node: &'t Node,
        refers: Refers,
    ) -> Option<RecordRef> {
        let leaf = self.leaf_or_raw(key, node)?;
        if let Some(number) = record_number(&leaf.text).filter(|_| !leaf.raw) {
            return Some(RecordRef::Number(number));
        }
        let known = &self.known;
        let called = |known: &Known| known.has(Thing::Record, 0, &leaf.text);
        if !leaf.raw && (called(known) || known.anywhere.as_deref().is_some_and(called)) {
            self.refer(Thing::Record, 0, &leaf, refers);
            return Some(RecordRef::Called(leaf.text));
        }
        Some(RecordRef::Of(ExternalId::new(self.sent_name(Thing::ServiceUser, system, &leaf, refers))))
    }

    /// The environment that `system:` names: its place in the list.
    pub(crate) fn system(&mut self, node: &'t Node) -> Option<u8> {
        let leaf = self.leaf("system", node)?;
        let place = self.known.environments.iter().position(|it| it.name == leaf.text);
        if place.is_none() {
            let names: Vec<String> = self.known.environments.iter().map(|it| it.name.to_string()).collect();
            let label = suggest::label(
                &leaf.text,
                names.iter().map(String::as_str),
                "no `rostering system` has this name",
            );
            let what = format!("there is no rostering system called `{}`", shown(&leaf.text));
            self.say_unknown("unknown-reference", &leaf, what, label, &names);
        }
        place.and_then(|place| u8::try_from(place).ok())
    }

    /// Which environment: the one that is named, or the only one there is.
    pub(crate) fn environment(&mut self, named: Option<&'t Node>, spot: Spot) -> u8 {
        match named {
            Some(node) => self.system(node).unwrap_or(0),
            None if self.known.environments.len() == 1 => 0,
            None => {
                let systems: Vec<String> =
                    self.known.environments.iter().map(|it| format!("`system: {}`", it.name)).collect();
                let what = "there are several rostering systems, and this does not say which";
                self.wrong("which-system", spot, what, format!("add {}", systems.join(" or ")));
                0
            }
        }
    }

    pub(crate) fn branch_in_rostering(&mut self, env: u8, leaf: &Leaf) {
        if leaf.raw || self.known.rostering_branches.contains_key(&(env, leaf.text.clone())) {
            return;
        }
        let Some(anywhere) = &self.known.anywhere else {
            self.known.is_unresolved = true;
            return;
        };
        if anywhere.rostering_branches.contains_key(&(env, leaf.text.clone())) {
            return;
        }
        let names: Vec<String> = anywhere
            .rostering_branches
            .keys()
            .filter(|(at, _)| *at == env)
            .map(|(_, name)| name.to_string())
            .collect();
        self.unknown_branch(leaf, "rostering", &names);
    }

    /// ACP knows its own branches; rostering's are allowed too, because ACP may be told of them.
    pub(crate) fn branch_in_acp(&mut self, leaf: &Leaf) {
        let sent = |known: &Known| {
            known.acp_branches.contains_key(&leaf.text)
                || self.known.envs().any(|env| {
                    let own = leaf.text.strip_prefix(self.known.prefix(env));
                    own.is_some_and(|own| known.rostering_branches.contains_key(&(env, Text::from(own))))
                })
        };
        if leaf.raw || sent(&self.known) {
            return;
        }
        let Some(anywhere) = &self.known.anywhere else {
            self.known.is_unresolved = true;
            return;
        };
        if sent(anywhere) {
            return;
        }
        let mut names: Vec<String> = anywhere.acp_branches.keys().map(ToString::to_string).collect();
        let rostering =
            anywhere.rostering_branches.keys().map(|(env, own)| self.known.sent(*env, own).to_string());
        names.extend(rostering);
        names.sort();
        names.dedup();
        self.unknown_branch(leaf, "ACP", &names);
    }

    fn unknown_branch(&mut self, leaf: &Leaf, place: &str, names: &[String]) {
        let label =
            suggest::label(&leaf.text, names.iter().map(String::as_str), "nothing in `given` names it");
        let what = format!("there is no branch `{}` in {place}", shown(&leaf.text));
        let listed = suggest::listed(names.iter().map(String::as_str));
        let raw = self.mistakes.push("unknown-reference", leaf.spot, what, label);
        if !names.is_empty() {
            raw.help(format!("branches there: {listed}"));
        }
        raw.help("where a wrong name is the point, write `{ raw: ... }`");
    }

    pub(crate) fn service(&mut self, leaf: &Leaf) {
        if leaf.raw || self.known.services.contains(&leaf.text) {
            return;
        }
        let Some(anywhere) = &self.known.anywhere else {
            self.known.is_unresolved = true;
            return;
        };
        if anywhere.services.contains(&leaf.text) {
            return;
        }
        let names: Vec<String> = anywhere.services.iter().map(ToString::to_string).collect();
        let label =
            suggest::label(&leaf.text, names.iter().map(String::as_str), "nothing in `given` names it");
        let what = format!("there is no service `{}` in ACP", shown(&leaf.text));
        self.say_unknown("unknown-reference", leaf, what, label, &names);
    }

    /// Whether a node is the plain word `none`.
    pub(crate) fn is_none(&mut self, node: &'t Node) -> bool {
        let node = self.resolve(node);
        matches!(&node.kind, Kind::Text(scalar) if !scalar.quoted && scalar.text == "none")
    }
}

/// `R2`: the second record that ACP ever had.
pub(crate) fn record_number(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('R')?;
    let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}
