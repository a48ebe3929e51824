//! What a row is called where names are left out, and which row is meant by a name that was told so: an earlier run or
//! the list of failed cases may have been written with other names left out than now.

use crate::load::Loaded;
use report::{Hidden, Redaction};

/// The name of a row, as it may be told.
pub(crate) fn name(file: &Loaded, case: usize, redaction: Redaction) -> Option<String> {
    let name = file.scenario.cases[case].name.as_deref()?;
    Some(Hidden::of_scenarios(redaction, std::iter::once(&file.scenario)).hide(name).into_owned())
}

/// The row that a name means, whatever was left out of it when it was told.
pub(crate) fn meant(file: &Loaded, told: Option<&str>) -> Option<usize> {
    let cases = &file.scenario.cases;
    let to_the_letter = cases.iter().position(|case| case.name.as_deref() == told);
    // Placeholders stand in brackets.
    let told = told.filter(|told| told.contains('['));
    to_the_letter.or_else(|| {
        [Redaction::Names, Redaction::All]
            .into_iter()
            .find_map(|redaction| {
                let hidden = Hidden::of_scenarios(redaction, std::iter::once(&file.scenario));
                cases
                    .iter()
                    .position(|case| case.name.as_deref().map(|name| hidden.hide(name)).as_deref() == told)
            })
            .filter(|_| told.is_some())
    })
}
