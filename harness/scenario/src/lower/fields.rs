//! Values of fields: what may be typed into rostering and ACP, and what a check compares with.

use super::{
    Cx, Map,
    leaf::{Leaf, shown},
    suggest,
};
use crate::{
    tree::{Kind, Node},
    vocabulary::SHORT_FIELDS,
};
use feed::{Field, Fields, NhsNumber, Text};

/// Whose field it is: branches have other names on either side.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    /// Of this environment.
    Rostering(u8),
    Acp,
}

impl<'t> Cx<'t> {
    /// Every field in a mapping, `name` and `address` included. Other keys are left alone.
    pub(crate) fn fields(&mut self, map: &Map<'t>, side: Side) -> Fields {
        let mut fields = Fields::new();
        for (key, value) in map.node.entries() {
            match (key.as_text(), Field::from_text(key.as_text())) {
                (text, Some(field)) => {
                    if let Some(value) = self.field(field, text, value, side) {
                        fields.set(field, value);
                    }
                }
                ("address", None) => self.address(map, value, side, &mut fields),
                ("name", None) => self.split_name(map, key, value, &mut fields),
                _ => {}
            }
        }
        fields
    }

    fn address(&mut self, map: &Map<'t>, node: &'t Node, side: Side, fields: &mut Fields) {
        if let Some((line_1, _)) = map.entry("address line 1") {
            self.wrong(
                "two-in-one",
                line_1.spot,
                "`address` and `address line 1` are the same",
                "keep one of them",
            );
        } else if let Some(value) = self.field(Field::AddressLine1, "address", node, side) {
            fields.set(Field::AddressLine1, value);
        }
    }

    fn split_name(&mut self, map: &Map<'t>, key: &Node, node: &'t Node, fields: &mut Fields) {
        if let Some((part, _)) = map.entry("given name").or(map.entry("family name")) {
            let what = format!("`name` and `{}` say the same twice", part.as_text());
            self.wrong("two-in-one", part.spot, what, "keep one of them")
                .also(key.spot, "`name` is split at its last space");
            return;
        }
        let Some(leaf) = self.leaf_or_raw("name", node) else { return };
        // Spaces at the end belong to the family name: they are kept, like everything that was written.
        let Some(at) = leaf.text.trim_end().rfind(' ') else {
            let what = format!(
                "`{}` is one word, so it cannot be split into given and family name",
                shown(&leaf.text)
            );
            self.wrong(
                "one-word-name",
                leaf.spot,
                what,
                "write `given name` or `family name` instead of `name`",
            );
            return;
        };
        fields.set(Field::GivenName, Text::from(&leaf.text[..at]));
        fields.set(Field::FamilyName, Text::from(&leaf.text[at + 1..]));
    }

    /// The value of one field as the field keeps it. `""` is no value.
    pub(crate) fn field(&mut self, field: Field, key: &str, node: &'t Node, side: Side) -> Option<Text> {
        let leaf = self.leaf_or_raw(key, node)?;
        if leaf.text.is_empty() {
            return Some(Text::new());
        }
        match field {
            Field::NhsNumber => return self.nhs_number(&leaf),
            Field::Branch => match side {
                Side::Rostering(env) => self.branch_in_rostering(env, &leaf),
                Side::Acp => self.branch_in_acp(&leaf),
            },
            Field::Service => self.service(&leaf),
            _ => {}
        }
        if leaf.raw {
            return Some(leaf.text);
        }
        match field.read(&leaf.text) {
            Ok(value) => Some(value),
            Err(unfit) => {
                let what = format!("`{key}`: `{}` is {}", shown(&leaf.text), unfit.what);
                self.wrong("unfit-value", leaf.spot, what, unfit.instead)
                    .help("where a wrong value is the point, write `{ raw: ... }`");
                None
            }
        }
    }

    /// Only numbers that are never issued: 999 000 0000 to 999 999 9999. A wrong check digit is a fair test.
    fn nhs_number(&mut self, leaf: &Leaf) -> Option<Text> {
        let digits: Text = leaf.text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let is_ten = digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let could_be_real = is_ten && !digits.starts_with("999");
        if could_be_real && (!leaf.raw || NhsNumber::read(&digits).is_ok()) {
            let what = "this NHS number could be a real person's".to_owned();
            self.wrong(
                "real-nhs-number",
                leaf.spot,
                what,
                "use one that is never issued: ten digits that begin with 999",
            )
            .help("for instance 999 000 0018");
            return None;
        }
        if !is_ten && !leaf.raw {
            let what = format!("`{}` is not an NHS number", shown(&leaf.text));
            self.wrong(
                "unfit-value",
                leaf.spot,
                what,
                "write ten digits that begin with 999, as 999 000 0018",
            )
            .help("where a wrong value is the point, write `{ raw: ... }`");
            return None;
        }
        Some(if leaf.raw { leaf.text.clone() } else { digits })
    }

    /// Names of fields, for `clear`, `stop sending` and `lacks`. `name` stands for both its parts.
    pub(crate) fn field_names(&mut self, key: &str, node: &'t Node) -> Vec<Field> {
        let mut fields = Vec::new();
        for leaf in self.texts(key, node) {
            match field_named(&leaf) {
                Some(named) => fields.extend_from_slice(named),
                None => self.unknown_field(key, &leaf),
            }
        }
        fields
    }

    fn unknown_field(&mut self, key: &str, leaf: &Leaf) {
        let words =
            Field::ALL.iter().map(|field| field.text()).chain(SHORT_FIELDS.iter().map(|word| word.text));
        let label = suggest::label(&leaf.text, words.clone(), "there is no such field");
        let listed = suggest::listed(words);
        let what = format!("`{key}`: there is no field `{}`", shown(&leaf.text));
        self.wrong("unknown-field", leaf.spot, what, label).help(format!("fields: {listed}"));
    }

    /// `set:` and `clear:` together, as one edit.
    pub(crate) fn edit(
        &mut self,
        map: &Map<'t>,
        side: Side,
        shape: &'static crate::vocabulary::Shape,
    ) -> Fields {
        let mut set = Fields::new();
        if let Some(node) = map.get("set")
            && let Some(values) = self.map("set", node, shape)
        {
            set = self.fields(&values, side);
            self.not_nothing("set", values.node);
        }
        if let Some((key, node)) = map.entry("clear") {
            for field in self.field_names("clear", node) {
                if set.get(field).is_some() {
                    let what = format!("`{}` is set and cleared at once", field.text());
                    self.wrong("two-in-one", key.spot, what, "do one of the two");
                }
                set.set(field, Text::new());
            }
        }
        set
    }

    /// `{}` and `[]` where something has to stand.
    pub(crate) fn not_nothing(&mut self, key: &str, node: &'t Node) {
        let nothing = match &node.kind {
            Kind::Map(entries) => entries.is_empty(),
            Kind::List(items) => items.is_empty(),
            _ => false,
        };
        if nothing {
            self.empty(key, node);
        }
    }
}

/// The field that a text names; `name` and `address` included.
pub(crate) fn field_named(leaf: &Leaf) -> Option<&'static [Field]> {
    match leaf.text.as_str() {
        "name" => Some(&[Field::GivenName, Field::FamilyName]),
        "address" => Some(&[Field::AddressLine1]),
        text => Field::ALL.iter().position(|field| field.text() == text).map(|idx| &Field::ALL[idx..=idx]),
    }
}
