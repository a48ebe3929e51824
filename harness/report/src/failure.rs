//! What is said of a case that is not as it should be.

use crate::{Told, visible::prose};
use std::fmt::Write as _;

pub fn failure(told: &Told<'_>) -> String {
    let mut text = String::new();
    for finding in told.verdict.findings() {
        let _ = writeln!(text, "{}", prose(&finding.what));
    }
    text
}

pub fn failure_plain(told: &Told<'_>) -> String {
    failure(told)
}
