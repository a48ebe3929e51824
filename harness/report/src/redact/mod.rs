//! Takes personal data out of everything that leaves the program. What the people of a scenario are called, when they
//! were born, how they can be reached: all that is known, from the scenario and from what both systems showed, so it is
//! looked for as it stands, wherever it turns up, and a placeholder takes its place: `[name 1]`.
//!
//! It knows values, not meanings: a sentence that describes somebody without a value stays.

mod beside;
mod gather;
mod matcher;
mod source;
mod stand_in;
mod words;

use crate::{
    event::CaseDone,
    stories::{StoryFinding, Unlike},
};
use guidance::Scene;
use matcher::Matcher;
use runner::{Finding, Unmet, Verdict};
use scenario::{Mistake, Scenario, Where};
pub use stand_in::{People, StandIns};
use std::borrow::Cow;

/// What is taken out. Each takes out more than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Redaction {
    #[default]
    None,
    /// Names, dates of birth, NHS numbers, telephones, addresses, e-mail addresses and what opens a door. External
    /// identifiers stay.
    Names,
    /// External identifiers and visit IDs too.
    All,
}

impl Redaction {
    /// As documents have it; none where nothing is taken out.
    pub(crate) const fn text(self) -> Option<&'static str> {
        match self {
            Redaction::None => None,
            Redaction::Names => Some("names"),
            Redaction::All => Some("all"),
        }
    }
}

/// What kind of value a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Name,
    DateOfBirth,
    NhsNumber,
    Telephone,
    Address,
    Email,
    /// Key safe, PIN, QR code, access details.
    Access,
    ExternalId,
    /// Whatever stands where nobody knows what it is.
    Value,
}

impl Kind {
    const fn text(self) -> &'static str {
        match self {
            Kind::Name => "name",
            Kind::DateOfBirth => "date of birth",
            Kind::NhsNumber => "NHS number",
            Kind::Telephone => "telephone",
            Kind::Address => "address",
            Kind::Email => "email",
            Kind::Access => "access",
            Kind::ExternalId => "external id",
            Kind::Value => "value",
        }
    }
}

/// The personal data of some scenarios, and the placeholder of each value. The same scenario gives the same
/// placeholders, for any number of jobs.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    /// None: nothing is taken out.
    matcher: Option<Matcher>,
}

