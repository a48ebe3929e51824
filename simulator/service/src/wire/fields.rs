//! The values of a service user or record on the wire: one JSON object, a text for each field that is there. Absent is
//! not the same as cleared: a field that is left out says nothing, `""` takes the value away, and `null` is refused.

use super::word::FieldName;
use feed::{Field, Text};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
};
use std::{borrow::Cow, fmt};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::AdditionalProperties, schema::Type},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub feed::Fields);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(field, value)| (FieldName(field), value.as_str())))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Fields, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = Fields;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of fields, each with a text")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = feed::Fields::new();
                while let Some(FieldName(field)) = map.next_key()? {
                    if fields.get(field).is_some() {
                        return Err(A::Error::custom(format!(
                            "duplicate field `{}`",
                            FieldName(field).text()
                        )));
                    }
                    fields.set(field, map.next_value::<OfText>()?.0);
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Reads)
    }
}

/// A text that is not copied twice.
pub(crate) struct OfText(pub(crate) Text);

impl<'de> Deserialize<'de> for OfText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<OfText, D::Error> {
        struct Reads;
        impl Visitor<'_> for Reads {
            type Value = OfText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E>(self, text: &str) -> Result<OfText, E> {
                Ok(OfText(Text::from(text)))
            }
        }
        from.deserialize_str(Reads)
    }
}

impl PartialSchema for Fields {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .description(Some("Texts by field. Left out: nothing is said. Empty: the value is taken away."))
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)));
        let text = |field: &Field| {
            ObjectBuilder::new().schema_type(Type::String).description(Some(field.owner().text()))
        };
        Field::ALL
            .iter()
            .fold(object, |object, field| object.property(FieldName(*field).text().into_owned(), text(field)))
            .into()
    }
}

impl ToSchema for Fields {
    fn name() -> Cow<'static, str> {
        "Fields".into()
    }
}
