//! `steps:`: what happens and what must then be so, and the order of time.

use super::{Cx, Map};
use crate::{
    About, At, CasePart, Doing, Holds, Pause, Step, StepKind,
    sources::Spot,
    time,
    tree::{Kind, Node},
    vocabulary as words,
};
use feed::{Clause, Timestamp};

/// The cases that can be due. Article 14300960 ("When to contact Support"): CASE-5 is about every case.
pub(crate) const CASE_KINDS: &[(&str, Clause)] = &[
    ("CASE-1", Clause::Case1),
    ("CASE-2", Clause::Case2),
    ("CASE-3", Clause::Case3),
    ("CASE-4", Clause::Case4),
];

/// What must be known of the steps before.
pub(crate) struct Story {
    /// The clock's start.
    pub(crate) begins: Timestamp,
    /// The earliest instant at which the next step can take place, and what says so.
    pub(crate) earliest: Timestamp,
    pub(crate) since: Spot,
    pub(crate) has_then: bool,
    /// Something switches the integration on.
    pub(crate) is_live: bool,
    /// The first step that waits for a sync.
    pub(crate) waits: Option<Spot>,
}

impl<'t> Cx<'t> {
    pub(crate) fn step(&mut self, node: &'t Node, story: &mut Story) -> Option<Step> {
        let node = self.resolve(node);
        let is_when = node.at("when").is_some();
        let shape = match (is_when, node.at("then").is_some()) {
            (true, false) => &words::WHEN,
            (false, true) => &words::THEN,
            (both, _) => {
                // It may have been the one that checks: that there is none is not said besides.
                story.has_then = true;
                return if both { self.when_and_then(node) } else { self.neither(node) };
            }
        };
        self.wait_in_when(node, is_when);
        let map = self.map("steps", node, shape)?;
        let key = if is_when { "when" } else { "then" };
        let label = map.get(key).and_then(|node| self.prose(key, node));
        let pause = self.pause(&map, story);
        let kind = if is_when { Some(self.when(&map, &pause, story)) } else { self.then(&map, story) };
        let label = label?;
        Some(Step { label: label.text.trim().to_string(), at: self.place(label.spot), pause, kind: kind? })
    }

    fn when_and_then(&mut self, node: &'t Node) -> Option<Step> {
        let spot = |key: &str| {
            node.entries().iter().find(|(it, _)| it.as_text() == key).map_or(node.spot, |(it, _)| it.spot)
        };
        let (when, then) = (spot("when"), spot("then"));
        self.wrong(
            "two-in-one",
            when.max(then),
            "one step is both a `when` and a `then`",
            "begin it with `- `, as a step of its own",
        )
        .also(when.min(then), "the step begins here");
        None
    }

    fn neither(&mut self, node: &'t Node) -> Option<Step> {
        match &node.kind {
            Kind::Unread => {}
            Kind::Map(entries) => {
                let spot = entries.first().map_or(node.spot, |(key, _)| key.spot);
                let near = entries.iter().find_map(|(key, _)| {
                    super::suggest::nearest(key.as_text(), ["when", "then"].into_iter())
                        .map(|word| (key.spot, word))
                });
                let (spot, label) = near
                    .map_or((spot, "add `when: ...` or `then: ...`, in prose".to_owned()), |(spot, word)| {
                        (spot, format!("did you mean `{word}`?"))
                    });
                self.wrong("not-a-step", spot, "this step is neither a `when` nor a `then`", label);
            }
            _ if node.is_nothing() => self.empty("steps", node),
            _ => {
                self.wrong(
                    "not-a-step",
                    node.spot,
                    "a step is `when: ...` or `then: ...`",
                    "write `- when: ...`",
                );
            }
        }
        None
    }

    /// `within` and its like on a `when` deserve a better word than "unknown".
    fn wait_in_when(&mut self, node: &'t Node, is_when: bool) {
        if !is_when {
            return;
        }
        let when = node
            .entries()
            .iter()
            .find(|(key, _)| key.as_text() == "when")
            .map_or(node.spot, |(_, value)| value.spot);
        for (key, _) in node.entries().iter().filter(|(key, _)| waits(key.as_text())) {
            let what = format!("`{}` only makes sense on a `then` step", key.as_text());
            self.wrong("wait-in-when", key.spot, what, "a `when` happens at once")
                .also(when, "this step is a `when`")
                .help("to let time pass before it, write `after: 20m`");
        }
    }

