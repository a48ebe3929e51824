//! What each code of a [`crate::Mistake`] means and what to do about it. `rehearse explain CODE` shows these.

/// Every code with one or two plain sentences. A code never changes its meaning.
pub const CODES: &[(&str, &str)] = &[];

pub(crate) fn says(code: &str) -> Option<&'static str> {
    CODES.iter().find(|(it, _)| *it == code).map(|(_, says)| *says)
}
