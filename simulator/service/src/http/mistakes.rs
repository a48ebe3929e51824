//! Every mistake of a body at once: each with its JSON pointer, what is wrong and what would have worked. Goes by the
//! schemas of the contract, so what is said here is what the contract says. Asked only once a body was refused.

use feed::Timestamp;
use jiff::{SignedDuration, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::OnceLock;
use utoipa::ToSchema;

/// One thing that is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mistake {
    /// Which kind: `unknown-field`, `missing-field`, `wrong-value` or `duplicate-field`.
    pub kind: String,
    /// Where, as a JSON pointer. Of a field that is missing: where it is missing.
    pub pointer: String,
    /// What is wrong and what would have worked.
    pub detail: String,
}

/// So many are told of one body.
const MOST: usize = 50;

/// What `body` has that the schema of this name does not allow, in the order of the schema and then of the body.
pub(super) fn mistakes(name: &str, body: &Value) -> Vec<Mistake> {
    let mut walk = Walk { found: Vec::new() };
    walk.value(&schemas()[name], body, "");
    walk.found.truncate(MOST);
    walk.found
}

/// Of the contract, by name.
fn schemas() -> &'static Value {
    static SCHEMAS: OnceLock<Value> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let contract = serde_json::from_str::<Value>(&super::openapi_json()).unwrap_or_default();
        contract["components"]["schemas"].clone()
    })
}

struct Walk {
    found: Vec<Mistake>,
}

impl Walk {
    fn say(&mut self, kind: &str, pointer: &str, detail: String) {
        let (kind, pointer) = (kind.to_owned(), pointer.to_owned());
        self.found.push(Mistake { kind, pointer, detail });
    }

    fn value(&mut self, schema: &Value, value: &Value, pointer: &str) {
        if self.found.len() >= MOST {
            return;
        }
        let schema = resolved(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            return self.one_of(choices, value, pointer);
        }
        let types = types(schema);
        if value.is_null() && types.contains(&"null") {
            return;
        }
        match (value, types.iter().find(|it| **it != "null").copied()) {
            (Value::Object(object), Some("object")) => self.object(schema, object, pointer),
            (Value::Array(items), Some("array")) => {
                for (idx, item) in items.iter().enumerate() {
                    self.value(&schema["items"], item, &format!("{pointer}/{idx}"));
                }
            }
            (Value::String(text), Some("string")) => self.text(schema, text, pointer),
            (Value::Number(_), Some("integer")) => self.whole(schema, value, pointer),
            (Value::Bool(_), Some("boolean")) | (_, None) => {}
            (_, Some(expected)) => self.wrong(pointer, value, a(expected)),
        }
    }

    fn wrong(&mut self, pointer: &str, value: &Value, instead: &str) {
        let null = if value.is_null() { " Leave the field out where nothing is to be said." } else { "" };
        self.say("wrong-value", pointer, format!("This is {}, and {instead} is needed.{null}", shown(value)));
    }