    fn pause(&mut self, map: &Map<'t>, story: &mut Story) -> Pause {
        match (map.entry("after"), map.entry("at")) {
            (Some((first, _)), Some((second, _))) => {
                self.wrong("two-in-one", second.spot, "`after` and `at` both say when", "keep one of them")
                    .also(first.spot, "the other");
                Pause::None
            }
            (Some((key, node)), None) => {
                let Some(duration) = self.some_time("after", node) else { return Pause::None };
                self.pass(story, duration, key.spot);
                Pause::For(duration)
            }
            (None, Some((_, node))) => self.until(node, story),
            (None, None) => Pause::None,
        }
    }

    fn until(&mut self, node: &'t Node, story: &mut Story) -> Pause {
        if let Some(leaf) = self.leaf("at", node)
            && leaf.text.starts_with('+')
        {
            let what = "`at` is a moment of the calendar".to_owned();
            let length = leaf.text.trim_start_matches('+');
            self.wrong("not-a-moment", leaf.spot, what, format!("to let time pass, write `after: {length}`"));
            return Pause::None;
        }
        let Some((at, spot)) = self.instant("at", node) else { return Pause::None };
        if at < story.earliest {
            let (what, since) = ("time goes backwards here".to_owned(), story.since);
            let earliest = feed::london().to_datetime(story.earliest);
            let format = if earliest.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
            let earliest = earliest.strftime(format);
            self.wrong(
                "backwards",
                spot,
                what,
                format!("by then it is {earliest} in London at the earliest"),
            )
            .also(since, "because of this");
            return Pause::None;
        }
        if !self.reach(story, at, spot) {
            return Pause::None;
        }
        Pause::Until(at)
    }

    /// Time that passes for certain.
    fn pass(&mut self, story: &mut Story, duration: jiff::SignedDuration, spot: Spot) {
        let later = story.earliest.checked_add(duration).unwrap_or(feed::Timestamp::MAX);
        self.reach(story, later, spot);
    }

    /// The story has come to this instant at the earliest; false where that is too far.
    fn reach(&mut self, story: &mut Story, at: Timestamp, spot: Spot) -> bool {
        let fits = at.duration_since(story.begins) <= time::LONGEST;
        if fits {
            story.earliest = at;
            story.since = spot;
        } else {
            self.wrong("not-a-duration", spot, "the story takes longer than ten years", "shorten it");
        }
        fits
    }

    fn when(&mut self, map: &Map<'t>, pause: &Pause, story: &mut Story) -> StepKind {
        let mut out = Vec::new();
        let mut has_action = false;
        for (key, value) in map.node.entries() {
            has_action |= !matches!(key.as_text(), "when" | "after" | "at") && words::WHEN.has(key.as_text());
            match key.as_text() {
                "in rostering" => self.in_rostering(value, &mut out),
                "in acp" => self.in_acp(value, &mut out),
                "integration" => self.integration(key, value, &mut out, story),
                "confirm duplicate" => self.confirm_duplicate(key, value, &mut out),
                "raise case" => self.raise_case(key, value, &mut out),
                "close case" => self.close_case(key, value, &mut out),
                "ask guidance" => self.ask_guidance(key, value, &mut out),
                "fault" => {
                    let faults = self.faults("fault", value);
                    out.extend(
                        faults.into_iter().map(|fault| At { it: Doing::Fault(fault.it), at: fault.at }),
                    );
                }
                _ => {}
            }
        }
        // A pause that could not be read was told already.
        let pauses = *pause != Pause::None || map.has("after") || map.has("at");
        if !has_action && !pauses {
            let spot = map.entry("when").map_or(map.node.spot, |(key, _)| key.spot);
            let actions = [
                "in rostering",
                "in acp",
                "integration",
                "confirm duplicate",
                "raise case",
                "close case",
                "ask guidance",
                "fault",
            ];
            self.wrong(
                "nothing-done",
                spot,
                "nothing happens in this `when`",
                "say what is done, or let time pass with `after`",
            )
            .help(format!("possible here: {}", actions.join(", ")));
        }
        StepKind::When(out)
    }

    fn integration(&mut self, key: &'t Node, node: &'t Node, out: &mut Vec<At<Doing>>, story: &mut Story) {
        for item in self.list("integration", node) {
            let item = self.resolve(item);
            if !matches!(item.kind, Kind::Map(_)) {
                let doings = [("goes live", true), ("stops", false)];
                let Some(on) = self.choice("integration", item, &doings) else { continue };
                story.is_live |= on;
                out.push(self.at(if on { Doing::GoLive(None) } else { Doing::Stop(None) }, key.spot));
                continue;
            }
            let Some(map) = self.map("integration", item, &words::INTEGRATION) else { continue };
            self.not_nothing("integration", map.node);
            for (verb, system) in map.node.entries() {
                let on = match verb.as_text() {
                    "goes live" => true,
                    "stops" => false,
                    _ => continue,
                };
                story.is_live |= on;
                for system in self.list(verb.as_text(), system) {
                    let env = self.system(system);
                    out.push(self.at(if on { Doing::GoLive(env) } else { Doing::Stop(env) }, verb.spot));
                }
            }
        }
    }

