//! One row of `cases:`, or the only case: the whole scenario read with its values.

use super::{Cx, known::Known, step::Story, suggest, suite::named};
use crate::{
    Case, Inherited,
    sources::Spot,
    tree::{Kind, Node},
};
use feed::{ManagedDemographics, Setting, Settings, Timestamp};

/// What a case is read from.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'t> {
    pub(crate) root: &'t Node,
    pub(crate) entries: &'t [&'t Node],
    pub(crate) steps: &'t [Node],
}

impl<'t> Cx<'t> {
    /// Reads a case; a second time where something was named before it was defined (see `known.rs`).
    pub(crate) fn case(&mut self, parts: Parts<'t>, name: Option<feed::Text>, at: Spot) -> Case {
        let n_before = self.mistakes.len();
        self.known = Known::default();
        let case = self.read_case(parts, name.clone(), at);
        if !self.known.is_unresolved {
            return case;
        }
        self.mistakes.back_to(n_before);
        self.known = std::mem::take(&mut self.known).again();
        self.read_case(parts, name, at)
    }

    fn read_case(&mut self, parts: Parts<'t>, name: Option<feed::Text>, at: Spot) -> Case {
        let root = parts.root;
        let clock = root.at("clock").and_then(|node| self.instant("clock", node));
        let otherwise = self.suite.clock.unwrap_or(Timestamp::UNIX_EPOCH);
        let (clock, clock_spot) = clock.unwrap_or((otherwise, root.spot));
        let (settings, inherited) = self.in_force(root);
        let mut case = Case {
            name: name.map(|name| name.to_string()),
            at: self.place(at),
            clock,
            settings,
            inherited,
            seed: root.at("seed").and_then(|node| self.whole("seed", node, 0..=u64::MAX)),
            environments: Vec::new(),
            services: Vec::new(),
            planted: Vec::new(),
            given: Vec::new(),
            faults: Vec::new(),
            steps: Vec::new(),
        };
        self.environments(parts.entries);
        self.given(parts.entries, &mut case);
        if let Some(node) = root.at("faults") {
            case.faults = self.faults("faults", node);
        }
        let is_live = self.known.is_live;
        let mut story = Story {
            begins: clock,
            earliest: clock,
            since: clock_spot,
            has_then: false,
            is_live,
            waits: None,
        };
        for step in parts.steps {
            case.steps.extend(self.step(step, &mut story));
        }
        self.whole_story(parts, &story);
        case
    }

    fn whole_story(&mut self, parts: Parts<'t>, story: &Story) {
        let steps =
            parts.root.entries().iter().find(|(key, _)| key.as_text() == "steps").map(|(key, _)| key.spot);
        if let Some(steps) = steps.filter(|_| !story.has_then && !parts.steps.is_empty()) {
            self.wrong("no-then", steps, "no step says what must be so", "add a `- then: ...` with a check")
                .help("a scenario without one would always pass");
        }
        if let Some(waits) = story.waits.filter(|_| !story.is_live) {
            self.wrong(
                "never-live",
                waits,
                "this waits for a sync, but nothing ever switches the integration on",
                "it can never come true",
            )
            .help("add `- the first sync has finished` to `given`, or `integration: goes live` to a `when`");
        }
    }

    /// The settings of the file over those of the suite, and what comes from the suite.
    fn in_force(&mut self, root: &'t Node) -> (Settings, Inherited) {
        let suite = self.suite;
        let rules = root.at("rules");
        let own = rules.map(|rules| named(self.resolve(rules))).unwrap_or_default();
        let left = suite.set.iter().copied().filter(|setting| !own.contains(setting)).collect();
        let clock = suite.clock.is_some() && root.at("clock").is_none();
        let inherited = Inherited { path: String::new(), clock, settings: left };
        let settings = rules.map_or(suite.settings, |rules| self.settings(rules));
        if inherited == Inherited::default() {
            return (settings, inherited);
        }
        (settings, Inherited { path: suite.path.clone(), ..inherited })
    }

    /// Reads `rules:`; what it does not name is as the suite has it.
    pub(super) fn settings(&mut self, node: &'t Node) -> Settings {
        let mut settings = self.suite.settings;
        let node = self.resolve(node);
        if !matches!(node.kind, Kind::Map(_) | Kind::Unread) {
            self.wrong(
                "wrong-kind",
                node.spot,
                "`rules` takes settings",
                "write `{ service_move: needs_support }`",
            );
        }
        for (key, value) in node.entries() {
            let text = key.as_text();
            if let Some(setting) = Setting::ALL.iter().find(|setting| setting.text() == text) {
                self.setting(*setting, value, &mut settings);
            } else {
                let names = Setting::ALL.iter().map(|setting| setting.text());
                let label = suggest::label(text, names.clone(), "there is no such setting");
                let listed = suggest::listed(names);
                self.wrong("unknown-setting", key.spot, format!("there is no setting `{text}`"), label)
                    .help(format!("settings: {listed}"));
            }
        }
        settings
    }

    fn setting(&mut self, setting: Setting, node: &'t Node, settings: &mut Settings) {
        let values: Vec<_> = setting.values().into_iter().map(|value| (value, value)).collect();
        let items = if setting == Setting::ManagedDemographics {
            settings.managed_demographics = ManagedDemographics::NONE;
            self.list(setting.text(), node)
        } else {
            std::slice::from_ref(node)
        };
        for item in items {
            if let Some(value) = self.choice(setting.text(), item, &values) {
                settings.set(setting, value);
            }
        }
    }
}
