//! Bad files are refused with every mistake, each with its place, in plain words.

use crate::corpus;
use std::collections::BTreeSet;

#[test]
fn every_bad_file_is_told_what_is_wrong_with_it() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../bad");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in corpus::names("bad") {
            let mistakes = corpus::read("bad", &name).expect_err(&name);
            insta::assert_snapshot!(name.trim_end_matches(".yaml"), corpus::told("bad", &mistakes));
        }
    });
}

#[test]
fn every_code_is_shown_by_some_bad_file() {
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    for name in corpus::names("bad") {
        shown.extend(corpus::read("bad", &name).expect_err(&name).iter().map(|mistake| mistake.code));
    }
    for name in corpus::names("bad-suites") {
        let mistakes = scenario::read_suite(&name, &corpus::text("bad-suites", &name)).expect_err(&name);
        shown.extend(mistakes.iter().map(|mistake| mistake.code));
    }
    // A file that is not UTF-8 or too large has a test of its own.
    let silent: Vec<&str> =
        scenario::CODES.iter().map(|(code, _)| *code).filter(|code| !shown.contains(code)).collect();
    assert_eq!(silent, ["not-utf8", "too-large"]);
}

#[test]
fn colour_is_only_there_when_asked_for() {
    let mistakes = corpus::read("bad", "tab.yaml").unwrap_err();
    let text = corpus::text("bad", "tab.yaml");
    assert!(!mistakes[0].render(&text, false).contains('\u{1b}'));
    assert!(mistakes[0].render(&text, true).contains('\u{1b}'));
}

#[test]
fn codes_stand_in_the_order_of_the_alphabet_and_once() {
    assert!(scenario::CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
}
