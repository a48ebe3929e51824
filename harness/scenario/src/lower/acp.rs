//! `in acp:`: what people do in ACP.

use super::{Cx, Map, fields::Side, known::Refers, leaf::Leaf};
use crate::{
    At, Doing, RecordRef,
    tree::{Kind, Node},
    vocabulary::{self as words, IN_ACP_FORMS, WITH_RECORD},
};
use acp::{Action, Actor, CareKind, HandMade, Place};
use feed::Text;

type Out = Vec<At<Doing>>;

pub(crate) const CARE_KINDS: &[(&str, CareKind)] = &[
    ("care plans", CareKind::CarePlan),
    ("forms", CareKind::Form),
    ("notes", CareKind::Note),
    ("documents", CareKind::Document),
    ("visit history", CareKind::VisitHistory),
];

impl<'t> Cx<'t> {
    pub(crate) fn in_acp(&mut self, node: &'t Node, out: &mut Out) {
        for item in self.list("in acp", node) {
            let Some(map) = self.map("in acp", item, &words::IN_ACP) else { continue };
            let by = map.get("as").and_then(|node| self.actor(node));
            // A wrong actor was told; the action is still worth checking.
            let by = by.unwrap_or(Actor::TenantAdministrator);
            let Some((subject, value)) = self.subject(&map, IN_ACP_FORMS) else { continue };
            if matches!(subject, "service user" | "record") {
                self.with_record(&map, &by, out);
            } else if let Some((action, called)) = self.without_record(&map, subject, value) {
                out.push(self.at(Doing::Acp { by, action, called }, map.node.spot));
            }
        }
    }

    /// `support`, or `{ branch administrator of: [North Leeds] }`.
    fn actor(&mut self, node: &'t Node) -> Option<Actor> {
        let node = self.resolve(node);
        if matches!(node.kind, Kind::Map(_)) {
            let map = self.map("as", node, &words::AS)?;
            let branches = self.need(&map, "branch administrator of")?;
            return Some(self.branch_administrator(branches));
        }
        let leaf = self.leaf("as", node)?;
        if let Some(branch) = leaf.text.strip_prefix("branch administrator of ") {
            let branch = branch.trim().trim_start_matches('[').trim_end_matches(']').trim();
            let leaf = Leaf { text: Text::from(branch), ..leaf };
            self.branch_in_acp(&leaf);
            return Some(Actor::BranchAdministrator(vec![leaf.text]));
        }
        if leaf.text == "branch administrator" {
            let what = "a Branch Administrator is one of certain branches";
            self.wrong("not-a-choice", leaf.spot, what, "write `{ branch administrator of: [North Leeds] }`");
            return None;
        }
        let actors = [
            ("tenant administrator", Actor::TenantAdministrator),
            ("care staff", Actor::CareStaff),
            ("support", Actor::Support),
            ("implementation team", Actor::ImplementationTeam),
        ];
        let found = actors.into_iter().find(|(text, _)| *text == leaf.text).map(|(_, actor)| actor);
        if found.is_none() {
            self.not_a_choice("as", &leaf, words::ACTORS.iter().map(|word| word.text));
        }
        found
    }

    fn branch_administrator(&mut self, node: &'t Node) -> Actor {
        let leaves = self.texts("branch administrator of", node);
        for leaf in &leaves {
            self.branch_in_acp(leaf);
        }
        Actor::BranchAdministrator(leaves.into_iter().map(|leaf| leaf.text).collect())
    }

    fn with_record(&mut self, map: &Map<'t>, by: &Actor, out: &mut Out) {
        let subject = if map.has("record") { "record" } else { "service user" };
        let mut keys = WITH_RECORD.to_vec();
        keys.extend(["leaving", "service user", "record"]);
        self.only(map, subject, &keys);
        let record = self.record_of(map, Refers::Act);
        let Some((verb, node)) = self.verb(map, "record", WITH_RECORD) else { return };
        if let Some((key, _)) = map.entry("leaving").filter(|_| verb != "move to") {
            self.wrong(
                "does-not-go",
                key.spot,
                format!("`leaving` does not go with `{verb}`"),
                "it belongs to `move to`",
            );
        }
        // Where the record could not be read the rest is checked all the same, with a stand-in.
        let missing = record.is_none();
        let record = record.unwrap_or(RecordRef::Number(1));
        let n_before = out.len();
        if verb == "add" {
            if let Some(care) = self.map("add", node, &words::ADD_CARE) {
                self.add_care(&care, &record, by, out);
            }
        } else if let Some(action) = self.action(map, verb, node, record) {
            out.push(self.at(Doing::Acp { by: by.clone(), action, called: None }, map.node.spot));
        }
        if missing {
            out.truncate(n_before);
        }
    }

