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
use crate::{Environment, sources::Spot};
use feed::{ExternalId, Text};
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
    pub(super) const fn text(self) -> &'static str {
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
    /// Environments with invented service users: how many, and where that is said.
    pub(super) populated: BTreeMap<u8, (u32, Spot)>,
    /// What the first reading found. None while it is being made.
    pub(super) anywhere: Option<Box<Known>>,
    /// Something was named that is not defined yet.
    pub(crate) is_unresolved: bool,
    /// The first sync has finished.
    pub(crate) is_live: bool,
    pub(crate) n_visits: u32,
    pub(crate) n_care_in_all: u32,
    /// Invented service users.
    pub(crate) n_invented: u32,
    /// Titles of care data are numbered through the case.
    pub(crate) n_care: BTreeMap<&'static str, u32>,
}

impl Known {
    pub(crate) fn again(self) -> Known {
        Known { anywhere: Some(Box::new(self)), ..Known::default() }
    }

    pub(super) fn has(&self, thing: Thing, env: u8, text: &Text) -> bool {
        // A tuple of references cannot be looked up, so the text is cloned: a counter or 16 bytes.
        self.things.contains_key(&(thing, env, text.clone()))
    }

    pub(super) fn names(&self, thing: Thing, env: u8) -> impl Iterator<Item = &str> {
        let of_one = move |(it, at, _): &&(Thing, u8, Text)| *it == thing && *at == env;
        self.things.keys().filter(of_one).map(|(_, _, name)| name.as_str())
    }

    pub(super) fn prefix(&self, env: u8) -> &str {
        self.environments.get(usize::from(env)).and_then(|it| it.prefix.as_deref()).unwrap_or("")
    }

    pub(crate) fn sent(&self, env: u8, own: &str) -> Text {
        let mut sent = Text::from(self.prefix(env));
        sent.push_str(own);
        sent
    }

    /// Somebody typed this identifier in ACP.
    pub(crate) fn is_in_acp(&self, id: &ExternalId) -> bool {
        self.has(Thing::AcpId, 0, &Text::from(id.as_str()))
    }

    /// Whether a population of this environment has invented this identifier.
    pub(super) fn is_invented(&self, env: u8, id: &str) -> bool {
        let number =
            id.strip_prefix("SU-").filter(|digits| digits.len() >= 6).and_then(|digits| digits.parse().ok());
        let of = self.populated.get(&env).map_or(0, |(n, _)| *n);
        number.is_some_and(|number: u32| (1..=of).contains(&number))
    }

    pub(super) fn envs(&self) -> impl Iterator<Item = u8> + use<> {
        // At most 16 environments, see `given.rs`.
        0..u8::try_from(self.environments.len()).unwrap_or(u8::MAX)
    }
}

impl Cx<'_> {
    /// Notes a definition; a second one of the same name is a mistake.
    pub(crate) fn define(&mut self, thing: Thing, env: u8, leaf: &Leaf) {
        if thing == Thing::ServiceUser && self.known.is_invented(env, &leaf.text) {
            self.also_invented(env, leaf.spot, &leaf.text);
            return;
        }
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

    /// Notes invented service users: SU-000001 and so on.
    pub(crate) fn populate(&mut self, env: u8, n: u32, spot: Spot) {
        if let Some((_, first)) = self.known.populated.insert(env, (n, spot)) {
            let what = "one rostering system has two populations";
            self.mistakes
                .push("defined-twice", spot, what, "they would have the same identifiers")
                .also(first, "first here");
        }
        let defined =
            self.known.things.iter().filter(|((thing, at, _), _)| *thing == Thing::ServiceUser && *at == env);
        let both: Vec<(Spot, Text)> = defined
            .filter(|((_, _, id), _)| self.known.is_invented(env, id))
            .map(|((_, _, id), def)| (def.spot, id.clone()))
            .collect();
        for (spot, id) in both {
            self.also_invented(env, spot, &id);
        }
    }

    fn also_invented(&mut self, env: u8, spot: Spot, id: &str) {
        let population = self.known.populated.get(&env).map(|(_, spot)| *spot);
        let what = format!("the population has a service user `{}`, too", shown(id));
        let raw = self.mistakes.push("defined-twice", spot, what, "use another identifier");
        if let Some(population) = population {
            raw.also(population, "invented here");
        }
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
        if thing == Thing::ServiceUser && self.known.is_invented(env, &leaf.text) {
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

    pub(super) fn say_unknown(
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
}
