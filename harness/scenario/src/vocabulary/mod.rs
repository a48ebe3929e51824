//! The closed vocabulary of the language as data: every key, action and choice with one plain sentence, and what may
//! stand behind each key. Messages list from it what would have worked; the JSON Schema, the editor and `explain` read
//! it too. It decides nothing.

mod forms;
mod shapes;
mod words;

pub use forms::*;
pub use shapes::*;
pub use words::*;

use feed::Field;

/// A choice of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: &'static str,
    /// One plain sentence.
    pub says: &'static str,
}

/// A key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub text: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    pub takes: Takes,
}

/// What may stand behind a key. A parameter `${...}` may stand almost everywhere instead.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// A text with something in it that can be seen.
    Prose,
    /// The name that the scenario gives to a record: prose, and not R and a number.
    Called,
    /// Any text.
    Text,
    /// One text or a list of them.
    Texts,
    /// Any text, or `{ raw: ... }`.
    Value,
    /// One or a list of them.
    Values,
    /// A name that is split at its last space.
    FullName,
    /// A date, or `{ raw: ... }`.
    Date,
    /// Ten digits that begin with 999, or `{ raw: ... }`.
    NhsNumber,
    /// The name of something that is defined elsewhere.
    Name(Thing),
    Names(Thing),
    TwoRecords,
    One(&'static [Word]),
    Several(&'static [Word]),
    Clause,
    Clauses,
    /// Clauses, or `none`.
    ClausesOrNone,
    /// CASE-1 to CASE-4.
    CaseKind,
    Situation,
    Actor,
    /// Names of fields.
    FieldNames,
    /// The keys of this shape, as a list.
    KeysOf(&'static Shape),
    /// What has a history.
    Tracked,
    /// A whole number, from and to.
    Number(u32, u32),
    /// A whole number of 64 bits.
    Seed,
    Count,
    /// The HTTP status of a refusal.
    Refusal,
    Duration,
    /// One instant of the calendar.
    Instant,
    /// That, or from the step's own instant, as `+1d`.
    Moment,
    /// That, or a day alone.
    DayOrMoment,
    /// A day of the calendar.
    Day,
    Map(&'static Shape),
    /// One or a list of them.
    Maps(&'static Shape),
    /// One of these words, or a mapping, or a list of both.
    WordOrMap(&'static [Word], &'static Shape),
    /// A fault's own mapping, by [`FAULT_FORMS`].
    Fault,
    Settings,
    /// Services with their branches.
    Services,
    /// The rows of `cases`.
    Rows,
    /// The entries of `given`.
    Given,
    Steps,
    /// The key is only ever named in a list.
    Nothing,
}

/// What a name can be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    ServiceUser,
    Branch,
    Service,
    Visit,
    Order,
    Requirement,
    /// By `R2` or by the name that the scenario gave it.
    Record,
    /// By either of those, or by an identifier that leads to it.
    AnyRecord,
    /// A rostering environment.
    System,
    /// A world file.
    World,
}

/// Whether the fields of a service user may stand in a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldsHere {
    No,
    /// They are typed in: `name` is split, and no field comes twice.
    Set,
    /// They are looked at.
    Seen,
}

/// What may stand in one kind of `{ key: value }`.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The name of its constant.
    pub name: &'static str,
    /// With article, for sentences: "a service user".
    pub what: &'static str,
    pub keys: &'static [Key],
    /// Besides `keys`, every field of a service user, and `name` and `address`.
    pub fields: FieldsHere,
    /// At least one key of each of these groups.
    pub needs: &'static [&'static [&'static str]],
    /// At most one key of each of these groups.
    pub apart: &'static [&'static [&'static str]],
}

impl Shape {
    /// Every key that may stand here, in the order in which it is listed.
    pub fn texts(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.all().map(|key| key.text)
    }

    pub fn has(&self, key: &str) -> bool {
        self.texts().any(|text| text == key)
    }

    /// Every key, fields included.
    pub fn all(&self) -> impl Iterator<Item = Key> + Clone {
        let name = if self.fields == FieldsHere::Set { Takes::FullName } else { Takes::Value };
        let fields = FIELDS.iter().zip(Field::ALL).map(|(word, field)| Key {
            text: word.text,
            says: word.says,
            takes: takes_of(*field),
        });
        let short = SHORT_FIELDS.iter().map(move |word| Key {
            text: word.text,
            says: word.says,
            takes: if word.text == "name" { name } else { Takes::Value },
        });
        let none = self.fields == FieldsHere::No;
        self.keys.iter().copied().chain(fields.chain(short).take(if none { 0 } else { usize::MAX }))
    }

    pub fn key(&self, text: &str) -> Option<Key> {
        self.all().find(|key| key.text == text)
    }
}

/// What a field means, and who owns it by the guidance.
pub fn field_says(text: &str, says: &str) -> String {
    match Field::from_text(text) {
        Some(field) => format!("{says} By the guidance {}.", field.owner().text()),
        None => says.to_owned(),
    }
}

const fn takes_of(field: Field) -> Takes {
    match field {
        Field::DateOfBirth | Field::StartDate | Field::EndDate => Takes::Date,
        Field::NhsNumber => Takes::NhsNumber,
        Field::Branch => Takes::Name(Thing::Branch),
        Field::Service => Takes::Name(Thing::Service),
        _ => Takes::Value,
    }
}

/// The shape of a mapping that stands where this may stand; `keys` are those that it has. None for mappings of another
/// kind: rows, settings, services.
pub fn shape_of(takes: Takes, keys: &[&str]) -> Option<&'static Shape> {
    match takes {
        Takes::Map(shape) | Takes::Maps(shape) | Takes::WordOrMap(_, shape) => Some(shape),
        Takes::Given => Some(&GIVEN),
        Takes::Steps if keys.contains(&"then") => Some(&THEN),
        Takes::Steps => Some(&WHEN),
        Takes::Fault => Some(&FAULT),
        Takes::Actor => Some(&AS),
        Takes::Value
        | Takes::Values
        | Takes::FullName
        | Takes::Date
        | Takes::NhsNumber
        | Takes::Name(_)
        | Takes::Names(_)
        | Takes::TwoRecords => Some(&RAW),
        _ => None,
    }
}

/// What gets its name behind this key, if anything does.
pub fn names(shape: &Shape, key: &str) -> Option<Thing> {
    match (shape.name, key) {
        ("SERVICE_USER", "id") | ("IN_ROSTERING", "change id to") => Some(Thing::ServiceUser),
        ("ACP_RECORD" | "CREATE_RECORD", "external id") | ("IN_ACP", "set external id") => {
            Some(Thing::ServiceUser)
        }
        ("VISIT", "id") => Some(Thing::Visit),
        ("SERVICE_ORDER", "id") => Some(Thing::Order),
        ("REQUIREMENT", "id") => Some(Thing::Requirement),
        ("ACP_RECORD" | "CREATE_RECORD", "called") => Some(Thing::Record),
        ("ROSTERING_SYSTEM", "name") => Some(Thing::System),
        ("GIVEN", "branches" | "acp branches" | "rostering branches") => Some(Thing::Branch),
        ("IN_ROSTERING" | "IN_ACP", "add branch" | "to") => Some(Thing::Branch),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text).collect()
    }

    #[test]
    fn the_words_are_those_of_the_systems() {
        assert_eq!(texts(FIELDS), feed::Field::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
        assert_eq!(texts(SYSTEMS), feed::System::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
        assert_eq!(texts(CARE_KINDS), acp::CareKind::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
        assert_eq!(texts(CASE_PARTS), crate::CasePart::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
    }

    #[test]
    fn every_word_has_a_sentence_and_stands_once() {
        for shape in SHAPES {
            let mut keys: Vec<&str> = shape.texts().collect();
            keys.sort_unstable();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{}", shape.name);
            assert!(shape.keys.iter().all(|key| key.says.ends_with('.')), "{}", shape.name);
        }
    }

    #[test]
    fn groups_and_forms_name_keys_of_their_shape() {
        for shape in SHAPES {
            for key in shape.needs.iter().chain(shape.apart).copied().flatten() {
                assert!(shape.has(key), "{}: {key}", shape.name);
            }
        }
        for (forms, shape) in [(IN_ROSTERING_FORMS, IN_ROSTERING), (IN_ACP_FORMS, IN_ACP)] {
            let mut keys: Vec<&str> = forms.iter().map(|form| form.subject).collect();
            keys.extend(forms.iter().flat_map(|form| form.verbs.iter().chain(form.also)));
            keys.extend(["system", "as"].into_iter().filter(|key| shape.has(key)));
            for key in &keys {
                assert!(shape.has(key), "{}: {key}", shape.name);
            }
            assert!(shape.texts().all(|key| keys.contains(&key)), "{}: a key goes with nothing", shape.name);
        }
        let faults: Vec<&str> = FAULT_FORMS.iter().map(|form| form.subject).collect();
        assert_eq!(faults, FAULTS.texts().collect::<Vec<_>>());
    }
}
