//! Hostile and damaged files: never a panic, never long, always a place.

use crate::corpus;
use scenario::Mistake;
use std::{fmt::Write as _, thread};

fn read(text: &str) -> Vec<Mistake> {
    scenario::read("a.yaml", text, &mut |_| Err("there is none".into())).err().unwrap_or_default()
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text).iter().map(|mistake| mistake.code).collect()
}

const HEAD: &str = "scenario: A limit\nproves: [SYNC-1]\nclock: 2026-03-02 09:00\n";

/// With the stack of a thread that somebody else made: 256 KiB.
fn on_a_small_stack(check: impl FnOnce() + Send + 'static) {
    let small = thread::Builder::new().stack_size(256 * 1024).spawn(check).expect("a thread");
    small.join().expect("no overflow and no panic");
}

#[test]
fn ten_thousand_levels_of_nesting_are_refused_on_a_small_stack() {
    on_a_small_stack(|| {
        for (open, close) in
            [("[", "]"), ("{a: ", "}"), ("- ", ""), ("a:\n ", ""), ("[{a: ", "}]"), ("? ", "")]
        {
            let text = format!("{HEAD}given: {}x{}\n", open.repeat(10_000), close.repeat(10_000));
            assert!(!read(&text).is_empty(), "{open}");
            let block: String = (0..10_000).fold(String::new(), |mut text, level| {
                let _ = writeln!(text, "{}{open}", " ".repeat(level % 90));
                text
            });
            assert!(!read(&block).is_empty(), "{open}");
        }
        assert!(codes(&format!("{HEAD}given: {}\n", "[".repeat(10_000))).contains(&"too-deep"));
    });
}

#[test]
fn a_file_that_is_too_large_is_not_looked_at() {
    let text = format!("{HEAD}about: {}\n", "x".repeat(1024 * 1024));
    assert_eq!(codes(&text), ["too-large"]);
    let bytes = vec![b'['; 100_000_000];
    let mistakes = scenario::read_bytes("a.yaml", &bytes, &mut |_| Err(String::new())).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].code, "too-large");
}

#[test]
fn a_text_a_list_and_rows_have_limits() {
    assert!(codes(&format!("{HEAD}about: {}\n", "x".repeat(65_537))).contains(&"too-large"));
    assert!(codes(&format!("{HEAD}tags: [{}]\n", "a,".repeat(120_000))).contains(&"too-large"));
    let rows = "  - { name: a }\n".repeat(5000);
    let steps = "  - when: x\n    after: 1m\n".repeat(5000);
    assert!(codes(&format!("{HEAD}cases:\n{rows}steps:\n{steps}")).contains(&"too-large"));
    let care = "  - acp record: { name: A B, branch: L, care plans: 1, notes: 1000 }\n".repeat(200);
    assert!(codes(&format!("{HEAD}given:\n  - acp branches: [L]\n{care}steps:\n")).contains(&"too-large"));
}

#[test]
fn a_file_full_of_mistakes_tells_the_first_two_hundred_and_does_not_take_long() {
    let text = format!("{HEAD}given:\n{}", "  - { brnches: [Leeds], servise user: 7 }\n".repeat(20_000));
    let mistakes = read(&text);
    assert!((190..=200).contains(&mistakes.len()), "{}", mistakes.len());
    assert!(mistakes[mistakes.len() - 1].help.iter().any(|help| help.contains("more mistakes")));
    let users: String = (0..5000).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "  - service user: {{ id: SU-{n}, name: A B, branch: Leads{n} }}");
        text
    });
    assert!(!read(&format!("{HEAD}given:\n  - branches: [Leeds]\n{users}")).is_empty());
    let keys: String = (0..20_000).fold(String::new(), |mut text, n| {
        let _ = write!(text, "k{n}: 1, ");
        text
    });
    assert!(
        !read(&format!(
            "{HEAD}given:\n  - service user: {{ {keys} }}\ncases:\n  - {{ {keys} }}\n  - {{ {keys} }}\n"
        ))
        .is_empty()
    );
}

#[test]
fn worlds_that_use_each_other_again_and_again_are_read_once() {
    let text = format!("{HEAD}given:\n  - use: w0\n");
    let mut n_read = 0;
    let mut world = |path: &str| {
        n_read += 1;
        let n: u32 = path[1..].parse().expect("w and a number");
        Ok(format!("world: w\ngiven:\n  - use: w{}\n  - use: w{}\n", n + 1, n + 2))
    };
    let mistakes = scenario::read("a.yaml", &text, &mut world).unwrap_err();
    assert!(mistakes.iter().any(|mistake| mistake.code == "too-large"));
    assert!(n_read <= 64, "{n_read}");
}

/// Numbers that look random, the same in every run (a 64-bit linear congruential generator, Knuth's constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }
}

/// Bytes that mean something in YAML or in the language.
const PIECES: &[&str] = &[
    "{", "}", "[", "]", ":", ": ", "- ", "\n", "  ", "\t", "\"", "'", "#", " #", "&", "*", "!", "|", ">",
    "%", "@", "`", "?", ",", "${", "}", "\0", "\r", "\u{feff}", "é", "🙂", "~", "null", "---\n", "...\n",
    "<<: ", "\u{85}", "\\", "0", "-", "+1d", "given:\n", "steps:\n",
];

fn damaged(text: &str, numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len().max(1));
        let end = (at + 1 + numbers.below(12)).min(bytes.len());
        match numbers.below(5) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes[at] = u8::try_from(numbers.below(256)).expect("below 256"),
            2 => drop(bytes.splice(at..at, PIECES[numbers.below(PIECES.len())].bytes())),
            3 => bytes.truncate(at.max(1)),
            _ => {
                let piece = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    bytes
}

#[test]
fn damaged_files_never_panic_and_every_mistake_has_its_place() {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for of in ["good", "bad"] {
        texts.extend(
            corpus::names(of)
                .iter()
                .map(|name| (of, corpus::text(of, name)))
                .filter(|(_, text)| !text.is_empty()),
        );
    }
    let mut numbers = Numbers(20_260_302);
    for round in 0..4000 {
        let (of, text) = &texts[round % texts.len()];
        let bytes = damaged(text, &mut numbers);
        let Err(mistakes) = scenario::read_bytes("a.yaml", &bytes, &mut |path| corpus::world(of, path))
        else {
            continue;
        };
        assert!(!mistakes.is_empty(), "refused without a word: {}", String::from_utf8_lossy(&bytes));
        let Ok(source) = str::from_utf8(&bytes) else { continue };
        // Rendering is slow beside reading, so not for all.
        for mistake in mistakes.iter().filter(|mistake| mistake.path == "a.yaml").take(2) {
            assert!(mistake.at.bytes.end <= source.len() && mistake.at.line >= 1, "{mistake:?}");
            assert!(mistake.render(source, false).contains(mistake.code));
        }
    }
}
