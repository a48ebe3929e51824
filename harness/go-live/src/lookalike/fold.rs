//! Text to what two spellings of it have in common: small letters, digits and single spaces. It knows no
//! names, titles or addresses.

/// Writes the folded text into `out`, which is emptied first. Accents go, apostrophes and dots vanish (`O'Brien` is
/// `obrien`, `J.P.` is `jp`), everything else that is neither letter nor digit is one space; none at the ends.
pub(crate) fn fold_into(text: &str, out: &mut Vec<u8>) {
    out.clear();
    out.resize(text.len(), 0);
    // Every byte is written, and kept if the next one is written behind it.
    let (mut n_kept, mut last) = (0, b' ');
    for &byte in text.as_bytes() {
        let folded = FOLDED[usize::from(byte)];
        if folded == FOREIGN {
            return fold_foreign(text, out);
        }
        let is_kept = folded != NOTHING && (folded != b' ' || last != b' ');
        out[n_kept] = folded;
        n_kept += usize::from(is_kept);
        last = if is_kept { folded } else { last };
    }
    out.truncate(n_kept);
    trim_end(out);
}

/// What each byte folds to.
const FOLDED: [u8; 256] = {
    let mut folded = [b' '; 256];
    let mut byte = 0_u8;
    loop {
        folded[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' => byte,
            b'A'..=b'Z' => byte.to_ascii_lowercase(),
            b'\'' | b'.' | b'`' => NOTHING,
            0x80.. => FOREIGN,
            _ => b' ',
        };
        if byte == u8::MAX {
            break folded;
        }
        byte += 1;
    }
};
const NOTHING: u8 = 0;
const FOREIGN: u8 = 1;

fn fold_foreign(text: &str, out: &mut Vec<u8>) {
    out.clear();
    for c in text.chars() {
        match c {
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{b4}' => {}
            _ if c.is_ascii() => push(c as u8, out),
            _ if c.is_whitespace() => push(b' ', out),
            _ => deunicode::deunicode_char(c).unwrap_or(" ").bytes().for_each(|byte| push(byte, out)),
        }
    }
    trim_end(out);
}

/// Of ASCII.
fn push(byte: u8, out: &mut Vec<u8>) {
    match FOLDED[usize::from(byte)] {
        NOTHING | FOREIGN => {}
        b' ' if out.last().is_none_or(|&last| last == b' ') => {}
        folded => out.push(folded),
    }
}

fn trim_end(out: &mut Vec<u8>) {
    if out.last() == Some(&b' ') {
        out.pop();
    }
}

/// Spreads the bits of a value over all 64 (the finaliser of SplitMix64), so that neighbours in value are none in
/// a table.
pub(crate) const fn scatter(value: u64) -> u64 {
    let mut x = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A hash of bytes that is the same on every machine and in every run.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let with = |hash: u64, word: u64| scatter(hash ^ word);
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| with(hash, u64::from_le_bytes(*word)));
    if rest.is_empty() { hash } else { with(hash, short_word(rest)) }
}

/// Up to seven bytes, the first the lowest. Read in overlapping pieces, as each byte by itself takes far longer.
fn short_word(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let at = |piece: &[u8; 4]| u64::from(u32::from_le_bytes(*piece));
        return at(first) | at(last) << (8 * (bytes.len() - 4));
    }
    match *bytes {
        [a] => a.into(),
        [a, b] => u16::from_le_bytes([a, b]).into(),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]).into(),
        _ => 0,
    }
}

/// The upper half of a scattered value; never 0, which stands for "nothing" throughout.
pub(crate) fn short(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = Vec::new();
        fold_into(text, &mut out);
        String::from_utf8(out).expect("folding writes ASCII")
    }

    #[test]
    fn a_hash_is_that_of_words_of_eight_bytes_the_last_filled_up_with_zeros() {
        let text = b"Aberystwyth, Ceredigion, SY23 2AX";
        for bytes in (0..=text.len()).map(|end| &text[..end]) {
            let expected = bytes.chunks(8).fold(bytes.len() as u64, |hash, chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                scatter(hash ^ u64::from_le_bytes(word))
            });
            assert_eq!(hash_bytes(bytes), expected, "{} bytes", bytes.len());
        }
    }

    #[test]
    fn spellings_of_one_name_fold_to_one_text() {
        for (text, expected) in [
            ("O'Brien", "obrien"),
            ("O\u{2019}Brien", "obrien"),
            ("Zo\u{eb}", "zoe"),
            ("Zoe\u{308}", "zoe"),
            ("\u{feff} Smith\u{a0}-  Jones ", "smith jones"),
            ("J.P.", "jp"),
            ("\u{141}ukasz", "lukasz"),
            ("Stra\u{df}e", "strasse"),
            ("", ""),
            (" - ", ""),
        ] {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }
}