    fn action(
        &mut self,
        map: &Map<'t>,
        verb: &'static str,
        node: &'t Node,
        record: RecordRef,
    ) -> Option<Action<RecordRef>> {
        let action = match verb {
            "set" | "clear" => Action::Edit { record, set: self.edit(map, Side::Acp, &words::SET) },
            "set external id" => {
                let to = if self.is_none(node) { None } else { Some(self.new_external_id(verb, node)?) };
                Action::SetExternalId { record, to }
            }
            "grant role" => Action::GrantRole { record, role: self.prose(verb, node)?.text },
            "revoke role" => Action::RevokeRole { record, role: self.prose(verb, node)?.text },
            "move to" => {
                let leaf = self.leaf_or_raw(verb, node)?;
                self.branch_in_acp(&leaf);
                let leaving =
                    map.get("leaving").map(|node| self.care_kinds("leaving", node)).unwrap_or_default();
                Action::Move { record, to: Place { branch: leaf.text, service: None }, leaving }
            }
            "datafix" => {
                let values = self.map("datafix", node, &words::SET)?;
                self.not_nothing("datafix", values.node);
                Action::Datafix { record, set: self.fields(&values, Side::Acp) }
            }
            _ => {
                self.confirm(verb, node, if verb == "delete" { "for good" } else { "yes" });
                match verb {
                    "deactivate" => Action::Deactivate { record },
                    "reactivate" => Action::Reactivate { record },
                    "archive" => Action::Archive { record },
                    "unarchive" => Action::Unarchive { record },
                    _ => Action::Delete { record },
                }
            }
        };
        Some(action)
    }

    fn care_kinds(&mut self, key: &str, node: &'t Node) -> Vec<CareKind> {
        self.list(key, node).iter().filter_map(|item| self.choice(key, item, CARE_KINDS)).collect()
    }

    /// Actions that are not about a record that is there.
    fn without_record(
        &mut self,
        map: &Map<'t>,
        subject: &'static str,
        value: &'t Node,
    ) -> Option<(Action<RecordRef>, Option<Text>)> {
        match subject {
            "create record" => {
                self.only(map, subject, &[]);
                let record = self.map(subject, value, &words::CREATE_RECORD)?;
                let called = self.called(&record);
                let external_id = record.get("external id").and_then(|node| self.own_external_id(node));
                let fields = self.fields(&record, Side::Acp);
                Some((Action::Create(HandMade { external_id, fields }), called))
            }
            "complete visit" => {
                self.only(map, subject, &[]);
                let system = map.get("system").and_then(|node| self.system(node));
                let visit = self.sent_visit(system, subject, value, Refers::Act)?;
                Some((Action::CompleteVisit { visit }, None))
            }
            "add branch" => {
                self.only(map, subject, &["service"]);
                let branch = self.prose(subject, value);
                let service = self.need(map, "service").and_then(|node| self.service_name("service", node));
                let (branch, service) = (branch?, service?);
                self.known.acp_branches.insert(branch.text.clone(), (service.clone(), branch.spot));
                Some((Action::AddBranch { branch: branch.text, service }, None))
            }
            "rename branch" => {
                self.only(map, subject, &["to"]);
                let from = self.leaf_or_raw(subject, value)?;
                self.branch_in_acp(&from);
                let to = self.need(map, "to").and_then(|node| self.prose("to", node))?;
                self.known.acp_branches.insert(to.text.clone(), (Text::new(), to.spot));
                Some((Action::RenameBranch { from: from.text, to: to.text }, None))
            }
            _ => {
                self.only(map, subject, &["into"]);
                let system = map.get("system").and_then(|node| self.system(node));
                let loser = self.any_record(system, "merge", value, Refers::Act);
                let survivor = self
                    .need(map, "into")
                    .and_then(|node| self.any_record(system, "into", node, Refers::Act));
                Some((Action::Merge { survivor: survivor?, loser: loser? }, None))
            }
        }
    }

    /// `confirm duplicate: [R1, R2]`.
    pub(crate) fn confirm_duplicate(&mut self, key: &'t Node, node: &'t Node, out: &mut Out) {
        let items = self.list("confirm duplicate", node);
        let records: Vec<RecordRef> = items
            .iter()
            .filter_map(|item| self.any_record(None, "confirm duplicate", item, Refers::Act))
            .collect();
        match (&records[..], items.len()) {
            ([first, second], 2) if first != second => {
                out.push(self.at(Doing::ConfirmDuplicate(first.clone(), second.clone()), key.spot));
            }
            (_, 2) if records.len() < 2 => {}
            _ => {
                let what = "`confirm duplicate` takes two records";
                self.wrong("wrong-kind", key.spot, what, "write for instance `[R1, R2]`");
            }
        }
    }
}
