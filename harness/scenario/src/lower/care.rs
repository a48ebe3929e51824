//! Records in ACP: those that are there before the integration, how they are named, and their care data.

use super::{
    Cx, Map,
    fields::Side,
    known::{Refers, Thing},
    leaf::shown,
    refer::record_number,
};
use crate::{
    At, Case, Doing, RecordRef,
    tree::Node,
    vocabulary::{self as words, MOST_CARE},
};
use acp::{Action, Actor, CareKind, Origin, Planted, Status};
use feed::{ExternalId, Text};

/// Most items of care data that one case makes. *Assumed.*
const MOST_CARE_IN_ALL: u32 = 100_000;

type Out = Vec<At<Doing>>;

pub(crate) const STATUSES: &[(&str, Status)] =
    &[("active", Status::Active), ("inactive", Status::Inactive), ("archived", Status::Archived)];

impl<'t> Cx<'t> {
    pub(crate) fn planted(&mut self, node: &'t Node, case: &mut Case) {
        let Some(map) = self.map("acp record", node, &words::ACP_RECORD) else { return };
        let called = self.called(&map);
        let fields = self.fields(&map, Side::Acp);
        if !map.has("branch") && !map.has("service") {
            self.missing(&map, "branch", "every record in ACP is in a branch");
        }
        let origins = [("hand", Origin::ByHand), ("integration", Origin::Integration)];
        let origin =
            map.get("made by").map_or(Some(Origin::ByHand), |node| self.choice("made by", node, &origins));
        let status =
            map.get("status").map_or(Some(Status::Active), |node| self.choice("status", node, STATUSES));
        let external_id = map.get("external id").and_then(|node| self.own_external_id(node));
        let role_access =
            map.get("role access").map(|node| self.texts("role access", node)).unwrap_or_default();
        let care_data = self.planted_care(&map);
        let planted = Planted {
            origin: origin.unwrap_or(Origin::ByHand),
            external_id,
            status: status.unwrap_or(Status::Active),
            fields,
            role_access: role_access.into_iter().map(|leaf| leaf.text).collect(),
            care: care_data,
        };
        case.planted.push((called, planted));
    }

    /// `called: hers`, noted as the name of a record.
    pub(crate) fn called(&mut self, map: &Map<'t>) -> Option<Text> {
        let leaf = map.get("called").and_then(|node| self.prose("called", node))?;
        if record_number(&leaf.text).is_some() {
            let what = format!("a record cannot be called `{}`", leaf.text);
            self.wrong("not-a-name", leaf.spot, what, "R and a number is how ACP itself numbers records");
            return None;
        }
        self.define(Thing::Record, 0, &leaf);
        Some(leaf.text)
    }

    /// The identifier that a record is made with; `none` is none.
    pub(crate) fn own_external_id(&mut self, node: &'t Node) -> Option<ExternalId> {
        if self.is_none(node) { None } else { self.new_external_id("external id", node) }
    }

    /// An identifier that somebody types in ACP: it need not exist in rostering.
    pub(crate) fn new_external_id(&mut self, key: &str, node: &'t Node) -> Option<ExternalId> {
        let leaf = self.leaf_or_raw(key, node)?;
        let key = (Thing::AcpId, 0, leaf.text.clone());
        self.note(key, leaf.spot);
        Some(ExternalId::new(leaf.text))
    }

    fn planted_care(&mut self, map: &Map<'t>) -> Vec<(CareKind, Text, Vec<Text>)> {
        let mut care = Vec::new();
        for &kind in CareKind::ALL {
            for _ in 0..self.n_care(map, kind.text()) {
                care.push((kind, self.care_title(kind.text()), Vec::new()));
            }
        }
        let n_activities = self.n_care(map, "activities");
        let activities: Vec<Text> = (0..n_activities).map(|_| self.care_title("activities")).collect();
        let newest_plan = care.iter_mut().rev().find(|(kind, ..)| *kind == CareKind::CarePlan);
        match newest_plan {
            Some((_, _, of_plan)) => *of_plan = activities,
            None if n_activities > 0 => {
                let spot = map.entry("activities").map_or(map.node.spot, |(key, _)| key.spot);
                self.wrong(
                    "no-care-plan",
                    spot,
                    "activities go into a care plan, and there is none",
                    "add `care plans: 1`",
                );
            }
            None => {}
        }
        care
    }

