//! External identifiers that nearly agree, and what was done to them on the way: zeros lost, a prefix added, a letter
//! O typed for a zero. The sync matches to the character, so each of these makes a second record. That two identifiers
//! nearly agree is a suggestion only: legacy numbers collide once their zeros are gone, so people have to agree too.

use super::{Links, Rows};
use std::collections::BTreeMap;

/// One thing that is done to identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// White space or invisible characters at the ends.
    Ends,
    Case,
    /// Spaces, hyphens and other marks inside.
    Marks,
    /// O for 0, I or L for 1.
    Letters,
    /// Letters in front.
    Prefix,
    /// Zeros in front of the digits.
    Zeros,
}

impl Change {
    pub const ALL: &'static [Change] =
        &[Change::Ends, Change::Case, Change::Marks, Change::Letters, Change::Prefix, Change::Zeros];

    /// Fits after "they differ in".
    pub const fn text(self) -> &'static str {
        match self {
            Change::Ends => "spaces or invisible characters at the ends",
            Change::Case => "capital letters",
            Change::Marks => "spaces or hyphens",
            Change::Letters => "a letter O or I for a digit",
            Change::Prefix => "the letters in front",
            Change::Zeros => "leading zeros",
        }
    }

    fn undo(self, text: &str) -> String {
        match self {
            Change::Ends => text.trim_matches(is_blank).to_owned(),
            Change::Case => text.to_lowercase(),
            Change::Marks => text.chars().filter(|c| c.is_alphanumeric()).collect(),
            Change::Letters => text.chars().map(as_digit).collect(),
            Change::Prefix => {
                let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
                if digits.is_empty() { text.to_owned() } else { digits.to_owned() }
            }
            Change::Zeros => without_zeros(text),
        }
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

fn as_digit(c: char) -> char {
    match c {
        'o' | 'O' => '0',
        'i' | 'I' | 'l' | 'L' => '1',
        _ => c,
    }
}

/// Takes the zeros off that stand in front of other digits, behind letters if there are any.
fn without_zeros(text: &str) -> String {
    let at = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (front, digits) = text.split_at(at);
    let rest = digits.trim_start_matches('0');
    // All zeros: one stays.
    if rest.is_empty() && !digits.is_empty() { format!("{front}0") } else { format!("{front}{rest}") }
}

/// The fewest changes that make two identifiers one; none if no number of them does, or if they are one already.
pub fn changes(one: &str, other: &str) -> Option<Vec<Change>> {
    if one == other || !figures(one).eq(figures(other)) {
        return None;
    }
    let are_one = |set: &&u32| {
        let undo = |text: &str| {
            let changes = Change::ALL.iter().filter(|change| **set & 1 << **change as u32 != 0);
            changes.fold(text.to_owned(), |text, change| change.undo(&text))
        };
        undo(one) == undo(other)
    };
    let set = SETS.iter().find(are_one)?;
    Some(Change::ALL.iter().copied().filter(|change| set & 1 << *change as u32 != 0).collect())
}

/// What no change touches: figures other than those that zeros and letters become.
fn figures(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().filter(|byte| matches!(byte, b'2'..=b'9'))
}

/// All sets of changes, one bit for each change: the smallest sets first.
const SETS: [u32; 63] = {
    let (mut sets, mut n_sets, mut n_changes) = ([0; 63], 0, 1);
    while n_changes <= 6 {
        let mut set: u32 = 1;
        while set < 1 << 6 {
            if set.count_ones() == n_changes {
                sets[n_sets] = set;
                n_sets += 1;
            }
            set += 1;
        }
        n_changes += 1;
    }
    sets
};

/// All pairs of identifiers that differ in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    pub changes: Vec<Change>,
    /// Service user and record, where names, date of birth and the rest confirm that it is one person.
    pub confirmed: Vec<(u32, u32)>,
    /// Where they do not: the identifiers nearly agree by accident.
    pub by_accident: Vec<(u32, u32)>,
}

/// Groups the pairs whose identifiers nearly agree by how they differ; the largest group first.
pub fn near_misses(links: &Links, a: &Rows<'_>, b: &Rows<'_>) -> Vec<NearMiss> {
    let mut groups: BTreeMap<Vec<Change>, NearMiss> = BTreeMap::new();
    for it in links.joined.iter().filter(|it| !it.exactly) {
        let (one, other) = ((a.row)(it.a as usize), (b.row)(it.b as usize));
        let Some(changes) = changes(one.identifier, other.identifier) else { continue };
        let group = groups.entry(changes.clone()).or_insert_with(|| NearMiss {
            changes,
            confirmed: Vec::new(),
            by_accident: Vec::new(),
        });
        let is_one = it.same_person >= CONFIRMED;
        if is_one { &mut group.confirmed } else { &mut group.by_accident }.push((it.a, it.b));
    }
    let mut groups: Vec<NearMiss> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse((group.confirmed.len(), group.by_accident.len())));
    groups
}

/// From here a pair with nearly the same identifier is confirmed. *Assumed*.
const CONFIRMED: f32 = 0.95;

/// What is left of a folded identifier once everything that people and spreadsheets do to identifiers is undone: no
/// spaces, O is 0, I and L are 1, no letters in front, no zeros in front. An identifier without digits stays whole.
pub(crate) fn loose(folded: &mut Vec<u8>) -> &[u8] {
    folded.retain(|byte| *byte != b' ');
    if !folded.iter().any(u8::is_ascii_digit) {
        return folded;
    }
    for byte in folded.iter_mut() {
        *byte = match byte {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            _ => *byte,
        };
    }
    let front = folded.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'0').count();
    &folded[front.min(folded.len() - 1)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_told_by_the_fewest_changes() {
        for (one, other, expected) in [
            ("00482", "482", vec![Change::Zeros]),
            ("PP-00482", "PP-482", vec![Change::Zeros]),
            ("PP-482", "482", vec![Change::Prefix]),
            ("PP-00482", "482", vec![Change::Prefix, Change::Zeros]),
            ("482 ", "482", vec![Change::Ends]),
            ("482\u{200b}", "482", vec![Change::Ends]),
            ("pp-482", "PP-482", vec![Change::Case]),
            ("PP 482", "PP-482", vec![Change::Marks]),
            ("O482", "0482", vec![Change::Letters]),
        ] {
            assert_eq!(changes(one, other), Some(expected.clone()), "{one} {other}");
            assert_eq!(changes(other, one), Some(expected), "{other} {one}");
        }
        assert_eq!(changes("482", "482"), None);
        assert_eq!(changes("482", "483"), None);
    }

    #[test]
    fn whatever_changes_undo_has_one_loose_form() {
        let form = |text: &str| {
            let mut folded = Vec::new();
            super::super::fold::fold_into(text, &mut folded);
            loose(&mut folded).to_vec()
        };
        for same in ["00482", "PP-00482", " 482\u{a0}", "pp 482", "O0482", "PP-O0482"] {
            assert_eq!(form(same), b"482", "{same}");
        }
        assert_eq!(form("0000"), b"0");
        assert_eq!(form("OIL"), b"oil");
        assert!(form("").is_empty());
    }
}