    fn raise_case(&mut self, key: &'t Node, node: &'t Node, out: &mut Vec<At<Doing>>) {
        for item in self.list("raise case", node) {
            let Some(map) = self.map("raise case", item, &words::RAISE_CASE) else { continue };
            let kind = self.need(&map, "kind").and_then(|node| self.choice("kind", node, CASE_KINDS));
            let about = self.about(&map, super::known::Refers::Act);
            let leaving_out =
                map.get("leaving out").map(|node| self.case_parts("leaving out", node)).unwrap_or_default();
            if let (Some(kind), Some(about)) = (kind, about) {
                out.push(self.at(Doing::RaiseCase { kind, about, leaving_out }, key.spot));
            }
        }
    }

    fn close_case(&mut self, key: &'t Node, node: &'t Node, out: &mut Vec<At<Doing>>) {
        for item in self.list("close case", node) {
            let Some(map) = self.map("close case", item, &words::CLOSE_CASE) else { continue };
            let kind = self.need(&map, "kind").and_then(|node| self.choice("kind", node, CASE_KINDS));
            let about = self.about(&map, super::known::Refers::Act);
            if let (Some(kind), Some(about)) = (kind, about) {
                out.push(self.at(Doing::CloseCase { kind, about }, key.spot));
            }
        }
    }

    fn ask_guidance(&mut self, key: &'t Node, node: &'t Node, out: &mut Vec<At<Doing>>) {
        for item in self.list("ask guidance", node) {
            let Some(map) = self.map("ask guidance", item, &words::ASK_GUIDANCE) else { continue };
            if let Some(about) = self.about(&map, super::known::Refers::Act) {
                out.push(self.at(Doing::AskGuidance(about), key.spot));
            }
        }
    }

    pub(crate) fn about(&mut self, map: &Map<'t>, refers: super::known::Refers) -> Option<About> {
        Some(match self.record_of(map, refers)? {
            crate::RecordRef::Of(id) => About::ServiceUser(id),
            record => About::Record(record),
        })
    }

    pub(crate) fn case_parts(&mut self, key: &str, node: &'t Node) -> Vec<CasePart> {
        let all: Vec<(&'static str, CasePart)> =
            CasePart::ALL.iter().map(|&part| (part.text(), part)).collect();
        self.list(key, node).iter().filter_map(|item| self.choice(key, item, &all)).collect()
    }

    fn then(&mut self, map: &Map<'t>, story: &mut Story) -> Option<StepKind> {
        story.has_then = true;
        let holds = self.holds(map, story);
        let n_before = self.mistakes.len();
        let mut checks = Vec::new();
        let mut has_check = false;
        for (key, value) in map.node.entries() {
            has_check |= self.checks(key, value, &mut checks);
        }
        if !has_check || (checks.is_empty() && self.mistakes.len() == n_before) {
            let spot = map.entry("then").map_or(map.node.spot, |(key, _)| key.spot);
            let possible = words::THEN.texts().skip(6);
            let listed = super::suggest::listed(possible);
            self.wrong("nothing-checked", spot, "this `then` checks nothing", "say what must be so")
                .help(format!("possible here: {listed}"));
        }
        Some(StepKind::Then { holds: holds?, checks })
    }

    fn holds(&mut self, map: &Map<'t>, story: &mut Story) -> Option<Holds> {
        let mut found =
            ["within", "for", "never"].into_iter().filter_map(|key| map.entry(key).map(|entry| (key, entry)));
        let (first, second) = (found.next(), found.next());
        let Some((key, (key_node, node))) = first else { return Some(Holds::Now) };
        if let Some((other, (second, _))) = second {
            let what = format!("`{key}` and `{other}` cannot both be meant");
            self.wrong("two-in-one", second.spot, what, "make two steps of it")
                .also(key_node.spot, "the other");
            return None;
        }
        let duration = self.some_time(key, node)?;
        match key {
            "within" => {
                story.waits.get_or_insert(key_node.spot);
                Some(Holds::Within(duration))
            }
            "for" => {
                self.pass(story, duration, key_node.spot);
                Some(Holds::For(duration))
            }
            _ => {
                self.pass(story, duration, key_node.spot);
                Some(Holds::Never(duration))
            }
        }
    }
}

/// The three keys that say how long a `then` has to wait.
pub(crate) fn waits(key: &str) -> bool {
    matches!(key, "within" | "for" | "never")
}
