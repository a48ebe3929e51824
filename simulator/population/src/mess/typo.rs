//! Slips of the hand: letters and digits.

use crate::draw::Draw;

const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// What is heard as the same.
const SOUNDS: &[(&str, &str)] = &[
    ("ph", "f"),
    ("ie", "y"),
    ("ee", "ea"),
    ("ck", "k"),
    ("ai", "ay"),
    ("ei", "ie"),
    ("ou", "ow"),
    ("ll", "l"),
    ("tt", "t"),
    ("nn", "n"),
    ("ss", "s"),
    ("er", "ar"),
    ("c", "k"),
    ("s", "z"),
    ("i", "y"),
    ("v", "w"),
];

/// One slip in a word of two letters or more; a shorter one stays.
pub(crate) fn word(text: &str, draw: &mut Draw) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return text.to_owned();
    }
    let at = draw.below(u32::try_from(letters.len()).unwrap_or(2)) as usize;
    let mut typed = letters.clone();
    match draw.below(100) {
        0..25 => typed[at] = neighbour(letters[at], draw),
        25..45 => typed.swap(at.max(1) - 1, at.max(1)),
        45..62 if letters.len() > 3 => {
            typed.remove(at.max(1));
        }
        62..72 => typed.insert(at, letters[at]),
        72..80 => typed.insert(at + 1, neighbour(letters[at], draw)),
        _ => return misheard(text, draw),
    }
    typed.into_iter().collect()
}

fn neighbour(letter: char, draw: &mut Draw) -> char {
    let small = letter.to_ascii_lowercase();
    for row in ROWS {
        let keys: Vec<char> = row.chars().collect();
        if let Some(at) = keys.iter().position(|key| *key == small) {
            let beside = if at == 0 || (at + 1 < keys.len() && draw.percent(50)) { at + 1 } else { at - 1 };
            return if letter.is_uppercase() { keys[beside].to_ascii_uppercase() } else { keys[beside] };
        }
    }
    letter
}

fn misheard(text: &str, draw: &mut Draw) -> String {
    let from = draw.below(u32::try_from(SOUNDS.len()).unwrap_or(1)) as usize;
    for (one, other) in SOUNDS.iter().cycle().skip(from).take(SOUNDS.len()) {
        if text.contains(one) {
            return text.replacen(one, other, 1);
        }
        if one.len() > 1 && text.contains(other) {
            return text.replacen(other, one, 1);
        }
    }
    format!("{text}e")
}

/// One slip in a row of digits: one replaced, or two neighbours swapped. What is not a digit stays.
pub(crate) fn digits(text: &str, draw: &mut Draw) -> String {
    let places: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let mut bytes = text.as_bytes().to_vec();
    if places.len() < 2 {
        return text.to_owned();
    }
    let at = draw.below(u32::try_from(places.len() - 1).unwrap_or(1)) as usize;
    let (one, next) = (places[at], places[at + 1]);
    if draw.percent(35) && bytes[one] != bytes[next] {
        bytes.swap(one, next);
    } else {
        bytes[one] =
            b'0' + u8::try_from((u32::from(bytes[one] - b'0') + 1 + draw.below(9)) % 10).unwrap_or(0);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
