//! `faults:` and `fault:`: what goes wrong on the way between the systems.

use super::{Cx, Map, known::Refers};
use crate::{
    At, Deliveries, Fault, FaultKind,
    sources::Spot,
    tree::Node,
    vocabulary::{self as words, FAULT_FORMS, FAULT_SHARED, MOST_TIMES},
};
use feed::UpdateKind;

impl<'t> Cx<'t> {
    pub(crate) fn faults(&mut self, key: &str, node: &'t Node) -> Vec<At<Fault>> {
        let mut faults = Vec::new();
        for item in self.list(key, node) {
            let Some(map) = self.map(key, item, &words::FAULTS) else { continue };
            for (kind, value) in map.node.entries() {
                if let Some(form) = FAULT_FORMS.iter().find(|form| form.subject == kind.as_text())
                    && let Some(fault) = self.fault(form.subject, form.also, value, kind.spot)
                {
                    faults.push(self.at(fault, kind.spot));
                }
            }
            self.not_nothing(key, map.node);
        }
        faults
    }

    fn fault(&mut self, name: &'static str, own: &[&str], node: &'t Node, spot: Spot) -> Option<Fault> {
        let node = self.resolve(node);
        // `reorder:` alone says enough.
        if node.is_nothing() && own.is_empty() {
            return Some(Fault { kind: plain(name), on: Deliveries::default(), times: 1 });
        }
        let map = self.map(name, node, &words::FAULT)?;
        for (key, _) in map.node.entries() {
            let text = key.as_text();
            if words::FAULT.has(text) && !own.contains(&text) && !FAULT_SHARED.contains(&text) {
                let possible: Vec<&str> = own.iter().chain(FAULT_SHARED).copied().collect();
                let what = format!("`{text}` does not go with `{name}`");
                self.wrong("does-not-go", key.spot, what, format!("possible here: {}", possible.join(", ")));
            }
        }
        let times = map.get("times").map_or(Some(1), |node| self.whole_u32("times", node, 1..=MOST_TIMES));
        let on = self.deliveries(&map);
        let kind = self.fault_kind(name, &map, spot)?;
        Some(Fault { kind, on, times: times? })
    }

    fn deliveries(&mut self, map: &Map<'t>) -> Deliveries {
        let kinds = [("partial", Some(UpdateKind::Partial)), ("full", Some(UpdateKind::Full)), ("any", None)];
        let environment = map.get("from").and_then(|node| self.system(node));
        Deliveries {
            kind: map.get("update").and_then(|node| self.choice("update", node, &kinds)).flatten(),
            environment,
            carrying: map
                .get("carrying")
                .and_then(|node| self.sent_id(environment, "carrying", node, Refers::Look)),
        }
    }

    fn fault_kind(&mut self, name: &'static str, map: &Map<'t>, _spot: Spot) -> Option<FaultKind> {
        let kind = match name {
            "delay" => FaultKind::Delay(self.need(map, "by").and_then(|node| self.some_time("by", node))?),
            "repeat" => FaultKind::Repeat(
                self.need(map, "again after").and_then(|node| self.some_time("again after", node))?,
            ),
            "cut" => FaultKind::Cut(
                self.need(map, "after").and_then(|node| self.whole_u32("after", node, 0..=u32::MAX))?,
            ),
            "down" => FaultKind::Down(self.need(map, "for").and_then(|node| self.some_time("for", node))?),
            "refuse" => return self.refuse(map),
            "poison" => {
                let system = map.get("system").or(map.get("from")).and_then(|node| self.system(node));
                let id = self.need(map, "service user")?;
                FaultKind::Poison(self.sent_id(system, "service user", id, Refers::Look)?)
            }
            _ => plain(name),
        };
        Some(kind)
    }

    fn refuse(&mut self, map: &Map<'t>) -> Option<FaultKind> {
        let answer = self.need(map, "answer")?;
        let retry_after = match map.get("retry after") {
            Some(node) => Some(self.some_time("retry after", node)?),
            None => None,
        };
        let status = u16::try_from(self.whole("answer", answer, 0..=999)?).ok()?;
        if status != 429 && !(500..=599).contains(&status) {
            let what = format!("`answer: {status}` is not a refusal that is tried again");
            self.wrong("not-a-choice", answer.spot, what, "429, or 500 to 599");
            return None;
        }
        Some(FaultKind::Refuse { status, retry_after })
    }
}

/// The faults that have nothing to say about themselves.
fn plain(name: &str) -> FaultKind {
    if name == "reorder" { FaultKind::Reorder } else { FaultKind::Lose }
}
