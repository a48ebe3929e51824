//! Branches and services of both sides: which names are equal to the character, which only nearly, which ACP lacks.
//! Knows no person.

use super::inputs::Sides;
use crate::exports::{Column, Export};
use crate::lookalike::fold::fold_into;
use feed::{NewBranch, Text};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A branch name that rostering sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// As sent, prefix included.
    pub name: Text,
    pub n_users: usize,
    /// The service that it belongs to in ACP, if ACP has the branch.
    pub service: Option<Text>,
    /// Whether the integration makes it by itself (setting `new_branch`).
    pub is_made: bool,
    /// ACP's name that was probably meant, where it has none that is equal.
    pub near: Option<Near>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    pub name: Text,
    pub differs: Differs,
}

/// How two branch names differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Differs {
    /// In nothing that can be seen.
    Unseen,
    /// In capitals, spaces or marks.
    Marks,
    /// One is short for the other: `Nth` and `North`.
    Short,
    Letters,
}

impl Differs {
    /// Fits after "differs".
    pub const fn text(self) -> &'static str {
        match self {
            Differs::Unseen => "only in spaces or characters that cannot be seen",
            Differs::Marks => "only in capital letters, spaces or marks",
            Differs::Short => "by a word that is cut short",
            Differs::Letters => "by a few letters",
        }
    }
}

/// A branch that ACP has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcpBranch {
    pub name: Text,
    /// Those that records of this branch are in, with how many, most first. A branch belongs to the first.
    pub services: Vec<(Text, usize)>,
    pub n_records: usize,
    /// Given by hand, as no record is in it.
    pub is_given: bool,
}

/// The branches and services of both sides.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By name.
    pub branches: Vec<Branch>,
    /// By name.
    pub acp: Vec<AcpBranch>,
    /// Whether the export says which service a record is in. If not, each branch may be in a service of its own.
    pub services_are_known: bool,
    /// As the engine takes them: services by name, each with its branches.
    pub(crate) services: Vec<(Text, Vec<Text>)>,
    /// Branch names that rostering sends.
    pub(crate) of_rostering: Vec<Text>,
    /// Only ever asked for one name, never walked.
    service_of: FxHashMap<Text, Text>,
}

/// So many names that ACP lacks are compared with those that it has. Where there are more, a wrong column was exported.
/// *Assumed*, as in the engine.
const MOST_COMPARED: usize = 1000;

impl Places {
    pub(crate) fn of(sides: Sides<'_>) -> Places {
        let services_are_known = sides.acp.has(Column::Service);
        let acp = acp_branches(sides, services_are_known);
        let service_of: FxHashMap<Text, Text> = acp
            .iter()
            .map(|branch| {
                (
                    branch.name.clone(),
                    branch.services.first().map_or_else(|| unknown(&branch.name), |it| it.0.clone()),
                )
            })
            .collect();
        let mut by_service: BTreeMap<Text, Vec<Text>> = BTreeMap::new();
        for branch in &acp {
            by_service.entry(service_of[&branch.name].clone()).or_default().push(branch.name.clone());
        }
        let mut places = Places {
            services_are_known,
            acp,
            services: by_service.into_iter().collect(),
            service_of,
            ..Places::default()
        };
        places.branches = places.rostering_branches(sides);
        places.of_rostering = places.branches.iter().map(|branch| branch.name.clone()).collect();
        places
    }

    pub(crate) fn service_of(&self, branch: &str) -> Option<&Text> {
        self.service_of.get(branch)
    }

    /// The branch that rostering sends under this name.
    pub fn branch(&self, name: &str) -> Option<&Branch> {
        let at = self.branches.binary_search_by(|it| it.name.as_str().cmp(name)).ok()?;
        Some(&self.branches[at])
    }

    /// These places, with one more branch in ACP.
    pub(crate) fn with(&self, branch: &Text) -> Places {
        let mut places = self.clone();
        let service = unknown(branch);
        places.service_of.insert(branch.clone(), service.clone());
        places.services.push((service, vec![branch.clone()]));
        places
    }

    fn rostering_branches(&self, sides: Sides<'_>) -> Vec<Branch> {
        let prefix = &sides.set_up.prefix;
        let counted = count(sides.rostering, |row| (row.or_empty(Column::Branch), ""));
        let named: BTreeMap<Text, usize> = counted
            .into_iter()
            .filter(|((name, _), _)| !name.is_empty())
            .map(|((name, _), n)| (Text::from(format!("{prefix}{name}")), n))
            .collect();
        let n_unknown = named.keys().filter(|name| !self.service_of.contains_key(*name)).count();
        let one = |(name, n_users): (Text, usize)| {
            let service = self.service_of.get(&name).cloned();
            let may_compare = service.is_none() && n_unknown <= MOST_COMPARED;
            Branch {
                near: if may_compare { self.nearest(&name) } else { None },
                is_made: service.is_none() && makes(sides, &name),
                service,
                n_users,
                name,
            }
        };
        named.into_par_iter().map(one).collect()
    }

    /// ACP's name that a name was probably meant to be: the one that differs least.
    fn nearest(&self, name: &str) -> Option<Near> {
        let near = |it: &AcpBranch| Some((differs(name, &it.name)?, it.name.clone()));
        let ((differs, _), name) = self.acp.iter().filter_map(near).min()?;
        Some(Near { name, differs })
    }
}