    fn object(&mut self, schema: &Value, object: &Map<String, Value>, pointer: &str) {
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let mut missing: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|name| !object.contains_key(*name))
            .collect();
        for (name, value) in object {
            let there = format!("{pointer}/{}", super::read::escaped(name));
            if let Some(property) = properties.get(name) {
                self.value(property, value, &there);
                continue;
            }
            let free: Vec<&str> =
                properties.keys().map(String::as_str).filter(|it| !object.contains_key(*it)).collect();
            let near = nearest(name, &free);
            // Misspelt, it is not missing besides.
            missing.retain(|it| Some(*it) != near);
            let instead = near.map_or_else(|| possible(&free), |near| format!("Did you mean `{near}`?"));
            let name = super::problem::shown(name);
            self.say("unknown-field", &there, format!("There is no field {name:?} here. {instead}"));
        }
        for name in missing {
            let needed = a(types(resolved(&properties[name])).first().copied().unwrap_or("value"));
            self.say("missing-field", pointer, format!("The field `{name}` is missing: {needed}."));
        }
    }

    /// A value of a set of words, or an object with one key that says which it is.
    fn one_of(&mut self, choices: &[Value], value: &Value, pointer: &str) {
        let choices: Vec<&Value> = choices.iter().map(resolved).collect();
        let rest: Vec<&Value> = choices.iter().copied().filter(|it| types(it) != ["null"]).collect();
        if value.is_null() && rest.len() < choices.len() {
            return;
        }
        if let [only] = rest[..] {
            return self.value(only, value, pointer);
        }
        let words: Vec<&str> = rest
            .iter()
            .flat_map(|it| it["enum"].as_array().into_iter().flatten())
            .filter_map(Value::as_str)
            .collect();
        let keys: Vec<&str> = rest.iter().filter_map(|it| it["required"][0].as_str()).collect();
        match value {
            Value::String(word) if words.contains(&word.as_str()) => {}
            Value::String(word) if keys.contains(&word.as_str()) => {
                self.say(
                    "wrong-value",
                    pointer,
                    format!("{word:?} says more: write it as {{{word:?}: ...}}."),
                );
            }
            Value::Object(object) if object.len() == 1 => {
                let Some((key, _)) = object.iter().next() else { return };
                if let Some(choice) = rest.iter().find(|it| it["required"][0].as_str() == Some(key)) {
                    self.object(choice, object, pointer);
                } else {
                    let there = format!("{pointer}/{}", super::read::escaped(key));
                    self.none_of(&there, key, &words, &keys);
                }
            }
            Value::String(word) => self.none_of(pointer, word, &words, &keys),
            Value::Object(object) => {
                let n = object.len();
                let all = all(&words, &keys);
                self.say("wrong-value", pointer, format!("This has {n} keys, and one is needed: {all}."));
            }
            _ => {
                let all = all(&words, &keys);
                self.say(
                    "wrong-value",
                    pointer,
                    format!("This is {}, and one of these is needed: {all}.", shown(value)),
                );
            }
        }
    }

    fn none_of(&mut self, pointer: &str, word: &str, words: &[&str], keys: &[&str]) {
        let every: Vec<&str> = words.iter().chain(keys).copied().collect();
        let instead = match nearest(word, &every) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Possible here: {}.", all(words, keys)),
        };
        let word = super::problem::shown(word);
        self.say("wrong-value", pointer, format!("{word:?} is none of what can stand here. {instead}"));
    }

    fn text(&mut self, schema: &Value, text: &str, pointer: &str) {
        if let Some(words) = schema["enum"].as_array() {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            if !words.contains(&text) {
                self.none_of(pointer, text, &words, &[]);
            }
            return;
        }
        let (is_good, instead) = match schema["format"].as_str() {
            Some("date-time") => (text.parse::<Timestamp>().is_ok(), "an instant as 2026-03-02T09:00:00Z"),
            Some("duration") => (text.parse::<SignedDuration>().is_ok(), "a length of time as PT20M"),
            Some("date") => (text.parse::<Date>().is_ok(), "a date as 2026-03-02"),
            _ => return,
        };
        if !is_good {
            self.wrong(pointer, &Value::from(text), instead);
        }
    }

    fn whole(&mut self, schema: &Value, value: &Value, pointer: &str) {
        let least = schema["minimum"].as_i64().unwrap_or(i64::MIN);
        if !(value.is_u64() || value.is_i64()) {
            self.wrong(pointer, value, "a whole number");
        } else if value.as_i64().is_some_and(|it| it < least) {
            self.wrong(pointer, value, &format!("a whole number of at least {least}"));
        }
    }
}

fn resolved(schema: &Value) -> &Value {
    let name = schema["$ref"].as_str().and_then(|it| it.strip_prefix("#/components/schemas/"));
    name.map_or(schema, |name| resolved(&schemas()[name]))
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn a(kind: &str) -> &str {
    match kind {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text in quotes",
        "integer" => "a whole number",
        "boolean" => "true or false",
        other => other,
    }
}

/// A value in a message.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => format!("the number {it}"),
        Value::String(text) => format!("{:?}", super::problem::shown(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Words, and keys that have something behind them.
fn all(words: &[&str], keys: &[&str]) -> String {
    let words = words.iter().map(|it| format!("{it:?}"));
    let keys = keys.iter().map(|it| format!("{{{it:?}: ...}}"));
    words.chain(keys).collect::<Vec<_>>().join(", ")
}

fn possible(free: &[&str]) -> String {
    if free.is_empty() { "Leave it out.".to_owned() } else { format!("Possible here: {}.", free.join(", ")) }
}

/// One that was probably meant: it begins so, or at most a third of its letters are others.
fn nearest<'a>(name: &str, among: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let mut begin_so = among.iter().copied().filter(|it| name.len() >= BEGINNING && it.starts_with(&name));
    if let (Some(only), None) = (begin_so.next(), begin_so.next()) {
        return Some(only);
    }
    let distance = |it: &str| strsim::osa_distance(&name, it);
    let near = among.iter().copied().min_by_key(|it| distance(it))?;
    (distance(near) * 3 <= near.len().max(name.chars().count())).then_some(near)
}

/// So many letters are a beginning.
const BEGINNING: usize = 4;
