//! Every name of both files once: its letters, its parts if it is double-barrelled, the groups of given names that
//! it belongs to, and how it sounds. Cards hold numbers of names, so most comparisons are of two numbers.

use super::fold::{hash_bytes, scatter};
use super::jaro::{self, LETTERS, Word};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The place of a name in [`Names`]. 0 is no name.
pub(crate) type NameId = u32;

#[derive(Clone, Copy)]
pub(crate) struct Name {
    /// The letters of all parts, one after the other.
    pub(crate) word: Word,
    /// Which letters they are.
    pub(crate) letters: u64,
    /// Groups of nicknames, from 1; 0 is none.
    groups: [u16; 4],
}

/// What makes a name another one: its letters, and how many of them the first and the last part have. As numbers they are
/// hashed and compared in one go.
type Key = (u128, u16);

/// Names by number. The numbers depend on the order of rows; nothing that leaves this module's users does.
pub(crate) struct Names {
    all: Vec<Name>,
    /// Of the letters; 0 for no name. What keys need of a name lies apart from the rest: it fits into the cache.
    hashes: Vec<u64>,
    /// The first and the last part of a name of several; else no name.
    parts: Vec<[NameId; 2]>,
    /// Soundex, as a number.
    sounds: Vec<u16>,
    /// A hash of what a given name stands for, and that scattered.
    meanings: Vec<u64>,
    scattered: Vec<u64>,
    numbers: FxHashMap<Key, NameId>,
}

impl Names {
    pub(crate) fn new() -> Names {
        let nobody = Name { word: [0; LETTERS], letters: 0, groups: [0; 4] };
        Names {
            all: vec![nobody],
            hashes: vec![0],
            parts: vec![[0; 2]],
            sounds: vec![0],
            meanings: vec![0],
            scattered: vec![scatter(0)],
            numbers: FxHashMap::default(),
        }
    }

    pub(crate) fn get(&self, id: NameId) -> &Name {
        &self.all[id as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The number of a folded name; a space stands between the parts of a double-barrelled one. Letters past the
    /// 16th are not kept.
    pub(crate) fn number(&mut self, text: &[u8]) -> NameId {
        let mut word = [0; LETTERS];
        let letters = text.iter().filter(|byte| **byte != b' ');
        word.iter_mut().zip(letters).for_each(|(place, letter)| *place = *letter);
        if word[0] == 0 {
            return 0;
        }
        let (first, last) = ends(text);
        let lens = u16::from_le_bytes([short_len(first), short_len(last)]);
        let key = (u128::from_le_bytes(word), lens);
        if let Some(&id) = self.numbers.get(&key) {
            return id;
        }
        let parts = if first.is_empty() { [0; 2] } else { [self.number(first), self.number(last)] };
        self.add(key, parts)
    }

    fn add(&mut self, key: Key, parts: [NameId; 2]) -> NameId {
        let id = u32::try_from(self.all.len()).expect("the limit on rows keeps names below four billion");
        let word = key.0.to_le_bytes();
        let (hash, groups) = (hash_bytes(&word), groups_of(&word));
        self.all.push(Name { word, letters: jaro::letters(&word), groups });
        self.hashes.push(hash);
        self.parts.push(parts);
        self.sounds.push(soundex(&word));
        let meaning = if groups[0] == 0 { hash } else { scatter(u64::from(groups[0])) };
        self.meanings.push(meaning);
        self.scattered.push(scatter(meaning));
        self.numbers.insert(key, id);
        id
    }

    /// Takes over the names of another table and says what each of its numbers is here.
    pub(crate) fn absorb(&mut self, other: &Names) -> Vec<NameId> {
        let mut here = vec![0; other.all.len()];
        let mut keys: Vec<(&Key, &NameId)> = other.numbers.iter().collect();
        keys.sort_unstable_by_key(|(_, id)| **id);
        // Parts were numbered before the name that they are part of.
        for (key, &id) in keys {
            let parts = other.parts(id).map(|part| here[part as usize]);
            here[id as usize] = match self.numbers.get(key) {
                Some(&known) => known,
                None => self.add(*key, parts),
            };
        }
        here
    }

    /// Whether two given names are forms of one name.
    pub(crate) fn are_forms_of_one(&self, one: NameId, other: NameId) -> bool {
        let (one, other) = (self.get(one).groups, self.get(other).groups);
        // Few names are forms of any, and the first place is filled first.
        one[0] != 0 && other[0] != 0 && one.iter().any(|group| *group != 0 && other.contains(group))
    }

    /// A hash of what a given name stands for: Bob and Robert have the same.
    pub(crate) fn meaning(&self, id: NameId) -> u64 {
        self.meanings[id as usize]
    }

    /// The same scattered, to be joined with another name's.
    pub(crate) fn scattered_meaning(&self, id: NameId) -> u64 {
        self.scattered[id as usize]
    }

    pub(crate) fn parts(&self, id: NameId) -> [NameId; 2] {
        self.parts[id as usize]
    }

    /// A hash of the letters; 0 for no name.
    pub(crate) fn letters(&self, id: NameId) -> u64 {
        self.hashes[id as usize]
    }

    pub(crate) fn sound(&self, id: NameId) -> u64 {
        u64::from(self.sounds[id as usize])
    }

    /// How a name begins to sound: the letter and the first digit of Soundex. 0 for no name.
    pub(crate) fn onset(&self, id: NameId) -> u64 {
        self.sound(id) / 49
    }

    pub(crate) fn initial(&self, id: NameId) -> u8 {
        self.get(id).word[0]
    }

    pub(crate) fn is_initial(&self, id: NameId) -> bool {
        id != 0 && self.get(id).word[1] == 0
    }
}

/// The first and the last of several parts; empty if there is one part only.
fn ends(text: &[u8]) -> (&[u8], &[u8]) {
    let Some(after_first) = text.iter().position(|byte| *byte == b' ') else { return (b"", b"") };
    let before_last = text.iter().rposition(|byte| *byte == b' ').unwrap_or(after_first);
    (&text[..after_first], &text[before_last + 1..])
}

fn short_len(part: &[u8]) -> u8 {
    u8::try_from(part.len()).unwrap_or(u8::MAX)
}

/// Forms of given names by their letters: up to four groups each.
static GROUPS: LazyLock<FxHashMap<&'static [u8], [u16; 4]>> = LazyLock::new(|| {
    let mut groups: FxHashMap<&[u8], [u16; 4]> = FxHashMap::default();
    let lines = include_str!("nicknames.txt").lines().filter(|line| !line.starts_with('#'));
    for (number, line) in (1..).zip(lines) {
        for form in line.split(' ') {
            let of_form = groups.entry(form.as_bytes()).or_default();
            if let Some(free) = of_form.iter_mut().find(|group| **group == 0) {
                *free = number;
            }
        }
    }
    groups
});

