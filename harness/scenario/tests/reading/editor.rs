//! What an editor's YAML support makes of a file: plain values resolved by YAML's core schema.

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value, json};

/// A YAML file as written.
#[derive(Clone, Debug)]
pub(crate) enum Yaml {
    Leaf { text: String, plain: bool },
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

enum Open {
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>, Option<String>),
}

/// The first document; none where it is no YAML, or uses what our tree has no place for.
pub(crate) fn parse(text: &str) -> Option<Yaml> {
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.ok()?;
        let done = match event {
            Event::Scalar(text, style, ..) => {
                Yaml::Leaf { text: text.to_string(), plain: style == ScalarStyle::Plain }
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop()? {
                Open::List(items) => Yaml::List(items),
                Open::Map(entries, _) => Yaml::Map(entries),
            },
            Event::Alias(_) => return None,
            _ => continue,
        };
        match (open.last_mut(), done) {
            (None, done) => root = Some(done),
            (Some(Open::List(items)), done) => items.push(done),
            (Some(Open::Map(entries, key)), done) => match (key.take(), done) {
                (Some(key), value) => entries.push((key, value)),
                (None, Yaml::Leaf { text, .. }) => *key = Some(text),
                (None, _) => return None,
            },
        }
    }
    root
}

impl Yaml {
    /// As an editor hands it to a JSON Schema. None where a key stands twice, which no editor lets pass.
    pub(crate) fn json(&self) -> Option<Value> {
        Some(match self {
            Yaml::Leaf { text, plain: true } => core(text),
            Yaml::Leaf { text, .. } => json!(text),
            Yaml::List(items) => items.iter().map(Yaml::json).collect::<Option<Vec<_>>>()?.into(),
            Yaml::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    if map.insert(key.clone(), value.json()?).is_some() {
                        return None;
                    }
                }
                map.into()
            }
        })
    }

    /// As text again, on one line.
    pub(crate) fn text(&self) -> String {
        match self {
            Yaml::Leaf { text, plain: true } if !text.contains(['{', '[', ',', '}', ']', '#']) => {
                text.clone()
            }
            Yaml::Leaf { text, .. } => json!(text).to_string(),
            Yaml::List(items) => {
                format!("[{}]", items.iter().map(Yaml::text).collect::<Vec<_>>().join(", "))
            }
            Yaml::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key}: {}", value.text())).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// YAML 1.2.2, section 10.3.2.
fn core(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => json!(true),
        "false" | "False" | "FALSE" => json!(false),
        _ => number(text).unwrap_or_else(|| json!(text)),
    }
}

fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain =
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if !plain || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(json!(whole));
    }
    text.parse::<f64>().ok().map(|number| json!(number))
}