    /// How many items of a kind are asked for.
    fn n_care(&mut self, map: &Map<'t>, key: &str) -> u32 {
        let Some((key, node)) = map.entry(key) else { return 0 };
        let Some(n) = self.whole_u32(key.as_text(), node, 0..=MOST_CARE) else { return 0 };
        self.known.n_care_in_all = self.known.n_care_in_all.saturating_add(n);
        if self.known.n_care_in_all > MOST_CARE_IN_ALL {
            let what = format!("this makes more than {MOST_CARE_IN_ALL} items of care data in all");
            self.wrong("too-large", key.spot, what, "make fewer");
            return 0;
        }
        n
    }

    /// "Form 2": numbered through the case, so that items can be told apart.
    pub(crate) fn care_title(&mut self, key: &str) -> Text {
        let singular = match key {
            "care plans" => "Care plan",
            "activities" => "Activity",
            "forms" => "Form",
            "notes" => "Note",
            "documents" => "Document",
            _ => "Visit",
        };
        let number = self.known.n_care.entry(singular).or_default();
        *number += 1;
        Text::from(format!("{singular} {number}"))
    }

    pub(crate) fn care_entry(&mut self, node: &'t Node, out: &mut Out) {
        let Some(map) = self.map("care", node, &words::CARE) else { return };
        let Some(record) = self.record_of(&map, Refers::Act) else { return };
        if let (RecordRef::Of(id), Some((key, _))) = (&record, map.entry("service user"))
            && !self.known.is_live
            && !self.known.is_in_acp(id)
        {
            let what = format!("ACP has no record of `{}` yet", shown(id.as_str()));
            self.wrong("not-yet", key.spot, what, "move this entry below `- the first sync has finished`");
        }
        self.add_care(&map, &record, &Actor::CareStaff, out);
    }

    /// Care plans, forms and so on, one action each; activities go into the newest care plan.
    pub(crate) fn add_care(&mut self, map: &Map<'t>, record: &RecordRef, by: &Actor, out: &mut Out) {
        let spot = map.node.spot;
        let n_before = out.len();
        let mut n_activities = self.n_care(map, "activities");
        for kind in [CareKind::CarePlan, CareKind::Form, CareKind::Note, CareKind::Document] {
            let n = self.n_care(map, kind.text());
            for idx in 0..n {
                let is_newest_plan = kind == CareKind::CarePlan && idx + 1 == n;
                let n_inside = if is_newest_plan { std::mem::take(&mut n_activities) } else { 0 };
                let title = self.care_title(kind.text());
                let activities = (0..n_inside).map(|_| self.care_title("activities")).collect();
                let action = Action::AddCare { record: record.clone(), kind, title, activities };
                out.push(self.at(Doing::Acp { by: by.clone(), action, called: None }, spot));
            }
        }
        for _ in 0..n_activities {
            let action = Action::AddActivity { record: record.clone(), title: self.care_title("activities") };
            out.push(self.at(Doing::Acp { by: by.clone(), action, called: None }, spot));
        }
        if out.len() == n_before {
            self.wrong("nothing-done", spot, "no care data is added", "say how many: `care plans: 1`");
        }
    }

    /// The record that `service user:` or `record:` names.
    pub(crate) fn record_of(&mut self, map: &Map<'t>, refers: Refers) -> Option<RecordRef> {
        let system = map.get("system").and_then(|node| self.system(node));
        match (map.entry("service user"), map.entry("record")) {
            (Some((_, node)), None) => self.sent_id(system, "service user", node, refers).map(RecordRef::Of),
            (None, Some((_, node))) => self.record("record", node, refers),
            (Some((first, _)), Some((second, _))) => {
                self.wrong(
                    "two-in-one",
                    second.spot,
                    "a service user and a record are both named",
                    "keep one of them",
                )
                .also(first.spot, "this says which record, too");
                None
            }
            (None, None) => {
                let what = format!("{} needs `service user` or `record`", map.shape.what);
                self.wrong("missing-key", map.node.spot, what, "say which record, as `service user: SU-1`");
                None
            }
        }
    }
}
