//! "Did you mean": the names most like one that nothing has.

/// At most `n` names that are like `wanted`, the nearest first; among equals in the order given.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, n: usize) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut near: Vec<(f64, &str)> = names
        .map(|name| (likeness(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > LIKE_ENOUGH)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.dedup_by_key(|(_, name)| *name);
    near.into_iter().take(n).map(|(_, name)| name).collect()
}

/// *Assumed*: below this, a suggestion confuses more than it helps.
const LIKE_ENOUGH: f64 = 0.55;

/// From 0 to 1. A name is also like its parts between `/`.
fn likeness(wanted: &str, name: &str) -> f64 {
    let whole = strsim::normalized_damerau_levenshtein(wanted, name);
    let parts = name.split('/').map(|part| strsim::normalized_damerau_levenshtein(wanted, part));
    parts.fold(whole, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keys_is_found() {
        let names = ["wrong-branch/corrected", "late-sync/missed", "orphan-record/found"];
        assert_eq!(nearest("brnach", names.into_iter(), 2), Vec::<&str>::new());
        assert_eq!(nearest("wrong-brnach", names.into_iter(), 2), ["wrong-branch/corrected"]);
        assert_eq!(nearest("corected", names.into_iter(), 2), ["wrong-branch/corrected"]);
    }
}
