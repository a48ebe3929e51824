//! The JSON Schema of scenario and world files, made from the vocabulary, for editors that know YAML and not us.
//!
//! It says what may stand where. What needs the whole story (names that are defined elsewhere, the order of time, the
//! calendar) only the reader sees. Draft 7, because that is what editors' YAML support is built on.
//!
//! An editor resolves plain values by YAML's core schema, so `0042` reaches it as a number and `Null` as nothing,
//! where the reader sees the text: both are let through wherever a text may stand.

use crate::{
    SuiteFile, lower,
    vocabulary::{
        ACTORS, AS, FAULT, FAULT_FORMS, FAULT_SHARED, FIELDS, FieldsHere, Form, GIVEN, GIVEN_SENTENCES, HAS,
        IN_ACP_FORMS, IN_ROSTERING_FORMS, Key, RAW, SCENARIO, SET, SHAPES, SHORT_FIELDS, SITUATIONS,
        STATUSES, Shape, THEN, Takes, Thing, WHEN, WORLD, Word, field_says, is_edit,
    },
};
use feed::{Clause, Setting};
use serde_json::{Map, Value, json};

/// The whole schema of the files of a suite, as text with a line break at its end: the same bytes for one version.
pub fn schema(suite: &SuiteFile) -> String {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A rehearse scenario",
        "description": "One scenario a file, or a world that scenarios use. Made by `rehearse schema`.",
        "anyOf": [shape_ref(&SCENARIO), shape_ref(&WORLD)],
        "definitions": definitions(suite),
    });
    format!("{schema:#}\n")
}

fn definitions(suite: &SuiteFile) -> Value {
    let mut all = Map::new();
    for shape in SHAPES {
        all.insert(shape.name.to_owned(), of_shape(shape, suite));
    }
    for key in SET.all().chain(HAS.all()).filter(|key| !HAS.keys.iter().any(|own| own.text == key.text)) {
        all.insert(field_name(&key), of_field(&key));
    }
    for form in FAULT_FORMS {
        all.insert(fault_name(form.subject), of_fault(form));
    }
    all.insert("parameter".into(), parameter());
    all.insert("text".into(), text());
    all.insert("prose".into(), prose());
    all.insert("value".into(), any_of([text(), shape_ref(&RAW)]));
    let clauses = Clause::ALL.iter().map(|clause| constant(clause.code(), clause.says()));
    all.insert("clause".into(), or_inside(any_of(clauses)));
    all.insert("field".into(), or_inside(words(FIELDS.iter().chain(SHORT_FIELDS))));
    all.insert("given".into(), given());
    all.insert("step".into(), any_of([shape_ref(&WHEN), shape_ref(&THEN), parameter()]));
    all.insert("settings".into(), settings());
    all.into()
}

fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

fn shape_ref(shape: &Shape) -> Value {
    named(shape.name)
}

fn fault_name(kind: &str) -> String {
    format!("FAULT_{}", kind.to_uppercase())
}

fn any_of(schemas: impl IntoIterator<Item = Value>) -> Value {
    json!({ "anyOf": schemas.into_iter().collect::<Vec<_>>() })
}

fn constant(text: &str, says: &str) -> Value {
    json!({ "const": text, "description": says })
}

fn words<'w>(words: impl IntoIterator<Item = &'w Word>) -> Value {
    any_of(words.into_iter().map(|word| constant(word.text, word.says)))
}

/// A row's value, alone.
fn parameter() -> Value {
    json!({ "type": "string", "pattern": "^\\$\\{[^}]*\\}$" })
}

/// Or a text with a row's value in it.
fn or_inside(schema: Value) -> Value {
    any_of([schema, json!({ "type": "string", "pattern": "\\$\\{[^}]*\\}" })])
}

fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

fn prose() -> Value {
    json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" })
}

fn pattern(pattern: &str) -> Value {
    or_inside(json!({ "type": "string", "pattern": pattern }))
}

/// One, or a list of them; or a row's value.
fn one_or_more(one: &Value) -> Value {
    any_of([one.clone(), json!({ "type": "array", "items": one })])
}

