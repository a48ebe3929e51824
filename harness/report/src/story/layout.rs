//! Sets the lines of a story: by day, a time at the left, waiting named, long lines wrapped. Knows nothing of what
//! the lines say.

use crate::words::{clock_change, counted, day, length, moment, roughly, same_day, time};
use feed::{Clause, Timestamp};
use jiff::SignedDuration;
use std::fmt::Write as _;

/// One thing to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A step: its word and its label.
    Step { word: &'static str, label: String },
    /// Who or where, what, and the clauses that say so.
    Fact { place: String, text: String, clauses: Vec<Clause> },
    /// What came of a step's checks.
    Outcome(String),
    /// A delivery that changed nothing and said nothing new.
    Quiet,
    /// Another try that failed like the one before.
    TriedAgain,
}

/// The widest a line gets, in characters. A longer one goes on below itself.
const WIDEST: usize = 118;
/// A time and the room after it, where no time is longer.
const TIMES: usize = 11;
/// A place ("rostering", "sync 1234") and the room after it.
const PLACES: usize = 11;
/// Less time than this passes without a word.
const WORTH_A_WORD: SignedDuration = SignedDuration::from_mins(10);

/// The lines as text, oldest first as they come.
pub(crate) fn lay_out(lines: &[Line]) -> String {
    let is_shown = |line: &&Line| !matches!(line.kind, Kind::Quiet | Kind::TriedAgain);
    let widest = lines.iter().filter(is_shown).map(|line| time(line.at).len() + 2).max().unwrap_or(0);
    let mut page = Page { times: widest.max(TIMES), ..Page::default() };
    for line in lines {
        match &line.kind {
            Kind::Quiet => page.n_quiet += 1,
            Kind::TriedAgain => page.n_tries += 1,
            kind => page.put(line.at, kind),
        }
    }
    page.text
}

/// The same, one fact a line: date and time first, nothing wrapped, nothing left out because it stands above.
pub(crate) fn lay_out_plain(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut n_quiet = 0;
    for line in lines {
        let words = match &line.kind {
            Kind::Step { word, label } => format!("{word} {label}"),
            Kind::Fact { place, text, clauses } => format!("{place}: {}", with_codes(text, clauses)),
            Kind::Outcome(text) => text.clone(),
            Kind::Quiet | Kind::TriedAgain => {
                n_quiet += 1;
                continue;
            }
        };
        if n_quiet > 0 {
            let _ = writeln!(text, "{} without any change", counted(n_quiet, "delivery", "deliveries"));
            n_quiet = 0;
        }
        let _ = writeln!(text, "{}: {words}", moment(line.at));
    }
    text
}

#[derive(Default)]
struct Page {
    text: String,
    /// The last line's instant.
    last: Option<Timestamp>,
    n_quiet: usize,
    n_tries: usize,
    /// How wide the times are.
    times: usize,
    /// The time that was written last: it is not written again on the next line.
    time: String,
}

impl Page {
    fn put(&mut self, at: Timestamp, kind: &Kind) {
        self.wait_until(at);
        if self.last.is_none_or(|last| !same_day(last, at)) {
            self.new_day(at);
        }
        self.last = Some(at);
        if matches!(kind, Kind::Step { word: "WHEN", .. })
            && !self.text.ends_with("\n\n")
            && !self.is_day_fresh()
        {
            self.text.push('\n');
            self.time.clear();
        }
        let now = time(at);
        let shown = if now == self.time { String::new() } else { now.clone() };
        self.time = now;
        match kind {
            Kind::Step { word, label } => self.wrapped(&shown, &format!("{word} "), label),
            Kind::Fact { place, text, clauses } => {
                let place = format!("{place:PLACES$}");
                self.wrapped(&shown, &place, &with_codes(text, clauses));
            }
            Kind::Outcome(text) => self.wrapped(&shown, "     ", text),
            Kind::Quiet | Kind::TriedAgain => {}
        }
    }

    fn is_day_fresh(&self) -> bool {
        self.time.is_empty()
            && self.text.trim_end().lines().next_back().is_some_and(|line| !line.starts_with(' '))
    }

    fn new_day(&mut self, at: Timestamp) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&day(at));
        if let Some(change) = clock_change(at) {
            let _ = write!(self.text, " ({change})");
        }
        self.text.push('\n');
        self.time.clear();
    }

    /// Time that passes is named, and so is what passed with it.
    fn wait_until(&mut self, at: Timestamp) {
        let Some(last) = self.last else { return };
        let waited = at.duration_since(last);
        let mut passed = Vec::new();
        if self.n_quiet > 0 {
            passed.push(format!("{} changed nothing", counted(self.n_quiet, "update", "updates")));
        }
        if self.n_tries > 0 {
            passed.push(format!("{} failed too", counted(self.n_tries, "more try", "more tries")));
        }
        (self.n_quiet, self.n_tries) = (0, 0);
        let text = match (passed.is_empty(), waited < WORTH_A_WORD) {
            (true, true) => return,
            (true, false) => format!("... {}, nothing happened", roughly(waited)),
            (false, _) if waited < SignedDuration::from_mins(1) => format!("... {}", passed.join(", ")),
            (false, _) => format!("... {}: {}", roughly(waited), passed.join(", ")),
        };
        self.time.clear();
        self.wrapped("", "", &text);
    }

    fn wrapped(&mut self, time: &str, place: &str, text: &str) {
        let times = self.times;
        let indent = 2 + times + place.chars().count();
        let _ = write!(self.text, "  {time:times$}{place}");
        wrap(&mut self.text, text, indent);
    }
}

pub(crate) fn with_codes(text: &str, clauses: &[Clause]) -> String {
    if clauses.is_empty() {
        return text.to_owned();
    }
    let mut codes: Vec<&str> = Vec::new();
    for clause in clauses {
        if !codes.contains(&clause.code()) {
            codes.push(clause.code());
        }
    }
    format!("{text} [{}]", codes.join(", "))
}

/// Puts text behind what is there already, and goes on below it with so many spaces before.
pub(crate) fn wrap(out: &mut String, text: &str, indent: usize) {
    let mut column = indent;
    for (idx, word) in text.split(' ').enumerate() {
        let width = word.chars().count();
        if idx > 0 && column + 1 + width > WIDEST && column > indent {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if idx > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out.push('\n');
}

/// How far ahead or back a moment lies: "24 hours ahead".
pub(crate) fn ahead(now: Timestamp, then: Timestamp) -> String {
    match then.duration_since(now) {
        gap if gap.is_zero() => "right now".to_owned(),
        gap if gap.is_positive() => format!("{} ahead", length(gap)),
        gap => format!("{} ago", length(gap)),
    }
}
