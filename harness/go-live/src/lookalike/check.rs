//! Whether an estimated model can be what it claims to be. If not, nothing is decided by it.

use super::em::Sizes;
use super::levels::{Birth, Family, Given, N_FIELDS, Nhs};
use super::model::{HOUSEHOLD, Model, SAME, UNRELATED};

/// The name of each field, as a sentence has it.
const FIELDS: [&str; N_FIELDS] = ["given name", "family name", "date of birth", "NHS number", "home", "sex"];

/// What is wrong with the model; nothing if it may be used.
pub(crate) fn faults(model: &Model, sizes: Sizes) -> Vec<String> {
    let mut faults = Vec::new();
    let expected = model.shares[SAME] * sizes.a * sizes.b;
    // Some people have two records, so a little more than the smaller file is possible.
    let most = 1.05 * sizes.a.min(sizes.b);
    if expected > most {
        faults.push(format!(
            "The weights expect {expected:.0} people in both files, and the smaller one has {:.0} rows.",
            sizes.a.min(sizes.b)
        ));
    }
    let exact = [
        (0, Given::Same as usize),
        (1, Family::Same as usize),
        (2, Birth::Same as usize),
        (3, Nhs::Same as usize),
    ];
    for (field, level) in exact {
        let of = |kind: usize| model.tables[kind][field][level];
        if of(SAME) < 0.2 && field != 3 || of(SAME) < of(UNRELATED) {
            faults.push(format!(
                "The same {} would be rarer among rows of one person than it can be: {:.1} in 100.",
                FIELDS[field],
                of(SAME) * 100.0
            ));
        }
    }
    let alike = |kind: usize| {
        model.tables[kind][0][Given::Same as usize] * model.tables[kind][2][Birth::Same as usize]
    };
    if alike(HOUSEHOLD) > alike(SAME) {
        faults.push("House-mates would be more alike than rows of one person.".to_owned());
    }
    faults
}
