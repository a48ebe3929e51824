//! Closed sets of words on the wire: each is written by the text that the rest of the project uses, in snake_case, and
//! what is no such word is refused with the words that are.

use acp::{CareKind as Kind, Origin as From_, Status as State, Tracked, VisitState as Held};
use feed::{
    AbsentField, ContactDetails, Deletion, EndDate, Field, IdentifierMatching, NearTerm, NewBranch,
    PartialCarries, ServiceMove,
};
use jiff::SignedDuration;
use rostering::VisitStatus as Planned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use std::{borrow::Cow, fmt, sync::LazyLock};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

/// A length of time: ISO 8601, for instance `PT20M`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Length(pub SignedDuration);

impl From<SignedDuration> for Length {
    fn from(it: SignedDuration) -> Length {
        Length(it)
    }
}

impl PartialSchema for Length {
    fn schema() -> RefOr<Schema> {
        let says = "A length of time, in ISO 8601";
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(says));
        text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Duration))).examples(["PT20M"]).into()
    }
}

impl ToSchema for Length {
    fn name() -> Cow<'static, str> {
        "Length".into()
    }
}

/// A text of the project as the wire writes it.
pub(crate) fn snake(text: &'static str) -> Cow<'static, str> {
    if text.contains(' ') { text.replace(' ', "_").into() } else { text.into() }
}

/// The schema of a text that is one of these.
fn one_of(words: impl Iterator<Item = Cow<'static, str>>, says: &str) -> RefOr<Schema> {
    let words: Vec<String> = words.map(Cow::into_owned).collect();
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).description(Some(says)).into()
}

/// A text that need not be copied to be read; the error is what is wrong with it.
fn read_text<'de, T, D: Deserializer<'de>>(
    from: D,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    struct Reads<F>(F);
    impl<T, F: Fn(&str) -> Result<T, String>> Visitor<'_> for Reads<F> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            (self.0)(text).map_err(E::custom)
        }
    }
    from.deserialize_str(Reads(read))
}

macro_rules! words {
    ($($says:literal $name:ident($domain:ty) = $all:expr, $text:expr;)+) => { $(
        #[doc = $says]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $domain);

        impl $name {
            fn all() -> impl Iterator<Item = $domain> {
                $all
            }

            /// Every word, as the wire writes it.
            fn words() -> &'static [($domain, Cow<'static, str>)] {
                static WORDS: LazyLock<Vec<($domain, Cow<'static, str>)>> =
                    LazyLock::new(|| $name::all().map(|it| (it, snake($text(it)))).collect());
                &WORDS
            }

            /// As the wire writes it.
            pub fn text(self) -> Cow<'static, str> {
                let word = $name::words().iter().find(|(it, _)| *it == self.0);
                word.map_or_else(|| snake($text(self.0)), |(_, word)| Cow::Borrowed(word))
            }

            pub fn from_text(text: &str) -> Option<$name> {
                $name::words().iter().find(|(_, word)| word == text).map(|(it, _)| $name(*it))
            }
        }

        impl From<$domain> for $name {
            fn from(it: $domain) -> $name {
                $name(it)
            }
        }

        impl From<$name> for $domain {
            fn from(it: $name) -> $domain {
                it.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.text())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                read_text(from, |text| {
                    $name::from_text(text).ok_or_else(|| {
                        let known: Vec<String> =
                            $name::all().map(|it| $name(it).text().into_owned()).collect();
                        format!("{text:?} is none of: {}", known.join(", "))
                    })
                })
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                one_of($name::all().map(|it| $name(it).text()), $says)
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+ };
}

words! {
    "A clause of the published guidance." Clause(feed::Clause) = feed::Clause::ALL.iter().copied(), feed::Clause::code;
    "A field of a service user or record." FieldName(Field) = Field::ALL.iter().copied(), Field::text;
    "Something of a record whose earlier values are kept." HistoryOf(Tracked) =
        Field::ALL.iter().copied().map(Tracked::Field).chain([Tracked::ExternalId, Tracked::Status, Tracked::RoleAccess]),
        Tracked::text;
    "A setting: one reading where the guidance leaves room." SettingName(feed::Setting) =
        feed::Setting::ALL.iter().copied(), feed::Setting::text;
    "Which product a rostering system is." System(feed::System) = feed::System::ALL.iter().copied(), feed::System::text;
    "Every 15 minutes, or every 1440." UpdateKind(feed::UpdateKind) =
        [feed::UpdateKind::Partial, feed::UpdateKind::Full].into_iter(), update_kind;
    "A kind of care data." CareKind(Kind) = Kind::ALL.iter().copied(), care_kind;
    "Whether a record is in use." Status(State) =
        [State::Active, State::Inactive, State::Archived].into_iter(), State::text;
    "How a record came to be." Origin(From_) = [From_::Integration, From_::ByHand].into_iter(), origin;
    "Whether a visit was carried out." VisitState(Held) = [Held::Planned, Held::Done].into_iter(), visit_state;
    "Whether a visit stands on the rota." VisitStatus(Planned) =
        [Planned::Planned, Planned::Cancelled].into_iter(), visit_status;
    "How external identifiers are compared." IdentifierMatchingWord(IdentifierMatching) =
        IdentifierMatching::ALL.iter().copied(), IdentifierMatching::text;
    "What a partial update carries." PartialCarriesWord(PartialCarries) =
        PartialCarries::ALL.iter().copied(), PartialCarries::text;
    "What happens to a branch that ACP does not have." NewBranchWord(NewBranch) =
        NewBranch::ALL.iter().copied(), NewBranch::text;
    "Whether a record follows rostering to another service." ServiceMoveWord(ServiceMove) =
        ServiceMove::ALL.iter().copied(), ServiceMove::text;
    "Who owns contact details." ContactDetailsWord(ContactDetails) =
        ContactDetails::ALL.iter().copied(), ContactDetails::text;
    "What a visit within 72 hours is." NearTermWord(NearTerm) = NearTerm::ALL.iter().copied(), NearTerm::text;
    "Whether a record can be deleted." DeletionWord(Deletion) = Deletion::ALL.iter().copied(), Deletion::text;
    "What an end date does to a record." EndDateWord(EndDate) = EndDate::ALL.iter().copied(), EndDate::text;
    "What a field means that an update does not carry." AbsentFieldWord(AbsentField) =
        AbsentField::ALL.iter().copied(), AbsentField::text;
}

pub(crate) const fn update_kind(kind: feed::UpdateKind) -> &'static str {
    match kind {
        feed::UpdateKind::Partial => "partial",
        feed::UpdateKind::Full => "full",
    }
}

const fn care_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::CarePlan => "care plan",
        Kind::Form => "form",
        Kind::Note => "note",
        Kind::Document => "document",
        Kind::VisitHistory => "visit history",
    }
}

const fn origin(origin: From_) -> &'static str {
    match origin {
        From_::Integration => "integration",
        From_::ByHand => "by hand",
    }
}

const fn visit_state(state: Held) -> &'static str {
    match state {
        Held::Planned => "planned",
        Held::Done => "done",
    }
}

const fn visit_status(status: Planned) -> &'static str {
    match status {
        Planned::Planned => "planned",
        Planned::Cancelled => "cancelled",
    }
}
