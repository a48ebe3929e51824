//! One snapshot file, in the format of the crate insta, so that `cargo insta review` (which looks in Cargo packages alone) reads what is written here and the
//! other way round: lines about the snapshot between two `---`, then the story. Opens nothing; knows no scenario.

/// The line with which the head begins and ends.
const FENCE: &str = "---";
/// Only in files that wait: where the assertion stands, which an accepted file does not keep.
const ASSERTION_LINE: &str = "assertion_line:";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// The lines between the two `---`, as they are, each with its line end.
    head: String,
    /// Line ends as `\n`, none at the end: how insta compares.
    pub(crate) story: String,
}

impl Snapshot {
    /// Of a story that was told now, with the head of the snapshot that it may replace, else one that says the source.
    pub(crate) fn of(story: &str, before: Option<&Snapshot>, source: &str) -> Snapshot {
        let head = match before {
            Some(before) => before.head.clone(),
            None => format!("source: {}\n", yaml(source)),
        };
        Snapshot { head, story: normal(story) }
    }

    /// The same snapshot with another story.
    pub(crate) fn with_story(self, story: &str) -> Snapshot {
        Snapshot { head: self.head, story: normal(story) }
    }

    /// Whether it holds this story.
    pub(crate) fn holds(&self, story: &str) -> bool {
        self.story == normal(story)
    }

    /// The error is a whole sentence.
    pub(crate) fn read(text: &str) -> Result<Snapshot, String> {
        let mut lines = text.trim_start_matches('\u{feff}').split_inclusive('\n');
        if lines.next().map(str::trim_end) != Some(FENCE) {
            return Err("A snapshot begins with a line \"---\", and this file does not.".to_owned());
        }
        let mut head = String::new();
        loop {
            match lines.next() {
                None => return Err("The second line \"---\" is missing: the file was cut short.".to_owned()),
                Some(line) if line.trim_end() == FENCE => break,
                Some(line) => {
                    head.push_str(line.trim_end());
                    head.push('\n');
                }
            }
        }
        if head.lines().any(|line| line.starts_with("snapshot_kind: binary")) {
            return Err("It is a binary snapshot, and a story is text.".to_owned());
        }
        Ok(Snapshot { head, story: normal(&lines.collect::<String>()) })
    }

    /// As it is kept once somebody accepted it.
    pub(crate) fn accepted(&self) -> String {
        let head: String =
            self.head.split_inclusive('\n').filter(|line| !line.starts_with(ASSERTION_LINE)).collect();
        format!("{FENCE}\n{head}{FENCE}\n{}\n", self.story)
    }
}

fn normal(story: &str) -> String {
    story.trim_end().replace("\r\n", "\n")
}

/// A path as YAML text: in quotes wherever YAML might make something else of it.
fn yaml(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
    // A JSON string is a YAML one.
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_insta_wrote_comes_out_as_it_was() {
        let text = "---\nsource: harness/rehearse/tests/snapshots.rs\n---\nTitle\n\n  9:00am  sync 1\n";
        assert_eq!(Snapshot::read(text).expect("a snapshot").accepted(), text);
    }

    #[test]
    fn a_waiting_file_loses_its_assertion_line_when_it_is_accepted() {
        let text = "---\nsource: a.rs\nassertion_line: 57\nexpression: story\n---\nTitle\n";
        let read = Snapshot::read(text).expect("a snapshot");
        assert_eq!(read.accepted(), "---\nsource: a.rs\nexpression: story\n---\nTitle\n");
    }

    #[test]
    fn line_ends_of_windows_and_space_at_the_end_make_no_difference() {
        let read =
            Snapshot::read("---\r\nsource: a\r\n---\r\nTitle\r\n\r\nline\r\n\r\n").expect("a snapshot");
        assert_eq!(read, Snapshot::of("Title\n\nline\n", Some(&read), ""));
    }

    #[test]
    fn what_is_no_snapshot_is_refused() {
        for text in ["", "Title\n", "---\nsource: a\n", "---\nsnapshot_kind: binary\n---\n"] {
            assert!(Snapshot::read(text).is_err(), "{text:?}");
        }
        assert_eq!(Snapshot::of("x", None, "a b.yaml").accepted(), "---\nsource: \"a b.yaml\"\n---\nx\n");
    }
}
