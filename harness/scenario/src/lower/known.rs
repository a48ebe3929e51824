//! What a case has defined so far, and what refers to it: service users, visits, records, branches, services,
//! orders, requirements, environments.
//!
//! A `then` may name what only a later step defines ("there is no such record yet"). Since that is rare, a case is
//! read once; only if something was named before it was defined is it read again, with all that the first reading
//! found in `Known::anywhere`.

use super::{
    Cx,
    leaf::{Leaf, shown},
    suggest,
};
use crate::{
    Environment, RecordRef,
    sources::Spot,
    tree::{Kind, Node},
};
use feed::{ExternalId, Text, VisitId};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    ServiceUser,
    Visit,
    Order,
    Requirement,
    /// By the name that the scenario gave it.
    Record,
    /// An identifier that was only ever typed in ACP.
    AcpId,
}

impl Thing {
    const fn text(self) -> &'static str {
        match self {
            Thing::ServiceUser => "service user",
            Thing::Visit => "visit",
            Thing::Order => "service order",
            Thing::Requirement => "requirement",
            Thing::Record => "record",
            Thing::AcpId => "identifier",
        }
    }
}

/// Who refers: that decides whether a later definition is good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refers {
    /// Somebody acts on it: it must be there by then.
    Act,
    /// A check: it may come later.
    Look,
}

#[derive(Clone, Copy, Debug)]
struct Def {
    spot: Spot,
    /// Deleted for good: its name may be given again.
    gone: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) environments: Vec<Environment>,
    things: BTreeMap<(Thing, u8, Text), Def>,
    /// Branches of each environment, as it names them.
    pub(crate) rostering_branches: BTreeMap<(u8, Text), Spot>,
    /// Branches in ACP, as ACP names them.
    pub(crate) acp_branches: BTreeMap<Text, (Text, Spot)>,
    pub(crate) services: BTreeSet<Text>,
    /// Environments that have invented service users: their identifiers are not known here.
    populated: BTreeSet<u8>,
    /// What the first reading found. None while it is being made.
    anywhere: Option<Box<Known>>,
    /// Something was named that is not defined yet.
    pub(crate) is_unresolved: bool,
    pub(crate) n_visits: u32,
    /// Titles of care data are numbered through the case.
    pub(crate) n_care: BTreeMap<&'static str, u32>,
}

impl Known {
    pub(crate) fn again(self) -> Known {
        Known { anywhere: Some(Box::new(self)), ..Known::default() }
    }

    fn has(&self, thing: Thing, env: u8, text: &Text) -> bool {
        // A tuple of references cannot be looked up, so the text is cloned: a counter or 16 bytes.
        self.things.contains_key(&(thing, env, text.clone()))
    }

    fn names(&self, thing: Thing, env: u8) -> impl Iterator<Item = &str> {
        let of_one = move |(it, at, _): &&(Thing, u8, Text)| *it == thing && *at == env;
        self.things.keys().filter(of_one).map(|(_, _, name)| name.as_str())
    }

    fn prefix(&self, env: u8) -> &str {
        self.environments.get(usize::from(env)).and_then(|it| it.prefix.as_deref()).unwrap_or("")
    }

    pub(crate) fn sent(&self, env: u8, own: &str) -> Text {
        let mut sent = Text::from(self.prefix(env));
        sent.push_str(own);
        sent
    }

    pub(crate) fn populate(&mut self, env: u8) {
        self.populated.insert(env);
    }

    fn envs(&self) -> impl Iterator<Item = u8> + use<> {
        // At most 16 environments, see `given.rs`.
        0..u8::try_from(self.environments.len()).unwrap_or(u8::MAX)
    }
}