fn of_shape(shape: &Shape, suite: &SuiteFile) -> Value {
    let own = shape.keys.iter().map(|key| (key.text.to_owned(), of_key(key, shape)));
    let fields = shape.all().skip(shape.keys.len());
    let fields = fields.map(|key| (key.text.to_owned(), named(&field_name(&key))));
    let properties: Map<String, Value> = own.chain(fields).collect();
    let mut out = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    // What the suite says no scenario needs to.
    let has_clock = suite.clock.is_some() || suite.is_unread;
    let is_said = |group: &&&[&str]| shape.name == "SCENARIO" && **group == ["clock"] && has_clock;
    let groups = shape.needs.iter().filter(|group| !is_said(group));
    let mut rules: Vec<Value> = groups.map(|group| needs(group)).collect();
    rules.extend(shape.apart.iter().copied().flat_map(apart));
    if shape.fields == FieldsHere::Set {
        for pair in [["name", "given name"], ["name", "family name"], ["address", "address line 1"]] {
            rules.extend(apart(&pair));
        }
    }
    match shape.name {
        "GIVEN" => rules.push(one_entry()),
        "IN_ROSTERING" => rules.extend(forms(IN_ROSTERING_FORMS, &["system"])),
        "HISTORY" => rules.push(json!({
            "if": { "properties": { "of": { "const": "status" } }, "required": ["of"] },
            "then": { "properties": { "values": one_or_more(&or_inside(words(STATUSES))) } },
        })),
        "IN_ACP" => rules.extend(forms(IN_ACP_FORMS, &["system", "as"])),
        "INTEGRATION" | "FAULTS" | "REFUSED" | "ACCOUNT" | "HAS" | "SET" | "ROSTERING_HAS" | "ADD_CARE" => {
            out["minProperties"] = 1.into();
        }
        _ => {}
    }
    if !rules.is_empty() {
        out["allOf"] = rules.into();
    }
    out
}

fn of_key(key: &Key, shape: &Shape) -> Value {
    let mut schema = takes(key, shape);
    schema["description"] = key.says.into();
    schema
}

fn field_name(key: &Key) -> String {
    match (key.text, key.takes) {
        ("name", Takes::FullName) => "FIELD_full_name".into(),
        _ => format!("FIELD_{}", key.text.replace(' ', "_")),
    }
}

/// A field of a service user: what it means, and who owns it.
fn of_field(key: &Key) -> Value {
    let mut schema = takes(key, &SET);
    schema["description"] = field_says(key.text, key.says).into();
    schema
}

fn needs(group: &[&str]) -> Value {
    match group {
        [key] => json!({ "required": [key] }),
        keys => any_of(keys.iter().map(|key| json!({ "required": [key] }))),
    }
}

fn apart(group: &[&str]) -> Vec<Value> {
    let pairs = group.iter().enumerate().flat_map(|(idx, a)| group[idx + 1..].iter().map(move |b| (a, b)));
    pairs.map(|(a, b)| json!({ "not": { "required": [a, b] } })).collect()
}

/// An entry of `given` says one thing, besides `system`.
fn one_entry() -> Value {
    any_of([
        json!({ "required": ["system"], "minProperties": 2, "maxProperties": 2 }),
        json!({ "not": { "required": ["system"] }, "minProperties": 1, "maxProperties": 1 }),
    ])
}

/// Exactly one subject, with its own verbs and no others.
fn forms(forms: &[Form], everywhere: &[&str]) -> Vec<Value> {
    let mut rules = vec![json!({
        "oneOf": forms.iter().map(|form| json!({ "required": [form.subject] })).collect::<Vec<_>>()
    })];
    for form in forms {
        let keys: Vec<&str> =
            [form.subject].iter().chain(form.verbs).chain(form.also).chain(everywhere).copied().collect();
        let mut then = json!({ "propertyNames": { "enum": keys }, "required": form.needs });
        if !form.verbs.is_empty() {
            then["oneOf"] = verbs(form.verbs);
        }
        if form.also.contains(&"leaving") {
            then["dependencies"] = json!({ "leaving": ["move to"] });
        }
        rules.push(json!({ "if": { "required": [form.subject] }, "then": then }));
    }
    rules
}

/// One of the verbs; `set` and `clear` are one.
fn verbs(verbs: &[&str]) -> Value {
    let mut out = Vec::new();
    if verbs.iter().any(|verb| is_edit(verb, "clear")) {
        out.push(any_of([json!({ "required": ["set"] }), json!({ "required": ["clear"] })]));
    }
    let single = verbs.iter().filter(|verb| !matches!(**verb, "set" | "clear"));
    out.extend(single.map(|verb| json!({ "required": [verb] })));
    out.into()
}

