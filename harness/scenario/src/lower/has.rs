//! `has:` and `lacks:`: what a record, or a service user in rostering, must have and not have.

use super::{
    Cx, Map,
    acp::CARE_KINDS,
    care::STATUSES,
    check::ORIGINS,
    fields::{Side, field_named},
    known::Refers,
};
use crate::{At, Count, Has, tree::Node, vocabulary as words};
use feed::{Field, Text};

const NONE: Count = Count::Exactly(0);

impl<'t> Cx<'t> {
    /// `has: { ... }` of a record in ACP.
    pub(crate) fn has(&mut self, map: &Map<'t>, out: &mut Vec<At<Has>>) {
        for (key, value) in map.node.entries() {
            let text = key.as_text();
            let spot = self.resolve(value).spot;
            let has = match (text, Field::from_text(text)) {
                (_, Some(field)) => {
                    self.field(field, text, value, Side::Acp).map(|value| Has::Field(field, value))
                }
                ("address", _) => self
                    .field(Field::AddressLine1, text, value, Side::Acp)
                    .map(|value| Has::Field(Field::AddressLine1, value)),
                ("name", _) => self.leaf_or_raw(text, value).map(|leaf| Has::Name(leaf.text)),
                ("status", _) => self.choice(text, value, STATUSES).map(Has::Status),
                ("origin", _) => self.choice(text, value, ORIGINS).map(Has::Origin),
                ("care history", _) => self.yes_or_no(text, value).map(Has::CareHistory),
                ("visits", _) => self.count(text, value).map(Has::Visits),
                ("activities", _) => self.count(text, value).map(Has::Activities),
                ("open care plans", _) => self.count(text, value).map(Has::OpenCarePlans),
                _ => self.has_more(text, value),
            };
            out.extend(has.map(|has| self.at(has, spot)));
        }
    }

    fn has_more(&mut self, text: &str, value: &'t Node) -> Option<Has> {
        if let Some((_, kind)) = CARE_KINDS.iter().find(|(name, _)| *name == text) {
            return self.count(text, value).map(|count| Has::Care(*kind, count));
        }
        match text {
            "external id" if self.is_none(value) => Some(Has::ExternalId(None)),
            "external id" => {
                self.sent_id(None, text, value, Refers::Look).map(|id| Has::ExternalId(Some(id)))
            }
            "record id" => self.any_record(None, text, value, Refers::Look).map(Has::RecordId),
            "same record" => {
                self.confirm(text, value, "yes");
                Some(Has::SameRecord)
            }
            "role access" if self.is_none(value) => Some(Has::RoleAccess(Vec::new())),
            "role access" => {
                Some(Has::RoleAccess(self.texts(text, value).into_iter().map(|leaf| leaf.text).collect()))
            }
            "held move" => self.held_move(value),
            "merged into" => self.any_record(None, text, value, Refers::Look).map(Has::MergedInto),
            "aliases" if self.is_none(value) => Some(Has::Aliases(Vec::new())),
            "aliases" => {
                let ids = self
                    .list(text, value)
                    .iter()
                    .filter_map(|item| self.sent_id(None, text, item, Refers::Look));
                Some(Has::Aliases(ids.collect()))
            }
            _ => None,
        }
    }

    fn held_move(&mut self, value: &'t Node) -> Option<Has> {
        let leaf = self.leaf_or_raw("held move", value)?;
        match leaf.text.as_str() {
            "yes" => Some(Has::HeldMove(None)),
            "none" | "no" => Some(Has::NoHeldMove),
            _ => {
                self.branch_in_acp(&leaf);
                Some(Has::HeldMove(Some(leaf.text)))
            }
        }
    }

    pub(crate) fn lacks(&mut self, node: &'t Node, out: &mut Vec<At<Has>>) {
        for leaf in self.texts("lacks", node) {
            let text = leaf.text.as_str();
            let care =
                CARE_KINDS.iter().find(|(name, _)| *name == text).map(|(_, kind)| Has::Care(*kind, NONE));
            let lacks = care.or(match text {
                "external id" => Some(Has::ExternalId(None)),
                "role access" => Some(Has::RoleAccess(Vec::new())),
                "open care plans" => Some(Has::OpenCarePlans(NONE)),
                "activities" => Some(Has::Activities(NONE)),
                "care history" => Some(Has::CareHistory(false)),
                "visits" => Some(Has::Visits(NONE)),
                "held move" => Some(Has::NoHeldMove),
                "aliases" => Some(Has::Aliases(Vec::new())),
                _ => None,
            });
            match (lacks, field_named(&leaf)) {
                (Some(lacks), _) => out.push(self.at(lacks, leaf.spot)),
                (None, Some(fields)) => {
                    out.extend(
                        fields.iter().map(|&field| self.at(Has::Field(field, Text::new()), leaf.spot)),
                    );
                }
                (None, None) => self.not_a_choice("lacks", &leaf, words::LACKS.texts()),
            }
        }
    }

    pub(crate) fn has_in_rostering(&mut self, map: &Map<'t>, env: u8, out: &mut Vec<At<Has>>) {
        let side = Side::Rostering(env);
        for (key, value) in map.node.entries() {
            let text = key.as_text();
            let spot = self.resolve(value).spot;
            let has = match (text, Field::from_text(text)) {
                (_, Some(field)) => {
                    self.field(field, text, value, side).map(|value| Has::Field(field, value))
                }
                ("address", _) => self
                    .field(Field::AddressLine1, text, value, side)
                    .map(|value| Has::Field(Field::AddressLine1, value)),
                ("name", _) => self.leaf_or_raw(text, value).map(|leaf| Has::Name(leaf.text)),
                ("active", _) => self.yes_or_no(text, value).map(Has::Active),
                _ => None,
            };
            out.extend(has.map(|has| self.at(has, spot)));
        }
    }
}
