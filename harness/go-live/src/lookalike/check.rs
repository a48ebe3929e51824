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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookalike::chance::Homes;
    use crate::lookalike::model::{Alike, published_household, published_same, published_unrelated};

    const SIZES: Sizes = Sizes { a: 1000.0, b: 1000.0 };

    fn model(n_same: f64) -> Model {
        let same = n_same / (SIZES.a * SIZES.b);
        Model {
            tables: [published_same(), published_household(), published_unrelated()],
            shares: [same, 1e-5, 1.0 - same - 1e-5],
            homes: Homes { mates: 0.1, together: [[1.0; 2]; 2] },
            alike: Alike::default(),
        }
    }

    #[test]
    fn a_sound_model_has_no_faults() {
        assert_eq!(faults(&model(800.0), SIZES), Vec::<String>::new());
    }

    #[test]
    fn more_people_than_rows_is_a_fault() {
        assert_eq!(faults(&model(1200.0), SIZES).len(), 1);
    }

    #[test]
    fn kinds_that_have_changed_places_are_a_fault() {
        let mut model = model(800.0);
        model.tables.swap(SAME, HOUSEHOLD);
        let faults = faults(&model, SIZES);
        assert!(faults.iter().any(|fault| fault.contains("House-mates")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("given name")), "{faults:?}");
    }
}
