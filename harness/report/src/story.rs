//! The story of a case.

use crate::{Told, paint, visible::prose};
use scenario::Scenario;

/// What stands over the stories of a scenario's cases.
pub fn header(name: &str, scenario: &Scenario) -> String {
    format!("{}\n{name}\n", paint::bold(&prose(&scenario.title)))
}

pub fn story(told: &Told<'_>, every_message: bool) -> String {
    let _ = (told, every_message);
    String::new()
}
