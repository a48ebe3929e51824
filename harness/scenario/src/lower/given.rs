//! `given:`: the world before the clock starts.

use super::{
    Cx,
    leaf::{Leaf, shown},
    suggest,
};
use crate::{
    At, Case, Doing, Environment,
    sources::Spot,
    time::Use,
    tree::{Kind, Node},
    vocabulary::{self as words, MOST_INVENTED},
};
use feed::{System, Text};

/// Most rostering environments in one scenario. *Assumed.*
const MOST_ENVIRONMENTS: usize = 16;
/// The service that `branches:` puts its branches into.
const HOME_CARE: &str = "Home Care";

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

    /// Branches and services, on both sides.
    fn places(&mut self, entry: &'t Node, case: &mut Case) {
        let Some((key, value, system)) = main_key(entry) else { return };
        let (in_rostering, in_acp) = match key.as_text() {
            "branches" | "services" => (true, true),
            "acp branches" | "acp services" => (false, true),
            "rostering branches" => (true, false),
            _ => return,
        };
        let env = if in_rostering { Some(self.environment(system, key.spot)) } else { None };
        for (service, branch) in self.branches_of(key.as_text(), value) {
            if env.is_some_and(|env| !self.branch_of_rostering(env, &branch)) {
                continue;
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

    /// False where the environment has it already.
    fn branch_of_rostering(&mut self, env: u8, leaf: &Leaf) -> bool {
        let before = self.known.rostering_branches.insert((env, leaf.text.clone()), leaf.spot);
        if let Some(first) = before {
            let what = format!("the branch `{}` is named twice", shown(&leaf.text));
            self.wrong("defined-twice", leaf.spot, what, "a second time").also(first, "first here");
        }
        before.is_none()
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
                    if std::mem::replace(&mut self.known.is_live, true) {
                        let what = "the first sync can only be once";
                        self.wrong("defined-twice", leaf.spot, what, "a second time");
                    }
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
        let Some((key, value, system)) = main_key(entry) else {
            let what = "this entry of `given` does not say what is there";
            let keys = suggest::listed(words::GIVEN.texts());
            self.wrong("missing-key", entry.spot, what, "nothing is made here")
                .help(format!("keys here: {keys}"));
            return;
        };
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

    fn population(&mut self, key: &'t Node, value: &'t Node, beside: Option<&'t Node>, out: &mut Out) {
        let Some(map) = self.map("population", value, &words::POPULATION) else { return };
        let environment = self.env_of(&map, beside);
        let left = MOST_INVENTED - self.known.n_invented.min(MOST_INVENTED - 1);
        let n =
            self.need(&map, "service users").and_then(|node| self.whole_u32("service users", node, 1..=left));
        self.known.n_invented = self.known.n_invented.saturating_add(n.unwrap_or(0));
        let seed = map.get("seed").map_or(Some(0), |node| self.whole("seed", node, 0..=u64::MAX));
        let visit = map.get("visit").and_then(|node| self.moment("visit", node, Use::Typed));
        self.populate(environment, n.unwrap_or(0), key.spot);
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
}

/// The key of an entry that says what it is, with the value and the entry's `system:`.
fn main_key(entry: &Node) -> Option<(&Node, &Node, Option<&Node>)> {
    let entries = entry.entries();
    let system = entries.iter().find(|(key, _)| key.as_text() == "system").map(|(_, value)| value);
    let mut main = entries.iter().filter(|(key, _)| key.as_text() != "system");
    main.next().map(|(key, value)| (key, value, system))
}
