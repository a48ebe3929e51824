//! Where the name under the cursor was given.

use scenario::{
    Is, Part,
    vocabulary::{Takes, Thing},
};
use std::ops::Range;

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// In this file.
    Here(Range<usize>),
    /// In a world that it uses: its place among the others.
    There(usize, Range<usize>),
    /// A world itself, by its path as written.
    World(String),
}

/// Where the name at `cursor` was given; `others` are the outlines of the worlds that the file uses.
pub fn definition(cursor: usize, outline: &[Part], others: &[Vec<Part>]) -> Option<Target> {
    let mut here = outline.iter().filter(|part| part.bytes.start <= cursor && cursor <= part.bytes.end);
    let (text, thing) = here.find_map(|part| Some((part.text.as_str(), thing(part)?)))?;
    if thing == Thing::World {
        return Some(Target::World(text.to_owned()));
    }
    let in_file = |parts: &[Part], fits: &dyn Fn(&str) -> bool| {
        parts.iter().find(|part| names(part, thing) && fits(&part.text)).map(|part| part.bytes.clone())
    };
    let exactly = |name: &str| name == text;
    // ACP knows it with the prefix of its rostering environment.
    let with_prefix = |name: &str| text.len() > name.len() && !name.is_empty() && text.ends_with(name);
    let tries: [&dyn Fn(&str) -> bool; 2] = [&exactly, &with_prefix];
    tries.into_iter().find_map(|fits| {
        let here = in_file(outline, fits).map(Target::Here);
        here.or_else(|| {
            let mut others = others.iter().enumerate();
            others.find_map(|(idx, parts)| in_file(parts, fits).map(|bytes| Target::There(idx, bytes)))
        })
    })
}

fn thing(part: &Part) -> Option<Thing> {
    match part.is {
        Is::Value(Takes::Name(thing) | Takes::Names(thing)) => Some(thing),
        Is::Value(Takes::TwoRecords) => Some(Thing::AnyRecord),
        Is::Name(thing) => Some(thing),
        _ => None,
    }
}

fn names(part: &Part, thing: Thing) -> bool {
    match (part.is, thing) {
        (Is::Name(Thing::ServiceUser | Thing::Record), Thing::AnyRecord) => true,
        (Is::Name(name), thing) => name == thing,
        _ => false,
    }
}
