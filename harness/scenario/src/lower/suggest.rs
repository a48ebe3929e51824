//! "did you mean": the nearest of the words that would have worked.

/// Words that are compared at most: a scenario may define thousands of names.
const MOST: usize = 1000;

/// The word nearest to `written`, if near enough to be what was meant.
pub(crate) fn nearest<'w>(written: &str, words: impl Iterator<Item = &'w str> + Clone) -> Option<&'w str> {
    // What is this long is no slip of the keyboard.
    if written.len() > 200 {
        return None;
    }
    let folded = written.trim().to_lowercase();
    let words = words.take(MOST);
    let enough = (folded.chars().count() / 3).max(1);
    let near = |word: &str| {
        let word = word.to_lowercase();
        // Far too long or short to be near: not worth comparing.
        let apart = word.len().abs_diff(folded.len());
        if apart > 3 * enough { usize::MAX } else { strsim::osa_distance(&folded, &word) }
    };
    let nearest = words
        .clone()
        .map(|word| (near(word), word))
        .filter(|(far, _)| *far <= enough)
        .min_by_key(|(far, _)| *far);
    nearest.map(|(_, word)| word).or_else(|| only_one_with(&folded, words))
}

/// "hand" for "by hand": the only word that has the text in it.
fn only_one_with<'w>(folded: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let mut with = words.filter(|word| folded.len() >= 4 && word.contains(folded));
    with.next().filter(|_| with.next().is_none())
}

/// Beside the carets: the nearest word, or `otherwise`.
pub(crate) fn label<'w>(
    written: &str,
    words: impl Iterator<Item = &'w str> + Clone,
    otherwise: &str,
) -> String {
    match nearest(written, words) {
        Some(word) if word == written.trim() => format!("write `{word}`, without spaces around it"),
        Some(word) => format!("did you mean `{word}`?"),
        None => otherwise.to_owned(),
    }
}

/// Words in a row for a help line, at most forty.
pub(crate) fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut words: Vec<&str> = words.collect();
    let n_more = words.len().saturating_sub(40);
    words.truncate(40);
    let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
    format!("{}{more}", words.join(", "))
}