fn makes(sides: Sides<'_>, name: &str) -> bool {
    let new_branch: NewBranch = sides.set_up.settings.new_branch;
    new_branch.makes(name)
}

/// Stands for a service that nobody told: the branch may be in any.
fn unknown(branch: &str) -> Text {
    Text::from(format!("(the service of {branch})"))
}

fn acp_branches(sides: Sides<'_>, services_are_known: bool) -> Vec<AcpBranch> {
    let mut by_name: BTreeMap<Text, AcpBranch> = BTreeMap::new();
    let new =
        |name: &Text| AcpBranch { name: name.clone(), services: Vec::new(), n_records: 0, is_given: true };
    for ((branch, service), n) in
        count(sides.acp, |row| (row.or_empty(Column::Branch), row.or_empty(Column::Service)))
    {
        if branch.trim().is_empty() {
            continue;
        }
        let name = Text::from(branch);
        let entry = by_name.entry(name.clone()).or_insert_with(|| new(&name));
        entry.n_records += n;
        entry.is_given = false;
        if services_are_known && !service.trim().is_empty() {
            entry.services.push((Text::from(service), n));
        }
    }
    for (name, service) in &sides.set_up.more_branches {
        let entry = by_name.entry(name.clone()).or_insert_with(|| new(name));
        if let Some(service) = service
            && !entry.services.iter().any(|(it, _)| it == service)
        {
            entry.services.push((service.clone(), 0));
        }
    }
    let mut branches: Vec<AcpBranch> = by_name.into_values().collect();
    for branch in &mut branches {
        branch.services.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    }
    branches
}

/// How many rows have each pair of texts, in the order of the texts.
fn count<'a>(
    export: &'a Export,
    texts: impl Fn(crate::exports::ExportRow<'a>) -> (&'a str, &'a str) + Sync,
) -> BTreeMap<(&'a str, &'a str), usize> {
    let parts: Vec<FxHashMap<(&str, &str), usize>> = (0..export.n_rows())
        .into_par_iter()
        .with_min_len(4096)
        .fold(FxHashMap::default, |mut counts: FxHashMap<(&str, &str), usize>, at| {
            *counts.entry(texts(export.row(at))).or_default() += 1;
            counts
        })
        .collect();
    let mut all = BTreeMap::new();
    for (texts, n) in parts.into_iter().flatten() {
        *all.entry(texts).or_default() += n;
    }
    all
}

/// How two names differ, and by how many letters; none where they are two names.
fn differs(one: &str, other: &str) -> Option<(Differs, usize)> {
    let seen = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).collect::<String>();
    if seen(one) == seen(other) {
        return Some((Differs::Unseen, 0));
    }
    let (one, other) = (folded(one), folded(other));
    let [joined, other_joined] = [&one, &other].map(|text| text.replace(' ', ""));
    if joined == other_joined {
        return Some((Differs::Marks, 0));
    }
    let distance = strsim::damerau_levenshtein(&joined, &other_joined);
    if is_short_for(&one, &other) {
        return Some((Differs::Short, distance));
    }
    (is_slip(&joined, &other_joined) || each_word_is_close(&one, &other))
        .then_some((Differs::Letters, distance))
}

/// Words of so many letters may differ by one. *Assumed*: North and South differ by two.
const LETTERS_OF_A_WORD: usize = 4;

fn is_slip(one: &str, other: &str) -> bool {
    one.len().min(other.len()) >= LETTERS_OF_A_WORD && strsim::damerau_levenshtein(one, other) <= 1
}

fn each_word_is_close(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one == other || is_slip(one, other))
}

fn folded(name: &str) -> String {
    let mut bytes = Vec::new();
    fold_into(name, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Whether the words of one are those of the other, some of them cut short: `leeds nth` for `leeds north`.
fn is_short_for(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let both = || one.iter().zip(&other);
    one.len() == other.len()
        && both().any(|(a, b)| a == b)
        && both().all(|(a, b)| a == b || shortens(a, b) || shortens(b, a))
}

/// Two letters or more of a longer word, in order, the first among them.
fn shortens(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    short.len() >= 2
        && short.len() < long.len()
        && short.chars().next() == long.chars().next()
        && short.chars().all(|c| letters.any(|it| it == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_probably_meant_are_found_and_others_are_not() {
        for (one, other, expected) in [
            ("Leeds North", "Leeds North\u{a0}", Some(Differs::Unseen)),
            ("Leeds North", "Leeds\u{200b} North", Some(Differs::Unseen)),
            ("leeds north", "Leeds North", Some(Differs::Marks)),
            ("Leeds-North", "Leeds North", Some(Differs::Marks)),
            ("Leeds Nth", "Leeds North", Some(Differs::Short)),
            ("Leeds Norht", "Leeds North", Some(Differs::Letters)),
            ("Leeds South", "Leeds North", None),
            ("South Yorkshire", "North Yorkshire", None),
            ("Harogate Westt", "Harrogate West", Some(Differs::Letters)),
            ("Hull", "York", None),
            ("A", "B", None),
        ] {
            assert_eq!(differs(one, other).map(|it| it.0), expected, "{one} {other}");
            assert_eq!(differs(other, one).map(|it| it.0), expected, "{other} {one}");
        }
    }
}
