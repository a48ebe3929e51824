//! Jaro-Winkler similarity of two short words, by bits: no allocation, about 30 ns. It knows no names.

/// How much of a word is looked at. Words that differ later than that are the same here.
pub(crate) const LETTERS: usize = 16;

/// Up to 16 letters (`a` to `z`) or digits, then zeros.
pub(crate) type Word = [u8; LETTERS];

pub(crate) fn len(word: &Word) -> usize {
    LETTERS - u128::from_le_bytes(*word).leading_zeros() as usize / 8
}

/// Which letters a word has, one bit each.
pub(crate) fn letters(word: &Word) -> u64 {
    word[..len(word)].iter().fold(0, |letters, &byte| letters | 1 << slot(byte))
}

/// How many bytes two words begin with that are the same; 16 if they are one word.
pub(crate) fn n_same_at_first(one: &Word, other: &Word) -> usize {
    (u128::from_le_bytes(*one) ^ u128::from_le_bytes(*other)).trailing_zeros() as usize / 8
}

/// Whether the similarity of two words may be so much (0.7 to 1), by their lengths, letters and beginnings: two names mostly
/// have so few letters in common that there is nothing to work out.
pub(crate) fn may_reach(least: f32, (one, its): (&Word, u64), (other, others): (&Word, u64)) -> bool {
    let (n_one, n_other) = (len(one), len(other));
    let in_both = |n: usize, only: u64| n.saturating_sub(only.count_ones() as usize);
    let n_same = in_both(n_one, its & !others).min(in_both(n_other, others & !its));
    // The most that it can be: every letter that may be common in order. A little is left for rounding.
    let most = (small(n_same * (n_one + n_other)) / small(n_one * n_other) + 1.0) / 3.0;
    winkler(most, one, other) >= least - 1e-4
}

/// 0 (nothing in common) to 1 (the same). Winkler's prefix bonus: 0.1 a letter, at most 4, from 0.7 up.
pub(crate) fn similarity(one: &Word, other: &Word) -> f32 {
    winkler(jaro(one, other), one, other)
}

fn winkler(jaro: f32, one: &Word, other: &Word) -> f32 {
    if jaro <= 0.7 {
        return jaro;
    }
    // Words end in zeros, which are no letters.
    let prefix = n_same_at_first(one, other).min(len(one)).min(4);
    jaro + 0.1 * small(prefix) * (1.0 - jaro)
}

fn jaro(one: &Word, other: &Word) -> f32 {
    let (n_one, n_other) = (len(one), len(other));
    if n_one == 0 || n_other == 0 {
        return 0.0;
    }
    let places = places_of(other);
    let reach = (n_one.max(n_other) / 2).saturating_sub(1);
    let (mut used_one, mut used_other) = (0_u32, 0_u32);
    for (at, &byte) in one[..n_one].iter().enumerate() {
        let window = ((1_u32 << (at + reach + 1)) - 1) & !((1 << at.saturating_sub(reach)) - 1);
        let free = u32::from(places[slot(byte)]) & window & !used_other;
        if free != 0 {
            used_other |= free & free.wrapping_neg();
            used_one |= 1 << at;
        }
    }
    let n_same = small(used_one.count_ones() as usize);
    if n_same == 0.0 {
        return 0.0;
    }
    let moved = small(out_of_order(one, other, used_one, used_other) / 2);
    (n_same / small(n_one) + n_same / small(n_other) + (n_same - moved) / n_same) / 3.0
}

/// Where each byte stands, one bit a place.
fn places_of(word: &Word) -> [u16; 64] {
    let mut places = [0; 64];
    for (at, &byte) in word[..len(word)].iter().enumerate() {
        places[slot(byte)] |= 1 << at;
    }
    places
}

/// Letters and digits have a slot each: `0` to `9` are 48 to 57, `a` to `z` are 33 to 58 less 64.
fn slot(byte: u8) -> usize {
    if byte.is_ascii_digit() { usize::from(byte - b'0') } else { usize::from(byte & 31) + 16 }
}

fn out_of_order(one: &Word, other: &Word, mut used_one: u32, mut used_other: u32) -> usize {
    let mut n_moved = 0;
    while used_one != 0 && used_other != 0 {
        let (a, b) = (used_one.trailing_zeros() as usize, used_other.trailing_zeros() as usize);
        n_moved += usize::from(one[a] != other[b]);
        used_one &= used_one - 1;
        used_other &= used_other - 1;
    }
    n_moved
}

