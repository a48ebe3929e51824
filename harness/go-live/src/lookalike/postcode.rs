//! Postcodes as numbers that compare by part: the outward code in the upper bits, sector and unit below.

/// Six bits a character: four characters of outward code, then three of inward. 0 is no postcode.
pub(crate) type Postcode = u64;

/// Reads a postcode, forgiving spaces, case, and letters typed for digits and the reverse where the form of a UK
/// postcode tells which it is. What has another form is kept as it is (seven characters of it).
pub(crate) fn read(raw: &str) -> Postcode {
    let (mut text, mut n) = ([0_u8; 7], 0);
    for byte in raw.bytes().filter(u8::is_ascii_alphanumeric).take(7) {
        text[n] = byte.to_ascii_uppercase();
        n += 1;
    }
    let text = &mut text[..n];
    if n < 3 || text.starts_with(b"ZZ99") || text.iter().all(|byte| *byte == text[0]) {
        return 0;
    }
    if n >= 5 && mend(text) {
        let (outward, inward) = text.split_at(n - 3);
        return pack(outward) << 18 | pack(inward);
    }
    let (front, back) = text.split_at(n.min(4));
    pack(front) << 18 | pack(back)
}

fn pack(text: &[u8]) -> u64 {
    text.iter().fold(0, |packed, &byte| packed << 6 | u64::from(code(byte)))
}

fn code(byte: u8) -> u8 {
    if byte.is_ascii_digit() { byte - b'0' + 1 } else { byte - b'A' + 11 }
}

/// Puts digits and letters where a UK postcode has them (`A9 9AA` to `AA9A 9AA`) and says whether that worked.
fn mend(text: &mut [u8]) -> bool {
    let n = text.len();
    let (outward, inward) = text.split_at_mut(n - 3);
    inward[0] = as_digit(inward[0]);
    inward[1] = as_letter(inward[1]);
    inward[2] = as_letter(inward[2]);
    outward[0] = as_letter(outward[0]);
    match outward {
        [_, second] => *second = as_digit(*second),
        [_, second, third, _] => {
            *second = as_letter(*second);
            *third = as_digit(*third);
        }
        [_, second, third] if second.is_ascii_alphabetic() => *third = as_digit(*third),
        _ => {}
    }
    let has_digit = outward[1..].iter().any(u8::is_ascii_digit);
    outward[0].is_ascii_alphabetic()
        && has_digit
        && inward[0].is_ascii_digit()
        && inward[1..].iter().all(u8::is_ascii_alphabetic)
}

fn as_digit(byte: u8) -> u8 {
    match byte {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        b'S' => b'5',
        _ => byte,
    }
}

fn as_letter(byte: u8) -> u8 {
    match byte {
        b'0' => b'O',
        b'1' => b'I',
        b'5' => b'S',
        _ => byte,
    }
}

/// The part before the space: `LS8` of `LS8 2AB`.
pub(crate) fn outward(postcode: Postcode) -> u64 {
    postcode >> 18
}

/// One character replaced, or two neighbours swapped.
pub(crate) fn is_one_slip(one: Postcode, other: Postcode) -> bool {
    let differing = one ^ other;
    let low = differing.trailing_zeros() / 6 * 6;
    let rest = differing >> low;
    if rest < 1 << 6 {
        return differing != 0;
    }
    let (a, b) = (one >> low & 0xfff, other >> low & 0xfff);
    rest < 1 << 12 && a >> 6 == b & 63 && b >> 6 == a & 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_postcode_are_one_number() {
        for raw in ["SW1A 1AA", "sw1a1aa", "SW1A  1AA", "SW1A-1AA", "SW1A IAA", "5W1A 1AA"] {
            assert_eq!(read(raw), read("SW1A 1AA"), "{raw}");
        }
        assert_eq!(read("M1 1AE"), read("MI IAE"));
        assert_ne!(read("M1 1AE"), read("M1 1AF"));
        assert_eq!(read(""), 0);
        assert_eq!(read("ZZ99 3VZ"), 0);
        assert_eq!(read("XXXXXX"), 0);
    }

    #[test]
    fn the_outward_code_is_the_part_before_the_space() {
        assert_eq!(outward(read("LS8 2AB")), outward(read("LS8 9ZZ")));
        assert_ne!(outward(read("LS8 2AB")), outward(read("LS18 2AB")));
    }

    #[test]
    fn one_slip_is_one_character_or_two_swapped() {
        let is = |one, other| is_one_slip(read(one), read(other));
        assert!(is("LS8 2AB", "LS8 2AD"));
        assert!(is("LS8 2AB", "LS8 2BA"));
        assert!(is("LS8 2AB", "LS9 2AB"));
        assert!(!is("LS8 2AB", "LS8 2AB"));
        assert!(!is("LS8 2AB", "LS8 3AD"));
        assert!(!is("LS8 2AB", "BD8 2AB"));
    }
}
