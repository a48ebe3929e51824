//! What the word under the cursor means: a key, a choice, a clause, a setting, a field with its owner, a name.

use feed::{Clause, Field};
use scenario::{
    Is, Part,
    vocabulary::{self as words, ACTORS, FIELDS, GIVEN_SENTENCES, SHORT_FIELDS, SITUATIONS, Takes, Word},
};
use std::ops::Range;

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    pub bytes: Range<usize>,
    /// Plain sentences.
    pub text: String,
}

/// What there is to say of the word at `cursor`.
pub fn hover(cursor: usize, outline: &[Part]) -> Option<Hover> {
    let mut here = outline.iter().filter(|part| part.bytes.start <= cursor && cursor <= part.bytes.end);
    here.find_map(|part| Some(Hover { bytes: part.bytes.clone(), text: said(part)? }))
}

fn said(part: &Part) -> Option<String> {
    match part.is {
        Is::Key(key) => Some(format!("{}: {}", key.text, of_key(key.text, key.says))),
        Is::Setting(setting) => {
            Some(format!("{}: {} Values: {}.", setting.text(), setting.says(), setting.values().join(", ")))
        }
        Is::Parameter => Some(format!("A parameter: ${{{}}} stands for the value of the row.", part.text)),
        Is::Value(takes) => of_value(&part.text, takes),
        Is::Name(_) => None,
    }
}

/// A field's own sentence has its owner; any other key's has what it is for.
fn of_key(text: &str, says: &str) -> String {
    let is_field = FIELDS.iter().chain(SHORT_FIELDS).any(|word| word.text == text && word.says == says);
    if is_field { words::field_says(text, says) } else { says.to_owned() }
}

fn of_value(text: &str, takes: Takes) -> Option<String> {
    let among = |words: &[Word]| words.iter().find(|word| word.text == text).map(|word| word.says.to_owned());
    match takes {
        Takes::Clause | Takes::Clauses | Takes::ClausesOrNone | Takes::CaseKind => {
            let clause = Clause::from_code(text)?;
            Some(format!("{}: {} (article {})", clause.code(), clause.says(), clause.article()))
        }
        Takes::One(choices) | Takes::Several(choices) | Takes::WordOrMap(choices, _) => among(choices),
        Takes::Situation => among(SITUATIONS),
        Takes::Actor => among(ACTORS),
        Takes::Given => among(GIVEN_SENTENCES),
        Takes::FieldNames | Takes::Tracked if Field::from_text(text).is_some() => {
            let word = FIELDS.iter().find(|word| word.text == text)?;
            Some(words::field_says(text, word.says))
        }
        Takes::KeysOf(shape) => shape.key(text).map(|key| of_key(key.text, key.says)),
        _ => None,
    }
}
