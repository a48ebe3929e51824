//! Personal values in a text that could not be read as a scenario, so that a mistake in it can be shown. It looks at keys
//! and what stands beside them, and where it cannot tell, it takes too much.

use super::{Kind, gather::kind, matcher::Matcher};
use feed::Field;
use scenario::vocabulary::{SHAPES, SHORT_FIELDS};

/// Adds what stands beside keys. Two rounds, because a parameter's value stands under its own name.
pub(super) fn gather(to: &mut Matcher, text: &str) {
    let mut is_in_cases = false;
    for line in text.lines() {
        if line.starts_with(|c: char| c.is_alphabetic()) {
            is_in_cases = line.starts_with("cases");
        }
        let line = line.split(" #").next().unwrap_or(line);
        for (parent, key, value) in pairs(line) {
            for value in values(&value) {
                if let Some(kind) = what(parent.as_deref(), &key, &value, is_in_cases) {
                    to.add(kind, &value);
                }
            }
        }
    }
}

/// What kind of value this is, if it is to go.
fn what(parent: Option<&str>, key: &str, value: &str, is_in_cases: bool) -> Option<Kind> {
    match key {
        "name" if is_in_cases || matches!(parent, Some("rostering system" | "requirement")) => None,
        "name" | "employee" => Some(Kind::Name),
        "address" => Some(Kind::Address),
        _ => match Field::from_text(key) {
            Some(field) => kind(field),
            // Prose is read by people; names in it stand somewhere else too.
            None if is_known(key) => None,
            None => looks_personal(value).then_some(Kind::Value),
        },
    }
}

fn is_known(key: &str) -> bool {
    let in_a_shape = SHAPES.iter().any(|shape| shape.keys.iter().any(|word| word.text == key));
    in_a_shape || SHORT_FIELDS.iter().any(|word| word.text == key)
}

/// A capital letter at its beginning, an `@`, or a number of five digits: a name, an address, a telephone.
fn looks_personal(value: &str) -> bool {
    let n_digits = value.chars().filter(char::is_ascii_digit).count();
    value.starts_with(char::is_uppercase) || value.contains('@') || n_digits >= 5
}

/// Every `key: value` of a line, with the key whose braces it stands in.
fn pairs(line: &str) -> Vec<(Option<String>, String, String)> {
    let mut pairs = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut last_key = String::new();
    let mut rest = line.trim_start().trim_start_matches("- ").trim_start();
    while !rest.is_empty() {
        let end = rest.find(['{', '}', ',']).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        if let Some((key, value)) = piece.split_once(':') {
            key.trim().trim_matches(['"', '\'', '[', ' ']).clone_into(&mut last_key);
            pairs.push((open.last().cloned(), last_key.to_lowercase(), value.trim().to_owned()));
        } else if !piece.trim().is_empty() {
            // It goes on from the value before: a list, or a comma in a text.
            pairs.push((open.last().cloned(), last_key.to_lowercase(), piece.trim().to_owned()));
        }
        match after.chars().next() {
            Some('{') => open.push(last_key.to_lowercase()),
            Some('}') => drop(open.pop()),
            _ => {}
        }
        rest = after.get(1..).unwrap_or_default();
    }
    // Where commas stood inside one value, the whole of it is one too.
    if let Some((key, value)) = line.trim_start().trim_start_matches("- ").split_once(':')
        && !value.trim_start().starts_with(['{', '['])
    {
        pairs.push((None, key.trim().to_lowercase(), value.trim().to_owned()));
    }
    pairs
}

/// The values in what stands beside a key: without quotes and brackets, and the parts of a `raw`.
fn values(text: &str) -> Vec<String> {
    let plain = text.trim_matches(['"', '\'', '[', ']', ' ', '{', '}']);
    let mut all = vec![plain.to_owned()];
    if let Some((_, raw)) = plain.split_once("raw:") {
        all.push(raw.trim().trim_matches(['"', '\'']).to_owned());
    }
    all.retain(|value| !value.is_empty() && !value.starts_with("${"));
    all
}
