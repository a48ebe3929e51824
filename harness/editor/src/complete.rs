//! What may be typed at the cursor: keys of the mapping, choices of a key, names that the scenario has given.

use crate::context::{At, Context, Frame, context};
use feed::{Clause, Setting};
use scenario::{
    Is, Part,
    vocabulary::{
        self as words, ACTORS, FAULT_FORMS, FAULT_SHARED, FIELDS, Form, GIVEN_SENTENCES, IN_ACP_FORMS,
        IN_ROSTERING_FORMS, SHORT_FIELDS, SITUATIONS, Shape, Takes, Thing, Word,
    },
};
use std::{collections::BTreeSet, ops::Range};

/// One thing that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub text: String,
    pub kind: Kind,
    /// What it means, in plain words; may be empty.
    pub says: String,
    /// What is put in place of `replaces`.
    pub insert: String,
    pub replaces: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Key,
    Choice,
    /// Something that the scenario has given a name.
    Name,
}

/// Everything that may be typed at `cursor`, in the order of the language. `others` are the outlines of the worlds
/// that the file uses.
pub fn complete(source: &str, cursor: usize, outline: &[Part], others: &[Vec<Part>]) -> Vec<Offer> {
    let Some(context) = context(source, cursor) else { return Vec::new() };
    let mut offers = Offers { all: Vec::new(), replaces: context.typed.clone() };
    let known = Known { outline, others };
    if context.at == At::Parameter {
        let parameters = outline.iter().filter(|part| matches!(part.is, Is::Parameter));
        let names: BTreeSet<&str> = parameters.map(|part| part.text.as_str()).collect();
        for name in names {
            offers.push(name, Kind::Name, "A value of the row.".into(), name.to_owned());
        }
        return offers.all;
    }
    let Some((place, last)) = place(&context) else { return Vec::new() };
    match context.at {
        At::Key => offers.keys(place, &last),
        At::Item => {
            offers.keys(place, &last);
            offers.values(place, &known);
        }
        At::Value => offers.values(place, &known),
        At::Parameter => {}
    }
    offers.all
}

/// What stands where the cursor is.
#[derive(Clone, Copy, Debug)]
enum Place {
    Top,
    /// What stands behind a key, or one of its items.
    Behind(Takes),
    /// Behind a kind of fault.
    Fault(&'static Form),
    /// Behind a setting.
    Setting(Setting),
}

/// Follows the path through the language. Gives the place, and the keys that the cursor's own mapping has.
fn place(context: &Context) -> Option<(Place, Vec<String>)> {
    let mut place = Place::Top;
    let (last, before) = context.path.split_last()?;
    for frame in before {
        place = follow(place, frame)?;
    }
    match (context.at, last) {
        (At::Key | At::Item, Frame::Map { keys, .. }) => Some((place, keys.clone())),
        _ => Some((follow(place, last)?, Vec::new())),
    }
}

/// One step further: into a list, or behind a mapping's key.
fn follow(place: Place, frame: &Frame) -> Option<Place> {
    let Frame::Map { key, keys } = frame else { return Some(place) };
    let key = key.as_ref()?;
    if let Place::Behind(Takes::Settings) = place {
        return Setting::ALL
            .iter()
            .find(|setting| setting.text() == key)
            .map(|&setting| Place::Setting(setting));
    }
    let shape = shape(place, keys)?;
    if shape.name == "FAULTS" {
        return FAULT_FORMS.iter().find(|form| form.subject == key).map(Place::Fault);
    }
    shape.key(key).map(|key| Place::Behind(key.takes))
}

fn shape(place: Place, keys: &[String]) -> Option<&'static Shape> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match place {
        Place::Top if keys.contains(&"world") => Some(&words::WORLD),
        Place::Top => Some(&words::SCENARIO),
        Place::Behind(takes) => words::shape_of(takes, &keys),
        Place::Fault(_) => Some(&words::FAULT),
        Place::Setting(_) => None,
    }
}

struct Offers {
    all: Vec<Offer>,
    replaces: Range<usize>,
}

impl Offers {
    fn push(&mut self, text: &str, kind: Kind, says: String, insert: String) {
        self.all.push(Offer { text: text.to_owned(), kind, says, insert, replaces: self.replaces.clone() });
    }

    fn key(&mut self, text: &str, says: String) {
        self.push(text, Kind::Key, says, format!("{text}: "));
    }