impl Hidden {
    /// What scenarios themselves name, in all of their cases.
    pub fn of_scenarios<'a>(redaction: Redaction, scenarios: impl Iterator<Item = &'a Scenario>) -> Hidden {
        if redaction == Redaction::None {
            return Hidden::default();
        }
        let mut matcher = Matcher::new(redaction == Redaction::All);
        scenarios.for_each(|scenario| gather::scenario(&mut matcher, scenario));
        Hidden { matcher: Some(matcher) }
    }

    /// What one scenario names, and what both systems showed in one case: invented people and what became of values on the way.
    pub fn of_case(redaction: Redaction, scenario: &Scenario, scene: Option<&Scene>) -> Hidden {
        if redaction == Redaction::None {
            return Hidden::default();
        }
        let mut matcher = Matcher::new(redaction == Redaction::All);
        gather::scenario(&mut matcher, scenario);
        if let Some(scene) = scene {
            gather::scene(&mut matcher, scene);
        }
        Hidden { matcher: Some(matcher) }
    }

    /// Of files that could not be read as scenarios: whatever stands beside a key that names something personal, or
    /// beside one that nobody knows.
    pub fn of_sources<'a>(redaction: Redaction, sources: impl Iterator<Item = (&'a str, &'a str)>) -> Hidden {
        if redaction == Redaction::None {
            return Hidden::default();
        }
        let mut matcher = Matcher::new(redaction == Redaction::All);
        for (path, text) in sources {
            matcher.keep(path);
            source::gather(&mut matcher, text);
        }
        Hidden { matcher: Some(matcher) }
    }

    /// Whether anything is taken out at all.
    pub const fn is_active(&self) -> bool {
        self.matcher.is_some()
    }

    /// The text with a placeholder for every personal value in it.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.matcher.as_ref().map_or(Cow::Borrowed(text), |matcher| matcher.hide(text))
    }

    fn text(&self, text: &mut String) {
        if let Cow::Owned(hidden) = self.hide(text) {
            *text = hidden;
        }
    }

    /// The text of a file with placeholders; lines stay where they are.
    pub fn source<'t>(&self, text: &'t str) -> HiddenSource<'t> {
        match &self.matcher {
            None => HiddenSource { text: Cow::Borrowed(text), moved: Vec::new() },
            Some(matcher) => {
                let (text, moved) = matcher.hide_lines(text);
                HiddenSource { text: Cow::Owned(text), moved }
            }
        }
    }

    /// A verdict whose places fit the hidden text of its file, so that carets stand right.
    pub fn verdict(&self, verdict: &Verdict, source: &HiddenSource<'_>) -> Verdict {
        let mut verdict = verdict.clone();
        if let Verdict::Failed(findings) | Verdict::FailedAsExpected { findings, .. } = &mut verdict {
            for finding in findings {
                self.finding(finding, source);
            }
        }
        verdict
    }

    fn finding(&self, finding: &mut Finding, source: &HiddenSource<'_>) {
        source.place_in_scenario(&mut finding.place);
        self.text(&mut finding.what);
        for Unmet { at, about, expected, got, .. } in &mut finding.unmet {
            source.place_in_scenario(at);
            for text in [about, expected, got] {
                self.text(text);
            }
        }
    }

    /// A mistake that can be told, to be shown with the hidden text of its file.
    pub fn mistake(&self, mistake: &Mistake, source: &HiddenSource<'_>) -> Mistake {
        let mut mistake = mistake.clone();
        source.place(&mut mistake.at);
        self.text(&mut mistake.what);
        self.text(&mut mistake.label);
        mistake.help.iter_mut().for_each(|help| self.text(help));
        if let Some((place, label)) = &mut mistake.also {
            source.place(place);
            self.text(label);
        }
        mistake
    }

    /// A story and the one that was accepted, as they can be told. `of_cases`: what is not to be told of its cases. Names
    /// that only the accepted one has are known to nobody, so of it only those words stay that the new one has too.
    pub fn story(of_cases: &[Hidden], mut finding: StoryFinding) -> StoryFinding {
        if let Unlike::Changed { old, new } = &mut finding.unlike {
            *old = Hidden::beside(of_cases, new, old);
            *new = Hidden::of_all(of_cases, new);
        }
        finding
    }

    /// An older text of a story as it can be told beside the one of now.
    pub fn beside(of_cases: &[Hidden], now: &str, older: &str) -> String {
        let older = Hidden::of_all(of_cases, older);
        if of_cases.iter().any(Hidden::is_active) {
            beside::only_words_of(&Hidden::of_all(of_cases, now), &older)
        } else {
            older
        }
    }

    fn of_all(of_cases: &[Hidden], text: &str) -> String {
        of_cases.iter().fold(text.to_owned(), |text, hidden| hidden.hide(&text).into_owned())
    }

    /// A case that can be told. Every text of it is named here: one that is added has to be decided on.
    pub fn case(&self, case: CaseDone) -> CaseDone {
        if !self.is_active() {
            return case;
        }
        let CaseDone {
            place,
            // For comparing, not for telling.
            kept,
            mut label,
            outcome,
            simulated,
            real,
            mut facts,
            mut story,
            mut failure,
            mut failure_plain,
        } = case;
        self.text(&mut label);
        facts.texts(&mut |text| self.text(text));
        [&mut story, &mut failure, &mut failure_plain].into_iter().flatten().for_each(|text| self.text(text));
        CaseDone { place, label, outcome, simulated, real, facts, story, kept, failure, failure_plain }
    }
}

/// The text of a file with placeholders, and where everything went.
#[derive(Clone, Debug)]
pub struct HiddenSource<'t> {
    pub text: Cow<'t, str>,
    moved: Vec<Moved>,
}

/// A value in a text, and its placeholder in the new one: bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moved {
    from: std::ops::Range<usize>,
    to: std::ops::Range<usize>,
}