#[expect(clippy::cast_precision_loss, reason = "a number of letters")]
fn small(n: usize) -> f32 {
    n as f32
}

/// Whether one letter added, left out, replaced, or swapped with its neighbour makes one word the other.
pub(crate) fn is_one_slip(one: &Word, other: &Word) -> bool {
    let (n_one, n_other) = (len(one), len(other));
    let (short, long) = if n_one <= n_other { (one, other) } else { (other, one) };
    let (n_short, n_long) = (n_one.min(n_other), n_one.max(n_other));
    if n_long - n_short > 1 {
        return false;
    }
    let same = short.iter().zip(long).take(n_short).take_while(|(a, b)| a == b).count();
    let (rest_short, rest_long) = (&short[same..n_short], &long[same..n_long]);
    match (rest_short, rest_long) {
        ([], [_]) => true,
        ([a, b, rest_a @ ..], [c, d, rest_b @ ..]) if rest_a.len() == rest_b.len() => {
            (rest_a == rest_b && (b == d || (a == d && b == c))) || (rest_short[1..] == rest_long[1..])
        }
        _ if n_short == n_long => !rest_short.is_empty() && rest_short[1..] == rest_long[1..],
        _ => rest_short == &rest_long[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        let mut word = [0; LETTERS];
        word[..text.len()].copy_from_slice(text.as_bytes());
        word
    }

    #[test]
    fn nothing_alike_is_passed_over() {
        let names = [
            "ann",
            "anna",
            "anne",
            "jo",
            "joan",
            "john",
            "jones",
            "smith",
            "smyth",
            "martha",
            "marhta",
            "abcdefghijklmnop",
        ];
        for (least, n_at_least) in [(0.7, 20), (0.8, 20), (0.92, names.len())] {
            let (mut n_passed, mut n_alike) = (0, 0);
            for (one, other) in names.iter().flat_map(|one| names.map(|other| (word(one), word(other)))) {
                let may_be = may_reach(least, (&one, letters(&one)), (&other, letters(&other)));
                n_passed += usize::from(!may_be);
                n_alike += usize::from(similarity(&one, &other) >= least);
                assert!(may_be || similarity(&one, &other) < least);
            }
            assert!(
                n_passed > 60 && n_alike > n_at_least,
                "{least}: {n_passed} passed over, {n_alike} alike"
            );
        }
    }

    #[test]
    fn it_agrees_with_strsim() {
        let names = [
            "martha",
            "marhta",
            "dwayne",
            "duane",
            "dixon",
            "dicksonx",
            "a",
            "b",
            "smith",
            "smyth",
            "jones",
            "johnson",
            "jonson",
            "catherine",
            "katherine",
            "mohammed",
            "muhammad",
            "abcdefghijklmnop",
            "ponmlkjihgfedcba",
            "aaaaaaaa",
            "aaaaa",
            "oneil",
            "oneill",
            "x1y2",
            "1x2y",
        ];
        for one in names {
            for other in names {
                let expected = strsim::jaro_winkler(one, other);
                let got = f64::from(similarity(&word(one), &word(other)));
                assert!((expected - got).abs() < 1e-5, "{one} {other}: {expected} and {got}");
            }
        }
    }

    #[test]
    fn one_slip_is_one_letter() {
        for (one, other, expected) in [
            ("smith", "smyth", true),
            ("smith", "smit", true),
            ("smith", "msith", true),
            ("smith", "smiht", true),
            ("smith", "smithh", true),
            ("smith", "mith", true),
            ("smith", "smith", false),
            ("smith", "smtih", true),
            ("smith", "smthi", false),
            ("smith", "jones", false),
            ("ann", "anne", true),
            ("jo", "jane", false),
            ("hannah", "hanna", true),
            ("ab", "ba", true),
            ("a", "b", true),
            ("abc", "bcd", false),
        ] {
            assert_eq!(is_one_slip(&word(one), &word(other)), expected, "{one} {other}");
            assert_eq!(is_one_slip(&word(other), &word(one)), expected, "{other} {one}");
        }
    }
}
