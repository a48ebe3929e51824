//! From bytes to text: UTF-8 or a plain word about what it is instead. Knows nothing of YAML.

use crate::{Mistake, Where, syntax::LARGEST};

/// The text of a file, or the one mistake that there is then.
pub(crate) fn utf8<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Mistake>> {
    let mistake = |code, at: Where, what: String, label: &str, help: &str| {
        Box::new(Mistake {
            code,
            path: path.to_owned(),
            at,
            what,
            label: label.to_owned(),
            also: None,
            help: vec![help.to_owned()],
        })
    };
    let first = Where { line: 1, column: 1, ..Where::default() };
    // Before anything else is looked at: a file of 100 MB is not read through.
    if bytes.len() > LARGEST {
        let what = format!("the file has {} MiB", bytes.len().div_ceil(LARGEST));
        return Err(mistake(
            "too-large",
            Where::default(),
            what,
            "the largest is 1 MiB",
            "nothing in it was read",
        ));
    }
    if let Some(what) = by_its_mark(bytes) {
        return Err(mistake("not-utf8", first, what, "save it as UTF-8", "nothing in it was read"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let place = place(bytes, at);
        let what = format!("the file is not UTF-8 (byte 0x{:02X} in line {})", bytes[at], place.line);
        mistake(
            "not-utf8",
            place,
            what,
            "save it as UTF-8",
            "it is probably in an older encoding such as Latin-1 or Windows-1252",
        )
    })
}

/// Files that say by their first bytes, or by NULs, that they are something else.
fn by_its_mark(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Some("the file is UTF-16, not UTF-8".to_owned()),
        [b'P', b'K', 3, 4, ..] => {
            return Some("the file is a ZIP archive or office document, not text".to_owned());
        }
        [0x1f, 0x8b, ..] => return Some("the file is compressed, not text".to_owned()),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(1000)];
    let n_nuls = head.split(|&byte| byte == 0).count() - 1;
    if n_nuls * 3 > head.len() {
        return Some("the file is UTF-16 or UTF-32, not UTF-8".to_owned());
    }
    (n_nuls * 20 > head.len()).then(|| "the file is binary, not text".to_owned())
}

fn place(bytes: &[u8], at: usize) -> Where {
    let before = &bytes[..at];
    let line = before.split(|&byte| byte == b'\n').count();
    let begin = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    // Everything before `at` is UTF-8, so characters are the bytes that do not continue one.
    let column = before[begin..].iter().filter(|&&byte| byte & 0xc0 != 0x80).count() + 1;
    let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Where { file: 0, bytes: at..at + 1, line: clip(line), column: clip(column) }
}

#[cfg(test)]
mod tests {
    use super::utf8;

    #[test]
    fn files_that_are_not_utf8_are_told_apart() {
        let check = |bytes: &[u8], what: &str| assert_eq!(utf8("a.yaml", bytes).unwrap_err().what, what);
        check(b"\xff\xfes\0c\0", "the file is UTF-16, not UTF-8");
        check(b"s\0c\0e\0n\0a\0", "the file is UTF-16 or UTF-32, not UTF-8");
        check(b"PK\x03\x04....", "the file is a ZIP archive or office document, not text");
        check(b"\x7fELF\x02\x01\x01\0\0\0\x10abcdefghijk", "the file is binary, not text");
        check(
            "scenario: caf\u{e9}\nabout: "
                .as_bytes()
                .iter()
                .chain(b"na\xefve")
                .copied()
                .collect::<Vec<u8>>()
                .as_slice(),
            "the file is not UTF-8 (byte 0xEF in line 2)",
        );
        check(&vec![b'a'; 100_000_000], "the file has 96 MiB");
    }

    #[test]
    fn a_byte_order_mark_is_accepted() {
        assert!(utf8("a.yaml", b"\xef\xbb\xbfscenario: x").is_ok());
    }
}