fn groups_of(word: &Word) -> [u16; 4] {
    let n_letters = super::jaro::len(word);
    GROUPS.get(&word[..n_letters]).copied().unwrap_or_default()
}

/// American Soundex (a letter and three digits), with the silent beginnings of English names taken off first.
fn soundex(word: &Word) -> u16 {
    let word = &word[..super::jaro::len(word)];
    let (first, rest) = match word {
        [b'k' | b'g', b'n', rest @ ..] => (b'n', rest),
        [b'w', b'r', rest @ ..] => (b'r', rest),
        [b'p', b'h', rest @ ..] => (b'f', rest),
        [b'c', rest @ ..] => (b'k', rest),
        [first, rest @ ..] => (*first, rest),
        [] => return 0,
    };
    7 * 7 * 7 * (1 + u16::from(first & 63)) + tail(first, rest)
}

fn tail(first: u8, rest: &[u8]) -> u16 {
    let (mut code, mut n_digits, mut last) = (0, 0, digit(first));
    for &byte in rest {
        let now = digit(byte);
        if now != 0 && now != last && n_digits < 3 {
            code = code * 7 + now;
            n_digits += 1;
        }
        if !matches!(byte, b'h' | b'w') {
            last = now;
        }
    }
    (n_digits..3).fold(code, |code, _| code * 7)
}

fn digit(letter: u8) -> u16 {
    match letter {
        b'b' | b'f' | b'p' | b'v' => 1,
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => 2,
        b'd' | b't' => 3,
        b'l' => 4,
        b'm' | b'n' => 5,
        b'r' => 6,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_have_one_sound() {
        let mut names = Names::new();
        for (one, other) in [("smith", "smyth"), ("knight", "night"), ("clark", "klark"), ("phelan", "felan")]
        {
            let (one, other) = (names.number(one.as_bytes()), names.number(other.as_bytes()));
            assert_eq!(names.sound(one), names.sound(other));
        }
        let (smith, jones) = (names.number(b"smith"), names.number(b"jones"));
        assert_ne!(names.sound(smith), names.sound(jones));
    }

    #[test]
    fn bob_is_robert_and_bert_is_three_people() {
        let mut names = Names::new();
        let mut of = |name: &str| names.number(name.as_bytes());
        let (bob, robert, bert, herbert, ann) =
            (of("bob"), of("robert"), of("bert"), of("herbert"), of("ann"));
        assert!(names.are_forms_of_one(bob, robert));
        assert!(names.are_forms_of_one(bert, robert));
        assert!(names.are_forms_of_one(bert, herbert));
        assert!(!names.are_forms_of_one(robert, herbert));
        assert!(!names.are_forms_of_one(robert, ann));
    }

    #[test]
    fn every_form_in_the_table_has_room_for_its_groups() {
        for line in include_str!("nicknames.txt").lines().filter(|line| !line.starts_with('#')) {
            let first = line.split(' ').next().expect("a line has a form");
            for form in line.split(' ') {
                let (first, form) = (GROUPS[first.as_bytes()], GROUPS[form.as_bytes()]);
                assert!(first.iter().any(|group| *group != 0 && form.contains(group)), "{line}: full");
            }
        }
    }
}
