//! What this language refuses before it looks at any meaning: files too large or too deep, tabs, control
//! characters, and those parts of YAML that it does without. Syntax errors are in `unreadable.rs`.

use crate::{
    mistake::Mistakes,
    sources::{Source, Spot},
    tree::{DEEPEST, MOST_NODES},
};

/// Largest file, in bytes: 1 MiB. *Assumed*; a scenario of 40 lines has two thousand.
pub(crate) const LARGEST: usize = 1024 * 1024;
/// Tabs and control characters that are pointed at, one each line; the rest are told with them.
const SHOWN: usize = 5;

/// Refuses what is too large to be looked at.
pub(crate) fn is_readable(file: u16, source: &Source<'_>, mistakes: &mut Mistakes) -> bool {
    if source.text.len() > LARGEST {
        let what = format!("the file has {} MiB", source.text.len() / LARGEST);
        mistakes
            .push("too-large", Spot { file, start: 0, end: 0 }, what, "the largest is 1 MiB")
            .help("nothing in it was read");
        return false;
    }
    true
}

/// Points at tabs and control characters. Where there are any, gives the text with spaces in their place, of the
/// same length, so that the rest can be checked too.
pub(crate) fn without_tabs(file: u16, source: &str, mistakes: &mut Mistakes) -> Option<String> {
    let odd = |byte: u8| (byte < b' ' && !matches!(byte, b'\n' | b'\r')) || byte == 0x7f;
    if !source.bytes().any(odd) {
        return None;
    }
    let mut begin = 0;
    let mut n_shown = 0;
    for line in source.split_inclusive('\n') {
        if let Some(at) = line.bytes().position(odd)
            && n_shown < SHOWN
        {
            n_shown += 1;
            let spot = Spot::new(file, begin + at..begin + at + 1);
            match line.as_bytes()[at] {
                b'\t' => {
                    mistakes
                        .push("tab", spot, "there is a tab in this line", "use spaces")
                        .help("inside quotes a tab can be written as \\t");
                }
                byte => control_character(char::from(byte), spot, mistakes),
            }
        }
        begin += line.len();
    }
    Some(
        source
            .chars()
            .map(|c| if u8::try_from(c).is_ok_and(|byte| odd(byte) && byte < 0x80) { ' ' } else { c })
            .collect(),
    )
}

pub(crate) fn control_character(c: char, spot: Spot, mistakes: &mut Mistakes) {
    let code = u32::from(c);
    if code == 0 {
        mistakes.push("control-character", spot, "there is a NUL character in this text", "take it out");
    } else {
        let what = format!("there is a control character, U+{code:04X}, in this text");
        mistakes.push("control-character", spot, what, "take it out");
    }
}

pub(crate) fn too_deep(spot: Spot, mistakes: &mut Mistakes) {
    let what = format!("lists and mappings are nested deeper than {DEEPEST}");
    mistakes.push("too-deep", spot, what, "here").help("nothing after this place was read");
}

pub(crate) fn too_many(spot: Spot, mistakes: &mut Mistakes) {
    let what = format!("the file has more than {MOST_NODES} values");
    mistakes.push("too-large", spot, what, "here").help("nothing after this place was read");
}

impl Mistakes {
    /// What YAML has and this language does without.
    pub(crate) fn refuse_yaml(&mut self, thing: &str, spot: Spot, source: &str) {
        let text = source.get(spot.bytes()).unwrap_or_default();
        let (code, what, label) = match thing {
            "tag" => (
                "yaml-tag",
                format!("tags such as `{text}` are not used here"),
                "take it out: every value is read as it is written",
            ),
            "anchor" => (
                "yaml-anchor",
                format!("anchors such as `{text}` are not used here"),
                "write the value out where it is needed",
            ),
            "alias" => (
                "yaml-anchor",
                format!("`{text}` stands for another value, which is not done here"),
                "write the value out, or quote it if it is a text",
            ),
            "merge" => ("yaml-anchor", "merge keys are not used here".to_owned(), "write the keys out"),
            "document" => (
                "several-documents",
                "a second document begins here".to_owned(),
                "one scenario a file: put it in a file of its own",
            ),
            _ => ("key-not-text", "a key is a word, not a list or mapping".to_owned(), "write `key: value`"),
        };
        let raw = self.push(code, spot, what, label);
        if thing == "tag" || thing == "alias" {
            raw.help("a text that begins with `!`, `&` or `*` goes in quotes");
        }
    }
}