impl HiddenSource<'_> {
    /// Line and column stay those of the file.
    fn place(&self, place: &mut Where) {
        place.bytes = self.byte(place.bytes.start, false)..self.byte(place.bytes.end, true);
    }

    /// For a text that is the scenario's own; a place in a world that it uses is none in it.
    fn place_in_scenario(&self, place: &mut Where) {
        if place.file == 0 {
            self.place(place);
        }
    }

    /// Where a byte is now; inside a value, at the beginning or the end of its placeholder.
    fn byte(&self, at: usize, is_end: bool) -> usize {
        let n_before =
            self.moved.partition_point(|moved| moved.from.end < at || (moved.from.end == at && is_end));
        if let Some(inside) = self.moved.get(n_before).filter(|moved| moved.from.start < at) {
            return if is_end || inside.from.end == at { inside.to.end } else { inside.to.start };
        }
        let (old, new) =
            n_before.checked_sub(1).map_or((0, 0), |idx| (self.moved[idx].from.end, self.moved[idx].to.end));
        new + (at - old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(values: &[(Kind, &str)]) -> Hidden {
        let mut matcher = Matcher::new(false);
        for (kind, value) in values {
            matcher.add(*kind, value);
        }
        Hidden { matcher: Some(matcher) }
    }

    #[test]
    fn a_value_is_found_however_it_is_set() {
        let hidden = hidden(&[
            (Kind::Name, "Ada Okafor"),
            (Kind::DateOfBirth, "1938-11-04"),
            (Kind::NhsNumber, "9990000018"),
            (Kind::Telephone, "0113 496 0155"),
            (Kind::Address, "12 Mill Lane"),
            (Kind::Email, "ada@example.org"),
        ]);
        for (text, want) in [
            ("Ada Okafor", "[name 1]"),
            ("Ada's branch", "[name 1]'s branch"),
            ("Mrs Okafor, Adams and Adasson", "Mrs [name 1], Adams and Adasson"),
            ("Ada\n            Okafor moves", "[name 1] moves"),
            ("\u{1b}[1mAda\u{1b}[0m Okafor", "\u{1b}[1m[name 1]"),
            ("ADA OKAFOR", "[name 1]"),
            (
                "born 4 November 1938, 1938-11-04 or 04/11/1938",
                "born [date of birth 1], [date of birth 1] or [date of birth 1]",
            ),
            ("999 000 0018, 9990000018, 999-000-0018", "[NHS number 1], [NHS number 1], [NHS number 1]"),
            ("01134960155 or 0113 496 0155", "[telephone 1] or [telephone 1]"),
            ("at 12 Mill Lane, Leeds", "at [address 1], Leeds"),
            ("to ada@example.org.", "to [email 1]."),
            ("04 November 1939", "04 November 1939"),
        ] {
            assert_eq!(hidden.hide(text), want);
        }
    }

    #[test]
    fn different_values_stay_different_and_columns_stay_in_line() {
        let hidden =
            hidden(&[(Kind::Name, "Ada Okafor"), (Kind::Name, "Ada Smith"), (Kind::Name, "ADA OKAFOR")]);
        assert_eq!(
            hidden.hide("Ada Smith, not Ada Okafor or ADA OKAFOR"),
            "[name 2], not [name 1] or [name 3]"
        );
        let table = "9am  Ada Okafor     ACP\n9am  Ada Smith-Jones  ACP\n9am  nobody         ACP\n";
        let want = "9am  [name 1]       ACP\n9am  [name 2]-Jones  ACP\n9am  nobody         ACP\n";
        assert_eq!(hidden.hide(table), want);
    }

    #[test]
    fn identifiers_stay_even_where_a_name_is_in_them() {
        let mut matcher = Matcher::new(false);
        matcher.add(Kind::ExternalId, "SU-Okafor-1");
        matcher.add(Kind::Name, "Ada Okafor");
        let hidden = Hidden { matcher: Some(matcher) };
        assert_eq!(hidden.hide("SU-Okafor-1 is Okafor"), "SU-Okafor-1 is [name 1]");
        let mut matcher = Matcher::new(true);
        matcher.add(Kind::ExternalId, "SU-Okafor-1");
        let hidden = Hidden { matcher: Some(matcher) };
        assert_eq!(hidden.hide("SU-Okafor-1"), "[external id 1]");
    }

    #[test]
    fn places_move_with_the_text_and_lines_stay() {
        let hidden = hidden(&[(Kind::Name, "Ada Okafor"), (Kind::Name, "Bo")]);
        let text = "a: { name: Ada Okafor, x: Bo, y: Ada\n  Okafor }";
        let source = hidden.source(text);
        assert_eq!(source.text, "a: { name: [name 1], x: [name 2], y: [name 1]\n  [name 1] }");
        let mut place = Where { file: 0, bytes: 26..28, line: 1, column: 27 };
        assert_eq!(&text[place.bytes.clone()], "Bo");
        source.place(&mut place);
        assert_eq!(&source.text[place.bytes.clone()], "[name 2]");
        let mut place = Where { file: 0, bytes: 11..21, line: 1, column: 12 };
        source.place(&mut place);
        assert_eq!(&source.text[place.bytes], "[name 1]");
    }
}
