//! The checks of a `then`: what can be looked at and be true or not.

use super::{
    Cx,
    care::STATUSES,
    fields::{Side, field_named},
    known::{Refers, Thing},
    leaf::Leaf,
    step::CASE_KINDS,
};
use crate::{
    At, Check, Count, Has, HistoryBy, RecordsLike, SyncOutcome, VisitsLike,
    time::Use,
    tree::{Kind, Node},
    vocabulary::{self as words, SITUATIONS},
};
use acp::{Origin, Tracked};
use feed::{Field, Text};

pub(crate) const ORIGINS: &[(&str, Origin)] =
    &[("integration", Origin::Integration), ("by hand", Origin::ByHand)];
const OUTCOMES: &[(&str, SyncOutcome)] = &[
    ("created", SyncOutcome::Created),
    ("updated", SyncOutcome::Updated),
    ("unchanged", SyncOutcome::Unchanged),
    ("held", SyncOutcome::Held),
    ("refused", SyncOutcome::Refused),
    ("older", SyncOutcome::Older),
    ("not created", SyncOutcome::NotCreated),
];
const HISTORY_BY: &[(&str, HistoryBy)] = &[
    ("integration", HistoryBy::Integration),
    ("tenant administrator", HistoryBy::TenantAdministrator),
    ("branch administrator", HistoryBy::BranchAdministrator),
    ("care staff", HistoryBy::CareStaff),
    ("support", HistoryBy::Support),
    ("implementation team", HistoryBy::ImplementationTeam),
];

type Out = Vec<At<Check>>;

impl<'t> Cx<'t> {
    /// Reads one key of a `then`; false where it is no check.
    pub(crate) fn checks(&mut self, key: &'t Node, value: &'t Node, out: &mut Out) -> bool {
        let one: fn(&mut Self, &'t Node) -> Option<Vec<Check>> = match key.as_text() {
            "acp" => Self::acp_check,
            "acp records" => Self::records_check,
            "acp visits" => Self::visits_check,
            "rostering" => Self::rostering_check,
            "history" => Self::history_check,
            "refused" => Self::refused_check,
            "accepted" => Self::accepted_check,
            "sync" => Self::sync_check,
            "account" => Self::account_check,
            "warned" => {
                let check = self.warned_check(value);
                out.extend(check.map(|check| self.at(check, key.spot)));
                return true;
            }
            "guidance" => Self::guidance_check,
            "case" => Self::case_check,
            _ => return false,
        };
        let is_list = matches!(self.resolve(value).kind, Kind::List(_));
        for item in self.list(key.as_text(), value) {
            let spot = if is_list { item.spot } else { key.spot };
            let checks = one(self, item).unwrap_or_default();
            out.extend(checks.into_iter().map(|check| self.at(check, spot)));
        }
        true
    }

