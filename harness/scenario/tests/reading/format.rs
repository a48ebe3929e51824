//! Laying a file out changes how it looks and nothing else.

#![expect(clippy::disallowed_methods, reason = "a test reads its corpus")]

use crate::corpus;
use scenario::{NotFormatted, format};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            below(&path, files);
        } else if path.extension().is_some_and(|it| it == "yaml") && !path.ends_with("suite.yaml") {
            files.push(path);
        }
    }
}

/// Every scenario and world of the project, good and bad, with its text.
fn corpus() -> Vec<(String, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in
        ["harness/scenario/tests/good", "harness/scenario/tests/bad", "scenarios", "harness/rehearse/demo"]
    {
        below(&top.join(folder), &mut files);
    }
    assert!(files.len() > 200, "{} files", files.len());
    files.sort();
    files
        .into_iter()
        .map(|file| (file.display().to_string(), fs::read_to_string(&file).expect("a file of the corpus")))
        .collect()
}

/// Laid out; none where it cannot be read.
fn laid_out(name: &str, text: &str) -> Option<String> {
    match format(name, text) {
        Ok(text) => Some(text),
        Err(NotFormatted::Mistakes(mistakes)) => {
            assert!(!mistakes.is_empty(), "{name}");
            None
        }
        Err(NotFormatted::WouldDiffer) => panic!("{name} would come out with another meaning:\n{text}"),
    }
}

/// What the reader makes of a text, without the places: the scenario, or the codes and sentences of its mistakes.
fn meaning(name: &str, text: &str) -> String {
    let folder = Path::new(name).parent().expect("it is in a folder");
    let mut world = |path: &str| {
        fs::read_to_string(if Path::new(path).is_absolute() {
            PathBuf::from(path)
        } else {
            folder.join(path)
        })
        .map_err(|_| "there is no such file".to_owned())
    };
    match scenario::read(name, text, &mut world) {
        Ok(scenario) => without_places(&format!("{scenario:?}")),
        Err(mistakes) => mistakes.iter().map(|it| format!("{} {}\n", it.code, it.what)).collect(),
    }
}

fn without_places(debug: &str) -> String {
    let mut parts = debug.split("Where {");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    out
}

#[test]
fn every_file_means_the_same_afterwards_and_once_is_enough() {
    let mut n = 0;
    for (name, text) in corpus() {
        let Some(once) = laid_out(&name, &text) else { continue };
        n += 1;
        assert_eq!(meaning(&name, &text), meaning(&name, &once), "{name}");
        assert_eq!(laid_out(&name, &once).as_ref(), Some(&once), "{name}");
        assert!(!once.lines().any(|line| line.ends_with(' ')), "{name}");
        assert!(once.is_empty() || once.ends_with('\n'), "{name}");
    }
    assert!(n > 150, "{n} files could be read");
}

#[test]
fn the_projects_own_scenarios_are_laid_out() {
    for (name, text) in corpus().iter().filter(|(name, _)| !name.contains("/tests/")) {
        assert_eq!(laid_out(name, text).as_ref(), Some(text), "lay it out: cargo run -- fmt {name}");
    }
}

/// Twice as far in, with more blank lines, comes out as before.
#[test]
fn another_indentation_comes_out_the_same() {
    let over_lines = |text: &str| text.lines().any(|line| line.ends_with([',', '{', '[', '|', '>', '-']));
    let mut n = 0;
    for (name, text) in corpus() {
        let Some(once) = laid_out(&name, &text).filter(|text| !over_lines(text)) else { continue };
        n += 1;
        let mut wide = String::new();
        for line in once.lines() {
            let n_spaces = line.len() - line.trim_start_matches(' ').len();
            wide.push_str(&" ".repeat(2 * n_spaces));
            let mut rest = line.trim_start_matches(' ');
            while let Some(after) = rest.strip_prefix("- ") {
                wide.push_str("-   ");
                rest = after;
            }
            wide.push_str(rest);
            wide.push('\n');
            // A blank line more where there is one.
            if line.is_empty() {
                wide.push_str("\n  \n");
            }
        }
        assert_eq!(laid_out(&name, &wide).as_ref(), Some(&once), "{name}");
    }
    assert!(n > 30, "{n} files");
}

#[test]
fn line_ends_stay_what_they_are() {
    for name in corpus::names("good") {
        let text = corpus::text("good", &name);
        let once = laid_out(&name, &text).expect("a good file");
        let crlf = laid_out(&name, &text.replace('\n', "\r\n")).expect("a good file");
        assert_eq!(crlf, once.replace('\n', "\r\n"), "{name}");
    }
}

#[test]
fn comments_quotes_and_columns_stay_and_the_rest_is_laid_out() {
    let messy =
        fs::read_to_string(corpus::folder("format").join("messy.yaml")).expect("a file of the corpus");
    insta::with_settings!({ snapshot_path => "../format", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("messy", laid_out("messy.yaml", &messy).expect("it can be read"));
    });
}

#[test]
fn texts_over_several_lines_stay_to_the_letter() {
    for text in [
        "a: |\n    one\n      two\n\n    three\n\nb: 1\n",
        "a: |+\n  one\n\n\nb: 1\n",
        "a: |2\n    one\n  two\nb: 1\n",
        "a:\n    b: >1-\n      one\n\n      two\n",
        "- |\n  one\n- >-  # why\n     two\n     three\n",
        "a: \"one\n\n   two \\\n   three\"\nb: 'x\n  y'\n",
        "a: one\n  two\n\n  three # why\nb: 1\n",
        "a: |\n  last line\n\n\n",
        "a: |+\n  last line\n\n",
        "a: >-\n\nb: 1\n",
        "a: |\nb: 1\n",
        "a:\n- - 1\n  - 2\n-\n  - 3\n-\n- c: 1\n  d:\n  - 2\n",
        "? a\n: b\n",
        "a: {b: , c, 'd':e, \"f\":g}\nh: [i: j, ]\n",
        "a: {b: 1, # one\n    c: 2}\n",
        "---\na: 1\n...\n",
        "# alone\n",
        "",
        "just text\n",
    ] {
        let once = laid_out("a.yaml", text).expect(text);
        assert_eq!(laid_out("a.yaml", &once).as_ref(), Some(&once), "{text}");
    }
}