fn of_fault(form: &Form) -> Value {
    let own = FAULT.all().filter(|key| form.also.contains(&key.text) || FAULT_SHARED.contains(&key.text));
    let properties: Map<String, Value> = own.map(|key| (key.text.to_owned(), of_key(&key, &FAULT))).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": form.needs,
        "additionalProperties": false,
    })
}

/// An entry of `given`: a mapping, or the one sentence.
fn given() -> Value {
    let sentences = GIVEN_SENTENCES.iter().map(|word| constant(word.text, word.says));
    any_of(sentences.chain([shape_ref(&GIVEN), parameter()]))
}

fn settings() -> Value {
    let properties: Map<String, Value> = Setting::ALL
        .iter()
        .map(|setting| {
            let values = or_inside(json!({ "enum": setting.values() }));
            let is_list = *setting == Setting::ManagedDemographics;
            let mut schema = if is_list { one_or_more(&values) } else { values };
            schema["description"] = setting.says().into();
            (setting.text().to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// What may stand behind a key.
fn takes(key: &Key, shape: &Shape) -> Value {
    match key.takes {
        Takes::Prose => any_of([prose()]),
        Takes::Called => {
            let number = json!({ "type": "string", "pattern": "^R[1-9][0-9]*$" });
            json!({ "allOf": [prose(), { "not": number }] })
        }
        Takes::Text => any_of([text()]),
        Takes::Texts => one_or_more(&text()),
        Takes::Value if matches!(key.text, "given name" | "family name") => nobody_called_null(),
        Takes::Value => any_of([named("value")]),
        Takes::Values => one_or_more(&named("value")),
        Takes::FullName => any_of([pattern(" \\S"), shape_ref(&RAW)]),
        Takes::Date => any_of([
            pattern("^([+-]?\\d{4,6}-?\\d\\d-?\\d\\d.*)?$"),
            json!({ "type": "number" }),
            shape_ref(&RAW),
        ]),
        Takes::NhsNumber => {
            let digits = pattern("^(9[ -]*9[ -]*9([ -]*[0-9]){7}[ -]*)?$");
            let number =
                json!({ "type": "integer", "minimum": 9_990_000_000_u64, "maximum": 9_999_999_999_u64 });
            any_of([digits, number, shape_ref(&RAW)])
        }
        Takes::Name(thing) => name(thing),
        Takes::Names(thing) => one_or_more(&name(thing)),
        Takes::TwoRecords => any_of([
            json!({ "type": "array", "items": named("value"), "minItems": 2, "maxItems": 2 }),
            parameter(),
        ]),
        Takes::One(choices) => or_inside(words(choices)),
        Takes::Several(choices) => one_or_more(&or_inside(words(choices))),
        Takes::Clause => any_of([named("clause")]),
        Takes::Clauses if shape.name == "SCENARIO" => any_of([
            named("clause"),
            json!({ "type": "array", "items": named("clause"), "minItems": 1, "uniqueItems": true }),
        ]),
        Takes::Clauses => one_or_more(&named("clause")),
        Takes::ClausesOrNone => any_of([
            constant("none", "Guidance said nothing."),
            named("clause"),
            json!({ "type": "array", "items": named("clause"), "minItems": 1 }),
        ]),
        Takes::CaseKind => {
            let kinds = lower::CASE_KINDS.iter().map(|(code, clause)| constant(code, clause.says()));
            or_inside(any_of(kinds))
        }
        Takes::Situation => or_inside(words(SITUATIONS)),
        Takes::Actor => actor(),
        Takes::FieldNames => one_or_more(&named("field")),
        Takes::KeysOf(shape) => {
            let keys = shape.all().map(|key| constant(key.text, key.says));
            one_or_more(&or_inside(any_of(keys)))
        }
        Takes::Tracked => {
            let others = [
                constant("external id", "The external identifier."),
                constant("status", "Active, inactive or archived."),
                constant("role access", "Who may see the record."),
                constant("address", SHORT_FIELDS[1].says),
            ];
            let fields = FIELDS.iter().map(|word| constant(word.text, word.says));
            or_inside(any_of(fields.chain(others)))
        }
        Takes::Number(from, to) => {
            any_of([json!({ "type": "integer", "minimum": from, "maximum": to }), pattern("^[0-9]+$")])
        }
        Takes::Seed => any_of([json!({ "type": "number", "minimum": 0 }), pattern("^[0-9]+$")]),
        Takes::Count => any_of([
            json!({ "type": "integer", "minimum": 0 }),
            pattern("^\\s*((at least|at most)\\s+)?[0-9]+\\s*$"),
        ]),
        Takes::Refusal => any_of([
            json!({ "const": 429 }),
            json!({ "type": "integer", "minimum": 500, "maximum": 599 }),
            pattern("^(429|5[0-9][0-9])$"),
        ]),
        Takes::Duration => json!({
            "allOf": [pattern(&format!("^\\s*({PART}\\s*)+$"))],
            "not": { "type": "string", "pattern": "^\\s*(0+(ms|d|h|m|s)\\s*)+$" },
        }),
        Takes::Instant => pattern(&format!("^\\s*{DAY}{TIME}\\s*$")),
        Takes::Moment => pattern(&format!("^\\s*({LATER}|now|today|{DAY}{TIME})\\s*$")),
        Takes::DayOrMoment => pattern(&format!("^\\s*({LATER}|now|today|{DAY}({TIME})?)\\s*$")),
        Takes::Day => pattern(&format!("^{DAY}$")),
        Takes::Map(shape) => any_of([shape_ref(shape), parameter()]),
        Takes::Maps(shape) => one_or_more(&any_of([shape_ref(shape), parameter()])),
        Takes::WordOrMap(choices, shape) => {
            one_or_more(&any_of([or_inside(words(choices)), shape_ref(shape)]))
        }
        Takes::Fault => {
            let own = named(&fault_name(key.text));
            let says_enough = matches!(key.text, "lose" | "reorder");
            any_of([own, parameter()].into_iter().chain(says_enough.then(|| json!({ "type": "null" }))))
        }
        Takes::Settings => any_of([named("settings"), parameter()]),
        Takes::Services => any_of([
            json!({
                "type": "object",
                "minProperties": 1,
                "additionalProperties": one_or_more(&text()),
            }),
            parameter(),
        ]),
        Takes::Rows => json!({ "type": "array", "items": row() }),
        Takes::Given => json!({ "type": "array", "items": named("given") }),
        Takes::Steps => json!({
            "type": "array",
            "items": named("step"),
            "contains": any_of([json!({ "required": ["then"] }), parameter()]),
        }),
        Takes::Nothing => any_of([json!(true)]),
    }
}

/// `Null` is a family name, and an editor takes it for nothing.
fn nobody_called_null() -> Value {
    any_of([named("value"), json!({ "type": "null" })])
}

fn name(thing: Thing) -> Value {
    match thing {
        Thing::World => json!({ "type": "string", "not": { "pattern": "\\$\\{" } }),
        // These are read without `raw`.
        Thing::System | Thing::Order | Thing::Requirement | Thing::Record => any_of([named("text")]),
        _ => any_of([named("value")]),
    }
}

fn actor() -> Value {
    let whole = ACTORS.iter().filter(|word| word.text != "branch administrator");
    or_inside(any_of([
        words(whole),
        json!({ "type": "string", "pattern": "^branch administrator of ." }),
        shape_ref(&AS),
    ]))
}

/// A row of `cases`: its name, and a value for each parameter.
fn row() -> Value {
    json!({
        "type": "object",
        "required": ["name"],
        "properties": { "name": { "description": "What the case is called.", "allOf": [prose()] } },
        "additionalProperties": {
            "not": { "type": "string", "pattern": "\\$\\{" },
            "description": "The value of a parameter: `${...}` stands for it.",
        },
    })
}

/// `20m`
const PART: &str = "[0-9]+\\s*(ms|d|h|m|s)";
/// `2026-03-26`
const DAY: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
/// ` 09:00 Europe/London`
const TIME: &str =
    "[T\\s]\\s*[0-9]{2}:[0-9:.]{2,9}(\\s+(Europe/London|[+-][0-9]{2}:[0-9]{2}(\\s+Europe/London)?))?";
/// `+1d 08:00`
const LATER: &str = "[+-]\\s*([0-9]+(ms|d|h|m|s))+(\\s+[0-9]{2}:[0-9:.]{2,9})?";
