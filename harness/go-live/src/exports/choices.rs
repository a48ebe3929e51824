//! What a user says that columns are: remembered between exports of one customer, in a small file that people can read and
//! change.
//!
//! ```text
//! rehearse columns 1
//!
//! [rostering]
//! "Client Ref" = external id
//! "D.O.B." = date of birth, day first
//! "Zone" = set aside
//! ```

use super::dates::DateOrder;
use super::headings::squash;
use super::{Because, Export, Meaning, Side};
use std::fmt::Write as _;

/// What a column is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    Meaning(Meaning),
    SetAside,
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub heading: String,
    pub chosen: Chosen,
    /// Of a date.
    pub order: Option<DateOrder>,
}

/// What the user says of the columns of both exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    pub rostering: Vec<Choice>,
    pub acp: Vec<Choice>,
}

/// What is wrong with a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: u32,
    pub what: String,
    pub fix: String,
}

const FIRST_LINE: &str = "rehearse columns 1";

impl Choices {
    pub fn of_side(&self, side: Side) -> &[Choice] {
        match side {
            Side::Rostering => &self.rostering,
            Side::Acp => &self.acp,
        }
    }

    pub(super) fn of(&self, side: Side, heading: &str) -> Option<&Choice> {
        let squashed = squash(heading);
        self.of_side(side).iter().find(|it| it.heading == heading || squash(&it.heading) == squashed)
    }

    /// What was found and chosen in these exports, to be remembered.
    pub fn remember(exports: [&Export; 2]) -> Choices {
        let mut choices = Choices::default();
        for export in exports {
            let list = match export.side {
                Side::Rostering => &mut choices.rostering,
                Side::Acp => &mut choices.acp,
            };
            for placed in &export.placed {
                let order =
                    export.date_orders.iter().find(|(at, _)| *at == placed.at).map(|(_, order)| *order);
                list.push(Choice {
                    heading: placed.heading.clone(),
                    chosen: Chosen::Meaning(placed.means),
                    order,
                });
            }
            let aside = export.set_aside.iter().map(|it| it.heading.clone());
            list.extend(aside.map(|heading| Choice { heading, chosen: Chosen::SetAside, order: None }));
        }
        choices
    }

    /// Reads the file; every mistake of it at once.
    pub fn read(text: &str) -> Result<Choices, Vec<Mistake>> {
        let (mut choices, mut mistakes, mut side) = (Choices::default(), Vec::new(), None);
        let mut has_version = false;
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let line = line.trim();
            let mut wrong = |what: String, fix: String| mistakes.push(Mistake { line: number, what, fix });
            match line {
                "" => {}
                _ if line.starts_with('#') => {}
                FIRST_LINE => has_version = true,
                "[rostering]" => side = Some(Side::Rostering),
                "[acp]" => side = Some(Side::Acp),
                _ if !has_version => {
                    wrong(
                        "This is no file of columns that this version reads.".to_owned(),
                        format!("Its first line has to be: {FIRST_LINE}"),
                    );
                    return Err(mistakes);
                }
                _ => match (line_of(line), side) {
                    (Ok(choice), Some(Side::Rostering)) => choices.rostering.push(choice),
                    (Ok(choice), Some(Side::Acp)) => choices.acp.push(choice),
                    (Ok(_), None) => wrong(
                        "This line stands before [rostering] and [acp].".to_owned(),
                        "Put it under the one whose export has the column.".to_owned(),
                    ),
                    (Err((what, fix)), _) => wrong(what, fix),
                },
            }
        }
        if !has_version && mistakes.is_empty() {
            let what = "The file is empty.".to_owned();
            mistakes.push(Mistake { line: 1, what, fix: format!("Its first line has to be: {FIRST_LINE}") });
        }
        if mistakes.is_empty() { Ok(choices) } else { Err(mistakes) }
    }

    /// The file, as [`Choices::read`] takes it.
    pub fn write(&self) -> String {
        let mut text = format!(
            "{FIRST_LINE}\n\
             # What each column of the exports is. Change what stands after =, or write: set aside\n\
             # Dates may have: , day first or , month first\n"
        );
        for (name, list) in [("rostering", &self.rostering), ("acp", &self.acp)] {
            let _ = write!(text, "\n[{name}]\n");
            for choice in list {
                let chosen = match choice.chosen {
                    Chosen::Meaning(meaning) => meaning.text(),
                    Chosen::SetAside => SET_ASIDE,
                };
                let order = match choice.order {
                    Some(DateOrder::DayFirst) => ", day first",
                    Some(DateOrder::MonthFirst) => ", month first",
                    None => "",
                };
                let _ = writeln!(text, "{} = {chosen}{order}", quoted(&choice.heading));
            }
        }
        text
    }
}

const SET_ASIDE: &str = "set aside";

/// In quotation marks; they, backslashes and control characters escaped.
fn quoted(heading: &str) -> String {
    let mut text = String::from("\"");
    for c in heading.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// The heading and what stands after it.
fn unquoted(line: &str) -> Option<(String, &str)> {
    let rest = line.strip_prefix('"')?;
    let (mut heading, mut chars) = (String::new(), rest.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((heading, &rest[at + 1..])),
            '\\' => heading.push(match chars.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                c => c,
            }),
            c => heading.push(c),
        }
    }
    None
}

fn line_of(line: &str) -> Result<Choice, (String, String)> {
    let form = || {
        (
            "This line is not understood.".to_owned(),
            "Write the heading in quotation marks, = and what it is, for instance: \"Client Ref\" = external id".to_owned(),
        )
    };
    let (heading, rest) = unquoted(line).ok_or_else(form)?;
    let chosen = rest.trim_start().strip_prefix('=').ok_or_else(form)?.trim();
    let (chosen, order) = match chosen.split_once(',') {
        Some((chosen, order)) => (chosen.trim(), Some(order_of(order.trim())?)),
        None => (chosen, None),
    };
    let chosen = if chosen == SET_ASIDE {
        Chosen::SetAside
    } else {
        Chosen::Meaning(Meaning::from_text(chosen).ok_or_else(|| {
            let words: Vec<&str> = Meaning::all().map(Meaning::text).collect();
            (
                format!("\"{}\" is nothing that a column can be.", super::say::shown(chosen)),
                format!("Write one of: {}, {SET_ASIDE}.", words.join(", ")),
            )
        })?)
    };
    Ok(Choice { heading, chosen, order })
}

fn order_of(text: &str) -> Result<DateOrder, (String, String)> {
    match text {
        "day first" => Ok(DateOrder::DayFirst),
        "month first" => Ok(DateOrder::MonthFirst),
        _ => Err((
            format!("\"{}\" is no order of dates.", super::say::shown(text)),
            "Write: day first, or: month first.".to_owned(),
        )),
    }
}

impl Because {
    pub const fn text(self) -> &'static str {
        match self {
            Because::Heading => "by its heading",
            Because::Content => "by its cells",
            Because::Chosen => "as you said",
        }
    }
}