    fn acp_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("acp", node, &words::ACP)?;
        let of = self.record_of(&map, Refers::Look);
        let mut checks = Vec::new();
        let mut has = Vec::new();
        if let Some(node) = map.get("has")
            && let Some(values) = self.map("has", node, &words::HAS)
        {
            self.not_nothing("has", values.node);
            self.has(&values, &mut has);
        }
        if let Some(node) = map.get("lacks") {
            self.lacks(node, &mut has);
        }
        let of = of?;
        if let Some(node) = map.get("is") {
            self.choice("is", node, &[("absent", ())])?;
            if let Some((key, _)) = map.entry("has").or(map.entry("lacks")) {
                let what = "a record that is absent has and lacks nothing";
                self.wrong("does-not-go", key.spot, what, "keep this or `is: absent`");
            }
            checks.push(Check::NoRecord { of });
        } else if map.has("has") || map.has("lacks") {
            checks.push(Check::Record { of, has });
        } else if !map.has_strange_keys() {
            self.wrong(
                "nothing-checked",
                map.node.spot,
                "`acp` checks nothing",
                "add `has: { ... }`, `lacks: [...]` or `is: absent`",
            );
        }
        Some(checks)
    }

    fn records_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("acp records", node, &words::ACP_RECORDS)?;
        let system = map.get("system").and_then(|node| self.system(node));
        let branch = map.get("branch").and_then(|node| self.field(Field::Branch, "branch", node, Side::Acp));
        let service =
            map.get("service").and_then(|node| self.field(Field::Service, "service", node, Side::Acp));
        let like = RecordsLike {
            external_id: map
                .get("external id")
                .and_then(|node| self.sent_id(system, "external id", node, Refers::Look)),
            name: map.get("name").and_then(|node| self.leaf_or_raw("name", node)).map(|leaf| leaf.text),
            branch,
            service,
            origin: map.get("origin").and_then(|node| self.choice("origin", node, ORIGINS)),
            status: map.get("status").and_then(|node| self.choice("status", node, STATUSES)),
            care_history: map.get("care history").and_then(|node| self.yes_or_no("care history", node)),
        };
        let count = self.need(&map, "count").and_then(|node| self.count("count", node))?;
        Some(vec![Check::Records { like, count }])
    }

    fn visits_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("acp visits", node, &words::ACP_VISITS)?;
        let system = map.get("system").and_then(|node| self.system(node));
        let on = match (map.entry("on"), map.entry("record")) {
            (Some((_, node)), None) => self.any_record(system, "on", node, Refers::Look),
            (None, Some((_, node))) => self.record("record", node, Refers::Look),
            (Some((first, _)), Some((second, _))) => {
                self.wrong(
                    "two-in-one",
                    second.spot,
                    "`on` and `record` both name the record",
                    "keep one of them",
                )
                .also(first.spot, "the other");
                None
            }
            (None, None) => None,
        };
        let states =
            [("planned", (Some(false), false)), ("done", (Some(true), false)), ("parked", (None, true))];
        let state = map.get("state").and_then(|node| self.choice("state", node, &states));
        let (done, parked) = state.unwrap_or((None, false));
        let like = VisitsLike {
            id: map.get("id").and_then(|node| self.sent_visit(system, "id", node, Refers::Look)),
            on,
            done,
            starts: map.get("starts").and_then(|node| self.moment("starts", node, Use::Typed)),
            parked,
        };
        let count = self.need(&map, "count").and_then(|node| self.count("count", node))?;
        Some(vec![Check::Visits { like, count }])
    }

    fn rostering_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("rostering", node, &words::ROSTERING)?;
        let environment = self.environment(map.get("system"), map.node.spot);
        let id = self
            .need(&map, "service user")
            .and_then(|node| self.service_user(environment, "service user", node, Refers::Look));
        let mut has = Vec::new();
        if let Some(node) = map.get("has")
            && let Some(values) = self.map("has", node, &words::ROSTERING_HAS)
        {
            self.not_nothing("has", values.node);
            self.has_in_rostering(&values, environment, &mut has);
        }
        if let Some(node) = map.get("lacks") {
            for leaf in self.texts("lacks", node) {
                match field_named(&leaf) {
                    Some(fields) => {
                        has.extend(
                            fields.iter().map(|&field| self.at(Has::Field(field, Text::new()), leaf.spot)),
                        );
                    }
                    None => self.not_a_choice("lacks", &leaf, words::SET.texts()),
                }
            }
        }
        if !map.has("has") && !map.has("lacks") && !map.has_strange_keys() {
            self.wrong(
                "nothing-checked",
                map.node.spot,
                "`rostering` checks nothing",
                "add `has: { ... }` or `lacks: [...]`",
            );
        }
        Some(vec![Check::InRostering { environment, id: id?, has }])
    }

    fn history_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("history", node, &words::HISTORY)?;
        let of = self.record_of(&map, Refers::Look);
        let what =
            self.need(&map, "of").and_then(|node| self.leaf("of", node)).and_then(|leaf| self.tracked(&leaf));
        let values = self.need(&map, "values")?;
        let values_spot = values.spot;
        let items = self.list("values", values);
        let values: Vec<Text> = items.iter().filter_map(|item| self.history_value(what, item)).collect();
        let named = map.get("by").map(|node| self.list("by", node));
        let by: Vec<HistoryBy> =
            named.unwrap_or(&[]).iter().filter_map(|item| self.choice("by", item, HISTORY_BY)).collect();
        if values.is_empty() && items.is_empty() {
            self.wrong(
                "nothing-checked",
                values_spot,
                "a history without values checks nothing",
                "list the values, oldest first",
            );
        }
        let n_by = named.map_or(0, <[Node]>::len);
        if let Some((key, _)) = map.entry("by").filter(|_| n_by != items.len()) {
            let what = format!("`values` has {} and `by` has {n_by}", items.len());
            self.wrong("wrong-length", key.spot, what, "name one for each value, in the same order")
                .also(values_spot, "the values");
        }
        Some(vec![Check::History { of: of?, what: what?, values, by }])
    }

    /// A value of a history: `""` is no value.
    fn history_value(&mut self, what: Option<Tracked>, node: &'t Node) -> Option<Text> {
        match what {
            Some(Tracked::Field(field)) => self.field(field, "values", node, Side::Acp),
            Some(Tracked::Status) => {
                self.choice("values", node, STATUSES).map(|status| Text::from(status.text()))
            }
            Some(Tracked::ExternalId) => {
                let leaf = self.leaf_or_raw("values", node)?;
                if leaf.text.is_empty() {
                    return Some(leaf.text);
                }
                Some(self.sent_name(Thing::ServiceUser, None, &leaf, Refers::Look))
            }
            Some(Tracked::RoleAccess) | None => self.leaf_or_raw("values", node).map(|leaf| leaf.text),
        }
    }

    fn tracked(&mut self, leaf: &Leaf) -> Option<Tracked> {
        let found = match leaf.text.as_str() {
            "external id" => Some(Tracked::ExternalId),
            "status" => Some(Tracked::Status),
            "role access" => Some(Tracked::RoleAccess),
            "address" => Some(Tracked::Field(Field::AddressLine1)),
            text => Field::from_text(text).map(Tracked::Field),
        };
        if found.is_none() {
            let fields = Field::ALL.iter().map(|field| field.text());
            self.not_a_choice("of", leaf, ["external id", "status", "role access"].into_iter().chain(fields));
        }
        found
    }

    fn refused_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let node = self.resolve(node);
        if !matches!(node.kind, Kind::Map(_)) {
            self.choice("refused", node, &[("yes", ())])?;
            return Some(vec![Check::Refused { clause: None, says: None }]);
        }
        let map = self.map("refused", node, &words::REFUSED)?;
        self.not_nothing("refused", node);
        let clause = map.get("clause").and_then(|node| self.clause("clause", node));
        let says = map.get("says").and_then(|node| self.prose("says", node)).map(|leaf| leaf.text);
        Some(vec![Check::Refused { clause, says }])
    }

    fn accepted_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        self.choice("accepted", node, &[("yes", ())])?;
        Some(vec![Check::Accepted])
    }

    fn sync_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("sync", node, &words::SYNC)?;
        let system = map.get("system").and_then(|node| self.system(node));
        let id = self
            .need(&map, "service user")
            .and_then(|node| self.sent_id(system, "service user", node, Refers::Look));
        let outcome = self.need(&map, "outcome").and_then(|node| self.choice("outcome", node, OUTCOMES));
        let clause = map.get("clause").and_then(|node| self.clause("clause", node));
        let says = map.get("says").and_then(|node| self.prose("says", node)).map(|leaf| leaf.text);
        let count = map.get("count").map_or(Some(Count::AtLeast(1)), |node| self.count("count", node));
        Some(vec![Check::Sync { id: id?, outcome: outcome?, clause, says, count: count? }])
    }

    fn account_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("account", node, &words::ACCOUNT)?;
        self.not_nothing("account", map.node);
        let mut count = |key: &str| map.get(key).and_then(|node| self.count(key, node));
        let (moved, kept, left, lost) = (count("moved"), count("kept"), count("left"), count("lost"));
        Some(vec![Check::Account { moved, kept, left, lost }])
    }

    fn warned_check(&mut self, node: &'t Node) -> Option<Check> {
        if self.is_none(node) {
            return Some(Check::Warned { clauses: Vec::new() });
        }
        let items = self.list("warned", node);
        if items.is_empty() {
            self.not_nothing("warned", node);
            return None;
        }
        Some(Check::Warned { clauses: self.clauses("warned", node) })
    }

    fn guidance_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("guidance", node, &words::GUIDANCE)?;
        let about = self.about(&map, Refers::Look);
        let situation = map.get("situation").and_then(|node| self.situation(node));
        let says = map.get("says").map(|node| self.clauses("says", node)).unwrap_or_default();
        let not = map.get("does not say").map(|node| self.clauses("does not say", node)).unwrap_or_default();
        let wait_until = map.get("wait until").and_then(|node| self.moment("wait until", node, Use::Instant));
        let any = ["situation", "says", "does not say", "wait until"].iter().any(|key| map.has(key));
        if !any && !map.has_strange_keys() {
            self.wrong(
                "nothing-checked",
                map.node.spot,
                "`guidance` checks nothing",
                "add `situation`, `says`, `does not say` or `wait until`",
            );
        }
        Some(vec![Check::Guidance { about: about?, situation, says, not, wait_until }])
    }

    fn situation(&mut self, node: &'t Node) -> Option<Text> {
        let leaf = self.leaf("situation", node)?;
        let mut known = SITUATIONS.iter().map(|word| word.text);
        if !known.any(|text| text == leaf.text) {
            self.not_a_choice("situation", &leaf, SITUATIONS.iter().map(|word| word.text));
            return None;
        }
        Some(leaf.text)
    }

    fn case_check(&mut self, node: &'t Node) -> Option<Vec<Check>> {
        let map = self.map("case", node, &words::CASE)?;
        let about = self.about(&map, Refers::Look);
        let kind = self.need(&map, "kind").and_then(|node| self.choice("kind", node, CASE_KINDS));
        let due = map.get("due").map_or(Some(true), |node| self.yes_or_no("due", node));
        let has = map.get("has").map(|node| self.case_parts("has", node)).unwrap_or_default();
        let missing = map.get("missing").map(|node| self.case_parts("missing", node)).unwrap_or_default();
        Some(vec![Check::Case { about: about?, kind: kind?, due: due?, has, missing }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Word;

    #[test]
    fn what_is_understood_is_what_the_vocabulary_says() {
        fn same<T>(choices: &[(&str, T)], words: &[Word]) {
            let choices: Vec<&str> = choices.iter().map(|(text, _)| *text).collect();
            assert_eq!(choices, words.iter().map(|word| word.text).collect::<Vec<_>>());
        }
        same(ORIGINS, words::ORIGINS);
        same(OUTCOMES, words::OUTCOMES);
        same(HISTORY_BY, words::HISTORY_BY);
        same(STATUSES, words::STATUSES);
    }
}
