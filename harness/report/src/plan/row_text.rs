//! A row of `plan.json` as text: the same bytes as the library writes, which the tests compare.
//!
//! Why not the library: rows are a fifth of the time that a plan takes, and most of that went into looking through the
//! names of fields, once for every row. Here names are written as they are, and values are looked through sixteen bytes at
//! a time.

use super::json::{AlikeDocument, ChangeDocument, RecordDocument, RowDocument};
use std::borrow::Cow;
use std::io::Write as _;

/// Writes one row.
pub(super) fn write_row(row: &RowDocument<'_>, to: &mut Vec<u8>) {
    // Into memory nothing fails.
    let _ = write!(to, r#"{{"row":{},"external_id":"#, row.row);
    match &row.external_id {
        Some(id) => string(id, to),
        None => to.extend_from_slice(b"null"),
    }
    field(r#","outcome":"#, &row.outcome, to);
    field(r#","key":"#, row.key.digits().as_ref(), to);
    field(r#","check":"#, row.check.digits().as_ref(), to);
    optional(r#","name":"#, row.name.as_deref(), to);
    optional(r#","why":"#, row.why.as_deref(), to);
    if let Some(record) = &row.record {
        write_record(record, to);
    }
    if let Some(alike) = &row.alike {
        write_alike(alike, to);
    }
    if let Some((first, rest)) = row.changes.split_first() {
        change(r#","changes":[{"field":"#, first, to);
        for it in rest {
            change(r#",{"field":"#, it, to);
        }
        to.push(b']');
    }
    list(r#","kept":["#, &row.kept, to);
    optional(r#","held":"#, row.held.as_deref(), to);
    list(r#","settings":["#, &row.settings, to);
    optional(r#","decision":"#, row.decision.as_deref(), to);
    to.push(b'}');
}

fn write_record(record: &RecordDocument, to: &mut Vec<u8>) {
    field(r#","record":{"id":"#, &record.id, to);
    field(r#","check":"#, record.check.digits().as_ref(), to);
    to.push(b'}');
}

fn write_alike(alike: &AlikeDocument<'_>, to: &mut Vec<u8>) {
    field(r#","alike":{"record":"#, &alike.record, to);
    field(r#","check":"#, alike.check.digits().as_ref(), to);
    field(r#","certainty":"#, &alike.certainty, to);
    field(r#","evidence":"#, &alike.evidence, to);
    to.push(b'}');
}

fn change(begins: &str, it: &ChangeDocument<'_>, to: &mut Vec<u8>) {
    field(begins, &it.field, to);
    field(r#","controlled_by":"#, &it.controlled_by, to);
    field(r#","from":"#, &it.from, to);
    field(r#","to":"#, &it.to, to);
    to.push(b'}');
}

fn list(begins: &str, all: &[Cow<'_, str>], to: &mut Vec<u8>) {
    if let Some((first, rest)) = all.split_first() {
        field(begins, first, to);
        for it in rest {
            field(",", it, to);
        }
        to.push(b']');
    }
}

fn optional(name: &str, value: Option<&str>, to: &mut Vec<u8>) {
    if let Some(value) = value {
        field(name, value, to);
    }
}

/// `name` as it stands in the document, with all that comes before the value.
fn field(name: &str, value: &str, to: &mut Vec<u8>) {
    to.extend_from_slice(name.as_bytes());
    string(value, to);
}

/// RFC 8259, section 7.
fn string(value: &str, to: &mut Vec<u8>) {
    to.push(b'"');
    let mut rest = value.as_bytes();
    while let Some(at) = first_escaped(rest) {
        to.extend_from_slice(&rest[..at]);
        escape(rest[at], to);
        rest = &rest[at + 1..];
    }
    to.extend_from_slice(rest);
    to.push(b'"');
}

const fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn first_escaped(bytes: &[u8]) -> Option<usize> {
    let (pieces, _) = bytes.as_chunks::<16>();
    // Without leaving early, so that all sixteen are looked at at once.
    let is_in = |piece: &[u8; 16]| piece.iter().fold(false, |is, byte| is | is_escaped(*byte));
    let n_before = 16 * pieces.iter().position(is_in).unwrap_or(pieces.len());
    let found = bytes[n_before..].iter().position(|byte| is_escaped(*byte));
    found.map(|at| n_before + at)
}

fn escape(byte: u8, to: &mut Vec<u8>) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        0x08 => b'b',
        0x09 => b't',
        0x0a => b'n',
        0x0c => b'f',
        0x0d => b'r',
        _ => {
            let _ = write!(to, "\\u{byte:04x}");
            return;
        }
    };
    to.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::super::json::Check;
    use super::*;

    fn hostile() -> String {
        let all = (0_u32..0x180).chain([0x2028, 0xfeff, 0xfffd, 0x1_f468, 0x10_ffff]);
        all.filter_map(char::from_u32).collect()
    }

    fn row(text: &str) -> RowDocument<'_> {
        let text = || Cow::Borrowed(text);
        RowDocument {
            row: 4_294_967_295,
            external_id: Some(text()),
            outcome: text(),
            key: Check::new(0x0123_4567_89ab_cdef),
            check: Check::new(0),
            name: Some(text().into_owned()),
            why: Some(text().into_owned()),
            record: Some(RecordDocument { id: text().into_owned(), check: Check::new(u64::MAX) }),
            alike: Some(AlikeDocument {
                record: text().into_owned(),
                check: Check::new(1),
                certainty: text(),
                evidence: text().into_owned(),
            }),
            changes: vec![change_of(text()), change_of(text())],
            kept: vec![text(), text()],
            held: Some(text()),
            settings: vec![text(), text(), text()],
            decision: Some(text()),
        }
    }

    fn change_of(text: Cow<'_, str>) -> ChangeDocument<'_> {
        ChangeDocument { field: text.clone(), controlled_by: text.clone(), from: text.clone(), to: text }
    }

    fn written(row: &RowDocument<'_>) -> String {
        let mut text = Vec::new();
        write_row(row, &mut text);
        String::from_utf8(text).expect("texts stay texts")
    }

    #[test]
    fn a_row_is_written_as_the_library_writes_it() {
        let hostile = hostile();
        let ends: Vec<usize> = hostile.char_indices().map(|(at, _)| at).collect();
        let texts = ends.windows(18).map(|piece| &hostile[piece[0]..piece[17]]).chain(["", &hostile]);
        for text in texts {
            let row = row(text);
            assert_eq!(written(&row), serde_json::to_string(&row).expect("a row"), "{text:?}");
        }
    }

    #[test]
    fn what_a_row_does_not_have_is_left_out_as_the_library_leaves_it_out() {
        let full = row("x");
        let bare = RowDocument {
            external_id: None,
            name: None,
            why: None,
            record: None,
            alike: None,
            changes: Vec::new(),
            kept: Vec::new(),
            held: None,
            settings: Vec::new(),
            decision: None,
            ..full
        };
        assert_eq!(written(&bare), serde_json::to_string(&bare).expect("a row"));
    }
}