impl<'t> Cx<'t> {
    /// Notes a definition; a second one of the same name is a mistake.
    pub(crate) fn define(&mut self, thing: Thing, env: u8, leaf: &Leaf) {
        let key = (thing, env, leaf.text.clone());
        let def = Def { spot: leaf.spot, gone: false };
        if let Some(first) = self.known.things.get(&key).filter(|first| !first.gone) {
            let first = first.spot;
            let place = match thing {
                Thing::ServiceUser | Thing::Visit if self.known.environments.len() > 1 => {
                    format!(" in {}", self.known.environments[usize::from(env)].name)
                }
                _ => String::new(),
            };
            let what = format!("two {}s are called `{}`{place}", thing.text(), shown(&leaf.text));
            let raw = self.mistakes.push("defined-twice", leaf.spot, what, "a second time");
            raw.also(first, "first here");
            if thing == Thing::ServiceUser {
                raw.help("one rostering environment never has two service users with one identifier");
            }
            return;
        }
        self.known.things.insert(key, def);
    }

    /// Notes a name that may come any number of times.
    pub(crate) fn note(&mut self, key: (Thing, u8, Text), spot: Spot) {
        self.known.things.entry(key).or_insert(Def { spot, gone: false });
    }

    /// It is gone for good: its name may be given again.
    pub(crate) fn forget(&mut self, thing: Thing, env: u8, text: &Text) {
        if let Some(def) = self.known.things.get_mut(&(thing, env, text.clone())) {
            def.gone = true;
        }
    }

    /// Checks that a thing is defined, and says so if not.
    pub(crate) fn refer(&mut self, thing: Thing, env: u8, leaf: &Leaf, refers: Refers) {
        if leaf.raw || self.known.has(thing, env, &leaf.text) {
            return;
        }
        if thing == Thing::ServiceUser && self.known.populated.contains(&env) {
            return;
        }
        let Some(anywhere) = &self.known.anywhere else {
            self.known.is_unresolved = true;
            return;
        };
        let later = anywhere.things.get(&(thing, env, leaf.text.clone())).map(|def| def.spot);
        match (later, refers) {
            (Some(_), Refers::Look) => {}
            (Some(spot), Refers::Act) => {
                let what = format!("{} `{}` is not there yet", thing.text(), shown(&leaf.text));
                self.mistakes.push("not-yet", leaf.spot, what, "used here").also(spot, "comes only here");
            }
            (None, _) => self.unknown(thing, env, leaf),
        }
    }

    fn unknown(&mut self, thing: Thing, env: u8, leaf: &Leaf) {
        let known = self.known.anywhere.as_deref().unwrap_or(&self.known);
        let names: Vec<String> = known.names(thing, env).map(str::to_owned).collect();
        let prefix = known.prefix(env).to_owned();
        let stripped = leaf
            .text
            .strip_prefix(prefix.as_str())
            .filter(|own| !prefix.is_empty() && names.iter().any(|name| name == own));
        let label = match stripped {
            Some(own) => format!("rostering knows it without prefix: `{own}`"),
            None => suggest::label(&leaf.text, names.iter().map(String::as_str), "nothing here defines it"),
        };
        let what = format!("there is no {} `{}`", thing.text(), shown(&leaf.text));
        self.say_unknown("unknown-reference", leaf, what, label, &names);
    }

    fn say_unknown(
        &mut self,
        code: &'static str,
        leaf: &Leaf,
        what: String,
        label: String,
        names: &[String],
    ) {
        let listed = suggest::listed(names.iter().map(String::as_str));
        let raw = self.mistakes.push(code, leaf.spot, what, label);
        if !names.is_empty() {
            raw.help(format!("defined here: {listed}"));
        }
    }

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
                if self.known.populated.is_empty() || thing != Thing::ServiceUser {
                    self.unknown_sent(thing, leaf);
                }
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
        let sent_by = |env: u8| {
            let own = leaf.text.strip_prefix(self.known.prefix(env));
            own.is_some_and(|own| known.has(thing, env, &Text::from(own)))
        };
        let typed_in_acp = thing == Thing::ServiceUser && known.has(Thing::AcpId, 0, &leaf.text);
        if typed_in_acp || self.known.envs().any(sent_by) {
            return vec![leaf.text.clone()];
        }
        self.known
            .envs()
            .filter(|&env| known.has(thing, env, &leaf.text))
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
                let names: Vec<String> =
                    self.known.environments.iter().map(|it| format!("`system: {}`", it.name)).collect();
                let what = "there are several rostering systems, and this does not say which";
                self.wrong("which-system", spot, what, format!("add {}", names.join(" or ")));
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
