//! Words that stand for words: as long, with capitals and accents in the same places, and never one that is there already.
//! The same word always gets the same one, and words that are alike but for capitals and accents get words that are so,
//! too: whoever compares names compares the same as before.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(super) struct Words {
    /// Small letters without accents, by the folded word.
    plain: BTreeMap<String, String>,
    /// What was given for each word, to the letter.
    given: BTreeMap<String, String>,
    /// In small letters: what is there, and what was given.
    taken: BTreeSet<String>,
    n_drawn: u64,
}

const VOWELS: &[u8] = b"aeiou";
const CONSONANTS: &[u8] = b"bdlmnrstv";
/// Tried before two words may become one: only of very short words are there so few.
const MOST_TRIES: u32 = 2_000;

impl Words {
    /// Words that must not be given.
    pub(super) fn take<'w>(&mut self, words: impl Iterator<Item = &'w str>) {
        self.taken.extend(words.map(str::to_lowercase));
    }

    pub(super) fn stand_in(&mut self, word: &str) -> String {
        if let Some(given) = self.given.get(word) {
            return given.clone();
        }
        let folded = guidance::fold(word);
        let plain = match self.plain.get(&folded) {
            Some(plain) => plain.clone(),
            None => self.draw(&folded),
        };
        self.plain.insert(folded.clone(), plain.clone());
        let given = self.spelt(word, &folded, &plain);
        self.taken.insert(given.to_lowercase());
        self.given.insert(word.to_owned(), given.clone());
        given
    }

    /// Letters for letters, digits for digits.
    fn draw(&mut self, folded: &str) -> String {
        let mut drawn = String::new();
        for _ in 0..MOST_TRIES {
            self.n_drawn += 1;
            drawn = pronounceable(folded, self.n_drawn);
            if !self.taken.contains(&drawn) {
                break;
            }
        }
        drawn
    }

    /// With the capitals of the word, and with an accent where the word has one.
    fn spelt(&self, word: &str, folded: &str, plain: &str) -> String {
        let with_capitals = capitals(word, plain);
        if word.to_lowercase() == folded {
            return with_capitals;
        }
        let is_given = |text: &String| self.given.values().any(|given| given == text);
        let accented = accented(&with_capitals).find(|text| !is_given(text));
        accented.unwrap_or(with_capitals)
    }
}

/// The nth of its length, scattered, so that two in a row look unlike.
fn pronounceable(folded: &str, n: u64) -> String {
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = |among: &[u8]| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(among[usize::try_from(state >> 33).unwrap_or(0) % among.len()])
    };
    let mut n_letters = 0;
    folded
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                return next(b"123456789");
            }
            n_letters += 1;
            next(if n_letters % 2 == 1 { CONSONANTS } else { VOWELS })
        })
        .collect()
}

fn capitals(word: &str, plain: &str) -> String {
    let mut of_word = word.chars().map(char::is_uppercase);
    let is_loud = word.chars().all(|c| !c.is_lowercase()) && word.chars().count() > 1;
    plain
        .chars()
        .map(|c| if of_word.next().unwrap_or(is_loud) { c.to_ascii_uppercase() } else { c })
        .collect()
}

/// The same word with one accent, in every way that `guidance` takes off again.
fn accented(word: &str) -> impl Iterator<Item = String> {
    let ways = |c: char| match c {
        'a' => "áàâäã",
        'e' => "éèêë",
        'i' => "íìîï",
        'o' => "óòôöõ",
        'u' => "úùûü",
        'n' => "ñńň",
        's' => "śšş",
        'A' => "ÁÀÂÄÃ",
        'E' => "ÉÈÊË",
        'I' => "ÍÌÎÏ",
        'O' => "ÓÒÔÖÕ",
        'U' => "ÚÙÛÜ",
        'N' => "ÑŃŇ",
        'S' => "ŚŠŞ",
        _ => "",
    };
    let chars: Vec<char> = word.chars().collect();
    (0..chars.len()).flat_map(move |at| {
        let chars = chars.clone();
        ways(chars[at]).chars().map(move |accent| {
            let mut chars = chars.clone();
            chars[at] = accent;
            chars.into_iter().collect()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_alike_get_words_that_are_alike() {
        let mut words = Words::default();
        words.take(["Okafor", "North"].into_iter());
        let all = ["Okafor", "OKAFOR", "okafor", "Ókafor", "Okafór", "Ada", "Smith", "LS1", "12"];
        let given: Vec<String> = all.iter().map(|word| words.stand_in(word)).collect();
        let again: Vec<String> = all.iter().map(|word| words.stand_in(word)).collect();
        assert_eq!(given, again);
        assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), all.len(), "{given:?}");
        for (word, given) in all.iter().zip(&given) {
            assert_eq!(word.chars().count(), given.chars().count());
            assert_ne!(guidance::fold(word), guidance::fold(given));
            let case = |word: &str| word.chars().map(char::is_uppercase).collect::<Vec<_>>();
            assert_eq!(case(word), case(given), "{word} {given}");
        }
        assert!(given[..5].iter().all(|it| guidance::fold(it) == guidance::fold(&given[0])), "{given:?}");
        assert_ne!(guidance::fold(&given[0]), guidance::fold(&given[5]));
    }

    #[test]
    fn no_word_is_given_twice_or_is_there_already() {
        let mut words = Words::default();
        let there: Vec<String> = (0..50).map(|n| pronounceable("abc", n)).collect();
        words.take(there.iter().map(String::as_str));
        let word = |n: u8| String::from_utf8(vec![b'a' + n / 16, b'x', b'a' + n % 16]).expect("ASCII");
        let given: BTreeSet<String> = (0..100).map(|n| words.stand_in(&word(n))).collect();
        assert_eq!(given.len(), 100);
        assert!(given.iter().all(|given| !there.contains(given)));
    }
}
