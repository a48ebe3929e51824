//! The language's reference in `scenarios/README.md` says what the reader understands.

#![expect(clippy::disallowed_methods, reason = "a test reads the reference")]

use scenario::vocabulary::{self, SHAPES, Word};
use std::fs;

fn reference() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/README.md");
    fs::read_to_string(path).expect("the reference is part of the project")
}

#[test]
fn the_reference_names_every_key_and_every_choice() {
    let reference = reference();
    for shape in SHAPES {
        for key in shape.keys {
            assert!(reference.contains(key.text), "`{}` of {} is not in the reference", key.text, shape.name);
        }
    }
    let lists: &[&[Word]] = &[
        vocabulary::ACTORS,
        vocabulary::OUTCOMES,
        vocabulary::STATUSES,
        vocabulary::ORIGINS,
        vocabulary::VISIT_STATES,
        vocabulary::UPDATES,
        vocabulary::SYSTEMS,
        vocabulary::SHORT_FIELDS,
        vocabulary::GIVEN_SENTENCES,
        vocabulary::CASE_PARTS,
        vocabulary::HISTORY_BY,
        vocabulary::SITUATIONS,
    ];
    for word in lists.iter().copied().flatten() {
        assert!(reference.contains(word.text), "`{}` is not in the reference", word.text);
    }
    for setting in feed::Setting::ALL {
        assert!(reference.contains(setting.text()), "`{}` is not in the reference", setting.text());
    }
}

/// Each yaml block of the reference that is a whole scenario.
#[test]
fn the_examples_of_the_reference_can_be_read() {
    let reference = reference();
    let blocks =
        reference.split("```yaml\n").skip(1).map(|block| block.split("```").next().unwrap_or_default());
    let whole: Vec<&str> =
        blocks.filter(|block| block.starts_with("scenario:") && block.contains("\nsteps:\n")).collect();
    assert!(!whole.is_empty());
    for text in whole {
        let read = scenario::read("README.md", text, &mut |_| Err("worlds are not for examples".into()));
        if let Err(mistakes) = read {
            panic!("{}", mistakes.iter().map(|it| it.render(text, false)).collect::<Vec<_>>().join("\n\n"));
        }
    }
}