    fn words<'w>(&mut self, words: impl IntoIterator<Item = &'w Word>) {
        for word in words {
            self.push(word.text, Kind::Choice, word.says.to_owned(), word.text.to_owned());
        }
    }

    /// Keys of the mapping that the cursor is in, without those that it has.
    fn keys(&mut self, place: Place, has: &[String]) {
        if let Place::Behind(Takes::Settings) = place {
            for setting in Setting::ALL.iter().filter(|setting| !has.iter().any(|key| key == setting.text()))
            {
                self.key(setting.text(), setting.says().to_owned());
            }
            return;
        }
        // A step that is neither yet may become either.
        if matches!(place, Place::Behind(Takes::Steps))
            && !has.iter().any(|key| key == "when" || key == "then")
        {
            for key in [words::WHEN.keys[0], words::THEN.keys[0]] {
                self.key(key.text, key.says.to_owned());
            }
            return;
        }
        let Some(shape) = shape(place, has) else { return };
        // `raw` is for values that are wrong on purpose: not offered before a brace was typed.
        if shape.name == "RAW" && has.is_empty() && self.replaces.is_empty() {
            return;
        }
        let fits = |key: &str| {
            !has.iter().any(|it| it == key) && goes(key, has, shape, place) && !apart(key, has, shape)
        };
        let keys: Vec<_> = shape.all().filter(|key| fits(key.text)).collect();
        for key in keys {
            let own = shape.keys.iter().any(|it| it.text == key.text);
            let says = if own { key.says.to_owned() } else { words::field_says(key.text, key.says) };
            self.key(key.text, says);
        }
    }

    fn values(&mut self, place: Place, known: &Known<'_>) {
        let takes = match place {
            Place::Setting(setting) => {
                for value in setting.values() {
                    self.push(value, Kind::Choice, setting.says().to_owned(), value.to_owned());
                }
                return;
            }
            Place::Behind(takes) => takes,
            Place::Top | Place::Fault(_) => return,
        };
        match takes {
            Takes::One(choices) | Takes::Several(choices) | Takes::WordOrMap(choices, _) => {
                self.words(choices);
            }
            Takes::Clause | Takes::Clauses => self.clauses(Clause::ALL),
            Takes::ClausesOrNone => {
                self.push("none", Kind::Choice, "Guidance said nothing.".into(), "none".into());
                self.clauses(Clause::ALL);
            }
            Takes::CaseKind => {
                let kinds = [Clause::Case1, Clause::Case2, Clause::Case3, Clause::Case4];
                self.clauses(&kinds);
            }
            Takes::Situation => self.words(SITUATIONS),
            Takes::Actor => self.words(ACTORS.iter().filter(|word| word.text != "branch administrator")),
            Takes::FieldNames | Takes::Tracked => self.words(FIELDS.iter().chain(SHORT_FIELDS)),
            Takes::KeysOf(shape) => {
                for key in shape.all() {
                    self.push(key.text, Kind::Choice, key.says.to_owned(), key.text.to_owned());
                }
            }
            Takes::Given => self.words(GIVEN_SENTENCES),
            Takes::Name(thing) | Takes::Names(thing) => self.names(thing, known),
            Takes::TwoRecords => self.names(Thing::AnyRecord, known),
            _ => {}
        }
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            self.push(clause.code(), Kind::Choice, clause.says().to_owned(), clause.code().to_owned());
        }
    }

    fn names(&mut self, thing: Thing, known: &Known<'_>) {
        for name in known.names(thing) {
            let plain = !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || " -_.'".contains(c))
                && name.trim() == name
                && name.starts_with(char::is_alphanumeric);
            let insert = if plain { name.to_owned() } else { format!("{name:?}") };
            self.push(name, Kind::Name, String::new(), insert);
        }
    }
}

/// Whether a key goes with those that are there: an action is about one thing, and has one verb.
fn goes(key: &str, has: &[String], shape: &Shape, place: Place) -> bool {
    if let Place::Fault(form) = place {
        return form.also.contains(&key) || FAULT_SHARED.contains(&key);
    }
    let forms = match shape.name {
        "IN_ROSTERING" => IN_ROSTERING_FORMS,
        "IN_ACP" => IN_ACP_FORMS,
        "GIVEN" => return has.is_empty() || key == "system",
        _ => return true,
    };
    if matches!(key, "system" | "as") {
        return true;
    }
    let Some(form) = forms.iter().find(|form| has.iter().any(|it| it == form.subject)) else {
        return forms.iter().any(|form| form.subject == key);
    };
    let verb = has.iter().find(|it| form.verbs.contains(&it.as_str()));
    match verb {
        None => form.verbs.contains(&key) || (form.verbs.is_empty() && form.also.contains(&key)),
        Some(verb) if verb == "move to" => form.also.contains(&key),
        Some(verb) => matches!((verb.as_str(), key), ("set", "clear") | ("clear", "set")),
    }
}

/// Whether a key cannot stand beside one that is there.
fn apart(key: &str, has: &[String], shape: &Shape) -> bool {
    shape.apart.iter().any(|group| group.contains(&key) && has.iter().any(|it| group.contains(&it.as_str())))
}

/// What this file and the worlds that it uses have given names to.
struct Known<'a> {
    outline: &'a [Part],
    others: &'a [Vec<Part>],
}

impl<'a> Known<'a> {
    fn names(&self, thing: Thing) -> BTreeSet<&'a str> {
        let wanted = |is: Is| match (is, thing) {
            (Is::Name(Thing::ServiceUser | Thing::Record), Thing::AnyRecord) => true,
            (Is::Name(name), thing) => name == thing,
            _ => false,
        };
        let all = self.outline.iter().chain(self.others.iter().flatten());
        all.filter(|part| wanted(part.is)).map(|part| part.text.as_str()).collect()
    }
}
